/* SPDX-License-Identifier: Apache-2.0 */
/* json.h (private) - JSON written member by member; commas put themselves. */
#ifndef QI_HTTP_JSON_H
#define QI_HTTP_JSON_H

#include "base/base.h"

typedef struct qi_json {
    qi_buffer *out;
    bool comma;  /* one is due before the next */
    bool failed; /* no memory */
} qi_json;

void qi_json_open(qi_json *json, char bracket); /* '{' or '[' */
void qi_json_close(qi_json *json, char bracket);
void qi_json_key(qi_json *json, const char *key);
void qi_json_text(qi_json *json, const char *text); /* NULL is null */
void qi_json_integer(qi_json *json, int64_t value);
void qi_json_money(qi_json *json, int64_t thousandths);
void qi_json_bool(qi_json *json, bool value);
/* A line feed, so that long lists are a row a line. */
void qi_json_line(qi_json *json);

/* {"key": "text"} and its kin */
void qi_json_pair(qi_json *json, const char *key, const char *text);
void qi_json_pair_integer(qi_json *json, const char *key, int64_t value);
void qi_json_pair_bool(qi_json *json, const char *key, bool value);
/* Blank-joined words as a list of texts; NULL gives an empty one. */
void qi_json_pair_words(qi_json *json, const char *key, const char *words);

#endif
