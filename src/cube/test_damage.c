/* SPDX-License-Identifier: Apache-2.0 */
/* test_damage.c - files that are cut, flipped or forged: every one is refused or found out,
 * with words that name the file, and none leads outside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test_damage.h"

static qt_file SMALL, /* one block, every kind of column, tariffs, firms, dense matrices */
    SPARSE,           /* the same with sparse matrices */
    LARGE;            /* many blocks, also of firms */

static const qt_world_spec SMALL_SPEC = {
    .seed = 1, .n_periods = 2, .columns = 7, .n_tariffs = 20, .n_firms = 9, .n_countries = 5};

static int make_files(void **unused) {
    QI_UNUSED(unused);
    qt_world_spec sparse = SMALL_SPEC, large = SMALL_SPEC;
    sparse.n_products = 300;
    sparse.density = 0.02;
    sparse.pairs = 0.2;
    large.n_products = 3000;
    large.n_countries = 12;
    large.n_tariffs = 4000;
    large.n_firms = 500;
    large.flows = 1;
    qt_path(PATH, sizeof PATH, "damage.quipu");
    return make(&SMALL_SPEC, &SMALL) && make(&sparse, &SPARSE) && make(&large, &LARGE) ? 0 : -1;
}

static int drop_files(void **unused) {
    QI_UNUSED(unused);
    qt_file_free(&SMALL);
    qt_file_free(&SPARSE);
    qt_file_free(&LARGE);
    unlink(PATH);
    return 0;
}

static void sound_files_are_sound(void **unused) {
    QI_UNUSED(unused);
    const qt_file *files[] = {&SMALL, &SPARSE, &LARGE};
    for (size_t i = 0; i < QI_COUNT(files); i++) {
        outcome out = try_file(files[i]->bytes, files[i]->size);
        assert_int_equal(out.status, QUIPU_OK);
        assert_int_equal(out.n, 0);
    }
    assert_true(qt_header(&LARGE)->n_blocks > 10);
    assert_null(qt_section(&SPARSE, QI_RMATRIX_DENSE, 0));
    assert_null(qt_section(&SMALL, QI_RMATRIX_VALUE, 0));
    qt_file same = copy(&LARGE); /* sealing a sound file again changes nothing */
    qt_reseal(&same);
    assert_memory_equal(same.bytes, LARGE.bytes, LARGE.size);
    qt_file_free(&same);
}

/* ---- damage ---- */

static void cut_files_are_refused(void **unused) {
    QI_UNUSED(unused);
    for (size_t size = 0; size < SMALL.size; size += size < 200 || size > 3900 ? 37 : 501) {
        outcome out = try_file(SMALL.bytes, size);
        assert_int_equal(out.status, QUIPU_E_FORMAT);
        assert_int_equal(out.section[0] == 'f', 1); /* "file" */
        if (size >= QI_HEADER_BYTES)
            assert_non_null(strstr(out.err.text, "cut short"));
    }
    for (size_t less = 1; less < 100; less += 7)
        assert_int_equal(try_file(SMALL.bytes, SMALL.size - less).status, QUIPU_E_FORMAT);
    for (size_t size = 0; size < LARGE.size; size += 90001)
        assert_int_equal(try_file(LARGE.bytes, size).status, QUIPU_E_FORMAT);
}

static void longer_files_are_refused(void **unused) {
    QI_UNUSED(unused);
    static const size_t MORE[] = {1, 8, 24, 4096, 70000};
    for (size_t i = 0; i < QI_COUNT(MORE); i++) {
        uint8_t *bytes = calloc(SMALL.size + MORE[i], 1);
        assert_non_null(bytes);
        memcpy(bytes, SMALL.bytes, SMALL.size);
        outcome out = try_file(bytes, SMALL.size + MORE[i]);
        assert_int_equal(out.status, QUIPU_E_FORMAT);
        assert_non_null(strstr(out.err.text, "appended"));
        assert_int_equal(out.n, 1); /* the rest is sound, and looked at */
        assert_int_equal(out.byte, SMALL.size);
        free(bytes);
    }
}

/* Each byte in turn, of a file small enough: nowhere does a flipped bit go unnoticed. */
static void every_flipped_byte_is_found(void **unused) {
    QI_UNUSED(unused);
    qt_file file = copy(&SMALL);
    for (size_t at = 0; at < file.size; at += at < 128 || at > file.size - 3000 ? 1 : 61) {
        uint8_t bit = (uint8_t)(1u << at % 8);
        file.bytes[at] ^= bit;
        outcome out = try_file(file.bytes, file.size);
        if (at < sizeof(qi_header) || at >= QI_HEADER_BYTES)
            assert_int_equal(out.status, QUIPU_E_FORMAT);
        else
            assert_int_equal(out.status, QUIPU_OK); /* nothing is there */
        assert_true(out.n >= 1);
        if (at >= qt_header(&file)->sums_offset && at < file.size)
            assert_string_equal(out.section, at < qt_header(&file)->directory_offset
                                                 ? "checksums"
                                                 : "directory");
        file.bytes[at] ^= bit;
    }
    qt_file_free(&file);
}

/* In a file of many blocks: one flipped bit is one problem, in the section it lies in, and the
 * other slab is as good as before. */
static void a_damaged_block_is_named(void **unused) {
    QI_UNUSED(unused);
    qt_file file = copy(&LARGE);
    const qi_header *h = qt_header(&file);
    const qi_section *sections =
        (const qi_section *)(const void *)(file.bytes + h->directory_offset);
    for (uint64_t s = 0; s < h->n_sections; s++) {
        const qi_section *section = &sections[s];
        if (section->length == 0)
            continue;
        uint64_t at = section->offset + section->length / 2;
        file.bytes[at] ^= 4;
        outcome out = try_file(file.bytes, file.size);
        assert_int_equal(out.status, QUIPU_E_FORMAT);
        assert_int_equal(out.n, 1);
        uint64_t block = (at - QI_HEADER_BYTES) / QI_BLOCK_BYTES;
        assert_int_equal(out.byte, QI_HEADER_BYTES + block * QI_BLOCK_BYTES);
        assert_non_null(strstr(out.problem, "checksum"));
        if (section->length > 2 * QI_BLOCK_BYTES) { /* alone in its block */
            assert_string_equal(out.section, qi_kind_name(section->kind));
            if (section->slab != QI_NO_SLAB)
                assert_string_equal(out.slab,
                                    section->slab == 0 ? "2000 export" : "2001 export");
        }
        file.bytes[at] ^= 4;
    }
    qi_section *matrix = qt_section(&file, QI_RMATRIX_DENSE, 1);
    file.bytes[matrix->offset + matrix->length / 2] ^= 1;
    quipu_cube *cube;
    quipu_error err = {0};
    uint64_t sum = 0;
    int64_t row[3000];
    quipu_leaves leaves = {0};
    assert_true(qt_file_write(PATH, file.bytes, file.size));
    assert_int_equal(quipu_cube_open(PATH, &cube, &err), QUIPU_OK);
    assert_int_equal(qt_walk_slab(cube, 0, &sum, &leaves, row, &err), QUIPU_OK);
    assert_int_equal(qt_walk_slab(cube, 1, &sum, &leaves, row, &err), QUIPU_E_FORMAT);
    assert_non_null(strstr(err.text, "checksum"));
    /* even of this matrix, the rows before and behind it */
    quipu_matrix rows;
    uint32_t before = 0, within = 6, behind = 11;
    assert_int_equal(
        quipu_cube_matrix_rows(cube, 1, QUIPU_BY_REPORTER, &before, 1, &rows, &err), QUIPU_OK);
    assert_int_equal(
        quipu_cube_matrix_rows(cube, 1, QUIPU_BY_REPORTER, &behind, 1, &rows, &err), QUIPU_OK);
    assert_int_equal(
        quipu_cube_matrix_rows(cube, 1, QUIPU_BY_REPORTER, &within, 1, &rows, &err),
        QUIPU_E_FORMAT);
    assert_null(rows.dense);
    quipu_leaves_free(&leaves);
    quipu_cube_close(cube);
    qt_file_free(&file);
}

static void all_damaged_blocks_are_listed(void **unused) {
    QI_UNUSED(unused);
    qt_file file = copy(&LARGE);
    size_t n = (size_t)qt_header(&file)->n_blocks;
    for (size_t b = 0; b < n; b++)
        file.bytes[QI_HEADER_BYTES + b * QI_BLOCK_BYTES + 5] ^= 1;
    assert_int_equal(try_file(file.bytes, file.size).n, n);
    qt_file_free(&file);
}

/* ---- forgery: the checksums are right, the content is not ---- */

#define SLAB(s)   (&((qi_slab_record *)qt_bytes(file, QI_SLABS, QI_NO_SLAB))[s])
#define TARIFF(t) (&((quipu_tariff *)qt_bytes(file, QI_TARIFFS, QI_NO_SLAB))[t])
enum { NC = 5, NP = 40 };
static size_t n_pairs(const qt_file *file) {
    return SLAB(0)->n_pairs;
}

/* One forgery a line. */
/* clang-format off */

/* header */
FORGE(file_bytes_less) { qt_header(file)->file_bytes -= 24; }
FORGE(file_bytes_huge) { qt_header(file)->file_bytes = UINT64_MAX; }
FORGE(sums_offset_huge) { qt_header(file)->sums_offset = UINT64_MAX - 7; }
FORGE(sums_offset_zero) { qt_header(file)->sums_offset = 0; }
FORGE(n_blocks_huge) { qt_header(file)->n_blocks = UINT64_MAX / 8; }
FORGE(n_blocks_none) { qt_header(file)->n_blocks = 0; }
FORGE(directory_huge) { qt_header(file)->directory_offset = UINT64_MAX - 23; }
FORGE(n_sections_huge) { qt_header(file)->n_sections = UINT64_MAX / 24 + 1; }
FORGE(n_sections_less) { qt_header(file)->n_sections--; }
FORGE(header_longer) { qt_header(file)->header_bytes = 8192; }
FORGE(next_version) { qt_header(file)->version = 2; }
FORGE(no_magic) { file->bytes[3] = 'p'; }

/* directory */
FORGE(misaligned) { SECTION(QI_PAIR_TOTAL, 0)->offset += 8; }
FORGE(in_header) { SECTION(QI_PAIR_TOTAL, 0)->offset = 64; }
FORGE(behind_end) { SECTION(QI_PAIR_TOTAL, 0)->offset = UINT64_MAX & ~UINT64_C(63); }
FORGE(length_huge) { SECTION(QI_PAIR_TOTAL, 0)->length = UINT64_MAX; }
FORGE(length_wraps) {
    SECTION(QI_LEAVES, 0)->length = UINT64_MAX - SECTION(QI_LEAVES, 0)->offset + 64;
}
FORGE(into_sums) { SECTION(QI_LEAVES, 0)->length = qt_header(file)->sums_offset; }
FORGE(twice) {
    qi_section *s = SECTION(QI_PAIR_TOTAL, 0);
    s[1] = s[0];
}
FORGE(unsorted) {
    qi_section *s = SECTION(QI_PAIR_TOTAL, 0), swap = s[0];
    s[0] = s[1];
    s[1] = swap;
}
FORGE(unknown_kind) { SECTION(QI_PMATRIX_DENSE, 3)->kind = 99; }
FORGE(unknown_slab) { SECTION(QI_PMATRIX_DENSE, 3)->slab = 4; }
FORGE(tariffs_of_a_slab) { SECTION(QI_TARIFFS, QI_NO_SLAB)->slab = 9; }
FORGE(leaves_of_none) {
    qi_section *s = SECTION(QI_META, QI_NO_SLAB), leaves = *SECTION(QI_LEAVES, 3);
    leaves.slab = QI_NO_SLAB;
    leaves.kind = QI_PMATRIX_VALUE;
    s[5] = leaves; /* instead of the tariffs */
}
FORGE(overlap) { SECTION(QI_PAIR_TOTAL, 0)->offset = SECTION(QI_LEAVES, 0)->offset; }
FORGE(slab_over_slab) {
    for (uint32_t kind = QI_LEAVES; kind <= QI_PMATRIX_DENSE; kind++)
        if (SECTION(kind, 1) != NULL) {
            SECTION(kind, 1)->offset = SECTION(kind, 0)->offset;
            SECTION(kind, 1)->length = SECTION(kind, 0)->length;
        }
}
FORGE(hole) { SECTION(QI_REPORT, QI_NO_SLAB)->length = 0; }
FORGE(hole_of_zeros) {
    qi_section *s = SECTION(QI_TARIFFS, QI_NO_SLAB);
    memset(file->bytes + s->offset, 0, s->length);
    s->length = 0;
}
FORGE(padding) { /* behind the odd length of the metadata */
    const qi_section *s = SECTION(QI_META, QI_NO_SLAB);
    file->bytes[s->offset + s->length] = 1;
}
FORGE(too_short) { SECTION(QI_REPORTER_TOTAL, 0)->length -= 8; }
FORGE(uneven) { SECTION(QI_PRODUCTS, QI_NO_SLAB)->length -= 3; }

/* texts and tables */
FORGE(meta_zero) { U8(QI_META, QI_NO_SLAB)[8] = 0; }
FORGE(meta_not_utf8) { U8(QI_META, QI_NO_SLAB)[8] = 0xFF; }
FORGE(meta_escape) { U8(QI_META, QI_NO_SLAB)[8] = 0x1B; }
FORGE(meta_no_tab) { *strchr((char *)U8(QI_META, QI_NO_SLAB), '\t') = ' '; }
FORGE(meta_no_end) { SECTION(QI_META, QI_NO_SLAB)->length--; }
FORGE(report_not_utf8) { U8(QI_REPORT, QI_NO_SLAB)[0] = 0xC0; }
FORGE(country_order) { memcpy(U8(QI_COUNTRIES, QI_NO_SLAB), "999", 3); }
FORGE(country_number) { memcpy(U8(QI_COUNTRIES, QI_NO_SLAB), "1x6", 3); }
FORGE(country_large) { memcpy(U8(QI_COUNTRIES, QI_NO_SLAB), "99999999", 8); }
FORGE(country_no_tab) { *strchr((char *)U8(QI_COUNTRIES, QI_NO_SLAB), '\t') = '0'; }
FORGE(country_fewer) {
    qi_section *s = SECTION(QI_COUNTRIES, QI_NO_SLAB);
    while (file->bytes[s->offset + s->length - 2] != '\n')
        s->length--;
    s->length--;
}
FORGE(product_order) { U8(QI_PRODUCTS, QI_NO_SLAB)[0] = '9'; }
FORGE(product_empty) { memset(U8(QI_PRODUCTS, QI_NO_SLAB), 0, 16); }
FORGE(product_endless) { memset(U8(QI_PRODUCTS, QI_NO_SLAB) + 16 * 39, '9', 16); }
FORGE(product_hidden) { U8(QI_PRODUCTS, QI_NO_SLAB)[9] = '9'; }
FORGE(product_blank) { U8(QI_PRODUCTS, QI_NO_SLAB)[2] = ' '; }
FORGE(product_fewer) { SECTION(QI_PRODUCTS, QI_NO_SLAB)->length -= 16; }
FORGE(tariff_product) { TARIFF(3)->product = NP; }
FORGE(tariff_reporter) { TARIFF(3)->reporter = NC; }
FORGE(tariff_partner) { TARIFF(3)->partner = 0xFFFF; }
FORGE(tariff_duty) { TARIFF(3)->duty = 4; }
FORGE(tariff_duty_below) { TARIFF(3)->duty = INT32_MIN; }
FORGE(tariff_period) { TARIFF(19)->tariff_period = 202013; }
FORGE(tariff_order) { TARIFF(3)->tariff_period = 2009; }
FORGE(tariff_reserved) { TARIFF(3)->reserved[1] = 1; }
FORGE(tariff_value) { TARIFF(3)->value = -2; }
FORGE(tariff_lines) { TARIFF(3)->lines = -2; }

/* slabs */
FORGE(slab_period) { SLAB(3)->period = 200113; }
FORGE(slab_period_none) { SLAB(0)->period = 0; }
FORGE(slab_flow) { SLAB(3)->flow = 5; }
FORGE(slab_columns) { SLAB(0)->columns = 8; }
FORGE(slab_columns_other) { SLAB(0)->columns = 3; }
FORGE(slab_order) { SLAB(1)->period = 1999; }
FORGE(slab_twice) { SLAB(1)->flow = 0; }
FORGE(slab_pairs_more) { SLAB(0)->n_pairs++; }
FORGE(slab_pairs_huge) { SLAB(0)->n_pairs = UINT32_MAX; }
FORGE(slab_rows) { SLAB(0)->rows++; }
FORGE(slab_total) { SLAB(0)->total++; }
FORGE(slab_max_less) { SLAB(0)->max_rows--; }
FORGE(slab_max_more) { SLAB(0)->max_rows = NP; }
FORGE(slab_max_huge) { SLAB(0)->max_rows = UINT32_MAX; }
FORGE(slab_reserved) { SLAB(0)->reserved = 1; }

/* the pair index */
FORGE(start_first) { U32(QI_REPORTER_START, 0)[0] = 1; }
FORGE(start_falls) { U32(QI_REPORTER_START, 0)[1] = (uint32_t)n_pairs(file); }
FORGE(start_huge) { U32(QI_REPORTER_START, 0)[2] = UINT32_MAX; }
FORGE(start_last) { U32(QI_REPORTER_START, 0)[NC]--; }
FORGE(start_moved) { U32(QI_REPORTER_START, 0)[1]++; }
FORGE(reporter_huge) { U16(QI_PAIR_REPORTER, 0)[1] = 0xFFFF; }
FORGE(reporter_other) { U16(QI_PAIR_REPORTER, 0)[0] = 1; }
FORGE(partner_huge) { U16(QI_PAIR_PARTNER, 0)[n_pairs(file) - 1] = 0xFFFF; }
FORGE(partner_order) { U16(QI_PAIR_PARTNER, 0)[1] = U16(QI_PAIR_PARTNER, 0)[0]; }
FORGE(pstart_first) { U32(QI_PARTNER_START, 0)[0] = 1; }
FORGE(pstart_huge) { U32(QI_PARTNER_START, 0)[3] = UINT32_MAX; }
FORGE(pstart_last) { U32(QI_PARTNER_START, 0)[NC]++; }
FORGE(by_partner_huge) { U32(QI_BY_PARTNER, 0)[0] = UINT32_MAX; }
FORGE(by_partner_end) { U32(QI_BY_PARTNER, 0)[0] = (uint32_t)n_pairs(file); }
FORGE(by_partner_other) {
    uint32_t *by = U32(QI_BY_PARTNER, 0), swap = by[0];
    by[0] = by[n_pairs(file) - 1];
    by[n_pairs(file) - 1] = swap;
}
FORGE(by_partner_twice) { /* one pair of a partner with several stands for two */
    uint32_t *by = U32(QI_BY_PARTNER, 0), i = 1;
    const uint16_t *partner = U16(QI_PAIR_PARTNER, 0);
    while (partner[by[i]] != partner[by[i - 1]])
        i++;
    by[i] = by[i - 1];
}
FORGE(rows_none) { U32(QI_PAIR_ROWS, 0)[0] = 0; }
FORGE(rows_huge) { U32(QI_PAIR_ROWS, 0)[0] = UINT32_MAX; }
FORGE(rows_more) { U32(QI_PAIR_ROWS, 0)[0] = SLAB(0)->max_rows; }
FORGE(rows_less) {
    U32(QI_PAIR_ROWS, 0)[0]--;
    SLAB(0)->rows--;
}

/* leaves */
FORGE(offset_first) { U64(QI_LEAF_OFFSET, 0)[0] = 1; }
FORGE(offset_huge) { U64(QI_LEAF_OFFSET, 0)[1] = UINT64_MAX; }
FORGE(offset_falls) { U64(QI_LEAF_OFFSET, 0)[1] = U64(QI_LEAF_OFFSET, 0)[2] + 1; }
FORGE(offset_last) { U64(QI_LEAF_OFFSET, 0)[n_pairs(file)] += QI_SLACK; }
FORGE(leaves_longer) { SECTION(QI_LEAVES, 0)->length++; } /* into the padding */
FORGE(offset_early) { U64(QI_LEAF_OFFSET, 0)[1]--; }
FORGE(leaves_slack) { U8(QI_LEAVES, 0)[SECTION(QI_LEAVES, 0)->length - 1] = 1; }
FORGE(leaves_short) { SECTION(QI_LEAVES, 0)->length = QI_SLACK - 1; }
FORGE(leaves_ones) { memset(U8(QI_LEAVES, 0), 0xFF, SECTION(QI_LEAVES, 0)->length - QI_SLACK); }
FORGE(leaves_zero) { memset(U8(QI_LEAVES, 0), 0, SECTION(QI_LEAVES, 0)->length); }
FORGE(leaves_mode) { U8(QI_LEAVES, 0)[0] = 2; }
FORGE(leaves_product) { U8(QI_LEAVES, 0)[5] = 0xFF; }
FORGE(leaves_flag) { /* flags come last in a run, one byte each */
    uint64_t end = U64(QI_LEAF_OFFSET, 0)[1];
    U8(QI_LEAVES, 0)[end - 1] = 64;
}

/* sums */
FORGE(pair_total) { I64(QI_PAIR_TOTAL, 0)[1]++; }
FORGE(pair_total_huge) {
    I64(QI_PAIR_TOTAL, 0)[0] = INT64_MAX;
    I64(QI_PAIR_TOTAL, 0)[1] = INT64_MAX;
}
FORGE(reporter_total) { I64(QI_REPORTER_TOTAL, 0)[1]--; }
FORGE(partner_total) { I64(QI_PARTNER_TOTAL, 0)[NC - 1] = -1; }
FORGE(product_total) { I64(QI_PRODUCT_TOTAL, 0)[NP - 1]++; }
FORGE(rmatrix) { I64(QI_RMATRIX_DENSE, 0)[7]++; }
FORGE(pmatrix) { I64(QI_PMATRIX_DENSE, 0)[NC * NP - 1] = INT64_MIN; }
FORGE(pmatrix_late) { I64(QI_PMATRIX_DENSE, 3)[0]++; }
FORGE(matrix_short) { SECTION(QI_RMATRIX_DENSE, 0)->length -= 8; }
FORGE(matrix_gone) { SECTION(QI_RMATRIX_DENSE, 0)->kind = QI_RMATRIX_START; }
FORGE(matrix_twice) { SECTION(QI_PMATRIX_DENSE, 0)->kind = QI_RMATRIX_PRODUCT; }
FORGE(sparse_start) { U32(QI_RMATRIX_START, 0)[1] = UINT32_MAX; }
FORGE(sparse_last) { U32(QI_PMATRIX_START, 0)[NC]++; }
FORGE(sparse_product) { U32(QI_RMATRIX_PRODUCT, 0)[0] = 300; }
FORGE(sparse_order) { U32(QI_PMATRIX_PRODUCT, 0)[0] = 299; }
FORGE(sparse_value) { I64(QI_RMATRIX_VALUE, 0)[0]++; }
FORGE(sparse_moved) { U32(QI_RMATRIX_PRODUCT, 0)[0]--; }
FORGE(sparse_zero) { I64(QI_PMATRIX_VALUE, 0)[0] = 0; }
FORGE(sparse_gone) { /* the last cell, tidily */
    uint32_t *start = U32(QI_RMATRIX_START, 0), n = start[NC];
    for (int c = NC; c >= 0 && start[c] == n; c--)
        start[c]--;
    SECTION(QI_RMATRIX_PRODUCT, 0)->length -= 4;
    SECTION(QI_RMATRIX_VALUE, 0)->length -= 8;
}
FORGE(sparse_uneven) { SECTION(QI_RMATRIX_VALUE, 0)->length -= 4; }
FORGE(sparse_fewer) { SECTION(QI_RMATRIX_VALUE, 0)->length -= 8; }
/* clang-format on */

#define ROW(forge, section)                                                                    \
    { #forge, forge, section, false, NULL }
#define FIGURE(forge, section)                                                                 \
    { #forge, forge, section, true, NULL }
#define THIN(forge, section)                                                                   \
    { #forge, forge, section, false, &SPARSE }
static const forgery FORGERIES[] = {
    ROW(file_bytes_less, "file"),
    ROW(file_bytes_huge, "file"),
    ROW(sums_offset_huge, "header"),
    ROW(sums_offset_zero, "header"),
    ROW(n_blocks_huge, "header"),
    ROW(n_blocks_none, "header"),
    ROW(directory_huge, "header"),
    ROW(n_sections_huge, "header"),
    ROW(n_sections_less, "header"),
    ROW(header_longer, "header"),
    ROW(next_version, "file"),
    ROW(no_magic, "file"),
    ROW(misaligned, "directory"),
    ROW(in_header, "directory"),
    ROW(behind_end, "directory"),
    ROW(length_huge, "directory"),
    ROW(length_wraps, "directory"),
    ROW(into_sums, "directory"),
    ROW(twice, "directory"),
    ROW(unsorted, "directory"),
    ROW(unknown_kind, "unknown"),
    ROW(unknown_slab, "partner matrix"),
    ROW(tariffs_of_a_slab, "directory"),
    ROW(leaves_of_none, "partner matrix values"),
    FIGURE(overlap, "leaves"),
    ROW(slab_over_slab, "leaves"),
    FIGURE(hole, "padding"),
    FIGURE(padding, "padding"),
    FIGURE(hole_of_zeros, "padding"),
    ROW(too_short, "reporter totals"),
    ROW(uneven, "products"),
    ROW(meta_zero, "metadata"),
    ROW(meta_not_utf8, "metadata"),
    ROW(meta_escape, "metadata"),
    ROW(meta_no_tab, "metadata"),
    ROW(meta_no_end, "metadata"),
    ROW(report_not_utf8, "import report"),
    ROW(country_order, "countries"),
    ROW(country_number, "countries"),
    ROW(country_large, "countries"),
    ROW(country_no_tab, "countries"),
    ROW(country_fewer, "pairs by reporter"),
    ROW(product_order, "products"),
    ROW(product_empty, "products"),
    ROW(product_endless, "products"),
    ROW(product_hidden, "products"),
    ROW(product_blank, "products"),
    ROW(product_fewer, "product totals"),
    ROW(tariff_product, "tariffs"),
    ROW(tariff_reporter, "tariffs"),
    ROW(tariff_partner, "tariffs"),
    ROW(tariff_duty, "tariffs"),
    ROW(tariff_duty_below, "tariffs"),
    ROW(tariff_period, "tariffs"),
    ROW(tariff_order, "tariffs"),
    ROW(tariff_reserved, "tariffs"),
    ROW(tariff_value, "tariffs"),
    ROW(tariff_lines, "tariffs"),
    ROW(slab_period, "slabs"),
    ROW(slab_period_none, "slabs"),
    ROW(slab_flow, "slabs"),
    ROW(slab_columns, "slabs"),
    FIGURE(slab_columns_other, "leaves"),
    ROW(slab_order, "slabs"),
    ROW(slab_twice, "slabs"),
    ROW(slab_pairs_more, "pair partners"),
    ROW(slab_pairs_huge, "pair partners"),
    ROW(slab_rows, "slabs"),
    FIGURE(slab_total, "slabs"),
    ROW(slab_max_less, "pair rows"),
    ROW(slab_max_more, "slabs"),
    ROW(slab_max_huge, "slabs"),
    ROW(slab_reserved, "slabs"),
    ROW(start_first, "pairs by reporter"),
    ROW(start_falls, "pairs by reporter"),
    ROW(start_huge, "pairs by reporter"),
    ROW(start_last, "pairs by reporter"),
    ROW(start_moved, "pair reporters"),
    ROW(reporter_huge, "pair reporters"),
    ROW(reporter_other, "pair reporters"),
    ROW(partner_huge, "pair partners"),
    ROW(partner_order, "pair partners"),
    ROW(pstart_first, "pairs by partner"),
    ROW(pstart_huge, "pairs by partner"),
    ROW(pstart_last, "pairs by partner"),
    ROW(by_partner_huge, "partner index"),
    ROW(by_partner_end, "partner index"),
    ROW(by_partner_other, "partner index"),
    ROW(by_partner_twice, "partner index"),
    ROW(rows_none, "pair rows"),
    ROW(rows_huge, "pair rows"),
    ROW(rows_more, "slabs"),
    ROW(rows_less, "leaves"),
    ROW(offset_first, "leaf offsets"),
    ROW(offset_huge, "leaf offsets"),
    ROW(offset_falls, "leaf offsets"),
    ROW(offset_last, "leaf offsets"),
    ROW(offset_early, "leaves"),
    FIGURE(leaves_longer, "leaf offsets"),
    FIGURE(leaves_slack, "leaves"),
    ROW(leaves_short, "leaves"),
    ROW(leaves_ones, "leaves"),
    FIGURE(leaves_zero, "leaves"),
    ROW(leaves_mode, "leaves"),
    ROW(leaves_product, "leaves"),
    FIGURE(leaves_flag, "leaves"),
    FIGURE(pair_total, "pair totals"),
    FIGURE(pair_total_huge, "pair totals"),
    FIGURE(reporter_total, "reporter totals"),
    FIGURE(partner_total, "partner totals"),
    FIGURE(product_total, "product totals"),
    FIGURE(rmatrix, "reporter matrix"),
    FIGURE(pmatrix, "partner matrix"),
    FIGURE(pmatrix_late, "partner matrix"),
    ROW(matrix_short, "reporter matrix"),
    ROW(matrix_gone, "reporter matrix starts"),
    ROW(matrix_twice, "reporter matrix products"),
    THIN(sparse_start, "reporter matrix starts"),
    THIN(sparse_last, "partner matrix starts"),
    THIN(sparse_product, "reporter matrix products"),
    THIN(sparse_order, "partner matrix products"),
    {"sparse_value", sparse_value, "reporter matrix values", true, &SPARSE},
    {"sparse_moved", sparse_moved, "reporter matrix values", true, &SPARSE},
    {"sparse_zero", sparse_zero, "partner matrix values", true, &SPARSE},
    {"sparse_gone", sparse_gone, "reporter matrix products", true, &SPARSE},
    THIN(sparse_uneven, "reporter matrix values"),
    THIN(sparse_fewer, "reporter matrix products"),
};

static void forgeries_are_found_out(void **unused) {
    QI_UNUSED(unused);
    size_t wrong = 0;
    for (size_t i = 0; i < QI_COUNT(FORGERIES); i++)
        wrong +=
            !is_found_out(&FORGERIES[i], FORGERIES[i].of != NULL ? FORGERIES[i].of : &SMALL);
    assert_int_equal(wrong, 0);
}

static void a_fingerprint_cannot_be_borrowed(void **unused) {
    QI_UNUSED(unused);
    qt_file file = copy(&SMALL);
    qt_header(&file)->fingerprint[0] ^= 1;
    qi_header *h = qt_header(&file);
    h->header_hash = XXH3_64bits(h, offsetof(qi_header, header_hash));
    outcome out = try_file(file.bytes, file.size);
    assert_int_equal(out.status, QUIPU_E_FORMAT);
    assert_int_equal(out.n, 1);
    assert_non_null(strstr(out.problem, "fingerprint"));
    qt_file_free(&file);
}

/* A sparse matrix leaves zeros out: one that is stored is right as a sum, and yet wrong. */
static void a_stored_zero_is_found(void **unused) {
    QI_UNUSED(unused);
    qt_world_spec spec = {.seed = 2, .n_countries = 1, .n_periods = 1};
    qt_world world;
    assert_true(qt_world_make(&spec, &world));
    qi_cube_shape shape = {world.countries, 1, world.products, 40};
    int64_t sums[40] = {0}, *matrix = sums, value[] = {7000};
    uint32_t product[] = {3};
    quipu_leaves leaves = {.n = 1, .product = product, .value = value};
    quipu_error err = {0};
    qi_cube_writer *writer;
    qi_part part;
    uint64_t bytes;
    assert_int_equal(qi_writer_open(PATH, &shape, &writer, &err), QUIPU_OK);
    assert_int_equal(qi_part_init(&part, 40, 0, sums, &err), QUIPU_OK);
    assert_int_equal(qi_part_add(&part, 0, 0, &leaves, &err), QUIPU_OK);
    assert_int_equal(qi_part_close(&part, &err), QUIPU_OK);
    assert_true(QI_PUSH(&part.matrix, ((qi_matrix_cell){0, 9, 0})));
    assert_int_equal(qi_writer_begin_slab(writer, 2000, QUIPU_EXPORT, 0, &err), QUIPU_OK);
    assert_int_equal(qi_writer_add_part(writer, &part, &err), QUIPU_OK);
    assert_int_equal(qi_writer_end_slab(writer, &matrix, 1, &err), QUIPU_OK);
    assert_int_equal(qi_writer_commit(writer, NULL, 0, NULL, &bytes, &err), QUIPU_OK);
    qi_part_free(&part);
    qt_world_free(&world);
    quipu_table problems;
    assert_int_equal(quipu_cube_verify(PATH, &problems, &err), QUIPU_OK);
    assert_int_equal(problems.n_rows, 1);
    assert_non_null(strstr(problems.columns[3].data.text[0], "a zero is stored"));
    quipu_table_free(&problems);
}

/* Problems without end are counted, not listed. */
static void many_problems_are_counted(void **unused) {
    QI_UNUSED(unused);
    qt_file file = copy(&LARGE);
    int64_t *matrix = qt_bytes(&file, QI_RMATRIX_DENSE, 0);
    for (size_t i = 0; i < 5000; i++)
        matrix[i]++;
    for (int i = 0; i < 3; i++)
        ((int64_t *)qt_bytes(&file, QI_PMATRIX_DENSE, 1))[i]++;
    qt_reseal(&file);
    assert_int_equal(try_file(file.bytes, file.size).n, QI_MOST_ALIKE + 1 + 3);
    quipu_table problems;
    assert_int_equal(quipu_cube_verify(PATH, &problems, NULL), QUIPU_OK);
    assert_string_equal(problems.columns[3].data.text[QI_MOST_ALIKE],
                        "and 4000 more like these");
    assert_string_equal(problems.columns[1].data.text[QI_MOST_ALIKE], "2000 export");
    quipu_table_free(&problems);
    qt_file_free(&file);
}

/* Random bytes in random places, sealed: refused, found out, or harmless. */
static void random_forgeries_lead_nowhere(void **unused) {
    QI_UNUSED(unused);
    uint64_t random = 77;
    const qt_file *files[] = {&SMALL, &SPARSE};
    for (int round = 0; round < 3000; round++) {
        qt_file file = copy(files[round % 2]);
        const qi_header *h = qt_header(&file);
        uint64_t directory = h->directory_offset, n = h->n_sections;
        for (int i = round % 4; i >= 0; i--) {
            /* in a section chosen first, as most bytes are leaves */
            uint64_t s = qt_next(&random) % (n + n / 8 + 1), from = directory, length = n * 24;
            qi_section section;
            memcpy(&section, file.bytes + directory + s % n * 24, sizeof section);
            if (s < n && section.offset + section.length <= file.size) {
                from = section.offset;
                length = section.length;
            } else if (s == n + n / 8) {
                from = 0;
                length = sizeof(qi_header);
            }
            if (length == 0)
                continue;
            uint64_t at = from + qt_next(&random) % length;
            uint64_t r = qt_next(&random);
            if (r % 3 == 0)
                file.bytes[at]++;
            else
                file.bytes[at] =
                    (uint8_t)(r % 3 == 1 ? file.bytes[at] ^ 1u << r / 3 % 8 : r >> 8);
        }
        qt_reseal(&file);
        try_file(file.bytes, file.size);
        qt_file_free(&file);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_files_are_sound),
        cmocka_unit_test(cut_files_are_refused),
        cmocka_unit_test(longer_files_are_refused),
        cmocka_unit_test(every_flipped_byte_is_found),
        cmocka_unit_test(a_damaged_block_is_named),
        cmocka_unit_test(all_damaged_blocks_are_listed),
        cmocka_unit_test(forgeries_are_found_out),
        cmocka_unit_test(a_fingerprint_cannot_be_borrowed),
        cmocka_unit_test(a_stored_zero_is_found),
        cmocka_unit_test(many_problems_are_counted),
        cmocka_unit_test(random_forgeries_lead_nowhere),
    };
    return cmocka_run_group_tests_name("damage", tests, make_files, drop_files);
}
