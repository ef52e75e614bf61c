/* SPDX-License-Identifier: Apache-2.0 */
/* skyline.c - factors of the parts, and solutions with them.  See skyline.h. */
#include "gravity/skyline.h"
#include "gravity/lanes.h"

/* A row counts with at least this share of its weight: where its group explains it almost entirely,
 * the residual is nothing but rounding, which the factors must not blow up. */
#define LEAST_SHARE 1e-10
/* A pivot of less than this share of its diagonal may be what rounding leaves of zero, as when one
 * set is nested in another, or a weak link between levels: it is left to the diagonal. */
#define WEAKEST 1e-11

enum { PARTS_OF_A_TASK = 8 };

quipu_status qi_skyline_open(const qi_sample *s, qi_skyline **out, quipu_error *err) {
    qi_skyline *k = calloc(1, sizeof *k);
    *out = k;
    if (k == NULL)
        return qi_fail_memory(err, sizeof *k);
    k->s = s;
    k->exact = s->n_rest == 1;
    k->n_own = s->base[s->n_rest];
    k->n_levels = k->n_own + (k->exact ? s->n_groups : 0);
    k->order = qi_arena_alloc(&k->arena, k->n_levels * sizeof *k->order);
    k->place = qi_arena_alloc(&k->arena, k->n_levels * sizeof *k->place);
    k->start = qi_arena_alloc(&k->arena, k->n_levels * sizeof *k->start);
    k->pinned = qi_arena_alloc(&k->arena, k->n_levels);
    k->row = qi_arena_alloc(&k->arena, k->n_levels * sizeof *k->row);
    k->inverse = qi_arena_alloc(&k->arena, k->n_levels * sizeof *k->inverse);
    size_t lanes = s->ld < QI_LANES ? s->ld : QI_LANES;
    k->room = qi_arena_alloc(&k->arena, k->n_levels * lanes * sizeof *k->room);
    if (k->order == NULL || k->place == NULL || k->start == NULL || k->row == NULL ||
        k->pinned == NULL || k->inverse == NULL || k->room == NULL)
        return qi_fail_memory(err, k->n_levels * lanes * sizeof *k->room);
    QI_TRY(qi_parts_find(k, err));
    k->value = qi_arena_alloc(&k->arena, k->n_values * sizeof *k->value);
    return k->value != NULL ? QUIPU_OK : qi_fail_memory(err, k->n_values * sizeof *k->value);
}

void qi_skyline_close(qi_skyline *k) {
    if (k == NULL)
        return;
    qi_arena_free(&k->arena);
    free(k);
}

/* ---- the equations ---- */

static void add_to(qi_skyline *k, uint32_t a, uint32_t b, double w) {
    uint32_t high = k->place[a] > k->place[b] ? a : b, low = high == a ? b : a;
    if (k->row[high] != INT64_MIN)
        k->value[k->row[high] + k->place[low]] += w;
}

/* A row counts with what its group leaves of its weight. */
static void add_rows(qi_skyline *k, const double *weight, const double *inverse) {
    const qi_sample *s = k->s;
    for (size_t g = 0; g < s->n_groups; g++)
        for (size_t i = s->start[g]; i < s->start[g + 1]; i++) {
            double w = weight[i];
            if (k->exact) {
                uint32_t a = s->id[0][i], b = (uint32_t)(k->n_own + g);
                add_to(k, a, a, w);
                add_to(k, b, b, w);
                add_to(k, a, b, w);
                continue;
            }
            double left = w - w * w * inverse[g];
            left = left > LEAST_SHARE * w ? left : LEAST_SHARE * w;
            for (size_t r = 0; r < s->n_rest; r++)
                for (size_t q = 0; q <= r; q++)
                    add_to(k, s->id[r][i], s->id[q][i], left);
        }
}

/* ---- factors ---- */

/* sum of a[i] b[i], in an order that does not depend on the processor. */
static inline __attribute__((always_inline)) double dot(const double *a, const double *b,
                                                        size_t n) {
    eight s0 = {0}, s1 = {0};
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        s0 += *(const eight *)(a + i) * *(const eight *)(b + i);
        s1 += *(const eight *)(a + i + 8) * *(const eight *)(b + i + 8);
    }
    s0 += s1;
    if (i + 8 <= n) {
        s0 += *(const eight *)(a + i) * *(const eight *)(b + i);
        i += 8;
    }
    double sum = ((s0[0] + s0[4]) + (s0[1] + s0[5])) + ((s0[2] + s0[6]) + (s0[3] + s0[7]));
    for (; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

WIDE static void factor_part(qi_skyline *k, const qi_part *part) {
    const uint32_t *order = k->order + part->first;
    double *inverse = k->inverse + part->first;
    for (uint32_t i = 0; i < part->n; i++) {
        double *row = k->value + k->row[order[i]], diagonal = row[i];
        const uint32_t start = k->start[order[i]];
        for (uint32_t j = start; j < i; j++) {
            const double *other = k->value + k->row[order[j]];
            uint32_t from = k->start[order[j]];
            from = from > start ? from : start;
            double sum = row[j];
            if (from < j)
                sum -= dot(row + from, other + from, j - from);
            row[j] = sum * inverse[j];
        }
        double pivot = diagonal - dot(row + start, row + start, i - start);
        bool pinned = k->pinned[order[i]] || !(pivot > WEAKEST * diagonal);
        inverse[i] = pinned ? 0 : 1 / sqrt(pivot);
    }
}

typedef struct skyline_job {
    qi_skyline *k;
    unsigned lanes;
    const double *right;
    double *out;
} skyline_job;

static quipu_status factor_parts(void *user, size_t task, unsigned worker, quipu_error *err) {
    qi_skyline *k = ((skyline_job *)user)->k;
    QI_UNUSED(worker);
    QI_UNUSED(err);
    for (size_t p = task * PARTS_OF_A_TASK; p < k->n_parts && p < (task + 1) * PARTS_OF_A_TASK;
         p++)
        factor_part(k, &k->parts[p]);
    return QUIPU_OK;
}

static size_t n_tasks(const qi_skyline *k) {
    return (k->n_parts + PARTS_OF_A_TASK - 1) / PARTS_OF_A_TASK;
}

void qi_skyline_factor(qi_skyline *k, const double *weight, const double *inverse,
                       unsigned threads) {
    skyline_job job = {.k = k};
    memset(k->value, 0, k->n_values * sizeof *k->value);
    add_rows(k, weight, inverse);
    (void)qi_run_tasks(threads, n_tasks(k), factor_parts, &job, NULL);
}

/* ---- solutions ---- */

#define LANES 1
#include "gravity/skyline_lanes.h"
#undef LANES
#define LANES 2
#include "gravity/skyline_lanes.h"
#undef LANES
#define LANES 4
#include "gravity/skyline_lanes.h"
#undef LANES
#define LANES 8
#include "gravity/skyline_lanes.h"
#undef LANES

static quipu_status solve_parts(void *user, size_t task, unsigned worker, quipu_error *err) {
    const skyline_job *job = user;
    qi_skyline *k = job->k;
    QI_UNUSED(worker);
    QI_UNUSED(err);
    for (size_t p = task * PARTS_OF_A_TASK; p < k->n_parts && p < (task + 1) * PARTS_OF_A_TASK;
         p++)
        switch (job->lanes) {
        case 1: solve_1(k, &k->parts[p], job->right, job->out); break;
        case 2: solve_2(k, &k->parts[p], job->right, job->out); break;
        case 4: solve_4(k, &k->parts[p], job->right, job->out); break;
        default: solve_8(k, &k->parts[p], job->right, job->out);
        }
    return QUIPU_OK;
}

void qi_skyline_solve(qi_skyline *k, unsigned lanes, unsigned threads, const double *right,
                      double *out) {
    skyline_job job = {k, lanes, right, out};
    (void)qi_run_tasks(threads, n_tasks(k), solve_parts, &job, NULL);
}
