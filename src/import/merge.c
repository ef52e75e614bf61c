/* SPDX-License-Identifier: Apache-2.0 */
/* merge.c - from sorted runs to the slabs of a cube.
 *
 * Two passes over the runs.  The first is needed only when some cells may turn out to be
 * totals of others (World beside partners, 26 beside 2603): it settles every pair to learn
 * which products, countries and columns remain.  The second settles again and writes.  Both
 * work on blocks of reporters; the blocks follow from the data, not from the threads.
 */
#include "merge.h"

/* ---- what is there ---- */

static int by_code(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static quipu_status collect_codes(qi_merge *m, quipu_error *err) {
    QI_LIST(uint64_t) codes = {0};
    bool ok = true;
    for (size_t i = 0; i < m->n_lists && ok;
         i++) /* the newest list has the older ones' codes */
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
size_t qi_find_code(const uint64_t *codes, size_t n, uint64_t code) {
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
        size_t stop = qi_find_code(m->codes, m->n_codes, qi_code_after(m->codes[k]));
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
    const qi_slab_plan *x = a, *y = b;
    return x->slab < y->slab ? -1 : x->slab > y->slab;
}

static bool push_slab(qi_slab_list *slabs, qi_slab_plan plan) {
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
static quipu_status collect_slabs(qi_merge *m, qi_slab_list *slabs, uint8_t *used,
                                  quipu_error *err) {
    bool ok = true;
    size_t n_old = 0;
    memcpy(used, m->country, 65536);
    for (size_t r = 0; r < m->n_runs; r++)
        for (size_t h = 0; h < m->runs[r].n_heads && ok; h++) {
            const qi_head *head = &m->runs[r].heads[h];
            ok = push_slab(
                slabs, (qi_slab_plan){QI_KEY_SLAB(head->key), head->columns & QI_COLUMNS, -1});
        }
    for (size_t i = 0; i < m->n_segments; i++)
        for (size_t k = 0; k < m->segments[i].n && ok; k++) {
            const qi_place *place = &m->segments[i].items[k];
            ok = push_slab(slabs, (qi_slab_plan){place->place >> 16, place->columns, -1});
        }
    const quipu_slab *old = m->old != NULL ? quipu_cube_slabs(m->old, &n_old) : NULL;
    for (size_t s = 0; s < n_old && ok; s++)
        ok = push_slab(
            slabs, (qi_slab_plan){QI_KEY_SLAB(qi_cell_key(old[s].period, old[s].flow, 0, 0)),
                                  old[s].columns, (int)s});
    for (size_t t = 0; t < m->n_tariffs; t++)
        used[m->tariffs[t].reporter] = used[m->tariffs[t].partner] = 1;
    size_t n = 0;
    const quipu_cube_country *countries =
        m->old != NULL ? quipu_cube_countries(m->old, &n) : NULL;
    for (size_t c = 0; c < n; c++)
        used[countries[c].number] = 1;
    if (!ok)
        return qi_fail_memory(err, slabs->n * sizeof(qi_slab_plan));
    if (slabs->n > 0)
        qsort(slabs->items, slabs->n, sizeof(qi_slab_plan), by_slab);
    return QUIPU_OK;
}

/* ---- one slab ---- */

/* The reporters of a slab and the blocks they are cut into. */
static quipu_status plan_blocks(const qi_merge *m, const qi_slab_plan *plan,
                                uint16_t *reporters, size_t *n_reporters, size_t *starts,
                                size_t *n_blocks, quipu_error *err) {
    uint64_t *cells = calloc(65536, sizeof *cells), total = 0, inside = 0;
    if (cells == NULL)
        return qi_fail_memory(err, 65536 * sizeof *cells);
    for (size_t r = 0; r < m->n_runs; r++) {
        const qi_run *run = &m->runs[r];
        for (size_t h = qi_lower_head(run, plan->slab << 32);
             h < run->n_heads && QI_KEY_SLAB(run->heads[h].key) == plan->slab; h++)
            cells[QI_KEY_REPORTER(run->heads[h].key)] += run->heads[h].n;
    }
    for (size_t i = 0; i < m->n_segments; i++) {
        const qi_segment *s = &m->segments[i];
        for (size_t k = qi_lower_place(s, plan->slab << 16);
             k < s->n && s->items[k].place >> 16 == plan->slab; k++)
            cells[s->items[k].place & 0xFFFF] += s->items[k].cells;
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

static void free_workers(const qi_merge *m, qi_worker *workers) {
    for (size_t i = 0; workers != NULL && i < m->threads; i++) {
        qi_pair_cells_free(&workers[i].cells);
        qi_pair_cells_free(&workers[i].world);
        free(workers[i].row);
        free(workers[i].parts);
        qi_groups_free(m, &workers[i].groups);
    }
    free(workers);
}

static quipu_status make_workers(const qi_merge *m, qi_worker **out, quipu_error *err) {
    qi_worker *workers = calloc(m->threads, sizeof *workers);
    bool ok = workers != NULL;
    for (unsigned i = 0; ok && i < m->threads; i++) {
        workers[i].row = calloc(m->n_codes + 1, sizeof(int64_t));
        workers[i].parts = calloc(m->n_codes + 1, sizeof(uint32_t));
        ok = workers[i].row != NULL && workers[i].parts != NULL;
    }
    if (!ok) {
        free_workers(m, workers);
        return qi_fail_memory(err, m->n_codes * 12);
    }
    *out = workers;
    return QUIPU_OK;
}

static int by_cell(const void *a, const void *b) {
    const qi_dropped *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->product < y->product ? -1 : x->product > y->product;
}

/* What the workers left out, in an order that does not depend on them. */
static quipu_status collect_dropped(qi_merge *m, const qi_worker *workers, quipu_error *err) {
    for (unsigned i = 0; i < m->threads; i++)
        for (int side = 0; side < 2; side++) {
            const qi_pair_cells *c = side == 0 ? &workers[i].cells : &workers[i].world;
            if (!QI_ROOM(&m->dropped, c->dropped.n))
                return qi_fail_memory(err, c->dropped.n * sizeof(qi_dropped));
            if (c->dropped.n > 0)
                memcpy(m->dropped.items + m->dropped.n, c->dropped.items,
                       c->dropped.n * sizeof(qi_dropped));
            m->dropped.n += c->dropped.n;
        }
    if (m->dropped.n > 0)
        qsort(m->dropped.items, m->dropped.n, sizeof(qi_dropped), by_cell);
    return QUIPU_OK;
}

bool qi_is_dropped(const qi_merge *m, uint64_t key, uint64_t product) {
    const qi_dropped cell = {key, product}, pair = {key, 0};
    return m->dropped.n > 0 && (bsearch(&cell, m->dropped.items, m->dropped.n,
                                        sizeof(qi_dropped), by_cell) != NULL ||
                                bsearch(&pair, m->dropped.items, m->dropped.n,
                                        sizeof(qi_dropped), by_cell) != NULL);
}

/* All slabs: with a writer the second pass, without the first. */
static quipu_status run_pass(qi_merge *m, qi_slab_list *slabs, qi_cube_writer *writer,
                             uint8_t *used_product, uint8_t *used_country, quipu_error *err) {
    qi_worker *workers = NULL;
    uint16_t *reporters = malloc(65536 * sizeof *reporters);
    qi_shipment *shipments = qi_shipments_new(m, writer);
    qi_ledger *ledgers = calloc(MAX_BLOCKS, sizeof *ledgers);
    quipu_status status = QUIPU_OK;
    if (reporters == NULL || shipments == NULL || ledgers == NULL) {
        free(reporters);
        qi_shipments_free(shipments);
        free(ledgers);
        return qi_fail_memory(err, 65536 * sizeof *reporters);
    }
    QI_GO(make_workers(m, &workers, err));
    for (size_t s = 0; s < slabs->n; s++) {
        size_t starts[MAX_BLOCKS + 1], n_blocks = 0, n_reporters = 0;
        uint32_t columns[MAX_BLOCKS] = {0};
        QI_GO(
            plan_blocks(m, &slabs->items[s], reporters, &n_reporters, starts, &n_blocks, err));
        memset(ledgers, 0, n_blocks * sizeof *ledgers);
        qi_pass p = {m,    &slabs->items[s], reporters,    starts, workers, ledgers,
                     NULL, used_product,     used_country, columns};
        if (writer == NULL) {
            QI_GO(qi_run_tasks(m->threads, n_blocks, qi_merge_block, &p, err));
            slabs->items[s].columns = 0;
            for (size_t b = 0; b < n_blocks; b++)
                slabs->items[s].columns |= columns[b];
        } else {
            QI_GO(qi_ship_slab(shipments, s, &p, n_blocks, err));
            for (size_t b = 0; b < n_blocks; b++)
                qi_ledger_merge(m->ledger, &ledgers[b]);
        }
    }
    if (writer != NULL && slabs->n > 0) {
        QI_GO(qi_shipments_finish(shipments, err));
        QI_GO(collect_dropped(m, workers, err));
    }
done:
    qi_shipments_free(shipments);
    free(ledgers);
    free(reporters);
    free_workers(m, workers);
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

quipu_status qi_merge_runs(qi_merge *m, const char *path, qi_cube_writer **out,
                           quipu_error *err) {
    qi_slab_list slabs = {0};
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
        QI_GO(qi_mark_tariffs(m, used_product, used, err));
    }
    QI_GO(keep_used(m, used_product, err));
    index_countries(m, used);
    m->product_value = calloc(m->n_kept + 1, sizeof *m->product_value);
    m->periods = malloc((slabs.n + 1) * sizeof *m->periods);
    m->slab_total = calloc(slabs.n + 1, sizeof *m->slab_total);
    if (m->product_value == NULL || m->periods == NULL || m->slab_total == NULL) {
        status = qi_fail_memory(err, m->n_codes * 8);
        goto done;
    }
    for (size_t s = 0; s < slabs.n; s++)
        m->periods[m->n_slabs++] = QI_KEY_PERIOD(slabs.items[s].slab << 32);
    QI_GO(open_writer(m, path, out, err));
    QI_GO(run_pass(m, &slabs, *out, NULL, NULL, err));
    QI_GO(qi_put_tariffs(m, *out, err));
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
    free(m->slab_total);
    free(m->dropped.items);
}
