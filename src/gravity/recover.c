/* SPDX-License-Identifier: Apache-2.0 */
/* recover.c - effects by the levels of the model.
 *
 * Only sums of them are identified.  The first set of the model keeps the level; of every later
 * set the mean of each connected part goes there, a part being the levels that the rows of the
 * first set and of that set join.
 */
#include "gravity/estimate.h"

typedef struct parts {
    uint32_t *up; /* levels of the first set, then of the other */
    double *sum;  /* by root */
    uint32_t *n;
} parts;

/* Joins the levels that share a row; rows of the sample. */
static void join(const qi_sample *s, const qi_effect *first, const qi_effect *other,
                 uint32_t *up) {
    for (uint32_t l = 0; l < first->n_levels + other->n_levels; l++)
        up[l] = l;
    for (size_t i = 0; i < s->n; i++)
        (void)qi_join(up, first->id[s->row[i]], first->n_levels + other->id[s->row[i]]);
}

static void move_means(parts *p, const qi_effect *first, const qi_effect *other, double *to,
                       double *from) {
    const uint32_t base = first->n_levels;
    for (uint32_t l = 0; l < other->n_levels; l++)
        if (!isnan(from[l])) {
            uint32_t root = qi_root(p->up, base + l);
            p->sum[root] += from[l];
            p->n[root]++;
        }
    for (uint32_t l = 0; l < base; l++)
        if (!isnan(to[l])) {
            uint32_t root = qi_root(p->up, l);
            to[l] += p->sum[root] / p->n[root];
        }
    for (uint32_t l = 0; l < other->n_levels; l++)
        if (!isnan(from[l])) {
            uint32_t root = qi_root(p->up, base + l);
            from[l] -= p->sum[root] / p->n[root];
        }
}

static quipu_status level_out(const qi_sample *s, size_t e, qi_fit *fit, quipu_error *err) {
    const qi_effect *first = &s->model->effect[0], *other = &s->model->effect[e];
    size_t n = (size_t)first->n_levels + other->n_levels;
    parts p = {malloc((n + 1) * sizeof *p.up), calloc(n + 1, sizeof *p.sum),
               calloc(n + 1, sizeof *p.n)};
    bool ok = p.up != NULL && p.sum != NULL && p.n != NULL;
    if (ok) {
        join(s, first, other, p.up);
        move_means(&p, first, other, fit->effect[0], fit->effect[e]);
    }
    free(p.up);
    free(p.sum);
    free(p.n);
    return ok ? QUIPU_OK : qi_fail_memory(err, n * sizeof *p.sum);
}

quipu_status qi_recover(const qi_state *t, qi_fit *fit, quipu_error *err) {
    const qi_sample *s = t->s;
    for (size_t set = 0; set < s->n_sets; set++) {
        unsigned e = s->set[set];
        uint32_t n_levels = s->model->effect[e].n_levels;
        double *effect = qi_arena_alloc(&fit->arena, n_levels * sizeof *effect);
        if (effect == NULL)
            return qi_fail_memory(err, n_levels * sizeof *effect);
        for (uint32_t l = 0; l < n_levels; l++)
            effect[l] = NAN;
        for (uint32_t l = 0; l < s->n_levels[set]; l++)
            effect[s->level[set][l]] = t->effect[set][l];
        fit->effect[e] = effect;
    }
    for (size_t e = 1; e < s->n_sets; e++)
        QI_TRY(level_out(s, e, fit, err));
    return QUIPU_OK;
}
