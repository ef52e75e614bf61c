/* SPDX-License-Identifier: Apache-2.0 */
/* test_register.c - tables of a register: every shape they may have, and every fault listed. */
#include "invest/test_world.h"

#define ENTITIES "id,name,kind,country,state_owned\n"
#define STAKES   "owner,owned,share_pct\n"

static const char *cell(const quipu_table *t, const char *column, size_t row) {
    ptrdiff_t c = quipu_table_find(t, column);
    assert_true(c >= 0 && row < t->n_rows);
    return quipu_table_present(t, (size_t)c, row) ? t->columns[c].data.text[row] : "";
}

/* Faults in order of file and place, none hides another. */
static void all_problems_at_once(void **state) {
    QI_UNUSED(state);
    world w = {{[QI_T_ENTITIES] = ENTITIES "a,A,firm,Pru,maybe\na,,company,,\n",
                [QI_T_PROJECTS] = "id,name,sector\np,P,\n",
                [QI_T_STAKES] = STAKES "x,p,120\na,p,-1\na\n\"a,p,1\n"}};
    quipu_table problems;
    quipu_register *reg;
    quipu_error err = {0};
    assert_int_equal(world_parse(&w, &problems, &reg, &err), QUIPU_E_DATA);
    static const char *const found[] = {"kind \"firm\"",
                                        "country \"Pru\"",
                                        "state_owned \"maybe\"",
                                        "id \"a\"",
                                        "no name",
                                        "no sector",
                                        "owner \"x\"",
                                        "share_pct \"120\"",
                                        "share_pct \"-1\"",
                                        "1 field",
                                        "a quote that is not closed on its line"};
    assert_int_equal(problems.n_rows, QI_COUNT(found));
    for (size_t i = 0; i < QI_COUNT(found); i++) {
        assert_string_equal(cell(&problems, "found", i), found[i]);
        assert_string_equal(cell(&problems, "severity", i), "error");
    }
    assert_non_null(strstr(err.text, "(and 10 more: `quipu invest check` lists them)"));
    assert_string_equal(err.file, "world/entities.csv");
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 5);
    quipu_table_free(&problems);
}

/* The same register in the manners of several spreadsheets. */
static void every_dress(void **state) {
    QI_UNUSED(state);
    static const char *const entities[] = {
        "id,name,country\na,\"A, \"\"the\"\" firm\",Peru\nb,B,\n",
        "\xEF\xBB\xBFname;id;country\r\n\"A, \"\"the\"\" firm\";a;PER\r\nB;b;\r\n\r\n",
        "country\tname\tid\n604\tA, \"the\" firm\ta\n\tB\tb"};
    static const char *const stakes[] = {"owner,owned,share_pct\na,b,12.5\n",
                                         "owned;owner;share_pct\r\nb;a;12.50\r\n",
                                         "share_pct\towner\towned\n1.25e1\ta\tb"};
    for (size_t i = 0; i < QI_COUNT(entities); i++) {
        world w = {{[QI_T_ENTITIES] = entities[i], [QI_T_STAKES] = stakes[i]}};
        quipu_register *reg = world_open(&w);
        assert_int_equal(reg->entities.n, 2);
        assert_string_equal(qi_node_name(reg, node(reg, "a")), "A, \"the\" firm");
        assert_string_equal(qi_node_country(reg, node(reg, "a"))->iso3, "PER");
        assert_int_equal(reg->stakes.items[0].low, QI_WHOLE / 8);
        assert_int_equal(strlen(quipu_register_fingerprint(reg)), 32);
        quipu_register_close(reg);
    }
}

static void dates(void **state) {
    QI_UNUSED(state);
    static const struct {
        const char *text;
        int32_t first, last; /* 0 = no date */
    } cases[] = {{"2011", 20110101, 20111231},
                 {"2012-02", 20120201, 20120229},
                 {"1900-02", 19000201, 19000228},
                 {"2011-03-31", 20110331, 20110331},
                 {"2011-02-29", 0, 0},
                 {"2011-13", 0, 0},
                 {"2011-1", 0, 0},
                 {"11", 0, 0},
                 {"2011/03/31", 0, 0},
                 {"", 0, 0}};
    for (size_t i = 0; i < QI_COUNT(cases); i++) {
        int32_t date = 0;
        bool ok = qi_date_parse(cases[i].text, strlen(cases[i].text), false, &date);
        assert_int_equal(ok ? date : 0, cases[i].first);
        ok = qi_date_parse(cases[i].text, strlen(cases[i].text), true, &date);
        assert_int_equal(ok ? date : 0, cases[i].last);
    }
    assert_int_equal(qi_day_after(20111231), 20120101);
    assert_int_equal(qi_day_after(20120228), 20120229);
    assert_int_equal(qi_day_before(20120301), 20120229);
    assert_int_equal(qi_day_before(20120101), 20111231);
    for (int32_t day = 20080101; day < 20130101; day = qi_day_after(day))
        assert_int_equal(qi_day_before(qi_day_after(day)), day);
}

/* Stakes that follow each other are no excess; one day of both is. */
static void one_after_the_other(void **state) {
    QI_UNUSED(state);
    static const struct {
        const char *stakes;
        bool sound;
    } cases[] = {
        {"owner,owned,share_pct,from,to\na,c,60,,2010\nb,c,60,2011,\n", true},
        {"owner,owned,share_pct,from,to\na,c,60,,2011-01-01\nb,c,60,2011,\n", false},
        {"owner,owned,share_pct,from,to\na,c,60,,2010\na,c,70,2011,\n", true},
        {"owner,owned,share_pct,from,to\na,c,60,,2011\na,c,30,2011-06,\n", false},
        {"owner,owned,share_pct,from,to\na,c,60,2011,\na,c,30,,2011\n", false},
        {"owner,owned,low_pct,high_pct\na,c,60,100\nb,c,30,100\n", true},
        {"owner,owned,low_pct,high_pct\na,c,60,100\nb,c,50,100\n", false},
    };
    for (size_t i = 0; i < QI_COUNT(cases); i++) {
        world w = {{[QI_T_ENTITIES] = ENTITIES "a,A,,,\nb,B,,,\nc,C,,,\n",
                    [QI_T_STAKES] = cases[i].stakes}};
        quipu_register *reg;
        assert_int_equal(world_parse(&w, NULL, &reg, NULL) == QUIPU_OK, cases[i].sound);
        quipu_register_close(reg);
    }
}

static void warnings_are_no_errors(void **state) {
    QI_UNUSED(state);
    world w = {{[QI_T_ENTITIES] = ENTITIES "a,A,,,\nb,B,,PER,\nidle,I,,PER,\n",
                [QI_T_PROJECTS] = "id,name,sector\np,P,Mining\n",
                [QI_T_STAKES] = STAKES "a,b,33.33333333333\n"}};
    quipu_table problems;
    quipu_register *reg;
    assert_int_equal(world_parse(&w, &problems, &reg, NULL), QUIPU_OK);
    assert_non_null(reg);
    assert_int_equal(problems.n_rows, 4); /* no country, idle, no stake, too many decimals */
    for (size_t i = 0; i < problems.n_rows; i++)
        assert_string_equal(cell(&problems, "severity", i), "warning");
    quipu_register_close(reg);
    quipu_table_free(&problems);
}

/* A table of nothing but faults is read to its end, and listed up to a thousand. */
static void many_problems(void **state) {
    QI_UNUSED(state);
    qi_buffer stakes = {0};
    quipu_table problems;
    quipu_register *reg;
    qi_buffer_text(&stakes, STAKES);
    for (int i = 0; i < 3000; i++)
        qi_buffer_printf(&stakes, "x%d,a,1\n", i);
    world w = {{[QI_T_ENTITIES] = ENTITIES "a,A,,,\n", [QI_T_STAKES] = stakes.bytes}};
    assert_int_equal(world_parse(&w, &problems, &reg, NULL), QUIPU_E_DATA);
    assert_int_equal(problems.n_rows, 1000);
    assert_int_equal(problems.n_notes, 1);
    quipu_table_free(&problems);
    qi_buffer_free(&stakes);
}

static void fingerprints(void **state) {
    QI_UNUSED(state);
    world a = {{[QI_T_ENTITIES] = ENTITIES "a,A,,,\n", [QI_T_STAKES] = STAKES}};
    world b = {{[QI_T_ENTITIES] = ENTITIES "a,B,,,\n", [QI_T_STAKES] = STAKES}};
    quipu_register *first = world_open(&a), *again = world_open(&a), *other = world_open(&b);
    assert_string_equal(quipu_register_fingerprint(first), quipu_register_fingerprint(again));
    assert_string_not_equal(quipu_register_fingerprint(first),
                            quipu_register_fingerprint(other));
    quipu_register_close(first);
    quipu_register_close(again);
    quipu_register_close(other);
    quipu_register_close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_problems_at_once),
        cmocka_unit_test(every_dress),
        cmocka_unit_test(dates),
        cmocka_unit_test(one_after_the_other),
        cmocka_unit_test(warnings_are_no_errors),
        cmocka_unit_test(many_problems),
        cmocka_unit_test(fingerprints),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
