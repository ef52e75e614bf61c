/* SPDX-License-Identifier: Apache-2.0 */
/* rca_sums.h (private) - the four sums every index of comparative advantage is made of, in
 * each flow of the ask, and the indexes. */
#ifndef QI_MEASURES_RCA_SUMS_H
#define QI_MEASURES_RCA_SUMS_H

#include "measures/common.h"

typedef enum qi_rca_variant {
    QI_RCA_BALASSA,
    QI_RCA_SYMMETRIC,
    QI_RCA_NORMALISED,
    QI_RCA_ADDITIVE,
    QI_RCA_WEIGHTED,
    QI_RCA_VOLLRATH
} qi_rca_variant;

typedef struct qi_rca_sums {
    qi_frame ik, i, wk, w;
    double *mean; /* weighted: mean RCA over products, by row and period of `i` */
} qi_rca_sums;
/* `market`: the reference is what the partners import, as they report it. */
quipu_status qi_rca_sums_make(qi_ask *ask, bool market, bool mean, qi_rca_sums *out,
                              quipu_error *err);
void qi_rca_sums_free(qi_rca_sums *sums);

/* Where the sums of a line stand; the same in every period. */
typedef struct qi_rca_place {
    size_t i, wk, w;
} qi_rca_place;
qi_rca_place qi_rca_find(const qi_rca_sums *sums, uint64_t key);

/* The four at a place; false where one of the last three is missing or zero. */
typedef struct qi_rca_four {
    double ik, i, wk, w;
} qi_rca_four;
bool qi_rca_four_at(const qi_rca_sums *sums, const qi_line *line, const qi_rca_place *at,
                    size_t plane, size_t period, qi_rca_four *out);
/* Not Vollrath's.  NaN: not defined. */
double qi_rca_index(const qi_rca_sums *sums, const qi_rca_place *at, qi_rca_variant variant,
                    const qi_rca_four *x, size_t period);
/* The share compared with that of all other goods and countries (RXA, RMP). */
double qi_rca_of_others(const qi_rca_four *x);

#endif
