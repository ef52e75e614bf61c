/* SPDX-License-Identifier: Apache-2.0 */
/* firms_merge.c - the runs of records become the rows by firm of every slab.
 *
 * Runs in the spill file are read through small rooms, all of them together within a quarter of
 * the memory: nothing here grows with the number of rows.
 */
#include "firms.h"
#include "merge.h"
#include "pipeline.h"

enum { LEAST_RECORDS = 64, MOST_RECORDS = 4096 };

/* ---- all runs as one ---- */

typedef struct source {
    const qi_firm_run *run;
    const qi_firm_record *at, *end; /* read and not yet given */
    qi_firm_record *room;           /* where they are read into, of a spilled run */
    size_t next;                    /* record of the run to be read */
} source;

typedef struct merger {
    const qi_pipeline *p;
    source *sources;
    qi_firm_record *rooms;
    size_t room; /* records */
    size_t *heap;
    size_t n; /* in the heap: sources that have more, the least record first */
} merger;

static quipu_status read_more(const merger *g, source *s, quipu_error *err) {
    size_t n = s->run->n - s->next;
    if (s->run->records != NULL) {
        s->at = s->run->records + s->next;
    } else {
        n = n < g->room ? n : g->room;
        QI_TRY(qi_spill_read(g->p, s->run->spilled_at + s->next * sizeof *s->room, s->room,
                             n * sizeof *s->room, err));
        s->at = s->room;
    }
    s->end = s->at + n;
    s->next += n;
    return QUIPU_OK;
}

static void sink(merger *g, size_t at) {
    for (size_t child; (child = 2 * at + 1) < g->n; at = child) {
        if (child + 1 < g->n &&
            qi_firm_order(g->sources[g->heap[child + 1]].at, g->sources[g->heap[child]].at) < 0)
            child++;
        if (qi_firm_order(g->sources[g->heap[at]].at, g->sources[g->heap[child]].at) <= 0)
            return;
        size_t swap = g->heap[at];
        g->heap[at] = g->heap[child];
        g->heap[child] = swap;
    }
}

static quipu_status begin(merger *g, const qi_pipeline *p, quipu_error *err) {
    size_t n = p->firms.runs.n, spilled = 0;
    *g = (merger){.p = p};
    for (size_t r = 0; r < n; r++)
        spilled += p->firms.runs.items[r].records == NULL;
    uint64_t share = qi_memory_limit(p) / 4 / sizeof(qi_firm_record) / (spilled + 1);
    g->room = share < LEAST_RECORDS  ? LEAST_RECORDS
              : share > MOST_RECORDS ? MOST_RECORDS
                                     : (size_t)share;
    g->sources = calloc(n + 1, sizeof *g->sources);
    g->heap = calloc(n + 1, sizeof *g->heap);
    g->rooms = malloc((spilled * g->room + 1) * sizeof *g->rooms);
    if (g->sources == NULL || g->heap == NULL || g->rooms == NULL)
        return qi_fail_memory(err, spilled * g->room * sizeof *g->rooms);
    qi_firm_record *room = g->rooms;
    for (size_t r = 0; r < n; r++) {
        source *s = &g->sources[r];
        s->run = &p->firms.runs.items[r];
        if (s->run->records == NULL) {
            s->room = room;
            room += g->room;
        }
        QI_TRY(read_more(g, s, err));
        g->heap[g->n++] = r;
    }
    for (size_t i = g->n; i-- > 0;)
        sink(g, i);
    return QUIPU_OK;
}

static void end(merger *g) {
    free(g->sources);
    free(g->heap);
    free(g->rooms);
}

/* The next record, that of all runs added up; *more = false at the end. */
static quipu_status next(merger *g, qi_firm_record *out, bool *more, quipu_error *err) {
    *more = false;
    while (g->n > 0) {
        source *s = &g->sources[g->heap[0]];
        if (*more && qi_firm_order(out, s->at) != 0)
            break;
        if (*more)
            qi_firm_add(&out->value, s->at->value);
        else
            *out = *s->at;
        *more = true;
        if (++s->at == s->end) {
            if (s->next < s->run->n)
                QI_TRY(read_more(g, s, err));
            else
                g->heap[0] = g->heap[--g->n];
        }
        sink(g, 0);
    }
    return QUIPU_OK;
}

/* ---- numbers ---- */

typedef struct writing {
    qi_pipeline *p;
    const qi_merge *m;
    qi_cube_writer *writer;
    uint8_t *used;    /* by position in ids: has a row in the cube; NULL = all have */
    uint32_t *number; /* of the firm; NULL = its position, from 1 */
    size_t id;        /* that of the last row */
    size_t n_begun;   /* slabs */
    uint64_t slab;    /* the one being written */
    int64_t sum;      /* of it */
    uint64_t last_product;
    uint32_t product;
} writing;

/* Firms rise within a slab, so the next one is not far. */
static void find_firm(writing *w, const qi_firm_record *row) {
    const qi_firm_ids *ids = &w->p->firms.ids;
    if (w->id >= ids->n || ids->items[w->id].hash > row->firm)
        w->id = 0;
    while (w->id < ids->n && ids->items[w->id].hash < row->firm)
        w->id++;
}

typedef quipu_status (*row_task)(writing *w, const qi_firm_record *row, quipu_error *err);

/* All rows that are in the cube. */
static quipu_status each_row(writing *w, row_task task, quipu_error *err) {
    merger g;
    qi_firm_record row;
    quipu_status status;
    QI_GO(begin(&g, w->p, err));
    for (bool more;;) {
        QI_GO(next(&g, &row, &more, err));
        if (!more)
            break;
        if (!qi_is_dropped(w->m, row.key, row.product))
            QI_GO(task(w, &row, err));
    }
done:
    end(&g);
    return status;
}

static quipu_status mark_firm(writing *w, const qi_firm_record *row, quipu_error *err) {
    QI_UNUSED(err);
    if (row->firm == QUIPU_FIRM_UNKNOWN)
        return QUIPU_OK;
    find_firm(w, row);
    w->used[w->id] = 1;
    return QUIPU_OK;
}

/* A firm with nothing but rows that were set aside is none of the cube. */
static quipu_status number_firms(writing *w, quipu_error *err) {
    qi_firms *firms = &w->p->firms;
    firms->n_firms = firms->ids.n;
    if (w->m->dropped.n > 0) {
        w->used = calloc(firms->ids.n + 1, 1);
        w->number = malloc((firms->ids.n + 1) * sizeof *w->number);
        if (w->used == NULL || w->number == NULL)
            return qi_fail_memory(err, firms->ids.n * 5);
        QI_TRY(each_row(w, mark_firm, err));
        firms->n_firms = 0;
        for (size_t i = 0; i < firms->ids.n; i++) {
            firms->n_firms += w->used[i];
            w->number[i] = (uint32_t)firms->n_firms;
        }
    }
    if (firms->n_firms == 0)
        return qi_fail(err, QUIPU_E_DATA,
                       "no row says its firm: import without --keep-firms, or look whether "
                       "--map names the right column");
    if (firms->n_firms >= UINT32_MAX)
        return qi_fail(err, QUIPU_E_LIMIT, "more than 4,294,967,294 firms");
    return QUIPU_OK;
}

/* ---- rows ---- */

/* What was set aside from the cells was set aside from the firms: the sums are the same. */
static quipu_status end_slab(writing *w, quipu_error *err) {
    char ours[QI_NUMBER_TEXT], slab[QI_NUMBER_TEXT];
    int64_t total = w->m->slab_total[w->n_begun - 1];
    qi_format_scaled(ours, w->sum, 3);
    qi_format_scaled(slab, total, 3);
    if (w->sum != total)
        return qi_fail(err, QUIPU_E_BUG, "the firms of %d add up to %s, all trade to %s",
                       w->m->periods[w->n_begun - 1], ours, slab);
    return qi_writer_end_firms(w->writer, err);
}

static quipu_status begin_slab(writing *w, uint64_t slab, quipu_error *err) {
    if (w->n_begun > 0)
        QI_TRY(end_slab(w, err));
    if (w->n_begun == w->m->n_slabs)
        return qi_fail(err, QUIPU_E_BUG, "firms of a period that has no trade");
    w->slab = slab;
    w->sum = 0;
    w->id = 0;
    return qi_writer_begin_firms(w->writer, (uint32_t)w->n_begun++, err);
}

static quipu_status write_row(writing *w, const qi_firm_record *row, quipu_error *err) {
    const qi_merge *m = w->m;
    uint32_t firm = QUIPU_FIRM_UNKNOWN;
    if (w->n_begun == 0 || QI_KEY_SLAB(row->key) != w->slab)
        QI_TRY(begin_slab(w, QI_KEY_SLAB(row->key), err));
    if (row->firm != QUIPU_FIRM_UNKNOWN) {
        find_firm(w, row);
        firm = w->number != NULL ? w->number[w->id] : (uint32_t)w->id + 1;
    }
    if (row->product != w->last_product) {
        w->last_product = row->product;
        w->product = (uint32_t)qi_find_code(m->kept, m->n_kept, row->product);
    }
    if (row->value != QUIPU_MONEY_MISSING)
        w->sum += row->value; /* fits: the slab's total did */
    w->p->firms.n_rows++;
    return qi_writer_add_firm(w->writer, firm, m->index[QI_KEY_REPORTER(row->key)],
                              m->index[QI_KEY_PARTNER(row->key)], w->product, row->value, err);
}

quipu_status qi_firms_write(qi_pipeline *p, const qi_merge *m, qi_cube_writer *writer,
                            quipu_error *err) {
    writing w = {.p = p, .m = m, .writer = writer};
    quipu_status status;
    if (!p->import.options.keep_firms)
        return QUIPU_OK;
    QI_GO(number_firms(&w, err));
    QI_GO(each_row(&w, write_row, err));
    QI_GO(end_slab(&w, err));
    if (w.n_begun != m->n_slabs) {
        status = qi_fail(err, QUIPU_E_BUG, "a period without firms");
        goto done;
    }
    QI_GO(qi_writer_firms(writer, (uint32_t)p->firms.n_firms, err));
done:
    free(w.used);
    free(w.number);
    return status;
}
