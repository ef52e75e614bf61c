/* SPDX-License-Identifier: Apache-2.0 */
/* book.c - a workbook from its first sheet to its bytes.
 *
 * The library can only write files, so it writes one that has no name; its bytes then go where
 * they are wanted.  Nothing in it comes from the clock, the machine or the locale.
 */
#include "report/xlsx.h"

#include "io/io.h"
#include "report/date.h"

#include <locale.h>

quipu_status qi_book_failed(const quipu_book *book, lxw_error error, quipu_error *err) {
    if (error == LXW_NO_ERROR)
        return QUIPU_OK;
    if (error == LXW_ERROR_MEMORY_MALLOC_FAILED)
        return qi_fail_memory(err, 0);
    return qi_fail(err, QUIPU_E_IO, "the workbook cannot be written: %s",
                   book->x.lxw_strerror(error));
}

/* ---- formats ---- */

static void dress(const qi_xlsx_calls *x, lxw_format *f, qi_style style) {
    bool bold = style == QI_STYLE_TITLE || style == QI_STYLE_HEADING ||
                style == QI_STYLE_HEAD_TEXT || style == QI_STYLE_HEAD_NUMBER;
    if (bold)
        x->format_set_bold(f);
    if (style == QI_STYLE_TITLE)
        x->format_set_font_size(f, 13);
    if (style == QI_STYLE_SMALL)
        x->format_set_font_size(f, 9);
    if (style == QI_STYLE_LINK) {
        x->format_set_font_color(f, 0x0B5394);
        x->format_set_underline(f, LXW_UNDERLINE_SINGLE);
    }
    if (style == QI_STYLE_HEAD_TEXT || style == QI_STYLE_HEAD_NUMBER) {
        x->format_set_top(f, LXW_BORDER_MEDIUM);
        x->format_set_bottom(f, LXW_BORDER_THIN);
        x->format_set_align(f, LXW_ALIGN_VERTICAL_BOTTOM);
        if (style == QI_STYLE_HEAD_NUMBER)
            x->format_set_align(f, LXW_ALIGN_RIGHT);
    } else {
        x->format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    }
    if (style == QI_STYLE_LAST)
        x->format_set_top(f, LXW_BORDER_MEDIUM);
    if (style == QI_STYLE_CELL_TEXT)
        x->format_set_num_format(f, "@"); /* stays text when somebody edits it */
    if (style != QI_STYLE_LAST && style != QI_STYLE_LINK)
        x->format_set_text_wrap(f);
}

static bool make_styles(quipu_book *book) {
    for (int i = 0; i < QI_N_STYLES; i++) {
        book->styles[i] = book->x.workbook_add_format(book->workbook);
        if (book->styles[i] == NULL)
            return false;
        dress(&book->x, book->styles[i], (qi_style)i);
    }
    return true;
}

lxw_format *qi_book_number_format(quipu_book *book, const char *pattern) {
    for (size_t i = 0; i < book->formats.n; i++) {
        if (strcmp(book->formats.items[i].text, pattern) == 0)
            return book->formats.items[i].format;
    }
    qi_number_format new = {qi_arena_dup(&book->arena, pattern),
                            book->x.workbook_add_format(book->workbook)};
    if (new.text == NULL || new.format == NULL || !QI_PUSH(&book->formats, new))
        return NULL;
    book->x.format_set_num_format(new.format, pattern);
    book->x.format_set_align(new.format, LXW_ALIGN_VERTICAL_TOP);
    return new.format;
}

/* ---- beginning ---- */

/* The library takes 255 bytes of a property, and complains on stderr about more. */
static char *property(qi_arena *arena, const char *text) {
    size_t length = text == NULL ? 0 : strlen(text), at = 0, end = 0;
    char *copy = qi_arena_alloc(arena, 256);
    while (copy != NULL && at < length) {
        size_t from = at;
        int32_t point = qi_utf8_next(text, length, &at);
        if (at - from + end > 252)
            break;
        if (point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0xFFFE ||
            point == 0xFFFF) {
            copy[end++] = ' ';
        } else {
            memcpy(copy + end, text + from, at - from);
            end += at - from;
        }
    }
    return copy;
}

static quipu_status set_properties(quipu_book *book, const quipu_book_properties *p,
                                   quipu_error *err) {
    const char *given[] = {p->title, p->subject, p->author, p->keywords, p->comments};
    char *text[QI_COUNT(given)];
    qi_date created;
    QI_TRY(qi_date_read(p->created != NULL ? p->created : "2000-01-01", "the workbook's date",
                        &created, err));
    for (size_t i = 0; i < QI_COUNT(given); i++) {
        text[i] = property(&book->arena, given[i]);
        if (text[i] == NULL)
            return qi_fail_memory(err, 256);
    }
    lxw_doc_properties properties = {.title = text[0],
                                     .subject = text[1],
                                     .author = text[2],
                                     .keywords = text[3],
                                     .comments = text[4],
                                     .created = (time_t)created.unix_seconds};
    QI_TRY(qi_book_failed(book, book->x.workbook_set_properties(book->workbook, &properties),
                          err));
    QI_TRY(qi_book_failed(book,
                          book->x.workbook_set_custom_property_string(
                              book->workbook, "quipu version", QUIPU_VERSION),
                          err));
    if (p->manifest == NULL || p->manifest[0] == '\0')
        return QUIPU_OK;
    book->manifest = property(&book->arena, p->manifest);
    if (book->manifest == NULL)
        return qi_fail_memory(err, 256);
    return qi_book_failed(book,
                          book->x.workbook_set_custom_property_string(
                              book->workbook, "quipu manifest", book->manifest),
                          err);
}

static quipu_status begin(quipu_book *book, const quipu_book_properties *properties,
                          quipu_error *err) {
    static const quipu_book_properties NONE = {0};
    char name[64];
    QI_TRY(qi_xlsx_load(&book->x, err));
    book->file = tmpfile();
    if (book->file == NULL)
        return qi_fail_errno(err, "write", "a temporary file");
    snprintf(name, sizeof name, "/proc/self/fd/%d", fileno(book->file));
    book->workbook = book->x.workbook_new(name);
    if (book->workbook == NULL || !make_styles(book))
        return qi_fail_memory(err, 0);
    book->spanish = properties != NULL && properties->spanish;
    return set_properties(book, properties != NULL ? properties : &NONE, err);
}

static quipu_status open_book(const char *path, quipu_sink sink, void *user,
                              const quipu_book_properties *properties, quipu_book **out,
                              quipu_error *err) {
    qi_error_clear(err);
    *out = NULL;
    quipu_book *book = calloc(1, sizeof *book);
    if (book == NULL)
        return qi_fail_memory(err, sizeof *book);
    book->sink = sink;
    book->user = user;
    quipu_status status = begin(book, properties, err);
    if (status == QUIPU_OK && path != NULL && (book->path = strdup(path)) == NULL)
        status = qi_fail_memory(err, strlen(path));
    if (status == QUIPU_OK)
        *out = book;
    else
        quipu_book_abandon(book);
    return status;
}

quipu_status quipu_book_open(const char *path, const quipu_book_properties *properties,
                             quipu_book **out, quipu_error *err) {
    return open_book(path, NULL, NULL, properties, out, err);
}

quipu_status quipu_book_open_sink(quipu_sink sink, void *user,
                                  const quipu_book_properties *properties, quipu_book **out,
                                  quipu_error *err) {
    return open_book(NULL, sink, user, properties, out, err);
}

/* ---- sheets ---- */

/* The page as it is printed: A4, all columns on one page, the manifest's id at the foot. */
static quipu_status set_page(quipu_book *book, lxw_worksheet *sheet, quipu_error *err) {
    char footer[256], id[128] = "";
    size_t n = 0;
    for (const char *p = book->manifest; p != NULL && *p != '\0' && n < sizeof id - 2; p++) {
        id[n++] = *p;
        if (*p == '&') /* begins a code */
            id[n++] = '&';
    }
    snprintf(footer, sizeof footer, "&L&8%s%s&R&8&P/&N", n > 0 ? "quipu " : "", id);
    book->x.worksheet_set_paper(sheet, 9);
    book->x.worksheet_fit_to_pages(sheet, 1, 0);
    return qi_book_failed(book, book->x.worksheet_set_footer(sheet, footer), err);
}

static quipu_status add_sheet(quipu_book *book, const char *wanted, quipu_error *err) {
    qi_sheet sheet = {.wanted = qi_arena_dup(&book->arena, wanted),
                      .name = qi_sheet_name(book, wanted)};
    if (sheet.wanted == NULL || sheet.name == NULL)
        return qi_fail_memory(err, strlen(wanted));
    sheet.sheet = book->x.workbook_add_worksheet(book->workbook, sheet.name);
    if (sheet.sheet == NULL)
        return qi_fail(err, QUIPU_E_BUG, "the workbook does not take the sheet name '%s'",
                       sheet.name);
    if (!QI_PUSH(&book->sheets, sheet))
        return qi_fail_memory(err, sizeof sheet);
    return set_page(book, sheet.sheet, err);
}

quipu_status quipu_book_add(quipu_book *book, const quipu_table *table, const char *name,
                            const quipu_sheet_options *options, quipu_error *err) {
    qi_error_clear(err);
    QI_TRY(add_sheet(book, name, err));
    qi_sheet *sheet = &book->sheets.items[book->sheets.n - 1];
    return qi_book_table(book, sheet->sheet, table, options != NULL && options->plain, err);
}

static bool is_link(const char *url) {
    return strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0 ||
           strncmp(url, "mailto:", 7) == 0;
}

quipu_status quipu_book_add_text(quipu_book *book, const char *name,
                                 const quipu_sheet_line *lines, size_t n_lines,
                                 quipu_error *err) {
    size_t bytes;
    qi_error_clear(err);
    QI_TRY(add_sheet(book, name, err));
    qi_sheet *sheet = &book->sheets.items[book->sheets.n - 1];
    if (!qi_mul_size(n_lines + 1, sizeof *lines, &bytes) ||
        (sheet->lines = qi_arena_alloc(&book->arena, bytes)) == NULL)
        return qi_fail_memory(err, n_lines);
    sheet->n_lines = n_lines;
    for (size_t i = 0; i < n_lines; i++) {
        const quipu_sheet_line *from = &lines[i];
        quipu_sheet_line *to = &sheet->lines[i];
        to->style = from->style;
        to->text = qi_arena_dup(&book->arena, from->text != NULL ? from->text : "");
        to->sheet = qi_arena_dup(&book->arena, from->sheet);
        to->url = qi_arena_dup(&book->arena, from->url);
        if (to->text == NULL || (to->sheet == NULL) != (from->sheet == NULL) ||
            (to->url == NULL) != (from->url == NULL))
            return qi_fail_memory(err, 0);
        if (to->url != NULL && !is_link(to->url))
            return qi_fail(err, QUIPU_E_ARG,
                           "'%.200s' is no link a workbook may hold; expected https:, http: or "
                           "mailto:",
                           to->url);
    }
    return QUIPU_OK;
}

/* ---- sheets of text, once all sheets have their names ---- */

#define TEXT_WIDTH 95.0 /* characters: A4 upright in 11 points */

/* Excel does not find the height of merged cells by itself. */
static double height_of(const qi_book_text *line, const char *text) {
    const double letter = line->style == QI_STYLE_TITLE   ? 1.3
                          : line->style == QI_STYLE_SMALL ? 0.85
                                                          : 1.05;
    const double height = line->style == QI_STYLE_TITLE   ? 18
                          : line->style == QI_STYLE_SMALL ? 12.5
                                                          : 15;
    size_t lines = 1;
    while (*text != '\0') {
        size_t part = strcspn(text, "\n");
        lines += (size_t)((double)part * letter / line->width);
        text += part;
        if (*text == '\n') {
            lines++;
            text++;
        }
    }
    return lines > 20 ? 20 * height : (double)lines * height; /* Excel stops at 409 points */
}

quipu_status qi_book_line(quipu_book *book, lxw_worksheet *sheet, const qi_book_text *line,
                          quipu_error *err) {
    const qi_xlsx_calls *x = &book->x;
    const char *clean;
    QI_TRY(qi_cell_text(book, line->text, &clean, err));
    lxw_row_t row = (lxw_row_t)line->row;
    lxw_format *format = book->styles[line->style];
    QI_TRY(qi_book_failed(book, x->worksheet_set_row(sheet, row, height_of(line, clean), NULL),
                          err));
    lxw_error error =
        line->columns < 2
            ? x->worksheet_write_string(sheet, row, 0, clean, format)
            : x->worksheet_merge_range(sheet, row, 0, row, (lxw_col_t)(line->columns - 1),
                                       clean, format);
    return qi_book_failed(book, error, err);
}

static const qi_sheet *find_sheet(const quipu_book *book, const char *wanted) {
    for (size_t i = 0; i < book->sheets.n; i++) {
        if (strcmp(book->sheets.items[i].wanted, wanted) == 0)
            return &book->sheets.items[i];
    }
    return NULL;
}

/* internal:'It''s'!A1 */
static char *link_to(qi_arena *arena, const char *name) {
    char *link = qi_arena_alloc(arena, strlen(name) * 2 + 32), *out = link;
    if (link == NULL)
        return NULL;
    out += sprintf(out, "internal:'");
    for (; *name != '\0'; name++) {
        *out++ = *name;
        if (*name == '\'')
            *out++ = '\'';
    }
    sprintf(out, "'!A1");
    return link;
}

static quipu_status put_link(quipu_book *book, lxw_worksheet *sheet, size_t row,
                             const quipu_sheet_line *line, quipu_error *err) {
    const char *target = line->url;
    if (line->sheet != NULL) {
        const qi_sheet *other = find_sheet(book, line->sheet);
        if (other == NULL)
            return qi_fail(err, QUIPU_E_ARG,
                           "a line links to the sheet '%.100s', which is not in the workbook",
                           line->sheet);
        target = link_to(&book->arena, other->name);
        if (target == NULL)
            return qi_fail_memory(err, 0);
    }
    if (strlen(target) < 2000) /* Excel's own limit is a little above */
        QI_TRY(qi_book_failed(book,
                              book->x.worksheet_write_url(sheet, (lxw_row_t)row, 0, target,
                                                          book->styles[QI_STYLE_LINK]),
                              err));
    const char *clean;
    QI_TRY(qi_cell_text(book, line->text[0] != '\0' ? line->text : line->url, &clean, err));
    return qi_book_failed(book,
                          book->x.worksheet_write_string(sheet, (lxw_row_t)row, 0, clean,
                                                         book->styles[QI_STYLE_LINK]),
                          err);
}

static quipu_status put_lines(quipu_book *book, const qi_sheet *sheet, quipu_error *err) {
    static const qi_style STYLES[] = {[QUIPU_LINE_TEXT] = QI_STYLE_TEXT,
                                      [QUIPU_LINE_TITLE] = QI_STYLE_TITLE,
                                      [QUIPU_LINE_HEADING] = QI_STYLE_HEADING};
    QI_TRY(qi_book_failed(
        book, book->x.worksheet_set_column(sheet->sheet, 0, 0, TEXT_WIDTH, NULL), err));
    for (size_t i = 0; i < sheet->n_lines; i++) {
        const quipu_sheet_line *line = &sheet->lines[i];
        if (line->sheet != NULL || line->url != NULL)
            QI_TRY(put_link(book, sheet->sheet, i, line, err));
        else if (line->text[0] != '\0')
            QI_TRY(qi_book_line(
                book, sheet->sheet,
                &(qi_book_text){i, 1, TEXT_WIDTH, STYLES[line->style], line->text}, err));
    }
    return QUIPU_OK;
}

/* ---- end ---- */

/* The library prints numbers through the locale; a caller's may have a decimal comma. */
static lxw_error close_in_c_locale(quipu_book *book) {
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = c != (locale_t)0 ? uselocale(c) : (locale_t)0;
    lxw_error error = book->x.workbook_close(book->workbook);
    if (c != (locale_t)0) {
        uselocale(before);
        freelocale(c);
    }
    book->workbook = NULL;
    return error;
}

static quipu_status hand_on(quipu_book *book, qi_out *out, quipu_error *err) {
    char block[1 << 14];
    size_t got;
    rewind(book->file);
    while ((got = fread(block, 1, sizeof block, book->file)) > 0) {
        if (out != NULL)
            QI_TRY(qi_out_write(out, block, got, err));
        else if (!book->sink(book->user, block, got))
            return qi_fail(err, QUIPU_E_IO, "the output did not take all of the workbook");
    }
    return ferror(book->file) ? qi_fail_errno(err, "read", "a temporary file") : QUIPU_OK;
}

static quipu_status finish(quipu_book *book, quipu_error *err) {
    qi_out out;
    if (book->sheets.n == 0)
        return qi_fail(err, QUIPU_E_ARG, "a workbook needs a sheet, and none was added");
    for (size_t i = 0; i < book->sheets.n; i++) {
        if (book->sheets.items[i].lines != NULL)
            QI_TRY(put_lines(book, &book->sheets.items[i], err));
    }
    QI_TRY(qi_book_failed(book, close_in_c_locale(book), err));
    if (book->path == NULL)
        return hand_on(book, NULL, err);
    QI_TRY(qi_out_open(&out, book->path, err));
    quipu_status status = hand_on(book, &out, err);
    if (status == QUIPU_OK)
        return qi_out_commit(&out, err);
    qi_out_abandon(&out);
    return status;
}

quipu_status quipu_book_close(quipu_book *book, quipu_error *err) {
    qi_error_clear(err);
    quipu_status status = finish(book, err);
    quipu_book_abandon(book);
    return status;
}

void quipu_book_abandon(quipu_book *book) {
    if (book == NULL)
        return;
    if (book->workbook != NULL)
        book->x.lxw_workbook_free(book->workbook);
    if (book->file != NULL)
        fclose(book->file);
    free(book->formats.items);
    free(book->sheets.items);
    qi_buffer_free(&book->scratch);
    qi_arena_free(&book->arena);
    qi_xlsx_unload(&book->x);
    free(book->path);
    free(book);
}
