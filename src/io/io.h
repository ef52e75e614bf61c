/* SPDX-License-Identifier: Apache-2.0 */
/* io.h (private) - bytes in (files, gz, zip, standard input) and files that appear whole.
 *
 * libarchive is known only here, and loaded only when a packed file is met; DuckDB when it is
 * Parquet (duckdb.h).
 */
#ifndef QI_IO_H
#define QI_IO_H

#include "../base/base.h"

/* ---- output: written aside, synced, renamed (atomic.c) ---- */

typedef struct qi_out {
    int fd;
    char *path;      /* where it will appear */
    char *temporary; /* its name until then; NULL while it has none (O_TMPFILE) */
    uint64_t written;
} qi_out;

quipu_status qi_out_open(qi_out *out, const char *path, quipu_error *err);
quipu_status qi_out_write(qi_out *out, const void *bytes, size_t length, quipu_error *err);
quipu_status qi_out_write_at(qi_out *out, uint64_t offset, const void *bytes, size_t length,
                             quipu_error *err);
/* Make it appear under its path.  After this or qi_out_abandon the struct is empty. */
quipu_status qi_out_commit(qi_out *out, quipu_error *err);
void qi_out_abandon(qi_out *out);

/* ---- input: a list of members, each a stream of bytes (source.c) ---- */

typedef struct qi_source qi_source;

/* `path` "-" is standard input.  gz, zip and Parquet are recognised by their first bytes.
 * `duckdb` is the path of DuckDB's library, NULL = the usual places. */
quipu_status qi_source_open(const char *path, const char *duckdb, qi_source **out,
                            quipu_error *err);
void qi_source_close(qi_source *source);
/* A file of Stata, SPSS or Excel, given as the text of a CSV: line = row, and the place in a line
 * is told by the number of the field.  Of a workbook `path` may name sheet and range:
 * book.xlsx#Output!A5:F300. */
bool qi_is_range(const char *text); /* A5:F300, A5:F, A5 */
/* The file's name alone, to be freed. */
quipu_status qi_source_path(const char *text, char **path, quipu_error *err);
bool qi_source_in_cells(const qi_source *source);
/* A small table, whole, as text; *in_cells (may be NULL) as above.  E_LIMIT beyond `limit`. */
quipu_status qi_whole_table(const char *path, size_t limit, qi_buffer *out, bool *in_cells,
                            quipu_error *err);
/* The next member (a plain or gz file has one).  *name is borrowed until the next call, NULL
 * at the end.  Refuses member names that point outside the archive. */
quipu_status qi_source_next(qi_source *source, const char **name, quipu_error *err);
/* Fill up to `size` bytes; *got == 0 at the end of the member. */
quipu_status qi_source_read(qi_source *source, char *bytes, size_t size, size_t *got,
                            quipu_error *err);
/* Of the file as it lies on disk: bytes so far, its size (0: a pipe). */
uint64_t qi_source_position(const qi_source *source);
uint64_t qi_source_size(const qi_source *source);
/* XXH3-128 of the whole file, as 32 hex digits; call after the last member. */
quipu_status qi_source_digest(qi_source *source, char hex[33], quipu_error *err);

#endif
