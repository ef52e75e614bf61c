/* SPDX-License-Identifier: Apache-2.0 */
/* answer.h (private) - every block of a study with what was found for it. */
#ifndef QI_STUDY_ANSWER_H
#define QI_STUDY_ANSWER_H

#include "study/compare.h"
#include "study/layout.h"
#include "study/text.h"

typedef struct qi_done {
    const qi_block *block;
    const char *title, *number; /* filled; number may be "" */
    qi_answer answer;           /* as asked: long */
    quipu_table shown;          /* as laid out; of facts and hypotheses the comparison */
    qi_headers headers;         /* group NULL where there is none */
    const qi_choice_spec *choice;
    const qi_input *missing; /* not made for want of it; shown are the printed figures, or
                               * nothing */
    bool printed_only;
    char *option;    /* of a figure: ECharts option, JSON */
    char *svg;       /* of a figure, once drawn */
    size_t first, n; /* its part of the comparison */
    qi_prose *notes; /* of the block and choice */
    size_t n_notes;
    const char *verdict; /* of a hypothesis, a sentence */
} qi_done;

typedef struct qi_answers {
    const qi_study *study;
    qi_inputs inputs;
    qi_asker asker;
    quipu_cache *cache;
    bool spanish;
    qi_done *items;
    size_t n;
    qi_comparison comparison;
    qi_noted noted;  /* footnotes in order of use */
    qi_prose *prose; /* [block]: of text blocks */
    qi_prose summary;
    const char *title, *subtitle;
    qi_arena arena;
} qi_answers;

/* Opens the inputs and answers everything but the drawing of figures.  `compare_only` leaves
 * texts and figures out. */
quipu_status qi_answers_make(const qi_study *study, const quipu_nomen *nomen,
                             const quipu_study_options *options, const char *scratch,
                             bool compare_only, qi_answers *out, quipu_error *err);
void qi_answers_free(qi_answers *answers);
/* NULL when no table has that id. */
const qi_done *qi_answers_find(const qi_answers *answers, const char *id);

/* The option of a figure, with the manifest's id in it; left NULL when its input is missing. */
quipu_status qi_answers_draw(qi_answers *answers, qi_done *done, const char *manifest,
                             quipu_error *err);

/* hypothesis.c: the variants of a hypothesis compared; fills done->shown and verdict. */
quipu_status qi_hypothesis_test(qi_answers *answers, qi_done *done, quipu_error *err);

#endif
