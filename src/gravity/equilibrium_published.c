/* SPDX-License-Identifier: Apache-2.0 */
/* equilibrium_published.c - the full model by the steps of the programs that came with YPML
 * (2016), to reproduce what they printed.
 *
 * There prices, then trade, then resistances are renewed by turns; PPML between the steps
 * fits exactly (trade stays a product of exporter, importer and cost terms), so that it can be
 * left out.  Two things differ from an equilibrium.  The turns end when prices move by less
 * than 0.01.  And the importers' side is never tied to expenditure: where they end, what a
 * country buys is not what it spends, by some per cent, even when they are carried on for
 * ever.  The residuals say by how much.
 *
 * All in factors over the baseline: pi of exporters, chi of importers with chi of the
 * reference 1; r is the reference's expenditure; powers: in = (P)^-theta, out = (Pi)^-theta.
 */
#include "gravity/equilibrium.h"

#include <math.h>

enum { MOST_TURNS = 2000 };

typedef struct turns {
    const qi_world *world;
    size_t n;
    double *m;                 /* baseline trade at the new costs */
    double *y, *spent;         /* baseline output, expenditure */
    double *pi, *chi, *output; /* now */
    double *p;                 /* prices now over those of the turn before */
    double *p_before;
    double *out_step, *in_step; /* resistances now over those of the turn before */
    double *a, *b, *made;       /* of the next turn */
    double r;
} turns;

static void prices(turns *t, const double *pi, double r) {
    double *swap = t->p_before;
    t->p_before = t->p;
    t->p = swap;
    for (size_t i = 0; i < t->n; i++)
        t->p[i] = pow(pi[i] / t->pi[i] / (r / t->r), -1 / t->world->theta);
}

/* a and b become pi and chi; output and resistances follow. */
static void renew(turns *t) {
    size_t n = t->n, ref = t->world->reference;
    double chi_ref = t->b[ref];
    for (size_t i = 0; i < n; i++) {
        t->a[i] *= chi_ref;
        t->b[i] /= chi_ref;
    }
    for (size_t i = 0; i < n; i++)
        t->made[i] = t->a[i] * qi_weighted_sum(t->m + i * n, t->b, n) / t->y[i];
    double r = t->made[ref]; /* expenditure moves with output */
    prices(t, t->a, r);
    for (size_t i = 0; i < n; i++) {
        double income = t->made[i] / t->output[i];
        t->out_step[i] = income * (r / t->r) / (t->a[i] / t->pi[i]);
        t->in_step[i] = income / ((t->b[i] / t->chi[i]) * (r / t->r));
        t->pi[i] = t->a[i];
        t->chi[i] = t->b[i];
        t->output[i] = t->made[i];
    }
    t->r = r;
}

static bool settled(const turns *t, double tolerance) {
    size_t n = t->n;
    double sum = 0, square = 0, most = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        double d = t->p[i] - t->p_before[i];
        sum += d;
        most = fmax(most, d);
    }
    for (size_t i = 0; i < n; i++) {
        double d = t->p[i] - t->p_before[i] - sum / (double)n;
        square += d * d;
    }
    return !(sqrt(square / (double)(n - 1)) > tolerance) && !(fabs(most) > tolerance);
}

static void fill(const turns *t, qi_equilibrium *out) {
    size_t n = t->n;
    double theta = t->world->theta;
    for (size_t i = 0; i < n; i++) {
        double p = pow(t->pi[i] / t->r, -1 / theta);
        out->price[i] = out->output[i] = out->expenditure[i] = p;
        out->outward[i] = pow(p * t->r / t->pi[i], -1 / theta);
        out->consumer[i] = pow(t->output[i] / (t->chi[i] * t->r), -1 / theta);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            out->trade[i * n + j] = t->m[i * n + j] * out->output[i] * out->expenditure[j] *
                                    pow(out->outward[i] * out->consumer[j], theta);
}

static quipu_status room_for(turns *t, const qi_world *w, quipu_error *err) {
    size_t n = w->n, count = n * n + 12 * n;
    double *room = malloc(count * sizeof *room);
    if (room == NULL)
        return qi_fail_memory(err, count * sizeof *room);
    *t = (turns){.world = w, .n = n, .m = room, .r = 1};
    double **arrays[] = {&t->y,       &t->spent, &t->pi,       &t->chi,
                         &t->output,  &t->p,     &t->p_before, &t->out_step,
                         &t->in_step, &t->a,     &t->b,        &t->made};
    for (size_t k = 0; k < QI_COUNT(arrays); k++) {
        *arrays[k] = room + n * n + k * n;
        for (size_t i = 0; i < n; i++)
            (*arrays[k])[i] = 1;
    }
    for (size_t k = 0; k < n * n; k++)
        t->m[k] = w->trade[k] * (w->change == NULL ? 1 : w->change[k]);
    memset(t->y, 0, n * sizeof *t->y);
    memset(t->spent, 0, n * sizeof *t->spent);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            t->y[i] += w->trade[i * n + j];
            t->spent[j] += w->trade[i * n + j];
        }
    return QUIPU_OK;
}

quipu_status qi_published_solve(const qi_world *w, qi_equilibrium *out, quipu_error *err) {
    if (w->reference == QI_NO_REFERENCE)
        return qi_fail(err, QUIPU_E_ARG,
                       "the published steps need a reference country (--reference)");
    double tolerance = w->published_tolerance > 0 ? w->published_tolerance : 0.01;
    turns t;
    QI_TRY(room_for(&t, w, err));
    unsigned steps = 0;
    qi_margins m = {.n = w->n,
                    .name = w->name,
                    .cost = t.m,
                    .output = t.y,
                    .spent = t.spent,
                    .reference = w->reference};
    quipu_status status = qi_balance(&m, t.a, t.b, &steps, err);
    if (status != QUIPU_OK)
        goto done;
    /* The first turn is the conditional model, with resistances taken as they were. */
    memset(t.p, 0, t.n * sizeof *t.p);
    prices(&t, t.a, 1);
    memcpy(t.pi, t.a, t.n * sizeof *t.pi);
    memcpy(t.chi, t.b, t.n * sizeof *t.chi);
    for (;; out->steps++) {
        for (size_t i = 0; i < t.n; i++) {
            t.a[i] = t.pi[i] * t.p[i] / t.out_step[i];
            t.b[i] = t.chi[i] * t.p[i] / t.in_step[i];
        }
        bool last = settled(&t, tolerance);
        renew(&t);
        if (last || out->steps == MOST_TURNS)
            break;
    }
    fill(&t, out);
    if (out->steps == MOST_TURNS)
        status = qi_fail(err, QUIPU_E_DATA,
                         "the published steps did not settle within %d turns to a tolerance of "
                         "%g; take the model `full`, which is solved directly",
                         MOST_TURNS, tolerance);
done:
    free(t.m);
    return status;
}
