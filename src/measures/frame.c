/* SPDX-License-Identifier: Apache-2.0 */
/* frame.c - exact sums along the axes of an ask.
 *
 * Each combination of listed countries and flows is a slice with a view of its own, so that
 * "China, Asia, World" costs three roll-ups, the last of them from margins.  The cells of all
 * slices become rows by key; labels of complete axes get a row whether they traded or not.
 *
 * A cell is known when its reporter (one of them, if several are added up) has rows in that
 * period and the countries belong to the selection in that period; known and without cells is
 * zero, all else is missing.
 */
#include "measures/frame.h"

/* ---- slices ---- */

enum { MOST_SLICES = 20000 };

static bool kept(const qi_ask *ask, const qi_cut *cut, int axis) {
    QI_UNUSED(ask);
    return axis >= 0 && !((cut->drop >> axis) & 1u);
}

static const qi_axis *listed_axis(const qi_ask *ask, const qi_cut *cut, qi_axis_kind kind) {
    for (size_t a = 0; a < ask->n_axes; a++) /* its single countries may be an axis below */
        if (ask->axes[a].kind == kind && kept(ask, cut, (int)a) &&
            (ask->axes[a].listed || kind == QI_AXIS_FLOW))
            return &ask->axes[a];
    return NULL;
}

static uint64_t label_key(const qi_axis *axis, size_t label) {
    return axis != NULL ? (uint64_t)label << axis->shift : 0;
}

const char *qi_ask_years(qi_ask *ask) {
    size_t size = ask->n_periods * 16 + 16;
    char *text = qi_arena_alloc(&ask->arena, size);
    if (text != NULL)
        qi_periods_text(ask->periods, ask->n_periods, text, size);
    return text;
}

/* The periods are ours, also where the other flow has more of them. */
static quipu_status take_other_flow(qi_ask *ask, quipu_selection *s, quipu_flow flow,
                                    quipu_error *err) {
    static const quipu_flow other[QUIPU_N_FLOWS] = {
        [QUIPU_EXPORT] = QUIPU_IMPORT,     [QUIPU_IMPORT] = QUIPU_EXPORT,
        [QUIPU_REEXPORT] = QUIPU_REIMPORT, [QUIPU_REIMPORT] = QUIPU_REEXPORT,
        [QUIPU_RECONCILED] = QUIPU_IMPORT,
    };
    s->flow = quipu_flow_name(other[flow]);
    s->years = qi_ask_years(ask);
    return s->years != NULL ? QUIPU_OK : qi_fail_memory(err, ask->n_periods * 16);
}

/* The view of a selection as the cut has it. */
static quipu_status open_view(qi_ask *ask, const qi_cut *cut, quipu_flow flow,
                              quipu_selection s, quipu_view *out, quipu_error *err) {
    s.flow = quipu_flow_name(flow);
    s.reporter = cut->reporter != NULL ? cut->reporter : s.reporter;
    s.partner = cut->partner != NULL ? cut->partner : s.partner;
    s.product = cut->product != NULL ? cut->product : s.product;
    if (cut->turned) { /* who and whom change places */
        const char *own = s.reporter;
        s.reporter = s.partner;
        s.partner = own;
    }
    if (cut->turned || cut->other_flow)
        QI_TRY(take_other_flow(ask, &s, flow, err));
    QI_TRY(qi_view_open(ask->cube, ask->nomen, &s, true, &ask->notes, out, err));
    if (out->n_periods == ask->n_periods)
        return QUIPU_OK;
    quipu_view_close(out);
    return qi_fail(err, QUIPU_E_BUG, "the parts of a list have different periods");
}

quipu_status qi_cut_view(qi_ask *ask, const qi_cut *cut, quipu_view *out, quipu_error *err) {
    return open_view(ask, cut, ask->flows[0], ask->selection, out, err);
}

static quipu_status open_slice(qi_maker *m, qi_slice *slice, size_t flow, size_t reporter,
                               size_t partner, quipu_error *err) {
    qi_ask *ask = m->ask;
    const qi_cut *cut = m->cut;
    bool same = m->reporter_axis == NULL && m->partner_axis == NULL && cut->reporter == NULL &&
                cut->partner == NULL && cut->product == NULL && !cut->turned &&
                !cut->other_flow;
    slice->plane = m->flow_axis != NULL || !ask->planes ? 0 : flow;
    slice->key = label_key(m->reporter_axis, reporter) | label_key(m->partner_axis, partner) |
                 label_key(m->flow_axis, flow);
    if (same) {
        slice->view = &ask->views[flow];
        return QUIPU_OK;
    }
    quipu_selection s = ask->selection;
    if (m->reporter_axis != NULL)
        s.reporter = ask->reporters[reporter].text;
    if (m->partner_axis != NULL)
        s.partner = ask->partners[partner].text;
    QI_TRY(open_view(ask, cut, ask->flows[flow], s, &slice->own, err));
    slice->view = &slice->own;
    return QUIPU_OK;
}

/* The dimension of a roll-up that an axis of countries is. */
static bool is_first(const qi_cut *cut, const qi_axis *axis) {
    return axis->kind == (cut->turned ? QI_AXIS_PARTNER : QI_AXIS_REPORTER);
}

static uint32_t dims_of(const qi_maker *m) {
    const qi_ask *ask = m->ask;
    uint32_t dims = ask->sum_periods ? 0 : QUIPU_DIM_PERIOD;
    for (size_t a = 0; a < ask->n_axes; a++) {
        const qi_axis *axis = &ask->axes[a];
        if (!kept(ask, m->cut, (int)a) || axis->listed)
            continue;
        bool country = axis->kind == QI_AXIS_REPORTER || axis->kind == QI_AXIS_PARTNER;
        dims |= axis->kind == QI_AXIS_FLOW ? 0u
                : !country                 ? (uint32_t)QUIPU_DIM_PRODUCT
                : is_first(m->cut, axis)   ? (uint32_t)QUIPU_DIM_REPORTER
                                           : (uint32_t)QUIPU_DIM_PARTNER;
    }
    return dims;
}

static quipu_status fill_slice(qi_maker *m, qi_slice *slice, quipu_error *err) {
    const qi_ask *ask = m->ask;
    quipu_rollup_options options = qi_rollup_options(ask->request);
    options.dims = dims_of(m);
    options.weight = m->cut->weight;
    if (kept(ask, m->cut, qi_ask_axis(ask, QI_AXIS_CLASS)) && ask->main_class == NULL)
        options.classes = ask->classes;
    QI_TRY(quipu_rollup(slice->view, &options, &slice->cells, err));
    return qi_slice_known(m, slice, err);
}

quipu_status qi_slices_open(qi_maker *m, quipu_error *err) {
    const qi_ask *ask = m->ask;
    m->reporter_axis = listed_axis(ask, m->cut, QI_AXIS_REPORTER);
    m->partner_axis = listed_axis(ask, m->cut, QI_AXIS_PARTNER);
    m->flow_axis = listed_axis(ask, m->cut, QI_AXIS_FLOW);
    size_t nf = ask->n_flows, nr = m->reporter_axis != NULL ? ask->n_reporters : 1,
           np = m->partner_axis != NULL ? ask->n_partners : 1;
    if (m->flow_axis == NULL && !ask->planes)
        nf = 1;
    if (nf * nr * np > MOST_SLICES)
        return qi_fail(err, QUIPU_E_LIMIT,
                       "%zu combinations of listed countries, at most %d: use groups, or --by",
                       nf * nr * np, MOST_SLICES);
    m->slices = calloc(nf * nr * np, sizeof *m->slices);
    if (m->slices == NULL)
        return qi_fail_memory(err, nf * nr * np * sizeof *m->slices);
    m->n_planes = m->flow_axis == NULL ? nf : 1;
    for (size_t f = 0; f < nf; f++)
        for (size_t r = 0; r < nr; r++)
            for (size_t p = 0; p < np; p++)
                QI_TRY(open_slice(m, &m->slices[m->n_slices++], f, r, p, err));
    return QUIPU_OK;
}

void qi_slices_close(qi_maker *m) {
    for (size_t s = 0; s < m->n_slices; s++) {
        quipu_cells_free(&m->slices[s].cells);
        free(m->slices[s].known);
        if (m->slices[s].view == &m->slices[s].own)
            quipu_view_close(&m->slices[s].own);
    }
    free(m->slices);
    m->slices = NULL;
    m->n_slices = 0;
}

/* ---- rows ---- */

/* A run of cells of one slice that differ in period only. */
typedef struct run {
    uint64_t key;
    uint32_t slice;
    size_t from, to;
} run;

typedef QI_LIST(run) run_list;
typedef QI_LIST(uint64_t) key_list;

static uint64_t cell_key(const qi_maker *m, const quipu_cells *cells, size_t i) {
    uint64_t key = 0;
    for (size_t a = 0; a < m->ask->n_axes; a++) {
        const qi_axis *axis = &m->ask->axes[a];
        if (!kept(m->ask, m->cut, (int)a) || axis->listed || axis->kind == QI_AXIS_FLOW)
            continue;
        bool country = axis->kind == QI_AXIS_REPORTER || axis->kind == QI_AXIS_PARTNER;
        bool whole = axis->kind == QI_AXIS_CLASS && m->ask->main_class != NULL;
        uint64_t label = whole                    ? m->ask->main_class[cells->product[i]]
                         : !country               ? cells->product[i]
                         : is_first(m->cut, axis) ? axis->rank[cells->reporter[i]]
                                                  : axis->rank[cells->partner[i]];
        key |= label << axis->shift;
    }
    return key;
}

static bool same_row(const quipu_cells *c, size_t a, size_t b) {
    return c->product[a] == c->product[b] && c->partner[a] == c->partner[b] &&
           c->reporter[a] == c->reporter[b];
}

static quipu_status list_runs(const qi_maker *m, run_list *runs, quipu_error *err) {
    for (size_t s = 0; s < m->n_slices; s++) {
        const quipu_cells *cells = &m->slices[s].cells;
        /* Room for the most there can be: growing step by step takes longer than all else. */
        if (!QI_ROOM(runs, cells->n))
            return qi_fail_memory(err, cells->n * sizeof(run));
        for (size_t i = 0; i < cells->n;) {
            run one = {.slice = (uint32_t)s, .from = i, .to = i + 1};
            while (one.to < cells->n && same_row(cells, i, one.to))
                one.to++;
            one.key = m->slices[s].key | cell_key(m, cells, i);
            if (!QI_PUSH(runs, one))
                return qi_fail_memory(err, runs->n * sizeof one);
            i = one.to;
        }
    }
    return QUIPU_OK;
}

/* Rising, each once. */
static void sort_keys(key_list *keys) {
    size_t n = 0;
    qi_sort_keys(keys->items, keys->n);
    for (size_t i = 0; i < keys->n; i++)
        if (n == 0 || keys->items[n - 1] != keys->items[i])
            keys->items[n++] = keys->items[i];
    keys->n = n;
}

/* Every key so far with every label of one more axis. */
static bool multiply(key_list *keys, const qi_axis *axis) {
    size_t n = keys->n, total;
    if (!qi_mul_size(n, axis->n, &total) || !QI_ROOM(keys, total - n))
        return false;
    for (size_t label = axis->n; label-- > 0;)
        for (size_t i = 0; i < n; i++)
            keys->items[label * n + i] = keys->items[i] | (uint64_t)label << axis->shift;
    keys->n = total;
    return true;
}

static quipu_status list_keys(const qi_maker *m, const run_list *runs, key_list *keys,
                              quipu_error *err) {
    const qi_ask *ask = m->ask;
    uint64_t complete = 0;
    bool any_open = false;
    for (size_t a = 0; a < ask->n_axes; a++)
        if (kept(ask, m->cut, (int)a)) {
            complete |= ask->axes[a].complete ? qi_axis_mask(&ask->axes[a]) : 0;
            any_open |= !ask->axes[a].complete;
        }
    if (!QI_ROOM(keys, (any_open ? runs->n : 0) + 1))
        return qi_fail_memory(err, runs->n * sizeof(uint64_t));
    if (!any_open)
        keys->items[keys->n++] = 0;
    for (size_t i = 0; any_open && i < runs->n; i++)
        keys->items[keys->n++] = runs->items[i].key & ~complete;
    sort_keys(keys);
    for (size_t a = 0; a < ask->n_axes; a++)
        if (kept(ask, m->cut, (int)a) && ask->axes[a].complete &&
            !multiply(keys, &ask->axes[a]))
            return qi_fail_memory(err, keys->n * sizeof(uint64_t));
    sort_keys(keys);
    return QUIPU_OK;
}

/* ---- values ---- */

/* The first key that is not less. */
static size_t lower_key(const uint64_t *keys, size_t n, uint64_t key) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t find_key(const uint64_t *keys, size_t n, uint64_t key) {
    size_t at = lower_key(keys, n, key);
    return at < n && keys[at] == key ? at : QI_NO_ROW;
}

static quipu_status make_room(const qi_maker *m, qi_frame *out, quipu_error *err) {
    size_t n;
    if (!qi_mul_size(out->n_rows, out->n_periods, &n) || !qi_mul_size(n, out->n_planes, &n))
        return qi_fail_memory(err, SIZE_MAX);
    out->value = calloc(n + 1, sizeof *out->value);
    out->known = calloc(n + 1, 1);
    if (m->cut->weight)
        out->weight = calloc(n + 1, sizeof *out->weight);
    bool fine =
        out->value != NULL && out->known != NULL && (out->weight != NULL || !m->cut->weight);
    return fine ? QUIPU_OK : qi_fail_memory(err, n * 9);
}

static quipu_status copy_values(const qi_maker *m, const run_list *runs, qi_frame *out,
                                quipu_error *err) {
    size_t row = 0;
    for (size_t i = 0; i < runs->n; i++) {
        const run *one = &runs->items[i];
        const qi_slice *slice = &m->slices[one->slice];
        /* Runs mostly come in order of key, so the next row is tried before the search. */
        if (row + 1 < out->n_rows && out->key[row + 1] == one->key)
            row++;
        else
            row = find_key(out->key, out->n_rows, one->key);
        if (row == QI_NO_ROW)
            return qi_fail(err, QUIPU_E_BUG, "a cell without a row");
        for (size_t c = one->from; c < one->to; c++) {
            size_t at = qi_frame_at(out, slice->plane, row, slice->cells.period[c]);
            out->value[at] = slice->cells.value[c];
            if (!qi_add_money(&out->total, slice->cells.value[c]))
                out->total = INT64_MAX; /* overlapping lists: it only weighs a note */
            if (out->weight != NULL)
                out->weight[at] = slice->cells.weight[c];
        }
    }
    return QUIPU_OK;
}

static quipu_status make_frame(qi_maker *m, qi_frame *out, quipu_error *err) {
    run_list runs = {0};
    key_list keys = {0};
    quipu_status status;
    QI_GO(list_runs(m, &runs, err));
    QI_GO(list_keys(m, &runs, &keys, err));
    *out = (qi_frame){.ask = m->ask,
                      .dropped = m->cut->drop,
                      .n_rows = keys.n,
                      .key = keys.items,
                      .n_periods = m->ask->sum_periods ? 1 : m->ask->n_periods,
                      .n_planes = m->n_planes};
    keys.items = NULL;
    QI_GO(make_room(m, out, err));
    QI_GO(copy_values(m, &runs, out, err));
    qi_mark_known(m, out);
    for (size_t s = 0; s < m->n_slices; s++)
        if (!qi_add_money(&out->split, m->slices[s].cells.split))
            out->split = INT64_MAX;
done:
    free(runs.items);
    free(keys.items);
    if (status != QUIPU_OK)
        qi_frame_free(out);
    return status;
}

quipu_status qi_frame_make(qi_ask *ask, const qi_cut *cut, qi_frame *out, quipu_error *err) {
    static const qi_cut none = {0};
    qi_maker m = {.ask = ask, .cut = cut != NULL ? cut : &none};
    *out = (qi_frame){0};
    quipu_status status = qi_slices_open(&m, err);
    for (size_t s = 0; s < m.n_slices && status == QUIPU_OK; s++)
        status = fill_slice(&m, &m.slices[s], err);
    if (status == QUIPU_OK)
        status = make_frame(&m, out, err);
    qi_slices_close(&m);
    return status;
}

void qi_frame_free(qi_frame *frame) {
    free(frame->key);
    free(frame->value);
    free(frame->known);
    free(frame->weight);
    *frame = (qi_frame){0};
}

size_t qi_frame_find(const qi_frame *frame, uint64_t key) {
    for (size_t a = 0; a < frame->ask->n_axes; a++)
        if ((frame->dropped >> a) & 1u)
            key &= ~qi_axis_mask(&frame->ask->axes[a]);
    return find_key(frame->key, frame->n_rows, key);
}

qi_rows qi_frame_group(const qi_frame *frame, uint64_t key) {
    uint64_t over = qi_over_mask(frame->ask), group = 0;
    for (size_t a = 0; a < frame->ask->n_axes; a++)
        if (!((frame->dropped >> a) & 1u))
            group |= qi_axis_mask(&frame->ask->axes[a]) & ~over;
    qi_rows rows = {lower_key(frame->key, frame->n_rows, key & group), 0};
    rows.to = lower_key(frame->key, frame->n_rows, (key & group) | over);
    while (rows.to < frame->n_rows && (frame->key[rows.to] & group) == (key & group))
        rows.to++;
    return rows;
}
