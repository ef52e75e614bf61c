/* SPDX-License-Identifier: Apache-2.0 */
/* foreign.c - which of the programs' files it is, and rows of text out of it. */
#include "foreign.h"

#include <unistd.h>

qi_foreign qi_foreign_kind(const char *head, size_t length) {
    const unsigned char *b = (const unsigned char *)head;
    static const char *const BOOK[] = {"[Content_Types].xml", "xl/", "_rels/", "docProps/"};
    if (length >= 11 && memcmp(head, "<stata_dta>", 11) == 0)
        return QI_FOREIGN_DTA;
    /* Before version 117: version, byte order, and two bytes that are always the same. */
    if (length >= 4 && b[0] >= 104 && b[0] <= 115 && (b[1] == 1 || b[1] == 2) && b[2] == 1 &&
        b[3] == 0)
        return QI_FOREIGN_DTA;
    if (length >= 4 && (memcmp(head, "$FL2", 4) == 0 || memcmp(head, "$FL3", 4) == 0))
        return QI_FOREIGN_SAV;
    if (length < 50 || memcmp(head, "PK\3\4", 4) != 0)
        return QI_FOREIGN_NONE;
    for (size_t i = 0; i < QI_COUNT(BOOK); i++) /* the name of the first member */
        if (memcmp(head + 30, BOOK[i], strlen(BOOK[i])) == 0)
            return QI_FOREIGN_XLSX;
    return QI_FOREIGN_NONE;
}

/* ---- rows ---- */

static bool begin_field(qi_text_rows *rows) {
    return rows->n++ == 0 || qi_buffer_add(&rows->line, ",", 1);
}

bool qi_text_raw(qi_text_rows *rows, const char *text, size_t length) {
    if (!begin_field(rows))
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = (unsigned char)text[i] < 0x20 ? ' ' : text[i];
        if (!qi_buffer_add(&rows->line, &c, 1))
            return false;
    }
    return true;
}

bool qi_text_field(qi_text_rows *rows, const char *text, size_t length) {
    bool quoted = length > 0 && text[0] == '#';
    for (size_t i = 0; i < length && !quoted; i++)
        quoted = text[i] == ',' || text[i] == '"' || text[i] == ';' || text[i] == '\t' ||
                 text[i] == '|';
    if (!quoted)
        return qi_text_raw(rows, text, length);
    bool ok = begin_field(rows) && qi_buffer_add(&rows->line, "\"", 1);
    for (size_t i = 0; i < length && ok; i++) {
        char c = (unsigned char)text[i] < 0x20 ? ' ' : text[i];
        ok = (c != '"' || qi_buffer_add(&rows->line, "\"", 1)) &&
             qi_buffer_add(&rows->line, &c, 1);
    }
    return ok && qi_buffer_add(&rows->line, "\"", 1);
}

bool qi_text_number(qi_text_rows *rows, double value) {
    char text[QI_NUMBER_TEXT];
    bool whole = value > -1e15 && value < 1e15 && value == (double)(int64_t)value;
    size_t length =
        whole ? qi_format_scaled(text, (int64_t)value, 0) : qi_format_double(text, value);
    return qi_text_raw(rows, text, length);
}

quipu_status qi_text_end(qi_text_rows *rows, quipu_error *err) {
    if (!qi_buffer_add(&rows->line, "\n", 1))
        return qi_fail_memory(err, rows->line.length);
    size_t put = fwrite(rows->line.bytes, 1, rows->line.length, rows->file);
    if (put != rows->line.length)
        return qi_fail_errno(err, "write", "a temporary file");
    rows->size += put;
    rows->line.length = 0;
    rows->n = 0;
    return QUIPU_OK;
}

/* ---- dates ---- */

/* The Gregorian calendar by eras of 400 years that begin in March. */
static bool cut_date(int64_t days, int *year, int *month, int *day) {
    if (days < -354285 || days > 2932896)
        return false;
    int64_t since = days + 719468, era = since / 146097, of_era = since % 146097;
    int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
    int64_t from_march = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * from_march + 2) / 5 + 1);
    *month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
    *year = (int)(years + era * 400 + (*month <= 2));
    return true;
}

size_t qi_days_text(int64_t days, char out[16]) {
    int year, month, day;
    if (!cut_date(days, &year, &month, &day))
        return 0;
    return (size_t)snprintf(out, 16, "%04d-%02d-%02d", year % 10000, month % 100, day % 100);
}

size_t qi_days_month(int64_t days, char out[16]) {
    int year, month, day;
    if (!cut_date(days, &year, &month, &day))
        return 0;
    return (size_t)snprintf(out, 16, "%04d%02d", year % 10000, month % 100);
}

/* ---- opening ---- */

quipu_status qi_foreign_open(qi_foreign kind, const qi_place *place, FILE **out, char **name,
                             quipu_error *err) {
    qi_text_rows rows = {.file = tmpfile(), .path = place->path};
    quipu_status status;
    *out = NULL;
    *name = NULL;
    if (rows.file == NULL)
        return qi_fail_errno(err, "write", "a temporary file");
    if (kind != QI_FOREIGN_XLSX && (place->sheet != NULL || place->range != NULL))
        status =
            qi_fail(err, QUIPU_E_ARG,
                    "%s is no workbook: sheets and ranges are for .xlsx files", place->path);
    else if (kind == QI_FOREIGN_XLSX)
        status = qi_workbook_text(place, &rows, name, err);
    else
        status = qi_statfile_text(kind, &rows, err);
    if (status == QUIPU_OK && *name == NULL && (*name = strdup(place->path)) == NULL)
        status = qi_fail_memory(err, strlen(place->path));
    if (status == QUIPU_OK && fseek(rows.file, 0, SEEK_SET) != 0)
        status = qi_fail_errno(err, "read", "a temporary file");
    qi_buffer_free(&rows.line);
    if (status == QUIPU_OK) {
        *out = rows.file;
        return QUIPU_OK;
    }
    fclose(rows.file);
    free(*name);
    *name = NULL;
    return status;
}
