/* SPDX-License-Identifier: Apache-2.0 */
/* report.c - the list of formats, and the one entrance to their writers. */
#include "report/writer.h"

/* id, name, extension, binary, summary, writer */
#define FORMAT_LIST(X)                                                                         \
    X(TEXT, "text", ".txt", false, "aligned columns for a terminal or an e-mail",              \
      qi_write_text)                                                                           \
    X(CSV, "csv", ".csv", false, "comma-separated values, full precision", qi_write_csv)       \
    X(TSV, "tsv", ".tsv", false, "tab-separated values, full precision", qi_write_tsv)         \
    X(JSON, "json", ".json", false, "one JSON object with columns, rows, notes and source",    \
      qi_write_json)                                                                           \
    X(JSONL, "jsonl", ".jsonl", false, "one JSON object a row", qi_write_jsonl)                \
    X(MARKDOWN, "markdown", ".md", false, "a Markdown table", qi_write_markdown)               \
    X(LATEX, "latex", ".tex", false, "a LaTeX table in the style of booktabs", qi_write_latex) \
    X(HTML, "html", ".html", false, "a web page with the table, fit to print", qi_write_html)  \
    X(XLSX, "xlsx", ".xlsx", true, "a workbook: full figures under number formats",            \
      qi_write_xlsx)                                                                           \
    X(SDMX_CSV, "sdmx-csv", ".sdmx.csv", false, "SDMX-CSV 2.0, a row an observation",          \
      qi_write_sdmx)                                                                           \
    X(ARROW, "arrow", ".arrows", true, "an Arrow IPC stream, full precision", qi_write_arrow)  \
    X(PARQUET, "parquet", ".parquet", true, "a Parquet file, full precision (needs DuckDB)",   \
      qi_write_parquet)                                                                        \
    X(DTA, "dta", ".dta", true, "a Stata file (version 118), full precision", qi_write_dta)    \
    X(SAV, "sav", ".sav", true, "an SPSS file, full precision", qi_write_sav)

static const quipu_format_info INFO[] = {
#define X(id, name, extension, binary, summary, write)                                         \
    {QUIPU_FORMAT_##id, name, extension, summary, binary},
    FORMAT_LIST(X)
#undef X
};

const quipu_format_info *quipu_formats(size_t *count) {
    *count = QI_COUNT(INFO);
    return INFO;
}

static void (*find_writer(quipu_format format))(qi_writer *) {
    switch (format) {
#define X(id, name, extension, binary, summary, write)                                         \
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
    qi_writer *w;
    QI_TRY(qi_writer_new(table, options, sink, user, &w, err));
    write(w);
    return qi_writer_end(w, err);
}
