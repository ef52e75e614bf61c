/* SPDX-License-Identifier: Apache-2.0 */
/* watch.h (private) - a thread beside a statement that asks the caller whether to stop. */
#ifndef QI_SQL_WATCH_H
#define QI_SQL_WATCH_H

#include "sql/sql.h"

#include <pthread.h>

typedef struct qi_sql_watch {
    quipu_sql *sql;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool started, over, stopped;
} qi_sql_watch;

/* Nothing is started where nobody can say stop. */
quipu_status qi_sql_watch_begin(quipu_sql *sql, qi_sql_watch *w, quipu_error *err);
/* True: the caller said stop, and DuckDB was told. */
bool qi_sql_watch_end(qi_sql_watch *w);

#endif
