/* SPDX-License-Identifier: Apache-2.0 */
/* specialisation.c - advantage seen in exports and imports together: Lafay's index, the
 * specialisation index, and the contribution to the balance. */
#include "measures/common.h"

static const quipu_param params[] = {
    {"gdp", QUIPU_PARAM_REAL, NULL, NULL,
     "in US$: the contribution to the balance is per thousand of it; otherwise of trade"},
};

enum { EXPORTS, IMPORTS, TSI, LAFAY, CONTRIBUTION, N_FIGURES };

static const quipu_column_spec columns[N_FIGURES] = {
    {"exports", "Exports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"imports", "Imports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"tsi", "Specialisation (TSI)", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"lafay", "Lafay index", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"contribution", "Contribution to the balance", QUIPU_REAL, QUIPU_FIGURE, "per thousand",
     2},
};

typedef struct work {
    qi_ask *ask;
    qi_frame parts, sums; /* sums: of all goods */
    double gdp;           /* 0 = none */
} work;

static bool totals_at(const work *w, uint64_t key, size_t period, double *x, double *m) {
    size_t row = qi_frame_find(&w->sums, key);
    if (row == QI_NO_ROW)
        return false;
    size_t export = qi_frame_at(&w->sums, 0, row, period);
    size_t import = qi_frame_at(&w->sums, 1, row, period);
    *x = (double)w->sums.value[export];
    *m = (double)w->sums.value[import];
    return w->sums.known[export] && w->sums.known[import] && *x + *m > 0;
}

static quipu_status figures(void *user, qi_sheet *sheet, size_t row, const qi_line *line,
                            size_t period, quipu_error *err) {
    const work *w = user;
    size_t other = period + line->plane_step;
    double x = (double)line->value[period], m = (double)line->value[other], all_x, all_m;
    QI_UNUSED(err);
    if (line->known[period])
        qi_sheet_integer(sheet, row, EXPORTS, line->value[period]);
    if (line->known[other])
        qi_sheet_integer(sheet, row, IMPORTS, line->value[other]);
    if (!line->known[period] || !line->known[other])
        return QUIPU_OK;
    if (x + m > 0)
        qi_sheet_real(sheet, row, TSI, (x - m) / (x + m));
    if (!totals_at(w, line->key, period, &all_x, &all_m))
        return QUIPU_OK;
    double all = all_x + all_m, unusual = (x - m) - (all_x - all_m) * ((x + m) / all);
    qi_sheet_real(sheet, row, LAFAY, 100 * unusual / all);
    qi_sheet_real(sheet, row, CONTRIBUTION,
                  1000 * unusual / (w->gdp > 0 ? w->gdp * QUIPU_MONEY_PER_USD : all));
    return QUIPU_OK;
}

static quipu_status write(work *w, const qi_lines *lines, quipu_table *out, quipu_error *err) {
    qi_ask *ask = w->ask;
    qi_sheet sheet;
    char gdp[QI_NUMBER_TEXT];
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_FIGURES,
                         qi_sheet_n_rows(ask, lines), out, err));
    QI_TRY(qi_sheet_rows(&sheet, lines, figures, w, err));
    qi_format_double(gdp, w->gdp);
    if (w->gdp > 0)
        QI_TRY(qi_ask_note(ask, err, "Contribution: per thousand of a GDP of %s US$.", gdp));
    else
        QI_TRY(qi_ask_note(ask, err,
                           "Contribution: per thousand of exports and imports "
                           "together, so ten times the Lafay index."));
    QI_TRY(qi_ask_note(ask, err,
                       "Totals are of all goods traded with the same partners; the "
                       "index of Lafay and the contribution add up to zero."));
    QI_TRY(quipu_table_set_title(out, err, "Specialisation in the %s%s", qi_words_trade(ask),
                                 qi_words_by(ask)));
    return qi_sheet_close(&sheet, ask, &w->parts, err);
}

static quipu_status make_frames(work *w, quipu_error *err) {
    qi_ask *ask = w->ask;
    qi_cut sums = {.product = "all"};
    for (size_t a = 0; a < ask->n_axes; a++)
        if (ask->axes[a].kind == QI_AXIS_PRODUCT || ask->axes[a].kind == QI_AXIS_CLASS)
            sums.drop |= 1u << a;
    if (sums.drop == 0)
        return qi_fail(err, QUIPU_E_ARG, "by: product or a scheme of classes is one of them");
    QI_TRY(qi_frame_make(ask, NULL, &w->parts, err));
    return qi_frame_make(ask, &sums, &w->sums, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_specialisation;
    qi_ask ask;
    qi_lines lines = {0};
    work w = {.ask = &ask, .gdp = qi_real(me, request, "gdp", 0)};
    qi_wish wish = {.by = "product", .flows = "export import"};
    if (qi_argument(me, request, "classes") != NULL)
        wish.by = "class";
    if (w.gdp < 0)
        return qi_fail(err, QUIPU_E_ARG, "gdp: a positive number of US$");
    QI_TRY(qi_ask_open(&ask, me, request, &wish, err));
    quipu_status status;
    QI_GO(make_frames(&w, err));
    QI_GO(qi_lines_make(&ask, &w.parts, 0, &lines, err));
    QI_GO(write(&w, &lines, out, err));
done:
    qi_lines_free(&lines);
    qi_frame_free(&w.parts);
    qi_frame_free(&w.sums);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_specialisation = {
    .name = "specialisation",
    .aliases = "specialization lafay tsi",
    .summary = "What does a country sell more of than it buys, given its balance?",
    .without = "of flow",
    .detail =
        "Three indexes of exports and imports of the same goods. The specialisation index is "
        "the balance of a product over its trade, between -1 and 1; a country with a surplus "
        "has it positive for many products. Lafay's index takes that away: the balance of the "
        "product compared with what the overall balance would give it by its weight in trade, "
        "in per cent of all trade; positive is an advantage, and the indexes of all products "
        "add up to zero. The contribution to the balance is the same per thousand of the GDP, "
        "when it is given.\n\n"
        "Totals are of all goods, also where products are selected, so a total row over a "
        "selection is its net advantage. A product that is not traded has no specialisation "
        "index, and 0 for the others; a country without trade has none.",
    .formula = "TSI_k = (X_k - M_k)/(X_k + M_k); LFI_k = 100 [(X_k - M_k) - (X - M)(X_k + "
               "M_k)/(X + M)]/(X + M); contribution = 1000/Y [(X_k - M_k) - (X - M)(X_k + "
               "M_k)/(X + M)]",
    .reference =
        "G. Lafay (1992), The measurement of revealed comparative advantages, in M. Dagenais "
        "and P.-A. Muet (eds.), International Trade Modelling, Chapman & Hall; UNCTAD, "
        "Handbook "
        "of Statistics (trade specialisation index); CEPII, contribution to the trade balance.",
    .worked =
        "Copper: exports 6, imports 2; machines: exports 2, imports 6. TSI 4/8 = 0.5 and -0.5; "
        "the balance is 0, so Lafay 100 x 4/16 = 25 and -25. With exports of copper of 10 "
        "instead: X = 12, M = 8, copper 100 [8 - 4 x 12/20]/20 = 28, machines 100 [-4 - 4 x "
        "8/20]/20 = -28.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "lafay",
    .example = "--reporter Peru --by technology --years 2011",
    .run = run,
};
