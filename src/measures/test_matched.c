/* SPDX-License-Identifier: Apache-2.0 */
/* test_matched.c - one item in two periods: what it counts as, and exact division. */
#include "measures/matched.h"
#include "measures/test_tables.h"

static const qi_match_rule by_weight = {.weight = true, .index = true, .limit = 5};
static const qi_match_rule by_units = {.quantity = true, .limit = 5};
static const qi_match_rule by_either = {.quantity = true, .weight = true, .limit = 5};

static qi_match_side weighed(quipu_money value, quipu_quantity weight) {
    return (qi_match_side){value, QUIPU_QUANTITY_MISSING, weight, 1, 0};
}

static qi_match_side counted(quipu_money value, quipu_quantity quantity, uint8_t unit) {
    return (qi_match_side){value, quantity, QUIPU_QUANTITY_MISSING, unit, 0};
}

static qi_match_kind kind_of(const qi_match_rule *rule, qi_match_side a, qi_match_side b,
                             bool silent) {
    qi_match_sums sums = {0};
    qi_match_kind kind;
    assert_true(qi_match_add(rule, &a, &b, silent, &sums, &kind));
    assert_true(qi_match_volume(&sums) == 0 || kind == QI_MATCHED);
    return kind;
}

static void test_kinds(void **state) {
    QI_UNUSED(state);
    const qi_match_side none = weighed(0, QUIPU_QUANTITY_MISSING);
    assert_int_equal(kind_of(&by_weight, weighed(20, 10), weighed(36, 12), false), QI_MATCHED);
    assert_int_equal(kind_of(&by_weight, none, weighed(36, 12), false), QI_MATCH_NEW);
    assert_int_equal(kind_of(&by_weight, weighed(20, 10), none, false), QI_MATCH_LOST);
    assert_int_equal(kind_of(&by_weight, none, weighed(36, 12), true), QI_MATCH_SILENT);
    assert_int_equal(kind_of(&by_weight, weighed(20, 10), weighed(36, 12), true),
                     QI_MATCH_SILENT);
    assert_int_equal(kind_of(&by_weight, weighed(20, -1), weighed(36, 12), false),
                     QI_MATCH_NO_QUANTITY);
    /* A weight of zero beside a value is no weight. */
    assert_int_equal(kind_of(&by_weight, weighed(20, 10), weighed(36, 0), false),
                     QI_MATCH_NO_QUANTITY);
    /* A row without a value is not a zero: what is beside it is neither new nor lost. */
    assert_int_equal(
        kind_of(&by_weight, weighed(QUIPU_MONEY_MISSING, 10), weighed(36, 12), false),
        QI_MATCH_NO_QUANTITY);
}

static void test_units(void **state) {
    QI_UNUSED(state);
    enum { PIECES = 5, PAIRS = 6 };
    assert_int_equal(
        kind_of(&by_units, counted(20, 10, PIECES), counted(36, 12, PIECES), false),
        QI_MATCHED);
    assert_int_equal(kind_of(&by_units, counted(20, 10, PIECES), counted(36, 12, PAIRS), false),
                     QI_MATCH_UNIT);
    /* With --quantity either the weight stands in for it. */
    qi_match_side a = counted(20, 10, PIECES), b = counted(36, 12, PAIRS);
    a.weight = b.weight = 7;
    assert_int_equal(kind_of(&by_either, a, b, false), QI_MATCHED);
    assert_int_equal(kind_of(&by_units, a, b, false), QI_MATCH_UNIT);
}

static void test_estimates(void **state) {
    QI_UNUSED(state);
    qi_match_side a = weighed(20, 10), b = weighed(36, 12);
    qi_match_rule all = by_weight;
    all.estimated = true;
    b.flags = QUIPU_ESTIMATED << 4;
    assert_int_equal(kind_of(&by_weight, a, b, false), QI_MATCH_ESTIMATED);
    assert_int_equal(kind_of(&all, a, b, false), QI_MATCHED);
    b.flags = QUIPU_ESTIMATED << 2; /* of the quantity, which is not looked at */
    assert_int_equal(kind_of(&by_weight, a, b, false), QI_MATCHED);
    b.flags = QUIPU_CONVERTED; /* the row was divided among codes of another revision */
    assert_int_equal(kind_of(&by_weight, a, b, false), QI_MATCH_ESTIMATED);
    b.flags = QUIPU_MIRRORED;
    assert_int_equal(kind_of(&by_weight, a, b, false), QI_MATCHED);
}

/* Exactly five times as dear still matches, both ways; a thousandth more does not. */
static void test_ratio(void **state) {
    QI_UNUSED(state);
    assert_int_equal(kind_of(&by_weight, weighed(1000, 7), weighed(5000, 7), false),
                     QI_MATCHED);
    assert_int_equal(kind_of(&by_weight, weighed(5000, 7), weighed(1000, 7), false),
                     QI_MATCHED);
    assert_int_equal(kind_of(&by_weight, weighed(1000, 7), weighed(5001, 7), false),
                     QI_MATCH_RATIO);
    assert_int_equal(kind_of(&by_weight, weighed(5001, 7), weighed(1000, 7), false),
                     QI_MATCH_RATIO);
    /* Ten times the value of ten times the weight is the same price. */
    assert_int_equal(kind_of(&by_weight, weighed(1000, 7), weighed(10000, 70), false),
                     QI_MATCHED);
}

/* ---- Bennet's halves ---- */

static void test_bennet(void **state) {
    QI_UNUSED(state);
    assert_true(qi_bennet_price(20, 10, 36, 12) == 11);
    assert_true(qi_bennet_price(36, 12, 20, 10) == -11);
    assert_true(qi_bennet_price(20, 10, 40, 20) == 0);  /* only volume */
    assert_true(qi_bennet_price(20, 10, 50, 10) == 30); /* only price */
    /* Halves go to the even side: 1/2, 3/2, 5/2. */
    assert_true(qi_bennet_price(2, 2, 1, 1) == 0);
    assert_true(qi_bennet_price(2, 1, 2, 2) == -2); /* (2 x 1/2 - 2 x 2 + 0)/2 = -3/2 */
}

/* Against the same in whole numbers: 2 q0 q1 times the part. */
static void test_bennet_rounds(void **state) {
    QI_UNUSED(state);
    uint64_t seed = 5;
    for (int i = 0; i < 200000; i++) {
        int64_t v0 = (int64_t)(world_random(&seed) % 100000) + 1;
        int64_t v1 = (int64_t)(world_random(&seed) % 100000) + 1;
        int64_t q0 = (int64_t)(world_random(&seed) % (i % 2 ? 50 : 30000)) + 1;
        int64_t q1 = (int64_t)(world_random(&seed) % (i % 2 ? 50 : 30000)) + 1;
        qi_wide part = qi_bennet_price(v0, q0, v1, q1);
        qi_wide exact =
            (qi_wide)(v1 - v0) * q0 * q1 + (qi_wide)v1 * q0 * q0 - (qi_wide)v0 * q1 * q1;
        qi_wide off = part * 2 * q0 * q1 - exact; /* at most half of 2 q0 q1 */
        assert_true(off <= (qi_wide)q0 * q1 && -off <= (qi_wide)q0 * q1);
        if (off == (qi_wide)q0 * q1 || -off == (qi_wide)q0 * q1)
            assert_true(part % 2 == 0);
        assert_true(qi_bennet_price(v1, q1, v0, q0) == -part);
    }
}

/* The largest values and weights there can be. */
static void test_large(void **state) {
    QI_UNUSED(state);
    int64_t most = INT64_MAX;
    assert_true(qi_bennet_price(most, most, most, most) == 0);
    assert_true(qi_bennet_price(most / 2, most, most, most) == most - most / 2);
    assert_true(qi_bennet_price(most, 1, most, 1) == 0);
    qi_match_sums sums = {0};
    qi_match_kind kind;
    qi_match_side side = weighed(most, most);
    assert_true(qi_match_add(&by_weight, &side, &side, false, &sums, &kind));
    assert_false(qi_match_add(&by_weight, &side, &side, false, &sums, &kind));
}

/* ---- sums ---- */

static qi_match_side random_side(uint64_t *seed) {
    uint64_t dice = world_random(seed), size = world_random(seed);
    if (dice % 5 == 0)
        return weighed(0, QUIPU_QUANTITY_MISSING);
    int64_t value = (int64_t)(size >> (24 + size % 36)) + 1;
    int64_t weight = value / (int64_t)(1 + dice % 9) + (int64_t)(dice % 1000);
    return weighed(value, dice % 11 == 0 ? QUIPU_QUANTITY_MISSING : weight);
}

static qi_match_sums random_sums(const qi_match_rule *rule, uint64_t *seed, size_t n) {
    qi_match_sums sums = {0};
    for (size_t i = 0; i < n; i++) {
        qi_match_side a = random_side(seed), b = random_side(seed);
        qi_match_kind kind;
        assert_true(qi_match_add(rule, &a, &b, i % 17 == 0, &sums, &kind));
    }
    return sums;
}

static void test_index(void **state) {
    QI_UNUSED(state);
    const qi_match_side goods[2][2] = {{weighed(20, 10), weighed(36, 12)},
                                       {weighed(20, 5), weighed(20, 4)}};
    qi_match_sums sums = {0};
    qi_match_kind kind;
    for (int i = 0; i < 2; i++)
        assert_true(qi_match_add(&by_weight, &goods[i][0], &goods[i][1], false, &sums, &kind));
    qi_match_index index = qi_match_indices(&sums);
    assert_true(fabs(index.laspeyres - 1.375) < 1e-9);
    assert_true(fabs(index.paasche - 1.4) < 1e-9);
    assert_true(fabs(index.fisher - sqrt(1.375 * 1.4)) < 1e-9);
    double log_price =
        (20.0 / 40 + 36.0 / 56) / 2 * log(1.5) + (20.0 / 40 + 20.0 / 56) / 2 * log(1.25);
    assert_true(fabs(index.tornqvist - exp(log_price)) < 1e-6); /* of values of 20 */
    assert_true(fabs(index.fisher * index.volume - 56.0 / 40) < 1e-9);
    const qi_match_sums nothing = {0};
    assert_missing(qi_match_indices(&nothing).fisher);
    assert_missing(qi_match_coverage(&nothing));
}

static void test_identities(void **state) {
    QI_UNUSED(state);
    qi_match_rule log_rule = by_weight;
    log_rule.log = true;
    for (uint64_t trial = 1; trial <= 40; trial++) {
        uint64_t seed = trial, again = trial;
        qi_match_sums bennet = random_sums(&by_weight, &seed, 300);
        qi_match_sums log_mean = random_sums(&log_rule, &again, 300);
        qi_match_index index = qi_match_indices(&bennet);
        double ratio = (double)bennet.matched[1] / (double)bennet.matched[0];
        assert_near(index.fisher * index.volume, ratio);
        assert_true(index.fisher >= fmin(index.laspeyres, index.paasche));
        assert_true(index.fisher <= fmax(index.laspeyres, index.paasche));
        /* Both methods divide the same change, and agree on what is no price or volume. */
        assert_true(bennet.fresh == log_mean.fresh && bennet.lost == log_mean.lost &&
                    bennet.unmatched == log_mean.unmatched);
        assert_true(bennet.price + qi_match_volume(&bennet) ==
                    log_mean.price + qi_match_volume(&log_mean));
        assert_true(bennet.price + qi_match_volume(&bennet) ==
                    bennet.matched[1] - bennet.matched[0]);
        assert_true(bennet.fresh >= 0 && bennet.lost <= 0);
        /* What is added can be taken away again. */
        qi_match_sums other = random_sums(&by_weight, &seed, 20), both = bennet;
        assert_true(qi_match_merge(&both, &other));
        assert_true(qi_match_subtract(&both, &other));
        assert_true(both.price == bennet.price && both.items == bennet.items &&
                    both.at_new_price == bennet.at_new_price && both.log_new == bennet.log_new);
    }
}

static void test_split(void **state) {
    QI_UNUSED(state);
    static const uint32_t weights[] = {1, 1, 7, 100000};
    for (uint64_t trial = 1; trial <= 40; trial++) {
        uint64_t seed = trial;
        qi_match_sums sums = random_sums(&by_weight, &seed, trial % 4), parts[4], back = {0};
        memset(parts, 0, sizeof parts);
        qi_match_split(&sums, weights, 4, parts);
        for (int i = 0; i < 4; i++) {
            assert_true(qi_match_merge(&back, &parts[i]));
            if (sums.items == 0)
                assert_true(qi_match_volume(&parts[i]) == 0);
        }
        assert_true(back.value[0] == sums.value[0] && back.value[1] == sums.value[1]);
        assert_true(back.price == sums.price && back.unmatched == sums.unmatched);
        assert_true(back.fresh == sums.fresh && back.lost == sums.lost);
        assert_true(back.at_new_price == sums.at_new_price && back.log_old == sums.log_old);
        int64_t as_elsewhere[4];
        quipu_split(sums.value[1], weights, 4, as_elsewhere);
        for (int i = 0; i < 4; i++)
            assert_true(parts[i].value[1] == as_elsewhere[i]);
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),      cmocka_unit_test(test_units),
        cmocka_unit_test(test_estimates),  cmocka_unit_test(test_ratio),
        cmocka_unit_test(test_bennet),     cmocka_unit_test(test_bennet_rounds),
        cmocka_unit_test(test_large),      cmocka_unit_test(test_index),
        cmocka_unit_test(test_identities), cmocka_unit_test(test_split),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
