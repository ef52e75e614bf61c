/* SPDX-License-Identifier: Apache-2.0 */
/* test_engine.c - names, texts and conditions as they go into a statement, and maps. */
#include "engine/engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const qi_dialect *postgresql(void) {
    return qi_dialect_find("postgresql");
}

static void names_and_texts_are_quoted(void **state) {
    QI_UNUSED(state);
    qi_buffer out = {0};
    assert_true(qi_sql_table(&out, postgresql(), "customs.odd\"name"));
    assert_true(qi_sql_string(&out, postgresql(), "O'Brien", 7));
    assert_true(qi_sql_string(&out, postgresql(), "a\\'", 3));
    assert_true(qi_sql_string(&out, qi_dialect_find("spark"), "a\\'", 3));
    assert_true(qi_sql_identifier(&out, qi_dialect_find("clickhouse"), "a`\\b"));
    assert_true(qi_buffer_add(&out, "", 1));
    assert_string_equal(out.bytes, "\"customs\".\"odd\"\"name\"'O''Brien'E'a\\\\'''"
                                   "'a\\\\'''`a``\\\\b`");
    qi_buffer_free(&out);
}

static void dialects_are_told_by_what_databases_call_themselves(void **state) {
    QI_UNUSED(state);
    assert_string_equal(qi_dialect_of_dbms("PostgreSQL 15.0.18")->name, "postgresql");
    assert_string_equal(qi_dialect_of_dbms("Spark SQL 3.5")->name, "spark");
    assert_null(qi_dialect_of_dbms("Oracle"));
    assert_null(qi_dialect_find("oracle"));
}

/* What a condition becomes; "" where it is refused. */
static void assert_where(const char *typed, const char *wanted) {
    qi_buffer out = {0};
    quipu_error err = {0};
    quipu_status status = qi_where_write(postgresql(), typed, &out, &err);
    if (wanted[0] == 0) {
        assert_int_equal(status, QUIPU_E_ARG);
        assert_non_null(strstr(err.text, "--where"));
    } else {
        assert_int_equal(status, QUIPU_OK);
        assert_true(qi_buffer_add(&out, "", 1));
        assert_string_equal(out.bytes, wanted);
    }
    qi_buffer_free(&out);
}

static void conditions_are_written_anew(void **state) {
    QI_UNUSED(state);
    assert_where("year >= 2000 AND year<2012", "\"year\" >= 2000 AND \"year\" < 2012");
    assert_where("office in ('LIM', 'O''H')", "\"office\" IN ('LIM', 'O''H')");
    assert_where("a not in (1,-2.5)", "\"a\" NOT IN (1, -2.5)");
    assert_where("\"odd name\" between 1 and 2 and b is not null",
                 "\"odd name\" BETWEEN 1 AND 2 AND \"b\" IS NOT NULL");
    assert_where("c is null", "\"c\" IS NULL");
    assert_where("c <> 'x; drop table t --'", "\"c\" <> 'x; drop table t --'");
}

static void all_else_is_refused(void **state) {
    QI_UNUSED(state);
    static const char *const BAD[] = {
        "",         "1 = 1",      "a",           "a =",          "a = b",      "a = 1 or b = 2",
        "a = 1;",   "a = (1)",    "a in 1",      "a in ()",      "a in (1",    "a == 1",
        "a = 'x",   "\"a = 1",    "a between 1", "a is 1",       "a not null", "a = 1 and",
        "a = 1--2", "a = 1.2.3",  "f(a) = 1",    "a = 1 /* */",  "a=\\'1",     "a = $1",
        "a = - 1",  "select = *", "a >< 1",      "a = 0x1 union"};
    for (size_t i = 0; i < QI_COUNT(BAD); i++)
        assert_where(BAD[i], "");
    char longest[600] = "a = '";
    memset(longest + 5, 'x', 500);
    assert_where(strcat(longest, "'"), "");
}

static void maps_are_read(void **state) {
    QI_UNUSED(state);
    qi_arena arena = {0};
    qi_mapped m = {0};
    assert_int_equal(qi_mapped_read("period=month(fecha),reporter:PER,partner=pais,product=hs,"
                                    "value=miles*1000,weight=kg,firm=ruc",
                                    &arena, &m, NULL),
                     QUIPU_OK);
    assert_int_equal(m.field[QI_E_PERIOD].part, QI_DATE_MONTH);
    assert_string_equal(m.field[QI_E_PERIOD].column, "fecha");
    assert_string_equal(m.field[QI_E_REPORTER].constant, "PER");
    assert_string_equal(m.field[QI_E_VALUE].column, "miles");
    assert_int_equal(m.field[QI_E_VALUE].power, 3);
    assert_string_equal(m.field[QI_E_FIRM].column, "ruc");
    static const char *const BAD[] = {"period=a",
                                      "period=a,reporter=b,partner=c",
                                      "period=a,reporter=b,partner=c,value=d*7",
                                      "period=a,reporter=b,partner=c,value=d*100x",
                                      "period=a,reporter=b,partner=c,value=d,colour=e",
                                      "period:2011,reporter=b,partner=c,value=d",
                                      "period=a,reporter=,partner=c,value=d",
                                      "period"};
    for (size_t i = 0; i < QI_COUNT(BAD); i++) {
        quipu_error err = {0};
        qi_mapped bad = {0};
        assert_int_equal(qi_mapped_read(BAD[i], &arena, &bad, &err), QUIPU_E_ARG);
        assert_non_null(strstr(err.text, "--map"));
    }
    qi_arena_free(&arena);
}

/* A column known to have two decimals is added up as it is; else it is rounded row by row. */
static void rounding_is_written_where_it_may_be_needed(void **state) {
    QI_UNUSED(state);
    qi_arena arena = {0};
    qi_mapped m = {.dialect = postgresql(), .table = "t"};
    qi_buffer out = {0};
    assert_int_equal(
        qi_mapped_read("period=y,reporter:PER,partner=p,value=v", &arena, &m, NULL), QUIPU_OK);
    assert_true(qi_select_totals(&m, &out));
    assert_non_null(strstr(out.bytes, "round("));
    out.length = 0;
    m.field[QI_E_VALUE].decimals = 2;
    assert_true(qi_select_totals(&m, &out));
    assert_string_equal(
        out.bytes, "SELECT sum(part.n), sum(part.v)\nFROM (SELECT count(*) AS n, "
                   "sum(CAST(\"v\" AS numeric)) AS v\nFROM \"t\"\nGROUP BY \"y\") AS part");
    qi_buffer_free(&out);
    qi_arena_free(&arena);
}

/* The firm is one more key, behind the others. */
static void groups_may_be_by_firm(void **state) {
    QI_UNUSED(state);
    qi_arena arena = {0};
    qi_mapped m = {.dialect = postgresql(), .table = "t"};
    qi_buffer without = {0}, with = {0};
    assert_int_equal(
        qi_mapped_read("period=y,reporter:PER,partner=p,value=v,firm=ruc", &arena, &m, NULL),
        QUIPU_OK);
    assert_true(qi_select_groups(&m, &without));
    assert_null(strstr(without.bytes, "ruc"));
    m.by_firm = true;
    assert_true(qi_select_groups(&m, &with));
    assert_ptr_equal(strstr(with.bytes, "SELECT \"y\", \"p\", \"ruc\",\n    CASE"), with.bytes);
    assert_non_null(strstr(with.bytes, "\nGROUP BY \"y\", \"p\", \"ruc\",\n    CASE"));
    qi_buffer_free(&without);
    qi_buffer_free(&with);
    qi_arena_free(&arena);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_texts_are_quoted),
        cmocka_unit_test(dialects_are_told_by_what_databases_call_themselves),
        cmocka_unit_test(conditions_are_written_anew),
        cmocka_unit_test(all_else_is_refused),
        cmocka_unit_test(maps_are_read),
        cmocka_unit_test(rounding_is_written_where_it_may_be_needed),
        cmocka_unit_test(groups_may_be_by_firm),
    };
    return cmocka_run_group_tests_name("engine: statements", tests, NULL, NULL);
}
