/* SPDX-License-Identifier: Apache-2.0 */
/* Tables as panels: numbers, labels, what is missing, what is wrong and where. */
#include "gravity/test_tables.h"

static void numbers_and_labels(void **state) {
    QI_UNUSED(state);
    qi_panel p = read_panel("\xEF\xBB\xBF# a comment\r\n"
                            "who;\"x y\";v\r\n"
                            "PER; 1.5 ;-2e3\r\n"
                            "\r\n"
                            "# another\r\n"
                            "\"A \"\"B\"\"\";NA;.\r\n"
                            "PER;;NaN",
                            "who");
    const qi_panel_column *who = column_named(&p, "who"), *x = column_named(&p, "x y");
    assert_int_equal(p.n, 3);
    assert_int_equal(who->n_labels, 2);
    assert_string_equal(who->labels[0], "PER");
    assert_string_equal(who->labels[1], "A \"B\"");
    assert_int_equal(who->label[0], 0);
    assert_int_equal(who->label[2], 0);
    NEAR(x->number[0], 1.5, 0);
    assert_true(isnan(x->number[1]) && isnan(x->number[2]));
    NEAR(column_named(&p, "v")->number[0], -2000, 0);
    assert_int_equal(qi_panel_line(&p, 0), 3);
    assert_int_equal(qi_panel_line(&p, 1), 6);
    assert_int_equal(qi_panel_line(&p, 2), 7);
    qi_panel_free(&p);
}

static void labels_of_numbers(void **state) {
    QI_UNUSED(state);
    qi_panel p = read_panel("y\n2001\n-3\n\n2001\nNA\n0.5\n-0\n0\n", "");
    QI_UNUSED(state);
    assert_int_equal(qi_panel_labels(&p, 0, NULL), QUIPU_OK);
    const qi_panel_column *y = column_named(&p, "y");
    static const char *const expected[] = {"-3", "0", "0.5", "2001"};
    assert_int_equal(y->n_labels, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(y->labels[i], expected[i]);
    assert_int_equal(y->label[0], 3);
    assert_int_equal(y->label[3], QI_NO_LABEL);
    assert_int_equal(y->label[5], y->label[6]);
    qi_panel_free(&p);
}

static void what_is_wrong(void **state) {
    QI_UNUSED(state);
    static const struct {
        const char *text;
        uint64_t line;
        uint32_t column;
        const char *says;
    } cases[] = {
        {"", 1, 1, "the table is empty"},
        {"# nothing\n", 1, 1, "the table is empty"},
        {"a,a\n1,2\n", 1, 3, "two columns are called \"a\""},
        {"a,,b\n", 1, 3, "column 2 has no name"},
        {"a,b\n1,2\n\n1,2,3\n", 4, 1, "3 fields where the header has 2"},
        {"a,b\n1,2\n1,two\n", 3, 3, "\"two\" is no number"},
        {"a,b\n1,-Inf\n", 2, 3, "\"-Inf\" is infinite"},
        {"a,b\n1,1e999\n", 2, 3, "\"1e999\" is no number"},
        {"a,b\n1,\"2\n", 2, 3, "the quote that opens here is not closed"},
        {"a,b\n\"1\" ,2\n", 2, 4, "text after a closing quote"},
        {"a,who\n1,\xFF\n", 2, 3, "bytes that are not UTF-8"},
    };
    for (size_t i = 0; i < QI_COUNT(cases); i++) {
        qi_panel p;
        quipu_error err = {0};
        quipu_status status =
            try_panel(cases[i].text, strlen(cases[i].text), "who", 1, &p, &err);
        if (status == QUIPU_OK || err.line != cases[i].line || err.column != cases[i].column ||
            strstr(err.text, cases[i].says) == NULL)
            fail_msg("case %zu: status %d, %llu:%u: %s", i, (int)status,
                     (unsigned long long)err.line, err.column, err.text);
    }
}

/* Of many blocks, with labels that appear late and lines that are skipped. */
static void blocks_joined(void **state) {
    QI_UNUSED(state);
    enum { ROWS = 200000 };
    qi_buffer text = {0};
    qi_panel one, four;
    assert_true(qi_buffer_text(&text, "who,x\n"));
    for (int i = 0; i < ROWS; i++)
        assert_true(qi_buffer_printf(&text, "%sa country of a long name %d,%d.25\n",
                                     i % 1000 == 7 ? "# skipped\n" : "", i / 50 % 977, i));
    assert_true(text.length > 4u << 20);
    assert_int_equal(try_panel(text.bytes, text.length, "who", 1, &one, NULL), QUIPU_OK);
    assert_int_equal(try_panel(text.bytes, text.length, "who", 4, &four, NULL), QUIPU_OK);
    assert_int_equal(one.n, ROWS);
    const qi_panel_column *a = column_named(&one, "who"), *b = column_named(&four, "who");
    assert_int_equal(a->n_labels, 977);
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(a->label[i], i / 50 % 977);
        assert_int_equal(b->label[i], a->label[i]);
        NEAR(column_named(&four, "x")->number[i], (double)i + 0.25, 0);
        assert_int_equal(qi_panel_line(&one, i), i + 2 + (i + 993) / 1000);
        assert_int_equal(qi_panel_line(&four, i), qi_panel_line(&one, i));
    }
    qi_panel_free(&one);
    qi_panel_free(&four);
    /* A fault in a late block has its line in the file. */
    quipu_error err = {0};
    assert_true(qi_buffer_text(&text, "last,nothing\n"));
    assert_int_not_equal(try_panel(text.bytes, text.length, "who", 4, &one, &err), QUIPU_OK);
    assert_int_equal(err.line, ROWS + 2 + ROWS / 1000);
    assert_int_equal(err.column, 6);
    qi_buffer_free(&text);
}

static void a_line_too_long(void **state) {
    QI_UNUSED(state);
    qi_buffer text = {0};
    qi_panel p;
    quipu_error err = {0};
    assert_true(qi_buffer_text(&text, "who,x\na,1\n"));
    for (int i = 0; i < 3 << 17; i++)
        assert_true(qi_buffer_text(&text, "more and more"));
    assert_true(qi_buffer_text(&text, ",1\n"));
    assert_int_not_equal(try_panel(text.bytes, text.length, "who", 1, &p, &err), QUIPU_OK);
    assert_int_equal(err.line, 3);
    assert_non_null(strstr(err.text, "a line of more than"));
    qi_buffer_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_labels), cmocka_unit_test(labels_of_numbers),
        cmocka_unit_test(what_is_wrong),      cmocka_unit_test(blocks_joined),
        cmocka_unit_test(a_line_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
