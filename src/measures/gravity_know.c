/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_know.c - variables from what the program knows of countries: distance, common
 * border, language, colonial ties, agreements in force. */
#include "measures/gravity.h"

static const char *const known_names[] = {"ln_dist", "dist", "cntg", "lang", "clny", "rta"};
enum { LN_DIST, DIST, CNTG, LANG, CLNY, RTA, N_KNOWN };

bool qi_gravity_can_add(const char *name) {
    for (size_t i = 0; i < N_KNOWN; i++)
        if (strcmp(known_names[i], name) == 0)
            return true;
    return false;
}

const char *const *qi_gravity_known(size_t *n) {
    *n = N_KNOWN;
    return known_names;
}

/* The countries of the labels of a side; NULL where a label is none. */
static quipu_status countries_of(qi_gravity *g, qi_role role, const quipu_country ***out,
                                 size_t *n, quipu_error *err) {
    QI_TRY(qi_panel_labels(&g->panel, (size_t)g->panel.role[role], err));
    const qi_panel_column *c = &g->panel.columns.items[g->panel.role[role]];
    *n = c->n_labels;
    *out = qi_arena_alloc(&g->arena, (c->n_labels + 1) * sizeof **out);
    if (*out == NULL)
        return qi_fail_memory(err, c->n_labels * sizeof **out);
    for (size_t k = 0; k < c->n_labels; k++)
        if (quipu_country_find(g->request->nomen, c->labels[k], &(*out)[k], NULL) != QUIPU_OK)
            (*out)[k] = NULL;
    return QUIPU_OK;
}

typedef struct known {
    qi_gravity *g;
    const quipu_country **exporter, **importer;
    size_t n_exporters, n_importers;
    double *pair; /* [exporter][importer]; NaN = not known */
} known;

static quipu_status note_unknown(const known *k, const char *what, size_t n, const char *first,
                                 quipu_error *err) {
    return n == 0
               ? QUIPU_OK
               : qi_gravity_note(k->g, err, "%s is not known for %zu label%s, %.40s%s.", what,
                                 n, n == 1 ? "" : "s", first, n > 1 ? " and others" : "");
}

static double tie(unsigned which, const quipu_ties *t) {
    switch (which) {
    case LN_DIST: return log(t->distance);
    case DIST: return t->distance;
    case CNTG: return t->border;
    case LANG: return t->language;
    default: return t->colony;
    }
}

static quipu_status fill_ties(known *k, unsigned which, quipu_error *err) {
    const quipu_nomen *nomen = k->g->request->nomen;
    const char *first = NULL;
    size_t n_unknown = 0;
    for (size_t e = 0; e < k->n_exporters; e++) {
        const quipu_place *a = NULL, *b;
        if (k->exporter[e] != NULL)
            QI_TRY(quipu_place_find(nomen, k->exporter[e]->id, &a, err));
        if (a == NULL && n_unknown++ == 0)
            first = k->g->panel.columns.items[k->g->panel.role[QI_EXPORTER]].labels[e];
        for (size_t m = 0; m < k->n_importers; m++) {
            b = NULL;
            if (k->importer[m] != NULL)
                QI_TRY(quipu_place_find(nomen, k->importer[m]->id, &b, err));
            quipu_ties t = a != NULL && b != NULL ? quipu_ties_of(a, b) : (quipu_ties){0};
            k->pair[e * k->n_importers + m] = a != NULL && b != NULL ? tie(which, &t) : NAN;
        }
    }
    return note_unknown(k, known_names[which], n_unknown, first, err);
}

static quipu_status spread_pairs(known *k, const char *name, quipu_error *err) {
    qi_panel *p = &k->g->panel;
    size_t at;
    QI_TRY(qi_panel_add(p, name, &at, err));
    QI_TRY(qi_panel_numbers(p, at, err));
    const uint32_t *e = p->columns.items[p->role[QI_EXPORTER]].label;
    const uint32_t *m = p->columns.items[p->role[QI_IMPORTER]].label;
    double *to = p->columns.items[at].number;
    for (size_t i = 0; i < p->n; i++)
        to[i] = e[i] == QI_NO_LABEL || m[i] == QI_NO_LABEL
                    ? NAN
                    : k->pair[(size_t)e[i] * k->n_importers + m[i]];
    return QUIPU_OK;
}

/* ---- agreements ---- */

static quipu_status links_from_list(known *k, qi_gravity_spells *spells, quipu_error *err) {
    enum { MOST = 64 };
    for (size_t e = 0; e < k->n_exporters; e++)
        for (size_t m = 0; m < k->n_importers; m++) {
            quipu_agreement_link link[MOST];
            size_t n = 0;
            if (k->exporter[e] != NULL && k->importer[m] != NULL &&
                k->exporter[e] != k->importer[m])
                QI_TRY(quipu_agreements_between(
                    k->g->request->nomen, k->exporter[e]->id, k->importer[m]->id,
                    QUIPU_FREE_TRADE | QUIPU_CUSTOMS_UNION, link, MOST, &n, err));
            for (size_t i = 0; i < n && i < MOST; i++)
                QI_TRY(qi_gravity_spell(spells, e * k->n_importers + m, link[i].from,
                                        link[i].to, err));
        }
    return QUIPU_OK;
}

static quipu_status spread_spells(known *k, const qi_gravity_spells *spells, quipu_error *err) {
    qi_panel *p = &k->g->panel;
    ptrdiff_t year = p->role[QI_YEAR];
    size_t at;
    if (year < 0 || p->columns.items[year].number == NULL)
        return qi_fail(err, QUIPU_E_ARG, "rta needs a column of years: name it with --year");
    QI_TRY(qi_panel_add(p, "rta", &at, err));
    QI_TRY(qi_panel_numbers(p, at, err));
    const uint32_t *e = p->columns.items[p->role[QI_EXPORTER]].label;
    const uint32_t *m = p->columns.items[p->role[QI_IMPORTER]].label;
    const double *when = p->columns.items[year].number;
    for (size_t i = 0; i < p->n; i++) {
        bool none = e[i] == QI_NO_LABEL || m[i] == QI_NO_LABEL || when[i] != when[i];
        p->columns.items[at].number[i] =
            none ? NAN
                 : qi_gravity_holds(spells, (size_t)e[i] * k->n_importers + m[i], when[i]);
    }
    return QUIPU_OK;
}

static quipu_status add_rta(known *k, quipu_error *err) {
    const char *file = qi_gravity_word(k->g, "agreements");
    qi_gravity_spells spells = {.n_pairs = k->n_exporters * k->n_importers};
    spells.head = calloc(spells.n_pairs + 1, sizeof *spells.head);
    quipu_status status = spells.head != NULL ? QUIPU_OK : qi_fail_memory(err, spells.n_pairs);
    if (status == QUIPU_OK)
        status = file != NULL
                     ? qi_gravity_read_spells(k->g, file, k->exporter, k->n_exporters,
                                              k->importer, k->n_importers, &spells, err)
                     : links_from_list(k, &spells, err);
    if (status == QUIPU_OK)
        status = spread_spells(k, &spells, err);
    if (status == QUIPU_OK)
        status = qi_gravity_note(k->g, err, "rta: %s in force on 31 December.",
                                 file != NULL ? "an agreement of the table"
                                              : "a free trade agreement or customs union");
    free(spells.head);
    free(spells.items.items);
    return status;
}

quipu_status qi_gravity_know(qi_gravity *g, const char *name, bool *made, quipu_error *err) {
    unsigned which = 0;
    known k = {.g = g};
    *made = qi_gravity_can_add(name) && g->panel.role[QI_EXPORTER] >= 0 &&
            g->panel.role[QI_IMPORTER] >= 0;
    if (!*made)
        return QUIPU_OK;
    while (strcmp(known_names[which], name) != 0)
        which++;
    QI_TRY(countries_of(g, QI_EXPORTER, &k.exporter, &k.n_exporters, err));
    QI_TRY(countries_of(g, QI_IMPORTER, &k.importer, &k.n_importers, err));
    if (which == RTA)
        return add_rta(&k, err);
    k.pair = malloc((k.n_exporters * k.n_importers + 1) * sizeof *k.pair);
    if (k.pair == NULL)
        return qi_fail_memory(err, k.n_exporters * k.n_importers * sizeof *k.pair);
    quipu_status status = fill_ties(&k, which, err);
    if (status == QUIPU_OK)
        status = spread_pairs(&k, name, err);
    free(k.pair);
    return status;
}
