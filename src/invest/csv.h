/* SPDX-License-Identifier: Apache-2.0 */
/* csv.h (private) - the tables of a register: scanned row by row, problems gathered.
 *
 * Comma, semicolon or tab (the header line decides), quotes, CRLF and a byte order mark.  A
 * row that cannot be read is a problem and is passed over; reading goes on, so that all
 * problems of a register come at once.
 */
#ifndef QI_INVEST_CSV_H
#define QI_INVEST_CSV_H

#include "invest/invest.h"

enum { QI_CSV_COLUMNS = 16, QI_CSV_PROBLEMS = 1000 };

/* ---- problems (problem.c) ---- */

typedef struct qi_problem {
    bool warning;
    const char *file; /* "stakes.csv" */
    uint64_t line;
    uint32_t column;
    const char *found, *expected;
} qi_problem;
typedef struct qi_problems {
    qi_arena arena;
    QI_LIST(qi_problem) items;
    size_t n_errors, n_warnings; /* also those beyond the limit */
    bool no_memory;
} qi_problems;
/* `found` and `expected` are copied. */
void qi_problem_add(qi_problems *problems, bool warning, const char *file, uint64_t line,
                    uint32_t column, const char *found, const char *expected);
/* The table of them all, in order of file and line. */
quipu_status qi_problems_table(qi_problems *problems, quipu_table *out, quipu_error *err);
/* OK, or the first error and how many more. */
quipu_status qi_problems_status(qi_problems *problems, const char *folder, quipu_error *err);
void qi_problems_free(qi_problems *problems);
/* "; did you mean x?", or "" when nothing is near.  Candidates by turns. */
typedef struct qi_near {
    char wanted[64];
    const char *best;
    unsigned distance;
} qi_near;
void qi_near_start(qi_near *near, const char *wanted);
void qi_near_try(qi_near *near, const char *candidate);
const char *qi_near_text(const qi_near *near, char out[96]);

/* ---- scanning (csv.c) ---- */

typedef struct qi_csv_column {
    const char *name;
    bool required;
} qi_csv_column;

typedef struct qi_csv {
    const char *file;
    char *at, *end;
    char separator;
    uint64_t line;
    const qi_csv_column *columns; /* what the table may have */
    size_t n_columns;
    int place[QI_CSV_COLUMNS]; /* column c is field place[c]; -1 = not there */
    size_t n_fields;           /* of the header */
    qi_problems *problems;
    /* the row at hand, by column: never NULL, "" where there is nothing */
    const char *field[QI_CSV_COLUMNS];
    uint32_t at_column[QI_CSV_COLUMNS]; /* bytes from the start of the line, from 1 */
} qi_csv;
/* Reads the header.  False: it cannot be read (a problem says why). */
bool qi_csv_open(qi_csv *csv, qi_table_id id, const qi_csv_column *columns, size_t n,
                 char *bytes, size_t length, qi_problems *problems);
bool qi_csv_next(qi_csv *csv); /* false at the end */
static inline bool qi_csv_has(const qi_csv *csv, size_t column) {
    return csv->field[column][0] != '\0';
}
/* A problem with a field of the row at hand: found "…", expected as said. */
void qi_csv_problem(qi_csv *csv, bool warning, size_t column, const char *format, ...)
    QUIPU_PRINTF(4, 5);

/* ---- between tables (check.c) ---- */
void qi_register_check(quipu_register *reg, qi_problems *problems, quipu_error *err,
                       quipu_status *status);

/* ---- the tables (tables.c) ---- */
quipu_status qi_tables_read(quipu_register *reg, qi_register_bytes *files,
                            qi_problems *problems, quipu_error *err);

/* ---- a register out of bytes (register.c): `problems` may hold some already; frees them ---- */
quipu_status qi_register_read(qi_register_bytes *files, const char *folder,
                              const quipu_nomen *nomen, qi_problems *problems,
                              quipu_table *table, quipu_register **out, quipu_error *err);

/* ---- texts to positions (register.c) ---- */
quipu_status qi_index_open(qi_index *index, qi_arena *arena, size_t n, quipu_error *err);
/* The slot of `text`: position + 1, or 0.  `name(user, position)` gives the texts. */
typedef const char *(*qi_index_name)(const void *user, uint32_t position);
uint32_t *qi_index_slot(const qi_index *index, const char *text, qi_index_name name,
                        const void *user);

#endif
