/* SPDX-License-Identifier: Apache-2.0 */
/* target.c - path and query as sent, taken apart.
 *
 * Everything here is from strangers.  What is not plain (control characters, bytes that are no
 * UTF-8, "..", an argument given twice) is refused in words instead of being made sense of.
 */
#include "http/http.h"

static int hex(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Percent-decoded, "+" a blank when `query`.  NULL: not to be taken. */
static const char *decode(const char *from, size_t length, bool query, qi_arena *arena,
                          quipu_status *why) {
    char *out = qi_arena_alloc(arena, length + 1);
    size_t n = 0;
    *why = out == NULL ? QUIPU_E_NOMEM : QUIPU_E_ARG;
    if (out == NULL)
        return NULL;
    for (size_t i = 0; i < length; i++) {
        char c = from[i];
        if (c == '%') {
            if (length - i < 3)
                return NULL;
            int high = hex(from[i + 1]), low = hex(from[i + 2]);
            if (high < 0 || low < 0)
                return NULL;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && query) {
            c = ' ';
        }
        if ((unsigned char)c < 0x20 || c == 0x7F)
            return NULL;
        out[n++] = c;
    }
    out[n] = '\0';
    return qi_utf8_valid(out, n) ? out : NULL;
}

static bool path_is_plain(const char *path) {
    if (path[0] != '/' || strchr(path, '\\') != NULL)
        return false;
    for (const char *part = path; part != NULL; part = strchr(part, '/')) {
        part++;
        size_t n = strcspn(part, "/");
        bool last = part[n] == '\0';
        if ((n == 0 && !last) || (n == 1 && part[0] == '.') ||
            (n == 2 && part[0] == '.' && part[1] == '.'))
            return false;
    }
    return true;
}

static quipu_status bad(quipu_status why, quipu_error *err, const char *what) {
    if (why == QUIPU_E_NOMEM)
        return qi_fail_memory(err, 0);
    return qi_fail(err, QUIPU_E_ARG,
                   "%s is not what an address may hold: UTF-8, percent-encoded, without "
                   "control characters",
                   what);
}

static quipu_status add_argument(qi_target *t, const char *from, size_t length, qi_arena *arena,
                                 quipu_error *err) {
    const char *equals = memchr(from, '=', length);
    size_t n = equals != NULL ? (size_t)(equals - from) : length;
    quipu_status why;
    quipu_argument one = {.value = NULL};
    if (t->n_arguments == QI_MOST_ARGUMENTS)
        return qi_fail(err, QUIPU_E_LIMIT, "more than %d arguments", QI_MOST_ARGUMENTS);
    one.name = decode(from, n, true, arena, &why);
    if (one.name == NULL)
        return bad(why, err, "the name of an argument");
    if (equals != NULL) {
        one.value = decode(equals + 1, length - n - 1, true, arena, &why);
        if (one.value == NULL)
            return bad(why, err, "the value of an argument");
    }
    for (size_t i = 0; i < t->n_arguments; i++)
        if (strcmp(t->arguments[i].name, one.name) == 0)
            return qi_fail(err, QUIPU_E_ARG,
                           "%.60s is given twice: join several values with commas", one.name);
    t->arguments[t->n_arguments++] = one;
    return QUIPU_OK;
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const quipu_argument *)a)->name, ((const quipu_argument *)b)->name);
}

/* The same question asked in another order is the same question. */
static quipu_status make_key(qi_target *t, qi_arena *arena, quipu_error *err) {
    quipu_argument sorted[QI_MOST_ARGUMENTS];
    qi_buffer key = {0};
    memcpy(sorted, t->arguments, t->n_arguments * sizeof *sorted);
    qsort(sorted, t->n_arguments, sizeof *sorted, by_name);
    bool ok = qi_buffer_text(&key, t->path);
    for (size_t i = 0; i < t->n_arguments && ok; i++) {
        /* Separators that cannot be in a decoded text. */
        ok = qi_buffer_text(&key, "\x01") && qi_buffer_text(&key, sorted[i].name);
        if (sorted[i].value != NULL)
            ok = ok && qi_buffer_text(&key, "\x02") && qi_buffer_text(&key, sorted[i].value);
    }
    t->key = ok ? qi_arena_text(arena, key.bytes, key.length) : NULL;
    qi_buffer_free(&key);
    return t->key != NULL ? QUIPU_OK : qi_fail_memory(err, 0);
}

quipu_status qi_target_parse(const char *raw, qi_arena *arena, qi_target *t, quipu_error *err) {
    size_t length = strnlen(raw, QI_MOST_TARGET + 1);
    quipu_status why;
    memset(t, 0, sizeof *t);
    if (length > QI_MOST_TARGET)
        return qi_fail(err, QUIPU_E_LIMIT, "the address is longer than %d bytes",
                       QI_MOST_TARGET);
    size_t path = strcspn(raw, "?#");
    t->path = decode(raw, path, false, arena, &why);
    if (t->path == NULL || !path_is_plain(t->path))
        return bad(t->path == NULL ? why : QUIPU_E_ARG, err, "the path");
    if (raw[path] == '?') {
        const char *at = raw + path + 1;
        size_t end = strcspn(at, "#");
        for (const char *stop = at + end; at < stop;) {
            size_t n = 0;
            while (at + n < stop && at[n] != '&')
                n++;
            if (n > 0)
                QI_TRY(add_argument(t, at, n, arena, err));
            at += n + (at + n < stop);
        }
    }
    return make_key(t, arena, err);
}

const char *qi_target_get(const qi_target *t, const char *name) {
    for (size_t i = 0; i < t->n_arguments; i++)
        if (strcmp(t->arguments[i].name, name) == 0)
            return t->arguments[i].value != NULL ? t->arguments[i].value : "yes";
    return NULL;
}

/* ---- names the server may be asked under ---- */

static bool same_letters(const char *a, size_t length, const char *b) {
    if (strlen(b) != length)
        return false;
    for (size_t i = 0; i < length; i++) {
        char x = a[i] >= 'A' && a[i] <= 'Z' ? (char)(a[i] + 32) : a[i];
        char y = b[i] >= 'A' && b[i] <= 'Z' ? (char)(b[i] + 32) : b[i];
        if (x != y)
            return false;
    }
    return true;
}

/* "192.168.1.7": four numbers.  A name cannot look like one. */
static bool is_address(const char *host, size_t length) {
    int dots = 0, digits = 0;
    for (size_t i = 0; i < length; i++) {
        if (host[i] == '.') {
            if (digits == 0)
                return false;
            dots++;
            digits = 0;
        } else if (host[i] >= '0' && host[i] <= '9' && digits < 3) {
            digits++;
        } else {
            return false;
        }
    }
    return dots == 3 && digits > 0;
}

static bool is_port(const char *text) {
    size_t n = strspn(text, "0123456789");
    return n > 0 && n <= 5 && text[n] == '\0';
}

/* A site that makes its own name point here (DNS rebinding) still sends that name.  Addresses
 * are safe: a page loaded from an address is of that address. */
bool qi_host_allowed(const char *host, bool loopback, const char *const *names,
                     size_t n_names) {
    size_t length;
    if (host == NULL)
        return false;
    if (host[0] == '[') {
        length = strcspn(host, "]");
        if (host[length] != ']')
            return false;
        const char *rest = host + length + 1;
        if (*rest != '\0' && (*rest != ':' || !is_port(rest + 1)))
            return false;
        return loopback ? length == 4 && strncmp(host, "[::1", 4) == 0
                        : strspn(host + 1, "0123456789abcdefABCDEF:.") == length - 1;
    }
    length = strcspn(host, ":");
    if (host[length] == ':' && !is_port(host + length + 1))
        return false;
    if (length > 1 && host[length - 1] == '.')
        length--; /* the root is allowed to stand behind a name */
    if (same_letters(host, length, "localhost"))
        return true;
    if (is_address(host, length))
        return !loopback || strncmp(host, "127.", 4) == 0;
    for (size_t i = 0; i < n_names; i++)
        if (same_letters(host, length, names[i]))
            return true;
    return false;
}
