/* SPDX-License-Identifier: Apache-2.0 */
/* equilibrium_random.c - numbers of draws, resamples, percentiles. */
#include "gravity/equilibrium_draws.h"

#include <math.h>

double qi_random_uniform(uint64_t seed, uint64_t draw, uint64_t at) {
    uint64_t counter[3] = {seed, draw, at};
    return ((double)(qi_hash64(counter, sizeof counter) >> 11) + 0.5) * 0x1p-53;
}

/* Box & Muller (1958). */
double qi_random_normal(uint64_t seed, uint64_t draw, uint64_t at) {
    double radius = sqrt(-2 * log(qi_random_uniform(seed, draw, 2 * at)));
    return radius * cos(6.283185307179586 * qi_random_uniform(seed, draw, 2 * at + 1));
}

void qi_resample(uint64_t seed, uint64_t draw, uint32_t n, uint32_t *times) {
    memset(times, 0, n * sizeof *times);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t pick = (uint32_t)(qi_random_uniform(seed, draw, i) * n);
        times[pick < n ? pick : n - 1]++;
    }
}

bool qi_cholesky(double *a, size_t n) {
    for (size_t j = 0; j < n; j++)
        for (size_t i = j; i < n; i++) {
            double sum = a[i * n + j];
            for (size_t k = 0; k < j; k++)
                sum -= a[i * n + k] * a[j * n + k];
            if (i == j && !(sum > 0))
                return false;
            a[i * n + j] = i == j ? sqrt(sum) : sum / a[j * n + j];
        }
    return true;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percentile(const double *rising, size_t n, double p) {
    double at = p * (double)(n - 1);
    size_t below = (size_t)at;
    if (below + 1 >= n)
        return rising[n - 1];
    return rising[below] + (at - (double)below) * (rising[below + 1] - rising[below]);
}

void qi_percentile_interval(double *values, size_t n, double level, double *low, double *high) {
    if (n == 0) {
        *low = *high = NAN;
        return;
    }
    qsort(values, n, sizeof *values, by_size);
    *low = percentile(values, n, (1 - level) / 2);
    *high = percentile(values, n, (1 + level) / 2);
}
