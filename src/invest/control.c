/* SPDX-License-Identifier: Apache-2.0 */
/* control.c - who controls what, by votes, as a fixpoint (Ceri, Gottlob & Tanca 1990).
 *
 * S(i) is the least set that has i in it and every company in which its members together have
 * more than theta of the votes.  Who is controlled by k has nothing k has not: S(i) lies in
 * S(k).  So only those whom nobody controls need be looked at, holders first.
 */
#include "invest/invest.h"

typedef struct held {
    uint32_t node;
    int64_t votes;
} held;

typedef struct search {
    const qi_graph *g;
    int64_t theta;
    qi_controlled *out;
    int64_t *best; /* votes of the controller recorded */
    uint32_t *start;
    held *holdings; /* by owner */
    int64_t *sum;
    uint32_t *stamp, *member; /* `stamp`: the sum is of this round */
    uint32_t *in_set;
    size_t n_members;
    uint32_t round;
} search;

static void list_holdings(search *s) {
    const qi_graph *g = s->g;
    for (uint32_t e = 0; e < g->start[g->n]; e++)
        s->start[g->edges[e].owner + 2]++;
    for (size_t i = 2; i <= g->n + 1; i++)
        s->start[i] += s->start[i - 1];
    for (size_t j = 0; j < g->n; j++)
        for (uint32_t e = g->start[j]; e < g->start[j + 1]; e++)
            s->holdings[s->start[g->edges[e].owner + 1]++] =
                (held){(uint32_t)j, g->edges[e].votes};
}

/* The set of `root`, in s->member. */
static void gather(search *s, uint32_t root) {
    s->round++;
    s->n_members = 0;
    s->member[s->n_members++] = root;
    s->in_set[root] = s->round;
    for (size_t at = 0; at < s->n_members; at++) {
        uint32_t i = s->member[at];
        for (uint32_t h = s->start[i]; h < s->start[i + 1]; h++) {
            uint32_t j = s->holdings[h].node;
            if (s->stamp[j] != s->round) {
                s->stamp[j] = s->round;
                s->sum[j] = 0;
            }
            s->sum[j] += s->holdings[h].votes;
            if (s->sum[j] > s->theta && s->in_set[j] != s->round) {
                s->in_set[j] = s->round;
                s->member[s->n_members++] = j;
            }
        }
    }
}

static void record(search *s, uint32_t root) {
    bool circle = s->stamp[root] == s->round && s->sum[root] > s->theta;
    for (size_t at = circle ? 0 : 1; at < s->n_members; at++) {
        uint32_t j = s->member[at];
        qi_controlled *c = &s->out[j];
        /* Two may control one company where theta is below a half: the one with more votes.
         * A controller that is in the set itself gives way. */
        bool taken = c->kind != QI_CONTROL_NONE && s->in_set[c->by] != s->round &&
                     s->best[j] >= s->sum[j];
        if (taken)
            continue;
        c->kind = circle ? QI_CONTROL_CIRCLE : QI_CONTROL_ONE;
        c->by = root;
        s->best[j] = s->sum[j];
    }
}

/* Holders who act together: one name in `consortium`. */
static void find_joint(const qi_graph *g, size_t j, int64_t theta, qi_controlled *out) {
    for (uint32_t e = g->start[j]; e < g->start[j + 1]; e++) {
        const char *name = g->reg->stakes.items[g->edges[e].stake].consortium;
        int64_t sum = 0;
        uint32_t largest = e;
        if (name[0] == '\0')
            continue;
        for (uint32_t k = g->start[j]; k < g->start[j + 1]; k++) {
            if (strcmp(name, g->reg->stakes.items[g->edges[k].stake].consortium) != 0)
                continue;
            sum += g->edges[k].votes;
            if (g->edges[k].votes > g->edges[largest].votes)
                largest = k;
        }
        if (sum > theta) {
            *out = (qi_controlled){QI_CONTROL_JOINT, g->edges[largest].owner, name};
            return;
        }
    }
}

quipu_status qi_control(const qi_graph *g, int64_t theta, qi_controlled *out,
                        quipu_error *err) {
    quipu_status status = QUIPU_OK;
    qi_arena room = {0};
    size_t n = g->n + 2;
    search s = {.g = g, .theta = theta, .out = out};
    s.best = qi_arena_alloc(&room, n * sizeof *s.best);
    s.sum = qi_arena_alloc(&room, n * sizeof *s.sum);
    s.start = qi_arena_alloc(&room, n * sizeof *s.start);
    s.stamp = qi_arena_alloc(&room, n * sizeof *s.stamp);
    s.in_set = qi_arena_alloc(&room, n * sizeof *s.in_set);
    s.member = qi_arena_alloc(&room, n * sizeof *s.member);
    s.holdings = qi_arena_alloc(&room, (g->start[g->n] + 1) * sizeof *s.holdings);
    if (s.best == NULL || s.sum == NULL || s.start == NULL || s.stamp == NULL ||
        s.in_set == NULL || s.member == NULL || s.holdings == NULL) {
        status = qi_fail_memory(err, n * 40);
        goto done;
    }
    list_holdings(&s);
    for (size_t j = 0; j < g->n; j++)
        out[j] = (qi_controlled){QI_CONTROL_NONE, QI_NONE, NULL};
    for (uint32_t i = 0; i < g->n; i++) {
        if (out[i].kind == QI_CONTROL_ONE || out[i].kind == QI_CONTROL_CIRCLE)
            continue;
        gather(&s, i);
        record(&s, i);
    }
    for (size_t j = 0; j < g->n; j++)
        if (out[j].kind == QI_CONTROL_NONE)
            find_joint(g, j, theta, &out[j]);
done:
    qi_arena_free(&room);
    return status;
}
