/* SPDX-License-Identifier: Apache-2.0 */
/* What DuckDB says in our words; Parquet as lines, to the end and given up half-way. */
#include "io/duckdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <unistd.h>

static qi_duckdb *open_or_skip(void) {
    qi_duckdb *db;
    quipu_error err = {0};
    if (qi_duckdb_open(NULL, 2, &db, &err) != QUIPU_OK) {
        assert_int_equal(err.status, QUIPU_E_IO);
        assert_non_null(strstr(err.text, "tools/setup"));
        skip();
    }
    return db;
}

static void make_path(char out[64], const char *name) {
    snprintf(out, 64, "%s/quipu-test-%ld-%s",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (long)getpid(), name);
}

static void errors_get_a_place_and_a_status(void **state) {
    static const struct {
        const char *said;
        quipu_status status;
        uint64_t line;
        uint32_t column;
        const char *text;
    } cases[] = {
        {"Parser Error: "
         "{\"exception_type\":\"Parser\",\"exception_message\":\"no\",\"position\":"
         "\"4\"}",
         QUIPU_E_ARG, 2, 2, "no"},
        {"{\"exception_type\":\"Conversion\",\"exception_message\":\"a\\nb\"}", QUIPU_E_DATA, 0,
         0, "a b"},
        {"{\"exception_type\":\"IO\",\"exception_message\":\"x {y\"}", QUIPU_E_IO, 0, 0,
         "x {y"},
        {"plain words\nLINE 1: SELECT", QUIPU_E_ARG, 0, 0, "plain words"},
        {"half {\"exception", QUIPU_E_ARG, 0, 0, "half {\"exception"},
        {NULL, QUIPU_E_ARG, 0, 0, "DuckDB gave no reason"},
    };
    QI_UNUSED(state);
    for (size_t i = 0; i < QI_COUNT(cases); i++) {
        quipu_error err = {0};
        assert_int_equal(qi_duckdb_fail(&err, cases[i].said, "ab\ncd"), cases[i].status);
        assert_int_equal(err.line, cases[i].line);
        assert_int_equal(err.column, cases[i].column);
        assert_string_equal(err.text, cases[i].text);
    }
}

static void texts_are_quoted(void **state) {
    QI_UNUSED(state);
    qi_buffer sql = {0};
    assert_true(qi_duckdb_quote(&sql, "Côte d'Ivoire'"));
    assert_string_equal(sql.bytes, "'Côte d''Ivoire'''");
    qi_buffer_free(&sql);
}

static void texts_of_any_length_come_back(void **state) {
    QI_UNUSED(state);
    static const char *const texts[] = {"", "twelve bytes", "thirteen byte",
                                        "a text that lies elsewhere"};
    qi_duckdb *db = open_or_skip();
    for (size_t i = 0; i < QI_COUNT(texts); i++) {
        char sql[80];
        qi_buffer out = {0};
        quipu_error err = {0};
        snprintf(sql, sizeof sql, "SELECT '%s'", texts[i]);
        assert_int_equal(qi_duckdb_text(db, sql, &out, &err), QUIPU_OK);
        assert_int_equal(out.length, strlen(texts[i]));
        assert_memory_equal(out.bytes != NULL ? out.bytes : "", texts[i], out.length);
        qi_buffer_free(&out);
        assert_int_equal(qi_duckdb_text(db, "SELECT NULL::VARCHAR", &out, &err), QUIPU_OK);
        assert_int_equal(out.length, 0);
    }
    qi_duckdb_close(db);
}

/* Writes numbers 0 .. n-1 with a head. */
static void write_numbers(qi_duckdb *db, const char *path, long n) {
    char sql[256];
    quipu_error err = {0};
    snprintf(
        sql, sizeof sql,
        "COPY (SELECT range AS a, range / 8.0 AS b FROM range(%ld)) TO '%s' (FORMAT parquet, "
        "KV_METADATA {quipu: '#head' || chr(10)})",
        n, path);
    assert_int_equal(qi_duckdb_run(db, sql, &err), QUIPU_OK);
}

static void parquet_comes_as_lines_in_order(void **state) {
    QI_UNUSED(state);
    qi_duckdb *db = open_or_skip();
    char path[64], bytes[37], line[64];
    qi_parquet *p;
    qi_buffer all = {0};
    quipu_error err = {0};
    size_t got = 1;
    long n = 300000;
    make_path(path, "lines.parquet");
    write_numbers(db, path, n);
    assert_int_equal(qi_parquet_open(path, NULL, &p, &err), QUIPU_OK);
    while (got > 0) {
        assert_int_equal(qi_parquet_read(p, bytes, sizeof bytes, &got, &err), QUIPU_OK);
        assert_true(qi_buffer_add(&all, bytes, got));
    }
    qi_parquet_close(p);
    const char *at = all.bytes;
    assert_memory_equal(at, "#head\na,b\n", 10);
    at += 10;
    for (long i = 0; i < n; i++) {
        int length = snprintf(line, sizeof line, "%ld,%.*f\n", i,
                              i % 8 == 0   ? 1
                              : i % 4 == 0 ? 1
                              : i % 2 == 0 ? 2
                                           : 3,
                              (double)i / 8.0);
        if (strncmp(at, line, (size_t)length) != 0)
            fail_msg("line %ld: found %.30s, expected %s", i, at, line);
        at += length;
    }
    assert_int_equal(*at, '\0');
    qi_buffer_free(&all);
    qi_duckdb_close(db);
    unlink(path);
}

/* The writer is in the middle of it, with the pipe full. */
static void parquet_can_be_given_up(void **state) {
    QI_UNUSED(state);
    qi_duckdb *db = open_or_skip();
    char path[64], bytes[100];
    quipu_error err = {0};
    make_path(path, "half.parquet");
    write_numbers(db, path, 3000000);
    for (int reads = 0; reads < 3; reads++) {
        qi_parquet *p;
        size_t got;
        assert_int_equal(qi_parquet_open(path, NULL, &p, &err), QUIPU_OK);
        for (int i = 0; i < reads; i++)
            assert_int_equal(qi_parquet_read(p, bytes, sizeof bytes, &got, &err), QUIPU_OK);
        qi_parquet_close(p);
    }
    qi_duckdb_close(db);
    unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_get_a_place_and_a_status),
        cmocka_unit_test(texts_are_quoted),
        cmocka_unit_test(texts_of_any_length_come_back),
        cmocka_unit_test(parquet_comes_as_lines_in_order),
        cmocka_unit_test(parquet_can_be_given_up),
    };
    return cmocka_run_group_tests_name("duckdb", tests, NULL, NULL);
}
