/* SPDX-License-Identifier: Apache-2.0 */
/* verb_measure.c - a measure of the catalogue as a verb: its parameters become options. */
#include "app.h"

#include <stdlib.h>
#include <string.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* How the values of well-known parameters are called and completed; others by their type. */
static const struct {
    const char *name, *value;
    app_kind kind;
} known_params[] = {
    {"reporter", "WHO", APP_COUNTRY}, {"partner", "WHO", APP_COUNTRY},
    {"product", "CODES", APP_ANY},    {"years", "YEARS", APP_ANY},
    {"by", "DIM[,DIM]", APP_CLASS},   {"of", "WHOLE", APP_COUNTRY},
    {"placebo", "WHO", APP_COUNTRY},  {"flow", "FLOW", APP_WORDS},
    {"scheme", "SCHEME", APP_CLASS},  {"basis", "SIDE", APP_WORDS},
    {"host", "WHO", APP_COUNTRY},     {"country", "WHO", APP_COUNTRY},
    {"havens", "GROUP", APP_COUNTRY}, {"at", "DATE", APP_ANY},
};

static app_option option_of_param(const quipu_param *param) {
    app_option option = {.name = param->name, .help = param->help, .words = param->choices};
    for (size_t i = 0; i < N(known_params); i++) {
        if (strcmp(known_params[i].name, param->name) == 0) {
            option.value = known_params[i].value;
            option.kind = known_params[i].kind;
        }
    }
    switch (param->type) {
    case QUIPU_PARAM_SWITCH:
        option.value = NULL;
        option.kind = APP_ANY;
        break;
    case QUIPU_PARAM_CHOICE:
        option.kind = APP_WORDS;
        if (option.value == NULL)
            option.value = "WORD";
        break;
    case QUIPU_PARAM_INTEGER:
        if (option.value == NULL)
            option.value = "N";
        break;
    case QUIPU_PARAM_REAL:
        if (option.value == NULL)
            option.value = "X";
        break;
    case QUIPU_PARAM_TEXT:
        if (option.value == NULL)
            option.value = "TEXT";
        break;
    case QUIPU_PARAM_FILE:
        option.value = "FILE";
        option.kind = APP_FILE;
        break;
    }
    if (option.kind == APP_WORDS && option.words == NULL)
        option.kind = APP_ANY;
    if (param->type == QUIPU_PARAM_CHOICE && strcmp(param->name, "by") == 0) {
        option.kind = APP_WORDS; /* of a register, it is one of its own words */
        option.value = "WORD";
    }
    return option;
}

bool app_verb_of_measure(const quipu_measure *measure, app_verb *out, app_option **room) {
    const quipu_param *params[QUIPU_MOST_PARAMS];
    size_t n = quipu_measure_params(measure, params);
    bool of_cube = measure->needs == QUIPU_NEEDS_CUBE;
    bool of_register = measure->needs == QUIPU_NEEDS_REGISTER;
    /* The name as it is typed stands behind the options: "invest-owners" is "invest owners". */
    size_t n_options = n + 1, length = strlen(measure->name);
    app_option *options = calloc(1, n_options * sizeof *options + length + 1);
    if (options == NULL)
        return false;
    char *name = (char *)(options + n_options);
    memcpy(name, measure->name, length);
    for (char *c = name; of_register && *c != '\0'; c++)
        *c = *c == '-' ? ' ' : *c;
    /* Its own first: they are what tells it from the others. */
    for (size_t i = 0; i < n; i++)
        options[i] = option_of_param(params[i]);
    for (size_t i = 0; !of_cube && i < n; i++) {
        if (strcmp(options[i].name, "of") == 0) { /* no denominator here */
            options[i].value = "WHAT";
            options[i].kind = APP_ANY;
        }
    }
    *room = options;
    *out = (app_verb){.name = name,
                      .usage = of_cube       ? "CUBE [OPTION...]"
                               : of_register ? "REGISTER [OPTION...]"
                                             : "CUBE|TABLE.csv [OPTION...]",
                      .summary = measure->summary,
                      .detail = measure->detail,
                      .options = options,
                      .n_options = n,
                      .with = APP_WITH_EXPLAIN | APP_WITH_OUTPUT | APP_WITH_CHART |
                              (of_register ? 0 : APP_WITH_THREADS),
                      .run = app_run_measure,
                      .measure = measure};
    return true;
}
