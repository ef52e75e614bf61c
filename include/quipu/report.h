/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/report.h - one table, written in any of the formats people and programs read.
 *
 * The writers are rows of one list; `quipu_formats` gives it.  All output but the binary formats
 * (xlsx, arrow, parquet, dta, sav) is UTF-8 and ends in a newline; all is the same bytes for the
 * same table.  People's formats (text, markdown, latex, html) round to the column's decimals and
 * show shares in percent and missing as "-"; machines' formats (csv, tsv, json, jsonl, sdmx-csv,
 * arrow, parquet, dta, sav) keep full precision, shares as fractions and missing as an empty
 * field or null.  xlsx is for both: full figures in the cells, number formats that round what is
 * seen; docs/formats.md tells the rest.
 */
#ifndef QUIPU_REPORT_H
#define QUIPU_REPORT_H

#include "quipu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum quipu_format {
    QUIPU_FORMAT_TEXT,
    QUIPU_FORMAT_CSV,
    QUIPU_FORMAT_TSV,
    QUIPU_FORMAT_JSON,
    QUIPU_FORMAT_JSONL,
    QUIPU_FORMAT_MARKDOWN,
    QUIPU_FORMAT_LATEX,
    QUIPU_FORMAT_HTML,
    QUIPU_FORMAT_XLSX,     /* binary: the bytes of a workbook with one sheet */
    QUIPU_FORMAT_SDMX_CSV, /* a row an observation */
    QUIPU_FORMAT_ARROW,    /* binary: an Apache Arrow IPC stream */
    QUIPU_FORMAT_PARQUET,  /* binary: an Apache Parquet file, by way of DuckDB */
    QUIPU_FORMAT_DTA,      /* binary: a Stata file, version 118 */
    QUIPU_FORMAT_SAV       /* binary: an SPSS file */
} quipu_format;

typedef struct quipu_format_info {
    quipu_format format;
    const char *name;      /* "csv" */
    const char *extension; /* ".csv" */
    const char *summary;
    bool binary; /* not for a terminal */
} quipu_format_info;

QUIPU_API const quipu_format_info *quipu_formats(size_t *count);

/* Where the bytes go.  Returns false to stop; the writer then ends with E_IO. */
typedef bool (*quipu_sink)(void *user, const char *bytes, size_t length);

typedef struct quipu_report_options {
    quipu_format format;
    int width;    /* text: columns of the terminal, 0 = do not wrap or cut */
    bool colour;  /* text: ANSI colours */
    bool plain;   /* leave out title, notes and source: the bare table */
    bool spanish; /* labels of the frame ("Notes", "Source") and decimal comma for people */
    const char *manifest; /* xlsx: custom property, dta and sav: note; NULL = none */
    const char
        *created; /* xlsx, dta, sav: "2013-05-01", as the file is not dated by the clock */
    /* sdmx-csv: what all rows have in common, by column name: {"reporter", "PER"} */
    const quipu_pair_text *fixed;
    size_t n_fixed;
    const char *duckdb; /* parquet: path of libduckdb.so; NULL = the usual places */
} quipu_report_options;

QUIPU_API quipu_status quipu_report_write(const quipu_table *table,
                                          const quipu_report_options *options, quipu_sink sink,
                                          void *user, quipu_error *err) QUIPU_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
