/* SPDX-License-Identifier: Apache-2.0 */
/* solve.c - shares through any chain and through circles.
 *
 * With A the shares of companies in companies (column j: who holds j) and B those of owners
 * whom nobody holds, U = B (I - A)^-1 (Brioschi, Buzzacchi & Colombo 1989).  One solve gives a
 * column of it.  Without circles the order of the graph makes that a single sweep.
 */
#include "invest/invest.h"

#include <math.h>

static double fraction(int64_t share) {
    return (double)share / (double)QI_WHOLE;
}

static quipu_status solver(qi_graph *g, quipu_error *err) {
    if (g->solver != NULL)
        return QUIPU_OK;
    return qi_solver_open(g->n, g->start, g->edges, &g->solver, err);
}

quipu_status qi_graph_up(qi_graph *g, double *y, quipu_error *err) {
    if (g->cyclic) {
        QI_TRY(solver(g, err));
        return qi_solver_solve(g->solver, false, y, err);
    }
    for (size_t j = g->n; j-- > 0;)
        if (y[j] != 0.0)
            for (uint32_t e = g->start[j]; e < g->start[j + 1]; e++)
                y[g->edges[e].owner] += fraction(g->edges[e].point) * y[j];
    return QUIPU_OK;
}

quipu_status qi_graph_down(qi_graph *g, double *x, quipu_error *err) {
    if (g->cyclic) {
        QI_TRY(solver(g, err));
        return qi_solver_solve(g->solver, true, x, err);
    }
    for (size_t j = 0; j < g->n; j++)
        for (uint32_t e = g->start[j]; e < g->start[j + 1]; e++)
            x[j] += fraction(g->edges[e].point) * x[g->edges[e].owner];
    return QUIPU_OK;
}

quipu_status qi_ultimate_shares(qi_graph *g, uint32_t target, double *share,
                                double *undisclosed, quipu_error *err) {
    memset(share, 0, g->n * sizeof *share);
    share[target] = 1.0;
    QI_TRY(qi_graph_up(g, share, err));
    *undisclosed = 0.0;
    for (size_t j = 0; j < g->n; j++) {
        *undisclosed += fraction(g->undisclosed[j]) * share[j];
        if (!g->ultimate[j])
            share[j] = 0.0;
    }
    return QUIPU_OK;
}

/* Y* = diag(N)^-1 (N - I), N = (I - A)^-1 (Baldone, Brioschi & Paleari 1998): N_kk counts the
 * ways back to k, and is one for all that stand in no circle. */
quipu_status qi_integrated_shares(qi_graph *g, uint32_t target, bool corrected, double *share,
                                  quipu_error *err) {
    enum { MOST = 5000 };
    memset(share, 0, g->n * sizeof *share);
    share[target] = 1.0;
    QI_TRY(qi_graph_up(g, share, err));
    share[target] -= 1.0;
    if (!corrected || !g->cyclic)
        return QUIPU_OK;
    size_t circular = 0;
    for (size_t k = 0; k < g->n; k++)
        circular += g->in_circle[g->circle[k]];
    if (circular > MOST)
        return qi_fail(err, QUIPU_E_LIMIT,
                       "%zu companies hold each other behind this one; the corrected shares "
                       "take at most %d (--integrated plain has no limit)",
                       circular, MOST);
    double *y = calloc(g->n + 1, sizeof *y);
    if (y == NULL)
        return qi_fail_memory(err, g->n * sizeof *y);
    quipu_status status = QUIPU_OK;
    for (size_t k = 0; k < g->n && status == QUIPU_OK; k++) {
        if (!g->in_circle[g->circle[k]] || share[k] == 0.0)
            continue;
        memset(y, 0, g->n * sizeof *y);
        y[k] = 1.0;
        status = qi_graph_up(g, y, err);
        share[k] /= y[k];
    }
    free(y);
    return status;
}

/* ---- bounds ----
 * A share is bounded by choosing, in each company, the stakes that favour the marked most:
 * the remainder above the lower bounds goes to the holders in whom the marked have most.  That
 * choice for every company at once is a Markov decision process; the sweeps below are its
 * value iteration, group by group, holders first. */

typedef struct choice {
    double value;
    int64_t room;
} choice;

static int dearest_first(const void *left, const void *right) {
    double a = ((const choice *)left)->value, b = ((const choice *)right)->value;
    return a > b ? -1 : a < b;
}

static int cheapest_first(const void *left, const void *right) {
    return -dearest_first(left, right);
}

static double best_of(const qi_graph *g, size_t j, const double *x, bool undisclosed,
                      choice *list) {
    int64_t left = QI_WHOLE;
    double sum = 0.0;
    size_t n = 0;
    for (uint32_t e = g->start[j]; e < g->start[j + 1]; e++) {
        const qi_edge *edge = &g->edges[e];
        sum += fraction(edge->low) * x[edge->owner];
        left -= edge->low;
        if (edge->high > edge->low)
            list[n++] = (choice){x[edge->owner], edge->high - edge->low};
    }
    if (n > 1)
        qsort(list, n, sizeof *list, undisclosed ? cheapest_first : dearest_first);
    for (size_t i = 0; i < n && left > 0; i++) {
        int64_t part = list[i].room < left ? list[i].room : left;
        sum += fraction(part) * list[i].value;
        left -= part;
    }
    return undisclosed ? sum + fraction(left) : sum;
}

static size_t most_holders(const qi_graph *g) {
    size_t most = 1;
    for (size_t j = 0; j < g->n; j++)
        if (g->start[j + 1] - g->start[j] > most)
            most = g->start[j + 1] - g->start[j];
    return most;
}

typedef struct sweep {
    const qi_graph *g;
    const uint8_t *mark;
    bool undisclosed, floor;
    double *x;
    choice *list;
} sweep;

static double value_of(const sweep *s, size_t j) {
    const qi_graph *g = s->g;
    double value = 0.0;
    if (!s->floor)
        return best_of(g, j, s->x, s->undisclosed, s->list);
    for (uint32_t e = g->start[j]; e < g->start[j + 1]; e++)
        value += fraction(g->edges[e].low) * s->x[g->edges[e].owner];
    return value;
}

/* The nodes from..end are one group: a node, or a circle that is swept until it rests.  From
 * below a least share is never too large; a largest one that does not come to rest is given up
 * for the bound that always holds. */
static void settle(const sweep *s, size_t from, size_t end) {
    enum { MOST = 20000 };
    bool circle = s->g->in_circle[s->g->circle[from]];
    double moved = 1.0;
    for (int round = 0; round < (circle ? MOST : 1) && moved > 1e-15; round++) {
        moved = 0.0;
        for (size_t j = from; j < end; j++) {
            if ((s->mark != NULL && s->mark[j]) || s->g->ultimate[j])
                continue;
            double value = fmin(value_of(s, j), 1.0);
            moved = fmax(moved, fabs(value - s->x[j]));
            s->x[j] = value;
        }
    }
    for (size_t j = from; circle && moved > 1e-15 && !s->floor && !s->undisclosed && j < end;
         j++)
        s->x[j] = s->x[j] > 0.0 ? 1.0 : 0.0;
}

static quipu_status sweeps(const qi_graph *g, const uint8_t *mark, bool undisclosed, bool floor,
                           double *x, quipu_error *err) {
    sweep s = {g, mark, undisclosed, floor, x, calloc(most_holders(g), sizeof(choice))};
    if (s.list == NULL)
        return qi_fail_memory(err, 0);
    for (size_t j = 0; j < g->n; j++)
        x[j] = mark != NULL && mark[j] ? 1.0 : 0.0;
    for (size_t from = 0, end; from < g->n; from = end) {
        for (end = from; end < g->n && g->circle[end] == g->circle[from]; end++) {
        }
        settle(&s, from, end);
    }
    free(s.list);
    return QUIPU_OK;
}

quipu_status qi_share_bound(const qi_graph *g, const uint8_t *mark, bool undisclosed,
                            double *share, quipu_error *err) {
    return sweeps(g, mark, undisclosed, false, share, err);
}

quipu_status qi_share_floor(const qi_graph *g, const uint8_t *mark, double *share,
                            quipu_error *err) {
    return sweeps(g, mark, false, true, share, err);
}
