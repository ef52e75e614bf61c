/* SPDX-License-Identifier: Apache-2.0 */
/* dataset_words.c - names, labels and remarks of a Stata or SPSS file. */
#include "report/dataset.h"

#include <ctype.h>
#include <strings.h>

/* ---- names ---- */

/* Words of Stata's and of SPSS's language; str1, str2, ... are Stata's types. */
static bool is_reserved(const char *name) {
    static const char *const WORDS[] = {
        "all", "and", "by",   "byte", "double", "eq",  "float", "ge",   "gt",    "if",   "in",
        "int", "le",  "long", "lt",   "ne",     "not", "or",    "strl", "using", "with", "to"};
    for (size_t i = 0; i < QI_COUNT(WORDS); i++)
        if (strcasecmp(name, WORDS[i]) == 0)
            return true;
    return strncasecmp(name, "str", 3) == 0 && isdigit((unsigned char)name[3]);
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_taken(qi_variable_name *names, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (strcasecmp(names[i], name) == 0)
            return true;
    return false;
}

static void make_legal(const char *from, qi_variable_name out) {
    size_t n = 0;
    if (!is_letter(from[0]))
        out[n++] = 'v';
    for (; *from != '\0' && n < QI_VARIABLE_NAME - 1; from++) {
        if (((unsigned char)*from & 0xC0) == 0x80)
            continue; /* the rest of a letter that has become _ */
        out[n++] = is_letter(*from) || (*from >= '0' && *from <= '9') ? *from : '_';
    }
    while (n > 1 && out[n - 1] == '_') /* SPSS wants no _ at the end */
        n--;
    out[n] = '\0';
    if (is_reserved(out))
        memcpy(out + (n < 30 ? n : 30), "_1", 3);
}

void qi_variable_names(const quipu_table *table, qi_variable_name *out) {
    for (size_t i = 0; i < table->n_columns; i++) {
        qi_variable_name base;
        char end[24];
        make_legal(table->columns[i].spec.name, base);
        memcpy(out[i], base, sizeof base);
        for (size_t again = 2; is_taken(out, i, out[i]); again++) {
            size_t length = (size_t)snprintf(end, sizeof end, "_%zu", again);
            size_t keep = strlen(base);
            if (keep > QI_VARIABLE_NAME - 1 - length)
                keep = QI_VARIABLE_NAME - 1 - length;
            memcpy(out[i] + keep, end, length + 1);
        }
    }
}

/* ---- labels ---- */

bool qi_cut_text(const char *text, size_t characters, size_t bytes, qi_buffer *out) {
    size_t length = strlen(text), at = 0;
    out->length = 0;
    if (!qi_buffer_reserve(out, 1))
        return false;
    out->bytes[0] = '\0';
    for (size_t n = 0; at < length && n < characters; n++) {
        size_t from = at;
        int32_t point = qi_utf8_next(text, length, &at);
        const char *piece = point < 0 ? "\xEF\xBF\xBD" : text + from;
        size_t size = point < 0 ? 3 : at - from;
        if (out->length + size > bytes)
            break;
        if (!qi_buffer_add(out, piece, size))
            return false;
    }
    return true;
}

bool qi_variable_label(const quipu_column_spec *spec, size_t characters, size_t bytes,
                       qi_buffer *out) {
    const char *label = spec->label != NULL ? spec->label : spec->name;
    const char *unit = spec->unit;
    if (unit[0] == '\0' && spec->type == QUIPU_MONEY)
        unit = "US$";
    qi_buffer whole = {0};
    bool ok = qi_buffer_text(&whole, label) &&
              (unit[0] == '\0' || strstr(label, unit) != NULL ||
               qi_buffer_printf(&whole, " (%s)", unit)) &&
              qi_cut_text(whole.bytes, characters, bytes, out);
    qi_buffer_free(&whole);
    return ok;
}

/* ---- remarks ---- */

bool qi_exact_as_double(const quipu_column *column, size_t row) {
    int64_t value = column->data.integer[row];
    if (column->spec.type == QUIPU_INTEGER)
        return value >= -(INT64_C(1) << 53) && value <= INT64_C(1) << 53;
    /* Below 2^43 doubles lie closer than a thousandth: the figure can be had back. */
    return value >= -(INT64_C(1000) << 43) && value <= INT64_C(1000) << 43;
}

static bool put_inexact(const qi_writer *w, qi_variable_name *names, qi_remark put,
                        void *user) {
    char text[256];
    for (size_t i = 0; i < w->table->n_columns; i++) {
        const quipu_column *c = &w->table->columns[i];
        size_t lost = 0;
        if (c->spec.type == QUIPU_TEXT || c->spec.type == QUIPU_REAL ||
            c->spec.type == QUIPU_SHARE)
            continue;
        for (size_t row = 0; row < w->table->n_rows; row++)
            lost += qi_cell_present(w, i, row) && !qi_exact_as_double(c, row);
        if (lost == 0)
            continue;
        snprintf(text, sizeof text,
                 "%s: %zu figure%s too large for a double to hold to the last digit; csv has "
                 "them exactly",
                 names[i], lost, lost == 1 ? " is" : "s are");
        if (!put(user, text))
            return false;
    }
    return true;
}

static bool put_renamed(const qi_writer *w, qi_variable_name *names, qi_remark put,
                        void *user) {
    qi_buffer text = {0};
    bool ok = true;
    for (size_t i = 0; i < w->table->n_columns && ok; i++) {
        const char *name = w->table->columns[i].spec.name;
        if (strcmp(name, names[i]) == 0)
            continue;
        text.length = 0;
        ok = qi_buffer_printf(&text, "%s is the column %s", names[i], name) &&
             put(user, text.bytes);
    }
    qi_buffer_free(&text);
    return ok;
}

bool qi_dataset_remarks(const qi_writer *w, qi_variable_name *names, qi_remark put,
                        void *user) {
    const quipu_table *table = w->table;
    const char *manifest = w->options->manifest;
    qi_buffer text = {0};
    bool ok = true, plain = w->options->plain;
    if (!plain && table->title[0] != '\0')
        ok = put(user, table->title);
    for (size_t i = 0; i < table->n_notes && ok && !plain; i++)
        ok = put(user, table->notes[i]);
    for (size_t i = 0; i < table->n_source && ok && !plain; i++) {
        text.length = 0;
        ok = qi_buffer_printf(&text, "%s: %s", table->source[i].key, table->source[i].text) &&
             put(user, text.bytes);
    }
    if (ok && !plain && manifest != NULL && manifest[0] != '\0') {
        text.length = 0;
        ok = qi_buffer_printf(&text, "quipu manifest: %s", manifest) && put(user, text.bytes);
    }
    qi_buffer_free(&text);
    return ok && put_renamed(w, names, put, user) && put_inexact(w, names, put, user);
}
