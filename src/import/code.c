/* SPDX-License-Identifier: Apache-2.0 */
/* code.c - product codes as numbers that sort like text.  40^12 is just below 2^64. */
#include "import.h"

/* '-' < '.' < digits < letters < '_' as in ASCII, so that the order is that of strcmp. */
const uint8_t qi_code_digit[256] = {
    ['-'] = 1,  ['.'] = 2,  ['0'] = 3,  ['1'] = 4,  ['2'] = 5,  ['3'] = 6,  ['4'] = 7,
    ['5'] = 8,  ['6'] = 9,  ['7'] = 10, ['8'] = 11, ['9'] = 12, ['A'] = 13, ['B'] = 14,
    ['C'] = 15, ['D'] = 16, ['E'] = 17, ['F'] = 18, ['G'] = 19, ['H'] = 20, ['I'] = 21,
    ['J'] = 22, ['K'] = 23, ['L'] = 24, ['M'] = 25, ['N'] = 26, ['O'] = 27, ['P'] = 28,
    ['Q'] = 29, ['R'] = 30, ['S'] = 31, ['T'] = 32, ['U'] = 33, ['V'] = 34, ['W'] = 35,
    ['X'] = 36, ['Y'] = 37, ['Z'] = 38, ['_'] = 39};

static const char LETTER[] = "?-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_";

static const uint64_t PLACE[13] = {UINT64_C(419430400000000000), /* 40^11 */
                                   UINT64_C(10485760000000000),
                                   UINT64_C(262144000000000),
                                   UINT64_C(6553600000000),
                                   UINT64_C(163840000000),
                                   UINT64_C(4096000000),
                                   UINT64_C(102400000),
                                   UINT64_C(2560000),
                                   UINT64_C(64000),
                                   UINT64_C(1600),
                                   UINT64_C(40),
                                   UINT64_C(1),
                                   UINT64_C(0)};

uint64_t qi_code_pack(const char *text, size_t length) {
    if (length == 0 || length > 12)
        return 0;
    uint64_t code = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned digit = qi_code_digit[(unsigned char)text[i]];
        if (digit == 0)
            return 0;
        code = code * 40 + digit;
    }
    return code * PLACE[length - 1];
}

void qi_code_unpack(uint64_t code, char text[16]) {
    size_t i = 0;
    for (; i < 12 && code != 0; i++) {
        text[i] = LETTER[code / PLACE[i] % 40];
        code %= PLACE[i];
    }
    text[i] = 0;
}

uint64_t qi_code_after(uint64_t code) {
    size_t length = 12;
    while (length > 1 && code % PLACE[length - 2] == 0)
        length--;
    return code + PLACE[length - 1];
}
