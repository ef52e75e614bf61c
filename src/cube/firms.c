/* SPDX-License-Identifier: Apache-2.0 */
/* firms.c - rows by firm: packed for the file, read from it, and checked.
 *
 * A block is five streams: firms (the first as it is, then differences), reporters, partners,
 * products, values.  What is read is looked at row by row, so that a crafted file leads nowhere:
 * countries, products and firms are in range, rows in order, and a firm is in one block only.
 */
#include "codec.h"
#include "cube.h"
#include "writer.h"

#define NO_NUMBER (-1) /* that no column but the value may hold */
#define ROW_BYTES 28u  /* of all columns and the scratch */

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

int qi_firm_row_order(const quipu_firm_rows *r, size_t a, size_t b) {
    if (r->firm[a] != r->firm[b])
        return r->firm[a] < r->firm[b] ? -1 : 1;
    if (r->reporter[a] != r->reporter[b])
        return r->reporter[a] < r->reporter[b] ? -1 : 1;
    if (r->partner[a] != r->partner[b])
        return r->partner[a] < r->partner[b] ? -1 : 1;
    return r->product[a] < r->product[b] ? -1 : r->product[a] > r->product[b];
}

/* Unpack rows->n rows; a stream has no numbers below zero.  NULL, or what is wrong. */
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
        if (qi_firm_row_order(rows, i - 1, i) >= 0)
            return "is not in order";
    return at == end ? NULL : "has bytes left over";
}

/* ---- where they are ---- */

quipu_status qi_cube_firms(quipu_cube *cube, qi_check *check) {
    const qi_section *section = qi_find_section(cube, QI_FIRMS, QI_NO_SLAB);
    const void *at;
    if (section == NULL)
        return QUIPU_OK;
    QI_TRY(qi_section_array(cube, check, QI_FIRMS, QI_NO_SLAB, 1, sizeof(uint64_t), &at));
    if (at == NULL)
        return QUIPU_OK;
    uint64_t n = *(const uint64_t *)at;
    if (n == 0 || n >= UINT32_MAX)
        return qi_problem(check, QI_FIRMS, QI_NO_SLAB, section->offset,
                          "there cannot be %llu firms", (unsigned long long)n);
    cube->n_firms = (uint32_t)n;
    return QUIPU_OK;
}

/* Where the blocks of a slab are; what is packed in them is not looked at yet. */
typedef struct firm_index {
    const qi_firm_block *block; /* n, and one for the end; NULL: they cannot be found */
    size_t n;
    const qi_section *packed;
} firm_index;

/* From the first byte to the last, in order of firms. */
static bool leads_through(const qi_firm_block *block, size_t records, uint64_t length) {
    if (records == 0 || length < QI_SLACK || block[0].offset != 0)
        return false;
    for (size_t b = 0; b + 1 < records; b++) {
        uint32_t rows = block[b].rows;
        if (block[b].offset >= block[b + 1].offset || rows == 0 ||
            (b > 0 && block[b].first <= block[b - 1].first))
            return false;
        /* Firms with a row each may be alike in all streams, which then are short; but a block
         * is this long only for the rows of one firm, and no two of those are alike.  So few
         * bytes never ask for much memory. */
        if (rows > 2 * QI_FIRM_BLOCK_ROWS && rows > block[b + 1].offset - block[b].offset)
            return false;
    }
    const qi_firm_block *end = &block[records - 1];
    return end->offset == length - QI_SLACK && end->first == 0 && end->rows == 0;
}

static quipu_status find_blocks(const quipu_cube *cube, qi_check *check, uint32_t slab,
                                firm_index *out) {
    const void *at;
    const qi_section *list = qi_find_section(cube, QI_FIRM_INDEX, slab);
    size_t records = list != NULL ? (size_t)(list->length / sizeof *out->block) : 0;
    _Atomic unsigned char *sound = &cube->firms_sound[slab];
    *out = (firm_index){.packed = qi_find_section(cube, QI_FIRM_BLOCKS, slab)};
    if (out->packed == NULL)
        QI_TRY(qi_problem(check, QI_FIRM_BLOCKS, slab, QI_NO_BYTE, "the section is missing"));
    QI_TRY(
        qi_section_array(cube, check, QI_FIRM_INDEX, slab, records, sizeof *out->block, &at));
    if (at == NULL || out->packed == NULL)
        return QUIPU_OK;
    if (!atomic_load_explicit(sound, memory_order_relaxed)) {
        if (!leads_through(at, records, out->packed->length))
            return qi_problem(check, QI_FIRM_INDEX, slab, list->offset,
                              "it does not lead through the firm blocks");
        atomic_store_explicit(sound, 1, memory_order_relaxed);
    }
    out->block = at;
    out->n = records - 1;
    return QUIPU_OK;
}

/* Block b, whose checksums are right.  NULL, or what is wrong. */
static const char *read_block(const quipu_cube *cube, const firm_index *index, size_t b,
                              quipu_firm_rows *rows) {
    const uint8_t *bytes = cube->map + index->packed->offset;
    const qi_firm_block *block = &index->block[b];
    rows->n = block->rows;
    const char *wrong = read_rows(cube, bytes + block->offset, bytes + block[1].offset, rows);
    if (wrong != NULL)
        return wrong;
    if (rows->firm[0] != block->first)
        return "does not begin with the firm that the index says";
    if (b + 1 < index->n && rows->firm[rows->n - 1] >= block[1].first)
        return "has rows of a firm of the next block";
    return NULL;
}

quipu_status quipu_cube_firm_blocks(const quipu_cube *cube, size_t slab, size_t *out,
                                    quipu_error *err) {
    firm_index index = {0};
    qi_check check = qi_check_first(cube, err);
    qi_error_clear(err);
    *out = 0;
    if (slab >= cube->n_slabs)
        return qi_fail(err, QUIPU_E_ARG, "slab %zu of %zu", slab, cube->n_slabs);
    if (cube->n_firms > 0)
        QI_TRY(find_blocks(cube, &check, (uint32_t)slab, &index));
    *out = index.n;
    return QUIPU_OK;
}

/* Is it of one reporter, who is not wanted?  All numbers of a stream that are equal stand at its
 * beginning.  What cannot be read is not passed over, so that it is an error. */
static bool is_of_others(const uint8_t *at, const uint8_t *end, size_t n,
                         const uint64_t *reporters, size_t n_countries) {
    int64_t reporter;
    if (!qi_skip_stream(&at, end, n) || at >= end || (*at & 15u) != 0 ||
        !qi_decode_values(&at, end, 1, NO_NUMBER, &reporter))
        return false;
    return reporter >= 0 && (uint64_t)reporter < n_countries &&
           (reporters[reporter / 64] >> (reporter % 64) & 1u) == 0;
}

quipu_status quipu_cube_firm_block(const quipu_cube *cube, size_t slab, size_t block,
                                   quipu_firm_rows *into, quipu_error *err) {
    return quipu_cube_firm_block_of(cube, slab, block, NULL, into, err);
}

quipu_status quipu_cube_firm_block_of(const quipu_cube *cube, size_t slab, size_t block,
                                      const uint64_t *reporters, quipu_firm_rows *into,
                                      quipu_error *err) {
    firm_index index = {0};
    qi_check check = qi_check_first(cube, err);
    qi_error_clear(err);
    into->n = 0;
    if (slab >= cube->n_slabs)
        return qi_fail(err, QUIPU_E_ARG, "slab %zu of %zu", slab, cube->n_slabs);
    if (cube->n_firms > 0)
        QI_TRY(find_blocks(cube, &check, (uint32_t)slab, &index));
    if (block >= index.n)
        return qi_fail(err, QUIPU_E_ARG, "firm block %zu of %zu", block, index.n);
    const qi_firm_block *at = &index.block[block];
    uint64_t from = index.packed->offset + at->offset;
    QI_TRY(qi_touch(cube, from, at[1].offset - at->offset + QI_SLACK, err));
    if (reporters != NULL &&
        is_of_others(cube->map + from, cube->map + index.packed->offset + at[1].offset,
                     at->rows, reporters, cube->n_countries))
        return QUIPU_OK;
    if (!qi_firm_rows_reserve(into, at->rows))
        return qi_fail_memory(err, (size_t)at->rows * ROW_BYTES);
    const char *wrong = read_block(cube, &index, block, into);
    if (wrong == NULL)
        return QUIPU_OK;
    into->n = 0;
    return qi_problem(&check, QI_FIRM_BLOCKS, (uint32_t)slab, from, "block %zu %s", block,
                      wrong);
}

uint32_t quipu_cube_n_firms(const quipu_cube *cube) {
    return cube->n_firms;
}

/* ---- everything, for verify ---- */

/* Add rows to the sums of their pairs.  NULL, or what is wrong. */
static const char *add_rows(const quipu_firm_rows *rows, const quipu_pairs *pairs,
                            quipu_money *sum) {
    for (size_t i = 0; i < rows->n; i++) {
        ptrdiff_t pair = quipu_pairs_find(pairs, rows->reporter[i], rows->partner[i]);
        if (pair < 0)
            return "has trade of a pair that the slab has not";
        if (rows->value[i] != QUIPU_MONEY_MISSING && !qi_add_money(&sum[pair], rows->value[i]))
            return "adds up to more than 9.2e15 US$";
    }
    return NULL;
}

/* All blocks, and their sums when there are pairs.  `*all`: every row is in them. */
static quipu_status check_blocks(const quipu_cube *cube, qi_check *check, uint32_t slab,
                                 const quipu_pairs *pairs, quipu_money *sum, bool *all) {
    firm_index index;
    quipu_firm_rows rows = {0};
    quipu_status status = QUIPU_OK;
    *all = false;
    QI_TRY(find_blocks(cube, check, slab, &index));
    if (index.block == NULL)
        return QUIPU_OK;
    uint64_t from = index.packed->offset, end = from + index.packed->length;
    for (uint64_t at = end - QI_SLACK; at < end; at++)
        if (cube->map[at] != 0 && qi_is_sound(cube, at, 1)) {
            QI_TRY(qi_problem(check, QI_FIRM_BLOCKS, slab, at,
                              "a byte after the last block is not zero"));
            break;
        }
    *all = true;
    for (size_t b = 0; b < index.n; b++) {
        const qi_firm_block *block = &index.block[b];
        if (!qi_is_sound(cube, from + block->offset, block[1].offset - block->offset)) {
            *all = false; /* listed with the block of the file */
            continue;
        }
        if (!qi_firm_rows_reserve(&rows, block->rows))
            QI_GO(qi_fail_memory(check->err, (size_t)block->rows * ROW_BYTES));
        const char *wrong = read_block(cube, &index, b, &rows);
        if (wrong == NULL && pairs != NULL)
            wrong = add_rows(&rows, pairs, sum);
        *all = *all && wrong == NULL;
        if (wrong != NULL)
            QI_GO(qi_problem(check, QI_FIRM_BLOCKS, slab, from + block->offset, "block %zu %s",
                             b, wrong));
    }
done:
    quipu_firm_rows_free(&rows);
    return status;
}

/* A cube that does not say how many firms it has must have none. */
static quipu_status check_absent(const quipu_cube *cube, qi_check *check, uint32_t slab) {
    for (uint32_t kind = QI_FIRM_BLOCKS; kind <= QI_FIRM_INDEX; kind++) {
        const qi_section *section = qi_find_section(cube, kind, slab);
        if (section != NULL && qi_find_section(cube, QI_FIRMS, QI_NO_SLAB) == NULL)
            QI_TRY(qi_problem(check, kind, slab, section->offset,
                              "the cube does not say how many firms it has"));
    }
    return QUIPU_OK;
}

quipu_status qi_check_firms(const quipu_cube *cube, qi_check *check, uint32_t slab,
                            const quipu_pairs *pairs) {
    bool all;
    if (cube->n_firms == 0)
        return check_absent(cube, check, slab);
    size_t n = pairs != NULL ? pairs->n_pairs : 0;
    quipu_money *sum = calloc(n + 1, sizeof *sum);
    if (sum == NULL)
        return qi_fail_memory(check->err, n * sizeof *sum);
    quipu_status status = check_blocks(cube, check, slab, pairs, sum, &all);
    for (size_t p = 0; p < n && all && status == QUIPU_OK; p++) {
        char firms[QI_NUMBER_TEXT], total[QI_NUMBER_TEXT];
        if (sum[p] == pairs->total[p])
            continue;
        qi_format_scaled(firms, sum[p], 3);
        qi_format_scaled(total, pairs->total[p], 3);
        status =
            qi_problem(check, QI_FIRM_BLOCKS, slab, QI_NO_BYTE,
                       "pair %zu (%s-%s): the firms add up to US$ %s, not to its total, %s", p,
                       cube->countries[pairs->reporter[p]].iso3,
                       cube->countries[pairs->partner[p]].iso3, firms, total);
    }
    free(sum);
    return status;
}
