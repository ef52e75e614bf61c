/* SPDX-License-Identifier: Apache-2.0 */
/* equilibrium.c - the conditional model, and what follows from prices and incomes. */
#include "gravity/equilibrium.h"

#include <math.h>

void qi_equilibrium_free(qi_equilibrium *e) {
    qi_arena_free(&e->arena);
    *e = (qi_equilibrium){0};
}

quipu_status qi_equilibrium_room(const qi_world *w, qi_equilibrium *out, quipu_error *err) {
    *out = (qi_equilibrium){.n = w->n, .lambda = 1};
    size_t n = w->n;
    double **arrays[] = {&out->price,      &out->consumer,    &out->outward,
                         &out->output,     &out->expenditure, &out->real_income,
                         &out->welfare,    &out->exports[0],  &out->exports[1],
                         &out->imports[0], &out->imports[1],  &out->domestic[0],
                         &out->domestic[1]};
    double *room = qi_arena_alloc(&out->arena, n * (n + QI_COUNT(arrays)) * sizeof *room);
    if (room == NULL)
        return qi_fail_memory(err, n * (n + QI_COUNT(arrays)) * sizeof *room);
    out->trade = room;
    for (size_t k = 0; k < QI_COUNT(arrays); k++)
        *arrays[k] = room + n * (n + k);
    return QUIPU_OK;
}

static void flows_of(const double *trade, size_t n, double *exports, double *imports,
                     double *domestic) {
    memset(exports, 0, n * sizeof *exports);
    memset(imports, 0, n * sizeof *imports);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double x = trade[i * n + j];
            if (i == j) {
                domestic[i] = x;
            } else {
                exports[i] += x;
                imports[j] += x;
            }
        }
}

void qi_equilibrium_measure(const qi_world *w, qi_equilibrium *out) {
    size_t n = w->n;
    double worst_sold = 0, worst_bought = 0;
    for (size_t i = 0; i < n; i++) {
        double sold = 0, bought = 0, output = 0, spent = 0;
        for (size_t j = 0; j < n; j++) {
            sold += out->trade[i * n + j];
            bought += out->trade[j * n + i];
            output += w->trade[i * n + j];
            spent += w->trade[j * n + i];
        }
        worst_sold = fmax(worst_sold, fabs(sold / (output * out->output[i]) - 1));
        worst_bought = fmax(worst_bought, fabs(bought / (spent * out->expenditure[i]) - 1));
    }
    out->output_residual = worst_sold;
    out->expenditure_residual = worst_bought;
}

/* Money in units of the reference's consumer price. */
static void express(const qi_world *w, qi_equilibrium *out) {
    if (w->reference == QI_NO_REFERENCE)
        return;
    size_t n = w->n;
    double unit = out->consumer[w->reference];
    for (size_t i = 0; i < n; i++) {
        out->price[i] /= unit;
        out->consumer[i] /= unit;
        out->output[i] /= unit;
        out->expenditure[i] /= unit;
    }
    for (size_t k = 0; k < n * n; k++)
        out->trade[k] /= unit;
}

void qi_equilibrium_finish(const qi_world *w, qi_equilibrium *out) {
    size_t n = w->n;
    if (w->model == QI_GE_FULL)
        express(w, out);
    for (size_t i = 0; i < n; i++) {
        out->real_income[i] = out->output[i] / out->consumer[i];
        out->welfare[i] = out->expenditure[i] / out->consumer[i];
    }
    flows_of(w->trade, n, out->exports[0], out->imports[0], out->domestic[0]);
    flows_of(out->trade, n, out->exports[1], out->imports[1], out->domestic[1]);
    qi_equilibrium_measure(w, out);
}

/* Without a reference the mean of consumer prices, weighted by expenditure, stays. */
static void mean_as_reference(const qi_world *w, const double *spent, qi_equilibrium *out) {
    double sum = 0, all = 0;
    for (size_t j = 0; j < w->n; j++) {
        sum += spent[j] * log(out->consumer[j]);
        all += spent[j];
    }
    double unit = exp(sum / all);
    for (size_t j = 0; j < w->n; j++) {
        out->consumer[j] /= unit;
        out->outward[j] *= unit;
    }
}

static quipu_status conditional(const qi_world *w, qi_equilibrium *out, quipu_error *err) {
    size_t n = w->n;
    double *room = malloc((n * n + 5 * n) * sizeof *room);
    if (room == NULL)
        return qi_fail_memory(err, (n * n + 5 * n) * sizeof *room);
    double *cost = room, *output = room + n * n, *spent = output + n, *a = spent + n,
           *b = a + n, *one = b + n;
    for (size_t k = 0; k < n * n; k++)
        cost[k] = w->trade[k] * (w->change == NULL ? 1 : w->change[k]);
    memset(spent, 0, n * sizeof *spent);
    for (size_t i = 0; i < n; i++)
        one[i] = 1;
    for (size_t i = 0; i < n; i++) {
        output[i] = qi_weighted_sum(w->trade + i * n, one, n);
        for (size_t j = 0; j < n; j++)
            spent[j] += w->trade[i * n + j];
    }
    qi_margins m = {.n = n,
                    .name = w->name,
                    .cost = cost,
                    .output = output,
                    .spent = spent,
                    .reference = w->reference};
    quipu_status status = qi_balance(&m, a, b, &out->steps, err);
    for (size_t i = 0; i < n && status == QUIPU_OK; i++) {
        out->price[i] = out->output[i] = out->expenditure[i] = 1;
        out->consumer[i] = pow(b[i], 1 / w->theta);
        out->outward[i] = pow(a[i], 1 / w->theta);
        for (size_t j = 0; j < n; j++)
            out->trade[i * n + j] = a[i] * cost[i * n + j] * b[j];
    }
    if (status == QUIPU_OK && w->reference == QI_NO_REFERENCE)
        mean_as_reference(w, spent, out);
    free(room);
    return status;
}

quipu_status qi_equilibrium_solve(const qi_world *w, qi_equilibrium *out, quipu_error *err) {
    *out = (qi_equilibrium){0};
    QI_TRY(qi_world_check(w, err));
    QI_TRY(qi_equilibrium_room(w, out, err));
    quipu_status status = QUIPU_OK;
    switch (w->model) {
    case QI_GE_CONDITIONAL: status = conditional(w, out, err); break;
    case QI_GE_FULL: status = qi_full_solve(w, out, err); break;
    case QI_GE_PUBLISHED: status = qi_published_solve(w, out, err); break;
    }
    if (status == QUIPU_OK)
        qi_equilibrium_finish(w, out);
    return status;
}
