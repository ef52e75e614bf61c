/* SPDX-License-Identifier: Apache-2.0 */
/* skyline.h (private) - the preconditioner: exact factors of the equations of small parts.
 *
 * Exporter-years and importer-years meet only in rows of their year.  Leaving aside what joins
 * years through the pairs, the reduced equations fall into one part for each year (or sector and
 * year), and each is factored by Cholesky.  A part is stored row by row from the first entry
 * that is not zero (its skyline, also called envelope); the rows of the set with most levels
 * stand first and have nothing but their diagonal, so that only the other set fills in.  Parts
 * that are too large that way, but long and thin, are ordered from one end to the other
 * (Cuthill & McKee 1969); what is too large in any order is left to the diagonal.
 *
 * With a single set left after elimination its parts are factored together with the set
 * eliminated, and the factors are exact.
 */
#ifndef QI_GRAVITY_SKYLINE_H
#define QI_GRAVITY_SKYLINE_H

#include "gravity/estimate.h"

typedef struct qi_part {
    uint32_t first, n; /* in `order` */
} qi_part;

struct qi_skyline {
    qi_arena arena;
    const qi_sample *s;
    size_t n_levels; /* of the rest, and of the set eliminated where it is factored too */
    size_t n_own;    /* of the rest */
    bool exact;      /* the set eliminated is factored too */
    size_t n_parts;
    qi_part *parts;
    uint32_t *order; /* levels, part by part; those of no part are not there */
    uint32_t *place; /* of each level in its part */
    uint32_t *start; /* of each level: first column of its row */
    int64_t
        *row; /* of each level: where column 0 of its row would be; INT64_MIN = in no part */
    uint8_t *pinned; /* 1 = zero in every solution: one level of each set but one in a part,
                        * as a part is determined but for a constant of each of these */
    size_t n_values;
    double *value;
    double *inverse; /* 1 / pivot by position in `order`; 0 = not in the factors */
    double *room;    /* by position in `order`, lanes */
};

/* The parts and their order (parts.c). */
quipu_status qi_parts_find(qi_skyline *k, quipu_error *err);

#endif
