/* SPDX-License-Identifier: Apache-2.0 */
/* read.c - one item of a plan as a vector over products, product filter applied.
 *
 * Without a filter rows of a matrix are handed on as they lie in the file.  A missing value
 * counts as nothing here; that its row exists is counted.
 */
#include "query/rollup.h"

/* Up to so many ranges are looked up one by one, else every number is asked. */
enum { FEW_RANGES = 8 };

static quipu_status make_room(const qi_rollup *r, qi_reader *reader, quipu_error *err) {
    if (reader->product != NULL)
        return QUIPU_OK;
    size_t n = r->n_products + 1;
    reader->product = malloc(n * sizeof *reader->product);
    reader->value = malloc(n * sizeof *reader->value);
    reader->weight = malloc(n * sizeof *reader->weight);
    if (reader->product && reader->value && reader->weight)
        return QUIPU_OK;
    return qi_fail_memory(err, n * 20);
}

void qi_reader_free(qi_reader *reader) {
    quipu_leaves_free(&reader->leaves);
    free(reader->product);
    free(reader->value);
    free(reader->weight);
    memset(reader, 0, sizeof *reader);
}

static size_t lower(const uint32_t *product, size_t n, size_t from, uint32_t wanted) {
    size_t low = from, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (product[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Copy the selected products of `v` into the reader's buffers. */
static void filter(const qi_rollup *r, qi_reader *reader, qi_vector *v) {
    const qi_product_set *set = &r->inside->products;
    size_t n = 0;
#define KEEP(i, k)                                                                             \
    do {                                                                                       \
        reader->product[n] = (uint32_t)(k);                                                    \
        reader->value[n] = v->value[i];                                                        \
        if (v->weight != NULL)                                                                 \
            reader->weight[n] = v->weight[i];                                                  \
        n++;                                                                                   \
    } while (0)
    if (v->product == NULL) {
        for (size_t s = 0; s < set->n_ranges; s++)
            for (uint32_t k = set->ranges[s].first; k < set->ranges[s].end; k++)
                KEEP(k, k);
    } else if (set->n_ranges <= FEW_RANGES) {
        size_t i = 0;
        for (size_t s = 0; s < set->n_ranges; s++) {
            i = lower(v->product, v->n, i, set->ranges[s].first);
            for (; i < v->n && v->product[i] < set->ranges[s].end; i++)
                KEEP(i, v->product[i]);
        }
    } else {
        for (size_t i = 0; i < v->n; i++)
            if (set->mask[v->product[i]])
                KEEP(i, v->product[i]);
    }
#undef KEEP
    *v = (qi_vector){.n = n,
                     .product = reader->product,
                     .value = reader->value,
                     .weight = v->weight != NULL ? reader->weight : NULL};
}

static quipu_status read_leaves(const qi_rollup *r, const qi_item *item, qi_reader *reader,
                                qi_vector *out, quipu_error *err) {
    bool weight = r->options->weight;
    QI_TRY(quipu_cube_leaves(r->view->cube, (size_t)r->view->slab[item->period], item->position,
                             weight ? QUIPU_READ_WEIGHT : QUIPU_READ_VALUE, &reader->leaves,
                             err));
    quipu_money *value = reader->leaves.value;
    for (size_t i = 0; i < reader->leaves.n; i++)
        value[i] = value[i] < 0 ? 0 : value[i];
    *out = (qi_vector){.n = reader->leaves.n,
                       .product = reader->leaves.product,
                       .value = value,
                       .weight = weight ? reader->leaves.weight : NULL};
    return QUIPU_OK;
}

static void read_matrix(const qi_rollup *r, const qi_item *item, qi_vector *out) {
    const quipu_matrix *m = &r->matrix[item->period];
    if (m->dense != NULL) {
        *out = (qi_vector){.n = m->n_products,
                           .value = m->dense + (size_t)item->position * m->n_products};
        return;
    }
    uint32_t from = m->start[item->position];
    *out = (qi_vector){.n = m->start[item->position + 1] - from,
                       .product = m->product + from,
                       .value = m->value + from};
}

quipu_status qi_read_item(const qi_rollup *r, const qi_item *item, qi_reader *reader,
                          qi_vector *out, quipu_error *err) {
    QI_TRY(qi_rollup_stop(r->options, err));
    if (r->path == QI_PATH_LEAVES)
        QI_TRY(read_leaves(r, item, reader, out, err));
    else if (r->path == QI_PATH_MATRIX)
        read_matrix(r, item, out);
    else
        *out = (qi_vector){.n = r->n_products,
                           .value = r->inside->pairs[item->period].by_product_total};
    if (r->view->products == NULL)
        return QUIPU_OK;
    QI_TRY(make_room(r, reader, err));
    filter(r, reader, out);
    return QUIPU_OK;
}
