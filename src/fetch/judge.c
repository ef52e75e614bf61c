/* SPDX-License-Identifier: Apache-2.0 */
/* judge.c - what becomes of a transfer that has ended: an answer, another try, or the end. */
#include "fetch/batch.h"
#include "fetch/retry.h"

#include <time.h>

enum { MOST_HOPS = 5 };

static void say(const qi_wire *wire, const char *format, ...) QUIPU_PRINTF(2, 3);
static void say(const qi_wire *wire, const char *format, ...) {
    char text[600];
    va_list args;
    if (wire->note == NULL)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    wire->note(wire->user, text);
}

/* ---- a request that came to nothing ---- */

static quipu_status fail_request(const qi_batch *b, const qi_slot *slot, quipu_status status,
                                 const char *what) {
    return qi_fail(b->err, status, "%.100s: %.330s. Asked for: %.200s%s", b->wire->origin.host,
                   what, slot->request->target,
                   strlen(slot->request->target) > 200 ? "..." : "");
}

/* Wait and try again, unless there were tries enough.  `asked` is how long the office wants
 * us to wait, -1 if it does not say; then all requests wait. */
static quipu_status try_again(qi_batch *b, qi_slot *slot, quipu_status status, const char *what,
                              int64_t asked) {
    qi_wire *wire = b->wire;
    qi_turn *turn = &b->turns[slot->number];
    if (slot->request->file != NULL && slot->part.length > turn->part_length)
        turn->failed = 0; /* an archive that grows is getting there */
    turn->part_length = slot->part.length;
    turn->failed++;
    if (turn->failed >= wire->manner.tries) {
        char text[400];
        snprintf(text, sizeof text, "%.300s (tried %u times)", what, turn->failed);
        return fail_request(b, slot, status, text);
    }
    int64_t wait = qi_retry_wait(wire->manner.pause, turn->failed);
    if (asked > wire->manner.patience) {
        char text[400];
        snprintf(text, sizeof text, "%.250s; it asks to wait %lld s, longer than the patience",
                 what, (long long)((asked + 999) / 1000));
        return fail_request(b, slot, QUIPU_E_LIMIT, text);
    }
    wait = asked > wait ? asked : wait;
    turn->not_before = qi_now_ms() + wait;
    if (asked >= 0 && turn->not_before > wire->hold_until)
        wire->hold_until = turn->not_before;
    say(wire, "%.100s: %.300s; again in %lld.%lld s", wire->origin.host, what,
        (long long)(wait / 1000), (long long)(wait % 1000 / 100));
    turn->state = QI_WAITING;
    return QUIPU_OK;
}

static int64_t read_date(void *user, const char *text) {
    const qi_curl *curl = user;
    return (int64_t)curl->curl_getdate(text, NULL);
}

/* What libcurl could not do. */
static quipu_status broken(qi_batch *b, qi_slot *slot, CURLcode code) {
    const qi_curl *curl = &b->wire->curl;
    char text[300];
    if (slot->too_large)
        return fail_request(b, slot, QUIPU_E_LIMIT,
                            "the answer is larger than what is taken of one");
    if (slot->disk_failed) {
        return fail_request(b, slot, QUIPU_E_IO,
                            "what comes cannot be written: is the disk full?");
    }
    if (slot->wrong_rest) {
        qi_growing_restart(&slot->part);
        return try_again(b, slot, QUIPU_E_IO, "another rest of the file came than asked for",
                         -1);
    }
    const char *means = curl->curl_easy_strerror(code);
    switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
        snprintf(text, sizeof text, "who answers cannot be verified (%.150s); nothing was sent",
                 means);
        return fail_request(b, slot, QUIPU_E_IO, text);
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
        snprintf(text, sizeof text, "cannot be reached (%.200s)", means);
        break;
    case CURLE_OPERATION_TIMEDOUT: snprintf(text, sizeof text, "too slow, given up"); break;
    case CURLE_PARTIAL_FILE:
        snprintf(text, sizeof text, "the answer is shorter than it said it would be");
        break;
    default: snprintf(text, sizeof text, "the connection failed (%.200s)", means); break;
    }
    return try_again(b, slot, QUIPU_E_IO, text, -1);
}

/* ---- answers ---- */

/* The answer lies elsewhere: asked for there if that is the same house. */
static quipu_status follow(qi_batch *b, qi_slot *slot) {
    qi_wire *wire = b->wire;
    qi_origin to;
    char *url = NULL, text[300];
    wire->curl.curl_easy_getinfo(slot->easy, CURLINFO_REDIRECT_URL, &url);
    if (url == NULL)
        return fail_request(b, slot, QUIPU_E_DATA, "sends us on without saying where to");
    if (!qi_origin_read(url, &to) || !qi_origin_allows(&wire->origin, &to)) {
        snprintf(text, sizeof text,
                 "sends us on to another place (%.150s), which is not followed",
                 to.host[0] != 0 ? to.host : "not an address of http");
        return fail_request(b, slot, QUIPU_E_DATA, text);
    }
    if (slot->hops >= MOST_HOPS)
        return fail_request(b, slot, QUIPU_E_DATA, "sends us on in a circle");
    QI_TRY(qi_slot_prepare(slot, slot->request, slot->number, url, b->err));
    b->turns[slot->number].state = QI_FLYING;
    wire->sent++;
    if (wire->curl.curl_multi_add_handle(wire->multi, slot->easy) != CURLM_OK)
        return qi_fail(b->err, QUIPU_E_IO, "libcurl cannot begin a request");
    return QUIPU_OK;
}

static quipu_status hand_over(qi_batch *b, qi_slot *slot, bool there) {
    const qi_request *request = slot->request;
    quipu_error err = {0};
    bool again = false, archive = request->file != NULL && there;
    quipu_status status = QUIPU_OK;
    if (archive && !slot->to_part)
        return try_again(b, slot, QUIPU_E_IO, "an empty answer", -1);
    if (archive)
        QI_TRY(qi_growing_finish(&slot->part, b->err));
    /* Without a buffer an empty answer has no bytes to point to. */
    const char *bytes = slot->body.bytes != NULL ? slot->body.bytes : "";
    status = b->answered(b->user, slot->number, there ? bytes : NULL, slot->body.length, &again,
                         &err);
    if (status != QUIPU_OK && again)
        return try_again(b, slot, status, err.text, -1);
    if (status != QUIPU_OK) {
        if (b->err != NULL)
            *b->err = err;
        return status;
    }
    b->turns[slot->number].state = QI_DONE;
    b->n_done++;
    return QUIPU_OK;
}

static quipu_status judge_answer(qi_batch *b, qi_slot *slot) {
    qi_wire *wire = b->wire;
    char said[160], text[300];
    long status = 0;
    wire->curl.curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status == 416 && slot->part.offset > 0) { /* the file has become shorter */
        qi_growing_restart(&slot->part);
        return try_again(b, slot, QUIPU_E_IO, "has no such rest of the file", -1);
    }
    if (status == 200 || status == 206)
        return hand_over(b, slot, true);
    qi_said(slot->body.bytes, slot->body.length, wire->manner.key, said, sizeof said);
    snprintf(text, sizeof text, "answered with status %ld%s%s%s", status,
             said[0] != 0 ? " (" : "", said, said[0] != 0 ? ")" : "");
    switch (qi_verdict_of(status, said)) {
    case QI_ELSEWHERE: return follow(b, slot);
    case QI_AGAIN: {
        int64_t asked =
            slot->retry_after[0] != 0
                ? qi_retry_after(slot->retry_after, (int64_t)time(NULL), read_date, &wire->curl)
                : -1;
        return try_again(b, slot, QUIPU_E_IO, text, asked);
    }
    case QI_ABSENT:
        if (slot->request->may_lack)
            return hand_over(b, slot, false);
        return fail_request(b, slot, QUIPU_E_NOT_FOUND, text);
    case QI_NO_KEY:
        snprintf(text, sizeof text, "%s; status 401%s%s",
                 wire->manner.key != NULL ? "does not take the key" : "wants a key",
                 said[0] != 0 ? ": " : "", said);
        return fail_request(b, slot, QUIPU_E_ARG, text);
    case QI_QUOTA: return fail_request(b, slot, QUIPU_E_LIMIT, text);
    case QI_ANSWERED:
    case QI_REFUSED: break;
    }
    return fail_request(b, slot, QUIPU_E_DATA, text);
}

quipu_status qi_judge(qi_batch *b, qi_slot *slot, CURLcode code) {
    return code == CURLE_OK ? judge_answer(b, slot) : broken(b, slot, code);
}
