/* SPDX-License-Identifier: Apache-2.0 */
/* numbers.c - roll-ups without the product dimension: every item is one number.
 *
 * Items that must be read (rows, leaves) are turned into numbers in parallel, each into its
 * own place; the adding up is then one pass over the items, in order.
 */
#include "query/rollup.h"

typedef struct number {
    quipu_money value;
    quipu_quantity weight;
    uint64_t rows;
} number;

typedef struct job {
    qi_rollup *r;
    number *numbers; /* of each item */
    size_t *cut;     /* task t reads items cut[t] .. cut[t + 1] */
    qi_reader *readers;
} job;

static quipu_status add_vector(const qi_vector *v, number *out, quipu_error *err) {
    bool fits = true;
    for (size_t i = 0; i < v->n; i++)
        fits &= qi_add_money(&out->value, v->value[i]);
    if (v->weight != NULL)
        for (size_t i = 0; i < v->n; i++)
            fits &= qi_add_weight(&out->weight, v->weight[i]);
    out->rows = v->n;
    return fits ? QUIPU_OK : qi_too_large(err);
}

static quipu_status read_items(void *user, size_t task, unsigned worker, quipu_error *err) {
    job *j = user;
    for (size_t i = j->cut[task]; i < j->cut[task + 1]; i++) {
        qi_vector v;
        QI_TRY(qi_read_item(j->r, &j->r->items[i], &j->readers[worker], &v, err));
        QI_TRY(add_vector(&v, &j->numbers[i], err));
    }
    return QUIPU_OK;
}

static quipu_status read_all(qi_rollup *r, number **out, quipu_error *err) {
    job j = {.r = r};
    size_t n_tasks = 0;
    quipu_status status = QUIPU_OK;
    j.numbers = calloc(r->n_items + 1, sizeof *j.numbers);
    j.cut = malloc((r->n_items + 2) * sizeof *j.cut);
    j.readers = calloc(r->threads, sizeof *j.readers);
    if (j.numbers == NULL || j.cut == NULL || j.readers == NULL) {
        status = qi_fail_memory(err, r->n_items * sizeof *j.numbers);
        goto done;
    }
    uint64_t work = 0;
    j.cut[0] = 0;
    for (size_t i = 0; i < r->n_items; i++) {
        work += r->items[i].work;
        if (work >= r->task_work || i + 1 == r->n_items) {
            j.cut[++n_tasks] = i + 1;
            work = 0;
        }
    }
    status = qi_run_tasks(r->threads, n_tasks, read_items, &j, err);
done:
    if (j.readers != NULL)
        for (unsigned w = 0; w < r->threads; w++)
            qi_reader_free(&j.readers[w]);
    free(j.readers);
    free(j.cut);
    if (status != QUIPU_OK) {
        free(j.numbers);
        j.numbers = NULL;
    }
    *out = j.numbers;
    return status;
}

static number stored_number(const qi_rollup *r, const qi_item *item) {
    const quipu_pairs *pairs = &r->inside->pairs[item->period];
    if (r->path == QI_PATH_PAIRS)
        return (number){pairs->total[item->position], 0, pairs->rows[item->position]};
    const quipu_money *margin =
        r->ours != r->view->swapped ? pairs->by_reporter_total : pairs->by_partner_total;
    return (number){margin[item->position], 0, 0};
}

static quipu_status list_cells(const qi_rollup *r, const number *table, size_t n_slots,
                               qi_cell_list *out, quipu_error *err) {
    size_t n = 0;
    for (size_t i = 0; i < r->n_groups * n_slots; i++)
        n += table[i].value != 0 || (r->rich && table[i].rows != 0);
    if (!qi_cells_reserve(out, n))
        return qi_fail_memory(err, n * 24);
    for (size_t g = 0, i = 0; g < r->n_groups; g++)
        for (size_t slot = 0; slot < n_slots; slot++, i++) {
            if (table[i].value == 0 && (!r->rich || table[i].rows == 0))
                continue;
            size_t at = out->n++;
            out->reporter[at] = r->reporter[g / r->n_partners];
            out->partner[at] = r->partner[g % r->n_partners];
            out->product[at] = 0;
            out->period[at] = (uint32_t)slot;
            out->value[at] = table[i].value;
            if (r->rich) {
                out->weight[at] = table[i].weight;
                out->rows[at] = table[i].rows;
            }
        }
    return QUIPU_OK;
}

quipu_status qi_rollup_numbers(qi_rollup *r, qi_cell_list *out, quipu_error *err) {
    bool stored = r->path == QI_PATH_MARGINS || r->path == QI_PATH_PAIRS;
    size_t n_slots = (r->options->dims & QUIPU_DIM_PERIOD) ? r->view->n_periods : 1, n_cells;
    if (!qi_mul_size(r->n_groups, n_slots, &n_cells))
        return qi_fail_memory(err, SIZE_MAX);
    quipu_status status = QUIPU_OK;
    number *numbers = NULL, *table = calloc(n_cells + 1, sizeof *table);
    if (table == NULL)
        return qi_fail_memory(err, n_cells * sizeof *table);
    if (!stored)
        QI_GO(read_all(r, &numbers, err));
    bool fits = true;
    for (size_t i = 0; i < r->n_items; i++) {
        const qi_item *item = &r->items[i];
        number one = stored ? stored_number(r, item) : numbers[i];
        number *sum = &table[item->group * n_slots + qi_period_slot(r, item->period)];
        fits &= qi_add_money(&sum->value, one.value);
        fits &= qi_add_weight(&sum->weight, one.weight);
        sum->rows += one.rows;
    }
    if (!fits)
        status = qi_too_large(err);
    else
        status = list_cells(r, table, n_slots, out, err);
done:
    free(numbers);
    free(table);
    return status;
}
