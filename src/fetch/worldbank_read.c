/* SPDX-License-Identifier: Apache-2.0 */
/* worldbank_read.c - [{"page": 1, "pages": 3, ...}, [{"countryiso3code": "PER", "date": "2011",
 * "value": 1.7e11, "indicator": {"id": ...}}, ...]] */
#include "fetch/worldbank.h"

#include <jansson.h>

static bool read_number(const json_t *object, const char *name, int64_t *out) {
    const json_t *value = json_object_get(object, name);
    const char *text = json_string_value(value);
    if (json_is_integer(value)) {
        *out = json_integer_value(value);
        return true;
    }
    return text != NULL && qi_parse_int(text, strlen(text), out);
}

static quipu_status read_head(const json_t *head, qi_bank_page *out, quipu_error *err) {
    const json_t *message = json_array_get(json_object_get(head, "message"), 0);
    const char *said = json_string_value(json_object_get(message, "value"));
    const char *updated = json_string_value(json_object_get(head, "lastupdated"));
    if (said != NULL) {
        char text[200];
        snprintf(text, sizeof text, "%s", said);
        qi_text_clean(text, strlen(text));
        return qi_fail(err, QUIPU_E_ARG, "the World Bank says: %s", text);
    }
    if (!read_number(head, "page", &out->page) || !read_number(head, "pages", &out->pages) ||
        !read_number(head, "total", &out->total) || out->pages < 0 || out->pages > 100000)
        return qi_fail(
            err, QUIPU_E_FORMAT,
            "not a page of the World Bank: it does not say which it is, of how many");
    snprintf(out->updated, sizeof out->updated, "%s", updated != NULL ? updated : "");
    qi_text_clean(out->updated, strlen(out->updated));
    return QUIPU_OK;
}

static quipu_status read_row(const json_t *item, const char *indicator, qi_bank_page *out,
                             quipu_error *err) {
    qi_bank_row row = {0};
    int64_t year;
    const char *of =
        json_string_value(json_object_get(json_object_get(item, "indicator"), "id"));
    const char *country = json_string_value(json_object_get(item, "countryiso3code"));
    const json_t *value = json_object_get(item, "value");
    if (of == NULL || strcmp(of, indicator) != 0 || country == NULL ||
        !read_number(item, "date", &year) || year < 1900 || year > 2100)
        return qi_fail(err, QUIPU_E_DATA, "a figure that is not about %s, a country and a year",
                       indicator);
    out->n++;
    if (!json_is_number(value) || strlen(country) != 3)
        return QUIPU_OK;
    snprintf(row.country, sizeof row.country, "%s", country);
    row.year = (int)year;
    if (json_is_integer(value))
        qi_format_scaled(row.value, json_integer_value(value), 0);
    else
        qi_format_double(row.value, json_real_value(value));
    return QI_PUSH(&out->rows, row) ? QUIPU_OK : qi_fail_memory(err, sizeof row);
}

quipu_status qi_bank_read(const char *bytes, size_t length, const char *indicator,
                          qi_bank_page *out, quipu_error *err) {
    json_error_t where;
    size_t from = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    json_t *root = json_loadb(bytes + from, length - from, 0, &where);
    memset(out, 0, sizeof *out);
    if (root == NULL)
        return qi_fail(err, QUIPU_E_FORMAT, "not JSON: line %d, column %d: %s", where.line,
                       where.column, where.text);
    const json_t *list = json_array_get(root, 1);
    quipu_status status = read_head(json_array_get(root, 0), out, err);
    for (size_t i = 0; i < json_array_size(list) && status == QUIPU_OK; i++)
        status = read_row(json_array_get(list, i), indicator, out, err);
    json_decref(root);
    if (status != QUIPU_OK)
        qi_bank_free(out);
    return status;
}

void qi_bank_free(qi_bank_page *page) {
    free(page->rows.items);
    memset(page, 0, sizeof *page);
}
