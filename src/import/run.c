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

/* ---- the worker's dictionary ---- */

static inline size_t slot_of(const qi_packer *p, uint64_t code) {
    size_t slot = (size_t)((code * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & p->mask;
    while (p->table[slot] != 0 && p->table[slot] != code)
        slot = (slot + 1) & p->mask;
    return slot;
}

static bool resize(qi_packer *p, size_t size) {
    qi_packer old = *p;
    p->table = calloc(size, sizeof *p->table);
    p->id = calloc(size, sizeof *p->id);
    p->mask = size - 1;
    bool ok = p->table != NULL && p->id != NULL;
    for (size_t i = 0; ok && old.table != NULL && i <= old.mask; i++)
        if (old.table[i] != 0) {
            size_t slot = slot_of(p, old.table[i]);
            p->table[slot] = old.table[i];
            p->id[slot] = old.id[i];
        }
    free(old.table);
    free(old.id);
    return ok;
}

typedef struct code_id {
    uint64_t code;
    uint32_t id;
} code_id;

static int by_code(const void *a, const void *b) {
    const code_id *x = a, *y = b;
    return x->code < y->code ? -1 : x->code > y->code;
}

/* A new list with all codes met so far; older runs keep theirs. */
static bool renew_codes(qi_packer *p) {
    qi_codes *codes = calloc(1, sizeof *codes);
    code_id *all = malloc((p->n + 1) * sizeof *all);
    uint32_t *rank = realloc(p->rank, (p->n + 1) * sizeof *rank);
    if (rank != NULL)
        p->rank = rank;
    if (codes != NULL)
        codes->code = malloc((p->n + 1) * sizeof *codes->code);
    if (codes == NULL || all == NULL || rank == NULL || codes->code == NULL) {
        if (codes != NULL)
            free(codes->code);
        free(codes);
        free(all);
        return false;
    }
    size_t n = 0;
    for (size_t i = 0; i <= p->mask; i++)
        if (p->table[i] != 0)
            all[n++] = (code_id){p->table[i], p->id[i]};
    qsort(all, n, sizeof *all, by_code);
    for (size_t k = 0; k < n; k++) {
        codes->code[k] = all[k].code;
        rank[all[k].id] = (uint32_t)k;
    }
    codes->n = n;
    codes->older = p->codes;
    p->codes = codes;
    free(all);
    return true;
}

/* Replace n codes, every `stride` words, by their ids. */
static bool look_up(qi_packer *p, uint64_t *words, size_t stride, size_t n) {
    size_t before = p->n;
    if (p->table == NULL && !resize(p, 16384))
        return false;
    for (size_t i = 0; i < n; i++) {
        uint64_t code = words[i * stride];
        size_t slot = slot_of(p, code);
        if (p->table[slot] == 0) {
            if (p->n * 2 > p->mask) {
                if (!resize(p, (p->mask + 1) * 4))
                    return false;
                slot = slot_of(p, code);
            }
            p->table[slot] = code;
            p->id[slot] = (uint32_t)p->n++;
        }
        words[i * stride] = p->id[slot];
    }
    return (p->n == before && p->codes != NULL) || renew_codes(p);
}

void qi_packer_free(qi_packer *p) {
    free(p->table);
    free(p->id);
    free(p->rank);
    free(p->column);
    free(p->small);
    free(p->heads.items);
    qi_buffer_free(&p->bytes);
}

void qi_codes_free(qi_codes *codes) {
    while (codes != NULL) {
        qi_codes *older = codes->older;
        free(codes->code);
        free(codes->product);
        free(codes);
        codes = older;
    }
}

/* ---- packing ---- */

static inline int64_t zigzag(int64_t number) {
    return (int64_t)((uint64_t)number << 1) ^ (number >> 63);
}

static uint32_t columns_of(const qi_cell *cells, size_t n) {
    uint32_t columns = 0;
    for (size_t i = 0; i < n; i++)
        columns |=
            (uint32_t)(cells[i].weight != QUIPU_QUANTITY_MISSING) * QUIPU_HAS_WEIGHT |
            (uint32_t)(cells[i].quantity != QUIPU_QUANTITY_MISSING) * QUIPU_HAS_QUANTITY |
            (uint32_t)(cells[i].flags != 0) * QUIPU_HAS_FLAGS |
            (uint32_t)(cells[i].part != 0) * QI_HAS_PARTS |
            (uint32_t)(cells[i].line != cells[0].line + (uint32_t)i) * QI_HAS_LINES;
    return columns;
}

static bool make_column_room(qi_packer *p, size_t n) {
    if (n <= p->room)
        return true;
    free(p->column);
    free(p->small);
    p->room = n * 2;
    p->column = malloc(p->room * sizeof *p->column);
    p->small = malloc(p->room);
    if (p->column != NULL && p->small != NULL)
        return true;
    p->room = 0;
    return false;
}

/* A group: products, then the columns in the cube's order, then what only the merge needs. */
static bool pack_group(qi_packer *p, const qi_cell *cells, size_t n, uint32_t columns) {
    if (!make_column_room(p, n))
        return false;
    int64_t *column = p->column, before = 0;
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        int64_t rank = p->rank[cells[i].product];
        column[i] = rank - before;
        before = rank;
    }
    ok = ok && qi_encode_values(&p->bytes, column, n, -1);
    for (size_t i = 0; i < n; i++)
        column[i] = cells[i].value;
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
    if (columns & QI_HAS_LINES) {
        before = cells[0].line;
        for (size_t i = 0; i < n; i++) {
            column[i] = zigzag((int64_t)cells[i].line - before);
            before = cells[i].line;
        }
        ok = ok && qi_encode_values(&p->bytes, column, n, -1);
    }
    return ok;
}

enum { BLOCK_BYTES = 8 << 20 };

/* At a multiple of eight. */
static uint8_t *take_room(qi_batch *p, size_t bytes) {
    bytes = (bytes + 7) / 8 * 8;
    if (p->block == NULL || p->block->size - p->block->used < bytes) {
        size_t size = sizeof(qi_block) + bytes > BLOCK_BYTES ? sizeof(qi_block) + bytes
                                                             : (size_t)BLOCK_BYTES;
        qi_block *block = qi_big_alloc(size);
        if (block == NULL)
            return NULL;
        *block = (qi_block){.older = p->block, .size = size, .used = sizeof *block};
        p->block = block;
    }
    uint8_t *room = (uint8_t *)p->block + p->block->used;
    p->block->used += bytes;
    return room;
}

void qi_batch_free(qi_batch *batch) {
    while (batch->block != NULL) {
        qi_block *older = batch->block->older;
        qi_big_free(batch->block, batch->block->size);
        batch->block = older;
    }
    free(batch->runs.items);
    *batch = (qi_batch){0};
}

/* The groups of the quick way as they are, when they are in order: codes become ids, ids
 * become gaps, in the arrays themselves.  *ordered = false: some group is not, nothing done. */
static bool pack_plain(qi_packer *p, qi_chunk *chunk, bool *ordered) {
    qi_plain *plain = &chunk->plain;
    uint64_t *product = plain->product;
    size_t n_groups = plain->groups.n;
    const qi_plain_group *groups = plain->groups.items;
    bool rising = true;
    for (size_t g = 0; g < n_groups; g++) {
        size_t end = g + 1 < n_groups ? groups[g + 1].from : plain->n;
        rising &= g == 0 || groups[g].key > groups[g - 1].key;
        for (size_t i = groups[g].from + 1; i < end; i++)
            rising &= product[i] > product[i - 1];
    }
    *ordered = rising;
    if (!rising)
        return true;
    if (!look_up(p, product, 1, plain->n))
        return false;
    for (size_t g = 0; g < n_groups; g++) {
        size_t from = groups[g].from, end = g + 1 < n_groups ? groups[g + 1].from : plain->n;
        size_t n = end - from;
        int64_t *gaps = (int64_t *)product + from, before = 0;
        uint64_t weights = 0;
        for (size_t i = 0; i < n; i++) {
            int64_t rank = p->rank[product[from + i]];
            gaps[i] = rank - before;
            before = rank;
            weights |= (uint64_t)(plain->weight[from + i] != QUIPU_QUANTITY_MISSING);
        }
        qi_head head = {groups[g].key,
                        p->bytes.length,
                        (uint32_t)n,
                        groups[g].first_line,
                        weights ? QUIPU_HAS_WEIGHT : 0,
                        (uint32_t)chunk->number};
        if (!QI_PUSH(&p->heads, head) || !qi_encode_values(&p->bytes, gaps, n, -1) ||
            !qi_encode_values(&p->bytes, plain->value + from, n, -1) ||
            (weights && !qi_encode_values(&p->bytes, plain->weight + from, n, -1)))
            return false;
    }
    return true;
}

/* Rows of the quick way as cells, to be sorted with the others. */
static bool plain_to_cells(qi_chunk *chunk) {
    const qi_plain *plain = &chunk->plain;
    if (!QI_ROOM(&chunk->cells, plain->n))
        return false;
    for (size_t g = 0; g < plain->groups.n; g++) {
        const qi_plain_group *group = &plain->groups.items[g];
        size_t end = g + 1 < plain->groups.n ? group[1].from : plain->n;
        for (size_t i = group->from; i < end; i++)
            chunk->cells.items[chunk->cells.n++] =
                (qi_cell){.key = group->key,
                          .product = plain->product[i],
                          .value = plain->value[i],
                          .weight = plain->weight[i],
                          .quantity = QUIPU_QUANTITY_MISSING,
                          .line = group->first_line + (uint32_t)(i - group->from),
                          .unit = 1};
    }
    return true;
}

static bool pack_cells(qi_packer *p, qi_chunk *chunk) {
    qi_cell *cells = chunk->cells.items;
    size_t n = chunk->cells.n;
    bool ok = sort_cells(cells, n) &&
              look_up(p, n > 0 ? &cells[0].product : NULL, sizeof *cells / sizeof(uint64_t), n);
    for (size_t i = 0; i < n && ok;) {
        size_t end = i + 1;
        while (end < n && cells[end].key == cells[i].key)
            end++;
        qi_head head = {cells[i].key,
                        p->bytes.length,
                        (uint32_t)(end - i),
                        cells[i].line,
                        columns_of(cells + i, end - i),
                        (uint32_t)chunk->number};
        ok = QI_PUSH(&p->heads, head) && pack_group(p, cells + i, end - i, head.columns);
        i = end;
    }
    return ok;
}

/* What must be known of all cells before any is merged. */
static void look_over(const qi_packer *p, qi_run *run) {
    run->line_of[0] = run->line_of[1] = QI_NO_LINE;
    for (size_t h = 0; h < run->n_heads; h++) {
        const qi_head *head = &run->heads[h];
        uint32_t *line = &run->line_of[QI_KEY_PERIOD(head->key) > 9999];
        *line = head->first_line < *line ? head->first_line : *line;
        const unsigned countries[] = {QI_KEY_REPORTER(head->key), QI_KEY_PARTNER(head->key)};
        for (size_t c = 0; c < 2; c++) /* the workers share the marks: mostly they only look */
            if (!__atomic_load_n(&p->country[countries[c]], __ATOMIC_RELAXED))
                __atomic_store_n(&p->country[countries[c]], 1, __ATOMIC_RELAXED);
    }
}

quipu_status qi_run_make(qi_chunk *chunk, qi_packer *p, qi_run *run, quipu_error *err) {
    memset(run, 0, sizeof *run);
    run->member = chunk->member;
    p->bytes.length = 0;
    p->heads.n = 0;
    bool ok = true, done = false;
    if (chunk->cells.n == 0)
        ok = pack_plain(p, chunk, &done);
    if (ok && !done)
        ok = plain_to_cells(chunk) && pack_cells(p, chunk);
    ok = ok && qi_buffer_add(&p->bytes, (char[QI_RUN_SLACK]){0}, QI_RUN_SLACK);
    size_t heads = p->heads.n * sizeof *p->heads.items;
    uint8_t *room = ok ? take_room(&p->batch, heads + p->bytes.length) : NULL;
    if (room == NULL)
        return qi_fail_memory(err, heads + p->bytes.length);
    if (heads > 0)
        memcpy(room, p->heads.items, heads);
    memcpy(room + heads, p->bytes.bytes, p->bytes.length);
    run->codes = p->codes;
    run->heads = (const qi_head *)(const void *)room;
    run->n_heads = p->heads.n;
    run->bytes = room + heads;
    run->length = p->bytes.length - QI_RUN_SLACK;
    look_over(p, run);
    return QUIPU_OK;
}

/* ---- reading back ---- */

static quipu_status make_room(qi_pair_cells *into, size_t n, quipu_error *err) {
    bool ok = qi_leaves_reserve(&into->leaves, n);
    if (ok && 2 * n + 8 > into->more_size) {
        free(into->more);
        into->more_size = 4 * n + 64;
        into->more = malloc(into->more_size * sizeof *into->more);
        ok = into->more != NULL;
        if (!ok)
            into->more_size = 0;
    }
    return ok ? QUIPU_OK : qi_fail_memory(err, n * 64);
}

/* Products and values; *at is left behind the product list, *value_end behind the values. */
static bool decode_main(const qi_group *group, quipu_leaves *l, const uint8_t **at,
                        const uint8_t **value_end) {
    size_t n = group->head->n;
    int64_t *gaps = l->value; /* free until the values are read */
    *at = group->at;
    if (!qi_decode_values(at, group->end, n, -1, gaps))
        return false;
    const uint32_t *product = group->codes->product;
    int64_t rank = 0;
    for (size_t i = 0; i < n; i++) {
        rank += gaps[i];
        l->product[i] = product[rank];
    }
    l->n = n;
    *value_end = *at;
    return qi_decode_values(value_end, group->end, n, -1, l->value);
}

quipu_status qi_run_read_clean(const qi_group *group, qi_pair_cells *into, bool *clean,
                               const uint8_t **columns, size_t *n_bytes, quipu_error *err) {
    const qi_head *head = group->head;
    *clean = false;
    if (head->columns & QI_HAS_PARTS)
        return QUIPU_OK;
    QI_TRY(make_room(into, head->n, err));
    const uint8_t *at, *end = group->end;
    bool ok = decode_main(group, &into->leaves, columns, &at);
    if (ok && (head->columns & QUIPU_HAS_WEIGHT))
        ok = qi_skip_stream(&at, end, head->n);
    if (ok && (head->columns & QUIPU_HAS_QUANTITY))
        ok = qi_skip_stream(&at, end, head->n) && qi_skip_stream(&at, end, head->n);
    if (ok && (head->columns & QUIPU_HAS_FLAGS))
        ok = qi_skip_stream(&at, end, head->n);
    if (!ok)
        return qi_fail(err, QUIPU_E_BUG, "a run of the import does not decode");
    *n_bytes = (size_t)(at - *columns);
    const uint32_t *product = into->leaves.product;
    bool rising = true;
    for (size_t i = 1; i < head->n; i++)
        rising &= product[i] > product[i - 1];
    *clean = rising;
    return QUIPU_OK;
}

/* All columns; lines and parts go to `into->more`, parts behind the lines. */
static bool decode_all(const qi_group *group, qi_pair_cells *into) {
    quipu_leaves *l = &into->leaves;
    const qi_head *head = group->head;
    const uint8_t *list, *at, *end = group->end;
    size_t n = head->n;
    uint64_t *scratch = (uint64_t *)into->more; /* free until the lines are read */
    uint8_t *parts = (uint8_t *)(into->more + n + 4);
    bool ok = decode_main(group, l, &list, &at);
    if (head->columns & QUIPU_HAS_WEIGHT)
        ok = ok && qi_decode_values(&at, end, n, -1, l->weight);
    else
        for (size_t i = 0; i < n; i++)
            l->weight[i] = QUIPU_QUANTITY_MISSING;
    memset(l->unit, 1, n);
    memset(l->flags, 0, n);
    memset(parts, 0, n);
    if (head->columns & QUIPU_HAS_QUANTITY)
        ok = ok && qi_decode_values(&at, end, n, -1, l->quantity) &&
             qi_decode_bytes(&at, end, n, l->unit, scratch);
    else
        for (size_t i = 0; i < n; i++)
            l->quantity[i] = QUIPU_QUANTITY_MISSING;
    if (head->columns & QUIPU_HAS_FLAGS)
        ok = ok && qi_decode_bytes(&at, end, n, l->flags, scratch);
    if (head->columns & QI_HAS_PARTS)
        ok = ok && qi_decode_bytes(&at, end, n, parts, scratch);
    if (head->columns & QI_HAS_LINES)
        return ok && qi_decode_values(&at, end, n, -1, into->more);
    for (size_t i = 0; i < n; i++)
        into->more[i] = i == 0 ? 0 : 2; /* zigzag of one line further */
    return ok;
}

quipu_status qi_run_read(const qi_group *group, qi_pair_cells *into, quipu_error *err) {
    const qi_head *head = group->head;
    size_t n = head->n;
    QI_TRY(make_room(into, n, err));
    if (!QI_ROOM(into, n))
        return qi_fail_memory(err, n * sizeof *into->items);
    if (!decode_all(group, into))
        return qi_fail(err, QUIPU_E_BUG, "a run of the import does not decode");
    const quipu_leaves *l = &into->leaves;
    const uint8_t *parts = (const uint8_t *)(into->more + n + 4);
    int64_t line = head->first_line;
    for (size_t i = 0; i < n; i++) {
        int64_t step = into->more[i];
        line += (step >> 1) ^ -(step & 1);
        into->items[into->n++] = (qi_pair_cell){.product = l->product[i],
                                                .line = (uint32_t)line,
                                                .run = head->run,
                                                .unit = l->unit[i],
                                                .flags = l->flags[i],
                                                .part = parts[i],
                                                .value = l->value[i],
                                                .weight = l->weight[i],
                                                .quantity = l->quantity[i]};
    }
    return QUIPU_OK;
}

void qi_pair_cells_free(qi_pair_cells *cells) {
    free(cells->items);
    free(cells->more);
    free(cells->dropped.items);
    quipu_leaves_free(&cells->leaves);
    memset(cells, 0, sizeof *cells);
}
