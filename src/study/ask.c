/* SPDX-License-Identifier: Apache-2.0 */
/* ask.c - a question cut into words, its measure and input found, and asked. */
#include "study/ask.h"

#include "query/query.h"

#define MAX_WORDS 80

typedef struct question {
    qi_words at;
    const char *words[MAX_WORDS];
    size_t n;
    const quipu_measure *measure;
    const qi_input *input;
    size_t first;       /* of the options */
    const char *family; /* "invest", or NULL */
} question;

/* ---- words, quoted as in a shell ---- */

static quipu_status cut(const qi_asker *asker, qi_words at, const char *text, qi_arena *arena,
                        question *q, quipu_error *err) {
    while (*text != '\0') {
        text += strspn(text, " \t\n");
        if (*text == '\0')
            break;
        if (q->n == MAX_WORDS)
            return qi_study_fail(asker->study, at, err, "a question of more than %d words",
                                 MAX_WORDS);
        char *word = qi_arena_alloc(arena, strlen(text) + 1), *end = word;
        if (word == NULL)
            return qi_fail_memory(err, strlen(text));
        for (char quote = 0; *text != '\0' && (quote || strchr(" \t\n", *text) == NULL);) {
            if (quote ? *text == quote : *text == '"' || *text == '\'')
                quote = quote ? 0 : *text;
            else
                *end++ = *text;
            text++;
            if (*text == '\0' && quote)
                return qi_study_fail(asker->study, at, err,
                                     "a quote (%c) is not closed in the question", quote);
        }
        q->words[q->n++] = word;
    }
    return QUIPU_OK;
}

/* ---- measure and input ---- */

static quipu_status unknown_measure(const qi_asker *asker, const question *q, const char *name,
                                    quipu_error *err) {
    qi_suggest near;
    char text[QI_SUGGEST_TEXT];
    size_t n;
    const quipu_measure *const *all = quipu_measures(&n);
    qi_suggest_start(&near, name);
    for (size_t i = 0; i < n; i++)
        qi_suggest_try(&near, all[i]->name);
    return qi_study_fail(asker->study, q->at, err, "there is no measure \"%.60s\"%s", name,
                         qi_suggest_text(&near, text));
}

static quipu_status unknown_input(const qi_asker *asker, const question *q, const char *name,
                                  quipu_error *err) {
    qi_suggest near;
    char text[QI_SUGGEST_TEXT];
    qi_suggest_start(&near, name);
    for (size_t i = 0; i < asker->study->inputs.n; i++)
        qi_suggest_try(&near, asker->study->inputs.items[i].name.text);
    return qi_study_fail(
        asker->study, q->at, err,
        "the question names the input \"%.60s\", which is not under `inputs`%s", name,
        qi_suggest_text(&near, text));
}

static quipu_status parse(const qi_asker *asker, qi_words at, qi_arena *arena, question *q,
                          quipu_error *err) {
    const char *text;
    size_t next = 1;
    *q = (question){.at = at};
    QI_TRY(qi_study_fill(asker->study, at, arena, &text, err));
    QI_TRY(cut(asker, at, text, arena, q, err));
    if (q->n > 0 && strcmp(q->words[0], "quipu") == 0) { /* pasted from a terminal */
        memmove(&q->words[0], &q->words[1], (q->n - 1) * sizeof q->words[0]);
        q->n--;
    }
    if (q->n < 2)
        return qi_study_fail(asker->study, at, err,
                             "a question is a measure, an input and options: growth trade "
                             "--reporter Peru --years 1995-2011");
    const char *name = q->words[0];
    if (strcmp(name, "invest") == 0) {
        name = qi_arena_printf(arena, "invest-%s", q->words[1]);
        if (name == NULL)
            return qi_fail_memory(err, 0);
        q->family = "invest";
        next = 2;
    }
    q->measure = quipu_measure_find(name);
    if (q->measure == NULL)
        return unknown_measure(asker, q, name, err);
    if (next >= q->n || q->words[next][0] == '-')
        return qi_study_fail(asker->study, at, err, "%s: of which input?", name);
    q->input = qi_inputs_find(asker->inputs, q->words[next]);
    if (q->input == NULL)
        return unknown_input(asker, q, q->words[next], err);
    q->first = next + 1;
    return QUIPU_OK;
}

/* ---- options ---- */

static bool is_switch(const quipu_measure *measure, const char *name) {
    const quipu_param *param = quipu_measure_param(measure, name);
    return param != NULL && param->type == QUIPU_PARAM_SWITCH;
}

/* "@name" stands for the file of an input, so that the manifest knows every file. */
static quipu_status find_file(const qi_asker *asker, const question *q, const char *value,
                              const qi_input **out, quipu_error *err) {
    *out = qi_inputs_find(asker->inputs, value + 1);
    if (*out == NULL)
        return unknown_input(asker, q, value + 1, err);
    if ((*out)->spec->table.text == NULL)
        return qi_study_fail(asker->study, q->at, err, "@%.60s is no `table` among the inputs",
                             value + 1);
    return QUIPU_OK;
}

static quipu_status check_file(const qi_asker *asker, const question *q, const char *name,
                               const char *value, quipu_error *err) {
    const quipu_param *param = quipu_measure_param(q->measure, name);
    if (param != NULL && param->type == QUIPU_PARAM_FILE)
        return qi_study_fail(asker->study, q->at, err,
                             "--%s takes a file: put it under `inputs` as a `table` and "
                             "write --%s @NAME, not \"%.60s\"",
                             name, name, value);
    return QUIPU_OK;
}

static quipu_status read_options(const qi_asker *asker, const question *q, qi_arena *arena,
                                 quipu_argument *arguments, size_t *n, quipu_error *err) {
    *n = 0;
    for (size_t i = q->first; i < q->n; i++) {
        if (strncmp(q->words[i], "--", 2) != 0)
            return qi_study_fail(asker->study, q->at, err,
                                 "\"%.60s\" stands where an option (--name) is expected",
                                 q->words[i]);
        char *name = qi_arena_dup(arena, q->words[i] + 2);
        if (name == NULL)
            return qi_fail_memory(err, 0);
        char *equals = strchr(name, '=');
        const char *value = "yes";
        if (equals != NULL) {
            *equals = '\0';
            value = equals + 1;
        } else if (!is_switch(q->measure, name)) {
            if (i + 1 == q->n)
                return qi_study_fail(asker->study, q->at, err, "--%s has no value", name);
            value = q->words[++i];
        }
        if (value[0] == '@') {
            const qi_input *file;
            QI_TRY(find_file(asker, q, value, &file, err));
            value = file->files[0].path;
        } else {
            QI_TRY(check_file(asker, q, name, value, err));
        }
        arguments[(*n)++] = (quipu_argument){name, value};
    }
    return QUIPU_OK;
}

/* ---- the command as it can be typed ---- */

static bool needs_quotes(const char *word) {
    return word[0] == '\0' || word[strcspn(word, " \t\n'\"$&|;<>()*?`\\")] != '\0';
}

static const char *command_of(const question *q, qi_arena *arena) {
    qi_buffer text = {0};
    const qi_input *input = q->input;
    bool fine = qi_buffer_text(&text, "quipu");
    for (size_t i = 0; i < q->n && fine; i++) {
        const char *word = q->words[i];
        if (i + 1 == q->first)
            fine = input->cube_name != NULL
                       ? qi_buffer_printf(&text, " cubes/%s", input->cube_name)
                   : input->spec->reg.text != NULL
                       ? qi_buffer_printf(&text, " %s", input->spec->reg.text)
                       : qi_buffer_printf(&text, " %s",
                                          input->n_files > 0 ? input->files[0].shown : word);
        else if (needs_quotes(word) && strchr(word, '\'') == NULL)
            fine = qi_buffer_printf(&text, " '%s'", word);
        else if (needs_quotes(word))
            fine = qi_buffer_printf(&text, " \"%s\"", word);
        else
            fine = qi_buffer_printf(&text, " %s", word);
    }
    char *made = fine ? qi_arena_text(arena, text.bytes, text.length) : NULL;
    qi_buffer_free(&text);
    return made;
}

/* ---- asking ---- */

/* The first input of a question that is not there, tables named with @ included. */
static quipu_status find_missing(const qi_asker *asker, const question *q, const qi_input **out,
                                 quipu_error *err) {
    *out = q->input->there ? NULL : q->input;
    for (size_t i = q->first; i < q->n; i++) {
        const qi_input *file;
        const char *equals = strchr(q->words[i], '=');
        const char *value = equals != NULL ? equals + 1 : q->words[i];
        if (value[0] != '@')
            continue;
        QI_TRY(find_file(asker, q, value, &file, err));
        if (*out == NULL && !file->there)
            *out = file;
    }
    return QUIPU_OK;
}

static quipu_status check_kind(const qi_asker *asker, const question *q, quipu_error *err) {
    bool wants_register = q->measure->needs == QUIPU_NEEDS_REGISTER;
    if (q->input->spec->table.text != NULL) {
        if (q->measure->needs == QUIPU_NEEDS_PANEL)
            return QUIPU_OK;
        return qi_study_fail(asker->study, q->at, err,
                             "%s is asked of a %s, and `%s` is a table", q->measure->name,
                             wants_register ? "register" : "cube", q->input->spec->name.text);
    }
    if (wants_register == (q->input->reg != NULL))
        return QUIPU_OK;
    return qi_study_fail(asker->study, q->at, err, "%s is asked of a %s, and `%s` is a %s",
                         q->measure->name, wants_register ? "register" : "cube",
                         q->input->spec->name.text, wants_register ? "cube" : "register");
}

quipu_status qi_ask_one(const qi_asker *asker, qi_words at, qi_arena *arena, qi_answer *out,
                        quipu_error *err) {
    question q;
    quipu_argument arguments[MAX_WORDS];
    quipu_request request = {.nomen = asker->nomen,
                             .arguments = arguments,
                             .threads = asker->threads,
                             .cache = asker->cache};
    *out = (qi_answer){0};
    QI_TRY(parse(asker, at, arena, &q, err));
    out->measure = q.measure;
    out->command = command_of(&q, arena);
    if (out->command == NULL)
        return qi_fail_memory(err, 0);
    QI_TRY(find_missing(asker, &q, &out->missing, err));
    if (out->missing != NULL)
        return QUIPU_OK;
    QI_TRY(check_kind(asker, &q, err));
    QI_TRY(read_options(asker, &q, arena, arguments, &request.n_arguments, err));
    request.cube = q.input->cube;
    request.invested = q.input->reg;
    if (q.input->spec->table.text != NULL)
        request.table = q.input->files[0].path;
    if (quipu_measure_run(q.measure, &request, &out->table, err) != QUIPU_OK)
        return qi_study_blame(asker->study, at, err);
    return QUIPU_OK;
}

void qi_answer_free(qi_answer *answer) {
    quipu_table_free(&answer->table);
    *answer = (qi_answer){0};
}

quipu_status qi_ask_run(const qi_asker *asker, const qi_texts *questions, qi_arena *arena,
                        qi_answer *out, quipu_error *err) {
    QI_TRY(qi_ask_one(asker, questions->items[0], arena, out, err));
    for (size_t i = 1; i < questions->n; i++) {
        qi_answer more;
        quipu_status status = qi_ask_one(asker, questions->items[i], arena, &more, err);
        if (status == QUIPU_OK && out->missing == NULL)
            out->missing = more.missing;
        if (status == QUIPU_OK && out->missing == NULL) {
            out->command = qi_arena_printf(arena, "%s\n%s", out->command, more.command);
            status = qi_table_append(&out->table, &more.table, err);
            if (status != QUIPU_OK)
                qi_study_blame(asker->study, questions->items[i], err);
        }
        qi_answer_free(&more);
        if (status != QUIPU_OK) {
            qi_answer_free(out);
            return status;
        }
    }
    return QUIPU_OK;
}

quipu_status qi_ask_ready(const qi_asker *asker, const qi_texts *questions, qi_arena *arena,
                          const qi_input **missing, quipu_error *err) {
    *missing = NULL;
    for (size_t i = 0; i < questions->n; i++) {
        question q;
        const qi_input *lacking;
        QI_TRY(parse(asker, questions->items[i], arena, &q, err));
        QI_TRY(find_missing(asker, &q, &lacking, err));
        *missing = *missing != NULL ? *missing : lacking;
    }
    return QUIPU_OK;
}
