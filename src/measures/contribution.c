/* SPDX-License-Identifier: Apache-2.0 */
/* contribution.c - what each part added to the growth of the whole. */
#include "measures/common.h"

static const quipu_column_spec columns[] = {
    {"value_from", "First value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"value_to", "Last value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"change", "Change", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"contribution", "Contribution to growth", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"share_of_change", "Share of the change", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

/* First and last value of the whole this line is part of. */
static bool whole_of(const qi_frame *whole, uint64_t key, const qi_stretch *s,
                     quipu_money *first, quipu_money *last) {
    size_t row = qi_frame_find(whole, key);
    if (row == QI_NO_ROW)
        return false;
    size_t from = qi_frame_at(whole, 0, row, s->from), to = qi_frame_at(whole, 0, row, s->to);
    *first = whole->value[from];
    *last = whole->value[to];
    return whole->known[from] && whole->known[to];
}

static void figures(qi_sheet *sheet, size_t row, const qi_frame *whole, const qi_line *line,
                    const qi_stretch *s) {
    quipu_money a = line->value[s->from], b = line->value[s->to], first, last;
    /* A country outside the group in one of the years has nothing in it then: for the whole it
     * came or went with its trade, so only the whole decides what is missing. */
    bool has_whole = whole_of(whole, line->key, s, &first, &last);
    if (line->known[s->from] || has_whole)
        qi_sheet_integer(sheet, row, 0, a);
    if (line->known[s->to] || has_whole)
        qi_sheet_integer(sheet, row, 1, b);
    if (!has_whole)
        return;
    qi_sheet_integer(sheet, row, 2, b - a);
    if (first > 0)
        qi_sheet_real(sheet, row, 3, (double)(b - a) / (double)first);
    if (last != first)
        qi_sheet_real(sheet, row, 4, (double)(b - a) / (double)(last - first));
}

static quipu_status write(qi_ask *ask, const qi_stretches *stretches, const qi_frame *frame,
                          const qi_frame *whole, const qi_lines *lines, quipu_table *out,
                          quipu_error *err) {
    qi_sheet sheet;
    size_t row = 0;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_STRETCH, columns, QI_COUNT(columns),
                         lines->n * stretches->n, out, err));
    for (size_t i = 0; i < lines->n; i++)
        for (size_t s = 0; s < stretches->n; s++, row++) {
            QI_TRY(qi_sheet_line(&sheet, row, &lines->items[i], err));
            qi_sheet_stretch(&sheet, row, &stretches->items[s]);
            figures(&sheet, row, whole, &lines->items[i], &stretches->items[s]);
        }
    QI_TRY(
        qi_ask_note(ask, err,
                    "Contributions are changes over the first value of the whole "
                    "selection; they add up to its growth from the first to the last year."));
    QI_TRY(quipu_table_set_title(out, err, "Contributions to the growth of the %s%s",
                                 qi_words_trade(ask), qi_words_by(ask)));
    return qi_sheet_close(&sheet, ask, frame, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_contribution;
    qi_arena arena = {0};
    qi_ask ask = {0};
    qi_frame frame = {0}, whole = {0};
    qi_lines lines = {0};
    qi_stretches stretches;
    quipu_status status;
    QI_GO(qi_stretches_read(me, request, &arena, &stretches, err));
    qi_wish wish = {.by = "technology", .years = stretches.years};
    if (qi_argument(me, request, "classes") != NULL)
        wish.by = "class";
    QI_GO(qi_ask_open(&ask, me, request, &wish, err));
    QI_GO(qi_stretches_place(&ask, &stretches, err));
    QI_GO(qi_frame_make(&ask, NULL, &frame, err));
    qi_cut cut = {.drop = ask.n_axes > 0 ? 1u << (ask.n_axes - 1) : 0};
    QI_GO(qi_frame_make(&ask, &cut, &whole, err));
    QI_GO(qi_lines_make(&ask, &frame, 0, &lines, err));
    QI_GO(write(&ask, &stretches, &frame, &whole, &lines, out, err));
done:
    qi_lines_free(&lines);
    qi_frame_free(&frame);
    qi_frame_free(&whole);
    qi_ask_close(&ask);
    qi_arena_free(&arena);
    return status;
}

const quipu_measure qi_measure_contribution = {
    .name = "contribution",
    .summary = "Which parts made the trade grow?",
    .without = "of periods wide",
    .detail =
        "The change of each part between the first and the last year, over the first value of "
        "the whole. The contributions add up to the growth of the whole, in points. The share "
        "of the change is missing when the whole did not change, and hard to read when parts "
        "rose and fell: it may then be above one or negative.",
    .formula = "c_k = (V_k,1 - V_k,0) / V_0; sum over k of c_k = V_1/V_0 - 1",
    .reference = "",
    .worked =
        "Exports of 100, copper 60 and fish 40, become 150, copper 105 and fish 45: copper "
        "contributed 45 points and fish 5 of a growth of 50 %.",
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "contribution",
    .example = "--reporter Peru --partner China --by technology --years 2000-2011 --total",
    .run = run,
};
