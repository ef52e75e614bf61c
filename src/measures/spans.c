/* SPDX-License-Identifier: Apache-2.0 */
/* spans.c - from when to when a growth is measured.
 *
 * "1995-2011" is one stretch.  "1995,2000,2005" is two, end to end; "1995-2000,2005-2010" two
 * apart.  All years between the ends are looked at, as some methods use them.
 */
#include "measures/common.h"

static quipu_status add(qi_stretches *out, quipu_period first, quipu_period last,
                        quipu_error *err) {
    if (qi_period_distance(first, last) < 1)
        return qi_fail(err, QUIPU_E_ARG,
                       "years: growth is from one year to a later one; "
                       "write 1995-2011, or 1995,2000,2005 for two stretches");
    out->items[out->n++] =
        (qi_stretch){.first = first, .last = last, .steps = qi_period_distance(first, last)};
    return QUIPU_OK;
}

static quipu_status whole_cube(const quipu_request *request, qi_stretches *out,
                               quipu_error *err) {
    size_t n;
    const quipu_slab *slabs = quipu_cube_slabs(request->cube, &n);
    if (n == 0)
        return qi_fail(err, QUIPU_E_NOT_FOUND, "the cube is empty");
    if (slabs[0].period == slabs[n - 1].period)
        return qi_fail(err, QUIPU_E_ARG, "the cube has one period only, %d: growth needs two",
                       slabs[0].period);
    return add(out, slabs[0].period, slabs[n - 1].period, err);
}

static void write_list(const qi_stretches *s, char between, char *out) {
    size_t used = 0;
    for (size_t i = 0; i < s->n; i++)
        used += (size_t)snprintf(out + used, 24, "%s%d%c%d", i > 0 ? "," : "",
                                 (int)s->items[i].first, between, (int)s->items[i].last);
}

static quipu_status write_years(qi_stretches *s, qi_arena *arena, quipu_error *err) {
    char *text = qi_arena_alloc(arena, s->n * 24 + 1);
    if (text == NULL)
        return qi_fail_memory(err, s->n * 24);
    write_list(s, '-', text);
    s->years = text;
    text = qi_arena_alloc(arena, s->n * 24 + 1);
    if (text == NULL)
        return qi_fail_memory(err, s->n * 24);
    write_list(s, ',', text);
    s->ends = text;
    return QUIPU_OK;
}

quipu_status qi_stretches_read(const quipu_measure *measure, const quipu_request *request,
                               qi_arena *arena, qi_stretches *out, quipu_error *err) {
    qi_span *spans;
    size_t n;
    *out = (qi_stretches){0};
    QI_TRY(qi_spans_parse(request->cube, qi_argument(measure, request, "years"), arena, &spans,
                          &n, err));
    out->items = qi_arena_alloc(arena, (n + 1) * sizeof *out->items);
    if (out->items == NULL)
        return qi_fail_memory(err, n * sizeof *out->items);
    if (n == 0)
        QI_TRY(whole_cube(request, out, err));
    for (size_t i = 0; i < n; i++) {
        bool range = spans[i].first != spans[i].last;
        if (range)
            QI_TRY(add(out, spans[i].first, spans[i].last, err));
        else if (i > 0 && spans[i - 1].first == spans[i - 1].last)
            QI_TRY(add(out, spans[i - 1].first, spans[i].first, err));
        else if (n == 1)
            return add(out, spans[0].first, spans[0].first, err);
    }
    if (out->n == 0)
        return qi_fail(err, QUIPU_E_ARG, "years: a single year stands alone between ranges");
    return write_years(out, arena, err);
}

static quipu_status place(const qi_ask *ask, quipu_period period, size_t *out,
                          quipu_error *err) {
    for (size_t p = 0; p < ask->n_periods; p++)
        if (ask->periods[p] == period) {
            *out = p;
            return QUIPU_OK;
        }
    return qi_fail(err, QUIPU_E_BUG, "period %d is not among those selected", (int)period);
}

quipu_status qi_stretches_place(const qi_ask *ask, qi_stretches *stretches, quipu_error *err) {
    for (size_t i = 0; i < stretches->n; i++) {
        QI_TRY(place(ask, stretches->items[i].first, &stretches->items[i].from, err));
        QI_TRY(place(ask, stretches->items[i].last, &stretches->items[i].to, err));
    }
    return QUIPU_OK;
}
