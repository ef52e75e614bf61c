/* SPDX-License-Identifier: Apache-2.0 */
/* complexity.c - the economic complexity of countries. */
#include "measures/complex.h"

static const quipu_param params[] = {QI_PARAMS_SCORE, QI_PARAMS_WORLD};

static const quipu_column_spec columns[] = {
    {"reporter", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"reporter_name", "Reporter", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"rank", "Rank", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"eci", "ECI", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"value", "Exports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"diversity", "Diversity", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"ubiquity", "Mean ubiquity", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"coi", "COI", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"fitness", "Fitness", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"log_fitness", "Log fitness", QUIPU_REAL, QUIPU_FIGURE, "", 2},
    {"reflections", "Reflections", QUIPU_REAL, QUIPU_FIGURE, "", 3},
};
enum { RANK = 3, ECI, VALUE, DIVERSITY, UBIQUITY, COI, FITNESS, LOG_FITNESS, REFLECTIONS };

/* What one year adds to the scores. */
typedef struct extra {
    double *ubiquity, *reflections, *products;
} extra;

static quipu_status make_extra(const qi_study *s, const qi_year *y, extra *x,
                               quipu_error *err) {
    size_t n = y->world.n_countries;
    x->ubiquity = malloc((2 * n + y->world.n_products + 1) * sizeof *x->ubiquity);
    if (x->ubiquity == NULL)
        return qi_fail_memory(err, n * sizeof *x->ubiquity);
    x->reflections = x->ubiquity + n;
    x->products = x->reflections + n;
    QI_TRY(qi_reflections(&y->presence, 1, x->ubiquity, x->products, err));
    qi_reflected(&y->presence, s->options.iterations - 2, x->reflections, x->products);
    double mean = qi_mean(x->reflections, n), spread = qi_spread(x->reflections, n, 0);
    for (size_t c = 0; c < n; c++)
        x->reflections[c] = (x->reflections[c] - mean) / spread;
    return QUIPU_OK;
}

static void write_row(const qi_year *y, const void *user, size_t c, size_t rank, size_t row,
                      quipu_table *out) {
    const extra *x = user;
    double eci = y->scores.eci[c];
    if (!isnan(eci))
        quipu_table_set_integer(out, RANK, row, (int64_t)rank);
    quipu_table_set_real(out, ECI, row, eci);
    quipu_table_set_integer(out, VALUE, row, y->world.by_country[c]);
    quipu_table_set_integer(out, DIVERSITY, row, y->presence.diversity[c]);
    quipu_table_set_real(out, UBIQUITY, row, x->ubiquity[c]);
    quipu_table_set_real(out, COI, row, y->density.coi[c]);
    quipu_table_set_real(out, FITNESS, row, y->fitness[c]);
    quipu_table_set_real(out, LOG_FITNESS, row, log(y->fitness[c]));
    quipu_table_set_real(out, REFLECTIONS, row, x->reflections[c]);
}

static quipu_status write_year(qi_study *s, const qi_year *y, void *user, quipu_table *out,
                               quipu_error *err) {
    extra x = {0};
    qi_ranking ranking = {.by = y->scores.eci, .row = write_row, .user = &x};
    quipu_status status = make_extra(s, y, &x, err);
    QI_UNUSED(user);
    if (status == QUIPU_OK)
        status = qi_write_ranking(s, y, &ranking, out, err);
    free(x.ubiquity);
    return status;
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    return qi_study_run(&qi_measure_complexity, request,
                        QI_STUDY_SCORES | QI_STUDY_DENSITY | QI_STUDY_FITNESS, write_year, NULL,
                        "Economic complexity", out, err);
}

const quipu_measure qi_measure_complexity = {
    .name = "complexity",
    .aliases = "eci economic-complexity fitness reflections coi complexity-outlook",
    .summary = "Which countries make what few others can, and how much of it?",
    .without = "partner by classes gold periods sort total rest",
    .detail =
        "A country has a product when its RCA in it is at least 1 (--cutoff). Diversity is the "
        "number of its products; the ubiquity of a product is the number of its countries. ECI "
        "ranks countries by how much the countries are like them that have products like "
        "theirs: high for those with many products that few and diversified countries have. "
        "COI is what a country's neighbourhood in the product space is worth; fitness and "
        "reflections are two other ways to weigh diversity by what it is made of.\n\n"
        "The ranking depends on who and what is compared, so the world is always stated: --of "
        "and --of-products say which countries and products make it, --min-exports, "
        "--min-product-trade and --min-population leave out the small. RCA is taken within "
        "that world. --reporter only says which rows are shown, and ranks are among all.\n\n"
        "--convention takes the scaling, signs and formulas of a package: docs/complexity.md "
        "compares them. Where countries fall into groups that share no product, ECI is not "
        "unique and an error says so; --separate largest takes the largest group. Countries "
        "without a product have no ECI.",
    .formula = "M_cp = [RCA_cp >= 1]; d_c = sum_p M_cp; u_p = sum_c M_cp; ECI = z-score of the "
               "eigenvector of the second largest eigenvalue of sum_p M_cp M_c'p / (d_c u_p); "
               "COI_c = sum_p omega_cp (1 - M_cp) PCI_p; F_c = sum_p M_cp Q_p, Q_p = 1 / "
               "sum_c (M_cp / F_c), each over its mean; k_c,N = (1/d_c) sum_p M_cp k_p,N-1",
    .reference =
        "C. A. Hidalgo, R. Hausmann (2009), The building blocks of economic complexity, PNAS "
        "106(26); R. Hausmann, C. A. Hidalgo et al. (2014), The Atlas of Economic Complexity, "
        "MIT Press; A. Tacchella et al. (2012), A new metrics for countries' fitness and "
        "products' complexity, Scientific Reports 2:723; E. Pugliese, A. Zaccaria, L. "
        "Pietronero (2016), On the convergence of the Fitness-Complexity Algorithm, European "
        "Physical Journal Special Topics 225.",
    .worked =
        "A has products 1, 2, 3; B has 2, 3; C has 3. Diversity 3, 2, 1; ubiquity 1, 2, 3. The "
        "matrix sum_p M_cp M_c'p / (d_c u_p) is 11/18 5/18 2/18; 5/12 5/12 2/12; 1/3 1/3 1/3: "
        "eigenvalues 1, 1/4 and 1/9. The vector of 1/4 is (2, -1, -4) up to scale; its mean is "
        "-1, "
        "its standard deviation the root of 6: ECI 1.225, 0, -1.225.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "eci",
    .example = "--years 1997 --digits 4 --min-exports 1e9 --limit 10",
    .run = run,
};
