/* SPDX-License-Identifier: Apache-2.0 */
/* writer.h (private to report) - what the format writers share: an output that collects
 * blocks, text put through an escape, and cells as people or programs read them.
 *
 * A writer is one function over a qi_writer.  It never checks for failure while it writes:
 * once the sink has refused, further output is dropped, and report.c tells the caller.
 */
#ifndef QI_REPORT_WRITER_H
#define QI_REPORT_WRITER_H

#include "base/base.h"
#include "quipu/report.h"

typedef struct qi_writer {
    const quipu_table *table;
    const quipu_report_options *options;
    int money_scale; /* people see money in 10^this US$: 0, 3 or 6 */
    quipu_sink sink;
    void *user;
    bool refused;        /* by the sink */
    bool no_memory;      /* set by a writer that could not go on */
    quipu_error failure; /* any other reason it could not */
    size_t used;
    char block[1 << 15];
} qi_writer;

/* ---- output (output.c) ---- */
/* `table` may be NULL for what is no table, `options` for the usual ones. */
quipu_status qi_writer_new(const quipu_table *table, const quipu_report_options *options,
                           quipu_sink sink, void *user, qi_writer **out, quipu_error *err);
/* Flushes and frees; says what went wrong. */
quipu_status qi_writer_end(qi_writer *w, quipu_error *err);
void qi_put(qi_writer *w, const char *bytes, size_t length);
void qi_puts(qi_writer *w, const char *text);
void qi_putc(qi_writer *w, char c);
void qi_flush(qi_writer *w);

/* What stands for a code point in a format; NULL = itself. */
typedef const char *(*qi_escape)(int32_t point);
/* Valid UTF-8 whatever comes in: a byte that is none becomes U+FFFD. */
void qi_put_escaped(qi_writer *w, const char *text, qi_escape escape);

/* ---- cells (cell.c) ---- */
#define QI_CELL_TEXT 512 /* the longest number, grouped, and then some */

bool qi_cell_present(const qi_writer *w, size_t column, size_t row);
/* A present number in full precision, "." as point; returns its length. */
size_t qi_cell_exact(const qi_writer *w, size_t column, size_t row, char out[QI_CELL_TEXT]);
/* The cell as people read it, rounded and grouped; "-" when missing.  Text: *text is set to
 * it (not cleaned) and 0 returned. */
size_t qi_cell_people(const qi_writer *w, size_t column, size_t row, char out[QI_CELL_TEXT],
                      const char **text);
bool qi_column_is_text(const qi_writer *w, size_t column);
/* "Value (million US$)"; false = no memory. */
bool qi_column_header(const qi_writer *w, size_t column, qi_buffer *out);
int qi_choose_money_scale(const quipu_table *table);
/* "BACI; release: 202401; ..."; empty when the table names none; false = no memory. */
bool qi_source_line(const qi_writer *w, qi_buffer *out);

/* Words of the frame in the language of the options. */
typedef enum qi_word { QI_WORD_NOTE, QI_WORD_SOURCE, QI_WORD_NO_ROWS } qi_word;
const char *qi_frame_word(const qi_writer *w, qi_word word);

/* ---- writers, one file each ---- */
void qi_write_text(qi_writer *w);
void qi_write_csv(qi_writer *w);
void qi_write_tsv(qi_writer *w);
void qi_write_json(qi_writer *w);
void qi_write_jsonl(qi_writer *w);
void qi_write_markdown(qi_writer *w);
void qi_write_latex(qi_writer *w);
void qi_write_html(qi_writer *w);
void qi_write_xlsx(qi_writer *w);
void qi_write_sdmx(qi_writer *w);
void qi_write_arrow(qi_writer *w);
void qi_write_parquet(qi_writer *w);
void qi_write_dta(qi_writer *w);
void qi_write_sav(qi_writer *w);

/* ---- escapes, each with its writer ---- */
const char *qi_escape_markdown(int32_t point);
const char *qi_escape_latex(int32_t point);
const char *qi_escape_html(int32_t point);
const char *qi_escape_json(int32_t point);
void qi_put_json_string(qi_writer *w, const char *text);
void qi_put_csv_field(qi_writer *w, const char *text);

/* One row as a JSON object; JSON and JSONL share it (write_json.c). */
void qi_write_json_row(qi_writer *w, size_t row);

#endif
