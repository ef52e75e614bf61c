/* SPDX-License-Identifier: Apache-2.0 */
/* two_way.c - trade in both directions of goods alike (horizontal) or of different quality
 * (vertical), told by unit values. */
#include "measures/both_ways.h"

static const quipu_param params[] = {
    {"range", QUIPU_PARAM_REAL, NULL, "0.15",
     "unit values this near, as a fraction, are of the same quality"},
    {"lower", QUIPU_PARAM_CHOICE, "reciprocal linear", "reciprocal",
     "the lower bound: 1/(1 + range) or 1 - range"},
    {"count", QUIPU_PARAM_CHOICE, "all overlap", "all",
     "of goods traded both ways count all trade, or the part that overlaps"},
    {"minority", QUIPU_PARAM_REAL, NULL, "0.1",
     "with --count all: less than this part of the larger flow is one-way trade"},
};

enum { EXPORTS, IMPORTS, ONE_WAY, HORIZONTAL, HIGH, LOW, UNKNOWN, N_FIGURES };

static const quipu_column_spec columns[N_FIGURES] = {
    {"exports", "Exports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"imports", "Imports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"one_way", "One-way", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"horizontal", "Two-way, horizontal", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"vertical_high", "Vertical, dearer exports", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"vertical_low", "Vertical, cheaper exports", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"unknown", "Two-way, no unit values", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

typedef struct work {
    qi_both_ways both;
    double upper, lower, minority;
    bool overlap;
} work;

/* Of a good traded both ways. */
static int kind_of(const work *w, quipu_money x, quipu_quantity x_weight, quipu_money m,
                   quipu_quantity m_weight) {
    if (x_weight <= 0 || m_weight <= 0) /* also missing */
        return UNKNOWN;
    long double up = (long double)x * (long double)m_weight;
    long double down = (long double)m * (long double)x_weight;
    if (up > (long double)w->upper * down)
        return HIGH;
    return up < (long double)w->lower * down ? LOW : HORIZONTAL;
}

static void add_good(const work *w, size_t x_at, size_t m_at, qi_wide_sum *sums) {
    const qi_frame *f = &w->both.parts;
    quipu_money x = f->value[x_at], m = f->value[m_at];
    quipu_money less = x < m ? x : m, more = x < m ? m : x;
    bool both_ways = w->overlap ? less > 0 : (double)less > w->minority * (double)more;
    int kind = both_ways ? kind_of(w, x, f->weight[x_at], m, f->weight[m_at]) : ONE_WAY;
    if (w->overlap) {
        sums[kind] += both_ways ? 2 * (qi_wide_sum)less : 0;
        sums[ONE_WAY] += (qi_wide_sum)more - less;
    } else {
        sums[kind] += (qi_wide_sum)x + m;
    }
}

static quipu_status figures(void *user, qi_sheet *sheet, size_t row, const qi_line *line,
                            size_t period, quipu_error *err) {
    const work *w = user;
    const qi_frame *f = &w->both.parts;
    qi_rows rows = qi_frame_group(f, line->key);
    qi_wide_sum sums[N_FIGURES] = {0}, all = 0;
    QI_UNUSED(err);
    if (!qi_both_ways_totals(sheet, row, line, period))
        return QUIPU_OK;
    for (size_t r = rows.from; r < rows.to; r++)
        add_good(w, qi_frame_at(f, 0, r, period), qi_frame_at(f, 1, r, period), sums);
    for (int kind = ONE_WAY; kind < N_FIGURES; kind++)
        all += sums[kind];
    for (int kind = ONE_WAY; kind < N_FIGURES && all > 0; kind++)
        qi_sheet_real(sheet, row, (size_t)kind, (double)sums[kind] / (double)all);
    return QUIPU_OK;
}

static quipu_status write(work *w, const qi_lines *lines, quipu_table *out, quipu_error *err) {
    qi_ask *ask = &w->both.ask;
    qi_sheet sheet;
    char lower[32], upper[32], minority[32];
    qi_format_double_rounded(lower, sizeof lower, w->lower, 3);
    qi_format_double_rounded(upper, sizeof upper, w->upper, 3);
    qi_format_double_rounded(minority, sizeof minority, 100 * w->minority, 1);
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_FIGURES,
                         qi_sheet_n_rows(ask, lines), out, err));
    QI_TRY(qi_sheet_rows(&sheet, lines, figures, w, err));
    QI_TRY(qi_ask_note(ask, err,
                       "Shares are of exports and imports together. Horizontal: the unit value "
                       "of exports over that of imports is from %s to %s; unit values are per "
                       "kilogram, of one product with one partner.",
                       lower, upper));
    if (w->overlap)
        QI_TRY(qi_ask_note(ask, err,
                           "Two-way is the part of a product's trade that overlaps; "
                           "the two-way shares add up to the Grubel-Lloyd index."));
    else
        QI_TRY(qi_ask_note(ask, err,
                           "All trade of a product is two-way when the smaller flow "
                           "is more than %s %% of the larger.",
                           minority));
    QI_TRY(qi_both_ways_notes(&w->both, err));
    QI_TRY(quipu_table_set_title(out, err, "One-way and two-way parts of the %s%s",
                                 qi_words_trade(ask), qi_words_by(ask)));
    return qi_sheet_close(&sheet, ask, &w->both.parts, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_two_way;
    qi_lines lines = {0};
    double range = qi_real(me, request, "range", 0.15);
    bool linear = qi_choice_of(me, request, "lower") == 1;
    work w = {.upper = 1 + range,
              .lower = linear ? 1 - range : 1 / (1 + range),
              .minority = qi_real(me, request, "minority", 0.1),
              .overlap = qi_choice_of(me, request, "count") == 1};
    quipu_status status;
    if (!(range > 0) || range >= 1 || !(w.minority >= 0) || w.minority >= 1)
        return qi_fail(err, QUIPU_E_ARG, "range and minority: fractions, as 0.15 and 0.1");
    qi_both_ways_how how = {.weight = true, .pairs = true};
    QI_GO(qi_both_ways_open(&w.both, me, request, &how, err));
    QI_GO(qi_lines_make(&w.both.ask, &w.both.sums, QI_LINES_NO_TOTAL, &lines, err));
    QI_GO(write(&w, &lines, out, err));
done:
    qi_lines_free(&lines);
    qi_both_ways_close(&w.both);
    return status;
}

const quipu_measure qi_measure_two_way = {
    .name = "two-way",
    .aliases = "vertical-iit horizontal-iit",
    .summary = "Is two-way trade in goods alike, or of different quality?",
    .without = "of flow total rest",
    .detail =
        "Each product with each partner is one-way trade, two-way trade of goods alike "
        "(horizontal), or two-way trade of different quality (vertical), with dearer or "
        "cheaper "
        "exports; what has no weights on a side is a part of its own. The five parts add up to "
        "all trade. Unit values are per kilogram of net weight: they tell quality only within "
        "narrow products, so use six digits.\n\n"
        "By Fontagn\u00e9 and Freudenberg (--count all, the default) all trade of a product is "
        "two-way when the smaller flow is more than a tenth of the larger. By Greenaway, Hine "
        "and Milner (--count overlap --lower linear) only the overlapping part is, so that the "
        "two-way parts add up to the bilateral Grubel-Lloyd index. Imports that carry freight "
        "look dearer by some five to ten per cent. Where several reporters are added up, their "
        "weights are too.",
    .formula =
        "horizontal: 1/(1 + a) <= (X/q_X)/(M/q_M) <= 1 + a, or 1 - a <= ... with --lower "
        "linear; two-way: min(X, M)/max(X, M) > minority; overlap: X + M - |X - M|",
    .reference =
        "L. Fontagn\u00e9 and M. Freudenberg (1997), Intra-industry trade: methodological "
        "issues "
        "reconsidered, CEPII Working Paper 97-01; D. Greenaway, R. Hine and C. Milner (1995), "
        "Vertical and horizontal intra-industry trade: a cross industry analysis for the "
        "United "
        "Kingdom, Economic Journal 105.",
    .worked =
        "Cars: exports 60 at 6 a kg, imports 40 at 4; copper: imports 20. Cars are two-way (40 "
        "is more than a tenth of 60) and vertical with dearer exports (1.5): 100/120 = 83.3 %; "
        "one-way 16.7 %. By overlap: 80/120 = 66.7 % vertical, 33.3 % one-way.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "horizontal",
    .example = "--reporter Peru --by partner --years 2011",
    .run = run,
};
