/* SPDX-License-Identifier: Apache-2.0 */
/* engine.h (private) - a table in a database: what its columns are, the statements that add it
 * up there, and the connection they go through.
 *
 *   "odbc:DSN=..." + table + map ──describe──> columns ──select.c──> GROUP BY ──odbc.c──> rows
 *
 * Rows that become one cell may differ in what a cell must know of them: a missing weight, a
 * value below zero.  So the statement groups by a class of the row as well, and each group is
 * of one kind: what holds for it holds for every row in it (QI_CLASS_...).
 *
 * unixODBC is loaded when the first connection is made.
 */
#ifndef QI_ENGINE_H
#define QI_ENGINE_H

#include "../base/base.h"

/* ---- dialects (dialect.c) ---- */

typedef struct qi_dialect {
    const char *name;
    const char *dbms;         /* begins SQL_DBMS_NAME, lower case */
    char quote;               /* around identifiers, doubled inside */
    bool backslash;           /* is an escape in string literals */
    const char *decimal;      /* "%s": an exact number that can be added up, decimals kept */
    const char *rounded;      /* "%s": the same, to a thousandth, half away from zero */
    const char *year, *month; /* "%s": 2011 and 201112 of a date */
    const char *text;         /* "%s": as text */
    const char *real;         /* "%s": as a double */
    const char *bigint;       /* "%s": as an integer of 64 bits */
    const char *integer;      /* "%s": as an integer of more bits than that */
    const char *divide[3];    /* around and between two of these: the quotient rounded down */
    const char *collate;      /* behind a text: in order of its bytes */
    const char *tail;         /* behind a SELECT whose joins may find nothing */
    bool values_function;     /* rows of constants are values('a String', (...)) */
    const char *settings;     /* SELECTs sent first, one a line; NULL = none */
    const char *attributes;   /* put behind the connection string; NULL = none */
    const char *explain;      /* before a SELECT */
} qi_dialect;

const qi_dialect *qi_dialect_find(const char *name);
const qi_dialect *qi_dialect_of_dbms(const char *dbms); /* NULL = none of ours */

bool qi_sql_identifier(qi_buffer *out, const qi_dialect *d, const char *name);
bool qi_sql_table(qi_buffer *out, const qi_dialect *d, const char *name); /* schema.table */
bool qi_sql_string(qi_buffer *out, const qi_dialect *d, const char *text, size_t length);
/* A pattern with "%s" in it, filled. */
bool qi_sql_fill(qi_buffer *out, const char *pattern, const char *with);

/* ---- which column is what (mapped.c) ---- */

typedef enum qi_engine_role {
    QI_E_PERIOD,
    QI_E_FLOW,
    QI_E_REPORTER,
    QI_E_PARTNER,
    QI_E_PRODUCT,
    QI_E_UNIT,
    QI_E_NOMENCLATURE,
    QI_E_VALUE, /* from here on: added up */
    QI_E_WEIGHT,
    QI_E_QUANTITY,
    QI_E_FIRM, /* counted */
    QI_E_N_ROLES
} qi_engine_role;

typedef enum qi_date_part { QI_DATE_NONE, QI_DATE_YEAR, QI_DATE_MONTH } qi_date_part;

typedef struct qi_engine_field {
    const char *column;   /* NULL = not mapped, or constant */
    const char *constant; /* the same in all rows */
    qi_date_part part;    /* period=year(date) */
    int power;            /* value=thousands*1000: 3 */
    int decimals;         /* of the column; -1 = not known */
} qi_engine_field;

typedef struct qi_mapped {
    const qi_dialect *dialect;
    const char *table, *where; /* `where` as typed; NULL = all rows */
    bool by_firm;              /* the firm is a key of the groups, too */
    qi_engine_field field[QI_E_N_ROLES];
} qi_mapped;

/* Reads --map.  Texts live in the arena. */
quipu_status qi_mapped_read(const char *map, qi_arena *arena, qi_mapped *out, quipu_error *err);

/* ---- statements (select.c, where.c) ---- */

/* The class of a row: a digit to base 8 for the value, to base 4 for weight and quantity. */
enum {
    QI_CLASS_MISSING = 0,
    QI_CLASS_NEGATIVE = 1,
    QI_CLASS_ZERO = 2,
    QI_CLASS_ABOVE = 3,
    QI_CLASS_ROUNDED = 4 /* added to the digit of a value with more than three decimals */
};

/* Selected in this order: the mapped roles before QI_E_VALUE, the firm if groups are by firm,
 * class, rows, then the mapped amounts.  False: no memory; the conditions of `where` are checked before. */
bool qi_select_groups(const qi_mapped *m, qi_buffer *out);
/* rows and value of everything; added up by period, flow and reporter first, so that an engine
 * that is spread over servers by one of them need not move its rows. */
bool qi_select_totals(const qi_mapped *m, qi_buffer *out);
bool qi_select_firms(const qi_mapped *m, qi_buffer *out);
bool qi_select_nothing(const qi_mapped *m, qi_buffer *out); /* for its columns */
/* One mapped role as an expression of the table's columns. */
bool qi_select_key(const qi_mapped *m, qi_engine_role role, qi_buffer *out);
bool qi_select_amount(const qi_mapped *m, qi_engine_role role, qi_buffer *out);
bool qi_select_from(const qi_mapped *m, qi_buffer *out); /* " FROM ... WHERE ..." */

/* Conditions as a person types them, with every name quoted and every literal escaped anew.
 *   COLUMN = | <> | < | <= | > | >= LITERAL, COLUMN [not] in (...), COLUMN between A and B,
 *   COLUMN is [not] null, joined by `and`. */
quipu_status qi_where_write(const qi_dialect *d, const char *where, qi_buffer *out,
                            quipu_error *err);

/* ---- the connection (odbc.c, fetch.c) ---- */

typedef struct qi_engine qi_engine;

typedef struct qi_engine_options {
    const char *connection;    /* behind "odbc:" */
    const qi_dialect *dialect; /* NULL = told by SQL_DBMS_NAME */
    quipu_progress stop;       /* asked while the engine works; NULL = never */
    void *stop_user;
} qi_engine_options;

/* A transaction that reads one snapshot and can write nothing.  Errors never repeat a
 * password. */
quipu_status qi_engine_open(const qi_engine_options *options, qi_engine **out,
                            quipu_error *err);
void qi_engine_close(qi_engine *engine);
const qi_dialect *qi_engine_dialect(const qi_engine *engine);
const char *qi_engine_dbms(const qi_engine *engine); /* "PostgreSQL 15.0.18" */
/* Bytes that came over the network so far; false where the system does not tell. */
bool qi_engine_network(const qi_engine *engine, uint64_t *bytes);

typedef struct qi_engine_column {
    char name[128];
    int decimals; /* -1 = not an exact number */
} qi_engine_column;

/* Send a SELECT (or EXPLAIN).  Its rows are then read block by block. */
quipu_status qi_engine_select(qi_engine *engine, const char *sql, quipu_error *err);
size_t qi_engine_columns(const qi_engine *engine, const qi_engine_column **out);
/* The next row as texts; NULL fields are NULL.  *fields is NULL at the end. */
quipu_status qi_engine_next(qi_engine *engine, const char *const **fields, quipu_error *err);

#endif
