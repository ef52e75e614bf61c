/* SPDX-License-Identifier: Apache-2.0 */
/* gram.c - products of the columns with all effects taken off. */
#include "gravity/estimate.h"
#include "gravity/lanes.h"

typedef struct gram_job {
    qi_absorber *a;
    bool strip;
    double *sums; /* of each block k x ld */
    double *room; /* of each worker 2 + TOGETHER times ld, zero */
} gram_job;

enum { TOGETHER = 4 };

#define LANES 1
#define V     one
#include "gravity/gram_lanes.h"
#undef LANES
#undef V
#define LANES 2
#define V     two
#include "gravity/gram_lanes.h"
#undef LANES
#undef V
#define LANES 4
#define V     four
#include "gravity/gram_lanes.h"
#undef LANES
#undef V
#define LANES 8
#define V     eight
#include "gravity/gram_lanes.h"
#undef LANES
#undef V

static quipu_status gram_block(void *user, size_t task, unsigned worker, quipu_error *err) {
    const gram_job *job = user;
    const qi_sample *s = job->a->s;
    const qi_block *block = &job->a->blocks[task];
    double *sums = job->sums + task * s->k * s->ld,
           *room = job->room + worker * (2 + TOGETHER) * s->ld;
    QI_UNUSED(err);
    switch (s->ld) {
    case 1: gram_1(job, block, sums, room); break;
    case 2: gram_2(job, block, sums, room); break;
    case 4: gram_4(job, block, sums, room); break;
    default: gram_8(job, block, sums, room);
    }
    return QUIPU_OK;
}

quipu_status qi_sweep_gram(qi_absorber *a, double *gram, double *cross, quipu_error *err) {
    const size_t k = a->s->k, ld = a->s->ld, n_sums = a->n_blocks * k * ld;
    double *room = calloc(n_sums + a->threads * (2 + TOGETHER) * ld + 1, sizeof *room);
    if (room == NULL)
        return qi_fail_memory(err, n_sums * sizeof *room);
    gram_job job = {a, gram == NULL, room, room + n_sums};
    quipu_status status = qi_run_tasks(a->threads, a->n_blocks, gram_block, &job, err);
    for (size_t j = 0; j < k && gram != NULL; j++) {
        cross[j] = 0;
        for (size_t b = 0; b < a->n_blocks; b++)
            cross[j] += job.sums[(b * k + j) * ld + k];
        for (size_t c = j; c < k; c++) {
            double sum = 0;
            for (size_t b = 0; b < a->n_blocks; b++)
                sum += job.sums[(b * k + j) * ld + c];
            gram[j * k + c] = gram[c * k + j] = sum;
        }
    }
    free(room);
    return status;
}

quipu_status qi_sweep_strip(qi_absorber *a, quipu_error *err) {
    return qi_sweep_gram(a, NULL, NULL, err);
}
