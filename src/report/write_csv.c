/* SPDX-License-Identifier: Apache-2.0 */
/* write_csv.c - comma-separated values after RFC 4180, with line feeds.
 *
 * The bare table: title and notes would be rows that are none.  A missing cell is an empty
 * field; a text that is there but empty is "".
 */
#include "report/writer.h"

static const char *double_quotes(int32_t point) {
    return point == '"' ? "\"\"" : NULL;
}

void qi_put_csv_field(qi_writer *w, const char *text) {
    /* Blanks at the ends are quoted too: some readers trim bare fields. */
    size_t length = strlen(text);
    bool quoted = length == 0 || text[0] == ' ' || text[length - 1] == ' ' ||
                  text[strcspn(text, ",\"\r\n")] != '\0';
    if (quoted)
        qi_putc(w, '"');
    qi_put_escaped(w, text, double_quotes);
    if (quoted)
        qi_putc(w, '"');
}

void qi_write_csv(qi_writer *w) {
    const quipu_table *table = w->table;
    char number[QI_CELL_TEXT];
    for (size_t i = 0; i < table->n_columns; i++) {
        if (i > 0)
            qi_putc(w, ',');
        qi_put_csv_field(w, table->columns[i].spec.name);
    }
    qi_putc(w, '\n');
    for (size_t row = 0; row < table->n_rows && !w->refused; row++) {
        for (size_t i = 0; i < table->n_columns; i++) {
            if (i > 0)
                qi_putc(w, ',');
            if (!qi_cell_present(w, i, row))
                continue;
            if (qi_column_is_text(w, i))
                qi_put_csv_field(w, table->columns[i].data.text[row]);
            else
                qi_put(w, number, qi_cell_exact(w, i, row, number));
        }
        qi_putc(w, '\n');
    }
}
