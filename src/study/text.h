/* SPDX-License-Identifier: Apache-2.0 */
/* text.h (private) - paragraphs of a study as runs that every writer understands.
 *
 *   blank line       a new paragraph; lines that begin with "- " are items of a list
 *   **bold** *italic* `code` [words](https://...)
 *   [^name]          a footnote, or a work under `sources`
 *   {{QUESTION => PICK, HOW}}   a figure: {{growth peru --reporter Peru => growth, 1}}
 *   {{name}} {{name, HOW}}      a figure under `values`; {{fact:id}} our answer to a fact
 *   \{ \* \[ \` \\               the character itself
 */
#ifndef QI_STUDY_TEXT_H
#define QI_STUDY_TEXT_H

#include "study/compare.h"

typedef enum qi_run_kind {
    QI_RUN_TEXT,
    QI_RUN_STRONG, /* opens and closes by turns */
    QI_RUN_STRONG_END,
    QI_RUN_EMPHASIS,
    QI_RUN_EMPHASIS_END,
    QI_RUN_CODE, /* text */
    QI_RUN_LINK, /* extra = URL */
    QI_RUN_LINK_END,
    QI_RUN_FIGURE, /* text; extra = the command it comes from */
    QI_RUN_NOTE    /* number */
} qi_run_kind;

typedef struct qi_run {
    qi_run_kind kind;
    const char *text, *extra;
    size_t number;
} qi_run;

typedef struct qi_paragraph {
    bool item; /* of a list */
    qi_run *runs;
    size_t n;
} qi_paragraph;

typedef struct qi_prose {
    qi_paragraph *items;
    size_t n;
} qi_prose;

/* Footnotes and works referred to, numbered in order of first use. */
typedef struct qi_noted {
    const qi_entry **items;
    size_t n, capacity;
} qi_noted;

typedef struct qi_text_context {
    const qi_asker *asker;
    const qi_comparison *facts; /* for {{fact:id}}; NULL = none yet */
    qi_noted *noted;
    bool spanish;
    qi_arena *arena;
} qi_text_context;

quipu_status qi_prose_read(const qi_text_context *context, qi_words text, qi_prose *out,
                           quipu_error *err);

#endif
