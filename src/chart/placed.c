/* SPDX-License-Identifier: Apache-2.0 */
/* placed.c - a network whose table says where its nodes stand: source_x, source_y, target_x,
 * target_y, and perhaps a class and a mark (source_class, source_present, ...) of both ends.
 *
 * Such a map is drawn whole, with thousands of links; names stand at a few nodes only.
 */
#include "chart/chart.h"

enum { MOST_NODES = 6000, MOST_EDGES = 20000, MOST_CLASSES = 30 };

typedef struct end_of {
    const char *code;
    size_t row;
    bool target;
    uint32_t *node; /* where the link keeps it */
} end_of;

typedef struct place {
    size_t x, y, class, mark; /* columns of one end */
} place;

static size_t column(const qi_chart_draft *d, const char *name) {
    ptrdiff_t at = quipu_table_find(d->table, name);
    return at >= 0 ? (size_t)at : QI_NO_COLUMN;
}

static place place_of(const qi_chart_draft *d, bool target) {
    return target ? (place){column(d, "target_x"), column(d, "target_y"),
                            column(d, "target_class"), column(d, "target_present")}
                  : (place){column(d, "source_x"), column(d, "source_y"),
                            column(d, "source_class"), column(d, "source_present")};
}

static bool real_at(const qi_chart_draft *d, size_t column, size_t row, double *out) {
    const quipu_column *c = &d->table->columns[column];
    *out = 0;
    if (!quipu_table_present(d->table, column, row))
        return false;
    *out = c->data.real[row];
    return true;
}

bool qi_chart_is_placed(const qi_chart_draft *d) {
    place from = place_of(d, false), to = place_of(d, true);
    size_t all[] = {from.x, from.y, to.x, to.y};
    for (size_t i = 0; i < QI_COUNT(all); i++)
        if (all[i] == QI_NO_COLUMN || d->table->columns[all[i]].spec.type != QUIPU_REAL)
            return false;
    return qi_chart_is(d, "network");
}

/* ---- classes, in the order of their scheme as far as rows tell: of first appearance ---- */

typedef struct class_list {
    size_t n;
    const char *name[MOST_CLASSES];
} class_list;

static size_t class_at(class_list *all, const char *name) {
    size_t i = 0;
    while (i < all->n && strcmp(all->name[i], name) != 0)
        i++;
    if (i == all->n && i < MOST_CLASSES)
        all->name[all->n++] = name;
    return i < MOST_CLASSES ? i : MOST_CLASSES - 1;
}

/* ---- nodes ---- */

static int by_code(const void *a, const void *b) {
    const end_of *x = a, *y = b;
    int order = strcmp(x->code, y->code);
    return order != 0 ? order : x->row < y->row ? -1 : x->row > y->row;
}

static json_t *node_id(size_t i) {
    char id[24];
    snprintf(id, sizeof id, "n%zu", i);
    return json_string(id);
}

static quipu_status add_node(qi_chart_draft *d, const end_of *end, size_t degree,
                             class_list *classes, json_t *data, quipu_error *err) {
    place at = place_of(d, end->target);
    double x, y;
    json_t *node = json_object();
    size_t label = end->target ? d->target : d->source;
    if (!real_at(d, at.x, end->row, &x) || !real_at(d, at.y, end->row, &y)) {
        json_decref(node);
        return qi_fail(err, QUIPU_E_DATA, "no place is given for '%s'", end->code);
    }
    json_object_set_new(node, "name", node_id(json_array_size(data)));
    json_object_set_new(node, "label",
                        json_string(qi_chart_clean(d, qi_chart_cell(d, label, end->row))));
    json_object_set_new(node, "value", json_integer((json_int_t)degree));
    json_object_set_new(node, "x", json_real(x));
    json_object_set_new(node, "y", json_real(y));
    if (at.class != QI_NO_COLUMN && quipu_table_present(d->table, at.class, end->row)) {
        const char *name = qi_chart_clean(d, d->table->columns[at.class].data.text[end->row]);
        json_object_set_new(node, "category",
                            json_integer((json_int_t)class_at(classes, name)));
    }
    if (at.mark != QI_NO_COLUMN && quipu_table_present(d->table, at.mark, end->row))
        json_object_set_new(
            node, "present",
            json_boolean(d->table->columns[at.mark].data.integer[end->row] != 0));
    return json_array_append_new(data, node) == 0 ? QUIPU_OK : qi_fail_memory(err, 0);
}

static quipu_status add_nodes(qi_chart_draft *d, end_of *ends, size_t n, class_list *classes,
                              json_t *data, quipu_error *err) {
    qsort(ends, n, sizeof *ends, by_code);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && strcmp(ends[end].code, ends[i].code) == 0; end++)
            *ends[end].node = (uint32_t)json_array_size(data);
        if (json_array_size(data) == MOST_NODES)
            return qi_fail(err, QUIPU_E_LIMIT, "a map shows up to %d nodes: narrow the table",
                           (int)MOST_NODES);
        QI_TRY(add_node(d, &ends[i], end - i, classes, data, err));
    }
    return QUIPU_OK;
}

/* ---- links ---- */

static quipu_status gather(qi_chart_draft *d, end_of *ends, uint32_t *nodes, double *value,
                           size_t *n, quipu_error *err) {
    for (size_t row = 0; row < d->table->n_rows; row++) {
        const char *from = qi_chart_code(d, d->source, row);
        const char *to = qi_chart_code(d, d->target, row);
        if (from == NULL || to == NULL || !qi_chart_figure(d, d->y, row, &value[*n]))
            continue;
        if (*n == MOST_EDGES)
            return qi_fail(err, QUIPU_E_LIMIT,
                           "a map shows up to %d links: one year, or a higher least figure",
                           (int)MOST_EDGES);
        ends[2 * *n] = (end_of){from, row, false, &nodes[2 * *n]};
        ends[2 * *n + 1] = (end_of){to, row, true, &nodes[2 * *n + 1]};
        ++*n;
    }
    return *n > 0 ? QUIPU_OK
                  : qi_fail(err, QUIPU_E_DATA, "no row has two ends and a figure to draw");
}

static void write_links(const uint32_t *nodes, const double *value, size_t n, json_t *links) {
    for (size_t e = 0; e < n; e++) {
        json_t *link = json_object();
        json_object_set_new(link, "source", node_id(nodes[2 * e]));
        json_object_set_new(link, "target", node_id(nodes[2 * e + 1]));
        json_object_set_new(link, "value", json_real(value[e]));
        json_array_append_new(links, link);
    }
}

static quipu_status write(qi_chart_draft *d, end_of *ends, uint32_t *nodes, double *value,
                          quipu_error *err) {
    json_t *series = json_array(), *one = json_object(), *data = json_array();
    json_t *links = json_array(), *categories = json_array();
    class_list classes = {0};
    size_t n = 0;
    json_object_set_new(d->root, "series", series);
    json_array_append_new(series, one);
    json_object_set_new(one, "type", json_string("graph"));
    json_object_set_new(one, "data", data);
    json_object_set_new(one, "links", links);
    json_object_set_new(one, "categories", categories);
    json_object_set_new(d->about, "placed", json_true());
    QI_TRY(gather(d, ends, nodes, value, &n, err));
    QI_TRY(add_nodes(d, ends, 2 * n, &classes, data, err));
    write_links(nodes, value, n, links);
    for (size_t i = 0; i < classes.n; i++) {
        json_t *category = json_object();
        json_object_set_new(category, "name", json_string(classes.name[i]));
        json_array_append_new(categories, category);
    }
    return QUIPU_OK;
}

quipu_status qi_chart_placed(qi_chart_draft *d, quipu_error *err) {
    size_t n = d->table->n_rows;
    n = n < MOST_EDGES + 1 ? n : MOST_EDGES + 1;
    end_of *ends = calloc(2 * n + 1, sizeof *ends);
    uint32_t *nodes = calloc(2 * n + 1, sizeof *nodes);
    double *value = calloc(n + 1, sizeof *value);
    quipu_status status = QUIPU_OK;
    if (ends == NULL || nodes == NULL || value == NULL)
        status = qi_fail_memory(err, 2 * n * sizeof *ends);
    if (status == QUIPU_OK)
        status = write(d, ends, nodes, value, err);
    free(ends);
    free(nodes);
    free(value);
    return status;
}
