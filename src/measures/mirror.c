/* SPDX-License-Identifier: Apache-2.0 */
/* mirror.c - a country's figures beside those of its partners. */
#include "measures/mirror.h"

static const quipu_param params[] = {
    {"cif", QUIPU_PARAM_REAL, NULL, "0.08", QI_MIRROR_CIF_HELP},
};

enum {
    REPORTED,
    MIRRORED,
    SILENT,
    GAP,
    RATIO,
    LOG_GAP,
    DISCREPANCY,
    GROSS,
    OFFSETTING,
    WEIGHTED,
    MEDIAN,
    CELLS,
    N_FIGURES
};

static const quipu_column_spec columns[N_FIGURES] = {
    {"reported", "Reported", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"mirror", "By the partners", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"silent", "Not compared", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"gap", "Gap", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"ratio", "Partners over reported", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"log_gap", "Log gap", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"discrepancy", "Discrepancy", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"gross_gap", "Gross gap", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"offsetting", "Offsetting part", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"weighted_discrepancy", "Discrepancy of cells, weighted", QUIPU_SHARE, QUIPU_FIGURE,
     "fraction", 1},
    {"median_discrepancy", "Discrepancy of cells, median", QUIPU_SHARE, QUIPU_FIGURE,
     "fraction", 1},
    {"cells", "Cells", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
};

/* Of one line in one period. */
typedef struct tally {
    quipu_money reported, mirrored; /* as far as known */
    quipu_money own, other;         /* where both are */
    quipu_money silent;             /* known on one side only */
    quipu_money gross;              /* sum of |gap| */
    double apart, together;         /* sums of |X - M~| and X + M~ */
    bool has_reported, has_mirrored, compared;
} tally;

typedef QI_LIST(double) double_list;

typedef struct work {
    qi_both_sides both;
    double cif;
    double_list list; /* discrepancies of the cells of one row */
} work;

/* ---- cells of both sides in order ---- */

typedef struct cursor {
    const qi_under *u;
    size_t at, end;
} cursor;

static uint64_t cell_of(const cursor *c) {
    if (c->at == c->end)
        return UINT64_MAX;
    return (uint64_t)c->u->partner[c->at] << 32 | c->u->good[c->at];
}

static cursor start_of(const qi_under *u, uint64_t key) {
    size_t line = qi_under_find(u, key);
    if (line == SIZE_MAX)
        return (cursor){u, 0, 0};
    return (cursor){u, u->start[line], u->start[line + 1]};
}

static quipu_status add_cell(work *w, tally *t, quipu_money own, quipu_money other,
                             bool own_told, bool other_told, quipu_error *err) {
    bool fits = true;
    t->has_reported |= own_told;
    t->has_mirrored |= other_told;
    fits &= qi_add_money(&t->reported, own_told ? own : 0);
    fits &= qi_add_money(&t->mirrored, other_told ? other : 0);
    if (!own_told || !other_told) {
        fits &= qi_add_money(&t->silent, own_told ? own : other_told ? other : 0);
    } else {
        quipu_money gap = other - own;
        double x = (double)own, m = (double)other, d;
        *(w->both.reported_is_cif ? &x : &m) /= 1 + w->cif;
        d = qi_discrepancy(x, m);
        t->compared = true;
        t->apart += fabs(x - m);
        t->together += x + m;
        fits &= qi_add_money(&t->own, own) && qi_add_money(&t->other, other) &&
                qi_add_money(&t->gross, gap < 0 ? -gap : gap);
        if (!isnan(d) && !QI_PUSH(&w->list, d))
            return qi_fail_memory(err, sizeof d);
    }
    return fits ? QUIPU_OK : qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15 US$");
}

static quipu_status add_line(work *w, uint64_t key, size_t period, tally *t, quipu_error *err) {
    cursor a = start_of(&w->both.reported, key), b = start_of(&w->both.mirrored, key);
    while (a.at < a.end || b.at < b.end) {
        uint64_t x = cell_of(&a), y = cell_of(&b), cell = x < y ? x : y;
        uint32_t partner = (uint32_t)(cell >> 32);
        quipu_money own = x == cell ? qi_under_values(a.u, a.at)[period] : 0;
        quipu_money other = y == cell ? qi_under_values(b.u, b.at)[period] : 0;
        QI_TRY(add_cell(w, t, own, other, qi_both_told(&w->both, false, key, partner, period),
                        qi_both_told(&w->both, true, key, partner, period), err));
        a.at += x == cell;
        b.at += y == cell;
    }
    return QUIPU_OK;
}

/* ---- figures ---- */

static int real_order(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median_of(double_list *list) {
    if (list->n == 0)
        return NAN;
    qsort(list->items, list->n, sizeof *list->items, real_order);
    size_t middle = list->n / 2;
    return list->n % 2 != 0 ? list->items[middle]
                            : (list->items[middle - 1] + list->items[middle]) / 2;
}

static void put(work *w, qi_sheet *sheet, size_t row, const tally *t) {
    if (t->has_reported)
        qi_sheet_integer(sheet, row, REPORTED, t->reported);
    if (t->has_mirrored)
        qi_sheet_integer(sheet, row, MIRRORED, t->mirrored);
    if (t->has_reported || t->has_mirrored)
        qi_sheet_integer(sheet, row, SILENT, t->silent);
    if (!t->compared)
        return;
    quipu_money gap = t->other - t->own;
    double x = (double)t->own, m = (double)t->other, net = fabs((double)gap);
    qi_sheet_integer(sheet, row, GAP, gap);
    qi_sheet_integer(sheet, row, GROSS, t->gross);
    qi_sheet_integer(sheet, row, CELLS, (int64_t)w->list.n);
    if (x > 0)
        qi_sheet_real(sheet, row, RATIO, m / x);
    if (x > 0 && m > 0)
        qi_sheet_real(sheet, row, LOG_GAP, log(m / x));
    *(w->both.reported_is_cif ? &x : &m) /= 1 + w->cif;
    qi_sheet_real(sheet, row, DISCREPANCY, qi_discrepancy(x, m));
    if (t->gross > 0)
        qi_sheet_real(sheet, row, OFFSETTING, 1 - net / (double)t->gross);
    if (t->together > 0)
        qi_sheet_real(sheet, row, WEIGHTED, t->apart / t->together);
    qi_sheet_real(sheet, row, MEDIAN, median_of(&w->list));
}

/* ---- lines ---- */

typedef struct entry {
    uint64_t key;
    double size;
} entry;

static int by_size(const void *a, const void *b) {
    const entry *x = a, *y = b;
    if (x->size > y->size || x->size < y->size)
        return x->size > y->size ? -1 : 1;
    return x->key < y->key ? -1 : x->key > y->key;
}

static int by_key(const void *a, const void *b) {
    const entry *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

/* Trade of the last period that either side has, on both sides together. */
static double size_of(const qi_under *u, size_t line) {
    for (size_t p = u->n_periods; p > 0; p--) {
        double sum = 0;
        if (!qi_under_line_known(u, line)[p - 1])
            continue;
        for (size_t c = u->start[line]; c < u->start[line + 1]; c++)
            sum += (double)qi_under_values(u, c)[p - 1];
        return sum;
    }
    return 0;
}

static size_t list_lines(const work *w, entry *out) {
    const qi_under *sides[] = {&w->both.reported, &w->both.mirrored};
    size_t n = 0, kept = 0;
    for (size_t s = 0; s < QI_COUNT(sides); s++)
        for (size_t l = 0; l < sides[s]->n_lines; l++)
            out[n++] = (entry){sides[s]->line_key[l], size_of(sides[s], l)};
    if (n > 1)
        qsort(out, n, sizeof *out, by_key);
    for (size_t i = 0; i < n; i++)
        if (kept > 0 && out[kept - 1].key == out[i].key)
            out[kept - 1].size += out[i].size;
        else
            out[kept++] = out[i];
    return kept;
}

static quipu_status write_row(work *w, qi_sheet *sheet, const qi_line *line,
                              const entry *entries, size_t n, size_t period, quipu_error *err) {
    size_t row;
    tally t = {0};
    w->list.n = 0;
    for (size_t i = 0; i < n; i++)
        QI_TRY(add_line(w, entries[i].key, period, &t, err));
    QI_TRY(quipu_table_add_rows(sheet->table, 1, &row, err));
    QI_TRY(qi_sheet_line(sheet, row, line, err));
    qi_sheet_period(sheet, row, period);
    put(w, sheet, row, &t);
    return QUIPU_OK;
}

static quipu_status write_rows(work *w, qi_sheet *sheet, entry *entries, size_t n,
                               quipu_error *err) {
    const qi_ask *ask = &w->both.own;
    int64_t limit = qi_integer(ask->measure, ask->request, "limit", INT64_MAX);
    bool total = qi_switch(ask->measure, ask->request, "total") && ask->n_shown == 1;
    size_t shown = limit >= 0 && (size_t)limit < n ? (size_t)limit : n;
    if (!qi_is(qi_argument(ask->measure, ask->request, "sort"), "code") && n > 1)
        qsort(entries, n, sizeof *entries, by_size);
    for (size_t i = 0; i < shown; i++)
        for (size_t p = 0; p < ask->n_periods; p++) {
            qi_line line = {.kind = QI_LINE_ROW, .key = entries[i].key};
            QI_TRY(write_row(w, sheet, &line, &entries[i], 1, p, err));
        }
    for (size_t p = 0; p < ask->n_periods && total && n > 0; p++) {
        qi_line line = {.kind = QI_LINE_TOTAL, .key = entries[0].key};
        QI_TRY(write_row(w, sheet, &line, entries, n, p, err));
    }
    return QUIPU_OK;
}

static quipu_status notes(work *w, quipu_error *err) {
    qi_ask *ask = &w->both.own;
    const char *cif = qi_ask_number(ask, 100 * w->cif);
    QI_TRY(
        qi_ask_note(ask, err,
                    "Gap: %s of the partners less %s reported, as published (%s). "
                    "Discrepancy: |X - M| / (X + M) with %s %% of the FOB value taken off the "
                    "imports for freight and insurance (--cif).",
                    w->both.reported_is_cif ? "exports" : "imports",
                    w->both.reported_is_cif ? "imports" : "exports",
                    w->both.reported_is_cif ? "FOB less CIF" : "CIF less FOB", cif));
    QI_TRY(qi_ask_note(ask, err,
                       "Gross gap: the gaps of the single partners and products without their "
                       "signs; the offsetting part of it is what cancels out, a sign of goods "
                       "under other codes or of other partners (transit)."));
    QI_TRY(qi_ask_note(ask, err,
                       "Only where both sides reported the year; trade known to one "
                       "side only is not compared."));
    if (quipu_cube_n_products(ask->cube) < 2)
        return qi_ask_note(ask, err, "The cube holds totals only: a cell is a partner.");
    return QUIPU_OK;
}

static quipu_status write(work *w, quipu_table *out, quipu_error *err) {
    qi_ask *ask = &w->both.own;
    qi_sheet sheet;
    size_t room = w->both.reported.n_lines + w->both.mirrored.n_lines + 1;
    entry *entries = malloc(room * sizeof *entries);
    if (entries == NULL)
        return qi_fail_memory(err, room * sizeof *entries);
    size_t n = list_lines(w, entries);
    quipu_status status =
        qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_FIGURES, 0, out, err);
    if (status == QUIPU_OK)
        status = write_rows(w, &sheet, entries, n, err);
    free(entries);
    QI_TRY(status);
    QI_TRY(quipu_table_set_title(out, err,
                                 "The %s%s, as reported and in the books of the "
                                 "partners",
                                 qi_words_trade(ask), qi_words_by(ask)));
    QI_TRY(notes(w, err));
    return qi_sheet_close(&sheet, ask, &w->both.reported.frame, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_mirror;
    work w = {.cif = 0};
    qi_wish wish = {.by = "partner", .under = "partner,product"};
    quipu_status status;
    QI_TRY(qi_mirror_cif(me, request, &w.cif, err));
    QI_TRY(qi_both_open(me, request, &wish, QI_UNDER_PARTNER | QI_UNDER_PRODUCT, &w.both, err));
    status = write(&w, out, err);
    free(w.list.items);
    qi_both_close(&w.both);
    return status;
}

const quipu_measure qi_measure_mirror = {
    .name = "mirror",
    .without = "of basis periods rest",
    .summary = "Do the partners report the same trade?",
    .detail =
        "What a country says it exported to a partner, beside what the partner says it "
        "imported "
        "from it (and the same of imports with --flow import). The two differ for good "
        "reasons: "
        "freight and insurance in the import value, goods on the way at the end of the year, "
        "goods "
        "that went through a third country, confidential trade; and for bad ones. The ratio, "
        "its "
        "logarithm and the gap are of the figures as published; the discrepancy, from 0 (the "
        "same) "
        "to 1 (one side has nothing), takes --cif off the import side first.\n\n"
        "Gaps of single products can cancel out: a product that one side files under another "
        "code "
        "is too much here and too little there. The offsetting part of the gross gap measures "
        "that. The mean of the cells' discrepancies is weighted by trade, the median is "
        "not.\n\n"
        "A country that did not report a year has no figure, not a gap: its partner's trade "
        "stands under \"not compared\". Lines are largest first; --sort code puts them in "
        "order "
        "of code, --total adds them up.",
    .formula = "rho = M_ji/X_ij; ln rho; d = |X - M~|/(X + M~), M~ = M/(1 + cif); sum_k "
               "|gap_k| = |sum_k "
               "gap_k| + offsetting, offsetting part = 1 - |sum gap| / sum |gap|",
    .reference =
        "S. Bustos, M. A. Yildirim and others, Growth Lab at Harvard (2019), Atlas of Economic "
        "Complexity data notes; R. C. Feenstra, R. E. Lipsey and others (2005), World Trade "
        "Flows, "
        "NBER Working Paper 11040.",
    .worked = "Peru reports 100 copper and 50 zinc to China; China reports 130 copper and 32 "
              "zinc from "
              "Peru. Gap 12, gross gap 48, offsetting part 1 - 12/48 = 75 %. With cif 0.08: M~ "
              "= 150, d "
              "= 0 although the products are 9 and 26 % apart.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "gap",
    .example = "--reporter Peru --years 2011 --limit 10",
    .run = run,
};
