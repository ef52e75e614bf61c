/* SPDX-License-Identifier: Apache-2.0 */
/* sort.c - many keys at once: by counting their digits, lowest first, which for a million keys
 * takes a fifth of the time of comparing them. */
#include "base/base.h"

enum { DIGIT = 11, N_DIGITS = 1 << DIGIT, WORTH_IT = 256 };

static int key_order(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* One digit: from `in` to `out`, in order of it, otherwise as they stood. */
static void deal(const uint64_t *in, uint64_t *out, size_t n, unsigned shift) {
    size_t place[N_DIGITS] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++)
        place[(in[i] >> shift) & (N_DIGITS - 1)]++;
    for (size_t d = 0; d < N_DIGITS; d++) {
        size_t here = place[d];
        place[d] = sum;
        sum += here;
    }
    for (size_t i = 0; i < n; i++)
        out[place[(in[i] >> shift) & (N_DIGITS - 1)]++] = in[i];
}

void qi_sort_keys(uint64_t *keys, size_t n) {
    uint64_t used = 0;
    bool sorted = true;
    for (size_t i = 1; i < n; i++) {
        used |= keys[i] ^ keys[0];
        sorted &= keys[i - 1] <= keys[i];
    }
    if (sorted)
        return;
    uint64_t *other = n >= WORTH_IT ? malloc(n * sizeof *other) : NULL;
    if (other == NULL) {
        qsort(keys, n, sizeof *keys, key_order);
        return;
    }
    uint64_t *from = keys, *to = other;
    for (unsigned shift = 0; shift < 64 && used >> shift != 0; shift += DIGIT) {
        if (((used >> shift) & (N_DIGITS - 1)) == 0)
            continue;
        deal(from, to, n, shift);
        uint64_t *last = from;
        from = to;
        to = last;
    }
    if (from != keys)
        memcpy(keys, from, n * sizeof *keys);
    free(other);
}
