/* SPDX-License-Identifier: Apache-2.0 */
/* test_bias.c - the correction of three-way PPML against what the authors' program prints for
 * total trade of 35 countries (ppml_fe_bias 1.1); nothing to do without ../shared. */
#include "gravity/test_panel.h"

static void total_trade(void **state) {
    QI_UNUSED(state);
    t_table t;
    if (!t_open(&t, "ppml_panel_sg_35c.csv")) {
        print_message("the shared data are not here: skipped\n");
        skip();
    }
    bool *keep = calloc(t.n, sizeof *keep);
    for (size_t i = 0; i < t.n; i++)
        keep[i] = strcmp(t.field[t_column(&t, "category")][i], "TOTAL") == 0;
    t_keep(&t, keep);
    free(keep);
    const char *x[] = {"fta"};
    qi_model m = {.n = t.n,
                  .k = 1,
                  .x_name = x,
                  .n_effects = 3,
                  .threads = 1,
                  .errors = QI_ERRORS_CLUSTER,
                  .n_clusters = 1,
                  .small = QI_SMALL_STATA};
    m.x = t_columns(&t, x, 1);
    m.y = t_number(&t, "trade");
    m.effect[0] = t_effect(&t, "isoexp", "year");
    m.effect[1] = t_effect(&t, "isoimp", "year");
    m.effect[2] = t_effect(&t, "isoexp", "isoimp");
    m.cluster[0] = t_cluster(&t, "isoexp", "isoimp");
    qi_effect from = t_effect(&t, "isoexp", NULL), to = t_effect(&t, "isoimp", NULL);
    qi_effect year = t_effect(&t, "year", NULL);
    qi_bias_sets sets = {from.id, to.id, year.id, from.n_levels, to.n_levels, year.n_levels};
    qi_fit fit;
    qi_bias bias;
    quipu_error err = {0};
    quipu_status status = qi_gravity_fit(&m, &fit, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, QUIPU_OK);
    assert_int_equal(fit.n_used, 5950);
    assert_int_equal(fit.n_groups[0], 1190);
    NEAR(fit.coefficient[0], 0.1924455, 5e-8);
    NEAR(fit.error[0], 0.0419527, 5e-8);
    NEAR(fit.log_likelihood / -188710931.7, 1, 1e-9);
    status = qi_gravity_bias(&m, &fit, &sets, &bias, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, QUIPU_OK);
    NEAR(bias.bias[0], 0.0060619547, 1e-7);
    NEAR(bias.error[0], 0.0527904093, 1e-7);
    NEAR(bias.coefficient[0], 0.1863835, 1e-7);
    qi_bias_free(&bias);
    uint32_t *early = (uint32_t *)(uintptr_t)sets.year;
    early[0] = early[1];
    for (size_t i = 1; i < t.n; i++)
        if (from.id[i] == from.id[0] && to.id[i] == to.id[0])
            early[i] = early[0];
    assert_int_equal(qi_gravity_bias(&m, &fit, &sets, &bias, &err), QUIPU_E_DATA);
    assert_non_null(strstr(err.text, "is the second of its exporter, importer and year"));
    qi_bias_free(&bias);
    qi_fit_free(&fit);
    t_close(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(total_trade)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
