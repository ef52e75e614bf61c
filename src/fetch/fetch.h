/* SPDX-License-Identifier: Apache-2.0 */
/* fetch.h (private) - what the sources share.
 *
 *   question ──> wants (name of the file, request) ──> kept already?  ──yes──> settled
 *                   ▲                                      │ no
 *                   │ more wants                           ▼
 *                   └───────────── settled <── journal <── wire, checked
 *
 * A source (comtrade.c, baci.c, wits.c, worldbank.c) says what it wants in rounds; run.c sees
 * to it that each want is settled once, from the folder or from the wire.  In the end the
 * manifest lists what was settled.
 */
#ifndef QI_FETCH_H
#define QI_FETCH_H

#include "base/base.h"
#include "fetch/shelf.h"
#include "fetch/wire.h"
#include "quipu/fetch.h"

/* ---- the question (question.c) ---- */

/* Codes as the source writes them, in order, each once; `all`: no choice was made. */
typedef struct qi_names {
    bool all;
    size_t n;
    const char *const *items;
} qi_names;

typedef struct qi_source_of qi_source_of;

typedef struct qi_question {
    const qi_source_of *source;
    const quipu_nomen *nomen;
    qi_arena arena;
    qi_names reporters, partners, products, flows, indicators;
    const quipu_period *periods;
    size_t n_periods;
    const char *nomenclature, *release;
    char *canonical; /* the text of request.json */
} qi_question;

quipu_status qi_question_open(const quipu_nomen *nomen, const quipu_fetch_question *given,
                              qi_question *out, quipu_error *err);
/* From a request.json. */
quipu_status qi_question_reopen(const quipu_nomen *nomen, const char *folder, qi_question *out,
                                quipu_error *err);
void qi_question_close(qi_question *question);
/* "604,152" */
const char *qi_names_join(qi_arena *arena, const qi_names *names, char separator);

/* ---- one fetch (run.c) ---- */

typedef struct qi_want {
    const char *name;    /* of the file in answers/ */
    const char *target;  /* path and query */
    const char *release; /* of the data as far as known; an answer of another is not used */
    bool with_key, may_lack;
    bool archive; /* goes to disk as it comes */
    bool anew;    /* asked for each time */
    bool about;   /* not data: a list or the like */
    void *item;   /* the source's own */
} qi_want;

typedef struct qi_used {
    const char *name;
    bool about;
} qi_used;

typedef struct qi_fetching {
    const qi_question *question;
    const quipu_fetch_options *options;
    qi_wire *wire;
    qi_shelf shelf;
    qi_arena arena;
    QI_LIST(qi_used) used;
    bool opened;         /* an answer has come: the old manifest is gone */
    const char *release; /* for the manifest and the cube; NULL = unknown */
    quipu_fetch_result *result;
} qi_fetching;

/* Is this an answer, and what is it?  `bytes` is NULL for an archive, whose file is whole.  A
 * failure with *again set is asked for again. */
typedef quipu_status (*qi_check)(qi_fetching *run, const qi_want *want, const char *bytes,
                                 size_t length, qi_kept *found, bool *again, quipu_error *err);
/* The want is settled; its file can be read with qi_fetch_read. */
typedef quipu_status (*qi_settle)(qi_fetching *run, const qi_want *want, const qi_kept *entry,
                                  quipu_error *err);
quipu_status qi_fetch_wants(qi_fetching *run, const qi_want *wants, size_t n, qi_check check,
                            qi_settle settle, quipu_error *err);
quipu_status qi_fetch_read(const qi_fetching *run, const qi_kept *entry, qi_buffer *out,
                           quipu_error *err);
void qi_fetch_say(const qi_fetching *run, const char *format, ...) QUIPU_PRINTF(2, 3);

/* ---- the manifest (manifest.c) ---- */

typedef struct qi_manifest_file {
    const char *path; /* below the folder */
    const char *sha256;
    uint64_t rows, bytes;
    bool about;
} qi_manifest_file;

typedef struct qi_manifest {
    qi_arena arena;
    const char *release; /* NULL = unknown */
    QI_LIST(qi_manifest_file) files;
} qi_manifest;

quipu_status qi_manifest_write(const qi_fetching *run, quipu_error *err);
/* Every file is checked against its hash. */
quipu_status qi_manifest_read(const char *folder, qi_manifest *out, quipu_error *err);
void qi_manifest_close(qi_manifest *manifest);

/* ---- sources ---- */

enum { /* what a question to a source must have, and may have */
       QI_REPORTERS = 1,
       QI_PARTNERS = 2,
       QI_PERIODS = 4,
       QI_PRODUCTS = 8,
       QI_FLOWS = 16,
       QI_NOMENCLATURE = 32,
       QI_RELEASE = 64,
       QI_INDICATORS = 128,
       QI_MONTHS = 256
};

/* A place for the requests of a plan. */
typedef quipu_status (*qi_planned)(void *user, const qi_want *want, quipu_error *err);

struct qi_source_of {
    const char *name, *base;
    unsigned must, may;
    bool iso; /* countries by three letters, not by Comtrade's number */
    /* What else the source cannot answer; NULL = nothing. */
    quipu_status (*check)(const qi_question *question, quipu_error *err);
    quipu_status (*plan)(const qi_question *question, bool with_key, qi_arena *arena,
                         qi_planned planned, void *user, quipu_error *err);
    quipu_status (*fetch)(qi_fetching *run, quipu_error *err);
    /* Make `path` of the files. */
    quipu_status (*build)(const qi_question *question, const char *folder,
                          const qi_manifest *manifest, const char *path,
                          const quipu_import_options *options, quipu_fetch_build_result *result,
                          quipu_error *err);
};

extern const qi_source_of qi_comtrade, qi_baci, qi_wits, qi_worldbank;
const qi_source_of *qi_source_find(const char *name); /* NULL: there is none */
extern const char qi_source_names[];                  /* "comtrade, baci, wits, worldbank" */

/* A cube of the data files (build.c), for sources that need no more. */
quipu_status qi_build_cube(const qi_question *question, const char *folder,
                           const qi_manifest *manifest, const char *path,
                           const quipu_import_options *options,
                           quipu_fetch_build_result *result, quipu_error *err);
quipu_status qi_import_files(const qi_question *question, const char *const *files, size_t n,
                             const qi_manifest *manifest, const char *path,
                             const quipu_import_options *options,
                             quipu_fetch_build_result *result, quipu_error *err);

#endif
