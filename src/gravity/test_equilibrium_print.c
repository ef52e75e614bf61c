/* SPDX-License-Identifier: Apache-2.0 */
/* test_equilibrium_print.c - what the authors of ge_gravity printed (Baier, Yotov & Zylkin
 * 2019), from the shared files; skipped where they are not. */
#include "gravity/test_world.h"
#include "gravity/test_shared.h"

enum { COUNTRIES = 44 };

typedef struct example {
    test_world world;
    double welfare[2][COUNTRIES],
        trade[2][COUNTRIES * COUNTRIES]; /* additive, multiplicative */
} example;

static example read_example(void) {
    example x = {.world = test_world_room(COUNTRIES)};
    shared_table t = shared_open("ge_gravity_wiod44_expected.csv");
    const char *row[SHARED_COLUMNS];
    while (shared_row(&t, row)) {
        if (shared_number(&t, row, "year") != 2000)
            continue;
        size_t i = (size_t)shared_number(&t, row, "expcode") - 1;
        size_t j = (size_t)shared_number(&t, row, "impcode") - 1;
        assert_true(i < COUNTRIES && j < COUNTRIES);
        x.world.trade[i * COUNTRIES + j] = shared_number(&t, row, "trade");
        x.world.change[i * COUNTRIES + j] = exp(shared_number(&t, row, "eu_effect"));
        x.welfare[0][i] = shared_number(&t, row, "w_eu");
        x.welfare[1][i] = shared_number(&t, row, "w_mult");
        x.trade[0][i * COUNTRIES + j] = shared_number(&t, row, "X_eu");
        x.trade[1][i * COUNTRIES + j] = shared_number(&t, row, "X_mult");
    }
    shared_close(&t);
    return x;
}

/* The command prints in single precision, half a unit of which is 6e-8, and stops when no flow
 * moves by 1e-8 any more, which leaves up to 7e-8 to go (its own steps, carried on, end where
 * ours do; stopped where it stops, they print its 1,936 flows).  In its multiplicative case world
 * expenditure is left to differ from world output: its trade is ours over lambda. */
static const double ITS_DIGITS = 6e-8, ITS_STOP = 7e-8;

static void count(double found, double printed, size_t *same, double *off) {
    *same += (float)found == (float)printed;
    *off = fmax(*off, fabs(found / printed - 1));
}

static void the_enlargement_of_2004_is_as_printed(void **state) {
    (void)state;
    if (!shared_there("ge_gravity_wiod44_expected.csv"))
        skip();
    example x = read_example();
    for (int k = 0; k < 2; k++) {
        qi_world w = test_world_of(&x.world, QI_GE_FULL, 4);
        w.deficits = k == 0 ? QI_DEFICITS_ADDITIVE : QI_DEFICITS_MULTIPLICATIVE;
        qi_equilibrium e = test_solve(&w);
        const double *welfare = k == 0 ? e.welfare : e.real_income;
        size_t same = 0;
        double off = 0;
        for (size_t i = 0; i < COUNTRIES; i++)
            count(welfare[i], x.welfare[k][i], &same, &off);
        for (size_t i = 0; i < COUNTRIES * COUNTRIES; i++)
            count(e.trade[i] / e.lambda, x.trade[k][i], &same, &off);
        print_message("# %s: %zu of %d figures are the printed ones, the others off by %.2g of "
                      "themselves at "
                      "most; lambda - 1 = %.2g; residuals %.2g, %.2g; %u steps\n",
                      k == 0 ? "additive" : "multiplicative", same, COUNTRIES * (COUNTRIES + 1),
                      off, e.lambda - 1, e.output_residual, e.expenditure_residual, e.steps);
        assert_true(off < ITS_DIGITS + ITS_STOP);
        assert_true(e.output_residual < 1e-10 && e.expenditure_residual < 1e-10);
        qi_equilibrium_free(&e);
    }
    test_world_free(&x.world);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_enlargement_of_2004_is_as_printed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
