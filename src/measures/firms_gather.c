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

/* ---- periods ---- */

quipu_status qi_by_firm_gather(qi_firm_ask *f, const size_t *periods, size_t n, bool detail,
                               qi_by_firm *out, quipu_error *err) {
    fact_list facts = {0};
    quipu_status status = QUIPU_OK;
    *out = (qi_by_firm){0};
    for (size_t i = 0; i < n; i++)
        QI_GO(read_period(f, periods[i], detail, &facts, err));
    QI_GO(qi_by_firm_make(facts.items, facts.n, out, err));
    size_t most = f->request->most_cells;
    if (most > 0 && out->n > most / f->ask.n_periods)
        QI_GO(qi_fail(err, QUIPU_E_LIMIT,
                      "the answer could have more than %zu figures: ask for fewer countries, "
                      "products or years, or by fewer dimensions",
                      most));
done:
    free(facts.items);
    if (status != QUIPU_OK)
        qi_by_firm_free(out);
    return status;
}

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
