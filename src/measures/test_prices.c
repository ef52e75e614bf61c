/* SPDX-License-Identifier: Apache-2.0 */
/* test_prices.c - price and decompose: worked examples, degenerate cases, laws. */
#include "import/import.h"
#include "measures/matched.h"
#include "measures/test_tables.h"
#include "nomen/test_open.h"

static const quipu_flow exports[] = {QUIPU_EXPORT};
static const quipu_flow two_flows[] = {QUIPU_EXPORT, QUIPU_IMPORT};
static const quipu_period three_years[] = {2000, 2001, 2002};

/* Sells `usd` worth of `kg`; kg < 0 = no weight given. */
static void sell(world *w, quipu_period year, const char *who, const char *to, const char *what,
                 int64_t usd, int64_t kg) {
    size_t slab = (size_t)world_slab(w, year, QUIPU_EXPORT);
    size_t at = world_at(slab, world_country(who), world_country(to), world_product(what));
    w->value[at] = usd * QUIPU_MONEY_PER_USD;
    w->weight[at] = kg < 0 ? -1 : kg * 1000;
}

/* The example of the page of decompose. */
static world worked_world(void) {
    world w = world_empty(three_years, 3, exports, 1);
    sell(&w, 2000, "PER", "CHN", "260300", 20, 10); /* copper */
    sell(&w, 2001, "PER", "CHN", "260300", 36, 12);
    sell(&w, 2001, "PER", "CHN", "030110", 4, 1);  /* fish */
    sell(&w, 2000, "PER", "CHN", "090111", 3, 1);  /* coffee */
    sell(&w, 2000, "PER", "JPN", "710812", 5, -1); /* gold */
    sell(&w, 2001, "PER", "JPN", "710812", 7, -1);
    sell(&w, 2002, "CHL", "CHN", "260300", 9, 3);
    world_open(&w);
    return w;
}

static void test_decompose(void **state) {
    QI_UNUSED(state);
    world w = worked_world();
    quipu_table t = run_measure(w.cube, nomen, "decompose", "reporter=Peru years=2000-2001");
    assert_int_equal(t.n_rows, 1);
    assert_near(figure(&t, "value_from", ""), 28);
    assert_near(figure(&t, "value_to", ""), 47);
    assert_near(figure(&t, "change", ""), 19);
    assert_near(figure(&t, "price", ""), 11);
    assert_near(figure(&t, "volume", ""), 5);
    assert_near(figure(&t, "new", ""), 4);
    assert_near(figure(&t, "lost", ""), -3);
    assert_near(figure(&t, "unmatched", ""), 2);
    assert_near(figure(&t, "coverage", ""), 56.0 / 75);
    assert_true(has_note(&t, "net weight"));
    assert_true(has_note(&t, "74.7 % matched, 5.3 % new, 4.0 % lost, 16.0 % without"));
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "decompose",
                    "reporter=Peru by=partner years=2000-2001 total");
    assert_near(figure(&t, "price", "partner=CHN"), 11);
    assert_near(figure(&t, "unmatched", "partner=JPN"), 2);
    assert_near(figure(&t, "coverage", "partner=JPN"), 0);
    assert_near(figure(&t, "price", "partner=total"), 11);
    assert_near(figure(&t, "change", "partner=total"), 19);
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "decompose",
                    "reporter=Peru by=product years=2000-2001 limit=1 rest total");
    assert_near(figure(&t, "price", "product=260300"), 11);
    assert_near(figure(&t, "change", "product=rest"), 3);
    assert_near(figure(&t, "new", "product=rest"), 4);
    assert_near(figure(&t, "lost", "product=rest"), -3);
    assert_near(figure(&t, "unmatched", "product=rest"), 2);
    assert_near(figure(&t, "volume", "product=total"), 5);
    quipu_table_free(&t);
    world_close(&w);
}

static void test_decompose_log(void **state) {
    QI_UNUSED(state);
    world w = worked_world();
    quipu_table t = run_measure(w.cube, nomen, "bennet",
                                "reporter=Peru years=2000-2001 product=2603 method=log");
    double mean = 16 / log(1.8); /* L(36, 20) */
    assert_true(fabs(figure(&t, "price", "") - mean * log(1.5)) <= 0.0005);
    assert_true(fabs(figure(&t, "volume", "") - mean * log(1.2)) <= 0.001);
    assert_near(figure(&t, "price", "") + figure(&t, "volume", ""), 16);
    assert_true(has_note(&t, "LMDI"));
    quipu_table_free(&t);
    world_close(&w);
}

/* Peru did not report 2002: everything about it is missing; together with Chile, which did, its
 * trade is not comparable and so neither lost nor new. */
static void test_silence(void **state) {
    QI_UNUSED(state);
    world w = worked_world();
    quipu_table t =
        run_measure(w.cube, nomen, "decompose", "reporter=Peru,Chile years=2001-2002");
    assert_missing(figure(&t, "change", "reporter=PER"));
    assert_missing(figure(&t, "price", "reporter=PER"));
    assert_missing(figure(&t, "coverage", "reporter=PER"));
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "decompose", "reporter=Peru+Chile years=2001-2002");
    assert_near(figure(&t, "change", ""), 9 - 47);
    assert_near(figure(&t, "unmatched", ""), 9 - 47);
    assert_near(figure(&t, "new", ""), 0);
    assert_near(figure(&t, "lost", ""), 0);
    assert_near(figure(&t, "coverage", ""), 0);
    quipu_table_free(&t);
    world_close(&w);
}

/* In a mirror the partners keep the books: Japan, which did not report 2000, has not begun to
 * buy in 2001; China, which did, has. */
static void test_mirror_silence(void **state) {
    QI_UNUSED(state);
    world w = world_empty(three_years, 3, two_flows, 2);
    world_set(&w, 2000, QUIPU_IMPORT, "CHN", "PER", "260300", 8);
    world_set(&w, 2001, QUIPU_IMPORT, "CHN", "PER", "090111", 5);
    world_set(&w, 2001, QUIPU_IMPORT, "JPN", "PER", "090111", 6);
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "decompose",
                                "reporter=Peru basis=mirror by=partner years=2000-2001 total");
    assert_near(figure(&t, "new", "partner=CHN"), 5);
    assert_near(figure(&t, "lost", "partner=CHN"), -8);
    assert_near(figure(&t, "new", "partner=JPN"), 0);
    assert_near(figure(&t, "unmatched", "partner=JPN"), 6);
    assert_near(figure(&t, "unmatched", "partner=total"), 6);
    quipu_table_free(&t);
    world_close(&w);
}

/* ---- price ---- */

static world two_goods(void) {
    world w = world_empty(three_years, 3, exports, 1);
    sell(&w, 2000, "PER", "CHN", "260300", 20000, 10);
    sell(&w, 2001, "PER", "CHN", "260300", 36000, 12);
    sell(&w, 2002, "PER", "CHN", "260300", 50000, 20);
    sell(&w, 2000, "PER", "CHN", "030110", 20000, 5);
    sell(&w, 2001, "PER", "CHN", "030110", 20000, 4);
    sell(&w, 2002, "PER", "CHN", "030110", 30000, 5);
    world_open(&w);
    return w;
}

static void test_price(void **state) {
    QI_UNUSED(state);
    world w = two_goods();
    quipu_table t = run_measure(w.cube, nomen, "price", "reporter=Peru");
    assert_near(figure(&t, "laspeyres", "year=2000"), 100);
    assert_near(figure(&t, "laspeyres", "year=2001"), 137.5);
    assert_near(figure(&t, "paasche", "year=2001"), 140);
    assert_near(figure(&t, "fisher", "year=2001"), 100 * sqrt(1.375 * 1.4));
    assert_near(figure(&t, "volume", "year=2001"), 100 * sqrt(56.0 / 55));
    assert_near(figure(&t, "coverage", "year=2001"), 1);
    assert_near(figure(&t, "matched", "year=2001"), 2);
    double log_price =
        (20.0 / 40 + 36.0 / 56) / 2 * log(1.5) + (20.0 / 40 + 20.0 / 56) / 2 * log(1.25);
    assert_true(fabs(figure(&t, "tornqvist", "year=2001") - 100 * exp(log_price)) < 1e-8);
    /* Fifty-six thousand at the prices of 2000. */
    assert_true(fabs(figure(&t, "real_value", "year=2001") - 56000 / sqrt(1.375 * 1.4)) <
                0.001);
    /* 2002 direct: copper 2 to 2.5, fish 4 to 6. */
    assert_near(figure(&t, "laspeyres", "year=2002"), 100 * (25.0 + 30) / 40);
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "price", "reporter=Peru chain");
    assert_near(figure(&t, "laspeyres", "year=2001"), 137.5);
    /* The link from 2001: copper 3 to 2.5 with 12, fish 5 to 6 with 4. */
    assert_near(figure(&t, "laspeyres", "year=2002"), 137.5 * (30.0 + 24) / 56);
    quipu_table_free(&t);

    /* A chain goes outward from its base, also backwards. */
    t = run_measure(w.cube, nomen, "price", "reporter=Peru chain base=2002");
    assert_near(figure(&t, "laspeyres", "year=2001"), 100 * (60.0 + 25) / 80);
    assert_near(figure(&t, "laspeyres", "year=2000"), 100 * (60.0 + 25) / 80 * (24 + 16) / 56);
    quipu_table_free(&t);

    /* A base in the middle; years before it are compared backwards. */
    t = run_measure(w.cube, nomen, "price", "reporter=Peru base=2001 years=2000,2002");
    assert_int_equal(t.n_rows, 2);
    assert_near(figure(&t, "laspeyres", "year=2000"), 100 * (24.0 + 16) / 56);
    assert_near(figure(&t, "fisher", "year=2000"), 100 / sqrt(1.375 * 1.4));
    quipu_table_free(&t);
    world_close(&w);
}

static void test_price_degenerate(void **state) {
    QI_UNUSED(state);
    world w = worked_world();
    /* No weights at all; a product that is new; a year that was not reported. */
    quipu_table t = run_measure(w.cube, nomen, "price", "reporter=Peru by=product");
    assert_missing(figure(&t, "fisher", "product=710812 year=2001"));
    assert_near(figure(&t, "coverage", "product=710812 year=2001"), 0);
    assert_near(figure(&t, "matched", "product=710812 year=2001"), 0);
    assert_missing(figure(&t, "fisher", "product=030110 year=2000"));
    assert_missing(figure(&t, "fisher", "product=030110 year=2001"));
    assert_missing(figure(&t, "coverage", "product=030110 year=2000"));
    assert_missing(figure(&t, "value", "product=260300 year=2002"));
    assert_missing(figure(&t, "fisher", "product=260300 year=2002"));
    assert_missing(figure(&t, "matched", "product=260300 year=2002"));
    /* One product: all formulas agree. */
    assert_near(figure(&t, "laspeyres", "product=260300 year=2001"), 150);
    assert_near(figure(&t, "paasche", "product=260300 year=2001"), 150);
    assert_near(figure(&t, "volume", "product=260300 year=2001"), 120);
    quipu_table_free(&t);

    quipu_error err = {0};
    assert_int_equal(
        try_measure(w.cube, nomen, "price", "reporter=Peru ratio=0.5", 1, &t, &err),
        QUIPU_E_ARG);
    assert_non_null(strstr(err.text, "from 1 to"));
    world_close(&w);
}

/* ---- laws, on random worlds ---- */

static world priced_world(uint64_t seed) {
    world w = world_empty(three_years, 3, two_flows, 2);
    uint64_t state = seed * 77;
    world_fill(&w, seed);
    for (size_t i = 0; i < world_at(w.n_slabs, 0, 0, 0); i++) /* prices that can be matched */
        if (w.value[i] > 0 && w.weight[i] >= 0)
            w.weight[i] = w.value[i] / (int64_t)(2 + world_random(&state) % 6) + 1;
    return w;
}

/* Straight from the array, in doubles. */
static double price_by_hand(const world *w, size_t reporter, size_t first, size_t second) {
    double at_new = 0, at_old = 0, v0 = 0, v1 = 0;
    for (size_t j = 0; j < WORLD_COUNTRIES; j++)
        for (size_t k = 0; k < WORLD_PRODUCTS; k++) {
            size_t a = world_at(first, reporter, j, k), b = world_at(second, reporter, j, k);
            if (w->value[a] <= 0 || w->value[b] <= 0 || w->weight[a] <= 0 || w->weight[b] <= 0)
                continue;
            double x = (double)w->value[a], y = (double)w->value[b];
            double p0 = x / (double)w->weight[a], p1 = y / (double)w->weight[b];
            if (p1 / p0 > 5 || p0 / p1 > 5)
                continue;
            v0 += x;
            v1 += y;
            at_new += p1 * (double)w->weight[a];
            at_old += p0 * (double)w->weight[b];
        }
    return 100 * sqrt(at_new / v0 * v1 / at_old);
}

static void test_by_hand(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= 6; seed++) {
        world w = priced_world(seed);
        world_open(&w);
        quipu_table t = run_measure(w.cube, nomen, "price", "by=reporter flow=export");
        for (size_t i = 0; i < WORLD_COUNTRIES; i++) {
            char where[64];
            double hand = price_by_hand(&w, i, (size_t)world_slab(&w, 2000, QUIPU_EXPORT),
                                        (size_t)world_slab(&w, 2002, QUIPU_EXPORT));
            snprintf(where, sizeof where, "reporter=%s year=2002", world_countries[i].iso3);
            if (!isnan(hand))
                assert_true(fabs(figure(&t, "fisher", where) / hand - 1) < 1e-9);
        }
        quipu_table_free(&t);
        world_close(&w);
    }
}

static int64_t money_of(const quipu_table *t, const char *name, size_t row) {
    size_t c = column_of(t, name);
    return quipu_table_present(t, c, row) ? t->columns[c].data.integer[row] : 0;
}

static const char *const parts[] = {"price", "volume", "new", "lost", "unmatched"};
static const char *const by[] = {"by=partner",        "by=product", "by=technology",
                                 "by=lall,partner",   "by=section", "by=reporter",
                                 "by=partner,product"};

/* The parts add up to the change, row by row; the rows add up to the whole, part by part; the
 * change is that of the values. */
static void test_adding_up(void **state) {
    QI_UNUSED(state);
    static const char *const who[] = {"reporter=Peru", "reporter=Asia",
                                      "reporter=Brazil "
                                      "basis=mirror",
                                      "reporter=Chile flow=import", "flow=export"};
    for (uint64_t seed = 1; seed <= 4; seed++) {
        world w = priced_world(seed);
        world_open(&w);
        for (size_t i = 0; i < QI_COUNT(who) * QI_COUNT(by) * 2; i++) {
            char text[160];
            const char *method = i % 2 ? "log" : "bennet", *whom = who[i / 2 % QI_COUNT(who)];
            snprintf(text, sizeof text, "%s method=%s years=2000-2002", whom, method);
            quipu_table whole = run_measure(w.cube, nomen, "decompose", text);
            snprintf(text, sizeof text, "%s %s method=%s years=2000-2002", whom,
                     by[i / 2 / QI_COUNT(who)], method);
            quipu_table t = run_measure(w.cube, nomen, "decompose", text);
            int64_t sum[QI_COUNT(parts)] = {0}, change = 0;
            bool known = quipu_table_present(&whole, column_of(&whole, "change"), 0);
            bool all = true;
            for (size_t row = 0; row < t.n_rows; row++) {
                int64_t added = 0;
                for (size_t p = 0; p < QI_COUNT(parts); p++) {
                    added += money_of(&t, parts[p], row);
                    sum[p] += money_of(&t, parts[p], row);
                }
                if (!quipu_table_present(&t, column_of(&t, "change"), row)) {
                    all = false;
                    continue;
                }
                assert_true(added == money_of(&t, "change", row));
                assert_true(added ==
                            money_of(&t, "value_to", row) - money_of(&t, "value_from", row));
                change += added;
            }
            for (size_t p = 0; p < QI_COUNT(parts) && known && all; p++)
                assert_true(sum[p] == money_of(&whole, parts[p], 0));
            if (known && all)
                assert_true(change == money_of(&whole, "change", 0));
            quipu_table_free(&whole);
            quipu_table_free(&t);
        }
        world_close(&w);
    }
}

static void assert_same(const quipu_table *a, const quipu_table *b) {
    assert_int_equal(a->n_rows, b->n_rows);
    for (size_t c = 0; c < a->n_columns; c++)
        for (size_t row = 0; row < a->n_rows; row++) {
            assert_true(quipu_table_present(a, c, row) == quipu_table_present(b, c, row));
            if (!quipu_table_present(a, c, row))
                continue;
            if (a->columns[c].spec.type == QUIPU_TEXT)
                assert_string_equal(a->columns[c].data.text[row], b->columns[c].data.text[row]);
            else
                assert_true(a->columns[c].data.integer[row] == b->columns[c].data.integer[row]);
        }
}

static const struct {
    const char *measure, *text;
} questions[] = {
    {"decompose", "by=partner,lall total"},
    {"decompose", "reporter=Asia by=product limit=5 rest"},
    {"decompose", "by=reporter years=2000,2001,2002 method=log"},
    {"price", "by=partner,technology"},
    {"price", "reporter=Asia,Peru chain flow=import"},
};

/* Columns of doubles are compared as their bits. */
static void test_threads(void **state) {
    QI_UNUSED(state);
    world w = priced_world(9);
    world_open(&w);
    for (size_t i = 0; i < QI_COUNT(questions); i++) {
        quipu_table one, seven;
        assert_int_equal(
            try_measure(w.cube, nomen, questions[i].measure, questions[i].text, 1, &one, NULL),
            QUIPU_OK);
        assert_int_equal(try_measure(w.cube, nomen, questions[i].measure, questions[i].text, 7,
                                     &seven, NULL),
                         QUIPU_OK);
        assert_same(&one, &seven);
        quipu_table_free(&one);
        quipu_table_free(&seven);
    }
    world_close(&w);
}

/* However the work is cut and dealt out, the same sums to the last bit. */
static void test_cuts(void **state) {
    QI_UNUSED(state);
    static const char *const axes[] = {"product", "lall", "partner,technology", "reporter"};
    world w = priced_world(8);
    world_open(&w);
    for (size_t i = 0; i < QI_COUNT(axes); i++) {
        const quipu_argument items[] = {{"by", axes[i]}, {"flow", "export"}};
        quipu_request request = {
            .cube = w.cube, .nomen = nomen, .arguments = items, .n_arguments = 2};
        qi_ask ask;
        quipu_error err = {0};
        assert_int_equal(qi_ask_open(&ask, &qi_measure_decompose, &request, NULL, &err),
                         QUIPU_OK);
        const qi_link links[] = {{0, 1}, {1, 2}, {0, 2}};
        qi_match_rule rule = {.weight = true, .index = true, .limit = 5};
        qi_matched whole, cut;
        ask.threads = 1;
        assert_int_equal(qi_matched_make(&ask, 0, &rule, links, 3, &whole, &err), QUIPU_OK);
        static const size_t sizes[] = {1, 100, 1000};
        for (size_t s = 0; s < QI_COUNT(sizes); s++) {
            rule.task_leaves = sizes[s];
            ask.threads = 7;
            assert_int_equal(qi_matched_make(&ask, 0, &rule, links, 3, &cut, &err), QUIPU_OK);
            assert_true(cut.n == whole.n && whole.n > 0);
            for (size_t row = 0; row < whole.n; row++) {
                const qi_match_row *a = &whole.rows[row], *b = &cut.rows[row];
                assert_true(a->key == b->key && a->link == b->link);
                qi_match_sums difference = a->sums, zero = {0};
                assert_true(qi_match_subtract(&difference, &b->sums));
                assert_memory_equal(&difference, &zero, sizeof zero);
            }
            qi_matched_free(&cut);
        }
        qi_matched_free(&whole);
        qi_ask_close(&ask);
    }
    world_close(&w);
}

/* Values in another currency move no index; weights in another unit move nothing. */
static void test_scale(void **state) {
    QI_UNUSED(state);
    world w = priced_world(3), rich = priced_world(3), heavy = priced_world(3);
    for (size_t i = 0; i < world_at(w.n_slabs, 0, 0, 0); i++) {
        rich.value[i] *= rich.value[i] > 0 ? 4 : 1;
        heavy.weight[i] *= heavy.weight[i] > 0 ? 8 : 1;
    }
    world_open(&w);
    world_open(&rich);
    world_open(&heavy);
    quipu_table a = run_measure(w.cube, nomen, "price", "by=reporter");
    quipu_table b = run_measure(rich.cube, nomen, "price", "by=reporter");
    quipu_table c = run_measure(heavy.cube, nomen, "price", "by=reporter");
    static const char *const figures[] = {"fisher",    "laspeyres", "paasche",
                                          "tornqvist", "volume",    "coverage"};
    for (size_t f = 0; f < QI_COUNT(figures); f++)
        for (size_t row = 0; row < a.n_rows; row++) {
            size_t at = column_of(&a, figures[f]);
            bool there = quipu_table_present(&a, at, row);
            assert_true(quipu_table_present(&b, at, row) == there);
            if (!there)
                continue;
            double x = a.columns[at].data.real[row];
            assert_true(fabs(b.columns[at].data.real[row] / x - 1) < 1e-9 || x == 0);
        }
    assert_same(&a, &c);
    quipu_table_free(&a);
    quipu_table_free(&b);
    quipu_table_free(&c);
    a = run_measure(w.cube, nomen, "decompose", "by=reporter");
    c = run_measure(heavy.cube, nomen, "decompose", "by=reporter");
    assert_same(&a, &c);
    quipu_table_free(&a);
    quipu_table_free(&c);
    world_close(&w);
    world_close(&rich);
    world_close(&heavy);
}

/* Products dealt out anew change nothing that does not look at products; countries that
 * change their names change the rows. */
static void test_permutations(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        world w = priced_world(seed), dealt = priced_world(seed), renamed = priced_world(seed);
        for (size_t i = 0; i < world_at(w.n_slabs, 0, 0, 0); i += WORLD_PRODUCTS)
            for (size_t k = 0; k < WORLD_PRODUCTS; k++) {
                size_t to = i + (k * 5 + seed) % WORLD_PRODUCTS;
                dealt.value[to] = w.value[i + k];
                dealt.weight[to] = w.weight[i + k];
            }
        for (size_t s = 0; s < w.n_slabs; s++)
            for (size_t r = 0; r < WORLD_COUNTRIES; r++)
                for (size_t j = 0; j < WORLD_COUNTRIES; j++)
                    for (size_t k = 0; k < WORLD_PRODUCTS; k++) {
                        size_t to = world_at(s, (r + 3) % WORLD_COUNTRIES,
                                             (j + 3) % WORLD_COUNTRIES, k);
                        renamed.value[to] = w.value[world_at(s, r, j, k)];
                        renamed.weight[to] = w.weight[world_at(s, r, j, k)];
                    }
        world_open(&w);
        world_open(&dealt);
        world_open(&renamed);
        static const char *const measures[] = {"price", "decompose"};
        for (size_t m = 0; m < 2; m++) {
            quipu_table a = run_measure(w.cube, nomen, measures[m], "by=reporter,partner");
            quipu_table b = run_measure(dealt.cube, nomen, measures[m], "by=reporter,partner");
            assert_same(&a, &b);
            quipu_table_free(&a);
            quipu_table_free(&b);
        }
        quipu_table a = run_measure(w.cube, nomen, "decompose", "by=reporter,partner");
        quipu_table b = run_measure(renamed.cube, nomen, "decompose", "by=reporter,partner");
        assert_int_equal(a.n_rows, b.n_rows);
        for (size_t row = 0; row < a.n_rows; row++) {
            size_t r = world_country(a.columns[0].data.text[row]);
            size_t j = world_country(a.columns[2].data.text[row]);
            char where[64];
            snprintf(where, sizeof where, "reporter=%s partner=%s",
                     world_countries[(r + 3) % WORLD_COUNTRIES].iso3,
                     world_countries[(j + 3) % WORLD_COUNTRIES].iso3);
            size_t other = row_where(&b, where);
            for (size_t p = 0; p < QI_COUNT(parts); p++)
                assert_true(money_of(&a, parts[p], row) == money_of(&b, parts[p], other));
        }
        quipu_table_free(&a);
        quipu_table_free(&b);
        world_close(&w);
        world_close(&dealt);
        world_close(&renamed);
    }
}

static void test_chain_of_one(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= 4; seed++) {
        world w = priced_world(seed);
        world_open(&w);
        quipu_table direct = run_measure(w.cube, nomen, "price", "by=reporter years=2000,2002");
        quipu_table chain =
            run_measure(w.cube, nomen, "price", "by=reporter years=2000,2002 chain");
        assert_same(&direct, &chain);
        quipu_table_free(&direct);
        quipu_table_free(&chain);
        world_close(&w);
    }
}

/* ---- real figures ---- */

/* Bicycles by the piece, as UN Comtrade had them in 2019: estimated quantities are flagged,
 * units differ, some have none.  The price part of the United States by hand:
 * 1,421,711,749 US$ for 15,349,460 pieces, then 1,600,271,642 for 17,377,816. */
static void test_bicycles(void **state) {
    QI_UNUSED(state);
    const char *shared = getenv("QUIPU_SHARED"), *source = getenv("QUIPU_SOURCE");
    char path[512], cube_path[] = "/tmp/quipu-test-XXXXXX";
    snprintf(path, sizeof path, "%s%s/data/comtrade-raw-csv-examples/comtrade.csv",
             shared != NULL   ? shared
             : source != NULL ? source
                              : ".",
             shared != NULL ? "" : "/../shared");
    if (access(path, R_OK) != 0) {
        print_message("# %s is not there\n", path);
        skip();
    }
    close(mkstemp(cube_path));
    unlink(cube_path);
    quipu_import_options options = {.nomenclature = "H5"};
    quipu_import_result result = {0};
    quipu_error err = {0};
    quipu_cube *cube;
    if (quipu_import(nomen, (const char *const[]){path}, 1, cube_path, &options, &result,
                     &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    assert_int_equal(quipu_cube_open(cube_path, &cube, &err), QUIPU_OK);
    quipu_table t =
        run_measure(cube, nomen, "decompose", "by=reporter flow=import years=2017-2018 total");
    assert_near(figure(&t, "price", "reporter=USA"), -8768881.357);
    assert_near(figure(&t, "volume", "reporter=USA"), 1600271642 - 1421711749 + 8768881.357);
    assert_near(figure(&t, "coverage", "reporter=USA"), 1);
    assert_near(figure(&t, "unmatched", "reporter=FRA"), figure(&t, "change", "reporter=FRA"));
    assert_true(has_note(&t, "16.1 % with an estimated quantity, 0.4 % in different units"));
    quipu_table_free(&t);
    quipu_cube_close(cube);
    quipu_import_result_free(&result);
    unlink(cube_path);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decompose),    cmocka_unit_test(test_decompose_log),
        cmocka_unit_test(test_silence),      cmocka_unit_test(test_mirror_silence),
        cmocka_unit_test(test_price),        cmocka_unit_test(test_price_degenerate),
        cmocka_unit_test(test_by_hand),      cmocka_unit_test(test_adding_up),
        cmocka_unit_test(test_threads),      cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_scale),        cmocka_unit_test(test_permutations),
        cmocka_unit_test(test_chain_of_one), cmocka_unit_test(test_bicycles),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
