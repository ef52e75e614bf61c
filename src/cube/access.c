/* SPDX-License-Identifier: Apache-2.0 */
/* access.c - pairs, leaves, matrices and tariffs of an open cube.
 *
 * Indexes are checked for shape once a slab and remembered, so that callers may use the
 * arrays without a bounds check of their own.
 */
#include "codec.h"
#include "cube.h"
#include "writer.h"

static quipu_status bad(const quipu_cube *cube, size_t slab, const char *what, quipu_error *err) {
    return qi_fail_at(err, QUIPU_E_FORMAT, cube->path, 0, 0, "%s of %d %s do not fit together. "
                      "Run quipu verify; restore the file from a copy, or import it again",
                      what, cube->slabs[slab].period, quipu_flow_name(cube->slabs[slab].flow));
}

/* start[0] = 0, rising, start[n] = total */
static bool is_index(const uint32_t *start, size_t n, size_t total) {
    if (start[0] != 0 || start[n] != total)
        return false;
    for (size_t i = 0; i < n; i++)
        if (start[i] > start[i + 1])
            return false;
    return true;
}

static bool pairs_fit(const quipu_cube *cube, const quipu_pairs *p) {
    if (!is_index(p->reporter_start, p->n_countries, p->n_pairs) ||
        !is_index(p->partner_start, p->n_countries, p->n_pairs))
        return false;
    for (size_t c = 0; c < p->n_countries; c++) {
        for (uint32_t i = p->reporter_start[c]; i < p->reporter_start[c + 1]; i++)
            if (p->reporter[i] != c || p->partner[i] >= p->n_countries ||
                (i > p->reporter_start[c] && p->partner[i] <= p->partner[i - 1]))
                return false;
        for (uint32_t i = p->partner_start[c]; i < p->partner_start[c + 1]; i++)
            if (p->by_partner[i] >= p->n_pairs || p->partner[p->by_partner[i]] != c)
                return false;
    }
    for (size_t i = 0; i < p->n_pairs; i++)
        if (p->rows[i] == 0 || p->rows[i] > p->max_rows)
            return false;
    return p->max_rows <= cube->n_products;
}

quipu_status quipu_cube_pairs(const quipu_cube *cube, size_t slab, quipu_pairs *out,
                              quipu_error *err) {
    memset(out, 0, sizeof *out);
    if (slab >= cube->n_slabs)
        return qi_fail(err, QUIPU_E_ARG, "slab %zu of %zu", slab, cube->n_slabs);
    uint32_t s = (uint32_t)slab;
    size_t n = cube->slabs[slab].n_pairs, nc = cube->n_countries;
    quipu_pairs p = {.n_countries = nc, .n_pairs = n, .max_rows = cube->records[slab].max_rows};
    const void *at;
#define BORROW(member, kind, count)                                                        \
    QI_TRY(qi_section_array(cube, kind, s, count, sizeof *p.member, &at, err));            \
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
    if (!atomic_load_explicit(&cube->pairs_sound[slab], memory_order_relaxed)) {
        if (!pairs_fit(cube, &p))
            return bad(cube, slab, "the pairs", err);
        atomic_store_explicit(&cube->pairs_sound[slab], 1, memory_order_relaxed);
    }
    *out = p;
    return QUIPU_OK;
}

ptrdiff_t quipu_pairs_find(const quipu_pairs *pairs, unsigned reporter, unsigned partner) {
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
    if (leaves->product && leaves->value && leaves->weight && leaves->quantity && leaves->unit &&
        leaves->flags)
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

/* One column: decoded when asked for, stepped over when not. */
static bool read_column(const uint8_t **at, const uint8_t *end, size_t n, bool wanted,
                        int64_t *out) {
    return wanted ? qi_decode_values(at, end, n, QUIPU_QUANTITY_MISSING, out)
                  : qi_skip_stream(at, end, n);
}

static bool read_run(const uint8_t *at, const uint8_t *end, size_t n, size_t n_products,
                     uint32_t has, uint32_t what, quipu_leaves *into) {
    uint64_t *scratch = (uint64_t *)into->value; /* free until the values are decoded */
    if (!qi_decode_products(&at, end, n, n_products, into->product, scratch) ||
        !qi_decode_values(&at, end, n, QUIPU_MONEY_MISSING, into->value))
        return false;
    what &= has;
    if (what == 0)
        return true;
    if ((has & QUIPU_HAS_WEIGHT) &&
        !read_column(&at, end, n, what & QUIPU_READ_WEIGHT, into->weight))
        return false;
    if (has & QUIPU_HAS_QUANTITY) {
        bool wanted = (what & QUIPU_READ_QUANTITY) != 0;
        if (wanted) { /* units first need scratch room: the quantity column has it */
            const uint8_t *units = at;
            if (!qi_skip_stream(&units, end, n) ||
                !qi_decode_bytes(&units, end, n, into->unit, (uint64_t *)into->quantity))
                return false;
        }
        if (!read_column(&at, end, n, wanted, into->quantity) || !qi_skip_stream(&at, end, n))
            return false;
    }
    if ((what & QUIPU_READ_FLAGS) && (has & QUIPU_HAS_FLAGS)) {
        uint64_t *room = malloc((n + 4) * sizeof *room);
        bool ok = room != NULL && qi_decode_bytes(&at, end, n, into->flags, room);
        free(room);
        return ok;
    }
    return true;
}

quipu_status quipu_cube_leaves(const quipu_cube *cube, size_t slab, size_t pair, uint32_t what,
                               quipu_leaves *into, quipu_error *err) {
    uint32_t s = (uint32_t)slab;
    const qi_section *leaves = qi_find_section(cube, QI_LEAVES, s);
    const qi_section *offsets = qi_find_section(cube, QI_LEAF_OFFSET, s);
    const qi_section *rows = qi_find_section(cube, QI_PAIR_ROWS, s);
    size_t n_pairs = slab < cube->n_slabs ? cube->slabs[slab].n_pairs : 0;
    if (pair >= n_pairs)
        return qi_fail(err, QUIPU_E_ARG, "pair %zu of %zu", pair, n_pairs);
    if (leaves == NULL || offsets == NULL || rows == NULL || leaves->length < QI_SLACK ||
        offsets->length != (n_pairs + 1) * 8 || rows->length != n_pairs * 4)
        return bad(cube, slab, "the leaves", err);
    QI_TRY(qi_touch(cube, offsets->offset + pair * 8, 16, err));
    QI_TRY(qi_touch(cube, rows->offset + pair * 4, 4, err));
    const uint64_t *offset = (const uint64_t *)(const void *)(cube->map + offsets->offset) + pair;
    size_t n = ((const uint32_t *)(const void *)(cube->map + rows->offset))[pair];
    if (offset[0] > offset[1] || offset[1] > leaves->length - QI_SLACK || n > cube->n_products)
        return bad(cube, slab, "the leaves", err);
    QI_TRY(qi_touch(cube, leaves->offset + offset[0], offset[1] - offset[0], err));
    if (!qi_leaves_reserve(into, n))
        return qi_fail_memory(err, n * 40);
    into->n = n;
    const uint8_t *run = cube->map + leaves->offset;
    uint32_t has = cube->slabs[slab].columns;
    if (!read_run(run + offset[0], run + offset[1], n, cube->n_products, has, what, into))
        return bad(cube, slab, "the leaves", err);
    if (what & ~has)
        fill_missing(into, what & ~has);
    return QUIPU_OK;
}

/* ---- matrices ---- */

static bool matrix_fits(const quipu_matrix *m, size_t n_cells) {
    if (!is_index(m->start, m->n_countries, n_cells))
        return false;
    for (size_t c = 0; c < m->n_countries; c++)
        for (uint32_t i = m->start[c]; i < m->start[c + 1]; i++)
            if (m->product[i] >= m->n_products ||
                (i > m->start[c] && m->product[i] <= m->product[i - 1]))
                return false;
    return true;
}

quipu_status quipu_cube_matrix(const quipu_cube *cube, size_t slab, quipu_side side,
                               quipu_matrix *out, quipu_error *err) {
    memset(out, 0, sizeof *out);
    if (slab >= cube->n_slabs)
        return qi_fail(err, QUIPU_E_ARG, "slab %zu of %zu", slab, cube->n_slabs);
    uint32_t s = (uint32_t)slab;
    uint32_t kind = side == QUIPU_BY_REPORTER ? QI_RMATRIX_DENSE : QI_PMATRIX_DENSE;
    quipu_matrix m = {.n_countries = cube->n_countries, .n_products = cube->n_products};
    const void *at;
    if (qi_find_section(cube, kind, s) != NULL) {
        size_t cells;
        if (!qi_mul_size(m.n_countries, m.n_products, &cells))
            return bad(cube, slab, "the matrices", err);
        QI_TRY(qi_section_array(cube, kind, s, cells, sizeof *m.dense, &at, err));
        m.dense = at;
        *out = m;
        return QUIPU_OK;
    }
    const qi_section *values = qi_find_section(cube, kind + 3, s);
    size_t n = values != NULL ? (size_t)values->length / sizeof *m.value : 0;
    QI_TRY(qi_section_array(cube, kind + 1, s, m.n_countries + 1, sizeof *m.start, &at, err));
    m.start = at;
    QI_TRY(qi_section_array(cube, kind + 2, s, n, sizeof *m.product, &at, err));
    m.product = at;
    QI_TRY(qi_section_array(cube, kind + 3, s, n, sizeof *m.value, &at, err));
    m.value = at;
    unsigned char bit = side == QUIPU_BY_REPORTER ? 1 : 2;
    if (!(atomic_load_explicit(&cube->matrix_sound[slab], memory_order_relaxed) & bit)) {
        if (!matrix_fits(&m, n))
            return bad(cube, slab, "the matrices", err);
        atomic_fetch_or_explicit(&cube->matrix_sound[slab], bit, memory_order_relaxed);
    }
    *out = m;
    return QUIPU_OK;
}

quipu_status quipu_matrix_add_row(const quipu_matrix *m, size_t country, quipu_money *sum,
                                  quipu_error *err) {
    bool fits = true;
    if (m->dense != NULL) {
        const quipu_money *row = m->dense + country * m->n_products;
        for (size_t k = 0; k < m->n_products; k++)
            fits &= qi_add_money(&sum[k], row[k]);
    } else {
        for (uint32_t i = m->start[country]; i < m->start[country + 1]; i++)
            fits &= qi_add_money(&sum[m->product[i]], m->value[i]);
    }
    return fits ? QUIPU_OK : qi_fail(err, QUIPU_E_DATA, "a sum over countries is beyond 9.2e15 US$");
}

/* ---- tariffs ---- */

quipu_status quipu_cube_tariffs(const quipu_cube *cube, const quipu_tariff **first,
                                size_t *count, quipu_error *err) {
    *first = NULL;
    *count = 0;
    const qi_section *section = qi_find_section(cube, QI_TARIFFS, QI_NO_SLAB);
    size_t n = section != NULL ? (size_t)section->length / sizeof **first : 0;
    const void *at;
    QI_TRY(qi_section_array(cube, QI_TARIFFS, QI_NO_SLAB, n, sizeof **first, &at, err));
    const quipu_tariff *tariffs = at;
    for (size_t i = 0; i < n; i++)
        if (tariffs[i].product >= cube->n_products || tariffs[i].reporter >= cube->n_countries ||
            tariffs[i].partner >= cube->n_countries)
            return qi_fail_at(err, QUIPU_E_FORMAT, cube->path, 0, 0,
                              "a tariff names a country or product the cube does not have");
    *first = tariffs;
    *count = n;
    return QUIPU_OK;
}
