/* SPDX-License-Identifier: Apache-2.0 */
/* test_code.c - product codes as numbers: order and prefixes are those of the texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "import/import.h"

static const char ALPHABET[] = "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_";

static uint64_t pack(const char *text) {
    return qi_code_pack(text, strlen(text));
}

static uint64_t draw(uint64_t *state) {
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Of few different characters, so that codes often share a beginning. */
static void draw_code(uint64_t *state, char text[16]) {
    size_t length = 1 + (size_t)(draw(state) % 12), few = 2 + (size_t)(draw(state) % 37);
    for (size_t i = 0; i < length; i++)
        text[i] = ALPHABET[draw(state) % few];
    text[length] = 0;
}

static void packs_and_unpacks(void **unused) {
    QI_UNUSED(unused);
    static const char *const CODES[] = {"0",
                                        "9",
                                        "01",
                                        "TOTAL",
                                        "260300",
                                        "S-1.2_",
                                        "------------",
                                        "____________",
                                        "000000000000",
                                        "ZZZZZZZZZZZZ"};
    char text[16];
    for (size_t i = 0; i < QI_COUNT(CODES); i++) {
        qi_code_unpack(pack(CODES[i]), text);
        assert_string_equal(text, CODES[i]);
    }
    uint64_t state = 1;
    for (int i = 0; i < 100000; i++) {
        char code[16];
        draw_code(&state, code);
        qi_code_unpack(pack(code), text);
        assert_string_equal(text, code);
    }
}

static void refuses_what_is_no_code(void **unused) {
    QI_UNUSED(unused);
    assert_int_equal(qi_code_pack("", 0), 0);
    assert_int_equal(pack("1234567890123"), 0);
    assert_int_equal(pack("ab"), 0); /* capitals only: the reader makes them so */
    assert_int_equal(pack("26 03"), 0);
    assert_int_equal(pack("26/03"), 0);
    assert_int_equal(qi_code_pack("26\0", 3), 0);
    assert_int_equal(pack("\xC3\x91"), 0);
    for (int c = 0; c < 256; c++) {
        char one = (char)c;
        bool allowed = c != 0 && strchr(ALPHABET, c) != NULL;
        assert_int_equal(qi_code_pack(&one, 1) != 0, allowed);
    }
}

static void numbers_rise_as_texts_do(void **unused) {
    QI_UNUSED(unused);
    for (size_t i = 0; i + 1 < sizeof ALPHABET - 1; i++) {
        assert_true(ALPHABET[i] < ALPHABET[i + 1]);
        assert_true(qi_code_pack(&ALPHABET[i], 1) < qi_code_pack(&ALPHABET[i + 1], 1));
    }
    uint64_t state = 2;
    for (int i = 0; i < 300000; i++) {
        char a[16], b[16];
        draw_code(&state, a);
        draw_code(&state, b);
        int texts = strcmp(a, b);
        uint64_t x = pack(a), y = pack(b);
        assert_int_equal((texts > 0) - (texts < 0), (x > y) - (x < y));
    }
}

static void prefixes_are_ranges(void **unused) {
    QI_UNUSED(unused);
    uint64_t state = 3;
    for (int i = 0; i < 300000; i++) {
        char prefix[16], code[16];
        draw_code(&state, prefix);
        draw_code(&state, code);
        if (draw(&state) % 2 == 0) /* let it begin so more often than by chance */
            memcpy(code, prefix, draw(&state) % (strlen(prefix) + 1));
        uint64_t first = pack(prefix), after = qi_code_after(first), x = pack(code);
        bool inside = x >= first && x < after;
        assert_int_equal(inside, strncmp(code, prefix, strlen(prefix)) == 0);
    }
    assert_true(qi_code_after(pack("26")) > pack("26__________"));
    assert_int_equal(qi_code_after(pack("260300")), pack("260301"));
    assert_int_equal(qi_code_after(pack("____________")), pack("____________") + 1);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packs_and_unpacks),
        cmocka_unit_test(refuses_what_is_no_code),
        cmocka_unit_test(numbers_rise_as_texts_do),
        cmocka_unit_test(prefixes_are_ranges),
    };
    return cmocka_run_group_tests_name("import: codes", tests, NULL, NULL);
}
