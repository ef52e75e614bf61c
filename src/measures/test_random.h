/* SPDX-License-Identifier: Apache-2.0 */
/* test_random.h - seeded random worlds, and what must not matter to any measure in them. */
#ifndef QI_TEST_RANDOM_H
#define QI_TEST_RANDOM_H

#include "measures/test_tables.h"
#include "nomen/test_open.h"

enum { N_SEEDS = 6 };

typedef struct asked {
    const char *measure, *text;
} asked;

static inline world seeded_world(const quipu_period *years, size_t n_years,
                                 const quipu_flow *flows, size_t n_flows, uint64_t seed) {
    world w = world_empty(years, n_years, flows, n_flows);
    world_fill(&w, seed);
    world_open(&w);
    return w;
}

static inline quipu_table ask(const world *w, const char *measure, const char *format, ...)
    QUIPU_PRINTF(3, 4);
static inline quipu_table ask(const world *w, const char *measure, const char *format, ...) {
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return run_measure(w->cube, nomen, measure, text);
}

static inline const char *text_at(const quipu_table *t, const char *column, size_t row) {
    return t->columns[column_of(t, column)].data.text[row];
}
static inline int64_t integer_at(const quipu_table *t, const char *column, size_t row) {
    return t->columns[column_of(t, column)].data.integer[row];
}
static inline double real_at(const quipu_table *t, const char *column, size_t row) {
    size_t c = column_of(t, column);
    return quipu_table_present(t, c, row) ? t->columns[c].data.real[row] : NAN;
}

/* Money `scale` times as much, all else the same bit for bit; nothing NaN or infinite. */
static inline void assert_same_table(const quipu_table *a, const quipu_table *b, double scale) {
    assert_int_equal(a->n_rows, b->n_rows);
    assert_int_equal(a->n_columns, b->n_columns);
    for (size_t c = 0; c < a->n_columns; c++)
        for (size_t row = 0; row < a->n_rows; row++) {
            const quipu_column *x = &a->columns[c], *y = &b->columns[c];
            assert_true(quipu_table_present(a, c, row) == quipu_table_present(b, c, row));
            if (!quipu_table_present(a, c, row))
                continue;
            if (x->spec.type == QUIPU_TEXT) {
                assert_string_equal(x->data.text[row], y->data.text[row]);
            } else if (x->spec.type == QUIPU_REAL || x->spec.type == QUIPU_SHARE) {
                assert_true(isfinite(x->data.real[row]));
                assert_true(x->data.real[row] == y->data.real[row]);
            } else if (x->spec.type == QUIPU_MONEY) {
                assert_true((double)x->data.integer[row] * scale ==
                            (double)y->data.integer[row]);
            } else {
                assert_true(x->data.integer[row] == y->data.integer[row]);
            }
        }
}

static inline void same_for_threads(const quipu_period *years, size_t n_years,
                                    const quipu_flow *flows, size_t n_flows, const asked *list,
                                    size_t n) {
    world w = seeded_world(years, n_years, flows, n_flows, 11);
    for (size_t i = 0; i < n; i++) {
        quipu_table one, four;
        assert_int_equal(
            try_measure(w.cube, nomen, list[i].measure, list[i].text, 1, &one, NULL), QUIPU_OK);
        assert_int_equal(
            try_measure(w.cube, nomen, list[i].measure, list[i].text, 4, &four, NULL),
            QUIPU_OK);
        assert_same_table(&one, &four, 1);
        quipu_table_free(&one);
        quipu_table_free(&four);
    }
    world_close(&w);
}

/* The two tables of a world and of what `change` makes of it. */
static inline void same_after(const quipu_period *years, size_t n_years,
                              const quipu_flow *flows, size_t n_flows, const asked *list,
                              size_t n, double scale,
                              void (*change)(world *to, const world *from)) {
    world w = seeded_world(years, n_years, flows, n_flows, 12);
    world other = world_empty(years, n_years, flows, n_flows);
    change(&other, &w);
    world_open(&other);
    for (size_t i = 0; i < n; i++) {
        quipu_table a = run_measure(w.cube, nomen, list[i].measure, list[i].text);
        quipu_table b = run_measure(other.cube, nomen, list[i].measure, list[i].text);
        assert_true(a.n_rows > 0);
        assert_same_table(&a, &b, scale);
        quipu_table_free(&a);
        quipu_table_free(&b);
    }
    world_close(&w);
    world_close(&other);
}

static inline void twice(world *to, const world *from) {
    for (size_t i = 0; i < world_at(from->n_slabs, 0, 0, 0); i++) {
        to->value[i] = from->value[i] > 0 ? 2 * from->value[i] : from->value[i];
        to->weight[i] = from->weight[i];
    }
}
static inline void same_when_scaled(const quipu_period *years, size_t n_years,
                                    const quipu_flow *flows, size_t n_flows, const asked *list,
                                    size_t n) {
    same_after(years, n_years, flows, n_flows, list, n, 2, twice);
}

static inline void dealt_anew(world *to, const world *from) {
    for (size_t i = 0; i < world_at(from->n_slabs, 0, 0, 0); i += WORLD_PRODUCTS)
        for (size_t k = 0; k < WORLD_PRODUCTS; k++) {
            to->value[i + (k * 5 + 3) % WORLD_PRODUCTS] = from->value[i + k];
            to->weight[i + (k * 5 + 3) % WORLD_PRODUCTS] = from->weight[i + k];
        }
}
static inline void same_when_permuted(const quipu_period *years, size_t n_years,
                                      const quipu_flow *flows, size_t n_flows,
                                      const asked *list, size_t n) {
    same_after(years, n_years, flows, n_flows, list, n, 1, dealt_anew);
}

#endif
