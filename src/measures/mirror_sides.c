/* SPDX-License-Identifier: Apache-2.0 */
/* mirror_sides.c - one request asked of both sides' books. */
#include "measures/frame.h"
#include "measures/mirror.h"

quipu_status qi_mirror_cif(const quipu_measure *measure, const quipu_request *request,
                           double *out, quipu_error *err) {
    *out = qi_real(measure, request, "cif", 0.08);
    return *out >= 0 && *out <= 1
               ? QUIPU_OK
               : qi_fail(err, QUIPU_E_ARG, "cif: a fraction from 0 to 1, such as 0.08");
}

static bool has_flow(const quipu_cube *cube, quipu_flow flow) {
    size_t n;
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n);
    for (size_t i = 0; i < n; i++)
        if (slabs[i].flow == flow)
            return true;
    return false;
}

static quipu_status check(const quipu_measure *measure, const quipu_request *request,
                          quipu_error *err) {
    if (has_flow(request->cube, QUIPU_EXPORT) && has_flow(request->cube, QUIPU_IMPORT))
        return QUIPU_OK;
    return qi_fail(err, QUIPU_E_NOT_FOUND,
                   "%s compares exports with the partners' imports; the cube has %s",
                   measure->name,
                   has_flow(request->cube, QUIPU_RECONCILED)
                       ? "reconciled figures, in which both sides are already one"
                       : "one of the two only");
}

quipu_status qi_both_open(const quipu_measure *measure, const quipu_request *request,
                          const qi_wish *wish, unsigned cut, qi_both_sides *out,
                          quipu_error *err) {
    qi_wish one = *wish, two = *wish;
    *out = (qi_both_sides){0};
    quipu_status status;
    QI_TRY(check(measure, request, err));
    if (qi_argument(measure, request, "years") == NULL && wish->years == NULL)
        QI_GO(qi_all_years(request, &out->arena, &one.years, err));
    two.years = one.years;
    one.basis = "reporter";
    two.basis = "mirror";
    QI_GO(qi_ask_open(&out->own, measure, request, &one, err));
    if (out->own.n_flows != 1 ||
        (out->own.flows[0] != QUIPU_EXPORT && out->own.flows[0] != QUIPU_IMPORT))
        QI_GO(qi_fail(err, QUIPU_E_ARG, "flow: %s is of exports or of imports", measure->name));
    QI_GO(qi_ask_open(&out->other, measure, request, &two, err));
    if (out->own.n_periods != out->other.n_periods)
        QI_GO(qi_fail(err, QUIPU_E_BUG, "the two sides have different periods"));
    if (out->own.n_reporters > 1)
        QI_GO(qi_fail(err, QUIPU_E_ARG, "%s wants one reporter, not a list", measure->name));
    out->reported_is_cif = out->own.flows[0] == QUIPU_IMPORT;
    QI_GO(qi_under_make(&out->own, cut, &out->reported, err));
    QI_GO(qi_under_make(&out->other, cut, &out->mirrored, err));
done:
    if (status != QUIPU_OK)
        qi_both_close(out);
    return status;
}

void qi_both_close(qi_both_sides *both) {
    qi_under_free(&both->reported);
    qi_under_free(&both->mirrored);
    if (both->own.measure != NULL)
        qi_ask_close(&both->own);
    if (both->other.measure != NULL)
        qi_ask_close(&both->other);
    qi_arena_free(&both->arena);
    *both = (qi_both_sides){0};
}

/* Mirrors of a flow compare those who keep books of that flow: who reports imports only has
 * no figure of its exports here, not zero. */
static bool keeps_books(const quipu_view *view, size_t period, size_t country) {
    if (view->swapped)
        return true; /* asked of the other side by qi_is_told */
    const uint32_t *start = qi_view_inside(view)->pairs[period].reporter_start;
    return view->slab[period] >= 0 && start[country + 1] > start[country];
}

static bool is_told(const quipu_view *view, size_t period, size_t country, size_t other) {
    return qi_is_told(view, period, country, other) && keeps_books(view, period, country);
}

bool qi_both_told(const qi_both_sides *both, bool mirrored, uint64_t line_key, uint32_t partner,
                  size_t period) {
    const qi_ask *ask = mirrored ? &both->other : &both->own;
    const quipu_view *view = &ask->views[0];
    int r = qi_ask_axis(ask, QI_AXIS_REPORTER), p = qi_ask_axis(ask, QI_AXIS_PARTNER);
    size_t other = ask->axes[p].position[partner];
    if (r >= 0)
        return is_told(view, period,
                       ask->axes[r].position[qi_key_label(&ask->axes[r], line_key)], other);
    for (size_t c = 0; c < qi_view_inside(view)->n_countries; c++)
        if (quipu_country_set_has(&view->reporters, period, c) &&
            is_told(view, period, c, other))
            return true;
    return false;
}
