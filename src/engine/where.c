/* SPDX-License-Identifier: Apache-2.0 */
/* where.c - --where: read as a list of plain conditions and written anew, so that nothing but a
 * condition can get into a statement. */
#include "engine.h"

#include <strings.h>

typedef enum token_kind { END, WORD, NAME, NUMBER, STRING, OPERATOR, OTHER } token_kind;

typedef struct scanner {
    const qi_dialect *dialect;
    const char *all, *at; /* `at` is behind the token at hand */
    token_kind kind;
    const char *from; /* of the token: without its quotes */
    size_t length;
    char text[256]; /* of a name or string, quotes undone */
    qi_buffer *out;
    quipu_error *err;
} scanner;

static quipu_status refuse(const scanner *s, const char *expected) {
    return qi_fail_at(s->err, QUIPU_E_ARG, "", 0, (uint32_t)(s->from - s->all) + 1,
                      "--where \"%s\": found \"%.20s\" where %s is expected; conditions are "
                      "COLUMN = VALUE (or <> < <= > >=), COLUMN in (...), COLUMN between A and "
                      "B, COLUMN is null, joined by and; texts stand in '...'",
                      s->all, s->from, expected);
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}

/* 'text' or "name", with doubled quotes undone. */
static quipu_status scan_quoted(scanner *s, char quote) {
    s->length = 0;
    for (const char *at = s->from + 1; *at != 0; at++) {
        if (*at == quote && *++at != quote) {
            s->at = at;
            s->text[s->length] = 0;
            return QUIPU_OK;
        }
        if (s->length + 1 == sizeof s->text)
            return refuse(s, "a text of at most 255 bytes");
        s->text[s->length++] = *at;
    }
    return refuse(s, "a closed quote");
}

static quipu_status next(scanner *s) {
    const char *at = s->at + strspn(s->at, " \t\n");
    s->from = at;
    s->length = 0;
    char c = *at;
    if (c == 0) {
        s->kind = END;
    } else if (c == '\'' || c == '"') {
        s->kind = c == '"' ? NAME : STRING;
        return scan_quoted(s, c);
    } else if (is_letter(c)) {
        s->kind = WORD;
        while (is_letter(*at) || (*at >= '0' && *at <= '9'))
            at++;
    } else if ((c >= '0' && c <= '9') || c == '-') {
        s->kind = NUMBER;
        at += 1 + strspn(at + 1, "0123456789.");
    } else if (strchr("=<>", c) != NULL) {
        s->kind = OPERATOR;
        at += strspn(at, "=<>");
    } else {
        s->kind = OTHER;
        at++;
    }
    s->at = at;
    if (s->kind != STRING && s->kind != NAME)
        s->length = (size_t)(at - s->from);
    if (s->length >= sizeof s->text)
        return refuse(s, "a shorter word");
    memcpy(s->text, s->from, s->length);
    s->text[s->length] = 0;
    return QUIPU_OK;
}

static bool is(const scanner *s, const char *word) {
    return (s->kind == WORD || s->kind == OPERATOR || s->kind == OTHER) &&
           strcasecmp(s->text, word) == 0;
}

static quipu_status put(scanner *s, bool done) {
    return done ? QUIPU_OK : qi_fail_memory(s->err, s->out->length);
}

static quipu_status literal(scanner *s) {
    double number;
    if (s->kind == NUMBER && qi_parse_double(s->text, s->length, &number))
        QI_TRY(put(s, qi_buffer_text(s->out, s->text)));
    else if (s->kind == STRING)
        QI_TRY(put(s, qi_sql_string(s->out, s->dialect, s->text, s->length)));
    else
        return refuse(s, "a number or a 'text'");
    return next(s);
}

static quipu_status list(scanner *s) {
    QI_TRY(next(s));
    if (!is(s, "("))
        return refuse(s, "(");
    QI_TRY(put(s, qi_buffer_text(s->out, " IN (")));
    for (;;) {
        QI_TRY(next(s));
        QI_TRY(literal(s));
        if (!is(s, ","))
            break;
        QI_TRY(put(s, qi_buffer_text(s->out, ", ")));
    }
    if (!is(s, ")"))
        return refuse(s, ") or a comma");
    QI_TRY(put(s, qi_buffer_text(s->out, ")")));
    return next(s);
}

static quipu_status between(scanner *s) {
    QI_TRY(put(s, qi_buffer_text(s->out, " BETWEEN ")));
    QI_TRY(next(s));
    QI_TRY(literal(s));
    if (!is(s, "and"))
        return refuse(s, "and");
    QI_TRY(put(s, qi_buffer_text(s->out, " AND ")));
    QI_TRY(next(s));
    return literal(s);
}

static quipu_status nothing(scanner *s) {
    QI_TRY(next(s));
    bool other = is(s, "not");
    if (other)
        QI_TRY(next(s));
    if (!is(s, "null"))
        return refuse(s, "null");
    QI_TRY(put(s, qi_buffer_text(s->out, other ? " IS NOT NULL" : " IS NULL")));
    return next(s);
}

static quipu_status comparison(scanner *s) {
    static const char *const SIGNS[] = {"=", "<>", "<", "<=", ">", ">="};
    for (size_t i = 0; i < QI_COUNT(SIGNS); i++)
        if (is(s, SIGNS[i])) {
            QI_TRY(put(s, qi_buffer_printf(s->out, " %s ", SIGNS[i])));
            QI_TRY(next(s));
            return literal(s);
        }
    return refuse(s, "a comparison");
}

static quipu_status condition(scanner *s) {
    if (s->kind != WORD && s->kind != NAME)
        return refuse(s, "the name of a column");
    QI_TRY(put(s, qi_sql_identifier(s->out, s->dialect, s->text)));
    QI_TRY(next(s));
    if (is(s, "not")) {
        QI_TRY(next(s));
        if (!is(s, "in"))
            return refuse(s, "in");
        QI_TRY(put(s, qi_buffer_text(s->out, " NOT")));
        return list(s);
    }
    return is(s, "in")        ? list(s)
           : is(s, "between") ? between(s)
           : is(s, "is")      ? nothing(s)
                              : comparison(s);
}

quipu_status qi_where_write(const qi_dialect *d, const char *where, qi_buffer *out,
                            quipu_error *err) {
    scanner s = {
        .dialect = d, .all = where, .at = where, .from = where, .out = out, .err = err};
    QI_TRY(next(&s));
    for (;;) {
        QI_TRY(condition(&s));
        if (s.kind == END)
            return QUIPU_OK;
        if (!is(&s, "and"))
            return refuse(&s, "and, or the end");
        QI_TRY(put(&s, qi_buffer_text(out, " AND ")));
        QI_TRY(next(&s));
    }
}
