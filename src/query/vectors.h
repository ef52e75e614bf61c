/* SPDX-License-Identifier: Apache-2.0 */
/* vectors.h (private) - roll-ups with the product dimension: keys.c adds up, vectors.c hands
 * out the work.
 *
 * A key is a group and a period of the result.  All items of a key are added up by product,
 * and only then is each product total divided among classes, once: so the division does not
 * depend on whether the total came from a margin, a matrix or a thousand leaves.
 */
#ifndef QI_QUERY_VECTORS_H
#define QI_QUERY_VECTORS_H

#include "query/rollup.h"

#define QI_MANY_CLASSES (-1)

/* Of one thread. */
typedef struct qi_worker {
    qi_reader reader;
    quipu_money *sum; /* by product */
    quipu_quantity *weight;
    uint64_t *rows;
    quipu_money *class_sum; /* by class */
    quipu_quantity *class_weight;
    uint64_t *class_rows;
    int64_t *part;
    uint32_t *count; /* by product or class: for dealing out runs */
    qi_cell_list run;
    quipu_money split;
    size_t low, high; /* products touched in `sum` */
} qi_worker;

typedef struct qi_job {
    qi_rollup *r;
    const quipu_mapping *classes;
    int32_t *only;     /* the one class of a product, or QI_MANY_CLASSES */
    uint32_t *divided; /* products with many */
    size_t n_divided, most_parts;
    qi_worker *workers;
    qi_cell_list *outs; /* of each task, or one for all */
    bool one_out;
    bool placed; /* the outs are parts of one list, of just the size needed */
    size_t *cut; /* task t has the items cut[t] .. cut[t + 1] */
    size_t n_tasks;
    bool by_product; /* while large groups are reduced: no classes yet */
} qi_job;

/* Where cells of one key go. */
typedef struct qi_place {
    qi_cell_list *out;
    uint32_t reporter, partner;
} qi_place;

quipu_status qi_worker_ready(const qi_job *j, qi_worker *w, quipu_error *err);
void qi_worker_free(qi_worker *w);
/* Items first[0..n) are one whole key; `reduced`: their position is a reduced vector. */
quipu_status qi_close_key(const qi_job *j, qi_worker *w, const qi_item *first, size_t n,
                          bool reduced, qi_place to, quipu_error *err);

static inline size_t qi_product_of(const qi_vector *v, size_t i) {
    return v->product != NULL ? v->product[i] : i;
}

#endif
