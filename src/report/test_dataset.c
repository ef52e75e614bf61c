/* SPDX-License-Identifier: Apache-2.0 */
/* test_dataset.c - names, labels and remarks of Stata and SPSS files, and the bytes that hold the
 * date.  That the figures come back is tested where they are read: src/io/test_foreign.c. */
#include "report/dataset.h"
#include "report/test_example.h"

static void names_are_legal_and_unique(void **unused) {
    QI_UNUSED(unused);
    static const quipu_column_spec COLUMNS[] = {
        {"value", "A", QUIPU_REAL, QUIPU_FIGURE, "", 0},
        {"VALUE", "B", QUIPU_REAL, QUIPU_FIGURE, "", 0},
        {"2011", "C", QUIPU_REAL, QUIPU_FIGURE, "", 0},
        {"in", "D", QUIPU_REAL, QUIPU_FIGURE, "", 0},
        {"str8", "E", QUIPU_REAL, QUIPU_FIGURE, "", 0},
        {"a column of more than thirty-two letters: one", "F", QUIPU_REAL, QUIPU_FIGURE, "", 0},
        {"a column of more than thirty-two letters: two", "G", QUIPU_REAL, QUIPU_FIGURE, "", 0},
        {"\xC3\xB1"
         "and\xC3\xBA",
         "H", QUIPU_REAL, QUIPU_FIGURE, "", 0},
        {"_", "I", QUIPU_REAL, QUIPU_FIGURE, "", 0},
        {"str12345678901234567890123456789012", "J", QUIPU_REAL, QUIPU_FIGURE, "", 0}};
    static const char *const WANTED[] = {"value",
                                         "VALUE_2",
                                         "v2011",
                                         "in_1",
                                         "str8_1",
                                         "a_column_of_more_than_thirty_two",
                                         "a_column_of_more_than_thirty_t_2",
                                         "v_and",
                                         "v",
                                         "str123456789012345678901234567_1"};
    quipu_table table;
    qi_variable_name names[QI_COUNT(COLUMNS)];
    assert_int_equal(quipu_table_init(&table, "m", COLUMNS, QI_COUNT(COLUMNS), NULL), QUIPU_OK);
    qi_variable_names(&table, names);
    for (size_t i = 0; i < QI_COUNT(COLUMNS); i++)
        assert_string_equal(names[i], WANTED[i]);
    quipu_table_free(&table);
}

static void labels_say_the_unit(void **unused) {
    QI_UNUSED(unused);
    qi_buffer out = {0};
    const quipu_column_spec value = {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 1};
    const quipu_column_spec said = {"v", "Value, US$", QUIPU_MONEY, QUIPU_FIGURE, "US$", 1};
    const quipu_column_spec bare = {"n", NULL, QUIPU_INTEGER, QUIPU_FIGURE, "", 0};
    assert_true(qi_variable_label(&value, 80, 250, &out));
    assert_string_equal(out.bytes, "Value (US$)");
    assert_true(qi_variable_label(&said, 80, 250, &out));
    assert_string_equal(out.bytes, "Value, US$");
    assert_true(qi_variable_label(&bare, 80, 250, &out));
    assert_string_equal(out.bytes, "n");
    assert_true(qi_cut_text("\xC3\xB1\xC3\xB1\xC3\xB1", 2, 100, &out));
    assert_string_equal(out.bytes, "\xC3\xB1\xC3\xB1");
    assert_true(qi_cut_text("\xC3\xB1\xC3\xB1\xC3\xB1", 9, 5, &out));
    assert_string_equal(out.bytes, "\xC3\xB1\xC3\xB1");
    assert_true(qi_cut_text("a\xFF", 9, 9, &out));
    assert_string_equal(out.bytes, "a\xEF\xBF\xBD");
    qi_buffer_free(&out);
}

/* The note about figures is right: a double gives them back up to the limit, and not always
 * above it. */
static void doubles_hold_thousandths_up_to_the_limit(void **unused) {
    QI_UNUSED(unused);
    const int64_t limit = INT64_C(1000) << 43;
    int64_t figure = 0, again;
    char text[QI_NUMBER_TEXT];
    double rounding;
    quipu_column column = {.spec = {"v", "V", QUIPU_MONEY, QUIPU_FIGURE, "US$", 1},
                           .data.integer = &figure};
    uint64_t seed = 1;
    for (int i = 0; i < 100000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        figure = (int64_t)((seed >> 1) % (uint64_t)limit);
        double stored = (double)figure / 1000.0;
        assert_true(qi_exact_as_double(&column, 0));
        size_t length = qi_format_double(text, stored);
        assert_int_equal(qi_parse_scaled(text, length, 3, false, &again, &rounding),
                         QI_NUMBER_OK);
        assert_true(again == figure);
    }
    figure = limit;
    assert_true(qi_exact_as_double(&column, 0));
    figure = limit + 1;
    assert_false(qi_exact_as_double(&column, 0));
    double lost = (double)(limit * 4 + 1) / 1000.0;
    assert_true(lost == (double)(limit * 4) / 1000.0);
}

static bool has(const qi_buffer *bytes, const char *text) {
    size_t n = strlen(text);
    for (size_t i = 0; i + n <= bytes->length; i++)
        if (memcmp(bytes->bytes + i, text, n) == 0)
            return true;
    return false;
}

static void files_say_what_readers_must_know(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = make();
    for (int i = 0; i < 2; i++) {
        quipu_report_options options = {.format = i == 0 ? QUIPU_FORMAT_DTA : QUIPU_FORMAT_SAV,
                                        .created = "2013-05-01T12:30:00Z",
                                        .manifest = "0123abcd"};
        qi_buffer out = write_table(&table, options);
        assert_true(has(&out, i == 0 ? "01 May 2013 12:30" : "01 May 1312:30:00"));
        assert_true(has(&out, "Exports of Peru"));
        assert_true(has(&out, "One reporter < 2."));
        assert_true(has(&out, "release: 202401"));
        assert_true(has(&out, "quipu manifest: 0123abcd"));
        qi_buffer_free(&out);
        options.plain = true;
        out = write_table(&table, options);
        assert_false(has(&out, "One reporter < 2."));
        assert_false(has(&out, "0123abcd"));
        qi_buffer_free(&out);
    }
    quipu_table_free(&table);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_legal_and_unique),
        cmocka_unit_test(labels_say_the_unit),
        cmocka_unit_test(doubles_hold_thousandths_up_to_the_limit),
        cmocka_unit_test(files_say_what_readers_must_know),
    };
    return cmocka_run_group_tests_name("report: Stata and SPSS", tests, NULL, NULL);
}
