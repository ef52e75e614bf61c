/* SPDX-License-Identifier: Apache-2.0 */
/* write_tsv.c - tab-separated values: never quoted, so that cut and awk can read them.
 *
 * A tab, line end or backslash inside a text is written \t, \n, \r, \\; a missing cell is an
 * empty field (and so is an empty text: the format cannot tell).
 */
#include "report/writer.h"

static const char *escape_tsv(int32_t point) {
    switch (point) {
    case '\t': return "\\t";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\\': return "\\\\";
    default: return NULL;
    }
}

void qi_write_tsv(qi_writer *w) {
    const quipu_table *table = w->table;
    char number[QI_CELL_TEXT];
    for (size_t i = 0; i < table->n_columns; i++) {
        if (i > 0)
            qi_putc(w, '\t');
        qi_put_escaped(w, table->columns[i].spec.name, escape_tsv);
    }
    qi_putc(w, '\n');
    for (size_t row = 0; row < table->n_rows && !w->refused; row++) {
        for (size_t i = 0; i < table->n_columns; i++) {
            if (i > 0)
                qi_putc(w, '\t');
            if (!qi_cell_present(w, i, row))
                continue;
            if (qi_column_is_text(w, i))
                qi_put_escaped(w, table->columns[i].data.text[row], escape_tsv);
            else
                qi_put(w, number, qi_cell_exact(w, i, row, number));
        }
        qi_putc(w, '\n');
    }
}
