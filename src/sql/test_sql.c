/* SPDX-License-Identifier: Apache-2.0 */
/* Statements over an invented world, against its list of cells; Parquet out and in. */
#include "sql/sql.h"
#include "quipu/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "../../tests/support/world.h"

#include <pthread.h>

typedef struct fixture {
    char path[256];
    qt_world world;
    quipu_nomen *nomen;
    quipu_cube *cube;
    quipu_sql *sql; /* NULL: DuckDB is not there */
} fixture;

static const qt_world_spec SPEC = {.seed = 11,
                                   .n_countries = 9,
                                   .n_products = 60,
                                   .n_periods = 4,
                                   .flows = 1u << QUIPU_EXPORT | 1u << QUIPU_IMPORT,
                                   .columns =
                                       QUIPU_HAS_WEIGHT | QUIPU_HAS_QUANTITY | QUIPU_HAS_FLAGS,
                                   .cents = true,
                                   .zeros = 0.05,
                                   .n_tariffs = 40};

static int set_up(void **state) {
    quipu_error err = {0};
    fixture *f = calloc(1, sizeof *f);
    *state = f;
    qt_path(f->path, sizeof f->path, "sql.quipu");
    if (f == NULL || !qt_world_make(&SPEC, &f->world) ||
        qt_world_save(&f->world, f->path, 1, 1, &err) != QUIPU_OK ||
        quipu_nomen_open(&f->nomen, &err) != QUIPU_OK ||
        quipu_cube_open(f->path, &f->cube, &err) != QUIPU_OK)
        return -1;
    quipu_status status = quipu_sql_open(f->nomen, NULL, &f->sql, &err);
    if (status == QUIPU_E_IO)
        return 0;
    return status == QUIPU_OK && quipu_sql_add(f->sql, "", f->cube, &err) == QUIPU_OK ? 0 : -1;
}

static int tear_down(void **state) {
    fixture *f = *state;
    quipu_sql_close(f->sql);
    quipu_cube_close(f->cube);
    quipu_nomen_close(f->nomen);
    qt_world_free(&f->world);
    unlink(f->path);
    free(f);
    return 0;
}

static fixture *with_duckdb(void **state) {
    fixture *f = *state;
    if (f->sql == NULL)
        skip();
    return f;
}

static quipu_table ask(quipu_sql *sql, const char *text) {
    quipu_table table;
    quipu_error err = {0};
    if (quipu_sql_run(sql, text, &table, &err) != QUIPU_OK)
        fail_msg("%s: %s", text, err.text);
    return table;
}

static int64_t ask_number(quipu_sql *sql, const char *text) {
    quipu_table table = ask(sql, text);
    assert_int_equal(table.n_rows, 1);
    int64_t number =
        quipu_table_present(&table, 0, 0) ? table.columns[0].data.integer[0] : INT64_MIN;
    quipu_table_free(&table);
    return number;
}

/* ---- figures ---- */

static void sums_are_those_of_the_list(void **state) {
    fixture *f = with_duckdb(state);
    char text[256];
    for (size_t p = 0; p < f->world.spec.n_periods; p++)
        for (unsigned c = 0; c < f->world.spec.n_countries; c++) {
            snprintf(text, sizeof text,
                     "SELECT coalesce(sum(value), 0) FROM trade WHERE year = %d AND flow = "
                     "'import' AND reporter = '%s'",
                     f->world.periods[p], f->world.countries[c].iso3);
            assert_int_equal(ask_number(f->sql, text),
                             qt_world_sum(&f->world, f->world.periods[p], QUIPU_IMPORT, (int)c,
                                          QT_ANY, QT_ANY));
        }
}

/* Every cell, every column, in the order of the cube. */
static void rows_are_those_of_the_list(void **state) {
    fixture *f = with_duckdb(state);
    quipu_table t = ask(f->sql, "SELECT period, flow, reporter, partner, product, value, "
                                "weight_kg, quantity, unit, flags FROM trade");
    assert_int_equal(t.n_rows, f->world.cells.n);
    for (size_t i = 0; i < t.n_rows; i++) {
        const qt_cell *c = &f->world.cells.items[i];
        assert_int_equal(t.columns[0].data.integer[i], c->period);
        assert_string_equal(t.columns[1].data.text[i], quipu_flow_name(c->flow));
        assert_string_equal(t.columns[2].data.text[i], f->world.countries[c->reporter].iso3);
        assert_string_equal(t.columns[3].data.text[i], f->world.countries[c->partner].iso3);
        assert_string_equal(t.columns[4].data.text[i], f->world.products[c->product]);
        assert_int_equal(t.columns[5].data.integer[i], c->value);
        assert_int_equal(quipu_table_present(&t, 6, i), c->weight != QUIPU_QUANTITY_MISSING);
        if (c->weight != QUIPU_QUANTITY_MISSING)
            assert_int_equal(t.columns[6].data.integer[i], c->weight);
        assert_int_equal(quipu_table_present(&t, 7, i), c->quantity != QUIPU_QUANTITY_MISSING);
        if (c->quantity != QUIPU_QUANTITY_MISSING)
            assert_int_equal(t.columns[7].data.integer[i], c->quantity);
        assert_int_equal(quipu_table_present(&t, 8, i), c->unit > 1);
        assert_int_equal(t.columns[9].data.integer[i], c->flags);
    }
    quipu_table_free(&t);
}

static void tariffs_are_a_table(void **state) {
    fixture *f = with_duckdb(state);
    assert_int_equal(ask_number(f->sql, "SELECT count(*) FROM tariffs"), f->world.tariffs.n);
}

/* ---- the sieve ---- */

typedef struct sieve_case {
    const char *text;
    int reporters, partners, products; /* kept; -1 = all */
} sieve_case;

static int kept(const uint8_t *set, size_t n) {
    int sum = 0;
    for (size_t i = 0; i < n && set != NULL; i++)
        sum += set[i];
    return set != NULL ? sum : -1;
}

static void the_sieve_keeps_no_more_than_it_must(void **state) {
    static const sieve_case cases[] = {
        {"FROM trade", -1, -1, -1},
        {"FROM trade WHERE reporter = 'PER'", 1, -1, -1},
        {"FROM trade WHERE 'PER' = reporter AND value > 5", 1, -1, -1},
        {"FROM trade WHERE reporter IN ('PER', 'CHN') AND partner = 'JPN'", 2, 1, -1},
        {"FROM trade WHERE reporter = 'PER' OR reporter = 'CHN'", 2, -1, -1},
        {"FROM trade WHERE reporter = 'PER' OR partner = 'CHN'", -1, -1, -1},
        {"FROM trade WHERE reporter = 'PER' AND reporter = 'CHN'", 0, -1, -1},
        {"FROM trade WHERE NOT reporter = 'PER'", -1, -1, -1},
        {"FROM trade WHERE reporter <> 'PER'", -1, -1, -1},
        {"FROM trade WHERE lower(reporter) = 'per'", -1, -1, -1},
        {"FROM TRADE t WHERE t.Reporter = 'PER'", 1, -1, -1},
        {"FROM trade WHERE trade.reporter = 'PER'", 1, -1, -1},
        {"EXPLAIN ANALYZE FROM trade WHERE reporter = 'PER'", 1, -1, -1},
        {"FROM trade a, trade b WHERE a.reporter = 'PER' AND b.reporter = 'CHN'", 2, -1, -1},
        {"FROM trade a, trade b WHERE a.reporter = 'PER'", -1, -1, -1},
        {"FROM trade a JOIN countries ON iso3 = partner WHERE reporter = 'PER'", -1, -1, -1},
        {"FROM trade a JOIN countries ON iso3 = partner WHERE a.reporter = 'PER'", 1, -1, -1},
        {"FROM trade a ANTI JOIN trade b USING (product) WHERE a.reporter = 'PER'", -1, -1, -1},
        {"SELECT (SELECT max(value) FROM trade), * FROM trade WHERE reporter = 'PER'", -1, -1,
         -1},
        {"WITH trade AS (SELECT 'PER' AS reporter) FROM trade WHERE reporter = 'PER'", -1, -1,
         -1},
        {"FROM trade TABLESAMPLE 10% WHERE reporter = 'PER'", -1, -1, -1},
        {"FROM trade WHERE reporter = 'PER' USING SAMPLE 3", -1, -1, -1},
        {"FROM query('FROM trade'), trade WHERE trade.reporter = 'PER'", -1, -1, -1},
        {"FROM trade AS t(a, b, reporter) WHERE reporter = 'PER'", -1, -1, -1},
    };
    fixture *f = with_duckdb(state);
    for (size_t i = 0; i < QI_COUNT(cases); i++) {
        qi_sieves sieves = {NULL};
        qi_sieve_begin(f->sql, cases[i].text, &sieves);
        if (sieves.statements == NULL)
            fail_msg("not read: %s", cases[i].text);
        qi_sieve_statement(f->sql, &sieves, 0);
        const qi_sieve *s = &f->sql->sieve[0];
        if (kept(s->reporter, SPEC.n_countries) != cases[i].reporters ||
            kept(s->partner, SPEC.n_countries) != cases[i].partners ||
            kept(s->product, SPEC.n_products) != cases[i].products)
            fail_msg("%s: kept %d, %d, %d", cases[i].text, kept(s->reporter, SPEC.n_countries),
                     kept(s->partner, SPEC.n_countries), kept(s->product, SPEC.n_products));
        qi_sieve_clear(f->sql);
        qi_sieve_end(&sieves);
    }
}

/* After a statement that may give names another meaning, nothing is left out any more. */
static void the_sieve_ends_with_the_first_other_statement(void **state) {
    fixture *f = with_duckdb(state);
    quipu_sql *sql;
    quipu_error err = {0};
    assert_int_equal(quipu_sql_open(f->nomen, NULL, &sql, &err), QUIPU_OK);
    assert_int_equal(quipu_sql_add(sql, "", f->cube, &err), QUIPU_OK);
    quipu_table t = ask(sql, "CREATE MACRO all_of() AS (SELECT count(*) FROM trade)");
    quipu_table_free(&t);
    assert_false(sql->plain);
    assert_int_equal(ask_number(sql, "SELECT any_value(all_of()) FROM trade WHERE reporter = "
                                     "'PER'"),
                     f->world.cells.n);
    quipu_sql_close(sql);
}

/* ---- faults ---- */

static bool at_once(void *user, uint64_t done, uint64_t total) {
    QI_UNUSED(user);
    QI_UNUSED(done);
    QI_UNUSED(total);
    return true;
}

static void the_caller_can_stop(void **state) {
    fixture *f = with_duckdb(state);
    quipu_sql_options options = {.stop = at_once};
    quipu_sql *sql;
    quipu_table t;
    quipu_error err = {0};
    assert_int_equal(quipu_sql_open(f->nomen, &options, &sql, &err), QUIPU_OK);
    assert_int_equal(quipu_sql_run(sql,
                                   "SELECT count(*) FROM range(10000000) a, range(10000000) b "
                                   "WHERE (a.range * b.range) % 3 = 1",
                                   &t, &err),
                     QUIPU_E_STOPPED);
    quipu_sql_close(sql);
}

static void faults_have_a_place(void **state) {
    fixture *f = with_duckdb(state);
    quipu_table t;
    quipu_error err = {0};
    assert_int_equal(quipu_sql_run(f->sql, "SELECT 1;\nSELECT\n  yaer FROM trade", &t, &err),
                     QUIPU_E_ARG);
    assert_int_equal(err.line, 3);
    assert_int_equal(err.column, 3);
    assert_string_equal(err.file, "SQL");
    assert_int_equal(t.n_columns, 0);
    assert_int_equal(quipu_sql_add(f->sql, "1st", f->cube, &err), QUIPU_E_ARG);
}

static void another_library_is_refused(void **state) {
    fixture *f = *state;
    quipu_sql_options options = {.duckdb = "/dev/null"};
    quipu_sql *sql;
    quipu_error err = {0};
    assert_int_equal(quipu_sql_open(f->nomen, &options, &sql, &err), QUIPU_E_IO);
    assert_null(sql);
    assert_non_null(strstr(err.text, "/dev/null"));
}

/* ---- sessions beside each other ---- */

static void *ask_alone(void *user) {
    fixture *f = user;
    quipu_sql *sql;
    quipu_error err = {0};
    int64_t sum = -1;
    if (quipu_sql_open(f->nomen, NULL, &sql, &err) == QUIPU_OK &&
        quipu_sql_add(sql, "", f->cube, &err) == QUIPU_OK) {
        quipu_table t;
        if (quipu_sql_run(sql, "SELECT sum(value) FROM trade", &t, &err) == QUIPU_OK)
            sum = t.columns[0].data.integer[0];
        quipu_table_free(&t);
    }
    quipu_sql_close(sql);
    return (void *)(uintptr_t)sum;
}

static void sessions_stand_side_by_side(void **state) {
    fixture *f = with_duckdb(state);
    pthread_t threads[4];
    int64_t wanted = ask_number(f->sql, "SELECT sum(value) FROM trade");
    for (size_t i = 0; i < QI_COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_alone, f), 0);
    for (size_t i = 0; i < QI_COUNT(threads); i++) {
        void *sum;
        pthread_join(threads[i], &sum);
        assert_int_equal((int64_t)(uintptr_t)sum, wanted);
    }
}

/* ---- Parquet ---- */

static void parquet_brings_the_cube_back(void **state) {
    fixture *f = with_duckdb(state);
    char out[256], tariffs[256], back[256];
    const char *inputs[] = {out, tariffs};
    quipu_error err = {0};
    quipu_import_options options = {.threads = 2};
    quipu_import_result result = {0};
    quipu_cube *again;
    quipu_table t;
    qt_path(out, sizeof out, "out.parquet");
    qt_path(tariffs, sizeof tariffs, "tariffs.parquet");
    qt_path(back, sizeof back, "back.quipu");
    assert_int_equal(quipu_cube_write_parquet(f->cube, f->nomen, out, tariffs, NULL, &err),
                     QUIPU_OK);
    if (quipu_import(f->nomen, inputs, 2, back, &options, &result, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    quipu_import_result_free(&result);
    assert_int_equal(quipu_cube_open(back, &again, &err), QUIPU_OK);
    assert_int_equal(quipu_sql_add(f->sql, "again", again, &err), QUIPU_OK);
    assert_int_equal(ask_number(f->sql, "SELECT count(*) FROM again.trade"), f->world.cells.n);
    /* Importing takes a quantity of zero beside a value for unknown, from wherever it comes. */
    assert_int_equal(
        ask_number(f->sql, "SELECT count(*) FROM (SELECT * REPLACE (nullif(weight_kg, 0) AS "
                           "weight_kg, nullif(quantity, 0) AS quantity, if(quantity > 0, unit, "
                           "NULL) AS unit) FROM trade WHERE value > 0 EXCEPT ALL FROM "
                           "again.trade)"),
        0);
    assert_int_equal(
        ask_number(f->sql, "SELECT count(*) FROM (FROM tariffs EXCEPT ALL FROM again.tariffs)"),
        0);
    /* Stopping in the middle leaves nothing hanging. */
    assert_int_equal(truncate(out, 300), 0);
    assert_int_equal(quipu_import(f->nomen, inputs, 2, back, &options, &result, &err),
                     QUIPU_E_FORMAT);
    quipu_import_result_free(&result);
    assert_int_equal(quipu_sql_run(f->sql, "SELECT 1 AS a", &t, &err), QUIPU_OK);
    quipu_table_free(&t);
    quipu_sql_close(f->sql); /* before the cube it knows */
    f->sql = NULL;
    quipu_cube_close(again);
    unlink(out);
    unlink(tariffs);
    unlink(back);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_those_of_the_list),
        cmocka_unit_test(rows_are_those_of_the_list),
        cmocka_unit_test(tariffs_are_a_table),
        cmocka_unit_test(the_sieve_keeps_no_more_than_it_must),
        cmocka_unit_test(the_sieve_ends_with_the_first_other_statement),
        cmocka_unit_test(the_caller_can_stop),
        cmocka_unit_test(faults_have_a_place),
        cmocka_unit_test(another_library_is_refused),
        cmocka_unit_test(sessions_stand_side_by_side),
        cmocka_unit_test(parquet_brings_the_cube_back),
    };
    return cmocka_run_group_tests_name("sql", tests, set_up, tear_down);
}
