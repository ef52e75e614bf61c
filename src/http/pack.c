/* SPDX-License-Identifier: Apache-2.0 */
/* pack.c - bodies, and their packed copies.
 *
 * libzstd is loaded rather than linked: no other verb packs anything with it.
 */
#include "http/http.h"

#include <dlfcn.h>
#include <zlib.h>

enum { GZIP_LEVEL = 4, ZSTD_LEVEL = 3, LEAST_BYTES = 512 };

/* ---- bodies ---- */

qi_body *qi_body_make(const void *bytes, size_t length) {
    qi_body *body = length < SIZE_MAX - sizeof *body ? malloc(sizeof *body + length) : NULL;
    if (body == NULL)
        return NULL;
    atomic_init(&body->holders, 1);
    body->length = length;
    if (length > 0)
        memcpy(body->bytes, bytes, length);
    return body;
}

qi_body *qi_body_hold(qi_body *body) {
    if (body != NULL)
        atomic_fetch_add(&body->holders, 1);
    return body;
}

void qi_body_drop(qi_body *body) {
    if (body != NULL && atomic_fetch_sub(&body->holders, 1) == 1)
        free(body);
}

/* ---- zstd ---- */

void qi_packer_open(qi_packer *p) {
    p->library = dlopen("libzstd.so.1", RTLD_NOW | RTLD_LOCAL);
    bool ok = p->library != NULL &&
              qi_library_find(p->library, "ZSTD_compressBound", &p->bound) &&
              qi_library_find(p->library, "ZSTD_compress", &p->compress) &&
              qi_library_find(p->library, "ZSTD_isError", &p->is_error);
    if (!ok)
        qi_packer_close(p);
}

void qi_packer_close(qi_packer *p) {
    if (p->library != NULL)
        dlclose(p->library);
    memset(p, 0, sizeof *p);
}

static qi_body *with_room(size_t room) {
    qi_body *body = malloc(sizeof *body + room);
    if (body != NULL)
        atomic_init(&body->holders, 1);
    return body;
}

/* Gives back what is not needed of the room. */
static qi_body *finish(qi_body *body, size_t length, bool ok, size_t before) {
    if (!ok || length >= before) {
        free(body);
        return NULL;
    }
    body->length = length;
    qi_body *smaller = realloc(body, sizeof *body + length);
    return smaller != NULL ? smaller : body;
}

static qi_body *pack_gzip(const qi_body *from) {
    z_stream z = {0};
    if (from->length > UINT32_MAX ||
        deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    size_t room = deflateBound(&z, from->length);
    qi_body *to = with_room(room);
    bool ok = to != NULL;
    if (ok) {
        z.next_in = (Bytef *)(uintptr_t)from->bytes;
        z.avail_in = (uInt)from->length;
        z.next_out = (Bytef *)to->bytes;
        z.avail_out = (uInt)room;
        ok = deflate(&z, Z_FINISH) == Z_STREAM_END;
    }
    size_t length = z.total_out;
    deflateEnd(&z);
    return finish(to, length, ok, from->length);
}

static qi_body *pack_zstd(const qi_packer *p, const qi_body *from) {
    size_t room = p->bound(from->length);
    qi_body *to = with_room(room);
    if (to == NULL)
        return NULL;
    size_t length = p->compress(to->bytes, room, from->bytes, from->length, ZSTD_LEVEL);
    return finish(to, length, !p->is_error(length), from->length);
}

qi_body *qi_pack(const qi_packer *packer, const qi_body *body, qi_encoding encoding) {
    if (body->length < LEAST_BYTES || encoding == QI_PLAIN)
        return NULL;
    if (encoding == QI_GZIP)
        return pack_gzip(body);
    return encoding == QI_ZSTD && packer->library != NULL ? pack_zstd(packer, body) : NULL;
}

/* ---- Accept-Encoding ---- */

const char *qi_encoding_name(qi_encoding encoding) {
    static const char *const names[QI_N_ENCODINGS] = {NULL, "gzip", "zstd", "br"};
    return names[encoding];
}

/* "gzip;q=0" refuses. */
static bool accepts(const char *header, const char *name) {
    size_t length = strlen(name);
    for (const char *at = header; *at != '\0';) {
        at += strspn(at, " \t,");
        size_t n = strcspn(at, ",");
        if (n >= length && strncmp(at, name, length) == 0 &&
            (n == length || strchr(" \t;", at[length]) != NULL)) {
            const char *q = memchr(at, ';', n);
            if (q == NULL)
                return true;
            q += 1 + strspn(q + 1, " \t");
            if (q[0] != 'q' || q[1] != '=')
                return true;
            /* A quality of nothing but zeros. */
            q += 2;
            return q[strspn(q, "0.")] >= '1' && q[strspn(q, "0.")] <= '9';
        }
        at += n;
    }
    return false;
}

qi_encoding qi_encoding_choose(const qi_packer *packer, const char *accept, bool brotli) {
    if (accept == NULL)
        return QI_PLAIN;
    if (brotli && accepts(accept, "br"))
        return QI_BROTLI;
    if (packer->library != NULL && accepts(accept, "zstd"))
        return QI_ZSTD;
    return accepts(accept, "gzip") ? QI_GZIP : QI_PLAIN;
}
