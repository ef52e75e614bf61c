/* SPDX-License-Identifier: Apache-2.0 */
/* test_fixest.c - the applications of Yotov et al. (2016) and fixest's own example, against
 * what fixest printed for them; nothing to do without ../shared. */
#include "gravity/test_panel.h"

/* ---- what was printed ---- */

static char *expected;

static int open_expected(void **state) {
    QI_UNUSED(state);
    qi_buffer all = {0};
    if (qi_whole_file(t_path("expected_agtpa_fixest.txt"), 1u << 20, &all, NULL) == QUIPU_OK)
        expected = all.bytes;
    return 0;
}

static int close_expected(void **state) {
    QI_UNUSED(state);
    free(expected);
    return 0;
}

/* The line that begins with `start` in the section; NULL when there is none. */
static const char *line_of(const char *section, const char *start) {
    const char *end = strstr(section + 2, "\n## "), *at = section;
    while (at != NULL && (end == NULL || at < end)) {
        if (strncmp(at, start, strlen(start)) == 0)
            return at + strlen(start);
        at = strchr(at, '\n');
        at = at != NULL ? at + 1 : NULL;
    }
    fail_msg("no line %s", start);
    return NULL;
}

static const char *section_of(const char *title) {
    const char *at = strstr(expected, title);
    assert_non_null(at);
    return at - strlen("## ");
}

/* "name 0.1 (0.2); name 0.3 (0.4)" against the fit. */
static void compare_line(const char *line, const qi_fit *fit) {
    for (size_t j = 0; j < fit->k; j++) {
        char name[64];
        double coefficient, error;
        while (*line == ' ' || *line == ';')
            line++;
        assert_int_equal(sscanf(line, "%63s %lf (%lf)", name, &coefficient, &error), 3);
        assert_string_equal(name, fit->name[j]);
        NEAR(fit->coefficient[j], coefficient, 1e-8);
        NEAR(fit->error[j], error, 1e-8);
        line = strchr(line, ')') + 1;
    }
}

/* ---- table 3 of the guide ---- */

static void mark_years(t_table *t, bool foreign, bool positive) {
    bool *keep = calloc(t->n, sizeof *keep);
    size_t year = t_column(t, "year"), from = t_column(t, "exporter");
    size_t to = t_column(t, "importer"), trade = t_column(t, "trade");
    for (size_t i = 0; i < t->n; i++)
        keep[i] = (atoi(t->field[year][i]) - 1986) % 4 == 0 &&
                  (!foreign || strcmp(t->field[from][i], t->field[to][i]) != 0) &&
                  (!positive || strtod(t->field[trade][i], NULL) > 0.0);
    t_keep(t, keep);
    free(keep);
}

/* Columns the authors make: logarithm of distance, who trades at home, borders of years. */
static void add_columns(t_table *t) {
    size_t from = t_column(t, "exporter"), to = t_column(t, "importer");
    size_t pair = t_column(t, "pair_id"), year = t_column(t, "year");
    char **home = t_add(t, "home"), **pair_or_home = t_add(t, "pair_or_home");
    char **pooled = t_add(t, "pooled");
    for (size_t i = 0; i < t->n; i++) {
        bool domestic = strcmp(t->field[from][i], t->field[to][i]) == 0;
        home[i] = domestic ? t->field[from][i] : "abroad";
        pair_or_home[i] = domestic ? t->field[from][i] : t->field[pair][i];
        pooled[i] = domestic ? "0" : t->field[pair][i];
    }
    for (int y = 1986; y < 2006; y += 4) {
        char name[32];
        snprintf(name, sizeof name, "brdr_%d", y);
        char **border = t_add(t, name);
        for (size_t i = 0; i < t->n; i++)
            border[i] =
                strcmp(home[i], "abroad") == 0 && atoi(t->field[year][i]) == y ? "1" : "0";
    }
}

typedef struct specification {
    const char *title;
    qi_estimator estimator;
    bool foreign, positive;
    const char *x[12];
    const char *pair_a, *pair_b; /* the third set; NULL = none */
    size_t left_out;
} specification;

static void log_column(t_table *t, const double *column) {
    double *value = (double *)(uintptr_t)column;
    for (size_t i = 0; i < t->n; i++)
        value[i] = log(value[i]);
}

static void run_specification(const specification *spec) {
    t_table t;
    if (expected == NULL || !t_open(&t, "agtpa_applications.csv")) {
        print_message("the shared data are not here: skipped\n");
        skip();
    }
    mark_years(&t, spec->foreign, spec->positive);
    add_columns(&t);
    const char *names[12];
    qi_model m = {.estimator = spec->estimator, .n = t.n, .threads = 2};
    while (spec->x[m.k] != NULL) {
        names[m.k] = strcmp(spec->x[m.k], "ln_dist") == 0 ? "dist" : spec->x[m.k];
        m.k++;
    }
    m.x_name = spec->x;
    m.x = t_columns(&t, names, m.k);
    for (size_t j = 0; j < m.k; j++)
        if (strcmp(spec->x[j], "ln_dist") == 0)
            log_column(&t, m.x[j]);
    m.y = t_number(&t, "trade");
    if (spec->estimator == QI_OLS)
        log_column(&t, m.y);
    m.effect[m.n_effects++] = t_effect(&t, "exporter", "year");
    m.effect[m.n_effects++] = t_effect(&t, "importer", "year");
    if (spec->pair_a != NULL)
        m.effect[m.n_effects++] = t_effect(&t, spec->pair_a, spec->pair_b);
    m.n_clusters = 1;
    m.cluster[0] = t_cluster(&t, "pair_id", NULL);

    const char *section = section_of(spec->title);
    const char *kinds[] = {"\"iid\"", "\"hetero\"", "~pair_id"};
    for (int kind = 0; kind < 3; kind++) { /* as qi_errors counts */
        qi_fit fit;
        quipu_error err = {0};
        m.errors = (qi_errors)kind;
        quipu_status status = qi_gravity_fit(&m, &fit, &err);
        assert_string_equal(err.text, "");
        assert_int_equal(status, QUIPU_OK);
        assert_int_equal(fit.n - fit.n_used, spec->left_out);
        compare_line(line_of(section, kinds[kind]), &fit);
        NEAR(fit.gradient, 0, 1e-9);
        double likelihood = strtod(line_of(section, "ll="), NULL);
        NEAR(fit.log_likelihood / likelihood, 1, 1e-12);
        qi_fit_free(&fit);
    }
    t_close(&t);
}

#define COVARIATES "ln_dist", "cntg", "lang", "clny", "rta"
#define LAGS       "rta", "rta_lag4", "rta_lag8", "rta_lag12"
#define BORDERS    "brdr_1986", "brdr_1990", "brdr_1994", "brdr_1998", "brdr_2002"
static const specification table3[] = {
    {"T3.1 OLS", QI_OLS, true, true, {COVARIATES}, NULL, NULL, 0},
    {"T3.2 PPML", QI_PPML, true, false, {COVARIATES}, NULL, NULL, 0},
    {"T3.3 INTRA", QI_PPML, false, false, {COVARIATES}, "home", NULL, 0},
    {"T3.4 PAIRFE", QI_PPML, false, false, {"rta"}, "pair_or_home", NULL, 84},
    {"T3.4b PAIRFE", QI_PPML, false, false, {"rta"}, "pooled", NULL, 84},
    {"T3.4c directional", QI_PPML, false, false, {"rta"}, "exporter", "importer", 330},
    {"T3.5 LEAD", QI_PPML, false, false, {"rta", "rta_lead4"}, "pair_or_home", NULL, 84},
    {"T3.6 PHSNG", QI_PPML, false, false, {LAGS}, "pair_or_home", NULL, 84},
    {"T3.7 GLBZN", QI_PPML, false, false, {LAGS, BORDERS}, "pair_or_home", NULL, 84},
};

static void table_3(void **state) {
    run_specification(*state);
}

int main(void) {
    struct CMUnitTest tests[QI_COUNT(table3)];
    for (size_t i = 0; i < QI_COUNT(table3); i++)
        tests[i] = (struct CMUnitTest){table3[i].title, table_3, NULL, NULL,
                                       (void *)(uintptr_t)&table3[i]};
    return cmocka_run_group_tests(tests, open_expected, close_expected);
}
