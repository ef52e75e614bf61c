/* SPDX-License-Identifier: Apache-2.0 */
/* Tariff schedules: what is read, and one clear complaint for each thing that cannot be. */
#include "nomen/nomen.h"
#include "nomen/test_open.h"
#include "quipu/agreement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

static void write_file(char path[64], const char *text) {
    snprintf(path, 64, "/tmp/quipu-schedule-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static quipu_status read_texts(const char *lines, const char *categories, quipu_schedule *out,
                               quipu_error *err) {
    char a[64], b[64];
    write_file(a, lines);
    write_file(b, categories);
    quipu_status status = quipu_schedule_read(nomen, a, b, out, err);
    unlink(a);
    unlink(b);
    return status;
}

#define HEAD "#quipu schedule 1\n#revision H3\n#from 2010-03-01\n"
#define COLS "line,base_rate,category\n"
#define CATS "#quipu categories 1\ncategory,years,first_cut,path\nA,0,,\nB,4,2,\n"

static void a_schedule(void **state) {
    QI_UNUSED(state);
    quipu_schedule s;
    quipu_error err = {0};
    const char *lines = "#quipu schedule 1\n#title T\n#revision 2007\n#importer China\n"
                        "#exporter Peru\n# a remark, with a comma\n#from 2010-03-01\n"
                        "category,line,base_rate,start_rate,specific,value,name\n"
                        "b,0303.79.10,12.5%,10,,1234.5678,\"Fish, frozen\"\n"
                        "# another\n\nA,26030000,0,,,,\nA,02071400,,,1 US$ a kg,,\n";
    if (read_texts(lines, CATS, &s, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    assert_string_equal(s.revision, "H3");
    assert_string_equal(s.importer, "China");
    assert_int_equal(s.from, 20100301);
    assert_int_equal(s.n_lines, 3);
    assert_int_equal(s.n_categories, 2);
    assert_string_equal(s.lines[0].code, "02071400"); /* in order of code */
    assert_int_equal(s.lines[0].base, QUIPU_SCHEDULE_NO_RATE);
    assert_string_equal(s.lines[0].specific, "1 US$ a kg");
    assert_string_equal(s.lines[1].code, "03037910");
    assert_string_equal(s.lines[1].name, "Fish, frozen");
    assert_int_equal(s.lines[1].base, 125000);
    assert_int_equal(s.lines[1].start, 100000);
    assert_int_equal(s.lines[1].category, 1); /* case does not count */
    assert_int_equal(s.lines[1].value, 1234568);
    assert_int_equal(s.lines[2].value, -1);
    assert_int_equal(s.lines[2].start, 0); /* as the base rate */
    assert_true(s.has_values);
    quipu_schedule_free(&s);
}

static void expect_left(const quipu_schedule_category *c, const char *wanted) {
    char found[160] = "";
    for (size_t s = 0; s < 9; s++) {
        size_t n = strlen(found);
        snprintf(found + n, sizeof found - n, "%s%g", s > 0 ? " " : "",
                 100.0 * (double)quipu_schedule_left(c, s) / (double)c->whole);
    }
    assert_string_equal(found, wanted);
}

static void staging(void **state) {
    QI_UNUSED(state);
    quipu_schedule s;
    quipu_error err = {0};
    const char *categories = "#quipu categories 1\ncategory,years,first_cut,path,label\n"
                             "zero,0,,,\none,1,,,\nfour,4,,,\nlate,4,3,,\nnever,never,,,No\n"
                             "path,,,1:90 3:50 2015:12.5 8:0,\nhalf,,,2:50,\nup,,,1:50 2:80,\n";
    if (read_texts(HEAD COLS "260300,5,one\n", categories, &s, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    expect_left(&s.categories[0], "100 0 0 0 0 0 0 0 0");
    expect_left(&s.categories[1], "100 0 0 0 0 0 0 0 0");
    expect_left(&s.categories[2], "100 75 50 25 0 0 0 0 0");
    expect_left(&s.categories[3], "100 100 100 75 50 25 0 0 0");
    expect_left(&s.categories[4], "100 100 100 100 100 100 100 100 100");
    assert_true(s.categories[4].excluded);
    assert_string_equal(s.categories[4].label, "No");
    /* 2015 is stage 6 when 2010 is stage 1. */
    expect_left(&s.categories[5], "100 90 90 50 50 50 12.5 12.5 0");
    expect_left(&s.categories[6], "100 100 50 50 50 50 50 50 50");
    expect_left(&s.categories[7], "100 50 80 80 80 80 80 80 80");
    assert_int_equal(s.n_stages, 9);
    quipu_schedule_free(&s);
}

static const struct {
    const char *lines, *categories, *complaint;
    uint64_t line;
    uint32_t column;
} BAD[] = {
    {"", CATS, "the file is empty", 0, 0},
    {"line,base_rate,category\n", CATS, "not \"#quipu schedule 1\"", 1, 1},
    {"#quipu schedule 2\n" COLS, CATS, "not \"#quipu schedule 1\"", 1, 1},
    {HEAD, CATS, "the file has no table", 0, 0},
    {HEAD COLS, CATS, "the schedule has no lines", 0, 0},
    {"#quipu schedule 1\n#from 2010\n" COLS "260300,5,A\n", CATS, "#revision H3", 3, 1},
    {"#quipu schedule 1\n#revision H3\n" COLS "260300,5,A\n", CATS, "#from 2010-03-01", 3, 1},
    {"#quipu schedule 1\n#revision I3\n", CATS, "found \"I3\" where a revision", 2, 11},
    {"#quipu schedule 1\n#from March\n", CATS, "found \"March\" where the date", 2, 7},
    {HEAD "line,base,category\n", CATS, "no column \"base\"", 4, 6},
    {HEAD "line,base_rate\n", CATS, "has no column \"category\"", 4, 15},
    {HEAD "line,line,base_rate,category\n", CATS, "two columns are called \"line\"", 4, 6},
    {HEAD COLS "260300,5\n", CATS, "found 2 fields where the header has 3", 5, 9},
    {HEAD COLS "26030,5,A\n", CATS, "found \"26030\" where a tariff line", 5, 1},
    {HEAD COLS "26O300,5,A\n", CATS, "found \"26O300\" where a tariff line", 5, 1},
    {HEAD COLS "2603000000000,5,A\n", CATS, "where a tariff line", 5, 1},
    {HEAD COLS "260399,5,A\n", CATS, "has no code 260399; is the revision right?", 5, 1},
    {HEAD COLS "3037910,5,A\n", CATS, "a leading zero is lost: 030379", 5, 1},
    {HEAD COLS "260300,-1,A\n", CATS, "found \"-1\" where a base rate", 5, 8},
    {HEAD COLS "260300,5001,A\n", CATS, "per cent from 0 to 5000", 5, 8},
    {HEAD COLS "260300,\"7,5\",A\n", CATS, "found \"7,5\" where a base rate", 5, 8},
    {HEAD COLS "260300,,A\n", CATS, "the line has no base rate", 5, 8},
    {HEAD COLS "260300,5,\n", CATS, "the line has no staging category", 5, 10},
    {HEAD COLS "260300,5,C\n", CATS, "there is no staging category \"C\"", 5, 10},
    {HEAD COLS "260300,5,A\n260300,6,B\n", CATS, "line 260300 is there twice, first in row 5",
     6, 0},
    {HEAD COLS "26030010,5,A\n260300,6,B\n", CATS, "is a part of line 260300", 6, 0},
    {HEAD "line,base_rate,category,value\n260300,5,A,-3\n", CATS, "found \"-3\" where imports",
     5, 12},
    {HEAD "line,base_rate,category,value\n260300,5,A,9e15\n260400,5,A,9e15\n", CATS,
     "add up to more than", 6, 12},
    {HEAD "line,base_rate,category,start_rate\n260300,5,A,x\n", CATS,
     "found \"x\" where a start rate", 5, 12},
    {HEAD COLS "260300,5,\"A\n", CATS, "a quoted field has no end", 5, 10},
    {HEAD COLS "260300,5,\xff\n", CATS, "not UTF-8", 5, 10},
    {HEAD COLS "260300,5,A\n", "", "the file is empty", 0, 0},
    {HEAD COLS "260300,5,A\n", "#quipu categories 1\ncategory,years\n", "has no categories", 0,
     0},
    {HEAD COLS "260300,5,A\n", "#quipu categories 1\ncategory,years\nA,0\na,5\n",
     "category \"a\" is there twice", 4, 1},
    {HEAD COLS "260300,5,A\n", "#quipu categories 1\ncategory,years\nA,\n", "neither years", 3,
     3},
    {HEAD COLS "260300,5,A\n", "#quipu categories 1\ncategory,years,path\nA,5,1:50\n",
     "both years and a path", 3, 5},
    {HEAD COLS "260300,5,A\n", "#quipu categories 1\ncategory,years\nA,51\n",
     "found \"51\" where a number of years", 3, 3},
    {HEAD COLS "260300,5,A\n", "#quipu categories 1\ncategory,years,first_cut\nA,5,0\n",
     "found \"0\" where the stage of the first cut", 3, 5},
    {HEAD COLS "260300,5,A\n", "#quipu categories 1\ncategory,path\nA,2:50 1:80\n",
     "the stages of a path must rise: \"1:80\" comes after stage 2", 3, 8},
    {HEAD COLS "260300,5,A\n", "#quipu categories 1\ncategory,path\nA,1:120\n",
     "with 0 to 100 per cent", 3, 3},
    {HEAD COLS "260300,5,A\n", "#quipu categories 1\ncategory,path\nA,2009:50\n",
     "out of the 1 to 100", 3, 3},
    {HEAD COLS "260300,5,A\n", "#quipu categories 1\ncategory,path\nA,half\n", "STAGE:PERCENT",
     3, 3},
};

static void complaints(void **state) {
    QI_UNUSED(state);
    for (size_t i = 0; i < QI_COUNT(BAD); i++) {
        quipu_schedule s;
        quipu_error err = {0};
        quipu_status status = read_texts(BAD[i].lines, BAD[i].categories, &s, &err);
        bool fits = strstr(err.text, BAD[i].complaint) != NULL && err.line == BAD[i].line &&
                    err.column == BAD[i].column;
        if (status == QUIPU_OK || !fits || s.impl != NULL)
            fail_msg("case %zu: %llu:%u: %s", i, (unsigned long long)err.line, err.column,
                     err.text);
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_schedule),
        cmocka_unit_test(staging),
        cmocka_unit_test(complaints),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
