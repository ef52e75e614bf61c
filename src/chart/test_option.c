/* SPDX-License-Identifier: Apache-2.0 */
/* test_option.c - which option a table becomes: columns, kinds, gaps, units, words. */
#include "chart/test_tables.h"

static json_t *parsed(const quipu_table *table, quipu_chart chart) {
    char *text = option_of(table, chart);
    json_error_t at;
    json_t *root = json_loads(text, 0, &at);
    if (root == NULL)
        fail_msg("%s in %s", at.text, text);
    assert_null(strchr(text, '<')); /* may stand in a page's script */
    free(text);
    return root;
}

static const json_t *about(const json_t *root, const char *key) {
    return json_object_get(json_object_get(root, "quipu"), key);
}

static const char *word(const json_t *root, const char *key) {
    return json_string_value(about(root, key));
}

static const json_t *series(const json_t *root, size_t i) {
    return json_array_get(json_object_get(root, "series"), i);
}

static const char *series_name(const json_t *root, size_t i) {
    return json_string_value(json_object_get(series(root, i), "name"));
}

static const json_t *datum(const json_t *root, size_t s, size_t i) {
    return json_array_get(json_object_get(series(root, s), "data"), i);
}

static void near(double value, double wanted, double within) {
    assert_true(fabs(value - wanted) <= within);
}

static void fails(const quipu_table *table, quipu_chart chart, quipu_status status,
                  const char *text) {
    quipu_error err = {0};
    char *json = (char *)1;
    assert_int_equal(quipu_chart_option(table, NULL, &chart, &json, &err), status);
    assert_null(json);
    if (strstr(err.text, text) == NULL)
        fail_msg("'%s' is not in '%s'", text, err.text);
}

static void time_makes_a_line(void **state) {
    QI_UNUSED(state);
    quipu_table table = TABLE(TRADE, TRADE_ROWS);
    json_t *root = parsed(&table, (quipu_chart){.figure = "share"});
    assert_string_equal(word(root, "kind"), "line");
    assert_string_equal(word(root, "subtitle"), "Share, %");
    assert_string_equal(word(root, "footer"), "Source: UN Comtrade.");
    assert_string_equal(word(root, "title"), "Exports of Peru");
    assert_int_equal(json_array_size(json_object_get(root, "series")), 3);
    assert_string_equal(series_name(root, 0), "China");
    assert_string_equal(series_name(root, 2), "South Korea");
    const json_t *axis = json_object_get(root, "xAxis");
    assert_int_equal(json_integer_value(json_object_get(axis, "min")), 2009);
    assert_int_equal(json_integer_value(json_object_get(axis, "max")), 2011);
    /* Japan 2010 is missing: a gap, not zero. */
    assert_int_equal(json_integer_value(json_array_get(datum(root, 1, 1), 0)), 2010);
    assert_true(json_is_null(json_array_get(datum(root, 1, 1), 1)));
    near(json_number_value(json_array_get(datum(root, 0, 0), 1)), 20.4, 1e-9);
    json_decref(root);
    quipu_table_free(&table);
}

static void money_is_scaled(void **state) {
    QI_UNUSED(state);
    quipu_table table = TABLE(TRADE, TRADE_ROWS);
    json_t *root = parsed(&table, (quipu_chart){.y = "value"});
    assert_string_equal(word(root, "unit"), "million US$");
    assert_string_equal(word(root, "subtitle"), "Value, million US$");
    near(json_number_value(json_array_get(datum(root, 0, 2), 1)), 6972.63944, 1e-6);
    json_decref(root);
    quipu_table_free(&table);
}

static void spanish_words(void **state) {
    QI_UNUSED(state);
    quipu_table table = TABLE(TRADE, TRADE_ROWS);
    json_t *root = parsed(&table, (quipu_chart){.y = "value", .spanish = true});
    assert_string_equal(word(root, "lang"), "es");
    assert_string_equal(word(root, "subtitle"), "Valor, millones de US$");
    assert_string_equal(word(root, "footer"), "Fuente: UN Comtrade.");
    assert_string_equal(series_name(root, 1), "Japón");
    assert_string_equal(series_name(root, 2), "Corea del Sur");
    json_decref(root);
    quipu_table_free(&table);
}

static void rows_of_any_order(void **state) {
    QI_UNUSED(state);
    static const char *const rows[] = {"CHN|China|2011|3000000|", "CHN|China|2009|1000000|",
                                       "CHN|China|2010|2000000|"};
    quipu_table table = TABLE(TRADE, rows);
    json_t *root = parsed(&table, (quipu_chart){.kind = "line"});
    for (int i = 0; i < 3; i++) {
        const json_t *point = datum(root, 0, (size_t)i);
        assert_int_equal(json_integer_value(json_array_get(point, 0)), 2009 + i);
        near(json_number_value(json_array_get(point, 1)), 1000 * (i + 1), 1e-9);
    }
    json_decref(root);
    quipu_table_free(&table);
}

/* One year and no other: a list of figures. */
static const char *const LIST_ROWS[] = {"CHN|China|2011|500|0.5", "JPN|Japan|2011|300|0.3",
                                        "rest|All others|2011|200|0.2",
                                        "total|Total|2011|1000|1"};

static void shapes_choose_kinds(void **state) {
    QI_UNUSED(state);
    static const char *const two[] = {"CHN|China|2010|500|", "CHN|China|2011|300|",
                                      "JPN|Japan|2010|200|", "JPN|Japan|2011|1000|"};
    static const char *const parts[] = {"CHN|China|2009||0.6", "JPN|Japan|2009||0.4",
                                        "CHN|China|2010||0.7", "JPN|Japan|2010||0.3",
                                        "CHN|China|2011||0.8", "JPN|Japan|2011||0.2"};
    quipu_table list = TABLE(TRADE, LIST_ROWS), pairs = TABLE(TRADE, two),
                whole = TABLE(TRADE, parts);
    json_t *root = parsed(&list, (quipu_chart){0});
    assert_string_equal(word(root, "kind"), "bar");
    assert_string_equal(word(root, "subtitle"), "Value, US$; 2011");
    /* The total would dwarf its parts. */
    assert_int_equal(json_array_size(about(root, "categories")), 3);
    json_decref(root);
    root = parsed(&pairs, (quipu_chart){0});
    assert_string_equal(word(root, "kind"), "grouped-bar");
    json_decref(root);
    root = parsed(&whole, (quipu_chart){.figure = "share"});
    assert_string_equal(word(root, "kind"), "area");
    json_decref(root);
    root = parsed(&whole, (quipu_chart){.source = "partner", .target = "year", .y = "share"});
    assert_string_equal(word(root, "kind"), "sankey");
    json_decref(root);
    quipu_table_free(&list);
    quipu_table_free(&pairs);
    quipu_table_free(&whole);
}

static void treemap_has_parts_only(void **state) {
    QI_UNUSED(state);
    quipu_table table = TABLE(TRADE, LIST_ROWS);
    json_t *root = parsed(&table, (quipu_chart){.kind = "treemap"});
    const json_t *data = json_object_get(series(root, 0), "data");
    assert_int_equal(json_array_size(data), 3);
    assert_true(json_is_true(json_object_get(json_array_get(data, 2), "rest")));
    json_decref(root);
    quipu_table_free(&table);
}

static void map_joins_by_code(void **state) {
    QI_UNUSED(state);
    static const char *const rows[] = {"FRA|France|2011|500|", "USA|United States|2011|300|",
                                       "IND|India|2011||", "S19|Other Asia|2011|2|",
                                       "total|Total|2011|9|"};
    quipu_table table = TABLE(TRADE, rows);
    json_t *root = parsed(&table, (quipu_chart){.kind = "map"});
    assert_int_equal(json_array_size(json_object_get(series(root, 0), "data")), 4);
    assert_string_equal(json_string_value(json_object_get(datum(root, 0, 0), "name")), "FRA");
    assert_true(json_is_null(json_object_get(datum(root, 0, 2), "value")));
    assert_non_null(strstr(word(root, "footer"), "Natural Earth"));
    json_decref(root);
    quipu_table_free(&table);
}

/* Countries that buy from each other stand on both sides; chains stay chains. */
static void sankey_sides(void **state) {
    QI_UNUSED(state);
    static const char *const both[] = {"A|B|0.5", "B|A|0.25"}, *const chain[] = {"A|B|0.5",
                                                                                 "B|C|0.5"};
    quipu_table rings = TABLE(STAKES, both), chains = TABLE(STAKES, chain);
    json_t *root = parsed(&rings, (quipu_chart){.kind = "sankey"});
    assert_int_equal(json_array_size(json_object_get(series(root, 0), "data")), 4);
    json_decref(root);
    root = parsed(&chains, (quipu_chart){.kind = "sankey"});
    assert_int_equal(json_array_size(json_object_get(series(root, 0), "data")), 3);
    assert_int_equal(json_integer_value(json_object_get(datum(root, 0, 2), "depth")), 2);
    json_decref(root);
    quipu_table_free(&rings);
    quipu_table_free(&chains);
}

static void unknown_stakes_stay(void **state) {
    QI_UNUSED(state);
    quipu_table table = TABLE(STAKES, STAKES_ROWS);
    json_t *root = parsed(&table, (quipu_chart){.kind = "ownership"});
    const json_t *links = json_object_get(series(root, 0), "links");
    assert_int_equal(json_array_size(links), QI_COUNT(STAKES_ROWS));
    assert_true(json_is_null(json_object_get(json_array_get(links, 5), "value")));
    near(json_number_value(json_object_get(json_array_get(links, 0), "value")), 45, 1e-9);
    json_decref(root);
    quipu_table_free(&table);
}

/* Two models of two terms; rows without a figure are none, nor do they tell series apart. */
static void intervals(void **state) {
    QI_UNUSED(state);
    static const quipu_column_spec specs[] = {
        {"model", "Model", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
        {"part", "Part", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"term", "Term", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"coefficient", "Coefficient", QUIPU_REAL, QUIPU_FIGURE, "", 4},
        {"low", "Low", QUIPU_REAL, QUIPU_FIGURE, "", 4},
        {"high", "High", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    };
    static const char *const rows[] = {"1|coefficient|rta|0.5|0.25|0.75", "1|statistic|R2|||",
                                       "2|coefficient|rta|0.625|0.5|0.75",
                                       "2|coefficient|dist|-1||"};
    quipu_table table = TABLE(specs, rows);
    char *text = option_of(&table, (quipu_chart){.figure = "coefficient"});
    json_t *root = json_loads(text, 0, NULL), *about = json_object_get(root, "quipu");
    assert_string_equal(json_string_value(json_object_get(about, "kind")), "interval");
    json_t *names = json_object_get(about, "rows"), *series = json_object_get(root, "series");
    assert_int_equal(json_array_size(names), 2);
    assert_string_equal(json_string_value(json_array_get(names, 1)), "dist");
    assert_int_equal(json_array_size(series), 4); /* marks and ends of two models */
    json_t *ends = json_object_get(json_array_get(series, 3), "data");
    assert_int_equal(json_array_size(ends), 3); /* low, high, a break; dist has none */
    near(json_number_value(json_array_get(json_array_get(ends, 1), 0)), 0.75, 0);
    assert_true(json_is_null(json_array_get(ends, 2)));
    json_decref(root);
    free(text);
    quipu_table_free(&table);
}

static void bad_wishes(void **state) {
    QI_UNUSED(state);
    quipu_table table = TABLE(TRADE, TRADE_ROWS);
    fails(&table, (quipu_chart){.kind = "lien"}, QUIPU_E_ARG, "did you mean 'line'");
    fails(&table, (quipu_chart){.kind = "spaghetti"}, QUIPU_E_ARG, "there are line, area");
    fails(&table, (quipu_chart){.y = "valeu"}, QUIPU_E_ARG, "did you mean 'value'");
    fails(&table, (quipu_chart){.x = "nowhere"}, QUIPU_E_ARG, "it has partner, partner_name");
    fails(&table, (quipu_chart){.y = "partner"}, QUIPU_E_ARG, "is text");
    fails(&table, (quipu_chart){.kind = "bar", .x = "partner", .series = "partner"},
          QUIPU_E_DATA, "more than one figure");
    fails(&table, (quipu_chart){.kind = "treemap", .x = "partner", .series = "partner"},
          QUIPU_E_DATA, "more than one figure");
    fails(&table, (quipu_chart){.kind = "scatter", .x = "partner"}, QUIPU_E_ARG, "is text");
    fails(&table, (quipu_chart){.kind = "map", .x = "year"}, QUIPU_E_DATA, "");
    quipu_table_free(&table);
}

static void nothing_to_draw(void **state) {
    QI_UNUSED(state);
    static const char *const missing[] = {"CHN|China|2011||", "JPN|Japan|2011||"};
    static const char *const negative[] = {"CHN|China|2009|-5|", "CHN|China|2010|4|",
                                           "CHN|China|2011|3|"};
    quipu_table empty = make_table(TRADE, QI_COUNT(TRADE), NULL, 0),
                gone = TABLE(TRADE, missing), below = TABLE(TRADE, negative);
    fails(&empty, (quipu_chart){0}, QUIPU_E_DATA, "no rows");
    fails(&gone, (quipu_chart){0}, QUIPU_E_DATA, "all are missing");
    fails(&below, (quipu_chart){.kind = "area"}, QUIPU_E_DATA, "negative");
    fails(&below, (quipu_chart){.kind = "treemap", .x = "year"}, QUIPU_E_DATA, "negative");
    fails(&below, (quipu_chart){.kind = "sankey"}, QUIPU_E_DATA, "negative");
    quipu_table_free(&empty);
    quipu_table_free(&gone);
    quipu_table_free(&below);
}

static void hostile_names(void **state) {
    QI_UNUSED(state);
    static const char *const rows[] = {"A|</script><script>alert(1)</script>|2011|5|",
                                       "B|\"quotes\" & 'more' \\n {a|b}|2011|4|",
                                       "C|\x01\x1b[31mred\xff\xc3|2011|3|",
                                       "D|\xef\xbf\xbf|2011|2|"};
    quipu_table table = make_table(TRADE, QI_COUNT(TRADE), NULL, 0);
    for (size_t i = 0; i < QI_COUNT(rows); i++) {
        size_t row;
        char code[2] = {(char)('A' + i), 0};
        assert_int_equal(quipu_table_add_rows(&table, 1, &row, NULL), QUIPU_OK);
        assert_int_equal(quipu_table_set_text(&table, 0, row, code, NULL), QUIPU_OK);
        assert_int_equal(quipu_table_set_text(&table, 1, row, rows[i] + 2, NULL), QUIPU_OK);
        quipu_table_set_integer(&table, 3, row, 1000 + (int64_t)i);
    }
    json_t *root = parsed(&table, (quipu_chart){.kind = "bar"});
    assert_int_equal(json_array_size(about(root, "categories")), 4);
    json_decref(root);
    quipu_table_free(&table);
}

static void size_and_id(void **state) {
    QI_UNUSED(state);
    quipu_table table = TABLE(TRADE, TRADE_ROWS);
    json_t *root = parsed(&table, (quipu_chart){.width = 500,
                                                .height = 300,
                                                .id = "abc123",
                                                .title = "T",
                                                .subtitle = "S",
                                                .footer = "F"});
    assert_int_equal(json_integer_value(about(root, "width")), 500);
    assert_int_equal(json_integer_value(about(root, "height")), 300);
    assert_string_equal(word(root, "id"), "abc123");
    assert_string_equal(word(root, "title"), "T");
    assert_string_equal(word(root, "subtitle"), "S");
    assert_string_equal(word(root, "footer"), "F");
    json_decref(root);
    quipu_table_free(&table);
}

static void layout_is_within_the_square(void **state) {
    QI_UNUSED(state);
    static const uint32_t from[] = {0, 0, 0, 3}, to[] = {1, 2, 3, 4};
    double x[2][6], y[2][6];
    for (int i = 0; i < 2; i++)
        assert_int_equal(qi_chart_layout(6, 4, from, to, x[i], y[i], NULL), QUIPU_OK);
    assert_memory_equal(x[0], x[1], sizeof x[0]);
    assert_memory_equal(y[0], y[1], sizeof y[0]);
    for (int i = 0; i < 6; i++) {
        assert_true(x[0][i] >= 0 && x[0][i] <= 1 && y[0][i] >= 0 && y[0][i] <= 1);
        for (int j = 0; j < i; j++)
            assert_true(hypot(x[0][i] - x[0][j], y[0][i] - y[0][j]) > 0.02);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_makes_a_line),
        cmocka_unit_test(money_is_scaled),
        cmocka_unit_test(spanish_words),
        cmocka_unit_test(rows_of_any_order),
        cmocka_unit_test(shapes_choose_kinds),
        cmocka_unit_test(treemap_has_parts_only),
        cmocka_unit_test(map_joins_by_code),
        cmocka_unit_test(sankey_sides),
        cmocka_unit_test(unknown_stakes_stay),
        cmocka_unit_test(intervals),
        cmocka_unit_test(bad_wishes),
        cmocka_unit_test(nothing_to_draw),
        cmocka_unit_test(hostile_names),
        cmocka_unit_test(size_and_id),
        cmocka_unit_test(layout_is_within_the_square),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
