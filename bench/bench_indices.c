/* SPDX-License-Identifier: Apache-2.0 */
/* bench_indices.c - every index of the catalogue for one country over all years of a cube, asked
 * one after the other in one process, up to a table that is made but not printed.
 *
 *   bench_indices [-n RUNS] [-t THREADS] CUBE [MEASURE...]
 *
 * One JSON line a question with the first, the best and the median time, and a figure of the
 * last year for comparison with peer_indices.py; then one for all of them together. */
#define _DEFAULT_SOURCE
#include "base/base.h"
#include "quipu/catalog.h"

#include <time.h>
#include <unistd.h>

enum { MOST_RUNS = 200, MOST_ARGUMENTS = 4 };

typedef struct question {
    const char *name, *measure;
    quipu_argument arguments[MOST_ARGUMENTS]; /* beside the reporter; name NULL ends */
    const char *figure;                       /* summed over the rows of the last year */
} question;

static const question questions[] = {
    {"rca", "rca", {{NULL, NULL}}, "rca"},
    {"rca_symmetric", "rca", {{"variant", "symmetric"}}, "rca"},
    {"rca_normalised", "rca", {{"variant", "normalised"}}, "rca"},
    {"rca_weighted", "rca", {{"variant", "weighted"}}, "rca"},
    {"rca_vollrath", "rca", {{"variant", "vollrath"}}, "rta"},
    {"specialisation", "specialisation", {{NULL, NULL}}, "tsi"},
    {"concentration", "concentration", {{NULL, NULL}}, "hhi"},
    {"concentration_partners", "concentration", {{"over", "partner"}}, "hhi"},
    {"theil", "theil", {{NULL, NULL}}, "theil"},
    {"intensity", "intensity", {{NULL, NULL}}, "intensity"},
    {"complementarity", "complementarity", {{NULL, NULL}}, "complementarity"},
    {"similarity", "similarity", {{NULL, NULL}}, "similarity"},
    {"reach", "reach", {{NULL, NULL}}, "penetration"},
    {"intra_industry", "intra-industry", {{NULL, NULL}}, "gl"},
    {"intra_industry_partners", "intra-industry", {{"by", "partner"}}, "gl"},
    {"marginal_iit", "marginal-iit", {{NULL, NULL}}, "a"},
    {"two_way", "two-way", {{NULL, NULL}}, "horizontal"},
    {"cms", "cms", {{"order", "shapley"}}, "competitiveness"},
    {"share_change", "share-change", {{NULL, NULL}}, "change"},
    {"price_chain", "price", {{"chain", "yes"}}, "fisher"},
    {"price_geks", "price", {{"geks", "yes"}}, "fisher"},
    {"terms_of_trade", "terms-of-trade", {{"chain", "yes"}}, "net_barter"},
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void stop(const quipu_error *err) {
    fprintf(stderr, "bench_indices: %s\n", err->text);
    exit(1);
}

/* The sum of a figure over the rows of the last year; over all where there is no year. */
static double checksum(const quipu_table *t, const char *name) {
    ptrdiff_t c = quipu_table_find(t, name), year = quipu_table_find(t, "year");
    int64_t last = 0;
    double sum = 0;
    for (size_t row = 0; year >= 0 && row < t->n_rows; row++)
        if (t->columns[year].data.integer[row] > last)
            last = t->columns[year].data.integer[row];
    for (size_t row = 0; c >= 0 && row < t->n_rows; row++) {
        const quipu_column *figure = &t->columns[c];
        if (!quipu_table_present(t, (size_t)c, row) ||
            (year >= 0 && t->columns[year].data.integer[row] != last))
            continue;
        bool real = figure->spec.type == QUIPU_REAL || figure->spec.type == QUIPU_SHARE;
        sum += real ? figure->data.real[row]
                    : (double)figure->data.integer[row] / QUIPU_MONEY_PER_USD;
    }
    return sum;
}

static double ask(const quipu_request *base, const question *q, double *seconds) {
    quipu_argument arguments[MOST_ARGUMENTS + 1] = {{"reporter", "604"}};
    quipu_request request = *base;
    quipu_table table;
    quipu_error err = {0};
    request.arguments = arguments;
    request.n_arguments = 1;
    for (size_t i = 0; i < MOST_ARGUMENTS && q->arguments[i].name != NULL; i++)
        arguments[request.n_arguments++] = q->arguments[i];
    double start = now();
    if (quipu_measure_run(quipu_measure_find(q->measure), &request, &table, &err) != QUIPU_OK)
        stop(&err);
    *seconds = now() - start;
    double sum = checksum(&table, q->figure);
    quipu_table_free(&table);
    return sum;
}

static int rising(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static bool is_wanted(const char *name, char *const *list) {
    for (size_t i = 0; list[i] != NULL; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return list[0] == NULL;
}

static void measure(const quipu_request *request, int runs, char *const *wanted) {
    double first = 0, best = 0, median = 0, times[MOST_RUNS];
    for (size_t q = 0; q < QI_COUNT(questions); q++) {
        if (!is_wanted(questions[q].name, wanted))
            continue;
        double opening = 0, sum = 0;
        for (int r = 0; r < runs; r++) {
            sum = ask(request, &questions[q], &times[r]);
            opening = r == 0 ? times[0] : opening;
        }
        qsort(times, (size_t)runs, sizeof *times, rising);
        printf("{\"case\":\"%s\",\"first\":%.6f,\"best\":%.6f,\"median\":%.6f,"
               "\"checksum\":%.12g}\n",
               questions[q].name, opening, times[0], times[runs / 2], sum);
        first += opening;
        best += times[0];
        median += times[runs / 2];
    }
    printf("{\"case\":\"together\",\"first\":%.6f,\"best\":%.6f,\"median\":%.6f}\n", first,
           best, median);
}

int main(int argc, char **argv) {
    quipu_cube *cube;
    quipu_nomen *nomen;
    quipu_error err = {0};
    int runs = 5, option;
    unsigned threads = 0;
    while ((option = getopt(argc, argv, "n:t:")) != -1) {
        if (option == 'n')
            runs = atoi(optarg);
        else if (option == 't')
            threads = (unsigned)atoi(optarg);
        else
            return 2;
    }
    if (optind >= argc || runs < 1 || runs > MOST_RUNS) {
        fprintf(stderr, "usage: bench_indices [-n RUNS] [-t THREADS] CUBE [MEASURE...]\n");
        return 2;
    }
    if (quipu_cube_open(argv[optind], &cube, &err) != QUIPU_OK ||
        quipu_nomen_open(&nomen, &err) != QUIPU_OK)
        stop(&err);
    quipu_request request = {.cube = cube, .nomen = nomen, .threads = threads};
    measure(&request, runs, argv + optind + 1);
    quipu_nomen_close(nomen);
    quipu_cube_close(cube);
    return 0;
}
