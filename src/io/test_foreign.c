/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of Stata, SPSS and Excel: what the readers make of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants these first */
#include <cmocka.h>

#include "io/grid.h"
#include "io/io.h"
#include "io/workbook.h"
#include "quipu/report.h"

#include <math.h>
#include <unistd.h>

/* ---- small parts ---- */

static void dates_are_those_of_the_calendar(void **unused) {
    QI_UNUSED(unused);
    char text[16];
    assert_int_equal(qi_days_text(0, text), 10);
    assert_string_equal(text, "1970-01-01");
    qi_days_text(11016, text);
    assert_string_equal(text, "2000-02-29");
    qi_days_text(11017, text);
    assert_string_equal(text, "2000-03-01");
    qi_days_text(-1, text);
    assert_string_equal(text, "1969-12-31");
    assert_int_equal(qi_days_month(13634, text), 6);
    assert_string_equal(text, "200705");
    assert_int_equal(qi_days_text(INT64_MAX, text), 0);
    assert_int_equal(qi_days_text(INT64_MIN, text), 0);
}

static void ranges_have_two_corners(void **unused) {
    QI_UNUSED(unused);
    qi_range r;
    char name[16];
    assert_true(qi_range_read("A5:F300", &r));
    assert_true(r.top == 5 && r.left == 1 && r.bottom == 300 && r.right == 6);
    assert_true(qi_range_read("b2", &r));
    assert_true(r.top == 2 && r.left == 2 && r.bottom == QI_SHEET_ROWS &&
                r.right == QI_SHEET_COLUMNS);
    assert_true(qi_range_read("A5:XFD", &r));
    assert_int_equal(r.right, QI_SHEET_COLUMNS);
    static const char *const BAD[] = {"",         "5",     "A",       "A0",
                                      "F1:A9",    "A9:F1", "A1:XFE9", "A1:B2:C3",
                                      "A1048577", "A1:",   "A1:5",    "$A$1"};
    for (size_t i = 0; i < QI_COUNT(BAD); i++)
        assert_false(qi_range_read(BAD[i], &r));
    qi_cell_name(12, 16384, name);
    assert_string_equal(name, "XFD12");
    qi_cell_name(1, 27, name);
    assert_string_equal(name, "AA1");
}

static void number_formats_tell_dates_and_codes(void **unused) {
    QI_UNUSED(unused);
    static const struct {
        const char *code;
        qi_cell_format kind;
    } CASES[] = {{"General", QI_CELL_PLAIN},      {"0", QI_CELL_PLAIN},
                 {"#,##0.00", QI_CELL_PLAIN},     {"0000", QI_CELL_ZEROS},
                 {"yyyy\\-mm\\-dd", QI_CELL_DAY}, {"mmm\\-yy", QI_CELL_MONTH},
                 {"yyyy", QI_CELL_YEAR},          {"h:mm:ss", QI_CELL_PLAIN},
                 {"[Red]0.0", QI_CELL_PLAIN},     {"0.0\" days\"", QI_CELL_PLAIN},
                 {"\"", QI_CELL_PLAIN},           {"\\", QI_CELL_PLAIN}};
    for (size_t i = 0; i < QI_COUNT(CASES); i++)
        assert_int_equal(qi_format_read(CASES[i].code).kind, CASES[i].kind);
    assert_int_equal(qi_format_read("000000").zeros, 6);
    assert_int_equal(qi_format_builtin(14).kind, QI_CELL_DAY);
    assert_int_equal(qi_format_builtin(2).kind, QI_CELL_PLAIN);
}

static void places_name_sheet_and_range(void **unused) {
    QI_UNUSED(unused);
    qi_place p;
    assert_int_equal(qi_place_split("no/book.xlsx#My sheet!A5:F", &p, NULL), QUIPU_OK);
    assert_string_equal(p.path, "no/book.xlsx");
    assert_string_equal(p.sheet, "My sheet");
    assert_string_equal(p.range, "A5:F");
    qi_place_free(&p);
    assert_int_equal(qi_place_split("no/book.XLSX#Wow!", &p, NULL), QUIPU_OK);
    assert_string_equal(p.sheet, "Wow!");
    assert_null(p.range);
    qi_place_free(&p);
    assert_int_equal(qi_place_split("no/book.xlsx#!B2", &p, NULL), QUIPU_OK);
    assert_null(p.sheet);
    assert_string_equal(p.range, "B2");
    qi_place_free(&p);
    assert_int_equal(qi_place_split("no/a#b.csv", &p, NULL), QUIPU_OK);
    assert_string_equal(p.path, "no/a#b.csv");
    qi_place_free(&p);
}

/* ---- workbooks out of pieces of text ---- */

typedef struct pieces {
    const char *sheets, *relations, *strings, *styles, *sheet;
} pieces;

static quipu_status give(const qi_package *package, const char *member, qi_bytes take,
                         void *user, bool *found, quipu_error *err) {
    const pieces *p = package->inside;
    const char *text = strcmp(member, "xl/workbook.xml") == 0              ? p->sheets
                       : strcmp(member, "xl/_rels/workbook.xml.rels") == 0 ? p->relations
                       : strcmp(member, "xl/strings.xml") == 0             ? p->strings
                       : strcmp(member, "xl/styles.xml") == 0              ? p->styles
                       : strcmp(member, "xl/sheet.xml") == 0               ? p->sheet
                                                                           : NULL;
    *found = text != NULL;
    return text != NULL ? take(user, text, strlen(text), err) : QUIPU_OK;
}

static const pieces USUAL = {
    .sheets = "<workbook xmlns:r='r'><sheets><sheet name='One' sheetId='1' r:id='a'/></sheets>"
              "</workbook>",
    .relations = "<Relationships><Relationship Id='a' Type='x/worksheet' Target='sheet.xml'/>"
                 "<Relationship Id='b' Type='x/sharedStrings' Target='/xl/strings.xml'/>"
                 "<Relationship Id='c' Type='x/styles' Target='styles.xml'/></Relationships>",
    .strings = "<sst><si><t>year</t></si><si><r><t>va</t></r><r><t>lue</t></r>"
               "<rPh><t>no</t></rPh></si></sst>",
    .styles = "<styleSheet><numFmts><numFmt numFmtId='170' formatCode='0000'/>"
              "<numFmt numFmtId='171' formatCode='yyyy'/></numFmts><cellStyleXfs><xf "
              "numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/>"
              "<xf numFmtId='170'/><xf numFmtId='171'/></cellXfs></styleSheet>",
};

/* The text of a sheet, or what is said of it. */
static void sheet_is(const char *sheet, const char *range, const char *wanted) {
    pieces p = USUAL;
    char got[2000] = "";
    qi_workbook book = {.package = {.path = "b.xlsx", .read = give, .inside = &p}};
    qi_text_rows rows = {.file = tmpfile(), .path = "b.xlsx#One"};
    qi_range r;
    const qi_book_sheet *found;
    quipu_error err = {0};
    char whole[2000];
    snprintf(whole, sizeof whole, "<worksheet><sheetData>%s</worksheet>", sheet);
    p.sheet = whole;
    assert_non_null(rows.file);
    quipu_status status = qi_workbook_open(&book, &err);
    if (status == QUIPU_OK)
        status = qi_workbook_find(&book, NULL, &found, &err);
    if (status == QUIPU_OK)
        status = qi_sheet_text(
            &book, found, range != NULL && qi_range_read(range, &r) ? &r : NULL, &rows, &err);
    if (status == QUIPU_OK) {
        rewind(rows.file);
        got[fread(got, 1, sizeof got - 1, rows.file)] = '\0';
        assert_string_equal(got, wanted);
    } else {
        assert_int_equal(err.status, status);
        if (strstr(err.text, wanted) == NULL)
            assert_string_equal(err.text, wanted);
    }
    qi_buffer_free(&rows.line);
    fclose(rows.file);
    qi_workbook_close(&book);
}

#define HEAD2 "<row r='2'><c r='B2' t='s'><v>0</v></c><c r='C2' t='s'><v>1</v></c></row>"

static void cells_become_fields(void **unused) {
    QI_UNUSED(unused);
    sheet_is(
        HEAD2
        "<row r='4'><c r='B4'><v>2011</v></c><c r='C4'><v>0.30000000000000004</v></c></row>"
        "<row r='5'><c r='C5' t='inlineStr'><is><t> a, \"b\"\n</t></is></c></row></sheetData>",
        NULL, "\n,year,value\n\n,2011,0.30000000000000004\n,,\"a, \"\"b\"\"\"\n");
    sheet_is(HEAD2
             "<row r='4'><c r='B4'><v>2011</v></c><c r='C4'><v>1</v></c></row></sheetData>",
             "B2:B9", "\nyear\n\n2011\n");
    /* prefixes, no names of cells, formulas with and without a figure, styles */
    sheet_is("<x:row><x:c t='str'><x:f>A</x:f><x:v>k</x:v></x:c><x:c><x:v>1</x:v></x:c></x:row>"
             "<row><c s='2'><v>101</v></c><c s='1'><v>39203</v></c><c s='3'><v>39203</v></c>"
             "<c t='e'><v>#N/A</v></c></row></sheetData>",
             NULL, "k,1\n0101,2007-05-01,2007,\"#N/A\"\n");
    sheet_is("<row r='1'><c r='A1'><f>1+1</f></c></row></sheetData>", NULL,
             "cell A1 holds a formula that was never calculated");
    sheet_is(
        "<row r='1'><c r='A1' t='inlineStr'><is><t>#quipu output 1</t></is></c></row>" HEAD2
        "</sheetData>",
        NULL, "#quipu output 1\n,year,value\n");
    sheet_is("</sheetData>", NULL, "the sheet is empty");
}

static void merged_cells_are_reported(void **unused) {
    QI_UNUSED(unused);
    static const char BODY[] = HEAD2 "<row r='3'><c r='B3'><v>1</v></c></row></sheetData>"
                                     "<mergeCells><mergeCell ref='%s'/></mergeCells>";
    char text[1000];
    snprintf(text, sizeof text, BODY, "B2:C2");
    sheet_is(text, NULL, "the cells B2:C2 are merged in what would be the header");
    snprintf(text, sizeof text, BODY, "B2:B3");
    sheet_is(text, NULL, "the cells B2:B3 are merged in what would be the header");
    snprintf(text, sizeof text, BODY, "C3:C9");
    sheet_is(text, NULL, "the cells C3:C9 in the table are merged");
    snprintf(text, sizeof text, BODY, "B20:C21");
    sheet_is(text, NULL, "\n,year,value\n,1,\n");
    snprintf(text, sizeof text, BODY, "B1:E1");
    sheet_is(text, NULL, "\n,year,value\n,1,\n");
}

static void damaged_sheets_are_refused(void **unused) {
    QI_UNUSED(unused);
    sheet_is("<row r='1'><c r='A1' t='s'><v>9</v></c></row></sheetData>", NULL,
             "points to a text the workbook does not have");
    sheet_is("<row r='1'><c r='A2'><v>9</v></c></row></sheetData>", NULL, "damaged");
    sheet_is("<row r='3'/><row r='2'/></sheetData>", NULL, "damaged");
    sheet_is("<row r='2000000'/></sheetData>", NULL, "damaged");
    sheet_is("<row r='1'><c r='B1'/><c r='A1'/></row></sheetData>", NULL, "damaged");
    sheet_is("<row r='1'><c r='ZZZ1'><v>1</v></c></row></sheetData>", NULL, "damaged");
    sheet_is("<row r='1'><c r='XFD1'><v>1</v></c></row></sheetData>", NULL, "512th column");
    sheet_is("<row r='1'>", NULL, "is damaged at line 1: mismatched tag");
}

static void foreign_documents_are_refused(void **unused) {
    QI_UNUSED(unused);
    pieces p = USUAL;
    quipu_error err = {0};
    const qi_book_sheet *found;
    p.sheets = "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><workbook>&a;</workbook>";
    qi_workbook book = {.package = {.path = "b.xlsx", .read = give, .inside = &p}};
    assert_int_equal(qi_workbook_open(&book, &err), QUIPU_E_FORMAT);
    assert_non_null(strstr(err.text, "document type"));
    qi_workbook_close(&book);
    p.sheets = NULL;
    book = (qi_workbook){.package = book.package};
    err = (quipu_error){0};
    assert_int_equal(qi_workbook_open(&book, &err), QUIPU_E_FORMAT);
    assert_string_equal(
        err.text, "not an Excel workbook, or a damaged one: it has no xl/workbook.xml inside");
    qi_workbook_close(&book);
    p.sheets = "<workbook xmlns:r='r'><sheets><sheet name='One' r:id='a'/><sheet name='Two' "
               "r:id='z'/><sheet name='Old' state='veryHidden' r:id='a'/></sheets></workbook>";
    book = (qi_workbook){.package = book.package};
    err = (quipu_error){0};
    assert_int_equal(qi_workbook_open(&book, &err), QUIPU_OK);
    assert_int_equal(qi_workbook_find(&book, NULL, &found, &err), QUIPU_E_ARG);
    assert_non_null(strstr(err.text, "\"One\", \"Two\", \"Old\" (hidden)"));
    err = (quipu_error){0};
    assert_int_equal(qi_workbook_find(&book, "Two", &found, &err), QUIPU_E_FORMAT);
    assert_int_equal(qi_workbook_find(&book, "Old", &found, &err), QUIPU_OK);
    qi_workbook_close(&book);
}

/* ---- what we write, read again ---- */

static bool collect(void *user, const char *bytes, size_t length) {
    return qi_buffer_add(user, bytes, length);
}

static quipu_table make_table(void) {
    static const quipu_column_spec SPECS[] = {
        {"partner", "Partner", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"2007", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "year", 0},
        {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 1},
        {"share", "Share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
        {"long", "Remark", QUIPU_TEXT, QUIPU_FIGURE, "", 0}};
    quipu_table t;
    size_t row;
    char *text = malloc(3001);
    assert_non_null(text);
    memset(text, 'x', 3000);
    text[3000] = '\0';
    assert_int_equal(quipu_table_init(&t, "m", SPECS, QI_COUNT(SPECS), NULL), QUIPU_OK);
    assert_int_equal(quipu_table_add_rows(&t, 3, &row, NULL), QUIPU_OK);
    assert_int_equal(quipu_table_set_text(&t, 0, 0, "C\xC3\xB4te, \"d\"", NULL), QUIPU_OK);
    assert_int_equal(quipu_table_set_text(&t, 0, 2, "PER", NULL), QUIPU_OK);
    assert_int_equal(quipu_table_set_text(&t, 4, 1, text, NULL), QUIPU_OK);
    free(text);
    quipu_table_set_integer(&t, 1, 0, 2007);
    quipu_table_set_integer(&t, 1, 2, 3000000000);
    quipu_table_set_integer(&t, 2, 0, 4905003);
    quipu_table_set_integer(&t, 2, 1, 0);
    quipu_table_set_real(&t, 3, 0, 0.1 + 0.2);
    assert_int_equal(quipu_table_set_title(&t, NULL, "Exports"), QUIPU_OK);
    return t;
}

static void write_as(const quipu_table *table, quipu_format format, const char *path,
                     qi_buffer *bytes) {
    quipu_error err = {0};
    const quipu_report_options options = {.format = format, .created = "2013-05-01"};
    *bytes = (qi_buffer){0};
    if (quipu_report_write(table, &options, collect, bytes, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes->bytes, 1, bytes->length, file), bytes->length);
    fclose(file);
}

static void datasets_come_back(void **unused) {
    QI_UNUSED(unused);
    const quipu_format formats[] = {QUIPU_FORMAT_DTA, QUIPU_FORMAT_SAV};
    quipu_table table = make_table();
    for (size_t i = 0; i < QI_COUNT(formats); i++) {
        char path[64];
        qi_buffer bytes;
        qi_arena arena = {0};
        qi_grid grid;
        quipu_error err = {0};
        snprintf(path, sizeof path, "/tmp/quipu-test-foreign-%ld", (long)getpid());
        write_as(&table, formats[i], path, &bytes);
        if (qi_grid_read(path, 1 << 20, &arena, &grid, &err) != QUIPU_OK)
            fail_msg("%s", err.text);
        assert_int_equal(grid.n_rows, 3);
        assert_int_equal(grid.n_columns, 5);
        assert_string_equal(grid.header[1], "v2007");
        assert_string_equal(grid.header[4], "long_1");
        assert_string_equal(qi_grid_text(&grid, 0, 0), "C\xC3\xB4te, \"d\"");
        assert_string_equal(qi_grid_text(&grid, 1, 0), "");
        assert_string_equal(qi_grid_text(&grid, 0, 1), "2007");
        assert_string_equal(qi_grid_text(&grid, 1, 1), "");
        assert_string_equal(qi_grid_text(&grid, 2, 1), "3000000000");
        assert_string_equal(qi_grid_text(&grid, 0, 2), "4905.003");
        assert_string_equal(qi_grid_text(&grid, 1, 2), "0");
        assert_string_equal(qi_grid_text(&grid, 2, 2), "");
        assert_string_equal(qi_grid_text(&grid, 0, 3), "0.30000000000000004");
        assert_int_equal(strlen(qi_grid_text(&grid, 1, 4)), 3000);
        assert_int_equal(grid.line[2], 4);
        assert_int_equal(grid.place[2 * 5 + 3], 4);
        qi_arena_free(&arena);
        unlink(path);
        qi_buffer_free(&bytes);
    }
    quipu_table_free(&table);
}

/* Wherever a file is cut, it is refused: never fewer rows without a word. */
static void cut_files_are_refused(void **unused) {
    QI_UNUSED(unused);
    const quipu_format formats[] = {QUIPU_FORMAT_DTA, QUIPU_FORMAT_SAV, QUIPU_FORMAT_XLSX};
    quipu_table table = make_table();
    char path[64];
    snprintf(path, sizeof path, "/tmp/quipu-test-foreign-%ld", (long)getpid());
    for (size_t i = 0; i < QI_COUNT(formats); i++) {
        qi_buffer bytes;
        write_as(&table, formats[i], path, &bytes);
        size_t step = bytes.length / 120 + 1;
        for (size_t length = bytes.length - 1; length > step + 64; length -= step) {
            quipu_error err = {0};
            qi_buffer text;
            assert_int_equal(truncate(path, (off_t)length), 0);
            quipu_status status = qi_whole_table(path, 1 << 20, &text, NULL, &err);
            if (status != QUIPU_E_FORMAT)
                fail_msg("%s cut at %zu of %zu: status %d, %s", i == 0 ? "dta" : "sav", length,
                         bytes.length, (int)status, err.text);
        }
        qi_buffer_free(&bytes);
    }
    unlink(path);
    quipu_table_free(&table);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_those_of_the_calendar),
        cmocka_unit_test(ranges_have_two_corners),
        cmocka_unit_test(number_formats_tell_dates_and_codes),
        cmocka_unit_test(places_name_sheet_and_range),
        cmocka_unit_test(cells_become_fields),
        cmocka_unit_test(merged_cells_are_reported),
        cmocka_unit_test(damaged_sheets_are_refused),
        cmocka_unit_test(foreign_documents_are_refused),
        cmocka_unit_test(datasets_come_back),
        cmocka_unit_test(cut_files_are_refused),
    };
    return cmocka_run_group_tests_name("io: Stata, SPSS and Excel", tests, NULL, NULL);
}
