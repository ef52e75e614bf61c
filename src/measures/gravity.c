/* SPDX-License-Identifier: Apache-2.0 */
/* gravity.c - the gravity of trade estimated, from a cube or from a table of observations. */
#include "measures/gravity.h"

static const quipu_param params[] = {
    QI_PARAMS_FORMULA,
    {"show", QUIPU_PARAM_CHOICE, "coefficients etable predictions effects", "coefficients",
     "a long table, models side by side, fitted values and residuals, or the effects"},
    {"bias-correct", QUIPU_PARAM_SWITCH, NULL, NULL,
     "three-way PPML: coefficients less their bias, errors that allow for it (Weidner & "
     "Zylkin)"},
    {"checks", QUIPU_PARAM_SWITCH, NULL, NULL, "RESET, overdispersion and Park tests below"},
    {"event-study", QUIPU_PARAM_TEXT, NULL, NULL,
     "a 0/1 variable: dummies of the time to and from its entry instead of it"},
    {"window", QUIPU_PARAM_INTEGER, NULL, "5", "of an event study: steps on each side"},
    {"staggered", QUIPU_PARAM_CHOICE, "plain sun-abraham", "plain",
     "of an event study: one dummy for each step, or averages over years of entry"},
    {"level", QUIPU_PARAM_REAL, NULL, "0.95", "of the intervals"},
    QI_PARAMS_PANEL,
};

static double critical_of(const qi_gravity *g, const qi_fit *fit) {
    return qi_gravity_critical(fit, qi_real(g->measure, g->request, "level", 0.95));
}

static quipu_status show_coefficients(qi_gravity *g, quipu_table *out, quipu_error *err) {
    quipu_status status = QUIPU_OK;
    QI_TRY(quipu_table_init(out, "gravity", qi_gravity_columns, QI_GRAVITY_COLUMNS, err));
    for (size_t f = 0; f < g->n_formulas && status == QUIPU_OK; f++) {
        qi_gravity_result result;
        qi_gravity_event event;
        status = qi_gravity_estimate(g, f, false, &result, err);
        qi_gravity_out o = {
            .table = out, .model = f + 1, .n_read = g->panel.n, .result = &result};
        if (status == QUIPU_OK) {
            o.critical = critical_of(g, &result.fit);
            status = qi_gravity_less_bias(g, &result, out, err);
        }
        if (status == QUIPU_OK) {
            status = qi_gravity_event_rows(g, &event, &o, err);
        }
        if (status == QUIPU_OK)
            status = qi_gravity_put_model(&o, err);
        if (status == QUIPU_OK)
            status = qi_gravity_put_checks(g, &o, err);
        if (status == QUIPU_OK)
            status = qi_gravity_note_model(&o, err);
        if (status == QUIPU_OK && f + 1 == g->n_formulas)
            status = qi_gravity_note_errors(&result.design.model, out, err);
        qi_gravity_result_free(&result);
    }
    return status;
}

static quipu_status show_etable(qi_gravity *g, quipu_table *out, quipu_error *err) {
    quipu_table rows = {0};
    quipu_status status = show_coefficients(g, &rows, err);
    if (status == QUIPU_OK)
        status = qi_gravity_etable(&rows, g->n_formulas, out, err);
    quipu_table_free(&rows);
    return status;
}

/* Of each observation or level of one model. */
static quipu_status show_one(qi_gravity *g, bool effects, quipu_table *out, quipu_error *err) {
    qi_gravity_result result;
    if (g->n_formulas > 1)
        return qi_fail(err, QUIPU_E_ARG, "show %s: of one formula, and there are %zu",
                       qi_gravity_word(g, "show"), g->n_formulas);
    quipu_status status = qi_gravity_estimate(g, 0, effects, &result, err);
    if (status == QUIPU_OK)
        status = effects ? qi_gravity_effects(g, &result, out, err)
                         : qi_gravity_predictions(g, &result, out, err);
    qi_gravity_out o = {.table = out, .model = 1, .n_read = g->panel.n, .result = &result};
    if (status == QUIPU_OK)
        status = qi_gravity_note_model(&o, err);
    qi_gravity_result_free(&result);
    return status;
}

static quipu_status show(qi_gravity *g, quipu_table *out, quipu_error *err) {
    const char *what = qi_gravity_word(g, "show");
    if (qi_is(what, "etable"))
        return show_etable(g, out, err);
    if (qi_is(what, "predictions") || qi_is(what, "effects"))
        return show_one(g, qi_is(what, "effects"), out, err);
    return show_coefficients(g, out, err);
}

static quipu_status finish(qi_gravity *g, quipu_table *out, quipu_error *err) {
    for (size_t i = 0; i < g->notes.n_notes; i++)
        QI_TRY(quipu_table_add_note(out, err, "%s", g->notes.notes[i]));
    QI_TRY(quipu_table_set_title(out, err, "Gravity: %.300s%s", g->formulas[0].text,
                                 g->n_formulas > 1 ? " and others" : ""));
    if (g->request->table == NULL)
        return QUIPU_OK;
    const char *slash = strrchr(g->request->table, '/');
    return quipu_table_add_source(out, "source", slash != NULL ? slash + 1 : g->request->table,
                                  err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_gravity g;
    double level = qi_real(&qi_measure_gravity, request, "level", 0.95);
    quipu_status status;
    if (!(level > 0.0 && level < 1.0))
        return qi_fail(err, QUIPU_E_ARG, "level: between 0 and 1, as 0.95");
    QI_GO(qi_gravity_open(&g, &qi_measure_gravity, request, err));
    QI_GO(qi_gravity_event_open(&g, err));
    QI_GO(qi_gravity_panel(&g, err));
    QI_GO(qi_gravity_event_make(&g, err));
    QI_GO(show(&g, out, err));
    QI_GO(finish(&g, out, err));
done:
    qi_gravity_close(&g);
    return status;
}

const quipu_measure qi_measure_gravity = {
    .name = "gravity",
    .needs = QUIPU_NEEDS_PANEL,
    .aliases = "ppml gravity-model",
    .summary = "What explains trade between countries: a gravity equation estimated",
    .detail =
        "Trade of every pair of countries in every year is explained by what lies between "
        "them, "
        "with effects of exporters, importers and pairs: PPML (Poisson pseudo maximum "
        "likelihood), or OLS of a logarithm. It is asked of a cube, which gives a panel with "
        "zeros where nothing was traded and no rows where nothing was reported, or of a table "
        "of your own with a header row, of any size. docs/gravity.md is a tutorial.\n\n"
        "A formula names the dependent variable, the regressors, and behind | the effects: "
        "'trade ~ ln_dist + rta | exp^year + imp^year + exp^imp'. There are log(x), log1p(x), "
        "sqrt(x), exp(x), lag(x,3), lead(x,4), products a:b, and i(year, x, ref=1986) for x "
        "times a dummy of each year. exp, imp, year and sector are what the table calls "
        "exporter, importer, ...; pair is the same both ways; border is 1 between two "
        "countries "
        "and domestic within one. ln_dist, dist, cntg, lang, clny and rta are made of what the "
        "program knows of capitals, borders, languages, colonies and agreements, unless the "
        "table has columns of these names. Several formulas are several models; --show etable "
        "puts them side by side.\n\n"
        "What is not in the estimation is counted with its reason: a missing value, the "
        "logarithm of zero, alone in a level of an effect, no trade in a level, separated by "
        "regressors and effects together. A regressor without a coefficient is named: no "
        "variation, or collinear with the effects and the regressors before it.\n\n"
        "With exporter-year, importer-year and pair effects and few years PPML is biased by "
        "about "
        "one over the number of countries: --bias-correct takes that away. --checks adds RESET "
        "(the square of the predictor should explain nothing), the overdispersion a of "
        "variance "
        "= mu + a mu^2, and Park's slope of the log squared residual on the log of the fitted "
        "value (1 where PPML is efficient).",
    .formula =
        "PPML: E[y | x, effects] = exp(x'b + effects), the scores sum((y - mu) x) = 0 and "
        "sum(y - mu) = 0 in each level of each effect; errors from the sandwich with clusters "
        "(one or several ways). Pseudo R2 = 1 - ll / ll0 (McFadden). Event study of d: dummies "
        "of the steps since entry, but for -1; no trend before: Wald test that those before -1 "
        "are zero.",
    .reference =
        "Santos Silva & Tenreyro (2006), The log of gravity, Review of Economics and "
        "Statistics "
        "88; Yotov, Piermartini, Monteiro & Larch (2016), An Advanced Guide to Trade Policy "
        "Analysis; Correia, Guimaraes & Zylkin (2019), Verifying the existence of maximum "
        "likelihood estimates for generalized linear models; Cameron, Gelbach & Miller (2011), "
        "Robust inference with multiway clustering; Sun & Abraham (2021), Estimating dynamic "
        "treatment effects in event studies with heterogeneous treatment effects; Weidner & "
        "Zylkin "
        "(2021), Bias and consistency in three-way gravity models, Journal of International "
        "Economics 132; Ramsey (1969); Park (1966); Cameron & Trivedi (1990)",
    .worked =
        "Two countries sell 6 and 12 at home and 2 and 4 to each other: with exporter and "
        "importer effects the coefficient of border is ln(2 * 4 / (6 * 12)) / 2 = ln(1/3) = "
        "-1.0986: the border divides trade by three.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = qi_gravity_columns,
    .n_columns = QI_GRAVITY_COLUMNS,
    .figure = "coefficient",
    .example = "--formula 'trade ~ ln_dist + cntg + rta | exp^year "
               "+ imp^year' --cluster exp^imp",
    .run = run,
};
