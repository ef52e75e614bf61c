/* SPDX-License-Identifier: Apache-2.0 */
/* document.c - see document.h. */
#include "study/document.h"

#include "quipu/bundle.h"

#include <stdarg.h>

void qi_doc_raw(qi_document *doc, const char *text) {
    if (!qi_buffer_text(&doc->out, text))
        doc->no_memory = true;
}

void qi_doc_printf(qi_document *doc, const char *format, ...) {
    char text[2048];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof text || !qi_buffer_add(&doc->out, text, (size_t)n))
        doc->no_memory = true;
}

static bool into_document(void *user, const char *bytes, size_t length) {
    qi_document *doc = user;
    return qi_buffer_add(&doc->out, bytes, length);
}

void qi_doc_text(qi_document *doc, const char *text) {
    if (text != NULL &&
        quipu_escape_write(doc->format, text, into_document, doc, NULL) != QUIPU_OK)
        doc->no_memory = true;
}

const char *qi_doc_say(const qi_document *doc, qi_doc_word word) {
    static const char *const WORDS[QI_DOC_N_WORDS][2] = {
        [QI_DOC_CONTENTS] = {"Contents", "Contenido"},
        [QI_DOC_NOTE] = {"Note", "Nota"},
        [QI_DOC_SOURCE] = {"Source", "Fuente"},
        [QI_DOC_NOTES] = {"Notes", "Notas"},
        [QI_DOC_DIFFERENCES] = {"How our figures differ from the printed ones",
                                "En qué difieren nuestras cifras de las impresas"},
        [QI_DOC_INPUTS] = {"Data", "Datos"},
        [QI_DOC_HOW] = {"How this was made", "Cómo se hizo"},
        [QI_DOC_PRINTED] = {"Printed", "Impreso"},
        [QI_DOC_OURS] = {"Ours", "Nuestro"},
        [QI_DOC_DIFFERENCE] = {"Difference", "Diferencia"},
        [QI_DOC_VERDICT] = {"Verdict", "Veredicto"},
        [QI_DOC_CAUSE] = {"Probable cause", "Causa probable"},
        [QI_DOC_WHAT] = {"What", "Qué"},
        [QI_DOC_NOT_MADE] = {"Not made here", "No se hizo aquí"},
        [QI_DOC_VERDICT_EQUAL] = {"equal", "igual"},
        [QI_DOC_VERDICT_NEAR] = {"near", "cerca"},
        [QI_DOC_VERDICT_DIFFERS] = {"differs", "difiere"},
        [QI_DOC_VERDICT_NONE] = {"no figure", "sin cifra"},
    };
    return WORDS[word][doc->answers->spanish ? 1 : 0];
}

const char *qi_author_name(const qi_author *author, qi_arena *arena) {
    if (author->family.text == NULL)
        return qi_or(author->name, "");
    if (author->given.text == NULL)
        return author->family.text;
    return qi_arena_printf(arena, "%s %s", author->given.text, author->family.text);
}

void qi_count_verdicts(const qi_comparison *comparison, size_t first, size_t n,
                       size_t counts[4]) {
    memset(counts, 0, 4 * sizeof counts[0]);
    for (size_t i = first; i < first + n; i++)
        counts[comparison->items[i].verdict]++;
}

const char *qi_source_words(const quipu_table *table, qi_arena *arena) {
    const char *text = "";
    for (size_t i = 0; i < table->n_source && text != NULL; i++) {
        const quipu_pair_text *pair = &table->source[i];
        if (strcmp(pair->key, "cube") == 0 || strcmp(pair->key, "engine") == 0 ||
            strcmp(pair->key, "register") == 0 || strcmp(pair->key, "manifest") == 0)
            continue;
        bool bare = strcmp(pair->key, "source") == 0;
        text = qi_arena_printf(arena, "%s%s%s%s%s", text, text[0] != '\0' ? "; " : "",
                               bare ? "" : pair->key, bare ? "" : ": ", pair->text);
    }
    return text != NULL ? text : "";
}

const char *qi_done_heading(const qi_done *done, qi_arena *arena) {
    const char *title = done->title != NULL ? done->title : "";
    if (done->number[0] == '\0')
        return title;
    return qi_arena_printf(arena, "%s. %s", done->number, title);
}
