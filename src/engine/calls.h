/* SPDX-License-Identifier: Apache-2.0 */
/* calls.h (private) - unixODBC, loaded when it is needed, and what a connection is made of. */
#ifndef QI_ENGINE_CALLS_H
#define QI_ENGINE_CALLS_H

#include "engine.h"

#include <sql.h>
#include <sqlext.h>

#define QI_ODBC_CALLS(X)                                                                       \
    X(SQLAllocHandle)                                                                          \
    X(SQLFreeHandle)                                                                           \
    X(SQLSetEnvAttr)                                                                           \
    X(SQLSetConnectAttr)                                                                       \
    X(SQLSetStmtAttr)                                                                          \
    X(SQLDriverConnect)                                                                        \
    X(SQLDisconnect)                                                                           \
    X(SQLGetInfo)                                                                              \
    X(SQLGetDiagRec)                                                                           \
    X(SQLExecDirect)                                                                           \
    X(SQLNumResultCols)                                                                        \
    X(SQLDescribeCol)                                                                          \
    X(SQLBindCol)                                                                              \
    X(SQLFetch)                                                                                \
    X(SQLFreeStmt)                                                                             \
    X(SQLCancel)                                                                               \
    X(SQLEndTran)

typedef struct qi_odbc_calls {
    void *library;
#define X(name) __typeof__(&name) name;
    QI_ODBC_CALLS(X)
#undef X
} qi_odbc_calls;

quipu_status qi_odbc_load(qi_odbc_calls *calls, quipu_error *err);

/* A plan is one column of long lines; all else is keys and numbers. */
enum { QI_MOST_COLUMNS = 512, QI_BLOCK_ROWS = 1000, QI_KEY_BYTES = 256, QI_LINE_BYTES = 16384 };

struct qi_engine {
    qi_odbc_calls odbc;
    SQLHENV environment;
    SQLHDBC connection;
    SQLHSTMT statement;
    bool connected;
    const qi_dialect *dialect;
    qi_engine_options options;
    char dbms[80];
    char secret[4][128]; /* what must not be said again */
    size_t n_secrets;
    int sockets[8]; /* opened while connecting */
    size_t n_sockets;
    /* the answer at hand */
    qi_engine_column column[QI_MOST_COLUMNS];
    size_t n_columns;
    size_t field_bytes;
    char *block;       /* [column][row][field_bytes]; NULL until rows are wanted */
    SQLLEN *length;    /* [column][row] */
    SQLULEN n_fetched; /* rows in the block */
    size_t at;         /* the next of them */
    bool ended;
    const char *field[QI_MOST_COLUMNS];
};

/* What the driver said last of a handle; E_IO. */
quipu_status qi_odbc_fail(qi_engine *e, SQLSMALLINT type, SQLHANDLE handle, const char *doing,
                          quipu_error *err);
/* A call that may take minutes, on a thread of its own, while the caller is asked whether to
 * stop: then the engine is told to. */
quipu_status qi_odbc_long(qi_engine *e, SQLRETURN (*call)(qi_engine *e, const char *text),
                          const char *text, SQLRETURN *result, quipu_error *err);

#endif
