/* SPDX-License-Identifier: Apache-2.0 */
/* test_pool.c - every task once, and the same failure for any number of threads. */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "base/base.h"

#define N_TASKS 500

typedef struct job {
    atomic_uint runs[N_TASKS];
    atomic_uint highest_worker;
    size_t fails_from, fails_every; /* these tasks fail; 0 = none */
} job;

static quipu_status run(void *user, size_t task, unsigned worker, quipu_error *err) {
    job *j = user;
    atomic_fetch_add(&j->runs[task], 1);
    unsigned seen = atomic_load(&j->highest_worker);
    while (worker > seen && !atomic_compare_exchange_weak(&j->highest_worker, &seen, worker)) {
    }
    if (j->fails_every == 0 || task < j->fails_from || task % j->fails_every != 0)
        return QUIPU_OK;
    /* Later failures come sooner, so that "first to fail" is the wrong answer. */
    for (size_t i = task; i < N_TASKS; i++)
        sched_yield();
    return qi_fail(err, QUIPU_E_DATA, "task %zu", task);
}

static void each_task_runs_once(void **unused) {
    QI_UNUSED(unused);
    static const unsigned THREADS[] = {0, 1, 2, 7, 64};
    for (size_t k = 0; k < QI_COUNT(THREADS); k++) {
        static job j;
        memset(&j, 0, sizeof j);
        quipu_error err = {0};
        assert_int_equal(qi_run_tasks(THREADS[k], N_TASKS, run, &j, &err), QUIPU_OK);
        assert_int_equal(err.status, QUIPU_OK);
        for (size_t i = 0; i < N_TASKS; i++)
            assert_int_equal(atomic_load(&j.runs[i]), 1);
        assert_true(atomic_load(&j.highest_worker) < (THREADS[k] == 0 ? 1 : THREADS[k]));
    }
}

static void lowest_failure_is_returned(void **unused) {
    QI_UNUSED(unused);
    for (unsigned threads = 1; threads <= 16; threads++) {
        for (int again = 0; again < 10; again++) {
            static job j;
            memset(&j, 0, sizeof j);
            j.fails_from = 37;
            j.fails_every = 3; /* 39, 42, ... */
            quipu_error err = {0};
            assert_int_equal(qi_run_tasks(threads, N_TASKS, run, &j, &err), QUIPU_E_DATA);
            assert_string_equal(err.text, "task 39");
            for (size_t i = 0; i <= 39; i++)
                assert_int_equal(atomic_load(&j.runs[i]), 1);
            assert_int_equal(atomic_load(&j.runs[N_TASKS - 1]), 0); /* it stopped */
            assert_int_equal(qi_run_tasks(threads, N_TASKS, run, &j, NULL), QUIPU_E_DATA);
        }
    }
}

/* Task 20 fails; those after it wait until it is about to, and then take a millisecond each. */
static quipu_status run_slowly(void *user, size_t task, unsigned worker, quipu_error *err) {
    job *j = user;
    QI_UNUSED(worker);
    atomic_fetch_add(&j->runs[task], 1);
    if (task == 20) {
        atomic_store(&j->highest_worker, 1);
        return qi_fail(err, QUIPU_E_DATA, "task %zu", task);
    }
    while (task > 20 && atomic_load(&j->highest_worker) == 0)
        sched_yield();
    if (task > 20)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return QUIPU_OK;
}

static void a_failure_stops_the_others(void **unused) {
    QI_UNUSED(unused);
    static job j;
    memset(&j, 0, sizeof j);
    assert_int_equal(qi_run_tasks(4, N_TASKS, run_slowly, &j, NULL), QUIPU_E_DATA);
    assert_int_equal(atomic_load(&j.runs[20]), 1);
    assert_int_equal(atomic_load(&j.runs[N_TASKS - 1]), 0);
}

static void few_tasks_need_few_workers(void **unused) {
    QI_UNUSED(unused);
    static job j;
    assert_int_equal(qi_run_tasks(8, 0, run, &j, NULL), QUIPU_OK);
    assert_int_equal(qi_run_tasks(8, 1, run, &j, NULL), QUIPU_OK);
    assert_int_equal(atomic_load(&j.highest_worker), 0);
    assert_int_equal(qi_run_tasks(8, 3, run, &j, NULL), QUIPU_OK);
    assert_true(atomic_load(&j.highest_worker) < 3);
    assert_true(qi_cpu_count() >= 1);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_task_runs_once),
        cmocka_unit_test(lowest_failure_is_returned),
        cmocka_unit_test(a_failure_stops_the_others),
        cmocka_unit_test(few_tasks_need_few_workers),
    };
    return cmocka_run_group_tests_name("base: workers", tests, NULL, NULL);
}
