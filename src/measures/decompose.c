/* SPDX-License-Identifier: Apache-2.0 */
/* decompose.c - a change in value as price, volume, new, lost and unmatched. */
#include "measures/matched.h"

static const quipu_param params[] = {
    {"method", QUIPU_PARAM_CHOICE, "bennet log", "bennet",
     "prices at mean quantities and quantities at mean prices (Bennet), or logarithmic means "
     "(LMDI-I)"},
    {"quantity", QUIPU_PARAM_CHOICE, QI_MATCH_QUANTITY_CHOICES, "auto", QI_MATCH_QUANTITY_HELP},
    {"ratio", QUIPU_PARAM_REAL, NULL, "5", QI_MATCH_RATIO_HELP},
    {"estimated", QUIPU_PARAM_SWITCH, NULL, NULL, QI_MATCH_ESTIMATED_HELP},
};

enum { FROM, TO, CHANGE, PRICE, VOLUME, NEW, LOST, UNMATCHED, COVERAGE, N_FIGURES };

static const quipu_column_spec columns[N_FIGURES] = {
    {"value_from", "First value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"value_to", "Last value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"change", "Change", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"price", "Price", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"volume", "Volume", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"new", "New", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"lost", "Lost", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"unmatched", "Unmatched", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"coverage", "Coverage", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

typedef struct plan {
    const qi_stretches *stretches;
    const qi_frame *whole; /* over the last axis, where that is not the reporter */
    const qi_match_lines *match;
} plan;

/* A partner, product or class has a change when the reporter has figures at both ends: what
 * came into a dated group or left it did so with its trade, as unmatched. */
static bool is_known(const plan *p, const qi_line *line, const qi_stretch *s) {
    if (p->whole == NULL)
        return line->known[s->from] && line->known[s->to];
    size_t row = qi_frame_find(p->whole, line->key);
    return row != QI_NO_ROW && p->whole->known[qi_frame_at(p->whole, 0, row, s->from)] &&
           p->whole->known[qi_frame_at(p->whole, 0, row, s->to)];
}

static quipu_status figures(const qi_ask *ask, const plan *p, qi_sheet *sheet, size_t row,
                            size_t line_number, size_t stretch, quipu_error *err) {
    const qi_line *line = &p->match->lines->items[line_number];
    const qi_stretch *s = &p->stretches->items[stretch];
    bool known = is_known(p, line, s);
    qi_match_sums sums;
    if (known || line->known[s->from])
        qi_sheet_integer(sheet, row, FROM, line->value[s->from]);
    if (known || line->known[s->to])
        qi_sheet_integer(sheet, row, TO, line->value[s->to]);
    if (!known)
        return QUIPU_OK;
    QI_TRY(qi_match_line(ask, p->match, line_number, stretch, &sums, err));
    if (line->kind != QI_LINE_REST &&
        (sums.value[0] != line->value[s->from] || sums.value[1] != line->value[s->to]))
        return qi_fail(err, QUIPU_E_BUG, "the items do not add up to the value");
    qi_sheet_integer(sheet, row, CHANGE, sums.value[1] - sums.value[0]);
    qi_sheet_integer(sheet, row, PRICE, sums.price);
    qi_sheet_integer(sheet, row, VOLUME, qi_match_volume(&sums));
    qi_sheet_integer(sheet, row, NEW, sums.fresh);
    qi_sheet_integer(sheet, row, LOST, sums.lost);
    qi_sheet_integer(sheet, row, UNMATCHED, sums.unmatched);
    qi_sheet_real(sheet, row, COVERAGE, qi_match_coverage(&sums));
    return QUIPU_OK;
}

static quipu_status write(qi_ask *ask, const plan *p, const qi_frame *frame, quipu_table *out,
                          quipu_error *err) {
    qi_sheet sheet;
    size_t row = 0;
    const qi_lines *lines = p->match->lines;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_STRETCH, columns, N_FIGURES,
                         lines->n * p->stretches->n, out, err));
    for (size_t i = 0; i < lines->n; i++)
        for (size_t s = 0; s < p->stretches->n; s++, row++) {
            QI_TRY(qi_sheet_line(&sheet, row, &lines->items[i], err));
            qi_sheet_stretch(&sheet, row, &p->stretches->items[s]);
            QI_TRY(figures(ask, p, &sheet, row, i, s, err));
        }
    QI_TRY(qi_ask_note(ask, err,
                       "change = price + volume + new + lost + unmatched, exactly. Coverage is "
                       "the matched part of the value of both years."));
    QI_TRY(quipu_table_set_title(out, err, "Price and volume in the change of the %s%s",
                                 qi_words_trade(ask), qi_words_by(ask)));
    return qi_sheet_close(&sheet, ask, frame, err);
}

static quipu_status make_whole(qi_ask *ask, qi_frame *out, const qi_frame **whole,
                               quipu_error *err) {
    *whole = NULL;
    if (ask->n_axes == 0 || ask->axes[ask->n_axes - 1].kind == QI_AXIS_REPORTER ||
        ask->axes[ask->n_axes - 1].kind == QI_AXIS_FLOW)
        return QUIPU_OK;
    qi_cut cut = {.drop = 1u << (ask->n_axes - 1)};
    *whole = out;
    return qi_frame_make(ask, &cut, out, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_decompose;
    qi_arena arena = {0};
    qi_ask ask = {0};
    qi_frame frame = {0}, whole = {0};
    qi_lines lines = {0};
    qi_match_lines match = {0};
    qi_match_rule rule;
    qi_stretches stretches;
    plan p = {.stretches = &stretches, .match = &match};
    quipu_status status;
    QI_GO(qi_stretches_read(me, request, &arena, &stretches, err));
    qi_wish wish = {.years = stretches.years};
    QI_GO(qi_ask_open(&ask, me, request, &wish, err));
    QI_GO(qi_stretches_place(&ask, &stretches, err));
    QI_GO(qi_match_rule_read(&ask, &rule, err));
    rule.log = qi_is(qi_argument(me, request, "method"), "log");
    if (rule.log)
        QI_GO(qi_ask_note(&ask, err, "Divided by logarithmic means (LMDI-I)."));
    qi_link *links = qi_arena_alloc(&arena, (stretches.n + 1) * sizeof *links);
    if (links == NULL) {
        status = qi_fail_memory(err, stretches.n * sizeof *links);
        goto done;
    }
    for (size_t s = 0; s < stretches.n; s++)
        links[s] = (qi_link){stretches.items[s].from, stretches.items[s].to};
    QI_GO(qi_frame_make(&ask, NULL, &frame, err));
    QI_GO(make_whole(&ask, &whole, &p.whole, err));
    QI_GO(qi_lines_make(&ask, &frame, 0, &lines, err));
    QI_GO(qi_match_lines_make(&ask, &rule, links, stretches.n, &lines, &match, err));
    QI_GO(qi_match_note(&ask, &match.rows, err));
    QI_GO(write(&ask, &p, &frame, out, err));
done:
    qi_match_lines_free(&match);
    qi_lines_free(&lines);
    qi_frame_free(&whole);
    qi_frame_free(&frame);
    qi_ask_close(&ask);
    qi_arena_free(&arena);
    return status;
}

const quipu_measure qi_measure_decompose = {
    .name = "decompose",
    .aliases = "bennet",
    .summary = "How much of a change in value was price, and how much volume?",
    .without = "of periods wide",
    .detail =
        "The change of the value between two years as five parts that add up to it to the last "
        "thousandth of a dollar. An item is what one reporter trades with one partner in one "
        "product. Where both years have its value and its quantity in the same unit, the "
        "change is divided into a price part and a volume part; an item without value in one "
        "of the years is new or lost; what has both values but no comparable unit values is "
        "unmatched: no quantity, another unit, an estimated quantity, unit values further "
        "apart than --ratio, or a year the reporter did not report. The coverage says how much "
        "of the value the price and volume parts speak of; below half of it they say little "
        "about the rest.\n\n"
        "Unit values are prices only as far as a product is one good: a shift from ore to "
        "metal within a product, or within a cube that has no products at all, looks like a "
        "price. The finer the products, the better. Years and --by are as in growth: 2000-2011 "
        "is one comparison, 2000,2005,2011 two. Classes that share a product share its parts "
        "in the same proportions.",
    .formula = "dV = sum (q0 + q1)/2 (p1 - p0) + sum (p0 + p1)/2 (q1 - q0) over matched items "
               "+ sum V1 over new - sum V0 over lost + sum (V1 - V0) over unmatched; log: "
               "sum L(V1, V0) ln(p1/p0) + sum L(V1, V0) ln(q1/q0), where L(a, b) = "
               "(a - b)/(ln a - ln b)",
    .reference =
        "T. L. Bennet (1920), The theory of measurement of changes in cost of living, Journal "
        "of the Royal Statistical Society 83. Logarithmic means: B. W. Ang and F. L. Liu "
        "(2001), A new energy decomposition method: perfect in decomposition and consistent in "
        "aggregation, Energy 26.",
    .worked =
        "Copper: 10 t at 2 become 12 t at 3, value 20 to 36. Price part 11 x 1 = 11, volume "
        "part 2.5 x 2 = 5, together 16. Beside it fish worth 4 that was not sold before is "
        "new, coffee worth 3 that is not sold any more is lost, and gold from 5 to 7 without "
        "weights is unmatched: 11 + 5 + 4 - 3 + 2 = 19 = 47 - 28. Coverage (20 + 36)/(28 + 47) "
        "= 74.7 %.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "price",
    .example = "--reporter Japan --partner Peru --by section --years 1989-1990",
    .run = run,
};
