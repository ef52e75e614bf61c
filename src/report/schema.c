/* SPDX-License-Identifier: Apache-2.0 */
/* schema.c - see schema.h. */
#include "report/schema.h"

bool qi_column_is_full(const qi_writer *w, size_t column) {
    for (size_t row = 0; row < w->table->n_rows; row++) {
        if (!qi_cell_present(w, column, row))
            return false;
        /* In a CSV an empty text reads as a missing one. */
        if (qi_column_is_text(w, column) && w->table->columns[column].data.text[row][0] == '\0')
            return false;
    }
    return true;
}

bool qi_is_name_of_another(const quipu_table *table, const char *name) {
    char other[128];
    size_t length = strlen(name);
    if (length <= 5 || length >= sizeof other || strcmp(name + length - 5, "_name") != 0)
        return false;
    memcpy(other, name, length - 5);
    other[length - 5] = '\0';
    return quipu_table_find(table, other) >= 0;
}

/* ---- the key ---- */

typedef struct keyed_row {
    uint64_t hash;
    size_t row;
} keyed_row;

static uint64_t hash_row(const quipu_table *table, const size_t *key, size_t n, size_t row) {
    uint64_t hash = 0;
    for (size_t i = 0; i < n; i++) {
        const quipu_column *c = &table->columns[key[i]];
        uint64_t parts[2] = {hash, 0};
        if (c->spec.type == QUIPU_TEXT)
            parts[1] = qi_hash64(c->data.text[row], strlen(c->data.text[row]));
        else
            memcpy(&parts[1], &c->data.integer[row], sizeof parts[1]);
        hash = qi_hash64(parts, sizeof parts);
    }
    return hash;
}

static bool same_key(const quipu_table *table, const size_t *key, size_t n, size_t a,
                     size_t b) {
    for (size_t i = 0; i < n; i++) {
        const quipu_column *c = &table->columns[key[i]];
        if (c->spec.type == QUIPU_TEXT ? strcmp(c->data.text[a], c->data.text[b]) != 0
                                       : c->data.integer[a] != c->data.integer[b])
            return false;
    }
    return true;
}

static int by_hash(const void *x, const void *y) {
    const keyed_row *a = x, *b = y;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* Rows with the same hash are compared pair by pair; there are few unless they agree. */
static bool all_differ(const quipu_table *table, const size_t *key, size_t n, keyed_row *rows) {
    for (size_t row = 0; row < table->n_rows; row++)
        rows[row] = (keyed_row){hash_row(table, key, n, row), row};
    qsort(rows, table->n_rows, sizeof *rows, by_hash);
    for (size_t i = 0; i < table->n_rows; i++) {
        for (size_t j = i + 1; j < table->n_rows && rows[j].hash == rows[i].hash; j++) {
            if (same_key(table, key, n, rows[i].row, rows[j].row))
                return false;
        }
    }
    return true;
}

bool qi_find_key(const qi_writer *w, size_t *key, size_t *n) {
    const quipu_table *table = w->table;
    size_t bytes;
    *n = 0;
    for (size_t i = 0; i < table->n_columns; i++) {
        const quipu_column_spec *spec = &table->columns[i].spec;
        bool real = spec->type == QUIPU_REAL || spec->type == QUIPU_SHARE;
        if (spec->role != QUIPU_DIMENSION || real || qi_is_name_of_another(table, spec->name))
            continue;
        if (!qi_column_is_full(w, i)) {
            *n = 0;
            return true;
        }
        key[(*n)++] = i;
    }
    if (*n == 0)
        return true;
    if (!qi_mul_size(table->n_rows + 1, sizeof(keyed_row), &bytes))
        return false;
    keyed_row *rows = malloc(bytes);
    if (rows == NULL)
        return false;
    if (!all_differ(table, key, *n, rows))
        *n = 0;
    free(rows);
    return true;
}

void qi_put_member(qi_writer *w, const char *before, const char *key, const char *text) {
    if (text == NULL || text[0] == '\0')
        return;
    qi_puts(w, before);
    qi_put_json_string(w, key);
    qi_putc(w, ':');
    qi_put_json_string(w, text);
}
