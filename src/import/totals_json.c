/* SPDX-License-Identifier: Apache-2.0 */
/* totals_json.c - bilateral totals {year: {partner: {"x": exports, "m": imports}}} in 1000
 * US$, one file a reporter, the reporter being the file's name (PER.json). */
#include "import.h"

#include <jansson.h>

static quipu_status add_figure(qi_chunk *chunk, quipu_period period, quipu_flow flow,
                               unsigned reporter, unsigned partner, const json_t *figure,
                               quipu_error *err) {
    qi_cell cell = {.product = qi_code_pack("TOTAL", 5),
                    .weight = QUIPU_QUANTITY_MISSING,
                    .quantity = QUIPU_QUANTITY_MISSING,
                    .unit = 1};
    char text[QI_NUMBER_TEXT];
    double rounding = 0;
    if (figure == NULL || json_is_null(figure))
        return QUIPU_OK;
    chunk->ledger.read++;
    if (!json_is_number(figure))
        return qi_reject_line(chunk, 0, "", 0, 1, err, "%d: a figure that is not a number",
                              period);
    /* The shortest text of the double is what stood in the file. */
    size_t length = json_is_integer(figure)
                        ? qi_format_scaled(text, json_integer_value(figure), 0)
                        : qi_format_double(text, json_real_value(figure));
    qi_number_result result = qi_parse_scaled(text, length, chunk->schema->value_scale, false,
                                              &cell.value, &rounding);
    if (result == QI_NUMBER_ROUNDED) {
        qi_ledger_note(&chunk->ledger, QI_R_ROUNDED, 1, cell.value, "%s", text);
        chunk->ledger.rounding += rounding / QUIPU_MONEY_PER_USD;
    } else if (result != QI_NUMBER_OK) {
        return qi_reject_line(chunk, 0, text, length, 1, err,
                              "%d: the value %s is negative or "
                              "too large",
                              period, text);
    }
    cell.key = qi_cell_key(period, (unsigned)flow, reporter, partner);
    return qi_add_cell(chunk, &cell, err);
}

static quipu_status wrong_shape(const char *where, quipu_error *err) {
    return qi_fail_at(
        err, QUIPU_E_FORMAT, "", 1, 1,
        "%.60s: expected {\"2011\": {\"CHN\": {\"x\": 1.5, \"m\": 2}}}: exports and "
        "imports by year and partner",
        where);
}

/* x, m or both, and nothing else that would be lost without a word. */
static bool is_pair_of_figures(json_t *figures) {
    size_t known = (json_object_get(figures, "x") != NULL ? 1u : 0u) +
                   (json_object_get(figures, "m") != NULL ? 1u : 0u);
    return json_is_object(figures) && json_object_size(figures) == known;
}

static quipu_status read_year(qi_chunk *chunk, quipu_period period, unsigned reporter,
                              json_t *partners, quipu_error *err) {
    const char *code;
    json_t *figures;
    json_object_foreach(partners, code, figures) {
        if (!is_pair_of_figures(figures))
            return wrong_shape(code, err);
        unsigned partner = qi_country_number(chunk->import, code, strlen(code));
        if (partner == QI_UNKNOWN_NUMBER) {
            chunk->ledger.read++;
            QI_TRY(qi_reject_line(chunk, 0, code, strlen(code), 1, err,
                                  "%d: unknown partner \"%s\" (quipu list countries)", period,
                                  code));
            continue;
        }
        QI_TRY(add_figure(chunk, period, QUIPU_EXPORT, reporter, partner,
                          json_object_get(figures, "x"), err));
        QI_TRY(add_figure(chunk, period, QUIPU_IMPORT, reporter, partner,
                          json_object_get(figures, "m"), err));
    }
    return QUIPU_OK;
}

quipu_status qi_read_totals_json(qi_chunk *chunk, quipu_error *err) {
    const char *slash = strrchr(chunk->member_name, '/');
    const char *name = slash != NULL ? slash + 1 : chunk->member_name;
    const char *colon = strrchr(name, ':');
    name = colon != NULL ? colon + 1 : name;
    unsigned reporter = qi_country_number(chunk->import, name, strcspn(name, "."));
    chunk->n_lines = 1;
    if (reporter == QI_UNKNOWN_NUMBER && colon != NULL) { /* an index beside the data */
        chunk->ledger.read++;
        qi_ledger_note(&chunk->ledger, QI_R_CODE_FILE, 1, 0, "%s", name);
        return QUIPU_OK;
    }
    if (reporter == QI_UNKNOWN_NUMBER)
        return qi_fail_at(
            err, QUIPU_E_DATA, "", 1, 1,
            "the reporter is taken from the file's name, and \"%.*s\" is no country "
            "code: name the file PER.json",
            (int)strcspn(name, "."), name);
    json_error_t where;
    size_t length = chunk->length; /* without the line end that was added: lines stay true */
    while (length > 0 && chunk->bytes[length - 1] == '\n')
        length--;
    size_t from = length >= 3 && memcmp(chunk->bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    json_t *root =
        json_loadb(chunk->bytes + from, length - from, JSON_REJECT_DUPLICATES, &where);
    if (root == NULL)
        return qi_fail_at(err, QUIPU_E_FORMAT, "", (uint64_t)where.line, (uint32_t)where.column,
                          "not JSON: %s", where.text);
    quipu_status status = QUIPU_OK;
    const char *year;
    json_t *partners;
    if (!json_is_object(root))
        status = wrong_shape("the file", err);
    json_object_foreach(root, year, partners) {
        int64_t period;
        if (!qi_parse_int(year, strlen(year), &period) || period < 1900 || period > 2100)
            status = qi_fail_at(err, QUIPU_E_FORMAT, "", 1, 1, "\"%.60s\" is not a year", year);
        else if (!json_is_object(partners))
            status = wrong_shape(year, err);
        else
            status = read_year(chunk, (quipu_period)period, reporter, partners, err);
        if (status != QUIPU_OK)
            break;
    }
    json_decref(root);
    return status;
}
