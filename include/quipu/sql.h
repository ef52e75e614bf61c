/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/sql.h - cubes, classifications and measures asked in SQL, and cubes as Parquet.
 *
 * DuckDB answers; its library is loaded when a session is opened (E_IO says how to get it).  A
 * session sees
 *
 *   trade, tariffs, products, classes       of a cube (CUBE.trade of one added with a name)
 *   countries, groups, members, nomenclatures, schemes, agreements
 *   concordance('H5', 'H0')                 from one nomenclature to another
 *   trade(reporter := 'Peru', ...)          what a selection in our words picks
 *   share(reporter := 'Peru', ...)          every measure, with its parameters; "-" is "_"
 *
 * Money is DECIMAL(18,3): sums equal ours to the last digit.  A statement may read and write
 * any file the process may: a session is for the owner of the machine, not for strangers.
 */
#ifndef QUIPU_SQL_H
#define QUIPU_SQL_H

#include "quipu/cube.h"
#include "quipu/nomen.h"
#include "quipu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct quipu_sql quipu_sql;

typedef struct quipu_sql_options {
    const char *duckdb;  /* path of libduckdb.so; NULL = the usual places */
    unsigned threads;    /* 0 = all cores */
    quipu_progress stop; /* asked now and then; true ends with E_STOPPED; NULL = never */
    void *stop_user;
} quipu_sql_options;

/* `nomen` and the cubes must outlive the session.  A session serves one thread at a time. */
QUIPU_API quipu_status quipu_sql_open(const quipu_nomen *nomen,
                                      const quipu_sql_options *options, quipu_sql **out,
                                      quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_sql_close(quipu_sql *sql); /* NULL is fine */
/* The first cube is the one that names without a cube in front mean; later ones need a name
 * of letters, digits and "_". */
QUIPU_API quipu_status quipu_sql_add(quipu_sql *sql, const char *name, const quipu_cube *cube,
                                     quipu_error *err) QUIPU_MUST_CHECK;
/* Runs all statements of `text`; the table is that of the last.  Statements without rows give
 * a table without columns.  A fault is told by line and column of `text`. */
QUIPU_API quipu_status quipu_sql_run(quipu_sql *sql, const char *text, quipu_table *out,
                                     quipu_error *err) QUIPU_MUST_CHECK;

/* The whole cube as one Parquet file with exact decimals, from which quipu_import makes the
 * same cube; its tariffs, if it has any, as a second one named by `tariffs_path`.  Files appear
 * whole or not at all. */
QUIPU_API quipu_status quipu_cube_write_parquet(const quipu_cube *cube,
                                                const quipu_nomen *nomen, const char *path,
                                                const char *tariffs_path,
                                                const quipu_sql_options *options,
                                                quipu_error *err) QUIPU_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
