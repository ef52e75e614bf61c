/* SPDX-License-Identifier: Apache-2.0 */
/* test_estimate.c - estimation on small random panels: first-order conditions, a solution with
 * every dummy written out, order of rows, threads, scales, and one message for each bad input. */
#include "gravity/test_panel.h"

enum { COUNTRIES = 7, YEARS = 5, ROWS = COUNTRIES * COUNTRIES * YEARS, MOST_DUMMIES = 160 };

typedef struct world {
    double y[ROWS], x1[ROWS], x2[ROWS], x3[ROWS], weight[ROWS];
    uint32_t exporter_year[ROWS], importer_year[ROWS], pair[ROWS], year[ROWS];
    const double *x[3];
    const char *name[3];
    qi_model m;
} world;

static uint64_t next(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static double uniform(uint64_t *state) {
    return (double)next(state) / 2147483648.0;
}

/* Effects of three kinds, a few zeros, two regressors. */
static void make(world *w, uint64_t seed) {
    uint64_t state = seed * 77 + 1;
    for (int i = 0; i < 10; i++)
        (void)next(&state);
    size_t at = 0;
    for (uint32_t i = 0; i < COUNTRIES; i++)
        for (uint32_t j = 0; j < COUNTRIES; j++) {
            double pair = 2 * uniform(&state);
            for (uint32_t t = 0; t < YEARS; t++, at++) {
                w->x1[at] = uniform(&state) > 0.6;
                w->x2[at] = uniform(&state) * 3 + 0.2 * i;
                w->x3[at] = uniform(&state) - 0.1 * j;
                w->weight[at] = 0.5 + uniform(&state);
                double eta = pair + 0.5 * w->x1[at] - 0.3 * w->x2[at] + 0.1 * i * t;
                w->y[at] = uniform(&state) < 0.2 ? 0 : exp(eta + uniform(&state));
                w->exporter_year[at] = i * YEARS + t;
                w->importer_year[at] = j * YEARS + t;
                w->pair[at] = i * COUNTRIES + j;
                w->year[at] = t;
            }
        }
    w->x[0] = w->x1;
    w->x[1] = w->x2;
    w->x[2] = w->x3;
    w->name[0] = "agreement";
    w->name[1] = "distance";
    w->name[2] = "border";
    w->m = (qi_model){.n = ROWS, .k = 3, .y = w->y, .x = w->x, .x_name = w->name, .threads = 1};
    w->m.effect[0] = (qi_effect){"exp^year", w->exporter_year, COUNTRIES * YEARS};
    w->m.effect[1] = (qi_effect){"imp^year", w->importer_year, COUNTRIES * YEARS};
    w->m.effect[2] = (qi_effect){"exp^imp", w->pair, COUNTRIES * COUNTRIES};
    w->m.effect[3] = (qi_effect){"year", w->year, YEARS};
    w->m.n_effects = 3;
}

static void run(const qi_model *m, qi_fit *fit) {
    quipu_error err = {0};
    quipu_status status = qi_gravity_fit(m, fit, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, QUIPU_OK);
}

/* ---- with every dummy written out ---- */

/* Solves the normal equations by Gauss-Jordan; columns without a pivot get 0. */
static void solve(double *a, double *b, size_t n) {
    bool *used = calloc(n, sizeof *used);
    double *scale = malloc(n * sizeof *scale);
    for (size_t i = 0; i < n; i++)
        scale[i] = a[i * n + i];
    for (size_t c = 0; c < n; c++) {
        double pivot = a[c * n + c];
        if (pivot < 1e-9 * scale[c])
            continue;
        used[c] = true;
        for (size_t r = 0; r < n; r++) {
            double f = a[r * n + c] / pivot;
            if (r == c || f == 0.0)
                continue;
            for (size_t j = 0; j < n; j++)
                a[r * n + j] -= f * a[c * n + j];
            b[r] -= f * b[c];
        }
    }
    for (size_t c = 0; c < n; c++)
        b[c] = used[c] ? b[c] / a[c * n + c] : 0;
    free(used);
    free(scale);
}

/* Coefficients by Newton's method (one step for OLS) with dummies, of the rows used. */
static void dense(const qi_model *m, const qi_fit *fit, double *out) {
    size_t base[QI_MAX_EFFECTS], n = m->k;
    for (size_t e = 0; e < m->n_effects; e++) {
        base[e] = n;
        n += m->effect[e].n_levels;
    }
    assert_true(n <= MOST_DUMMIES);
    double *a = malloc(n * n * sizeof *a), *b = malloc(n * sizeof *b), row[MOST_DUMMIES];
    double eta[ROWS];
    for (size_t i = 0; i < m->n; i++)
        eta[i] = m->estimator == QI_PPML ? log(m->y[i] + 1) : 0;
    for (int step = 0; step < (m->estimator == QI_PPML ? 25 : 1); step++) {
        memset(a, 0, n * n * sizeof *a);
        memset(b, 0, n * sizeof *b);
        for (int second = 0; second < 2; second++) {
            for (size_t i = 0; i < m->n; i++) {
                if (fit->left_out[i] != QI_USED)
                    continue;
                memset(row, 0, sizeof row);
                for (size_t j = 0; j < m->k; j++)
                    row[j] = m->x[j][i];
                for (size_t e = 0; e < m->n_effects; e++)
                    row[base[e] + m->effect[e].id[i]] = 1;
                if (second) {
                    eta[i] = 0;
                    for (size_t j = 0; j < n; j++)
                        eta[i] += row[j] * b[j];
                    continue;
                }
                double mu = m->estimator == QI_PPML ? exp(eta[i]) : 1;
                double z = m->estimator == QI_PPML ? eta[i] + (m->y[i] - mu) / mu : m->y[i];
                double w = mu * (m->weight != NULL ? m->weight[i] : 1);
                for (size_t p = 0; p < n; p++)
                    for (size_t q = 0; row[p] != 0.0 && q < n; q++)
                        a[p * n + q] += w * row[p] * row[q];
                for (size_t p = 0; p < n; p++)
                    b[p] += w * row[p] * z;
            }
            if (!second)
                solve(a, b, n);
        }
    }
    memcpy(out, b, m->k * sizeof *out);
    free(a);
    free(b);
}

static void as_with_dummies(void **state) {
    QI_UNUSED(state);
    static const size_t sets[][4] = {{0, 1, 2, 3}, {2, 0, 1, 3}, {3, 2, 1, 0}};
    for (uint64_t seed = 0; seed < 6; seed++)
        for (size_t n_sets = 1; n_sets <= 4; n_sets++)
            for (int ols = 0; ols < 2; ols++) {
                world w;
                make(&w, seed);
                qi_effect all[4];
                memcpy(all, w.m.effect, sizeof all);
                for (size_t e = 0; e < n_sets; e++)
                    w.m.effect[e] = all[sets[seed % 3][e]];
                w.m.n_effects = n_sets;
                w.m.estimator = ols ? QI_OLS : QI_PPML;
                w.m.weight = seed % 2 ? w.weight : NULL;
                qi_fit fit;
                double expected[3];
                run(&w.m, &fit);
                dense(&w.m, &fit, expected);
                for (size_t j = 0; j < 3; j++)
                    NEAR(fit.coefficient[j], expected[j], 1e-8);
                qi_fit_free(&fit);
            }
}

/* ---- first-order conditions ---- */

static void scores_are_zero(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 10; seed < 16; seed++) {
        world w;
        make(&w, seed);
        w.m.want_effects = true;
        qi_fit fit;
        run(&w.m, &fit);
        NEAR(fit.gradient, 0, 1e-10);
        for (size_t e = 0; e < 3; e++) {
            double score[COUNTRIES * COUNTRIES] = {0}, total[COUNTRIES * COUNTRIES] = {0};
            for (size_t i = 0; i < ROWS; i++)
                if (fit.left_out[i] == QI_USED) {
                    score[w.m.effect[e].id[i]] += w.y[i] - fit.fitted[i];
                    total[w.m.effect[e].id[i]] += w.y[i];
                }
            for (size_t l = 0; l < w.m.effect[e].n_levels; l++)
                NEAR(score[l], 0, 1e-9 * (total[l] + 1e-300));
        }
        for (size_t i = 0; i < ROWS; i++) { /* the effects add up to the predictor */
            if (fit.left_out[i] != QI_USED)
                continue;
            double eta = 0;
            for (size_t j = 0; j < 3; j++)
                eta += w.x[j][i] * fit.coefficient[j];
            for (size_t e = 0; e < 3; e++)
                eta += fit.effect[e][w.m.effect[e].id[i]];
            NEAR(eta, fit.eta[i], 1e-10);
            NEAR(exp(eta) / fit.fitted[i], 1, 1e-10);
        }
        qi_fit_free(&fit);
    }
}

/* ---- what must not matter ---- */

static void threads_change_nothing(void **state) {
    QI_UNUSED(state);
    enum { LARGE = 90000 };
    double *y = malloc(LARGE * sizeof *y), *x = malloc(LARGE * sizeof *x);
    uint32_t *a = malloc(LARGE * sizeof *a), *b = malloc(LARGE * sizeof *b);
    uint32_t *c = malloc(LARGE * sizeof *c);
    uint64_t s = 5;
    for (uint32_t i = 0; i < LARGE; i++) { /* 100 x 90 x 10 */
        a[i] = i / 900 * 10 + i % 10;
        b[i] = i / 10 % 90 * 10 + i % 10;
        c[i] = i / 10;
        x[i] = uniform(&s) > 0.5;
        y[i] = uniform(&s) > 0.3 ? exp(3 * uniform(&s) + 0.4 * x[i]) : 0;
    }
    const double *xs[] = {x};
    const char *names[] = {"x"};
    qi_model m = {.n = LARGE,
                  .k = 1,
                  .y = y,
                  .x = xs,
                  .x_name = names,
                  .n_effects = 3,
                  .effect = {{"a", a, 1000}, {"b", b, 900}, {"c", c, 9000}},
                  .errors = QI_ERRORS_CLUSTER,
                  .n_clusters = 1,
                  .cluster = {{"c", c, 9000}}};
    qi_fit one, other;
    m.threads = 1;
    run(&m, &one);
    for (m.threads = 2; m.threads <= 5; m.threads += 3) {
        run(&m, &other);
        assert_memory_equal(one.coefficient, other.coefficient, sizeof(double));
        assert_memory_equal(one.error, other.error, sizeof(double));
        assert_memory_equal(one.fitted, other.fitted, LARGE * sizeof(double));
        qi_fit_free(&other);
    }
    qi_fit_free(&one);
    free(y);
    free(x);
    free(a);
    free(b);
    free(c);
}

static void order_changes_nothing(void **state) {
    QI_UNUSED(state);
    world w, turned;
    make(&w, 30);
    make(&turned, 30);
    for (size_t i = 0; i < ROWS; i++) {
        size_t from = (i * 101 + 7) % ROWS; /* ROWS is 5 x 49 */
        turned.y[i] = w.y[from];
        turned.x1[i] = w.x1[from];
        turned.x2[i] = w.x2[from];
        turned.x3[i] = w.x3[from];
        turned.exporter_year[i] = w.exporter_year[from];
        turned.importer_year[i] = w.importer_year[from];
        turned.pair[i] = w.pair[from];
    }
    qi_fit one, other;
    run(&w.m, &one);
    run(&turned.m, &other);
    for (size_t j = 0; j < 3; j++)
        NEAR(one.coefficient[j], other.coefficient[j], 1e-12);
    qi_fit_free(&one);
    qi_fit_free(&other);
}

static void scale_changes_effects_only(void **state) {
    QI_UNUSED(state);
    world w;
    make(&w, 31);
    qi_fit one, other;
    run(&w.m, &one);
    for (size_t i = 0; i < ROWS; i++)
        w.y[i] *= 1e6;
    run(&w.m, &other);
    for (size_t j = 0; j < 3; j++)
        NEAR(one.coefficient[j], other.coefficient[j], 1e-11);
    for (size_t i = 0; i < ROWS; i++)
        if (one.left_out[i] == QI_USED)
            NEAR(other.eta[i], one.eta[i] + log(1e6), 1e-9);
    qi_fit_free(&one);
    qi_fit_free(&other);
}

/* A pair without trade says nothing, whatever its regressors. */
static void zeros_of_an_empty_level(void **state) {
    QI_UNUSED(state);
    world w;
    make(&w, 32);
    qi_fit one, other;
    for (size_t i = 0; i < ROWS; i++)
        if (w.pair[i] == 9)
            w.y[i] = 0;
    run(&w.m, &one);
    assert_int_equal(one.n_left_out[QI_SEPARATED_EFFECT], YEARS);
    for (size_t i = 0; i < ROWS; i++)
        if (w.pair[i] == 9)
            w.x2[i] += 1e3;
    run(&w.m, &other);
    for (size_t j = 0; j < 3; j++)
        NEAR(one.coefficient[j], other.coefficient[j], 0);
    qi_fit_free(&one);
    qi_fit_free(&other);
}

static void collinear_are_named(void **state) {
    QI_UNUSED(state);
    world w;
    make(&w, 33);
    double twice[ROWS], of_pair[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        twice[i] = 2 * w.x1[i] + w.pair[i] % 5;
        of_pair[i] = w.pair[i] % 3 + 0.5 * w.exporter_year[i];
    }
    const double *x[] = {w.x1, of_pair, twice, w.x2};
    const char *names[] = {"agreement", "fixed", "twice", "distance"};
    w.m.x = x;
    w.m.x_name = names;
    w.m.k = 4;
    qi_fit fit;
    for (int ols = 0; ols < 2; ols++) {
        w.m.estimator = ols ? QI_OLS : QI_PPML;
        run(&w.m, &fit);
        assert_int_equal(fit.dropped[0], QI_KEPT);
        assert_int_equal(fit.dropped[1], QI_CONSTANT);
        assert_int_equal(fit.dropped[2], QI_COLLINEAR);
        assert_int_equal(fit.dropped[3], QI_KEPT);
        assert_true(isnan(fit.coefficient[2]) && isnan(fit.error[1]));
        assert_true(isfinite(fit.error[0]) && isfinite(fit.error[3]));
        qi_fit_free(&fit);
    }
}

static void offset_moves_the_coefficient(void **state) {
    QI_UNUSED(state);
    world w;
    make(&w, 34);
    double offset[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        offset[i] = 0.7 * w.x2[i];
    qi_fit one, other;
    run(&w.m, &one);
    w.m.offset = offset;
    run(&w.m, &other);
    NEAR(other.coefficient[1], one.coefficient[1] - 0.7, 1e-10);
    NEAR(other.coefficient[0], one.coefficient[0], 1e-10);
    qi_fit_free(&one);
    qi_fit_free(&other);
}

static void without_effects(void **state) {
    QI_UNUSED(state);
    world w;
    make(&w, 35);
    w.m.k = 0;
    w.m.n_effects = 0;
    qi_fit fit;
    double sum = 0;
    run(&w.m, &fit);
    for (size_t i = 0; i < ROWS; i++)
        sum += w.y[i];
    assert_int_equal(fit.k, 1);
    assert_string_equal(fit.name[0], "(intercept)");
    NEAR(fit.coefficient[0], log(sum / ROWS), 1e-12);
    qi_fit_free(&fit);
}

/* ---- tests of what a fit supposes ---- */

/* Counts of mean mu: variance mu (drawn by waiting times), or mu^2 added by a common factor. */
static double draw(uint64_t *state, double mu) {
    double waited = 0, n = -1;
    while (waited < mu) {
        waited -= log(1 - uniform(state));
        n += 1;
    }
    return n;
}

enum { MANY = 20000 };

/* y by x with 40 groups; `bend` puts a square into the mean, `mixed` a random factor. */
static void check_by(double bend, bool mixed, qi_check *reset, qi_dispersion *dispersion,
                     qi_check *park) {
    double *y = malloc(2 * MANY * sizeof *y), *x = y + MANY;
    uint32_t *group = malloc(MANY * sizeof *group);
    uint64_t state = 99;
    for (uint32_t i = 0; i < MANY; i++) {
        group[i] = i % 40;
        x[i] = 2 * uniform(&state);
        double mu = exp(0.5 + 0.05 * group[i] + 0.5 * x[i] + bend * x[i] * x[i]);
        y[i] = draw(&state, mixed ? mu * -log(1 - uniform(&state)) : mu);
    }
    const double *columns[] = {x};
    const char *names[] = {"x"};
    qi_model m = {.n = MANY,
                  .k = 1,
                  .y = y,
                  .x = columns,
                  .x_name = names,
                  .n_effects = 1,
                  .effect = {{"group", group, 40}},
                  .errors = QI_ERRORS_HETERO,
                  .threads = 1};
    qi_fit fit;
    quipu_error err = {0};
    run(&m, &fit);
    assert_int_equal(qi_gravity_reset(&m, &fit, reset, &err), QUIPU_OK);
    qi_gravity_overdispersion(&m, &fit, dispersion);
    assert_int_equal(qi_gravity_park(&m, &fit, park, &err), QUIPU_OK);
    qi_fit_free(&fit);
    free(y);
    free(group);
}

static void suppositions(void **state) {
    QI_UNUSED(state);
    qi_check reset, park;
    qi_dispersion dispersion;
    check_by(0, false, &reset, &dispersion, &park);
    assert_true(reset.p > 0.01 && dispersion.excess.p > 0.01);
    NEAR(dispersion.pearson, 1, 0.05);
    check_by(0.4, false, &reset, &dispersion, &park);
    assert_true(reset.p < 1e-6);
    check_by(0, true, &reset, &dispersion, &park); /* exponential factor: variance mu + mu^2 */
    assert_true(dispersion.excess.p < 1e-6 && dispersion.pearson > 2);
    NEAR(dispersion.excess.coefficient, 1, 0.15);
    assert_true(park.coefficient > 1.3 && park.p < 1e-6);
}

/* ---- bad input ---- */

static void refused(const qi_model *m, const char *text) {
    qi_fit fit;
    quipu_error err = {0};
    if (qi_gravity_fit(m, &fit, &err) == QUIPU_OK)
        fail_msg("estimated, instead of saying \"%s\"", text);
    if (strstr(err.text, text) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, text);
    qi_fit_free(&fit);
}

static void bad_input(void **state) {
    QI_UNUSED(state);
    world w;
    static const uint32_t zeros[ROWS];
    make(&w, 40);
    w.y[3] = -1;
    refused(&w.m, "row 4 of the panel has -1");
    make(&w, 40);
    w.x2[9] = INFINITY;
    refused(&w.m, "row 10 of the panel has +infinity as the regressor distance");
    w.x2[9] = NAN;
    refused(&w.m, "no value");
    make(&w, 40);
    w.m.n = 0;
    refused(&w.m, "the panel is empty");
    make(&w, 40);
    memset(w.y, 0, sizeof w.y);
    refused(&w.m, "no variation");
    make(&w, 40);
    w.m.k = 1;
    for (size_t i = 0; i < ROWS; i++)
        w.x1[i] = w.pair[i];
    refused(&w.m, "no regressor is left");
    make(&w, 40);
    w.m.errors = QI_ERRORS_CLUSTER;
    refused(&w.m, "need a cluster");
    w.m.n_clusters = 1;
    w.m.cluster[0] = (qi_cluster){"region", zeros, 1};
    refused(&w.m, "all rows are in one cluster of region");
    make(&w, 40);
    w.m.most_steps = 1;
    refused(&w.m, "no convergence after 1 steps");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_with_dummies),
        cmocka_unit_test(scores_are_zero),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(order_changes_nothing),
        cmocka_unit_test(scale_changes_effects_only),
        cmocka_unit_test(zeros_of_an_empty_level),
        cmocka_unit_test(collinear_are_named),
        cmocka_unit_test(offset_moves_the_coefficient),
        cmocka_unit_test(without_effects),
        cmocka_unit_test(suppositions),
        cmocka_unit_test(bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
