/* SPDX-License-Identifier: Apache-2.0 */
/* write_html.c - a web page that needs nothing else, around one semantic table.
 *
 * A bare table ("plain") is the <table> alone, to be put into a page that has its own style.
 * Printed, the header row repeats on every page and no row is torn.
 */
#include "report/writer.h"

static const char STYLE[] =
    "body{font:16px/1.4 system-ui,sans-serif;color:#1a1a1a;background:#fff;margin:2rem}\n"
    "table{border-collapse:collapse;max-width:100%}\n"
    "caption{text-align:left;font-weight:600;padding-bottom:.6rem}\n"
    "th,td{padding:.25rem .8rem .25rem 0;text-align:left;vertical-align:top}\n"
    "th[scope=col]{vertical-align:bottom}\n"
    "tbody th{font-weight:400}\n"
    ".n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    "th.n{white-space:normal}\n"
    "thead th{border-top:1.5px solid;border-bottom:1px solid}\n"
    "tbody tr:last-child>*{border-bottom:1.5px solid}\n"
    "tfoot td{font-size:.85em;color:#444;padding-top:.4rem}\n"
    "@media print{body{margin:0;font-size:10pt}thead{display:table-header-group}"
    "tfoot{display:table-row-group}tr{break-inside:avoid}}\n";

const char *qi_escape_html(int32_t point) {
    switch (point) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    default:
        /* Control characters are not allowed in HTML at all. */
        return point < 0x20 || (point >= 0x7F && point < 0xA0) ? " " : NULL;
    }
}

static bool put_header(qi_writer *w, qi_buffer *line) {
    qi_puts(w, "<thead>\n<tr>");
    for (size_t i = 0; i < w->table->n_columns; i++) {
        if (!qi_column_header(w, i, line))
            return false;
        qi_puts(w, qi_column_is_text(w, i) ? "<th scope=\"col\">"
                                           : "<th scope=\"col\" class=\"n\">");
        qi_put_escaped(w, line->bytes, qi_escape_html);
        qi_puts(w, "</th>");
    }
    qi_puts(w, "</tr>\n</thead>\n");
    return true;
}

/* The first column names its row if it is a dimension. */
static void put_row(qi_writer *w, size_t row) {
    char number[QI_CELL_TEXT];
    const char *text;
    qi_puts(w, "<tr>");
    for (size_t i = 0; i < w->table->n_columns; i++) {
        bool names = i == 0 && w->table->columns[i].spec.role == QUIPU_DIMENSION;
        qi_puts(w, names ? "<th scope=\"row\"" : "<td");
        qi_puts(w, qi_column_is_text(w, i) ? ">" : " class=\"n\">");
        qi_cell_people(w, i, row, number, &text);
        qi_put_escaped(w, text != NULL ? text : number, qi_escape_html);
        qi_puts(w, names ? "</th>" : "</td>");
    }
    qi_puts(w, "</tr>\n");
}

static void put_foot_row(qi_writer *w, qi_word word, const char *text) {
    char span[QI_NUMBER_TEXT];
    size_t n = w->table->n_columns == 0 ? 1 : w->table->n_columns;
    qi_format_scaled(span, (int64_t)n, 0);
    qi_puts(w, "<tr><td colspan=\"");
    qi_puts(w, span);
    qi_puts(w, "\">");
    qi_puts(w, qi_frame_word(w, word));
    qi_puts(w, ": ");
    qi_put_escaped(w, text, qi_escape_html);
    qi_puts(w, "</td></tr>\n");
}

static bool put_foot(qi_writer *w, qi_buffer *line) {
    if (!qi_source_line(w, line))
        return false;
    if (w->table->n_notes == 0 && line->length == 0)
        return true;
    qi_puts(w, "<tfoot>\n");
    for (size_t i = 0; i < w->table->n_notes; i++)
        put_foot_row(w, QI_WORD_NOTE, w->table->notes[i]);
    if (line->length > 0)
        put_foot_row(w, QI_WORD_SOURCE, line->bytes);
    qi_puts(w, "</tfoot>\n");
    return true;
}

static void put_page_head(qi_writer *w) {
    const char *title = w->table->title[0] != '\0' ? w->table->title : w->table->measure;
    qi_puts(w, "<!DOCTYPE html>\n<html lang=\"");
    qi_puts(w, w->options->spanish ? "es" : "en");
    qi_puts(w, "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
               "content=\"width=device-width,initial-scale=1\">\n<title>");
    qi_put_escaped(w, title[0] != '\0' ? title : "quipu", qi_escape_html);
    qi_puts(w, "</title>\n<style>\n");
    qi_puts(w, STYLE);
    qi_puts(w, "</style>\n</head>\n<body>\n");
}

void qi_write_html(qi_writer *w) {
    bool plain = w->options->plain;
    qi_buffer line = {0};
    if (!plain)
        put_page_head(w);
    qi_puts(w, "<table>\n");
    if (!plain && w->table->title[0] != '\0') {
        qi_puts(w, "<caption>");
        qi_put_escaped(w, w->table->title, qi_escape_html);
        qi_puts(w, "</caption>\n");
    }
    w->no_memory = !put_header(w, &line);
    if (!w->no_memory) {
        qi_puts(w, "<tbody>\n");
        for (size_t row = 0; row < w->table->n_rows && !w->refused; row++)
            put_row(w, row);
        qi_puts(w, "</tbody>\n");
        if (!plain)
            w->no_memory = !put_foot(w, &line);
        qi_puts(w, "</table>\n");
    }
    if (!plain)
        qi_puts(w, "</body>\n</html>\n");
    qi_buffer_free(&line);
}
