/* SPDX-License-Identifier: Apache-2.0 */
/* address.c - see address.h. */
#include "fetch/address.h"

#include <strings.h>

/* ---- origins ---- */

static bool read_port(const char *text, size_t length, unsigned *port) {
    int64_t number;
    if (length == 0)
        return true;
    if (length > 5 || !qi_parse_int(text, length, &number) || number < 1 || number > 65535)
        return false;
    *port = (unsigned)number;
    return true;
}

bool qi_origin_read(const char *address, qi_origin *out) {
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789.-";
    memset(out, 0, sizeof *out);
    out->secure = strncasecmp(address, "https://", 8) == 0;
    if (!out->secure && strncasecmp(address, "http://", 7) != 0)
        return false;
    const char *at = address + (out->secure ? 8 : 7);
    out->port = out->secure ? 443 : 80;
    bool bracket = *at == '[';
    size_t n = bracket ? 1 + strspn(at + 1, "0123456789abcdefABCDEF:.") : strspn(at, LETTERS);
    if (bracket && at[n++] != ']')
        return false;
    if (n == 0 || n >= sizeof out->host)
        return false;
    for (size_t i = 0; i < n; i++)
        out->host[i] = (char)(at[i] >= 'A' && at[i] <= 'Z' ? at[i] + 32 : at[i]);
    at += n;
    if (*at == ':') {
        size_t digits = strspn(at + 1, "0123456789");
        if (!read_port(at + 1, digits, &out->port))
            return false;
        at += 1 + digits;
    }
    return *at == 0 || *at == '/' || *at == '?' || *at == '#';
}

bool qi_origin_allows(const qi_origin *from, const qi_origin *to) {
    if (strcmp(from->host, to->host) != 0)
        return false;
    bool same = from->secure == to->secure && from->port == to->port;
    bool safer = !from->secure && to->secure && from->port == 80 && to->port == 443;
    return same || safer;
}

bool qi_origin_is_loopback(const qi_origin *origin) {
    return strcmp(origin->host, "localhost") == 0 || strcmp(origin->host, "127.0.0.1") == 0 ||
           strcmp(origin->host, "[::1]") == 0;
}

quipu_status qi_address_check(const char *base, bool secret, quipu_error *err) {
    qi_origin origin;
    size_t length = strlen(base);
    if (length > 500 || !qi_origin_read(base, &origin))
        return qi_fail(err, QUIPU_E_ARG,
                       "the address \"%.100s\" is not one: expected https://HOST or "
                       "https://HOST/PATH, without a name or password in it",
                       base);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)base[i] <= ' ' || (unsigned char)base[i] > '~' ||
            strchr("?#\\\"<>", base[i]) != NULL)
            return qi_fail(err, QUIPU_E_ARG,
                           "the address \"%.100s\" has a character that does not belong "
                           "before the path of a request",
                           base);
    if (base[length - 1] == '/')
        return qi_fail(err, QUIPU_E_ARG, "the address %.100s ends in a slash: leave it out",
                       base);
    if (secret && !origin.secure && !qi_origin_is_loopback(&origin))
        return qi_fail(err, QUIPU_E_ARG,
                       "a key is not sent over plain http to %.100s: use https", origin.host);
    return QUIPU_OK;
}

/* ---- targets ---- */

bool qi_address_add(qi_buffer *target, const char *name, const char *value) {
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789.-_~,:";
    bool first = target->bytes == NULL || strchr(target->bytes, '?') == NULL;
    bool ok = qi_buffer_printf(target, "%c%s=", first ? '?' : '&', name);
    for (const char *c = value; *c != 0; c++)
        ok = ok && (strchr(PLAIN, *c) != NULL
                        ? qi_buffer_add(target, c, 1)
                        : qi_buffer_printf(target, "%%%02X", (unsigned)(unsigned char)*c));
    return ok;
}

void qi_blank(char *text, size_t length, const char *secret) {
    size_t n = secret != NULL ? strlen(secret) : 0;
    for (size_t i = 0; n > 0 && i + n <= length; i++)
        if (memcmp(text + i, secret, n) == 0)
            memset(text + i, '*', n);
}
