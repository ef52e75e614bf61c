/* SPDX-License-Identifier: Apache-2.0 */
/* panel.c - observations in rows, columns of numbers or labels. */
#include "gravity/gravity.h"

void qi_panel_start(qi_panel *panel, const char *file) {
    *panel = (qi_panel){.file = file};
    for (size_t r = 0; r < QI_N_ROLES; r++)
        panel->role[r] = -1;
}

void qi_panel_free(qi_panel *panel) {
    for (size_t i = 0; i < panel->columns.n; i++) {
        free(panel->columns.items[i].number);
        free(panel->columns.items[i].label);
    }
    free(panel->columns.items);
    free(panel->jumps.items);
    qi_arena_free(&panel->arena);
    *panel = (qi_panel){0};
}

ptrdiff_t qi_panel_find(const qi_panel *panel, const char *name) {
    for (size_t i = 0; i < panel->columns.n; i++)
        if (strcmp(panel->columns.items[i].name, name) == 0)
            return (ptrdiff_t)i;
    return -1;
}

quipu_status qi_panel_add(qi_panel *panel, const char *name, size_t *at, quipu_error *err) {
    qi_panel_column column = {.name = qi_arena_dup(&panel->arena, name)};
    if (column.name == NULL || !QI_PUSH(&panel->columns, column))
        return qi_fail_memory(err, sizeof column);
    *at = panel->columns.n - 1;
    return QUIPU_OK;
}

quipu_status qi_panel_numbers(qi_panel *panel, size_t column, quipu_error *err) {
    size_t bytes;
    qi_panel_column *c = &panel->columns.items[column];
    if (!qi_mul_size(panel->n + 1, sizeof *c->number, &bytes))
        return qi_fail_memory(err, SIZE_MAX);
    c->number = malloc(bytes);
    return c->number != NULL ? QUIPU_OK : qi_fail_memory(err, bytes);
}

quipu_status qi_panel_label_room(qi_panel *panel, size_t column, quipu_error *err) {
    size_t bytes;
    qi_panel_column *c = &panel->columns.items[column];
    if (!qi_mul_size(panel->n + 1, sizeof *c->label, &bytes))
        return qi_fail_memory(err, SIZE_MAX);
    c->label = malloc(bytes);
    return c->label != NULL ? QUIPU_OK : qi_fail_memory(err, bytes);
}

uint64_t qi_panel_line(const qi_panel *panel, size_t row) {
    size_t low = 0, high = panel->jumps.n;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        *(panel->jumps.items[middle].row <= row ? &low : &high) = middle;
    }
    return high == 0 ? 0 : panel->jumps.items[low].line + (row - panel->jumps.items[low].row);
}

/* ---- labels of numbers ---- */

/* Numbers as keys that rise with them. */
static uint64_t key_of(double value) {
    uint64_t bits;
    value += 0.0; /* -0 is 0 */
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | (UINT64_C(1) << 63);
}

static double value_of(uint64_t key) {
    uint64_t bits = key >> 63 ? key & ~(UINT64_C(1) << 63) : ~key;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static size_t find_key(const uint64_t *keys, size_t n, uint64_t key) {
    size_t low = 0;
    while (n > 1) {
        size_t half = n / 2;
        low += keys[low + half] <= key ? half : 0;
        n -= half;
    }
    return low;
}

/* Each value once, rising; *keys has room for one of each row. */
static size_t distinct(const double *number, size_t n, uint64_t *keys) {
    size_t m = 0, kept = 0;
    for (size_t i = 0; i < n; i++)
        if (number[i] == number[i] && (m == 0 || keys[m - 1] != key_of(number[i])))
            keys[m++] = key_of(number[i]);
    qi_sort_keys(keys, m);
    for (size_t i = 0; i < m; i++)
        if (kept == 0 || keys[kept - 1] != keys[i])
            keys[kept++] = keys[i];
    return kept;
}

static quipu_status name_labels(qi_panel *panel, qi_panel_column *c, const uint64_t *keys,
                                size_t m, quipu_error *err) {
    const char **labels = qi_arena_alloc(&panel->arena, (m + 1) * sizeof *labels);
    if (labels == NULL)
        return qi_fail_memory(err, m * sizeof *labels);
    for (size_t k = 0; k < m; k++) {
        char text[QI_NUMBER_TEXT];
        size_t length = qi_format_double(text, value_of(keys[k]));
        labels[k] = qi_arena_text(&panel->arena, text, length);
        if (labels[k] == NULL)
            return qi_fail_memory(err, length);
    }
    c->labels = labels;
    c->n_labels = m;
    return QUIPU_OK;
}

quipu_status qi_panel_labels(qi_panel *panel, size_t column, quipu_error *err) {
    qi_panel_column *c = &panel->columns.items[column];
    if (c->label != NULL)
        return QUIPU_OK;
    uint64_t *keys = malloc((panel->n + 1) * sizeof *keys);
    quipu_status status = QUIPU_OK;
    if (keys == NULL)
        return qi_fail_memory(err, panel->n * sizeof *keys);
    size_t m = distinct(c->number, panel->n, keys);
    if (m >= QI_NO_LABEL)
        status = qi_fail(err, QUIPU_E_LIMIT, "%.60s has too many different values", c->name);
    if (status == QUIPU_OK)
        status = name_labels(panel, c, keys, m, err);
    if (status == QUIPU_OK)
        status = qi_panel_label_room(panel, column, err);
    size_t last = 0;
    for (size_t i = 0; status == QUIPU_OK && i < panel->n; i++) {
        double value = c->number[i];
        if (value != value) {
            c->label[i] = QI_NO_LABEL;
            continue;
        }
        if (keys[last] != key_of(value))
            last = find_key(keys, m, key_of(value));
        c->label[i] = (uint32_t)last;
    }
    free(keys);
    return status;
}
