/* SPDX-License-Identifier: Apache-2.0 */
/* test_index_laws.c - what the indexes must fulfil in every world, tried on seeded random ones. */
#include "measures/test_tables.h"
#include "nomen/test_open.h"

enum { N_SEEDS = 5 };
static const quipu_period years[] = {1996, 1997, 2000};
static const quipu_flow two_flows[] = {QUIPU_EXPORT, QUIPU_IMPORT};
static const quipu_flow merged_flow[] = {QUIPU_RECONCILED};

static world random_world(uint64_t seed, bool merged) {
    world w = world_empty(years, 3, merged ? merged_flow : two_flows, merged ? 1 : 2);
    world_fill(&w, seed);
    world_open(&w);
    return w;
}

static quipu_table ask(const world *w, const char *measure, const char *format, ...)
    QUIPU_PRINTF(3, 4);
static quipu_table ask(const world *w, const char *measure, const char *format, ...) {
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return run_measure(w->cube, nomen, measure, text);
}

static const char *country(uint64_t seed) {
    return world_countries[seed % WORLD_COUNTRIES].iso3;
}

static double at(const quipu_table *t, const char *column, size_t row) {
    size_t c = column_of(t, column);
    if (!quipu_table_present(t, c, row))
        return NAN;
    quipu_type type = t->columns[c].spec.type;
    return type == QUIPU_REAL || type == QUIPU_SHARE ? t->columns[c].data.real[row]
                                                     : (double)t->columns[c].data.integer[row];
}

/* Sum over the rows of a year; `n` counts those that are there. */
static double sum_of(const quipu_table *t, const char *column, quipu_period year, size_t *n) {
    size_t y = column_of(t, "year");
    double sum = 0;
    *n = 0;
    for (size_t row = 0; row < t->n_rows; row++) {
        double x = at(t, column, row);
        if (t->columns[y].data.integer[row] != year || isnan(x))
            continue;
        sum += x;
        (*n)++;
    }
    return sum;
}

static void assert_close(double found, double expected, double within) {
    if (!(fabs(found - expected) <= within * fmax(1, fabs(expected))))
        fail_msg("found %.17g, expected %.17g", found, expected);
}

/* ---- advantage ---- */

static void test_sums_to_zero(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, seed % 2);
        quipu_table normalised =
            ask(&w, "rca", "reporter=%s variant=normalised", country(seed));
        quipu_table additive = ask(&w, "rca", "reporter=%s variant=additive", country(seed));
        quipu_table everyone = ask(&w, "rca", "by=reporter product=2603 variant=normalised");
        quipu_table lafay = ask(&w, "specialisation", "reporter=%s", country(seed));
        for (size_t y = 0; y < 3; y++) {
            size_t n;
            assert_close(sum_of(&everyone, "rca", years[y], &n), 0, 1e-9);
            assert_close(sum_of(&lafay, "lafay", years[y], &n), 0, 1e-10);
            assert_close(sum_of(&lafay, "contribution", years[y], &n), 0, 1e-9);
        }
        /* The rows of products that only others sell are not there: their part is the rest. */
        for (size_t y = 0; y < 3; y++) {
            size_t n, m;
            double sold = sum_of(&normalised, "rca", years[y], &n);
            double shares = sum_of(&additive, "rca", years[y], &m);
            assert_int_equal(n, m);
            assert_true(sold >= -1e-9 && shares >= -1e-12);
        }
        quipu_table_free(&normalised);
        quipu_table_free(&additive);
        quipu_table_free(&everyone);
        quipu_table_free(&lafay);
        world_close(&w);
    }
}

/* With every product in a class, classes are complete and the sums are zero. */
static void test_classes_sum_to_zero(void **state) {
    QI_UNUSED(state);
    static const char *const variants[] = {"normalised", "additive"};
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, true);
        for (size_t v = 0; v < 2; v++) {
            quipu_table t =
                ask(&w, "rca", "reporter=%s by=section variant=%s", country(seed), variants[v]);
            for (size_t y = 0; y < 3; y++) {
                size_t n;
                assert_close(sum_of(&t, "rca", years[y], &n), 0, 1e-9);
            }
            quipu_table_free(&t);
        }
        world_close(&w);
    }
}

static void test_variants_agree(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, seed % 2);
        const char *who = country(seed * 3);
        quipu_table plain = ask(&w, "rca", "reporter=%s", who);
        quipu_table symmetric = ask(&w, "rca", "reporter=%s variant=symmetric", who);
        quipu_table weighted = ask(&w, "rca", "reporter=%s by=section variant=weighted", who);
        assert_int_equal(plain.n_rows, symmetric.n_rows);
        for (size_t row = 0; row < plain.n_rows; row++) {
            double r = at(&plain, "rca", row), s = at(&symmetric, "rca", row);
            assert_true(isnan(r) == isnan(s));
            if (!isnan(r))
                assert_near(s, (r - 1) / (r + 1));
        }
        for (size_t y = 0; y < 3; y++) { /* its mean is one */
            size_t n;
            double sum = sum_of(&weighted, "rca", years[y], &n);
            if (n > 0)
                assert_close(sum / (double)n, 1, 1e-12);
        }
        quipu_table_free(&plain);
        quipu_table_free(&symmetric);
        quipu_table_free(&weighted);
        world_close(&w);
    }
}

/* ---- orientation ---- */

/* Averaged with the partners' weights, intensity is one. */
static void test_intensity_mean(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, seed % 2);
        quipu_table t = ask(&w, "intensity", "reporter=%s", country(seed));
        quipu_table both = ask(&w, "complementarity", "reporter=%s", country(seed));
        for (size_t y = 0; y < 3; y++) {
            double sum = 0;
            bool any = false;
            for (size_t row = 0; row < t.n_rows; row++)
                if (t.columns[column_of(&t, "year")].data.integer[row] == years[y] &&
                    !isnan(at(&t, "intensity", row))) {
                    sum += at(&t, "intensity", row) * at(&t, "weight", row);
                    any = true;
                }
            if (any)
                assert_close(sum, 1, 1e-12);
        }
        for (size_t row = 0; row < both.n_rows; row++) {
            double c = at(&both, "complementarity", row);
            if (isnan(c))
                continue;
            assert_true(c >= 0 && c <= 100);
            if (!isnan(at(&both, "bias", row)))
                assert_near(at(&both, "bias", row) * at(&both, "drysdale", row),
                            at(&both, "intensity", row));
        }
        quipu_table_free(&t);
        quipu_table_free(&both);
        world_close(&w);
    }
}

static void test_similarity_both_ways(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, false);
        const char *a = country(seed), *b = country(seed + 5);
        quipu_table x = ask(&w, "similarity", "reporter=%s with=%s specialisation", a, b);
        quipu_table y = ask(&w, "similarity", "reporter=%s with=%s specialisation", b, a);
        static const char *const figures[] = {"similarity", "krugman", "correlation",
                                              "specialisation"};
        assert_int_equal(x.n_rows, 3);
        for (size_t row = 0; row < 3; row++)
            for (size_t f = 0; f < 4; f++) {
                double p = at(&x, figures[f], row), q = at(&y, figures[f], row);
                assert_true(isnan(p) == isnan(q));
                if (!isnan(p))
                    assert_near(p, q);
            }
        quipu_table_free(&x);
        quipu_table_free(&y);
        world_close(&w);
    }
}

/* ---- concentration ---- */

static void test_theil_parts(void **state) {
    QI_UNUSED(state);
    static const char *const groups[] = {"active", "section", "technology"};
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, seed % 2);
        for (size_t i = 0; i < 6; i++) {
            quipu_table t = ask(&w, "theil", "by=reporter groups=%s lines=%s", groups[i / 2],
                                i % 2 ? "active" : "classification");
            for (size_t row = 0; row < t.n_rows; row++) {
                double theil = at(&t, "theil", row);
                if (isnan(theil))
                    continue;
                assert_close(at(&t, "between", row) + at(&t, "within", row), theil, 1e-12);
                assert_close(theil + at(&t, "entropy", row), log(at(&t, "lines", row)), 1e-12);
                assert_true(at(&t, "between", row) >= -1e-12);
                assert_true(at(&t, "within", row) >= -1e-12);
            }
            quipu_table_free(&t);
        }
        world_close(&w);
    }
}

static void test_hhi_of_shares(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, seed % 2);
        quipu_table t = ask(&w, "concentration", "reporter=%s years=1997", country(seed));
        quipu_table shares =
            ask(&w, "share", "reporter=%s by=product years=1997", country(seed));
        double sum = 0, hhi = figure(&t, "hhi", "");
        for (size_t row = 0; row < shares.n_rows; row++) {
            double s = at(&shares, "share", row);
            sum += isnan(s) ? 0 : s * s;
        }
        if (!isnan(hhi)) {
            assert_near(hhi, sum);
            assert_true(figure(&t, "gini", "") >= 0 && figure(&t, "gini", "") < 1);
            assert_true(figure(&t, "diversification", "") >= 0);
        }
        quipu_table_free(&t);
        quipu_table_free(&shares);
        world_close(&w);
    }
}

/* ---- both ways ---- */

static void test_two_way_parts(void **state) {
    QI_UNUSED(state);
    static const char *const parts[] = {"one_way", "horizontal", "vertical_high",
                                        "vertical_low", "unknown"};
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, seed % 2);
        const char *who = country(seed);
        quipu_table all = ask(&w, "two-way", "reporter=%s", who);
        quipu_table overlap = ask(&w, "two-way", "reporter=%s count=overlap", who);
        quipu_table gl = ask(&w, "intra-industry", "reporter=%s bilateral", who);
        quipu_table together = ask(&w, "intra-industry", "reporter=%s", who);
        quipu_table marginal = ask(&w, "marginal-iit", "reporter=%s years=1996-2000", who);
        for (size_t row = 0; row < all.n_rows; row++) {
            double sum = 0, matched = 0;
            for (size_t p = 0; p < 5; p++) {
                sum += at(&all, parts[p], row);
                matched += p > 0 ? at(&overlap, parts[p], row) : 0;
            }
            if (isnan(at(&gl, "gl", row)))
                continue;
            assert_close(sum, 1, 1e-12);
            assert_close(matched, at(&gl, "gl", row), 1e-12);
            assert_true(at(&gl, "gl", row) <= at(&together, "gl", row) + 1e-12);
            double adjusted = at(&together, "adjusted", row); /* missing: all one way */
            assert_true(isnan(adjusted) || at(&together, "gl", row) <= adjusted + 1e-12);
        }
        double a = figure(&marginal, "a", "");
        if (!isnan(a))
            assert_true(a >= 0 && fabs(figure(&marginal, "b", "")) <= 1 - a + 1e-12);
        quipu_table_free(&all);
        quipu_table_free(&overlap);
        quipu_table_free(&gl);
        quipu_table_free(&together);
        quipu_table_free(&marginal);
        world_close(&w);
    }
}

/* ---- market shares ---- */

static const char *const effects[] = {"growth", "commodity", "market", "competitiveness"};

static void test_cms_adds_up(void **state) {
    QI_UNUSED(state);
    static const char *const how[] = {"commodity-first", "market-first", "shapley"};
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, seed % 2);
        double mean[4] = {0}, found[4];
        for (size_t o = 0; o < 3; o++) {
            quipu_table t =
                ask(&w, "cms", "reporter=%s years=1996-2000 order=%s", country(seed), how[o]);
            quipu_table rows = ask(
                &w, "cms", "reporter=%s by=partner years=1996-2000 order=%s limit=3 rest total",
                country(seed), how[o]);
            double change = at(&t, "change", 0), sum = 0;
            for (size_t e = 0; e < 4; e++) {
                double parts = 0;
                found[e] = at(&t, effects[e], 0);
                sum += found[e];
                mean[e] += o < 2 ? found[e] / 2 : 0;
                for (size_t row = 0; row < rows.n_rows; row++)
                    parts +=
                        cell_is(&rows, 0, row, "total", 5) ? 0 : at(&rows, effects[e], row);
                if (!isnan(change))
                    assert_true(parts == found[e]); /* integers: exactly */
            }
            assert_true(isnan(change) || sum == change);
            quipu_table_free(&t);
            quipu_table_free(&rows);
        }
        for (size_t e = 0; e < 4 && !isnan(found[e]); e++)
            assert_true(fabs(found[e] - mean[e]) <= 512); /* halves of thousandths, each cell */
        world_close(&w);
    }
}

/* The world grows as the world does; what it sells where nothing was sold makes up for the
 * goods and markets that fell behind. */
static void test_world_against_itself(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, true);
        quipu_table t = ask(&w, "cms", "reporter=World years=1996-2000");
        quipu_table shares = ask(&w, "share-change", "by=reporter years=1996-2000");
        double from = 0, to = 0;
        assert_close(figure(&t, "growth", ""), figure(&t, "change", ""), 1e-6);
        assert_close(figure(&t, "competitiveness", ""),
                     -figure(&t, "commodity", "") - figure(&t, "market", ""), 1e-6);
        for (size_t row = 0; row < shares.n_rows; row++) {
            double parts = at(&shares, "performance", row) + at(&shares, "structure", row) +
                           at(&shares, "adaptation", row);
            if (isnan(parts))
                continue;
            assert_close(parts, at(&shares, "change", row), 1e-12);
            from += at(&shares, "share_from", row);
            to += at(&shares, "share_to", row);
        }
        /* those silent in one of the years are missing */
        assert_true(from <= 1 + 1e-12 && to <= 1 + 1e-12);
        quipu_table_free(&t);
        quipu_table_free(&shares);
        world_close(&w);
    }
}

static void test_share_change_rows(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, seed % 2);
        static const char *const figures[] = {"change", "performance", "structure",
                                              "adaptation"};
        quipu_table t = ask(&w, "share-change", "reporter=%s years=1996-2000", country(seed));
        quipu_table rows =
            ask(&w, "share-change", "reporter=%s years=1996-2000 by=product limit=4 rest total",
                country(seed));
        for (size_t f = 0; f < 4 && !isnan(at(&t, "change", 0)); f++) {
            double sum = 0;
            for (size_t row = 0; row < rows.n_rows; row++)
                sum += cell_is(&rows, 0, row, "total", 5) ? 0 : at(&rows, figures[f], row);
            assert_close(sum, at(&t, figures[f], 0), 1e-12);
            assert_close(figure(&rows, figures[f], "product=total"), at(&t, figures[f], 0),
                         1e-12);
        }
        quipu_table_free(&t);
        quipu_table_free(&rows);
        world_close(&w);
    }
}

/* ---- prices ---- */

/* GEKS is the same whichever year is the base, and price times volume is the matched value
 * where every pair of years matches the same goods. */
static void test_geks_base(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, false);
        quipu_table a = ask(&w, "price", "reporter=%s geks base=1996", country(seed));
        quipu_table b = ask(&w, "price", "reporter=%s geks base=2000", country(seed));
        double link = figure(&a, "fisher", "year=2000");
        for (size_t row = 0; row < a.n_rows; row++) {
            double x = at(&a, "fisher", row), y = at(&b, "fisher", row);
            if (!isnan(x) && !isnan(y))
                assert_close(y * link / 100, x, 1e-12);
        }
        quipu_table_free(&a);
        quipu_table_free(&b);
        world_close(&w);
    }
}

/* ---- what must not matter ---- */

/* Asked of everyone, a measure reads the stored matrices; asked of one, a frame: the same
 * figures, bit for bit. */
static void test_paths(void **state) {
    QI_UNUSED(state);
    static const struct {
        const char *measure, *all, *one, *figure, *axis;
    } pairs[] = {
        {"similarity", "", " with=", "similarity", "with"},
        {"similarity", "", " with=", "correlation", "with"},
        {"similarity", " product=26,03,71-87", " product=26,03,71-87 with=", "krugman", "with"},
        {"complementarity", "", " partner=", "complementarity", "partner"},
        {"complementarity", " demand=exports", " demand=exports partner=", "drysdale",
         "partner"},
        {"cms", " by=partner years=1996-2000", " years=1996-2000 partner=", "competitiveness",
         "partner"},
        {"cms", " by=partner years=1996-2000 demand=imports",
         " years=1996-2000 demand=imports partner=", "competitiveness", "partner"},
    };
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, seed % 2);
        const char *a = country(seed), *b = country(seed + 5);
        for (size_t i = 0; i < QI_COUNT(pairs); i++) {
            char text[160];
            snprintf(text, sizeof text, "reporter=%s%s%s", a, pairs[i].one, b);
            quipu_table one = run_measure(w.cube, nomen, pairs[i].measure, text);
            quipu_table all = ask(&w, pairs[i].measure, "reporter=%s%s", a, pairs[i].all);
            size_t n = 0, axis = column_of(&all, pairs[i].axis);
            for (size_t row = 0; row < all.n_rows; row++) {
                if (!cell_is(&all, axis, row, b, strlen(b)))
                    continue;
                double x = at(&all, pairs[i].figure, row), y = at(&one, pairs[i].figure, n++);
                if (x != y && !(isnan(x) && isnan(y)))
                    fail_msg("%s %s: %.17g, %.17g", pairs[i].measure, text, x, y);
            }
            quipu_table_free(&one);
            quipu_table_free(&all);
        }
        world_close(&w);
    }
}

/* Products dealt out anew, the same way for all: indexes over products stay. */
static void test_permutation(void **state) {
    QI_UNUSED(state);
    static const struct {
        const char *measure, *text;
    } blind[] = {
        {"concentration", "by=reporter lines=active"},
        {"theil", "by=reporter lines=active"},
        {"similarity", "reporter=Peru"},
        {"complementarity", "by=reporter,partner"},
        {"intra-industry", "by=reporter,partner"},
        {"marginal-iit", "by=reporter"},
        {"two-way", "by=reporter"},
        {"reach", "by=reporter"},
        {"share-change", "by=reporter"},
        {"intensity", "by=reporter,partner"},
        {"cms", "by=reporter order=shapley"},
    };
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = random_world(seed, seed % 2);
        world other =
            world_empty(years, 3, seed % 2 ? merged_flow : two_flows, seed % 2 ? 1 : 2);
        for (size_t i = 0; i < world_at(w.n_slabs, 0, 0, 0); i += WORLD_PRODUCTS)
            for (size_t k = 0; k < WORLD_PRODUCTS; k++) {
                size_t to = i + (k * 5 + seed) % WORLD_PRODUCTS;
                other.value[to] = w.value[i + k];
                other.weight[to] = w.weight[i + k];
            }
        world_open(&other);
        for (size_t i = 0; i < QI_COUNT(blind); i++) {
            quipu_table a = run_measure(w.cube, nomen, blind[i].measure, blind[i].text);
            quipu_table b = run_measure(other.cube, nomen, blind[i].measure, blind[i].text);
            assert_int_equal(a.n_rows, b.n_rows);
            for (size_t c = 0; c < a.n_columns; c++)
                for (size_t row = 0; row < a.n_rows; row++) {
                    if (a.columns[c].spec.type == QUIPU_TEXT)
                        continue;
                    double x = at(&a, a.columns[c].spec.name, row);
                    double y = at(&b, b.columns[c].spec.name, row);
                    assert_true(isnan(x) == isnan(y));
                    if (!isnan(x))
                        assert_close(y, x, 1e-11);
                }
            quipu_table_free(&a);
            quipu_table_free(&b);
        }
        world_close(&w);
        world_close(&other);
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums_to_zero),
        cmocka_unit_test(test_classes_sum_to_zero),
        cmocka_unit_test(test_variants_agree),
        cmocka_unit_test(test_intensity_mean),
        cmocka_unit_test(test_similarity_both_ways),
        cmocka_unit_test(test_theil_parts),
        cmocka_unit_test(test_hhi_of_shares),
        cmocka_unit_test(test_two_way_parts),
        cmocka_unit_test(test_cms_adds_up),
        cmocka_unit_test(test_world_against_itself),
        cmocka_unit_test(test_share_change_rows),
        cmocka_unit_test(test_geks_base),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_permutation),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
