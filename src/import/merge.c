/* SPDX-License-Identifier: Apache-2.0 */
/* merge.c - from sorted runs to the slabs of a cube.
 *
 * Two passes over the runs.  The first is needed only when some cells may turn out to be
 * totals of others (World beside partners, 26 beside 2603): it settles every pair to learn
 * which products, countries and columns remain.  The second settles again and writes.  Both
 * work on blocks of reporters; the blocks follow from the data, not from the threads.
 */
#include "import.h"

#include <pthread.h>

typedef struct slab_plan {
    uint64_t slab; /* QI_KEY_SLAB */
    uint32_t columns;
    int old; /* slab of the old cube, -1 */
} slab_plan;

typedef QI_LIST(slab_plan) slab_list;

/* What one worker needs, kept between tasks. */
typedef struct worker {
    qi_pair_cells cells, world;
    int64_t *row;    /* sums of one reporter by product, for the check against World */
    uint32_t *parts; /* and how many partners went into them */
    QI_LIST(struct source) sources;
    int64_t *partner_matrix;
} worker;

/* One packed group of cells of the reporter at hand. */
struct source {
    const qi_head *head;
    uint32_t run;
};

typedef struct pass {
    qi_merge *merge;
    const slab_plan *plan;
    const uint16_t *reporters; /* of the slab, rising */
    const size_t *block_start;
    worker *workers;
    qi_ledger *ledgers; /* one a block */
    qi_part *parts;     /* one a block; NULL in the first pass */
    uint8_t *used_product, *used_country;
    uint32_t *used_columns; /* one a block, first pass */
} pass;

/* ---- what is there ---- */

static int by_code(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static quipu_status collect_codes(qi_merge *m, quipu_error *err) {
    QI_LIST(uint64_t) codes = {0};
    bool ok = true;
    for (size_t i = 0; i < m->n_lists && ok; i++) /* the newest list has the older ones' codes */
        for (size_t k = 0; m->lists[i] != NULL && k < m->lists[i]->n && ok; k++)
            ok = QI_PUSH(&codes, m->lists[i]->code[k]);
    for (size_t t = 0; t < m->n_tariffs && ok; t++)
        ok = QI_PUSH(&codes, m->tariffs[t].product);
    for (size_t k = 0; m->old != NULL && k < quipu_cube_n_products(m->old) && ok; k++) {
        const char *text = quipu_cube_product(m->old, k);
        ok = QI_PUSH(&codes, qi_code_pack(text, strlen(text)));
    }
    if (!ok) {
        free(codes.items);
        return qi_fail_memory(err, codes.n * 8);
    }
    if (codes.n > 0)
        qsort(codes.items, codes.n, sizeof *codes.items, by_code);
    for (size_t i = 0; i < codes.n; i++)
        if (m->n_codes == 0 || codes.items[m->n_codes - 1] != codes.items[i])
            codes.items[m->n_codes++] = codes.items[i];
    m->codes = codes.items;
    return QUIPU_OK;
}

/* First position at or after `code`. */
static size_t find_code(const uint64_t *codes, size_t n, uint64_t code) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (codes[middle] < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Which codes begin others, and where TOTAL is; and the workers' codes as products. */
static quipu_status index_codes(qi_merge *m, quipu_error *err) {
    m->subtree = malloc((m->n_codes + 1) * sizeof *m->subtree);
    if (m->subtree == NULL)
        return qi_fail_memory(err, m->n_codes * sizeof *m->subtree);
    m->total = UINT32_MAX;
    m->nested = false;
    uint64_t total = qi_code_pack("TOTAL", 5);
    for (size_t k = 0; k < m->n_codes; k++) {
        size_t stop = find_code(m->codes, m->n_codes, qi_code_after(m->codes[k]));
        m->subtree[k] = (uint32_t)stop;
        if (m->codes[k] == total)
            m->total = (uint32_t)k;
        m->nested |= stop > k + 1 || (m->codes[k] == total && m->n_codes > 1);
    }
    for (size_t i = 0; i < m->n_lists; i++)
        for (qi_codes *list = m->lists[i]; list != NULL; list = list->older) {
            list->product = malloc((list->n + 1) * sizeof *list->product);
            if (list->product == NULL)
                return qi_fail_memory(err, list->n * sizeof *list->product);
            size_t k = 0;
            for (size_t c = 0; c < list->n; c++) { /* both rise */
                while (m->codes[k] < list->code[c])
                    k++;
                list->product[c] = (uint32_t)k;
            }
        }
    return QUIPU_OK;
}

static void index_countries(qi_merge *m, const uint8_t *used) {
    m->n_countries = 0;
    for (unsigned number = 0; number < 65536; number++) {
        m->index[number] = (uint16_t)m->n_countries;
        if (used[number])
            m->countries[m->n_countries++] = (uint16_t)number;
    }
}

static int by_slab(const void *a, const void *b) {
    const slab_plan *x = a, *y = b;
    return x->slab < y->slab ? -1 : x->slab > y->slab;
}

static bool push_slab(slab_list *slabs, slab_plan plan) {
    for (size_t i = slabs->n; i-- > 0;) /* the last one is the likeliest */
        if (slabs->items[i].slab == plan.slab) {
            slabs->items[i].columns |= plan.columns;
            if (plan.old >= 0)
                slabs->items[i].old = plan.old;
            return true;
        }
    return QI_PUSH(slabs, plan);
}

/* All slabs, and a mark for each country met. */
static quipu_status collect_slabs(qi_merge *m, slab_list *slabs, uint8_t *used,
                                  quipu_error *err) {
    bool ok = true;
    size_t n_old = 0;
    for (size_t r = 0; r < m->n_runs; r++)
        for (size_t h = 0; h < m->runs[r].n_heads && ok; h++) {
            const qi_head *head = &m->runs[r].heads[h];
            used[QI_KEY_REPORTER(head->key)] = used[QI_KEY_PARTNER(head->key)] = 1;
            ok = push_slab(slabs, (slab_plan){QI_KEY_SLAB(head->key),
                                              head->columns & QI_COLUMNS, -1});
        }
    const quipu_slab *old = m->old != NULL ? quipu_cube_slabs(m->old, &n_old) : NULL;
    for (size_t s = 0; s < n_old && ok; s++)
        ok = push_slab(slabs, (slab_plan){QI_KEY_SLAB(qi_cell_key(old[s].period, old[s].flow, 0, 0)),
                                          old[s].columns, (int)s});
    for (size_t t = 0; t < m->n_tariffs; t++)
        used[m->tariffs[t].reporter] = used[m->tariffs[t].partner] = 1;
    size_t n = 0;
    const quipu_cube_country *countries =
        m->old != NULL ? quipu_cube_countries(m->old, &n) : NULL;
    for (size_t c = 0; c < n; c++)
        used[countries[c].number] = 1;
    if (!ok)
        return qi_fail_memory(err, slabs->n * sizeof(slab_plan));
    if (slabs->n > 0)
        qsort(slabs->items, slabs->n, sizeof(slab_plan), by_slab);
    return QUIPU_OK;
}

/* ---- one reporter of one slab ---- */

static size_t lower_head(const qi_run *run, uint64_t key) {
    size_t low = 0, high = run->n_heads;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (run->heads[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int by_key(const void *a, const void *b) {
    const struct source *x = a, *y = b;
    if (x->head->key != y->head->key)
        return x->head->key < y->head->key ? -1 : 1;
    return x->run < y->run ? -1 : x->run > y->run;
}

/* All groups of cells of a reporter, by partner, then run. */
static quipu_status gather(const qi_merge *m, worker *w, uint64_t first, quipu_error *err) {
    uint64_t stop = first + 0x10000; /* the next reporter */
    bool sorted = true;
    w->sources.n = 0;
    for (size_t r = 0; r < m->n_runs; r++) {
        const qi_run *run = &m->runs[r];
        if (run->n_heads == 0 || run->heads[0].key >= stop ||
            run->heads[run->n_heads - 1].key < first)
            continue;
        for (size_t h = lower_head(run, first); h < run->n_heads && run->heads[h].key < stop; h++) {
            struct source source = {&run->heads[h], (uint32_t)r};
            if (w->sources.n > 0)
                sorted &= w->sources.items[w->sources.n - 1].head->key <= source.head->key;
            if (!QI_PUSH(&w->sources, source))
                return qi_fail_memory(err, sizeof source);
        }
    }
    if (!sorted)
        qsort(w->sources.items, w->sources.n, sizeof(struct source), by_key);
    return QUIPU_OK;
}

/* Leaves from settled cells. */
static quipu_status to_leaves(qi_pair_cells *cells, quipu_error *err) {
    if (!qi_leaves_reserve(&cells->leaves, cells->n))
        return qi_fail_memory(err, cells->n * 40);
    quipu_leaves *l = &cells->leaves;
    l->n = cells->n;
    for (size_t i = 0; i < cells->n; i++) {
        const qi_pair_cell *c = &cells->items[i];
        l->product[i] = c->product;
        l->value[i] = c->value;
        l->weight[i] = c->weight;
        l->quantity[i] = c->quantity;
        l->unit[i] = c->unit;
        l->flags[i] = c->flags;
    }
    return QUIPU_OK;
}

/* The settled leaves of the pair whose groups are sources [from, to).  When the group is
 * settled as it stands, *packed are its columns as the cube packs them, and only product and
 * value are decoded. */
static quipu_status read_pair(const qi_merge *m, worker *w, qi_pair_cells *into, size_t from,
                              size_t to, uint32_t slab_columns, const uint8_t **packed,
                              size_t *n_bytes, qi_ledger *ledger, quipu_error *err) {
    const struct source *s = w->sources.items;
    const qi_head *head = s[from].head;
    *packed = NULL;
    if (to - from == 1 && !m->nested && (head->columns & QI_COLUMNS) == slab_columns) {
        bool clean;
        QI_TRY(qi_run_read_clean(&m->runs[s[from].run], head, into, &clean, packed, n_bytes, err));
        if (clean) {
            ledger->accepted += into->leaves.n;
            return QUIPU_OK;
        }
        *packed = NULL;
    }
    into->n = 0;
    for (size_t i = from; i < to; i++)
        QI_TRY(qi_run_read(&m->runs[s[i].run], s[i].run, s[i].head, into, err));
    QI_TRY(qi_resolve_pair(m, head->key, into, ledger, err));
    return to_leaves(into, err);
}

/* Give settled leaves to the part, or, in the first pass, mark what they use. */
static quipu_status emit(pass *p, size_t block, unsigned reporter, unsigned partner,
                         quipu_leaves *l, const uint8_t *packed, size_t n_bytes,
                         quipu_error *err) {
    qi_merge *m = p->merge;
    qi_ledger *ledger = &p->ledgers[block];
    if (p->parts == NULL) {
        uint32_t columns = 0;
        for (size_t i = 0; i < l->n; i++) {
            __atomic_store_n(&p->used_product[l->product[i]], 1, __ATOMIC_RELAXED);
            if (l->weight[i] != QUIPU_QUANTITY_MISSING)
                columns |= QUIPU_HAS_WEIGHT;
            if (l->quantity[i] != QUIPU_QUANTITY_MISSING)
                columns |= QUIPU_HAS_QUANTITY;
            if (l->flags[i] != 0)
                columns |= QUIPU_HAS_FLAGS;
        }
        p->used_columns[block] |= columns;
        __atomic_store_n(&p->used_country[reporter], 1, __ATOMIC_RELAXED);
        __atomic_store_n(&p->used_country[partner], 1, __ATOMIC_RELAXED);
        return QUIPU_OK;
    }
    for (size_t i = 0; m->final != NULL && i < l->n; i++)
        l->product[i] = m->final[l->product[i]];
    qi_part *part = &p->parts[block];
    if (packed != NULL)
        QI_TRY(qi_part_add_packed(part, m->index[reporter], m->index[partner], l, packed, n_bytes,
                                  err));
    else
        QI_TRY(qi_part_add(part, m->index[reporter], m->index[partner], l, err));
    int64_t total = part->pairs.items[part->pairs.n - 1].total;
    if (!qi_add_money(&ledger->value_accepted, total))
        return qi_fail(err, QUIPU_E_DATA, "the total is beyond 9.2e15 US$");
    if (reporter == partner)
        qi_ledger_note(ledger, QI_R_SELF_TRADE, l->n, total, "%03u in %d", reporter,
                       QI_KEY_PERIOD(p->plan->slab << 32));
    return QUIPU_OK;
}

/* World beside partners: set aside, and compared with the sum of the partners. */
static void check_world(pass *p, size_t block, const worker *w, uint64_t key) {
    const qi_merge *m = p->merge;
    qi_ledger *ledger = &p->ledgers[block];
    const quipu_leaves *l = &w->world.leaves;
    for (size_t i = 0; i < l->n; i++) {
        uint32_t k = l->product[i];
        bool everything = k == m->total;
        uint32_t first = everything ? 0 : k;
        uint32_t stop = everything ? (uint32_t)m->n_codes : m->subtree[k];
        int64_t published = l->value[i] == QUIPU_MONEY_MISSING ? 0 : l->value[i], sum = 0;
        size_t parts = 0;
        for (uint32_t j = first; j < stop; j++) {
            sum += w->row[j];
            parts += w->parts[j];
        }
        char code[16];
        qi_code_unpack(m->codes[k], code);
        qi_ledger_note(ledger, QI_R_WORLD, 1, published, "%d %s %03u %s", QI_KEY_PERIOD(key),
                       quipu_flow_name((quipu_flow)QI_KEY_FLOW(key)), QI_KEY_REPORTER(key), code);
        qi_check_total(ledger, key, code, published, sum, parts);
    }
}

static quipu_status merge_reporter(pass *p, size_t block, worker *w, unsigned reporter,
                                   quipu_error *err) {
    qi_merge *m = p->merge;
    uint64_t first = p->plan->slab << 32 | (uint64_t)reporter << 16;
    qi_ledger *ledger = &p->ledgers[block];
    QI_TRY(gather(m, w, first, err));
    size_t n = w->sources.n, from = 0, world_end = 0;
    const struct source *s = w->sources.items;
    /* World is number 0: its groups come first. */
    while (world_end < n && QI_KEY_PARTNER(s[world_end].head->key) == 0)
        world_end++;
    bool beside = world_end > 0 && world_end < n;
    if (beside) {
        memset(w->row, 0, m->n_codes * sizeof *w->row);
        memset(w->parts, 0, m->n_codes * sizeof *w->parts);
        from = world_end;
    }
    while (from < n) {
        size_t to = from + 1;
        while (to < n && s[to].head->key == s[from].head->key)
            to++;
        const uint8_t *packed;
        size_t n_bytes = 0;
        /* The first pass looks at every column, so there nothing may stay packed. */
        uint32_t columns = p->parts != NULL ? p->plan->columns : UINT32_MAX;
        QI_TRY(read_pair(m, w, &w->cells, from, to, columns, &packed, &n_bytes, ledger, err));
        quipu_leaves *l = &w->cells.leaves;
        for (size_t i = 0; beside && i < l->n; i++) {
            if (l->value[i] == QUIPU_MONEY_MISSING)
                continue;
            if (!qi_add_money(&w->row[l->product[i]], l->value[i]))
                return qi_fail(err, QUIPU_E_DATA, "a sum over partners is beyond 9.2e15 US$");
            w->parts[l->product[i]]++;
        }
        if (l->n > 0)
            QI_TRY(emit(p, block, reporter, QI_KEY_PARTNER(s[from].head->key), l, packed, n_bytes,
                        err));
        from = to;
    }
    if (beside) {
        uint64_t accepted = ledger->accepted;
        const uint8_t *packed;
        size_t n_bytes;
        QI_TRY(read_pair(m, w, &w->world, 0, world_end, UINT32_MAX, &packed, &n_bytes, ledger, err));
        uint64_t rows = ledger->accepted - accepted; /* more than leaves when some were summed */
        ledger->accepted = accepted;
        qi_ledger_count(ledger, QI_R_WORLD, rows - w->world.leaves.n, 0);
        check_world(p, block, w, s[0].head->key);
    }
    return QUIPU_OK;
}

/* A reporter that the new files do not have: its pairs stay as they are. */
static quipu_status keep_reporter(pass *p, size_t block, worker *w, unsigned reporter,
                                  quipu_error *err) {
    const quipu_cube *old = p->merge->old;
    size_t slab = (size_t)p->plan->old, n;
    const quipu_cube_country *countries = quipu_cube_countries(old, &n);
    quipu_pairs pairs;
    int at = quipu_cube_country_index(old, reporter);
    if (at < 0)
        return QUIPU_OK;
    QI_TRY(quipu_cube_pairs(old, slab, &pairs, err));
    for (uint32_t pair = pairs.reporter_start[at]; pair < pairs.reporter_start[at + 1]; pair++) {
        quipu_leaves *l = &w->cells.leaves;
        QI_TRY(quipu_cube_leaves(old, slab, pair,
                                 QUIPU_READ_WEIGHT | QUIPU_READ_QUANTITY | QUIPU_READ_FLAGS, l,
                                 err));
        for (size_t i = 0; i < l->n; i++) {
            const char *code = quipu_cube_product(old, l->product[i]);
            l->product[i] = (uint32_t)find_code(p->merge->codes, p->merge->n_codes,
                                                qi_code_pack(code, strlen(code)));
        }
        QI_TRY(emit(p, block, reporter, countries[pairs.partner[pair]].number, l, NULL, 0, err));
    }
    return QUIPU_OK;
}

static quipu_status merge_block(void *user, size_t block, unsigned number, quipu_error *err) {
    pass *p = user;
    worker *w = &p->workers[number];
    if (p->parts != NULL)
        qi_part_reset(&p->parts[block], p->plan->columns, w->partner_matrix);
    for (size_t r = p->block_start[block]; r < p->block_start[block + 1]; r++) {
        QI_TRY(merge_reporter(p, block, w, p->reporters[r], err));
        if (w->sources.n == 0 && p->plan->old >= 0)
            QI_TRY(keep_reporter(p, block, w, p->reporters[r], err));
    }
    return p->parts != NULL ? qi_part_close(&p->parts[block], err) : QUIPU_OK;
}

/* ---- one slab ---- */

/* The reporters of a slab with the number of cells of each; cut into blocks of about 200,000
 * cells, at most MAX_BLOCKS. */
enum { MAX_BLOCKS = 64, MAX_THREADS = 256 };

static quipu_status plan_blocks(const qi_merge *m, const slab_plan *plan, uint16_t *reporters,
                                size_t *n_reporters, size_t *starts, size_t *n_blocks,
                                quipu_error *err) {
    uint64_t *cells = calloc(65536, sizeof *cells), total = 0, inside = 0;
    if (cells == NULL)
        return qi_fail_memory(err, 65536 * sizeof *cells);
    for (size_t r = 0; r < m->n_runs; r++) {
        const qi_run *run = &m->runs[r];
        for (size_t h = lower_head(run, plan->slab << 32);
             h < run->n_heads && QI_KEY_SLAB(run->heads[h].key) == plan->slab; h++)
            cells[QI_KEY_REPORTER(run->heads[h].key)] += run->heads[h].n;
    }
    quipu_status status = QUIPU_OK;
    if (plan->old >= 0) {
        quipu_pairs pairs;
        size_t n;
        const quipu_cube_country *countries = quipu_cube_countries(m->old, &n);
        QI_GO(quipu_cube_pairs(m->old, (size_t)plan->old, &pairs, err));
        for (size_t i = 0; i < pairs.n_pairs; i++)
            if (cells[countries[pairs.reporter[i]].number] == 0)
                cells[countries[pairs.reporter[i]].number] = pairs.rows[i];
    }
    for (unsigned number = 0; number < 65536; number++)
        total += cells[number];
    uint64_t size = total / MAX_BLOCKS + 1 > 200000 ? total / MAX_BLOCKS + 1 : 200000;
    *n_reporters = *n_blocks = 0;
    for (unsigned number = 0; number < 65536; number++) {
        if (cells[number] == 0)
            continue;
        if (*n_reporters == 0 || (inside >= size && *n_blocks < MAX_BLOCKS)) {
            starts[(*n_blocks)++] = *n_reporters;
            inside = 0;
        }
        inside += cells[number];
        reporters[(*n_reporters)++] = (uint16_t)number;
    }
    starts[*n_blocks] = *n_reporters;
done:
    free(cells);
    return status;
}

static void free_workers(worker *workers, size_t n) {
    for (size_t i = 0; workers != NULL && i < n; i++) {
        qi_pair_cells_free(&workers[i].cells);
        qi_pair_cells_free(&workers[i].world);
        free(workers[i].row);
        free(workers[i].parts);
        free(workers[i].sources.items);
    }
    free(workers);
}

static quipu_status make_workers(const qi_merge *m, worker **out, quipu_error *err) {
    worker *workers = calloc(m->threads, sizeof *workers);
    bool ok = workers != NULL;
    for (unsigned i = 0; ok && i < m->threads; i++) {
        workers[i].row = calloc(m->n_codes + 1, sizeof(int64_t));
        workers[i].parts = calloc(m->n_codes + 1, sizeof(uint32_t));
        ok = workers[i].row != NULL && workers[i].parts != NULL;
    }
    if (!ok) {
        free_workers(workers, m->threads);
        return qi_fail_memory(err, m->n_codes * 12);
    }
    *out = workers;
    return QUIPU_OK;
}

/* A slab on its way: packed by the workers, then written by a thread of its own while the
 * workers pack the next one into the other of the two. */
typedef struct shipment {
    qi_merge *m;
    qi_cube_writer *writer;
    slab_plan plan;
    qi_part parts[MAX_BLOCKS];
    size_t n_blocks, n_made; /* parts in use, parts ever made */
    int64_t *matrices[MAX_THREADS];
    size_t matrix_bytes;
    bool writing;
    pthread_t thread;
    quipu_status status;
    quipu_error error;
} shipment;

static quipu_status load_shipment(shipment *s, const slab_plan *plan, size_t n_blocks,
                                  quipu_error *err) {
    qi_merge *m = s->m;
    s->plan = *plan;
    s->n_blocks = n_blocks;
    s->matrix_bytes = (m->n_countries * m->n_kept + 1) * sizeof(int64_t);
    for (; s->n_made < n_blocks; s->n_made++)
        QI_TRY(qi_part_init(&s->parts[s->n_made], m->n_kept, 0, NULL, err));
    for (unsigned i = 0; i < m->threads; i++) {
        s->matrices[i] = qi_big_alloc(s->matrix_bytes);
        if (s->matrices[i] == NULL)
            return qi_fail_memory(err, s->matrix_bytes);
    }
    return QUIPU_OK;
}

static void *write_shipment(void *user) {
    shipment *s = user;
    qi_merge *m = s->m;
    quipu_error *err = &s->error;
    quipu_period period = QI_KEY_PERIOD(s->plan.slab << 32);
    quipu_flow flow = (quipu_flow)QI_KEY_FLOW(s->plan.slab << 32);
    quipu_status status;
    QI_GO(qi_writer_begin_slab(s->writer, period, flow, s->plan.columns, err));
    for (size_t b = 0; b < s->n_blocks; b++) {
        QI_GO(qi_writer_add_part(s->writer, &s->parts[b], err));
        for (size_t i = 0; i < s->parts[b].matrix.n; i++) {
            const qi_matrix_cell *cell = &s->parts[b].matrix.items[i];
            int64_t *sum = &m->product_value[cell->product];
            if (!qi_add_money(sum, cell->value))
                *sum = INT64_MAX;
        }
    }
    QI_GO(qi_writer_end_slab(s->writer, s->matrices, m->threads, err));
done:
    s->status = status;
    return NULL;
}

/* Wait until it is written, and make it empty. */
static quipu_status unload_shipment(shipment *s, quipu_error *err) {
    if (s->writing)
        pthread_join(s->thread, NULL);
    s->writing = false;
    for (unsigned i = 0; i < s->m->threads; i++) {
        qi_big_free(s->matrices[i], s->matrix_bytes);
        s->matrices[i] = NULL;
    }
    if (s->status != QUIPU_OK && err != NULL && err->status == QUIPU_OK)
        *err = s->error;
    return s->status;
}

static void free_shipment(shipment *s) {
    unload_shipment(s, NULL);
    for (size_t b = 0; b < s->n_made; b++)
        qi_part_free(&s->parts[b]);
}

/* Pack a slab into `mine`, then have it written once `other` is. */
static quipu_status ship_slab(pass *p, size_t n_blocks, shipment *mine, shipment *other,
                              quipu_error *err) {
    QI_TRY(load_shipment(mine, p->plan, n_blocks, err));
    p->parts = mine->parts;
    for (unsigned i = 0; i < p->merge->threads; i++)
        p->workers[i].partner_matrix = mine->matrices[i];
    QI_TRY(qi_run_tasks(p->merge->threads, n_blocks, merge_block, p, err));
    QI_TRY(unload_shipment(other, err));
    mine->writing = pthread_create(&mine->thread, NULL, write_shipment, mine) == 0;
    if (!mine->writing) /* no thread to be had: write it here */
        write_shipment(mine);
    return QUIPU_OK;
}

/* All slabs: with a writer the second pass, without the first. */
static quipu_status run_pass(qi_merge *m, slab_list *slabs, qi_cube_writer *writer,
                             uint8_t *used_product, uint8_t *used_country, quipu_error *err) {
    worker *workers = NULL;
    uint16_t *reporters = malloc(65536 * sizeof *reporters);
    shipment *shipments = calloc(2, sizeof *shipments);
    qi_ledger *ledgers = calloc(MAX_BLOCKS, sizeof *ledgers);
    quipu_status status = QUIPU_OK;
    if (reporters == NULL || shipments == NULL || ledgers == NULL) {
        free(reporters);
        free(shipments);
        free(ledgers);
        return qi_fail_memory(err, 65536 * sizeof *reporters);
    }
    for (int i = 0; i < 2; i++)
        shipments[i] = (shipment){.m = m, .writer = writer};
    QI_GO(make_workers(m, &workers, err));
    for (size_t s = 0; s < slabs->n; s++) {
        size_t starts[MAX_BLOCKS + 1], n_blocks = 0, n_reporters = 0;
        uint32_t columns[MAX_BLOCKS] = {0};
        QI_GO(plan_blocks(m, &slabs->items[s], reporters, &n_reporters, starts, &n_blocks, err));
        memset(ledgers, 0, n_blocks * sizeof *ledgers);
        pass p = {m, &slabs->items[s], reporters, starts, workers, ledgers, NULL, used_product,
                  used_country, columns};
        if (writer == NULL) {
            QI_GO(qi_run_tasks(m->threads, n_blocks, merge_block, &p, err));
            slabs->items[s].columns = 0;
            for (size_t b = 0; b < n_blocks; b++)
                slabs->items[s].columns |= columns[b];
        } else {
            QI_GO(ship_slab(&p, n_blocks, &shipments[s % 2], &shipments[1 - s % 2], err));
            for (size_t b = 0; b < n_blocks; b++)
                qi_ledger_merge(m->ledger, &ledgers[b]);
        }
    }
    if (writer != NULL && slabs->n > 0)
        status = unload_shipment(&shipments[(slabs->n - 1) % 2], err);
done:
    for (int i = 0; i < 2; i++)
        free_shipment(&shipments[i]);
    free(shipments);
    free(ledgers);
    free(reporters);
    free_workers(workers, m->threads);
    return status;
}

/* After the first pass: the products that stay, and where each of them goes. */
static quipu_status keep_used(qi_merge *m, const uint8_t *used_product, quipu_error *err) {
    m->kept = malloc((m->n_codes + 1) * sizeof *m->kept);
    m->final = used_product != NULL ? malloc((m->n_codes + 1) * sizeof *m->final) : NULL;
    if (m->kept == NULL || (used_product != NULL && m->final == NULL))
        return qi_fail_memory(err, m->n_codes * 12);
    for (size_t k = 0; k < m->n_codes; k++) {
        if (m->final != NULL)
            m->final[k] = (uint32_t)m->n_kept;
        if (used_product == NULL || used_product[k])
            m->kept[m->n_kept++] = m->codes[k];
    }
    return QUIPU_OK;
}

/* ---- tariffs ---- */

static int by_tariff(const void *a, const void *b) {
    const quipu_tariff *x = a, *y = b;
#define ORDER(f)                                                                        \
    if (x->f != y->f)                                                                   \
    return x->f < y->f ? -1 : 1
    ORDER(tariff_period);
    ORDER(reporter);
    ORDER(partner);
    ORDER(product);
    ORDER(duty);
    ORDER(trade_period);
    ORDER(value);
    ORDER(simple_average);
#undef ORDER
    return 0;
}

static quipu_status put_tariffs(qi_merge *m, qi_cube_writer *writer, quipu_error *err) {
    size_t n_old = 0, n_countries = 0;
    const quipu_tariff *old = NULL;
    if (m->old != NULL)
        QI_TRY(quipu_cube_tariffs(m->old, &old, &n_old, err));
    quipu_tariff *all = malloc((m->n_tariffs + n_old + 1) * sizeof *all);
    if (all == NULL)
        return qi_fail_memory(err, m->n_tariffs * sizeof *all);
    size_t n = 0;
    for (size_t t = 0; t < m->n_tariffs; t++) {
        const qi_tariff_row *row = &m->tariffs[t];
        all[n] = row->tariff;
        all[n].product = (uint32_t)find_code(m->kept, m->n_kept, row->product);
        all[n].reporter = m->index[row->reporter];
        all[n++].partner = m->index[row->partner];
    }
    const quipu_cube_country *countries =
        m->old != NULL ? quipu_cube_countries(m->old, &n_countries) : NULL;
    for (size_t t = 0; t < n_old; t++) {
        const char *code = quipu_cube_product(m->old, old[t].product);
        all[n] = old[t];
        all[n].product =
            (uint32_t)find_code(m->kept, m->n_kept, qi_code_pack(code, strlen(code)));
        all[n].reporter = m->index[countries[old[t].reporter].number];
        all[n++].partner = m->index[countries[old[t].partner].number];
    }
    if (n > 0)
        qsort(all, n, sizeof *all, by_tariff);
    size_t kept = 0;
    for (size_t t = 0; t < n; t++) { /* the same row twice is one; different ones both stay */
        if (kept > 0 && memcmp(&all[kept - 1], &all[t], sizeof *all) == 0)
            continue;
        all[kept++] = all[t];
    }
    quipu_status status = qi_writer_tariffs(writer, all, kept, err);
    free(all);
    return status;
}

/* ---- all of it ---- */

static quipu_status open_writer(qi_merge *m, const char *path, qi_cube_writer **out,
                                quipu_error *err) {
    quipu_cube_country *countries = calloc(m->n_countries + 1, sizeof *countries);
    const char **products = malloc((m->n_kept + 1) * sizeof *products);
    char(*texts)[16] = malloc((m->n_kept + 1) * sizeof *texts);
    quipu_status status = QUIPU_OK;
    if (countries == NULL || products == NULL || texts == NULL) {
        status = qi_fail_memory(err, m->n_kept * 24);
        goto done;
    }
    for (size_t c = 0; c < m->n_countries; c++) {
        unsigned number = m->countries[c];
        const quipu_country *known = quipu_country_by_number(m->import->nomen, number);
        countries[c].number = (uint16_t)number;
        snprintf(countries[c].iso3, sizeof countries[c].iso3, "%s",
                 known != NULL ? known->iso3 : "?");
        countries[c].name = known != NULL ? known->name : "unknown";
    }
    for (size_t k = 0; k < m->n_kept; k++) {
        qi_code_unpack(m->kept[k], texts[k]);
        products[k] = texts[k];
    }
    qi_cube_shape shape = {countries, m->n_countries, products, m->n_kept};
    status = qi_writer_open(path, &shape, out, err);
done:
    free(countries);
    free(products);
    free(texts);
    return status;
}

/* A product or country that only a tariff names stays too. */
static quipu_status mark_tariffs(const qi_merge *m, uint8_t *used_product, uint8_t *used_country,
                                 quipu_error *err) {
    for (size_t t = 0; t < m->n_tariffs; t++) {
        used_country[m->tariffs[t].reporter] = used_country[m->tariffs[t].partner] = 1;
        used_product[find_code(m->codes, m->n_codes, m->tariffs[t].product)] = 1;
    }
    if (m->old == NULL)
        return QUIPU_OK;
    const quipu_tariff *old;
    size_t n, n_countries;
    QI_TRY(quipu_cube_tariffs(m->old, &old, &n, err));
    const quipu_cube_country *countries = quipu_cube_countries(m->old, &n_countries);
    for (size_t t = 0; t < n; t++) {
        const char *code = quipu_cube_product(m->old, old[t].product);
        used_country[countries[old[t].reporter].number] = 1;
        used_country[countries[old[t].partner].number] = 1;
        used_product[find_code(m->codes, m->n_codes, qi_code_pack(code, strlen(code)))] = 1;
    }
    return QUIPU_OK;
}

quipu_status qi_merge_runs(qi_merge *m, const char *path, qi_cube_writer **out,
                           quipu_error *err) {
    slab_list slabs = {0};
    uint8_t *used = calloc(65536, 1), *used_product = NULL;
    quipu_status status = QUIPU_OK;
    *out = NULL;
    if (m->threads > MAX_THREADS)
        m->threads = MAX_THREADS;
    m->countries = malloc(65536 * sizeof *m->countries);
    m->index = malloc(65536 * sizeof *m->index);
    if (used == NULL || m->countries == NULL || m->index == NULL) {
        status = qi_fail_memory(err, 65536);
        goto done;
    }
    QI_GO(collect_codes(m, err));
    QI_GO(collect_slabs(m, &slabs, used, err));
    QI_GO(index_codes(m, err));
    if (m->nested || used[0] != 0 || m->old != NULL) { /* number 0 is World */
        used_product = calloc(m->n_codes + 1, 1);
        memset(used, 0, 65536);
        if (used_product == NULL) {
            status = qi_fail_memory(err, m->n_codes);
            goto done;
        }
        QI_GO(run_pass(m, &slabs, NULL, used_product, used, err));
        QI_GO(mark_tariffs(m, used_product, used, err));
    }
    QI_GO(keep_used(m, used_product, err));
    index_countries(m, used);
    m->product_value = calloc(m->n_kept + 1, sizeof *m->product_value);
    m->periods = malloc((slabs.n + 1) * sizeof *m->periods);
    if (m->product_value == NULL || m->periods == NULL) {
        status = qi_fail_memory(err, m->n_codes * 8);
        goto done;
    }
    for (size_t s = 0; s < slabs.n; s++)
        m->periods[m->n_slabs++] = QI_KEY_PERIOD(slabs.items[s].slab << 32);
    QI_GO(open_writer(m, path, out, err));
    QI_GO(run_pass(m, &slabs, *out, NULL, NULL, err));
    QI_GO(put_tariffs(m, *out, err));
done:
    free(used);
    free(used_product);
    free(slabs.items);
    if (status != QUIPU_OK) {
        qi_writer_abandon(*out);
        *out = NULL;
    }
    return status;
}

void qi_merge_free(qi_merge *m) {
    free(m->codes);
    free(m->kept);
    free(m->final);
    free(m->subtree);
    free(m->countries);
    free(m->index);
    free(m->product_value);
    free(m->periods);
}
