/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/bundle.h - what goes around tables when a study is handed on: a workbook with a sheet
 * a table, and the papers that describe the files to programs (CSVW, Frictionless, CFF).
 *
 * Nothing here reads the clock, so that the same input gives the same bytes: dates are the
 * caller's.  A date is "2013-05-01" or "2013-05-01T12:00:00Z".  `manifest` is the id of the
 * manifest that stands in every file of a bundle; NULL leaves it out, as NULL does wherever
 * a text is not said to be needed.  All strings are borrowed for the time of the call.
 */
#ifndef QUIPU_BUNDLE_H
#define QUIPU_BUNDLE_H

#include "quipu/report.h"
#include "quipu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- SHA-256, as 64 hex digits and a 0 ---- */

QUIPU_API void quipu_sha256(const void *bytes, size_t length, char hex[65]);
/* `size_out` may be NULL; it gets the bytes read. */
QUIPU_API quipu_status quipu_sha256_file(const char *path, char hex[65], uint64_t *size_out,
                                         quipu_error *err) QUIPU_MUST_CHECK;

/* ---- a workbook (XLSX) ----
 *
 * Cells hold full figures (money in US$, shares as fractions), formats round what is seen.
 * Text is always a text cell: codes keep their leading zeros and a text that begins with "="
 * is no formula.  A missing cell is empty.  A book serves one thread.
 */
typedef struct quipu_book quipu_book;

typedef struct quipu_book_properties {
    const char *title, *subject, *author, *keywords, *comments;
    const char *created;  /* NULL = 2000-01-01 */
    const char *manifest; /* custom property "quipu manifest" */
    bool spanish;
} quipu_book_properties;

/* The file appears under `path` at quipu_book_close, whole or not at all. */
QUIPU_API quipu_status quipu_book_open(const char *path,
                                       const quipu_book_properties *properties,
                                       quipu_book **out, quipu_error *err) QUIPU_MUST_CHECK;
/* The same into a sink, which gets its bytes at quipu_book_close. */
QUIPU_API quipu_status quipu_book_open_sink(quipu_sink sink, void *user,
                                            const quipu_book_properties *properties,
                                            quipu_book **out,
                                            quipu_error *err) QUIPU_MUST_CHECK;

typedef struct quipu_sheet_options {
    bool plain; /* the bare table, its header in the first row */
} quipu_sheet_options;

/* Adds a sheet.  `name` is what the caller calls it ("Table 2: exports/imports"); it is cut
 * and changed to what Excel takes and nobody else has.  `options` may be NULL.  E_LIMIT:
 * more rows or columns than a sheet holds. */
QUIPU_API quipu_status quipu_book_add(quipu_book *book, const quipu_table *table,
                                      const char *name, const quipu_sheet_options *options,
                                      quipu_error *err) QUIPU_MUST_CHECK;

typedef enum quipu_line_style {
    QUIPU_LINE_TEXT,
    QUIPU_LINE_TITLE,
    QUIPU_LINE_HEADING
} quipu_line_style;

typedef struct quipu_sheet_line {
    const char *text; /* NULL or "" = an empty line */
    quipu_line_style style;
    const char *sheet; /* links to the sheet added, before or after, under this name */
    const char *url;   /* links there; https:, http: and mailto: only */
} quipu_sheet_line;

/* A sheet of text: a cover with a list of the tables, notes, sources. */
QUIPU_API quipu_status quipu_book_add_text(quipu_book *book, const char *name,
                                           const quipu_sheet_line *lines, size_t n_lines,
                                           quipu_error *err) QUIPU_MUST_CHECK;
/* Writes the file and frees the book, whether it works or not.  E_ARG: no sheet, or a line
 * links to a sheet that was never added. */
QUIPU_API quipu_status quipu_book_close(quipu_book *book, quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_book_abandon(quipu_book *book); /* nothing is written; NULL is fine */

/* ---- CSVW: NAME.csv-metadata.json for a table written as CSV at `csv_url` ---- */
QUIPU_API quipu_status quipu_csvw_write(const quipu_table *table, const char *csv_url,
                                        const char *manifest, quipu_sink sink, void *user,
                                        quipu_error *err) QUIPU_MUST_CHECK;

/* ---- Frictionless: datapackage.json ---- */

typedef struct quipu_resource {
    const char *path;         /* needed; from the package's folder, "/" between folders */
    const char *name;         /* NULL = made from the path */
    const char *title;        /* NULL = the table's */
    const char *description;  /* NULL = the table's notes */
    const char *mediatype;    /* NULL = by the name's end */
    const quipu_table *table; /* a CSV of this table: its schema; NULL = some other file */
    uint64_t bytes;
    const char *sha256; /* 64 hex digits; needed */
} quipu_resource;

typedef struct quipu_package_source {
    const char *title; /* needed */
    const char *path;  /* a URL, or a path below the package */
    const char *version;
    const char *sha256;
} quipu_package_source;

typedef struct quipu_author {
    const char *family, *given; /* a person */
    const char *name;           /* an institution, or a name not to be taken apart */
    const char *affiliation;
    const char *orcid; /* "0000-0002-1825-0097" or the URL */
} quipu_author;

typedef struct quipu_package {
    const char *name; /* needed: made to fit [a-z0-9._-] */
    const char *title, *description, *version, *homepage;
    const char *created;
    const char *manifest; /* becomes "id" */
    const char *license;  /* SPDX or Open Definition name: "CC-BY-4.0" */
    const quipu_author *authors;
    size_t n_authors;
    const quipu_package_source *sources;
    size_t n_sources;
    const quipu_resource *resources; /* at least one */
    size_t n_resources;
} quipu_package;

/* E_ARG: something needed is missing, a path leaves the folder, two resources share one. */
QUIPU_API quipu_status quipu_datapackage_write(const quipu_package *package, quipu_sink sink,
                                               void *user, quipu_error *err) QUIPU_MUST_CHECK;

/* ---- CITATION.cff 1.2.0 ---- */

typedef struct quipu_citation {
    const char *title;           /* needed */
    const char *message;         /* NULL = a usual one */
    const quipu_author *authors; /* at least one */
    size_t n_authors;
    const char *version;
    const char *released; /* the day is used */
    const char *abstract;
    const char *doi, *url, *license;
    const char *manifest; /* an identifier of type "other" */
    const char *const *keywords;
    size_t n_keywords;
} quipu_citation;

QUIPU_API quipu_status quipu_citation_write(const quipu_citation *citation, quipu_sink sink,
                                            void *user, quipu_error *err) QUIPU_MUST_CHECK;

/* ---- text of a document around tables ---- */

/* `text` as it must stand in a document of this format (markdown, latex, html, json);
 * other formats get it as it is.  Always valid UTF-8. */
QUIPU_API quipu_status quipu_escape_write(quipu_format format, const char *text,
                                          quipu_sink sink, void *user,
                                          quipu_error *err) QUIPU_MUST_CHECK;
/* The \usepackage lines every LaTeX table written here can do with; for pdflatex. */
QUIPU_API const char *quipu_latex_packages(void);

#ifdef __cplusplus
}
#endif
#endif
