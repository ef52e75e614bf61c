/* SPDX-License-Identifier: Apache-2.0 */
/* parts.c - figures one by one: treemap, scatter, map. */
#include "chart/chart.h"

enum { MOST_PARTS = 3000, MOST_POINTS = 20000 };

static bool push(json_t *array, json_t *item) {
    return json_array_append_new(array, item) == 0;
}

static json_t *only_series(qi_chart_draft *d, const char *type, json_t *data) {
    json_t *one = json_object(), *list = json_array();
    json_object_set_new(one, "type", json_string(type));
    json_object_set_new(one, "data", data);
    push(list, one);
    json_object_set_new(d->root, "series", list);
    return one;
}

/* ---- treemap ---- */

static json_t *leaf(const char *name, double value, bool rest) {
    json_t *node = json_object();
    json_object_set_new(node, "name", json_string(name));
    json_object_set_new(node, "value", json_real(value));
    if (rest)
        json_object_set_new(node, "rest", json_true());
    return node;
}

/* Only rows that are a part: positive, not a total. */
static quipu_status part(const qi_chart_draft *d, const qi_chart_items *items, size_t row,
                         double *value, bool *is_part, quipu_error *err) {
    uint32_t item = items->of_row[row];
    *is_part = qi_chart_figure(d, d->y, row, value) && !items->total[item];
    if (*is_part && *value < 0)
        return qi_fail(err, QUIPU_E_DATA, "'%s' is negative: areas cannot show that; try bar",
                       items->label[item]);
    *is_part = *is_part && *value > 0;
    return QUIPU_OK;
}

static quipu_status check_once(qi_chart_draft *d, const qi_chart_items *a,
                               const qi_chart_items *b, quipu_error *err) {
    size_t columns[QI_CHART_MOST_KEYS + 1], n = 0;
    qi_chart_items both;
    columns[n++] = d->x;
    for (size_t i = 0; i < d->n_keys; i++)
        columns[n++] = d->keys[i];
    QI_TRY(qi_chart_items_make(d, columns, n, &both, err));
    if (both.n == d->table->n_rows)
        return QUIPU_OK;
    for (size_t row = 0; row < d->table->n_rows; row++) {
        if (both.row[both.of_row[row]] != row)
            return qi_fail(
                err, QUIPU_E_DATA,
                "more than one figure for '%s'%s%s%s: narrow the table to one year, or "
                "name the column that tells them apart as series",
                a->label[a->of_row[row]], b != NULL ? " and '" : "",
                b != NULL ? b->label[b->of_row[row]] : "", b != NULL ? "'" : "");
    }
    return QUIPU_OK;
}

quipu_status qi_chart_treemap(qi_chart_draft *d, quipu_error *err) {
    qi_chart_items items, groups = {0};
    QI_TRY(qi_chart_items_make(d, &d->x, 1, &items, err));
    if (d->n_keys > 0)
        QI_TRY(qi_chart_items_make(d, d->keys, d->n_keys, &groups, err));
    QI_TRY(check_once(d, &items, d->n_keys > 0 ? &groups : NULL, err));
    json_t *data = json_array();
    only_series(d, "treemap", data);
    json_t **branch = qi_arena_alloc(&d->arena, (groups.n + 1) * sizeof *branch);
    if (branch == NULL)
        return qi_fail_memory(err, groups.n * sizeof *branch);
    size_t n = 0;
    for (size_t row = 0; row < d->table->n_rows; row++) {
        double value;
        bool is_part;
        QI_TRY(part(d, &items, row, &value, &is_part, err));
        if (!is_part || (groups.n > 0 && groups.total[groups.of_row[row]]))
            continue;
        if (++n > MOST_PARTS)
            return qi_fail(err, QUIPU_E_LIMIT, "a treemap shows up to %d parts: use a limit",
                           (int)MOST_PARTS);
        uint32_t i = items.of_row[row];
        json_t *one = leaf(items.label[i], value, items.rest[i]);
        if (groups.n == 0) {
            push(data, one);
            continue;
        }
        uint32_t g = groups.of_row[row];
        if (branch[g] == NULL) {
            json_t *node = json_object();
            json_object_set_new(node, "name", json_string(groups.label[g]));
            branch[g] = json_array();
            json_object_set_new(node, "children", branch[g]);
            push(data, node);
        }
        push(branch[g], one);
    }
    return n > 0 ? QUIPU_OK
                 : qi_fail(err, QUIPU_E_DATA,
                           "no figure is above zero: a treemap would be empty");
}

/* ---- scatter ---- */

static json_t *point(qi_chart_draft *d, size_t row, const char *name) {
    double x, y, size;
    if (!qi_chart_figure(d, d->x, row, &x) || !qi_chart_figure(d, d->y, row, &y))
        return NULL;
    json_t *out = json_object(), *value = json_array();
    push(value, json_real(x));
    push(value, json_real(y));
    if (d->size != QI_NO_COLUMN && qi_chart_figure(d, d->size, row, &size))
        push(value, json_real(size));
    json_object_set_new(out, "name", json_string(name));
    json_object_set_new(out, "value", value);
    return out;
}

/* A mark is named by everything that tells it from the others, except its colour. */
static quipu_status mark_names(qi_chart_draft *d, qi_chart_items *out, quipu_error *err) {
    size_t columns[QI_CHART_MOST_KEYS], n = 0;
    for (size_t i = 0; i < d->n_dimensions && n < QI_CHART_MOST_KEYS; i++) {
        bool is_key = d->n_keys > 0 && d->keys[0] == d->dimensions[i];
        if (d->distinct[i] > 1 && !is_key)
            columns[n++] = d->dimensions[i];
    }
    if (n == 0 && d->n_dimensions > 0)
        columns[n++] = d->dimensions[0];
    return qi_chart_items_make(d, columns, n, out, err);
}

quipu_status qi_chart_scatter(qi_chart_draft *d, quipu_error *err) {
    qi_chart_items marks, groups;
    if (d->table->n_rows > MOST_POINTS)
        return qi_fail(err, QUIPU_E_LIMIT, "a scatter plot shows up to %d marks", MOST_POINTS);
    QI_TRY(mark_names(d, &marks, err));
    QI_TRY(qi_chart_items_make(d, d->keys, d->n_keys, &groups, err));
    json_t *list = json_array();
    json_object_set_new(d->root, "series", list);
    size_t n = 0;
    for (size_t g = 0; g < groups.n; g++) {
        json_t *one = json_object(), *data = json_array();
        json_object_set_new(one, "type", json_string("scatter"));
        json_object_set_new(one, "name", json_string(d->n_keys > 0 ? groups.label[g] : ""));
        json_object_set_new(one, "data", data);
        push(list, one);
        for (size_t row = 0; row < d->table->n_rows; row++) {
            json_t *mark =
                groups.of_row[row] == g ? point(d, row, marks.label[marks.of_row[row]]) : NULL;
            if (mark != NULL && push(data, mark))
                n++;
        }
    }
    json_object_set_new(d->about, "xName", json_string(qi_chart_measured(d, d->x)));
    json_object_set_new(d->about, "yName", json_string(qi_chart_measured(d, d->y)));
    json_object_set_new(d->about, "xPercent",
                        json_boolean(d->table->columns[d->x].spec.type == QUIPU_SHARE));
    return n > 0 ? QUIPU_OK
                 : qi_fail(err, QUIPU_E_DATA, "no row has both figures of a scatter plot");
}

/* ---- map ---- */

quipu_status qi_chart_map(qi_chart_draft *d, quipu_error *err) {
    qi_chart_items items;
    /* The column of countries, if x is something else by default. */
    for (size_t i = 0; i < d->n_dimensions && d->chart->x == NULL; i++) {
        size_t c = d->dimensions[i];
        if (d->distinct[i] > 1 && qi_chart_is_country(d->table->columns[c].spec.name)) {
            d->x = c;
            break;
        }
    }
    QI_TRY(qi_chart_items_make(d, &d->x, 1, &items, err));
    d->n_keys = 0;
    QI_TRY(check_once(d, &items, NULL, err));
    json_t *data = json_array();
    only_series(d, "map", data);
    size_t n = 0;
    for (size_t row = 0; row < d->table->n_rows; row++) {
        const quipu_country *country = NULL;
        const char *code = qi_chart_code(d, d->x, row);
        double value;
        if (code == NULL || d->nomen == NULL ||
            quipu_country_find(d->nomen, code, &country, NULL) != QUIPU_OK)
            continue;
        bool known = qi_chart_figure(d, d->y, row, &value);
        json_t *one = json_object();
        json_object_set_new(one, "name", json_string(country->iso3));
        json_object_set_new(one, "label", json_string(items.label[items.of_row[row]]));
        json_object_set_new(one, "value", known ? json_real(value) : json_null());
        push(data, one);
        n += known;
    }
    return n > 0
               ? QUIPU_OK
               : qi_fail(err, QUIPU_E_DATA,
                         "column '%s' names no country that has a figure: a map wants codes or "
                         "names of countries as x",
                         d->table->columns[d->x].spec.name);
}
