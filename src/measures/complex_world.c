/* SPDX-License-Identifier: Apache-2.0 */
/* complex_world.c - the exports that complexity looks at, after the filters, as exact sums.
 *
 * The filters apply in this order, each to what the one before has left: the countries and
 * products asked for; countries by what they export of these; products by what these countries
 * export of them.
 *
 * The exports themselves are not copied.  A world knows which rows of the cube's matrix it
 * has and where in it the leaves go, and hands out one row at a time.  Countries by products
 * are millions of cells; one row of them fits into the processor's cache.
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
    free(w->country);
    free(w->product);
    free(w->by_country);
    free(w->by_product);
    free(w->place);
    memset(w, 0, sizeof *w);
}

static quipu_status too_much(quipu_error *err) {
    return qi_fail(err, QUIPU_E_DATA, "the countries export more than 9.2e15 US$");
}

/* The row at a place of the matrix, or false when a sum of leaves does not fit. */
static bool read_row(const qi_world *w, size_t at, quipu_money *room, const quipu_money **out) {
    const quipu_matrix *m = &w->matrix;
    const quipu_money *dense = m->dense != NULL ? m->dense + at * m->n_products : NULL;
    bool fits = true;
    *out = dense != NULL && w->leaves ? dense : room;
    if (*out == dense)
        return true;
    memset(room, 0, w->n_products * sizeof *room);
    if (dense != NULL) {
        for (size_t k = 0; k < m->n_products; k++)
            if (w->place[k] != QI_NO_PRODUCT)
                fits &= qi_add_money(&room[w->place[k]], dense[k]);
    } else if (w->leaves) {
        for (uint32_t i = m->start[at]; i < m->start[at + 1]; i++)
            room[m->product[i]] = m->value[i];
    } else {
        for (uint32_t i = m->start[at]; i < m->start[at + 1]; i++) {
            uint32_t to = w->place[m->product[i]];
            if (to != QI_NO_PRODUCT)
                fits &= qi_add_money(&room[to], m->value[i]);
        }
    }
    return fits;
}

const quipu_money *qi_world_row(const qi_world *w, size_t country, quipu_money *room) {
    const quipu_money *row;
    read_row(w, w->country[country], room, &row); /* it fitted when the world was made */
    return row;
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

/* Countries that export enough, and their sums; each row is added to the sums of the products
 * while the processor has it at hand. */
static quipu_status gather(const qi_world_filter *filter, qi_world *w, quipu_money *room,
                           quipu_error *err) {
    size_t n = w->n_products;
    for (size_t c = 0; c < w->matrix.n_countries; c++) {
        const quipu_money *row;
        quipu_money sum;
        if (filter->countries != NULL && !filter->countries[c])
            continue;
        if (!read_row(w, c, room, &row) || !sum_of(row, n, &sum))
            return too_much(err);
        if (sum < filter->least_exports)
            w->small_countries += sum > 0;
        if (sum <= 0 || sum < filter->least_exports)
            continue;
        if (!add_row(w->by_product, row, n))
            return too_much(err);
        w->by_country[w->n_countries] = sum;
        w->country[w->n_countries++] = (uint32_t)c;
    }
    return QUIPU_OK;
}

/* The leaves go where the products have gone; both are in order of code. */
static void settle_places(qi_world *w) {
    size_t at = 0;
    for (size_t k = 0; k < w->matrix.n_products; k++) {
        if (w->place[k] == QI_NO_PRODUCT)
            continue;
        while (at < w->n_products && w->product[at] < w->place[k])
            at++;
        bool kept = at < w->n_products && w->product[at] == w->place[k];
        w->place[k] = kept ? (uint32_t)at : QI_NO_PRODUCT;
    }
    w->leaves = false;
}

/* Products of which enough is exported; what countries export of these. */
static quipu_status choose_products(const qi_world_filter *filter, qi_world *w,
                                    quipu_money *room, quipu_error *err) {
    size_t n = w->n_products;
    w->n_products = 0;
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
    settle_places(w);
    for (size_t c = 0; c < w->n_countries; c++)
        if (!sum_of(qi_world_row(w, c, room), w->n_products, &w->by_country[c]))
            return too_much(err);
    return QUIPU_OK;
}

/* A country whose products are all too small goes, too. */
static quipu_status settle_totals(qi_world *w, quipu_error *err) {
    size_t kept = 0;
    for (size_t c = 0; c < w->n_countries; c++) {
        quipu_money sum = w->by_country[c];
        if (!qi_add_money(&w->total, sum))
            return too_much(err);
        if (sum <= 0)
            continue;
        w->country[kept] = w->country[c];
        w->by_country[kept++] = sum;
    }
    w->n_countries = kept;
    return QUIPU_OK;
}

quipu_status qi_world_make(const quipu_matrix *m, const qi_goods *goods,
                           const qi_world_filter *filter, qi_world *out, quipu_error *err) {
    size_t countries = m->n_countries + 1, products = goods->n + 1;
    *out = (qi_world){.matrix = *m, .leaves = goods->leaves, .n_products = goods->n};
    out->country = calloc(countries, sizeof *out->country);
    out->by_country = calloc(countries, sizeof *out->by_country);
    out->product = calloc(products, sizeof *out->product);
    out->by_product = calloc(products, sizeof *out->by_product);
    out->place = malloc((m->n_products + 1) * sizeof *out->place);
    quipu_money *room = malloc(products * sizeof *room);
    quipu_status status = QUIPU_OK;
    if (!out->country || !out->by_country || !out->product || !out->by_product || !out->place ||
        !room)
        status = qi_fail_memory(err, products * sizeof *room);
    else
        memcpy(out->place, goods->of, m->n_products * sizeof *out->place);
    if (status == QUIPU_OK)
        status = gather(filter, out, room, err);
    if (status == QUIPU_OK)
        status = choose_products(filter, out, room, err);
    if (status == QUIPU_OK)
        status = settle_totals(out, err);
    free(room);
    if (status != QUIPU_OK)
        qi_world_free(out);
    return status;
}
