/* SPDX-License-Identifier: Apache-2.0 */
/* test_study.c - the parts of a study: places of nodes, keys, picks, layouts, verdicts, prose. */
#include "study/answer.h"
#include "study/schema.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const char HEAD[] = "quipu: 1\nstudy: s\ntitle: \"{who} sells\"\nlet: {who: Peru}\n"
                           "inputs: {t: {cube: x.quipu, optional: yes}}\n"
                           "values: {v: \"value t => value\"}\nfootnotes: {n: A note.}\n"
                           "sections:\n";

/* A study read from text, through the very file the reader opens. */
static quipu_status read_text(const char *sections, qi_study *out, quipu_error *err) {
    char path[] = "/tmp/quipu-study-XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    assert_non_null(file);
    fprintf(file, "%s%s", HEAD, sections);
    fclose(file);
    quipu_status status = qi_study_read(path, out, err);
    remove(path);
    return status;
}

static void nodes_know_where_they_stand(void **state) {
    (void)state;
    static const char text[] = "a: one\nb:\n  - c: two\n    d:\n  - three\n";
    qi_arena arena = {0};
    qi_node *root;
    assert_int_equal(qi_yaml_parse("x", text, sizeof text - 1, &arena, &root, NULL), QUIPU_OK);
    assert_int_equal(root->kind, QI_MAPPING);
    assert_int_equal(root->values[0]->line, 1);
    assert_int_equal(root->values[0]->column, 4);
    const qi_node *list = root->values[1];
    assert_int_equal(list->kind, QI_SEQUENCE);
    assert_int_equal(list->n, 2);
    assert_int_equal(list->values[0]->line, 3);
    assert_int_equal(list->values[0]->column, 5);
    assert_null(list->values[0]->values[1]->text);
    assert_int_equal(list->values[0]->values[1]->line, 4); /* an empty value: its key's */
    assert_int_equal(list->values[1]->line, 5);
    qi_arena_free(&arena);
}

static void a_study_is_read(void **state) {
    (void)state;
    qi_study study;
    quipu_error err = {0};
    assert_int_equal(read_text("  - section: One\n    content:\n      - text: Hello.\n"
                               "      - table: a\n        ask: [value t, share t]\n"
                               "        notes: one\n",
                               &study, &err),
                     QUIPU_OK);
    assert_string_equal(study.name.text, "s");
    assert_int_equal(study.inputs.n, 1);
    assert_string_equal(study.inputs.items[0].name.text, "t");
    assert_non_null(study.inputs.items[0].optional.text);
    const qi_block *table = &study.sections.items[0].content.items[1];
    assert_int_equal(table->kind, QI_BLOCK_TABLE);
    assert_int_equal(table->ask.n, 2);
    assert_string_equal(table->ask.items[1].text, "share t");
    assert_int_equal(table->notes.n, 1);
    qi_arena arena = {0};
    const char *title;
    assert_int_equal(qi_study_fill(&study, study.title, &arena, &title, &err), QUIPU_OK);
    assert_string_equal(title, "Peru sells");
    /* Braces of figures stay, names in them are filled. */
    qi_words words = {"{{share t --reporter {who} => share}} {} { who }", 1, 1};
    assert_int_equal(qi_study_fill(&study, words, &arena, &title, &err), QUIPU_OK);
    assert_string_equal(title, "{{share t --reporter Peru => share}} {} { who }");
    qi_arena_free(&arena);
    qi_study_free(&study);
}

/* country, year, value: A 2000 10, A 2001 20, B 2000 -, B 2001 60 */
static void make_table(quipu_table *table) {
    static const quipu_column_spec specs[] = {
        {"country", "Country", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "year", 0},
        {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
        {"share", "Share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    };
    static const struct {
        const char *country;
        int year;
        int64_t value;
    } rows[] = {{"A", 2000, 10000}, {"A", 2001, 20000}, {"B", 2000, -1}, {"B", 2001, 60000}};
    size_t first;
    assert_int_equal(quipu_table_init(table, "value", specs, 4, NULL), QUIPU_OK);
    assert_int_equal(quipu_table_add_rows(table, 4, &first, NULL), QUIPU_OK);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(quipu_table_set_text(table, 0, i, rows[i].country, NULL), QUIPU_OK);
        quipu_table_set_integer(table, 1, i, rows[i].year);
        if (rows[i].value >= 0) {
            quipu_table_set_integer(table, 2, i, rows[i].value);
            quipu_table_set_real(table, 3, i, (double)rows[i].value / 80000.0);
        }
    }
}

static void one_figure_is_picked(void **state) {
    (void)state;
    static const struct {
        const char *spec;
        bool fine, present;
        double value;
    } cases[] = {
        {"value", false, false, 0}, /* four rows */
        {"value[country=A][year=2001]", true, true, 20},
        {"value[country=B][year=2000]", true, false, 0},
        {"value[country=C]", true, false, 0},
        {"first:value", true, true, 10},
        {"last:value", true, true, 60},
        {"max:value", true, true, 60},
        {"min:value", true, true, 10},
        {"sum:value", true, false, 0}, /* missing anywhere is missing */
        {"sum:value[country=A]", true, true, 30},
        {"sum:value[country=C]", true, false, 0},
        {"count:value", true, true, 3},
        {"rate:value[country=A]", true, true, 1},
        {"ratio:value[country=A]", true, true, 2},
        {"rate:value[country=B]", true, false, 0},
        {"last:value+value", true, true, 120},
        {"last:share", true, true, 0.75},
        {"median:value", false, false, 0},
        {"last:vale", false, false, 0},
        {"last:value[country]", false, false, 0},
    };
    qi_study study = {.path = "s.yaml"};
    quipu_table table;
    make_table(&table);
    for (size_t i = 0; i < QI_COUNT(cases); i++) {
        qi_figure figure;
        quipu_error err = {0};
        quipu_status status =
            qi_pick(&study, &table, (qi_words){"", 3, 7}, cases[i].spec, NULL, &figure, &err);
        if ((status == QUIPU_OK) != cases[i].fine ||
            (cases[i].fine && figure.present != cases[i].present))
            fail_msg("%s: status %d, present %d, %s", cases[i].spec, (int)status,
                     (int)figure.present, err.text);
        if (status == QUIPU_OK && figure.present)
            assert_true(fabs(figure.value - cases[i].value) < 1e-12);
        if (status != QUIPU_OK)
            assert_int_equal(err.line, 3);
    }
    quipu_table_free(&table);
}

static void figures_are_said(void **state) {
    (void)state;
    static const struct {
        qi_figure figure;
        const char *how;
        bool spanish;
        const char *said;
    } cases[] = {
        {{true, 0.2058, QUIPU_SHARE, "fraction", 1}, NULL, false, "20.6\xc2\xa0%"},
        {{true, 0.2058, QUIPU_SHARE, "fraction", 1}, "0 bare", false, "21"},
        {{true, 6972639440, QUIPU_MONEY, "US$", 0},
         NULL,
         false,
         "6,972.6\xc2\xa0million\xc2\xa0US$"},
        {{true, 6972639440, QUIPU_MONEY, "US$", 0},
         "billion 2",
         true,
         "6,97\xc2\xa0miles de millones de\xc2\xa0US$"},
        {{true, -1234.5, QUIPU_REAL, "", 1},
         NULL,
         false,
         "\xe2\x88\x92"
         "1,234.5"},
        {{true, 19.98, QUIPU_REAL, "times", 2}, NULL, true, "19,98\xc2\xa0veces"},
        {{true, 11.04, QUIPU_REAL, "%", 2}, "1 bare", false, "11.0"},
        {{false, 0, QUIPU_REAL, "", 1}, NULL, false, "n/a"},
    };
    qi_study study = {.path = "s.yaml"};
    qi_arena arena = {0};
    for (size_t i = 0; i < QI_COUNT(cases); i++) {
        const char *said;
        if (cases[i].figure.unit[0] == 't' && cases[i].spanish)
            assert_int_equal(qi_figure_say(&study, &cases[i].figure, (qi_words){0}, "times",
                                           true, &arena, &said, NULL),
                             QUIPU_OK);
        else
            assert_int_equal(qi_figure_say(&study, &cases[i].figure, (qi_words){0},
                                           cases[i].how, cases[i].spanish, &arena, &said, NULL),
                             QUIPU_OK);
        assert_string_equal(said, cases[i].said);
    }
    const char *said;
    assert_int_not_equal(qi_figure_say(&study, &cases[0].figure, (qi_words){0}, "dollars",
                                       false, &arena, &said, NULL),
                         QUIPU_OK);
    qi_arena_free(&arena);
}

static void long_tables_are_laid_out(void **state) {
    (void)state;
    qi_words rows[] = {{"country", 1, 1}}, columns[] = {{"year", 1, 1}};
    qi_layout layout = {.rows = {rows, 1}, .columns = {columns, 1}, .line = 1};
    qi_study study = {.path = "s.yaml"};
    qi_headers headers;
    qi_arena arena = {0};
    quipu_table table, laid;
    quipu_error err = {0};
    make_table(&table);
    assert_int_equal(
        qi_layout_make(&study, &layout, &table, "value", &arena, &laid, &headers, &err),
        QUIPU_OK);
    assert_int_equal(laid.n_rows, 2);
    assert_int_equal(laid.n_columns, 3);
    assert_string_equal(laid.columns[1].spec.name, "2000");
    assert_string_equal(headers.label[2], "2001");
    assert_int_equal(laid.columns[2].data.integer[1], 60000);
    assert_false(quipu_table_present(&laid, 1, 1)); /* missing stays missing */
    quipu_table_free(&laid);
    /* Two rows of the answer in one cell. */
    layout.rows.items[0].text = "year";
    assert_int_equal(
        qi_layout_make(&study, &layout, &table, "value", &arena, &laid, &headers, &err),
        QUIPU_E_DATA);
    quipu_table_free(&table);
    qi_arena_free(&arena);
}

static void verdicts(void **state) {
    (void)state;
    static const struct {
        double ours, printed;
        int decimals;
        double within;
        qi_verdict verdict;
        const char *cause;
    } cases[] = {
        {25.24, 25.2, 1, -1, QI_EQUAL, ""},
        {25.25, 25.2, 1, -1, QI_EQUAL, ""}, /* the border may be rounded either way */
        {25.26, 25.2, 1, -1, QI_NEAR, "rounding"},
        {25.6, 25.2, 1, -1, QI_NEAR, "unknown"}, /* within 2 % */
        {27, 25.2, 1, -1, QI_DIFFERS, "unknown"},
        {59.4, 59, 0, 0.5, QI_EQUAL, ""},
        {7814.5, 7800, 0, 50, QI_EQUAL, ""},
        {-0.4, 0, 0, -1, QI_EQUAL, ""},
    };
    for (size_t i = 0; i < QI_COUNT(cases); i++) {
        qi_compared item = {.ours = cases[i].ours,
                            .printed = cases[i].printed,
                            .decimals = cases[i].decimals,
                            .has_ours = true,
                            .has_printed = true};
        qi_compare_settle(&item, cases[i].within);
        assert_int_equal(item.verdict, cases[i].verdict);
        assert_string_equal(item.cause, cases[i].cause);
    }
    qi_compared item = {.has_printed = true, .printed = 3};
    qi_compare_settle(&item, -1);
    assert_int_equal(item.verdict, QI_NO_FIGURE);
}

static void prose_becomes_runs(void **state) {
    (void)state;
    qi_study study;
    qi_noted noted = {0};
    qi_arena arena = {0};
    qi_prose prose;
    quipu_error err = {0};
    assert_int_equal(read_text("  - section: One\n    content: []\n", &study, &err), QUIPU_OK);
    qi_asker asker = {.study = &study};
    qi_text_context context = {&asker, NULL, &noted, false, &arena};
    qi_words text = {"One **two** *three* `a*b`[^n] [x](https://y.org)\nmore \\*.\n\n"
                     "- item\n- other {who}\n",
                     1, 1};
    assert_int_equal(qi_prose_read(&context, text, &prose, &err), QUIPU_OK);
    assert_int_equal(prose.n, 3);
    static const qi_run_kind kinds[] = {
        QI_RUN_TEXT, QI_RUN_STRONG,   QI_RUN_TEXT,     QI_RUN_STRONG_END,
        QI_RUN_TEXT, QI_RUN_EMPHASIS, QI_RUN_TEXT,     QI_RUN_EMPHASIS_END,
        QI_RUN_TEXT, QI_RUN_CODE,     QI_RUN_NOTE,     QI_RUN_TEXT,
        QI_RUN_LINK, QI_RUN_TEXT,     QI_RUN_LINK_END, QI_RUN_TEXT};
    assert_int_equal(prose.items[0].n, QI_COUNT(kinds));
    for (size_t i = 0; i < QI_COUNT(kinds); i++)
        assert_int_equal(prose.items[0].runs[i].kind, kinds[i]);
    assert_string_equal(prose.items[0].runs[9].text, "a*b");
    assert_string_equal(prose.items[0].runs[15].text, " more *.");
    assert_true(prose.items[1].item && prose.items[2].item);
    assert_string_equal(prose.items[2].runs[0].text, "other Peru");
    assert_int_equal(noted.n, 1);
    free(noted.items);
    qi_arena_free(&arena);
    qi_study_free(&study);
}

static void small_tables_are_read(void **state) {
    (void)state;
    qi_arena arena = {0};
    qi_grid grid;
    quipu_error err = {0};
    char text[] = "\xEF\xBB\xBF# a comment, with a comma\na;b\r\n\"x;\"\"y\"; 2 \r\n\r\n;\n";
    assert_int_equal(qi_grid_parse("g", text, sizeof text - 1, &arena, &grid, &err), QUIPU_OK);
    assert_int_equal(grid.n_rows, 2);
    assert_string_equal(qi_grid_text(&grid, 0, 0), "x;\"y");
    assert_string_equal(qi_grid_text(&grid, 0, 1), "2");
    assert_string_equal(qi_grid_text(&grid, 1, 0), "");
    assert_int_equal(grid.line[0], 3);
    assert_int_equal(grid.line[1], 5);
    char bad[] = "a,b\n1\n";
    assert_int_equal(qi_grid_parse("g", bad, sizeof bad - 1, &arena, &grid, &err),
                     QUIPU_E_FORMAT);
    assert_int_equal(err.line, 2);
    qi_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_know_where_they_stand), cmocka_unit_test(a_study_is_read),
        cmocka_unit_test(one_figure_is_picked),        cmocka_unit_test(figures_are_said),
        cmocka_unit_test(long_tables_are_laid_out),    cmocka_unit_test(verdicts),
        cmocka_unit_test(prose_becomes_runs),          cmocka_unit_test(small_tables_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
