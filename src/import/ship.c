/* SPDX-License-Identifier: Apache-2.0 */
/* ship.c - slabs on their way into the file: while one is written, the next is packed. */
#include "merge.h"

#include <pthread.h>

struct qi_shipment {
    qi_merge *m;
    qi_cube_writer *writer;
    qi_slab_plan plan;
    size_t slab;
    qi_part parts[MAX_BLOCKS];
    size_t n_blocks, n_made; /* parts in use, parts ever made */
    int64_t *matrices[MAX_THREADS];
    size_t matrix_bytes;
    size_t last; /* of the first of the two: which one was loaded last */
    bool writing;
    pthread_t thread;
    quipu_status status;
    quipu_error error;
};

static quipu_status load_shipment(qi_shipment *s, const qi_slab_plan *plan, size_t n_blocks,
                                  quipu_error *err) {
    qi_merge *m = s->m;
    s->plan = *plan;
    s->n_blocks = n_blocks;
    s->matrix_bytes = (m->n_countries * m->n_kept + 1) * sizeof(int64_t);
    for (; s->n_made < n_blocks; s->n_made++)
        QI_TRY(qi_part_init(&s->parts[s->n_made], m->n_kept, 0, NULL, err));
    for (unsigned i = 0; i < m->threads; i++) {
        s->matrices[i] = qi_big_alloc(s->matrix_bytes);
        if (s->matrices[i] == NULL)
            return qi_fail_memory(err, s->matrix_bytes);
    }
    return QUIPU_OK;
}

static void *write_shipment(void *user) {
    qi_shipment *s = user;
    qi_merge *m = s->m;
    quipu_error *err = &s->error;
    quipu_period period = QI_KEY_PERIOD(s->plan.slab << 32);
    quipu_flow flow = (quipu_flow)QI_KEY_FLOW(s->plan.slab << 32);
    quipu_status status;
    QI_GO(qi_writer_begin_slab(s->writer, period, flow, s->plan.columns, err));
    for (size_t b = 0; b < s->n_blocks; b++) {
        QI_GO(qi_writer_add_part(s->writer, &s->parts[b], err)); /* the sum fits */
        for (size_t i = 0; i < s->parts[b].pairs.n; i++)
            m->slab_total[s->slab] += s->parts[b].pairs.items[i].total;
        for (size_t i = 0; i < s->parts[b].matrix.n; i++) {
            const qi_matrix_cell *cell = &s->parts[b].matrix.items[i];
            int64_t *sum = &m->product_value[cell->product];
            if (!qi_add_money(sum, cell->value))
                *sum = INT64_MAX;
        }
    }
    QI_GO(qi_writer_end_slab(s->writer, s->matrices, m->threads, err));
done:
    s->status = status;
    return NULL;
}

static void free_matrices(qi_shipment *s) {
    for (unsigned i = 0; i < s->m->threads; i++) {
        qi_big_free(s->matrices[i], s->matrix_bytes);
        s->matrices[i] = NULL;
    }
}

/* Wait until it is written, and make it empty. */
static quipu_status unload_shipment(qi_shipment *s, quipu_error *err) {
    if (s->writing)
        pthread_join(s->thread, NULL);
    s->writing = false;
    free_matrices(s);
    if (s->status != QUIPU_OK && err != NULL && err->status == QUIPU_OK)
        *err = s->error;
    return s->status;
}

static void empty_shipment(qi_shipment *s) {
    unload_shipment(s, NULL);
    for (size_t b = 0; b < s->n_made; b++)
        qi_part_free(&s->parts[b]);
}

static quipu_status pack_blocks(qi_shipment *mine, qi_pass *p, size_t n_blocks,
                                quipu_error *err) {
    QI_TRY(load_shipment(mine, p->plan, n_blocks, err));
    p->parts = mine->parts;
    for (unsigned i = 0; i < p->merge->threads; i++)
        p->workers[i].partner_matrix = mine->matrices[i];
    memset(p->ledgers, 0, n_blocks * sizeof *p->ledgers);
    memset(p->used_columns, 0, n_blocks * sizeof *p->used_columns);
    return qi_run_tasks(p->merge->threads, n_blocks, qi_merge_block, p, err);
}

quipu_status qi_ship_slab(qi_shipment *two, size_t s, qi_pass *p, size_t n_blocks,
                          quipu_error *err) {
    qi_shipment *mine = &two[s % 2], *other = &two[1 - s % 2];
    two->last = s % 2;
    qi_slab_plan exact = *p->plan;
    QI_TRY(pack_blocks(mine, p, n_blocks, err));
    exact.columns = 0;
    for (size_t b = 0; b < n_blocks; b++)
        exact.columns |= p->used_columns[b];
    if (exact.columns != p->plan->columns) {
        /* The only weights, say, stood in rows that were set aside: the slab has no such
         * column, as if those rows had not been there.  Rare, so pack it again. */
        const qi_slab_plan *rough = p->plan;
        free_matrices(mine);
        p->plan = &exact;
        quipu_status status = pack_blocks(mine, p, n_blocks, err);
        p->plan = rough;
        QI_TRY(status);
    }
    mine->slab = s;
    QI_TRY(unload_shipment(other, err));
    mine->writing = pthread_create(&mine->thread, NULL, write_shipment, mine) == 0;
    if (!mine->writing) /* no thread to be had: write it here */
        write_shipment(mine);
    return QUIPU_OK;
}

qi_shipment *qi_shipments_new(qi_merge *m, qi_cube_writer *writer) {
    qi_shipment *two = calloc(2, sizeof *two);
    for (int i = 0; two != NULL && i < 2; i++) {
        two[i].m = m;
        two[i].writer = writer;
    }
    return two;
}

quipu_status qi_shipments_finish(qi_shipment *two, quipu_error *err) {
    return unload_shipment(&two[two->last], err);
}

void qi_shipments_free(qi_shipment *two) {
    if (two == NULL)
        return;
    empty_shipment(&two[0]);
    empty_shipment(&two[1]);
    free(two);
}
