/* SPDX-License-Identifier: Apache-2.0 */
/* duckdb.h (private) - DuckDB, loaded when the first Parquet file or SQL statement is met.
 *
 * The functions that are used are declared here by name, as DuckDB's C API documents them,
 * so that building needs neither its header nor its library.  Objects are opaque pointers;
 * only a result and a text in a vector are structs, both laid down by the API.  None of the
 * functions it calls deprecated is used.
 */
#ifndef QI_IO_DUCKDB_H
#define QI_IO_DUCKDB_H

#include "io/io.h"

typedef void *qi_duck;  /* any of DuckDB's objects */
typedef uint64_t qi_at; /* its idx_t */
typedef struct qi_duck_result {
    uint64_t words[6];
} qi_duck_result;
/* A text in a vector; up to 12 bytes lie in the struct itself. */
typedef struct qi_duck_text {
    uint32_t length;
    char bytes[12];
} qi_duck_text;
/* A number of 128 bits. */
typedef struct qi_duck_huge {
    uint64_t lower;
    int64_t upper;
} qi_duck_huge;

/* duckdb_type, as far as they matter here */
enum {
    QI_DUCK_BOOLEAN = 1,
    QI_DUCK_TINYINT = 2,
    QI_DUCK_SMALLINT = 3,
    QI_DUCK_INTEGER = 4,
    QI_DUCK_BIGINT = 5,
    QI_DUCK_UTINYINT = 6,
    QI_DUCK_USMALLINT = 7,
    QI_DUCK_UINTEGER = 8,
    QI_DUCK_UBIGINT = 9,
    QI_DUCK_FLOAT = 10,
    QI_DUCK_DOUBLE = 11,
    QI_DUCK_HUGEINT = 16,
    QI_DUCK_VARCHAR = 17,
    QI_DUCK_DECIMAL = 19,
    QI_DUCK_NULL = 36 /* duckdb_type SQLNULL: of a bare NULL */
};
enum { QI_DUCK_ROWS = 3 };      /* duckdb_result_type QUERY_RESULT */
enum { QI_DUCK_VECTOR = 2048 }; /* rows of a chunk */

typedef void (*qi_duck_free)(void *data);
typedef void (*qi_duck_call)(qi_duck info);                /* bind, init */
typedef void (*qi_duck_fill)(qi_duck info, qi_duck chunk); /* rows */

/* clang-format off */
#define QI_DUCKDB_CALLS(X)                                                                     \
    X(const char *, library_version, (void))                                                   \
    X(int, create_config, (qi_duck *config))                                                   \
    X(int, set_config, (qi_duck config, const char *name, const char *value))                  \
    X(void, destroy_config, (qi_duck *config))                                                 \
    X(int, open_ext, (const char *path, qi_duck *database, qi_duck config, char **error))      \
    X(void, close, (qi_duck *database))                                                        \
    X(int, connect, (qi_duck database, qi_duck *connection))                                   \
    X(void, disconnect, (qi_duck *connection))                                                 \
    X(void, interrupt, (qi_duck connection))                                                   \
    X(void, free, (void *bytes))                                                               \
    /* statements */                                                                           \
    X(qi_at, extract_statements, (qi_duck connection, const char *sql, qi_duck *statements))   \
    X(const char *, extract_statements_error, (qi_duck statements))                            \
    X(void, destroy_extracted, (qi_duck *statements))                                          \
    X(int, prepare_extracted_statement,                                                        \
      (qi_duck connection, qi_duck statements, qi_at number, qi_duck *prepared))               \
    X(const char *, prepare_error, (qi_duck prepared))                                         \
    X(void, destroy_prepare, (qi_duck *prepared))                                              \
    X(int, prepare, (qi_duck connection, const char *sql, qi_duck *prepared))                  \
    X(int, pending_prepared, (qi_duck prepared, qi_duck *pending))                             \
    X(const char *, pending_error, (qi_duck pending))                                          \
    X(int, execute_pending, (qi_duck pending, qi_duck_result *result))                         \
    X(void, destroy_pending, (qi_duck *pending))                                               \
    /* results */                                                                              \
    X(const char *, result_error, (qi_duck_result *result))                                    \
    X(int, result_return_type, (qi_duck_result result))                                        \
    X(qi_at, column_count, (qi_duck_result *result))                                           \
    X(const char *, column_name, (qi_duck_result *result, qi_at column))                       \
    X(qi_duck, column_logical_type, (qi_duck_result *result, qi_at column))                    \
    X(qi_duck, fetch_chunk, (qi_duck_result result))                                           \
    X(void, destroy_result, (qi_duck_result *result))                                          \
    /* chunks, vectors, types, values */                                                       \
    X(qi_at, data_chunk_get_size, (qi_duck chunk))                                             \
    X(void, data_chunk_set_size, (qi_duck chunk, qi_at size))                                  \
    X(qi_duck, data_chunk_get_vector, (qi_duck chunk, qi_at column))                           \
    X(void, destroy_data_chunk, (qi_duck *chunk))                                              \
    X(void *, vector_get_data, (qi_duck vector))                                               \
    X(uint64_t *, vector_get_validity, (qi_duck vector))                                       \
    X(void, vector_ensure_validity_writable, (qi_duck vector))                                 \
    X(void, vector_assign_string_element_len,                                                  \
      (qi_duck vector, qi_at row, const char *text, qi_at length))                             \
    X(qi_duck, create_logical_type, (int type))                                                \
    X(qi_duck, create_decimal_type, (uint8_t width, uint8_t scale))                            \
    X(int, get_type_id, (qi_duck type))                                                        \
    X(uint8_t, decimal_scale, (qi_duck type))                                                  \
    X(int, decimal_internal_type, (qi_duck type))                                              \
    X(void, destroy_logical_type, (qi_duck *type))                                             \
    X(char *, get_varchar, (qi_duck value))                                                    \
    X(int64_t, get_int64, (qi_duck value))                                                     \
    X(bool, is_null_value, (qi_duck value))                                                    \
    X(void, destroy_value, (qi_duck *value))                                                   \
    /* table functions */                                                                      \
    X(qi_duck, create_table_function, (void))                                                  \
    X(void, destroy_table_function, (qi_duck *function))                                       \
    X(void, table_function_set_name, (qi_duck function, const char *name))                     \
    X(void, table_function_add_parameter, (qi_duck function, qi_duck type))                    \
    X(void, table_function_add_named_parameter,                                                \
      (qi_duck function, const char *name, qi_duck type))                                      \
    X(void, table_function_set_extra_info, (qi_duck function, void *extra, qi_duck_free free)) \
    X(void, table_function_set_bind, (qi_duck function, qi_duck_call bind))                    \
    X(void, table_function_set_init, (qi_duck function, qi_duck_call init))                    \
    X(void, table_function_set_local_init, (qi_duck function, qi_duck_call init))              \
    X(void, table_function_set_function, (qi_duck function, qi_duck_fill fill))                \
    X(void, table_function_supports_projection_pushdown, (qi_duck function, bool yes))         \
    X(int, register_table_function, (qi_duck connection, qi_duck function))                    \
    X(void *, bind_get_extra_info, (qi_duck info))                                             \
    X(qi_duck, bind_get_parameter, (qi_duck info, qi_at number))                               \
    X(qi_duck, bind_get_named_parameter, (qi_duck info, const char *name))                     \
    X(void, bind_add_result_column, (qi_duck info, const char *name, qi_duck type))            \
    X(void, bind_set_bind_data, (qi_duck info, void *data, qi_duck_free free))                 \
    X(void, bind_set_cardinality, (qi_duck info, qi_at rows, bool exact))                      \
    X(void, bind_set_error, (qi_duck info, const char *text))                                  \
    X(void *, init_get_bind_data, (qi_duck info))                                              \
    X(void, init_set_init_data, (qi_duck info, void *data, qi_duck_free free))                 \
    X(qi_at, init_get_column_count, (qi_duck info))                                            \
    X(qi_at, init_get_column_index, (qi_duck info, qi_at number))                              \
    X(void, init_set_max_threads, (qi_duck info, qi_at threads))                               \
    X(void, init_set_error, (qi_duck info, const char *text))                                  \
    X(void *, function_get_bind_data, (qi_duck info))                                          \
    X(void *, function_get_init_data, (qi_duck info))                                          \
    X(void *, function_get_local_init_data, (qi_duck info))                                    \
    X(void, function_set_error, (qi_duck info, const char *text))
/* clang-format on */

/* The functions of the one library a process loads.  DuckDB calls back with nothing but an
 * object of its own, which only these can read: so they cannot be kept in an object of ours.
 * Written once, under a lock, before the first database is handed out; never changed. */
typedef struct qi_duckdb_calls {
#define X(type, name, parameters) type(*name) parameters;
    QI_DUCKDB_CALLS(X)
#undef X
} qi_duckdb_calls;
extern qi_duckdb_calls qi_duckdb_call;

/* A database in memory with one connection. */
typedef struct qi_duckdb {
    qi_duck database, connection;
} qi_duckdb;

/* `path` is that of libduckdb.so; NULL = the one already loaded, else the usual places: the
 * loader's, then where tools/setup puts it.  `threads` 0 = all cores.  E_IO says how to get it. */
quipu_status qi_duckdb_open(const char *path, unsigned threads, qi_duckdb **out,
                            quipu_error *err);
void qi_duckdb_close(qi_duckdb *db); /* NULL is fine */

/* One statement, whose rows do not matter. */
quipu_status qi_duckdb_run(qi_duckdb *db, const char *sql, quipu_error *err);
/* The text in the first row and column; *out stays empty when there is no row or a NULL. */
quipu_status qi_duckdb_text(qi_duckdb *db, const char *sql, qi_buffer *out, quipu_error *err);
/* A text as SQL writes it: 'Côte d''Ivoire'; false = no memory. */
bool qi_duckdb_quote(qi_buffer *sql, const char *text);
/* What DuckDB says became of a statement: E_ARG, or what we ourselves said inside it.  The
 * place in `sql` (may be NULL) becomes line and column. */
quipu_status qi_duckdb_fail(quipu_error *err, const char *said, const char *sql);
/* Text `row` of the data of a vector; borrowed. */
const char *qi_duck_text_of(const qi_duck_text *text, size_t *length);
bool qi_duck_present(const uint64_t *validity, size_t row);

/* ---- Parquet in (parquet.c) ---- */

/* A Parquet file as the text of a table: the lines under its key `quipu` if it has one, then a
 * line of names, then a line a row. */
typedef struct qi_parquet qi_parquet;
quipu_status qi_parquet_open(const char *path, const char *library, qi_parquet **out,
                             quipu_error *err);
/* *got == 0 at the end. */
quipu_status qi_parquet_read(qi_parquet *p, char *bytes, size_t size, size_t *got,
                             quipu_error *err);
void qi_parquet_close(qi_parquet *p); /* NULL is fine */

#endif
