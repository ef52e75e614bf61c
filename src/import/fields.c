/* SPDX-License-Identifier: Apache-2.0 */
/* fields.c - cut one line of a delimited table into fields (RFC 4180, one row a line). */
#include "import.h"

/* A quoted field that begins at line[*at] (past the quote); leaves *at behind its end. */
static bool quoted(const char *line, size_t length, size_t *at, char delimiter, qi_field *field,
                   char **scratch) {
    size_t i = *at;
    field->text = line + i;
    char *copy = NULL; /* only when a doubled quote must be undone */
    for (;;) {
        const char *quote = memchr(line + i, '"', length - i);
        if (quote == NULL)
            return false;
        size_t end = (size_t)(quote - line);
        bool doubled = end + 1 < length && line[end + 1] == '"';
        if (doubled && copy == NULL) {
            copy = *scratch;
            size_t before = end - *at;
            memcpy(copy, line + *at, before);
            field->text = *scratch;
            copy += before;
        } else if (copy != NULL) {
            memcpy(copy, line + i, end - i);
            copy += end - i;
        }
        if (!doubled) {
            field->length =
                copy != NULL ? (size_t)(copy - *scratch) : (size_t)(quote - field->text);
            if (copy != NULL)
                *scratch = copy;
            *at = end + 1;
            return *at == length || line[*at] == delimiter;
        }
        *copy++ = '"';
        i = end + 2;
    }
}

size_t qi_split_line(const char *line, size_t length, char delimiter, qi_field *fields,
                     size_t max, char *scratch, const char **problem, uint32_t *column) {
    size_t n = 0, at = 0;
    for (;;) {
        if (n == max) {
            *problem = "more than 512 fields in this line";
            *column = (uint32_t)at + 1;
            return 0;
        }
        qi_field *field = &fields[n++];
        field->column = (uint32_t)at + 1;
        if (at < length && line[at] == '"') {
            at++;
            if (!quoted(line, length, &at, delimiter, field, &scratch)) {
                *problem = "a quoted field that is not closed before the next separator: close "
                           "the quote on the same line and double quotes inside it";
                *column = field->column;
                return 0;
            }
        } else {
            const char *end = memchr(line + at, delimiter, length - at);
            field->text = line + at;
            field->length = end != NULL ? (size_t)(end - field->text) : length - at;
            at += field->length;
        }
        if (at >= length)
            return n;
        at++; /* the separator; a line that ends with one has an empty last field */
    }
}
