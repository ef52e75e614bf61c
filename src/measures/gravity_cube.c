/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_cube.c - the panel of a question of gravity from a cube.
 *
 * A row for every exporter, importer (and class) in every year in which the one who keeps the
 * books reported: what is not in its books then is zero.  Years it did not report have no rows.
 * The countries are those asked for, or all that reported in some year; areas and groups are
 * none.  A country has rows in the years in which it existed.
 */
#include "measures/cache.h"
#include "measures/gravity_join.h"

enum { MOST_CELLS = 400 * 1000 * 1000 };
static const double MILLION = 1e6 * QUIPU_MONEY_PER_USD;

typedef struct builder {
    qi_gravity *g;
    quipu_view view;
    bool by_importer; /* the books are the importers' */
    const quipu_mapping *classes;
    quipu_mapping own_classes;
    const quipu_cube_country *country; /* all of the cube */
    const quipu_country **known;       /* of each; NULL: no country */
    size_t n_cube;
    uint32_t *place; /* of each its place among the chosen; UINT32_MAX */
    uint32_t *chosen;
    size_t n;         /* chosen */
    size_t n_classes; /* 1 without */
    double *value;    /* [exporter][importer][class][period], million US$ */
    bool own;         /* rows of a country with itself, of the cube ... */
    bool domestic;    /* ... or to be filled from a table */
    uint8_t *class_used;
    quipu_money inside, all; /* value in the panel, and in the selection */
} builder;

/* ---- what is asked for ---- */

static quipu_status open_view(builder *b, quipu_error *err) {
    qi_gravity *g = b->g;
    const char *flow = qi_gravity_word(g, "flow"), *who = qi_gravity_word(g, "countries");
    quipu_selection selection = {.reporter = who,
                                 .partner = who,
                                 .product = qi_gravity_word(g, "product"),
                                 .flow = qi_is(flow, "auto") ? NULL : flow,
                                 .years = qi_gravity_word(g, "years")};
    QI_TRY(quipu_view_open(g->request->cube, g->request->nomen, &selection, &g->notes, &b->view,
                           err));
    b->by_importer = b->view.flow == QUIPU_IMPORT;
    return QUIPU_OK;
}

static quipu_status find_classes(builder *b, quipu_error *err) {
    const char *scheme = qi_gravity_word(b->g, "by");
    const quipu_request *q = b->g->request;
    const quipu_class_options options = {0};
    b->n_classes = 1;
    if (scheme == NULL)
        return QUIPU_OK;
    if (q->cache != NULL) {
        qi_cache_key key = {q->cube, q->nomen, scheme, false};
        QI_TRY(qi_cache_classes(q->cache, &key, &b->classes, err));
    } else {
        const char *from = quipu_cube_meta(q->cube, "nomenclature");
        QI_TRY(quipu_classify(q->nomen, scheme, from != NULL ? from : "",
                              quipu_cube_product_codes(q->cube), quipu_cube_n_products(q->cube),
                              &options, &b->own_classes, err));
        b->classes = &b->own_classes;
    }
    b->n_classes = b->classes->n_targets;
    return QUIPU_OK;
}

static bool existed(const quipu_country *country, quipu_period period) {
    int year = qi_period_year(period);
    return (country->from == 0 || year >= country->from) &&
           (country->to == 0 || year <= country->to);
}

static bool is_country(const quipu_country *country) {
    return country != NULL &&
           (country->kind == QUIPU_COUNTRY || country->kind == QUIPU_FORMER ||
            strcmp(country->iso2, "TW") == 0);
}

/* In the books of some year, or among those asked for. */
static bool is_chosen(const builder *b, size_t c) {
    bool asked = qi_gravity_word(b->g, "countries") != NULL;
    for (size_t t = 0; t < b->view.n_periods; t++) {
        if (b->view.slab[t] < 0 || !quipu_country_set_has(&b->view.reporters, t, c))
            continue;
        if (asked || quipu_view_reported(&b->view, t, c))
            return true;
    }
    return false;
}

static quipu_status choose(builder *b, quipu_error *err) {
    qi_arena *a = &b->g->arena;
    b->country = quipu_cube_countries(b->g->request->cube, &b->n_cube);
    b->known = qi_arena_alloc(a, b->n_cube * sizeof *b->known);
    b->place = qi_arena_alloc(a, b->n_cube * sizeof *b->place);
    b->chosen = qi_arena_alloc(a, b->n_cube * sizeof *b->chosen);
    b->class_used = qi_arena_alloc(a, b->n_classes);
    if (b->known == NULL || b->place == NULL || b->chosen == NULL || b->class_used == NULL)
        return qi_fail_memory(err, b->n_cube * sizeof *b->known);
    for (size_t c = 0; c < b->n_cube; c++) {
        b->known[c] = quipu_country_by_number(b->g->request->nomen, b->country[c].number);
        b->place[c] = UINT32_MAX;
        if (!is_country(b->known[c]) || !is_chosen(b, c))
            continue;
        b->place[c] = (uint32_t)b->n;
        b->chosen[b->n++] = (uint32_t)c;
    }
    return b->n >= 2
               ? QUIPU_OK
               : qi_fail(err, QUIPU_E_DATA,
                         "a panel needs two countries at least, and the selection has %zu "
                         "that reported; choose others by --countries, ask importers by --flow "
                         "import, or take a cube with more reporters",
                         b->n);
}

/* ---- trade ---- */

static size_t at(const builder *b, size_t exporter, size_t importer, size_t class,
                 size_t period) {
    return ((exporter * b->n + importer) * b->n_classes + class) * b->view.n_periods + period;
}

static quipu_status add_trade(builder *b, quipu_error *err) {
    quipu_rollup_options options = qi_rollup_options(b->g->request);
    quipu_cells cells;
    size_t n = b->n * b->n * b->n_classes * b->view.n_periods;
    size_t most = options.most_cells > 0 && options.most_cells < MOST_CELLS ? options.most_cells
                                                                            : MOST_CELLS;
    if (n > most)
        return qi_fail(
            err, QUIPU_E_LIMIT,
            "the panel would have %zu cells, more than %zu: ask for fewer countries, "
            "years or classes",
            n, most);
    b->value = calloc(n + 1, sizeof *b->value);
    if (b->value == NULL)
        return qi_fail_memory(err, n * sizeof *b->value);
    options.dims = QUIPU_DIM_REPORTER | QUIPU_DIM_PARTNER | QUIPU_DIM_PERIOD |
                   (b->classes != NULL ? QUIPU_DIM_PRODUCT : 0u);
    options.classes = b->classes;
    options.most_cells = 0;
    QI_TRY(quipu_rollup(&b->view, &options, &cells, err));
    for (size_t i = 0; i < cells.n; i++) {
        uint32_t r = b->place[cells.reporter[i]], p = b->place[cells.partner[i]];
        size_t class = b->classes != NULL ? cells.product[i] : 0;
        (void)qi_add_money(&b->all, cells.value[i]);
        if (r == UINT32_MAX || p == UINT32_MAX || (r == p && !b->own))
            continue;
        (void)qi_add_money(&b->inside, cells.value[i]);
        b->class_used[class] = 1;
        b->value[at(b, b->by_importer ? p : r, b->by_importer ? r : p, class,
                    cells.period[i])] = (double)cells.value[i] / MILLION;
    }
    quipu_cells_free(&cells);
    return QUIPU_OK;
}

/* ---- rows ---- */

/* A country that the cube has no trade with itself of may still have some: no row, not zero. */
static bool own_trade(const builder *b, size_t e, size_t t) {
    for (size_t k = 0; k < b->n_classes; k++)
        if (b->value[at(b, e, e, k, t)] > 0)
            return true;
    return false;
}

static bool has_row(const builder *b, size_t e, size_t m, size_t t) {
    size_t keeper = b->chosen[b->by_importer ? m : e],
           other = b->chosen[b->by_importer ? e : m];
    quipu_period period = b->view.periods[t];
    return (e != m || b->domestic || (b->own && own_trade(b, e, t))) && b->view.slab[t] >= 0 &&
           quipu_view_reported(&b->view, t, keeper) &&
           quipu_country_set_has(&b->view.reporters, t, keeper) &&
           quipu_country_set_has(&b->view.reporters, t, other) &&
           existed(b->known[keeper], period) && existed(b->known[other], period);
}

/* In order of exporter, importer, class, year; with `panel` NULL they are counted. */
static size_t put_rows(const builder *b, qi_panel *panel, const size_t column[5]) {
    qi_panel_column *c = panel != NULL ? panel->columns.items : NULL;
    size_t row = 0;
    for (size_t e = 0; e < b->n; e++)
        for (size_t m = 0; m < b->n; m++)
            for (size_t k = 0, s = 0; k < b->n_classes; k++) {
                if (!b->class_used[k])
                    continue;
                for (size_t t = 0; t < b->view.n_periods; t++) {
                    if (!has_row(b, e, m, t))
                        continue;
                    if (panel != NULL) {
                        c[column[QI_EXPORTER]].label[row] = (uint32_t)e;
                        c[column[QI_IMPORTER]].label[row] = (uint32_t)m;
                        c[column[QI_YEAR]].number[row] = b->view.periods[t];
                        c[column[QI_N_ROLES]].number[row] =
                            e == m && !b->own ? (double)NAN : b->value[at(b, e, m, k, t)];
                        if (b->classes != NULL)
                            c[column[QI_SECTOR]].label[row] = (uint32_t)s;
                    }
                    row++;
                }
                s++;
            }
    return row;
}

static quipu_status put_labels(const builder *b, qi_panel *panel, const size_t column[5],
                               quipu_error *err) {
    const char **code = qi_arena_alloc(&panel->arena, b->n * sizeof *code);
    const char **class = qi_arena_alloc(&panel->arena, b->n_classes * sizeof *class);
    size_t n_used = 0;
    if (code == NULL || class == NULL)
        return qi_fail_memory(err, b->n * sizeof *code);
    for (size_t i = 0; i < b->n; i++)
        code[i] = b->known[b->chosen[i]]->iso3;
    for (size_t role = QI_EXPORTER; role <= QI_IMPORTER; role++) {
        panel->columns.items[column[role]].labels = code;
        panel->columns.items[column[role]].n_labels = b->n;
    }
    if (b->classes == NULL)
        return QUIPU_OK;
    for (size_t k = 0; k < b->n_classes; k++) {
        if (!b->class_used[k])
            continue;
        class[n_used] = qi_arena_dup(&panel->arena, b->classes->targets[k].code);
        if (class[n_used++] == NULL)
            return qi_fail_memory(err, 32);
    }
    panel->columns.items[column[QI_SECTOR]].labels = class;
    panel->columns.items[column[QI_SECTOR]].n_labels = n_used;
    return QUIPU_OK;
}

static quipu_status make_panel(builder *b, quipu_error *err) {
    static const char *const names[] = {"exporter", "importer", "year", "sector", "trade"};
    qi_panel *panel = &b->g->panel;
    size_t column[QI_COUNT(names)] = {0};
    panel->n = put_rows(b, NULL, column);
    if (panel->n >= QI_NO_LABEL)
        return qi_fail(err, QUIPU_E_LIMIT, "the panel has too many rows");
    for (size_t i = 0; i < QI_COUNT(names); i++) {
        bool label = i != QI_YEAR && i != QI_N_ROLES;
        if (i == QI_SECTOR && b->classes == NULL)
            continue;
        QI_TRY(qi_panel_add(panel, names[i], &column[i], err));
        QI_TRY(label ? qi_panel_label_room(panel, column[i], err)
                     : qi_panel_numbers(panel, column[i], err));
        if (i < QI_N_ROLES)
            panel->role[i] = (ptrdiff_t)column[i];
    }
    QI_TRY(put_labels(b, panel, column, err));
    (void)put_rows(b, panel, column);
    return QUIPU_OK;
}

static quipu_status note_panel(const builder *b, quipu_error *err) {
    char part[QI_NUMBER_TEXT];
    double share = b->all > 0 ? (double)b->inside / (double)b->all * 100.0 : 0.0;
    qi_format_double_rounded(part, sizeof part, share, 1);
    return qi_gravity_note(
        b->g, err,
        "The panel: %zu countries, a row for each pair%s and year that the %s reported, zero "
        "where nothing was traded; trade in million US$ as %s. It holds %s %% of the trade of "
        "the "
        "selection.",
        b->n, b->classes != NULL ? ", class" : "", b->by_importer ? "importer" : "exporter",
        b->view.flow == QUIPU_IMPORT   ? "importers reported it"
        : b->view.flow == QUIPU_EXPORT ? "exporters reported it"
                                       : quipu_flow_name(b->view.flow),
        part);
}

/* ---- domestic trade ---- */

/* Rows of a country with itself that the table does not have go again. */
static void drop_empty(qi_panel *p, const double *trade) {
    const uint32_t *e = p->columns.items[p->role[QI_EXPORTER]].label;
    const uint32_t *m = p->columns.items[p->role[QI_IMPORTER]].label;
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (e[i] == m[i] && trade[i] != trade[i])
            continue;
        for (size_t c = 0; c < p->columns.n; c++) {
            qi_panel_column *column = &p->columns.items[c];
            if (column->number != NULL)
                column->number[n] = column->number[i];
            if (column->label != NULL)
                column->label[n] = column->label[i];
        }
        n++;
    }
    p->n = n;
}

static quipu_status fill_domestic(builder *b, qi_side *side, ptrdiff_t value,
                                  quipu_error *err) {
    qi_panel *p = &b->g->panel;
    uint32_t *rows;
    size_t n = 0;
    QI_TRY(qi_side_read(side, err));
    QI_TRY(
        qi_side_rows(side, side->one >= 0 ? QI_BESIDE_EXPORTER : QI_BESIDE_SIDES, &rows, err));
    const double *from =
        side->panel.columns.items[qi_panel_find(&side->panel, side->names[value])].number;
    double *trade = p->columns.items[qi_panel_find(p, "trade")].number;
    const uint32_t *e = p->columns.items[p->role[QI_EXPORTER]].label;
    const uint32_t *m = p->columns.items[p->role[QI_IMPORTER]].label;
    for (size_t i = 0; i < p->n; i++)
        if (e[i] == m[i] && rows[i] != UINT32_MAX) {
            trade[i] = from[rows[i]];
            n++;
        }
    free(rows);
    drop_empty(p, trade);
    return qi_gravity_note(b->g, err, "Domestic trade: %zu rows of %.200s, million US$.", n,
                           side->path);
}

static quipu_status add_domestic(builder *b, quipu_error *err) {
    static const char *const names[] = {"domestic", "value", "trade"};
    const char *path = qi_gravity_word(b->g, "domestic");
    qi_side side;
    ptrdiff_t value = -1;
    quipu_status status;
    if (path == NULL)
        return QUIPU_OK;
    QI_GO(qi_side_open(&side, b->g, path, err));
    for (size_t i = 0; i < QI_COUNT(names) && value < 0; i++)
        value = qi_side_find(&side, names[i]);
    if (value < 0) {
        status = qi_fail_at(err, QUIPU_E_DATA, path, 1, 0,
                            "a column called domestic, value or trade is expected");
        goto done;
    }
    qi_side_want(&side, (size_t)value, false);
    status = fill_domestic(b, &side, value, err);
done:
    qi_side_close(&side);
    return status;
}

quipu_status qi_gravity_from_cube(qi_gravity *g, quipu_error *err) {
    builder b = {.g = g,
                 .own = qi_switch(g->measure, g->request, "own-trade"),
                 .domestic = qi_gravity_word(g, "domestic") != NULL};
    quipu_status status;
    if (b.own && b.domestic)
        return qi_fail(err, QUIPU_E_ARG,
                       "domestic trade is the cube's (--own-trade) or that of a table "
                       "(--domestic), not both");
    QI_GO(open_view(&b, err));
    QI_GO(find_classes(&b, err));
    QI_GO(choose(&b, err));
    QI_GO(add_trade(&b, err));
    QI_GO(make_panel(&b, err));
    QI_GO(note_panel(&b, err));
    QI_GO(add_domestic(&b, err));
done:
    free(b.value);
    quipu_mapping_free(&b.own_classes);
    quipu_view_close(&b.view);
    return status;
}
