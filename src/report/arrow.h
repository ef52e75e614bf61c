/* SPDX-License-Identifier: Apache-2.0 */
/* arrow.h (private to report) - a table as Arrow has it: made by arrow_lay.c, handed out by
 * arrow.c. */
#ifndef QI_REPORT_ARROW_H
#define QI_REPORT_ARROW_H

#include "quipu/arrow.h"

#include "base/base.h"

#include <stdatomic.h>

typedef struct qi_arrow_column {
    const char *format;
    const char *metadata;
    int64_t missing;
    int64_t n_buffers;
    const void *buffers[3]; /* presence, (offsets,) data */
    void *made[2];          /* of the buffers, those that are not the table's */
} qi_arrow_column;

struct quipu_arrow {
    atomic_size_t holders;
    quipu_table table;
    qi_arena arena; /* metadata and what is below */
    const char *metadata;
    qi_arrow_column *columns;
};

/* The length of a text once each byte that is no UTF-8 is the three of U+FFFD. */
size_t qi_arrow_length(const char *text);

/* Fill columns and metadata for the table that is there; on failure some of it. */
quipu_status qi_arrow_lay(quipu_arrow *arrow, quipu_error *err);

#endif
