/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_rows.c - estimates as a long table: a row for each coefficient and each statistic. */
#include "measures/gravity.h"

const quipu_column_spec qi_gravity_columns[QI_GRAVITY_COLUMNS] = {
    {"model", "Model", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"part", "Part", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"term", "Term", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"coefficient", "Coefficient", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"error", "Std. error", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"z", "z", QUIPU_REAL, QUIPU_FIGURE, "", 2},
    {"p", "p", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"low", "Low", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"high", "High", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"count", "Count", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"value", "Value", QUIPU_REAL, QUIPU_FIGURE, "", 4},
};

quipu_status qi_gravity_row(const qi_gravity_out *o, const char *part, const char *term,
                            size_t *row, quipu_error *err) {
    size_t at;
    QI_TRY(quipu_table_add_rows(o->table, 1, &at, err));
    quipu_table_set_integer(o->table, QI_GRAVITY_MODEL, at, (int64_t)o->model);
    QI_TRY(quipu_table_set_text(o->table, QI_GRAVITY_PART, at, part, err));
    if (row != NULL)
        *row = at;
    return quipu_table_set_text(o->table, QI_GRAVITY_TERM, at, term, err);
}

quipu_status qi_gravity_put_count(const qi_gravity_out *o, const char *part, const char *term,
                                  uint64_t count, quipu_error *err) {
    size_t row;
    QI_TRY(qi_gravity_row(o, part, term, &row, err));
    quipu_table_set_integer(o->table, QI_GRAVITY_COUNT, row, (int64_t)count);
    return QUIPU_OK;
}

quipu_status qi_gravity_put_value(const qi_gravity_out *o, const char *term, double value,
                                  quipu_error *err) {
    size_t row;
    if (value != value)
        return QUIPU_OK;
    QI_TRY(qi_gravity_row(o, "statistic", term, &row, err));
    quipu_table_set_real(o->table, QI_GRAVITY_VALUE, row, value);
    return QUIPU_OK;
}

quipu_status qi_gravity_put_estimate(const qi_gravity_out *o, const char *term, double b,
                                     double error, quipu_error *err) {
    const qi_fit *fit = &o->result->fit;
    double z = b / error, half = o->critical * error;
    size_t row;
    QI_TRY(qi_gravity_row(o, "coefficient", term, &row, err));
    quipu_table_set_real(o->table, QI_GRAVITY_COEFFICIENT, row, b);
    quipu_table_set_real(o->table, QI_GRAVITY_ERROR, row, error);
    quipu_table_set_real(o->table, QI_GRAVITY_Z, row, z);
    quipu_table_set_real(o->table, QI_GRAVITY_P, row, qi_gravity_p(fit, z));
    quipu_table_set_real(o->table, QI_GRAVITY_LOW, row, b - half);
    quipu_table_set_real(o->table, QI_GRAVITY_HIGH, row, b + half);
    return QUIPU_OK;
}

quipu_status qi_gravity_put_test(const qi_gravity_out *o, const char *term, double value,
                                 double p, size_t df, quipu_error *err) {
    size_t row;
    QI_TRY(qi_gravity_row(o, "test", term, &row, err));
    quipu_table_set_real(o->table, QI_GRAVITY_VALUE, row, value);
    quipu_table_set_real(o->table, QI_GRAVITY_P, row, p);
    quipu_table_set_integer(o->table, QI_GRAVITY_COUNT, row, (int64_t)df);
    return QUIPU_OK;
}

/* ---- parts ---- */

static quipu_status put_coefficients(const qi_gravity_out *o, quipu_error *err) {
    const qi_fit *fit = &o->result->fit;
    for (size_t k = 0; k < fit->k; k++) {
        if (fit->dropped[k] != QI_KEPT)
            QI_TRY(qi_gravity_row(o,
                                  fit->dropped[k] == QI_CONSTANT ? "no variation" : "collinear",
                                  fit->name[k], NULL, err));
        else if (o->hidden == NULL || !o->hidden[k])
            QI_TRY(qi_gravity_put_estimate(o, fit->name[k], fit->coefficient[k], fit->error[k],
                                           err));
    }
    return QUIPU_OK;
}

/* Levels that have a row in the estimation. */
static quipu_status levels_used(const qi_gravity_out *o, const uint32_t *id, uint32_t n_levels,
                                uint64_t *out, quipu_error *err) {
    const qi_fit *fit = &o->result->fit;
    uint8_t *seen = calloc((size_t)n_levels + 1, 1);
    *out = 0;
    if (seen == NULL)
        return qi_fail_memory(err, n_levels);
    for (size_t i = 0; i < fit->n; i++)
        if (fit->left_out[i] == QI_USED && !seen[id[i]]) {
            seen[id[i]] = 1;
            (*out)++;
        }
    free(seen);
    return QUIPU_OK;
}

static quipu_status put_sets(const qi_gravity_out *o, quipu_error *err) {
    const qi_model *m = &o->result->design.model;
    uint64_t used;
    for (size_t e = 0; e < m->n_effects; e++) {
        QI_TRY(levels_used(o, m->effect[e].id, m->effect[e].n_levels, &used, err));
        QI_TRY(qi_gravity_put_count(o, "effect", m->effect[e].name, used, err));
    }
    for (size_t c = 0; m->errors == QI_ERRORS_CLUSTER && c < m->n_clusters; c++)
        QI_TRY(qi_gravity_put_count(o, "cluster", m->cluster[c].name,
                                    o->result->fit.n_groups[c], err));
    return QUIPU_OK;
}

static const char *const fit_words[] = {
    [QI_USED] = "",
    [QI_SINGLETON] = "alone in an effect",
    [QI_SEPARATED_EFFECT] = "in an effect without trade",
    [QI_SEPARATED] = "separated",
    [QI_NO_WEIGHT] = "weight zero",
};

const char *qi_gravity_left_word(qi_left_out reason) {
    return fit_words[reason];
}

static quipu_status put_rows_used(const qi_gravity_out *o, quipu_error *err) {
    const qi_design *d = &o->result->design;
    const qi_fit *fit = &o->result->fit;
    QI_TRY(qi_gravity_put_count(o, "statistic", "observations", fit->n_used, err));
    QI_TRY(qi_gravity_put_count(o, "statistic", "observations read", o->n_read, err));
    for (size_t r = 1; r < QI_N_OUT; r++)
        if (d->n_out[r] > 0)
            QI_TRY(qi_gravity_put_count(o, "left out", qi_gravity_out_word((qi_out_reason)r),
                                        d->n_out[r], err));
    for (size_t r = 1; r < QI_COUNT(fit_words); r++)
        if (fit->n_left_out[r] > 0)
            QI_TRY(qi_gravity_put_count(o, "left out", fit_words[r], fit->n_left_out[r], err));
    return QUIPU_OK;
}

static quipu_status put_statistics(const qi_gravity_out *o, quipu_error *err) {
    const qi_fit *fit = &o->result->fit;
    bool ppml = o->result->design.model.estimator == QI_PPML;
    QI_TRY(qi_gravity_put_value(o, "log likelihood", fit->log_likelihood, err));
    QI_TRY(qi_gravity_put_value(o, ppml ? "pseudo R2" : "R2", fit->pseudo_r2, err));
    if (ppml)
        QI_TRY(qi_gravity_put_value(o, "deviance", fit->deviance, err));
    QI_TRY(qi_gravity_put_value(o, "within R2", fit->within_r2, err));
    QI_TRY(qi_gravity_put_value(o, "RMSE", fit->rmse, err));
    if (ppml)
        QI_TRY(qi_gravity_put_count(o, "statistic", "steps", fit->steps, err));
    return qi_gravity_put_value(o, "greatest gradient", fit->gradient, err);
}

quipu_status qi_gravity_put_model(const qi_gravity_out *o, quipu_error *err) {
    bool ppml = o->result->design.model.estimator == QI_PPML;
    QI_TRY(put_coefficients(o, err));
    if (o->extra != NULL)
        QI_TRY(o->extra(o, err));
    QI_TRY(qi_gravity_row(o, "explained", o->result->formula->y->text, NULL, err));
    QI_TRY(qi_gravity_row(o, "estimator", ppml ? "PPML" : "OLS", NULL, err));
    QI_TRY(put_sets(o, err));
    QI_TRY(put_rows_used(o, err));
    return put_statistics(o, err);
}

/* ---- words ---- */

static const char *error_words(const qi_model *m) {
    return m->errors == QI_ERRORS_IID      ? "as if independent and alike"
           : m->errors == QI_ERRORS_HETERO ? "robust to heteroskedasticity"
                                           : "clustered by";
}

quipu_status qi_gravity_note_errors(const qi_model *m, quipu_table *out, quipu_error *err) {
    static const char *const small[] = {
        [QI_SMALL_FIXEST] = "(n-1)/(n-K) and G/(G-1) as fixest has them",
        [QI_SMALL_STATA] = "as ppmlhdfe and reghdfe have it",
        [QI_SMALL_NONE] = "none",
    };
    char names[300] = "";
    size_t n = 0;
    for (size_t c = 0; m->errors == QI_ERRORS_CLUSTER && c < m->n_clusters && n < 200; c++)
        n += (size_t)snprintf(names + n, sizeof names - n, "%s%.60s", c > 0 ? ", " : " ",
                              m->cluster[c].name);
    return quipu_table_add_note(out, err, "Standard errors %s%s; small-sample correction: %s.",
                                error_words(m), names, small[m->small]);
}

quipu_status qi_gravity_note_model(const qi_gravity_out *o, quipu_error *err) {
    const qi_design *d = &o->result->design;
    const qi_fit *fit = &o->result->fit;
    char text[400] = "";
    size_t n = 0;
    for (size_t r = 1; r < QI_N_OUT && n < 300; r++)
        if (d->n_out[r] > 0)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%zu %s", n > 0 ? ", " : "",
                                  d->n_out[r], qi_gravity_out_word((qi_out_reason)r));
    for (size_t r = 1; r < QI_COUNT(fit_words) && n < 300; r++)
        if (fit->n_left_out[r] > 0)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%zu %s", n > 0 ? ", " : "",
                                  fit->n_left_out[r], fit_words[r]);
    /* Below 1e-10 it is rounding; how far below says nothing. */
    int power = fit->gradient > 1e-10 ? (int)ceil(log10(fit->gradient)) : -10;
    return quipu_table_add_note(
        o->table, err,
        "Model %zu: %.400s. %zu of %zu observations used%s%s. Every gradient is below 1e%d of "
        "what it is of.",
        o->model, o->result->formula->text, fit->n_used, o->n_read, n > 0 ? "; left out: " : "",
        text, power);
}
