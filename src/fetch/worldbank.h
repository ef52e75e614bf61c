/* SPDX-License-Identifier: Apache-2.0 */
/* worldbank.h (private) - pages of the World Bank's indicators (worldbank_read.c). */
#ifndef QI_FETCH_WORLDBANK_H
#define QI_FETCH_WORLDBANK_H

#include "fetch/fetch.h"

typedef struct qi_bank_row {
    char country[4];
    int year;
    char value[QI_NUMBER_TEXT];
} qi_bank_row;

typedef struct qi_bank_page {
    int64_t page, pages, total;
    char updated[24]; /* when the data were last changed */
    uint64_t n;       /* figures on it, missing ones too */
    QI_LIST(qi_bank_row) rows;
} qi_bank_page;

/* `indicator` must be that of the figures; rows without a value or of no single country's
 * three letters are left out. */
quipu_status qi_bank_read(const char *bytes, size_t length, const char *indicator,
                          qi_bank_page *out, quipu_error *err);
void qi_bank_free(qi_bank_page *page); /* a zeroed one is fine */

/* The table (worldbank_table.c). */
quipu_status qi_bank_table(const qi_question *question, const char *folder,
                           const qi_manifest *manifest, const char *path,
                           const quipu_import_options *options,
                           quipu_fetch_build_result *result, quipu_error *err);

#endif
