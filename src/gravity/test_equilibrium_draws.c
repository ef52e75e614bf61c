/* SPDX-License-Identifier: Apache-2.0 */
/* test_equilibrium_draws.c - random numbers that are counted, percentiles, and intervals whose
 * ends are known. */
#include "gravity/equilibrium_draws.h"
#include "gravity/test_world.h"

static void numbers_are_uniform_and_normal(void **state) {
    (void)state;
    enum { N = 40000 };
    double sum = 0, square = 0, normal = 0, normal_square = 0, product = 0;
    for (uint64_t i = 0; i < N; i++) {
        double u = qi_random_uniform(1, 2, i), z = qi_random_normal(3, 4, i);
        assert_true(u > 0 && u < 1);
        sum += u;
        square += u * u;
        normal += z;
        normal_square += z * z;
        product += (u - 0.5) * (qi_random_uniform(1, 3, i) - 0.5);
    }
    /* Five standard errors. */
    test_near(sum / N, 0.5, 5 * sqrt(1.0 / 12 / N), "mean");
    test_near(square / N, 1.0 / 3, 5 * sqrt(4.0 / 45 / N), "square");
    test_near(normal / N, 0, 5 / sqrt(N), "mean of the normal");
    test_near(normal_square / N, 1, 5 * sqrt(2.0 / N), "variance of the normal");
    test_near(product / N, 0, 5.0 / 12 / sqrt(N), "draws do not go together");
    assert_true(qi_random_uniform(1, 2, 3) == qi_random_uniform(1, 2, 3));
    assert_true(qi_random_uniform(1, 2, 3) != qi_random_uniform(2, 1, 3));
}

static void a_resample_has_as_many_as_there_are(void **state) {
    (void)state;
    enum { N = 500 };
    uint32_t times[N], absent = 0, all = 0;
    qi_resample(5, 6, N, times);
    for (size_t i = 0; i < N; i++) {
        all += times[i];
        absent += times[i] == 0;
    }
    assert_int_equal(all, N);
    assert_true(absent > 150 && absent < 220); /* N / e = 184 */
}

static void percentiles_interpolate(void **state) {
    (void)state;
    double v[] = {5, 1, 4, 2, 3}, low, high;
    qi_percentile_interval(v, 5, 0.5, &low, &high);
    assert_true(low == 2 && high == 4);
    qi_percentile_interval(v, 5, 0.8, &low, &high);
    test_near(low, 1.4, 1e-12, "low");
    test_near(high, 4.6, 1e-12, "high");
    qi_percentile_interval(v, 1, 0.95, &low, &high);
    assert_true(low == 1 && high == 1);
}

static void cholesky_multiplies_back(void **state) {
    (void)state;
    double a[] = {4, 0, 0, 2, 5, 0, 1, 3, 6}, bad[] = {1, 0, 2, 1};
    assert_true(qi_cholesky(a, 3));
    test_near(a[0], 2, 1e-12, "11");
    test_near(a[3] * a[0], 2, 1e-12, "21");
    test_near(a[3] * a[3] + a[4] * a[4], 5, 1e-12, "22");
    test_near(a[6] * a[3] + a[7] * a[4], 3, 1e-12, "32");
    assert_false(qi_cholesky(bad, 2));
}

/* ---- equal countries, where every figure is a known, monotone function of the coefficient */

enum { N = 6 };
static const double HOME = 8, ABROAD = 0.4, THETA = 4;

typedef struct symmetric {
    test_world world;
    double moved[N * N];
} symmetric;

static symmetric equal_countries(void) {
    symmetric s = {.world = test_world_room(N)};
    for (size_t k = 0; k < N * N; k++) {
        bool home = k % (N + 1) == 0;
        s.world.trade[k] = home ? HOME : ABROAD;
        s.moved[k] = home ? 0 : 1;
    }
    return s;
}

static double welfare_of(double b) {
    double before = HOME + (N - 1) * ABROAD, after = HOME + (N - 1) * ABROAD * exp(b);
    return pow(after / before, 1 / THETA);
}

static void the_interval_is_that_of_the_coefficient(void **state) {
    (void)state;
    enum { DRAWS = 300 };
    symmetric s = equal_countries();
    double b[] = {0.5}, variance[] = {0.04}, drawn[DRAWS], low, high;
    size_t place[] = {0};
    const double *moved[] = {s.moved};
    qi_fit fit = {.k = 1, .coefficient = b, .covariance = variance};
    qi_world w = test_world_of(&s.world, QI_GE_FULL, THETA);
    w.change = NULL;
    qi_draws d = {.method = QI_DRAW_COVARIANCE,
                  .draws = DRAWS,
                  .seed = 11,
                  .level = 0.9,
                  .threads = 1,
                  .world = &w,
                  .n_changed = 1,
                  .coefficient = place,
                  .moved = moved,
                  .fit = &fit};
    qi_intervals one, three;
    quipu_error err = {0};
    assert_int_equal(qi_draws_run(&d, &one, &err), QUIPU_OK);
    d.threads = 3;
    assert_int_equal(qi_draws_run(&d, &three, &err), QUIPU_OK);
    for (uint64_t k = 0; k < DRAWS; k++)
        drawn[k] = welfare_of(0.5 + 0.2 * qi_random_normal(11, k, 0));
    qi_percentile_interval(drawn, DRAWS, 0.9, &low, &high);
    assert_int_equal(one.used, DRAWS);
    for (size_t i = 0; i < N; i++) {
        test_near(one.low[i * QI_N_OUTCOMES + QI_OUTCOME_WELFARE], low, 1e-10, "low");
        test_near(one.high[i * QI_N_OUTCOMES + QI_OUTCOME_WELFARE], high, 1e-10, "high");
    }
    assert_memory_equal(one.low, three.low, N * QI_N_OUTCOMES * sizeof *one.low);
    assert_memory_equal(one.high, three.high, N * QI_N_OUTCOMES * sizeof *one.high);
    qi_intervals_free(&one);
    qi_intervals_free(&three);
    test_world_free(&s.world);
}

/* ---- resamples: a regression on one dummy, whose coefficient is a ratio of means */

enum { ROWS = 60 };
typedef struct regression {
    double y[ROWS], x[ROWS];
    uint32_t id[ROWS];
    const double *column[1];
    const char *name[1];
} regression;

static qi_model regression_of(regression *r) {
    uint64_t seed = 4;
    for (size_t i = 0; i < ROWS; i++) {
        r->x[i] = i % 2 == 0 ? 1 : 0;
        r->y[i] = (1 + r->x[i]) * exp(test_uniform(&seed));
        r->id[i] = (uint32_t)i / 2;
    }
    r->column[0] = r->x;
    r->name[0] = "x";
    return (qi_model){.n = ROWS,
                      .k = 1,
                      .y = r->y,
                      .x = r->column,
                      .x_name = r->name,
                      .n_clusters = 1,
                      .cluster = {{"pair", r->id, ROWS / 2}}};
}

static double ratio_of_means(const regression *r, uint64_t draw, const uint8_t *stays) {
    uint32_t times[ROWS / 2];
    double sum[2] = {0}, count[2] = {0};
    qi_resample(7, draw, ROWS / 2, times);
    for (size_t i = 0; i < ROWS; i++) {
        double w = stays != NULL && stays[i] ? 1 : times[r->id[i]];
        sum[r->x[i] > 0] += w * r->y[i];
        count[r->x[i] > 0] += w;
    }
    return log(sum[1] / count[1] / (sum[0] / count[0]));
}

static void resamples_estimate_anew(void **state) {
    (void)state;
    enum { DRAWS = 50 };
    symmetric s = equal_countries();
    static regression r;
    qi_model m = regression_of(&r);
    uint8_t stays[ROWS] = {0};
    size_t place[] = {0};
    const double *moved[] = {s.moved};
    qi_world w = test_world_of(&s.world, QI_GE_FULL, THETA);
    w.change = NULL;
    stays[3] = stays[10] = stays[11] = 1;
    for (int fixed = 0; fixed < 2; fixed++) {
        double drawn[DRAWS], low, high;
        qi_draws d = {.method = QI_DRAW_PAIRS,
                      .draws = DRAWS,
                      .seed = 7,
                      .level = 0.8,
                      .threads = 2,
                      .world = &w,
                      .n_changed = 1,
                      .coefficient = place,
                      .moved = moved,
                      .model = &m,
                      .stays = fixed ? stays : NULL};
        qi_intervals found;
        quipu_error err = {0};
        if (qi_draws_run(&d, &found, &err) != QUIPU_OK)
            fail_msg("%s", err.text);
        for (uint64_t k = 0; k < DRAWS; k++)
            drawn[k] = welfare_of(ratio_of_means(&r, k, d.stays));
        qi_percentile_interval(drawn, DRAWS, 0.8, &low, &high);
        test_near(found.low[QI_OUTCOME_WELFARE], low, 1e-8, "low");
        test_near(found.high[QI_OUTCOME_WELFARE], high, 1e-8, "high");
        qi_intervals_free(&found);
    }
    test_world_free(&s.world);
}

/* A dummy of one cluster: more than a third of the resamples do not have it. */
static void too_many_draws_without_an_answer_say_why(void **state) {
    (void)state;
    symmetric s = equal_countries();
    static regression r;
    qi_model m = regression_of(&r);
    size_t place[] = {0};
    const double *moved[] = {s.moved};
    for (size_t i = 0; i < ROWS; i++)
        r.x[i] = r.id[i] == 5;
    qi_world w = test_world_of(&s.world, QI_GE_FULL, THETA);
    w.change = NULL;
    qi_draws d = {.method = QI_DRAW_PAIRS,
                  .draws = 1000,
                  .seed = 1,
                  .level = 0.95,
                  .threads = 1,
                  .world = &w,
                  .n_changed = 1,
                  .coefficient = place,
                  .moved = moved,
                  .model = &m};
    qi_intervals found;
    quipu_error err = {0};
    if (qi_draws_run(&d, &found, &err) != QUIPU_E_DATA)
        fail_msg("%zu used", found.used);
    if (strstr(err.text, "of 1000 draws have no solution") == NULL)
        fail_msg("%s", err.text);
    qi_intervals_free(&found);
    test_world_free(&s.world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_uniform_and_normal),
        cmocka_unit_test(a_resample_has_as_many_as_there_are),
        cmocka_unit_test(percentiles_interpolate),
        cmocka_unit_test(cholesky_multiplies_back),
        cmocka_unit_test(the_interval_is_that_of_the_coefficient),
        cmocka_unit_test(resamples_estimate_anew),
        cmocka_unit_test(too_many_draws_without_an_answer_say_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
