/* SPDX-License-Identifier: Apache-2.0 */
/* test_profiles.c - each kind of file on a few rows: told from its header, read to the last
 * column, its units right. */
#include "import/test_trial.h"

/* ---- BACI ---- */

static void baci_is_in_thousands_and_tons(void **state) {
    trial *t = *state;
    trial_file(t, "BACI_HS92_Y2021_V202301.csv",
               "t,i,j,k,v,q\n"
               "2021,604,156,260300,2417569.333,1000.5\n"
               "2021,604,156,740311,12.345,\n"
               "2021,604,842,080440,0.001,NA\n");
    trial_works(t);
    assert_string_equal(t->result.profile, "baci");
    assert_leaves(t, "2021 reconciled PER>CHN 260300 2417569333 w1000500\n"
                     "2021 reconciled PER>CHN 740311 12345\n"
                     "2021 reconciled PER>USA 080440 1\n");
    assert_ledger(t, "accepted 3 2417581679\n");
    quipu_cube *cube;
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    assert_string_equal(quipu_cube_meta(cube, "source"), "CEPII BACI");
    assert_string_equal(quipu_cube_meta(cube, "release"), "V202301");
    assert_string_equal(quipu_cube_meta(cube, "nomenclature"), "H0");
    assert_string_equal(quipu_cube_meta(cube, "valuation"), "FOB");
    assert_string_equal(quipu_cube_meta(cube, "frequency"), "A");
    assert_string_equal(quipu_cube_meta(cube, "profile"), "baci");
    assert_non_null(
        strstr(quipu_cube_meta(cube, "input"), "BACI_HS92_Y2021_V202301.csv xxh128:"));
    assert_non_null(strstr(quipu_cube_import_report(cube), "accepted\tleaves of the cube\t3"));
    quipu_cube_close(cube);
}

/* Both ways through a row must agree; blanks, quotes and other decimals take the slow one. */
static void baci_reads_alike_however_it_is_written(void **state) {
    trial *t = *state;
    static const char *const WAYS[] = {
        "t,i,j,k,v,q\n2021,4,24,382390,52.051,13.235\n2021,4,24,481890,0.041,0.022\n",
        "t,i,j,k,v,q\r\n2021,4,24,382390,52.051,13.235\r\n2021,4,24,481890,0.041,0.022\r\n",
        "\xEF\xBB\xBFt,i,j,k,v,q\n2021,4,24,382390,52.051,13.235\n2021,4,24,481890,.041,.022\n",
        "\"t\",\"i\",\"j\",\"k\",\"v\",\"q\"\n2021,4,24,382390,52.051,\"       13.235\"\n"
        "2021,4,24,481890,0.041,\"        0.022\"\n",
        "t,i,j,k,v,q\n2021,4,24,382390,      52.051,       13.235\n"
        "2021,4,24,481890,0.0410000,0.022\n",
        "t,i,j,k,v,q\n2021,004,024,382390,52.051000,13.2350\n2021,004,024,481890,4.1e-2,0.022",
        "t;i;j;k;v;q\n2021;4;24;382390;52.051;13.235\n2021;4;24;481890;0.041;0.022\n",
        "t\ti\tj\tk\tv\tq\n2021\t4\t24\t382390\t52.051\t13.235\n\n2021\t4\t24\t481890\t.041\t."
        "022\n",
        "q,v,k,j,i,t\n13.235,52.051,382390,24,4,2021\n0.022,0.041,481890,24,4,2021\n",
        "t,i,j,k,v,q\n2021,AFG,AGO,382390,52.051,13.235\n2021,Afghanistan,Angola,481890,.041,."
        "022\n",
        "t,i,j,k,v,q,\n2021,4,24,382390,52.051,13.235,\n2021,4,24,481890,0.041,0.022,\n",
        "T,I,J,K,V,Q\n\n\n2021,4,24,382390,52.051,13.235\n\n2021,4,24,481890,0.041,0.022\n\n",
    };
    for (size_t i = 0; i < QI_COUNT(WAYS); i++) {
        trial_file(t, "a.csv", WAYS[i]);
        trial_works(t);
        assert_leaves(t, "2021 reconciled AFG>AGO 382390 52051 w13235\n"
                         "2021 reconciled AFG>AGO 481890 41 w22\n");
        assert_ledger(t, "accepted 2 52092\n");
        trial_again(t);
    }
}

static void baci_codes_keep_their_zeros(void **state) {
    trial *t = *state;
    trial_file(t, "a.csv", "t,i,j,k,v,q\n2021,604,156,010121,1,1\n2021,604,156,80440,1,1\n");
    trial_works(t);
    assert_leaves(t, "2021 reconciled PER>CHN 010121 1000 w1000\n"
                     "2021 reconciled PER>CHN 080440 1000 w1000\n");
    assert_ledger(t, "accepted 2 2000\nPADDED 1 1000\n");
    assert_string_equal(trial_example(t, "PADDED"), "80440 -> 080440");
    trial_again(t);
    trial_file(t, "a.csv", "t,i,j,k,v,q\n2021,604,156,0101,1,1\n");
    trial_fails(t, QUIPU_E_DATA, 2, 14, "has 4 characters; this kind of file has codes of 6");
}

static void baci_knows_iso_numbers_too(void **state) {
    trial *t = *state;
    trial_file(t, "a.csv",
               "t,i,j,k,v,q\n2021,250,840,260300,1,1\n2021,251,842,260400,1,1\n"
               "2021,699,490,260300,1,1\n2021,356,158,260400,1,1\n");
    trial_works(t);
    assert_leaves(t, "2021 reconciled FRA>USA 260300 1000 w1000\n"
                     "2021 reconciled FRA>USA 260400 1000 w1000\n"
                     "2021 reconciled IND>S19 260300 1000 w1000\n"
                     "2021 reconciled IND>S19 260400 1000 w1000\n");
}

static void baci_without_quantities(void **state) {
    trial *t = *state;
    trial_file(t, "a.csv", "t,i,j,k,v\n2021,604,156,260300,1.5\n2021,604,156,260400,2\n");
    trial_works(t);
    assert_leaves(t,
                  "2021 reconciled PER>CHN 260300 1500\n2021 reconciled PER>CHN 260400 2000\n");
}

/* As published: years side by side with lists of codes, and a word to the reader. */
static void baci_zip_with_years_and_code_files(void **state) {
    trial *t = *state;
    static const char *const NAMES[] = {
        "BACI_HS92_Y2020_V202301.csv", "BACI_HS92_Y2021_V202301.csv",
        "country_codes_V202301.csv", "product_codes_HS92_V202301.csv", "Readme.txt"};
    static const char *const TEXTS[] = {
        "t,i,j,k,v,q\n2020,604,156,260300,1,1\n", "t,i,j,k,v,q\n2021,604,156,260300,2,1\n",
        "country_code,country_name,country_iso2,country_iso3\n604,Peru,PE,PER\n156,China,CN,"
        "CHN\n",
        "code,description\n010121,Horses: live\n", "Variables: t is the year\n"};
    qi_buffer zip = trial_zip(NAMES, TEXTS, 5);
    trial_bytes(t, "BACI_HS92_V202301.zip", zip.bytes, zip.length);
    qi_buffer_free(&zip);
    trial_works(t);
    assert_leaves(t, "2020 reconciled PER>CHN 260300 1000 w1000\n"
                     "2021 reconciled PER>CHN 260300 2000 w1000\n");
    assert_ledger(t, "accepted 2 3000\nCODE_FILE 3 0\n"); /* the readme had one line */
    assert_int_equal(t->result.read, 5);
}

/* ---- Comtrade ---- */

#define CLASSIC                                                                                \
    "Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,"    \
    "Trade Flow,Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,2nd "     \
    "Partner Code,2nd Partner,2nd Partner ISO,Customs Proc. Code,Customs,Mode of Transport "   \
    "Code,Mode of Transport,Commodity Code,Commodity,Qty Unit Code,Qty Unit,Qty,Alt Qty Unit " \
    "Code,Alt Qty Unit,Alt Qty,Netweight (kg),Gross weight (kg),Trade Value (US$),CIF Trade "  \
    "Value (US$),FOB Trade Value (US$),Flag\n"

static void comtrade_classic(void **state) {
    trial *t = *state;
    trial_file(
        t, "comtrade.csv",
        CLASSIC
        "H5,2017,2017,2017,6,1,1,Import,604,Peru,PER,156,China,CHN,,,,,,,,871200,\"Bicycles "
        "and other cycles; including delivery tricycles, not motorised\",5,Number of "
        "items,37075,,,,384854,,1028137,,,0\n"
        "H5,2017,2017,2017,6,1,2,Export,604,Peru,PER,156,China,CHN,,,,,,,,871200,Bicycles,"
        "1,No Quantity,0,,,,40,,91,,,2\n"
        "H5,2017,2017,2017,6,1,3,Re-Export,604,Peru,PER,156,China,CHN,,,,,,,,871200,"
        "Bicycles,5,Number of items,7,,,,,,5,,,4\n"
        "H5,2017,2017,2017,6,1,4,Re-Import,604,Peru,PER,156,China,CHN,,,,,,,,871200,"
        "Bicycles,5,Number of items,7,,,,3,,5,,,6\n");
    trial_works(t);
    assert_string_equal(t->result.profile, "comtrade");
    /* Flag 2: the quantity was estimated, but there is none. */
    assert_leaves(t, "2017 export PER>CHN 871200 91 w40 f8\n"
                     "2017 import PER>CHN 871200 1028137 w384854 q37075/5\n"
                     "2017 re-export PER>CHN 871200 5 q7/5 f32\n"
                     "2017 re-import PER>CHN 871200 5 w3 q7/5 f40\n");
    assert_ledger(t, "accepted 4 1028238\n");
}

#define CLASSIC_SHORT                                                                          \
    "Classification,Period,Aggregate Level,Trade Flow,Reporter Code,Partner Code,Commodity "   \
    "Code,Trade Value (US$)\n"

static void comtrade_classic_restores_zeros_by_its_level(void **state) {
    trial *t = *state;
    trial_file(t, "c.csv",
               CLASSIC_SHORT "S2,2017,2,Export,604,156,1,5\n"
                             "S2,2017,5,Export,604,842,0111,7\n"
                             "S2,2017,5,Export,604,392,05111,9\n");
    trial_works(t);
    assert_leaves(t, "2017 export PER>CHN 01 5\n2017 export PER>JPN 05111 9\n"
                     "2017 export PER>USA 00111 7\n");
    assert_int_equal(t->result.rejected, 0);
    assert_string_equal(trial_example(t, "PADDED"), "1 -> 01");
}

#define PLUS                                                                                   \
    "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,flowCode,partnerCode," \
    "partner2Code,classificationCode,isOriginalClassification,cmdCode,aggrLevel,isLeaf,"       \
    "customsCode,mosCode,motCode,qtyUnitCode,qty,isQtyEstimated,altQtyUnitCode,altQty,"        \
    "isAltQtyEstimated,netWgt,isNetWgtEstimated,grossWgt,isGrossWgtEstimated,cifvalue,"        \
    "fobvalue,primaryValue,legacyEstimationFlag,isReported,isAggregate\n"

static void comtrade_plus(void **state) {
    trial *t = *state;
    trial_file(t, "plus.csv",
               PLUS "C,A,20220101,2022,52,2022,604,X,156,0,H6,True,260300,6,True,C00,0,0,8,"
                    "1500.25,False,-1,,False,1500.25,False,,False,,200.5,200.5,0,True,False\n"
                    "C,A,20220101,2022,52,2022,604,M,156,0,H6,True,260300,6,True,C00,0,0,8,"
                    "15,True,-1,,False,16,True,,False,20,,20,6,True,False\n");
    trial_works(t);
    assert_string_equal(t->result.profile, "comtrade-plus");
    assert_leaves(t, "2022 export PER>CHN 260300 200.5 w1500.25 q1500.25/8\n"
                     "2022 import PER>CHN 260300 20 w16 q15/8 f40\n");
}

#define PLUS_SHORT                                                                             \
    "typeCode,period,reporterCode,flowCode,partnerCode,classificationCode,cmdCode,"            \
    "primaryValue\n"

static void comtrade_plus_months(void **state) {
    trial *t = *state;
    trial_file(t, "plus.csv",
               PLUS_SHORT "C,202201,604,X,156,H6,260300,1\n"
                          "C,202212,604,X,156,H6,260300,2\n");
    trial_works(t);
    assert_leaves(t, "202201 export PER>CHN 260300 1\n202212 export PER>CHN 260300 2\n");
    quipu_cube *cube;
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    assert_string_equal(quipu_cube_meta(cube, "frequency"), "M");
    quipu_cube_close(cube);
}

/* FM, DX, XIP, ... are inside M and X. */
static void comtrade_sub_flows_are_set_aside(void **state) {
    trial *t = *state;
    trial_file(t, "plus.csv",
               PLUS_SHORT "C,2022,604,X,156,H6,260300,10\n"
                          "C,2022,604,DX,156,H6,260300,4\n"
                          "C,2022,604,XIP,156,H6,260300,3\n"
                          "C,2022,604,FM,156,H6,260300,2\n");
    trial_works(t);
    assert_leaves(t, "2022 export PER>CHN 260300 10\n");
    assert_ledger(t, "accepted 1 10\nBREAKDOWN 3 9\n");
    trial_again(t);
    trial_file(t, "plus.csv", PLUS_SHORT "C,2022,604,ZZ,156,H6,260300,10\n");
    trial_fails(t, QUIPU_E_DATA, 2, 12, "found \"ZZ\" where a flow is expected");
}

/* ---- WITS ---- */

#define WITS                                                                                   \
    "\"Nomenclature\",\"ReporterISO3\",\"ProductCode\",\"ReporterName\",\"PartnerISO3\","      \
    "\"PartnerName\",\"Year\",\"TradeFlowName\",\"TradeFlowCode\",\"TradeValue in 1000 "       \
    "USD\"\n"

static void wits_products(void **state) {
    trial *t = *state;
    trial_file(
        t, "wits.csv",
        WITS "\"H1\",\"ALB\",\"0101\",\"Albania\",\"WLD\",\" World\",1997,\"Export\",6,14.538\n"
             "\"H1\",\"TWN\",\"0105\",\"Taiwan, China\",\"WLD\",\" "
             "World\",1997,\"Export\",6,0.0004\n");
    trial_works(t);
    assert_string_equal(t->result.profile, "wits");
    assert_leaves(t, "1997 export ALB>WLD 0101 14538\n1997 export S19>WLD 0105 0.4\n");
    assert_ledger(t, "accepted 2 14538.4\n");
}

#define TRAINS                                                                                 \
    "Selected Nomen,Native Nomen,Reporter,Reporter Name,Product,Product Name,Partner,Partner " \
    "Name,Tariff Year,Trade Year,Trade Source,DutyType,Simple Average,Weighted "               \
    "Average,Standard Deviation,Minimum Rate,Maximum Rate,Nbr of Total Lines,Nbr of "          \
    "DomesticPeaks,Nbr of InternationalPeaks,Imports Value in 1000 USD,Binding Coverage\n"

static void check_tariffs(const trial *t, const char *expected) {
    quipu_cube *cube;
    const quipu_tariff *tariffs;
    size_t n, n_countries;
    qi_buffer text = {0};
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    assert_int_equal(quipu_cube_tariffs(cube, &tariffs, &n, NULL), QUIPU_OK);
    const quipu_cube_country *countries = quipu_cube_countries(cube, &n_countries);
    assert_true(qi_buffer_text(&text, ""));
    for (size_t i = 0; i < n; i++) {
        const quipu_tariff *f = &tariffs[i];
        assert_true(qi_buffer_printf(&text, "%d %d %s<%s %s %d:", f->tariff_period,
                                     f->trade_period, countries[f->reporter].iso3,
                                     countries[f->partner].iso3,
                                     quipu_cube_product(cube, f->product), f->duty));
        const int32_t rates[] = {f->simple_average, f->weighted_average, f->standard_deviation,
                                 f->minimum,        f->maximum,          f->binding_coverage};
        for (size_t r = 0; r < QI_COUNT(rates); r++)
            assert_true(rates[r] == QUIPU_RATE_MISSING
                            ? qi_buffer_text(&text, " ?")
                            : qi_buffer_printf(&text, " %d", rates[r]));
        assert_true(qi_buffer_printf(&text, " %d/%d/%d", f->lines, f->domestic_peaks,
                                     f->international_peaks));
        trial_put_amount(&text, " ", f->value);
        assert_true(qi_buffer_text(&text, "\n"));
    }
    assert_string_equal(text.bytes, expected);
    qi_buffer_free(&text);
    quipu_cube_close(cube);
}

static void wits_trains_makes_trade_and_tariffs(void **state) {
    trial *t = *state;
    trial_file(
        t, "trains.csv",
        TRAINS
        "I3,H1,156,China,Total,Total "
        "Trade,604,Peru,2011,2011,CMT,AHS,3.17,0.65,3.87,0.00,12.20,"
        "404,0,0,73.895,\n"
        "I3,H1,156,China,1310,Iron,604,Peru,2011,2011,CMT,AHS,0.18,0.05,0.6,0,2,11,0,0,73.895,"
        "\n"
        "I3,H1,156,China,1310,Iron,604,Peru,2011,2011,CMT,BND,,,,,,,,,73.895,0.00\n"
        "I3,H1,156,China,1310,Iron,604,Peru,2011,2011,CMT,MFN,5.72125,1.36,5.66,0,24,404,18,19,"
        "73.895,\n"
        "I3,H1,156,China,1310,Iron,604,Peru,2012,2011,CMT,AHS,1,1,1,1,1,1,1,1,73.895,\n"
        "I3,H1,156,China,2010,Gold,604,Peru,2012,,,PRF,0,,,,,,,,,\n"
        "I3,HS,,17 countries --- "
        "group1,9999,Goods,604,Peru,2012,,,MFN,3,3,4,0,20,229,1,7,61.293,\n");
    trial_works(t);
    assert_string_equal(t->result.profile, "wits-trains");
    assert_leaves(t, "2011 import CHN>PER 1310 73895\n");
    assert_ledger(t, "accepted 1 73895\ntariffs 3 0\nGROUP 1 61293\nPRODUCT_TOTAL 1 73895\n"
                     "TARIFF_YEAR 1 73895\nTOTAL_AGREES 1 73895\n");
    assert_string_equal(trial_example(t, "GROUP"), "\"17 countries --- group1\" as a reporter");
    check_tariffs(t, "2011 2011 CHN<PER 1310 0: 1800 500 6000 0 20000 ? 11/0/0 73895\n"
                     "2011 2011 CHN<PER 1310 1: 57212 13600 56600 0 240000 ? 404/18/19 73895\n"
                     "2011 2011 CHN<PER 1310 3: ? ? ? ? ? 0 -1/-1/-1 73895\n"
                     "2011 2011 CHN<PER TOTAL 0: 31700 6500 38700 0 122000 ? 404/0/0 73895\n"
                     "2012 2011 CHN<PER 1310 0: 10000 10000 10000 10000 10000 ? 1/1/1 73895\n"
                     "2012 0 CHN<PER 2010 2: 0 ? ? ? ? ? -1/-1/-1 ?\n");
}

/* ---- totals in JSON ---- */

static void totals_in_json(void **state) {
    trial *t = *state;
    trial_file(t, "PER.json",
               "{\"2010\": {\"CHN\": {\"x\": 5436.7, \"m\": 5140}, \"USA\": {\"x\": 0.0004}},\n"
               " \"2011\": {\"CHN\": {\"x\": 6972625.123, \"m\": null}}}\n");
    trial_works(t);
    assert_string_equal(t->result.profile, "totals");
    assert_leaves(t,
                  "2010 export PER>CHN TOTAL 5436700\n2010 export PER>USA TOTAL 0.4\n"
                  "2010 import PER>CHN TOTAL 5140000\n2011 export PER>CHN TOTAL 6972625123\n");
    assert_int_equal(t->result.read, 4);
}

/* The double nearest to a figure of 17 digits is not the figure; whole numbers are kept. */
static void totals_in_json_keep_large_integers(void **state) {
    trial *t = *state;
    trial_file(t, "PER.json", "{\"2010\": {\"CHN\": {\"x\": 9007199254740993}}}");
    trial_fails(t, QUIPU_E_DATA, 1, 1, "too large");
    trial_again(t);
    trial_file(t, "PER.json", "{\"2010\": {\"CHN\": {\"x\": 9007199254741}}}");
    trial_works(t);
    assert_leaves(t, "2010 export PER>CHN TOTAL 9007199254741000\n");
}

static void totals_archive_with_an_index(void **state) {
    trial *t = *state;
    static const char *const NAMES[] = {"PER.json", "data/CHL.json", "index.json"};
    static const char *const TEXTS[] = {
        "{\"2010\": {\"CHN\": {\"x\": 1}}}",
        "{\"2010\": {\"CHN\": {\"x\": 2}, \"EUN\": {\"x\": 3}}}", "{\"PER\": \"Peru\"}"};
    qi_buffer zip = trial_zip(NAMES, TEXTS, 3);
    trial_bytes(t, "totals.zip", zip.bytes, zip.length);
    qi_buffer_free(&zip);
    trial_works(t);
    assert_leaves(t, "2010 export CHL>CHN TOTAL 2000\n2010 export PER>CHN TOTAL 1000\n");
    assert_ledger(t, "accepted 2 3000\nGROUP 1 3000\nCODE_FILE 1 0\n");
}

static void totals_of_another_shape_are_refused(void **state) {
    trial *t = *state;
    static const struct {
        const char *text, *words;
        uint64_t line;
        uint32_t column;
        quipu_status status;
    } CASES[] = {
        {"{\"2010\": {\"CHN\": {\"x\": 1}", "not JSON", 1, 25, QUIPU_E_FORMAT},
        {"{\"2010\": {\"CHN\": {\"x\": 1e400}}}", "not JSON", 1, 28, QUIPU_E_FORMAT},
        {"{\"2010\": [1, 2]}", "expected {", 1, 1, QUIPU_E_FORMAT},
        {"{\"2010\": {\"CHN\": 5}}", "expected {", 1, 1, QUIPU_E_FORMAT},
        {"{\"2010\": {\"CHN\": {\"x\": \"5\"}}}", "is not a number", 1, 1, QUIPU_E_DATA},
        {"{\"2010\": {\"CHN\": {\"x\": -5}}}", "negative", 1, 1, QUIPU_E_DATA},
        {"{\"2010\": {\"XYZ\": {\"x\": 5}}}", "unknown partner \"XYZ\"", 1, 1, QUIPU_E_DATA},
        {"{\"20101\": {\"CHN\": {\"x\": 5}}}", "\"20101\" is not a year", 1, 1, QUIPU_E_FORMAT},
        {"{\"2010\": {\"CHN\": {\"x\": 5}}, \"2010\": {}}", "duplicate", 1, 34, QUIPU_E_FORMAT},
        {"{\"2010\": {\"CHN\": {\"exports\": 5}}}", "expected {", 1, 1, QUIPU_E_FORMAT},
    };
    for (size_t i = 0; i < QI_COUNT(CASES); i++) {
        trial_file(t, "PER.json", CASES[i].text);
        trial_fails(t, CASES[i].status, CASES[i].line, CASES[i].column, CASES[i].words);
        trial_again(t);
    }
    trial_file(t, "mine.json", "{\"2010\": {\"CHN\": {\"x\": 5}}}");
    trial_fails(t, QUIPU_E_DATA, 1, 1, "\"mine\" is no country code");
}

/* ---- our own tables ---- */

static void wide_tables(void **state) {
    trial *t = *state;
    trial_file(t, "w.csv",
               "#quipu wide 1\n#source SUNAT\n#release 2021\n#nomenclature TOTAL\n"
               "#unit USD\n#scope with gold\n"
               "flow,reporter,partner,1993,1994,1995\n"
               "export,PER,ARG,36741053.93,,0\n"
               "import,PER,899,,,1204.5\n");
    trial_works(t);
    assert_string_equal(t->result.profile, "wide");
    assert_leaves(t, "1993 export PER>ARG TOTAL 36741053.93\n1995 export PER>ARG TOTAL 0\n"
                     "1995 import PER>UNS TOTAL 1204.5\n");
    assert_int_equal(t->result.read, 3);
    quipu_cube *cube;
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    assert_string_equal(quipu_cube_meta(cube, "source"), "SUNAT");
    assert_string_equal(quipu_cube_meta(cube, "release"), "2021");
    assert_string_equal(quipu_cube_meta(cube, "scope"), "with gold");
    assert_string_equal(quipu_cube_meta(cube, "nomenclature"), "TOTAL");
    quipu_cube_close(cube);
}

static void wide_tables_with_products_and_months(void **state) {
    trial *t = *state;
    trial_file(t, "w.csv",
               "#quipu wide 1\n#nomenclature I3\n#unit 1000 USD\n"
               "flow,reporter,partner,product,201101,201102,\n"
               "import,CHN,PER,1310,1.5,2,\n"
               "re-export,CHN,PER,2010,,0.0004,\n");
    trial_works(t);
    assert_leaves(t, "201101 import CHN>PER 1310 1500\n201102 import CHN>PER 1310 2000\n"
                     "201102 re-export CHN>PER 2010 0.4\n");
}

static void wide_tables_that_are_wrong(void **state) {
    trial *t = *state;
    static const struct {
        const char *text, *words;
        uint64_t line;
        uint32_t column;
        quipu_status status;
    } CASES[] = {
        {"#quipu wide 1\nflow,reporter,partner,2011,2012\nexport,PER,CHN,1\n",
         "found 4 fields where", 3, 17, QUIPU_E_DATA},
        {"#quipu wide 1\nflow,reporter,partner,2011\nexport,PER,CHN,-1\n", "not negative", 3,
         16, QUIPU_E_DATA},
        {"#quipu wide 1\nflow,reporter,partner,2011\nexports?,PER,CHN,1\n",
         "\"exports?\" where a flow", 3, 1, QUIPU_E_DATA},
        {"#quipu wide 1\nflow,reporter,partner,2011\nexport,PER,XYZ,1\n",
         "unknown country \"XYZ\"", 3, 12, QUIPU_E_DATA},
        {"#quipu wide 1\n#unit EUR\nflow,reporter,partner,2011\nexport,PER,CHN,1\n",
         "unit \"EUR\"", 2, 1, QUIPU_E_FORMAT},
        {"#quipu wide 1\nflow,reporter,2011\nexport,PER,1\n", "not that of profile wide", 2, 1,
         QUIPU_E_FORMAT},
        {"#quipu wide 1\nflow,reporter,partner,2011,20l2\nexport,PER,CHN,1,2\n", "\"20l2\"", 2,
         28, QUIPU_E_FORMAT},
        {"#quipu wide 1\nflow,reporter,partner,201113\nexport,PER,CHN,1\n", "\"201113\"", 2, 23,
         QUIPU_E_FORMAT},
        {"#quipu wide 1\nflow,reporter,partner,2012,2011\nexport,PER,CHN,1,2\n", "rise", 2, 28,
         QUIPU_E_FORMAT},
        {"#quipu wide 1\nflow,reporter,partner,2011,2011\nexport,PER,CHN,1,2\n", "rise", 2, 28,
         QUIPU_E_FORMAT},
        {"#quipu wide 2\nflow,reporter,partner,2011\nexport,PER,CHN,1\n", "version", 1, 1,
         QUIPU_E_FORMAT},
        {"#quipu tall 1\nflow,reporter,partner,2011\nexport,PER,CHN,1\n", "\"#quipu tall 1\"",
         1, 1, QUIPU_E_FORMAT},
        {"#quipu wide 1\nflow,reporter,partner,product,2011\nexport,PER,CHN,26/03,1\n",
         "product code", 3, 16, QUIPU_E_DATA},
        {"#quipu wide 1\n#source x\n", "ends before its header", 3, 1, QUIPU_E_FORMAT},
    };
    for (size_t i = 0; i < QI_COUNT(CASES); i++) {
        trial_file(t, "w.csv", CASES[i].text);
        trial_fails(t, CASES[i].status, CASES[i].line, CASES[i].column, CASES[i].words);
        trial_again(t);
    }
}

static void our_tariffs_beside_trade(void **state) {
    trial *t = *state;
    trial_file(t, "trade.csv",
               "#quipu wide 1\n#nomenclature I3\n#unit 1000 USD\n"
               "flow,reporter,partner,product,2011\nimport,CHN,PER,1310,2.5\n");
    trial_file(t, "tariffs.csv",
               "#quipu tariffs 1\n#nomenclature I3\n#unit 1000 USD\n"
               "tariff_year,trade_year,reporter,partner,product,duty,simple_average,"
               "weighted_average,standard_deviation,minimum,maximum,lines,domestic_peaks,"
               "international_peaks,binding_coverage,value\n"
               "2011,2011,CHN,PER,1310,AHS,0.18,0.05,0.6,0,2,11,0,1,,2.5\n"
               "2012,,CHN,PER,2010,BND,,,,,,,,,100,\n"
               "2011,2011,CHN,PER,1310,AHS,0.18,0.05,0.6,0,2,11,0,1,,2.5\n");
    trial_works(t);
    assert_leaves(t, "2011 import CHN>PER 1310 2500\n");
    assert_int_equal(t->result.read, 4);
    check_tariffs(t, "2011 2011 CHN<PER 1310 0: 1800 500 6000 0 20000 ? 11/0/1 2500\n"
                     "2012 0 CHN<PER 2010 3: ? ? ? ? ? 1000000 -1/-1/-1 ?\n");
}

#define TARIFFS                                                                                \
    "#quipu tariffs 1\n#nomenclature I3\ntariff_year,trade_year,reporter,partner,product,"     \
    "duty,simple_average\n"

static void tariffs_that_are_wrong(void **state) {
    trial *t = *state;
    static const struct {
        const char *row, *words;
        uint32_t column;
    } CASES[] = {
        {"2011,2011,CHN,PER,1310,XYZ,1\n", "found \"XYZ\" where a duty is expected", 24},
        {"2011,2011,CHN,PER,1310,AHS,many\n", "found \"many\" where a rate", 28},
        {"2011,2011,CHN,PER,1310,AHS,-1\n", "where a rate", 28},
        {"2011,2011,CHN,PER,1310,AHS,1e9\n", "where a rate", 28},
        {",2011,CHN,PER,1310,AHS,1\n", "where a year", 1},
        {"2011,1,CHN,PER,1310,AHS,1\n", "the period 1 is neither", 6},
    };
    for (size_t i = 0; i < QI_COUNT(CASES); i++) {
        char text[300];
        snprintf(text, sizeof text, TARIFFS "%s", CASES[i].row);
        trial_file(t, "t.csv", text);
        trial_fails(t, QUIPU_E_DATA, 4, CASES[i].column, CASES[i].words);
        trial_again(t);
    }
}

/* ---- a dump, as somebody else may have written it ---- */

#define DUMP "period,flow,reporter,partner,product,value,weight_kg,quantity,unit,flags\n"

static void dumps_are_read_back(void **state) {
    trial *t = *state;
    trial_file(
        t, "d.csv",
        "#quipu 1\n#source a source\n#nomenclature H0\n#frequency A\n#input x 12 bytes\n"
        "#engine quipu 0.0.9\n#report read\t\t5\t\t\n#report note\tsomething\t1\t2\tx\n" DUMP
        "2011,export,604,156,260300,2417569333.001,1000.5,7,8,\n"
        "2011,export,604,156,260400,,5,,,32\n"
        "2011,import,604,490,0101,0,,,,\n"
        "#table tariffs\n"
        "tariff_year,trade_year,reporter,partner,product,duty,simple_average,"
        "weighted_average,standard_deviation,minimum,maximum,lines,domestic_peaks,"
        "international_peaks,binding_coverage,value\n"
        "2011,2011,156,604,0101,AHS,0.18,0.05,0.6,0,2,11,0,1,,2500\n");
    trial_works(t);
    assert_string_equal(t->result.profile, "quipu");
    assert_leaves(t, "2011 export PER>CHN 260300 2417569333.001 w1000.5 q7/8\n"
                     "2011 export PER>CHN 260400 ? w5 f32\n"
                     "2011 import PER>S19 0101 0\n");
    check_tariffs(t, "2011 2011 CHN<PER 0101 0: 1800 500 6000 0 20000 ? 11/0/1 2500\n");
    quipu_cube *cube;
    size_t n;
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    const quipu_pair_text *meta = quipu_cube_meta_all(cube, &n);
    static const char *const KEYS[] = {"source", "nomenclature", "frequency", "input",
                                       "engine"};
    assert_int_equal(n, QI_COUNT(KEYS));
    for (size_t i = 0; i < n; i++)
        assert_string_equal(meta[i].key, KEYS[i]);
    assert_string_equal(meta[3].text, "x 12 bytes");
    assert_string_equal(quipu_cube_import_report(cube),
                        "read\t\t5\t\t\nnote\tsomething\t1\t2\tx\n");
    quipu_cube_close(cube);
}

/* A quantity whose unit is not known is still a quantity. */
static void dumps_keep_quantities_without_a_unit(void **state) {
    trial *t = *state;
    trial_file(t, "d.csv",
               "#quipu 1\n#nomenclature H0\n" DUMP "2011,export,604,156,260300,1,,7,,\n");
    trial_works(t);
    assert_leaves(t, "2011 export PER>CHN 260300 1 q7/1\n");
}

/* Numbers only, but any number: what a cube held, its dump may hold. */
static void dumps_keep_unknown_countries(void **state) {
    trial *t = *state;
    trial_file(t, "d.csv",
               "#quipu 1\n#nomenclature H0\n" DUMP "2011,export,604,997,260300,1,,,,\n");
    trial_works(t);
    assert_leaves(t, "2011 export PER>? 260300 1\n");
}

static void dumps_say_what_is_wrong(void **state) {
    trial *t = *state;
    static const struct {
        const char *row, *words;
        uint32_t column;
    } CASES[] = {
        {"2011,export,604,156,260300,1,,,,64\n", "flags", 33},
        {"2011,export,604,156,260300,1,,,,x\n", "flags", 33},
        {"2011,export,604,156,260300,1,,2,kg,\n", "unit", 33},
        {"2011,export,604,156,260300,1,,2,300,\n", "unit", 33},
        {"2011,export,604,156,260300,1,,\n", "9 fields", 31},
        {"2011,exports,604,156,260300,1,,,,,7\n", "11 fields", 35},
    };
    for (size_t i = 0; i < QI_COUNT(CASES); i++) {
        char text[300];
        snprintf(text, sizeof text, "#quipu 1\n" DUMP "%s", CASES[i].row);
        trial_file(t, "d.csv", text);
        trial_run(t);
        assert_int_equal(t->status, QUIPU_E_DATA);
        assert_int_equal(t->err.line, 3);
        if (i < 4) {
            assert_int_equal(t->err.column, CASES[i].column);
            assert_non_null(strstr(t->err.text, CASES[i].words));
        }
        trial_again(t);
    }
}

/* The tariffs of a dump are a table of their own, but lines are counted in the file. */
static void dumps_count_lines_through_both_tables(void **state) {
    trial *t = *state;
    trial_file(t, "d.csv",
               "#quipu 1\n#nomenclature H0\n" DUMP "2011,export,604,156,260300,1,,,,\n"
               "#table tariffs\n"
               "tariff_year,trade_year,reporter,partner,product,duty,simple_average\n"
               "2011,2011,156,604,0101,XXX,0.18\n");
    trial_fails(t, QUIPU_E_DATA, 7, 24, "found \"XXX\" where a duty is expected");
}

/* The mark between the tables may fall on the seam between two blocks of reading. */
static void dumps_find_the_second_table_anywhere(void **state) {
    trial *t = *state;
    static const char HEAD[] = "#quipu 1\n#nomenclature H0\n#filler ";
    static const char TAIL[] =
        "#table tariffs\ntariff_year,trade_year,reporter,partner,product,duty,simple_average\n"
        "2011,2011,156,604,0101,AHS,0.18\n";
    static const char ROW[] = "2011,export,604,156,260300,1,,,,\n";
    for (size_t block = 1 << 19; block <= 1 << 20; block *= 2)
        for (size_t before = 0; before < 18; before++) {
            size_t rest = block - before - strlen(DUMP) - strlen(ROW) - 1;
            qi_buffer text = {0};
            assert_true(qi_buffer_text(&text, HEAD));
            while (text.length < rest)
                assert_true(qi_buffer_text(&text, "."));
            assert_true(qi_buffer_text(&text, "\n" DUMP) && qi_buffer_text(&text, ROW));
            assert_int_equal(text.length, block - before);
            assert_true(qi_buffer_text(&text, TAIL));
            trial_bytes(t, "d.csv", text.bytes, text.length);
            qi_buffer_free(&text);
            trial_works(t);
            assert_leaves(t, "2011 export PER>CHN 260300 1\n");
            check_tariffs(t, "2011 2011 CHN<PER 0101 0: 1800 ? ? ? ? ? -1/-1/-1 ?\n");
            trial_again(t);
        }
}

/* ---- --map ---- */

static void any_table_by_a_map(void **state) {
    trial *t = *state;
    trial_file(t, "m.csv",
               "id;Year;ISO_O;iso_d;HS6;trade;kg;pieces\n"
               "1;2011;PER;CHN;260300;2.5;10;3\n2;2011;Peru;Japan;260400;1;;\n");
    t->options.map = "period=year,reporter=iso_o,partner=iso_d,product=hs6,value=trade*1000,"
                     "weight=kg,quantity=pieces,flow:export,nomenclature:HS92";
    trial_works(t);
    assert_string_equal(t->result.profile, "map");
    assert_leaves(t, "2011 export PER>CHN 260300 2500 w10 q3/1\n"
                     "2011 export PER>JPN 260400 1000\n");
}

static void a_map_with_constants(void **state) {
    trial *t = *state;
    trial_file(t, "m.csv", "y,to,usd\n2011,CHN,5\n2011,WLD,5\n");
    t->options.map = "year=y, importer=to, value=usd, reporter:PER, flow:export";
    trial_works(t);
    assert_leaves(t, "2011 export PER>CHN TOTAL 5\n");
    assert_ledger(t, "accepted 1 5\nWORLD 1 5\nTOTAL_AGREES 1 5\n");
    trial_again(t);
    trial_file(t, "m.csv", "y,from,usd\n2011,CHN,5\n");
    t->options.map = "year=y,exporter=from,value=usd,partner:WLD,flow:re-import";
    trial_works(t);
    assert_leaves(t, "2011 re-import CHN>WLD TOTAL 5\n");
}

static void maps_that_are_wrong(void **state) {
    trial *t = *state;
    static const char *const CASES[][2] = {
        {"period", "neither role=column nor role:constant"},
        {"perod=y", "no role \"perod\""},
        {"period=year", "no column \"year\""},
        {"value=usd*7", "factor \"7\""},
        {"value=usd*10000000000", "factor"},
        {"flow:sideways", "flow:sideways"},
        {"reporter:XYZ", "unknown country \"XYZ\""},
        {"nomenclature:H9", "H9"},
        {"period=y,value=usd,partner=to", "must name period, reporter, partner and value"},
        {"", "must name"},
    };
    for (size_t i = 0; i < QI_COUNT(CASES); i++) {
        trial_file(t, "m.csv", "y,to,usd\n2011,CHN,5\n");
        t->options.map = CASES[i][0];
        trial_run(t);
        assert_true(t->status == QUIPU_E_ARG || t->status == QUIPU_E_NOT_FOUND);
        if (strstr(t->err.text, CASES[i][1]) == NULL)
            fail_msg("\"%s\" gives \"%s\"", CASES[i][0], t->err.text);
        trial_again(t);
    }
}

/* ---- choosing ---- */

static void profiles_can_be_forced(void **state) {
    trial *t = *state;
    trial_file(t, "a.csv", "t,i,j,k,v,q\n2021,604,156,260300,1,1\n");
    t->options.profile = "baci";
    trial_works(t);
    trial_again(t);
    trial_file(t, "a.csv", "t,i,j,k,v,q\n2021,604,156,260300,1,1\n");
    t->options.profile = "wits";
    trial_fails(t, QUIPU_E_FORMAT, 1, 1, "not that of profile wits");
    trial_again(t);
    trial_file(t, "a.csv", "t,i,j,k,v,q\n2021,604,156,260300,1,1\n");
    t->options.profile = "bacci";
    trial_fails(t, QUIPU_E_ARG, 0, 0, "no profile \"bacci\"");
}

static void profiles_are_listed(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = {0};
    assert_int_equal(quipu_import_profiles(&table, NULL), QUIPU_OK);
    assert_int_equal(table.n_rows, 13);
    assert_string_equal(trial_cell(&table, 0, 0), "baci");
    quipu_table_free(&table);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        trial_test(baci_is_in_thousands_and_tons),
        trial_test(baci_reads_alike_however_it_is_written),
        trial_test(baci_codes_keep_their_zeros),
        trial_test(baci_knows_iso_numbers_too),
        trial_test(baci_without_quantities),
        trial_test(baci_zip_with_years_and_code_files),
        trial_test(comtrade_classic),
        trial_test(comtrade_classic_restores_zeros_by_its_level),
        trial_test(comtrade_plus),
        trial_test(comtrade_plus_months),
        trial_test(comtrade_sub_flows_are_set_aside),
        trial_test(wits_products),
        trial_test(wits_trains_makes_trade_and_tariffs),
        trial_test(totals_in_json),
        trial_test(totals_in_json_keep_large_integers),
        trial_test(totals_archive_with_an_index),
        trial_test(totals_of_another_shape_are_refused),
        trial_test(wide_tables),
        trial_test(wide_tables_with_products_and_months),
        trial_test(wide_tables_that_are_wrong),
        trial_test(our_tariffs_beside_trade),
        trial_test(tariffs_that_are_wrong),
        trial_test(dumps_are_read_back),
        trial_test(dumps_keep_quantities_without_a_unit),
        trial_test(dumps_keep_unknown_countries),
        trial_test(dumps_say_what_is_wrong),
        trial_test(dumps_count_lines_through_both_tables),
        trial_test(dumps_find_the_second_table_anywhere),
        trial_test(any_table_by_a_map),
        trial_test(a_map_with_constants),
        trial_test(maps_that_are_wrong),
        trial_test(profiles_can_be_forced),
        cmocka_unit_test(profiles_are_listed),
    };
    return cmocka_run_group_tests_name("import: profiles", tests, trial_open_nomen,
                                       trial_close_nomen);
}
