/* SPDX-License-Identifier: Apache-2.0 */
/* workbook.h (private to io) - the inside of an .xlsx file.
 *
 * A package is a list of members by name: a zip file (workbook_zip.c), or pieces of memory in
 * the fuzz target.  libexpat reads the XML (workbook_xml.c); workbook.c reads what a workbook
 * says of itself, workbook_sheet.c the rows of one sheet.
 */
#ifndef QI_WORKBOOK_H
#define QI_WORKBOOK_H

#include "foreign.h"

#include <expat.h>

/* ---- members ---- */

typedef quipu_status (*qi_bytes)(void *user, const char *bytes, size_t length,
                                 quipu_error *err);
typedef struct qi_package qi_package;
struct qi_package {
    const char *path;
    /* Hands the member's bytes on; *found = false when there is none of this name. */
    quipu_status (*read)(const qi_package *package, const char *member, qi_bytes take,
                         void *user, bool *found, quipu_error *err);
    void *inside;
};

quipu_status qi_zip_read(const qi_package *package, const char *member, qi_bytes take,
                         void *user, bool *found, quipu_error *err);

/* ---- XML ---- */

typedef struct qi_xml {
    /* Names come without prefix.  A failure stops the reading. */
    quipu_status (*begin)(void *user, const char *name, const char **attributes,
                          quipu_error *err);
    quipu_status (*end)(void *user, const char *name, quipu_error *err);
    quipu_status (*text)(void *user, const char *text, size_t length, quipu_error *err);
    void *user;
} qi_xml;

/* *found may be NULL: then a member that is not there is an error. */
quipu_status qi_xml_read(const qi_package *package, const char *member, const qi_xml *xml,
                         bool *found, quipu_error *err);
/* By its name without prefix; NULL. */
const char *qi_xml_attribute(const char **attributes, const char *name);

/* ---- cells (workbook_cell.c) ---- */

enum { QI_SHEET_ROWS = 1048576, QI_SHEET_COLUMNS = 16384 };

/* From 1.  A range that is open below ends at the last row there may be. */
typedef struct qi_range {
    uint32_t top, left, bottom, right;
} qi_range;

/* "B5"; false when it is none.  Reads no further than `length`. */
bool qi_cell_read(const char *text, size_t length, uint32_t *row, uint32_t *column);
/* "A5:F300", "A5:F" or "A5". */
bool qi_range_read(const char *text, qi_range *out);
void qi_cell_name(uint32_t row, uint32_t column, char out[16]);

typedef enum qi_cell_format {
    QI_CELL_PLAIN,
    QI_CELL_DAY,
    QI_CELL_MONTH,
    QI_CELL_YEAR,
    QI_CELL_ZEROS /* 0000: codes that keep their zeros */
} qi_cell_format;
typedef struct qi_style_format {
    qi_cell_format kind;
    unsigned zeros;
} qi_style_format;

/* What a number format shows: a date, a code with leading zeros, a number. */
qi_style_format qi_format_read(const char *code);
qi_style_format qi_format_builtin(unsigned id);

/* ---- a workbook ---- */

typedef struct qi_book_sheet {
    char *name, *relation, *member;
    bool hidden;
} qi_book_sheet;

typedef struct qi_workbook {
    qi_package package;
    qi_arena arena;
    QI_LIST(qi_book_sheet) sheets;
    bool from_1904;
    char *strings_member, *styles_member; /* NULL: none */
    QI_LIST(char *) strings;
    size_t strings_size;
    QI_LIST(qi_style_format) formats; /* by the number of a cell's style */
} qi_workbook;

/* What the workbook says of itself, its texts and styles. */
quipu_status qi_workbook_open(qi_workbook *book, quipu_error *err);
void qi_workbook_close(qi_workbook *book);
/* `name` NULL: the only one to be seen. */
quipu_status qi_workbook_find(const qi_workbook *book, const char *name,
                              const qi_book_sheet **out, quipu_error *err);
/* The rows of a sheet (workbook_sheet.c); `range` NULL: all of it. */
quipu_status qi_sheet_text(const qi_workbook *book, const qi_book_sheet *sheet,
                           const qi_range *range, qi_text_rows *rows, quipu_error *err);

#endif
