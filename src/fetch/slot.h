/* SPDX-License-Identifier: Apache-2.0 */
/* slot.h (private) - one transfer of libcurl: how it is set up, and where its bytes go. */
#ifndef QI_FETCH_SLOT_H
#define QI_FETCH_SLOT_H

#include "fetch/curl.h"
#include "fetch/part.h"
#include "fetch/wire.h"

/* The caller's options with the defaults filled in. */
typedef struct qi_manner {
    const qi_curl *curl;
    const char *base, *key, *ca_file, *proxy, *no_proxy;
    unsigned parallel, tries;
    int64_t pause, timeout, patience; /* milliseconds */
    uint64_t most_bytes;              /* 0 = by kind */
} qi_manner;

typedef struct qi_slot {
    const qi_manner *manner;
    CURL *easy;
    const qi_request *request;
    size_t number; /* of the request */
    bool fresh; /* on a connection of its own: the last one may still say what was not asked */
    bool busy, began;
    bool too_large, disk_failed, wrong_rest;
    unsigned hops; /* how often it was sent on */
    char *url;
    struct curl_slist *headers;
    qi_buffer body;
    qi_growing part;
    bool to_part;
    char retry_after[64], tag[200], content_range[64];
} qi_slot;

quipu_status qi_slot_open(qi_slot *slot, const qi_manner *manner, quipu_error *err);
void qi_slot_close(qi_slot *slot); /* a zeroed one is fine */
/* Make ready for a request; `url` NULL = base and target, else where it was sent on to. */
quipu_status qi_slot_prepare(qi_slot *slot, const qi_request *request, size_t number,
                             const char *url, quipu_error *err);
/* Let go of what the transfer at hand owns. */
void qi_slot_rest(qi_slot *slot);

#endif
