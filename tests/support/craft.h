/* SPDX-License-Identifier: Apache-2.0 */
/* craft.h - cube files that are wrong on purpose: take one apart, change it, seal it again with
 * checksums that fit, and walk through all of it by the public functions.
 *
 * Header-only, like world.h.
 */
#ifndef QT_CRAFT_H
#define QT_CRAFT_H

#include "base/base.h"
#include "cube/cube.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* A whole file in memory; its bytes are aligned as a mapping's are. */
typedef struct qt_file {
    uint8_t *bytes;
    size_t size;
} qt_file;

static inline void qt_file_free(qt_file *file) {
    free(file->bytes);
    *file = (qt_file){0};
}

static inline bool qt_file_read(const char *path, qt_file *out) {
    *out = (qt_file){0};
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    bool fine = fseek(file, 0, SEEK_END) == 0;
    long size = fine ? ftell(file) : -1;
    rewind(file);
    out->bytes = size >= 0 ? malloc((size_t)size + 1) : NULL;
    fine = out->bytes != NULL && fread(out->bytes, 1, (size_t)size, file) == (size_t)size;
    out->size = fine ? (size_t)size : 0;
    fclose(file);
    if (!fine)
        qt_file_free(out);
    return fine;
}

static inline bool qt_file_write(const char *path, const uint8_t *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return false;
    bool fine = size == 0 || fwrite(bytes, 1, size, file) == size;
    return fclose(file) == 0 && fine;
}

static inline qi_header *qt_header(const qt_file *file) {
    return (qi_header *)(void *)file->bytes;
}

/* Do the tables named in the header lie in the file? */
static inline bool qt_has_tables(const qt_file *file) {
    const qi_header *h = qt_header(file);
    return file->size >= QI_HEADER_BYTES && h->sums_offset >= QI_HEADER_BYTES &&
           h->sums_offset <= file->size && h->n_blocks <= (file->size - h->sums_offset) / 8 &&
           h->directory_offset == h->sums_offset + h->n_blocks * 8 &&
           h->n_sections <= (file->size - h->directory_offset) / sizeof(qi_section) &&
           h->n_blocks ==
               (h->sums_offset - QI_HEADER_BYTES + QI_BLOCK_BYTES - 1) / QI_BLOCK_BYTES;
}

/* All checksums as they must be for these bytes. */
static inline void qt_reseal(const qt_file *file) {
    if (file->size < QI_HEADER_BYTES)
        return;
    qi_header *h = qt_header(file);
    if (qt_has_tables(file)) {
        uint64_t *sums = (uint64_t *)(void *)(file->bytes + h->sums_offset);
        qi_section *sections = (qi_section *)(void *)(file->bytes + h->directory_offset);
        for (uint64_t b = 0; b < h->n_blocks; b++) {
            uint64_t from = QI_HEADER_BYTES + b * QI_BLOCK_BYTES, to = from + QI_BLOCK_BYTES;
            to = to < h->sums_offset ? to : h->sums_offset;
            uint64_t sum = XXH3_64bits(file->bytes + from, to - from);
            memcpy(&sums[b], &sum, sizeof sum);
        }
        h->sums_hash = XXH3_64bits(sums, h->n_blocks * 8);
        h->directory_hash = XXH3_64bits(sections, h->n_sections * sizeof *sections);
        (void)qi_fingerprint(sums, (size_t)h->n_blocks, sections, (size_t)h->n_sections,
                             h->fingerprint);
    }
    h->header_hash = XXH3_64bits(h, offsetof(qi_header, header_hash));
}

/* The directory's entry, to be changed; NULL when there is none. */
static inline qi_section *qt_section(const qt_file *file, uint32_t kind, uint32_t slab) {
    const qi_header *h = qt_header(file);
    qi_section *sections = (qi_section *)(void *)(file->bytes + h->directory_offset);
    for (uint64_t s = 0; s < h->n_sections; s++)
        if (sections[s].kind == kind && sections[s].slab == slab)
            return &sections[s];
    return NULL;
}

static inline void *qt_bytes(const qt_file *file, uint32_t kind, uint32_t slab) {
    const qi_section *section = qt_section(file, kind, slab);
    return section != NULL ? file->bytes + section->offset : NULL;
}

/* ---- all that can be asked of a cube ---- */

static inline uint64_t qt_add(uint64_t sum, const void *bytes, size_t n) {
    return sum * 31 + XXH3_64bits(bytes, n);
}

/* Every pair, also when nothing is known of the index or another one failed. */
static inline quipu_status qt_walk_leaves(const quipu_cube *cube, size_t slab, uint64_t *sum,
                                          quipu_leaves *leaves, quipu_error *err) {
    size_t n_slabs;
    size_t n = quipu_cube_slabs(cube, &n_slabs)[slab].n_pairs;
    quipu_status first = QUIPU_OK;
    for (size_t i = 0; i < n && i < 50000; i++) {
        uint32_t what = i % 3 == 0 ? 7 : (uint32_t)(i % 8);
        quipu_status status =
            quipu_cube_leaves(cube, slab, i, what, leaves, first == QUIPU_OK ? err : NULL);
        first = first == QUIPU_OK ? status : first;
        for (size_t j = 0; j < leaves->n; j++)
            *sum += (uint64_t)leaves->value[j] +
                    (uint64_t)quipu_cube_product(cube, leaves->product[j])[0];
    }
    return first;
}

static inline quipu_status qt_walk_slab(const quipu_cube *cube, size_t slab, uint64_t *sum,
                                        quipu_leaves *leaves, int64_t *row, quipu_error *err) {
    quipu_pairs p;
    QI_TRY(qt_walk_leaves(cube, slab, sum, leaves, err));
    QI_TRY(quipu_cube_pairs(cube, slab, &p, err));
    size_t n = p.n_pairs, nc = p.n_countries;
    *sum = qt_add(*sum, p.total, n * 8);
    *sum = qt_add(*sum, p.by_reporter_total, nc * 8);
    *sum = qt_add(*sum, p.by_partner_total, nc * 8);
    *sum = qt_add(*sum, p.by_product_total, quipu_cube_n_products(cube) * 8);
    for (size_t c = 0; c < nc; c++) {
        for (uint32_t i = p.reporter_start[c]; i < p.reporter_start[c + 1]; i++)
            *sum += p.reporter[i] * 7u + p.partner[i] + p.rows[i];
        for (uint32_t i = p.partner_start[c]; i < p.partner_start[c + 1]; i++)
            *sum += (uint64_t)p.total[p.by_partner[i]] +
                    (uint64_t)p.by_reporter_total[p.reporter[p.by_partner[i]]];
    }
    for (size_t i = 0; i < n; i++)
        if (quipu_pairs_find(&p, p.reporter[i], p.partner[i]) != (ptrdiff_t)i)
            return qi_fail(err, QUIPU_E_BUG, "pair %zu is not found", i);
    for (int side = 0; side < 2; side++) {
        quipu_matrix m;
        QI_TRY(quipu_cube_matrix(cube, slab, (quipu_side)side, &m, err));
        memset(row, 0, m.n_products * sizeof *row);
        for (size_t c = 0; c < m.n_countries; c++)
            QI_TRY(quipu_matrix_add_row(&m, c, row, err));
        *sum = qt_add(*sum, row, m.n_products * sizeof *row);
        for (uint32_t c = 0; c < m.n_countries; c += 1 + c / 2) { /* some rows alone */
            quipu_matrix one;
            QI_TRY(quipu_cube_matrix_rows(cube, slab, (quipu_side)side, &c, 1, &one, err));
            memset(row, 0, m.n_products * sizeof *row);
            QI_TRY(quipu_matrix_add_row(&one, c, row, err));
            *sum = qt_add(*sum, row, m.n_products * sizeof *row);
        }
    }
    return QUIPU_OK;
}

/* Rows of a matrix before all of it is asked for: nothing is known of its shape yet. */
static inline quipu_status qt_walk_rows(const quipu_cube *cube, size_t slab, uint64_t *sum,
                                        int64_t *row, quipu_error *err) {
    size_t n_countries;
    (void)quipu_cube_countries(cube, &n_countries);
    for (uint32_t c = 0; c < n_countries; c++) {
        quipu_matrix m;
        QI_TRY(quipu_cube_matrix_rows(cube, slab, (quipu_side)(c % 2), &c, 1, &m, err));
        memset(row, 0, m.n_products * sizeof *row);
        QI_TRY(quipu_matrix_add_row(&m, c, row, err));
        *sum = qt_add(*sum, row, m.n_products * sizeof *row);
    }
    return QUIPU_OK;
}

/* Every block of rows by firm; each row leads to names that are there. */
static inline quipu_status qt_walk_firms(const quipu_cube *cube, size_t slab, uint64_t *sum,
                                         quipu_error *err) {
    size_t n_blocks, n_countries;
    const quipu_cube_country *countries = quipu_cube_countries(cube, &n_countries);
    quipu_firm_rows rows = {0};
    uint64_t least = 0; /* that the next firm can be */
    quipu_status status = quipu_cube_firm_blocks(cube, slab, &n_blocks, err);
    for (size_t b = 0; status == QUIPU_OK && b < n_blocks; b++) {
        status = quipu_cube_firm_block(cube, slab, b, &rows, err);
        for (size_t i = 0; i < rows.n; i++)
            *sum = *sum * 31 + rows.firm[i] + countries[rows.reporter[i]].number +
                   countries[rows.partner[i]].number +
                   strlen(quipu_cube_product(cube, rows.product[i])) + (uint64_t)rows.value[i];
        if (status == QUIPU_OK && (rows.n == 0 || rows.firm[0] < least ||
                                   rows.firm[rows.n - 1] > quipu_cube_n_firms(cube)))
            status = qi_fail(err, QUIPU_E_BUG, "block %zu of slab %zu", b, slab);
        least = rows.n > 0 ? (uint64_t)rows.firm[rows.n - 1] + 1 : least;
    }
    quipu_firm_rows_free(&rows);
    return status;
}

/* Read everything; *sum depends on all of it. */
static inline quipu_status qt_walk(const quipu_cube *cube, uint64_t *sum, quipu_error *err) {
    size_t n_slabs, n;
    quipu_leaves leaves = {0};
    *sum = 0;
    const quipu_pair_text *meta = quipu_cube_meta_all(cube, &n);
    for (size_t i = 0; i < n; i++)
        *sum += strlen(meta[i].key) + strlen(meta[i].text) +
                (quipu_cube_meta(cube, meta[i].key) != NULL);
    *sum += strlen(quipu_cube_import_report(cube)) + strlen(quipu_cube_fingerprint(cube)) +
            quipu_cube_bytes(cube) + quipu_cube_n_firms(cube);
    const quipu_cube_country *countries = quipu_cube_countries(cube, &n);
    for (size_t c = 0; c < n; c++) {
        *sum += strlen(countries[c].iso3) + strlen(countries[c].name);
        if (quipu_cube_country_index(cube, countries[c].number) != (int)c)
            return qi_fail(err, QUIPU_E_BUG, "country %zu is not found", c);
    }
    for (size_t k = 0; k < quipu_cube_n_products(cube); k++)
        if (quipu_cube_product_lower(cube, quipu_cube_product(cube, k)) != k)
            return qi_fail(err, QUIPU_E_BUG, "product %zu is not found", k);
    int64_t *row = malloc((quipu_cube_n_products(cube) + 1) * sizeof *row);
    if (row == NULL)
        return qi_fail_memory(err, quipu_cube_n_products(cube) * sizeof *row);
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n_slabs);
    quipu_status status = QUIPU_OK;
    for (size_t s = 0; s < n_slabs && status == QUIPU_OK; s++) {
        *sum += (uint64_t)slabs[s].total + slabs[s].rows;
        if (quipu_cube_find_slab(cube, slabs[s].period, slabs[s].flow) != (int)s)
            status = qi_fail(err, QUIPU_E_BUG, "slab %zu is not found", s);
        else
            status = qt_walk_rows(cube, s, sum, row, err);
        if (status == QUIPU_OK)
            status = qt_walk_slab(cube, s, sum, &leaves, row, err);
        if (status == QUIPU_OK)
            status = qt_walk_firms(cube, s, sum, err);
    }
    const quipu_tariff *tariffs = NULL;
    if (status == QUIPU_OK)
        status = quipu_cube_tariffs(cube, &tariffs, &n, err);
    for (size_t i = 0; i < n && status == QUIPU_OK; i++)
        *sum += strlen(quipu_cube_product(cube, tariffs[i].product)) +
                countries[tariffs[i].reporter].number + countries[tariffs[i].partner].number;
    free(row);
    quipu_leaves_free(&leaves);
    return status;
}

#endif
