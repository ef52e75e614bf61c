/* SPDX-License-Identifier: Apache-2.0 */
/* rollup.h (private) - the inside of a roll-up, shared by plan.c, vectors.c, cells.c, rollup.c.
 *
 * A plan is a list of items, each a thing to be read (a margin, a pair, a row of a matrix, the
 * leaves of a pair) that goes to one group (a reporter and partner of the result) and one
 * period.  Without the product dimension every item is one number; with it, a vector over
 * products.
 *
 *   choose path -> items by period -> [numbers: add into a dense table group x period]
 *                                  -> [vectors: sort by group, add up, divide into classes]
 */
#ifndef QI_ROLLUP_H
#define QI_ROLLUP_H

#include "query/query.h"

typedef enum qi_path {
    QI_PATH_MARGINS,  /* totals of one axis */
    QI_PATH_PRODUCTS, /* totals by product */
    QI_PATH_PAIRS,
    QI_PATH_MATRIX, /* one axis by product */
    QI_PATH_LEAVES
} qi_path;

typedef struct qi_item {
    uint32_t group;
    uint32_t period;   /* position in view->periods */
    uint32_t position; /* country, pair or reduced vector */
    uint32_t work;     /* numbers to be read */
} qi_item;

/* Growing arrays of the result's cells. */
typedef struct qi_cell_list {
    size_t n, capacity;
    bool rich; /* weight and rows are kept too */
    uint32_t *reporter, *partner, *product, *period;
    quipu_money *value;
    quipu_quantity *weight;
    uint64_t *rows;
} qi_cell_list;
bool qi_cells_reserve(qi_cell_list *cells, size_t more);
void qi_cells_clear(qi_cell_list *cells); /* frees */

/* Products of one item, or of several already added up. */
typedef struct qi_vector {
    size_t n;
    const uint32_t *product; /* rising; NULL = value[i] is product i */
    const quipu_money *value;
    const quipu_quantity *weight; /* NULL = not read */
    const uint64_t *rows;         /* NULL = one each */
} qi_vector;

typedef struct qi_rollup {
    const quipu_view *view;
    const qi_view_impl *inside;
    const quipu_rollup_options *options;
    qi_arena arena;
    qi_path path;
    bool ours; /* margins, matrix: of the reporter's axis; false = the partner's */
    bool rich; /* weight or rows are asked for */
    unsigned threads;
    uint64_t task_work; /* above which an item list is cut into tasks */
    size_t n_products;
    quipu_matrix *matrix; /* of each period */
    /* Countries of each axis that may occur, rising; one 0 when the axis is summed away. */
    uint32_t *reporter, *partner;
    uint32_t *reporter_slot, *partner_slot; /* country to position in the above */
    size_t n_reporters, n_partners, n_groups;
    qi_item *items;
    size_t n_items;
    uint64_t work, bytes;
    qi_cell_list *reduced; /* of groups too large for one thread */
    size_t n_reduced;
} qi_rollup;

static inline uint32_t qi_period_slot(const qi_rollup *r, uint32_t period) {
    return (r->options->dims & QUIPU_DIM_PERIOD) ? period : 0;
}

/* plan.c */
quipu_status qi_plan(qi_rollup *r, quipu_error *err);
quipu_status qi_plan_sort(qi_rollup *r, quipu_error *err);
const char *qi_path_name(qi_path path);

/* read.c: a worker's buffers, and one item read into them */
typedef struct qi_reader {
    quipu_leaves leaves;
    uint32_t *product; /* what the product filter lets through */
    quipu_money *value;
    quipu_quantity *weight;
} qi_reader;
quipu_status qi_read_item(const qi_rollup *r, const qi_item *item, qi_reader *reader,
                          qi_vector *out, quipu_error *err);
void qi_reader_free(qi_reader *reader);

/* numbers.c, vectors.c: the two kinds of answer */
quipu_status qi_rollup_numbers(qi_rollup *r, qi_cell_list *out, quipu_error *err);
quipu_status qi_rollup_vectors(qi_rollup *r, qi_cell_list *out, quipu_money *split,
                               quipu_error *err);

quipu_status qi_too_large(quipu_error *err); /* E_DATA: a sum does not fit */
quipu_status qi_rollup_stop(const quipu_rollup_options *options, quipu_error *err);
/* Missing when one part is. */
static inline bool qi_add_weight(quipu_quantity *sum, quipu_quantity weight) {
    if (*sum == QUIPU_QUANTITY_MISSING || weight == QUIPU_QUANTITY_MISSING) {
        *sum = QUIPU_QUANTITY_MISSING;
        return true;
    }
    return qi_add_money(sum, weight);
}

/* The roll-up with tasks of a given size, which the answer does not depend on: for tests. */
quipu_status qi_rollup_cut(const quipu_view *view, const quipu_rollup_options *options,
                           uint64_t task_work, quipu_cells *out, quipu_error *err);

#endif
