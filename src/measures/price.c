/* SPDX-License-Identifier: Apache-2.0 */
/* price.c - indices of price and volume from unit values. */
#include "measures/matched.h"

static const quipu_param params[] = {
    {"base", QUIPU_PARAM_TEXT, NULL, NULL,
     "the year that is 100; the first one when not given"},
    {"chain", QUIPU_PARAM_SWITCH, NULL, NULL,
     "multiply the indices of neighbouring years instead of comparing each with the base"},
    {"quantity", QUIPU_PARAM_CHOICE, QI_MATCH_QUANTITY_CHOICES, "auto", QI_MATCH_QUANTITY_HELP},
    {"ratio", QUIPU_PARAM_REAL, NULL, "5", QI_MATCH_RATIO_HELP},
    {"estimated", QUIPU_PARAM_SWITCH, NULL, NULL, QI_MATCH_ESTIMATED_HELP},
};

enum { VALUE, FISHER, LASPEYRES, PAASCHE, TORNQVIST, VOLUME, REAL, COVERAGE, ITEMS, N_FIGURES };

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
};

typedef struct plan {
    qi_base_year years;
    bool chain;
    const qi_frame *frame;
    const qi_match_lines *match;
} plan;

/* Link p of the list leads to period p: from the base, or in a chain from the neighbour on the
 * side of the base, so that the chain goes outward from the base in both directions. */
static quipu_status make_links(qi_ask *ask, const plan *p, qi_link **out, quipu_error *err) {
    qi_link *links = qi_arena_alloc(&ask->arena, (ask->n_periods + 1) * sizeof *links);
    size_t base = p->years.base;
    if (links == NULL)
        return qi_fail_memory(err, ask->n_periods * sizeof *links);
    for (size_t i = 0; i < ask->n_periods; i++) {
        size_t from = base;
        if (p->chain && i != base)
            from = i > base ? i - 1 : i + 1;
        links[i] = (qi_link){from, i};
    }
    *out = links;
    return QUIPU_OK;
}

typedef struct point {
    qi_match_index index; /* base = 1 */
    double coverage;      /* of a chain the lowest of its links */
    uint64_t items;       /* the fewest */
} point;

static void lengthen(point *chain, const point *link) {
    chain->index.laspeyres *= link->index.laspeyres;
    chain->index.paasche *= link->index.paasche;
    chain->index.fisher *= link->index.fisher;
    chain->index.tornqvist *= link->index.tornqvist;
    chain->index.volume *= link->index.volume;
    if (!(chain->coverage < link->coverage))
        chain->coverage = link->coverage;
    chain->items = link->items < chain->items ? link->items : chain->items;
}

static quipu_status link_point(const qi_ask *ask, const plan *p, size_t line_number,
                               size_t period, point *out, quipu_error *err) {
    qi_match_sums sums;
    QI_TRY(qi_match_line(ask, p->match, line_number, period, &sums, err));
    *out = (point){qi_match_indices(&sums), qi_match_coverage(&sums), sums.items};
    return QUIPU_OK;
}

/* The index of a period; a figure that is missing on the way leaves it missing. */
static quipu_status find_point(const qi_ask *ask, const plan *p, size_t line_number,
                               size_t period, point *out, quipu_error *err) {
    static const qi_match_index none = {NAN, NAN, NAN, NAN, NAN};
    const qi_line *line = &p->match->lines->items[line_number];
    size_t base = p->years.base;
    size_t step = !p->chain || period == base ? period : period > base ? base + 1 : base - 1;
    if (!line->known[base] || !line->known[period]) {
        *out = (point){none, NAN, 0};
        return QUIPU_OK;
    }
    QI_TRY(link_point(ask, p, line_number, step, out, err));
    while (step != period) {
        point link;
        if (!line->known[step])
            out->index = none;
        step = period > base ? step + 1 : step - 1;
        QI_TRY(link_point(ask, p, line_number, step, &link, err));
        lengthen(out, &link);
    }
    return QUIPU_OK;
}

static quipu_status figures(const qi_ask *ask, const plan *p, qi_sheet *sheet, size_t row,
                            size_t line_number, size_t period, quipu_error *err) {
    const qi_line *line = &p->match->lines->items[line_number];
    point at;
    if (line->known[period])
        qi_sheet_integer(sheet, row, VALUE, line->value[period]);
    QI_TRY(find_point(ask, p, line_number, period, &at, err));
    qi_sheet_real(sheet, row, FISHER, 100 * at.index.fisher);
    qi_sheet_real(sheet, row, LASPEYRES, 100 * at.index.laspeyres);
    qi_sheet_real(sheet, row, PAASCHE, 100 * at.index.paasche);
    qi_sheet_real(sheet, row, TORNQVIST, 100 * at.index.tornqvist);
    qi_sheet_real(sheet, row, VOLUME, 100 * at.index.volume);
    qi_sheet_real(sheet, row, COVERAGE, at.coverage);
    if (!line->known[p->years.base] || !line->known[period])
        return QUIPU_OK;
    qi_sheet_integer(sheet, row, ITEMS, (int64_t)at.items);
    double real = (double)line->value[period] / at.index.fisher;
    if (isfinite(real) && real < 9e18)
        qi_sheet_integer(sheet, row, REAL, (int64_t)rint(real));
    return QUIPU_OK;
}

static quipu_status notes(qi_ask *ask, const plan *p, quipu_error *err) {
    int base = (int)ask->periods[p->years.base];
    QI_TRY(qi_ask_note(ask, err, "%d = 100; %s", base,
                       p->chain ? "a chain of the years asked for: each link compares "
                                  "neighbouring years. Coverage and matched items are the "
                                  "lowest of the links."
                                : "each year is compared with the base directly."));
    QI_TRY(qi_ask_note(ask, err,
                       "Price and volume are of the matched items; coverage is their part of "
                       "the value of both years. Value at base prices is all of the value over "
                       "the Fisher index of price."));
    return qi_match_note(ask, &p->match->rows, err);
}

static quipu_status write(qi_ask *ask, const plan *p, quipu_table *out, quipu_error *err) {
    qi_sheet sheet;
    size_t row = 0;
    const qi_lines *lines = p->match->lines;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_FIGURES,
                         lines->n * p->years.n_shown, out, err));
    for (size_t i = 0; i < lines->n; i++)
        for (size_t t = 0; t < p->frame->n_periods; t++) {
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
    return qi_sheet_close(&sheet, ask, p->frame, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_price;
    qi_arena arena = {0};
    qi_ask ask = {0};
    qi_frame frame = {0};
    qi_lines lines = {0};
    qi_match_lines match = {0};
    qi_match_rule rule;
    qi_link *links = NULL;
    plan p = {.chain = qi_switch(me, request, "chain"), .frame = &frame, .match = &match};
    qi_wish wish = {0};
    quipu_period base;
    quipu_status status;
    QI_GO(qi_base_read(me, request, &arena, &wish.years, &base, err));
    QI_GO(qi_ask_open(&ask, me, request, &wish, err));
    QI_GO(qi_base_place(&ask, base, &p.years, err));
    QI_GO(qi_match_rule_read(&ask, &rule, err));
    rule.index = true;
    QI_GO(make_links(&ask, &p, &links, err));
    QI_GO(qi_frame_make(&ask, NULL, &frame, err));
    QI_GO(qi_lines_make(&ask, &frame, 0, &lines, err));
    QI_GO(qi_match_lines_make(&ask, &rule, links, ask.n_periods, &lines, &match, err));
    QI_GO(write(&ask, &p, out, err));
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
        "it out of --years to link over it. The coverage beside each index is the matched part "
        "of the value; an index of little coverage says little. Unit values mix price and "
        "kind: see decompose.",
    .formula = "P_L = sum p1 q0 / sum p0 q0; P_P = sum p1 q1 / sum p0 q1; P_F = "
               "sqrt(P_L P_P); ln P_T = sum (s0 + s1)/2 ln(p1/p0); Q_F = sqrt(Q_L Q_P); "
               "P_F Q_F = V1/V0; chain: the product of P over neighbouring years",
    .reference =
        "IMF (2009), Export and Import Price Index Manual; I. Fisher (1922), The Making "
        "of Index Numbers; L. T\u00f6rnqvist (1936), The Bank of Finland's consumption "
        "price index, Bank of Finland Monthly Bulletin 10.",
    .worked =
        "Copper 10 t at 2 and fish 5 t at 4 (values 20 and 20) become copper 12 t at 3 and "
        "fish "
        "4 t at 5 (36 and 20). Laspeyres (30 + 25)/40 = 137.5; Paasche 56/(24 + 16) = 140; "
        "Fisher 138.7; volume sqrt(40/40 x 56/55) = 100.9; and 1.387 x 1.009 = 56/40.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "fisher",
    .example = "--reporter Peru --partner China,Japan --years 2000-2011 --chain",
    .run = run,
};
