/* SPDX-License-Identifier: Apache-2.0 */
/* result.c - what a statement gives, as a table of ours.
 *
 *   whole numbers            QUIPU_INTEGER   decimals of up to three places   QUIPU_AMOUNT
 *   doubles, finer decimals  QUIPU_REAL      texts, truth values              QUIPU_TEXT
 *
 * Nothing is cut silently: a figure that does not fit, and a type that has no place in a table,
 * are errors that say which cast helps.
 */
#include "sql/sql.h"

#include <math.h>

__extension__ typedef __int128 wide;

typedef struct kind {
    int type, scale;
} kind;

static const int64_t POWERS[] = {1000, 100, 10, 1};

static quipu_type type_of(const kind *c) {
    switch (c->type) {
    case QI_DUCK_VARCHAR:
    case QI_DUCK_BOOLEAN:
    case QI_DUCK_NULL: return QUIPU_TEXT;
    case QI_DUCK_FLOAT:
    case QI_DUCK_DOUBLE: return QUIPU_REAL;
    default: return c->scale == 0 ? QUIPU_INTEGER : c->scale <= 3 ? QUIPU_AMOUNT : QUIPU_REAL;
    }
}

static quipu_status read_column(qi_duck_result *result, size_t number, kind *c,
                                quipu_error *err) {
    qi_duck logical = D.column_logical_type(result, number);
    *c = (kind){.type = D.get_type_id(logical)};
    if (c->type == QI_DUCK_DECIMAL) {
        c->scale = D.decimal_scale(logical);
        c->type = D.decimal_internal_type(logical);
    }
    D.destroy_logical_type(&logical);
    switch (c->type) {
    case QI_DUCK_BOOLEAN:
    case QI_DUCK_TINYINT:
    case QI_DUCK_SMALLINT:
    case QI_DUCK_INTEGER:
    case QI_DUCK_BIGINT:
    case QI_DUCK_UTINYINT:
    case QI_DUCK_USMALLINT:
    case QI_DUCK_UINTEGER:
    case QI_DUCK_UBIGINT:
    case QI_DUCK_HUGEINT:
    case QI_DUCK_FLOAT:
    case QI_DUCK_DOUBLE:
    case QI_DUCK_VARCHAR:
    case QI_DUCK_NULL: return QUIPU_OK;
    default:
        return qi_fail(err, QUIPU_E_ARG,
                       "column \"%s\" is of a type a table does not hold (a date, a list, a "
                       "structure ...): cast it to text, as in x::VARCHAR",
                       D.column_name(result, number));
    }
}

static wide whole_of(int type, const void *data, size_t row) {
    switch (type) {
    case QI_DUCK_TINYINT: return ((const int8_t *)data)[row];
    case QI_DUCK_SMALLINT: return ((const int16_t *)data)[row];
    case QI_DUCK_INTEGER: return ((const int32_t *)data)[row];
    case QI_DUCK_UTINYINT: return ((const uint8_t *)data)[row];
    case QI_DUCK_USMALLINT: return ((const uint16_t *)data)[row];
    case QI_DUCK_UINTEGER: return ((const uint32_t *)data)[row];
    case QI_DUCK_UBIGINT: return ((const uint64_t *)data)[row];
    case QI_DUCK_HUGEINT: {
        const qi_duck_huge *huge = (const qi_duck_huge *)data + row;
        return (wide)huge->upper * ((wide)1 << 64) + huge->lower;
    }
    default: return ((const int64_t *)data)[row];
    }
}

static quipu_status set_whole(quipu_table *out, size_t c, size_t row, const kind *of,
                              wide value, quipu_error *err) {
    if (of->scale > 3) {
        quipu_table_set_real(out, c, row, (double)value / pow(10, of->scale));
        return QUIPU_OK;
    }
    if (of->scale > 0)
        value *= POWERS[of->scale];
    if (value > INT64_MAX || value < INT64_MIN)
        return qi_fail(err, QUIPU_E_LIMIT,
                       "column \"%s\" holds a figure beyond 64 bits: cast it, as in x::DOUBLE "
                       "or x::VARCHAR",
                       out->columns[c].spec.name);
    quipu_table_set_integer(out, c, row, (int64_t)value);
    return QUIPU_OK;
}

static quipu_status set_text(quipu_table *out, size_t c, size_t row, const qi_duck_text *from,
                             quipu_error *err) {
    size_t length;
    const char *bytes = qi_duck_text_of(from, &length);
    char *text = strndup(bytes, length);
    if (text == NULL)
        return qi_fail_memory(err, length);
    quipu_status status = quipu_table_set_text(out, c, row, text, err);
    free(text);
    return status;
}

static quipu_status set_cell(quipu_table *out, size_t c, size_t row, const kind *of,
                             const void *data, size_t at, quipu_error *err) {
    switch (of->type) {
    case QI_DUCK_VARCHAR: return set_text(out, c, row, (const qi_duck_text *)data + at, err);
    case QI_DUCK_BOOLEAN:
        return quipu_table_set_text(out, c, row, ((const bool *)data)[at] ? "true" : "false",
                                    err);
    case QI_DUCK_FLOAT:
        quipu_table_set_real(out, c, row, (double)((const float *)data)[at]);
        return QUIPU_OK;
    case QI_DUCK_DOUBLE:
        quipu_table_set_real(out, c, row, ((const double *)data)[at]);
        return QUIPU_OK;
    default: return set_whole(out, c, row, of, whole_of(of->type, data, at), err);
    }
}

static quipu_status add_chunk(qi_duck chunk, const kind *kinds, quipu_table *out,
                              quipu_error *err) {
    size_t first, n = D.data_chunk_get_size(chunk);
    if (n == 0)
        return QUIPU_OK;
    QI_TRY(quipu_table_add_rows(out, n, &first, err));
    for (size_t c = 0; c < out->n_columns; c++) {
        qi_duck vector = D.data_chunk_get_vector(chunk, c);
        const uint64_t *validity = D.vector_get_validity(vector);
        const void *data = D.vector_get_data(vector);
        for (size_t i = 0; i < n && kinds[c].type != QI_DUCK_NULL; i++)
            if (qi_duck_present(validity, i))
                QI_TRY(set_cell(out, c, first + i, &kinds[c], data, i, err));
    }
    return QUIPU_OK;
}

static bool is_period(const char *name) {
    static const char *const names[] = {"year", "period", "from", "to"};
    for (size_t i = 0; i < QI_COUNT(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static quipu_status begin(qi_duck_result *result, kind *kinds, quipu_column_spec *specs,
                          size_t n, quipu_table *out, quipu_error *err) {
    for (size_t i = 0; i < n; i++) {
        const char *name = D.column_name(result, i);
        QI_TRY(read_column(result, i, &kinds[i], err));
        specs[i] = (quipu_column_spec){.name = name,
                                       .type = type_of(&kinds[i]),
                                       .role = QUIPU_FIGURE,
                                       .unit = "",
                                       .decimals = kinds[i].scale};
        if (specs[i].type == QUIPU_REAL)
            specs[i].decimals = -1;
        if (specs[i].type == QUIPU_TEXT || (specs[i].type == QUIPU_INTEGER && is_period(name)))
            specs[i].role = QUIPU_DIMENSION;
    }
    return quipu_table_init(out, "sql", specs, n, err);
}

/* People are shown as many decimals as the figures have. */
static void choose_decimals(quipu_table *out) {
    for (size_t c = 0; c < out->n_columns; c++) {
        quipu_column *column = &out->columns[c];
        if (column->spec.type != QUIPU_AMOUNT)
            continue;
        int64_t finest = 1000;
        for (size_t row = 0; row < out->n_rows; row++)
            while (quipu_table_present(out, c, row) && column->data.integer[row] % finest != 0)
                finest /= 10;
        column->spec.decimals = finest == 1000 ? 0 : finest == 100 ? 1 : finest == 10 ? 2 : 3;
    }
}

/* EXPLAIN gives drawings of several lines: a row for each. */
static bool is_plan(const quipu_table *t) {
    return t->n_columns == 2 && strcmp(t->columns[0].spec.name, "explain_key") == 0 &&
           strcmp(t->columns[1].spec.name, "explain_value") == 0;
}

static quipu_status lay_out_plan(quipu_table *t, quipu_error *err) {
    static const quipu_column_spec PLAN = {"plan", NULL, QUIPU_TEXT, QUIPU_DIMENSION, "", 0};
    quipu_table lines;
    size_t to;
    quipu_status status = quipu_table_init(&lines, "sql", &PLAN, 1, err);
    for (size_t row = 0; row < t->n_rows && status == QUIPU_OK; row++)
        for (const char *at = t->columns[1].data.text[row]; *at != '\0';) {
            size_t length = strcspn(at, "\n");
            char *line = strndup(at, length);
            status = line != NULL ? quipu_table_add_rows(&lines, 1, &to, err)
                                  : qi_fail_memory(err, length);
            if (status == QUIPU_OK)
                status = quipu_table_set_text(&lines, 0, to, line, err);
            free(line);
            if (status != QUIPU_OK)
                break;
            at += length;
            at += *at == '\n';
        }
    quipu_table_free(t);
    *t = lines;
    return status;
}

quipu_status qi_sql_result(qi_duck_result *result, quipu_table *out, quipu_error *err) {
    size_t n = D.result_return_type(*result) == QI_DUCK_ROWS ? D.column_count(result) : 0;
    kind *kinds = calloc(n + 1, sizeof *kinds);
    quipu_column_spec *specs = calloc(n + 1, sizeof *specs);
    quipu_status status;
    if (kinds == NULL || specs == NULL)
        status = qi_fail_memory(err, n * sizeof *specs);
    else
        status = begin(result, kinds, specs, n, out, err);
    for (qi_duck chunk; status == QUIPU_OK && n > 0;) {
        chunk = D.fetch_chunk(*result);
        if (chunk == NULL)
            break;
        status = add_chunk(chunk, kinds, out, err);
        D.destroy_data_chunk(&chunk);
    }
    free(kinds);
    free(specs);
    if (status == QUIPU_OK)
        choose_decimals(out);
    if (status == QUIPU_OK && is_plan(out))
        status = lay_out_plan(out, err);
    return status;
}
