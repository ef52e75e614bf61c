/* SPDX-License-Identifier: Apache-2.0 */
/* json.c - see json.h. */
#include "http/json.h"

#include "report/writer.h"

static void put(qi_json *j, const char *bytes, size_t length) {
    j->failed = j->failed || !qi_buffer_add(j->out, bytes, length);
}

static void before(qi_json *j) {
    if (j->comma)
        put(j, ",", 1);
    j->comma = true;
}

void qi_json_open(qi_json *j, char bracket) {
    before(j);
    put(j, &bracket, 1);
    j->comma = false;
}

void qi_json_close(qi_json *j, char bracket) {
    put(j, &bracket, 1);
    j->comma = true;
}

static void put_text(qi_json *j, const char *text) {
    size_t length = strlen(text), at = 0, from = 0;
    put(j, "\"", 1);
    while (at < length) {
        size_t here = at;
        int32_t point = qi_utf8_next(text, length, &at);
        const char *instead = point < 0 ? "\xEF\xBF\xBD" : qi_escape_json(point);
        if (instead != NULL) {
            put(j, text + from, here - from);
            put(j, instead, strlen(instead));
            from = at;
        }
    }
    put(j, text + from, length - from);
    put(j, "\"", 1);
}

void qi_json_key(qi_json *j, const char *key) {
    before(j);
    put_text(j, key);
    put(j, ":", 1);
    j->comma = false;
}

void qi_json_text(qi_json *j, const char *text) {
    before(j);
    if (text == NULL)
        put(j, "null", 4);
    else
        put_text(j, text);
}

void qi_json_integer(qi_json *j, int64_t value) {
    char number[QI_NUMBER_TEXT];
    before(j);
    put(j, number, qi_format_scaled(number, value, 0));
}

void qi_json_money(qi_json *j, int64_t thousandths) {
    char number[QI_NUMBER_TEXT];
    before(j);
    put(j, number, qi_format_scaled(number, thousandths, 3));
}

void qi_json_bool(qi_json *j, bool value) {
    before(j);
    put(j, value ? "true" : "false", value ? 4 : 5);
}

void qi_json_line(qi_json *j) {
    if (j->comma)
        put(j, ",", 1);
    put(j, "\n", 1);
    j->comma = false;
}

void qi_json_pair(qi_json *j, const char *key, const char *text) {
    qi_json_key(j, key);
    qi_json_text(j, text);
}

void qi_json_pair_integer(qi_json *j, const char *key, int64_t value) {
    qi_json_key(j, key);
    qi_json_integer(j, value);
}

void qi_json_pair_bool(qi_json *j, const char *key, bool value) {
    qi_json_key(j, key);
    qi_json_bool(j, value);
}

void qi_json_pair_words(qi_json *j, const char *key, const char *words) {
    char word[128];
    qi_json_key(j, key);
    qi_json_open(j, '[');
    for (const char *at = words; at != NULL && *at != '\0';) {
        size_t n = strcspn(at, " ");
        snprintf(word, sizeof word, "%.*s", (int)(n < 127 ? n : 127), at);
        if (n > 0)
            qi_json_text(j, word);
        at += n + strspn(at + n, " ");
    }
    qi_json_close(j, ']');
}
