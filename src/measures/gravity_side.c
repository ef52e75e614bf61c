/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_side.c - which row of a table of the user's belongs to which row of the panel.
 *
 * The keys are those the table has of exporter, importer, year and sector, or two countries
 * (both directions), or one.  Countries may be written differently on the two sides: what is
 * not the same text is the same country.
 */
#include "measures/gravity_join.h"

#define NO_ROW UINT32_MAX

static ptrdiff_t column_named(const qi_side *s, const char *const *wanted, size_t n) {
    char folded[64];
    for (size_t i = 0; i < s->n_names; i++) {
        qi_fold(s->names[i], strlen(s->names[i]), folded, sizeof folded);
        for (size_t w = 0; w < n; w++)
            if (strcmp(folded, wanted[w]) == 0)
                return (ptrdiff_t)i;
    }
    return -1;
}

quipu_status qi_side_open(qi_side *s, qi_gravity *g, const char *path, quipu_error *err) {
    static const char *const first[] = {"country1", "country 1", "iso1", "iso3 1"};
    static const char *const second[] = {"country2", "country 2", "iso2", "iso3 2"};
    static const char *const single[] = {"country", "iso3"};
    *s = (qi_side){.g = g, .path = path};
    qi_panel_start(&s->panel, NULL);
    QI_TRY(qi_panel_open(path, &s->file, err));
    s->n_names = qi_panel_file_columns(s->file, &s->names);
    QI_TRY(qi_gravity_roles(g, NULL, s->names, s->n_names, s->key, err));
    s->one = column_named(s, first, QI_COUNT(first));
    s->two = column_named(s, second, QI_COUNT(second));
    if (s->one < 0 || s->two < 0) {
        s->two = -1;
        s->one = column_named(s, single, QI_COUNT(single));
    }
    if (s->key[QI_EXPORTER] >= 0 || s->key[QI_IMPORTER] >= 0)
        s->one = s->two = -1;
    bool any = s->one >= 0;
    for (size_t r = 0; r < QI_N_ROLES; r++)
        any = any || s->key[r] >= 0;
    return any ? QUIPU_OK
               : qi_fail_at(err, QUIPU_E_DATA, path, 1, 0,
                            "nothing to join by: the table needs columns called exporter, "
                            "importer, year, sector, country, or country1 and country2");
}

void qi_side_close(qi_side *s) {
    qi_panel_close(s->file);
    qi_panel_free(&s->panel);
    s->file = NULL;
}

static bool is_key(const qi_side *s, ptrdiff_t column) {
    bool key = column == s->one || column == s->two;
    for (size_t r = 0; r < QI_N_ROLES; r++)
        key = key || column == s->key[r];
    return key;
}

ptrdiff_t qi_side_find(const qi_side *s, const char *name) {
    for (size_t i = 0; i < s->n_names; i++)
        if (strcmp(s->names[i], name) == 0 && !is_key(s, (ptrdiff_t)i))
            return (ptrdiff_t)i;
    return -1;
}

void qi_side_want(qi_side *s, size_t column, bool label) {
    qi_panel_want(s->file, column, !label, label);
}

quipu_status qi_side_read(qi_side *s, quipu_error *err) {
    const quipu_request *q = s->g->request;
    const qi_panel_read_options options = {q->threads, q->stop, q->stop_user};
    for (size_t r = 0; r < QI_N_ROLES; r++)
        if (s->key[r] >= 0)
            qi_panel_want(s->file, (size_t)s->key[r], r == QI_YEAR, r != QI_YEAR);
    if (s->one >= 0)
        qi_panel_want(s->file, (size_t)s->one, false, true);
    if (s->two >= 0)
        qi_panel_want(s->file, (size_t)s->two, false, true);
    return qi_panel_read(s->file, &options, &s->panel, err);
}

/* ---- labels of the table as those of the panel ---- */

static uint32_t same_text(const qi_panel_column *to, const char *text) {
    for (uint32_t k = 0; k < to->n_labels; k++)
        if (strcmp(to->labels[k], text) == 0)
            return k;
    return NO_ROW;
}

typedef struct translated {
    uint32_t *of; /* label of the panel of each label of the table */
    const uint32_t *label;
} translated;

/* `country`: other spellings are understood. */
static quipu_status translate(qi_side *s, ptrdiff_t header, qi_role role, bool country,
                              translated *out, quipu_error *err) {
    qi_panel *panel = &s->g->panel;
    const quipu_nomen *nomen = s->g->request->nomen;
    if (panel->role[role] < 0)
        return qi_fail_at(err, QUIPU_E_DATA, s->path, 1, 0,
                          "the table is joined by %.60s, and the panel has no such column",
                          s->names[header]);
    QI_TRY(qi_panel_labels(panel, (size_t)panel->role[role], err));
    const qi_panel_column *to = &panel->columns.items[panel->role[role]];
    const qi_panel_column *from =
        &s->panel.columns.items[qi_panel_find(&s->panel, s->names[header])];
    const quipu_country **known =
        qi_arena_alloc(&s->g->arena, (to->n_labels + 1) * sizeof *known);
    out->of = qi_arena_alloc(&s->g->arena, (from->n_labels + 1) * sizeof *out->of);
    out->label = from->label;
    if (known == NULL || out->of == NULL)
        return qi_fail_memory(err, to->n_labels * sizeof *known);
    for (size_t k = 0; country && k < to->n_labels; k++)
        if (quipu_country_find(nomen, to->labels[k], &known[k], NULL) != QUIPU_OK)
            known[k] = NULL;
    for (size_t i = 0; i < from->n_labels; i++) {
        const quipu_country *c;
        out->of[i] = same_text(to, from->labels[i]);
        if (out->of[i] != NO_ROW || !country ||
            quipu_country_find(nomen, from->labels[i], &c, NULL) != QUIPU_OK)
            continue;
        for (uint32_t k = 0; k < to->n_labels; k++)
            if (known[k] == c)
                out->of[i] = k;
    }
    return QUIPU_OK;
}

/* ---- rows ---- */

enum { BY_EXPORTER, BY_IMPORTER, BY_SECTOR, N_BY };

typedef struct matcher {
    qi_side *s;
    bool by[N_BY];
    translated from[N_BY];
    const double *year; /* of the table; NULL: not a key */
    const double *panel_year;
    uint32_t *slots;
    size_t n_slots;
    uint32_t (*key)[N_BY]; /* of each slot */
} matcher;

static size_t hash_of(const matcher *m, const uint32_t key[N_BY], double year) {
    uint64_t h = (uint64_t)(int64_t)(year == year ? year : 0.0);
    for (size_t b = 0; b < N_BY; b++)
        h = (h ^ key[b]) * UINT64_C(0x9E3779B97F4A7C15) + (h >> 29);
    return (size_t)(h ^ h >> 32) & (m->n_slots - 1);
}

/* The slot of a key: where it is, or where it would go. */
static size_t slot_of(const matcher *m, const uint32_t key[N_BY], double year) {
    size_t at = hash_of(m, key, year);
    for (; m->slots[at] != 0; at = (at + 1) & (m->n_slots - 1))
        if (memcmp(m->key[at], key, sizeof m->key[at]) == 0 &&
            (m->year == NULL || m->year[m->slots[at] - 1] == year))
            break;
    return at;
}

static bool key_of(const matcher *m, size_t row, bool swapped, uint32_t key[N_BY]) {
    memset(key, 0, N_BY * sizeof *key);
    for (size_t b = 0; b < N_BY; b++) {
        const translated *t = &m->from[b];
        if (!m->by[b])
            continue;
        if (t->label[row] == QI_NO_LABEL || t->of[t->label[row]] == NO_ROW)
            return false;
        key[swapped && b < BY_SECTOR ? 1 - b : b] = t->of[t->label[row]];
    }
    return m->year == NULL || m->year[row] == m->year[row];
}

static quipu_status put_all(matcher *m, bool swapped, quipu_error *err) {
    const qi_panel *table = &m->s->panel;
    for (size_t row = 0; row < table->n; row++) {
        uint32_t key[N_BY];
        if (!key_of(m, row, swapped, key))
            continue;
        size_t at = slot_of(m, key, m->year != NULL ? m->year[row] : 0.0);
        if (m->slots[at] != 0 && !swapped)
            return qi_fail_at(err, QUIPU_E_DATA, table->file, qi_panel_line(table, row), 0,
                              "line %llu is of the same countries, sector and year",
                              (unsigned long long)qi_panel_line(table, m->slots[at] - 1));
        if (m->slots[at] != 0)
            continue; /* the table has this direction itself */
        m->slots[at] = (uint32_t)row + 1;
        memcpy(m->key[at], key, sizeof key);
    }
    return QUIPU_OK;
}

/* Swapped countries are translated by the other side's labels. */
static quipu_status set_keys(matcher *m, qi_beside how, bool swapped, quipu_error *err) {
    qi_side *s = m->s;
    ptrdiff_t header[N_BY] = {s->key[QI_EXPORTER], s->key[QI_IMPORTER], s->key[QI_SECTOR]};
    static const qi_role role[N_BY] = {QI_EXPORTER, QI_IMPORTER, QI_SECTOR};
    if (how == QI_BESIDE_PAIR) {
        header[BY_EXPORTER] = s->one;
        header[BY_IMPORTER] = s->two;
    } else if (how != QI_BESIDE_SIDES) {
        header[how == QI_BESIDE_EXPORTER ? BY_EXPORTER : BY_IMPORTER] = s->one;
    }
    for (size_t b = 0; b < N_BY; b++) {
        qi_role other = swapped && b < BY_SECTOR ? role[1 - b] : role[b];
        m->by[b] = header[b] >= 0;
        if (m->by[b])
            QI_TRY(translate(s, header[b], other, b < BY_SECTOR, &m->from[b], err));
    }
    if (s->key[QI_YEAR] < 0)
        return QUIPU_OK;
    ptrdiff_t year = s->g->panel.role[QI_YEAR];
    if (year < 0 || s->g->panel.columns.items[year].number == NULL)
        return qi_fail_at(err, QUIPU_E_DATA, s->path, 1, 0,
                          "the table is joined by year, and the panel has none");
    m->panel_year = s->g->panel.columns.items[year].number;
    m->year =
        s->panel.columns.items[qi_panel_find(&s->panel, s->names[s->key[QI_YEAR]])].number;
    return QUIPU_OK;
}

static void find_all(const matcher *m, uint32_t *out) {
    static const qi_role role[N_BY] = {QI_EXPORTER, QI_IMPORTER, QI_SECTOR};
    const qi_panel *panel = &m->s->g->panel;
    for (size_t i = 0; i < panel->n; i++) {
        uint32_t key[N_BY] = {0};
        bool whole = m->year == NULL || m->panel_year[i] == m->panel_year[i];
        for (size_t b = 0; b < N_BY; b++) {
            if (!m->by[b])
                continue;
            key[b] = panel->columns.items[panel->role[role[b]]].label[i];
            whole = whole && key[b] != QI_NO_LABEL;
        }
        size_t at = whole ? slot_of(m, key, m->year != NULL ? m->panel_year[i] : 0.0) : 0;
        out[i] = whole && m->slots[at] != 0 ? m->slots[at] - 1 : NO_ROW;
    }
}

quipu_status qi_side_rows(qi_side *s, qi_beside how, uint32_t **out, quipu_error *err) {
    matcher m = {.s = s, .n_slots = 64};
    quipu_status status = QUIPU_OK;
    size_t n = s->panel.n * (how == QI_BESIDE_PAIR ? 2 : 1);
    while (m.n_slots < 2 * n)
        m.n_slots *= 2;
    m.slots = calloc(m.n_slots, sizeof *m.slots);
    m.key = malloc(m.n_slots * sizeof *m.key);
    *out = malloc((s->g->panel.n + 1) * sizeof **out);
    if (m.slots == NULL || m.key == NULL || *out == NULL) {
        status = qi_fail_memory(err, m.n_slots * sizeof *m.key);
        goto done;
    }
    QI_GO(set_keys(&m, how, false, err));
    QI_GO(put_all(&m, false, err));
    if (how == QI_BESIDE_PAIR) {
        QI_GO(set_keys(&m, how, true, err));
        QI_GO(put_all(&m, true, err));
    }
    find_all(&m, *out);
done:
    free(m.slots);
    free(m.key);
    if (status != QUIPU_OK) {
        free(*out);
        *out = NULL;
    }
    return status;
}
