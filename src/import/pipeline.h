/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline.h (private) - reader and workers of one import. */
#ifndef QI_PIPELINE_H
#define QI_PIPELINE_H

#include "firms.h"
#include "import.h"

#include <pthread.h>

typedef struct qi_member {
    char *name;        /* as messages show it */
    qi_schema *schema; /* NULL until recognised */
    uint64_t lines;    /* counted as its chunks are read */
    bool continues;    /* the second table of the file before it in the list */
} qi_member;

typedef struct qi_nomenclature_seen {
    char name[8];
    size_t member;
    uint64_t line;
} qi_nomenclature_seen;

/* What is known of a chunk after it was read, in input order. */
typedef struct qi_chunk_result {
    quipu_status status; /* its message is p->error, when no chunk before it failed */
    size_t member;
    uint64_t n_lines;
    qi_ledger *ledger; /* until those of all chunks before it have been added up */
    QI_LIST(qi_tariff_row) tariffs;
    QI_LIST(qi_reject) rejects;
    char nomenclature[8][8];
    uint32_t nomenclature_line[8];
    size_t n_nomenclatures;
    qi_run run;
    bool done;
} qi_chunk_result;

struct qi_pipeline {
    qi_import import;
    unsigned threads;
    const quipu_cube *old;
    qi_arena arena;
    QI_LIST(qi_member) members;
    QI_LIST(char *) inputs; /* "name xxh128:... bytes" */
    uint64_t bytes_in;

    bool locks_made;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    QI_LIST(qi_chunk *) idle;  /* chunks to fill */
    QI_LIST(qi_chunk *) ready; /* filled, first in first out */
    QI_LIST(qi_chunk_result *) results;
    size_t n_counted;     /* results whose ledgers are in the ledger */
    bool closed;          /* nothing more will be ready */
    _Atomic bool failing; /* some chunk failed: read no further */
    size_t failed;        /* the first such chunk met so far in input order */
    quipu_error error;    /* of it; its line counts from the chunk's beginning */

    qi_codes *lists[256];   /* each worker's lists of codes, newest first */
    qi_batch batches[256];  /* and its runs in memory, once it has ended */
    uint8_t country[65536]; /* met as reporter or partner */
    unsigned n_started;

    QI_LIST(qi_segment) segments; /* either all runs are here, or none is */
    int spill;                    /* unnamed file for runs beyond the memory limit, -1 */
    char *spill_near;
    uint64_t spill_length;
    qi_firms firms;

    /* put together in input order */
    QI_LIST(qi_run) runs;
    QI_LIST(qi_tariff_row) tariffs;
    QI_LIST(qi_nomenclature_seen) nomenclatures;
    qi_ledger ledger;
    QI_LIST(quipu_pair_text) meta;
    qi_engine_rows *engine; /* NULL without one */
    bool guessed;           /* the nomenclature was told from the codes */
};

/* Reads all inputs into runs, tariffs, ledger.  E_FORMAT and E_DATA name file and line. */
quipu_status qi_pipeline_run(qi_pipeline *p, const char *const *inputs, size_t n_inputs,
                             const char *cube_path, quipu_error *err);
/* ---- spill.c ---- */
uint64_t qi_memory_limit(const qi_pipeline *p);
/* What packed cells may take of it: half of it when the records of firms are kept as well. */
uint64_t qi_cells_limit(const qi_pipeline *p);
/* Room at the end of the spill file, which is made when it is first needed. */
quipu_status qi_spill_room(qi_pipeline *p, uint64_t length, uint64_t *at, quipu_error *err);
quipu_status qi_spill_write(const qi_pipeline *p, uint64_t at, const void *bytes, size_t length,
                            quipu_error *err);
quipu_status qi_spill_read(const qi_pipeline *p, uint64_t from, void *bytes, size_t length,
                           quipu_error *err);

/* ---- segment.c ---- */
/* A run of the worker is finished.  When its runs are more than its share, all are spilled. */
quipu_status qi_batch_keep(qi_pipeline *p, qi_batch *batch, qi_run *run, quipu_error *err);
/* Write the runs as a segment; the batch is then empty. */
quipu_status qi_batch_spill(qi_pipeline *p, qi_batch *batch, quipu_error *err);
/* Once all workers have ended: when some runs were spilled, so are the others. */
quipu_status qi_batches_end(qi_pipeline *p, quipu_error *err);

/* The rejects file, if one was asked for. */
quipu_status qi_pipeline_write_rejects(qi_pipeline *p, quipu_error *err);
void qi_pipeline_free(qi_pipeline *p);

#endif
