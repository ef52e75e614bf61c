/* SPDX-License-Identifier: Apache-2.0 */
/* periods.c - "1990-2012", "1997,2008,2011", "201101-201112", "first-2011", "latest". */
#include "query/query.h"

#include <ctype.h>
#include <limits.h>

enum { MAX_PERIODS = 4096 };

static bool is_month(quipu_period period) {
    return period > 9999;
}

int qi_period_year(quipu_period period) {
    return is_month(period) ? period / 100 : period;
}

quipu_period qi_period_next(quipu_period period) {
    if (is_month(period) && period % 100 >= 12)
        return (period / 100 + 1) * 100 + 1;
    return period + 1;
}

int qi_period_distance(quipu_period a, quipu_period b) {
    if (is_month(a) && is_month(b))
        return (b / 100 - a / 100) * 12 + (b % 100 - a % 100);
    return qi_period_year(b) - qi_period_year(a);
}

typedef struct reader {
    const char *at;
    const char *item; /* where the listed item begins, for messages */
    bool monthly;     /* the cube counts months */
    bool empty;       /* it has no slab at all */
    bool whole_year;  /* the last end read was a year of a monthly cube */
    quipu_period first, last;
} reader;

static void skip_blanks(reader *r) {
    while (*r->at == ' ' || *r->at == '\t')
        r->at++;
}

static quipu_status bad_item(const reader *r, const char *what, quipu_error *err) {
    int length = (int)strcspn(r->item, ",;");
    return qi_fail(err, QUIPU_E_ARG,
                   "years \"%.*s\": %s; write 2011, 1990-2012, 1997,2008,2011%s", length,
                   r->item, what, r->monthly ? " or months 201101-201112" : "");
}

/* One end of a span: a number or a word.  `late` says which end, for a year of months. */
static quipu_status read_end(reader *r, bool late, quipu_period *out, quipu_error *err) {
    skip_blanks(r);
    const char *from = r->at;
    while (isalnum((unsigned char)*r->at))
        r->at++;
    size_t length = (size_t)(r->at - from);
    r->whole_year = false;
    int64_t number;
    if (length > 0 && qi_parse_int(from, length, &number)) {
        bool year = number >= 1700 && number <= 2999;
        bool month =
            number >= 170001 && number <= 299912 && number % 100 >= 1 && number % 100 <= 12;
        if (!year && !month)
            return bad_item(r, "not a year", err);
        if (month && !r->monthly)
            return bad_item(r, "the cube has years, not months", err);
        *out = (quipu_period)number;
        r->whole_year = year && r->monthly;
        if (r->whole_year)
            *out = (quipu_period)(number * 100 + (late ? 12 : 1));
        return QUIPU_OK;
    }
    char word[16];
    qi_fold(from, length, word, sizeof word);
    bool first = strcmp(word, "first") == 0;
    if (!r->empty && (first || strcmp(word, "last") == 0 || strcmp(word, "latest") == 0)) {
        *out = first ? r->first : r->last;
        return QUIPU_OK;
    }
    return bad_item(r, "not a year", err);
}

static quipu_status read_span(reader *r, qi_span *out, quipu_error *err) {
    QI_TRY(read_end(r, false, &out->first, err));
    skip_blanks(r);
    out->last = out->first;
    bool dash = *r->at == '-' || *r->at == ':';
    bool en_dash = strncmp(r->at, "\xE2\x80\x93", 3) == 0;
    if (dash || en_dash) {
        r->at += dash ? 1 : 3;
        QI_TRY(read_end(r, true, &out->last, err));
        skip_blanks(r);
    } else if (r->whole_year) {
        out->last = out->first + 11;
    }
    if (*r->at != '\0' && *r->at != ',' && *r->at != ';')
        return bad_item(r, "not a year", err);
    if (out->last < out->first)
        return bad_item(r, "ends before it begins", err);
    if (qi_period_distance(out->first, out->last) >= MAX_PERIODS)
        return bad_item(r, "too long", err);
    return QUIPU_OK;
}

static reader start_reader(const quipu_cube *cube, const char *text) {
    size_t n = 0;
    const quipu_slab *slabs = cube != NULL ? quipu_cube_slabs(cube, &n) : NULL;
    reader r = {.at = text, .item = text, .empty = n == 0};
    if (n > 0) {
        r.first = slabs[0].period;
        r.last = slabs[n - 1].period;
        r.monthly = is_month(r.last);
    }
    return r;
}

quipu_status qi_spans_parse(const quipu_cube *cube, const char *text, qi_arena *arena,
                            qi_span **out, size_t *count, quipu_error *err) {
    *out = NULL;
    *count = 0;
    if (text == NULL)
        return QUIPU_OK;
    size_t commas = 1;
    for (const char *c = text; *c != '\0'; c++)
        commas += *c == ',' || *c == ';';
    if (commas > MAX_PERIODS)
        return qi_fail(err, QUIPU_E_LIMIT, "more than %d years listed", MAX_PERIODS);
    qi_span *spans = qi_arena_alloc(arena, commas * sizeof *spans);
    if (spans == NULL)
        return qi_fail_memory(err, commas * sizeof *spans);
    reader r = start_reader(cube, text);
    size_t n = 0;
    for (;;) {
        skip_blanks(&r);
        if (*r.at != '\0' && *r.at != ',' && *r.at != ';') {
            r.item = r.at;
            QI_TRY(read_span(&r, &spans[n++], err));
        }
        if (*r.at == '\0')
            break;
        r.at++;
    }
    *out = spans;
    *count = n;
    return QUIPU_OK;
}

static int period_order(const void *a, const void *b) {
    quipu_period x = *(const quipu_period *)a, y = *(const quipu_period *)b;
    return x < y ? -1 : x > y;
}

quipu_status qi_spans_expand(const qi_span *spans, size_t n_spans, qi_arena *arena,
                             quipu_period **out, size_t *count, quipu_error *err) {
    *out = NULL;
    *count = 0;
    size_t n = 0;
    for (size_t i = 0; i < n_spans; i++)
        n += (size_t)qi_period_distance(spans[i].first, spans[i].last) + 1;
    if (n > MAX_PERIODS)
        return qi_fail(err, QUIPU_E_LIMIT, "more than %d periods asked for", MAX_PERIODS);
    quipu_period *periods = qi_arena_alloc(arena, (n + 1) * sizeof *periods);
    if (periods == NULL)
        return qi_fail_memory(err, n * sizeof *periods);
    size_t at = 0;
    for (size_t i = 0; i < n_spans; i++)
        for (quipu_period p = spans[i].first; p <= spans[i].last; p = qi_period_next(p))
            periods[at++] = p;
    if (at > 1)
        qsort(periods, at, sizeof *periods, period_order);
    n = 0;
    for (size_t i = 0; i < at; i++)
        if (n == 0 || periods[n - 1] != periods[i])
            periods[n++] = periods[i];
    *out = periods;
    *count = n;
    return QUIPU_OK;
}

void qi_periods_text(const quipu_period *periods, size_t n, char *out, size_t size) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n && used < size;) {
        size_t last = i;
        while (last + 1 < n && periods[last + 1] == qi_period_next(periods[last]))
            last++;
        int length = snprintf(out + used, size - used, last > i ? "%s%d-%d" : "%s%d",
                              i > 0 ? ", " : "", (int)periods[i], (int)periods[last]);
        used += length > 0 ? (size_t)length : 0;
        i = last + 1;
    }
}
