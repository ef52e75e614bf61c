/* SPDX-License-Identifier: Apache-2.0 */
/* writer.h (private) - write a cube file, slab by slab.
 *
 * The work that costs time (packing leaves, adding up matrices) is done on parts, each a
 * range of reporters, which any thread may fill; the writer then takes the parts in order of
 * reporter, so the file is the same however many threads filled them.
 */
#ifndef QI_CUBE_WRITER_H
#define QI_CUBE_WRITER_H

#include "../base/base.h"
#include "quipu/cube.h"

typedef struct qi_cube_shape {
    const quipu_cube_country *countries; /* by number */
    size_t n_countries;
    const char *const *products; /* in text order */
    size_t n_products;
} qi_cube_shape;

typedef struct qi_pair_record {
    uint16_t reporter, partner;
    uint32_t rows;
    int64_t total;
    uint64_t offset; /* of the run in the part's leaves */
} qi_pair_record;

typedef struct qi_matrix_cell {
    uint16_t country;
    uint32_t product;
    int64_t value;
} qi_matrix_cell;

typedef struct qi_part {
    size_t n_products;
    uint32_t columns;
    qi_buffer leaves;
    QI_LIST(qi_pair_record) pairs;
    QI_LIST(qi_matrix_cell) matrix; /* reporter x product, in order */
    int64_t *row;                   /* the current reporter's products */
    int reporter;                   /* -1 = none yet */
    /* partner x product, n_countries * n_products, of the worker that fills the part: calloc'd
     * once for a slab, so untouched pages cost nothing.  May be NULL for tests of the codec. */
    int64_t *partner_matrix;
} qi_part;

quipu_status qi_part_init(qi_part *part, size_t n_products, uint32_t columns,
                          int64_t *partner_matrix, quipu_error *err);
/* Pairs come in order of (reporter, partner); leaves in order of product.  E_DATA: a sum does
 * not fit. */
quipu_status qi_part_add(qi_part *part, unsigned reporter, unsigned partner,
                         const quipu_leaves *leaves, quipu_error *err);
/* The same when the columns after the product list are packed already, exactly as this slab
 * wants them: `leaves` needs product and value only. */
quipu_status qi_part_add_packed(qi_part *part, unsigned reporter, unsigned partner,
                                const quipu_leaves *leaves, const uint8_t *columns,
                                size_t n_bytes, quipu_error *err);
/* After the last pair. */
quipu_status qi_part_close(qi_part *part, quipu_error *err);
void qi_part_free(qi_part *part);
/* Empty again for another slab, keeping its room. */
void qi_part_reset(qi_part *part, uint32_t columns, int64_t *partner_matrix);

typedef struct qi_cube_writer qi_cube_writer;

/* The shape is copied. */
quipu_status qi_writer_open(const char *path, const qi_cube_shape *shape, qi_cube_writer **out,
                            quipu_error *err);
quipu_status qi_writer_begin_slab(qi_cube_writer *writer, quipu_period period, quipu_flow flow,
                                  uint32_t columns, quipu_error *err);
quipu_status qi_writer_add_part(qi_cube_writer *writer, const qi_part *part, quipu_error *err);
/* `partner_matrix`: the workers' matrices, added together here. */
quipu_status qi_writer_end_slab(qi_cube_writer *writer, int64_t *const *partner_matrix,
                                size_t n_matrices, quipu_error *err);
quipu_status qi_writer_tariffs(qi_cube_writer *writer, const quipu_tariff *tariffs, size_t n,
                               quipu_error *err);
/* Rows by firm, of any slab that has ended: begin, add in order of (firm, reporter, partner,
 * product) as often as needed, end.  All slabs have them or none.  From the first row on the
 * file is for its owner only (mode 0600). */
quipu_status qi_writer_begin_firms(qi_cube_writer *writer, uint32_t slab, quipu_error *err);
quipu_status qi_writer_add_firm(qi_cube_writer *writer, uint32_t firm, unsigned reporter,
                                unsigned partner, uint32_t product, quipu_money value,
                                quipu_error *err);
quipu_status qi_writer_end_firms(qi_cube_writer *writer, quipu_error *err);
/* After the last slab of them: firms are numbered from 1 to n, which is at least 1.  Where no
 * declaration told whose trade it is, a cube has no rows by firm at all. */
quipu_status qi_writer_firms(qi_cube_writer *writer, uint32_t n, quipu_error *err);
/* Metadata that a cube has for its firms only: what has none leaves it out. */
static inline bool qi_is_of_firms(const char *key) {
    return strcmp(key, "firms") == 0 || strcmp(key, "min-firms") == 0;
}
/* Finish and make the file appear.  The writer is gone afterwards, also on failure. */
quipu_status qi_writer_commit(qi_cube_writer *writer, const quipu_pair_text *meta,
                              size_t n_meta, const char *report, uint64_t *bytes,
                              quipu_error *err);
void qi_writer_abandon(qi_cube_writer *writer); /* NULL is fine */

/* A block as format.md has it; false = no memory. */
bool qi_firms_pack(qi_buffer *out, const quipu_firm_rows *rows);
bool qi_firm_rows_reserve(quipu_firm_rows *rows, size_t n); /* false = no memory */
/* Below, at or above 0, as row a stands to row b. */
int qi_firm_row_order(const quipu_firm_rows *rows, size_t a, size_t b);
bool qi_leaves_reserve(quipu_leaves *leaves, size_t n); /* false = no memory */

#endif
