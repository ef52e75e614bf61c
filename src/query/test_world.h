/* SPDX-License-Identifier: Apache-2.0 */
/* test_world.h - small invented worlds, as a dense array and as a cube, for tests.
 *
 * The array is the truth: tests add it up in the simplest way and compare.
 */
#ifndef QI_TEST_WORLD_H
#define QI_TEST_WORLD_H

#include "cube/writer.h"
#include "quipu/cube.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

enum { WORLD_NO_ROW = -2 };

static const quipu_cube_country world_countries[] = {
    {32, "ARG", "Argentina"},      {76, "BRA", "Brazil"},    {152, "CHL", "Chile"},
    {156, "CHN", "China"},         {170, "COL", "Colombia"}, {276, "DEU", "Germany"},
    {360, "IDN", "Indonesia"},     {392, "JPN", "Japan"},    {410, "KOR", "Rep. of Korea"},
    {458, "MYS", "Malaysia"},      {484, "MEX", "Mexico"},   {490, "S19", "Other Asia, nes"},
    {604, "PER", "Peru"},          {699, "IND", "India"},    {842, "USA", "USA"},
    {899, "UNS", "Areas, n.e.s."},
};
static const char *const world_products[] = {
    "010111", "030110", "090111", "230120", "260111", "260300", "260700", "270900",
    "271000", "271011", "300490", "390110", "440710", "520100", "610910", "611020",
    "710812", "710813", "720110", "740311", "740811", "790111", "841110", "847120",
    "852520", "852810", "870323", "871120", "880240", "901890", "950390", "999999",
};
enum {
    WORLD_COUNTRIES = sizeof world_countries / sizeof world_countries[0],
    WORLD_PRODUCTS = sizeof world_products / sizeof world_products[0],
    WORLD_MAX_SLABS = 64
};

typedef struct world {
    size_t n_slabs;
    quipu_period period[WORLD_MAX_SLABS];
    quipu_flow flow[WORLD_MAX_SLABS];
    int64_t *value; /* [slab][reporter][partner][product]; WORLD_NO_ROW, or missing (-1) */
    int64_t *weight;
    const char *products[WORLD_PRODUCTS];
    char path[128];
    quipu_cube *cube;
} world;

static inline size_t world_at(size_t slab, size_t r, size_t j, size_t k) {
    return ((slab * WORLD_COUNTRIES + r) * WORLD_COUNTRIES + j) * WORLD_PRODUCTS + k;
}

static inline int64_t world_value(const world *w, size_t slab, size_t r, size_t j, size_t k) {
    int64_t v = w->value[world_at(slab, r, j, k)];
    return v > 0 ? v : 0;
}

static inline size_t world_country(const char *iso3) {
    for (size_t i = 0; i < WORLD_COUNTRIES; i++)
        if (strcmp(world_countries[i].iso3, iso3) == 0)
            return i;
    fail_msg("no country %s", iso3);
    return 0;
}

static inline size_t world_product(const char *code) {
    for (size_t i = 0; i < WORLD_PRODUCTS; i++)
        if (strcmp(world_products[i], code) == 0)
            return i;
    fail_msg("no product %s", code);
    return 0;
}

static inline uint64_t world_random(uint64_t *state) {
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Slabs in order of (period, flow), without a row. */
static inline world world_empty(const quipu_period *periods, size_t n_periods,
                                const quipu_flow *flows, size_t n_flows) {
    world w = {.n_slabs = 0};
    for (size_t p = 0; p < n_periods; p++)
        for (size_t f = 0; f < n_flows; f++) {
            w.period[w.n_slabs] = periods[p];
            w.flow[w.n_slabs++] = flows[f];
        }
    size_t n = world_at(w.n_slabs, 0, 0, 0);
    w.value = malloc(n * sizeof *w.value);
    w.weight = malloc(n * sizeof *w.weight);
    assert_non_null(w.value);
    assert_non_null(w.weight);
    for (size_t i = 0; i < n; i++) {
        w.value[i] = WORLD_NO_ROW;
        w.weight[i] = -1;
    }
    memcpy(w.products, world_products, sizeof world_products);
    return w;
}

static inline int world_slab(const world *w, quipu_period period, quipu_flow flow) {
    for (size_t s = 0; s < w->n_slabs; s++)
        if (w->period[s] == period && w->flow[s] == flow)
            return (int)s;
    return -1;
}

static inline void world_set(world *w, quipu_period period, quipu_flow flow,
                             const char *reporter, const char *partner, const char *product,
                             int64_t usd) {
    int slab = world_slab(w, period, flow);
    assert_true(slab >= 0);
    w->value[world_at((size_t)slab, world_country(reporter), world_country(partner),
                      world_product(product))] = usd * QUIPU_MONEY_PER_USD;
}

/* Sparse, of all sizes, with missing values and weights and silent reporters. */
static inline void world_fill(world *w, uint64_t seed) {
    uint64_t state = seed;
    for (size_t s = 0; s < w->n_slabs; s++)
        for (size_t r = 0; r < WORLD_COUNTRIES; r++) {
            bool silent = world_random(&state) % 12 == 0;
            for (size_t j = 0; j < WORLD_COUNTRIES; j++) {
                bool trades = world_random(&state) % 3 != 0;
                for (size_t k = 0; k < WORLD_PRODUCTS; k++) {
                    uint64_t dice = world_random(&state), size = world_random(&state);
                    size_t at = world_at(s, r, j, k);
                    if (silent || !trades || r == j || dice % 5 < 3)
                        continue;
                    w->value[at] = (int64_t)(size >> (20 + size % 40));
                    if (dice % 97 == 0)
                        w->value[at] = QUIPU_MONEY_MISSING;
                    if (dice % 7 != 0)
                        w->weight[at] = (int64_t)(dice >> 40);
                }
            }
        }
}

static inline void world_write_slab(const world *w, size_t s, qi_cube_writer *writer,
                                    quipu_error *err) {
    int64_t *matrix = calloc(WORLD_COUNTRIES * WORLD_PRODUCTS, sizeof *matrix);
    qi_part part;
    quipu_leaves leaves = {0};
    assert_true(qi_leaves_reserve(&leaves, WORLD_PRODUCTS));
    assert_int_equal(
        qi_writer_begin_slab(writer, w->period[s], w->flow[s], QUIPU_HAS_WEIGHT, err),
        QUIPU_OK);
    assert_int_equal(qi_part_init(&part, WORLD_PRODUCTS, QUIPU_HAS_WEIGHT, matrix, err),
                     QUIPU_OK);
    for (size_t r = 0; r < WORLD_COUNTRIES; r++)
        for (size_t j = 0; j < WORLD_COUNTRIES; j++) {
            leaves.n = 0;
            for (size_t k = 0; k < WORLD_PRODUCTS; k++) {
                size_t at = world_at(s, r, j, k), n = leaves.n;
                if (w->value[at] == WORLD_NO_ROW)
                    continue;
                leaves.product[n] = (uint32_t)k;
                leaves.value[n] = w->value[at];
                leaves.weight[n] = w->weight[at];
                leaves.n++;
            }
            if (leaves.n > 0)
                assert_int_equal(qi_part_add(&part, (unsigned)r, (unsigned)j, &leaves, err),
                                 QUIPU_OK);
        }
    assert_int_equal(qi_part_close(&part, err), QUIPU_OK);
    assert_int_equal(qi_writer_add_part(writer, &part, err), QUIPU_OK);
    assert_int_equal(qi_writer_end_slab(writer, &matrix, 1, err), QUIPU_OK);
    qi_part_free(&part);
    quipu_leaves_free(&leaves);
    free(matrix);
}

static inline void world_open(world *w) {
    static const quipu_pair_text meta[] = {
        {"source", "An invented world"},
        {"release", "1"},
        {"nomenclature", "H0"},
        {"valuation", "FOB"},
    };
    quipu_error err = {0};
    qi_cube_shape shape = {world_countries, WORLD_COUNTRIES, w->products, WORLD_PRODUCTS};
    qi_cube_writer *writer;
    uint64_t bytes;
    snprintf(w->path, sizeof w->path, "/tmp/quipu-test-XXXXXX");
    int fd = mkstemp(w->path);
    assert_true(fd >= 0);
    close(fd);
    if (qi_writer_open(w->path, &shape, &writer, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    for (size_t s = 0; s < w->n_slabs; s++)
        world_write_slab(w, s, writer, &err);
    if (qi_writer_commit(writer, meta, 4, "", &bytes, &err) != QUIPU_OK ||
        quipu_cube_open(w->path, &w->cube, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
}

static inline void world_close(world *w) {
    quipu_cube_close(w->cube);
    unlink(w->path);
    free(w->value);
    free(w->weight);
    memset(w, 0, sizeof *w);
}

#endif
