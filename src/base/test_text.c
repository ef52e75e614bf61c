/* SPDX-License-Identifier: Apache-2.0 */
/* test_text.c - folding, width, spelling distance, UTF-8, hash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"

static void check_fold(const char *text, const char *wanted) {
    char out[128];
    assert_int_equal(qi_fold(text, strlen(text), out, sizeof out), strlen(wanted));
    assert_string_equal(out, wanted);
}

static void folds_names(void **unused) {
    QI_UNUSED(unused);
    check_fold("Côte d'Ivoire", "cote d ivoire");
    check_fold("C\xC3\xB4te d\xE2\x80\x99Ivoire", "cote d ivoire"); /* curly apostrophe */
    check_fold("Co\xCC\x82te  d'IVOIRE ", "cote d ivoire");         /* combining accent */
    check_fold("  Korea,  Rep.  of ", "korea rep of");
    check_fold("Türkiye", "turkiye");
    check_fold("Perú", "peru");
    check_fold("Åland / Ærø", "aland aero");
    check_fold("Łódź Straße İstanbul ıspanak", "lodz strasse istanbul ispanak");
    check_fold("日本", "日本");
    check_fold("HS 2007", "hs 2007");
    check_fold("...", "");
    check_fold("", "");
    check_fold("a\xFF\x62", "a b"); /* not UTF-8 */
}

static void folding_respects_its_room(void **unused) {
    QI_UNUSED(unused);
    char out[8];
    memset(out, 'x', sizeof out);
    assert_int_equal(qi_fold("abcdefgh", 8, out, 4), 3);
    assert_string_equal(out, "abc");
    assert_int_equal(out[4], 'x');
    assert_int_equal(qi_fold("日本", 6, out, 6), 3); /* no half characters */
    assert_string_equal(out, "日");
    assert_int_equal(qi_fold("ab cd", 5, out, 4), 2); /* no blank at the end */
    assert_string_equal(out, "ab");
    assert_int_equal(qi_fold("abc", 3, out, 0), 0);
}

static void folding_twice_changes_nothing(void **unused) {
    QI_UNUSED(unused);
    for (int32_t point = 1; point < 0x3000; point++) {
        if (point < 0x80)
            continue;
        char text[8], once[64], twice[64];
        size_t n = 0;
        if (point < 0x800) {
            text[n++] = (char)(0xC0 | point >> 6);
        } else {
            text[n++] = (char)(0xE0 | point >> 12);
            text[n++] = (char)(0x80 | (point >> 6 & 0x3F));
        }
        text[n++] = (char)(0x80 | (point & 0x3F));
        size_t length = qi_fold(text, n, once, sizeof once);
        assert_true(qi_utf8_valid(once, length));
        qi_fold(once, length, twice, sizeof twice);
        assert_string_equal(once, twice);
    }
}

static void measures_width(void **unused) {
    QI_UNUSED(unused);
    assert_int_equal(qi_display_width(""), 0);
    assert_int_equal(qi_display_width("Peru"), 4);
    assert_int_equal(qi_display_width("Côte"), 4);
    assert_int_equal(qi_display_width("Co\xCC\x82te"), 4);
    assert_int_equal(qi_display_width("日本"), 4);
    assert_int_equal(qi_display_width("\xFFx"), 2);
}

static void measures_spelling_distance(void **unused) {
    QI_UNUSED(unused);
    assert_int_equal(qi_edit_distance("peru", "peru", 3), 0);
    assert_int_equal(qi_edit_distance("peru", "pero", 3), 1);
    assert_int_equal(qi_edit_distance("peru", "preu", 3), 1); /* a swap */
    assert_int_equal(qi_edit_distance("peru", "eru", 3), 1);
    assert_int_equal(qi_edit_distance("", "eru", 3), 3);
    assert_int_equal(qi_edit_distance("kitten", "sitting", 5), 3);
    assert_int_equal(qi_edit_distance("kitten", "sitting", 2), 3); /* capped */
    assert_int_equal(qi_edit_distance("abc", "xyz", 0), 1);
    assert_int_equal(qi_edit_distance("日本", "日木", 3), 1); /* characters, not bytes */
    assert_int_equal(qi_edit_distance("ca", "abc", 5), 3);    /* no edits inside a swap */
    assert_int_equal(qi_edit_distance("abcd", "badc", 2), 2);
    char longer[400], other[400];
    memset(longer, 'a', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    memcpy(other, longer, sizeof other);
    assert_int_equal(qi_edit_distance(longer, other, 2), 0);
    other[7] = 'b';
    assert_int_equal(qi_edit_distance(longer, other, 2), 3);
}

static void recognises_utf8(void **unused) {
    QI_UNUSED(unused);
    assert_true(qi_utf8_valid("", 0));
    assert_true(qi_utf8_valid("plain ASCII text of more than eight bytes", 41));
    assert_true(qi_utf8_valid("日本", 6));
    assert_true(qi_utf8_valid("\0", 1));
    assert_true(qi_utf8_valid("\xF0\x9F\x8C\x8D", 4));
    assert_false(qi_utf8_valid("日本", 5));
    assert_false(qi_utf8_valid("ASCII before \xE9 Latin-1", 22));
    assert_false(qi_utf8_valid("\xC0\xAF", 2));         /* overlong */
    assert_false(qi_utf8_valid("\xED\xA0\x80", 3));     /* surrogate */
    assert_false(qi_utf8_valid("\xF4\x90\x80\x80", 4)); /* beyond U+10FFFF */
    assert_false(qi_utf8_valid("12345678\xFF", 9));
}

static void walks_code_points(void **unused) {
    QI_UNUSED(unused);
    const char text[] = "a\xC3\xB4\xFF\xE6\x97";
    size_t at = 0;
    assert_int_equal(qi_utf8_next(text, 6, &at), 'a');
    assert_int_equal(qi_utf8_next(text, 6, &at), 0xF4);
    assert_int_equal(qi_utf8_next(text, 6, &at), -1);
    assert_int_equal(qi_utf8_next(text, 6, &at), -1); /* cut off at the end */
    assert_int_equal(at, 5);
}

static void hashes(void **unused) {
    QI_UNUSED(unused);
    /* XXH3 of nothing is published; the rest must merely differ. */
    assert_true(qi_hash64("", 0) == UINT64_C(0x2D06800538D394C2));
    assert_true(qi_hash64("peru", 4) != qi_hash64("Peru", 4));
}

static void words_of_a_list(void **unused) {
    QI_UNUSED(unused);
    assert_true(qi_has_word("a bc  d", "a") && qi_has_word("a bc  d", "bc"));
    assert_true(qi_has_word("a bc  d", "d"));
    assert_false(qi_has_word("a bc  d", "b") || qi_has_word("a bc  d", "c"));
    assert_false(qi_has_word("bcbc", "bc") || qi_has_word("", "a") || qi_has_word(NULL, "a"));
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_names),
        cmocka_unit_test(folding_respects_its_room),
        cmocka_unit_test(folding_twice_changes_nothing),
        cmocka_unit_test(measures_width),
        cmocka_unit_test(measures_spelling_distance),
        cmocka_unit_test(recognises_utf8),
        cmocka_unit_test(walks_code_points),
        cmocka_unit_test(hashes),
        cmocka_unit_test(words_of_a_list),
    };
    return cmocka_run_group_tests_name("base: text", tests, NULL, NULL);
}
