/* SPDX-License-Identifier: Apache-2.0 */
/* formula_eval.c - a tree of a formula as a column of numbers. */
#include "gravity/formula.h"

#include <math.h>

static quipu_status own_copy(const qi_panel *panel, qi_values *v, quipu_error *err) {
    if (v->own != NULL)
        return QUIPU_OK;
    v->own = malloc((panel->n + 1) * sizeof *v->own);
    if (v->own == NULL)
        return qi_fail_memory(err, panel->n * sizeof *v->own);
    memcpy(v->own, v->value, panel->n * sizeof *v->own);
    v->value = v->own;
    return QUIPU_OK;
}

static quipu_status name_values(const qi_panel *panel, const qi_node *node, qi_values *out,
                                quipu_error *err) {
    ptrdiff_t c = qi_formula_column(panel, node->name);
    if (c < 0)
        return qi_formula_fail(node->column, err, "there is no variable \"%.60s\"", node->name);
    out->value = panel->columns.items[c].number;
    return out->value != NULL
               ? QUIPU_OK
               : qi_formula_fail(node->column, err,
                                 "%.60s is a label: a number is needed here; i(%.60s) makes "
                                 "dummies of it",
                                 node->name, node->name);
}

static double apply(qi_node_op op, double x) {
    switch (op) {
    case QI_NODE_LOG: return log(x);
    case QI_NODE_LOG1P: return log1p(x);
    case QI_NODE_SQRT: return sqrt(x);
    case QI_NODE_EXP: return exp(x);
    case QI_NODE_NAME:
    case QI_NODE_LAG:
    case QI_NODE_TIMES:
    case QI_NODE_LEVELS: break;
    }
    return x;
}

/* A number that a function has no answer for becomes an error where it is used (a row may be
 * left out); it stands as infinity, which a missing value is not. */
static void apply_all(const qi_panel *panel, qi_node_op op, double *v) {
    for (size_t i = 0; i < panel->n; i++) {
        if (v[i] != v[i])
            continue;
        double made = apply(op, v[i]);
        v[i] = made == made ? made : INFINITY;
    }
}

static quipu_status lag_values(qi_panel *panel, const qi_node *node, qi_lags **lags,
                               qi_values *v, quipu_error *err) {
    double *made = malloc((panel->n + 1) * sizeof *made);
    if (made == NULL)
        return qi_fail_memory(err, panel->n * sizeof *made);
    quipu_status status = qi_lags_shift(panel, node, lags, v->value, made, err);
    free(v->own);
    *v = (qi_values){made, made};
    return status;
}

static quipu_status times_values(qi_panel *panel, const qi_node *node, qi_lags **lags,
                                 qi_values *v, quipu_error *err) {
    qi_values b = {0};
    quipu_status status = qi_node_values(panel, node->b, lags, &b, err);
    if (status == QUIPU_OK)
        status = own_copy(panel, v, err);
    for (size_t i = 0; status == QUIPU_OK && i < panel->n; i++)
        v->own[i] *= b.value[i];
    free(b.own);
    return status;
}

/* *out may hold an array on failure too: the caller frees it. */
static quipu_status values(qi_panel *panel, const qi_node *node, qi_lags **lags, qi_values *out,
                           quipu_error *err) {
    if (node->op == QI_NODE_NAME)
        return name_values(panel, node, out, err);
    QI_TRY(qi_node_values(panel, node->a, lags, out, err));
    if (node->op == QI_NODE_LAG)
        return lag_values(panel, node, lags, out, err);
    if (node->op == QI_NODE_TIMES)
        return times_values(panel, node, lags, out, err);
    QI_TRY(own_copy(panel, out, err));
    apply_all(panel, node->op, out->own);
    return QUIPU_OK;
}

quipu_status qi_node_values(qi_panel *panel, const qi_node *node, qi_lags **lags,
                            qi_values *out, quipu_error *err) {
    *out = (qi_values){0};
    quipu_status status = values(panel, node, lags, out, err);
    if (status != QUIPU_OK) {
        free(out->own);
        *out = (qi_values){0};
    }
    return status;
}
