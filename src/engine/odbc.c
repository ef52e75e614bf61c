/* SPDX-License-Identifier: Apache-2.0 */
/* odbc.c - a connection through unixODBC: one read-only transaction over one snapshot. */
#define _GNU_SOURCE
#include "calls.h"

#include <dlfcn.h>
#include <strings.h>
#ifdef __linux__
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#endif

quipu_status qi_odbc_load(qi_odbc_calls *calls, quipu_error *err) {
    calls->library = dlopen("libodbc.so.2", RTLD_NOW | RTLD_LOCAL);
    bool ok = calls->library != NULL;
#define X(name) ok = ok && qi_library_find(calls->library, #name, &calls->name);
    QI_ODBC_CALLS(X)
#undef X
    if (ok)
        return QUIPU_OK;
    if (calls->library != NULL)
        dlclose(calls->library);
    calls->library = NULL;
    return qi_fail(err, QUIPU_E_IO,
                   "a database is reached through unixODBC, which cannot be loaded: install "
                   "unixodbc (libodbc2) and the driver of the database, such as "
                   "odbc-postgresql");
}

/* ---- errors ---- */

/* Passwords of the connection string, to be struck out of whatever is said. */
static void learn_secrets(qi_engine *e, const char *connection) {
    static const char *const KEYS[] = {"pwd", "password", "passwd", "token"};
    for (const char *at = connection; *at != 0 && e->n_secrets < QI_COUNT(e->secret);) {
        size_t pair = strcspn(at, ";"), name = strcspn(at, "=;");
        for (size_t k = 0; k < QI_COUNT(KEYS) && name < pair; k++)
            if (name == strlen(KEYS[k]) && strncasecmp(at, KEYS[k], name) == 0) {
                const char *value = at + name + 1;
                size_t length = pair - name - 1;
                if (length > 1 && value[0] == '{' && value[length - 1] == '}')
                    value++, length -= 2;
                if (length > 0 && length < sizeof e->secret[0])
                    snprintf(e->secret[e->n_secrets++], sizeof e->secret[0], "%.*s",
                             (int)length, value);
            }
        at += pair + (at[pair] == ';');
    }
}

static void strike_out(const qi_engine *e, char *text) {
    for (size_t i = 0; i < e->n_secrets; i++) {
        size_t length = strlen(e->secret[i]);
        for (char *at; (at = strstr(text, e->secret[i])) != NULL;) {
            memmove(at + 1, at + length, strlen(at + length) + 1);
            *at = '*';
            if (length == 1 && e->secret[i][0] == '*')
                break;
        }
    }
}

quipu_status qi_odbc_fail(qi_engine *e, SQLSMALLINT type, SQLHANDLE handle, const char *doing,
                          quipu_error *err) {
    SQLCHAR state[6] = "", text[600] = "";
    SQLINTEGER native;
    SQLSMALLINT length;
    if (!SQL_SUCCEEDED(
            e->odbc.SQLGetDiagRec(type, handle, 1, state, &native, text, sizeof text, &length)))
        snprintf((char *)text, sizeof text, "the driver does not say why");
    for (SQLCHAR *c = text; *c != 0; c++)
        if (*c == '\n' || *c == '\r' || *c == '\t')
            *c = ' ';
    qi_text_clean((char *)text, strlen((char *)text));
    strike_out(e, (char *)text);
    return qi_fail(err, QUIPU_E_IO, "%s: %s%s%s%s", doing, (char *)text,
                   state[0] != 0 ? " (" : "", (char *)state, state[0] != 0 ? ")" : "");
}

/* ---- the network ---- */

#ifdef __linux__
static size_t list_sockets(int *out, size_t most) {
    size_t n = 0;
    struct stat about;
    for (int fd = 0; fd < 1024 && n < most; fd++)
        if (fstat(fd, &about) == 0 && S_ISSOCK(about.st_mode))
            out[n++] = fd;
    return n;
}

bool qi_engine_network(const qi_engine *e, uint64_t *bytes) {
    bool known = e->n_sockets > 0;
    *bytes = 0;
    for (size_t i = 0; i < e->n_sockets && known; i++) {
        struct tcp_info info;
        socklen_t size = sizeof info;
        memset(&info, 0, sizeof info);
        known = getsockopt(e->sockets[i], IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
                size >= offsetof(struct tcp_info, tcpi_bytes_received) + sizeof(uint64_t);
        *bytes += info.tcpi_bytes_received;
    }
    return known;
}
#else
static size_t list_sockets(int *out, size_t most) {
    QI_UNUSED(out);
    QI_UNUSED(most);
    return 0;
}

bool qi_engine_network(const qi_engine *e, uint64_t *bytes) {
    QI_UNUSED(e);
    *bytes = 0;
    return false;
}
#endif

/* Sockets that were not there before are the driver's. */
static void learn_sockets(qi_engine *e, const int *before, size_t n_before) {
    int now[256];
    size_t n = list_sockets(now, QI_COUNT(now));
    e->n_sockets = 0;
    for (size_t i = 0; i < n; i++) {
        bool old = false;
        for (size_t j = 0; j < n_before; j++)
            old |= before[j] == now[i];
        if (!old && e->n_sockets < QI_COUNT(e->sockets))
            e->sockets[e->n_sockets++] = now[i];
    }
}

/* ---- opening ---- */

static SQLRETURN connect_now(qi_engine *e, const char *text) {
    SQLCHAR answer[1024];
    SQLSMALLINT length;
    return e->odbc.SQLDriverConnect(e->connection, NULL, (SQLCHAR *)(uintptr_t)text, SQL_NTS,
                                    answer, sizeof answer, &length, SQL_DRIVER_NOPROMPT);
}

static quipu_status connect_with(qi_engine *e, const char *attributes, quipu_error *err) {
    int before[256];
    SQLRETURN result = SQL_ERROR;
    qi_buffer text = {0};
    quipu_status status = QUIPU_OK;
    if (!qi_buffer_text(&text, e->options.connection) ||
        (attributes != NULL && !qi_buffer_printf(&text, ";%s", attributes)) ||
        !qi_buffer_add(&text, "", 1)) {
        status = qi_fail_memory(err, text.length);
        goto done;
    }
    if (!SQL_SUCCEEDED(
            e->odbc.SQLAllocHandle(SQL_HANDLE_DBC, e->environment, &e->connection))) {
        status = qi_odbc_fail(e, SQL_HANDLE_ENV, e->environment, "the connection fails", err);
        goto done;
    }
    size_t n_before = list_sockets(before, QI_COUNT(before));
    QI_GO(qi_odbc_long(e, connect_now, text.bytes, &result, err));
    if (!SQL_SUCCEEDED(result)) {
        status = qi_odbc_fail(e, SQL_HANDLE_DBC, e->connection,
                              "the database cannot be reached", err);
        goto done;
    }
    e->connected = true;
    learn_sockets(e, before, n_before);
done:
    qi_buffer_free(&text);
    return status;
}

static void disconnect(qi_engine *e) {
    if (e->statement != NULL)
        e->odbc.SQLFreeHandle(SQL_HANDLE_STMT, e->statement);
    if (e->connected) {
        e->odbc.SQLEndTran(SQL_HANDLE_DBC, e->connection, SQL_ROLLBACK);
        e->odbc.SQLDisconnect(e->connection);
    }
    if (e->connection != NULL)
        e->odbc.SQLFreeHandle(SQL_HANDLE_DBC, e->connection);
    e->statement = e->connection = NULL;
    e->connected = false;
}

static quipu_status learn_dbms(qi_engine *e, quipu_error *err) {
    char name[40] = "", version[40] = "";
    e->odbc.SQLGetInfo(e->connection, SQL_DBMS_NAME, name, sizeof name, NULL);
    e->odbc.SQLGetInfo(e->connection, SQL_DBMS_VER, version, sizeof version, NULL);
    snprintf(e->dbms, sizeof e->dbms, "%s %s", name, version);
    qi_text_clean(e->dbms, strlen(e->dbms));
    e->dialect = e->options.dialect != NULL ? e->options.dialect : qi_dialect_of_dbms(e->dbms);
    if (e->dialect == NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "the database calls itself \"%s\": say which SQL it speaks with "
                       "--dialect postgresql, clickhouse, spark or duckdb",
                       e->dbms);
    return QUIPU_OK;
}

/* Some engines have no transactions: then the check of totals has to see for itself. */
static void ask_for_snapshot(qi_engine *e) {
    e->odbc.SQLSetConnectAttr(e->connection, SQL_ATTR_ACCESS_MODE,
                              (SQLPOINTER)(uintptr_t)SQL_MODE_READ_ONLY, 0);
    e->odbc.SQLSetConnectAttr(e->connection, SQL_ATTR_TXN_ISOLATION,
                              (SQLPOINTER)(uintptr_t)SQL_TXN_REPEATABLE_READ, 0);
    e->odbc.SQLSetConnectAttr(e->connection, SQL_ATTR_AUTOCOMMIT,
                              (SQLPOINTER)(uintptr_t)SQL_AUTOCOMMIT_OFF, 0);
}

static quipu_status send_settings(qi_engine *e, quipu_error *err) {
    for (const char *at = e->dialect->settings; at != NULL && *at != 0;) {
        size_t length = strcspn(at, "\n");
        char line[200];
        const char *const *fields;
        snprintf(line, sizeof line, "%.*s", (int)length, at);
        QI_TRY(qi_engine_select(e, line, err));
        do
            QI_TRY(qi_engine_next(e, &fields, err));
        while (fields != NULL);
        at += length + (at[length] == '\n');
    }
    return QUIPU_OK;
}

static bool mentions(const char *connection, const char *attributes) {
    size_t name = strcspn(attributes, "=");
    for (const char *at = connection; *at != 0; at += strcspn(at, ";"), at += *at == ';')
        if (strncasecmp(at, attributes, name) == 0 && at[name] == '=')
            return true;
    return false;
}

quipu_status qi_engine_open(const qi_engine_options *options, qi_engine **out,
                            quipu_error *err) {
    qi_engine *e = calloc(1, sizeof *e);
    quipu_status status;
    *out = NULL;
    if (e == NULL)
        return qi_fail_memory(err, sizeof *e);
    e->options = *options;
    learn_secrets(e, options->connection);
    QI_GO(qi_odbc_load(&e->odbc, err));
    if (!SQL_SUCCEEDED(
            e->odbc.SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &e->environment)) ||
        !SQL_SUCCEEDED(e->odbc.SQLSetEnvAttr(e->environment, SQL_ATTR_ODBC_VERSION,
                                             (SQLPOINTER)(uintptr_t)SQL_OV_ODBC3, 0))) {
        status = qi_fail(err, QUIPU_E_IO, "unixODBC does not start");
        goto done;
    }
    QI_GO(connect_with(e, NULL, err));
    QI_GO(learn_dbms(e, err));
    const char *more = e->dialect->attributes;
    if (more != NULL && !mentions(options->connection, more)) { /* now that we know whose */
        disconnect(e);
        QI_GO(connect_with(e, more, err));
    }
    ask_for_snapshot(e);
    QI_GO(send_settings(e, err));
done:
    if (status == QUIPU_OK)
        *out = e;
    else
        qi_engine_close(e);
    return status;
}

/* The library stays: drivers leave threads and exit handlers behind that live in it. */
void qi_engine_close(qi_engine *e) {
    if (e == NULL)
        return;
    if (e->odbc.library != NULL)
        disconnect(e);
    if (e->environment != NULL)
        e->odbc.SQLFreeHandle(SQL_HANDLE_ENV, e->environment);
    free(e->block);
    free(e->length);
    memset(e->secret, 0, sizeof e->secret);
    free(e);
}

const qi_dialect *qi_engine_dialect(const qi_engine *e) {
    return e->dialect;
}

const char *qi_engine_dbms(const qi_engine *e) {
    return e->dbms;
}
