/* SPDX-License-Identifier: Apache-2.0 */
/* pivot.c - one figure with its years as columns, for people. */
#include "measures/common.h"

typedef struct pivot {
    const quipu_table *from;
    size_t time, figure;
    int64_t *period; /* rising */
    size_t n_periods;
    size_t *kept; /* the other dimensions */
    size_t n_kept;
    size_t *row; /* of the new table, for each old row */
    size_t n_rows;
} pivot;

static int integer_order(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void list_periods(pivot *v) {
    const int64_t *all = v->from->columns[v->time].data.integer;
    size_t n = 0;
    for (size_t i = 0; i < v->from->n_rows; i++)
        v->period[i] = all[i];
    if (v->from->n_rows > 1)
        qsort(v->period, v->from->n_rows, sizeof *v->period, integer_order);
    for (size_t i = 0; i < v->from->n_rows; i++)
        if (n == 0 || v->period[n - 1] != v->period[i])
            v->period[n++] = v->period[i];
    v->n_periods = n;
}

static bool same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_dimensions(const pivot *v, size_t a, size_t b) {
    bool same = true;
    for (size_t k = 0; k < v->n_kept && same; k++) {
        const quipu_column *c = &v->from->columns[v->kept[k]];
        same = c->spec.type == QUIPU_TEXT ? same_text(c->data.text[a], c->data.text[b])
                                          : c->data.integer[a] == c->data.integer[b];
    }
    return same;
}

static uint64_t hash_of(const pivot *v, size_t row) {
    uint64_t hash = 0;
    for (size_t k = 0; k < v->n_kept; k++) {
        const quipu_column *c = &v->from->columns[v->kept[k]];
        const char *text = c->spec.type == QUIPU_TEXT ? c->data.text[row] : NULL;
        uint64_t own = text != NULL ? qi_hash64(text, strlen(text))
                       : c->spec.type == QUIPU_TEXT
                           ? 0
                           : qi_hash64(&c->data.integer[row], sizeof c->data.integer[row]);
        hash = (hash ^ own) * 0x9E3779B97F4A7C15u;
    }
    return hash >> 20;
}

/* Rows that differ in time only are one row of the new table, in order of first appearance.
 * `slots`: a power of two of places, each a row + 1. */
static void list_rows(pivot *v, size_t *slots, size_t n_slots) {
    for (size_t i = 0; i < v->from->n_rows; i++) {
        size_t at = hash_of(v, i) & (n_slots - 1);
        while (slots[at] != 0 && !same_dimensions(v, slots[at] - 1, i))
            at = (at + 1) & (n_slots - 1);
        if (slots[at] == 0) {
            slots[at] = i + 1;
            v->row[i] = v->n_rows++;
        } else {
            v->row[i] = v->row[slots[at] - 1];
        }
    }
}

static quipu_status copy_cells(const pivot *v, quipu_table *to, quipu_error *err) {
    const quipu_column *figure = &v->from->columns[v->figure];
    bool real = figure->spec.type == QUIPU_REAL || figure->spec.type == QUIPU_SHARE;
    for (size_t i = 0; i < v->from->n_rows; i++) {
        size_t row = v->row[i], p = 0;
        for (size_t k = 0; k < v->n_kept; k++) {
            const quipu_column *c = &v->from->columns[v->kept[k]];
            if (!quipu_table_present(v->from, v->kept[k], i))
                continue;
            if (c->spec.type == QUIPU_TEXT)
                QI_TRY(quipu_table_set_text(to, k, row, c->data.text[i], err));
            else
                quipu_table_set_integer(to, k, row, c->data.integer[i]);
        }
        if (!quipu_table_present(v->from, v->figure, i))
            continue;
        while (v->period[p] != v->from->columns[v->time].data.integer[i])
            p++;
        if (real)
            quipu_table_set_real(to, v->n_kept + p, row, figure->data.real[i]);
        else
            quipu_table_set_integer(to, v->n_kept + p, row, figure->data.integer[i]);
    }
    return QUIPU_OK;
}

static quipu_status copy_words(const pivot *v, quipu_table *to, quipu_error *err) {
    const quipu_table *from = v->from;
    QI_TRY(quipu_table_set_title(to, err, "%s (%s)", from->title,
                                 from->columns[v->figure].spec.label));
    for (size_t i = 0; i < from->n_notes; i++)
        QI_TRY(quipu_table_add_note(to, err, "%s", from->notes[i]));
    for (size_t i = 0; i < from->n_source; i++)
        QI_TRY(quipu_table_add_source(to, from->source[i].key, from->source[i].text, err));
    return QUIPU_OK;
}

static quipu_status make(pivot *v, qi_arena *arena, quipu_table *to, quipu_error *err) {
    size_t n = v->n_kept + v->n_periods;
    quipu_column_spec *specs = qi_arena_alloc(arena, (n + 1) * sizeof *specs);
    if (specs == NULL)
        return qi_fail_memory(err, n * sizeof *specs);
    for (size_t k = 0; k < v->n_kept; k++)
        specs[k] = v->from->columns[v->kept[k]].spec;
    for (size_t p = 0; p < v->n_periods; p++) {
        const char *name = qi_arena_printf(arena, "%d", (int)v->period[p]);
        if (name == NULL)
            return qi_fail_memory(err, 16);
        specs[v->n_kept + p] = v->from->columns[v->figure].spec;
        specs[v->n_kept + p].name = specs[v->n_kept + p].label = name;
    }
    QI_TRY(quipu_table_init(to, v->from->measure, specs, n, err));
    QI_TRY(quipu_table_add_rows(to, v->n_rows, NULL, err));
    QI_TRY(copy_cells(v, to, err));
    return copy_words(v, to, err);
}

quipu_status qi_table_pivot(quipu_table *table, const char *figure, quipu_error *err) {
    ptrdiff_t time = quipu_table_find(table, "year"), of = quipu_table_find(table, figure);
    if (time < 0)
        time = quipu_table_find(table, "month");
    if (time < 0 || of < 0)
        return QUIPU_OK; /* there are no years to spread */
    qi_arena arena = {0};
    quipu_table wide = {0};
    pivot v = {.from = table, .time = (size_t)time, .figure = (size_t)of};
    size_t n = table->n_rows + 1, n_slots = 2;
    while (n_slots < 2 * n)
        n_slots *= 2;
    size_t *slots = qi_arena_alloc(&arena, n_slots * sizeof *slots);
    v.period = qi_arena_alloc(&arena, n * sizeof *v.period);
    v.row = qi_arena_alloc(&arena, n * sizeof *v.row);
    v.kept = qi_arena_alloc(&arena, (table->n_columns + 1) * sizeof *v.kept);
    quipu_status status = QUIPU_OK;
    if (slots == NULL || v.period == NULL || v.row == NULL || v.kept == NULL) {
        status = qi_fail_memory(err, n * sizeof *v.row);
        goto done;
    }
    for (size_t c = 0; c < table->n_columns; c++)
        if (table->columns[c].spec.role == QUIPU_DIMENSION && c != v.time)
            v.kept[v.n_kept++] = c;
    list_periods(&v);
    list_rows(&v, slots, n_slots);
    status = make(&v, &arena, &wide, err);
done:
    qi_arena_free(&arena);
    if (status == QUIPU_OK) {
        quipu_table_free(table);
        *table = wide;
    } else {
        quipu_table_free(&wide);
    }
    return status;
}
