/* SPDX-License-Identifier: Apache-2.0 */
/* test_fields.c - lines into fields: separators, quotes, and where a fault is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "import/import.h"

/* The fields joined by '|', or "column: problem". */
static const char *cut(const char *line, char delimiter) {
    static char out[4096];
    qi_field fields[QI_MAX_FIELDS];
    const char *problem = NULL;
    uint32_t column = 0;
    size_t length = strlen(line), used = 0;
    /* Rooms of exactly the size promised, so that the sanitizer sees a byte too far. */
    char *copy = malloc(length + 1), *scratch = malloc(length + 1);
    assert_non_null(copy);
    assert_non_null(scratch);
    memcpy(copy, line, length);
    copy = realloc(copy, length > 0 ? length : 1);
    scratch = realloc(scratch, length > 0 ? length : 1);
    size_t n = qi_split_line(copy, length, delimiter, fields, QI_MAX_FIELDS, scratch, &problem,
                             &column);
    out[0] = 0;
    if (n == 0)
        snprintf(out, sizeof out, "%u: %.40s", column, problem);
    for (size_t i = 0; i < n; i++) {
        int written = snprintf(out + used, sizeof out - used, "%s%.*s", i > 0 ? "|" : "",
                               (int)fields[i].length, fields[i].text);
        assert_true(written >= 0 && (size_t)written < sizeof out - used);
        used += (size_t)written;
    }
    free(copy);
    free(scratch);
    return out;
}

static void cuts_plain_lines(void **unused) {
    QI_UNUSED(unused);
    assert_string_equal(cut("2011,604,156", ','), "2011|604|156");
    assert_string_equal(cut("a;b,c;d", ';'), "a|b,c|d");
    assert_string_equal(cut("a\tb\t", '\t'), "a|b|");
    assert_string_equal(cut(",,", ','), "||");
    assert_string_equal(cut("", ','), "");
    assert_string_equal(cut(" a , b ", ','), " a | b ");
}

static void undoes_quotes(void **unused) {
    QI_UNUSED(unused);
    assert_string_equal(cut("\"a\",\"b\"", ','), "a|b");
    assert_string_equal(cut("\"a,b\",c", ','), "a,b|c");
    assert_string_equal(cut("\"\",\"\"", ','), "|");
    assert_string_equal(cut("\"say \"\"yes\"\" twice\",1", ','), "say \"yes\" twice|1");
    assert_string_equal(cut("\"\"\"\",\"\"\"x\"\"\"", ','), "\"|\"x\"");
    assert_string_equal(cut("\"a\"\"b\",\"c\"\"d\",\"\"\"\"\"\"", ','), "a\"b|c\"d|\"\"");
    assert_string_equal(cut("\"a\",", ','), "a|");
    assert_string_equal(cut("5\" pipe,2", ','), "5\" pipe|2"); /* a quote inside is a letter */
}

static void names_the_column_of_a_bad_quote(void **unused) {
    QI_UNUSED(unused);
    static const char PROBLEM[] = "a quoted field that is not closed before";
    char expected[80];
    snprintf(expected, sizeof expected, "1: %.40s", PROBLEM);
    assert_string_equal(cut("\"abc", ','), expected);
    assert_string_equal(cut("\"", ','), expected);
    assert_string_equal(cut("\"\"\"", ','), expected);
    assert_string_equal(cut("\"a\"b,c", ','), expected);
    snprintf(expected, sizeof expected, "5: %.40s", PROBLEM);
    assert_string_equal(cut("12,,\"x", ','), expected);
}

static void knows_where_fields_begin(void **unused) {
    QI_UNUSED(unused);
    qi_field fields[8];
    char scratch[64];
    const char *problem = NULL;
    uint32_t column;
    static const char LINE[] = "ab,\"c\"\"d\",,e";
    size_t n = qi_split_line(LINE, strlen(LINE), ',', fields, 8, scratch, &problem, &column);
    static const uint32_t BEGIN[] = {1, 4, 11, 12};
    assert_int_equal(n, 4);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(fields[i].column, BEGIN[i]);
}

static void stops_at_the_last_field_it_has_room_for(void **unused) {
    QI_UNUSED(unused);
    char line[QI_MAX_FIELDS + 1];
    memset(line, ',', sizeof line);
    qi_field fields[QI_MAX_FIELDS];
    char scratch[QI_MAX_FIELDS + 1];
    const char *problem = NULL;
    uint32_t column = 0;
    assert_int_equal(qi_split_line(line, QI_MAX_FIELDS - 1, ',', fields, QI_MAX_FIELDS, scratch,
                                   &problem, &column),
                     QI_MAX_FIELDS);
    assert_int_equal(qi_split_line(line, QI_MAX_FIELDS, ',', fields, QI_MAX_FIELDS, scratch,
                                   &problem, &column),
                     0);
    assert_int_equal(column, QI_MAX_FIELDS + 1);
    assert_non_null(strstr(problem, "512 fields"));
}

/* Fields put together again, each quoted where it must be, are the same fields. */
static void cuts_what_was_joined(void **unused) {
    QI_UNUSED(unused);
    uint64_t state = 11;
    for (int trial = 0; trial < 20000; trial++) {
        char line[512], expected[512];
        size_t at = 0, seen = 0, n = 1 + (size_t)(state % 6);
        for (size_t f = 0; f < n; f++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            size_t length = (size_t)(state >> 60) % 7;
            if (f > 0) {
                line[at++] = ',';
                expected[seen++] = '|';
            }
            line[at++] = '"';
            for (size_t i = 0; i < length; i++) {
                char c = "ab,\"1 "[(state >> (8 * i)) % 6];
                if (c == '"')
                    line[at++] = '"';
                line[at++] = c;
                expected[seen++] = c;
            }
            line[at++] = '"';
        }
        line[at] = expected[seen] = 0;
        assert_string_equal(cut(line, ','), expected);
    }
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_plain_lines),
        cmocka_unit_test(undoes_quotes),
        cmocka_unit_test(names_the_column_of_a_bad_quote),
        cmocka_unit_test(knows_where_fields_begin),
        cmocka_unit_test(stops_at_the_last_field_it_has_room_for),
        cmocka_unit_test(cuts_what_was_joined),
    };
    return cmocka_run_group_tests_name("import: fields", tests, NULL, NULL);
}
