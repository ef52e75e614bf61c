/* SPDX-License-Identifier: Apache-2.0 */
/* graph.c - who holds what on a day: the part of the register behind some targets.
 *
 * Strongly connected groups are found by Tarjan's algorithm (1972), without recursion.  It
 * finishes a group after all groups it leads to, and edges lead from what is held to its
 * holders, so the order in which groups are finished has holders first.  In a group that is
 * held by nobody but itself, entirely, no share has a meaning: that is an error.
 */
#include "invest/invest.h"

typedef struct building {
    const quipu_register *reg;
    int32_t date;
    qi_absorb absorb;
    const void *user;
    uint32_t *list; /* nodes reached, in the order they were */
    uint32_t *seen; /* node to position in list, or QI_NONE */
    size_t n;
} building;

static bool valid(const building *b, const qi_stake *s) {
    return s->from <= b->date && b->date <= s->to;
}

/* The stakes in a node, as positions in reg->into. */
static void stakes_in(const building *b, uint32_t node, uint32_t *first, uint32_t *end) {
    *first = b->reg->into_start[node];
    *end = b->absorb != NULL && b->absorb(b->reg, node, b->user) ? *first
                                                                 : b->reg->into_start[node + 1];
}

static void reach(building *b, uint32_t node) {
    if (b->seen[node] == QI_NONE) {
        b->seen[node] = (uint32_t)b->n;
        b->list[b->n++] = node;
    }
}

static void reach_all(building *b, const uint32_t *targets, size_t n_targets) {
    size_t total = qi_n_nodes(b->reg);
    for (size_t i = 0; i < total; i++)
        b->seen[i] = QI_NONE;
    for (size_t i = 0; i < (targets != NULL ? n_targets : total); i++)
        reach(b, targets != NULL ? targets[i] : (uint32_t)i);
    for (size_t i = 0; i < b->n; i++) {
        uint32_t first, end;
        stakes_in(b, b->list[i], &first, &end);
        for (; first < end; first++) {
            const qi_stake *s = &b->reg->stakes.items[b->reg->into[first]];
            if (valid(b, s))
                reach(b, s->owner);
        }
    }
}

/* ---- strongly connected groups ---- */

typedef struct tarjan {
    uint32_t *index, *low, *at, *stack, *path;
    uint8_t *on_stack;
    uint32_t next, n_stack, n_path;
} tarjan;

static void enter(tarjan *t, const building *b, uint32_t v) {
    uint32_t end;
    t->index[v] = t->low[v] = ++t->next;
    t->stack[t->n_stack++] = v;
    t->on_stack[v] = 1;
    t->path[t->n_path++] = v;
    stakes_in(b, b->list[v], &t->at[v], &end);
}

/* The next holder of v that was not looked at yet, or false. */
static bool step(tarjan *t, const building *b, uint32_t v, uint32_t *out) {
    uint32_t first, end;
    stakes_in(b, b->list[v], &first, &end);
    while (t->at[v] < end) {
        const qi_stake *s = &b->reg->stakes.items[b->reg->into[t->at[v]++]];
        if (valid(b, s)) {
            *out = b->seen[s->owner];
            return true;
        }
    }
    return false;
}

static void leave(tarjan *t, qi_graph *g, const building *b, uint32_t v) {
    uint32_t w;
    if (t->low[v] == t->index[v]) {
        do {
            w = t->stack[--t->n_stack];
            t->on_stack[w] = 0;
            g->circle[g->n] = (uint32_t)g->n_circles;
            g->node[g->n++] = b->list[w];
        } while (w != v);
        g->n_circles++;
    }
    if (t->n_path > 0) {
        uint32_t parent = t->path[t->n_path - 1];
        if (t->low[v] < t->low[parent])
            t->low[parent] = t->low[v];
    }
}

static void walk(tarjan *t, qi_graph *g, const building *b, uint32_t root) {
    enter(t, b, root);
    while (t->n_path > 0) {
        uint32_t v = t->path[t->n_path - 1], w;
        if (!step(t, b, v, &w)) {
            t->n_path--;
            leave(t, g, b, v);
        } else if (t->index[w] == 0) {
            enter(t, b, w);
        } else if (t->on_stack[w] && t->index[w] < t->low[v]) {
            t->low[v] = t->index[w];
        }
    }
}

static quipu_status find_groups(qi_graph *g, const building *b, quipu_error *err) {
    tarjan t = {0};
    size_t n = b->n;
    uint32_t *room = calloc(n * 5 + 1, sizeof *room);
    t.on_stack = calloc(n + 1, 1);
    if (room == NULL || t.on_stack == NULL) {
        free(room);
        free(t.on_stack);
        return qi_fail_memory(err, n * 20);
    }
    t.index = room;
    t.low = room + n;
    t.at = room + n * 2;
    t.stack = room + n * 3;
    t.path = room + n * 4;
    for (uint32_t v = 0; v < n; v++)
        if (t.index[v] == 0)
            walk(&t, g, b, v);
    free(room);
    free(t.on_stack);
    return QUIPU_OK;
}

/* ---- edges ---- */

/* Shares the remainder of a node equally among stakes that are not exact, up to what each
 * can be. */
static void fill_equally(qi_edge *edges, size_t n, int64_t remainder) {
    for (;;) {
        int64_t open = 0;
        for (size_t i = 0; i < n; i++)
            open += edges[i].point < edges[i].high;
        if (open == 0 || remainder < open)
            return;
        int64_t each = remainder / open;
        for (size_t i = 0; i < n; i++) {
            int64_t room = edges[i].high - edges[i].point;
            int64_t more = room < each ? room : each;
            edges[i].point += more;
            remainder -= more;
        }
    }
}

static void finish_node(qi_graph *g, size_t j, qi_unknown_rule rule) {
    qi_edge *edges = g->edges + g->start[j];
    size_t n = g->start[j + 1] - g->start[j];
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += edges[i].low;
    for (size_t i = 0; i < n; i++) {
        int64_t most = edges[i].low + (QI_WHOLE - sum);
        edges[i].point = edges[i].low;
        if (edges[i].high > most)
            edges[i].high = most;
    }
    if (rule == QI_UNKNOWN_EQUAL)
        fill_equally(edges, n, QI_WHOLE - sum);
    g->undisclosed[j] = QI_WHOLE;
    for (size_t i = 0; i < n; i++)
        g->undisclosed[j] -= edges[i].point;
    g->ultimate[j] = n == 0 && g->node[j] < g->reg->entities.n;
    if (g->ultimate[j])
        g->undisclosed[j] = 0;
}

static void add_edges(qi_graph *g, const building *b, qi_unknown_rule rule) {
    uint32_t n = 0;
    for (size_t j = 0; j < g->n; j++) {
        uint32_t first, end;
        g->start[j] = n;
        stakes_in(b, g->node[j], &first, &end);
        for (; first < end; first++) {
            uint32_t stake = b->reg->into[first];
            const qi_stake *s = &b->reg->stakes.items[stake];
            if (!valid(b, s))
                continue;
            g->n_unknown += !s->stated;
            g->n_ranged += s->stated && s->low < s->high;
            uint32_t owner = g->local[s->owner];
            if (owner == j)
                g->in_circle[g->circle[j]] = 1;
            g->edges[n++] = (qi_edge){.owner = owner,
                                      .stake = stake,
                                      .low = s->low,
                                      .high = s->high,
                                      .votes = s->votes == QI_NO_VOTES ? s->low : s->votes};
        }
        g->start[j + 1] = n;
        finish_node(g, j, rule);
    }
}

static size_t count_edges(const qi_graph *g, const building *b) {
    size_t n = 0;
    for (size_t j = 0; j < g->n; j++) {
        uint32_t first, end;
        stakes_in(b, g->node[j], &first, &end);
        for (; first < end; first++)
            n += valid(b, &b->reg->stakes.items[b->reg->into[first]]);
    }
    return n;
}

/* ---- closed groups ---- */

static quipu_status closed_group(const qi_graph *g, size_t from, size_t end, quipu_error *err) {
    char names[360] = "";
    size_t used = 0, shown = 0;
    uint64_t line = UINT64_MAX;
    for (size_t j = from; j < end; j++) {
        for (uint32_t e = g->start[j]; e < g->start[j + 1]; e++) {
            uint64_t here = g->reg->stakes.items[g->edges[e].stake].line;
            line = here < line ? here : line;
        }
        if (shown < 6)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%.50s",
                                     shown++ > 0 ? ", " : "", qi_node_id(g->reg, g->node[j]));
    }
    if (end - from > shown)
        snprintf(names + used, sizeof names - used, " and %zu more", end - from - shown);
    char path[256];
    snprintf(path, sizeof path, "%.200s/%s", g->reg->folder, qi_table_file(QI_T_STAKES));
    if (end - from == 1)
        return qi_fail_at(err, QUIPU_E_DATA, path, line, 1,
                          "a company that owns itself entirely: %s", names);
    return qi_fail_at(err, QUIPU_E_DATA, path, line, 1,
                      "a closed group that owns itself entirely: %s", names);
}

static quipu_status check_groups(qi_graph *g, quipu_error *err) {
    for (size_t from = 0, end; from < g->n; from = end) {
        uint32_t circle = g->circle[from];
        for (end = from; end < g->n && g->circle[end] == circle; end++) {
        }
        if (end - from > 1)
            g->in_circle[circle] = 1;
        if (!g->in_circle[circle])
            continue;
        g->cyclic = true;
        bool closed = true;
        for (size_t j = from; j < end && closed; j++) {
            int64_t inside = 0;
            for (uint32_t e = g->start[j]; e < g->start[j + 1]; e++)
                if (g->circle[g->edges[e].owner] == circle)
                    inside += g->edges[e].point;
            closed = inside == QI_WHOLE;
        }
        if (closed)
            return closed_group(g, from, end, err);
    }
    return QUIPU_OK;
}

/* ---- open and close ---- */

static quipu_status make_room(qi_graph *g, size_t n, quipu_error *err) {
    qi_arena *a = &g->arena;
    g->node = qi_arena_alloc(a, (n + 1) * sizeof *g->node);
    g->local = qi_arena_alloc(a, (qi_n_nodes(g->reg) + 1) * sizeof *g->local);
    g->start = qi_arena_alloc(a, (n + 1) * sizeof *g->start);
    g->circle = qi_arena_alloc(a, (n + 1) * sizeof *g->circle);
    g->in_circle = qi_arena_alloc(a, n + 1);
    g->undisclosed = qi_arena_alloc(a, (n + 1) * sizeof *g->undisclosed);
    g->ultimate = qi_arena_alloc(a, (n + 1) * sizeof *g->ultimate);
    bool fine = g->node != NULL && g->local != NULL && g->start != NULL && g->circle != NULL &&
                g->in_circle != NULL && g->undisclosed != NULL && g->ultimate != NULL;
    return fine ? QUIPU_OK : qi_fail_memory(err, n * 40);
}

quipu_status qi_graph_open(const quipu_register *reg, int32_t date, const uint32_t *targets,
                           size_t n_targets, qi_unknown_rule rule, qi_absorb absorb,
                           const void *user, qi_graph *g, quipu_error *err) {
    quipu_status status = QUIPU_OK;
    size_t total = qi_n_nodes(reg);
    building b = {.reg = reg, .date = date, .absorb = absorb, .user = user};
    *g = (qi_graph){.reg = reg};
    b.list = calloc(total + 1, sizeof *b.list);
    b.seen = calloc(total + 1, sizeof *b.seen);
    if (b.list == NULL || b.seen == NULL) {
        status = qi_fail_memory(err, total * 8);
        goto done;
    }
    reach_all(&b, targets, n_targets);
    QI_GO(make_room(g, b.n, err));
    QI_GO(find_groups(g, &b, err));
    for (size_t i = 0; i < total; i++)
        g->local[i] = QI_NONE;
    for (size_t j = 0; j < g->n; j++)
        g->local[g->node[j]] = (uint32_t)j;
    size_t n_edges = count_edges(g, &b);
    g->edges = qi_arena_alloc(&g->arena, (n_edges + 1) * sizeof *g->edges);
    if (g->edges == NULL) {
        status = qi_fail_memory(err, n_edges * sizeof *g->edges);
        goto done;
    }
    add_edges(g, &b, rule);
    QI_GO(check_groups(g, err));
done:
    free(b.list);
    free(b.seen);
    if (status != QUIPU_OK)
        qi_graph_close(g);
    return status;
}

void qi_graph_close(qi_graph *g) {
    qi_solver_close(g->solver);
    qi_arena_free(&g->arena);
    memset(g, 0, sizeof *g);
}
