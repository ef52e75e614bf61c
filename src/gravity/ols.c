/* SPDX-License-Identifier: Apache-2.0 */
/* ols.c - weighted least squares, which is one step; and the first look at the regressors. */
#include "gravity/estimate.h"

quipu_status qi_prior_weights(qi_state *t, quipu_error *err) {
    const qi_sample *s = t->s;
    for (size_t i = 0; i < s->n; i++)
        t->a->weight[i] = s->weight != NULL ? s->weight[i] : 1.0;
    QI_TRY(qi_absorb_weights(t->a, true, err));
    qi_precision fine = {1e-9, 0}, rough = {1, 1};
    bool all = qi_absorb(t->a, fine, s->model->estimator == QI_OLS ? fine : rough);
    QI_TRY(qi_sweep_gram(t->a, t->step.gram, t->step.cross, err));
    QI_TRY(qi_step_drop(t->a, &t->step, err));
    size_t kept = 0;
    for (size_t j = 0; j < s->k; j++)
        kept += t->step.dropped[j] == QI_KEPT;
    if (s->k > 0 && kept == 0)
        return qi_fail(err, QUIPU_E_DATA,
                       "no regressor is left: the effects explain %s%s entirely; choose fewer "
                       "effects or other regressors",
                       s->x_name[0], s->k > 1 ? " and all others" : "");
    t->converged = all;
    return QUIPU_OK;
}

quipu_status qi_ols(qi_state *t, quipu_error *err) {
    const qi_sample *s = t->s;
    for (size_t i = 0; i < s->n; i++)
        s->x[i * s->ld + s->k] = s->y[i] - (s->offset != NULL ? s->offset[i] : 0.0);
    QI_TRY(qi_prior_weights(t, err));
    QI_TRY(qi_sweep_gram(t->a, t->step.gram, t->step.cross, err));
    QI_TRY(qi_step_solve(t->a, &t->step, err));
    double *none = calloc(s->n_groups, sizeof *none);
    if (none == NULL)
        return qi_fail_memory(err, s->n_groups * sizeof *none);
    double *eliminated = s->n_sets > 0 ? t->effect[0] : none;
    qi_sweep_fit(t->a, t->step.beta, t->step.rest, t->fit, eliminated);
    free(none);
    for (size_t r = 0; r < s->n_rest; r++)
        for (size_t l = s->base[r]; l < s->base[r + 1]; l++)
            t->effect[r + 1][l - s->base[r]] = t->step.rest[l];
    for (size_t i = 0; i < s->n; i++)
        t->eta[i] = t->mu[i] = t->fit[i] + (s->offset != NULL ? s->offset[i] : 0.0);
    memcpy(t->beta, t->step.beta, s->k * sizeof *t->beta);
    t->steps = 1;
    return QUIPU_OK;
}
