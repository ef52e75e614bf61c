/* SPDX-License-Identifier: Apache-2.0 */
/* complex_score.c - ECI and PCI: eigenvector, reflections or fitness, scaled by a convention.
 *
 * Eigenvector: Mcc' = sum_p M_cp M_c'p / (d_c u_p) is similar to the symmetric
 * S = D_c^-1/2 M D_p^-1 M' D_c^-1/2, of the size of the countries.  Its first eigenvector is
 * sqrt(d), eigenvalue 1, and says nothing; the second is what is wanted.  Products follow:
 * k_p = D_p^-1 M' k_c / lambda, so that k_c is the mean of the k_p of its products.
 */
#include "measures/complex.h"

enum { STEADY_STEPS = 100, MOST_STEPS = 5000 };
#define SAME_EIGENVALUE 1e-9
#define NO_EIGENVALUE   1e-10

double qi_mean(const double *x, size_t n) {
    double sum = 0;
    size_t had = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) {
            sum += x[i];
            had++;
        }
    return had > 0 ? sum / (double)had : NAN;
}

double qi_spread(const double *x, size_t n, unsigned ddof) {
    double mean = qi_mean(x, n), sum = 0;
    size_t had = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) {
            sum += (x[i] - mean) * (x[i] - mean);
            had++;
        }
    return had > ddof ? sqrt(sum / (double)(had - ddof)) : NAN;
}

static void standardise(double *x, size_t n, double mean, double spread) {
    for (size_t i = 0; i < n; i++)
        x[i] = (x[i] - mean) / spread;
}

static void z_scores(double *x, size_t n, unsigned ddof) {
    standardise(x, n, qi_mean(x, n), qi_spread(x, n, ddof));
}

static void flip(double *x, size_t n) {
    for (size_t i = 0; i < n; i++)
        x[i] = -x[i];
}

/* ---- means over lists ---- */

static void means_of_products(const qi_presence *m, const double *product, double *country) {
    for (size_t c = 0; c < m->n_countries; c++) {
        double sum = 0;
        for (uint32_t i = m->of_country[c]; i < m->of_country[c + 1]; i++)
            sum += product[m->product[i]];
        country[c] = m->diversity[c] > 0 ? sum / m->diversity[c] : NAN;
    }
}

static void means_of_countries(const qi_presence *m, const double *country, double *product) {
    for (size_t p = 0; p < m->n_products; p++) {
        double sum = 0;
        for (uint32_t i = m->of_product[p]; i < m->of_product[p + 1]; i++)
            sum += country[m->country[i]];
        product[p] = m->ubiquity[p] > 0 ? sum / m->ubiquity[p] : NAN;
    }
}

/* ---- reflections ---- */

quipu_status qi_reflections(const qi_presence *m, unsigned steps, double *country,
                            double *product, quipu_error *err) {
    size_t n = m->n_countries > m->n_products ? m->n_countries : m->n_products;
    double *next = malloc((2 * n + 1) * sizeof *next);
    if (next == NULL)
        return qi_fail_memory(err, 2 * n * sizeof *next);
    for (size_t c = 0; c < m->n_countries; c++)
        country[c] = m->diversity[c] > 0 ? (double)m->diversity[c] : NAN;
    for (size_t p = 0; p < m->n_products; p++)
        product[p] = m->ubiquity[p] > 0 ? (double)m->ubiquity[p] : NAN;
    for (unsigned i = 0; i < steps; i++) {
        means_of_products(m, product, next);
        means_of_countries(m, country, next + n);
        memcpy(country, next, m->n_countries * sizeof *country);
        memcpy(product, next + n, m->n_products * sizeof *product);
    }
    free(next);
    return QUIPU_OK;
}

/* ---- fitness ---- */

typedef struct fitness {
    const qi_presence *m;
    double *f, *q;          /* now */
    double *next, *inverse; /* of countries */
} fitness;

/* Fq: country from products; both from the values before, each divided by its mean. */
static void fitness_step(fitness *s) {
    const qi_presence *m = s->m;
    for (size_t c = 0; c < m->n_countries; c++) {
        double sum = 0;
        for (uint32_t i = m->of_country[c]; i < m->of_country[c + 1]; i++)
            sum += s->q[m->product[i]];
        s->next[c] = m->diversity[c] > 0 ? sum : NAN;
        s->inverse[c] = 1 / s->f[c];
    }
    for (size_t p = 0; p < m->n_products; p++) {
        double sum = 0;
        for (uint32_t i = m->of_product[p]; i < m->of_product[p + 1]; i++)
            sum += s->inverse[m->country[i]];
        s->q[p] = m->ubiquity[p] > 0 ? 1 / sum : NAN;
    }
    double mean_f = qi_mean(s->next, m->n_countries), mean_q = qi_mean(s->q, m->n_products);
    for (size_t c = 0; c < m->n_countries; c++)
        s->f[c] = s->next[c] / mean_f;
    for (size_t p = 0; p < m->n_products; p++)
        s->q[p] /= mean_q;
}

static quipu_status fitness_begin(fitness *s, const qi_presence *m, double *country,
                                  double *product, quipu_error *err) {
    *s = (fitness){.m = m, .f = country, .q = product};
    s->next = malloc((2 * m->n_countries + 1) * sizeof *s->next);
    if (s->next == NULL)
        return qi_fail_memory(err, 2 * m->n_countries * sizeof *s->next);
    s->inverse = s->next + m->n_countries;
    for (size_t c = 0; c < m->n_countries; c++)
        country[c] = m->diversity[c] > 0 ? 1 : NAN;
    for (size_t p = 0; p < m->n_products; p++)
        product[p] = m->ubiquity[p] > 0 ? 1 : NAN;
    return QUIPU_OK;
}

static bool still_in_order(const double *f, const qi_ranked *order, size_t n) {
    for (size_t i = 1; i < n; i++)
        if (f[order[i].a] > f[order[i - 1].a])
            return false;
    return true;
}

quipu_status qi_fitness(const qi_presence *m, double *country, double *product, unsigned *steps,
                        quipu_error *err) {
    fitness s;
    size_t n = m->n_countries;
    qi_ranked *order = calloc(n + 1, sizeof *order);
    double *own = product == NULL ? malloc((m->n_products + 1) * sizeof *own) : NULL;
    quipu_status status = QUIPU_OK;
    *steps = 0;
    if (order == NULL || (product == NULL && own == NULL))
        status = qi_fail_memory(err, m->n_products * sizeof *own);
    if (status == QUIPU_OK)
        status = fitness_begin(&s, m, country, product != NULL ? product : own, err);
    if (status == QUIPU_OK) {
        for (unsigned steady = 0; steady < STEADY_STEPS && *steps < MOST_STEPS; ++*steps) {
            fitness_step(&s);
            if (still_in_order(country, order, n)) {
                steady++;
                continue;
            }
            steady = 0;
            for (size_t c = 0; c < n; c++)
                order[c] = (qi_ranked){country[c], (uint32_t)c, 0};
            qi_rank(order, n);
        }
        free(s.next);
    }
    free(order);
    free(own);
    return status;
}

/* ---- eigenvector ---- */

typedef struct chosen {
    size_t n;
    uint32_t *country; /* of those whose scores are looked for */
    uint32_t *place;   /* and back; UINT32_MAX = not among them */
} chosen;

/* S, both halves.  Row by row: what a country has in common with others, each product counting
 * one over its ubiquity. */
static void fill_matrix(const qi_presence *m, const chosen *in, double *s) {
    size_t n = in->n;
    for (size_t i = 0; i < n; i++) {
        uint32_t c = in->country[i];
        double *row = s + i * n;
        memset(row, 0, n * sizeof *row);
        for (uint32_t k = m->of_country[c]; k < m->of_country[c + 1]; k++) {
            uint32_t p = m->product[k];
            double weight = 1.0 / m->ubiquity[p];
            const uint32_t *at = m->country + m->of_product[p];
            for (; *at != c; at++)
                row[in->place[*at]] += weight;
            row[i] += weight;
        }
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double d = (double)m->diversity[in->country[i]] * m->diversity[in->country[j]];
            s[i * n + j] /= sqrt(d);
            s[j * n + i] = s[i * n + j];
        }
}

static quipu_status check_eigenvalues(const qi_scores *out, quipu_error *err) {
    if (out->eigenvalue <= NO_EIGENVALUE)
        return qi_fail(err, QUIPU_E_DATA,
                       "all countries have the same products: there is no ECI to tell them "
                       "apart");
    if (out->eigenvalue - out->next <= SAME_EIGENVALUE)
        return qi_fail(err, QUIPU_E_DATA,
                       "the second and third eigenvalues are equal (%.6f): ECI is not unique; "
                       "--method fitness or reflections gives an answer",
                       out->eigenvalue);
    return QUIPU_OK;
}

static quipu_status eigenvectors(const qi_presence *m, const chosen *in, qi_scores *out,
                                 quipu_error *err) {
    size_t n = in->n;
    double *s = malloc((n * n + 3 * n + 1) * sizeof *s), *known = s + n * n;
    if (s == NULL)
        return qi_fail_memory(err, n * n * sizeof *s);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += m->diversity[in->country[i]];
    for (size_t i = 0; i < n; i++)
        known[i] = sqrt(m->diversity[in->country[i]] / sum);
    fill_matrix(m, in, s);
    quipu_status status =
        qi_top_eigenpair(s, n, known, 1, 1e-15, &out->eigenvalue, known + n, err);
    if (status == QUIPU_OK && n > 2)
        status = qi_top_eigenpair(s, n, known, 2, 1e-11, &out->next, known + 2 * n, err);
    if (status == QUIPU_OK)
        status = check_eigenvalues(out, err);
    for (size_t i = 0; i < n && status == QUIPU_OK; i++)
        out->eci[in->country[i]] = known[n + i] / sqrt(m->diversity[in->country[i]]);
    free(s);
    if (status == QUIPU_OK) {
        means_of_countries(m, out->eci, out->pci); /* NAN for those not chosen */
        for (size_t p = 0; p < m->n_products; p++)
            out->pci[p] /= out->eigenvalue;
    }
    return status;
}

/* Which countries: all that have a product, unless they fall apart. */
static quipu_status choose(const qi_presence *m, bool largest, qi_scores *out, chosen *in,
                           quipu_error *err) {
    size_t n = m->n_countries;
    uint32_t *group = in->country + n;
    out->n_groups = qi_presence_groups(m, group, group + n);
    if (out->n_groups > 1 && !largest)
        return qi_fail(err, QUIPU_E_DATA,
                       "the countries fall into %zu groups that have no product with "
                       "advantage in common: ECI is not unique; --separate largest takes the "
                       "largest group, --method fitness all",
                       out->n_groups);
    for (uint32_t c = 0; c < n; c++) {
        bool taken = group[c] == 0;
        in->place[c] = taken ? (uint32_t)in->n : UINT32_MAX;
        out->n_apart += !taken && m->diversity[c] > 0;
        if (taken)
            in->country[in->n++] = c;
    }
    return in->n >= 2 ? QUIPU_OK
                      : qi_fail(err, QUIPU_E_DATA,
                                "ECI compares countries, and %zu has a product with "
                                "advantage",
                                in->n);
}

static quipu_status by_eigenvector(const qi_presence *m, bool largest, qi_scores *out,
                                   quipu_error *err) {
    size_t n = m->n_countries;
    uint32_t *room = malloc((5 * n + 1) * sizeof *room);
    if (room == NULL)
        return qi_fail_memory(err, 5 * n * sizeof *room);
    chosen in = {.place = room, .country = room + n};
    quipu_status status = choose(m, largest, out, &in, err);
    if (status == QUIPU_OK)
        status = eigenvectors(m, &in, out, err);
    free(room);
    return status;
}

/* ---- signs and scales ---- */

/* The sign of the correlation, over what both have; 0 when there is none to speak of. */
static int agreement(const double *x, const double *y, size_t n) {
    double mx = 0, my = 0, xy = 0, xx = 0, yy = 0;
    size_t had = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]) && !isnan(y[i])) {
            mx += x[i];
            my += y[i];
            had++;
        }
    mx /= (double)had;
    my /= (double)had;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]) && !isnan(y[i])) {
            xy += (x[i] - mx) * (y[i] - my);
            xx += (x[i] - mx) * (x[i] - mx);
            yy += (y[i] - my) * (y[i] - my);
        }
    if (!(fabs(xy) > 1e-12 * sqrt(xx * yy)))
        return 0;
    return xy > 0 ? 1 : -1;
}

/* Without correlation: the first country that is not zero gets a plus. */
static bool wants_flip(const double *x, const double *like, size_t n) {
    int sign = agreement(x, like, n);
    for (size_t i = 0; i < n && sign == 0; i++)
        if (!isnan(x[i]) && fabs(x[i]) > 1e-9)
            sign = x[i] > 0 ? 1 : -1;
    return sign < 0;
}

static quipu_status set_signs(const qi_presence *m, const qi_score_options *o, qi_scores *out,
                              quipu_error *err) {
    size_t nc = m->n_countries, np = m->n_products;
    double *like = calloc(nc + np + 1, sizeof *like);
    if (like == NULL)
        return qi_fail_memory(err, (nc + np) * sizeof *like);
    quipu_status status = QUIPU_OK;
    if (o->convention == QI_ECONOMICCOMPLEXITY) {
        status = qi_reflections(m, o->iterations - 2, like, like + nc, err);
        means_of_countries(m, like, like + nc);
        if (status == QUIPU_OK && wants_flip(out->eci, like, nc))
            flip(out->eci, nc);
        if (status == QUIPU_OK && wants_flip(out->pci, like + nc, np))
            flip(out->pci, np);
    } else {
        for (size_t c = 0; c < nc; c++)
            like[c] = m->diversity[c];
        if (wants_flip(out->eci, like, nc)) {
            flip(out->eci, nc);
            flip(out->pci, np);
        }
    }
    free(like);
    return status;
}

static void set_scales(const qi_presence *m, const qi_score_options *o, qi_scores *out) {
    size_t nc = m->n_countries, np = m->n_products;
    bool ones = o->convention == QI_PY_ECOMPLEXITY || o->convention == QI_ATLAS;
    if (ones && o->method == QI_EIGENVECTOR) {
        double mean = qi_mean(out->eci, nc), spread = qi_spread(out->eci, nc, 0);
        memcpy(out->raw, out->pci, np * sizeof *out->raw);
        out->spread = spread;
        standardise(out->eci, nc, mean, spread);
        standardise(out->pci, np, mean, spread);
    } else {
        z_scores(out->eci, nc, ones ? 0 : 1);
        z_scores(out->pci, np, ones ? 0 : 1);
        out->spread = NAN;
    }
    if (o->convention != QI_PY_ECOMPLEXITY || isnan(out->spread)) {
        memcpy(out->raw, out->pci, np * sizeof *out->raw);
        out->spread = 1;
    }
}

/* As the packages count: the start is the first vector, countries are taken one before the
 * last and products at the last. */
static quipu_status by_steps(const qi_presence *m, const qi_score_options *o, qi_scores *out,
                             quipu_error *err) {
    if (o->method == QI_REFLECTIONS) {
        QI_TRY(qi_reflections(m, o->iterations - 2, out->eci, out->pci, err));
        means_of_countries(m, out->eci, out->pci);
        return QUIPU_OK;
    }
    fitness s;
    QI_TRY(fitness_begin(&s, m, out->eci, out->pci, err));
    for (unsigned i = 0; i + 2 < o->iterations; i++)
        fitness_step(&s);
    double *before = malloc((m->n_countries + 1) * sizeof *before);
    if (before != NULL) {
        memcpy(before, out->eci, m->n_countries * sizeof *before);
        fitness_step(&s);
        memcpy(out->eci, before, m->n_countries * sizeof *before);
    }
    free(s.next);
    free(before);
    return before != NULL ? QUIPU_OK : qi_fail_memory(err, m->n_countries * sizeof *before);
}

static quipu_status no_difference(const double *x, size_t n, quipu_error *err) {
    double spread = qi_spread(x, n, 0), mean = qi_mean(x, n);
    if (spread > 1e-12 * fabs(mean))
        return QUIPU_OK;
    return qi_fail(err, QUIPU_E_DATA,
                   "all countries come out alike: there is no ECI to tell them apart");
}

quipu_status qi_scores_make(const qi_presence *m, const qi_score_options *o, qi_scores *out,
                            quipu_error *err) {
    *out = (qi_scores){0};
    out->eci = malloc((m->n_countries + 1) * sizeof *out->eci);
    out->pci = malloc((m->n_products + 1) * sizeof *out->pci);
    out->raw = malloc((m->n_products + 1) * sizeof *out->raw);
    quipu_status status = QUIPU_OK;
    if (out->eci == NULL || out->pci == NULL || out->raw == NULL)
        status = qi_fail_memory(err, m->n_products * sizeof *out->pci);
    for (size_t c = 0; c < m->n_countries && status == QUIPU_OK; c++)
        out->eci[c] = NAN;
    if (status == QUIPU_OK)
        status = o->method == QI_EIGENVECTOR ? by_eigenvector(m, o->largest, out, err)
                                             : by_steps(m, o, out, err);
    if (status == QUIPU_OK && o->method == QI_EIGENVECTOR)
        status = set_signs(m, o, out, err);
    if (status == QUIPU_OK)
        status = no_difference(out->eci, m->n_countries, err);
    if (status == QUIPU_OK)
        set_scales(m, o, out);
    else
        qi_scores_free(out);
    return status;
}

void qi_scores_free(qi_scores *s) {
    free(s->eci);
    free(s->pci);
    free(s->raw);
    memset(s, 0, sizeof *s);
}
