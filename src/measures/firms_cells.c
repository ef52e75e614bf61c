/* SPDX-License-Identifier: Apache-2.0 */
/* firms_cells.c - facts become cells: each with its firms, in order.  Keys are counted first, then
 * every fact goes to its place, so that millions of them need no sorting. */
#include "measures/firms.h"

/* The keys met, each with the number of its facts, and the cell of each fact. */
typedef struct census {
    uint64_t *slot; /* key + 1; 0 = free */
    uint32_t *number;
    size_t mask;
    QI_LIST(uint64_t) keys; /* by number */
    QI_LIST(size_t) facts;
    uint32_t *of; /* number of each fact's key */
} census;

static void census_free(census *c) {
    free(c->slot);
    free(c->number);
    free(c->keys.items);
    free(c->facts.items);
    free(c->of);
}

static size_t census_slot(const census *c, uint64_t key) {
    size_t at = (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 20) & c->mask;
    while (c->slot[at] != 0 && c->slot[at] != key + 1)
        at = (at + 1) & c->mask;
    return at;
}

static bool census_grow(census *c) {
    census old = *c;
    c->mask = old.mask > 0 ? old.mask * 2 + 1 : 1023;
    c->slot = calloc(c->mask + 1, sizeof *c->slot);
    c->number = malloc((c->mask + 1) * sizeof *c->number);
    for (size_t n = 0; c->slot != NULL && c->number != NULL && n < c->keys.n; n++) {
        size_t at = census_slot(c, c->keys.items[n]);
        c->slot[at] = c->keys.items[n] + 1;
        c->number[at] = (uint32_t)n;
    }
    free(old.slot);
    free(old.number);
    return c->slot != NULL && c->number != NULL;
}

/* False: no memory. */
static bool census_take(census *c, const qi_firm_fact *facts, size_t n) {
    c->of = malloc((n + 1) * sizeof *c->of);
    if (c->of == NULL || !census_grow(c))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (c->keys.n * 2 > c->mask && !census_grow(c))
            return false;
        size_t at = census_slot(c, facts[i].key);
        if (c->slot[at] == 0) {
            c->slot[at] = facts[i].key + 1;
            c->number[at] = (uint32_t)c->keys.n;
            if (c->keys.n == UINT32_MAX || !QI_PUSH(&c->keys, facts[i].key) ||
                !QI_PUSH(&c->facts, 0))
                return false;
        }
        c->of[i] = c->number[at];
        c->facts.items[c->of[i]]++;
    }
    return true;
}

typedef struct ranked {
    uint64_t key;
    uint32_t number;
} ranked;

static int rank_order(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

/* Where the facts of each key begin once the keys rise; the keys themselves are sorted. */
static bool census_places(const census *c, uint64_t *key, size_t *start, size_t *next) {
    size_t at = 0;
    ranked *order = malloc((c->keys.n + 1) * sizeof *order);
    if (order == NULL)
        return false;
    for (size_t n = 0; n < c->keys.n; n++)
        order[n] = (ranked){c->keys.items[n], (uint32_t)n};
    if (c->keys.n > 1)
        qsort(order, c->keys.n, sizeof *order, rank_order);
    for (size_t i = 0; i < c->keys.n; i++) {
        key[i] = order[i].key;
        start[i] = next[order[i].number] = at;
        at += c->facts.items[order[i].number];
    }
    start[c->keys.n] = at;
    free(order);
    return true;
}

static bool make_room(qi_by_firm *c, size_t n_cells, size_t n_facts) {
    c->key = malloc((n_cells + 1) * sizeof *c->key);
    c->value = calloc(n_cells + 1, sizeof *c->value);
    c->nobody = calloc(n_cells + 1, sizeof *c->nobody);
    c->start = malloc((n_cells + 1) * sizeof *c->start);
    c->firm = malloc((n_facts + 1) * sizeof *c->firm);
    c->of_firm = malloc((n_facts + 1) * sizeof *c->of_firm);
    c->goods = malloc((n_facts + 1) * sizeof *c->goods);
    c->partners = malloc((n_facts + 1) * sizeof *c->partners);
    c->pairs = malloc((n_facts + 1) * sizeof *c->pairs);
    return c->key && c->value && c->nobody && c->start && c->firm && c->of_firm && c->goods &&
           c->partners && c->pairs;
}

static int firm_order(const void *a, const void *b) {
    const qi_firm_fact *x = *(const qi_firm_fact *const *)a,
                       *y = *(const qi_firm_fact *const *)b;
    return x->firm < y->firm ? -1 : x->firm > y->firm;
}

/* The facts of one cell; those of a firm in several periods, or in several cells of which this is
 * the margin, are one.  False: too much. */
static bool put_cell(qi_by_firm *c, size_t cell, const qi_firm_fact **facts, size_t n,
                     size_t *used) {
    bool fits = true, rising = true;
    size_t first = *used;
    for (size_t i = 1; i < n && rising; i++)
        rising = facts[i - 1]->firm <= facts[i]->firm;
    if (!rising)
        qsort(facts, n, sizeof *facts, firm_order);
    c->start[cell] = first;
    for (size_t i = 0; i < n; i++) {
        const qi_firm_fact *x = facts[i];
        size_t at = *used;
        fits &= qi_add_money(&c->value[cell], x->value);
        if (x->firm == QUIPU_FIRM_UNKNOWN) {
            fits &= qi_add_money(&c->nobody[cell], x->value);
        } else if (at > first && c->firm[at - 1] == x->firm) {
            fits &= qi_add_money(&c->of_firm[at - 1], x->value);
        } else {
            c->firm[at] = x->firm;
            c->of_firm[at] = x->value;
            c->goods[at] = x->goods;
            c->partners[at] = x->partners;
            c->pairs[at] = x->pairs;
            ++*used;
        }
    }
    return fits;
}

quipu_status qi_by_firm_make(const qi_firm_fact *facts, size_t n, qi_by_firm *c,
                             quipu_error *err) {
    census keys = {0};
    size_t used = 0, *start = NULL, *next = NULL;
    const qi_firm_fact **sorted = malloc((n + 1) * sizeof *sorted);
    quipu_status status = QUIPU_OK;
    *c = (qi_by_firm){0};
    bool ok = sorted != NULL && census_take(&keys, facts, n) && make_room(c, keys.keys.n, n);
    start = ok ? malloc((keys.keys.n + 1) * sizeof *start) : NULL;
    next = ok ? malloc((keys.keys.n + 1) * sizeof *next) : NULL;
    if (start == NULL || next == NULL || !census_places(&keys, c->key, start, next))
        QI_GO(qi_fail_memory(err, n * sizeof *sorted));
    for (size_t i = 0; i < n; i++)
        sorted[next[keys.of[i]]++] = &facts[i];
    c->n = keys.keys.n;
    for (size_t cell = 0; cell < c->n; cell++)
        if (!put_cell(c, cell, sorted + start[cell], start[cell + 1] - start[cell], &used))
            QI_GO(qi_fail(err, QUIPU_E_DATA, "a sum over firms is beyond 9.2e15 US$"));
    c->start[c->n] = used;
done:
    free(sorted);
    free(start);
    free(next);
    census_free(&keys);
    return status;
}

void qi_by_firm_free(qi_by_firm *c) {
    free(c->key);
    free(c->value);
    free(c->nobody);
    free(c->start);
    free(c->firm);
    free(c->of_firm);
    free(c->goods);
    free(c->partners);
    free(c->pairs);
    *c = (qi_by_firm){0};
}

size_t qi_by_firm_find(const qi_by_firm *c, uint64_t key) {
    const qi_protected view = {.n = c->n, .key = c->key};
    return qi_protect_find(&view, key);
}
