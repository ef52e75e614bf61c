/* SPDX-License-Identifier: Apache-2.0 */
/* matrix.c - figures by x and series: line, area, bar, grouped-bar, heatmap.
 *
 * A pair with no row, or with a missing figure, is null: a gap, never zero.
 */
#include "chart/chart.h"

enum { MOST_CELLS = 200000, MOST_SERIES = 400 };

typedef struct matrix {
    qi_chart_items x, series;
    size_t *order; /* of x */
    size_t n;
    double *value; /* [series * x.n + x] */
    bool *known;
    bool *left_out; /* series */
} matrix;

static int by_period(const void *a, const void *b) {
    const int64_t *x = a, *y = b;
    return x[0] < y[0] ? -1 : x[0] > y[0];
}

static bool is_stack(const qi_chart_draft *d) {
    return qi_chart_is(d, "area");
}

static bool is_bar(const qi_chart_draft *d) {
    return qi_chart_is(d, "bar") || qi_chart_is(d, "grouped-bar");
}

/* Rising when x is time; otherwise as the table lists them.  Totals are no part of a stack
 * and dwarf bars. */
static quipu_status order_x(qi_chart_draft *d, matrix *m, quipu_error *err) {
    m->order = qi_arena_alloc(&d->arena, (m->x.n + 1) * sizeof *m->order);
    int64_t(*key)[2] = qi_arena_alloc(&d->arena, (m->x.n + 1) * sizeof *key);
    if (m->order == NULL || key == NULL)
        return qi_fail_memory(err, m->x.n * sizeof *key);
    const quipu_column *c = &d->table->columns[d->x];
    for (size_t i = 0; i < m->x.n; i++) {
        bool named = quipu_table_present(d->table, d->x, m->x.row[i]);
        if ((m->x.total[i] && m->x.n > 2 && is_bar(d)) || (d->x == d->time && !named))
            continue;
        key[m->n][0] = d->x == d->time ? c->data.integer[m->x.row[i]] : (int64_t)m->n;
        key[m->n++][1] = (int64_t)i;
    }
    if (d->x == d->time)
        qsort(key, m->n, sizeof *key, by_period);
    for (size_t i = 0; i < m->n; i++)
        m->order[i] = (size_t)key[i][1];
    return QUIPU_OK;
}

static quipu_status fill(qi_chart_draft *d, matrix *m, quipu_error *err) {
    for (size_t row = 0; row < d->table->n_rows; row++) {
        double value;
        size_t s = m->series.of_row[row], x = m->x.of_row[row], at = s * m->x.n + x;
        if (!qi_chart_figure(d, d->y, row, &value))
            continue;
        if (m->known[at])
            return qi_fail(
                err, QUIPU_E_DATA,
                "more than one figure for '%s'%s%s%s: name the column that tells them "
                "apart as series, or narrow the table",
                m->x.label[x], d->n_keys > 0 ? " and '" : "",
                d->n_keys > 0 ? m->series.label[s] : "", d->n_keys > 0 ? "'" : "");
        if (value < 0 && is_stack(d))
            return qi_fail(err, QUIPU_E_DATA,
                           "'%s' is negative in '%s': stacked areas cannot show that; try line "
                           "or grouped-bar",
                           m->series.label[s], m->x.label[x]);
        m->known[at] = true;
        m->value[at] = value;
    }
    return QUIPU_OK;
}

/* Series that have nothing to show are not named either: all missing, or a rest of zero. */
static void leave_out(const qi_chart_draft *d, matrix *m) {
    for (size_t s = 0; s < m->series.n; s++) {
        bool any = false;
        for (size_t x = 0; x < m->x.n && !any; x++)
            any = m->known[s * m->x.n + x] &&
                  (m->value[s * m->x.n + x] != 0 || !(is_stack(d) || m->series.rest[s]));
        m->left_out[s] = !any || (m->series.total[s] && m->series.n > 1 && is_stack(d));
    }
}

static quipu_status matrix_make(qi_chart_draft *d, matrix *m, quipu_error *err) {
    size_t cells;
    QI_TRY(qi_chart_items_make(d, &d->x, 1, &m->x, err));
    QI_TRY(qi_chart_items_make(d, d->keys, d->n_keys, &m->series, err));
    QI_TRY(order_x(d, m, err));
    if (!qi_mul_size(m->series.n, m->x.n, &cells) || cells > MOST_CELLS ||
        m->series.n > MOST_SERIES)
        return qi_fail(
            err, QUIPU_E_LIMIT,
            "%zu series of %zu points are more than a figure can show (%d series, %d "
            "points in all): narrow the table",
            m->series.n, m->x.n, (int)MOST_SERIES, (int)MOST_CELLS);
    m->value = qi_arena_alloc(&d->arena, (cells + 1) * sizeof *m->value);
    m->known = qi_arena_alloc(&d->arena, cells + 1);
    m->left_out = qi_arena_alloc(&d->arena, m->series.n + 1);
    if (m->value == NULL || m->known == NULL || m->left_out == NULL)
        return qi_fail_memory(err, cells * sizeof *m->value);
    QI_TRY(fill(d, m, err));
    leave_out(d, m);
    return QUIPU_OK;
}

/* ---- to JSON ---- */

static json_t *figure(const matrix *m, size_t s, size_t x) {
    size_t at = s * m->x.n + x;
    return m->known[at] ? json_real(m->value[at]) : json_null();
}

static bool push(json_t *array, json_t *item) {
    return json_array_append_new(array, item) == 0;
}

static json_t *labels(const qi_chart_items *items, const size_t *order, size_t n) {
    json_t *out = json_array();
    for (size_t i = 0; i < n; i++)
        push(out, json_string(items->label[order != NULL ? order[i] : i]));
    return out;
}

static int64_t year_of(const qi_chart_draft *d, const matrix *m, size_t x) {
    return d->table->columns[d->x].data.integer[m->x.row[x]];
}

static json_t *axis(const qi_chart_draft *d, const matrix *m, bool years) {
    json_t *out = json_object();
    if (years) {
        json_object_set_new(out, "type", json_string("value"));
        json_object_set_new(out, "min", json_integer(year_of(d, m, m->order[0])));
        json_object_set_new(out, "max", json_integer(year_of(d, m, m->order[m->n - 1])));
    } else {
        json_object_set_new(out, "type", json_string("category"));
        json_object_set_new(out, "data", labels(&m->x, m->order, m->n));
    }
    return out;
}

static json_t *points(const qi_chart_draft *d, const matrix *m, size_t s, bool years) {
    json_t *data = json_array();
    for (size_t i = 0; i < m->n; i++) {
        size_t x = m->order[i];
        json_t *point = json_array();
        push(point, json_integer(years ? year_of(d, m, x) : (int64_t)i));
        push(point, figure(m, s, x));
        push(data, point);
    }
    return data;
}

static json_t *bar_data(const matrix *m, size_t s) {
    json_t *data = json_array();
    for (size_t i = 0; i < m->n; i++)
        push(data, figure(m, s, m->order[i]));
    return data;
}

static void write_series(const qi_chart_draft *d, const matrix *m, bool years, json_t *list) {
    for (size_t s = 0; s < m->series.n; s++) {
        if (m->left_out[s])
            continue;
        json_t *one = json_object();
        json_object_set_new(one, "type", json_string(is_bar(d) ? "bar" : "line"));
        json_object_set_new(one, "name", json_string(m->series.label[s]));
        if (m->series.rest[s])
            json_object_set_new(one, "rest", json_true());
        json_object_set_new(one, "data", is_bar(d) ? bar_data(m, s) : points(d, m, s, years));
        push(list, one);
    }
}

static void write_heatmap(qi_chart_draft *d, const matrix *m, json_t *list) {
    json_t *one = json_object(), *data = json_array(), *rows = json_array();
    int64_t row = 0;
    for (size_t s = 0; s < m->series.n; s++) {
        if (m->left_out[s])
            continue;
        push(rows, json_string(m->series.label[s]));
        for (size_t i = 0; i < m->n; i++) {
            json_t *cell = json_array();
            push(cell, json_integer((int64_t)i));
            push(cell, json_integer(row));
            push(cell, figure(m, s, m->order[i]));
            push(data, cell);
        }
        row++;
    }
    json_object_set_new(one, "type", json_string("heatmap"));
    json_object_set_new(one, "data", data);
    push(list, one);
    json_object_set_new(d->about, "rows", rows);
}

quipu_status qi_chart_matrix(qi_chart_draft *d, quipu_error *err) {
    matrix m = {0};
    QI_TRY(matrix_make(d, &m, err));
    if (m.n == 0)
        return qi_fail(err, QUIPU_E_DATA, "the table has no rows to draw");
    bool over_time = d->x == d->time;
    bool years = over_time && !d->months && !is_bar(d) && !qi_chart_is(d, "heatmap");
    json_t *list = json_array();
    json_object_set_new(d->root, "xAxis", axis(d, &m, years));
    json_object_set_new(d->root, "series", list);
    json_object_set_new(d->about, "categories", labels(&m.x, m.order, m.n));
    json_object_set_new(d->about, "time", json_boolean(over_time));
    if (qi_chart_is(d, "heatmap"))
        write_heatmap(d, &m, list);
    else
        write_series(d, &m, years, list);
    return QUIPU_OK;
}
