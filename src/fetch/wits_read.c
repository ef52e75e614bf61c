/* SPDX-License-Identifier: Apache-2.0 */
/* wits_read.c - SDMX in JSON: figures under keys "0:0:12:0:0", whose numbers are places in lists
 * of codes, one list a dimension. */
#include "fetch/wits.h"

#include <jansson.h>

enum { MOST_DIMENSIONS = 8 };

typedef struct sdmx {
    const json_t *values[MOST_DIMENSIONS]; /* the codes of each dimension of a series */
    const char *id[MOST_DIMENSIONS];
    size_t n;
    const json_t *times;
} sdmx;

static quipu_status wrong(quipu_error *err, const char *what) {
    return qi_fail(err, QUIPU_E_FORMAT, "not an answer of WITS: %s", what);
}

static quipu_status read_structure(const json_t *root, sdmx *out, quipu_error *err) {
    const json_t *dimensions =
        json_object_get(json_object_get(root, "structure"), "dimensions");
    const json_t *series = json_object_get(dimensions, "series");
    const json_t *observation = json_array_get(json_object_get(dimensions, "observation"), 0);
    memset(out, 0, sizeof *out);
    out->n = json_array_size(series);
    out->times = json_object_get(observation, "values");
    if (out->n == 0 || out->n > MOST_DIMENSIONS || json_array_size(out->times) == 0)
        return wrong(err, "it lacks structure.dimensions");
    for (size_t i = 0; i < out->n; i++) {
        const json_t *dimension = json_array_get(series, i);
        out->id[i] = json_string_value(json_object_get(dimension, "id"));
        out->values[i] = json_object_get(dimension, "values");
        if (out->id[i] == NULL)
            return wrong(err, "a dimension has no id");
    }
    return QUIPU_OK;
}

static const char *code_at(const json_t *values, size_t at) {
    return json_string_value(json_object_get(json_array_get(values, at), "id"));
}

/* The places of "0:0:12:0:0". */
static bool read_key(const char *key, size_t *places, size_t n) {
    for (size_t i = 0; i < n; i++) {
        size_t digits = strspn(key, "0123456789");
        int64_t number;
        if (!qi_parse_int(key, digits, &number) || number < 0 || number > 1000000 ||
            key[digits] != (i + 1 < n ? ':' : 0))
            return false;
        places[i] = (size_t)number;
        key += digits + 1;
    }
    return true;
}

static bool copy_code(char out[4], const char *code) {
    if (strlen(code) != 3)
        return false;
    for (int i = 0; i < 4; i++)
        out[i] = (char)(code[i] >= 'a' && code[i] <= 'z' ? code[i] - 32 : code[i]);
    return true;
}

/* What the dimensions say of a series; *total: it is about all products. */
static bool read_codes(const sdmx *s, const size_t *places, qi_wits_row *row, bool *total) {
    bool reporter = false, partner = false, indicator = false;
    *total = true;
    for (size_t i = 0; i < s->n; i++) {
        const char *code = code_at(s->values[i], places[i]);
        if (code == NULL)
            return false;
        if (strcmp(s->id[i], "REPORTER") == 0) {
            reporter = copy_code(row->reporter, code);
        } else if (strcmp(s->id[i], "PARTNER") == 0) {
            partner = copy_code(row->partner, code);
        } else if (strcmp(s->id[i], "PRODUCTCODE") == 0) {
            *total = strcmp(code, "Total") == 0;
        } else if (strcmp(s->id[i], "INDICATOR") == 0) {
            row->is_export = strcmp(code, "XPRT-TRD-VL") == 0;
            indicator = row->is_export || strcmp(code, "MPRT-TRD-VL") == 0;
        }
    }
    return reporter && partner && indicator;
}

static bool read_value(const json_t *observation, char out[40]) {
    const json_t *value = json_array_get(observation, 0);
    char text[QI_NUMBER_TEXT];
    int64_t scaled;
    double lost;
    size_t n;
    if (json_is_integer(value))
        n = qi_format_scaled(text, json_integer_value(value), 0);
    else if (json_is_real(value))
        n = qi_format_double(text, json_real_value(value));
    else
        return false;
    qi_number_result result = qi_parse_scaled(text, n, 6, false, &scaled, &lost);
    if (result != QI_NUMBER_OK && result != QI_NUMBER_ROUNDED)
        return false;
    snprintf(out, 40, "%.*s", (int)n, text);
    return true;
}

static quipu_status read_series(const sdmx *s, const char *key, const json_t *series,
                                qi_wits_rows *out, quipu_error *err) {
    size_t places[MOST_DIMENSIONS], time;
    qi_wits_row row = {0};
    bool total;
    const char *place;
    const json_t *observation;
    if (!read_key(key, places, s->n) || !read_codes(s, places, &row, &total))
        return wrong(err, "a series is not about reporter, partner and a value of trade");
    json_t *observations = json_object_get(series, "observations");
    if (!total)
        return QUIPU_OK;
    json_object_foreach(observations, place, observation) {
        const char *year = read_key(place, &time, 1) ? code_at(s->times, time) : NULL;
        int64_t number;
        if (year == NULL || !qi_parse_int(year, strlen(year), &number) || number < 1900 ||
            number > 2100)
            return wrong(err, "an observation has no year");
        if (!read_value(observation, row.value))
            return wrong(err, "an observation has no figure of at least zero");
        row.year = (int)number;
        if (!QI_PUSH(out, row))
            return qi_fail_memory(err, sizeof row);
    }
    return QUIPU_OK;
}

quipu_status qi_wits_read(const char *bytes, size_t length, qi_wits_rows *out,
                          quipu_error *err) {
    json_error_t where;
    sdmx s;
    const char *key;
    json_t *one;
    size_t from = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    json_t *root = json_loadb(bytes + from, length - from, JSON_REJECT_DUPLICATES, &where);
    if (root == NULL)
        return qi_fail(err, QUIPU_E_FORMAT, "not JSON: line %d, column %d: %s", where.line,
                       where.column, where.text);
    quipu_status status = read_structure(root, &s, err);
    json_t *sets = json_object_get(root, "dataSets");
    json_t *series = json_object_get(json_array_get(sets, 0), "series");
    if (status == QUIPU_OK && !json_is_object(series))
        status = wrong(err, "it lacks dataSets and series");
    if (status == QUIPU_OK)
        json_object_foreach(series, key, one) {
            status = read_series(&s, key, one, out, err);
            if (status != QUIPU_OK)
                break;
        }
    json_decref(root);
    return status;
}

void qi_wits_free(qi_wits_rows *rows) {
    free(rows->items);
    memset(rows, 0, sizeof *rows);
}
