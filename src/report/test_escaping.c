/* SPDX-License-Identifier: Apache-2.0 */
/* test_escaping.c - names that would break a format, read back by other readers; sinks. */
#include "report/test_example.h"

#include <jansson.h>
#include <math.h>

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
        for (; *p != ','; p++) {
            assert_true(*p != '\n' && *p != '\r' && *p != '"');
            first[n++] = *p;
        }
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
        size_t lines = 0, tabs = 0;
        for (size_t j = 0; j < out.length; j++) {
            lines += out.bytes[j] == '\n';
            tabs += out.bytes[j] == '\t';
        }
        assert_int_equal(lines, N_NASTY + FRAME[i]);
        assert_int_equal(tabs, ONE_LINE_A_ROW[i] == QUIPU_FORMAT_TSV ? 3 * lines : 0);
        qi_buffer_free(&out);
    }
    quipu_table_free(&table);
}

static void long_latex_breaks_pages(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = nasty_table();
    qi_buffer out = write_table(&table, (quipu_report_options){.format = QUIPU_FORMAT_LATEX});
    assert_non_null(strstr(out.bytes, "\\begin{longtable}{lrrr}\n\\caption{"));
    assert_non_null(strstr(out.bytes, "\\midrule\n\\endfirsthead\n\\toprule\nPartner & "));
    assert_non_null(strstr(out.bytes, "\\midrule\n\\endhead\n\\bottomrule\n\\endfoot\n"));
    assert_non_null(strstr(out.bytes, "\\end{longtable}}\n"));
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
        cmocka_unit_test(json_is_read_by_another_reader),
        cmocka_unit_test(jsonl_is_read_line_by_line),
        cmocka_unit_test(csv_quoting_is_undone_by_a_reader),
        cmocka_unit_test(markup_keeps_its_shape),
        cmocka_unit_test(long_latex_breaks_pages),
        cmocka_unit_test(latex_rows_do_not_start_with_arguments),
        cmocka_unit_test(a_refusing_sink_ends_the_writing),
        cmocka_unit_test(same_table_same_bytes),
    };
    return cmocka_run_group_tests_name("report: escaping", tests, NULL, NULL);
}
