/* SPDX-License-Identifier: Apache-2.0 */
/* price_index.c - see price_index.h. */
#include "measures/price_index.h"

static const qi_price_point nothing = {{NAN, NAN, NAN, NAN, NAN}, NAN, NAN, 0};

quipu_status qi_price_method_read(const quipu_measure *measure, const quipu_request *request,
                                  qi_price_method *out, quipu_error *err) {
    bool chain = qi_switch(measure, request, "chain");
    bool geks = qi_switch(measure, request, "geks");
    if (chain && geks)
        return qi_fail(err, QUIPU_E_ARG, "--chain and --geks: one of them");
    *out = chain ? QI_PRICE_CHAIN : geks ? QI_PRICE_GEKS : QI_PRICE_FIXED;
    return QUIPU_OK;
}

/* ---- links ---- */

/* Position of the pair (a, b), a < b, among all pairs of n in order. */
static size_t pair_link(size_t n, size_t a, size_t b) {
    return a * n - a * (a + 1) / 2 + (b - a - 1);
}

/* Link p leads to period p: from the base, or in a chain from the neighbour on the side of the
 * base, so that the chain goes outward from the base in both directions.  GEKS has all pairs. */
quipu_status qi_price_links(qi_ask *ask, qi_price_plan *p, quipu_error *err) {
    size_t n = ask->n_periods, base = p->years.base;
    p->n_links = p->method == QI_PRICE_GEKS ? n * (n - 1) / 2 : n;
    p->links = qi_arena_alloc(&ask->arena, (p->n_links + 1) * sizeof *p->links);
    if (p->links == NULL)
        return qi_fail_memory(err, p->n_links * sizeof *p->links);
    for (size_t i = 0; i < n && p->method != QI_PRICE_GEKS; i++) {
        size_t from = base;
        if (p->method == QI_PRICE_CHAIN && i != base)
            from = i > base ? i - 1 : i + 1;
        p->links[i] = (qi_link){from, i};
    }
    for (size_t a = 0; a < n && p->method == QI_PRICE_GEKS; a++)
        for (size_t b = a + 1; b < n; b++)
            p->links[pair_link(n, a, b)] = (qi_link){a, b};
    return QUIPU_OK;
}

/* ---- points ---- */

/* Of what is traded in both years, the part of each year's value. */
static double variety_of(const qi_match_sums *s, double sigma) {
    double v0 = (double)s->value[0], v1 = (double)s->value[1];
    double kept0 = v0 + (double)s->lost, kept1 = v1 - (double)s->fresh;
    if (isnan(sigma) || !(kept0 > 0) || !(kept1 > 0))
        return NAN;
    return pow((kept1 / v1) / (kept0 / v0), 1 / (sigma - 1));
}

static quipu_status link_point(const qi_ask *ask, const qi_price_plan *p, size_t line,
                               size_t link, qi_price_point *out, quipu_error *err) {
    qi_match_sums sums;
    QI_TRY(qi_match_line(ask, p->match, line, link, &sums, err));
    *out = (qi_price_point){qi_match_indices(&sums), variety_of(&sums, p->sigma),
                            qi_match_coverage(&sums), sums.items};
    return QUIPU_OK;
}

static void weaken(qi_price_point *point, const qi_price_point *link) {
    if (!(point->coverage < link->coverage))
        point->coverage = link->coverage;
    point->items = link->items < point->items ? link->items : point->items;
}

static void lengthen(qi_price_point *chain, const qi_price_point *link) {
    chain->index.laspeyres *= link->index.laspeyres;
    chain->index.paasche *= link->index.paasche;
    chain->index.fisher *= link->index.fisher;
    chain->index.tornqvist *= link->index.tornqvist;
    chain->index.volume *= link->index.volume;
    chain->variety *= link->variety;
    weaken(chain, link);
}

static quipu_status find_along(const qi_ask *ask, const qi_price_plan *p, size_t line_number,
                               size_t period, qi_price_point *out, quipu_error *err) {
    const qi_line *line = &p->match->lines->items[line_number];
    size_t base = p->years.base;
    bool direct = p->method == QI_PRICE_FIXED || period == base;
    size_t step = direct ? period : period > base ? base + 1 : base - 1;
    QI_TRY(link_point(ask, p, line_number, step, out, err));
    while (step != period) {
        qi_price_point link;
        if (!line->known[step])
            out->index = nothing.index;
        step = period > base ? step + 1 : step - 1;
        QI_TRY(link_point(ask, p, line_number, step, &link, err));
        lengthen(out, &link);
    }
    return QUIPU_OK;
}

/* Logarithms of price and volume from `from` to `to`, by their own link. */
static quipu_status pair_logs(const qi_ask *ask, const qi_price_plan *p, size_t line,
                              size_t from, size_t to, qi_price_point *sum, quipu_error *err) {
    qi_price_point link;
    double sign = from < to ? 1 : -1;
    size_t a = from < to ? from : to, b = from < to ? to : from;
    if (a == b)
        return QUIPU_OK;
    QI_TRY(link_point(ask, p, line, pair_link(ask->n_periods, a, b), &link, err));
    sum->index.fisher += sign * log(link.index.fisher);
    sum->index.volume += sign * log(link.index.volume);
    weaken(sum, &link);
    return QUIPU_OK;
}

/* The geometric mean of all ways from the base to the period over one year between: every
 * known year takes part, so that the result is the same whichever is the base. */
static quipu_status find_geks(const qi_ask *ask, const qi_price_plan *p, size_t line_number,
                              size_t period, qi_price_point *out, quipu_error *err) {
    const qi_line *line = &p->match->lines->items[line_number];
    double n = 0;
    qi_price_point sum = {{NAN, NAN, 0, NAN, 0}, NAN, NAN, UINT64_MAX};
    for (size_t l = 0; l < ask->n_periods; l++) {
        if (!line->known[l])
            continue;
        QI_TRY(pair_logs(ask, p, line_number, p->years.base, l, &sum, err));
        QI_TRY(pair_logs(ask, p, line_number, l, period, &sum, err));
        n++;
    }
    sum.index.fisher = exp(sum.index.fisher / n);
    sum.index.volume = exp(sum.index.volume / n);
    sum.items = sum.items == UINT64_MAX ? 0 : sum.items;
    *out = sum;
    return QUIPU_OK;
}

quipu_status qi_price_find(const qi_ask *ask, const qi_price_plan *p, size_t line_number,
                           size_t period, qi_price_point *out, quipu_error *err) {
    const qi_line *line = &p->match->lines->items[line_number];
    *out = nothing;
    if (!line->known[p->years.base] || !line->known[period])
        return QUIPU_OK;
    return p->method == QI_PRICE_GEKS ? find_geks(ask, p, line_number, period, out, err)
                                      : find_along(ask, p, line_number, period, out, err);
}

quipu_status qi_price_note(qi_ask *ask, const qi_price_plan *p, quipu_error *err) {
    static const char *const words[] = {
        [QI_PRICE_FIXED] = "each year is compared with the base directly.",
        [QI_PRICE_CHAIN] = "a chain of the years asked for: each link compares neighbouring "
                           "years. Coverage and matched items are the lowest of the links.",
        [QI_PRICE_GEKS] = "GEKS: every pair of the years asked for is compared, and the index "
                          "is the mean of all ways over one other year. Coverage and matched "
                          "items are the lowest of the pairs."};
    return qi_ask_note(ask, err, "%d = 100; %s", (int)ask->periods[p->years.base],
                       words[p->method]);
}
