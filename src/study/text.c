/* SPDX-License-Identifier: Apache-2.0 */
/* text.c - see text.h for the marks. */
#include "study/text.h"

#include "query/query.h"
#include "study/pick.h"

typedef struct reading {
    const qi_text_context *context;
    qi_words at;
    quipu_error *err;
    QI_LIST(qi_run) runs;
    QI_LIST(qi_paragraph) paragraphs;
    qi_buffer plain; /* text not yet made a run */
    bool strong, emphasis, item;
} reading;

static quipu_status add_run(reading *r, qi_run run) {
    return QI_PUSH(&r->runs, run) ? QUIPU_OK : qi_fail_memory(r->err, sizeof run);
}

static quipu_status flush(reading *r) {
    if (r->plain.length == 0)
        return QUIPU_OK;
    const char *text = qi_arena_text(r->context->arena, r->plain.bytes, r->plain.length);
    r->plain.length = 0;
    if (text == NULL)
        return qi_fail_memory(r->err, 0);
    return add_run(r, (qi_run){.kind = QI_RUN_TEXT, .text = text});
}

static quipu_status mark(reading *r, qi_run run) {
    QI_TRY(flush(r));
    return add_run(r, run);
}

static quipu_status fail(const reading *r, const char *what, const char *found) {
    return qi_study_fail(r->context->asker->study, r->at, r->err, "%s: \"%.60s\"", what, found);
}

/* ---- figures ---- */

static const qi_entry *find_entry(const qi_entries *entries, const char *name) {
    for (size_t i = 0; i < entries->n; i++)
        if (strcmp(entries->items[i].key.text, name) == 0)
            return &entries->items[i];
    return NULL;
}

static char *trimmed(qi_arena *arena, const char *text, size_t length) {
    while (length > 0 && (*text == ' ' || *text == '\n' || *text == '\t')) {
        text++;
        length--;
    }
    while (length > 0 && strchr(" \n\t", text[length - 1]) != NULL)
        length--;
    return qi_arena_text(arena, text, length);
}

/* "QUESTION => PICK, HOW" asked and said. */
static quipu_status say_question(reading *r, qi_words at, const char *text, const char *how,
                                 qi_run *run) {
    const qi_text_context *c = r->context;
    const char *arrow = strstr(text, "=>");
    char *question, *pick = NULL, *comma;
    qi_answer answer;
    qi_figure figure;
    question = trimmed(c->arena, text, arrow != NULL ? (size_t)(arrow - text) : strlen(text));
    if (arrow != NULL)
        pick = trimmed(c->arena, arrow + 2, strlen(arrow + 2));
    if (question == NULL || (arrow != NULL && pick == NULL))
        return qi_fail_memory(r->err, 0);
    if (pick != NULL && (comma = strchr(pick, ',')) != NULL) {
        *comma = '\0';
        how = how != NULL ? how : comma + 1;
    }
    if (pick != NULL)
        pick = trimmed(c->arena, pick, strlen(pick));
    quipu_status status = qi_ask_one(c->asker, (qi_words){question, at.line, at.column},
                                     c->arena, &answer, r->err);
    if (status != QUIPU_OK)
        return status;
    run->extra = answer.command;
    run->text = "n/a";
    if (answer.missing == NULL) {
        status = qi_pick(c->asker->study, &answer.table, at, pick, answer.measure->figure,
                         &figure, r->err);
        if (status == QUIPU_OK)
            status = qi_figure_say(c->asker->study, &figure, at, how, c->spanish, c->arena,
                                   &run->text, r->err);
    }
    qi_answer_free(&answer);
    return status;
}

static quipu_status say_fact(reading *r, const char *id, qi_run *run) {
    const qi_text_context *c = r->context;
    qi_suggest near;
    char text[QI_SUGGEST_TEXT];
    qi_suggest_start(&near, id);
    for (size_t i = 0; c->facts != NULL && i < c->facts->n; i++) {
        const qi_compared *item = &c->facts->items[i];
        if (item->fact == NULL)
            continue;
        qi_suggest_try(&near, item->fact);
        if (strcmp(item->fact, id) != 0)
            continue;
        bool share = strcmp(item->unit, "percent") == 0;
        const char *figure = qi_compared_text(item, true, c->arena);
        run->text = qi_arena_printf(c->arena, "%s%s", item->has_ours ? figure : "n/a",
                                    item->has_ours && share ? "\xc2\xa0%" : "");
        run->extra = item->command;
        return run->text != NULL ? QUIPU_OK : qi_fail_memory(r->err, 0);
    }
    return qi_study_fail(c->asker->study, r->at, r->err, "there is no fact \"%.60s\"%s", id,
                         qi_suggest_text(&near, text));
}

static quipu_status say_value(reading *r, char *name, const char *how, qi_run *run) {
    const qi_study *study = r->context->asker->study;
    const qi_entry *entry = find_entry(&study->values, name);
    qi_suggest near;
    char text[QI_SUGGEST_TEXT];
    if (entry != NULL)
        return say_question(r, entry->value, entry->value.text, how, run);
    qi_suggest_start(&near, name);
    for (size_t i = 0; i < study->values.n; i++)
        qi_suggest_try(&near, study->values.items[i].key.text);
    return qi_study_fail(study, r->at, r->err, "{{%.60s}}: no such name under `values`%s", name,
                         qi_suggest_text(&near, text));
}

static quipu_status read_figure(reading *r, const char **at) {
    const char *end = strstr(*at + 2, "}}");
    qi_run run = {.kind = QI_RUN_FIGURE};
    if (end == NULL)
        return fail(r, "a figure that opens with {{ is not closed with }}", *at);
    char *inside = trimmed(r->context->arena, *at + 2, (size_t)(end - *at - 2));
    if (inside == NULL)
        return qi_fail_memory(r->err, 0);
    *at = end + 2;
    QI_TRY(flush(r));
    if (strstr(inside, "=>") != NULL) {
        QI_TRY(say_question(r, r->at, inside, NULL, &run));
    } else if (strncmp(inside, "fact:", 5) == 0) {
        QI_TRY(say_fact(r, inside + 5, &run));
    } else {
        char *comma = strchr(inside, ',');
        if (comma != NULL)
            *comma = '\0';
        char *name = trimmed(r->context->arena, inside, strlen(inside));
        if (name == NULL)
            return qi_fail_memory(r->err, 0);
        QI_TRY(say_value(r, name, comma != NULL ? comma + 1 : NULL, &run));
    }
    return add_run(r, run);
}

/* ---- notes and links ---- */

static quipu_status number_note(reading *r, const qi_entry *entry, size_t *number) {
    qi_noted *noted = r->context->noted;
    for (size_t i = 0; i < noted->n; i++)
        if (noted->items[i] == entry) {
            *number = i + 1;
            return QUIPU_OK;
        }
    if (!QI_PUSH(noted, entry))
        return qi_fail_memory(r->err, sizeof entry);
    *number = noted->n;
    return QUIPU_OK;
}

static quipu_status read_note(reading *r, const char **at) {
    const qi_study *study = r->context->asker->study;
    const char *end = strchr(*at, ']');
    qi_run run = {.kind = QI_RUN_NOTE};
    qi_suggest near;
    char text[QI_SUGGEST_TEXT];
    if (end == NULL)
        return fail(r, "a footnote mark is not closed with ]", *at);
    char *name = trimmed(r->context->arena, *at + 2, (size_t)(end - *at - 2));
    if (name == NULL)
        return qi_fail_memory(r->err, 0);
    const qi_entry *entry = find_entry(&study->footnotes, name);
    if (entry == NULL)
        entry = find_entry(&study->sources, name);
    if (entry == NULL) {
        qi_suggest_start(&near, name);
        for (size_t i = 0; i < study->footnotes.n; i++)
            qi_suggest_try(&near, study->footnotes.items[i].key.text);
        for (size_t i = 0; i < study->sources.n; i++)
            qi_suggest_try(&near, study->sources.items[i].key.text);
        return qi_study_fail(study, r->at, r->err,
                             "[^%.60s]: no such name under `footnotes` or `sources`%s", name,
                             qi_suggest_text(&near, text));
    }
    QI_TRY(number_note(r, entry, &run.number));
    *at = end + 1;
    return mark(r, run);
}

static bool is_url(const char *text) {
    return strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0 ||
           strncmp(text, "mailto:", 7) == 0 || text[0] == '#';
}

static quipu_status read_text(reading *r, const char *at, const char *end, bool linked);

/* [words](url); a bracket that is no link stands for itself. */
static quipu_status read_link(reading *r, const char **at, bool *taken) {
    const char *close = strchr(*at, ']'), *stop;
    *taken = false;
    if (close == NULL || close[1] != '(' || (stop = strchr(close, ')')) == NULL)
        return QUIPU_OK;
    char *url = trimmed(r->context->arena, close + 2, (size_t)(stop - close - 2));
    if (url == NULL)
        return qi_fail_memory(r->err, 0);
    if (!is_url(url))
        return fail(r, "a link goes to https:, http:, mailto: or #name, not to", url);
    QI_TRY(mark(r, (qi_run){.kind = QI_RUN_LINK, .extra = url}));
    QI_TRY(read_text(r, *at + 1, close, true));
    QI_TRY(mark(r, (qi_run){.kind = QI_RUN_LINK_END}));
    *at = stop + 1;
    *taken = true;
    return QUIPU_OK;
}

/* ---- inline marks ---- */

static quipu_status toggle(reading *r, bool *open, qi_run_kind begin, qi_run_kind end) {
    QI_TRY(mark(r, (qi_run){.kind = *open ? end : begin}));
    *open = !*open;
    return QUIPU_OK;
}

static quipu_status read_code(reading *r, const char **at, const char *end) {
    const char *close = memchr(*at + 1, '`', (size_t)(end - *at - 1));
    if (close == NULL)
        return fail(r, "a ` is not closed", *at);
    const char *text = qi_arena_text(r->context->arena, *at + 1, (size_t)(close - *at - 1));
    if (text == NULL)
        return qi_fail_memory(r->err, 0);
    *at = close + 1;
    return mark(r, (qi_run){.kind = QI_RUN_CODE, .text = text});
}

static quipu_status read_text(reading *r, const char *at, const char *end, bool linked) {
    while (at < end) {
        bool taken = false;
        if (*at == '\\' && at + 1 < end && strchr("{}*[]`\\", at[1]) != NULL) {
            at++;
        } else if (at[0] == '{' && at[1] == '{') {
            QI_TRY(read_figure(r, &at));
            continue;
        } else if (at[0] == '*' && at + 1 < end && at[1] == '*') {
            QI_TRY(toggle(r, &r->strong, QI_RUN_STRONG, QI_RUN_STRONG_END));
            at += 2;
            continue;
        } else if (*at == '*') {
            QI_TRY(toggle(r, &r->emphasis, QI_RUN_EMPHASIS, QI_RUN_EMPHASIS_END));
            at++;
            continue;
        } else if (*at == '`') {
            QI_TRY(read_code(r, &at, end));
            continue;
        } else if (at[0] == '[' && at[1] == '^') {
            QI_TRY(read_note(r, &at));
            continue;
        } else if (*at == '[' && !linked) {
            QI_TRY(read_link(r, &at, &taken));
            if (taken)
                continue;
        }
        char c = at[0];
        if (c == '\n' || c == '\t')
            c = ' ';
        if (!qi_buffer_add(&r->plain, &c, 1))
            return qi_fail_memory(r->err, 1);
        at++;
    }
    return QUIPU_OK;
}

/* ---- paragraphs ---- */

static quipu_status end_paragraph(reading *r, size_t first) {
    qi_paragraph paragraph = {.item = r->item, .n = r->runs.n - first};
    QI_TRY(flush(r));
    if (r->strong || r->emphasis)
        return fail(r, "a * or ** is not closed in its paragraph", r->at.text);
    paragraph.n = r->runs.n - first;
    if (paragraph.n == 0)
        return QUIPU_OK;
    paragraph.runs = qi_arena_alloc(r->context->arena, paragraph.n * sizeof(qi_run));
    if (paragraph.runs == NULL || !QI_PUSH(&r->paragraphs, paragraph))
        return qi_fail_memory(r->err, paragraph.n * sizeof(qi_run));
    memcpy(paragraph.runs, r->runs.items + first, paragraph.n * sizeof(qi_run));
    r->runs.n = first;
    return QUIPU_OK;
}

/* The lines that belong together: up to a blank line or the next item. */
static const char *paragraph_end(const char *at) {
    for (const char *line = at; *line != '\0';) {
        const char *feed = strchr(line, '\n');
        if (feed == NULL)
            return line + strlen(line);
        const char *next = feed + 1 + strspn(feed + 1, " \t");
        if (*next == '\n' || *next == '\0' || (next[0] == '-' && next[1] == ' '))
            return feed;
        line = feed + 1;
    }
    return at;
}

static quipu_status read_all(reading *r, const char *at) {
    while (*at != '\0') {
        at += strspn(at, " \t\n");
        if (*at == '\0')
            break;
        const char *end = paragraph_end(at);
        r->item = at[0] == '-' && at[1] == ' ';
        if (r->item)
            at += 2;
        QI_TRY(read_text(r, at, end, false));
        QI_TRY(end_paragraph(r, 0));
        at = end;
    }
    return QUIPU_OK;
}

quipu_status qi_prose_read(const qi_text_context *context, qi_words text, qi_prose *out,
                           quipu_error *err) {
    reading r = {.context = context, .at = text, .err = err};
    const char *filled;
    *out = (qi_prose){0};
    if (text.text == NULL)
        return QUIPU_OK;
    quipu_status status =
        qi_study_fill(context->asker->study, text, context->arena, &filled, err);
    if (status == QUIPU_OK)
        status = read_all(&r, filled);
    if (status == QUIPU_OK && r.paragraphs.n > 0) {
        out->n = r.paragraphs.n;
        out->items = qi_arena_alloc(context->arena, out->n * sizeof *out->items);
        if (out->items != NULL)
            memcpy(out->items, r.paragraphs.items, out->n * sizeof *out->items);
        else
            status = qi_fail_memory(err, out->n);
    }
    free(r.runs.items);
    free(r.paragraphs.items);
    qi_buffer_free(&r.plain);
    return status;
}
