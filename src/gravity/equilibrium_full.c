/* SPDX-License-Identifier: Apache-2.0 */
/* equilibrium_full.c - prices that clear all markets at once.
 *
 * With X the baseline, M = X * change, w the factors of prices, u = w^-theta:
 *     trade_ij = M_ij u_i E'_j / D_j,    D_j = sum_i M_ij u_i,    (P_j)^-theta = D_j / E_j
 *     sum_j trade_ij = Y_i w_i
 * which is DEK (2007) with the shares multiplied out, so that no change leaves every sum as
 * it was, to the last bit.  World output is the unit: sum Y w = sum Y.
 */
#include "gravity/equilibrium.h"

#include <math.h>

typedef struct full {
    const qi_world *world;
    size_t n;
    double *m, *y, *e; /* n x n, n, n */
    double world_y, world_e;
    double *w, *u, *d, *spent, *ratio; /* at the x asked last; ratio = spent / d */
    double *flow, *share;              /* n x n: for slopes, made when first needed */
    double lambda;
} full;

static void normalise(full *f, double *x) {
    double sum = 0;
    for (size_t i = 0; i < f->n; i++)
        sum += f->y[i] * exp(x[i]);
    double shift = log(f->world_y / sum);
    for (size_t i = 0; i < f->n; i++) {
        x[i] += shift;
        f->w[i] = exp(x[i]);
        f->u[i] = exp(-f->world->theta * x[i]);
    }
}

static bool spend(full *f) {
    size_t n = f->n;
    bool additive = f->world->deficits == QI_DEFICITS_ADDITIVE;
    double earned = 0, planned = 0;
    for (size_t j = 0; j < n; j++) {
        earned += f->y[j] * f->w[j];
        planned += f->e[j] * f->w[j];
    }
    f->lambda = additive ? 1 : (earned / f->world_y) / (planned / f->world_e);
    for (size_t j = 0; j < n; j++) {
        f->spent[j] =
            additive ? f->e[j] + f->y[j] * (f->w[j] - 1) : f->e[j] * f->w[j] * f->lambda;
        if (!(f->spent[j] > 0))
            return false;
    }
    return true;
}

static bool full_gap(void *user, double *x, double *gap) {
    full *f = user;
    size_t n = f->n;
    normalise(f, x);
    if (!spend(f))
        return false;
    memset(f->d, 0, n * sizeof *f->d);
    for (size_t i = 0; i < n; i++) {
        const double *row = f->m + i * n;
        double u = f->u[i];
        for (size_t j = 0; j < n; j++)
            f->d[j] += row[j] * u;
    }
    for (size_t j = 0; j < n; j++)
        f->ratio[j] = f->spent[j] / f->d[j];
    for (size_t i = 0; i < n; i++) {
        double sold = f->u[i] * qi_weighted_sum(f->m + i * n, f->ratio, n);
        gap[i] = log(sold / (f->y[i] * f->w[i]));
        if (!isfinite(gap[i]))
            return false;
    }
    return true;
}

/* What i sells changes with the incomes of its customers and with all prices they compare.
 * Added is the direction of the normalisation, along which the rest is singular. */
static void full_slope(void *user, const double *x, double *slope, double *level) {
    full *f = user;
    size_t n = f->n;
    bool additive = f->world->deficits == QI_DEFICITS_ADDITIVE;
    double theta = f->world->theta, earned = 0, planned = 0;
    (void)x;
    for (size_t i = 0; i < n; i++) {
        level[i] = f->y[i] * f->w[i];
        earned += level[i];
        planned += f->e[i] * f->w[i];
        for (size_t j = 0; j < n; j++) {
            f->flow[i * n + j] = f->m[i * n + j] * f->u[i] * f->ratio[j];
            f->share[i * n + j] = f->m[i * n + j] * f->u[i] / f->d[j];
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < n; k++) {
            double income = f->flow[i * n + k] * (additive ? level[k] / f->spent[k] : 1);
            if (!additive)
                income += level[i] * (level[k] / earned - f->e[k] * f->w[k] / planned);
            double rivals = qi_weighted_sum(f->share + i * n, f->flow + k * n, n);
            slope[i * n + k] = level[i] * level[k] / earned - income - theta * rivals;
        }
        slope[i * n + i] += (1 + theta) * level[i];
    }
}

static quipu_status room_for(full *f, const qi_world *w, quipu_error *err) {
    size_t n = w->n, count = 3 * n * n + 7 * n;
    double *room = malloc(count * sizeof *room);
    if (room == NULL)
        return qi_fail_memory(err, count * sizeof *room);
    *f = (full){.world = w, .n = n, .m = room, .flow = room + n * n, .share = room + 2 * n * n};
    double **arrays[] = {&f->y, &f->e, &f->w, &f->u, &f->d, &f->spent, &f->ratio};
    for (size_t k = 0; k < QI_COUNT(arrays); k++)
        *arrays[k] = room + 3 * n * n + k * n;
    for (size_t k = 0; k < n * n; k++)
        f->m[k] = w->trade[k] * (w->change == NULL ? 1 : w->change[k]);
    for (size_t i = 0; i < n; i++) {
        f->ratio[i] = 1;
        f->e[i] = 0;
    }
    for (size_t i = 0; i < n; i++) {
        f->y[i] = qi_weighted_sum(w->trade + i * n, f->ratio, n);
        f->world_y += f->y[i];
        for (size_t j = 0; j < n; j++)
            f->e[j] += w->trade[i * n + j];
    }
    for (size_t j = 0; j < n; j++)
        f->world_e += f->e[j];
    return QUIPU_OK;
}

static void fill(const full *f, qi_equilibrium *out) {
    size_t n = f->n;
    double theta = f->world->theta;
    out->lambda = f->lambda;
    for (size_t i = 0; i < n; i++) {
        out->price[i] = out->output[i] = f->w[i];
        out->consumer[i] = pow(f->d[i] / f->e[i], -1 / theta);
        out->expenditure[i] = f->spent[i] / f->e[i];
        for (size_t j = 0; j < n; j++)
            out->trade[i * n + j] = f->m[i * n + j] * f->u[i] * f->ratio[j];
    }
    /* In units of the reference's consumer price, as the resistances of YPML are. */
    double unit =
        f->world->reference == QI_NO_REFERENCE ? 1 : out->consumer[f->world->reference];
    for (size_t i = 0; i < n; i++)
        out->outward[i] = pow(f->w[i] / unit, -(1 + theta) / theta);
}

quipu_status qi_full_solve(const qi_world *w, qi_equilibrium *out, quipu_error *err) {
    full f;
    QI_TRY(room_for(&f, w, err));
    quipu_status status = QUIPU_OK;
    double *x = calloc(2 * w->n, sizeof *x), *gap = x + w->n;
    if (x == NULL) {
        status = qi_fail_memory(err, 2 * w->n * sizeof *x);
        goto done;
    }
    qi_gaps problem = {.n = w->n,
                       .pace = 1 / (1 + w->theta),
                       .gap = full_gap,
                       .slope = full_slope,
                       .user = &f};
    qi_solved solved;
    QI_GO(qi_gaps_close(&problem, x, &solved, err));
    out->steps = solved.steps;
    out->newton_steps = solved.newton_steps;
    if (!solved.converged) {
        status =
            qi_fail(err, QUIPU_E_DATA,
                    "no equilibrium found: after %u steps what a country sells is still off "
                    "its output by a factor of 1 + %.2g%s",
                    solved.steps + solved.newton_steps, solved.gap,
                    w->deficits == QI_DEFICITS_ADDITIVE
                        ? "; with deficits held fixed (additive) a country may be left with "
                          "less than its deficit: try multiplicative"
                        : "");
        goto done;
    }
    full_gap(&f, x, gap); /* prices of the last x, not of a trial */
    fill(&f, out);
done:
    free(x);
    free(f.m);
    return status;
}
