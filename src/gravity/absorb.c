/* SPDX-License-Identifier: Apache-2.0 */
/* absorb.c - columns freed of all effects: conjugate gradients, every column with its own step
 * lengths, on the equations reduced to the rest.
 *
 * With rho = r' M^-1 r, M the preconditioner, rho is about the square of what a column still
 * lacks (rather less, where the factors leave out much), and what is left of it loses alpha rho
 * with every step: both are at hand without
 * a further pass, and say when a column is done.
 */
#include "gravity/estimate.h"

enum { MOST_ITERATIONS = 2000 };
#define ROUNDING 1e-26   /* of a column's squares */
enum { PATIENCE = 100 }; /* iterations without progress: rounding rules, as when rho grows */

/* ---- the diagonal ---- */

/* Of the equations of the rest.  Levels that a group meets more than once are taken together. */
static void take_groups(const qi_absorber *a, double *diagonal, double *in_group) {
    const qi_sample *s = a->s;
    for (size_t g = 0; g < s->n_groups; g++)
        for (size_t r = 0; r < s->n_rest; r++) {
            const uint32_t *id = s->id[r];
            for (size_t i = s->start[g]; i < s->start[g + 1]; i++)
                in_group[id[i]] += a->weight[i];
            for (size_t i = s->start[g]; i < s->start[g + 1]; i++) {
                double w = in_group[id[i]];
                diagonal[id[i]] -= w * w * a->inverse[g];
                in_group[id[i]] = 0;
            }
        }
}

static quipu_status take_diagonal(qi_absorber *a, quipu_error *err) {
    const qi_sample *s = a->s;
    double *whole = calloc(a->n_levels * 2 + 1, sizeof *whole);
    if (whole == NULL)
        return qi_fail_memory(err, a->n_levels * 2 * sizeof *whole);
    for (size_t r = 0; r < s->n_rest; r++)
        for (size_t i = 0; i < s->n; i++)
            whole[s->id[r][i]] += a->weight[i];
    memcpy(a->jacobi, whole, a->n_levels * sizeof *whole);
    take_groups(a, a->jacobi, whole + a->n_levels);
    for (size_t l = 0; l < a->n_levels; l++) /* a level inside one group is explained by it */
        a->jacobi[l] = a->jacobi[l] > 1e-13 * whole[l] ? 1.0 / a->jacobi[l] : 0.0;
    free(whole);
    return QUIPU_OK;
}

static quipu_status weigh_block(void *user, size_t task, unsigned worker, quipu_error *err) {
    qi_absorber *a = user;
    const qi_sample *s = a->s;
    QI_UNUSED(worker);
    QI_UNUSED(err);
    for (size_t g = a->blocks[task].first; g < a->blocks[task].end; g++) {
        double sum = 0;
        for (size_t i = s->start[g]; i < s->start[g + 1]; i++)
            sum += a->weight[i];
        a->inverse[g] = 1.0 / sum;
    }
    return QUIPU_OK;
}

quipu_status qi_absorb_weights(qi_absorber *a, bool factor, quipu_error *err) {
    if (a->s->n_sets > 0)
        QI_TRY(qi_run_tasks(a->threads, a->n_blocks, weigh_block, a, err));
    if (a->skyline == NULL || !factor)
        return QUIPU_OK;
    qi_skyline_factor(a->skyline, a->weight, a->inverse, a->threads);
    return take_diagonal(a, err);
}

quipu_status qi_absorb_open(const qi_sample *s, unsigned threads, qi_absorber *a,
                            quipu_error *err) {
    *a = (qi_absorber){.threads = threads};
    QI_TRY(qi_sweep_open(s, a, err));
    size_t one = a->n_levels * (s->ld < QI_LANES ? s->ld : QI_LANES);
    a->jacobi = qi_arena_alloc(&a->arena, a->n_levels * sizeof *a->jacobi);
    a->gamma = qi_arena_alloc(&a->arena, a->n_levels * s->ld * sizeof *a->gamma);
    a->size = qi_arena_alloc(&a->arena, s->ld * sizeof *a->size);
    a->residual = qi_arena_alloc(&a->arena, one * sizeof *a->residual);
    a->direction = qi_arena_alloc(&a->arena, one * sizeof *a->direction);
    a->product = qi_arena_alloc(&a->arena, one * sizeof *a->product);
    a->conditioned = qi_arena_alloc(&a->arena, one * sizeof *a->conditioned);
    if (a->jacobi == NULL || a->gamma == NULL || a->size == NULL || a->residual == NULL ||
        a->direction == NULL || a->product == NULL || a->conditioned == NULL)
        return qi_fail_memory(err, a->n_levels * s->ld * sizeof *a->gamma);
    return s->n_rest > 0 ? qi_skyline_open(s, &a->skyline, err) : QUIPU_OK;
}

void qi_absorb_close(qi_absorber *a) {
    qi_skyline_close(a->skyline);
    qi_arena_free(&a->arena);
    *a = (qi_absorber){0};
}

/* ---- conjugate gradients on a panel ---- */

static void condition(qi_absorber *a, unsigned lanes, const double *r, double *z) {
    for (size_t l = 0; l < a->n_levels; l++)
        for (unsigned c = 0; c < lanes; c++)
            z[l * lanes + c] = a->jacobi[l] * r[l * lanes + c];
    qi_skyline_solve(a->skyline, lanes, a->threads, r, z);
}

static void dot(size_t n, unsigned lanes, const double *u, const double *v, double *out) {
    for (unsigned c = 0; c < lanes; c++)
        out[c] = 0;
    for (size_t l = 0; l < n; l++)
        for (unsigned c = 0; c < lanes; c++)
            out[c] += u[l * lanes + c] * v[l * lanes + c];
}

typedef struct columns {
    double squares[QI_LANES]; /* what is left of each */
    double least[QI_LANES];   /* rounding: rho of less than this is nothing */
    double first[QI_LANES], rho[QI_LANES];
    double best[QI_LANES];    /* least rho so far */
    unsigned since[QI_LANES]; /* iterations without a better one */
    qi_precision aim[QI_LANES];
    bool done[QI_LANES];
} columns;

static bool all_done(columns *c, unsigned lanes) {
    bool all = true;
    for (unsigned l = 0; l < lanes; l++) {
        double size = c->aim[l].size, share = c->aim[l].share;
        double enough = size * size * c->squares[l];
        enough = enough > c->least[l] ? enough : c->least[l];
        c->since[l]++;
        if (c->rho[l] < c->best[l]) {
            c->best[l] = c->rho[l];
            c->since[l] = 0;
        }
        if (c->rho[l] <= enough || c->rho[l] <= share * share * c->first[l] ||
            c->since[l] > PATIENCE || c->rho[l] > 1e4 * c->best[l])
            c->done[l] = true;
        all &= c->done[l];
    }
    return all;
}

static void advance(qi_absorber *a, qi_panel_of panel, columns *c) {
    const unsigned lanes = panel.lanes;
    const size_t ld = a->s->ld;
    double step[QI_LANES], keep[QI_LANES], curve[QI_LANES];
    qi_sweep_product(a, lanes, a->direction, a->product);
    dot(a->n_levels, lanes, a->direction, a->product, curve);
    for (unsigned l = 0; l < lanes; l++) {
        step[l] = c->done[l] || curve[l] <= 0.0 ? 0.0 : c->rho[l] / curve[l];
        c->done[l] |= curve[l] <= 0.0;
        c->squares[l] -= step[l] * c->rho[l];
    }
    for (size_t i = 0; i < a->n_levels; i++)
        for (unsigned l = 0; l < lanes; l++) {
            a->gamma[i * ld + panel.first + l] += step[l] * a->direction[i * lanes + l];
            a->residual[i * lanes + l] -= step[l] * a->product[i * lanes + l];
        }
    condition(a, lanes, a->residual, a->conditioned);
    double rho[QI_LANES];
    dot(a->n_levels, lanes, a->residual, a->conditioned, rho);
    for (unsigned l = 0; l < lanes; l++) {
        keep[l] = c->done[l] ? 0.0 : rho[l] / c->rho[l];
        c->rho[l] = c->done[l] ? c->rho[l] : rho[l];
    }
    for (size_t i = 0; i < a->n_levels; i++)
        for (unsigned l = 0; l < lanes; l++)
            a->direction[i * lanes + l] =
                a->conditioned[i * lanes + l] + keep[l] * a->direction[i * lanes + l];
    a->inner++;
}

static bool absorb_panel(qi_absorber *a, qi_panel_of panel, qi_precision regressors,
                         qi_precision residual) {
    const qi_sample *s = a->s;
    columns c = {0};
    qi_sweep_residual(a, panel, a->residual, c.squares);
    condition(a, panel.lanes, a->residual, a->direction);
    dot(a->n_levels, panel.lanes, a->residual, a->direction, c.rho);
    for (unsigned l = 0; l < panel.lanes; l++) {
        size_t column = panel.first + l;
        c.aim[l] = column == s->k ? residual : regressors;
        c.done[l] = column > s->k;
        c.first[l] = c.best[l] = c.rho[l];
        if (c.squares[l] > a->size[column])
            a->size[column] = c.squares[l];
        c.least[l] = (column == s->k ? 1e-3 : 1.0) * ROUNDING * a->size[column];
    }
    for (unsigned i = 0; !all_done(&c, panel.lanes); i++) {
        if (i == MOST_ITERATIONS)
            return false;
        advance(a, panel, &c);
    }
    return true;
}

bool qi_absorb(qi_absorber *a, qi_precision regressors, qi_precision residual) {
    bool all = true;
    if (a->n_levels == 0)
        return true;
    for (size_t l = 0; l < a->n_levels; l++)
        a->gamma[l * a->s->ld + a->s->k] = 0;
    for (size_t p = 0; p < qi_n_panels(a->s); p++)
        all &= absorb_panel(a, qi_panel_at(a->s, p), regressors, residual);
    return all;
}
