/* SPDX-License-Identifier: Apache-2.0 */
/* firms.c - rows by firm: packed for the file, read from it, and checked.
 *
 * A block is five streams: firms (the first as it is, then differences), reporters, partners,
 * products, values.  What is read is looked at row by row, so that a crafted file leads nowhere.
 */
#include "codec.h"
#include "cube.h"
#include "writer.h"

#define NO_NUMBER (-1) /* that no column but the value may hold */

/* ---- rows ---- */

bool qi_firm_rows_reserve(quipu_firm_rows *rows, size_t n) {
    if (n <= rows->capacity)
        return true;
    size_t more = rows->capacity * 2 > n ? rows->capacity * 2 : n;
    uint32_t *firm = realloc(rows->firm, more * sizeof *firm);
    rows->firm = firm != NULL ? firm : rows->firm;
    uint16_t *reporter = realloc(rows->reporter, more * sizeof *reporter);
    rows->reporter = reporter != NULL ? reporter : rows->reporter;
    uint16_t *partner = realloc(rows->partner, more * sizeof *partner);
    rows->partner = partner != NULL ? partner : rows->partner;
    uint32_t *product = realloc(rows->product, more * sizeof *product);
    rows->product = product != NULL ? product : rows->product;
    quipu_money *value = realloc(rows->value, more * sizeof *value);
    rows->value = value != NULL ? value : rows->value;
    int64_t *scratch = realloc(rows->scratch, more * sizeof *scratch);
    rows->scratch = scratch != NULL ? scratch : rows->scratch;
    if (!firm || !reporter || !partner || !product || !value || !scratch)
        return false;
    rows->capacity = more;
    return true;
}

void quipu_firm_rows_free(quipu_firm_rows *rows) {
    free(rows->firm);
    free(rows->reporter);
    free(rows->partner);
    free(rows->product);
    free(rows->value);
    free(rows->scratch);
    *rows = (quipu_firm_rows){0};
}

/* ---- blocks ---- */

#define PACK(out, rows, what)                                                                  \
    do {                                                                                       \
        for (size_t i = 0; i < (rows)->n; i++)                                                 \
            (rows)->scratch[i] = (int64_t)(what);                                              \
        if (!qi_encode_values(out, (rows)->scratch, (rows)->n, NO_NUMBER))                     \
            return false;                                                                      \
    } while (0)

bool qi_firms_pack(qi_buffer *out, const quipu_firm_rows *rows) {
    PACK(out, rows, i == 0 ? rows->firm[0] : rows->firm[i] - rows->firm[i - 1]);
    PACK(out, rows, rows->reporter[i]);
    PACK(out, rows, rows->partner[i]);
    PACK(out, rows, rows->product[i]);
    return qi_encode_values(out, rows->value, rows->n, QUIPU_MONEY_MISSING);
}

/* One stream into `scratch`, every number of it below `limit`. */
static bool unpack(const uint8_t **at, const uint8_t *end, quipu_firm_rows *rows,
                   uint64_t limit) {
    bool right = qi_decode_values(at, end, rows->n, NO_NUMBER, rows->scratch);
    for (size_t i = 0; i < rows->n && right; i++)
        right = (uint64_t)rows->scratch[i] < limit; /* what is missing is large */
    return right;
}

static int row_order(const quipu_firm_rows *r, size_t a, size_t b) {
    if (r->firm[a] != r->firm[b])
        return r->firm[a] < r->firm[b] ? -1 : 1;
    if (r->reporter[a] != r->reporter[b])
        return r->reporter[a] < r->reporter[b] ? -1 : 1;
    if (r->partner[a] != r->partner[b])
        return r->partner[a] < r->partner[b] ? -1 : 1;
    return r->product[a] < r->product[b] ? -1 : r->product[a] > r->product[b];
}

/* Unpack rows->n rows.  NULL, or what is wrong. */
static const char *read_rows(const quipu_cube *cube, const uint8_t *at, const uint8_t *end,
                             quipu_firm_rows *rows) {
    uint64_t firm = 0;
    bool right = unpack(&at, end, rows, (uint64_t)cube->n_firms + 1);
    for (size_t i = 0; i < rows->n && right; i++) {
        firm += (uint64_t)rows->scratch[i];
        rows->firm[i] = (uint32_t)firm;
        right = firm <= cube->n_firms;
    }
    right = right && unpack(&at, end, rows, cube->n_countries);
    for (size_t i = 0; i < rows->n && right; i++)
        rows->reporter[i] = (uint16_t)rows->scratch[i];
    right = right && unpack(&at, end, rows, cube->n_countries);
    for (size_t i = 0; i < rows->n && right; i++)
        rows->partner[i] = (uint16_t)rows->scratch[i];
    right = right && unpack(&at, end, rows, cube->n_products);
    for (size_t i = 0; i < rows->n && right; i++)
        rows->product[i] = (uint32_t)rows->scratch[i];
    right = right && qi_decode_values(&at, end, rows->n, QUIPU_MONEY_MISSING, rows->value);
    if (!right)
        return "cannot be unpacked";
    for (size_t i = 1; i < rows->n; i++)
        if (row_order(rows, i - 1, i) >= 0)
            return "is not in order";
    for (size_t i = 0; i < rows->n; i++)
        if (rows->value[i] < QUIPU_MONEY_MISSING)
            return "has a value below zero";
    return at == end ? NULL : "has bytes left over";
}

/* ---- where they are ---- */

quipu_status qi_cube_firms(quipu_cube *cube, qi_check *check) {
    const void *at;
    if (qi_find_section(cube, QI_FIRMS, QI_NO_SLAB) == NULL)
        return QUIPU_OK;
    QI_TRY(qi_section_array(cube, check, QI_FIRMS, QI_NO_SLAB, 1, sizeof(uint64_t), &at));
    if (at == NULL)
        return QUIPU_OK;
    uint64_t n = *(const uint64_t *)at;
    if (n == 0 || n >= UINT32_MAX)
        return qi_problem(check, QI_FIRMS, QI_NO_SLAB, QI_NO_BYTE, "there cannot be %llu firms",
                          (unsigned long long)n);
    cube->n_firms = (uint32_t)n;
    return QUIPU_OK;
}

/* The index of a slab, and its packed bytes, which are not looked at yet. */
static quipu_status find_blocks(const quipu_cube *cube, qi_check *check, uint32_t slab,
                                const qi_firm_block **index, size_t *n,
                                const qi_section **packed) {
    const void *at;
    const qi_section *list = qi_find_section(cube, QI_FIRM_INDEX, slab);
    size_t records = list != NULL ? (size_t)(list->length / sizeof **index) : 0;
    *index = NULL;
    *n = 0;
    *packed = qi_find_section(cube, QI_FIRM_BLOCKS, slab);
    QI_TRY(qi_section_array(cube, check, QI_FIRM_INDEX, slab, records, sizeof **index, &at));
    if (at == NULL)
        return QUIPU_OK;
    if (*packed == NULL)
        return qi_problem(check, QI_FIRM_BLOCKS, slab, QI_NO_BYTE, "the section is missing");
    const qi_firm_block *block = at;
    uint64_t room = (*packed)->length >= QI_SLACK ? (*packed)->length - QI_SLACK : 0;
    bool right = records > 0 && (*packed)->length >= QI_SLACK && block[0].offset == 0 &&
                 block[records - 1].offset == room && block[records - 1].rows == 0;
    for (size_t b = 1; b < records && right; b++) {
        uint64_t bytes = block[b].offset - block[b - 1].offset;
        uint32_t rows = block[b - 1].rows;
        /* Firms with a row each may be alike in all streams, rows of one firm cannot: so few
         * bytes never ask for much memory. */
        right = block[b].offset > block[b - 1].offset && block[b].offset <= room && rows > 0 &&
                (rows <= 2 * QI_FIRM_BLOCK_ROWS || rows / 8 <= bytes);
    }
    if (!right)
        return qi_problem(check, QI_FIRM_INDEX, slab, list->offset,
                          "it does not lead through the firm blocks");
    *index = block;
    *n = records - 1;
    return QUIPU_OK;
}

quipu_status quipu_cube_firm_blocks(const quipu_cube *cube, size_t slab, size_t *out,
                                    quipu_error *err) {
    const qi_firm_block *index;
    const qi_section *packed;
    qi_check check = qi_check_first(cube, err);
    qi_error_clear(err);
    *out = 0;
    if (slab >= cube->n_slabs)
        return qi_fail(err, QUIPU_E_ARG, "slab %zu of %zu", slab, cube->n_slabs);
    return cube->n_firms == 0 ? QUIPU_OK
                              : find_blocks(cube, &check, (uint32_t)slab, &index, out, &packed);
}

quipu_status quipu_cube_firm_block(const quipu_cube *cube, size_t slab, size_t block,
                                   quipu_firm_rows *into, quipu_error *err) {
    const qi_firm_block *index;
    const qi_section *packed;
    size_t n = 0;
    qi_check check = qi_check_first(cube, err);
    qi_error_clear(err);
    into->n = 0;
    if (slab < cube->n_slabs && cube->n_firms > 0)
        QI_TRY(find_blocks(cube, &check, (uint32_t)slab, &index, &n, &packed));
    if (block >= n)
        return qi_fail(err, QUIPU_E_ARG, "block %zu of %zu", block, n);
    uint64_t from = index[block].offset, to = index[block + 1].offset;
    QI_TRY(qi_touch(cube, packed->offset + from, to - from + QI_SLACK, err));
    if (!qi_firm_rows_reserve(into, index[block].rows))
        return qi_fail_memory(err, index[block].rows * 36u);
    into->n = index[block].rows;
    const uint8_t *bytes = cube->map + packed->offset;
    const char *wrong = read_rows(cube, bytes + from, bytes + to, into);
    if (wrong == NULL && into->firm[0] != index[block].first)
        wrong = "does not begin with the firm that the index says";
    if (wrong == NULL)
        return QUIPU_OK;
    into->n = 0;
    return qi_problem(&check, QI_FIRM_BLOCKS, (uint32_t)slab, packed->offset + from,
                      "block %zu %s", block, wrong);
}

uint32_t quipu_cube_n_firms(const quipu_cube *cube) {
    return cube->n_firms;
}

/* ---- everything, for verify ---- */

/* Add a block to the sums of its pairs.  NULL, or what is wrong. */
static const char *add_block(const quipu_firm_rows *rows, const quipu_pairs *pairs,
                             quipu_money *sum, uint64_t *last) {
    if (rows->firm[0] < *last)
        return "is not in order of firms";
    *last = (uint64_t)rows->firm[rows->n - 1] + 1;
    for (size_t i = 0; i < rows->n; i++) {
        ptrdiff_t pair = quipu_pairs_find(pairs, rows->reporter[i], rows->partner[i]);
        if (pair < 0)
            return "has trade of a pair that the slab has not";
        if (rows->value[i] != QUIPU_MONEY_MISSING && !qi_add_money(&sum[pair], rows->value[i]))
            return "adds up to more than 9.2e15 US$";
    }
    return NULL;
}

static quipu_status check_blocks(const quipu_cube *cube, qi_check *check, uint32_t slab,
                                 const quipu_pairs *pairs, quipu_money *sum, bool *all) {
    const qi_firm_block *index;
    const qi_section *packed;
    quipu_firm_rows rows = {0};
    uint64_t last = 0;
    size_t n;
    quipu_status status = QUIPU_OK;
    *all = false;
    QI_GO(find_blocks(cube, check, slab, &index, &n, &packed));
    *all = index != NULL && qi_is_sound(cube, packed->offset, packed->length);
    for (size_t b = 0; b < n && *all; b++) {
        const uint8_t *bytes = cube->map + packed->offset;
        if (!qi_firm_rows_reserve(&rows, index[b].rows))
            QI_GO(qi_fail_memory(check->err, index[b].rows * 36u));
        rows.n = index[b].rows;
        const char *wrong =
            read_rows(cube, bytes + index[b].offset, bytes + index[b + 1].offset, &rows);
        if (wrong == NULL && rows.firm[0] != index[b].first)
            wrong = "does not begin with the firm that the index says";
        if (wrong == NULL)
            wrong = add_block(&rows, pairs, sum, &last);
        *all = wrong == NULL;
        if (wrong != NULL)
            QI_GO(qi_problem(check, QI_FIRM_BLOCKS, slab, packed->offset + index[b].offset,
                             "block %zu %s", b, wrong));
    }
done:
    quipu_firm_rows_free(&rows);
    return status;
}

quipu_status qi_check_firms(const quipu_cube *cube, qi_check *check, uint32_t slab,
                            const quipu_pairs *pairs) {
    if (cube->n_firms == 0)
        return QUIPU_OK;
    quipu_money *sum = calloc(pairs->n_pairs + 1, sizeof *sum);
    bool all;
    if (sum == NULL)
        return qi_fail_memory(check->err, pairs->n_pairs * sizeof *sum);
    quipu_status status = check_blocks(cube, check, slab, pairs, sum, &all);
    for (size_t p = 0; p < pairs->n_pairs && all && status == QUIPU_OK; p++)
        if (sum[p] != pairs->total[p])
            status = qi_problem(check, QI_FIRM_BLOCKS, slab, QI_NO_BYTE,
                                "the firms of %s to %s add up to %lld thousandths of a dollar, "
                                "the pair has %lld",
                                cube->countries[pairs->reporter[p]].iso3,
                                cube->countries[pairs->partner[p]].iso3, (long long)sum[p],
                                (long long)pairs->total[p]);
    free(sum);
    return status;
}
