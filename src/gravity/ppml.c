/* SPDX-License-Identifier: Apache-2.0 */
/* ppml.c - Poisson pseudo maximum likelihood by Newton's steps, each a weighted least-squares
 * step for the change of the linear predictor.
 *
 * It starts where a few rounds of proportional fitting lead: the effects alone, scaled in turn
 * until fitted and observed totals agree.  Columns are freed of effects as accurately as the
 * step deserves, from where the step before left them.
 */
#include "gravity/estimate.h"

enum { ROUNDS = 4, MOST_HALVES = 30 };
#define LEAST_ETA (-690.0) /* exp of less is not a normal number */

static double weight_of(const qi_sample *s, size_t i) {
    return s->weight != NULL ? s->weight[i] : 1.0;
}

/* Level of a set of the sample at row i, group g. */
static size_t level_at(const qi_sample *s, size_t set, size_t i, size_t g) {
    return set == 0 ? g : s->id[set - 1][i] - s->base[set - 1];
}

/* ---- the start ---- */

static void scale_set(qi_state *t, size_t set, double *y, double *mu) {
    const qi_sample *s = t->s;
    memset(y, 0, s->n_levels[set] * sizeof *y);
    memset(mu, 0, s->n_levels[set] * sizeof *mu);
    for (size_t g = 0; g < s->n_groups; g++)
        for (size_t i = s->start[g]; i < s->start[g + 1]; i++) {
            size_t l = level_at(s, set, i, g);
            y[l] += weight_of(s, i) * s->y[i];
            mu[l] += weight_of(s, i) * t->mu[i];
        }
    for (size_t l = 0; l < s->n_levels[set]; l++) {
        y[l] = y[l] > 0.0 ? y[l] / mu[l] : 1.0; /* zeros only, kept on demand */
        t->effect[set][l] += log(y[l]);
    }
    for (size_t g = 0; g < s->n_groups; g++)
        for (size_t i = s->start[g]; i < s->start[g + 1]; i++)
            t->mu[i] *= y[level_at(s, set, i, g)];
}

static quipu_status start(qi_state *t, quipu_error *err) {
    const qi_sample *s = t->s;
    size_t most = 0;
    for (size_t e = 0; e < s->n_sets; e++)
        most = s->n_levels[e] > most ? s->n_levels[e] : most;
    double *room = calloc(2 * most + 1, sizeof *room), y = 0, mu = 0;
    if (room == NULL)
        return qi_fail_memory(err, 2 * most * sizeof *room);
    for (size_t i = 0; i < s->n; i++)
        t->mu[i] = s->offset != NULL ? exp(s->offset[i]) : 1.0;
    for (unsigned round = 0; round < ROUNDS; round++)
        for (size_t e = 0; e < s->n_sets; e++)
            scale_set(t, e, room, room + most);
    free(room);
    if (s->n_sets == 0) {
        for (size_t i = 0; i < s->n; i++) {
            y += weight_of(s, i) * s->y[i];
            mu += weight_of(s, i) * t->mu[i];
        }
        t->beta[s->k - 1] = log(y / mu);
    }
    return QUIPU_OK;
}

static void predict(qi_state *t) {
    const qi_sample *s = t->s;
    for (size_t g = 0; g < s->n_groups; g++)
        for (size_t i = s->start[g]; i < s->start[g + 1]; i++) {
            double eta = s->offset != NULL ? s->offset[i] : 0.0;
            for (size_t j = 0; j < s->k; j++)
                eta += s->x[i * s->ld + j] * t->beta[j];
            for (size_t e = 0; e < s->n_sets; e++)
                eta += t->effect[e][level_at(s, e, i, g)];
            t->eta[i] = eta;
        }
}

/* ---- one step ---- */

/* sum of w (mu - y eta) after `part` of the step: what is to become least. */
static double objective(qi_state *t, double part) {
    const qi_sample *s = t->s;
    double sum = 0;
    for (size_t i = 0; i < s->n; i++) {
        double eta = t->eta[i] + part * t->fit[i];
        eta = eta > LEAST_ETA ? eta : LEAST_ETA;
        t->mu[i] = exp(eta);
        sum += weight_of(s, i) * (t->mu[i] - s->y[i] * eta);
    }
    return sum;
}

static void weigh(qi_state *t) {
    const qi_sample *s = t->s;
    for (size_t i = 0; i < s->n; i++) {
        t->a->weight[i] = weight_of(s, i) * t->mu[i];
        s->x[i * s->ld + s->k] = (s->y[i] - t->mu[i]) / t->mu[i];
    }
}

/* Greatest |sum of score| relative to the sum of |y| there. */
static quipu_status take_gradient(qi_state *t, quipu_error *err) {
    const qi_sample *s = t->s;
    size_t most = s->k;
    for (size_t e = 0; e < s->n_sets; e++)
        most = s->n_levels[e] > most ? s->n_levels[e] : most;
    double *score = calloc(2 * most + 1, sizeof *score), *y = score + most;
    if (score == NULL)
        return qi_fail_memory(err, 2 * most * sizeof *score);
    t->gradient = 0;
    for (size_t set = 0; set <= s->n_sets; set++) {
        size_t n = set < s->n_sets ? s->n_levels[set] : s->k;
        memset(score, 0, 2 * most * sizeof *score);
        for (size_t g = 0; g < s->n_groups; g++)
            for (size_t i = s->start[g]; i < s->start[g + 1]; i++) {
                double w = weight_of(s, i), d = w * (s->y[i] - t->mu[i]);
                if (set < s->n_sets) {
                    size_t l = level_at(s, set, i, g);
                    score[l] += d;
                    y[l] += w * s->y[i];
                    continue;
                }
                for (size_t j = 0; j < n; j++) {
                    double x = s->x[i * s->ld + j];
                    score[j] += x * d;
                    y[j] += fabs(x) * w * (s->y[i] + t->mu[i]) / 2;
                }
            }
        for (size_t l = 0; l < n; l++)
            if (y[l] > 0.0 && fabs(score[l]) / y[l] > t->gradient)
                t->gradient = fabs(score[l]) / y[l];
    }
    free(score);
    return QUIPU_OK;
}

/* The change of the predictor, by the working residual z: fit, beta and rest of the step. */
static quipu_status find_step(qi_state *t, qi_precision regressors, qi_precision residual,
                              quipu_error *err) {
    qi_absorber *a = t->a;
    QI_TRY(qi_absorb_weights(a, err));
    (void)qi_absorb(a, regressors, residual); /* short of it the next step goes on */
    QI_TRY(qi_sweep_gram(a, t->step.gram, t->step.cross, err));
    return qi_step_solve(a, &t->step, err);
}

/* Does the step go down at a zero as it must when some are separated?  See separate.c. */
static bool looks_separated(const qi_state *t) {
    const qi_sample *s = t->s;
    for (size_t i = 0; i < s->n; i++)
        if (s->y[i] == 0.0 && t->fit[i] < -0.5)
            return true;
    return false;
}

/* Goes along the step as far as it helps; effects and coefficients follow. */
static bool go(qi_state *t, double *before, double *eliminated) {
    const qi_sample *s = t->s;
    memset(eliminated, 0, s->n_groups * sizeof *eliminated);
    qi_sweep_fit(t->a, t->step.beta, t->step.rest, t->fit, eliminated);
    double part = 1, now = objective(t, part), room = 1e-12 * fabs(*before);
    for (int halves = 0; !(now <= *before + room); halves++) {
        if (halves == MOST_HALVES)
            return false;
        part /= 2;
        now = objective(t, part);
    }
    *before = now;
    for (size_t i = 0; i < s->n; i++) {
        double eta = t->eta[i] + part * t->fit[i];
        t->eta[i] = eta > LEAST_ETA ? eta : LEAST_ETA;
    }
    for (size_t j = 0; j < s->k; j++)
        t->beta[j] += part * t->step.beta[j];
    for (size_t l = 0; s->n_sets > 0 && l < s->n_groups; l++)
        t->effect[0][l] += part * eliminated[l];
    for (size_t r = 0; r < s->n_rest; r++)
        for (size_t l = s->base[r]; l < s->base[r + 1]; l++)
            t->effect[r + 1][l - s->base[r]] += part * t->step.rest[l];
    return true;
}

quipu_status qi_ppml(qi_state *t, quipu_error *err) {
    const qi_model *m = t->s->model;
    double tolerance = m->tolerance > 0.0 ? m->tolerance : 1e-10;
    unsigned most = m->most_steps > 0 ? m->most_steps : 100;
    QI_TRY(qi_prior_weights(t, err));
    double *eliminated = malloc(t->s->n_groups * sizeof *eliminated);
    if (eliminated == NULL)
        return qi_fail_memory(err, t->s->n_groups * sizeof *eliminated);
    quipu_status status;
    QI_GO(start(t, err));
    predict(t);
    double value = objective(t, 0);
    QI_GO(take_gradient(t, err));
    while (t->gradient > tolerance && t->steps < most) {
        if (m->stop != NULL && m->stop(m->stop_user, t->steps, most)) {
            status = qi_fail(err, QUIPU_E_STOPPED, "stopped");
            goto done;
        }
        weigh(t);
        qi_precision regressors = {1e-6, 0}, residual = {0, 1e-3};
        QI_GO(find_step(t, regressors, residual, err));
        t->steps++;
        if (!go(t, &value, eliminated))
            break;
        QI_GO(take_gradient(t, err));
        if (t->steps >= t->sure_until && looks_separated(t)) {
            t->suspect = true;
            goto done;
        }
    }
    t->converged = t->gradient <= tolerance;
    (void)objective(t, 0); /* mu at eta, also where a last step did not help */
    weigh(t);
    qi_precision regressors = {1e-7, 0}, residual = {1, 1};
    QI_GO(find_step(t, regressors, residual, err));
done:
    free(eliminated);
    return status;
}
