/* SPDX-License-Identifier: Apache-2.0 */
/* ppml.c - Poisson pseudo maximum likelihood by Newton's steps, each a weighted least-squares
 * step for the change of the linear predictor.
 *
 * Columns are freed of effects as accurately as the step deserves, from where the step before
 * left them.  Errors in them cost nothing at the end, where the score of every effect is zero:
 * they do not enter coefficients.  For standard errors the regressors are freed once more.
 */
#include "gravity/estimate.h"

/* Separation shows when all else has come to rest, or after so many more steps. */
#define NEARLY 0.05
enum { MOST_HALVES = 30, PATIENCE = 12 };
/* Weighted length of a step, beyond which the factors of the step before do not serve. */
#define LONG_STEP 0.02

static double least(double a, double b) {
    return a < b ? a : b;
}

/* Beta and rest of the step, and its fit. */
static quipu_status find_step(qi_state *t, qi_precision regressors, qi_precision residual,
                              quipu_error *err) {
    qi_absorber *a = t->a;
    qi_score_weigh(t);
    QI_TRY(qi_absorb_weights(a, t->steps == 0 || t->length > LONG_STEP, err));
    (void)qi_absorb(a, regressors, residual); /* short of it the next step goes on */
    return qi_sweep_gram(a, t->step.gram, t->step.cross, err);
}

/* Goes along the step as far as it helps; effects and coefficients follow.  False: nowhere. */
static bool go(qi_state *t, double *before, double *eliminated) {
    const qi_sample *s = t->s;
    memset(eliminated, 0, s->n_groups * sizeof *eliminated);
    qi_sweep_fit(t->a, t->step.beta, t->step.rest, t->fit, eliminated);
    double part = 1, now = qi_score_objective(t, part), room = 1e-12 * fabs(*before);
    for (int halves = 0; !(now <= *before + room); halves++) {
        if (halves == MOST_HALVES)
            return false;
        part /= 2;
        now = qi_score_objective(t, part);
    }
    *before = now;
    t->falls = qi_score_take(t, part);
    for (size_t j = 0; j < s->k; j++)
        t->beta[j] += part * t->step.beta[j];
    for (size_t l = 0; s->n_sets > 0 && l < s->n_groups; l++)
        t->effect[0][l] += part * eliminated[l];
    for (size_t r = 0; r < s->n_rest; r++)
        for (size_t l = s->base[r]; l < s->base[r + 1]; l++)
            t->effect[r + 1][l - s->base[r]] += part * t->step.rest[l];
    return true;
}

/* The first step, where regressors without anything left show.  Weights of PPML differ by many
 * orders of magnitude: what looks empty is looked at again with the rows alike. */
static quipu_status first_step(qi_state *t, quipu_error *err) {
    qi_precision fine = {1e-3, 0}, residual = {0, 1e-2};
    QI_TRY(find_step(t, fine, residual, err));
    if (!qi_step_suspicious(t->a, &t->step))
        return QUIPU_OK;
    QI_TRY(qi_prior_weights(t, err));
    (void)qi_score_objective(t, 0); /* fitted values again: they may be the weights */
    return find_step(t, fine, residual, err);
}

static quipu_status iterate(qi_state *t, double *eliminated, quipu_error *err) {
    const qi_model *m = t->s->model;
    double tolerance = m->tolerance > 0.0 ? m->tolerance : 1e-10;
    unsigned most = m->most_steps > 0 ? m->most_steps : 100;
    t->length = 1;
    double value = qi_score_objective(t, 0);
    QI_TRY(qi_score_gradient(t, err));
    while (t->steps == 0 || (t->gradient > tolerance && t->steps < most)) {
        if (m->stop != NULL && m->stop(m->stop_user, t->steps, most))
            return qi_fail(err, QUIPU_E_STOPPED, "stopped");
        qi_precision regressors = {t->length > 1e-2 ? 1e-3 : 1e-5, 0};
        qi_precision residual = {0, least(1e-2, t->length)};
        double share = 1e-12 / t->gradient; /* sums of so many scores are not more exact */
        share = share > 1e-4 ? share : 1e-4;
        residual.share = residual.share > share ? residual.share : share;
        if (t->steps == 0)
            QI_TRY(first_step(t, err));
        else
            QI_TRY(find_step(t, regressors, residual, err));
        QI_TRY(qi_step_solve(t->a, &t->step, err));
        t->steps++;
        if (!go(t, &value, eliminated))
            break;
        QI_TRY(qi_score_gradient(t, err));
        t->suspect = t->falls && t->steps >= t->sure_until &&
                     (t->gradient < NEARLY || t->steps - t->sure_until >= PATIENCE);
        if (t->suspect)
            return QUIPU_OK;
    }
    t->converged = t->gradient <= tolerance;
    (void)qi_score_objective(t, 0); /* mu at eta, also where a last step did not help */
    t->length = 0;
    qi_precision regressors = {1e-10, 0}, none = {1, 1};
    return find_step(t, regressors, none, err);
}

quipu_status qi_ppml(qi_state *t, quipu_error *err) {
    double *eliminated = malloc(t->s->n_groups * sizeof *eliminated);
    if (eliminated == NULL)
        return qi_fail_memory(err, t->s->n_groups * sizeof *eliminated);
    quipu_status status;
    t->steps = 0;
    QI_GO(qi_start(t, err));
    QI_GO(iterate(t, eliminated, err));
done:
    free(eliminated);
    return status;
}
