/* SPDX-License-Identifier: Apache-2.0 */
/* index.c - values with a base year of 100. */
#include "measures/common.h"

static const quipu_param params[] = {
    {"base", QUIPU_PARAM_TEXT, NULL, NULL,
     "the year that is 100; the first one when not given"},
};

static const quipu_column_spec columns[] = {
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"index", "Index", QUIPU_REAL, QUIPU_FIGURE, "", 1},
};

static quipu_status write(qi_ask *ask, const qi_base_year *plan, const qi_frame *frame,
                          const qi_lines *lines, quipu_table *out, quipu_error *err) {
    qi_sheet sheet;
    size_t row = 0, base = plan->base;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, QI_COUNT(columns),
                         lines->n * plan->n_shown, out, err));
    for (size_t i = 0; i < lines->n; i++)
        for (size_t p = 0; p < frame->n_periods; p++) {
            const qi_line *line = &lines->items[i];
            if (!plan->shown[p])
                continue;
            QI_TRY(qi_sheet_line(&sheet, row, line, err));
            qi_sheet_period(&sheet, row, p);
            if (line->known[p])
                qi_sheet_integer(&sheet, row, 0, line->value[p]);
            if (line->known[p] && line->known[base] && line->value[base] > 0)
                qi_sheet_real(&sheet, row, 1,
                              100.0 * (double)line->value[p] / (double)line->value[base]);
            row++;
        }
    QI_TRY(qi_ask_note(ask, err, "Index of value, %d = 100.", (int)ask->periods[base]));
    QI_TRY(quipu_table_set_title(out, err, "Index of the %s%s, %d = 100", qi_words_trade(ask),
                                 qi_words_by(ask), (int)ask->periods[base]));
    return qi_sheet_close(&sheet, ask, frame, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_arena arena = {0};
    qi_ask ask = {0};
    qi_frame frame = {0};
    qi_lines lines = {0};
    qi_base_year plan = {0};
    qi_wish wish = {0};
    quipu_period base;
    quipu_status status;
    QI_GO(qi_base_read(&qi_measure_index, request, &arena, &wish.years, &base, err));
    QI_GO(qi_ask_open(&ask, &qi_measure_index, request, &wish, err));
    QI_GO(qi_base_place(&ask, base, &plan, err));
    QI_GO(qi_frame_make(&ask, NULL, &frame, err));
    QI_GO(qi_lines_make(&ask, &frame, 0, &lines, err));
    QI_GO(write(&ask, &plan, &frame, &lines, out, err));
done:
    qi_lines_free(&lines);
    qi_frame_free(&frame);
    qi_ask_close(&ask);
    qi_arena_free(&arena);
    return status;
}

const quipu_measure qi_measure_index = {
    .name = "index",
    .summary = "How did the trade move, with a base year of 100?",
    .without = "of periods",
    .detail =
        "Each value over that of the base year, times 100. It is an index of value at current "
        "prices, not of volume. The base year need not be among --years. A base that is zero "
        "or missing leaves the index of that row missing.",
    .formula = "I_t = 100 V_t / V_base",
    .reference = "",
    .worked = "Values of 50, 80, 40 with the first year as the base: 100, 160, 80.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "index",
    .example = "--reporter Peru --partner China,Japan --base 2000 --years 2000-2011",
    .run = run,
};
