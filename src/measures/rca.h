/* SPDX-License-Identifier: Apache-2.0 */
/* rca.h (private) - Balassa indexes of a whole slab at once, for what works on matrices. */
#ifndef QI_MEASURES_RCA_H
#define QI_MEASURES_RCA_H

#include "base/base.h"
#include "quipu/cube.h"

typedef struct qi_rca_options {
    quipu_side side;           /* the axis that exports: QUIPU_BY_REPORTER unless mirrored */
    const uint64_t *reference; /* bit for each country compared with; NULL = all */
    unsigned threads;          /* 0 = all cores */
} qi_rca_options;

/* The sums a row of indexes is taken of: of the country, of the reference by product and in
 * all. */
typedef struct qi_rca_totals {
    double x_i, x_w;
    const double *x_wk;
} qi_rca_totals;

/* The index where nothing can be compared: a country without exports, or a product that the
 * reference does not export. */
#define QI_RCA_MISSING (-1.0)

/* Fills panel[country * n_products + product]; the caller has made it that large.  One pass
 * over the stored matrix, about as fast as memory; the same numbers for any threads. */
quipu_status qi_rca_panel(const quipu_cube *cube, size_t slab, const qi_rca_options *options,
                          double *panel, quipu_error *err);

/* The indexes of one country, for each of n products. */
void qi_rca_row(const quipu_money *values, size_t n, const qi_rca_totals *sums, double *out);

/* (x_ik / x_i) / (x_wk / x_w), written with one division so that equal shares give exactly 1
 * and the test "at least 1" does not hang on a rounding. */
static inline double qi_rca(double x_ik, double x_i, double x_wk, double x_w) {
    return x_ik * x_w / (x_i * x_wk);
}

#endif
