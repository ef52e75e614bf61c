/* SPDX-License-Identifier: Apache-2.0 */
/* workbook.c - what a workbook says of itself: its sheets, texts and number formats. */
#include "workbook.h"

enum {
    MOST_SHEETS = 4096,
    MOST_TEXTS = 1 << 25,
    MOST_TEXT_BYTES = 1 << 30,
    MOST_STYLES = 1 << 16
};

static quipu_status too_much(const qi_workbook *book, const char *what, quipu_error *err) {
    return qi_fail_at(err, QUIPU_E_LIMIT, book->package.path, 0, 0,
                      "the workbook has more %s than any workbook has: refused", what);
}

/* ---- xl/workbook.xml ---- */

static quipu_status on_book(void *user, const char *name, const char **a, quipu_error *err) {
    qi_workbook *book = user;
    if (strcmp(name, "workbookPr") == 0) {
        const char *since = qi_xml_attribute(a, "date1904");
        book->from_1904 =
            since != NULL && (strcmp(since, "1") == 0 || strcmp(since, "true") == 0);
    }
    if (strcmp(name, "sheet") != 0)
        return QUIPU_OK;
    const char *called = qi_xml_attribute(a, "name"), *state = qi_xml_attribute(a, "state");
    const char *relation = NULL; /* r:id, beside a sheetId */
    for (const char **at = a; *at != NULL; at += 2)
        if (strchr(at[0], ':') != NULL && strcmp(strchr(at[0], ':'), ":id") == 0)
            relation = at[1];
    if (called == NULL || relation == NULL)
        return QUIPU_OK;
    qi_book_sheet sheet = {.name = qi_arena_dup(&book->arena, called),
                           .relation = qi_arena_dup(&book->arena, relation),
                           .hidden = state != NULL && strcmp(state, "visible") != 0};
    if (book->sheets.n == MOST_SHEETS)
        return too_much(book, "sheets", err);
    if (sheet.name == NULL || sheet.relation == NULL || !QI_PUSH(&book->sheets, sheet))
        return qi_fail_memory(err, 0);
    return QUIPU_OK;
}

/* ---- xl/_rels/workbook.xml.rels ---- */

static bool ends_in(const char *text, const char *end) {
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static quipu_status on_relation(void *user, const char *name, const char **a,
                                quipu_error *err) {
    qi_workbook *book = user;
    const char *id = qi_xml_attribute(a, "Id"), *type = qi_xml_attribute(a, "Type");
    const char *target = qi_xml_attribute(a, "Target");
    if (strcmp(name, "Relationship") != 0 || id == NULL || type == NULL || target == NULL)
        return QUIPU_OK;
    char *member = target[0] == '/' ? qi_arena_dup(&book->arena, target + 1)
                                    : qi_arena_printf(&book->arena, "xl/%s", target);
    if (member == NULL)
        return qi_fail_memory(err, strlen(target));
    if (ends_in(type, "/sharedStrings"))
        book->strings_member = member;
    else if (ends_in(type, "/styles"))
        book->styles_member = member;
    else if (ends_in(type, "/worksheet"))
        for (size_t i = 0; i < book->sheets.n; i++)
            if (strcmp(book->sheets.items[i].relation, id) == 0)
                book->sheets.items[i].member = member;
    return QUIPU_OK;
}

/* ---- texts: <si> of <t>, or of runs <r> of <t>; <rPh> says how it is pronounced ---- */

typedef struct texts {
    qi_workbook *book;
    qi_buffer text;
    bool inside, spoken;
} texts;

static quipu_status on_text_begin(void *user, const char *name, const char **a,
                                  quipu_error *err) {
    texts *t = user;
    QI_UNUSED(a);
    QI_UNUSED(err);
    if (strcmp(name, "si") == 0)
        t->text.length = 0;
    t->spoken |= strcmp(name, "rPh") == 0;
    t->inside = strcmp(name, "t") == 0 && !t->spoken;
    return QUIPU_OK;
}

static quipu_status on_text_end(void *user, const char *name, quipu_error *err) {
    texts *t = user;
    qi_workbook *book = t->book;
    t->inside = false;
    if (strcmp(name, "rPh") == 0)
        t->spoken = false;
    if (strcmp(name, "si") != 0)
        return QUIPU_OK;
    book->strings_size += t->text.length + 1;
    if (book->strings.n == MOST_TEXTS || book->strings_size > MOST_TEXT_BYTES)
        return too_much(book, "texts", err);
    char *text =
        qi_arena_text(&book->arena, t->text.length > 0 ? t->text.bytes : "", t->text.length);
    if (text == NULL || !QI_PUSH(&book->strings, text))
        return qi_fail_memory(err, t->text.length);
    return QUIPU_OK;
}

static quipu_status on_text(void *user, const char *text, size_t length, quipu_error *err) {
    texts *t = user;
    if (t->inside && !qi_buffer_add(&t->text, text, length))
        return qi_fail_memory(err, length);
    return QUIPU_OK;
}

/* ---- number formats ---- */

typedef struct own_format {
    unsigned id;
    qi_style_format format;
} own_format;

typedef struct styles {
    qi_workbook *book;
    QI_LIST(own_format) own;
    bool cells; /* inside <cellXfs> */
} styles;

static unsigned number_of(const char *text) {
    int64_t value = 0;
    bool ok = text != NULL && qi_parse_int(text, strlen(text), &value);
    return ok && value >= 0 && value < 1 << 30 ? (unsigned)value : 0;
}

static quipu_status on_style(void *user, const char *name, const char **a, quipu_error *err) {
    styles *s = user;
    if (strcmp(name, "numFmt") == 0) {
        const char *code = qi_xml_attribute(a, "formatCode");
        own_format own = {number_of(qi_xml_attribute(a, "numFmtId")),
                          qi_format_read(code != NULL ? code : "")};
        if (s->own.n == MOST_STYLES)
            return too_much(s->book, "number formats", err);
        if (!QI_PUSH(&s->own, own))
            return qi_fail_memory(err, 0);
    }
    s->cells |= strcmp(name, "cellXfs") == 0;
    if (!s->cells || strcmp(name, "xf") != 0)
        return QUIPU_OK;
    unsigned id = number_of(qi_xml_attribute(a, "numFmtId"));
    qi_style_format format = qi_format_builtin(id);
    for (size_t i = 0; i < s->own.n; i++)
        if (s->own.items[i].id == id)
            format = s->own.items[i].format;
    if (s->book->formats.n == MOST_STYLES)
        return too_much(s->book, "styles", err);
    return QI_PUSH(&s->book->formats, format) ? QUIPU_OK : qi_fail_memory(err, 0);
}

static quipu_status on_style_end(void *user, const char *name, quipu_error *err) {
    styles *s = user;
    QI_UNUSED(err);
    if (strcmp(name, "cellXfs") == 0)
        s->cells = false;
    return QUIPU_OK;
}

/* ---- opening ---- */

quipu_status qi_workbook_open(qi_workbook *book, quipu_error *err) {
    const qi_xml contents = {.begin = on_book, .user = book};
    const qi_xml relations = {.begin = on_relation, .user = book};
    texts t = {.book = book};
    styles s = {.book = book};
    const qi_xml strings = {on_text_begin, on_text_end, on_text, &t};
    const qi_xml formats = {.begin = on_style, .end = on_style_end, .user = &s};
    bool found;
    QI_TRY(qi_xml_read(&book->package, "xl/workbook.xml", &contents, NULL, err));
    QI_TRY(qi_xml_read(&book->package, "xl/_rels/workbook.xml.rels", &relations, NULL, err));
    quipu_status status = QUIPU_OK;
    if (book->strings_member != NULL)
        status = qi_xml_read(&book->package, book->strings_member, &strings, &found, err);
    if (status == QUIPU_OK && book->styles_member != NULL)
        status = qi_xml_read(&book->package, book->styles_member, &formats, &found, err);
    qi_buffer_free(&t.text);
    free(s.own.items);
    return status;
}

void qi_workbook_close(qi_workbook *book) {
    free(book->sheets.items);
    free(book->strings.items);
    free(book->formats.items);
    qi_arena_free(&book->arena);
}

/* "Output", "Notes" and "Raw" (hidden) */
static void list_sheets(const qi_workbook *book, char *out, size_t size) {
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < book->sheets.n && at < size; i++) {
        const qi_book_sheet *s = &book->sheets.items[i];
        int n = snprintf(out + at, size - at, "%s\"%.40s\"%s", i > 0 ? ", " : "", s->name,
                         s->hidden ? " (hidden)" : "");
        at += n > 0 ? (size_t)n : 0;
    }
}

quipu_status qi_workbook_find(const qi_workbook *book, const char *name,
                              const qi_book_sheet **out, quipu_error *err) {
    char names[600];
    size_t visible = 0;
    *out = NULL;
    for (size_t i = 0; i < book->sheets.n; i++) {
        const qi_book_sheet *s = &book->sheets.items[i];
        visible += !s->hidden;
        if (name != NULL ? strcmp(s->name, name) == 0 : !s->hidden)
            *out = s;
    }
    list_sheets(book, names, sizeof names);
    if (*out == NULL && name == NULL)
        return qi_fail_at(err, QUIPU_E_FORMAT, book->package.path, 0, 0,
                          "the workbook shows no sheet%s%s", names[0] != '\0' ? ": " : "",
                          names);
    if (*out == NULL)
        return qi_fail_at(err, QUIPU_E_ARG, book->package.path, 0, 0,
                          "there is no sheet \"%.60s\"; there are %s", name, names);
    if (name == NULL && visible > 1)
        return qi_fail_at(err, QUIPU_E_ARG, book->package.path, 0, 0,
                          "the workbook has several sheets: %s. Say which, as in "
                          "\"%s#%.60s\"",
                          names, book->package.path, (*out)->name);
    if ((*out)->member == NULL)
        return qi_fail_at(err, QUIPU_E_FORMAT, book->package.path, 0, 0,
                          "\"%.60s\" is no sheet of cells but a chart or a macro",
                          (*out)->name);
    return QUIPU_OK;
}

quipu_status qi_workbook_text(const qi_place *place, qi_text_rows *rows, char **name,
                              quipu_error *err) {
    qi_workbook book = {.package = {.path = place->path, .read = qi_zip_read}};
    const qi_book_sheet *sheet;
    qi_range range;
    quipu_status status;
    if (place->range != NULL && !qi_range_read(place->range, &range))
        return qi_fail(err, QUIPU_E_BUG, "a range that is none");
    QI_GO(qi_workbook_open(&book, err));
    QI_GO(qi_workbook_find(&book, place->sheet, &sheet, err));
    size_t size = strlen(place->path) + strlen(sheet->name) + 2;
    *name = malloc(size);
    if (*name == NULL) {
        status = qi_fail_memory(err, size);
        goto done;
    }
    snprintf(*name, size, "%s#%s", place->path, sheet->name);
    rows->path = *name;
    QI_GO(qi_sheet_text(&book, sheet, place->range != NULL ? &range : NULL, rows, err));
done:
    qi_workbook_close(&book);
    return status;
}
