/* SPDX-License-Identifier: Apache-2.0 */
/* write_bundle.c - a bundle of made tables, for other programs to read.
 *
 * Built by the runner against the library as any guest would: public headers only.
 * Usage: write_bundle FOLDER
 */
#include <quipu.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

static quipu_error err;

static void want(quipu_status status, const char *what) {
    if (status != QUIPU_OK) {
        fprintf(stderr, "%s: %s\n", what, err.text);
        exit(1);
    }
}

/* ---- tables ---- */

/* Texts that programs are known to take for something else. */
static const char *const HOSTILE[] = {"=1+1",
                                      "+cmd|' /C calc'!A0",
                                      "-2+3",
                                      "@SUM(A1)",
                                      "=HYPERLINK(\"x\")",
                                      "0101",
                                      "1e5",
                                      "TRUE",
                                      "2011-12",
                                      "_x0041_",
                                      "a,b;c\td",
                                      "say \"x\"",
                                      "two\nlines",
                                      "<b>&amp;</b>",
                                      "\\input{/etc/passwd}",
                                      "50% & $1_#",
                                      "~^{}[x]*",
                                      "|a|`b`",
                                      "日本",
                                      "Perú, España, Côte",
                                      "😀",
                                      "a\x01\x1F\x7F",
                                      "bad\xFF",
                                      " blanks ",
                                      "https://example.org/a",
                                      "null",
                                      "#N/A",
                                      "- item",
                                      "'quoted",
                                      "\xE2\x80\xA8line"};
#define N_HOSTILE (sizeof HOSTILE / sizeof HOSTILE[0])

static const quipu_column_spec HOSTILE_COLUMNS[] = {
    {"id", "No.", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"name", "Name", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"weight", "Weight", QUIPU_AMOUNT, QUIPU_FIGURE, "kg", 1},
    {"index", "Index", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"share", "Share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1}};

static quipu_table hostile_table(void) {
    static const int64_t MONEY[] = {
        0, 1, -1, 999, 6967012345678, -2174000000, INT64_C(1) << 53, 25000000000000000};
    static const double REALS[] = {0.0,   1.0 / 3, 0.1 + 0.2, -1e-7,
                                   1e300, 5e-324,  123456.78, 100.0};
    quipu_table table;
    size_t first;
    want(quipu_table_init(&table, "hostile", HOSTILE_COLUMNS, 6, &err), "table");
    want(quipu_table_add_rows(&table, N_HOSTILE, &first, &err), "rows");
    for (size_t i = 0; i < N_HOSTILE; i++) {
        quipu_table_set_integer(&table, 0, i, (int64_t)i + 1);
        want(quipu_table_set_text(&table, 1, i, HOSTILE[i], &err), "text");
        if (i % 5 == 4)
            continue; /* missing */
        quipu_table_set_integer(&table, 2, i, MONEY[i % 8]);
        quipu_table_set_integer(&table, 3, i, MONEY[(i + 3) % 8]);
        quipu_table_set_real(&table, 4, i, REALS[i % 8]);
        quipu_table_set_real(&table, 5, i, REALS[(i + 1) % 8] / 7);
    }
    want(quipu_table_set_title(&table, &err, "Names: 100%% hostile & <strange> \"ones\""),
         "title");
    want(quipu_table_add_note(&table, &err, "=1+1 is no formula here."), "note");
    want(quipu_table_add_source(&table, "source", "Made, not measured", &err), "source");
    return table;
}

static const quipu_column_spec WIDE_COLUMNS[] = {
    {"product", "Código", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"product_name", "Descripción", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"partner", "Partner", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"year", "Año", QUIPU_INTEGER, QUIPU_DIMENSION, "year", 0},
    {"value", "Valor de las exportaciones", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"share", "Participación en el total", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"growth", "Crecimiento", QUIPU_SHARE, QUIPU_FIGURE, "fraction per year", 1}};

static quipu_table wide_table(size_t rows) {
    static const char *const NAMES[] = {
        "Minerales de cobre y sus concentrados, incluso aglomerados & tostados",
        "Harina, polvo y \"pellets\" de pescado, impropios para la alimentación humana",
        "Oro en bruto/semilabrado", "Uvas frescas"};
    quipu_table table;
    size_t first;
    char code[8];
    want(quipu_table_init(&table, "exports", WIDE_COLUMNS, 7, &err), "table");
    want(quipu_table_add_rows(&table, rows, &first, &err), "rows");
    for (size_t i = 0; i < rows; i++) {
        snprintf(code, sizeof code, "%04zu", 101 + i);
        want(quipu_table_set_text(&table, 0, i, code, &err), "text");
        want(quipu_table_set_text(&table, 1, i, NAMES[i % 4], &err), "text");
        want(quipu_table_set_text(&table, 2, i, i % 2 ? "CHN" : "JPN", &err), "text");
        quipu_table_set_integer(&table, 3, i, 1995 + (int64_t)(i % 17));
        quipu_table_set_integer(&table, 4, i, (int64_t)(i + 1) * 1234567891);
        quipu_table_set_real(&table, 5, i, 1.0 / (double)(i + 1));
        if (i % 6 != 5)
            quipu_table_set_real(&table, 6, i, 0.01 * (double)i - 0.2);
    }
    want(quipu_table_set_title(&table, &err,
                               "Exportaciones del Perú a Asia, según producto y año: "
                               "participación y crecimiento; denominador: todos los productos "
                               "(años %d–%d, en %%)",
                               1995, 2011),
         "title");
    want(quipu_table_add_note(&table, &err,
                              "Cifras de aduana & estimaciones; véase "
                              "https://example.org/a/very/long/address/that/no/line/holds/"
                              "unless_it_is_broken_somewhere/in_the_middle.html"),
         "note");
    want(quipu_table_add_source(&table, "source", "Made, not measured", &err), "source");
    want(quipu_table_add_source(&table, "manifest", ID, &err), "source");
    return table;
}

/* Figures of any size, as a generator that everybody can repeat gives them. */
static quipu_table random_table(void) {
    quipu_table table;
    size_t first;
    uint64_t state = 2011;
    char name[24];
    want(quipu_table_init(&table, "random", HOSTILE_COLUMNS, 6, &err), "table");
    want(quipu_table_add_rows(&table, 600, &first, &err), "rows");
    for (size_t i = 0; i < 600; i++) {
        double real;
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        memcpy(&real, &state, sizeof real);
        snprintf(name, sizeof name, "%04u", (unsigned)(state >> 52));
        quipu_table_set_integer(&table, 0, i, (int64_t)i);
        want(quipu_table_set_text(&table, 1, i, name, &err), "text");
        quipu_table_set_integer(&table, 2, i, (int64_t)(state >> (i % 54 + 10)));
        quipu_table_set_integer(&table, 3, i, -(int64_t)(state >> (i % 54 + 10)));
        quipu_table_set_real(&table, 4, i, real); /* any bits; what is no number is missing */
        quipu_table_set_real(&table, 5, i, (double)(state >> 11) / 9007199254740992.0);
    }
    return table;
}

/* ---- files ---- */

static const char *folder;

static FILE *create(const char *name, char path[512]) {
    snprintf(path, 512, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    return file;
}

static bool to_file(void *file, const char *bytes, size_t length) {
    return fwrite(bytes, 1, length, file) == length;
}

static void write_as(const quipu_table *table, quipu_format format, const char *name) {
    char path[512];
    const quipu_report_options options = {.format = format, .manifest = ID};
    FILE *file = create(name, path);
    want(quipu_report_write(table, &options, to_file, file, &err), name);
    fclose(file);
}

static void write_csv(const quipu_table *table, const char *name) {
    char path[512], metadata[128];
    write_as(table, QUIPU_FORMAT_CSV, name);
    snprintf(metadata, sizeof metadata, "%s-metadata.json", name);
    FILE *file = create(metadata, path);
    want(quipu_csvw_write(table, name, ID, to_file, file, &err), metadata);
    fclose(file);
}

static void write_book(const quipu_table *const tables[3]) {
    static const char *const NAMES[] = {"Hostile", "Cuadro 1: exportaciones", "Cuadro 2/largo"};
    char path[512];
    const quipu_book_properties properties = {.title = "A made study & its <tables>",
                                              .author = "Cynthia Sanborn",
                                              .created = "2013-05-01T12:34:56Z",
                                              .manifest = ID};
    const quipu_sheet_line lines[] = {
        {.text = "A made study", .style = QUIPU_LINE_TITLE},
        {.text = "Tables", .style = QUIPU_LINE_HEADING},
        {.text = "Hostile names", .sheet = NAMES[0]},
        {.text = "Exportaciones", .sheet = NAMES[1]},
        {.text = "=1+1"},
        {.text = "Where it is from", .url = "https://example.org/?a=1&b=2"}};
    quipu_book *book;
    snprintf(path, sizeof path, "%s/book.xlsx", folder);
    want(quipu_book_open(path, &properties, &book, &err), path);
    want(quipu_book_add_text(book, "Cover", lines, 6, &err), "cover");
    for (size_t i = 0; i < 3; i++)
        want(quipu_book_add(book, tables[i], NAMES[i], NULL, &err), NAMES[i]);
    want(quipu_book_close(book, &err), path);
}

static void write_package(const quipu_table *const tables[3]) {
    static const char *const PATHS[] = {"hostile.csv", "wide.csv", "long.csv", "book.xlsx"};
    quipu_resource resources[4];
    char path[512], hashes[4][65];
    memset(resources, 0, sizeof resources);
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, PATHS[i]);
        want(quipu_sha256_file(path, hashes[i], &resources[i].bytes, &err), path);
        resources[i].path = PATHS[i];
        resources[i].sha256 = hashes[i];
        resources[i].table = i < 3 ? tables[i] : NULL;
    }
    const quipu_author author = {.given = "Cynthia", .family = "Sanborn"};
    const quipu_package_source source = {.title = "Made", .path = "https://example.org/"};
    const quipu_package package = {.name = "Made study",
                                   .title = "A made study: \"x\"\n",
                                   .version = "1.0.0",
                                   .created = "2013-05-01",
                                   .manifest = ID,
                                   .license = "CC-BY-4.0",
                                   .authors = &author,
                                   .n_authors = 1,
                                   .sources = &source,
                                   .n_sources = 1,
                                   .resources = resources,
                                   .n_resources = 4};
    FILE *file = create("datapackage.json", path);
    want(quipu_datapackage_write(&package, to_file, file, &err), path);
    fclose(file);
}

static void write_citation(void) {
    const quipu_author authors[] = {{.given = "Cynthia", .family = "Sanborn"},
                                    {.name = "Yes: # 'no' \"x\"\xC2\x85\xEF\xBB\xBF"}};
    char path[512];
    const quipu_citation citation = {.title = "- Perú: {a}, [b] & *c* | > ! % @ `\n# d\xFF\x01",
                                     .version = "1.10",
                                     .released = "2013-05-01",
                                     .abstract = "Two\nlines: yes\\no \xE2\x80\xA8 \"q\"",
                                     .doi = "10.5281/zenodo.1234567",
                                     .authors = authors,
                                     .n_authors = 2,
                                     .keywords = HOSTILE,
                                     .n_keywords = N_HOSTILE,
                                     .manifest = ID};
    FILE *file = create("CITATION.cff", path);
    want(quipu_citation_write(&citation, to_file, file, &err), path);
    fclose(file);
}

static void write_document(void) {
    char path[512];
    FILE *file = create("document.tex", path);
    fputs("\\documentclass{article}\n", file);
    fputs(quipu_latex_packages(), file);
    fputs("\\begin{document}\n\\tableofcontents\n\\section{", file);
    want(quipu_escape_write(QUIPU_FORMAT_LATEX, "Año & \"50%\" ≥ {1}", to_file, file, &err),
         "escape");
    fputs("}\n\\input{wide}\n\\input{long}\n\\input{hostile}\n\\end{document}\n", file);
    fclose(file);
}

int main(int argc, char **argv) {
    if (argc != 2)
        return 2;
    folder = argv[1];
    setlocale(LC_ALL, ""); /* a guest may have a decimal comma */
    quipu_table hostile = hostile_table(), wide = wide_table(12), longer = wide_table(90);
    const quipu_table *const tables[] = {&hostile, &wide, &longer};
    static const char *const NAMES[] = {"hostile", "wide", "long"};
    static const struct {
        quipu_format format;
        const char *ending;
    } FORMATS[] = {{QUIPU_FORMAT_XLSX, "xlsx"},
                   {QUIPU_FORMAT_SDMX_CSV, "sdmx.csv"},
                   {QUIPU_FORMAT_LATEX, "tex"},
                   {QUIPU_FORMAT_JSON, "json"}};
    for (size_t i = 0; i < 3; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.csv", NAMES[i]);
        write_csv(tables[i], name);
        for (size_t j = 0; j < 4; j++) {
            snprintf(name, sizeof name, "%s.%s", NAMES[i], FORMATS[j].ending);
            write_as(tables[i], FORMATS[j].format, name);
        }
    }
    quipu_table random = random_table();
    write_csv(&random, "random.csv");
    write_as(&random, QUIPU_FORMAT_XLSX, "random.xlsx");
    quipu_table_free(&random);
    write_book(tables);
    write_package(tables);
    write_citation();
    write_document();
    quipu_table_free(&hostile);
    quipu_table_free(&wide);
    quipu_table_free(&longer);
    return 0;
}
