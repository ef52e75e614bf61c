/* SPDX-License-Identifier: Apache-2.0 */
/* test_book.c - workbooks: names of sheets, refusals, what is left behind.  What is in the
 * cells is read by another program: tests/readers. */
#include "quipu/bundle.h"
#include "report/test_example.h"
#include "report/xlsx.h"

#include <sys/stat.h>
#include <unistd.h>

static quipu_book *open_book(qi_buffer *out, const quipu_book_properties *properties) {
    quipu_book *book;
    quipu_error err = {0};
    if (quipu_book_open_sink(collect, out, properties, &book, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    return book;
}

static const char *add(quipu_book *book, const quipu_table *table, const char *name) {
    quipu_error err = {0};
    if (quipu_book_add(book, table, name, NULL, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    return book->sheets.items[book->sheets.n - 1].name;
}

static void names_are_what_excel_takes(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = make();
    qi_buffer out = {0};
    quipu_book *book = open_book(&out, NULL);
    assert_string_equal(add(book, &table, "Table 1"), "Table 1");
    assert_string_equal(add(book, &table, "TABLE 1"), "TABLE 1 (2)");
    assert_string_equal(add(book, &table, "Table 1 (2)"), "Table 1 (2) (2)");
    assert_string_equal(add(book, &table, "'[a]:b/c\\d?*'"), "(a)-b-c-d");
    assert_string_equal(add(book, &table, "  '' "), "Sheet");
    assert_string_equal(add(book, &table, ""), "Sheet (2)");
    assert_string_equal(add(book, &table, "history"), "history (2)");
    assert_string_equal(add(book, &table, "a\nb\x01\xFF"), "a b \xEF\xBF\xBD");
    assert_string_equal(add(book, &table, "Exportaciones de América Latina a Asia"),
                        "Exportaciones de América Latina");
    assert_string_equal(add(book, &table, "Exportaciones de América Latina al mundo"),
                        "Exportaciones de América La (2)");
    /* Sixteen pairs of UTF-16 are too many for 31 units. */
    assert_string_equal(add(book, &table, "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀"), "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀");
    for (size_t i = 0; i < 120; i++) /* numbers of three digits */
        add(book, &table, "same");
    assert_string_equal(add(book, &table, "same"), "same (121)");
    assert_int_equal(quipu_book_close(book, NULL), QUIPU_OK);
    assert_memory_equal(out.bytes, "PK\3\4", 4);
    qi_buffer_free(&out);
    quipu_table_free(&table);
}

static qi_buffer make_book(void) {
    quipu_table table = make();
    qi_buffer out = {0};
    const quipu_book_properties properties = {
        .title = "T & <t>", .created = "2013-05-01", .manifest = "abc&def"};
    const quipu_sheet_line lines[] = {{.text = "A & b", .style = QUIPU_LINE_TITLE},
                                      {.text = NULL},
                                      {.text = "one", .sheet = "It's one"},
                                      {.url = "https://example.org/?a=b&c=d"}};
    quipu_book *book = open_book(&out, &properties);
    assert_int_equal(quipu_book_add_text(book, "Cover", lines, QI_COUNT(lines), NULL),
                     QUIPU_OK);
    add(book, &table, "It's one");
    assert_int_equal(quipu_book_close(book, NULL), QUIPU_OK);
    quipu_table_free(&table);
    return out;
}

static void same_book_same_bytes(void **unused) {
    QI_UNUSED(unused);
    qi_buffer a = make_book(), b;
    sleep(2); /* a zip tells times in steps of two seconds */
    b = make_book();
    assert_int_equal(a.length, b.length);
    assert_memory_equal(a.bytes, b.bytes, a.length);
    qi_buffer_free(&a);
    qi_buffer_free(&b);
}

static void a_book_appears_whole_or_not_at_all(void **unused) {
    QI_UNUSED(unused);
    char folder[] = "/tmp/quipu-book-XXXXXX", path[64];
    quipu_table table = make();
    quipu_book *book;
    quipu_error err;
    struct stat info;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.xlsx", folder);
    assert_int_equal(quipu_book_open(path, NULL, &book, &err), QUIPU_OK);
    add(book, &table, "a");
    quipu_book_abandon(book);
    assert_int_not_equal(stat(path, &info), 0);
    assert_int_equal(quipu_book_open(path, NULL, &book, &err), QUIPU_OK);
    add(book, &table, "a");
    assert_int_not_equal(stat(path, &info), 0);
    assert_int_equal(quipu_book_close(book, &err), QUIPU_OK);
    assert_int_equal(stat(path, &info), 0);
    assert_true(info.st_size > 1000);
    unlink(path);
    assert_int_equal(rmdir(folder), 0); /* nothing else was left there */
    assert_int_equal(quipu_book_open(path, NULL, &book, &err), QUIPU_OK);
    add(book, &table, "a");
    assert_int_equal(quipu_book_close(book, &err), QUIPU_E_IO);
    assert_non_null(strstr(err.text, path));
    quipu_table_free(&table);
    quipu_book_abandon(NULL);
}

static bool refuse(void *user, const char *bytes, size_t length) {
    QI_UNUSED(bytes);
    QI_UNUSED(length);
    return (*(int *)user)-- > 0;
}

static void bad_books_are_refused(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = make();
    quipu_error err;
    quipu_book *book;
    qi_buffer out = {0};
    const quipu_book_properties bad_date = {.created = "May 2013"};
    assert_int_equal(quipu_book_open_sink(collect, &out, &bad_date, &book, &err), QUIPU_E_ARG);
    assert_null(book);
    assert_non_null(strstr(err.text, "'May 2013'"));
    book = open_book(&out, NULL);
    assert_int_equal(quipu_book_close(book, &err), QUIPU_E_ARG);
    assert_string_equal(err.text, "a workbook needs a sheet, and none was added");
    const quipu_sheet_line nowhere = {.text = "x", .sheet = "Table 9"};
    book = open_book(&out, NULL);
    assert_int_equal(quipu_book_add_text(book, "c", &nowhere, 1, &err), QUIPU_OK);
    assert_int_equal(quipu_book_close(book, &err), QUIPU_E_ARG);
    assert_non_null(strstr(err.text, "'Table 9'"));
    const quipu_sheet_line script = {.text = "x", .url = "file:///etc/passwd"};
    book = open_book(&out, NULL);
    assert_int_equal(quipu_book_add_text(book, "c", &script, 1, &err), QUIPU_E_ARG);
    quipu_book_abandon(book);
    assert_int_equal(out.length, 0);
    int times = 0;
    assert_int_equal(quipu_book_open_sink(refuse, &times, NULL, &book, &err), QUIPU_OK);
    add(book, &table, "a");
    assert_int_equal(quipu_book_close(book, &err), QUIPU_E_IO);
    quipu_table_free(&table);
}

static void what_does_not_fit_is_said(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = make();
    quipu_error err;
    qi_buffer out = {0};
    char *text = malloc(40001);
    assert_non_null(text);
    memset(text, 'x', 40000);
    text[40000] = '\0';
    assert_int_equal(quipu_table_set_text(&table, 0, 0, text, NULL), QUIPU_OK);
    quipu_book *book = open_book(&out, NULL);
    assert_int_equal(quipu_book_add(book, &table, "a", NULL, &err), QUIPU_E_LIMIT);
    assert_non_null(strstr(err.text, "40000 characters"));
    quipu_book_abandon(book);
    size_t rows = table.n_rows;
    table.n_rows = 1048576;
    book = open_book(&out, NULL);
    assert_int_equal(quipu_book_add(book, &table, "a", NULL, &err), QUIPU_E_LIMIT);
    assert_non_null(strstr(err.text, "1048576 rows"));
    table.n_rows = rows;
    quipu_book_abandon(book);
    /* The same through the format, whose words must be as clear. */
    const quipu_report_options options = {.format = QUIPU_FORMAT_XLSX};
    assert_int_equal(quipu_report_write(&table, &options, collect, &out, &err), QUIPU_E_LIMIT);
    assert_non_null(strstr(err.text, "write csv instead"));
    assert_int_equal(out.length, 0);
    free(text);
    quipu_table_free(&table);
}

static void a_table_of_nothing_is_a_sheet(void **unused) {
    QI_UNUSED(unused);
    quipu_table table;
    qi_buffer out = {0};
    quipu_error err;
    const quipu_report_options options = {.format = QUIPU_FORMAT_XLSX, .manifest = ""};
    for (size_t columns = 0; columns < QI_COUNT(SPECS); columns++) {
        assert_int_equal(quipu_table_init(&table, "", SPECS, columns, NULL), QUIPU_OK);
        assert_int_equal(quipu_report_write(&table, &options, collect, &out, &err), QUIPU_OK);
        assert_memory_equal(out.bytes, "PK\3\4", 4);
        qi_buffer_free(&out);
        quipu_table_free(&table);
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_what_excel_takes),
        cmocka_unit_test(same_book_same_bytes),
        cmocka_unit_test(a_book_appears_whole_or_not_at_all),
        cmocka_unit_test(bad_books_are_refused),
        cmocka_unit_test(what_does_not_fit_is_said),
        cmocka_unit_test(a_table_of_nothing_is_a_sheet),
    };
    return cmocka_run_group_tests_name("report: workbook", tests, NULL, NULL);
}
