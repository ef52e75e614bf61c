/* SPDX-License-Identifier: Apache-2.0 */
/* xlsx.h (private to report) - libxlsxwriter, loaded when the first workbook is written, and
 * the inside of a workbook.
 *
 * Linked in the ordinary way it brings libcrypto into every start of the program.
 */
#ifndef QI_REPORT_XLSX_H
#define QI_REPORT_XLSX_H

#include "quipu/bundle.h"
#include "report/writer.h"

#include <xlsxwriter.h>

#define QI_XLSX_CALLS(X)                                                                       \
    X(workbook_new)                                                                            \
    X(workbook_close)                                                                          \
    X(lxw_workbook_free)                                                                       \
    X(workbook_add_worksheet)                                                                  \
    X(workbook_add_format)                                                                     \
    X(workbook_set_properties)                                                                 \
    X(workbook_set_custom_property_string)                                                     \
    X(worksheet_write_number)                                                                  \
    X(worksheet_write_string)                                                                  \
    X(worksheet_write_blank)                                                                   \
    X(worksheet_write_url)                                                                     \
    X(worksheet_merge_range)                                                                   \
    X(worksheet_set_column)                                                                    \
    X(worksheet_set_row)                                                                       \
    X(worksheet_freeze_panes)                                                                  \
    X(worksheet_repeat_rows)                                                                   \
    X(worksheet_set_paper)                                                                     \
    X(worksheet_set_landscape)                                                                 \
    X(worksheet_fit_to_pages)                                                                  \
    X(worksheet_set_footer)                                                                    \
    X(format_set_num_format)                                                                   \
    X(format_set_bold)                                                                         \
    X(format_set_font_size)                                                                    \
    X(format_set_font_color)                                                                   \
    X(format_set_underline)                                                                    \
    X(format_set_align)                                                                        \
    X(format_set_text_wrap)                                                                    \
    X(format_set_top)                                                                          \
    X(format_set_bottom)                                                                       \
    X(lxw_strerror)

typedef struct qi_xlsx_calls {
    void *library;
#define X(name) __typeof__(&name) name;
    QI_XLSX_CALLS(X)
#undef X
} qi_xlsx_calls;

/* E_IO: the library is not installed. */
quipu_status qi_xlsx_load(qi_xlsx_calls *calls, quipu_error *err);
void qi_xlsx_unload(qi_xlsx_calls *calls); /* a zeroed one is fine */

/* ---- a workbook (book.c) ---- */

typedef enum qi_style {
    QI_STYLE_TITLE,
    QI_STYLE_HEADING,
    QI_STYLE_TEXT, /* wraps */
    QI_STYLE_SMALL,
    QI_STYLE_LINK,
    QI_STYLE_HEAD_TEXT,
    QI_STYLE_HEAD_NUMBER,
    QI_STYLE_CELL_TEXT,
    QI_STYLE_LAST, /* the rule below the last row */
    QI_N_STYLES
} qi_style;

typedef struct qi_sheet {
    const char *wanted, *name; /* as the caller and as the workbook calls it */
    lxw_worksheet *sheet;
    quipu_sheet_line *lines; /* of a sheet of text, written when all sheets are known */
    size_t n_lines;
} qi_sheet;

typedef struct qi_number_format {
    const char *text;
    lxw_format *format;
} qi_number_format;

struct quipu_book {
    qi_xlsx_calls x;
    qi_arena arena;
    lxw_workbook *workbook;
    FILE *file; /* without a name; the library writes it, we hand it on */
    char *path; /* NULL: to the sink */
    quipu_sink sink;
    void *user;
    const char *manifest;
    bool spanish;
    lxw_format *styles[QI_N_STYLES];
    QI_LIST(qi_number_format) formats;
    QI_LIST(qi_sheet) sheets;
    qi_buffer scratch;
};

/* A name of at most 31 UTF-16 units that Excel takes and no other sheet has (book_name.c);
 * NULL = no memory. */
const char *qi_sheet_name(quipu_book *book, const char *wanted);
/* `text` fit for a cell, in the scratch buffer: valid, no control characters.  E_LIMIT: longer
 * than a cell holds. */
quipu_status qi_cell_text(quipu_book *book, const char *text, const char **out,
                          quipu_error *err);
quipu_status qi_book_failed(const quipu_book *book, lxw_error error, quipu_error *err);
/* The format with this number pattern, made once; NULL = no memory. */
lxw_format *qi_book_number_format(quipu_book *book, const char *pattern);
/* A wrapped line over the first `columns` columns, together `width` characters wide. */
typedef struct qi_book_text {
    size_t row, columns;
    double width;
    qi_style style;
    const char *text;
} qi_book_text;
quipu_status qi_book_line(quipu_book *book, lxw_worksheet *sheet, const qi_book_text *line,
                          quipu_error *err);

/* ---- a table on a sheet (book_table.c) ---- */
quipu_status qi_book_table(quipu_book *book, lxw_worksheet *sheet, const quipu_table *table,
                           bool plain, quipu_error *err);

#endif
