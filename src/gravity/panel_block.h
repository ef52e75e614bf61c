/* SPDX-License-Identifier: Apache-2.0 */
/* panel_block.h (private to gravity) - blocks of lines read side by side, joined in order. */
#ifndef QI_GRAVITY_PANEL_BLOCK_H
#define QI_GRAVITY_PANEL_BLOCK_H

#include "gravity/gravity.h"

enum { QI_WANT_NUMBER = 1, QI_WANT_LABEL = 2 };

/* ---- one line (panel_csv.c) ---- */

typedef struct qi_csv_field {
    const char *text; /* in the line; a quote written twice is made one there */
    size_t length;
    uint32_t column; /* of its first byte, from 1 */
} qi_csv_field;
typedef struct qi_csv_trouble {
    uint32_t column;
    const char *text;
} qi_csv_trouble;
/* Fields of a line without its end; -1 and the trouble when they cannot be told apart.  Beyond
 * `most` they are counted only. */
ptrdiff_t qi_csv_split(char *line, size_t length, char separator, qi_csv_field *fields,
                       size_t most, qi_csv_trouble *trouble);
/* Empty, NA, NaN, a point alone. */
bool qi_csv_missing(const char *text, size_t length);

/* ---- texts, each once (panel_dictionary.c) ---- */

typedef struct qi_dictionary {
    qi_arena *arena; /* NULL: texts are borrowed */
    QI_LIST(const char *) texts;
    QI_LIST(uint32_t) lengths;
    uint32_t *slots; /* place + 1 */
    size_t n_slots;
} qi_dictionary;
/* QI_NO_LABEL: no memory. */
uint32_t qi_dictionary_place(qi_dictionary *d, const char *text, size_t length);
void qi_dictionary_clear(qi_dictionary *d); /* keeps its room */
void qi_dictionary_free(qi_dictionary *d);

/* ---- blocks (panel_block.c) ---- */

typedef struct qi_panel_shape {
    size_t n_names;
    const uint8_t *want;
    char separator;
} qi_panel_shape;

typedef struct qi_block_column {
    QI_LIST(double) number;
    QI_LIST(uint32_t) label;
    qi_dictionary dictionary; /* of this block */
} qi_block_column;

/* What is wrong in a block: the first line that is, counted from 1 in the block. */
typedef struct qi_block_trouble {
    uint64_t line;
    uint32_t column;
    char text[160];
} qi_block_trouble;

typedef struct qi_panel_block {
    const qi_panel_shape *shape;
    char *bytes;
    size_t length;
    uint64_t n_lines;
    size_t n; /* rows */
    qi_block_column *columns;
    qi_csv_field *fields;
    QI_LIST(qi_panel_jump) jumps; /* rows and lines of the block, where lines were skipped */
    qi_block_trouble trouble;
} qi_panel_block;
quipu_status qi_panel_block_open(qi_panel_block *block, const qi_panel_shape *shape,
                                 quipu_error *err);
quipu_status qi_panel_block_read(qi_panel_block *block, quipu_error *err);
void qi_panel_block_close(qi_panel_block *block);

/* ---- joined (panel_join.c) ---- */

typedef struct qi_panel_join {
    qi_panel *panel;
    const qi_panel_shape *shape;
    size_t capacity;           /* rows there is room for */
    size_t *column;            /* of each name wanted: its column of the panel */
    qi_dictionary *dictionary; /* of each name */
} qi_panel_join;
quipu_status qi_panel_join_open(qi_panel_join *join, const char *const *names,
                                quipu_error *err);
/* Adds the rows; *line is the line before the block, and then its last one. */
quipu_status qi_panel_join_block(qi_panel_join *join, qi_panel_block *block, uint64_t *line,
                                 quipu_error *err);
quipu_status qi_panel_join_end(qi_panel_join *join, quipu_error *err);
void qi_panel_join_close(qi_panel_join *join);

#endif
