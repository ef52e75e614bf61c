/* SPDX-License-Identifier: Apache-2.0 */
/* test_margins.c - Hummels-Klenow margins, least-traded goods and survival: examples by hand,
 * laws on random worlds, degenerate cases. */
#include "measures/matched.h"
#include "measures/test_random.h"

static const quipu_period years[] = {2000, 2001, 2002, 2003, 2004};
static const quipu_flow exports[] = {QUIPU_EXPORT};
static const quipu_flow both[] = {QUIPU_EXPORT, QUIPU_IMPORT};

static void deal(world *w, quipu_period year, const char *from, const char *to,
                 const char *what, int64_t usd, int64_t kg) {
    world_set(w, year, QUIPU_EXPORT, from, to, what, usd);
    w->weight[world_at((size_t)world_slab(w, year, QUIPU_EXPORT), world_country(from),
                       world_country(to), world_product(what))] = kg > 0 ? kg * 1000 : -1;
}

/* ---- Hummels and Klenow ---- */

/* The example of the reference page. */
static world page_world(void) {
    world w = world_empty(years, QI_COUNT(years), exports, 1);
    deal(&w, 2000, "CHL", "KOR", "260300", 40, 40);
    deal(&w, 2000, "USA", "KOR", "260300", 20, 20);
    deal(&w, 2000, "CHL", "KOR", "030110", 30, 30);
    deal(&w, 2000, "BRA", "KOR", "520100", 10, 10);
    deal(&w, 2000, "PER", "KOR", "260300", 12, 24);
    deal(&w, 2000, "PER", "KOR", "030110", 6, 12);
    deal(&w, 2000, "PER", "JPN", "230120", 99, 9); /* another market */
    return w;
}

static void test_margins_by_hand(void **state) {
    QI_UNUSED(state);
    world w = page_world();
    world_open(&w);
    quipu_table t =
        run_measure(w.cube, nomen, "margins", "reporter=Peru partner=Korea years=2000");
    assert_near(figure(&t, "value", ""), 18);
    assert_near(figure(&t, "share", ""), .18);
    assert_near(figure(&t, "extensive", ""), .9);
    assert_near(figure(&t, "intensive", ""), .2);
    assert_near(figure(&t, "price", ""), .5);
    assert_near(figure(&t, "quantity", ""), .4);
    assert_near(figure(&t, "coverage", ""), 1);
    assert_near(figure(&t, "products", ""), 2);
    assert_near(figure(&t, "reference_products", ""), 3);
    quipu_table_free(&t);
    /* Only this exporter sells there, or it sells what no other does. */
    t = run_measure(w.cube, nomen, "margins", "reporter=Peru partner=Japan years=2000");
    assert_near(figure(&t, "value", ""), 99);
    assert_missing(figure(&t, "share", ""));
    assert_missing(figure(&t, "extensive", ""));
    assert_missing(figure(&t, "price", ""));
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "margins", "reporter=Brazil partner=Korea years=2000");
    assert_near(figure(&t, "extensive", ""), 0);
    assert_missing(figure(&t, "intensive", ""));
    quipu_table_free(&t);
    /* A ratio that leaves no pair of unit values. */
    t = run_measure(w.cube, nomen, "margins",
                    "reporter=Peru partner=Korea years=2000 ratio=1.5");
    assert_near(figure(&t, "coverage", ""), 0);
    assert_missing(figure(&t, "price", ""));
    assert_near(figure(&t, "extensive", ""), .9);
    quipu_table_free(&t);
    world_close(&w);
}

/* The sums of one exporter and one market, from the array. */
typedef struct truth {
    double own, others, within, price, quantity, coverage;
} truth;

static truth add_up(const world *w, size_t slab, size_t i, size_t j) {
    truth t = {0};
    double matched_own = 0, matched_others = 0, p = 0, q = 0, below = 0;
    double x[WORLD_PRODUCTS], y[WORLD_PRODUCTS], price[WORLD_PRODUCTS];
    for (size_t k = 0; k < WORLD_PRODUCTS; k++) {
        size_t mine = world_at(slab, i, j, k);
        double others = 0, priced = 0, weight = 0;
        for (size_t r = 0; r < WORLD_COUNTRIES; r++) {
            size_t at = world_at(slab, r, j, k);
            double v = (double)world_value(w, slab, r, j, k);
            if (r == i)
                continue;
            others += v;
            if (v > 0 && w->weight[at] > 0) {
                priced += v;
                weight += (double)w->weight[at];
            }
        }
        x[k] = (double)world_value(w, slab, i, j, k);
        y[k] = others;
        price[k] = NAN;
        t.own += x[k];
        t.others += others;
        if (!(x[k] > 0))
            continue;
        t.within += others;
        if (w->weight[mine] > 0 && weight > 0) {
            price[k] = x[k] / (double)w->weight[mine] / (priced / weight);
            if (!(price[k] <= 1e6 && price[k] >= 1e-6)) /* the ratio asked for */
                price[k] = NAN;
        }
        if (!isnan(price[k])) {
            matched_own += x[k];
            matched_others += others;
        }
    }
    for (size_t k = 0; k < WORLD_PRODUCTS; k++) {
        if (isnan(price[k]))
            continue;
        double a = x[k] / matched_own, b = y[k] / matched_others;
        double mean = a == b ? a : (a - b) / (log(a) - log(b));
        p += mean * log(price[k]);
        q += mean * log(x[k] / y[k] / price[k]);
        below += mean;
    }
    t.price = below > 0 ? exp(p / below) : NAN;
    t.quantity = below > 0 ? exp(q / below) : NAN; /* of the matched products */
    t.coverage = (matched_own + matched_others) / (t.own + t.within);
    if (below > 0) /* Sato-Vartia: price times quantity is the ratio of values, exactly */
        assert_true(fabs(t.price * t.quantity / (matched_own / matched_others) - 1) < 1e-9);
    return t;
}

static void test_margins_of_worlds(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = seeded_world(years, 2, exports, 1, seed);
        quipu_table t = ask(&w, "margins", "by=reporter,partner ratio=1000000");
        size_t compared = 0, priced = 0;
        for (size_t row = 0; row < t.n_rows; row++) {
            double em = real_at(&t, "extensive", row), im = real_at(&t, "intensive", row);
            if (isnan(im))
                continue;
            int slab = world_slab(&w, (quipu_period)integer_at(&t, "year", row), QUIPU_EXPORT);
            truth x = add_up(&w, (size_t)slab, world_country(text_at(&t, "reporter", row)),
                             world_country(text_at(&t, "partner", row)));
            assert_near(em * im, real_at(&t, "share", row));
            assert_near(real_at(&t, "share", row), x.own / x.others);
            assert_near(em, x.within / x.others);
            assert_true(em >= 0 && em <= 1);
            assert_near(real_at(&t, "coverage", row), x.coverage);
            compared++;
            double price = real_at(&t, "price", row);
            assert_true(isnan(price) == isnan(x.price));
            if (isnan(price))
                continue;
            priced++;
            if (!(fabs(price / x.price - 1) < 1e-9))
                fail_msg("price %.17g, by hand %.17g", price, x.price);
            assert_near(price * real_at(&t, "quantity", row), im);
        }
        assert_true(compared > 100 && priced > 50);
        quipu_table_free(&t);
        world_close(&w);
    }
}

/* Imports turn the sides: the partner is the exporter.  Mirrored exports are the same. */
static void test_margins_of_imports(void **state) {
    QI_UNUSED(state);
    world w = seeded_world(years, 2, both, 2, 3);
    quipu_table a = ask(&w, "margins", "flow=import reporter=Korea,Japan by=partner");
    quipu_table b = ask(&w, "margins", "basis=mirror by=reporter partner=Korea,Japan");
    size_t same = 0;
    for (size_t row = 0; row < a.n_rows; row++) {
        char where[64];
        if (isnan(real_at(&a, "intensive", row)))
            continue;
        snprintf(where, sizeof where, "reporter=%s partner=%s year=%d",
                 text_at(&a, "partner", row), text_at(&a, "reporter", row),
                 (int)integer_at(&a, "year", row));
        assert_near(figure(&b, "extensive", where), real_at(&a, "extensive", row));
        assert_near(figure(&b, "intensive", where), real_at(&a, "intensive", row));
        same++;
    }
    assert_true(same > 10);
    quipu_table_free(&a);
    quipu_table_free(&b);
    world_close(&w);
}

static void test_log_mean(void **state) {
    QI_UNUSED(state);
    assert_near(qi_log_mean(2, 2), 2);
    assert_near(qi_log_mean(1, 2.718281828459045), 2.718281828459045 - 1);
    assert_near(qi_log_mean(2.718281828459045, 1), 2.718281828459045 - 1);
}

/* ---- least-traded goods ---- */

static void test_least_traded_by_hand(void **state) {
    QI_UNUSED(state);
    world w = world_empty(years, QI_COUNT(years), exports, 1);
    deal(&w, 2000, "PER", "CHN", "520100", 2, 0);
    deal(&w, 2000, "PER", "CHN", "710812", 8, 0);
    deal(&w, 2000, "PER", "CHN", "260300", 90, 0);
    deal(&w, 2001, "PER", "CHN", "030110", 5, 0);
    deal(&w, 2001, "PER", "CHN", "520100", 5, 0);
    deal(&w, 2001, "PER", "CHN", "710812", 10, 0);
    deal(&w, 2001, "PER", "CHN", "260300", 80, 0);
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "least-traded",
                                "reporter=Peru base=1 years=2000-2002 products=codes");
    assert_near(figure(&t, "share", "year=2000"), .1);
    assert_near(figure(&t, "share", "year=2001"), .2);
    assert_near(figure(&t, "products", "year=2001"), 3);
    assert_missing(figure(&t, "share", "year=2002"));
    quipu_table_free(&t);
    /* In halves the copper is divided: 10 and 40 of its 90 in the first set. */
    t = run_measure(w.cube, nomen, "least-traded",
                    "reporter=Peru base=1 years=2000-2001 products=codes sets=2 all");
    assert_near(figure(&t, "share", "year=2000 set=1"), .5);
    assert_near(figure(&t, "value", "year=2001 set=1"), floor(20000 + 80000 * 40 / 90.) / 1000);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "least-traded", "reporter=Peru base=3 years=2000-2001");
    assert_missing(figure(&t, "share", "year=2000")); /* two years are no base of three */
    quipu_table_free(&t);
    world_close(&w);
}

/* Sets divide the trade of each year, and the base's equally. */
static void test_least_traded_of_worlds(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = seeded_world(years, QI_COUNT(years), exports, 1, seed);
        for (int n = 2; n <= 10; n += 4) {
            quipu_table t =
                ask(&w, "least-traded", "reporter=Peru base=1 sets=%d all products=codes", n);
            quipu_table v = ask(&w, "value", "reporter=Peru");
            bool base = true;
            for (size_t y = 0; y < QI_COUNT(years); y++) {
                char where[64];
                double sum = 0, all;
                snprintf(where, sizeof where, "year=%d", (int)years[y]);
                all = figure(&v, "value", where);
                for (int set = 1; set <= n; set++) {
                    snprintf(where, sizeof where, "year=%d set=%d", (int)years[y], set);
                    double share = figure(&t, "share", where);
                    sum += figure(&t, "value", where);
                    if (base && !isnan(share) && all > 100)
                        assert_true(fabs(share - 1. / n) < 1e-3 / all * 100 + 1e-9);
                }
                if (!isnan(sum))
                    assert_near(sum, all);
                base &= isnan(all);
            }
            quipu_table_free(&t);
            quipu_table_free(&v);
        }
        world_close(&w);
    }
}

/* ---- survival ---- */

static void test_survival_by_hand(void **state) {
    QI_UNUSED(state);
    world w = world_empty(years, QI_COUNT(years), exports, 1);
    for (size_t y = 0; y < QI_COUNT(years); y++)
        deal(&w, years[y], "PER", "CHN", "260300", 9, 0); /* there from the first year on */
    deal(&w, 2001, "PER", "CHN", "520100", 1, 0);         /* two that last a year */
    deal(&w, 2003, "PER", "CHN", "030110", 1, 0);
    deal(&w, 2001, "PER", "JPN", "710812", 1, 0); /* one of two years */
    deal(&w, 2002, "PER", "JPN", "710812", 1, 0);
    for (quipu_period y = 2002; y <= 2004; y++) /* one still there after three */
        deal(&w, y, "PER", "JPN", "790111", 1, 0);
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "survival", "reporter=Peru products=codes");
    assert_int_equal(t.n_rows, 3);
    assert_near(figure(&t, "at_risk", "duration=1"), 4);
    assert_near(figure(&t, "ended", "duration=1"), 2);
    assert_near(figure(&t, "survival", "duration=1"), .5);
    assert_near(figure(&t, "error", "duration=1"), .5 * sqrt(2 / (4. * 2)));
    assert_near(figure(&t, "survival", "duration=2"), .25);
    assert_near(figure(&t, "survival", "duration=3"), .25);
    assert_near(figure(&t, "censored", "duration=3"), 1);
    assert_true(has_note(&t, "Left out: 1 spells"));
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "survival", "reporter=Peru products=codes left=keep");
    assert_near(figure(&t, "at_risk", "duration=1"), 5);
    assert_near(figure(&t, "censored", "duration=5"), 1);
    quipu_table_free(&t);
    world_close(&w);
}

/* A year nobody reported ends nothing and begins nothing; a gap allowed does neither. */
static void test_survival_gaps(void **state) {
    QI_UNUSED(state);
    world w = world_empty(years, QI_COUNT(years), exports, 1);
    deal(&w, 2000, "PER", "CHN", "260300", 9, 0);
    deal(&w, 2001, "PER", "CHN", "520100", 1, 0);
    deal(&w, 2003, "PER", "CHN", "520100", 1, 0); /* 2002 is silent */
    deal(&w, 2004, "PER", "CHN", "260300", 9, 0);
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "survival", "reporter=Peru products=codes");
    assert_int_equal(t.n_rows, 1);
    assert_near(figure(&t, "at_risk", ""), 2); /* cotton of 2001, copper of 2004 */
    assert_near(figure(&t, "ended", ""), 0);
    assert_near(figure(&t, "censored", ""), 2);
    assert_true(has_note(&t, "Left out: 2 spells"));
    quipu_table_free(&t);
    deal(&w, 2002, "PER", "CHN", "090111", 1, 0);
    quipu_cube_close(w.cube);
    unlink(w.path);
    world_open(&w);
    t = run_measure(w.cube, nomen, "survival", "reporter=Peru products=codes gap=1");
    assert_near(figure(&t, "ended", "duration=3"), 0); /* 2001-2003, and 2004 may be a pause */
    assert_near(figure(&t, "censored", "duration=3"), 1);
    quipu_table_free(&t);
    world_close(&w);
}

static void test_survival_of_worlds(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = seeded_world(years, QI_COUNT(years), both, 2, seed);
        static const char *const asks[] = {"by=reporter", "by=reporter cells=products",
                                           "reporter=Asia basis=mirror gap=1",
                                           "by=reporter cells=partners left=keep"};
        for (size_t i = 0; i < QI_COUNT(asks); i++) {
            quipu_table t = ask(&w, "survival", "%s", asks[i]);
            double last = 1;
            int64_t at_risk = 0, out = 0;
            for (size_t row = 0; row < t.n_rows; row++) {
                double s = real_at(&t, "survival", row);
                bool first = integer_at(&t, "duration", row) == 1;
                if (!first)
                    assert_int_equal(integer_at(&t, "at_risk", row), at_risk - out);
                assert_true(s >= 0 && s <= (first ? 1 : last));
                at_risk = integer_at(&t, "at_risk", row);
                out = integer_at(&t, "ended", row) + integer_at(&t, "censored", row);
                assert_true(out <= at_risk);
                last = s;
            }
            assert_int_equal(at_risk, out); /* nobody is left over */
            quipu_table_free(&t);
        }
        world_close(&w);
    }
}

/* ---- what must not matter ---- */

static const asked every[] = {
    {"margins", "by=reporter,partner"},         {"margins", "flow=import by=partner,section"},
    {"least-traded", "by=reporter base=1 all"}, {"survival", "by=reporter"},
    {"survival", "by=technology cells=pairs"},
};

static void test_threads(void **state) {
    QI_UNUSED(state);
    same_for_threads(years, QI_COUNT(years), both, 2, every, QI_COUNT(every));
}

static void test_scale(void **state) {
    QI_UNUSED(state);
    static const asked scaled[] = {{"survival", "by=reporter"}};
    same_when_scaled(years, QI_COUNT(years), both, 2, scaled, 1);
}

static void test_permutation(void **state) {
    QI_UNUSED(state);
    static const asked blind[] = {{"survival", "by=reporter products=codes"},
                                  {"survival", "by=reporter cells=partners"}};
    same_when_permuted(years, QI_COUNT(years), both, 2, blind, QI_COUNT(blind));
}

static void test_complaints(void **state) {
    QI_UNUSED(state);
    static const asked wrong[] = {{"least-traded", "base=0"},
                                  {"least-traded", "sets=1"},
                                  {"survival", "gap=-1"},
                                  {"survival", "threshold=-5"},

                                  {"survival", "years=2000-2001,2003-2004"}};
    world w = page_world();
    deal(&w, 2004, "PER", "KOR", "260300", 12, 24);
    world_open(&w);
    for (size_t i = 0; i < QI_COUNT(wrong); i++) {
        quipu_table t;
        quipu_error err = {0};
        assert_int_equal(
            try_measure(w.cube, nomen, wrong[i].measure, wrong[i].text, 1, &t, &err),
            QUIPU_E_ARG);
        assert_true(err.text[0] != '\0');
    }
    world_close(&w);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_margins_by_hand),
        cmocka_unit_test(test_margins_of_worlds),
        cmocka_unit_test(test_margins_of_imports),
        cmocka_unit_test(test_log_mean),
        cmocka_unit_test(test_least_traded_by_hand),
        cmocka_unit_test(test_least_traded_of_worlds),
        cmocka_unit_test(test_survival_by_hand),
        cmocka_unit_test(test_survival_gaps),
        cmocka_unit_test(test_survival_of_worlds),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_scale),
        cmocka_unit_test(test_permutation),
        cmocka_unit_test(test_complaints),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
