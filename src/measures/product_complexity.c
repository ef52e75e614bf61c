/* SPDX-License-Identifier: Apache-2.0 */
/* product_complexity.c - the complexity of products. */
#include "measures/complex.h"

static const quipu_param params[] = {QI_PARAMS_SCORE, QI_PARAMS_WORLD};

static const quipu_column_spec columns[] = {
    {"product", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"product_name", "Product", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"rank", "Rank", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"pci", "PCI", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"value", "Exports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"ubiquity", "Ubiquity", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"diversity", "Mean diversity", QUIPU_REAL, QUIPU_FIGURE, "", 1},
};
enum { RANK = 3, PCI, VALUE, UBIQUITY, DIVERSITY };

static void write_row(const qi_year *y, const void *user, size_t p, size_t rank, size_t row,
                      quipu_table *out) {
    const double *diversity = user, pci = y->scores.pci[p];
    if (!isnan(pci))
        quipu_table_set_integer(out, RANK, row, (int64_t)rank);
    quipu_table_set_real(out, PCI, row, pci);
    quipu_table_set_integer(out, VALUE, row, y->world.by_product[p]);
    quipu_table_set_integer(out, UBIQUITY, row, y->presence.ubiquity[p]);
    quipu_table_set_real(out, DIVERSITY, row, diversity[p]);
}

static quipu_status write_year(qi_study *s, const qi_year *y, void *user, quipu_table *out,
                               quipu_error *err) {
    size_t n = y->world.n_products;
    double *mean = malloc((n + y->world.n_countries + 1) * sizeof *mean);
    qi_ranking ranking = {y->scores.pci, true, write_row, mean};
    QI_UNUSED(user);
    if (mean == NULL)
        return qi_fail_memory(err, n * sizeof *mean);
    quipu_status status = qi_reflections(&y->presence, 1, mean + n, mean, err);
    if (status == QUIPU_OK)
        status = qi_write_ranking(s, y, &ranking, out, err);
    free(mean);
    return status;
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    return qi_study_run(&qi_measure_product_complexity, request, QI_STUDY_SCORES, write_year,
                        NULL, "Complexity of products", out, err);
}

const quipu_measure qi_measure_product_complexity = {
    .name = "product-complexity",
    .aliases = "pci ubiquity",
    .summary = "Which products can only diversified countries make?",
    .without = "partner reporter by classes gold periods sort total rest",
    .detail =
        "PCI is to products what ECI is to countries (see complexity): high for products that "
        "few countries have with advantage, and these with many other such products. Ubiquity "
        "is the number of countries that have it; beside it stands the mean diversity of these "
        "countries.\n\n"
        "In the convention py-ecomplexity PCI is on the scale of ECI: the ECI of a country is "
        "the mean PCI of its products. --product says which rows are shown; ranks are among "
        "all products of the world, which --of, --of-products and the filters set.",
    .formula = "PCI_p = (k_p - mean k_c) / sd k_c, where k_p is the eigenvector of the second "
               "largest eigenvalue of sum_c M_cp M_cp' / (u_p d_c) and k_c = (1/d_c) sum_p "
               "M_cp k_p",
    .reference = "R. Hausmann, C. A. Hidalgo et al. (2014), The Atlas of Economic Complexity, "
                 "MIT Press.",
    .worked =
        "A has products 1, 2, 3; B has 2, 3; C has 3: ECI 1.225, 0, -1.225 (see complexity). "
        "The eigenvalue is 1/4, k_c is (2, -1, -4), and a product is four times the mean of "
        "its "
        "countries: 8, 2, -4. Less the mean of k_c, -1, over its deviation 2.449: PCI 3.674, "
        "1.225, -1.225. The mean of A's three is 1.225, its ECI.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "pci",
    .example = "--years 1997 --digits 4 --min-exports 1e9 --limit 10",
    .run = run,
};
