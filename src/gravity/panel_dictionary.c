/* SPDX-License-Identifier: Apache-2.0 */
/* panel_dictionary.c - texts, each once, numbered by first appearance. */
#include "gravity/panel_block.h"

static bool make_room(qi_dictionary *d) {
    size_t n_slots = d->n_slots > 0 ? d->n_slots * 2 : 64;
    uint32_t *slots = calloc(n_slots, sizeof *slots);
    if (slots == NULL || d->texts.n >= UINT32_MAX / 2) {
        free(slots);
        return false;
    }
    for (size_t i = 0; i < d->texts.n; i++) {
        size_t at = qi_hash64(d->texts.items[i], d->lengths.items[i]) & (n_slots - 1);
        while (slots[at] != 0)
            at = (at + 1) & (n_slots - 1);
        slots[at] = (uint32_t)i + 1;
    }
    free(d->slots);
    d->slots = slots;
    d->n_slots = n_slots;
    return true;
}

uint32_t qi_dictionary_place(qi_dictionary *d, const char *text, size_t length) {
    if (d->n_slots < 2 * (d->texts.n + 1) && !make_room(d))
        return QI_NO_LABEL;
    size_t at = qi_hash64(text, length) & (d->n_slots - 1);
    for (; d->slots[at] != 0; at = (at + 1) & (d->n_slots - 1)) {
        uint32_t place = d->slots[at] - 1;
        if (d->lengths.items[place] == length &&
            memcmp(d->texts.items[place], text, length) == 0)
            return place;
    }
    const char *kept = d->arena != NULL ? qi_arena_text(d->arena, text, length) : text;
    if (kept == NULL || !QI_PUSH(&d->texts, kept))
        return QI_NO_LABEL;
    if (!QI_PUSH(&d->lengths, (uint32_t)length)) {
        d->texts.n--;
        return QI_NO_LABEL;
    }
    d->slots[at] = (uint32_t)d->texts.n;
    return (uint32_t)d->texts.n - 1;
}

void qi_dictionary_clear(qi_dictionary *d) {
    d->texts.n = d->lengths.n = 0;
    if (d->n_slots > 0)
        memset(d->slots, 0, d->n_slots * sizeof *d->slots);
}

void qi_dictionary_free(qi_dictionary *d) {
    free(d->texts.items);
    free(d->lengths.items);
    free(d->slots);
    *d = (qi_dictionary){0};
}
