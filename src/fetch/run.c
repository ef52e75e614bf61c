/* SPDX-License-Identifier: Apache-2.0 */
/* run.c - one fetch: each want is settled from the folder or from the wire. */
#include "fetch/fetch.h"

#include <unistd.h>

void qi_fetch_say(const qi_fetching *run, const char *format, ...) {
    char text[600];
    va_list args;
    if (run->options->note == NULL)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    run->options->note(run->options->user, text);
}

quipu_status qi_fetch_read(const qi_fetching *run, const qi_kept *entry, qi_buffer *out,
                           quipu_error *err) {
    char *path = qi_shelf_path(run->shelf.folder, entry->name);
    if (path == NULL)
        return qi_fail_memory(err, strlen(entry->name));
    quipu_status status = qi_whole_file(path, (size_t)512 << 20, out, err);
    free(path);
    return status;
}

/* ---- what the folder has ---- */

static const qi_kept *kept_already(const qi_fetching *run, const qi_want *want) {
    const qi_kept *entry = qi_shelf_find(&run->shelf, want->name);
    if (entry == NULL || want->anew || strcmp(entry->target, want->target) != 0)
        return NULL;
    if (strcmp(entry->release, want->release) != 0) {
        qi_fetch_say(run, "%s was published anew (%s, before %s): asked for again", want->name,
                     want->release, entry->release);
        return NULL;
    }
    if (qi_shelf_is_whole(&run->shelf, entry))
        return entry;
    qi_fetch_say(run, "%s/answers/%s is not what was fetched on %s: asked for again",
                 run->shelf.folder, want->name, entry->time);
    return NULL;
}

static quipu_status settle_one(qi_fetching *run, const qi_want *want, const qi_kept *entry,
                               qi_settle settle, quipu_error *err) {
    if (entry->outcome == QI_ROWS) {
        qi_used used = {entry->name, want->about};
        if (!QI_PUSH(&run->used, used))
            return qi_fail_memory(err, sizeof used);
        run->result->answers++;
        run->result->rows += want->about ? 0 : entry->rows;
        run->result->bytes += entry->bytes;
    }
    return settle(run, want, entry, err);
}

/* ---- what the wire brings ---- */

typedef struct brought {
    qi_fetching *run;
    const qi_want **wants; /* by number of the request */
    qi_check check;
    qi_settle settle;
} brought;

static quipu_status refuse_secret(const qi_fetching *run, const qi_want *want,
                                  const char *bytes, size_t length, quipu_error *err) {
    const char *key = run->options->key;
    size_t n = key != NULL ? strlen(key) : 0;
    for (const char *at = bytes; n > 0 && length >= n; at++) {
        at = memchr(at, key[0], length - (size_t)(at - bytes));
        if (at == NULL || (size_t)(bytes + length - at) < n)
            break;
        if (memcmp(at, key, n) == 0)
            return qi_fail(err, QUIPU_E_DATA,
                           "the answer to %.200s repeats the key it was asked with: it is not "
                           "kept",
                           want->target);
    }
    return QUIPU_OK;
}

/* The manifest says that all is there and as it says: no longer, once an answer comes. */
static quipu_status open_up(qi_fetching *run, quipu_error *err) {
    qi_buffer path = {0};
    if (run->opened)
        return QUIPU_OK;
    if (!qi_buffer_printf(&path, "%s/manifest.json", run->shelf.folder))
        return qi_fail_memory(err, strlen(run->shelf.folder));
    unlink(path.bytes);
    qi_buffer_free(&path);
    run->opened = true;
    return QUIPU_OK;
}

static quipu_status take_answer(void *user, size_t number, const char *bytes, size_t length,
                                bool *again, quipu_error *err) {
    brought *b = user;
    const qi_want *want = b->wants[number];
    const qi_kept *before = qi_shelf_find(&b->run->shelf, want->name);
    char old[65] = "";
    qi_kept found = {.name = want->name, .target = want->target, .release = want->release};
    bool there = bytes != NULL;
    if (before != NULL && before->outcome == QI_ROWS && !want->anew)
        snprintf(old, sizeof old, "%s", before->sha256);
    if (there && !want->archive)
        QI_TRY(refuse_secret(b->run, want, bytes, length, err));
    if (there)
        QI_TRY(
            b->check(b->run, want, want->archive ? NULL : bytes, length, &found, again, err));
    else
        found.outcome = QI_NONE;
    QI_TRY(open_up(b->run, err));
    QI_TRY(qi_shelf_add(&b->run->shelf, found, there && !want->archive ? bytes : NULL, length,
                        err));
    const qi_kept *entry = qi_shelf_find(&b->run->shelf, want->name);
    if (old[0] != 0 && entry->outcome == QI_ROWS && strcmp(old, entry->sha256) != 0)
        qi_fetch_say(b->run, "%s is another answer than the one before", want->name);
    return settle_one(b->run, want, entry, b->settle, err);
}

/* Requests in the order of the wants; files of archives are the caller's to free. */
static quipu_status make_requests(const qi_fetching *run, const qi_want **wants, size_t n,
                                  qi_request *out, quipu_error *err) {
    for (size_t i = 0; i < n; i++) {
        out[i] = (qi_request){.target = wants[i]->target,
                              .with_key = wants[i]->with_key,
                              .may_lack = wants[i]->may_lack};
        if (!wants[i]->archive)
            continue;
        out[i].file = qi_shelf_path(run->shelf.folder, wants[i]->name);
        if (out[i].file == NULL)
            return qi_fail_memory(err, strlen(wants[i]->name));
    }
    return QUIPU_OK;
}

quipu_status qi_fetch_wants(qi_fetching *run, const qi_want *wants, size_t n, qi_check check,
                            qi_settle settle, quipu_error *err) {
    brought b = {run, calloc(n + 1, sizeof *b.wants), check, settle};
    qi_request *requests = calloc(n + 1, sizeof *requests);
    quipu_status status = QUIPU_OK;
    size_t n_asked = 0;
    if (b.wants == NULL || requests == NULL) {
        status = qi_fail_memory(err, n * sizeof *requests);
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        const qi_kept *entry = kept_already(run, &wants[i]);
        if (entry == NULL) {
            b.wants[n_asked++] = &wants[i];
            continue;
        }
        run->result->kept += entry->outcome == QI_ROWS;
        QI_GO(settle_one(run, &wants[i], entry, settle, err));
    }
    QI_GO(make_requests(run, b.wants, n_asked, requests, err));
    status = qi_wire_run(run->wire, requests, n_asked, take_answer, &b, err);
done:
    for (size_t i = 0; requests != NULL && i < n_asked; i++)
        free((char *)requests[i].file);
    free(requests);
    free(b.wants);
    return status;
}
