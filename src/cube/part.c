/* SPDX-License-Identifier: Apache-2.0 */
/* part.c - pack the leaves of a range of reporters and add up their matrices.  A run of
 * leaves is: product list, values, then weights, quantities with units, and flags as far as
 * the slab has those columns (docs/format.md). */
#include "codec.h"
#include "format.h"
#include "writer.h"

quipu_status qi_part_init(qi_part *part, size_t n_products, uint32_t columns,
                          int64_t *partner_matrix, quipu_error *err) {
    memset(part, 0, sizeof *part);
    part->n_products = n_products;
    part->columns = columns;
    part->reporter = -1;
    part->partner_matrix = partner_matrix;
    part->row = calloc(n_products + 1, sizeof *part->row);
    return part->row != NULL ? QUIPU_OK : qi_fail_memory(err, n_products * sizeof *part->row);
}

void qi_part_free(qi_part *part) {
    qi_buffer_free(&part->leaves);
    free(part->pairs.items);
    free(part->matrix.items);
    free(part->row);
    memset(part, 0, sizeof *part);
}

void qi_part_reset(qi_part *part, uint32_t columns, int64_t *partner_matrix) {
    part->columns = columns;
    part->leaves.length = 0;
    part->pairs.n = part->matrix.n = 0;
    part->reporter = -1;
    part->partner_matrix = partner_matrix;
}

/* Move the current reporter's products from the row into the matrix. */
static quipu_status flush_row(qi_part *part, quipu_error *err) {
    if (part->reporter < 0)
        return QUIPU_OK;
    if (!QI_ROOM(&part->matrix, part->n_products))
        return qi_fail_memory(err, part->n_products * sizeof(qi_matrix_cell));
    for (size_t k = 0; k < part->n_products; k++) {
        if (part->row[k] == 0)
            continue;
        part->matrix.items[part->matrix.n++] =
            (qi_matrix_cell){(uint16_t)part->reporter, (uint32_t)k, part->row[k]};
        part->row[k] = 0;
    }
    return QUIPU_OK;
}

static bool pack_leaves(qi_part *part, const quipu_leaves *leaves) {
    qi_buffer *out = &part->leaves;
    bool ok = qi_encode_products(out, leaves->product, leaves->n, part->n_products) &&
              qi_encode_values(out, leaves->value, leaves->n, QUIPU_MONEY_MISSING);
    if (ok && (part->columns & QUIPU_HAS_WEIGHT))
        ok = qi_encode_values(out, leaves->weight, leaves->n, QUIPU_QUANTITY_MISSING);
    if (ok && (part->columns & QUIPU_HAS_QUANTITY))
        ok = qi_encode_values(out, leaves->quantity, leaves->n, QUIPU_QUANTITY_MISSING) &&
             qi_encode_bytes(out, leaves->unit, leaves->n);
    if (ok && (part->columns & QUIPU_HAS_FLAGS))
        ok = qi_encode_bytes(out, leaves->flags, leaves->n);
    return ok;
}

/* Add the pair's values into the sums and begin its record. */
static quipu_status begin_pair(qi_part *part, unsigned reporter, unsigned partner,
                               const quipu_leaves *leaves, quipu_error *err) {
    if ((int)reporter != part->reporter) {
        QI_TRY(flush_row(part, err));
        part->reporter = (int)reporter;
    }
    qi_pair_record pair = {(uint16_t)reporter, (uint16_t)partner, (uint32_t)leaves->n, 0,
                           part->leaves.length};
    int64_t *row = part->row, total = 0;
    int64_t *column =
        part->partner_matrix != NULL ? part->partner_matrix + partner * part->n_products : NULL;
    bool over = false, below = false;
    if (leaves->n == 0 || leaves->n > part->n_products)
        return qi_fail(err, QUIPU_E_BUG, "a pair with %zu leaves", leaves->n);
    for (size_t i = 0; i < leaves->n; i++) {
        int64_t value = leaves->value[i];
        uint32_t product = leaves->product[i];
        if (value == QUIPU_MONEY_MISSING)
            continue;
        below |= value < 0;
        over |= __builtin_add_overflow(total, value, &total);
        over |= __builtin_add_overflow(row[product], value, &row[product]);
        if (column != NULL)
            over |= __builtin_add_overflow(column[product], value, &column[product]);
    }
    pair.total = total;
    if (below)
        return qi_fail(err, QUIPU_E_BUG, "a value below zero");
    if (over)
        return qi_fail(err, QUIPU_E_DATA,
                       "the sum of a pair or product is beyond 9.2e15 US$: "
                       "a value or its unit must be wrong");
    return QI_PUSH(&part->pairs, pair) ? QUIPU_OK : qi_fail_memory(err, sizeof pair);
}

quipu_status qi_part_add(qi_part *part, unsigned reporter, unsigned partner,
                         const quipu_leaves *leaves, quipu_error *err) {
    QI_TRY(begin_pair(part, reporter, partner, leaves, err));
    return pack_leaves(part, leaves) ? QUIPU_OK : qi_fail_memory(err, leaves->n * 16);
}

quipu_status qi_part_add_packed(qi_part *part, unsigned reporter, unsigned partner,
                                const quipu_leaves *leaves, const uint8_t *columns,
                                size_t n_bytes, quipu_error *err) {
    QI_TRY(begin_pair(part, reporter, partner, leaves, err));
    bool ok = qi_encode_products(&part->leaves, leaves->product, leaves->n, part->n_products) &&
              qi_buffer_add(&part->leaves, columns, n_bytes);
    return ok ? QUIPU_OK : qi_fail_memory(err, n_bytes);
}

quipu_status qi_part_close(qi_part *part, quipu_error *err) {
    QI_TRY(flush_row(part, err));
    part->reporter = -1;
    return QUIPU_OK;
}
