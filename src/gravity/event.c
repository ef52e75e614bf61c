/* SPDX-License-Identifier: Apache-2.0 */
/* event.c - when each pair entered, and dummies of the time to and from that. */
#include "gravity/event.h"

#include <math.h>

typedef struct maker {
    qi_panel *panel;
    const qi_event_wish *wish;
    const double *value, *year;
    uint32_t *unit; /* of each row */
    uint32_t n_units;
    double *entry, *first; /* of each unit; entry NaN = never */
} maker;

/* ---- units and their entries ---- */

static quipu_status number_units(maker *m, quipu_error *err) {
    static const qi_role roles[] = {QI_EXPORTER, QI_IMPORTER, QI_SECTOR};
    qi_panel *p = m->panel;
    uint64_t *key = calloc(p->n + 1, sizeof *key), *once = malloc((p->n + 1) * sizeof *once);
    quipu_status status = QUIPU_OK;
    size_t n = 0;
    m->unit = malloc((p->n + 1) * sizeof *m->unit);
    if (key == NULL || once == NULL || m->unit == NULL) {
        status = qi_fail_memory(err, p->n * sizeof *key);
        goto done;
    }
    for (size_t r = 0; r < QI_COUNT(roles); r++) {
        if (p->role[roles[r]] < 0)
            continue;
        QI_GO(qi_panel_labels(p, (size_t)p->role[roles[r]], err));
        const qi_panel_column *c = &p->columns.items[p->role[roles[r]]];
        for (size_t i = 0; i < p->n; i++) /* a missing label is a label of its own */
            key[i] = key[i] * (c->n_labels + 1) +
                     (c->label[i] == QI_NO_LABEL ? c->n_labels : c->label[i]);
    }
    memcpy(once, key, p->n * sizeof *once);
    qi_sort_keys(once, p->n);
    for (size_t i = 0; i < p->n; i++)
        if (n == 0 || once[n - 1] != once[i])
            once[n++] = once[i];
    for (size_t i = 0; i < p->n; i++) {
        size_t low = 0, left = n;
        for (; left > 1; left -= left / 2)
            low += once[low + left / 2] <= key[i] ? left / 2 : 0;
        m->unit[i] = (uint32_t)low;
    }
    m->n_units = (uint32_t)n;
done:
    free(key);
    free(once);
    return status;
}

static quipu_status find_entries(maker *m, quipu_error *err) {
    m->entry = malloc(((size_t)m->n_units + 1) * sizeof *m->entry);
    m->first = malloc(((size_t)m->n_units + 1) * sizeof *m->first);
    if (m->entry == NULL || m->first == NULL)
        return qi_fail_memory(err, m->n_units * sizeof *m->entry);
    for (uint32_t u = 0; u < m->n_units; u++)
        m->entry[u] = m->first[u] = NAN;
    for (size_t i = 0; i < m->panel->n; i++) {
        double v = m->value[i], y = m->year[i];
        uint32_t u = m->unit[i];
        if (v != v || y != y)
            continue;
        if (v != 0.0 && v != 1.0)
            return qi_fail_at(err, QUIPU_E_DATA, m->panel->file, qi_panel_line(m->panel, i), 0,
                              "%.60s is neither 0 nor 1: an event is entered or not",
                              m->wish->variable);
        m->first[u] = m->first[u] <= y ? m->first[u] : y;
        if (v == 1.0)
            m->entry[u] = m->entry[u] <= y ? m->entry[u] : y;
    }
    return QUIPU_OK;
}

static void count_units(const maker *m, uint8_t *keep, qi_event *out) {
    out->n_units = m->n_units;
    for (uint32_t u = 0; u < m->n_units; u++) {
        bool never = m->entry[u] != m->entry[u];
        out->n_never += never;
        out->n_always += !never && m->entry[u] == m->first[u];
    }
    out->n_entered = out->n_units - out->n_never - out->n_always;
    for (size_t i = 0; i < m->panel->n; i++)
        if (m->entry[m->unit[i]] == m->first[m->unit[i]])
            keep[i] = 0;
}

/* ---- dummies ---- */

/* Steps to (below zero) or since entry, at the ends of the window at most. */
static long when_of(const maker *m, size_t row) {
    double steps = floor((m->year[row] - m->entry[m->unit[row]]) / (double)m->wish->step);
    double w = (double)m->wish->window;
    return (long)(steps < -w ? -w : steps > w ? w : steps);
}

/* The years of entry, rising; with one step several years are one cohort. */
static double cohort_of(const maker *m, double entry, double base) {
    double s = (double)m->wish->step;
    return base + floor((entry - base) / s) * s;
}

typedef struct cell {
    long when;
    double cohort; /* NaN = all */
} cell;

static int by_time(const void *a, const void *b) {
    const cell *x = a, *y = b;
    if (x->when != y->when)
        return x->when < y->when ? -1 : 1;
    return (x->cohort > y->cohort) - (x->cohort < y->cohort);
}

static bool is_same(const cell *a, const cell *b) {
    return a->when == b->when && (a->cohort == b->cohort || a->cohort != a->cohort);
}

static bool row_cell(const maker *m, const uint8_t *keep, size_t i, double base, cell *out) {
    double entry = m->entry[m->unit[i]];
    if (!keep[i] || entry != entry || m->year[i] != m->year[i])
        return false;
    out->when = when_of(m, i);
    out->cohort = m->wish->by_cohort ? cohort_of(m, entry, base) : (double)NAN;
    return out->when != -1;
}

static quipu_status add_dummy(maker *m, const uint8_t *keep, double base, const cell *c,
                              qi_event *out, quipu_error *err) {
    char name[128];
    size_t at, n = out->n++;
    if (m->wish->by_cohort)
        snprintf(name, sizeof name, "%.60s::%ld::%.0f", m->wish->variable, c->when, c->cohort);
    else
        snprintf(name, sizeof name, "%.60s::%ld", m->wish->variable, c->when);
    out->when[n] = c->when;
    out->name[n] = qi_arena_dup(&out->arena, name);
    if (out->name[n] == NULL)
        return qi_fail_memory(err, sizeof name);
    QI_TRY(qi_panel_add(m->panel, name, &at, err));
    QI_TRY(qi_panel_numbers(m->panel, at, err));
    double *x = m->panel->columns.items[at].number;
    for (size_t i = 0; i < m->panel->n; i++) {
        cell here;
        x[i] = row_cell(m, keep, i, base, &here) && is_same(&here, c) ? 1.0 : 0.0;
    }
    return QUIPU_OK;
}

enum { MOST_DUMMIES = 1000 };

/* The cells that have rows. */
static quipu_status find_cells(const maker *m, const uint8_t *keep, double base, cell *cells,
                               size_t *n, quipu_error *err) {
    *n = 0;
    for (size_t i = 0; i < m->panel->n; i++) {
        cell here;
        size_t at = 0;
        if (!row_cell(m, keep, i, base, &here))
            continue;
        while (at < *n && !is_same(&cells[at], &here))
            at++;
        if (at < *n) { /* rows of a pair follow each other: the same ones are met again */
            cell swap = cells[at / 2];
            cells[at / 2] = cells[at];
            cells[at] = swap;
            continue;
        }
        if (*n == MOST_DUMMIES)
            return qi_fail(err, QUIPU_E_LIMIT,
                           "an event study of more than %d dummies: take a smaller window or "
                           "an interval",
                           MOST_DUMMIES);
        cells[(*n)++] = here;
    }
    qsort(cells, *n, sizeof *cells, by_time);
    return QUIPU_OK;
}

static quipu_status make_dummies(maker *m, const uint8_t *keep, qi_event *out,
                                 quipu_error *err) {
    cell *cells = qi_arena_alloc(&out->arena, MOST_DUMMIES * sizeof *cells);
    double base = INFINITY, last = -INFINITY;
    size_t n;
    out->when = qi_arena_alloc(&out->arena, MOST_DUMMIES * sizeof *out->when);
    out->name = qi_arena_alloc(&out->arena, MOST_DUMMIES * sizeof *out->name);
    if (cells == NULL || out->when == NULL || out->name == NULL)
        return qi_fail_memory(err, MOST_DUMMIES * sizeof *cells);
    for (size_t i = 0; i < m->panel->n; i++)
        base = keep[i] && m->year[i] < base ? m->year[i] : base;
    QI_TRY(find_cells(m, keep, base, cells, &n, err));
    for (size_t c = 0; c < n; c++)
        last = cells[c].cohort > last ? cells[c].cohort : last;
    out->control = out->n_never == 0 && m->wish->by_cohort ? last : (double)NAN;
    for (size_t c = 0; c < n; c++)
        if (cells[c].cohort != out->control || cells[c].cohort != cells[c].cohort)
            QI_TRY(add_dummy(m, keep, base, &cells[c], out, err));
    return out->n > 0 ? QUIPU_OK
                      : qi_fail_at(err, QUIPU_E_DATA, m->panel->file, 0, 0,
                                   "event study: no %s enters %.60s after its first year",
                                   m->panel->role[QI_IMPORTER] >= 0 ? "pair" : "unit",
                                   m->wish->variable);
}

quipu_status qi_event_make(qi_panel *panel, const qi_event_wish *wish, uint8_t *keep,
                           qi_event *out, quipu_error *err) {
    maker m = {.panel = panel, .wish = wish};
    ptrdiff_t variable = qi_panel_find(panel, wish->variable), year = panel->role[QI_YEAR];
    quipu_status status;
    *out = (qi_event){0};
    if (variable < 0 || panel->columns.items[variable].number == NULL)
        return qi_fail(err, QUIPU_E_ARG, "event study: there is no variable \"%.60s\"",
                       wish->variable);
    if (year < 0 || panel->columns.items[year].number == NULL)
        return qi_fail(err, QUIPU_E_ARG, "event study: there is no column of years");
    m.value = panel->columns.items[variable].number;
    m.year = panel->columns.items[year].number;
    QI_GO(number_units(&m, err));
    QI_GO(find_entries(&m, err));
    count_units(&m, keep, out);
    QI_GO(make_dummies(&m, keep, out, err));
done:
    free(m.unit);
    free(m.entry);
    free(m.first);
    if (status != QUIPU_OK)
        qi_event_free(out);
    return status;
}

void qi_event_free(qi_event *event) {
    qi_arena_free(&event->arena);
    *event = (qi_event){0};
}
