/* SPDX-License-Identifier: Apache-2.0 */
/* intra_industry.c - how much of the trade is in both directions within the same goods. */
#include "measures/both_ways.h"

enum { EXPORTS, IMPORTS, GL, ADJUSTED, AQUINO, N_FIGURES };

static const quipu_column_spec columns[N_FIGURES] = {
    {"exports", "Exports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"imports", "Imports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"gl", "Grubel-Lloyd", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"adjusted", "Balance-adjusted", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"aquino", "Aquino", QUIPU_REAL, QUIPU_FIGURE, "", 3},
};

typedef struct work {
    qi_both_ways both;
    qi_vector x, m;
} work;

static quipu_status figures(void *user, qi_sheet *sheet, size_t row, const qi_line *line,
                            size_t period, quipu_error *err) {
    work *w = user;
    const qi_frame *f = &w->both.parts;
    qi_rows rows = qi_frame_group(f, line->key);
    qi_wide_sum apart = 0;
    if (!qi_both_ways_totals(sheet, row, line, period))
        return QUIPU_OK;
    for (size_t r = rows.from; r < rows.to; r++) {
        qi_wide_sum gap = (qi_wide_sum)f->value[qi_frame_at(f, 0, r, period)] -
                          f->value[qi_frame_at(f, 1, r, period)];
        apart += gap < 0 ? -gap : gap;
    }
    QI_TRY(qi_vector_read(f, 0, rows, period, &w->x, err));
    QI_TRY(qi_vector_read(f, 1, rows, period, &w->m, err));
    qi_wide_sum all = (qi_wide_sum)w->x.sum + w->m.sum;
    qi_wide_sum balance = (qi_wide_sum)w->x.sum - w->m.sum;
    qi_wide_sum balanced = all - (balance < 0 ? -balance : balance);
    if (all > 0)
        qi_sheet_real(sheet, row, GL, (double)(all - apart) / (double)all);
    if (balanced > 0)
        qi_sheet_real(sheet, row, ADJUSTED, (double)(all - apart) / (double)balanced);
    qi_sheet_real(sheet, row, AQUINO, qi_vector_overlap(&w->x, &w->m));
    return QUIPU_OK;
}

static quipu_status write(work *w, const qi_lines *lines, quipu_table *out, quipu_error *err) {
    qi_ask *ask = &w->both.ask;
    qi_sheet sheet;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_FIGURES,
                         qi_sheet_n_rows(ask, lines), out, err));
    QI_TRY(qi_sheet_rows(&sheet, lines, figures, w, err));
    QI_TRY(qi_both_ways_notes(&w->both, err));
    QI_TRY(quipu_table_set_title(out, err, "Intra-industry part of the %s across %s%s",
                                 qi_words_trade(ask), qi_words_over(ask), qi_words_by(ask)));
    return qi_sheet_close(&sheet, ask, &w->both.parts, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_lines lines = {0};
    work w = {0};
    quipu_status status;
    QI_GO(qi_both_ways_open(&w.both, &qi_measure_intra_industry, request, NULL, err));
    QI_GO(qi_lines_make(&w.both.ask, &w.both.sums, QI_LINES_NO_TOTAL, &lines, err));
    QI_GO(write(&w, &lines, out, err));
done:
    qi_vector_free(&w.x);
    qi_vector_free(&w.m);
    qi_lines_free(&lines);
    qi_both_ways_close(&w.both);
    return status;
}

const quipu_measure qi_measure_intra_industry = {
    .name = "intra-industry",
    .aliases = "iit grubel-lloyd",
    .summary = "How much of the trade goes both ways within the same goods?",
    .without = "of flow total rest",
    .detail =
        "The index of Grubel and Lloyd is the part of all trade that is matched by trade of "
        "the "
        "same goods in the other direction: 0 when every product is only exported or only "
        "imported, 1 when exports equal imports in each. A trade deficit keeps it below 1, so "
        "two corrections are given: the index over the largest it could be with that balance, "
        "and Aquino's, which first scales exports and imports to equal totals; both are "
        "debated "
        "and neither should be read alone.\n\n"
        "Goods are the products of the cube, or with --over classes of a scheme: the coarser, "
        "the higher the index. With --bilateral goods are matched with each partner apart and "
        "then added up; without it exports to one partner match imports from another. Missing "
        "where there is no trade or a side was not reported; the corrections also where one "
        "side is zero.",
    .formula =
        "GL = 1 - sum_k |X_k - M_k| / sum_k (X_k + M_k); adjusted GL / (1 - |X - M|/(X + M)); "
        "Aquino 1 - (1/2) sum_k |X_k/X - M_k/M|",
    .reference =
        "H. Grubel and P. Lloyd (1975), Intra-Industry Trade, Macmillan; A. Aquino (1978), "
        "Intra-industry trade and inter-industry specialization as concurrent sources of "
        "international trade in manufactures, Weltwirtschaftliches Archiv 114.",
    .worked =
        "Cars: exports 6, imports 4; copper: exports 0, imports 2. GL 1 - (2 + 2)/12 = 0.667; "
        "the balance is 0, so adjusted is the same; Aquino 1 - (|1 - 0.667| + 0.333)/2 = "
        "0.667.",
    .params = qi_both_ways_params,
    .n_params = QI_BOTH_WAYS_PARAMS,
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "gl",
    .example = "--reporter Peru --by partner --years 2011",
    .run = run,
};
