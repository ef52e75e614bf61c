/* SPDX-License-Identifier: Apache-2.0 */
/* estimate.h (private) - what the files of estimation share.
 *
 *   sample.c      which rows are in, sorted; why the others are not
 *   sweep.c       passes over the rows: the weighted normal equations without writing them down
 *   parts.c skyline.c   factors of small parts of these equations
 *   absorb.c      columns freed of all effects: conjugate gradients on the reduced equations
 *   gram.c step.c one weighted least-squares step: regressors and effects together
 *   start.c score.c ppml.c ols.c  the estimators
 *   separate.c    separated observations (CGZ)
 *   freedom.c covariance.c recover.c measures_of_fit.c   what follows from an estimation
 *   fit.c         the whole, in order
 *
 * One set of effects, as a rule the one with most levels, is eliminated by its diagonal: rows are sorted
 * by it, and what is left are equations for the levels of the other sets, the rest.
 */
#ifndef QI_GRAVITY_ESTIMATE_H
#define QI_GRAVITY_ESTIMATE_H

#include "gravity/gravity.h"

#include <math.h>

/* ---- rows of the estimation (sample.c) ---- */

typedef struct qi_sample {
    const qi_model *model;
    qi_arena arena; /* the arrays below */
    size_t n, k;
    uint32_t *row; /* place in the model */
    double *y;
    double *weight; /* NULL = 1 */
    double *offset; /* NULL = 0 */
    double *x;      /* n x ld, row by row: k regressors, then the working residual */
    size_t ld;      /* k + 1, filled up to whole panels */
    const char **x_name;

    size_t n_sets;                     /* as in the model */
    unsigned set[QI_MAX_EFFECTS];      /* the model's effect; [0] is the one eliminated */
    uint32_t *level[QI_MAX_EFFECTS];   /* the model's level of each of ours */
    uint32_t n_levels[QI_MAX_EFFECTS]; /* with rows */
    size_t n_groups; /* levels of the set eliminated; one of all rows without sets */
    uint32_t *start; /* n_groups + 1 */
    size_t n_rest;   /* sets that are left */
    uint32_t *id[QI_MAX_EFFECTS];      /* of each rest set: position among all their levels */
    uint32_t base[QI_MAX_EFFECTS + 1]; /* where each rest set begins among them */
} qi_sample;

/* Parts of a graph: `up` leads from every member towards the root of its part. */
static inline uint32_t qi_root(uint32_t *up, uint32_t at) {
    while (up[at] != at) {
        up[at] = up[up[at]];
        at = up[at];
    }
    return at;
}
/* True when they were apart; the lower root stays. */
static inline bool qi_join(uint32_t *up, uint32_t a, uint32_t b) {
    a = qi_root(up, a);
    b = qi_root(up, b);
    up[a > b ? a : b] = a > b ? b : a;
    return a != b;
}

/* Checks the model and chooses rows; `left_out` and the counts of `fit` are filled. */
quipu_status qi_sample_choose(const qi_model *model, qi_fit *fit, quipu_error *err);
/* Leaves out what follows from the rows left out already; counts again. */
quipu_status qi_sample_thin(const qi_model *model, qi_fit *fit, quipu_error *err);
/* Rows not left out, sorted.  Freed with qi_sample_free in any case. */
quipu_status qi_sample_make(const qi_model *model, const qi_fit *fit, qi_sample *out,
                            quipu_error *err);
void qi_sample_free(qi_sample *s);

/* ---- passes over the rows (sweep.c) ----
 *
 * Columns go in panels of 1, 2, 4 or 8 side by side.  A vector over the rest has a row of `step`
 * numbers for each level.  Rows are divided into blocks that depend on the sample alone, and
 * sums are added up in the order of the blocks: threads change no digit. */

enum { QI_LANES = 8, QI_MOST_BLOCKS = 16 };

typedef struct qi_block {
    size_t first, end;              /* groups */
    uint32_t shift[QI_MAX_EFFECTS]; /* added to a level of a rest set: its place in the part */
    uint32_t low[QI_MAX_EFFECTS], high[QI_MAX_EFFECTS]; /* levels of a rest set: low..high-1 */
    uint32_t n_part;                                    /* levels in the part */
    double *part; /* n_part x lanes: what the block adds */
} qi_block;

typedef struct qi_skyline qi_skyline;
typedef struct qi_absorber {
    const qi_sample *s;
    qi_arena arena;
    unsigned threads;
    size_t n_levels; /* of the rest */
    size_t n_blocks;
    qi_block *blocks;
    size_t most_rows;    /* of a group */
    double *room;        /* for each worker most_rows x QI_LANES */
    double *weight;      /* n: of this step */
    double *inverse;     /* n_groups: 1 / their sum; 0 where nothing is eliminated */
    double *jacobi;      /* n_levels: inverse of the diagonal of the reduced equations */
    qi_skyline *skyline; /* factors of their parts; NULL = none */
    double *gamma;       /* n_levels x ld: what the rest explains of each column */
    double *size;        /* ld: the greatest squares a column had */
    double *residual, *direction, *product, *conditioned; /* n_levels x lanes */
    unsigned inner;                                       /* iterations so far */
} qi_absorber;

typedef struct qi_panel_of {
    size_t first;   /* column */
    unsigned lanes; /* 1, 2, 4 or 8 */
} qi_panel_of;
/* Panel number p of the ld columns. */
qi_panel_of qi_panel_at(const qi_sample *s, size_t p);
static inline size_t qi_n_panels(const qi_sample *s) {
    return s->ld <= QI_LANES ? 1 : s->ld / QI_LANES;
}

quipu_status qi_sweep_open(const qi_sample *s, qi_absorber *out, quipu_error *err);
/* out = the parts of the blocks, added up. */
void qi_sweep_add_up(const qi_absorber *a, unsigned lanes, double *out);
/* out = D'W(I - P)D u, with P the projection on the set eliminated. */
void qi_sweep_product(qi_absorber *a, unsigned lanes, const double *u, double *out);
/* out = D'W(I - P)(x - D gamma) of a panel, and the squares of what is left of each column. */
void qi_sweep_residual(qi_absorber *a, qi_panel_of panel, double *out, double *squares);
/* fit = (x beta + D rest) + what the set eliminated explains of the working residual less that;
 * the latter is added to `eliminated` (n_groups). */
void qi_sweep_fit(const qi_absorber *a, const double *beta, const double *rest, double *fit,
                  double *eliminated);
/* gram (k x k) = X'W(I-P)X with gamma taken off, cross (k) the same with the working residual. */
quipu_status qi_sweep_gram(qi_absorber *a, double *gram, double *cross, quipu_error *err);
/* Columns become what is left of them, in place. */
quipu_status qi_sweep_strip(qi_absorber *a, quipu_error *err);

/* ---- factors of small parts (skyline.h) ---- */

/* Closed in any case. */
quipu_status qi_skyline_open(const qi_sample *s, qi_skyline **out, quipu_error *err);
void qi_skyline_close(qi_skyline *k);
void qi_skyline_factor(qi_skyline *k, const double *weight, const double *inverse,
                       unsigned threads);
/* out at the levels that are in the factors; others stay. */
void qi_skyline_solve(qi_skyline *k, unsigned lanes, unsigned threads, const double *right,
                      double *out);

/* ---- columns freed of all effects (absorb.c) ---- */

quipu_status qi_absorb_open(const qi_sample *s, unsigned threads, qi_absorber *out,
                            quipu_error *err);
void qi_absorb_close(qi_absorber *a);
/* To be called when the weights have changed; when they have changed little the factors may stay,
 * as they only guide the iterations. */
quipu_status qi_absorb_weights(qi_absorber *a, bool factor, quipu_error *err);

/* When a column is done: what is left to explain is at most `size` times what is left of the
 * column, or `share` times what was to explain in the beginning (both in length). */
typedef struct qi_precision {
    double size, share;
} qi_precision;
/* gamma of all columns, from where it stands (the working residual from 0).  False: more than
 * the most iterations were needed. */
bool qi_absorb(qi_absorber *a, qi_precision regressors, qi_precision residual);

/* ---- one weighted least-squares step (step.c) ---- */

typedef struct qi_step {
    size_t k;
    double *gram, *cross, *factor; /* k x k, k, k x k */
    double *beta;                  /* k; 0 where dropped */
    double *rest;                  /* n_levels: effects of the rest */
    uint8_t *dropped;              /* k: stays from step to step */
} qi_step;

quipu_status qi_step_open(const qi_absorber *a, qi_arena *arena, qi_step *out,
                          quipu_error *err);
/* Which regressors have nothing left: less than this share of their squares about the mean, or
 * of what the effects left of them once those before are taken off.  Their columns become 0. */
#define COLLINEAR 1e-9
quipu_status qi_step_drop(qi_absorber *a, qi_step *step, quipu_error *err);
/* Has a regressor so little left (a thousand times more than that) that a closer look is due? */
bool qi_step_suspicious(const qi_absorber *a, qi_step *step);
/* beta and rest from gamma, gram and cross. */
quipu_status qi_step_solve(qi_absorber *a, qi_step *step, quipu_error *err);
/* Inverse of the gram of what is kept, 0 elsewhere. */
void qi_step_inverse(const qi_step *step, double *out);

/* ---- estimators ---- */

typedef struct qi_state {
    qi_sample *s;
    qi_absorber *a;
    qi_step step;
    double *eta, *mu, *fit;         /* n */
    double *effect[QI_MAX_EFFECTS]; /* of each set of the sample, its levels */
    double *beta;                   /* k */
    double gradient;
    unsigned steps;
    bool converged;
    unsigned sure_until; /* step before which separation is not looked for */
    bool suspect;        /* the steps look like separation */
    double length;       /* of the last step: root of the mean square, weighted */
    bool falls;          /* it went down at a zero as it must where some are separated */
} qi_state;

/* Marks separated rows in left_out (of the model).  Overwrites weights, gamma, fit. */
quipu_status qi_separate(qi_state *t, uint8_t *left_out, size_t *found, quipu_error *err);

/* The sample's weights become those of the step, regressors without anything left are found;
 * for OLS and for the first look of PPML. */
quipu_status qi_prior_weights(qi_state *t, quipu_error *err);
/* mu, eta, effects and coefficients to begin with (start.c). */
quipu_status qi_start(qi_state *t, quipu_error *err);
quipu_status qi_ppml(qi_state *t, quipu_error *err);

/* Passes of PPML (score.c).  The objective, sum of w (mu - y eta), after `part` of the step in
 * `fit`; mu and `length` follow. */
double qi_score_objective(qi_state *t, double part);
/* eta after part of the step; true when it falls by half or more at a row with y = 0. */
bool qi_score_take(qi_state *t, double part);
/* Weights and working residual of the next step. */
void qi_score_weigh(qi_state *t);
/* `gradient`: greatest |sum of score| relative to the sum of y there. */
quipu_status qi_score_gradient(qi_state *t, quipu_error *err);

quipu_status qi_ols(qi_state *t, quipu_error *err);

/* ---- errors (covariance.c) ----
 * Columns of the sample are stripped and times the score; `bread` is the inverse gram. */
quipu_status qi_covariance(const qi_state *t, const double *bread, const double *score,
                           qi_fit *fit, quipu_error *err);

/* Degrees of freedom (freedom.c): n_effects_used, n_absorbed, residual_df and counted. */
quipu_status qi_freedom(const qi_sample *s, qi_fit *fit, quipu_error *err);
/* Deviance to rmse (measures_of_fit.c); after the columns were stripped. */
void qi_measures_of_fit(const qi_state *t, qi_fit *fit);
/* The effects as the header of gravity says (recover.c). */
quipu_status qi_recover(const qi_state *t, qi_fit *fit, quipu_error *err);

/* a (k x k, symmetric) becomes diagonal, v its eigenvectors in columns (eigen.c). */
void qi_eigen(double *a, double *v, size_t k);

#endif
