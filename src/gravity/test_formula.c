/* SPDX-License-Identifier: Apache-2.0 */
/* Formulas: what they say, what is wrong in them and where, and the arrays they become. */
#include "gravity/test_tables.h"

static qi_arena arena;

static qi_formula parse(const char *text) {
    qi_formula f;
    quipu_error err = {0};
    if (qi_formula_parse(text, &arena, &f, &err) != QUIPU_OK)
        fail_msg("%s: %s", text, err.text);
    return f;
}

static void a_formula_in_parts(void **state) {
    QI_UNUSED(state);
    qi_formula f = parse(" log( trade )~ln_dist+lag(rta,4) + lead(log(gdp),2)+a:`b c` + "
                         "i(year, border, ref=1986)|exp ^ year + imp^year+pair");
    static const char *const terms[] = {"ln_dist", "lag(rta,4)", "lead(log(gdp),2)", "a:b c",
                                        "i(year,border)"};
    assert_string_equal(f.y->text, "log(trade)");
    assert_int_equal(f.n_x, QI_COUNT(terms));
    for (size_t k = 0; k < f.n_x; k++)
        assert_string_equal(f.x[k]->text, terms[k]);
    assert_int_equal(f.x[1]->shift, 4);
    assert_int_equal(f.x[2]->shift, -2);
    assert_string_equal(f.x[4]->ref, "1986");
    assert_int_equal(f.n_effects, 3);
    assert_string_equal(f.effect[0].text, "exp^year");
    assert_string_equal(f.effect[2].name[0], "pair");
    f = parse("trade ~ 1 | exp + imp");
    assert_int_equal(f.n_x, 0);
    f = parse("y ~ x");
    assert_int_equal(f.n_effects, 0);
    qi_uses uses = {0};
    f = parse("y ~ lag(x,1) + i(year, x) | exp^year");
    assert_int_equal(qi_formula_uses(&f, &uses, NULL), QUIPU_OK);
    assert_int_equal(uses.n, 4); /* y, x, year, exp */
    assert_true(uses.items[1].number && uses.items[1].lagged && !uses.items[1].label);
    assert_true(uses.items[2].label && !uses.items[2].number);
    free(uses.items);
}

static void formulas_that_are_wrong(void **state) {
    QI_UNUSED(state);
    static const struct {
        const char *text;
        uint32_t column;
        const char *says;
    } cases[] = {
        {"", 1, "a name is expected"},
        {"trade", 6, "a ~ is expected"},
        {"trade ~", 8, "a name is expected, and there is the end"},
        {"trade ~ a + ", 13, "a name is expected"},
        {"trade ~ a b", 11, "a +, a | or the end is expected, and there is \"b\""},
        {"trade ~ a * b", 11, "write a + b + a:b"},
        {"trade ~ a | exp^", 17, "a name is expected"},
        {"trade ~ a | exp year", 17, "a + or the end"},
        {"trade ~ a + a", 13, "a is there twice"},
        {"trade ~ ln(dist", 16, "a ) is expected"},
        {"trade ~ sin(dist)", 9, "there is no function sin()"},
        {"trade ~ lag(rta)", 16, "a , is expected"},
        {"trade ~ lag(rta,0)", 17, "a number of periods from 1 to 1000"},
        {"trade ~ lag(rta,x)", 17, "a number of periods"},
        {"trade ~ log(i(year))", 13, "i() makes several variables"},
        {"trade ~ i(year):x", 16, "i() takes no colon"},
        {"trade ~ i(year,x,z)", 18, "i() takes a name"},
        {"i(year) ~ x", 8, "the dependent variable is one variable"},
        {"trade ~ `a", 9, "the backquote that opens here"},
    };
    for (size_t i = 0; i < QI_COUNT(cases); i++) {
        qi_formula f;
        quipu_error err = {0};
        char where[32];
        snprintf(where, sizeof where, "column %u:", cases[i].column);
        if (qi_formula_parse(cases[i].text, &arena, &f, &err) == QUIPU_OK ||
            strstr(err.text, cases[i].says) == NULL || strstr(err.text, where) == NULL)
            fail_msg("%s: %s", cases[i].text, err.text);
    }
}

/* ---- models ---- */

static const char table[] = "exporter,importer,year,trade,x,w\n"
                            "A,B,2000,1,10,1\n" /* 0 */
                            "A,B,2001,0,20,1\n"
                            "A,B,2003,3,30,2\n"
                            "B,A,2000,4,NA,1\n" /* 3 */
                            "B,A,2001,,50,1\n"
                            "B,B,2001,6,60,0\n" /* 5 */
                            ",B,2001,7,70,1\n";

static qi_design make(qi_panel *p, const char *text, const uint8_t *keep) {
    qi_formula f = parse(text);
    qi_setup setup = {.formula = &f, .keep = keep};
    qi_design d;
    quipu_error err = {0};
    if (qi_design_make(p, &setup, &d, &err) != QUIPU_OK)
        fail_msg("%s: %s", text, err.text);
    return d;
}

static void rows_and_reasons(void **state) {
    QI_UNUSED(state);
    qi_panel p = read_panel(table, "exporter importer");
    static const uint8_t keep[] = {1, 1, 0, 1, 1, 1, 1};
    qi_design d = make(&p, "log(trade) ~ log(x) | exp^year + imp", keep);
    assert_int_equal(d.model.n, 2);
    assert_int_equal(d.n_out[QI_OUT_UNASKED], 1);
    assert_int_equal(d.n_out[QI_OUT_NO_Y], 1);
    assert_int_equal(d.n_out[QI_OUT_LOG_ZERO], 1);
    assert_int_equal(d.n_out[QI_OUT_NO_X], 1);
    assert_int_equal(d.n_out[QI_OUT_NO_LABEL], 1);
    assert_int_equal(d.row[0], 0);
    assert_int_equal(d.row[1], 5);
    NEAR(d.model.y[1], log(6), 0);
    NEAR(d.model.x[0][1], log(60), 0);
    assert_string_equal(d.model.x_name[0], "log(x)");
    assert_int_equal(d.model.n_effects, 2);
    assert_int_equal(d.model.effect[0].n_levels, 2);
    assert_int_equal(d.model.effect[1].id[0], d.model.effect[1].id[1]); /* both into B */
    qi_design_free(&d);
    qi_panel_free(&p);
}

static void lags_and_leads(void **state) {
    QI_UNUSED(state);
    qi_panel p = read_panel(table, "exporter importer");
    qi_design d = make(&p, "trade ~ lag(x,1)", NULL);
    assert_int_equal(d.model.n, 1); /* A,B in 2001: of 2002 there is nothing */
    NEAR(d.model.x[0][0], 10, 0);
    qi_design_free(&d);
    d = make(&p, "trade ~ lead(x,2) + x", NULL);
    assert_int_equal(d.model.n, 1);
    NEAR(d.model.x[0][0], 30, 0);
    NEAR(d.model.x[1][0], 20, 0);
    qi_design_free(&d);
    qi_panel_free(&p);
    p = read_panel("exporter,importer,year,x\nA,B,2000,1\nA,B,2000,2\n", "exporter importer");
    qi_formula f = parse("x ~ lag(x,1)");
    qi_setup setup = {.formula = &f};
    quipu_error err = {0};
    assert_int_equal(qi_design_make(&p, &setup, &d, &err), QUIPU_E_DATA);
    assert_int_equal(err.line, 3);
    assert_non_null(strstr(err.text, "line 2 has the same"));
    qi_panel_free(&p);
}

static void derived_and_levels(void **state) {
    QI_UNUSED(state);
    bool made;
    qi_panel p = read_panel(table, "exporter importer");
    assert_int_equal(qi_panel_derive(&p, "pair", &made, NULL), QUIPU_OK);
    assert_int_equal(qi_panel_derive(&p, "border", &made, NULL), QUIPU_OK);
    assert_true(made);
    assert_int_equal(qi_panel_derive(&p, "distance", &made, NULL), QUIPU_OK);
    assert_false(made);
    const qi_panel_column *pair = column_named(&p, "pair");
    assert_int_equal(pair->label[0], pair->label[3]); /* A to B, B to A */
    assert_int_not_equal(pair->label[0], pair->label[5]);
    assert_int_equal(pair->label[6], QI_NO_LABEL);
    NEAR(column_named(&p, "border")->number[5], 0, 0);
    qi_design d = make(&p, "trade ~ i(year, border, ref=2003) + i(exp) | pair", NULL);
    static const char *const names[] = {"year::2000:border", "year::2001:border", "exp::A",
                                        "exp::B"};
    assert_int_equal(d.model.n, 5);
    assert_int_equal(d.model.k, QI_COUNT(names));
    for (size_t k = 0; k < d.model.k; k++)
        assert_string_equal(d.model.x_name[k], names[k]);
    NEAR(d.model.x[1][1], 1, 0);
    NEAR(d.model.x[1][4], 0, 0); /* B,B is no border */
    qi_design_free(&d);
    qi_panel_free(&p);
}

static void what_has_no_value(void **state) {
    QI_UNUSED(state);
    static const struct {
        const char *formula, *says;
    } cases[] = {
        {"y ~ log(x)", "log(x) has no finite value in line 3 of"},
        {"log(neg) ~ y", "the dependent variable is negative in line 2"},
        {"y ~ who", "who is a label"},
        {"y ~ i(x, ref=7)", "ref=7: no row that is used has that level"},
        {"y ~ x | nobody", "there is no variable \"nobody\""},
        {"y ~ lag(x,1)", "needs columns of exporter, importer and year"},
    };
    qi_panel p = read_panel("who,y,x,neg\na,1,2,-1\nb,2,0,3\n", "who");
    for (size_t i = 0; i < QI_COUNT(cases); i++) {
        qi_formula f = parse(cases[i].formula);
        qi_setup setup = {.formula = &f};
        qi_design d;
        quipu_error err = {0};
        if (qi_design_make(&p, &setup, &d, &err) == QUIPU_OK ||
            strstr(err.text, cases[i].says) == NULL)
            fail_msg("%s: %s", cases[i].formula, err.text);
    }
    qi_panel_free(&p);
}

/* So many combinations that their keys are sorted instead of counted. */
static void joined_by_sorting(void **state) {
    QI_UNUSED(state);
    enum { N = 3000 };
    qi_buffer text = {0};
    assert_true(qi_buffer_text(&text, "a,b\n"));
    for (int i = 0; i < N; i++)
        assert_true(qi_buffer_printf(&text, "%d,%d\n", i % 1500, i * 7 % 1500));
    qi_panel p = read_panel(text.bytes, "a b");
    qi_joined joined;
    size_t n;
    uint32_t *id, levels;
    assert_int_equal(qi_joined_parse("cluster", "a^b", &arena, &joined, 1, &n, NULL), QUIPU_OK);
    assert_int_equal(qi_joined_ids(&p, &joined, NULL, N, &id, &levels, NULL), QUIPU_OK);
    assert_int_equal(levels, 1500); /* i and i + 1500 are the same */
    for (int i = 0; i < 1500; i++)
        assert_int_equal(id[i], id[i + 1500]);
    free(id);
    qi_panel_free(&p);
    qi_buffer_free(&text);
}

static int close_arena(void **state) {
    QI_UNUSED(state);
    qi_arena_free(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_formula_in_parts), cmocka_unit_test(formulas_that_are_wrong),
        cmocka_unit_test(rows_and_reasons),   cmocka_unit_test(lags_and_leads),
        cmocka_unit_test(derived_and_levels), cmocka_unit_test(what_has_no_value),
        cmocka_unit_test(joined_by_sorting),
    };
    return cmocka_run_group_tests(tests, NULL, close_arena);
}
