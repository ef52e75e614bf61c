/* SPDX-License-Identifier: Apache-2.0 */
/* duck_table.c - see duck_table.h. */
#include "report/duck_table.h"

#define D qi_duckdb_call

typedef struct rows {
    quipu_table own; /* freed with the binding; zero when the table is borrowed */
    const quipu_table *table;
    uint8_t *digits; /* of each column of money: 18 or 19 */
} rows;

typedef struct scan {
    size_t next, n_columns;
    size_t column[];
} scan;

static void free_rows(void *data) {
    rows *r = data;
    quipu_table_free(&r->own);
    free(r->digits);
    free(r);
}

/* ---- columns ---- */

void qi_duck_add_column(qi_duck info, const char *name, int type) {
    qi_duck logical = D.create_logical_type(type);
    D.bind_add_result_column(info, name, logical);
    D.destroy_logical_type(&logical);
}

void qi_duck_add_money_column(qi_duck info, const char *name, uint8_t digits) {
    qi_duck logical = D.create_decimal_type(digits, 3);
    D.bind_add_result_column(info, name, logical);
    D.destroy_logical_type(&logical);
}

static uint8_t digits_of(const quipu_table *t, size_t column) {
    for (size_t row = 0; row < t->n_rows; row++) {
        int64_t value = t->columns[column].data.integer[row];
        if (quipu_table_present(t, column, row) &&
            (value > QI_DUCK_MOST_MONEY || value < -QI_DUCK_MOST_MONEY))
            return 19;
    }
    return 18;
}

static void add_columns(qi_duck info, rows *r) {
    for (size_t c = 0; c < r->table->n_columns; c++) {
        const quipu_column_spec *spec = &r->table->columns[c].spec;
        switch (spec->type) {
        case QUIPU_TEXT: qi_duck_add_column(info, spec->name, QI_DUCK_VARCHAR); break;
        case QUIPU_INTEGER: qi_duck_add_column(info, spec->name, QI_DUCK_BIGINT); break;
        case QUIPU_REAL:
        case QUIPU_SHARE: qi_duck_add_column(info, spec->name, QI_DUCK_DOUBLE); break;
        case QUIPU_MONEY:
        case QUIPU_AMOUNT:
            r->digits[c] = digits_of(r->table, c);
            qi_duck_add_money_column(info, spec->name, r->digits[c]);
            break;
        }
    }
}

static rows *bind(qi_duck info, const quipu_table *table) {
    rows *r = calloc(1, sizeof *r);
    uint8_t *digits = calloc(table->n_columns + 1, 1);
    if (r == NULL || digits == NULL) {
        free(r);
        free(digits);
        D.bind_set_error(info, "out of memory");
        return NULL;
    }
    r->digits = digits;
    r->table = table;
    add_columns(info, r);
    D.bind_set_cardinality(info, table->n_rows, true);
    D.bind_set_bind_data(info, r, free_rows);
    return r;
}

void qi_duck_bind_table(qi_duck info, const quipu_table *table) {
    bind(info, table);
}

void qi_duck_give_table(qi_duck info, quipu_table *table) {
    rows *r = bind(info, table);
    if (r == NULL) {
        quipu_table_free(table);
        return;
    }
    r->own = *table;
    r->table = &r->own;
    *table = (quipu_table){0};
}

/* ---- rows ---- */

static void init(qi_duck info) {
    size_t n = D.init_get_column_count(info);
    const rows *r = D.init_get_bind_data(info);
    scan *s = calloc(1, sizeof *s + n * sizeof s->column[0]);
    if (s == NULL) {
        D.init_set_error(info, "out of memory");
        return;
    }
    s->n_columns = n;
    for (size_t i = 0; i < n; i++) {
        s->column[i] = D.init_get_column_index(info, i);
        if (s->column[i] >= r->table->n_columns)
            s->column[i] = SIZE_MAX; /* only rows are counted */
    }
    D.init_set_init_data(info, s, free);
    D.init_set_max_threads(info, 1); /* so that the order stays */
}

static void put_text(qi_duck vector, size_t at, const char *text) {
    size_t length = strlen(text);
    char *clean = qi_utf8_valid(text, length) ? NULL : strdup(text);
    if (clean != NULL)
        qi_text_clean(clean, length);
    D.vector_assign_string_element_len(vector, at, clean != NULL ? clean : text, length);
    free(clean);
}

static void put_numbers(const rows *r, size_t column, size_t from, size_t n, void *data) {
    const quipu_column *c = &r->table->columns[column];
    if (r->digits[column] != 19) {
        memcpy(data, c->data.integer + from, n * 8); /* doubles as well */
        return;
    }
    qi_duck_huge *to = data;
    for (size_t i = 0; i < n; i++) {
        int64_t value = c->data.integer[from + i];
        to[i] = (qi_duck_huge){(uint64_t)value, value < 0 ? -1 : 0};
    }
}

static void put_column(const rows *r, size_t column, size_t from, size_t n, qi_duck vector) {
    const quipu_column *c = &r->table->columns[column];
    uint64_t *validity = NULL;
    if (c->spec.type != QUIPU_TEXT)
        put_numbers(r, column, from, n, D.vector_get_data(vector));
    for (size_t i = 0; i < n; i++) {
        if (quipu_table_present(r->table, column, from + i)) {
            if (c->spec.type == QUIPU_TEXT)
                put_text(vector, i, c->data.text[from + i]);
            continue;
        }
        if (validity == NULL) {
            D.vector_ensure_validity_writable(vector);
            validity = D.vector_get_validity(vector);
        }
        validity[i / 64] &= ~(UINT64_C(1) << (i % 64));
    }
}

static void fill(qi_duck info, qi_duck chunk) {
    const rows *r = D.function_get_bind_data(info);
    scan *s = D.function_get_init_data(info);
    size_t n = r->table->n_rows - s->next;
    if (n > QI_DUCK_VECTOR)
        n = QI_DUCK_VECTOR;
    for (size_t i = 0; i < s->n_columns; i++)
        if (s->column[i] != SIZE_MAX)
            put_column(r, s->column[i], s->next, n, D.data_chunk_get_vector(chunk, i));
    s->next += n;
    D.data_chunk_set_size(chunk, n);
}

qi_duck qi_duck_table_function(const char *name, qi_duck_call to_bind, void *extra) {
    qi_duck function = D.create_table_function();
    D.table_function_set_name(function, name);
    D.table_function_set_extra_info(function, extra, NULL);
    D.table_function_set_bind(function, to_bind);
    D.table_function_set_init(function, init);
    D.table_function_set_function(function, fill);
    D.table_function_supports_projection_pushdown(function, true);
    return function;
}
