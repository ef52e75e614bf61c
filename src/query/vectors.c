/* SPDX-License-Identifier: Apache-2.0 */
/* vectors.c - roll-ups with the product dimension.
 *
 * A key is a group and a period of the result.  All items of a key are added up by product,
 * and only then is each product total divided among classes, once: so the division does not
 * depend on whether the total came from a margin, a matrix or a thousand leaves.
 *
 * Tasks are runs of whole groups, cut by the amount of work and not by the number of threads.
 * A group that is a great deal of work by itself is first reduced, in parallel, to a few
 * vectors, each a run of items of one key.  Sums of integers do not care.
 *
 * Cells leave in order of product, then period: each period of a group gives a run in order
 * of product, and the runs are dealt out by counting.
 */
#include "query/rollup.h"

enum { MANY_CLASSES = -1 };

typedef struct worker {
    qi_reader reader;
    quipu_money *sum; /* by product */
    quipu_quantity *weight;
    uint64_t *rows;
    quipu_money *class_sum; /* by class */
    quipu_quantity *class_weight;
    uint64_t *class_rows;
    int64_t *part;
    uint32_t *count; /* for dealing out runs */
    qi_cell_list run;
    quipu_money split;
    size_t low, high; /* products touched in `sum` */
} worker;

typedef struct job {
    qi_rollup *r;
    const quipu_mapping *classes;
    int32_t *only;      /* the one class of a product, or MANY_CLASSES */
    uint32_t *divided;  /* products with many */
    size_t n_divided, most_parts;
    worker *workers;
    qi_cell_list *outs; /* of each task, or the only one */
    bool one_out;
    size_t *cut;
    size_t n_tasks;
    bool by_product; /* reduce only: no classes yet */
} job;

/* ---- a worker's buffers ---- */

static void free_worker(worker *w) {
    qi_reader_free(&w->reader);
    free(w->sum);
    free(w->weight);
    free(w->rows);
    free(w->class_sum);
    free(w->class_weight);
    free(w->class_rows);
    free(w->part);
    free(w->count);
    qi_cells_clear(&w->run);
}

static quipu_status ready_worker(const job *j, worker *w, quipu_error *err) {
    if (w->sum != NULL)
        return QUIPU_OK;
    size_t n = j->r->n_products + 1, m = j->classes != NULL ? j->classes->n_targets + 1 : 1;
    bool rich = j->r->rich;
    w->run.rich = rich;
    w->class_sum = calloc(m, sizeof *w->class_sum);
    w->part = calloc(j->most_parts + 1, sizeof *w->part);
    w->count = calloc((n > m ? n : m) + 1, sizeof *w->count);
    bool ok = w->class_sum != NULL && w->part != NULL && w->count != NULL;
    if (rich) {
        w->weight = calloc(n, sizeof *w->weight);
        w->rows = calloc(n, sizeof *w->rows);
        w->class_weight = calloc(m, sizeof *w->class_weight);
        w->class_rows = calloc(m, sizeof *w->class_rows);
        ok = ok && w->weight && w->rows && w->class_weight && w->class_rows;
    }
    w->sum = calloc(n, sizeof *w->sum);
    w->low = SIZE_MAX;
    return ok && w->sum != NULL ? QUIPU_OK : qi_fail_memory(err, n * 24);
}

/* ---- adding up ---- */

static inline size_t product_of(const qi_vector *v, size_t i) {
    return v->product != NULL ? v->product[i] : i;
}

static bool add_rich(worker *w, const qi_vector *v) {
    bool fits = true;
    for (size_t i = 0; i < v->n; i++) {
        size_t k = product_of(v, i);
        fits &= qi_add_money(&w->sum[k], v->value[i]);
        if (v->weight != NULL)
            fits &= qi_add_weight(&w->weight[k], v->weight[i]);
        w->rows[k] += v->rows != NULL ? v->rows[i] : 1;
    }
    return fits;
}

static bool add_plain(worker *w, const qi_vector *v) {
    bool fits = true;
    if (v->product == NULL)
        for (size_t k = 0; k < v->n; k++)
            fits &= qi_add_money(&w->sum[k], v->value[k]);
    else
        for (size_t i = 0; i < v->n; i++)
            fits &= qi_add_money(&w->sum[v->product[i]], v->value[i]);
    return fits;
}

static void touch(worker *w, const qi_vector *v) {
    size_t first = product_of(v, 0), last = product_of(v, v->n - 1);
    w->low = first < w->low ? first : w->low;
    w->high = last + 1 > w->high ? last + 1 : w->high;
}

/* Products of one class go there straight; the others wait for their total. */
static bool add_to_classes(const job *j, worker *w, const qi_vector *v) {
    bool fits = true;
    for (size_t i = 0; i < v->n; i++) {
        size_t k = product_of(v, i);
        int32_t class = j->only[k];
        quipu_money *sum = class >= 0 ? &w->class_sum[class] : &w->sum[k];
        fits &= qi_add_money(sum, v->value[i]);
    }
    return fits;
}

static quipu_status add_item(const job *j, worker *w, const qi_item *item, bool reduced,
                             quipu_error *err) {
    qi_vector v;
    if (reduced) {
        const qi_cell_list *cells = &j->r->reduced[item->position];
        v = (qi_vector){cells->n, cells->product, cells->value, cells->weight, cells->rows};
    } else {
        QI_TRY(qi_read_item(j->r, item, &w->reader, &v, err));
    }
    if (v.n == 0)
        return QUIPU_OK;
    bool fits;
    if (j->classes != NULL && !j->by_product && !j->r->rich) {
        fits = add_to_classes(j, w, &v);
    } else {
        touch(w, &v);
        fits = j->r->rich ? add_rich(w, &v) : add_plain(w, &v);
    }
    return fits ? QUIPU_OK : qi_too_large(err);
}

/* ---- dividing ---- */

static bool divide(const job *j, worker *w, size_t product) {
    const quipu_mapping *c = j->classes;
    uint32_t from = c->offset[product], n = c->offset[product + 1] - from;
    bool fits = qi_add_money(&w->split, w->sum[product]);
    quipu_split(w->sum[product], c->weight + from, n, w->part);
    for (uint32_t i = 0; i < n; i++)
        fits &= qi_add_money(&w->class_sum[c->target[from + i]], w->part[i]);
    if (j->r->rich) {
        bool known = w->weight[product] != QUIPU_QUANTITY_MISSING;
        if (known)
            quipu_split(w->weight[product], c->weight + from, n, w->part);
        for (uint32_t i = 0; i < n; i++) {
            uint32_t class = c->target[from + i];
            fits &= qi_add_weight(&w->class_weight[class],
                                  known ? w->part[i] : QUIPU_QUANTITY_MISSING);
            w->class_rows[class] += w->rows[product];
        }
        w->weight[product] = 0;
        w->rows[product] = 0;
    }
    w->sum[product] = 0;
    return fits;
}

static bool move_whole(const job *j, worker *w, size_t k) {
    int32_t class = j->only[k];
    bool fits = qi_add_money(&w->class_sum[class], w->sum[k]) &&
                qi_add_weight(&w->class_weight[class], w->weight[k]);
    w->class_rows[class] += w->rows[k];
    w->sum[k] = 0;
    w->weight[k] = 0;
    w->rows[k] = 0;
    return fits;
}

static bool close_classes(const job *j, worker *w) {
    bool fits = true;
    if (j->r->rich) {
        for (size_t k = w->low; k < w->high; k++)
            if (w->rows[k] != 0 && j->only[k] >= 0)
                fits &= move_whole(j, w, k);
    }
    for (size_t d = 0; d < j->n_divided; d++) {
        size_t k = j->divided[d];
        if (w->sum[k] != 0 || (j->r->rich && w->rows[k] != 0))
            fits &= divide(j, w, k);
    }
    return fits;
}

/* ---- cells ---- */

/* Append what is in the sums [low, high) as cells of one key, and clear it. */
static bool emit(bool rich, quipu_money *sum, quipu_quantity *weight, uint64_t *rows, size_t low,
                 size_t high, qi_cell_list *out, uint32_t reporter, uint32_t partner,
                 uint32_t slot) {
    if (low >= high)
        return true;
    if (!qi_cells_reserve(out, high - low))
        return false;
    size_t n = out->n;
    for (size_t k = low; k < high; k++) {
        if (sum[k] == 0 && (!rich || rows[k] == 0))
            continue;
        out->reporter[n] = reporter;
        out->partner[n] = partner;
        out->product[n] = (uint32_t)k;
        out->period[n] = slot;
        out->value[n] = sum[k];
        if (rich) {
            out->weight[n] = weight[k];
            out->rows[n] = rows[k];
        }
        n++;
    }
    out->n = n;
    memset(sum + low, 0, (high - low) * sizeof *sum);
    if (rich) {
        memset(weight + low, 0, (high - low) * sizeof *weight);
        memset(rows + low, 0, (high - low) * sizeof *rows);
    }
    return true;
}

/* One item is the whole key and nothing has to be added: from the file to the cells. */
static quipu_status emit_item(const job *j, worker *w, const qi_item *item, qi_cell_list *out,
                              uint32_t reporter, uint32_t partner, quipu_error *err) {
    qi_vector v;
    QI_TRY(qi_read_item(j->r, item, &w->reader, &v, err));
    if (!qi_cells_reserve(out, v.n))
        return qi_fail_memory(err, v.n * 24);
    uint32_t slot = qi_period_slot(j->r, item->period);
    size_t n = out->n;
    for (size_t i = 0; i < v.n; i++) {
        if (v.value[i] == 0)
            continue;
        out->reporter[n] = reporter;
        out->partner[n] = partner;
        out->product[n] = (uint32_t)product_of(&v, i);
        out->period[n] = slot;
        out->value[n] = v.value[i];
        n++;
    }
    out->n = n;
    return QUIPU_OK;
}

/* Items first .. end of one key become cells. */
static quipu_status close_key(const job *j, worker *w, const qi_item *first, size_t n,
                              bool reduced, qi_cell_list *out, uint32_t reporter,
                              uint32_t partner, quipu_error *err) {
    const qi_rollup *r = j->r;
    bool classes = j->classes != NULL && !j->by_product;
    if (n == 1 && !classes && !r->rich && !reduced)
        return emit_item(j, w, first, out, reporter, partner, err);
    for (size_t i = 0; i < n; i++)
        QI_TRY(add_item(j, w, &first[i], reduced, err));
    uint32_t slot = qi_period_slot(r, first->period);
    bool room;
    if (classes) {
        if (!close_classes(j, w))
            return qi_too_large(err);
        room = emit(r->rich, w->class_sum, w->class_weight, w->class_rows, 0,
                    j->classes->n_targets, out, reporter, partner, slot);
    } else {
        room = emit(r->rich, w->sum, w->weight, w->rows, w->low, w->high, out, reporter, partner,
                    slot);
    }
    w->low = SIZE_MAX;
    w->high = 0;
    return room ? QUIPU_OK : qi_fail_memory(err, r->n_products * 24);
}

/* Runs of several periods, each in order of product, into one in order of product. */
static bool deal_out(worker *w, qi_cell_list *out) {
    const qi_cell_list *run = &w->run;
    uint32_t low = UINT32_MAX, high = 0, total = 0;
    if (!qi_cells_reserve(out, run->n))
        return false;
    for (size_t i = 0; i < run->n; i++) {
        low = run->product[i] < low ? run->product[i] : low;
        high = run->product[i] > high ? run->product[i] : high;
        w->count[run->product[i]]++;
    }
    for (uint32_t k = low; k <= high && run->n > 0; k++) {
        uint32_t n = w->count[k];
        w->count[k] = total;
        total += n;
    }
    for (size_t i = 0; i < run->n; i++) {
        size_t at = out->n + w->count[run->product[i]]++;
        out->reporter[at] = run->reporter[i];
        out->partner[at] = run->partner[i];
        out->product[at] = run->product[i];
        out->period[at] = run->period[i];
        out->value[at] = run->value[i];
        if (run->rich) {
            out->weight[at] = run->weight[i];
            out->rows[at] = run->rows[i];
        }
    }
    if (run->n > 0)
        memset(w->count + low, 0, (high - low + 1) * sizeof *w->count);
    out->n += run->n;
    return true;
}

/* ---- groups ---- */

static size_t end_of_key(const qi_rollup *r, const qi_item *items, size_t from, size_t end) {
    uint32_t slot = qi_period_slot(r, items[from].period);
    size_t at = from;
    while (at < end && qi_period_slot(r, items[at].period) == slot)
        at++;
    return at;
}

static size_t end_of_group(const qi_item *items, size_t from, size_t end) {
    size_t at = from;
    while (at < end && items[at].group == items[from].group)
        at++;
    return at;
}

static quipu_status do_group(const job *j, worker *w, const qi_item *items, size_t n,
                             bool reduced, qi_cell_list *out, quipu_error *err) {
    const qi_rollup *r = j->r;
    uint32_t reporter = r->reporter[items->group / r->n_partners];
    uint32_t partner = r->partner[items->group % r->n_partners];
    bool one_key = end_of_key(r, items, 0, n) == n;
    qi_cell_list *into = one_key ? out : &w->run;
    w->run.n = 0;
    for (size_t from = 0; from < n;) {
        size_t end = end_of_key(r, items, from, n);
        QI_TRY(close_key(j, w, items + from, end - from, reduced, into, reporter, partner, err));
        from = end;
    }
    if (!one_key && !deal_out(w, out))
        return qi_fail_memory(err, w->run.n * 24);
    return QUIPU_OK;
}

static quipu_status do_task(void *user, size_t task, unsigned number, quipu_error *err) {
    job *j = user;
    worker *w = &j->workers[number];
    qi_cell_list *out = &j->outs[j->one_out ? 0 : task];
    out->rich = j->r->rich;
    QI_TRY(ready_worker(j, w, err));
    for (size_t from = j->cut[task]; from < j->cut[task + 1];) {
        size_t end = end_of_group(j->r->items, from, j->cut[task + 1]);
        QI_TRY(do_group(j, w, j->r->items + from, end - from, false, out, err));
        from = end;
    }
    return QUIPU_OK;
}

/* ---- one very large group ---- */

static quipu_status reduce_slice(void *user, size_t task, unsigned number, quipu_error *err) {
    job *j = user;
    worker *w = &j->workers[number];
    qi_cell_list *out = &j->r->reduced[task];
    out->rich = j->r->rich;
    QI_TRY(ready_worker(j, w, err));
    size_t from = j->cut[task];
    return close_key(j, w, j->r->items + from, j->cut[task + 1] - from, false, out, 0, 0, err);
}

/* The only group: slices of its keys in parallel, then the slices as if they were items. */
static quipu_status do_large_group(job *j, quipu_error *err) {
    qi_rollup *r = j->r;
    size_t n = 0;
    uint64_t work = 0;
    for (size_t i = 0; i < r->n_items; i++) {
        bool turn = i > 0 && qi_period_slot(r, r->items[i].period) !=
                                 qi_period_slot(r, r->items[i - 1].period);
        if (i == 0 || turn || work >= r->task_work) {
            j->cut[n++] = i;
            work = 0;
        }
        work += r->items[i].work;
    }
    j->cut[n] = r->n_items;
    r->reduced = calloc(n + 1, sizeof *r->reduced);
    qi_item *slices = calloc(n + 1, sizeof *slices);
    if (r->reduced == NULL || slices == NULL) {
        free(slices);
        return qi_fail_memory(err, n * sizeof *slices);
    }
    r->n_reduced = n;
    for (size_t s = 0; s < n; s++)
        slices[s] = (qi_item){0, r->items[j->cut[s]].period, (uint32_t)s, 0};
    j->by_product = true;
    quipu_status status = qi_run_tasks(r->threads, n, reduce_slice, j, err);
    j->by_product = false;
    if (status == QUIPU_OK)
        status = ready_worker(j, &j->workers[0], err);
    j->outs[0].rich = r->rich;
    if (status == QUIPU_OK)
        status = do_group(j, &j->workers[0], slices, n, true, &j->outs[0], err);
    free(slices);
    return status;
}

/* ---- the whole ---- */

static quipu_status prepare_classes(job *j, quipu_error *err) {
    const quipu_mapping *c = j->r->options->classes;
    if (c == NULL)
        return QUIPU_OK;
    if (c->n_sources != j->r->n_products || c->n_targets > INT32_MAX)
        return qi_fail(err, QUIPU_E_ARG, "the classes are for %zu products, the cube has %zu",
                       c->n_sources, j->r->n_products);
    j->classes = c;
    j->only = malloc((c->n_sources + 1) * sizeof *j->only);
    j->divided = malloc((c->n_sources + 1) * sizeof *j->divided);
    if (j->only == NULL || j->divided == NULL)
        return qi_fail_memory(err, c->n_sources * 8);
    for (size_t k = 0; k < c->n_sources; k++) {
        uint32_t n = c->offset[k + 1] - c->offset[k];
        j->only[k] = n == 1 ? (int32_t)c->target[c->offset[k]] : MANY_CLASSES;
        if (n == 1)
            continue;
        j->divided[j->n_divided++] = (uint32_t)k;
        j->most_parts = n > j->most_parts ? n : j->most_parts;
    }
    return QUIPU_OK;
}

static size_t cut_tasks(const qi_rollup *r, size_t *cut) {
    size_t n = 0;
    uint64_t work = 0;
    cut[0] = 0;
    for (size_t i = 0; i < r->n_items; i++) {
        work += r->items[i].work;
        bool last = i + 1 == r->n_items;
        if (last || (work >= r->task_work && r->items[i].group != r->items[i + 1].group)) {
            cut[++n] = i + 1;
            work = 0;
        }
    }
    return n;
}

static quipu_status join(job *j, qi_cell_list *out, quipu_error *err) {
    size_t n = 0;
    if (j->one_out) {
        *out = j->outs[0];
        j->outs[0] = (qi_cell_list){0};
        return QUIPU_OK;
    }
    for (size_t t = 0; t < j->n_tasks; t++)
        n += j->outs[t].n;
    if (!qi_cells_reserve(out, n))
        return qi_fail_memory(err, n * 24);
    for (size_t t = 0; t < j->n_tasks; t++) {
        qi_cell_list *from = &j->outs[t];
#define COPY(array)                                                                        \
    if (from->n > 0)                                                                       \
    memcpy(out->array + out->n, from->array, from->n * sizeof *out->array)
        COPY(reporter);
        COPY(partner);
        COPY(product);
        COPY(period);
        COPY(value);
        if (out->rich) {
            COPY(weight);
            COPY(rows);
        }
#undef COPY
        out->n += from->n;
        qi_cells_clear(from);
    }
    return QUIPU_OK;
}

static void close_job(job *j) {
    if (j->workers != NULL)
        for (unsigned w = 0; w < j->r->threads; w++)
            free_worker(&j->workers[w]);
    if (j->outs != NULL)
        for (size_t t = 0; t <= j->n_tasks; t++)
            qi_cells_clear(&j->outs[t]);
    for (size_t s = 0; s < j->r->n_reduced; s++)
        qi_cells_clear(&j->r->reduced[s]);
    free(j->r->reduced);
    free(j->workers);
    free(j->outs);
    free(j->cut);
    free(j->only);
    free(j->divided);
}

quipu_status qi_rollup_vectors(qi_rollup *r, qi_cell_list *out, quipu_money *split,
                               quipu_error *err) {
    job j = {.r = r};
    quipu_status status;
    QI_GO(prepare_classes(&j, err));
    QI_GO(qi_plan_sort(r, err));
    j.workers = calloc(r->threads, sizeof *j.workers);
    j.cut = malloc((r->n_items + 2) * sizeof *j.cut);
    if (j.workers == NULL || j.cut == NULL) {
        status = qi_fail_memory(err, r->n_items * sizeof *j.cut);
        goto done;
    }
    bool large = r->n_groups == 1 && r->work > 2 * r->task_work && r->n_items > 1;
    size_t n_tasks = large ? 1 : cut_tasks(r, j.cut);
    j.one_out = large || n_tasks <= 1 || r->threads == 1;
    j.outs = calloc(n_tasks + 1, sizeof *j.outs);
    if (j.outs == NULL) {
        status = qi_fail_memory(err, n_tasks * sizeof *j.outs);
        goto done;
    }
    j.n_tasks = n_tasks;
    if (large)
        QI_GO(do_large_group(&j, err));
    else
        QI_GO(qi_run_tasks(r->threads, n_tasks, do_task, &j, err));
    QI_GO(join(&j, out, err));
    for (unsigned w = 0; w < r->threads; w++)
        if (!qi_add_money(split, j.workers[w].split))
            status = qi_too_large(err);
done:
    close_job(&j);
    return status;
}
