/* SPDX-License-Identifier: Apache-2.0 */
/* test_penetration.c - output tables, and imports in what a country uses. */
#include "measures/production.h"
#include "measures/test_tables.h"
#include "nomen/test_open.h"

static const quipu_flow two_flows[] = {QUIPU_EXPORT, QUIPU_IMPORT};
static const quipu_period two_years[] = {2005, 2007};

/* ---- reading ---- */

static quipu_status parse(const char *text, qi_arena *arena, qi_production *out,
                          quipu_error *err) {
    return qi_production_parse(nomen, "out.csv", text, strlen(text), arena, out, err);
}

static void test_parse(void **state) {
    QI_UNUSED(state);
    qi_arena arena = {0};
    qi_production p;
    quipu_error err = {0};
    const char *text = "\xEF\xBB\xBF#quipu output 1\r\n"
                       "#source INEI\n"
                       "#remark anything\n"
                       "#unit million USD\n"
                       "sector,country,year,output\n"
                       "17,Peru,2007,1234.5\n"
                       "\n"
                       "18,\"South Korea\",2007,0\r\n"
                       "0111,604,2007,";
    assert_int_equal(parse(text, &arena, &p, &err), QUIPU_OK);
    assert_string_equal(p.source, "INEI");
    assert_string_equal(p.nomenclature, "I3");
    assert_int_equal(p.n_rows, 3);
    assert_true(p.rows[0].output == INT64_C(1234500000000) && p.rows[0].known);
    assert_true(p.rows[1].output == 0 && p.rows[1].known);
    assert_false(p.rows[2].known);
    assert_string_equal(p.rows[2].sector, "0111");
    assert_true(p.rows[0].country == p.rows[2].country);
    assert_true(p.rows[2].line == 9);
    qi_arena_free(&arena);
}

/* Soles at 3.128 for a dollar; half a thousandth of a dollar rounds up. */
static void test_currency(void **state) {
    QI_UNUSED(state);
    qi_arena arena = {0};
    qi_production p;
    quipu_error err = {0};
    const char *text = "#quipu output 1\n#unit 1000 PEN\ncountry,year,sector,output,rate\n"
                       "PER,2007,17,3128,3.128\nPER,2007,18,0.000003,2\nPER,2006,17,,\n";
    assert_int_equal(parse(text, &arena, &p, &err), QUIPU_OK);
    assert_true(p.rows[0].output == INT64_C(1000000000));
    assert_true(p.rows[1].output == 2);
    assert_false(p.rows[2].known);
    qi_arena_free(&arena);
}

static const struct {
    const char *text;
    int line, column;
    const char *says;
} refused[] = {
    {"country,year,sector,output\n", 1, 1, "begins with the line"},
    {"", 1, 1, "begins with the line"},
    {"#quipu output 1\ncountry,year,sector,output\n", 2, 1, "no rows"},
    {"#quipu output 1\n#unit 12 USD\n", 2, 7, "expected 1000, million"},
    {"#quipu output 1\n#unit dollars\n", 2, 7, "currency of three capitals"},
    {"#quipu output 1\n#unit PEN\ncountry,year,sector,output\n", 3, 1, "PEN for one US$"},
    {"#quipu output 1\ncountry,year,sectr,output\n", 2, 14, "did you mean sector?"},
    {"#quipu output 1\ncountry,year,year,output\n", 2, 14, "two columns"},
    {"#quipu output 1\ncountry,year,output\n", 2, 1, "no column \"sector\""},
    {"#quipu output 1\ncountry,year,sector,output\nPeruu,2007,17,1\n", 3, 1, "Peru"},
    {"#quipu output 1\ncountry,year,sector,output\nPER,07,17,1\n", 3, 5, "a year is expected"},
    {"#quipu output 1\ncountry,year,sector,output\nPER,2007,,1\n", 3, 10, "a sector"},
    {"#quipu output 1\ncountry,year,sector,output\nPER,2007,17,n.a.\n", 3, 13, "digits"},
    {"#quipu output 1\ncountry,year,sector,output\nPER,2007,17,-1\n", 3, 13, "negative"},
    {"#quipu output 1\ncountry,year,sector,output\nPER,2007,17,1e30\n", 3, 13, "below 9.2e15"},
    {"#quipu output 1\ncountry,year,sector,output\nPER,2007,17,\"1\n", 3, 13, "no end"},
    {"#quipu output 1\ncountry,year,sector,output\nPER,2007,17,\"1\"x\n", 3, 16, "closing"},
    {"#quipu output 1\ncountry,year,sector,output\nPER,2007,17\n", 3, 10, "3 fields where"},
    {"#quipu output 1\ncountry,year,sector,output\nPER,2007,17,1,2\n", 3, 15, "5 fields where"},
    {"#quipu output 1\n#unit PEN\ncountry,year,sector,output,rate\nPER,2007,17,1,0\n", 4, 15,
     "exchange rate"},
};

static void test_refused(void **state) {
    QI_UNUSED(state);
    for (size_t i = 0; i < QI_COUNT(refused); i++) {
        qi_arena arena = {0};
        qi_production p;
        quipu_error err = {0};
        assert_int_not_equal(parse(refused[i].text, &arena, &p, &err), QUIPU_OK);
        if ((int)err.line != refused[i].line || (int)err.column != refused[i].column ||
            strstr(err.text, refused[i].says) == NULL)
            fail_msg("case %zu: %d:%d %s", i, (int)err.line, (int)err.column, err.text);
        qi_arena_free(&arena);
    }
}

/* ---- tables beside cubes ---- */

static void trade(world *w, quipu_period year, quipu_flow flow, const char *who,
                  const char *with, const char *what, int64_t usd) {
    world_set(w, year, flow, who, with, what, usd);
}

static world small_world(void) {
    world w = world_empty(two_years, 2, two_flows, 2);
    trade(&w, 2005, QUIPU_EXPORT, "PER", "USA", "611020", 5);
    trade(&w, 2005, QUIPU_IMPORT, "PER", "CHN", "611020", 5);
    trade(&w, 2005, QUIPU_IMPORT, "PER", "BRA", "611020", 10);
    trade(&w, 2007, QUIPU_EXPORT, "PER", "USA", "611020", 10);
    trade(&w, 2007, QUIPU_IMPORT, "PER", "CHN", "611020", 20);
    trade(&w, 2007, QUIPU_IMPORT, "PER", "BRA", "611020", 20);
    trade(&w, 2007, QUIPU_EXPORT, "PER", "USA", "260300", 90);
    trade(&w, 2007, QUIPU_IMPORT, "PER", "CHN", "847120", 60);
    world_open(&w);
    return w;
}

/* ISIC Rev. 3 counts knitted garments (HS 61) among textiles, 1730. */
static quipu_table ask(const quipu_cube *cube, const char *table, const char *text) {
    char path[] = "/tmp/quipu-test-XXXXXX", all[256];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_true(write(fd, table, strlen(table)) == (ssize_t)strlen(table));
    close(fd);
    snprintf(all, sizeof all, "production=%s %s", path, text);
    quipu_table t = run_measure(cube, nomen, "penetration", all);
    unlink(path);
    return t;
}

static const char *const small_table = "#quipu output 1\n"
                                       "#source An invented office\n"
                                       "country,year,sector,output\n"
                                       "PER,2005,17,70\n"
                                       "PER,2007,17,70\n"
                                       "PER,2007,1320,60\n"
                                       "PER,2005,1320,\n"
                                       "PER,2005,18,7\n";

static void test_level(void **state) {
    QI_UNUSED(state);
    world w = small_world();
    quipu_table t = ask(w.cube, small_table, "partner=China,Brazil");
    assert_int_equal(t.n_rows, 2 * 4 * 2);
    const char *where = "partner=CHN class=17 year=2007";
    assert_near(figure(&t, "output", where), 70);
    assert_near(figure(&t, "exports", where), 10);
    assert_near(figure(&t, "imports", where), 40);
    assert_near(figure(&t, "consumption", where), 100);
    assert_near(figure(&t, "imports_from", where), 20);
    assert_near(figure(&t, "penetration", where), 0.2);
    assert_near(figure(&t, "dependence", where), 0.4);
    assert_near(figure(&t, "orientation", where), 10.0 / 70);
    assert_near(figure(&t, "self_sufficiency", where), 0.7);
    assert_near(figure(&t, "share_of_imports", where), 0.4);
    /* More was exported than produced: 60 + 0 - 90. */
    where = "partner=CHN class=1320 year=2007";
    assert_near(figure(&t, "consumption", where), -30);
    assert_missing(figure(&t, "penetration", where));
    assert_missing(figure(&t, "self_sufficiency", where));
    assert_near(figure(&t, "orientation", where), 1.5);
    size_t flag = column_of(&t, "flag");
    assert_string_equal(t.columns[flag].data.text[row_where(&t, where)],
                        "negative consumption");
    assert_true(has_note(&t, "negative in 2 rows"));
    /* An empty field, and no row at all. */
    where = "partner=CHN class=1320 year=2005";
    assert_missing(figure(&t, "output", where));
    assert_missing(figure(&t, "consumption", where));
    assert_string_equal(t.columns[flag].data.text[row_where(&t, where)], "no output");
    assert_missing(figure(&t, "output", "partner=CHN class=18 year=2007"));
    /* Computers are of no sector. */
    where = "partner=CHN class=unclassified year=2007";
    assert_near(figure(&t, "imports", where), 60);
    assert_near(figure(&t, "share_of_imports", where), 0.6);
    assert_missing(figure(&t, "penetration", where));
    quipu_table_free(&t);
    world_close(&w);
}

static void test_shock(void **state) {
    QI_UNUSED(state);
    world w = small_world();
    quipu_table t = ask(w.cube, small_table, "partner=China form=shock");
    /* Consumption of 2005: 70 + 15 - 5. */
    assert_near(figure(&t, "base_consumption", "class=17 year=2007"), 80);
    assert_near(figure(&t, "change", "class=17 year=2007"), 15);
    assert_near(figure(&t, "shock", "class=17 year=2007"), 15.0 / 80);
    assert_near(figure(&t, "shock", "class=17 year=2005"), 0);
    assert_missing(figure(&t, "shock", "class=1320 year=2007"));
    quipu_table_free(&t);
    world_close(&w);
}

/* By the classes of a scheme instead of ISIC. */
static void test_scheme(void **state) {
    QI_UNUSED(state);
    world w = small_world();
    quipu_table t = ask(w.cube,
                        "#quipu output 1\n#nomenclature technology\n"
                        "country,year,sector,output\nPER,2007,LTM,70\nPER,2007,HTM,5\n",
                        "years=2007");
    assert_near(figure(&t, "consumption", "class=LTM"), 100);
    assert_near(figure(&t, "penetration", "class=LTM"), 0.4);
    assert_near(figure(&t, "imports", "class=HTM"), 60);
    assert_near(figure(&t, "exports", "class=unclassified"), 90);
    quipu_table_free(&t);
    world_close(&w);
}

/* Gas of four digits: two of its seven codes are mined (11), five refined (23). */
static void test_divided(void **state) {
    QI_UNUSED(state);
    world w = world_empty(two_years, 2, two_flows, 2);
    w.products[world_product("271000")] = "2710";
    w.products[world_product("271011")] = "2711";
    trade(&w, 2007, QUIPU_EXPORT, "PER", "USA", "271011", 70);
    trade(&w, 2007, QUIPU_IMPORT, "PER", "CHN", "271000", 30);
    world_open(&w);
    quipu_table t = ask(w.cube,
                        "#quipu output 1\ncountry,year,sector,output\n"
                        "PER,2007,11,100\nPER,2007,23,300\n",
                        "years=2007");
    assert_near(figure(&t, "exports", "class=11"), 20);
    assert_near(figure(&t, "consumption", "class=23"), 280);
    assert_near(figure(&t, "divided", "class=11"), 1);
    assert_near(figure(&t, "divided", "class=23"), 50.0 / 80);
    assert_missing(figure(&t, "divided", "class=unclassified"));
    quipu_table_free(&t);
    world_close(&w);
}

static void test_sectors_refused(void **state) {
    QI_UNUSED(state);
    static const struct {
        const char *text;
        int line, column;
        const char *says;
    } cases[] = {
        {"country,year,sector,output\nPER,2007,1899,1\n", 3, 10, "no sector of ISIC Rev. 3"},
        {"country,year,sector,output\nPER,2007,17,1\nPER,2006,1711,1\n", 4, 10,
         "line 3 has 17"},
        {"country,year,sector,output\nPER,2007,1711,1\nPER,2006,17,1\n", 4, 10,
         "line 3 has 1711"},
        {"country,year,sector,output\nPER,2007,17,1\nPeru,2007,17,2\n", 4, 11,
         "line 3 already"},
        {"#nomenclature technology\ncountry,year,sector,output\nPER,2007,LTX,1\n", 4, 10,
         "did you mean"},
    };
    world w = small_world();
    for (size_t i = 0; i < QI_COUNT(cases); i++) {
        char text[256];
        qi_arena arena = {0};
        qi_production p;
        qi_sectors sectors;
        quipu_error err = {0};
        snprintf(text, sizeof text, "#quipu output 1\n%s", cases[i].text);
        assert_int_equal(parse(text, &arena, &p, &err), QUIPU_OK);
        assert_int_not_equal(qi_sectors_make(nomen, w.cube, false, &p, &arena, &sectors, &err),
                             QUIPU_OK);
        if ((int)err.line != cases[i].line || (int)err.column != cases[i].column ||
            strstr(err.text, cases[i].says) == NULL)
            fail_msg("case %zu: %d:%d %s", i, (int)err.line, (int)err.column, err.text);
        qi_arena_free(&arena);
    }
    world_close(&w);
}

static void test_refusals(void **state) {
    QI_UNUSED(state);
    world w = small_world();
    quipu_table t;
    quipu_error err = {0};
    assert_int_equal(try_measure(w.cube, nomen, "penetration", "reporter=Peru", 1, &t, &err),
                     QUIPU_E_ARG);
    assert_non_null(strstr(err.text, "--production FILE"));
    err = (quipu_error){0};
    assert_int_equal(try_measure(w.cube, nomen, "penetration",
                                 "production=/nowhere/out.csv reporter=Peru", 1, &t, &err),
                     QUIPU_E_IO);
    world_close(&w);
}

/* ---- laws ---- */

static void make_table(char *text, size_t size, uint64_t seed) {
    static const char *const sectors[] = {"01", "05", "1320", "15", "17", "24", "27", "32"};
    size_t used = (size_t)snprintf(text, size, "#quipu output 1\ncountry,year,sector,output\n");
    for (size_t c = 0; c < 4; c++)
        for (size_t y = 0; y < 2; y++)
            for (size_t s = 0; s < QI_COUNT(sectors); s++)
                used += (size_t)snprintf(text + used, size - used, "%s,%d,%s,%llu\n",
                                         world_countries[c].iso3, (int)two_years[y], sectors[s],
                                         (unsigned long long)(world_random(&seed) >>
                                                              (34 + world_random(&seed) % 28)));
}

/* C = Q + M - X; the parts of all partners are the whole; sectors and the rest are all trade;
 * what is not clipped is still there; threads do not matter. */
static void test_laws(void **state) {
    QI_UNUSED(state);
    static char table[8192];
    static char partners[256];
    for (size_t j = 0; j < WORLD_COUNTRIES; j++)
        snprintf(partners + strlen(partners), sizeof partners - strlen(partners), "%s%s",
                 j > 0 ? "," : "partner=", world_countries[j].iso3);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        world w = world_empty(two_years, 2, two_flows, 2);
        world_fill(&w, seed);
        world_open(&w);
        make_table(table, sizeof table, seed);
        quipu_table t = ask(w.cube, table, ""), each = ask(w.cube, table, partners);
        size_t money[4] = {column_of(&t, "output"), column_of(&t, "imports"),
                           column_of(&t, "exports"), column_of(&t, "consumption")};
        size_t from = column_of(&each, "imports_from");
        for (size_t row = 0; row < t.n_rows; row++) {
            int64_t v[4];
            for (int i = 0; i < 4; i++)
                v[i] = t.columns[money[i]].data.integer[row];
            if (!quipu_table_present(&t, money[3], row))
                continue;
            assert_true(v[3] == v[0] + v[1] - v[2]);
            int64_t sum = 0;
            for (size_t other = 0; other < each.n_rows; other++)
                if (strcmp(each.columns[0].data.text[other], t.columns[0].data.text[row]) ==
                        0 &&
                    strcmp(each.columns[4].data.text[other], t.columns[2].data.text[row]) ==
                        0 &&
                    each.columns[6].data.integer[other] == t.columns[4].data.integer[row])
                    sum += each.columns[from].data.integer[other];
            assert_true(sum == v[1]);
        }
        quipu_table value = run_measure(w.cube, nomen, "value",
                                        "reporter=ARG,BRA,CHL,CHN flow=import years=2005,2007");
        for (size_t row = 0; row < value.n_rows; row++) {
            int64_t sum = 0;
            for (size_t other = 0; other < t.n_rows; other++)
                if (strcmp(value.columns[0].data.text[row], t.columns[0].data.text[other]) ==
                        0 &&
                    value.columns[2].data.integer[row] == t.columns[4].data.integer[other])
                    sum += t.columns[money[1]].data.integer[other];
            assert_true(sum == value.columns[column_of(&value, "value")].data.integer[row]);
        }
        quipu_table_free(&value);
        quipu_table_free(&t);
        quipu_table_free(&each);
        world_close(&w);
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),    cmocka_unit_test(test_currency),
        cmocka_unit_test(test_refused),  cmocka_unit_test(test_level),
        cmocka_unit_test(test_shock),    cmocka_unit_test(test_scheme),
        cmocka_unit_test(test_divided),  cmocka_unit_test(test_sectors_refused),
        cmocka_unit_test(test_refusals), cmocka_unit_test(test_laws),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
