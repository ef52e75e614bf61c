/* SPDX-License-Identifier: Apache-2.0 */
/* merge.h (private) - what the files of the merge share: merge.c (plan and passes),
 * groups.c (the groups of cells of one reporter of one slab, from the runs), reporter.c (what
 * becomes of them), ship.c (slabs on their way into the file),
 * merge_tariffs.c. */
#ifndef QI_MERGE_H
#define QI_MERGE_H

#include "import.h"
#include "turns.h"

/* The reporters of a slab are cut into blocks of about 200,000 cells, at most MAX_BLOCKS. */
enum { MAX_BLOCKS = 64, MAX_THREADS = 256 };

typedef struct qi_slab_plan {
    uint64_t slab; /* QI_KEY_SLAB */
    uint32_t columns;
    int old; /* slab of the old cube, -1 */
} qi_slab_plan;

typedef QI_LIST(qi_slab_plan) qi_slab_list;

/* All groups of the reporter at hand in order of key and run (groups.c). */
typedef struct qi_cursor qi_cursor;
typedef struct qi_groups {
    uint64_t first;                 /* key of the reporter with partner 0, which is World */
    bool world, others;             /* there are groups of World, of other partners */
    QI_LIST(const qi_head *) heads; /* from runs in memory */
    size_t next;                    /* of them */
    qi_cursor *cursors; /* or from segments: one each, NULL until it is first needed */
    size_t room;        /* of a cursor */
    qi_turns turns;
    qi_head head;  /* the group given last, */
    uint8_t *held; /* and its cells */
    size_t held_size;
} qi_groups;

/* What one worker needs, kept between tasks. */
typedef struct qi_worker {
    qi_pair_cells cells, world;
    int64_t *row;    /* sums of one reporter by product, for the check against World */
    uint32_t *parts; /* and how many partners went into them */
    qi_groups groups;
    int64_t *partner_matrix;
} qi_worker;

typedef struct qi_pass {
    qi_merge *merge;
    const qi_slab_plan *plan;
    const uint16_t *reporters; /* of the slab, rising */
    const size_t *block_start;
    qi_worker *workers;
    qi_ledger *ledgers; /* one a block */
    qi_part *parts;     /* one a block; NULL in the first pass */
    uint8_t *used_product, *used_country;
    uint32_t *used_columns; /* one a block: those that some leaf has a figure in */
} qi_pass;

/* First position at or after `code`. */
size_t qi_find_code(const uint64_t *codes, size_t n, uint64_t code);
/* First group of cells of a run at or after `key`. */
size_t qi_lower_head(const qi_run *run, uint64_t key);
/* First place of a segment at or after `place`. */
size_t qi_lower_place(const qi_segment *segment, uint64_t place);
/* Begin with the groups of a reporter, of which `first` is the key with partner 0. */
quipu_status qi_groups_begin(const qi_merge *m, qi_groups *groups, uint64_t first,
                             quipu_error *err);
/* Is there another?  Then *key is its. */
bool qi_groups_more(const qi_groups *groups, uint64_t *key);
/* The next one, which there must be; it holds until the one after it is asked for. */
quipu_status qi_groups_next(const qi_merge *m, qi_groups *groups, qi_group *out,
                            quipu_error *err);
void qi_groups_free(const qi_merge *m, qi_groups *groups);

/* Was the cell left out of the cube? */
bool qi_is_dropped(const qi_merge *m, uint64_t key, uint64_t product);

/* Task of a pass: the reporters of one block. */
quipu_status qi_merge_block(void *user, size_t block, unsigned number, quipu_error *err);

/* A slab on its way: packed by the workers, then written by a thread of its own while the
 * workers pack the next one into the other of the two. */
typedef struct qi_shipment qi_shipment;
qi_shipment *qi_shipments_new(qi_merge *m, qi_cube_writer *writer); /* two; NULL = no memory */
/* Pack slab number `s` into one of them, then have it written once the other is. */
quipu_status qi_ship_slab(qi_shipment *two, size_t s, qi_pass *p, size_t n_blocks,
                          quipu_error *err);
/* Wait until all is written. */
quipu_status qi_shipments_finish(qi_shipment *two, quipu_error *err);
void qi_shipments_free(qi_shipment *two);

/* A product or country that only a tariff names stays too. */
quipu_status qi_mark_tariffs(const qi_merge *m, uint8_t *used_product, uint8_t *used_country,
                             quipu_error *err);
/* Old and new tariffs, sorted, into the cube. */
quipu_status qi_put_tariffs(qi_merge *m, qi_cube_writer *writer, quipu_error *err);

#endif
