/* SPDX-License-Identifier: Apache-2.0 */
/* market_share.c - see market_share.h. */
#include "measures/market_share.h"

static bool names(const char *by, const char *word) {
    return by != NULL && strstr(by, word) != NULL;
}

/* The dimensions of a cell that are no rows of the table. */
static quipu_status choose_over(qi_market *m, const quipu_measure *measure,
                                const quipu_request *request, qi_wish *wish, quipu_error *err) {
    const char *by = qi_argument(measure, request, "by");
    const char *goods = qi_argument(measure, request, "goods");
    bool partner = names(by, "partner"), others = false;
    for (const char *at = by; at != NULL && *at != '\0';) { /* any word that is of goods */
        size_t n = strcspn(at, ",");
        others |= !(n == 7 && strncmp(at, "partner", n) == 0) &&
                  !(n == 8 && strncmp(at, "reporter", n) == 0) && n > 0 &&
                  strncmp(at, "year", 4) != 0;
        at += n + strspn(at + n, ", ");
    }
    wish->over = partner && others ? ""
                 : partner         ? goods
                 : others          ? "partner"
                                   : qi_arena_printf(&m->arena, "partner,%s", goods);
    if (wish->over == NULL)
        return qi_fail_memory(err, 64);
    if (by == NULL && qi_argument(measure, request, "reporter") == NULL)
        wish->by = "reporter";
    return QUIPU_OK;
}

/* ---- frames ---- */

static quipu_status make_frames(qi_market *m, bool imports, const char *of, quipu_error *err) {
    qi_ask *ask = &m->ask;
    uint32_t reporter = 0, partner = 0, goods = 0;
    for (size_t a = 0; a < ask->n_axes; a++) {
        qi_axis_kind kind = ask->axes[a].kind;
        reporter |= kind == QI_AXIS_REPORTER ? 1u << a : 0;
        partner |= kind == QI_AXIS_PARTNER ? 1u << a : 0;
        goods |= kind == QI_AXIS_PRODUCT || kind == QI_AXIS_CLASS ? 1u << a : 0;
    }
    qi_cut sums = {.drop = qi_over_drop(ask)};
    qi_cut world = {.drop = reporter, .reporter = of != NULL ? of : "all", .turned = imports};
    qi_cut good = world, market = world, all = world;
    good.drop |= partner;
    market.drop |= goods;
    all.drop |= partner | goods;
    QI_TRY(qi_frame_make(ask, NULL, &m->parts, err));
    QI_TRY(qi_frame_make(ask, &sums, &m->sums, err));
    if (ask->views[0].partners.all) /* else a group may be another in the other year */
        QI_TRY(qi_world_rows_open(ask, &world, QI_AXIS_PARTNER, &m->rows, err));
    if (!m->rows.ready)
        QI_TRY(qi_frame_make(ask, &world, &m->cell, err));
    QI_TRY(qi_frame_make(ask, &good, &m->good, err));
    QI_TRY(qi_frame_make(ask, &market, &m->market, err));
    return qi_frame_make(ask, &all, &m->all, err);
}

static quipu_status mark_shown(qi_market *m, quipu_error *err) {
    m->shown = calloc(m->parts.n_rows + 1, 1);
    if (m->shown == NULL)
        return qi_fail_memory(err, m->parts.n_rows);
    for (size_t i = 0; i < m->lines.n; i++) {
        if (m->lines.items[i].kind != QI_LINE_ROW)
            continue;
        qi_rows rows = qi_frame_group(&m->parts, m->lines.items[i].key);
        if (rows.to > rows.from)
            memset(m->shown + rows.from, 1, rows.to - rows.from);
    }
    return QUIPU_OK;
}

quipu_status qi_market_open(qi_market *m, const quipu_measure *measure,
                            const quipu_request *request, quipu_error *err) {
    qi_wish wish = {0};
    bool imports = qi_is(qi_argument(measure, request, "demand"), "imports");
    const char *of = qi_argument(measure, request, "of");
    *m = (qi_market){0};
    QI_TRY(qi_stretches_read(measure, request, &m->arena, &m->stretches, err));
    QI_TRY(choose_over(m, measure, request, &wish, err));
    wish.years = m->stretches.ends;
    QI_TRY(qi_ask_open(&m->ask, measure, request, &wish, err));
    QI_TRY(qi_note_totals_only(&m->ask, err));
    QI_TRY(qi_stretches_place(&m->ask, &m->stretches, err));
    QI_TRY(make_frames(m, imports, of, err));
    QI_TRY(qi_lines_make(&m->ask, &m->sums, 0, &m->lines, err));
    if (imports)
        m->reference = "what the partners report importing";
    else
        m->reference = qi_arena_printf(
            &m->arena, "the %ss of %s", quipu_flow_name(m->ask.flows[0]),
            of != NULL && !qi_is(of, "world") ? of : "all reporters of the cube");
    return m->reference != NULL ? mark_shown(m, err) : qi_fail_memory(err, 64);
}

void qi_market_close(qi_market *m) {
    qi_lines_free(&m->lines);
    qi_frame_free(&m->parts);
    qi_frame_free(&m->sums);
    qi_frame_free(&m->cell);
    qi_frame_free(&m->good);
    qi_frame_free(&m->market);
    qi_frame_free(&m->all);
    free(m->shown);
    if (m->ask.measure != NULL)
        qi_ask_close(&m->ask);
    qi_arena_free(&m->arena);
}

/* ---- cells ---- */

static qi_two two_at(const qi_frame *f, size_t row, const qi_stretch *s) {
    qi_two none = {0, 0};
    if (row == QI_NO_ROW)
        return none;
    return (qi_two){f->value[qi_frame_at(f, 0, row, s->from)],
                    f->value[qi_frame_at(f, 0, row, s->to)]};
}

static qi_two find_two(const qi_frame *f, uint64_t key, const qi_stretch *s) {
    return two_at(f, qi_frame_find(f, key), s);
}

static qi_two cell_of_world(const qi_market *m, uint64_t key, const qi_stretch *s) {
    if (!m->rows.ready)
        return find_two(&m->cell, key, s);
    return (qi_two){qi_world_rows_at(&m->rows, key, s->from),
                    qi_world_rows_at(&m->rows, key, s->to)};
}

/* Cells stand in order of key, and the last axis of the rows just above those worked over. */
static qi_rows rows_of(const qi_market *m, const qi_line *line) {
    const qi_ask *ask = &m->ask;
    if (line->kind == QI_LINE_ROW)
        return qi_frame_group(&m->parts, line->key);
    uint64_t mask = qi_axis_mask(&ask->axes[ask->n_shown - 1]) | qi_over_mask(ask);
    qi_rows rows = {0, 0};
    while (rows.from < m->parts.n_rows &&
           (m->parts.key[rows.from] & ~mask) < (line->key & ~mask))
        rows.from++;
    rows.to = rows.from;
    while (rows.to < m->parts.n_rows && (m->parts.key[rows.to] & ~mask) == (line->key & ~mask))
        rows.to++;
    return rows;
}

quipu_status qi_market_each(const qi_market *m, const qi_line *line, const qi_stretch *s,
                            qi_market_visit *visit, void *user, quipu_error *err) {
    qi_rows rows = rows_of(m, line);
    for (size_t row = rows.from; row < rows.to; row++) {
        uint64_t key = m->parts.key[row];
        qi_market_cell cell = {.own = two_at(&m->parts, row, s)};
        if ((line->kind == QI_LINE_REST && m->shown[row]) ||
            (cell.own.first == 0 && cell.own.last == 0))
            continue;
        cell.cell = cell_of_world(m, key, s);
        cell.good = find_two(&m->good, key, s);
        cell.market = find_two(&m->market, key, s);
        cell.all = find_two(&m->all, key, s);
        QI_TRY(visit(user, &cell, err));
    }
    return QUIPU_OK;
}

bool qi_market_whole(const qi_market *m, const qi_line *line, const qi_stretch *s,
                     qi_two *out) {
    size_t row = qi_frame_find(&m->all, line->key);
    *out = two_at(&m->all, row, s);
    return row != QI_NO_ROW && line->known[s->from] && line->known[s->to] &&
           m->all.known[qi_frame_at(&m->all, 0, row, s->from)] &&
           m->all.known[qi_frame_at(&m->all, 0, row, s->to)] && out->first > 0 && out->last > 0;
}

quipu_status qi_market_notes(qi_market *m, quipu_error *err) {
    const char *goods = qi_argument(m->ask.measure, m->ask.request, "goods");
    int axis = qi_ask_axis(&m->ask, QI_AXIS_PRODUCT);
    if (axis < 0)
        axis = qi_ask_axis(&m->ask, QI_AXIS_CLASS);
    if (axis >= 0 && m->ask.axes[axis].kind == QI_AXIS_CLASS)
        goods = "class";
    return qi_ask_note(&m->ask, err,
                       "World: %s to the same partners, in the same goods. Cells: "
                       "%s in a partner country.",
                       m->reference, qi_is(goods, "product") ? "a product" : "a class");
}
