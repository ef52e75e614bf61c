/* SPDX-License-Identifier: Apache-2.0 */
/* table.c - the result table: typed columns, a presence bit per cell, notes and sources.
 *
 *   1. Every column has room for `capacity` rows; cells past n_rows are zero and absent.
 *   2. A cell that is absent holds zero or NULL, so two equal tables are equal byte for byte.
 *   3. All text lives in one arena.  The same few names fill most columns of a result, so
 *      recently used texts are found again in a small cache and stored once.
 */
#include "quipu/table.h"

#include "base/base.h"

#define N_RECENT 1024 /* a power of two */

typedef struct table_impl {
    qi_arena arena;
    size_t capacity; /* rows, a multiple of 64 */
    size_t notes_capacity, source_capacity;
    const char **recent; /* N_RECENT texts by hash; NULL until the first text */
} table_impl;

static bool is_integer(quipu_type type) {
    return type == QUIPU_INTEGER || type == QUIPU_MONEY || type == QUIPU_AMOUNT;
}

static bool is_real(quipu_type type) {
    return type == QUIPU_REAL || type == QUIPU_SHARE;
}

static bool cell_exists(const quipu_table *table, size_t column, size_t row) {
    return table != NULL && column < table->n_columns && row < table->n_rows;
}

static void mark(quipu_column *column, size_t row, bool present) {
    uint64_t bit = UINT64_C(1) << (row % 64);
    if (present)
        column->present[row / 64] |= bit;
    else
        column->present[row / 64] &= ~bit;
}

/* ---- making and freeing ---- */

static bool copy_spec(qi_arena *arena, quipu_column_spec *out, const quipu_column_spec *spec) {
    *out = *spec;
    out->name = qi_arena_dup(arena, spec->name);
    out->label = spec->label == NULL ? out->name : qi_arena_dup(arena, spec->label);
    out->unit = qi_arena_dup(arena, spec->unit == NULL ? "" : spec->unit);
    return out->name != NULL && out->label != NULL && out->unit != NULL;
}

quipu_status quipu_table_init(quipu_table *out, const char *measure,
                              const quipu_column_spec *specs, size_t n_specs,
                              quipu_error *err) {
    qi_error_clear(err);
    *out = (quipu_table){0};
    for (size_t i = 0; i < n_specs; i++) {
        if (specs[i].name == NULL || specs[i].name[0] == '\0')
            return qi_fail(err, QUIPU_E_ARG, "column %zu of table %s has no name", i + 1,
                           measure == NULL ? "?" : measure);
        /* Names are the keys of JSON rows and of SQL: they must tell columns apart. */
        for (size_t j = 0; j < i; j++) {
            if (strcmp(specs[i].name, specs[j].name) == 0)
                return qi_fail(err, QUIPU_E_ARG, "table %s has two columns named %s",
                               measure == NULL ? "?" : measure, specs[i].name);
        }
    }
    size_t bytes;
    if (!qi_mul_size(n_specs, sizeof(quipu_column), &bytes))
        return qi_fail_memory(err, 0);
    table_impl *impl = calloc(1, sizeof *impl);
    if (impl == NULL)
        return qi_fail_memory(err, sizeof *impl);

    quipu_table made = {.impl = impl, .n_columns = n_specs};
    made.measure = qi_arena_dup(&impl->arena, measure == NULL ? "" : measure);
    made.title = qi_arena_dup(&impl->arena, "");
    made.columns = qi_arena_alloc(&impl->arena, bytes);
    bool fine = made.measure != NULL && made.title != NULL && made.columns != NULL;
    for (size_t i = 0; i < n_specs && fine; i++)
        fine = copy_spec(&impl->arena, &made.columns[i].spec, &specs[i]);
    if (!fine) {
        qi_arena_free(&impl->arena);
        free(impl);
        return qi_fail_memory(err, 0);
    }
    *out = made;
    return QUIPU_OK;
}

void quipu_table_free(quipu_table *table) {
    if (table == NULL)
        return;
    table_impl *impl = table->impl;
    if (impl != NULL) {
        for (size_t i = 0; i < table->n_columns; i++) {
            quipu_column *column = &table->columns[i];
            if (column->spec.type == QUIPU_TEXT)
                free(column->data.text);
            else if (is_real(column->spec.type))
                free(column->data.real);
            else
                free(column->data.integer);
            free(column->present);
        }
        free(table->notes);
        free(table->source);
        free(impl->recent);
        qi_arena_free(&impl->arena);
        free(impl);
    }
    *table = (quipu_table){0};
}

/* ---- rows ---- */

/* Sets *cells to larger zero-filled room; on failure it keeps what it had. */
static bool grow_cells(void **cells, size_t cell_size, size_t from, size_t to) {
    size_t bytes;
    if (!qi_mul_size(to, cell_size, &bytes))
        return false;
    char *grown = realloc(*cells, bytes);
    if (grown == NULL)
        return false;
    memset(grown + from * cell_size, 0, bytes - from * cell_size);
    *cells = grown;
    return true;
}

static bool grow_column(quipu_column *column, size_t from, size_t to) {
    bool grown;
    void *cells;
    if (column->spec.type == QUIPU_TEXT) {
        cells = column->data.text;
        grown = grow_cells(&cells, sizeof *column->data.text, from, to);
        column->data.text = cells;
    } else if (is_real(column->spec.type)) {
        cells = column->data.real;
        grown = grow_cells(&cells, sizeof *column->data.real, from, to);
        column->data.real = cells;
    } else {
        cells = column->data.integer;
        grown = grow_cells(&cells, sizeof *column->data.integer, from, to);
        column->data.integer = cells;
    }
    if (!grown)
        return false;
    uint64_t *bits = realloc(column->present, to / 64 * sizeof *bits);
    if (bits == NULL)
        return false;
    memset(bits + from / 64, 0, (to - from) / 64 * sizeof *bits);
    column->present = bits;
    return true;
}

static bool grow_rows(quipu_table *table, size_t need) {
    table_impl *impl = table->impl;
    if (need <= impl->capacity)
        return true;
    /* Exactly what is asked for the first time (most calculations know), double later. */
    size_t wanted = need;
    if (impl->capacity > 0 && wanted / 2 < impl->capacity &&
        !qi_mul_size(impl->capacity, 2, &wanted))
        return false;
    if (!qi_add_size(wanted, 63, &wanted))
        return false;
    wanted &= ~(size_t)63;
    /* If memory ends half way the columns that grew are larger than they need be; the
     * capacity, and with it every promise, is that of the smallest. */
    for (size_t i = 0; i < table->n_columns; i++) {
        if (!grow_column(&table->columns[i], impl->capacity, wanted))
            return false;
    }
    impl->capacity = wanted;
    return true;
}

quipu_status quipu_table_add_rows(quipu_table *table, size_t n, size_t *row_out,
                                  quipu_error *err) {
    qi_error_clear(err);
    if (row_out != NULL)
        *row_out = 0;
    size_t need;
    if (!qi_add_size(table->n_rows, n, &need) || !grow_rows(table, need))
        return qi_fail_memory(err, 0);
    if (row_out != NULL)
        *row_out = table->n_rows;
    table->n_rows = need;
    return QUIPU_OK;
}

/* ---- cells ---- */

static const char *keep_text(table_impl *impl, const char *text) {
    if (impl->recent == NULL) {
        impl->recent = calloc(N_RECENT, sizeof *impl->recent);
        if (impl->recent == NULL)
            return NULL;
    }
    size_t length = strlen(text);
    const char **slot = &impl->recent[qi_hash64(text, length) % N_RECENT];
    if (*slot != NULL && strcmp(*slot, text) == 0)
        return *slot;
    const char *copy = qi_arena_text(&impl->arena, text, length);
    if (copy != NULL)
        *slot = copy;
    return copy;
}

quipu_status quipu_table_set_text(quipu_table *table, size_t column, size_t row,
                                  const char *text, quipu_error *err) {
    qi_error_clear(err);
    if (!cell_exists(table, column, row) || table->columns[column].spec.type != QUIPU_TEXT)
        return qi_fail(err, QUIPU_E_BUG, "no text cell at row %zu, column %zu of table %s", row,
                       column, table == NULL ? "?" : table->measure);
    const char *kept = NULL;
    if (text != NULL) {
        kept = keep_text(table->impl, text);
        if (kept == NULL)
            return qi_fail_memory(err, strlen(text) + 1);
    }
    table->columns[column].data.text[row] = kept;
    mark(&table->columns[column], row, kept != NULL);
    return QUIPU_OK;
}

/* The setters without a status leave the table alone when the cell does not exist or is of
 * another type: an absent figure is a visible mistake, a wrong one is not. */
void quipu_table_set_integer(quipu_table *table, size_t column, size_t row, int64_t v) {
    if (!cell_exists(table, column, row) || !is_integer(table->columns[column].spec.type))
        return;
    table->columns[column].data.integer[row] = v;
    mark(&table->columns[column], row, true);
}

void quipu_table_set_real(quipu_table *table, size_t column, size_t row, double v) {
    if (!cell_exists(table, column, row) || !is_real(table->columns[column].spec.type))
        return;
    bool finite = v - v == 0.0;
    /* One zero: "-0" would be printed as such and make equal tables differ. */
    table->columns[column].data.real[row] = !finite || v == 0.0 ? 0.0 : v;
    mark(&table->columns[column], row, finite);
}

bool quipu_table_present(const quipu_table *table, size_t column, size_t row) {
    if (!cell_exists(table, column, row))
        return false;
    return (table->columns[column].present[row / 64] >> (row % 64) & 1) != 0;
}

/* ---- what goes with the figures ---- */

quipu_status quipu_table_set_title(quipu_table *table, quipu_error *err, const char *format,
                                   ...) {
    table_impl *impl = table->impl;
    qi_error_clear(err);
    va_list args;
    va_start(args, format);
    const char *title = qi_arena_vprintf(&impl->arena, format, args);
    va_end(args);
    if (title == NULL)
        return qi_fail_memory(err, 0);
    table->title = title;
    return QUIPU_OK;
}

quipu_status quipu_table_add_note(quipu_table *table, quipu_error *err, const char *format,
                                  ...) {
    table_impl *impl = table->impl;
    qi_error_clear(err);
    va_list args;
    va_start(args, format);
    const char *note = qi_arena_vprintf(&impl->arena, format, args);
    va_end(args);
    if (note == NULL)
        return qi_fail_memory(err, 0);
    /* Calculations meet the same caveat once per row; the reader needs it once. */
    for (size_t i = 0; i < table->n_notes; i++) {
        if (strcmp(table->notes[i], note) == 0)
            return QUIPU_OK;
    }
    void *notes = table->notes;
    if (!qi_grow(&notes, &impl->notes_capacity, table->n_notes + 1, sizeof *table->notes))
        return qi_fail_memory(err, 0);
    table->notes = notes;
    table->notes[table->n_notes++] = note;
    return QUIPU_OK;
}

quipu_status quipu_table_add_source(quipu_table *table, const char *key, const char *text,
                                    quipu_error *err) {
    table_impl *impl = table->impl;
    qi_error_clear(err);
    if (key == NULL || text == NULL)
        return qi_fail(err, QUIPU_E_ARG, "a source needs a key and a text");
    quipu_pair_text pair = {qi_arena_dup(&impl->arena, key), qi_arena_dup(&impl->arena, text)};
    if (pair.key == NULL || pair.text == NULL)
        return qi_fail_memory(err, 0);
    /* A key has one text, as in the JSON object it becomes: the last one given. */
    for (size_t i = 0; i < table->n_source; i++) {
        if (strcmp(table->source[i].key, key) == 0) {
            table->source[i] = pair;
            return QUIPU_OK;
        }
    }
    void *source = table->source;
    if (!qi_grow(&source, &impl->source_capacity, table->n_source + 1, sizeof *table->source))
        return qi_fail_memory(err, 0);
    table->source = source;
    table->source[table->n_source++] = pair;
    return QUIPU_OK;
}

ptrdiff_t quipu_table_find(const quipu_table *table, const char *column_name) {
    for (size_t i = 0; i < table->n_columns; i++) {
        if (strcmp(table->columns[i].spec.name, column_name) == 0)
            return (ptrdiff_t)i;
    }
    return -1;
}
