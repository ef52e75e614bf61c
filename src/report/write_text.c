/* SPDX-License-Identifier: Apache-2.0 */
/* write_text.c - columns aligned by display width, for terminals and e-mail.
 *
 * Two passes over the cells: one to measure, one to print.  Headers are folded at blanks so
 * that a long label does not make a column of short figures wide.  Where the terminal is too
 * narrow the widest text columns give way and their cells are folded onto further lines, at
 * most three; a text longer than that ends in an ellipsis.  Figures are never cut: a table of
 * many figures may still be wider than the terminal.
 */
#include "report/writer.h"

#define GAP          2  /* blanks between columns */
#define HEADER_ROOM  14 /* a header up to this wide is not folded */
#define LONGEST_UNIT 20
#define LEAST_TEXT   10 /* a text column gives way down to this */
#define MOST_LINES   3  /* of a folded cell */
#define NO_LIMIT     SIZE_MAX

typedef struct layout {
    qi_writer *w;
    size_t *widths; /* of the columns */
    size_t owed;    /* blanks due before the next text: none are left at line ends */
    qi_buffer cell; /* the cleaned text of one cell, header or note */
} layout;

/* ---- lines of a text ---- */

typedef struct line {
    size_t start, length, width; /* bytes, bytes, columns */
} line;

/* Takes from text[*at..] the words that fit into `room` columns, at least one character. */
static line take_line(const char *text, size_t length, size_t *at, size_t room) {
    while (*at < length && text[*at] == ' ')
        (*at)++;
    line taken = {.start = *at};
    line words = {0}; /* as far as the last blank */
    size_t width = 0, here = *at;
    while (here < length) {
        size_t next = here;
        int32_t point = qi_utf8_next(text, length, &next);
        unsigned columns = qi_point_width(point);
        if (point == ' ' && here > taken.start && text[here - 1] != ' ')
            words = (line){taken.start, here - taken.start, width};
        if (width + columns > room && here > taken.start && point != ' ') {
            if (words.length > 0) {
                *at = words.start + words.length;
                return words;
            }
            break;
        }
        width += columns;
        here = next;
    }
    *at = here;
    if (words.length > 0 && here == length && text[length - 1] == ' ')
        return words; /* nothing but blanks is left */
    taken.length = here - taken.start;
    taken.width = width;
    return taken;
}

static size_t longest_word(const char *text, size_t length) {
    size_t longest = 0, width = 0, at = 0;
    while (at < length) {
        int32_t point = qi_utf8_next(text, length, &at);
        width = point == ' ' ? 0 : width + qi_point_width(point);
        if (width > longest)
            longest = width;
    }
    return longest;
}

static size_t count_lines(const char *text, size_t length, size_t room, size_t *widest) {
    size_t n = 0, at = 0;
    *widest = 0;
    do {
        line part = take_line(text, length, &at, room);
        if (part.width > *widest)
            *widest = part.width;
        n++;
    } while (at < length);
    return n;
}

/* ---- output ---- */

static void put_line(layout *l, const char *text, line part) {
    for (; l->owed > 0; l->owed--)
        qi_putc(l->w, ' ');
    qi_put(l->w, text + part.start, part.length);
}

static void end_line(layout *l) {
    l->owed = 0;
    qi_putc(l->w, '\n');
}

static void style(layout *l, const char *code) {
    if (l->w->options->colour)
        qi_puts(l->w, code);
}
#define BOLD   "\033[1m"
#define DIM    "\033[2m"
#define NORMAL "\033[0m"

/* One line of one cell in its column. */
static void put_in_column(layout *l, size_t column, const char *text, line part, bool right) {
    size_t room = l->widths[column];
    size_t pad = room > part.width ? room - part.width : 0;
    l->owed += right ? pad : 0;
    if (part.length > 0)
        put_line(l, text, part);
    l->owed += (right ? 0 : pad) + GAP;
}

/* Nothing a cell holds may move the cursor or turn the direction of writing: such characters
 * become blanks.  So all widths add up and a file cannot play tricks on the terminal. */
static bool clean(const char *text, qi_buffer *out) {
    size_t length = strlen(text), at = 0;
    out->length = 0;
    if (!qi_buffer_add(out, "", 0) || !qi_buffer_reserve(out, length))
        return false;
    while (at < length) {
        size_t here = at;
        int32_t point = qi_utf8_next(text, length, &at);
        bool control = (point >= 0 && point < 0x20) || (point >= 0x7F && point < 0xA0) ||
                       (point >= 0x2028 && point <= 0x202E) ||
                       (point >= 0x2066 && point <= 0x2069);
        bool added = point < 0 ? qi_buffer_text(out, "\xEF\xBF\xBD")
                     : control ? qi_buffer_add(out, " ", 1)
                               : qi_buffer_add(out, text + here, at - here);
        if (!added)
            return false;
    }
    return true;
}

/* l->cell becomes the text of a cell. */
static bool load_cell(layout *l, size_t column, size_t row) {
    char number[QI_CELL_TEXT];
    const char *text;
    size_t length = qi_cell_people(l->w, column, row, number, &text);
    if (text != NULL)
        return clean(text, &l->cell);
    l->cell.length = 0;
    return qi_buffer_add(&l->cell, number, length);
}

#define HARD_BLANK "\xC2\xA0" /* U+00A0: no line ends here */

/* l->cell becomes the header of a column.  A short unit, "(million US$)", stays in one piece:
 * its blanks are hard until the line is printed. */
static bool load_header(layout *l, size_t column) {
    qi_buffer raw = {0};
    bool fine = qi_column_header(l->w, column, &raw) && clean(raw.bytes, &l->cell);
    const char *unit = fine ? strrchr(l->cell.bytes, '(') : NULL;
    if (unit != NULL && qi_display_width(unit) <= LONGEST_UNIT) {
        size_t at = (size_t)(unit - l->cell.bytes);
        raw.length = 0;
        fine = qi_buffer_add(&raw, l->cell.bytes, at);
        for (; at < l->cell.length && fine; at++)
            fine = l->cell.bytes[at] == ' ' ? qi_buffer_text(&raw, HARD_BLANK)
                                            : qi_buffer_add(&raw, l->cell.bytes + at, 1);
        l->cell.length = 0;
        fine = fine && qi_buffer_add(&l->cell, raw.bytes, raw.length);
    }
    qi_buffer_free(&raw);
    return fine;
}

/* In place, within one line of a header that is loaded again for the next. */
static void soften_blanks(char *text, line *part) {
    size_t length = 0;
    for (size_t i = 0; i < part->length; i++) {
        char c = text[part->start + i];
        if (i + 1 < part->length && memcmp(text + part->start + i, HARD_BLANK, 2) == 0) {
            c = ' ';
            i++;
        }
        text[part->start + length++] = c;
    }
    part->length = length;
}

/* ---- measuring ---- */

static size_t total_width(const layout *l) {
    size_t total = 0, n = l->w->table->n_columns;
    for (size_t i = 0; i < n; i++)
        total += l->widths[i] + (i > 0 ? GAP : 0);
    return total;
}

static void narrow(layout *l, size_t room) {
    size_t n = l->w->table->n_columns;
    for (size_t i = 0; i < n; i++) {
        if (qi_column_is_text(l->w, i) && l->widths[i] > room)
            l->widths[i] = room > LEAST_TEXT ? room : LEAST_TEXT;
    }
    for (size_t total = total_width(l); total > room; total--) {
        size_t widest = n;
        for (size_t i = 0; i < n; i++) {
            if (qi_column_is_text(l->w, i) && l->widths[i] > LEAST_TEXT &&
                (widest == n || l->widths[i] > l->widths[widest]))
                widest = i;
        }
        if (widest == n)
            return;
        l->widths[widest]--;
    }
}

static bool measure(layout *l) {
    const quipu_table *table = l->w->table;
    for (size_t i = 0; i < table->n_columns; i++) {
        if (!load_header(l, i))
            return false;
        size_t header = qi_display_width(l->cell.bytes);
        size_t word = longest_word(l->cell.bytes, l->cell.length);
        size_t least = header < HEADER_ROOM ? header : HEADER_ROOM;
        count_lines(l->cell.bytes, l->cell.length, word > least ? word : least, &l->widths[i]);
        for (size_t row = 0; row < table->n_rows; row++) {
            if (!load_cell(l, i, row))
                return false;
            size_t width = qi_display_width(l->cell.bytes);
            if (width > l->widths[i])
                l->widths[i] = width;
        }
    }
    if (l->w->options->width > 0)
        narrow(l, (size_t)l->w->options->width);
    return true;
}

/* ---- the parts of a table ---- */

/* Headers stand on the rule: one that needs fewer lines starts further down. */
static bool put_header(layout *l) {
    const quipu_table *table = l->w->table;
    size_t height = 1, widest;
    for (size_t i = 0; i < table->n_columns; i++) {
        if (!load_header(l, i))
            return false;
        size_t lines = count_lines(l->cell.bytes, l->cell.length, l->widths[i], &widest);
        height = lines > height ? lines : height;
    }
    for (size_t k = 0; k < height; k++) {
        style(l, BOLD);
        for (size_t i = 0; i < table->n_columns; i++) {
            if (!load_header(l, i))
                return false;
            size_t lines = count_lines(l->cell.bytes, l->cell.length, l->widths[i], &widest);
            size_t at = 0;
            line part = {0};
            for (size_t j = height - lines; j <= k; j++)
                part = take_line(l->cell.bytes, l->cell.length, &at, l->widths[i]);
            soften_blanks(l->cell.bytes, &part);
            put_in_column(l, i, l->cell.bytes, part, !qi_column_is_text(l->w, i));
        }
        style(l, NORMAL);
        end_line(l);
    }
    for (size_t i = total_width(l); i > 0; i--)
        qi_puts(l->w, "\xE2\x94\x80"); /* U+2500 */
    end_line(l);
    return true;
}

/* Line k of a cell; *more tells whether a further one is needed. */
static bool put_cell_line(layout *l, size_t column, size_t row, size_t k, bool *more) {
    if (!load_cell(l, column, row))
        return false;
    bool is_text = qi_column_is_text(l->w, column);
    size_t room = is_text ? l->widths[column] : NO_LIMIT, at = 0;
    line part = {0};
    for (size_t j = 0; j <= k; j++) {
        bool last = j == MOST_LINES - 1;
        size_t before = at;
        part = take_line(l->cell.bytes, l->cell.length, &at, room);
        if (last && at < l->cell.length) {
            /* Cut where a character is free for the ellipsis. */
            size_t from = before;
            part = take_line(l->cell.bytes, l->cell.length, &from, room - 1);
            l->cell.length = part.start + part.length;
            if (!qi_buffer_text(&l->cell, "\xE2\x80\xA6"))
                return false;
            part.length += 3;
            part.width++;
            at = l->cell.length;
        }
    }
    *more |= at < l->cell.length;
    put_in_column(l, column, l->cell.bytes, part, !is_text);
    return true;
}

static bool put_rows(layout *l) {
    const quipu_table *table = l->w->table;
    for (size_t row = 0; row < table->n_rows && !l->w->refused; row++) {
        bool more = true;
        for (size_t k = 0; more; k++) {
            more = false;
            for (size_t i = 0; i < table->n_columns; i++) {
                if (!put_cell_line(l, i, row, k, &more))
                    return false;
            }
            end_line(l);
        }
    }
    if (table->n_rows == 0) {
        qi_puts(l->w, qi_frame_word(l->w, QI_WORD_NO_ROWS));
        end_line(l);
    }
    return true;
}

/* A paragraph folded to the terminal, further lines indented. */
static bool put_paragraph(layout *l, const char *code, const char *before, const char *text,
                          size_t indent) {
    size_t room = l->w->options->width > 0 ? (size_t)l->w->options->width : NO_LIMIT, at = 0;
    qi_buffer whole = {0};
    bool fine = qi_buffer_text(&whole, before) && qi_buffer_text(&whole, text) &&
                clean(whole.bytes, &l->cell);
    qi_buffer_free(&whole);
    if (!fine)
        return false;
    do {
        size_t used = at == 0 ? 0 : indent;
        line part =
            take_line(l->cell.bytes, l->cell.length, &at, room > used ? room - used : 1);
        l->owed = used;
        style(l, code);
        put_line(l, l->cell.bytes, part);
        style(l, NORMAL);
        end_line(l);
    } while (at < l->cell.length);
    return true;
}

static bool put_frame(layout *l, qi_word word, const char *text) {
    char before[32];
    snprintf(before, sizeof before, "%s: ", qi_frame_word(l->w, word));
    return put_paragraph(l, DIM, before, text, 2);
}

static bool put_foot(layout *l) {
    const quipu_table *table = l->w->table;
    qi_buffer source = {0};
    bool fine = qi_source_line(l->w, &source);
    if (fine && (table->n_notes > 0 || source.length > 0)) {
        end_line(l);
        for (size_t i = 0; i < table->n_notes && fine; i++)
            fine = put_frame(l, QI_WORD_NOTE, table->notes[i]);
        if (fine && source.length > 0)
            fine = put_frame(l, QI_WORD_SOURCE, source.bytes);
    }
    qi_buffer_free(&source);
    return fine;
}

static bool put_title(layout *l) {
    if (l->w->table->title[0] == '\0')
        return true;
    bool fine = put_paragraph(l, BOLD, "", l->w->table->title, 0);
    end_line(l);
    return fine;
}

void qi_write_text(qi_writer *w) {
    bool plain = w->options->plain;
    size_t n = w->table->n_columns;
    layout l = {.w = w, .widths = calloc(n == 0 ? 1 : n, sizeof *l.widths)};
    bool fine = l.widths != NULL && measure(&l) && (plain || put_title(&l)) &&
                (n == 0 || (put_header(&l) && put_rows(&l))) && (plain || put_foot(&l));
    w->no_memory = !fine;
    qi_buffer_free(&l.cell);
    free(l.widths);
}
