/* SPDX-License-Identifier: Apache-2.0 */
/* pick.c - see pick.h. */
#include "study/pick.h"

#include "study/layout.h"

#include <math.h>

typedef enum picking { ONLY, FIRST, LAST, LARGEST, SMALLEST, SUM, COUNT, RATE, RATIO } picking;
static const char *const HOW[] = {"only", "first", "last", "max",  "min",
                                  "sum",  "count", "rate", "ratio"};

#define MAX_ADDED  6
#define MAX_FILTER 4

typedef struct wanted {
    picking how;
    size_t column[MAX_ADDED];
    size_t n;
    struct {
        size_t column;
        char value[80];
    } only[MAX_FILTER]; /* [owner=cnpc] */
    size_t n_only;
} wanted;

/* "[owner=cnpc][year=2013]" at the end of a spec; *spec is cut before it. */
static quipu_status read_filters(const qi_study *study, const quipu_table *table, qi_words at,
                                 char *spec, wanted *out, quipu_error *err) {
    char *open = strchr(spec, '[');
    while (open != NULL && *open == '[') {
        char *close = strchr(open, ']'), *equals = strchr(open, '=');
        if (close == NULL || equals == NULL || equals > close || out->n_only == MAX_FILTER)
            return qi_study_fail(study, at, err,
                                 "rows are chosen as [column=value], at most %d times, not by "
                                 "\"%.40s\"",
                                 MAX_FILTER, open);
        *close = *equals = *open = '\0';
        QI_TRY(qi_column_find(study, table, (qi_words){open + 1, at.line, at.column},
                              &out->only[out->n_only].column, err));
        snprintf(out->only[out->n_only].value, sizeof out->only[0].value, "%s", equals + 1);
        out->n_only++;
        open = close + 1;
    }
    return QUIPU_OK;
}

static bool is_chosen(const quipu_table *table, const wanted *w, size_t row) {
    for (size_t i = 0; i < w->n_only; i++) {
        qi_arena room = {0};
        const char *text = qi_cell_key(table, w->only[i].column, row, &room);
        bool same = text != NULL && strcmp(text, w->only[i].value) == 0;
        qi_arena_free(&room);
        if (!same)
            return false;
    }
    return true;
}

static quipu_status read_spec(const qi_study *study, const quipu_table *table, qi_words at,
                              const char *asked, wanted *out, quipu_error *err) {
    char spec[400];
    *out = (wanted){.how = ONLY};
    snprintf(spec, sizeof spec, "%s", asked);
    QI_TRY(read_filters(study, table, at, spec, out, err));
    const char *colon = strchr(spec, ':'), *text = spec;
    if (colon != NULL) {
        size_t length = (size_t)(colon - spec), i = 0;
        while (i < QI_COUNT(HOW) &&
               (strlen(HOW[i]) != length || strncmp(HOW[i], spec, length) != 0))
            i++;
        if (i == QI_COUNT(HOW))
            return qi_study_fail(study, at, err,
                                 "\"%.*s\" is no way to pick a figure: take only, first, last, "
                                 "max, min, sum, count, rate or ratio",
                                 (int)length, spec);
        out->how = (picking)i;
        text = colon + 1;
    }
    while (out->n < MAX_ADDED) {
        char name[64];
        size_t length = strcspn(text, "+");
        snprintf(name, sizeof name, "%.*s", (int)(length < 60 ? length : 60), text);
        QI_TRY(qi_column_find(study, table, (qi_words){name, at.line, at.column},
                              &out->column[out->n++], err));
        if (text[length] == '\0')
            return QUIPU_OK;
        text += length + 1;
    }
    return qi_study_fail(study, at, err, "more than %d columns added up", MAX_ADDED);
}

/* Sums of integers are exact before they become a double. */
static bool row_value(const quipu_table *table, const wanted *w, size_t row, int64_t *whole,
                      double *real) {
    *whole = 0;
    *real = 0;
    for (size_t i = 0; i < w->n; i++) {
        const quipu_column *c = &table->columns[w->column[i]];
        if (!quipu_table_present(table, w->column[i], row) || c->spec.type == QUIPU_TEXT)
            return false;
        if (c->spec.type == QUIPU_REAL || c->spec.type == QUIPU_SHARE)
            *real += c->data.real[row];
        else if (!qi_add_money(whole, c->data.integer[row]))
            return false;
    }
    return true;
}

static double scaled(quipu_type type, int64_t whole, double real) {
    bool thousandths = type == QUIPU_MONEY || type == QUIPU_AMOUNT;
    return type == QUIPU_REAL || type == QUIPU_SHARE ? real
           : thousandths                             ? (double)whole / 1000.0
                                                     : (double)whole;
}

static bool value_at(const quipu_table *table, const wanted *w, size_t row, quipu_type type,
                     double *out) {
    int64_t whole;
    double real;
    if (!row_value(table, w, row, &whole, &real))
        return false;
    *out = scaled(type, whole, real);
    return true;
}

/* The chosen rows: how many, the first and the last. */
static size_t count_chosen(const quipu_table *table, const wanted *w, size_t *first,
                           size_t *last) {
    size_t n = 0;
    for (size_t row = 0; row < table->n_rows; row++) {
        if (!is_chosen(table, w, row))
            continue;
        *first = n++ == 0 ? row : *first;
        *last = row;
    }
    return n;
}

static void pick_ends(const quipu_table *table, const wanted *w, size_t n, size_t from,
                      size_t to, qi_figure *out) {
    double first, last;
    out->present = n > 1 && value_at(table, w, from, out->type, &first) &&
                   value_at(table, w, to, out->type, &last) && first > 0;
    if (!out->present)
        return;
    out->value = last / first - (w->how == RATE ? 1.0 : 0.0);
    out->type = w->how == RATE ? QUIPU_SHARE : QUIPU_REAL;
    out->unit = w->how == RATE ? "fraction" : "times";
    out->decimals = w->how == RATE ? 1 : 2;
}

static void pick_all(const quipu_table *table, const wanted *w, qi_figure *out) {
    int64_t whole, total = 0, count = 0;
    double real, sum = 0, best = 0;
    out->present = table->n_rows > 0;
    for (size_t row = 0; row < table->n_rows; row++) {
        if (!is_chosen(table, w, row))
            continue;
        bool there = row_value(table, w, row, &whole, &real);
        count += there ? 1 : 0;
        if (w->how == SUM && (!there || !qi_add_money(&total, whole)))
            out->present = false;
        sum += real;
        double value = scaled(out->type, whole, real);
        if (there && (count == 1 || (w->how == LARGEST ? value > best : value < best)))
            best = value;
    }
    if (w->how == COUNT) {
        *out = (qi_figure){true, (double)count, QUIPU_INTEGER, "", 0};
    } else if (w->how == SUM) {
        out->present = out->present && count > 0;
        out->value = scaled(out->type, total, sum);
    } else {
        out->present = count > 0;
        out->value = best;
    }
}

quipu_status qi_pick(const qi_study *study, const quipu_table *table, qi_words at,
                     const char *spec, const char *otherwise, qi_figure *out,
                     quipu_error *err) {
    wanted w;
    if (spec == NULL || spec[0] == '\0')
        spec = otherwise;
    *out = (qi_figure){0};
    QI_TRY(read_spec(study, table, at, spec, &w, err));
    const quipu_column_spec *column = &table->columns[w.column[0]].spec;
    out->type = column->type;
    out->unit = column->unit;
    out->decimals = column->decimals;
    size_t first = 0, last = 0, n = count_chosen(table, &w, &first, &last);
    if (w.how == ONLY && n > 1)
        return qi_study_fail(
            study, at, err,
            "the answer has %zu rows where one figure is wanted: narrow the "
            "question, choose with [column=value], or say first:, last:, sum:, "
            "max: or min: before \"%s\"",
            n, spec);
    if (w.how == RATE || w.how == RATIO) {
        pick_ends(table, &w, n, first, last, out);
    } else if (w.how >= LARGEST) {
        pick_all(table, &w, out);
    } else if (n > 0) {
        size_t row = w.how == LAST ? last : first;
        out->present = value_at(table, &w, row, out->type, &out->value);
    }
    return QUIPU_OK;
}

/* ---- units ---- */

static const struct {
    const char *name, *english, *spanish;
    double scale;
} UNITS[] = {
    {"percent", "%", "%", 100},
    {"thousand", "thousand", "mil", 1e-3},
    {"million", "million", "millones de", 1e-6},
    {"billion", "billion", "miles de millones de", 1e-9},
    {"times", "times", "veces", 1},
    {"US$", "US$", "US$", 1},
};

static ptrdiff_t find_unit(const char *unit) {
    for (size_t i = 0; i < QI_COUNT(UNITS); i++)
        if (strcmp(UNITS[i].name, unit) == 0)
            return (ptrdiff_t)i;
    return -1;
}

bool qi_unit_known(const char *unit) {
    return find_unit(unit) >= 0;
}

static const char *usual_unit(const qi_figure *figure) {
    return figure->type == QUIPU_SHARE          ? "percent"
           : figure->type == QUIPU_MONEY        ? "million"
           : strcmp(figure->unit, "times") == 0 ? "times"
                                                : "";
}

double qi_figure_in(const qi_figure *figure, const char *unit) {
    if (unit == NULL || unit[0] == '\0')
        unit = usual_unit(figure);
    ptrdiff_t at = find_unit(unit);
    /* A column in percent already (a tariff) is not multiplied again. */
    if (at < 0 || (strcmp(unit, "percent") == 0 && strcmp(figure->unit, "%") == 0))
        return figure->value;
    return figure->value * UNITS[at].scale;
}

/* Thousands grouped in the manner of the language. */
static bool put_number(qi_buffer *out, double value, int decimals, bool spanish) {
    char plain[64];
    qi_format_double_rounded(plain, sizeof plain, value, decimals);
    const char *at = plain;
    size_t whole = 0;
    if (*at == '-' && !qi_buffer_text(out, "\xe2\x88\x92")) /* a minus sign */
        return false;
    at += *at == '-' ? 1 : 0;
    while (at[whole] >= '0' && at[whole] <= '9')
        whole++;
    for (size_t i = 0; at[i] != '\0'; i++) {
        char c = at[i];
        if (c == '.' && spanish)
            c = ',';
        if (i > 0 && i < whole && (whole - i) % 3 == 0 &&
            !qi_buffer_text(out, spanish ? "." : ","))
            return false;
        if (!qi_buffer_add(out, &c, 1))
            return false;
    }
    return true;
}

typedef struct saying {
    const char *unit;
    int decimals;
    bool bare;
} saying;

static quipu_status read_how(const qi_study *study, qi_words at, const char *how, saying *out,
                             quipu_error *err) {
    char word[24];
    for (how = how != NULL ? how : ""; *how != '\0';) {
        how += strspn(how, " ");
        size_t length = strcspn(how, " ");
        if (length == 0)
            break;
        snprintf(word, sizeof word, "%.*s", (int)(length < 20 ? length : 20), how);
        how += length;
        ptrdiff_t unit = find_unit(word);
        if (unit >= 0)
            out->unit = UNITS[unit].name;
        else if (word[0] >= '0' && word[0] <= '9' && word[1] == '\0')
            out->decimals = word[0] - '0';
        else if (strcmp(word, "bare") == 0)
            out->bare = true;
        else
            return qi_study_fail(study, at, err,
                                 "\"%s\" is no way to say a figure: a unit (percent, thousand, "
                                 "million, billion, times, US$), a number of decimals, or bare",
                                 word);
    }
    return QUIPU_OK;
}

quipu_status qi_figure_say(const qi_study *study, const qi_figure *figure, qi_words at,
                           const char *how, bool spanish, qi_arena *arena, const char **out,
                           quipu_error *err) {
    saying s = {.unit = usual_unit(figure), .decimals = -1};
    qi_buffer text = {0};
    QI_TRY(read_how(study, at, how, &s, err));
    if (!figure->present) {
        *out = "n/a";
        return QUIPU_OK;
    }
    ptrdiff_t unit = find_unit(s.unit);
    if (s.decimals < 0)
        s.decimals = unit == 1 || unit == 2 || unit == 3 ? 1
                     : figure->decimals >= 0             ? figure->decimals
                                                         : 1;
    const char *word =
        unit >= 0 ? (spanish ? UNITS[unit].spanish : UNITS[unit].english) : figure->unit;
    bool dollars = figure->type == QUIPU_MONEY && unit >= 1 && unit <= 3;
    bool fine = put_number(&text, qi_figure_in(figure, s.unit), s.decimals, spanish);
    if (fine && !s.bare && word[0] != '\0')
        fine = qi_buffer_printf(&text, "\xc2\xa0%s%s", word, dollars ? "\xc2\xa0US$" : "");
    *out = fine ? qi_arena_text(arena, text.bytes, text.length) : NULL;
    qi_buffer_free(&text);
    return *out != NULL ? QUIPU_OK : qi_fail_memory(err, 0);
}
