/* SPDX-License-Identifier: Apache-2.0 */
/* hummels_price.c - see hummels.h.
 *
 * Sums are kept for each product and unit, as amounts of different units do not add up; the
 * others are all less the exporter, so that a market is read once for all its exporters.
 */
#include "measures/hummels.h"

enum { N_UNITS = 64 }; /* codes in use are far below */

static quipu_status add_leaf(const qi_match_rule *rule, const quipu_leaves *l, size_t i,
                             qi_priced_room *r, quipu_error *err) {
    qi_match_side side = {l->value[i], l->quantity[i], l->weight[i], l->unit[i], l->flags[i]};
    uint8_t unit;
    quipu_quantity amount;
    if (!qi_match_amount(rule, &side, &unit, &amount) || unit >= N_UNITS)
        return QUIPU_OK;
    size_t at = (size_t)l->product[i] * N_UNITS + unit;
    if (r->value[at] == 0) /* values added are above zero */
        r->touched[r->n_touched++] = (uint32_t)at;
    return qi_add_money(&r->value[at], side.value) && qi_add_money(&r->amount[at], amount)
               ? QUIPU_OK
               : qi_fail(err, QUIPU_E_DATA, "a sum of quantities does not fit");
}

static quipu_status add_pairs(const quipu_view *view, size_t period, const qi_match_rule *rule,
                              qi_priced_room *r, quipu_error *err) {
    quipu_leaves *leaves = &r->leaves;
    const quipu_pairs *pairs = &qi_view_inside(view)->pairs[period];
    uint32_t what = QUIPU_READ_FLAGS | (rule->quantity ? QUIPU_READ_QUANTITY : 0u) |
                    (rule->weight ? QUIPU_READ_WEIGHT : 0u);
    for (size_t q = 0; q < pairs->n_pairs; q++) {
        size_t ours = view->swapped ? pairs->partner[q] : pairs->reporter[q];
        size_t other = view->swapped ? pairs->reporter[q] : pairs->partner[q];
        if (!quipu_country_set_has(&view->reporters, period, ours) ||
            !quipu_country_set_has(&view->partners, period, other))
            continue;
        QI_TRY(quipu_cube_leaves(view->cube, (size_t)view->slab[period], q, what, leaves, err));
        for (size_t i = 0; i < leaves->n; i++)
            if (view->products == NULL || view->products[leaves->product[i]])
                QI_TRY(add_leaf(rule, leaves, i, r, err));
    }
    return QUIPU_OK;
}

static quipu_status make_room(qi_priced_room *r, size_t n_products, quipu_error *err) {
    if (r->value != NULL)
        return QUIPU_OK;
    r->n = n_products * N_UNITS;
    r->value = qi_big_alloc((r->n + 1) * sizeof *r->value);
    r->amount = qi_big_alloc((r->n + 1) * sizeof *r->amount);
    r->touched = qi_big_alloc((r->n + 1) * sizeof *r->touched);
    return r->value != NULL && r->amount != NULL && r->touched != NULL
               ? QUIPU_OK
               : qi_fail_memory(err, r->n * sizeof *r->value);
}

void qi_priced_room_free(qi_priced_room *r) {
    if (r->value != NULL)
        qi_big_free(r->value, (r->n + 1) * sizeof *r->value);
    if (r->amount != NULL)
        qi_big_free(r->amount, (r->n + 1) * sizeof *r->amount);
    if (r->touched != NULL)
        qi_big_free(r->touched, (r->n + 1) * sizeof *r->touched);
    quipu_leaves_free(&r->leaves);
    *r = (qi_priced_room){0};
}

static int place_order(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Hands over what was added up, in order, and leaves the room empty. */
static quipu_status take(qi_priced_room *r, qi_priced *out, quipu_error *err) {
    bool fine = QI_ROOM(out, r->n_touched);
    if (r->n_touched > 1)
        qsort(r->touched, r->n_touched, sizeof *r->touched, place_order);
    for (size_t i = 0; i < r->n_touched; i++) {
        uint32_t at = r->touched[i];
        qi_priced_good good = {at / N_UNITS, (uint8_t)(at % N_UNITS), r->value[at],
                               r->amount[at]};
        if (fine)
            out->items[out->n++] = good;
        r->value[at] = 0;
        r->amount[at] = 0;
    }
    r->n_touched = 0;
    return fine ? QUIPU_OK : qi_fail_memory(err, sizeof(qi_priced_good));
}

quipu_status qi_priced_read(const quipu_view *view, size_t period, const qi_match_rule *rule,
                            qi_priced_room *room, qi_priced *out, quipu_error *err) {
    *out = (qi_priced){0};
    if (view->slab[period] < 0)
        return QUIPU_OK;
    QI_TRY(make_room(room, quipu_cube_n_products(view->cube), err));
    quipu_status status = add_pairs(view, period, rule, room, err);
    quipu_status taken = take(room, out, status == QUIPU_OK ? err : NULL);
    status = status == QUIPU_OK ? taken : status;
    if (status != QUIPU_OK) {
        free(out->items);
        *out = (qi_priced){0};
    }
    return status;
}

/* The first item of the product, or the end. */
static size_t first_of(const qi_priced *p, uint32_t product) {
    size_t low = 0, high = p->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->items[middle].product < product)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const qi_priced_good *find(const qi_priced *p, uint32_t product, uint8_t unit) {
    for (size_t i = first_of(p, product); i < p->n && p->items[i].product == product; i++)
        if (p->items[i].unit == unit)
            return &p->items[i];
    return NULL;
}

static qi_match_side side_of(quipu_money value, quipu_quantity amount, uint8_t unit) {
    qi_match_side side = {.value = value, .quantity = amount, .weight = amount, .unit = unit};
    return side;
}

bool qi_priced_relative(const qi_match_rule *rule, const qi_priced *own, const qi_priced *all,
                        uint32_t product, double *log_ratio) {
    const qi_priced_good *best = NULL;
    quipu_money others = 0;
    quipu_quantity amount = 0;
    for (size_t i = first_of(own, product); i < own->n && own->items[i].product == product;
         i++) {
        const qi_priced_good *mine = &own->items[i];
        const qi_priced_good *whole = find(all, product, mine->unit);
        if (whole == NULL || whole->value <= mine->value || whole->amount <= mine->amount ||
            (best != NULL && mine->value <= best->value))
            continue;
        best = mine;
        others = whole->value - mine->value;
        amount = whole->amount - mine->amount;
    }
    if (best == NULL)
        return false;
    qi_match_side reference = side_of(others, amount, best->unit);
    qi_match_side mine = side_of(best->value, best->amount, best->unit);
    return qi_match_relative(rule, &reference, &mine, log_ratio) == QI_MATCHED;
}
