/* SPDX-License-Identifier: Apache-2.0 */
/* under_years.c - the years that are printed among those that are looked at. */
#include "measures/under.h"

quipu_status qi_all_years(const quipu_request *request, qi_arena *arena, const char **out,
                          quipu_error *err) {
    size_t n;
    const quipu_slab *slabs = quipu_cube_slabs(request->cube, &n);
    if (n == 0)
        return qi_fail(err, QUIPU_E_NOT_FOUND, "the cube has no trade");
    *out = qi_arena_printf(arena, "%d-%d", (int)slabs[0].period, (int)slabs[n - 1].period);
    return *out != NULL ? QUIPU_OK : qi_fail_memory(err, 32);
}

quipu_status qi_years_typed(qi_ask *ask, bool **shown, quipu_error *err) {
    qi_span *spans;
    size_t n;
    bool any = false;
    QI_TRY(qi_spans_parse(ask->cube, qi_argument(ask->measure, ask->request, "years"),
                          &ask->arena, &spans, &n, err));
    *shown = qi_arena_alloc(&ask->arena, ask->n_periods + 1);
    if (*shown == NULL)
        return qi_fail_memory(err, ask->n_periods);
    for (size_t p = 0; p < ask->n_periods; p++) {
        (*shown)[p] = n == 0;
        for (size_t s = 0; s < n; s++)
            (*shown)[p] |=
                ask->periods[p] >= spans[s].first && ask->periods[p] <= spans[s].last;
        any |= (*shown)[p];
    }
    return any ? QUIPU_OK
               : qi_fail(err, QUIPU_E_NOT_FOUND,
                         "the cube has none of these years: it holds "
                         "%d-%d",
                         (int)ask->periods[0], (int)ask->periods[ask->n_periods - 1]);
}
