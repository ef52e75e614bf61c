/* SPDX-License-Identifier: Apache-2.0 */
/* report.c - the list of formats, and the one entrance to their writers. */
#include "report/writer.h"

#define FORMAT_LIST(X)                                                                         \
    X(TEXT, "text", ".txt", "aligned columns for a terminal or an e-mail", qi_write_text)      \
    X(CSV, "csv", ".csv", "comma-separated values, full precision", qi_write_csv)              \
    X(TSV, "tsv", ".tsv", "tab-separated values, full precision", qi_write_tsv)                \
    X(JSON, "json", ".json", "one JSON object with columns, rows, notes and source",           \
      qi_write_json)                                                                           \
    X(JSONL, "jsonl", ".jsonl", "one JSON object a row", qi_write_jsonl)                       \
    X(MARKDOWN, "markdown", ".md", "a Markdown table", qi_write_markdown)                      \
    X(LATEX, "latex", ".tex", "a LaTeX table in the style of booktabs", qi_write_latex)        \
    X(HTML, "html", ".html", "a web page with the table, fit to print", qi_write_html)

static const quipu_format_info INFO[] = {
#define X(id, name, extension, summary, write) {QUIPU_FORMAT_##id, name, extension, summary},
    FORMAT_LIST(X)
#undef X
};

const quipu_format_info *quipu_formats(size_t *count) {
    *count = QI_COUNT(INFO);
    return INFO;
}

static void (*find_writer(quipu_format format))(qi_writer *) {
    switch (format) {
#define X(id, name, extension, summary, write)                                                 \
    case QUIPU_FORMAT_##id: return write;
        FORMAT_LIST(X)
#undef X
    }
    return NULL;
}

quipu_status quipu_report_write(const quipu_table *table, const quipu_report_options *options,
                                quipu_sink sink, void *user, quipu_error *err) {
    qi_error_clear(err);
    void (*write)(qi_writer *) = find_writer(options->format);
    if (write == NULL)
        return qi_fail(err, QUIPU_E_ARG, "there is no output format number %d",
                       (int)options->format);
    qi_writer *w = malloc(sizeof *w);
    if (w == NULL)
        return qi_fail_memory(err, sizeof *w);
    w->table = table;
    w->options = options;
    w->money_scale = qi_choose_money_scale(table);
    w->sink = sink;
    w->user = user;
    w->refused = false;
    w->no_memory = false;
    w->used = 0;
    write(w);
    qi_flush(w);
    bool refused = w->refused, no_memory = w->no_memory;
    free(w);
    if (no_memory)
        return qi_fail_memory(err, 0);
    if (refused)
        return qi_fail(err, QUIPU_E_IO, "the output did not take all of the table");
    return QUIPU_OK;
}
