/* SPDX-License-Identifier: Apache-2.0 */
/* gravity.c - the gravity of trade estimated, from a cube or from a table of observations. */
#include "measures/gravity.h"

static const quipu_param params[] = {
    QI_PARAMS_FORMULA,
    {"show", QUIPU_PARAM_CHOICE, "coefficients etable predictions effects", "coefficients",
     "a long table, models side by side, fitted values and residuals, or the effects"},
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
            status = qi_gravity_event_rows(g, &event, &o, err);
        }
        if (status == QUIPU_OK) {
            status = qi_gravity_put_model(&o, err);
        }
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
    .detail = "",
    .formula = "",
    .reference = "",
    .worked = "",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = qi_gravity_columns,
    .n_columns = QI_GRAVITY_COLUMNS,
    .figure = "coefficient",
    .example = "",
    .run = run,
};
