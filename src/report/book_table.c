/* SPDX-License-Identifier: Apache-2.0 */
/* book_table.c - a table on a sheet: title, header, figures under number formats, notes.
 *
 * A cell holds the figure as it is: money in US$, shares as fractions.  Its format shows what
 * people's formats show: 15.3% for 0.1534.  Money is not scaled, since a header that says
 * "million" above a cell that holds dollars misleads every formula made from it.
 */
#include "report/xlsx.h"

#define NARROWEST 9.0
#define WIDEST    48.0

typedef struct layout {
    quipu_book *book;
    lxw_worksheet *sheet;
    qi_writer *writer; /* for cells and headers; writes nothing */
    const quipu_table *table;
    size_t header_row, columns; /* columns a title or a note runs over */
    double width;               /* of these */
    bool missing;               /* some cell is */
} layout;

/* ---- number formats ---- */

static bool has_parts_of_a_unit(const quipu_table *table, size_t column) {
    const quipu_column *c = &table->columns[column];
    for (size_t row = 0; row < table->n_rows; row++) {
        if (quipu_table_present(table, column, row) && c->data.integer[row] % 1000 != 0)
            return true;
    }
    return false;
}

/* Money shows cents only where they are a part of what is told. */
static int money_decimals(const quipu_table *table, size_t column) {
    const quipu_column *c = &table->columns[column];
    const int64_t large = INT64_C(1000000) * QUIPU_MONEY_PER_USD;
    for (size_t row = 0; row < table->n_rows; row++) {
        if (quipu_table_present(table, column, row) &&
            (c->data.integer[row] >= large || c->data.integer[row] <= -large))
            return 0;
    }
    return has_parts_of_a_unit(table, column) ? 2 : 0;
}

static void number_pattern(const quipu_table *table, size_t column, char out[48]) {
    const quipu_column_spec *spec = &table->columns[column].spec;
    bool name = spec->type == QUIPU_INTEGER &&
                (spec->role == QUIPU_DIMENSION || strcmp(spec->unit, "year") == 0);
    int decimals = spec->decimals;
    if (spec->type == QUIPU_MONEY)
        decimals = money_decimals(table, column);
    else if (spec->type == QUIPU_INTEGER || (spec->type == QUIPU_AMOUNT && decimals < 0))
        decimals = 0;
    else if (decimals < 0)
        decimals = spec->type == QUIPU_REAL ? 3 : 1;
    if (decimals > 15)
        decimals = 15;
    snprintf(out, 48, "%s%s%.*s%s", name || spec->type == QUIPU_SHARE ? "0" : "#,##0",
             decimals > 0 ? "." : "", decimals, "000000000000000",
             spec->type == QUIPU_SHARE ? "%" : "");
}

/* ---- widths ---- */

/* The longest line of a header broken at blanks to about `room`. */
static size_t header_width(const char *text, size_t room) {
    size_t longest = 0, line = 0;
    while (*text != '\0') {
        size_t word = strcspn(text, " ");
        line = line > 0 && line + 1 + word <= room ? line + 1 + word : word;
        longest = line > longest ? line : longest;
        text += word;
        text += strspn(text, " ");
    }
    return longest;
}

static size_t cell_width(const layout *l, size_t column, size_t row, int decimals) {
    char number[QI_CELL_TEXT];
    if (!qi_cell_present(l->writer, column, row))
        return 1;
    const quipu_column *c = &l->table->columns[column];
    if (c->spec.type == QUIPU_TEXT)
        return qi_display_width(c->data.text[row]);
    size_t whole = qi_cell_exact(l->writer, column, row, number);
    if (c->spec.type == QUIPU_REAL || c->spec.type == QUIPU_SHARE) {
        double v = c->data.real[row] * (c->spec.type == QUIPU_SHARE ? 100 : 1);
        if (v > -1e15 && v < 1e15)
            whole = qi_format_double_rounded(number, sizeof number, v, decimals) + 1;
    } else {
        whole = strcspn(number, ".") + (decimals > 0 ? (size_t)decimals + 1 : 0);
    }
    return whole + whole / 3; /* thousands */
}

static quipu_status set_width(layout *l, size_t column, quipu_error *err) {
    qi_buffer header = {0};
    char pattern[48];
    if (!qi_column_header(l->writer, column, &header)) {
        qi_buffer_free(&header);
        return qi_fail_memory(err, 0);
    }
    number_pattern(l->table, column, pattern);
    const char *point = strchr(pattern, '.');
    int decimals = point != NULL ? (int)strspn(point + 1, "0") : 0;
    size_t body = 0;
    for (size_t row = 0; row < l->table->n_rows; row++) {
        size_t w = cell_width(l, column, row, decimals);
        body = w > body ? w : body;
    }
    size_t head = header_width(header.bytes, body > 12 ? body : 12);
    qi_buffer_free(&header);
    double width = (double)(body > head ? body : head) * 1.05 + 1.5;
    width = width < NARROWEST ? NARROWEST : width > WIDEST ? WIDEST : width;
    if (column < l->columns)
        l->width += width;
    lxw_col_t at = (lxw_col_t)column;
    return qi_book_failed(l->book,
                          l->book->x.worksheet_set_column(l->sheet, at, at, width, NULL), err);
}

/* Titles and notes run over the table, and beyond it where it is narrow. */
static quipu_status set_widths(layout *l, quipu_error *err) {
    size_t n = l->table->n_columns;
    l->columns = n < 12 ? n : 12;
    for (size_t i = 0; i < n; i++)
        QI_TRY(set_width(l, i, err));
    while (l->columns >= n && l->width < 70) {
        l->columns++;
        l->width += 8.43; /* what a column has that nobody set */
    }
    if (l->width > 110 && l->columns <= n && n > 0)
        l->book->x.worksheet_set_landscape(l->sheet);
    return QUIPU_OK;
}

/* ---- cells ---- */

static quipu_status put_header(layout *l, quipu_error *err) {
    qi_buffer header = {0};
    quipu_status status = QUIPU_OK;
    for (size_t i = 0; i < l->table->n_columns && status == QUIPU_OK; i++) {
        const char *clean;
        if (!qi_column_header(l->writer, i, &header)) {
            status = qi_fail_memory(err, 0);
            break;
        }
        status = qi_cell_text(l->book, header.bytes, &clean, err);
        if (status != QUIPU_OK)
            break;
        qi_style style =
            qi_column_is_text(l->writer, i) ? QI_STYLE_HEAD_TEXT : QI_STYLE_HEAD_NUMBER;
        status = qi_book_failed(
            l->book,
            l->book->x.worksheet_write_string(l->sheet, (lxw_row_t)l->header_row, (lxw_col_t)i,
                                              clean, l->book->styles[style]),
            err);
    }
    qi_buffer_free(&header);
    return status;
}

static quipu_status put_cell(layout *l, size_t column, size_t row, lxw_format *format,
                             quipu_error *err) {
    const qi_xlsx_calls *x = &l->book->x;
    lxw_row_t at = (lxw_row_t)(l->header_row + 1 + row);
    lxw_col_t across = (lxw_col_t)column;
    const char *text = NULL;
    char number[QI_CELL_TEXT];
    double value = 0;
    if (!qi_cell_present(l->writer, column, row)) {
        l->missing = true;
        return QUIPU_OK;
    }
    const quipu_column *c = &l->table->columns[column];
    if (c->spec.type == QUIPU_TEXT) {
        QI_TRY(qi_cell_text(l->book, c->data.text[row], &text, err));
        return qi_book_failed(
            l->book, x->worksheet_write_string(l->sheet, at, across, text, format), err);
    }
    size_t length = qi_cell_exact(l->writer, column, row, number);
    if (!qi_parse_double(number, length, &value))
        return qi_fail(err, QUIPU_E_BUG, "'%s' does not read back as a number", number);
    return qi_book_failed(l->book,
                          x->worksheet_write_number(l->sheet, at, across, value, format), err);
}

static quipu_status put_column(layout *l, size_t column, quipu_error *err) {
    char pattern[48];
    lxw_format *format = l->book->styles[QI_STYLE_CELL_TEXT];
    if (!qi_column_is_text(l->writer, column)) {
        number_pattern(l->table, column, pattern);
        format = qi_book_number_format(l->book, pattern);
        if (format == NULL)
            return qi_fail_memory(err, 0);
    }
    for (size_t row = 0; row < l->table->n_rows; row++)
        QI_TRY(put_cell(l, column, row, format, err));
    lxw_row_t end = (lxw_row_t)(l->header_row + 1 + l->table->n_rows);
    return qi_book_failed(l->book,
                          l->book->x.worksheet_write_blank(l->sheet, end, (lxw_col_t)column,
                                                           l->book->styles[QI_STYLE_LAST]),
                          err);
}

/* ---- notes ---- */

static quipu_status put_note(layout *l, size_t *row, const char *word, const char *text,
                             quipu_error *err) {
    qi_buffer line = {0};
    quipu_status status = QUIPU_OK;
    if (!qi_buffer_text(&line, word) || !qi_buffer_text(&line, text))
        status = qi_fail_memory(err, strlen(text));
    else
        status = qi_book_line(
            l->book, l->sheet,
            &(qi_book_text){(*row)++, l->columns, l->width, QI_STYLE_SMALL, line.bytes}, err);
    qi_buffer_free(&line);
    return status;
}

static quipu_status put_notes(layout *l, quipu_error *err) {
    bool es = l->book->spanish;
    size_t row = l->header_row + 2 + l->table->n_rows;
    for (size_t i = 0; i < l->table->n_notes; i++)
        QI_TRY(put_note(l, &row, es ? "Nota: " : "Note: ", l->table->notes[i], err));
    if (l->missing)
        QI_TRY(put_note(l, &row, es ? "Nota: " : "Note: ",
                        es ? "Una celda vacía es un dato que falta, no un cero."
                           : "An empty cell is a figure that is missing, not a zero.",
                        err));
    qi_buffer source = {0};
    quipu_status status = QUIPU_OK;
    if (!qi_source_line(l->writer, &source))
        status = qi_fail_memory(err, 0);
    else if (source.length > 0)
        status = put_note(l, &row, es ? "Fuente: " : "Source: ", source.bytes, err);
    qi_buffer_free(&source);
    if (status == QUIPU_OK && l->book->manifest != NULL)
        status = put_note(l, &row, es ? "Manifiesto: " : "Manifest: ", l->book->manifest, err);
    return status;
}

/* ---- the sheet ---- */

static quipu_status put_table(layout *l, bool plain, quipu_error *err) {
    const qi_xlsx_calls *x = &l->book->x;
    QI_TRY(set_widths(l, err));
    bool titled = !plain && l->table->title[0] != '\0';
    if (titled)
        QI_TRY(qi_book_line(
            l->book, l->sheet,
            &(qi_book_text){0, l->columns, l->width, QI_STYLE_TITLE, l->table->title}, err));
    l->header_row = titled ? 2 : 0;
    QI_TRY(put_header(l, err));
    for (size_t i = 0; i < l->table->n_columns; i++)
        QI_TRY(put_column(l, i, err));
    lxw_row_t header = (lxw_row_t)l->header_row;
    x->worksheet_freeze_panes(l->sheet, header + 1, 0);
    QI_TRY(qi_book_failed(l->book, x->worksheet_repeat_rows(l->sheet, header, header), err));
    return plain ? QUIPU_OK : put_notes(l, err);
}

quipu_status qi_book_table(quipu_book *book, lxw_worksheet *sheet, const quipu_table *table,
                           bool plain, quipu_error *err) {
    const quipu_report_options options = {.format = QUIPU_FORMAT_XLSX,
                                          .spanish = book->spanish};
    size_t extra = 16 + table->n_notes;
    if (table->n_columns > LXW_COL_MAX || extra > LXW_ROW_MAX ||
        table->n_rows > LXW_ROW_MAX - extra)
        return qi_fail(
            err, QUIPU_E_LIMIT,
            "a table of %zu rows and %zu columns does not fit a sheet of a workbook, "
            "which has %d rows and %d columns; write csv instead",
            table->n_rows, table->n_columns, (int)LXW_ROW_MAX, (int)LXW_COL_MAX);
    layout l = {.book = book, .sheet = sheet, .table = table};
    QI_TRY(qi_writer_new(table, &options, NULL, NULL, &l.writer, err));
    l.writer->money_scale = 0;
    quipu_status status = put_table(&l, plain, err);
    free(l.writer);
    return status;
}
