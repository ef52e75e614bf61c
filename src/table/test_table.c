/* SPDX-License-Identifier: Apache-2.0 */
/* test_table.c - result tables: cells, presence, growth, notes, refusals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"
#include "quipu/table.h"

static const quipu_column_spec SPECS[] = {
    {"partner", "Partner", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"year", NULL, QUIPU_INTEGER, QUIPU_DIMENSION, "year", 0},
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 1},
    {"weight", "Weight", QUIPU_AMOUNT, QUIPU_FIGURE, "kg", 1},
    {"rca", "Balassa index", QUIPU_REAL, QUIPU_FIGURE, "", 2},
    {"share", "Share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};
enum { PARTNER, YEAR, VALUE, WEIGHT, RCA, SHARE };

static quipu_table make(void) {
    quipu_table table;
    quipu_error err = {0};
    assert_int_equal(quipu_table_init(&table, "share", SPECS, QI_COUNT(SPECS), &err), QUIPU_OK);
    return table;
}

static void starts_empty(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = make();
    assert_string_equal(table.measure, "share");
    assert_string_equal(table.title, "");
    assert_int_equal(table.n_rows, 0);
    assert_int_equal(table.n_columns, QI_COUNT(SPECS));
    assert_string_equal(table.columns[YEAR].spec.label,
                        "year"); /* the name where none is given */
    assert_ptr_not_equal(table.columns[PARTNER].spec.name, SPECS[PARTNER].name);
    assert_false(quipu_table_present(&table, PARTNER, 0));
    assert_int_equal(quipu_table_find(&table, "rca"), RCA);
    assert_int_equal(quipu_table_find(&table, "RCA"), -1);
    quipu_table_free(&table);
    assert_null(table.columns);
    quipu_table_free(&table); /* a zeroed table is fine */
    quipu_table_free(NULL);
}

static void holds_cells(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = make();
    size_t row;
    assert_int_equal(quipu_table_add_rows(&table, 2, &row, NULL), QUIPU_OK);
    assert_int_equal(row, 0);
    assert_int_equal(quipu_table_add_rows(&table, 1, &row, NULL), QUIPU_OK);
    assert_int_equal(row, 2);
    for (size_t i = 0; i < table.n_columns; i++)
        assert_false(quipu_table_present(&table, i, row));

    char name[] = "Chile";
    assert_int_equal(quipu_table_set_text(&table, PARTNER, row, name, NULL), QUIPU_OK);
    name[0] = 'X'; /* the table has its own copy */
    quipu_table_set_integer(&table, YEAR, row, 2011);
    quipu_table_set_integer(&table, VALUE, row, INT64_MIN);
    quipu_table_set_integer(&table, WEIGHT, row, 0);
    quipu_table_set_real(&table, RCA, row, -0.0);
    quipu_table_set_real(&table, SHARE, row, 0.25);
    assert_string_equal(table.columns[PARTNER].data.text[row], "Chile");
    assert_int_equal(table.columns[YEAR].data.integer[row], 2011);
    assert_true(table.columns[VALUE].data.integer[row] == INT64_MIN);
    assert_true(quipu_table_present(&table, WEIGHT, row)); /* zero is not missing */
    assert_true(table.columns[RCA].data.real[row] == 0.0);
    assert_false(signbit(table.columns[RCA].data.real[row]));
    assert_true(table.columns[SHARE].data.real[row] == 0.25);
    assert_false(quipu_table_present(&table, SHARE, row - 1));
    quipu_table_free(&table);
}

static void missing_is_never_a_number(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = make();
    size_t row;
    assert_int_equal(quipu_table_add_rows(&table, 1, &row, NULL), QUIPU_OK);
    static const double NONE[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
    for (size_t i = 0; i < QI_COUNT(NONE); i++) {
        quipu_table_set_real(&table, RCA, row, 1.5);
        assert_true(quipu_table_present(&table, RCA, row));
        quipu_table_set_real(&table, RCA, row, NONE[i]);
        assert_false(quipu_table_present(&table, RCA, row));
        assert_true(table.columns[RCA].data.real[row] == 0.0);
    }
    assert_int_equal(quipu_table_set_text(&table, PARTNER, row, "x", NULL), QUIPU_OK);
    assert_int_equal(quipu_table_set_text(&table, PARTNER, row, NULL, NULL), QUIPU_OK);
    assert_false(quipu_table_present(&table, PARTNER, row));
    assert_int_equal(quipu_table_set_text(&table, PARTNER, row, "", NULL), QUIPU_OK);
    assert_true(quipu_table_present(&table, PARTNER, row)); /* empty is not missing */
    quipu_table_free(&table);
}

static void refuses_what_does_not_fit(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = make();
    quipu_error err; /* on purpose not cleared: public functions do that */
    memset(&err, 0x5A, sizeof err);
    size_t row;
    assert_int_equal(quipu_table_add_rows(&table, 1, &row, NULL), QUIPU_OK);
    assert_int_equal(quipu_table_set_text(&table, YEAR, row, "2011", &err), QUIPU_E_BUG);
    assert_int_equal(err.status, QUIPU_E_BUG);
    assert_string_equal(err.text, "no text cell at row 0, column 1 of table share");
    assert_int_equal(quipu_table_set_text(&table, PARTNER, 1, "x", &err), QUIPU_E_BUG);
    assert_int_equal(quipu_table_set_text(&table, 99, row, "x", &err), QUIPU_E_BUG);
    quipu_table_set_integer(&table, RCA, row, 5);
    quipu_table_set_integer(&table, 99, row, 5);
    quipu_table_set_integer(&table, YEAR, 64, 5);
    quipu_table_set_real(&table, VALUE, row, 5);
    quipu_table_set_real(&table, SHARE, 1, 5);
    for (size_t i = 0; i < table.n_columns; i++)
        assert_false(quipu_table_present(&table, i, row));
    assert_int_equal(quipu_table_add_source(&table, "source", NULL, &err), QUIPU_E_ARG);

    /* More rows than memory: refused, and the table is what it was. */
    quipu_table_set_integer(&table, YEAR, row, 2011);
    size_t none = 7;
    assert_int_equal(quipu_table_add_rows(&table, SIZE_MAX, &none, &err), QUIPU_E_NOMEM);
    assert_int_equal(none, 0);
    assert_int_equal(quipu_table_add_rows(&table, SIZE_MAX / 4, &none, &err), QUIPU_E_NOMEM);
    assert_int_equal(table.n_rows, 1);
    assert_int_equal(table.columns[YEAR].data.integer[row], 2011);
    quipu_table_free(&table);
}

static void refuses_bad_columns(void **unused) {
    QI_UNUSED(unused);
    quipu_table table;
    quipu_error err = {0};
    quipu_column_spec specs[] = {SPECS[0], SPECS[1], SPECS[0]};
    assert_int_equal(quipu_table_init(&table, "top", specs, 3, &err), QUIPU_E_ARG);
    assert_string_equal(err.text, "table top has two columns named partner");
    assert_null(table.columns);
    specs[1].name = NULL;
    assert_int_equal(quipu_table_init(&table, "top", specs, 2, &err), QUIPU_E_ARG);
    assert_string_equal(err.text, "column 2 of table top has no name");
    specs[1] = SPECS[1];
    specs[1].unit = NULL;
    assert_int_equal(quipu_table_init(&table, NULL, specs, 2, &err), QUIPU_OK);
    assert_string_equal(table.columns[1].spec.unit, "");
    quipu_table_free(&table);
    assert_int_equal(quipu_table_init(&table, "none", NULL, 0, &err), QUIPU_OK);
    size_t row;
    assert_int_equal(quipu_table_add_rows(&table, 3, &row, &err), QUIPU_OK);
    quipu_table_free(&table);
}

static void keeps_notes_and_sources(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = make();
    quipu_error err = {0};
    assert_int_equal(quipu_table_set_title(&table, &err, "Share of %s", "Peru"), QUIPU_OK);
    assert_string_equal(table.title, "Share of Peru");
    for (int i = 0; i < 40; i++)
        assert_int_equal(quipu_table_add_note(&table, &err, "note %d", i % 20), QUIPU_OK);
    assert_int_equal(table.n_notes, 20); /* each once */
    assert_string_equal(table.notes[19], "note 19");
    assert_int_equal(quipu_table_add_source(&table, "source", "BACI", &err), QUIPU_OK);
    assert_int_equal(quipu_table_add_source(&table, "release", "1", &err), QUIPU_OK);
    assert_int_equal(quipu_table_add_source(&table, "source", "Comtrade", &err), QUIPU_OK);
    assert_int_equal(table.n_source, 2); /* the last text of a key counts */
    assert_string_equal(table.source[0].key, "source");
    assert_string_equal(table.source[0].text, "Comtrade");
    assert_string_equal(table.source[1].text, "1");
    quipu_table_free(&table);
}

static void grows_row_by_row(void **unused) {
    QI_UNUSED(unused);
    enum { N = 200000 };
    quipu_table table = make();
    char name[32];
    for (size_t i = 0; i < N; i++) {
        size_t row;
        assert_int_equal(quipu_table_add_rows(&table, 1, &row, NULL), QUIPU_OK);
        if (row % 3 == 0)
            continue;
        /* More different names than the table remembers, and some that come again. */
        snprintf(name, sizeof name, "country %zu", row % 5000);
        assert_int_equal(quipu_table_set_text(&table, PARTNER, row, name, NULL), QUIPU_OK);
        quipu_table_set_integer(&table, VALUE, row, (int64_t)row * 1000);
        quipu_table_set_real(&table, SHARE, row, (double)row / N);
    }
    assert_int_equal(table.n_rows, N);
    for (size_t row = 0; row < N; row++) {
        bool there = row % 3 != 0;
        assert_int_equal(quipu_table_present(&table, PARTNER, row), there);
        assert_int_equal(quipu_table_present(&table, VALUE, row), there);
        assert_false(quipu_table_present(&table, RCA, row));
        snprintf(name, sizeof name, "country %zu", row % 5000);
        if (there)
            assert_string_equal(table.columns[PARTNER].data.text[row], name);
        assert_int_equal(table.columns[VALUE].data.integer[row], there ? row * 1000 : 0);
    }
    quipu_table_free(&table);
}

static void takes_many_rows_at_once(void **unused) {
    QI_UNUSED(unused);
    enum { N = 3000000 };
    quipu_table table = make();
    size_t row;
    assert_int_equal(quipu_table_add_rows(&table, N, &row, NULL), QUIPU_OK);
    assert_int_equal(quipu_table_add_rows(&table, 1, &row, NULL), QUIPU_OK);
    assert_int_equal(row, N);
    quipu_table_set_integer(&table, VALUE, row, 7);
    assert_true(quipu_table_present(&table, VALUE, row));
    assert_false(quipu_table_present(&table, VALUE, row - 1));
    assert_false(quipu_table_present(&table, VALUE, row + 1));
    quipu_table_free(&table);
}

static void repeated_text_is_stored_once(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = make();
    size_t row;
    assert_int_equal(quipu_table_add_rows(&table, 2, &row, NULL), QUIPU_OK);
    assert_int_equal(quipu_table_set_text(&table, PARTNER, 0, "Peru", NULL), QUIPU_OK);
    assert_int_equal(quipu_table_set_text(&table, PARTNER, 1, "Peru", NULL), QUIPU_OK);
    assert_ptr_equal(table.columns[PARTNER].data.text[0], table.columns[PARTNER].data.text[1]);
    quipu_table_free(&table);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_empty),
        cmocka_unit_test(holds_cells),
        cmocka_unit_test(missing_is_never_a_number),
        cmocka_unit_test(refuses_what_does_not_fit),
        cmocka_unit_test(refuses_bad_columns),
        cmocka_unit_test(keeps_notes_and_sources),
        cmocka_unit_test(grows_row_by_row),
        cmocka_unit_test(takes_many_rows_at_once),
        cmocka_unit_test(repeated_text_is_stored_once),
    };
    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
