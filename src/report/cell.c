/* SPDX-License-Identifier: Apache-2.0 */
/* cell.c - cells, headers and frame words, the same for every format.
 *
 * Programs get figures as they are.  People get them rounded to the column's decimals with
 * thousands grouped, shares in percent, and money in the largest of US$, thousand and million
 * US$ in which the largest figure of the table still has two digits: one scale for all money
 * of a table, so that its columns can be compared and added up.
 */
#include "report/writer.h"

static const quipu_column *column_of(const qi_writer *w, size_t column) {
    return &w->table->columns[column];
}

static bool is_real(quipu_type type) {
    return type == QUIPU_REAL || type == QUIPU_SHARE;
}

bool qi_column_is_text(const qi_writer *w, size_t column) {
    return column_of(w, column)->spec.type == QUIPU_TEXT;
}

bool qi_cell_present(const qi_writer *w, size_t column, size_t row) {
    if (!quipu_table_present(w->table, column, row))
        return false;
    /* A calculation that fills columns directly may have let one slip in. */
    const quipu_column *c = column_of(w, column);
    return !is_real(c->spec.type) || c->data.real[row] - c->data.real[row] == 0.0;
}

size_t qi_cell_exact(const qi_writer *w, size_t column, size_t row, char out[QI_CELL_TEXT]) {
    const quipu_column *c = column_of(w, column);
    switch (c->spec.type) {
    case QUIPU_MONEY:
    case QUIPU_AMOUNT: return qi_format_scaled(out, c->data.integer[row], 3);
    case QUIPU_INTEGER: return qi_format_scaled(out, c->data.integer[row], 0);
    case QUIPU_REAL:
    case QUIPU_SHARE: return qi_format_double(out, c->data.real[row]);
    case QUIPU_TEXT: break;
    }
    out[0] = '\0';
    return 0;
}

/* ---- for people ---- */

/* -1 in a specification asks for what is usual for the type. */
static int decimals_of(const qi_writer *w, const quipu_column_spec *spec) {
    if (spec->type == QUIPU_MONEY && w->money_scale > 0)
        return 1;
    if (spec->decimals >= 0)
        return spec->decimals;
    return spec->type == QUIPU_REAL ? 3 : 1;
}

/* 1234567.8 -> 1,234,567.8 (or 1.234.567,8), in place. */
static size_t group_thousands(char text[QI_CELL_TEXT], bool spanish) {
    char plain[QI_CELL_TEXT];
    size_t length = strlen(text), out = 0, at = 0, whole = 0;
    if (length * 2 >= QI_CELL_TEXT)
        return length;
    memcpy(plain, text, length + 1);
    if (plain[0] == '-')
        text[out++] = plain[at++];
    while (at + whole < length && plain[at + whole] >= '0' && plain[at + whole] <= '9')
        whole++;
    const char group = spanish ? '.' : ',', point = spanish ? ',' : '.';
    for (; whole > 0; whole--) {
        text[out++] = plain[at++];
        if (whole > 1 && whole % 3 == 1)
            text[out++] = group;
    }
    for (; at < length; at++) {
        text[out] = plain[at];
        if (text[out] == '.')
            text[out] = point;
        out++;
    }
    text[out] = '\0';
    return out;
}

/* Years and periods are names made of digits. */
static bool is_grouped(const quipu_column_spec *spec) {
    return spec->type != QUIPU_INTEGER ||
           (spec->role == QUIPU_FIGURE && strcmp(spec->unit, "year") != 0);
}

size_t qi_cell_people(const qi_writer *w, size_t column, size_t row, char out[QI_CELL_TEXT],
                      const char **text) {
    const quipu_column *c = column_of(w, column);
    *text = NULL;
    if (!qi_cell_present(w, column, row)) {
        memcpy(out, "-", 2);
        return 1;
    }
    int decimals = decimals_of(w, &c->spec);
    double real;
    switch (c->spec.type) {
    case QUIPU_TEXT:
        out[0] = '\0';
        *text = c->data.text[row];
        return 0;
    case QUIPU_MONEY:
        qi_format_scaled_rounded(out, c->data.integer[row], 3 + w->money_scale, decimals);
        break;
    case QUIPU_AMOUNT: qi_format_scaled_rounded(out, c->data.integer[row], 3, decimals); break;
    case QUIPU_INTEGER: qi_format_scaled(out, c->data.integer[row], 0); break;
    case QUIPU_REAL:
    case QUIPU_SHARE:
        real = c->data.real[row] * (c->spec.type == QUIPU_SHARE ? 100.0 : 1.0);
        /* Beyond what a double counts one by one, more digits would be invented. */
        if (real > -1e15 && real < 1e15)
            qi_format_double_rounded(out, QI_CELL_TEXT, real, decimals);
        else
            qi_format_double(out, real);
        break;
    }
    if (!is_grouped(&c->spec))
        return strlen(out);
    return group_thousands(out, w->options->spanish);
}

int qi_choose_money_scale(const quipu_table *table) {
    uint64_t largest = 0;
    for (size_t i = 0; i < table->n_columns; i++) {
        const quipu_column *c = &table->columns[i];
        if (c->spec.type != QUIPU_MONEY)
            continue;
        for (size_t row = 0; row < table->n_rows; row++) {
            if (!quipu_table_present(table, i, row))
                continue;
            int64_t value = c->data.integer[row];
            uint64_t size = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
            if (size > largest)
                largest = size;
        }
    }
    const uint64_t usd = QUIPU_MONEY_PER_USD;
    return largest >= 10000000 * usd ? 6 : largest >= 10000 * usd ? 3 : 0;
}

static const char *money_words(const qi_writer *w) {
    if (w->money_scale == 6)
        return w->options->spanish ? "millones de " : "million ";
    if (w->money_scale == 3)
        return w->options->spanish ? "miles de " : "thousand ";
    return "";
}

static int lower(char c) {
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

/* Does the label say the unit already? */
static bool mentions(const char *label, const char *unit) {
    for (; *label != '\0'; label++) {
        size_t i = 0;
        while (unit[i] != '\0' && lower(label[i]) == lower(unit[i]))
            i++;
        if (unit[i] == '\0')
            return true;
    }
    return false;
}

bool qi_column_header(const qi_writer *w, size_t column, qi_buffer *out) {
    const quipu_column_spec *spec = &column_of(w, column)->spec;
    const char *scale = "", *unit = spec->unit;
    if (spec->type == QUIPU_MONEY) {
        scale = money_words(w);
        unit = unit[0] == '\0' ? "US$" : unit;
    } else if (spec->type == QUIPU_SHARE) {
        /* "fraction per year" is "% per year". */
        const char machine[] = "fraction";
        scale = "%";
        unit =
            strncmp(unit, machine, sizeof machine - 1) == 0 ? unit + (sizeof machine - 1) : "";
    }
    out->length = 0;
    if (!qi_buffer_text(out, spec->label))
        return false;
    if (scale[0] == '\0' && (unit[0] == '\0' || mentions(spec->label, unit)))
        return true;
    return qi_buffer_text(out, " (") && qi_buffer_text(out, scale) &&
           qi_buffer_text(out, unit) && qi_buffer_text(out, ")");
}

const char *qi_frame_word(const qi_writer *w, qi_word word) {
    static const char *const WORDS[][2] = {
        [QI_WORD_NOTE] = {"Note", "Nota"},
        [QI_WORD_SOURCE] = {"Source", "Fuente"},
        [QI_WORD_NO_ROWS] = {"(no rows)", "(sin filas)"},
    };
    return WORDS[word][w->options->spanish ? 1 : 0];
}

bool qi_source_line(const qi_writer *w, qi_buffer *out) {
    out->length = 0;
    for (size_t i = 0; i < w->table->n_source; i++) {
        const quipu_pair_text *pair = &w->table->source[i];
        /* "Source: source: BACI" says it twice. */
        bool bare = strcmp(pair->key, "source") == 0;
        if ((out->length > 0 && !qi_buffer_text(out, "; ")) ||
            (!bare && (!qi_buffer_text(out, pair->key) || !qi_buffer_text(out, ": "))) ||
            !qi_buffer_text(out, pair->text))
            return false;
    }
    return true;
}
