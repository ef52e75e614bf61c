/* SPDX-License-Identifier: Apache-2.0 */
/* cube.h (private) - the open cube, and the checks that opening, reading and verifying share.
 *
 *   problem.c  what a check does with what it finds
 *   reader.c   header, directory, small tables
 *   shape.c    is an index well-formed
 *   access.c   pairs, leaves, matrices, tariffs
 *   firms.c    rows by firm, packed and unpacked
 *   verify.c   everything, to the last byte
 */
#ifndef QI_CUBE_PRIVATE_H
#define QI_CUBE_PRIVATE_H

#include "../base/base.h"
#include "format.h"
#include "quipu/cube.h"

#include <stdatomic.h>

struct quipu_cube {
    char *path;
    const unsigned char *map;
    size_t map_bytes;
    const qi_header *header; /* NULL while it is not known to lead to places in the file */
    const uint64_t *sums;
    const qi_section *sections; /* sorted by (slab, kind) */
    size_t n_sections;
    /* One bit for each block already found sound; threads may set a bit twice, never clear. */
    _Atomic uint64_t *sound;
    /* For each slab: 1 once its pair index was found well-formed. */
    _Atomic unsigned char *pairs_sound;
    _Atomic unsigned char *matrix_sound; /* bit 0 reporter side, bit 1 partner side */
    _Atomic unsigned char *firms_sound;  /* the index of the firm blocks */
    _Atomic unsigned char *tariffs_sound;

    qi_arena arena;
    quipu_pair_text *meta;
    size_t n_meta;
    const char *report;
    quipu_cube_country *countries;
    size_t n_countries;
    const char **codes; /* borrowed from the map */
    size_t n_products;
    quipu_slab *slabs;
    const qi_slab_record *records;
    size_t n_slabs;
    uint32_t n_firms;
    /* Only verify goes on without one of these. */
    bool has_countries, has_products, has_slabs;
    char fingerprint[33];
};

/* ---- problems (problem.c) ---- */

/* Opening and reading stop at the first problem, which is then the error; verify lists every
 * problem and goes on, so what follows a problem must be safe without it. */
typedef struct qi_check {
    const char *path;
    const quipu_cube *cube; /* to name slabs; NULL before they are known */
    quipu_error *err;
    quipu_table *list; /* NULL: stop at the first */
    /* How often a section of one slab was listed: past QI_MOST_ALIKE they are counted only. */
    uint32_t slab;
    uint32_t listed[64];
    uint64_t n; /* all listed so far */
} qi_check;
#define QI_MOST_ALIKE 1000u

/* Places that are no sections, for qi_problem. */
enum {
    QI_IN_FILE = 0x10000, /* not a cube at all */
    QI_IN_HEADER,
    QI_IN_SUMS,
    QI_IN_DIRECTORY,
    QI_IN_PADDING
};
#define QI_NO_BYTE UINT64_MAX
#define QI_REMEDY  "Restore the file from a copy, or import it again"

const char *qi_kind_name(uint32_t kind); /* "unknown" */
bool qi_kind_is_known(uint32_t kind);    /* of a section */
/* "2011 export" */
const char *qi_slab_name(const quipu_cube *cube, uint32_t slab, char out[32]);

qi_check qi_check_first(const quipu_cube *cube, quipu_error *err); /* stops at the first */
/* OK: go on.  `byte` counts from the beginning of the file. */
quipu_status qi_problem(qi_check *check, uint32_t kind, uint32_t slab, uint64_t byte,
                        const char *format, ...) QUIPU_PRINTF(5, 6);
/* Say how many problems were only counted; call it last. */
quipu_status qi_check_finish(qi_check *check);

/* ---- reading (reader.c); what a check leaves out stays NULL or zero ---- */

quipu_status qi_cube_map(quipu_cube *cube, qi_check *check);
quipu_status qi_cube_header(quipu_cube *cube, qi_check *check);
quipu_status qi_cube_directory(quipu_cube *cube, qi_check *check);
quipu_status qi_cube_tables(quipu_cube *cube, qi_check *check);
/* The number of firms, if there is one (firms.c). */
quipu_status qi_cube_firms(quipu_cube *cube, qi_check *check);
/* 1 to QI_MAX_CODE visible ASCII characters. */
bool qi_is_code(const char *code, size_t length);
/* A year, or a month as 201112. */
bool qi_is_period(int32_t period);
/* What no slab can say of itself, or NULL. */
const char *qi_record_wrong(const quipu_cube *cube, const qi_slab_record *record);
/* XXH3-128 of the checksum table, then the directory.  False: no memory. */
bool qi_fingerprint(const uint64_t *sums, size_t n_sums, const qi_section *sections,
                    size_t n_sections, uint8_t out[16]);

/* The section, or NULL.  O(log sections). */
const qi_section *qi_find_section(const quipu_cube *cube, uint32_t kind, uint32_t slab);
/* Check the blocks under [offset, offset + length). */
quipu_status qi_touch(const quipu_cube *cube, uint64_t offset, uint64_t length,
                      quipu_error *err);
uint64_t qi_block_end(const quipu_cube *cube, uint64_t block);
/* Is the checksum of this block right? */
bool qi_block_is_sound(const quipu_cube *cube, uint64_t block);
/* Have all blocks under it been found sound?  (Verify looks at all of them first.) */
bool qi_is_sound(const quipu_cube *cube, uint64_t offset, uint64_t length);
/* Borrow the bytes of a section that must be there and hold exactly n items of `size`; its
 * blocks are checked.  A check that goes on gets NULL for what cannot be read. */
quipu_status qi_section_array(const quipu_cube *cube, qi_check *check, uint32_t kind,
                              uint32_t slab, size_t n, size_t size, const void **out);

/* ---- indexes (shape.c, access.c) ---- */

/* Borrow all arrays of the pair index and of one matrix, shapes unseen. */
quipu_status qi_borrow_pairs(const quipu_cube *cube, qi_check *check, uint32_t slab,
                             quipu_pairs *out);
quipu_status qi_borrow_matrix(const quipu_cube *cube, qi_check *check, uint32_t slab,
                              quipu_side side, quipu_matrix *out);

/* The shape of what is there; arrays that are NULL are passed over.  `*fits`: the arrays named
 * may be followed without further checks. */
quipu_status qi_check_reporters(const quipu_cube *cube, qi_check *check, uint32_t slab,
                                const quipu_pairs *pairs, bool *fits);
quipu_status qi_check_partners(const quipu_cube *cube, qi_check *check, uint32_t slab,
                               const quipu_pairs *pairs, bool *fits);
quipu_status qi_check_rows(const quipu_cube *cube, qi_check *check, uint32_t slab,
                           const quipu_pairs *pairs);
quipu_status qi_check_matrix(const quipu_cube *cube, qi_check *check, uint32_t slab,
                             quipu_side side, const quipu_matrix *matrix, bool *fits);
/* Sums are not compared when `pairs` is NULL: they cannot be used. */
quipu_status qi_check_firms(const quipu_cube *cube, qi_check *check, uint32_t slab,
                            const quipu_pairs *pairs);
quipu_status qi_check_tariffs(const quipu_cube *cube, qi_check *check,
                              const quipu_tariff *tariffs, size_t n);

/* Decode a run of n leaves; *at moves past what was read.  False: the bytes are not a run. */
bool qi_read_run(const quipu_cube *cube, uint32_t slab, const uint8_t **at, const uint8_t *end,
                 size_t n, uint32_t what, quipu_leaves *into);

#endif
