/* SPDX-License-Identifier: Apache-2.0 */
/* foreign.h (private to io) - tables of Stata, SPSS and Excel as the text of a CSV.
 *
 * Whoever reads CSV reads these: a row of the sheet, or an observation behind the line of names,
 * is the line of the same number, so messages that name a line name the row.  The text goes to
 * a file without a name, as a table may be larger than memory.
 */
#ifndef QI_FOREIGN_H
#define QI_FOREIGN_H

#include "../base/base.h"

typedef enum qi_foreign {
    QI_FOREIGN_NONE,
    QI_FOREIGN_DTA,
    QI_FOREIGN_SAV,
    QI_FOREIGN_XLSX
} qi_foreign;

/* By the first bytes, of which 64 are enough. */
qi_foreign qi_foreign_kind(const char *head, size_t length);

/* "book.xlsx#Output!A5:F300": file, sheet and range. */
typedef struct qi_place {
    char *path, *sheet, *range; /* sheet and range NULL when not said */
} qi_place;
/* A name that is a file's is that file's, whatever is in it. */
quipu_status qi_place_split(const char *text, qi_place *out, quipu_error *err);
void qi_place_free(qi_place *place);

/* The text, at its beginning; *name is what messages call the table ("book.xlsx#Output"), to be
 * freed. */
quipu_status qi_foreign_open(qi_foreign kind, const qi_place *place, FILE **out, char **name,
                             quipu_error *err);

/* ---- rows of text (foreign.c) ---- */

typedef struct qi_text_rows {
    FILE *file;
    qi_buffer line;
    size_t n;      /* fields in the line so far */
    uint64_t size; /* bytes written */
    const char *path;
} qi_text_rows;

/* Quoted where it must be; control characters and line ends become blanks. */
bool qi_text_field(qi_text_rows *rows, const char *text, size_t length); /* false = no memory */
/* As it is: a line of a head that begins with #. */
bool qi_text_raw(qi_text_rows *rows, const char *text, size_t length);
quipu_status qi_text_end(qi_text_rows *rows, quipu_error *err); /* ends the line */

/* A number: whole ones without exponent, others as they read back. */
bool qi_text_number(qi_text_rows *rows, double value);

/* Days since 1970-01-01 as 2007-05-01 or as 200705; 0 = beyond the years 1000 to 9999. */
size_t qi_days_text(int64_t days, char out[16]);
size_t qi_days_month(int64_t days, char out[16]);

/* ---- the kinds (statfile.c, workbook.c) ---- */
quipu_status qi_statfile_text(qi_foreign kind, qi_text_rows *rows, quipu_error *err);
quipu_status qi_workbook_text(const qi_place *place, qi_text_rows *rows, char **name,
                              quipu_error *err);

#endif
