/* SPDX-License-Identifier: Apache-2.0 */
/* parquet.c - a Parquet file read as the text of a table.
 *
 * Importing has one reader of rows, with all its guards; Parquet comes to it as lines.  A
 * thread lets DuckDB write them into a pipe, in the order of the file; decimals are written
 * digit by digit and doubles in the shortest form that reads back the same, so nothing is
 * lost on the way.
 */
#define _GNU_SOURCE
#include "io/duckdb.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

struct qi_parquet {
    qi_duckdb *db;
    char *path;
    qi_buffer head; /* the lines under its key `quipu` */
    size_t head_used;
    int in, out; /* the ends of the pipe */
    bool started, ended;
    pthread_t thread;
    quipu_status status; /* what became of the thread */
    quipu_error error;
};

static void *write_lines(void *user) {
    qi_parquet *p = user;
    qi_buffer sql = {0};
    bool ok =
        qi_buffer_text(&sql, "COPY (FROM read_parquet(") && qi_duckdb_quote(&sql, p->path) &&
        qi_buffer_printf(
            &sql, ")) TO '/dev/fd/%d' (FORMAT csv, HEADER true, USE_TMP_FILE false)", p->out);
    p->status = ok ? qi_duckdb_run(p->db, sql.bytes, &p->error)
                   : qi_fail_memory(&p->error, strlen(p->path));
    qi_buffer_free(&sql);
    close(p->out);
    p->out = -1;
    return NULL;
}

static quipu_status read_head(qi_parquet *p, quipu_error *err) {
    qi_buffer sql = {0};
    bool ok = qi_buffer_text(&sql, "SELECT decode(value) FROM parquet_kv_metadata(") &&
              qi_duckdb_quote(&sql, p->path) &&
              qi_buffer_text(&sql, ") WHERE decode(key) = 'quipu'");
    quipu_status status = ok ? qi_duckdb_text(p->db, sql.bytes, &p->head, err)
                             : qi_fail_memory(err, strlen(p->path));
    qi_buffer_free(&sql);
    return status;
}

/* Whatever DuckDB calls it: this file is at fault. */
static quipu_status name_file(const qi_parquet *p, quipu_status status, quipu_error *err) {
    quipu_error cause = {0};
    if (status == QUIPU_OK || status == QUIPU_E_NOMEM || err == NULL)
        return status;
    cause = *err;
    qi_error_clear(err);
    return qi_fail_at(err, QUIPU_E_FORMAT, p->path, 0, 0,
                      "cannot be read as Parquet (cut short or damaged): %s. Fetch or write "
                      "the file again",
                      cause.text);
}

quipu_status qi_parquet_open(const char *path, const char *library, qi_parquet **out,
                             quipu_error *err) {
    *out = NULL;
    int ends[2];
    qi_parquet *p = calloc(1, sizeof *p);
    if (p == NULL)
        return qi_fail_memory(err, sizeof *p);
    p->in = p->out = -1;
    p->path = strdup(path);
    quipu_status status = p->path != NULL ? QUIPU_OK : qi_fail_memory(err, strlen(path));
    if (status == QUIPU_OK)
        status = qi_duckdb_open(library, 0, &p->db, err);
    if (status == QUIPU_OK)
        status = name_file(p, read_head(p, err), err);
    if (status == QUIPU_OK && pipe2(ends, O_CLOEXEC) != 0)
        status = qi_fail_errno(err, "make a pipe for", path);
    if (status == QUIPU_OK) {
        p->in = ends[0];
        p->out = ends[1];
        p->started = pthread_create(&p->thread, NULL, write_lines, p) == 0;
        if (!p->started)
            status = qi_fail(err, QUIPU_E_LIMIT, "no thread can be started");
    }
    if (status != QUIPU_OK) {
        qi_parquet_close(p);
        return status;
    }
    *out = p;
    return QUIPU_OK;
}

static void end(qi_parquet *p) {
    if (p->started && !p->ended)
        pthread_join(p->thread, NULL);
    p->ended = true;
}

quipu_status qi_parquet_read(qi_parquet *p, char *bytes, size_t size, size_t *got,
                             quipu_error *err) {
    *got = 0;
    if (p->head_used < p->head.length) {
        size_t left = p->head.length - p->head_used;
        *got = left < size ? left : size;
        memcpy(bytes, p->head.bytes + p->head_used, *got);
        p->head_used += *got;
        return QUIPU_OK;
    }
    ssize_t n;
    do {
        n = read(p->in, bytes, size);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return qi_fail_errno(err, "read", p->path);
    *got = (size_t)n;
    if (n > 0)
        return QUIPU_OK;
    end(p);
    if (p->status != QUIPU_OK && err != NULL && err->status == QUIPU_OK)
        *err = p->error;
    return p->status == QUIPU_OK ? QUIPU_OK : name_file(p, p->status, err);
}

void qi_parquet_close(qi_parquet *p) {
    char rest[4096];
    if (p == NULL)
        return;
    if (p->started && !p->ended) { /* let the writer end: a closed pipe would be a signal */
        qi_duckdb_call.interrupt(p->db->connection);
        while (read(p->in, rest, sizeof rest) > 0)
            ;
        end(p);
    }
    if (p->in >= 0)
        close(p->in);
    if (p->out >= 0)
        close(p->out);
    qi_duckdb_close(p->db);
    qi_buffer_free(&p->head);
    free(p->path);
    free(p);
}
