/* SPDX-License-Identifier: Apache-2.0 */
/* score.c - passes of PPML over the rows, block by block: the objective along a step, the
 * weights of the next, and the score of every coefficient and effect. */
#include "gravity/estimate.h"

#define LEAST_ETA (-690.0) /* exp of less is not a normal number */

static double weight_of(const qi_sample *s, size_t i) {
    return s->weight != NULL ? s->weight[i] : 1.0;
}

typedef struct score_job {
    qi_state *t;
    double part;
    bool keep;
    double sums[QI_MOST_BLOCKS][3]; /* objective, weighted squares of the step, weights */
    bool falls[QI_MOST_BLOCKS];
    double worst[QI_MOST_BLOCKS];
    double *columns; /* of each block 2 x k: scores, and what they are relative to */
} score_job;

static void run(qi_task task, score_job *job) {
    qi_absorber *a = job->t->a;
    (void)qi_run_tasks(a->threads, a->n_blocks, task, job, NULL);
}

/* ---- the objective ---- */

static quipu_status objective_block(void *user, size_t task, unsigned worker,
                                    quipu_error *err) {
    score_job *job = user;
    const qi_state *t = job->t;
    const qi_sample *s = t->s;
    const qi_block *block = &t->a->blocks[task];
    double sum = 0, squares = 0, weights = 0;
    QI_UNUSED(worker);
    QI_UNUSED(err);
    for (size_t i = s->start[block->first]; i < s->start[block->end]; i++) {
        double step = job->part != 0.0 ? job->part * t->fit[i] : 0.0, eta = t->eta[i] + step;
        eta = eta > LEAST_ETA ? eta : LEAST_ETA;
        double mu = exp(eta), w = weight_of(s, i);
        t->mu[i] = mu;
        sum += w * (mu - s->y[i] * eta);
        squares += w * mu * step * step;
        weights += w * mu;
    }
    job->sums[task][0] = sum;
    job->sums[task][1] = squares;
    job->sums[task][2] = weights;
    return QUIPU_OK;
}

double qi_score_objective(qi_state *t, double part) {
    score_job job = {.t = t, .part = part};
    double sums[3] = {0, 0, 0};
    run(objective_block, &job);
    for (size_t b = 0; b < t->a->n_blocks; b++)
        for (size_t j = 0; j < 3; j++)
            sums[j] += job.sums[b][j];
    t->length = sqrt(sums[1] / sums[2]);
    return sums[0];
}

/* ---- a step taken ---- */

static quipu_status take_block(void *user, size_t task, unsigned worker, quipu_error *err) {
    score_job *job = user;
    const qi_state *t = job->t;
    const qi_sample *s = t->s;
    const qi_block *block = &t->a->blocks[task];
    QI_UNUSED(worker);
    QI_UNUSED(err);
    for (size_t i = s->start[block->first]; i < s->start[block->end]; i++) {
        if (s->y[i] == 0.0 && t->fit[i] < -0.5)
            job->falls[task] = true;
        double eta = t->eta[i] + job->part * t->fit[i];
        t->eta[i] = eta > LEAST_ETA ? eta : LEAST_ETA;
    }
    return QUIPU_OK;
}

bool qi_score_take(qi_state *t, double part) {
    score_job job = {.t = t, .part = part};
    bool falls = false;
    run(take_block, &job);
    for (size_t b = 0; b < t->a->n_blocks; b++)
        falls |= job.falls[b];
    return falls;
}

static quipu_status weigh_block(void *user, size_t task, unsigned worker, quipu_error *err) {
    score_job *job = user;
    const qi_state *t = job->t;
    const qi_sample *s = t->s;
    const qi_block *block = &t->a->blocks[task];
    QI_UNUSED(worker);
    QI_UNUSED(err);
    for (size_t i = s->start[block->first]; i < s->start[block->end]; i++) {
        t->a->weight[i] = weight_of(s, i) * t->mu[i];
        s->x[i * s->ld + s->k] = (s->y[i] - t->mu[i]) / t->mu[i];
    }
    return QUIPU_OK;
}

void qi_score_weigh(qi_state *t) {
    score_job job = {.t = t};
    run(weigh_block, &job);
}

/* ---- the score ---- */

static void worse(double score, double size, double *worst) {
    if (size > 0.0 && fabs(score) > *worst * size)
        *worst = fabs(score) / size;
}

/* Levels of the rest go into the part of the block, score and y side by side. */
static quipu_status score_block(void *user, size_t task, unsigned worker, quipu_error *err) {
    score_job *job = user;
    const qi_state *t = job->t;
    const qi_sample *s = t->s;
    const qi_block *block = &t->a->blocks[task];
    const size_t k = s->k;
    double *columns = job->columns + task * 2 * k, worst = 0;
    QI_UNUSED(worker);
    QI_UNUSED(err);
    memset(block->part, 0, (size_t)block->n_part * 2 * sizeof *block->part);
    for (size_t g = block->first; g < block->end; g++) {
        double in_group = 0, y = 0;
        for (size_t i = s->start[g]; i < s->start[g + 1]; i++) {
            double w = weight_of(s, i), wy = w * s->y[i], score = wy - w * t->mu[i];
            const double *x = s->x + i * s->ld;
            in_group += score;
            y += wy;
            for (size_t r = 0; r < s->n_rest; r++) {
                double *level = block->part + (size_t)(s->id[r][i] + block->shift[r]) * 2;
                level[0] += score;
                level[1] += wy;
            }
            double size = (wy + w * t->mu[i]) / 2;
            for (size_t j = 0; j < k; j++) {
                columns[j] += x[j] * score;
                columns[k + j] += fabs(x[j]) * size;
            }
        }
        if (s->n_sets > 0)
            worse(in_group, y, &worst);
    }
    job->worst[task] = worst;
    return QUIPU_OK;
}

quipu_status qi_score_gradient(qi_state *t, quipu_error *err) {
    qi_absorber *a = t->a;
    const size_t k = t->s->k;
    score_job job = {.t = t};
    job.columns = calloc(a->n_blocks * 2 * k + 1, sizeof *job.columns);
    double *levels = malloc((a->n_levels * 2 + 1) * sizeof *levels);
    quipu_status status = QUIPU_OK;
    if (job.columns == NULL || levels == NULL) {
        status = qi_fail_memory(err, a->n_levels * 2 * sizeof *levels);
        goto done;
    }
    run(score_block, &job);
    t->gradient = 0;
    for (size_t b = 0; b < a->n_blocks; b++)
        t->gradient = job.worst[b] > t->gradient ? job.worst[b] : t->gradient;
    qi_sweep_add_up(a, 2, levels);
    for (size_t l = 0; l < a->n_levels; l++)
        worse(levels[2 * l], levels[2 * l + 1], &t->gradient);
    for (size_t j = 0; j < k; j++) {
        double score = 0, size = 0;
        for (size_t b = 0; b < a->n_blocks; b++) {
            score += job.columns[b * 2 * k + j];
            size += job.columns[b * 2 * k + k + j];
        }
        worse(score, size, &t->gradient);
    }
done:
    free(job.columns);
    free(levels);
    return status;
}
