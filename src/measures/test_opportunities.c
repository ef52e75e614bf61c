/* SPDX-License-Identifier: Apache-2.0 */
/* test_opportunities.c - the ranked list: its score worked out again from what it prints, its
 * figures from the world, and what it does without some of them. */
#include "measures/rca.h"
#include "measures/test_random.h"

static const quipu_period years[] = {2008, 2011};
static const quipu_flow both[] = {QUIPU_EXPORT, QUIPU_IMPORT};
static const quipu_flow merged[] = {QUIPU_RECONCILED};
static const quipu_flow imports[] = {QUIPU_IMPORT};

/* A country that reports this flow in the last year, from `from` on in the list. */
static const char *reporter_of(const world *w, quipu_flow flow, size_t from) {
    int slab = world_slab(w, 2011, flow);
    for (size_t i = from; i < WORLD_COUNTRIES; i++)
        for (size_t j = 0; j < WORLD_COUNTRIES; j++)
            for (size_t k = 0; k < WORLD_PRODUCTS; k++)
                if (world_value(w, (size_t)slab, i, j, k) > 0)
                    return world_countries[i].iso3;
    fail_msg("nobody reports");
    return "";
}

/* The place of a value among those of a column, from 0 to 1. */
static double place_of(const quipu_table *t, const char *column, size_t row) {
    size_t c = column_of(t, column), n = 0, below = 0, equal = 0;
    bool money = t->columns[c].spec.type == QUIPU_MONEY;
    for (size_t r = 0; r < t->n_rows; r++) {
        if (!quipu_table_present(t, c, r))
            continue;
        double a = money ? (double)t->columns[c].data.integer[r] : t->columns[c].data.real[r];
        double b =
            money ? (double)t->columns[c].data.integer[row] : t->columns[c].data.real[row];
        n++;
        below += a < b;
        equal += a == b;
    }
    return n > 1 ? ((double)below + ((double)equal - 1) / 2) / ((double)n - 1) : .5;
}

static double score_of(const quipu_table *t, size_t row) {
    static const struct {
        const char *column;
        double weight;
        bool less;
    } parts[] = {{"density", 4, false},         {"pci", 1, false},
                 {"demand", 2, false},          {"growth", 1, false},
                 {"complementarity", 2, false}, {"held", 1, true}};
    double sum = 0, weights = 0;
    for (size_t i = 0; i < QI_COUNT(parts); i++) {
        if (!quipu_table_present(t, column_of(t, parts[i].column), row))
            continue;
        double place = place_of(t, parts[i].column, row);
        sum += parts[i].weight * (parts[i].less ? 1 - place : place);
        weights += parts[i].weight;
    }
    return 100 * sum / weights;
}

static void test_of_worlds(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        world w = seeded_world(years, 2, merged, 1, seed);
        const char *who = reporter_of(&w, QUIPU_RECONCILED, 9);
        quipu_table t =
            ask(&w, "opportunities",
                "reporter=%s partner=Korea min-demand=0 limit=0 separate=largest", who);
        int slab = world_slab(&w, 2011, QUIPU_RECONCILED);
        size_t per = world_country(who), kor = world_country("KOR");
        double last = 200;
        for (size_t row = 0; row < t.n_rows; row++) {
            size_t k = world_product(text_at(&t, "product", row));
            int64_t demand = 0, to_all = 0, world_exports = 0;
            for (size_t c = 0; c < WORLD_COUNTRIES; c++) {
                demand += world_value(&w, (size_t)slab, c, kor, k);
                to_all += world_value(&w, (size_t)slab, per, c, k);
                for (size_t j = 0; j < WORLD_COUNTRIES; j++)
                    world_exports += strcmp(world_countries[c].iso3, "UNS") == 0
                                         ? 0 /* no country: not compared */
                                         : world_value(&w, (size_t)slab, c, j, k);
            }
            int64_t sold = world_value(&w, (size_t)slab, per, kor, k);
            assert_true(integer_at(&t, "demand", row) == demand);
            assert_true(integer_at(&t, "sold", row) == sold);
            assert_true(integer_at(&t, "value", row) == to_all);
            assert_near(real_at(&t, "held", row), (double)sold / (double)demand);
            double more =
                (double)to_all / (double)world_exports * (double)demand - (double)sold;
            assert_true(fabs((double)integer_at(&t, "potential", row) - fmax(0, more)) <= 1);
            double score = real_at(&t, "score", row);
            assert_near(score, score_of(&t, row));
            assert_true(score <= last && score >= 0 && score <= 100);
            assert_int_equal(integer_at(&t, "rank", row), row + 1);
            last = score;
        }
        assert_true(t.n_rows > 10);
        quipu_table_free(&t);
        world_close(&w);
    }
}

/* The density and PCI are those of the measure density. */
static void test_same_as_density(void **state) {
    QI_UNUSED(state);
    world w = seeded_world(years, 2, merged, 1, 4);
    const char *who = reporter_of(&w, QUIPU_RECONCILED, 9);
    quipu_table t = ask(&w, "opportunities",
                        "reporter=%s partner=Japan min-demand=0 limit=0 "
                        "separate=largest",
                        who);
    quipu_table d = ask(&w, "density", "reporter=%s years=2011 separate=largest", who);
    for (size_t row = 0; row < t.n_rows; row++) {
        char where[32];
        snprintf(where, sizeof where, "product=%s", text_at(&t, "product", row));
        assert_true(real_at(&t, "density", row) == figure(&d, "density", where));
        assert_true(real_at(&t, "rca", row) == figure(&d, "rca", where));
    }
    assert_true(t.n_rows > 10);
    quipu_table_free(&t);
    quipu_table_free(&d);
    world_close(&w);
}

/* The example of the page: two columns with weights. */
static void test_weights(void **state) {
    QI_UNUSED(state);
    world w = seeded_world(years, 2, merged, 1, 2);
    quipu_table t = ask(&w, "opportunities",
                        "reporter=Peru partner=China min-demand=0 limit=0 separate=largest "
                        "weights=density=3,demand=1,pci=0,growth=0,fit=0,room=0,tariff=0");
    for (size_t row = 0; row < t.n_rows; row++)
        assert_near(real_at(&t, "score", row),
                    25 * (3 * place_of(&t, "density", row) + place_of(&t, "demand", row)));
    assert_true(has_note(&t, "weighted: density 3, size of demand 1."));
    quipu_table_free(&t);
    quipu_error err = {0};
    assert_int_equal(try_measure(w.cube, nomen, "opportunities",
                                 "reporter=Peru partner=China weights=densty=3", 1, &t, &err),
                     QUIPU_E_ARG);
    assert_non_null(strstr(err.text, "did you mean density?"));
    err = (quipu_error){0};
    assert_int_equal(try_measure(w.cube, nomen, "opportunities",
                                 "reporter=Peru partner=China weights=pci=-1", 1, &t, &err),
                     QUIPU_E_ARG);
    world_close(&w);
}

/* Absent and present together are all; a cube of imports is asked from the other side. */
static void test_choices(void **state) {
    QI_UNUSED(state);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        world w = seeded_world(years, 2, imports, 1, seed);
        size_t n[3];
        static const char *const only[] = {"all", "absent", "present"};
        for (size_t i = 0; i < 3; i++) {
            quipu_table t = ask(&w, "opportunities",
                                "reporter=Peru partner=%s min-demand=0 limit=0 "
                                "separate=largest only=%s",
                                reporter_of(&w, QUIPU_IMPORT, 0), only[i]);
            n[i] = t.n_rows;
            for (size_t row = 0; row < t.n_rows; row++) {
                double rca = real_at(&t, "rca", row);
                assert_true(i == 0 || (i == 1 ? rca < 1 : rca >= 1));
            }
            assert_true(has_note(&t, "as the importers report them"));
            quipu_table_free(&t);
        }
        assert_int_equal(n[0], n[1] + n[2]);
        world_close(&w);
    }
}

static void test_what_is_missing(void **state) {
    QI_UNUSED(state);
    world w = world_empty(years, 2, both, 2);
    world_set(&w, 2011, QUIPU_EXPORT, "PER", "CHN", "260300", 5000000);
    world_set(&w, 2011, QUIPU_EXPORT, "CHL", "CHN", "090111", 5000000);
    world_set(&w, 2011, QUIPU_IMPORT, "CHN", "PER", "260300", 6000000);
    world_open(&w);
    /* Two countries that share nothing have no PCI: the list does without. */
    quipu_table t = run_measure(w.cube, nomen, "opportunities", "reporter=Peru partner=China");
    assert_int_equal(t.n_rows, 1);
    assert_missing(figure(&t, "pci", ""));
    assert_missing(figure(&t, "growth", ""));
    assert_near(figure(&t, "held", ""), 1);
    assert_true(has_note(&t, "No PCI"));
    quipu_table_free(&t);
    static const struct {
        const char *text;
        quipu_status status;
    } wrong[] = {{"reporter=Peru", QUIPU_E_ARG},
                 {"partner=China", QUIPU_E_ARG},
                 {"reporter=Peru,Chile partner=China", QUIPU_E_ARG},
                 {"reporter=Japan partner=China", QUIPU_E_NOT_FOUND},
                 {"reporter=Peru partner=Korea", QUIPU_E_NOT_FOUND}};
    for (size_t i = 0; i < QI_COUNT(wrong); i++) {
        quipu_error err = {0};
        quipu_status status =
            try_measure(w.cube, nomen, "opportunities", wrong[i].text, 1, &t, &err);
        if (status != wrong[i].status)
            fail_msg("%s: status %d, %s", wrong[i].text, (int)status, err.text);
    }
    world_close(&w);
}

static const asked every[] = {
    {"opportunities", "reporter=Peru partner=Korea min-demand=0 separate=largest"},
    {"opportunities", "reporter=Chile partner=Asia min-demand=0 separate=largest only=absent"},
};

static void test_threads(void **state) {
    QI_UNUSED(state);
    same_for_threads(years, 2, both, 2, every, QI_COUNT(every));
}

static void test_scale(void **state) {
    QI_UNUSED(state);
    static const asked scaled[] = {
        {"opportunities", "reporter=Peru partner=Korea min-demand=0 limit=0 separate=largest"}};
    world w = seeded_world(years, 2, merged, 1, 12);
    world_close(&w);
    for (size_t i = 0; i < QI_COUNT(scaled); i++) {
        world a = world_empty(years, 2, merged, 1), b = world_empty(years, 2, merged, 1);
        world_fill(&a, 12);
        twice(&b, &a);
        world_open(&a);
        world_open(&b);
        quipu_table x = ask(&a, "opportunities", "%s", scaled[i].text);
        quipu_table y = ask(&b, "opportunities", "%s", scaled[i].text);
        assert_int_equal(x.n_rows, y.n_rows);
        for (size_t row = 0; row < x.n_rows; row++) {
            assert_string_equal(text_at(&x, "product", row), text_at(&y, "product", row));
            assert_true(real_at(&x, "score", row) == real_at(&y, "score", row));
        }
        quipu_table_free(&x);
        quipu_table_free(&y);
        world_close(&a);
        world_close(&b);
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_worlds), cmocka_unit_test(test_same_as_density),
        cmocka_unit_test(test_weights),   cmocka_unit_test(test_choices),
        cmocka_unit_test(test_threads),   cmocka_unit_test(test_what_is_missing),
        cmocka_unit_test(test_scale),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
