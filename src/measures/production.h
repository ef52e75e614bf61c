/* SPDX-License-Identifier: Apache-2.0 */
/* production.h (private) - what industries of a country produce: a table of the user's.
 *
 *   #quipu output 1
 *   #source INEI
 *   #nomenclature I3          or a class scheme: technology, sector, ...
 *   #unit 1000 USD            a power of ten and a currency
 *   country,year,sector,output
 *   PER,2007,17,1234.5
 *
 * Sectors of I3 may be given at any level; none may be part of another.  A currency other than
 * USD needs a column `rate`, units of it for one dollar, the average of the year.
 */
#ifndef QI_MEASURES_PRODUCTION_H
#define QI_MEASURES_PRODUCTION_H

#include "measures/common.h"

typedef struct qi_production_row {
    uint64_t line;
    uint32_t column;  /* of the sector, for complaints */
    uint16_t country; /* id */
    quipu_period year;
    const char *sector; /* as typed */
    uint32_t label;     /* its position among the sectors; set by qi_sectors_make */
    bool known;         /* false: an empty field */
    quipu_money output;
} qi_production_row;

typedef struct qi_production {
    const char *path;
    const char *source, *release, *nomenclature; /* "" when not said; "I3" */
    uint64_t nomenclature_line;                  /* 0 = not said */
    uint64_t fingerprint;                        /* XXH3 of the bytes */
    qi_production_row
        *rows; /* as in the file; by (country, year, label) after qi_sectors_make */
    size_t n_rows;
} qi_production;

/* Texts live in the arena.  Errors name file, line and column. */
quipu_status qi_production_read(const quipu_nomen *nomen, const char *path, qi_arena *arena,
                                qi_production *out, quipu_error *err);
quipu_status qi_production_parse(const quipu_nomen *nomen, const char *path, const char *bytes,
                                 size_t length, qi_arena *arena, qi_production *out,
                                 quipu_error *err);

/* The sectors of the table as classes of the cube's products: what belongs to none goes to the
 * last one.  Rows get their labels and are put in order. */
typedef struct qi_sectors {
    quipu_mapping
        mapping;        /* arrays in the arena of the caller: not freed by quipu_mapping_free */
    quipu_mapping sure; /* the same, where products of several sectors go to none */
} qi_sectors;
quipu_status qi_sectors_make(const quipu_nomen *nomen, const quipu_cube *cube,
                             bool gold_primary, qi_production *production, qi_arena *arena,
                             qi_sectors *out, quipu_error *err);

/* NULL: the table has no such row. */
const qi_production_row *qi_production_find(const qi_production *production, unsigned country,
                                            quipu_period year, size_t label);

#endif
