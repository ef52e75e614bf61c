/* SPDX-License-Identifier: Apache-2.0 */
/* error.c - filling the caller's quipu_error; the names of the status codes.
 *
 * The first cause wins: once an error holds a status, later failures on the way out do not
 * overwrite it.  Public functions therefore call qi_error_clear on entry, so that neither a
 * stale nor an uninitialised error of the caller is taken for a cause.
 */
#include "base/base.h"

#include <errno.h>
#include <locale.h>

const char *quipu_status_text(quipu_status status) {
    switch (status) {
#define X(name, number, text)                                                                  \
    case QUIPU_##name: return text;
        QUIPU_STATUS_LIST(X)
#undef X
    }
    return "unknown status";
}

void qi_error_clear(quipu_error *err) {
    if (err == NULL)
        return;
    err->status = QUIPU_OK;
    err->column = 0;
    err->line = 0;
    err->file[0] = '\0';
    err->text[0] = '\0';
}

/* A message cut by its buffer must not end in half a character. */
static void drop_partial_character(char *text) {
    size_t length = strlen(text);
    size_t start = length;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start > 0 && (unsigned char)text[start - 1] >= 0xC0)
        start--;
    if (!qi_utf8_valid(text + start, length - start))
        text[start] = '\0';
}

/* The end of a long path says more than its beginning. */
static void set_file(quipu_error *err, const char *file) {
    const size_t room = sizeof err->file - 1;
    size_t length = strlen(file);
    if (length <= room) {
        memcpy(err->file, file, length + 1);
        return;
    }
    const char *tail = file + (length - (room - 3));
    while (((unsigned char)*tail & 0xC0) == 0x80)
        tail++;
    memcpy(err->file, "...", 3);
    memcpy(err->file + 3, tail, strlen(tail) + 1);
}

static void clean_line(char *text) {
    qi_text_clean(text, strlen(text));
    for (; *text != 0; text++)
        if (*text == '\n' || *text == '\t')
            *text = ' ';
}

QUIPU_PRINTF(6, 0)
static quipu_status fail(quipu_error *err, quipu_status status, const char *file, uint64_t line,
                         uint32_t column, const char *format, va_list args) {
    if (status == QUIPU_OK)
        status = QUIPU_E_BUG;
    if (err == NULL || err->status != QUIPU_OK)
        return status;
    qi_error_clear(err);
    err->status = status;
    err->line = line;
    err->column = column;
    if (file != NULL)
        set_file(err, file);
    int written = vsnprintf(err->text, sizeof err->text, format, args);
    if (written < 0)
        memcpy(err->text, "?", 2);
    else if ((size_t)written >= sizeof err->text)
        drop_partial_character(err->text);
    /* File names and pieces of files are in it: nothing of them may reach a terminal raw. */
    clean_line(err->text);
    clean_line(err->file);
    return status;
}

quipu_status qi_fail(quipu_error *err, quipu_status status, const char *format, ...) {
    va_list args;
    va_start(args, format);
    status = fail(err, status, NULL, 0, 0, format, args);
    va_end(args);
    return status;
}

quipu_status qi_fail_at(quipu_error *err, quipu_status status, const char *file, uint64_t line,
                        uint32_t column, const char *format, ...) {
    va_list args;
    va_start(args, format);
    status = fail(err, status, file, line, column, format, args);
    va_end(args);
    return status;
}

quipu_status qi_fail_memory(quipu_error *err, size_t bytes) {
    if (bytes == 0)
        return qi_fail(err, QUIPU_E_NOMEM, "out of memory");
    return qi_fail(err, QUIPU_E_NOMEM, "out of memory: %zu bytes were asked for", bytes);
}

quipu_status qi_fail_errno(quipu_error *err, const char *doing, const char *path) {
    int code = errno;
    quipu_status status = code == ENOMEM ? QUIPU_E_NOMEM : QUIPU_E_IO;
    /* strerror_l rather than strerror: safe with threads, the same words in every locale. */
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c_locale == (locale_t)0)
        return qi_fail_at(err, status, path, 0, 0, "cannot %s %s: error %d", doing, path, code);
    status = qi_fail_at(err, status, path, 0, 0, "cannot %s %s: %s", doing, path,
                        strerror_l(code, c_locale));
    freelocale(c_locale);
    return status;
}
