/* SPDX-License-Identifier: Apache-2.0 */
/* spanish.c - the words of tables in Spanish: column labels and names of classes.
 *
 * By the English text, as the tables have it.  data/spanish.csv is in order of its bytes, so
 * that a word is found by halving.
 */
#include "nomen/nomen.h"

typedef struct word {
    const char *english, *spanish;
} word;

typedef struct words {
    size_t n;
    word *items;
} words;

static quipu_status load(quipu_nomen *nomen, unsigned which, void **out, quipu_error *err) {
    QI_UNUSED(which);
    qi_rows rows;
    char *field[2];
    bool more;
    QI_TRY(qi_rows_open(&rows, &nomen->arena, QI_NOMEN_SPANISH, err));
    size_t most = qi_rows_left(&rows);
    words *w = qi_arena_alloc(&nomen->arena, sizeof *w);
    if (w == NULL ||
        (w->items = qi_arena_alloc(&nomen->arena, (most + 1) * sizeof *w->items)) == NULL)
        return qi_fail_memory(err, most * sizeof *w->items);
    for (;;) {
        QI_TRY(qi_rows_next(&rows, field, QI_COUNT(field), &more, err));
        if (!more)
            break;
        if (w->n > 0 && strcmp(w->items[w->n - 1].english, field[0]) >= 0)
            return qi_fail_at(err, QUIPU_E_BUG, rows.file, rows.line, 1,
                              "\"%s\" is out of order", field[0]);
        w->items[w->n++] = (word){field[0], field[1]};
    }
    *out = w;
    return QUIPU_OK;
}

static int by_english(const void *key, const void *item) {
    return strcmp(key, ((const word *)item)->english);
}

const char *quipu_spanish(const quipu_nomen *nomen, const char *english) {
    const words *w;
    if (qi_nomen_get(nomen, QI_SLOT_SPANISH, load, 0, &w, NULL) != QUIPU_OK)
        return NULL;
    const word *found = bsearch(english, w->items, w->n, sizeof *w->items, by_english);
    return found != NULL ? found->spanish : NULL;
}
