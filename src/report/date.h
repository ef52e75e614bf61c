/* SPDX-License-Identifier: Apache-2.0 */
/* date.h (private to report) - the dates a caller gives to what is handed on. */
#ifndef QI_REPORT_DATE_H
#define QI_REPORT_DATE_H

#include "base/base.h"

typedef struct qi_date {
    char day[11];    /* 2013-05-01 */
    char second[21]; /* 2013-05-01T00:00:00Z */
    int64_t unix_seconds;
} qi_date;

/* "2013-05-01" or "2013-05-01T12:00:00Z", years 1900 to 9999.  E_ARG, saying `what` it is. */
quipu_status qi_date_read(const char *text, const char *what, qi_date *out, quipu_error *err);

#endif
