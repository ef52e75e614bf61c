/* SPDX-License-Identifier: Apache-2.0 */
/* complex_presence.c - who has what with advantage: M = [RCA >= cutoff], as bits and lists.
 *
 * Bits stand by product, 64 countries a word, so that two products are compared by a few
 * and-and-count; lists serve sums over the countries of a product or the products of a country.
 */
#include "measures/complex.h"
#include "measures/rca.h"

void qi_presence_free(qi_presence *m) {
    free(m->bits);
    free(m->diversity);
    free(m->ubiquity);
    free(m->of_country);
    free(m->product);
    free(m->of_product);
    free(m->country);
    memset(m, 0, sizeof *m);
}

static quipu_status begin(qi_presence *m, size_t n_countries, size_t n_products,
                          quipu_error *err) {
    *m = (qi_presence){.n_countries = n_countries,
                       .n_products = n_products,
                       .n_words = (n_countries + 63) / 64};
    m->bits = calloc(m->n_words * n_products + 1, sizeof *m->bits);
    m->diversity = calloc(n_countries + 1, sizeof *m->diversity);
    m->ubiquity = calloc(n_products + 1, sizeof *m->ubiquity);
    m->of_country = calloc(n_countries + 1, sizeof *m->of_country);
    m->of_product = calloc(n_products + 2, sizeof *m->of_product);
    if (m->bits && m->diversity && m->ubiquity && m->of_country && m->of_product)
        return QUIPU_OK;
    return qi_fail_memory(err, m->n_words * n_products * sizeof *m->bits);
}

/* One country's row; countries come in order. */
static void add_row(qi_presence *m, size_t c, const double *rca, double cutoff) {
    uint64_t *bits = m->bits + c / 64 * m->n_products;
    uint32_t had = 0;
    for (size_t p = 0; p < m->n_products; p++) {
        uint32_t has = rca[p] >= cutoff; /* the index that is missing is negative */
        bits[p] |= (uint64_t)has << (c % 64);
        m->ubiquity[p] += has;
        had += has;
    }
    m->diversity[c] = had;
    m->n += had;
}

static quipu_status make_lists(qi_presence *m, quipu_error *err) {
    m->product = malloc((m->n + 1) * sizeof *m->product);
    m->country = malloc((m->n + 1) * sizeof *m->country);
    uint32_t *next = malloc((m->n_products + 1) * sizeof *next);
    if (m->product == NULL || m->country == NULL || next == NULL) {
        free(next);
        return qi_fail_memory(err, m->n * sizeof *m->product);
    }
    uint32_t n = 0;
    for (size_t p = 0; p < m->n_products; p++) {
        next[p] = m->of_product[p] = n;
        n += m->ubiquity[p];
    }
    m->of_product[m->n_products] = n;
    n = 0;
    for (size_t c = 0; c < m->n_countries; c++) {
        const uint64_t *bits = m->bits + c / 64 * m->n_products;
        m->of_country[c] = n;
        for (size_t p = 0; p < m->n_products; p++) { /* no branch: one in ten is there */
            m->product[n] = (uint32_t)p;
            n += (uint32_t)(bits[p] >> (c % 64)) & 1u;
        }
        for (uint32_t i = m->of_country[c]; i < n; i++)
            m->country[next[m->product[i]]++] = (uint32_t)c;
    }
    m->of_country[m->n_countries] = n;
    free(next);
    return QUIPU_OK;
}

quipu_status qi_presence_make(const qi_world *w, double cutoff, qi_presence *out,
                              quipu_error *err) {
    quipu_status status = begin(out, w->n_countries, w->n_products, err);
    double *x_wk = malloc((2 * w->n_products + 1) * sizeof *x_wk);
    double *rca = x_wk != NULL ? x_wk + w->n_products : NULL;
    quipu_money *room = malloc((w->n_products + 1) * sizeof *room);
    if (status == QUIPU_OK && (x_wk == NULL || room == NULL))
        status = qi_fail_memory(err, w->n_products * sizeof *x_wk);
    for (size_t p = 0; p < w->n_products && status == QUIPU_OK; p++)
        x_wk[p] = (double)w->by_product[p];
    for (size_t c = 0; c < w->n_countries && status == QUIPU_OK; c++) {
        qi_rca_totals sums = {(double)w->by_country[c], (double)w->total, x_wk};
        qi_rca_row(qi_world_row(w, c, room), w->n_products, &sums, rca);
        add_row(out, c, rca, cutoff);
    }
    if (status == QUIPU_OK)
        status = make_lists(out, err);
    free(x_wk);
    free(room);
    if (status != QUIPU_OK)
        qi_presence_free(out);
    return status;
}

quipu_status qi_presence_of(const uint8_t *m, size_t n_countries, size_t n_products,
                            qi_presence *out, quipu_error *err) {
    quipu_status status = begin(out, n_countries, n_products, err);
    double *row = malloc((n_products + 1) * sizeof *row);
    if (status == QUIPU_OK && row == NULL)
        status = qi_fail_memory(err, n_products * sizeof *row);
    for (size_t c = 0; c < n_countries && status == QUIPU_OK; c++) {
        for (size_t p = 0; p < n_products; p++)
            row[p] = m[c * n_products + p];
        add_row(out, c, row, 1);
    }
    if (status == QUIPU_OK)
        status = make_lists(out, err);
    free(row);
    if (status != QUIPU_OK)
        qi_presence_free(out);
    return status;
}

/* ---- groups ---- */

static uint32_t root_of(uint32_t *parent, uint32_t c) {
    while (parent[c] != c)
        c = parent[c] = parent[parent[c]];
    return c;
}

/* `room`: 2 * n_countries. */
size_t qi_presence_groups(const qi_presence *m, uint32_t *group, uint32_t *room) {
    uint32_t *parent = room, *size = room + m->n_countries;
    size_t n_groups = 0;
    for (uint32_t c = 0; c < m->n_countries; c++) {
        parent[c] = c;
        size[c] = 0;
    }
    for (size_t p = 0; p < m->n_products; p++)
        for (uint32_t i = m->of_product[p] + 1; i < m->of_product[p + 1]; i++) {
            uint32_t a = root_of(parent, m->country[i - 1]);
            uint32_t b = root_of(parent, m->country[i]);
            parent[a > b ? a : b] = a > b ? b : a;
        }
    for (uint32_t c = 0; c < m->n_countries; c++)
        size[root_of(parent, c)] += m->diversity[c] > 0;
    for (uint32_t c = 0; c < m->n_countries; c++)
        group[c] = UINT32_MAX;
    /* The largest first; of equal ones the one with the first country. */
    for (;;) {
        uint32_t best = UINT32_MAX;
        for (uint32_t c = 0; c < m->n_countries; c++)
            if (parent[c] == c && size[c] > 0 && (best == UINT32_MAX || size[c] > size[best]))
                best = c;
        if (best == UINT32_MAX)
            return n_groups;
        size[best] = 0;
        for (uint32_t c = 0; c < m->n_countries; c++)
            if (m->diversity[c] > 0 && root_of(parent, c) == best)
                group[c] = (uint32_t)n_groups;
        n_groups++;
    }
}
