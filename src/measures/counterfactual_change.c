/* SPDX-License-Identifier: Apache-2.0 */
/* counterfactual_change.c - what changes: variables at their new values, costs out of a table.
 *
 * A variable takes its new value in the rows of the pairs asked for, in every year; then the
 * terms of the formula are worked out again.  So lag(rta,4) moves with rta, and log(tariff)
 * is the logarithm of the new one.
 */
#include "measures/counterfactual.h"

/* ---- terms ---- */

static quipu_status values_of(qi_counterfactual *c, const qi_node *node, double *out,
                              quipu_error *err) {
    qi_lags *lags = NULL;
    qi_values v;
    quipu_status status = qi_node_values(&c->g.panel, node, &lags, &v, err);
    qi_lags_free(lags);
    QI_TRY(status);
    memcpy(out, v.value, c->g.panel.n * sizeof *out);
    free(v.own);
    return QUIPU_OK;
}

static const char *term_name(qi_counterfactual *c, const qi_node *node, size_t row) {
    if (node->op != QI_NODE_LEVELS)
        return node->text;
    const qi_panel *p = &c->g.panel;
    const qi_panel_column *column = &p->columns.items[qi_formula_column(p, node->name)];
    const char *label =
        column->label[row] == QI_NO_LABEL ? "" : column->labels[column->label[row]];
    return qi_arena_printf(&c->arena, "%s::%s:%s", node->name, label, node->a->text);
}

/* The coefficient of a term by name: false when it has none (a level left out). */
static quipu_status find_coefficient(qi_counterfactual *c, const char *name, qi_moved *to,
                                     bool *found, quipu_error *err) {
    *found = false;
    for (size_t k = 0; k < c->n_given; k++)
        if (strcmp(c->g.formulas[0].x[k]->text, name) == 0) {
            *to = (qi_moved){.term = name, .place = k, .coefficient = c->given[k].value};
            *found = true;
        }
    const qi_fit *fit = &c->result.fit;
    for (size_t k = 0; c->estimated && k < fit->k; k++)
        if (strcmp(fit->name[k], name) == 0) {
            if (!isfinite(fit->coefficient[k]))
                return qi_fail(err, QUIPU_E_DATA,
                               "%s was dropped from the estimate: it has no effect to change "
                               "trade by",
                               name);
            *to = (qi_moved){.term = name, .place = k, .coefficient = fit->coefficient[k]};
            *found = true;
        }
    return QUIPU_OK;
}

static quipu_status moved_of(qi_counterfactual *c, const char *name, qi_moved **out,
                             quipu_error *err) {
    bool found;
    *out = NULL;
    if (name == NULL)
        return qi_fail_memory(err, 64);
    for (size_t k = 0; k < c->n_moved; k++)
        if (strcmp(c->moved[k].term, name) == 0) {
            *out = &c->moved[k];
            return QUIPU_OK;
        }
    if (c->n_moved == QI_MOST_CHANGED)
        return qi_fail(err, QUIPU_E_LIMIT, "more than %d coefficients change", QI_MOST_CHANGED);
    QI_TRY(find_coefficient(c, name, &c->moved[c->n_moved], &found, err));
    if (!found)
        return QUIPU_OK;
    qi_moved *m = &c->moved[c->n_moved++];
    m->by = qi_counterfactual_matrix(c, 0);
    *out = m;
    return m->by != NULL ? QUIPU_OK
                         : qi_fail_memory(err, c->world.n * c->world.n * sizeof *m->by);
}

static quipu_status put_moves(qi_counterfactual *c, const qi_node *node, const double *before,
                              const double *after, quipu_error *err) {
    const qi_panel *p = &c->g.panel;
    for (size_t row = 0; row < p->n; row++) {
        size_t cell = c->cell[row];
        double by = cell == QI_NO_CELL ? 0 : after[row] - before[row];
        if (by == 0 || isnan(by))
            continue;
        qi_moved *m;
        QI_TRY(moved_of(c, term_name(c, node, row), &m, err));
        if (m == NULL)
            continue;
        m->by[cell] = by;
        m->n_cells++;
    }
    return QUIPU_OK;
}

static bool row_changes(const qi_counterfactual *c, size_t row) {
    uint32_t i = c->exporter[row], j = c->importer[row];
    if (i == QI_NO_LABEL || j == QI_NO_LABEL || i == j)
        return false;
    return c->changed == NULL || c->changed[i * c->world.n + j] != 0;
}

/* Swaps the column's numbers for the new ones; `kept` gets the old. */
static void set_new(qi_counterfactual *c, qi_panel_column *column, double value, double *kept) {
    memcpy(kept, column->number, c->g.panel.n * sizeof *kept);
    for (size_t row = 0; row < c->g.panel.n; row++)
        if (row_changes(c, row))
            column->number[row] = value;
}

/* Of a term: what it varies with; i(year, rta) varies with rta. */
static const qi_node *varying(const qi_node *node) {
    return node->op == QI_NODE_LEVELS ? node->a : node;
}

static quipu_status move_variables(qi_counterfactual *c, quipu_error *err) {
    qi_panel *p = &c->g.panel;
    const qi_formula *f = &c->g.formulas[0];
    size_t n_terms = f->n_x, n = p->n;
    double *before = malloc((n * (n_terms + c->n_new + 1) + 1) * sizeof *before);
    if (before == NULL)
        return qi_fail_memory(err, n * n_terms * sizeof *before);
    double *kept = before + n * n_terms, *after = kept + n * c->n_new;
    quipu_status status = QUIPU_OK;
    size_t n_set = 0;
    for (size_t t = 0; t < n_terms; t++)
        if (varying(f->x[t]) != NULL)
            QI_GO(values_of(c, varying(f->x[t]), before + t * n, err));
    for (; n_set < c->n_new; n_set++) {
        ptrdiff_t at = qi_formula_column(p, c->new[n_set].name);
        if (at < 0 || p->columns.items[at].number == NULL) {
            status = qi_fail(err, QUIPU_E_ARG, "change %s: it is not a variable of numbers",
                             c->new[n_set].name);
            goto done;
        }
        set_new(c, &p->columns.items[at], c->new[n_set].value, kept + n_set * n);
    }
    for (size_t t = 0; t < n_terms; t++)
        if (varying(f->x[t]) != NULL) {
            QI_GO(values_of(c, varying(f->x[t]), after, err));
            QI_GO(put_moves(c, f->x[t], before + t * n, after, err));
        }
done:
    while (n_set-- > 0) {
        ptrdiff_t at = qi_formula_column(p, c->new[n_set].name);
        memcpy(p->columns.items[at].number, kept + n_set * n, n * sizeof *kept);
    }
    free(before);
    return status;
}

/* ---- a table of costs ---- */

static double factor_of(const qi_counterfactual *c, bool effect, double value) {
    return effect ? exp(value) : pow(value, -c->world.theta);
}

static quipu_status put_costs(qi_counterfactual *c, const qi_panel *t,
                              const ptrdiff_t role[QI_N_ROLES], size_t value, bool effect,
                              quipu_error *err) {
    const qi_panel_column *e = &t->columns.items[role[QI_EXPORTER]];
    const qi_panel_column *m = &t->columns.items[role[QI_IMPORTER]];
    for (size_t row = 0; row < t->n; row++) {
        double v = t->columns.items[value].number[row];
        if (e->label[row] == QI_NO_LABEL || m->label[row] == QI_NO_LABEL)
            continue;
        size_t i = qi_counterfactual_country(c, e->labels[e->label[row]]);
        size_t j = qi_counterfactual_country(c, m->labels[m->label[row]]);
        if (!isfinite(v) || (!effect && !(v > 0)))
            return qi_fail_at(err, QUIPU_E_DATA, t->file, qi_panel_line(t, row), 0,
                              "%s of %s to %s is %g; expected %s", effect ? "effect" : "factor",
                              e->labels[e->label[row]], m->labels[m->label[row]], v,
                              effect ? "a number" : "a number above 0");
        if (i == QI_NO_CELL || j == QI_NO_CELL)
            continue;
        c->costs[i * c->world.n + j] = factor_of(c, effect, v);
        c->n_costs += c->costs[i * c->world.n + j] != 1;
    }
    return c->n_costs > 0
               ? QUIPU_OK
               : qi_fail_at(
                     err, QUIPU_E_DATA, t->file, 0, 0,
                     "nothing changes: no row is of two countries of the world looked at "
                     "with a %s",
                     effect ? "effect other than 0" : "factor other than 1");
}

static ptrdiff_t named(const char *const *names, size_t n, const char *name) {
    for (size_t k = 0; k < n; k++)
        if (strcmp(names[k], name) == 0)
            return (ptrdiff_t)k;
    return -1;
}

static quipu_status read_costs(qi_counterfactual *c, const char *path, quipu_error *err) {
    const qi_panel_read_options options = {c->request.threads, c->request.stop,
                                           c->request.stop_user};
    qi_panel_file *f = NULL;
    qi_panel t = {0};
    ptrdiff_t role[QI_N_ROLES];
    const char *const *names;
    quipu_status status;
    QI_GO(qi_panel_open(path, &f, err));
    size_t n = qi_panel_file_columns(f, &names);
    QI_GO(qi_gravity_roles(&c->g, NULL, names, n, role, err));
    ptrdiff_t factor = named(names, n, "factor"), effect = named(names, n, "effect");
    if (role[QI_EXPORTER] < 0 || role[QI_IMPORTER] < 0 || (factor < 0) == (effect < 0)) {
        status =
            qi_fail_at(err, QUIPU_E_FORMAT, path, 1, 0,
                       "costs: expected columns exporter, importer and either factor "
                       "(trade costs, new over old) or effect (what is added to the logarithm "
                       "of trade at given prices)");
        goto done;
    }
    const char *value = names[factor >= 0 ? factor : effect];
    qi_panel_want(f, (size_t)role[QI_EXPORTER], false, true);
    qi_panel_want(f, (size_t)role[QI_IMPORTER], false, true);
    qi_panel_want(f, (size_t)(factor >= 0 ? factor : effect), true, false);
    const char *sides[2] = {names[role[QI_EXPORTER]], names[role[QI_IMPORTER]]};
    QI_GO(qi_panel_read(f, &options, &t, err));
    role[QI_EXPORTER] = qi_panel_find(&t, sides[0]);
    role[QI_IMPORTER] = qi_panel_find(&t, sides[1]);
    c->costs = qi_counterfactual_matrix(c, 1);
    if (c->costs == NULL) {
        status = qi_fail_memory(err, c->world.n * c->world.n * sizeof *c->costs);
        goto done;
    }
    QI_GO(put_costs(c, &t, role, (size_t)qi_panel_find(&t, value), effect >= 0, err));
done:
    qi_panel_close(f);
    qi_panel_free(&t);
    return status;
}

/* ---- together ---- */

quipu_status qi_counterfactual_change(qi_counterfactual *c, quipu_error *err) {
    const char *path = qi_counterfactual_word(c, "costs");
    size_t cells = c->world.n * c->world.n;
    if (c->n_new > 0)
        QI_TRY(move_variables(c, err));
    if (c->n_new > 0 && c->n_moved == 0)
        return qi_fail(err, QUIPU_E_DATA,
                       "nothing changes: %s has its new value already wherever it is to change",
                       c->new[0].name);
    if (path != NULL)
        QI_TRY(read_costs(c, path, err));
    c->change = qi_counterfactual_matrix(c, 1);
    if (c->change == NULL)
        return qi_fail_memory(err, cells * sizeof *c->change);
    for (size_t k = 0; k < cells; k++) {
        double sum = 0;
        for (size_t m = 0; m < c->n_moved; m++)
            sum += c->moved[m].coefficient * c->moved[m].by[k];
        c->change[k] = exp(sum) * (c->costs == NULL ? 1 : c->costs[k]);
        c->n_changed += c->change[k] != 1;
    }
    c->world.change = c->change;
    return QUIPU_OK;
}
