/* SPDX-License-Identifier: Apache-2.0 */
/* base.h (private) - errors, arenas, growing arrays, checked sizes, number text, workers.
 *
 * The bottom rung: sees only libc and utf8proc.  Everything here is used by at least two
 * modules; what one module needs stays in that module.
 */
#ifndef QI_BASE_H
#define QI_BASE_H

#include "quipu/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QI_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define QI_UNUSED(x)    ((void)(x))

/* Forward a failing call.  Only where nothing is owned yet; else set status and goto done. */
#define QI_TRY(call)                                                                           \
    do {                                                                                       \
        quipu_status qi_try_status = (call);                                                   \
        if (qi_try_status != QUIPU_OK)                                                         \
            return qi_try_status;                                                              \
    } while (0)
/* The same with a `status` variable and a `done:` label. */
#define QI_GO(call)                                                                            \
    do {                                                                                       \
        status = (call);                                                                       \
        if (status != QUIPU_OK)                                                                \
            goto done;                                                                         \
    } while (0)

/* ---- errors (error.c): the first cause wins; err may be NULL ----
 * A failure while err->status is not OK leaves err as it is, so a public function clears the
 * caller's error on entry; clean-up code that may fail itself passes NULL. */
quipu_status qi_fail(quipu_error *err, quipu_status status, const char *format, ...)
    QUIPU_PRINTF(3, 4);
quipu_status qi_fail_at(quipu_error *err, quipu_status status, const char *file, uint64_t line,
                        uint32_t column, const char *format, ...) QUIPU_PRINTF(6, 7);
quipu_status qi_fail_memory(quipu_error *err, size_t bytes);
/* "cannot open x: Permission denied": takes errno. */
quipu_status qi_fail_errno(quipu_error *err, const char *doing, const char *path);
void qi_error_clear(quipu_error *err);

/* ---- checked sizes ---- */
static inline bool qi_mul_size(size_t a, size_t b, size_t *out) {
    return !__builtin_mul_overflow(a, b, out);
}
static inline bool qi_add_size(size_t a, size_t b, size_t *out) {
    return !__builtin_add_overflow(a, b, out);
}
/* False when the sum does not fit. */
static inline bool qi_add_money(int64_t *sum, int64_t value) {
    return !__builtin_add_overflow(*sum, value, sum);
}

/* ---- arena (arena.c): allocate freely, free once ---- */
typedef struct qi_arena {
    struct qi_arena_block *head;
    size_t used, size; /* of the head block */
} qi_arena;
void *qi_arena_alloc(qi_arena *arena, size_t bytes); /* zeroed, 16-aligned; NULL = no memory */
char *qi_arena_text(qi_arena *arena, const char *text, size_t length);
char *qi_arena_dup(qi_arena *arena, const char *text); /* NULL in, NULL out */
char *qi_arena_vprintf(qi_arena *arena, const char *format, va_list args) QUIPU_PRINTF(2, 0);
char *qi_arena_printf(qi_arena *arena, const char *format, ...) QUIPU_PRINTF(2, 3);
void qi_arena_free(qi_arena *arena);

/* Large zeroed room: pages cost memory only once they are touched.  NULL = no memory.  Freed
 * with the same size. */
void *qi_big_alloc(size_t bytes);
void qi_big_free(void *room, size_t bytes);

/* ---- growing byte buffer (buffer.c): a 0 follows the bytes, not counted ---- */
typedef struct qi_buffer {
    char *bytes;
    size_t length, capacity;
} qi_buffer;
bool qi_buffer_reserve(qi_buffer *buffer, size_t more); /* false = no memory */
bool qi_buffer_add(qi_buffer *buffer, const void *bytes, size_t length);
bool qi_buffer_text(qi_buffer *buffer, const char *text);
bool qi_buffer_printf(qi_buffer *buffer, const char *format, ...) QUIPU_PRINTF(2, 3);
void qi_buffer_free(qi_buffer *buffer);

/* The whole of a plain file (whole_file.c), at most `limit` bytes; E_LIMIT beyond.  Free the
 * buffer; on failure it is empty. */
quipu_status qi_whole_file(const char *path, size_t limit, qi_buffer *out, quipu_error *err);
/* The rest of an open one, which stays open; `path` is for messages. */
quipu_status qi_whole_stream(FILE *file, const char *path, size_t limit, qi_buffer *out,
                             quipu_error *err);

/* ---- libraries loaded when they are needed (library.c) ----
 * The function `name` into a function pointer; false and NULL when it is not there. */
bool qi_library_find(void *library, const char *name, void *into);

/* ---- growing typed array: QI_PUSH(list, item) on {T *items; size_t n, capacity;} ---- */
bool qi_grow(void **items, size_t *capacity, size_t need, size_t item_size);
#define QI_ROOM(list, more)                                                                    \
    ((list)->n + (more) <= (list)->capacity ||                                                 \
     qi_grow((void **)&(list)->items, &(list)->capacity, (list)->n + (more),                   \
             sizeof((list)->items[0])))
#define QI_PUSH(list, item)                                                                    \
    (QI_ROOM(list, 1) ? ((list)->items[(list)->n++] = (item), true) : false)
#define QI_LIST(T)                                                                             \
    struct {                                                                                   \
        T *items;                                                                              \
        size_t n, capacity;                                                                    \
    }

/* ---- numbers (number_parse.c, number_format.c): never through the locale ---- */
typedef enum qi_number_result {
    QI_NUMBER_OK,
    QI_NUMBER_ROUNDED, /* more decimals than the scale holds: rounded half to even */
    QI_NUMBER_BAD,     /* not a number */
    QI_NUMBER_NEGATIVE,
    QI_NUMBER_RANGE /* does not fit */
} qi_number_result;
/* Reads a whole field as decimal (optional exponent) times 10^scale into an int64.
 * `*rounding` gets the part lost, in units of the result, exact to a double. */
qi_number_result qi_parse_scaled(const char *text, size_t length, int scale,
                                 bool allow_negative, int64_t *out, double *rounding);
bool qi_parse_int(const char *text, size_t length, int64_t *out);
bool qi_parse_double(const char *text, size_t length, double *out);
/* Writes `value` / 10^scale without loss and without trailing zeros ("490605.12"). */
#define QI_NUMBER_TEXT 40
size_t qi_format_scaled(char out[QI_NUMBER_TEXT], int64_t value, int scale);
/* Rounded half away from zero to `decimals`, from the exact integer. */
size_t qi_format_scaled_rounded(char out[QI_NUMBER_TEXT], int64_t value, int scale,
                                int decimals);
/* Shortest text that reads back as the same double. */
size_t qi_format_double(char out[QI_NUMBER_TEXT], double value);
size_t qi_format_double_rounded(char *out, size_t size, double value, int decimals);

/* ---- text (text.c) ---- */
/* Lower case, accents and punctuation away, blanks squeezed: "Côte d'Ivoire" becomes
 * "cote d ivoire".  Writes at most size-1 bytes and a 0; returns the length. */
size_t qi_fold(const char *text, size_t length, char *out, size_t size);
/* Columns on a terminal (East Asian wide characters count two). */
size_t qi_display_width(const char *text);
/* Edit distance in characters with transpositions, capped at `limit` + 1.  Texts of more than
 * 256 characters are either equal or `limit` + 1 apart. */
unsigned qi_edit_distance(const char *a, const char *b, unsigned limit);
/* Is `word` one of blank-joined `words`?  NULL holds none. */
bool qi_has_word(const char *words, const char *word);
bool qi_utf8_valid(const char *text, size_t length);
/* Put blanks for control characters other than tab and newline, "?" for bytes that are not
 * UTF-8: what comes out of a file may go to a terminal.  Returns the place of the first of
 * them, `length` when there was none. */
size_t qi_text_clean(char *text, size_t length);
/* The code point at text[*at] and *at moved past it; -1 and one byte for what is not UTF-8.
 * *at must be below `length`. */
int32_t qi_utf8_next(const char *text, size_t length, size_t *at);
unsigned qi_point_width(int32_t point); /* columns; -1 counts as U+FFFD */

/* ---- sorting (sort.c) ---- */
void qi_sort_keys(uint64_t *keys, size_t n); /* rising */

/* ---- hashing (hash.c) ---- */
uint64_t qi_hash64(const void *bytes, size_t length); /* XXH3 */
void qi_hash128(const void *bytes, size_t length, uint64_t *low, uint64_t *high);

/* ---- workers (pool.c): tasks handed to threads; results never depend on how many ---- */
typedef quipu_status (*qi_task)(void *user, size_t task, unsigned worker, quipu_error *err);
/* Runs tasks 0..n-1.  On failure the error of the lowest-numbered failing task is returned. */
quipu_status qi_run_tasks(unsigned n_threads, size_t n_tasks, qi_task task, void *user,
                          quipu_error *err);
unsigned qi_cpu_count(void);

#endif
