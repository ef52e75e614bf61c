/* SPDX-License-Identifier: Apache-2.0 */
/* test_measures.c - every measure on examples worked by hand. */
#include "measures/rca.h"
#include "measures/test_tables.h"
#include "nomen/test_open.h"

static const quipu_flow flows[] = {QUIPU_EXPORT, QUIPU_IMPORT};

static void sell(world *w, quipu_period year, const char *who, const char *to, const char *what,
                 int64_t usd) {
    world_set(w, year, QUIPU_EXPORT, who, to, what, usd);
}

/* Peru sells 8 to China (copper ore 5, gold 3), 2 to Japan, 10 to the USA in 1997; nothing to
 * China in 1998; it does not report 1999, when Chile does. */
static world small_world(void) {
    static const quipu_period years[] = {1997, 1998, 1999};
    world w = world_empty(years, 3, flows, 2);
    sell(&w, 1997, "PER", "CHN", "260300", 5);
    sell(&w, 1997, "PER", "CHN", "710812", 3);
    sell(&w, 1997, "PER", "JPN", "260300", 2);
    sell(&w, 1997, "PER", "USA", "520100", 10);
    sell(&w, 1998, "PER", "JPN", "260300", 4);
    sell(&w, 1998, "CHL", "CHN", "740311", 7);
    sell(&w, 1999, "CHL", "CHN", "740311", 9);
    world_set(&w, 1997, QUIPU_IMPORT, "PER", "CHN", "847120", 4);
    world_set(&w, 1998, QUIPU_IMPORT, "CHN", "PER", "260300", 6);
    world_open(&w);
    return w;
}

static void test_value(void **state) {
    QI_UNUSED(state);
    world w = small_world();
    quipu_table t = run_measure(w.cube, nomen, "value", "reporter=Peru partner=China");
    assert_int_equal(t.n_rows, 3);
    assert_near(figure(&t, "value", "year=1997"), 8);
    assert_near(figure(&t, "value", "year=1998"), 0); /* reported, nothing sold */
    assert_missing(figure(&t, "value", "year=1999")); /* not reported */
    assert_string_equal(t.title, "Exports of Peru to China");
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "value",
                    "reporter=Peru partner=China,Asia,World years=1997");
    assert_int_equal(t.n_rows, 3);
    assert_near(figure(&t, "value", "partner=CHN"), 8);
    assert_near(figure(&t, "value", "partner=asia"), 10);
    assert_near(figure(&t, "value", "partner=WLD"), 20);
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "value",
                    "reporter=Peru by=partner limit=1 rest total years=1997");
    assert_near(figure(&t, "value", "partner=USA"), 10);
    assert_near(figure(&t, "value", "partner=rest"), 10);
    assert_near(figure(&t, "value", "partner=total"), 20);
    assert_int_equal(t.n_rows, 3);
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "value", "reporter=Peru periods=sum by=product");
    assert_near(figure(&t, "value", "product=260300"), 11);
    assert_true(cell_is(&t, column_of(&t, "years"), 0, "1997-1999", 9));
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "value", "reporter=Peru partner=China basis=mirror");
    assert_near(figure(&t, "value", "year=1998"), 6);
    assert_true(has_note(&t, "mirror"));
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "value", "reporter=Peru years=1999");
    assert_missing(figure(&t, "value", ""));
    assert_true(has_note(&t, "no report of Peru"));
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "value", "reporter=Peru by=flow years=1997");
    assert_near(figure(&t, "value", "flow=export"), 20);
    assert_near(figure(&t, "value", "flow=import"), 4);
    quipu_table_free(&t);
    world_close(&w);
}

static void test_wide(void **state) {
    QI_UNUSED(state);
    world w = small_world();
    quipu_table t = run_measure(w.cube, nomen, "value", "reporter=Peru by=partner wide");
    assert_near(figure(&t, "1997", "partner=CHN"), 8);
    assert_near(figure(&t, "1998", "partner=JPN"), 4);
    assert_missing(figure(&t, "1999", "partner=JPN"));
    assert_int_equal(t.n_rows, 3);
    assert_true(t.n_source > 0);
    quipu_table_free(&t);
    world_close(&w);
}

static void test_share(void **state) {
    QI_UNUSED(state);
    world w = small_world();
    quipu_table t =
        run_measure(w.cube, nomen, "share", "reporter=Peru partner=China years=1997");
    assert_near(figure(&t, "share", ""), 8 / 20.);
    assert_non_null(strstr(t.title, "denominator: all partners"));
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "share",
                    "reporter=Peru by=partner of=Asia years=1997 total");
    assert_near(figure(&t, "share", "partner=CHN"), 8 / 10.);
    assert_near(figure(&t, "share", "partner=JPN"), 2 / 10.);
    assert_near(figure(&t, "share", "partner=total"), 1);
    assert_int_equal(t.n_rows, 3); /* the USA are not in Asia */
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "share",
                    "reporter=Peru partner=China+Japan,USA of=World years=1997");
    assert_near(figure(&t, "share", "partner=CHN+JPN"), 10 / 20.);
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "share",
                    "reporter=Peru by=product partner=China years=1997");
    assert_near(figure(&t, "share", "product=260300"), 5 / 8.);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "share",
                    "reporter=Peru by=product partner=China of=Asia years=1997");
    assert_near(figure(&t, "share", "product=260300"), 5 / 7.);
    assert_near(figure(&t, "share", "product=710812"), 1);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "share",
                    "reporter=Peru by=product partner=China of=total years=1997");
    assert_near(figure(&t, "share", "product=260300"), 5 / 20.);
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "share", "by=reporter partner=China years=1998");
    assert_near(figure(&t, "share", "reporter=CHL"), 1);
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "share", "reporter=Chile by=partner years=1997-1999");
    assert_missing(figure(&t, "share", "partner=CHN year=1997")); /* did not report */
    assert_near(figure(&t, "share", "partner=CHN year=1998"), 1);
    quipu_table_free(&t);

    /* A whole of zero: a reported year, nothing of that product at all. */
    t = run_measure(w.cube, nomen, "share",
                    "reporter=Peru partner=China product=90 years=1998");
    assert_near(figure(&t, "value", ""), 0);
    assert_missing(figure(&t, "share", ""));
    quipu_table_free(&t);
    world_close(&w);
}

static void test_top(void **state) {
    QI_UNUSED(state);
    static const quipu_period years[] = {2011};
    world w = world_empty(years, 1, flows, 1);
    sell(&w, 2011, "PER", "CHN", "260300", 5);
    sell(&w, 2011, "PER", "CHN", "710812", 3);
    sell(&w, 2011, "PER", "CHN", "520100", 1);
    sell(&w, 2011, "PER", "CHN", "030110", 1);
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "rank", "reporter=Peru limit=3 rest total");
    assert_int_equal(t.n_rows, 5);
    assert_near(figure(&t, "rank", "product=260300"), 1);
    assert_near(figure(&t, "share", "product=710812"), .3);
    assert_near(figure(&t, "rank", "product=030110"), 3); /* the tie goes by code */
    assert_near(figure(&t, "cumulative", "product=030110"), .9);
    assert_near(figure(&t, "value", "product=rest"), 1);
    assert_near(figure(&t, "share", "product=total"), 1);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "top", "reporter=Peru limit=0");
    assert_int_equal(t.n_rows, 4);
    assert_near(figure(&t, "cumulative", "product=520100"), 1);
    quipu_table_free(&t);
    world_close(&w);
}

static void write_file(char path[64], const char *text) {
    snprintf(path, 64, "/tmp/quipu-classes-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

/* Copper ore is resource-based, cotton primary, one product half and half, one in no class. */
static void test_structure(void **state) {
    QI_UNUSED(state);
    static const quipu_period years[] = {2011};
    world w = world_empty(years, 1, flows, 1);
    sell(&w, 2011, "PER", "CHN", "260300", 7);
    sell(&w, 2011, "PER", "CHN", "520100", 2);
    sell(&w, 2011, "PER", "JPN", "390110", 1);
    sell(&w, 2011, "PER", "JPN", "999999", 10);
    world_open(&w);
    char path[64], ask[256];
    write_file(path, "code,class,label,weight\n26,RB,Resource-based,1\n52,PP,Primary,1\n"
                     "390110,LT,Low,1\n390110,MT,Medium,1\n01,PP,Primary,1\n");
    snprintf(ask, sizeof ask, "reporter=Peru classes=%s total", path);
    quipu_table t = run_measure(w.cube, nomen, "structure", ask);
    assert_near(figure(&t, "share", "class=RB"), .35);
    assert_near(figure(&t, "share", "class=PP"), .1);
    assert_near(figure(&t, "share", "class=LT"), .025);
    assert_near(figure(&t, "value", "class=MT"), .5);
    assert_near(figure(&t, "share", "class=unclassified"), .5);
    assert_near(figure(&t, "value", "class=total"), 20);
    assert_int_equal(t.n_rows, 6);
    assert_true(has_note(&t, "5.00 %"));
    quipu_table_free(&t);
    strcat(ask, " of=classified");
    t = run_measure(w.cube, nomen, "structure", ask);
    assert_near(figure(&t, "share", "class=RB"), .7);
    assert_missing(figure(&t, "share", "class=unclassified"));
    quipu_table_free(&t);
    unlink(path);

    t = run_measure(w.cube, nomen, "structure", "reporter=Peru by=technology");
    assert_near(figure(&t, "share", "class=NRBM"), 7 / 20.);
    assert_near(figure(&t, "value", "class=HTM"), 0); /* a row, traded or not */
    quipu_table_free(&t);
    world_close(&w);
}

static void test_gold(void **state) {
    QI_UNUSED(state);
    world w = small_world();
    const char *ask = "reporter=Peru partner=China years=1997 by=technology";
    quipu_table t = run_measure(w.cube, nomen, "structure", ask);
    assert_near(figure(&t, "share", "class=OTHER"), 3 / 8.);
    quipu_table_free(&t);
    char primary[128];
    snprintf(primary, sizeof primary, "%s gold=primary", ask);
    t = run_measure(w.cube, nomen, "structure", primary);
    assert_near(figure(&t, "share", "class=PG"), 3 / 8.);
    assert_true(has_note(&t, "gold"));
    quipu_table_free(&t);
    world_close(&w);
}

static void test_balance(void **state) {
    QI_UNUSED(state);
    static const quipu_period years[] = {2010, 2011};
    world w = world_empty(years, 2, flows, 2);
    sell(&w, 2010, "PER", "CHN", "260300", 6);
    world_set(&w, 2010, QUIPU_IMPORT, "PER", "CHN", "847120", 4);
    sell(&w, 2011, "PER", "CHN", "260300", 5);
    sell(&w, 2011, "CHL", "CHN", "260300", 5);
    world_set(&w, 2011, QUIPU_IMPORT, "CHL", "CHN", "847120", 1);
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "balance", "reporter=Peru");
    assert_near(figure(&t, "balance", "year=2010"), 2);
    assert_near(figure(&t, "cover", "year=2010"), 1.5);
    assert_near(figure(&t, "normalised", "year=2010"), .2);
    assert_near(figure(&t, "imports", "year=2011"), 0); /* Peru reported 2011 */
    assert_missing(figure(&t, "cover", "year=2011"));
    assert_near(figure(&t, "normalised", "year=2011"), 1);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "balance", "reporter=Chile by=partner");
    assert_missing(figure(&t, "balance", "partner=CHN year=2010"));
    assert_near(figure(&t, "balance", "partner=CHN year=2011"), 4);
    quipu_table_free(&t);
    world_close(&w);
}

/* 100, 120, 144 to China; 100, 160, 144 to Japan; 0, 5, 8 to the USA; 4, 0, 0 to Korea. */
static world growing_world(void) {
    static const quipu_period years[] = {2000, 2001, 2002};
    static const struct {
        const char *partner;
        int64_t usd[3];
    } rows[] = {{"CHN", {100, 120, 144}},
                {"JPN", {100, 160, 144}},
                {"USA", {0, 5, 8}},
                {"KOR", {4, 0, 0}}};
    world w = world_empty(years, 3, flows, 1);
    for (size_t i = 0; i < QI_COUNT(rows); i++)
        for (int y = 0; y < 3; y++)
            if (rows[i].usd[y] > 0)
                sell(&w, years[y], "PER", rows[i].partner, "260300", rows[i].usd[y]);
    world_open(&w);
    return w;
}

static void test_growth(void **state) {
    QI_UNUSED(state);
    world w = growing_world();
    quipu_table t = run_measure(w.cube, nomen, "growth", "reporter=Peru by=partner");
    assert_near(figure(&t, "growth", "partner=CHN"), .2);
    assert_near(figure(&t, "ratio", "partner=CHN"), 1.44);
    assert_near(figure(&t, "accumulated", "partner=CHN"), .44);
    assert_missing(figure(&t, "growth", "partner=USA"));
    assert_missing(figure(&t, "ratio", "partner=USA"));
    assert_near(figure(&t, "growth", "partner=KOR"), -1);
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "growth", "reporter=Peru by=partner method=mean");
    assert_near(figure(&t, "growth", "partner=CHN"), .2);
    assert_near(figure(&t, "growth", "partner=JPN"), .25);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "growth", "reporter=Peru by=partner method=log");
    assert_near(figure(&t, "growth", "partner=CHN"), log(1.2));
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "growth", "reporter=Peru by=partner method=trend");
    assert_near(figure(&t, "growth", "partner=JPN"), log(1.44) / 2); /* the middle cancels */
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "growth", "reporter=Peru by=partner method=trend-rate");
    assert_near(figure(&t, "growth", "partner=CHN"), .2);
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "growth", "reporter=Peru by=partner zero-base=epsilon");
    assert_near(figure(&t, "growth", "partner=USA"), sqrt(8) - 1);
    assert_true(has_note(&t, "1 US$"));
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "growth", "reporter=Peru by=partner zero-base=midpoint");
    assert_near(figure(&t, "growth", "partner=USA"), 2);
    assert_near(figure(&t, "growth", "partner=CHN"), .2);
    quipu_table_free(&t);

    t = run_measure(w.cube, nomen, "growth", "reporter=Peru by=partner years=2000,2001,2002");
    assert_near(figure(&t, "growth", "partner=JPN from=2000"), .6);
    assert_near(figure(&t, "growth", "partner=JPN from=2001 to=2002"), -.1);
    assert_missing(figure(&t, "growth", "partner=KOR from=2001")); /* from zero to zero */
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "growth", "reporter=Peru partner=China years=1999-2002");
    assert_missing(figure(&t, "growth", ""));
    assert_true(has_note(&t, "1999"));
    quipu_table_free(&t);
    world_close(&w);
}

/* "20.6 % a year 1995-2011", "18.9 times": 16 intervals. */
static void test_growth_of_the_study(void **state) {
    QI_UNUSED(state);
    static const quipu_period years[] = {1995, 2011};
    world w = world_empty(years, 2, flows, 1);
    sell(&w, 1995, "PER", "CHN", "260300", 10);
    sell(&w, 2011, "PER", "CHN", "260300", 199);
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "growth", "reporter=Peru partner=China");
    assert_near(figure(&t, "growth", ""), pow(19.9, 1 / 16.) - 1);
    assert_true(fabs(figure(&t, "growth", "") - .2055) < 5e-5);
    assert_near(figure(&t, "accumulated", ""), 18.9);
    quipu_table_free(&t);
    world_close(&w);
}

static void test_contribution(void **state) {
    QI_UNUSED(state);
    static const quipu_period years[] = {2000, 2001};
    world w = world_empty(years, 2, flows, 1);
    sell(&w, 2000, "PER", "CHN", "260300", 60);
    sell(&w, 2000, "PER", "CHN", "030110", 40);
    sell(&w, 2001, "PER", "CHN", "260300", 105);
    sell(&w, 2001, "PER", "CHN", "030110", 45);
    world_open(&w);
    quipu_table t =
        run_measure(w.cube, nomen, "contribution", "reporter=Peru by=product total");
    assert_near(figure(&t, "contribution", "product=260300"), .45);
    assert_near(figure(&t, "contribution", "product=030110"), .05);
    assert_near(figure(&t, "share_of_change", "product=260300"), .9);
    assert_near(figure(&t, "contribution", "product=total"), .5);
    assert_near(figure(&t, "change", "product=total"), 50);
    quipu_table_free(&t);
    world_close(&w);
}

static void test_index(void **state) {
    QI_UNUSED(state);
    world w = growing_world();
    quipu_table t = run_measure(w.cube, nomen, "index", "reporter=Peru partner=Japan");
    assert_near(figure(&t, "index", "year=2000"), 100);
    assert_near(figure(&t, "index", "year=2001"), 160);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "index", "reporter=Peru partner=Japan base=2001 years=2002");
    assert_int_equal(t.n_rows, 1); /* the base is looked up, not printed */
    assert_near(figure(&t, "index", "year=2002"), 90);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "index", "reporter=Peru partner=USA");
    assert_missing(figure(&t, "index", "year=2002"));
    quipu_table_free(&t);
    world_close(&w);
}

/* Peru exports 160, 90 of it copper ore; all export 1000, 300 of it copper ore. */
static world balassa_world(void) {
    static const quipu_period years[] = {2000};
    world w = world_empty(years, 1, flows, 1);
    sell(&w, 2000, "PER", "CHN", "260300", 90);
    sell(&w, 2000, "PER", "CHN", "520100", 70);
    sell(&w, 2000, "CHL", "JPN", "260300", 210);
    sell(&w, 2000, "USA", "JPN", "847120", 600);
    sell(&w, 2000, "USA", "PER", "520100", 30);
    world_open(&w);
    return w;
}

static void test_rca(void **state) {
    QI_UNUSED(state);
    world w = balassa_world();
    quipu_table t = run_measure(w.cube, nomen, "rca", "reporter=Peru");
    assert_true(figure(&t, "rca", "product=260300") == 1.875);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "rca", "cutoff=1");
    assert_true(figure(&t, "rca", "reporter=PER product=260300") == 1.875);
    assert_near(figure(&t, "rca", "reporter=CHL product=260300"), 1 / .3);
    assert_int_equal(t.n_rows, 4); /* two of Peru, one of Chile, one of the USA */
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "rca", "reporter=Peru of=Chile+Peru");
    assert_near(figure(&t, "rca", "product=260300"), 90 / 160. / (300 / 370.));
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "rca", "reporter=Peru by=technology");
    assert_near(figure(&t, "rca", "class=NRBM"), 1.875);
    quipu_table_free(&t);
    world_close(&w);
}

static void test_rca_panel(void **state) {
    QI_UNUSED(state);
    world w = balassa_world();
    static double panel[WORLD_COUNTRIES * WORLD_PRODUCTS];
    size_t per = world_country("PER"), copper = world_product("260300");
    qi_rca_options options = {.side = QUIPU_BY_REPORTER, .threads = 2};
    assert_int_equal(qi_rca_panel(w.cube, 0, &options, panel, NULL), QUIPU_OK);
    assert_true(panel[per * WORLD_PRODUCTS + copper] == 1.875);
    assert_true(panel[per * WORLD_PRODUCTS + world_product("847120")] == 0);
    assert_true(panel[per * WORLD_PRODUCTS + world_product("030110")] == QI_RCA_MISSING);
    assert_true(panel[world_country("CHN") * WORLD_PRODUCTS + copper] == QI_RCA_MISSING);
    uint64_t reference = (uint64_t)1 << world_country("CHL");
    options.reference = &reference;
    assert_int_equal(qi_rca_panel(w.cube, 0, &options, panel, NULL), QUIPU_OK);
    assert_true(panel[per * WORLD_PRODUCTS + copper] == 90 / 160.);
    assert_true(panel[per * WORLD_PRODUCTS + world_product("520100")] == QI_RCA_MISSING);
    world_close(&w);
}

static void test_coverage(void **state) {
    QI_UNUSED(state);
    static const quipu_period years[] = {2000};
    world w = world_empty(years, 1, flows, 1);
    sell(&w, 2000, "PER", "CHN", "260300", 6);
    sell(&w, 2000, "PER", "JPN", "999999", 4);
    w.weight[world_at(0, world_country("PER"), world_country("CHN"), world_product("260300"))] =
        1000;
    w.value[world_at(0, world_country("CHL"), world_country("JPN"), world_product("260300"))] =
        QUIPU_MONEY_MISSING;
    world_open(&w);
    quipu_table t = run_measure(w.cube, nomen, "coverage", "scheme=technology");
    assert_near(figure(&t, "reporters", ""), 2);
    assert_near(figure(&t, "partners", ""), 2);
    assert_near(figure(&t, "products", ""), 2);
    assert_near(figure(&t, "rows", ""), 3);
    assert_near(figure(&t, "value", ""), 10);
    assert_near(figure(&t, "with_weight", ""), .6);
    assert_near(figure(&t, "with_quantity", ""), 0);
    assert_near(figure(&t, "without_value", ""), 1);
    quipu_table_free(&t);
    t = run_measure(w.cube, nomen, "coverage", "by=reporter");
    assert_near(figure(&t, "rows", "reporter=PER"), 2);
    assert_missing(figure(&t, "with_weight", "reporter=CHL")); /* of nothing */
    quipu_table_free(&t);
    world_close(&w);
}

/* ---- the catalogue ---- */

static void assert_refused(const world *w, const char *name, const char *text,
                           quipu_status status, const char *says) {
    quipu_table t;
    quipu_error err = {0};
    quipu_status found = try_measure(w->cube, nomen, name, text, 1, &t, &err);
    if (found != status || strstr(err.text, says) == NULL)
        fail_msg("%s %s: status %d, \"%s\"", name, text, found, err.text);
    assert_null(t.impl);
}

static void test_arguments(void **state) {
    QI_UNUSED(state);
    world w = small_world();
    assert_refused(&w, "value", "reportr=Peru", QUIPU_E_ARG, "reporter");
    assert_refused(&w, "growth", "metod=log", QUIPU_E_ARG, "method");
    assert_refused(&w, "growth", "method=lgo", QUIPU_E_ARG, "did you mean log");
    assert_refused(&w, "growth", "epsilon=tiny", QUIPU_E_ARG, "not a number");
    assert_refused(&w, "top", "limit=ten", QUIPU_E_ARG, "whole number");
    assert_refused(&w, "balance", "flow=export", QUIPU_E_ARG, "does not take");
    assert_refused(&w, "value", "reporter=Prue", QUIPU_E_NOT_FOUND, "Peru");
    assert_refused(&w, "value", "by=partnr", QUIPU_E_ARG, "partner");
    assert_refused(&w, "value", "by=tecnology", QUIPU_E_ARG, "technology");
    assert_refused(&w, "value", "by=class", QUIPU_E_ARG, "classes");
    assert_refused(&w, "value", "by=product,section", QUIPU_E_ARG, "one dimension");
    assert_refused(&w, "value", "by=reporter,partner,product", QUIPU_E_ARG, "two");
    assert_refused(&w, "growth", "years=1997", QUIPU_E_ARG, "two");
    assert_refused(&w, "share", "by=partner of=Asya", QUIPU_E_NOT_FOUND, "Asia");
    assert_refused(&w, "share", "by=partner of=classified", QUIPU_E_ARG, "classes");
    assert_null(quipu_measure_find("shares"));
    assert_string_equal(quipu_measure_find("rank")->name, "top");
    world_close(&w);
}

/* Every description is whole, and its page shows it. */
static void test_pages(void **state) {
    QI_UNUSED(state);
    size_t n;
    const quipu_measure *const *all = quipu_measures(&n);
    assert_true(n >= 10);
    for (size_t i = 0; i < n; i++) {
        char *page;
        assert_true(all[i]->summary[0] != '\0' && all[i]->detail[0] != '\0');
        assert_true(all[i]->worked[0] != '\0' && all[i]->example[0] != '\0');
        bool found = false;
        for (size_t c = 0; c < all[i]->n_columns; c++)
            found |= strcmp(all[i]->columns[c].name, all[i]->figure) == 0;
        assert_true(found);
        assert_int_equal(quipu_measure_page(all[i], &page, NULL), QUIPU_OK);
        assert_non_null(strstr(page, all[i]->worked));
        bool years = quipu_measure_param(all[i], "years") != NULL &&
                     (all[i]->without == NULL || strstr(all[i]->without, "years") == NULL);
        assert_int_equal(strstr(page, "`--years") != NULL, years);
        bool of_register = all[i]->needs == QUIPU_NEEDS_REGISTER;
        assert_non_null(strstr(page, of_register ? " REGISTER" : " CUBE"));
        free(page);
    }
}

static void test_sources(void **state) {
    QI_UNUSED(state);
    world w = small_world();
    quipu_table t = run_measure(w.cube, nomen, "value", "reporter=Peru");
    static const char *const keys[] = {"source",    "release", "nomenclature",
                                       "valuation", "cube",    "engine"};
    assert_int_equal(t.n_source, QI_COUNT(keys));
    for (size_t i = 0; i < QI_COUNT(keys); i++)
        assert_string_equal(t.source[i].key, keys[i]);
    assert_string_equal(t.source[4].text, quipu_cube_fingerprint(w.cube));
    quipu_table_free(&t);
    world_close(&w);
}

static void test_cache(void **state) {
    QI_UNUSED(state);
    world w = small_world();
    quipu_cache *cache;
    quipu_argument given[] = {{"reporter", "Peru"}, {"by", "technology"}};
    quipu_request request = {
        .cube = w.cube, .nomen = nomen, .arguments = given, .n_arguments = 2, .threads = 1};
    quipu_table plain, first, second;
    const quipu_measure *m = quipu_measure_find("structure");
    assert_int_equal(quipu_cache_open(&cache, NULL), QUIPU_OK);
    assert_int_equal(quipu_measure_run(m, &request, &plain, NULL), QUIPU_OK);
    request.cache = cache;
    assert_int_equal(quipu_measure_run(m, &request, &first, NULL), QUIPU_OK);
    assert_int_equal(quipu_measure_run(m, &request, &second, NULL), QUIPU_OK);
    assert_int_equal(plain.n_rows, second.n_rows);
    size_t share = column_of(&plain, "share"), bytes = plain.n_rows * sizeof(double);
    assert_memory_equal(plain.columns[share].data.real, first.columns[share].data.real, bytes);
    assert_memory_equal(plain.columns[share].data.real, second.columns[share].data.real, bytes);
    quipu_table_free(&plain);
    quipu_table_free(&first);
    quipu_table_free(&second);
    quipu_cache_close(cache);
    world_close(&w);
}

static void test_params_are_listed(void **state) {
    QI_UNUSED(state);
    size_t n;
    const quipu_measure *const *all = quipu_measures(&n);
    for (size_t i = 0; i < n; i++) {
        const quipu_param *params[QUIPU_MOST_PARAMS];
        size_t n_params = quipu_measure_params(all[i], params);
        assert_true(n_params < QUIPU_MOST_PARAMS); /* none was left out */
        for (size_t a = 0; a < n_params; a++) {
            assert_ptr_equal(quipu_measure_param(all[i], params[a]->name), params[a]);
            for (size_t b = 0; b < a; b++)
                assert_string_not_equal(params[a]->name, params[b]->name);
        }
    }
}

/* Pages and pictures in Spanish have a word for every column (data/spanish.csv). */
static void test_labels_in_spanish(void **state) {
    QI_UNUSED(state);
    static const char *const same[] = {"COI",
                                       "ECI",
                                       "EXPY",
                                       "Gini",
                                       "Grubel-Lloyd",
                                       "HHI",
                                       "PCI",
                                       "PRODY",
                                       "Laspeyres",
                                       "Paasche",
                                       "RC",
                                       "RTA",
                                       "Theil",
                                       "T\xC3\xB6rnqvist",
                                       "x",
                                       "y",
                                       "Drysdale",
                                       "Aquino",
                                       "Control",
                                       "Sector",
                                       "z",
                                       "Exports (RXA)",
                                       "Imports (RMP)",
                                       "Control"};
    size_t n;
    const quipu_measure *const *all = quipu_measures(&n);
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < all[i]->n_columns; c++) {
            const char *label = all[i]->columns[c].label;
            bool fine = label == NULL || quipu_spanish(nomen, label) != NULL;
            for (size_t k = 0; k < QI_COUNT(same) && !fine; k++)
                fine = strcmp(same[k], label) == 0;
            if (!fine)
                fail_msg("%s: \"%s\" is not in data/spanish.csv", all[i]->name, label);
        }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_value),
        cmocka_unit_test(test_wide),
        cmocka_unit_test(test_share),
        cmocka_unit_test(test_top),
        cmocka_unit_test(test_structure),
        cmocka_unit_test(test_gold),
        cmocka_unit_test(test_balance),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_growth_of_the_study),
        cmocka_unit_test(test_contribution),
        cmocka_unit_test(test_index),
        cmocka_unit_test(test_rca),
        cmocka_unit_test(test_rca_panel),
        cmocka_unit_test(test_coverage),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_sources),
        cmocka_unit_test(test_cache),
        cmocka_unit_test(test_params_are_listed),
        cmocka_unit_test(test_labels_in_spanish),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
