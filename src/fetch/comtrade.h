/* SPDX-License-Identifier: Apache-2.0 */
/* comtrade.h (private) - the lists of the UN Comtrade API: what is available, which partners
 * and products there are (comtrade_lists.c). */
#ifndef QI_FETCH_COMTRADE_H
#define QI_FETCH_COMTRADE_H

#include "fetch/division.h"

/* One reporter and period the office has published. */
typedef struct qi_dataset {
    int64_t reporter;
    quipu_period period;
    char classed[8];   /* "H3" */
    char released[24]; /* "2012-05-03T00:00:00" */
} qi_dataset;

typedef QI_LIST(qi_dataset) qi_datasets;

/* Appends what an answer to getDA lists. */
quipu_status qi_read_datasets(const char *bytes, size_t length, qi_datasets *out,
                              quipu_error *err);
/* By reporter and period, each once: of several classifications the one last released. */
void qi_order_datasets(qi_datasets *list);

/* The codes of a list of the office's ({"results": [{"id": ...}, ...]}); `level` keeps those of
 * so many signs, 0 all. */
quipu_status qi_read_codes(qi_arena *arena, const char *bytes, size_t length, size_t level,
                           qi_names *out, quipu_error *err);

/* Count the rows of an answer, and see that they are what was asked for.  E_FORMAT and E_DATA
 * when not: it may be asked for again. */
quipu_status qi_count_answer(const char *bytes, size_t length, const char *reporter,
                             quipu_period period, uint64_t *rows, quipu_error *err);

#endif
