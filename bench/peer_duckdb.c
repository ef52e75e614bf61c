/* SPDX-License-Identifier: Apache-2.0 */
/* peer_duckdb.c - DuckDB without node: what its own library needs from start to exit.
 *
 *   peer_duckdb [--repeat N | --write] LIBRARY FILE SQL...
 *
 * LIBRARY is the libduckdb.so of the npm package.  Runs the statements in order and prints the
 * rows of the last as CSV; with --repeat runs the last N times, prepared beforehand, and
 * prints a line of JSON.  node takes 0.2 s to start and load, ten times what DuckDB takes to
 * answer: a comparison with node alone would flatter us.
 *
 * In DuckDB's favour: it leaves without closing anything, and the repeated runs count rows
 * without looking at a value.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The part of DuckDB's C interface that is used here.  A result is a struct of six words
 * owned by the caller; there is room for more. */
typedef struct result {
    uint64_t words[32];
} result;
typedef void *handle;

static struct {
    int (*create_config)(handle *config);
    int (*set_config)(handle config, const char *name, const char *value);
    int (*open_ext)(const char *path, handle *database, handle config, char **error);
    int (*connect)(handle database, handle *connection);
    int (*query)(handle connection, const char *sql, result *out);
    int (*prepare)(handle connection, const char *sql, handle *statement);
    int (*execute_prepared)(handle statement, result *out);
    void (*destroy_result)(result *r);
    const char *(*result_error)(result *r);
    uint64_t (*row_count)(result *r);
    uint64_t (*column_count)(result *r);
    const char *(*column_name)(result *r, uint64_t column);
    char *(*value_varchar)(result *r, uint64_t column, uint64_t row);
    const char *(*library_version)(void);
} duckdb;

static const char *access_mode = "READ_ONLY"; /* or, with --write, a file that is made */

static void die(const char *what, const char *why) {
    fprintf(stderr, "peer_duckdb: %s: %s\n", what, why != NULL ? why : "failed");
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void load(const char *path) {
    void *library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
    if (library == NULL)
        die(path, dlerror());
        /* A pointer to a function cannot be cast from one to data, but copied. */
#define FIND(name)                                                                             \
    do {                                                                                       \
        void *symbol = dlsym(library, "duckdb_" #name);                                        \
        if (symbol == NULL)                                                                    \
            die(path, dlerror());                                                              \
        memcpy(&duckdb.name, &symbol, sizeof symbol);                                          \
    } while (0)
    FIND(create_config);
    FIND(set_config);
    FIND(open_ext);
    FIND(connect);
    FIND(query);
    FIND(prepare);
    FIND(execute_prepared);
    FIND(destroy_result);
    FIND(result_error);
    FIND(row_count);
    FIND(column_count);
    FIND(column_name);
    FIND(value_varchar);
    FIND(library_version);
#undef FIND
}

static handle connect_to(const char *path) {
    handle config, database, connection;
    char threads[16], *error = NULL;
    snprintf(threads, sizeof threads, "%ld", sysconf(_SC_NPROCESSORS_ONLN));
    duckdb.create_config(&config);
    duckdb.set_config(config, "threads", threads);
    duckdb.set_config(config, "access_mode", access_mode);
    if (duckdb.open_ext(path, &database, config, &error) != 0)
        die(path, error);
    if (duckdb.connect(database, &connection) != 0)
        die(path, "no connection");
    return connection;
}

static result run(handle connection, const char *sql) {
    result r = {{0}};
    if (duckdb.query(connection, sql, &r) != 0)
        die(sql, duckdb.result_error(&r));
    return r;
}

static void print(result *r) {
    uint64_t rows = duckdb.row_count(r), columns = duckdb.column_count(r);
    for (uint64_t c = 0; c < columns; c++)
        printf("%s%s", c > 0 ? "," : "", duckdb.column_name(r, c));
    putchar('\n');
    for (uint64_t i = 0; i < rows; i++) {
        for (uint64_t c = 0; c < columns; c++) {
            const char *text = duckdb.value_varchar(r, c, i); /* never freed: we leave */
            printf("%s%s", c > 0 ? "," : "", text != NULL ? text : "");
        }
        putchar('\n');
    }
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* `before` is part of what is measured (a table that is made); only `sql` can be prepared. */
static void repeat(handle connection, char **before, int n_before, const char *sql, int n) {
    double *seconds = malloc((size_t)n * sizeof *seconds);
    handle statement = NULL;
    uint64_t rows = 0;
    if (seconds == NULL)
        die("repeat", "out of memory");
    if (n_before == 0 && duckdb.prepare(connection, sql, &statement) != 0)
        die(sql, "cannot be prepared");
    for (int i = 0; i < n; i++) {
        double start = now();
        result r = {{0}};
        for (int s = 0; s < n_before; s++) {
            r = run(connection, before[s]);
            duckdb.destroy_result(&r);
        }
        if (statement == NULL)
            r = run(connection, sql);
        else if (duckdb.execute_prepared(statement, &r) != 0)
            die(sql, duckdb.result_error(&r));
        rows = duckdb.row_count(&r);
        seconds[i] = now() - start;
        duckdb.destroy_result(&r);
    }
    qsort(seconds, (size_t)n, sizeof *seconds, by_size);
    printf("{\"engine\":\"duckdb-c\",\"version\":\"%s\",\"mode\":\"warm\",\"runs\":%d,"
           "\"seconds\":%.6f,\"best\":%.6f,\"rows\":%llu}\n",
           duckdb.library_version(), n, seconds[n / 2], seconds[0], (unsigned long long)rows);
    free(seconds);
}

int main(int argc, char **argv) {
    int n = 0, at = 1;
    if (argc > 2 && strcmp(argv[1], "--repeat") == 0) {
        n = atoi(argv[2]);
        at = 3;
    }
    if (argc > 1 && strcmp(argv[1], "--write") == 0) {
        access_mode = "READ_WRITE";
        at = 2;
    }
    if (argc - at < 3 || n < 0) {
        fputs("usage: peer_duckdb [--repeat N | --write] LIBRARY FILE SQL...\n", stderr);
        return 2;
    }
    load(argv[at]);
    handle connection = connect_to(argv[at + 1]);
    char **statements = argv + at + 2;
    int last = argc - at - 3;
    if (n > 0) {
        repeat(connection, statements, last, statements[last], n);
    } else {
        result r = {{0}};
        for (int s = 0; s <= last; s++)
            r = run(connection, statements[s]);
        print(&r);
    }
    if (fflush(stdout) != 0)
        return 1;
    _Exit(0);
}
