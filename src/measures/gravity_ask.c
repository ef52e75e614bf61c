/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_ask.c - a question of gravity understood: its formulas, and all names they read. */
#include "measures/gravity.h"

enum { MOST_FORMULAS = 64 };

const char *qi_gravity_word(const qi_gravity *g, const char *name) {
    return qi_argument(g->measure, g->request, name);
}

quipu_status qi_gravity_note(qi_gravity *g, quipu_error *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *text = qi_arena_vprintf(&g->arena, format, args);
    va_end(args);
    return text != NULL ? quipu_table_add_note(&g->notes, err, "%s", text)
                        : qi_fail_memory(err, 256);
}

/* One text may hold several, by semicolons. */
static quipu_status add_formulas(qi_gravity *g, const char *text, quipu_error *err) {
    for (const char *at = text; *at != '\0';) {
        at += strspn(at, " \t\n");
        size_t n = strcspn(at, ";");
        const char *one = qi_arena_text(&g->arena, at, n);
        if (one == NULL)
            return qi_fail_memory(err, n);
        if (n > 0) {
            if (g->n_formulas == MOST_FORMULAS)
                return qi_fail(err, QUIPU_E_ARG, "at most %d formulas at once", MOST_FORMULAS);
            QI_TRY(qi_formula_parse(one, &g->arena, &g->formulas[g->n_formulas++], err));
        }
        at += n + (at[n] == ';');
    }
    return QUIPU_OK;
}

static quipu_status read_formulas(qi_gravity *g, quipu_error *err) {
    g->formulas = qi_arena_alloc(&g->arena, MOST_FORMULAS * sizeof *g->formulas);
    if (g->formulas == NULL)
        return qi_fail_memory(err, MOST_FORMULAS * sizeof *g->formulas);
    for (size_t i = 0; i < g->request->n_arguments; i++) {
        const quipu_argument *a = &g->request->arguments[i];
        if (strcmp(a->name, "formula") == 0 && a->value != NULL)
            QI_TRY(add_formulas(g, a->value, err));
    }
    if (g->n_formulas == 0)
        return qi_fail(err, QUIPU_E_ARG,
                       "%s needs a formula: --formula 'trade ~ ln_dist + rta | exp^year + "
                       "imp^year'",
                       g->measure->name);
    for (size_t f = 0; f < g->n_formulas; f++)
        QI_TRY(qi_formula_uses(&g->formulas[f], &g->uses, err));
    return QUIPU_OK;
}

static quipu_status read_clusters(qi_gravity *g, quipu_error *err) {
    const char *text = qi_gravity_word(g, "cluster");
    bool wanted = qi_is(qi_gravity_word(g, "errors"), "cluster");
    if (text == NULL)
        return wanted ? qi_fail(err, QUIPU_E_ARG, "errors cluster: by what? --cluster exp^imp")
                      : QUIPU_OK;
    QI_TRY(qi_joined_parse("cluster", text, &g->arena, g->clusters, QI_MAX_CLUSTERS,
                           &g->n_clusters, err));
    for (size_t c = 0; c < g->n_clusters; c++)
        QI_TRY(qi_uses_joined("cluster", &g->clusters[c], &g->uses, err));
    return QUIPU_OK;
}

static quipu_status use_option(qi_gravity *g, const char *option, quipu_error *err) {
    const char *name = qi_gravity_word(g, option);
    qi_use use = {.name = name, .number = true};
    return name != NULL ? qi_uses_add(&g->uses, &use, err) : QUIPU_OK;
}

quipu_status qi_gravity_open(qi_gravity *g, const quipu_measure *measure,
                             const quipu_request *request, quipu_error *err) {
    static const quipu_column_spec none = {"note", NULL, QUIPU_TEXT, QUIPU_DIMENSION, "", 0};
    *g = (qi_gravity){.measure = measure, .request = request};
    qi_panel_start(&g->panel, NULL);
    QI_TRY(quipu_table_init(&g->notes, "", &none, 1, err));
    QI_TRY(read_formulas(g, err));
    QI_TRY(read_clusters(g, err));
    QI_TRY(use_option(g, "weights", err));
    return use_option(g, "offset", err);
}

quipu_status qi_gravity_panel(qi_gravity *g, quipu_error *err) {
    QI_TRY(g->request->cube != NULL ? qi_gravity_from_cube(g, err)
                                    : qi_gravity_from_table(g, err));
    QI_TRY(qi_gravity_add_all(g, err));
    return qi_gravity_keep(g, err);
}

void qi_gravity_close(qi_gravity *g) {
    free(g->uses.items);
    free(g->keep);
    qi_event_free(&g->event);
    qi_panel_free(&g->panel);
    quipu_table_free(&g->notes);
    qi_arena_free(&g->arena);
    *g = (qi_gravity){0};
}

quipu_status qi_gravity_unknown(const qi_use *use, const char *const *names, size_t n,
                                quipu_error *err) {
    qi_suggest near;
    char text[QI_SUGGEST_TEXT];
    qi_buffer list = {0};
    qi_suggest_start(&near, use->name);
    for (size_t i = 0; i < n; i++) {
        qi_suggest_try(&near, names[i]);
        if (i < 24)
            qi_buffer_printf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    const char *hint = qi_suggest_text(&near, text);
    const char *there = hint[0] == '\0' && list.bytes != NULL ? list.bytes : "";
    const char *lead = there[0] != '\0' ? "; there are " : "";
    char where[40] = "";
    if (use->what != NULL)
        snprintf(where, sizeof where, "%.16s, column %u: ", use->what, use->column);
    quipu_status status =
        qi_fail(err, QUIPU_E_ARG, "%sthere is no variable \"%.60s\"%s%s%.300s", where,
                use->name, hint, lead, there);
    qi_buffer_free(&list);
    return status;
}
