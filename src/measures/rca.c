/* SPDX-License-Identifier: Apache-2.0 */
/* rca.c - revealed comparative advantage (Balassa 1965). */
#include "measures/rca.h"
#include "measures/common.h"

static const quipu_param params[] = {
    {"cutoff", QUIPU_PARAM_REAL, NULL, NULL, "only indexes of at least this much"},
};

static const quipu_column_spec columns[] = {
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"rca", "RCA", QUIPU_REAL, QUIPU_FIGURE, "", 2},
};

/* The four sums of the index. */
typedef struct parts {
    qi_frame ik, i, wk, w;
} parts;

/* Where the sums of a line stand; the same in every period. */
typedef struct place {
    size_t i, wk, w;
} place;

static bool value_at(const qi_frame *frame, size_t row, size_t period, double *out) {
    if (row == QI_NO_ROW)
        return false;
    size_t at = qi_frame_at(frame, 0, row, period);
    *out = (double)frame->value[at];
    return frame->known[at] && frame->value[at] > 0;
}

static bool index_of(const parts *x, const qi_line *line, const place *at, size_t period,
                     double *out) {
    double i, wk, w;
    if (!line->known[period] || !value_at(&x->i, at->i, period, &i) ||
        !value_at(&x->wk, at->wk, period, &wk) || !value_at(&x->w, at->w, period, &w))
        return false;
    *out = qi_rca((double)line->value[period], i, wk, w);
    return true;
}

static uint32_t axes_of(const qi_ask *ask, bool goods) {
    uint32_t mask = 0;
    for (size_t a = 0; a < ask->n_axes; a++) {
        qi_axis_kind kind = ask->axes[a].kind;
        bool is_goods = kind == QI_AXIS_PRODUCT || kind == QI_AXIS_CLASS;
        if (goods ? is_goods : kind == QI_AXIS_REPORTER)
            mask |= 1u << a;
    }
    return mask;
}

static quipu_status make_parts(qi_ask *ask, parts *x, quipu_error *err) {
    const char *of = qi_argument(ask->measure, ask->request, "of");
    uint32_t goods = axes_of(ask, true), reporters = axes_of(ask, false);
    const char *world = of != NULL ? of : "all";
    qi_cut i = {.drop = goods, .product = "all"};
    qi_cut wk = {.drop = reporters, .reporter = world};
    qi_cut w = {.drop = goods | reporters, .reporter = world, .product = "all"};
    QI_TRY(qi_frame_make(ask, NULL, &x->ik, err));
    QI_TRY(qi_frame_make(ask, &i, &x->i, err));
    QI_TRY(qi_frame_make(ask, &wk, &x->wk, err));
    return qi_frame_make(ask, &w, &x->w, err);
}

static quipu_status write_lines(qi_ask *ask, const parts *x, const qi_lines *lines,
                                qi_sheet *sheet, quipu_error *err) {
    bool cut = qi_argument(ask->measure, ask->request, "cutoff") != NULL;
    double cutoff = qi_real(ask->measure, ask->request, "cutoff", 0);
    for (size_t i = 0; i < lines->n; i++) {
        const qi_line *line = &lines->items[i];
        place at = {qi_frame_find(&x->i, line->key), qi_frame_find(&x->wk, line->key),
                    qi_frame_find(&x->w, line->key)};
        for (size_t p = 0; p < x->ik.n_periods; p++) {
            double rca;
            bool has = index_of(x, line, &at, p, &rca);
            if (cut && (!has || rca < cutoff))
                continue;
            size_t row;
            QI_TRY(quipu_table_add_rows(sheet->table, 1, &row, err));
            QI_TRY(qi_sheet_line(sheet, row, line, err));
            qi_sheet_period(sheet, row, p);
            if (line->known[p])
                qi_sheet_integer(sheet, row, 0, line->value[p]);
            if (has)
                qi_sheet_real(sheet, row, 1, rca);
        }
    }
    return QUIPU_OK;
}

static quipu_status write(qi_ask *ask, const parts *x, const qi_lines *lines, quipu_table *out,
                          quipu_error *err) {
    qi_sheet sheet;
    const char *of = qi_argument(ask->measure, ask->request, "of");
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, QI_COUNT(columns), 0, out, err));
    QI_TRY(write_lines(ask, x, lines, &sheet, err));
    QI_TRY(qi_ask_note(ask, err,
                       "Compared with the %s of %s in the cube, the country itself "
                       "included.",
                       quipu_flow_name(ask->flows[0]),
                       of != NULL && !qi_is(of, "world") ? of : "all reporters"));
    QI_TRY(quipu_table_set_title(out, err, "Revealed comparative advantage in the %s%s",
                                 qi_words_trade(ask), qi_words_by(ask)));
    return qi_sheet_close(&sheet, ask, &x->ik, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_rca;
    qi_ask ask;
    parts x = {0};
    qi_lines lines = {0};
    qi_wish wish = {.by = "reporter,product"};
    if (qi_argument(me, request, "classes") != NULL)
        wish.by = "class";
    else if (qi_argument(me, request, "reporter") != NULL)
        wish.by = "product";
    QI_TRY(qi_ask_open(&ask, me, request, &wish, err));
    quipu_status status;
    QI_GO(make_parts(&ask, &x, err));
    QI_GO(qi_lines_make(&ask, &x.ik, QI_LINES_NO_TOTAL, &lines, err));
    QI_GO(write(&ask, &x, &lines, out, err));
done:
    qi_lines_free(&lines);
    qi_frame_free(&x.ik);
    qi_frame_free(&x.i);
    qi_frame_free(&x.wk);
    qi_frame_free(&x.w);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_rca = {
    .name = "rca",
    .summary = "In what does a country specialise, compared with the world?",
    .without = "total rest",
    .detail =
        "The share of a product in the exports of a country over its share in the exports of "
        "the reference: above 1 the country exports more of it than would be expected. The "
        "reference is every reporter of the cube, or with --of a group; the country itself is "
        "in it. With --partner both shares are of the exports to that partner. By classes with "
        "--by reporter,technology or --classes FILE.\n\n"
        "Missing where the country exports nothing at all or the reference nothing of the "
        "product; zero where the country exports other things only. An index is at least 1 "
        "exactly when the shares are, for sums up to nine million million dollars.",
    .formula = "RCA_ik = (X_ik / X_i) / (X_wk / X_w)",
    .reference = "B. Balassa (1965), Trade liberalisation and \"revealed\" comparative "
                 "advantage, The Manchester School 33(2).",
    .worked = "A exports 160, of it 90 of product 01; all countries export 1000, of it 300 of "
              "01: (90/160)/(300/1000) = 1.875.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "rca",
    .example = "--reporter Peru --years 2011 --cutoff 1",
    .run = run,
};
