/* SPDX-License-Identifier: Apache-2.0 */
/* complex_space.c - proximity of products, and density and opportunity gain over it.
 *
 * Proximity is what two products have in common over the larger ubiquity:
 * phi_pq = |countries with both| / max(u_p, u_q).  The matrix of it is written only for who
 * asks for it.  Sums over it need none: with the products in order of ubiquity,
 *
 *   sum_q M_cq w_q phi_pq = sum over countries d that have p of
 *       [sum of w_q over q both c and d have, u_q <= u_p] / u_p
 *     + [sum of w_q / u_q over q both c and d have, u_q > u_p]
 *
 * and the two brackets, countries by countries, are kept up to date while p goes through the
 * order.  That is (ones of M) x countries steps instead of products x products x countries.
 */
#include "measures/complex.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
/* Several builds of the same loop; sums keep their order, so the bits are the same. */
#define WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#define WIDE_COUNT                                                                             \
    __attribute__((target_clones("arch=icelake-server", "avx2", "popcnt", "default")))
#else
#define WIDE
#define WIDE_COUNT
#endif

/* ---- proximities ---- */

enum { TILE = 64 };

/* Countries that product p shares with each of n products from q on. */
WIDE_COUNT static void count_common(const uint64_t *bits, size_t step, size_t n_words, size_t p,
                                    size_t q, size_t n, uint32_t *restrict out) {
    for (size_t i = 0; i < n; i++)
        out[i] = 0;
    for (size_t w = 0; w < n_words; w++) {
        const uint64_t *row = bits + w * step, mine = row[p];
        for (size_t i = 0; i < n; i++)
            out[i] += (uint32_t)__builtin_popcountll(row[q + i] & mine);
    }
}

WIDE static void divide(const uint32_t *restrict common, const uint32_t *restrict ubiquity,
                        uint32_t mine, size_t n, double *restrict out) {
    for (size_t i = 0; i < n; i++) {
        uint32_t most = ubiquity[i] > mine ? ubiquity[i] : mine;
        most = most > 0 ? most : 1;
        out[i] = (double)(int32_t)common[i] / (double)(int32_t)most;
    }
}

static void part_of_row(const qi_presence *m, size_t p, size_t q, size_t n, double *out) {
    uint32_t common[TILE];
    count_common(m->bits, m->n_products, m->n_words, p, q, n, common);
    divide(common, m->ubiquity + q, m->ubiquity[p], n, out);
}

void qi_proximity_row(const qi_presence *m, size_t p, double *out) {
    for (size_t q = 0; q < m->n_products; q += TILE)
        part_of_row(m, p, q, m->n_products - q < TILE ? m->n_products - q : TILE, out + q);
}

typedef struct proximity_job {
    const qi_presence *m;
    double *out;
} proximity_job;

/* A band of rows from the diagonal on, and its mirror image. */
static quipu_status fill_band(void *user, size_t task, unsigned worker, quipu_error *err) {
    const proximity_job *job = user;
    const qi_presence *m = job->m;
    size_t n = m->n_products, first = task * TILE;
    size_t rows = n - first < TILE ? n - first : TILE;
    double tile[TILE][TILE];
    QI_UNUSED(worker);
    QI_UNUSED(err);
    for (size_t q = first; q < n; q += TILE) {
        size_t columns = n - q < TILE ? n - q : TILE;
        for (size_t i = 0; i < rows; i++) {
            part_of_row(m, first + i, q, columns, tile[i]);
            memcpy(job->out + (first + i) * n + q, tile[i], columns * sizeof(double));
        }
        for (size_t j = 0; j < columns && q > first; j++) {
            double *mirror = job->out + (q + j) * n + first;
            for (size_t i = 0; i < rows; i++)
                mirror[i] = tile[i][j];
        }
    }
    return QUIPU_OK;
}

quipu_status qi_proximity(const qi_presence *m, unsigned threads, double *out,
                          quipu_error *err) {
    proximity_job job = {m, out};
    return qi_run_tasks(threads > 0 ? threads : qi_cpu_count(),
                        (m->n_products + TILE - 1) / TILE, fill_band, &job, err);
}

/* ---- sums over proximities ---- */

enum { BLOCK = 32 }; /* countries side by side */

typedef struct sums_job {
    const qi_presence *m;
    const double *weight;  /* NULL = 1 */
    const uint32_t *order; /* products by ubiquity */
    bool diagonal;
    double *out;
} sums_job;

/* Which of the countries of a block have the product; beyond the last country stands one that
 * has everything. */
static void who_has(const qi_presence *m, size_t p, size_t first, double value,
                    double has[BLOCK]) {
    uint64_t word = first / 64 < m->n_words ? m->bits[first / 64 * m->n_products + p] : 0;
    word >>= first % 64;
    for (size_t i = 0; i < BLOCK; i++)
        has[i] = (word >> i) & 1u ? value : 0;
    if (first <= m->n_countries && m->n_countries < first + BLOCK)
        has[m->n_countries - first] = value;
}

/* kept[d] += has, for each country d of the list */
WIDE static void spread_out(double (*restrict kept)[BLOCK], const uint32_t *list, size_t n,
                            const double *restrict has) {
    for (size_t k = 0; k < n; k++) {
        double *row = kept[list[k]];
        for (size_t i = 0; i < BLOCK; i++)
            row[i] += has[i];
    }
}

WIDE static void collect(double (*restrict kept)[BLOCK], const uint32_t *list, size_t n,
                         double *restrict sum) {
    for (size_t i = 0; i < BLOCK; i++)
        sum[i] = 0;
    for (size_t k = 0; k < n; k++) {
        const double *row = kept[list[k]];
        for (size_t i = 0; i < BLOCK; i++)
            sum[i] += row[i];
    }
}

/* One bracket: upwards through the order for ubiquities up to p's, downwards for those
 * above. */
static void sweep(const sums_job *job, size_t first, bool up, double (*kept)[BLOCK]) {
    const qi_presence *m = job->m;
    size_t n = m->n_products, done = 0, last = m->n_countries + 1;
    size_t columns = last - first < BLOCK ? last - first : BLOCK;
    double has[BLOCK], sum[BLOCK];
    while (done < n) {
        size_t end = done;
        uint32_t u = m->ubiquity[job->order[up ? done : n - 1 - done]];
        while (end < n && m->ubiquity[job->order[up ? end : n - 1 - end]] == u)
            end++;
        for (int pass = 0; pass < 2; pass++)
            for (size_t k = done; k < end; k++) {
                size_t p = job->order[up ? k : n - 1 - k];
                const uint32_t *list = m->country + m->of_product[p];
                double weight = job->weight != NULL ? job->weight[p] : 1;
                if (u > 0 && (pass == 0) == up) {
                    who_has(m, p, first, up ? weight : weight / u, has);
                    spread_out(kept, list, u, has);
                } else if (u > 0) {
                    collect(kept, list, u, sum);
                    for (size_t i = 0; i < columns; i++)
                        job->out[(first + i) * n + p] += up ? sum[i] / u : sum[i];
                }
            }
        done = end;
    }
}

/* A product is as near to itself as can be: not counted where the diagonal is zero. */
static void leave_out_diagonal(const sums_job *job, size_t first) {
    const qi_presence *m = job->m;
    for (size_t i = 0; i < BLOCK && first + i <= m->n_countries; i++)
        for (size_t p = 0; p < m->n_products; p++)
            if (m->ubiquity[p] > 0 &&
                (first + i == m->n_countries || qi_present(m, first + i, p)))
                job->out[(first + i) * m->n_products + p] -=
                    job->weight != NULL ? job->weight[p] : 1;
}

static quipu_status fill_block(void *user, size_t task, unsigned worker, quipu_error *err) {
    const sums_job *job = user;
    size_t first = task * BLOCK, n = job->m->n_products, last = job->m->n_countries + 1;
    size_t rows = last - first < BLOCK ? last - first : BLOCK;
    size_t bytes = (job->m->n_countries + 1) * sizeof(double[BLOCK]);
    double(*kept)[BLOCK] = aligned_alloc(64, (bytes + 63) / 64 * 64);
    QI_UNUSED(worker);
    if (kept == NULL)
        return qi_fail_memory(err, bytes);
    memset(job->out + first * n, 0, rows * n * sizeof(double));
    for (int up = 1; up >= 0; up--) {
        memset(kept, 0, bytes);
        sweep(job, first, up, kept);
    }
    if (!job->diagonal)
        leave_out_diagonal(job, first);
    free(kept);
    return QUIPU_OK;
}

quipu_status qi_space_sums(const qi_presence *m, const double *weight, bool diagonal,
                           unsigned threads, double *out, quipu_error *err) {
    size_t n = m->n_products;
    uint32_t *order = malloc((n + 1) * sizeof *order);
    uint32_t *start = calloc(m->n_countries + 2, sizeof *start);
    quipu_status status = QUIPU_OK;
    if (order == NULL || start == NULL)
        status = qi_fail_memory(err, n * sizeof *order);
    if (status == QUIPU_OK) {
        for (size_t p = 0; p < n; p++)
            start[m->ubiquity[p] + 1]++;
        for (size_t u = 0; u < m->n_countries; u++)
            start[u + 1] += start[u];
        for (size_t p = 0; p < n; p++)
            order[start[m->ubiquity[p]]++] = (uint32_t)p;
        sums_job job = {m, weight, order, diagonal, out};
        status = qi_run_tasks(threads > 0 ? threads : qi_cpu_count(),
                              m->n_countries / BLOCK + 1, fill_block, &job, err);
    }
    free(order);
    free(start);
    return status;
}

/* ---- density, outlook, gain ---- */

void qi_density_free(qi_density *d) {
    free(d->density);
    free(d->gain);
    free(d->coi);
    memset(d, 0, sizeof *d);
}

/* Each row over the last one, that of a country which has all. */
static void over_all(const qi_presence *m, double *sums) {
    size_t n = m->n_products;
    const double *all = sums + m->n_countries * n;
    for (size_t c = 0; c < m->n_countries; c++)
        for (size_t p = 0; p < n; p++)
            sums[c * n + p] = all[p] > 0 ? sums[c * n + p] / all[p] : NAN;
}

static void outlook(const qi_presence *m, const qi_scores *scores, qi_density *d) {
    size_t n = m->n_products;
    for (size_t c = 0; c < m->n_countries; c++) {
        double sum = 0;
        for (size_t p = 0; p < n; p++) {
            double near = d->density[c * n + p], worth = scores->raw[p];
            if (!qi_present(m, c, p) && !isnan(near) && !isnan(worth))
                sum += near * worth;
        }
        d->coi[c] = m->diversity[c] > 0 ? sum : NAN;
    }
}

/* What the products that a country lacks are worth, by their proximity to p. */
static void gains(const qi_presence *m, const qi_scores *scores, qi_convention convention,
                  const double *all, qi_density *d) {
    size_t n = m->n_products;
    const double *total = d->gain + m->n_countries * n;
    for (size_t c = 0; c < m->n_countries; c++)
        for (size_t p = 0; p < n; p++) {
            double *gain = &d->gain[c * n + p];
            double density = d->density[c * n + p], worth = scores->raw[p];
            bool has = qi_present(m, c, p);
            *gain = total[p] - *gain;
            if (convention == QI_DATAWHEEL)
                *gain = *gain / all[p] - density * worth;
            else if (convention == QI_ATLAS)
                *gain -= (1 - density) * worth;
            if (has && convention != QI_DATAWHEEL)
                *gain = 0;
            *gain /= scores->spread;
            if (isnan(worth) || m->diversity[c] == 0)
                *gain = NAN;
        }
}

static quipu_status make_gains(const qi_presence *m, const qi_scores *scores,
                               qi_convention convention, unsigned threads, qi_density *d,
                               quipu_error *err) {
    size_t n = m->n_products;
    const double *all = d->density + m->n_countries * n;
    double *weight = malloc((n + 1) * sizeof *weight);
    d->gain = malloc(((m->n_countries + 1) * n + 1) * sizeof *d->gain);
    d->coi = malloc((m->n_countries + 1) * sizeof *d->coi);
    quipu_status status = QUIPU_OK;
    if (weight == NULL || d->gain == NULL || d->coi == NULL)
        status = qi_fail_memory(err, m->n_countries * n * sizeof *d->gain);
    for (size_t p = 0; p < n && status == QUIPU_OK; p++) {
        double worth = isnan(scores->raw[p]) ? 0 : scores->raw[p];
        weight[p] = convention == QI_DATAWHEEL ? worth : all[p] > 0 ? worth / all[p] : 0;
    }
    if (status == QUIPU_OK)
        status = qi_space_sums(m, weight, convention != QI_DATAWHEEL, threads, d->gain, err);
    free(weight);
    if (status != QUIPU_OK)
        return status;
    gains(m, scores, convention, all, d);
    outlook(m, scores, d);
    if (convention == QI_PY_ECOMPLEXITY) {
        double mean = qi_mean(d->coi, m->n_countries);
        double spread = qi_spread(d->coi, m->n_countries, 0);
        for (size_t c = 0; c < m->n_countries; c++)
            d->coi[c] = (d->coi[c] - mean) / spread;
    }
    return QUIPU_OK;
}

quipu_status qi_density_make(const qi_presence *m, const qi_scores *scores,
                             const qi_score_options *options, unsigned threads, qi_density *out,
                             quipu_error *err) {
    size_t cells = (m->n_countries + 1) * m->n_products + 1;
    *out = (qi_density){.density = malloc(cells * sizeof *out->density)};
    quipu_status status = QUIPU_OK;
    if (out->density == NULL)
        status = qi_fail_memory(err, cells * sizeof *out->density);
    if (status == QUIPU_OK)
        status = qi_space_sums(m, NULL, options->convention != QI_DATAWHEEL, threads,
                               out->density, err);
    if (status == QUIPU_OK)
        over_all(m, out->density);
    if (status == QUIPU_OK && scores != NULL)
        status = make_gains(m, scores, options->convention, threads, out, err);
    if (status != QUIPU_OK)
        qi_density_free(out);
    return status;
}
