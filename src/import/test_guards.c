/* SPDX-License-Identifier: Apache-2.0 */
/* test_guards.c - what is not trade between two countries in one product never gets into the
 * cube, and never goes without a line in the ledger. */
#include "import/test_trial.h"

/* Rows of `period,flow,from,to,product,value,...`, read by a map. */
#define ROWS "y,f,from,to,k,v\n"
#define MAP  "period=y,flow=f,reporter=from,partner=to,product=k,value=v,nomenclature:H0"

static void map_rows(trial *t, const char *text) {
    trial_file(t, "rows.csv", text);
    t->options.map = MAP;
}

/* ---- World, groups ---- */

static void world_beside_its_parts(void **state) {
    trial *t = *state;
    map_rows(t,
             ROWS "2011,X,604,0,260300,30\n2011,X,604,156,260300,10\n2011,X,604,392,260300,20\n"
                  "2011,X,152,WLD,260300,7\n2011,X,152,156,260300,4\n"
                  "2011,X,32,World,260300,3\n2011,X,32,156,260300,12\n"
                  "2011,X,76,0,260400,5\n2011,X,76,156,260300,5\n");
    trial_works(t);
    assert_leaves(t, "2011 export ARG>CHN 260300 12\n2011 export BRA>CHN 260300 5\n"
                     "2011 export CHL>CHN 260300 4\n2011 export PER>CHN 260300 10\n"
                     "2011 export PER>JPN 260300 20\n");
    assert_ledger(t,
                  "accepted 5 51\nWORLD 4 45\nRESIDUAL 2 8\nEXCESS 1 9\nTOTAL_AGREES 1 30\n");
    assert_string_equal(trial_example(t, "RESIDUAL"),
                        "2011 export 076-000 260400: total 5, parts 0");
    assert_string_equal(trial_example(t, "EXCESS"),
                        "2011 export 032-000 260300: total 3, parts 12");
}

/* Half a dollar for each part, and one: offices round every figure for itself. */
static void totals_may_differ_by_rounding(void **state) {
    trial *t = *state;
    map_rows(t, ROWS "2011,X,604,0,260300,32\n2011,X,604,156,260300,10.2\n"
                     "2011,X,604,392,260300,20.1\n2011,X,604,410,260300,0.1\n");
    trial_works(t);
    assert_ledger(t, "accepted 3 30.4\nWORLD 1 32\nTOTAL_AGREES 1 32\n");
    trial_again(t);
    map_rows(t, ROWS "2011,X,604,0,260300,34\n2011,X,604,156,260300,10.2\n"
                     "2011,X,604,392,260300,20.1\n2011,X,604,410,260300,0.1\n");
    trial_works(t);
    assert_ledger(t, "accepted 3 30.4\nWORLD 1 34\nRESIDUAL 1 3.6\n");
}

static void world_alone_is_kept(void **state) {
    trial *t = *state;
    map_rows(t, ROWS "2011,X,604,0,260300,30\n2011,X,604,0,260400,5\n2012,X,604,0,260300,1\n"
                     "2012,X,604,156,260300,1\n2011,M,604,0,260300,2\n");
    trial_works(t);
    assert_leaves(t, "2011 export PER>WLD 260300 30\n2011 export PER>WLD 260400 5\n"
                     "2011 import PER>WLD 260300 2\n2012 export PER>CHN 260300 1\n");
    assert_ledger(t, "accepted 4 38\nWORLD 1 1\nTOTAL_AGREES 1 1\n");
}

/* World of a chapter against partners in six digits, and of TOTAL against all. */
static void world_of_higher_levels(void **state) {
    trial *t = *state;
    map_rows(t, ROWS "2011,X,604,0,TOTAL,60\n2011,X,604,0,26,30\n2011,X,604,0,2603,30\n"
                     "2011,X,604,156,260300,10\n2011,X,604,392,260300,20\n"
                     "2011,X,604,392,740311,30\n");
    trial_works(t);
    assert_leaves(t, "2011 export PER>CHN 260300 10\n2011 export PER>JPN 260300 20\n"
                     "2011 export PER>JPN 740311 30\n");
    assert_int_equal(t->result.set_aside, 3);
    assert_int_equal(t->result.accepted, 3);
    quipu_cube *cube; /* 26 and 2603 are in no leaf: they are no products of the cube */
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    assert_int_equal(quipu_cube_n_products(cube), 2);
    size_t n;
    quipu_cube_countries(cube, &n);
    assert_int_equal(n, 3);
    quipu_cube_close(cube);
}

static void groups_are_set_aside(void **state) {
    trial *t = *state;
    map_rows(t,
             ROWS "2011,X,604,EUN,260300,30\n2011,X,604,276,260300,10\n2011,M,97,604,260300,8\n"
                  "2011,X,604,975,260300,9\n2011,M,0,604,260300,5\n");
    trial_works(t);
    assert_leaves(t, "2011 export PER>DEU 260300 10\n");
    assert_ledger(t, "accepted 1 10\nGROUP 4 52\n");
    assert_string_equal(trial_example(t, "GROUP"), "097 as a partner");
}

static void self_trade_is_kept_and_noted(void **state) {
    trial *t = *state;
    map_rows(t, ROWS "2011,M,156,156,260300,30\n2011,M,156,604,260300,10\n");
    trial_works(t);
    assert_leaves(t, "2011 import CHN>CHN 260300 30\n2011 import CHN>PER 260300 10\n");
    assert_ledger(t, "accepted 2 40\nSELF_TRADE 1 30\n");
    assert_string_equal(trial_example(t, "SELF_TRADE"), "156 in 2011");
}

/* ---- levels of products ---- */

static void totals_and_chapters_beside_leaves(void **state) {
    trial *t = *state;
    map_rows(t, ROWS "2011,X,604,156,TOTAL,100\n2011,X,604,156,26,60\n2011,X,604,156,2603,50\n"
                     "2011,X,604,156,260300,50\n2011,X,604,156,260400,10\n"
                     "2011,X,604,156,74,40\n2011,X,604,156,740311,30\n"
                     "2011,X,604,392,26,7\n2011,X,604,392,TOTAL,7\n"
                     "2011,X,604,410,TOTAL,9\n");
    trial_works(t);
    /* A chapter without its codes, and a TOTAL without anything, are all there is. */
    assert_leaves(t, "2011 export PER>CHN 260300 50\n2011 export PER>CHN 260400 10\n"
                     "2011 export PER>CHN 740311 30\n2011 export PER>JPN 26 7\n"
                     "2011 export PER>KOR TOTAL 9\n");
    assert_ledger(t, "accepted 5 106\nPRODUCT_TOTAL 5 257\nRESIDUAL 2 20\n"
                     "TOTAL_AGREES 3 117\n");
    assert_string_equal(trial_example(t, "RESIDUAL"),
                        "2011 export 604-156 74: total 40, parts 30");
}

static void parts_beyond_their_total(void **state) {
    trial *t = *state;
    map_rows(t,
             ROWS "2011,X,604,156,26,60\n2011,X,604,156,260300,50\n2011,X,604,156,260400,20\n");
    trial_works(t);
    assert_ledger(t, "accepted 2 70\nPRODUCT_TOTAL 1 60\nEXCESS 1 10\n");
}

/* ---- breakdowns ---- */

#define PLUS                                                                                   \
    "typeCode,period,reporterCode,flowCode,partnerCode,partner2Code,classificationCode,"       \
    "cmdCode,customsCode,motCode,primaryValue\n"

static void breakdowns_beside_their_total(void **state) {
    trial *t = *state;
    trial_file(t, "p.csv",
               PLUS "C,2022,604,X,156,0,H6,260300,C00,0,100\n"
                    "C,2022,604,X,156,0,H6,260300,C00,2100,60\n"
                    "C,2022,604,X,156,0,H6,260300,C00,1000,40\n"
                    "C,2022,604,X,156,0,H6,260300,C01,0,100\n"
                    "C,2022,604,X,156,344,H6,260300,C00,0,25\n");
    trial_works(t);
    assert_leaves(t, "2022 export PER>CHN 260300 100\n");
    assert_ledger(t, "accepted 1 100\nBREAKDOWN 4 225\n");
}

static void breakdowns_without_their_total(void **state) {
    trial *t = *state;
    trial_file(t, "p.csv",
               PLUS "C,2022,604,X,156,0,H6,260300,C00,2100,60\n"
                    "C,2022,604,X,156,0,H6,260300,C00,1000,40\n"
                    "C,2022,604,X,392,0,H6,260300,C00,1000,5\n");
    trial_works(t);
    assert_leaves(t, "2022 export PER>CHN 260300 100\n2022 export PER>JPN 260300 5\n");
    assert_ledger(t, "accepted 3 105\nSUMMED 3 105\n");
    assert_string_equal(trial_example(t, "SUMMED"), "2022 export 604-156 260300");
}

/* C01 by all means is the sum of C01 by ship and by air: both together would be twice it. */
static void breakdowns_in_two_ways(void **state) {
    trial *t = *state;
    trial_file(t, "p.csv",
               PLUS "C,2022,604,X,156,0,H6,260300,C01,0,100\n"
                    "C,2022,604,X,156,0,H6,260300,C01,2100,60\n"
                    "C,2022,604,X,156,0,H6,260300,C01,1000,40\n"
                    "C,2022,604,X,156,344,H6,260300,C00,0,100\n");
    trial_works(t);
    assert_leaves(t, "2022 export PER>CHN 260300 100\n");
    assert_ledger(t, "accepted 1 100\nBREAKDOWN 3 200\nSUMMED 1 100\n");
}

/* ---- duplicates ---- */

static void duplicates_that_agree(void **state) {
    trial *t = *state;
    map_rows(t, ROWS "2011,X,604,156,260300,30\n2011,X,604,156,260300,30\n"
                     "2011,X,604,156,260400,1\n2011,X,604,156,260300,30.000\n");
    trial_works(t);
    assert_leaves(t, "2011 export PER>CHN 260300 30\n2011 export PER>CHN 260400 1\n");
    assert_ledger(t, "accepted 2 31\nDUPLICATE 2 60\n");
}

static void duplicates_that_conflict(void **state) {
    trial *t = *state;
    static const char TEXT[] = ROWS "2011,X,604,156,260300,30\n2011,X,604,156,260400,1\n"
                                    "2011,X,604,156,260300,31.5\n2011,X,604,156,260300,7\n";
    static const struct {
        quipu_duplicates rule;
        const char *leaves, *ledger;
    } CASES[] = {
        {QUIPU_DUPLICATES_FIRST,
         "2011 export PER>CHN 260300 30\n2011 export PER>CHN 260400 1\n",
         "accepted 2 31\nDUPLICATE_CHOICE 2 38.5\n"},
        {QUIPU_DUPLICATES_LAST, "2011 export PER>CHN 260300 7\n2011 export PER>CHN 260400 1\n",
         "accepted 2 8\nDUPLICATE_CHOICE 2 61.5\n"},
        {QUIPU_DUPLICATES_SUM,
         "2011 export PER>CHN 260300 68.5\n2011 export PER>CHN 260400 1\n",
         "accepted 4 69.5\nDUPLICATE_SUM 2 38.5\n"},
    };
    map_rows(t, TEXT);
    trial_fails(t, QUIPU_E_DATA, 4, 1, "has the value 31.5 here, but 30 in");
    assert_non_null(strstr(t->err.text, "line 2"));
    for (size_t i = 0; i < QI_COUNT(CASES); i++) {
        trial_again(t);
        map_rows(t, TEXT);
        t->options.duplicates = CASES[i].rule;
        trial_works(t);
        assert_leaves(t, CASES[i].leaves);
        assert_ledger(t, CASES[i].ledger);
    }
}

static void declarations_all_count(void **state) {
    trial *t = *state;
    map_rows(t, ROWS "2011,X,604,156,260300,30\n2011,X,604,156,260300,30\n"
                     "2011,X,604,156,260400,1\n2011,X,604,156,260300,7\n"
                     "2011,X,604,97,260400,2\n2011,X,604,918,260400,3\n");
    t->options.duplicates = QUIPU_DUPLICATES_DECLARATIONS;
    t->options.input_name = "declarations";
    trial_works(t);
    assert_leaves(t, "2011 export PER>CHN 260300 67\n2011 export PER>CHN 260400 1\n");
    assert_ledger(t, "accepted 4 68\nGROUP 2 5\nDECLARATIONS 2 0\n");
}

static void duplicates_in_two_files(void **state) {
    trial *t = *state;
    trial_file(t, "one.csv", "t,i,j,k,v,q\n2021,604,156,260300,1,1\n2021,604,156,740311,2,1\n");
    trial_file(t, "two.csv",
               "t,i,j,k,v,q\n\n2021,604,392,260300,1,1\n2021,604,156,740311,3,1\n");
    trial_fails(t, QUIPU_E_DATA, 4, 1, "one.csv line 3");
    assert_non_null(strstr(t->err.file, "two.csv"));
    t->options.duplicates = QUIPU_DUPLICATES_SUM;
    trial_works(t);
    assert_leaves(t, "2021 reconciled PER>CHN 260300 1000 w1000\n"
                     "2021 reconciled PER>CHN 740311 5000 w2000\n"
                     "2021 reconciled PER>JPN 260300 1000 w1000\n");
}

/* What cannot be added up becomes unknown, not wrong. */
static void duplicates_added_up_with_unlike_units(void **state) {
    trial *t = *state;
    trial_file(t, "r.csv",
               "y,from,to,k,v,w,q,u\n2011,604,156,260300,1,5,7,8\n"
               "2011,604,156,260300,2,,7,5\n2011,604,156,260400,1,5,7,8\n"
               "2011,604,156,260400,2,1,2,8\n");
    t->options.map =
        "year=y,reporter=from,partner=to,product=k,value=v,weight=w,quantity=q,unit=u,"
        "flow:export,nomenclature:H0";
    t->options.duplicates = QUIPU_DUPLICATES_SUM;
    trial_works(t);
    assert_leaves(t, "2011 export PER>CHN 260300 3\n2011 export PER>CHN 260400 3 w6 q9/8\n");
}

/* A slab has the columns its leaves have: what was set aside leaves no trace in the cube. */
static void columns_are_those_of_the_leaves(void **state) {
    trial *t = *state;
    trial_file(t, "b.csv",
               "t,i,j,k,v,q\n2021,604,156,260300,1,\n2021,604,156,260300,1,5\n"
               "2020,604,156,260300,1,\n2020,604,392,260300,1,7\n");
    t->options.duplicates = QUIPU_DUPLICATES_FIRST;
    trial_works(t);
    assert_leaves(t, "2020 reconciled PER>CHN 260300 1000\n2020 reconciled PER>JPN 260300 1000 "
                     "w7000\n2021 reconciled PER>CHN 260300 1000\n");
    assert_ledger(t, "accepted 3 3000\nDUPLICATE_CHOICE 1 1000\n");
    quipu_cube *cube;
    size_t n;
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n);
    assert_int_equal(n, 2);
    assert_int_equal(slabs[0].columns, QUIPU_HAS_WEIGHT);
    assert_int_equal(slabs[1].columns, 0);
    quipu_cube_close(cube);
}

/* ---- missing, zero, rounding ---- */

static void missing_is_not_zero(void **state) {
    trial *t = *state;
    map_rows(t,
             ROWS "2011,X,604,156,260300,\n2011,X,604,156,260400,0\n2011,X,604,156,740311,NA\n"
                  "2011,X,604,392,260300,-\n2011,X,604,392,260400, \n2011,X,604,410,26,null\n");
    trial_works(t);
    assert_leaves(t, "2011 export PER>CHN 260400 0\n");
    assert_ledger(t, "accepted 1 0\nNO_VALUE 5 0\n");
}

static void a_quantity_without_value_is_a_row(void **state) {
    trial *t = *state;
    trial_file(t, "b.csv",
               "t,i,j,k,v,q\n2021,604,156,260300,,5\n2021,604,156,260400,NA,NA\n"
               "2021,604,392,260300,,0\n");
    trial_works(t);
    assert_leaves(t, "2021 reconciled PER>CHN 260300 ? w5000\n"
                     "2021 reconciled PER>JPN 260300 ? w0\n");
    assert_ledger(t, "accepted 2 0\nNO_VALUE 1 0\n");
}

static void a_zero_quantity_beside_a_value_is_unknown(void **state) {
    trial *t = *state;
    trial_file(t, "b.csv",
               "t,i,j,k,v,q\n2021,604,156,260300,5,0\n2021,604,156,260400,5,0.000\n"
               "2021,604,392,260300,0,0\n2021,604,392,260400,0.000,0.000\n");
    trial_works(t);
    assert_leaves(t, "2021 reconciled PER>CHN 260300 5000\n"
                     "2021 reconciled PER>CHN 260400 5000\n"
                     "2021 reconciled PER>JPN 260300 0 w0\n"
                     "2021 reconciled PER>JPN 260400 0 w0\n");
    assert_ledger(t, "accepted 4 10000\nZERO_QUANTITY 2 10000\n");
}

static void finer_than_a_thousandth_is_rounded_and_noted(void **state) {
    trial *t = *state;
    map_rows(t, ROWS "2011,X,604,156,260300,0.0005\n2011,X,604,156,260400,0.0015\n"
                     "2011,X,604,156,740311,1.0004999\n2011,X,604,392,260300,5.125\n");
    trial_works(t);
    /* Half to even: the thousandths are 0 and 2. */
    assert_leaves(t, "2011 export PER>CHN 260300 0\n2011 export PER>CHN 260400 0.002\n"
                     "2011 export PER>CHN 740311 1\n2011 export PER>JPN 260300 5.125\n");
    assert_ledger(t, "accepted 4 6.127\nROUNDED 3 1.002\n");
    assert_string_equal(trial_example(t, "ROUNDED"), "0.0005");
}

/* ---- nomenclatures ---- */

#define CLASSIC                                                                                \
    "Classification,Period,Aggregate Level,Trade Flow,Reporter Code,Partner Code,Commodity "   \
    "Code,Trade Value (US$)\n"

static void mixed_revisions_are_refused(void **state) {
    trial *t = *state;
    static const char TEXT[] = CLASSIC "H4,2011,6,Export,604,156,260300,5\n"
                                       "H5,2017,6,Export,604,156,260300,7\n"
                                       "H4,2012,6,Export,604,156,260300,9\n";
    trial_file(t, "c.csv", TEXT);
    trial_fails(t, QUIPU_E_DATA, 3, 0, "nomenclature H5 here, H4 before");
    t->options.nomenclature = "H4";
    trial_works(t);
    assert_leaves(t, "2011 export PER>CHN 260300 5\n2012 export PER>CHN 260300 9\n");
    assert_ledger(t, "accepted 2 14\nOTHER_NOMENCLATURE 1 7\n");
    t->options.nomenclature = "HS 2017";
    trial_works(t);
    assert_leaves(t, "2017 export PER>CHN 260300 7\n");
    assert_ledger(t, "accepted 1 7\nOTHER_NOMENCLATURE 2 14\n");
    t->options.nomenclature = "H9";
    trial_fails(t, QUIPU_E_NOT_FOUND, 0, 0, "H9");
}

static void mixed_revisions_in_two_files(void **state) {
    trial *t = *state;
    trial_file(t, "BACI_HS92_Y2011_V202301.csv", "t,i,j,k,v,q\n2011,604,156,260300,1,1\n");
    trial_file(t, "BACI_HS12_Y2012_V202301.csv", "t,i,j,k,v,q\n2012,604,156,260300,1,1\n");
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_DATA);
    assert_non_null(strstr(t->err.text, "this file is in H4, others in H0"));
    assert_non_null(strstr(t->err.file, "HS12"));
    t->options.nomenclature = "H0"; /* a name for files without one, no conversion */
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_DATA);
    assert_non_null(strstr(t->err.text, "this file is in H4, not in H0 as asked"));
}

static void a_nomenclature_is_told_from_the_codes(void **state) {
    trial *t = *state;
    trial_file(t, "b.csv", "t,i,j,k,v,q\n2011,604,156,260300,1,1\n2011,604,156,010111,1,1\n");
    trial_works(t);
    quipu_cube *cube;
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    assert_string_equal(quipu_cube_meta(cube, "nomenclature"),
                        "H0"); /* 010111 went in 1996... */
    assert_string_equal(quipu_cube_meta(cube, "nomenclature-told-by"),
                        "the codes; the files do not say");
    quipu_cube_close(cube);
    t->options.nomenclature = "H3";
    trial_works(t);
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    assert_string_equal(quipu_cube_meta(cube, "nomenclature"), "H3");
    assert_null(quipu_cube_meta(cube, "nomenclature-told-by"));
    quipu_cube_close(cube);
    assert_ledger(t, "accepted 2 2000\nUNKNOWN_PRODUCT 1 1000\n");
    assert_string_equal(trial_example(t, "UNKNOWN_PRODUCT"), "010111 in H3");
}

/* ---- codes ---- */

static void unknown_products_are_kept_and_noted(void **state) {
    trial *t = *state;
    map_rows(t,
             ROWS "2011,X,604,156,260300,1\n2011,X,604,156,999998,2\n2011,X,604,156,TOTAL,3\n");
    trial_works(t);
    assert_leaves(t, "2011 export PER>CHN 260300 1\n2011 export PER>CHN 999998 2\n");
    assert_ledger(t,
                  "accepted 2 3\nPRODUCT_TOTAL 1 3\nUNKNOWN_PRODUCT 1 2\nTOTAL_AGREES 1 3\n");
}

static void a_lost_leading_zero_is_an_error_unless_restored(void **state) {
    trial *t = *state;
    static const char TEXT[] = ROWS "2011,X,604,156,260300,1\n2011,X,604,156,10111,2\n"
                                    "2011,X,604,156,101,3\n2011,X,604,156,010112,3\n";
    map_rows(t, TEXT);
    trial_fails(t, QUIPU_E_DATA, 3, 16, "product code \"10111\" has 5 digits");
    assert_non_null(strstr(t->err.text, "--pad-codes"));
    t->options.pad_codes = true;
    trial_works(t);
    assert_leaves(t, "2011 export PER>CHN 010111 2\n2011 export PER>CHN 010112 3\n"
                     "2011 export PER>CHN 260300 1\n");
    assert_string_equal(trial_example(t, "PADDED"), "10111 -> 010111");
    assert_int_equal(t->result.set_aside, 1); /* 0101 beside its parts */
}

/* SITC has codes of any length: nothing is lost there. */
static void odd_digits_are_fine_outside_the_harmonized_system(void **state) {
    trial *t = *state;
    trial_file(t, "r.csv", ROWS "2011,X,604,156,05111,1\n2011,X,604,156,281,2\n");
    t->options.map =
        "period=y,flow=f,reporter=from,partner=to,product=k,value=v,nomenclature:S2";
    trial_works(t);
    assert_leaves(t, "2011 export PER>CHN 05111 1\n2011 export PER>CHN 281 2\n");
}

static void unknown_countries_are_an_error_unless_kept(void **state) {
    trial *t = *state;
    static const char TEXT[] = "t,i,j,k,v,q\n2021,604,156,260300,1,1\n2021,604,998,260300,2,1\n"
                               "2021,997,998,260300,3,1\n";
    trial_file(t, "b.csv", TEXT);
    trial_fails(t, QUIPU_E_DATA, 3, 10, "unknown partner \"998\"");
    t->options.keep_unknown = true;
    trial_works(t);
    assert_leaves(t, "2021 reconciled PER>CHN 260300 1000 w1000\n"
                     "2021 reconciled PER>? 260300 2000 w1000\n"
                     "2021 reconciled ?>? 260300 3000 w1000\n");
    assert_ledger(t, "accepted 3 6000\nUNKNOWN_COUNTRY 3 8000\n"); /* the last row has two */
    trial_again(t);
    trial_file(t, "b.csv", "t,i,j,k,v,q\n2021,604,Atlantis,260300,2,1\n");
    t->options.keep_unknown = true; /* a name without a number cannot be kept */
    trial_fails(t, QUIPU_E_DATA, 2, 10, "unknown partner \"Atlantis\"");
}

static void former_countries_and_areas_are_partners(void **state) {
    trial *t = *state;
    map_rows(t, ROWS
             "1990,X,604,810,260300,1\n1990,X,604,BLX,260300,2\n1990,X,604,490,260300,3\n"
             "1990,X,604,899,260300,4\n1990,X,604,OAS,260400,5\n1990,X,604,ROM,260300,6\n");
    trial_works(t);
    assert_int_equal(t->result.accepted, 6);
    assert_int_equal(t->result.set_aside, 0);
}

/* ---- years and months ---- */

static void years_and_months_do_not_mix(void **state) {
    trial *t = *state;
    map_rows(t, ROWS
             "2011,X,604,156,260300,1\n2011,X,604,392,260300,1\n201112,X,604,156,260300,1\n");
    trial_fails(t, QUIPU_E_DATA, 4, 1, "years and months");
    trial_again(t);
    map_rows(t, ROWS "201101,X,604,156,260300,1\n2010,X,604,156,260300,1\n");
    trial_fails(t, QUIPU_E_DATA, 3, 1, "years and months");
    trial_again(t);
    map_rows(t, ROWS "201101,X,604,156,260300,1\n201012,X,604,156,260300,1\n");
    trial_works(t);
    assert_leaves(t, "201012 export PER>CHN 260300 1\n201101 export PER>CHN 260300 1\n");
}

static void periods_that_are_none(void **state) {
    trial *t = *state;
    static const char *const PERIODS[] = {"1492", "201113", "201100", "20111", "2101",
                                          "0",    "-2011",  "2011.5", "",      "MMXI"};
    for (size_t i = 0; i < QI_COUNT(PERIODS); i++) {
        char text[200];
        snprintf(text, sizeof text, ROWS "%s,X,604,156,260300,1\n", PERIODS[i]);
        map_rows(t, text);
        trial_fails(t, QUIPU_E_DATA, 2, 1, i < 7 ? "neither a year" : "where a year");
        trial_again(t);
    }
}

/* ---- malformed rows ---- */

static void malformed_rows_name_line_and_column(void **state) {
    trial *t = *state;
    static const struct {
        const char *row, *words;
        uint32_t column;
    } CASES[] = {
        {"2011,X,604,156,260300,-5\n", "is negative", 23},
        {"2011,X,604,156,260300,1e400\n", "does not fit", 23},
        {"2011,X,604,156,260300,9300000000000000\n", "does not fit", 23},
        {"2011,X,604,156,260300,NaN\n", "found \"NaN\" where a value", 23},
        {"2011,X,604,156,260300,inf\n", "found \"inf\" where a value", 23},
        {"2011,X,604,156,260300,0x10\n", "found \"0x10\" where a value", 23},
        {"2011,X,604,156,260300,\"1,000\"\n", "no thousands separators", 23},
        {"2011,X,604,156,260300,1 000\n", "found \"1 000\"", 23},
        {"2011,X,604,156,260300,1.2.3\n", "found \"1.2.3\"", 23},
        {"2011,X,604,156,260300\n", "found 5 fields where the header has 6", 22},
        {"2011,X,604,156,260300,5,6\n", "found 7 fields where the header has 6", 25},
        {"2011,X,604,156,\"260300,5\n", "not closed", 16},
        {"2011,X,,156,260300,5\n", "no reporter", 8},
        {"2011,X,604,,260300,5\n", "no partner", 12},
        {"2011,sideways,604,156,260300,5\n", "found \"sideways\" where a flow", 6},
        {"2011,X,604,156,,5\n", "where a product code of 1 to 12", 16},
        {"2011,X,604,156,1234567890123,5\n", "where a product code of 1 to 12", 16},
        {"2011,X,604,156,26/03,5\n", "has a character that is not", 16},
        {"y,f,from,to,k,v\n", "where a flow", 3}, /* the header once more */
    };
    for (size_t i = 0; i < QI_COUNT(CASES); i++) {
        char text[300];
        snprintf(text, sizeof text, ROWS "2011,X,604,156,260400,1\n\n%s", CASES[i].row);
        map_rows(t, text);
        trial_fails(t, QUIPU_E_DATA, 4, CASES[i].column, CASES[i].words);
        trial_again(t);
    }
}

static void rejects_go_to_a_file(void **state) {
    trial *t = *state;
    char path[128];
    snprintf(path, sizeof path, "%s/no.csv", t->folder);
    map_rows(t, ROWS "2011,X,604,156,260300,1\n2011,X,604,XYZ,260300,2\n"
                     "2011,X,604,156,\"say \"\"no\"\"\",5\n2011,X,604,392,260300,x\n");
    t->options.rejects_path = path;
    trial_works(t);
    assert_leaves(t, "2011 export PER>CHN 260300 1\n");
    assert_ledger(t, "accepted 1 1\nMALFORMED 3 0\n");
    assert_int_equal(t->result.rejected, 3);
    qi_buffer text = trial_read(path);
    char first[256];
    snprintf(first, sizeof first,
             "file,line,column,reason,text\n\"%s/rows.csv\",3,12,\"unknown", t->folder);
    assert_int_equal(strncmp(text.bytes, first, strlen(first)), 0);
    assert_non_null(strstr(text.bytes, ",4,16,\"product code \"\"say \"\"no\"\"\"\" has"));
    assert_non_null(
        strstr(text.bytes, ",\"2011,X,604,156,\"\"say \"\"\"\"no\"\"\"\"\"\",5\"\n"));
    assert_non_null(strstr(text.bytes, ",5,23,\"found \"\"x\"\" where"));
    qi_buffer_free(&text);
}

static void nothing_but_rejects_makes_no_cube(void **state) {
    trial *t = *state;
    char path[128];
    snprintf(path, sizeof path, "%s/no.csv", t->folder);
    map_rows(t, ROWS "2011,X,604,XYZ,260300,2\n");
    t->options.rejects_path = path;
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_DATA);
    assert_non_null(strstr(t->err.text, "nothing to import"));
}

static void notes_under_the_table_are_set_aside(void **state) {
    trial *t = *state;
    map_rows(t, ROWS "2011,X,604,156,260300,1\n# Source: the office, retrieved 2020\n");
    trial_works(t);
    assert_ledger(t, "accepted 1 1\nCOMMENT 1 0\n");
}

/* ---- sums that do not fit ---- */

static void sums_beyond_the_limit_are_errors(void **state) {
    trial *t = *state;
    map_rows(t, ROWS "2011,X,604,156,260300,9e15\n2011,X,604,156,260400,9e15\n");
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_DATA);
    trial_again(t);
    map_rows(t, ROWS "2011,X,604,156,26,9e15\n2011,X,604,156,260300,9e15\n"
                     "2011,X,604,156,260400,9e15\n2011,X,604,156,TOTAL,9e15\n");
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_DATA);
    trial_again(t);
    map_rows(t, ROWS
             "2011,X,604,0,TOTAL,1\n2011,X,604,156,260300,9e15\n2011,X,604,392,260400,9e15\n");
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_DATA);
    trial_again(t);
    map_rows(t, ROWS "2011,X,604,156,260300,9e15\n2011,X,604,156,260300,9e14\n");
    t->options.duplicates = QUIPU_DUPLICATES_SUM;
    trial_run(t);
    assert_int_equal(t->status, QUIPU_E_DATA);
    assert_non_null(strstr(t->err.text, "the sum is beyond"));
}

/* ---- text of the files in what is said ---- */

static void messages_are_clean_text(void **state) {
    trial *t = *state;
    map_rows(t, ROWS "2011,X,604,\x1b[31mXYZ,260300,2\n");
    trial_run(t);
    assert_null(strchr(t->err.text, '\x1b'));
    trial_again(t);
    map_rows(t, ROWS "2011,X,604,\xff\xfe,260300,2\n");
    trial_run(t);
    trial_again(t);
    trial_file(t, "x.csv",
               "a,\x07"
               "b\n1,2\n");
    trial_run(t);
    assert_null(strchr(t->err.text, '\x07'));
    trial_again(t);
    map_rows(t, ROWS "2011,X,604,156,260300,1\n# \xC3\x91 \xff \t\x1b[31m red\n");
    trial_works(t);
    assert_string_equal(trial_example(t, "COMMENT"), "# \xC3\x91 ?   [31m red");
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        trial_test(world_beside_its_parts),
        trial_test(totals_may_differ_by_rounding),
        trial_test(world_alone_is_kept),
        trial_test(world_of_higher_levels),
        trial_test(groups_are_set_aside),
        trial_test(self_trade_is_kept_and_noted),
        trial_test(totals_and_chapters_beside_leaves),
        trial_test(parts_beyond_their_total),
        trial_test(breakdowns_beside_their_total),
        trial_test(breakdowns_without_their_total),
        trial_test(breakdowns_in_two_ways),
        trial_test(duplicates_that_agree),
        trial_test(duplicates_that_conflict),
        trial_test(declarations_all_count),
        trial_test(duplicates_in_two_files),
        trial_test(duplicates_added_up_with_unlike_units),
        trial_test(columns_are_those_of_the_leaves),
        trial_test(missing_is_not_zero),
        trial_test(a_quantity_without_value_is_a_row),
        trial_test(a_zero_quantity_beside_a_value_is_unknown),
        trial_test(finer_than_a_thousandth_is_rounded_and_noted),
        trial_test(mixed_revisions_are_refused),
        trial_test(mixed_revisions_in_two_files),
        trial_test(a_nomenclature_is_told_from_the_codes),
        trial_test(unknown_products_are_kept_and_noted),
        trial_test(a_lost_leading_zero_is_an_error_unless_restored),
        trial_test(odd_digits_are_fine_outside_the_harmonized_system),
        trial_test(unknown_countries_are_an_error_unless_kept),
        trial_test(former_countries_and_areas_are_partners),
        trial_test(years_and_months_do_not_mix),
        trial_test(periods_that_are_none),
        trial_test(malformed_rows_name_line_and_column),
        trial_test(rejects_go_to_a_file),
        trial_test(nothing_but_rejects_makes_no_cube),
        trial_test(notes_under_the_table_are_set_aside),
        trial_test(sums_beyond_the_limit_are_errors),
        trial_test(messages_are_clean_text),
    };
    return cmocka_run_group_tests_name("import: guards", tests, trial_open_nomen,
                                       trial_close_nomen);
}
