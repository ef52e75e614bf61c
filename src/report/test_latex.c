/* SPDX-License-Identifier: Apache-2.0 */
/* test_latex.c - what is done about wide tables, step by step.  That it compiles, and fits, is
 * seen by pdflatex: tests/readers. */
#include "quipu/bundle.h"
#include "report/latex.h"
#include "report/test_example.h"

/* A text column of `letters` letters in words of eight, and `n` columns of shares. */
static quipu_table make_wide(size_t letters, size_t n, size_t rows) {
    static const quipu_column_spec NAME = {"name", "Name", QUIPU_TEXT, QUIPU_DIMENSION, "", 0};
    static const quipu_column_spec SHARE = {
        "share", "Share of the exports", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1};
    quipu_column_spec specs[64];
    char names[64][8];
    quipu_table table;
    char *text = malloc(letters + 1);
    size_t row;
    assert_non_null(text);
    specs[0] = NAME;
    for (size_t i = 1; i <= n; i++) {
        specs[i] = SHARE;
        snprintf(names[i], sizeof names[i], "s%02zu", i);
        specs[i].name = names[i];
    }
    for (size_t i = 0; i < letters; i++)
        text[i] = i % 9 == 8 ? ' ' : 'n';
    text[letters] = '\0';
    assert_int_equal(quipu_table_init(&table, "m", specs, n + 1, NULL), QUIPU_OK);
    assert_int_equal(quipu_table_add_rows(&table, rows, &row, NULL), QUIPU_OK);
    for (row = 0; row < rows; row++) {
        assert_int_equal(quipu_table_set_text(&table, 0, row, text, NULL), QUIPU_OK);
        for (size_t i = 1; i <= n; i++)
            quipu_table_set_real(&table, i, row, 0.1234);
    }
    free(text);
    return table;
}

static qi_latex_plan plan_of(const quipu_table *table, bool plain, qi_latex_column *first) {
    const quipu_report_options options = {.format = QUIPU_FORMAT_LATEX, .plain = plain};
    qi_latex_plan plan;
    qi_writer *w;
    assert_int_equal(qi_writer_new(table, &options, collect, NULL, &w, NULL), QUIPU_OK);
    assert_true(qi_latex_plan_make(w, &plan));
    *first = plan.columns[0];
    free(plan.columns);
    plan.columns = NULL;
    free(w);
    return plan;
}

static void steps_are_taken_in_order(void **unused) {
    QI_UNUSED(unused);
    static const struct {
        size_t letters, n;
        const char *size;
        int gap;
        bool broken, wraps, landscape;
    } CASES[] = {{10, 1, "", 6, false, false, false},       /* as it is */
                 {10, 4, "", 6, true, false, false},        /* headers broken */
                 {200, 3, "", 6, true, true, false},        /* the name too */
                 {200, 8, "\\small", 6, true, true, true}}; /* the page on its side */
    for (size_t i = 0; i < QI_COUNT(CASES); i++) {
        quipu_table table = make_wide(CASES[i].letters, CASES[i].n, 2);
        qi_latex_column name;
        qi_latex_plan plan = plan_of(&table, false, &name);
        assert_string_equal(plan.size, CASES[i].size);
        assert_int_equal(plan.gap, CASES[i].gap);
        assert_int_equal(plan.head_room < 100, CASES[i].broken);
        assert_int_equal(name.wraps, CASES[i].wraps);
        assert_int_equal(plan.landscape, CASES[i].landscape);
        quipu_table_free(&table);
    }
}

/* More columns never make letters larger, nor turn a page back. */
static void wider_is_never_larger(void **unused) {
    QI_UNUSED(unused);
    static const char *const SIZES[] = {"", "\\small", "\\footnotesize", "\\scriptsize"};
    size_t before = 0;
    bool sideways = false;
    for (size_t n = 1; n < 60; n++) {
        quipu_table table = make_wide(30, n, 1);
        qi_latex_column name;
        qi_latex_plan plan = plan_of(&table, false, &name);
        size_t size = 0;
        while (strcmp(SIZES[size], plan.size) != 0)
            size++;
        if (plan.landscape && !sideways)
            before = 0; /* a new page, a new start */
        assert_true(size >= before);
        assert_true(plan.landscape || !sideways);
        before = size;
        sideways = plan.landscape;
        quipu_table_free(&table);
    }
    assert_true(sideways);
}

static void paragraphs_count_as_lines(void **unused) {
    QI_UNUSED(unused);
    qi_latex_column name;
    quipu_table table = make_wide(10, 1, 30);
    assert_int_equal(plan_of(&table, false, &name).lines, 30);
    quipu_table_free(&table);
    table = make_wide(200, 3, 30);
    size_t lines = plan_of(&table, false, &name).lines;
    assert_true(lines >= 8 * 30 && lines <= 20 * 30);
    qi_buffer out = write_table(&table, (quipu_report_options){.format = QUIPU_FORMAT_LATEX});
    assert_non_null(strstr(out.bytes, "\\begin{longtable}")); /* 30 rows are more than a page */
    qi_buffer_free(&out);
    quipu_table_free(&table);
}

static void a_bare_table_stays_as_wide_as_it_comes(void **unused) {
    QI_UNUSED(unused);
    qi_latex_column name;
    quipu_table table = make_wide(200, 30, 1);
    qi_latex_plan plan = plan_of(&table, true, &name);
    assert_false(plan.landscape || name.wraps);
    quipu_table_free(&table);
}

static void what_can_be_is_a_table(void **unused) {
    QI_UNUSED(unused);
    qi_latex_column name;
    quipu_table table;
    assert_int_equal(quipu_table_init(&table, "m", SPECS, 0, NULL), QUIPU_OK);
    qi_latex_plan plan = plan_of(&table, false, &name);
    assert_int_equal(plan.lines, 0);
    qi_buffer out = write_table(&table, (quipu_report_options){.format = QUIPU_FORMAT_LATEX});
    qi_buffer_free(&out);
    quipu_table_free(&table);
    table = make_wide(2000, 0, 1); /* one column, wider than any page */
    plan = plan_of(&table, false, &name);
    assert_true(name.wraps);
    quipu_table_free(&table);
}

static void digits_are_half_an_em(void **unused) {
    QI_UNUSED(unused);
    assert_true(qi_latex_width("2011") == 2.0);
    assert_true(qi_latex_width("") == 0.0);
    assert_true(qi_latex_width("日本") == 2.0);
    assert_true(qi_latex_width("Mm") > qi_latex_width("Il"));
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_taken_in_order),
        cmocka_unit_test(wider_is_never_larger),
        cmocka_unit_test(paragraphs_count_as_lines),
        cmocka_unit_test(a_bare_table_stays_as_wide_as_it_comes),
        cmocka_unit_test(what_can_be_is_a_table),
        cmocka_unit_test(digits_are_half_an_em),
    };
    return cmocka_run_group_tests_name("report: LaTeX", tests, NULL, NULL);
}
