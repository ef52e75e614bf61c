/* SPDX-License-Identifier: Apache-2.0 */
/* test_report.c - one small table in every format; figures as people and programs see them. */
#include "report/test_example.h"

#include <math.h>

static void check_example(quipu_report_options options, const char *wanted) {
    quipu_table table = make();
    check(&table, options, wanted);
    quipu_table_free(&table);
}

/* ---- each format ---- */

static void writes_text(void **unused) {
    QI_UNUSED(unused);
    check_example((quipu_report_options){.format = QUIPU_FORMAT_TEXT},
                  "Exports of Peru\n"
                  "\n"
                  "                                Value     Share of\n"
                  "Partner           Year  (million US$)  exports (%)\n" RULE10 RULE10 RULE10
                      RULE10 RULE10 "\n"
                  "Côte d'Ivoire     2011        6,967.0         15.3\n"
                  "日本              2011           -2.2         33.3\n"
                  "R&D, \"a|b\" <50%_     -              -            -\n"
                  "\n"
                  "Note: One reporter < 2.\n"
                  "Source: BACI; release: 202401\n");
    check_example((quipu_report_options){.plain = true, .spanish = true, .width = 46},
                  "                              Value     Share of\n"
                  "Partner     Year  (millones de US$)  exports (%)\n" RULE10 RULE10 RULE10
                      RULE10 RULE1 RULE1 RULE1 RULE1 RULE1 RULE1 RULE1 RULE1 "\n"
                  "Côte        2011            6.967,0         15,3\n"
                  "d'Ivoire\n"
                  "日本        2011               -2,2         33,3\n"
                  "R&D, \"a|b\"     -                  -            -\n"
                  "<50%_\n");
}

static void writes_csv(void **unused) {
    QI_UNUSED(unused);
    check_example((quipu_report_options){.format = QUIPU_FORMAT_CSV},
                  "partner,year,value,share\n"
                  "Côte d'Ivoire,2011,6967012345.678,0.1534\n"
                  "日本,2011,-2174000,0.3333333333333333\n"
                  "\"R&D, \"\"a|b\"\" <50%_\",,,\n");
}

static void writes_tsv(void **unused) {
    QI_UNUSED(unused);
    check_example((quipu_report_options){.format = QUIPU_FORMAT_TSV},
                  "partner\tyear\tvalue\tshare\n"
                  "Côte d'Ivoire\t2011\t6967012345.678\t0.1534\n"
                  "日本\t2011\t-2174000\t0.3333333333333333\n"
                  "R&D, \"a|b\" <50%_\t\t\t\n");
}

#define JSON_ROW_1                                                                             \
    "{\"partner\":\"Côte d'Ivoire\",\"year\":2011,\"value\":6967012345.678,"                  \
    "\"share\":0.1534}"
#define JSON_ROW_2                                                                             \
    "{\"partner\":\"日本\",\"year\":2011,\"value\":-2174000,"                                \
    "\"share\":0.3333333333333333}"
#define JSON_ROW_3                                                                             \
    "{\"partner\":\"R&D, \\\"a|b\\\" <50%_\",\"year\":null,\"value\":null,"                    \
    "\"share\":null}"
#define JSON_COLUMNS                                                                           \
    "\"columns\":[\n"                                                                          \
    "{\"name\":\"partner\",\"label\":\"Partner\",\"type\":\"text\",\"unit\":\"\","             \
    "\"role\":\"dimension\"},\n"                                                               \
    "{\"name\":\"year\",\"label\":\"Year\",\"type\":\"integer\",\"unit\":\"year\","            \
    "\"role\":\"dimension\"},\n"                                                               \
    "{\"name\":\"value\",\"label\":\"Value\",\"type\":\"money\",\"unit\":\"US$\","             \
    "\"role\":\"figure\"},\n"                                                                  \
    "{\"name\":\"share\",\"label\":\"Share of exports\",\"type\":\"share\","                   \
    "\"unit\":\"fraction\",\"role\":\"figure\"}],\n"

static void writes_json(void **unused) {
    QI_UNUSED(unused);
    check_example((quipu_report_options){.format = QUIPU_FORMAT_JSON},
                  "{\"measure\":\"share\",\n\"title\":\"Exports of Peru\",\n" JSON_COLUMNS
                  "\"rows\":[\n" JSON_ROW_1 ",\n" JSON_ROW_2 ",\n" JSON_ROW_3 "],\n"
                  "\"notes\":[\n\"One reporter < 2.\"],\n"
                  "\"source\":{\"source\":\"BACI\",\"release\":\"202401\"},\n"
                  "\"version\":\"" QUIPU_VERSION "\"}\n");
    check_example((quipu_report_options){.format = QUIPU_FORMAT_JSON, .plain = true},
                  "{\"measure\":\"share\",\n" JSON_COLUMNS "\"rows\":[\n" JSON_ROW_1
                  ",\n" JSON_ROW_2 ",\n" JSON_ROW_3 "],\n\"version\":\"" QUIPU_VERSION "\"}\n");
}

static void writes_jsonl(void **unused) {
    QI_UNUSED(unused);
    check_example((quipu_report_options){.format = QUIPU_FORMAT_JSONL},
                  JSON_ROW_1 "\n" JSON_ROW_2 "\n" JSON_ROW_3 "\n");
}

#define MARKDOWN_TABLE                                                                         \
    "| Partner | Year | Value (million US\\$) | Share of exports (%) |\n"                      \
    "| --- | ---: | ---: | ---: |\n"                                                           \
    "| Côte d'Ivoire | 2011 | 6,967.0 | 15.3 |\n"                                             \
    "| 日本 | 2011 | -2.2 | 33.3 |\n"                                                        \
    "| R&D, \"a\\|b\" \\<50%\\_ | - | - | - |\n"

static void writes_markdown(void **unused) {
    QI_UNUSED(unused);
    check_example((quipu_report_options){.format = QUIPU_FORMAT_MARKDOWN},
                  "**Exports of Peru**\n\n" MARKDOWN_TABLE
                  "\nNote: One reporter \\< 2.\n\nSource: BACI; release: 202401\n");
    check_example((quipu_report_options){.format = QUIPU_FORMAT_MARKDOWN, .plain = true},
                  MARKDOWN_TABLE);
}

#define LATEX_ROWS(value, share)                                                               \
    "\\begin{tabular}{lrrr}\n"                                                                 \
    "\\toprule\n"                                                                              \
    "Partner & Year & " value " & " share " \\\\\n"                                            \
    "\\midrule\n"                                                                              \
    "Côte d'Ivoire & 2011 & 6,967.0 & 15.3 \\\\\n"                                            \
    "日本 & 2011 & $-$2.2 & 33.3 \\\\\n"                                                     \
    "R\\&D, ''a\\textbar{}b'' \\textless{}50\\%\\_ & - & - & - \\\\\n"                         \
    "\\bottomrule\n"                                                                           \
    "\\end{tabular}\n"

static void writes_latex(void **unused) {
    QI_UNUSED(unused);
    check_example(
        (quipu_report_options){.format = QUIPU_FORMAT_LATEX},
        "% needs the package booktabs\n"
        "\\begin{table}[htbp]\n\\centering\n\\caption{Exports of Peru}\n" LATEX_ROWS(
            "\\begin{tabular}[b]{@{}r@{}}Value\\\\(million\\\\US\\$)\\end{tabular}",
            "\\begin{tabular}[b]{@{}r@{}}Share of\\\\exports (\\%)\\end{tabular}") "\\par\\smal"
                                                                                   "lskip{"
                                                                                   "\\footnotes"
                                                                                   "ize\\ragged"
                                                                                   "right "
                                                                                   "Note: One "
                                                                                   "reporter "
                                                                                   "\\textless{"
                                                                                   "} "
                                                                                   "2.\\par}\n"
                                                                                   "\\par\\smal"
                                                                                   "lskip{"
                                                                                   "\\footnotes"
                                                                                   "ize\\ragged"
                                                                                   "right "
                                                                                   "Source: "
                                                                                   "BACI; "
                                                                                   "release: "
                                                                                   "202401\\par"
                                                                                   "}\n"
                                                                                   "\\end{"
                                                                                   "table}\n");
    check_example((quipu_report_options){.format = QUIPU_FORMAT_LATEX, .plain = true},
                  "% needs the package booktabs\n" LATEX_ROWS("Value (million US\\$)",
                                                              "Share of exports (\\%)"));
}

#define HTML_HEAD                                                                              \
    "<thead>\n<tr><th scope=\"col\">Partner</th><th scope=\"col\" class=\"n\">Year</th>"       \
    "<th scope=\"col\" class=\"n\">Value (million US$)</th>"                                   \
    "<th scope=\"col\" class=\"n\">Share of exports (%)</th></tr>\n</thead>\n"
#define HTML_BODY                                                                              \
    "<tbody>\n"                                                                                \
    "<tr><th scope=\"row\">Côte d'Ivoire</th><td class=\"n\">2011</td>"                       \
    "<td class=\"n\">6,967.0</td><td class=\"n\">15.3</td></tr>\n"                             \
    "<tr><th scope=\"row\">日本</th><td class=\"n\">2011</td>"                               \
    "<td class=\"n\">-2.2</td><td class=\"n\">33.3</td></tr>\n"                                \
    "<tr><th scope=\"row\">R&amp;D, &quot;a|b&quot; &lt;50%_</th><td class=\"n\">-</td>"       \
    "<td class=\"n\">-</td><td class=\"n\">-</td></tr>\n"                                      \
    "</tbody>\n"

static void writes_html(void **unused) {
    QI_UNUSED(unused);
    check_example((quipu_report_options){.format = QUIPU_FORMAT_HTML, .plain = true},
                  "<table>\n" HTML_HEAD HTML_BODY "</table>\n");
    quipu_table table = make();
    qi_buffer out = write_table(&table, (quipu_report_options){.format = QUIPU_FORMAT_HTML});
    const char *page = out.bytes;
    assert_ptr_equal(strstr(page, "<!DOCTYPE html>\n<html lang=\"en\">\n"), page);
    assert_non_null(strstr(page, "<title>Exports of Peru</title>"));
    assert_non_null(strstr(
        page, "<table>\n<caption>Exports of Peru</caption>\n" HTML_HEAD HTML_BODY "<tfoot>\n"
              "<tr><td colspan=\"4\">Note: One reporter &lt; 2.</td></tr>\n"
              "<tr><td colspan=\"4\">Source: BACI; release: 202401</td></tr>\n"
              "</tfoot>\n</table>\n</body>\n</html>\n"));
    assert_null(strstr(page, "http")); /* needs nothing from elsewhere */
    qi_buffer_free(&out);
    quipu_table_free(&table);
}

/* ---- how people see figures ---- */

typedef struct figure {
    quipu_type type;
    quipu_role role;
    const char *unit;
    int decimals;
    int64_t integer;
    double real;
    const char *english, *spanish;
} figure;

static const figure FIGURES[] = {
    {QUIPU_MONEY, QUIPU_FIGURE, "US$", 0, 1234499, 0, "x (US$) | 1,234", "x (US$) | 1.234"},
    {QUIPU_MONEY, QUIPU_FIGURE, "US$", 2, 9999999, 0, "x (US$) | 10,000.00",
     "x (US$) | 10.000,00"},
    {QUIPU_MONEY, QUIPU_FIGURE, "US$", 2, 10000000, 0, "x (thousand US$) | 10.0",
     "x (miles de US$) | 10,0"},
    {QUIPU_MONEY, QUIPU_FIGURE, "US$", 2, 9999949999, 0, "x (thousand US$) | 9,999.9",
     "x (miles de US$) | 9.999,9"},
    {QUIPU_MONEY, QUIPU_FIGURE, "US$", 2, -10000000000, 0, "x (million US$) | -10.0",
     "x (millones de US$) | -10,0"},
    {QUIPU_MONEY, QUIPU_FIGURE, "", 2, INT64_MIN, 0, "x (million US$) | -9,223,372,036.9",
     "x (millones de US$) | -9.223.372.036,9"},
    {QUIPU_AMOUNT, QUIPU_FIGURE, "kg", 1, 1234567890, 0, "x (kg) | 1,234,567.9",
     "x (kg) | 1.234.567,9"},
    {QUIPU_INTEGER, QUIPU_FIGURE, "", 0, 123456, 0, "x | 123,456", "x | 123.456"},
    {QUIPU_INTEGER, QUIPU_FIGURE, "year", 0, 2011, 0, "x (year) | 2011", "x (year) | 2011"},
    {QUIPU_INTEGER, QUIPU_DIMENSION, "", 0, 201112, 0, "x | 201112", "x | 201112"},
    {QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1, 0, 0.0125, "x (%) | 1.3", "x (%) | 1,3"},
    {QUIPU_SHARE, QUIPU_FIGURE, "fraction", -1, 0, -0.00001, "x (%) | 0.0", "x (%) | 0,0"},
    {QUIPU_SHARE, QUIPU_FIGURE, "fraction per year", 2, 0, 12.5, "x (% per year) | 1,250.00",
     "x (% per year) | 1.250,00"},
    {QUIPU_REAL, QUIPU_FIGURE, "", -1, 0, 1.0 / 3, "x | 0.333", "x | 0,333"},
    {QUIPU_REAL, QUIPU_FIGURE, "X", 0, 0, 999.5, "x | 1,000", "x | 1.000"},
    {QUIPU_REAL, QUIPU_FIGURE, "", 2, 0, 1e300, "x | 1e300", "x | 1e300"},
    {QUIPU_REAL, QUIPU_FIGURE, "", 2, 0, -123456789012345.678, "x | -123,456,789,012,345.67",
     "x | -123.456.789.012.345,67"},
};

static void people_get_rounded_figures(void **unused) {
    QI_UNUSED(unused);
    for (size_t i = 0; i < QI_COUNT(FIGURES); i++) {
        const figure *f = &FIGURES[i];
        quipu_column_spec spec = {"x", "x", f->type, f->role, f->unit, f->decimals};
        quipu_table table;
        size_t row;
        assert_int_equal(quipu_table_init(&table, "m", &spec, 1, NULL), QUIPU_OK);
        assert_int_equal(quipu_table_add_rows(&table, 2, &row, NULL), QUIPU_OK);
        if (f->type != QUIPU_REAL && f->type != QUIPU_SHARE)
            table.columns[0].data.integer[1] = INT64_MAX; /* absent: sets no scale */
        quipu_table_set_integer(&table, 0, 0, f->integer);
        quipu_table_set_real(&table, 0, 0, f->real);
        for (int spanish = 0; spanish < 2; spanish++) {
            qi_buffer out =
                write_table(&table, (quipu_report_options){.format = QUIPU_FORMAT_MARKDOWN,
                                                           .spanish = spanish == 1});
            /* Brought to one line: header | cell. */
            char seen[160], header[64], cell[64];
            assert_int_equal(sscanf(out.bytes, "| %63[^|]| | ---: | | %63[^|]|", header, cell),
                             2);
            header[strlen(header) - 1] = cell[strlen(cell) - 1] = '\0';
            size_t n = 0;
            for (size_t j = 0; header[j] != '\0'; j++) {
                if (header[j] != '\\')
                    header[n++] = header[j];
            }
            header[n] = '\0';
            snprintf(seen, sizeof seen, "%s | %s", header, cell);
            assert_string_equal(seen, spanish == 1 ? f->spanish : f->english);
            qi_buffer_free(&out);
        }
        quipu_table_free(&table);
    }
}

static void programs_get_all_digits(void **unused) {
    QI_UNUSED(unused);
    static const quipu_column_spec ALL[] = {
        {"m", NULL, QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
        {"a", NULL, QUIPU_AMOUNT, QUIPU_FIGURE, "kg", 0},
        {"r", NULL, QUIPU_REAL, QUIPU_FIGURE, "", 0},
        {"s", NULL, QUIPU_SHARE, QUIPU_FIGURE, "fraction", 0},
    };
    quipu_table table;
    size_t row;
    assert_int_equal(quipu_table_init(&table, "m", ALL, QI_COUNT(ALL), NULL), QUIPU_OK);
    assert_int_equal(quipu_table_add_rows(&table, 2, &row, NULL), QUIPU_OK);
    quipu_table_set_integer(&table, 0, 0, INT64_MAX);
    quipu_table_set_integer(&table, 1, 0, -1);
    quipu_table_set_real(&table, 2, 0, 1e-7);
    quipu_table_set_real(&table, 3, 0, 0.1 + 0.2);
    /* Filled behind the table's back: still never a reader's problem. */
    table.columns[2].data.real[1] = (double)NAN;
    table.columns[2].present[0] |= 2;
    check(&table, (quipu_report_options){.format = QUIPU_FORMAT_CSV, .spanish = true},
          "m,a,r,s\n9223372036854775.807,-0.001,1e-7,0.30000000000000004\n,,,\n");
    check(&table, (quipu_report_options){.format = QUIPU_FORMAT_JSONL},
          "{\"m\":9223372036854775.807,\"a\":-0.001,\"r\":1e-7,\"s\":0.30000000000000004}\n"
          "{\"m\":null,\"a\":null,\"r\":null,\"s\":null}\n");
    quipu_table_free(&table);
}

/* ---- the entrance ---- */

static void formats_are_listed(void **unused) {
    QI_UNUSED(unused);
    size_t n;
    const quipu_format_info *formats = quipu_formats(&n);
    assert_int_equal(n, QUIPU_FORMAT_SAV + 1);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(formats[i].format, i);
        assert_int_equal(formats[i].extension[0], '.');
        assert_true(strlen(formats[i].summary) > 10);
        assert_int_equal(formats[i].binary, formats[i].format == QUIPU_FORMAT_XLSX ||
                                                formats[i].format >= QUIPU_FORMAT_ARROW);
    }
    assert_string_equal(formats[QUIPU_FORMAT_MARKDOWN].name, "markdown");
    quipu_table table = make();
    quipu_error err;
    memset(&err, 0x5A, sizeof err);
    quipu_report_options options = {.format = (quipu_format)99};
    qi_buffer out = {0};
    assert_int_equal(quipu_report_write(&table, &options, collect, &out, &err), QUIPU_E_ARG);
    assert_string_equal(err.text, "there is no output format number 99");
    quipu_table_free(&table);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_text),
        cmocka_unit_test(writes_csv),
        cmocka_unit_test(writes_tsv),
        cmocka_unit_test(writes_json),
        cmocka_unit_test(writes_jsonl),
        cmocka_unit_test(writes_markdown),
        cmocka_unit_test(writes_latex),
        cmocka_unit_test(writes_html),
        cmocka_unit_test(people_get_rounded_figures),
        cmocka_unit_test(programs_get_all_digits),
        cmocka_unit_test(formats_are_listed),
    };
    return cmocka_run_group_tests_name("report: formats", tests, NULL, NULL);
}
