/* SPDX-License-Identifier: Apache-2.0 */
/* user_rows.c - see user_rows.h. */
#include "nomen/user_rows.h"

#include <errno.h>

#define LARGEST_FILE ((size_t)64 << 20)

quipu_status qi_user_complain(const qi_user_file *file, const char *where, quipu_error *err,
                              const char *format, ...) {
    char text[640];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    uint32_t column = where != NULL ? (uint32_t)(where - file->line_start) + 1 : 0;
    return qi_fail_at(err, QUIPU_E_FORMAT, file->path, file->line, column, "%s", text);
}

const char *qi_user_shown(const char *text, size_t length, char out[QI_USER_SHOWN]) {
    size_t n = length < QI_USER_SHOWN - 8 ? length : QI_USER_SHOWN - 8;
    while (n > 0 && n < length && ((unsigned char)text[n] & 0xC0) == 0x80)
        n--; /* no half character */
    memcpy(out, text, n);
    out[n] = '\0';
    for (size_t i = 0; i < n; i++)
        if (out[i] == '\t' || out[i] == '\n' || out[i] == '\0')
            out[i] = ' ';
    qi_text_clean(out, n);
    if (n < length)
        memcpy(out + strlen(out), "...", 4);
    return out;
}

static quipu_status read_file(qi_user_file *out, qi_arena *arena, quipu_error *err) {
    qi_buffer whole;
    QI_TRY(qi_whole_file(out->path, LARGEST_FILE, &whole, err));
    out->at = qi_arena_text(arena, whole.bytes, whole.length);
    out->end = out->at + (out->at != NULL ? whole.length : 0);
    qi_buffer_free(&whole);
    return out->at != NULL ? QUIPU_OK : qi_fail_memory(err, 0);
}

quipu_status qi_user_file_open(qi_user_file *file, qi_arena *arena, const char *path,
                               quipu_error *err) {
    *file = (qi_user_file){.path = path, .separator = ','};
    QI_TRY(read_file(file, arena, err));
    if (file->end - file->at >= 3 && memcmp(file->at, "\xEF\xBB\xBF", 3) == 0)
        file->at += 3;
    const char *first = file->at;
    while (first < file->end && *first == '#') { /* comments have their own separators */
        const char *feed = memchr(first, '\n', (size_t)(file->end - first));
        first = feed != NULL ? feed + 1 : file->end;
    }
    size_t n = 0;
    while (first + n < file->end && first[n] != '\n')
        n++;
    if (memchr(first, ',', n) == NULL) {
        if (memchr(first, ';', n) != NULL)
            file->separator = ';';
        else if (memchr(first, '\t', n) != NULL)
            file->separator = '\t';
    }
    return QUIPU_OK;
}

size_t qi_user_lines(const qi_user_file *file) {
    size_t n = 2;
    for (const char *c = file->at; c < file->end; c++)
        n += *c == '\n';
    return n;
}

/* One field, unquoted in place; `file->at` ends on its separator, line feed or the end. */
static quipu_status scan_field(qi_user_file *file, char **out, size_t *length,
                               quipu_error *err) {
    char *start = file->at, *to = file->at;
    if (file->at < file->end && *file->at == '"') {
        char *from = file->at + 1;
        for (;;) {
            if (from >= file->end || *from == '\n')
                return qi_user_complain(file, start, err,
                                        "a quoted field has no end on its line");
            if (*from != '"') {
                *to++ = *from++;
            } else if (from + 1 < file->end && from[1] == '"') {
                *to++ = '"';
                from += 2;
            } else {
                break;
            }
        }
        file->at = from + 1;
        if (file->at < file->end && *file->at == '\r')
            file->at++;
        if (file->at < file->end && *file->at != file->separator && *file->at != '\n')
            return qi_user_complain(file, file->at, err,
                                    "text after the closing quote of a field");
    } else {
        while (file->at < file->end && *file->at != file->separator && *file->at != '\n')
            file->at++;
        to = file->at;
        while (start < to && (*start == ' ' || *start == '\t'))
            start++;
        while (to > start && (to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\r'))
            to--;
    }
    *out = start;
    *length = (size_t)(to - start);
    if (!qi_utf8_valid(start, *length) || memchr(start, '\0', *length) != NULL)
        return qi_user_complain(file, start, err, "the field is not UTF-8 text");
    return QUIPU_OK;
}

/* A comment is one field, whatever stands in it. */
static quipu_status scan_comment(qi_user_file *file, qi_user_row *row, quipu_error *err) {
    char *stop = memchr(file->at, '\n', (size_t)(file->end - file->at));
    stop = stop != NULL ? stop : file->end;
    row->field[0] = row->place[0] = file->at;
    row->length[0] = (size_t)(stop - file->at);
    while (row->length[0] > 0 && strchr(" \t\r", row->field[0][row->length[0] - 1]) != NULL)
        row->length[0]--;
    row->n = 1;
    file->at = row->end = stop;
    if (!qi_utf8_valid(row->field[0], row->length[0]) ||
        memchr(row->field[0], '\0', row->length[0]) != NULL)
        return qi_user_complain(file, row->field[0], err, "the line is not UTF-8 text");
    return QUIPU_OK;
}

static quipu_status scan_row(qi_user_file *file, qi_user_row *row, quipu_error *err) {
    *row = (qi_user_row){0};
    file->line_start = file->at;
    if (file->at < file->end && *file->at == '#')
        return scan_comment(file, row, err);
    for (;;) {
        if (row->n == QI_USER_FIELDS)
            return qi_user_complain(file, file->at, err, "more than %d fields in a row",
                                    QI_USER_FIELDS);
        row->place[row->n] = file->at;
        QI_TRY(scan_field(file, &row->field[row->n], &row->length[row->n], err));
        row->n++;
        if (file->at >= file->end || *file->at == '\n')
            break;
        file->at++;
    }
    row->end = file->at;
    return QUIPU_OK;
}

/* The fields end where separators and line feeds stood, which are no longer needed. */
static void close_fields(qi_user_row *row) {
    for (size_t i = 0; i < row->n; i++)
        row->field[i][row->length[i]] = '\0';
}

quipu_status qi_user_file_next(qi_user_file *file, qi_user_row *row, bool *more,
                               quipu_error *err) {
    for (;;) {
        if (file->begun)
            file->at += file->at < file->end;
        *more = file->at < file->end;
        if (!*more)
            return QUIPU_OK;
        file->begun = true;
        file->line++;
        QI_TRY(scan_row(file, row, err));
        if (row->n > 1 || row->length[0] > 0)
            break;
    }
    close_fields(row);
    return QUIPU_OK;
}
