/* SPDX-License-Identifier: Apache-2.0 */
/* cube.h (private) - the open cube, shared by reader.c, access.c and verify.c. */
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
    const qi_header *header;
    const uint64_t *sums;
    const qi_section *sections;
    /* One bit for each block already found sound; threads may set a bit twice, never clear. */
    _Atomic uint64_t *sound;
    /* For each slab: 1 once its pair index was found well-formed. */
    _Atomic unsigned char *pairs_sound;
    _Atomic unsigned char *matrix_sound; /* bit 0 reporter side, bit 1 partner side */

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
    char fingerprint[33];
};

/* The section, or NULL.  O(log sections). */
const qi_section *qi_find_section(const quipu_cube *cube, uint32_t kind, uint32_t slab);
/* Borrow the bytes of a section that must be there and hold exactly n items of `size`; its
 * blocks are checked. */
quipu_status qi_section_array(const quipu_cube *cube, uint32_t kind, uint32_t slab, size_t n,
                              size_t size, const void **out, quipu_error *err);
/* Check the blocks under [offset, offset + length). */
quipu_status qi_touch(const quipu_cube *cube, uint64_t offset, uint64_t length,
                      quipu_error *err);
const char *qi_kind_name(uint32_t kind);

#endif
