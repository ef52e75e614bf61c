/* SPDX-License-Identifier: Apache-2.0 */
/* test_draw.c - drawing: every kind, the same bytes whatever came before, limits, formats. */
#include "chart/test_tables.h"

/* fontconfig keeps what it read of the fonts until the process ends. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libfontconfig\n";
}

static quipu_chart_engine *engine;

static int start(void **state) {
    QI_UNUSED(state);
    return quipu_chart_engine_open(&engine, NULL) == QUIPU_OK ? 0 : -1;
}

static int stop(void **state) {
    QI_UNUSED(state);
    quipu_chart_engine_close(engine);
    return 0;
}

/* A table that any kind can show, with the wish for it. */
static char *sample(const char *kind) {
    static const char *const list[] = {
        "CHN|China|2011|6972639440|0.19", "USA|United States|2011|5419105712|0.15",
        "JPN|Japan|2011|2174663417|0.06", "CHL|Chile|2011||0.05"};
    bool stakes = strcmp(kind, "sankey") == 0 || strcmp(kind, "network") == 0 ||
                  strcmp(kind, "ownership") == 0;
    bool years = strcmp(kind, "line") == 0 || strcmp(kind, "heatmap") == 0 ||
                 strcmp(kind, "area") == 0 || strcmp(kind, "grouped-bar") == 0;
    quipu_table table = stakes  ? TABLE(STAKES, STAKES_ROWS)
                        : years ? TABLE(TRADE, TRADE_ROWS)
                                : TABLE(TRADE, list);
    char *option = option_of(&table, (quipu_chart){.kind = kind, .id = "manifest-1"});
    quipu_table_free(&table);
    return option;
}

static bool has(const qi_buffer *svg, const char *text) {
    return strstr(svg->bytes, text) != NULL;
}

static void every_kind(void **state) {
    QI_UNUSED(state);
    size_t n;
    const quipu_chart_kind *kinds = quipu_chart_kinds(&n);
    for (size_t i = 0; i < n; i++) {
        char *option = sample(kinds[i].name);
        qi_buffer svg = drawn(engine, option, QUIPU_SVG);
        if (!has(&svg, "<title>Exports of Peru</title>") || !has(&svg, "role=\"img\"") ||
            !has(&svg, "<dc:identifier>manifest-1</dc:identifier>") || !has(&svg, "<desc>") ||
            !has(&svg, "Liberation Sans") || has(&svg, "NaN") || has(&svg, "undefined") ||
            has(&svg, "Infinity"))
            fail_msg("%s: %s", kinds[i].name, svg.bytes);
        if (strcmp(kinds[i].name, "map") != 0 && strcmp(kinds[i].name, "sankey") != 0 &&
            !has(&svg, "China") && !has(&svg, "CNPC"))
            fail_msg("%s names nobody", kinds[i].name);
        qi_buffer_free(&svg);
        free(option);
    }
}

/* In the order of the list, then backwards in another engine: each picture is the same. */
static void bytes_do_not_depend_on_what_was_drawn(void **state) {
    QI_UNUSED(state);
    size_t n;
    const quipu_chart_kind *kinds = quipu_chart_kinds(&n);
    qi_buffer first[16] = {0};
    quipu_chart_engine *other;
    assert_true(n <= QI_COUNT(first));
    assert_int_equal(quipu_chart_engine_open(&other, NULL), QUIPU_OK);
    for (size_t i = 0; i < n; i++) {
        char *option = sample(kinds[i].name);
        first[i] = drawn(engine, option, QUIPU_SVG);
        free(option);
    }
    for (size_t i = n; i-- > 0;) {
        char *option = sample(kinds[i].name);
        qi_buffer again = drawn(other, option, QUIPU_SVG);
        if (again.length != first[i].length ||
            memcmp(again.bytes, first[i].bytes, again.length) != 0)
            fail_msg("%s differs", kinds[i].name);
        qi_buffer_free(&again);
        qi_buffer_free(&first[i]);
        free(option);
    }
    quipu_chart_engine_close(other);
}

static void paper_formats_are_the_same_twice(void **state) {
    QI_UNUSED(state);
    char *option = sample("line");
    for (int picture = QUIPU_PDF; picture <= QUIPU_PNG; picture++) {
        qi_buffer a = drawn(engine, option, (quipu_picture)picture);
        qi_buffer b = drawn(engine, option, (quipu_picture)picture);
        assert_true(a.length > 1000);
        assert_int_equal(a.length, b.length);
        assert_memory_equal(a.bytes, b.bytes, a.length);
        assert_memory_equal(a.bytes, picture == QUIPU_PDF ? "%PDF" : "\x89PNG", 4);
        if (picture == QUIPU_PNG) { /* twice 760 x 440 */
            assert_memory_equal(a.bytes + 16, "\0\0\x05\xf0\0\0\x03\x70", 8);
        }
        qi_buffer_free(&a);
        qi_buffer_free(&b);
    }
    free(option);
}

static void gaps_are_not_joined(void **state) {
    QI_UNUSED(state);
    static const char *const rows[] = {"CHN|China|2008|1000|", "CHN|China|2009|2000|",
                                       "CHN|China|2010||", "CHN|China|2011|3000|"};
    quipu_table table = TABLE(TRADE, rows);
    char *option = option_of(&table, (quipu_chart){.kind = "line"});
    qi_buffer svg = drawn(engine, option, QUIPU_SVG);
    /* The only line in the first colour and with its width goes from 2008 to 2009: one move,
     * one stroke. */
    const char *line = strstr(svg.bytes, "stroke-width=\"2.2\"");
    assert_non_null(line);
    while (line > svg.bytes && strncmp(line, "<path", 5) != 0)
        line--;
    size_t moves = 0, strokes = 0;
    for (const char *at = strstr(line, " d=\"") + 4; *at != '"'; at++) {
        moves += *at == 'M';
        strokes += *at == 'L';
    }
    assert_true(moves <= 2 && strokes == 1);
    qi_buffer_free(&svg);
    free(option);
    quipu_table_free(&table);
}

static void hostile_names_stay_text(void **state) {
    QI_UNUSED(state);
    static const char *const names[] = {"</title><script>x</script>", "\"'&<>]]>", "{a|b}{c}",
                                        "\x01\x02 \xff", "\xef\xbf\xbe"};
    size_t n;
    const quipu_chart_kind *kinds = quipu_chart_kinds(&n);
    for (size_t k = 0; k < n; k++) {
        if (strcmp(kinds[k].name, "map") == 0)
            continue;
        quipu_table table = make_table(STAKES, QI_COUNT(STAKES), NULL, 0);
        for (size_t i = 0; i < QI_COUNT(names); i++) {
            size_t row;
            assert_int_equal(quipu_table_add_rows(&table, 1, &row, NULL), QUIPU_OK);
            assert_int_equal(quipu_table_set_text(&table, 0, row, names[i], NULL), QUIPU_OK);
            assert_int_equal(quipu_table_set_text(&table, 1, row, "<b>", NULL), QUIPU_OK);
            quipu_table_set_real(&table, 2, row, 0.1 + 0.1 * (double)i);
        }
        quipu_chart chart = {.kind = kinds[k].name, .title = names[0], .id = names[1]};
        if (strcmp(kinds[k].name, "scatter") == 0)
            chart.x = chart.y = "stake";
        char *option = option_of(&table, chart);
        qi_buffer svg = drawn(engine, option, QUIPU_SVG);
        assert_true(qi_utf8_valid(svg.bytes, svg.length));
        assert_false(has(&svg, "<script") || has(&svg, "<b>") || has(&svg, "\x01"));
        qi_buffer png = drawn(engine, option, QUIPU_PNG); /* librsvg reads it: well-formed */
        qi_buffer_free(&png);
        qi_buffer_free(&svg);
        free(option);
        quipu_table_free(&table);
    }
}

static void refuses(const char *option, quipu_status status, const char *text) {
    qi_buffer out = {0};
    quipu_error err = {0};
    quipu_status got = quipu_chart_draw(engine, option, QUIPU_SVG, collect, &out, &err);
    if (got != status || strstr(err.text, text) == NULL)
        fail_msg("%s: %d '%s'", option, (int)got, err.text);
    assert_int_equal(out.length, 0);
    qi_buffer_free(&out);
}

static void bad_options(void **state) {
    QI_UNUSED(state);
    refuses("", QUIPU_E_FORMAT, "JSON object");
    refuses("[1]", QUIPU_E_FORMAT, "no object");
    refuses("{\"a\":", QUIPU_E_FORMAT, "JSON object");
    refuses("{\"quipu\":{\"kind\":\"pie\"},\"series\":[]}", QUIPU_E_DATA, "pie");
    refuses("{\"quipu\":{\"kind\":\"line\",\"width\":1e9},\"series\":[]}", QUIPU_E_LIMIT,
            "8000");
    refuses("{\"quipu\":{\"kind\":\"line\"}}", QUIPU_E_DATA, "cannot be drawn");
    /* And the engine goes on. */
    char *option = sample("bar");
    qi_buffer svg = drawn(engine, option, QUIPU_SVG);
    assert_true(has(&svg, "China"));
    qi_buffer_free(&svg);
    free(option);
}

static void memory_has_a_ceiling(void **state) {
    QI_UNUSED(state);
    qi_buffer text = {0};
    quipu_chart_engine *small;
    quipu_error err = {0};
    assert_int_equal(quipu_chart_engine_open(&small, NULL), QUIPU_OK);
    qi_chart_engine_ceiling(small, qi_chart_engine_peak(small) + (4u << 20));
    assert_true(qi_buffer_text(&text, "{\"series\":[{\"type\":\"line\",\"data\":[0"));
    for (int i = 0; i < 300000; i++)
        assert_true(qi_buffer_text(&text, ",1"));
    assert_true(qi_buffer_text(&text, "]}],\"xAxis\":{},\"yAxis\":{}}"));
    qi_buffer out = {0};
    assert_int_equal(quipu_chart_draw(small, text.bytes, QUIPU_SVG, collect, &out, &err),
                     QUIPU_E_LIMIT);
    assert_non_null(strstr(err.text, "MB"));
    char *option = sample("bar");
    qi_buffer svg = drawn(small, option, QUIPU_SVG);
    assert_true(has(&svg, "China"));
    free(option);
    qi_buffer_free(&svg);
    qi_buffer_free(&out);
    qi_buffer_free(&text);
    quipu_chart_engine_close(small);
}

static void script_for_a_page(void **state) {
    QI_UNUSED(state);
    qi_buffer plain = {0}, with_map = {0};
    assert_int_equal(quipu_chart_script(false, collect, &plain, NULL), QUIPU_OK);
    assert_int_equal(quipu_chart_script(true, collect, &with_map, NULL), QUIPU_OK);
    assert_true(with_map.length > plain.length + 50000);
    assert_true(has(&plain, "quipuChart"));
    assert_false(has(&with_map, "</script") || has(&with_map, "<!--"));
    for (size_t i = 0; i < with_map.length; i++) /* whatever the page's encoding */
        assert_true((unsigned char)with_map.bytes[i] < 0x80);
    qi_buffer_free(&plain);
    qi_buffer_free(&with_map);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind),
        cmocka_unit_test(bytes_do_not_depend_on_what_was_drawn),
        cmocka_unit_test(paper_formats_are_the_same_twice),
        cmocka_unit_test(gaps_are_not_joined),
        cmocka_unit_test(hostile_names_stay_text),
        cmocka_unit_test(bad_options),
        cmocka_unit_test(memory_has_a_ceiling),
        cmocka_unit_test(script_for_a_page),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
