/* SPDX-License-Identifier: Apache-2.0 */
/* fit.c - an estimation from its model to its results, in order: rows, steps, errors, effects,
 * measures of fit. */
#include "gravity/estimate.h"

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
    t->eta = qi_arena_alloc(arena, s->n * sizeof *t->eta);
    t->mu = qi_arena_alloc(arena, s->n * sizeof *t->mu);
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

static quipu_status estimate(qi_state *t, qi_fit *fit, quipu_error *err) {
    const qi_model *m = t->s->model;
    QI_TRY(m->estimator == QI_PPML ? qi_ppml(t, err) : qi_ols(t, err));
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

quipu_status qi_gravity_fit(const qi_model *model, qi_fit *fit, quipu_error *err) {
    *fit = (qi_fit){.n = model->n, .k = model->k + (model->n_effects == 0)};
    qi_sample s = {0};
    qi_absorber a = {0};
    qi_arena arena = {0};
    qi_state t = {.s = &s, .a = &a};
    quipu_status status;
    QI_GO(qi_sample_choose(model, fit, err));
    QI_GO(make_room(model, fit, err));
    QI_GO(qi_sample_make(model, fit, &s, err));
    QI_GO(qi_absorb_open(&s, model->threads > 0 ? model->threads : qi_cpu_count(), &a, err));
    QI_GO(state_open(&t, &arena, err));
    QI_GO(estimate(&t, fit, err));
done:
    qi_arena_free(&arena);
    qi_absorb_close(&a);
    qi_sample_free(&s);
    return status;
}

void qi_fit_free(qi_fit *fit) {
    qi_arena_free(&fit->arena);
    *fit = (qi_fit){0};
}
