/* SPDX-License-Identifier: Apache-2.0 */
/* test_firms.c - rows by firm: what was written is read back, row by row; a file with firms is
 * its owner's; and the writer refuses what no reader would take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../tests/support/world.h"
#include "format.h"

#include <sys/stat.h>

static char PATH[512];

static int make_paths(void **unused) {
    QI_UNUSED(unused);
    qt_path(PATH, sizeof PATH, "firms.quipu");
    return 0;
}

static int remove_files(void **unused) {
    QI_UNUSED(unused);
    unlink(PATH);
    return 0;
}

static void assert_ok(quipu_status status, const quipu_error *err) {
    if (status != QUIPU_OK)
        print_error("%s: %s\n", err->file, err->text);
    assert_int_equal(status, QUIPU_OK);
}

static void assert_sound(void) {
    quipu_error err = {0};
    quipu_table problems;
    assert_ok(quipu_cube_verify(PATH, &problems, &err), &err);
    for (size_t i = 0; i < problems.n_rows; i++)
        print_error("%s: %s\n", problems.columns[0].data.text[i],
                    problems.columns[3].data.text[i]);
    assert_int_equal(problems.n_rows, 0);
    quipu_table_free(&problems);
}

/* The rows of a slab against those of the list from *at on; *at moves past them.  Says how many
 * blocks there are. */
static size_t compare_slab(const qt_world *world, const quipu_cube *cube, size_t slab,
                           size_t *at) {
    quipu_error err = {0};
    quipu_firm_rows rows = {0};
    size_t n_blocks, n_slabs;
    const quipu_slab *s = &quipu_cube_slabs(cube, &n_slabs)[slab];
    int64_t next = 0; /* the least number the next firm may have */
    assert_ok(quipu_cube_firm_blocks(cube, slab, &n_blocks, &err), &err);
    for (size_t b = 0; b < n_blocks; b++) {
        assert_ok(quipu_cube_firm_block(cube, slab, b, &rows, &err), &err);
        assert_true(rows.n > 0);
        assert_true(rows.firm[0] >= next);
        assert_true(b + 1 == n_blocks || rows.n >= QI_FIRM_BLOCK_ROWS);
        next = rows.firm[rows.n - 1] + INT64_C(1);
        for (size_t i = 0; i < rows.n; i++, (*at)++) {
            assert_true(*at < world->firm_rows.n);
            const qt_firm_row *row = &world->firm_rows.items[*at];
            assert_int_equal(row->period, s->period);
            assert_int_equal(row->flow, s->flow);
            assert_int_equal(rows.firm[i], row->firm);
            assert_int_equal(rows.reporter[i], row->reporter);
            assert_int_equal(rows.partner[i], row->partner);
            assert_int_equal(rows.product[i], row->product);
            assert_int_equal(rows.value[i], row->value);
        }
    }
    assert_true(*at == world->firm_rows.n || world->firm_rows.items[*at].period != s->period ||
                world->firm_rows.items[*at].flow != s->flow);
    assert_int_equal(quipu_cube_firm_block(cube, slab, n_blocks, &rows, &err), QUIPU_E_ARG);
    assert_int_equal(rows.n, 0);
    quipu_firm_rows_free(&rows);
    return n_blocks;
}

/* Write the list, verify it, and read all of it; the number of blocks. */
static size_t compare(const qt_world *world) {
    quipu_error err = {0};
    quipu_cube *cube;
    size_t n_slabs, at = 0, blocks = 0;
    assert_ok(qt_world_save(world, PATH, 1, 1, &err), &err);
    assert_sound();
    assert_ok(quipu_cube_open(PATH, &cube, &err), &err);
    assert_int_equal(quipu_cube_n_firms(cube), world->spec.n_firms);
    (void)quipu_cube_slabs(cube, &n_slabs);
    for (size_t s = 0; s < n_slabs; s++)
        blocks += compare_slab(world, cube, s, &at);
    assert_int_equal(at, world->firm_rows.n);
    assert_int_equal(quipu_cube_firm_blocks(cube, n_slabs, &at, &err), QUIPU_E_ARG);
    assert_int_equal(at, 0);
    quipu_cube_close(cube);
    return blocks;
}

static qt_world make_world(const qt_world_spec *spec) {
    qt_world world;
    assert_true(qt_world_make(spec, &world));
    return world;
}

static void rows_are_read_back(void **unused) {
    QI_UNUSED(unused);
    const qt_world_spec SPECS[] = {
        {.seed = 1, .n_periods = 1, .flows = 1, .n_firms = 1}, /* one slab */
        {.seed = 2, .n_firms = 50},                            /* six */
        {.seed = 3, .n_firms = 7, .valueless = 0.3, .zeros = 0.2, .cents = true},
        {.seed = 4, .n_firms = 3000000, .flows = 0x1F, .n_periods = 1},
        {.seed = 5, .n_firms = UINT32_MAX - 1, .n_periods = 1, .columns = 7, .n_tariffs = 9},
        {.seed = 6, .n_firms = 4, .valueless = 1},
        {.seed = 7, .n_firms = 2, .monthly = true, .n_periods = 14, .n_countries = 3},
        {.seed = 8, .n_firms = 900, .n_products = 2000, .n_periods = 2, .density = 0.6},
    };
    for (size_t i = 0; i < QI_COUNT(SPECS); i++) {
        qt_world world = make_world(&SPECS[i]);
        size_t blocks = compare(&world);
        assert_true(world.firm_rows.items[0].firm <= world.spec.n_firms);
        if (i == 1)
            assert_int_equal(blocks, 6);
        if (i == 7)
            assert_true(blocks > 8);
        qt_world_free(&world);
    }
}

/* A firm stays whole, however many rows it has. */
static void a_large_firm_is_one_block(void **unused) {
    QI_UNUSED(unused);
    qt_world_spec spec = {.seed = 9,
                          .n_periods = 1,
                          .flows = 1,
                          .n_products = 3000,
                          .density = 0.5,
                          .n_firms = 3};
    qt_world world = make_world(&spec);
    assert_true(world.cells.n > 20000);
    world.firm_rows.n = 0; /* all of it is the second firm's, with a little before and after */
    for (size_t i = 0; i < world.cells.n; i++) {
        const qt_cell *cell = &world.cells.items[i];
        qt_firm_row row = {.period = cell->period,
                           .flow = cell->flow,
                           .firm = i == 0                   ? 1
                                   : i + 1 == world.cells.n ? 3
                                                            : 2,
                           .reporter = cell->reporter,
                           .partner = cell->partner,
                           .product = cell->product,
                           .value = cell->value};
        assert_true(QI_PUSH(&world.firm_rows, row));
    }
    assert_int_equal(compare(&world), 2);
    qt_world_free(&world);
}

/* A firm for each row, and nothing else differs: streams of equal numbers, which are short. */
static void alike_firms_are_read_back(void **unused) {
    QI_UNUSED(unused);
    static const size_t COUNTS[] = {1, QI_FIRM_BLOCK_ROWS, QI_FIRM_BLOCK_ROWS + 1, 100000};
    qt_world_spec spec = {.seed = 1,
                          .n_countries = 1,
                          .n_products = 1,
                          .n_periods = 1,
                          .flows = 1,
                          .pairs = 9,
                          .density = 1};
    for (size_t c = 0; c < QI_COUNT(COUNTS); c++) {
        size_t n = COUNTS[c];
        qt_world world = make_world(&spec);
        assert_int_equal(world.cells.n, 1);
        world.spec.n_firms = (uint32_t)n;
        world.cells.items[0].value = (quipu_money)n * 5000;
        for (size_t i = 0; i < n; i++) {
            qt_firm_row row = {.period = 2000, .firm = (uint32_t)i + 1, .value = 5000};
            assert_true(QI_PUSH(&world.firm_rows, row));
        }
        assert_int_equal(compare(&world), (n + QI_FIRM_BLOCK_ROWS - 1) / QI_FIRM_BLOCK_ROWS);
        struct stat info;
        assert_int_equal(stat(PATH, &info), 0);
        /* The first block, where also the first firm is 1, is a few bytes. */
        assert_true((size_t)info.st_size <
                    8000 + (n > QI_FIRM_BLOCK_ROWS ? n - QI_FIRM_BLOCK_ROWS : 0) * 3 / 2);
        qt_world_free(&world);
    }
}

/* The example of docs/format.md. */
static void a_block_is_as_the_page_has_it(void **unused) {
    QI_UNUSED(unused);
    static const uint8_t PAGE[] = {0x04, 0,    1,    1,    6,         /* firms */
                                   0x04, 0,    3,    3,    3,         /* reporters */
                                   0x04, 0,    1,    2,    1,         /* partners */
                                   0x04, 0,    8,    8,    10,        /* products */
                                   0x34, 0x01, 0xdd, 0x05, 0,  0x47}; /* values */
    uint32_t firm[] = {0, 0, 5}, product[] = {7, 7, 9};
    uint16_t reporter[] = {2, 2, 2}, partner[] = {0, 1, 0};
    quipu_money value[] = {1500000, QUIPU_MONEY_MISSING, 70000};
    int64_t scratch[3];
    quipu_firm_rows rows = {.n = 3,
                            .firm = firm,
                            .reporter = reporter,
                            .partner = partner,
                            .product = product,
                            .value = value,
                            .scratch = scratch};
    qi_buffer packed = {0};
    assert_true(qi_firms_pack(&packed, &rows));
    assert_int_equal(packed.length, sizeof PAGE);
    assert_memory_equal(packed.bytes, PAGE, sizeof PAGE);
    qi_buffer_free(&packed);
}

static void a_slab_may_have_no_rows(void **unused) {
    QI_UNUSED(unused);
    qt_world_spec spec = {.seed = 4, .n_periods = 3, .flows = 1, .n_firms = 6};
    qt_world world = make_world(&spec);
    size_t kept = 0;
    for (size_t i = 0; i < world.cells.n; i++)
        if (world.cells.items[i].period == 2001)
            world.cells.items[i].value = 0; /* rows that add up to nothing may be left out */
    for (size_t i = 0; i < world.firm_rows.n; i++)
        if (world.firm_rows.items[i].period != 2001)
            world.firm_rows.items[kept++] = world.firm_rows.items[i];
    assert_true(kept < world.firm_rows.n);
    world.firm_rows.n = kept;
    assert_int_equal(compare(&world), 2);
    qt_world_free(&world);
}

static unsigned mode_of(const char *path) {
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    return info.st_mode & 0777;
}

static void a_file_with_firms_is_its_owners(void **unused) {
    QI_UNUSED(unused);
    quipu_error err = {0};
    qt_world_spec spec = {.seed = 4, .n_periods = 1, .n_firms = 6}, without = spec;
    without.n_firms = 0;
    unlink(PATH);
    assert_ok(qt_world_write(PATH, &spec, &err), &err);
    assert_int_equal(mode_of(PATH), 0600);
    unlink(PATH);
    mode_t mask = umask(022);
    assert_ok(qt_world_write(PATH, &without, &err), &err);
    assert_int_equal(mode_of(PATH), 0644);
    umask(mask);
    assert_ok(qt_world_write(PATH, &spec, &err), &err); /* in the place of an open one */
    assert_int_equal(mode_of(PATH), 0600);
}

static void a_cube_may_know_no_firms(void **unused) {
    QI_UNUSED(unused);
    quipu_error err = {0};
    quipu_cube *cube;
    quipu_firm_rows rows = {0};
    size_t n_slabs, n = 9;
    qt_world_spec spec = {.seed = 4};
    assert_ok(qt_world_write(PATH, &spec, &err), &err);
    assert_sound();
    assert_ok(quipu_cube_open(PATH, &cube, &err), &err);
    assert_int_equal(quipu_cube_n_firms(cube), 0);
    (void)quipu_cube_slabs(cube, &n_slabs);
    for (size_t s = 0; s < n_slabs; s++) {
        assert_ok(quipu_cube_firm_blocks(cube, s, &n, &err), &err);
        assert_int_equal(n, 0);
        assert_int_equal(quipu_cube_firm_block(cube, s, 0, &rows, &err), QUIPU_E_ARG);
    }
    assert_int_equal(quipu_cube_firm_block(cube, n_slabs, 0, &rows, &err), QUIPU_E_ARG);
    quipu_firm_rows_free(&rows);
    quipu_cube_close(cube);
}

/* ---- the writer ---- */

/* A cube of one country and two products with one slab, as far as its rows by firm. */
static qi_cube_writer *begin(void) {
    static const quipu_cube_country COUNTRY[] = {{604, "PER", "Peru"}};
    static const char *const PRODUCTS[] = {"010110", "020110"};
    qi_cube_shape shape = {COUNTRY, 1, PRODUCTS, 2};
    int64_t sums[2] = {0}, *matrix = sums, value[] = {3000};
    uint32_t product[] = {1};
    quipu_leaves leaves = {.n = 1, .product = product, .value = value};
    quipu_error err = {0};
    qi_cube_writer *writer;
    qi_part part;
    assert_ok(qi_writer_open(PATH, &shape, &writer, &err), &err);
    assert_ok(qi_part_init(&part, 2, 0, sums, &err), &err);
    assert_ok(qi_part_add(&part, 0, 0, &leaves, &err), &err);
    assert_ok(qi_part_close(&part, &err), &err);
    assert_ok(qi_writer_begin_slab(writer, 2000, QUIPU_EXPORT, 0, &err), &err);
    assert_int_equal(qi_writer_begin_firms(writer, 0, &err), QUIPU_E_BUG); /* within it */
    assert_ok(qi_writer_add_part(writer, &part, &err), &err);
    assert_ok(qi_writer_end_slab(writer, &matrix, 1, &err), &err);
    qi_part_free(&part);
    return writer;
}

static quipu_status commit(qi_cube_writer *writer) {
    uint64_t bytes;
    quipu_error err = {0};
    return qi_writer_commit(writer, NULL, 0, NULL, &bytes, &err);
}

static void the_writer_takes_rows_in_order(void **unused) {
    QI_UNUSED(unused);
    quipu_error err = {0};
    qi_cube_writer *w = begin();
    assert_int_equal(qi_writer_add_firm(w, 1, 0, 0, 1, 0, &err), QUIPU_E_BUG);
    assert_int_equal(qi_writer_end_firms(w, &err), QUIPU_E_BUG);
    assert_int_equal(qi_writer_begin_firms(w, 1, &err), QUIPU_E_BUG);
    assert_ok(qi_writer_begin_firms(w, 0, &err), &err);
    assert_int_equal(qi_writer_begin_firms(w, 0, &err), QUIPU_E_BUG);
    assert_int_equal(qi_writer_firms(w, 9, &err), QUIPU_E_BUG); /* before their end */
    assert_int_equal(qi_writer_begin_slab(w, 2001, QUIPU_EXPORT, 0, &err), QUIPU_E_BUG);
    assert_ok(qi_writer_add_firm(w, 2, 0, 0, 0, 1000, &err), &err);
    assert_int_equal(qi_writer_add_firm(w, 2, 0, 0, 0, 1000, &err), QUIPU_E_BUG);
    assert_int_equal(qi_writer_add_firm(w, 1, 0, 0, 1, 1000, &err), QUIPU_E_BUG);
    assert_int_equal(qi_writer_add_firm(w, 3, 1, 0, 1, 1000, &err), QUIPU_E_BUG);
    assert_int_equal(qi_writer_add_firm(w, 3, 0, 0x10000, 1, 1000, &err), QUIPU_E_BUG);
    assert_int_equal(qi_writer_add_firm(w, 3, 0, 0, 2, 1000, &err), QUIPU_E_BUG);
    assert_int_equal(qi_writer_add_firm(w, 3, 0, 0, 1, -2, &err), QUIPU_E_BUG);
    assert_ok(qi_writer_add_firm(w, 3, 0, 0, 0, 2000, &err), &err);
    assert_ok(qi_writer_end_firms(w, &err), &err);
    assert_int_equal(qi_writer_begin_firms(w, 0, &err), QUIPU_E_BUG); /* once more */
    assert_int_equal(qi_writer_firms(w, 0, &err), QUIPU_E_BUG);
    assert_int_equal(qi_writer_firms(w, 2, &err), QUIPU_E_BUG); /* there is a third */
    assert_int_equal(qi_writer_firms(w, UINT32_MAX, &err), QUIPU_E_BUG);
    assert_ok(qi_writer_firms(w, 3, &err), &err);
    assert_int_equal(qi_writer_firms(w, 3, &err), QUIPU_E_BUG);
    assert_int_equal(commit(w), QUIPU_OK);
    assert_sound();
}

static void the_writer_wants_firms_of_all_slabs_or_none(void **unused) {
    QI_UNUSED(unused);
    quipu_error err = {0};
    int64_t sums[2] = {0}, *matrix = sums;
    qi_cube_writer *w = begin();
    assert_ok(qi_writer_begin_firms(w, 0, &err), &err);
    assert_int_equal(commit(w), QUIPU_E_BUG);
    w = begin();
    assert_ok(qi_writer_firms(w, 3, &err), &err);
    assert_int_equal(commit(w), QUIPU_E_BUG);
    w = begin();
    assert_ok(qi_writer_begin_firms(w, 0, &err), &err);
    assert_ok(qi_writer_end_firms(w, &err), &err);
    assert_ok(qi_writer_begin_slab(w, 2001, QUIPU_EXPORT, 0, &err), &err);
    assert_ok(qi_writer_end_slab(w, &matrix, 1, &err), &err);
    assert_ok(qi_writer_firms(w, 3, &err), &err);
    assert_int_equal(commit(w), QUIPU_E_BUG);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_back),
        cmocka_unit_test(a_large_firm_is_one_block),
        cmocka_unit_test(alike_firms_are_read_back),
        cmocka_unit_test(a_block_is_as_the_page_has_it),
        cmocka_unit_test(a_slab_may_have_no_rows),
        cmocka_unit_test(a_file_with_firms_is_its_owners),
        cmocka_unit_test(a_cube_may_know_no_firms),
        cmocka_unit_test(the_writer_takes_rows_in_order),
        cmocka_unit_test(the_writer_wants_firms_of_all_slabs_or_none),
    };
    return cmocka_run_group_tests_name("firms", tests, make_paths, remove_files);
}
