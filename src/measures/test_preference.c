/* SPDX-License-Identifier: Apache-2.0 */
/* test_preference.c - duties, margins and trade at zero, worked by hand. */
#include "measures/test_tables.h"
#include "nomen/test_open.h"
#include "quipu/import.h"

static void write_file(char path[64], const char *head, const char *rows) {
    snprintf(path, 64, "/tmp/quipu-tariffs-XXXXXX");
    int fd = mkstemp(path);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    assert_non_null(file);
    fputs(head, file);
    fputs(rows, file);
    assert_int_equal(fclose(file), 0);
}

static quipu_cube *make_cube(const char *trade, const char *tariffs) {
    char a[64], b[64], c[64];
    quipu_error err = {0};
    quipu_import_result result = {0};
    quipu_cube *cube;
    write_file(a,
               "#quipu wide 1\n#nomenclature I3\n#frequency A\n#unit USD\n#valuation CIF\n"
               "flow,reporter,partner,product,2009,2010,2011,2012\n",
               trade);
    write_file(b,
               "#quipu tariffs 1\n#nomenclature I3\n#unit USD\n#rates percent\n"
               "tariff_year,trade_year,reporter,partner,product,duty,simple_average,"
               "weighted_average,standard_deviation,minimum,maximum,lines,domestic_peaks,"
               "international_peaks,binding_coverage,value\n",
               tariffs);
    write_file(c, "", "");
    const char *inputs[] = {a, b};
    if (quipu_import(nomen, inputs, 2, c, NULL, &result, &err) != QUIPU_OK ||
        quipu_cube_open(c, &cube, &err) != QUIPU_OK)
        fail_msg("%s:%llu: %s", err.file, (unsigned long long)err.line, err.text);
    quipu_import_result_free(&result);
    unlink(a);
    unlink(b);
    unlink(c);
    return cube;
}

/* The example of the reference page in 2011; nothing in 2010; MFN for all in 2012, when Peru
 * and China have an agreement; a preference of another scheme in 2009. */
static quipu_cube *example(void) {
    return make_cube("import,CHN,PER,1320,300,500,300,100\nimport,CHN,PER,1711,100,100,200,50\n"
                     "import,CHL,PER,1320,7,,9,\n",
                     "2009,2009,CHN,PER,1320,AHS,1,1,0,1,1,1,0,0,,300\n"
                     "2009,2009,CHN,PER,1320,MFN,2,2,0,2,2,1,0,0,,300\n"
                     "2011,2011,CHN,PER,1320,AHS,0,0,0,0,0,1,0,0,,300\n"
                     "2011,2011,CHN,PER,1320,MFN,2,2,0,2,2,1,0,0,,300\n"
                     "2011,2011,CHN,PER,1711,AHS,6,6,0,0,12,3,0,0,,100\n"
                     "2011,2011,CHN,PER,1711,MFN,10,10,0,10,10,3,0,0,,100\n"
                     "2011,2011,CHN,PER,1711,PRF,2,3,0,0,12,,0,0,,50\n"
                     "2012,2011,CHN,PER,1320,AHS,2,2,0,2,2,1,0,0,,300\n"
                     "2012,2011,CHN,PER,1320,MFN,2,2,0,2,2,1,0,0,,300\n");
}

static void test_by_hand(void **state) {
    QI_UNUSED(state);
    quipu_cube *cube = example();
    quipu_table t =
        run_measure(cube, nomen, "preference", "reporter=China partner=Peru show=all");
    assert_int_equal(t.n_rows, 4); /* every year, reported or not */
    assert_near(figure(&t, "applied", "year=2011"), 4.5);
    assert_near(figure(&t, "mfn", "year=2011"), 8);
    assert_near(figure(&t, "preference", "year=2011"), 2);
    assert_near(figure(&t, "margin", "year=2011"), 3.5);
    assert_near(figure(&t, "relative_margin", "year=2011"), 3.5 / 108);
    assert_near(figure(&t, "applied_weighted", "year=2011"), 1.5);
    assert_near(figure(&t, "mfn_weighted", "year=2011"), 4);
    assert_near(figure(&t, "margin_weighted", "year=2011"), 2.5);
    assert_near(figure(&t, "zero_value", "year=2011"), 300);
    assert_near(figure(&t, "zero_share", "year=2011"), .75);
    assert_near(figure(&t, "zero_share_low", "year=2011"), .75);
    assert_near(figure(&t, "zero_share_high", "year=2011"), 350 / 400.);
    assert_near(figure(&t, "imports", "year=2011"), 500);
    assert_near(figure(&t, "coverage", "year=2011"), 400 / 500.);
    quipu_table_free(&t);

    t = run_measure(cube, nomen, "preference",
                    "reporter=China partner=Peru average=products years=2011");
    assert_near(figure(&t, "applied", ""), 3);
    quipu_table_free(&t);
    quipu_cube_close(cube);
}

static void test_missing_is_not_zero(void **state) {
    QI_UNUSED(state);
    quipu_cube *cube = example();
    quipu_table t =
        run_measure(cube, nomen, "preference", "reporter=China,Chile partner=Peru show=all");
    assert_missing(figure(&t, "applied", "reporter=CHN year=2010"));
    assert_missing(figure(&t, "zero_share", "reporter=CHN year=2010"));
    assert_near(figure(&t, "imports", "reporter=CHN year=2010"), 600);
    assert_true(has_note(&t, "China, 2010: the source has no tariffs"));
    /* In force, and yet MFN for all: the margin is not zero, it is not known. */
    assert_near(figure(&t, "mfn", "reporter=CHN year=2012"), 2);
    assert_missing(figure(&t, "margin", "reporter=CHN year=2012"));
    assert_true(has_note(&t, "China, 2012: an agreement was in force"));
    /* Before it, a preference is of another scheme. */
    assert_near(figure(&t, "margin", "reporter=CHN year=2009"), 1);
    assert_true(has_note(&t, "China, 2009: preferences of other schemes"));
    assert_true(cell_is(&t, column_of(&t, "agreement"), row_where(&t, "reporter=CHN year=2010"),
                        "from 2010-03-01", 15));
    /* The weights of 2012 are of 2011, and so is what they cover. */
    assert_near(figure(&t, "coverage", "reporter=CHN year=2012"), 300 / 500.);
    /* Named, without tariffs: its trade stands beside. */
    assert_near(figure(&t, "imports", "reporter=CHL year=2011"), 9);
    assert_missing(figure(&t, "imports", "reporter=CHL year=2010"));
    assert_missing(figure(&t, "mfn", "reporter=CHL year=2011"));
    quipu_table_free(&t);
    quipu_cube_close(cube);
}

static void test_by_class_and_product(void **state) {
    QI_UNUSED(state);
    quipu_cube *cube = example();
    quipu_table t = run_measure(cube, nomen, "preference",
                                "reporter=China partner=Peru by=product years=2011 show=all");
    assert_near(figure(&t, "applied", "product=1711"), 6);
    assert_near(figure(&t, "zero_share_high", "product=1711"), .5);
    assert_near(figure(&t, "zero_share_low", "product=1711"), 0);
    assert_int_equal(t.n_rows, 2);
    quipu_table_free(&t);
    t = run_measure(cube, nomen, "preference",
                    "reporter=China partner=Peru by=technology show=all");
    double zero = 0, with = 0, imports = 0;
    for (size_t row = 0; row < t.n_rows; row++) {
        if (t.columns[column_of(&t, "year")].data.integer[row] != 2011)
            continue;
        zero += (double)t.columns[column_of(&t, "zero_value")].data.integer[row] / 1000;
        with += (double)t.columns[column_of(&t, "tariff_imports")].data.integer[row] / 1000;
        imports += (double)t.columns[column_of(&t, "imports")].data.integer[row] / 1000;
    }
    assert_near(zero, 300); /* the parts add up */
    assert_near(with, 400);
    assert_near(imports, 500);
    quipu_table_free(&t);
    quipu_cube_close(cube);
}

/* The source's own total is shown when everything is asked for, and only then. */
static void test_total_row(void **state) {
    QI_UNUSED(state);
    quipu_cube *cube = make_cube("import,CHN,PER,1320,300,500,300,100\n",
                                 "2011,2011,CHN,PER,1320,AHS,4,4,0,4,4,10,0,0,,300\n"
                                 "2011,2011,CHN,PER,1320,MFN,5,5,0,5,5,10,0,0,,300\n"
                                 "2011,2011,CHN,PER,TOTAL,AHS,3.5,4,0,4,4,10,0,0,,300\n"
                                 "2011,2011,CHN,PER,TOTAL,MFN,4.5,5,0,5,5,10,0,0,,300\n");
    quipu_table t =
        run_measure(cube, nomen, "preference", "reporter=China partner=Peru years=2011");
    assert_near(figure(&t, "applied", ""), 3.5);
    assert_near(figure(&t, "mfn", ""), 4.5);
    assert_near(figure(&t, "applied_weighted", ""), 4);
    assert_near(figure(&t, "coverage", ""), 1); /* the total is no part of itself */
    quipu_table_free(&t);
    t = run_measure(cube, nomen, "preference",
                    "reporter=China partner=Peru years=2011 average=lines");
    assert_near(figure(&t, "applied", ""), 4);
    quipu_table_free(&t);
    t = run_measure(cube, nomen, "preference",
                    "reporter=China partner=Peru years=2011 product=1320");
    assert_near(figure(&t, "applied", ""), 4);
    quipu_table_free(&t);
    quipu_cube_close(cube);
}

/* Whatever the rates, the bounds hold the figure between them, and applied is not above MFN
 * when no line is. */
static void test_bounds(void **state) {
    QI_UNUSED(state);
    uint64_t random = 11;
    for (int round = 0; round < 20; round++) {
        char tariffs[8192] = "", trade[2048] = "";
        size_t n = 0, m = 0;
        static const char *const products[] = {"0111", "1310", "1320", "1512", "1711", "2720"};
        for (size_t k = 0; k < QI_COUNT(products); k++) {
            int value = (int)(world_random(&random) % 1000) + 1;
            int low = world_random(&random) % 3 ? 0 : (int)(world_random(&random) % 5);
            int high = low + (int)(world_random(&random) % 20);
            double w = low + (high - low) * (double)(world_random(&random) % 101) / 100;
            n += (size_t)snprintf(tariffs + n, sizeof tariffs - n,
                                  "2011,2011,CHN,PER,%s,AHS,%.2f,%.2f,0,%d,%d,%d,0,0,,%d\n"
                                  "2011,2011,CHN,PER,%s,MFN,%d,%d,0,%d,%d,%d,0,0,,%d\n",
                                  products[k], w, w, low, high, 1 + value % 7, value,
                                  products[k], high, high, high, high, 1 + value % 7, value);
            m += (size_t)snprintf(trade + m, sizeof trade - m, "import,CHN,PER,%s,,,%d,\n",
                                  products[k], value);
        }
        quipu_cube *cube = make_cube(trade, tariffs);
        quipu_table t = run_measure(cube, nomen, "preference",
                                    "reporter=China partner=Peru years=2011 show=all");
        double zero = figure(&t, "zero_share", "");
        assert_true(figure(&t, "zero_share_low", "") <= zero + 1e-12);
        assert_true(zero <= figure(&t, "zero_share_high", "") + 1e-12);
        assert_true(figure(&t, "zero_share_high", "") <= 1);
        assert_true(figure(&t, "margin", "") >= -1e-9);
        assert_true(figure(&t, "margin_weighted", "") >= -1e-9);
        quipu_table_free(&t);
        quipu_cube_close(cube);
    }
}

static void test_complaints(void **state) {
    QI_UNUSED(state);
    quipu_cube *cube = example();
    quipu_table t;
    quipu_error err = {0};
    assert_int_equal(
        try_measure(cube, nomen, "preference", "reporter=Japan partner=Peru", 1, &t, &err),
        QUIPU_E_NOT_FOUND);
    assert_int_equal(try_measure(cube, nomen, "preference", "by=partner", 1, &t, &err),
                     QUIPU_E_ARG);
    assert_int_equal(try_measure(cube, nomen, "preference", "by=technolgy", 1, &t, &err),
                     QUIPU_E_NOT_FOUND);
    assert_int_equal(
        try_measure(cube, nomen, "preference", "reporter=China years=1990", 1, &t, &err),
        QUIPU_E_NOT_FOUND);
    quipu_cube_close(cube);

    static const quipu_period years[] = {2011};
    static const quipu_flow flows[] = {QUIPU_IMPORT};
    world w = world_empty(years, 1, flows, 1);
    world_open(&w);
    assert_int_equal(try_measure(w.cube, nomen, "preference", "", 1, &t, &err),
                     QUIPU_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "holds no tariffs"));
    world_close(&w);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),   cmocka_unit_test(test_missing_is_not_zero),
        cmocka_unit_test(test_total_row), cmocka_unit_test(test_by_class_and_product),
        cmocka_unit_test(test_bounds),    cmocka_unit_test(test_complaints),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
