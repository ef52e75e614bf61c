/* SPDX-License-Identifier: Apache-2.0 */
/* segment.c - beyond its share of the memory a worker writes all its runs at once, as one.
 *
 * The groups of cells of the runs go to the spill file as they are packed, each behind its head,
 * in order of key and run.  Of what is there only a list of the reporters stays in memory.  So
 * the merge reads a few long pieces in order, however many runs there were.
 */
#include "pipeline.h"
#include "turns.h"

enum { ROOM = 1 << 20 };

typedef struct writing {
    qi_pipeline *p;
    uint64_t at; /* in the file, of the room's beginning */
    uint8_t *room;
    size_t used;
} writing;

static quipu_status write_room(writing *w, quipu_error *err) {
    QI_TRY(qi_spill_write(w->p, w->at, w->room, w->used, err));
    w->at += w->used;
    w->used = 0;
    return QUIPU_OK;
}

static quipu_status put(writing *w, const void *bytes, size_t length, quipu_error *err) {
    if (w->used + length > ROOM)
        QI_TRY(write_room(w, err));
    if (length > ROOM) {
        QI_TRY(qi_spill_write(w->p, w->at, bytes, length, err));
        w->at += length;
        return QUIPU_OK;
    }
    memcpy(w->room + w->used, bytes, length);
    w->used += length;
    return QUIPU_OK;
}

static bool note_place(qi_segment *s, const qi_head *head, uint64_t at) {
    uint64_t place = QI_KEY_PLACE(head->key);
    qi_place *last = s->n > 0 ? &s->items[s->n - 1] : NULL;
    if (last == NULL || last->place != place) {
        if (!QI_PUSH(s, ((qi_place){.place = place, .at = at})))
            return false;
        last = &s->items[s->n - 1];
    }
    last->cells += head->n;
    last->columns |= head->columns & QI_COLUMNS;
    if (QI_KEY_PARTNER(head->key) == 0)
        last->world = true;
    else
        last->others = true;
    return true;
}

/* The groups of all runs in order; next[r]: the first head of run r not yet written. */
static quipu_status write_groups(writing *w, const qi_batch *batch, size_t *next,
                                 qi_turns *turns, qi_segment *s, quipu_error *err) {
    for (size_t r = 0; r < batch->runs.n; r++) {
        const qi_run *run = batch->runs.items[r];
        if (run->n_heads > 0)
            turns->items[turns->n++] =
                (qi_turn){run->heads[0].key, run->heads[0].run, (uint32_t)r};
    }
    qi_turns_begin(turns);
    while (turns->n > 0) {
        size_t r = turns->items[0].list;
        const qi_run *run = batch->runs.items[r];
        qi_head head = run->heads[next[r]++];
        bool more = next[r] < run->n_heads;
        const uint8_t *bytes = run->bytes + head.offset;
        head.offset = (more ? run->heads[next[r]].offset : run->length) - head.offset;
        if (!note_place(s, &head, w->at + w->used))
            return qi_fail_memory(err, s->n * sizeof *s->items);
        QI_TRY(put(w, &head, sizeof head, err));
        QI_TRY(put(w, bytes, (size_t)head.offset, err));
        qi_turns_next(turns, more ? &run->heads[next[r]] : NULL);
    }
    s->end = w->at + w->used;
    return write_room(w, err);
}

static uint64_t length_of(const qi_batch *batch) {
    uint64_t length = 0;
    for (size_t r = 0; r < batch->runs.n; r++)
        length +=
            batch->runs.items[r]->length + batch->runs.items[r]->n_heads * sizeof(qi_head);
    return length;
}

quipu_status qi_batch_spill(qi_pipeline *p, qi_batch *batch, quipu_error *err) {
    size_t n = batch->runs.n;
    writing w = {.p = p, .room = malloc(ROOM)};
    size_t *next = calloc(n + 1, sizeof *next);
    qi_turns turns = {malloc((n + 1) * sizeof *turns.items), 0};
    qi_segment segment = {0};
    quipu_status status;
    if (w.room == NULL || next == NULL || turns.items == NULL) {
        status = qi_fail_memory(err, ROOM);
        goto done;
    }
    QI_GO(qi_spill_room(p, length_of(batch), &w.at, err));
    QI_GO(write_groups(&w, batch, next, &turns, &segment, err));
    for (size_t r = 0; r < n; r++) {
        batch->runs.items[r]->heads = NULL;
        batch->runs.items[r]->bytes = NULL;
        batch->runs.items[r]->n_heads = 0;
    }
    qi_batch_free(batch);
    pthread_mutex_lock(&p->lock);
    bool ok = QI_PUSH(&p->segments, segment);
    pthread_mutex_unlock(&p->lock);
    if (ok)
        segment = (qi_segment){0};
    else
        status = qi_fail_memory(err, sizeof segment);
done:
    free(w.room);
    free(next);
    free(turns.items);
    free(segment.items);
    return status;
}

quipu_status qi_batch_keep(qi_pipeline *p, qi_batch *batch, qi_run *run, quipu_error *err) {
    if (!QI_PUSH(&batch->runs, run))
        return qi_fail_memory(err, sizeof run);
    batch->bytes += run->length + QI_RUN_SLACK + run->n_heads * sizeof *run->heads;
    return batch->bytes > qi_cells_limit(p) / p->threads ? qi_batch_spill(p, batch, err)
                                                         : QUIPU_OK;
}

static quipu_status spill_one(void *user, size_t task, unsigned worker, quipu_error *err) {
    qi_pipeline *p = user;
    QI_UNUSED(worker);
    return p->batches[task].runs.n > 0 ? qi_batch_spill(p, &p->batches[task], err) : QUIPU_OK;
}

quipu_status qi_batches_end(qi_pipeline *p, quipu_error *err) {
    return p->segments.n > 0 ? qi_run_tasks(p->threads, p->threads, spill_one, p, err)
                             : QUIPU_OK;
}
