/* SPDX-License-Identifier: Apache-2.0 */
/* step.c - one weighted least-squares step: coefficients out of what is left of the columns when
 * all effects are taken off, and the effects that go with them. */
#include "gravity/estimate.h"

quipu_status qi_step_open(const qi_absorber *a, qi_arena *arena, qi_step *step,
                          quipu_error *err) {
    const size_t k = a->s->k;
    *step = (qi_step){.k = k};
    step->gram = qi_arena_alloc(arena, k * k * sizeof *step->gram);
    step->factor = qi_arena_alloc(arena, k * k * sizeof *step->factor);
    step->cross = qi_arena_alloc(arena, k * sizeof *step->cross);
    step->beta = qi_arena_alloc(arena, k * sizeof *step->beta);
    step->rest = qi_arena_alloc(arena, a->n_levels * sizeof *step->rest);
    step->dropped = qi_arena_alloc(arena, k);
    if (step->gram == NULL || step->factor == NULL || step->cross == NULL ||
        step->beta == NULL || step->rest == NULL || step->dropped == NULL)
        return qi_fail_memory(err, k * k * sizeof *step->gram);
    return QUIPU_OK;
}

/* Cholesky, row by row, without the columns dropped. */
static void factor(qi_step *step) {
    const size_t k = step->k;
    double *f = step->factor;
    for (size_t i = 0; i < k; i++) {
        if (step->dropped[i] != QI_KEPT)
            continue;
        for (size_t j = 0; j <= i; j++) {
            if (step->dropped[j] != QI_KEPT)
                continue;
            double sum = step->gram[i * k + j];
            for (size_t l = 0; l < j; l++)
                if (step->dropped[l] == QI_KEPT)
                    sum -= f[i * k + l] * f[j * k + l];
            f[i * k + j] = i == j ? sqrt(sum > 0.0 ? sum : 0.0) : sum / f[j * k + j];
        }
    }
}

/* Weighted squares of every regressor about its mean (without effects about zero); at least
 * what rounding leaves of its size.  `out` has room for 3 k. */
static void squares_about_mean(const qi_absorber *a, double *out) {
    const qi_sample *s = a->s;
    const size_t k = s->k;
    double weight = 0, *mean = out + k, *raw = mean + k;
    memset(out, 0, 3 * k * sizeof *out);
    for (size_t i = 0; i < s->n; i++) {
        weight += a->weight[i];
        for (size_t j = 0; j < k && s->n_sets > 0; j++)
            mean[j] += a->weight[i] * s->x[i * s->ld + j];
    }
    for (size_t j = 0; j < k; j++)
        mean[j] /= weight;
    for (size_t i = 0; i < s->n; i++)
        for (size_t j = 0; j < k; j++) {
            double x = s->x[i * s->ld + j], about = x - mean[j];
            out[j] += a->weight[i] * about * about;
            raw[j] += a->weight[i] * x * x;
        }
    for (size_t j = 0; j < k; j++)
        out[j] = out[j] > 1e-16 * raw[j] ? out[j] : raw[j];
}

/* What is left of regressor i when the effects and those before it are taken off. */
static double left_of(qi_step *step, size_t i) {
    const size_t k = step->k;
    double *f = step->factor, left = step->gram[i * k + i];
    for (size_t j = 0; j < i; j++) {
        if (step->dropped[j] != QI_KEPT)
            continue;
        double sum = step->gram[i * k + j];
        for (size_t l = 0; l < j; l++)
            if (step->dropped[l] == QI_KEPT)
                sum -= f[i * k + l] * f[j * k + l];
        f[i * k + j] = sum / f[j * k + j];
        left -= f[i * k + j] * f[i * k + j];
    }
    return left;
}

bool qi_step_suspicious(const qi_absorber *a, qi_step *step) {
    const size_t k = step->k;
    double *size = malloc((3 * k + 1) * sizeof *size);
    bool suspicious = size == NULL;
    if (size != NULL)
        squares_about_mean(a, size);
    for (size_t i = 0; i < k && !suspicious; i++) {
        double square = step->gram[i * k + i], left = left_of(step, i);
        step->factor[i * k + i] = sqrt(left > 0.0 ? left : 0.0);
        suspicious = !(square > 1e3 * COLLINEAR * size[i] && left > 1e3 * COLLINEAR * square);
    }
    free(size);
    return suspicious;
}

static void drop(qi_absorber *a, size_t column) {
    const qi_sample *s = a->s;
    for (size_t r = 0; r < s->n; r++)
        s->x[r * s->ld + column] = 0;
    for (size_t l = 0; l < a->n_levels; l++)
        a->gamma[l * s->ld + column] = 0;
}

quipu_status qi_step_drop(qi_absorber *a, qi_step *step, quipu_error *err) {
    const size_t k = step->k;
    double *size = malloc((3 * k + 1) * sizeof *size);
    if (size == NULL)
        return qi_fail_memory(err, 3 * k * sizeof *size);
    squares_about_mean(a, size);
    for (size_t i = 0; i < k; i++) {
        double square = step->gram[i * k + i], left = left_of(step, i);
        step->dropped[i] = QI_KEPT;
        step->factor[i * k + i] = sqrt(left > 0.0 ? left : 0.0);
        if (!(square > COLLINEAR * size[i]))
            step->dropped[i] = QI_CONSTANT;
        else if (!(left > COLLINEAR * square))
            step->dropped[i] = QI_COLLINEAR;
        if (step->dropped[i] != QI_KEPT)
            drop(a, i);
    }
    free(size);
    return QUIPU_OK;
}

/* right becomes the solution; dropped entries become 0. */
static void substitute(const qi_step *step, double *right) {
    const size_t k = step->k;
    const double *f = step->factor;
    for (size_t i = 0; i < k; i++) {
        if (step->dropped[i] != QI_KEPT) {
            right[i] = 0;
            continue;
        }
        for (size_t j = 0; j < i; j++)
            if (step->dropped[j] == QI_KEPT)
                right[i] -= f[i * k + j] * right[j];
        right[i] /= f[i * k + i];
    }
    for (size_t i = k; i-- > 0;) {
        if (step->dropped[i] != QI_KEPT)
            continue;
        for (size_t j = i + 1; j < k; j++)
            if (step->dropped[j] == QI_KEPT)
                right[i] -= f[j * k + i] * right[j];
        right[i] /= f[i * k + i];
    }
}

quipu_status qi_step_solve(qi_absorber *a, qi_step *step, quipu_error *err) {
    const size_t k = step->k, ld = a->s->ld;
    factor(step);
    memcpy(step->beta, step->cross, k * sizeof *step->beta);
    substitute(step, step->beta);
    for (size_t l = 0; l < a->n_levels; l++) {
        double rest = a->gamma[l * ld + k];
        for (size_t j = 0; j < k; j++)
            rest -= a->gamma[l * ld + j] * step->beta[j];
        step->rest[l] = rest;
    }
    for (size_t j = 0; j < k; j++)
        if (!isfinite(step->beta[j]))
            return qi_fail(
                err, QUIPU_E_DATA,
                "the equations for %s cannot be solved: its values are too large, too "
                "small, or too close to those of others; scale it or leave it out",
                a->s->x_name[j]);
    return QUIPU_OK;
}

void qi_step_inverse(const qi_step *step, double *out) {
    const size_t k = step->k;
    for (size_t j = 0; j < k; j++) {
        double *column = out + j * k; /* symmetric */
        memset(column, 0, k * sizeof *column);
        if (step->dropped[j] != QI_KEPT)
            continue;
        column[j] = 1;
        substitute(step, column);
    }
}
