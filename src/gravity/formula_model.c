/* SPDX-License-Identifier: Apache-2.0 */
/* formula_model.c - a formula and a panel as the plain arrays that are estimated.
 *
 * First every variable is worked out for all rows of the panel (lags look at rows that are then
 * left out), then the rows in which something is missing are marked with the reason, then the
 * rest is copied together.  Where every row is used, columns of the panel are borrowed.
 */
#include "gravity/formula.h"

#include <math.h>

enum { MOST_LEVELS = 2000 };

typedef struct term {
    const qi_node *node;
    qi_values values; /* of LEVELS: of what they are multiplied by, or NULL */
} term;

typedef struct maker {
    qi_panel *panel;
    const qi_setup *setup;
    qi_design *out;
    quipu_error *err;
    qi_lags *lags;
    uint8_t *reason; /* of each row of the panel */
    qi_values y, weight, offset;
    term *terms;
    size_t n_used;
    QI_LIST(double *) x;
    QI_LIST(const char *) names;
} maker;

static quipu_status own(maker *m, void *array, size_t bytes) {
    if (array != NULL && QI_PUSH(&m->out->heap, array))
        return QUIPU_OK;
    free(array);
    return qi_fail_memory(m->err, bytes);
}

/* ---- which rows ---- */

static void mark_missing(maker *m, const double *value, qi_out_reason reason) {
    for (size_t i = 0; i < m->panel->n; i++)
        if (m->reason[i] == 0 && value[i] != value[i])
            m->reason[i] = (uint8_t)reason;
}

static quipu_status mark_labels(maker *m, const qi_joined *joined) {
    for (size_t j = 0; j < joined->n; j++) {
        ptrdiff_t c = qi_formula_column(m->panel, joined->name[j]);
        if (c < 0)
            return qi_formula_fail(joined->column[j], m->err, "there is no variable \"%.60s\"",
                                   joined->name[j]);
        QI_TRY(qi_panel_labels(m->panel, (size_t)c, m->err));
        const uint32_t *label = m->panel->columns.items[c].label;
        for (size_t i = 0; i < m->panel->n; i++)
            if (m->reason[i] == 0 && label[i] == QI_NO_LABEL)
                m->reason[i] = QI_OUT_NO_LABEL;
    }
    return QUIPU_OK;
}

/* "line 7 of t.csv", or the labels of a row that comes from a cube. */
static void say_row(const qi_panel *p, size_t row, char out[160]) {
    if (p->file != NULL) {
        snprintf(out, 160, "in line %llu of %.100s", (unsigned long long)qi_panel_line(p, row),
                 p->file);
        return;
    }
    size_t n = (size_t)snprintf(out, 160, "in the row of");
    for (size_t r = 0; r < QI_N_ROLES && n < 120; r++) {
        const qi_panel_column *c = p->role[r] >= 0 ? &p->columns.items[p->role[r]] : NULL;
        if (c != NULL && c->label != NULL && c->label[row] != QI_NO_LABEL)
            n += (size_t)snprintf(out + n, 160 - n, " %.24s", c->labels[c->label[row]]);
    }
}

static quipu_status not_finite(const maker *m, const char *name, size_t row, double value) {
    char where[160];
    say_row(m->panel, row, where);
    return qi_fail(m->err, QUIPU_E_DATA, "%.60s has no finite value %s%s", name, where,
                   value < 0 ? ": the logarithm of zero; leave such rows out, or use log1p()"
                             : "");
}

static quipu_status check_finite(const maker *m, const qi_values *v, const char *name) {
    for (size_t i = 0; v->value != NULL && i < m->panel->n; i++)
        if (m->reason[i] == 0 && v->value[i] - v->value[i] != 0.0)
            return not_finite(m, name, i, v->value[i]);
    return QUIPU_OK;
}

/* log(trade) leaves zeros out, and says so; log of a negative is an error. */
static quipu_status take_y(maker *m) {
    const qi_node *node = m->setup->formula->y;
    QI_TRY(qi_node_values(m->panel, node, &m->lags, &m->y, m->err));
    mark_missing(m, m->y.value, QI_OUT_NO_Y);
    for (size_t i = 0; node->op == QI_NODE_LOG && i < m->panel->n; i++)
        if (m->reason[i] == 0 && m->y.value[i] < 0.0 && !isfinite(m->y.value[i]))
            m->reason[i] = QI_OUT_LOG_ZERO;
    for (size_t i = 0; node->op == QI_NODE_LOG && i < m->panel->n; i++)
        if (m->reason[i] == 0 && !isfinite(m->y.value[i])) {
            char where[160];
            say_row(m->panel, i, where);
            return qi_fail(m->err, QUIPU_E_DATA, "%.60s: the dependent variable is negative %s",
                           node->text, where);
        }
    return QUIPU_OK;
}

/* Here the line is known; the estimator says the same of arrays. */
static quipu_status check_negative(const maker *m) {
    for (size_t i = 0; m->setup->estimator == QI_PPML && i < m->panel->n; i++)
        if (m->reason[i] == 0 && m->y.value[i] < 0.0) {
            char where[160];
            say_row(m->panel, i, where);
            return qi_fail(m->err, QUIPU_E_DATA,
                           "%.60s is negative %s: PPML takes zero and more; leave the row out, "
                           "or take --estimator ols",
                           m->setup->formula->y->text, where);
        }
    return QUIPU_OK;
}

static quipu_status take_column(maker *m, const char *name, const char *option, qi_values *out,
                                qi_out_reason reason) {
    if (name == NULL)
        return QUIPU_OK;
    ptrdiff_t c = qi_formula_column(m->panel, name);
    if (c < 0 || m->panel->columns.items[c].number == NULL)
        return qi_fail(m->err, QUIPU_E_ARG, "%s \"%.60s\": there is no such column of numbers",
                       option, name);
    out->value = m->panel->columns.items[c].number;
    mark_missing(m, out->value, reason);
    return check_finite(m, out, name);
}

static quipu_status take_term(maker *m, term *t) {
    const qi_node *node = t->node;
    if (node->op != QI_NODE_LEVELS) {
        QI_TRY(qi_node_values(m->panel, node, &m->lags, &t->values, m->err));
        mark_missing(m, t->values.value, QI_OUT_NO_X);
        return QUIPU_OK;
    }
    if (node->a != NULL) {
        QI_TRY(qi_node_values(m->panel, node->a, &m->lags, &t->values, m->err));
        mark_missing(m, t->values.value, QI_OUT_NO_X);
    }
    qi_joined one = {
        .text = node->name, .n = 1, .name = {node->name}, .column = {node->column}};
    return mark_labels(m, &one);
}

static quipu_status take_all(maker *m) {
    const qi_formula *f = m->setup->formula;
    QI_TRY(take_y(m));
    for (size_t k = 0; k < f->n_x; k++) {
        m->terms[k].node = f->x[k];
        QI_TRY(take_term(m, &m->terms[k]));
    }
    for (size_t e = 0; e < f->n_effects; e++)
        QI_TRY(mark_labels(m, &f->effect[e]));
    for (size_t c = 0; c < m->setup->n_clusters; c++)
        QI_TRY(mark_labels(m, &m->setup->cluster[c]));
    QI_TRY(take_column(m, m->setup->weight, "weights", &m->weight, QI_OUT_NO_WEIGHT));
    QI_TRY(take_column(m, m->setup->offset, "offset", &m->offset, QI_OUT_NO_X));
    QI_TRY(check_finite(m, &m->y, f->y->text));
    QI_TRY(check_negative(m));
    for (size_t k = 0; k < f->n_x; k++)
        QI_TRY(check_finite(m, &m->terms[k].values, f->x[k]->text));
    return QUIPU_OK;
}

static quipu_status choose_rows(maker *m) {
    qi_design *d = m->out;
    for (size_t i = 0; i < m->panel->n; i++)
        d->n_out[m->reason[i]]++;
    m->n_used = d->n_out[QI_OUT_NOT];
    if (m->n_used == m->panel->n)
        return QUIPU_OK;
    d->row = malloc((m->n_used + 1) * sizeof *d->row);
    QI_TRY(own(m, d->row, m->n_used * sizeof *d->row));
    for (size_t i = 0, n = 0; i < m->panel->n; i++)
        if (m->reason[i] == 0)
            d->row[n++] = (uint32_t)i;
    return QUIPU_OK;
}

/* ---- the arrays ---- */

/* Of the rows used; an own array is compacted where it is. */
static quipu_status compact(maker *m, qi_values *v, const double **out) {
    const uint32_t *row = m->out->row;
    double *made = v->own;
    *out = v->value;
    if (v->value == NULL || (made == NULL && row == NULL))
        return QUIPU_OK;
    v->own = NULL;
    if (made == NULL)
        made = malloc((m->n_used + 1) * sizeof *made);
    const double *from = v->value;
    for (size_t i = 0; made != NULL && row != NULL && i < m->n_used; i++)
        made[i] = from[row[i]]; /* row[i] >= i */
    *out = made;
    return own(m, made, m->n_used * sizeof *made);
}

static quipu_status add_x(maker *m, const double *x, const char *name) {
    if (name == NULL || !QI_ROOM(&m->x, 1) || !QI_ROOM(&m->names, 1))
        return qi_fail_memory(m->err, sizeof x);
    m->x.items[m->x.n++] = (double *)(uintptr_t)x;
    m->names.items[m->names.n++] = name;
    return QUIPU_OK;
}

static int by_text(const void *a, const void *b, const char *const *labels) {
    return strcmp(labels[*(const uint32_t *)a], labels[*(const uint32_t *)b]);
}

/* The levels that have rows: numbers rising, texts in their order. */
static quipu_status levels_of(maker *m, const term *t, const qi_panel_column *c, uint32_t **out,
                              size_t *n) {
    const uint32_t *row = m->out->row;
    uint8_t *seen = qi_arena_alloc(&m->out->arena, c->n_labels + 1);
    *out = qi_arena_alloc(&m->out->arena, (c->n_labels + 1) * sizeof **out);
    *n = 0;
    if (seen == NULL || *out == NULL)
        return qi_fail_memory(m->err, c->n_labels);
    for (size_t i = 0; i < m->n_used; i++)
        seen[c->label[row != NULL ? row[i] : i]] = 1;
    for (uint32_t k = 0; k < c->n_labels; k++) {
        if (!seen[k])
            continue;
        size_t at = (*n)++;
        (*out)[at] = k;
        for (; c->number == NULL && at > 0 &&
               by_text(&(*out)[at], &(*out)[at - 1], c->labels) < 0;
             at--) {
            uint32_t swap = (*out)[at];
            (*out)[at] = (*out)[at - 1];
            (*out)[at - 1] = swap;
        }
    }
    return *n <= MOST_LEVELS
               ? QUIPU_OK
               : qi_formula_fail(t->node->column, m->err,
                                 "%.60s has %zu levels: put it behind | as an effect",
                                 t->node->name, *n);
}

static quipu_status no_ref(const maker *m, const term *t) {
    return qi_formula_fail(t->node->column, m->err,
                           "ref=%.40s: no row that is used has that level of %.60s",
                           t->node->ref, t->node->name);
}

static quipu_status add_levels(maker *m, term *t) {
    const qi_node *node = t->node;
    const qi_panel_column *c =
        &m->panel->columns.items[qi_formula_column(m->panel, node->name)];
    const uint32_t *row = m->out->row;
    uint32_t *level;
    size_t n;
    bool ref = node->ref == NULL;
    QI_TRY(levels_of(m, t, c, &level, &n));
    for (size_t k = 0; k < n; k++) {
        const char *label = c->labels[level[k]];
        if (node->ref != NULL && strcmp(node->ref, label) == 0) {
            ref = true;
            continue;
        }
        double *x = malloc((m->n_used + 1) * sizeof *x);
        QI_TRY(own(m, x, m->n_used * sizeof *x));
        for (size_t i = 0; i < m->n_used; i++) {
            size_t at = row != NULL ? row[i] : i;
            double times = t->values.value != NULL ? t->values.value[at] : 1.0;
            x[i] = c->label[at] == level[k] ? times : 0.0;
        }
        QI_TRY(add_x(
            m, x,
            node->a != NULL
                ? qi_arena_printf(&m->out->arena, "%s::%s:%s", node->name, label, node->a->text)
                : qi_arena_printf(&m->out->arena, "%s::%s", node->name, label)));
    }
    return ref ? QUIPU_OK : no_ref(m, t);
}

static quipu_status fill_ids(maker *m) {
    const qi_setup *s = m->setup;
    qi_model *model = &m->out->model;
    uint32_t *id, levels;
    for (size_t e = 0; e < s->formula->n_effects; e++) {
        QI_TRY(qi_joined_ids(m->panel, &s->formula->effect[e], m->out->row, m->n_used, &id,
                             &levels, m->err));
        QI_TRY(own(m, id, m->n_used * sizeof *id));
        model->effect[model->n_effects++] = (qi_effect){s->formula->effect[e].text, id, levels};
    }
    for (size_t c = 0; c < s->n_clusters; c++) {
        QI_TRY(qi_joined_ids(m->panel, &s->cluster[c], m->out->row, m->n_used, &id, &levels,
                             m->err));
        QI_TRY(own(m, id, m->n_used * sizeof *id));
        model->cluster[model->n_clusters++] = (qi_cluster){s->cluster[c].text, id, levels};
    }
    return QUIPU_OK;
}

static quipu_status fill_model(maker *m) {
    qi_model *model = &m->out->model;
    const qi_formula *f = m->setup->formula;
    for (size_t k = 0; k < f->n_x; k++) {
        const double *x;
        if (f->x[k]->op == QI_NODE_LEVELS) {
            QI_TRY(add_levels(m, &m->terms[k]));
            continue;
        }
        QI_TRY(compact(m, &m->terms[k].values, &x));
        QI_TRY(add_x(m, x, qi_arena_dup(&m->out->arena, f->x[k]->text)));
    }
    QI_TRY(compact(m, &m->y, &model->y));
    QI_TRY(compact(m, &m->weight, &model->weight));
    QI_TRY(compact(m, &m->offset, &model->offset));
    model->estimator = m->setup->estimator;
    model->n = m->n_used;
    model->k = m->x.n;
    QI_TRY(fill_ids(m));
    model->x = (const double *const *)m->x.items;
    model->x_name = m->names.items;
    double **x = m->x.items;
    const char **names = m->names.items;
    m->x.items = NULL;
    m->names.items = NULL;
    quipu_status status = x != NULL ? own(m, x, sizeof *x) : QUIPU_OK;
    return names != NULL && status == QUIPU_OK ? own(m, names, sizeof *names) : status;
}

quipu_status qi_design_make(qi_panel *panel, const qi_setup *setup, qi_design *out,
                            quipu_error *err) {
    maker m = {.panel = panel, .setup = setup, .out = out, .err = err};
    quipu_status status = QUIPU_OK;
    *out = (qi_design){0};
    m.reason = calloc(panel->n + 1, 1);
    m.terms = calloc(setup->formula->n_x + 1, sizeof *m.terms);
    if (panel->n >= UINT32_MAX) {
        status = qi_fail(err, QUIPU_E_LIMIT, "a panel has fewer than 4294967295 rows");
        goto done;
    }
    if (m.reason == NULL || m.terms == NULL) {
        status = qi_fail_memory(err, panel->n);
        goto done;
    }
    for (size_t i = 0; setup->keep != NULL && i < panel->n; i++)
        m.reason[i] = setup->keep[i] ? 0 : QI_OUT_UNASKED;
    QI_GO(take_all(&m));
    QI_GO(choose_rows(&m));
    QI_GO(fill_model(&m));
done:
    for (size_t k = 0; m.terms != NULL && k < setup->formula->n_x; k++)
        free(m.terms[k].values.own);
    free(m.y.own);
    free(m.weight.own);
    free(m.offset.own);
    free(m.x.items);
    free(m.names.items);
    free(m.terms);
    free(m.reason);
    qi_lags_free(m.lags);
    if (status != QUIPU_OK)
        qi_design_free(out);
    return status;
}

void qi_design_free(qi_design *design) {
    for (size_t i = 0; i < design->heap.n; i++)
        free(design->heap.items[i]);
    free(design->heap.items);
    qi_arena_free(&design->arena);
    *design = (qi_design){0};
}
