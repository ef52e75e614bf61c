/* SPDX-License-Identifier: Apache-2.0 */
/* proximity.c - which products are exported by the same countries. */
#include "measures/complex.h"

static const quipu_param params[] = {
    {"least", QUIPU_PARAM_REAL, NULL, "0.55", "only pairs of at least this proximity"},
    QI_PARAMS_WORLD,
};

static const quipu_column_spec columns[] = {
    {"product", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"product_name", "Product", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"other", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"other_name", "Other product", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"proximity", "Proximity", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"both", "Countries with both", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"ubiquity", "Ubiquity", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"other_ubiquity", "Of the other", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
};
enum { PRODUCT, OTHER = 2, YEAR = 4, PROXIMITY, BOTH, UBIQUITY, OTHER_UBIQUITY };
enum { MOST_PAIRS = 4000000 };

typedef QI_LIST(qi_ranked) pair_list;

/* Pairs with one end among the products shown; that end stands first.  Each pair once. */
static quipu_status find_pairs(const qi_study *s, const qi_year *y, double least,
                               pair_list *pairs, quipu_error *err) {
    size_t n = y->world.n_products;
    double *row = malloc((n + 1) * sizeof *row);
    quipu_status status = row != NULL ? QUIPU_OK : qi_fail_memory(err, n * sizeof *row);
    for (size_t p = 0; p < n && status == QUIPU_OK; p++) {
        if (!qi_study_shows_product(s, y, p))
            continue;
        qi_proximity_row(&y->presence, p, row);
        for (size_t q = 0; q < n && status == QUIPU_OK; q++) {
            bool twice = q < p && qi_study_shows_product(s, y, q);
            qi_ranked pair = {row[q], (uint32_t)p, (uint32_t)q};
            if (p == q || twice || row[q] < least || row[q] <= 0)
                continue;
            if (pairs->n == MOST_PAIRS)
                status = qi_fail(err, QUIPU_E_LIMIT,
                                 "more than four million pairs: raise --least, or name a "
                                 "--product");
            else if (!QI_PUSH(pairs, pair))
                status = qi_fail_memory(err, pairs->n * sizeof pair);
        }
    }
    free(row);
    return status;
}

static quipu_status write_pairs(const qi_study *s, const qi_year *y, const pair_list *pairs,
                                quipu_table *out, quipu_error *err) {
    size_t row, n = pairs->n < s->limit ? pairs->n : s->limit;
    QI_TRY(quipu_table_add_rows(out, n, &row, err));
    for (size_t i = 0; i < n; i++, row++) {
        const qi_ranked *pair = &pairs->items[i];
        uint32_t a = y->presence.ubiquity[pair->a], b = y->presence.ubiquity[pair->b];
        QI_TRY(qi_put_product(s, out, PRODUCT, row, y, pair->a, err));
        QI_TRY(qi_put_product(s, out, OTHER, row, y, pair->b, err));
        quipu_table_set_integer(out, YEAR, row, y->period);
        quipu_table_set_real(out, PROXIMITY, row, pair->by);
        quipu_table_set_integer(out, BOTH, row, llround(pair->by * (a > b ? a : b)));
        quipu_table_set_integer(out, UBIQUITY, row, a);
        quipu_table_set_integer(out, OTHER_UBIQUITY, row, b);
    }
    return QUIPU_OK;
}

static quipu_status write_year(qi_study *s, const qi_year *y, void *user, quipu_table *out,
                               quipu_error *err) {
    pair_list pairs = {0};
    quipu_status status = find_pairs(s, y, *(const double *)user, &pairs, err);
    if (status == QUIPU_OK) {
        qi_rank(pairs.items, pairs.n);
        status = write_pairs(s, y, &pairs, out, err);
    }
    free(pairs.items);
    return status;
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_proximity;
    double least = qi_real(me, request, "least", 0.55);
    return qi_study_run(me, request, QI_STUDY_PRESENCE, write_year, &least,
                        "Proximity of products", out, err);
}

const quipu_measure qi_measure_proximity = {
    .name = "proximity",
    .aliases = "co-export relatedness-of-products",
    .summary = "Which products are exported with advantage by the same countries?",
    .without = "partner reporter by classes gold periods sort total rest",
    .detail =
        "The number of countries that have both products with advantage over the number that "
        "have the more common one: the lower of the two conditional probabilities. Without "
        "--product the nearest pairs of all; with it, each of these products and its "
        "neighbours. Every pair stands once. --least 0 gives all pairs that any country has "
        "both of; a product no country has stands in none.",
    .formula = "phi_pp' = sum_c M_cp M_cp' / max(u_p, u_p')",
    .reference =
        "C. A. Hidalgo, B. Klinger, A.-L. Barabasi, R. Hausmann (2007), The product space "
        "conditions the development of nations, Science 317.",
    .worked = "Of four countries with copper ore and five with fish meal three have both: "
              "3 / max(4, 5) = 0.6.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "proximity",
    .example = "--years 1997 --digits 4 --product 2603 --least 0.3 --limit 10",
    .run = run,
};
