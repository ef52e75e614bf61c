/* SPDX-License-Identifier: Apache-2.0 */
/* test_shared.h - plain CSV files of the shared reference data, row by row. */
#ifndef QI_TEST_SHARED_H
#define QI_TEST_SHARED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/base.h"

#include <math.h>

enum { SHARED_COLUMNS = 32 };

typedef struct shared_table {
    FILE *file;
    char head[1024], line[2048];
    const char *name[SHARED_COLUMNS];
    size_t n;
} shared_table;

static inline void shared_path(const char *name, char *out, size_t size) {
    const char *shared = getenv("QUIPU_SHARED"), *source = getenv("QUIPU_SOURCE");
    if (shared != NULL)
        snprintf(out, size, "%s/data/gravity/%s", shared, name);
    else
        snprintf(out, size, "%s/../shared/data/gravity/%s", source == NULL ? "." : source,
                 name);
}

/* False, with a message: the test is to be skipped. */
static inline bool shared_there(const char *name) {
    char path[4096];
    shared_path(name, path, sizeof path);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        print_message("# skipped: no file %s\n", path);
        return false;
    }
    fclose(file);
    return true;
}

static inline size_t shared_split(char *line, const char **field) {
    size_t n = 0;
    line[strcspn(line, "\r\n")] = '\0';
    for (char *at = line; at != NULL && n < SHARED_COLUMNS;) {
        char *comma = strchr(at, ',');
        if (comma != NULL)
            *comma++ = '\0';
        field[n++] = at;
        at = comma;
    }
    return n;
}

static inline shared_table shared_open(const char *name) {
    shared_table t = {0};
    char path[4096];
    shared_path(name, path, sizeof path);
    t.file = fopen(path, "rb");
    assert_non_null(t.file);
    assert_non_null(fgets(t.head, sizeof t.head, t.file));
    return t;
}

static inline bool shared_row(shared_table *t, const char **field) {
    if (t->n == 0)
        t->n = shared_split(t->head, t->name);
    return fgets(t->line, sizeof t->line, t->file) != NULL &&
           shared_split(t->line, field) == t->n;
}

static inline const char *shared_text(const shared_table *t, const char **field,
                                      const char *column) {
    for (size_t k = 0; k < t->n; k++)
        if (strcmp(t->name[k], column) == 0)
            return field[k];
    fail_msg("no column %s", column);
    return NULL;
}

static inline double shared_number(const shared_table *t, const char **field,
                                   const char *column) {
    const char *text = shared_text(t, field, column);
    double value = NAN;
    if (*text != '\0' && !qi_parse_double(text, strlen(text), &value))
        fail_msg("%s is no number: %s", column, text);
    return value;
}

static inline void shared_close(shared_table *t) {
    fclose(t->file);
}

#endif
