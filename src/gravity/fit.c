/* SPDX-License-Identifier: Apache-2.0 */
/* fit.c - an estimation from its model to its results, in order: rows, steps, errors, effects,
 * measures of fit. */
#include "gravity/estimate.h"

#include <limits.h>

static quipu_status make_room(const qi_model *m, qi_fit *fit, quipu_error *err) {
    const size_t k = fit->k;
    fit->name = qi_arena_alloc(&fit->arena, k * sizeof *fit->name);
    fit->dropped = qi_arena_alloc(&fit->arena, k);
    fit->coefficient = qi_arena_alloc(&fit->arena, k * sizeof *fit->coefficient);
    fit->error = qi_arena_alloc(&fit->arena, k * sizeof *fit->error);
    fit->covariance = qi_arena_alloc(&fit->arena, k * k * sizeof *fit->covariance);
    fit->fitted = qi_arena_alloc(&fit->arena, m->n * sizeof *fit->fitted);
    fit->eta = qi_arena_alloc(&fit->arena, m->n * sizeof *fit->eta);
    if (fit->name == NULL || fit->dropped == NULL || fit->coefficient == NULL ||
        fit->error == NULL || fit->covariance == NULL || fit->fitted == NULL ||
        fit->eta == NULL)
        return qi_fail_memory(err, m->n * sizeof *fit->fitted);
    for (size_t j = 0; j < k; j++) {
        const char *name = j < m->k ? m->x_name[j] : "(intercept)";
        fit->name[j] = qi_arena_dup(&fit->arena, name);
        if (fit->name[j] == NULL)
            return qi_fail_memory(err, strlen(name));
    }
    for (size_t i = 0; i < m->n; i++)
        fit->fitted[i] = fit->eta[i] = NAN;
    return QUIPU_OK;
}

static quipu_status state_open(qi_state *t, qi_arena *arena, quipu_error *err) {
    const qi_sample *s = t->s;
    /* Fitted values are the weights of PPML, but for weights of the rows themselves. */
    bool weights_too = s->model->estimator == QI_PPML && s->weight == NULL;
    t->eta = qi_arena_alloc(arena, s->n * sizeof *t->eta);
    t->mu = weights_too ? t->a->weight : qi_arena_alloc(arena, s->n * sizeof *t->mu);
    t->fit = qi_arena_alloc(arena, s->n * sizeof *t->fit);
    t->beta = qi_arena_alloc(arena, s->k * sizeof *t->beta);
    if (t->eta == NULL || t->mu == NULL || t->fit == NULL || t->beta == NULL)
        return qi_fail_memory(err, s->n * sizeof *t->eta);
    for (size_t e = 0; e < s->n_sets; e++) {
        t->effect[e] = qi_arena_alloc(arena, s->n_levels[e] * sizeof *t->effect[e]);
        if (t->effect[e] == NULL)
            return qi_fail_memory(err, s->n_levels[e] * sizeof *t->effect[e]);
    }
    return qi_step_open(t->a, arena, &t->step, err);
}

/* ---- results ---- */

static void put_rows(const qi_state *t, qi_fit *fit) {
    for (size_t i = 0; i < t->s->n; i++) {
        fit->fitted[t->s->row[i]] = t->mu[i];
        fit->eta[t->s->row[i]] = t->eta[i];
    }
}

static quipu_status put_errors(qi_state *t, qi_fit *fit, quipu_error *err) {
    const qi_sample *s = t->s;
    const size_t k = s->k;
    double *bread = calloc(k * k + 1, sizeof *bread);
    if (bread == NULL)
        return qi_fail_memory(err, k * k * sizeof *bread);
    qi_step_inverse(&t->step, bread);
    quipu_status status;
    qi_skyline_close(t->a->skyline); /* its room is needed */
    t->a->skyline = NULL;
    QI_GO(qi_sweep_strip(t->a, err));
    double *score = t->fit; /* no longer needed */
    for (size_t i = 0; i < s->n; i++)
        score[i] = (s->weight != NULL ? s->weight[i] : 1.0) * (s->y[i] - t->mu[i]);
    QI_GO(qi_covariance(t, bread, score, fit, err));
    for (size_t j = 0; j < k; j++) {
        bool kept = t->step.dropped[j] == QI_KEPT;
        fit->coefficient[j] = kept ? t->beta[j] : NAN;
        fit->error[j] = kept ? sqrt(fit->covariance[j * k + j]) : NAN;
        for (size_t c = 0; !kept && c < k; c++)
            fit->covariance[j * k + c] = fit->covariance[c * k + j] = NAN;
    }
done:
    free(bread);
    return status;
}

static double least_cluster(const qi_fit *fit, size_t n) {
    size_t least = fit->n_groups[0];
    for (size_t c = 1; c < n; c++)
        least = fit->n_groups[c] < least ? fit->n_groups[c] : least;
    return (double)least;
}

static quipu_status put_results(qi_state *t, qi_fit *fit, quipu_error *err) {
    const qi_model *m = t->s->model;
    fit->steps = t->steps;
    fit->inner = t->a->inner;
    fit->gradient = t->gradient;
    fit->converged = t->converged;
    if (!t->converged)
        return qi_fail(err, QUIPU_E_DATA,
                       "no convergence after %u steps: the greatest gradient is %.3g of the "
                       "trade there (%.3g was asked for); take more steps, a looser tolerance, "
                       "or fewer effects",
                       t->steps, t->gradient, m->tolerance > 0.0 ? m->tolerance : 1e-10);
    memcpy(fit->dropped, t->step.dropped, t->s->k);
    QI_TRY(qi_freedom(t->s, fit, err));
    put_rows(t, fit);
    QI_TRY(put_errors(t, fit, err));
    qi_measures_of_fit(t, fit);
    fit->t_df = INFINITY;
    if (m->estimator == QI_OLS)
        fit->t_df = m->errors == QI_ERRORS_CLUSTER ? least_cluster(fit, m->n_clusters) - 1
                                                   : fit->residual_df;
    return m->want_effects ? qi_recover(t, fit, err) : QUIPU_OK;
}

/* Before this step a way down at zeros is no sign of separation. */
enum { STEPS_BEFORE_A_LOOK = 6 };

/* With the rows that are in: results, or rows found separated and marked; then `again`. */
static quipu_status attempt(const qi_model *m, qi_fit *fit, bool *again, quipu_error *err) {
    qi_sample s = {0};
    qi_absorber a = {0};
    qi_arena arena = {0};
    qi_state t = {.s = &s, .a = &a};
    size_t found = 0;
    quipu_status status;
    *again = false;
    t.sure_until = m->keep_separated ? UINT_MAX : STEPS_BEFORE_A_LOOK;
    QI_GO(qi_sample_make(m, fit, &s, err));
    QI_GO(qi_absorb_open(&s, m->threads > 0 ? m->threads : qi_cpu_count(), &a, err));
    QI_GO(state_open(&t, &arena, err));
    if (m->estimator == QI_OLS)
        QI_GO(qi_ols(&t, err));
    else
        QI_GO(qi_ppml(&t, err));
    if (t.suspect) {
        QI_GO(qi_separate(&t, fit->left_out, &found, err));
        fit->n_left_out[QI_SEPARATED] += found;
        *again = found > 0;
        if (*again) {
            status = qi_sample_thin(m, fit, err);
            goto done;
        }
        t.suspect = false; /* nothing is: go on to the end */
        t.sure_until = UINT_MAX;
        QI_GO(qi_ppml(&t, err));
    }
    QI_GO(put_results(&t, fit, err));
done:
    qi_arena_free(&arena);
    qi_absorb_close(&a);
    qi_sample_free(&s);
    return status;
}

quipu_status qi_gravity_fit(const qi_model *model, qi_fit *fit, quipu_error *err) {
    *fit = (qi_fit){.n = model->n, .k = model->k + (model->n_effects == 0)};
    QI_TRY(qi_sample_choose(model, fit, err));
    QI_TRY(make_room(model, fit, err));
    bool again = true;
    while (again)
        QI_TRY(attempt(model, fit, &again, err));
    return QUIPU_OK;
}

void qi_fit_free(qi_fit *fit) {
    qi_arena_free(&fit->arena);
    *fit = (qi_fit){0};
}
