/* SPDX-License-Identifier: Apache-2.0 */
/* Event studies by hand, joint tests, and tails of distributions against printed tables. */
#include "gravity/event.h"
#include "gravity/test_tables.h"

/* A-B enters in 2002, B-A had it in its first year, A-C never. */
static const char table[] = "exporter,importer,year,rta\n"
                            "A,B,2000,0\nA,B,2001,0\nA,B,2002,1\nA,B,2003,1\nA,B,2004,0\n"
                            "B,A,2000,1\nB,A,2001,1\nB,A,2002,1\n"
                            "A,C,2000,0\nA,C,2001,0\nA,C,2002,0\n"
                            "C,A,2000,0\nC,A,2001,0\nC,A,2002,0\nC,A,2003,1\n";

static qi_event event_of(qi_panel *p, long window, long step, bool cohorts, uint8_t *keep) {
    qi_event_wish wish = {"rta", window, step, cohorts};
    qi_event e;
    quipu_error err = {0};
    memset(keep, 1, p->n);
    if (qi_event_make(p, &wish, keep, &e, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    return e;
}

static double sum_of(const qi_panel *p, const char *name) {
    const double *x = column_named(p, name)->number;
    double sum = 0.0;
    for (size_t i = 0; i < p->n; i++)
        sum += x[i];
    return sum;
}

static void dummies(void **state) {
    QI_UNUSED(state);
    uint8_t keep[15];
    qi_panel p = read_panel(table, "exporter importer");
    qi_event e = event_of(&p, 2, 1, false, keep);
    static const char *const names[] = {"rta::-2", "rta::0", "rta::1", "rta::2"};
    static const double rows[] = {3, 2, 1, 1}; /* -3 of C-A is in the first */
    assert_int_equal(e.n_units, 4);
    assert_int_equal(e.n_entered, 2);
    assert_int_equal(e.n_never, 1);
    assert_int_equal(e.n_always, 1);
    assert_int_equal(keep[4] + keep[5] + keep[7] + keep[8], 2); /* B-A is out */
    assert_int_equal(e.n, QI_COUNT(names));
    for (size_t d = 0; d < e.n; d++) {
        assert_string_equal(e.name[d], names[d]);
        NEAR(sum_of(&p, names[d]), rows[d], 0);
    }
    qi_event_free(&e);
    qi_panel_free(&p);
}

static void cohorts(void **state) {
    QI_UNUSED(state);
    uint8_t keep[15];
    qi_panel p = read_panel(table, "exporter importer");
    qi_event e = event_of(&p, 2, 1, true, keep);
    assert_string_equal(e.name[0], "rta::-2::2002");
    assert_string_equal(e.name[1], "rta::-2::2003");
    assert_int_equal(e.when[1], -2);
    NEAR(sum_of(&p, "rta::-2::2003"), 2, 0);
    assert_true(isnan(e.control));
    qi_event_free(&e);
    qi_panel_free(&p);
    /* In steps of two years 2000-01, 2002-03: entry is in the second for both. */
    p = read_panel(table, "exporter importer");
    e = event_of(&p, 2, 2, true, keep);
    for (size_t d = 0; d < e.n; d++)
        assert_non_null(strstr(e.name[d], "::2002"));
    qi_event_free(&e);
    qi_panel_free(&p);
}

static void all_enter(void **state) {
    QI_UNUSED(state);
    uint8_t keep[6];
    qi_panel p = read_panel("exporter,importer,year,rta\nA,B,2000,0\nA,B,2001,1\nA,B,2002,1\n"
                            "B,A,2000,0\nB,A,2001,0\nB,A,2002,1\n",
                            "exporter importer");
    qi_event e = event_of(&p, 3, 1, true, keep);
    NEAR(e.control, 2002, 0);
    assert_int_equal(e.n, 2); /* 0 and 1 of 2001 */
    qi_event_free(&e);
    qi_panel_free(&p);
}

static void not_an_event(void **state) {
    QI_UNUSED(state);
    uint8_t keep[4] = {1, 1, 1, 1};
    qi_event e;
    quipu_error err = {0};
    const qi_event_wish wish = {"rta", 3, 1, false};
    qi_panel p = read_panel("exporter,importer,year,rta\nA,B,2000,0\nA,B,2001,0.5\n",
                            "exporter importer");
    assert_int_equal(qi_event_make(&p, &wish, keep, &e, &err), QUIPU_E_DATA);
    assert_int_equal(err.line, 3);
    qi_panel_free(&p);
    memset(&err, 0, sizeof err);
    p = read_panel("exporter,importer,year,rta\nA,B,2000,1\nA,B,2001,1\n", "exporter importer");
    assert_int_equal(qi_event_make(&p, &wish, keep, &e, &err), QUIPU_E_DATA);
    assert_non_null(strstr(err.text, "no pair enters rta"));
    qi_panel_free(&p);
}

static void joint_tests(void **state) {
    QI_UNUSED(state);
    double b[] = {1, 2}, v[] = {4, 1, 1, 2}, singular[] = {1, 1, 1, 1}, wald;
    assert_int_equal(qi_wald(b, v, 2, &wald, NULL), QUIPU_OK);
    NEAR(wald, (1 * 2 - 2 * 1 * 2 * 1 + 4 * 4) / 7.0, 1e-15);
    assert_int_equal(qi_wald(b, singular, 2, &wald, NULL), QUIPU_OK);
    assert_true(isnan(wald));
    double weight[] = {0.25, 0.75}, estimate, variance;
    qi_fit fit = {.k = 2, .coefficient = b, .covariance = v};
    assert_int_equal(qi_combine(&fit, weight, 1, &estimate, &variance, NULL), QUIPU_OK);
    NEAR(estimate, 1.75, 1e-15);
    NEAR(variance, (4 + 2 * 3 * 1 + 9 * 2) / 16.0, 1e-15);
}

/* Closed forms: of t with 1, 2 and 10 degrees of freedom, of chi-squared with 2 and 10. */
static void tails(void **state) {
    QI_UNUSED(state);
    NEAR(qi_tail_normal(1.959963984540054), 0.05, 1e-15);
    NEAR(qi_tail_normal(-1), 0.3173105078629141, 1e-15);
    NEAR(qi_tail_t(1, 1), 0.5, 1e-14);
    NEAR(qi_tail_t(2.2281388519862744, 10), 0.05, 1e-14);
    NEAR(qi_tail_t(-12.706204736174694, 1), 0.05, 1e-14);
    NEAR(qi_tail_t(3, INFINITY), qi_tail_normal(3), 0);
    NEAR(qi_tail_chi2(3.841458820694124, 1), 0.05, 1e-14);
    NEAR(qi_tail_chi2(2, 2), exp(-1), 1e-15);
    NEAR(qi_tail_chi2(18.307038053275146, 10), 0.05, 1e-14);
    NEAR(qi_tail_chi2(0, 3), 1, 0);
    NEAR(qi_tail_f(2.2281388519862744 * 2.2281388519862744, 1, 10), 0.05, 1e-14);
    NEAR(qi_tail_f(4, 1, INFINITY), qi_tail_normal(2), 1e-15);
    NEAR(qi_tail_t_point(0.05, INFINITY), 1.959963984540054, 1e-12);
    NEAR(qi_tail_t_point(0.05, 10), 2.2281388519862744, 1e-12);
    NEAR(qi_tail_t_point(0.01, 2), 9.92484320091807, 1e-10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dummies),     cmocka_unit_test(cohorts),
        cmocka_unit_test(all_enter),   cmocka_unit_test(not_an_event),
        cmocka_unit_test(joint_tests), cmocka_unit_test(tails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
