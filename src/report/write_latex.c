/* SPDX-License-Identifier: Apache-2.0 */
/* write_latex.c - a table for \input: booktabs rules, caption above, notes below.
 *
 * Needs \usepackage{booktabs}; a table longer than a page is set with longtable and needs
 * that package too.  A bare table ("plain") is the tabular alone.
 */
#include "report/writer.h"

#define ROWS_OF_A_PAGE 40

const char *qi_escape_latex(int32_t point) {
    switch (point) {
    case '\\': return "\\textbackslash{}";
    case '^': return "\\textasciicircum{}";
    case '~': return "\\textasciitilde{}";
    case '<': return "\\textless{}";
    case '>': return "\\textgreater{}";
    case '|': return "\\textbar{}";
    case '"': return "''";
    /* At the start of a row these would be read as arguments of the line end before. */
    case '[': return "{[}";
    case '*': return "{*}";
    case '{': return "\\{";
    case '}': return "\\}";
    case '$': return "\\$";
    case '&': return "\\&";
    case '#': return "\\#";
    case '_': return "\\_";
    case '%': return "\\%";
    default: return point < 0x20 || point == 0x7F ? " " : NULL;
    }
}

static void put_cell(qi_writer *w, size_t column, size_t row) {
    char number[QI_CELL_TEXT];
    const char *text;
    size_t length = qi_cell_people(w, column, row, number, &text);
    if (text != NULL) {
        qi_put_escaped(w, text, qi_escape_latex);
    } else if (number[0] == '-' && length > 1) {
        qi_puts(w, "$-$"); /* a minus, not a hyphen */
        qi_put(w, number + 1, length - 1);
    } else {
        qi_put(w, number, length);
    }
}

static bool put_header(qi_writer *w, qi_buffer *line) {
    qi_puts(w, "\\toprule\n");
    for (size_t i = 0; i < w->table->n_columns; i++) {
        if (!qi_column_header(w, i, line))
            return false;
        if (i > 0)
            qi_puts(w, " & ");
        qi_put_escaped(w, line->bytes, qi_escape_latex);
    }
    qi_puts(w, " \\\\\n\\midrule\n");
    return true;
}

static void put_caption(qi_writer *w, const char *end) {
    if (w->table->title[0] == '\0')
        return;
    qi_puts(w, "\\caption{");
    qi_put_escaped(w, w->table->title, qi_escape_latex);
    qi_puts(w, "}");
    qi_puts(w, end);
}

static void put_frame(qi_writer *w, qi_word word, const char *text) {
    qi_puts(w, "\\par\\smallskip{\\footnotesize ");
    qi_puts(w, qi_frame_word(w, word));
    qi_puts(w, ": ");
    qi_put_escaped(w, text, qi_escape_latex);
    qi_puts(w, "\\par}\n");
}

void qi_write_latex(qi_writer *w) {
    const quipu_table *table = w->table;
    bool plain = w->options->plain, longer = !plain && table->n_rows > ROWS_OF_A_PAGE;
    qi_buffer line = {0};
    qi_puts(w, longer ? "% needs the packages booktabs and longtable\n"
                      : "% needs the package booktabs\n");
    if (!plain && !longer) {
        qi_puts(w, "\\begin{table}[htbp]\n\\centering\n");
        put_caption(w, "\n");
    }
    qi_puts(w, longer ? "\\begin{longtable}{" : "\\begin{tabular}{");
    for (size_t i = 0; i < table->n_columns; i++)
        qi_putc(w, qi_column_is_text(w, i) ? 'l' : 'r');
    qi_puts(w, "}\n");
    if (longer)
        put_caption(w, "\\\\\n");
    if (!put_header(w, &line))
        goto no_memory;
    if (longer) {
        /* The caption on the first page only, the header on every page. */
        qi_puts(w, "\\endfirsthead\n");
        if (!put_header(w, &line))
            goto no_memory;
        qi_puts(w, "\\endhead\n\\bottomrule\n\\endfoot\n");
    }
    for (size_t row = 0; row < table->n_rows && !w->refused; row++) {
        for (size_t i = 0; i < table->n_columns; i++) {
            if (i > 0)
                qi_puts(w, " & ");
            put_cell(w, i, row);
        }
        qi_puts(w, " \\\\\n");
    }
    qi_puts(w, longer ? "\\end{longtable}\n" : "\\bottomrule\n\\end{tabular}\n");
    if (!plain) {
        for (size_t i = 0; i < table->n_notes; i++)
            put_frame(w, QI_WORD_NOTE, table->notes[i]);
        if (!qi_source_line(w, &line))
            goto no_memory;
        if (line.length > 0)
            put_frame(w, QI_WORD_SOURCE, line.bytes);
        if (!longer)
            qi_puts(w, "\\end{table}\n");
    }
    qi_buffer_free(&line);
    return;
no_memory:
    w->no_memory = true;
    qi_buffer_free(&line);
}
