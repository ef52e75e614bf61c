/* SPDX-License-Identifier: Apache-2.0 */
/* select.c - a selection in words becomes a view: positions in one cube.
 *
 * Which slabs answer: those of the flow asked for; the reconciled ones where the cube has no
 * such flow (its exports as they stand, its imports with the axes changed over); for basis
 * "mirror" the partners' slabs of the opposite flow, axes changed over.
 */
#include "query/query.h"

typedef struct source {
    quipu_flow flow; /* asked for */
    quipu_flow slab; /* that answers */
    bool swapped;
} source;

static bool cube_has(const quipu_cube *cube, quipu_flow flow) {
    size_t n;
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n);
    for (size_t i = 0; i < n; i++)
        if (slabs[i].flow == flow)
            return true;
    return false;
}

static quipu_status no_flow(const quipu_cube *cube, const char *what, quipu_error *err) {
    char has[128] = "";
    size_t used = 0;
    for (int f = 0; f < QUIPU_N_FLOWS; f++)
        if (cube_has(cube, (quipu_flow)f)) {
            int n = snprintf(has + used, sizeof has - used, "%s%s", used > 0 ? ", " : "",
                             quipu_flow_name((quipu_flow)f));
            used += n > 0 ? (size_t)n : 0;
        }
    return qi_fail(err, QUIPU_E_NOT_FOUND, "the cube has no %s; it has: %s", what,
                   used > 0 ? has : "nothing");
}

static quipu_status read_flow(const quipu_cube *cube, const char *text, bool mirror,
                              quipu_flow *out, quipu_error *err) {
    if (text != NULL && *text != '\0') {
        if (quipu_flow_parse(text, strlen(text), out))
            return QUIPU_OK;
        return qi_fail(err, QUIPU_E_ARG,
                       "flow \"%s\": take export, import, re-export, "
                       "re-import or reconciled",
                       text);
    }
    *out = QUIPU_EXPORT;
    if (cube_has(cube, mirror ? QUIPU_IMPORT : QUIPU_EXPORT) ||
        cube_has(cube, QUIPU_RECONCILED))
        return QUIPU_OK;
    if (mirror) {
        *out = QUIPU_IMPORT;
        return QUIPU_OK;
    }
    for (int f = 0; f < QUIPU_N_FLOWS; f++)
        if (cube_has(cube, (quipu_flow)f)) {
            *out = (quipu_flow)f;
            return QUIPU_OK;
        }
    return no_flow(cube, "trade", err);
}

static quipu_status read_basis(const char *text, bool *mirror, quipu_error *err) {
    *mirror = false;
    if (text == NULL || *text == '\0' || strcmp(text, "reporter") == 0)
        return QUIPU_OK;
    *mirror = strcmp(text, "mirror") == 0;
    return *mirror ? QUIPU_OK
                   : qi_fail(err, QUIPU_E_ARG, "basis \"%s\": take reporter or mirror", text);
}

static quipu_status find_source(const quipu_cube *cube, const quipu_selection *s, source *out,
                                quipu_error *err) {
    quipu_flow flow;
    bool mirror;
    QI_TRY(read_basis(s->basis, &mirror, err));
    QI_TRY(read_flow(cube, s->flow, mirror, &flow, err));
    *out = (source){flow, flow, false};
    bool two_sided = flow == QUIPU_EXPORT || flow == QUIPU_IMPORT;
    if (mirror && !two_sided)
        return qi_fail(err, QUIPU_E_ARG, "basis mirror is for exports and imports, not for %s",
                       quipu_flow_name(flow));
    if (mirror) {
        *out = (source){flow, flow == QUIPU_EXPORT ? QUIPU_IMPORT : QUIPU_EXPORT, true};
        if (cube_has(cube, out->slab))
            return QUIPU_OK;
        if (cube_has(cube, QUIPU_RECONCILED))
            return qi_fail(err, QUIPU_E_ARG,
                           "the cube holds both sides' reports already "
                           "reconciled into one figure: basis mirror has nothing to show");
        return no_flow(cube,
                       flow == QUIPU_EXPORT ? "imports, so no mirror of exports"
                                            : "exports, so no mirror of imports",
                       err);
    }
    if (cube_has(cube, flow))
        return QUIPU_OK;
    if (two_sided && cube_has(cube, QUIPU_RECONCILED)) {
        *out = (source){flow, QUIPU_RECONCILED, flow == QUIPU_IMPORT};
        return QUIPU_OK;
    }
    char what[32];
    snprintf(what, sizeof what, "%ss", quipu_flow_name(flow));
    return no_flow(cube, what, err);
}

/* ---- periods ---- */

static quipu_status all_periods(const quipu_cube *cube, quipu_flow flow, qi_arena *arena,
                                quipu_period **out, size_t *count, quipu_error *err) {
    size_t n_slabs, n = 0;
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n_slabs);
    quipu_period *periods = qi_arena_alloc(arena, (n_slabs + 1) * sizeof *periods);
    if (periods == NULL)
        return qi_fail_memory(err, n_slabs * sizeof *periods);
    for (size_t i = 0; i < n_slabs; i++)
        if (slabs[i].flow == flow)
            periods[n++] = slabs[i].period;
    *out = periods;
    *count = n;
    return QUIPU_OK;
}

static quipu_status no_period(const quipu_cube *cube, const source *from, const char *years,
                              quipu_error *err) {
    size_t n_slabs, n = 0;
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n_slabs);
    quipu_period held[64];
    for (size_t i = 0; i < n_slabs && n < QI_COUNT(held); i++)
        if (slabs[i].flow == from->slab)
            held[n++] = slabs[i].period;
    char text[160];
    qi_periods_text(held, n, text, sizeof text);
    return qi_fail(err, QUIPU_E_NOT_FOUND, "the cube has no %ss of %s; it has %s",
                   quipu_flow_name(from->flow), years, text);
}

static quipu_status choose_periods(quipu_view *view, const source *from, const char *years,
                                   bool lenient, quipu_table *notes, quipu_error *err) {
    qi_view_impl *inside = view->impl;
    quipu_period *periods;
    qi_span *spans;
    size_t n_spans;
    QI_TRY(qi_spans_parse(view->cube, years, &inside->arena, &spans, &n_spans, err));
    if (n_spans > 0)
        QI_TRY(
            qi_spans_expand(spans, n_spans, &inside->arena, &periods, &view->n_periods, err));
    else
        QI_TRY(all_periods(view->cube, from->slab, &inside->arena, &periods, &view->n_periods,
                           err));
    size_t n = view->n_periods, n_absent = 0;
    int *slab = qi_arena_alloc(&inside->arena, (n + 1) * sizeof *slab);
    quipu_period *absent = qi_arena_alloc(&inside->arena, (n + 1) * sizeof *absent);
    if (slab == NULL || absent == NULL)
        return qi_fail_memory(err, n * sizeof *slab);
    for (size_t p = 0; p < n; p++) {
        slab[p] = quipu_cube_find_slab(view->cube, periods[p], from->slab);
        if (slab[p] < 0)
            absent[n_absent++] = periods[p];
    }
    view->periods = periods;
    view->slab = slab;
    if (n_absent == n && !lenient)
        return no_period(view->cube, from, years != NULL ? years : "any year", err);
    if (n_absent > 0 && notes != NULL) {
        char text[200];
        qi_periods_text(absent, n_absent, text, sizeof text);
        return quipu_table_add_note(notes, err, "Not in this cube: %s.", text);
    }
    return QUIPU_OK;
}

/* ---- countries ---- */

static quipu_status note_countries(const char *axis, const quipu_country_set *set, bool dated,
                                   const char *absent, quipu_table *notes, quipu_error *err) {
    if (notes == NULL)
        return QUIPU_OK;
    if (dated)
        QI_TRY(quipu_table_add_note(notes, err, "%s: members as of each year.", set->label));
    if (*absent != '\0')
        QI_TRY(quipu_table_add_note(notes, err, "Not in this cube as %s: %s.", axis, absent));
    return QUIPU_OK;
}

static quipu_status choose_countries(quipu_view *view, const char *axis, const char *text,
                                     bool lenient, quipu_table *notes, quipu_country_set *out,
                                     quipu_error *err) {
    qi_view_impl *inside = view->impl;
    bool dated;
    const char *absent;
    QI_TRY(qi_country_set_make(view->cube, view->nomen, text, view->periods, view->n_periods,
                               &inside->arena, out, &dated, &absent, err));
    if (!lenient && qi_country_set_empty(out))
        return qi_fail(err, QUIPU_E_NOT_FOUND, "the cube has no figures of %s", out->label);
    return note_countries(axis, out, dated, absent, notes, err);
}

/* ---- who reported ---- */

static void mark(uint64_t *bits, const uint32_t *start, size_t n) {
    for (size_t c = 0; c < n; c++)
        if (start[c + 1] > start[c])
            bits[c / 64] |= (uint64_t)1 << (c % 64);
}

/* Rows in any flow show that a country reported the period; in a reconciled slab either axis
 * does, as there a country's own report and its partners' are one. */
static quipu_status mark_reported(quipu_view *view, size_t period, quipu_error *err) {
    qi_view_impl *inside = view->impl;
    uint64_t *bits = inside->reported + period * inside->n_words;
    bool mirror = view->swapped;
    for (int f = 0; f < QUIPU_N_FLOWS; f++) {
        int slab = quipu_cube_find_slab(view->cube, view->periods[period], (quipu_flow)f);
        if (slab < 0)
            continue;
        quipu_pairs pairs;
        QI_TRY(quipu_cube_pairs(view->cube, (size_t)slab, &pairs, err));
        bool both = f == QUIPU_RECONCILED;
        if (both || !mirror)
            mark(bits, pairs.reporter_start, pairs.n_countries);
        if (both || mirror)
            mark(bits, pairs.partner_start, pairs.n_countries);
    }
    return QUIPU_OK;
}

static quipu_status open_pairs(quipu_view *view, quipu_error *err) {
    qi_view_impl *inside = view->impl;
    quipu_cube_countries(view->cube, &inside->n_countries);
    inside->n_words = inside->n_countries / 64 + 1;
    size_t n = view->n_periods;
    inside->pairs = qi_arena_alloc(&inside->arena, (n + 1) * sizeof *inside->pairs);
    inside->reported =
        qi_arena_alloc(&inside->arena, (n + 1) * inside->n_words * sizeof *inside->reported);
    if (inside->pairs == NULL || inside->reported == NULL)
        return qi_fail_memory(err, n * sizeof *inside->pairs);
    for (size_t p = 0; p < n; p++) {
        if (view->slab[p] < 0)
            continue;
        QI_TRY(quipu_cube_pairs(view->cube, (size_t)view->slab[p], &inside->pairs[p], err));
        QI_TRY(mark_reported(view, p, err));
    }
    return QUIPU_OK;
}

bool quipu_view_reported(const quipu_view *view, size_t period, size_t country) {
    const qi_view_impl *inside = qi_view_inside(view);
    return (inside->reported[period * inside->n_words + country / 64] >> (country % 64)) & 1u;
}

/* Nothing but missing cells would be a riddle without a word. */
static quipu_status note_silence(const quipu_view *view, quipu_table *notes, quipu_error *err) {
    const qi_view_impl *inside = qi_view_inside(view);
    if (notes == NULL || view->reporters.all)
        return QUIPU_OK;
    for (size_t p = 0; p < view->n_periods; p++)
        for (size_t c = 0; c < inside->n_countries; c++)
            if (quipu_country_set_has(&view->reporters, p, c) &&
                quipu_view_reported(view, p, c))
                return QUIPU_OK;
    return quipu_table_add_note(notes, err, "The cube has no report %s %s in these periods%s.",
                                view->swapped ? "about" : "of", view->reporters.label,
                                view->swapped ? ""
                                              : "; basis mirror shows what partners reported");
}

/* ---- the view ---- */

static quipu_status note_products(const qi_product_set *products, quipu_table *notes,
                                  quipu_error *err) {
    if (notes == NULL || products->n_partial == 0)
        return QUIPU_OK;
    return quipu_table_add_note(
        notes, err,
        "%zu of the selected products belong only in part to the class; "
        "each counts whole where most of it belongs.",
        products->n_partial);
}

static quipu_status fill_view(quipu_view *view, const quipu_selection *s, bool lenient,
                              quipu_table *notes, quipu_error *err) {
    qi_view_impl *inside = view->impl;
    source from;
    QI_TRY(find_source(view->cube, s, &from, err));
    view->flow = from.flow;
    view->swapped = from.swapped;
    QI_TRY(choose_periods(view, &from, s->years, lenient, notes, err));
    QI_TRY(
        choose_countries(view, "reporter", s->reporter, lenient, notes, &view->reporters, err));
    QI_TRY(choose_countries(view, "partner", s->partner, lenient, notes, &view->partners, err));
    QI_TRY(qi_product_set_make(view->cube, view->nomen, s->product, &inside->arena,
                               &inside->products, err));
    view->products = inside->products.mask;
    view->product_label = inside->products.label;
    QI_TRY(note_products(&inside->products, notes, err));
    QI_TRY(open_pairs(view, err));
    return note_silence(view, notes, err);
}

quipu_status qi_view_open(const quipu_cube *cube, const quipu_nomen *nomen,
                          const quipu_selection *selection, bool lenient, quipu_table *notes,
                          quipu_view *out, quipu_error *err) {
    memset(out, 0, sizeof *out);
    out->impl = calloc(1, sizeof(qi_view_impl));
    if (out->impl == NULL)
        return qi_fail_memory(err, sizeof(qi_view_impl));
    out->cube = cube;
    out->nomen = nomen;
    quipu_status status = fill_view(out, selection, lenient, notes, err);
    if (status != QUIPU_OK)
        quipu_view_close(out);
    return status;
}

quipu_status quipu_view_open(const quipu_cube *cube, const quipu_nomen *nomen,
                             const quipu_selection *selection, quipu_table *notes,
                             quipu_view *out, quipu_error *err) {
    qi_error_clear(err);
    return qi_view_open(cube, nomen, selection, false, notes, out, err);
}

void quipu_view_close(quipu_view *view) {
    qi_view_impl *inside = view->impl;
    if (inside != NULL)
        qi_arena_free(&inside->arena);
    free(inside);
    memset(view, 0, sizeof *view);
}
