/* SPDX-License-Identifier: Apache-2.0 */
/* user_rows.h (private) - small tables of the user's: rows of a CSV file with their places.
 *
 * Comma, semicolon or tab (the first line that is no comment decides), quotes, CRLF and a byte
 * order mark.  Every complaint names the line and the column, in bytes.
 */
#ifndef QI_NOMEN_USER_ROWS_H
#define QI_NOMEN_USER_ROWS_H

#include "nomen/nomen.h"

enum { QI_USER_FIELDS = 16 };

typedef struct qi_user_file {
    char *at, *end; /* what is not read yet */
    const char *path;
    uint64_t line; /* of the row last read */
    char *line_start;
    char separator;
    bool begun;
} qi_user_file;

typedef struct qi_user_row {
    char *field[QI_USER_FIELDS]; /* NUL-terminated */
    size_t length[QI_USER_FIELDS];
    char *place[QI_USER_FIELDS]; /* where it stands, for complaints */
    char *end;                   /* of the line */
    size_t n;
} qi_user_row;

/* The whole file into the arena. */
quipu_status qi_user_file_open(qi_user_file *file, qi_arena *arena, const char *path,
                               quipu_error *err);
/* The next row that is not blank; *more is false at the end. */
quipu_status qi_user_file_next(qi_user_file *file, qi_user_row *row, bool *more,
                               quipu_error *err);
/* E_FORMAT at a place of the row last read. */
quipu_status qi_user_complain(const qi_user_file *file, const char *where, quipu_error *err,
                              const char *format, ...) QUIPU_PRINTF(4, 5);
/* A field for a complaint: cut, and safe on a terminal. */
enum { QI_USER_SHOWN = 48 };
const char *qi_user_shown(const char *text, size_t length, char out[QI_USER_SHOWN]);
/* An upper bound for the rows of the file. */
size_t qi_user_lines(const qi_user_file *file);

#endif
