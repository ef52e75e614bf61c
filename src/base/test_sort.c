/* SPDX-License-Identifier: Apache-2.0 */
/* test_sort.c - keys in order, against comparing them. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static int order(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void test_keys(void **state) {
    QI_UNUSED(state);
    static const size_t sizes[] = {0, 1, 2, 255, 256, 257, 5000};
    static const uint64_t masks[] = {
        0, 1, 0x7FF, 0x3FFFFF, 1u << 31, ~(uint64_t)0, (uint64_t)1 << 63};
    uint64_t z = 1;
    for (size_t s = 0; s < QI_COUNT(sizes); s++)
        for (size_t m = 0; m < QI_COUNT(masks); m++) {
            size_t n = sizes[s];
            uint64_t *a = malloc((n + 1) * sizeof *a), *b = malloc((n + 1) * sizeof *b);
            assert_non_null(a);
            assert_non_null(b);
            for (size_t i = 0; i < n; i++) {
                z = z * UINT64_C(6364136223846793005) + 1442695040888963407u;
                a[i] = b[i] = (z ^ z >> 29) & masks[m];
            }
            qi_sort_keys(a, n);
            if (n > 1)
                qsort(b, n, sizeof *b, order);
            if (n > 0)
                assert_memory_equal(a, b, n * sizeof *a);
            free(a);
            free(b);
        }
}

int main(void) {
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_keys)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
