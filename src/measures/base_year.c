/* SPDX-License-Identifier: Apache-2.0 */
/* base_year.c - the option --base: the year other years are compared with. */
#include "measures/common.h"

/* The base as typed joins the years; which of them are printed is found again later. */
quipu_status qi_base_read(const quipu_measure *measure, const quipu_request *request,
                          qi_arena *arena, const char **years, quipu_period *base,
                          quipu_error *err) {
    const char *typed = qi_argument(measure, request, "base");
    const char *shown = qi_argument(measure, request, "years");
    qi_span *spans;
    size_t n;
    *years = shown;
    *base = 0;
    QI_TRY(qi_spans_parse(request->cube, typed, arena, &spans, &n, err));
    if (n == 0)
        return QUIPU_OK;
    if (n != 1 || spans[0].first != spans[0].last)
        return qi_fail(err, QUIPU_E_ARG, "base \"%s\": one year is the base", typed);
    *base = spans[0].first;
    if (shown != NULL)
        *years = qi_arena_printf(arena, "%s,%d", shown, (int)*base);
    return *years != NULL || shown == NULL ? QUIPU_OK : qi_fail_memory(err, 64);
}

static bool is_shown(const qi_span *spans, size_t n, quipu_period period) {
    bool in = n == 0;
    for (size_t i = 0; i < n; i++)
        in |= period >= spans[i].first && period <= spans[i].last;
    return in;
}

quipu_status qi_base_place(qi_ask *ask, quipu_period base, qi_base_year *out,
                           quipu_error *err) {
    qi_span *spans;
    size_t n;
    QI_TRY(qi_spans_parse(ask->cube, qi_argument(ask->measure, ask->request, "years"),
                          &ask->arena, &spans, &n, err));
    *out = (qi_base_year){.base = base == 0 ? 0 : SIZE_MAX};
    out->shown = qi_arena_alloc(&ask->arena, ask->n_periods + 1);
    if (out->shown == NULL)
        return qi_fail_memory(err, ask->n_periods);
    for (size_t p = 0; p < ask->n_periods; p++) {
        out->shown[p] = is_shown(spans, n, ask->periods[p]);
        out->n_shown += out->shown[p];
        if (ask->periods[p] == base)
            out->base = p;
    }
    if (out->base != SIZE_MAX)
        return QUIPU_OK;
    return qi_fail(err, QUIPU_E_NOT_FOUND, "the cube has no %d to be the base", (int)base);
}
