/* SPDX-License-Identifier: Apache-2.0 */
/* test_staging.c - tariff schedules along their stages: by hand, and what must always hold. */
#include "measures/staging.h"
#include "measures/test_tables.h"
#include "nomen/test_open.h"

static char lines_path[64], categories_path[64];

static void write_text(char path[64], const char *text) {
    snprintf(path, 64, "/tmp/quipu-staging-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static void write_schedule(const char *lines, const char *categories) {
    write_text(lines_path, lines);
    write_text(categories_path, categories);
}

static void remove_schedule(void) {
    unlink(lines_path);
    unlink(categories_path);
}

static quipu_status try_schedule(const quipu_cube *cube, const char *more, quipu_table *out,
                                 quipu_error *err) {
    char text[400];
    snprintf(text, sizeof text, "schedule=%s categories=%s %s", lines_path, categories_path,
             more);
    return try_measure(cube, nomen, "schedule", text, 1, out, err);
}

static quipu_table run_schedule(const quipu_cube *cube, const char *more) {
    quipu_table t;
    quipu_error err = {0};
    if (try_schedule(cube, more, &t, &err) != QUIPU_OK)
        fail_msg("%s: %s:%llu: %s", more, err.file, (unsigned long long)err.line, err.text);
    return t;
}

static const quipu_flow imports[] = {QUIPU_IMPORT};
static const quipu_period before[] = {2008, 2009};

static world small_world(void) {
    world w = world_empty(before, 2, imports, 1);
    world_set(&w, 2008, QUIPU_IMPORT, "CHN", "PER", "260300", 7);
    world_set(&w, 2009, QUIPU_IMPORT, "CHN", "PER", "260300", 40);
    world_set(&w, 2009, QUIPU_IMPORT, "CHN", "PER", "030110", 50);
    world_set(&w, 2009, QUIPU_IMPORT, "CHN", "PER", "520100", 10);
    world_set(&w, 2009, QUIPU_IMPORT, "CHN", "PER", "880240", 25); /* has no line */
    world_open(&w);
    return w;
}

#define HEAD                                                                                   \
    "#quipu schedule 1\n#title T\n#importer China\n#exporter Peru\n#revision H0\n"             \
    "#from 2010-03-01\n"
#define CATEGORIES                                                                             \
    "#quipu categories 1\ncategory,years,label\nA,0,At once\nC,4,Four "                        \
    "cuts\nE,never,Excluded\n"

/* The example of the reference page, valued by the file. */
static void test_by_hand(void **state) {
    QI_UNUSED(state);
    world w = small_world();
    write_schedule(HEAD "line,base_rate,category,value\n26030000,0,A,40\n03011010,10,A,30\n"
                        "03011090,8,C,20\n52010000,20,E,10\n",
                   CATEGORIES);
    quipu_table t = run_schedule(w.cube, "show=all");
    assert_int_equal(t.n_rows, 5);                              /* 2009 to 2013 */
    assert_near(figure(&t, "line_coverage", "year=2009"), .25); /* MFN-free */
    assert_near(figure(&t, "dutiable_line_coverage", "year=2009"), 0);
    assert_near(figure(&t, "line_coverage", "year=2010"), .5);
    assert_near(figure(&t, "value_coverage", "year=2010"), .7);
    assert_near(figure(&t, "dutiable_line_coverage", "year=2010"), 1 / 3.);
    assert_near(figure(&t, "dutiable_value_coverage", "year=2010"), .5);
    assert_near(figure(&t, "preference", "year=2010"), 6.5);
    assert_near(figure(&t, "base", "year=2010"), 9.5);
    assert_near(figure(&t, "margin", "year=2010"), 3);
    assert_near(figure(&t, "preference_weighted", "year=2010"), (6 * 20 + 20 * 10) / 100.);
    assert_near(figure(&t, "line_coverage", "year=2013"), .75);
    assert_near(figure(&t, "value_coverage", "year=2013"), .9);
    assert_near(figure(&t, "excluded_share", "year=2013"), .25);
    assert_near(figure(&t, "excluded_value_share", "year=2013"), .1);
    assert_near(figure(&t, "margin", "year=2009"), 0);
    quipu_table_free(&t);

    /* After the last cut nothing changes. */
    t = run_schedule(w.cube, "years=2030");
    assert_near(figure(&t, "line_coverage", ""), .75);
    quipu_table_free(&t);
    t = run_schedule(w.cube, "by=category years=2010");
    assert_near(figure(&t, "line_coverage", "category=C"), 0);
    assert_near(figure(&t, "lines", "category=A"), 2);
    quipu_table_free(&t);
    remove_schedule();
    world_close(&w);
}

/* Imports of the cube, of the year before, in exact parts over the lines. */
static void test_values_of_the_cube(void **state) {
    QI_UNUSED(state);
    world w = small_world();
    write_schedule(HEAD "line,base_rate,category\n26030000,5,A\n03011010,10,A\n"
                        "03011090,8,C\n03011091,8,C\n52010000,20,E\n",
                   CATEGORIES);
    quipu_table t = run_schedule(w.cube, "show=all years=2010");
    assert_near(figure(&t, "value", ""), 100);
    assert_near(figure(&t, "free_value", ""),
                40 + 16.666); /* 50 in three: the first is the smallest */
    assert_true(has_note(&t, "20.00 % of the imports are of goods without a line"));
    assert_true(has_note(&t, "imports of China from Peru in 2009"));
    quipu_table_free(&t);
    t = run_schedule(w.cube, "show=all years=2010 weights=2008");
    assert_near(figure(&t, "value", ""), 7);
    quipu_table_free(&t);
    t = run_schedule(w.cube, "show=all years=2010 values=none");
    assert_missing(figure(&t, "value_coverage", ""));
    assert_near(figure(&t, "line_coverage", ""), .4);
    quipu_table_free(&t);
    quipu_error err = {0};
    assert_int_equal(try_schedule(w.cube, "values=file", &t, &err), QUIPU_E_ARG);
    assert_int_equal(try_schedule(w.cube, "by=partner", &t, &err), QUIPU_E_ARG);
    assert_int_equal(try_schedule(w.cube, "weights=1990", &t, &err), QUIPU_E_NOT_FOUND);
    remove_schedule();
    world_close(&w);
}

/* A start rate above the base never makes a preference above it; a specific duty counts in
 * coverage only; nothing dutiable gives no share of it. */
static void test_degenerate(void **state) {
    QI_UNUSED(state);
    world w = small_world();
    write_schedule(HEAD "line,base_rate,category,start_rate,specific\n260300,4,C,8,\n"
                        "030110,,C,,1 US$ a kg\n",
                   CATEGORIES);
    quipu_table t = run_schedule(w.cube, "values=none show=all");
    assert_near(figure(&t, "preference", "year=2010"), 4); /* 8 less a quarter is still 6 */
    assert_near(figure(&t, "preference", "year=2012"), 2);
    assert_near(figure(&t, "line_coverage", "year=2013"), 1);
    assert_true(has_note(&t, "1 of 2 lines have a specific duty only"));
    quipu_table_free(&t);
    remove_schedule();

    write_schedule(HEAD "line,base_rate,category\n260300,0,A\n", CATEGORIES);
    t = run_schedule(w.cube, "values=none show=all years=2010");
    assert_near(figure(&t, "line_coverage", ""), 1);
    assert_missing(figure(&t, "dutiable_line_coverage", ""));
    quipu_table_free(&t);
    remove_schedule();
    world_close(&w);
}

static size_t random_schedule(uint64_t *random, char *lines, char *categories, size_t size) {
    static const char *const codes[] = {"010111", "030110", "090111", "230120", "260111",
                                        "260300", "260700", "520100", "610910", "611020",
                                        "710812", "740311", "847120", "870323"};
    size_t n = (size_t)snprintf(lines, size, HEAD "line,base_rate,category,value\n"), count = 0;
    for (size_t k = 0; k < QI_COUNT(codes); k++)
        for (uint64_t l = 0, more = world_random(random) % 4; l < more; l++, count++)
            n += (size_t)snprintf(
                lines + n, size - n, "%s%02u,%u.%u,%c,%u\n", codes[k], (unsigned)l,
                (unsigned)(world_random(random) % 4 == 0 ? 0 : world_random(random) % 30),
                (unsigned)(world_random(random) % 10), (char)('a' + world_random(random) % 6),
                (unsigned)(world_random(random) % 1000));
    size_t m = (size_t)snprintf(categories, size,
                                "#quipu categories 1\ncategory,years,first_cut,path\n"
                                "a,0,,\nb,never,,\n");
    m += (size_t)snprintf(
        categories + m, size - m, "c,%u,%u,\nd,%u,,\n", (unsigned)(world_random(random) % 15),
        1 + (unsigned)(world_random(random) % 5), (unsigned)(world_random(random) % 10));
    for (char c = 'e'; c <= 'f'; c++) { /* paths that never rise */
        unsigned left = 100;
        m += (size_t)snprintf(categories + m, size - m, "%c,,,", c);
        for (unsigned stage = 1; stage < 12;
             stage += 1 + (unsigned)(world_random(random) % 3)) {
            unsigned cut = (unsigned)(world_random(random) % 40);
            left = left > cut ? left - cut : 0;
            m += (size_t)snprintf(categories + m, size - m, "%u:%u ", stage, left);
        }
        m += (size_t)snprintf(categories + m, size - m, "\n");
    }
    return count;
}

/* Coverage never falls and rates never rise along the stages, classes add up to all, and in
 * the end all is free but what is excluded or stops short. */
static void test_path_never_falls(void **state) {
    QI_UNUSED(state);
    static const char *const rising[] = {
        "line_coverage",           "value_coverage", "dutiable_line_coverage",
        "dutiable_value_coverage", "margin",         "margin_weighted"};
    world w = small_world();
    uint64_t random = 5;
    for (int round = 0; round < 40; round++) {
        char lines[4096], categories[4096];
        size_t count = random_schedule(&random, lines, categories, sizeof categories);
        if (count == 0)
            continue;
        write_schedule(lines, categories);
        quipu_table all = run_schedule(w.cube, "show=all");
        for (size_t f = 0; f < QI_COUNT(rising); f++) {
            size_t c = column_of(&all, rising[f]);
            for (size_t row = 1; row < all.n_rows; row++)
                if (quipu_table_present(&all, c, row) &&
                    all.columns[c].data.real[row] < all.columns[c].data.real[row - 1] - 1e-12)
                    fail_msg("round %d: %s falls in row %zu", round, rising[f], row);
        }
        assert_near(figure(&all, "lines", ""), (double)count);
        quipu_table by = run_schedule(w.cube, "show=all by=section");
        for (size_t row = 0; row < all.n_rows; row++) {
            static const char *const parts[] = {"lines",          "free_lines",
                                                "value",          "free_value",
                                                "excluded_lines", "mfn_free_lines"};
            int64_t year = all.columns[column_of(&all, "year")].data.integer[row];
            for (size_t f = 0; f < QI_COUNT(parts); f++) {
                int64_t sum = 0;
                for (size_t r = 0; r < by.n_rows; r++)
                    if (by.columns[column_of(&by, "year")].data.integer[r] == year)
                        sum += by.columns[column_of(&by, parts[f])].data.integer[r];
                assert_int_equal(sum, all.columns[column_of(&all, parts[f])].data.integer[row]);
            }
        }
        quipu_table_free(&by);
        quipu_table_free(&all);
        remove_schedule();
    }
    world_close(&w);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_values_of_the_cube),
        cmocka_unit_test(test_degenerate),
        cmocka_unit_test(test_path_never_falls),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
