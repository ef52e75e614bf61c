/* SPDX-License-Identifier: Apache-2.0 */
/* firms.c - whose trade the rows are: ids become hashes, records become sorted runs.
 *
 * A worker gathers the records of many chunks before it sorts, so that runs are large and few:
 * each wants a small room of its own when they are merged.
 */
#include "firms.h"
#include "pipeline.h"

/* A worker's room is an eighth of its share of the memory, within these. */
enum { LEAST_ROOM = 40 << 10, MOST_ROOM = 8 << 20 };

enum { REPORTER_BITS = 10 };
#define OTHER_REPORTERS ((1u << REPORTER_BITS) - 1) /* numbers kept though unknown share it */

qi_firm_id qi_firm_of(const char *text, size_t length) {
    qi_firm_id id;
    qi_hash128(text, length, &id.hash, &id.check);
    if (id.hash == QUIPU_FIRM_UNKNOWN)
        id.hash = 1;
    return id;
}

/* Offices number their own firms: the same id with two reporters is two firms.  With the reporter
 * in front the firms of each stand together, and a question about one reads no more of the cube
 * than it needs. */
qi_firm_id qi_firm_of_reporter(qi_firm_id id, unsigned reporter) {
    if (id.hash == QUIPU_FIRM_UNKNOWN)
        return id;
    uint64_t front = reporter < OTHER_REPORTERS ? reporter : OTHER_REPORTERS;
    if (front == OTHER_REPORTERS)
        id.hash += reporter * UINT64_C(0x9E3779B97F4A7C15);
    id.check += reporter * UINT64_C(0xC2B2AE3D27D4EB4F);
    id.hash = front << (64 - REPORTER_BITS) | id.hash >> REPORTER_BITS;
    return id;
}

/* ---- what is asked for ---- */

quipu_status qi_firms_check_options(const quipu_import_options *o, const quipu_cube *old,
                                    quipu_error *err) {
    if (o->append && (o->keep_firms || (old != NULL && quipu_cube_n_firms(old) > 0)))
        return qi_fail(err, QUIPU_E_ARG,
                       "%s: ids are not kept, so firms of two imports cannot be told to be the "
                       "same. Import all files together",
                       o->keep_firms ? "firms cannot be appended"
                                     : "the cube has firms, nothing can be appended to it");
    if (o->keep_firms && o->duplicates != QUIPU_DUPLICATES_DECLARATIONS)
        return qi_fail(err, QUIPU_E_ARG,
                       "firms are of single declarations, several of which make a cell: add "
                       "--duplicates declarations");
    if (!o->keep_firms && o->min_firms > 0)
        return qi_fail(err, QUIPU_E_ARG, "--min-firms is for a cube with firms: --keep-firms");
    if (o->min_firms > 1000)
        return qi_fail(err, QUIPU_E_ARG, "min-firms %u: 1 to 1000", o->min_firms);
    if (o->keep_firms && o->map == NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "--keep-firms: which column is the firm? Name it with firm=COLUMN in "
                       "--map");
    return QUIPU_OK;
}

quipu_status qi_firms_check_columns(const qi_import *import, const char *member,
                                    const qi_schema *schema, quipu_error *err) {
    bool keep = import->options.keep_firms, there = schema->column[QI_FIRM] >= 0;
    const char *profile = schema->profile->name;
    if (there && !keep)
        return qi_fail(err, QUIPU_E_ARG,
                       "--map names the firm: keep firms with --keep-firms (the cube is then "
                       "as confidential as the declarations), or leave firm= out");
    if (!keep || there || strcmp(profile, "codes") == 0 || strcmp(profile, "tariffs") == 0)
        return QUIPU_OK;
    return qi_fail_at(err, QUIPU_E_ARG, member, 0, 0,
                      "--keep-firms, but %s: all rows of a cube with firms must say theirs",
                      strcmp(profile, "map") == 0 ? "--map has no firm=COLUMN"
                                                  : "this kind of file says nothing of firms");
}

/* ---- order and sums ---- */

int qi_firm_order(const qi_firm_record *a, const qi_firm_record *b) {
    uint64_t x = QI_KEY_SLAB(a->key), y = QI_KEY_SLAB(b->key);
    if (x != y)
        return x < y ? -1 : 1;
    if (a->firm != b->firm)
        return a->firm < b->firm ? -1 : 1;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->product < b->product ? -1 : a->product > b->product;
}

static int by_place(const void *a, const void *b) {
    const qi_firm_cell *x = a, *y = b;
    return qi_firm_order(&x->record, &y->record);
}

void qi_firm_add(int64_t *into, int64_t from) {
    if (from == QUIPU_MONEY_MISSING)
        return;
    if (*into == QUIPU_MONEY_MISSING)
        *into = 0;
    if (!qi_add_money(into, from)) /* then the cell does not fit either, and says so better */
        *into = INT64_MAX;
}

/* The records of a room that is sorted, each key once. */
static quipu_status add_up(const qi_firm_cells *room, qi_firm_run *run, quipu_error *err) {
    run->records = malloc(room->n * sizeof *run->records);
    if (run->records == NULL)
        return qi_fail_memory(err, room->n * sizeof *run->records);
    for (size_t i = 0; i < room->n; i++) {
        const qi_firm_record *record = &room->items[i].record;
        if (run->n > 0 && qi_firm_order(&run->records[run->n - 1], record) == 0)
            qi_firm_add(&run->records[run->n - 1].value, record->value);
        else
            run->records[run->n++] = *record;
    }
    return QUIPU_OK;
}

/* ---- ids ---- */

static int by_hash(const void *a, const void *b) {
    const qi_firm_id *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->check < y->check ? -1 : x->check > y->check;
}

static quipu_status push_id(qi_firm_ids *ids, qi_firm_id id, quipu_error *err) {
    const qi_firm_id *last = ids->n > 0 ? &ids->items[ids->n - 1] : NULL;
    if (last != NULL && last->hash == id.hash && last->check == id.check)
        return QUIPU_OK;
    if (last != NULL && last->hash == id.hash)
        return qi_fail(err, QUIPU_E_DATA,
                       "two firms have ids with the same hash of 54 bits, by which firms are "
                       "told apart: change the ids, say by a letter before each");
    return QI_PUSH(ids, id) ? QUIPU_OK : qi_fail_memory(err, ids->n * sizeof id);
}

/* The firms of a sorted room, rising. */
static quipu_status list_ids(const qi_firm_cells *room, qi_firm_ids *out, quipu_error *err) {
    qi_firm_ids met = {0};
    quipu_status status = QUIPU_OK;
    for (size_t i = 0; i < room->n; i++) {
        qi_firm_id id = {room->items[i].record.firm, room->items[i].check};
        const qi_firm_id *last = met.n > 0 ? &met.items[met.n - 1] : NULL;
        if (id.hash == QUIPU_FIRM_UNKNOWN ||
            (last != NULL && last->hash == id.hash && last->check == id.check))
            continue;
        if (!QI_PUSH(&met, id)) {
            status = qi_fail_memory(err, met.n * sizeof id);
            goto done;
        }
    }
    if (met.n > 0)
        qsort(met.items, met.n, sizeof *met.items, by_hash);
    for (size_t i = 0; i < met.n; i++)
        QI_GO(push_id(out, met.items[i], err));
done:
    free(met.items);
    return status;
}

/* Those of a run among all. */
static quipu_status merge_ids(qi_firm_ids *all, const qi_firm_ids *more, quipu_error *err) {
    qi_firm_ids both = {0};
    size_t a = 0, b = 0;
    quipu_status status = QUIPU_OK;
    while (a < all->n || b < more->n) {
        bool first =
            b == more->n || (a < all->n && by_hash(&all->items[a], &more->items[b]) <= 0);
        QI_GO(push_id(&both, first ? all->items[a++] : more->items[b++], err));
    }
done:
    free(status == QUIPU_OK ? all->items : both.items);
    if (status == QUIPU_OK)
        *all = both;
    return status;
}

/* ---- runs ---- */

/* The packed cells have the other half of the memory. */
static quipu_status spill_run(qi_pipeline *p, qi_firm_run *run, quipu_error *err) {
    size_t bytes = run->n * sizeof *run->records;
    pthread_mutex_lock(&p->lock);
    bool fits = p->firms.bytes + bytes <= qi_memory_limit(p) - qi_cells_limit(p);
    if (fits)
        p->firms.bytes += bytes;
    pthread_mutex_unlock(&p->lock);
    if (fits)
        return QUIPU_OK;
    QI_TRY(qi_spill_room(p, bytes, &run->spilled_at, err));
    QI_TRY(qi_spill_write(p, run->spilled_at, run->records, bytes, err));
    free(run->records);
    run->records = NULL;
    return QUIPU_OK;
}

/* Called with the lock held. */
static quipu_status keep_run(qi_pipeline *p, qi_firm_run *run, const qi_firm_ids *ids,
                             quipu_error *err) {
    QI_TRY(merge_ids(&p->firms.ids, ids, err));
    if (!QI_PUSH(&p->firms.runs, *run))
        return qi_fail_memory(err, sizeof *run);
    *run = (qi_firm_run){0};
    return QUIPU_OK;
}

static void note_failure(qi_pipeline *p, quipu_status status, const quipu_error *error) {
    pthread_mutex_lock(&p->lock);
    if (p->firms.status == QUIPU_OK) {
        p->firms.status = status;
        p->firms.error = *error;
    }
    p->failing = true;
    pthread_mutex_unlock(&p->lock);
}

void qi_firms_flush(qi_pipeline *p, qi_firm_cells *room) {
    quipu_error error = {0};
    qi_firm_run run = {0};
    qi_firm_ids ids = {0};
    quipu_status status;
    if (room->n == 0)
        return;
    qsort(room->items, room->n, sizeof *room->items, by_place);
    QI_GO(list_ids(room, &ids, &error));
    QI_GO(add_up(room, &run, &error));
    QI_GO(spill_run(p, &run, &error));
    pthread_mutex_lock(&p->lock);
    status = keep_run(p, &run, &ids, &error);
    pthread_mutex_unlock(&p->lock);
done:
    room->n = 0;
    free(ids.items);
    free(run.records);
    if (status != QUIPU_OK)
        note_failure(p, status, &error);
}

void qi_firms_gather(qi_pipeline *p, qi_firm_cells *room, const qi_chunk *chunk) {
    uint64_t share = qi_memory_limit(p) / 8 / p->threads;
    size_t bytes = share < LEAST_ROOM ? LEAST_ROOM : share > MOST_ROOM ? MOST_ROOM : share;
    for (size_t i = 0; i < chunk->firms.n; i++) {
        if (room->n == bytes / sizeof *room->items)
            qi_firms_flush(p, room);
        if (!QI_PUSH(room, chunk->firms.items[i])) {
            quipu_error error = {0};
            note_failure(p, qi_fail_memory(&error, bytes), &error);
            return;
        }
    }
}

quipu_status qi_firms_gathered(qi_pipeline *p, quipu_error *err) {
    if (p->firms.status != QUIPU_OK && err != NULL)
        *err = p->firms.error;
    return p->firms.status;
}

void qi_firms_free(qi_firms *firms) {
    for (size_t r = 0; r < firms->runs.n; r++)
        free(firms->runs.items[r].records);
    free(firms->runs.items);
    free(firms->ids.items);
}
