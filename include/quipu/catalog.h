/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/catalog.h - the list of measures, each described once.
 *
 * From a row of this list come the command line verb and its help, the completion, the man
 * page and the reference page, and later the HTTP endpoint and the bindings.  To add a
 * measure: one file in src/measures/ that defines a quipu_measure, and its name in
 * src/measures/list.h.
 */
#ifndef QUIPU_CATALOG_H
#define QUIPU_CATALOG_H

#include "quipu/invest.h"
#include "quipu/query.h"
#include "quipu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum quipu_param_type {
    QUIPU_PARAM_TEXT,
    QUIPU_PARAM_CHOICE, /* one of `choices`, blank-separated; the first is the default */
    QUIPU_PARAM_INTEGER,
    QUIPU_PARAM_REAL,
    QUIPU_PARAM_SWITCH,
    QUIPU_PARAM_FILE /* path of a file that is read: not to be taken from strangers */
} quipu_param_type;

typedef struct quipu_param {
    const char *name; /* "zero-base" */
    quipu_param_type type;
    const char *choices;  /* "missing epsilon midpoint" */
    const char *fallback; /* default as text; NULL = none */
    const char *help;
} quipu_param;

typedef struct quipu_argument {
    const char *name;
    const char *value;
} quipu_argument;

/* What programs that answer many requests keep between them (class mappings).  It belongs to
 * the caller, serves any number of threads and cubes, and never changes an answer. */
typedef struct quipu_cache quipu_cache;
QUIPU_API quipu_status quipu_cache_open(quipu_cache **out, quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_cache_close(quipu_cache *cache); /* NULL is fine; after the last request */

/* What a measure is asked of. */
typedef enum quipu_needs {
    QUIPU_NEEDS_CUBE,     /* trade; takes the common selection */
    QUIPU_NEEDS_REGISTER, /* investments; takes its own parameters only */
    QUIPU_NEEDS_PANEL     /* a cube, or a table of observations: own parameters only */
} quipu_needs;

/* A request: a cube (or a register, or a table), the common selection and the measure's own
 * arguments.  An argument may be there several times where the measure says so. */
typedef struct quipu_request {
    const quipu_cube *cube;         /* NULL where the measure needs a register */
    const quipu_register *invested; /* NULL where it needs a cube */
    const char *table; /* path of a table of observations (CSV), instead of a cube; or NULL */
    const quipu_nomen *nomen;
    const quipu_argument *arguments; /* selection ("reporter", "by", "of", ...) and own ones */
    size_t n_arguments;
    unsigned threads;   /* 0 = all cores */
    quipu_cache *cache; /* NULL = none */
    quipu_progress
        stop; /* asked now and then; true ends the run with E_STOPPED; NULL = never */
    void *stop_user;
    size_t most_cells; /* beyond them E_LIMIT instead of a long answer; 0 = no limit */
} quipu_request;

typedef struct quipu_measure {
    const char *name;    /* "growth" */
    quipu_needs needs;   /* what it is asked of */
    const char *aliases; /* other names it is found by, blank-separated; NULL = none */
    const char *without; /* common parameters it does not take, blank-separated; NULL = none */
    const char *summary; /* one line: the question it answers */
    const char *detail;  /* a paragraph or two: what it means, options, degenerate cases */
    const char *formula; /* plain text with the notation of the reference pages */
    const char *reference;     /* who defined it: author (year), title, where */
    const char *worked;        /* an example by hand, for the page */
    const quipu_param *params; /* its own; the common ones come with every measure */
    size_t n_params;
    const quipu_column_spec *columns; /* figures it may give, for the reference page */
    size_t n_columns;
    const char *figure; /* the column a reader looks at first: wide tables and charts show it */
    const char *example; /* arguments of an example command on the embedded data */
    quipu_status (*run)(const struct quipu_request *request, quipu_table *out,
                        quipu_error *err);
} quipu_measure;

QUIPU_API const quipu_measure *const *quipu_measures(size_t *count);
/* NULL when there is none. */
QUIPU_API const quipu_measure *quipu_measure_find(const char *name);
/* Those every measure takes: reporter, partner, product, flow, years, by, of, ... */
QUIPU_API const quipu_param *quipu_common_params(size_t *count);

/* The parameter of that name, its own or a common one; NULL when there is none. */
QUIPU_API const quipu_param *quipu_measure_param(const quipu_measure *measure,
                                                 const char *name);
/* All it takes, its own before the common ones; returns how many. */
enum { QUIPU_MOST_PARAMS = 64 };
QUIPU_API size_t quipu_measure_params(const quipu_measure *measure,
                                      const quipu_param *out[QUIPU_MOST_PARAMS]);
/* What the whole answer has in common is in no column of it: the one reporter, partner, flow
 * or product asked for, as quipu_report_options.fixed wants it.  Texts are borrowed from the
 * request.  Returns how many of the 4 were filled. */
QUIPU_API size_t quipu_request_fixed(const quipu_request *request, quipu_pair_text fixed[4]);

/* Check the arguments against the description (unknown names get a proposal), run, and add
 * source, release, fingerprint and version to the table. */
QUIPU_API quipu_status quipu_measure_run(const quipu_measure *measure,
                                         const quipu_request *request, quipu_table *out,
                                         quipu_error *err) QUIPU_MUST_CHECK;

/* The reference page of a measure as markdown, and the text of --explain; result to `sink`
 * by way of a one-column table is not worth it: the caller frees *out with free(). */
QUIPU_API quipu_status quipu_measure_page(const quipu_measure *measure, char **out,
                                          quipu_error *err) QUIPU_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
