/* SPDX-License-Identifier: Apache-2.0 */
/* bench_sql.c - questions in SQL to a cube, and to the same rows in a table of DuckDB's own.
 *
 *   bench_sql [-n RUNS] [-t THREADS] CUBE
 *
 * Both in one process, warm, up to a table that is made but not printed: first `trade`, the scan
 * of the cube, then `own`, which DuckDB keeps in memory and knows the extent of every block of.
 * One JSON line a question: median seconds of both, and whether they gave the same. */
#define _DEFAULT_SOURCE
#include "base/base.h"
#include "quipu/sql.h"

#include <time.h>
#include <unistd.h>

enum { MOST_RUNS = 200 };

/* The table stands between `before` and `after`. */
static const struct {
    const char *name, *before, *after;
} questions[] = {
    {"count", "SELECT count(*) FROM ", ""},
    {"by_year", "SELECT year, sum(value) FROM ", "GROUP BY ALL ORDER BY ALL"},
    {"by_reporter", "SELECT reporter, sum(value) FROM ", "GROUP BY ALL ORDER BY ALL"},
    {"by_product", "SELECT product, sum(value) FROM ", "GROUP BY ALL ORDER BY ALL"},
    {"by_pair", "SELECT reporter, partner, sum(value), sum(weight_kg) FROM ",
     "GROUP BY ALL ORDER BY ALL"},
    {"one_year", "SELECT partner, sum(value) FROM ",
     "WHERE year = 2021 GROUP BY ALL ORDER BY ALL"},
    {"one_reporter", "SELECT partner, year, sum(value) FROM ",
     "WHERE reporter = 'PER' GROUP BY ALL ORDER BY ALL"},
    {"one_partner", "SELECT reporter, year, sum(value) FROM ",
     "WHERE partner = 'CHN' GROUP BY ALL ORDER BY ALL"},
    {"one_pair", "SELECT product, sum(value) AS v FROM ",
     "WHERE reporter = 'PER' AND partner = 'CHN' GROUP BY ALL ORDER BY v DESC, product LIMIT "
     "10"},
    {"one_chapter", "SELECT reporter, sum(value) FROM ",
     "WHERE product LIKE '26%' GROUP BY ALL ORDER BY ALL"},
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void stop(const quipu_error *err) {
    fprintf(stderr, "bench_sql: %s\n", err->text);
    exit(1);
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A hash of all cells, in order. */
static uint64_t digest(const quipu_table *t) {
    uint64_t sum = t->n_rows;
    for (size_t c = 0; c < t->n_columns; c++)
        for (size_t row = 0; row < t->n_rows; row++) {
            bool there = quipu_table_present(t, c, row);
            uint64_t cell = 0;
            if (there && t->columns[c].spec.type == QUIPU_TEXT)
                cell = qi_hash64(t->columns[c].data.text[row],
                                 strlen(t->columns[c].data.text[row]));
            else if (there)
                cell = (uint64_t)t->columns[c].data.integer[row];
            sum = sum * UINT64_C(1099511628211) + cell;
        }
    return sum;
}

static double ask(quipu_sql *sql, size_t question, const char *table, int runs, uint64_t *sum) {
    double seconds[MOST_RUNS];
    char text[512];
    snprintf(text, sizeof text, "%s%s %s", questions[question].before, table,
             questions[question].after);
    for (int i = 0; i < runs; i++) {
        quipu_table t;
        quipu_error err = {0};
        double begin = now();
        if (quipu_sql_run(sql, text, &t, &err) != QUIPU_OK)
            stop(&err);
        seconds[i] = now() - begin;
        *sum = digest(&t);
        quipu_table_free(&t);
    }
    qsort(seconds, (size_t)runs, sizeof *seconds, by_size);
    return seconds[runs / 2];
}

int main(int argc, char **argv) {
    int option, runs = 5;
    quipu_sql_options options = {.duckdb = NULL};
    quipu_nomen *nomen;
    quipu_cube *cube;
    quipu_sql *sql;
    quipu_table nothing;
    quipu_error err = {0};
    double cubed[QI_COUNT(questions)];
    uint64_t sums[QI_COUNT(questions)], sum;
    while ((option = getopt(argc, argv, "n:t:")) != -1) {
        if (option == 'n')
            runs = atoi(optarg);
        else if (option == 't')
            options.threads = (unsigned)atoi(optarg);
    }
    if (optind + 1 != argc || runs < 1 || runs > MOST_RUNS) {
        fputs("usage: bench_sql [-n RUNS] [-t THREADS] CUBE\n", stderr);
        return 2;
    }
    if (quipu_nomen_open(&nomen, &err) != QUIPU_OK ||
        quipu_cube_open(argv[optind], &cube, &err) != QUIPU_OK ||
        quipu_sql_open(nomen, &options, &sql, &err) != QUIPU_OK ||
        quipu_sql_add(sql, "", cube, &err) != QUIPU_OK)
        stop(&err);
    for (size_t i = 0; i < QI_COUNT(questions); i++)
        cubed[i] = ask(sql, i, "trade", runs, &sums[i]);
    double begin = now();
    if (quipu_sql_run(sql, "CREATE TABLE own AS FROM trade", &nothing, &err) != QUIPU_OK)
        stop(&err);
    printf("{\"question\":\"copy\",\"seconds\":%.6f}\n", now() - begin);
    quipu_table_free(&nothing);
    for (size_t i = 0; i < QI_COUNT(questions); i++) {
        double own = ask(sql, i, "own", runs, &sum);
        printf("{\"question\":\"%s\",\"cube\":%.6f,\"own\":%.6f,\"same\":%s}\n",
               questions[i].name, cubed[i], own, sum == sums[i] ? "true" : "false");
    }
    quipu_sql_close(sql);
    quipu_cube_close(cube);
    quipu_nomen_close(nomen);
    return 0;
}
