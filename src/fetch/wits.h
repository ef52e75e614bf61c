/* SPDX-License-Identifier: Apache-2.0 */
/* wits.h (private) - what WITS answers: SDMX in JSON (wits_read.c), as a table (wits_table.c). */
#ifndef QI_FETCH_WITS_H
#define QI_FETCH_WITS_H

#include "fetch/fetch.h"

typedef struct qi_wits_row {
    char reporter[4], partner[4]; /* three letters, as WITS has them */
    bool is_export;
    int year;
    char value[40]; /* thousands of US$, as text that reads back the same */
} qi_wits_row;

typedef QI_LIST(qi_wits_row) qi_wits_rows;

quipu_status qi_wits_read(const char *bytes, size_t length, qi_wits_rows *out,
                          quipu_error *err);
void qi_wits_free(qi_wits_rows *rows); /* a zeroed one is fine */

/* All answers as one table in our layout "#quipu wide 1"; regions are left out, and so are
 * partners the tables do not know, whose names and value stand in its head. */
quipu_status qi_wits_table(const qi_question *question, const char *folder,
                           const qi_manifest *manifest, qi_buffer *out, size_t *n_rows,
                           quipu_error *err);

#endif
