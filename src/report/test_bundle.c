/* SPDX-License-Identifier: Apache-2.0 */
/* test_bundle.c - descriptions of files for programs: what they say, what they refuse. */
#include "quipu/bundle.h"
#include "report/date.h"
#include "report/test_example.h"

#include <jansson.h>
#include <unistd.h>

static json_t *parse(qi_buffer *out) {
    json_error_t error;
    assert_true(qi_utf8_valid(out->bytes, out->length));
    json_t *root = json_loadb(out->bytes, out->length, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        fail_msg("line %d: %s\n%s", error.line, error.text, out->bytes);
    qi_buffer_free(out);
    return root;
}

static const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

/* ---- SHA-256: the examples of FIPS 180-2 ---- */

static void hashes_are_the_published_ones(void **unused) {
    QI_UNUSED(unused);
    char hex[65];
    quipu_sha256("abc", 3, hex);
    assert_string_equal(hex,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    quipu_sha256("", 0, hex);
    assert_string_equal(hex,
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    quipu_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, hex);
    assert_string_equal(hex,
                        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void a_file_hashes_as_its_bytes(void **unused) {
    QI_UNUSED(unused);
    char path[] = "/tmp/quipu-hash-XXXXXX", hex[65], wanted[65];
    static char bytes[200000];
    uint64_t size;
    quipu_error err = {0};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7 / 3);
    assert_int_equal(write(fd, bytes, sizeof bytes), sizeof bytes);
    close(fd);
    quipu_sha256(bytes, sizeof bytes, wanted);
    assert_int_equal(quipu_sha256_file(path, hex, &size, &err), QUIPU_OK);
    assert_string_equal(hex, wanted);
    assert_int_equal(size, sizeof bytes);
    unlink(path);
    assert_int_equal(quipu_sha256_file(path, hex, &size, &err), QUIPU_E_IO);
    assert_string_equal(hex, "");
    assert_int_equal(size, 0);
    assert_int_equal(quipu_sha256_file("/tmp", hex, NULL, &err), QUIPU_E_IO);
}

/* ---- dates ---- */

static void dates_are_read_or_refused(void **unused) {
    QI_UNUSED(unused);
    static const struct {
        const char *text;
        int64_t seconds;
    } GOOD[] = {{"1970-01-01", 0},
                {"2000-01-01", 946684800},
                {"2000-02-29", 951782400},
                {"2013-05-01T12:34:56Z", 1367411696},
                {"1900-01-01", INT64_C(-2208988800)},
                {"9999-12-31T23:59:59Z", INT64_C(253402300799)}};
    static const char *const BAD[] = {"",
                                      "2013",
                                      "2013-13-01",
                                      "2013-02-29",
                                      "1900-02-29",
                                      "2013-00-10",
                                      "2013-01-00",
                                      "2013-1-1",
                                      "2013-05-01T24:00:00Z",
                                      "2013-05-01 12:00:00",
                                      "0000-01-01",
                                      "2013-05-01T12:00:00+05:00",
                                      "2013-05-0x"};
    qi_date date;
    quipu_error err;
    for (size_t i = 0; i < QI_COUNT(GOOD); i++) {
        assert_int_equal(qi_date_read(GOOD[i].text, "it", &date, NULL), QUIPU_OK);
        assert_int_equal(date.unix_seconds, GOOD[i].seconds);
        assert_memory_equal(date.day, GOOD[i].text, 10);
        assert_int_equal(strlen(date.second), 20);
    }
    for (size_t i = 0; i < QI_COUNT(BAD); i++) {
        qi_error_clear(&err);
        assert_int_equal(qi_date_read(BAD[i], "the day", &date, &err), QUIPU_E_ARG);
        assert_non_null(strstr(err.text, "the day is '"));
        assert_non_null(strstr(err.text, "2013-05-01"));
    }
}

/* ---- CSVW ---- */

static void csvw_names_columns_as_the_file_does(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = make();
    qi_buffer out = {0};
    assert_int_equal(quipu_csvw_write(&table, "t.csv", "id-1", collect, &out, NULL), QUIPU_OK);
    json_t *root = parse(&out);
    assert_string_equal(text_of(root, "url"), "t.csv");
    assert_string_equal(text_of(root, "dc:identifier"), "id-1");
    assert_string_equal(text_of(root, "dc:title"), "Exports of Peru");
    const json_t *schema = json_object_get(root, "tableSchema");
    const json_t *columns = json_object_get(schema, "columns");
    assert_int_equal(json_array_size(columns), 4);
    const json_t *value = json_array_get(columns, 2);
    assert_string_equal(text_of(value, "datatype"), "decimal");
    assert_string_equal(text_of(value, "schema:unitText"), "US$");
    assert_null(json_object_get(value, "required")); /* one is missing */
    assert_true(json_is_true(json_object_get(json_array_get(columns, 0), "required")));
    assert_null(json_object_get(schema, "primaryKey")); /* a year is missing */
    json_decref(root);
    quipu_table_set_integer(&table, 1, 2, 2011);
    assert_int_equal(quipu_csvw_write(&table, "t.csv", NULL, collect, &out, NULL), QUIPU_OK);
    root = parse(&out);
    assert_null(json_object_get(root, "dc:identifier"));
    const json_t *key = json_object_get(json_object_get(root, "tableSchema"), "primaryKey");
    assert_int_equal(json_array_size(key), 2);
    assert_string_equal(json_string_value(json_array_get(key, 1)), "year");
    json_decref(root);
    /* Two rows that agree in all dimensions: no key. */
    assert_int_equal(quipu_table_set_text(&table, 0, 2, "日本", NULL), QUIPU_OK);
    assert_int_equal(quipu_csvw_write(&table, "t.csv", NULL, collect, &out, NULL), QUIPU_OK);
    root = parse(&out);
    assert_null(json_object_get(json_object_get(root, "tableSchema"), "primaryKey"));
    json_decref(root);
    quipu_error err;
    assert_int_equal(quipu_csvw_write(&table, "", NULL, collect, &out, &err), QUIPU_E_ARG);
    quipu_table_free(&table);
}

static void csvw_names_are_fit_for_templates(void **unused) {
    QI_UNUSED(unused);
    static const quipu_column_spec ODD[] = {
        {"1990", "1990 (US$)", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
        {"_a b/ñ", NULL, QUIPU_TEXT, QUIPU_DIMENSION, "", 0}};
    quipu_table table;
    qi_buffer out = {0};
    assert_int_equal(quipu_table_init(&table, "m", ODD, 2, NULL), QUIPU_OK);
    assert_int_equal(quipu_csvw_write(&table, "t.csv", NULL, collect, &out, NULL), QUIPU_OK);
    assert_non_null(
        strstr(out.bytes, "{\"name\":\"1990\",\"titles\":[\"1990\",\"1990 (US$)\"]"));
    assert_non_null(strstr(out.bytes, "\"name\":\"%5Fa%20b%2F%C3%B1\""));
    assert_null(strstr(out.bytes, "required"));
    qi_buffer_free(&out);
    quipu_table_free(&table);
}

/* ---- data package ---- */

static const char HASH[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static void a_package_describes_its_files(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = make();
    qi_buffer out = {0};
    const quipu_resource resources[] = {
        {.path = "tables/Table 1.csv", .table = &table, .bytes = 3, .sha256 = HASH},
        {.path = "tables/table-1.csv", .title = "T", .bytes = 5000000000, .sha256 = HASH},
        {.path = "study.xlsx", .sha256 = HASH}};
    const quipu_author author = {.family = "Yong", .given = "Víctor \"T\""};
    const quipu_package_source source = {.title = "BACI", .sha256 = HASH};
    quipu_package package = {.name = "Perú – Asia",
                             .manifest = "id",
                             .created = "2013-05-01",
                             .authors = &author,
                             .n_authors = 1,
                             .sources = &source,
                             .n_sources = 1,
                             .resources = resources,
                             .n_resources = 3};
    quipu_error err;
    assert_int_equal(quipu_datapackage_write(&package, collect, &out, &err), QUIPU_OK);
    json_t *root = parse(&out);
    assert_string_equal(text_of(root, "name"), "per-asia");
    assert_string_equal(text_of(root, "created"), "2013-05-01T00:00:00Z");
    const json_t *list = json_object_get(root, "resources");
    const json_t *first = json_array_get(list, 0);
    assert_string_equal(text_of(first, "name"), "tables-table-1-csv");
    assert_string_equal(text_of(json_array_get(list, 1), "name"), "tables-table-1-csv-2");
    assert_string_equal(text_of(first, "title"), "Exports of Peru");
    assert_string_equal(text_of(first, "mediatype"), "text/csv");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(list, 1), "bytes")),
                     5000000000);
    assert_non_null(json_object_get(first, "schema"));
    assert_null(json_object_get(json_array_get(list, 2), "schema"));
    assert_string_equal(
        text_of(json_array_get(json_object_get(root, "contributors"), 0), "title"),
        "Víctor \"T\" Yong");
    json_decref(root);
    quipu_table_free(&table);
}

static void refuse_package(quipu_package package, const char *why) {
    qi_buffer out = {0};
    quipu_error err;
    assert_int_equal(quipu_datapackage_write(&package, collect, &out, &err), QUIPU_E_ARG);
    if (strstr(err.text, why) == NULL)
        fail_msg("'%s' does not say '%s'", err.text, why);
    assert_int_equal(out.length, 0);
}

static void bad_packages_are_refused(void **unused) {
    QI_UNUSED(unused);
    static const char *const OUTSIDE[] = {
        "",       "/etc/passwd", "../a.csv", "a/../../b", "a//b",
        ".git/a", "a\\b",        "a/./b",    "a/",        "https://example.org/a.csv"};
    quipu_resource r[] = {{.path = "a.csv", .sha256 = HASH}, {.path = "a.csv", .sha256 = HASH}};
    const quipu_package_source untitled = {.path = "x"};
    quipu_package good = {.name = "x", .resources = r, .n_resources = 1}, p;
    refuse_package((quipu_package){.resources = r, .n_resources = 1}, "needs a name");
    refuse_package((quipu_package){.name = "x"}, "needs a resource");
    p = good, p.n_resources = 2;
    refuse_package(p, "path a.csv twice");
    p = good, p.created = "yesterday";
    refuse_package(p, "'yesterday'");
    p = good, p.sources = &untitled, p.n_sources = 1;
    refuse_package(p, "source 1 of the data package has no title");
    r[0].sha256 = "abc";
    refuse_package(good, "a.csv has no SHA-256");
    r[0].sha256 = HASH;
    for (size_t i = 0; i < QI_COUNT(OUTSIDE); i++) {
        r[0].path = OUTSIDE[i];
        refuse_package(good, "below the package's folder");
    }
}

/* ---- citation ---- */

static void a_citation_is_plain_yaml(void **unused) {
    QI_UNUSED(unused);
    const quipu_author authors[] = {{.family = "Sanborn", .given = "Cynthia"},
                                    {.name = "CIUP: \"#1\"", .orcid = "0000-0002-1825-0097"}};
    const char *const words[] = {"no", "trade: yes"};
    const quipu_citation c = {.title = "Perú: # 'a' \"b\"\n- c\x01\xC2\x85",
                              .authors = authors,
                              .n_authors = 2,
                              .message = "M",
                              .version = "1.10",
                              .released = "2013-05-01T12:00:00Z",
                              .manifest = "abc",
                              .keywords = words,
                              .n_keywords = 2};
    qi_buffer out = {0};
    assert_int_equal(quipu_citation_write(&c, collect, &out, NULL), QUIPU_OK);
    assert_string_equal(
        out.bytes, "cff-version: 1.2.0\n"
                   "message: \"M\"\n"
                   "type: dataset\n"
                   "title: \"Perú: # 'a' \\\"b\\\"\\n- c\\u0001 \"\n"
                   "authors:\n"
                   "  - family-names: \"Sanborn\"\n"
                   "    given-names: \"Cynthia\"\n"
                   "  - name: \"CIUP: \\\"#1\\\"\"\n"
                   "    orcid: \"https://orcid.org/0000-0002-1825-0097\"\n"
                   "version: \"1.10\"\n"
                   "date-released: \"2013-05-01\"\n"
                   "identifiers:\n"
                   "  - type: other\n"
                   "    value: \"abc\"\n"
                   "    description: \"SHA-256 of the manifest: what these files were made of, "
                   "and how\"\n"
                   "keywords:\n"
                   "  - \"no\"\n"
                   "  - \"trade: yes\"\n");
    qi_buffer_free(&out);
}

static void refuse_citation(quipu_citation c, const char *why) {
    qi_buffer out = {0};
    quipu_error err;
    assert_int_equal(quipu_citation_write(&c, collect, &out, &err), QUIPU_E_ARG);
    if (strstr(err.text, why) == NULL)
        fail_msg("'%s' does not say '%s'", err.text, why);
    assert_int_equal(out.length, 0);
}

static void bad_citations_are_refused(void **unused) {
    QI_UNUSED(unused);
    quipu_author a = {.name = "A"};
    quipu_citation good = {.title = "T", .authors = &a, .n_authors = 1}, c;
    c = good, c.title = "";
    refuse_citation(c, "needs a title");
    c = good, c.n_authors = 0;
    refuse_citation(c, "needs an author");
    c = good, c.released = "2013-02-30";
    refuse_citation(c, "the day of release is '2013-02-30'");
    c = good, c.doi = "doi:10.1/x";
    refuse_citation(c, "the DOI is 'doi:10.1/x'");
    c = good, c.url = "javascript:alert(1)";
    refuse_citation(c, "begins with https://");
    a.orcid = "0000-0002-1825-009";
    refuse_citation(good, "author 1 has the ORCID");
    a = (quipu_author){.affiliation = "CIUP"};
    refuse_citation(good, "author 1 has no name");
}

/* ---- text around tables ---- */

static void text_is_escaped_for_its_document(void **unused) {
    QI_UNUSED(unused);
    static const struct {
        quipu_format format;
        const char *wanted;
    } CASES[] = {{QUIPU_FORMAT_LATEX, "I\\&D $\\geq$ 5\\% \\_a\\_ \xEF\xBF\xBD"},
                 {QUIPU_FORMAT_HTML, "I&amp;D ≥ 5% _a_ \xEF\xBF\xBD"},
                 {QUIPU_FORMAT_MARKDOWN, "I&D ≥ 5% \\_a\\_ \xEF\xBF\xBD"},
                 {QUIPU_FORMAT_JSON, "I&D ≥ 5% _a_ \xEF\xBF\xBD"},
                 {QUIPU_FORMAT_TEXT, "I&D ≥ 5% _a_ \xEF\xBF\xBD"}};
    for (size_t i = 0; i < QI_COUNT(CASES); i++) {
        qi_buffer out = {0};
        assert_int_equal(
            quipu_escape_write(CASES[i].format, "I&D ≥ 5% _a_ \xFF", collect, &out, NULL),
            QUIPU_OK);
        assert_string_equal(out.bytes, CASES[i].wanted);
        qi_buffer_free(&out);
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_the_published_ones),
        cmocka_unit_test(a_file_hashes_as_its_bytes),
        cmocka_unit_test(dates_are_read_or_refused),
        cmocka_unit_test(csvw_names_columns_as_the_file_does),
        cmocka_unit_test(csvw_names_are_fit_for_templates),
        cmocka_unit_test(a_package_describes_its_files),
        cmocka_unit_test(bad_packages_are_refused),
        cmocka_unit_test(a_citation_is_plain_yaml),
        cmocka_unit_test(bad_citations_are_refused),
        cmocka_unit_test(text_is_escaped_for_its_document),
    };
    return cmocka_run_group_tests_name("report: bundle", tests, NULL, NULL);
}
