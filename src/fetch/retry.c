/* SPDX-License-Identifier: Apache-2.0 */
/* retry.c - see retry.h. */
#include "fetch/retry.h"

#include "fetch/address.h"

#include <jansson.h>
#include <strings.h>

static bool mentions(const char *text, const char *word) {
    size_t n = strlen(word);
    for (; *text != 0; text++)
        if (strncasecmp(text, word, n) == 0)
            return true;
    return false;
}

qi_verdict qi_verdict_of(long status, const char *said) {
    switch (status) {
    case 200:
    case 206: return QI_ANSWERED;
    case 301:
    case 302:
    case 303:
    case 307:
    case 308: return QI_ELSEWHERE;
    case 401: return QI_NO_KEY;
    case 403: return mentions(said, "quota") ? QI_QUOTA : QI_REFUSED;
    case 204:
    case 404: return QI_ABSENT;
    case 408:
    case 425:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504: return QI_AGAIN;
    default: return QI_REFUSED;
    }
}

int64_t qi_retry_wait(int64_t pause, unsigned failed) {
    enum { LEAST = 10, MOST = 60000 };
    int64_t wait = pause > LEAST ? pause : LEAST;
    for (unsigned i = 1; i < failed && wait < MOST; i++)
        wait *= 2;
    return wait < MOST ? wait : MOST;
}

int64_t qi_retry_after(const char *text, int64_t now,
                       int64_t (*read_date)(void *user, const char *text), void *user) {
    enum { MOST = 366 * 24 * 3600 };
    int64_t seconds;
    while (*text == ' ')
        text++;
    size_t digits = strspn(text, "0123456789");
    if (digits > 0 && text[digits + strspn(text + digits, " \r\n")] == 0) {
        if (!qi_parse_int(text, digits, &seconds) || seconds > MOST)
            seconds = MOST;
    } else {
        int64_t date = read_date(user, text);
        if (date < 0)
            return -1;
        seconds = date > now ? date - now : 0;
        if (seconds > MOST)
            seconds = MOST;
    }
    return seconds * 1000;
}

static const char *json_words(const json_t *root) {
    static const char *const NAME[] = {"message", "error", "errorMessage", "title"};
    for (size_t i = 0; i < QI_COUNT(NAME); i++) {
        const char *text = json_string_value(json_object_get(root, NAME[i]));
        if (text != NULL && text[0] != 0)
            return text;
    }
    return NULL;
}

void qi_said(const char *bytes, size_t length, const char *secret, char *out, size_t size) {
    json_t *root = length > 0 && bytes[0] == '{' ? json_loadb(bytes, length, 0, NULL) : NULL;
    const char *words = json_words(root);
    char *text = NULL;
    if (words != NULL)
        text = strdup(words);
    else if (length > 0 && length < 200 && memchr(bytes, '<', length) == NULL)
        text = strndup(bytes, length);
    json_decref(root);
    out[0] = 0;
    if (text == NULL)
        return;
    size_t n = strlen(text);
    qi_blank(text, n, secret); /* before it is cut, or half of it would stay */
    for (size_t i = 0; i < n; i++)
        text[i] = (char)(text[i] == '\n' || text[i] == '\t' ? ' ' : text[i]);
    while (n > 0 && text[n - 1] == ' ')
        text[--n] = 0;
    snprintf(out, size, "%s", text);
    qi_text_clean(out, strlen(out));
    free(text);
}
