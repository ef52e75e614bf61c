/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c - asks the caller, while DuckDB works, whether it should stop. */
#include "sql/watch.h"

#include <errno.h>
#include <time.h>

enum { EVERY_MS = 50 };

static void *watch(void *user) {
    qi_sql_watch *w = user;
    const quipu_sql_options *o = &w->sql->options;
    pthread_mutex_lock(&w->lock);
    while (!w->over) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += EVERY_MS * 1000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        if (pthread_cond_timedwait(&w->changed, &w->lock, &until) == ETIMEDOUT && !w->over &&
            o->stop(o->stop_user, 0, 0)) {
            w->stopped = true;
            D.interrupt(w->sql->db->connection);
        }
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

quipu_status qi_sql_watch_begin(quipu_sql *sql, qi_sql_watch *w, quipu_error *err) {
    *w = (qi_sql_watch){.sql = sql};
    if (sql->options.stop == NULL)
        return QUIPU_OK;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, NULL);
    w->started = pthread_create(&w->thread, NULL, watch, w) == 0;
    if (w->started)
        return QUIPU_OK;
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    return qi_fail(err, QUIPU_E_LIMIT, "no thread can be started");
}

bool qi_sql_watch_end(qi_sql_watch *w) {
    if (!w->started)
        return false;
    pthread_mutex_lock(&w->lock);
    w->over = true;
    pthread_cond_signal(&w->changed);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    return w->stopped;
}
