/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/table.h - a result: typed columns with names, units, presence, notes and sources.
 *
 * Calculations produce tables; everything else (text, CSV, JSON, LaTeX, the server, the
 * bindings) consumes them.  A table owns all it points to: strings given to it are copied.
 * A table is built by one thread and afterwards read by any number.
 */
#ifndef QUIPU_TABLE_H
#define QUIPU_TABLE_H

#include "quipu/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum quipu_type {
    QUIPU_TEXT,    /* const char *, UTF-8 */
    QUIPU_INTEGER, /* int64_t: years, ranks, counts */
    QUIPU_MONEY,   /* int64_t thousandths of US$, printed in US$ without loss */
    QUIPU_AMOUNT,  /* int64_t thousandths of the column's unit (quantities, weights) */
    QUIPU_REAL,    /* double: ratios, indexes */
    QUIPU_SHARE    /* double fraction; people see percent, machines see the fraction */
} quipu_type;

typedef enum quipu_role { QUIPU_DIMENSION, QUIPU_FIGURE } quipu_role;

/* Describes one column of a result; static in the catalogue, copied into a table. */
typedef struct quipu_column_spec {
    const char *name;  /* "reporter", "value", "share": stable, for machines */
    const char *label; /* "Reporter", "Share of exports": for people; NULL = name */
    quipu_type type;
    quipu_role role;
    const char *unit; /* "US$", "fraction", "kg", ""; never NULL */
    int decimals;     /* shown to people; machines always get full precision */
} quipu_column_spec;

typedef struct quipu_column {
    quipu_column_spec spec;
    union {
        const char **text;
        int64_t *integer;
        double *real;
    } data;
    uint64_t *present; /* one bit per row; a cleared bit is "missing", never zero */
} quipu_column;

typedef struct quipu_pair_text {
    const char *key;
    const char *text;
} quipu_pair_text;

typedef struct quipu_table {
    const char *measure; /* "share" */
    const char *title;   /* "Share in the exports of Peru, by partner; denominator: Asia" */
    quipu_column *columns;
    size_t n_columns;
    size_t n_rows;
    const char **notes; /* what a reader must know: caveats, denominators, rules applied */
    size_t n_notes;
    quipu_pair_text *source; /* "source", "release", "nomenclature", "cube", ... in order */
    size_t n_source;
    void *impl; /* arena and capacities; private */
} quipu_table;

/* `out` is filled with an empty table of these columns.  E_NOMEM. */
QUIPU_API quipu_status quipu_table_init(quipu_table *out, const char *measure,
                                        const quipu_column_spec *specs, size_t n_specs,
                                        quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_table_free(quipu_table *table); /* a zeroed table is fine */

/* Adds `n` rows in which every cell is missing; the first new row is *row_out. */
QUIPU_API quipu_status quipu_table_add_rows(quipu_table *table, size_t n, size_t *row_out,
                                            quipu_error *err) QUIPU_MUST_CHECK;
/* Set one cell (and its presence).  `column` and `row` must exist and the type must fit. */
QUIPU_API quipu_status quipu_table_set_text(quipu_table *table, size_t column, size_t row,
                                            const char *text,
                                            quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_table_set_integer(quipu_table *table, size_t column, size_t row,
                                       int64_t v);
/* A NaN or infinity is stored as missing: it never reaches a reader. */
QUIPU_API void quipu_table_set_real(quipu_table *table, size_t column, size_t row, double v);
QUIPU_API bool quipu_table_present(const quipu_table *table, size_t column, size_t row);

QUIPU_API quipu_status quipu_table_set_title(quipu_table *table, quipu_error *err,
                                             const char *format, ...) QUIPU_PRINTF(3, 4);
QUIPU_API quipu_status quipu_table_add_note(quipu_table *table, quipu_error *err,
                                            const char *format, ...) QUIPU_PRINTF(3, 4);
QUIPU_API quipu_status quipu_table_add_source(quipu_table *table, const char *key,
                                              const char *text,
                                              quipu_error *err) QUIPU_MUST_CHECK;
/* -1 when there is no such column. */
QUIPU_API ptrdiff_t quipu_table_find(const quipu_table *table, const char *column_name);

#ifdef __cplusplus
}
#endif
#endif
