/* SPDX-License-Identifier: Apache-2.0 */
/* test_cube.c - what was written is read back, from both sides, by any number of threads. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../tests/support/world.h"

static char PATH[512], OTHER[512];

static int make_paths(void **unused) {
    QI_UNUSED(unused);
    qt_path(PATH, sizeof PATH, "cube.quipu");
    qt_path(OTHER, sizeof OTHER, "other.quipu");
    return 0;
}

static int remove_files(void **unused) {
    QI_UNUSED(unused);
    unlink(PATH);
    unlink(OTHER);
    return 0;
}

static void assert_ok(quipu_status status, const quipu_error *err) {
    if (status != QUIPU_OK)
        print_error("%s: %s\n", err->file, err->text);
    assert_int_equal(status, QUIPU_OK);
}

static qt_world make_world(const qt_world_spec *spec) {
    qt_world world;
    assert_true(qt_world_make(spec, &world));
    return world;
}

static void save(const qt_world *world, const char *path) {
    quipu_error err = {0};
    assert_ok(qt_world_save(world, path, 1, 1, &err), &err);
}

static quipu_cube *open_cube(const char *path) {
    quipu_error err = {0};
    quipu_cube *cube;
    assert_ok(quipu_cube_open(path, &cube, &err), &err);
    return cube;
}

static void assert_sound(const char *path) {
    quipu_error err = {0};
    quipu_table problems;
    assert_ok(quipu_cube_verify(path, &problems, &err), &err);
    for (size_t i = 0; i < problems.n_rows; i++)
        print_error("%s: %s\n", problems.columns[0].data.text[i],
                    problems.columns[3].data.text[i]);
    assert_int_equal(problems.n_rows, 0);
    assert_int_equal(problems.n_notes, 0);
    quipu_table_free(&problems);
}

static char *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*size);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

/* ---- a cube against the list of cells it was made of ---- */

static void compare_leaves(const quipu_cube *cube, size_t slab, size_t pair,
                           const qt_cell *cells, size_t n, uint32_t columns,
                           quipu_leaves *leaves) {
    for (uint32_t what = 0; what < 8; what++) {
        quipu_error err = {0};
        assert_ok(quipu_cube_leaves(cube, slab, pair, what, leaves, &err), &err);
        assert_int_equal(leaves->n, n);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(leaves->product[i], cells[i].product);
            assert_int_equal(leaves->value[i], cells[i].value);
            if (what & QUIPU_READ_WEIGHT)
                assert_int_equal(leaves->weight[i], columns & QUIPU_HAS_WEIGHT
                                                        ? cells[i].weight
                                                        : QUIPU_QUANTITY_MISSING);
            if (what & QUIPU_READ_QUANTITY) {
                bool has = (columns & QUIPU_HAS_QUANTITY) != 0;
                assert_int_equal(leaves->quantity[i],
                                 has ? cells[i].quantity : QUIPU_QUANTITY_MISSING);
                assert_int_equal(leaves->unit[i], has ? cells[i].unit : 1);
            }
            if (what & QUIPU_READ_FLAGS)
                assert_int_equal(leaves->flags[i],
                                 columns & QUIPU_HAS_FLAGS ? cells[i].flags : 0);
        }
    }
}

static void compare_matrix(const quipu_cube *cube, size_t slab, quipu_side side,
                           const int64_t *sums) {
    quipu_error err = {0};
    quipu_matrix m;
    assert_ok(quipu_cube_matrix(cube, slab, side, &m, &err), &err);
    int64_t *row = malloc((m.n_products + 1) * sizeof *row);
    assert_non_null(row);
    for (size_t c = 0; c < m.n_countries; c++) {
        for (size_t k = 0; k < m.n_products; k++)
            row[k] = -5;
        assert_ok(quipu_matrix_add_row(&m, c, row, &err), &err);
        for (size_t k = 0; k < m.n_products; k++)
            assert_int_equal(row[k] + 5, sums[c * m.n_products + k]);
    }
    for (uint32_t c = 0; c < m.n_countries; c++) { /* and each row for itself */
        quipu_matrix one;
        assert_ok(quipu_cube_matrix_rows(cube, slab, side, &c, 1, &one, &err), &err);
        memset(row, 0, m.n_products * sizeof *row);
        assert_ok(quipu_matrix_add_row(&one, c, row, &err), &err);
        assert_memory_equal(row, sums + c * m.n_products, m.n_products * sizeof *row);
    }
    if (m.dense == NULL) /* no zeros, in order */
        for (size_t c = 0; c < m.n_countries; c++)
            for (uint32_t i = m.start[c]; i < m.start[c + 1]; i++) {
                assert_true(m.value[i] != 0);
                assert_true(i == m.start[c] || m.product[i] > m.product[i - 1]);
            }
    free(row);
}

/* The cells are those of one slab. */
static void compare_slab(const qt_world *world, const quipu_cube *cube, size_t slab,
                         const qt_cell *cells, size_t n) {
    const qt_world_spec *spec = &world->spec;
    size_t nc = spec->n_countries, np = spec->n_products, n_slabs;
    const quipu_slab *s = &quipu_cube_slabs(cube, &n_slabs)[slab];
    int64_t *sums[2] = {calloc(nc * np, 8), calloc(nc * np, 8)};
    int64_t *margin = calloc(2 * nc + np, 8), total = 0;
    size_t *met = calloc(nc, sizeof *met);
    quipu_leaves leaves = {0};
    quipu_pairs p;
    quipu_error err;
    memset(&err, 0xA5, sizeof err); /* what the caller left in it must not matter */
    assert_true(sums[0] && sums[1] && margin && met);
    assert_ok(quipu_cube_pairs(cube, slab, &p, &err), &err);
    assert_int_equal(p.n_countries, nc);
    size_t pair = 0, most = 0;
    for (size_t i = 0; i < n; pair++) {
        const qt_cell *first = &cells[i];
        size_t rows = 0;
        int64_t value = 0;
        for (; i < n && cells[i].reporter == first->reporter &&
               cells[i].partner == first->partner;
             i++, rows++) {
            int64_t v = cells[i].value == QUIPU_MONEY_MISSING ? 0 : cells[i].value;
            value += v;
            sums[0][cells[i].reporter * np + cells[i].product] += v;
            sums[1][cells[i].partner * np + cells[i].product] += v;
            margin[2 * nc + cells[i].product] += v;
        }
        total += value;
        margin[first->reporter] += value;
        margin[nc + first->partner] += value;
        most = rows > most ? rows : most;
        assert_true(pair < p.n_pairs);
        assert_int_equal(p.reporter[pair], first->reporter);
        assert_int_equal(p.partner[pair], first->partner);
        assert_int_equal(p.rows[pair], rows);
        assert_int_equal(p.total[pair], value);
        assert_true(pair >= p.reporter_start[first->reporter] &&
                    pair < p.reporter_start[first->reporter + 1]);
        assert_int_equal(quipu_pairs_find(&p, first->reporter, first->partner), pair);
        /* the same from the partner's side: in order of reporter */
        size_t place = p.partner_start[first->partner] + met[first->partner]++;
        assert_true(place < p.partner_start[first->partner + 1]);
        assert_int_equal(p.by_partner[place], pair);
        compare_leaves(cube, slab, pair, first, rows, spec->columns, &leaves);
    }
    assert_int_equal(p.n_pairs, pair);
    assert_int_equal(p.max_rows, most);
    for (size_t r = 0; r < nc; r++)
        for (size_t j = 0; j < nc; j++)
            if (quipu_pairs_find(&p, (unsigned)r, (unsigned)j) < 0)
                assert_int_equal(
                    qt_world_count(world, s->period, (int)s->flow, (int)r, (int)j, QT_ANY), 0);
    assert_int_equal(quipu_pairs_find(&p, (unsigned)nc, 0), -1);
    assert_int_equal(s->n_pairs, pair);
    assert_int_equal(s->rows, n);
    assert_int_equal(s->total, total);
    assert_int_equal(s->columns, spec->columns);
    assert_memory_equal(p.by_reporter_total, margin, nc * 8);
    assert_memory_equal(p.by_partner_total, margin + nc, nc * 8);
    assert_memory_equal(p.by_product_total, margin + 2 * nc, np * 8);
    compare_matrix(cube, slab, QUIPU_BY_REPORTER, sums[0]);
    compare_matrix(cube, slab, QUIPU_BY_PARTNER, sums[1]);
    quipu_leaves_free(&leaves);
    free(sums[0]);
    free(sums[1]);
    free(margin);
    free(met);
}

static void compare(const qt_world *world, const char *path) {
    quipu_cube *cube = open_cube(path);
    size_t n_slabs, slab = 0, n;
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n_slabs);
    for (size_t i = 0; i < world->cells.n; slab++) {
        const qt_cell *first = &world->cells.items[i];
        n = qt_world_count(world, first->period, (int)first->flow, QT_ANY, QT_ANY, QT_ANY);
        assert_true(slab < n_slabs);
        assert_int_equal(slabs[slab].period, first->period);
        assert_int_equal(slabs[slab].flow, first->flow);
        assert_int_equal(quipu_cube_find_slab(cube, first->period, first->flow), slab);
        compare_slab(world, cube, slab, first, n);
        i += n;
    }
    assert_int_equal(slab, n_slabs);
    const quipu_tariff *tariffs;
    quipu_error err;
    memset(&err, 0xA5, sizeof err);
    assert_ok(quipu_cube_tariffs(cube, &tariffs, &n, &err), &err);
    assert_int_equal(n, world->tariffs.n);
    if (n > 0)
        assert_memory_equal(tariffs, world->tariffs.items, n * sizeof *tariffs);
    quipu_cube_close(cube);
    assert_sound(path);
}

static const uint32_t ALL_COLUMNS = QUIPU_HAS_WEIGHT | QUIPU_HAS_QUANTITY | QUIPU_HAS_FLAGS;

static void reads_back_what_was_written(void **unused) {
    QI_UNUSED(unused);
    const qt_world_spec SPECS[] = {
        {.seed = 1},
        {.seed = 2, .columns = QUIPU_HAS_WEIGHT, .n_tariffs = 100},
        {.seed = 3, .columns = QUIPU_HAS_QUANTITY, .cents = true},
        {.seed = 4, .columns = QUIPU_HAS_FLAGS, .zeros = 0.3},
        {.seed = 5, .columns = ALL_COLUMNS, .valueless = 0.3, .flows = 0x1F, .cents = true},
        {.seed = 6,
         .columns = QUIPU_HAS_WEIGHT | QUIPU_HAS_FLAGS,
         .monthly = true,
         .n_periods = 14,
         .absent = 1},
        {.seed = 7, .columns = QUIPU_HAS_WEIGHT | QUIPU_HAS_QUANTITY, .absent = -1},
        {.seed = 8, .columns = QUIPU_HAS_QUANTITY | QUIPU_HAS_FLAGS, .valueless = 1},
        {.seed = 9, .n_countries = 1, .n_products = 1, .pairs = 9, .density = 1},
        {.seed = 10,
         .n_countries = 20,
         .n_products = 300,
         .density = 0.02,
         .pairs = 0.1,
         .n_periods = 2,
         .columns = ALL_COLUMNS}, /* sparse */
        {.seed = 11,
         .n_countries = 12,
         .n_products = 257,
         .density = 1,
         .pairs = 1,
         .n_periods = 1,
         .columns = ALL_COLUMNS,
         .zeros = 1}, /* full */
        {.seed = 12,
         .n_countries = 15,
         .n_products = 700,
         .density = 0.5,
         .n_periods = 2,
         .columns = ALL_COLUMNS,
         .cents = true,
         .n_tariffs = 3000}, /* many blocks */
    };
    for (size_t i = 0; i < QI_COUNT(SPECS); i++) {
        qt_world world = make_world(&SPECS[i]);
        save(&world, PATH);
        compare(&world, PATH);
        qt_world_free(&world);
    }
}

static void matrices_are_stored_the_smaller_way(void **unused) {
    QI_UNUSED(unused);
    quipu_error err = {0};
    quipu_matrix m;
    for (int sparse = 0; sparse < 2; sparse++) {
        qt_world_spec spec = {.seed = 20,
                              .n_countries = 10,
                              .n_products = 100,
                              .n_periods = 1,
                              .density = sparse ? 0.01 : 0.9};
        assert_ok(qt_world_write(PATH, &spec, &err), &err);
        quipu_cube *cube = open_cube(PATH);
        for (int side = 0; side < 2; side++) {
            assert_ok(quipu_cube_matrix(cube, 0, (quipu_side)side, &m, &err), &err);
            assert_int_equal(m.dense == NULL, sparse);
            assert_int_equal(m.start != NULL, sparse);
        }
        quipu_cube_close(cube);
    }
}

static void many_worlds(void **unused) {
    QI_UNUSED(unused);
    uint64_t random = 21;
    for (int i = 0; i < 40; i++) {
        qt_world_spec spec = {.seed = qt_next(&random),
                              .n_countries = 1 + qt_next(&random) % 9,
                              .n_products = 1 + qt_next(&random) % 90,
                              .n_periods = 1 + qt_next(&random) % 2,
                              .flows = 1 + (uint32_t)(qt_next(&random) % 31),
                              .pairs = qt_share(qt_next(&random)),
                              .density = qt_share(qt_next(&random)),
                              .columns = (uint32_t)(qt_next(&random) % 8),
                              .zeros = i % 4 == 0 ? 0.5 : 0,
                              .cents = i % 3 == 0,
                              .n_tariffs = i % 5 == 0 ? 7 : 0};
        qt_world world = make_world(&spec);
        save(&world, PATH);
        compare(&world, PATH);
        qt_world_free(&world);
    }
}

/* ---- what the cube says of itself ---- */

static void says_what_it_is(void **unused) {
    QI_UNUSED(unused);
    quipu_error err = {0};
    qt_world_spec spec = {.seed = 30, .nomenclature = "H4"};
    assert_ok(qt_world_write(PATH, &spec, &err), &err);
    quipu_cube *cube = open_cube(PATH);
    assert_string_equal(quipu_cube_meta(cube, "nomenclature"), "H4");
    assert_string_equal(quipu_cube_meta(cube, "release"), "30");
    assert_null(quipu_cube_meta(cube, "releas"));
    size_t n;
    const quipu_pair_text *meta = quipu_cube_meta_all(cube, &n);
    assert_int_equal(n, 6);
    assert_string_equal(meta[0].key, "source");
    assert_string_equal(meta[0].text, "Invented");
    assert_string_equal(quipu_cube_import_report(cube), "invented, nothing left out\n");
    assert_int_equal(strlen(quipu_cube_fingerprint(cube)), 32);

    const quipu_cube_country *countries = quipu_cube_countries(cube, &n);
    assert_int_equal(n, 6);
    for (size_t c = 0; c < n; c++)
        assert_int_equal(quipu_cube_country_index(cube, countries[c].number), c);
    assert_int_equal(quipu_cube_country_index(cube, 605), -1);
    assert_int_equal(quipu_cube_country_index(cube, 0), -1);
    assert_int_equal(quipu_cube_country_index(cube, 70000), -1);
    int peru = quipu_cube_country_index(cube, 604);
    assert_true(peru >= 0);
    assert_string_equal(countries[peru].iso3, "PER");
    assert_string_equal(countries[peru].name, "Peru");

    n = quipu_cube_n_products(cube);
    assert_int_equal(n, 40);
    const char *const *codes = quipu_cube_product_codes(cube);
    for (size_t k = 0; k < n; k++) {
        assert_ptr_equal(quipu_cube_product(cube, k), codes[k]);
        assert_int_equal(quipu_cube_product_lower(cube, codes[k]), k);
    }
    assert_int_equal(quipu_cube_product_lower(cube, ""), 0);
    assert_int_equal(quipu_cube_product_lower(cube, "999999"), n);
    assert_int_equal(quipu_cube_find_slab(cube, 1999, QUIPU_EXPORT), -1);
    assert_int_equal(quipu_cube_find_slab(cube, 2000, QUIPU_REEXPORT), -1);
    quipu_cube_close(cube);
    quipu_cube_close(NULL);

    FILE *file = fopen(PATH, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    cube = open_cube(PATH);
    assert_int_equal(quipu_cube_bytes(cube), ftell(file));
    fclose(file);
    quipu_cube_close(cube);
}

static void the_fingerprint_is_of_the_content(void **unused) {
    QI_UNUSED(unused);
    quipu_error err = {0};
    char first[33];
    qt_world_spec spec = {.seed = 31, .columns = ALL_COLUMNS};
    for (int i = 0; i < 3; i++) {
        qt_world world = make_world(&spec);
        if (i == 2)
            world.cells.items[world.cells.n / 2].weight++;
        save(&world, PATH);
        quipu_cube *cube = open_cube(PATH);
        if (i == 0)
            snprintf(first, sizeof first, "%s", quipu_cube_fingerprint(cube));
        assert_int_equal(strcmp(first, quipu_cube_fingerprint(cube)) == 0, i < 2);
        quipu_cube_close(cube);
        qt_world_free(&world);
    }
    assert_int_equal(err.status, QUIPU_OK);
}

static quipu_status commit_texts(const quipu_cube_country *countries, size_t n_countries,
                                 const char *const *products, size_t n_products,
                                 const quipu_pair_text *meta, size_t n_meta, const char *report,
                                 quipu_error *err) {
    qi_cube_shape shape = {countries, n_countries, products, n_products};
    qi_cube_writer *writer;
    uint64_t bytes;
    QI_TRY(qi_writer_open(PATH, &shape, &writer, err));
    return qi_writer_commit(writer, meta, n_meta, report, &bytes, err);
}

static void texts_become_lines_of_utf8(void **unused) {
    QI_UNUSED(unused);
    const quipu_cube_country countries[] = {{4, "AFG", "Côte\td'Ivoire\n"},
                                            {5, "?", "\xFF\x01"}};
    const quipu_pair_text meta[] = {{"in\tput", "a\nname\twith\x1b[31m all \xC3\x28 sorts"},
                                    {"empty", ""}};
    quipu_error err = {0};
    assert_ok(
        commit_texts(countries, 2, NULL, 0, meta, 2, "line\n\tline \xC2\x9B\xED\xA0\x80", &err),
        &err);
    assert_sound(PATH);
    quipu_cube *cube = open_cube(PATH);
    size_t n;
    assert_string_equal(quipu_cube_meta(cube, "in put"), "a name with [31m all ?( sorts");
    assert_string_equal(quipu_cube_meta(cube, "empty"), "");
    assert_string_equal(quipu_cube_countries(cube, &n)[0].name, "Côte d'Ivoire ");
    assert_string_equal(quipu_cube_countries(cube, &n)[1].name, "? ");
    assert_string_equal(quipu_cube_import_report(cube), "line\n\tline   ???");
    quipu_cube_close(cube);
}

static void a_cube_may_be_empty(void **unused) {
    QI_UNUSED(unused);
    quipu_error err = {0};
    size_t n;
    const quipu_tariff *tariffs;
    assert_ok(commit_texts(NULL, 0, NULL, 0, NULL, 0, NULL, &err), &err);
    assert_sound(PATH);
    quipu_cube *cube = open_cube(PATH);
    quipu_cube_slabs(cube, &n);
    assert_int_equal(n, 0);
    quipu_cube_meta_all(cube, &n);
    assert_int_equal(n, 0);
    assert_ok(quipu_cube_tariffs(cube, &tariffs, &n, &err), &err);
    assert_int_equal(n, 0);
    assert_int_equal(quipu_cube_product_lower(cube, "01"), 0);
    assert_string_equal(quipu_cube_import_report(cube), "");
    quipu_cube_close(cube);
}

/* ---- old files ---- */

/* The first file of version 1, kept for ever.  If this test fails, what it says is that cubes
 * people have can no longer be read: mend the reader, never the file. */
static void a_file_of_version_1_reads_as_ever(void **unused) {
    QI_UNUSED(unused);
    const char *root = getenv("QUIPU_SOURCE");
    char path[4096];
    snprintf(path, sizeof path, "%s/tests/compat/cube-v1", root != NULL ? root : ".");
    if (access(path, R_OK) != 0)
        skip();
    assert_sound(path);
    quipu_cube *cube = open_cube(path);
    assert_string_equal(quipu_cube_fingerprint(cube), "f8a644830ac9ee008a1470683a012466");
    assert_string_equal(quipu_cube_meta(cube, "source"), "Invented");
    assert_int_equal(quipu_cube_n_products(cube), 12);
    quipu_error err = {0};
    quipu_leaves leaves = {0};
    quipu_pairs pairs;
    quipu_matrix matrix;
    size_t n_slabs, n;
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n_slabs);
    static const struct {
        quipu_period period;
        quipu_flow flow;
        int64_t total;
        bool dense;
    } SLABS[] = {{2010, QUIPU_EXPORT, 4635896682, false},
                 {2010, QUIPU_IMPORT, 26927361395, false},
                 {2011, QUIPU_EXPORT, 19385596097, true},
                 {2011, QUIPU_IMPORT, 46305150399, true}};
    int64_t rows = 0, value = 0, weight = 0, quantity = 0, unit = 0, flags = 0;
    assert_int_equal(n_slabs, QI_COUNT(SLABS));
    for (size_t s = 0; s < n_slabs; s++) {
        assert_int_equal(slabs[s].period, SLABS[s].period);
        assert_int_equal(slabs[s].flow, SLABS[s].flow);
        assert_int_equal(slabs[s].total, SLABS[s].total);
        assert_ok(quipu_cube_matrix(cube, s, QUIPU_BY_REPORTER, &matrix, &err), &err);
        assert_int_equal(matrix.dense != NULL, SLABS[s].dense);
        assert_ok(quipu_cube_pairs(cube, s, &pairs, &err), &err);
        for (size_t p = 0; p < pairs.n_pairs; p++) {
            assert_ok(quipu_cube_leaves(cube, s, p, 7, &leaves, &err), &err);
            for (size_t i = 0; i < leaves.n; i++) {
                rows++;
                value += leaves.value[i];
                weight += leaves.weight[i];
                quantity += leaves.quantity[i];
                unit += leaves.unit[i];
                flags += leaves.flags[i] * (int64_t)(leaves.product[i] + 1);
            }
        }
    }
    assert_int_equal(rows, 174); /* missing ones count -1 each */
    assert_int_equal(value, 97254004556);
    assert_int_equal(weight, 6878559119341);
    assert_int_equal(quantity, 10184789142);
    assert_int_equal(unit, 1194);
    assert_int_equal(flags, 33465);
    const quipu_tariff *tariffs;
    assert_ok(quipu_cube_tariffs(cube, &tariffs, &n, &err), &err);
    assert_int_equal(n, 5);
    assert_int_equal(tariffs[4].simple_average, 44497);
    assert_int_equal(tariffs[4].value, 119373);
    quipu_leaves_free(&leaves);
    quipu_cube_close(cube);
}

/* ---- wrong use ---- */

static void wrong_places_are_refused(void **unused) {
    QI_UNUSED(unused);
    quipu_error err = {0};
    qt_world_spec spec = {.seed = 40};
    assert_ok(qt_world_write(PATH, &spec, &err), &err);
    quipu_cube *cube = open_cube(PATH);
    size_t n_slabs;
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n_slabs);
    quipu_pairs pairs;
    quipu_matrix matrix;
    quipu_leaves leaves = {0};
    assert_int_equal(quipu_cube_pairs(cube, n_slabs, &pairs, &err), QUIPU_E_ARG);
    assert_null(pairs.partner);
    assert_int_equal(quipu_cube_matrix(cube, SIZE_MAX, QUIPU_BY_REPORTER, &matrix, &err),
                     QUIPU_E_ARG);
    uint32_t country = 6;
    assert_int_equal(
        quipu_cube_matrix_rows(cube, 0, QUIPU_BY_PARTNER, &country, 1, &matrix, &err),
        QUIPU_E_ARG);
    assert_int_equal(quipu_cube_leaves(cube, n_slabs, 0, 0, &leaves, &err), QUIPU_E_ARG);
    assert_int_equal(quipu_cube_leaves(cube, 0, slabs[0].n_pairs, 0, &leaves, &err),
                     QUIPU_E_ARG);
    assert_int_equal(quipu_cube_leaves(cube, 0, slabs[0].n_pairs, 0, &leaves, NULL),
                     QUIPU_E_ARG);
    assert_int_equal(leaves.n, 0);
    quipu_leaves_free(&leaves);
    quipu_cube_close(cube);

    quipu_table problems;
    cube = (quipu_cube *)&err;
    assert_int_equal(quipu_cube_open("/nonexistent/x.quipu", &cube, &err), QUIPU_E_IO);
    assert_null(cube);
    assert_int_equal(quipu_cube_verify("/nonexistent/x.quipu", &problems, &err), QUIPU_E_IO);
    assert_null(problems.impl);
    assert_int_equal(quipu_cube_verify("/nonexistent/x.quipu", &problems, NULL), QUIPU_E_IO);
    assert_int_equal(quipu_cube_open("/dev", &cube, &err), QUIPU_E_FORMAT);
    assert_int_equal(quipu_cube_verify("/dev", &problems, &err), QUIPU_OK);
    assert_int_equal(problems.n_rows, 1);
    quipu_table_free(&problems);
}

static void sums_that_do_not_fit_are_refused(void **unused) {
    QI_UNUSED(unused);
    quipu_error err = {0};
    qt_world_spec spec = {.seed = 41, .n_periods = 1, .pairs = 1, .density = 1};
    /* in a pair; over the partners of a product; in a slab */
    for (int i = 0; i < 3; i++) {
        qt_world world = make_world(&spec);
        size_t n = world.cells.n;
        world.cells.items[0].value = INT64_MAX - 5;
        world.cells.items[i == 0 ? 1 : i == 1 ? 40 : n - 1].value = INT64_MAX - 5;
        qi_error_clear(&err);
        assert_int_equal(qt_world_save(&world, OTHER, 3, 1, &err), QUIPU_E_DATA);
        assert_int_equal(access(OTHER, F_OK), -1); /* nothing half-done appears */
        qt_world_free(&world);
    }
    qt_world world = make_world(&spec); /* one such value alone is fine */
    for (size_t i = 0; i < world.cells.n; i++)
        world.cells.items[i].value = i == 7 ? INT64_MAX : 0;
    save(&world, PATH);
    compare(&world, PATH);
    quipu_cube *cube = open_cube(PATH);
    quipu_matrix matrix;
    int64_t row[40] = {0};
    assert_ok(quipu_cube_matrix(cube, 0, QUIPU_BY_REPORTER, &matrix, &err), &err);
    assert_ok(quipu_matrix_add_row(&matrix, world.cells.items[7].reporter, row, &err), &err);
    row[world.cells.items[7].product] = 1;
    assert_int_equal(quipu_matrix_add_row(&matrix, world.cells.items[7].reporter, row, &err),
                     QUIPU_E_DATA);
    quipu_cube_close(cube);
    qt_world_free(&world);
}

static void the_writer_refuses_what_no_reader_takes(void **unused) {
    QI_UNUSED(unused);
    const quipu_cube_country country = {4, "AFG", "Afghanistan"};
    const quipu_cube_country twice[] = {country, country};
    const char *const unsorted[] = {"02", "01"}, *const longer[] = {"0123456789ABC"},
                      *const blank[] = {"0 1"}, *const none[] = {""};
    assert_int_equal(commit_texts(twice, 2, NULL, 0, NULL, 0, NULL, NULL), QUIPU_E_BUG);
    assert_int_equal(commit_texts(NULL, 0, unsorted, 2, NULL, 0, NULL, NULL), QUIPU_E_BUG);
    assert_int_equal(commit_texts(NULL, 0, longer, 1, NULL, 0, NULL, NULL), QUIPU_E_LIMIT);
    assert_int_equal(commit_texts(NULL, 0, blank, 1, NULL, 0, NULL, NULL), QUIPU_E_LIMIT);
    assert_int_equal(commit_texts(NULL, 0, none, 1, NULL, 0, NULL, NULL), QUIPU_E_LIMIT);
    assert_int_equal(commit_texts(NULL, QI_COUNT(twice) * 40000, NULL, 0, NULL, 0, NULL, NULL),
                     QUIPU_E_LIMIT);

    quipu_error err = {0};
    qi_part part;
    uint32_t product[] = {0};
    int64_t value[] = {-2};
    quipu_leaves leaves = {.n = 1, .product = product, .value = value};
    assert_ok(qi_part_init(&part, 3, 0, NULL, &err), &err);
    assert_int_equal(qi_part_add(&part, 0, 0, &leaves, NULL), QUIPU_E_BUG);
    leaves.n = 0;
    assert_int_equal(qi_part_add(&part, 0, 0, &leaves, NULL), QUIPU_E_BUG);
    qi_part_free(&part);

    qt_world_spec spec = {.seed = 42, .n_periods = 1, .flows = 1};
    qt_world world = make_world(&spec);
    qt_cell *cells = world.cells.items;
    size_t n = world.cells.n;
    qt_cell first = cells[0];
    memmove(cells, cells + 1, (n - 1) * sizeof *cells); /* the first cell comes last */
    cells[n - 1] = first;
    assert_int_equal(qt_world_save(&world, OTHER, 1, 1, NULL), QUIPU_E_BUG);
    qt_world_free(&world);
}

/* ---- threads ---- */

static void threads_and_parts_leave_no_trace(void **unused) {
    QI_UNUSED(unused);
    qt_world_spec spec = {.seed = 50,
                          .n_countries = 9,
                          .n_products = 120,
                          .n_periods = 2,
                          .columns = ALL_COLUMNS,
                          .n_tariffs = 40};
    qt_world world = make_world(&spec);
    size_t size, other_size;
    save(&world, PATH);
    char *bytes = read_file(PATH, &size);
    for (size_t parts = 1; parts <= 9; parts += 2)
        for (unsigned threads = 1; threads <= 4; threads++) {
            quipu_error err = {0};
            assert_ok(qt_world_save(&world, OTHER, parts, threads, &err), &err);
            char *other = read_file(OTHER, &other_size);
            assert_int_equal(size, other_size);
            assert_memory_equal(bytes, other, size);
            free(other);
        }
    free(bytes);
    qt_world_free(&world);
}

typedef struct reader {
    pthread_t thread;
    const quipu_cube *cube;
    const qt_world *world;
    atomic_bool *stop; /* NULL: once is enough */
    size_t rounds;
    bool wrong;
} reader;

/* Add up one slab from its leaves, from its pairs and from its margins. */
static bool adds_up(const quipu_cube *cube, size_t slab, int64_t total, quipu_leaves *leaves) {
    quipu_pairs p;
    quipu_matrix m;
    int64_t sums[4] = {0};
    if (quipu_cube_pairs(cube, slab, &p, NULL) != QUIPU_OK ||
        quipu_cube_matrix(cube, slab, QUIPU_BY_PARTNER, &m, NULL) != QUIPU_OK)
        return false;
    for (size_t i = 0; i < p.n_pairs; i++) {
        if (quipu_cube_leaves(cube, slab, i, QUIPU_READ_WEIGHT, leaves, NULL) != QUIPU_OK)
            return false;
        for (size_t j = 0; j < leaves->n; j++)
            sums[0] += leaves->value[j];
        sums[1] += p.total[p.by_partner[i]];
    }
    for (size_t c = 0; c < p.n_countries; c++)
        sums[2] += p.by_partner_total[c];
    for (size_t i = 0; m.dense != NULL && i < m.n_countries * m.n_products; i++)
        sums[3] += m.dense[i];
    for (size_t i = 0; m.dense == NULL && i < m.start[m.n_countries]; i++)
        sums[3] += m.value[i];
    return sums[0] == total && sums[1] == total && sums[2] == total && sums[3] == total;
}

static void *read_all(void *argument) {
    reader *me = argument;
    quipu_leaves leaves = {0};
    size_t n;
    const quipu_slab *slabs = quipu_cube_slabs(me->cube, &n);
    do {
        for (size_t s = 0; s < n; s++) {
            int64_t total = qt_world_sum(me->world, slabs[s].period, (int)slabs[s].flow, QT_ANY,
                                         QT_ANY, QT_ANY);
            me->wrong |= !adds_up(me->cube, s, total, &leaves);
        }
        me->rounds++;
    } while (me->stop != NULL && !atomic_load(me->stop));
    quipu_leaves_free(&leaves);
    return NULL;
}

static void readers_keep_the_cube_they_opened(void **unused) {
    QI_UNUSED(unused);
    enum { N_READERS = 3, N_VERSIONS = 25 };
    qt_world_spec spec = {
        .seed = 60, .n_countries = 8, .n_products = 200, .n_periods = 2, .with_weight = true};
    qt_world old = make_world(&spec);
    save(&old, PATH);
    quipu_cube *cube = open_cube(PATH);
    atomic_bool stop = false;
    reader readers[N_READERS];
    for (int i = 0; i < N_READERS; i++) {
        readers[i] = (reader){.cube = cube, .world = &old, .stop = &stop};
        assert_int_equal(pthread_create(&readers[i].thread, NULL, read_all, &readers[i]), 0);
    }
    for (int version = 1; version <= N_VERSIONS; version++) {
        qt_world_spec next = spec;
        next.seed += (uint64_t)version;
        next.n_products = 50 + (size_t)version * 10; /* shorter and longer files */
        qt_world world = make_world(&next);
        save(&world, PATH);
        quipu_cube *fresh = open_cube(PATH); /* who opens now sees the new one, whole */
        reader check = {.cube = fresh, .world = &world};
        read_all(&check);
        assert_false(check.wrong);
        assert_string_not_equal(quipu_cube_fingerprint(fresh), quipu_cube_fingerprint(cube));
        quipu_cube_close(fresh);
        qt_world_free(&world);
    }
    atomic_store(&stop, true);
    for (int i = 0; i < N_READERS; i++) {
        pthread_join(readers[i].thread, NULL);
        assert_false(readers[i].wrong);
        assert_true(readers[i].rounds > 0);
    }
    unlink(PATH); /* even without a name it stays good */
    reader last = {.cube = cube, .world = &old};
    read_all(&last);
    assert_false(last.wrong);
    quipu_cube_close(cube);
    qt_world_free(&old);
}

static void threads_may_touch_a_cube_first(void **unused) {
    QI_UNUSED(unused);
    enum { N_READERS = 4 };
    qt_world_spec spec = {.seed = 61, .n_countries = 8, .n_products = 400, .n_periods = 2};
    qt_world world = make_world(&spec);
    save(&world, PATH);
    for (int round = 0; round < 10;
         round++) { /* a fresh cube each time: nothing is known of it */
        quipu_cube *cube = open_cube(PATH);
        reader readers[N_READERS];
        for (int i = 0; i < N_READERS; i++) {
            readers[i] = (reader){.cube = cube, .world = &world};
            assert_int_equal(pthread_create(&readers[i].thread, NULL, read_all, &readers[i]),
                             0);
        }
        for (int i = 0; i < N_READERS; i++) {
            pthread_join(readers[i].thread, NULL);
            assert_false(readers[i].wrong);
        }
        quipu_cube_close(cube);
    }
    qt_world_free(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_back_what_was_written),
        cmocka_unit_test(matrices_are_stored_the_smaller_way),
        cmocka_unit_test(many_worlds),
        cmocka_unit_test(says_what_it_is),
        cmocka_unit_test(the_fingerprint_is_of_the_content),
        cmocka_unit_test(texts_become_lines_of_utf8),
        cmocka_unit_test(a_cube_may_be_empty),
        cmocka_unit_test(a_file_of_version_1_reads_as_ever),
        cmocka_unit_test(wrong_places_are_refused),
        cmocka_unit_test(sums_that_do_not_fit_are_refused),
        cmocka_unit_test(the_writer_refuses_what_no_reader_takes),
        cmocka_unit_test(threads_and_parts_leave_no_trace),
        cmocka_unit_test(readers_keep_the_cube_they_opened),
        cmocka_unit_test(threads_may_touch_a_cube_first),
    };
    return cmocka_run_group_tests_name("cube", tests, make_paths, remove_files);
}
