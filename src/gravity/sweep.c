/* SPDX-License-Identifier: Apache-2.0 */
/* sweep.c - passes over the rows.
 *
 * The reduced equations are never written down: their product with a vector is a pass in which
 * every row gathers its levels, loses the mean of its group, and adds itself to its levels.
 * Columns stand side by side, so that one pass serves up to eight of them.
 */
#include "gravity/estimate.h"
#include "gravity/lanes.h"

/* One pass over one block. */
typedef struct pass {
    const qi_absorber *a;
    const qi_block *block;
    const double *x; /* first column of the panel; NULL = a product */
    const double *u;
    size_t step; /* of u */
    double *out, *room, *squares;
} pass;

#define LANES 1
#define V     one
#include "gravity/sweep_lanes.h"
#undef LANES
#undef V
#define LANES 2
#define V     two
#include "gravity/sweep_lanes.h"
#undef LANES
#undef V
#define LANES 4
#define V     four
#include "gravity/sweep_lanes.h"
#undef LANES
#undef V
#define LANES 8
#define V     eight
#include "gravity/sweep_lanes.h"
#undef LANES
#undef V

/* ---- blocks ---- */

static void spans_of(const qi_sample *s, qi_block *b) {
    for (size_t r = 0; r < s->n_rest; r++) {
        uint32_t low = UINT32_MAX, high = 0;
        for (size_t i = s->start[b->first]; i < s->start[b->end]; i++) {
            low = s->id[r][i] < low ? s->id[r][i] : low;
            high = s->id[r][i] >= high ? s->id[r][i] + 1 : high;
        }
        b->low[r] = low;
        b->high[r] = high;
        b->shift[r] = b->n_part - low; /* around zero: it is added back */
        b->n_part += high - low;
    }
}

enum { ROWS_OF_A_BLOCK = 16384 };

static quipu_status divide(qi_absorber *a, quipu_error *err) {
    const qi_sample *s = a->s;
    size_t most = s->n / ROWS_OF_A_BLOCK + 1;
    most = most > QI_MOST_BLOCKS ? QI_MOST_BLOCKS : most;
    a->blocks = qi_arena_alloc(&a->arena, most * sizeof *a->blocks);
    if (a->blocks == NULL)
        return qi_fail_memory(err, most * sizeof *a->blocks);
    for (size_t g = 0; g < s->n_groups;) {
        qi_block *b = &a->blocks[a->n_blocks++];
        size_t until = a->n_blocks >= most ? s->n : s->n * a->n_blocks / most;
        b->first = g;
        while (g < s->n_groups && (s->start[g] < until || g == b->first)) {
            size_t rows = s->start[g + 1] - s->start[g];
            a->most_rows = rows > a->most_rows ? rows : a->most_rows;
            g++;
        }
        b->end = g;
        spans_of(s, b);
        size_t part = (size_t)b->n_part * (s->ld < 2 ? 2 : s->ld < QI_LANES ? s->ld : QI_LANES);
        b->part = qi_arena_alloc(&a->arena, part * sizeof *b->part);
        if (b->part == NULL)
            return qi_fail_memory(err, part * sizeof *b->part);
    }
    return QUIPU_OK;
}

quipu_status qi_sweep_open(const qi_sample *s, qi_absorber *a, quipu_error *err) {
    a->s = s;
    a->n_levels = s->base[s->n_rest];
    QI_TRY(divide(a, err));
    size_t room = a->most_rows * QI_LANES * a->threads;
    a->room = qi_arena_alloc(&a->arena, room * sizeof *a->room);
    a->weight = qi_arena_alloc(&a->arena, s->n * sizeof *a->weight);
    a->inverse = qi_arena_alloc(&a->arena, s->n_groups * sizeof *a->inverse);
    if (a->room == NULL || a->weight == NULL || a->inverse == NULL)
        return qi_fail_memory(err, s->n * sizeof *a->weight);
    return QUIPU_OK;
}

qi_panel_of qi_panel_at(const qi_sample *s, size_t p) {
    if (s->ld >= QI_LANES)
        return (qi_panel_of){p * QI_LANES, QI_LANES};
    return (qi_panel_of){0, (unsigned)s->ld};
}

/* ---- the two passes in the space of levels ---- */

typedef struct sweep_job {
    qi_absorber *a;
    unsigned lanes;
    const double *x, *u;
    size_t step;
    double squares[QI_MOST_BLOCKS][QI_LANES];
} sweep_job;

static quipu_status sweep_block(void *user, size_t task, unsigned worker, quipu_error *err) {
    sweep_job *job = user;
    qi_absorber *a = job->a;
    qi_block *block = &a->blocks[task];
    QI_UNUSED(err);
    memset(block->part, 0, (size_t)block->n_part * job->lanes * sizeof *block->part);
    pass p = {a,
              block,
              job->x,
              job->u,
              job->step,
              block->part,
              a->room + worker * a->most_rows * QI_LANES,
              job->squares[task]};
    switch (job->lanes) {
    case 1: pass_1(&p); break;
    case 2: pass_2(&p); break;
    case 4: pass_4(&p); break;
    default: pass_8(&p);
    }
    return QUIPU_OK;
}

void qi_sweep_add_up(const qi_absorber *a, unsigned lanes, double *out) {
    memset(out, 0, a->n_levels * lanes * sizeof *out);
    for (size_t b = 0; b < a->n_blocks; b++) {
        const qi_block *block = &a->blocks[b];
        for (size_t r = 0; r < a->s->n_rest; r++) {
            uint32_t place = block->low[r] + block->shift[r];
            const double *from = block->part + (size_t)place * lanes;
            double *to = out + (size_t)block->low[r] * lanes;
            size_t n = (size_t)(block->high[r] - block->low[r]) * lanes;
            for (size_t i = 0; i < n; i++)
                to[i] += from[i];
        }
    }
}

void qi_sweep_product(qi_absorber *a, unsigned lanes, const double *u, double *out) {
    sweep_job job = {.a = a, .lanes = lanes, .u = u, .step = lanes};
    (void)qi_run_tasks(a->threads, a->n_blocks, sweep_block, &job, NULL);
    qi_sweep_add_up(a, lanes, out);
}

void qi_sweep_residual(qi_absorber *a, qi_panel_of panel, double *out, double *squares) {
    sweep_job job = {.a = a,
                     .lanes = panel.lanes,
                     .x = a->s->x + panel.first,
                     .u = a->gamma + panel.first,
                     .step = a->s->ld};
    (void)qi_run_tasks(a->threads, a->n_blocks, sweep_block, &job, NULL);
    qi_sweep_add_up(a, panel.lanes, out);
    for (unsigned l = 0; l < panel.lanes; l++) {
        squares[l] = 0;
        for (size_t b = 0; b < a->n_blocks; b++)
            squares[l] += job.squares[b][l];
    }
}

/* ---- the fit of a step ---- */

typedef struct fit_job {
    const qi_absorber *a;
    const double *beta, *rest;
    double *fit, *eliminated;
} fit_job;

static quipu_status fit_block(void *user, size_t task, unsigned worker, quipu_error *err) {
    const fit_job *job = user;
    const qi_absorber *a = job->a;
    const qi_sample *s = a->s;
    QI_UNUSED(worker);
    QI_UNUSED(err);
    for (size_t g = a->blocks[task].first; g < a->blocks[task].end; g++) {
        double sum = 0;
        for (size_t i = s->start[g]; i < s->start[g + 1]; i++) {
            const double *x = s->x + i * s->ld;
            double fit = 0;
            for (size_t j = 0; j < s->k; j++)
                fit += x[j] * job->beta[j];
            for (size_t r = 0; r < s->n_rest; r++)
                fit += job->rest[s->id[r][i]];
            job->fit[i] = fit;
            sum += a->weight[i] * (x[s->k] - fit);
        }
        sum *= a->inverse[g];
        job->eliminated[g] += sum;
        for (size_t i = s->start[g]; i < s->start[g + 1]; i++)
            job->fit[i] += sum;
    }
    return QUIPU_OK;
}

void qi_sweep_fit(const qi_absorber *a, const double *beta, const double *rest, double *fit,
                  double *eliminated) {
    fit_job job = {a, beta, rest, fit, eliminated};
    (void)qi_run_tasks(a->threads, a->n_blocks, fit_block, &job, NULL);
}
