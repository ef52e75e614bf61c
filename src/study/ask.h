/* SPDX-License-Identifier: Apache-2.0 */
/* ask.h (private) - questions as they are typed on the command line, put to a study's inputs.
 *
 *   growth peru --reporter Peru --partner China --years 1995-2011
 *   invest owners register --project block-8
 */
#ifndef QI_STUDY_ASK_H
#define QI_STUDY_ASK_H

#include "study/inputs.h"
#include "study/study.h"

typedef struct qi_asker {
    const qi_study *study;
    const quipu_nomen *nomen;
    const qi_inputs *inputs;
    quipu_cache *cache;
    unsigned threads;
} qi_asker;

typedef struct qi_answer {
    quipu_table table;
    const quipu_measure *measure;
    const char *command;     /* as it can be typed beside the bundle */
    const qi_input *missing; /* the input that is not there; the table is empty then */
} qi_answer;

/* An option that takes a file is given an input: --production @output. */

/* Several questions have their rows put together: they must give the same columns.  Texts of
 * the answer live in `arena`. */
quipu_status qi_ask_run(const qi_asker *asker, const qi_texts *questions, qi_arena *arena,
                        qi_answer *out, quipu_error *err);
quipu_status qi_ask_one(const qi_asker *asker, qi_words question, qi_arena *arena,
                        qi_answer *out, quipu_error *err);
void qi_answer_free(qi_answer *answer);

/* Is every input of these questions there?  E_DATA for a name that is no input. */
quipu_status qi_ask_ready(const qi_asker *asker, const qi_texts *questions, qi_arena *arena,
                          const qi_input **missing, quipu_error *err);

/* Rows of `from` put under those of `into`, with its notes and sources. */
quipu_status qi_table_append(quipu_table *into, const quipu_table *from, quipu_error *err);
quipu_status qi_table_copy_cell(quipu_table *to, size_t column, size_t row,
                                const quipu_table *from, size_t from_column, size_t from_row,
                                quipu_error *err);
/* Notes and sources that `into` has not yet. */
quipu_status qi_table_take_papers(quipu_table *into, const quipu_table *from, quipu_error *err);

#endif
