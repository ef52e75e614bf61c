/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_checks.c - what is asked of a fit after it stands: its bias, and what it supposes. */
#include "measures/gravity.h"

/* ---- bias (Weidner & Zylkin 2021) ---- */

static quipu_status ids_of(qi_gravity *g, const qi_design *d, size_t role, uint32_t **out,
                           uint32_t *n_levels, quipu_error *err) {
    ptrdiff_t column = g->panel.role[role];
    qi_joined one = {.n = 1};
    if (column < 0)
        return qi_fail(err, QUIPU_E_ARG,
                       "bias-correct: the panel needs exporters, importers and years");
    one.name[0] = one.text = g->panel.columns.items[column].name;
    one.column[0] = (uint32_t)column;
    return qi_joined_ids(&g->panel, &one, d->row, d->model.n, out, n_levels, err);
}

/* The bias is one of three sets of effects: exporter-year, importer-year and pair. */
static quipu_status bias_of(qi_gravity *g, const qi_gravity_result *r, qi_bias *out,
                            quipu_error *err) {
    uint32_t *exporter = NULL, *importer = NULL, *year = NULL;
    qi_bias_sets sets = {0};
    const qi_model *m = &r->design.model;
    quipu_status status;
    if (m->estimator != QI_PPML || m->n_effects != 3)
        return qi_fail(err, QUIPU_E_ARG,
                       "bias-correct: is of PPML with the three effects exp^year, imp^year and "
                       "exp^imp");
    QI_GO(ids_of(g, &r->design, QI_EXPORTER, &exporter, &sets.n_exporters, err));
    QI_GO(ids_of(g, &r->design, QI_IMPORTER, &importer, &sets.n_importers, err));
    QI_GO(ids_of(g, &r->design, QI_YEAR, &year, &sets.n_years, err));
    sets.exporter = exporter;
    sets.importer = importer;
    sets.year = year;
    QI_GO(qi_gravity_bias(m, &r->fit, &sets, out, err));
done:
    free(exporter);
    free(importer);
    free(year);
    return status;
}

quipu_status qi_gravity_less_bias(qi_gravity *g, qi_gravity_result *r, quipu_table *out,
                                  quipu_error *err) {
    qi_bias bias = {0};
    qi_fit *fit = &r->fit;
    char text[300] = "";
    size_t n = 0;
    if (!qi_switch(g->measure, g->request, "bias-correct"))
        return QUIPU_OK;
    quipu_status status = bias_of(g, r, &bias, err);
    bool errors = false;
    for (size_t k = 0; status == QUIPU_OK && k < fit->k; k++) {
        if (fit->dropped[k] != QI_KEPT)
            continue;
        if (n < 200)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%.40s %.6f", n > 0 ? ", " : "",
                                  fit->name[k], bias.bias[k]);
        fit->coefficient[k] = bias.coefficient[k];
        errors = errors || bias.error[k] == bias.error[k];
        if (bias.error[k] == bias.error[k])
            fit->error[k] = bias.error[k];
    }
    if (status == QUIPU_OK && errors)
        memcpy(fit->covariance, bias.covariance, fit->k * fit->k * sizeof *fit->covariance);
    if (status == QUIPU_OK)
        status = quipu_table_add_note(
            out, err, "Coefficients less their bias (Weidner & Zylkin 2021): %s; %s.", text,
            errors ? "errors, clustered by pair, allow for it"
                   : "errors do not allow for it: more than 3000 exporter-years and "
                     "importer-years");
    qi_bias_free(&bias);
    return status;
}

/* ---- what a fit supposes ---- */

static quipu_status put_check(const qi_gravity_out *o, const char *term, const qi_check *c,
                              quipu_error *err) {
    size_t row;
    QI_TRY(qi_gravity_row(o, "test", term, &row, err));
    quipu_table_set_real(o->table, QI_GRAVITY_COEFFICIENT, row, c->coefficient);
    quipu_table_set_real(o->table, QI_GRAVITY_ERROR, row, c->error);
    quipu_table_set_real(o->table, QI_GRAVITY_Z, row, c->z);
    quipu_table_set_real(o->table, QI_GRAVITY_P, row, c->p);
    return QUIPU_OK;
}

quipu_status qi_gravity_put_checks(const qi_gravity *g, const qi_gravity_out *o,
                                   quipu_error *err) {
    const qi_model *m = &o->result->design.model;
    const qi_fit *fit = &o->result->fit;
    qi_check check;
    qi_dispersion dispersion;
    if (!qi_switch(g->measure, g->request, "checks"))
        return QUIPU_OK;
    QI_TRY(qi_gravity_reset(m, fit, &check, err));
    QI_TRY(put_check(o, "RESET: squared predictor is 0", &check, err));
    if (m->estimator != QI_PPML)
        return QUIPU_OK;
    qi_gravity_overdispersion(m, fit, &dispersion);
    QI_TRY(qi_gravity_put_value(o, "Pearson by degrees of freedom", dispersion.pearson, err));
    QI_TRY(put_check(o, "no overdispersion: a is 0", &dispersion.excess, err));
    QI_TRY(qi_gravity_park(m, fit, &check, err));
    return put_check(o, "Park: slope is 1", &check, err);
}
