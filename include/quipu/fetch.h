/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/fetch.h - official data over the network, kept so that it can be built again without.
 *
 * A fetch fills a folder:
 *
 *   request.json      the question: the same one goes on where an earlier fetch stopped
 *   journal.jsonl     a line for each answer: request, outcome, rows, bytes, SHA-256, time
 *   answers/...       the answers, byte for byte as they came
 *   manifest.json     written last: the files a build reads, with hashes; no clock in it
 *
 * quipu_fetch_build makes a cube (or a table) of such a folder and reads nothing else, so the
 * same folder gives the same bytes.  Whatever happens to a fetch, killed or refused, each
 * answer is in the folder whole or not at all, and the same call asks only for what lacks.
 *
 * An answer that reaches the office's limit of rows may have been cut: it is not used; the
 * question is divided and asked again.
 *
 * libcurl is loaded when a fetch begins.  The library reads no environment: key and proxy are
 * the caller's.  The key goes into one request header, to the host asked for and no other,
 * and is blanked wherever an office repeats it.  One fetch serves one thread.
 */
#ifndef QUIPU_FETCH_H
#define QUIPU_FETCH_H

#include "quipu/base.h"
#include "quipu/import.h"
#include "quipu/nomen.h"
#include "quipu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is wanted.  Which members count depends on the source; NULL = its default.  Lists are
 * joined by commas. */
typedef struct quipu_fetch_question {
    const char *source;       /* comtrade, baci, wits, worldbank */
    const char *reporters;    /* countries, groups, or "all" */
    const char *partners;     /* comtrade: the same; NULL = all */
    const char *periods;      /* 2011, 2000-2011, months 201101-201106 (comtrade) */
    const char *products;     /* comtrade: total, chapters, 4-digit, 6-digit, or codes */
    const char *flows;        /* comtrade, wits: export,import,re-export,re-import */
    const char *nomenclature; /* comtrade, baci: HS, H0 ... H6 */
    const char *release;      /* baci: 202501 */
    const char *indicators;   /* worldbank: gdp, population, gdp-per-head, or its own codes */
} quipu_fetch_question;

/* One line about what is going on: a wait, a division, an answer asked for again. */
typedef void (*quipu_fetch_note)(void *user, const char *text);

typedef struct quipu_fetch_options {
    const char *base_url; /* a mirror, instead of the source's own address */
    const char *key;      /* comtrade; NULL or "" = the limits of those without */
    const char *ca_file;  /* certificates to trust instead of the system's */
    const char *proxy;    /* NULL = none */
    const char *no_proxy; /* hosts to ask without it, as curl takes them */
    unsigned parallel;    /* requests at once, at most 4; 0 = 2 */
    int64_t pause;        /* milliseconds between two requests; 0 = 1000, -1 = none */
    unsigned tries;       /* of one request before it is given up; 0 = 6 */
    int64_t timeout;      /* milliseconds without a byte; 0 = 60 s */
    int64_t patience;     /* the longest wait an office may ask for, ms; 0 = 15 min */
    uint64_t most_bytes;  /* of one answer; 0 = 256 MiB (archives: 16 GiB) */
    quipu_fetch_note note;
    quipu_progress progress; /* done and total: answers, or bytes of an archive */
    void *user;              /* of both */
} quipu_fetch_options;

typedef struct quipu_fetch_result {
    uint64_t requests; /* sent, repetitions included */
    uint64_t answers;  /* in the folder now */
    uint64_t kept;     /* of these, how many were there before */
    uint64_t rows;     /* in them */
    uint64_t bytes;
} quipu_fetch_result;

/* `options` may be NULL.
 * The requests that would be made if every period and reporter were available, without the
 * network: columns request, file. */
QUIPU_API quipu_status quipu_fetch_plan(const quipu_nomen *nomen,
                                        const quipu_fetch_question *question,
                                        const quipu_fetch_options *options, quipu_table *out,
                                        quipu_error *err) QUIPU_MUST_CHECK;
/* Fill `folder`, which is made if need be.  E_ARG: it holds the answers to another question.
 * On failure what was fetched stays, and the same call goes on from there. */
QUIPU_API quipu_status quipu_fetch(const quipu_nomen *nomen,
                                   const quipu_fetch_question *question, const char *folder,
                                   const quipu_fetch_options *options,
                                   quipu_fetch_result *result,
                                   quipu_error *err) QUIPU_MUST_CHECK;

/* What a folder becomes: a cube, or for worldbank a table in CSV. */
typedef struct quipu_fetch_build_result {
    bool is_cube;
    uint64_t rows;              /* of a table */
    quipu_import_result import; /* of a cube */
} quipu_fetch_build_result;

/* Checks every file against the manifest and makes `path` of them.  E_DATA: a file is not what
 * it was; E_NOT_FOUND: the fetch was not finished.  Only `threads`, `memory`, `progress` of
 * `options` count; NULL is fine. */
QUIPU_API quipu_status quipu_fetch_build(const quipu_nomen *nomen, const char *folder,
                                         const char *path, const quipu_import_options *options,
                                         quipu_fetch_build_result *result,
                                         quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_fetch_build_result_free(quipu_fetch_build_result *result);

#ifdef __cplusplus
}
#endif
#endif
