/* SPDX-License-Identifier: Apache-2.0 */
/* test_equilibrium.c - laws every equilibrium keeps, worlds with a closed form, and worlds that
 * have no answer.  What the authors printed: test_equilibrium_print.c. */
#include "gravity/test_world.h"

static const double EXACT = 1e-10;

typedef struct kind {
    qi_ge_model model;
    qi_deficits deficits;
    bool reference;
} kind;
static const kind KINDS[] = {
    {QI_GE_CONDITIONAL, QI_DEFICITS_MULTIPLICATIVE, false},
    {QI_GE_CONDITIONAL, QI_DEFICITS_MULTIPLICATIVE, true},
    {QI_GE_FULL, QI_DEFICITS_MULTIPLICATIVE, false},
    {QI_GE_FULL, QI_DEFICITS_MULTIPLICATIVE, true},
    {QI_GE_FULL, QI_DEFICITS_ADDITIVE, false},
    {QI_GE_FULL, QI_DEFICITS_ADDITIVE, true},
};

static qi_world world_of(test_world *t, const kind *k, double theta) {
    qi_world w = test_world_of(t, k->model, theta);
    w.deficits = k->deficits;
    if (k->reference)
        w.reference = t->n / 2;
    return w;
}

static double spent_in(const double *trade, size_t n, size_t j) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += trade[i * n + j];
    return sum;
}

/* The equations, written out anew: prices from costs, markets cleared, budgets kept. */
static void expect_laws(const qi_world *w, const qi_equilibrium *e) {
    size_t n = w->n;
    double earned = 0, spent = 0;
    for (size_t j = 0; j < n; j++) {
        double before = spent_in(w->trade, n, j), sum = 0;
        for (size_t i = 0; i < n; i++) {
            double x = w->trade[i * n + j] * w->change[i * n + j];
            sum += x / before * e->output[i] * pow(e->outward[i], w->theta);
        }
        test_near(pow(e->consumer[j], w->theta) * sum, 1, EXACT, "inward resistance");
        sum = 0;
        double made = 0;
        for (size_t k = 0; k < n; k++) {
            double x = w->trade[j * n + k] * w->change[j * n + k];
            made += w->trade[j * n + k];
            sum += x * e->expenditure[k] * pow(e->consumer[k], w->theta);
        }
        test_near(pow(e->outward[j], w->theta) * sum / made, 1, EXACT, "outward resistance");
        earned += made * e->output[j];
        spent += before * e->expenditure[j];
        test_near(e->exports[1][j] + e->domestic[1][j], made * e->output[j],
                  EXACT * made * e->output[j], "output");
        test_near(e->imports[1][j] + e->domestic[1][j], before * e->expenditure[j],
                  EXACT * before * e->expenditure[j], "expenditure");
        if (w->model == QI_GE_FULL) {
            double ours = e->domestic[1][j] / (before * e->expenditure[j]);
            double acr = pow(ours / (w->trade[j * n + j] / before), -1 / w->theta);
            test_near(e->real_income[j], acr, EXACT, "ACR");
        }
    }
    test_near(earned / spent, 1, EXACT, "world");
    assert_true(e->output_residual < EXACT && e->expenditure_residual < EXACT);
}

static void laws_hold_in_drawn_worlds(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++)
        for (size_t k = 0; k < QI_COUNT(KINDS); k++) {
            static const double thetas[] = {0.7, 4, 6, 9};
            test_world t = test_world_draw(3 + (seed * 7) % 40, seed, 0.3);
            qi_world w = world_of(&t, &KINDS[k], thetas[seed % 4]);
            qi_equilibrium e = test_solve(&w);
            expect_laws(&w, &e);
            qi_equilibrium_free(&e);
            test_world_free(&t);
        }
}

/* Countries that hardly trade: the fixed point stands still, Newton must do it. */
static void laws_hold_in_closed_worlds(void **state) {
    (void)state;
    for (size_t k = 0; k < QI_COUNT(KINDS); k++) {
        test_world t = test_world_draw(25, 5, 1e-4);
        for (size_t i = 0; i < t.n * t.n; i++) /* balanced, or additive deficits do not fit */
            t.trade[i] = i % (t.n + 1) == 0 ? 100 : 0.5 * (t.trade[i] + 1e-4);
        qi_world w = world_of(&t, &KINDS[k], 4);
        qi_equilibrium e = test_solve(&w);
        expect_laws(&w, &e);
        assert_true(w.model == QI_GE_CONDITIONAL || e.newton_steps > 0);
        qi_equilibrium_free(&e);
        test_world_free(&t);
    }
}

static void no_change_changes_nothing_at_all(void **state) {
    (void)state;
    for (size_t k = 0; k < QI_COUNT(KINDS); k++) {
        test_world t = test_world_draw(31, 3, 0.3);
        qi_world w = world_of(&t, &KINDS[k], 4);
        w.change = NULL;
        qi_equilibrium e = test_solve(&w);
        for (size_t i = 0; i < t.n; i++) {
            assert_true(e.price[i] == 1 && e.consumer[i] == 1 && e.outward[i] == 1);
            assert_true(e.output[i] == 1 && e.expenditure[i] == 1 && e.welfare[i] == 1);
            assert_true(e.exports[0][i] == e.exports[1][i]);
        }
        assert_memory_equal(e.trade, t.trade, t.n * t.n * sizeof *e.trade);
        qi_equilibrium_free(&e);
        test_world_free(&t);
    }
}

/* Costs of all that a country sells, at home too, by one factor: its price makes up for it.
 * Of all it buys: its consumer price does.  No quantity of trade moves. */
static void what_one_country_pays_on_everything_stays_in_its_prices(void **state) {
    (void)state;
    for (int side = 0; side < 2; side++) {
        test_world t = test_world_draw(12, 8, 0.3), plain = test_world_draw(12, 8, 0.3);
        size_t n = t.n, c = 4;
        double factor = 1.7, theta = 5;
        for (size_t k = 0; k < n; k++)
            t.change[side == 0 ? c * n + k : k * n + c] *= factor;
        qi_world with = test_world_of(&t, QI_GE_CONDITIONAL, theta);
        qi_world without = test_world_of(&plain, QI_GE_CONDITIONAL, theta);
        with.reference = without.reference = 0;
        qi_equilibrium a = test_solve(&with), b = test_solve(&without);
        for (size_t k = 0; k < n * n; k++)
            test_near(a.trade[k], b.trade[k], EXACT, "trade");
        const double *moved_a = side == 0 ? a.outward : a.consumer;
        const double *moved_b = side == 0 ? b.outward : b.consumer;
        test_near(moved_a[c] / moved_b[c], pow(factor, -1 / theta), EXACT, "resistance");
        qi_equilibrium_free(&a);
        qi_equilibrium_free(&b);
        test_world_free(&t);
        test_world_free(&plain);
    }
}

/* All costs of the world by one factor: consumer prices move by it, nothing else does. */
static void all_costs_by_one_factor_move_consumer_prices_alone(void **state) {
    (void)state;
    test_world t = test_world_draw(15, 2, 0.3);
    for (size_t k = 0; k < t.n * t.n; k++)
        t.change[k] = 0.6;
    qi_world w = test_world_of(&t, QI_GE_FULL, 4);
    qi_equilibrium e = test_solve(&w);
    for (size_t i = 0; i < t.n; i++) {
        test_near(e.price[i], 1, EXACT, "wage");
        test_near(e.welfare[i], pow(0.6, 1 / 4.0), EXACT, "welfare");
    }
    qi_equilibrium_free(&e);
    test_world_free(&t);
}

/* Money has no size: a world a thousand times as large gives the same factors. */
static void the_unit_of_trade_does_not_matter(void **state) {
    (void)state;
    for (size_t k = 0; k < QI_COUNT(KINDS); k++) {
        test_world t = test_world_draw(20, 9, 0.3), u = test_world_draw(20, 9, 0.3);
        for (size_t i = 0; i < t.n * t.n; i++)
            u.trade[i] *= 1000;
        qi_world w = world_of(&t, &KINDS[k], 4), v = world_of(&u, &KINDS[k], 4);
        qi_equilibrium a = test_solve(&w), b = test_solve(&v);
        for (size_t i = 0; i < t.n; i++) {
            test_near(a.welfare[i], b.welfare[i], EXACT, "welfare");
            test_near(a.price[i], b.price[i], EXACT, "price");
            test_near(a.trade[i] * 1000, b.trade[i], EXACT * b.trade[i], "trade");
        }
        qi_equilibrium_free(&a);
        qi_equilibrium_free(&b);
        test_world_free(&t);
        test_world_free(&u);
    }
}

/* There and back again. */
static void undoing_the_change_leads_back(void **state) {
    (void)state;
    for (size_t k = 0; k < QI_COUNT(KINDS); k++) {
        test_world t = test_world_draw(17, 4, 0.3);
        qi_world w = world_of(&t, &KINDS[k], 4);
        qi_equilibrium there = test_solve(&w);
        for (size_t i = 0; i < t.n * t.n; i++)
            t.change[i] = 1 / t.change[i];
        qi_world v = w;
        v.trade = there.trade;
        qi_equilibrium back = test_solve(&v);
        for (size_t i = 0; i < t.n; i++)
            test_near(there.real_income[i] * back.real_income[i], 1, EXACT, "real income");
        qi_equilibrium_free(&there);
        qi_equilibrium_free(&back);
        test_world_free(&t);
    }
}

/* Equal countries stay equal: wage 1, and the price of N - 1 foreign and one own variety. */
static void equal_countries_have_a_closed_form(void **state) {
    (void)state;
    enum { N = 9 };
    double home = 7, abroad = 0.5, cut = 1.9, theta = 5;
    test_world t = test_world_room(N);
    for (size_t i = 0; i < N * N; i++) {
        t.trade[i] = i % (N + 1) == 0 ? home : abroad;
        t.change[i] = i % (N + 1) == 0 ? 1 : cut;
    }
    double before = home + (N - 1) * abroad, after = home + (N - 1) * abroad * cut;
    for (size_t k = 0; k < QI_COUNT(KINDS); k++) {
        qi_world w = world_of(&t, &KINDS[k], theta);
        qi_equilibrium e = test_solve(&w);
        for (size_t i = 0; i < N; i++) {
            double sales = e.exports[1][i] / (e.exports[1][i] + e.domestic[1][i]);
            test_near(sales, (N - 1) * abroad * cut / after, EXACT, "share sold abroad");
            if (w.model == QI_GE_FULL)
                test_near(e.welfare[i], pow(after / before, 1 / theta), EXACT, "welfare");
        }
        qi_equilibrium_free(&e);
    }
    test_world_free(&t);
}

/* Two countries, balanced: with x = w1 / w2 trade balances where
 *     m12 x^-theta / (m12 x^-theta + m22) = x m21 / (m11 x^-theta + m21),
 * Y1 = Y2 = 1.  Solved here by bisection. */
static double two_country_wage(const double *m, double theta) {
    double low = -20, high = 20;
    for (int i = 0; i < 200; i++) {
        double mid = (low + high) / 2, x = exp(mid), u = exp(-theta * mid);
        double sold = m[1] * u / (m[1] * u + m[3]), bought = x * m[2] / (m[0] * u + m[2]);
        *(sold > bought ? &low : &high) = mid;
    }
    return exp(low);
}

static void two_countries_agree_with_bisection(void **state) {
    (void)state;
    static const double trade[] = {0.8, 0.2, 0.2, 0.8}, change[] = {1, 2.5, 1.1, 1};
    test_world t = test_world_room(2);
    double m[4], theta = 4;
    for (size_t k = 0; k < 4; k++) {
        t.trade[k] = trade[k];
        t.change[k] = change[k];
        m[k] = trade[k] * change[k];
    }
    for (int additive = 0; additive < 2; additive++) {
        qi_world w = test_world_of(&t, QI_GE_FULL, theta);
        w.deficits = additive ? QI_DEFICITS_ADDITIVE : QI_DEFICITS_MULTIPLICATIVE;
        qi_equilibrium e = test_solve(&w);
        test_near(e.price[0] / e.price[1], two_country_wage(m, theta), EXACT, "wage");
        qi_equilibrium_free(&e);
    }
    test_world_free(&t);
}

static void the_reference_is_the_unit(void **state) {
    (void)state;
    for (size_t k = 0; k < QI_COUNT(KINDS); k++) {
        if (!KINDS[k].reference)
            continue;
        test_world t = test_world_draw(14, 6, 0.3);
        qi_world w = world_of(&t, &KINDS[k], 4);
        qi_equilibrium with = test_solve(&w);
        w.reference = QI_NO_REFERENCE;
        qi_equilibrium without = test_solve(&w);
        test_near(with.consumer[t.n / 2], 1, EXACT, "unit");
        for (size_t i = 0; i < t.n; i++) {
            if (w.model == QI_GE_FULL)
                test_near(with.welfare[i], without.welfare[i], EXACT, "welfare");
            test_near(with.consumer[i] / with.consumer[0],
                      without.consumer[i] / without.consumer[0], EXACT, "relative price");
        }
        qi_equilibrium_free(&with);
        qi_equilibrium_free(&without);
        test_world_free(&t);
    }
}

/* Costs fitted to margins give back the trade that has these margins. */
static void balance_finds_the_effects_of_both_sides(void **state) {
    (void)state;
    enum { N = 20 };
    test_world t = test_world_draw(N, 11, 0.5);
    double output[N] = {0}, spent[N] = {0}, cost[N * N], a[N], b[N];
    uint64_t seed = 3;
    double fa[N], fb[N];
    for (size_t i = 0; i < N; i++) {
        fa[i] = exp(3 * test_uniform(&seed));
        fb[i] = i == 7 ? 1 : exp(3 * test_uniform(&seed));
    }
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            double x = t.trade[i * N + j];
            output[i] += x;
            spent[j] += x;
            cost[i * N + j] = x / (fa[i] * fb[j]);
        }
    qi_margins m = {.n = N, .cost = cost, .output = output, .spent = spent, .reference = 7};
    test_world_of(&t, QI_GE_FULL, 1);
    m.name = t.name;
    unsigned steps;
    quipu_error err = {0};
    assert_int_equal(qi_balance(&m, a, b, &steps, &err), QUIPU_OK);
    for (size_t i = 0; i < N; i++) {
        test_near(a[i] / fa[i], 1, EXACT, "exporter");
        test_near(b[i] / fb[i], 1, EXACT, "importer");
    }
    spent[3] *= 1.01;
    assert_int_equal(qi_balance(&m, a, b, &steps, &err), QUIPU_E_DATA);
    assert_non_null(strstr(err.text, "is not its expenditure"));
    test_world_free(&t);
}

static void expect_trouble(test_world *t, qi_deficits deficits, double theta,
                           const char *words) {
    qi_world w = test_world_of(t, QI_GE_FULL, theta);
    w.deficits = deficits;
    qi_equilibrium e;
    quipu_error err = {0};
    if (qi_equilibrium_solve(&w, &e, &err) == QUIPU_OK || strstr(err.text, words) == NULL)
        fail_msg("expected '%s', found '%s'", words, err.text);
    qi_equilibrium_free(&e);
    test_world_free(t);
}

static void worlds_without_an_answer_say_why(void **state) {
    (void)state;
    test_world t = test_world_draw(6, 1, 0.3);
    t.trade[3 * 6 + 3] = 0;
    expect_trouble(&t, 0, 4, "C3 has no domestic trade");
    t = test_world_draw(6, 1, 0.3);
    for (size_t j = 0; j < 6; j++)
        t.trade[2 * 6 + j] = j == 2;
    expect_trouble(&t, 0, 4, "C2 has no exports");
    t = test_world_draw(6, 1, 0.3);
    for (size_t i = 0; i < 6; i++)
        t.trade[i * 6 + 2] = i == 2;
    expect_trouble(&t, 0, 4, "C2 has no imports");
    t = test_world_draw(6, 1, 0.3);
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 6; j++)
            t.trade[i * 6 + j] = (i < 2) == (j < 2) ? 1 : 0;
    expect_trouble(&t, 0, 4,
                   "falls into 2 parts that do not trade with each other, and prices "
                   "in one say nothing of those in another; one part: C0, C1.");
    t = test_world_draw(6, 1, 0.3);
    t.trade[7] = -1;
    expect_trouble(&t, 0, 4, "trade from C1 to C1 is -1");
    t = test_world_draw(6, 1, 0.3);
    t.change[8] = INFINITY;
    expect_trouble(&t, 0, 4, "trade costs from C1 to C2 change by a factor of inf");
    t = test_world_draw(6, 1, 0.3);
    expect_trouble(&t, 0, 0, "expected a number above 0");
    t = test_world_draw(1, 1, 0.3);
    expect_trouble(&t, 0, 4, "two countries at least, not 1");
    /* C1 spends twice what it earns, and what it buys on credit becomes dear. */
    t = test_world_room(2);
    t.trade[0] = 1;
    t.trade[1] = 10;
    t.trade[2] = 0.5;
    t.trade[3] = 10;
    t.change[1] = 1e-3;
    expect_trouble(&t, QI_DEFICITS_ADDITIVE, 4, "try multiplicative");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(laws_hold_in_drawn_worlds),
        cmocka_unit_test(laws_hold_in_closed_worlds),
        cmocka_unit_test(no_change_changes_nothing_at_all),
        cmocka_unit_test(what_one_country_pays_on_everything_stays_in_its_prices),
        cmocka_unit_test(all_costs_by_one_factor_move_consumer_prices_alone),
        cmocka_unit_test(the_unit_of_trade_does_not_matter),
        cmocka_unit_test(undoing_the_change_leads_back),
        cmocka_unit_test(equal_countries_have_a_closed_form),
        cmocka_unit_test(two_countries_agree_with_bisection),
        cmocka_unit_test(the_reference_is_the_unit),
        cmocka_unit_test(balance_finds_the_effects_of_both_sides),
        cmocka_unit_test(worlds_without_an_answer_say_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
