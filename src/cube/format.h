/* SPDX-License-Identifier: Apache-2.0 */
/* format.h (private) - the numbers of the cube file, version 1.  docs/format.md explains them;
 * a change here is a new version there, and old versions stay readable.
 *
 *   0      header, 4096 bytes (struct qi_header, rest zero)
 *   4096   sections, each starting at a multiple of 64
 *          checksum table: one XXH3-64 for each 64 KiB block from byte 4096 to here
 *          directory: struct qi_section, sorted by (slab, kind)
 * Everything is little-endian.
 */
#ifndef QI_CUBE_FORMAT_H
#define QI_CUBE_FORMAT_H

#include <stdint.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the cube is mapped as it is and needs a little-endian machine"
#endif

#define QI_MAGIC          "QUIPU\x1a\r\n"
#define QI_FORMAT_VERSION 1u
#define QI_HEADER_BYTES   4096u
#define QI_BLOCK_BYTES    65536u
#define QI_ALIGN          64u
#define QI_CODE_BYTES     16u /* a product code, zero-padded */
#define QI_MAX_CODE       12u /* longest product code */
#define QI_MOST_COUNTRIES 60000u
#define QI_MOST_PRODUCTS  0x7FFFFFFFu
#define QI_NO_SLAB        0xFFFFFFFFu
/* Decoding reads up to this many bytes past a run; a leaves section ends with so many zeros. */
#define QI_SLACK           32u
#define QI_FIRM_BLOCK_ROWS 8192u /* about: a block ends with its firm */

typedef struct qi_header {
    char magic[8];
    uint32_t version;
    uint32_t header_bytes;
    uint64_t file_bytes;
    uint64_t sums_offset, n_blocks; /* checksum table */
    uint64_t directory_offset, n_sections;
    uint64_t sums_hash, directory_hash; /* XXH3-64 */
    uint8_t fingerprint[16];            /* XXH3-128 of checksum table, then directory */
    uint64_t header_hash;               /* XXH3-64 of all the above */
} qi_header;

typedef struct qi_section {
    uint32_t kind;
    uint32_t slab; /* QI_NO_SLAB: belongs to the whole cube */
    uint64_t offset, length;
} qi_section;

enum qi_kind {
    QI_META = 1,      /* lines key \t text \n */
    QI_REPORT = 2,    /* the import report, text */
    QI_COUNTRIES = 3, /* lines number \t iso3 \t name \n, by number */
    QI_PRODUCTS = 4,  /* QI_CODE_BYTES each, in text order */
    QI_SLABS = 5,     /* struct qi_slab_record, by (period, flow) */
    QI_TARIFFS = 6,   /* quipu_tariff, 72 bytes each */
    QI_FIRMS = 7,     /* u64, number of firms; only in a cube that knows them, as 48 and 49 */

    QI_LEAVES = 16,         /* runs of leaves, see docs/format.md */
    QI_LEAF_OFFSET = 17,    /* u64, n_pairs + 1: where each pair's run begins in QI_LEAVES */
    QI_REPORTER_START = 18, /* u32, n_countries + 1 */
    QI_PAIR_PARTNER = 19,   /* u16, n_pairs */
    QI_PAIR_REPORTER = 20,  /* u16, n_pairs */
    QI_PAIR_TOTAL = 21,     /* i64, n_pairs */
    QI_PAIR_ROWS = 22,      /* u32, n_pairs */
    QI_PARTNER_START = 23,  /* u32, n_countries + 1 */
    QI_BY_PARTNER = 24,     /* u32, n_pairs */
    QI_REPORTER_TOTAL = 25, /* i64, n_countries */
    QI_PARTNER_TOTAL = 26,  /* i64, n_countries */
    QI_PRODUCT_TOTAL = 27,  /* i64, n_products */
    /* reporter x product, then partner x product: dense, or the three sparse parts */
    QI_RMATRIX_DENSE = 32, /* i64, n_countries * n_products */
    QI_RMATRIX_START = 33, /* u32, n_countries + 1 */
    QI_RMATRIX_PRODUCT = 34,
    QI_RMATRIX_VALUE = 35,
    QI_PMATRIX_DENSE = 40,
    QI_PMATRIX_START = 41,
    QI_PMATRIX_PRODUCT = 42,
    QI_PMATRIX_VALUE = 43,

    QI_FIRM_BLOCKS = 48, /* packed rows by firm */
    QI_FIRM_INDEX = 49   /* struct qi_firm_block for each block, and one for the end */
};

/* The first record that is no block has the end of the last one, and no rows. */
typedef struct qi_firm_block {
    uint64_t offset; /* in QI_FIRM_BLOCKS */
    uint32_t first;  /* its first firm */
    uint32_t rows;
} qi_firm_block;

typedef struct qi_slab_record {
    int32_t period;
    uint32_t flow;
    uint32_t columns;
    uint32_t n_pairs;
    uint64_t rows;
    int64_t total;
    uint32_t max_rows;
    uint32_t reserved;
} qi_slab_record;

_Static_assert(sizeof(qi_header) == 96, "header layout");
_Static_assert(sizeof(qi_section) == 24, "section layout");
_Static_assert(sizeof(qi_slab_record) == 40, "slab layout");
_Static_assert(sizeof(qi_firm_block) == 16, "firm block layout");

#endif
