/* SPDX-License-Identifier: Apache-2.0 */
/* test_equilibrium_authors.c - the two applications of general equilibrium in YPML (2016,
 * chapter 2), from the panel to what the authors printed; skipped where the shared files are
 * not.  Removing borders (2006), and NAFTA (1994); sigma 7, Germany the reference. */
#include "gravity/gravity.h"
#include "gravity/test_shared.h"
#include "gravity/test_world.h"

enum { N = 69, YEARS = 6, ROWS = N * N * YEARS, PAIRS = N * N };
static const double THETA = 6;

typedef struct panel {
    size_t n;
    char code[N][4];
    double trade[ROWS], ln_dist[ROWS], cntg[ROWS], lang[ROWS], clny[ROWS], rta[ROWS],
        border[ROWS];
    uint32_t exporter[ROWS], importer[ROWS], exporter_year[ROWS], importer_year[ROWS];
    uint32_t pair[ROWS], year[ROWS];
} panel;

static uint32_t country(panel *p, const char *code, size_t *n) {
    for (uint32_t i = 0; i < *n; i++)
        if (strcmp(p->code[i], code) == 0)
            return i;
    assert_true(*n < N);
    snprintf(p->code[*n], 4, "%s", code);
    return (uint32_t)(*n)++;
}

/* Pairs are the two of them in either order; all domestic trade has one effect. */
static panel *read_panel(double from) {
    panel *p = calloc(1, sizeof *p);
    assert_non_null(p);
    shared_table t = shared_open("agtpa_applications.csv");
    const char *row[SHARED_COLUMNS];
    size_t n_countries = 0;
    while (shared_row(&t, row)) {
        double year = shared_number(&t, row, "year");
        if (year < from || fmod(year - 1986, 4) != 0)
            continue;
        size_t k = p->n++;
        assert_true(k < ROWS);
        uint32_t i = country(p, shared_text(&t, row, "exporter"), &n_countries);
        uint32_t j = country(p, shared_text(&t, row, "importer"), &n_countries);
        uint32_t y = (uint32_t)(year - 1986) / 4;
        p->exporter[k] = i;
        p->importer[k] = j;
        p->year[k] = y;
        p->exporter_year[k] = i * YEARS + y;
        p->importer_year[k] = j * YEARS + y;
        p->pair[k] = i == j ? 0 : i < j ? i * N + j : j * N + i;
        p->trade[k] = shared_number(&t, row, "trade");
        p->ln_dist[k] = log(shared_number(&t, row, "dist"));
        p->cntg[k] = shared_number(&t, row, "cntg");
        p->lang[k] = shared_number(&t, row, "lang");
        p->clny[k] = shared_number(&t, row, "clny");
        p->rta[k] = shared_number(&t, row, "rta");
        p->border[k] = i != j;
    }
    shared_close(&t);
    return p;
}

static qi_fit fit_of(const qi_model *m) {
    qi_fit fit;
    quipu_error err = {0};
    if (qi_gravity_fit(m, &fit, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    return fit;
}

/* ---- comparing ---- */

typedef struct printed {
    double value[N];
} printed;

static printed read_printed(const panel *p, const char *file, const char *column) {
    printed out;
    size_t n = 0;
    shared_table t = shared_open(file);
    const char *row[SHARED_COLUMNS];
    while (shared_row(&t, row))
        for (size_t i = 0; i < N; i++)
            if (strcmp(p->code[i], shared_text(&t, row, "country")) == 0) {
                out.value[i] = shared_number(&t, row, column);
                n++;
            }
    shared_close(&t);
    assert_int_equal(n, N);
    return out;
}

static double worst_off(const panel *p, const char *file, const char *column,
                        const double *found) {
    printed x = read_printed(p, file, column);
    double off = 0;
    for (size_t i = 0; i < N; i++)
        off = fmax(off, fabs(found[i] / x.value[i] - 1));
    return off;
}

/* Levels of the authors: out = Y E_r / a, in = E / (b E_r), to the power 1 - sigma. */
typedef struct levels {
    double out[N], in[N], exports[N];
} levels;

static void levels_of(const double *cost, const double *y, const double *e, size_t ref,
                      levels *l, double *trade) {
    double a[N], b[N];
    const char *name[N];
    unsigned steps;
    quipu_error err = {0};
    for (size_t i = 0; i < N; i++)
        name[i] = "a country";
    qi_margins m = {
        .n = N, .name = name, .cost = cost, .output = y, .spent = e, .reference = ref};
    if (qi_balance(&m, a, b, &steps, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < N; i++) {
        l->out[i] = y[i] * e[ref] / a[i];
        l->in[i] = e[i] / (b[i] * e[ref]);
        l->exports[i] = 0;
        for (size_t j = 0; j < N; j++) {
            trade[i * N + j] = a[i] * b[j] * cost[i * N + j];
            l->exports[i] += i == j ? 0 : trade[i * N + j];
        }
    }
}

typedef struct application {
    panel *p;
    const char *producers, *consumers;  /* files */
    double before[PAIRS], after[PAIRS]; /* costs */
    double y[N], e[N], trade[PAIRS], change[PAIRS];
    size_t ref;
} application;

static qi_world world_of(application *x, qi_ge_model model, const char **name) {
    for (size_t k = 0; k < PAIRS; k++)
        x->change[k] = x->after[k] / x->before[k];
    for (size_t i = 0; i < N; i++)
        name[i] = x->p->code[i];
    return (qi_world){.n = N,
                      .name = name,
                      .trade = x->trade,
                      .change = x->change,
                      .theta = THETA,
                      .model = model,
                      .reference = x->ref};
}

static void margins_of(application *x, uint32_t year) {
    const panel *p = x->p;
    for (size_t k = 0; k < p->n; k++)
        if (p->year[k] == year) {
            x->y[p->exporter[k]] += p->trade[k];
            x->e[p->importer[k]] += p->trade[k];
        }
    for (size_t i = 0; i < N; i++)
        if (strcmp(p->code[i], "DEU") == 0)
            x->ref = i;
}

/* Figure by figure, relative. */
static void expect(double off, double allowed, const char *what) {
    print_message("#   %-34s off by %.1e at most\n", what, off);
    if (!(off <= allowed))
        fail_msg("%s: off by %.3g, allowed %.3g", what, off, allowed);
}

/* Their estimates have seven digits or so; what rests on them has no more. */
static void expect_conditional(application *x, double digits) {
    const char *name[N];
    levels *l = calloc(2, sizeof *l);
    double *trade = calloc(PAIRS, sizeof *trade), resistance[N], output[N];
    assert_non_null(l);
    assert_non_null(trade);
    levels_of(x->before, x->y, x->e, x->ref, &l[0], x->trade);
    levels_of(x->after, x->y, x->e, x->ref, &l[1], trade);
    expect(worst_off(x->p, x->producers, "Y_BLN", x->y), 1e-12, "output");
    expect(worst_off(x->p, x->producers, "OMR_BLN", l[0].out), digits, "outward, baseline");
    expect(worst_off(x->p, x->consumers, "IMR_BLN", l[0].in), digits, "inward, baseline");
    expect(worst_off(x->p, x->producers, "Xi_BLN", l[0].exports), digits, "exports, baseline");
    expect(worst_off(x->p, x->producers, "OMR_CDL", l[1].out), digits, "outward, conditional");
    expect(worst_off(x->p, x->consumers, "IMR_CDL", l[1].in), digits, "inward, conditional");
    expect(worst_off(x->p, x->producers, "Xi_CDL", l[1].exports), digits,
           "exports, conditional");
    /* The same in changes. */
    qi_world w = world_of(x, QI_GE_CONDITIONAL, name);
    qi_equilibrium c = test_solve(&w);
    for (size_t i = 0; i < N; i++) {
        resistance[i] = pow(c.consumer[i], -THETA) * l[0].in[i];
        output[i] = pow(c.outward[i], -THETA) * l[0].out[i];
        test_near(c.exports[1][i], l[1].exports[i], 1e-10, "exports");
    }
    expect(worst_off(x->p, x->consumers, "IMR_CDL", resistance), digits, "inward, in changes");
    expect(worst_off(x->p, x->producers, "OMR_CDL", output), digits, "outward, in changes");
    assert_true(c.output_residual < 1e-10 && c.expenditure_residual < 1e-10);
    qi_equilibrium_free(&c);
    free(l);
    free(trade);
}

static void expect_published(application *x, double digits) {
    const char *name[N];
    double y[N];
    qi_world w = world_of(x, QI_GE_PUBLISHED, name);
    qi_equilibrium e = test_solve(&w);
    expect(worst_off(x->p, x->producers, "change_pricei_FULL", e.price), digits,
           "producer price, full, their steps");
    for (size_t i = 0; i < N; i++)
        y[i] = x->y[i] * e.output[i];
    expect(worst_off(x->p, x->producers, "Y_FULL", y), digits, "output, full, their steps");
    expect(worst_off(x->p, x->producers, "Xi_FULL", e.exports[1]), 5 * digits,
           "exports, full, their steps");
    print_message("#   their residuals: output %.2g, expenditure %.2g; %u turns\n",
                  e.output_residual, e.expenditure_residual, e.steps);
    qi_equilibrium_free(&e);
}

static void show_direct(application *x) {
    const char *name[N];
    qi_world w = world_of(x, QI_GE_FULL, name);
    qi_equilibrium e = test_solve(&w);
    print_message("#   solved directly: price off by %.2g, exports by %.2g; lambda - 1 = %.2g; "
                  "residuals %.2g, %.2g; %u steps\n",
                  worst_off(x->p, x->producers, "change_pricei_FULL", e.price),
                  worst_off(x->p, x->producers, "Xi_FULL", e.exports[1]), e.lambda - 1,
                  e.output_residual, e.expenditure_residual, e.steps);
    assert_true(e.output_residual < 1e-10 && e.expenditure_residual < 1e-10);
    qi_equilibrium_free(&e);
}

/* Their turns carried on until nothing moves: outputs then hold, expenditures do not. */
static void expect_turns_to_end_elsewhere(application *x, double missed) {
    const char *name[N];
    qi_world w = world_of(x, QI_GE_PUBLISHED, name);
    w.published_tolerance = 1e-13;
    qi_equilibrium e = test_solve(&w);
    print_message("#   their turns carried on: residuals %.2g, %.2g; %u turns\n",
                  e.output_residual, e.expenditure_residual, e.steps);
    assert_true(e.output_residual < 1e-10);
    assert_true(e.expenditure_residual > missed);
    qi_equilibrium_free(&e);
}

static bool files_there(void) {
    return shared_there("agtpa_applications.csv") &&
           shared_there("agtpa_ge_1_TradeWithoutBorder_expected_PROD.csv") &&
           shared_there("agtpa_ge_2_RTAsEffects_expected_PROD.csv");
}

/* ---- borders removed ---- */

static void trade_without_borders_is_as_printed(void **state) {
    (void)state;
    if (!files_there())
        skip();
    application *x = calloc(1, sizeof *x);
    assert_non_null(x);
    x->p = read_panel(2006);
    x->producers = "agtpa_ge_1_TradeWithoutBorder_expected_PROD.csv";
    x->consumers = "agtpa_ge_1_TradeWithoutBorder_expected_CONS.csv";
    const panel *p = x->p;
    const double *columns[] = {p->ln_dist, p->cntg, p->border};
    const char *names[] = {"ln_dist", "cntg", "border"};
    qi_model m = {.n = p->n,
                  .k = 3,
                  .y = p->trade,
                  .x = columns,
                  .x_name = names,
                  .n_effects = 2,
                  .effect = {{"exp", p->exporter, N}, {"imp", p->importer, N}}};
    qi_fit fit = fit_of(&m);
    margins_of(x, 5);
    for (size_t k = 0; k < p->n; k++) {
        size_t cell = p->exporter[k] * N + p->importer[k];
        double geography = fit.coefficient[0] * p->ln_dist[k] + fit.coefficient[1] * p->cntg[k];
        x->before[cell] = exp(geography + fit.coefficient[2] * p->border[k]);
        x->after[cell] = exp(geography);
    }
    qi_fit_free(&fit);
    expect_conditional(x, 1e-7);
    expect_published(x, 1e-7);
    expect_turns_to_end_elsewhere(x, 0.05);
    show_direct(x);
    free(x->p);
    free(x);
}

/* ---- NAFTA ---- */

/* Pairs that never traded have no effect: it is predicted from geography, with effects of
 * exporters and importers, as the authors do. */
static void predict_pairs(const panel *p, const double *effect, double *cost) {
    enum { YEAR = 2 };
    double *y = calloc(p->n, sizeof *y), *weight = calloc(p->n, sizeof *weight);
    assert_non_null(y);
    assert_non_null(weight);
    for (size_t k = 0; k < p->n; k++) {
        bool wanted = p->year[k] == YEAR && p->pair[k] != 0;
        double g = effect[p->pair[k]] - effect[0];
        y[k] = wanted && isfinite(g) ? exp(g) : 0;
        weight[k] = wanted && isfinite(g) ? 1 : 0;
    }
    const double *columns[] = {p->ln_dist, p->cntg, p->lang, p->clny};
    const char *names[] = {"ln_dist", "cntg", "lang", "clny"};
    qi_model m = {.n = p->n,
                  .k = 4,
                  .y = y,
                  .weight = weight,
                  .x = columns,
                  .x_name = names,
                  .n_effects = 2,
                  .effect = {{"exp", p->exporter, N}, {"imp", p->importer, N}},
                  .want_effects = true};
    qi_fit fit = fit_of(&m);
    size_t n_predicted = 0;
    for (size_t k = 0; k < p->n; k++) {
        size_t cell = p->exporter[k] * N + p->importer[k];
        if (p->year[k] != YEAR)
            continue;
        double g = effect[p->pair[k]] - effect[0];
        bool known = isfinite(g);
        for (size_t c = 0; c < 4 && !known; c++)
            g = (c == 0 ? fit.effect[0][p->exporter[k]] + fit.effect[1][p->importer[k]] : g) +
                fit.coefficient[c] * columns[c][k];
        n_predicted += !known;
        cost[cell] = exp(g);
    }
    assert_int_equal(n_predicted, 14);
    qi_fit_free(&fit);
    free(y);
    free(weight);
}

static bool in_nafta(const char *code) {
    return strcmp(code, "CAN") == 0 || strcmp(code, "MEX") == 0 || strcmp(code, "USA") == 0;
}

static void nafta_is_as_printed(void **state) {
    (void)state;
    if (!files_there())
        skip();
    application *x = calloc(1, sizeof *x);
    assert_non_null(x);
    x->p = read_panel(0);
    x->producers = "agtpa_ge_2_RTAsEffects_expected_PROD.csv";
    x->consumers = "agtpa_ge_2_RTAsEffects_expected_CONS.csv";
    const panel *p = x->p;
    const double *columns[] = {p->rta};
    const char *names[] = {"rta"};
    qi_model m = {.n = p->n,
                  .k = 1,
                  .y = p->trade,
                  .x = columns,
                  .x_name = names,
                  .n_effects = 3,
                  .effect = {{"exp^year", p->exporter_year, N * YEARS},
                             {"imp^year", p->importer_year, N * YEARS},
                             {"pair", p->pair, N * N}},
                  .want_effects = true};
    qi_fit fit = fit_of(&m);
    test_near(fit.coefficient[0], 0.5571853356, 1e-8, "rta");
    margins_of(x, 2);
    predict_pairs(p, fit.effect[2], x->after);
    for (size_t k = 0; k < p->n; k++) {
        size_t i = p->exporter[k], j = p->importer[k], cell = i * N + j;
        if (p->year[k] != 2)
            continue;
        double rta = exp(fit.coefficient[0] * p->rta[k]);
        bool removed = i != j && in_nafta(p->code[i]) && in_nafta(p->code[j]);
        x->before[cell] = x->after[cell] * rta;
        x->after[cell] *= removed ? 1 : rta;
    }
    qi_fit_free(&fit);
    expect_conditional(x, 3e-7);
    expect_published(x, 3e-7);
    show_direct(x);
    free(x->p);
    free(x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trade_without_borders_is_as_printed),
        cmocka_unit_test(nafta_is_as_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
