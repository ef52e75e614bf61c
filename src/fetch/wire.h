/* SPDX-License-Identifier: Apache-2.0 */
/* wire.h (private) - many requests to one office: few at once, a pause between them, tried
 * again while there is hope, and every answer looked at before it counts.
 */
#ifndef QI_FETCH_WIRE_H
#define QI_FETCH_WIRE_H

#include "base/base.h"
#include "quipu/fetch.h"

typedef struct qi_request {
    const char *target; /* path and query, behind the base address */
    bool with_key;
    bool may_lack;    /* "there is none" is an answer: the callback gets NULL */
    const char *file; /* an archive: goes into this file, which grows under FILE.part and is
                       * gone on with after a break; NULL = the answer is handed over */
} qi_request;

/* An answer has come.  With a failure and *again set it is asked for again, as for an answer
 * that was cut; the failure is reported when that did not help. */
typedef quipu_status (*qi_answered)(void *user, size_t request, const char *bytes,
                                    size_t length, bool *again, quipu_error *err);

typedef struct qi_wire qi_wire;

/* `options` are borrowed; `base` is the source's own address. */
quipu_status qi_wire_open(const quipu_fetch_options *options, const char *base, qi_wire **out,
                          quipu_error *err);
void qi_wire_close(qi_wire *wire);
quipu_status qi_wire_run(qi_wire *wire, const qi_request *requests, size_t n,
                         qi_answered answered, void *user, quipu_error *err);
uint64_t qi_wire_sent(const qi_wire *wire);

#endif
