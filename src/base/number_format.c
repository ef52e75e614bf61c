/* SPDX-License-Identifier: Apache-2.0 */
/* number_format.c - scaled integers and doubles as text, never through the locale.
 *
 * The C library's conversion to digits is exact and is used; but its decimal point belongs to
 * the locale (and may be several bytes long), so only its digits are taken from it.
 */
#include "base/base.h"

#include <math.h>

/* Digits of `value`, at least `least` of them; returns how many. */
static size_t put_digits(char out[24], uint64_t value, size_t least) {
    char reversed[24];
    size_t n = 0;
    while (value > 0 || n < least) {
        reversed[n++] = (char)('0' + value % 10);
        value /= 10;
    }
    for (size_t i = 0; i < n; i++)
        out[i] = reversed[n - 1 - i];
    return n;
}

/* value / 10^scale with exactly `scale` decimals, or without trailing zeros. */
static size_t put_fixed(char out[QI_NUMBER_TEXT], bool negative, uint64_t value, int scale,
                        bool strip) {
    char digits[24];
    size_t n = put_digits(digits, value, 1), length = 0;
    size_t decimals = scale > 0 ? (size_t)scale : 0;
    size_t zeros = scale < 0 && value != 0 ? (size_t)-scale : 0;
    if (negative)
        out[length++] = '-';
    if (n <= decimals) {
        out[length++] = '0';
    } else {
        memcpy(out + length, digits, n - decimals);
        length += n - decimals;
    }
    memset(out + length, '0', zeros);
    length += zeros;
    if (decimals > 0) {
        out[length++] = '.';
        size_t lead = n < decimals ? decimals - n : 0;
        memset(out + length, '0', lead);
        length += lead;
        memcpy(out + length, digits + (n - (decimals - lead)), decimals - lead);
        length += decimals - lead;
        if (strip) {
            while (out[length - 1] == '0')
                length--;
            if (out[length - 1] == '.')
                length--;
        }
    }
    out[length] = '\0';
    return length;
}

static uint64_t magnitude(int64_t value) {
    return value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
}

static int clamp(int value, int low, int high) {
    return value < low ? low : value > high ? high : value;
}

size_t qi_format_scaled(char out[QI_NUMBER_TEXT], int64_t value, int scale) {
    return put_fixed(out, value < 0, magnitude(value), clamp(scale, -18, 36), true);
}

size_t qi_format_scaled_rounded(char out[QI_NUMBER_TEXT], int64_t value, int scale,
                                int decimals) {
    scale = clamp(scale, 0, 36);
    decimals = clamp(decimals, 0, 17);
    uint64_t number = magnitude(value);
    int kept = scale;
    if (scale - decimals >= 20) { /* 10^20 is more than any number here */
        number = 0;
        kept = decimals;
    } else if (scale > decimals) {
        uint64_t power = 1;
        for (int i = decimals; i < scale; i++)
            power *= 10;
        uint64_t rest = number % power;
        number = number / power + (rest >= power - rest ? 1 : 0);
        kept = decimals;
    }
    size_t length = put_fixed(out, value < 0 && number != 0, number, kept, false);
    if (kept < decimals) {
        if (kept == 0)
            out[length++] = '.';
        memset(out + length, '0', (size_t)(decimals - kept));
        length += (size_t)(decimals - kept);
        out[length] = '\0';
    }
    return length;
}

/* ---- doubles ---- */

/* The first `n` significant digits of a positive finite double, correctly rounded, and the
 * power of ten of the first. */
static int significant_digits(char *digits, int n, double value) {
    char text[64]; /* "d,dddddddddddddddde-308" with room for a long decimal point */
    snprintf(text, sizeof text, "%.*e", n - 1, value);
    const char *p = text;
    memset(digits, '0', (size_t)n);
    for (int i = 0; *p != '\0' && *p != 'e'; p++) {
        if (*p >= '0' && *p <= '9' && i < n)
            digits[i++] = *p;
    }
    int exponent = 0;
    bool negative = false;
    for (p += *p == 'e'; *p != '\0'; p++) {
        if (*p == '-')
            negative = true;
        else if (*p >= '0' && *p <= '9')
            exponent = exponent * 10 + (*p - '0');
    }
    return negative ? -exponent : exponent;
}

static bool reads_back(const char *digits, int n, int exponent, double value) {
    char text[40];
    double read;
    memcpy(text, digits, (size_t)n);
    snprintf(text + n, sizeof text - (size_t)n, "e%d", exponent - (n - 1));
    return qi_parse_double(text, strlen(text), &read) && read == value;
}

/* Any decimal of up to 15 digits survives a normal double, so 15 digits find every shorter
 * text as well (as trailing zeros).  Subnormals carry fewer, so they are tried from 1. */
static int shortest_digits(char digits[17], int *exponent, double value) {
    int n = value < 2.2250738585072014e-308 ? 1 : 15;
    for (; n < 17; n++) {
        *exponent = significant_digits(digits, n, value);
        if (reads_back(digits, n, *exponent, value))
            break;
    }
    if (n == 17)
        *exponent = significant_digits(digits, n, value);
    while (n > 1 && digits[n - 1] == '0')
        n--;
    return n;
}

size_t qi_format_double(char out[QI_NUMBER_TEXT], double value) {
    size_t length = 0;
    if (value != value) {
        memcpy(out, "nan", 4);
        return 3;
    }
    if (signbit(value)) {
        out[length++] = '-';
        value = -value;
    }
    if (value - value != 0.0) {
        memcpy(out + length, "inf", 4);
        return length + 3;
    }
    /* Counts and years are common in results and need no search. */
    if (value < 1e15 && value == (double)(uint64_t)value) {
        length += put_digits(out + length, (uint64_t)value, 1);
        out[length] = '\0';
        return length;
    }

    char digits[17];
    int exponent, n = shortest_digits(digits, &exponent, value);
    if (exponent < -6 || exponent >= 21) {
        out[length++] = digits[0];
        if (n > 1) {
            out[length++] = '.';
            memcpy(out + length, digits + 1, (size_t)n - 1);
            length += (size_t)n - 1;
        }
        length += (size_t)snprintf(out + length, QI_NUMBER_TEXT - length, "e%d", exponent);
        return length;
    }
    if (exponent < 0) {
        memcpy(out + length, "0.", 2);
        length += 2;
        memset(out + length, '0', (size_t)(-exponent - 1));
        length += (size_t)(-exponent - 1);
    }
    for (int i = 0; i < n || i <= exponent; i++) {
        if (exponent >= 0 && i == exponent + 1)
            out[length++] = '.';
        char digit = '0';
        if (i < n)
            digit = digits[i];
        out[length++] = digit;
    }
    out[length] = '\0';
    return length;
}

/* As half of the last place is rarely exact in binary, "%.*f" nearly always decides by what
 * the double really is.  Where it is exact, people expect it to go away from zero. */
static double away_from_tie(double value, int decimals) {
    double twice = ldexp(value, decimals + 1);
    if (fabs(twice) >= 9007199254740992.0 || twice != floor(twice))
        return value;
    /* An integer over 2^(d+1): the expansion ends within d+1 decimals, a tie if on a 5. */
    char digits[64];
    int length = snprintf(digits, sizeof digits, "%.*f", decimals + 1, value);
    if (length <= 0 || (size_t)length >= sizeof digits || digits[length - 1] != '5')
        return value;
    return nextafter(value, value < 0 ? -INFINITY : INFINITY);
}

size_t qi_format_double_rounded(char *out, size_t size, double value, int decimals) {
    char text[400]; /* the largest double has 309 digits before the point */
    if (size == 0)
        return 0;
    out[0] = '\0';
    decimals = clamp(decimals, 0, 17);
    if (value - value != 0.0) {
        size_t length = qi_format_double(text, value);
        if (length >= size)
            return 0;
        memcpy(out, text, length + 1);
        return length;
    }
    int written = snprintf(text, sizeof text, "%.*f", decimals, away_from_tie(value, decimals));
    if (written < 0 || (size_t)written >= sizeof text)
        return 0;

    size_t length = 0, n = (size_t)written, whole = n - (size_t)decimals;
    bool zero = true;
    for (size_t i = 0; i < n && zero; i++)
        zero = text[i] < '1' || text[i] > '9';
    /* Sign, digits, and one '.' for whatever stands between the digits. */
    char clean[400];
    for (size_t i = 0; i < n; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (digit && i == whole && decimals > 0)
            clean[length++] = '.';
        if (digit || (text[i] == '-' && !zero))
            clean[length++] = text[i];
    }
    if (length >= size)
        return 0;
    memcpy(out, clean, length);
    out[length] = '\0';
    return length;
}
