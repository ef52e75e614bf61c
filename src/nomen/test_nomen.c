/* SPDX-License-Identifier: Apache-2.0 */
/* Countries, groups and code lists: every spelling, dates, proposals, threads. */
#include "nomen/nomen.h"
#include "nomen/test_open.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void expect_country(const char *text, const char *iso3) {
    const quipu_country *found;
    quipu_error err;
    if (quipu_country_find(nomen, text, &found, &err) != QUIPU_OK)
        fail_msg("\"%s\": %s", text, err.text);
    if (strcmp(found->iso3, iso3) != 0)
        fail_msg("\"%s\" is %s, not %s", text, found->iso3, iso3);
}

static void countries_by_every_spelling(void **state) {
    QI_UNUSED(state);
    static const char *const KNOWN[][2] = {
        {"PER", "PER"},
        {"pe", "PER"},
        {"604", "PER"},
        {"Perú", "PER"},
        {"  peru ", "PER"},
        {"004", "AFG"},
        {"4", "AFG"},
        {"South Korea", "KOR"},
        {"Korea, Rep.", "KOR"},
        {"Republic of Korea", "KOR"},
        {"Rep. of Korea", "KOR"},
        {"Corea del Sur", "KOR"},
        {"Korea", "KOR"},
        {"Dem. People's Rep. of Korea", "PRK"},
        {"China", "CHN"},
        {"China, Hong Kong SAR", "HKG"},
        {"Hong Kong, China", "HKG"},
        {"Viet Nam", "VNM"},
        {"Vietnam", "VNM"},
        {"VIETNAM", "VNM"},
        {"Taiwan", "S19"},
        {"TWN", "S19"},
        {"OAS", "S19"},
        {"158", "S19"},
        {"490", "S19"},
        {"Other Asia, nes", "S19"},
        {"tw", "S19"},
        {"Russia", "RUS"},
        {"Russian Federation", "RUS"},
        {"Rusia", "RUS"},
        {"Bolivia (Plurinational State of)", "BOL"},
        {"Côte d'Ivoire", "CIV"},
        {"Cote d'Ivoire", "CIV"},
        {"Costa de Marfil", "CIV"},
        {"ROM", "ROU"},
        {"SER", "SRB"},
        {"ZAR", "COD"},
        {"TMP", "TLS"},
        {"BLX", "BLX"},
        {"SUD", "SDN"},
        {"MNT", "MNE"},
        {"PCE", "PCI"},
        {"ETF", "ETF"},
        {"DDR", "DDR"},
        {"YDR", "YMD"},
        {"VDR", "VDR"},
        {"SVR", "SVR"},
        {"CSK", "CSK"},
        {"PMY", "PMY"},
        {"ZPM", "ZPM"},
        {"ANT", "ANT"},
        {"NZE", "NTZ"},
        {"FRE", "FRE"},
        {"USP", "PUS"},
        {"UNS", "UNS"},
        {"Unspecified", "UNS"},
        {"BUN", "BUN"},
        {"SPE", "SPE"},
        {"250", "FRA"},
        {"251", "FRA"},
        {"840", "USA"},
        {"841", "USA"},
        {"842", "USA"},
        {"356", "IND"},
        {"699", "IND"},
        {"578", "NOR"},
        {"579", "NOR"},
        {"756", "CHE"},
        {"757", "CHE"},
        {"280", "DE1"},
        {"276", "DEU"},
        {"711", "ZA1"},
        {"710", "ZAF"},
        {"736", "SD1"},
        {"729", "SDN"},
        {"891", "SCG"},
        {"688", "SRB"},
        {"890", "YUG"},
        {"230", "ETF"},
        {"231", "ETH"},
        {"868", "SVR"},
        {"704", "VNM"},
        {"886", "YAR"},
        {"887", "YEM"},
        {"720", "YMD"},
        {"58", "BLX"},
        {"56", "BEL"},
        {"381", "ITA"},
        {"0", "WLD"},
        {"World", "WLD"},
        {"Mundo", "WLD"},
        {"918", "EUN"},
        {"EUN", "EUN"},
        {"Türkiye", "TUR"},
        {"Czech Republic", "CZE"},
        {"Estados Unidos", "USA"},
        {"U.S.A.", "USA"},
        {"Bahamas, The", "BHS"},
        {"Iran, Islamic Rep.", "IRN"},
        {"Fmr USSR", "SUN"},
        {"SERBIA Y MONTENEGRO", "SCG"},
        {"CHECOSLOVAQUIA", "CSK"},
        {"St. Kitts & Nevis", "KNA"},
        {"Monaco", "MCO"},
    };
    for (size_t i = 0; i < QI_COUNT(KNOWN); i++)
        expect_country(KNOWN[i][0], KNOWN[i][1]);
}

static void country_misses_propose(void **state) {
    QI_UNUSED(state);
    const quipu_country *found;
    quipu_error err;
    assert_int_equal(quipu_country_find(nomen, "Peruu", &found, &err), QUIPU_E_NOT_FOUND);
    assert_null(found);
    assert_non_null(strstr(err.text, "Did you mean Peru"));
    assert_int_equal(quipu_country_find(nomen, "Gemany", &found, &err), QUIPU_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "Germany"));
    assert_int_equal(quipu_country_find(nomen, "zzzzzzzz", &found, &err), QUIPU_E_NOT_FOUND);
    assert_null(strstr(err.text, "Did you mean"));
    assert_int_equal(quipu_country_find(nomen, "", &found, &err), QUIPU_E_NOT_FOUND);
    assert_int_equal(quipu_country_find(nomen, "998", &found, &err), QUIPU_E_NOT_FOUND);
    /* A group is not a country, although the European Union has a row of its own. */
    assert_int_equal(quipu_country_find(nomen, "European Union", &found, &err),
                     QUIPU_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "group"));
    assert_int_equal(quipu_country_find(nomen, "asia", &found, NULL), QUIPU_E_NOT_FOUND);
    assert_null(quipu_country_by_number(nomen, 998));
    assert_null(quipu_country_by_number(nomen, 4000000000u));
    assert_null(quipu_country_by_iso3(nomen, "P-R", 3));
    assert_null(quipu_country_by_iso3(nomen, "PERU1", 5));
    assert_null(quipu_country_by_iso3(nomen, "", 0));
}

static void countries_are_consistent(void **state) {
    QI_UNUSED(state);
    const quipu_country *c;
    size_t n;
    quipu_error err;
    assert_int_equal(quipu_countries(nomen, &c, &n, &err), QUIPU_OK);
    assert_true(n > 280);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(c[i].id, i);
        assert_true(i == 0 || c[i].number > c[i - 1].number);
        assert_int_equal(strlen(c[i].iso3), 3);
        assert_int_equal(atoi(c[i].code), c[i].number);
        assert_ptr_equal(quipu_country_by_number(nomen, c[i].number), &c[i]);
        assert_ptr_equal(quipu_country_by_iso3(nomen, c[i].iso3, 3), &c[i]);
        assert_true(c[i].name[0] != '\0' && c[i].name_es[0] != '\0');
        if (c[i].kind != QUIPU_AGGREGATE) {
            expect_country(c[i].name, c[i].iso3);
            expect_country(c[i].name_es, c[i].iso3);
        }
        /* A former country has what came after it, and those exist. */
        if (c[i].kind == QUIPU_FORMER)
            assert_true(c[i].to != 0 || c[i].number == 849);
        for (const char *at = c[i].successors; *at != '\0'; at += at[3] == ' ' ? 4 : 3)
            assert_non_null(quipu_country_by_iso3(nomen, at, 3));
    }
    assert_int_equal(quipu_country_by_number(nomen, 0)->kind, QUIPU_WORLD);
    assert_int_equal(quipu_country_by_number(nomen, 97)->kind, QUIPU_AGGREGATE);
    assert_int_equal(quipu_country_by_number(nomen, 490)->kind, QUIPU_AREA);
    assert_int_equal(quipu_country_by_number(nomen, 810)->to, 1991);
    assert_string_equal(quipu_country_by_number(nomen, 200)->successors, "CZE SVK");
}

/* ---- groups ---- */

static const quipu_group *group(const char *text) {
    const quipu_group *found;
    quipu_error err;
    if (quipu_group_find(nomen, text, &found, &err) != QUIPU_OK)
        fail_msg("\"%s\": %s", text, err.text);
    return found;
}

/* Members of a group in a year; 0 = rows in all. */
static size_t count_members(const char *name, int year) {
    const quipu_member *m;
    size_t n, count = 0;
    quipu_error err;
    assert_int_equal(quipu_group_members(nomen, group(name), &m, &n, &err), QUIPU_OK);
    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || m[i].country >= m[i - 1].country);
        count += year == 0 ||
                 ((m[i].from == 0 || m[i].from <= year) && (m[i].to == 0 || year <= m[i].to));
    }
    return count;
}

static bool belongs(const char *name, const char *iso3, int year) {
    const quipu_member *m;
    size_t n;
    quipu_error err;
    uint16_t id = quipu_country_by_iso3(nomen, iso3, 3)->id;
    assert_int_equal(quipu_group_members(nomen, group(name), &m, &n, &err), QUIPU_OK);
    for (size_t i = 0; i < n; i++) {
        if (m[i].country == id && (m[i].from == 0 || m[i].from <= year) &&
            (m[i].to == 0 || year <= m[i].to))
            return true;
    }
    return false;
}

static void groups_by_name(void **state) {
    QI_UNUSED(state);
    assert_string_equal(group("asean")->name, "asean");
    assert_string_equal(group("ASEAN")->name, "asean");
    assert_string_equal(group("LAC")->name, "latin-america");
    assert_string_equal(group("América Latina")->name, "latin-america");
    assert_string_equal(group("EU")->name, "eu");
    assert_string_equal(group("European Union")->name, "eu");
    assert_string_equal(group("Alianza del Pacifico")->name, "pacific-alliance");
    assert_string_equal(group("EU 27")->name, "eu27");
    const quipu_group *found;
    quipu_error err;
    assert_int_equal(quipu_group_find(nomen, "aseam", &found, &err), QUIPU_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "asean"));
    quipu_group other = *group("eu");
    const quipu_member *m;
    size_t n;
    assert_int_equal(quipu_group_members(nomen, &other, &m, &n, &err), QUIPU_E_ARG);
}

static void groups_have_dates(void **state) {
    QI_UNUSED(state);
    /* The rule: a year counts when the country was a member on its last day.  The two old
     * codes (Belgium-Luxembourg, West Germany) come on top while they were in use. */
    static const struct {
        int year;
        size_t n;
    } EU[] = {{1958, 6 + 2},  {1973, 9 + 2}, {1981, 10 + 2}, {1986, 12 + 2},
              {1995, 15 + 1}, {1999, 15},    {2004, 25},     {2007, 27},
              {2013, 28},     {2019, 28},    {2020, 27},     {2024, 27}};
    for (size_t i = 0; i < QI_COUNT(EU); i++)
        assert_int_equal(count_members("eu", EU[i].year), EU[i].n);
    assert_true(group("eu")->dated);
    assert_false(group("asia-study")->dated);
    assert_true(belongs("eu", "GBR", 2019) && !belongs("eu", "GBR", 2020));
    assert_int_equal(count_members("asean", 1967), 5);
    assert_int_equal(count_members("asean", 1994), 6);
    assert_int_equal(count_members("asean", 2011), 10);
    assert_int_equal(count_members("asean", 2025), 11);
    assert_true(!belongs("apec", "PER", 1997) && belongs("apec", "PER", 1998));
    assert_int_equal(count_members("apec", 2011), 21);
    assert_true(!belongs("mercosur", "VEN", 2011) && belongs("mercosur", "VEN", 2012) &&
                belongs("mercosur", "VEN", 2016) && !belongs("mercosur", "VEN", 2017));
    assert_true(belongs("andean-community", "CHL", 1975) &&
                !belongs("andean-community", "CHL", 1976));
    assert_true(belongs("andean-community", "VEN", 2005) &&
                !belongs("andean-community", "VEN", 2006));
    assert_int_equal(count_members("andean-community", 2011), 4);
    assert_true(belongs("opec", "ECU", 1990) && !belongs("opec", "ECU", 2000) &&
                belongs("opec", "ECU", 2010));
    assert_int_equal(count_members("g20", 2011), 19 + 1);
    assert_int_equal(count_members("cptpp", 2021), 8);
}

static void the_asia_of_the_study(void **state) {
    QI_UNUSED(state);
    static const char *const IN[] = {"CHN", "HKG", "MAC", "JPN", "KOR", "PRK", "MNG",
                                     "S19", "BRN", "IDN", "KHM", "LAO", "MMR", "MYS",
                                     "PHL", "SGP", "THA", "TLS", "VNM"};
    static const char *const OUT[] = {"IND", "PAK", "IRN", "SAU", "KAZ", "AUS", "TUR"};
    for (size_t i = 0; i < QI_COUNT(IN); i++)
        assert_true(belongs("asia-study", IN[i], 2011));
    for (size_t i = 0; i < QI_COUNT(OUT); i++)
        assert_false(belongs("asia-study", OUT[i], 2011));
    assert_true(belongs("asia-study-wide", "IND", 2011) && belongs("asia", "IND", 2011));
    assert_true(belongs("latin-america", "PER", 2011) &&
                !belongs("latin-america", "USA", 2011));
    assert_int_equal(count_members("latin-america-20", 0), 20 + 1);
}

/* ---- code lists ---- */

static const quipu_nomenclature *nomenclature(const char *text) {
    const quipu_nomenclature *found;
    quipu_error err;
    if (quipu_nomenclature_find(nomen, text, &found, &err) != QUIPU_OK)
        fail_msg("\"%s\": %s", text, err.text);
    return found;
}

static void nomenclatures_by_name(void **state) {
    QI_UNUSED(state);
    static const char *const KNOWN[][2] = {
        {"H0", "H0"},          {"h0", "H0"},    {"HS 1992", "H0"},    {"HS92", "H0"},
        {"HS 1988/92", "H0"},  {"92", "H0"},    {"HS1996", "H1"},     {"hs-2002", "H2"},
        {"HS07", "H3"},        {"HS12", "H4"},  {"HS 2017", "H5"},    {"HS22", "H6"},
        {"SITC Rev. 2", "S2"}, {"SITC2", "S2"}, {"SITC Rev.3", "S3"}, {"ISIC Rev. 3", "I3"},
        {"CIIU Rev. 3", "I3"}, {"bec", "BEC"},
    };
    for (size_t i = 0; i < QI_COUNT(KNOWN); i++)
        assert_string_equal(nomenclature(KNOWN[i][0])->name, KNOWN[i][1]);
    const quipu_nomenclature *found;
    quipu_error err;
    assert_int_equal(quipu_nomenclature_find(nomen, "HS", &found, &err), QUIPU_E_NOT_FOUND);
    assert_int_equal(quipu_nomenclature_find(nomen, "", &found, &err), QUIPU_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "H6"));
}

static void lists_are_sorted_and_whole(void **state) {
    QI_UNUSED(state);
    static const struct {
        const char *name;
        size_t all, leaves;
    } EXPECT[] = {{"H0", 6380, 5041}, {"H1", 6473, 5134}, {"H2", 6568, 5226},
                  {"H3", 6372, 5053}, {"H4", 6528, 5206}, {"H5", 6708, 5388},
                  {"H6", 6939, 5613}, {"S3", 4193, 3121}, {"I3", 257, 145}};
    for (size_t k = 0; k < QI_COUNT(EXPECT); k++) {
        const quipu_product *p;
        size_t n, leaves = 0;
        quipu_error err;
        const quipu_nomenclature *which = nomenclature(EXPECT[k].name);
        assert_int_equal(quipu_products(nomen, which, &p, &n, &err), QUIPU_OK);
        assert_int_equal(n, EXPECT[k].all);
        for (size_t i = 0; i < n; i++) {
            assert_true(i == 0 || strcmp(p[i - 1].code, p[i].code) < 0);
            assert_true(p[i].name[0] != '\0');
            assert_ptr_equal(quipu_product_find(nomen, which, p[i].code, strlen(p[i].code)),
                             &p[i]);
            leaves += p[i].leaf;
            if (which->name[0] == 'H')
                assert_int_equal(p[i].leaf, strlen(p[i].code) == 6);
        }
        assert_int_equal(leaves, EXPECT[k].leaves);
    }
    const quipu_nomenclature *h0 = nomenclature("H0");
    assert_string_equal(quipu_product_find(nomen, h0, "0101", 4)->name,
                        "Horses, asses, mules and hinnies; live");
    assert_string_equal(quipu_product_find(nomen, h0, "26030099", 6)->code, "260300");
    assert_null(quipu_product_find(nomen, h0, "26030099", 8));
    assert_null(quipu_product_find(nomen, h0, "101", 3)); /* not 0101: codes are text */
    assert_null(quipu_product_find(nomen, h0, "", 0));
}

/* ---- threads ---- */

typedef struct asker {
    pthread_t thread;
    const quipu_country *peru;
    const quipu_product *copper;
    size_t n_members;
} asker;

static void *ask(void *user) {
    asker *a = user;
    quipu_error err;
    const quipu_nomenclature *h0;
    const quipu_group *eu;
    const quipu_member *m;
    if (quipu_nomenclature_find(nomen, "H0", &h0, &err) != QUIPU_OK)
        return NULL;
    a->copper = quipu_product_find(nomen, h0, "260300", 6);
    if (quipu_country_find(nomen, "Perú", &a->peru, &err) != QUIPU_OK)
        return NULL;
    if (quipu_group_find(nomen, "UE", &eu, &err) == QUIPU_OK &&
        quipu_group_members(nomen, eu, &m, &a->n_members, &err) != QUIPU_OK)
        a->n_members = 0;
    return NULL;
}

static void lazy_loading_is_safe(void **state) {
    QI_UNUSED(state);
    for (size_t round = 0; round < 20; round++) {
        quipu_nomen_close(nomen);
        quipu_error err;
        assert_int_equal(quipu_nomen_open(&nomen, &err), QUIPU_OK);
        asker askers[4] = {0};
        for (size_t i = 0; i < QI_COUNT(askers); i++)
            assert_int_equal(pthread_create(&askers[i].thread, NULL, ask, &askers[i]), 0);
        for (size_t i = 0; i < QI_COUNT(askers); i++)
            assert_int_equal(pthread_join(askers[i].thread, NULL), 0);
        for (size_t i = 0; i < QI_COUNT(askers); i++) {
            assert_non_null(askers[i].peru);
            assert_ptr_equal(askers[i].peru, askers[0].peru);
            assert_non_null(askers[i].copper);
            assert_ptr_equal(askers[i].copper, askers[0].copper);
            assert_int_equal(askers[i].n_members, askers[0].n_members);
        }
    }
}

/* ---- listings ---- */

static size_t list_rows(const char *what, const char *filter) {
    quipu_table table;
    quipu_error err;
    if (quipu_nomen_list(nomen, what, filter, &table, &err) != QUIPU_OK)
        fail_msg("%s %s: %s", what, filter == NULL ? "" : filter, err.text);
    size_t n = table.n_rows;
    assert_true(table.n_columns >= 4);
    quipu_table_free(&table);
    return n;
}

static void listings(void **state) {
    QI_UNUSED(state);
    size_t n;
    const quipu_country *c;
    quipu_error err;
    assert_int_equal(quipu_countries(nomen, &c, &n, &err), QUIPU_OK);
    assert_int_equal(list_rows("countries", NULL), n);
    assert_int_equal(list_rows("countries", "Korea"), 2);
    assert_true(list_rows("groups", NULL) > 30);
    assert_int_equal(list_rows("members", "pacific-alliance"), 4);
    assert_int_equal(list_rows("nomenclatures", ""), 11);
    assert_int_equal(list_rows("products", "I3"), 257);
    assert_int_equal(list_rows("products", "H0 260300"), 1);
    assert_true(list_rows("products", "H5 copper ores") >= 2);
    assert_int_equal(list_rows("classes", NULL), 15);
    assert_int_equal(list_rows("classes", "technology"), 1 + 7);
    quipu_table table;
    assert_int_equal(quipu_nomen_list(nomen, "wishes", NULL, &table, &err), QUIPU_E_NOT_FOUND);
    assert_int_equal(quipu_nomen_list(nomen, "members", "nobody", &table, &err),
                     QUIPU_E_NOT_FOUND);
    assert_int_equal(quipu_nomen_list(nomen, "products", "H9 copper", &table, &err),
                     QUIPU_E_NOT_FOUND);
    assert_null(table.columns);
}

/* What is not there is the same in both languages, or the user's own. */
static void words_in_spanish(void **state) {
    QI_UNUSED(state);
    assert_string_equal(quipu_spanish(nomen, "Primary goods"), "Bienes primarios");
    assert_string_equal(quipu_spanish(nomen, "export"), "Exportaciones");
    assert_null(quipu_spanish(nomen, "primary goods"));
    assert_null(quipu_spanish(nomen, ""));
    static const char *const schemes[] = {"section", "lall", "technology", "sector"};
    for (size_t i = 0; i < QI_COUNT(schemes); i++) {
        quipu_table table;
        quipu_error err = {0};
        assert_int_equal(quipu_nomen_list(nomen, "classes", schemes[i], &table, &err),
                         QUIPU_OK);
        ptrdiff_t label = quipu_table_find(&table, "label");
        assert_true(label >= 0);
        for (size_t row = 1; row < table.n_rows; row++)
            if (quipu_spanish(nomen, table.columns[label].data.text[row]) == NULL)
                fail_msg("%s", table.columns[label].data.text[row]);
        quipu_table_free(&table);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(countries_by_every_spelling),
        cmocka_unit_test(country_misses_propose),
        cmocka_unit_test(countries_are_consistent),
        cmocka_unit_test(groups_by_name),
        cmocka_unit_test(groups_have_dates),
        cmocka_unit_test(the_asia_of_the_study),
        cmocka_unit_test(nomenclatures_by_name),
        cmocka_unit_test(lists_are_sorted_and_whole),
        cmocka_unit_test(lazy_loading_is_safe),
        cmocka_unit_test(listings),
        cmocka_unit_test(words_in_spanish),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
