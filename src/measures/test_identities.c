/* SPDX-License-Identifier: Apache-2.0 */
/* test_identities.c - laws that hold in every world, tried on seeded random ones. */
#include "measures/rca.h"
#include "measures/test_random.h"

static const quipu_period years[] = {1996, 1997, 2000};
static const quipu_flow two_flows[] = {QUIPU_EXPORT, QUIPU_IMPORT};
static const quipu_flow merged_flow[] = {QUIPU_RECONCILED};

static world filled_world(uint64_t seed, bool merged) {
    world w =
        world_empty(years, QI_COUNT(years), merged ? merged_flow : two_flows, merged ? 1 : 2);
    world_fill(&w, seed);
    return w;
}

static world random_world(uint64_t seed, bool merged) {
    world w = filled_world(seed, merged);
    world_open(&w);
    return w;
}

/* The sum of a money column over the rows of one year; -1 when all are missing. */
static int64_t sum_of(const quipu_table *t, const char *column, const char *time,
                      quipu_period year) {
    size_t c = column_of(t, column), y = column_of(t, time);
    int64_t sum = 0;
    bool any = false;
    for (size_t row = 0; row < t->n_rows; row++) {
        if (t->columns[y].data.integer[row] != year || !quipu_table_present(t, c, row))
            continue;
        any = true;
        sum += t->columns[c].data.integer[row];
    }
    return any ? sum : -1;
}

static double real_sum(const quipu_table *t, const char *column, const char *time,
                       quipu_period year) {
    size_t c = column_of(t, column), y = column_of(t, time);
    double sum = 0;
    bool any = false;
    for (size_t row = 0; row < t->n_rows; row++)
        if (t->columns[y].data.integer[row] == year && quipu_table_present(t, c, row)) {
            sum += t->columns[c].data.real[row];
            any = true;
        }
    return any ? sum : NAN;
}

static const char *country(uint64_t seed) {
    return world_countries[seed % WORLD_COUNTRIES].iso3;
}

/* ---- parts and wholes ---- */

static void test_shares_are_one(void **state) {
    QI_UNUSED(state);
    static const char *const by[] = {"partner", "product", "technology", "section", "chapter"};
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, seed % 2);
        for (size_t i = 0; i < QI_COUNT(by); i++) {
            quipu_table t = ask(&w, "share", "reporter=%s by=%s", country(seed), by[i]);
            for (size_t y = 0; y < QI_COUNT(years); y++)
                if (sum_of(&t, "value", "year", years[y]) > 0)
                    assert_near(real_sum(&t, "share", "year", years[y]), 1);
            quipu_table_free(&t);
        }
        world_close(&w);
    }
}

/* Every way of taking trade apart gives the same total, to the last digit: margins, pairs,
 * matrices, leaves, and leaves divided among classes. */
static void test_parts_add_up(void **state) {
    QI_UNUSED(state);
    static const char *const by[] = {"by=partner",
                                     "by=product",
                                     "by=partner,product",
                                     "by=technology",
                                     "by=partner,lall",
                                     "by=section",
                                     "by=chapter,partner",
                                     "product=technology:PG,NRBM,LTM,MTM,"
                                     "HTM,OTHER,unclassified"};
    static const char *const flow[] = {"export", "import"};
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, seed % 2);
        for (size_t i = 0; i < QI_COUNT(by) * 4; i++) {
            const char *who = i % 4 < 2 ? country(seed) : "Asia";
            quipu_table whole = ask(&w, "value", "reporter=%s flow=%s", who, flow[i % 2]);
            quipu_table parts =
                ask(&w, "value", "reporter=%s flow=%s %s", who, flow[i % 2], by[i / 4]);
            for (size_t y = 0; y < QI_COUNT(years); y++) {
                int64_t all = sum_of(&whole, "value", "year", years[y]);
                int64_t sum = sum_of(&parts, "value", "year", years[y]);
                if (all != sum && !(all <= 0 && sum <= 0))
                    fail_msg("%s %s: %lld, parts %lld", who, by[i / 4], (long long)all,
                             (long long)sum);
            }
            quipu_table_free(&whole);
            quipu_table_free(&parts);
        }
        world_close(&w);
    }
}

/* What a sells to b is what b buys from a. */
static void test_both_sides(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, true);
        const char *a = country(seed), *b = country(seed * 5 + 1);
        quipu_table sold = ask(&w, "value", "reporter=%s partner=%s by=product", a, b);
        quipu_table bought =
            ask(&w, "value", "reporter=%s partner=%s by=product flow=import", b, a);
        assert_int_equal(sold.n_rows, bought.n_rows);
        size_t value = column_of(&sold, "value");
        for (size_t row = 0; row < sold.n_rows; row++)
            assert_true(sold.columns[value].data.integer[row] ==
                        bought.columns[value].data.integer[row]);
        quipu_table_free(&sold);
        quipu_table_free(&bought);
        /* The world sells what it buys. */
        sold = ask(&w, "value", "by=technology");
        bought = ask(&w, "value", "by=technology flow=import");
        assert_memory_equal(sold.columns[value].data.integer,
                            bought.columns[value].data.integer, sold.n_rows * sizeof(int64_t));
        quipu_table_free(&sold);
        quipu_table_free(&bought);
        world_close(&w);
    }
}

/* Mirror exports are the partners' imports. */
static void test_mirror(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, false);
        const char *a = country(seed), *b = country(seed * 3 + 2);
        quipu_table mirror = ask(&w, "value", "reporter=%s partner=%s basis=mirror", a, b);
        for (size_t y = 0; y < QI_COUNT(years); y++) {
            int slab = world_slab(&w, years[y], QUIPU_IMPORT);
            int64_t sum = 0, found = sum_of(&mirror, "value", "year", years[y]);
            for (size_t k = 0; k < WORLD_PRODUCTS; k++)
                sum += world_value(&w, (size_t)slab, world_country(b), world_country(a), k);
            assert_true(found == sum || (found == -1 && sum == 0));
        }
        quipu_table_free(&mirror);
        world_close(&w);
    }
}

/* ---- growth ---- */

static void test_contributions(void **state) {
    QI_UNUSED(state);
    static const char *const by[] = {"partner", "product", "technology", "section"};
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, true);
        for (size_t i = 0; i < QI_COUNT(by); i++) {
            quipu_table parts = ask(&w, "contribution", "reporter=%s by=%s years=1996-2000",
                                    country(seed), by[i]);
            quipu_table whole = ask(&w, "growth", "reporter=%s years=1996-2000", country(seed));
            double growth = figure(&whole, "accumulated", "");
            if (!isnan(growth)) {
                assert_near(real_sum(&parts, "contribution", "to", 2000), growth);
                assert_true(sum_of(&parts, "change", "to", 2000) ==
                            sum_of(&whole, "value_to", "to", 2000) -
                                sum_of(&whole, "value_from", "to", 2000));
            }
            quipu_table_free(&parts);
            quipu_table_free(&whole);
        }
        world_close(&w);
    }
}

/* ---- comparative advantage ---- */

/* Averaged with world shares the index is one: over products for each country, and over
 * countries for each product. */
static void test_rca_mean(void **state) {
    QI_UNUSED(state);
    static double rca[WORLD_COUNTRIES][WORLD_PRODUCTS];
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, true);
        quipu_pairs pairs;
        size_t n;
        qi_rca_options options = {.side = QUIPU_BY_REPORTER, .threads = 1};
        double total = (double)quipu_cube_slabs(w.cube, &n)[0].total;
        assert_int_equal(quipu_cube_pairs(w.cube, 0, &pairs, NULL), QUIPU_OK);
        assert_int_equal(qi_rca_panel(w.cube, 0, &options, rca[0], NULL), QUIPU_OK);
        for (size_t i = 0; i < WORLD_COUNTRIES; i++) {
            double mean = 0;
            for (size_t k = 0; k < WORLD_PRODUCTS; k++)
                if (rca[i][k] >= 0)
                    mean += rca[i][k] * (double)pairs.by_product_total[k] / total;
            if (pairs.by_reporter_total[i] > 0)
                assert_near(mean, 1);
        }
        for (size_t k = 0; k < WORLD_PRODUCTS; k++) {
            double mean = 0;
            for (size_t i = 0; i < WORLD_COUNTRIES; i++)
                if (rca[i][k] >= 0)
                    mean += rca[i][k] * (double)pairs.by_reporter_total[i] / total;
            if (pairs.by_product_total[k] > 0)
                assert_near(mean, 1);
        }
        world_close(&w);
    }
}

/* The measure and the panel give the same numbers, bit for bit. */
static void test_rca_paths(void **state) {
    QI_UNUSED(state);
    static double rca[WORLD_COUNTRIES][WORLD_PRODUCTS];
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, true);
        qi_rca_options options = {.side = QUIPU_BY_REPORTER, .threads = 2};
        assert_int_equal(qi_rca_panel(w.cube, 0, &options, rca[0], NULL), QUIPU_OK);
        quipu_table t = ask(&w, "rca", "years=1996");
        size_t r = column_of(&t, "reporter"), k = column_of(&t, "product");
        size_t figure_column = column_of(&t, "rca");
        assert_true(t.n_rows > 0);
        for (size_t row = 0; row < t.n_rows; row++) {
            double panel = rca[world_country(t.columns[r].data.text[row])]
                              [world_product(t.columns[k].data.text[row])];
            assert_true(panel == t.columns[figure_column].data.real[row]);
        }
        quipu_table_free(&t);
        world_close(&w);
    }
}

/* ---- what must not matter ---- */

static const asked every_measure[] = {
    {"value", "by=reporter,product"},
    {"value", "by=partner,lall flow=import total"},
    {"share", "reporter=Asia by=partner rest limit=3"},
    {"top", "reporter=Peru,Chile partner=Asia limit=4 total"},
    {"structure", "reporter=Mercosur partner=Asia,World"},
    {"balance", "reporter=Peru by=partner"},
    {"growth", "by=reporter years=1996,1997,2000"},
    {"growth", "reporter=Asia by=section method=trend"},
    {"contribution", "reporter=Asia by=technology"},
    {"index", "by=reporter base=1997"},
    {"rca", "cutoff=1"},
    {"coverage", "by=reporter"},
    {"price", "by=partner,technology flow=import chain"},
    {"decompose", "reporter=Asia,Peru by=section rest limit=4 total"},
    {"rca", "variant=symmetric by=reporter,product"},
    {"rca", "variant=normalised reporter=Peru"},
    {"rca", "variant=weighted reporter=Peru,Chile"},
    {"rca", "variant=vollrath reporter=Peru"},
    {"rca", "reference=market reporter=Peru partner=China"},
    {"specialisation", "reporter=Peru,Asia total"},
    {"intensity", "reporter=Peru denominator=imports"},
    {"intensity", "by=reporter,partner denominator=rest"},
    {"complementarity", "by=reporter,partner"},
    {"similarity", "reporter=Peru specialisation"},
    {"reach", "by=reporter"},
    {"concentration", "by=reporter"},
    {"concentration", "reporter=Asia over=partner flow=import"},
    {"theil", "by=reporter groups=section"},
    {"intra-industry", "by=reporter,partner"},
    {"marginal-iit", "by=reporter bilateral"},
    {"two-way", "by=reporter"},
    {"cms", "reporter=Peru by=partner order=shapley rest limit=3 total"},
    {"share-change", "by=reporter"},
    {"terms-of-trade", "by=reporter geks"},
    {"price", "by=partner geks"},
    {"price", "by=partner chain sigma=4"},
};

static void test_threads(void **state) {
    QI_UNUSED(state);
    world w = random_world(11, false);
    for (size_t i = 0; i < QI_COUNT(every_measure); i++) {
        quipu_table one, four;
        assert_int_equal(try_measure(w.cube, nomen, every_measure[i].measure,
                                     every_measure[i].text, 1, &one, NULL),
                         QUIPU_OK);
        assert_int_equal(try_measure(w.cube, nomen, every_measure[i].measure,
                                     every_measure[i].text, 4, &four, NULL),
                         QUIPU_OK);
        assert_same_table(&one, &four, 1);
        quipu_table_free(&one);
        quipu_table_free(&four);
    }
    world_close(&w);
}

/* Twice the values: twice the money, the same ratios bit for bit.  Classes are left out, as
 * halves of odd thousandths are not. */
static void test_scale(void **state) {
    QI_UNUSED(state);
    world w = random_world(12, false), twice = filled_world(12, false);
    for (size_t i = 0; i < world_at(twice.n_slabs, 0, 0, 0); i++)
        twice.value[i] *= twice.value[i] > 0 ? 2 : 1;
    world_open(&twice);
    for (size_t i = 0; i < QI_COUNT(every_measure); i++) {
        if (strstr(every_measure[i].text, "trend") || strstr(every_measure[i].text, "lall") ||
            strcmp(every_measure[i].measure, "structure") == 0 ||
            strcmp(every_measure[i].measure, "contribution") == 0 ||
            strcmp(every_measure[i].measure, "price") == 0 || /* rounded; see test_prices.c */
            strcmp(every_measure[i].measure, "cms") == 0 ||
            strcmp(every_measure[i].measure, "terms-of-trade") == 0 ||
            strcmp(every_measure[i].measure, "decompose") == 0)
            continue;
        quipu_table a =
            run_measure(w.cube, nomen, every_measure[i].measure, every_measure[i].text);
        quipu_table b =
            run_measure(twice.cube, nomen, every_measure[i].measure, every_measure[i].text);
        assert_same_table(&a, &b, 2);
        quipu_table_free(&a);
        quipu_table_free(&b);
    }
    world_close(&w);
    world_close(&twice);
}

/* Products dealt out anew: what does not look at products stays. */
static void test_permutation(void **state) {
    QI_UNUSED(state);
    static const char *const blind[] = {"by=reporter,partner", "by=partner reporter=Asia",
                                        "flow=import by=reporter"};
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, false), other = filled_world(seed, false);
        for (size_t i = 0; i < world_at(w.n_slabs, 0, 0, 0); i += WORLD_PRODUCTS)
            for (size_t k = 0; k < WORLD_PRODUCTS; k++)
                other.value[i + (k * 5 + seed) % WORLD_PRODUCTS] = w.value[i + k];
        world_open(&other);
        for (size_t i = 0; i < QI_COUNT(blind); i++) {
            quipu_table a = run_measure(w.cube, nomen, "value", blind[i]);
            quipu_table b = run_measure(other.cube, nomen, "value", blind[i]);
            assert_same_table(&a, &b, 1);
            quipu_table_free(&a);
            quipu_table_free(&b);
        }
        world_close(&w);
        world_close(&other);
    }
}

/* No figure of any measure is ever NaN or infinite, whatever the zeros. */
static void test_finite(void **state) {
    QI_UNUSED(state);
    world w = random_world(13, false);
    for (size_t i = 0; i < QI_COUNT(every_measure); i++) {
        quipu_table t =
            run_measure(w.cube, nomen, every_measure[i].measure, every_measure[i].text);
        for (size_t c = 0; c < t.n_columns; c++)
            for (size_t row = 0; row < t.n_rows; row++)
                if (t.columns[c].spec.type == QUIPU_REAL ||
                    t.columns[c].spec.type == QUIPU_SHARE)
                    assert_true(isfinite(t.columns[c].data.real[row]));
        quipu_table_free(&t);
    }
    world_close(&w);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares_are_one), cmocka_unit_test(test_parts_add_up),
        cmocka_unit_test(test_both_sides),     cmocka_unit_test(test_mirror),
        cmocka_unit_test(test_contributions),  cmocka_unit_test(test_rca_mean),
        cmocka_unit_test(test_rca_paths),      cmocka_unit_test(test_threads),
        cmocka_unit_test(test_scale),          cmocka_unit_test(test_permutation),
        cmocka_unit_test(test_finite),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
