/* SPDX-License-Identifier: Apache-2.0 */
/* vectors.h (private) - one period of a group of a frame as a list of labels and values, and
 * what measures take of such lists.
 *
 * Sums are exact: squares and cross products of money fit in 128 bits.  What needs logarithms
 * is added up in order of the labels, which neither threads nor paths change.
 */
#ifndef QI_MEASURES_VECTORS_H
#define QI_MEASURES_VECTORS_H

#include "measures/common.h"

__extension__ typedef __int128 qi_wide_sum;
__extension__ typedef unsigned __int128 qi_wide_size;

/* Values above zero, by label of the axes worked over, rising. */
typedef struct qi_vector {
    size_t n, room, room_labels;
    uint64_t *label;
    quipu_money *value;
    quipu_money sum;
} qi_vector;

/* What --over may be: one dimension of goods or partners.  Says so where the cube has totals
 * only. */
quipu_status qi_over_check(qi_ask *ask, const char *over, quipu_error *err);

quipu_status qi_note_totals_only(qi_ask *ask, quipu_error *err);

/* Fills `out`, keeping its memory for the next.  E_DATA when the sum does not fit. */
quipu_status qi_vector_read(const qi_frame *frame, size_t plane, qi_rows rows, size_t period,
                            qi_vector *out, quipu_error *err);
void qi_vector_free(qi_vector *vector);

/* Sum over all labels of the smaller of both shares, from 0 to 1; NaN when a sum is zero.
 * Half the sum of the absolute differences is 1 less this. */
double qi_vector_overlap(const qi_vector *a, const qi_vector *b);

/* ---- how many lines there could be (breadth.c) ---- */

typedef struct qi_breadth {
    size_t n;             /* lines */
    const char *of;       /* "lines of HS 1988/92 of 6 digits" */
    size_t n_groups;      /* with groups: */
    size_t *group_n;      /* lines of each */
    const uint32_t *main; /* group of each product of the cube */
} qi_breadth;
/* Of the first axis worked over.  `groups`: a scheme of classes, or NULL. */
quipu_status qi_breadth_make(qi_ask *ask, const char *groups, qi_breadth *out,
                             quipu_error *err);

/* n of a row with so many lines traded; `active_only`: just those.  What has no class counts
 * when it is traded, so n is never less. */
static inline size_t qi_breadth_lines(const qi_breadth *breadth, size_t traded,
                                      bool active_only) {
    return active_only || breadth->n < traded ? traded : breadth->n;
}
/* "n: 5,020 lines of HS 1988/92 of 6 digits." */
quipu_status qi_breadth_note(qi_ask *ask, const qi_breadth *breadth, bool active_only,
                             quipu_error *err);

#endif
