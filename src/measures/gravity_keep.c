/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_keep.c - the rows asked for: years, every so many years, countries, pairs. */
#include "measures/gravity.h"

typedef struct keeper {
    const qi_span *spans;
    size_t n_spans;
    int64_t interval;
    double first; /* year the interval counts from */
} keeper;

static bool in_spans(const keeper *k, double year) {
    for (size_t i = 0; i < k->n_spans; i++)
        if (year >= k->spans[i].first && year <= k->spans[i].last)
            return true;
    return k->n_spans == 0;
}

static quipu_status keep_years(qi_gravity *g, keeper *k, quipu_error *err) {
    const qi_panel *p = &g->panel;
    ptrdiff_t c = p->role[QI_YEAR];
    if (k->n_spans == 0 && k->interval == 1)
        return QUIPU_OK;
    if (c < 0 || p->columns.items[c].number == NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "years and interval need a column of years: name it with --year");
    const double *year = p->columns.items[c].number;
    k->first = INFINITY;
    for (size_t i = 0; i < p->n; i++)
        if (in_spans(k, year[i]) && year[i] < k->first)
            k->first = year[i];
    for (size_t i = 0; i < p->n; i++)
        if (!in_spans(k, year[i]) || fmod(year[i] - k->first, (double)k->interval) != 0.0)
            g->keep[i] = 0;
    return QUIPU_OK;
}

static quipu_status keep_pairs(qi_gravity *g, quipu_error *err) {
    bool made;
    if (!qi_is(qi_gravity_word(g, "pairs"), "international"))
        return QUIPU_OK;
    if (qi_panel_find(&g->panel, "border") < 0) {
        QI_TRY(qi_panel_derive(&g->panel, "border", &made, err));
        if (!made)
            return qi_fail(err, QUIPU_E_ARG,
                           "pairs international needs columns of exporter and importer");
    }
    const double *border = g->panel.columns.items[qi_panel_find(&g->panel, "border")].number;
    for (size_t i = 0; border != NULL && i < g->panel.n; i++)
        if (border[i] == 0.0)
            g->keep[i] = 0;
    return QUIPU_OK;
}

/* Which labels of a side are among the countries asked for, by code or name. */
static quipu_status keep_side(qi_gravity *g, const qi_choice *choices, size_t n, qi_role role,
                              quipu_error *err) {
    qi_panel *p = &g->panel;
    ptrdiff_t c = p->role[role];
    if (c < 0)
        return qi_fail(err, QUIPU_E_ARG, "countries needs columns of exporter and importer");
    QI_TRY(qi_panel_labels(p, (size_t)c, err));
    const qi_panel_column *column = &p->columns.items[c];
    uint8_t *in = qi_arena_alloc(&g->arena, column->n_labels + 1);
    if (in == NULL)
        return qi_fail_memory(err, column->n_labels);
    for (size_t k = 0; k < column->n_labels; k++) {
        const quipu_country *country;
        bool known = quipu_country_find(g->request->nomen, column->labels[k], &country, NULL) ==
                     QUIPU_OK;
        for (size_t i = 0; known && i < n && !in[k]; i++)
            QI_TRY(qi_gravity_is_in(g, &choices[i], country, &in[k], err));
    }
    for (size_t i = 0; i < p->n; i++)
        if (column->label[i] == QI_NO_LABEL || !in[column->label[i]])
            g->keep[i] = 0;
    return QUIPU_OK;
}

static quipu_status keep_countries(qi_gravity *g, quipu_error *err) {
    const char *text = qi_gravity_word(g, "countries");
    qi_choice *choices;
    size_t n;
    if (text == NULL || g->request->cube != NULL) /* a cube was asked for these alone */
        return QUIPU_OK;
    QI_TRY(qi_choices_parse(g->request->nomen, text, &g->arena, &choices, &n, err));
    QI_TRY(keep_side(g, choices, n, QI_EXPORTER, err));
    return keep_side(g, choices, n, QI_IMPORTER, err);
}

quipu_status qi_gravity_is_in(qi_gravity *g, const qi_choice *choice,
                              const quipu_country *country, uint8_t *out, quipu_error *err) {
    bool in = false, out_again = false;
    for (size_t w = 0; w < choice->n_words; w++) {
        const qi_word *word = &choice->words[w];
        bool hit = word->country == NULL && word->group == NULL;
        if (word->country != NULL)
            hit = word->country->id == country->id;
        if (word->group != NULL) {
            const quipu_member *members;
            size_t n;
            QI_TRY(quipu_group_members(g->request->nomen, word->group, &members, &n, err));
            for (size_t m = 0; m < n; m++)
                hit = hit || members[m].country == country->id;
        }
        in = in || (hit && !word->without);
        out_again = out_again || (hit && word->without);
    }
    *out = in && !out_again;
    return QUIPU_OK;
}

quipu_status qi_gravity_keep(qi_gravity *g, quipu_error *err) {
    keeper k = {.interval = qi_integer(g->measure, g->request, "interval", 1)};
    qi_span *spans;
    if (k.interval < 1)
        return qi_fail(err, QUIPU_E_ARG, "interval: a number of years from 1 on");
    QI_TRY(qi_spans_parse(g->request->cube, qi_gravity_word(g, "years"), &g->arena, &spans,
                          &k.n_spans, err));
    k.spans = spans;
    bool all = k.n_spans == 0 && k.interval == 1 && qi_gravity_word(g, "countries") == NULL &&
               !qi_is(qi_gravity_word(g, "pairs"), "international");
    if (all)
        return QUIPU_OK;
    g->keep = malloc(g->panel.n + 1);
    if (g->keep == NULL)
        return qi_fail_memory(err, g->panel.n);
    memset(g->keep, 1, g->panel.n);
    QI_TRY(keep_years(g, &k, err));
    QI_TRY(keep_countries(g, err));
    return keep_pairs(g, err);
}
