/* SPDX-License-Identifier: Apache-2.0 */
/* price.c - indices of price and volume from unit values. */
#include "measures/price_index.h"

static const quipu_param params[] = {
    QI_PRICE_PARAMS,
    {"sigma", QUIPU_PARAM_REAL, NULL, NULL,
     "elasticity of substitution, above 1: adds Feenstra's correction for goods that come and "
     "go"},
};

enum {
    VALUE,
    FISHER,
    LASPEYRES,
    PAASCHE,
    TORNQVIST,
    VOLUME,
    REAL,
    COVERAGE,
    ITEMS,
    VARIETY,
    CORRECTED,
    N_FIGURES
};

static const quipu_column_spec columns[N_FIGURES] = {
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"fisher", "Price (Fisher)", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"laspeyres", "Laspeyres", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"paasche", "Paasche", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"tornqvist", "T\u00f6rnqvist", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"volume", "Volume (Fisher)", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"real_value", "Value at base prices", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"coverage", "Coverage", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"matched", "Matched items", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"variety", "Variety factor", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"corrected", "Price with variety", QUIPU_REAL, QUIPU_FIGURE, "", 1},
};

static quipu_status figures(const qi_ask *ask, const qi_price_plan *p, qi_sheet *sheet,
                            size_t row, size_t line_number, size_t period, quipu_error *err) {
    const qi_line *line = &p->match->lines->items[line_number];
    qi_price_point at;
    if (line->known[period])
        qi_sheet_integer(sheet, row, VALUE, line->value[period]);
    QI_TRY(qi_price_find(ask, p, line_number, period, &at, err));
    qi_sheet_real(sheet, row, FISHER, 100 * at.index.fisher);
    qi_sheet_real(sheet, row, LASPEYRES, 100 * at.index.laspeyres);
    qi_sheet_real(sheet, row, PAASCHE, 100 * at.index.paasche);
    qi_sheet_real(sheet, row, TORNQVIST, 100 * at.index.tornqvist);
    qi_sheet_real(sheet, row, VOLUME, 100 * at.index.volume);
    qi_sheet_real(sheet, row, COVERAGE, at.coverage);
    if (!isnan(p->sigma)) {
        qi_sheet_real(sheet, row, VARIETY, at.variety);
        qi_sheet_real(sheet, row, CORRECTED, 100 * at.index.fisher * at.variety);
    }
    if (!line->known[p->years.base] || !line->known[period])
        return QUIPU_OK;
    qi_sheet_integer(sheet, row, ITEMS, (int64_t)at.items);
    double real = (double)line->value[period] / at.index.fisher;
    if (isfinite(real) && real < 9e18)
        qi_sheet_integer(sheet, row, REAL, (int64_t)rint(real));
    return QUIPU_OK;
}

static quipu_status notes(qi_ask *ask, const qi_price_plan *p, quipu_error *err) {
    char sigma[QI_NUMBER_TEXT];
    QI_TRY(qi_price_note(ask, p, err));
    QI_TRY(qi_ask_note(ask, err,
                       "Price and volume are of the matched items; coverage is their part of "
                       "the value of both years. Value at base prices is all of the value over "
                       "the %s index of price.",
                       p->method == QI_PRICE_GEKS ? "GEKS" : "Fisher"));
    qi_format_double(sigma, p->sigma);
    if (!isnan(p->sigma))
        QI_TRY(qi_ask_note(ask, err,
                           "Variety factor: the part of the last year's value in goods traded "
                           "in both years over the same part of the first year's, to the power "
                           "1/(sigma - 1), sigma = %s; below 1 new goods outweigh lost ones.",
                           sigma));
    return qi_match_note(ask, &p->match->rows, err);
}

static quipu_status write(qi_ask *ask, const qi_price_plan *p, const qi_frame *frame,
                          quipu_table *out, quipu_error *err) {
    qi_sheet sheet;
    size_t row = 0;
    const qi_lines *lines = p->match->lines;
    quipu_column_spec specs[N_FIGURES];
    memcpy(specs, columns, sizeof specs);
    if (p->method == QI_PRICE_GEKS) {
        specs[FISHER].label = "Price (GEKS)";
        specs[VOLUME].label = "Volume (GEKS)";
    }
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, specs,
                         isnan(p->sigma) ? VARIETY : N_FIGURES, lines->n * p->years.n_shown,
                         out, err));
    for (size_t i = 0; i < lines->n; i++)
        for (size_t t = 0; t < frame->n_periods; t++) {
            if (!p->years.shown[t])
                continue;
            QI_TRY(qi_sheet_line(&sheet, row, &lines->items[i], err));
            qi_sheet_period(&sheet, row, t);
            QI_TRY(figures(ask, p, &sheet, row, i, t, err));
            row++;
        }
    QI_TRY(notes(ask, p, err));
    QI_TRY(quipu_table_set_title(out, err, "Price and volume of the %s%s, %d = 100",
                                 qi_words_trade(ask), qi_words_by(ask),
                                 (int)ask->periods[p->years.base]));
    return qi_sheet_close(&sheet, ask, frame, err);
}

static quipu_status check_sigma(const qi_price_plan *p, quipu_error *err) {
    if (isnan(p->sigma))
        return QUIPU_OK;
    if (!(p->sigma > 1) || p->sigma > 1000)
        return qi_fail(err, QUIPU_E_ARG, "sigma: an elasticity above 1, at most 1000");
    if (p->method == QI_PRICE_GEKS)
        return qi_fail(err, QUIPU_E_ARG,
                       "--sigma corrects links between two years: direct or "
                       "with --chain, not --geks");
    return QUIPU_OK;
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_price;
    qi_arena arena = {0};
    qi_ask ask = {0};
    qi_frame frame = {0};
    qi_lines lines = {0};
    qi_match_lines match = {0};
    qi_match_rule rule;
    qi_price_plan p = {.match = &match, .sigma = qi_real(me, request, "sigma", NAN)};
    qi_wish wish = {0};
    quipu_period base;
    quipu_status status;
    QI_GO(qi_price_method_read(me, request, &p.method, err));
    QI_GO(check_sigma(&p, err));
    QI_GO(qi_base_read(me, request, &arena, &wish.years, &base, err));
    QI_GO(qi_ask_open(&ask, me, request, &wish, err));
    QI_GO(qi_base_place(&ask, base, &p.years, err));
    QI_GO(qi_match_rule_read(&ask, &rule, err));
    rule.index = true;
    QI_GO(qi_price_links(&ask, &p, err));
    QI_GO(qi_frame_make(&ask, NULL, &frame, err));
    QI_GO(qi_lines_make(&ask, &frame, 0, &lines, err));
    QI_GO(qi_match_lines_make(&ask, &rule, p.links, p.n_links, &lines, &match, err));
    QI_GO(write(&ask, &p, &frame, out, err));
done:
    qi_match_lines_free(&match);
    qi_lines_free(&lines);
    qi_frame_free(&frame);
    qi_ask_close(&ask);
    qi_arena_free(&arena);
    return status;
}

const quipu_measure qi_measure_price = {
    .name = "price",
    .aliases = "prices volume unit-value",
    .summary = "How did prices and volumes move, with a base year of 100?",
    .without = "of periods",
    .detail =
        "Indices of price and volume from unit values, value over quantity, of the items that "
        "two years have in common: the same reporter, partner, product and unit, both "
        "quantities reported, and unit values within a factor of --ratio. Laspeyres weighs by "
        "the quantities of the base, Paasche by those of the year, Fisher is their geometric "
        "mean, T\u00f6rnqvist weighs by mean shares. The volume is Fisher's: price times "
        "volume is "
        "the ratio of the matched values. Value at base prices divides all of the value, "
        "matched or not, by the Fisher index of price.\n\n"
        "Without --chain each year is compared with the base; with it neighbouring years are "
        "compared and the indices multiplied, which keeps more items matched over a long "
        "stretch and drifts when prices swing. A year that is missing breaks the chain: leave "
        "it out of --years to link over it. With --geks every pair of years is compared and "
        "the "
        "index is the geometric mean of all ways over one other year: it neither drifts nor "
        "depends on the base, but a new year changes the earlier ones; a pair of years without "
        "a common item leaves it missing. With --sigma, the elasticity of substitution, the "
        "price is also given with Feenstra's correction for goods that are new or lost. The "
        "coverage beside each index is the matched part "
        "of the value; an index of little coverage says little. Unit values mix price and "
        "kind: see decompose.",
    .formula =
        "P_L = sum p1 q0 / sum p0 q0; P_P = sum p1 q1 / sum p0 q1; P_F = "
        "sqrt(P_L P_P); ln P_T = sum (s0 + s1)/2 ln(p1/p0); Q_F = sqrt(Q_L Q_P); "
        "P_F Q_F = V1/V0; chain: the product of P over neighbouring years; GEKS P_0t = prod_l "
        "(F_0l F_lt)^(1/T); with variety P_F (lambda_1/lambda_0)^(1/(sigma - 1)), lambda_t "
        "the share of goods traded in both years in the value of t",
    .reference =
        "IMF (2009), Export and Import Price Index Manual; I. Fisher (1922), The Making "
        "of Index Numbers; L. T\u00f6rnqvist (1936), The Bank of Finland's consumption "
        "price index, Bank of Finland Monthly Bulletin 10; L. Ivancic, W. Diewert "
        "and K. Fox (2011), Scanner data, time aggregation and the construction of price "
        "indexes, Journal of Econometrics 161(1) (GEKS over time); R. Feenstra (1994), New "
        "product varieties and the measurement of international prices, American Economic "
        "Review 84(1).",
    .worked =
        "Copper 10 t at 2 and fish 5 t at 4 (values 20 and 20) become copper 12 t at 3 and "
        "fish "
        "4 t at 5 (36 and 20). Laspeyres (30 + 25)/40 = 137.5; Paasche 56/(24 + 16) = 140; "
        "Fisher 138.7; volume sqrt(40/40 x 56/55) = 100.9; and 1.387 x 1.009 = 56/40. If 14 of "
        "zinc is new in the second year, lambda is 56/70 = 0.8 after 1, and with sigma 3 the "
        "price is 138.7 x 0.8^(1/2) = 124.1.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "fisher",
    .example = "--reporter Peru --partner China,Japan --years 2000-2011 --chain",
    .run = run,
};
