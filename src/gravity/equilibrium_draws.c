/* SPDX-License-Identifier: Apache-2.0 */
/* equilibrium_draws.c - a counterfactual solved once for every draw of its coefficients. */
#include "gravity/equilibrium_draws.h"

#include <math.h>

double qi_outcome_of(const qi_equilibrium *e, qi_outcome what, size_t i) {
    switch (what) {
    case QI_OUTCOME_EXPORTS: return e->exports[1][i] / e->exports[0][i];
    case QI_OUTCOME_IMPORTS: return e->imports[1][i] / e->imports[0][i];
    case QI_OUTCOME_DOMESTIC: return e->domestic[1][i] / e->domestic[0][i];
    case QI_OUTCOME_REAL_INCOME: return e->real_income[i];
    case QI_OUTCOME_WELFARE: return e->welfare[i];
    case QI_OUTCOME_PRICE: return e->price[i];
    case QI_OUTCOME_CONSUMER: return e->consumer[i];
    case QI_OUTCOME_OUTWARD: return e->outward[i];
    case QI_N_OUTCOMES: break;
    }
    return NAN;
}

void qi_change_of(const double *coefficient, size_t n_changed, const double *const *moved,
                  size_t n, double *change) {
    for (size_t cell = 0; cell < n * n; cell++) {
        double sum = 0;
        for (size_t k = 0; k < n_changed; k++)
            sum += coefficient[k] * moved[k][cell];
        change[cell] = exp(sum);
    }
}

typedef struct run {
    const qi_draws *d;
    double *lower;      /* n_changed x n_changed: covariance, decomposed */
    double *outcome;    /* n x QI_N_OUTCOMES x draws; NaN: the draw failed */
    quipu_error *error; /* of each draw */
} run;

/* Coefficients of a draw from the normal. */
static void draw_normal(const run *r, size_t draw, double *coefficient) {
    const qi_draws *d = r->d;
    for (size_t k = 0; k < d->n_changed; k++) {
        coefficient[k] = d->fit->coefficient[d->coefficient[k]];
        for (size_t l = 0; l <= k; l++)
            coefficient[k] +=
                r->lower[k * d->n_changed + l] * qi_random_normal(d->seed, draw, l);
    }
}

/* The model of a draw: every row as often as its cluster came up. */
static quipu_status estimate_again(const run *r, size_t draw, double *coefficient,
                                   quipu_error *err) {
    const qi_draws *d = r->d;
    const qi_cluster *pairs = &d->model->cluster[0];
    qi_model m = *d->model;
    qi_fit fit = {0};
    quipu_status status = QUIPU_OK;
    uint32_t *times = malloc((pairs->n_levels + 1) * sizeof *times);
    double *weight = malloc((m.n + 1) * sizeof *weight);
    if (times == NULL || weight == NULL) {
        status = qi_fail_memory(err, m.n * sizeof *weight);
        goto done;
    }
    qi_resample(d->seed, draw, pairs->n_levels, times);
    for (size_t i = 0; i < m.n; i++) {
        bool stays = d->stays != NULL && d->stays[i] != 0;
        weight[i] = (stays ? 1 : times[pairs->id[i]]) *
                    (d->model->weight == NULL ? 1 : d->model->weight[i]);
    }
    m.weight = weight;
    m.errors = QI_ERRORS_IID; /* they are not looked at */
    m.n_clusters = 0;
    m.want_effects = false;
    m.threads = 1;
    QI_GO(qi_gravity_fit(&m, &fit, err));
    for (size_t k = 0; k < d->n_changed; k++) {
        coefficient[k] = fit.coefficient[d->coefficient[k]];
        if (!isfinite(coefficient[k])) {
            status = qi_fail(err, QUIPU_E_DATA, "%s has no coefficient in a resample",
                             m.x_name[d->coefficient[k]]);
            goto done;
        }
    }
done:
    qi_fit_free(&fit);
    free(times);
    free(weight);
    return status;
}

static quipu_status solve_draw(const run *r, size_t draw, quipu_error *err) {
    const qi_draws *d = r->d;
    size_t n = d->world->n;
    double *room = malloc((n * n + d->n_changed) * sizeof *room);
    if (room == NULL)
        return qi_fail_memory(err, n * n * sizeof *room);
    double *coefficient = room + n * n;
    quipu_status status = QUIPU_OK;
    qi_equilibrium e = {0};
    qi_world w = *d->world;
    if (d->method == QI_DRAW_PAIRS)
        QI_GO(estimate_again(r, draw, coefficient, err));
    else
        draw_normal(r, draw, coefficient);
    qi_change_of(coefficient, d->n_changed, d->moved, n, room);
    for (size_t k = 0; d->world->change != NULL && k < n * n; k++)
        room[k] *= d->world->change[k];
    w.change = room;
    QI_GO(qi_equilibrium_solve(&w, &e, err));
    for (size_t i = 0; i < n; i++)
        for (int what = 0; what < QI_N_OUTCOMES; what++)
            r->outcome[(i * QI_N_OUTCOMES + (size_t)what) * d->draws + draw] =
                qi_outcome_of(&e, (qi_outcome)what, i);
done:
    qi_equilibrium_free(&e);
    free(room);
    return status;
}

/* A draw without a solution is counted; only what concerns all of them ends the run. */
static quipu_status one_draw(void *user, size_t draw, unsigned worker, quipu_error *err) {
    run *r = user;
    QI_UNUSED(worker);
    if (r->d->stop != NULL && r->d->stop(r->d->stop_user, draw, r->d->draws))
        return qi_fail(err, QUIPU_E_STOPPED, "stopped");
    quipu_status status = solve_draw(r, draw, &r->error[draw]);
    if (status != QUIPU_E_NOMEM && status != QUIPU_E_STOPPED)
        return QUIPU_OK;
    return qi_fail(err, status, "%s", r->error[draw].text);
}

static quipu_status decompose(run *r, quipu_error *err) {
    const qi_draws *d = r->d;
    for (size_t k = 0; k < d->n_changed; k++)
        for (size_t l = 0; l < d->n_changed; l++)
            r->lower[k * d->n_changed + l] =
                d->fit->covariance[d->coefficient[k] * d->fit->k + d->coefficient[l]];
    if (!qi_cholesky(r->lower, d->n_changed))
        return qi_fail(err, QUIPU_E_DATA,
                       "the covariance of the changed variables is not positive definite: no "
                       "draws can be made from it");
    return QUIPU_OK;
}

static quipu_status collect(const run *r, qi_intervals *out, quipu_error *err) {
    const qi_draws *d = r->d;
    size_t n = d->world->n, cells = n * QI_N_OUTCOMES, first = d->draws;
    for (size_t draw = 0; draw < d->draws; draw++) {
        bool failed = r->error[draw].status != QUIPU_OK;
        out->failed += failed;
        if (failed && first == d->draws)
            first = draw;
    }
    out->used = d->draws - out->failed;
    if (out->used * 3 < d->draws * 2)
        return qi_fail(
            err, QUIPU_E_DATA,
            "%zu of %u draws have no solution, so that no interval can be given; the "
            "first: %s",
            out->failed, d->draws, r->error[first].text);
    out->low = qi_arena_alloc(&out->arena, 2 * cells * sizeof *out->low);
    if (out->low == NULL)
        return qi_fail_memory(err, 2 * cells * sizeof *out->low);
    out->high = out->low + cells;
    for (size_t cell = 0; cell < cells; cell++) {
        double *values = r->outcome + cell * d->draws;
        size_t used = 0;
        for (size_t draw = 0; draw < d->draws; draw++)
            if (r->error[draw].status == QUIPU_OK)
                values[used++] = values[draw];
        qi_percentile_interval(values, used, d->level, &out->low[cell], &out->high[cell]);
    }
    return QUIPU_OK;
}

quipu_status qi_draws_run(const qi_draws *d, qi_intervals *out, quipu_error *err) {
    *out = (qi_intervals){.n = d->world->n};
    size_t cells = d->world->n * QI_N_OUTCOMES;
    quipu_status status = QUIPU_OK;
    run r = {.d = d};
    r.lower = malloc((d->n_changed * d->n_changed + 1) * sizeof *r.lower);
    r.outcome = malloc((cells * d->draws + 1) * sizeof *r.outcome);
    r.error = calloc(d->draws + 1u, sizeof *r.error);
    if (r.lower == NULL || r.outcome == NULL || r.error == NULL) {
        status = qi_fail_memory(err, cells * d->draws * sizeof *r.outcome);
        goto done;
    }
    if (d->method == QI_DRAW_COVARIANCE)
        QI_GO(decompose(&r, err));
    QI_GO(qi_run_tasks(d->threads > 0 ? d->threads : qi_cpu_count(), d->draws, one_draw, &r,
                       err));
    QI_GO(collect(&r, out, err));
done:
    free(r.lower);
    free(r.outcome);
    free(r.error);
    return status;
}

void qi_intervals_free(qi_intervals *intervals) {
    qi_arena_free(&intervals->arena);
    *intervals = (qi_intervals){0};
}
