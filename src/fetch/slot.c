/* SPDX-License-Identifier: Apache-2.0 */
/* slot.c - see slot.h. */
#include "fetch/slot.h"

#include <errno.h>
#include <strings.h>

/* ---- what comes ---- */

static void keep_header(char *out, size_t size, const char *text, size_t length) {
    while (length > 0 && (*text == ' ' || *text == '\t'))
        text++, length--;
    while (length > 0 && strchr("\r\n \t", text[length - 1]) != NULL)
        length--;
    snprintf(out, size, "%.*s", length < size ? (int)length : 0, text);
}

/* Weak tags say that two files mean the same, not that their bytes are the same. */
static void keep_tag(qi_slot *slot, const char *text, size_t length, bool is_date) {
    char tag[sizeof slot->tag];
    keep_header(tag, sizeof tag, text, length);
    if (strncmp(tag, "W/", 2) != 0 && (!is_date || slot->tag[0] == 0))
        memcpy(slot->tag, tag, sizeof tag);
}

static size_t on_header(char *bytes, size_t one, size_t length, void *user) {
    qi_slot *slot = user;
    QI_UNUSED(one);
    if (length >= 5 && memcmp(bytes, "HTTP/", 5) == 0) /* a new answer begins */
        slot->retry_after[0] = slot->tag[0] = slot->content_range[0] = 0;
    const char *colon = memchr(bytes, ':', length);
    if (colon == NULL)
        return length;
    size_t name = (size_t)(colon - bytes), rest = length - name - 1;
    const char *text = colon + 1;
    if (name == 11 && strncasecmp(bytes, "Retry-After", name) == 0)
        keep_header(slot->retry_after, sizeof slot->retry_after, text, rest);
    else if (name == 4 && strncasecmp(bytes, "ETag", name) == 0)
        keep_tag(slot, text, rest, false);
    else if (name == 13 && strncasecmp(bytes, "Last-Modified", name) == 0)
        keep_tag(slot, text, rest, true);
    else if (name == 13 && strncasecmp(bytes, "Content-Range", name) == 0)
        keep_header(slot->content_range, sizeof slot->content_range, text, rest);
    return length;
}

/* The first bytes of an answer tell whether they belong into the file. */
static bool begin_part(qi_slot *slot) {
    long status = 0;
    uint64_t from = 0;
    slot->began = true;
    slot->manner->curl->curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &status);
    slot->to_part = status == 200 || status == 206;
    if (!slot->to_part)
        return true;
    if (status == 206 && !qi_content_range(slot->content_range, &from))
        from = UINT64_MAX;
    if (qi_growing_begin(&slot->part, status == 206, from, slot->tag))
        return true;
    slot->wrong_rest = status == 206;
    slot->disk_failed = status == 200;
    return false;
}

static size_t on_body(char *bytes, size_t one, size_t length, void *user) {
    qi_slot *slot = user;
    enum { SAID = 64 << 10 }; /* of an archive that is refused */
    uint64_t most = slot->manner->most_bytes;
    QI_UNUSED(one);
    if (slot->request->file != NULL && !slot->began && !begin_part(slot))
        return 0;
    if (slot->to_part) {
        if (slot->part.length + length > (most != 0 ? most : (uint64_t)16 << 30)) {
            slot->too_large = true;
            return 0;
        }
        slot->disk_failed = !qi_growing_write(&slot->part, bytes, length);
        return slot->disk_failed ? 0 : length;
    }
    if (most == 0 || slot->request->file != NULL)
        most = slot->request->file != NULL ? SAID : 256 << 20;
    slot->too_large = slot->body.length + length > most;
    if (slot->too_large || !qi_buffer_add(&slot->body, bytes, length))
        return 0;
    return length;
}

/* ---- setting up ---- */

static bool add_header(qi_slot *slot, const char *name, const char *value) {
    qi_buffer line = {0};
    bool ok = qi_buffer_printf(&line, "%s: %s", name, value);
    struct curl_slist *longer =
        ok ? slot->manner->curl->curl_slist_append(slot->headers, line.bytes) : NULL;
    if (line.bytes != NULL) /* it may be the key */
        memset(line.bytes, 0, line.length);
    qi_buffer_free(&line);
    if (longer == NULL)
        return false;
    slot->headers = longer;
    return true;
}

static bool add_range(qi_slot *slot) {
    char text[40];
    if (slot->part.offset == 0)
        return true;
    snprintf(text, sizeof text, "bytes=%llu-", (unsigned long long)slot->part.offset);
    return add_header(slot, "Range", text) && add_header(slot, "If-Range", slot->part.tag);
}

/* True when libcurl takes all of it. */
static bool set_manners(qi_slot *slot) {
    const qi_manner *m = slot->manner;
    const qi_curl *curl = m->curl;
    CURL *easy = slot->easy;
    bool archive = slot->request->file != NULL;
    long quiet = (long)((m->timeout + 999) / 1000);
    long connect = (long)(m->timeout < 30000 ? m->timeout : 30000);
    bool ok = true;
#define SET(option, value)                                                                     \
    ok = ok && curl->curl_easy_setopt(easy, CURLOPT_##option, value) == CURLE_OK
    SET(PROTOCOLS_STR, "http,https");
    SET(FOLLOWLOCATION, 0L);
    SET(SSL_VERIFYPEER, 1L);
    SET(SSL_VERIFYHOST, 2L);
    if (m->ca_file != NULL)
        SET(CAINFO, m->ca_file);
    SET(PROXY, m->proxy != NULL ? m->proxy : ""); /* "": nor that of the environment */
    SET(NOPROXY, m->no_proxy != NULL ? m->no_proxy : "");
    SET(NOSIGNAL, 1L);
    SET(USERAGENT, "quipu/" QUIPU_VERSION);
    SET(CONNECTTIMEOUT_MS, connect);
    SET(FRESH_CONNECT, slot->fresh ? 1L : 0L);
    SET(LOW_SPEED_LIMIT, 1L);
    SET(LOW_SPEED_TIME, quiet);
    if (!archive) {
        SET(TIMEOUT_MS, (long)(m->timeout * 10));
        SET(ACCEPT_ENCODING, "gzip");
    }
    SET(URL, slot->url);
    SET(HTTPHEADER, slot->headers);
    SET(HEADERFUNCTION, on_header);
    SET(HEADERDATA, slot);
    SET(WRITEFUNCTION, on_body);
    SET(WRITEDATA, slot);
    SET(PRIVATE, slot);
#undef SET
    return ok;
}

static char *join(const char *base, const char *target) {
    size_t size = strlen(base) + strlen(target) + 1;
    char *url = malloc(size);
    if (url != NULL)
        snprintf(url, size, "%s%s", base, target);
    return url;
}

quipu_status qi_slot_open(qi_slot *slot, const qi_manner *manner, quipu_error *err) {
    memset(slot, 0, sizeof *slot);
    slot->part.fd = -1;
    slot->manner = manner;
    slot->easy = manner->curl->curl_easy_init();
    return slot->easy != NULL ? QUIPU_OK : qi_fail_memory(err, sizeof *slot);
}

void qi_slot_rest(qi_slot *slot) {
    for (struct curl_slist *h = slot->headers; h != NULL; h = h->next)
        memset(h->data, 0, strlen(h->data));
    if (slot->headers != NULL)
        slot->manner->curl->curl_slist_free_all(slot->headers);
    slot->headers = NULL;
    qi_growing_close(&slot->part);
    qi_buffer_free(&slot->body);
    free(slot->url);
    slot->url = NULL;
    slot->busy = false;
}

void qi_slot_close(qi_slot *slot) {
    if (slot->easy == NULL)
        return;
    qi_slot_rest(slot);
    slot->manner->curl->curl_easy_cleanup(slot->easy);
    slot->easy = NULL;
}

quipu_status qi_slot_prepare(qi_slot *slot, const qi_request *request, size_t number,
                             const char *url, quipu_error *err) {
    const qi_manner *m = slot->manner;
    unsigned hops = url != NULL ? slot->hops + 1 : 0;
    char *next = url != NULL ? strdup(url) : join(m->base, request->target);
    qi_slot_rest(slot);
    m->curl->curl_easy_reset(slot->easy);
    slot->request = request;
    slot->number = number;
    slot->hops = hops;
    slot->url = next;
    slot->began = slot->too_large = slot->disk_failed = slot->wrong_rest = false;
    slot->to_part = false;
    slot->retry_after[0] = slot->tag[0] = slot->content_range[0] = 0;
    if (next == NULL)
        return qi_fail_memory(err, strlen(request->target));
    if (request->file != NULL)
        QI_TRY(qi_growing_open(&slot->part, request->file, err));
    bool ok = request->file == NULL || add_range(slot);
    if (request->with_key && m->key != NULL)
        ok = ok && add_header(slot, "Ocp-Apim-Subscription-Key", m->key);
    if (!ok || !set_manners(slot))
        return qi_fail(err, QUIPU_E_IO,
                       "libcurl does not take a request as it is meant: 7.85 or newer is "
                       "needed");
    slot->busy = true;
    return QUIPU_OK;
}
