/* SPDX-License-Identifier: Apache-2.0 */
/* test_example.h - the small table, and writing to memory, that the tests of report share. */
#ifndef QI_TEST_EXAMPLE_H
#define QI_TEST_EXAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"
#include "quipu/report.h"

static const quipu_column_spec SPECS[] = {
    {"partner", "Partner", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "year", 0},
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"share", "Share of exports", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

static inline void set(quipu_table *table, size_t row, const char *name, int64_t value,
                       double share) {
    assert_int_equal(quipu_table_set_text(table, 0, row, name, NULL), QUIPU_OK);
    quipu_table_set_integer(table, 1, row, 2011);
    quipu_table_set_integer(table, 2, row, value);
    quipu_table_set_real(table, 3, row, share);
}

/* Three rows: an ordinary one, one of wide characters and a negative value, one of nothing
 * but a name that every format has to escape. */
static inline quipu_table make(void) {
    quipu_table table;
    size_t row;
    assert_int_equal(quipu_table_init(&table, "share", SPECS, QI_COUNT(SPECS), NULL), QUIPU_OK);
    assert_int_equal(quipu_table_add_rows(&table, 3, &row, NULL), QUIPU_OK);
    set(&table, 0, "Côte d'Ivoire", INT64_C(6967012345678), 0.1534);
    set(&table, 1, "日本", -2174000000, 1.0 / 3.0);
    assert_int_equal(quipu_table_set_text(&table, 0, 2, "R&D, \"a|b\" <50%_", NULL), QUIPU_OK);
    assert_int_equal(quipu_table_set_title(&table, NULL, "Exports of %s", "Peru"), QUIPU_OK);
    assert_int_equal(quipu_table_add_note(&table, NULL, "One reporter < 2."), QUIPU_OK);
    assert_int_equal(quipu_table_add_source(&table, "source", "BACI", NULL), QUIPU_OK);
    assert_int_equal(quipu_table_add_source(&table, "release", "202401", NULL), QUIPU_OK);
    return table;
}

static inline bool collect(void *user, const char *bytes, size_t length) {
    return qi_buffer_add(user, bytes, length);
}

static inline qi_buffer write_table(const quipu_table *table, quipu_report_options options) {
    qi_buffer out = {0};
    quipu_error err = {0};
    assert_int_equal(quipu_report_write(table, &options, collect, &out, &err), QUIPU_OK);
    if (options.format == QUIPU_FORMAT_XLSX || options.format >= QUIPU_FORMAT_ARROW)
        return out;
    assert_true(out.length == 0 || out.bytes[out.length - 1] == '\n');
    assert_true(qi_utf8_valid(out.bytes, out.length));
    return out;
}

static inline void check(const quipu_table *table, quipu_report_options options,
                         const char *wanted) {
    qi_buffer out = write_table(table, options);
    assert_string_equal(out.bytes, wanted);
    qi_buffer_free(&out);
}

#define RULE10                                                                                 \
    "\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80"                             \
    "\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80"
#define RULE1 "\xE2\x94\x80"

#endif
