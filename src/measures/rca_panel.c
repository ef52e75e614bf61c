/* SPDX-License-Identifier: Apache-2.0 */
/* rca_panel.c - one pass from a stored matrix to a dense panel of Balassa indexes. */
#include "measures/rca.h"

enum { ROWS_OF_TASK = 16 };

typedef struct job {
    quipu_matrix matrix;
    const quipu_money *by_country; /* x_i */
    double *by_product;            /* x_wk */
    double total;                  /* x_w */
    double *panel;
} job;

void qi_rca_row(const quipu_money *values, size_t n, const qi_rca_totals *sums, double *out) {
    const double *x_wk = sums->x_wk;
    double x_i = sums->x_i, x_w = sums->x_w;
    for (size_t k = 0; k < n; k++) {
        double index = qi_rca((double)values[k], x_i, x_wk[k], x_w);
        out[k] = x_i > 0 && x_wk[k] > 0 ? index : QI_RCA_MISSING;
    }
}

static void fill_sparse(const job *j, size_t country, double x_i, double *out) {
    const quipu_matrix *m = &j->matrix;
    for (size_t k = 0; k < m->n_products; k++)
        out[k] = j->by_product[k] > 0 ? 0.0 : QI_RCA_MISSING;
    for (uint32_t i = m->start[country]; i < m->start[country + 1]; i++) {
        double x_wk = j->by_product[m->product[i]];
        if (x_wk > 0)
            out[m->product[i]] = qi_rca((double)m->value[i], x_i, x_wk, j->total);
    }
}

static quipu_status fill_rows(void *user, size_t task, unsigned worker, quipu_error *err) {
    const job *j = user;
    const quipu_matrix *m = &j->matrix;
    size_t end = (task + 1) * ROWS_OF_TASK;
    QI_UNUSED(worker);
    QI_UNUSED(err);
    for (size_t c = task * ROWS_OF_TASK; c < end && c < m->n_countries; c++) {
        double *out = j->panel + c * m->n_products;
        double x_i = (double)j->by_country[c];
        qi_rca_totals sums = {x_i, j->total, j->by_product};
        if (x_i > 0 && m->dense != NULL)
            qi_rca_row(m->dense + c * m->n_products, m->n_products, &sums, out);
        else if (x_i > 0)
            fill_sparse(j, c, x_i, out);
        else
            for (size_t k = 0; k < m->n_products; k++)
                out[k] = QI_RCA_MISSING;
    }
    return QUIPU_OK;
}

/* What the reference exports by product, exactly, and in all. */
static quipu_status add_reference(job *j, const uint64_t *reference, quipu_error *err) {
    const quipu_matrix *m = &j->matrix;
    quipu_money *sum = calloc(m->n_products + 1, sizeof *sum), total = 0;
    if (sum == NULL)
        return qi_fail_memory(err, m->n_products * sizeof *sum);
    quipu_status status = QUIPU_OK;
    for (size_t c = 0; c < m->n_countries && status == QUIPU_OK; c++)
        if ((reference[c / 64] >> (c % 64)) & 1u)
            status = quipu_matrix_add_row(m, c, sum, err);
    for (size_t k = 0; k < m->n_products && status == QUIPU_OK; k++) {
        j->by_product[k] = (double)sum[k];
        if (!qi_add_money(&total, sum[k]))
            status = qi_fail(err, QUIPU_E_DATA, "the reference exports more than 9.2e15 US$");
    }
    j->total = (double)total;
    free(sum);
    return status;
}

quipu_status qi_rca_panel(const quipu_cube *cube, size_t slab, const qi_rca_options *options,
                          double *panel, quipu_error *err) {
    job j = {.panel = panel};
    quipu_pairs pairs;
    size_t n_slabs;
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n_slabs);
    QI_TRY(quipu_cube_matrix(cube, slab, options->side, &j.matrix, err));
    QI_TRY(quipu_cube_pairs(cube, slab, &pairs, err));
    j.by_country =
        options->side == QUIPU_BY_REPORTER ? pairs.by_reporter_total : pairs.by_partner_total;
    j.by_product = malloc((j.matrix.n_products + 1) * sizeof *j.by_product);
    if (j.by_product == NULL)
        return qi_fail_memory(err, j.matrix.n_products * sizeof *j.by_product);
    quipu_status status = QUIPU_OK;
    if (options->reference != NULL) {
        status = add_reference(&j, options->reference, err);
    } else {
        for (size_t k = 0; k < j.matrix.n_products; k++)
            j.by_product[k] = (double)pairs.by_product_total[k];
        j.total = (double)slabs[slab].total;
    }
    size_t n_tasks = (j.matrix.n_countries + ROWS_OF_TASK - 1) / ROWS_OF_TASK;
    if (status == QUIPU_OK)
        status = qi_run_tasks(options->threads > 0 ? options->threads : qi_cpu_count(), n_tasks,
                              fill_rows, &j, err);
    free(j.by_product);
    return status;
}
