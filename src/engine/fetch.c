/* SPDX-License-Identifier: Apache-2.0 */
/* fetch.c - a statement sent, and its rows read in blocks.
 *
 * What takes long runs on a thread of its own: the caller's thread asks ten times a second
 * whether to go on, and cancels the statement if not.
 */
#include "calls.h"

#include <pthread.h>
#include <time.h>

/* ---- waiting ---- */

typedef struct call {
    qi_engine *engine;
    SQLRETURN (*run)(qi_engine *e, const char *text);
    const char *text;
    SQLRETURN result;
    bool done;
    pthread_mutex_t lock;
    pthread_cond_t changed;
} call;

static void *run_call(void *user) {
    call *c = user;
    SQLRETURN result = c->run(c->engine, c->text);
    pthread_mutex_lock(&c->lock);
    c->result = result;
    c->done = true;
    pthread_cond_signal(&c->changed);
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

static void wait_a_little(call *c) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 100000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    if (!c->done)
        pthread_cond_timedwait(&c->changed, &c->lock, &until);
}

quipu_status qi_odbc_long(qi_engine *e, SQLRETURN (*run)(qi_engine *e, const char *text),
                          const char *text, SQLRETURN *result, quipu_error *err) {
    call c = {.engine = e, .run = run, .text = text};
    pthread_t thread;
    bool stopped = false, done = false;
    pthread_mutex_init(&c.lock, NULL);
    pthread_cond_init(&c.changed, NULL);
    if (pthread_create(&thread, NULL, run_call, &c) != 0) {
        pthread_mutex_destroy(&c.lock);
        pthread_cond_destroy(&c.changed);
        return qi_fail(err, QUIPU_E_LIMIT, "no thread can be started");
    }
    while (!done) {
        pthread_mutex_lock(&c.lock);
        wait_a_little(&c);
        done = c.done;
        pthread_mutex_unlock(&c.lock);
        if (!done && !stopped && e->options.stop != NULL &&
            e->options.stop(e->options.stop_user, 0, 0)) {
            stopped = true;
            if (e->statement != NULL)
                e->odbc.SQLCancel(e->statement);
        }
    }
    pthread_join(thread, NULL);
    pthread_mutex_destroy(&c.lock);
    pthread_cond_destroy(&c.changed);
    *result = c.result;
    return stopped ? qi_fail(err, QUIPU_E_STOPPED, "stopped") : QUIPU_OK;
}

/* ---- a statement ---- */

static SQLRETURN execute(qi_engine *e, const char *text) {
    return e->odbc.SQLExecDirect(e->statement, (SQLCHAR *)(uintptr_t)text, SQL_NTS);
}

static SQLRETURN fetch(qi_engine *e, const char *text) {
    QI_UNUSED(text);
    return e->odbc.SQLFetch(e->statement);
}

static quipu_status describe(qi_engine *e, quipu_error *err) {
    SQLSMALLINT n = 0;
    e->odbc.SQLNumResultCols(e->statement, &n);
    if (n < 1 || n > QI_MOST_COLUMNS)
        return qi_fail(err, QUIPU_E_LIMIT, "a table of %d columns, at most %d are read", n,
                       QI_MOST_COLUMNS);
    e->n_columns = (size_t)n;
    for (size_t c = 0; c < e->n_columns; c++) {
        qi_engine_column *column = &e->column[c];
        SQLSMALLINT length, type = 0, decimals = 0, nullable;
        SQLULEN size;
        if (!SQL_SUCCEEDED(e->odbc.SQLDescribeCol(e->statement, (SQLUSMALLINT)(c + 1),
                                                  (SQLCHAR *)column->name, sizeof column->name,
                                                  &length, &type, &size, &decimals, &nullable)))
            return qi_odbc_fail(e, SQL_HANDLE_STMT, e->statement, "a column is not told", err);
        bool integer = type == SQL_SMALLINT || type == SQL_INTEGER || type == SQL_BIGINT ||
                       type == SQL_TINYINT;
        bool decimal = type == SQL_DECIMAL || type == SQL_NUMERIC;
        column->decimals = integer ? 0 : decimal ? decimals : -1;
    }
    return QUIPU_OK;
}

/* Room for a block of rows. */
static quipu_status bind(qi_engine *e, quipu_error *err) {
    size_t cells = e->n_columns * QI_BLOCK_ROWS;
    e->field_bytes = e->n_columns == 1 ? QI_LINE_BYTES : QI_KEY_BYTES;
    e->block = malloc(cells * e->field_bytes);
    e->length = malloc(cells * sizeof *e->length);
    if (e->block == NULL || e->length == NULL)
        return qi_fail_memory(err, cells * e->field_bytes);
    for (size_t c = 0; c < e->n_columns; c++)
        if (!SQL_SUCCEEDED(e->odbc.SQLBindCol(e->statement, (SQLUSMALLINT)(c + 1), SQL_C_CHAR,
                                              e->block + c * QI_BLOCK_ROWS * e->field_bytes,
                                              (SQLLEN)e->field_bytes,
                                              e->length + c * QI_BLOCK_ROWS)))
            return qi_odbc_fail(e, SQL_HANDLE_STMT, e->statement, "a column is not taken", err);
    return QUIPU_OK;
}

quipu_status qi_engine_select(qi_engine *e, const char *sql, quipu_error *err) {
    SQLRETURN result = SQL_ERROR;
    if (e->statement != NULL)
        e->odbc.SQLFreeHandle(SQL_HANDLE_STMT, e->statement);
    e->statement = NULL;
    free(e->block);
    free(e->length);
    e->block = NULL;
    e->length = NULL;
    e->n_fetched = 0;
    e->at = 0;
    e->ended = false;
    if (!SQL_SUCCEEDED(e->odbc.SQLAllocHandle(SQL_HANDLE_STMT, e->connection, &e->statement)))
        return qi_odbc_fail(e, SQL_HANDLE_DBC, e->connection, "no statement can be made", err);
    e->odbc.SQLSetStmtAttr(e->statement, SQL_ATTR_ROW_ARRAY_SIZE,
                           (SQLPOINTER)(uintptr_t)QI_BLOCK_ROWS, 0);
    e->odbc.SQLSetStmtAttr(e->statement, SQL_ATTR_ROWS_FETCHED_PTR, &e->n_fetched, 0);
    QI_TRY(qi_odbc_long(e, execute, sql, &result, err));
    if (!SQL_SUCCEEDED(result))
        return qi_odbc_fail(e, SQL_HANDLE_STMT, e->statement, "the database refuses", err);
    return describe(e, err);
}

size_t qi_engine_columns(const qi_engine *e, const qi_engine_column **out) {
    *out = e->column;
    return e->n_columns;
}

/* ---- rows ---- */

static quipu_status next_block(qi_engine *e, quipu_error *err) {
    SQLRETURN result = SQL_ERROR;
    e->at = 0;
    e->n_fetched = 0;
    if (e->block == NULL)
        QI_TRY(bind(e, err));
    QI_TRY(qi_odbc_long(e, fetch, NULL, &result, err));
    if (result == SQL_NO_DATA) {
        e->n_fetched = 0;
        e->ended = true;
    } else if (!SQL_SUCCEEDED(result)) {
        return qi_odbc_fail(e, SQL_HANDLE_STMT, e->statement,
                            "the database fails while its answer is read", err);
    }
    return QUIPU_OK;
}

quipu_status qi_engine_next(qi_engine *e, const char *const **fields, quipu_error *err) {
    *fields = NULL;
    if (e->at == e->n_fetched && !e->ended)
        QI_TRY(next_block(e, err));
    if (e->ended)
        return QUIPU_OK;
    for (size_t c = 0; c < e->n_columns; c++) {
        size_t cell = c * QI_BLOCK_ROWS + e->at;
        SQLLEN length = e->length[cell];
        if (length != SQL_NULL_DATA && (length < 0 || (size_t)length >= e->field_bytes))
            return qi_fail(err, QUIPU_E_DATA,
                           "column %s holds a text of %lld bytes, at most %zu are read",
                           e->column[c].name, (long long)length, e->field_bytes - 1);
        e->field[c] = length == SQL_NULL_DATA ? NULL : e->block + cell * e->field_bytes;
    }
    e->at++;
    *fields = e->field;
    return QUIPU_OK;
}
