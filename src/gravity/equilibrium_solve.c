/* SPDX-License-Identifier: Apache-2.0 */
/* equilibrium_solve.c - closing the gaps of a world: a fixed point first, Newton where it drags.
 *
 * In an open world the fixed point gains a digit in two or three steps, each of the cost of
 * reading the trade matrix twice.  Where countries trade little with each other it gains next
 * to nothing, and a Newton step (n^3) is the cheaper one.  Written out rather than taken from
 * LAPACK for the reason given in complex_eigen.c: the same bits everywhere.
 */
#include "gravity/equilibrium.h"

#include <math.h>

static const double CLOSED = 2e-14; /* aimed at: a few units of the last place of a sum */
static const double ENOUGH = 1e-12; /* taken when rounding lets nothing more be gained */

enum { TRIAL = 12, MOST_STEPS = 400, MOST_NEWTON = 60, MOST_HALVINGS = 40 };

double qi_weighted_sum(const double *a, const double *w, size_t n) {
    double s[4] = {0, 0, 0, 0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t j = 0; j < 4; j++)
            s[j] += a[i + j] * w[i + j];
    double sum = (s[0] + s[1]) + (s[2] + s[3]);
    for (; i < n; i++)
        sum += a[i] * w[i];
    return sum;
}

static double greatest(const double *v, size_t n) {
    double most = 0;
    for (size_t i = 0; i < n; i++)
        if (!(fabs(v[i]) <= most)) /* NaN counts */
            most = isnan(v[i]) ? INFINITY : fabs(v[i]);
    return most;
}

static void swap_rows(double *a, double *b, size_t n, size_t r, size_t s) {
    for (size_t j = 0; j < n; j++) {
        double t = a[r * n + j];
        a[r * n + j] = a[s * n + j];
        a[s * n + j] = t;
    }
    double t = b[r];
    b[r] = b[s];
    b[s] = t;
}

bool qi_dense_solve(double *a, double *b, size_t n) {
    for (size_t k = 0; k < n; k++) {
        size_t pivot = k;
        for (size_t i = k + 1; i < n; i++)
            if (fabs(a[i * n + k]) > fabs(a[pivot * n + k]))
                pivot = i;
        double head = a[pivot * n + k];
        if (!(fabs(head) > 0) || !isfinite(head))
            return false;
        if (pivot != k)
            swap_rows(a, b, n, k, pivot);
        const double *top = a + k * n;
        for (size_t i = k + 1; i < n; i++) {
            double *row = a + i * n, f = row[k] / head;
            if (f == 0)
                continue;
            for (size_t j = k + 1; j < n; j++)
                row[j] -= f * top[j];
            b[i] -= f * b[k];
        }
    }
    for (size_t k = n; k-- > 0;) {
        for (size_t j = k + 1; j < n; j++)
            b[k] -= a[k * n + j] * b[j];
        b[k] /= a[k * n + k];
    }
    return true;
}

typedef struct state {
    const qi_gaps *problem;
    double *x, *gap, *trial, *trial_gap, *step, *slope;
    double most; /* greatest gap at x */
} state;

/* Moves by part * step if that closes the gap further. */
static bool move(state *s, double part) {
    size_t n = s->problem->n;
    for (size_t i = 0; i < n; i++)
        s->trial[i] = s->x[i] + part * s->step[i];
    if (!s->problem->gap(s->problem->user, s->trial, s->trial_gap))
        return false;
    double most = greatest(s->trial_gap, n);
    if (!(most < s->most))
        return false;
    memcpy(s->x, s->trial, n * sizeof *s->x);
    memcpy(s->gap, s->trial_gap, n * sizeof *s->gap);
    s->most = most;
    return true;
}

static bool newton(state *s) {
    size_t n = s->problem->n;
    s->problem->gap(s->problem->user, s->x, s->gap); /* what the slope finds there is of x */
    s->problem->slope(s->problem->user, s->x, s->slope, s->step);
    for (size_t i = 0; i < n; i++)
        s->step[i] *= s->gap[i];
    if (!qi_dense_solve(s->slope, s->step, n) || !isfinite(greatest(s->step, n)))
        return false;
    double part = fmin(1, 5 / fmax(greatest(s->step, n), 1e-300));
    for (int halving = 0; halving < MOST_HALVINGS; halving++, part /= 2)
        if (move(s, part))
            return true;
    return false;
}

static bool fixed_point(state *s) {
    for (size_t i = 0; i < s->problem->n; i++)
        s->step[i] = s->problem->pace * s->gap[i];
    return move(s, 1);
}

/* Steps a fixed point of this rate still needs; many when it does not converge. */
static bool drags(double before, double now, unsigned over) {
    if (!(now < before))
        return true;
    double digits = log(before / now) / over; /* a step */
    return log(now / CLOSED) / digits > MOST_STEPS / 4.0;
}

static void close_gaps(state *s, qi_solved *out) {
    double before = s->most;
    bool quick = true;
    while (s->most > CLOSED && out->steps < MOST_STEPS && out->newton_steps < MOST_NEWTON) {
        if (quick && !fixed_point(s)) {
            quick = false;
            continue;
        }
        if (quick) {
            out->steps++;
            if (out->steps % TRIAL == 0) {
                quick = !drags(before, s->most, TRIAL);
                before = s->most;
            }
            continue;
        }
        if (!newton(s))
            break;
        out->newton_steps++;
    }
    out->gap = s->most;
    out->converged = s->most <= ENOUGH;
}

quipu_status qi_gaps_close(const qi_gaps *problem, double *x, qi_solved *out,
                           quipu_error *err) {
    *out = (qi_solved){0};
    size_t n = problem->n, bytes = 0;
    if (!qi_mul_size(n + 4, n * sizeof(double), &bytes))
        return qi_fail_memory(err, SIZE_MAX);
    qi_arena arena = {0};
    double *room = qi_arena_alloc(&arena, bytes + 1);
    if (room == NULL)
        return qi_fail_memory(err, bytes);
    state s = {.problem = problem, .x = x, .gap = room, .trial = room + n};
    s.trial_gap = room + 2 * n;
    s.step = room + 3 * n;
    s.slope = room + 4 * n;
    if (problem->gap(problem->user, s.x, s.gap)) {
        s.most = greatest(s.gap, n);
        close_gaps(&s, out);
    } else {
        out->gap = INFINITY;
    }
    qi_arena_free(&arena);
    return QUIPU_OK;
}
