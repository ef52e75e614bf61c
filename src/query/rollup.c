/* SPDX-License-Identifier: Apache-2.0 */
/* rollup.c - the one roll-up under all measures: plan, read, hand over. */
#include "query/rollup.h"

quipu_status qi_too_large(quipu_error *err) {
    return qi_fail(err, QUIPU_E_DATA,
                   "a sum over periods is beyond 9.2e15 US$: ask for fewer periods");
}

quipu_status qi_rollup_stop(const quipu_rollup_options *options, quipu_error *err) {
    if (options->stop == NULL || !options->stop(options->stop_user, 0, 0))
        return QUIPU_OK;
    return qi_fail(err, QUIPU_E_STOPPED, "stopped before the answer was there");
}

/* How many cells there could be: no more than numbers read, nor than places for them. */
static quipu_status check_size(const qi_rollup *r, quipu_error *err) {
    const quipu_rollup_options *options = r->options;
    size_t products = !(options->dims & QUIPU_DIM_PRODUCT) ? 1
                      : options->classes != NULL           ? options->classes->n_targets
                                                           : r->n_products;
    size_t periods = options->dims & QUIPU_DIM_PERIOD ? r->view->n_periods : 1, places;
    if (options->most_cells == 0)
        return QUIPU_OK;
    bool fits =
        qi_mul_size(r->n_groups, products, &places) && qi_mul_size(places, periods, &places);
    if ((fits && places <= options->most_cells) || r->work <= options->most_cells)
        return QUIPU_OK;
    return qi_fail(err, QUIPU_E_LIMIT,
                   "the answer could have more than %zu figures: ask for fewer countries, "
                   "products or years, or by fewer dimensions",
                   options->most_cells);
}

static void hand_over(const qi_rollup *r, qi_cell_list *cells, quipu_cells *out) {
    const quipu_rollup_options *options = r->options;
    out->dims = options->dims;
    out->n = cells->n;
    out->reporter = cells->reporter;
    out->partner = cells->partner;
    out->product = cells->product;
    out->period = cells->period;
    out->value = cells->value;
    out->weight = cells->weight;
    out->rows = cells->rows;
    if (!options->weight) {
        free(out->weight);
        out->weight = NULL;
    }
    if (!options->rows) {
        free(out->rows);
        out->rows = NULL;
    }
    out->bytes_touched = r->bytes;
    out->path = qi_path_name(r->path);
}

/* Numbers to be read by one task: a fraction of a millisecond, the same for any threads. */
enum { TASK_WORK = 1 << 18 };

quipu_status quipu_rollup(const quipu_view *view, const quipu_rollup_options *options,
                          quipu_cells *out, quipu_error *err) {
    qi_error_clear(err);
    return qi_rollup_cut(view, options, TASK_WORK, out, err);
}

quipu_status qi_rollup_cut(const quipu_view *view, const quipu_rollup_options *options,
                           uint64_t task_work, quipu_cells *out, quipu_error *err) {
    memset(out, 0, sizeof *out);
    qi_rollup r = {.view = view,
                   .inside = qi_view_inside(view),
                   .options = options,
                   .rich = options->weight || options->rows,
                   .task_work = task_work,
                   .n_products = quipu_cube_n_products(view->cube)};
    qi_cell_list cells = {.rich = r.rich};
    quipu_status status = qi_plan(&r, err);
    if (status == QUIPU_OK)
        status = qi_rollup_stop(options, err);
    if (status == QUIPU_OK)
        status = check_size(&r, err);
    /* Most questions are answered before a thread would have started. */
    r.threads = r.work <= task_work    ? 1
                : options->threads > 0 ? options->threads
                                       : qi_cpu_count();
    if (status == QUIPU_OK) {
        status = (options->dims & QUIPU_DIM_PRODUCT)
                     ? qi_rollup_vectors(&r, &cells, &out->split, err)
                     : qi_rollup_numbers(&r, &cells, err);
    }
    /* An empty answer still has arrays, so that callers need not tell the cases apart. */
    if (status == QUIPU_OK && !qi_cells_reserve(&cells, 1))
        status = qi_fail_memory(err, 64);
    free(r.items);
    qi_arena_free(&r.arena);
    if (status == QUIPU_OK) {
        hand_over(&r, &cells, out);
    } else {
        qi_cells_clear(&cells);
        out->split = 0;
    }
    return status;
}

void quipu_cells_free(quipu_cells *cells) {
    free(cells->reporter);
    free(cells->partner);
    free(cells->product);
    free(cells->period);
    free(cells->value);
    free(cells->weight);
    free(cells->rows);
    memset(cells, 0, sizeof *cells);
}
