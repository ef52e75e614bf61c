/* SPDX-License-Identifier: Apache-2.0 */
/* test_indices.c - indexes of advantage, orientation, concentration, two-way trade and market
 * share: the worked examples of their pages, and what happens at the edges. */
#include "measures/test_tables.h"
#include "nomen/test_open.h"

static const quipu_flow flows[] = {QUIPU_EXPORT, QUIPU_IMPORT};
static const quipu_flow exports[] = {QUIPU_EXPORT};
static const quipu_period years[] = {2000, 2001, 2002};
#define COPPER "260300"
#define FISH   "030110"
#define CARS   "870323"
#define WOOL   "520100"

static world new_world(size_t n_years, size_t n_flows) {
    return world_empty(years, n_years, n_flows == 1 ? exports : flows, n_flows);
}

static void sell(world *w, quipu_period year, const char *who, const char *to, const char *what,
                 int64_t usd) {
    world_set(w, year, QUIPU_EXPORT, who, to, what, usd);
}

static void buy(world *w, quipu_period year, const char *who, const char *from,
                const char *what, int64_t usd) {
    world_set(w, year, QUIPU_IMPORT, who, from, what, usd);
}

static void weigh(world *w, quipu_period year, quipu_flow flow, const char *who,
                  const char *other, const char *what, int64_t kg) {
    size_t slab = (size_t)world_slab(w, year, flow);
    w->weight[world_at(slab, world_country(who), world_country(other), world_product(what))] =
        kg * 1000;
}

static quipu_table ask(const world *w, const char *measure, const char *text) {
    return run_measure(w->cube, nomen, measure, text);
}

static void assert_close(double found, double expected, double within) {
    if (!(fabs(found - expected) <= within))
        fail_msg("found %.17g, expected %.17g", found, expected);
}

static void assert_refused(const world *w, const char *measure, const char *text,
                           const char *words) {
    quipu_table t;
    quipu_error err = {0};
    if (try_measure(w->cube, nomen, measure, text, 1, &t, &err) == QUIPU_OK)
        fail_msg("%s %s: not refused", measure, text);
    if (strstr(err.text, words) == NULL)
        fail_msg("%s %s: \"%s\" does not say \"%s\"", measure, text, err.text, words);
}

/* ---- advantage ---- */

/* Peru exports 160, of it copper 90; all export 1000, of it copper 300. */
static world advantage_world(void) {
    world w = new_world(2, 2);
    sell(&w, 2000, "PER", "CHN", COPPER, 60);
    sell(&w, 2000, "PER", "JPN", COPPER, 30);
    sell(&w, 2000, "PER", "CHN", FISH, 70);
    sell(&w, 2000, "CHL", "CHN", COPPER, 210);
    sell(&w, 2000, "CHL", "JPN", CARS, 630);
    sell(&w, 2001, "CHL", "CHN", COPPER, 5); /* Peru is silent in 2001 */
    buy(&w, 2000, "CHN", "PER", COPPER, 65);
    buy(&w, 2000, "CHN", "CHL", COPPER, 235);
    buy(&w, 2000, "CHN", "PER", FISH, 100);
    buy(&w, 2000, "PER", "CHN", CARS, 40);
    buy(&w, 2000, "PER", "CHN", COPPER, 10);
    buy(&w, 2000, "CHL", "JPN", CARS, 50);
    world_open(&w);
    return w;
}

static double rca_of(const world *w, const char *text, const char *column, const char *where) {
    quipu_table t = ask(w, "rca", text);
    double found = figure(&t, column, where);
    quipu_table_free(&t);
    return found;
}

static void test_rca_variants(void **state) {
    QI_UNUSED(state);
    world w = advantage_world();
    const char *copper = "product=260300 year=2000";
    assert_near(rca_of(&w, "reporter=Peru", "rca", copper), 1.875);
    assert_near(rca_of(&w, "reporter=Peru variant=symmetric", "rca", copper), 0.875 / 2.875);
    assert_near(rca_of(&w, "reporter=Peru variant=normalised", "rca", copper), 420);
    assert_near(rca_of(&w, "reporter=Peru variant=additive", "rca", copper), 0.2625);
    /* fish 7/16 over 70/1000 is 6.25; cars 0; the mean of three is (1.875 + 6.25)/3 */
    assert_near(rca_of(&w, "reporter=Peru variant=weighted", "rca", copper),
                1.875 / (8.125 / 3));
    assert_near(rca_of(&w, "reporter=Peru variant=weighted product=2603", "rca", copper),
                1.875 / (8.125 / 3)); /* the mean does not hang on the selection */
    assert_near(rca_of(&w, "reporter=Peru,Chile variant=symmetric product=0301 years=2000",
                       "rca", "reporter=CHL product=030110"),
                -1);
    assert_missing(
        rca_of(&w, "reporter=Peru variant=normalised", "rca", "product=260300 year=2001"));
    world_close(&w);
}

static void test_rca_vollrath(void **state) {
    QI_UNUSED(state);
    world w = advantage_world();
    quipu_table t = ask(&w, "rca", "reporter=Peru variant=vollrath years=2000");
    double rxa = 90.0 / 70 / (210.0 / 630);
    /* Peru buys copper 10 of 50; the others copper 300 and 150 else */
    double rmp = 10.0 / 40 / (300.0 / 150);
    assert_near(figure(&t, "rxa", "product=260300"), rxa);
    assert_near(figure(&t, "rmp", "product=260300"), rmp);
    assert_near(figure(&t, "rta", "product=260300"), rxa - rmp);
    assert_near(figure(&t, "rc", "product=260300"), log(rxa) - log(rmp));
    assert_missing(figure(&t, "rxa", "product=030110")); /* nobody else sells fish */
    assert_missing(figure(&t, "rta", "product=030110"));
    quipu_table_free(&t);
    assert_refused(&w, "rca", "variant=vollrath of=Asia", "--of");
    world_close(&w);
}

/* In China: copper is 60 of Peru's 130, and 300 of China's imports of 400 by China's books. */
static void test_rca_market(void **state) {
    QI_UNUSED(state);
    world w = advantage_world();
    const char *text = "reporter=Peru partner=China years=2000 reference=market";
    assert_near(rca_of(&w, text, "rca", "product=260300"), 60.0 / 130 / (300.0 / 400));
    assert_near(rca_of(&w, "reporter=Peru partner=China years=2000", "rca", "product=260300"),
                60.0 / 130 / (270.0 / 340));
    world_close(&w);
}

static void test_specialisation(void **state) {
    QI_UNUSED(state);
    world w = new_world(2, 2);
    sell(&w, 2000, "PER", "CHN", COPPER, 6);
    sell(&w, 2000, "PER", "CHN", CARS, 2);
    buy(&w, 2000, "PER", "CHN", COPPER, 2);
    buy(&w, 2000, "PER", "CHN", CARS, 6);
    sell(&w, 2001, "PER", "CHN", COPPER, 10);
    sell(&w, 2001, "PER", "CHN", CARS, 2);
    buy(&w, 2001, "PER", "CHN", COPPER, 2);
    buy(&w, 2001, "PER", "CHN", CARS, 6);
    world_open(&w);
    quipu_table t = ask(&w, "lafay", "reporter=Peru total");
    assert_near(figure(&t, "tsi", "product=260300 year=2000"), 0.5);
    assert_near(figure(&t, "lafay", "product=260300 year=2000"), 25);
    assert_near(figure(&t, "lafay", "product=870323 year=2000"), -25);
    assert_near(figure(&t, "lafay", "product=260300 year=2001"), 28);
    assert_near(figure(&t, "lafay", "product=870323 year=2001"), -28);
    assert_near(figure(&t, "contribution", "product=260300 year=2001"), 280);
    assert_near(figure(&t, "lafay", "product=total year=2001"), 0);
    assert_near(figure(&t, "tsi", "product=total year=2001"), 0.2);
    quipu_table_free(&t);
    t = ask(&w, "lafay", "reporter=Peru gdp=112 years=2001 limit=1 rest");
    assert_near(figure(&t, "contribution", "product=260300"), 1000 * 5.6 / 112);
    assert_near(figure(&t, "contribution", "product=rest"), -1000 * 5.6 / 112);
    quipu_table_free(&t);
    assert_refused(&w, "specialisation", "by=partner", "product");
    assert_refused(&w, "specialisation", "gdp=-1", "positive");
    world_close(&w);
}

/* ---- orientation ---- */

static void test_intensity(void **state) {
    QI_UNUSED(state);
    world w = new_world(2, 2);
    sell(&w, 2000, "PER", "CHN", COPPER, 30);
    sell(&w, 2000, "PER", "JPN", COPPER, 70);
    sell(&w, 2000, "CHL", "CHN", COPPER, 120);
    sell(&w, 2000, "CHL", "JPN", COPPER, 780);
    buy(&w, 2000, "CHN", "PER", COPPER, 160);
    buy(&w, 2000, "JPN", "CHL", COPPER, 790);
    buy(&w, 2000, "PER", "CHN", CARS, 90);
    sell(&w, 2001, "CHL", "CHN", COPPER, 9);
    world_open(&w);
    const char *china = "partner=CHN year=2000";
    quipu_table t = ask(&w, "intensity", "reporter=Peru");
    assert_near(figure(&t, "share", china), 0.3);
    assert_near(figure(&t, "weight", china), 0.15);
    assert_near(figure(&t, "intensity", china), 2);
    assert_near(figure(&t, "symmetric", china), 1.0 / 3);
    assert_missing(figure(&t, "intensity", "partner=CHN year=2001")); /* Peru is silent */
    quipu_table_free(&t);
    t = ask(&w, "intensity", "reporter=Peru denominator=rest");
    assert_near(figure(&t, "intensity", china), 0.3 / (120.0 / 900));
    quipu_table_free(&t);
    t = ask(&w, "intensity", "reporter=Peru denominator=imports");
    assert_near(figure(&t, "intensity", china), 0.3 / (160.0 / 950));
    assert_missing(figure(&t, "intensity", "partner=CHN year=2001"));
    quipu_table_free(&t);
    /* of imports: the weight of China in what is exported to all but Peru */
    t = ask(&w, "intensity", "reporter=Peru flow=import denominator=imports years=2000");
    assert_missing(figure(&t, "intensity", "partner=CHN")); /* China reports no exports */
    quipu_table_free(&t);
    world_close(&w);
}

static world fitting_world(void) {
    world w = new_world(1, 2);
    sell(&w, 2000, "PER", "CHN", COPPER, 6);
    sell(&w, 2000, "PER", "USA", COPPER, 54);
    sell(&w, 2000, "PER", "USA", FISH, 40);
    buy(&w, 2000, "CHN", "CHL", COPPER, 20);
    buy(&w, 2000, "CHN", "DEU", CARS, 80);
    buy(&w, 2000, "USA", "PER", COPPER, 280);
    buy(&w, 2000, "USA", "PER", FISH, 100);
    buy(&w, 2000, "USA", "DEU", CARS, 520);
    world_open(&w);
    return w;
}

static void test_complementarity(void **state) {
    QI_UNUSED(state);
    world w = fitting_world();
    quipu_table t = ask(&w, "complementarity", "reporter=Peru");
    assert_near(figure(&t, "complementarity", "partner=CHN"), 20);
    assert_near(figure(&t, "drysdale", "partner=CHN"), 0.4);
    assert_near(figure(&t, "intensity", "partner=CHN"), 0.6);
    assert_near(figure(&t, "bias", "partner=CHN"), 1.5);
    assert_int_equal(t.n_rows, 2);
    quipu_table_free(&t);
    /* Germany reports nothing: no row, unless asked for by name */
    t = ask(&w, "complementarity", "reporter=Peru partner=China,Germany");
    assert_near(figure(&t, "complementarity", "partner=CHN"), 20);
    assert_missing(figure(&t, "complementarity", "partner=DEU"));
    quipu_table_free(&t);
    /* As everybody's exports have it, China buys copper only, and so does the world mostly. */
    t = ask(&w, "complementarity", "reporter=Peru partner=China demand=exports");
    assert_near(figure(&t, "complementarity", ""), 60);
    assert_near(figure(&t, "drysdale", ""), 0.6 * (100.0 / 60));
    quipu_table_free(&t);
    world_close(&w);
}

static void test_similarity(void **state) {
    QI_UNUSED(state);
    world w = new_world(2, 2);
    sell(&w, 2000, "PER", "USA", COPPER, 60);
    sell(&w, 2000, "PER", "USA", FISH, 40);
    sell(&w, 2000, "CHL", "USA", COPPER, 10);
    sell(&w, 2000, "CHL", "USA", CARS, 10);
    sell(&w, 2000, "ARG", "USA", WOOL, 7);
    sell(&w, 2001, "CHL", "USA", COPPER, 1);
    buy(&w, 2000, "PER", "USA", CARS, 30);
    buy(&w, 2000, "PER", "USA", COPPER, 20);
    buy(&w, 2000, "CHL", "USA", CARS, 40);
    buy(&w, 2000, "CHL", "USA", COPPER, 5);
    world_open(&w);
    quipu_table t = ask(&w, "similarity", "reporter=Peru with=Chile,Argentina");
    assert_near(figure(&t, "similarity", "with=CHL year=2000"), 50);
    assert_near(figure(&t, "krugman", "with=CHL year=2000"), 1);
    assert_near(figure(&t, "similarity", "with=ARG year=2000"), 0);
    assert_missing(figure(&t, "similarity", "with=CHL year=2001")); /* Peru is silent */
    quipu_table_free(&t);
    /* all reporters but itself, the most similar first */
    t = ask(&w, "similarity", "reporter=Peru years=2000");
    assert_int_equal(t.n_rows, 2);
    assert_string_equal(t.columns[column_of(&t, "with")].data.text[0], "CHL");
    quipu_table_free(&t);
    /* RCA: Peru copper .6/(70/127), fish .4/(40/127); Chile copper, cars; world four goods */
    double x[] = {log(0.6 * 127 / 70 + 0.1), log(0.4 * 127 / 40 + 0.1), log(0.1), log(0.1)};
    double y[] = {log(0.5 * 127 / 70 + 0.1), log(0.1), log(0.5 * 127 / 10 + 0.1), log(0.1)};
    double mx = (x[0] + x[1] + x[2] + x[3]) / 4, my = (y[0] + y[1] + y[2] + y[3]) / 4;
    double xx = 0, yy = 0, xy = 0;
    for (int i = 0; i < 4; i++) {
        xx += (x[i] - mx) * (x[i] - mx);
        yy += (y[i] - my) * (y[i] - my);
        xy += (x[i] - mx) * (y[i] - my);
    }
    t = ask(&w, "similarity", "reporter=Peru with=Chile years=2000 specialisation");
    assert_near(figure(&t, "correlation", ""), xy / sqrt(xx * yy));
    /* both trade copper (0.5, 1/3) and cars (-1, -0.6): two points are always in line */
    assert_near(figure(&t, "specialisation", ""), 1);
    quipu_table_free(&t);
    world_close(&w);
}

static void test_reach(void **state) {
    QI_UNUSED(state);
    static const char *const copper[] = {"CHN", "JPN", "USA", "DEU"};
    static const char *const fish[] = {"CHN", "JPN", "USA", "DEU", "IDN", "KOR"};
    world w = new_world(1, 2);
    for (size_t i = 0; i < 4; i++)
        buy(&w, 2000, copper[i], "CHL", COPPER, 5);
    for (size_t i = 0; i < 6; i++)
        buy(&w, 2000, fish[i], "CHL", FISH, 5);
    for (size_t i = 0; i < 3; i++)
        sell(&w, 2000, "PER", copper[i], COPPER, 2);
    sell(&w, 2000, "PER", "CHN", FISH, 2);
    world_open(&w);
    quipu_table t = ask(&w, "reach", "reporter=Peru");
    assert_near(figure(&t, "products", ""), 2);
    assert_near(figure(&t, "served", ""), 4);
    assert_near(figure(&t, "buying", ""), 10);
    assert_near(figure(&t, "penetration", ""), 0.4);
    quipu_table_free(&t);
    t = ask(&w, "reach", "reporter=Peru by=product");
    assert_near(figure(&t, "penetration", "product=260300"), 0.75);
    quipu_table_free(&t);
    t = ask(&w, "reach", "reporter=Peru partner=Japan");
    assert_near(figure(&t, "penetration", ""),
                1); /* Japan buys copper, and Peru no fish there */
    quipu_table_free(&t);
    t = ask(&w, "reach", "reporter=Peru demand=exports");
    assert_near(figure(&t, "penetration", ""), 1);
    quipu_table_free(&t);
    world_close(&w);
}

/* ---- concentration ---- */

static world four_lines(void) {
    world w = new_world(2, 1);
    sell(&w, 2000, "PER", "CHN", COPPER, 5);
    sell(&w, 2000, "PER", "CHN", FISH, 3);
    sell(&w, 2000, "PER", "CHN", CARS, 1);
    sell(&w, 2000, "PER", "JPN", WOOL, 1);
    sell(&w, 2000, "CHL", "CHN", FISH, 2); /* together all are 5 */
    sell(&w, 2000, "CHL", "CHN", CARS, 4);
    sell(&w, 2000, "CHL", "CHN", WOOL, 4);
    sell(&w, 2001, "CHL", "CHN", WOOL, 4);
    world_open(&w);
    return w;
}

static void test_concentration(void **state) {
    QI_UNUSED(state);
    world w = four_lines();
    quipu_table t = ask(&w, "concentration", "reporter=Peru lines=active largest=2");
    assert_near(figure(&t, "hhi", "year=2000"), 0.36);
    assert_near(figure(&t, "hhi_normalised", "year=2000"), 0.11 / 0.75);
    assert_near(figure(&t, "unctad", "year=2000"), 0.2);
    assert_near(figure(&t, "equivalent", "year=2000"), 1 / 0.36);
    assert_near(figure(&t, "largest", "year=2000"), 0.5);
    assert_near(figure(&t, "ratio", "year=2000"), 0.8);
    assert_near(figure(&t, "gini", "year=2000"), 0.35);
    assert_near(figure(&t, "diversification", "year=2000"), 0.3);
    assert_near(figure(&t, "lines", "year=2000"), 4);
    assert_missing(figure(&t, "hhi", "year=2001"));
    assert_missing(figure(&t, "value", "year=2001"));
    quipu_table_free(&t);

    t = ask(&w, "concentration", "reporter=Peru years=2000");
    double n = figure(&t, "lines", ""), zeros = n - 4;
    assert_true(n > 4000); /* six digits of HS 1988/92 */
    assert_near(figure(&t, "hhi_normalised", ""), (0.36 - 1 / n) / (1 - 1 / n));
    double ranked = (zeros + 1) + (zeros + 2) + 3 * (zeros + 3) + 5 * (zeros + 4);
    assert_near(figure(&t, "gini", ""), 2 * ranked / (10 * n) - (n + 1) / n);
    assert_true(has_note(&t, "of 6 digits"));
    quipu_table_free(&t);

    t = ask(&w, "concentration", "reporter=Chile years=2001 lines=active");
    assert_near(figure(&t, "hhi", ""), 1);
    assert_missing(figure(&t, "hhi_normalised", ""));  /* one line */
    assert_missing(figure(&t, "diversification", "")); /* nobody else reported */
    quipu_table_free(&t);

    t = ask(&w, "concentration", "reporter=Peru years=2000 over=partner");
    assert_near(figure(&t, "hhi", ""), 0.81 + 0.01);
    assert_near(figure(&t, "lines", ""), WORLD_COUNTRIES - 1);
    quipu_table_free(&t);
    t = ask(&w, "concentration", "reporter=Peru years=2000 product=2603,0301");
    assert_near(figure(&t, "hhi", ""), (25.0 + 9) / 64);
    assert_near(figure(&t, "lines", ""), 2);
    quipu_table_free(&t);
    assert_refused(&w, "concentration", "reporter=Peru over=reporter", "take product, partner");
    assert_refused(&w, "concentration", "by=product", "one dimension");
    assert_refused(&w, "concentration", "largest=0", "at least 1");
    world_close(&w);
}

static void test_theil(void **state) {
    QI_UNUSED(state);
    world w = new_world(1, 1);
    sell(&w, 2000, "PER", "CHN", COPPER, 3);
    sell(&w, 2000, "PER", "CHN", FISH, 1);
    sell(&w, 2000, "CHL", "CHN", FISH, 4);
    world_open(&w);
    quipu_table t = ask(&w, "theil", "reporter=Peru product=2603,0301,8703,5201");
    double entropy = -(0.75 * log(0.75) + 0.25 * log(0.25));
    assert_near(figure(&t, "lines", ""), 4);
    assert_near(figure(&t, "entropy", ""), entropy);
    assert_near(figure(&t, "theil", ""), log(4) - entropy);
    assert_near(figure(&t, "between", ""), log(2));
    assert_near(figure(&t, "within", ""), log(2) - entropy);
    quipu_table_free(&t);
    /* by section: copper alone in V, fish alone in I, the others traded by nobody */
    t = ask(&w, "theil", "reporter=Peru product=2603,0301,8703,5201 groups=section");
    assert_near(figure(&t, "theil", ""), log(4) - entropy);
    assert_near(figure(&t, "between", ""), log(4) - entropy);
    assert_near(figure(&t, "within", ""), 0);
    quipu_table_free(&t);
    t = ask(&w, "theil", "reporter=Chile lines=active");
    assert_near(figure(&t, "theil", ""), 0);
    assert_missing(figure(&t, "between_share", ""));
    quipu_table_free(&t);
    assert_refused(&w, "theil", "over=partner groups=section", "groups are of products");
    world_close(&w);
}

/* ---- both ways ---- */

static world two_ways(void) {
    world w = new_world(2, 2);
    sell(&w, 2000, "PER", "CHN", CARS, 6);
    buy(&w, 2000, "PER", "CHN", CARS, 4);
    buy(&w, 2000, "PER", "JPN", COPPER, 2);
    sell(&w, 2001, "PER", "CHN", CARS, 12);
    buy(&w, 2001, "PER", "CHN", CARS, 8);
    buy(&w, 2001, "PER", "JPN", COPPER, 4);
    world_open(&w);
    return w;
}

static void test_intra_industry(void **state) {
    QI_UNUSED(state);
    world w = two_ways();
    quipu_table t = ask(&w, "iit", "reporter=Peru years=2000");
    assert_near(figure(&t, "gl", ""), 2.0 / 3);
    assert_near(figure(&t, "adjusted", ""), 2.0 / 3);
    assert_near(figure(&t, "aquino", ""), 2.0 / 3);
    quipu_table_free(&t);
    t = ask(&w, "iit", "reporter=Peru years=2000 by=partner");
    assert_near(figure(&t, "gl", "partner=CHN"), 0.8);
    assert_near(figure(&t, "adjusted", "partner=CHN"), 1);
    assert_near(figure(&t, "aquino", "partner=CHN"), 1);
    assert_near(figure(&t, "gl", "partner=JPN"), 0);
    assert_missing(figure(&t, "adjusted", "partner=JPN")); /* all one way */
    assert_missing(figure(&t, "aquino", "partner=JPN"));
    quipu_table_free(&t);
    t = ask(&w, "iit", "reporter=China years=2000"); /* silent */
    assert_missing(figure(&t, "gl", ""));
    quipu_table_free(&t);
    assert_refused(&w, "iit", "over=partner", "product");
    world_close(&w);
}

/* Copper bought from Japan meets copper sold to China only when partners are put together. */
static void test_bilateral(void **state) {
    QI_UNUSED(state);
    world w = new_world(1, 2);
    sell(&w, 2000, "PER", "CHN", COPPER, 5);
    buy(&w, 2000, "PER", "JPN", COPPER, 5);
    world_open(&w);
    quipu_table t = ask(&w, "iit", "reporter=Peru");
    assert_near(figure(&t, "gl", ""), 1);
    quipu_table_free(&t);
    t = ask(&w, "iit", "reporter=Peru bilateral");
    assert_near(figure(&t, "gl", ""), 0);
    quipu_table_free(&t);
    world_close(&w);
}

static void test_marginal(void **state) {
    QI_UNUSED(state);
    world w = two_ways();
    quipu_table t = ask(&w, "marginal-iit", "reporter=Peru");
    assert_near(figure(&t, "a", ""), 2.0 / 3);
    assert_near(figure(&t, "b", ""), 0);
    assert_near(figure(&t, "c", ""), 4);
    quipu_table_free(&t);
    t = ask(&w, "marginal-iit", "reporter=Peru deflator=2");
    assert_near(figure(&t, "exports", ""), 0);
    assert_missing(figure(&t, "a", "")); /* nothing changed but prices */
    quipu_table_free(&t);
    assert_refused(&w, "marginal-iit", "deflator=0", "deflator");
    world_close(&w);
}

static void test_two_way(void **state) {
    QI_UNUSED(state);
    world w = new_world(1, 2);
    sell(&w, 2000, "PER", "CHN", CARS, 60);
    buy(&w, 2000, "PER", "CHN", CARS, 40);
    weigh(&w, 2000, QUIPU_EXPORT, "PER", "CHN", CARS, 10);
    weigh(&w, 2000, QUIPU_IMPORT, "PER", "CHN", CARS, 10);
    buy(&w, 2000, "PER", "CHN", COPPER, 20);
    world_open(&w);
    quipu_table t = ask(&w, "two-way", "reporter=Peru");
    assert_near(figure(&t, "vertical_high", ""), 100.0 / 120);
    assert_near(figure(&t, "one_way", ""), 20.0 / 120);
    assert_near(figure(&t, "horizontal", ""), 0);
    quipu_table_free(&t);
    t = ask(&w, "two-way", "reporter=Peru count=overlap");
    assert_near(figure(&t, "vertical_high", ""), 80.0 / 120);
    assert_near(figure(&t, "one_way", ""), 40.0 / 120);
    quipu_table_free(&t);
    t = ask(&w, "two-way", "reporter=Peru range=0.5"); /* 1.5 is within, just */
    assert_near(figure(&t, "horizontal", ""), 100.0 / 120);
    quipu_table_free(&t);
    t = ask(&w, "two-way", "reporter=Peru minority=0.7");
    assert_near(figure(&t, "one_way", ""), 1);
    quipu_table_free(&t);
    world_close(&w);
}

/* The bounds: 1/(1.15) = 0.8696, 1 - 0.15 = 0.85; without a weight nothing can be said. */
static void test_two_way_bounds(void **state) {
    QI_UNUSED(state);
    world w = new_world(1, 2);
    sell(&w, 2000, "PER", "CHN", CARS, 86);
    buy(&w, 2000, "PER", "CHN", CARS, 100);
    weigh(&w, 2000, QUIPU_EXPORT, "PER", "CHN", CARS, 100);
    weigh(&w, 2000, QUIPU_IMPORT, "PER", "CHN", CARS, 100);
    sell(&w, 2000, "PER", "CHN", FISH, 50);
    buy(&w, 2000, "PER", "CHN", FISH, 50);
    world_open(&w);
    quipu_table t = ask(&w, "two-way", "reporter=Peru");
    assert_near(figure(&t, "vertical_low", ""), 186.0 / 286);
    assert_near(figure(&t, "unknown", ""), 100.0 / 286);
    quipu_table_free(&t);
    t = ask(&w, "two-way", "reporter=Peru lower=linear");
    assert_near(figure(&t, "horizontal", ""), 186.0 / 286);
    quipu_table_free(&t);
    world_close(&w);
}

/* ---- market shares ---- */

static world market_world(void) {
    world w = new_world(2, 1);
    sell(&w, 2000, "PER", "JPN", COPPER, 50);
    sell(&w, 2000, "PER", "KOR", COPPER, 50);
    sell(&w, 2000, "CHL", "JPN", COPPER, 50);
    sell(&w, 2000, "CHL", "KOR", COPPER, 50);
    sell(&w, 2000, "CHL", "USA", FISH, 200);
    sell(&w, 2001, "PER", "JPN", COPPER, 90);
    sell(&w, 2001, "PER", "KOR", COPPER, 50);
    sell(&w, 2001, "CHL", "JPN", COPPER, 60);
    sell(&w, 2001, "CHL", "KOR", COPPER, 60);
    sell(&w, 2001, "CHL", "USA", FISH, 220);
    world_open(&w);
    return w;
}

static void assert_cms(const world *w, const char *text, const char *where, double growth,
                       double commodity, double market, double competitiveness) {
    quipu_table t = ask(w, "cms", text);
    assert_near(figure(&t, "growth", where), growth);
    assert_near(figure(&t, "commodity", where), commodity);
    assert_near(figure(&t, "market", where), market);
    assert_near(figure(&t, "competitiveness", where), competitiveness);
    assert_near(figure(&t, "change", where), growth + commodity + market + competitiveness);
    quipu_table_free(&t);
}

static void test_cms(void **state) {
    QI_UNUSED(state);
    world w = market_world();
    assert_cms(&w, "reporter=Peru", "", 20, 10, 0, 10);
    /* only copper is sold to J and K: markets take what commodities did */
    assert_cms(&w, "reporter=Peru order=market-first", "", 20, 0, 10, 10);
    assert_cms(&w, "reporter=Peru order=shapley", "", 20, 5, 5, 10);
    assert_cms(&w, "reporter=Peru by=partner", "partner=JPN", 10, 5, 10, 15);
    assert_cms(&w, "reporter=Peru by=partner", "partner=KOR", 10, 5, -10, -5);
    assert_cms(&w, "reporter=Peru by=partner limit=1 rest total", "partner=rest", 10, 5, -10,
               -5);
    assert_cms(&w, "reporter=Peru by=partner limit=1 rest total", "partner=total", 20, 10, 0,
               10);
    /* Chile with itself as the world: no share to win.  56.667 twice and 226.667 are 340.001. */
    assert_cms(&w, "reporter=Chile of=Chile", "", 40.001, -0.001, 0, 0);
    world_close(&w);
}

static void test_share_change(void **state) {
    QI_UNUSED(state);
    world w = new_world(3, 1);
    sell(&w, 2000, "PER", "JPN", COPPER, 10);
    sell(&w, 2000, "PER", "KOR", COPPER, 30);
    sell(&w, 2000, "CHL", "JPN", COPPER, 90);
    sell(&w, 2000, "CHL", "KOR", COPPER, 70);
    sell(&w, 2001, "PER", "JPN", COPPER, 20);
    sell(&w, 2001, "PER", "KOR", COPPER, 60);
    sell(&w, 2001, "CHL", "JPN", COPPER, 80);
    sell(&w, 2001, "CHL", "KOR", COPPER, 240);
    sell(&w, 2002, "CHL", "USA", COPPER, 9);
    world_open(&w);
    quipu_table t = ask(&w, "share-change", "reporter=Peru years=2000-2001");
    assert_near(figure(&t, "share_from", ""), 0.2);
    assert_near(figure(&t, "share_to", ""), 0.2);
    assert_close(figure(&t, "performance", ""), 0, 1e-15);
    assert_near(figure(&t, "structure", ""), 0.05);
    assert_near(figure(&t, "adaptation", ""), -0.05);
    quipu_table_free(&t);
    t = ask(&w, "share-change", "reporter=Peru,Chile years=2001-2002");
    assert_missing(figure(&t, "change", "reporter=PER")); /* silent in 2002 */
    /* both old markets are gone and a new one is there: structure all of it */
    assert_near(figure(&t, "change", "reporter=CHL"), 0.2);
    assert_near(figure(&t, "structure", "reporter=CHL"), 0.2);
    assert_near(figure(&t, "performance", "reporter=CHL"), 0);
    quipu_table_free(&t);
    world_close(&w);
}

/* ---- prices ---- */

static void test_terms_of_trade(void **state) {
    QI_UNUSED(state);
    world w = new_world(2, 2);
    sell(&w, 2000, "PER", "CHN", COPPER, 20);
    weigh(&w, 2000, QUIPU_EXPORT, "PER", "CHN", COPPER, 10);
    sell(&w, 2001, "PER", "CHN", COPPER, 36);
    weigh(&w, 2001, QUIPU_EXPORT, "PER", "CHN", COPPER, 12);
    buy(&w, 2000, "PER", "CHN", CARS, 20);
    weigh(&w, 2000, QUIPU_IMPORT, "PER", "CHN", CARS, 5);
    buy(&w, 2001, "PER", "CHN", CARS, 30);
    weigh(&w, 2001, QUIPU_IMPORT, "PER", "CHN", CARS, 6);
    sell(&w, 2000, "PER", "JPN", COPPER, 5);
    world_open(&w);
    static const char *const ways[] = {"reporter=Peru partner=China",
                                       "reporter=Peru partner=China chain",
                                       "reporter=Peru partner=China geks"};
    for (size_t i = 0; i < 3; i++) {
        quipu_table t = ask(&w, "tot", ways[i]);
        assert_near(figure(&t, "export_price", "year=2001"), 150);
        assert_near(figure(&t, "import_price", "year=2001"), 125);
        assert_near(figure(&t, "net_barter", "year=2001"), 120);
        assert_near(figure(&t, "income", "year=2001"), 144);
        assert_near(figure(&t, "gross_barter", "year=2001"), 100);
        assert_near(figure(&t, "net_barter", "year=2000"), 100);
        quipu_table_free(&t);
    }
    quipu_table t = ask(&w, "tot", "reporter=Peru by=partner");
    assert_missing(figure(&t, "net_barter", "partner=JPN year=2001"));
    assert_near(figure(&t, "net_barter", "partner=CHN year=2001"), 120);
    quipu_table_free(&t);
    assert_refused(&w, "tot", "reporter=Peru chain geks", "one of them");
    world_close(&w);
}

/* The example of the page of price: zinc of 14 is new. */
static void test_variety(void **state) {
    QI_UNUSED(state);
    world w = new_world(2, 1);
    static const struct {
        const char *what;
        int64_t usd[2], kg[2];
    } goods[] = {{COPPER, {20, 36}, {10, 12}}, {FISH, {20, 20}, {5, 4}}};
    for (size_t g = 0; g < 2; g++)
        for (int y = 0; y < 2; y++) {
            sell(&w, years[y], "PER", "CHN", goods[g].what, goods[g].usd[y]);
            weigh(&w, years[y], QUIPU_EXPORT, "PER", "CHN", goods[g].what, goods[g].kg[y]);
        }
    sell(&w, 2001, "PER", "CHN", "260700", 14);
    world_open(&w);
    quipu_table t = ask(&w, "price", "reporter=Peru sigma=3");
    double fisher = 100 * sqrt(55.0 / 40 * (56.0 / 40));
    assert_near(figure(&t, "fisher", "year=2001"), fisher);
    assert_near(figure(&t, "variety", "year=2001"), sqrt(0.8));
    assert_near(figure(&t, "corrected", "year=2001"), fisher * sqrt(0.8));
    assert_near(figure(&t, "variety", "year=2000"), 1);
    quipu_table_free(&t);
    t = ask(&w, "price", "reporter=Peru");
    assert_true(quipu_table_find(&t, "variety") < 0);
    quipu_table_free(&t);
    assert_refused(&w, "price", "sigma=1", "above 1");
    assert_refused(&w, "price", "sigma=3 geks", "geks");
    world_close(&w);
}

/* Three years of one good are its prices; with two goods the mean of both ways between. */
static void test_geks(void **state) {
    QI_UNUSED(state);
    world w = new_world(3, 1);
    static const int64_t usd[2][3] = {{20, 36, 24}, {20, 20, 45}},
                         kg[2][3] = {{10, 12, 6}, {5, 4, 9}};
    static const char *const goods[] = {COPPER, FISH};
    for (size_t g = 0; g < 2; g++)
        for (int y = 0; y < 3; y++) {
            sell(&w, years[y], "PER", "CHN", goods[g], usd[g][y]);
            weigh(&w, years[y], QUIPU_EXPORT, "PER", "CHN", goods[g], kg[g][y]);
        }
    world_open(&w);
    double f[3][3];
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++) {
            double up_a = 0, down_a = 0, up_b = 0, down_b = 0;
            for (size_t g = 0; g < 2; g++) {
                double pa = (double)usd[g][a] / (double)kg[g][a];
                double pb = (double)usd[g][b] / (double)kg[g][b];
                up_a += pb * (double)kg[g][a];
                down_a += pa * (double)kg[g][a];
                up_b += pb * (double)kg[g][b];
                down_b += pa * (double)kg[g][b];
            }
            f[a][b] = sqrt(up_a / down_a * (up_b / down_b));
        }
    quipu_table t = ask(&w, "price", "reporter=Peru geks");
    assert_close(figure(&t, "fisher", "year=2001"),
                 100 * cbrt(f[0][1] * f[0][1] * f[0][2] * f[2][1]), 1e-6);
    assert_close(figure(&t, "fisher", "year=2002"),
                 100 * cbrt(f[0][2] * f[0][1] * f[1][2] * f[0][2]), 1e-6);
    assert_missing(figure(&t, "laspeyres", "year=2001"));
    /* price times volume is the value; another base, the same ratios */
    assert_close(figure(&t, "fisher", "year=2002") * figure(&t, "volume", "year=2002"),
                 1e4 * 69 / 40, 1e-6);
    quipu_table u = ask(&w, "price", "reporter=Peru geks base=2002");
    assert_close(figure(&u, "fisher", "year=2001") * figure(&t, "fisher", "year=2002"),
                 100 * figure(&t, "fisher", "year=2001"), 1e-6);
    quipu_table_free(&u);
    quipu_table_free(&t);
    world_close(&w);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rca_variants),   cmocka_unit_test(test_rca_vollrath),
        cmocka_unit_test(test_rca_market),     cmocka_unit_test(test_specialisation),
        cmocka_unit_test(test_intensity),      cmocka_unit_test(test_complementarity),
        cmocka_unit_test(test_similarity),     cmocka_unit_test(test_reach),
        cmocka_unit_test(test_concentration),  cmocka_unit_test(test_theil),
        cmocka_unit_test(test_intra_industry), cmocka_unit_test(test_bilateral),
        cmocka_unit_test(test_marginal),       cmocka_unit_test(test_two_way),
        cmocka_unit_test(test_two_way_bounds), cmocka_unit_test(test_cms),
        cmocka_unit_test(test_share_change),   cmocka_unit_test(test_terms_of_trade),
        cmocka_unit_test(test_variety),        cmocka_unit_test(test_geks),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
