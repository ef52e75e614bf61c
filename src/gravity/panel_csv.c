/* SPDX-License-Identifier: Apache-2.0 */
/* panel_csv.c - one line of a CSV table cut into fields where it lies. */
#include "gravity/panel_block.h"

static ptrdiff_t trouble_at(qi_csv_trouble *trouble, const char *line, const char *where,
                            const char *text) {
    *trouble = (qi_csv_trouble){(uint32_t)(where - line) + 1, text};
    return -1;
}

/* A quoted field; *at is on its first quote, and then behind the last. */
static const char *unquote(char **at, char *stop, char **first, char **last) {
    char *from = *at + 1, *to = from;
    *first = from;
    for (;; from++) {
        if (from >= stop)
            return "the quote that opens here is not closed on its line";
        if (*from == '"' && (from + 1 >= stop || *++from != '"'))
            break;
        *to++ = *from;
    }
    if (from < stop && *from == '"')
        from++;
    *last = to;
    *at = from;
    return NULL;
}

ptrdiff_t qi_csv_split(char *line, size_t length, char separator, qi_csv_field *fields,
                       size_t most, qi_csv_trouble *trouble) {
    char *at = line, *stop = line + length;
    size_t n = 0;
    for (;; at++) {
        char *begin = at, *first = at, *last;
        if (at < stop && *at == '"') {
            const char *wrong = unquote(&at, stop, &first, &last);
            if (wrong != NULL)
                return trouble_at(trouble, line, begin, wrong);
            if (at < stop && *at != separator)
                return trouble_at(trouble, line, at,
                                  "text after a closing quote; a quote inside quotes is "
                                  "written twice");
        } else {
            while (at < stop && *at != separator)
                at++;
            last = at;
            while (first < last && *first == ' ')
                first++;
            while (last > first && last[-1] == ' ')
                last--;
        }
        if (n < most)
            fields[n] =
                (qi_csv_field){first, (size_t)(last - first), (uint32_t)(begin - line) + 1};
        n++;
        if (at >= stop)
            return (ptrdiff_t)n;
    }
}

bool qi_csv_missing(const char *text, size_t length) {
    return length == 0 || (length == 1 && *text == '.') ||
           (length == 2 && memcmp(text, "NA", 2) == 0) ||
           (length == 3 && memcmp(text, "NaN", 3) == 0);
}
