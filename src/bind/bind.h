/* SPDX-License-Identifier: Apache-2.0 */
/* bind.h (private) - a task, and what the verbs that are no measures share. */
#ifndef QI_BIND_BIND_H
#define QI_BIND_BIND_H

#include "quipu/bind.h"

#include "base/base.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct qi_verb qi_verb;

struct quipu_task {
    const quipu_measure *measure; /* or a verb */
    const qi_verb *verb;
    quipu_request request;
    QI_LIST(quipu_argument) arguments;
    qi_arena arena; /* their texts */

    atomic_bool stopped;
    pthread_t thread;
    bool started, joined; /* a thread there is to join; and was */
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    bool done;
    quipu_arrow *result;
    quipu_error error;
};

/* ---- verbs (verbs.c) ---- */

struct qi_verb {
    const char *name;
    const char *takes; /* names of arguments, blank-separated */
    quipu_status (*run)(quipu_task *task, quipu_table *out, quipu_error *err);
};
const qi_verb *qi_verb_find(const char *name);
quipu_status qi_verb_unknown(const char *name, quipu_error *err);
quipu_status qi_verb_run(quipu_task *task, quipu_table *out, quipu_error *err);

/* The last of that name; NULL when there is none, or it is "". */
const char *qi_verb_word(const quipu_task *task, const char *name);
quipu_status qi_verb_need(const quipu_task *task, const char *name, const char **out,
                          quipu_error *err);
/* A word of a blank-separated list as its position; `otherwise` when it is not given. */
quipu_status qi_verb_choice(const quipu_task *task, const char *name, const char *choices,
                            size_t *out, quipu_error *err);

/* Adds a row of texts; NULL stays missing. */
quipu_status qi_put_texts(quipu_table *out, const char *const *texts, size_t n, size_t *row,
                          quipu_error *err);

quipu_status qi_verb_list(quipu_task *task, quipu_table *out, quipu_error *err);
quipu_status qi_verb_cube(quipu_task *task, quipu_table *out, quipu_error *err);
quipu_status qi_verb_import(quipu_task *task, quipu_table *out, quipu_error *err);
quipu_status qi_verb_append(quipu_task *task, quipu_table *out, quipu_error *err);
quipu_status qi_verb_convert(quipu_task *task, quipu_table *out, quipu_error *err);
quipu_status qi_verb_verify(quipu_task *task, quipu_table *out, quipu_error *err);

#endif
