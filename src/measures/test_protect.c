/* SPDX-License-Identifier: Apache-2.0 */
/* What is printed of a table by firm never tells of fewer firms than the rule says: checked by
 * linear algebra on random tables, for every group of firms that is too small. */
#include "measures/protect.h"
#include "measures/test_rank.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { MOST_CELLS = 512, MOST_FIRMS = 9 };

static uint64_t random_state;
static unsigned below(unsigned n) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % n;
}

/* A table with all its margins, firms as bits. */
typedef struct world {
    qi_protected t;
    uint64_t key[MOST_CELLS];
    quipu_money value[MOST_CELLS];
    unsigned firms[MOST_CELLS];
    size_t start[MOST_CELLS + 1];
    uint32_t firm[MOST_CELLS * MOST_FIRMS];
    uint8_t hidden[MOST_CELLS];
} world;

static void add(quipu_money *value, unsigned *firms, const qi_protected *t, size_t axis,
                uint64_t key, const size_t *label, unsigned firm, quipu_money money) {
    if (axis == t->n_axes) {
        value[key] += money;
        firms[key] |= 1u << firm;
        return;
    }
    add(value, firms, t, axis + 1, key + label[axis] * t->stride[axis], label, firm, money);
    add(value, firms, t, axis + 1, key + t->labels[axis] * t->stride[axis], label, firm, money);
}

static void make_world(world *w, size_t n_axes, size_t least) {
    quipu_money value[MOST_CELLS] = {0};
    unsigned firms[MOST_CELLS] = {0}, n_firms = 2 + below(MOST_FIRMS - 1);
    *w = (world){.t = {.n_axes = n_axes, .least = least}};
    for (size_t a = 0; a < n_axes; a++)
        w->t.labels[a] = 1 + below(n_axes > 2 ? 3 : 4);
    assert_true(qi_protect_strides(&w->t));
    for (unsigned i = 1 + below(25); i > 0; i--) {
        size_t label[QI_PROTECT_AXES];
        for (size_t a = 0; a < n_axes; a++)
            label[a] = below((unsigned)w->t.labels[a]);
        quipu_money money = 1 + below(below(3) == 0 ? 100000 : 1000);
        add(value, firms, &w->t, 0, 0, label, below(n_firms), money);
    }
    size_t n = 0, used = 0;
    for (uint64_t key = 0; key < MOST_CELLS; key++) {
        if (value[key] == 0)
            continue;
        w->key[n] = key;
        w->value[n] = value[key];
        w->firms[n] = firms[key];
        w->start[n++] = used;
        for (uint32_t f = 0; f < MOST_FIRMS; f++)
            if (firms[key] >> f & 1u)
                w->firm[used++] = f + 1;
    }
    w->start[n] = used;
    w->t.n = n;
    w->t.key = w->key;
    w->t.value = w->value;
    w->t.start = w->start;
    w->t.firm = w->firm;
    w->t.hidden = w->hidden;
}

/* ---- what can be told from what is printed ---- */

/* The printed cells as sums of the inner ones that have a column: rank of that. */
static size_t rank_without(const world *w, unsigned small) {
    static int64_t rows[MOST_CELLS][MOST_CELLS];
    size_t n_rows = 0, n_columns = 0;
    memset(rows, 0, sizeof rows);
    for (size_t c = 0; c < w->t.n; c++)
        if (!w->hidden[c])
            n_rows++;
    for (size_t i = 0; i < w->t.n; i++) {
        if (!qi_protect_is_inner(&w->t, w->key[i]) || (w->firms[i] & ~small) == 0)
            continue;
        for (size_t c = 0, row = 0; c < w->t.n; c++) {
            if (w->hidden[c])
                continue;
            bool part = true;
            for (size_t a = 0; a < w->t.n_axes && part; a++) {
                size_t label = qi_protect_label(&w->t, a, w->key[c]);
                part =
                    label == w->t.labels[a] || label == qi_protect_label(&w->t, a, w->key[i]);
            }
            rows[row++][n_columns] = part;
        }
        n_columns++;
    }
    return rank_of(&rows[0][0], n_rows, n_columns, MOST_CELLS);
}

/* Could some sum of printed cells be of firms that are too few?  Then leaving their own cells out
 * of the columns takes a row away. */
static bool tells_of_few(const world *w) {
    size_t all = rank_without(w, 0);
    for (unsigned small = 1; small < 1u << MOST_FIRMS; small++)
        if ((size_t)__builtin_popcount(small) + 1 == w->t.least && rank_without(w, small) < all)
            return true;
    return false;
}

static size_t hide_few(world *w) {
    size_t n = 0;
    for (size_t c = 0; c < w->t.n; c++) {
        w->hidden[c] = w->start[c + 1] - w->start[c] < w->t.least;
        n += w->hidden[c];
    }
    return n;
}

static void no_sum_tells_of_few_firms(void **state) {
    QI_UNUSED(state);
    size_t told = 0, more = 0;
    for (unsigned seed = 1; seed <= 1500; seed++) {
        random_state = seed;
        world w;
        make_world(&w, seed % 4, 2 + seed / 4 % 3);
        size_t few = hide_few(&w), hidden = 0;
        told += tells_of_few(&w);
        memset(w.hidden, 0, sizeof w.hidden);
        assert_int_equal(qi_protect(&w.t, NULL), QUIPU_OK);
        for (size_t c = 0; c < w.t.n; c++) {
            hidden += w.hidden[c];
            if (w.start[c + 1] - w.start[c] < w.t.least)
                assert_true(w.hidden[c]);
        }
        more += hidden - few;
        if (tells_of_few(&w))
            fail_msg("world %u tells of fewer than %zu firms", seed, w.t.least);
    }
    assert_true(told > 300); /* without the second step these tables would have told */
    assert_true(more > 300);
}

/* ---- by hand ---- */

/* Two partners and two sectors: one cell of one firm takes the three others with it. */
static void one_small_cell_hides_a_square(void **state) {
    QI_UNUSED(state);
    world w = {.t = {.n_axes = 2, .labels = {2, 2}, .least = 3}};
    quipu_money value[MOST_CELLS] = {0};
    unsigned firms[MOST_CELLS] = {0};
    assert_true(qi_protect_strides(&w.t));
    for (size_t p = 0; p < 2; p++)
        for (size_t s = 0; s < 2; s++)
            for (unsigned f = 0; f < (p == 0 && s == 0 ? 1u : 4u); f++)
                add(value, firms, &w.t, 0, 0, (size_t[]){p, s}, f, 100);
    size_t n = 0, used = 0;
    for (uint64_t key = 0; key < 9; key++) {
        w.key[n] = key;
        w.value[n] = value[key];
        w.start[n++] = used;
        for (uint32_t f = 0; f < 4; f++)
            if (firms[key] >> f & 1u)
                w.firm[used++] = f + 1;
    }
    w.start[n] = used;
    w.t.n = n;
    w.t.key = w.key;
    w.t.value = w.value;
    w.t.start = w.start;
    w.t.firm = w.firm;
    w.t.hidden = w.hidden;
    assert_int_equal(qi_protect(&w.t, NULL), QUIPU_OK);
    static const uint8_t expected[9] = {1, 1, 0, 1, 1, 0, 0, 0, 0};
    assert_memory_equal(w.hidden, expected, 9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_small_cell_hides_a_square),
        cmocka_unit_test(no_sum_tells_of_few_firms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
