/* SPDX-License-Identifier: Apache-2.0 */
/* pick.h (private) - one figure out of a table.
 *
 *   share              the only row's share
 *   last:share         of the last row; first, max, min
 *   sum:value          over all rows; count:value
 *   rate:exports+imports   last over first, less one; ratio: last over first
 *
 *   share[owner=cnpc]      of the rows with that value; may be repeated
 *
 * Columns joined by + are added row by row.  Missing anywhere is missing.
 */
#ifndef QI_STUDY_PICK_H
#define QI_STUDY_PICK_H

#include "study/ask.h"

typedef struct qi_figure {
    bool present;
    double value;    /* as machines get it: US$, fractions, times */
    quipu_type type; /* QUIPU_SHARE, QUIPU_MONEY (value in US$), ... */
    const char *unit;
    int decimals; /* as the column is shown */
} qi_figure;

/* `spec` NULL or "": `otherwise`. */
quipu_status qi_pick(const qi_study *study, const quipu_table *table, qi_words at,
                     const char *spec, const char *otherwise, qi_figure *out, quipu_error *err);

/* The figure in another unit: "percent", "thousand", "million", "billion", "times", "US$";
 * NULL or "" = percent for shares, million for money, else as it is. */
double qi_figure_in(const qi_figure *figure, const char *unit);
bool qi_unit_known(const char *unit);

/* As it stands in a sentence: "58.8 %", "6,972.6 million US$", "19.98 times".  `how` is blank-
 * joined words: a unit, a number of decimals, "bare" (no unit). */
quipu_status qi_figure_say(const qi_study *study, const qi_figure *figure, qi_words at,
                           const char *how, bool spanish, qi_arena *arena, const char **out,
                           quipu_error *err);

#endif
