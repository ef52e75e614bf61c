/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_predict.c - what a model says of each observation, and the effects of each level. */
#include "measures/gravity.h"

static const char *const role_names[QI_N_ROLES] = {"exporter", "importer", "year", "sector"};
static const char *const role_labels[QI_N_ROLES] = {"Exporter", "Importer", "Year", "Sector"};
static const char *const figures[][2] = {{"observed", "Observed"},
                                         {"fitted", "Fitted"},
                                         {"residual", "Residual"},
                                         {"eta", "Linear predictor"}};
enum { OBSERVED, FITTED, RESIDUAL, ETA, N_FIGURES };

typedef struct sheet {
    qi_gravity *g;
    const qi_gravity_result *r;
    quipu_table *out;
    ptrdiff_t role[QI_N_ROLES]; /* column of the table, -1 = none */
    size_t line, figure, reason;
} sheet;

/* A line of the file where there is one: the row of a table may have no key. */
static quipu_status open_sheet(sheet *s, quipu_error *err) {
    quipu_column_spec specs[QI_N_ROLES + N_FIGURES + 2];
    size_t n = 0;
    s->line = SIZE_MAX;
    if (s->g->panel.file != NULL) {
        s->line = n;
        specs[n++] = (quipu_column_spec){"line", "Line", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0};
    }
    for (size_t r = 0; r < QI_N_ROLES; r++) {
        s->role[r] = s->g->panel.role[r] >= 0 ? (ptrdiff_t)n : -1;
        if (s->role[r] >= 0)
            specs[n++] = (quipu_column_spec){
                role_names[r], role_labels[r], QUIPU_TEXT, QUIPU_DIMENSION, "", 0};
    }
    s->figure = n;
    for (size_t f = 0; f < N_FIGURES; f++)
        specs[n++] =
            (quipu_column_spec){figures[f][0], figures[f][1], QUIPU_REAL, QUIPU_FIGURE, "", 4};
    s->reason = n;
    specs[n++] = (quipu_column_spec){"left_out", "Left out", QUIPU_TEXT, QUIPU_FIGURE, "", 0};
    return quipu_table_init(s->out, "gravity", specs, n, err);
}

static quipu_status put_keys(const sheet *s, size_t row, size_t at, quipu_error *err) {
    qi_panel *p = &s->g->panel;
    if (s->line != SIZE_MAX)
        quipu_table_set_integer(s->out, s->line, row, (int64_t)qi_panel_line(p, at));
    for (size_t r = 0; r < QI_N_ROLES; r++) {
        if (s->role[r] < 0)
            continue;
        QI_TRY(qi_panel_labels(p, (size_t)p->role[r], err));
        const qi_panel_column *c = &p->columns.items[p->role[r]];
        if (c->label[at] != QI_NO_LABEL)
            QI_TRY(quipu_table_set_text(s->out, (size_t)s->role[r], row,
                                        c->labels[c->label[at]], err));
    }
    return QUIPU_OK;
}

quipu_status qi_gravity_predictions(qi_gravity *g, const qi_gravity_result *r, quipu_table *out,
                                    quipu_error *err) {
    sheet s = {.g = g, .r = r, .out = out};
    const qi_model *m = &r->design.model;
    const qi_fit *fit = &r->fit;
    size_t first, most = g->request->most_cells;
    QI_TRY(open_sheet(&s, err));
    if (most > 0 && m->n > most / 8)
        return qi_fail(err, QUIPU_E_LIMIT, "%zu observations are more than are shown here",
                       m->n);
    QI_TRY(quipu_table_add_rows(out, m->n, &first, err));
    for (size_t i = 0; i < m->n; i++) {
        size_t at = r->design.row != NULL ? r->design.row[i] : i, row = first + i;
        QI_TRY(put_keys(&s, row, at, err));
        quipu_table_set_real(out, s.figure + OBSERVED, row, m->y[i]);
        quipu_table_set_real(out, s.figure + FITTED, row, fit->fitted[i]);
        quipu_table_set_real(out, s.figure + RESIDUAL, row, m->y[i] - fit->fitted[i]);
        quipu_table_set_real(out, s.figure + ETA, row, fit->eta[i]);
        if (fit->left_out[i] != QI_USED)
            QI_TRY(quipu_table_set_text(
                out, s.reason, row, qi_gravity_left_word((qi_left_out)fit->left_out[i]), err));
    }
    return QUIPU_OK;
}

/* ---- effects ---- */

/* "PER 2011": the labels of the row joined. */
static quipu_status level_words(qi_gravity *g, const qi_joined *joined, size_t at, char *out,
                                size_t size, quipu_error *err) {
    size_t n = 0;
    out[0] = '\0';
    for (size_t j = 0; j < joined->n && n + 1 < size; j++) {
        ptrdiff_t c = qi_formula_column(&g->panel, joined->name[j]);
        QI_TRY(qi_panel_labels(&g->panel, (size_t)c, err));
        const qi_panel_column *column = &g->panel.columns.items[c];
        n += (size_t)snprintf(out + n, size - n, "%s%s", j > 0 ? " " : "",
                              column->labels[column->label[at]]);
    }
    return QUIPU_OK;
}

static quipu_status put_set(qi_gravity *g, const qi_gravity_result *r, size_t e,
                            quipu_table *out, quipu_error *err) {
    const qi_effect *effect = &r->design.model.effect[e];
    uint8_t *seen = qi_arena_alloc(&g->arena, (size_t)effect->n_levels + 1);
    if (seen == NULL)
        return qi_fail_memory(err, effect->n_levels);
    for (size_t i = 0; i < r->design.model.n; i++) {
        char words[200];
        size_t row, at = r->design.row != NULL ? r->design.row[i] : i;
        if (r->fit.left_out[i] != QI_USED || seen[effect->id[i]])
            continue;
        seen[effect->id[i]] = 1;
        QI_TRY(level_words(g, &r->formula->effect[e], at, words, sizeof words, err));
        QI_TRY(quipu_table_add_rows(out, 1, &row, err));
        QI_TRY(quipu_table_set_text(out, 0, row, effect->name, err));
        QI_TRY(quipu_table_set_text(out, 1, row, words, err));
        quipu_table_set_real(out, 2, row, r->fit.effect[e][effect->id[i]]);
    }
    return QUIPU_OK;
}

quipu_status qi_gravity_effects(qi_gravity *g, const qi_gravity_result *r, quipu_table *out,
                                quipu_error *err) {
    static const quipu_column_spec specs[] = {
        {"effect", "Effect", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"level", "Level", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"value", "Value", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    };
    QI_TRY(quipu_table_init(out, "gravity", specs, QI_COUNT(specs), err));
    for (size_t e = 0; e < r->design.model.n_effects; e++)
        QI_TRY(put_set(g, r, e, out, err));
    return quipu_table_add_note(out, err,
                                "Effects are identified but for sums: the first set has the "
                                "level, each later one mean zero in every connected part.");
}
