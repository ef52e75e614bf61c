/* SPDX-License-Identifier: Apache-2.0 */
/* answer.c - see answer.h.  JSON as RFC 8259 has it, one value at a time. */
#include "import/answer.h"

enum { MOST_DEPTH = 32 };

void qi_answer_open(qi_answer *answer, const char *bytes, size_t length) {
    memset(answer, 0, sizeof *answer);
    answer->begin = answer->at = answer->seen = answer->line_begin = bytes;
    answer->end = bytes + length;
    answer->count = -1;
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        answer->at += 3;
}

void qi_answer_close(qi_answer *answer) {
    qi_arena_free(&answer->texts);
}

uint32_t qi_answer_line(qi_answer *answer, const char *at) {
    while (answer->seen < at) {
        const char *end = memchr(answer->seen, '\n', (size_t)(at - answer->seen));
        answer->seen = end != NULL ? end + 1 : at;
        if (end == NULL)
            break;
        answer->line_begin = end + 1;
        answer->line++;
    }
    return answer->line;
}

/* What stands at the place, and where that is. */
static quipu_status wrong(const qi_answer *a, quipu_error *err, const char *expected) {
    uint64_t line = 1;
    const char *begin = a->begin;
    for (const char *c = a->begin; c < a->at; c++)
        if (*c == '\n') {
            line++;
            begin = c + 1;
        }
    uint32_t column = (uint32_t)(a->at - begin) + 1;
    if (a->at >= a->end)
        return qi_fail_at(err, QUIPU_E_FORMAT, "", line, column,
                          "the answer breaks off where %s is expected: it was cut on its way",
                          expected);
    char found[8] = "";
    snprintf(found, sizeof found, "%.1s", a->at);
    qi_text_clean(found, strlen(found));
    return qi_fail_at(err, QUIPU_E_FORMAT, "", line, column,
                      "not JSON: found '%s' where %s is expected", found, expected);
}

static void skip_blanks(qi_answer *a) {
    while (a->at < a->end &&
           (*a->at == ' ' || *a->at == '\t' || *a->at == '\n' || *a->at == '\r'))
        a->at++;
}

static bool take(qi_answer *a, char c) {
    skip_blanks(a);
    if (a->at >= a->end || *a->at != c)
        return false;
    a->at++;
    return true;
}

/* ---- texts ---- */

static int hex_digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static size_t put_point(char *out, unsigned point) {
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xC0 | point >> 6);
        out[1] = (char)(0x80 | (point & 63));
        return 2;
    }
    out[0] = (char)(0xE0 | point >> 12);
    out[1] = (char)(0x80 | (point >> 6 & 63));
    out[2] = (char)(0x80 | (point & 63));
    return 3;
}

/* One escape at *from, behind the backslash; 0 = there is no such.  Half of a surrogate pair
 * becomes "?": codes and figures have none. */
static size_t put_escape(const char **from, const char *end, char *out) {
    static const char NAME[] = "\"\\/bfnrt", MEANT[] = "\"\\/\b\f\n\r\t";
    const char *at = *from;
    const char *known = at < end && *at != 0 ? strchr(NAME, *at) : NULL;
    if (known != NULL) {
        *from = at + 1;
        out[0] = MEANT[known - NAME];
        return 1;
    }
    if (end - at < 5 || *at != 'u')
        return 0;
    unsigned point = 0;
    for (int i = 1; i <= 4; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0)
            return 0;
        point = point << 4 | (unsigned)digit;
    }
    *from = at + 5;
    return put_point(out, point >= 0xD800 && point <= 0xDFFF ? '?' : point);
}

/* A text whose opening quote has been taken. */
static quipu_status read_text(qi_answer *a, const char **text, size_t *length,
                              quipu_error *err) {
    const char *from = a->at;
    bool plain = true;
    while (a->at < a->end && *a->at != '"') {
        if ((unsigned char)*a->at < 0x20)
            return wrong(a, err, "the end of a text");
        if (*a->at == '\\') {
            plain = false;
            a->at++;
        }
        a->at++;
    }
    if (a->at >= a->end) {
        a->at = a->end;
        return wrong(a, err, "the end of a text");
    }
    *text = from;
    *length = (size_t)(a->at - from);
    const char *end = a->at++;
    if (plain)
        return QUIPU_OK;
    char *out = qi_arena_alloc(&a->texts, *length + 1);
    if (out == NULL)
        return qi_fail_memory(err, *length);
    *text = out;
    *length = 0;
    while (from < end) {
        if (*from != '\\') {
            out[(*length)++] = *from++;
            continue;
        }
        const char *backslash = from++;
        size_t n = put_escape(&from, end, out + *length);
        if (n == 0) {
            a->at = backslash;
            return wrong(a, err, "an escape such as \\n or \\u00e9");
        }
        *length += n;
    }
    return QUIPU_OK;
}

/* ---- values ---- */

/* Digits of one number, or a word. */
static quipu_status read_bare(qi_answer *a, const char **text, size_t *length,
                              quipu_error *err) {
    static const char *const WORD[] = {"null", "true", "false"};
    size_t left = (size_t)(a->end - a->at);
    *text = a->at;
    for (size_t i = 0; i < QI_COUNT(WORD); i++) {
        size_t n = strlen(WORD[i]);
        if (left >= n && memcmp(a->at, WORD[i], n) == 0) {
            *length = i == 0 ? 0 : n;
            a->at += n;
            return QUIPU_OK;
        }
    }
    size_t n = 0;
    bool digit = false;
    while (n < left && a->at[n] != 0 && strchr("+-.eE0123456789", a->at[n]) != NULL) {
        digit = digit || (a->at[n] >= '0' && a->at[n] <= '9');
        n++;
    }
    double number;
    if (!digit || !qi_parse_double(a->at, n, &number))
        return wrong(a, err, "a value");
    *length = n;
    a->at += n;
    return QUIPU_OK;
}

/* An object or array, gone over by brackets: each closes what was opened last. */
static quipu_status skip_nested(qi_answer *a, quipu_error *err) {
    char open[MOST_DEPTH];
    size_t depth = 0, length;
    const char *text;
    do {
        skip_blanks(a);
        if (a->at >= a->end)
            return wrong(a, err, "the end of a nested value");
        char c = *a->at;
        if (c == '{' || c == '[') {
            if (depth == MOST_DEPTH)
                return wrong(a, err, "a value nested less deeply");
            open[depth++] = c;
            a->at++;
        } else if (c == '}' || c == ']') {
            if (open[depth - 1] != (c == '}' ? '{' : '['))
                return wrong(a, err, "the bracket that closes what was opened last");
            depth--;
            a->at++;
        } else if (c == ',' || c == ':') {
            a->at++;
        } else if (c == '"') {
            a->at++;
            QI_TRY(read_text(a, &text, &length, err));
        } else {
            QI_TRY(read_bare(a, &text, &length, err));
        }
    } while (depth > 0);
    return QUIPU_OK;
}

static quipu_status read_value(qi_answer *a, const char **text, size_t *length,
                               quipu_error *err) {
    skip_blanks(a);
    *text = a->at;
    *length = 0;
    if (a->at < a->end && (*a->at == '{' || *a->at == '['))
        return skip_nested(a, err);
    if (take(a, '"'))
        return read_text(a, text, length, err);
    return read_bare(a, text, length, err);
}

static quipu_status read_key(qi_answer *a, const char **key, size_t *length, quipu_error *err) {
    if (!take(a, '"'))
        return wrong(a, err, "a name in quotes");
    QI_TRY(read_text(a, key, length, err));
    return take(a, ':') ? QUIPU_OK : wrong(a, err, "a colon");
}

/* ---- rows ---- */

static quipu_status read_row(qi_answer *a, quipu_error *err) {
    a->n_pairs = 0;
    qi_arena_free(&a->texts);
    if (!take(a, '{'))
        return wrong(a, err, "a row in braces");
    if (take(a, '}'))
        return QUIPU_OK;
    do {
        if (a->n_pairs == QI_ANSWER_PAIRS)
            return wrong(a, err, "the end of a row, after 128 values,");
        qi_answer_pair *pair = &a->pair[a->n_pairs++];
        QI_TRY(read_key(a, &pair->key, &pair->key_length, err));
        skip_blanks(a);
        pair->at = a->at;
        QI_TRY(read_value(a, &pair->value, &pair->value_length, err));
    } while (take(a, ','));
    return take(a, '}') ? QUIPU_OK : wrong(a, err, "a comma or the end of a row");
}

static bool is(const char *text, size_t length, const char *name) {
    return length == strlen(name) && memcmp(text, name, length) == 0;
}

/* A member of the answer itself; `data` is left at its first row. */
static quipu_status read_member(qi_answer *a, quipu_error *err) {
    const char *key, *text;
    size_t key_length, length;
    QI_TRY(read_key(a, &key, &key_length, err));
    if (is(key, key_length, "data") && take(a, '[')) {
        if (a->has_data)
            return wrong(a, err, "one list of rows, not two,");
        a->has_data = a->in_rows = true;
        return QUIPU_OK;
    }
    skip_blanks(a);
    bool quoted = a->at < a->end && *a->at == '"';
    QI_TRY(read_value(a, &text, &length, err));
    if (is(key, key_length, "count") && !quoted)
        (void)qi_parse_int(text, length, &a->count);
    if (is(key, key_length, "error") && quoted) {
        snprintf(a->error, sizeof a->error, "%.*s", (int)(length < 199 ? length : 199), text);
        qi_text_clean(a->error, strlen(a->error));
    }
    return QUIPU_OK;
}

quipu_status qi_answer_row(qi_answer *a, bool *more, quipu_error *err) {
    *more = false;
    a->n_pairs = 0;
    bool first = !a->in_rows && !a->has_data;
    if (first && !take(a, '{'))
        return wrong(a, err, "{");
    if (first && take(a, '}'))
        goto end;
    for (;;) {
        if (a->in_rows) {
            bool last = take(a, ']');
            if (!last && a->any_row && !take(a, ','))
                return wrong(a, err, "a comma or the end of the rows");
            if (!last) {
                a->any_row = *more = true;
                return read_row(a, err);
            }
            a->in_rows = false;
            first = false;
        }
        if (!first) {
            if (take(a, '}'))
                goto end;
            if (!take(a, ','))
                return wrong(a, err, "a comma or the end of the answer");
        }
        first = false;
        QI_TRY(read_member(a, err));
    }
end:
    skip_blanks(a);
    return a->at == a->end ? QUIPU_OK : wrong(a, err, "the end of the file");
}

bool qi_answer_is_one(const char *text, size_t length) {
    static const char *const FIRST[] = {"elapsedTime", "elapsedMs", "count", "data", "error"};
    qi_answer a;
    const char *key = NULL;
    size_t key_length = 0;
    bool ours = false;
    qi_answer_open(&a, text, length);
    if (take(&a, '{') && take(&a, '"') && read_text(&a, &key, &key_length, NULL) == QUIPU_OK)
        for (size_t i = 0; i < QI_COUNT(FIRST); i++)
            ours = ours || is(key, key_length, FIRST[i]);
    qi_answer_close(&a);
    return ours;
}
