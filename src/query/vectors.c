/* SPDX-License-Identifier: Apache-2.0 */
/* vectors.c - hand out the groups of a roll-up by product to the workers.
 *
 * Tasks are runs of whole groups, cut by the amount of work and not by the number of threads.
 * A group that is a great deal of work by itself is first reduced, in parallel, to a few
 * vectors, each a run of items of one key.  Sums of integers do not care.
 *
 * Cells leave in order of product, then period: each period of a group gives a run in order
 * of product, and the runs are dealt out by counting.  Where the number of cells is known
 * beforehand (whole panels), every task writes to its place in the answer.
 */
#include "query/vectors.h"

/* Runs of several periods, each in order of product, into one in order of product. */
static bool deal_out(qi_worker *w, qi_cell_list *out) {
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

/* Whole rows of dense matrices, one for each period: product by product over all of them. */
static bool interleave(const qi_rollup *r, const qi_item *items, size_t n, qi_place to) {
    const quipu_money *row[64];
    if (r->path != QI_PATH_MATRIX || r->view->products != NULL || n > QI_COUNT(row))
        return false;
    for (size_t i = 0; i < n; i++) {
        const quipu_matrix *m = &r->matrix[items[i].period];
        if (m->dense == NULL)
            return false;
        row[i] = m->dense + (size_t)items[i].position * m->n_products;
    }
    qi_cell_list *out = to.out;
    size_t at = out->n;
    for (size_t k = 0; k < r->n_products; k++)
        for (size_t i = 0; i < n; i++) {
            if (row[i][k] == 0)
                continue;
            out->reporter[at] = to.reporter;
            out->partner[at] = to.partner;
            out->product[at] = (uint32_t)k;
            out->period[at] = items[i].period;
            out->value[at++] = row[i][k];
        }
    out->n = at;
    return true;
}

static quipu_status do_group(const qi_job *j, qi_worker *w, const qi_item *items, size_t n,
                             bool reduced, qi_cell_list *out, quipu_error *err) {
    const qi_rollup *r = j->r;
    qi_place to = {out, r->reporter[items->group / r->n_partners],
                   r->partner[items->group % r->n_partners]};
    bool one_key = end_of_key(r, items, 0, n) == n;
    if (!one_key && j->placed && interleave(r, items, n, to))
        return QUIPU_OK;
    w->run.n = 0;
    if (!one_key)
        to.out = &w->run;
    qi_job growing = *j;
    growing.placed = j->placed && one_key; /* runs grow, also where the answer does not */
    for (size_t from = 0; from < n;) {
        size_t end = end_of_key(r, items, from, n);
        QI_TRY(qi_close_key(&growing, w, items + from, end - from, reduced, to, err));
        from = end;
    }
    if (!one_key && !deal_out(w, out))
        return qi_fail_memory(err, w->run.n * 24);
    return QUIPU_OK;
}

static quipu_status do_task(void *user, size_t task, unsigned number, quipu_error *err) {
    qi_job *j = user;
    qi_worker *w = &j->workers[number];
    qi_cell_list *out = &j->outs[j->one_out ? 0 : task];
    out->rich = j->r->rich;
    QI_TRY(qi_worker_ready(j, w, err));
    for (size_t from = j->cut[task]; from < j->cut[task + 1];) {
        size_t end = end_of_group(j->r->items, from, j->cut[task + 1]);
        QI_TRY(do_group(j, w, j->r->items + from, end - from, false, out, err));
        from = end;
    }
    return QUIPU_OK;
}

/* ---- answers of known size ---- */

/* Every item is a key of its own and every number read becomes a cell: a whole panel. */
static bool is_panel(const qi_job *j) {
    const qi_rollup *r = j->r;
    if (j->classes != NULL || r->rich || r->view->products != NULL ||
        (r->path != QI_PATH_LEAVES && r->path != QI_PATH_MATRIX))
        return false;
    for (size_t i = 1; i < r->n_items; i++)
        if (r->items[i].group == r->items[i - 1].group &&
            qi_period_slot(r, r->items[i].period) == qi_period_slot(r, r->items[i - 1].period))
            return false;
    return true;
}

/* Cells of a task, into the length of its part; rows of leaves count whole. */
static quipu_status count_task(void *user, size_t task, unsigned worker, quipu_error *err) {
    qi_job *j = user;
    size_t n = 0;
    QI_UNUSED(worker);
    QI_UNUSED(err);
    for (size_t i = j->cut[task]; i < j->cut[task + 1]; i++) {
        const qi_item *item = &j->r->items[i];
        const quipu_matrix *m =
            j->r->path == QI_PATH_MATRIX ? &j->r->matrix[item->period] : NULL;
        if (m == NULL || m->dense == NULL) {
            n += item->work;
            continue;
        }
        const quipu_money *row = m->dense + (size_t)item->position * m->n_products;
        for (size_t k = 0; k < m->n_products; k++)
            n += row[k] != 0;
    }
    j->outs[task].capacity = n;
    return QUIPU_OK;
}

static quipu_status place(qi_job *j, qi_cell_list *whole, quipu_error *err) {
    size_t n = 0;
    QI_TRY(qi_run_tasks(j->r->threads, j->n_tasks, count_task, j, err));
    for (size_t t = 0; t < j->n_tasks; t++)
        n += j->outs[t].capacity;
    if (!qi_cells_reserve(whole, n))
        return qi_fail_memory(err, n * 24);
    n = 0;
    for (size_t t = 0; t < j->n_tasks; t++) {
        size_t capacity = j->outs[t].capacity;
        j->outs[t] = (qi_cell_list){.capacity = capacity,
                                    .reporter = whole->reporter + n,
                                    .partner = whole->partner + n,
                                    .value = whole->value + n,
                                    .product = whole->product + n,
                                    .period = whole->period + n};
        n += capacity;
    }
    j->placed = true;
    return QUIPU_OK;
}

/* Leaves without a value left gaps at the ends of the parts. */
static void close_gaps(qi_job *j, qi_cell_list *whole) {
    for (size_t t = 0; t < j->n_tasks; t++) {
        qi_cell_list *part = &j->outs[t];
        if (part->value != whole->value + whole->n) {
#define MOVE(array) memmove(whole->array + whole->n, part->array, part->n * sizeof *part->array)
            MOVE(reporter);
            MOVE(partner);
            MOVE(product);
            MOVE(period);
            MOVE(value);
#undef MOVE
        }
        whole->n += part->n;
        *part = (qi_cell_list){0}; /* it owned nothing */
    }
    j->placed = false;
}

/* ---- one very large group ---- */

static quipu_status reduce_slice(void *user, size_t task, unsigned number, quipu_error *err) {
    qi_job *j = user;
    qi_worker *w = &j->workers[number];
    qi_cell_list *out = &j->r->reduced[task];
    out->rich = j->r->rich;
    QI_TRY(qi_worker_ready(j, w, err));
    size_t from = j->cut[task];
    return qi_close_key(j, w, j->r->items + from, j->cut[task + 1] - from, false,
                        (qi_place){out, 0, 0}, err);
}

/* The only group: slices of its keys in parallel, then the slices as if they were items. */
static quipu_status do_large_group(qi_job *j, quipu_error *err) {
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
        status = qi_worker_ready(j, &j->workers[0], err);
    j->outs[0].rich = r->rich;
    if (status == QUIPU_OK)
        status = do_group(j, &j->workers[0], slices, n, true, &j->outs[0], err);
    free(slices);
    return status;
}

/* ---- the whole ---- */

static quipu_status prepare_classes(qi_job *j, quipu_error *err) {
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
        j->only[k] = n == 1 ? (int32_t)c->target[c->offset[k]] : QI_MANY_CLASSES;
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

static quipu_status join(qi_job *j, qi_cell_list *out, quipu_error *err) {
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
#define COPY(array)                                                                            \
    if (from->n > 0)                                                                           \
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

static void close_job(qi_job *j) {
    if (j->workers != NULL)
        for (unsigned w = 0; w < j->r->threads; w++)
            qi_worker_free(&j->workers[w]);
    for (size_t t = 0; j->outs != NULL && t <= j->n_tasks; t++)
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

static quipu_status run_tasks(qi_job *j, qi_cell_list *out, quipu_error *err) {
    qi_rollup *r = j->r;
    bool panel = is_panel(j);
    if (panel)
        QI_TRY(place(j, out, err));
    quipu_status status = qi_run_tasks(r->threads, j->n_tasks, do_task, j, err);
    if (panel)
        close_gaps(j, out);
    else if (status == QUIPU_OK)
        status = join(j, out, err);
    return status;
}

quipu_status qi_rollup_vectors(qi_rollup *r, qi_cell_list *out, quipu_money *split,
                               quipu_error *err) {
    qi_job j = {.r = r};
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
    j.n_tasks = large ? 1 : cut_tasks(r, j.cut);
    j.outs = calloc(j.n_tasks + 1, sizeof *j.outs);
    if (j.outs == NULL) {
        status = qi_fail_memory(err, j.n_tasks * sizeof *j.outs);
        goto done;
    }
    j.one_out = large || ((j.n_tasks <= 1 || r->threads == 1) && !is_panel(&j));
    if (large) {
        QI_GO(do_large_group(&j, err));
        QI_GO(join(&j, out, err));
    } else {
        QI_GO(run_tasks(&j, out, err));
    }
    for (unsigned w = 0; w < r->threads; w++)
        if (!qi_add_money(split, j.workers[w].split))
            status = qi_too_large(err);
done:
    close_job(&j);
    return status;
}
