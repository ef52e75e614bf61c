/* SPDX-License-Identifier: Apache-2.0 */
/* study.c - a study file read and checked as a whole, before anything is calculated. */
#include "study/study.h"

#include "query/query.h"
#include "study/schema.h"

#include <stdarg.h>

quipu_status qi_study_fail(const qi_study *study, qi_words at, quipu_error *err,
                           const char *format, ...) {
    char text[sizeof err->text];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return qi_fail_at(err, QUIPU_E_DATA, study->path, at.line, at.column, "%s", text);
}

quipu_status qi_study_blame(const qi_study *study, qi_words at, quipu_error *err) {
    if (err == NULL || err->file[0] != '\0')
        return err != NULL ? err->status : QUIPU_E_DATA;
    quipu_error first = *err;
    qi_error_clear(err);
    return qi_fail_at(err,
                      first.status == QUIPU_E_ARG || first.status == QUIPU_E_NOT_FOUND
                          ? QUIPU_E_DATA
                          : first.status,
                      study->path, at.line, at.column, "%s", first.text);
}

const char *qi_study_path(const qi_study *study, qi_arena *arena, const char *path) {
    if (path[0] == '/' || study->folder[0] == '\0')
        return qi_arena_dup(arena, path);
    return qi_arena_printf(arena, "%s/%s", study->folder, path);
}

/* ---- {name} ---- */

static const char *find_let(const qi_study *study, const char *name, size_t length) {
    for (size_t i = 0; i < study->let.n; i++) {
        const char *key = study->let.items[i].key.text;
        if (strlen(key) == length && strncmp(key, name, length) == 0)
            return study->let.items[i].value.text;
    }
    return NULL;
}

static quipu_status unknown_let(const qi_study *study, qi_words at, const char *name,
                                size_t length, quipu_error *err) {
    qi_suggest near;
    char text[QI_SUGGEST_TEXT], wanted[64];
    snprintf(wanted, sizeof wanted, "%.*s", (int)(length < 60 ? length : 60), name);
    qi_suggest_start(&near, wanted);
    for (size_t i = 0; i < study->let.n; i++)
        qi_suggest_try(&near, study->let.items[i].key.text);
    return qi_study_fail(study, at, err, "{%s} is not under `let`%s", wanted,
                         qi_suggest_text(&near, text));
}

static size_t name_length(const char *text) {
    size_t n = 0;
    while ((text[n] >= 'a' && text[n] <= 'z') || (n > 0 && text[n] >= '0' && text[n] <= '9') ||
           (n > 0 && (text[n] == '-' || text[n] == '_')))
        n++;
    return n;
}

quipu_status qi_study_fill(const qi_study *study, qi_words text, qi_arena *arena,
                           const char **out, quipu_error *err) {
    qi_buffer made = {0};
    bool fine = true;
    *out = text.text;
    if (text.text == NULL || strchr(text.text, '{') == NULL)
        return QUIPU_OK;
    for (const char *at = text.text; *at != '\0' && fine;) {
        size_t n = at[0] == '{' && at[1] != '{' ? name_length(at + 1) : 0;
        if (n > 0 && at[n + 1] == '}') {
            const char *value = find_let(study, at + 1, n);
            if (value == NULL) {
                qi_buffer_free(&made);
                return unknown_let(study, text, at + 1, n, err);
            }
            fine = qi_buffer_text(&made, value);
            at += n + 2;
        } else {
            /* "{{" opens a figure: what is in it is filled too, its braces are kept. */
            size_t braces = strspn(at, "{");
            size_t take = braces > 1 ? braces : 1;
            fine = qi_buffer_add(&made, at, take);
            at += take;
        }
    }
    *out =
        fine ? qi_arena_text(arena, made.bytes != NULL ? made.bytes : "", made.length) : NULL;
    qi_buffer_free(&made);
    return *out != NULL ? QUIPU_OK : qi_fail_memory(err, 0);
}

/* ---- checks ---- */

static bool is_name(const char *text) {
    size_t n = 0;
    while ((text[n] >= 'a' && text[n] <= 'z') || (text[n] >= '0' && text[n] <= '9') ||
           text[n] == '-')
        n++;
    return n > 0 && n <= 48 && text[n] == '\0' && text[0] != '-';
}

static quipu_status check_name(const qi_study *study, qi_words name, quipu_error *err) {
    if (is_name(name.text))
        return QUIPU_OK;
    return qi_study_fail(study, name, err,
                         "\"%.60s\" is to name files and links: at most 48 small letters, "
                         "digits and \"-\"",
                         name.text);
}

static bool is_date(const char *text) {
    static const char shape[] = "0000-00-00";
    for (size_t i = 0; i < sizeof shape; i++)
        if (shape[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
            return false;
    int month = (text[5] - '0') * 10 + text[6] - '0',
        day = (text[8] - '0') * 10 + text[9] - '0';
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static quipu_status check_inputs(const qi_study *study, quipu_error *err) {
    for (size_t i = 0; i < study->inputs.n; i++) {
        const qi_input_spec *input = &study->inputs.items[i];
        QI_TRY(check_name(study, input->name, err));
        int kinds = (input->import.n > 0) + (input->cube.text != NULL) +
                    (input->reg.text != NULL) + (input->table.text != NULL);
        if (kinds != 1)
            return qi_study_fail(
                study, input->name, err,
                "the input `%s` must have %s of import, cube, register and table",
                input->name.text, kinds == 0 ? "one" : "only one");
    }
    return QUIPU_OK;
}

static quipu_status check_asks(const qi_study *study, const qi_block *block, quipu_error *err) {
    qi_words at = {NULL, block->line, block->column};
    int ways = (block->ask.n > 0) + (block->choices.n > 0) + (block->of.text != NULL);
    if (ways == 1)
        return QUIPU_OK;
    return qi_study_fail(study, at, err, "`%s` must have %s of ask, choices%s", block->id.text,
                         ways == 0 ? "one" : "only one",
                         block->kind == QI_BLOCK_FIGURE ? " and of" : "");
}

static quipu_status check_block(const qi_study *study, const qi_block *block,
                                quipu_error *err) {
    if (block->kind == QI_BLOCK_TEXT)
        return QUIPU_OK;
    QI_TRY(check_name(study, block->id, err));
    if (block->kind == QI_BLOCK_TABLE || block->kind == QI_BLOCK_FIGURE)
        QI_TRY(check_asks(study, block, err));
    if (block->show.n > 0 && block->layout.line > 0)
        return qi_study_fail(study, block->show.items[0], err,
                             "`show` and `layout` both say what is printed: take one");
    if (block->kind == QI_BLOCK_HYPOTHESIS && block->variants.n < 2)
        return qi_study_fail(study, block->id, err,
                             "a hypothesis needs two variants at least: the one claimed and "
                             "another");
    return QUIPU_OK;
}

/* Block `wanted` of the study; used to find doubles and what `of` points to. */
static const qi_block *block_at(const qi_study *study, size_t wanted) {
    for (size_t s = 0; s < study->sections.n; s++) {
        if (wanted < study->sections.items[s].content.n)
            return &study->sections.items[s].content.items[wanted];
        wanted -= study->sections.items[s].content.n;
    }
    return NULL;
}

static quipu_status check_of(const qi_study *study, const qi_block *figure, quipu_error *err) {
    qi_suggest near;
    char text[QI_SUGGEST_TEXT];
    const qi_block *block;
    qi_suggest_start(&near, figure->of.text);
    for (size_t i = 0; (block = block_at(study, i)) != NULL; i++) {
        if (block->kind != QI_BLOCK_TABLE)
            continue;
        if (strcmp(block->id.text, figure->of.text) == 0)
            return QUIPU_OK;
        qi_suggest_try(&near, block->id.text);
    }
    return qi_study_fail(study, figure->of, err, "there is no table `%.60s` to draw%s",
                         figure->of.text, qi_suggest_text(&near, text));
}

static quipu_status check_blocks(const qi_study *study, quipu_error *err) {
    const qi_block *block, *other;
    for (size_t i = 0; (block = block_at(study, i)) != NULL; i++) {
        QI_TRY(check_block(study, block, err));
        if (block->kind == QI_BLOCK_TEXT)
            continue;
        for (size_t j = 0; j < i; j++) {
            other = block_at(study, j);
            if (other->kind != QI_BLOCK_TEXT && strcmp(other->id.text, block->id.text) == 0)
                return qi_study_fail(study, block->id, err,
                                     "the name `%s` was given already, on line %u",
                                     block->id.text, other->id.line);
        }
        if (block->of.text != NULL)
            QI_TRY(check_of(study, block, err));
    }
    return QUIPU_OK;
}

static quipu_status check(const qi_study *study, quipu_error *err) {
    QI_TRY(check_name(study, study->name, err));
    if (study->date.text != NULL && !is_date(study->date.text))
        return qi_study_fail(study, study->date, err,
                             "\"%.40s\" is no date: write year-month-day, 2013-05-01",
                             study->date.text);
    for (size_t i = 0; i < study->authors.n; i++) {
        const qi_author *author = &study->authors.items[i];
        qi_words at = author->given.text != NULL ? author->given : author->affiliation;
        if (author->family.text == NULL && author->name.text == NULL)
            return qi_study_fail(study, at, err, "author %zu has neither family nor name",
                                 i + 1);
    }
    for (size_t i = 0; i < study->let.n; i++)
        if (name_length(study->let.items[i].key.text) != strlen(study->let.items[i].key.text))
            return qi_study_fail(study, study->let.items[i].key, err,
                                 "names under `let` are small letters, digits, - and _");
    QI_TRY(check_inputs(study, err));
    return check_blocks(study, err);
}

/* ---- reading ---- */

quipu_status qi_study_read(const char *path, qi_study *out, quipu_error *err) {
    qi_node *root;
    quipu_status status;
    *out = (qi_study){0};
    out->path = qi_arena_dup(&out->arena, path);
    const char *slash = strrchr(path, '/');
    out->folder = slash == NULL ? "" : qi_arena_text(&out->arena, path, (size_t)(slash - path));
    if (slash == path)
        out->folder = "/.";
    if (out->path == NULL || out->folder == NULL) {
        status = qi_fail_memory(err, 0);
        goto done;
    }
    QI_GO(qi_yaml_read(path, &out->arena, &root, err));
    QI_GO(qi_schema_read(out->path, root, &qi_schema_study, out, &out->arena, err));
    QI_GO(check(out, err));
done:
    if (status != QUIPU_OK)
        qi_study_free(out);
    return status;
}

void qi_study_free(qi_study *study) {
    qi_arena arena = study->arena;
    *study = (qi_study){0};
    qi_arena_free(&arena);
}
