/* SPDX-License-Identifier: Apache-2.0 */
/* groups.c - the groups of cells of one reporter in one slab, by partner and then run: from runs
 * in memory, or from the segments of the spill file, each read through a small room. */
#include "merge.h"
#include "pipeline.h"

/* The rooms together are within a quarter of the memory, each within these. */
enum { LEAST_ROOM = 4 << 10, MOST_ROOM = 256 << 10 };

size_t qi_lower_head(const qi_run *run, uint64_t key) {
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

size_t qi_lower_place(const qi_segment *s, uint64_t place) {
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->items[middle].place < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- runs in memory ---- */

static int by_key(const void *a, const void *b) {
    const qi_head *x = *(const qi_head *const *)a, *y = *(const qi_head *const *)b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->run < y->run ? -1 : x->run > y->run;
}

static quipu_status list_heads(const qi_merge *m, qi_groups *g, uint64_t first,
                               quipu_error *err) {
    uint64_t stop = first + 0x10000; /* the next reporter */
    bool sorted = true;
    for (size_t r = 0; r < m->n_runs; r++) {
        const qi_run *run = &m->runs[r];
        if (run->n_heads == 0 || run->heads[0].key >= stop ||
            run->heads[run->n_heads - 1].key < first)
            continue;
        for (size_t h = qi_lower_head(run, first); h < run->n_heads && run->heads[h].key < stop;
             h++) {
            if (g->heads.n > 0)
                sorted &= g->heads.items[g->heads.n - 1]->key <= run->heads[h].key;
            if (!QI_PUSH(&g->heads, &run->heads[h]))
                return qi_fail_memory(err, g->heads.n * sizeof(qi_head *));
        }
    }
    if (!sorted)
        qsort(g->heads.items, g->heads.n, sizeof *g->heads.items, by_key);
    if (g->heads.n > 0) {
        g->world = QI_KEY_PARTNER(g->heads.items[0]->key) == 0;
        g->others = QI_KEY_PARTNER(g->heads.items[g->heads.n - 1]->key) != 0;
    }
    return QUIPU_OK;
}

/* ---- segments ---- */

struct qi_cursor {
    uint64_t next, stop; /* in the file: not yet read, the end of the reporter's groups */
    uint8_t *room;
    size_t size, at, filled; /* [at, filled) of the room was read and not yet given */
};

static quipu_status make_cursors(const qi_merge *m, qi_groups *g, quipu_error *err) {
    size_t n = m->n_segments;
    uint64_t share = qi_memory_limit(m->pipeline) / 4 / m->threads / n;
    g->room = share < LEAST_ROOM ? LEAST_ROOM : share > MOST_ROOM ? MOST_ROOM : (size_t)share;
    g->cursors = calloc(n, sizeof *g->cursors);
    g->turns.items = malloc(n * sizeof *g->turns.items);
    return g->cursors != NULL && g->turns.items != NULL
               ? QUIPU_OK
               : qi_fail_memory(err, n * sizeof *g->cursors);
}

/* See to it that `length` bytes are in the room, and behind them slack for the decoder. */
static quipu_status need(const qi_merge *m, const qi_groups *g, qi_cursor *c, uint64_t length,
                         quipu_error *err) {
    if (c->filled - c->at >= length)
        return QUIPU_OK;
    if (length - (c->filled - c->at) > c->stop - c->next)
        return qi_fail(err, QUIPU_E_IO, "the temporary file beside %s was damaged",
                       m->pipeline->spill_near);
    if (c->filled > c->at)
        memmove(c->room, c->room + c->at, c->filled - c->at);
    c->filled -= c->at;
    c->at = 0;
    if (length > c->size) {
        size_t size = length > g->room ? (size_t)length : g->room;
        uint8_t *room = realloc(c->room, size + QI_RUN_SLACK);
        if (room == NULL)
            return qi_fail_memory(err, size);
        memset(room + c->size, 0, size + QI_RUN_SLACK - c->size);
        c->room = room;
        c->size = size;
    }
    size_t room = c->size - c->filled;
    size_t n = c->stop - c->next < room ? (size_t)(c->stop - c->next) : room;
    QI_TRY(qi_spill_read(m->pipeline, c->next, c->room + c->filled, n, err));
    c->filled += n;
    c->next += n;
    return QUIPU_OK;
}

/* The head the cursor stands at. */
static quipu_status look(const qi_merge *m, qi_groups *g, qi_cursor *c, qi_head *head,
                         quipu_error *err) {
    QI_TRY(need(m, g, c, sizeof *head, err));
    memcpy(head, c->room + c->at, sizeof *head);
    if (head->key < g->first || head->key - g->first >= 0x10000 || head->run >= m->n_runs ||
        head->offset > m->pipeline->spill_length)
        return qi_fail(err, QUIPU_E_IO, "the temporary file beside %s was damaged",
                       m->pipeline->spill_near);
    return QUIPU_OK;
}

static quipu_status open_segments(const qi_merge *m, qi_groups *g, quipu_error *err) {
    if (g->cursors == NULL)
        QI_TRY(make_cursors(m, g, err));
    g->turns.n = 0;
    for (size_t i = 0; i < m->n_segments; i++) {
        const qi_segment *s = &m->segments[i];
        qi_cursor *c = &g->cursors[i];
        size_t at = qi_lower_place(s, QI_KEY_PLACE(g->first));
        if (at == s->n || s->items[at].place != QI_KEY_PLACE(g->first))
            continue;
        c->next = s->items[at].at;
        c->stop = at + 1 < s->n ? s->items[at + 1].at : s->end;
        c->at = c->filled = 0;
        g->world |= s->items[at].world;
        g->others |= s->items[at].others;
        qi_head head;
        QI_TRY(look(m, g, c, &head, err));
        g->turns.items[g->turns.n++] = (qi_turn){head.key, head.run, (uint32_t)i};
    }
    qi_turns_begin(&g->turns);
    return QUIPU_OK;
}

/* The group is copied, so that the cursor may go on. */
static quipu_status take(const qi_merge *m, qi_groups *g, qi_group *out, quipu_error *err) {
    qi_cursor *c = &g->cursors[g->turns.items[0].list];
    qi_head *head = &g->head, next;
    QI_TRY(look(m, g, c, head, err));
    QI_TRY(need(m, g, c, sizeof *head + head->offset, err));
    size_t length = (size_t)head->offset;
    if (length + QI_RUN_SLACK > g->held_size) {
        free(g->held);
        g->held_size = 0;
        g->held = calloc(1, 2 * length + QI_RUN_SLACK);
        if (g->held == NULL)
            return qi_fail_memory(err, 2 * length);
        g->held_size = 2 * length + QI_RUN_SLACK;
    }
    memcpy(g->held, c->room + c->at + sizeof *head, length);
    c->at += sizeof *head + length;
    *out = (qi_group){head, g->held, g->held + length, m->runs[head->run].codes};
    bool more = c->at < c->filled || c->next < c->stop;
    if (more)
        QI_TRY(look(m, g, c, &next, err));
    qi_turns_next(&g->turns, more ? &next : NULL);
    return QUIPU_OK;
}

/* ---- either ---- */

quipu_status qi_groups_begin(const qi_merge *m, qi_groups *g, uint64_t first,
                             quipu_error *err) {
    g->first = first;
    g->world = g->others = false;
    g->heads.n = g->next = 0;
    return m->n_segments > 0 ? open_segments(m, g, err) : list_heads(m, g, first, err);
}

bool qi_groups_more(const qi_groups *g, uint64_t *key) {
    if (g->turns.n > 0)
        *key = g->turns.items[0].key;
    else if (g->next < g->heads.n)
        *key = g->heads.items[g->next]->key;
    else
        return false;
    return true;
}

quipu_status qi_groups_next(const qi_merge *m, qi_groups *g, qi_group *out, quipu_error *err) {
    if (g->turns.n > 0)
        return take(m, g, out, err);
    const qi_head *head = g->heads.items[g->next++];
    const qi_run *run = &m->runs[head->run];
    *out = (qi_group){head, run->bytes + head->offset, run->bytes + run->length, run->codes};
    return QUIPU_OK;
}

void qi_groups_free(const qi_merge *m, qi_groups *g) {
    for (size_t i = 0; g->cursors != NULL && i < m->n_segments; i++)
        free(g->cursors[i].room);
    free(g->cursors);
    free(g->turns.items);
    free(g->held);
    free(g->heads.items);
}
