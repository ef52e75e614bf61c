/* SPDX-License-Identifier: Apache-2.0 */
/* edges.c - figures between two ends: sankey, network, ownership.
 *
 * Rows of the same two ends are added up.  In a sankey a name on both sides is one node when
 * what flows into it can flow on without coming back; otherwise the sides stand apart, as for
 * trade between countries that buy from each other.
 */
#include "chart/chart.h"

enum { MOST_NODES = 800, MOST_EDGES = 4000 };

typedef struct end_point {
    const char *name, *label;
    double in, out;
    int depth;
    bool source, target;
} end_point;

typedef struct web {
    QI_LIST(end_point) nodes;
    size_t n; /* edges */
    uint32_t *from, *to;
    double *value;
    bool *known;
} web;

static void net_free(web *net) {
    free(net->nodes.items);
    free(net->from);
    free(net->to);
    free(net->value);
    free(net->known);
}

/* Names are few: looked through one by one.  Nodes of one side only when `apart`. */
static uint32_t node_of(web *net, const char *name, const char *label, bool apart,
                        bool as_target) {
    for (size_t i = 0; i < net->nodes.n; i++) {
        end_point *n = &net->nodes.items[i];
        if (strcmp(n->name, name) == 0 && (!apart || n->target == as_target)) {
            n->source = n->source || !as_target;
            n->target = n->target || as_target;
            return (uint32_t)i;
        }
    }
    end_point fresh = {.name = name, .label = label, .source = !as_target, .target = as_target};
    return QI_PUSH(&net->nodes, fresh) ? (uint32_t)(net->nodes.n - 1) : QI_NO_ITEM;
}

static bool room_for(web *net, size_t n) {
    net->from = calloc(n + 1, sizeof *net->from);
    net->to = calloc(n + 1, sizeof *net->to);
    net->value = calloc(n + 1, sizeof *net->value);
    net->known = calloc(n + 1, sizeof *net->known);
    return net->from != NULL && net->to != NULL && net->value != NULL && net->known != NULL;
}

static bool is_sum(const char *code) {
    return strcmp(code, "total") == 0;
}

static quipu_status add_edge(web *net, uint32_t from, uint32_t to, bool known, double value,
                             quipu_error *err) {
    for (size_t e = 0; e < net->n; e++) {
        if (net->from[e] == from && net->to[e] == to) {
            net->value[e] += known ? value : 0;
            net->known[e] = net->known[e] || known;
            return QUIPU_OK;
        }
    }
    if (net->n == MOST_EDGES || net->nodes.n > MOST_NODES)
        return qi_fail(err, QUIPU_E_LIMIT,
                       "a figure shows up to %d edges between %d nodes: narrow the table",
                       (int)MOST_EDGES, (int)MOST_NODES);
    net->from[net->n] = from;
    net->to[net->n] = to;
    net->value[net->n] = known ? value : 0;
    net->known[net->n++] = known;
    return QUIPU_OK;
}

static quipu_status gather(qi_chart_draft *d, web *net, bool apart, quipu_error *err) {
    bool owners = qi_chart_is(d, "ownership");
    if (!room_for(net, d->table->n_rows < MOST_EDGES ? d->table->n_rows : MOST_EDGES))
        return qi_fail_memory(err, d->table->n_rows);
    for (size_t row = 0; row < d->table->n_rows; row++) {
        const char *from = qi_chart_code(d, d->source, row);
        const char *to = qi_chart_code(d, d->target, row);
        double value;
        bool known = qi_chart_figure(d, d->y, row, &value);
        if (from == NULL || to == NULL || is_sum(from) || is_sum(to) || (!known && !owners))
            continue;
        if (known && value < 0)
            return qi_fail(err, QUIPU_E_DATA,
                           "from '%s' to '%s' is negative: a %s cannot show that", from, to,
                           d->kind->name);
        if (known && value <= 0 && !owners)
            continue;
        uint32_t a = node_of(net, qi_chart_clean(d, from), qi_chart_cell(d, d->source, row),
                             apart, false);
        uint32_t b =
            node_of(net, qi_chart_clean(d, to), qi_chart_cell(d, d->target, row), apart, true);
        if (a == QI_NO_ITEM || b == QI_NO_ITEM)
            return qi_fail_memory(err, 0);
        QI_TRY(add_edge(net, a, b, known, value, err));
    }
    return net->n > 0 ? QUIPU_OK
                      : qi_fail(err, QUIPU_E_DATA, "no row has two ends and a figure to draw");
}

/* Depths by longest way; false when the edges run in a ring. */
static bool set_depths(web *net) {
    for (size_t round = 0; round <= net->nodes.n; round++) {
        bool moved = false;
        for (size_t e = 0; e < net->n; e++) {
            end_point *a = &net->nodes.items[net->from[e]], *b = &net->nodes.items[net->to[e]];
            if (b->depth < a->depth + 1) {
                b->depth = a->depth + 1;
                moved = true;
            }
        }
        if (!moved)
            return true;
    }
    return false;
}

static bool push(json_t *array, json_t *item) {
    return json_array_append_new(array, item) == 0;
}

/* ---- the strongest of many ---- */

typedef struct ranked {
    double size;
    size_t at;
} ranked;

static int by_size(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* Marks the `most` largest of `size`. */
static bool mark_largest(const double *size, size_t n, size_t most, bool *keep) {
    ranked *order = calloc(n + 1, sizeof *order);
    if (order == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        order[i] = (ranked){size[i], i};
    qsort(order, n, sizeof *order, by_size);
    for (size_t i = 0; i < n && i < most; i++)
        keep[order[i].at] = order[i].size > 0;
    free(order);
    return true;
}

/* Moves what is kept to the front; nodes without an edge go. */
static void keep_edges(web *net, const bool *keep, uint32_t *place) {
    size_t n = 0, nodes = 0;
    for (size_t i = 0; i < net->nodes.n; i++)
        place[i] = QI_NO_ITEM;
    for (size_t e = 0; e < net->n; e++) {
        if (!keep[e])
            continue;
        place[net->from[e]] = place[net->to[e]] = 0;
        net->from[n] = net->from[e];
        net->to[n] = net->to[e];
        net->value[n] = net->value[e];
        net->known[n++] = net->known[e];
    }
    net->n = n;
    for (size_t i = 0; i < net->nodes.n; i++) {
        if (place[i] == QI_NO_ITEM)
            continue;
        place[i] = (uint32_t)nodes;
        net->nodes.items[nodes++] = net->nodes.items[i];
    }
    net->nodes.n = nodes;
    for (size_t e = 0; e < n; e++) {
        net->from[e] = place[net->from[e]];
        net->to[e] = place[net->to[e]];
    }
}

/* Thousands of ties make a black ball; the strongest show who is tied to whom. */
static quipu_status thin_out(qi_chart_draft *d, web *net, quipu_error *err) {
    const size_t most_nodes = 36, most_edges = 72;
    size_t before = net->n, n = net->nodes.n;
    if (n <= most_nodes && before <= 2 * most_edges)
        return QUIPU_OK;
    double *size = calloc(n + before + 1, sizeof *size);
    bool *keep = calloc(n + before + 1, sizeof *keep);
    uint32_t *place = calloc(n + 1, sizeof *place);
    bool ok = size != NULL && keep != NULL && place != NULL;
    for (size_t e = 0; ok && e < before; e++) {
        size[net->from[e]] += net->value[e];
        size[net->to[e]] += net->value[e];
    }
    ok = ok && mark_largest(size, n, most_nodes, keep);
    for (size_t e = 0; ok && e < before; e++)
        size[n + e] = keep[net->from[e]] && keep[net->to[e]] ? net->value[e] : 0;
    ok = ok && mark_largest(size + n, before, most_edges, keep + n);
    if (ok) {
        keep_edges(net, keep + n, place);
        char all[QI_NUMBER_TEXT];
        /* "2,002": bare it would read like a year. */
        if (before < 1000)
            snprintf(all, sizeof all, "%zu", before);
        else
            snprintf(all, sizeof all, "%zu%c%03zu", before / 1000,
                     d->chart->spanish ? '.' : ',', before % 1000);
        d->remark = qi_arena_printf(&d->arena,
                                    d->chart->spanish ? "De %s vínculos, los %zu más fuertes."
                                                      : "Of %s ties, the strongest %zu.",
                                    all, net->n);
    }
    free(size);
    free(keep);
    free(place);
    return ok ? QUIPU_OK : qi_fail_memory(err, n);
}

/* What tells a node from all others in the option: its place in the list. */
static json_t *node_id(size_t i) {
    char id[24];
    snprintf(id, sizeof id, "n%zu", i);
    return json_string(id);
}

static quipu_status write_nodes(const qi_chart_draft *d, web *net, json_t *data,
                                quipu_error *err) {
    size_t n = net->nodes.n;
    double *x = calloc(2 * n + 1, sizeof *x), *y = x != NULL ? x + n : NULL;
    quipu_status status = x != NULL ? QUIPU_OK : qi_fail_memory(err, n);
    if (status == QUIPU_OK && qi_chart_is(d, "network"))
        status = qi_chart_layout(n, net->n, net->from, net->to, x, y, err);
    for (size_t i = 0; i < n && status == QUIPU_OK; i++) {
        const end_point *one = &net->nodes.items[i];
        json_t *out = json_object();
        json_object_set_new(out, "name", node_id(i));
        json_object_set_new(out, "label", json_string(one->label));
        if (qi_chart_is(d, "sankey"))
            json_object_set_new(out, "depth", json_integer(one->depth));
        if (qi_chart_is(d, "network")) {
            json_object_set_new(out, "value", json_real(one->in + one->out));
            json_object_set_new(out, "x", json_real(x[i]));
            json_object_set_new(out, "y", json_real(y[i]));
        }
        push(data, out);
    }
    free(x);
    return status;
}

static quipu_status write_net(qi_chart_draft *d, web *net, quipu_error *err) {
    json_t *series = json_array(), *one = json_object(), *data = json_array(),
           *links = json_array();
    json_object_set_new(d->root, "series", series);
    push(series, one);
    json_object_set_new(one, "type",
                        json_string(qi_chart_is(d, "sankey") ? "sankey" : "graph"));
    json_object_set_new(one, "data", data);
    json_object_set_new(one, "links", links);
    for (size_t e = 0; e < net->n; e++) {
        json_t *link = json_object();
        json_object_set_new(link, "source", node_id(net->from[e]));
        json_object_set_new(link, "target", node_id(net->to[e]));
        json_object_set_new(link, "value",
                            net->known[e] ? json_real(net->value[e]) : json_null());
        push(links, link);
        net->nodes.items[net->from[e]].out += net->value[e];
        net->nodes.items[net->to[e]].in += net->value[e];
    }
    return write_nodes(d, net, data, err);
}

quipu_status qi_chart_edges(qi_chart_draft *d, quipu_error *err) {
    web net = {0};
    if (qi_chart_is_placed(d))
        return qi_chart_placed(d, err);
    quipu_status status = gather(d, &net, false, err);
    if (status == QUIPU_OK && qi_chart_is(d, "sankey") && !set_depths(&net)) {
        net_free(&net);
        memset(&net, 0, sizeof net);
        status = gather(d, &net, true, err);
        if (status == QUIPU_OK && !set_depths(&net))
            status = qi_fail(err, QUIPU_E_BUG, "flows between two sides run in a ring");
    }
    if (status == QUIPU_OK && qi_chart_is(d, "network"))
        status = thin_out(d, &net, err);
    if (status == QUIPU_OK)
        status = write_net(d, &net, err);
    net_free(&net);
    return status;
}
