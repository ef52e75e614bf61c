/* SPDX-License-Identifier: Apache-2.0 */
/* rows.c - the embedded tables as rows of texts, cut up in place. */
#include "nomen/nomen.h"

quipu_status qi_rows_open(qi_rows *rows, qi_arena *arena, qi_nomen_file file,
                          quipu_error *err) {
    qi_nomen_bytes source = qi_nomen_embedded(file);
    char *copy = qi_arena_alloc(arena, source.length + 1);
    if (copy == NULL)
        return qi_fail_memory(err, source.length + 1);
    memcpy(copy, source.bytes, source.length);
    *rows = (qi_rows){.at = copy, .end = copy + source.length, .file = source.name};
    char *header = memchr(copy, '\n', source.length);
    rows->at = header == NULL ? rows->end : header + 1;
    rows->line = 1;
    return QUIPU_OK;
}

size_t qi_rows_left(const qi_rows *rows) {
    size_t n = 0;
    for (const char *at = rows->at; at < rows->end; n++) {
        const char *feed = memchr(at, '\n', (size_t)(rows->end - at));
        if (feed == NULL)
            return n + 1;
        at = feed + 1;
    }
    return n;
}

/* Takes the quotes off the field that opens at `field`; the byte after it, which is the
 * separator, is left in *after.  False: no closing quote. */
static bool unquote(char *field, char *end, char **after) {
    char *to = field;
    char *from = field + 1;
    while (from < end) {
        char *quote = memchr(from, '"', (size_t)(end - from));
        if (quote == NULL)
            return false;
        size_t length = (size_t)(quote - from);
        memmove(to, from, length);
        to += length;
        if (quote + 1 < end && quote[1] == '"') {
            *to++ = '"';
            from = quote + 2;
            continue;
        }
        *to = '\0'; /* `to` is at or before the closing quote */
        *after = quote + 1;
        return true;
    }
    return false;
}

quipu_status qi_rows_next(qi_rows *rows, char **fields, size_t n, bool *more,
                          quipu_error *err) {
    *more = rows->at < rows->end;
    if (!*more)
        return QUIPU_OK;
    rows->line++;
    char *at = rows->at;
    char *line_end = memchr(at, '\n', (size_t)(rows->end - at));
    if (line_end == NULL)
        line_end = rows->end; /* the buffer has one byte more */
    for (size_t i = 0; i < n; i++) {
        char *stop;
        fields[i] = at;
        if (at < line_end && *at == '"') {
            if (!unquote(at, line_end, &stop))
                return qi_fail_at(err, QUIPU_E_FORMAT, rows->file, rows->line, 0,
                                  "a quoted field has no end on its line");
        } else {
            stop = i + 1 < n ? memchr(at, ',', (size_t)(line_end - at)) : line_end;
        }
        if (stop == NULL || (i + 1 < n ? *stop != ',' || stop >= line_end : stop != line_end))
            return qi_fail_at(err, QUIPU_E_FORMAT, rows->file, rows->line, 0,
                              "the row has not the %zu fields of its table", n);
        *stop = '\0';
        at = stop + 1;
    }
    rows->at = line_end + 1;
    return QUIPU_OK;
}
