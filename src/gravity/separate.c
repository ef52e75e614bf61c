/* SPDX-License-Identifier: Apache-2.0 */
/* separate.c - separated observations (Correia, Guimaraes & Zylkin 2019, section 3).
 *
 * Rows with y = 0 are separated when some combination z of regressors and effects is zero in all
 * rows with y > 0, nowhere negative, and positive in them: the likelihood then rises for ever
 * as their fitted values go to zero.  Their iterative rectifier finds the largest such set: u
 * starts as 1 at the zeros; it is regressed on regressors and effects, with so large a weight
 * on the rows with y > 0 that the fit is zero there, and what is negative of the fit becomes
 * zero, until nothing is.
 *
 * It is only asked for when Newton's steps show it: with z as above, the mean of a step over the
 * zeros, weighted by mu z, is exactly -1.  A step that is nowhere near -1 at a zero proves that
 * nothing is separated.
 */
#include "gravity/estimate.h"

#define HEAVY    1e7  /* weight of rows with y > 0 */
#define NOTHING  1e-5 /* of z, the greatest being about 1 */
#define FRACTION 1e-3 /* of the greatest z: less is not separated for sure */
enum { MOST_ROUNDS = 2000 };

/* u becomes its fit; false = the equations could not be solved. */
static quipu_status project(qi_state *t, double *u, double *eliminated, quipu_error *err) {
    const qi_sample *s = t->s;
    for (size_t i = 0; i < s->n; i++)
        s->x[i * s->ld + s->k] = u[i];
    qi_precision fine = {1e-9, 0};
    (void)qi_absorb(t->a, fine, fine);
    QI_TRY(qi_sweep_gram(t->a, t->step.gram, t->step.cross, err));
    QI_TRY(qi_step_solve(t->a, &t->step, err));
    memset(eliminated, 0, s->n_groups * sizeof *eliminated);
    qi_sweep_fit(t->a, t->step.beta, t->step.rest, u, eliminated);
    return QUIPU_OK;
}

/* Rounds of the rectifier; u is z in the end, 0 when there is none. */
static quipu_status rectify(qi_state *t, double *u, double *eliminated, quipu_error *err) {
    const qi_sample *s = t->s;
    for (int round = 0; round < MOST_ROUNDS; round++) {
        double lowest = 0, highest = 0;
        QI_TRY(project(t, u, eliminated, err));
        for (size_t i = 0; i < s->n; i++) {
            if (s->y[i] > 0.0) {
                u[i] = 0;
                continue;
            }
            lowest = u[i] < lowest ? u[i] : lowest;
            highest = u[i] > highest ? u[i] : highest;
            u[i] = u[i] > 0.0 ? u[i] : 0.0;
        }
        if (highest < NOTHING) {
            memset(u, 0, s->n * sizeof *u);
            return QUIPU_OK;
        }
        if (-lowest <= NOTHING * highest)
            return QUIPU_OK;
    }
    memset(u, 0, s->n * sizeof *u); /* nothing is certain */
    return QUIPU_OK;
}

quipu_status qi_separate(qi_state *t, uint8_t *left_out, size_t *found, quipu_error *err) {
    const qi_sample *s = t->s;
    double *u = t->fit, highest = 0;
    double *eliminated = malloc(s->n_groups * sizeof *eliminated);
    *found = 0;
    if (eliminated == NULL)
        return qi_fail_memory(err, s->n_groups * sizeof *eliminated);
    quipu_status status;
    for (size_t i = 0; i < s->n; i++) {
        u[i] = s->y[i] > 0.0 ? 0.0 : 1.0;
        t->a->weight[i] = s->y[i] > 0.0 ? HEAVY : 1.0;
    }
    QI_GO(qi_absorb_weights(t->a, true, err));
    QI_GO(rectify(t, u, eliminated, err));
    for (size_t i = 0; i < s->n; i++)
        highest = u[i] > highest ? u[i] : highest;
    for (size_t i = 0; i < s->n; i++)
        if (u[i] > FRACTION * highest) {
            left_out[s->row[i]] = QI_SEPARATED;
            (*found)++;
        }
done:
    free(eliminated);
    return status;
}
