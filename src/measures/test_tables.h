/* SPDX-License-Identifier: Apache-2.0 */
/* test_tables.h - run a measure and look up its cells, for tests. */
#ifndef QI_TEST_TABLES_H
#define QI_TEST_TABLES_H

#include "quipu/catalog.h"
#include "query/test_world.h"

#include <math.h>

/* "reporter=Peru by=partner total": blanks separate, "_" stands for a blank in a value. */
typedef struct arguments {
    char text[512];
    quipu_argument items[16];
    size_t n;
} arguments;

static inline void read_arguments(arguments *a, const char *text) {
    snprintf(a->text, sizeof a->text, "%s", text);
    a->n = 0;
    for (char *at = a->text; *at != '\0';) {
        char *end = at + strcspn(at, " "), *equals;
        if (*end != '\0')
            *end++ = '\0';
        equals = strchr(at, '=');
        if (equals != NULL)
            *equals = '\0';
        for (char *c = equals != NULL ? equals + 1 : at; equals != NULL && *c != '\0'; c++)
            *c = *c == '_' ? ' ' : *c;
        assert_true(a->n < 16);
        a->items[a->n++] = (quipu_argument){at, equals != NULL ? equals + 1 : "yes"};
        at = end + strspn(end, " ");
    }
}

static inline quipu_status try_measure(const quipu_cube *cube, const quipu_nomen *nomen,
                                       const char *name, const char *text, unsigned threads,
                                       quipu_table *out, quipu_error *err) {
    arguments a;
    const quipu_measure *measure = quipu_measure_find(name);
    assert_non_null(measure);
    read_arguments(&a, text);
    quipu_request request = {.cube = cube,
                             .nomen = nomen,
                             .arguments = a.items,
                             .n_arguments = a.n,
                             .threads = threads};
    return quipu_measure_run(measure, &request, out, err);
}

static inline quipu_table run_measure(const quipu_cube *cube, const quipu_nomen *nomen,
                                      const char *name, const char *text) {
    quipu_table table;
    quipu_error err = {0};
    if (try_measure(cube, nomen, name, text, 1, &table, &err) != QUIPU_OK)
        fail_msg("%s %s: %s", name, text, err.text);
    return table;
}

static inline size_t column_of(const quipu_table *table, const char *name) {
    ptrdiff_t column = quipu_table_find(table, name);
    if (column < 0)
        fail_msg("no column %s in %s", name, table->title);
    return (size_t)column;
}

static inline bool cell_is(const quipu_table *table, size_t column, size_t row,
                           const char *wanted, size_t length) {
    const quipu_column *c = &table->columns[column];
    char number[32];
    const char *text = number;
    if (!quipu_table_present(table, column, row))
        return false;
    if (c->spec.type == QUIPU_TEXT)
        text = c->data.text[row];
    else
        snprintf(number, sizeof number, "%lld", (long long)c->data.integer[row]);
    return strlen(text) == length && strncmp(text, wanted, length) == 0;
}

/* The row where "partner=CHN year=2001"; the first one for "". */
static inline size_t row_where(const quipu_table *table, const char *where) {
    for (size_t row = 0; row < table->n_rows; row++) {
        bool fits = true;
        for (const char *at = where; *at != '\0' && fits;) {
            char name[32];
            size_t n = strcspn(at, "="), length = strcspn(at + n + 1, " ");
            snprintf(name, sizeof name, "%.*s", (int)n, at);
            fits = cell_is(table, column_of(table, name), row, at + n + 1, length);
            at += n + 1 + length;
            at += strspn(at, " ");
        }
        if (fits)
            return row;
    }
    fail_msg("no row where %s in %s", where, table->title);
    return 0;
}

/* Of any figure; money in US$, missing is NaN. */
static inline double figure(const quipu_table *table, const char *column, const char *where) {
    size_t c = column_of(table, column), row = row_where(table, where);
    const quipu_column *at = &table->columns[c];
    if (!quipu_table_present(table, c, row))
        return NAN;
    if (at->spec.type == QUIPU_REAL || at->spec.type == QUIPU_SHARE)
        return at->data.real[row];
    double value = (double)at->data.integer[row];
    return at->spec.type == QUIPU_INTEGER ? value : value / QUIPU_MONEY_PER_USD;
}

static inline void assert_near(double found, double expected) {
    if (!(fabs(found - expected) <= 1e-12 * fmax(1, fabs(expected))))
        fail_msg("found %.17g, expected %.17g", found, expected);
}

static inline void assert_missing(double found) {
    if (!isnan(found))
        fail_msg("found %.17g, expected a missing cell", found);
}

static inline bool has_note(const quipu_table *table, const char *part) {
    for (size_t i = 0; i < table->n_notes; i++)
        if (strstr(table->notes[i], part) != NULL)
            return true;
    return false;
}

#endif
