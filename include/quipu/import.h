/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/import.h - from official files to a cube.
 *
 * Every row read ends in exactly one of three places: accepted (a leaf of the cube), set
 * aside (a total, a group, a duplicate ...: known for what it is, counted with its value) or
 * rejected (malformed).  read = accepted + rejected + set aside, always.  Without `rejects`
 * the first malformed row ends the import and no cube is written.
 *
 * The cube appears whole or not at all: it is written aside, synced and renamed.
 */
#ifndef QUIPU_IMPORT_H
#define QUIPU_IMPORT_H

#include "quipu/base.h"
#include "quipu/nomen.h"
#include "quipu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum quipu_duplicates {
    QUIPU_DUPLICATES_ERROR, /* two different values for one cell end the import (default);
                             * repeated equal rows are set aside */
    QUIPU_DUPLICATES_FIRST,
    QUIPU_DUPLICATES_LAST,
    QUIPU_DUPLICATES_SUM,
    QUIPU_DUPLICATES_DECLARATIONS /* rows are single declarations: those of a cell add up,
                                   * equal ones too; what comes from an engine always is */
} quipu_duplicates;

typedef struct quipu_import_options {
    const char *profile;      /* NULL = recognised by content */
    const char *map;          /* column mapping for profile "map": see docs/import.md */
    const char *sheet;        /* of a workbook; NULL = its only one */
    const char *range;        /* "A5:F300", or "A5:F" down to the last row; NULL = the sheet */
    const char *rejects_path; /* NULL = the first malformed row is an error */
    const char *nomenclature; /* keep only this revision, or name it where the file does not */
    const char *source;       /* overrides what the profile says: kept in the cube */
    const char *release;
    const char *valuation;
    quipu_duplicates duplicates;
    /* Stands in the cube as its input instead of names, sizes and checksums: an import from an
     * engine and one of the same rows from a file then give the same bytes.  NULL = as it is. */
    const char *input_name;
    /* For an input "odbc:CONNECTION" (docs/odbc.md). */
    const char *table;      /* "declarations", "schema.declarations" */
    const char *where;      /* plain conditions; NULL = all rows */
    const char *dialect;    /* NULL = told by what the database calls itself */
    const char *firms_path; /* CSV: distinct firms of each cell, with firm=COLUMN in the map */
    /* With firm=COLUMN in the map and QUIPU_DUPLICATES_DECLARATIONS: the cube holds its rows by
     * firm, too, and is for its owner only (mode 0600).  Not with append. */
    bool keep_firms;
    unsigned min_firms; /* fewer in a cell are confidential, whoever asks; 1 = no rule;
                         * 0 = QUIPU_MIN_FIRMS */
    bool pad_codes;     /* restore a leading zero to codes with an odd number of digits */
    bool keep_unknown;  /* countries unknown to the tables are an error otherwise */
    bool append;        /* to an existing cube: its other periods stay, these replace */
    unsigned threads;   /* 0 = all cores; results never depend on it */
    uint64_t memory;    /* bytes for sorted runs before they spill to disk; 0 = 1 GiB */
    const char *duckdb; /* path of libduckdb.so, for Parquet; NULL = the usual places */
    quipu_progress progress;
    void *progress_user;
} quipu_import_options;

/* What happened, for people and scripts.  `ledger` has columns: outcome (accepted, set aside,
 * rejected, note), reason, rows, value, example. */
typedef struct quipu_import_result {
    uint64_t read, accepted, set_aside, rejected;
    uint64_t bytes_in, bytes_out;
    quipu_money value_accepted;
    char profile[32];
    uint64_t firms, firm_rows; /* with keep_firms: those of the cube */
    /* Of an engine; zero without one. */
    uint64_t groups;        /* rows of its answer */
    uint64_t bytes_network; /* that came over the network */
    bool network_measured;  /* told by the system; else the texts of the answer, counted */
    char engine[80];        /* "PostgreSQL 15.0.18" */
    quipu_table ledger;
} quipu_import_result;

/* `inputs`: paths of csv (also in gz or zip), Parquet, dta, sav or xlsx; "-" is standard input.
 * A workbook may be followed by sheet and range: book.xlsx#Output!A5:F300.  Or one
 * "odbc:CONNECTION", whose table is added up where it lies.  On failure the counts and the
 * ledger so far are still filled.  E_FORMAT and E_DATA name file, line and column. */
QUIPU_API quipu_status quipu_import(const quipu_nomen *nomen, const char *const *inputs,
                                    size_t n_inputs, const char *cube_path,
                                    const quipu_import_options *options,
                                    quipu_import_result *result,
                                    quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_import_result_free(quipu_import_result *result);

/* The statement an import of `input` ("odbc:...") sends, or the engine's plan for it, as text;
 * free it with free().  The statement of a dialect that is named needs no connection. */
QUIPU_API quipu_status quipu_import_statement(const char *input,
                                              const quipu_import_options *options, bool plan,
                                              char **out, quipu_error *err) QUIPU_MUST_CHECK;

/* Rows of the list of profiles: name, label, what it recognises. */
QUIPU_API quipu_status quipu_import_profiles(quipu_table *out,
                                             quipu_error *err) QUIPU_MUST_CHECK;

/* Rewrite a cube in another nomenclature; the mapping comes from quipu_convert.  The result's
 * ledger says how much value went through a split and how much found no target. */
QUIPU_API quipu_status quipu_convert_cube(const quipu_nomen *nomen, const char *cube_path,
                                          const char *to, quipu_convert_method method,
                                          const char *out_path, quipu_import_result *result,
                                          quipu_error *err) QUIPU_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
