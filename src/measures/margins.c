/* SPDX-License-Identifier: Apache-2.0 */
/* margins.c - an exporter's share of a market as variety, price and quantity. */
#include "measures/hummels.h"
#include "measures/under.h"

static const quipu_param params[] = {
    {"quantity", QUIPU_PARAM_CHOICE, QI_MATCH_QUANTITY_CHOICES, "auto", QI_MATCH_QUANTITY_HELP},
    {"ratio", QUIPU_PARAM_REAL, NULL, "100",
     "unit values further apart than this factor are taken for errors and not compared"},
    {"estimated", QUIPU_PARAM_SWITCH, NULL, NULL, QI_MATCH_ESTIMATED_HELP},
};

enum {
    VALUE,
    SHARE,
    EXTENSIVE,
    INTENSIVE,
    PRICE,
    QUANTITY,
    COVERAGE,
    PRODUCTS,
    REFERENCE,
    N_FIGURES
};

static const quipu_column_spec columns[N_FIGURES] = {
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"share", "Value over that of others", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
    {"extensive", "Extensive margin", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"intensive", "Intensive margin", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
    {"price", "Price", QUIPU_REAL, QUIPU_FIGURE, "others = 1", 3},
    {"quantity", "Quantity", QUIPU_REAL, QUIPU_FIGURE, "others = 1", 4},
    {"coverage", "Coverage of prices", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"products", "Products", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"reference_products", "Products of others", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
};

typedef struct work {
    qi_ask *ask;
    qi_axis_kind side; /* the axis of exporters */
    qi_under own, all; /* of the exporters, and of everyone */
    qi_match_rule rule;
    qi_priced *market; /* [line of all][period], read when first needed */
    uint8_t *has_market;
    qi_priced_room room;
} work;

/* ---- quantities ---- */

/* Who stands on an axis in this line, as a selection; NULL: as typed. */
static const char *text_of(const work *w, qi_axis_kind kind, uint64_t key, char room[16]) {
    const qi_ask *ask = w->ask;
    size_t n;
    for (size_t a = 0; a < ask->n_shown; a++) {
        const qi_axis *axis = &ask->axes[a];
        if (axis->kind != kind)
            continue;
        size_t label = qi_key_label(axis, key);
        if (axis->listed)
            return kind == QI_AXIS_REPORTER ? ask->reporters[label].text
                                            : ask->partners[label].text;
        snprintf(room, 16, "%03u",
                 quipu_cube_countries(ask->cube, &n)[axis->position[label]].number);
        return room;
    }
    return kind == QI_AXIS_REPORTER ? ask->selection.reporter : ask->selection.partner;
}

static quipu_status read_priced(work *w, uint64_t key, bool all, size_t period, qi_priced *out,
                                quipu_error *err) {
    char reporter[16], partner[16];
    quipu_selection s = w->ask->selection;
    quipu_view view;
    s.reporter = text_of(w, QI_AXIS_REPORTER, key, reporter);
    s.partner = text_of(w, QI_AXIS_PARTNER, key, partner);
    if (all)
        *(w->side == QI_AXIS_REPORTER ? &s.reporter : &s.partner) = "all";
    QI_TRY(qi_view_open(w->ask->cube, w->ask->nomen, &s, true, NULL, &view, err));
    quipu_status status = qi_priced_read(&view, period, &w->rule, &w->room, out, err);
    quipu_view_close(&view);
    return status;
}

static quipu_status market_of(work *w, size_t line, uint64_t key, size_t period,
                              const qi_priced **out, quipu_error *err) {
    size_t at = line * w->all.n_periods + period;
    if (!w->has_market[at])
        QI_TRY(read_priced(w, key, true, period, &w->market[at], err));
    w->has_market[at] = 1;
    *out = &w->market[at];
    return QUIPU_OK;
}

/* ---- the margins of one line in one period ---- */

typedef struct sums {
    quipu_money own, others;   /* in all */
    quipu_money others_in_own; /* of others, in products the exporter sells */
    quipu_money matched_own, matched_others;
    int64_t products, reference;
    double price;
} sums;

/* A product both sell. */
typedef struct common_good {
    double own, others, log_price;
} common_good;

typedef QI_LIST(common_good) common_list;

static quipu_money value_of(const qi_under *u, size_t cell, size_t period) {
    return qi_under_values(u, cell)[period];
}

/* Walks the products of both in order. */
static quipu_status add_up(const work *w, size_t line, size_t market, size_t period,
                           const qi_priced *own, const qi_priced *all, sums *s,
                           common_list *list, quipu_error *err) {
    size_t i = w->own.start[line], end = w->own.start[line + 1];
    for (size_t c = w->all.start[market]; c < w->all.start[market + 1]; c++) {
        uint32_t product = w->all.good[c];
        while (i < end && w->own.good[i] < product)
            i++;
        bool here = i < end && w->own.good[i] == product;
        quipu_money mine = here ? value_of(&w->own, i, period) : 0;
        quipu_money others = value_of(&w->all, c, period) - mine; /* parts of sums that fit */
        common_good good = {(double)mine, (double)others, 0};
        s->own += mine;
        s->others += others;
        s->products += mine > 0;
        s->reference += others > 0;
        if (mine == 0)
            continue;
        s->others_in_own += others;
        if (!qi_priced_relative(&w->rule, own, all, product, &good.log_price))
            continue;
        s->matched_own += mine;
        s->matched_others += others;
        if (!QI_PUSH(list, good))
            return qi_fail_memory(err, sizeof good);
    }
    return QUIPU_OK;
}

/* Sato-Vartia: logarithmic means of the shares as weights. */
static double price_index(const common_list *list, const sums *s) {
    double above = 0, below = 0;
    for (size_t i = 0; i < list->n; i++) {
        const common_good *g = &list->items[i];
        double weight =
            qi_log_mean(g->own / (double)s->matched_own, g->others / (double)s->matched_others);
        above += weight * g->log_price;
        below += weight;
    }
    return below > 0 ? exp(above / below) : NAN;
}

static void put(qi_sheet *sheet, size_t row, const sums *s) {
    double own = (double)s->own, others = (double)s->others, within = (double)s->others_in_own;
    double intensive = within > 0 ? own / within : NAN;
    qi_sheet_integer(sheet, row, VALUE, s->own);
    qi_sheet_integer(sheet, row, PRODUCTS, s->products);
    qi_sheet_integer(sheet, row, REFERENCE, s->reference);
    if (!(others > 0))
        return;
    qi_sheet_real(sheet, row, SHARE, own / others);
    qi_sheet_real(sheet, row, EXTENSIVE, within / others);
    qi_sheet_real(sheet, row, INTENSIVE, intensive);
    if (own + within > 0)
        qi_sheet_real(sheet, row, COVERAGE,
                      ((double)s->matched_own + (double)s->matched_others) / (own + within));
    qi_sheet_real(sheet, row, PRICE, s->price);
    qi_sheet_real(sheet, row, QUANTITY, intensive / s->price);
}

static quipu_status write_row(work *w, qi_sheet *sheet, size_t row, size_t line, size_t period,
                              quipu_error *err) {
    uint64_t key = w->own.line_key[line];
    size_t market = qi_under_find(&w->all, key);
    qi_line dimensions = qi_under_line(&w->own, line);
    QI_TRY(qi_sheet_line(sheet, row, &dimensions, err));
    qi_sheet_period(sheet, row, period);
    if (market == SIZE_MAX || !qi_under_line_known(&w->own, line)[period])
        return QUIPU_OK;
    sums s = {0};
    common_list list = {0};
    qi_priced own = {0};
    const qi_priced *all;
    quipu_status status;
    QI_GO(market_of(w, market, key, period, &all, err));
    QI_GO(read_priced(w, key, false, period, &own, err));
    QI_GO(add_up(w, line, market, period, &own, all, &s, &list, err));
    s.price = price_index(&list, &s);
    put(sheet, row, &s);
done:
    free(own.items);
    free(list.items);
    return status;
}

/* ---- the table ---- */

static quipu_status notes(const work *w, quipu_error *err) {
    qi_ask *ask = w->ask;
    QI_TRY(qi_ask_note(ask, err,
                       "Beside what all others in the cube sell the same market, the exporter "
                       "left out. Share = extensive x intensive margin; intensive = price x "
                       "quantity."));
    QI_TRY(
        qi_ask_note(ask, err,
                    "Price: unit values over those of all others together, with Sato-Vartia "
                    "weights, over the products whose unit values can be compared (coverage: "
                    "their part of the value of both in the exporter's products)."));
    if (quipu_cube_n_products(ask->cube) < 2)
        return qi_ask_note(ask, err,
                           "The cube holds totals only: there is one product, and the "
                           "extensive margin is 100 %%.");
    return QUIPU_OK;
}

static quipu_status write(work *w, quipu_table *out, quipu_error *err) {
    qi_ask *ask = w->ask;
    qi_sheet sheet;
    size_t row = 0;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_FIGURES,
                         w->own.n_lines * w->own.n_periods, out, err));
    for (size_t l = 0; l < w->own.n_lines; l++)
        for (size_t p = 0; p < w->own.n_periods; p++, row++)
            QI_TRY(write_row(w, &sheet, row, l, p, err));
    QI_TRY(
        quipu_table_set_title(out, err,
                              "Margins of the %s%s; denominator: the same market's trade with "
                              "all others",
                              qi_words_trade(ask), qi_words_by(ask)));
    QI_TRY(notes(w, err));
    return qi_sheet_close(&sheet, ask, &w->own.frame, err);
}

/* Axes of the exporters are summed away in the reference. */
static quipu_status make_unders(work *w, quipu_error *err) {
    qi_ask *ask = w->ask;
    qi_cut cut = {0};
    for (size_t a = 0; a < ask->n_shown; a++)
        if (ask->axes[a].kind == w->side)
            cut.drop |= 1u << a;
    if (w->side == QI_AXIS_REPORTER)
        cut.reporter = "all";
    else
        cut.partner = "all";
    QI_TRY(qi_under_make(ask, QI_UNDER_PRODUCT, &w->own, err));
    QI_TRY(qi_under_cut(ask, QI_UNDER_PRODUCT, &cut, &w->all, err));
    size_t n = w->all.n_lines * w->all.n_periods;
    w->market = calloc(n + 1, sizeof *w->market);
    w->has_market = calloc(n + 1, 1);
    return w->market != NULL && w->has_market != NULL
               ? QUIPU_OK
               : qi_fail_memory(err, n * sizeof *w->market);
}

static void close_unders(work *w) {
    for (size_t i = 0; w->market != NULL && i < w->all.n_lines * w->all.n_periods; i++)
        free(w->market[i].items);
    free(w->market);
    free(w->has_market);
    qi_priced_room_free(&w->room);
    qi_under_free(&w->own);
    qi_under_free(&w->all);
}

/* Exporters are the reporters, or of imports the partners; without one named, all of them. */
static quipu_status open_ask(const quipu_request *request, qi_ask *ask, qi_axis_kind *side,
                             quipu_error *err) {
    const quipu_measure *me = &qi_measure_margins;
    qi_wish wish = {.under = "product"};
    QI_TRY(qi_ask_open(ask, me, request, &wish, err));
    bool imports = ask->flows[0] == QUIPU_IMPORT || ask->flows[0] == QUIPU_REIMPORT;
    *side = imports ? QI_AXIS_PARTNER : QI_AXIS_REPORTER;
    const char *name = imports ? "partner" : "reporter";
    if (ask->n_flows > 1) {
        qi_ask_close(ask);
        return qi_fail(err, QUIPU_E_ARG, "flow: margins are of one flow");
    }
    if (qi_argument(me, request, name) != NULL || qi_argument(me, request, "by") != NULL)
        return QUIPU_OK;
    qi_ask_close(ask);
    wish.by = name;
    return qi_ask_open(ask, me, request, &wish, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_ask ask;
    work w = {.ask = &ask};
    QI_TRY(open_ask(request, &ask, &w.side, err));
    quipu_status status;
    QI_GO(qi_match_rule_read(&ask, &w.rule, err));
    QI_GO(make_unders(&w, err));
    QI_GO(write(&w, out, err));
done:
    close_unders(&w);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_margins = {
    .name = "margins",
    .aliases = "hummels-klenow",
    .without = "of periods limit sort total rest",
    .summary = "Does a country sell a market more kinds of goods, or more of each, and dearer?",
    .detail =
        "What an exporter sells in a market, over what all others sell there, is the product "
        "of "
        "two margins. The extensive margin is the weight, in the sales of the others, of the "
        "products the exporter sells at all: variety. The intensive margin is what it sells "
        "over "
        "what the others sell of the same products, and that is price times quantity. The "
        "exporter is the reporter; of imports it is the partner, the reporter being the "
        "market.\n\n"
        "The price is an index of unit values over those of all others together, weighted so "
        "(Sato-Vartia) that price times quantity is the intensive margin exactly. It is taken "
        "over "
        "the products whose unit values can be compared; their part of the value is the "
        "coverage, "
        "and the quantity is the rest of the intensive margin. A unit value is not a price: a "
        "higher one may be a better good.\n\n"
        "A product only this exporter sells adds to the intensive margin alone. Where others "
        "sell nothing at all the margins are missing; where they sell none of the exporter's "
        "products the extensive margin is zero and the intensive one missing. Reference is "
        "what "
        "the cube has: with a dozen exporters, they are \"all others\".",
    .formula =
        "EM = sum_{k in K_ij} X_Wjk / sum_k X_Wjk; IM = X_ij / sum_{k in K_ij} X_Wjk; EM IM = "
        "X_ij/X_Wj; P = prod (p_ijk/p_Wjk)^w_k, w_k = L(s_ijk, s_Wjk)/sum of L, L(a,b) = (b - "
        "a)/(ln b - ln a); Q = IM/P",
    .reference =
        "D. Hummels, P. J. Klenow (2005), The variety and quality of a nation's exports, "
        "American Economic Review 95(3); weights: K. Sato (1976), Y. Vartia (1976).",
    .worked =
        "Others sell Korea 60 copper, 30 fish, 10 wool; Peru sells 12 copper and 6 fish. EM = "
        "90/100, IM = 18/90 = 20 %, EM x IM = 18 %. If Peru's copper and fish cost half of the "
        "others', P = 0.5 and Q = 0.4.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "extensive",
    .example = "--reporter Japan --years 2011",
    .run = run,
};
