/* SPDX-License-Identifier: Apache-2.0 */
/* complex_tree.c - the links of the product space: a maximum spanning tree and the strong ones.
 *
 * C. A. Hidalgo, B. Klinger, A.-L. Barabasi, R. Hausmann (2007), The product space conditions
 * the development of nations, Science 317: the tree keeps everything connected, the links
 * above a proximity show what belongs together.  R. C. Prim's way (1957), with rows of
 * proximities made when they are needed; of equal links the one with the lower products wins.
 */
#include "measures/complex.h"

typedef QI_LIST(qi_link) link_list;

typedef struct reach {
    double proximity; /* to the nearest product of the tree */
    uint32_t from;
    bool done;
} reach;

static bool better(double a, uint32_t a_from, uint32_t a_to, double b, uint32_t b_from,
                   uint32_t b_to) {
    uint32_t a1 = a_from < a_to ? a_from : a_to, a2 = a_from < a_to ? a_to : a_from;
    uint32_t b1 = b_from < b_to ? b_from : b_to, b2 = b_from < b_to ? b_to : b_from;
    if (a != b)
        return a > b;
    return a1 != b1 ? a1 < b1 : a2 < b2;
}

static bool push(link_list *links, uint32_t a, uint32_t b, double proximity, bool tree) {
    qi_link link = {a < b ? a : b, a < b ? b : a, proximity, tree};
    return QI_PUSH(links, link);
}

/* From each product that is not in a tree yet, as far as there are links. */
static bool grow(const qi_presence *m, reach *to, double *row, link_list *links) {
    uint32_t n = (uint32_t)m->n_products;
    for (uint32_t added = 0, now = 0; added < n; added++) {
        uint32_t best = UINT32_MAX;
        for (uint32_t p = 0; p < n; p++)
            if (!to[p].done && to[p].proximity > 0 &&
                (best == UINT32_MAX || better(to[p].proximity, to[p].from, p,
                                              to[best].proximity, to[best].from, best)))
                best = p;
        if (best != UINT32_MAX && !push(links, to[best].from, best, to[best].proximity, true))
            return false;
        for (now = 0; best == UINT32_MAX && to[now].done; now++) {
        }
        now = best != UINT32_MAX ? best : now;
        to[now].done = true;
        qi_proximity_row(m, now, row);
        for (uint32_t p = 0; p < n; p++)
            if (!to[p].done && better(row[p], now, p, to[p].proximity, to[p].from, p)) {
                to[p].proximity = row[p];
                to[p].from = now;
            }
    }
    return true;
}

static int in_order(const void *a, const void *b) {
    const qi_link *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

enum { MOST_LINKS = 2000000 };

static quipu_status add_strong(const qi_presence *m, double least, double *row,
                               link_list *links, quipu_error *err) {
    for (size_t p = 0; p < m->n_products; p++) {
        qi_proximity_row(m, p, row);
        for (size_t q = p + 1; q < m->n_products; q++)
            if (row[q] >= least && row[q] > 0 &&
                !push(links, (uint32_t)p, (uint32_t)q, row[q], false))
                return qi_fail_memory(err, links->n * sizeof(qi_link));
        if (links->n > MOST_LINKS)
            return qi_fail(err, QUIPU_E_LIMIT,
                           "more than two million links: choose a higher proximity");
    }
    return QUIPU_OK;
}

/* A link that is both strong and of the tree stands once, as of the tree. */
static void settle(link_list *links) {
    size_t n = 0;
    if (links->n > 1)
        qsort(links->items, links->n, sizeof *links->items, in_order);
    for (size_t i = 0; i < links->n; i++)
        if (n > 0 && in_order(&links->items[n - 1], &links->items[i]) == 0)
            links->items[n - 1].tree |= links->items[i].tree;
        else
            links->items[n++] = links->items[i];
    links->n = n;
}

quipu_status qi_space_links(const qi_presence *m, double least, qi_link **out, size_t *n,
                            quipu_error *err) {
    link_list links = {0};
    reach *to = calloc(m->n_products + 1, sizeof *to);
    double *row = malloc((m->n_products + 1) * sizeof *row);
    quipu_status status = QUIPU_OK;
    if (to == NULL || row == NULL || !grow(m, to, row, &links))
        status = qi_fail_memory(err, m->n_products * sizeof *to);
    if (status == QUIPU_OK)
        status = add_strong(m, least, row, &links, err);
    free(to);
    free(row);
    if (status != QUIPU_OK)
        free(links.items);
    else
        settle(&links);
    *out = status == QUIPU_OK ? links.items : NULL;
    *n = status == QUIPU_OK ? links.n : 0;
    return status;
}
