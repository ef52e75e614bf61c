/* SPDX-License-Identifier: Apache-2.0 */
/* mapped.c - --map for a table of an engine: the words of an import from files, and firm=COLUMN,
 * period=year(COLUMN) and period=month(COLUMN). */
#include "engine.h"

static const struct {
    const char *name;
    qi_engine_role role;
} ROLES[] = {{"period", QI_E_PERIOD},     {"year", QI_E_PERIOD},
             {"reporter", QI_E_REPORTER}, {"exporter", QI_E_REPORTER},
             {"partner", QI_E_PARTNER},   {"importer", QI_E_PARTNER},
             {"product", QI_E_PRODUCT},   {"value", QI_E_VALUE},
             {"weight", QI_E_WEIGHT},     {"quantity", QI_E_QUANTITY},
             {"unit", QI_E_UNIT},         {"flow", QI_E_FLOW},
             {"firm", QI_E_FIRM},         {"nomenclature", QI_E_NOMENCLATURE}};

static quipu_status unknown_role(const char *name, quipu_error *err) {
    return qi_fail(
        err, QUIPU_E_ARG,
        "--map: no role \"%s\"; roles are period, reporter, partner, product, value, "
        "weight, quantity, unit, flow, nomenclature, firm",
        name);
}

/* "*1000" behind a column: the power of ten, taken off. */
static quipu_status take_factor(char *text, qi_engine_role role, qi_engine_field *field,
                                quipu_error *err) {
    char *star = strrchr(text, '*');
    if (star == NULL)
        return QUIPU_OK;
    size_t zeros = star[1] == '1' ? strspn(star + 2, "0") : 0;
    if (star[1] != '1' || star[2 + zeros] != 0 || zeros > 9 ||
        (role != QI_E_VALUE && role != QI_E_WEIGHT))
        return qi_fail(err, QUIPU_E_ARG,
                       "--map: the factor \"%s\" is not 1, 10, 100, ... of a value or weight",
                       star + 1);
    *star = 0;
    field->power = (int)zeros;
    return QUIPU_OK;
}

/* "year(fecha)": the part, and the name alone. */
static char *take_part(char *text, qi_engine_role role, qi_engine_field *field) {
    static const struct {
        const char *word;
        qi_date_part part;
    } PARTS[] = {{"year(", QI_DATE_YEAR}, {"month(", QI_DATE_MONTH}};
    size_t length = strlen(text);
    for (size_t i = 0; i < QI_COUNT(PARTS) && role == QI_E_PERIOD; i++) {
        size_t n = strlen(PARTS[i].word);
        if (length > n + 1 && strncmp(text, PARTS[i].word, n) == 0 && text[length - 1] == ')') {
            text[length - 1] = 0;
            field->part = PARTS[i].part;
            return text + n;
        }
    }
    return text;
}

static quipu_status read_word(char *word, qi_mapped *out, quipu_error *err) {
    size_t name = strcspn(word, "=:"), r = 0;
    char kind = word[name], *value = word + name + 1;
    if (kind == 0 || *value == 0)
        return qi_fail(err, QUIPU_E_ARG,
                       "--map: \"%s\" is neither role=column nor role:constant", word);
    word[name] = 0;
    while (r < QI_COUNT(ROLES) && strcmp(ROLES[r].name, word) != 0)
        r++;
    if (r == QI_COUNT(ROLES))
        return unknown_role(word, err);
    qi_engine_role role = ROLES[r].role;
    qi_engine_field *field = &out->field[role];
    *field = (qi_engine_field){.decimals = -1};
    if (kind == ':') {
        if (role != QI_E_FLOW && role != QI_E_REPORTER && role != QI_E_PARTNER &&
            role != QI_E_NOMENCLATURE)
            return qi_fail(err, QUIPU_E_ARG,
                           "--map: %s:%s is not a constant this role can have", word, value);
        field->constant = value;
        return QUIPU_OK;
    }
    QI_TRY(take_factor(value, role, field, err));
    field->column = take_part(value, role, field);
    return QUIPU_OK;
}

quipu_status qi_mapped_read(const char *map, qi_arena *arena, qi_mapped *out,
                            quipu_error *err) {
    if (map == NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "a table of an engine needs --map: period=COLUMN,reporter=COLUMN,"
                       "partner=COLUMN,product=COLUMN,value=COLUMN (docs/odbc.md)");
    char *words = qi_arena_dup(arena, map), *save = NULL;
    if (words == NULL)
        return qi_fail_memory(err, strlen(map));
    for (char *word = strtok_r(words, ", ", &save); word != NULL;
         word = strtok_r(NULL, ", ", &save))
        QI_TRY(read_word(word, out, err));
    static const qi_engine_role NEEDED[] = {QI_E_PERIOD, QI_E_REPORTER, QI_E_PARTNER,
                                            QI_E_VALUE};
    for (size_t i = 0; i < QI_COUNT(NEEDED); i++)
        if (out->field[NEEDED[i]].column == NULL && out->field[NEEDED[i]].constant == NULL)
            return qi_fail(err, QUIPU_E_ARG,
                           "--map must name period, reporter, partner and value (reporter:PER "
                           "or partner:WLD where the whole table has the same one)");
    return QUIPU_OK;
}
