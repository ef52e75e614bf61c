/* SPDX-License-Identifier: Apache-2.0 */
/* wire.c - see wire.h.
 *
 * One loop: start what may start, let libcurl work, judge what has ended.  A request waits,
 * flies or is done; one that failed waits again, longer each time.  An office that asks for
 * time (Retry-After) holds all of them.
 */
#include "fetch/wire.h"

#include "fetch/batch.h"

#include <time.h>

int64_t qi_now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- opening ---- */

static void fill_manner(qi_manner *m, const quipu_fetch_options *o, const char *base) {
    m->base = o->base_url != NULL ? o->base_url : base;
    m->key = o->key != NULL && o->key[0] != 0 ? o->key : NULL;
    m->ca_file = o->ca_file;
    m->proxy = o->proxy;
    m->no_proxy = o->no_proxy;
    m->parallel = o->parallel == 0 ? 2 : o->parallel;
    if (m->parallel > QI_MOST_SLOTS)
        m->parallel = QI_MOST_SLOTS;
    m->tries = o->tries == 0 ? 6 : o->tries;
    m->pause = o->pause == 0 ? 1000 : o->pause < 0 ? 0 : o->pause;
    m->timeout = o->timeout <= 0 ? 60000 : o->timeout;
    m->patience = o->patience <= 0 ? 15 * 60000 : o->patience;
    m->most_bytes = o->most_bytes;
}

quipu_status qi_wire_open(const quipu_fetch_options *options, const char *base, qi_wire **out,
                          quipu_error *err) {
    quipu_status status;
    qi_wire *wire = calloc(1, sizeof *wire);
    *out = NULL;
    if (wire == NULL)
        return qi_fail_memory(err, sizeof *wire);
    fill_manner(&wire->manner, options, base);
    wire->manner.curl = &wire->curl;
    wire->note = options->note;
    wire->progress = options->progress;
    wire->user = options->user;
    QI_GO(qi_address_check(wire->manner.base, wire->manner.key != NULL, err));
    qi_origin_read(wire->manner.base, &wire->origin);
    QI_GO(qi_curl_load(&wire->curl, err));
    wire->multi = wire->curl.curl_multi_init();
    if (wire->multi == NULL) {
        status = qi_fail_memory(err, sizeof *wire);
        goto done;
    }
    wire->curl.curl_multi_setopt(wire->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
                                 (long)wire->manner.parallel);
    for (unsigned i = 0; i < wire->manner.parallel; i++)
        QI_GO(qi_slot_open(&wire->slot[i], &wire->manner, err));
    *out = wire;
    return QUIPU_OK;
done:
    qi_wire_close(wire);
    return status;
}

static void drop_flying(qi_wire *wire) {
    for (unsigned i = 0; i < QI_MOST_SLOTS; i++) {
        if (!wire->slot[i].busy)
            continue;
        wire->curl.curl_multi_remove_handle(wire->multi, wire->slot[i].easy);
        qi_slot_rest(&wire->slot[i]);
    }
}

void qi_wire_close(qi_wire *wire) {
    if (wire == NULL)
        return;
    drop_flying(wire);
    for (unsigned i = 0; i < QI_MOST_SLOTS; i++)
        qi_slot_close(&wire->slot[i]);
    if (wire->multi != NULL)
        wire->curl.curl_multi_cleanup(wire->multi);
    qi_curl_unload(&wire->curl);
    free(wire);
}

uint64_t qi_wire_sent(const qi_wire *wire) {
    return wire->sent;
}

static quipu_status collect(qi_batch *b, bool *ended) {
    qi_wire *wire = b->wire;
    CURLMsg *message;
    int left;
    *ended = false;
    while ((message = wire->curl.curl_multi_info_read(wire->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode code = message->data.result;
        qi_slot *slot = NULL;
        wire->curl.curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
        wire->curl.curl_multi_remove_handle(wire->multi, slot->easy);
        slot->busy = false; /* follow() may set it again */
        *ended = true;
        quipu_status status = qi_judge(b, slot, code);
        if (!slot->busy)
            qi_slot_rest(slot);
        QI_TRY(status);
    }
    return QUIPU_OK;
}

/* ---- the loop ---- */

static qi_slot *free_slot(qi_wire *wire) {
    for (unsigned i = 0; i < wire->manner.parallel; i++)
        if (!wire->slot[i].busy)
            return &wire->slot[i];
    return NULL;
}

/* The first request that may go out, else n; *wait gets the time until one may. */
static size_t next_ready(const qi_batch *b, int64_t now, int64_t *wait) {
    int64_t held =
        b->wire->next_start > b->wire->hold_until ? b->wire->next_start : b->wire->hold_until;
    for (size_t i = 0; i < b->n; i++) {
        if (b->turns[i].state != QI_WAITING)
            continue;
        int64_t at = b->turns[i].not_before > held ? b->turns[i].not_before : held;
        if (at <= now)
            return i;
        if (at - now < *wait)
            *wait = at - now;
    }
    return b->n;
}

static quipu_status start_some(qi_batch *b, int64_t *wait) {
    qi_wire *wire = b->wire;
    qi_slot *slot;
    while ((slot = free_slot(wire)) != NULL) {
        int64_t now = qi_now_ms();
        size_t i = next_ready(b, now, wait);
        if (i == b->n)
            return QUIPU_OK;
        slot->fresh = b->turns[i].failed > 0;
        QI_TRY(qi_slot_prepare(slot, &b->requests[i], i, NULL, b->err));
        if (wire->curl.curl_multi_add_handle(wire->multi, slot->easy) != CURLM_OK)
            return qi_fail(b->err, QUIPU_E_IO, "libcurl cannot begin a request");
        b->turns[i].state = QI_FLYING;
        wire->next_start = now + wire->manner.pause;
        wire->sent++;
    }
    return QUIPU_OK;
}

static bool stopped(const qi_batch *b) {
    const qi_wire *wire = b->wire;
    if (wire->progress == NULL)
        return false;
    uint64_t done = b->n_done, total = b->n;
    for (unsigned i = 0; i < QI_MOST_SLOTS; i++)
        if (wire->slot[i].busy && wire->slot[i].to_part) {
            curl_off_t size = -1;
            wire->curl.curl_easy_getinfo(wire->slot[i].easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
                                         &size);
            done = wire->slot[i].part.length;
            total = size > 0 ? wire->slot[i].part.offset + (uint64_t)size : 0;
        }
    return wire->progress(wire->user, done, total);
}

quipu_status qi_wire_run(qi_wire *wire, const qi_request *requests, size_t n,
                         qi_answered answered, void *user, quipu_error *err) {
    enum { LOOK_ROUND = 200 };
    qi_batch b = {.wire = wire,
                  .requests = requests,
                  .turns = calloc(n + 1, sizeof *b.turns),
                  .n = n,
                  .answered = answered,
                  .user = user,
                  .err = err};
    quipu_status status = b.turns != NULL ? QUIPU_OK : qi_fail_memory(err, n);
    while (status == QUIPU_OK && b.n_done < n) {
        int64_t wait = LOOK_ROUND;
        bool ended = false;
        int running;
        if (stopped(&b)) {
            status = qi_fail(err, QUIPU_E_STOPPED, "stopped");
            break;
        }
        QI_GO(start_some(&b, &wait));
        CURLMcode code = wire->curl.curl_multi_perform(wire->multi, &running);
        if (code == CURLM_OK)
            QI_GO(collect(&b, &ended));
        if (code == CURLM_OK && !ended) /* else another may start at once */
            code = wire->curl.curl_multi_poll(wire->multi, NULL, 0, (int)wait, NULL);
        if (code != CURLM_OK)
            status =
                qi_fail(err, QUIPU_E_IO, "libcurl: %s", wire->curl.curl_multi_strerror(code));
    }
done:
    drop_flying(wire);
    free(b.turns);
    return status;
}
