/* SPDX-License-Identifier: Apache-2.0 */
/* layout.h (private) - a long table laid out in rows and columns, as studies print them. */
#ifndef QI_STUDY_LAYOUT_H
#define QI_STUDY_LAYOUT_H

#include "study/ask.h"

/* Headers in two rows: columns with one group stand under it together.  NULL where the column
 * has no group. */
typedef struct qi_headers {
    const char **group; /* [column] */
    const char **label;
} qi_headers;

/* `figure` NULL: `otherwise`.  The laid out table has title, notes and sources of the long one.
 * Two rows of the long table that fall into one cell are an error. */
quipu_status qi_layout_make(const qi_study *study, const qi_layout *layout,
                            const quipu_table *table, const char *otherwise, qi_arena *arena,
                            quipu_table *out, qi_headers *headers, quipu_error *err);

/* A copy with these columns only; none = all. */
quipu_status qi_layout_show(const qi_study *study, const qi_texts *columns,
                            const quipu_table *table, qi_arena *arena, quipu_table *out,
                            quipu_error *err);

/* Position of a column of a table; E_DATA at `at` with the nearest name. */
quipu_status qi_column_find(const qi_study *study, const quipu_table *table, qi_words at,
                            size_t *out, quipu_error *err);
/* A cell as text: dimensions as they are shown and asked for. */
const char *qi_cell_key(const quipu_table *table, size_t column, size_t row, qi_arena *arena);

#endif
