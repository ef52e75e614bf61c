/* SPDX-License-Identifier: Apache-2.0 */
/* known.c - which cells of a frame are figures and which are missing. */
#include "measures/frame.h"

/* Of the selected reporters, how many there are and how many have rows in the period. */
static void count_reporters(const quipu_view *view, size_t period, size_t *selected,
                            size_t *reported) {
    const qi_view_impl *inside = qi_view_inside(view);
    *selected = *reported = 0;
    for (size_t c = 0; c < inside->n_countries; c++)
        if (quipu_country_set_has(&view->reporters, period, c)) {
            (*selected)++;
            *reported += quipu_view_reported(view, period, c);
        }
}

/* Whose books the period is from: our own axis', or in a mirror the partners'. */
static bool is_mirror(const quipu_view *view, size_t period) {
    size_t n;
    return view->swapped &&
           quipu_cube_slabs(view->cube, &n)[view->slab[period]].flow != QUIPU_RECONCILED;
}

/* Has this partner rows in the slab whose books a mirror reads? */
static bool partner_told(const quipu_view *view, size_t period, size_t partner) {
    const uint32_t *start = qi_view_inside(view)->pairs[period].reporter_start;
    return !is_mirror(view, period) || start[partner + 1] > start[partner];
}

static bool any_partner_told(const quipu_view *view, size_t period) {
    if (!is_mirror(view, period))
        return true;
    for (size_t c = 0; c < qi_view_inside(view)->n_countries; c++)
        if (quipu_country_set_has(&view->partners, period, c) && partner_told(view, period, c))
            return true;
    return false;
}

static quipu_status note_partial(const qi_maker *m, const qi_slice *slice,
                                 const quipu_period *partial, size_t n, quipu_error *err) {
    if (n == 0 || (m->cut->turned ? m->cut->partner : m->cut->reporter) != NULL)
        return QUIPU_OK;
    char text[160];
    qi_periods_text(partial, n, text, sizeof text);
    return qi_ask_note(m->ask, err,
                       "Of the reporters %s some have no data in %s: sums are of "
                       "those that have.",
                       slice->view->reporters.label, text);
}

quipu_status qi_slice_known(const qi_maker *m, qi_slice *slice, quipu_error *err) {
    const quipu_view *view = slice->view;
    size_t n_partial = 0;
    slice->known = calloc(view->n_periods + 1, 1);
    quipu_period *partial = malloc((view->n_periods + 1) * sizeof *partial);
    if (slice->known == NULL || partial == NULL) {
        free(partial);
        return qi_fail_memory(err, view->n_periods);
    }
    int axis = qi_ask_axis(m->ask, m->cut->turned ? QI_AXIS_PARTNER : QI_AXIS_REPORTER);
    bool single = axis >= 0 && !m->ask->axes[axis].listed && !((m->cut->drop >> axis) & 1u);
    for (size_t p = 0; p < view->n_periods; p++) {
        if (view->slab[p] < 0)
            continue;
        size_t selected, reported;
        count_reporters(view, p, &selected, &reported);
        slice->known[p] = reported > 0 && any_partner_told(view, p);
        if (!single && !view->reporters.all && reported > 0 && reported < selected)
            partial[n_partial++] = view->periods[p];
    }
    quipu_status status = note_partial(m, slice, partial, n_partial, err);
    free(partial);
    return status;
}

bool qi_is_told(const quipu_view *view, size_t period, size_t country, size_t other) {
    if (view->slab[period] < 0 || !quipu_view_reported(view, period, country))
        return false;
    return partner_told(view, period, other);
}

/* ---- cells ---- */

typedef struct marker {
    const qi_axis *reporter, *partner; /* single countries; NULL = listed or summed away */
    uint64_t slice_mask;               /* the labels that choose the slice */
} marker;

static const qi_axis *single_axis(const qi_maker *m, qi_axis_kind kind) {
    int a = qi_ask_axis(m->ask, kind);
    bool single = a >= 0 && !m->ask->axes[a].listed && !((m->cut->drop >> a) & 1u);
    return single ? &m->ask->axes[a] : NULL;
}

static bool is_known(const marker *k, const qi_slice *slice, uint64_t key, size_t period) {
    const quipu_view *view = slice->view;
    if (!slice->known[period])
        return false;
    if (k->reporter != NULL) {
        size_t c = k->reporter->position[qi_key_label(k->reporter, key)];
        if (!quipu_view_reported(view, period, c) ||
            !quipu_country_set_has(&view->reporters, period, c))
            return false;
    }
    if (k->partner == NULL)
        return true;
    size_t partner = k->partner->position[qi_key_label(k->partner, key)];
    return quipu_country_set_has(&view->partners, period, partner) &&
           partner_told(view, period, partner);
}

static const qi_slice *slice_of(const qi_maker *m, const marker *k, size_t plane,
                                uint64_t key) {
    for (size_t s = 0; s < m->n_slices; s++)
        if (m->slices[s].plane == plane && m->slices[s].key == (key & k->slice_mask))
            return &m->slices[s];
    return NULL;
}

void qi_mark_known(const qi_maker *m, qi_frame *frame) {
    bool turned = m->cut->turned;
    marker k = {.reporter = single_axis(m, turned ? QI_AXIS_PARTNER : QI_AXIS_REPORTER),
                .partner = single_axis(m, turned ? QI_AXIS_REPORTER : QI_AXIS_PARTNER)};
    const qi_axis *listed[] = {m->reporter_axis, m->partner_axis, m->flow_axis};
    for (size_t i = 0; i < QI_COUNT(listed); i++)
        k.slice_mask |= listed[i] != NULL ? qi_axis_mask(listed[i]) : 0;
    const qi_slice *slice = NULL;
    for (size_t plane = 0; plane < frame->n_planes; plane++)
        for (size_t row = 0; row < frame->n_rows; row++) {
            uint64_t key = frame->key[row];
            if (slice == NULL || slice->plane != plane || slice->key != (key & k.slice_mask))
                slice = slice_of(m, &k, plane, key);
            for (size_t p = 0; slice != NULL && p < m->ask->n_periods; p++) {
                size_t at = qi_frame_at(frame, plane, row, m->ask->sum_periods ? 0 : p);
                frame->known[at] |= is_known(&k, slice, key, p);
            }
        }
}
