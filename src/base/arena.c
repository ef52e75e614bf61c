/* SPDX-License-Identifier: Apache-2.0 */
/* arena.c - allocate freely, free once.
 *
 * A chain of zeroed blocks; the head is the one being filled.  A request too large for the
 * head that would waste more than half a new block gets a block of its own *behind* the head,
 * so the head's remaining room is not lost.
 */
#include "base/base.h"

#define ALIGNMENT     ((size_t)16)
#define FIRST_BLOCK   ((size_t)4096)
#define LARGEST_BLOCK ((size_t)1 << 20)

typedef struct qi_arena_block {
    struct qi_arena_block *next;
    size_t size; /* of the bytes after the header */
} block;

/* The header takes a whole number of alignments, so that what follows stays aligned. */
#define HEADER ((sizeof(block) + ALIGNMENT - 1) & ~(ALIGNMENT - 1))

static block *new_block(size_t size) {
    size_t bytes;
    if (!qi_add_size(size, HEADER, &bytes))
        return NULL;
    block *made = calloc(1, bytes);
    if (made != NULL)
        made->size = size;
    return made;
}

void *qi_arena_alloc(qi_arena *arena, size_t bytes) {
    if (bytes > PTRDIFF_MAX - HEADER - ALIGNMENT) /* no object may be larger */
        return NULL;
    bytes = bytes == 0 ? ALIGNMENT : (bytes + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    if (arena->head != NULL && bytes <= arena->size - arena->used) {
        void *place = (char *)arena->head + HEADER + arena->used;
        arena->used += bytes;
        return place;
    }

    size_t size = arena->head == NULL ? FIRST_BLOCK : arena->size * 2;
    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    bool alone = bytes > size / 2;
    block *made = new_block(alone ? bytes : size);
    if (made == NULL)
        return NULL;
    if (alone && arena->head != NULL) {
        made->next = arena->head->next;
        arena->head->next = made;
    } else {
        made->next = arena->head;
        arena->head = made;
        arena->size = made->size;
        arena->used = bytes;
    }
    return (char *)made + HEADER;
}

char *qi_arena_text(qi_arena *arena, const char *text, size_t length) {
    size_t bytes;
    if (!qi_add_size(length, 1, &bytes))
        return NULL;
    char *copy = qi_arena_alloc(arena, bytes);
    if (copy != NULL && length > 0)
        memcpy(copy, text, length);
    return copy;
}

char *qi_arena_dup(qi_arena *arena, const char *text) {
    return text == NULL ? NULL : qi_arena_text(arena, text, strlen(text));
}

char *qi_arena_vprintf(qi_arena *arena, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        return NULL;
    char *text = qi_arena_alloc(arena, (size_t)length + 1);
    if (text != NULL)
        vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

char *qi_arena_printf(qi_arena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = qi_arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

void qi_arena_free(qi_arena *arena) {
    block *next = arena->head;
    while (next != NULL) {
        block *done = next;
        next = done->next;
        free(done);
    }
    *arena = (qi_arena){0};
}
