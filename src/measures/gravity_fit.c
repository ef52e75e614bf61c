/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_fit.c - one formula of a question of gravity estimated. */
#include "measures/gravity.h"

static qi_estimator estimator_of(const qi_gravity *g, const qi_formula *f) {
    const char *word = qi_gravity_word(g, "estimator");
    if (qi_is(word, "ols") || qi_is(word, "ppml"))
        return qi_is(word, "ols") ? QI_OLS : QI_PPML;
    return f->y->op == QI_NODE_LOG ? QI_OLS : QI_PPML;
}

static qi_errors errors_of(const qi_gravity *g) {
    const char *word = qi_gravity_word(g, "errors");
    if (qi_is(word, "iid"))
        return QI_ERRORS_IID;
    if (qi_is(word, "hetero"))
        return QI_ERRORS_HETERO;
    return g->n_clusters > 0 ? QI_ERRORS_CLUSTER : QI_ERRORS_HETERO;
}

static qi_small small_of(const qi_gravity *g) {
    const char *word = qi_gravity_word(g, "small");
    return qi_is(word, "stata")  ? QI_SMALL_STATA
           : qi_is(word, "none") ? QI_SMALL_NONE
                                 : QI_SMALL_FIXEST;
}

static const char *const out_words[QI_N_OUT] = {
    [QI_OUT_UNASKED] = "not asked for",
    [QI_OUT_NO_Y] = "dependent variable missing",
    [QI_OUT_LOG_ZERO] = "logarithm of zero",
    [QI_OUT_NO_X] = "regressor missing",
    [QI_OUT_NO_LABEL] = "label of an effect or cluster missing",
    [QI_OUT_NO_WEIGHT] = "weight missing",
};

const char *qi_gravity_out_word(qi_out_reason reason) {
    return out_words[reason];
}

static quipu_status no_rows(const qi_gravity *g, const qi_design *d, quipu_error *err) {
    char text[300] = "";
    size_t n = 0;
    for (size_t r = 1; r < QI_N_OUT; r++)
        if (d->n_out[r] > 0 && n < sizeof text - 80)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%zu %s", n > 0 ? ", " : ": ",
                                  d->n_out[r], out_words[r]);
    return qi_fail_at(err, QUIPU_E_DATA, g->panel.file, 0, 0,
                      "of %zu observations none is left to estimate from%s", g->panel.n, text);
}

static void set_options(const qi_gravity *g, bool effects, qi_model *model) {
    model->errors = errors_of(g);
    model->small = small_of(g);
    model->keep_singletons = qi_switch(g->measure, g->request, "keep-singletons");
    model->want_effects = effects;
    model->threads = g->request->threads;
    model->stop = g->request->stop;
    model->stop_user = g->request->stop_user;
}

quipu_status qi_gravity_estimate(qi_gravity *g, size_t formula, bool effects,
                                 qi_gravity_result *out, quipu_error *err) {
    const qi_formula *f = &g->formulas[formula];
    qi_setup setup = {.formula = f,
                      .estimator = estimator_of(g, f),
                      .weight = qi_gravity_word(g, "weights"),
                      .offset = qi_gravity_word(g, "offset"),
                      .n_clusters = g->n_clusters,
                      .keep = g->keep};
    *out = (qi_gravity_result){.formula = f};
    memcpy(setup.cluster, g->clusters, sizeof setup.cluster);
    QI_TRY(qi_design_make(&g->panel, &setup, &out->design, err));
    if (out->design.model.n == 0)
        return no_rows(g, &out->design, err);
    set_options(g, effects, &out->design.model);
    return qi_gravity_fit(&out->design.model, &out->fit, err);
}

void qi_gravity_result_free(qi_gravity_result *r) {
    qi_design_free(&r->design);
    qi_fit_free(&r->fit);
    *r = (qi_gravity_result){0};
}

double qi_gravity_p(const qi_fit *fit, double z) {
    return qi_tail_t(z, fit->t_df);
}

double qi_gravity_critical(const qi_fit *fit, double level) {
    return qi_tail_t_point(1.0 - level, fit->t_df);
}
