/* SPDX-License-Identifier: Apache-2.0 */
/* workbook_cell.c - names of cells and ranges, what number formats mean, and the place of a
 * table in a workbook. */
#include "io.h"
#include "workbook.h"

#include <ctype.h>
#include <errno.h>
#include <strings.h>
#include <unistd.h>

/* ---- B5, A5:F300 ---- */

static bool read_letters(const char **at, const char *end, uint32_t *column) {
    *column = 0;
    for (; *at < end && isalpha((unsigned char)**at); ++*at) {
        *column = *column * 26 + (uint32_t)(toupper((unsigned char)**at) - 'A') + 1;
        if (*column > QI_SHEET_COLUMNS)
            return false;
    }
    return *column > 0;
}

static bool read_digits(const char **at, const char *end, uint32_t *row) {
    *row = 0;
    for (; *at < end && isdigit((unsigned char)**at); ++*at) {
        *row = *row * 10 + (uint32_t)(**at - '0');
        if (*row > QI_SHEET_ROWS)
            return false;
    }
    return *row > 0;
}

bool qi_cell_read(const char *text, size_t length, uint32_t *row, uint32_t *column) {
    const char *end = text + length;
    return read_letters(&text, end, column) && read_digits(&text, end, row) && text == end;
}

bool qi_range_read(const char *text, qi_range *out) {
    const char *colon = strchr(text, ':');
    size_t first = colon != NULL ? (size_t)(colon - text) : strlen(text);
    *out = (qi_range){.bottom = QI_SHEET_ROWS, .right = QI_SHEET_COLUMNS};
    if (!qi_cell_read(text, first, &out->top, &out->left))
        return false;
    if (colon == NULL)
        return true;
    const char *at = colon + 1, *end = at + strlen(at);
    if (!read_letters(&at, end, &out->right) || out->right < out->left)
        return false;
    return at == end ||
           (read_digits(&at, end, &out->bottom) && at == end && out->bottom >= out->top);
}

bool qi_is_range(const char *text) {
    qi_range range;
    return qi_range_read(text, &range);
}

void qi_cell_name(uint32_t row, uint32_t column, char out[16]) {
    char letters[8];
    size_t n = 0;
    for (; column > 0 && n < sizeof letters; column = (column - 1) / 26)
        letters[n++] = (char)('A' + (column - 1) % 26);
    size_t at = 0;
    while (n > 0)
        out[at++] = letters[--n];
    snprintf(out + at, 16 - at, "%u", row);
}

/* ---- formats ---- */

/* Letters outside quotes and brackets; m is minutes beside hours, and then it is no month. */
qi_style_format qi_format_read(const char *code) {
    bool day = false, month = false, year = false, time = false, only_zeros = code[0] != '\0';
    unsigned zeros = 0;
    for (const char *c = code; *c != '\0' && *c != ';'; c++) {
        only_zeros &= *c == '0';
        zeros += *c == '0';
        if (*c == '"' || *c == '[') {
            const char *close = strchr(c + 1, *c == '"' ? '"' : ']');
            if (close == NULL)
                break;
            c = close;
        } else if (*c == '\\' || *c == '_' || *c == '*') {
            if (*++c == '\0')
                break;
        } else if (strncasecmp(c, "general", 7) == 0) {
            c += 6;
        } else {
            int letter = tolower((unsigned char)*c);
            day |= letter == 'd';
            month |= letter == 'm';
            year |= letter == 'y';
            time |= letter == 'h' || letter == 's';
        }
    }
    if (day || (month && year && time))
        return (qi_style_format){.kind = QI_CELL_DAY};
    if (year && month)
        return (qi_style_format){.kind = QI_CELL_MONTH};
    if (year)
        return (qi_style_format){.kind = QI_CELL_YEAR};
    if (only_zeros && zeros > 1 && zeros <= 12)
        return (qi_style_format){.kind = QI_CELL_ZEROS, .zeros = zeros};
    return (qi_style_format){.kind = QI_CELL_PLAIN};
}

qi_style_format qi_format_builtin(unsigned id) {
    qi_cell_format kind = QI_CELL_PLAIN;
    if ((id >= 14 && id <= 16) || id == 22 || (id >= 27 && id <= 31) || id == 36 ||
        (id >= 50 && id <= 54) || id == 57 || id == 58)
        kind = QI_CELL_DAY;
    else if (id == 17)
        kind = QI_CELL_MONTH;
    return (qi_style_format){.kind = kind};
}

/* ---- book.xlsx#Sheet!A5:F300 ---- */

static const char *find_mark(const char *text) {
    for (const char *at = strchr(text, '#'); at != NULL; at = strchr(at + 1, '#'))
        if (at - text > 5 &&
            (strncasecmp(at - 5, ".xlsx", 5) == 0 || strncasecmp(at - 5, ".xlsm", 5) == 0))
            return at;
    return NULL;
}

quipu_status qi_place_split(const char *text, qi_place *out, quipu_error *err) {
    const char *mark = find_mark(text);
    qi_range range;
    *out = (qi_place){0};
    if (mark == NULL || access(text, F_OK) == 0 || errno != ENOENT) {
        out->path = strdup(text);
        return out->path != NULL ? QUIPU_OK : qi_fail_memory(err, strlen(text));
    }
    const char *bang = strrchr(mark, '!');
    if (bang != NULL && !qi_range_read(bang + 1, &range))
        bang = NULL; /* of the sheet's name */
    size_t sheet = bang != NULL ? (size_t)(bang - mark) - 1 : strlen(mark + 1);
    out->path = strndup(text, (size_t)(mark - text));
    bool ok = out->path != NULL;
    if (sheet > 0)
        ok = (out->sheet = strndup(mark + 1, sheet)) != NULL && ok;
    if (bang != NULL)
        ok = (out->range = strdup(bang + 1)) != NULL && ok;
    if (ok)
        return QUIPU_OK;
    qi_place_free(out);
    return qi_fail_memory(err, strlen(text));
}

void qi_place_free(qi_place *place) {
    free(place->path);
    free(place->sheet);
    free(place->range);
    *place = (qi_place){0};
}
