/* SPDX-License-Identifier: Apache-2.0 */
/* eigen.c - eigenvalues of small symmetric matrices, by rotations (Jacobi 1846). */
#include "gravity/estimate.h"

enum { MOST_SWEEPS = 60 };

/* Jacobi's rotations: a becomes diagonal, v the eigenvectors in columns. */
static void rotate(double *a, double *v, size_t k, size_t p, size_t q) {
    double apq = a[p * k + q];
    if (apq == 0.0)
        return;
    double theta = (a[q * k + q] - a[p * k + p]) / (2 * apq);
    double tangent = copysign(1.0, theta) / (fabs(theta) + sqrt(theta * theta + 1));
    double c = 1 / sqrt(tangent * tangent + 1), s = tangent * c;
    for (size_t i = 0; i < k; i++) {
        double x = a[i * k + p], y = a[i * k + q];
        a[i * k + p] = c * x - s * y;
        a[i * k + q] = s * x + c * y;
    }
    for (size_t i = 0; i < k; i++) {
        double x = a[p * k + i], y = a[q * k + i];
        a[p * k + i] = c * x - s * y;
        a[q * k + i] = s * x + c * y;
        x = v[i * k + p];
        y = v[i * k + q];
        v[i * k + p] = c * x - s * y;
        v[i * k + q] = s * x + c * y;
    }
}

void qi_eigen(double *a, double *v, size_t k) {
    double total = 0;
    memset(v, 0, k * k * sizeof *v);
    for (size_t i = 0; i < k; i++) {
        v[i * k + i] = 1;
        total += fabs(a[i * k + i]);
    }
    for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
        double off = 0;
        for (size_t p = 0; p < k; p++)
            for (size_t q = p + 1; q < k; q++) {
                off += fabs(a[p * k + q]);
                rotate(a, v, k, p, q);
            }
        if (off <= 1e-18 * total)
            break;
    }
}
