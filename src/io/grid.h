/* SPDX-License-Identifier: Apache-2.0 */
/* grid.h (private) - a small table of the user's as texts in rows and columns.
 *
 * RFC 4180 with a header row; comma, semicolon or tab (the header decides), a byte order mark
 * and CRLF are fine, lines that begin with # are comments.  Every row has as many fields as the
 * header.  The first thing wrong is the error, with file, line and column.  A file may also be
 * one of Stata, SPSS or Excel (io.h): then the column is the number of the field.
 */
#ifndef QI_GRID_H
#define QI_GRID_H

#include "base/base.h"

typedef struct qi_grid {
    const char *file;
    size_t n_columns, n_rows;
    const char **header;   /* n_columns */
    const char **cell;     /* [row * n_columns + column]; never NULL, "" = nothing */
    const uint64_t *line;  /* of each row, from 1 */
    const uint32_t *place; /* byte column of each cell, from 1 */
} qi_grid;

/* All of it lives in `arena`.  `bytes` is cut up in place and must be writable, with a 0 after
 * it. */
quipu_status qi_grid_parse(const char *file, char *bytes, size_t length, qi_arena *arena,
                           qi_grid *out, quipu_error *err);
/* The same from a file of at most `limit` bytes. */
quipu_status qi_grid_read(const char *path, size_t limit, qi_arena *arena, qi_grid *out,
                          quipu_error *err);
/* -1 when there is no such column. */
ptrdiff_t qi_grid_find(const qi_grid *grid, const char *column);
/* E_FORMAT that names the columns there are. */
quipu_status qi_grid_need(const qi_grid *grid, const char *column, size_t *out,
                          quipu_error *err);
static inline const char *qi_grid_text(const qi_grid *grid, size_t row, size_t column) {
    return grid->cell[row * grid->n_columns + column];
}
/* "file:line:column: ..." of a cell. */
quipu_status qi_grid_fail(const qi_grid *grid, size_t row, size_t column, quipu_error *err,
                          const char *format, ...) QUIPU_PRINTF(5, 6);

#endif
