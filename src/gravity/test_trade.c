/* SPDX-License-Identifier: Apache-2.0 */
/* test_trade.c - fixest's own example (four sets of effects, several clusters), against what it
 * printed; nothing to do without ../shared. */
#include "gravity/test_panel.h"

static void four_sets(void **state) {
    QI_UNUSED(state);
    t_table t;
    qi_buffer printed = {0};
    if (!t_open(&t, "fixest_trade.csv") ||
        qi_whole_file(t_path("expected_fixest_trade.txt"), 1u << 20, &printed, NULL) !=
            QUIPU_OK) {
        print_message("the shared data are not here: skipped\n");
        skip();
    }
    const char *x[] = {"dist_km"}, *name[] = {"log(dist_km)"};
    qi_model m = {.n = t.n, .k = 1, .x_name = name, .n_effects = 4, .threads = 2};
    m.x = t_columns(&t, x, 1);
    double *distance = (double *)(uintptr_t)m.x[0];
    for (size_t i = 0; i < t.n; i++)
        distance[i] = log(distance[i]);
    m.y = t_number(&t, "Euros");
    const char *sets[] = {"Origin", "Destination", "Product", "Year"};
    for (size_t e = 0; e < 4; e++)
        m.effect[e] = t_effect(&t, sets[e], NULL);
    for (size_t c = 0; c < 3; c++)
        m.cluster[c] = t_cluster(&t, sets[c], NULL);
    const char *lines[] = {"\"iid\"", "\"hetero\"", "\"~Origin\"", "\"~Origin + Destination\"",
                           "\"~Origin + Destination + Product\""};
    for (size_t l = 0; l < QI_COUNT(lines); l++) {
        double coefficient, error;
        const char *at = strstr(printed.bytes, lines[l]);
        assert_non_null(at);
        assert_int_equal(sscanf(at + strlen(lines[l]), "%lf %lf", &coefficient, &error), 2);
        m.errors = l < 2 ? (qi_errors)l : QI_ERRORS_CLUSTER;
        m.n_clusters = l < 2 ? 0 : l - 1;
        qi_fit fit;
        quipu_error err = {0};
        quipu_status status = qi_gravity_fit(&m, &fit, &err);
        assert_string_equal(err.text, "");
        assert_int_equal(status, QUIPU_OK);
        NEAR(fit.coefficient[0], coefficient, 1e-9);
        NEAR(fit.error[0], error, 1e-6);
        NEAR(fit.error[0] / error, 1, 1e-5); /* fixest stopped at 1e-6 */
        assert_int_equal(fit.n_used, 38325);
        qi_fit_free(&fit);
    }
    free(printed.bytes);
    t_close(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(four_sets)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
