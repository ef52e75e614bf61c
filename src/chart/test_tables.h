/* SPDX-License-Identifier: Apache-2.0 */
/* test_tables.h - small tables to draw, and drawing into memory, for the tests of chart. */
#ifndef QI_TEST_CHART_TABLES_H
#define QI_TEST_CHART_TABLES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chart/chart.h"

/* A row is its cells with '|' between; an empty cell is missing.  Money in US$. */
static inline void add_row(quipu_table *table, const char *text) {
    size_t row;
    assert_int_equal(quipu_table_add_rows(table, 1, &row, NULL), QUIPU_OK);
    for (size_t c = 0; c < table->n_columns; c++) {
        size_t n = strcspn(text, "|");
        char cell[256];
        int64_t integer;
        double real;
        assert_true(n < sizeof cell);
        memcpy(cell, text, n);
        cell[n] = '\0';
        text += n + (text[n] == '|');
        if (n == 0)
            continue;
        switch (table->columns[c].spec.type) {
        case QUIPU_TEXT:
            assert_int_equal(quipu_table_set_text(table, c, row, cell, NULL), QUIPU_OK);
            break;
        case QUIPU_MONEY:
        case QUIPU_AMOUNT:
            assert_int_equal(qi_parse_scaled(cell, n, 3, true, &integer, &real), QI_NUMBER_OK);
            quipu_table_set_integer(table, c, row, integer);
            break;
        case QUIPU_INTEGER:
            assert_true(qi_parse_int(cell, n, &integer));
            quipu_table_set_integer(table, c, row, integer);
            break;
        case QUIPU_REAL:
        case QUIPU_SHARE:
            assert_true(qi_parse_double(cell, n, &real));
            quipu_table_set_real(table, c, row, real);
            break;
        }
    }
}

static inline quipu_table make_table(const quipu_column_spec *specs, size_t n,
                                     const char *const *rows, size_t n_rows) {
    quipu_table table;
    assert_int_equal(quipu_table_init(&table, "value", specs, n, NULL), QUIPU_OK);
    for (size_t i = 0; i < n_rows; i++)
        add_row(&table, rows[i]);
    assert_int_equal(quipu_table_set_title(&table, NULL, "Exports of Peru"), QUIPU_OK);
    assert_int_equal(quipu_table_add_source(&table, "source", "UN Comtrade", NULL), QUIPU_OK);
    return table;
}

static const quipu_column_spec TRADE[] = {
    {"partner", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"partner_name", "Partner", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"share", "Share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};
static const char *const TRADE_ROWS[] = {"CHN|China|2009|4077957000|0.204",
                                         "CHN|China|2010|5436667203|0.1936",
                                         "CHN|China|2011|6972639440|0.1923",
                                         "JPN|Japan|2009|1376461722|0.0688",
                                         "JPN|Japan|2010||",
                                         "JPN|Japan|2011|2174663417|0.06",
                                         "KOR|South Korea|2009|749483479|0.0375",
                                         "KOR|South Korea|2010|895958187|0.0319",
                                         "KOR|South Korea|2011|1696091332|0.0468"};

static const quipu_column_spec STAKES[] = {
    {"owner", "Owner", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"owned", "Company", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"stake", "Stake", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};
static const char *const STAKES_ROWS[] = {
    "CNPC (People's Republic of China)|Pluspetrol Norte|0.45",
    "Pluspetrol Resources Corporation B.V.|Pluspetrol Norte|0.55",
    "SK Innovation|Camisea Block 56|0.176",
    "Pluspetrol Norte|Camisea Block 56|0.272",
    "Hunt Oil Company of Peru L.L.C.|Camisea Block 56|0.252",
    "Repsol|Camisea Block 56|",
    "Sonatrach|Camisea Block 56|0.1",
    "Tecpetrol|Camisea Block 56|0.1"};

#define TABLE(specs, rows) make_table(specs, QI_COUNT(specs), rows, QI_COUNT(rows))

static inline bool collect(void *user, const char *bytes, size_t length) {
    return qi_buffer_add(user, bytes, length);
}

/* Calls quipu_chart_option with a nomenclature set and gives the text; free it. */
static inline char *option_of(const quipu_table *table, quipu_chart chart) {
    quipu_nomen *nomen;
    quipu_error err = {0};
    char *json = NULL;
    assert_int_equal(quipu_nomen_open(&nomen, &err), QUIPU_OK);
    if (quipu_chart_option(table, nomen, &chart, &json, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    quipu_nomen_close(nomen);
    return json;
}

static inline qi_buffer drawn(quipu_chart_engine *engine, const char *option,
                              quipu_picture picture) {
    qi_buffer out = {0};
    quipu_error err = {0};
    if (quipu_chart_draw(engine, option, picture, collect, &out, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    return out;
}

#endif
