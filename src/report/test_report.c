/* SPDX-License-Identifier: Apache-2.0 */
/* test_report.c - one small table in every format, and what would break each of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/base.h"
#include "quipu/report.h"

static const quipu_column_spec SPECS[] = {
    {"partner", "Partner", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "year", 0},
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"share", "Share of exports", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

static void set(quipu_table *table, size_t row, const char *name, int64_t value, double share) {
    assert_int_equal(quipu_table_set_text(table, 0, row, name, NULL), QUIPU_OK);
    quipu_table_set_integer(table, 1, row, 2011);
    quipu_table_set_integer(table, 2, row, value);
    quipu_table_set_real(table, 3, row, share);
}

/* Three rows: an ordinary one, one of wide characters and a negative value, one of nothing
 * but a name that every format has to escape. */
static quipu_table make(void) {
    quipu_table table;
    size_t row;
    assert_int_equal(quipu_table_init(&table, "share", SPECS, QI_COUNT(SPECS), NULL), QUIPU_OK);
    assert_int_equal(quipu_table_add_rows(&table, 3, &row, NULL), QUIPU_OK);
    set(&table, 0, "Côte d'Ivoire", INT64_C(6967012345678), 0.1534);
    set(&table, 1, "日本", -2174000000, 1.0 / 3.0);
    assert_int_equal(quipu_table_set_text(&table, 0, 2, "R&D, \"a|b\" <50%_", NULL), QUIPU_OK);
    assert_int_equal(quipu_table_set_title(&table, NULL, "Exports of %s", "Peru"), QUIPU_OK);
    assert_int_equal(quipu_table_add_note(&table, NULL, "One reporter < 2."), QUIPU_OK);
    assert_int_equal(quipu_table_add_source(&table, "source", "BACI", NULL), QUIPU_OK);
    assert_int_equal(quipu_table_add_source(&table, "release", "202401", NULL), QUIPU_OK);
    return table;
}

static bool collect(void *user, const char *bytes, size_t length) {
    return qi_buffer_add(user, bytes, length);
}

static qi_buffer write_table(const quipu_table *table, quipu_report_options options) {
    qi_buffer out = {0};
    quipu_error err = {0};
    assert_int_equal(quipu_report_write(table, &options, collect, &out, &err), QUIPU_OK);
    assert_true(out.length == 0 || out.bytes[out.length - 1] == '\n');
    assert_true(qi_utf8_valid(out.bytes, out.length));
    return out;
}

static void check(const quipu_table *table, quipu_report_options options, const char *wanted) {
    qi_buffer out = write_table(table, options);
    assert_string_equal(out.bytes, wanted);
    qi_buffer_free(&out);
}

static void check_example(quipu_report_options options, const char *wanted) {
    quipu_table table = make();
    check(&table, options, wanted);
    quipu_table_free(&table);
}

#define RULE10                                                                                 \
    "\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80"                             \
    "\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80"
#define RULE1 "\xE2\x94\x80"

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

#define LATEX_ROWS                                                                             \
    "\\begin{tabular}{lrrr}\n"                                                                 \
    "\\toprule\n"                                                                              \
    "Partner & Year & Value (million US\\$) & Share of exports (\\%) \\\\\n"                   \
    "\\midrule\n"                                                                              \
    "Côte d'Ivoire & 2011 & 6,967.0 & 15.3 \\\\\n"                                            \
    "日本 & 2011 & $-$2.2 & 33.3 \\\\\n"                                                     \
    "R\\&D, ''a\\textbar{}b'' \\textless{}50\\%\\_ & - & - & - \\\\\n"                         \
    "\\bottomrule\n"                                                                           \
    "\\end{tabular}\n"

static void writes_latex(void **unused) {
    QI_UNUSED(unused);
    check_example((quipu_report_options){.format = QUIPU_FORMAT_LATEX},
                  "% needs the package booktabs\n"
                  "\\begin{table}[htbp]\n\\centering\n\\caption{Exports of Peru}\n" LATEX_ROWS
                  "\\par\\smallskip{\\footnotesize Note: One reporter \\textless{} 2.\\par}\n"
                  "\\par\\smallskip{\\footnotesize Source: BACI; release: 202401\\par}\n"
                  "\\end{table}\n");
    check_example((quipu_report_options){.format = QUIPU_FORMAT_LATEX, .plain = true},
                  "% needs the package booktabs\n" LATEX_ROWS);
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
        assert_int_equal(quipu_table_add_rows(&table, 1, &row, NULL), QUIPU_OK);
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

/* ---- text layout ---- */

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
    assert_int_equal(quipu_table_add_note(&table, NULL, "folded and indented too"), QUIPU_OK);
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
    assert_int_equal(quipu_table_set_text(&table, 0, 0,
                                          "a\033[2Jb\nc\td\xC2\x9B"
                                          "e\xE2\x80\xAE"
                                          "f",
                                          NULL),
                     QUIPU_OK);
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
        assert_int_equal(quipu_report_write(&nothing, &options, collect, &out, NULL), QUIPU_OK);
        qi_buffer_free(&out);
    }
    quipu_table_free(&table);
    quipu_table_free(&nothing);
}

/* ---- escaping, read back by others ---- */

/* Names of random bytes, of which half are invalid UTF-8. */
static void random_name(uint64_t *state, char name[24]) {
    static const char *const PARTS[] = {"\"",
                                        "\\",
                                        "\n",
                                        "\t",
                                        "\r",
                                        "\x01",
                                        "\x7F",
                                        ",",
                                        "a",
                                        " ",
                                        "日",
                                        "ô",
                                        "\xE2\x80\xA8",
                                        "\xF0\x9F\x8C\x8D",
                                        "\xFF",
                                        "\xC3",
                                        "\xED\xA0\x80",
                                        "<",
                                        "&",
                                        "|"};
    size_t length = 0;
    for (unsigned i = (unsigned)(*state >> 60) % 5; i > 0; i--) {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        const char *part = PARTS[(*state >> 40) % QI_COUNT(PARTS)];
        memcpy(name + length, part, strlen(part));
        length += strlen(part);
    }
    name[length] = '\0';
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
}

/* What a reader must get for a text: invalid bytes as U+FFFD. */
static void repair(const char *text, char out[128]) {
    size_t at = 0, length = strlen(text), n = 0;
    while (at < length) {
        size_t here = at;
        if (qi_utf8_next(text, length, &at) < 0) {
            memcpy(out + n, "\xEF\xBF\xBD", 3);
            n += 3;
        } else {
            memcpy(out + n, text + here, at - here);
            n += at - here;
        }
    }
    out[n] = '\0';
}

#define N_NASTY 3000

static quipu_table nasty_table(void) {
    quipu_table table;
    size_t row;
    uint64_t state = 42;
    assert_int_equal(quipu_table_init(&table, "m\"\n", SPECS, QI_COUNT(SPECS), NULL), QUIPU_OK);
    assert_int_equal(quipu_table_add_rows(&table, N_NASTY, &row, NULL), QUIPU_OK);
    for (size_t i = 0; i < N_NASTY; i++) {
        char name[24];
        random_name(&state, name);
        if (i % 7 == 0)
            continue;
        set(&table, i, name, (int64_t)state >> 8, (double)state / 1e19);
    }
    assert_int_equal(quipu_table_set_title(&table, NULL, "a \"title\"\\ \x02"), QUIPU_OK);
    assert_int_equal(quipu_table_add_note(&table, NULL, "\xFF note"), QUIPU_OK);
    assert_int_equal(quipu_table_add_source(&table, "k\"", "v\n", NULL), QUIPU_OK);
    return table;
}

static void check_json_row(const quipu_table *table, size_t row, const json_t *object) {
    char wanted[128];
    assert_int_equal(json_object_size(object), table->n_columns);
    const json_t *name = json_object_get(object, "partner");
    const json_t *value = json_object_get(object, "value");
    const json_t *share = json_object_get(object, "share");
    if (!quipu_table_present(table, 0, row)) {
        assert_true(json_is_null(name) && json_is_null(value) && json_is_null(share));
        return;
    }
    repair(table->columns[0].data.text[row], wanted);
    assert_string_equal(json_string_value(name), wanted);
    assert_true(json_is_number(value));
    assert_true(
        fabs(json_number_value(value) * 1000 - (double)table->columns[2].data.integer[row]) <=
        1e-12 * fabs((double)table->columns[2].data.integer[row]));
    assert_true(json_number_value(share) == table->columns[3].data.real[row]);
}

static void json_is_read_by_another_reader(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = nasty_table();
    qi_buffer out = write_table(&table, (quipu_report_options){.format = QUIPU_FORMAT_JSON});
    json_error_t error;
    json_t *root = json_loadb(out.bytes, out.length, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        fail_msg("line %d: %s", error.line, error.text);
    assert_string_equal(json_string_value(json_object_get(root, "measure")), "m\"\n");
    assert_string_equal(json_string_value(json_object_get(root, "title")),
                        "a \"title\"\\ \x02");
    const json_t *notes = json_object_get(root, "notes");
    assert_string_equal(json_string_value(json_array_get(notes, 0)), "\xEF\xBF\xBD note");
    const json_t *source = json_object_get(root, "source");
    assert_string_equal(json_string_value(json_object_get(source, "k\"")), "v\n");
    const json_t *rows = json_object_get(root, "rows");
    assert_int_equal(json_array_size(rows), N_NASTY);
    for (size_t i = 0; i < N_NASTY; i++)
        check_json_row(&table, i, json_array_get(rows, i));
    json_decref(root);
    qi_buffer_free(&out);
    quipu_table_free(&table);
}

static void jsonl_is_read_line_by_line(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = nasty_table();
    qi_buffer out = write_table(&table, (quipu_report_options){.format = QUIPU_FORMAT_JSONL});
    size_t row = 0;
    for (char *line = strtok(out.bytes, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(object);
        check_json_row(&table, row++, object);
        json_decref(object);
    }
    assert_int_equal(row, N_NASTY);
    qi_buffer_free(&out);
    quipu_table_free(&table);
}

/* The first field of a CSV record; returns what follows the record. */
static const char *read_csv_record(const char *p, char first[128]) {
    size_t n = 0;
    if (*p == '"') {
        for (p++; *p != '"' || p[1] == '"'; p++) {
            p += *p == '"';
            first[n++] = *p;
        }
    } else {
        for (; *p != ','; p++)
            first[n++] = *p;
    }
    first[n] = '\0';
    return strchr(p, '\n') + 1;
}

static void csv_quoting_is_undone_by_a_reader(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = nasty_table();
    qi_buffer out = write_table(&table, (quipu_report_options){.format = QUIPU_FORMAT_CSV});
    const char *p = strchr(out.bytes, '\n') + 1;
    for (size_t i = 0; i < N_NASTY; i++) {
        char wanted[128] = "", got[128];
        bool there = quipu_table_present(&table, 0, i);
        assert_int_equal(*p == ',', !there); /* an empty name is "", a missing one nothing */
        if (there)
            repair(table.columns[0].data.text[i], wanted);
        p = read_csv_record(p, got);
        assert_string_equal(got, wanted);
    }
    assert_int_equal(*p, '\0');
    qi_buffer_free(&out);
    quipu_table_free(&table);
}

static void markup_keeps_its_shape(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = nasty_table();
    static const quipu_format ONE_LINE_A_ROW[] = {QUIPU_FORMAT_MARKDOWN, QUIPU_FORMAT_LATEX,
                                                  QUIPU_FORMAT_HTML, QUIPU_FORMAT_TSV};
    static const size_t FRAME[] = {2, 7, 7, 1};
    for (size_t i = 0; i < QI_COUNT(ONE_LINE_A_ROW); i++) {
        qi_buffer out = write_table(
            &table, (quipu_report_options){.format = ONE_LINE_A_ROW[i], .plain = true});
        size_t lines = 0;
        for (size_t j = 0; j < out.length; j++)
            lines += out.bytes[j] == '\n';
        assert_int_equal(lines, N_NASTY + FRAME[i]);
        qi_buffer_free(&out);
    }
    quipu_table_free(&table);
}

static void long_latex_breaks_pages(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = nasty_table();
    qi_buffer out = write_table(&table, (quipu_report_options){.format = QUIPU_FORMAT_LATEX});
    assert_non_null(strstr(out.bytes, "\\begin{longtable}{lrrr}\n\\caption{"));
    assert_non_null(strstr(out.bytes, "\\midrule\n\\endhead\n\\bottomrule\n\\endfoot\n"));
    assert_non_null(strstr(out.bytes, "\\end{longtable}\n"));
    assert_null(strstr(out.bytes, "\\begin{table}"));
    qi_buffer_free(&out);
    quipu_table_free(&table);
}

static void latex_rows_do_not_start_with_arguments(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = make();
    assert_int_equal(quipu_table_set_text(&table, 0, 1, "[x] *y {z} ~^\\#$", NULL), QUIPU_OK);
    qi_buffer out = write_table(&table, (quipu_report_options){.format = QUIPU_FORMAT_LATEX});
    assert_non_null(strstr(out.bytes, "\\\\\n{[}x] {*}y \\{z\\} \\textasciitilde{}"
                                      "\\textasciicircum{}\\textbackslash{}\\#\\$ & 2011"));
    qi_buffer_free(&out);
    quipu_table_free(&table);
}

/* ---- the entrance ---- */

static void formats_are_listed(void **unused) {
    QI_UNUSED(unused);
    size_t n;
    const quipu_format_info *formats = quipu_formats(&n);
    assert_int_equal(n, 8);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(formats[i].format, i);
        assert_int_equal(formats[i].extension[0], '.');
        assert_true(strlen(formats[i].summary) > 10);
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

typedef struct stubborn {
    unsigned calls, accepts;
} stubborn;

static bool refuse(void *user, const char *bytes, size_t length) {
    stubborn *s = user;
    QI_UNUSED(bytes);
    assert_true(length > 0);
    return s->calls++ < s->accepts;
}

static void a_refusing_sink_ends_the_writing(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = nasty_table();
    size_t n;
    const quipu_format_info *formats = quipu_formats(&n);
    for (size_t i = 0; i < n; i++) {
        quipu_error err = {0};
        stubborn s = {.accepts = 1};
        quipu_report_options options = {.format = formats[i].format};
        assert_int_equal(quipu_report_write(&table, &options, refuse, &s, &err), QUIPU_E_IO);
        assert_int_equal(err.status, QUIPU_E_IO);
        assert_int_equal(s.calls, 2); /* not asked again */
    }
    quipu_table_free(&table);
}

static void same_table_same_bytes(void **unused) {
    QI_UNUSED(unused);
    quipu_table a = nasty_table(), b = nasty_table();
    size_t n;
    const quipu_format_info *formats = quipu_formats(&n);
    for (size_t i = 0; i < n; i++) {
        quipu_report_options options = {.format = formats[i].format, .width = 60};
        qi_buffer x = write_table(&a, options), y = write_table(&b, options);
        assert_int_equal(x.length, y.length);
        assert_memory_equal(x.bytes, y.bytes, x.length);
        assert_true(x.length > 40000); /* several blocks */
        qi_buffer_free(&x);
        qi_buffer_free(&y);
    }
    quipu_table_free(&a);
    quipu_table_free(&b);
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
        cmocka_unit_test(narrow_text_folds_names),
        cmocka_unit_test(no_line_is_wider_than_asked),
        cmocka_unit_test(colour_only_when_asked),
        cmocka_unit_test(nothing_plays_tricks_on_the_terminal),
        cmocka_unit_test(empty_tables_are_tables),
        cmocka_unit_test(json_is_read_by_another_reader),
        cmocka_unit_test(jsonl_is_read_line_by_line),
        cmocka_unit_test(csv_quoting_is_undone_by_a_reader),
        cmocka_unit_test(markup_keeps_its_shape),
        cmocka_unit_test(long_latex_breaks_pages),
        cmocka_unit_test(latex_rows_do_not_start_with_arguments),
        cmocka_unit_test(formats_are_listed),
        cmocka_unit_test(a_refusing_sink_ends_the_writing),
        cmocka_unit_test(same_table_same_bytes),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
