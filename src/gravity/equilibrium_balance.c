/* SPDX-License-Identifier: Apache-2.0 */
/* equilibrium_balance.c - trade that adds up to given outputs and expenditures, given costs.
 *
 * The two systems of multilateral resistances are one problem: a_i = Y_i / sum_j cost_ij b_j,
 * b_j = E_j / sum_i cost_ij a_i.  Up to powers a and b are the effects of exporters and
 * importers that PPML would find with the costs as offset (Fally 2015), here without
 * estimating anything.
 */
#include "gravity/equilibrium.h"

#include <math.h>

typedef struct balance {
    const qi_margins *m;
    double *a, *b, *found; /* found: by column */
    double scale;          /* of what is spent: rounding apart, 1 */
} balance;

static bool balance_gap(void *user, double *x, double *gap) {
    balance *t = user;
    const qi_margins *m = t->m;
    size_t n = m->n;
    double base = x[m->reference];
    for (size_t j = 0; j < n; j++) {
        x[j] -= base;
        t->b[j] = exp(x[j]);
        t->found[j] = 0;
    }
    for (size_t i = 0; i < n; i++) {
        const double *row = m->cost + i * n;
        double a = t->a[i] = m->output[i] / qi_weighted_sum(row, t->b, n);
        for (size_t j = 0; j < n; j++)
            t->found[j] += row[j] * a;
    }
    for (size_t j = 0; j < n; j++) {
        gap[j] = log(m->spent[j] * t->scale / (t->found[j] * t->b[j]));
        if (!isfinite(gap[j]))
            return false;
    }
    return true;
}

/* d(found b)/dx = diag(found b) - X' diag(1/output) X, singular along x + c: a large number at
 * the reference holds it. */
static void balance_slope(void *user, const double *x, double *slope, double *level) {
    balance *t = user;
    const qi_margins *m = t->m;
    size_t n = m->n;
    (void)x;
    memset(slope, 0, n * n * sizeof *slope);
    for (size_t i = 0; i < n; i++) {
        const double *row = m->cost + i * n;
        double a = t->a[i], part = a * a / m->output[i];
        for (size_t j = 0; j < n; j++) {
            double f = part * row[j] * t->b[j];
            if (f == 0)
                continue;
            double *to = slope + j * n;
            for (size_t k = 0; k < n; k++)
                to[k] -= f * row[k] * t->b[k];
        }
    }
    for (size_t j = 0; j < n; j++) {
        level[j] = t->found[j] * t->b[j];
        slope[j * n + j] += level[j];
    }
    slope[m->reference * n + m->reference] += level[m->reference];
}

static quipu_status check_margins(const qi_margins *m, double *scale, quipu_error *err) {
    double sold = 0, bought = 0;
    for (size_t i = 0; i < m->n; i++) {
        if (!(m->output[i] > 0) || !(m->spent[i] > 0) || !isfinite(m->output[i]) ||
            !isfinite(m->spent[i]))
            return qi_fail(err, QUIPU_E_DATA,
                           "%s has an output of %g and an expenditure of %g; expected numbers "
                           "above 0",
                           m->name[i], m->output[i], m->spent[i]);
        sold += m->output[i];
        bought += m->spent[i];
    }
    if (fabs(sold / bought - 1) > 1e-9)
        return qi_fail(err, QUIPU_E_DATA,
                       "the world's output of %.10g is not its expenditure of %.10g", sold,
                       bought);
    *scale = sold / bought;
    for (size_t k = 0; k < m->n * m->n; k++)
        if (!(m->cost[k] >= 0) || !isfinite(m->cost[k]))
            return qi_fail(err, QUIPU_E_DATA,
                           "trade costs from %s to %s (to the power -theta) are %g; expected a "
                           "number of 0 or more",
                           m->name[k / m->n], m->name[k % m->n], m->cost[k]);
    return QUIPU_OK;
}

quipu_status qi_balance(const qi_margins *margins, double *a, double *b, unsigned *steps,
                        quipu_error *err) {
    qi_margins m = *margins;
    if (m.reference == QI_NO_REFERENCE)
        m.reference = 0;
    double scale = 1;
    QI_TRY(check_margins(&m, &scale, err));
    double *room = calloc(3 * m.n + 1, sizeof *room);
    if (room == NULL)
        return qi_fail_memory(err, 3 * m.n * sizeof *room);
    balance t = {.m = &m, .a = a, .b = b, .found = room, .scale = scale};
    double *x = room + m.n, *gap = room + 2 * m.n;
    qi_gaps problem = {
        .n = m.n, .pace = 1, .gap = balance_gap, .slope = balance_slope, .user = &t};
    qi_solved solved;
    quipu_status status = qi_gaps_close(&problem, x, &solved, err);
    if (status == QUIPU_OK && !solved.converged)
        status =
            qi_fail(err, QUIPU_E_DATA,
                    "no multilateral resistances found that fit these outputs, expenditures "
                    "and costs: after %u steps a country's expenditure is still off by a "
                    "factor of 1 + %.2g",
                    solved.steps + solved.newton_steps, solved.gap);
    if (status == QUIPU_OK)
        balance_gap(&t, x, gap); /* a and b of the last x, not of a trial */
    *steps = solved.steps + solved.newton_steps;
    free(room);
    return status;
}
