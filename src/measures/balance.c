/* SPDX-License-Identifier: Apache-2.0 */
/* balance.c - exports and imports side by side. */
#include "measures/common.h"

static const quipu_column_spec columns[] = {
    {"exports", "Exports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"imports", "Imports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"balance", "Balance", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"cover", "Cover ratio", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"normalised", "Normalised balance", QUIPU_REAL, QUIPU_FIGURE, "", 3},
};

static void figures(qi_sheet *sheet, size_t row, const qi_line *line, size_t period) {
    quipu_money x = line->value[period], m = line->value[period + line->plane_step];
    bool has_x = line->known[period], has_m = line->known[period + line->plane_step];
    if (has_x)
        qi_sheet_integer(sheet, row, 0, x);
    if (has_m)
        qi_sheet_integer(sheet, row, 1, m);
    if (!has_x || !has_m)
        return;
    qi_sheet_integer(sheet, row, 2, x - m); /* both are positive: it fits */
    if (m > 0)
        qi_sheet_real(sheet, row, 3, (double)x / (double)m);
    quipu_money both = x;
    if (qi_add_money(&both, m) && both > 0)
        qi_sheet_real(sheet, row, 4, (double)(x - m) / (double)both);
}

static quipu_status write(qi_ask *ask, const qi_frame *frame, const qi_lines *lines,
                          quipu_table *out, quipu_error *err) {
    qi_sheet sheet;
    size_t row = 0;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, QI_COUNT(columns),
                         lines->n * frame->n_periods, out, err));
    for (size_t i = 0; i < lines->n; i++)
        for (size_t p = 0; p < frame->n_periods; p++, row++) {
            QI_TRY(qi_sheet_line(&sheet, row, &lines->items[i], err));
            qi_sheet_period(&sheet, row, p);
            figures(&sheet, row, &lines->items[i], p);
        }
    const char *valuation = quipu_cube_meta(ask->cube, "valuation");
    if (valuation != NULL)
        QI_TRY(qi_ask_note(ask, err, "Valuation: %s%s.", valuation,
                           strstr(valuation, "CIF") != NULL && strstr(valuation, "FOB") != NULL
                               ? "; imports carry freight and insurance, exports do not"
                               : ""));
    QI_TRY(quipu_table_set_title(out, err, "Balance of the %s%s", qi_words_trade(ask),
                                 qi_words_by(ask)));
    return qi_sheet_close(&sheet, ask, frame, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_ask ask;
    qi_frame frame = {0};
    qi_lines lines = {0};
    qi_wish wish = {.flows = "export import"};
    QI_TRY(qi_ask_open(&ask, &qi_measure_balance, request, &wish, err));
    quipu_status status;
    QI_GO(qi_frame_make(&ask, NULL, &frame, err));
    QI_GO(qi_lines_make(&ask, &frame, 0, &lines, err));
    QI_GO(write(&ask, &frame, &lines, out, err));
done:
    qi_lines_free(&lines);
    qi_frame_free(&frame);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_balance = {
    .name = "balance",
    .summary = "Does the country sell more than it buys?",
    .without = "of flow",
    .detail =
        "Exports, imports, their difference, the cover ratio and the balance over the sum of "
        "both, which lies between -1 (imports only) and 1 (exports only). A side that is "
        "missing leaves the rest missing; imports of zero leave the cover ratio missing.\n\n"
        "Sources mostly value exports FOB and imports CIF, so that a balance of zero is seen "
        "as "
        "a small deficit. In a reconciled cube both sides are valued alike. --basis mirror "
        "takes both sides from the partners' reports.",
    .formula = "B = X - M; cover = X / M; normalised = (X - M) / (X + M)",
    .reference = "",
    .worked = "Exports of 6 and imports of 4: balance 2, cover ratio 150 %, normalised 0.2.",
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "balance",
    .example = "--reporter Peru --partner China,Japan,Korea --years 2000-2011",
    .run = run,
};
