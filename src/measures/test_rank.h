/* SPDX-License-Identifier: Apache-2.0 */
/* test_rank.h - the rank of a small matrix, in arithmetic modulo a prime: exact, and quick. */
#ifndef QI_TEST_RANK_H
#define QI_TEST_RANK_H

#include <stddef.h>
#include <stdint.h>

enum { RANK_PRIME = 1000003 };

static inline int64_t rank_inverse(int64_t number) {
    int64_t result = 1;
    for (int64_t exponent = RANK_PRIME - 2; exponent > 0; exponent >>= 1) {
        if (exponent & 1)
            result = result * number % RANK_PRIME;
        number = number * number % RANK_PRIME;
    }
    return result;
}

/* Rows of small non-negative numbers, `width` apart; they are used up. */
static inline size_t rank_of(int64_t *rows, size_t n_rows, size_t n_columns, size_t width) {
    size_t rank = 0;
    for (size_t c = 0; c < n_columns && rank < n_rows; c++) {
        size_t pivot = rank;
        while (pivot < n_rows && rows[pivot * width + c] == 0)
            pivot++;
        if (pivot == n_rows)
            continue;
        int64_t *own = rows + rank * width, *other = rows + pivot * width;
        for (size_t k = c; k < n_columns; k++) {
            int64_t held = other[k];
            other[k] = own[k];
            own[k] = held;
        }
        int64_t inverse = rank_inverse(own[c]);
        for (size_t r = rank + 1; r < n_rows; r++) {
            int64_t *row = rows + r * width, times = row[c] * inverse % RANK_PRIME;
            for (size_t k = c; k < n_columns && times != 0; k++)
                row[k] = (row[k] + (RANK_PRIME - times) * own[k]) % RANK_PRIME;
        }
        rank++;
    }
    return rank;
}

#endif
