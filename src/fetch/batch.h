/* SPDX-License-Identifier: Apache-2.0 */
/* batch.h (private) - the state of qi_wire_run, shared by its loop (wire.c) and what judges the
 * transfers that have ended (judge.c). */
#ifndef QI_FETCH_BATCH_H
#define QI_FETCH_BATCH_H

#include "fetch/address.h"
#include "fetch/slot.h"

enum { QI_MOST_SLOTS = 4 };

struct qi_wire {
    qi_curl curl;
    qi_manner manner;
    qi_origin origin;
    CURLM *multi;
    qi_slot slot[QI_MOST_SLOTS];
    quipu_fetch_note note;
    quipu_progress progress;
    void *user;
    int64_t next_start, hold_until; /* milliseconds of the monotonic clock */
    uint64_t sent;
};

typedef enum qi_state { QI_WAITING, QI_FLYING, QI_DONE } qi_state;

typedef struct qi_turn {
    qi_state state;
    unsigned failed;
    int64_t not_before;
    uint64_t part_length; /* of an archive, when it failed last */
} qi_turn;

/* What one call of qi_wire_run works on. */
typedef struct qi_batch {
    qi_wire *wire;
    const qi_request *requests;
    qi_turn *turns;
    size_t n, n_done;
    qi_answered answered;
    void *user;
    quipu_error *err;
} qi_batch;

int64_t qi_now_ms(void); /* of the monotonic clock */

/* A transfer has ended: its request is done, waits for another try, or flies on elsewhere. */
quipu_status qi_judge(qi_batch *batch, qi_slot *slot, CURLcode code);

#endif
