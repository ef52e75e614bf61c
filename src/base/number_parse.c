/* SPDX-License-Identifier: Apache-2.0 */
/* number_parse.c - decimal text to exact integers and to doubles, never through the locale.
 *
 * A field is: blanks, sign, digits with at most one point, exponent, blanks.  Nothing else:
 * no hexadecimal, no "nan" or "inf", no thousands separators.
 *
 * qi_parse_scaled is the inner loop of the importer and has two ways through.  Plain
 * "digits[.digits]" of up to 15 characters is read eight characters at a time.  Everything else
 * is first copied into a `decimal` (a string of digits and a power of ten), where rounding
 * and ranges can be decided digit by digit without any arithmetic that could overflow.
 */
#include "base/base.h"

/* More digits than any double needs to be told from its neighbours (767); what is beyond is
 * kept as one digit that says "and something more". */
#define MOST_DIGITS 800

/* digits[0] . digits[1] ... without point, times 10^exponent; no leading zeros, so n == 0 is
 * the number zero. */
typedef struct decimal {
    bool negative;
    size_t n;
    int64_t exponent;
    char digits[MOST_DIGITS + 1];
} decimal;

static const uint64_t POWERS[20] = {
    1u,
    10u,
    100u,
    1000u,
    10000u,
    100000u,
    1000000u,
    10000000u,
    100000000u,
    1000000000u,
    10000000000u,
    100000000000u,
    1000000000000u,
    10000000000000u,
    100000000000000u,
    1000000000000000u,
    10000000000000000u,
    100000000000000000u,
    1000000000000000000u,
    10000000000000000000u,
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* ---- the general way ---- */

/* Reads an optional "e-12" at *at.  Exponents beyond any meaning are held at a bound that
 * still cannot overflow when positions are added to it. */
static bool scan_exponent(const char **at, const char *end, int64_t *exponent) {
    const int64_t bound = INT64_MAX / 4;
    const char *p = *at;
    if (p == end || (*p != 'e' && *p != 'E'))
        return true;
    p++;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (p == end || !is_digit(*p))
        return false;
    int64_t value = 0;
    for (; p < end && is_digit(*p); p++)
        value = value < bound / 10 ? value * 10 + (*p - '0') : bound;
    *exponent += negative ? -value : value;
    *at = p;
    return true;
}

static bool scan_decimal(const char *text, size_t length, decimal *out) {
    const char *p = text, *end = text + length;
    while (p < end && is_blank(*p))
        p++;
    while (end > p && is_blank(end[-1]))
        end--;
    out->negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;

    bool any = false, point = false, more = false;
    out->n = 0;
    out->exponent = 0;
    for (; p < end; p++) {
        if (*p == '.') {
            if (point)
                return false;
            point = true;
            continue;
        }
        if (!is_digit(*p))
            break;
        any = true;
        if (out->n == MOST_DIGITS) {
            more |= *p != '0';
            out->exponent += point ? 0 : 1;
            continue;
        }
        if (out->n > 0 || *p != '0')
            out->digits[out->n++] = *p;
        out->exponent -= point ? 1 : 0;
    }
    if (!any || !scan_exponent(&p, end, &out->exponent) || p != end)
        return false;
    if (more) {
        out->digits[out->n++] = '1';
        out->exponent--;
    }
    if (out->n == 0) {
        out->exponent = 0;
        out->negative = false;
    }
    return true;
}

/* The nearest double of n digits times 10^exponent.  Both small: one exact operation.  Else
 * the C library, which rounds correctly; as the text has no point, the locale has no say. */
static double digits_to_double(const char *digits, size_t n, int64_t exponent) {
    if (n == 0)
        return 0.0;
    if (n <= 15 && exponent >= -22 && exponent <= 22) {
        static const double EXACT[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                         1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                         1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
        uint64_t whole = 0;
        for (size_t i = 0; i < n; i++)
            whole = whole * 10 + (uint64_t)(digits[i] - '0');
        return exponent < 0 ? (double)whole / EXACT[-exponent]
                            : (double)whole * EXACT[exponent];
    }
    /* Beyond these bounds the answer is infinity or zero whatever the digits. */
    if (exponent > 5000)
        exponent = 5000;
    if (exponent < -5000)
        exponent = -5000;
    char text[MOST_DIGITS + 16];
    memcpy(text, digits, n);
    snprintf(text + n, sizeof text - n, "e%d", (int)exponent);
    return strtod(text, NULL);
}

bool qi_parse_double(const char *text, size_t length, double *out) {
    decimal d;
    *out = 0.0;
    if (!scan_decimal(text, length, &d))
        return false;
    double value = digits_to_double(d.digits, d.n, d.exponent);
    if (value - value != 0.0) /* infinite */
        return false;
    *out = d.negative ? -value : value;
    return true;
}

/* What is lost when the fraction 0.f0 f1 ... times 10^-zeros goes down (itself) or up (itself
 * less one: the complement of every digit, plus one in the last place). */
static double fraction_lost(char *fraction, size_t n, uint64_t zeros, bool up) {
    int64_t exponent = -(int64_t)zeros - (int64_t)n;
    if (!up)
        return digits_to_double(fraction, n, exponent);
    /* Up means at least one half, so there are no zeros in front. */
    while (n > 0 && fraction[n - 1] == '0') {
        n--;
        exponent++;
    }
    size_t start = 0;
    for (size_t i = 0; i < n; i++) {
        fraction[i] = (char)('0' + (i + 1 == n ? 10 : 9) - (fraction[i] - '0'));
        if (start == i && fraction[i] == '0')
            start++;
    }
    return -digits_to_double(fraction + start, n - start, exponent);
}

/* The number times 10^scale as an integer magnitude, rounded half to even. */
static qi_number_result scale_decimal(decimal *d, int scale, uint64_t *out, double *lost) {
    int64_t exponent = d->exponent + scale;
    int64_t whole = (int64_t)d->n + exponent; /* digits before the point; may be negative */
    uint64_t value = 0;
    if (d->n == 0) {
        *out = 0;
        return QI_NUMBER_OK;
    }
    if (whole > 20)
        return QI_NUMBER_RANGE;
    size_t at = 0;
    for (int64_t i = 0; i < whole; i++) {
        uint64_t digit = at < d->n ? (uint64_t)(d->digits[at++] - '0') : 0;
        if (__builtin_mul_overflow(value, (uint64_t)10, &value) ||
            __builtin_add_overflow(value, digit, &value))
            return QI_NUMBER_RANGE;
    }
    char *fraction = d->digits + at;
    size_t n = d->n - at;
    bool nothing = true;
    for (size_t i = 0; i < n && nothing; i++)
        nothing = fraction[i] == '0';
    *out = value;
    if (nothing)
        return QI_NUMBER_OK;

    bool up = false;
    if (whole >= 0 && fraction[0] >= '5') {
        bool tie = fraction[0] == '5';
        for (size_t i = 1; i < n && tie; i++)
            tie = fraction[i] == '0';
        up = !tie || (value & 1) != 0;
    }
    *lost = fraction_lost(fraction, n, whole < 0 ? (uint64_t)-whole : 0, up);
    if (up && __builtin_add_overflow(value, (uint64_t)1, out))
        return QI_NUMBER_RANGE;
    return QI_NUMBER_ROUNDED;
}

/* Not inlined: its kilobyte of stack would burden every call of the plain way. */
__attribute__((noinline)) static qi_number_result parse_general(const char *text, size_t length,
                                                                int scale, bool allow_negative,
                                                                int64_t *out,
                                                                double *rounding) {
    decimal d;
    if (!scan_decimal(text, length, &d))
        return QI_NUMBER_BAD;
    if (d.negative && !allow_negative)
        return QI_NUMBER_NEGATIVE;
    uint64_t magnitude;
    double lost = 0.0;
    qi_number_result result = scale_decimal(&d, scale, &magnitude, &lost);
    if (result == QI_NUMBER_RANGE || magnitude > (uint64_t)INT64_MAX + (d.negative ? 1 : 0))
        return QI_NUMBER_RANGE;
    /* In two steps because -INT64_MIN has no positive twin. */
    *out = !d.negative      ? (int64_t)magnitude
           : magnitude == 0 ? 0
                            : -(int64_t)(magnitude - 1) - 1;
    if (rounding != NULL)
        *rounding = d.negative && lost != 0.0 ? -lost : lost;
    return result;
}

/* ---- the plain way ---- */

#define EIGHT(byte) (UINT64_C(0x0101010101010101) * (byte))

static inline uint64_t load8(const char *p) {
    uint64_t bytes;
    memcpy(&bytes, p, sizeof bytes);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    return bytes;
}

static inline uint64_t load4(const char *p) {
    uint32_t bytes;
    memcpy(&bytes, p, sizeof bytes);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap32(bytes);
#endif
    return bytes;
}

/* A field of up to 15 characters as 16 digits in two words, its last character in the top
 * byte of `high`, zeros in front.  Loads overlap rather than reach outside the field: it may
 * end where the mapped file ends. */
static inline void load_field(const char *p, size_t length, uint64_t *low, uint64_t *high) {
    if (length >= 8) {
        /* In two shifts, as one by 64 is undefined. */
        *low = (load8(p) ^ EIGHT('0')) << (63 - 8 * (length - 8)) << 1;
        *high = load8(p + length - 8) ^ EIGHT('0');
        return;
    }
    uint64_t bytes;
    if (length >= 4) {
        bytes = load4(p) | load4(p + length - 4) << 8 * (length - 4);
    } else {
        size_t middle = length / 2, last = length - 1;
        bytes = (uint64_t)(unsigned char)p[0] |
                (uint64_t)(unsigned char)p[middle] << 8 * middle |
                (uint64_t)(unsigned char)p[last] << 8 * last;
    }
    *low = 0;
    *high = (bytes ^ EIGHT('0')) << (64 - 8 * length);
}

/* The top bit of each byte that is not 0..9, without carries from byte to byte. */
static inline uint64_t not_digits(uint64_t x) {
    return (((x & EIGHT(0x7F)) + EIGHT(0x80 - 10)) | x) & EIGHT(0x80);
}

/* Eight digits, first in the lowest byte, joined to pairs, fours and eight, all at once. */
static inline uint64_t join_digits(uint64_t x) {
    x = (x * ((10u << 8) + 1)) >> 8 & UINT64_C(0x00FF00FF00FF00FF);
    x = (x * ((UINT64_C(100) << 16) + 1)) >> 16 & UINT64_C(0x0000FFFF0000FFFF);
    return (x * ((UINT64_C(10000) << 32) + 1)) >> 32;
}

/* "digits[.digits]" of 1..15 characters with up to 7 decimals; false for everything else. */
static inline bool read_plain(const char *p, size_t length, uint64_t *value, int *decimals) {
    uint64_t low, high;
    load_field(p, length, &low, &high);
    uint64_t other = not_digits(high);
    if (not_digits(low) != 0)
        return false;
    *decimals = 0;
    if (other != 0) {
        unsigned at = (unsigned)__builtin_ctzll(other) & ~7u;
        if ((other & (other - 1)) != 0 || (high >> at & 0xFF) != ('.' ^ '0') || length == 1)
            return false;
        /* Close the gap: what stands before the point moves one place towards the end. */
        uint64_t before = high & ((UINT64_C(1) << at) - 1);
        uint64_t after = high & ~UINT64_C(0) << at << 8;
        high = after | before << 8 | low >> 56;
        low <<= 8;
        *decimals = 7 - (int)(at >> 3);
    }
    *value = join_digits(low) * 100000000u + join_digits(high);
    return true;
}

/* value / 10^drop, rounded half to even; drop <= 15 keeps the remainder exact as a double. */
static qi_number_result divide(uint64_t value, unsigned drop, int64_t *out, double *rounding) {
    uint64_t power = POWERS[drop];
    uint64_t whole = value / power, rest = value % power;
    *out = (int64_t)whole;
    if (rest == 0)
        return QI_NUMBER_OK;
    int64_t lost = (int64_t)rest;
    if (rest > power - rest || (rest == power - rest && (whole & 1) != 0)) {
        lost -= (int64_t)power;
        *out += 1;
    }
    if (rounding != NULL)
        *rounding = (double)lost / (double)power;
    return QI_NUMBER_ROUNDED;
}

/* Past the blanks of a column padded to a width. */
static inline const char *skip_padding(const char *p, const char *end) {
    while (end - p >= 8) {
        uint64_t other = load8(p) ^ EIGHT(' ');
        if (other != 0)
            return p + (__builtin_ctzll(other) >> 3);
        p += 8;
    }
    while (p < end && *p == ' ')
        p++;
    return p;
}

qi_number_result qi_parse_scaled(const char *text, size_t length, int scale,
                                 bool allow_negative, int64_t *out, double *rounding) {
    const char *p = text, *end = text + length;
    *out = 0;
    if (rounding != NULL)
        *rounding = 0.0;
    if (p < end && *p == ' ')
        p = skip_padding(p, end);
    while (p < end && end[-1] == ' ')
        end--;

    uint64_t value;
    int decimals;
    size_t size = (size_t)(end - p);
    if (size - 1 < 15 && read_plain(p, size, &value, &decimals)) {
        int shift = scale - decimals;
        if (shift >= 0 && shift < (int)QI_COUNT(POWERS)) {
            uint64_t scaled;
            if (__builtin_mul_overflow(value, POWERS[shift], &scaled) || scaled > INT64_MAX)
                return QI_NUMBER_RANGE;
            *out = (int64_t)scaled;
            return QI_NUMBER_OK;
        }
        if (shift < 0 && shift >= -15)
            return divide(value, (unsigned)-shift, out, rounding);
    }
    return parse_general(text, length, scale, allow_negative, out, rounding);
}

bool qi_parse_int(const char *text, size_t length, int64_t *out) {
    /* Only blanks, a sign and digits: nobody writes a year "2e3" or a code "12.0". */
    for (size_t i = 0; i < length; i++) {
        if (!is_digit(text[i]) && !is_blank(text[i]) && text[i] != '-' && text[i] != '+') {
            *out = 0;
            return false;
        }
    }
    return qi_parse_scaled(text, length, 0, true, out, NULL) == QI_NUMBER_OK;
}
