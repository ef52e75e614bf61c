/* SPDX-License-Identifier: Apache-2.0 */
/* test_layout.c - text fitted to a terminal. */
#include "report/test_example.h"

static quipu_table long_names(void) {
    static const quipu_column_spec COLUMNS[] = {
        {"name", "Name", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"n", "Number", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    };
    quipu_table table;
    size_t row;
    assert_int_equal(quipu_table_init(&table, "m", COLUMNS, 2, NULL), QUIPU_OK);
    assert_int_equal(quipu_table_add_rows(&table, 3, &row, NULL), QUIPU_OK);
    const char *names[] = {"Copper ores and concentrates, whether or not roasted or washed",
                           "Uninterruptible", "日本日本日本日"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(quipu_table_set_text(&table, 0, i, names[i], NULL), QUIPU_OK);
        quipu_table_set_integer(&table, 1, i, 1000 + (int64_t)i);
    }
    assert_int_equal(quipu_table_add_note(&table, NULL, "folded and indented too  "), QUIPU_OK);
    return table;
}

static void narrow_text_folds_names(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = long_names();
    check(&table, (quipu_report_options){.format = QUIPU_FORMAT_TEXT, .width = 20},
          "Name          Number\n" RULE10 RULE10 "\n"
          "Copper ores    1,000\n"
          "and\n"
          "concentrate…\n"
          "Uninterrupti   1,001\n"
          "ble\n"
          "日本日本日本   1,002\n"
          "日\n"
          "\n"
          "Note: folded and\n"
          "  indented too\n");
    /* Figures are never cut, and names not below ten columns. */
    check(&table,
          (quipu_report_options){.format = QUIPU_FORMAT_TEXT, .width = 1, .plain = true},
          "Name        Number\n" RULE10 RULE1 RULE1 RULE1 RULE1 RULE1 RULE1 RULE1 RULE1 "\n"
          "Copper       1,000\n"
          "ores and\n"
          "concentra…\n"
          "Uninterrup   1,001\n"
          "tible\n"
          "日本日本日   1,002\n"
          "本日\n");
    quipu_table_free(&table);
}

static void no_line_is_wider_than_asked(void **unused) {
    QI_UNUSED(unused);
    quipu_table tables[] = {make(), long_names()};
    for (size_t t = 0; t < QI_COUNT(tables); t++) {
        for (int width = 50; width < 120; width++) {
            qi_buffer out = write_table(&tables[t], (quipu_report_options){.width = width});
            for (char *line = strtok(out.bytes, "\n"); line != NULL;
                 line = strtok(NULL, "\n")) {
                assert_true(qi_display_width(line) <= (size_t)width);
                assert_true(line[strlen(line) - 1] != ' ');
            }
            qi_buffer_free(&out);
        }
        quipu_table_free(&tables[t]);
    }
}

static void colour_only_when_asked(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = long_names();
    qi_buffer bare = write_table(&table, (quipu_report_options){.format = QUIPU_FORMAT_TEXT});
    qi_buffer painted = write_table(&table, (quipu_report_options){.colour = true});
    assert_null(strchr(bare.bytes, '\033'));
    assert_non_null(strstr(painted.bytes, "\033[1mName"));
    assert_non_null(strstr(painted.bytes, "\033[2mNote: folded and indented too\033[0m\n"));
    qi_buffer_free(&bare);
    qi_buffer_free(&painted);
    quipu_table_free(&table);
}

static void nothing_plays_tricks_on_the_terminal(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = make();
    /* U+009B, which starts a command like ESC [, and U+202E, which turns the writing. */
    const char name[] = {'a',  '\033',     '[',        '2',        'J',        'b',
                         '\n', 'c',        '\t',       'd',        (char)0xC2, (char)0x9B,
                         'e',  (char)0xE2, (char)0x80, (char)0xAE, 'f',        '\0'};
    assert_int_equal(quipu_table_set_text(&table, 0, 0, name, NULL), QUIPU_OK);
    assert_int_equal(quipu_table_set_title(&table, NULL, "x\033]0;y\007"), QUIPU_OK);
    qi_buffer out = write_table(&table, (quipu_report_options){.format = QUIPU_FORMAT_TEXT});
    for (size_t i = 0; i < out.length; i++)
        assert_true(out.bytes[i] == '\n' || (unsigned char)out.bytes[i] >= 0x20);
    assert_non_null(strstr(out.bytes, "a [2Jb c d e f"));
    qi_buffer_free(&out);
    quipu_table_free(&table);
}

static void empty_tables_are_tables(void **unused) {
    QI_UNUSED(unused);
    static const quipu_column_spec ONE = {"x", "Only", QUIPU_TEXT, QUIPU_DIMENSION, "", 0};
    quipu_table table, nothing;
    assert_int_equal(quipu_table_init(&table, "m", &ONE, 1, NULL), QUIPU_OK);
    assert_int_equal(quipu_table_init(&nothing, "m", NULL, 0, NULL), QUIPU_OK);
    check(&table, (quipu_report_options){.format = QUIPU_FORMAT_TEXT},
          "Only\n" RULE1 RULE1 RULE1 RULE1 "\n(no rows)\n");
    check(&table, (quipu_report_options){.format = QUIPU_FORMAT_TEXT, .spanish = true},
          "Only\n" RULE1 RULE1 RULE1 RULE1 "\n(sin filas)\n");
    check(&table, (quipu_report_options){.format = QUIPU_FORMAT_CSV}, "x\n");
    size_t n;
    const quipu_format_info *formats = quipu_formats(&n);
    for (size_t i = 0; i < n; i++) {
        qi_buffer out = {0};
        quipu_report_options options = {.format = formats[i].format};
        if (formats[i].format == QUIPU_FORMAT_PARQUET) /* needs a column */
            continue;
        assert_int_equal(quipu_report_write(&nothing, &options, collect, &out, NULL), QUIPU_OK);
        qi_buffer_free(&out);
    }
    quipu_table_free(&table);
    quipu_table_free(&nothing);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(narrow_text_folds_names),
        cmocka_unit_test(no_line_is_wider_than_asked),
        cmocka_unit_test(colour_only_when_asked),
        cmocka_unit_test(nothing_plays_tricks_on_the_terminal),
        cmocka_unit_test(empty_tables_are_tables),
    };
    return cmocka_run_group_tests_name("report: text layout", tests, NULL, NULL);
}
