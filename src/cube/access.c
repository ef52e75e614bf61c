/* SPDX-License-Identifier: Apache-2.0 */
/* access.c - pairs, leaves, matrices and tariffs of an open cube.
 *
 * Indexes are checked for shape once a slab and remembered, so that callers may use the
 * arrays without a bounds check of their own.
 */
#include "codec.h"
#include "cube.h"
#include "writer.h"

/* ---- pairs ---- */

quipu_status qi_borrow_pairs(const quipu_cube *cube, qi_check *check, uint32_t slab,
                             quipu_pairs *out) {
    size_t n = cube->slabs[slab].n_pairs, nc = cube->n_countries;
    quipu_pairs p = {.n_countries = nc, .n_pairs = n, .max_rows = cube->records[slab].max_rows};
    const void *at;
#define BORROW(member, kind, count)                                                            \
    QI_TRY(qi_section_array(cube, check, kind, slab, count, sizeof *p.member, &at));           \
    p.member = at
    BORROW(reporter_start, QI_REPORTER_START, nc + 1);
    BORROW(partner, QI_PAIR_PARTNER, n);
    BORROW(reporter, QI_PAIR_REPORTER, n);
    BORROW(total, QI_PAIR_TOTAL, n);
    BORROW(rows, QI_PAIR_ROWS, n);
    BORROW(partner_start, QI_PARTNER_START, nc + 1);
    BORROW(by_partner, QI_BY_PARTNER, n);
    BORROW(by_reporter_total, QI_REPORTER_TOTAL, nc);
    BORROW(by_partner_total, QI_PARTNER_TOTAL, nc);
    BORROW(by_product_total, QI_PRODUCT_TOTAL, cube->n_products);
#undef BORROW
    *out = p;
    return QUIPU_OK;
}

quipu_status quipu_cube_pairs(const quipu_cube *cube, size_t slab, quipu_pairs *out,
                              quipu_error *err) {
    qi_error_clear(err);
    memset(out, 0, sizeof *out);
    if (slab >= cube->n_slabs)
        return qi_fail(err, QUIPU_E_ARG, "slab %zu of %zu", slab, cube->n_slabs);
    uint32_t s = (uint32_t)slab;
    quipu_pairs p;
    qi_check check = qi_check_first(cube, err);
    QI_TRY(qi_borrow_pairs(cube, &check, s, &p));
    if (!atomic_load_explicit(&cube->pairs_sound[slab], memory_order_relaxed)) {
        bool fits;
        QI_TRY(qi_check_reporters(cube, &check, s, &p, &fits));
        QI_TRY(qi_check_partners(cube, &check, s, &p, &fits));
        QI_TRY(qi_check_rows(cube, &check, s, &p));
        atomic_store_explicit(&cube->pairs_sound[slab], 1, memory_order_relaxed);
    }
    *out = p;
    return QUIPU_OK;
}

ptrdiff_t quipu_pairs_find(const quipu_pairs *pairs, unsigned reporter, unsigned partner) {
    if (reporter >= pairs->n_countries)
        return -1;
    size_t low = pairs->reporter_start[reporter], high = pairs->reporter_start[reporter + 1];
    size_t end = high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pairs->partner[middle] < partner)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && pairs->partner[low] == partner ? (ptrdiff_t)low : -1;
}

/* ---- leaves ---- */

bool qi_leaves_reserve(quipu_leaves *leaves, size_t n) {
    if (n + 4 <= leaves->capacity)
        return true;
    quipu_leaves_free(leaves);
    size_t room = n + 4; /* the decoder works on whole quads */
    leaves->product = malloc(room * sizeof *leaves->product);
    leaves->value = malloc(room * sizeof *leaves->value);
    leaves->weight = malloc(room * sizeof *leaves->weight);
    leaves->quantity = malloc(room * sizeof *leaves->quantity);
    leaves->unit = malloc(room);
    leaves->flags = malloc(room);
    leaves->capacity = room;
    if (leaves->product && leaves->value && leaves->weight && leaves->quantity &&
        leaves->unit && leaves->flags)
        return true;
    quipu_leaves_free(leaves);
    return false;
}

void quipu_leaves_free(quipu_leaves *leaves) {
    free(leaves->product);
    free(leaves->value);
    free(leaves->weight);
    free(leaves->quantity);
    free(leaves->unit);
    free(leaves->flags);
    memset(leaves, 0, sizeof *leaves);
}

static void fill_missing(quipu_leaves *into, uint32_t absent) {
    for (size_t i = 0; i < into->n; i++) {
        if (absent & QUIPU_READ_WEIGHT)
            into->weight[i] = QUIPU_QUANTITY_MISSING;
        if (absent & QUIPU_READ_QUANTITY) {
            into->quantity[i] = QUIPU_QUANTITY_MISSING;
            into->unit[i] = 1;
        }
        if (absent & QUIPU_READ_FLAGS)
            into->flags[i] = 0;
    }
}

/* Units and flags are bytes, which are unpacked by way of the room for values: so they come
 * first.  *ahead moves past them and the columns before. */
static bool read_bytes(const uint8_t **ahead, const uint8_t *end, size_t n, uint32_t has,
                       uint32_t what, quipu_leaves *into) {
    uint64_t *scratch = (uint64_t *)into->value;
    if (!qi_skip_stream(ahead, end, n) ||
        ((has & QUIPU_HAS_WEIGHT) && !qi_skip_stream(ahead, end, n)))
        return false;
    if (has & QUIPU_HAS_QUANTITY) {
        bool wanted = (what & QUIPU_READ_QUANTITY) != 0;
        if (!qi_skip_stream(ahead, end, n) ||
            !(wanted ? qi_decode_bytes(ahead, end, n, into->unit, scratch)
                     : qi_skip_stream(ahead, end, n)))
            return false;
    }
    return !(what & QUIPU_READ_FLAGS) || qi_decode_bytes(ahead, end, n, into->flags, scratch);
}

bool qi_read_run(const quipu_cube *cube, uint32_t slab, const uint8_t **at, const uint8_t *end,
                 size_t n, uint32_t what, quipu_leaves *into) {
    uint32_t has = cube->slabs[slab].columns;
    what &= has;
    if (!qi_decode_products(at, end, n, cube->n_products, into->product,
                            (uint64_t *)into->value))
        return false;
    const uint8_t *ahead = *at;
    if ((what & (QUIPU_READ_QUANTITY | QUIPU_READ_FLAGS)) &&
        !read_bytes(&ahead, end, n, has, what, into))
        return false;
    if (!qi_decode_values(at, end, n, QUIPU_MONEY_MISSING, into->value))
        return false;
    if (what == 0)
        return true;
    if ((has & QUIPU_HAS_WEIGHT) &&
        !((what & QUIPU_READ_WEIGHT)
              ? qi_decode_values(at, end, n, QUIPU_QUANTITY_MISSING, into->weight)
              : qi_skip_stream(at, end, n)))
        return false;
    if ((what & QUIPU_READ_QUANTITY) &&
        !qi_decode_values(at, end, n, QUIPU_QUANTITY_MISSING, into->quantity))
        return false;
    *at = ahead > *at ? ahead : *at;
    return true;
}

static quipu_status misfit(const quipu_cube *cube, uint32_t slab, const char *what,
                           quipu_error *err) {
    qi_check check = qi_check_first(cube, err);
    const qi_section *leaves = qi_find_section(cube, QI_LEAVES, slab);
    return qi_problem(&check, QI_LEAVES, slab, leaves != NULL ? leaves->offset : QI_NO_BYTE,
                      "%s", what);
}

quipu_status quipu_cube_leaves(const quipu_cube *cube, size_t slab, size_t pair, uint32_t what,
                               quipu_leaves *into, quipu_error *err) {
    qi_error_clear(err);
    into->n = 0;
    size_t n_pairs = slab < cube->n_slabs ? cube->slabs[slab].n_pairs : 0;
    if (pair >= n_pairs)
        return qi_fail(err, QUIPU_E_ARG, "pair %zu of %zu", pair, n_pairs);
    uint32_t s = (uint32_t)slab;
    const qi_section *leaves = qi_find_section(cube, QI_LEAVES, s);
    const qi_section *offsets = qi_find_section(cube, QI_LEAF_OFFSET, s);
    const qi_section *rows = qi_find_section(cube, QI_PAIR_ROWS, s);
    if (leaves == NULL || offsets == NULL || rows == NULL || leaves->length < QI_SLACK ||
        offsets->length != (n_pairs + 1) * 8 || rows->length != n_pairs * 4)
        return misfit(cube, s, "leaves, their offsets or their numbers are missing or cut",
                      err);
    QI_TRY(qi_touch(cube, offsets->offset + pair * 8, 16, err));
    QI_TRY(qi_touch(cube, rows->offset + pair * 4, 4, err));
    const uint64_t *offset =
        (const uint64_t *)(const void *)(cube->map + offsets->offset) + pair;
    size_t n = ((const uint32_t *)(const void *)(cube->map + rows->offset))[pair];
    size_t most = cube->records[slab].max_rows; /* at most n_products */
    if (offset[0] > offset[1] || offset[1] > leaves->length - QI_SLACK || n == 0 || n > most)
        return misfit(cube, s, "a pair has its leaves where none can be", err);
    QI_TRY(qi_touch(cube, leaves->offset + offset[0], offset[1] - offset[0], err));
    if (!qi_leaves_reserve(into, most))
        return qi_fail_memory(err, most * 34);
    const uint8_t *run = cube->map + leaves->offset, *at = run + offset[0];
    uint32_t has = cube->slabs[slab].columns;
    if (!qi_read_run(cube, s, &at, run + offset[1], n, what, into))
        return misfit(cube, s, "the leaves of a pair cannot be unpacked", err);
    into->n = n;
    if (what & ~has)
        fill_missing(into, what & ~has);
    return QUIPU_OK;
}

/* ---- matrices ---- */

quipu_status qi_borrow_matrix(const quipu_cube *cube, qi_check *check, uint32_t slab,
                              quipu_side side, quipu_matrix *out) {
    uint32_t kind = side == QUIPU_BY_REPORTER ? QI_RMATRIX_DENSE : QI_PMATRIX_DENSE;
    quipu_matrix m = {.n_countries = cube->n_countries, .n_products = cube->n_products};
    const void *at;
    *out = m;
    const qi_section *dense = qi_find_section(cube, kind, slab);
    if (dense != NULL) {
        size_t cells;
        if (!qi_mul_size(m.n_countries, m.n_products, &cells))
            return qi_problem(check, kind, slab, dense->offset, "too large");
        QI_TRY(qi_section_array(cube, check, kind, slab, cells, sizeof *m.dense, &at));
        out->dense = at;
        return QUIPU_OK;
    }
    const qi_section *values = qi_find_section(cube, kind + 3, slab);
    size_t n = values != NULL ? (size_t)values->length / sizeof *m.value : 0;
    QI_TRY(
        qi_section_array(cube, check, kind + 1, slab, m.n_countries + 1, sizeof *m.start, &at));
    m.start = at;
    QI_TRY(qi_section_array(cube, check, kind + 2, slab, n, sizeof *m.product, &at));
    m.product = at;
    QI_TRY(qi_section_array(cube, check, kind + 3, slab, n, sizeof *m.value, &at));
    m.value = at;
    *out = m;
    return QUIPU_OK;
}

quipu_status quipu_cube_matrix(const quipu_cube *cube, size_t slab, quipu_side side,
                               quipu_matrix *out, quipu_error *err) {
    qi_error_clear(err);
    memset(out, 0, sizeof *out);
    if (slab >= cube->n_slabs)
        return qi_fail(err, QUIPU_E_ARG, "slab %zu of %zu", slab, cube->n_slabs);
    quipu_matrix m;
    qi_check check = qi_check_first(cube, err);
    QI_TRY(qi_borrow_matrix(cube, &check, (uint32_t)slab, side, &m));
    unsigned char bit = side == QUIPU_BY_REPORTER ? 1 : 2;
    if (!(atomic_load_explicit(&cube->matrix_sound[slab], memory_order_relaxed) & bit)) {
        bool fits;
        QI_TRY(qi_check_matrix(cube, &check, (uint32_t)slab, side, &m, &fits));
        atomic_fetch_or_explicit(&cube->matrix_sound[slab], bit, memory_order_relaxed);
    }
    *out = m;
    return QUIPU_OK;
}

/* A section of the right length, its blocks not looked at yet. */
static quipu_status find_exact(const quipu_cube *cube, qi_check *check, uint32_t kind,
                               uint32_t slab, uint64_t bytes, const qi_section **out) {
    *out = qi_find_section(cube, kind, slab);
    if (*out == NULL || (*out)->length != bytes)
        return qi_problem(check, kind, slab, *out != NULL ? (*out)->offset : QI_NO_BYTE,
                          *out != NULL ? "has the wrong length" : "is missing");
    return QUIPU_OK;
}

static quipu_status borrow_sparse_rows(const quipu_cube *cube, qi_check *check, uint32_t slab,
                                       uint32_t kind, const uint32_t *rows, size_t n_rows,
                                       quipu_matrix *m, quipu_error *err) {
    const qi_section *products, *values = qi_find_section(cube, kind + 3, slab);
    size_t n = values != NULL ? (size_t)values->length / sizeof *m->value : 0;
    const void *at;
    QI_TRY(qi_section_array(cube, check, kind + 1, slab, m->n_countries + 1, sizeof *m->start,
                            &at));
    QI_TRY(find_exact(cube, check, kind + 2, slab, n * sizeof *m->product, &products));
    QI_TRY(find_exact(cube, check, kind + 3, slab, n * sizeof *m->value, &values));
    m->start = at;
    m->product = (const uint32_t *)(const void *)(cube->map + products->offset);
    m->value = (const quipu_money *)(const void *)(cube->map + values->offset);
    for (size_t r = 0; r < n_rows; r++) {
        uint32_t from = m->start[rows[r]], to = m->start[rows[r] + 1];
        if (from > to || to > n)
            return qi_problem(check, kind + 1, slab, QI_NO_BYTE,
                              "row %u runs from %u to %u of %zu", rows[r], from, to, n);
        QI_TRY(qi_touch(cube, products->offset + from * sizeof *m->product,
                        (to - from) * sizeof *m->product, err));
        QI_TRY(qi_touch(cube, values->offset + from * sizeof *m->value,
                        (to - from) * sizeof *m->value, err));
        for (uint32_t i = from; i < to; i++)
            if (m->product[i] >= m->n_products ||
                (i > from && m->product[i] <= m->product[i - 1]))
                return qi_problem(check, kind + 2, slab, QI_NO_BYTE,
                                  "row %u: product %u of %zu is none or not in order", rows[r],
                                  m->product[i], m->n_products);
    }
    return QUIPU_OK;
}

quipu_status quipu_cube_matrix_rows(const quipu_cube *cube, size_t slab, quipu_side side,
                                    const uint32_t *countries, size_t n_countries,
                                    quipu_matrix *out, quipu_error *err) {
    qi_error_clear(err);
    memset(out, 0, sizeof *out);
    if (slab >= cube->n_slabs)
        return qi_fail(err, QUIPU_E_ARG, "slab %zu of %zu", slab, cube->n_slabs);
    uint32_t s = (uint32_t)slab;
    uint32_t kind = side == QUIPU_BY_REPORTER ? QI_RMATRIX_DENSE : QI_PMATRIX_DENSE;
    quipu_matrix m = {.n_countries = cube->n_countries, .n_products = cube->n_products};
    qi_check check = qi_check_first(cube, err);
    const qi_section *dense = qi_find_section(cube, kind, s);
    size_t row_bytes = m.n_products * sizeof *m.dense, bytes;
    for (size_t r = 0; r < n_countries; r++)
        if (countries[r] >= m.n_countries)
            return qi_fail(err, QUIPU_E_ARG, "country %u of %zu", countries[r], m.n_countries);
    if (dense == NULL) {
        QI_TRY(borrow_sparse_rows(cube, &check, s, kind, countries, n_countries, &m, err));
    } else {
        if (!qi_mul_size(m.n_countries, row_bytes, &bytes))
            return qi_problem(&check, kind, s, dense->offset, "too large");
        QI_TRY(find_exact(cube, &check, kind, s, bytes, &dense));
        m.dense = (const quipu_money *)(const void *)(cube->map + dense->offset);
        for (size_t r = 0; r < n_countries; r++)
            QI_TRY(qi_touch(cube, dense->offset + countries[r] * row_bytes, row_bytes, err));
    }
    *out = m;
    return QUIPU_OK;
}

quipu_status quipu_matrix_add_row(const quipu_matrix *m, size_t country, quipu_money *sum,
                                  quipu_error *err) {
    qi_error_clear(err);
    bool fits = true;
    if (m->dense != NULL) {
        const quipu_money *row = m->dense + country * m->n_products;
        for (size_t k = 0; k < m->n_products; k++)
            fits &= qi_add_money(&sum[k], row[k]);
    } else {
        for (uint32_t i = m->start[country]; i < m->start[country + 1]; i++)
            fits &= qi_add_money(&sum[m->product[i]], m->value[i]);
    }
    return fits ? QUIPU_OK
                : qi_fail(err, QUIPU_E_DATA, "a sum over countries is beyond 9.2e15 US$");
}

/* ---- tariffs ---- */

quipu_status quipu_cube_tariffs(const quipu_cube *cube, const quipu_tariff **first,
                                size_t *count, quipu_error *err) {
    qi_error_clear(err);
    *first = NULL;
    *count = 0;
    const qi_section *section = qi_find_section(cube, QI_TARIFFS, QI_NO_SLAB);
    size_t n = section != NULL ? (size_t)section->length / sizeof **first : 0;
    const void *at;
    qi_check check = qi_check_first(cube, err);
    QI_TRY(qi_section_array(cube, &check, QI_TARIFFS, QI_NO_SLAB, n, sizeof **first, &at));
    if (!atomic_load_explicit(cube->tariffs_sound, memory_order_relaxed)) {
        QI_TRY(qi_check_tariffs(cube, &check, at, n));
        atomic_store_explicit(cube->tariffs_sound, 1, memory_order_relaxed);
    }
    *first = at;
    *count = n;
    return QUIPU_OK;
}
