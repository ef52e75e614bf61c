/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_add.c - variables the panel does not have itself, in this order: tables the user
 * gave, what follows from the panel's own columns, what the program knows of countries. */
#include "measures/gravity_join.h"

/* ---- tables of the user's ---- */

/* "gdp_exp" of a table of countries is its column gdp, of the exporter. */
static qi_beside beside_of(const qi_side *s, const char *name, char plain[64]) {
    size_t n = strlen(name);
    snprintf(plain, 64, "%s", name);
    if (s->two >= 0)
        return QI_BESIDE_PAIR;
    if (s->one < 0 || n < 5 || n >= 64)
        return QI_BESIDE_SIDES;
    bool exporter = strcmp(name + n - 4, "_exp") == 0;
    if (exporter || strcmp(name + n - 4, "_imp") == 0)
        plain[n - 4] = '\0';
    return exporter ? QI_BESIDE_EXPORTER : QI_BESIDE_IMPORTER;
}

static bool has_it(const qi_side *s, const char *name, ptrdiff_t *column, qi_beside *how) {
    char plain[64];
    *how = beside_of(s, name, plain);
    *column = qi_side_find(s, plain);
    return *column >= 0 && !(s->one >= 0 && s->two < 0 && strcmp(plain, name) == 0);
}

static quipu_status copy_labels(qi_panel *panel, size_t at, const qi_panel_column *from,
                                const uint32_t *rows, quipu_error *err) {
    QI_TRY(qi_panel_label_room(panel, at, err));
    qi_panel_column *to = &panel->columns.items[at];
    const char **labels = qi_arena_alloc(&panel->arena, (from->n_labels + 1) * sizeof *labels);
    for (size_t k = 0; labels != NULL && k < from->n_labels; k++) {
        labels[k] = qi_arena_dup(&panel->arena, from->labels[k]);
        if (labels[k] == NULL)
            return qi_fail_memory(err, 64);
    }
    to->labels = labels;
    to->n_labels = from->n_labels;
    for (size_t i = 0; i < panel->n; i++)
        to->label[i] = rows[i] == UINT32_MAX ? QI_NO_LABEL : from->label[rows[i]];
    return labels != NULL ? QUIPU_OK : qi_fail_memory(err, from->n_labels);
}

static quipu_status join_one(qi_side *s, const qi_use *use, quipu_error *err) {
    qi_panel *panel = &s->g->panel;
    ptrdiff_t column;
    qi_beside how;
    uint32_t *rows;
    size_t at, n_without = 0;
    (void)has_it(s, use->name, &column, &how);
    QI_TRY(qi_side_rows(s, how, &rows, err));
    const qi_panel_column *from =
        &s->panel.columns.items[qi_panel_find(&s->panel, s->names[column])];
    quipu_status status = qi_panel_add(panel, use->name, &at, err);
    if (status == QUIPU_OK && from->number != NULL) {
        status = qi_panel_numbers(panel, at, err);
        for (size_t i = 0; status == QUIPU_OK && i < panel->n; i++)
            panel->columns.items[at].number[i] =
                rows[i] == UINT32_MAX ? NAN : from->number[rows[i]];
    } else if (status == QUIPU_OK) {
        status = copy_labels(panel, at, from, rows, err);
    }
    for (size_t i = 0; i < panel->n; i++)
        n_without += rows[i] == UINT32_MAX;
    free(rows);
    const char *slash = strrchr(s->path, '/');
    if (status == QUIPU_OK && n_without > 0)
        status = qi_gravity_note(s->g, err,
                                 "%.60s is missing in %zu of %zu observations: %.100s has no "
                                 "row for them.",
                                 use->name, n_without, panel->n,
                                 slash != NULL ? slash + 1 : s->path);
    return status;
}

static bool is_there(const qi_gravity *g, const qi_use *use) {
    return qi_formula_column(&g->panel, use->name) >= 0;
}

static quipu_status join_table(qi_gravity *g, const char *path, quipu_error *err) {
    qi_side side;
    size_t n_used = 0;
    quipu_status status;
    QI_GO(qi_side_open(&side, g, path, err));
    for (size_t i = 0; i < g->uses.n; i++) {
        const qi_use *use = &g->uses.items[i];
        ptrdiff_t column;
        qi_beside how;
        if (is_there(g, use) || !has_it(&side, use->name, &column, &how))
            continue;
        qi_side_want(&side, (size_t)column, use->label && !use->number);
        n_used++;
    }
    if (n_used == 0)
        QI_GO(qi_gravity_note(g, err, "%.200s: no column of it is used.", path));
    else
        QI_GO(qi_side_read(&side, err));
    for (size_t i = 0; n_used > 0 && i < g->uses.n; i++) {
        const qi_use *use = &g->uses.items[i];
        ptrdiff_t column;
        qi_beside how;
        if (!is_there(g, use) && has_it(&side, use->name, &column, &how))
            QI_GO(join_one(&side, use, err));
    }
done:
    qi_side_close(&side);
    return status;
}

static quipu_status join_tables(qi_gravity *g, quipu_error *err) {
    for (size_t i = 0; i < g->request->n_arguments; i++) {
        const quipu_argument *a = &g->request->arguments[i];
        if (strcmp(a->name, "with") == 0 && a->value != NULL && a->value[0] != '\0')
            QI_TRY(join_table(g, a->value, err));
    }
    return QUIPU_OK;
}

/* ---- the rest ---- */

/* Of a table that has dist, ln_dist is its logarithm. */
static quipu_status from_dist(qi_panel *p, const char *name, bool *made, quipu_error *err) {
    ptrdiff_t c = qi_panel_find(p, "dist");
    size_t at;
    *made = strcmp(name, "ln_dist") == 0 && c >= 0;
    if (!*made)
        return QUIPU_OK;
    QI_TRY(qi_panel_add(p, "ln_dist", &at, err));
    QI_TRY(qi_panel_numbers(p, at, err));
    for (size_t i = 0; i < p->n; i++)
        p->columns.items[at].number[i] = log(p->columns.items[c].number[i]);
    return QUIPU_OK;
}

static quipu_status nowhere(const qi_gravity *g, const qi_use *use, quipu_error *err) {
    size_t n_known, n = 0;
    const char *const *known = qi_gravity_known(&n_known);
    const char **names = calloc(g->panel.columns.n + n_known + 3, sizeof *names);
    if (names == NULL)
        return qi_fail_memory(err, n_known);
    for (size_t i = 0; i < g->panel.columns.n; i++)
        names[n++] = g->panel.columns.items[i].name;
    names[n++] = "pair";
    names[n++] = "border";
    names[n++] = "domestic";
    for (size_t i = 0; i < n_known; i++)
        names[n++] = known[i];
    quipu_status status = qi_gravity_unknown(use, names, n, err);
    free(names);
    return status;
}

quipu_status qi_gravity_add_all(qi_gravity *g, quipu_error *err) {
    QI_TRY(join_tables(g, err));
    for (size_t i = 0; i < g->uses.n; i++) {
        const qi_use *use = &g->uses.items[i];
        bool made = is_there(g, use);
        if (!made)
            QI_TRY(qi_panel_derive(&g->panel, use->name, &made, err));
        if (!made)
            QI_TRY(from_dist(&g->panel, use->name, &made, err));
        if (!made)
            QI_TRY(qi_gravity_know(g, use->name, &made, err));
        if (!made)
            return nowhere(g, use, err);
    }
    return QUIPU_OK;
}
