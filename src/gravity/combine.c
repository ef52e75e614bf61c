/* SPDX-License-Identifier: Apache-2.0 */
/* combine.c - sums of coefficients with their covariance, and the joint test that some are
 * zero. */
#include "gravity/event.h"

#include <math.h>

quipu_status qi_combine(const qi_fit *fit, const double *weight, size_t n, double *estimate,
                        double *covariance, quipu_error *err) {
    size_t k = fit->k;
    double *half = malloc((k + 1) * sizeof *half); /* row of W V */
    if (half == NULL)
        return qi_fail_memory(err, k * sizeof *half);
    for (size_t i = 0; i < n; i++) {
        const double *w = &weight[i * k];
        estimate[i] = 0.0;
        memset(half, 0, k * sizeof *half);
        for (size_t a = 0; a < k; a++) {
            if (w[a] == 0.0)
                continue;
            estimate[i] += w[a] * fit->coefficient[a];
            for (size_t b = 0; b < k; b++)
                half[b] += w[a] * fit->covariance[a * k + b];
        }
        for (size_t j = 0; j < n; j++) {
            double sum = 0.0;
            for (size_t b = 0; b < k; b++)
                if (weight[j * k + b] != 0.0)
                    sum += weight[j * k + b] * half[b];
            covariance[i * n + j] = sum;
        }
    }
    free(half);
    return QUIPU_OK;
}

/* Cholesky in place, below the diagonal; false where it is not positive definite. */
static bool factor(double *v, size_t n) {
    for (size_t j = 0; j < n; j++) {
        double largest = v[j * n + j];
        for (size_t i = j; i < n; i++) {
            double sum = v[i * n + j];
            for (size_t l = 0; l < j; l++)
                sum -= v[i * n + l] * v[j * n + l];
            if (i > j)
                v[i * n + j] = sum / v[j * n + j];
            else if (!(sum > 1e-12 * largest))
                return false;
            else
                v[j * n + j] = sqrt(sum);
        }
    }
    return true;
}

quipu_status qi_wald(const double *b, const double *v, size_t n, double *out,
                     quipu_error *err) {
    double *l = malloc((n * n + 1) * sizeof *l), *x = malloc((n + 1) * sizeof *x);
    quipu_status status = l != NULL && x != NULL ? QUIPU_OK : qi_fail_memory(err, n * n);
    *out = NAN;
    if (status == QUIPU_OK)
        memcpy(l, v, n * n * sizeof *l);
    if (status == QUIPU_OK && n > 0 && factor(l, n)) {
        *out = 0.0;
        for (size_t i = 0; i < n; i++) {
            double sum = b[i];
            for (size_t j = 0; j < i; j++)
                sum -= l[i * n + j] * x[j];
            x[i] = sum / l[i * n + i];
            *out += x[i] * x[i];
        }
    }
    free(l);
    free(x);
    return status;
}
