/* SPDX-License-Identifier: Apache-2.0 */
/* test_number_format.c - numbers written, doubles there and back, free of the locale. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static unsigned below(uint64_t *state, unsigned n) {
    return (unsigned)(next_random(state) >> 33) % n;
}

static void check_scaled(int64_t value, int scale, const char *wanted) {
    char text[QI_NUMBER_TEXT];
    assert_int_equal(qi_format_scaled(text, value, scale), strlen(wanted));
    assert_string_equal(text, wanted);
}

static void writes_scaled_exactly(void **unused) {
    QI_UNUSED(unused);
    check_scaled(490605120, 3, "490605.12");
    check_scaled(0, 3, "0");
    check_scaled(1000, 3, "1");
    check_scaled(100, 0, "100");
    check_scaled(-5, 3, "-0.005");
    check_scaled(INT64_MAX, 3, "9223372036854775.807");
    check_scaled(INT64_MIN, 3, "-9223372036854775.808");
    check_scaled(INT64_MIN, 30, "-0.000000000009223372036854775808");
    check_scaled(12, -2, "1200");
    check_scaled(0, -2, "0");
    uint64_t state = 5;
    for (int i = 0; i < 20000; i++) {
        int64_t value = (int64_t)(next_random(&state) >> below(&state, 64)), read;
        value = below(&state, 2) == 0 ? value : -value;
        int scale = (int)below(&state, 19);
        char text[QI_NUMBER_TEXT];
        size_t length = qi_format_scaled(text, value, scale);
        assert_int_equal(qi_parse_scaled(text, length, scale, true, &read, NULL), QI_NUMBER_OK);
        assert_int_equal(read, value);
    }
}

static void check_rounded(int64_t value, int scale, int decimals, const char *wanted) {
    char text[QI_NUMBER_TEXT];
    assert_int_equal(qi_format_scaled_rounded(text, value, scale, decimals), strlen(wanted));
    assert_string_equal(text, wanted);
}

static void writes_scaled_rounded(void **unused) {
    QI_UNUSED(unused);
    check_rounded(1250, 3, 1, "1.3"); /* half away from zero */
    check_rounded(-1250, 3, 1, "-1.3");
    check_rounded(1249, 3, 1, "1.2");
    check_rounded(999999, 3, 0, "1000");
    check_rounded(-400, 3, 0, "0");
    check_rounded(-500, 3, 0, "-1");
    check_rounded(7, 0, 2, "7.00");
    check_rounded(7, 3, 5, "0.00700");
    check_rounded(INT64_MAX, 9, 1, "9223372036.9");
    check_rounded(INT64_MIN, 0, 0, "-9223372036854775808");
    check_rounded(INT64_MAX, 19, 0, "1");
    check_rounded(INT64_MAX, 20, 0, "0");
    check_rounded(INT64_MAX, 36, 2, "0.00");
}

static void check_double(double value, const char *wanted) {
    char text[QI_NUMBER_TEXT];
    assert_int_equal(qi_format_double(text, value), strlen(wanted));
    assert_string_equal(text, wanted);
}

static void writes_doubles_shortest(void **unused) {
    QI_UNUSED(unused);
    check_double(0.1, "0.1");
    check_double(0.1 + 0.2, "0.30000000000000004");
    check_double(1.0 / 3.0, "0.3333333333333333");
    check_double(0.0, "0");
    check_double(-0.0, "-0");
    check_double(2011, "2011");
    check_double(-1.5, "-1.5");
    check_double(1e15, "1000000000000000");
    check_double(123456789012345680000.0, "123456789012345680000");
    check_double(1e21, "1e21");
    check_double(0.000001, "0.000001");
    check_double(0.00000012, "1.2e-7");
    check_double(5e-324, "5e-324");
    check_double(2.2250738585072014e-308, "2.2250738585072014e-308");
    check_double(1.7976931348623157e308, "1.7976931348623157e308");
    check_double((double)NAN, "nan");
    check_double(-(double)INFINITY, "-inf");
}

static void doubles_come_back(void **unused) {
    QI_UNUSED(unused);
    uint64_t state = 99;
    for (int i = 0; i < 50000; i++) {
        uint64_t bits = next_random(&state);
        double value, read;
        memcpy(&value, &bits, sizeof value);
        if (i % 2 == 0)
            value = (double)(bits >> 11) / (double)(1 + (bits & 0xFFFF));
        if (!isfinite(value))
            continue;
        char text[QI_NUMBER_TEXT];
        size_t length = qi_format_double(text, value);
        assert_true(length < QI_NUMBER_TEXT && length == strlen(text));
        assert_true(qi_parse_double(text, length, &read));
        assert_memory_equal(&read, &value, sizeof value);
        assert_true(strtod(text, NULL) == value); /* the C library agrees */
    }
}

static void check_double_rounded(double value, int decimals, const char *wanted) {
    char text[64];
    assert_int_equal(qi_format_double_rounded(text, sizeof text, value, decimals),
                     strlen(wanted));
    assert_string_equal(text, wanted);
}

static void writes_doubles_rounded(void **unused) {
    QI_UNUSED(unused);
    check_double_rounded(12.34, 1, "12.3");
    check_double_rounded(0.25, 1, "0.3"); /* a true tie: away from zero */
    check_double_rounded(-0.25, 1, "-0.3");
    check_double_rounded(0.75, 1, "0.8");
    check_double_rounded(0.35, 1, "0.3"); /* the double is a little less */
    check_double_rounded(2.5, 0, "3");
    check_double_rounded(0.5, 0, "1");
    check_double_rounded(-0.04, 1, "0.0");
    check_double_rounded(-0.0, 2, "0.00");
    check_double_rounded(999.95, 1, "1000.0");
    check_double_rounded(1e22, 1, "10000000000000000000000.0");
    check_double_rounded((double)NAN, 1, "nan");
    char small[4] = "xyz";
    assert_int_equal(qi_format_double_rounded(small, sizeof small, 12.34, 1), 0);
    assert_string_equal(small, "");
    char large[400];
    assert_int_equal(qi_format_double_rounded(large, sizeof large, -1.7e308, 17), 1 + 309 + 18);
}

static void check_parse_double(const char *text, double wanted) {
    double value;
    assert_true(qi_parse_double(text, strlen(text), &value));
    assert_memory_equal(&value, &wanted, sizeof value);
}

static void reads_doubles(void **unused) {
    QI_UNUSED(unused);
    check_parse_double(" 12.5 ", 12.5);
    check_parse_double("-1e-3", -0.001);
    check_parse_double("9007199254740993", 9007199254740992.0); /* a tie: to even */
    check_parse_double("9007199254740993.00000000000000000000000000000000001",
                       9007199254740994.0);
    check_parse_double("2.2250738585072011e-308", 2.2250738585072011e-308);
    check_parse_double("1e23", 1e23);
    check_parse_double("1e-400", 0.0);
    double value;
    static const char *const BAD[] = {"", "1e400", "nan", "inf", "0x1p3", "1,5", "1.5x", "1 5"};
    for (size_t i = 0; i < QI_COUNT(BAD); i++) {
        assert_false(qi_parse_double(BAD[i], strlen(BAD[i]), &value));
        assert_true(value == 0.0);
    }
}

/* ---- under a locale with a decimal comma, made on the spot as few machines have one ---- */

static bool enter_comma_locale(char folder[32]) {
    static const char RULES[] = "LC_NUMERIC\ndecimal_point \",\"\nthousands_sep \".\"\n"
                                "grouping 3;3\nEND LC_NUMERIC\n";
    char path[64], command[256];
    memcpy(folder, "/tmp/quipu-locale-XXXXXX", 25);
    if (mkdtemp(folder) == NULL)
        return false;
    snprintf(path, sizeof path, "%s/rules", folder);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return false;
    fputs(RULES, file);
    fclose(file);
    /* It warns, and ends with 1, because the other categories are left out. */
    snprintf(command, sizeof command, "localedef -c -i %s/rules %s/comma >%s/log 2>&1", folder,
             folder, folder);
    int ignored = system(command);
    QI_UNUSED(ignored);
    setenv("LOCPATH", folder, 1);
    return setlocale(LC_NUMERIC, "comma") != NULL &&
           strcmp(localeconv()->decimal_point, ",") == 0;
}

static void leave_comma_locale(const char *folder) {
    char command[64];
    setlocale(LC_NUMERIC, "C");
    unsetenv("LOCPATH");
    snprintf(command, sizeof command, "rm -r %s", folder);
    int ignored = system(command);
    QI_UNUSED(ignored);
}

static void numbers_ignore_the_locale(void **unused) {
    char folder[32], text[64];
    bool there = enter_comma_locale(folder);
    if (there) {
        snprintf(text, sizeof text, "%.1f", 1.5);
        assert_string_equal(text, "1,5"); /* the trap is set */
        writes_doubles_shortest(unused);
        writes_doubles_rounded(unused);
        writes_scaled_exactly(unused);
        reads_doubles(unused);
    }
    leave_comma_locale(folder);
    if (!there)
        skip();
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_scaled_exactly),     cmocka_unit_test(writes_scaled_rounded),
        cmocka_unit_test(writes_doubles_shortest),   cmocka_unit_test(doubles_come_back),
        cmocka_unit_test(writes_doubles_rounded),    cmocka_unit_test(reads_doubles),
        cmocka_unit_test(numbers_ignore_the_locale),
    };
    return cmocka_run_group_tests_name("base: numbers written", tests, NULL, NULL);
}
