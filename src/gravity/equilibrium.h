/* SPDX-License-Identifier: Apache-2.0 */
/* equilibrium.h (private) - what trade, prices and incomes become when trade costs change.
 *
 * One sector, one factor, n countries.  Everything is solved in changes: of a baseline world
 * only its trade matrix is needed, observed or fitted, with what countries sell to themselves.
 * theta = sigma - 1 is the trade elasticity; `change` holds the factor by which costs to the
 * power -theta change, exp(coefficient * change of the variable).
 *
 *   conditional  incomes stay; the multilateral resistances adjust (ALY 2018, YPML 2016)
 *   full         incomes adjust too: endowments are given, prices clear all markets (there),
 *                which is also the exact hat algebra of DEK (2007)
 *
 * Powers are taken away: what stands below as a resistance is P_j or Pi_i itself, a price, and
 * every array of factors is new over old.
 */
#ifndef QI_EQUILIBRIUM_H
#define QI_EQUILIBRIUM_H

#include "base/base.h"

typedef enum qi_ge_model {
    QI_GE_CONDITIONAL,
    QI_GE_FULL,
    QI_GE_PUBLISHED /* full, by the steps of the authors' programs: equilibrium_published.c */
} qi_ge_model;

/* What happens to trade deficits in the full model.  MULTIPLICATIVE: expenditure stays in
 * proportion to income, E_i = phi_i Y_i lambda, with lambda so that the world spends what it
 * earns.  ADDITIVE: E_i = Y_i + D_i, with D_i fixed as a share of world output. */
typedef enum qi_deficits { QI_DEFICITS_MULTIPLICATIVE, QI_DEFICITS_ADDITIVE } qi_deficits;

#define QI_NO_REFERENCE SIZE_MAX

typedef struct qi_world {
    size_t n;
    const char *const *name; /* n, for messages */
    const double *trade; /* n x n: what i sells to j at [i * n + j]; the diagonal is domestic */
    const double *change; /* n x n, above 0; NULL = no change */
    double theta;         /* sigma - 1, above 0 */
    qi_ge_model model;
    qi_deficits deficits;
    /* Nominal figures are in units of this country's consumer price; QI_NO_REFERENCE: of
     * world output, which then stays what it was. */
    size_t reference;
    double published_tolerance; /* QI_GE_PUBLISHED only; 0 = 0.01, the authors' */
} qi_world;

/* All arrays have n entries but for `trade` (n x n); they live in the arena. */
typedef struct qi_equilibrium {
    qi_arena arena;
    size_t n;
    /* Factors, new over old. */
    double *price;       /* of producers = of the factor: wage */
    double *consumer;    /* of consumers = inward multilateral resistance */
    double *outward;     /* outward multilateral resistance */
    double *output;      /* nominal income Y */
    double *expenditure; /* nominal E */
    double *real_income; /* output over consumer price: real GDP, real wage */
    double *welfare;     /* expenditure over consumer price: real consumption */
    /* Levels, nominal, before [0] and after [1]. */
    double *exports[2], *imports[2], *domestic[2];
    double *trade;
    double lambda; /* of QI_DEFICITS_MULTIPLICATIVE; 1 otherwise */
    /* Greatest relative error of the identities, measured on the result: what every country
     * sells is its output, what it buys is its expenditure. */
    double output_residual, expenditure_residual;
    unsigned steps, newton_steps;
} qi_equilibrium;

/* E_DATA, one message each: a figure that is negative or not finite, no domestic trade, no
 * exports, no imports, a world in parts that do not trade with each other, a deficit greater
 * than what is left to spend, no convergence.  `out` is freed in any case. */
quipu_status qi_equilibrium_solve(const qi_world *world, qi_equilibrium *out, quipu_error *err);
void qi_equilibrium_free(qi_equilibrium *e);

/* The world's checks alone (equilibrium_check.c). */
quipu_status qi_world_check(const qi_world *world, quipu_error *err);

/* ---- baseline out of costs (equilibrium_balance.c) ---- */

/* Factors a, b with a_i cost_ij b_j adding up to `output` by row and to `spent` by column,
 * b[reference] = 1 (reference QI_NO_REFERENCE: the first).  cost is t^-theta.  The two sums
 * must agree to 1e-9. */
typedef struct qi_margins {
    size_t n;
    const char *const *name;
    const double *cost, *output, *spent;
    size_t reference;
} qi_margins;
quipu_status qi_balance(const qi_margins *margins, double *a, double *b, unsigned *steps,
                        quipu_error *err);

/* ---- the solver (equilibrium_solve.c) ----
 * Finds log factors x where every gap is zero.  Steps of a fixed point, x += pace * gap, as
 * long as they close it quickly; Newton steps, halved until they help, where they do not. */
typedef struct qi_gaps {
    size_t n;
    double pace;
    /* Fills n gaps (logs), may shift x as a normalisation; false: x is out of bounds. */
    bool (*gap)(void *user, double *x, double *gap);
    /* Fills the n x n derivatives of -level * gap, and the level of each gap. */
    void (*slope)(void *user, const double *x, double *slope, double *level);
    void *user;
} qi_gaps;
typedef struct qi_solved {
    double gap; /* greatest left */
    unsigned steps, newton_steps;
    bool converged;
} qi_solved;
quipu_status qi_gaps_close(const qi_gaps *problem, double *x, qi_solved *out, quipu_error *err);
/* Solves a x = b in place by elimination with the greatest pivot; false: singular. */
bool qi_dense_solve(double *a, double *b, size_t n);

/* b = sum_j w_j a_ij, four running sums. */
double qi_weighted_sum(const double *a, const double *w, size_t n);

/* ---- the full model (equilibrium_full.c) ---- */
quipu_status qi_full_solve(const qi_world *world, qi_equilibrium *out, quipu_error *err);

/* ---- the steps of the authors' programs (equilibrium_published.c) ---- */
quipu_status qi_published_solve(const qi_world *world, qi_equilibrium *out, quipu_error *err);
/* Shared with it (equilibrium.c): room, and what follows from price, consumer, output and
 * expenditure. */
quipu_status qi_equilibrium_room(const qi_world *world, qi_equilibrium *out, quipu_error *err);
void qi_equilibrium_finish(const qi_world *world, qi_equilibrium *out);
/* The identities, measured on out->trade. */
void qi_equilibrium_measure(const qi_world *world, qi_equilibrium *out);

#endif
