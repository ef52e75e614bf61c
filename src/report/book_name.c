/* SPDX-License-Identifier: Apache-2.0 */
/* book_name.c - names of sheets, and texts of cells, as Excel takes them. */
#include "report/xlsx.h"

#define NAME_UNITS 31 /* Excel counts UTF-16 units */

static size_t units_of(int32_t point) {
    return point > 0xFFFF ? 2 : 1;
}

/* What stands in a name for a character that must not; NULL = itself. */
static const char *instead(int32_t point) {
    switch (point) {
    case '/':
    case '\\':
    case ':': return "-";
    case '[': return "(";
    case ']': return ")";
    case '?':
    case '*': return "";
    case 0xFFFE:
    case 0xFFFF: return "\xEF\xBF\xBD";
    default:
        if (point < 0)
            return "\xEF\xBF\xBD";
        return point < 0x20 || (point >= 0x7F && point < 0xA0) ? " " : NULL;
    }
}

/* As much of `wanted` as fits `room` units, without blanks and apostrophes at the ends. */
static char *cut_name(qi_arena *arena, const char *wanted, size_t room, const char *suffix) {
    size_t length = strlen(wanted), at = 0, used = 0, n = 0, units = 0;
    char *name = qi_arena_alloc(arena, (size_t)NAME_UNITS * 4 + strlen(suffix) + 1);
    while (name != NULL && at < length) {
        size_t from = at;
        int32_t point = qi_utf8_next(wanted, length, &at);
        const char *other = instead(point);
        size_t bytes = other != NULL ? strlen(other) : at - from;
        bool at_start = used == 0 && (point == ' ' || point == '\'');
        if (bytes == 0 || at_start)
            continue;
        units = other != NULL ? 1 : units_of(point);
        if (used + units > room)
            break;
        memcpy(name + n, other != NULL ? other : wanted + from, bytes);
        n += bytes;
        used += units;
    }
    if (name == NULL)
        return NULL;
    while (n > 0 && (name[n - 1] == ' ' || name[n - 1] == '\''))
        n--;
    size_t more = strlen(suffix);
    memcpy(name + n, suffix, more);
    name[n + more] = '\0';
    return name;
}

/* Excel does not tell upper from lower case in names; accents are taken along to be safe. */
static bool same_name(const char *a, const char *b) {
    char x[256], y[256];
    if (strcmp(a, b) == 0)
        return true;
    size_t n = qi_fold(a, strlen(a), x, sizeof x), m = qi_fold(b, strlen(b), y, sizeof y);
    return n > 0 && n == m && memcmp(x, y, n) == 0;
}

static bool is_taken(const quipu_book *book, const char *name) {
    if (name[0] == '\0' || same_name(name, "History")) /* Excel keeps that one for itself */
        return true;
    for (size_t i = 0; i < book->sheets.n; i++) {
        if (same_name(book->sheets.items[i].name, name))
            return true;
    }
    return false;
}

const char *qi_sheet_name(quipu_book *book, const char *wanted) {
    char *name = cut_name(&book->arena, wanted, NAME_UNITS, "");
    if (name != NULL && name[0] == '\0')
        name = cut_name(&book->arena, wanted = "Sheet", NAME_UNITS, "");
    for (size_t number = 2; name != NULL && is_taken(book, name); number++) {
        char suffix[32];
        snprintf(suffix, sizeof suffix, " (%zu)", number);
        name = cut_name(&book->arena, wanted, NAME_UNITS - strlen(suffix), suffix);
    }
    return name;
}

/* XML takes no control characters; a line end stays one. */
static const char *escape_cell(int32_t point) {
    if (point == '\n' || point == '\t')
        return NULL;
    if (point == 0xFFFE || point == 0xFFFF)
        return "\xEF\xBF\xBD";
    return point < 0x20 || (point >= 0x7F && point < 0xA0) ? " " : NULL;
}

/* "_x0041_" is how a workbook writes the letter A; such a text needs its stroke written so. */
static bool looks_escaped(const char *text) {
    if (text[0] != '_' || text[1] != 'x' || strspn(text + 2, "0123456789abcdefABCDEF") < 4)
        return false;
    return text[6] == '_';
}

quipu_status qi_cell_text(quipu_book *book, const char *text, const char **out,
                          quipu_error *err) {
    static const size_t LIMIT = 32767; /* characters of a cell */
    qi_buffer *buffer = &book->scratch;
    size_t length = strlen(text), at = 0, points = 0;
    buffer->length = 0;
    bool ok = qi_buffer_reserve(buffer, length + 1);
    while (ok && at < length) {
        size_t from = at;
        int32_t point = qi_utf8_next(text, length, &at);
        const char *other = point < 0 ? "\xEF\xBF\xBD" : escape_cell(point);
        points += units_of(point);
        if (looks_escaped(text + from) && !qi_buffer_text(buffer, "_x005F"))
            ok = false;
        else
            ok = other != NULL ? qi_buffer_text(buffer, other)
                               : qi_buffer_add(buffer, text + from, at - from);
    }
    ok = ok && qi_buffer_add(buffer, "", 0);
    if (!ok)
        return qi_fail_memory(err, length);
    if (points > LIMIT)
        return qi_fail(
            err, QUIPU_E_LIMIT,
            "a text of %zu characters does not fit a cell of a workbook, which holds "
            "%zu; write csv instead",
            points, LIMIT);
    *out = buffer->length > 0 ? buffer->bytes : "";
    return QUIPU_OK;
}
