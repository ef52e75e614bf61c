/* SPDX-License-Identifier: Apache-2.0 */
/* dialect.c - where engines differ, as one table, and how names and texts are written. */
#include "engine.h"

#include <strings.h>

static const qi_dialect DIALECTS[] = {
    {.name = "postgresql",
     .dbms = "postgresql",
     .quote = '"',
     .decimal = "CAST(%s AS numeric)",
     .rounded = "round(%s, 3)",
     .year = "CAST(extract(year FROM %s) AS integer)",
     .month = "CAST(extract(year FROM %s) * 100 + extract(month FROM %s) AS integer)",
     .text = "CAST(%s AS text)",
     .real = "CAST(%s AS double precision)",
     .bigint = "CAST(%s AS bigint)",
     .integer = "CAST(%s AS numeric)",
     .divide = {"div(", ", ", ")"},
     .collate = " COLLATE \"C\"",
     .tail = "",
     /* One snapshot is asked for by ODBC; that nothing can be written, here.  The rest lets
      * the planner give whole groups to the servers of a partitioned table, and plan for all
      * rows of a cursor, not the first ones. */
     .settings = "SELECT set_config('transaction_read_only', 'on', true)\n"
                 "SELECT set_config('enable_partitionwise_aggregate', 'on', true)\n"
                 "SELECT set_config('cursor_tuple_fraction', '1', true)",
     /* Else the driver keeps the whole answer in memory, and puts a savepoint before each block
      * of it, which foreign servers that work on the next one cannot take. */
     .attributes = "UseDeclareFetch=1;Fetch=10000;Protocol=7.4-1",
     .explain = "EXPLAIN (VERBOSE, COSTS OFF) "},
    {.name = "clickhouse",
     .dbms = "clickhouse",
     .quote = '`',
     .backslash = true,
     .decimal = "toDecimal128(%s, 9)",
     .rounded = "toDecimal128(round(%s, 3), 3)",
     .year = "toYear(%s)",
     .month = "toYYYYMM(%s)",
     .text = "toString(%s)",
     .real = "toFloat64(%s)",
     .bigint = "toInt64(%s)",
     .integer = "toInt256(%s)",
     .divide = {"intDiv(", ", ", ")"},
     .collate = "",
     .tail = "\nSETTINGS join_use_nulls = 1",
     .values_function = true,
     .explain = "EXPLAIN "},
    {.name = "spark",
     .dbms = "spark",
     .quote = '`',
     .backslash = true,
     .decimal = "CAST(%s AS decimal(38, 9))",
     .rounded = "CAST(%s AS decimal(28, 3))",
     .year = "year(%s)",
     .month = "(year(%s) * 100 + month(%s))",
     .text = "CAST(%s AS string)",
     .real = "CAST(%s AS double)",
     .bigint = "CAST(%s AS bigint)",
     .integer = "CAST(%s AS decimal(38, 0))",
     .divide = {"(", " div ", ")"},
     .collate = "",
     .tail = "",
     .explain = "EXPLAIN "},
    {.name = "duckdb",
     .dbms = "duckdb",
     .quote = '"',
     .decimal = "CAST(%s AS decimal(38, 9))",
     .rounded = "CAST(%s AS decimal(38, 3))",
     .year = "year(%s)",
     .month = "(year(%s) * 100 + month(%s))",
     .text = "CAST(%s AS varchar)",
     .real = "CAST(%s AS double)",
     .bigint = "CAST(%s AS bigint)",
     .integer = "CAST(%s AS hugeint)",
     .divide = {"(", " // ", ")"},
     .collate = "",
     .tail = "",
     .explain = "EXPLAIN "},
};

const qi_dialect *qi_dialect_find(const char *name) {
    for (size_t i = 0; i < QI_COUNT(DIALECTS); i++)
        if (strcmp(DIALECTS[i].name, name) == 0)
            return &DIALECTS[i];
    return NULL;
}

const qi_dialect *qi_dialect_of_dbms(const char *dbms) {
    for (size_t i = 0; i < QI_COUNT(DIALECTS); i++)
        if (strncasecmp(dbms, DIALECTS[i].dbms, strlen(DIALECTS[i].dbms)) == 0)
            return &DIALECTS[i];
    return NULL;
}

static bool identifier(qi_buffer *out, const qi_dialect *d, const char *name, size_t length) {
    bool ok = qi_buffer_add(out, &d->quote, 1);
    for (size_t i = 0; i < length && ok; i++)
        ok = (name[i] != d->quote || qi_buffer_add(out, &d->quote, 1)) &&
             (name[i] != '\\' || d->quote != '`' || qi_buffer_text(out, "\\")) &&
             qi_buffer_add(out, &name[i], 1);
    return ok && qi_buffer_add(out, &d->quote, 1);
}

bool qi_sql_identifier(qi_buffer *out, const qi_dialect *d, const char *name) {
    return identifier(out, d, name, strlen(name));
}

bool qi_sql_table(qi_buffer *out, const qi_dialect *d, const char *name) {
    bool ok = true;
    for (;;) {
        size_t length = strcspn(name, ".");
        ok = ok && identifier(out, d, name, length);
        if (name[length] == 0)
            return ok;
        ok = ok && qi_buffer_text(out, ".");
        name += length + 1;
    }
}

/* A quote is doubled everywhere.  PostgreSQL reads a backslash as it is or as an escape, as it
 * was set up: E'' says which. */
bool qi_sql_string(qi_buffer *out, const qi_dialect *d, const char *text, size_t length) {
    bool slash = memchr(text, '\\', length) != NULL, escapes = d->backslash;
    bool ok = true;
    if (slash && !escapes && strcmp(d->name, "postgresql") == 0) {
        escapes = true;
        ok = qi_buffer_text(out, "E");
    }
    ok = ok && qi_buffer_text(out, "'");
    for (size_t i = 0; i < length && ok; i++)
        ok = (text[i] != '\'' || qi_buffer_text(out, "'")) &&
             (text[i] != '\\' || !escapes || qi_buffer_text(out, "\\")) &&
             qi_buffer_add(out, &text[i], 1);
    return ok && qi_buffer_text(out, "'");
}

bool qi_sql_fill(qi_buffer *out, const char *pattern, const char *with) {
    const char *at = pattern;
    for (const char *gap; (gap = strstr(at, "%s")) != NULL; at = gap + 2)
        if (!qi_buffer_add(out, at, (size_t)(gap - at)) || !qi_buffer_text(out, with))
            return false;
    return qi_buffer_text(out, at);
}
