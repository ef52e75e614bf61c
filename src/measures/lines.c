/* SPDX-License-Identifier: Apache-2.0 */
/* lines.c - the rows of a frame in the order asked for, cut to the limit, with rest and total.
 *
 * The last axis is the one that is sorted, cut and added up, within each combination of the
 * axes before it.  Largest first means by the last period that has figures; ties stand in
 * order of code.  What has no class stays last.
 */
#include "measures/common.h"

typedef struct sorter {
    const qi_frame *frame;
    size_t period; /* that decides */
    bool by_value;
    uint64_t no_class; /* label bits of the rest class; UINT64_MAX = none */
    uint64_t mask;     /* of the last axis */
} sorter;

typedef struct candidate {
    size_t row;
    bool last; /* the rest class */
    quipu_money size;
} candidate;

static quipu_money size_of(const sorter *s, size_t row) {
    const qi_frame *f = s->frame;
    quipu_money size = 0;
    bool known = false;
    for (size_t plane = 0; plane < f->n_planes; plane++) {
        size_t at = qi_frame_at(f, plane, row, s->period);
        known |= f->known[at];
        if (!qi_add_money(&size, f->value[at]))
            size = INT64_MAX;
    }
    return known ? size : -1;
}

static int size_order(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->last != y->last)
        return x->last ? 1 : -1;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static size_t deciding_period(const qi_frame *frame) {
    for (size_t p = frame->n_periods; p > 0; p--)
        for (size_t row = 0; row < frame->n_rows * frame->n_planes; row++)
            if (frame->known[row * frame->n_periods + p - 1])
                return p - 1;
    return 0;
}

static sorter make_sorter(const qi_frame *frame) {
    const qi_ask *ask = frame->ask;
    sorter s = {.frame = frame, .no_class = UINT64_MAX, .period = deciding_period(frame)};
    if (ask->n_shown == 0)
        return s;
    const qi_axis *last = &ask->axes[ask->n_shown - 1];
    const char *sort = qi_argument(ask->measure, ask->request, "sort");
    s.mask = qi_axis_mask(last);
    s.by_value = qi_is(sort, "value") || (!qi_is(sort, "code") && !last->complete);
    if (last->kind == QI_AXIS_CLASS && last->n > 0)
        s.no_class = (uint64_t)(last->n - 1) << last->shift;
    return s;
}

/* ---- rest and total ---- */

typedef struct maker {
    const qi_frame *frame;
    qi_lines *out;
    size_t capacity;
    bool rest, total;
} maker;

static bool push(maker *m, qi_line line) {
    if (m->out->n == m->capacity &&
        !qi_grow((void **)&m->out->items, &m->capacity, m->out->n + 1, sizeof line))
        return false;
    m->out->items[m->out->n++] = line;
    return true;
}

static qi_line line_of(const qi_frame *f, size_t row, qi_line_kind kind, uint64_t key) {
    size_t at = row * f->n_periods;
    return (qi_line){.kind = kind,
                     .key = key,
                     .value = f->value + at,
                     .known = f->known + at,
                     .weight = f->weight != NULL ? f->weight + at : NULL,
                     .plane_step = f->n_rows * f->n_periods};
}

static quipu_status add_rest(maker *m, const candidate *left, size_t n, uint64_t key,
                             quipu_error *err) {
    const qi_frame *f = m->frame;
    size_t cells = f->n_planes * f->n_periods;
    quipu_money *value = qi_arena_alloc(&m->out->arena, cells * sizeof *value);
    uint8_t *known = qi_arena_alloc(&m->out->arena, cells);
    quipu_quantity *weight = NULL;
    if (f->weight != NULL)
        weight = qi_arena_alloc(&m->out->arena, cells * sizeof *weight);
    if (value == NULL || known == NULL || (f->weight != NULL && weight == NULL))
        return qi_fail_memory(err, cells * sizeof *value);
    for (size_t i = 0; i < n; i++)
        for (size_t plane = 0; plane < f->n_planes; plane++)
            for (size_t p = 0; p < f->n_periods; p++) {
                size_t at = qi_frame_at(f, plane, left[i].row, p),
                       to = plane * f->n_periods + p;
                known[to] |= f->known[at];
                if (!qi_add_money(&value[to], f->value[at]))
                    return qi_fail(err, QUIPU_E_DATA, "the rest is beyond 9.2e15 US$");
                if (weight == NULL || weight[to] == QUIPU_QUANTITY_MISSING)
                    continue;
                if (f->weight[at] == QUIPU_QUANTITY_MISSING ||
                    !qi_add_money(&weight[to], f->weight[at]))
                    weight[to] = QUIPU_QUANTITY_MISSING;
            }
    qi_line line = {QI_LINE_REST, key, value, known, weight, f->n_periods};
    return push(m, line) ? QUIPU_OK : qi_fail_memory(err, sizeof line);
}

static quipu_status add_group(maker *m, const sorter *s, candidate *list, size_t n,
                              size_t limit, quipu_error *err) {
    uint64_t key = m->frame->key[list[0].row];
    if (s->by_value)
        qsort(list, n, sizeof *list, size_order);
    size_t shown = n < limit ? n : limit;
    for (size_t i = 0; i < shown; i++)
        if (!push(m, line_of(m->frame, list[i].row, QI_LINE_ROW, m->frame->key[list[i].row])))
            return qi_fail_memory(err, sizeof(qi_line));
    if (m->rest && shown < n)
        QI_TRY(add_rest(m, list + shown, n - shown, key, err));
    if (m->total) {
        size_t row = qi_frame_find(&m->out->total, key);
        if (row != QI_NO_ROW && !push(m, line_of(&m->out->total, row, QI_LINE_TOTAL, key)))
            return qi_fail_memory(err, sizeof(qi_line));
    }
    return QUIPU_OK;
}

static quipu_status make_total(qi_ask *ask, const qi_frame *frame, qi_frame *total,
                               quipu_error *err) {
    qi_cut cut = {.drop = frame->dropped | 1u << (ask->n_shown - 1),
                  .weight = frame->weight != NULL};
    return qi_frame_make(ask, &cut, total, err);
}

static quipu_status fill(maker *m, size_t limit, quipu_error *err) {
    sorter s = make_sorter(m->frame);
    size_t n = m->frame->n_rows;
    candidate *list = malloc((n + 1) * sizeof *list);
    if (list == NULL)
        return qi_fail_memory(err, n * sizeof *list);
    quipu_status status = QUIPU_OK;
    for (size_t from = 0; from < n && status == QUIPU_OK;) {
        uint64_t group = m->frame->key[from] & ~s.mask;
        size_t to = from;
        for (; to < n && (m->frame->key[to] & ~s.mask) == group; to++)
            list[to - from] = (candidate){.row = to,
                                          .size = size_of(&s, to),
                                          .last = (m->frame->key[to] & s.mask) == s.no_class};
        status = add_group(m, &s, list, to - from, limit, err);
        from = to;
    }
    free(list);
    return status;
}

quipu_status qi_lines_make(qi_ask *ask, const qi_frame *frame, unsigned how, qi_lines *out,
                           quipu_error *err) {
    *out = (qi_lines){0};
    int64_t limit = qi_integer(ask->measure, ask->request, "limit", INT64_MAX);
    bool adds_up = !(how & QI_LINES_NO_TOTAL) && ask->n_shown > 0 &&
                   ask->axes[ask->n_shown - 1].kind != QI_AXIS_FLOW;
    if (limit < 0 || (how & QI_LINES_NO_LIMIT))
        limit = INT64_MAX;
    maker m = {.frame = frame,
               .out = out,
               .rest = adds_up && qi_switch(ask->measure, ask->request, "rest"),
               .total = adds_up && qi_switch(ask->measure, ask->request, "total")};
    quipu_status status = QUIPU_OK;
    if (m.total)
        status = make_total(ask, frame, &out->total, err);
    if (status == QUIPU_OK)
        status = fill(&m, (size_t)limit, err);
    if (status != QUIPU_OK)
        qi_lines_free(out);
    return status;
}

void qi_lines_free(qi_lines *lines) {
    free(lines->items);
    qi_arena_free(&lines->arena);
    qi_frame_free(&lines->total);
    *lines = (qi_lines){0};
}
