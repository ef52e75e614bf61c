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

/* Several builds of the same loop, chosen while the program runs; sums keep their order, so the
 * bits are the same. */
#if defined(__x86_64__) && defined(__GNUC__)
#define COUNT_64  __attribute__((target("popcnt")))
#define COUNT_512 __attribute__((target("popcnt,avx512f,avx512vl,avx512vpopcntdq")))
#define HAS_COUNTS
#endif
#if defined(HAS_COUNTS) && !defined(__clang__)
#define WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDE
#endif

/* ---- proximities ---- */

enum { TILE = 64 };

/* Countries that product p shares with each of n products from q on.  With the number of words
 * known the sums stay in registers. */
static inline __attribute__((always_inline)) void count_words(const uint64_t *bits, size_t step,
                                                              size_t n_words, size_t p,
                                                              size_t q, size_t n,
                                                              uint64_t *restrict out) {
    for (size_t i = 0; i < n; i++) {
        uint64_t sum = 0;
        for (size_t w = 0; w < n_words; w++)
            sum += (uint64_t)__builtin_popcountll(bits[w * step + q + i] & bits[w * step + p]);
        out[i] = sum;
    }
}

#define COUNT_COMMON(name)                                                                     \
    static void name(const uint64_t *bits, size_t step, size_t n_words, size_t p, size_t q,    \
                     size_t n, uint64_t *restrict out) {                                       \
        switch (n_words) {                                                                     \
        case 1: count_words(bits, step, 1, p, q, n, out); break;                               \
        case 2: count_words(bits, step, 2, p, q, n, out); break;                               \
        case 3: count_words(bits, step, 3, p, q, n, out); break;                               \
        case 4: count_words(bits, step, 4, p, q, n, out); break;                               \
        default: count_words(bits, step, n_words, p, q, n, out);                               \
        }                                                                                      \
    }
COUNT_COMMON(count_plain)
#ifdef HAS_COUNTS
COUNT_64 COUNT_COMMON(count_64)
COUNT_512 COUNT_COMMON(count_512)
#endif

    static void count_common(const qi_presence *m, size_t p, size_t q, size_t n,
                             uint64_t *out) {
#ifdef HAS_COUNTS
    if (__builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("avx512vl")) {
        count_512(m->bits, m->n_products, m->n_words, p, q, n, out);
        return;
    }
    if (__builtin_cpu_supports("popcnt")) {
        count_64(m->bits, m->n_products, m->n_words, p, q, n, out);
        return;
    }
#endif
    count_plain(m->bits, m->n_products, m->n_words, p, q, n, out);
}

WIDE static void divide(const uint64_t *restrict common, const uint32_t *restrict ubiquity,
                        uint32_t mine, size_t n, double *restrict out) {
    for (size_t i = 0; i < n; i++) {
        uint32_t most = ubiquity[i] > mine ? ubiquity[i] : mine;
        most = most > 0 ? most : 1;
        out[i] = (double)(int32_t)common[i] / (double)(int32_t)most;
    }
}

static void part_of_row(const qi_presence *m, size_t p, size_t q, size_t n, double *out) {
    uint64_t common[TILE];
    count_common(m, p, q, n, common);
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

/* Rows one after the other, both halves: counting twice is cheaper than writing the mirror
 * image across the pages of the matrix. */
static quipu_status fill_band(void *user, size_t task, unsigned worker, quipu_error *err) {
    const proximity_job *job = user;
    size_t n = job->m->n_products, first = task * TILE;
    QI_UNUSED(worker);
    QI_UNUSED(err);
    for (size_t p = first; p < first + TILE && p < n; p++)
        qi_proximity_row(job->m, p, job->out + p * n);
    return QUIPU_OK;
}

quipu_status qi_proximity(const qi_presence *m, unsigned threads, double *out,
                          quipu_error *err) {
    proximity_job job = {m, out};
    return qi_run_tasks(threads > 0 ? threads : qi_cpu_count(),
                        (m->n_products + TILE - 1) / TILE, fill_band, &job, err);
}

/* ---- sums over proximities ---- */

enum { BLOCK = 16 }; /* countries side by side: two hundred times as many stay near */
/* Eight numbers at once, whatever the processor makes of it; they may be read as doubles. */
typedef double eight __attribute__((vector_size(64), may_alias));

typedef struct sums_job {
    const qi_presence *m;
    const qi_sums_options *options;
    const uint32_t *order; /* products by ubiquity */
    double *out;
} sums_job;

/* Which of the countries of a block have the product, false when none; beyond the last country stands one that
 * has everything. */
static bool who_has(const qi_presence *m, size_t p, size_t first, double value,
                    double has[BLOCK]) {
    uint64_t word = first / 64 < m->n_words ? m->bits[first / 64 * m->n_products + p] : 0;
    word >>= first % 64;
    for (size_t i = 0; i < BLOCK; i++)
        has[i] = (word >> i) & 1u ? value : 0;
    bool all = first <= m->n_countries && m->n_countries < first + BLOCK;
    if (all)
        has[m->n_countries - first] = value;
    return all || (word & (((uint64_t)1 << BLOCK) - 1)) != 0;
}

/* kept[d] += has, for each country d of the list */
WIDE static void spread_out(double (*restrict kept)[BLOCK], const uint32_t *restrict list,
                            size_t n, const double *restrict has) {
    eight low, high;
    memcpy(&low, has, sizeof low);
    memcpy(&high, has + 8, sizeof high);
    for (size_t k = 0; k < n; k++) {
        eight *row = (eight *)(void *)kept[list[k]];
        row[0] += low;
        row[1] += high;
    }
}

/* The sum of kept[d], those at even and at odd places of the list apart: two additions at a
 * time. */
WIDE static void collect(double (*restrict kept)[BLOCK], const uint32_t *restrict list,
                         size_t n, double *restrict sum) {
    eight even[2] = {{0}}, odd[2] = {{0}};
    size_t k = 0;
    for (; k + 2 <= n; k += 2) {
        const eight *first = (const eight *)(const void *)kept[list[k]];
        const eight *second = (const eight *)(const void *)kept[list[k + 1]];
        even[0] += first[0];
        even[1] += first[1];
        odd[0] += second[0];
        odd[1] += second[1];
    }
    if (k < n) {
        const eight *last = (const eight *)(const void *)kept[list[k]];
        even[0] += last[0];
        even[1] += last[1];
    }
    even[0] += odd[0];
    even[1] += odd[1];
    memcpy(sum, even, sizeof even);
}

/* One bracket: upwards through the order for ubiquities up to p's, downwards for those
 * above. */
static void sweep(const sums_job *job, size_t first, bool up, double (*kept)[BLOCK],
                  double (*out)[BLOCK]) {
    const qi_presence *m = job->m;
    size_t n = m->n_products, done = 0;
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
                double weight = job->options->weight != NULL ? job->options->weight[p] : 1;
                if (u > 0 && (pass == 0) == up) {
                    if (who_has(m, p, first, up ? weight : weight / u, has))
                        spread_out(kept, list, u, has);
                } else if (u > 0) {
                    collect(kept, list, u, sum);
                    for (size_t i = 0; i < BLOCK; i++)
                        out[p][i] += up ? sum[i] / u : sum[i];
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
                    job->options->weight != NULL ? job->options->weight[p] : 1;
}

static void turn(double (*restrict from)[BLOCK], size_t rows, size_t n, double *restrict out) {
    for (size_t i = 0; i < rows; i++)
        for (size_t p = 0; p < n; p++)
            out[i * n + p] = from[p][i];
}

/* The last one, of a country that has all, always is. */
static bool is_wanted(const sums_job *job, size_t first, size_t rows) {
    const uint8_t *wanted = job->options->wanted;
    bool any = wanted == NULL || first + rows > job->m->n_countries;
    for (size_t i = 0; i < rows && !any; i++)
        any = wanted[first + i] != 0;
    return any;
}

static quipu_status fill_block(void *user, size_t task, unsigned worker, quipu_error *err) {
    const sums_job *job = user;
    size_t first = task * BLOCK, n = job->m->n_products, last = job->m->n_countries + 1;
    size_t rows = last - first < BLOCK ? last - first : BLOCK;
    size_t bytes = (job->m->n_countries + 1 + n) * sizeof(double[BLOCK]);
    if (!is_wanted(job, first, rows))
        return QUIPU_OK;
    double(*kept)[BLOCK] = aligned_alloc(64, (bytes + 63) / 64 * 64);
    QI_UNUSED(worker);
    if (kept == NULL)
        return qi_fail_memory(err, bytes);
    memset(kept, 0, bytes);
    double(*sums)[BLOCK] = kept + job->m->n_countries + 1;
    for (int up = 1; up >= 0; up--) {
        memset(kept, 0, (job->m->n_countries + 1) * sizeof *kept);
        sweep(job, first, up, kept, sums);
    }
    turn(sums, rows, n, job->out + first * n);
    if (job->options->no_diagonal)
        leave_out_diagonal(job, first);
    free(kept);
    return QUIPU_OK;
}

quipu_status qi_space_sums(const qi_presence *m, const qi_sums_options *options, double *out,
                           quipu_error *err) {
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
        sums_job job = {m, options, order, out};
        status = qi_run_tasks(options->threads > 0 ? options->threads : qi_cpu_count(),
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

static bool wants(const qi_density_options *o, size_t country) {
    return o->wanted == NULL || o->wanted[country];
}

/* Each row over the last one, that of a country which has all. */
static void over_all(const qi_presence *m, const qi_density_options *o, double *sums) {
    size_t n = m->n_products;
    const double *all = sums + m->n_countries * n;
    for (size_t c = 0; c < m->n_countries; c++)
        for (size_t p = 0; p < n && wants(o, c); p++)
            sums[c * n + p] = all[p] > 0 ? sums[c * n + p] / all[p] : NAN;
}

static quipu_status make_outlook(const qi_presence *m, const qi_density_options *o,
                                 qi_density *d, quipu_error *err) {
    size_t n = m->n_products;
    d->coi = malloc((m->n_countries + 1) * sizeof *d->coi);
    if (d->coi == NULL)
        return qi_fail_memory(err, m->n_countries * sizeof *d->coi);
    for (size_t c = 0; c < m->n_countries; c++) {
        double sum = 0;
        for (size_t p = 0; p < n; p++) {
            double near = d->density[c * n + p], worth = o->scores->raw[p];
            if (!qi_present(m, c, p) && !isnan(near) && !isnan(worth))
                sum += near * worth;
        }
        d->coi[c] = m->diversity[c] > 0 ? sum : NAN;
    }
    if (o->convention == QI_PY_ECOMPLEXITY) {
        double mean = qi_mean(d->coi, m->n_countries);
        double spread = qi_spread(d->coi, m->n_countries, 0);
        for (size_t c = 0; c < m->n_countries; c++)
            d->coi[c] = (d->coi[c] - mean) / spread;
    }
    return QUIPU_OK;
}

/* What the products that a country lacks are worth, by their proximity to p: all of them less
 * those it has. */
static void gains_of(const qi_presence *m, const qi_density_options *o, size_t c,
                     qi_density *d) {
    size_t n = m->n_products;
    const double *total = d->gain + m->n_countries * n, *worth = o->scores->raw;
    const double *all = d->density + m->n_countries * n, *density = d->density + c * n;
    double *gain = d->gain + c * n;
    for (size_t p = 0; p < n; p++) {
        gain[p] = total[p] - gain[p];
        if (o->convention == QI_DATAWHEEL)
            gain[p] = gain[p] / all[p] - density[p] * worth[p];
        else if (o->convention == QI_ATLAS)
            gain[p] -= (1 - density[p]) * worth[p];
        if (o->convention != QI_DATAWHEEL && qi_present(m, c, p))
            gain[p] = 0;
        gain[p] /= o->scores->spread;
        if (isnan(worth[p]) || m->diversity[c] == 0)
            gain[p] = NAN;
    }
}

static quipu_status make_gains(const qi_presence *m, const qi_density_options *o, qi_density *d,
                               quipu_error *err) {
    size_t n = m->n_products;
    bool own = o->convention != QI_DATAWHEEL; /* weights are over the sum of their own row */
    const double *all = d->density + m->n_countries * n, *raw = o->scores->raw;
    double *weight = malloc((n + 1) * sizeof *weight);
    d->gain = malloc(((m->n_countries + 1) * n + 1) * sizeof *d->gain);
    quipu_status status = QUIPU_OK;
    if (weight == NULL || d->gain == NULL)
        status = qi_fail_memory(err, m->n_countries * n * sizeof *d->gain);
    for (size_t p = 0; p < n && status == QUIPU_OK; p++) {
        double worth = isnan(raw[p]) ? 0 : raw[p];
        weight[p] = !own ? worth : all[p] > 0 ? worth / all[p] : 0;
    }
    qi_sums_options sums = {weight, !own, o->wanted, o->threads};
    if (status == QUIPU_OK)
        status = qi_space_sums(m, &sums, d->gain, err);
    for (size_t c = 0; c < m->n_countries && status == QUIPU_OK; c++)
        if (wants(o, c))
            gains_of(m, o, c, d);
    free(weight);
    return status;
}

quipu_status qi_density_make(const qi_presence *m, const qi_density_options *o, qi_density *out,
                             quipu_error *err) {
    size_t cells = (m->n_countries + 1) * m->n_products + 1;
    qi_sums_options sums = {NULL, o->convention == QI_DATAWHEEL, o->wanted, o->threads};
    *out = (qi_density){.density = malloc(cells * sizeof *out->density)};
    quipu_status status = QUIPU_OK;
    if (out->density == NULL)
        status = qi_fail_memory(err, cells * sizeof *out->density);
    if (status == QUIPU_OK)
        status = qi_space_sums(m, &sums, out->density, err);
    if (status == QUIPU_OK)
        over_all(m, o, out->density);
    if (status == QUIPU_OK && o->scores != NULL)
        status = make_gains(m, o, out, err);
    if (status == QUIPU_OK && o->scores != NULL && o->wanted == NULL)
        status = make_outlook(m, o, out, err);
    if (status != QUIPU_OK)
        qi_density_free(out);
    return status;
}
