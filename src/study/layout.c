/* SPDX-License-Identifier: Apache-2.0 */
/* layout.c - rows and columns in the order in which their values first come. */
#include "study/layout.h"

#include "query/query.h"

#define MAX_DIMS 4

/* Distinct values of one or more columns together, in order of the first of each. */
typedef struct axis {
    size_t n_dims, column[MAX_DIMS];
    const char ***value; /* [dim][i]: distinct values of one dimension */
    size_t n_values[MAX_DIMS];
    uint32_t *of_row[MAX_DIMS]; /* value of each row of the table */
    uint32_t *item;             /* [item * n_dims + dim]: combinations that occur, in order */
    size_t n_items;
    uint32_t *item_of_row;
} axis;

quipu_status qi_column_find(const qi_study *study, const quipu_table *table, qi_words at,
                            size_t *out, quipu_error *err) {
    ptrdiff_t found = quipu_table_find(table, at.text);
    qi_suggest near;
    char text[QI_SUGGEST_TEXT];
    qi_buffer names = {0};
    if (found >= 0) {
        *out = (size_t)found;
        return QUIPU_OK;
    }
    qi_suggest_start(&near, at.text);
    for (size_t i = 0; i < table->n_columns; i++) {
        qi_suggest_try(&near, table->columns[i].spec.name);
        qi_buffer_printf(&names, "%s%s", i > 0 ? ", " : "", table->columns[i].spec.name);
    }
    qi_suggest_text(&near, text);
    quipu_status status =
        qi_study_fail(study, at, err, "the answer has no column \"%.60s\"%s%s", at.text,
                      text[0] != '\0' ? text : "; it has ",
                      text[0] != '\0' || names.bytes == NULL ? "" : names.bytes);
    qi_buffer_free(&names);
    return status;
}

const char *qi_cell_key(const quipu_table *table, size_t column, size_t row, qi_arena *arena) {
    char number[QI_NUMBER_TEXT];
    const quipu_column *cells = &table->columns[column];
    if (!quipu_table_present(table, column, row))
        return "";
    switch (cells->spec.type) {
    case QUIPU_TEXT: return cells->data.text[row];
    case QUIPU_INTEGER: qi_format_scaled(number, cells->data.integer[row], 0); break;
    case QUIPU_MONEY:
    case QUIPU_AMOUNT: qi_format_scaled(number, cells->data.integer[row], 3); break;
    case QUIPU_REAL:
    case QUIPU_SHARE: qi_format_double(number, cells->data.real[row]); break;
    }
    return qi_arena_dup(arena, number);
}

static quipu_status read_dim(const quipu_table *table, axis *a, size_t dim, qi_arena *arena,
                             quipu_error *err) {
    size_t n = table->n_rows;
    a->value[dim] = qi_arena_alloc(arena, (n + 1) * sizeof(char *));
    a->of_row[dim] = qi_arena_alloc(arena, (n + 1) * sizeof(uint32_t));
    if (a->value[dim] == NULL || a->of_row[dim] == NULL)
        return qi_fail_memory(err, n * sizeof(char *));
    for (size_t row = 0; row < n; row++) {
        const char *text = qi_cell_key(table, a->column[dim], row, arena);
        size_t i = 0;
        if (text == NULL)
            return qi_fail_memory(err, 0);
        while (i < a->n_values[dim] && strcmp(a->value[dim][i], text) != 0)
            i++;
        if (i == a->n_values[dim])
            a->value[dim][a->n_values[dim]++] = text;
        a->of_row[dim][row] = (uint32_t)i;
    }
    return QUIPU_OK;
}

static int compare_items(const uint32_t *a, const uint32_t *b, size_t n) {
    for (size_t d = 0; d < n; d++)
        if (a[d] != b[d])
            return a[d] < b[d] ? -1 : 1;
    return 0;
}

/* Combinations that occur, in order of their dimensions' values; by insertion, there are few. */
static quipu_status combine(const quipu_table *table, axis *a, qi_arena *arena,
                            quipu_error *err) {
    size_t n = table->n_rows, dims = a->n_dims;
    a->item = qi_arena_alloc(arena, (n + 1) * dims * sizeof(uint32_t));
    a->item_of_row = qi_arena_alloc(arena, (n + 1) * sizeof(uint32_t));
    if (a->item == NULL || a->item_of_row == NULL)
        return qi_fail_memory(err, n * sizeof(uint32_t));
    for (size_t row = 0; row < n; row++) {
        uint32_t key[MAX_DIMS];
        for (size_t d = 0; d < dims; d++)
            key[d] = a->of_row[d][row];
        size_t at = 0;
        while (at < a->n_items && compare_items(a->item + at * dims, key, dims) < 0)
            at++;
        if (at < a->n_items && compare_items(a->item + at * dims, key, dims) == 0)
            continue;
        memmove(a->item + (at + 1) * dims, a->item + at * dims,
                (a->n_items - at) * dims * sizeof(uint32_t));
        memcpy(a->item + at * dims, key, dims * sizeof(uint32_t));
        a->n_items++;
    }
    for (size_t row = 0; row < n; row++) {
        uint32_t key[MAX_DIMS], item = 0;
        for (size_t d = 0; d < dims; d++)
            key[d] = a->of_row[d][row];
        while (compare_items(a->item + item * dims, key, dims) != 0)
            item++;
        a->item_of_row[row] = item;
    }
    return QUIPU_OK;
}

static quipu_status read_axis(const qi_study *study, const quipu_table *table,
                              const qi_texts *names, qi_arena *arena, axis *a,
                              quipu_error *err) {
    *a = (axis){.n_dims = names->n};
    if (names->n > MAX_DIMS)
        return qi_study_fail(study, names->items[MAX_DIMS], err,
                             "more than %d columns side by side", MAX_DIMS);
    a->value = qi_arena_alloc(arena, MAX_DIMS * sizeof(char **));
    if (a->value == NULL)
        return qi_fail_memory(err, 0);
    for (size_t d = 0; d < names->n; d++) {
        QI_TRY(qi_column_find(study, table, names->items[d], &a->column[d], err));
        QI_TRY(read_dim(table, a, d, arena, err));
    }
    return combine(table, a, arena, err);
}

static const char *item_value(const axis *a, size_t item, size_t dim) {
    return a->value[dim][a->item[item * a->n_dims + dim]];
}

/* "China 2008" and "china_2008". */
static bool name_column(const axis *a, size_t item, qi_arena *arena, const char **label,
                        const char **name) {
    char folded[96];
    *label = "";
    for (size_t d = 0; d < a->n_dims && *label != NULL; d++)
        *label = qi_arena_printf(arena, "%s%s%s", *label,
                                 d > 1   ? "\xe2\x80\x93" /* 2000-2005 */
                                 : d > 0 ? " "
                                         : "",
                                 item_value(a, item, d));
    if (*label == NULL)
        return false;
    qi_fold(*label, strlen(*label), folded, sizeof folded);
    for (char *at = folded; *at != '\0'; at++)
        if (*at == ' ')
            *at = '_';
    *name = qi_arena_dup(arena, folded[0] != '\0' ? folded : "column");
    return *name != NULL;
}

static quipu_status make_specs(const quipu_table *table, const axis *rows, const axis *columns,
                               size_t figure, qi_arena *arena, quipu_column_spec *specs,
                               qi_headers *headers, quipu_error *err) {
    for (size_t d = 0; d < rows->n_dims; d++) {
        specs[d] = table->columns[rows->column[d]].spec;
        headers->label[d] = specs[d].label;
    }
    for (size_t i = 0; i < columns->n_items; i++) {
        size_t at = rows->n_dims + i;
        specs[at] = table->columns[figure].spec;
        if (!name_column(columns, i, arena, &specs[at].label, &specs[at].name))
            return qi_fail_memory(err, 0);
        for (size_t k = 0; k < at; k++) /* two labels may fold to one name */
            if (strcmp(specs[k].name, specs[at].name) == 0)
                specs[at].name = qi_arena_printf(arena, "%s_%zu", specs[at].name, i + 1);
        if (specs[at].name == NULL)
            return qi_fail_memory(err, 0);
        headers->label[at] = item_value(columns, i, columns->n_dims > 1 ? 1 : 0);
        for (size_t d = 2; d < columns->n_dims && headers->label[at] != NULL; d++)
            headers->label[at] = qi_arena_printf(arena, "%s\xe2\x80\x93%s", headers->label[at],
                                                 item_value(columns, i, d));
        if (headers->label[at] == NULL)
            return qi_fail_memory(err, 0);
        if (columns->n_dims > 1)
            headers->group[at] = item_value(columns, i, 0);
    }
    return QUIPU_OK;
}

static quipu_status fill(const qi_study *study, const qi_layout *layout,
                         const quipu_table *table, const axis *rows, const axis *columns,
                         size_t figure, quipu_table *out, qi_arena *arena, quipu_error *err) {
    size_t first, width = columns->n_items;
    uint8_t *taken = qi_arena_alloc(arena, rows->n_items * width + 1);
    qi_words at = {NULL, layout->line, layout->column};
    if (taken == NULL)
        return qi_fail_memory(err, rows->n_items * width);
    QI_TRY(quipu_table_add_rows(out, rows->n_items, &first, err));
    for (size_t row = 0; row < table->n_rows; row++) {
        size_t r = rows->item_of_row[row], c = columns->item_of_row[row];
        if (taken[r * width + c]++)
            return qi_study_fail(study, at, err,
                                 "the layout puts two rows of the answer into one cell (row "
                                 "\"%.60s\", column \"%.60s\"): name another column that "
                                 "tells them apart",
                                 item_value(rows, r, 0), item_value(columns, c, 0));
        for (size_t d = 0; d < rows->n_dims; d++)
            QI_TRY(qi_table_copy_cell(out, d, r, table, rows->column[d], row, err));
        QI_TRY(qi_table_copy_cell(out, rows->n_dims + c, r, table, figure, row, err));
    }
    return QUIPU_OK;
}

quipu_status qi_layout_make(const qi_study *study, const qi_layout *layout,
                            const quipu_table *table, const char *otherwise, qi_arena *arena,
                            quipu_table *out, qi_headers *headers, quipu_error *err) {
    axis rows, columns;
    size_t figure;
    qi_words wanted = layout->figure;
    if (wanted.text == NULL)
        wanted = (qi_words){otherwise, layout->line, layout->column};
    QI_TRY(read_axis(study, table, &layout->rows, arena, &rows, err));
    QI_TRY(read_axis(study, table, &layout->columns, arena, &columns, err));
    QI_TRY(qi_column_find(study, table, wanted, &figure, err));
    size_t n = rows.n_dims + columns.n_items;
    quipu_column_spec *specs = qi_arena_alloc(arena, n * sizeof *specs);
    headers->group = qi_arena_alloc(arena, n * sizeof *headers->group);
    headers->label = qi_arena_alloc(arena, n * sizeof *headers->label);
    if (specs == NULL || headers->group == NULL || headers->label == NULL)
        return qi_fail_memory(err, n * sizeof *specs);
    QI_TRY(make_specs(table, &rows, &columns, figure, arena, specs, headers, err));
    QI_TRY(quipu_table_init(out, table->measure, specs, n, err));
    quipu_status status = fill(study, layout, table, &rows, &columns, figure, out, arena, err);
    if (status == QUIPU_OK)
        status = quipu_table_set_title(out, err, "%s", table->title);
    if (status == QUIPU_OK)
        status = qi_table_take_papers(out, table, err);
    if (status != QUIPU_OK)
        quipu_table_free(out);
    return status;
}

quipu_status qi_layout_show(const qi_study *study, const qi_texts *columns,
                            const quipu_table *table, qi_arena *arena, quipu_table *out,
                            quipu_error *err) {
    size_t n = columns->n > 0 ? columns->n : table->n_columns, first;
    quipu_column_spec *specs = qi_arena_alloc(arena, n * sizeof *specs);
    size_t *from = qi_arena_alloc(arena, n * sizeof *from);
    if (specs == NULL || from == NULL)
        return qi_fail_memory(err, n * sizeof *specs);
    for (size_t i = 0; i < n; i++) {
        from[i] = i;
        if (columns->n > 0)
            QI_TRY(qi_column_find(study, table, columns->items[i], &from[i], err));
        specs[i] = table->columns[from[i]].spec;
    }
    QI_TRY(quipu_table_init(out, table->measure, specs, n, err));
    quipu_status status = quipu_table_add_rows(out, table->n_rows, &first, err);
    for (size_t row = 0; row < table->n_rows && status == QUIPU_OK; row++)
        for (size_t i = 0; i < n && status == QUIPU_OK; i++)
            status = qi_table_copy_cell(out, i, row, table, from[i], row, err);
    if (status == QUIPU_OK)
        status = quipu_table_set_title(out, err, "%s", table->title);
    if (status == QUIPU_OK)
        status = qi_table_take_papers(out, table, err);
    if (status != QUIPU_OK)
        quipu_table_free(out);
    return status;
}
