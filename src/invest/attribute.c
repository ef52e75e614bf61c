/* SPDX-License-Identifier: Apache-2.0 */
/* attribute.c - whose money an amount is, under four rules; the parts add up to the cent.
 *
 * An amount of the whole project belongs to those who hold the project; an amount of named
 * companies to these and those behind them.
 */
#include "invest/invest.h"

#include <math.h>

__extension__ typedef __int128 wide; /* an amount times a share needs it */

typedef struct weight {
    uint32_t node; /* local; QI_NONE = nobody */
    uint8_t nobody;
    int64_t size;
} weight;

typedef struct weights {
    QI_LIST(weight) list;
    double *share;
} weights;

/* Part t is floor(V w_1..t / W) - floor(V w_1..t-1 / W), as quipu_split has it, with weights
 * as fine as shares are kept. */
static quipu_status divide(const qi_graph *g, quipu_money value, const weights *w,
                           qi_parts *parts, quipu_error *err) {
    wide total = 0, run = 0, before = 0;
    for (size_t i = 0; i < w->list.n; i++)
        total += w->list.items[i].size;
    if (total <= 0) { /* nobody to give it to */
        qi_part_of all = {.node = QI_NONE, .nobody = QI_UNDECIDED, .sum = value};
        return QI_PUSH(parts, all) ? QUIPU_OK : qi_fail_memory(err, sizeof all);
    }
    for (size_t i = 0; i < w->list.n; i++) {
        const weight *at = &w->list.items[i];
        run += at->size;
        wide here = (wide)value * run / total;
        qi_part_of part = {.node = at->node == QI_NONE ? QI_NONE : g->node[at->node],
                           .nobody = at->nobody,
                           .sum = (quipu_money)(here - before)};
        before = here;
        if (at->size > 0 && !QI_PUSH(parts, part))
            return qi_fail_memory(err, sizeof part);
    }
    return QUIPU_OK;
}

static bool add(weights *w, uint32_t node, uint8_t nobody, int64_t size) {
    weight one = {node, nobody, size};
    return size <= 0 || QI_PUSH(&w->list, one);
}

static int by_node(const void *left, const void *right) {
    const weight *a = left, *b = right;
    return a->node < b->node ? -1 : a->node > b->node;
}

/* ---- the rules, for one node ---- */

static quipu_status ultimate(qi_graph *g, uint32_t target, weights *w, quipu_error *err) {
    double undisclosed;
    QI_TRY(qi_ultimate_shares(g, target, w->share, &undisclosed, err));
    bool fine = true;
    for (size_t j = 0; j < g->n && fine; j++)
        fine = add(w, (uint32_t)j, QI_SOMEBODY, llround(w->share[j] * 1e15));
    fine = fine && add(w, QI_NONE, QI_UNDISCLOSED, llround(undisclosed * 1e15));
    return fine ? QUIPU_OK : qi_fail_memory(err, 0);
}

static quipu_status immediate(const qi_graph *g, uint32_t target, weights *w,
                              quipu_error *err) {
    bool fine = true;
    for (uint32_t e = g->start[target]; e < g->start[target + 1] && fine; e++)
        fine = add(w, g->edges[e].owner, QI_SOMEBODY, g->edges[e].point);
    fine = fine && add(w, QI_NONE, QI_UNDISCLOSED, g->undisclosed[target]);
    return fine ? QUIPU_OK : qi_fail_memory(err, 0);
}

/* The one who certainly holds more than any other named holder. */
static uint32_t largest_holder(const qi_graph *g, uint32_t target) {
    for (uint32_t e = g->start[target]; e < g->start[target + 1]; e++) {
        bool largest = true;
        for (uint32_t k = g->start[target]; k < g->start[target + 1] && largest; k++)
            largest = k == e || g->edges[e].low > g->edges[k].high;
        if (largest)
            return g->edges[e].owner;
    }
    return QI_NONE;
}

static bool one_holder(weights *w, uint32_t node) {
    return add(w, node, node == QI_NONE ? QI_UNDECIDED : QI_SOMEBODY, 1);
}

/* ---- amounts ---- */

static quipu_status of_project(qi_graph *g, const qi_controlled *control, uint32_t target,
                               qi_rule rule, weights *w, quipu_error *err) {
    switch (rule) {
    case QI_RULE_ULTIMATE: return ultimate(g, target, w, err);
    case QI_RULE_IMMEDIATE: return immediate(g, target, w, err);
    case QI_RULE_HEADLINE:
        return one_holder(w, largest_holder(g, target)) ? QUIPU_OK : qi_fail_memory(err, 0);
    case QI_RULE_CONTROLLER:
    case QI_N_RULES: break;
    }
    const qi_controlled *c = &control[target];
    return one_holder(w, c->kind == QI_CONTROL_ONE ? c->by : QI_NONE) ? QUIPU_OK
                                                                      : qi_fail_memory(err, 0);
}

static quipu_status of_company(qi_graph *g, const qi_controlled *control, uint32_t company,
                               qi_rule rule, weights *w, quipu_error *err) {
    if (rule == QI_RULE_ULTIMATE)
        return ultimate(g, company, w, err);
    if (rule == QI_RULE_CONTROLLER && control[company].kind == QI_CONTROL_ONE)
        company = control[company].by;
    return one_holder(w, company) ? QUIPU_OK : qi_fail_memory(err, 0);
}

/* How the companies named share the amount: by their stakes in the project where all are
 * stated, else equally. */
static void shares_of_companies(const qi_graph *g, const qi_investment *v, int64_t *size) {
    uint32_t project = g->local[v->project];
    bool all = true;
    for (unsigned c = 0; c < v->n_companies; c++) {
        size[c] = 0;
        for (uint32_t e = g->start[project]; e < g->start[project + 1]; e++)
            if (g->node[g->edges[e].owner] == v->company[c])
                size[c] = g->edges[e].point;
        all = all && size[c] > 0;
    }
    for (unsigned c = 0; c < v->n_companies && !all; c++)
        size[c] = 1;
}

static quipu_status of_companies(qi_graph *g, const qi_controlled *control,
                                 const qi_investment *v, qi_rule rule, weights *w,
                                 qi_parts *parts, quipu_error *err) {
    int64_t size[QI_MAX_HOLDERS];
    qi_parts shares = {0};
    weights of = {0};
    quipu_status status = QUIPU_OK;
    shares_of_companies(g, v, size);
    if (rule == QI_RULE_HEADLINE) {
        unsigned largest = 0, ties = 0;
        for (unsigned c = 0; c < v->n_companies; c++)
            largest = size[c] > size[largest] ? c : largest;
        for (unsigned c = 0; c < v->n_companies; c++)
            ties += size[c] == size[largest];
        if (!one_holder(w, ties == 1 ? g->local[v->company[largest]] : QI_NONE))
            return qi_fail_memory(err, 0);
        return divide(g, v->amount, w, parts, err);
    }
    for (unsigned c = 0; c < v->n_companies; c++)
        if (!add(&of, g->local[v->company[c]], QI_SOMEBODY, size[c])) {
            status = qi_fail_memory(err, 0);
            goto done;
        }
    QI_GO(divide(g, v->amount, &of, &shares, err));
    for (size_t i = 0; i < shares.n; i++) {
        w->list.n = 0;
        QI_GO(of_company(g, control, g->local[shares.items[i].node], rule, w, err));
        QI_GO(divide(g, shares.items[i].sum, w, parts, err));
    }
done:
    free(of.list.items);
    free(shares.items);
    return status;
}

quipu_status qi_attribute(qi_graph *g, const qi_controlled *control, const qi_investment *v,
                          qi_rule rule, qi_parts *parts, quipu_error *err) {
    weights w = {.share = calloc(g->n + 1, sizeof(double))};
    quipu_status status = QUIPU_OK;
    if (w.share == NULL)
        return qi_fail_memory(err, g->n * sizeof(double));
    if (v->n_companies > 0) {
        status = of_companies(g, control, v, rule, &w, parts, err);
    } else {
        QI_GO(of_project(g, control, g->local[v->project], rule, &w, err));
        if (w.list.n > 1)
            qsort(w.list.items, w.list.n, sizeof *w.list.items, by_node);
        status = divide(g, v->amount, &w, parts, err);
    }
done:
    free(w.list.items);
    free(w.share);
    return status;
}
