/* SPDX-License-Identifier: Apache-2.0 */
/* retry.h (private) - what to do about an answer that is none, and how long to wait. */
#ifndef QI_FETCH_RETRY_H
#define QI_FETCH_RETRY_H

#include "base/base.h"

typedef enum qi_verdict {
    QI_ANSWERED,
    QI_AGAIN,     /* busy or broken just now */
    QI_ELSEWHERE, /* sent on to another address */
    QI_ABSENT,    /* there is no such thing */
    QI_NO_KEY,    /* a key is wanted, or this one is not taken */
    QI_QUOTA,     /* enough for today */
    QI_REFUSED
} qi_verdict;

/* Of a status of HTTP and what the office says with it. */
qi_verdict qi_verdict_of(long status, const char *said);

/* Milliseconds before the next try when `failed` tries (at least one) came to nothing: the
 * pause (or 10, if that is less), doubled each time, at most a minute. */
int64_t qi_retry_wait(int64_t pause, unsigned failed);

/* The header Retry-After: seconds, or a date; `now` is seconds of the epoch and `read_date`
 * is what reads dates (curl_getdate).  -1: not to be understood. */
int64_t qi_retry_after(const char *text, int64_t now,
                       int64_t (*read_date)(void *user, const char *text), void *user);

/* What an office says in an answer that is an error: "message" or "error" of a JSON object, or
 * the text itself if it is short; in printable characters, `secret` blanked. */
void qi_said(const char *bytes, size_t length, const char *secret, char *out, size_t size);

#endif
