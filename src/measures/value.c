/* SPDX-License-Identifier: Apache-2.0 */
/* value.c - the figures as they are. */
#include "measures/common.h"

static const quipu_param params[] = {
    {"weight", QUIPU_PARAM_SWITCH, NULL, NULL, "also the net weight, where all of it is known"},
};

static const quipu_column_spec columns[] = {
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"weight", "Net weight", QUIPU_AMOUNT, QUIPU_FIGURE, "kg", 0},
};

static quipu_status write(qi_ask *ask, const qi_frame *frame, const qi_lines *lines,
                          quipu_table *out, quipu_error *err) {
    qi_sheet sheet;
    size_t n = lines->n * frame->n_periods, row = 0;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, frame->weight != NULL ? 2 : 1, n,
                         out, err));
    for (size_t i = 0; i < lines->n; i++)
        for (size_t p = 0; p < frame->n_periods; p++, row++) {
            const qi_line *line = &lines->items[i];
            QI_TRY(qi_sheet_line(&sheet, row, line, err));
            qi_sheet_period(&sheet, row, p);
            if (!line->known[p])
                continue;
            qi_sheet_integer(&sheet, row, 0, line->value[p]);
            if (line->weight != NULL && line->weight[p] != QUIPU_QUANTITY_MISSING)
                qi_sheet_integer(&sheet, row, 1, line->weight[p]);
        }
    QI_TRY(quipu_table_set_title(out, err, "%s%s", qi_words_capital(ask, qi_words_trade(ask)),
                                 qi_words_by(ask)));
    return qi_sheet_close(&sheet, ask, frame, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_ask ask;
    qi_frame frame = {0};
    qi_lines lines = {0};
    QI_TRY(qi_ask_open(&ask, &qi_measure_value, request, NULL, err));
    qi_cut cut = {.weight = qi_switch(&qi_measure_value, request, "weight")};
    quipu_status status;
    QI_GO(qi_frame_make(&ask, &cut, &frame, err));
    QI_GO(qi_lines_make(&ask, &frame, 0, &lines, err));
    QI_GO(write(&ask, &frame, &lines, out, err));
done:
    qi_lines_free(&lines);
    qi_frame_free(&frame);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_value = {
    .name = "value",
    .summary = "How much was traded?",
    .without = "of",
    .detail =
        "Sums of trade in current US dollars, exact, one row for each year and each thing "
        "asked "
        "for by --by. A year that the reporter did not report is missing; a year it reported "
        "without this trade is zero.\n\n"
        "Several countries or groups listed with commas give a row each; joined with + they "
        "are "
        "added up.",
    .formula = "V_ijkt, summed over what is not asked for",
    .reference = "",
    .worked = "Chile sold Peru 3 of copper and 2 of wine, and Bolivia 4 of wine. By partner: "
              "Bolivia 4, Peru 5; by product: copper 3, wine 6; total 9 both ways.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "value",
    .example = "--reporter Peru --by partner --years 2011 --limit 10",
    .run = run,
};
