/* SPDX-License-Identifier: Apache-2.0 */
/* task.c - what another language asks for, put together by words and run in its own thread. */
#include "bind/bind.h"

#include <signal.h>
#include <time.h>

const char *quipu_version(void) {
    return QUIPU_VERSION;
}

static bool asked_to_stop(void *user, uint64_t done, uint64_t total) {
    QI_UNUSED(done);
    QI_UNUSED(total);
    return atomic_load_explicit(&((quipu_task *)user)->stopped, memory_order_relaxed);
}

/* The clock that nobody sets. */
static bool open_lock(quipu_task *task) {
    pthread_condattr_t with;
    if (pthread_mutex_init(&task->lock, NULL) != 0)
        return false;
    bool fine = pthread_condattr_init(&with) == 0;
    if (fine) {
        fine = pthread_condattr_setclock(&with, CLOCK_MONOTONIC) == 0 &&
               pthread_cond_init(&task->changed, &with) == 0;
        pthread_condattr_destroy(&with);
    }
    if (!fine)
        pthread_mutex_destroy(&task->lock);
    return fine;
}

quipu_status quipu_task_open(const quipu_nomen *nomen, const char *verb, quipu_task **out,
                             quipu_error *err) {
    qi_error_clear(err);
    *out = NULL;
    const quipu_measure *measure = quipu_measure_find(verb);
    const qi_verb *other = qi_verb_find(verb);
    if (measure == NULL && other == NULL)
        return qi_verb_unknown(verb, err);
    quipu_task *task = calloc(1, sizeof *task);
    if (task == NULL || !open_lock(task)) {
        free(task);
        return qi_fail_memory(err, sizeof *task);
    }
    task->measure = measure;
    task->verb = other;
    task->request = (quipu_request){.nomen = nomen, .stop = asked_to_stop, .stop_user = task};
    atomic_init(&task->stopped, false);
    *out = task;
    return QUIPU_OK;
}

static void join(quipu_task *task) {
    if (task->started && !task->joined)
        pthread_join(task->thread, NULL);
    task->joined = true;
}

void quipu_task_close(quipu_task *task) {
    if (task == NULL)
        return;
    quipu_task_stop(task);
    join(task);
    quipu_arrow_close(task->result);
    pthread_cond_destroy(&task->changed);
    pthread_mutex_destroy(&task->lock);
    free(task->arguments.items);
    qi_arena_free(&task->arena);
    free(task);
}

/* ---- put together ---- */

void quipu_task_of_cube(quipu_task *task, const quipu_cube *cube) {
    task->request.cube = cube;
}

void quipu_task_of_register(quipu_task *task, const quipu_register *invested) {
    task->request.invested = invested;
}

quipu_status quipu_task_of_table(quipu_task *task, const char *path, quipu_error *err) {
    qi_error_clear(err);
    task->request.table = qi_arena_dup(&task->arena, path);
    return task->request.table != NULL ? QUIPU_OK : qi_fail_memory(err, strlen(path));
}

quipu_status quipu_task_add(quipu_task *task, const char *name, const char *value,
                            quipu_error *err) {
    qi_error_clear(err);
    quipu_argument a = {qi_arena_dup(&task->arena, name), qi_arena_dup(&task->arena, value)};
    if (a.name == NULL || a.value == NULL || !QI_PUSH(&task->arguments, a))
        return qi_fail_memory(err, 0);
    return QUIPU_OK;
}

void quipu_task_threads(quipu_task *task, unsigned threads) {
    task->request.threads = threads;
}

void quipu_task_cache(quipu_task *task, quipu_cache *cache) {
    task->request.cache = cache;
}

/* ---- run ---- */

static void *run(void *user) {
    quipu_task *task = user;
    quipu_table table = {0};
    quipu_arrow *result = NULL;
    quipu_error error = {0};
    task->request.arguments = task->arguments.items;
    task->request.n_arguments = task->arguments.n;
    quipu_status status = task->measure != NULL
                              ? quipu_measure_run(task->measure, &task->request, &table, &error)
                              : qi_verb_run(task, &table, &error);
    if (status == QUIPU_OK)
        status = quipu_arrow_open(&table, &result, &error);
    else
        quipu_table_free(&table);
    error.status = status;
    pthread_mutex_lock(&task->lock);
    task->result = result;
    task->error = error;
    task->done = true;
    pthread_cond_broadcast(&task->changed);
    pthread_mutex_unlock(&task->lock);
    return NULL;
}

quipu_status quipu_task_start(quipu_task *task, quipu_error *err) {
    sigset_t all, before;
    qi_error_clear(err);
    if (task->started || task->joined)
        return qi_fail(err, QUIPU_E_ARG, "a task is started once");
    /* Signals stay with the threads of the host program. */
    sigfillset(&all);
    bool masked = pthread_sigmask(SIG_SETMASK, &all, &before) == 0;
    task->started = pthread_create(&task->thread, NULL, run, task) == 0;
    if (masked)
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!task->started) { /* a thread is a convenience: go on without */
        task->joined = true;
        run(task);
    }
    return QUIPU_OK;
}

bool quipu_task_wait(quipu_task *task, unsigned milliseconds) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(milliseconds / 1000);
    until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_mutex_lock(&task->lock);
    int rc = 0;
    while (!task->done && rc == 0)
        rc = pthread_cond_timedwait(&task->changed, &task->lock, &until);
    bool done = task->done;
    pthread_mutex_unlock(&task->lock);
    return done;
}

void quipu_task_stop(quipu_task *task) {
    atomic_store_explicit(&task->stopped, true, memory_order_relaxed);
}

quipu_status quipu_task_result(quipu_task *task, quipu_arrow **out, quipu_error *err) {
    qi_error_clear(err);
    *out = NULL;
    if (!task->started && !task->joined)
        return qi_fail(err, QUIPU_E_ARG, "a task must be started before it has a result");
    join(task);
    if (task->error.status != QUIPU_OK) {
        if (err != NULL)
            *err = task->error;
        return task->error.status;
    }
    if (task->result == NULL)
        return qi_fail(err, QUIPU_E_ARG, "the result of a task is given once");
    *out = task->result;
    task->result = NULL;
    return QUIPU_OK;
}
