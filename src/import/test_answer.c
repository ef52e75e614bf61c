/* SPDX-License-Identifier: Apache-2.0 */
/* test_answer.c - answers of the UN Comtrade API as files. */
#include "import/test_trial.h"

#define ROW(flow, partner, code, value)                                                        \
    "{\"typeCode\":\"C\",\"period\":\"2011\",\"reporterCode\":604,\"flowCode\":\"" flow "\","  \
    "\"partnerCode\":" partner ",\"partner2Code\":0,\"classificationCode\":\"H3\","            \
    "\"cmdCode\":\"" code "\",\"customsCode\":\"C00\",\"motCode\":0,\"qtyUnitCode\":8,"        \
    "\"qty\":null,\"isQtyEstimated\":false,\"netWgt\":12.5,\"isNetWgtEstimated\":true,"        \
    "\"primaryValue\":" value "}"
#define ANSWER(count, rows)                                                                    \
    "{\"elapsedTime\":\"0.1 secs\",\"count\":" count ",\"data\":[" rows "],\"error\":\"\"}"

static void answers_are_read(void **state) {
    trial *t = *state;
    trial_file(t, "a.json",
               ANSWER("3", ROW("X", "156", "260300", "2417569333.125") "," ROW(
                               "M", "392", "870323", "1e3") "," ROW("X", "0", "TOTAL", "5")));
    trial_works(t);
    assert_string_equal(t->result.profile, "comtrade-json");
    assert_leaves(t, "2011 export PER>CHN 260300 2417569333.125 w12.5 f32\n"
                     "2011 import PER>JPN 870323 1000 w12.5 f32\n");
    quipu_cube *cube;
    assert_int_equal(quipu_cube_open(t->cube, &cube, NULL), QUIPU_OK);
    assert_string_equal(quipu_cube_meta(cube, "source"), "UN Comtrade");
    assert_string_equal(quipu_cube_meta(cube, "nomenclature"), "H3");
    quipu_cube_close(cube);
    trial_again(t);
}

/* Order, blanks, escapes, nested values and names that are not ours make no difference. */
static void answers_are_read_however_they_are_written(void **state) {
    trial *t = *state;
    static const char *const WAYS[] = {
        "{\"data\":[{\"period\":2011,\"reporterCode\":\"604\",\"flowCode\":\"X\","
        "\"partnerCode\""
        ":156,\"classificationCode\":\"H3\",\"cmdCode\":\"260300\",\"primaryValue\":7}]}",
        "\xEF\xBB\xBF{ \"count\" : 1 ,\r\n\"data\" : [\n {\"primaryValue\":7.0,\n\"cmdCode\":"
        "\"26\\u0030300\", \"PERIOD\":\"2011\" , "
        "\"x\":{\"y\":[1,\"]}\\\"\",null]},\"reporterCode\""
        ":604,\"flowCode\":\"X\",\"partnerCode\":156,\"classificationCode\":\"H3\",\"qty\":"
        "null}\n"
        "]\n}\n",
        "{\"error\":\"\",\"elapsedMs\":3,\"validation\":{\"a\":[]},\"data\":[{\"reporterCode\":"
        "604,"
        "\"period\":\"2011\",\"flowCode\":\"X\",\"partnerCode\":156,\"classificationCode\":"
        "\"H3\","
        "\"cmdCode\":\"260300\",\"primaryValue\":0.7e1}],\"count\":1}",
    };
    for (size_t i = 0; i < QI_COUNT(WAYS); i++) {
        trial_file(t, "a.json", WAYS[i]);
        trial_works(t);
        assert_leaves(t, "2011 export PER>CHN 260300 7\n");
        trial_again(t);
    }
}

static void answers_that_were_cut_are_refused(void **state) {
    trial *t = *state;
    static const char WHOLE[] =
        ANSWER("2", ROW("X", "156", "260300", "1") "," ROW("X", "392", "260300", "2"));
    char part[sizeof WHOLE];
    for (size_t n = 20; n + 1 < sizeof WHOLE; n += 7) {
        memcpy(part, WHOLE, n);
        part[n] = 0;
        trial_file(t, "a.json", part);
        trial_run(t);
        assert_int_equal(t->status, QUIPU_E_FORMAT);
        assert_int_equal(t->err.line, 1);
        trial_again(t);
    }
}

static void answers_that_are_wrong(void **state) {
    trial *t = *state;
    static const struct {
        const char *text, *says;
        quipu_status status;
        uint64_t line;
        uint32_t column;
    } CASE[] = {
        {ANSWER("3", ROW("X", "156", "260300", "1")), "says it has 3 rows and has 1",
         QUIPU_E_DATA, 1, 1},
        {"{\"count\":0,\"data\":[],\"error\":\"Invalid parameter\"}",
         "an error instead of rows: Invalid parameter", QUIPU_E_DATA, 1, 1},
        {"{\"count\":0,\"data\":[{]}", "found ']' where a name in quotes", QUIPU_E_FORMAT, 1,
         21},
        {"{\"count\":0,\n\"data\":[{\"a\":x}]}", "found 'x' where a value", QUIPU_E_FORMAT, 2,
         14},
        {"{\"count\":0,\"data\":[{\"a\":\"\\q\"}]}", "where an escape", QUIPU_E_FORMAT, 1, 26},
        {"{\"count\":0,\"data\":[],\"data\":[]}", "one list of rows", QUIPU_E_FORMAT, 1, 30},
        {"{\"count\":0,\"data\":[]} x", "found 'x' where the end", QUIPU_E_FORMAT, 1, 23},
        {"{\"count\":0,\"data\":[{\"a\":[1}]}]}", "bracket that closes", QUIPU_E_FORMAT, 1, 27},
        {ANSWER("2", ROW("X", "156", "260300", "1") ",\n" ROW("X", "1990", "260300", "2")),
         "unknown partner \"1990\"", QUIPU_E_DATA, 2, 81},
        {ANSWER("0", ""), "nothing to import", QUIPU_E_DATA, 0, 0},
    };
    for (size_t i = 0; i < QI_COUNT(CASE); i++) {
        trial_file(t, "a.json", CASE[i].text);
        trial_fails(t, CASE[i].status, CASE[i].line, CASE[i].column, CASE[i].says);
        trial_again(t);
    }
}

static void empty_answers_stand_beside_full_ones(void **state) {
    trial *t = *state;
    trial_file(t, "a.json", ANSWER("0", ""));
    trial_file(t, "b.json", ANSWER("1", ROW("X", "156", "260300", "1")));
    trial_works(t);
    assert_leaves(t, "2011 export PER>CHN 260300 1 w12.5 f32\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        trial_test(answers_are_read),
        trial_test(answers_are_read_however_they_are_written),
        trial_test(answers_that_were_cut_are_refused),
        trial_test(answers_that_are_wrong),
        trial_test(empty_answers_stand_beside_full_ones),
    };
    return cmocka_run_group_tests_name("import: answers", tests, trial_open_nomen,
                                       trial_close_nomen);
}
