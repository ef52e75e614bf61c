/* SPDX-License-Identifier: Apache-2.0 */
/* catalog.c - the list of measures, and running one by its description. */
#include "measures/common.h"

static const quipu_measure *const measures[] = {
#define X(name) &qi_measure_##name,
    QI_MEASURE_LIST(X)
#undef X
};

static const quipu_param common[] = {
    {"reporter", QUIPU_PARAM_TEXT, NULL, NULL,
     "whose trade: names, codes, groups; a comma lists, + adds up, \"except\" takes away"},
    {"partner", QUIPU_PARAM_TEXT, NULL, NULL, "with whom, in the same way"},
    {"product", QUIPU_PARAM_TEXT, NULL, NULL,
     "codes or their beginnings (2603,74), ranges (72-83) or classes (lall:LT1)"},
    {"flow", QUIPU_PARAM_TEXT, "export import re-export re-import reconciled", NULL,
     "export unless the cube has other flows only"},
    {"years", QUIPU_PARAM_TEXT, NULL, NULL, "1990-2012 or 1997,2008,2011; all when not given"},
    {"basis", QUIPU_PARAM_CHOICE, "reporter mirror", "reporter",
     "who reported: the reporter, or its partners (mirror)"},
    {"by", QUIPU_PARAM_TEXT, NULL, NULL,
     "a row for each reporter, partner, product, flow or class of a scheme; at most two"},
    {"of", QUIPU_PARAM_TEXT, NULL, NULL,
     "the whole of a share: a country or group, world, total, classified, selection"},
    {"classes", QUIPU_PARAM_FILE, NULL, NULL,
     "a table of your own classes, code,class[,label[,weight]], for --by class"},
    {"gold", QUIPU_PARAM_CHOICE, "special primary", "special",
     "non-monetary gold as a special transaction or a primary product"},
    {"periods", QUIPU_PARAM_CHOICE, "each sum", "each", "a row for each year, or their sum"},
    {"limit", QUIPU_PARAM_INTEGER, NULL, NULL, "only so many rows of the last dimension"},
    {"sort", QUIPU_PARAM_CHOICE, "auto value code", "auto",
     "largest first or in order of code; auto: classes and lists in their own order"},
    {"total", QUIPU_PARAM_SWITCH, NULL, NULL, "add a row with the total"},
    {"rest", QUIPU_PARAM_SWITCH, NULL, NULL, "add a row with what the limit leaves out"},
    {"wide", QUIPU_PARAM_SWITCH, NULL, NULL, "a column for each year, of the main figure only"},
};

const quipu_measure *const *quipu_measures(size_t *count) {
    *count = QI_COUNT(measures);
    return measures;
}

const quipu_param *quipu_common_params(size_t *count) {
    *count = QI_COUNT(common);
    return common;
}

const quipu_measure *quipu_measure_find(const char *name) {
    for (size_t i = 0; i < QI_COUNT(measures); i++)
        if (strcmp(measures[i]->name, name) == 0 || qi_has_word(measures[i]->aliases, name))
            return measures[i];
    return NULL;
}

/* ---- arguments ---- */

const quipu_param *quipu_measure_param(const quipu_measure *measure, const char *name) {
    for (size_t i = 0; i < measure->n_params; i++)
        if (strcmp(measure->params[i].name, name) == 0)
            return &measure->params[i];
    for (size_t i = 0; measure->needs == QUIPU_NEEDS_CUBE && i < QI_COUNT(common); i++)
        if (strcmp(common[i].name, name) == 0)
            return &common[i];
    return NULL;
}

size_t quipu_measure_params(const quipu_measure *measure,
                            const quipu_param *out[QUIPU_MOST_PARAMS]) {
    size_t n = 0;
    for (size_t i = 0; i < measure->n_params && n < QUIPU_MOST_PARAMS; i++)
        out[n++] = &measure->params[i];
    for (size_t i = 0; i < QI_COUNT(common) && n < QUIPU_MOST_PARAMS; i++)
        if (quipu_measure_param(measure, common[i].name) == &common[i] &&
            !qi_has_word(measure->without, common[i].name))
            out[n++] = &common[i];
    return n;
}

static quipu_status unknown_param(const quipu_measure *measure, const char *name,
                                  quipu_error *err) {
    qi_suggest near;
    char text[QI_SUGGEST_TEXT];
    const quipu_param *params[QUIPU_MOST_PARAMS];
    size_t n = quipu_measure_params(measure, params);
    qi_suggest_start(&near, name);
    for (size_t i = 0; i < n; i++)
        qi_suggest_try(&near, params[i]->name);
    return qi_fail(err, QUIPU_E_ARG, "%s has no option \"%s\"%s", measure->name, name,
                   qi_suggest_text(&near, text));
}

static quipu_status bad_choice(const quipu_param *param, const char *value, quipu_error *err) {
    qi_suggest near;
    char text[QI_SUGGEST_TEXT], words[160];
    char *next = words;
    qi_suggest_start(&near, value);
    snprintf(words, sizeof words, "%s", param->choices);
    while (*next != '\0') {
        char *word = next;
        next += strcspn(next, " ");
        if (*next != '\0')
            *next++ = '\0';
        qi_suggest_try(&near, word);
    }
    return qi_fail(err, QUIPU_E_ARG, "%s \"%s\": take one of %s%s", param->name, value,
                   param->choices, qi_suggest_text(&near, text));
}

static quipu_status check_value(const quipu_param *param, const char *value, quipu_error *err) {
    int64_t integer;
    double real;
    if (value == NULL || value[0] == '\0')
        return QUIPU_OK; /* as if not given */
    switch (param->type) {
    case QUIPU_PARAM_CHOICE:
        return qi_has_word(param->choices, value) && strchr(value, ' ') == NULL
                   ? QUIPU_OK
                   : bad_choice(param, value, err);
    case QUIPU_PARAM_INTEGER:
        if (!qi_parse_int(value, strlen(value), &integer))
            return qi_fail(err, QUIPU_E_ARG, "%s \"%s\": not a whole number", param->name,
                           value);
        return QUIPU_OK;
    case QUIPU_PARAM_REAL:
        if (!qi_parse_double(value, strlen(value), &real) || !isfinite(real))
            return qi_fail(err, QUIPU_E_ARG, "%s \"%s\": not a number", param->name, value);
        return QUIPU_OK;
    case QUIPU_PARAM_FILE:
    case QUIPU_PARAM_TEXT:
    case QUIPU_PARAM_SWITCH: break;
    }
    return QUIPU_OK;
}

quipu_status qi_check_arguments(const quipu_measure *measure, const quipu_request *request,
                                quipu_error *err) {
    for (size_t i = 0; i < request->n_arguments; i++) {
        const quipu_argument *a = &request->arguments[i];
        const quipu_param *param = quipu_measure_param(measure, a->name);
        if (param == NULL)
            return unknown_param(measure, a->name, err);
        if (qi_has_word(measure->without, a->name) && a->value != NULL && a->value[0] != '\0')
            return qi_fail(err, QUIPU_E_ARG, "%s does not take --%s", measure->name, a->name);
        QI_TRY(check_value(param, a->value, err));
    }
    return QUIPU_OK;
}

/* ---- running ---- */

static quipu_status add_sources(const quipu_request *request, quipu_table *out,
                                quipu_error *err) {
    static const char *const keys[] = {"source", "release", "nomenclature", "valuation"};
    if (request->table != NULL) /* the measure says which */
        return quipu_table_add_source(out, "engine", "quipu " QUIPU_VERSION, err);
    if (request->cube == NULL) { /* what a register rests on, its measures have said */
        QI_TRY(quipu_table_add_source(out, "register",
                                      quipu_register_fingerprint(request->invested), err));
        return quipu_table_add_source(out, "engine", "quipu " QUIPU_VERSION, err);
    }
    for (size_t i = 0; i < QI_COUNT(keys); i++) {
        const char *text = quipu_cube_meta(request->cube, keys[i]);
        if (text != NULL && text[0] != '\0')
            QI_TRY(quipu_table_add_source(out, keys[i], text, err));
    }
    QI_TRY(quipu_table_add_source(out, "cube", quipu_cube_fingerprint(request->cube), err));
    return quipu_table_add_source(out, "engine", "quipu " QUIPU_VERSION, err);
}

size_t quipu_request_fixed(const quipu_request *request, quipu_pair_text fixed[4]) {
    static const char *const NAMES[] = {"reporter", "partner", "flow", "product"};
    size_t n = 0;
    for (size_t i = 0; i < QI_COUNT(NAMES); i++) {
        const char *text = NULL;
        const quipu_country *country;
        for (size_t a = 0; a < request->n_arguments; a++)
            if (strcmp(request->arguments[a].name, NAMES[i]) == 0)
                text = request->arguments[a].value;
        if (text == NULL || strchr(text, ',') != NULL)
            continue;
        if (i < 2) {
            if (quipu_country_find(request->nomen, text, &country, NULL) != QUIPU_OK)
                continue; /* a group */
            text = country->iso3;
        }
        fixed[n++] = (quipu_pair_text){NAMES[i], text};
    }
    return n;
}

/* Exactly the one thing it is asked of. */
static quipu_status check_subject(const quipu_measure *measure, const quipu_request *request,
                                  quipu_error *err) {
    static const char *const words[] = {
        [QUIPU_NEEDS_CUBE] = "cube",
        [QUIPU_NEEDS_REGISTER] = "register of investments",
        [QUIPU_NEEDS_PANEL] = "cube or a table of observations",
    };
    bool cube = request->cube != NULL, table = request->table != NULL;
    bool invested = request->invested != NULL;
    bool fine = measure->needs == QUIPU_NEEDS_CUBE       ? cube && !table
                : measure->needs == QUIPU_NEEDS_REGISTER ? invested && !table && !cube
                                                         : cube != table;
    if (fine && (measure->needs == QUIPU_NEEDS_REGISTER || !invested))
        return QUIPU_OK;
    return qi_fail(err, QUIPU_E_ARG, "%s is asked of a %s, and of nothing else", measure->name,
                   words[measure->needs]);
}

quipu_status quipu_measure_run(const quipu_measure *measure, const quipu_request *request,
                               quipu_table *out, quipu_error *err) {
    qi_error_clear(err);
    memset(out, 0, sizeof *out);
    QI_TRY(qi_check_arguments(measure, request, err));
    QI_TRY(check_subject(measure, request, err));
    quipu_status status = measure->run(request, out, err);
    if (status == QUIPU_OK)
        status = add_sources(request, out, err);
    if (status == QUIPU_OK && qi_switch(measure, request, "wide"))
        status = qi_table_pivot(out, measure->figure, err);
    if (status != QUIPU_OK)
        quipu_table_free(out);
    return status;
}
