/* SPDX-License-Identifier: Apache-2.0 */
/* names.c - names as people write them: folded, hashed, and with proposals when missed. */
#include "nomen/nomen.h"

#define LONGEST 256

/* Most names are plain ASCII; qi_fold knows all of Unicode and takes its time. */
static size_t fold_ascii(const char *text, size_t length, char *out, size_t size) {
    size_t n = 0;
    bool blank = false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c + ('a' - 'A'));
        bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!kept) {
            blank = n > 0;
            continue;
        }
        if (n + 2 >= size)
            break;
        if (blank)
            out[n++] = ' ';
        blank = false;
        out[n++] = (char)c;
    }
    out[n] = '\0';
    return n;
}

static size_t fold(const char *text, size_t length, bool squeezed, char *out, size_t size) {
    bool ascii = true;
    for (size_t i = 0; i < length && ascii; i++)
        ascii = (unsigned char)text[i] < 0x80;
    size_t n = ascii ? fold_ascii(text, length, out, size) : qi_fold(text, length, out, size);
    if (squeezed) {
        size_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            if (out[i] != ' ')
                out[kept++] = out[i];
        }
        out[kept] = '\0';
        n = kept;
    }
    return n;
}

quipu_status qi_names_init(qi_names *names, qi_arena *arena, size_t capacity, bool squeezed,
                           quipu_error *err) {
    size_t slots = 16;
    while (slots < capacity * 2)
        slots *= 2;
    *names = (qi_names){
        .capacity = capacity, .mask = slots - 1, .arena = arena, .squeezed = squeezed};
    names->items = qi_arena_alloc(arena, (capacity + 1) * sizeof *names->items);
    names->table = qi_arena_alloc(arena, slots * sizeof *names->table);
    if (names->items == NULL || names->table == NULL)
        return qi_fail_memory(err, capacity * sizeof *names->items);
    return QUIPU_OK;
}

/* The place in the table where `folded` is, or the empty one where it would go. */
static size_t place(const qi_names *names, const char *folded, size_t length) {
    size_t at = (size_t)qi_hash64(folded, length) & names->mask;
    while (names->table[at] != 0 &&
           strcmp(names->items[names->table[at] - 1].folded, folded) != 0)
        at = (at + 1) & names->mask;
    return at;
}

quipu_status qi_names_add(qi_names *names, const char *text, size_t length, const char *shown,
                          uint32_t target, quipu_error *err) {
    char folded[LONGEST];
    size_t n = fold(text, length, names->squeezed, folded, sizeof folded);
    if (n == 0)
        return QUIPU_OK;
    size_t at = place(names, folded, n);
    if (names->table[at] != 0)
        return QUIPU_OK;
    if (names->n == names->capacity)
        return qi_fail(err, QUIPU_E_BUG, "more names than were counted");
    char *kept = qi_arena_text(names->arena, folded, n);
    if (kept == NULL)
        return qi_fail_memory(err, n);
    names->items[names->n++] = (qi_name){kept, shown, target};
    names->table[at] = (uint32_t)names->n;
    return QUIPU_OK;
}

quipu_status qi_names_add_list(qi_names *names, const char *list, char separator,
                               const char *shown, uint32_t target, quipu_error *err) {
    for (const char *part = list; *part != '\0';) {
        const char *stop = strchr(part, separator);
        size_t length = stop == NULL ? strlen(part) : (size_t)(stop - part);
        QI_TRY(qi_names_add(names, part, length, shown, target, err));
        part += length + (stop != NULL);
    }
    return QUIPU_OK;
}

bool qi_names_find(const qi_names *names, const char *text, size_t length, uint32_t *target) {
    char folded[LONGEST];
    size_t n = fold(text, length, names->squeezed, folded, sizeof folded);
    if (n == 0)
        return false;
    size_t at = place(names, folded, n);
    if (names->table[at] == 0)
        return false;
    *target = names->items[names->table[at] - 1].target;
    return true;
}

/* ---- proposals ---- */

#define PROPOSALS 3

typedef struct proposal {
    const qi_name *name;
    unsigned rank; /* the lower the better */
} proposal;

/* Keeps the best few, one for each target, the earlier name before the later when equal. */
static void propose(proposal best[PROPOSALS], size_t *n, const qi_name *name, unsigned rank) {
    size_t at = *n;
    for (size_t i = 0; i < *n; i++) {
        if (best[i].name->target == name->target) {
            if (best[i].rank <= rank)
                return;
            for (size_t j = i; j + 1 < *n; j++)
                best[j] = best[j + 1];
            (*n)--;
            break;
        }
    }
    at = *n;
    while (at > 0 && best[at - 1].rank > rank)
        at--;
    if (at == PROPOSALS)
        return;
    size_t last = *n < PROPOSALS ? *n : PROPOSALS - 1;
    for (size_t j = last; j > at; j--)
        best[j] = best[j - 1];
    best[at] = (proposal){name, rank};
    if (*n < PROPOSALS)
        (*n)++;
}

quipu_status qi_names_missing(const qi_names *names, const char *what, const char *text,
                              quipu_error *err) {
    char folded[LONGEST];
    size_t length = fold(text, strlen(text), names->squeezed, folded, sizeof folded);
    proposal best[PROPOSALS];
    size_t n = 0;
    unsigned limit = length < 4 ? 1 : length < 8 ? 2 : length < 14 ? 3 : 4;
    for (size_t i = 0; i < names->n && length > 0; i++) {
        const qi_name *name = &names->items[i];
        unsigned distance = qi_edit_distance(folded, name->folded, limit);
        if (distance <= limit) {
            /* Of equally near names the one with the same first letter is the likelier. */
            propose(best, &n, name, 2 * distance + (folded[0] != name->folded[0]));
        } else if (length >= 4) {
            /* A part of a name comes after every near spelling. */
            const char *part = strstr(name->folded, folded);
            if (part != NULL && (part == name->folded || part[-1] == ' '))
                propose(best, &n, name, 2 * (limit + 1));
        }
    }
    char list[400];
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        size_t room = sizeof list - used;
        int wrote =
            snprintf(list + used, room, "%s%s", i == 0 ? "" : ", ", best[i].name->shown);
        if (wrote < 0 || (size_t)wrote >= room) {
            list[used] = '\0'; /* a name that does not fit is left out whole */
            break;
        }
        used += (size_t)wrote;
    }
    if (used == 0)
        return qi_fail(err, QUIPU_E_NOT_FOUND, "there is no %s \"%s\"", what, text);
    return qi_fail(err, QUIPU_E_NOT_FOUND, "there is no %s \"%s\". Did you mean %s?", what,
                   text, list);
}
