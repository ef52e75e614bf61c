/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_join.h (private) - a table of the user's laid beside a panel. */
#ifndef QI_MEASURES_GRAVITY_JOIN_H
#define QI_MEASURES_GRAVITY_JOIN_H

#include "measures/gravity.h"

/* How the countries of the table stand to a row of the panel. */
typedef enum qi_beside {
    QI_BESIDE_SIDES,    /* exporter, importer or both; or neither */
    QI_BESIDE_PAIR,     /* country1, country2: both directions */
    QI_BESIDE_EXPORTER, /* country: that of the exporter */
    QI_BESIDE_IMPORTER
} qi_beside;

typedef struct qi_side {
    qi_gravity *g;
    const char *path;
    qi_panel_file *file;
    qi_panel panel;
    size_t n_names;
    const char *const *names;
    ptrdiff_t key[QI_N_ROLES]; /* in the header */
    ptrdiff_t one, two;        /* country or country1, and country2 */
} qi_side;
/* Reads the header. */
quipu_status qi_side_open(qi_side *side, qi_gravity *g, const char *path, quipu_error *err);
void qi_side_close(qi_side *side);
/* -1 when there is no such column, or it is a key. */
ptrdiff_t qi_side_find(const qi_side *side, const char *name);
void qi_side_want(qi_side *side, size_t column, bool label);
/* Everything wanted, and the keys. */
quipu_status qi_side_read(qi_side *side, quipu_error *err);
/* For each row of the panel the row of the table, UINT32_MAX where it has none; free it. */
quipu_status qi_side_rows(qi_side *side, qi_beside how, uint32_t **out, quipu_error *err);

#endif
