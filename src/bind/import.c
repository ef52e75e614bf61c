/* SPDX-License-Identifier: Apache-2.0 */
/* import.c - cubes made and checked: the result is the ledger, with the counts as its source. */
#include "bind/bind.h"

#include "quipu/import.h"

static bool is_on(const quipu_task *task, const char *name) {
    const char *value = qi_verb_word(task, name);
    return value != NULL && strcmp(value, "no") != 0 && strcmp(value, "0") != 0 &&
           strcmp(value, "false") != 0;
}

static quipu_status add_count(quipu_table *ledger, const char *key, uint64_t count,
                              quipu_error *err) {
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)count);
    return quipu_table_add_source(ledger, key, text, err);
}

/* The ledger becomes the caller's. */
static quipu_status hand_over(quipu_import_result *result, const char *cube, quipu_table *out,
                              quipu_error *err) {
    *out = result->ledger;
    result->ledger = (quipu_table){0};
    QI_TRY(quipu_table_set_title(out, err, "What became of the rows on their way to %s", cube));
    if (result->profile[0] != '\0')
        QI_TRY(quipu_table_add_source(out, "profile", result->profile, err));
    QI_TRY(add_count(out, "read", result->read, err));
    QI_TRY(add_count(out, "accepted", result->accepted, err));
    QI_TRY(add_count(out, "set aside", result->set_aside, err));
    QI_TRY(add_count(out, "rejected", result->rejected, err));
    if (result->firms > 0)
        QI_TRY(add_count(out, "firms", result->firms, err));
    return add_count(out, "bytes", result->bytes_out, err);
}

static quipu_status read_memory(const quipu_task *task, uint64_t *out, quipu_error *err) {
    const char *text = qi_verb_word(task, "memory");
    int64_t bytes = 0;
    if (text != NULL && (!qi_parse_int(text, strlen(text), &bytes) || bytes <= 0))
        return qi_fail(err, QUIPU_E_ARG, "memory \"%s\": not a number of bytes", text);
    *out = (uint64_t)bytes;
    return QUIPU_OK;
}

static quipu_status read_min_firms(const quipu_task *task, unsigned *out, quipu_error *err) {
    const char *text = qi_verb_word(task, "min-firms");
    int64_t number = 0;
    if (text != NULL &&
        (!qi_parse_int(text, strlen(text), &number) || number < 1 || number > 1000))
        return qi_fail(err, QUIPU_E_ARG, "min-firms \"%s\": 1 to 1000", text);
    *out = (unsigned)number;
    return QUIPU_OK;
}

static quipu_status read_options(quipu_task *task, quipu_import_options *o, quipu_error *err) {
    size_t rule;
    QI_TRY(qi_verb_choice(task, "duplicates", "error first last sum declarations", &rule, err));
    QI_TRY(read_memory(task, &o->memory, err));
    QI_TRY(read_min_firms(task, &o->min_firms, err));
    o->duplicates = (quipu_duplicates)rule;
    o->profile = qi_verb_word(task, "profile");
    o->map = qi_verb_word(task, "map");
    o->rejects_path = qi_verb_word(task, "rejects");
    o->nomenclature = qi_verb_word(task, "nomenclature");
    o->source = qi_verb_word(task, "source");
    o->release = qi_verb_word(task, "release");
    o->valuation = qi_verb_word(task, "valuation");
    o->input_name = qi_verb_word(task, "input-name");
    o->sheet = qi_verb_word(task, "sheet");
    o->range = qi_verb_word(task, "range");
    o->duckdb = qi_verb_word(task, "duckdb");
    o->table = qi_verb_word(task, "table");
    o->where = qi_verb_word(task, "where");
    o->dialect = qi_verb_word(task, "dialect");
    o->firms_path = qi_verb_word(task, "firms");
    o->keep_firms = is_on(task, "keep-firms");
    o->pad_codes = is_on(task, "pad-codes");
    o->keep_unknown = is_on(task, "keep-unknown");
    o->threads = task->request.threads;
    o->progress = task->request.stop;
    o->progress_user = task->request.stop_user;
    return QUIPU_OK;
}

static quipu_status import(quipu_task *task, bool append, quipu_table *out, quipu_error *err) {
    quipu_import_options options = {.append = append};
    quipu_import_result result = {0};
    const char *cube;
    size_t n = 0;
    QI_TRY(qi_verb_need(task, "output", &cube, err));
    QI_TRY(read_options(task, &options, err));
    const char **inputs = qi_arena_alloc(&task->arena, task->arguments.n * sizeof *inputs);
    if (inputs == NULL)
        return qi_fail_memory(err, task->arguments.n);
    for (size_t i = 0; i < task->arguments.n; i++)
        if (strcmp(task->arguments.items[i].name, "input") == 0)
            inputs[n++] = task->arguments.items[i].value;
    if (n == 0)
        return qi_fail(err, QUIPU_E_ARG, "%s needs input", task->verb->name);
    quipu_status status =
        quipu_import(task->request.nomen, inputs, n, cube, &options, &result, err);
    if (status == QUIPU_OK)
        status = hand_over(&result, cube, out, err);
    quipu_import_result_free(&result);
    return status;
}

quipu_status qi_verb_import(quipu_task *task, quipu_table *out, quipu_error *err) {
    return import(task, false, out, err);
}

quipu_status qi_verb_append(quipu_task *task, quipu_table *out, quipu_error *err) {
    return import(task, true, out, err);
}

quipu_status qi_verb_convert(quipu_task *task, quipu_table *out, quipu_error *err) {
    quipu_import_result result = {0};
    const char *cube, *to, *output;
    size_t method;
    QI_TRY(qi_verb_need(task, "cube", &cube, err));
    QI_TRY(qi_verb_need(task, "to", &to, err));
    QI_TRY(qi_verb_need(task, "output", &output, err));
    QI_TRY(qi_verb_choice(task, "method", "official equal trade", &method, err));
    quipu_status status = quipu_convert_cube(
        task->request.nomen, cube, to, (quipu_convert_method)method, output, &result, err);
    if (status == QUIPU_OK)
        status = hand_over(&result, output, out, err);
    quipu_import_result_free(&result);
    return status;
}

quipu_status qi_verb_verify(quipu_task *task, quipu_table *out, quipu_error *err) {
    const char *cube;
    QI_TRY(qi_verb_need(task, "cube", &cube, err));
    return quipu_cube_verify(cube, out, err);
}
