/* SPDX-License-Identifier: Apache-2.0 */
/* schema.h (private to report) - what the descriptions of a CSV for programs share. */
#ifndef QI_REPORT_SCHEMA_H
#define QI_REPORT_SCHEMA_H

#include "report/writer.h"

/* Does every row have a figure or text in this column? */
bool qi_column_is_full(const qi_writer *w, size_t column);
/* The columns that name a row: dimensions, without names of other dimensions, if all are
 * full and no two rows agree in all of them.  `key` has room for all columns; *n is 0 when
 * the table has no key.  False = no memory. */
bool qi_find_key(const qi_writer *w, size_t *key, size_t *n);
/* "partner_name" beside "partner"? */
bool qi_is_name_of_another(const quipu_table *table, const char *name);

/* ,"key":"text" with what goes before; nothing when text is NULL or empty. */
void qi_put_member(qi_writer *w, const char *before, const char *key, const char *text);

#endif
