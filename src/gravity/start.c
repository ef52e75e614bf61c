/* SPDX-License-Identifier: Apache-2.0 */
/* start.c - where PPML starts: proportional fitting of the effects alone, each set scaled in turn
 * until its fitted and observed totals agree (Deming & Stephan 1940). */
#include "gravity/estimate.h"

enum { ROUNDS = 3 };

static double weight_of(const qi_sample *s, size_t i) {
    return s->weight != NULL ? s->weight[i] : 1.0;
}

static double factor_of(double y, double mu) {
    return y > 0.0 ? y / mu : 1.0; /* zeros only, kept on demand */
}

static void scale_groups(qi_state *t) {
    const qi_sample *s = t->s;
    for (size_t g = 0; g < s->n_groups; g++) {
        double y = 0, mu = 0;
        for (size_t i = s->start[g]; i < s->start[g + 1]; i++) {
            y += weight_of(s, i) * s->y[i];
            mu += weight_of(s, i) * t->mu[i];
        }
        double factor = factor_of(y, mu);
        t->effect[0][g] += log(factor);
        for (size_t i = s->start[g]; i < s->start[g + 1]; i++)
            t->mu[i] *= factor;
    }
}

/* `y` and `mu` have room for the levels of the rest. */
static void scale_rest(qi_state *t, size_t r, double *y, double *mu) {
    const qi_sample *s = t->s;
    for (size_t l = s->base[r]; l < s->base[r + 1]; l++)
        y[l] = mu[l] = 0;
    for (size_t i = 0; i < s->n; i++) {
        y[s->id[r][i]] += weight_of(s, i) * s->y[i];
        mu[s->id[r][i]] += weight_of(s, i) * t->mu[i];
    }
    for (size_t l = s->base[r]; l < s->base[r + 1]; l++) {
        y[l] = factor_of(y[l], mu[l]);
        t->effect[r + 1][l - s->base[r]] += log(y[l]);
    }
    for (size_t i = 0; i < s->n; i++)
        t->mu[i] *= y[s->id[r][i]];
}

/* Without effects there is the intercept, the last coefficient. */
static void scale_all(qi_state *t) {
    const qi_sample *s = t->s;
    double y = 0, mu = 0;
    for (size_t i = 0; i < s->n; i++) {
        y += weight_of(s, i) * s->y[i];
        mu += weight_of(s, i) * t->mu[i];
    }
    t->beta[s->k - 1] = log(y / mu);
}

quipu_status qi_start(qi_state *t, quipu_error *err) {
    const qi_sample *s = t->s;
    size_t n_levels = s->base[s->n_rest];
    double *room = malloc((2 * n_levels + 1) * sizeof *room);
    if (room == NULL)
        return qi_fail_memory(err, 2 * n_levels * sizeof *room);
    for (size_t i = 0; i < s->n; i++)
        t->mu[i] = s->offset != NULL ? exp(s->offset[i]) : 1.0;
    memset(t->beta, 0, s->k * sizeof *t->beta);
    for (size_t e = 0; e < s->n_sets; e++)
        memset(t->effect[e], 0, s->n_levels[e] * sizeof *t->effect[e]);
    for (unsigned round = 0; round < ROUNDS && s->n_sets > 0; round++) {
        scale_groups(t);
        for (size_t r = 0; r < s->n_rest; r++)
            scale_rest(t, r, room, room + n_levels);
    }
    free(room);
    if (s->n_sets == 0)
        scale_all(t);
    for (size_t g = 0; g < s->n_groups; g++)
        for (size_t i = s->start[g]; i < s->start[g + 1]; i++) {
            double eta = s->offset != NULL ? s->offset[i] : 0.0;
            eta += s->n_sets > 0 ? t->effect[0][g] : t->beta[s->k - 1];
            for (size_t r = 0; r < s->n_rest; r++)
                eta += t->effect[r + 1][s->id[r][i] - s->base[r]];
            t->eta[i] = eta;
        }
    return QUIPU_OK;
}
