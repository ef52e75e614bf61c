/* SPDX-License-Identifier: Apache-2.0 */
/* terms_of_trade.c - what exports buy: prices and volumes of exports over those of imports. */
#include "measures/price_index.h"

static const quipu_param params[] = {QI_PRICE_PARAMS};

enum {
    EXPORT_PRICE,
    IMPORT_PRICE,
    NET,
    INCOME,
    GROSS,
    EXPORT_VOLUME,
    IMPORT_VOLUME,
    EXPORT_COVERAGE,
    IMPORT_COVERAGE,
    N_FIGURES
};

static const quipu_column_spec columns[N_FIGURES] = {
    {"export_price", "Export price", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"import_price", "Import price", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"net_barter", "Net barter", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"income", "Income", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"gross_barter", "Gross barter", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"export_volume", "Export volume", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"import_volume", "Import volume", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"export_coverage", "Coverage, exports", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"import_coverage", "Coverage, imports", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

/* One flow with its prices.  The lines of both sides stand in the order of the exports. */
typedef struct side {
    qi_ask ask;
    qi_frame frame;
    qi_lines lines;
    qi_match_lines match;
    qi_price_plan plan;
} side;

static quipu_status open_ask(side *s, const quipu_request *request, const char *flow,
                             const char *years, quipu_period base, quipu_error *err) {
    const quipu_measure *me = &qi_measure_terms_of_trade;
    qi_wish wish = {.flows = flow, .years = years};
    QI_TRY(qi_price_method_read(me, request, &s->plan.method, err));
    QI_TRY(qi_ask_open(&s->ask, me, request, &wish, err));
    QI_TRY(qi_base_place(&s->ask, base, &s->plan.years, err));
    s->plan.sigma = NAN;
    s->plan.match = &s->match;
    return qi_frame_make(&s->ask, NULL, &s->frame, err);
}

static quipu_status match(side *s, quipu_error *err) {
    qi_match_rule rule;
    QI_TRY(qi_match_rule_read(&s->ask, &rule, err));
    rule.index = true;
    QI_TRY(qi_price_links(&s->ask, &s->plan, err));
    return qi_match_lines_make(&s->ask, &rule, s->plan.links, s->plan.n_links, &s->lines,
                               &s->match, err);
}

/* The imports of the rows of the exports: missing where there are none. */
static quipu_status pair_lines(const side *exports, side *imports, quipu_error *err) {
    size_t n = imports->frame.n_periods;
    qi_lines *out = &imports->lines;
    uint8_t *unknown = qi_arena_alloc(&out->arena, n + 1);
    quipu_money *zero = qi_arena_alloc(&out->arena, (n + 1) * sizeof *zero);
    out->items = calloc(exports->lines.n + 1, sizeof *out->items);
    if (unknown == NULL || zero == NULL || out->items == NULL)
        return qi_fail_memory(err, exports->lines.n * sizeof *out->items);
    for (size_t i = 0; i < exports->lines.n; i++) {
        size_t row = qi_frame_find(&imports->frame, exports->lines.items[i].key);
        out->items[i] =
            (qi_line){.key = exports->lines.items[i].key, .value = zero, .known = unknown};
        if (row == QI_NO_ROW)
            continue;
        out->items[i].value = imports->frame.value + row * n;
        out->items[i].known = imports->frame.known + row * n;
    }
    out->n = exports->lines.n;
    return QUIPU_OK;
}

static quipu_status figures(const side *exports, const side *imports, qi_sheet *sheet,
                            size_t row, size_t line, size_t period, quipu_error *err) {
    qi_price_point x, m;
    QI_TRY(qi_price_find(&exports->ask, &exports->plan, line, period, &x, err));
    QI_TRY(qi_price_find(&imports->ask, &imports->plan, line, period, &m, err));
    double net = x.index.fisher / m.index.fisher;
    qi_sheet_real(sheet, row, EXPORT_PRICE, 100 * x.index.fisher);
    qi_sheet_real(sheet, row, IMPORT_PRICE, 100 * m.index.fisher);
    qi_sheet_real(sheet, row, NET, 100 * net);
    qi_sheet_real(sheet, row, INCOME, 100 * net * x.index.volume);
    qi_sheet_real(sheet, row, GROSS, 100 * m.index.volume / x.index.volume);
    qi_sheet_real(sheet, row, EXPORT_VOLUME, 100 * x.index.volume);
    qi_sheet_real(sheet, row, IMPORT_VOLUME, 100 * m.index.volume);
    qi_sheet_real(sheet, row, EXPORT_COVERAGE, x.coverage);
    qi_sheet_real(sheet, row, IMPORT_COVERAGE, m.coverage);
    return QUIPU_OK;
}

static quipu_status write(side *exports, const side *imports, quipu_table *out,
                          quipu_error *err) {
    qi_ask *ask = &exports->ask;
    const qi_base_year *years = &exports->plan.years;
    qi_sheet sheet;
    size_t row = 0;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_FIGURES,
                         exports->lines.n * years->n_shown, out, err));
    for (size_t i = 0; i < exports->lines.n; i++)
        for (size_t p = 0; p < exports->frame.n_periods; p++) {
            if (!years->shown[p])
                continue;
            QI_TRY(qi_sheet_line(&sheet, row, &exports->lines.items[i], err));
            qi_sheet_period(&sheet, row, p);
            QI_TRY(figures(exports, imports, &sheet, row, i, p, err));
            row++;
        }
    QI_TRY(qi_price_note(ask, &exports->plan, err));
    QI_TRY(qi_ask_note(ask, err,
                       "Net barter: price of exports over price of imports. Income: "
                       "that times the volume of exports. Gross barter: volume of "
                       "imports over volume of exports. Indices are of matched items."));
    const char *valuation = quipu_cube_meta(ask->cube, "valuation");
    if (valuation != NULL)
        QI_TRY(qi_ask_note(ask, err, "Valuation: %s.", valuation));
    QI_TRY(quipu_table_set_title(out, err,
                                 "Terms of trade: %s over imports%s, "
                                 "%d = 100",
                                 qi_words_trade(ask), qi_words_by(ask),
                                 (int)ask->periods[years->base]));
    return qi_sheet_close(&sheet, ask, &exports->frame, err);
}

static void close_side(side *s) {
    qi_match_lines_free(&s->match);
    qi_lines_free(&s->lines);
    qi_frame_free(&s->frame);
    if (s->ask.measure != NULL)
        qi_ask_close(&s->ask);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_terms_of_trade;
    qi_arena arena = {0};
    side exports = {0}, imports = {0};
    const char *years;
    quipu_period base;
    quipu_status status;
    QI_GO(qi_base_read(me, request, &arena, &years, &base, err));
    QI_GO(open_ask(&exports, request, "export", years, base, err));
    years = qi_ask_years(&exports.ask);
    QI_GO(open_ask(&imports, request, "import", years, base, err));
    QI_GO(qi_lines_make(&exports.ask, &exports.frame, QI_LINES_NO_TOTAL, &exports.lines, err));
    QI_GO(pair_lines(&exports, &imports, err));
    QI_GO(match(&exports, err));
    QI_GO(match(&imports, err));
    QI_GO(write(&exports, &imports, out, err));
done:
    close_side(&exports);
    close_side(&imports);
    qi_arena_free(&arena);
    return status;
}

const quipu_measure qi_measure_terms_of_trade = {
    .name = "terms-of-trade",
    .aliases = "tot net-barter",
    .summary = "Do exports buy more imports than they did?",
    .without = "of flow periods total rest",
    .detail =
        "Indices of price and volume of exports and of imports, as the measure price has them "
        "(Fisher, of matched items), put together. Net barter is the price of exports over "
        "that "
        "of imports: above 100 a ton of exports buys more than in the base year. Income is "
        "that "
        "times the volume of exports: what all exports buy. Gross barter is the volume of "
        "imports over that of exports: how much comes in for what goes out.\n\n"
        "Both flows need quantities or weights, and an index of little coverage says little. "
        "--chain and --geks are as in price. Unit values are not prices: a better mix of goods "
        "within a code looks like a rise. Missing where the base or the year was not reported "
        "on either side, or nothing is matched.",
    .formula = "N = 100 P_X / P_M; I = N Q_X; G = 100 Q_M / Q_X; P, Q Fisher indices, base = 1",
    .reference =
        "J. Viner (1937), Studies in the Theory of International Trade, Harper; F. Taussig "
        "(1927), International Trade, Macmillan; G. Dorrance (1948), The income terms of "
        "trade, "
        "Review of Economic Studies 16(1).",
    .worked =
        "Copper exports of 10 t at 2 become 12 t at 3; imports of 5 cars at 4 become 6 at 5. "
        "Price of exports 150, of imports 125: net barter 120. Volumes 120 and 120: income "
        "144, "
        "gross barter 100.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "net_barter",
    .example = "--reporter Peru --years 2017-2021 --chain",
    .run = run,
};
