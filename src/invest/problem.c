/* SPDX-License-Identifier: Apache-2.0 */
/* problem.c - what is wrong with a register, all of it, in order of place. */
#include "invest/csv.h"

#include <limits.h>

void qi_near_start(qi_near *near, const char *wanted) {
    *near = (qi_near){.distance = UINT_MAX};
    qi_fold(wanted, strlen(wanted), near->wanted, sizeof near->wanted);
}

void qi_near_try(qi_near *near, const char *candidate) {
    char folded[64];
    size_t wanted = strlen(near->wanted);
    size_t length = qi_fold(candidate, strlen(candidate), folded, sizeof folded);
    if (wanted == 0 || length == 0)
        return;
    unsigned limit = wanted <= 3 ? 1 : wanted <= 6 ? 2 : 3;
    unsigned distance = qi_edit_distance(near->wanted, folded, limit);
    if (distance > limit && wanted >= 3 && strncmp(folded, near->wanted, wanted) == 0)
        distance = limit; /* half typed */
    if (distance <= limit && distance < near->distance) {
        near->distance = distance;
        near->best = candidate;
    }
}

const char *qi_near_text(const qi_near *near, char out[96]) {
    out[0] = '\0';
    if (near->best != NULL)
        snprintf(out, 96, "; did you mean %.70s?", near->best);
    return out;
}

/* One line of text that may go to a terminal. */
static const char *clean(qi_problems *problems, const char *text) {
    char *copy = qi_arena_dup(&problems->arena, text);
    if (copy == NULL)
        return NULL;
    qi_text_clean(copy, strlen(copy));
    for (char *c = copy; *c != '\0'; c++)
        if (*c == '\n' || *c == '\t')
            *c = ' ';
    return copy;
}

void qi_problem_add(qi_problems *problems, bool warning, const char *file, uint64_t line,
                    uint32_t column, const char *found, const char *expected) {
    *(warning ? &problems->n_warnings : &problems->n_errors) += 1;
    if (problems->items.n >= QI_CSV_PROBLEMS)
        return;
    qi_problem problem = {.warning = warning,
                          .file = file,
                          .line = line,
                          .column = column,
                          .found = clean(problems, found),
                          .expected = clean(problems, expected)};
    if (problem.found == NULL || problem.expected == NULL ||
        !QI_PUSH(&problems->items, problem))
        problems->no_memory = true;
}

static int by_place(const void *left, const void *right) {
    const qi_problem *a = left, *b = right;
    int order = strcmp(a->file, b->file);
    if (order != 0)
        return order;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    order = strcmp(a->found, b->found);
    return order != 0 ? order : strcmp(a->expected, b->expected);
}

static void sort(qi_problems *problems) {
    if (problems->items.n > 1)
        qsort(problems->items.items, problems->items.n, sizeof problems->items.items[0],
              by_place);
}

quipu_status qi_problems_table(qi_problems *problems, quipu_table *out, quipu_error *err) {
    static const quipu_column_spec columns[] = {
        {"severity", "Severity", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"file", "File", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"line", "Line", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
        {"column", "Column", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
        {"found", "Found", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
        {"expected", "Expected", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    };
    sort(problems);
    size_t n = problems->items.n, total = problems->n_errors + problems->n_warnings;
    quipu_status status =
        quipu_table_init(out, "invest-check", columns, QI_COUNT(columns), err);
    if (status == QUIPU_OK && n > 0)
        status = quipu_table_add_rows(out, n, &(size_t){0}, err);
    for (size_t i = 0; status == QUIPU_OK && i < n; i++) {
        const qi_problem *p = &problems->items.items[i];
        status = quipu_table_set_text(out, 0, i, p->warning ? "warning" : "error", err);
        if (status == QUIPU_OK)
            status = quipu_table_set_text(out, 1, i, p->file, err);
        if (p->line > 0)
            quipu_table_set_integer(out, 2, i, (int64_t)p->line);
        if (p->column > 0)
            quipu_table_set_integer(out, 3, i, p->column);
        if (status == QUIPU_OK)
            status = quipu_table_set_text(out, 4, i, p->found, err);
        if (status == QUIPU_OK)
            status = quipu_table_set_text(out, 5, i, p->expected, err);
    }
    if (status == QUIPU_OK)
        status =
            quipu_table_set_title(out, err,
                                  "Problems of the register: %zu error%s, %zu "
                                  "warning%s",
                                  problems->n_errors, problems->n_errors == 1 ? "" : "s",
                                  problems->n_warnings, problems->n_warnings == 1 ? "" : "s");
    if (status == QUIPU_OK && total > n)
        status = quipu_table_add_note(out, err, "The first %zu of %zu are listed.", n, total);
    if (status != QUIPU_OK)
        quipu_table_free(out);
    return status;
}

quipu_status qi_problems_status(qi_problems *problems, const char *folder, quipu_error *err) {
    sort(problems);
    if (problems->no_memory)
        return qi_fail_memory(err, 0);
    if (problems->n_errors == 0)
        return QUIPU_OK;
    const qi_problem *first = NULL;
    for (size_t i = 0; i < problems->items.n && first == NULL; i++)
        if (!problems->items.items[i].warning)
            first = &problems->items.items[i];
    if (first == NULL) /* a thousand warnings came before it */
        return qi_fail(err, QUIPU_E_DATA, "%s: %zu problems", folder, problems->n_errors);
    char path[256], more[96] = "";
    snprintf(path, sizeof path, "%.150s/%s", folder, first->file);
    if (problems->n_errors > 1)
        snprintf(more, sizeof more, " (and %zu more: `quipu invest check` lists them)",
                 problems->n_errors - 1);
    return qi_fail_at(err, QUIPU_E_DATA, path, first->line, first->column,
                      "found %.240s; expected %.300s%s", first->found, first->expected, more);
}

void qi_problems_free(qi_problems *problems) {
    free(problems->items.items);
    qi_arena_free(&problems->arena);
    memset(problems, 0, sizeof *problems);
}
