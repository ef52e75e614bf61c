/* SPDX-License-Identifier: Apache-2.0 */
/* equilibrium_draws.h (private) - how sure a counterfactual is: intervals from estimating, or
 * drawing, the coefficients many times and solving each time.
 *
 * Random numbers are counted, not run through: the number `at` of draw `draw` is a hash of both
 * and of the seed, so that draws can be made in any order by any number of threads.
 */
#ifndef QI_EQUILIBRIUM_DRAWS_H
#define QI_EQUILIBRIUM_DRAWS_H

#include "gravity/equilibrium.h"
#include "gravity/gravity.h"

double qi_random_uniform(uint64_t seed, uint64_t draw, uint64_t at); /* within 0 and 1 */
double qi_random_normal(uint64_t seed, uint64_t draw, uint64_t at);
/* How often each of n comes up when n are drawn, with replacement. */
void qi_resample(uint64_t seed, uint64_t draw, uint32_t n, uint32_t *times);
/* The lower triangle l of a = l l', in place; false: a is not positive definite. */
bool qi_cholesky(double *a, size_t n);
/* Sorts, and interpolates between order statistics (Hyndman & Fan 1996, type 7). */
void qi_percentile_interval(double *values, size_t n, double level, double *low, double *high);

/* What a table shows of each country, all as new over old. */
typedef enum qi_outcome {
    QI_OUTCOME_EXPORTS,
    QI_OUTCOME_IMPORTS,
    QI_OUTCOME_DOMESTIC,
    QI_OUTCOME_REAL_INCOME,
    QI_OUTCOME_WELFARE,
    QI_OUTCOME_PRICE,
    QI_OUTCOME_CONSUMER,
    QI_OUTCOME_OUTWARD,
    QI_N_OUTCOMES
} qi_outcome;
double qi_outcome_of(const qi_equilibrium *e, qi_outcome what, size_t country);

typedef enum qi_draw_method {
    QI_DRAW_PAIRS,     /* clusters resampled, the model estimated anew */
    QI_DRAW_COVARIANCE /* coefficients from the normal with the estimated covariance */
} qi_draw_method;

typedef struct qi_draws {
    qi_draw_method method;
    unsigned draws;
    uint64_t seed;
    double level;        /* 0.95 */
    unsigned threads;    /* 0 = all */
    quipu_progress stop; /* asked before every draw; NULL = never */
    void *stop_user;
    const qi_world *world; /* `change`: what rests on no coefficient; NULL = nothing */
    /* The variables that change: their places in the model, and for each by how much (n x n). */
    size_t n_changed;
    const size_t *coefficient;
    const double *const *moved;
    const qi_model *model; /* PAIRS: with what is resampled as its first cluster */
    /* PAIRS: rows of the model that every resample has once; NULL = none.  Domestic flows are
     * to be among them: each is a cluster alone, and without it the level of a country's
     * international trade says nothing any more. */
    const uint8_t *stays;
    const qi_fit *fit; /* COVARIANCE */
} qi_draws;

typedef struct qi_intervals {
    qi_arena arena;
    size_t n, used, failed; /* countries; draws that have a solution, and that have none */
    double *low, *high;     /* n x QI_N_OUTCOMES */
} qi_intervals;

/* exp(sum coefficient * moved), n x n. */
void qi_change_of(const double *coefficient, size_t n_changed, const double *const *moved,
                  size_t n, double *change);
/* Fails when fewer than two draws in three have a solution, with the first reason. */
quipu_status qi_draws_run(const qi_draws *draws, qi_intervals *out, quipu_error *err);
void qi_intervals_free(qi_intervals *intervals);

#endif
