/* SPDX-License-Identifier: Apache-2.0 */
/* verbs.c - the tasks that are no measures, and the words given to them. */
#include "bind/bind.h"

#include "query/query.h"

#define IMPORT_OPTIONS                                                                         \
    "input output profile map rejects nomenclature source release valuation duplicates "       \
    "input-name sheet range duckdb table where dialect firms keep-firms min-firms "            \
    "pad-codes keep-unknown memory"

static const qi_verb verbs[] = {
    {"list", "what filter", qi_verb_list},
    {"cube", "what", qi_verb_cube},
    {"import", IMPORT_OPTIONS, qi_verb_import},
    {"append", IMPORT_OPTIONS, qi_verb_append},
    {"convert", "cube to output method", qi_verb_convert},
    {"verify", "cube", qi_verb_verify},
};

const qi_verb *qi_verb_find(const char *name) {
    for (size_t i = 0; i < QI_COUNT(verbs); i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

static quipu_status not_known(const char *what, const char *name, qi_suggest *near,
                              quipu_status status, quipu_error *err) {
    char text[QI_SUGGEST_TEXT];
    return qi_fail(err, status, "%s \"%s\"%s", what, name, qi_suggest_text(near, text));
}

quipu_status qi_verb_unknown(const char *name, quipu_error *err) {
    qi_suggest near;
    size_t n;
    const quipu_measure *const *measures = quipu_measures(&n);
    qi_suggest_start(&near, name);
    for (size_t i = 0; i < n; i++)
        qi_suggest_try(&near, measures[i]->name);
    for (size_t i = 0; i < QI_COUNT(verbs); i++)
        qi_suggest_try(&near, verbs[i].name);
    return not_known("there is no measure", name, &near, QUIPU_E_NOT_FOUND, err);
}

/* ---- words ---- */

/* The next word of a blank-separated list; false at its end. */
static bool next_word(const char **at, char word[64]) {
    *at += strspn(*at, " ");
    size_t n = strcspn(*at, " ");
    snprintf(word, 64, "%.*s", (int)n, *at);
    *at += n;
    return n > 0;
}

/* What may be proposed must last until it is said, so the list is cut up in place. */
static quipu_status propose(const char *what, const char *name, const char *list,
                            quipu_error *err) {
    qi_suggest near;
    char words[256], *rest;
    snprintf(words, sizeof words, "%s", list);
    qi_suggest_start(&near, name);
    for (char *w = strtok_r(words, " ", &rest); w != NULL; w = strtok_r(NULL, " ", &rest))
        qi_suggest_try(&near, w);
    return not_known(what, name, &near, QUIPU_E_ARG, err);
}

quipu_status qi_verb_run(quipu_task *task, quipu_table *out, quipu_error *err) {
    char what[96];
    snprintf(what, sizeof what, "%s has no option", task->verb->name);
    for (size_t i = 0; i < task->arguments.n; i++)
        if (!qi_has_word(task->verb->takes, task->arguments.items[i].name))
            return propose(what, task->arguments.items[i].name, task->verb->takes, err);
    return task->verb->run(task, out, err);
}

const char *qi_verb_word(const quipu_task *task, const char *name) {
    for (size_t i = task->arguments.n; i > 0; i--) {
        const quipu_argument *a = &task->arguments.items[i - 1];
        if (strcmp(a->name, name) == 0)
            return a->value[0] != '\0' ? a->value : NULL;
    }
    return NULL;
}

quipu_status qi_verb_need(const quipu_task *task, const char *name, const char **out,
                          quipu_error *err) {
    *out = qi_verb_word(task, name);
    return *out != NULL ? QUIPU_OK
                        : qi_fail(err, QUIPU_E_ARG, "%s needs %s", task->verb->name, name);
}

quipu_status qi_verb_choice(const quipu_task *task, const char *name, const char *choices,
                            size_t *out, quipu_error *err) {
    const char *value = qi_verb_word(task, name);
    char word[64], what[160];
    *out = 0;
    if (value == NULL)
        return QUIPU_OK;
    for (const char *at = choices; next_word(&at, word); (*out)++)
        if (strcmp(word, value) == 0)
            return QUIPU_OK;
    snprintf(what, sizeof what, "%s takes one of %s, not", name, choices);
    return propose(what, value, choices, err);
}

quipu_status qi_put_texts(quipu_table *out, const char *const *texts, size_t n, size_t *row,
                          quipu_error *err) {
    QI_TRY(quipu_table_add_rows(out, 1, row, err));
    for (size_t i = 0; i < n; i++)
        if (texts[i] != NULL)
            QI_TRY(quipu_table_set_text(out, i, *row, texts[i], err));
    return QUIPU_OK;
}
