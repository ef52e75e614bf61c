/* SPDX-License-Identifier: Apache-2.0 */
/* turns.h (private) - many sorted lists of groups as one: whose turn it is.  A heap of at most
 * one entry a list, the least group first. */
#ifndef QI_TURNS_H
#define QI_TURNS_H

#include "import.h"

typedef struct qi_turn {
    uint64_t key;
    uint32_t run; /* groups of one key come in order of their runs */
    uint32_t list;
} qi_turn;

typedef struct qi_turns {
    qi_turn *items;
    size_t n;
} qi_turns;

static inline bool qi_turn_before(const qi_turn *a, const qi_turn *b) {
    return a->key != b->key ? a->key < b->key : a->run < b->run;
}

/* The entry at `at` is no longer in its place. */
static inline void qi_turns_sink(qi_turns *t, size_t at) {
    qi_turn turn = t->items[at];
    for (size_t child; (child = 2 * at + 1) < t->n; at = child) {
        if (child + 1 < t->n && qi_turn_before(&t->items[child + 1], &t->items[child]))
            child++;
        if (!qi_turn_before(&t->items[child], &turn))
            break;
        t->items[at] = t->items[child];
    }
    t->items[at] = turn;
}

/* Once all entries are there. */
static inline void qi_turns_begin(qi_turns *t) {
    for (size_t i = t->n / 2; i-- > 0;)
        qi_turns_sink(t, i);
}

/* The first list has `next` now, or, when that is NULL, nothing more. */
static inline void qi_turns_next(qi_turns *t, const qi_head *next) {
    if (next != NULL) {
        t->items[0].key = next->key;
        t->items[0].run = next->run;
    } else {
        t->items[0] = t->items[--t->n];
    }
    if (t->n > 0)
        qi_turns_sink(t, 0);
}

#endif
