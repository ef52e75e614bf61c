/* SPDX-License-Identifier: Apache-2.0 */
/* csv.c - see csv.h.  Fields are unquoted in place and end with a 0. */
#include "invest/csv.h"

#include <stdarg.h>

static void problem_at(qi_csv *csv, const char *line_start, const char *where,
                       const char *found, const char *expected) {
    qi_problem_add(csv->problems, false, csv->file, csv->line,
                   (uint32_t)(where - line_start) + 1, found, expected);
}

/* One field; *at ends on its separator or at the end of the line. */
static bool scan_field(qi_csv *csv, char **at, const char *stop, const char *line, char **out,
                       char **out_end) {
    char *start = *at, *to = *at;
    if (start < stop && *start == '"') {
        char *from = start + 1;
        for (;; from++) {
            if (from >= stop) {
                problem_at(csv, line, start, "a quote that is not closed on its line",
                           "a closing quote (\") before the end of the line");
                return false;
            }
            if (*from == '"') {
                if (from + 1 >= stop || from[1] != '"')
                    break;
                from++;
            }
            *to++ = *from;
        }
        *at = from + 1;
        if (*at < stop && **at != csv->separator) {
            problem_at(csv, line, *at, "text after a closing quote",
                       "a separator; a quote inside quotes is written twice");
            return false;
        }
    } else {
        while (*at < stop && **at != csv->separator)
            (*at)++;
        to = *at;
        while (start < to && *start == ' ')
            start++;
        while (to > start && to[-1] == ' ')
            to--;
    }
    size_t length = (size_t)(to - start);
    if (!qi_utf8_valid(start, length) || memchr(start, '\0', length) != NULL) {
        problem_at(csv, line, start, "bytes that are not UTF-8 text",
                   "text in UTF-8 (save the table as CSV UTF-8)");
        return false;
    }
    *out = start;
    *out_end = to;
    return true;
}

typedef struct csv_row {
    char *field[QI_CSV_COLUMNS * 2];
    char *end[QI_CSV_COLUMNS * 2];
    uint32_t column[QI_CSV_COLUMNS * 2];
    size_t n;
} csv_row;

/* The fields of the next line.  False: the line is not read; `csv->at` is past it. */
static bool scan_row(qi_csv *csv, csv_row *row) {
    char *line = csv->at, *feed = memchr(line, '\n', (size_t)(csv->end - line));
    char *stop = feed != NULL ? feed : csv->end;
    csv->at = feed != NULL ? feed + 1 : csv->end;
    csv->line++;
    if (stop > line && stop[-1] == '\r')
        stop--;
    row->n = 0;
    for (char *at = line;; at++) {
        if (row->n == QI_COUNT(row->field)) {
            problem_at(csv, line, at, "a line of more than 32 fields",
                       "the columns of the table");
            return false;
        }
        row->column[row->n] = (uint32_t)(at - line) + 1;
        if (!scan_field(csv, &at, stop, line, &row->field[row->n], &row->end[row->n]))
            return false;
        row->n++;
        if (at >= stop)
            break;
    }
    for (size_t i = 0; i < row->n; i++)
        *row->end[i] = '\0';
    return true;
}

static bool is_blank(const csv_row *row) {
    for (size_t i = 0; i < row->n; i++)
        if (row->field[i][0] != '\0')
            return false;
    return true;
}

static void read_header(qi_csv *csv, const csv_row *row) {
    for (size_t f = 0; f < row->n; f++) {
        size_t c = 0;
        while (c < csv->n_columns && strcmp(csv->columns[c].name, row->field[f]) != 0)
            c++;
        char found[128], near_text[96], expected[512];
        snprintf(found, sizeof found, "column \"%.80s\"", row->field[f]);
        if (c < csv->n_columns && csv->place[c] < 0) {
            csv->place[c] = (int)f;
        } else if (c < csv->n_columns) {
            qi_problem_add(csv->problems, false, csv->file, csv->line, row->column[f], found,
                           "each column once");
        } else {
            qi_near near;
            qi_near_start(&near, row->field[f]);
            int used = snprintf(expected, sizeof expected, "one of");
            for (size_t i = 0; i < csv->n_columns; i++) {
                qi_near_try(&near, csv->columns[i].name);
                used += snprintf(expected + used, sizeof expected - (size_t)used, "%s %s",
                                 i > 0 ? "," : "", csv->columns[i].name);
            }
            snprintf(expected + used, sizeof expected - (size_t)used, "%s",
                     qi_near_text(&near, near_text));
            qi_problem_add(csv->problems, false, csv->file, csv->line, row->column[f], found,
                           expected);
        }
    }
}

bool qi_csv_open(qi_csv *csv, qi_table_id id, const qi_csv_column *columns, size_t n,
                 char *bytes, size_t length, qi_problems *problems) {
    csv_row row;
    *csv = (qi_csv){.file = qi_table_file(id),
                    .at = bytes,
                    .end = bytes + length,
                    .separator = ',',
                    .columns = columns,
                    .n_columns = n,
                    .problems = problems};
    for (size_t c = 0; c < QI_CSV_COLUMNS; c++)
        csv->place[c] = -1;
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        csv->at += 3;
    size_t head = (size_t)(csv->end - csv->at);
    const char *feed = memchr(csv->at, '\n', head);
    head = feed != NULL ? (size_t)(feed - csv->at) : head;
    if (memchr(csv->at, ',', head) == NULL)
        csv->separator = (char)(memchr(csv->at, ';', head) != NULL    ? ';'
                                : memchr(csv->at, '\t', head) != NULL ? '\t'
                                                                      : ',');
    if (!scan_row(csv, &row))
        return false;
    csv->n_fields = row.n;
    size_t before = problems->n_errors;
    if (row.n == 1 && row.field[0][0] == '\0') {
        qi_problem_add(problems, false, csv->file, csv->line, 1, "no header line",
                       "the names of the columns on the first line");
        return false;
    }
    read_header(csv, &row);
    for (size_t c = 0; c < n; c++) {
        char found[80];
        snprintf(found, sizeof found, "no column \"%s\"", columns[c].name);
        if (columns[c].required && csv->place[c] < 0)
            qi_problem_add(problems, false, csv->file, csv->line, 1, found,
                           "a header line that names it");
    }
    return problems->n_errors == before;
}

bool qi_csv_next(qi_csv *csv) {
    csv_row row;
    while (csv->at < csv->end) {
        if (!scan_row(csv, &row) || is_blank(&row))
            continue;
        if (row.n != csv->n_fields) {
            char found[64], expected[64];
            snprintf(found, sizeof found, "%zu field%s", row.n, row.n == 1 ? "" : "s");
            snprintf(expected, sizeof expected, "%zu, as in the header line", csv->n_fields);
            qi_problem_add(csv->problems, false, csv->file, csv->line, 1, found, expected);
            continue;
        }
        for (size_t c = 0; c < csv->n_columns; c++) {
            int place = csv->place[c];
            csv->field[c] = place < 0 ? "" : row.field[place];
            csv->at_column[c] = place < 0 ? 0 : row.column[place];
        }
        return true;
    }
    return false;
}

void qi_csv_problem(qi_csv *csv, bool warning, size_t column, const char *format, ...) {
    char found[200], expected[600];
    va_list args;
    if (qi_csv_has(csv, column))
        snprintf(found, sizeof found, "%s \"%.120s\"", csv->columns[column].name,
                 csv->field[column]);
    else
        snprintf(found, sizeof found, "no %s", csv->columns[column].name);
    va_start(args, format);
    vsnprintf(expected, sizeof expected, format, args);
    va_end(args);
    qi_problem_add(csv->problems, warning, csv->file, csv->line, csv->at_column[column], found,
                   expected);
}
