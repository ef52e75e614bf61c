/* SPDX-License-Identifier: Apache-2.0 */
/* run.c - sort the cells of a chunk and pack them, with the codec of the cube itself.
 *
 * A run takes about 8 bytes a cell, so that even a world decade stays in memory.  Official
 * files mostly come sorted; that is seen in one pass and then nothing is sorted.
 */
#include "../cube/codec.h"
#include "import.h"

/* ---- sorting ---- */

static inline bool after(const qi_cell *a, const qi_cell *b) {
    if (a->key != b->key)
        return a->key > b->key;
    if (a->product != b->product)
        return a->product > b->product;
    return a->part > b->part;
}

/* Natural merge sort: stable, and quick on the nearly sorted files offices publish. */
static bool sort_cells(qi_cell *cells, size_t n) {
    QI_LIST(size_t) runs = {0};
    bool ok = true;
    for (size_t i = 0; i < n && ok;) {
        ok = QI_PUSH(&runs, i);
        for (i++; i < n && !after(&cells[i - 1], &cells[i]); i++)
            ;
    }
    if (runs.n <= 1 || !ok) {
        free(runs.items);
        return ok;
    }
    qi_cell *other = malloc(n * sizeof *other), *from = cells, *to = other;
    ok = other != NULL && QI_PUSH(&runs, n);
    while (ok && runs.n > 2) {
        size_t kept = 0;
        for (size_t r = 0; r + 1 < runs.n; r += 2) {
            size_t a = runs.items[r], middle = runs.items[r + 1];
            size_t end = r + 2 < runs.n ? runs.items[r + 2] : middle;
            size_t b = middle, out = a;
            while (a < middle && b < end)
                to[out++] = after(&from[a], &from[b]) ? from[b++] : from[a++];
            memcpy(&to[out], &from[a], (middle - a) * sizeof *to);
            out += middle - a;
            memcpy(&to[out], &from[b], (end - b) * sizeof *to);
            runs.items[kept++] = runs.items[r];
        }
        runs.items[kept++] = n;
        runs.n = kept;
        qi_cell *swap = from;
        from = to;
        to = swap;
    }
    if (ok && from != cells)
        memcpy(cells, from, n * sizeof *cells);
    free(other);
    free(runs.items);
    return ok;
}

/* ---- the run's own dictionary ---- */

typedef struct dictionary {
    uint64_t *code;  /* hash table: 0 = empty */
    uint32_t *rank;
    size_t mask, n;
} dictionary;

static inline size_t slot_of(const dictionary *d, uint64_t code) {
    size_t slot = (size_t)((code * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & d->mask;
    while (d->code[slot] != 0 && d->code[slot] != code)
        slot = (slot + 1) & d->mask;
    return slot;
}

static bool dictionary_resize(dictionary *d, size_t size) {
    dictionary old = *d;
    d->code = calloc(size, sizeof *d->code);
    d->rank = calloc(size, sizeof *d->rank);
    d->mask = size - 1;
    bool ok = d->code != NULL && d->rank != NULL;
    for (size_t i = 0; ok && old.code != NULL && i <= old.mask; i++)
        if (old.code[i] != 0)
            d->code[slot_of(d, old.code[i])] = old.code[i];
    free(old.code);
    free(old.rank);
    return ok;
}

static int by_number(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* All codes of the cells, rising, into run->codes; and their ranks into the table. */
static bool make_dictionary(const qi_chunk *chunk, dictionary *d, qi_run *run) {
    memset(d, 0, sizeof *d);
    if (!dictionary_resize(d, 8192))
        return false;
    for (size_t i = 0; i < chunk->cells.n; i++) {
        size_t slot = slot_of(d, chunk->cells.items[i].product);
        if (d->code[slot] != 0)
            continue;
        d->code[slot] = chunk->cells.items[i].product;
        if (++d->n * 2 > d->mask && !dictionary_resize(d, (d->mask + 1) * 4))
            return false;
    }
    run->codes = malloc((d->n + 1) * sizeof *run->codes);
    if (run->codes == NULL)
        return false;
    for (size_t i = 0; i <= d->mask; i++)
        if (d->code[i] != 0)
            run->codes[run->n_codes++] = d->code[i];
    qsort(run->codes, run->n_codes, sizeof *run->codes, by_number);
    for (size_t k = 0; k < run->n_codes; k++)
        d->rank[slot_of(d, run->codes[k])] = (uint32_t)k;
    return true;
}

/* ---- packing ---- */

static inline int64_t zigzag(int64_t number) {
    return (number << 1) ^ (number >> 63);
}

typedef struct packer {
    qi_buffer bytes;
    int64_t *column;
    uint8_t *small;
    size_t room;
} packer;

static bool pack_group(packer *p, const dictionary *d, const qi_cell *cells, size_t n,
                       uint32_t columns) {
    if (n > p->room) {
        free(p->column);
        free(p->small);
        p->room = n * 2;
        p->column = malloc(p->room * sizeof *p->column);
        p->small = malloc(p->room);
        if (p->column == NULL || p->small == NULL)
            return false;
    }
    int64_t *column = p->column;
    bool ok = true;
    int64_t before = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t rank = d->rank[slot_of(d, cells[i].product)];
        column[i] = rank - before;
        before = rank;
    }
    ok = ok && qi_encode_values(&p->bytes, column, n, -1);
    for (size_t i = 0; i < n; i++)
        column[i] = cells[i].value;
    ok = ok && qi_encode_values(&p->bytes, column, n, -1);
    before = (int64_t)cells[0].line - 1;
    for (size_t i = 0; i < n; i++) {
        column[i] = zigzag((int64_t)cells[i].line - before);
        before = cells[i].line;
    }
    ok = ok && qi_encode_values(&p->bytes, column, n, -1);
    if (columns & QUIPU_HAS_WEIGHT) {
        for (size_t i = 0; i < n; i++)
            column[i] = cells[i].weight;
        ok = ok && qi_encode_values(&p->bytes, column, n, -1);
    }
    if (columns & QUIPU_HAS_QUANTITY) {
        for (size_t i = 0; i < n; i++)
            column[i] = cells[i].quantity;
        ok = ok && qi_encode_values(&p->bytes, column, n, -1);
        for (size_t i = 0; i < n; i++)
            p->small[i] = cells[i].unit;
        ok = ok && qi_encode_bytes(&p->bytes, p->small, n);
    }
    if (columns & QUIPU_HAS_FLAGS) {
        for (size_t i = 0; i < n; i++)
            p->small[i] = cells[i].flags;
        ok = ok && qi_encode_bytes(&p->bytes, p->small, n);
    }
    if (columns & QI_HAS_PARTS) {
        for (size_t i = 0; i < n; i++)
            p->small[i] = cells[i].part;
        ok = ok && qi_encode_bytes(&p->bytes, p->small, n);
    }
    return ok;
}

static uint32_t columns_of(const qi_cell *cells, size_t n) {
    uint32_t columns = 0;
    for (size_t i = 0; i < n; i++)
        columns |= (uint32_t)(cells[i].weight != QUIPU_QUANTITY_MISSING) * QUIPU_HAS_WEIGHT |
                   (uint32_t)(cells[i].quantity != QUIPU_QUANTITY_MISSING) * QUIPU_HAS_QUANTITY |
                   (uint32_t)(cells[i].flags != 0) * QUIPU_HAS_FLAGS |
                   (uint32_t)(cells[i].part != 0) * QI_HAS_PARTS;
    return columns;
}

quipu_status qi_run_make(qi_chunk *chunk, qi_run *run, quipu_error *err) {
    dictionary d = {0};
    packer p = {0};
    quipu_status status = QUIPU_OK;
    QI_LIST(qi_head) heads = {0};
    const qi_cell *cells = chunk->cells.items;
    memset(run, 0, sizeof *run);
    run->chunk = chunk->number;
    run->member = chunk->member;
    bool ok = sort_cells(chunk->cells.items, chunk->cells.n) && make_dictionary(chunk, &d, run) &&
              qi_buffer_reserve(&p.bytes, chunk->cells.n * 10 + 64);
    for (size_t i = 0; i < chunk->cells.n && ok;) {
        size_t end = i + 1;
        while (end < chunk->cells.n && cells[end].key == cells[i].key)
            end++;
        qi_head head = {cells[i].key, p.bytes.length, (uint32_t)(end - i), cells[i].line,
                        columns_of(cells + i, end - i)};
        run->columns |= head.columns;
        ok = QI_PUSH(&heads, head) && pack_group(&p, &d, cells + i, end - i, head.columns);
        i = end;
    }
    run->length = p.bytes.length;
    ok = ok && qi_buffer_add(&p.bytes, (char[QI_RUN_SLACK]){0}, QI_RUN_SLACK);
    if (ok) { /* give back what was reserved too much */
        uint8_t *fit = realloc(p.bytes.bytes, p.bytes.length);
        run->bytes = fit != NULL ? fit : (uint8_t *)p.bytes.bytes;
        run->heads = heads.items;
        run->n_heads = heads.n;
    } else {
        status = qi_fail_memory(err, chunk->cells.n * sizeof *cells);
        qi_buffer_free(&p.bytes);
        free(heads.items);
        qi_run_free(run);
    }
    free(p.column);
    free(p.small);
    free(d.code);
    free(d.rank);
    return status;
}

void qi_run_free(qi_run *run) {
    free(run->heads);
    free(run->codes);
    free(run->product);
    if (!run->spilled)
        free(run->bytes);
    memset(run, 0, sizeof *run);
}

/* ---- reading back ---- */

static quipu_status make_room(qi_pair_cells *into, size_t n, quipu_error *err) {
    bool ok = qi_leaves_reserve(&into->leaves, n);
    if (ok && n + 4 > into->more_size) {
        free(into->more);
        into->more_size = n * 2 + 64;
        into->more = malloc(into->more_size * sizeof *into->more);
        ok = into->more != NULL;
        if (!ok)
            into->more_size = 0;
    }
    return ok ? QUIPU_OK : qi_fail_memory(err, n * 64);
}

/* Decode one group into leaves (parallel arrays); parts and lines stay packed at *rest. */
static bool decode_group(const qi_run *run, const qi_head *head, quipu_leaves *l,
                         int64_t *lines) {
    const uint8_t *at = run->bytes + head->offset, *end = run->bytes + run->length;
    size_t n = head->n;
    int64_t *ranks = l->value; /* free until the values are read */
    if (!qi_decode_values(&at, end, n, -1, ranks))
        return false;
    int64_t rank = 0;
    for (size_t i = 0; i < n; i++) {
        rank += ranks[i];
        l->product[i] = run->product[rank];
    }
    bool ok = qi_decode_values(&at, end, n, -1, l->value) &&
              (lines != NULL ? qi_decode_values(&at, end, n, -1, lines)
                             : qi_skip_stream(&at, end, n));
    if (ok && (head->columns & QUIPU_HAS_WEIGHT))
        ok = qi_decode_values(&at, end, n, -1, l->weight);
    else
        for (size_t i = 0; i < n; i++)
            l->weight[i] = QUIPU_QUANTITY_MISSING;
    uint64_t room[4096 + 4], *scratch = room;
    if (n > 4096 && (head->columns & ~(uint32_t)QUIPU_HAS_WEIGHT))
        scratch = malloc((n + 4) * sizeof *scratch);
    if (scratch == NULL)
        return false;
    if (ok && (head->columns & QUIPU_HAS_QUANTITY)) {
        ok = qi_decode_values(&at, end, n, -1, l->quantity) &&
             qi_decode_bytes(&at, end, n, l->unit, scratch);
    } else {
        for (size_t i = 0; i < n; i++)
            l->quantity[i] = QUIPU_QUANTITY_MISSING;
        memset(l->unit, 1, n);
    }
    if (ok && (head->columns & QUIPU_HAS_FLAGS))
        ok = qi_decode_bytes(&at, end, n, l->flags, scratch);
    else
        memset(l->flags, 0, n);
    l->n = n;
    /* parts, if any, are read by the caller from a second look: they are the last column */
    if (ok && lines != NULL && (head->columns & QI_HAS_PARTS)) {
        uint8_t *parts = (uint8_t *)(lines + n);
        ok = qi_decode_bytes(&at, end, n, parts, scratch);
    }
    if (scratch != room)
        free(scratch);
    return ok;
}

quipu_status qi_run_read_clean(const qi_run *run, const qi_head *head, qi_pair_cells *into,
                               bool *clean, quipu_error *err) {
    *clean = false;
    if (head->columns & QI_HAS_PARTS)
        return QUIPU_OK;
    QI_TRY(make_room(into, head->n, err));
    if (!decode_group(run, head, &into->leaves, NULL))
        return qi_fail(err, QUIPU_E_BUG, "a run of the import does not decode");
    const uint32_t *product = into->leaves.product;
    bool rising = true;
    for (size_t i = 1; i < head->n; i++)
        rising &= product[i] > product[i - 1];
    *clean = rising;
    return QUIPU_OK;
}

quipu_status qi_run_read(const qi_run *run, uint32_t run_number, const qi_head *head,
                         qi_pair_cells *into, quipu_error *err) {
    size_t n = head->n;
    QI_TRY(make_room(into, n * 2 + 8, err)); /* lines, and behind them the parts */
    if (!QI_ROOM(into, n))
        return qi_fail_memory(err, n * sizeof *into->items);
    if (!decode_group(run, head, &into->leaves, into->more))
        return qi_fail(err, QUIPU_E_BUG, "a run of the import does not decode");
    const quipu_leaves *l = &into->leaves;
    const uint8_t *parts = (const uint8_t *)(into->more + n);
    int64_t line = (int64_t)head->first_line - 1;
    for (size_t i = 0; i < n; i++) {
        int64_t step = into->more[i];
        line += (step >> 1) ^ -(step & 1);
        into->items[into->n++] = (qi_pair_cell){.product = l->product[i],
                                                .line = (uint32_t)line,
                                                .run = run_number,
                                                .unit = l->unit[i],
                                                .flags = l->flags[i],
                                                .part = (head->columns & QI_HAS_PARTS) ? parts[i] : 0,
                                                .value = l->value[i],
                                                .weight = l->weight[i],
                                                .quantity = l->quantity[i]};
    }
    return QUIPU_OK;
}

void qi_pair_cells_free(qi_pair_cells *cells) {
    free(cells->items);
    free(cells->more);
    quipu_leaves_free(&cells->leaves);
    memset(cells, 0, sizeof *cells);
}
