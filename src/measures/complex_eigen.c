/* SPDX-License-Identifier: Apache-2.0 */
/* complex_eigen.c - one eigenpair of a symmetric matrix of a few hundred countries.
 *
 * C. Lanczos (1950), An iteration method for the solution of the eigenvalue problem, J. Res.
 * NBS 45, with every new vector made orthogonal to all before, twice.  Some forty products
 * with the matrix are enough, where a full decomposition costs a few hundred of them.
 * The small tridiagonal matrix is solved by the implicit QL method (H. Bowdler et al. 1968,
 * Numerische Mathematik 11).
 *
 * Written out rather than taken from LAPACK: no library to load, and the same bits whatever
 * the processor, the number of threads and the vendor of the BLAS.
 */
#include "measures/complex.h"

#include <float.h>

enum { CHECK_EVERY = 8, MOST_SWEEPS = 60 };

static double dot(const double *a, const double *b, size_t n) {
    double s[4] = {0, 0, 0, 0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t j = 0; j < 4; j++)
            s[j] += a[i + j] * b[i + j];
    double sum = (s[0] + s[1]) + (s[2] + s[3]);
    for (; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void take_away(double *v, const double *from, size_t n_from, size_t n) {
    for (size_t k = 0; k < n_from; k++) {
        const double *q = from + k * n;
        double part = dot(v, q, n);
        for (size_t i = 0; i < n; i++)
            v[i] -= part * q[i];
    }
}

static double scale_to_one(double *v, size_t n) {
    double length = sqrt(dot(v, v, n));
    for (size_t i = 0; i < n && length > 0; i++)
        v[i] /= length;
    return length;
}

/* d and e (e[i] between i and i + 1) become eigenvalues; z[k * m + i], the identity before,
 * becomes component k of vector i. */
static bool solve_tridiagonal(double *d, double *e, double *z, size_t m) {
    for (size_t l = 0; l < m; l++)
        for (int sweep = 0;; sweep++) {
            size_t end = l;
            while (end + 1 < m &&
                   fabs(e[end]) > DBL_EPSILON * (fabs(d[end]) + fabs(d[end + 1])))
                end++;
            if (end == l)
                break;
            if (sweep == MOST_SWEEPS)
                return false;
            double g = (d[l + 1] - d[l]) / (2 * e[l]), r = hypot(g, 1), s = 1, c = 1, p = 0;
            g = d[end] - d[l] + e[l] / (g + copysign(r, g));
            size_t i = end;
            for (; i > l; i--) {
                double f = s * e[i - 1], b = c * e[i - 1];
                r = hypot(f, g);
                e[i] = r;
                if (r == 0) {
                    d[i] -= p;
                    e[end] = 0;
                    break;
                }
                s = f / r;
                c = g / r;
                g = d[i] - p;
                r = (d[i - 1] - g) * s + 2 * c * b;
                p = s * r;
                d[i] = g + p;
                g = c * r - b;
                for (size_t k = 0; k < m; k++) {
                    double *at = z + k * m + i, high = at[0], low = at[-1];
                    at[0] = s * low + c * high;
                    at[-1] = c * low - s * high;
                }
            }
            if (r == 0 && i > l)
                continue;
            d[l] -= p;
            e[l] = g;
            e[end] = 0;
        }
    return true;
}

typedef struct lanczos {
    const double *a, *known;
    size_t n, n_known, m;
    double *basis;        /* m + 1 rows of n */
    double *alpha, *beta; /* of the tridiagonal matrix */
    double *d, *e, *z;    /* room to solve it */
} lanczos;

/* Numbers that no structure of the matrix is orthogonal to; the same every time. */
static void begin(lanczos *l) {
    uint64_t state = 0x9E3779B97F4A7C15u;
    for (size_t i = 0; i < l->n; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        l->basis[i] = (double)(state >> 11) * 0x1p-53 + 0.5;
    }
    for (int twice = 0; twice < 2; twice++)
        take_away(l->basis, l->known, l->n_known, l->n);
    scale_to_one(l->basis, l->n);
}

/* False when the space is exhausted. */
static bool step(lanczos *l) {
    size_t n = l->n;
    const double *v = l->basis + l->m * n;
    double *w = l->basis + (l->m + 1) * n;
    for (size_t i = 0; i < n; i++)
        w[i] = dot(l->a + i * n, v, n);
    l->alpha[l->m] = dot(w, v, n);
    for (int twice = 0; twice < 2; twice++) {
        take_away(w, l->known, l->n_known, n);
        take_away(w, l->basis, l->m + 1, n);
    }
    double length = scale_to_one(w, n);
    l->beta[l->m++] = length;
    return length > 64 * DBL_EPSILON && l->m + l->n_known < n;
}

/* The largest eigenvalue of the small matrix: its place, and what is missing to the large. */
static bool look(lanczos *l, size_t *best, double *residual) {
    size_t m = l->m;
    memcpy(l->d, l->alpha, m * sizeof *l->d);
    memcpy(l->e, l->beta, m * sizeof *l->e);
    memset(l->z, 0, m * m * sizeof *l->z);
    for (size_t i = 0; i < m; i++)
        l->z[i * m + i] = 1;
    if (!solve_tridiagonal(l->d, l->e, l->z, m))
        return false;
    *best = 0;
    for (size_t i = 1; i < m; i++)
        if (l->d[i] > l->d[*best])
            *best = i;
    *residual = fabs(l->beta[m - 1] * l->z[(m - 1) * m + *best]);
    return true;
}

static quipu_status run(lanczos *l, double tolerance, double *value, double *vector,
                        quipu_error *err) {
    size_t best = 0;
    double residual;
    for (bool more = true; more;) {
        more = step(l);
        if (more && l->m % CHECK_EVERY != 0)
            continue;
        if (!look(l, &best, &residual))
            return qi_fail(err, QUIPU_E_BUG, "an eigenvalue that does not settle");
        more = more && residual > tolerance;
    }
    *value = l->d[best];
    memset(vector, 0, l->n * sizeof *vector);
    for (size_t k = 0; k < l->m; k++) {
        double part = l->z[k * l->m + best];
        for (size_t i = 0; i < l->n; i++)
            vector[i] += part * l->basis[k * l->n + i];
    }
    scale_to_one(vector, l->n);
    return QUIPU_OK;
}

quipu_status qi_top_eigenpair(const double *a, size_t n, const double *known, size_t n_known,
                              double tolerance, double *value, double *vector,
                              quipu_error *err) {
    lanczos l = {.a = a, .known = known, .n = n, .n_known = n_known};
    size_t room = (n + 2) * n + (n + 1) * n + 4 * n + 8;
    if (n <= n_known)
        return qi_fail(err, QUIPU_E_BUG, "no eigenvector is left");
    l.basis = malloc(room * sizeof *l.basis);
    if (l.basis == NULL)
        return qi_fail_memory(err, room * sizeof *l.basis);
    l.z = l.basis + (n + 2) * n;
    l.alpha = l.z + (n + 1) * n;
    l.beta = l.alpha + n;
    l.d = l.beta + n;
    l.e = l.d + n;
    begin(&l);
    quipu_status status = run(&l, tolerance, value, vector, err);
    free(l.basis);
    return status;
}
