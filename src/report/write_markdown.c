/* SPDX-License-Identifier: Apache-2.0 */
/* write_markdown.c - a pipe table with alignment, the title in bold above, notes below. */
#include "report/writer.h"

/* Every character Markdown (or the "$" of its mathematics) could take for its own. */
const char *qi_escape_markdown(int32_t point) {
    switch (point) {
    case '|': return "\\|";
    case '\\': return "\\\\";
    case '`': return "\\`";
    case '*': return "\\*";
    case '_': return "\\_";
    case '<': return "\\<";
    case '>': return "\\>";
    case '[': return "\\[";
    case ']': return "\\]";
    case '~': return "\\~";
    case '$': return "\\$";
    default: return point < 0x20 || point == 0x7F ? " " : NULL;
    }
}

static void put_cell(qi_writer *w, size_t column, size_t row) {
    char number[QI_CELL_TEXT];
    const char *text;
    qi_cell_people(w, column, row, number, &text);
    if (text != NULL)
        qi_put_escaped(w, text, qi_escape_markdown);
    else
        qi_puts(w, number);
}

static void put_frame(qi_writer *w, qi_word word, const char *text) {
    qi_putc(w, '\n');
    qi_puts(w, qi_frame_word(w, word));
    qi_puts(w, ": ");
    qi_put_escaped(w, text, qi_escape_markdown);
    qi_putc(w, '\n');
}

void qi_write_markdown(qi_writer *w) {
    const quipu_table *table = w->table;
    qi_buffer line = {0};
    if (!w->options->plain && table->title[0] != '\0') {
        qi_puts(w, "**");
        qi_put_escaped(w, table->title, qi_escape_markdown);
        qi_puts(w, "**\n\n");
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        if (!qi_column_header(w, i, &line))
            goto no_memory;
        qi_puts(w, "| ");
        qi_put_escaped(w, line.bytes, qi_escape_markdown);
        qi_putc(w, ' ');
    }
    qi_puts(w, "|\n");
    for (size_t i = 0; i < table->n_columns; i++)
        qi_puts(w, qi_column_is_text(w, i) ? "| --- " : "| ---: ");
    qi_puts(w, "|\n");
    for (size_t row = 0; row < table->n_rows && !w->refused; row++) {
        for (size_t i = 0; i < table->n_columns; i++) {
            qi_puts(w, "| ");
            put_cell(w, i, row);
            qi_putc(w, ' ');
        }
        qi_puts(w, "|\n");
    }
    if (!w->options->plain) {
        for (size_t i = 0; i < table->n_notes; i++)
            put_frame(w, QI_WORD_NOTE, table->notes[i]);
        if (!qi_source_line(w, &line))
            goto no_memory;
        if (line.length > 0)
            put_frame(w, QI_WORD_SOURCE, line.bytes);
    }
    qi_buffer_free(&line);
    return;
no_memory:
    w->no_memory = true;
    qi_buffer_free(&line);
}
