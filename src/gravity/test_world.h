/* SPDX-License-Identifier: Apache-2.0 */
/* test_world.h - worlds for the tests of equilibria: drawn, and read from shared files. */
#ifndef QI_TEST_WORLD_H
#define QI_TEST_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gravity/equilibrium.h"

#include <math.h>

enum { MOST_COUNTRIES_OF_A_TEST = 230 };

typedef struct test_world {
    size_t n;
    double *trade, *change;
    char names[MOST_COUNTRIES_OF_A_TEST][8];
    const char *name[MOST_COUNTRIES_OF_A_TEST];
} test_world;

static inline double test_uniform(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*state >> 11) + 0.5) * 0x1p-53;
}

static inline test_world test_world_room(size_t n) {
    test_world t = {.n = n};
    assert_true(n <= MOST_COUNTRIES_OF_A_TEST);
    t.trade = calloc(n * n, sizeof *t.trade);
    t.change = calloc(n * n, sizeof *t.change);
    assert_non_null(t.trade);
    assert_non_null(t.change);
    for (size_t i = 0; i < n; i++)
        snprintf(t.names[i], sizeof t.names[i], "C%zu", i);
    for (size_t k = 0; k < n * n; k++)
        t.change[k] = 1;
    return t;
}

static inline void test_world_free(test_world *t) {
    free(t->trade);
    free(t->change);
}

/* Sizes differ by a factor of a hundred, most trade is at home, some pairs do not trade. */
static inline test_world test_world_draw(size_t n, uint64_t seed, double openness) {
    test_world t = test_world_room(n);
    for (size_t i = 0; i < n; i++) {
        double size = exp(4.6 * test_uniform(&seed));
        for (size_t j = 0; j < n; j++) {
            double x = size * exp(2 * test_uniform(&seed)) * openness / (double)n;
            bool next = j == (i + 1) % n || i == (j + 1) % n;
            t.trade[i * n + j] = i == j ? size : (next || test_uniform(&seed) > 0.3) ? x : 0;
            if (i != j)
                t.change[i * n + j] = exp(test_uniform(&seed) - 0.4);
        }
    }
    return t;
}

static inline qi_world test_world_of(test_world *t, qi_ge_model model, double theta) {
    for (size_t i = 0; i < t->n; i++)
        t->name[i] = t->names[i];
    return (qi_world){.n = t->n,
                      .name = t->name,
                      .trade = t->trade,
                      .change = t->change,
                      .theta = theta,
                      .model = model,
                      .reference = QI_NO_REFERENCE};
}

static inline qi_equilibrium test_solve(const qi_world *w) {
    qi_equilibrium e;
    quipu_error err = {0};
    if (qi_equilibrium_solve(w, &e, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    return e;
}

static inline void test_near(double found, double expected, double tolerance,
                             const char *what) {
    if (!(fabs(found - expected) <= tolerance * fmax(1, fabs(expected))))
        fail_msg("%s: found %.17g, expected %.17g", what, found, expected);
}

#endif
