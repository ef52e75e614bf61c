/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/cube.h - read a trade cube kept in one file.
 *
 * A cube holds slabs; a slab is one period and one flow, and knows its trade three ways:
 *
 *   pairs    a row for each reporter and partner that traded, with the total and a run of
 *            leaves (product, value, weight, quantity); indexed from both sides, so that the
 *            partner's side is as near as the reporter's
 *   matrices reporter x product and partner x product totals, so that a measure over the
 *            whole panel never touches a leaf
 *   margins  totals by reporter, by partner and by product
 *
 * For QUIPU_RECONCILED slabs "reporter" is the exporter and "partner" the importer.
 *
 * Opening maps the file and copies nothing: pointers given out stay good until
 * quipu_cube_close(), also when a writer has meanwhile replaced the file by name.  An open
 * cube is immutable and serves any number of threads.  The file is checksummed in blocks of
 * 64 KiB; a block is checked when it is first touched, so a damaged byte is an error
 * (E_FORMAT, naming the block) and never a wrong figure.  Byte layout: docs/format.md.
 */
#ifndef QUIPU_CUBE_H
#define QUIPU_CUBE_H

#include "quipu/base.h"
#include "quipu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct quipu_cube quipu_cube;

QUIPU_API quipu_status quipu_cube_open(const char *path, quipu_cube **out,
                                       quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_cube_close(quipu_cube *cube); /* NULL is fine */
/* Does the file begin as a cube does?  False also for what is not there. */
QUIPU_API bool quipu_cube_is(const char *path);

/* ---- what the cube says of itself ---- */

/* "source", "release", "nomenclature" ("H0"), "valuation" ("FOB", "CIF", "FOB/CIF"),
 * "frequency" ("A", "M"), "engine" ...; NULL when the cube does not say. */
QUIPU_API const char *quipu_cube_meta(const quipu_cube *cube, const char *key);
/* All of it in file order, inputs ("input" = name, XXH3-128, bytes) included. */
QUIPU_API const quipu_pair_text *quipu_cube_meta_all(const quipu_cube *cube, size_t *count);
/* The import report as it was printed: text, or "" */
QUIPU_API const char *quipu_cube_import_report(const quipu_cube *cube);
/* All of the above as the lines a dump begins with: "#quipu 1", "#key value", "#report ...".
 * The caller frees *out with free(). */
QUIPU_API quipu_status quipu_cube_head(const quipu_cube *cube, char **out,
                                       quipu_error *err) QUIPU_MUST_CHECK;
/* XXH3-128 of the whole content as 32 hex digits: names the data of a result. */
QUIPU_API const char *quipu_cube_fingerprint(const quipu_cube *cube);
QUIPU_API uint64_t quipu_cube_bytes(const quipu_cube *cube);

typedef struct quipu_cube_country {
    uint16_t number; /* Comtrade/BACI code */
    char iso3[6];
    const char *name;
} quipu_cube_country;
/* In order of number. */
QUIPU_API const quipu_cube_country *quipu_cube_countries(const quipu_cube *cube, size_t *count);
/* Position of a country by number; -1 when the cube does not know it. */
QUIPU_API int quipu_cube_country_index(const quipu_cube *cube, unsigned number);

/* Product codes in text order; position = product index everywhere below. */
QUIPU_API size_t quipu_cube_n_products(const quipu_cube *cube);
QUIPU_API const char *quipu_cube_product(const quipu_cube *cube, size_t product);
/* All codes at once, for quipu_classify. */
QUIPU_API const char *const *quipu_cube_product_codes(const quipu_cube *cube);
/* First product at or after `code` in text order. */
QUIPU_API size_t quipu_cube_product_lower(const quipu_cube *cube, const char *code);

/* ---- slabs ---- */

enum { /* columns a slab has beside product and value */
       QUIPU_HAS_WEIGHT = 1,
       QUIPU_HAS_QUANTITY = 2,
       QUIPU_HAS_FLAGS = 4
};

typedef struct quipu_slab {
    quipu_period period;
    quipu_flow flow;
    uint32_t columns; /* QUIPU_HAS_... */
    uint32_t n_pairs;
    uint64_t rows; /* leaves */
    quipu_money total;
} quipu_slab;

/* Sorted by (period, flow). */
QUIPU_API const quipu_slab *quipu_cube_slabs(const quipu_cube *cube, size_t *count);
/* -1 when there is none. */
QUIPU_API int quipu_cube_find_slab(const quipu_cube *cube, quipu_period period,
                                   quipu_flow flow);

/* ---- pairs ---- */

/* The pairs of a slab, sorted by (reporter, partner), as parallel arrays, and the same seen
 * from the partner's side: by_partner[partner_start[j] .. partner_start[j+1]) are the
 * positions of the pairs with partner j, in order of reporter. */
typedef struct quipu_pairs {
    size_t n_countries; /* both axes */
    size_t n_pairs;
    const uint32_t *reporter_start;       /* n_countries + 1 */
    const uint16_t *partner;              /* n_pairs */
    const uint16_t *reporter;             /* n_pairs */
    const quipu_money *total;             /* n_pairs */
    const uint32_t *rows;                 /* n_pairs: leaves of the pair */
    const uint32_t *partner_start;        /* n_countries + 1 */
    const uint32_t *by_partner;           /* n_pairs */
    const quipu_money *by_reporter_total; /* n_countries */
    const quipu_money *by_partner_total;  /* n_countries */
    const quipu_money *by_product_total;  /* n_products */
    uint32_t max_rows;                    /* the largest pair: the size of a leaf buffer */
} quipu_pairs;

/* Borrow; checks the index on first use (about 50 us for a world year). */
QUIPU_API quipu_status quipu_cube_pairs(const quipu_cube *cube, size_t slab, quipu_pairs *out,
                                        quipu_error *err) QUIPU_MUST_CHECK;
/* Position of the pair or -1. */
QUIPU_API ptrdiff_t quipu_pairs_find(const quipu_pairs *pairs, unsigned reporter,
                                     unsigned partner);

/* ---- leaves ---- */

/* Room for the leaves of one pair; the caller owns it and may use it again and again. */
typedef struct quipu_leaves {
    size_t n;
    uint32_t *product; /* rising */
    quipu_money *value;
    quipu_quantity *weight;   /* thousandths of kg; QUIPU_QUANTITY_MISSING where absent */
    quipu_quantity *quantity; /* thousandths of the unit */
    uint8_t *unit;            /* UN quantity unit code, 1 = none */
    uint8_t *flags;           /* two bits each: value, quantity, weight: see quipu_flag */
    size_t capacity;
} quipu_leaves;

typedef enum quipu_flag {
    QUIPU_REPORTED = 0,
    QUIPU_MIRRORED = 1,
    QUIPU_ESTIMATED = 2,
    QUIPU_CONVERTED = 3
} quipu_flag;
#define QUIPU_FLAG_VALUE(flags)    ((quipu_flag)((flags)&3u))
#define QUIPU_FLAG_QUANTITY(flags) ((quipu_flag)(((flags) >> 2) & 3u))
#define QUIPU_FLAG_WEIGHT(flags)   ((quipu_flag)(((flags) >> 4) & 3u))

/* A value that is missing while the row is there (quantity without value). */
#define QUIPU_MONEY_MISSING ((quipu_money)-1)

enum {
    QUIPU_READ_VALUE = 0,
    QUIPU_READ_WEIGHT = 1,
    QUIPU_READ_QUANTITY = 2,
    QUIPU_READ_FLAGS = 4
};

/* Decode the leaves of a pair: product and value always, the rest as asked by `what`
 * (columns the slab lacks come back as missing / 0).  About 1 ns a value. */
QUIPU_API quipu_status quipu_cube_leaves(const quipu_cube *cube, size_t slab, size_t pair,
                                         uint32_t what, quipu_leaves *into,
                                         quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_leaves_free(quipu_leaves *leaves); /* a zeroed one is fine */

/* ---- matrices ---- */

typedef enum quipu_side { QUIPU_BY_REPORTER, QUIPU_BY_PARTNER } quipu_side;

/* country x product totals.  Dense: `dense[c * n_products + k]`, 0 where nothing was traded.
 * Sparse (dense == NULL): row c is product[start[c] .. start[c+1]) with value[...]. */
typedef struct quipu_matrix {
    size_t n_countries, n_products;
    const quipu_money *dense;
    const uint32_t *start;
    const uint32_t *product;
    const quipu_money *value;
} quipu_matrix;

QUIPU_API quipu_status quipu_cube_matrix(const quipu_cube *cube, size_t slab, quipu_side side,
                                         quipu_matrix *out, quipu_error *err) QUIPU_MUST_CHECK;
/* The same when only some rows will be read: nothing else of it is looked at, so a question
 * about one country does not pay for the checksums of all. */
QUIPU_API quipu_status quipu_cube_matrix_rows(const quipu_cube *cube, size_t slab,
                                              quipu_side side, const uint32_t *countries,
                                              size_t n_countries, quipu_matrix *out,
                                              quipu_error *err) QUIPU_MUST_CHECK;
/* Add row `country` of the matrix into sum[n_products]; E_DATA on overflow. */
QUIPU_API quipu_status quipu_matrix_add_row(const quipu_matrix *matrix, size_t country,
                                            quipu_money *sum,
                                            quipu_error *err) QUIPU_MUST_CHECK;

/* ---- tariffs: the second table ---- */

typedef enum quipu_duty {
    QUIPU_DUTY_APPLIED = 0, /* AHS */
    QUIPU_DUTY_MFN = 1,
    QUIPU_DUTY_PREFERENCE = 2, /* PRF */
    QUIPU_DUTY_BOUND = 3       /* BND */
} quipu_duty;

#define QUIPU_RATE_MISSING INT32_MIN
/* Rates are in ten-thousandths of a per cent. */
typedef struct quipu_tariff {
    quipu_period trade_period; /* 0 when the row has a tariff but no trade */
    quipu_period tariff_period;
    uint32_t product;
    uint16_t reporter, partner;
    int32_t duty; /* quipu_duty */
    int32_t simple_average, weighted_average, standard_deviation, minimum, maximum;
    int32_t lines;                               /* tariff lines; -1 = not given */
    int32_t domestic_peaks, international_peaks; /* lines above the peak; -1 = not given */
    int32_t binding_coverage;                    /* ten-thousandths of a per cent */
    int32_t reserved[2];                         /* zero */
    quipu_money value; /* imports the rate applies to; QUIPU_MONEY_MISSING */
} quipu_tariff;

/* Sorted by (tariff period, reporter, partner, product, duty). */
QUIPU_API quipu_status quipu_cube_tariffs(const quipu_cube *cube, const quipu_tariff **first,
                                          size_t *count, quipu_error *err) QUIPU_MUST_CHECK;

/* ---- firms: the third table, where declarations told whose trade it is ----
 *
 * The rows of a slab by firm, in order of (firm, reporter, partner, product), each once, in
 * blocks of whole firms.  A firm is a number, the same in all slabs; names are not kept.  Each
 * reporter has firms of its own, which stand together.  The rows add up to the slab, pair by
 * pair.
 */

/* Cells of fewer firms are confidential, unless the cube was imported with another number. */
#define QUIPU_MIN_FIRMS 3

#define QUIPU_FIRM_UNKNOWN 0u /* the declaration did not say; not a firm to be counted */

/* Firms are numbered from 1 to this; 0: the cube does not know its firms. */
QUIPU_API uint32_t quipu_cube_n_firms(const quipu_cube *cube);

/* Room for the rows of one block; the caller owns it and may use it again and again. */
typedef struct quipu_firm_rows {
    size_t n;
    uint32_t *firm;
    uint16_t *reporter, *partner; /* positions, as in pairs */
    uint32_t *product;
    quipu_money *value; /* QUIPU_MONEY_MISSING: declared without a value */
    size_t capacity;
    int64_t *scratch;
} quipu_firm_rows;

/* How many blocks the slab has; 0 where the cube knows no firms. */
QUIPU_API quipu_status quipu_cube_firm_blocks(const quipu_cube *cube, size_t slab, size_t *out,
                                              quipu_error *err) QUIPU_MUST_CHECK;
/* Decode a block; after an error it has no rows. */
QUIPU_API quipu_status quipu_cube_firm_block(const quipu_cube *cube, size_t slab, size_t block,
                                             quipu_firm_rows *into,
                                             quipu_error *err) QUIPU_MUST_CHECK;
/* The same when only some reporters are wanted: bit r % 64 of word r / 64 for the country at
 * position r.  A block that is of one other reporter altogether is not unpacked, and has no
 * rows; any other has all of them. */
QUIPU_API quipu_status quipu_cube_firm_block_of(const quipu_cube *cube, size_t slab,
                                                size_t block, const uint64_t *reporters,
                                                quipu_firm_rows *into,
                                                quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_firm_rows_free(quipu_firm_rows *rows); /* a zeroed one is fine */

/* ---- verify ---- */

/* Lists every problem found (columns: section, slab, byte, problem); no rows = sound.  Checks
 * all checksums, the order and range of every code, that pairs, matrices and margins equal
 * the sums of their leaves, and that firms add up to pairs.  Only E_IO, E_NOMEM are errors: a
 * bad file is a full table. */
QUIPU_API quipu_status quipu_cube_verify(const char *path, quipu_table *problems,
                                         quipu_error *err) QUIPU_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
