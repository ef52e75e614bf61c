/* SPDX-License-Identifier: Apache-2.0 */
/* shares.c - what share and structure have in common: parts over a whole. */
#include "measures/shares.h"

static const quipu_column_spec columns[] = {
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"share", "Share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

/* With classified products as the whole, what has no class has no share. */
static bool has_share(const qi_whole *whole, const qi_line *line) {
    if (!whole->classified || line->kind != QI_LINE_ROW)
        return true;
    const qi_ask *ask = whole->frame.ask;
    const qi_axis *axis = &ask->axes[qi_ask_axis(ask, QI_AXIS_CLASS)];
    return qi_key_label(axis, line->key) + 1 != axis->n;
}

static quipu_status write(qi_ask *ask, const qi_frame *frame, const qi_lines *lines,
                          const qi_whole *whole, const char *title, quipu_table *out,
                          quipu_error *err) {
    qi_sheet sheet;
    size_t row = 0;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, QI_COUNT(columns),
                         lines->n * frame->n_periods, out, err));
    for (size_t i = 0; i < lines->n; i++)
        for (size_t p = 0; p < frame->n_periods; p++, row++) {
            const qi_line *line = &lines->items[i];
            quipu_money all;
            QI_TRY(qi_sheet_line(&sheet, row, line, err));
            qi_sheet_period(&sheet, row, p);
            if (!line->known[p])
                continue;
            qi_sheet_integer(&sheet, row, 0, line->value[p]);
            if (has_share(whole, line) && qi_whole_value(whole, line->key, p, &all))
                qi_sheet_real(&sheet, row, 1, (double)line->value[p] / (double)all);
        }
    QI_TRY(quipu_table_set_title(out, err, "%s the %s%s; denominator: %s", title,
                                 qi_words_trade(ask), qi_words_by(ask), whole->name));
    QI_TRY(qi_ask_note(ask, err, "Shares are of %s.", whole->name));
    return qi_sheet_close(&sheet, ask, frame, err);
}

quipu_status qi_shares_run(const quipu_measure *measure, const quipu_request *request,
                           const char *by, const char *title, quipu_table *out,
                           quipu_error *err) {
    qi_ask ask;
    qi_frame frame = {0};
    qi_lines lines = {0};
    qi_whole whole = {0};
    qi_wish wish = {.by = by};
    qi_whole_wish(measure, request, by, &wish);
    QI_TRY(qi_ask_open(&ask, measure, request, &wish, err));
    quipu_status status;
    QI_GO(qi_frame_make(&ask, NULL, &frame, err));
    QI_GO(qi_whole_make(&ask, qi_argument(measure, request, "of"), &frame, &whole, err));
    QI_GO(qi_lines_make(&ask, &frame, 0, &lines, err));
    QI_GO(write(&ask, &frame, &lines, &whole, title, out, err));
done:
    qi_whole_free(&whole);
    qi_lines_free(&lines);
    qi_frame_free(&frame);
    qi_ask_close(&ask);
    return status;
}
