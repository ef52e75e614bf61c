/* SPDX-License-Identifier: Apache-2.0 */
/* prody.c - the income of the countries that export a product. */
#include "measures/complex.h"

static const quipu_param params[] = {QI_PARAMS_INCOME, QI_PARAMS_WORLD};

static const quipu_column_spec columns[] = {
    {"product", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"product_name", "Product", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"prody", "PRODY", QUIPU_REAL, QUIPU_FIGURE, "as the incomes", 0},
    {"exporters", "Exporters with income", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"value", "Exports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
};
enum { PRODY = 3, EXPORTERS, VALUE };

static void write_row(const qi_year *y, const void *user, size_t p, size_t rank, size_t row,
                      quipu_table *out) {
    QI_UNUSED(user);
    QI_UNUSED(rank);
    quipu_table_set_real(out, PRODY, row, y->incomes.prody[p]);
    quipu_table_set_integer(out, EXPORTERS, row, y->incomes.exporters[p]);
    quipu_table_set_integer(out, VALUE, row, y->world.by_product[p]);
}

static quipu_status write_year(qi_study *s, const qi_year *y, void *user, quipu_table *out,
                               quipu_error *err) {
    qi_ranking ranking = {y->incomes.prody, true, write_row, user};
    return qi_write_ranking(s, y, &ranking, out, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    return qi_study_run(&qi_measure_prody, request, QI_STUDY_INCOME, write_year, NULL,
                        "Income of products (PRODY)", out, err);
}

const quipu_measure qi_measure_prody = {
    .name = "prody",
    .aliases = NULL,
    .summary = "How rich are the countries that export a product?",
    .without = "partner reporter by classes gold periods sort total rest",
    .detail =
        "The mean income of the countries that export a product, each weighted by how large "
        "the product is in its exports: a high PRODY is a product of rich countries. Incomes "
        "come from a table of yours, a CSV file:\n\n"
        "    country,year,gdp\n"
        "    PER,1997,6120.5\n\n"
        "Countries by name or code, GDP per capita in one unit throughout (constant PPP "
        "dollars, as the authors advise); without a column year one income serves all years. "
        "Countries without an income are left out. --balanced keeps to countries that have "
        "exports and income in every year, without which PRODY moves when reporters come and "
        "go. Missing where no country with an income exports the product.",
    .formula = "PRODY_k = sum_i (X_ik / X_i) Y_i / sum_l (X_lk / X_l)",
    .reference = "R. Hausmann, J. Hwang, D. Rodrik (2007), What you export matters, Journal of "
                 "Economic Growth 12.",
    .worked = "A (income 10) exports 90 of product 01 of 160 in all, B (income 40) 30 of 120: "
              "shares 0.5625 and 0.25; (0.5625 x 10 + 0.25 x 40) / 0.8125 = 19.23.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "prody",
    .example = "--income income.csv --years 1997 --digits 4 --limit 10",
    .run = run,
};
