/* SPDX-License-Identifier: Apache-2.0 */
/* test_counterfactual.c - the measure: from a table of trade to what would be.  The equations
 * have their own tests (src/gravity/test_equilibrium*.c). */
#include "gravity/test_shared.h"
#include "gravity/test_world.h"
#include "measures/test_tables.h"
#include "nomen/test_open.h"

#include <unistd.h>

static quipu_status try_on(const char *path, const char *text, unsigned threads,
                           quipu_table *out, quipu_error *err) {
    arguments a;
    read_arguments(&a, text);
    quipu_request request = {.table = path,
                             .nomen = nomen,
                             .arguments = a.items,
                             .n_arguments = a.n,
                             .threads = threads};
    return quipu_measure_run(quipu_measure_find("counterfactual"), &request, out, err);
}

static quipu_table on(const char *path, const char *text) {
    quipu_table t;
    quipu_error err = {0};
    if (try_on(path, text, 1, &t, &err) != QUIPU_OK)
        fail_msg("%s: %s", text, err.text);
    return t;
}

static const char *write_file(const char *content, char path[64]) {
    snprintf(path, 64, "/tmp/quipu-test-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_true(write(fd, content, strlen(content)) == (ssize_t)strlen(content));
    close(fd);
    return path;
}

static const char *made_up_world(char path[1024]) {
    const char *source = getenv("QUIPU_SOURCE");
    snprintf(path, 1024, "%s/data/examples/made-up-world.csv", source == NULL ? "." : source);
    return path;
}

/* The worked example of the page. */
static const char two[] = "exporter,importer,trade,x\n"
                          "A,A,8,0\nA,B,2,0\nB,A,2,0\nB,B,8,0\n";

static void the_worked_example(void **state) {
    (void)state;
    char path[64];
    write_file(two, path);
    static const char *const models[] = {"full", "hat"};
    for (size_t k = 0; k < 2; k++) {
        char text[160];
        snprintf(text, sizeof text,
                 "change=x=1 coefficient=x=0.69314718055994531 theta=4 "
                 "model=%s",
                 models[k]);
        quipu_table t = on(path, text);
        test_near(figure(&t, "welfare_change", "country=A"), pow(1.2, 0.25) - 1, 1e-10,
                  "welfare");
        test_near(figure(&t, "consumer_price_change", "country=B"), pow(1.2, -0.25) - 1, 1e-10,
                  "price");
        test_near(figure(&t, "producer_price_change", "country=B"), 0, 1e-10, "wage");
        test_near(figure(&t, "domestic_change", "country=A"), 1 / 1.2 - 1, 1e-10, "domestic");
        test_near(figure(&t, "exports_change", "country=A"), 2 / 1.2 - 1, 1e-10, "exports");
        quipu_table_free(&t);
    }
    quipu_table t = on(path, "change=x=1 coefficient=x=0.69314718055994531 model=conditional");
    test_near(figure(&t, "exports_change", "country=A"), 2 / 1.2 - 1, 1e-10, "exports");
    assert_true(isnan(figure(&t, "welfare_change", "country=A")));
    quipu_table_free(&t);
    unlink(path);
}

static void expect_note(const quipu_table *t, const char *words) {
    if (has_note(t, words))
        return;
    for (size_t i = 0; i < t->n_notes; i++)
        print_message("# %s\n", t->notes[i]);
    fail_msg("no note: %s", words);
}

static void pairs_are_found_in_every_form(void **state) {
    (void)state;
    static const struct {
        const char *between, *words;
    } forms[] = {
        {"between=Aria-Bora", "rta moves in 2 flows"},
        {"between=Aria>Bora", "rta moves in 1 flows"},
        {"between=Aria-Bora-Cora", "rta moves in 6 flows"},
        {"between=Aria-Bora,Dora-Enna", "rta moves in 4 flows"},
        {"", "rta moves in 18 flows"}, /* nine agreements in 2015 */
        {"at=2005", "rta moves in 4 flows"},
    };
    char path[1024];
    made_up_world(path);
    for (size_t k = 0; k < QI_COUNT(forms); k++) {
        char text[160];
        snprintf(text, sizeof text, "change=rta=0 coefficient=rta=0.5 %s", forms[k].between);
        quipu_table t = on(path, text);
        expect_note(&t, forms[k].words);
        quipu_table_free(&t);
    }
}

/* A factor of trade costs and its logarithm to the power -theta are one thing; so is a variable
 * that takes their place. */
static void costs_come_as_factors_effects_or_variables(void **state) {
    (void)state;
    char path[1024], factor[64], effect[64], text[512];
    made_up_world(path);
    write_file("exporter,importer,factor\nAria,Bora,1.1\nBora,Aria,1.1\n", factor);
    write_file("exporter,importer,effect\nAria,Bora,-0.571861078825952\nBora,Aria,"
               "-0.571861078825952\nNobody,Aria,3\n",
               effect); /* -6 log(1.1) */
    snprintf(text, sizeof text, "costs=%s", factor);
    quipu_table a = on(path, text);
    snprintf(text, sizeof text, "costs=%s", effect);
    quipu_table b = on(path, text);
    quipu_table c =
        on(path, "change=rta=0 between=Aria-Bora coefficient=rta=0.571861078825952");
    for (size_t row = 0; row < a.n_rows; row++) {
        size_t column = column_of(&a, "welfare_change");
        double x = a.columns[column].data.real[row];
        test_near(b.columns[column].data.real[row], x, 1e-12, "effect");
        test_near(c.columns[column].data.real[row], x, 1e-12, "variable");
    }
    expect_note(&a, "Trade costs of 2 flows out of a table.");
    quipu_table_free(&a);
    quipu_table_free(&b);
    quipu_table_free(&c);
    unlink(factor);
    unlink(effect);
}

/* The agreement of Dora and Enna is of 2005: in 2015 the lag of ten years has it too. */
static void lags_move_with_their_variable(void **state) {
    (void)state;
    char path[1024];
    made_up_world(path);
    quipu_table t =
        on(path, "change=rta=0 between=Dora-Enna coefficient=rta=0.3,lag(rta,10)=0.2");
    quipu_table u = on(path, "change=rta=0 between=Dora-Enna coefficient=rta=0.5");
    expect_note(&t, "lag(rta,10) moves in 2 flows; coefficient 0.2, given");
    test_near(figure(&t, "welfare_change", "country=Dora"),
              figure(&u, "welfare_change", "country=Dora"), 1e-12, "welfare");
    quipu_table_free(&t);
    quipu_table_free(&u);
}

/* What a fitted baseline keeps of the data: outputs and expenditures. */
static void a_fitted_baseline_keeps_the_margins(void **state) {
    (void)state;
    char path[1024];
    made_up_world(path);
    quipu_table fitted =
        on(path, "change=rta=0 formula=trade_~_rta_+_log(dist)_+_border_|_exp^year_"
                 "+_imp^year rows=pair");
    quipu_table observed = on(path, "change=rta=0 coefficient=rta=0.5 rows=pair");
    double sum[2] = {0}, apart = 0;
    assert_int_equal(fitted.n_rows, observed.n_rows);
    for (size_t row = 0; row < fitted.n_rows; row++) {
        double f = fitted.columns[2].data.real[row], o = observed.columns[2].data.real[row];
        if (strcmp(fitted.columns[0].data.text[row], "Fara") == 0) {
            sum[0] += f;
            sum[1] += o;
        }
        apart = fmax(apart, fabs(f - o));
    }
    test_near(sum[0], sum[1], 1e-10, "output of Fara");
    assert_true(apart > 1);
    expect_note(&fitted, "fitted trade");
    expect_note(&observed, "observed trade");
    quipu_table_free(&fitted);
    quipu_table_free(&observed);
}

static void draws_do_not_depend_on_threads(void **state) {
    (void)state;
    static const char *const methods[] = {"resample", "covariance"};
    char path[1024];
    made_up_world(path);
    for (size_t k = 0; k < 2; k++) {
        char text[256];
        snprintf(
            text, sizeof text,
            "change=rta=0 between=Aria-Bora formula=trade_~_rta_|_exp^year_+_imp^year_+_pair "
            "draws=40 method=%s for=Aria,Bora",
            methods[k]);
        quipu_table t[2];
        quipu_error err = {0};
        for (unsigned i = 0; i < 2; i++)
            if (try_on(path, text, 1 + 2 * i, &t[i], &err) != QUIPU_OK)
                fail_msg("%s", err.text);
        assert_int_equal(t[0].n_rows, 16);
        for (size_t c = 2; c < 5; c++)
            assert_memory_equal(t[0].columns[c].data.real, t[1].columns[c].data.real,
                                16 * sizeof(double));
        double low = figure(&t[0], "low", "country=Bora figure=welfare");
        double high = figure(&t[0], "high", "country=Bora figure=welfare");
        double change = figure(&t[0], "change", "country=Bora figure=welfare");
        assert_true(low < change && change < high && high < 0);
        quipu_table_free(&t[0]);
        quipu_table_free(&t[1]);
    }
}

/* The first application of YPML through the measure; per cent as its authors print them. */
static void trade_without_borders_is_as_printed(void **state) {
    (void)state;
    static const char *const figures[][2] = {{"change_Xi_FULL", "exports_change"},
                                             {"change_price_FULL", "producer_price_change"},
                                             {"change_OMR_FULL", "outward_resistance_change"}};
    const char *producers = "agtpa_ge_1_TradeWithoutBorder_expected_PROD.csv";
    char path[4096];
    if (!shared_there("agtpa_applications.csv") || !shared_there(producers))
        skip();
    shared_path("agtpa_applications.csv", path, sizeof path);
    quipu_table t =
        on(path, "change=border=0 formula=trade_~_log(dist)_+_cntg_+_border_|_exp_+_imp "
                 "years=2006 reference=DEU solution=published");
    shared_table s = shared_open(producers);
    const char *row[SHARED_COLUMNS];
    while (shared_row(&s, row))
        for (size_t k = 0; k < QI_COUNT(figures); k++) {
            char where[64];
            snprintf(where, sizeof where, "country=%s", shared_text(&s, row, "country"));
            test_near(100 * figure(&t, figures[k][1], where),
                      shared_number(&s, row, figures[k][0]), 2e-6, where);
        }
    shared_close(&s);
    quipu_table_free(&t);
}

/* The second one.  Its authors print the way back, from the world without NAFTA. */
static void nafta_is_as_printed(void **state) {
    (void)state;
    static const char *const figures[][2] = {{"change_Xi_FULL", "exports_change"},
                                             {"change_OMR_FULL", "outward_resistance_change"}};
    const char *producers = "agtpa_ge_2_RTAsEffects_expected_PROD.csv";
    char path[4096];
    if (!shared_there("agtpa_applications.csv") || !shared_there(producers))
        skip();
    shared_path("agtpa_applications.csv", path, sizeof path);
    quipu_table t =
        on(path, "change=rta=0 between=CAN-MEX-USA interval=4 at=1994 reference=DEU "
                 "formula=trade_~_rta_|_exp^year_+_imp^year_+_pair solution=published "
                 "fill=log(dist)_+_cntg_+_lang_+_clny");
    shared_table s = shared_open(producers);
    const char *row[SHARED_COLUMNS];
    while (shared_row(&s, row))
        for (size_t k = 0; k < QI_COUNT(figures); k++) {
            char where[64];
            snprintf(where, sizeof where, "country=%s", shared_text(&s, row, "country"));
            test_near(100 / (1 + figure(&t, figures[k][1], where)) - 100,
                      shared_number(&s, row, figures[k][0]), 2e-5, where);
        }
    shared_close(&s);
    expect_note(&t, "14 flows of pairs that never traded have costs predicted");
    quipu_table_free(&t);
}

static void what_cannot_be_is_said_in_one_message(void **state) {
    (void)state;
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", "what changes? --change rta=0"},
        {"change=rta=0", "by what does rta act on trade?"},
        {"change=rta coefficient=rta=1", "expected a name and a number"},
        {"change=rta=x coefficient=rta=1", "x is not a number"},
        {"change=rta=0,rta=1 coefficient=rta=1", "rta is there twice"},
        {"change=tariff=0 coefficient=rta=1", "no term of \"trade ~ rta\" has that variable"},
        {"change=rta=0 coefficient=rta=1 formula=trade_~_rta_|_exp", "not both"},
        {"change=rta=0 coefficient=rta=1 sigma=1", "sigma: expected a number above 1"},
        {"change=rta=0 coefficient=rta=1 sigma=5 theta=4", "give one"},
        {"change=rta=0 coefficient=rta=1 solution=published", "needs a reference country"},
        {"change=rta=0 coefficient=rta=1 reference=Atlantis", "reference \"Atlantis\": none"},
        {"change=rta=0 coefficient=rta=1 at=1999", "there are rows from 2000 to 2015"},
        {"change=rta=0 coefficient=rta=1 between=Aria-Atlantis", "Atlantis"},
        {"change=rta=0 coefficient=rta=1 between=Aria>Bora>Cora", "there are two sides"},
        {"change=rta=1 coefficient=rta=1 between=Aria-Bora",
         "nothing changes: rta has its new"},
        {"change=rta=0 coefficient=rta+x=1", "one term for each number"},
        {"change=rta=0 formula=trade_~_rta_|_exp draws=50 rows=pair",
         "by country, not by pair"},
        {"change=rta=0 coefficient=rta=1 draws=50", "intervals come from an estimate"},
        {"change=rta=0 formula=trade_~_rta_|_exp draws=5", "draws: 20 to 100000"},
        {"change=rta=0 coefficient=rta=1 baseline=fitted", "needs a --formula"},
        {"change=rta=0 coefficient=rta=1 fill=dist", "it needs a --formula"},
        {"change=rta=0 formula=trade_~_rta_|_exp+imp fill=dist", "has no effects of pairs"},
        {"change=rta=0 coefficient=rta=1 pairs=international", "no domestic trade"},
        {"change=rta=0 coefficient=rta=1 for=Atlantis", "for \"Atlantis\": none"},
    };
    char path[1024];
    made_up_world(path);
    for (size_t k = 0; k < QI_COUNT(cases); k++) {
        quipu_table t;
        quipu_error err = {0};
        if (try_on(path, cases[k].text, 1, &t, &err) == QUIPU_OK ||
            strstr(err.text, cases[k].words) == NULL)
            fail_msg("%s: expected '%s', found '%s'", cases[k].text, cases[k].words, err.text);
        assert_int_equal(t.n_rows, 0);
    }
}

static void bad_tables_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *content, *words;
    } cases[] = {
        {"exporter,importer,trade,x\nA,B,1,0\nB,A,1,0\nA,A,1,0\n", "B has no domestic trade"},
        {"exporter,importer,trade,x\nA,A,1,0\nA,B,0,0\nB,A,1,0\nB,B,1,0\n", "A has no exports"},
        {"exporter,importer,trade,x\nA,A,1,0\nA,B,-2,0\nB,A,1,0\nB,B,1,0\n",
         "trade from A to B is -2"},
        {"exporter,importer,trade,x\nA,A,1,0\nA,B,1,0\nA,B,2,0\nB,A,1,0\nB,B,1,0\n",
         "A to B is there twice"},
        {"exporter,importer,trade,x\nA,A,1,0\n", "two countries at least"},
    };
    for (size_t k = 0; k < QI_COUNT(cases); k++) {
        char path[64];
        quipu_table t;
        quipu_error err = {0};
        write_file(cases[k].content, path);
        if (try_on(path, "change=x=1 coefficient=x=1", 1, &t, &err) == QUIPU_OK ||
            strstr(err.text, cases[k].words) == NULL)
            fail_msg("expected '%s', found '%s'", cases[k].words, err.text);
        unlink(path);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example),
        cmocka_unit_test(pairs_are_found_in_every_form),
        cmocka_unit_test(costs_come_as_factors_effects_or_variables),
        cmocka_unit_test(lags_move_with_their_variable),
        cmocka_unit_test(a_fitted_baseline_keeps_the_margins),
        cmocka_unit_test(draws_do_not_depend_on_threads),
        cmocka_unit_test(trade_without_borders_is_as_printed),
        cmocka_unit_test(nafta_is_as_printed),
        cmocka_unit_test(what_cannot_be_is_said_in_one_message),
        cmocka_unit_test(bad_tables_are_refused),
    };
    return cmocka_run_group_tests(tests, open_nomen, close_nomen);
}
