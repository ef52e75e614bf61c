/* SPDX-License-Identifier: Apache-2.0 */
/* shares.h (private) - parts over a whole, for share.c and structure.c. */
#ifndef QI_MEASURES_SHARES_H
#define QI_MEASURES_SHARES_H

#include "measures/common.h"

/* `by`: when the user gave none.  `title`: "Share in", before "the exports of Peru". */
quipu_status qi_shares_run(const quipu_measure *measure, const quipu_request *request,
                           const char *by, const char *title, quipu_table *out,
                           quipu_error *err);

#endif
