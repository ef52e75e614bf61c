/* SPDX-License-Identifier: Apache-2.0 */
/* test_tables.h - a panel out of a text, for the tests of panels and formulas. */
#ifndef QI_GRAVITY_TEST_TABLES_H
#define QI_GRAVITY_TEST_TABLES_H

#include "gravity/formula.h"
#include "gravity/test_panel.h"

#include <unistd.h>

static inline bool is_named(const char *list, const char *name) {
    size_t length = strlen(name);
    for (const char *at = list; *at != '\0';) {
        size_t n = strcspn(at, " ");
        if (n == length && memcmp(at, name, n) == 0)
            return true;
        at += n + (at[n] == ' ');
    }
    return false;
}

/* Every column as a number, but for those named in `labels`. */
static inline quipu_status try_panel(const char *text, size_t length, const char *labels,
                                     unsigned threads, qi_panel *out, quipu_error *err) {
    char path[64];
    qi_panel_file *file;
    const char *const *names;
    snprintf(path, sizeof path, "/tmp/test-panel-%d.csv", (int)getpid());
    FILE *to = fopen(path, "wb");
    assert_non_null(to);
    assert_int_equal(fwrite(text, 1, length, to), length);
    assert_int_equal(fclose(to), 0);
    quipu_status status = qi_panel_open(path, &file, err);
    if (status == QUIPU_OK) {
        size_t n = qi_panel_file_columns(file, &names);
        for (size_t c = 0; c < n; c++) {
            bool label = is_named(labels, names[c]);
            qi_panel_want(file, c, !label, label);
        }
        const qi_panel_read_options options = {.threads = threads};
        status = qi_panel_read(file, &options, out, err);
        qi_panel_close(file);
    }
    remove(path);
    return status;
}

/* Columns exporter, importer, year and sector have their roles. */
static inline qi_panel read_panel(const char *text, const char *labels) {
    static const char *const names[] = {"exporter", "importer", "year", "sector"};
    qi_panel panel;
    quipu_error err = {0};
    if (try_panel(text, strlen(text), labels, 1, &panel, &err) != QUIPU_OK)
        fail_msg("%llu:%u: %s", (unsigned long long)err.line, err.column, err.text);
    for (size_t r = 0; r < QI_N_ROLES; r++)
        panel.role[r] = qi_panel_find(&panel, names[r]);
    return panel;
}

static inline const qi_panel_column *column_named(const qi_panel *panel, const char *name) {
    ptrdiff_t at = qi_panel_find(panel, name);
    assert_true(at >= 0);
    return &panel->columns.items[at];
}

#endif
