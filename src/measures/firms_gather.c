/* SPDX-License-Identifier: Apache-2.0 */
/* firms_gather.c - rows by firm, added up into the cells of a table and all its margins.
 *
 * Blocks are read by any thread; each gives a list of facts, which are put together in order of
 * blocks, so that nothing depends on the threads.  Within a firm the rows of a cell are brought
 * together by sorting, once for each combination of axes that are added up.
 */
#include "measures/firms.h"

enum { BLOCKS_A_TASK = 8 };

typedef struct piece {
    uint64_t key;
    quipu_money value;
    uint32_t product;
    uint16_t partner;
    uint64_t up[3]; /* to the key of the margin over reporters, partners, products */
} piece;

typedef QI_LIST(qi_firm_fact) fact_list;
typedef QI_LIST(piece) piece_list;

typedef struct reading {
    const qi_firm_ask *f;
    size_t slab, period, n_blocks;
    bool detail;      /* products, partners and pairs are counted */
    fact_list *facts; /* of each task */
} reading;

/* ---- one firm ---- */

static int by_product(const void *a, const void *b) {
    const piece *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (x->product != y->product)
        return x->product < y->product ? -1 : 1;
    return x->partner < y->partner ? -1 : x->partner > y->partner;
}

static int by_key(const void *a, const void *b) {
    const piece *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

static int by_partner(const void *a, const void *b) {
    const piece *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->partner < y->partner ? -1 : x->partner > y->partner;
}

/* Most firms have a handful of pieces, in order already or nearly so. */
static void sort_pieces(piece *pieces, size_t n, int (*order)(const void *, const void *)) {
    if (n > 32) {
        qsort(pieces, n, sizeof *pieces, order);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        piece moved = pieces[i];
        size_t at = i;
        for (; at > 0 && order(&pieces[at - 1], &moved) > 0; at--)
            pieces[at] = pieces[at - 1];
        pieces[at] = moved;
    }
}

/* Pieces of one key, sorted by product: what they add up to.  False: too much. */
static bool add_up(const piece *at, size_t n, qi_firm_fact *out) {
    bool fits = true;
    for (size_t i = 0; i < n; i++) {
        bool good = i == 0 || at[i].product != at[i - 1].product;
        out->goods += good;
        out->pairs += good || at[i].partner != at[i - 1].partner;
        fits &= qi_add_money(&out->value, at[i].value);
    }
    return fits;
}

/* Partners of each fact: pieces once more, in order of partner. */
static void count_partners(piece *pieces, size_t n, qi_firm_fact *facts) {
    sort_pieces(pieces, n, by_partner);
    for (size_t i = 0, at = 0; i < n; i++) {
        at += facts[at].key != pieces[i].key;
        facts[at].partners += i == 0 || pieces[i].key != pieces[i - 1].key ||
                              pieces[i].partner != pieces[i - 1].partner;
    }
}

static quipu_status put_facts(const reading *r, piece *pieces, size_t n, uint32_t firm,
                              fact_list *out, quipu_error *err) {
    size_t first = out->n;
    sort_pieces(pieces, n, r->detail ? by_product : by_key);
    for (size_t from = 0, to; from < n; from = to) {
        qi_firm_fact made = {.key = pieces[from].key, .firm = firm};
        for (to = from + 1; to < n && pieces[to].key == made.key;)
            to++;
        if (!add_up(pieces + from, to - from, &made))
            return qi_fail(err, QUIPU_E_DATA, "the trade of a firm is beyond 9.2e15 US$");
        if (!QI_PUSH(out, made))
            return qi_fail_memory(err, out->n * sizeof made);
    }
    if (r->detail)
        count_partners(pieces, n, out->items + first);
    return QUIPU_OK;
}

/* The rows of one firm that are asked for, with their keys. */
static quipu_status find_pieces(const reading *r, const quipu_firm_rows *rows, size_t from,
                                size_t to, piece_list *pieces, quipu_error *err) {
    const qi_firm_ask *f = r->f;
    const int32_t *reporter = f->reporter + r->period * f->n_countries;
    const int32_t *partner = f->partner + r->period * f->n_countries;
    const int axis[3] = {f->reporter_axis, f->partner_axis, f->product_axis};
    pieces->n = 0;
    for (size_t i = from; i < to; i++) {
        int32_t label[3] = {reporter[rows->reporter[i]], partner[rows->partner[i]],
                            f->product[rows->product[i]]};
        if (rows->value[i] <= 0 || label[0] < 0 || label[1] < 0 || label[2] < 0)
            continue;
        piece made = {
            .value = rows->value[i], .product = rows->product[i], .partner = rows->partner[i]};
        for (int a = 0; a < 3; a++)
            if (axis[a] >= 0) {
                made.key += f->shape.stride[axis[a]] * (uint64_t)label[a];
                made.up[a] =
                    f->shape.stride[axis[a]] * (f->shape.labels[axis[a]] - (uint64_t)label[a]);
            }
        if (!QI_PUSH(pieces, made))
            return qi_fail_memory(err, pieces->n * sizeof made);
    }
    return QUIPU_OK;
}

/* Facts of one firm, for each combination of axes that are totals.  From one to the next a
 * margin is entered or left, as in Gray's code: keys change by one step. */
static quipu_status read_firm(const reading *r, const quipu_firm_rows *rows, size_t from,
                              size_t to, piece_list *pieces, fact_list *out, quipu_error *err) {
    const qi_firm_ask *f = r->f;
    const int axis[3] = {f->reporter_axis, f->partner_axis, f->product_axis};
    unsigned totals = 0;
    QI_TRY(find_pieces(r, rows, from, to, pieces, err));
    for (unsigned step = 0; step < 1u << f->shape.n_axes && pieces->n > 0; step++) {
        unsigned next = step ^ step >> 1, changed = next ^ totals;
        for (int a = 0; a < 3; a++)
            for (size_t i = 0; axis[a] >= 0 && (changed >> axis[a] & 1u) && i < pieces->n; i++)
                pieces->items[i].key +=
                    next > totals ? pieces->items[i].up[a] : 0 - pieces->items[i].up[a];
        totals = next;
        QI_TRY(put_facts(r, pieces->items, pieces->n, rows->firm[from], out, err));
    }
    return QUIPU_OK;
}

static quipu_status read_blocks(void *user, size_t task, unsigned worker, quipu_error *err) {
    QI_UNUSED(worker);
    const reading *r = user;
    quipu_firm_rows rows = {0};
    piece_list pieces = {0};
    quipu_status status = QUIPU_OK;
    size_t first = task * BLOCKS_A_TASK, end = first + BLOCKS_A_TASK;
    for (size_t b = first; b < end && b < r->n_blocks; b++) {
        QI_GO(qi_ask_stop(r->f->request, err));
        QI_GO(
            quipu_cube_firm_block_of(r->f->ask.cube, r->slab, b, r->f->reporters, &rows, err));
        for (size_t from = 0, to; from < rows.n; from = to) {
            for (to = from + 1; to < rows.n && rows.firm[to] == rows.firm[from];)
                to++;
            QI_GO(read_firm(r, &rows, from, to, &pieces, &r->facts[task], err));
        }
    }
done:
    free(pieces.items);
    quipu_firm_rows_free(&rows);
    return status;
}

/* Appends the facts of one period. */
static quipu_status read_period(const qi_firm_ask *f, size_t period, bool detail,
                                fact_list *all, quipu_error *err) {
    reading r = {.f = f, .period = period, .detail = detail};
    int slab = f->ask.views[0].slab[period];
    quipu_status status = QUIPU_OK;
    if (slab < 0)
        return QUIPU_OK;
    r.slab = (size_t)slab;
    QI_TRY(quipu_cube_firm_blocks(f->ask.cube, r.slab, &r.n_blocks, err));
    size_t n = (r.n_blocks + BLOCKS_A_TASK - 1) / BLOCKS_A_TASK;
    r.facts = calloc(n + 1, sizeof *r.facts);
    if (r.facts == NULL)
        return qi_fail_memory(err, n * sizeof *r.facts);
    QI_GO(qi_run_tasks(f->ask.threads, n, read_blocks, &r, err));
    for (size_t t = 0; t < n; t++) {
        if (!QI_ROOM(all, r.facts[t].n))
            QI_GO(qi_fail_memory(err, r.facts[t].n * sizeof(qi_firm_fact)));
        if (r.facts[t].n > 0)
            memcpy(all->items + all->n, r.facts[t].items, r.facts[t].n * sizeof(qi_firm_fact));
        all->n += r.facts[t].n;
    }
done:
    for (size_t t = 0; t < n; t++)
        free(r.facts[t].items);
    free(r.facts);
    return status;
}

/* ---- facts become cells ---- */

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

quipu_status qi_by_firm_gather(qi_firm_ask *f, const size_t *periods, size_t n, bool detail,
                               qi_by_firm *out, quipu_error *err) {
    fact_list facts = {0};
    quipu_status status = QUIPU_OK;
    *out = (qi_by_firm){0};
    for (size_t i = 0; i < n; i++)
        QI_GO(read_period(f, periods[i], detail, &facts, err));
    QI_GO(qi_by_firm_make(facts.items, facts.n, out, err));
done:
    free(facts.items);
    if (status != QUIPU_OK)
        qi_by_firm_free(out);
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

/* ---- all periods ---- */

quipu_status qi_firm_years_gather(qi_firm_ask *f, bool detail, qi_firm_years *out,
                                  quipu_error *err) {
    size_t n = f->ask.n_periods;
    quipu_status status = QUIPU_OK;
    *out = (qi_firm_years){.cells = calloc(n + 1, sizeof *out->cells)};
    if (out->cells == NULL)
        return qi_fail_memory(err, n * sizeof *out->cells);
    for (size_t p = 0; p < n; p++) {
        QI_GO(qi_by_firm_gather(f, &p, 1, detail, &out->cells[p], err));
        out->n++;
        if (!QI_ROOM(&out->keys, out->cells[p].n))
            QI_GO(qi_fail_memory(err, out->keys.n * sizeof(uint64_t)));
        for (size_t c = 0; c < out->cells[p].n; c++)
            out->keys.items[out->keys.n++] = out->cells[p].key[c];
        out->last = out->cells[p].n > 0 ? p : out->last;
    }
done:
    if (status != QUIPU_OK)
        qi_firm_years_free(out);
    return status;
}

void qi_firm_years_free(qi_firm_years *years) {
    for (size_t p = 0; p < years->n; p++)
        qi_by_firm_free(&years->cells[p]);
    for (size_t p = 0; p < years->n && years->hidden != NULL; p++)
        free(years->hidden[p]);
    free(years->hidden);
    free(years->cells);
    free(years->keys.items);
    *years = (qi_firm_years){0};
}
