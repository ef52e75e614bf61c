/* SPDX-License-Identifier: Apache-2.0 */
/* engine_rows.h (private) - what the two files of an import from an engine share:
 * engine_rows.c (connection, lines) and engine_end.c (totals, firms, the statement as text). */
#ifndef QI_ENGINE_ROWS_H
#define QI_ENGINE_ROWS_H

#include "import.h"

#include "../engine/engine.h"
#include "../io/io.h"

struct qi_engine_rows {
    qi_arena arena;
    qi_engine *engine;
    qi_mapped mapped;
    const quipu_import_options *options;
    qi_buffer text; /* rendered, not yet taken */
    size_t taken;
    bool ended;
    size_t n_keys; /* columns before the class */
    uint64_t groups, rows, bytes_text, bytes_network;
    bool network_measured;
    int64_t value;
    char dbms[80];
    qi_out firms;
    bool has_firms;
};

/* What can be wrong before anybody is asked.  The dialect stays open when it is not named. */
quipu_status qi_engine_rows_options(qi_engine_rows *r, quipu_error *err);
/* The above, the connection, and the columns as the database has them. */
quipu_status qi_engine_rows_connect(const char *input, qi_engine_rows *r, quipu_error *err);
/* A statement written by `write`, sent. */
quipu_status qi_engine_rows_send(qi_engine_rows *r,
                                 bool (*write)(const qi_mapped *, qi_buffer *),
                                 const char *before, quipu_error *err);
/* A field as CSV; what would end a line is a blank. */
bool qi_engine_put_field(qi_buffer *out, const char *text);
/* All groups are read: are they everything?  Then the file of firms, if one is wanted. */
quipu_status qi_engine_rows_end(qi_engine_rows *r, quipu_error *err);

#endif
