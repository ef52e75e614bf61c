/* SPDX-License-Identifier: Apache-2.0 */
/* under.h (private) - what lies under each line of a table: its cells of partner and product.
 *
 * Everything that counts, partitions or follows single goods looks below the rows it prints.
 * The ask is opened with a wish `under` ("partner,product"); the cells of a line stand together,
 * products joined into families where they must outlive a revision.
 *
 * Sums are exact.  A cell is known in a period when its line is, and when whoever keeps the
 * books of it reported; all else is missing.
 */
#ifndef QI_MEASURES_UNDER_H
#define QI_MEASURES_UNDER_H

#include "measures/common.h"
#include "measures/fresh.h"

enum {
    QI_UNDER_PARTNER = 1, /* cells tell partners apart */
    QI_UNDER_PRODUCT = 2, /* and products; families with: */
    QI_UNDER_FAMILY = 4
};

typedef struct qi_under {
    qi_ask *ask;
    qi_frame frame;
    unsigned cut;
    size_t n_periods;
    size_t n_lines;
    uint64_t *line_key;  /* of the axes shown */
    size_t *start;       /* cells of line l: start[l] .. start[l + 1] */
    uint8_t *line_known; /* [line][period] */
    size_t n_cells;      /* sorted by line, partner, good */
    uint32_t *partner;   /* label of the partner axis; 0 where not told apart */
    uint32_t *good;      /* product, or the first product of its family; 0 likewise */
    quipu_money *value;  /* [cell][period] */
    uint8_t *known;      /* [cell][period] */
    size_t n_families;   /* in all, for notes; 0 = not asked */
    bool is_hs, has_products;
} qi_under;

/* Cells of an ask opened with `under`; `cut` says what tells them apart. */
quipu_status qi_under_make(qi_ask *ask, unsigned cut, qi_under *out, quipu_error *err);
/* The same of other countries or with axes summed away, as in a frame. */
quipu_status qi_under_cut(qi_ask *ask, unsigned cut, const qi_cut *frame, qi_under *out,
                          quipu_error *err);
void qi_under_free(qi_under *under);

static inline const quipu_money *qi_under_values(const qi_under *u, size_t cell) {
    return u->value + cell * u->n_periods;
}
static inline const uint8_t *qi_under_known(const qi_under *u, size_t cell) {
    return u->known + cell * u->n_periods;
}
static inline const uint8_t *qi_under_line_known(const qi_under *u, size_t line) {
    return u->line_known + line * u->n_periods;
}
/* A line to hand to a sheet: dimensions only. */
static inline qi_line qi_under_line(const qi_under *u, size_t line) {
    return (qi_line){.kind = QI_LINE_ROW, .key = u->line_key[line]};
}
/* The line of a key (of another qi_under of the same ask), or SIZE_MAX. */
size_t qi_under_find(const qi_under *u, uint64_t line_key);
/* What a product is here, for the reader; nothing where products are not told apart. */
quipu_status qi_under_note(qi_ask *ask, const qi_under *u, quipu_error *err);

/* ---- years shown and years looked at (under_years.c) ---- */

/* All periods from the first to the last of the cube, to wish for, so that what was before the
 * years asked for is seen. */
quipu_status qi_all_years(const quipu_request *request, qi_arena *arena, const char **out,
                          quipu_error *err);
/* Which of the ask's periods were typed; all when none was. */
quipu_status qi_years_typed(qi_ask *ask, bool **shown, quipu_error *err);

#endif
