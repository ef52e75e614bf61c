/* SPDX-License-Identifier: Apache-2.0 */
/* writer.c - lay out the sections of a cube file and their checksums.
 *
 * Bytes go out in order through one 64 KiB block buffer, which is hashed when full: the
 * checksum table costs no second pass.  The header is written last, in front, just before the
 * file is renamed into place.
 */
#include "writer.h"
#include "../io/io.h"
#include "cube.h"

#include <sys/stat.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

struct qi_cube_writer {
    qi_out out;
    uint64_t at; /* file position of the next byte */
    unsigned char *block;
    size_t in_block;
    QI_LIST(uint64_t) sums;
    QI_LIST(qi_section) sections;
    QI_LIST(qi_slab_record) slabs;
    size_t n_countries, n_products;
    qi_arena arena;
    quipu_cube_country *countries;
    char *codes; /* n_products * QI_CODE_BYTES */
    /* the slab being written */
    bool in_slab;
    uint64_t leaves_from;
    QI_LIST(qi_pair_record) pairs;
    QI_LIST(qi_matrix_cell) matrix;
    quipu_tariff *tariffs;
    size_t n_tariffs;
    /* the firms of one slab being written */
    bool in_firms;
    uint32_t firms_slab;
    uint64_t firms_from;
    quipu_firm_rows firms; /* of the block that is not packed yet */
    qi_buffer firms_packed;
    QI_LIST(qi_firm_block) firm_blocks;
    /* of all slabs */
    size_t n_firm_slabs;
    uint32_t last_firm; /* the highest number met */
    bool firms_stated;
};

/* ---- bytes ---- */

static quipu_status flush_block(qi_cube_writer *w, quipu_error *err) {
    if (w->in_block == 0)
        return QUIPU_OK;
    uint64_t sum = XXH3_64bits(w->block, w->in_block);
    if (!QI_PUSH(&w->sums, sum))
        return qi_fail_memory(err, sizeof sum);
    QI_TRY(qi_out_write_at(&w->out, w->at - w->in_block, w->block, w->in_block, err));
    w->in_block = 0;
    return QUIPU_OK;
}

static quipu_status put(qi_cube_writer *w, const void *bytes, size_t length, quipu_error *err) {
    const unsigned char *from = bytes;
    while (length > 0) {
        size_t room = QI_BLOCK_BYTES - w->in_block;
        size_t n = length < room ? length : room;
        memcpy(w->block + w->in_block, from, n);
        w->in_block += n;
        w->at += n;
        from += n;
        length -= n;
        if (w->in_block == QI_BLOCK_BYTES)
            QI_TRY(flush_block(w, err));
    }
    return QUIPU_OK;
}

static quipu_status align(qi_cube_writer *w, quipu_error *err) {
    static const unsigned char zeros[QI_ALIGN];
    size_t over = w->at % QI_ALIGN;
    return over == 0 ? QUIPU_OK : put(w, zeros, QI_ALIGN - over, err);
}

static quipu_status add_section(qi_cube_writer *w, uint32_t kind, uint32_t slab,
                                uint64_t offset, uint64_t length, quipu_error *err) {
    qi_section section = {kind, slab, offset, length};
    return QI_PUSH(&w->sections, section) ? QUIPU_OK : qi_fail_memory(err, sizeof section);
}

static quipu_status put_section(qi_cube_writer *w, uint32_t kind, uint32_t slab,
                                const void *bytes, size_t length, quipu_error *err) {
    QI_TRY(align(w, err));
    QI_TRY(add_section(w, kind, slab, w->at, length, err));
    return put(w, bytes, length, err);
}

/* ---- life ---- */

/* What no reader would take. */
static quipu_status check_shape(const qi_cube_shape *shape, quipu_error *err) {
    if (shape->n_countries > QI_MOST_COUNTRIES || shape->n_products > QI_MOST_PRODUCTS)
        return qi_fail(err, QUIPU_E_LIMIT, "%zu countries and %zu products are too many",
                       shape->n_countries, shape->n_products);
    for (size_t c = 1; c < shape->n_countries; c++)
        if (shape->countries[c - 1].number >= shape->countries[c].number)
            return qi_fail(err, QUIPU_E_BUG, "countries must be written in order");
    for (size_t k = 0; k < shape->n_products; k++) {
        if (!qi_is_code(shape->products[k], strlen(shape->products[k])))
            return qi_fail(err, QUIPU_E_LIMIT,
                           "the product code \"%s\" is not 1 to %u visible characters",
                           shape->products[k], QI_MAX_CODE);
        if (k > 0 && strcmp(shape->products[k - 1], shape->products[k]) >= 0)
            return qi_fail(err, QUIPU_E_BUG, "products must be written in order");
    }
    return QUIPU_OK;
}

static bool copy_shape(qi_cube_writer *w, const qi_cube_shape *shape) {
    w->n_countries = shape->n_countries;
    w->n_products = shape->n_products;
    w->countries = qi_arena_alloc(&w->arena, (shape->n_countries + 1) * sizeof *w->countries);
    w->codes = qi_arena_alloc(&w->arena, shape->n_products * QI_CODE_BYTES + 1);
    if (w->countries == NULL || w->codes == NULL)
        return false;
    for (size_t i = 0; i < shape->n_countries; i++) {
        w->countries[i] = shape->countries[i];
        w->countries[i].name = qi_arena_dup(&w->arena, shape->countries[i].name);
        if (w->countries[i].name == NULL)
            return false;
    }
    for (size_t k = 0; k < shape->n_products; k++)
        memcpy(w->codes + k * QI_CODE_BYTES, shape->products[k], strlen(shape->products[k]));
    return true;
}

quipu_status qi_writer_open(const char *path, const qi_cube_shape *shape, qi_cube_writer **out,
                            quipu_error *err) {
    *out = NULL;
    QI_TRY(check_shape(shape, err));
    qi_cube_writer *w = calloc(1, sizeof *w);
    if (w == NULL)
        return qi_fail_memory(err, sizeof *w);
    w->out.fd = -1;
    w->block = malloc(QI_BLOCK_BYTES);
    if (w->block == NULL || !copy_shape(w, shape)) {
        qi_writer_abandon(w);
        return qi_fail_memory(err, QI_BLOCK_BYTES);
    }
    quipu_status status = qi_out_open(&w->out, path, err);
    if (status != QUIPU_OK) {
        qi_writer_abandon(w);
        return status;
    }
    w->at = QI_HEADER_BYTES;
    *out = w;
    return QUIPU_OK;
}

void qi_writer_abandon(qi_cube_writer *w) {
    if (w == NULL)
        return;
    qi_out_abandon(&w->out);
    free(w->block);
    free(w->sums.items);
    free(w->sections.items);
    free(w->slabs.items);
    free(w->pairs.items);
    free(w->matrix.items);
    free(w->tariffs);
    quipu_firm_rows_free(&w->firms);
    qi_buffer_free(&w->firms_packed);
    free(w->firm_blocks.items);
    qi_arena_free(&w->arena);
    free(w);
}

/* ---- slabs ---- */

quipu_status qi_writer_begin_slab(qi_cube_writer *w, quipu_period period, quipu_flow flow,
                                  uint32_t columns, quipu_error *err) {
    if (w->in_firms)
        return qi_fail(err, QUIPU_E_BUG, "a slab begins among firms");
    if (w->slabs.n > 0) {
        const qi_slab_record *last = &w->slabs.items[w->slabs.n - 1];
        if (w->in_slab || last->period > period ||
            (last->period == period && last->flow >= (uint32_t)flow))
            return qi_fail(err, QUIPU_E_BUG, "slabs must be written in order");
    }
    qi_slab_record slab = {period, (uint32_t)flow, columns, 0, 0, 0, 0, 0};
    if (!QI_PUSH(&w->slabs, slab))
        return qi_fail_memory(err, sizeof slab);
    QI_TRY(align(w, err));
    w->in_slab = true;
    w->leaves_from = w->at;
    w->pairs.n = 0;
    w->matrix.n = 0;
    return QUIPU_OK;
}

quipu_status qi_writer_add_part(qi_cube_writer *w, const qi_part *part, quipu_error *err) {
    if (!QI_ROOM(&w->pairs, part->pairs.n) || !QI_ROOM(&w->matrix, part->matrix.n))
        return qi_fail_memory(err, part->matrix.n * sizeof(qi_matrix_cell));
    uint64_t base = w->at - w->leaves_from;
    qi_slab_record *slab = &w->slabs.items[w->slabs.n - 1];
    for (size_t p = 0; p < part->pairs.n; p++) {
        qi_pair_record pair = part->pairs.items[p];
        const qi_pair_record *last = w->pairs.n > 0 ? &w->pairs.items[w->pairs.n - 1] : NULL;
        if (last != NULL &&
            (last->reporter > pair.reporter ||
             (last->reporter == pair.reporter && last->partner >= pair.partner)))
            return qi_fail(err, QUIPU_E_BUG, "pairs must be written in order");
        pair.offset += base;
        w->pairs.items[w->pairs.n++] = pair;
        slab->rows += pair.rows;
        if (pair.rows > slab->max_rows)
            slab->max_rows = pair.rows;
        if (!qi_add_money(&slab->total, pair.total))
            return qi_fail(err, QUIPU_E_DATA, "the total of %d is beyond 9.2e15 US$",
                           slab->period);
    }
    if (part->matrix.n > 0)
        memcpy(w->matrix.items + w->matrix.n, part->matrix.items,
               part->matrix.n * sizeof(qi_matrix_cell));
    w->matrix.n += part->matrix.n;
    return put(w, part->leaves.bytes, part->leaves.length, err);
}

/* A matrix is stored dense when that is no larger than its three sparse parts. */
static bool is_dense(size_t n_cells, size_t n_countries, size_t n_products) {
    return n_cells * 12 + (n_countries + 1) * 4 >= n_countries * n_products * 8;
}

static quipu_status put_matrix(qi_cube_writer *w, uint32_t kind, uint32_t slab,
                               const qi_matrix_cell *cells, size_t n, quipu_error *err) {
    quipu_status status = QUIPU_OK;
    size_t n_dense = w->n_countries * w->n_products;
    bool dense = is_dense(n, w->n_countries, w->n_products);
    int64_t *value =
        dense ? calloc(n_dense + 1, sizeof *value) : malloc((n + 1) * sizeof *value);
    uint32_t *product = malloc((n + 1) * sizeof *product);
    uint32_t *start = calloc(w->n_countries + 2, sizeof *start);
    if (value == NULL || product == NULL || start == NULL) {
        status = qi_fail_memory(err, n_dense * sizeof *value);
        goto done;
    }
    if (n > UINT32_MAX) {
        status = qi_fail(err, QUIPU_E_LIMIT, "more than 4,294,967,295 country-product totals");
        goto done;
    }
    for (size_t c = 0; c < n; c++) {
        size_t at = dense ? cells[c].country * w->n_products + cells[c].product : c;
        value[at] = cells[c].value;
        product[c] = cells[c].product;
        start[cells[c].country + 1]++;
    }
    for (size_t c = 0; c < w->n_countries; c++)
        start[c + 1] += start[c];
    if (dense) {
        QI_GO(put_section(w, kind, slab, value, n_dense * sizeof *value, err));
    } else {
        QI_GO(put_section(w, kind + 1, slab, start, (w->n_countries + 1) * sizeof *start, err));
        QI_GO(put_section(w, kind + 2, slab, product, n * sizeof *product, err));
        QI_GO(put_section(w, kind + 3, slab, value, n * sizeof *value, err));
    }
done:
    free(value);
    free(product);
    free(start);
    return status;
}

/* Add the workers' partner matrices into the first and list what is not zero. */
static quipu_status put_partner_matrix(qi_cube_writer *w, uint32_t slab,
                                       int64_t *const *matrices, size_t n_matrices,
                                       quipu_error *err) {
    QI_LIST(qi_matrix_cell) cells = {0};
    for (size_t c = 0; c < w->n_countries; c++)
        for (size_t k = 0; k < w->n_products; k++) {
            int64_t sum = 0;
            for (size_t m = 0; m < n_matrices; m++)
                if (!qi_add_money(&sum, matrices[m][c * w->n_products + k])) {
                    free(cells.items);
                    return qi_fail(err, QUIPU_E_DATA, "a product total is beyond 9.2e15 US$");
                }
            qi_matrix_cell cell = {(uint16_t)c, (uint32_t)k, sum};
            if (sum != 0 && !QI_PUSH(&cells, cell)) {
                free(cells.items);
                return qi_fail_memory(err, cells.n * sizeof cell);
            }
        }
    quipu_status status = put_matrix(w, QI_PMATRIX_DENSE, slab, cells.items, cells.n, err);
    free(cells.items);
    return status;
}

/* The columns of the pair index, one array at a time. */
static quipu_status put_pairs(qi_cube_writer *w, uint32_t slab, uint64_t leaf_bytes,
                              quipu_error *err) {
    quipu_status status = QUIPU_OK;
    size_t n = w->pairs.n, nc = w->n_countries;
    const qi_pair_record *pairs = w->pairs.items;
    uint64_t *wide = malloc((n + nc + w->n_products + 2) * sizeof *wide);
    uint32_t *start = calloc(nc + 2, sizeof *start);
    uint32_t *start2 = calloc(nc + 2, sizeof *start2);
    uint32_t *narrow = malloc((n + 1) * sizeof *narrow);
    uint16_t *tiny = malloc((n + 1) * sizeof *tiny);
    int64_t *sum = calloc(nc + w->n_products + 1, sizeof *sum);
    if (!wide || !start || !start2 || !narrow || !tiny || !sum) {
        status = qi_fail_memory(err, n * sizeof *wide);
        goto done;
    }
    for (size_t p = 0; p < n; p++) {
        wide[p] = pairs[p].offset;
        start[pairs[p].reporter + 1]++;
        start2[pairs[p].partner + 1]++;
    }
    wide[n] = leaf_bytes;
    for (size_t c = 0; c < nc; c++) {
        start[c + 1] += start[c];
        start2[c + 1] += start2[c];
    }
    QI_GO(put_section(w, QI_LEAF_OFFSET, slab, wide, (n + 1) * 8, err));
    QI_GO(put_section(w, QI_REPORTER_START, slab, start, (nc + 1) * 4, err));
    for (size_t p = 0; p < n; p++)
        tiny[p] = pairs[p].partner;
    QI_GO(put_section(w, QI_PAIR_PARTNER, slab, tiny, n * 2, err));
    for (size_t p = 0; p < n; p++)
        tiny[p] = pairs[p].reporter;
    QI_GO(put_section(w, QI_PAIR_REPORTER, slab, tiny, n * 2, err));
    for (size_t p = 0; p < n; p++)
        memcpy(&wide[p], &pairs[p].total, 8);
    QI_GO(put_section(w, QI_PAIR_TOTAL, slab, wide, n * 8, err));
    for (size_t p = 0; p < n; p++)
        narrow[p] = pairs[p].rows;
    QI_GO(put_section(w, QI_PAIR_ROWS, slab, narrow, n * 4, err));
    QI_GO(put_section(w, QI_PARTNER_START, slab, start2, (nc + 1) * 4, err));
    for (size_t p = 0; p < n; p++) /* pairs are in order of reporter, so each list is too */
        narrow[start2[pairs[p].partner]++] = (uint32_t)p;
    QI_GO(put_section(w, QI_BY_PARTNER, slab, narrow, n * 4, err));
    for (size_t p = 0; p < n; p++)
        sum[pairs[p].reporter] += pairs[p].total; /* fits: the slab's total did */
    QI_GO(put_section(w, QI_REPORTER_TOTAL, slab, sum, nc * 8, err));
    memset(sum, 0, nc * 8);
    for (size_t p = 0; p < n; p++)
        sum[pairs[p].partner] += pairs[p].total;
    QI_GO(put_section(w, QI_PARTNER_TOTAL, slab, sum, nc * 8, err));
    memset(sum, 0, nc * 8);
    for (size_t c = 0; c < w->matrix.n; c++)
        sum[nc + w->matrix.items[c].product] += w->matrix.items[c].value;
    QI_GO(put_section(w, QI_PRODUCT_TOTAL, slab, sum + nc, w->n_products * 8, err));
done:
    free(wide);
    free(start);
    free(start2);
    free(narrow);
    free(tiny);
    free(sum);
    return status;
}

quipu_status qi_writer_end_slab(qi_cube_writer *w, int64_t *const *partner_matrix,
                                size_t n_matrices, quipu_error *err) {
    static const unsigned char slack[QI_SLACK];
    uint32_t slab = (uint32_t)(w->slabs.n - 1);
    uint64_t leaf_bytes = w->at - w->leaves_from;
    if (w->pairs.n > UINT32_MAX)
        return qi_fail(err, QUIPU_E_LIMIT, "too many pairs");
    w->slabs.items[slab].n_pairs = (uint32_t)w->pairs.n;
    QI_TRY(put(w, slack, sizeof slack, err));
    QI_TRY(add_section(w, QI_LEAVES, slab, w->leaves_from, leaf_bytes + QI_SLACK, err));
    QI_TRY(put_pairs(w, slab, leaf_bytes, err));
    QI_TRY(put_matrix(w, QI_RMATRIX_DENSE, slab, w->matrix.items, w->matrix.n, err));
    QI_TRY(put_partner_matrix(w, slab, partner_matrix, n_matrices, err));
    w->in_slab = false;
    return QUIPU_OK;
}

quipu_status qi_writer_tariffs(qi_cube_writer *w, const quipu_tariff *tariffs, size_t n,
                               quipu_error *err) {
    w->tariffs = malloc((n + 1) * sizeof *tariffs);
    if (w->tariffs == NULL)
        return qi_fail_memory(err, n * sizeof *tariffs);
    if (n > 0)
        memcpy(w->tariffs, tariffs, n * sizeof *tariffs);
    w->n_tariffs = n;
    return QUIPU_OK;
}

/* ---- firms ---- */

static quipu_status put_firm_block(qi_cube_writer *w, quipu_error *err) {
    qi_firm_block block = {w->at - w->firms_from, w->firms.n > 0 ? w->firms.firm[0] : 0,
                           (uint32_t)w->firms.n};
    if (!QI_PUSH(&w->firm_blocks, block))
        return qi_fail_memory(err, sizeof block);
    if (w->firms.n == 0)
        return QUIPU_OK;
    w->firms_packed.length = 0;
    if (!qi_firms_pack(&w->firms_packed, &w->firms))
        return qi_fail_memory(err, w->firms.n * 16);
    w->firms.n = 0;
    return put(w, w->firms_packed.bytes, w->firms_packed.length, err);
}

static bool has_section(const qi_cube_writer *w, uint32_t kind, uint32_t slab) {
    for (size_t i = 0; i < w->sections.n; i++)
        if (w->sections.items[i].kind == kind && w->sections.items[i].slab == slab)
            return true;
    return false;
}

quipu_status qi_writer_begin_firms(qi_cube_writer *w, uint32_t slab, quipu_error *err) {
    if (w->in_slab || w->in_firms || slab >= w->slabs.n || has_section(w, QI_FIRM_INDEX, slab))
        return qi_fail(err, QUIPU_E_BUG, "firms come after their slab, once");
    /* Before the first of them: the file may have a name while it is written. */
    if (fchmod(w->out.fd, S_IRUSR | S_IWUSR) != 0)
        return qi_fail_errno(err, "protect", w->out.path);
    QI_TRY(align(w, err));
    w->in_firms = true;
    w->firms_slab = slab;
    w->firms_from = w->at;
    w->firms.n = 0;
    w->firm_blocks.n = 0;
    return QUIPU_OK;
}

quipu_status qi_writer_add_firm(qi_cube_writer *w, uint32_t firm, unsigned reporter,
                                unsigned partner, uint32_t product, quipu_money value,
                                quipu_error *err) {
    quipu_firm_rows *f = &w->firms;
    if (!w->in_firms || reporter >= w->n_countries || partner >= w->n_countries ||
        product >= w->n_products || value < QUIPU_MONEY_MISSING)
        return qi_fail(err, QUIPU_E_BUG, "a row by firm that no reader would take");
    if (f->n >= QI_FIRM_BLOCK_ROWS && firm > f->firm[f->n - 1])
        QI_TRY(put_firm_block(w, err));
    if (f->n == UINT32_MAX)
        return qi_fail(err, QUIPU_E_LIMIT, "one firm has more than 4,294,967,295 rows a slab");
    if (!qi_firm_rows_reserve(f, f->n + 1))
        return qi_fail_memory(err, f->n * 64);
    f->firm[f->n] = firm;
    f->reporter[f->n] = (uint16_t)reporter;
    f->partner[f->n] = (uint16_t)partner;
    f->product[f->n] = product;
    f->value[f->n] = value;
    if (f->n > 0 && qi_firm_row_order(f, f->n - 1, f->n) >= 0)
        return qi_fail(err, QUIPU_E_BUG, "rows by firm must be written in order");
    f->n++;
    w->last_firm = firm > w->last_firm ? firm : w->last_firm;
    return QUIPU_OK;
}

quipu_status qi_writer_end_firms(qi_cube_writer *w, quipu_error *err) {
    static const unsigned char slack[QI_SLACK];
    if (!w->in_firms)
        return qi_fail(err, QUIPU_E_BUG, "firms end that did not begin");
    if (w->firms.n > 0)
        QI_TRY(put_firm_block(w, err));
    uint64_t length = w->at - w->firms_from;
    QI_TRY(put_firm_block(w, err)); /* the end */
    QI_TRY(put(w, slack, sizeof slack, err));
    QI_TRY(
        add_section(w, QI_FIRM_BLOCKS, w->firms_slab, w->firms_from, length + QI_SLACK, err));
    QI_TRY(put_section(w, QI_FIRM_INDEX, w->firms_slab, w->firm_blocks.items,
                       w->firm_blocks.n * sizeof(qi_firm_block), err));
    w->in_firms = false;
    w->n_firm_slabs++;
    return QUIPU_OK;
}

quipu_status qi_writer_firms(qi_cube_writer *w, uint32_t n, quipu_error *err) {
    uint64_t stated = n;
    if (w->in_firms || w->firms_stated || n == 0 || n == UINT32_MAX || w->last_firm > n)
        return qi_fail(err, QUIPU_E_BUG, "there cannot be %u firms", n);
    w->firms_stated = true;
    return put_section(w, QI_FIRMS, QI_NO_SLAB, &stated, sizeof stated, err);
}

/* ---- the end ---- */

/* All slabs have rows by firm, and the cube says how many firms, or none. */
static quipu_status check_firms(const qi_cube_writer *w, quipu_error *err) {
    bool none = w->n_firm_slabs == 0 && !w->firms_stated && !w->in_firms;
    bool all = w->n_firm_slabs == w->slabs.n && w->firms_stated && !w->in_firms;
    return none || all ? QUIPU_OK
                       : qi_fail(err, QUIPU_E_BUG, "%zu of %zu slabs have firms",
                                 w->n_firm_slabs, w->slabs.n);
}

/* A field of a line, without what would end it early or is not text. */
static bool add_field(qi_buffer *out, const char *text, char stop) {
    size_t from = out->length;
    if (!qi_buffer_text(out, text))
        return false;
    qi_text_clean(out->bytes + from, out->length - from);
    for (size_t i = from; i < out->length; i++)
        if (out->bytes[i] == '\t' || out->bytes[i] == '\n')
            out->bytes[i] = ' ';
    return qi_buffer_add(out, &stop, 1);
}

static quipu_status put_texts(qi_cube_writer *w, const quipu_pair_text *meta, size_t n_meta,
                              const char *report, quipu_error *err) {
    qi_buffer text = {0};
    quipu_status status = QUIPU_OK;
    bool ok = true;
    for (size_t i = 0; i < n_meta; i++)
        ok = ok && add_field(&text, meta[i].key, '\t') && add_field(&text, meta[i].text, '\n');
    size_t meta_length = text.length;
    for (size_t i = 0; i < w->n_countries; i++)
        ok = ok && qi_buffer_printf(&text, "%u\t", w->countries[i].number) &&
             add_field(&text, w->countries[i].iso3, '\t') &&
             add_field(&text, w->countries[i].name, '\n');
    size_t countries_end = text.length;
    ok = ok && qi_buffer_text(&text, report);
    if (ok)
        qi_text_clean(text.bytes + countries_end, text.length - countries_end);
    if (!ok) {
        status = qi_fail_memory(err, text.length);
        goto done;
    }
    QI_GO(put_section(w, QI_META, QI_NO_SLAB, text.bytes, meta_length, err));
    QI_GO(put_section(w, QI_REPORT, QI_NO_SLAB, text.bytes + countries_end,
                      text.length - countries_end, err));
    QI_GO(put_section(w, QI_COUNTRIES, QI_NO_SLAB, text.bytes + meta_length,
                      countries_end - meta_length, err));
done:
    qi_buffer_free(&text);
    return status;
}

static int section_order(const void *a, const void *b) {
    const qi_section *x = a, *y = b;
    if (x->slab != y->slab)
        return x->slab < y->slab ? -1 : 1;
    return x->kind < y->kind ? -1 : x->kind > y->kind;
}

static quipu_status put_header(qi_cube_writer *w, uint64_t *bytes, quipu_error *err) {
    size_t sums_bytes = w->sums.n * sizeof(uint64_t);
    size_t directory_bytes = w->sections.n * sizeof(qi_section);
    qi_header header = {.version = QI_FORMAT_VERSION, .header_bytes = QI_HEADER_BYTES};
    memcpy(header.magic, QI_MAGIC, sizeof header.magic);
    header.sums_offset = w->at;
    header.n_blocks = w->sums.n;
    header.directory_offset = w->at + sums_bytes;
    header.n_sections = w->sections.n;
    header.file_bytes = header.directory_offset + directory_bytes;
    header.sums_hash = XXH3_64bits(w->sums.items, sums_bytes);
    header.directory_hash = XXH3_64bits(w->sections.items, directory_bytes);

    if (!qi_fingerprint(w->sums.items, w->sums.n, w->sections.items, w->sections.n,
                        header.fingerprint))
        return qi_fail_memory(err, sizeof(XXH3_state_t));
    header.header_hash = XXH3_64bits(&header, offsetof(qi_header, header_hash));

    unsigned char page[QI_HEADER_BYTES] = {0};
    memcpy(page, &header, sizeof header);
    QI_TRY(qi_out_write_at(&w->out, header.sums_offset, w->sums.items, sums_bytes, err));
    QI_TRY(qi_out_write_at(&w->out, header.directory_offset, w->sections.items, directory_bytes,
                           err));
    QI_TRY(qi_out_write_at(&w->out, 0, page, sizeof page, err));
    *bytes = header.file_bytes;
    return QUIPU_OK;
}

quipu_status qi_writer_commit(qi_cube_writer *w, const quipu_pair_text *meta, size_t n_meta,
                              const char *report, uint64_t *bytes, quipu_error *err) {
    quipu_status status;
    QI_GO(check_firms(w, err));
    QI_GO(put_texts(w, meta, n_meta, report != NULL ? report : "", err));
    QI_GO(
        put_section(w, QI_PRODUCTS, QI_NO_SLAB, w->codes, w->n_products * QI_CODE_BYTES, err));
    QI_GO(put_section(w, QI_SLABS, QI_NO_SLAB, w->slabs.items,
                      w->slabs.n * sizeof(qi_slab_record), err));
    QI_GO(put_section(w, QI_TARIFFS, QI_NO_SLAB, w->tariffs,
                      w->n_tariffs * sizeof(quipu_tariff), err));
    QI_GO(align(w, err)); /* for the checksum table, which follows */
    QI_GO(flush_block(w, err));
    if (w->sections.n > 1)
        qsort(w->sections.items, w->sections.n, sizeof(qi_section), section_order);
    QI_GO(put_header(w, bytes, err));
    QI_GO(qi_out_commit(&w->out, err));
done:
    qi_writer_abandon(w);
    return status;
}
