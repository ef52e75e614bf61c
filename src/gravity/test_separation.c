/* SPDX-License-Identifier: Apache-2.0 */
/* test_separation.c - the test cases of Correia, Guimaraes & Zylkin: every row that should go
 * goes, none else; nothing to do without ../shared. */
#include "gravity/test_panel.h"

static const char *const files[] = {"01", "02", "03", "04", "05", "06", "07", "08", "09",
                                    "10", "11", "12", "13", "14", "15", "16", "17", "18"};

static size_t named(t_table *t, const char *prefix, const char *const *all, size_t most,
                    const char **out) {
    size_t n = 0;
    QI_UNUSED(prefix);
    for (size_t i = 0; i < most; i++)
        if (t_has(t, all[i]))
            out[n++] = all[i];
    return n;
}

static void as_marked(void **state) {
    static const char *const xs[] = {"x1", "x2", "x3", "x4"}, *const ids[] = {"id1", "id2",
                                                                              "id3"};
    char path[64];
    t_table t;
    snprintf(path, sizeof path, "separation/%s.csv", (const char *)*state);
    if (!t_open(&t, path)) {
        print_message("the shared data are not here: skipped\n");
        skip();
    }
    const char *x[4], *id[3];
    qi_model m = {.estimator = QI_PPML, .n = t.n, .keep_singletons = true, .threads = 1};
    m.k = named(&t, "x", xs, 4, x);
    m.x = t_columns(&t, x, m.k);
    m.x_name = x;
    m.y = t_number(&t, "y");
    m.n_effects = named(&t, "id", ids, 3, id);
    for (size_t e = 0; e < m.n_effects; e++)
        m.effect[e] = t_effect(&t, id[e], NULL);
    const double *separated = t_number(&t, "separated");
    qi_fit fit;
    quipu_error err = {0};
    quipu_status status = qi_gravity_fit(&m, &fit, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, QUIPU_OK);
    for (size_t i = 0; i < t.n; i++)
        if ((fit.left_out[i] != QI_USED) != (separated[i] > 0))
            fail_msg("row %zu: left out %d, marked %g", i + 2, fit.left_out[i], separated[i]);
    qi_fit_free(&fit);
    t_close(&t);
}

int main(void) {
    struct CMUnitTest tests[QI_COUNT(files)];
    for (size_t i = 0; i < QI_COUNT(files); i++)
        tests[i] =
            (struct CMUnitTest){files[i], as_marked, NULL, NULL, (void *)(uintptr_t)files[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
