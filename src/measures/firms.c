/* SPDX-License-Identifier: Apache-2.0 */
/* firms.c - how many firms trade, and how much, with how many partners and products each. */
#include "measures/firms.h"

static const quipu_param params[] = {QI_PARAM_MIN_FIRMS};

enum { FIRMS, VALUE, EACH, GOODS, PARTNERS, PAIRS, NOBODY, FLAG, N_FIGURES };

static const quipu_column_spec columns[N_FIGURES] = {
    {"firms", "Firms", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"value_per_firm", "Value per firm", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"products_per_firm", "Products per firm", QUIPU_REAL, QUIPU_FIGURE, "", 2},
    {"partners_per_firm", "Partners per firm", QUIPU_REAL, QUIPU_FIGURE, "", 2},
    {"pairs_per_firm", "Product-partner pairs per firm", QUIPU_REAL, QUIPU_FIGURE, "", 2},
    {"without_firm", "Value without firm", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    QI_COLUMN_CONFIDENTIAL,
};

static double mean(const uint32_t *counts, size_t from, size_t to) {
    uint64_t sum = 0;
    for (size_t i = from; i < to; i++)
        sum += counts[i];
    return (double)sum / (double)(to - from);
}

static void write_figures(void *user, qi_sheet *sheet, size_t row, const qi_by_firm *c,
                          size_t cell) {
    QI_UNUSED(user);
    if (cell == SIZE_MAX) {
        qi_sheet_integer(sheet, row, FIRMS, 0);
        qi_sheet_integer(sheet, row, VALUE, 0);
        return;
    }
    size_t from = c->start[cell], to = c->start[cell + 1];
    quipu_money named = c->value[cell] - c->nobody[cell], n = (quipu_money)(to - from);
    qi_sheet_integer(sheet, row, FIRMS, n);
    qi_sheet_integer(sheet, row, VALUE, c->value[cell]);
    qi_sheet_real(sheet, row, NOBODY, (double)c->nobody[cell] / (double)c->value[cell]);
    if (n == 0)
        return;
    qi_sheet_integer(sheet, row, EACH, named / n + (named % n * 2 >= n));
    qi_sheet_real(sheet, row, GOODS, mean(c->goods, from, to));
    qi_sheet_real(sheet, row, PARTNERS, mean(c->partners, from, to));
    qi_sheet_real(sheet, row, PAIRS, mean(c->pairs, from, to));
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    static const qi_firm_figures figures = {.columns = columns,
                                            .n = N_FIGURES,
                                            .title = "Firms in the ",
                                            .detail = true,
                                            .write = write_figures};
    qi_firm_ask f;
    QI_TRY(qi_firm_ask_open(&f, &qi_measure_firms, request, NULL, err));
    quipu_status status = qi_firms_table(&f, &figures, out, err);
    qi_firm_ask_close(&f);
    return status;
}

const quipu_measure qi_measure_firms = {
    .name = "firms",
    .aliases = "exporters importers",
    .without = QI_FIRMS_WITHOUT,
    .summary = "How many firms trade, and how much each?",
    .detail =
        "The extensive margin in firms: how many declared exports (or imports), what each sold "
        "on average, with how many partners and in how many products. The cube must have been "
        "imported from declarations with --keep-firms; a firm is whoever a reporter's "
        "declarations call by one id, in all years.\n\n"
        "Cells of fewer than --min-firms firms are confidential, and so are as many others as "
        "keep these from being worked out: whatever can be computed from the table and its "
        "totals is the trade of at least that many firms. Such rows have no figures and a c in "
        "the last column. A listed country may be in one item only (\"China, Asia except "
        "China\"). What declarations without a firm are worth is in the value, but in no "
        "average.",
    .formula =
        "firms: number of f with sum_{j,k in cell} X_fjk > 0; value per firm: (sum_f X_f) / "
        "firms; products per firm: mean over f of the number of k with X_fk > 0; "
        "partners, pairs likewise",
    .reference =
        "A. M. Fernandes, C. Freund, M. D. Pierola (2016), Exporter behavior, country size and "
        "stage of development: evidence from the Exporter Dynamics Database, Journal of "
        "Development Economics 119; A. B. Bernard, J. B. Jensen, S. J. Redding, P. K. Schott "
        "(2007), Firms in international trade, Journal of Economic Perspectives 21(3).",
    .worked =
        "Firm 1 sells copper to China for 60 and to Japan for 30, firm 2 fish to China for 10: "
        "2 firms, 50 each, 1 product and 1.5 partners per firm.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "firms",
    .example = "--reporter Peru --partner China",
    .run = run,
};
