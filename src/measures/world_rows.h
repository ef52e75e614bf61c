/* SPDX-License-Identifier: Apache-2.0 */
/* world_rows.h (private) - what each country trades of each product with all others, straight
 * from the stored matrices of a cube: the same figures as a frame by country and product, for
 * measures that look at every country and would copy millions of cells to see each once. */
#ifndef QI_MEASURES_WORLD_ROWS_H
#define QI_MEASURES_WORLD_ROWS_H

#include "measures/vectors.h"

typedef struct qi_world_rows {
    bool ready; /* else take a frame */
    const qi_axis *countries, *goods;
    const uint8_t *selected; /* products; NULL = all */
    quipu_matrix *matrix;    /* of each period; zeroed where there is none */
} qi_world_rows;

/* Is ready when the axis holds single countries, goods are products, and the other side of
 * the trade is everyone; `cut` as for the frame.  Belongs to the ask. */
quipu_status qi_world_rows_open(qi_ask *ask, const qi_cut *cut, qi_axis_kind countries,
                                qi_world_rows *out, quipu_error *err);
/* As qi_vector_read of the group of `key`. */
quipu_status qi_world_rows_read(const qi_world_rows *rows, uint64_t key, size_t period,
                                qi_vector *out, quipu_error *err);
/* The value at the country and product of `key`; 0 where there is none. */
quipu_money qi_world_rows_at(const qi_world_rows *rows, uint64_t key, size_t period);

#endif
