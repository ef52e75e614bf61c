/* SPDX-License-Identifier: Apache-2.0 */
/* test_world.h - small registers out of text, for the tests of this folder. */
#ifndef QI_INVEST_TEST_WORLD_H
#define QI_INVEST_TEST_WORLD_H

/* cmocka wants these first, in this order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "invest/invest.h"
#include "nomen/test_open.h"

#include <math.h>

/* Texts of tables by id; NULL = not there. */
typedef struct world {
    const char *table[QI_N_TABLES];
} world;

static inline quipu_status world_parse(const world *w, quipu_table *problems,
                                       quipu_register **out, quipu_error *err) {
    qi_register_bytes files = {0};
    for (int t = 0; t < QI_N_TABLES; t++)
        if (w->table[t] != NULL) {
            files.length[t] = strlen(w->table[t]);
            files.bytes[t] = strdup(w->table[t]);
        }
    quipu_status status = qi_register_parse(&files, "world", nomen, problems, out, err);
    for (int t = 0; t < QI_N_TABLES; t++)
        free(files.bytes[t]);
    return status;
}

static inline quipu_register *world_open(const world *w) {
    quipu_register *reg;
    quipu_error err = {0};
    if (world_parse(w, NULL, &reg, &err) != QUIPU_OK)
        fail_msg("%s:%llu: %s", err.file, (unsigned long long)err.line, err.text);
    return reg;
}

static inline uint32_t node(const quipu_register *reg, const char *id) {
    uint32_t out;
    assert_int_equal(qi_node_find(reg, id, &out, NULL), QUIPU_OK);
    return out;
}

static inline qi_graph graph_of(const quipu_register *reg, qi_unknown_rule rule) {
    qi_graph g;
    quipu_error err = {0};
    if (qi_graph_open(reg, QI_DATE_OPEN, NULL, 0, rule, NULL, NULL, &g, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    return g;
}

/* Look-through share of `owner` in `held`; "undisclosed" is an owner too. */
static inline double share_in(const quipu_register *reg, const char *owner, const char *held) {
    qi_graph g = graph_of(reg, QI_UNKNOWN_APART);
    double *share = calloc(g.n, sizeof *share), undisclosed, out;
    assert_int_equal(
        qi_ultimate_shares(&g, g.local[node(reg, held)], share, &undisclosed, NULL), QUIPU_OK);
    out = strcmp(owner, "undisclosed") == 0 ? undisclosed : share[g.local[node(reg, owner)]];
    free(share);
    qi_graph_close(&g);
    return out;
}

#define NEAR(a, b, within)                                                                     \
    do {                                                                                       \
        double near_a = (a), near_b = (b);                                                     \
        if (!(fabs(near_a - near_b) <= (within)))                                              \
            fail_msg("%s is %.17g, not %.17g", #a, near_a, near_b);                            \
    } while (0)

#endif
