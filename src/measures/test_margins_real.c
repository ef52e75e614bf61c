/* SPDX-License-Identifier: Apache-2.0 */
/* test_margins_real.c - margins, partitions, mirrors and opportunities on published figures:
 * 23 countries by heading (1989-90), and the bilateral totals of the world.
 *
 * Skipped when the data are not there: in $QUIPU_SHARED/data, or in ../shared/data beside the
 * sources.
 */
#include "measures/test_random.h"
#include "quipu/import.h"

static bool find_file(const char *name, char path[512]) {
    const char *shared = getenv("QUIPU_SHARED"), *source = getenv("QUIPU_SOURCE");
    snprintf(path, 512, "%s%s/data/%s",
             shared != NULL   ? shared
             : source != NULL ? source
                              : ".",
             shared != NULL ? "" : "/../shared", name);
    if (access(path, R_OK) == 0)
        return true;
    print_message("# %s is not there\n", path);
    return false;
}

/* NULL: the file is not there. */
static quipu_cube *import_file(const char *name, const char *map) {
    char path[512], cube_path[] = "/tmp/quipu-test-XXXXXX";
    quipu_import_options options = {.map = map};
    quipu_import_result result = {0};
    quipu_error err = {0};
    quipu_cube *cube;
    if (!find_file(name, path))
        return NULL;
    close(mkstemp(cube_path));
    unlink(cube_path);
    if (quipu_import(nomen, (const char *const[]){path}, 1, cube_path, &options, &result,
                     &err) != QUIPU_OK ||
        quipu_cube_open(cube_path, &cube, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    quipu_import_result_free(&result);
    unlink(cube_path);
    return cube;
}

static void test_headings(void **state) {
    QI_UNUSED(state);
    quipu_cube *cube = import_file("zerotradeflow-hs4-1989-90/comtrade_hs4.csv.gz",
                                   "period=ano,reporter=idd,partner=ido,product=HS4,"
                                   "value=comercio*1000,nomenclature:H0,flow:import");
    if (cube == NULL)
        skip();
    /* Every market and every exporter: the margins multiply to the share. */
    quipu_table t = run_measure(cube, nomen, "margins", "by=reporter,partner years=1990");
    size_t compared = 0;
    for (size_t row = 0; row < t.n_rows; row++) {
        double im = real_at(&t, "intensive", row);
        if (isnan(im))
            continue;
        assert_near(real_at(&t, "extensive", row) * im, real_at(&t, "share", row));
        compared++;
    }
    if (compared < 300)
        fail_msg("only %zu compared", compared);
    quipu_table_free(&t);
    /* The change of every importer, exactly. */
    t = run_measure(cube, nomen, "partition", "by=reporter years=1989-1990 products=codes");
    static const char *const parts[] = {"increase",   "decrease",    "lost",     "new_pair",
                                        "new_market", "new_product", "new_both", "unreported"};
    assert_int_equal(t.n_rows, 23);
    for (size_t row = 0; row < t.n_rows; row++) {
        int64_t sum = 0;
        for (size_t p = 0; p < QI_COUNT(parts); p++)
            sum += integer_at(&t, parts[p], row);
        assert_true(sum == integer_at(&t, "change", row));
    }
    quipu_table_free(&t);
    /* Copper ores, which Peru has and Korea buys, are among the first; so is coffee. */
    t = run_measure(cube, nomen, "opportunities", "reporter=Peru partner=Korea");
    assert_int_equal(t.n_rows, 20);
    assert_true(figure(&t, "rank", "product=0901") <= 10);
    assert_true(figure(&t, "rank", "product=2603") <= 10);
    assert_true(figure(&t, "rca", "product=2603") > 10);
    quipu_table_free(&t);
    quipu_cube_close(cube);
}

static void test_totals(void **state) {
    QI_UNUSED(state);
    quipu_cube *cube = import_file("wits-bilateral-totals/totals_json.tar.gz", NULL);
    if (cube == NULL)
        skip();
    /* Both figures as the files have them, in thousands of dollars. */
    quipu_table t =
        run_measure(cube, nomen, "mirror", "reporter=Peru partner=China years=2011");
    assert_near(figure(&t, "reported", ""), 6972639440);
    assert_true(figure(&t, "mirror", "") > 7.8e9 && figure(&t, "mirror", "") < 7.9e9);
    quipu_table_free(&t);
    /* Who re-exports is a poor exporter in this sense; large and tidy ones lead. */
    t = run_measure(cube, nomen, "reliability", "years=2011");
    assert_true(t.n_rows > 150);
    assert_true(figure(&t, "export_score", "reporter=DEU") > 3);
    assert_true(figure(&t, "export_score", "reporter=HKG") <
                figure(&t, "export_score", "reporter=PER"));
    quipu_table_free(&t);
    quipu_cube_close(cube);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headings),
        cmocka_unit_test(test_totals),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
