/* SPDX-License-Identifier: Apache-2.0 */
/* answer.c - the blocks of a study answered one after the other.
 *
 * Tables first, then facts, then texts, which may name both; a figure may draw a table that
 * stands after it.
 */
#include "study/answer.h"

#include "query/query.h"

/* ---- one block ---- */

static quipu_status fill_title(const qi_answers *a, qi_words words, const char *otherwise,
                               qi_arena *arena, const char **out, quipu_error *err) {
    *out = otherwise;
    return words.text != NULL ? qi_study_fill(a->study, words, arena, out, err) : QUIPU_OK;
}

/* The questions to ask: the block's, or of the first choice whose inputs are there. */
static quipu_status choose(qi_answers *a, qi_done *done, const qi_texts **questions,
                           quipu_error *err) {
    const qi_block *block = done->block;
    const qi_input *missing = NULL;
    *questions = &block->ask;
    if (block->ask.n > 0)
        return qi_ask_ready(&a->asker, &block->ask, &a->arena, &done->missing, err);
    for (size_t i = 0; i < block->choices.n; i++) {
        const qi_choice_spec *choice = &block->choices.items[i];
        QI_TRY(qi_ask_ready(&a->asker, &choice->ask, &a->arena, &missing, err));
        if (missing == NULL) {
            done->choice = choice;
            done->missing = NULL;
            *questions = &choice->ask;
            return QUIPU_OK;
        }
        if (done->missing == NULL)
            done->missing = missing;
    }
    return QUIPU_OK;
}

static quipu_status lay_out(qi_answers *a, qi_done *done, const quipu_table *table,
                            const char *figure, quipu_error *err) {
    const qi_layout *layout = &done->block->layout;
    if (layout->line > 0)
        return qi_layout_make(a->study, layout, table, figure, &a->arena, &done->shown,
                              &done->headers, err);
    return qi_layout_show(a->study, &done->block->show, table, &a->arena, &done->shown, err);
}

/* Instead of an answer: what was printed, and how ours could be had. */
static quipu_status show_printed(qi_answers *a, qi_done *done, const qi_printed *printed,
                                 quipu_error *err) {
    const qi_reference *reference = &done->block->reference;
    const qi_input_spec *input = done->missing->spec;
    quipu_table table = {0};
    quipu_status status;
    done->printed_only = true;
    QI_TRY(qi_printed_table(a->study, reference, printed, &a->arena, &table, err));
    QI_GO(quipu_table_add_note(&table, err,
                               "Printed figures, not calculated: the input \"%s\" is not "
                               "here%s%s.",
                               input->name.text,
                               input->obtain.text != NULL ? ". To calculate it: " : "",
                               qi_or(input->obtain, "")));
    /* A layout that names columns print has not leaves the long table. */
    if (lay_out(a, done, &table, reference->figure.text, NULL) != QUIPU_OK) {
        quipu_table_free(&done->shown);
        done->headers = (qi_headers){0};
        done->shown = table;
        table = (quipu_table){0};
    }
done:
    quipu_table_free(&table);
    return status;
}

static quipu_status title_table(qi_answers *a, qi_done *done, quipu_error *err) {
    bool made = done->shown.n_columns > 0;
    const char *title = made ? done->shown.title : "";
    qi_words words = done->choice != NULL && done->choice->title.text != NULL
                         ? done->choice->title
                         : done->block->title;
    QI_TRY(fill_title(a, words, title, &a->arena, &done->title, err));
    done->title = qi_arena_dup(&a->arena, done->title);
    if (done->title == NULL)
        return qi_fail_memory(err, 0);
    if (!made)
        return QUIPU_OK;
    /* The measure's title names the denominator: under a title of the study it is a note. */
    if (words.text != NULL && title[0] != '\0' && strcmp(title, done->title) != 0) {
        const char *kept = qi_arena_dup(&a->arena, title);
        if (kept == NULL)
            return qi_fail_memory(err, 0);
        QI_TRY(quipu_table_add_note(&done->shown, err, "%s.", kept));
    }
    return quipu_table_set_title(&done->shown, err, "%s%s%s", done->number,
                                 done->number[0] != '\0' ? ". " : "", done->title);
}

static quipu_status answer_table(qi_answers *a, qi_done *done, quipu_error *err) {
    const qi_block *block = done->block;
    const qi_texts *questions;
    qi_printed printed;
    bool compared = block->reference.line > 0;
    QI_TRY(choose(a, done, &questions, err));
    if (compared)
        QI_TRY(qi_printed_read(a->study, &block->reference, &a->arena, &printed, err));
    if (done->missing == NULL) {
        QI_TRY(qi_ask_run(&a->asker, questions, &a->arena, &done->answer, err));
        QI_TRY(lay_out(a, done, &done->answer.table, done->answer.measure->figure, err));
    } else if (compared) {
        QI_TRY(show_printed(a, done, &printed, err));
    }
    if (compared) {
        done->first = a->comparison.n;
        QI_TRY(qi_compare(&a->asker, block, done->choice, &printed,
                          done->missing == NULL ? &done->answer : NULL, &a->arena,
                          &a->comparison, err));
        done->n = a->comparison.n - done->first;
    }
    return title_table(a, done, err);
}

static quipu_status answer_facts(qi_answers *a, qi_done *done, quipu_error *err) {
    done->first = a->comparison.n;
    QI_TRY(qi_compare_facts(&a->asker, done->block, &a->arena, &a->comparison, err));
    done->n = a->comparison.n - done->first;
    QI_TRY(fill_title(a, done->block->title, "Facts", &a->arena, &done->title, err));
    return qi_comparison_table(&a->comparison, done->first, done->n, done->title, &done->shown,
                               err);
}

static quipu_status answer_hypothesis(qi_answers *a, qi_done *done, quipu_error *err) {
    QI_TRY(fill_title(a, done->block->title, done->block->claim.text, &a->arena, &done->title,
                      err));
    return qi_hypothesis_test(a, done, err);
}

/* ---- figures ---- */

static int pixels(qi_words words) {
    int64_t n = 0;
    if (words.text == NULL || !qi_parse_int(words.text, strlen(words.text), &n))
        return 0;
    return (int)n;
}

static quipu_status draw(qi_answers *a, qi_done *done, const quipu_table *table,
                         const char *figure, const char *title, const char *manifest,
                         quipu_error *err) {
    const qi_block *b = done->block;
    /* The picture stands alone too: its number goes with its title. */
    const char *heading = done->number[0] == '\0'
                              ? title
                              : qi_arena_printf(&a->arena, "%s. %s", done->number, title);
    if (heading == NULL)
        return qi_fail_memory(err, 0);
    quipu_chart chart = {.kind = b->chart.text,
                         .x = b->x.text,
                         .y = b->y.text,
                         .series = b->series.text,
                         .size = b->size.text,
                         .source = b->source.text,
                         .target = b->target.text,
                         .figure = figure,
                         .title = heading,
                         .id = manifest,
                         .width = pixels(b->width),
                         .height = pixels(b->height),
                         .spanish = a->spanish};
    QI_TRY(fill_title(a, b->subtitle, NULL, &a->arena, &chart.subtitle, err));
    if (quipu_chart_option(table, a->asker.nomen, &chart, &done->option, err) == QUIPU_OK)
        return QUIPU_OK;
    return qi_study_blame(a->study, b->id, err);
}

quipu_status qi_answers_draw(qi_answers *a, qi_done *done, const char *manifest,
                             quipu_error *err) {
    if (done->block->of.text == NULL)
        return done->missing != NULL
                   ? QUIPU_OK
                   : draw(a, done, &done->answer.table, done->answer.measure->figure,
                          done->title, manifest, err);
    const qi_done *table = qi_answers_find(a, done->block->of.text);
    if (table == NULL || table->missing != NULL) {
        done->missing = table != NULL ? table->missing : NULL;
        return QUIPU_OK;
    }
    return draw(a, done, &table->answer.table, table->answer.measure->figure, done->title,
                manifest, err);
}

/* ---- all of them ---- */

const qi_done *qi_answers_find(const qi_answers *answers, const char *id) {
    for (size_t i = 0; i < answers->n; i++)
        if (answers->items[i].block->kind == QI_BLOCK_TABLE &&
            strcmp(answers->items[i].block->id.text, id) == 0)
            return &answers->items[i];
    return NULL;
}

static quipu_status list_blocks(qi_answers *a, quipu_error *err) {
    size_t n = 0;
    for (size_t s = 0; s < a->study->sections.n; s++)
        n += a->study->sections.items[s].content.n;
    a->items = qi_arena_alloc(&a->arena, (n + 1) * sizeof *a->items);
    a->prose = qi_arena_alloc(&a->arena, (n + 1) * sizeof *a->prose);
    if (a->items == NULL || a->prose == NULL)
        return qi_fail_memory(err, n * sizeof *a->items);
    for (size_t s = 0; s < a->study->sections.n; s++)
        for (size_t i = 0; i < a->study->sections.items[s].content.n; i++) {
            qi_done *done = &a->items[a->n++];
            done->block = &a->study->sections.items[s].content.items[i];
            QI_TRY(fill_title(a, done->block->number, "", &a->arena, &done->number, err));
        }
    return QUIPU_OK;
}

static quipu_status answer_block(qi_answers *a, qi_done *done, bool compare_only,
                                 quipu_error *err) {
    switch (done->block->kind) {
    case QI_BLOCK_TEXT: return QUIPU_OK;
    case QI_BLOCK_FIGURE:
        if (done->block->of.text != NULL)
            return fill_title(a, done->block->title, "", &a->arena, &done->title, err);
        if (compare_only && done->block->reference.line == 0)
            return QUIPU_OK;
        return answer_table(a, done, err);
    case QI_BLOCK_TABLE: return answer_table(a, done, err);
    case QI_BLOCK_FACTS: return answer_facts(a, done, err);
    case QI_BLOCK_HYPOTHESIS: return answer_hypothesis(a, done, err);
    }
    return QUIPU_OK;
}

static quipu_status read_notes(qi_answers *a, const qi_text_context *context, qi_done *done,
                               quipu_error *err) {
    const qi_texts *own = &done->block->notes, *more = NULL;
    if (done->choice != NULL)
        more = &done->choice->notes;
    done->notes = qi_arena_alloc(&a->arena, (own->n + (more != NULL ? more->n : 0) + 1) *
                                                sizeof *done->notes);
    if (done->notes == NULL)
        return qi_fail_memory(err, 0);
    for (size_t i = 0; i < own->n; i++)
        QI_TRY(qi_prose_read(context, own->items[i], &done->notes[done->n_notes++], err));
    for (size_t i = 0; more != NULL && i < more->n; i++)
        QI_TRY(qi_prose_read(context, more->items[i], &done->notes[done->n_notes++], err));
    return QUIPU_OK;
}

static quipu_status read_texts(qi_answers *a, quipu_error *err) {
    qi_text_context context = {&a->asker, &a->comparison, &a->noted, a->spanish, &a->arena};
    QI_TRY(qi_prose_read(&context, a->study->summary, &a->summary, err));
    for (size_t i = 0; i < a->n; i++) {
        qi_done *done = &a->items[i];
        if (done->block->kind == QI_BLOCK_TEXT)
            QI_TRY(qi_prose_read(&context, done->block->id, &a->prose[i], err));
        else
            QI_TRY(read_notes(a, &context, done, err));
        if (done->block->of.text != NULL && done->title[0] == '\0') {
            const qi_done *table = qi_answers_find(a, done->block->of.text);
            done->title = table != NULL ? table->title : "";
        }
    }
    return QUIPU_OK;
}

/* E_ARG with the nearest name when no block is called that. */
static quipu_status check_wanted(const qi_answers *a, const char *wanted, quipu_error *err) {
    qi_suggest near;
    char text[QI_SUGGEST_TEXT];
    qi_suggest_start(&near, wanted);
    for (size_t i = 0; i < a->n; i++) {
        if (a->items[i].block->kind == QI_BLOCK_TEXT)
            continue;
        if (strcmp(a->items[i].block->id.text, wanted) == 0)
            return QUIPU_OK;
        qi_suggest_try(&near, a->items[i].block->id.text);
    }
    return qi_fail(err, QUIPU_E_ARG, "the study has no block \"%.60s\"%s", wanted,
                   qi_suggest_text(&near, text));
}

static quipu_status make(qi_answers *a, const quipu_study_options *options, const char *scratch,
                         bool compare_only, quipu_error *err) {
    const char *wanted = options != NULL ? options->block : NULL;
    QI_TRY(quipu_cache_open(&a->cache, err));
    a->asker.cache = a->cache;
    a->asker.inputs = &a->inputs;
    QI_TRY(qi_inputs_open(a->study, a->asker.nomen, options, scratch, &a->inputs, err));
    QI_TRY(fill_title(a, a->study->title, "", &a->arena, &a->title, err));
    QI_TRY(fill_title(a, a->study->subtitle, "", &a->arena, &a->subtitle, err));
    QI_TRY(list_blocks(a, err));
    if (wanted != NULL)
        QI_TRY(check_wanted(a, wanted, err));
    for (size_t i = 0; i < a->n; i++)
        if (wanted == NULL || (a->items[i].block->kind != QI_BLOCK_TEXT &&
                               strcmp(a->items[i].block->id.text, wanted) == 0))
            QI_TRY(answer_block(a, &a->items[i], compare_only, err));
    return compare_only ? QUIPU_OK : read_texts(a, err);
}

quipu_status qi_answers_make(const qi_study *study, const quipu_nomen *nomen,
                             const quipu_study_options *options, const char *scratch,
                             bool compare_only, qi_answers *out, quipu_error *err) {
    *out = (qi_answers){.study = study,
                        .spanish = strcmp(qi_or(study->language, "en"), "es") == 0};
    out->asker = (qi_asker){
        .study = study, .nomen = nomen, .threads = options != NULL ? options->threads : 0};
    quipu_status status = make(out, options, scratch, compare_only, err);
    if (status != QUIPU_OK)
        qi_answers_free(out);
    return status;
}

void qi_answers_free(qi_answers *answers) {
    for (size_t i = 0; i < answers->n; i++) {
        qi_answer_free(&answers->items[i].answer);
        quipu_table_free(&answers->items[i].shown);
        free(answers->items[i].option);
        free(answers->items[i].svg);
    }
    free(answers->comparison.items);
    free(answers->noted.items);
    qi_inputs_close(&answers->inputs);
    quipu_cache_close(answers->cache);
    qi_arena arena = answers->arena;
    *answers = (qi_answers){0};
    qi_arena_free(&arena);
}
