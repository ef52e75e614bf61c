/* SPDX-License-Identifier: Apache-2.0 */
/* matched_read.c - the leaves of two periods side by side, added up along the axes of an ask.
 *
 *   view and link ──jobs: one pair of countries in two periods──> tasks
 *   task ──merge of two leaf runs by product──> sums by key (and product)
 *   all tasks ──sort, merge──> products divided among classes ──sort, merge──> rows
 *
 * Sums are integers, so it does not matter where the jobs were cut into tasks.
 */
#include "measures/frame.h"
#include "measures/matched.h"

enum { TASK_LEAVES = 1 << 18, MOST_TASKS = 64, JOB_LEAVES = 32 };

/* Two countries in two periods; a pair that does not trade in one of them has rows 0. */
typedef struct job {
    uint64_t key;
    uint32_t link;
    bool silent;
    bool has[2];
    uint32_t slab[2], pair[2], rows[2];
} job;

typedef QI_LIST(job) job_list;
typedef QI_LIST(qi_match_row) row_list;

typedef struct reading {
    const qi_ask *ask;
    const qi_match_rule *rule;
    const qi_axis *reporter, *partner; /* single countries kept as axes, or NULL */
    const qi_axis *goods;              /* product or class kept as an axis, or NULL */
    uint32_t what;                     /* columns of the leaves */
    const qi_link *links;
    job_list jobs;
} reading;

/* ---- jobs ---- */

/* The pairs of one country of our reporter axis in one period. */
typedef struct pair_run {
    const quipu_pairs *pairs;
    bool swapped;
    uint32_t from, to;
} pair_run;

static pair_run run_of(const quipu_view *view, size_t period, size_t country) {
    pair_run run = {.pairs = &qi_view_inside(view)->pairs[period], .swapped = view->swapped};
    if (view->slab[period] < 0)
        return run;
    const uint32_t *start =
        view->swapped ? run.pairs->partner_start : run.pairs->reporter_start;
    run.from = start[country];
    run.to = start[country + 1];
    return run;
}

static uint32_t pair_at(const pair_run *run) {
    return run->swapped ? run->pairs->by_partner[run->from] : run->from;
}

static uint32_t other_at(const pair_run *run) {
    if (run->from == run->to)
        return UINT32_MAX;
    uint32_t pair = pair_at(run);
    return run->swapped ? run->pairs->reporter[pair] : run->pairs->partner[pair];
}

static quipu_status add_job(reading *r, const quipu_view *view, job *one, const qi_link *link,
                            size_t country, uint32_t other, pair_run *const side[2],
                            quipu_error *err) {
    const size_t period[2] = {link->first, link->second};
    bool any = false;
    for (int s = 0; s < 2; s++) {
        bool inside = quipu_country_set_has(&view->reporters, period[s], country) &&
                      quipu_country_set_has(&view->partners, period[s], other);
        bool here = other_at(side[s]) == other;
        one->silent |= !inside || !qi_is_told(view, period[s], country, other);
        one->has[s] = here && inside;
        if (one->has[s]) {
            one->slab[s] = (uint32_t)view->slab[period[s]];
            one->pair[s] = pair_at(side[s]);
            one->rows[s] = side[s]->pairs->rows[one->pair[s]];
        }
        any |= one->has[s];
        side[s]->from += here;
    }
    if (any && !QI_PUSH(&r->jobs, *one))
        return qi_fail_memory(err, sizeof *one);
    return QUIPU_OK;
}

static quipu_status add_jobs(reading *r, const qi_slice *slice, uint32_t link_number,
                             const qi_link *link, quipu_error *err) {
    const quipu_view *view = slice->view;
    size_t n = qi_view_inside(view)->n_countries;
    if (view->slab[link->first] < 0 || view->slab[link->second] < 0)
        return QUIPU_OK;
    for (size_t c = 0; c < n; c++) {
        if (!quipu_country_set_has(&view->reporters, link->first, c) &&
            !quipu_country_set_has(&view->reporters, link->second, c))
            continue;
        pair_run a = run_of(view, link->first, c), b = run_of(view, link->second, c);
        while (a.from < a.to || b.from < b.to) {
            uint32_t x = other_at(&a), y = other_at(&b), other = x < y ? x : y;
            job one = {.key = slice->key, .link = link_number};
            if (r->reporter != NULL)
                one.key |= (uint64_t)r->reporter->rank[c] << r->reporter->shift;
            if (r->partner != NULL)
                one.key |= (uint64_t)r->partner->rank[other] << r->partner->shift;
            QI_TRY(add_job(r, view, &one, link, c, other, (pair_run *[]){&a, &b}, err));
        }
    }
    return QUIPU_OK;
}

static int job_order(const void *a, const void *b) {
    const job *x = a, *y = b;
    if (x->link != y->link)
        return x->link < y->link ? -1 : 1;
    return x->key < y->key ? -1 : x->key > y->key;
}

/* ---- one task ---- */

typedef struct worker {
    quipu_leaves leaves[2];
    qi_match_sums *sums; /* by product, or one */
    uint8_t *touched;
    size_t low, high;
} worker;

typedef struct work {
    const reading *r;
    const uint8_t *products; /* selected; NULL = all */
    worker *workers;
    size_t *cut;
    row_list *outs;
    double (*kinds)[QI_N_MATCH_KINDS];
} work;

static qi_match_side side_at(const quipu_leaves *l, size_t i, uint32_t product) {
    qi_match_side none = {0, QUIPU_QUANTITY_MISSING, QUIPU_QUANTITY_MISSING, 1, 0};
    if (i >= l->n || l->product[i] != product)
        return none;
    return (qi_match_side){l->value[i], l->quantity[i], l->weight[i], l->unit[i], l->flags[i]};
}

static quipu_status add_pair(const work *w, worker *me, const job *one, double *kinds,
                             quipu_error *err) {
    QI_TRY(qi_ask_stop(w->r->ask->request, err));
    for (int s = 0; s < 2; s++) {
        me->leaves[s].n = 0;
        if (one->has[s])
            QI_TRY(quipu_cube_leaves(w->r->ask->cube, one->slab[s], one->pair[s], w->r->what,
                                     &me->leaves[s], err));
    }
    const quipu_leaves *a = &me->leaves[0], *b = &me->leaves[1];
    for (size_t i = 0, j = 0; i < a->n || j < b->n;) {
        uint32_t x = i < a->n ? a->product[i] : UINT32_MAX;
        uint32_t y = j < b->n ? b->product[j] : UINT32_MAX, product = x < y ? x : y;
        qi_match_side first = side_at(a, i, product), second = side_at(b, j, product);
        i += x == product;
        j += y == product;
        if (w->products != NULL && !w->products[product])
            continue;
        size_t at = w->r->goods != NULL ? product : 0;
        qi_match_kind kind;
        if (!qi_match_add(w->r->rule, &first, &second, one->silent, &me->sums[at], &kind))
            return qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15 US$");
        me->touched[at] = 1;
        me->low = at < me->low ? at : me->low;
        me->high = at >= me->high ? at + 1 : me->high;
        if (w->r->links[one->link].first == w->r->links[one->link].second)
            continue; /* a year beside itself says nothing about what can be compared */
        kinds[kind] += (double)(first.value > 0 ? first.value : 0) +
                       (double)(second.value > 0 ? second.value : 0);
    }
    return QUIPU_OK;
}

static quipu_status flush(worker *me, const job *of, row_list *out, quipu_error *err) {
    for (size_t at = me->low; at < me->high; at++) {
        if (!me->touched[at])
            continue;
        qi_match_row row = {of->key, of->link, (uint32_t)at, me->sums[at]};
        if (!QI_PUSH(out, row))
            return qi_fail_memory(err, sizeof row);
        me->sums[at] = (qi_match_sums){0};
        me->touched[at] = 0;
    }
    me->low = SIZE_MAX;
    me->high = 0;
    return QUIPU_OK;
}

static quipu_status do_task(void *user, size_t task, unsigned number, quipu_error *err) {
    work *w = user;
    worker *me = &w->workers[number];
    size_t n = w->r->goods != NULL ? quipu_cube_n_products(w->r->ask->cube) : 1;
    if (me->sums == NULL) {
        me->sums = calloc(n + 1, sizeof *me->sums);
        me->touched = calloc(n + 1, 1);
        me->low = SIZE_MAX;
    }
    if (me->sums == NULL || me->touched == NULL)
        return qi_fail_memory(err, n * sizeof *me->sums);
    const job *jobs = w->r->jobs.items;
    for (size_t i = w->cut[task]; i < w->cut[task + 1]; i++) {
        QI_TRY(add_pair(w, me, &jobs[i], w->kinds[task], err));
        if (i + 1 == w->cut[task + 1] || job_order(&jobs[i], &jobs[i + 1]) != 0)
            QI_TRY(flush(me, &jobs[i], &w->outs[task], err));
    }
    return QUIPU_OK;
}

/* ---- rows ---- */

static int row_order(const void *a, const void *b) {
    const qi_match_row *x = a, *y = b;
    if (x->link != y->link)
        return x->link < y->link ? -1 : 1;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->product < y->product ? -1 : x->product > y->product;
}

/* Rows in order, those of one place added up. */
static quipu_status settle(row_list *rows, quipu_error *err) {
    bool sorted = true;
    for (size_t i = 1; i < rows->n && sorted; i++)
        sorted = row_order(&rows->items[i - 1], &rows->items[i]) < 0;
    if (sorted)
        return QUIPU_OK;
    qsort(rows->items, rows->n, sizeof *rows->items, row_order);
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        if (n == 0 || row_order(&rows->items[n - 1], &rows->items[i]) != 0)
            rows->items[n++] = rows->items[i];
        else if (!qi_match_merge(&rows->items[n - 1].sums, &rows->items[i].sums))
            return qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15 US$");
    }
    rows->n = n;
    return QUIPU_OK;
}

/* The product becomes a label of the key, or is divided among labels. */
static quipu_status label_goods(const reading *r, row_list *rows, quipu_error *err) {
    const qi_axis *axis = r->goods;
    const quipu_mapping *classes = r->ask->classes;
    if (axis == NULL)
        return QUIPU_OK;
    if (axis->kind == QI_AXIS_PRODUCT) {
        for (size_t i = 0; i < rows->n; i++) {
            rows->items[i].key |= (uint64_t)rows->items[i].product << axis->shift;
            rows->items[i].product = 0;
        }
        return settle(rows, err);
    }
    row_list out = {0};
    qi_match_sums *parts = NULL;
    size_t room = 0;
    quipu_status status = QUIPU_OK;
    for (size_t i = 0; i < rows->n; i++) {
        const qi_match_row *row = &rows->items[i];
        uint32_t from = classes->offset[row->product];
        size_t n = classes->offset[row->product + 1] - from;
        if (!qi_grow((void **)&parts, &room, n, sizeof *parts) || !QI_ROOM(&out, n)) {
            status = qi_fail_memory(err, n * sizeof *parts);
            goto done;
        }
        memset(parts, 0, n * sizeof *parts);
        qi_match_split(&row->sums, classes->weight + from, n, parts);
        for (size_t t = 0; t < n; t++)
            out.items[out.n++] =
                (qi_match_row){row->key | (uint64_t)classes->target[from + t] << axis->shift,
                               row->link, 0, parts[t]};
    }
    status = settle(&out, err);
done:
    free(parts);
    free(rows->items);
    *rows = out;
    return status;
}

static quipu_status gather(work *w, size_t n_tasks, qi_matched *out, quipu_error *err) {
    row_list all = {0};
    quipu_status status;
    for (size_t t = 0; t < n_tasks; t++) {
        if (!QI_ROOM(&all, w->outs[t].n)) {
            status = qi_fail_memory(err, w->outs[t].n * sizeof(qi_match_row));
            goto done;
        }
        if (w->outs[t].n > 0)
            memcpy(all.items + all.n, w->outs[t].items, w->outs[t].n * sizeof *all.items);
        all.n += w->outs[t].n;
        free(w->outs[t].items);
        w->outs[t] = (row_list){0};
        for (size_t k = 0; k < QI_N_MATCH_KINDS; k++)
            out->kinds[k] += w->kinds[t][k];
    }
    QI_GO(settle(&all, err));
    QI_GO(label_goods(w->r, &all, err));
    out->rows = all.items;
    out->n = all.n;
    all.items = NULL;
done:
    free(all.items);
    return status;
}

static size_t load_of(const job *one) {
    return (size_t)JOB_LEAVES + one->rows[0] + one->rows[1];
}

/* Cut where enough leaves have come together: by the data alone, whatever the threads.  Few
 * tasks, as each leaves sums of its own behind. */
static size_t cut_tasks(const job_list *jobs, size_t wanted, size_t *cut) {
    size_t n = 0, load = 0, all = 0;
    for (size_t i = 0; i < jobs->n; i++)
        all += load_of(&jobs->items[i]);
    size_t enough = all / MOST_TASKS > TASK_LEAVES ? all / MOST_TASKS : TASK_LEAVES;
    if (wanted > 0)
        enough = wanted;
    cut[0] = 0;
    for (size_t i = 0; i < jobs->n; i++) {
        load += load_of(&jobs->items[i]);
        if (load >= enough || i + 1 == jobs->n) {
            cut[++n] = i + 1;
            load = 0;
        }
    }
    return n;
}

static quipu_status read_jobs(reading *r, const uint8_t *products, qi_matched *out,
                              quipu_error *err) {
    work w = {.r = r, .products = products};
    unsigned threads = r->ask->threads != 0 ? r->ask->threads : qi_cpu_count();
    size_t n_tasks = 0;
    quipu_status status;
    w.cut = calloc(r->jobs.n + 2, sizeof *w.cut);
    if (w.cut != NULL)
        n_tasks = cut_tasks(&r->jobs, r->rule->task_leaves, w.cut);
    w.outs = calloc(n_tasks + 1, sizeof *w.outs);
    w.kinds = calloc(n_tasks + 1, sizeof *w.kinds);
    w.workers = calloc(threads, sizeof *w.workers);
    if (w.cut == NULL || w.outs == NULL || w.kinds == NULL || w.workers == NULL) {
        status = qi_fail_memory(err, n_tasks * sizeof *w.outs);
        goto done;
    }
    QI_GO(qi_run_tasks(threads, n_tasks, do_task, &w, err));
    QI_GO(gather(&w, n_tasks, out, err));
done:
    for (unsigned i = 0; w.workers != NULL && i < threads; i++) {
        quipu_leaves_free(&w.workers[i].leaves[0]);
        quipu_leaves_free(&w.workers[i].leaves[1]);
        free(w.workers[i].sums);
        free(w.workers[i].touched);
    }
    for (size_t t = 0; w.outs != NULL && t < n_tasks; t++)
        free(w.outs[t].items);
    free(w.workers);
    free(w.kinds);
    free(w.outs);
    free(w.cut);
    return status;
}

static const qi_axis *kept_axis(const qi_ask *ask, uint32_t drop, qi_axis_kind kind) {
    int a = qi_ask_axis(ask, kind);
    return a >= 0 && !ask->axes[a].listed && !((drop >> a) & 1u) ? &ask->axes[a] : NULL;
}

quipu_status qi_matched_make(qi_ask *ask, uint32_t drop, const qi_match_rule *rule,
                             const qi_link *links, size_t n_links, qi_matched *out,
                             quipu_error *err) {
    qi_cut cut = {.drop = drop};
    qi_maker m = {.ask = ask, .cut = &cut};
    reading r = {.ask = ask,
                 .rule = rule,
                 .links = links,
                 .reporter = kept_axis(ask, drop, QI_AXIS_REPORTER),
                 .partner = kept_axis(ask, drop, QI_AXIS_PARTNER),
                 .goods = kept_axis(ask, drop, QI_AXIS_PRODUCT),
                 .what = QUIPU_READ_FLAGS | (rule->quantity ? QUIPU_READ_QUANTITY : 0u) |
                         (rule->weight ? QUIPU_READ_WEIGHT : 0u)};
    *out = (qi_matched){0};
    for (size_t a = 0; a < ask->n_axes; a++)
        out->dropped |= (drop >> a) & 1u ? qi_axis_mask(&ask->axes[a]) : 0;
    if (r.goods == NULL)
        r.goods = kept_axis(ask, drop, QI_AXIS_CLASS);
    quipu_status status;
    QI_GO(qi_slices_open(&m, err));
    for (size_t s = 0; s < m.n_slices; s++)
        for (size_t l = 0; l < n_links; l++)
            QI_GO(add_jobs(&r, &m.slices[s], (uint32_t)l, &links[l], err));
    if (r.jobs.n > 1)
        qsort(r.jobs.items, r.jobs.n, sizeof *r.jobs.items, job_order);
    QI_GO(read_jobs(&r, ask->views[0].products, out, err));
done:
    free(r.jobs.items);
    qi_slices_close(&m);
    if (status != QUIPU_OK)
        qi_matched_free(out);
    return status;
}

void qi_matched_free(qi_matched *matched) {
    free(matched->rows);
    *matched = (qi_matched){0};
}

/* The first row at or after (link, key). */
static size_t lower(const qi_matched *m, size_t link, uint64_t key) {
    size_t low = 0, high = m->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const qi_match_row *row = &m->rows[middle];
        if (row->link < link || (row->link == link && row->key < key))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

qi_match_sums qi_matched_find(const qi_matched *matched, size_t link, uint64_t key) {
    key &= ~matched->dropped;
    size_t at = lower(matched, link, key);
    bool found =
        at < matched->n && matched->rows[at].link == link && matched->rows[at].key == key;
    return found ? matched->rows[at].sums : (qi_match_sums){0};
}
