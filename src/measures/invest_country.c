/* SPDX-License-Identifier: Apache-2.0 */
/* invest_country.c - where the money of the projects is from, under four rules side by side. */
#include "measures/invest.h"

static const quipu_param params[] = {
    {"by", QUIPU_PARAM_CHOICE, "country owner state", "country",
     "a row for each country, each owner, or state-owned, private and not known"},
    QI_PARAM_KIND,
    QI_PARAMS_PICK,
    {"total", QUIPU_PARAM_SWITCH, NULL, NULL, "add a row with the total of each kind"},
    QI_PARAM_THETA,
    QI_PARAM_UNKNOWN,
    QI_PARAM_AT,
};

static const quipu_column_spec columns[] = {
    {"kind", "Kind of amount", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"country", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"country_name", "Origin", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"look_through", "Look-through", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"share", "Share of look-through", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"immediate", "Immediate investor", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"headline", "Largest holder", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"controller", "Controller", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"low", "Look-through at least", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"high", "Look-through at most", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
};
enum { KIND, CODE, NAME, LOOK, SHARE, IMMEDIATE, HEADLINE, CONTROLLER, LOW, HIGH };
static const int rule_column[QI_N_RULES] = {
    [QI_RULE_ULTIMATE] = LOOK,
    [QI_RULE_IMMEDIATE] = IMMEDIATE,
    [QI_RULE_HEADLINE] = HEADLINE,
    [QI_RULE_CONTROLLER] = CONTROLLER,
};

typedef enum grouping { BY_COUNTRY, BY_OWNER, BY_STATE } grouping;

/* Keys of groups: first the two that are nobody, then countries, owners or kinds of owner. */
enum { KEY_UNDISCLOSED, KEY_UNDECIDED, KEY_FIRST };

typedef struct totals {
    quipu_money rule[QI_N_RULES];
    double low, high;
    bool used;
} totals;

typedef struct count {
    qi_invested *asked;
    qi_graph graph;
    qi_controlled *control;
    qi_picked picked;
    grouping by;
    size_t n_keys;
    totals *cells; /* [kind][key] */
    quipu_money sum[QI_N_AMOUNT_KINDS];
    size_t n_amounts[QI_N_AMOUNT_KINDS], n_without;
    quipu_money through_conduits;
} count;

static size_t key_of(const count *c, uint32_t node) {
    const quipu_register *reg = c->asked->reg;
    const quipu_country *country = qi_node_country(reg, node);
    const qi_entity *entity = qi_node_entity(reg, node);
    switch (c->by) {
    case BY_OWNER: return KEY_FIRST + node;
    case BY_STATE: return KEY_FIRST + (entity != NULL ? entity->state_owned : QI_UNKNOWN);
    case BY_COUNTRY: break;
    }
    return KEY_FIRST + (country != NULL ? (size_t)country->id + 1 : 0);
}

static size_t n_keys(const count *c, size_t n_countries) {
    switch (c->by) {
    case BY_OWNER: return KEY_FIRST + qi_n_nodes(c->asked->reg);
    case BY_STATE: return KEY_FIRST + 3;
    case BY_COUNTRY: break;
    }
    return KEY_FIRST + n_countries + 1;
}

static totals *cell(count *c, unsigned kind, size_t key) {
    return &c->cells[kind * c->n_keys + key];
}

/* ---- adding up ---- */

static quipu_status add_amount(count *c, const qi_investment *v, quipu_error *err) {
    qi_parts parts = {0};
    quipu_status status = QUIPU_OK;
    for (int rule = 0; rule < QI_N_RULES; rule++) {
        parts.n = 0;
        QI_GO(qi_attribute(&c->graph, c->control, v, (qi_rule)rule, &parts, err));
        for (size_t i = 0; i < parts.n; i++) {
            const qi_part_of *part = &parts.items[i];
            size_t key = part->nobody == QI_UNDISCLOSED ? (size_t)KEY_UNDISCLOSED
                         : part->nobody == QI_UNDECIDED ? (size_t)KEY_UNDECIDED
                                                        : key_of(c, part->node);
            totals *at = cell(c, v->kind, key);
            at->used = true;
            const qi_entity *e =
                part->node != QI_NONE ? qi_node_entity(c->asked->reg, part->node) : NULL;
            bool conduit = rule == QI_RULE_IMMEDIATE && e != NULL && e->conduit;
            if (!qi_add_money(&at->rule[rule], part->sum) ||
                (conduit && !qi_add_money(&c->through_conduits, part->sum))) {
                status = qi_fail(err, QUIPU_E_LIMIT, "the amounts add up to more than fits");
                goto done;
            }
        }
    }
    if (!qi_add_money(&c->sum[v->kind], v->amount))
        status = qi_fail(err, QUIPU_E_LIMIT, "the amounts add up to more than fits");
    c->n_amounts[v->kind]++;
done:
    free(parts.items);
    return status;
}

static bool picked(const count *c, const qi_investment *v) {
    size_t project = v->project - c->asked->reg->entities.n;
    return qi_picks_project(c->asked, &c->picked, project) &&
           (c->picked.kind < 0 || (v->has_kind && v->kind == c->picked.kind));
}

static quipu_status add_amounts(count *c, quipu_error *err) {
    const quipu_register *reg = c->asked->reg;
    for (size_t i = 0; i < reg->investments.n; i++) {
        const qi_investment *v = &reg->investments.items[i];
        if (!picked(c, v))
            continue;
        if (!v->stated) {
            c->n_without++;
            continue;
        }
        qi_invested_cite(c->asked, v->source);
        QI_TRY(add_amount(c, v, err));
    }
    return QUIPU_OK;
}

/* ---- bounds of the look-through column ---- */

static quipu_status add_bounds(count *c, size_t key, const double *least, const double *most,
                               quipu_error *err) {
    const quipu_register *reg = c->asked->reg;
    qi_parts parts = {0};
    quipu_status status = QUIPU_OK;
    for (size_t i = 0; i < reg->investments.n; i++) {
        const qi_investment *v = &reg->investments.items[i];
        if (!picked(c, v) || !v->stated)
            continue;
        totals *at = cell(c, v->kind, key);
        parts.n = 0;
        if (v->n_companies > 0) /* under the immediate rule these are the companies named */
            QI_GO(qi_attribute(&c->graph, c->control, v, QI_RULE_IMMEDIATE, &parts, err));
        else if (!QI_PUSH(&parts, ((qi_part_of){.node = v->project, .sum = v->amount})))
            QI_GO(qi_fail_memory(err, 0));
        for (size_t p = 0; p < parts.n; p++) {
            uint32_t node = c->graph.local[parts.items[p].node];
            at->low += (double)parts.items[p].sum * least[node];
            at->high += (double)parts.items[p].sum * most[node];
        }
        at->used = at->used || at->high > 0.0;
    }
done:
    free(parts.items);
    return status;
}

static quipu_status bound_keys(count *c, quipu_error *err) {
    qi_graph *g = &c->graph;
    qi_arena *a = &c->asked->arena;
    double *floor = qi_arena_alloc(a, (g->n + 1) * sizeof *floor);
    double *high = qi_arena_alloc(a, (g->n + 1) * sizeof *high);
    uint8_t *mark = qi_arena_alloc(a, g->n + 1), *seen = qi_arena_alloc(a, c->n_keys);
    if (floor == NULL || high == NULL || mark == NULL || seen == NULL)
        return qi_fail_memory(err, g->n * 16);
    for (size_t j = 0; j < g->n; j++) {
        size_t key = key_of(c, g->node[j]);
        if (!g->ultimate[j] || seen[key])
            continue;
        seen[key] = 1;
        for (size_t k = 0; k < g->n; k++)
            mark[k] = g->ultimate[k] && key_of(c, g->node[k]) == key;
        QI_TRY(qi_share_floor(g, mark, floor, err));
        QI_TRY(qi_share_bound(g, mark, false, high, err));
        QI_TRY(add_bounds(c, key, floor, high, err));
    }
    for (size_t k = 0; k < g->n; k++)
        mark[k] = g->ultimate[k];
    QI_TRY(qi_share_floor(g, mark, high, err));
    memset(mark, 0, g->n);
    QI_TRY(qi_share_bound(g, mark, true, floor, err));
    for (size_t k = 0; k < g->n; k++)
        high[k] = 1.0 - high[k];
    return add_bounds(c, KEY_UNDISCLOSED, floor, high, err);
}

/* ---- rows ---- */

typedef struct country_row {
    size_t key;
    const totals *cell;
    const char *code, *name;
} country_row;

static int largest_first(const void *left, const void *right) {
    const country_row *a = left, *b = right;
    if ((a->key < KEY_FIRST) != (b->key < KEY_FIRST))
        return a->key < KEY_FIRST ? 1 : -1;
    if (a->key < KEY_FIRST)
        return a->key < b->key ? -1 : 1;
    if (a->cell->rule[QI_RULE_ULTIMATE] != b->cell->rule[QI_RULE_ULTIMATE])
        return a->cell->rule[QI_RULE_ULTIMATE] > b->cell->rule[QI_RULE_ULTIMATE] ? -1 : 1;
    return strcmp(a->code, b->code);
}

static void name_row(const count *c, country_row *row, const quipu_country *countries,
                     size_t n_countries) {
    static const char *const state_code[] = {"unknown", "private", "state"};
    static const char *const state_name[] = {"Not known whether state-owned", "Not state-owned",
                                             "State-owned"};
    size_t at = row->key - KEY_FIRST;
    if (row->key < KEY_FIRST) {
        row->code = row->key == KEY_UNDISCLOSED ? "undisclosed" : "undecided";
        row->name = row->key == KEY_UNDISCLOSED ? "Undisclosed holders"
                                                : "No single largest holder or controller";
    } else if (c->by == BY_OWNER) {
        row->code = qi_node_id(c->asked->reg, (uint32_t)at);
        row->name = qi_node_name(c->asked->reg, (uint32_t)at);
    } else if (c->by == BY_STATE) {
        row->code = state_code[at];
        row->name = state_name[at];
    } else {
        const quipu_country *country = at > 0 && at <= n_countries ? &countries[at - 1] : NULL;
        row->code = qi_country_code(country);
        row->name = qi_country_name(country);
    }
}

static quipu_status put_row(count *c, unsigned kind, const country_row *from, bool bounds,
                            quipu_error *err) {
    quipu_table *out = c->asked->out;
    size_t row;
    QI_TRY(quipu_table_add_rows(out, 1, &row, err));
    QI_TRY(quipu_table_set_text(out, KIND, row, qi_amount_kinds[kind], err));
    QI_TRY(quipu_table_set_text(out, CODE, row, from->code, err));
    QI_TRY(quipu_table_set_text(out, NAME, row, from->name, err));
    for (int rule = 0; rule < QI_N_RULES; rule++)
        quipu_table_set_integer(out, (size_t)rule_column[rule], row, from->cell->rule[rule]);
    quipu_money look = from->cell->rule[QI_RULE_ULTIMATE];
    if (c->sum[kind] > 0)
        quipu_table_set_real(out, SHARE, row, (double)look / (double)c->sum[kind]);
    if (!bounds || from->key == KEY_UNDECIDED)
        return QUIPU_OK;
    /* Bounds are doubles; they must not exclude the exact figure by their last bit. */
    quipu_money low = (quipu_money)floor(from->cell->low);
    quipu_money high = (quipu_money)ceil(from->cell->high);
    quipu_table_set_integer(out, LOW, row, low < look ? low : look);
    quipu_table_set_integer(out, HIGH, row, high > look ? high : look);
    return QUIPU_OK;
}

static quipu_status put_kind(count *c, unsigned kind, bool bounds, quipu_error *err) {
    const quipu_country *countries;
    size_t n_countries, n = 0;
    QI_TRY(quipu_countries(c->asked->request->nomen, &countries, &n_countries, err));
    country_row *rows = qi_arena_alloc(&c->asked->arena, (c->n_keys + 1) * sizeof *rows);
    if (rows == NULL)
        return qi_fail_memory(err, c->n_keys * sizeof *rows);
    for (size_t key = 0; key < c->n_keys; key++) {
        rows[n] = (country_row){.key = key, .cell = cell(c, kind, key)};
        if (!rows[n].cell->used)
            continue;
        name_row(c, &rows[n++], countries, n_countries);
    }
    qsort(rows, n, sizeof *rows, largest_first);
    for (size_t i = 0; i < n; i++)
        QI_TRY(put_row(c, kind, &rows[i], bounds, err));
    if (n > 0 && qi_switch(c->asked->measure, c->asked->request, "total")) {
        totals all = {0};
        for (int rule = 0; rule < QI_N_RULES; rule++)
            all.rule[rule] = c->sum[kind];
        country_row total = {KEY_UNDECIDED, &all, "total", "Total"};
        QI_TRY(put_row(c, kind, &total, bounds, err));
    }
    return QUIPU_OK;
}

static quipu_status notes(count *c, quipu_error *err) {
    quipu_table *out = c->asked->out;
    char money[QI_NUMBER_TEXT];
    QI_TRY(quipu_table_add_note(
        out, err,
        "Amounts of different kinds are not added up. Each rule divides the same total: "
        "look-through among ultimate owners, immediate among direct holders; largest holder "
        "and controller give each amount whole to one."));
    if (c->n_without > 0)
        QI_TRY(quipu_table_add_note(out, err,
                                    "%zu investment%s of the register without an amount %s not "
                                    "counted.",
                                    c->n_without, c->n_without == 1 ? "" : "s",
                                    c->n_without == 1 ? "is" : "are"));
    if (c->through_conduits > 0) {
        qi_format_scaled_rounded(money, c->through_conduits, 9, 1);
        QI_TRY(quipu_table_add_note(out, err,
                                    "%s million US$ came through conduits: the immediate "
                                    "investor's country is not where they are from.",
                                    money));
    }
    return qi_invested_finish(c->asked, &c->graph, err);
}

static quipu_status write(count *c, quipu_error *err) {
    static const char *const by_words[] = {"country", "owner", "ownership by the state"};
    bool bounds = c->graph.n_unknown + c->graph.n_ranged > 0;
    quipu_column_spec specs[QI_COUNT(columns)];
    memcpy(specs, columns, sizeof columns);
    if (c->by == BY_OWNER) {
        specs[CODE].name = "owner";
        specs[NAME].name = "owner_name";
        specs[NAME].label = "Owner";
    } else if (c->by == BY_STATE) {
        specs[CODE].name = "state_owned";
        specs[NAME].name = "state_owned_name";
        specs[NAME].label = "Owner";
    }
    QI_TRY(quipu_table_init(c->asked->out, c->asked->measure->name, specs,
                            bounds ? QI_COUNT(columns) : LOW, err));
    QI_TRY(add_amounts(c, err));
    if (bounds)
        QI_TRY(bound_keys(c, err));
    for (unsigned kind = 0; kind < QI_N_AMOUNT_KINDS; kind++)
        QI_TRY(put_kind(c, kind, bounds, err));
    QI_TRY(quipu_table_set_title(c->asked->out, err, "Origin of the investments, by %s",
                                 by_words[c->by]));
    return notes(c, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_invested asked;
    count c = {.asked = &asked};
    uint32_t *targets;
    size_t n_targets, n_countries;
    quipu_status status;
    QI_GO(qi_invested_open(&asked, &qi_measure_invest_country, request, out, err));
    QI_GO(qi_picked_read(&asked, &c.picked, err));
    c.by = (grouping)qi_choice_of(asked.measure, request, "by");
    QI_GO(quipu_countries(request->nomen, &(const quipu_country *){NULL}, &n_countries, err));
    c.n_keys = n_keys(&c, n_countries);
    QI_GO(qi_picked_targets(&asked, &c.picked, &targets, &n_targets, err));
    QI_GO(qi_graph_open(asked.reg, asked.date, targets, n_targets, asked.unknown, NULL, NULL,
                        &c.graph, err));
    c.control = qi_arena_alloc(&asked.arena, (c.graph.n + 1) * sizeof *c.control);
    c.cells = calloc(c.n_keys * QI_N_AMOUNT_KINDS, sizeof *c.cells);
    if (c.control == NULL || c.cells == NULL) {
        status = qi_fail_memory(err, c.n_keys * sizeof *c.cells);
        goto done;
    }
    QI_GO(qi_control(&c.graph, asked.theta, c.control, err));
    status = write(&c, err);
done:
    free(c.cells);
    qi_graph_close(&c.graph);
    qi_invested_close(&asked);
    return status;
}

const quipu_measure qi_measure_invest_country = {
    .name = "invest-country",
    .needs = QUIPU_NEEDS_REGISTER,
    .summary = "Where is the money of the projects from?",
    .detail =
        "The amounts of the register by country of origin, under four rules side by side. "
        "Look-through: each amount is divided among the ultimate owners by their shares "
        "through any chain. Immediate investor: among the direct holders, by the country they "
        "are registered in. Largest holder: all of it to the country of the holder with the "
        "largest stake, as headlines have it. Controller: all of it to the country of whoever "
        "has more than theta of the votes.\n\n"
        "Every rule divides the same total, to the last digit: what undisclosed holders have, "
        "and amounts without a single largest holder or controller, are rows of their own. "
        "An amount that names companies is theirs and is divided among them by their stakes, "
        "or equally where these are not stated; one that names none belongs to the whole "
        "project. Amounts of different kinds (announced, planned, committed, disbursed, price "
        "of an acquisition, sale) are never added up.\n\n"
        "Beside --by country there are --by owner and --by state, the part of the state-owned.",
    .formula = "I_c = sum over amounts p of U_cp I_p, U the look-through shares; likewise with "
               "direct shares; I_p whole to one holder under the other two rules",
    .reference =
        "OECD (2008), Benchmark Definition of Foreign Direct Investment, 4th edition, on "
        "immediate and ultimate investors; F. Brioschi, L. Buzzacchi & M. Colombo (1989).",
    .worked =
        "A project of 100, held by H of the Netherlands with 60 % and X of Peru with 40 %; H "
        "is "
        "held by C of China. Look-through: China 60, Peru 40. Immediate: Netherlands 60, Peru "
        "40. Largest holder: Netherlands 100. Controller: China 100.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "look_through",
    .example = "--kind planned",
    .run = run,
};
