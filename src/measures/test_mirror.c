/* SPDX-License-Identifier: Apache-2.0 */
/* test_mirror.c - mirror gaps, reliability, choice of basis and bridges: examples by hand, laws
 * on random worlds, and silence that is no gap. */
#include "measures/mirror.h"
#include "measures/test_random.h"

static const quipu_period years[] = {2010, 2011, 2012};
static const quipu_flow both[] = {QUIPU_EXPORT, QUIPU_IMPORT};
static const quipu_flow merged[] = {QUIPU_RECONCILED};

static world empty(void) {
    return world_empty(years, QI_COUNT(years), both, 2);
}

static void exports_of(world *w, quipu_period year, const char *from, const char *to,
                       const char *what, int64_t usd) {
    world_set(w, year, QUIPU_EXPORT, from, to, what, usd);
}
static void imports_of(world *w, quipu_period year, const char *by, const char *from,
                       const char *what, int64_t usd) {
    world_set(w, year, QUIPU_IMPORT, by, from, what, usd);
}

/* ---- mirror ---- */

static void test_mirror_by_hand(void **state) {
    QI_UNUSED(state);
    world w = empty();
    exports_of(&w, 2010, "PER", "CHN", "260300", 100);
    exports_of(&w, 2010, "PER", "CHN", "790111", 50);
    exports_of(&w, 2010, "PER", "JPN", "260300", 70); /* Japan does not report 2010 */
    imports_of(&w, 2010, "CHN", "PER", "260300", 130);
    imports_of(&w, 2010, "CHN", "PER", "790111", 32);
    imports_of(&w, 2011, "JPN", "PER", "260300", 80); /* Peru does not report 2011 */
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "mirror", "reporter=Peru total");
    assert_near(figure(&t, "reported", "partner=CHN year=2010"), 150);
    assert_near(figure(&t, "mirror", "partner=CHN year=2010"), 162);
    assert_near(figure(&t, "gap", "partner=CHN year=2010"), 12);
    assert_near(figure(&t, "gross_gap", "partner=CHN year=2010"), 48);
    assert_near(figure(&t, "offsetting", "partner=CHN year=2010"), .75);
    assert_near(figure(&t, "ratio", "partner=CHN year=2010"), 1.08);
    assert_near(figure(&t, "log_gap", "partner=CHN year=2010"), log(1.08));
    assert_near(figure(&t, "discrepancy", "partner=CHN year=2010"), 0);
    double copper = (130 / 1.08 - 100) / (130 / 1.08 + 100),
           zinc = (50 - 32 / 1.08) / (50 + 32 / 1.08);
    assert_near(figure(&t, "median_discrepancy", "partner=CHN year=2010"), (copper + zinc) / 2);
    assert_near(figure(&t, "weighted_discrepancy", "partner=CHN year=2010"),
                (130 / 1.08 - 100 + 50 - 32 / 1.08) / (150 + 162 / 1.08));
    assert_near(figure(&t, "reported", "partner=JPN year=2010"), 70);
    assert_near(figure(&t, "silent", "partner=JPN year=2010"), 70);
    assert_missing(figure(&t, "mirror", "partner=JPN year=2010"));
    assert_missing(figure(&t, "gap", "partner=JPN year=2010"));
    assert_missing(figure(&t, "reported", "partner=JPN year=2011"));
    assert_near(figure(&t, "mirror", "partner=JPN year=2011"), 80);
    assert_near(figure(&t, "silent", "partner=JPN year=2011"), 80);
    assert_missing(figure(&t, "reported", "partner=JPN year=2012"));
    assert_near(figure(&t, "gap", "partner=total year=2010"), 12);
    assert_near(figure(&t, "reported", "partner=total year=2010"), 220);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "mirror", "reporter=Peru partner=China cif=0 years=2010");
    assert_near(figure(&t, "discrepancy", ""), 12 / 312.);
    quipu_table_free(&t);
    /* From China's side the import is the reported one. */
    t = run_measure(w.cube, nomen, "mirror",
                    "reporter=China partner=Peru flow=import years=2010 by=product");
    assert_near(figure(&t, "gap", "product=260300"), -30);
    assert_near(figure(&t, "discrepancy", "product=260300"), copper);
    quipu_table_free(&t);
    world_close(&w);
}

static const char *const random_asks[] = {"by=reporter", "reporter=Asia by=partner total",
                                          "by=reporter,section", "reporter=Peru flow=import"};

static void test_mirror_of_worlds(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = seeded_world(years, QI_COUNT(years), both, 2, seed);
        for (size_t i = 0; i < QI_COUNT(random_asks); i++) {
            quipu_table t = ask(&w, "mirror", "%s", random_asks[i]);
            size_t gap = column_of(&t, "gap"), n = 0;
            for (size_t row = 0; row < t.n_rows; row++) {
                if (!quipu_table_present(&t, gap, row))
                    continue;
                n++;
                int64_t net = integer_at(&t, "gap", row),
                        gross = integer_at(&t, "gross_gap", row);
                assert_true(gross >= (net < 0 ? -net : net));
                assert_true(integer_at(&t, "silent", row) >= 0);
                double d = real_at(&t, "discrepancy", row),
                       off = real_at(&t, "offsetting", row);
                assert_true(isnan(d) || (d >= 0 && d <= 1));
                assert_true(isnan(off) || (off >= -1e-15 && off <= 1));
                double mean = real_at(&t, "weighted_discrepancy", row);
                assert_true(isnan(mean) || (mean + 1e-12 >= d && mean <= 1 + 1e-12));
            }
            assert_true(n > 0);
            quipu_table_free(&t);
        }
        /* The gap of one side is that of the other with its sign turned. */
        quipu_table a = ask(&w, "mirror", "reporter=Peru partner=Korea");
        quipu_table b = ask(&w, "mirror", "reporter=Korea partner=Peru flow=import");
        assert_int_equal(a.n_rows, b.n_rows);
        for (size_t row = 0; row < a.n_rows; row++)
            if (quipu_table_present(&a, column_of(&a, "gap"), row)) {
                assert_true(integer_at(&a, "gap", row) == -integer_at(&b, "gap", row));
                assert_true(real_at(&a, "discrepancy", row) ==
                                real_at(&b, "discrepancy", row) ||
                            isnan(real_at(&a, "discrepancy", row)));
            }
        quipu_table_free(&a);
        quipu_table_free(&b);
        world_close(&w);
    }
}

/* ---- reliability ---- */

/* Both directions between a and b, apart by d (of imports without freight). */
static void pair_apart(world *w, const char *a, const char *b, double d) {
    int64_t x = 1000000, m = (int64_t)llround(1000000 * (1 + d) / (1 - d));
    exports_of(w, 2011, a, b, "260300", x);
    imports_of(w, 2011, b, a, "260300", m);
    exports_of(w, 2011, b, a, "260300", x);
    imports_of(w, 2011, a, b, "260300", m);
}

static void test_reliability_by_hand(void **state) {
    QI_UNUSED(state);
    world w = empty();
    pair_apart(&w, "PER", "CHN", .1);
    pair_apart(&w, "PER", "IDN", .5);
    pair_apart(&w, "CHN", "IDN", .5);
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "reliability", "years=2011 cif=0 steps=500");
    assert_int_equal(t.n_rows, 3);
    double a = figure(&t, "export_score", "reporter=PER"),
           c = figure(&t, "export_score", "reporter=IDN");
    assert_true(fabs(a / c - 5) < 1e-5);
    assert_true(fabs(a * a * c - 1) < 1e-9); /* geometric mean */
    assert_true(fabs(figure(&t, "import_score", "reporter=CHN") - a) < 1e-5);
    assert_true(fabs(figure(&t, "export_discrepancy", "reporter=PER") - .3) < 1e-6);
    assert_near(figure(&t, "export_pairs", "reporter=PER"), 2);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "reliability", "years=2012");
    assert_int_equal(t.n_rows, 0);
    assert_true(has_note(&t, "In no year did both sides"));
    quipu_table_free(&t);
    world_close(&w);
}

/* At the fixed point each exporter's p d q adds up to its number of pairs. */
static void test_reliability_balances(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = seeded_world(years, QI_COUNT(years), both, 2, seed);
        for (size_t y = 0; y < QI_COUNT(years); y++) {
            qi_reliability r;
            double sums[WORLD_COUNTRIES] = {0}, factor = 0;
            assert_int_equal(qi_reliability_make(w.cube, years[y], .08, 2000, &r, NULL),
                             QUIPU_OK);
            for (size_t i = 0; i < r.n_pairs; i++) {
                const qi_mirror_pair *p = &r.pairs[i];
                assert_true(p->discrepancy >= 0 && p->discrepancy <= 1);
                sums[p->exporter] +=
                    r.exporter[p->exporter] * p->discrepancy * r.importer[p->importer];
            }
            for (size_t c = 0; c < WORLD_COUNTRIES; c++) {
                if (r.n_exporter[c] == 0)
                    continue;
                double one = sums[c] / r.n_exporter[c]; /* the same for all: normalised */
                factor = factor > 0 ? factor : one;
                assert_true(fabs(one / factor - 1) < 1e-6);
            }
            qi_reliability_free(&r);
        }
        world_close(&w);
    }
}

/* ---- basis ---- */

static void test_basis_by_hand(void **state) {
    QI_UNUSED(state);
    world w = empty();
    exports_of(&w, 2010, "PER", "CHN", "260300", 100);
    exports_of(&w, 2010, "PER", "JPN", "260300", 100);
    imports_of(&w, 2010, "CHN", "PER", "260300", 216);
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "basis", "reporter=Peru years=2010 total");
    assert_near(figure(&t, "reported", "partner=CHN"), 100);
    assert_near(figure(&t, "mirror", "partner=CHN"), 200);
    assert_near(figure(&t, "weight", "partner=CHN"), .5);
    assert_near(figure(&t, "reconciled", "partner=CHN"), 150);
    assert_near(figure(&t, "share_reported", "partner=CHN"), .5);
    assert_near(figure(&t, "share_mirror", "partner=CHN"), 1);
    assert_near(figure(&t, "share_reconciled", "partner=CHN"), .6);
    assert_near(figure(&t, "shift", "partner=CHN"), .1);
    assert_missing(figure(&t, "mirror", "partner=JPN"));
    assert_near(figure(&t, "reconciled", "partner=JPN"), 100);
    assert_string_equal(text_at(&t, "chosen", row_where(&t, "partner=JPN")), "reporter");
    assert_string_equal(text_at(&t, "chosen", row_where(&t, "partner=CHN")), "both");
    assert_near(figure(&t, "reconciled", "partner=total"), 250);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "basis",
                    "reporter=Peru partner=China years=2010 rule=higher");
    assert_int_equal(t.n_rows, 1);
    assert_near(figure(&t, "reconciled", ""), 200);
    assert_near(figure(&t, "share_reconciled", ""), 200 / 300.);
    quipu_table_free(&t);
    /* China's imports: Peru's exports with freight. */
    t = run_measure(w.cube, nomen, "basis", "reporter=China flow=import years=2010 rule=mean");
    assert_near(figure(&t, "reported", ""), 216);
    assert_near(figure(&t, "mirror", ""), 108);
    assert_near(figure(&t, "reconciled", ""), 162);
    quipu_table_free(&t);
    world_close(&w);
}

static void test_basis_of_worlds(void **state) {
    QI_UNUSED(state);
    static const char *const rules[] = {"reliability", "mean", "higher"};
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = seeded_world(years, QI_COUNT(years), both, 2, seed);
        for (size_t i = 0; i < QI_COUNT(rules); i++) {
            quipu_table t = ask(&w, "basis", "reporter=Peru years=2011 rule=%s", rules[i]);
            double share = 0;
            for (size_t row = 0; row < t.n_rows; row++) {
                int64_t x = integer_at(&t, "reported", row), m = integer_at(&t, "mirror", row),
                        z = integer_at(&t, "reconciled", row);
                if (strcmp(text_at(&t, "chosen", row), "both") == 0)
                    assert_true(z >= (x < m ? x : m) && z <= (x > m ? x : m));
                share += real_at(&t, "share_reconciled", row);
            }
            if (t.n_rows > 0)
                assert_near(share, 1);
            quipu_table_free(&t);
        }
        world_close(&w);
    }
}

/* ---- bridge ---- */

static void test_bridge_by_hand(void **state) {
    QI_UNUSED(state);
    world w = empty(), other = empty();
    exports_of(&w, 2010, "PER", "CHN", "260300", 60);
    exports_of(&w, 2010, "PER", "JPN", "710812", 40);
    exports_of(&w, 2010, "PER", "IND", "260300", 6);
    exports_of(&other, 2010, "PER", "CHN", "260300", 62);
    exports_of(&other, 2010, "PER", "CHN", "710812", 2);
    exports_of(&other, 2010, "PER", "JPN", "710812", 40);
    exports_of(&other, 2010, "PER", "IND", "260300", 6);
    world_open(&w);
    world_open(&other);
    char text[400];
    snprintf(text, sizeof text,
             "reporter=Peru partner=China+Japan years=2010 against=%s "
             "to-partner=China+Japan+India less-product=7108 published=67 given=bunkers=1",
             other.path);
    for (char *at = strstr(text, "/tmp"); *at != '\0' && *at != ' '; at++)
        assert_true(*at != '_');
    quipu_table t = run_measure(w.cube, nomen, "bridge", text);
    assert_int_equal(t.n_rows, 7);
    assert_near(figure(&t, "value", "step=ours"), 100);
    assert_near(figure(&t, "change", "step=cube"), 4);
    assert_near(figure(&t, "change", "step=partners"), 6);
    assert_near(figure(&t, "change", "step=excluded"), -42);
    assert_near(figure(&t, "change", "step=given"), 1);
    assert_near(figure(&t, "change", "step=residual"), -2);
    assert_near(figure(&t, "value", "step=published"), 67);
    assert_near(figure(&t, "change", "step=published"), -33);
    assert_near(figure(&t, "part", "step=excluded"), 42 / 33.);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "bridge",
                    "reporter=Peru years=2010 to-valuation=cif cif=0.1 to-product=2603");
    assert_near(figure(&t, "value", "step=products"), 66);
    assert_near(figure(&t, "change", "step=valuation"), 6.6);
    assert_near(figure(&t, "value", "step=reached"), 72.6);
    quipu_table_free(&t);
    quipu_error err = {0};
    assert_int_equal(
        try_measure(w.cube, nomen, "bridge", "reporter=Peru years=2011", 1, &t, &err),
        QUIPU_E_NOT_FOUND);
    err = (quipu_error){0};
    assert_int_equal(try_measure(w.cube, nomen, "bridge", "reporter=Peru", 1, &t, &err),
                     QUIPU_E_ARG);
    err = (quipu_error){0};
    assert_int_equal(try_measure(w.cube, nomen, "bridge",
                                 "reporter=Peru years=2010 against=/nowhere.quipu", 1, &t,
                                 &err),
                     QUIPU_E_IO);
    world_close(&w);
    world_close(&other);
}

static void test_bridge_adds_up(void **state) {
    QI_UNUSED(state);
    static const char *const asks[] = {
        "years=2011 to-basis=mirror to-partner=Asia less-product=26 published=12345.678",
        "years=2010-2012 to-product=technology:HTM,LTM to-valuation=fob published=0 "
        "unit=million",
        "years=2011 plus-flow=import given=a=1,b=-2.5 published=1e6",
    };
    size_t told = 0;
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = seeded_world(years, QI_COUNT(years), both, 2, seed);
        for (size_t i = 0; i < QI_COUNT(asks); i++) {
            char text[256];
            quipu_table t;
            snprintf(text, sizeof text, "reporter=Peru %s", asks[i]);
            if (try_measure(w.cube, nomen, "bridge", text, 1, &t, NULL) != QUIPU_OK)
                continue; /* a silent year is an error */
            told++;
            size_t last = t.n_rows - 1;
            int64_t sum = integer_at(&t, "value", 0);
            for (size_t row = 1; row < last; row++) {
                sum += integer_at(&t, "change", row);
                assert_true(sum == integer_at(&t, "value", row));
            }
            assert_true(sum == integer_at(&t, "value", last));
            quipu_table_free(&t);
        }
        world_close(&w);
    }
    assert_true(told > 6);
}

/* ---- what must not matter ---- */

static const asked every[] = {
    {"mirror", "by=reporter total"},
    {"mirror", "reporter=Peru by=partner"},
    {"reliability", "years=2011"},
    {"basis", "reporter=Peru"},
    {"basis", "reporter=Chile flow=import rule=mean"},
};

static void test_threads(void **state) {
    QI_UNUSED(state);
    same_for_threads(years, QI_COUNT(years), both, 2, every, QI_COUNT(every));
}

static void test_scale(void **state) {
    QI_UNUSED(state);
    static const asked scaled[] = {{"reliability", ""}, {"mirror", "by=reporter"}};
    same_when_scaled(years, QI_COUNT(years), both, 2, scaled, QI_COUNT(scaled));
}

static void test_permutation(void **state) {
    QI_UNUSED(state);
    static const asked blind[] = {{"reliability", ""}, {"basis", "reporter=Peru"}};
    same_when_permuted(years, QI_COUNT(years), both, 2, blind, QI_COUNT(blind));
}

/* A cube in which both sides are one has no mirror. */
static void test_reconciled(void **state) {
    QI_UNUSED(state);
    world w = seeded_world(years, QI_COUNT(years), merged, 1, 1);
    static const char *const names[] = {"mirror", "basis"};
    for (size_t i = 0; i < QI_COUNT(names); i++) {
        quipu_table t;
        quipu_error err = {0};
        assert_int_equal(try_measure(w.cube, nomen, names[i], "reporter=Peru", 1, &t, &err),
                         QUIPU_E_NOT_FOUND);
        assert_non_null(strstr(err.text, "reconciled"));
    }
    world_close(&w);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mirror_by_hand),
        cmocka_unit_test(test_mirror_of_worlds),
        cmocka_unit_test(test_reliability_by_hand),
        cmocka_unit_test(test_reliability_balances),
        cmocka_unit_test(test_basis_by_hand),
        cmocka_unit_test(test_basis_of_worlds),
        cmocka_unit_test(test_bridge_by_hand),
        cmocka_unit_test(test_bridge_adds_up),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_scale),
        cmocka_unit_test(test_permutation),
        cmocka_unit_test(test_reconciled),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
