/* SPDX-License-Identifier: Apache-2.0 */
/* test_effect.c - before and after an agreement: windows, groups, new products. */
#include "measures/effect.h"
#include "measures/test_tables.h"
#include "nomen/test_open.h"

static const quipu_period years[] = {2004, 2005, 2006, 2007, 2008, 2009,
                                     2010, 2011, 2012, 2013, 2014};
enum { N_YEARS = sizeof years / sizeof years[0] };

static void sell(world *w, quipu_period year, const char *to, const char *what, int64_t usd) {
    world_set(w, year, QUIPU_EXPORT, "PER", to, what, usd);
}

/* The example of the reference page: 10 a year before and 30 after to China, 20 and 30 to
 * Indonesia; Chile (agreement of 2009) 10 and 10, in 2010 a thousand to all. */
static world page_world(void) {
    static const quipu_flow flows[] = {QUIPU_EXPORT};
    world w = world_empty(years, N_YEARS, flows, 1);
    for (size_t y = 0; y < N_YEARS; y++) {
        bool before = years[y]<2010, after = years[y]> 2010;
        sell(&w, years[y], "CHN", "260300", before ? 10 : after ? 30 : 1000);
        sell(&w, years[y], "IDN", "260300", before ? 20 : after ? 30 : 1000);
        sell(&w, years[y], "CHL", "260300", before || after ? 10 : 1000);
    }
    return w;
}

static void test_by_hand(void **state) {
    QI_UNUSED(state);
    world w = page_world();
    world_open(&w);
    quipu_table t =
        run_measure(w.cube, nomen, "agreement", "reporter=Peru partner=China placebo=Chile");
    assert_near(figure(&t, "before", "group=pair"), 10);
    assert_near(figure(&t, "after", "group=pair"), 30);
    assert_near(figure(&t, "change", "group=pair"), 2);
    assert_missing(figure(&t, "double_difference", "group=pair"));
    assert_near(figure(&t, "change", "group=without"), .5);
    assert_near(figure(&t, "double_difference", "group=without"), 1);
    assert_near(figure(&t, "before", "group=with"), 10);
    assert_near(figure(&t, "double_difference", "group=with"), 2);
    assert_near(figure(&t, "before", "group=rest"), 30);
    assert_near(figure(&t, "after", "group=rest"), 40);
    assert_near(figure(&t, "double_difference", "group=rest"), 3 / (40 / 30.) - 1);
    assert_near(figure(&t, "change", "group=placebo"), 0);
    assert_near(figure(&t, "placebo_difference", "group=without"), 1 / 1.5 - 1);
    assert_missing(figure(&t, "placebo_difference", "group=with")); /* it is alone there */
    assert_near(figure(&t, "placebo_difference", "group=rest"), 1 / 1.5 - 1);
    assert_near(figure(&t, "growth_before", "group=pair"), 0);
    assert_true(has_note(&t, "means of 2007-2009 before and 2011-2013 after"));
    assert_true(has_note(&t, "Firms are not in this source"));
    assert_non_null(strstr(t.title, "Peru - China (2010-03-01)"));
    quipu_table_free(&t);

    /* 2010 on a side, as the option says. */
    t = run_measure(w.cube, nomen, "agreement",
                    "reporter=Peru partner=China partial=after window=2");
    assert_near(figure(&t, "after", "group=pair"), 515);
    assert_near(figure(&t, "before", "group=pair"), 10);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "agreement",
                    "reporter=Peru partner=China partial=before window=2");
    assert_near(figure(&t, "before", "group=pair"), 505);
    assert_near(figure(&t, "after", "group=pair"), 30);
    quipu_table_free(&t);
    /* Years left out by the user are not there. */
    t = run_measure(w.cube, nomen, "agreement", "reporter=Peru partner=China years=2008-2011");
    assert_true(has_note(&t, "means of 2008-2009 before and 2011 after"));
    assert_near(figure(&t, "change", "group=pair"), 2);
    quipu_table_free(&t);
    /* A false date gives rows of its own; one on 1 January has no partial year. */
    t = run_measure(w.cube, nomen, "agreement",
                    "reporter=Peru partner=China placebo-since=2007-01-01");
    assert_near(figure(&t, "change", "since=2007-01-01 group=pair"), 0);
    assert_near(figure(&t, "double_difference", "since=2007-01-01 group=without"), 0);
    assert_near(figure(&t, "change", "since=2010-03-01 group=pair"), 2);
    quipu_table_free(&t);
    world_close(&w);
}

/* Others as reporters: who lacks more than half of the years is left out, who lacks fewer is
 * averaged over what there is. */
static void test_silent_years(void **state) {
    QI_UNUSED(state);
    static const quipu_flow flows[] = {QUIPU_IMPORT};
    world w = world_empty(years, N_YEARS, flows, 1);
    for (size_t y = 0; y < N_YEARS; y++) {
        bool before = years[y] < 2010;
        if (years[y] != 2012) /* China does not report */
            world_set(&w, years[y], QUIPU_IMPORT, "CHN", "PER", "260300", before ? 10 : 40);
        if (years[y] != 2008)
            world_set(&w, years[y], QUIPU_IMPORT, "BRA", "PER", "260300", before ? 6 : 12);
        if (years[y] < 2011 || years[y] > 2013)
            world_set(&w, years[y], QUIPU_IMPORT, "IDN", "PER", "260300", 5);
    }
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "agreement", "reporter=China partner=Peru");
    assert_near(figure(&t, "after", "group=pair"), 40); /* not 80/3 */
    assert_near(figure(&t, "before", "group=without"), 6);
    assert_near(figure(&t, "double_difference", "group=without"), 1);
    assert_true(has_note(&t, "Left out, because they did not report at least half of these "
                             "years: Indonesia"));
    assert_true(has_note(&t, "the years without a report of China are missing"));
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "agreement", "reporter=China partner=Peru panel=all");
    assert_int_equal(t.n_rows, 1);
    assert_true(has_note(&t, "Brazil, Indonesia"));
    quipu_table_free(&t);
    world_close(&w);
}

/* Two of the world's products that revisions join. */
static bool find_relatives(const char **a, const char **b) {
    uint32_t family[WORLD_PRODUCTS];
    size_t n;
    assert_int_equal(quipu_families(nomen, "H0", "H4", "H0", world_products, WORLD_PRODUCTS,
                                    family, &n, NULL),
                     QUIPU_OK);
    for (size_t i = 0; i < WORLD_PRODUCTS; i++)
        for (size_t j = i + 1; j < WORLD_PRODUCTS; j++)
            if (family[i] == family[j]) {
                *a = world_products[i];
                *b = world_products[j];
                return true;
            }
    return false;
}

static void test_new_products(void **state) {
    QI_UNUSED(state);
    static const quipu_flow flows[] = {QUIPU_EXPORT};
    world w = world_empty(years, N_YEARS, flows, 1);
    const char *old = NULL, *renamed = NULL;
    bool relatives = find_relatives(&old, &renamed);
    for (size_t y = 0; y < N_YEARS; y++) {
        sell(&w, years[y], "CHN", "260300", 50000); /* always */
        sell(&w, years[y], "CHN", "090111", 9999);  /* never enough */
        if (years[y] >= 2011)
            sell(&w, years[y], "CHN", "610910", 10000); /* new, to stay */
        if (years[y] == 2012)
            sell(&w, years[y], "CHN", "611020", 20000); /* new, once */
        if (years[y] == 2006 || years[y] >= 2011)
            sell(&w, years[y], "CHN", "520100", 30000); /* was there before */
        if (relatives)
            sell(&w, years[y], "CHN", years[y] < 2011 ? old : renamed, 70000);
    }
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "agreement", "reporter=Peru partner=China");
    assert_near(figure(&t, "new_after", "group=pair"), 3); /* T-shirts, jerseys, cotton */
    assert_near(figure(&t, "new_codes_after", "group=pair"), relatives ? 4 : 3);
    assert_near(figure(&t, "new_before", "group=pair"), 0);
    assert_near(figure(&t, "products_before", "group=pair"), relatives ? 3 : 2);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "agreement", "reporter=Peru partner=China lookback=5");
    assert_near(figure(&t, "new_after", "group=pair"), 2);  /* cotton was there in 2006 */
    assert_missing(figure(&t, "new_before", "group=pair")); /* 2007 has three years before it */
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "agreement", "reporter=Peru partner=China persist=1");
    assert_near(figure(&t, "new_after", "group=pair"), 2); /* jerseys did not stay */
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "agreement", "reporter=Peru partner=China threshold=9999");
    assert_near(figure(&t, "new_after", "group=pair"), 3); /* coffee was always there */
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "agreement", "reporter=Peru partner=China threshold=20001");
    assert_near(figure(&t, "new_after", "group=pair"), 1);
    quipu_table_free(&t);
    assert_true(relatives); /* else the test of families tests nothing */
    world_close(&w);
}

/* In any world: the rest is what has an agreement and what has none; scaling changes nothing
 * but the values; classes add up to all. */
static void test_identities(void **state) {
    QI_UNUSED(state);
    static const quipu_flow flows[] = {QUIPU_EXPORT};
    for (uint64_t seed = 1; seed <= 6; seed++) {
        world w = world_empty(years, N_YEARS, flows, 1);
        world_fill(&w, seed);
        for (size_t y = 0; y < N_YEARS; y++)
            sell(&w, years[y], "CHN", "260300", 1000);
        world_open(&w);
        quipu_table t = run_measure(w.cube, nomen, "agreement", "reporter=Peru partner=China");
        double with = figure(&t, "before", "group=with");
        assert_true(fabs(figure(&t, "before", "group=without") + with -
                         figure(&t, "before", "group=rest")) <= 0.002 + 1e-9 * with);
        quipu_table by =
            run_measure(w.cube, nomen, "agreement", "reporter=Peru partner=China by=section");
        double sum = 0;
        for (size_t row = 0; row < by.n_rows; row++)
            if (cell_is(&by, column_of(&by, "group"), row, "pair", 4))
                sum += (double)by.columns[column_of(&by, "after")].data.integer[row] / 1000;
        assert_true(fabs(sum - figure(&t, "after", "group=pair")) <= 0.03 + 1e-9 * sum);
        quipu_table_free(&by);
        quipu_table_free(&t);
        world_close(&w);
    }
}

static void expect(world *w, const char *request, quipu_status status, const char *words) {
    quipu_table t;
    quipu_error err = {0};
    quipu_status found = try_measure(w->cube, nomen, "agreement", request, 1, &t, &err);
    if (found != status || strstr(err.text, words) == NULL)
        fail_msg("%s: %d: %s", request, (int)found, err.text);
}

static void test_complaints(void **state) {
    QI_UNUSED(state);
    world w = page_world();
    world_open(&w);
    expect(&w, "partner=China", QUIPU_E_ARG, "wants --reporter");
    expect(&w, "reporter=Peru partner=China,Japan", QUIPU_E_ARG, "one country, not a list");
    expect(&w, "reporter=Peru partner=asean", QUIPU_E_ARG, "one country");
    expect(&w, "reporter=Peru partner=Peru", QUIPU_E_ARG, "the same country");
    expect(&w, "reporter=Peru partner=India", QUIPU_E_NOT_FOUND, "no free trade agreement");
    expect(&w, "reporter=Peru partner=China agreement=peru-koera", QUIPU_E_NOT_FOUND,
           "Did you mean peru-korea");
    expect(&w, "reporter=Peru partner=China agreement=peru-korea", QUIPU_E_NOT_FOUND,
           "not both members of peru-korea");
    expect(&w, "reporter=Peru partner=China since=March", QUIPU_E_ARG, "a date is");
    expect(&w, "reporter=Peru partner=China window=0", QUIPU_E_ARG, "window 0");
    expect(&w, "reporter=Peru partner=China since=1990", QUIPU_E_NOT_FOUND, "one side of 1990");
    expect(&w, "reporter=Peru partner=China threshold=0", QUIPU_E_ARG, "threshold");
    expect(&w, "reporter=Peru partner=China placebo=China", QUIPU_E_ARG, "other than the two");
    expect(&w, "reporter=Peru partner=China by=partner", QUIPU_E_ARG, "one class scheme");
    world_close(&w);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),      cmocka_unit_test(test_silent_years),
        cmocka_unit_test(test_new_products), cmocka_unit_test(test_identities),
        cmocka_unit_test(test_complaints),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
