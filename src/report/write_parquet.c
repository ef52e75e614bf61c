/* SPDX-License-Identifier: Apache-2.0 */
/* write_parquet.c - a table as a Parquet file, written by DuckDB into memory.
 *
 * Types are those of duck_table.h.  What stands around the table is key-value metadata of the
 * file, as Parquet has none of columns that DuckDB would write: measure, version, title, note
 * (a line each), the sources by their names, and label, unit and role of a column under
 * "column.NAME.label".
 */
#define _GNU_SOURCE
#include "report/duck_table.h"
#include "report/writer.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void bind(qi_duck info) {
    qi_writer *w = qi_duckdb_call.bind_get_extra_info(info);
    qi_duck_bind_table(info, w->table);
}

/* ---- metadata ---- */

typedef struct metadata {
    qi_buffer sql;
    bool ok, any;
} metadata;

static void add(metadata *m, const char *prefix, const char *key, const char *end,
                const char *text) {
    qi_buffer name = {0}, clean = {0};
    bool ok =
        qi_buffer_printf(&name, "%s%s%s", prefix, key, end) && qi_buffer_text(&clean, text);
    if (ok)
        (void)qi_text_clean(clean.bytes, clean.length);
    for (char *c = name.bytes; ok && *c != '\0'; c++) /* a name of a struct's member */
        if (*c == '"')
            *c = '\'';
    m->ok = m->ok && ok &&
            qi_buffer_printf(&m->sql, "%s\"%s\": ", m->any ? ", " : "", name.bytes) &&
            qi_duckdb_quote(&m->sql, clean.bytes);
    m->any = true;
    qi_buffer_free(&clean);
    qi_buffer_free(&name);
}

static void add_notes(metadata *m, const quipu_table *t) {
    qi_buffer all = {0};
    for (size_t i = 0; i < t->n_notes; i++)
        m->ok = m->ok && qi_buffer_printf(&all, "%s%s", i > 0 ? "\n" : "", t->notes[i]);
    if (t->n_notes > 0 && m->ok)
        add(m, "", "note", "", all.bytes);
    qi_buffer_free(&all);
}

/* A key may come several times among the sources, but once in a file: a line each. */
static void add_sources(metadata *m, const quipu_table *t) {
    for (size_t i = 0; i < t->n_source && m->ok; i++) {
        bool first = true;
        qi_buffer all = {0};
        for (size_t k = 0; k < t->n_source; k++) {
            if (strcmp(t->source[k].key, t->source[i].key) != 0)
                continue;
            first = first && k >= i;
            m->ok = m->ok && qi_buffer_printf(&all, "%s%s", all.length > 0 ? "\n" : "",
                                              t->source[k].text);
        }
        if (first && m->ok)
            add(m, "", t->source[i].key, "", all.bytes);
        qi_buffer_free(&all);
    }
}

static void describe(metadata *m, const qi_writer *w) {
    const quipu_table *t = w->table;
    add(m, "", "measure", "", t->measure);
    add(m, "", "version", "", QUIPU_VERSION);
    for (size_t c = 0; c < t->n_columns; c++) {
        const quipu_column_spec *spec = &t->columns[c].spec;
        add(m, "column.", spec->name, ".label", spec->label != NULL ? spec->label : spec->name);
        add(m, "column.", spec->name, ".unit", spec->unit);
        add(m, "column.", spec->name, ".role",
            spec->role == QUIPU_DIMENSION ? "dimension" : "figure");
    }
    if (w->options->plain)
        return;
    if (t->title != NULL)
        add(m, "", "title", "", t->title);
    add_notes(m, t);
    add_sources(m, t);
}

/* ---- writing ---- */

static quipu_status copy(qi_writer *w, qi_duckdb *db, int file, quipu_error *err) {
    metadata m = {.ok = true};
    m.ok = qi_buffer_printf(&m.sql,
                            "COPY (FROM written()) TO '/dev/fd/%d' (FORMAT parquet, "
                            "COMPRESSION zstd, USE_TMP_FILE false, KV_METADATA {",
                            file);
    describe(&m, w);
    m.ok = m.ok && qi_buffer_text(&m.sql, "})");
    qi_duck function = qi_duck_table_function("written", bind, w);
    bool known = qi_duckdb_call.register_table_function(db->connection, function) == 0;
    qi_duckdb_call.destroy_table_function(&function);
    quipu_status status = QUIPU_OK;
    if (!m.ok)
        status = qi_fail_memory(err, m.sql.length);
    else if (!known)
        status = qi_fail(err, QUIPU_E_BUG, "DuckDB does not take a table function");
    else
        status = qi_duckdb_run(db, m.sql.bytes, err);
    qi_buffer_free(&m.sql);
    return status;
}

static quipu_status pass_on(qi_writer *w, int file, quipu_error *err) {
    struct stat info;
    if (fstat(file, &info) != 0)
        return qi_fail_errno(err, "read", "the Parquet file in memory");
    size_t size = (size_t)info.st_size;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (bytes == MAP_FAILED)
        return qi_fail_errno(err, "read", "the Parquet file in memory");
    qi_put(w, bytes, size);
    munmap(bytes, size);
    return QUIPU_OK;
}

void qi_write_parquet(qi_writer *w) {
    qi_duckdb *db = NULL;
    quipu_error *err = &w->failure;
    int file = -1;
    quipu_status status;
    if (w->table->n_columns == 0) {
        qi_fail(err, QUIPU_E_ARG, "a Parquet file needs a column, and this table has none");
        return;
    }
    /* One thread: the same table gives the same bytes. */
    status = qi_duckdb_open(w->options->duckdb, 1, &db, err);
    if (status == QUIPU_OK) {
        file = memfd_create("quipu", MFD_CLOEXEC);
        if (file < 0)
            status = qi_fail_errno(err, "make", "a file in memory");
    }
    if (status == QUIPU_OK)
        status = copy(w, db, file, err);
    if (status == QUIPU_OK)
        pass_on(w, file, err);
    if (file >= 0)
        close(file);
    qi_duckdb_close(db);
}
