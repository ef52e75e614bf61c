/* SPDX-License-Identifier: Apache-2.0 */
/* document.h (private) - what the documents of a bundle share: the answers, the id, words of
 * the frame, and text put through an escape.  Each writer fills one buffer. */
#ifndef QI_STUDY_DOCUMENT_H
#define QI_STUDY_DOCUMENT_H

#include "report/writer.h"
#include "study/answer.h"

typedef struct qi_document {
    const qi_answers *answers;
    const char *manifest; /* id, 64 hex digits */
    quipu_format format;  /* whose escape qi_doc_text uses */
    qi_buffer out;
    bool no_memory;
    quipu_error *err;
} qi_document;

/* Like the table writers they do not check while they write: no_memory is looked at once. */
void qi_doc_raw(qi_document *doc, const char *text);
void qi_doc_printf(qi_document *doc, const char *format, ...) QUIPU_PRINTF(2, 3);
void qi_doc_text(qi_document *doc, const char *text); /* escaped */

typedef enum qi_doc_word {
    QI_DOC_CONTENTS,
    QI_DOC_NOTE,
    QI_DOC_SOURCE,
    QI_DOC_NOTES,
    QI_DOC_DIFFERENCES,
    QI_DOC_INPUTS,
    QI_DOC_HOW,
    QI_DOC_PRINTED,
    QI_DOC_OURS,
    QI_DOC_DIFFERENCE,
    QI_DOC_VERDICT,
    QI_DOC_CAUSE,
    QI_DOC_WHAT,
    QI_DOC_NOT_MADE,
    QI_DOC_VERDICT_EQUAL, /* in order of qi_verdict */
    QI_DOC_VERDICT_NEAR,
    QI_DOC_VERDICT_DIFFERS,
    QI_DOC_VERDICT_NONE,
    QI_DOC_N_WORDS
} qi_doc_word;
const char *qi_doc_say(const qi_document *doc, qi_doc_word word);

/* "Cynthia Sanborn" and "Sanborn, Cynthia". */
const char *qi_author_name(const qi_author *author, qi_arena *arena);
/* How many of a part of the comparison came out how: [qi_verdict]. */
void qi_count_verdicts(const qi_comparison *comparison, size_t first, size_t n,
                       size_t counts[4]);
/* Where the figures of a table are from, without hashes: "UN Comtrade ...; release: ...". */
const char *qi_source_words(const quipu_table *table, qi_arena *arena);
/* The title a block has in the list of contents. */
const char *qi_done_heading(const qi_done *done, qi_arena *arena);

extern const char *const qi_study_style[]; /* the style sheet in pieces; NULL ends it */

/* ---- the documents (html.c, latex.c, markdown.c) ---- */
void qi_write_study_html(qi_document *doc);
void qi_write_study_latex(qi_document *doc);
void qi_write_study_markdown(qi_document *doc);

#endif
