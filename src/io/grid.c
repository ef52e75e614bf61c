/* SPDX-License-Identifier: Apache-2.0 */
/* grid.c - a small CSV table, whole, cut up in place. */
#include "io/grid.h"

#include "io/io.h"

#include <stdarg.h>

typedef struct scan {
    qi_grid *grid;
    qi_arena *arena;
    quipu_error *err;
    char *at, *end;
    char separator;
    bool in_cells; /* places are told by the number of the field */
    uint64_t line;
    QI_LIST(const char *) cells;
    QI_LIST(uint32_t) places;
    QI_LIST(uint64_t) lines;
} scan;

static quipu_status fail(const scan *s, const char *line, const char *where, const char *text) {
    return qi_fail_at(s->err, QUIPU_E_FORMAT, s->grid->file, s->line,
                      (uint32_t)(where - line) + 1, "%s", text);
}

/* The field at *at; leaves *at on the separator or the end of the line.  The 0 that ends it is
 * put there when the separator has been looked at. */
static quipu_status scan_field(const scan *s, char **at, char *stop, const char *line,
                               char **first, char **last) {
    char *to = *at, *from = *at;
    *first = to;
    if (from < stop && *from == '"') {
        for (from++;; from++) {
            if (from >= stop)
                return fail(s, line, *at,
                            "the quote that opens here is not closed on its line");
            if (*from == '"' && (from + 1 >= stop || *++from != '"'))
                break;
            *to++ = *from;
        }
        if (from < stop && *from == '"')
            from++;
        if (from < stop && *from != s->separator)
            return fail(s, line, from,
                        "text after a closing quote; a quote inside quotes is written twice");
    } else {
        while (from < stop && *from != s->separator)
            from++;
        to = from;
        while (*first < to && **first == ' ')
            (*first)++;
        while (to > *first && to[-1] == ' ')
            to--;
    }
    *last = to;
    *at = from;
    size_t length = (size_t)(to - *first);
    if (!qi_utf8_valid(*first, length) || memchr(*first, 0, length) != NULL)
        return fail(s, line, *first,
                    "bytes that are not UTF-8 text; save the table as CSV in UTF-8");
    return QUIPU_OK;
}

static quipu_status scan_row(scan *s, size_t *n) {
    char *line = s->at, *feed = memchr(line, '\n', (size_t)(s->end - line));
    char *stop = feed != NULL ? feed : s->end, *before = NULL;
    s->at = feed != NULL ? feed + 1 : s->end;
    s->line++;
    if (stop > line && stop[-1] == '\r')
        stop--;
    *n = 0;
    if (line == stop || *line == '#')
        return QUIPU_OK;
    for (char *at = line;; at++) {
        char *first = at, *last = at;
        uint32_t place = s->in_cells ? (uint32_t)*n + 1 : (uint32_t)(at - line) + 1;
        QI_TRY(scan_field(s, &at, stop, line, &first, &last));
        if (before != NULL)
            *before = '\0';
        before = last;
        if (!QI_PUSH(&s->cells, first) || !QI_PUSH(&s->places, place))
            return qi_fail_memory(s->err, s->cells.n * sizeof(char *));
        (*n)++;
        if (at >= stop)
            break;
    }
    *before = '\0';
    return QUIPU_OK;
}

static void choose_separator(scan *s) {
    char *at = s->at;
    while (at < s->end && *at == '#') { /* comments first */
        char *feed = memchr(at, '\n', (size_t)(s->end - at));
        at = feed != NULL ? feed + 1 : s->end;
    }
    char *feed = memchr(at, '\n', (size_t)(s->end - at));
    size_t head = (size_t)((feed != NULL ? feed : s->end) - at);
    s->separator = memchr(at, ',', head) != NULL    ? ','
                   : memchr(at, ';', head) != NULL  ? ';'
                   : memchr(at, '\t', head) != NULL ? '\t'
                                                    : ',';
}

static quipu_status check_header(const scan *s) {
    const qi_grid *grid = s->grid;
    for (size_t i = 0; i < grid->n_columns; i++) {
        if (s->cells.items[i][0] == '\0')
            return qi_fail_at(s->err, QUIPU_E_FORMAT, grid->file, s->line, s->places.items[i],
                              "column %zu has no name in the header", i + 1);
        for (size_t j = 0; j < i; j++)
            if (strcmp(s->cells.items[i], s->cells.items[j]) == 0)
                return qi_fail_at(s->err, QUIPU_E_FORMAT, grid->file, s->line,
                                  s->places.items[i], "two columns are called \"%.60s\"",
                                  s->cells.items[i]);
    }
    return QUIPU_OK;
}

static quipu_status scan_all(scan *s) {
    size_t n;
    while (s->at < s->end) {
        QI_TRY(scan_row(s, &n));
        if (n == 0)
            continue;
        if (s->grid->n_columns == 0) {
            s->grid->n_columns = n;
            QI_TRY(check_header(s));
            continue;
        }
        if (n != s->grid->n_columns)
            return qi_fail_at(s->err, QUIPU_E_FORMAT, s->grid->file, s->line, 1,
                              "%zu field%s where the header has %zu", n, n == 1 ? "" : "s",
                              s->grid->n_columns);
        if (!QI_PUSH(&s->lines, s->line))
            return qi_fail_memory(s->err, s->lines.n * sizeof(uint64_t));
    }
    if (s->grid->n_columns == 0)
        return qi_fail_at(s->err, QUIPU_E_FORMAT, s->grid->file, 1, 1,
                          "the table is empty: a header line is expected");
    return QUIPU_OK;
}

static quipu_status keep(scan *s) {
    qi_grid *grid = s->grid;
    size_t n = s->cells.n, lines = s->lines.n;
    const char **cells = qi_arena_alloc(s->arena, (n + 1) * sizeof *cells);
    uint32_t *places = qi_arena_alloc(s->arena, (n + 1) * sizeof *places);
    uint64_t *line = qi_arena_alloc(s->arena, (lines + 1) * sizeof *line);
    if (cells == NULL || places == NULL || line == NULL)
        return qi_fail_memory(s->err, n * sizeof *cells);
    memcpy(cells, s->cells.items, n * sizeof *cells);
    memcpy(places, s->places.items, n * sizeof *places);
    if (lines > 0)
        memcpy(line, s->lines.items, lines * sizeof *line);
    grid->header = cells;
    grid->cell = cells + grid->n_columns;
    grid->place = places + grid->n_columns;
    grid->line = line;
    grid->n_rows = lines;
    return QUIPU_OK;
}

static quipu_status parse(const char *file, char *bytes, size_t length, qi_arena *arena,
                          bool in_cells, qi_grid *out, quipu_error *err) {
    *out = (qi_grid){.file = qi_arena_dup(arena, file)};
    scan s = {.grid = out,
              .arena = arena,
              .err = err,
              .at = bytes,
              .end = bytes + length,
              .in_cells = in_cells};
    if (out->file == NULL)
        return qi_fail_memory(err, strlen(file));
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        s.at += 3;
    choose_separator(&s);
    quipu_status status = scan_all(&s);
    if (status == QUIPU_OK)
        status = keep(&s);
    free(s.cells.items);
    free(s.places.items);
    free(s.lines.items);
    return status;
}

quipu_status qi_grid_parse(const char *file, char *bytes, size_t length, qi_arena *arena,
                           qi_grid *out, quipu_error *err) {
    return parse(file, bytes, length, arena, false, out, err);
}

quipu_status qi_grid_read(const char *path, size_t limit, qi_arena *arena, qi_grid *out,
                          quipu_error *err) {
    qi_buffer whole;
    bool in_cells;
    QI_TRY(qi_whole_table(path, limit, &whole, &in_cells, err));
    char *bytes = qi_arena_text(arena, whole.bytes, whole.length);
    size_t length = whole.length;
    qi_buffer_free(&whole);
    if (bytes == NULL)
        return qi_fail_memory(err, length);
    return parse(path, bytes, length, arena, in_cells, out, err);
}

ptrdiff_t qi_grid_find(const qi_grid *grid, const char *column) {
    for (size_t i = 0; i < grid->n_columns; i++)
        if (strcmp(grid->header[i], column) == 0)
            return (ptrdiff_t)i;
    return -1;
}

quipu_status qi_grid_need(const qi_grid *grid, const char *column, size_t *out,
                          quipu_error *err) {
    ptrdiff_t at = qi_grid_find(grid, column);
    qi_buffer names = {0};
    if (at >= 0) {
        *out = (size_t)at;
        return QUIPU_OK;
    }
    for (size_t i = 0; i < grid->n_columns; i++)
        qi_buffer_printf(&names, "%s%s", i > 0 ? ", " : "", grid->header[i]);
    quipu_status status =
        qi_fail_at(err, QUIPU_E_FORMAT, grid->file, 0, 0,
                   "the table has no column \"%.60s\"; its columns are: %.400s", column,
                   names.bytes != NULL ? names.bytes : "");
    qi_buffer_free(&names);
    return status;
}

quipu_status qi_grid_fail(const qi_grid *grid, size_t row, size_t column, quipu_error *err,
                          const char *format, ...) {
    char text[sizeof err->text];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return qi_fail_at(err, QUIPU_E_DATA, grid->file, grid->line[row],
                      grid->place[row * grid->n_columns + column], "%s", text);
}
