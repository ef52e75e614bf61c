/* SPDX-License-Identifier: Apache-2.0 */
/* test_new_products.c - counts, new products and the partition of a change: examples by hand,
 * laws on random worlds, and what must not matter. */
#include "measures/test_random.h"
#include "measures/under.h"

static const quipu_period years[] = {2000, 2001, 2002, 2003, 2004};
static const quipu_flow exports[] = {QUIPU_EXPORT};
static const quipu_flow both[] = {QUIPU_EXPORT, QUIPU_IMPORT};

static world empty(void) {
    return world_empty(years, QI_COUNT(years), exports, 1);
}

static void sell(world *w, quipu_period year, const char *to, const char *what, int64_t usd) {
    world_set(w, year, QUIPU_EXPORT, "PER", to, what, usd);
}

/* ---- counts ---- */

static void test_counts_by_hand(void **state) {
    QI_UNUSED(state);
    world w = empty();
    sell(&w, 2000, "CHN", "260300", 10);
    sell(&w, 2000, "JPN", "260300", 5);
    sell(&w, 2000, "CHN", "030110", 2);
    sell(&w, 2000, "UNS", "030110", 9); /* no country: its trade, and no partner */
    world_set(&w, 2001, QUIPU_EXPORT, "CHL", "CHN", "260300", 1);
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "counts", "reporter=Peru");
    assert_near(figure(&t, "products", "year=2000"), 2);
    assert_near(figure(&t, "codes", "year=2000"), 2);
    assert_near(figure(&t, "markets", "year=2000"), 2);
    assert_near(figure(&t, "pairs", "year=2000"), 3);
    assert_near(figure(&t, "spread", "year=2000"), .75);
    assert_near(figure(&t, "value", "year=2000"), 26);
    assert_missing(figure(&t, "products", "year=2001")); /* Peru is silent */
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "counts", "reporter=Peru years=2000 threshold=5.5");
    assert_near(figure(&t, "pairs", ""), 1);
    assert_near(figure(&t, "markets", ""), 1);
    assert_near(figure(&t, "products", ""), 2); /* fish by its trade with all */
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "counts", "reporter=Peru years=2000 by=partner");
    assert_near(figure(&t, "products", "partner=CHN"), 2);
    assert_near(figure(&t, "products", "partner=JPN"), 1);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "counts", "reporter=Peru years=2000 by=sector");
    assert_true(t.n_rows >= 1);
    quipu_table_free(&t);
    world_close(&w);
}

static void test_counts_of_worlds(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = seeded_world(years, QI_COUNT(years), exports, 1, seed);
        quipu_table t = ask(&w, "counts", "by=reporter");
        for (size_t row = 0; row < t.n_rows; row++) {
            if (!quipu_table_present(&t, column_of(&t, "pairs"), row))
                continue;
            size_t r = world_country(text_at(&t, "reporter", row));
            int slab = world_slab(&w, (quipu_period)integer_at(&t, "year", row), QUIPU_EXPORT);
            int64_t pairs = 0, codes = 0, markets = 0;
            for (size_t k = 0; k < WORLD_PRODUCTS; k++) {
                bool any = false;
                for (size_t j = 0; j < WORLD_COUNTRIES; j++) {
                    bool trades = world_value(&w, (size_t)slab, r, j, k) > 0;
                    any |= trades;
                    pairs += trades && strcmp(world_countries[j].iso3, "UNS") != 0 &&
                             strcmp(world_countries[j].iso3, "S19") != 0;
                }
                codes += any;
            }
            for (size_t j = 0; j < WORLD_COUNTRIES; j++) {
                bool any = false;
                for (size_t k = 0; k < WORLD_PRODUCTS; k++)
                    any |= world_value(&w, (size_t)slab, r, j, k) > 0;
                markets += any && strcmp(world_countries[j].iso3, "UNS") != 0 &&
                           strcmp(world_countries[j].iso3, "S19") != 0;
            }
            int64_t found = integer_at(&t, "pairs", row), s19 = found - pairs;
            assert_true(s19 >= 0); /* "other Asia" may count as a market */
            assert_int_equal(integer_at(&t, "codes", row), codes);
            assert_true(integer_at(&t, "products", row) <= codes);
            assert_true(integer_at(&t, "markets", row) - markets <= 1);
        }
        quipu_table_free(&t);
        world_close(&w);
    }
}

/* ---- new products ---- */

static void test_new_by_hand(void **state) {
    QI_UNUSED(state);
    world w = empty();
    for (size_t y = 0; y < QI_COUNT(years); y++)
        sell(&w, years[y], "CHN", "260300", 1000000);
    sell(&w, 2003, "CHN", "090111", 5000);
    sell(&w, 2004, "JPN", "090111", 20000);
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "new-products", "reporter=Peru");
    assert_near(figure(&t, "new", "year=2003 threshold=1000"), 1);
    assert_near(figure(&t, "new_value", "year=2003 threshold=1000"), 5000);
    assert_near(figure(&t, "new_share", "year=2003 threshold=1000"), 5000. / 1005000);
    assert_near(figure(&t, "continuing", "year=2003 threshold=1000"), 1);
    assert_near(figure(&t, "new", "year=2004 threshold=1000"), 0);
    assert_near(figure(&t, "continuing", "year=2004 threshold=1000"), 2);
    assert_near(figure(&t, "new", "year=2003 threshold=10000"), 0);
    assert_near(figure(&t, "new", "year=2004 threshold=10000"), 1);
    assert_missing(figure(&t, "new", "year=2002 threshold=1000")); /* two years before it */
    assert_near(figure(&t, "traded", "year=2002 threshold=1000"), 1);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "new-products",
                    "reporter=Peru persist=1 years=2003-2004 threshold=1000,10000");
    assert_near(figure(&t, "new", "year=2003 threshold=1000"), 1);
    assert_missing(figure(&t, "new", "year=2004 threshold=10000"));
    assert_near(figure(&t, "continuing", "year=2004 threshold=10000"), 1);
    assert_int_equal(t.n_rows, 4);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "new-products", "reporter=Peru lookback=1 threshold=10000");
    assert_near(figure(&t, "lost", "year=2004"), 0);
    quipu_table_free(&t);
    world_close(&w);
}

/* The first two headings of six digits after `from` that a revision joined. */
static void find_relatives(const char *from, const char **a, const char **b) {
    const quipu_nomenclature *h0;
    const quipu_product *all;
    const char *codes[6000];
    static uint32_t family[6000];
    size_t n, n_codes = 0, n_families;
    assert_int_equal(quipu_nomenclature_find(nomen, "H0", &h0, NULL), QUIPU_OK);
    assert_int_equal(quipu_products(nomen, h0, &all, &n, NULL), QUIPU_OK);
    for (size_t i = 0; i < n && n_codes < QI_COUNT(codes); i++)
        if (all[i].leaf && strcmp(all[i].code, from) > 0)
            codes[n_codes++] = all[i].code;
    assert_int_equal(
        quipu_families(nomen, "H0", "H3", "H0", codes, n_codes, family, &n_families, NULL),
        QUIPU_OK);
    for (size_t i = 0; i < n_codes; i++)
        for (size_t j = i + 1; j < n_codes; j++)
            if (family[i] == family[j]) {
                *a = codes[i];
                *b = codes[j];
                return;
            }
    fail_msg("no two codes after %s are joined", from);
}

/* Codes that a revision joins are one product: the family is not new when its code changes. */
static void test_families(void **state) {
    QI_UNUSED(state);
    static const quipu_period later[] = {2005, 2006, 2007, 2008, 2009};
    size_t a = world_product("901890"), b = world_product("950390");
    world w = world_empty(later, QI_COUNT(later), exports, 1);
    find_relatives("901890", &w.products[a], &w.products[b]); /* still in order of code */
    for (size_t y = 0; y < QI_COUNT(later); y++)
        sell(&w, later[y], "CHN", world_products[y < 3 ? a : b], 50000);
    world_open(&w);
    quipu_table t =
        run_measure(w.cube, nomen, "new-products", "reporter=Peru years=2008 threshold=10000");
    assert_near(figure(&t, "new", ""), 0);
    assert_near(figure(&t, "new_codes", ""), 1);
    assert_near(figure(&t, "continuing", ""), 1);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "partition", "reporter=Peru years=2005-2009");
    assert_near(figure(&t, "new_product", ""), 0);
    assert_near(figure(&t, "lost", ""), 0);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "partition", "reporter=Peru years=2005-2009 products=codes");
    assert_near(figure(&t, "new_product", ""), 50000);
    assert_near(figure(&t, "lost", ""), -50000);
    quipu_table_free(&t);
    world_close(&w);
}

/* traded = new + continuing, by code and by family. */
static void test_new_of_worlds(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = seeded_world(years, QI_COUNT(years), both, 2, seed);
        for (int i = 0; i < 2; i++) {
            quipu_table t = ask(&w, "new-products", "by=reporter lookback=2 threshold=1,900 %s",
                                i == 0 ? "" : "basis=mirror");
            size_t told = 0;
            for (size_t row = 0; row < t.n_rows; row++) {
                if (!quipu_table_present(&t, column_of(&t, "new"), row))
                    continue;
                told++;
                assert_int_equal(integer_at(&t, "traded", row),
                                 integer_at(&t, "new", row) +
                                     integer_at(&t, "continuing", row));
            }
            assert_true(told > 10);
            quipu_table_free(&t);
        }
        world_close(&w);
    }
}

/* ---- partition ---- */

static void test_partition_by_hand(void **state) {
    QI_UNUSED(state);
    world w = empty();
    sell(&w, 2000, "CHN", "260300", 10);
    sell(&w, 2000, "JPN", "030110", 5);
    sell(&w, 2004, "CHN", "260300", 14);
    sell(&w, 2004, "JPN", "260300", 3);
    sell(&w, 2004, "CHN", "090111", 2);
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "partition", "reporter=Peru years=2000-2004");
    assert_near(figure(&t, "change", ""), 4);
    assert_near(figure(&t, "increase", ""), 4);
    assert_near(figure(&t, "lost", ""), -5);
    assert_near(figure(&t, "new_pair", ""), 3);
    assert_near(figure(&t, "new_product", ""), 2);
    assert_near(figure(&t, "new_market", ""), 0);
    assert_near(figure(&t, "extensive", ""), 0);
    quipu_table_free(&t);
    /* 2001 to 2003 were not reported: no figures rather than smaller sums. */
    t = run_measure(w.cube, nomen, "partition", "reporter=Peru years=2000-2004 window=2");
    assert_missing(figure(&t, "change", ""));
    quipu_table_free(&t);
    quipu_error err = {0};
    assert_int_equal(
        try_measure(w.cube, nomen, "partition", "years=2000-2004 window=3", 1, &t, &err),
        QUIPU_E_ARG);
    assert_non_null(strstr(err.text, "too few for two windows"));
    world_close(&w);
}

static const char *const parts_of_change[] = {"increase", "decrease",   "lost",
                                              "new_pair", "new_market", "new_product",
                                              "new_both", "unreported"};

static void test_partition_adds_up(void **state) {
    QI_UNUSED(state);
    static const char *const asks[] = {"by=reporter",
                                       "reporter=Asia,Peru window=2",
                                       "by=reporter basis=mirror",
                                       "by=partner products=codes",
                                       "by=reporter,section",
                                       "flow=import by=partner"};
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = seeded_world(years, QI_COUNT(years), both, 2, seed);
        for (size_t i = 0; i < QI_COUNT(asks); i++) {
            quipu_table t = ask(&w, "partition", "%s", asks[i]);
            size_t told = 0;
            for (size_t row = 0; row < t.n_rows; row++) {
                if (!quipu_table_present(&t, column_of(&t, "change"), row))
                    continue;
                int64_t sum = 0;
                told++;
                for (size_t p = 0; p < QI_COUNT(parts_of_change); p++)
                    sum += integer_at(&t, parts_of_change[p], row);
                assert_true(sum == integer_at(&t, "change", row));
                assert_true(integer_at(&t, "increase", row) >= 0);
                assert_true(integer_at(&t, "decrease", row) <= 0);
                assert_true(integer_at(&t, "lost", row) <= 0);
                assert_true(integer_at(&t, "new_both", row) >= 0);
            }
            assert_true(told > 0);
            quipu_table_free(&t);
        }
        /* The change is that of the measure growth. */
        quipu_table t = ask(&w, "partition", "by=reporter"),
                    g = ask(&w, "growth", "by=reporter");
        size_t compared = 0;
        for (size_t row = 0; row < t.n_rows; row++) {
            char where[32];
            snprintf(where, sizeof where, "reporter=%s", text_at(&t, "reporter", row));
            if (!quipu_table_present(&t, column_of(&t, "change"), row))
                continue;
            assert_near(figure(&t, "change", where),
                        figure(&g, "value_to", where) - figure(&g, "value_from", where));
            compared++;
        }
        assert_true(compared > 5);
        quipu_table_free(&t);
        quipu_table_free(&g);
        world_close(&w);
    }
}

/* ---- what must not matter ---- */

static const asked every[] = {
    {"counts", "by=reporter"},
    {"counts", "by=partner,technology"},
    {"new-products", "by=reporter lookback=2"},
    {"new-products", "by=lall lookback=1 persist=1"},
    {"partition", "by=reporter,section window=2"},
    {"partition", "by=partner basis=mirror"},
};

static void test_threads(void **state) {
    QI_UNUSED(state);
    same_for_threads(years, QI_COUNT(years), both, 2, every, QI_COUNT(every));
}

static void test_scale(void **state) {
    QI_UNUSED(state);
    static const asked free_of_scale[] = {{"counts", "by=reporter"},
                                          {"partition", "by=reporter,partner"}};
    same_when_scaled(years, QI_COUNT(years), both, 2, free_of_scale, QI_COUNT(free_of_scale));
}

/* Products dealt out anew: by code, nothing that does not name them changes. */
static void test_permutation(void **state) {
    QI_UNUSED(state);
    static const asked blind[] = {{"partition", "by=reporter products=codes"},
                                  {"partition", "by=partner products=codes window=2"}};
    same_when_permuted(years, QI_COUNT(years), both, 2, blind, QI_COUNT(blind));
}

static void test_empty(void **state) {
    QI_UNUSED(state);
    world w = empty();
    sell(&w, 2000, "CHN", "260300", 10);
    world_open(&w);
    for (size_t i = 0; i < QI_COUNT(every); i++) {
        char text[128];
        quipu_table t;
        quipu_error err = {0};
        snprintf(text, sizeof text, "%s reporter=Japan",
                 strstr(every[i].text, "mirror") ? "" : "");
        quipu_status status = try_measure(w.cube, nomen, every[i].measure, text, 1, &t, &err);
        if (status == QUIPU_OK)
            quipu_table_free(&t);
        else
            assert_true(err.text[0] != '\0');
    }
    world_close(&w);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_by_hand),
        cmocka_unit_test(test_counts_of_worlds),
        cmocka_unit_test(test_new_by_hand),
        cmocka_unit_test(test_families),
        cmocka_unit_test(test_new_of_worlds),
        cmocka_unit_test(test_partition_by_hand),
        cmocka_unit_test(test_partition_adds_up),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_scale),
        cmocka_unit_test(test_permutation),
        cmocka_unit_test(test_empty),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
