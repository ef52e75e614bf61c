/* SPDX-License-Identifier: Apache-2.0 */
/* interval.c - figures with an interval, one under the other: the columns `low` and `high` of
 * the table are its ends; a figure without them is a mark alone.  A series is drawn as marks
 * and as a line that breaks off between the intervals. */
#include "chart/chart.h"

enum { MOST_ROWS = 400 };

/* False: the table has no such column of figures, or the cell is missing. */
static bool end_of(const qi_chart_draft *d, const char *name, size_t row, double *out) {
    ptrdiff_t column = quipu_table_find(d->table, name);
    return column >= 0 && d->table->columns[column].spec.type != QUIPU_TEXT &&
           qi_chart_figure(d, (size_t)column, row, out);
}

static void push_pair(json_t *list, double x, double y) {
    json_t *pair = json_array();
    json_array_append_new(pair, json_real(x));
    json_array_append_new(pair, json_real(y));
    json_array_append_new(list, pair);
}

static void push_mark(json_t *list, const char *name, double x, double y) {
    json_t *mark = json_object(), *value = json_array();
    json_array_append_new(value, json_real(x));
    json_array_append_new(value, json_real(y));
    json_object_set_new(mark, "name", json_string(name));
    json_object_set_new(mark, "value", value);
    json_array_append_new(list, mark);
}

static json_t *series_of(const char *type, const char *name, json_t *data) {
    json_t *one = json_object();
    json_object_set_new(one, "type", json_string(type));
    json_object_set_new(one, "name", json_string(name));
    json_object_set_new(one, "data", data);
    return one;
}

/* Several series of one item stand a little apart. */
static double place(size_t item, size_t series, size_t n) {
    return (double)item +
           ((double)series - 0.5 * (double)(n - 1)) * (n > 1 ? 0.6 / (double)n : 0);
}

/* Items that have a figure, in order of their rows; SIZE_MAX = none. */
static size_t number_items(const qi_chart_draft *d, const qi_chart_items *items,
                           size_t *number) {
    size_t n = 0;
    double value;
    for (size_t i = 0; i < items->n; i++)
        number[i] = SIZE_MAX;
    for (size_t row = 0; row < d->table->n_rows; row++) {
        uint32_t i = items->of_row[row];
        if (i != QI_NO_ITEM && number[i] == SIZE_MAX && qi_chart_figure(d, d->y, row, &value))
            number[i] = n++;
    }
    return n;
}

/* Does the column tell rows that have a figure apart? */
static bool varies(qi_chart_draft *d, size_t column) {
    const char *first = NULL;
    double value;
    for (size_t row = 0; row < d->table->n_rows; row++) {
        if (!qi_chart_figure(d, d->y, row, &value))
            continue;
        const char *code = qi_chart_code(d, column, row);
        if (code == NULL) /* a missing one is one of its own */
            code = "";
        if (first != NULL && strcmp(first, code) != 0)
            return true;
        first = code;
    }
    return false;
}

quipu_status qi_chart_interval(qi_chart_draft *d, quipu_error *err) {
    qi_chart_items items, groups;
    size_t n_keys = 0;
    for (size_t k = 0; k < d->n_keys; k++)
        if (varies(d, d->keys[k]))
            d->keys[n_keys++] = d->keys[k];
    d->n_keys = n_keys;
    QI_TRY(qi_chart_items_make(d, &d->x, 1, &items, err));
    QI_TRY(qi_chart_items_make(d, d->keys, d->n_keys, &groups, err));
    size_t *number = qi_arena_alloc(&d->arena, (items.n + 1) * sizeof *number), drawn = 0;
    json_t *list = json_array(), *rows = json_array();
    json_object_set_new(d->root, "series", list);
    json_object_set_new(d->about, "rows", rows);
    if (number == NULL)
        return qi_fail_memory(err, items.n * sizeof *number);
    if (number_items(d, &items, number) > MOST_ROWS)
        return qi_fail(err, QUIPU_E_LIMIT, "intervals are drawn for up to %d items", MOST_ROWS);
    for (size_t row = 0; row < d->table->n_rows; row++) {
        uint32_t i = items.of_row[row];
        if (i != QI_NO_ITEM && number[i] == json_array_size(rows))
            json_array_append_new(rows, json_string(items.label[i]));
    }
    for (size_t g = 0; g < groups.n; g++) {
        json_t *marks = json_array(), *ends = json_array();
        const char *name = d->n_keys > 0 ? groups.label[g] : "";
        json_array_append_new(list, series_of("scatter", name, marks));
        json_array_append_new(list, series_of("line", name, ends));
        for (size_t row = 0; row < d->table->n_rows; row++) {
            double x, low, high;
            uint32_t i = items.of_row[row];
            if (groups.of_row[row] != g || i == QI_NO_ITEM ||
                !qi_chart_figure(d, d->y, row, &x))
                continue;
            double y = place(number[i], g, groups.n);
            push_mark(marks, items.label[i], x, y);
            drawn++;
            if (!end_of(d, "low", row, &low) || !end_of(d, "high", row, &high))
                continue;
            push_pair(ends, low, y);
            push_pair(ends, high, y);
            json_array_append_new(ends, json_null());
        }
    }
    return drawn > 0 ? QUIPU_OK : qi_fail(err, QUIPU_E_DATA, "no row has a figure to draw");
}
