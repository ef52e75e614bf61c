/* SPDX-License-Identifier: Apache-2.0 */
/* duckdb.c - see duckdb.h. */
#include "io/duckdb.h"

#include <dlfcn.h>
#include <jansson.h>
#include <pthread.h>

/* ---- loading ---- */

qi_duckdb_calls qi_duckdb_call;
static void *loaded; /* the library they are from */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool find_calls(void *library, qi_duckdb_calls *calls) {
    bool ok = true;
#define X(type, name, parameters)                                                              \
    ok = ok && qi_library_find(library, "duckdb_" #name, &calls->name);
    QI_DUCKDB_CALLS(X)
#undef X
    return ok;
}

typedef enum outcome { LOADED, UNFIT, ANOTHER } outcome;

static outcome load(const char *path) {
    qi_duckdb_calls calls;
    /* Out of sight of the rest: R and Python may carry a DuckDB of their own.  It is never
     * unloaded, as it keeps thread-local objects. */
    void *library = dlopen(path, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
    if (library == NULL)
        return UNFIT;
    outcome found = LOADED;
    if (loaded != NULL)
        found = library == loaded ? LOADED : ANOTHER;
    else if (!find_calls(library, &calls))
        found = UNFIT;
    if (found == LOADED && loaded == NULL) {
        qi_duckdb_call = calls;
        loaded = library;
    } else {
        dlclose(library); /* counts down: the first opening holds it */
    }
    return found;
}

static quipu_status find_library(const char *path, quipu_error *err) {
    if (path != NULL && path[0] != '\0') {
        outcome found = load(path);
        if (found == LOADED)
            return QUIPU_OK;
        if (found == ANOTHER)
            return qi_fail(err, QUIPU_E_ARG,
                           "another library of DuckDB than %s is already in use: a process "
                           "takes one",
                           path);
        return qi_fail(err, QUIPU_E_IO,
                       "Parquet and SQL need DuckDB's library 1.4 or newer, and %s cannot be "
                       "loaded as such. Name another libduckdb.so, or none to look in the "
                       "usual places",
                       path);
    }
    if (loaded != NULL || load("libduckdb.so") == LOADED || load(QUIPU_DUCKDB) == LOADED)
        return QUIPU_OK;
    return qi_fail(err, QUIPU_E_IO,
                   "Parquet and SQL need DuckDB's library 1.4 or newer, which is neither "
                   "installed as libduckdb.so nor in %s. Run tools/setup, or set QUIPU_DUCKDB "
                   "to a libduckdb.so",
                   QUIPU_DUCKDB);
}

static quipu_status start(qi_duckdb *db, unsigned threads, quipu_error *err) {
    char number[16], *said = NULL;
    snprintf(number, sizeof number, "%u", threads != 0 ? threads : qi_cpu_count());
    const char *const settings[][2] = {{"threads", number},
                                       {"autoinstall_known_extensions", "false"},
                                       {"autoload_known_extensions", "false"}};
    qi_duck config = NULL;
    bool ok = qi_duckdb_call.create_config(&config) == 0;
    for (size_t i = 0; i < QI_COUNT(settings) && ok; i++)
        ok = qi_duckdb_call.set_config(config, settings[i][0], settings[i][1]) == 0;
    ok = ok && qi_duckdb_call.open_ext(NULL, &db->database, config, &said) == 0;
    qi_duckdb_call.destroy_config(&config);
    ok = ok && qi_duckdb_call.connect(db->database, &db->connection) == 0;
    quipu_status status = QUIPU_OK;
    if (!ok)
        status = qi_fail(err, QUIPU_E_IO, "DuckDB %s does not start: %s",
                         qi_duckdb_call.library_version(),
                         said != NULL ? said : "it does not say why");
    qi_duckdb_call.free(said);
    return status == QUIPU_OK ? qi_duckdb_run(db, "SET errors_as_json = true", err) : status;
}

quipu_status qi_duckdb_open(const char *path, unsigned threads, qi_duckdb **out,
                            quipu_error *err) {
    *out = NULL;
    pthread_mutex_lock(&lock);
    quipu_status status = find_library(path, err);
    pthread_mutex_unlock(&lock);
    QI_TRY(status);
    qi_duckdb *db = calloc(1, sizeof *db);
    if (db == NULL)
        return qi_fail_memory(err, sizeof *db);
    status = start(db, threads, err);
    if (status != QUIPU_OK) {
        qi_duckdb_close(db);
        return status;
    }
    *out = db;
    return QUIPU_OK;
}

void qi_duckdb_close(qi_duckdb *db) {
    if (db == NULL)
        return;
    if (db->connection != NULL)
        qi_duckdb_call.disconnect(&db->connection);
    if (db->database != NULL)
        qi_duckdb_call.close(&db->database);
    free(db);
}

/* ---- errors ---- */

static quipu_status status_of(const char *type) {
    static const struct {
        const char *type;
        quipu_status status;
    } known[] = {{"INTERRUPT", QUIPU_E_STOPPED},
                 {"Interrupt", QUIPU_E_STOPPED},
                 {"IO", QUIPU_E_IO},
                 {"Out of Memory", QUIPU_E_NOMEM},
                 {"Conversion", QUIPU_E_DATA},
                 {"Out of Range", QUIPU_E_DATA},
                 {"Invalid Input", QUIPU_E_DATA}};
    for (size_t i = 0; i < QI_COUNT(known); i++)
        if (strcmp(known[i].type, type) == 0)
            return known[i].status;
    return QUIPU_E_ARG;
}

/* One line of what may be several; the excerpt of the statement is left away, as line and
 * column tell the place. */
static void flatten(const char *said, char *out, size_t size) {
    size_t n = 0;
    const char *excerpt = strstr(said, "\nLINE ");
    size_t length = excerpt != NULL ? (size_t)(excerpt - said) : strlen(said);
    for (size_t i = 0; i < length && n + 1 < size; i++) {
        char c = said[i] == '\n' || said[i] == '\t' ? ' ' : said[i];
        if (c != ' ' || (n > 0 && out[n - 1] != ' '))
            out[n++] = c;
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    qi_text_clean(out, n);
}

static void place_in(const char *sql, size_t position, uint64_t *line, uint32_t *column) {
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < position && sql[i] != '\0'; i++) {
        *column += 1;
        if (sql[i] == '\n') {
            *line += 1;
            *column = 1;
        }
    }
}

quipu_status qi_duckdb_fail(quipu_error *err, const char *said, const char *sql) {
    char text[512];
    const char *brace = said != NULL ? strchr(said, '{') : NULL;
    json_t *report = brace != NULL ? json_loads(brace, 0, NULL) : NULL;
    const char *message = json_string_value(json_object_get(report, "exception_message"));
    const char *type = json_string_value(json_object_get(report, "exception_type"));
    const char *position = json_string_value(json_object_get(report, "position"));
    uint64_t line = 0;
    uint32_t column = 0;
    if (position != NULL && sql != NULL)
        place_in(sql, strtoul(position, NULL, 10), &line, &column);
    flatten(message != NULL ? message
            : said != NULL  ? said
                            : "DuckDB gave no reason",
            text, sizeof text);
    quipu_status status = qi_fail_at(err, status_of(type != NULL ? type : ""),
                                     line != 0 ? "SQL" : "", line, column, "%s", text);
    json_decref(report);
    return status;
}

/* ---- statements ---- */

static quipu_status execute(qi_duckdb *db, const char *sql, qi_duck_result *result,
                            quipu_error *err) {
    qi_duck prepared = NULL, pending = NULL;
    quipu_status status = QUIPU_OK;
    if (qi_duckdb_call.prepare(db->connection, sql, &prepared) != 0)
        status = qi_duckdb_fail(err, qi_duckdb_call.prepare_error(prepared), NULL);
    else if (qi_duckdb_call.pending_prepared(prepared, &pending) != 0)
        status = qi_duckdb_fail(err, qi_duckdb_call.pending_error(pending), NULL);
    else if (qi_duckdb_call.execute_pending(pending, result) != 0) {
        status = qi_duckdb_fail(err, qi_duckdb_call.result_error(result), NULL);
        qi_duckdb_call.destroy_result(result);
    }
    qi_duckdb_call.destroy_pending(&pending);
    qi_duckdb_call.destroy_prepare(&prepared);
    return status;
}

quipu_status qi_duckdb_run(qi_duckdb *db, const char *sql, quipu_error *err) {
    qi_duck_result result = {{0}};
    QI_TRY(execute(db, sql, &result, err));
    qi_duckdb_call.destroy_result(&result);
    return QUIPU_OK;
}

quipu_status qi_duckdb_text(qi_duckdb *db, const char *sql, qi_buffer *out, quipu_error *err) {
    qi_duck_result result = {{0}};
    QI_TRY(execute(db, sql, &result, err));
    bool ok = true;
    qi_duck chunk = qi_duckdb_call.fetch_chunk(result);
    if (chunk != NULL && qi_duckdb_call.data_chunk_get_size(chunk) > 0) {
        qi_duck vector = qi_duckdb_call.data_chunk_get_vector(chunk, 0);
        if (qi_duck_present(qi_duckdb_call.vector_get_validity(vector), 0)) {
            size_t length;
            const char *text = qi_duck_text_of(qi_duckdb_call.vector_get_data(vector), &length);
            ok = qi_buffer_add(out, text, length);
        }
    }
    qi_duckdb_call.destroy_data_chunk(&chunk);
    qi_duckdb_call.destroy_result(&result);
    return ok ? QUIPU_OK : qi_fail_memory(err, out->length);
}

bool qi_duckdb_quote(qi_buffer *sql, const char *text) {
    bool ok = qi_buffer_add(sql, "'", 1);
    for (; *text != '\0' && ok; text++)
        ok = (*text != '\'' || qi_buffer_add(sql, "'", 1)) && qi_buffer_add(sql, text, 1);
    return ok && qi_buffer_add(sql, "'", 1);
}

const char *qi_duck_text_of(const qi_duck_text *text, size_t *length) {
    *length = text->length;
    if (text->length <= sizeof text->bytes)
        return text->bytes;
    const char *far; /* a beginning of four bytes, then a pointer to the whole */
    memcpy(&far, text->bytes + 4, sizeof far);
    return far;
}

bool qi_duck_present(const uint64_t *validity, size_t row) {
    return validity == NULL || (validity[row / 64] >> (row % 64) & 1) != 0;
}
