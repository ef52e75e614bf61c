/* SPDX-License-Identifier: Apache-2.0 */
/* firm_concentration.c - how much of the trade the largest firms have. */
#include "measures/firms.h"

static const quipu_param params[] = {QI_PARAM_MIN_FIRMS};

enum { FIRMS, VALUE, TOP_FIRST, N_TOPS = 4, HHI = TOP_FIRST + N_TOPS, HALF, FLAG, N_FIGURES };

static const size_t TOP[N_TOPS] = {5, 10, 25, 100};

static const quipu_column_spec columns[N_FIGURES] = {
    {"firms", "Firms", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"top_5", "Largest 5", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"top_10", "Largest 10", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"top_25", "Largest 25", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"top_100", "Largest 100", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"hhi", "Herfindahl-Hirschman index", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"firms_of_half", "Firms that make half", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    QI_COLUMN_CONFIDENTIAL,
};

typedef struct writer {
    size_t least;
    quipu_money *sorted; /* room for the firms of one cell */
} writer;

static int larger_first(const void *a, const void *b) {
    quipu_money x = *(const quipu_money *)a, y = *(const quipu_money *)b;
    return x > y ? -1 : x < y;
}

/* A share of the k largest is the trade of k firms, what it has more than the share before it
 * that of the firms in between, and what is left that of the others: each of them is enough, or
 * the share is not told.  So are index and half only where the firms outnumber the figures. */
static void write_distribution(const writer *w, qi_sheet *sheet, size_t row, size_t n) {
    const quipu_money *value = w->sorted;
    size_t least = w->least, told = 0, half = 0;
    quipu_money named = 0, sum = 0;
    double hhi = 0;
    for (size_t i = 0; i < n; i++)
        named += value[i]; /* fits: the cell's value did */
    for (size_t i = 0, top = 0; i < n; i++) {
        double share = (double)value[i] / (double)named;
        hhi += share * share;
        sum += value[i];
        half = half == 0 && sum >= named - sum ? i + 1 : half;
        if (top < N_TOPS && i + 1 == TOP[top]) {
            if (i + 1 - told >= least && n - (i + 1) >= least) {
                qi_sheet_real(sheet, row, TOP_FIRST + top, (double)sum / (double)named);
                told = i + 1;
            }
            top++;
        }
    }
    if (least > 1 && n < least + N_TOPS + 2)
        return;
    qi_sheet_real(sheet, row, HHI, hhi);
    if (half >= least) /* else it tells how large a few are */
        qi_sheet_integer(sheet, row, HALF, (int64_t)half);
}

static void write_figures(void *user, qi_sheet *sheet, size_t row, const qi_by_firm *c,
                          size_t cell) {
    const writer *w = user;
    size_t n = cell != SIZE_MAX ? qi_firm_count(c, cell) : 0;
    qi_sheet_integer(sheet, row, FIRMS, (int64_t)n);
    qi_sheet_integer(sheet, row, VALUE, cell != SIZE_MAX ? c->value[cell] : 0);
    if (n == 0)
        return;
    memcpy(w->sorted, c->of_firm + c->start[cell], n * sizeof *w->sorted);
    qsort(w->sorted, n, sizeof *w->sorted, larger_first);
    write_distribution(w, sheet, row, n);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_firm_ask f;
    QI_TRY(qi_firm_ask_open(&f, &qi_measure_firm_concentration, request, NULL, err));
    size_t room = (size_t)quipu_cube_n_firms(request->cube) * sizeof(quipu_money);
    writer w = {f.least, malloc(room)};
    qi_firm_figures figures = {.columns = columns,
                               .n = N_FIGURES,
                               .title = "Concentration by firm: ",
                               .write = write_figures,
                               .user = &w};
    quipu_status status = w.sorted != NULL ? QUIPU_OK : qi_fail_memory(err, room);
    if (status == QUIPU_OK)
        status = qi_ask_note(
            &f.ask, err,
            "Shares are of the value that firms declared. The largest are those of each row "
            "and "
            "year. A share is told where it, what it adds to the share before it and what is "
            "left are each the trade of %zu firms or more.",
            f.least);
    if (status == QUIPU_OK)
        status = qi_firms_table(&f, &figures, out, err);
    free(w.sorted);
    qi_firm_ask_close(&f);
    return status;
}

const quipu_measure qi_measure_firm_concentration = {
    .name = "firm-concentration",
    .without = QI_FIRMS_WITHOUT,
    .summary = "How much of the trade do the largest firms have?",
    .detail =
        "Shares of the largest firms of each row and year, the Herfindahl-Hirschman index over "
        "firms, and how many firms make half of the value. The largest firm of all is never "
        "told: a share is printed only where it is the trade of enough firms, and so is what "
        "it "
        "adds to the one before it and what it leaves.\n\n"
        "Confidentiality is as in firms. The index and the half need six firms more than a "
        "cell, "
        "as each figure of a distribution takes one unknown away.",
    .formula =
        "share of the k largest = sum of the k largest X_f / sum_f X_f; HHI = sum_f (X_f / "
        "sum X)^2",
    .reference =
        "C. Freund, M. D. Pierola (2015), Export superstars, Review of Economics and "
        "Statistics "
        "97(5); A. M. Fernandes, C. Freund, M. D. Pierola (2016), Journal of Development "
        "Economics 119.",
    .worked = "Ten firms of 10 each: HHI 10 x 0.01 = 0.1, the largest 5 have 50 %, 5 firms "
              "make half.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "hhi",
    .example = "--reporter Peru",
    .run = run,
};
