/* SPDX-License-Identifier: Apache-2.0 */
/* panel_block.c - the lines of one block as numbers and labels of the block's own. */
#include "gravity/panel_block.h"

#include <math.h>

quipu_status qi_panel_block_open(qi_panel_block *b, const qi_panel_shape *shape,
                                 quipu_error *err) {
    *b = (qi_panel_block){.shape = shape};
    b->columns = calloc(shape->n_names, sizeof *b->columns);
    b->fields = calloc(shape->n_names, sizeof *b->fields);
    return b->columns != NULL && b->fields != NULL
               ? QUIPU_OK
               : qi_fail_memory(err, shape->n_names * sizeof *b->columns);
}

void qi_panel_block_close(qi_panel_block *b) {
    for (size_t c = 0; b->columns != NULL && c < b->shape->n_names; c++) {
        free(b->columns[c].number.items);
        free(b->columns[c].label.items);
        qi_dictionary_free(&b->columns[c].dictionary);
    }
    free(b->columns);
    free(b->fields);
    free(b->jumps.items);
    *b = (qi_panel_block){0};
}

/* Notes what is wrong in the line at hand; the block ends there. */
static bool wrong(qi_panel_block *b, uint32_t column, const char *format, ...)
    QUIPU_PRINTF(3, 4);
static bool wrong(qi_panel_block *b, uint32_t column, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(b->trouble.text, sizeof b->trouble.text, format, args);
    va_end(args);
    b->trouble.line = b->n_lines;
    b->trouble.column = column;
    return false;
}

static bool is_infinite(const char *text, size_t length) {
    size_t sign = length > 0 && (*text == '-' || *text == '+');
    char folded[12];
    return length - sign < sizeof folded &&
           (qi_fold(text + sign, length - sign, folded, sizeof folded),
            strcmp(folded, "inf") == 0 || strcmp(folded, "infinity") == 0);
}

static bool take_number(qi_panel_block *b, qi_block_column *c, const qi_csv_field *f,
                        bool *memory) {
    double value = NAN;
    if (!qi_csv_missing(f->text, f->length) && !qi_parse_double(f->text, f->length, &value)) {
        char shown[48];
        snprintf(shown, sizeof shown, "%.*s", (int)(f->length < 40 ? f->length : 40), f->text);
        qi_text_clean(shown, strlen(shown));
        if (is_infinite(f->text, f->length))
            return wrong(b, f->column,
                         "\"%s\" is infinite: give a finite number, or leave it empty", shown);
        return wrong(b, f->column, "\"%s\" is no number; missing is empty, NA or a point alone",
                     shown);
    }
    *memory = *memory && QI_PUSH(&c->number, value);
    return true;
}

/* Mostly it is the label of the row before. */
static bool take_label(qi_panel_block *b, qi_block_column *c, const qi_csv_field *f,
                       bool *memory) {
    qi_dictionary *d = &c->dictionary;
    uint32_t place = c->label.n > 0 ? c->label.items[c->label.n - 1] : QI_NO_LABEL;
    if (qi_csv_missing(f->text, f->length)) {
        place = QI_NO_LABEL;
    } else if (place == QI_NO_LABEL || d->lengths.items[place] != f->length ||
               memcmp(d->texts.items[place], f->text, f->length) != 0) {
        if (!qi_utf8_valid(f->text, f->length) || memchr(f->text, 0, f->length) != NULL)
            return wrong(b, f->column,
                         "bytes that are not UTF-8 text; save the table as CSV in UTF-8");
        place = qi_dictionary_place(d, f->text, f->length);
        *memory = *memory && place != QI_NO_LABEL;
    }
    *memory = *memory && QI_PUSH(&c->label, place);
    return true;
}

/* False: something is wrong, or there is no memory. */
static bool take_line(qi_panel_block *b, char *line, size_t length, bool *memory) {
    const qi_panel_shape *s = b->shape;
    qi_csv_trouble trouble;
    ptrdiff_t n = qi_csv_split(line, length, s->separator, b->fields, s->n_names, &trouble);
    if (n < 0)
        return wrong(b, trouble.column, "%s", trouble.text);
    if ((size_t)n != s->n_names)
        return wrong(b, 1, "%td field%s where the header has %zu", n, n == 1 ? "" : "s",
                     s->n_names);
    for (size_t c = 0; c < s->n_names; c++) {
        if ((s->want[c] & QI_WANT_NUMBER) != 0 &&
            !take_number(b, &b->columns[c], &b->fields[c], memory))
            return false;
        if ((s->want[c] & QI_WANT_LABEL) != 0 &&
            !take_label(b, &b->columns[c], &b->fields[c], memory))
            return false;
    }
    qi_panel_jump here = {b->n, b->n_lines};
    const qi_panel_jump *last = b->jumps.n > 0 ? &b->jumps.items[b->jumps.n - 1] : NULL;
    if (last == NULL || here.line - last->line != here.row - last->row)
        *memory = *memory && QI_PUSH(&b->jumps, here);
    b->n++;
    return *memory;
}

quipu_status qi_panel_block_read(qi_panel_block *b, quipu_error *err) {
    bool memory = true;
    b->n = 0;
    b->n_lines = 0;
    b->jumps.n = 0;
    b->trouble = (qi_block_trouble){0};
    for (size_t c = 0; c < b->shape->n_names; c++) {
        b->columns[c].number.n = b->columns[c].label.n = 0;
        qi_dictionary_clear(&b->columns[c].dictionary);
    }
    for (char *at = b->bytes, *end = b->bytes + b->length; at < end;) {
        char *feed = memchr(at, '\n', (size_t)(end - at)), *stop = feed != NULL ? feed : end;
        char *line = at;
        at = feed != NULL ? feed + 1 : end;
        b->n_lines++;
        if (stop > line && stop[-1] == '\r')
            stop--;
        if (line == stop || *line == '#')
            continue;
        if (!take_line(b, line, (size_t)(stop - line), &memory))
            break;
    }
    return memory ? QUIPU_OK : qi_fail_memory(err, b->length);
}
