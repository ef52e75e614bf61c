/* SPDX-License-Identifier: Apache-2.0 */
/* duck_table.h (private) - a table as the rows of a table function of DuckDB.
 *
 *   QUIPU_TEXT VARCHAR   QUIPU_INTEGER BIGINT   QUIPU_REAL, _SHARE DOUBLE
 *   QUIPU_MONEY, _AMOUNT DECIMAL(18,3); (19,3) where a figure needs it
 *
 * Missing is NULL.  Rows come in the order of the table; columns nobody asks for are not
 * looked at.
 */
#ifndef QI_REPORT_DUCK_TABLE_H
#define QI_REPORT_DUCK_TABLE_H

#include "io/duckdb.h"
#include "quipu/table.h"

/* Largest figure of a DECIMAL(18,3), in thousandths. */
#define QI_DUCK_MOST_MONEY INT64_C(999999999999999999)

/* A function whose rows are those of the table its `bind` gives by qi_duck_bind_table, which
 * finds `extra` by bind_get_extra_info.  The caller adds parameters, registers and destroys. */
qi_duck qi_duck_table_function(const char *name, qi_duck_call bind, void *extra);
/* Called in `bind`: the table is borrowed. */
void qi_duck_bind_table(qi_duck info, const quipu_table *table);
/* The same with a table that is moved from *table, and freed in the end. */
void qi_duck_give_table(qi_duck info, quipu_table *table);
void qi_duck_add_column(qi_duck info, const char *name, int type);
void qi_duck_add_money_column(qi_duck info, const char *name, uint8_t digits);

#endif
