/* SPDX-License-Identifier: Apache-2.0 */
/* test_panel.h - plain tables of the reference data as arrays for the tests of estimation. */
#ifndef QI_GRAVITY_TEST_PANEL_H
#define QI_GRAVITY_TEST_PANEL_H

#include "gravity/gravity.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <math.h>

#define NEAR(a, b, tolerance) near(a, b, tolerance, #a, __FILE__, __LINE__)
static inline void near(double a, double b, double tolerance, const char *what,
                        const char *file, int line) {
    if (fabs(a - b) <= tolerance || (isnan(a) && isnan(b)))
        return;
    print_error("%s is %.17g, expected %.17g\n", what, a, b);
    _fail(file, line);
}

enum { T_COLUMNS = 40 };

/* A CSV without quotes inside fields; every field is kept as text. */
typedef struct t_table {
    qi_arena arena;
    char *bytes;
    size_t n, n_columns;
    char *name[T_COLUMNS];
    char **field[T_COLUMNS];
} t_table;

static inline const char *t_path(const char *name) {
    static char path[512];
    const char *source = getenv("QUIPU_SOURCE");
    snprintf(path, sizeof path, "%s/../shared/data/gravity/%s", source != NULL ? source : ".",
             name);
    return path;
}

static inline char *t_unquote(char *text) {
    size_t n = strlen(text);
    if (n >= 2 && text[0] == '"' && text[n - 1] == '"') {
        text[n - 1] = '\0';
        return text + 1;
    }
    return text;
}

/* Splits a line in place; the number of fields. */
static inline size_t t_split(char *line, char **field) {
    size_t n = 0;
    for (char *at = line;; n++) {
        char *comma = strchr(at, ',');
        assert_true(n < T_COLUMNS);
        if (comma != NULL)
            *comma = '\0';
        field[n] = t_unquote(at);
        if (comma == NULL)
            return n + 1;
        at = comma + 1;
    }
}

/* False when the file is not there. */
static inline bool t_open(t_table *t, const char *name) {
    *t = (t_table){0};
    qi_buffer all = {0};
    if (qi_whole_file(t_path(name), (size_t)1 << 30, &all, NULL) != QUIPU_OK)
        return false;
    t->bytes = all.bytes;
    size_t lines = 1;
    for (size_t i = 0; i < all.length; i++)
        lines += all.bytes[i] == '\n';
    char *save = NULL, *field[T_COLUMNS];
    char *line = strtok_r(t->bytes, "\r\n", &save);
    t->n_columns = t_split(line, t->name);
    for (size_t c = 0; c < t->n_columns; c++)
        t->field[c] = qi_arena_alloc(&t->arena, lines * sizeof *t->field[c]);
    while ((line = strtok_r(NULL, "\r\n", &save)) != NULL) {
        size_t n = t_split(line, field);
        for (size_t c = 0; c < n && c < t->n_columns; c++)
            t->field[c][t->n] = field[c];
        t->n++;
    }
    return true;
}

static inline void t_close(t_table *t) {
    qi_arena_free(&t->arena);
    free(t->bytes);
}

static inline size_t t_column(const t_table *t, const char *name) {
    for (size_t c = 0; c < t->n_columns; c++)
        if (strcmp(t->name[c], name) == 0)
            return c;
    fail_msg("no column %s", name);
    return 0;
}

static inline bool t_has(const t_table *t, const char *name) {
    for (size_t c = 0; c < t->n_columns; c++)
        if (strcmp(t->name[c], name) == 0)
            return true;
    return false;
}

static inline double *t_number(t_table *t, const char *name) {
    size_t c = t_column(t, name);
    double *out = qi_arena_alloc(&t->arena, t->n * sizeof *out);
    for (size_t i = 0; i < t->n; i++)
        if (!qi_parse_double(t->field[c][i], strlen(t->field[c][i]), &out[i]))
            out[i] = NAN;
    return out;
}

/* Levels of the columns together, numbered as they appear. */
static inline uint32_t *t_levels(t_table *t, const char *const *names, size_t n_names,
                                 uint32_t *n_levels) {
    uint32_t *id = qi_arena_alloc(&t->arena, t->n * sizeof *id), size = 16;
    while (size < 2 * t->n)
        size *= 2;
    uint64_t *seen = qi_arena_alloc(&t->arena, size * sizeof *seen);
    uint32_t *number = qi_arena_alloc(&t->arena, size * sizeof *number);
    *n_levels = 0;
    for (size_t i = 0; i < t->n; i++) {
        char key[256];
        size_t length = 0;
        for (size_t c = 0; c < n_names; c++)
            length += (size_t)snprintf(key + length, sizeof key - length, "%s^",
                                       t->field[t_column(t, names[c])][i]);
        uint64_t hash = qi_hash64(key, length) | 1;
        uint32_t at = (uint32_t)hash & (size - 1);
        while (seen[at] != 0 && seen[at] != hash)
            at = (at + 1) & (size - 1);
        if (seen[at] == 0) {
            seen[at] = hash;
            number[at] = (*n_levels)++;
        }
        id[i] = number[at];
    }
    return id;
}

static inline qi_effect t_effect(t_table *t, const char *a, const char *b) {
    qi_effect e = {.name = a};
    const char *names[2] = {a, b};
    e.id = t_levels(t, names, b != NULL ? 2 : 1, &e.n_levels);
    return e;
}

static inline qi_cluster t_cluster(t_table *t, const char *a, const char *b) {
    qi_effect e = t_effect(t, a, b);
    return (qi_cluster){e.name, e.id, e.n_levels};
}

/* Keeps the rows marked; before any array is taken. */
static inline void t_keep(t_table *t, const bool *keep) {
    size_t to = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (!keep[i])
            continue;
        for (size_t c = 0; c < t->n_columns; c++)
            t->field[c][to] = t->field[c][i];
        to++;
    }
    t->n = to;
}

/* A column of texts made by hand. */
static inline char **t_add(t_table *t, const char *name) {
    assert_true(t->n_columns < T_COLUMNS);
    t->name[t->n_columns] = qi_arena_dup(&t->arena, name);
    t->field[t->n_columns] = qi_arena_alloc(&t->arena, t->n * sizeof(char *));
    return t->field[t->n_columns++];
}

static inline const double **t_columns(t_table *t, const char *const *names, size_t n) {
    const double **out = qi_arena_alloc(&t->arena, n * sizeof *out);
    for (size_t j = 0; j < n; j++)
        out[j] = t_number(t, names[j]);
    return out;
}

#endif
