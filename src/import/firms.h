/* SPDX-License-Identifier: Apache-2.0 */
/* firms.h (private) - from rows with a firm to the rows by firm of a cube.
 *
 *   rows ──a record each──> a worker's room ──sort, add up──> run, in memory or spilled (firms.c)
 *        all runs ──merge by slab, firm, pair, product──> cube writer (firms_merge.c)
 *
 * A firm is numbered by the order of the hash of its id, so the number does not depend on
 * threads, files or the order of rows.
 */
#ifndef QI_FIRMS_H
#define QI_FIRMS_H

#include "import.h"

typedef struct qi_pipeline qi_pipeline;

/* Records in order of (slab, firm, reporter, partner, product), each key once. */
typedef struct qi_firm_run {
    qi_firm_record *records; /* NULL: in the spill file */
    uint64_t spilled_at;
    size_t n;
} qi_firm_run;

typedef QI_LIST(qi_firm_id) qi_firm_ids;

typedef struct qi_firms {
    QI_LIST(qi_firm_run) runs;
    uint64_t bytes;      /* of the runs in memory */
    qi_firm_ids ids;     /* of all runs, rising by hash, each once */
    quipu_status status; /* the first failure of a worker with them */
    quipu_error error;
    uint64_t n_firms, n_rows; /* in the cube */
} qi_firms;

int qi_firm_order(const qi_firm_record *a, const qi_firm_record *b);
/* Add `from` into `into`; missing only where both are. */
void qi_firm_add(int64_t *into, int64_t from);

/* What is asked for, before anything is read; `old`: the cube to append to, or NULL. */
quipu_status qi_firms_check_options(const quipu_import_options *o, const quipu_cube *old,
                                    quipu_error *err);
/* Does the file say its firms if, and only if, they are to be kept? */
quipu_status qi_firms_check_columns(const qi_import *import, const char *member,
                                    const qi_schema *schema, quipu_error *err);
/* Take the records of a chunk; a full room becomes a run.  Failures are kept in p->firms. */
void qi_firms_gather(qi_pipeline *p, qi_firm_cells *room, const qi_chunk *chunk);
void qi_firms_flush(qi_pipeline *p, qi_firm_cells *room);
/* Once all workers are done: did it work? */
quipu_status qi_firms_gathered(qi_pipeline *p, quipu_error *err);
/* After the last slab: the rows by firm of all slabs. */
quipu_status qi_firms_write(qi_pipeline *p, const qi_merge *m, qi_cube_writer *writer,
                            quipu_error *err);
void qi_firms_free(qi_firms *firms);

#endif
