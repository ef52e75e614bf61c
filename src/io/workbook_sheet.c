/* SPDX-License-Identifier: Apache-2.0 */
/* workbook_sheet.c - the rows of one sheet as lines of text.
 *
 * The first row that is not empty is the header and says how wide the table is; rows that are
 * empty are empty lines, so that a line has the number of its row.  What would be read wrong in
 * silence is an error: merged cells in the table, and a formula nobody has calculated.
 */
#include "workbook.h"

enum { LONGEST_CELL = 1 << 17, WIDEST = 512 };

typedef struct cell {
    char *text;
    size_t length;
} cell;

typedef struct sheet {
    const qi_workbook *book;
    qi_range range;
    qi_text_rows *rows;
    qi_arena arena;      /* of the row at hand */
    QI_LIST(cell) cells; /* from range.left */
    uint32_t row, column, written;
    uint32_t first, last; /* rows that hold something */
    size_t width;         /* of the header; 0 = not met */
    char type;            /* s shared, i inline, e error, b boolean, d date, t text, n number */
    unsigned style;
    bool in_cell, in_value, spoken, has_formula, has_value;
    qi_buffer text;
} sheet;

static quipu_status fail_cell(const sheet *s, uint32_t row, uint32_t column, quipu_error *err,
                              const char *text) {
    char name[16];
    qi_cell_name(row, column, name);
    return qi_fail_at(err, QUIPU_E_FORMAT, s->rows->path, row, column - s->range.left + 1,
                      "cell %s %s", name, text);
}

/* ---- rows out ---- */

static quipu_status empty_lines(sheet *s, uint32_t before, quipu_error *err) {
    while (s->written + 1 < before) {
        QI_TRY(qi_text_end(s->rows, err));
        s->written++;
    }
    return QUIPU_OK;
}

static size_t used_width(const sheet *s) {
    size_t n = s->cells.n;
    while (n > 0 && s->cells.items[n - 1].length == 0)
        n--;
    return n;
}

static quipu_status put_row(sheet *s, quipu_error *err) {
    size_t used = used_width(s), width = s->width;
    const cell *cells = s->cells.items;
    if (used == 0)
        return QUIPU_OK; /* an empty line, written before the next row */
    QI_TRY(empty_lines(s, s->row, err));
    bool ok = true, head = used == 1 && cells[0].text[0] == '#';
    if (head && width == 0) { /* a line of our own tables' heads */
        ok = qi_text_raw(s->rows, cells[0].text, cells[0].length);
    } else {
        if (width == 0) {
            s->first = s->row;
            s->width = width = used;
        }
        for (size_t i = 0; i < (used > width ? used : width) && ok; i++)
            ok = i < s->cells.n && cells[i].text != NULL
                     ? qi_text_field(s->rows, cells[i].text, cells[i].length)
                     : qi_text_field(s->rows, "", 0);
        s->last = s->row;
    }
    s->written = s->row;
    return ok ? qi_text_end(s->rows, err) : qi_fail_memory(err, s->text.length);
}

/* ---- values ---- */

static quipu_status store(sheet *s, const char *text, size_t length, quipu_error *err) {
    size_t at = s->column - s->range.left;
    static const cell NONE = {0};
    if (at >= WIDEST)
        return fail_cell(s, s->row, s->column, err,
                         "is beyond the 512th column: say where the table stands, as in "
                         "--range A5:F300");
    while (s->cells.n <= at)
        if (!QI_PUSH(&s->cells, NONE))
            return qi_fail_memory(err, 0);
    while (length > 0 && (unsigned char)text[0] <= ' ')
        text++, length--;
    while (length > 0 && (unsigned char)text[length - 1] <= ' ')
        length--;
    cell *c = &s->cells.items[at];
    c->text = qi_arena_text(&s->arena, text, length);
    c->length = length;
    return c->text != NULL ? QUIPU_OK : qi_fail_memory(err, length);
}

/* Days of Excel, which thinks that 1900 was a leap year. */
static int64_t days_of(const sheet *s, double serial) {
    int64_t days = (int64_t)serial;
    if (s->book->from_1904)
        return days - 24107;
    return days - (days < 60 ? 25568 : 25569);
}

/* A number whose format shows something else: the text of that, 0 = as it stands. */
static size_t formatted(const sheet *s, const char *text, size_t length, char out[32]) {
    qi_style_format format = {0};
    double value;
    if (s->style < s->book->formats.n)
        format = s->book->formats.items[s->style];
    if (format.kind == QI_CELL_PLAIN || !qi_parse_double(text, length, &value) || value < 0 ||
        value > 3e6)
        if (format.kind != QI_CELL_ZEROS)
            return 0;
    switch (format.kind) {
    case QI_CELL_PLAIN: break;
    case QI_CELL_DAY: return qi_days_text(days_of(s, value), out);
    case QI_CELL_MONTH: return qi_days_month(days_of(s, value), out);
    case QI_CELL_YEAR: return qi_days_month(days_of(s, value), out) > 0 ? 4 : 0;
    case QI_CELL_ZEROS:
        if (length >= format.zeros || strspn(text, "0123456789") != length)
            return 0;
        memset(out, '0', format.zeros);
        memcpy(out + format.zeros - length, text, length);
        return format.zeros;
    }
    return 0;
}

static quipu_status put_cell(sheet *s, quipu_error *err) {
    const char *text = s->text.length > 0 ? s->text.bytes : "";
    size_t length = s->text.length;
    char shown[32];
    int64_t index;
    if (s->has_formula && !s->has_value)
        return fail_cell(s, s->row, s->column, err,
                         "holds a formula that was never calculated: open the workbook in a "
                         "spreadsheet, save it, and try again");
    if (s->type == 's') {
        if (!qi_parse_int(text, length, &index) || index < 0 ||
            (uint64_t)index >= s->book->strings.n)
            return fail_cell(s, s->row, s->column, err,
                             "points to a text the workbook does not have: it is damaged");
        text = s->book->strings.items[index];
        length = strlen(text);
    } else if (s->type == 'n') {
        size_t n = formatted(s, text, length, shown);
        if (n > 0) {
            text = shown;
            length = n;
        }
    } else if (s->type == 'd' && length > 10) {
        length = 10; /* 2007-05-01T00:00:00 */
    }
    return store(s, text, length, err);
}

/* ---- elements ---- */

static quipu_status begin_row(sheet *s, const char **a, quipu_error *err) {
    const char *number = qi_xml_attribute(a, "r");
    uint32_t before = s->row;
    int64_t row = (int64_t)before + 1;
    if (number != NULL && !qi_parse_int(number, strlen(number), &row))
        row = 0;
    if (row <= (int64_t)before || row > QI_SHEET_ROWS)
        return qi_fail_at(err, QUIPU_E_FORMAT, s->rows->path, before, 0,
                          "the row after %u is numbered \"%.20s\": the workbook is damaged",
                          before, number != NULL ? number : "");
    s->row = (uint32_t)row;
    s->column = 0;
    s->cells.n = 0;
    qi_arena_free(&s->arena);
    s->arena = (qi_arena){0};
    return QUIPU_OK;
}

static quipu_status begin_cell(sheet *s, const char **a, quipu_error *err) {
    static const struct {
        const char *name;
        char type;
    } TYPES[] = {{"s", 's'}, {"inlineStr", 'i'}, {"e", 'e'},
                 {"b", 'b'}, {"d", 'd'},         {"str", 't'}};
    const char *name = qi_xml_attribute(a, "r"), *type = qi_xml_attribute(a, "t");
    const char *style = qi_xml_attribute(a, "s");
    uint32_t row = s->row, column = s->column + 1;
    int64_t number = 0;
    if ((name != NULL && !qi_cell_read(name, strlen(name), &row, &column)) || row != s->row ||
        column <= s->column || column > QI_SHEET_COLUMNS)
        return qi_fail_at(err, QUIPU_E_FORMAT, s->rows->path, s->row, 0,
                          "a cell in row %u is called \"%.20s\": the workbook is damaged",
                          s->row, name != NULL ? name : "");
    s->column = column;
    s->type = 'n';
    for (size_t i = 0; i < QI_COUNT(TYPES) && type != NULL; i++)
        if (strcmp(type, TYPES[i].name) == 0)
            s->type = TYPES[i].type;
    s->style = style != NULL && qi_parse_int(style, strlen(style), &number) && number >= 0 &&
                       number < INT32_MAX
                   ? (unsigned)number
                   : 0;
    s->text.length = 0;
    s->in_cell = s->row >= s->range.top && s->row <= s->range.bottom &&
                 column >= s->range.left && column <= s->range.right;
    s->has_formula = s->has_value = s->in_value = s->spoken = false;
    return QUIPU_OK;
}

/* Merged cells come behind the rows. */
static quipu_status on_merge(const sheet *s, const char **a, quipu_error *err) {
    const char *text = qi_xml_attribute(a, "ref");
    qi_range m;
    if (text == NULL || !qi_range_read(text, &m) || s->width == 0)
        return QUIPU_OK;
    uint32_t right = s->range.left + (uint32_t)s->width - 1;
    if (m.left > right || m.right < s->range.left || m.top > s->last || m.bottom < s->first)
        return QUIPU_OK;
    return qi_fail_at(err, QUIPU_E_FORMAT, s->rows->path, m.top,
                      m.left >= s->range.left ? m.left - s->range.left + 1 : 1,
                      m.top <= s->first
                          ? "the cells %.30s are merged in what would be the header: if they "
                            "are a title, say "
                            "where the table begins, as in --range A5:F300; if they are names "
                            "of columns, give "
                            "each column its own"
                          : "the cells %.30s in the table are merged, so all but one of them "
                            "are empty: unmerge "
                            "them and fill each, or leave them out with --range A5:F300",
                      text);
}

static quipu_status on_begin(void *user, const char *name, const char **a, quipu_error *err) {
    sheet *s = user;
    if (strcmp(name, "row") == 0)
        return begin_row(s, a, err);
    if (strcmp(name, "c") == 0)
        return s->row > 0 ? begin_cell(s, a, err) : QUIPU_OK;
    if (strcmp(name, "mergeCell") == 0)
        return on_merge(s, a, err);
    if (!s->in_cell)
        return QUIPU_OK;
    s->has_formula |= strcmp(name, "f") == 0;
    s->spoken |= strcmp(name, "rPh") == 0;
    s->in_value = strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && !s->spoken);
    s->has_value |= s->in_value;
    return QUIPU_OK;
}

static quipu_status on_end(void *user, const char *name, quipu_error *err) {
    sheet *s = user;
    s->in_value = false;
    if (strcmp(name, "rPh") == 0)
        s->spoken = false;
    if (strcmp(name, "c") == 0 && s->in_cell) {
        s->in_cell = false;
        return s->has_value || s->has_formula ? put_cell(s, err) : QUIPU_OK;
    }
    return strcmp(name, "row") == 0 ? put_row(s, err) : QUIPU_OK;
}

static quipu_status on_text(void *user, const char *text, size_t length, quipu_error *err) {
    sheet *s = user;
    if (!s->in_value)
        return QUIPU_OK;
    if (s->text.length + length > LONGEST_CELL)
        return fail_cell(s, s->row, s->column, err, "is longer than any cell can be");
    return qi_buffer_add(&s->text, text, length) ? QUIPU_OK : qi_fail_memory(err, length);
}

quipu_status qi_sheet_text(const qi_workbook *book, const qi_book_sheet *which,
                           const qi_range *range, qi_text_rows *rows, quipu_error *err) {
    sheet s = {.book = book, .range = {1, 1, QI_SHEET_ROWS, QI_SHEET_COLUMNS}, .rows = rows};
    const qi_xml xml = {on_begin, on_end, on_text, &s};
    if (range != NULL)
        s.range = *range;
    quipu_status status = qi_xml_read(&book->package, which->member, &xml, NULL, err);
    if (status == QUIPU_OK && s.written == 0)
        status = qi_fail_at(err, QUIPU_E_FORMAT, rows->path, 0, 0,
                            range != NULL ? "the range is empty" : "the sheet is empty");
    free(s.cells.items);
    qi_buffer_free(&s.text);
    qi_arena_free(&s.arena);
    return status;
}
