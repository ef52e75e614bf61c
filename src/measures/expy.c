/* SPDX-License-Identifier: Apache-2.0 */
/* expy.c - the income level of what a country exports. */
#include "measures/complex.h"

static const quipu_param params[] = {QI_PARAMS_INCOME, QI_PARAMS_WORLD};

static const quipu_column_spec columns[] = {
    {"reporter", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"reporter_name", "Reporter", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"expy", "EXPY", QUIPU_REAL, QUIPU_FIGURE, "as the incomes", 0},
    {"income", "Income", QUIPU_REAL, QUIPU_FIGURE, "as the incomes", 0},
    {"value", "Exports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"covered", "Exports with PRODY", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};
enum { EXPY = 3, INCOME, VALUE, COVERED };

/* Over the products that have a PRODY, of which the shares add up to 1. */
static double expy_of(const qi_world *w, const qi_incomes *x, size_t c, quipu_money *room,
                      double *covered) {
    const quipu_money *row = qi_world_row(w, c, room);
    double sum = 0, value = 0;
    for (size_t p = 0; p < w->n_products; p++) {
        double own = (double)row[p];
        if (own > 0 && !isnan(x->prody[p])) {
            sum += own * x->prody[p];
            value += own;
        }
    }
    *covered = value / (double)w->by_country[c];
    return value > 0 ? sum / value : (double)NAN;
}

typedef struct levels {
    double *expy, *covered;
} levels;

static void write_row(const qi_year *y, const void *user, size_t c, size_t rank, size_t row,
                      quipu_table *out) {
    const levels *l = user;
    QI_UNUSED(rank);
    quipu_table_set_real(out, EXPY, row, l->expy[c]);
    quipu_table_set_real(out, INCOME, row, y->incomes.of_country[c]);
    quipu_table_set_integer(out, VALUE, row, y->world.by_country[c]);
    quipu_table_set_real(out, COVERED, row, l->covered[c]);
}

static quipu_status write_year(qi_study *s, const qi_year *y, void *user, quipu_table *out,
                               quipu_error *err) {
    size_t n = y->world.n_countries;
    levels l = {.expy = malloc((2 * n + 1) * sizeof *l.expy)};
    qi_ranking ranking = {.by = l.expy, .row = write_row, .user = &l};
    QI_UNUSED(user);
    quipu_money *room = malloc((y->world.n_products + 1) * sizeof *room);
    if (l.expy == NULL || room == NULL) {
        free(l.expy);
        free(room);
        return qi_fail_memory(err, 2 * n * sizeof *l.expy);
    }
    l.covered = l.expy + n;
    for (size_t c = 0; c < n; c++)
        l.expy[c] = expy_of(&y->world, &y->incomes, c, room, &l.covered[c]);
    free(room);
    quipu_status status = qi_write_ranking(s, y, &ranking, out, err);
    free(l.expy);
    return status;
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    return qi_study_run(&qi_measure_expy, request, QI_STUDY_INCOME, write_year, NULL,
                        "Income level of exports (EXPY)", out, err);
}

const quipu_measure qi_measure_expy = {
    .name = "expy",
    .aliases = "export-sophistication",
    .summary = "Does a country export what rich countries export?",
    .without = "partner product by classes gold periods sort total rest",
    .detail =
        "The mean PRODY (see prody) of what a country exports, weighted by the shares of the "
        "products. Above its own income, the country exports like richer ones. Incomes come "
        "from a table of yours, country,year,gdp (--income). Products without PRODY are left "
        "out and the rest makes the whole; the last column says how much of the exports that "
        "is.",
    .formula = "EXPY_i = sum_k (X_ik / X_i) PRODY_k",
    .reference = "R. Hausmann, J. Hwang, D. Rodrik (2007), What you export matters, Journal of "
                 "Economic Growth 12.",
    .worked = "A (income 10) exports 90 of product 01 and 70 of 02, B (income 40) 30 and 90: "
              "PRODY 19.23 and 28.95 (see prody); (90 x 19.23 + 70 x 28.95) / 160 = 23.48.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "expy",
    .example = "--income income.csv --years 1997 --digits 4 --limit 10",
    .run = run,
};
