/* SPDX-License-Identifier: Apache-2.0 */
/* write_jsonl.c - one JSON object a line and row, for streams; the bare table. */
#include "report/writer.h"

void qi_write_jsonl(qi_writer *w) {
    for (size_t row = 0; row < w->table->n_rows && !w->refused; row++) {
        qi_write_json_row(w, row);
        qi_putc(w, '\n');
    }
}
