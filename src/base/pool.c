/* SPDX-License-Identifier: Apache-2.0 */
/* pool.c - a fixed list of tasks shared by a few threads.
 *
 * Tasks are handed out in rising order from one counter.  After a failure no new task is
 * handed out, but those started are finished; as every task below a started one has been
 * started too, the lowest failing task is always among them, and its error is the one
 * returned: the same one for any number of threads.
 */
#include "base/base.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

typedef struct pool {
    qi_task task;
    void *user;
    size_t n_tasks;
    atomic_size_t next;
    atomic_bool failed;
} pool;

typedef struct worker {
    pool *shared;
    pthread_t thread;
    unsigned number;
    quipu_status status;
    size_t failed_task; /* of `status`; a worker stops at its first failure */
    quipu_error error;
} worker;

static void *work(void *argument) {
    worker *me = argument;
    pool *shared = me->shared;
    while (!atomic_load_explicit(&shared->failed, memory_order_relaxed)) {
        size_t task = atomic_fetch_add_explicit(&shared->next, 1, memory_order_relaxed);
        if (task >= shared->n_tasks)
            break;
        me->status = shared->task(shared->user, task, me->number, &me->error);
        if (me->status != QUIPU_OK) {
            me->failed_task = task;
            atomic_store_explicit(&shared->failed, true, memory_order_relaxed);
            break;
        }
    }
    return NULL;
}

static quipu_status run_inline(size_t n_tasks, qi_task task, void *user, quipu_error *err) {
    for (size_t i = 0; i < n_tasks; i++)
        QI_TRY(task(user, i, 0, err));
    return QUIPU_OK;
}

/* Starts workers 1..n-1 and returns how many there are with the caller's own, number 0.
 * Signals stay with the threads of the host program. */
static unsigned start_workers(worker *workers, unsigned n) {
    sigset_t all, before;
    sigfillset(&all);
    bool masked = pthread_sigmask(SIG_SETMASK, &all, &before) == 0;
    unsigned started = 1;
    while (started < n &&
           pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0)
        started++;
    if (masked)
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

quipu_status qi_run_tasks(unsigned n_threads, size_t n_tasks, qi_task task, void *user,
                          quipu_error *err) {
    if (n_threads > n_tasks)
        n_threads = (unsigned)n_tasks;
    if (n_threads <= 1)
        return run_inline(n_tasks, task, user, err);
    worker *workers = calloc(n_threads, sizeof *workers);
    if (workers == NULL) /* threads are a convenience: go on without */
        return run_inline(n_tasks, task, user, err);

    pool shared = {.task = task, .user = user, .n_tasks = n_tasks};
    atomic_init(&shared.next, 0);
    atomic_init(&shared.failed, false);
    for (unsigned i = 0; i < n_threads; i++) {
        workers[i].shared = &shared;
        workers[i].number = i;
    }
    unsigned started = start_workers(workers, n_threads);
    work(&workers[0]);
    for (unsigned i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);

    const worker *first = NULL;
    for (unsigned i = 0; i < started; i++) {
        if (workers[i].status != QUIPU_OK &&
            (first == NULL || workers[i].failed_task < first->failed_task))
            first = &workers[i];
    }
    quipu_status status = QUIPU_OK;
    if (first != NULL) {
        status = first->status;
        if (err != NULL && err->status == QUIPU_OK)
            *err = first->error;
    }
    free(workers);
    return status;
}

unsigned qi_cpu_count(void) {
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 4096 ? 4096 : (unsigned)n;
}
