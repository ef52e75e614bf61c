/* SPDX-License-Identifier: Apache-2.0 */
/* test_real.c - files as offices and authors published them, outside the repository: each comes
 * in whole, with the ledger it must have.  The sums were added up once more, independently,
 * from the text of the files.
 *
 * Skipped when the data are not there: in $QUIPU_SHARED/data, or in ../shared/data beside the
 * sources.
 */
#include "import/test_trial.h"

/* Adds an input below the data folder; false: it is not there. */
static bool real_file(trial *t, const char *name) {
    static char paths[TRIAL_FILES][512];
    const char *shared = getenv("QUIPU_SHARED"), *source = getenv("QUIPU_SOURCE");
    char *path = paths[t->n_inputs];
    if (shared != NULL)
        snprintf(path, sizeof paths[0], "%s/data/%s", shared, name);
    else
        snprintf(path, sizeof paths[0], "%s/../shared/data/%s", source != NULL ? source : ".",
                 name);
    if (access(path, R_OK) != 0) {
        print_message("# %s is not there\n", path);
        return false;
    }
    t->inputs[t->n_inputs++] = path;
    return true;
}

#define NEED(name)                                                                             \
    do {                                                                                       \
        if (!real_file(t, name))                                                               \
            skip();                                                                            \
    } while (0)

/* As trial_works, without the leaves as text: there are too many. */
static void comes_in(trial *t, const char *ledger) {
    trial_forget(t);
    unlink(t->cube);
    t->status = quipu_import(t->nomen, t->inputs, t->n_inputs, t->cube, &t->options, &t->result,
                             &t->err);
    if (t->status != QUIPU_OK)
        fail_msg("%s:%llu:%u: %s", t->err.file, (unsigned long long)t->err.line, t->err.column,
                 t->err.text);
    assert_int_equal(t->result.read,
                     t->result.accepted + t->result.set_aside + t->result.rejected);
    trial_check_sound(t->cube);
    trial_ledger(&t->result.ledger, &t->ledger);
    assert_string_equal(t->ledger.bytes, ledger);
}

static void expect_meta(const trial *t, const char *key, const char *text) {
    quipu_cube *cube;
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    assert_string_equal(quipu_cube_meta(cube, key), text);
    quipu_cube_close(cube);
}

/* The value of one pair, over all products. */
static void expect_pair(const trial *t, quipu_period period, quipu_flow flow, unsigned reporter,
                        unsigned partner, const char *usd) {
    quipu_cube *cube;
    quipu_pairs pairs;
    char text[QI_NUMBER_TEXT] = "none";
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    int slab = quipu_cube_find_slab(cube, period, flow);
    assert_true(slab >= 0);
    assert_int_equal(quipu_cube_pairs(cube, (size_t)slab, &pairs, NULL), QUIPU_OK);
    int from = quipu_cube_country_index(cube, reporter);
    int to = quipu_cube_country_index(cube, partner);
    assert_true(from >= 0 && to >= 0);
    ptrdiff_t pair = quipu_pairs_find(&pairs, (unsigned)from, (unsigned)to);
    if (pair >= 0)
        qi_format_scaled(text, pairs.total[pair], 3);
    assert_string_equal(text, usd);
    quipu_cube_close(cube);
}

static void wits_cross_section_of_1997(void **state) {
    trial *t = *state;
    NEED("wits-exports-hs4/WITS_exports_1997_A_L.csv.gz");
    NEED("wits-exports-hs4/WITS_exports_1997_M_Z.csv.gz");
    comes_in(t, "accepted 72901 4688712547703\n");
    assert_string_equal(t->result.profile, "wits");
    expect_meta(t, "nomenclature", "H1");
}

static void wits_exports_of_2018(void **state) {
    trial *t = *state;
    NEED("wits-exports-hs4/WITS_exports_2018_M_Z.csv.gz");
    comes_in(t, "accepted 57481 7700597071539\n");
}

static void baci_of_2021(void **state) {
    trial *t = *state;
    NEED("iops-baci-hs92-2021/ExampleTradeData.csv");
    comes_in(t, "accepted 71192 69369988138\nPADDED 4442 3618570997\n");
    assert_string_equal(t->result.profile, "baci");
    expect_meta(t, "nomenclature", "H0");
}

/* With the lists of countries that lie beside it. */
static void baci_with_its_code_files(void **state) {
    trial *t = *state;
    NEED("iops-baci-hs92-2021/ExampleTradeData.csv");
    NEED("iops-baci-hs92-2021/country_codes_V202001.csv");
    NEED("iops-baci-hs92-2021/country_codes_V202201.csv");
    comes_in(t, "accepted 71192 69369988138\nCODE_FILE 465 0\nPADDED 4442 3618570997\n");
}

static void baci_seafood_by_a_map(void **state) {
    trial *t = *state;
    NEED("baci-seafood-2018/baci_seafood_hs12_2018.csv.gz");
    t->options.map = "period=year,reporter=exporter_iso3c,partner=importer_iso3c,product=hs6,"
                     "value=total_v*1000,weight=total_q*1000,nomenclature=hs_version,"
                     "flow:reconciled";
    comes_in(t, "accepted 8245 25943253748\nSELF_TRADE 37 540169795\n");
    expect_meta(t, "nomenclature", "H4");
}

static void classic_comtrade(void **state) {
    trial *t = *state;
    static const struct {
        const char *file, *nomenclature, *ledger;
    } FILES[] = {
        {"comtrade (1).csv", NULL,
         "accepted 2571 6511972238189\n"
         "ZERO_QUANTITY 1253 3027358699164\n"},
        {"comtrade (2).csv", NULL, "accepted 3071 1870718105507\n"},
        {"comtrade (3).csv", NULL,
         "accepted 2519 1843330709906\n"
         "ZERO_QUANTITY 1233 1022519019176\n"},
        {"comtrade (4).csv", NULL,
         "accepted 3026 16055583320741\n"
         "ZERO_QUANTITY 1688 6670121769284\n"},
        {"comtrade (5).csv", NULL,
         "accepted 3669 18361711110033\n"
         "ZERO_QUANTITY 481 1644402135522\n"},
        {"comtrade (6).csv", NULL,
         "accepted 2942 20487866410956\n"
         "ZERO_QUANTITY 415 2783094679401\n"},
        {"comtrade (7).csv", NULL,
         "accepted 2396 13322280646433\n"
         "ZERO_QUANTITY 1401 8711658241334\n"},
        {"comtrade.csv", "H2",
         "accepted 15 59802211\n"
         "OTHER_NOMENCLATURE 1287 67958883636\n"},
        {"comtrade.csv", "H3",
         "accepted 62 18818472\n"
         "OTHER_NOMENCLATURE 1240 67999867375\n"},
        {"comtrade.csv", "H4",
         "accepted 499 17421378005\n"
         "OTHER_NOMENCLATURE 803 50597307842\n"
         "ZERO_QUANTITY 13 202308622\n"},
        {"comtrade.csv", "H5",
         "accepted 726 50518687159\n"
         "OTHER_NOMENCLATURE 576 17499998688\n"
         "ZERO_QUANTITY 36 718775878\n"},
        {"comtrade_im_from_tw.csv", "H2",
         "accepted 3 745140\n"
         "OTHER_NOMENCLATURE 603 6611123123\n"},
        {"comtrade_im_from_tw.csv", "H3",
         "accepted 7 24990\n"
         "OTHER_NOMENCLATURE 599 6611843273\n"},
        {"comtrade_im_from_tw.csv", "H4",
         "accepted 207 1838653130\n"
         "OTHER_NOMENCLATURE 399 4773215133\n"
         "ZERO_QUANTITY 4 938149\n"},
        {"comtrade_im_from_tw.csv", "H5",
         "accepted 389 4772445003\n"
         "OTHER_NOMENCLATURE 217 1839423260\n"
         "ZERO_QUANTITY 9 47437010\n"},
    };
    for (size_t i = 0; i < QI_COUNT(FILES); i++) {
        char name[128];
        snprintf(name, sizeof name, "comtrade-raw-csv-examples/%s", FILES[i].file);
        t->n_inputs = 0;
        NEED(name);
        t->options.nomenclature = FILES[i].nomenclature;
        comes_in(t, FILES[i].ledger);
        assert_string_equal(t->result.profile, "comtrade");
    }
}

/* Reporters there use the revision in force at home: the file as a whole is refused. */
static void classic_comtrade_in_several_revisions(void **state) {
    trial *t = *state;
    NEED("comtrade-raw-csv-examples/comtrade.csv");
    assert_int_equal(quipu_import(t->nomen, t->inputs, 1, t->cube, NULL, &t->result, &t->err),
                     QUIPU_E_DATA);
    assert_int_equal(t->err.line, 728);
    assert_non_null(strstr(t->err.text, "nomenclature H4 here, H5 before"));
}

/* China's trade by partner in 2010 and 2015, and the whole world's exports to World of three
 * divisions: what stands in both is compared. */
static void classic_comtrade_together(void **state) {
    trial *t = *state;
    for (int i = 1; i <= 7; i++) {
        char name[128];
        snprintf(name, sizeof name, "comtrade-raw-csv-examples/comtrade (%d).csv", i);
        NEED(name);
    }
    comes_in(t, "accepted 20113 67778708628879\nWORLD 81 10674753912886\n"
                "ZERO_QUANTITY 6471 23859154543881\nRESIDUAL 81 7087959235251\n");
}

static void bilateral_chapters_of_1989_and_1990(void **state) {
    trial *t = *state;
    NEED("zerotradeflow-hs4-1989-90/comtrade_hs4.csv.gz");
    t->options.map = "period=ano,reporter=ido,partner=idd,product=HS4,value=comercio*1000,"
                     "nomenclature:H0,flow:export";
    comes_in(t, "accepted 229585 1692610047750.201\nROUNDED 196655 1163723749896.569\n");
}

static void tariffs_on_the_goods_of_peru(void **state) {
    trial *t = *state;
    NEED("dtorres-peru-wits-isic/exportg1.csv.gz");
    comes_in(t, "accepted 27431 427499880861\ntariffs 77527 0\nGROUP 10996 3067609394888\n"
                "PRODUCT_TOTAL 311 427499880850\nTARIFF_YEAR 1326 52076200237\n"
                "TOTAL_AGREES 311 427499880850\n");
    assert_string_equal(t->result.profile, "wits-trains");
    expect_meta(t, "nomenclature", "I3");
}

static void bilateral_totals(void **state) {
    trial *t = *state;
    NEED("wits-bilateral-totals/totals_json.tar.gz");
    comes_in(t, "accepted 1621439 559866568261119\nGROUP 6546 52820680024689\nCODE_FILE 1 0\n"
                "SELF_TRADE 441 4829185915\n");
    expect_pair(t, 1997, QUIPU_EXPORT, 604, 156, "490585184");
    expect_pair(t, 2008, QUIPU_EXPORT, 604, 156, "3734994543");
    expect_pair(t, 2011, QUIPU_EXPORT, 604, 156, "6972639440");
    expect_pair(t, 2011, QUIPU_EXPORT, 604, 392, "2174663417");
    expect_pair(t, 2011, QUIPU_EXPORT, 604, 410, "1696091332");
    expect_pair(t, 1993, QUIPU_IMPORT, 604, 156, "90560824");
    expect_pair(t, 2012, QUIPU_IMPORT, 604, 156, "7814505746");
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        trial_test(wits_cross_section_of_1997),
        trial_test(wits_exports_of_2018),
        trial_test(baci_of_2021),
        trial_test(baci_with_its_code_files),
        trial_test(baci_seafood_by_a_map),
        trial_test(classic_comtrade),
        trial_test(classic_comtrade_in_several_revisions),
        trial_test(classic_comtrade_together),
        trial_test(bilateral_chapters_of_1989_and_1990),
        trial_test(tariffs_on_the_goods_of_peru),
        trial_test(bilateral_totals),
    };
    return cmocka_run_group_tests_name("import: real files", tests, trial_open_nomen,
                                       trial_close_nomen);
}
