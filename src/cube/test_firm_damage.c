/* SPDX-License-Identifier: Apache-2.0 */
/* test_firm_damage.c - rows by firm that are forged: the index, the numbers, the rows
 * themselves.  Refused, or found out by verify. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test_damage.h"

enum { NC = 8, NP = 300, NF = 60 };
static qt_file FIRMS; /* two blocks or more in each of its two slabs */

static int make_files(void **unused) {
    QI_UNUSED(unused);
    static const qt_world_spec SPEC = {.seed = 3,
                                       .n_countries = NC,
                                       .n_products = NP,
                                       .n_periods = 2,
                                       .flows = 1,
                                       .density = 0.5,
                                       .valueless = 0.1,
                                       .n_firms = NF};
    qt_path(PATH, sizeof PATH, "firm-damage.quipu");
    return make(&SPEC, &FIRMS) ? 0 : -1;
}

static int drop_files(void **unused) {
    QI_UNUSED(unused);
    qt_file_free(&FIRMS);
    unlink(PATH);
    return 0;
}

static size_t n_blocks(const qt_file *file, uint32_t slab) {
    return SECTION(QI_FIRM_INDEX, slab)->length / sizeof(qi_firm_block) - 1;
}

#define INDEX(slab) ((qi_firm_block *)qt_bytes(file, QI_FIRM_INDEX, slab))
#define END(slab)   (INDEX(slab) + n_blocks(file, slab))

static void a_sound_file_has_blocks(void **unused) {
    QI_UNUSED(unused);
    outcome out = try_file(FIRMS.bytes, FIRMS.size);
    assert_int_equal(out.status, QUIPU_OK);
    assert_int_equal(out.n, 0);
    assert_true(n_blocks(&FIRMS, 0) >= 2 && n_blocks(&FIRMS, 1) >= 2);
}

/* ---- numbers ---- */

/* One forgery a line. */
/* clang-format off */
FORGE(firms_none) { U64(QI_FIRMS, QI_NO_SLAB)[0] = 0; }
FORGE(firms_huge) { U64(QI_FIRMS, QI_NO_SLAB)[0] = UINT32_MAX; }
FORGE(firms_vast) { U64(QI_FIRMS, QI_NO_SLAB)[0] = UINT64_MAX; }
FORGE(firms_fewer) { U64(QI_FIRMS, QI_NO_SLAB)[0] = NF - 1; }
FORGE(firms_short) { SECTION(QI_FIRMS, QI_NO_SLAB)->length = 4; }
FORGE(firms_unsaid) { SECTION(QI_FIRMS, QI_NO_SLAB)->kind = 9; }
FORGE(firms_unsaid_index) { SECTION(QI_FIRMS, QI_NO_SLAB)->kind = 9; }
FORGE(index_first) { INDEX(0)[0].offset = 1; }
FORGE(index_falls) { INDEX(0)[1].offset = END(0)->offset; }
FORGE(index_stands) { INDEX(0)[1].offset = 0; }
FORGE(index_huge) { INDEX(0)[1].offset = UINT64_MAX; }
FORGE(index_cut) { INDEX(0)[1].offset--; }
FORGE(index_left) { INDEX(0)[1].offset++; }
FORGE(index_end) { END(0)->offset++; }
FORGE(index_end_slack) { END(0)->offset += QI_SLACK; }
FORGE(index_end_early) { END(0)->offset--; }
FORGE(index_end_rows) { END(0)->rows = 1; }
FORGE(index_end_firm) { END(0)->first = NF; }
FORGE(index_none) { INDEX(0)[0].rows = 0; }
FORGE(index_vast) { INDEX(0)[0].rows = UINT32_MAX; }
FORGE(index_many) { INDEX(0)[0].rows = 2 * QI_FIRM_BLOCK_ROWS; }
FORGE(index_less) { INDEX(0)[0].rows--; }
FORGE(index_more) { INDEX(1)[0].rows++; }
FORGE(index_firm) { INDEX(0)[0].first++; }
FORGE(index_firm_late) { INDEX(0)[1].first++; }
FORGE(index_firm_same) { INDEX(0)[1].first = INDEX(0)[0].first; }
FORGE(index_gone) { SECTION(QI_FIRM_INDEX, 1)->kind = 50; }
FORGE(index_uneven) { SECTION(QI_FIRM_INDEX, 0)->length -= 8; }
FORGE(index_empty) { SECTION(QI_FIRM_INDEX, 0)->length = 0; }
FORGE(index_endless) { SECTION(QI_FIRM_INDEX, 0)->length -= 16; }
FORGE(index_late) { END(1)->offset = 7; }
FORGE(blocks_gone) { SECTION(QI_FIRM_BLOCKS, 0)->kind = 47; }
FORGE(blocks_short) { SECTION(QI_FIRM_BLOCKS, 0)->length = QI_SLACK - 1; }
FORGE(blocks_empty) { SECTION(QI_FIRM_BLOCKS, 0)->length = 0; }
FORGE(blocks_wrap) { /* as long as all of memory, were it not shorter than the zeros at its end */
    SECTION(QI_FIRM_BLOCKS, 0)->length = QI_SLACK - 1;
    END(0)->offset = UINT64_MAX;
}
FORGE(blocks_longer) { /* by a zero of the padding */
    assert_int_not_equal(SECTION(QI_FIRM_BLOCKS, 0)->length++ % QI_ALIGN, 0);
    END(0)->offset++;
}
FORGE(blocks_slack) { U8(QI_FIRM_BLOCKS, 0)[SECTION(QI_FIRM_BLOCKS, 0)->length - 1] = 1; }
FORGE(blocks_ones) {
    memset(U8(QI_FIRM_BLOCKS, 0), 0xFF, SECTION(QI_FIRM_BLOCKS, 0)->length - QI_SLACK);
}
FORGE(blocks_zero) { memset(U8(QI_FIRM_BLOCKS, 0), 0, SECTION(QI_FIRM_BLOCKS, 0)->length); }
FORGE(blocks_shared) { SECTION(QI_FIRM_BLOCKS, 1)->offset = SECTION(QI_FIRM_BLOCKS, 0)->offset; }
FORGE(pair_total) { ((int64_t *)qt_bytes(file, QI_PAIR_TOTAL, 0))[1]++; }
/* clang-format on */

#define REFUSED(forge, section)                                                                \
    { #forge, forge, section, false, NULL }
#define READ(forge, section)                                                                   \
    { #forge, forge, section, true, NULL }
static const forgery NUMBERS[] = {
    REFUSED(firms_none, "firms"),
    REFUSED(firms_huge, "firms"),
    REFUSED(firms_vast, "firms"),
    REFUSED(firms_fewer, "firm blocks"),
    REFUSED(firms_short, "firms"),
    READ(firms_unsaid, "firm blocks"), /* as a cube that knows no firms */
    READ(firms_unsaid_index, "firm index"),
    REFUSED(index_first, "firm index"),
    REFUSED(index_falls, "firm index"),
    REFUSED(index_stands, "firm index"),
    REFUSED(index_huge, "firm index"),
    REFUSED(index_cut, "firm blocks"),
    REFUSED(index_left, "firm blocks"),
    REFUSED(index_end, "firm index"),
    REFUSED(index_end_slack, "firm index"),
    REFUSED(index_end_early, "firm index"),
    REFUSED(index_end_rows, "firm index"),
    REFUSED(index_end_firm, "firm index"),
    REFUSED(index_none, "firm index"),
    REFUSED(index_vast, "firm index"),
    REFUSED(index_many, "firm blocks"),
    REFUSED(index_less, "firm blocks"),
    REFUSED(index_more, "firm blocks"),
    REFUSED(index_firm, "firm blocks"),
    REFUSED(index_firm_late, "firm blocks"),
    REFUSED(index_firm_same, "firm index"),
    REFUSED(index_gone, "firm index"),
    REFUSED(index_uneven, "firm index"),
    REFUSED(index_empty, "firm index"),
    REFUSED(index_endless, "firm index"),
    REFUSED(index_late, "firm index"),
    REFUSED(blocks_gone, "firm blocks"),
    REFUSED(blocks_short, "firm index"),
    REFUSED(blocks_empty, "firm index"),
    REFUSED(blocks_wrap, "firm index"),
    REFUSED(blocks_longer, "firm blocks"),
    READ(blocks_slack, "firm blocks"),
    REFUSED(blocks_ones, "firm blocks"),
    REFUSED(blocks_zero, "firm blocks"),
    REFUSED(blocks_shared, "firm blocks"),
    READ(pair_total, "firm blocks"),
};

static void forged_numbers_are_found_out(void **unused) {
    QI_UNUSED(unused);
    size_t wrong = 0;
    for (size_t i = 0; i < QI_COUNT(NUMBERS); i++)
        wrong += !is_found_out(&NUMBERS[i], &FIRMS);
    assert_int_equal(wrong, 0);
}

/* ---- rows: a block is unpacked, changed and packed again ---- */

typedef struct row_forgery {
    const char *name;
    void (*change)(quipu_firm_rows *rows);
    size_t block;
    bool readable;
    const char *says; /* verify, of the block */
} row_forgery;

#define CHANGE(name) static void name(quipu_firm_rows *r)
#define LAST         (r->n - 1)
/* clang-format off */
CHANGE(nothing) { r->value[0] += 0; }
CHANGE(firm_above) { r->firm[LAST] = NF + 1; }
CHANGE(firm_falls) { r->firm[0] = r->firm[1] + 1; }
CHANGE(firm_wraps) { r->firm[0] = UINT32_MAX; }
CHANGE(firm_of_next) { r->firm[LAST] += 1; }
CHANGE(reporter_end) { r->reporter[3] = NC; }
CHANGE(partner_huge) { r->partner[3] = 0xFFFF; }
CHANGE(product_end) { r->product[LAST] = NP; }
CHANGE(product_huge) { r->product[LAST] = UINT32_MAX; }
CHANGE(order) {
    uint32_t product = r->product[0];
    r->product[0] = r->product[1];
    r->product[1] = product;
}
CHANGE(twice) {
    r->product[1] = r->product[0];
    r->partner[1] = r->partner[0];
    r->reporter[1] = r->reporter[0];
}
CHANGE(value_more) { r->value[1] = r->value[1] < 0 ? 1000 : r->value[1] + 1000; }
CHANGE(value_below) { r->value[1] = -2; }
CHANGE(value_far_below) { r->value[1] = -616; } /* as a large number it is whole thousands */
CHANGE(value_least) { r->value[1] = INT64_MIN; }
CHANGE(values_gone) {
    for (size_t i = 0; i < r->n; i++)
        r->value[i] = QUIPU_MONEY_MISSING;
}
CHANGE(values_vast) { r->value[0] = r->value[1] = INT64_MAX - 1; }
CHANGE(row_lost) { r->n--; }
CHANGE(no_such_pair) { r->reporter[LAST] = r->partner[LAST] = NC - 1; }
/* clang-format on */

static const row_forgery ROWS[] = {
    {"firm_above", firm_above, 1, false, "cannot be unpacked"},
    {"firm_falls", firm_falls, 0, false, "cannot be unpacked"},
    {"firm_wraps", firm_wraps, 1, false, "cannot be unpacked"},
    {"firm_of_next", firm_of_next, 0, false, "of the next block"},
    {"reporter_end", reporter_end, 0, false, "cannot be unpacked"},
    {"partner_huge", partner_huge, 0, false, "cannot be unpacked"},
    {"product_end", product_end, 1, false, "cannot be unpacked"},
    {"product_huge", product_huge, 1, false, "cannot be unpacked"},
    {"order", order, 0, false, "is not in order"},
    {"twice", twice, 0, false, "is not in order"},
    {"value_more", value_more, 0, true, "the firms add up to"},
    {"value_below", value_below, 0, false, "cannot be unpacked"},
    {"value_far_below", value_far_below, 0, false, "cannot be unpacked"},
    {"value_least", value_least, 0, false, "cannot be unpacked"},
    {"values_gone", values_gone, 1, true, "the firms add up to"},
    {"values_vast", values_vast, 0, true, "more than 9.2e15 US$"},
    {"row_lost", row_lost, 1, true, "the firms add up to"},
    {"no_such_pair", no_such_pair, 1, true, "that the slab has not"},
};

static void read_block(const qt_file *file, size_t block, quipu_firm_rows *rows) {
    quipu_cube *cube;
    quipu_error err = {0};
    assert_true(qt_file_write(PATH, file->bytes, file->size));
    assert_int_equal(quipu_cube_open(PATH, &cube, &err), QUIPU_OK);
    assert_int_equal(quipu_cube_firm_block(cube, 0, block, rows, &err), QUIPU_OK);
    quipu_cube_close(cube);
}

/* The block of slab 0 with other bytes, and all behind it moved; checksums to be sealed. */
static qt_file replace_block(const qt_file *old, size_t block, const qi_buffer *packed,
                             size_t rows) {
    qi_section blocks = *qt_section(old, QI_FIRM_BLOCKS, 0);
    const qi_firm_block *at = (qi_firm_block *)qt_bytes(old, QI_FIRM_INDEX, 0) + block;
    uint64_t from = blocks.offset + at[0].offset, to = blocks.offset + at[1].offset;
    uint64_t more = packed->length - (to - from); /* wraps when there is less */
    uint64_t length = blocks.length + more;
    uint64_t old_end = (blocks.offset + blocks.length + QI_ALIGN - 1) / QI_ALIGN * QI_ALIGN;
    uint64_t end = (blocks.offset + length + QI_ALIGN - 1) / QI_ALIGN * QI_ALIGN;
    const qi_header *h = qt_header(old);
    uint64_t sums = h->sums_offset + (end - old_end);
    uint64_t n_sums = (sums - QI_HEADER_BYTES + QI_BLOCK_BYTES - 1) / QI_BLOCK_BYTES;
    uint64_t n_sections = h->n_sections;
    qt_file new = {NULL, sums + n_sums * 8 + n_sections * sizeof(qi_section)};
    new.bytes = calloc(new.size, 1);
    assert_non_null(new.bytes);
    memcpy(new.bytes, old->bytes, from);
    memcpy(new.bytes + from, packed->bytes, packed->length);
    memcpy(new.bytes + from + packed->length, old->bytes + to,
           blocks.offset + blocks.length - to);
    memcpy(new.bytes + end, old->bytes + old_end, h->sums_offset - old_end);
    memcpy(new.bytes + sums + n_sums * 8, old->bytes + h->directory_offset,
           n_sections * sizeof(qi_section));
    qi_header *made = qt_header(&new);
    made->sums_offset = sums;
    made->n_blocks = n_sums;
    made->directory_offset = sums + n_sums * 8;
    made->file_bytes = new.size;
    qi_section *sections = (qi_section *)(void *)(new.bytes + made->directory_offset);
    for (uint64_t s = 0; s < n_sections; s++)
        if (sections[s].offset >= old_end)
            sections[s].offset += end - old_end;
    qt_section(&new, QI_FIRM_BLOCKS, 0)->length = length;
    qi_firm_block *index = qt_bytes(&new, QI_FIRM_INDEX, 0);
    for (size_t b = block + 1; b <= n_blocks(&new, 0); b++)
        index[b].offset += more;
    index[block].rows = (uint32_t)rows;
    return new;
}

static qt_file change_rows(size_t block, void (*change)(quipu_firm_rows *rows)) {
    quipu_firm_rows rows = {0};
    qi_buffer packed = {0};
    read_block(&FIRMS, block, &rows);
    change(&rows);
    assert_true(qi_firms_pack(&packed, &rows));
    qt_file file = replace_block(&FIRMS, block, &packed, rows.n);
    /* so that it is the rows that are wrong and not the index */
    ((qi_firm_block *)qt_bytes(&file, QI_FIRM_INDEX, 0))[block].first = rows.firm[0];
    qt_reseal(&file);
    qi_buffer_free(&packed);
    quipu_firm_rows_free(&rows);
    return file;
}

/* Is there a problem of the firm blocks with these words? */
static bool says(const char *words) {
    quipu_table problems;
    bool found = false;
    assert_int_equal(quipu_cube_verify(PATH, &problems, NULL), QUIPU_OK);
    for (size_t i = 0; i < problems.n_rows; i++)
        found |= strcmp(problems.columns[0].data.text[i], "firm blocks") == 0 &&
                 strstr(problems.columns[3].data.text[i], words) != NULL;
    for (size_t i = 0; i < problems.n_rows && !found; i++)
        print_error("  %s: %s\n", problems.columns[0].data.text[i],
                    problems.columns[3].data.text[i]);
    quipu_table_free(&problems);
    return found;
}

static void forged_rows_are_found_out(void **unused) {
    QI_UNUSED(unused);
    size_t wrong = 0;
    qt_file same = change_rows(0, nothing);
    assert_int_equal(same.size, FIRMS.size);
    assert_memory_equal(same.bytes, FIRMS.bytes, same.size);
    qt_file_free(&same);
    for (size_t i = 0; i < QI_COUNT(ROWS); i++) {
        const row_forgery *f = &ROWS[i];
        qt_file file = change_rows(f->block, f->change);
        outcome out = try_file(file.bytes, file.size);
        bool read = out.status == QUIPU_OK;
        if (read != f->readable || !says(f->says)) {
            wrong++;
            print_error("%s: %zu problems, %s\n", f->name, out.n, read ? "read" : out.err.text);
        }
        qt_file_free(&file);
    }
    assert_int_equal(wrong, 0);
}

/* A wrong block hides nothing that is wrong in the next one. */
static void all_wrong_blocks_are_listed(void **unused) {
    QI_UNUSED(unused);
    qt_file file = copy(&FIRMS);
    const qi_firm_block *index = qt_bytes(&file, QI_FIRM_INDEX, 0);
    for (size_t b = 0; b < n_blocks(&file, 0); b++)
        ((uint8_t *)qt_bytes(&file, QI_FIRM_BLOCKS, 0))[index[b].offset] = 0xFF;
    qt_reseal(&file);
    outcome out = try_file(file.bytes, file.size);
    assert_int_equal(out.status, QUIPU_E_FORMAT);
    assert_int_equal(out.n, n_blocks(&file, 0));
    assert_string_equal(out.slab, "2000 export");
    assert_string_equal(out.problem, "block 0 cannot be unpacked");
    qt_file_free(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_file_has_blocks),
        cmocka_unit_test(forged_numbers_are_found_out),
        cmocka_unit_test(forged_rows_are_found_out),
        cmocka_unit_test(all_wrong_blocks_are_listed),
    };
    return cmocka_run_group_tests_name("firm damage", tests, make_files, drop_files);
}
