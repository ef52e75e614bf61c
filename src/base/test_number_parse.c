/* SPDX-License-Identifier: Apache-2.0 */
/* test_number_parse.c - scaled numbers read: against a slow reference, and by hand. */
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

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

/* ---- the reference: school arithmetic on long numbers ---- */

#define LIMBS 24 /* of nine digits, the lowest first */
typedef struct big {
    uint32_t limb[LIMBS];
} big;

static void big_times(big *x, uint32_t factor, uint32_t plus) {
    uint64_t carry = plus;
    for (int i = 0; i < LIMBS; i++) {
        carry += (uint64_t)x->limb[i] * factor;
        x->limb[i] = (uint32_t)(carry % 1000000000);
        carry /= 1000000000;
    }
    assert_int_equal(carry, 0);
}

static int big_compare(const big *x, const big *y) {
    for (int i = LIMBS - 1; i >= 0; i--) {
        if (x->limb[i] != y->limb[i])
            return x->limb[i] < y->limb[i] ? -1 : 1;
    }
    return 0;
}

static void big_minus(big *x, const big *y) {
    int64_t borrow = 0;
    for (int i = 0; i < LIMBS; i++) {
        int64_t d = (int64_t)x->limb[i] - y->limb[i] - borrow;
        borrow = d < 0;
        x->limb[i] = (uint32_t)(d + (borrow ? 1000000000 : 0));
    }
    assert_int_equal(borrow, 0);
}

static double big_double(const big *x) {
    long double sum = 0;
    for (int i = LIMBS - 1; i >= 0; i--)
        sum = sum * 1e9L + x->limb[i];
    return (double)sum;
}

/* x / y rounded down, x becoming the rest; UINT64_MAX stands for 2^64 and more. */
static uint64_t big_divide(big *x, const big *y) {
    static big doubled[65];
    doubled[0] = *y;
    for (int i = 1; i <= 64; i++) {
        doubled[i] = doubled[i - 1];
        big_times(&doubled[i], 2, 0);
    }
    if (big_compare(x, &doubled[64]) >= 0)
        return UINT64_MAX;
    uint64_t quotient = 0;
    for (int i = 63; i >= 0; i--) {
        if (big_compare(x, &doubled[i]) >= 0) {
            big_minus(x, &doubled[i]);
            quotient |= UINT64_C(1) << i;
        }
    }
    return quotient;
}

/* For fields without blanks and with small exponents. */
static qi_number_result reference(const char *text, int scale, int64_t *out, double *lost) {
    big number = {{0}}, unit = {{1}};
    int power = scale, n_digits = 0;
    bool negative = *text == '-', zero = true;
    *out = 0;
    *lost = 0;
    text += *text == '-' || *text == '+';
    for (; *text >= '0' && *text <= '9'; text++, n_digits++)
        big_times(&number, 10, (uint32_t)(*text - '0'));
    if (*text == '.') {
        for (text++; *text >= '0' && *text <= '9'; text++, n_digits++, power--)
            big_times(&number, 10, (uint32_t)(*text - '0'));
    }
    if (n_digits == 0)
        return QI_NUMBER_BAD;
    if (*text == 'e' || *text == 'E') {
        char *end;
        if (!(text[1] >= '0' && text[1] <= '9') &&
            !((text[1] == '-' || text[1] == '+') && text[2] >= '0' && text[2] <= '9'))
            return QI_NUMBER_BAD;
        power += (int)strtol(text + 1, &end, 10);
        text = end;
    }
    if (*text != '\0')
        return QI_NUMBER_BAD;
    for (int i = 0; i < LIMBS; i++)
        zero &= number.limb[i] == 0;
    for (; power > 0 && !zero; power--)
        big_times(&number, 10, 0);
    for (; power < 0 && !zero; power++)
        big_times(&unit, 10, 0);
    uint64_t whole = big_divide(&number, &unit);
    if (whole > (uint64_t)INT64_MAX + negative)
        return QI_NUMBER_RANGE;
    big twice = number;
    big_times(&twice, 2, 0);
    int half = big_compare(&twice, &unit);
    bool exact = big_compare(&number, &(big){{0}}) == 0;
    *lost = big_double(&number) / big_double(&unit);
    if (half > 0 || (half == 0 && (whole & 1) != 0)) {
        whole++;
        big rest = unit;
        big_minus(&rest, &number);
        *lost = -big_double(&rest) / big_double(&unit);
    }
    if (whole > (uint64_t)INT64_MAX + negative)
        return QI_NUMBER_RANGE;
    *out = (int64_t)(negative ? (uint64_t)0 - whole : whole);
    *lost = negative ? -*lost : *lost;
    return exact ? QI_NUMBER_OK : QI_NUMBER_ROUNDED;
}

/* ---- fields where reading one byte too many is a fault ---- */

typedef struct cage {
    char *base;
    size_t page;
} cage;

static cage make_cage(void) {
    cage made = {.page = (size_t)sysconf(_SC_PAGESIZE)};
    int zero = open("/dev/zero", O_RDWR);
    assert_true(zero >= 0);
    made.base = mmap(NULL, 3 * made.page, PROT_NONE, MAP_PRIVATE, zero, 0);
    assert_true(made.base != MAP_FAILED);
    assert_int_equal(mprotect(made.base + made.page, made.page, PROT_READ | PROT_WRITE), 0);
    close(zero);
    return made;
}

static const char *at_end(const cage *c, const char *text) {
    size_t length = strlen(text);
    return memcpy(c->base + 2 * c->page - length, text, length);
}

static const char *at_start(const cage *c, const char *text) {
    return memcpy(c->base + c->page, text, strlen(text));
}

static void free_cage(cage *c) {
    munmap(c->base, 3 * c->page);
}

/* ---- reading ---- */

static void random_field(uint64_t *state, char *out, size_t size) {
    static const char NOISE[] = "0123456789..eE+-x ";
    size_t n = 0;
    unsigned kind = below(state, 10);
    if (below(state, 8) == 0)
        out[n++] = "-+"[below(state, 2)];
    if (kind == 0) {
        for (unsigned i = below(state, 12); i > 0; i--)
            out[n++] = NOISE[below(state, sizeof NOISE - 1)];
    } else {
        /* Runs of 0, 5 and 9 make ties and carries. */
        const char *digits = kind < 4 ? "0059" : "0123456789";
        unsigned n_kinds = kind < 4 ? 4 : 10;
        for (unsigned i = below(state, kind == 9 ? 24 : 12); i > 0; i--)
            out[n++] = digits[below(state, n_kinds)];
        if (below(state, 3) != 0)
            out[n++] = '.';
        for (unsigned i = below(state, kind == 9 ? 24 : 9); i > 0; i--)
            out[n++] = digits[below(state, n_kinds)];
        if (kind == 5)
            n += (size_t)snprintf(out + n, size - n, "%c%+d", "eE"[below(state, 2)],
                                  (int)below(state, 40) - 20);
    }
    out[n] = '\0';
}

static void reads_like_the_reference(void **unused) {
    QI_UNUSED(unused);
    static const int SCALES[] = {0, 3, 6, 2, -2, 9};
    uint64_t state = 20110101;
    cage c = make_cage();
    unsigned seen[5] = {0};
    for (int i = 0; i < 30000; i++) {
        char field[96];
        random_field(&state, field, sizeof field);
        size_t length = strlen(field);
        if (length > 0 && (field[0] == ' ' || field[length - 1] == ' '))
            continue; /* blanks have their own test */
        const char *e = strpbrk(field, "eE");
        if (e != NULL && labs(strtol(e + 1, NULL, 10)) > 40)
            continue; /* too long for the reference */
        int scale = SCALES[below(&state, QI_COUNT(SCALES))];
        int64_t value, wanted;
        double lost, wanted_lost;
        qi_number_result result = reference(field, scale, &wanted, &wanted_lost);
        const char *placed = i % 2 == 0 ? at_end(&c, field) : at_start(&c, field);
        qi_number_result got = qi_parse_scaled(placed, length, scale, true, &value, &lost);
        if (got != result || value != wanted ||
            fabs(lost - wanted_lost) > 1e-15 * fabs(wanted_lost))
            fail_msg("'%s' scale %d: got %d %lld %.17g, wanted %d %lld %.17g", field, scale,
                     got, (long long)value, lost, result, (long long)wanted, wanted_lost);
        seen[result]++;
    }
    /* The cases must really have been met. */
    assert_true(seen[QI_NUMBER_OK] > 1000 && seen[QI_NUMBER_ROUNDED] > 1000);
    assert_true(seen[QI_NUMBER_BAD] > 500 && seen[QI_NUMBER_RANGE] > 100);
    free_cage(&c);
}

typedef struct reading {
    const char *text;
    int scale;
    qi_number_result result;
    int64_t value;
    double lost;
} reading;

static const reading READINGS[] = {
    {"490605.12", 3, QI_NUMBER_OK, 490605120, 0},
    {"0", 3, QI_NUMBER_OK, 0, 0},
    {".5", 1, QI_NUMBER_OK, 5, 0},
    {"5.", 0, QI_NUMBER_OK, 5, 0},
    {"+7", 0, QI_NUMBER_OK, 7, 0},
    {"-0", 3, QI_NUMBER_OK, 0, 0},
    {"-12.5", 3, QI_NUMBER_OK, -12500, 0},
    {"          12.5", 1, QI_NUMBER_OK, 125, 0},
    {"   3   ", 0, QI_NUMBER_OK, 3, 0},
    {"\t3\t", 0, QI_NUMBER_OK, 3, 0},
    {"1e3", 0, QI_NUMBER_OK, 1000, 0},
    {"1E+03", 3, QI_NUMBER_OK, 1000000, 0},
    {"12e-1", 1, QI_NUMBER_OK, 12, 0},
    {"4.38696990966797E+05", 3, QI_NUMBER_ROUNDED, 438696991, -0.033203},
    {"0e999999999999999999999", 3, QI_NUMBER_OK, 0, 0},
    {"1e-999999999999999999999", 3, QI_NUMBER_ROUNDED, 0, 0},
    {"000000000000000000000000000012.5", 1, QI_NUMBER_OK, 125, 0},
    {"12.50000000000000000000000000000000000", 1, QI_NUMBER_OK, 125, 0},
    /* Half to even, both ways through. */
    {"0.5", 0, QI_NUMBER_ROUNDED, 0, 0.5},
    {"1.5", 0, QI_NUMBER_ROUNDED, 2, -0.5},
    {"2.5", 0, QI_NUMBER_ROUNDED, 2, 0.5},
    {"-2.5", 0, QI_NUMBER_ROUNDED, -2, -0.5},
    {"2.5000000000000000000000000000000001", 0, QI_NUMBER_ROUNDED, 3, -0.5},
    {"0.0005", 3, QI_NUMBER_ROUNDED, 0, 0.5},
    {"0.0015", 3, QI_NUMBER_ROUNDED, 2, -0.5},
    {"0.4", 0, QI_NUMBER_ROUNDED, 0, 0.4},
    {"0.6", 0, QI_NUMBER_ROUNDED, 1, -0.4},
    {"0.00000000000000000000000000004", 3, QI_NUMBER_ROUNDED, 0, 4e-26},
    {"0.99999999999999999999", 0, QI_NUMBER_ROUNDED, 1, -1e-20},
    {"99999999999999.9", 0, QI_NUMBER_ROUNDED, 100000000000000, -0.1},
    /* The ends of the range. */
    {"9223372036854775807", 0, QI_NUMBER_OK, INT64_MAX, 0},
    {"9223372036854775.807", 3, QI_NUMBER_OK, INT64_MAX, 0},
    {"9223372036854775808", 0, QI_NUMBER_RANGE, 0, 0},
    {"9223372036854775807.4", 0, QI_NUMBER_ROUNDED, INT64_MAX, 0.4},
    {"9223372036854775807.5", 0, QI_NUMBER_RANGE, 0, 0},
    {"-9223372036854775808", 0, QI_NUMBER_OK, INT64_MIN, 0},
    {"-9223372036854775808.5", 0, QI_NUMBER_ROUNDED, INT64_MIN, -0.5},
    {"-9223372036854775809", 0, QI_NUMBER_RANGE, 0, 0},
    {"18446744073709551616", 0, QI_NUMBER_RANGE, 0, 0},
    {"99999999999999999999999", 0, QI_NUMBER_RANGE, 0, 0},
    {"9223372036854.775808", 6, QI_NUMBER_RANGE, 0, 0},
    {"1e400", 0, QI_NUMBER_RANGE, 0, 0},
    {"1e19", 0, QI_NUMBER_RANGE, 0, 0},
    {"1e18", 0, QI_NUMBER_OK, 1000000000000000000, 0},
    {"123456789012", 9, QI_NUMBER_RANGE, 0, 0},
    /* No numbers. */
    {"", 0, QI_NUMBER_BAD, 0, 0},
    {" ", 0, QI_NUMBER_BAD, 0, 0},
    {"         ", 0, QI_NUMBER_BAD, 0, 0},
    {".", 0, QI_NUMBER_BAD, 0, 0},
    {"-", 0, QI_NUMBER_BAD, 0, 0},
    {"-.", 0, QI_NUMBER_BAD, 0, 0},
    {"- 5", 0, QI_NUMBER_BAD, 0, 0},
    {"--5", 0, QI_NUMBER_BAD, 0, 0},
    {"1.2.3", 0, QI_NUMBER_BAD, 0, 0},
    {"1..", 0, QI_NUMBER_BAD, 0, 0},
    {"1,234", 0, QI_NUMBER_BAD, 0, 0},
    {"1 234", 0, QI_NUMBER_BAD, 0, 0},
    {"1234567 1234567", 0, QI_NUMBER_BAD, 0, 0},
    {"0x10", 0, QI_NUMBER_BAD, 0, 0},
    {"nan", 0, QI_NUMBER_BAD, 0, 0},
    {"NaN", 0, QI_NUMBER_BAD, 0, 0},
    {"inf", 0, QI_NUMBER_BAD, 0, 0},
    {"-Infinity", 0, QI_NUMBER_BAD, 0, 0},
    {"1e", 0, QI_NUMBER_BAD, 0, 0},
    {"1e+", 0, QI_NUMBER_BAD, 0, 0},
    {"1e5.0", 0, QI_NUMBER_BAD, 0, 0},
    {"e5", 0, QI_NUMBER_BAD, 0, 0},
    {"5\xC2\xA0", 0, QI_NUMBER_BAD, 0, 0},
    {"\xB1\xB2", 0, QI_NUMBER_BAD, 0, 0},
    {"12345678/", 0, QI_NUMBER_BAD, 0, 0},
    {"12345678:", 0, QI_NUMBER_BAD, 0, 0},
};

static void reads_known_fields(void **unused) {
    QI_UNUSED(unused);
    cage c = make_cage();
    for (size_t i = 0; i < QI_COUNT(READINGS); i++) {
        const reading *r = &READINGS[i];
        int64_t value = 77;
        double lost = 77;
        qi_number_result got = qi_parse_scaled(at_end(&c, r->text), strlen(r->text), r->scale,
                                               true, &value, &lost);
        if (got != r->result || value != r->value ||
            fabs(lost - r->lost) > 1e-6 * fabs(r->lost))
            fail_msg("'%s' scale %d: got %d %lld %.17g", r->text, r->scale, got,
                     (long long)value, lost);
        /* The part lost may be of no interest. */
        assert_int_equal(
            qi_parse_scaled(r->text, strlen(r->text), r->scale, true, &value, NULL), got);
    }
    free_cage(&c);
    int64_t value;
    assert_int_equal(qi_parse_scaled("1\0002", 3, 0, true, &value, NULL), QI_NUMBER_BAD);
}

static void negatives_only_where_allowed(void **unused) {
    QI_UNUSED(unused);
    int64_t value;
    assert_int_equal(qi_parse_scaled("-5", 2, 3, false, &value, NULL), QI_NUMBER_NEGATIVE);
    assert_int_equal(value, 0);
    assert_int_equal(qi_parse_scaled("-0.0001", 7, 3, false, &value, NULL), QI_NUMBER_NEGATIVE);
    assert_int_equal(qi_parse_scaled("-0.00", 5, 3, false, &value, NULL), QI_NUMBER_OK);
    assert_int_equal(qi_parse_scaled("-x", 2, 3, false, &value, NULL), QI_NUMBER_BAD);
}

static void very_long_fields(void **unused) {
    QI_UNUSED(unused);
    static char field[5000];
    int64_t value;
    double lost;
    memset(field, '0', sizeof field);
    field[0] = '2';
    field[1] = '.';
    field[2] = '5';
    assert_int_equal(qi_parse_scaled(field, sizeof field, 0, true, &value, &lost),
                     QI_NUMBER_ROUNDED);
    assert_int_equal(value, 2);
    field[sizeof field - 1] = '1'; /* just over the tie, 5000 places on */
    assert_int_equal(qi_parse_scaled(field, sizeof field, 0, true, &value, &lost),
                     QI_NUMBER_ROUNDED);
    assert_int_equal(value, 3);
    memset(field, '9', sizeof field);
    assert_int_equal(qi_parse_scaled(field, sizeof field, 0, true, &value, &lost),
                     QI_NUMBER_RANGE);
    double real;
    assert_false(qi_parse_double(field, sizeof field, &real));
    memset(field, '0', sizeof field);
    assert_true(qi_parse_double(field, sizeof field, &real));
    assert_true(real == 0.0);
}

static void reads_integers(void **unused) {
    QI_UNUSED(unused);
    int64_t value;
    assert_true(qi_parse_int(" 2011 ", 6, &value));
    assert_int_equal(value, 2011);
    assert_true(qi_parse_int("-3", 2, &value));
    assert_int_equal(value, -3);
    assert_false(qi_parse_int("2011.0", 6, &value));
    assert_int_equal(value, 0);
    assert_false(qi_parse_int("2e3", 3, &value));
    assert_false(qi_parse_int("", 0, &value));
    assert_false(qi_parse_int("9223372036854775808", 19, &value));
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_like_the_reference),
        cmocka_unit_test(reads_known_fields),
        cmocka_unit_test(negatives_only_where_allowed),
        cmocka_unit_test(very_long_fields),
        cmocka_unit_test(reads_integers),
    };
    return cmocka_run_group_tests_name("base: numbers read", tests, NULL, NULL);
}
