/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_event.c - event studies as part of a question of gravity: a 0/1 variable of the
 * formulas gives way to dummies of the time to and from its entry. */
#include "measures/gravity.h"

quipu_status qi_gravity_event_open(qi_gravity *g, quipu_error *err) {
    const char *name = qi_gravity_word(g, "event-study");
    qi_use use = {.name = name, .number = true};
    return name != NULL ? qi_uses_add(&g->uses, &use, err) : QUIPU_OK;
}

/* The dummies where the variable stood, or at the front. */
static quipu_status replace_terms(qi_gravity *g, qi_formula *f, const char *variable,
                                  quipu_error *err) {
    const qi_event *e = &g->event;
    size_t at = f->n_x, n = 0;
    for (size_t k = 0; k < f->n_x; k++)
        if (strcmp(f->x[k]->text, variable) == 0)
            at = k;
    qi_node **x = qi_arena_alloc(&g->arena, (f->n_x + e->n + 1) * sizeof(qi_node *));
    qi_node *nodes = qi_arena_alloc(&g->arena, (e->n + 1) * sizeof *nodes);
    if (x == NULL || nodes == NULL)
        return qi_fail_memory(err, (f->n_x + e->n) * sizeof(qi_node *));
    for (size_t k = 0; k <= f->n_x; k++) {
        if (k == (at < f->n_x ? at : 0))
            for (size_t d = 0; d < e->n; d++) {
                nodes[d] = (qi_node){
                    .op = QI_NODE_NAME, .column = 1, .name = e->name[d], .text = e->name[d]};
                x[n++] = &nodes[d];
            }
        if (k < f->n_x && k != at)
            x[n++] = f->x[k];
    }
    f->x = x;
    f->n_x = n;
    return QUIPU_OK;
}

static quipu_status note_event(qi_gravity *g, const qi_event_wish *w, quipu_error *err) {
    const qi_event *e = &g->event;
    QI_TRY(qi_gravity_note(
        g, err,
        "Event study of %.60s: of %zu pairs %zu enter and %zu never do; %zu had it in their "
        "first year and are left out. Time is in steps of %ld year%s from entry, the reference "
        "is -1; the first and last hold all that is earlier or later.",
        w->variable, e->n_units, e->n_entered, e->n_never, e->n_always, w->step,
        w->step == 1 ? "" : "s"));
    if (w->by_cohort)
        QI_TRY(qi_gravity_note(g, err,
                               "Coefficients are averages over years of entry, weighted by "
                               "observations (Sun & Abraham 2021)%s.",
                               e->control == e->control
                                   ? "; the last to enter are the control, as all enter"
                                   : ""));
    return QUIPU_OK;
}

quipu_status qi_gravity_event_make(qi_gravity *g, quipu_error *err) {
    qi_event_wish wish = {
        .variable = qi_gravity_word(g, "event-study"),
        .window = (long)qi_integer(g->measure, g->request, "window", 5),
        .step = (long)qi_integer(g->measure, g->request, "interval", 1),
        .by_cohort = qi_is(qi_gravity_word(g, "staggered"), "sun-abraham"),
    };
    if (wish.variable == NULL)
        return QUIPU_OK;
    if (wish.window < 1 || wish.window > 1000)
        return qi_fail(err, QUIPU_E_ARG, "window: a number of steps from 1 on");
    if (g->keep == NULL) {
        g->keep = malloc(g->panel.n + 1);
        if (g->keep == NULL)
            return qi_fail_memory(err, g->panel.n);
        memset(g->keep, 1, g->panel.n);
    }
    QI_TRY(qi_event_make(&g->panel, &wish, g->keep, &g->event, err));
    for (size_t f = 0; f < g->n_formulas; f++)
        QI_TRY(replace_terms(g, &g->formulas[f], wish.variable, err));
    return note_event(g, &wish, err);
}

/* ---- what is made of the coefficients ---- */

typedef struct times {
    size_t n; /* different times */
    long *when;
    double *weight; /* [time][regressor] */
    double *after;  /* [regressor]: the average of all times from 0 on */
    double *estimate, *covariance;
} times;

/* Which dummy of the event a regressor is; SIZE_MAX = none. */
static size_t dummy_of(const qi_event *e, const char *name) {
    for (size_t d = 0; d < e->n; d++)
        if (strcmp(e->name[d], name) == 0)
            return d;
    return SIZE_MAX;
}

static quipu_status make_room(qi_gravity *g, times *t, size_t k, quipu_error *err) {
    qi_arena *a = &g->arena;
    size_t n = g->event.n;
    t->when = qi_arena_alloc(a, n * sizeof *t->when);
    t->weight = qi_arena_alloc(a, n * k * sizeof *t->weight);
    t->after = qi_arena_alloc(a, k * sizeof *t->after);
    t->estimate = qi_arena_alloc(a, n * sizeof *t->estimate);
    t->covariance = qi_arena_alloc(a, n * n * sizeof *t->covariance);
    return t->when != NULL && t->weight != NULL && t->after != NULL && t->estimate != NULL &&
                   t->covariance != NULL
               ? QUIPU_OK
               : qi_fail_memory(err, n * k * sizeof(double));
}

static double rows_with(const qi_gravity_result *r, const double *x) {
    double sum = 0.0;
    for (size_t i = 0; i < r->design.model.n; i++)
        sum += r->fit.left_out[i] == QI_USED ? x[i] : 0.0;
    return sum;
}

/* Weights are rows of each dummy that has a coefficient. */
static void set_weights(const qi_gravity *g, const qi_gravity_result *r, times *t,
                        uint8_t *hidden) {
    size_t k_all = r->fit.k;
    double after = 0.0;
    for (size_t k = 0; k < r->design.model.k; k++) {
        size_t d = dummy_of(&g->event, r->fit.name[k]);
        hidden[k] = d != SIZE_MAX;
        if (d == SIZE_MAX || r->fit.dropped[k] != QI_KEPT)
            continue;
        if (t->n == 0 || t->when[t->n - 1] != g->event.when[d])
            t->when[t->n++] = g->event.when[d];
        double rows = rows_with(r, r->design.model.x[k]);
        t->weight[(t->n - 1) * k_all + k] = rows;
        t->after[k] = g->event.when[d] >= 0 ? rows : 0.0;
        after += t->after[k];
    }
    for (size_t k = 0; k < k_all && after > 0.0; k++)
        t->after[k] /= after;
    for (size_t i = 0; i < t->n; i++) {
        double sum = 0.0;
        for (size_t k = 0; k < k_all; k++)
            sum += t->weight[i * k_all + k];
        for (size_t k = 0; k < k_all; k++)
            t->weight[i * k_all + k] /= sum;
    }
}

static quipu_status put_times(const qi_gravity_out *o, const times *t, const char *variable,
                              quipu_error *err) {
    char name[96];
    size_t n_before = 0;
    double wald;
    for (size_t i = 0; i < t->n; i++) {
        snprintf(name, sizeof name, "%.60s::%ld", variable, t->when[i]);
        QI_TRY(qi_gravity_put_estimate(o, name, t->estimate[i],
                                       sqrt(t->covariance[i * t->n + i]), err));
        n_before += t->when[i] < -1;
    }
    if (n_before == 0)
        return QUIPU_OK;
    double *v = calloc(n_before * n_before, sizeof *v);
    if (v == NULL)
        return qi_fail_memory(err, n_before * n_before * sizeof *v);
    for (size_t i = 0; i < n_before; i++) /* times rise: they are the first */
        for (size_t j = 0; j < n_before; j++)
            v[i * n_before + j] = t->covariance[i * t->n + j];
    quipu_status status = qi_wald(t->estimate, v, n_before, &wald, err);
    free(v);
    double df = o->result->fit.t_df, q = (double)n_before;
    double p = isfinite(df) ? qi_tail_f(wald / q, q, df) : qi_tail_chi2(wald, q);
    return status == QUIPU_OK
               ? qi_gravity_put_test(o, "no trend before (Wald)", wald, p, n_before, err)
               : status;
}

static quipu_status put_event(const qi_gravity_out *o, quipu_error *err) {
    const qi_gravity_event *e = o->extra_user;
    double average, variance;
    char name[96];
    QI_TRY(put_times(o, e->times, e->variable, err));
    QI_TRY(qi_combine(&o->result->fit, e->times->after, 1, &average, &variance, err));
    snprintf(name, sizeof name, "%.60s, average after", e->variable);
    return variance > 0.0 ? qi_gravity_put_estimate(o, name, average, sqrt(variance), err)
                          : QUIPU_OK;
}

quipu_status qi_gravity_event_rows(qi_gravity *g, qi_gravity_event *e, qi_gravity_out *o,
                                   quipu_error *err) {
    times *t = qi_arena_alloc(&g->arena, sizeof *t);
    uint8_t *hidden = qi_arena_alloc(&g->arena, o->result->fit.k + 1);
    if (g->event.n == 0)
        return QUIPU_OK;
    if (t == NULL || hidden == NULL)
        return qi_fail_memory(err, o->result->fit.k);
    QI_TRY(make_room(g, t, o->result->fit.k, err));
    set_weights(g, o->result, t, hidden);
    QI_TRY(qi_combine(&o->result->fit, t->weight, t->n, t->estimate, t->covariance, err));
    *e = (qi_gravity_event){qi_gravity_word(g, "event-study"), t};
    o->hidden = hidden;
    o->extra = put_event;
    o->extra_user = e;
    return QUIPU_OK;
}
