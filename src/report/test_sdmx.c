/* SPDX-License-Identifier: Apache-2.0 */
/* test_sdmx.c - SDMX-CSV: which column becomes what. */
#include "report/test_example.h"

#define HEAD(own, names)                                                                       \
    "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REPORTER,PARTNER,FLOW,COMMODITY" own                   \
    ",INDICATOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MEASURE,UNIT_MULT,TITLE" names "\n"
#define ROW "dataflow,QUIPU:TABLE(1.0.0),I,"

static void a_figure_is_an_observation(void **unused) {
    QI_UNUSED(unused);
    quipu_table table = make();
    const quipu_pair_text fixed[] = {{"reporter", "PER"}, {"flow", "exports"}};
    const quipu_report_options options = {
        .format = QUIPU_FORMAT_SDMX_CSV, .fixed = fixed, .n_fixed = 2};
    check(
        &table, options,
        HEAD("", "") ROW
        "A,PER,Côte d'Ivoire,X,_X,SHARE_VALUE,2011,6967012345.678,A,USD,0,Exports of Peru\n" ROW
        "A,PER,Côte d'Ivoire,X,_X,SHARE,2011,0.1534,A,PURE_NUMB,0,Exports of Peru\n" ROW
        "A,PER,日本,X,_X,SHARE_VALUE,2011,-2174000,A,USD,0,Exports of Peru\n" ROW
        "A,PER,日本,X,_X,SHARE,2011,0.3333333333333333,A,PURE_NUMB,0,Exports of Peru\n" ROW
        "_U,PER,\"R&D, \"\"a|b\"\" <50%_\",X,_X,SHARE_VALUE,_X,,O,USD,0,Exports of Peru\n" ROW
        "_U,PER,\"R&D, \"\"a|b\"\" <50%_\",X,_X,SHARE,_X,,O,PURE_NUMB,0,Exports of Peru\n");
    quipu_table_free(&table);
}

static void other_dimensions_and_names_have_their_place(void **unused) {
    QI_UNUSED(unused);
    static const quipu_column_spec COLUMNS[] = {
        {"product", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"product_name", "Product", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"year", "Month", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
        {"indicator", "Which", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"2-way", "Two ways", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
        {"flow", "Flow", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"weight", "Weight", QUIPU_AMOUNT, QUIPU_FIGURE, "kg", 0},
        {"growth", "Growth", QUIPU_SHARE, QUIPU_FIGURE, "fraction per year", 1},
        {"remark", "Remark", QUIPU_TEXT, QUIPU_FIGURE, "", 0}};
    quipu_table table;
    size_t row;
    assert_int_equal(quipu_table_init(&table, "m", COLUMNS, QI_COUNT(COLUMNS), NULL), QUIPU_OK);
    assert_int_equal(quipu_table_add_rows(&table, 1, &row, NULL), QUIPU_OK);
    assert_int_equal(quipu_table_set_text(&table, 0, 0, "0101", NULL), QUIPU_OK);
    assert_int_equal(quipu_table_set_text(&table, 1, 0, "Horses", NULL), QUIPU_OK);
    quipu_table_set_integer(&table, 2, 0, 201112);
    assert_int_equal(quipu_table_set_text(&table, 3, 0, "", NULL), QUIPU_OK);
    assert_int_equal(quipu_table_set_text(&table, 5, 0, "re-import", NULL), QUIPU_OK);
    quipu_table_set_integer(&table, 6, 0, 1500);
    assert_int_equal(quipu_table_set_text(&table, 8, 0, "a, b", NULL), QUIPU_OK);
    check(&table, (quipu_report_options){.format = QUIPU_FORMAT_SDMX_CSV, .plain = true},
          HEAD(",X_INDICATOR,X2_WAY", ",PRODUCT_NAME,REMARK") ROW
          "M,_X,_X,RM,0101,_X,_X,M_WEIGHT,2011-12,1.5,A,KG,0,,Horses,\"a, b\"\n" ROW
          "M,_X,_X,RM,0101,_X,_X,M_GROWTH,2011-12,,O,fraction per year,0,,Horses,\"a, b\"\n");
    quipu_table_free(&table);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_figure_is_an_observation),
        cmocka_unit_test(other_dimensions_and_names_have_their_place),
    };
    return cmocka_run_group_tests_name("report: SDMX", tests, NULL, NULL);
}
