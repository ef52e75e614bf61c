/* SPDX-License-Identifier: Apache-2.0 */
/* formula_ids.c - names of labels, what follows from exporter and importer, labels joined. */
#include "gravity/formula.h"
#include "gravity/panel_block.h"

#include <math.h>

qi_role qi_role_of(const char *name) {
    static const struct {
        const char *name;
        qi_role role;
    } names[] = {{"exp", QI_EXPORTER},      {"exporter", QI_EXPORTER}, {"imp", QI_IMPORTER},
                 {"importer", QI_IMPORTER}, {"year", QI_YEAR},         {"sector", QI_SECTOR}};
    for (size_t i = 0; i < QI_COUNT(names); i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].role;
    return QI_N_ROLES;
}

ptrdiff_t qi_formula_column(const qi_panel *panel, const char *name) {
    ptrdiff_t c = qi_panel_find(panel, name);
    qi_role role = qi_role_of(name);
    return c >= 0 || role == QI_N_ROLES ? c : panel->role[role];
}

/* ---- pair, border, domestic ---- */

/* Labels of importers as exporters have them; texts of importers alone come after. */
static quipu_status match_sides(const qi_panel_column *e, const qi_panel_column *m,
                                uint32_t *place, uint32_t *n, quipu_error *err) {
    qi_dictionary d = {0};
    bool fine = true;
    for (size_t k = 0; k < e->n_labels && fine; k++)
        fine = qi_dictionary_place(&d, e->labels[k], strlen(e->labels[k])) != QI_NO_LABEL;
    for (size_t k = 0; k < m->n_labels && fine; k++) {
        place[k] = qi_dictionary_place(&d, m->labels[k], strlen(m->labels[k]));
        fine = place[k] != QI_NO_LABEL;
    }
    *n = (uint32_t)d.texts.n;
    qi_dictionary_free(&d);
    return fine ? QUIPU_OK : qi_fail_memory(err, e->n_labels * sizeof(void *));
}

typedef struct sides {
    const uint32_t *exporter, *importer;
    const uint32_t *place; /* importer's label among exporters' */
    uint32_t n;
} sides;

static quipu_status fill_pair(qi_panel *panel, const sides *s, size_t at, quipu_error *err) {
    QI_TRY(qi_panel_label_room(panel, at, err));
    qi_panel_column *c = &panel->columns.items[at];
    size_t n = (size_t)s->n * s->n;
    uint32_t *seen = calloc(n + 1, sizeof *seen);
    if (seen == NULL)
        return qi_fail_memory(err, n * sizeof *seen);
    const char **labels = NULL;
    uint32_t m = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < panel->n; i++) {
            uint32_t a = s->exporter[i], b = s->importer[i];
            c->label[i] = QI_NO_LABEL;
            if (a == QI_NO_LABEL || b == QI_NO_LABEL)
                continue;
            b = s->place[b];
            size_t key = (size_t)(a < b ? a : b) * s->n + (a < b ? b : a);
            if (seen[key] == 0)
                seen[key] = ++m;
            c->label[i] = seen[key] - 1;
        }
        labels = pass == 0 ? qi_arena_alloc(&panel->arena, (m + 1) * sizeof *labels) : labels;
        if (labels == NULL)
            break;
    }
    free(seen);
    c->labels = labels; /* the number says which; nobody reads it as words */
    c->n_labels = m;
    for (uint32_t k = 0; labels != NULL && k < m; k++)
        labels[k] = "";
    return labels != NULL ? QUIPU_OK : qi_fail_memory(err, m * sizeof *labels);
}

static quipu_status fill_border(qi_panel *panel, const sides *s, size_t at, bool domestic,
                                quipu_error *err) {
    QI_TRY(qi_panel_numbers(panel, at, err));
    double *to = panel->columns.items[at].number;
    for (size_t i = 0; i < panel->n; i++) {
        bool missing = s->exporter[i] == QI_NO_LABEL || s->importer[i] == QI_NO_LABEL;
        bool same = !missing && s->exporter[i] == s->place[s->importer[i]];
        to[i] = missing ? (double)NAN : same == domestic ? 1.0 : 0.0;
    }
    return QUIPU_OK;
}

quipu_status qi_panel_derive(qi_panel *panel, const char *name, bool *made, quipu_error *err) {
    bool pair = strcmp(name, "pair") == 0, domestic = strcmp(name, "domestic") == 0;
    ptrdiff_t e = panel->role[QI_EXPORTER], m = panel->role[QI_IMPORTER];
    size_t at;
    *made = (pair || domestic || strcmp(name, "border") == 0) && e >= 0 && m >= 0;
    if (!*made)
        return QUIPU_OK;
    QI_TRY(qi_panel_labels(panel, (size_t)e, err));
    QI_TRY(qi_panel_labels(panel, (size_t)m, err));
    QI_TRY(qi_panel_add(panel, name, &at, err));
    const qi_panel_column *exporters = &panel->columns.items[e];
    const qi_panel_column *importers = &panel->columns.items[m];
    uint32_t *place = malloc((importers->n_labels + 1) * sizeof *place);
    if (place == NULL)
        return qi_fail_memory(err, importers->n_labels * sizeof *place);
    sides s = {exporters->label, importers->label, place, 0};
    quipu_status status = match_sides(exporters, importers, place, &s.n, err);
    if (status == QUIPU_OK)
        status =
            pair ? fill_pair(panel, &s, at, err) : fill_border(panel, &s, at, domestic, err);
    free(place);
    return status;
}

/* ---- joined ---- */

typedef struct levels {
    uint32_t *id;
    size_t n;
    uint64_t n_levels;
} levels;

/* Beyond what a table of all combinations holds: their keys sorted. */
static quipu_status squeeze_sorted(levels *l, const uint64_t *keys, quipu_error *err) {
    uint64_t *once = malloc((l->n + 1) * sizeof *once);
    size_t m = 0;
    if (once == NULL)
        return qi_fail_memory(err, l->n * sizeof *once);
    memcpy(once, keys, l->n * sizeof *once);
    qi_sort_keys(once, l->n);
    for (size_t i = 0; i < l->n; i++)
        if (m == 0 || once[m - 1] != once[i])
            once[m++] = once[i];
    for (size_t i = 0; i < l->n; i++) {
        size_t low = 0, n = m;
        while (n > 1) {
            low += once[low + n / 2] <= keys[i] ? n / 2 : 0;
            n -= n / 2;
        }
        l->id[i] = (uint32_t)low;
    }
    l->n_levels = m;
    free(once);
    return QUIPU_OK;
}

/* Levels that have rows, rising with the key. */
static quipu_status squeeze_table(levels *l, const uint64_t *keys, uint64_t most,
                                  quipu_error *err) {
    uint32_t *number = calloc((size_t)most + 1, sizeof *number), m = 0;
    if (number == NULL)
        return qi_fail_memory(err, (size_t)most * sizeof *number);
    for (size_t i = 0; i < l->n; i++)
        number[keys[i]] = 1;
    for (uint64_t k = 0; k < most; k++)
        if (number[k] != 0)
            number[k] = m++;
    for (size_t i = 0; i < l->n; i++)
        l->id[i] = number[keys[i]];
    l->n_levels = m;
    free(number);
    return QUIPU_OK;
}

static quipu_status join_one(levels *l, const qi_panel_column *c, const uint32_t *row,
                             uint64_t *keys, quipu_error *err) {
    for (size_t i = 0; i < l->n; i++)
        keys[i] = (uint64_t)l->id[i] * c->n_labels + c->label[row != NULL ? row[i] : i];
    uint64_t most = l->n_levels * c->n_labels;
    return most <= 4 * (uint64_t)l->n + 65536 ? squeeze_table(l, keys, most, err)
                                              : squeeze_sorted(l, keys, err);
}

quipu_status qi_joined_ids(qi_panel *panel, const qi_joined *joined, const uint32_t *row,
                           size_t n, uint32_t **out, uint32_t *n_levels, quipu_error *err) {
    levels l = {.id = calloc(n + 1, sizeof *l.id), .n = n, .n_levels = 1};
    uint64_t *keys = malloc((n + 1) * sizeof *keys);
    quipu_status status =
        l.id != NULL && keys != NULL ? QUIPU_OK : qi_fail_memory(err, n * sizeof *keys);
    for (size_t j = 0; status == QUIPU_OK && j < joined->n; j++) {
        ptrdiff_t c = qi_formula_column(panel, joined->name[j]);
        status = c >= 0 ? qi_panel_labels(panel, (size_t)c, err)
                        : qi_formula_fail(joined->column[j], err,
                                          "there is no variable \"%.60s\"", joined->name[j]);
        if (status == QUIPU_OK)
            status = join_one(&l, &panel->columns.items[c], row, keys, err);
    }
    free(keys);
    if (status != QUIPU_OK)
        free(l.id);
    *out = status == QUIPU_OK ? l.id : NULL;
    *n_levels = (uint32_t)l.n_levels;
    return status;
}
