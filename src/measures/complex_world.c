/* SPDX-License-Identifier: Apache-2.0 */
/* complex_world.c - the exports that complexity looks at, after the filters, as exact sums.
 *
 * The filters apply in this order, each to what the one before has left: the countries and
 * products asked for; countries by what they export of these; products by what these countries
 * export of them.
 */
#include "measures/complex.h"

/* ---- products ---- */

quipu_status qi_goods_make(const quipu_cube *cube, const uint8_t *mask, unsigned digits,
                           qi_arena *arena, qi_goods *out, quipu_error *err) {
    const char *const *codes = quipu_cube_product_codes(cube);
    size_t n = quipu_cube_n_products(cube);
    uint32_t *of = qi_arena_alloc(arena, (n + 1) * sizeof *of);
    *out = (qi_goods){.of = of, .n_leaves = n, .leaves = true};
    out->code = qi_arena_alloc(arena, (n + 1) * sizeof *out->code);
    if (of == NULL || out->code == NULL)
        return qi_fail_memory(err, n * sizeof *out->code);
    for (size_t k = 0; k < n; k++) {
        if (mask != NULL && !mask[k]) {
            of[k] = QI_NO_PRODUCT;
            out->leaves = false;
            continue;
        }
        size_t length = strlen(codes[k]);
        length = digits > 0 && length > digits ? digits : length;
        const char *last = out->n > 0 ? out->code[out->n - 1] : "";
        if (out->n == 0 || strlen(last) != length || strncmp(last, codes[k], length) != 0) {
            out->code[out->n] = qi_arena_text(arena, codes[k], length);
            if (out->code[out->n++] == NULL)
                return qi_fail_memory(err, length);
        } else {
            out->leaves = false;
        }
        of[k] = (uint32_t)(out->n - 1);
    }
    return QUIPU_OK;
}

/* ---- one year ---- */

void qi_world_free(qi_world *w) {
    qi_big_free(w->value, w->room * sizeof *w->value);
    free(w->country);
    free(w->product);
    free(w->by_country);
    free(w->by_product);
    memset(w, 0, sizeof *w);
}

static quipu_status too_much(quipu_error *err) {
    return qi_fail(err, QUIPU_E_DATA, "the countries export more than 9.2e15 US$");
}

/* The exports of a country in each of the goods. */
static quipu_status add_up(const quipu_matrix *m, const qi_goods *goods, size_t country,
                           quipu_money *row, quipu_error *err) {
    if (m->dense != NULL) {
        const quipu_money *from = m->dense + country * m->n_products;
        if (goods->leaves) {
            memcpy(row, from, goods->n * sizeof *row);
            return QUIPU_OK;
        }
        for (size_t k = 0; k < m->n_products; k++)
            if (goods->of[k] != QI_NO_PRODUCT && !qi_add_money(&row[goods->of[k]], from[k]))
                return too_much(err);
        return QUIPU_OK;
    }
    for (uint32_t i = m->start[country]; i < m->start[country + 1]; i++) {
        uint32_t to = goods->of[m->product[i]];
        if (to != QI_NO_PRODUCT && !qi_add_money(&row[to], m->value[i]))
            return too_much(err);
    }
    return QUIPU_OK;
}

/* Adds row to sum, or false when something does not fit.  Without values so large that they
 * might not fit, and there hardly are any, nothing is checked one by one. */
static bool add_row(quipu_money *restrict sum, const quipu_money *restrict row, size_t n) {
    uint64_t any = 0;
    bool fits = true;
    for (size_t k = 0; k < n; k++)
        any |= (uint64_t)row[k] | (uint64_t)sum[k];
    if (any < UINT64_C(1) << 62) {
        for (size_t k = 0; k < n; k++)
            sum[k] += row[k];
        return true;
    }
    for (size_t k = 0; k < n; k++)
        fits &= qi_add_money(&sum[k], row[k]);
    return fits;
}

static bool sum_of(const quipu_money *row, size_t n, quipu_money *out) {
    uint64_t any = 0;
    quipu_money sum = 0;
    bool fits = true;
    for (size_t k = 0; k < n; k++)
        any |= (uint64_t)row[k];
    if (any < (uint64_t)INT64_MAX / (n + 1)) {
        for (size_t k = 0; k < n; k++)
            sum += row[k];
    } else {
        for (size_t k = 0; k < n; k++)
            fits &= qi_add_money(&sum, row[k]);
    }
    *out = sum;
    return fits;
}

/* Rows of the countries that export enough, one after the other. */
static quipu_status gather(const quipu_matrix *m, const qi_goods *goods,
                           const qi_world_filter *filter, qi_world *w, quipu_error *err) {
    size_t n = goods->n;
    bool begun = false; /* the row has figures of a country that was left out */
    for (size_t c = 0; c < m->n_countries; c++) {
        quipu_money *row = w->value + w->n_countries * n, sum;
        if (filter->countries != NULL && !filter->countries[c])
            continue;
        if (begun)
            memset(row, 0, n * sizeof *row);
        begun = true;
        QI_TRY(add_up(m, goods, c, row, err));
        if (!sum_of(row, n, &sum))
            return too_much(err);
        if (sum < filter->least_exports)
            w->small_countries += sum > 0;
        if (sum <= 0 || sum < filter->least_exports)
            continue;
        w->country[w->n_countries++] = (uint32_t)c;
        begun = false;
    }
    return QUIPU_OK;
}

/* Products of which enough is exported move together. */
static quipu_status choose_products(const qi_goods *goods, const qi_world_filter *filter,
                                    qi_world *w, quipu_error *err) {
    size_t n = goods->n;
    for (size_t c = 0; c < w->n_countries; c++)
        if (!add_row(w->by_product, w->value + c * n, n))
            return too_much(err);
    for (size_t k = 0; k < n; k++) {
        quipu_money sum = w->by_product[k];
        if (sum < filter->least_trade)
            w->small_products += sum > 0;
        if (sum <= 0 || sum < filter->least_trade)
            continue;
        w->by_product[w->n_products] = sum;
        w->product[w->n_products++] = (uint32_t)k;
    }
    if (w->n_products == n)
        return QUIPU_OK;
    for (size_t c = 0; c < w->n_countries; c++)
        for (size_t p = 0; p < w->n_products; p++)
            w->value[c * w->n_products + p] = w->value[c * n + w->product[p]];
    return QUIPU_OK;
}

/* A country whose products are all too small goes, too. */
static quipu_status settle_totals(qi_world *w, quipu_error *err) {
    size_t n = w->n_products, kept = 0;
    for (size_t c = 0; c < w->n_countries; c++) {
        quipu_money sum;
        if (!sum_of(w->value + c * n, n, &sum) || !qi_add_money(&w->total, sum))
            return too_much(err);
        if (sum <= 0)
            continue;
        if (kept != c)
            memmove(w->value + kept * n, w->value + c * n, n * sizeof *w->value);
        w->country[kept] = w->country[c];
        w->by_country[kept++] = sum;
    }
    w->n_countries = kept;
    return QUIPU_OK;
}

quipu_status qi_world_make(const quipu_matrix *m, const qi_goods *goods,
                           const qi_world_filter *filter, qi_world *out, quipu_error *err) {
    size_t countries = m->n_countries + 1, cells;
    *out = (qi_world){0};
    if (!qi_mul_size(countries, goods->n + 1, &cells) || cells > SIZE_MAX / 16)
        return qi_fail_memory(err, SIZE_MAX);
    out->room = cells;
    out->value = qi_big_alloc(cells * sizeof *out->value);
    out->country = calloc(countries, sizeof *out->country);
    out->by_country = calloc(countries, sizeof *out->by_country);
    out->product = calloc(goods->n + 1, sizeof *out->product);
    out->by_product = calloc(goods->n + 1, sizeof *out->by_product);
    quipu_status status = QUIPU_OK;
    if (!out->value || !out->country || !out->by_country || !out->product || !out->by_product)
        status = qi_fail_memory(err, cells * sizeof *out->value);
    if (status == QUIPU_OK)
        status = gather(m, goods, filter, out, err);
    if (status == QUIPU_OK)
        status = choose_products(goods, filter, out, err);
    if (status == QUIPU_OK)
        status = settle_totals(out, err);
    if (status != QUIPU_OK)
        qi_world_free(out);
    return status;
}
