/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/arrow.h - a table handed to another program in the same process, by the Arrow C data
 * interface: nothing is written, read or copied on the way.
 *
 *   QUIPU_TEXT            utf8 (large utf8 beyond 2 GB of text in a column)
 *   QUIPU_INTEGER         int64
 *   QUIPU_MONEY, _AMOUNT  decimal128(19, 3): exact
 *   QUIPU_REAL, _SHARE    float64
 *
 * Missing is null.  Whole numbers, ratios and presence are the table's own memory; text and
 * decimals lie otherwise in Arrow, and are laid out once, when the table is given away.
 *
 * Metadata of a column: "label", "unit", "role" (dimension, figure), "type" (text, integer,
 * money, amount, real, share), "decimals".  Of the whole: "measure", "version", "title",
 * "notes" (one a line), and what its source says, each under its own key.
 */
#ifndef QUIPU_ARROW_H
#define QUIPU_ARROW_H

#include "quipu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The structs of the interface; every header that has them asks for these names. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE           2
#define ARROW_FLAG_MAP_KEYS_SORTED    4

struct ArrowSchema {
    const char *format, *name, *metadata;
    int64_t flags, n_children;
    struct ArrowSchema **children, *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length, null_count, offset, n_buffers, n_children;
    const void **buffers;
    struct ArrowArray **children, *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};
#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};
#endif

/* A table given away.  Any number of readers, in any threads, may have it at once; it is freed
 * when the last of them, and the one who opened it, have let it go. */
typedef struct quipu_arrow quipu_arrow;

/* Takes what `table` owns and leaves it empty, on failure too.  E_NOMEM. */
QUIPU_API quipu_status quipu_arrow_open(quipu_table *table, quipu_arrow **out,
                                        quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_arrow_close(quipu_arrow *arrow); /* NULL is fine */
/* The table as it was; good until closed. */
QUIPU_API const quipu_table *quipu_arrow_table(const quipu_arrow *arrow);

/* The reader releases both, in any order, also after `arrow` is closed.  A struct array: a
 * child for each column.  E_NOMEM. */
QUIPU_API quipu_status quipu_arrow_export(quipu_arrow *arrow, struct ArrowSchema *schema,
                                          struct ArrowArray *array,
                                          quipu_error *err) QUIPU_MUST_CHECK;
/* The same as a stream of one batch. */
QUIPU_API quipu_status quipu_arrow_stream(quipu_arrow *arrow, struct ArrowArrayStream *out,
                                          quipu_error *err) QUIPU_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
