/* SPDX-License-Identifier: Apache-2.0 */
/* covariance.c - standard errors: the sandwich of Cameron, Gelbach & Miller (2011).
 *
 * With several clusters the scores are added up by every combination of them; combinations of an
 * odd number count positive, of an even number negative.  What comes out can have negative
 * eigenvalues; these are set to zero, as CGM propose (section 2.3).
 */
#include "gravity/estimate.h"

/* Columns of the sample were stripped: row i of what is left. */
static const double *row_of(const qi_state *t, size_t i) {
    return t->s->x + i * t->s->ld;
}

static void add_square(const double *v, size_t k, double sign, double *meat) {
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            meat[i * k + j] += sign * v[i] * v[j];
}

static void meat_of_rows(const qi_state *t, const double *score, double *meat) {
    const size_t k = t->s->k;
    for (size_t i = 0; i < t->s->n; i++) {
        const double *x = row_of(t, i);
        double square = score[i] * score[i];
        for (size_t a = 0; a < k; a++)
            for (size_t b = 0; b < k; b++)
                meat[a * k + b] += square * x[a] * x[b];
    }
}

/* ---- combinations of clusters ---- */

/* Numbers the pairs (a[i], b[i]) in the order they appear, into a. */
static quipu_status combine(uint32_t *a, const uint32_t *b, size_t n, uint32_t *n_groups,
                            quipu_error *err) {
    size_t size = 16;
    while (size < 2 * n)
        size *= 2;
    uint64_t *key = malloc(size * sizeof *key);
    uint32_t *number = malloc(size * sizeof *number);
    if (key == NULL || number == NULL) {
        free(key);
        free(number);
        return qi_fail_memory(err, size * (sizeof *key + sizeof *number));
    }
    memset(key, 0xff, size * sizeof *key); /* no level is that high */
    *n_groups = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t pair = (uint64_t)a[i] << 32 | b[i];
        size_t at = (size_t)((pair * 0x9E3779B97F4A7C15u) >> 20) & (size - 1);
        while (key[at] != pair && key[at] != UINT64_MAX)
            at = (at + 1) & (size - 1);
        if (key[at] == UINT64_MAX) {
            key[at] = pair;
            number[at] = (*n_groups)++;
        }
        a[i] = number[at];
    }
    free(key);
    free(number);
    return QUIPU_OK;
}

/* Clusters of the rows, numbered in the order they appear. */
static quipu_status number_rows(const qi_sample *s, const qi_cluster *cluster, uint32_t *group,
                                uint32_t *n_groups, quipu_error *err) {
    uint32_t *of = malloc(((size_t)cluster->n_levels + 1) * sizeof *of);
    if (of == NULL)
        return qi_fail_memory(err, cluster->n_levels * sizeof *of);
    for (uint32_t l = 0; l < cluster->n_levels; l++)
        of[l] = QI_NO_LABEL;
    *n_groups = 0;
    for (size_t i = 0; i < s->n; i++) {
        uint32_t l = cluster->id[s->row[i]];
        if (of[l] == QI_NO_LABEL)
            of[l] = (*n_groups)++;
        group[i] = of[l];
    }
    free(of);
    return QUIPU_OK;
}

/* Groups of the clusters in `which` (bits), numbered. */
static quipu_status group_rows(const qi_state *t, unsigned which, uint32_t *group,
                               uint32_t *n_groups, quipu_error *err) {
    const qi_sample *s = t->s;
    const qi_model *m = s->model;
    uint32_t *more = NULL;
    if ((which & (which - 1)) != 0) {
        more = malloc((s->n + 1) * sizeof *more);
        if (more == NULL)
            return qi_fail_memory(err, s->n * sizeof *more);
    }
    quipu_status status = QUIPU_OK;
    bool first = true;
    for (size_t c = 0; c < m->n_clusters; c++) {
        if ((which >> c & 1) == 0)
            continue;
        if (first) {
            QI_GO(number_rows(s, &m->cluster[c], group, n_groups, err));
            first = false;
            continue;
        }
        for (size_t i = 0; i < s->n; i++)
            more[i] = m->cluster[c].id[s->row[i]];
        QI_GO(combine(group, more, s->n, n_groups, err));
    }
done:
    free(more);
    return status;
}

static quipu_status meat_of_clusters(const qi_state *t, const double *score, double *meat,
                                     qi_fit *fit, quipu_error *err) {
    const qi_sample *s = t->s;
    const size_t k = s->k;
    const unsigned n_ways = (unsigned)s->model->n_clusters;
    uint32_t *group = malloc((s->n + 1) * sizeof *group);
    double *sums = NULL;
    quipu_status status = group != NULL ? QUIPU_OK : qi_fail_memory(err, s->n * sizeof *group);
    for (unsigned which = 1; status == QUIPU_OK && which < 1u << n_ways; which++) {
        uint32_t n_groups = 0;
        QI_GO(group_rows(t, which, group, &n_groups, err));
        if ((which & (which - 1)) == 0) {
            size_t c = (size_t)__builtin_ctz(which);
            fit->n_groups[c] = n_groups;
            if (n_groups < 2) {
                status = qi_fail(err, QUIPU_E_DATA,
                                 "all rows are in one cluster of %s: errors need at least two",
                                 s->model->cluster[c].name);
                goto done;
            }
        }
        free(sums);
        sums = calloc((size_t)n_groups * k + 1, sizeof *sums);
        if (sums == NULL) {
            status = qi_fail_memory(err, n_groups * k * sizeof *sums);
            goto done;
        }
        for (size_t i = 0; i < s->n; i++)
            for (size_t j = 0; j < k; j++)
                sums[group[i] * k + j] += score[i] * row_of(t, i)[j];
        double sign = __builtin_popcount(which) % 2 == 1 ? 1.0 : -1.0;
        for (size_t g = 0; g < n_groups; g++)
            add_square(sums + g * k, k, sign, meat);
    }
done:
    free(sums);
    free(group);
    return status;
}

/* ---- small matrices ---- */

/* out = bread meat bread, all symmetric; `half` is room. */
static void sandwich(const double *bread, const double *meat, size_t k, double *half,
                     double *out) {
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            double sum = 0;
            for (size_t l = 0; l < k; l++)
                sum += bread[i * k + l] * meat[l * k + j];
            half[i * k + j] = sum;
        }
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t l = 0; l < k; l++)
                sum += half[i * k + l] * bread[l * k + j];
            out[i * k + j] = out[j * k + i] = sum;
        }
}

/* Negative eigenvalues of a symmetric matrix become zero; room for 2 k k numbers. */
static void mend(double *matrix, size_t k, double *room) {
    double *a = room, *v = room + k * k;
    memcpy(a, matrix, k * k * sizeof *a);
    qi_eigen(a, v, k);
    bool negative = false;
    for (size_t i = 0; i < k; i++)
        negative |= a[i * k + i] < 0.0;
    if (!negative)
        return;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            double sum = 0;
            for (size_t l = 0; l < k; l++)
                if (a[l * k + l] > 0.0)
                    sum += a[l * k + l] * v[i * k + l] * v[j * k + l];
            matrix[i * k + j] = sum;
        }
}

/* ---- conventions ---- */

static double least_groups(const qi_state *t, const qi_fit *fit) {
    size_t least = fit->n_groups[0];
    for (size_t c = 1; c < t->s->model->n_clusters; c++)
        least = fit->n_groups[c] < least ? fit->n_groups[c] : least;
    return (double)least;
}

/* What the covariance is multiplied by. */
static double correction(const qi_state *t, const qi_fit *fit) {
    const qi_model *m = t->s->model;
    double n = (double)t->s->n, left = n - fit->counted, groups = 1;
    bool ols = m->estimator == QI_OLS;
    if (m->small == QI_SMALL_NONE)
        return 1;
    if (m->errors == QI_ERRORS_HETERO)
        groups = n / (n - 1);
    if (m->errors == QI_ERRORS_CLUSTER)
        groups = least_groups(t, fit) / (least_groups(t, fit) - 1);
    if (m->small == QI_SMALL_STATA && !ols)
        return groups;
    return groups * (n - 1) / (left > 1 ? left : 1);
}

static double squares_of_residuals(const qi_state *t) {
    const qi_sample *s = t->s;
    double sum = 0;
    for (size_t i = 0; i < s->n; i++) {
        double residual = s->y[i] - t->mu[i];
        sum += (s->weight != NULL ? s->weight[i] : 1.0) * residual * residual;
    }
    return sum;
}

quipu_status qi_covariance(const qi_state *t, const double *bread, const double *score,
                           qi_fit *fit, quipu_error *err) {
    const qi_sample *s = t->s;
    const size_t k = s->k;
    const qi_model *m = s->model;
    double *room = calloc(4 * k * k + 1, sizeof *room), *meat = room, *half = room + k * k;
    if (room == NULL)
        return qi_fail_memory(err, 4 * k * k * sizeof *room);
    quipu_status status = QUIPU_OK;
    if (m->errors == QI_ERRORS_IID) {
        double n = (double)s->n, sigma2 = 1;
        if (m->estimator == QI_OLS)
            sigma2 = squares_of_residuals(t) / (m->small == QI_SMALL_NONE ? n : n - 1);
        for (size_t i = 0; i < k * k; i++)
            fit->covariance[i] = sigma2 * bread[i];
    } else {
        if (m->errors == QI_ERRORS_HETERO)
            meat_of_rows(t, score, meat);
        else
            QI_GO(meat_of_clusters(t, score, meat, fit, err));
        sandwich(bread, meat, k, half, fit->covariance);
        if (m->errors == QI_ERRORS_CLUSTER && m->n_clusters > 1)
            mend(fit->covariance, k, half);
    }
    double factor = correction(t, fit);
    for (size_t i = 0; i < k * k; i++)
        fit->covariance[i] *= factor;
done:
    free(room);
    return status;
}
