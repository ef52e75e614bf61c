/* SPDX-License-Identifier: Apache-2.0 */
/* sql.h (private) - a session of SQL over cubes.
 *
 *   session.c   opening, cubes, views over the scans, running statements
 *   scan_bind.c which slabs a scan goes over
 *   scan.c      the rows of a cube as a table function, slab by slab
 *   sieve.c     which countries and products a statement can use at all
 *   function.c  measures as table functions
 *   lists.c     classifications, concordances and tariffs as table functions
 *   watch.c     asks whether to stop while a statement runs
 *   result.c    what a statement gives, as a table
 *   export.c    a cube as Parquet
 */
#ifndef QI_SQL_H
#define QI_SQL_H

#include "io/duckdb.h"
#include "quipu/catalog.h"
#include "quipu/sql.h"
#include "report/duck_table.h"

#include <jansson.h>

#define D qi_duckdb_call

typedef struct qi_sql_cube {
    char *name; /* "" = the first */
    const quipu_cube *cube;
    qi_duck_text *country, *product; /* their codes, laid out as DuckDB keeps short texts */
} qi_sql_cube;

/* What a statement can use of the rows of a cube; NULL = all.  Anything larger is as right. */
typedef struct qi_sieve {
    uint8_t *reporter, *partner; /* by position of the country: 1 = wanted */
    uint8_t *product;
} qi_sieve;

struct quipu_sql {
    const quipu_nomen *nomen;
    quipu_sql_options options;
    qi_duckdb *db;
    qi_sql_cube *cubes[64]; /* never moved: functions point to them */
    size_t n_cubes;
    qi_sieve sieve[64]; /* of the statement that runs, by cube */
    bool plain;         /* nothing but SELECT has run: names mean what we gave them */
    quipu_cache *cache;
    qi_arena arena;
    QI_LIST(const char *) notes; /* of the measures the statement asked */
};

/* ---- scan.c ---- */
quipu_status qi_sql_add_scans(quipu_sql *sql, quipu_error *err);
/* A text of at most 12 bytes as it lies in a vector. */
qi_duck_text qi_duck_short_text(const char *text);
/* Columns of a scan. */
#define QI_TRADE_COLUMNS                                                                       \
    "period, year, flow, reporter, partner, product, value, weight_kg, quantity, unit, flags"

/* ---- sieve.c ---- */
typedef struct qi_sieves {
    json_t *statements; /* as DuckDB takes them apart; NULL = not to be known */
} qi_sieves;
/* Reads all statements of `text`; then sql->sieve becomes that of statement `number`. */
void qi_sieve_begin(quipu_sql *sql, const char *text, qi_sieves *sieves);
void qi_sieve_statement(quipu_sql *sql, const qi_sieves *sieves, size_t number);
void qi_sieve_clear(quipu_sql *sql);
void qi_sieve_end(qi_sieves *sieves);

/* ---- function.c ---- */
quipu_status qi_sql_add_measures(quipu_sql *sql, quipu_error *err);
/* The cube of that name; NULL: there is none, and `err` says which there are. */
qi_sql_cube *qi_sql_find_cube(quipu_sql *sql, const char *name, quipu_error *err);
/* The text of a parameter, to be freed with D.free(); NULL when it was not given. */
char *qi_sql_named(qi_duck info, const char *name);
char *qi_sql_placed(qi_duck info, uint64_t number);
/* End a bind call: the table is given away, or the error told. */
void qi_sql_give(qi_duck info, quipu_status status, quipu_table *table, const quipu_error *err);
/* Registers and destroys `function`. */
quipu_status qi_sql_register(quipu_sql *sql, qi_duck *function, const char *name,
                             quipu_error *err);
void qi_sql_parameter(qi_duck function, const char *name, int type); /* NULL: by position */

/* ---- lists.c ---- */
quipu_status qi_sql_add_lists(quipu_sql *sql, quipu_error *err);
quipu_status qi_sql_tariffs(const qi_sql_cube *cube, quipu_table *out, quipu_error *err);

/* ---- result.c ---- */
quipu_status qi_sql_result(qi_duck_result *result, quipu_table *out, quipu_error *err);

#endif
