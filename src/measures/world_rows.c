/* SPDX-License-Identifier: Apache-2.0 */
/* world_rows.c - see world_rows.h. */
#include "measures/world_rows.h"

static const qi_axis *single(const qi_ask *ask, qi_axis_kind kind) {
    int a = qi_ask_axis(ask, kind);
    return a >= 0 && !ask->axes[a].listed ? &ask->axes[a] : NULL;
}

static quipu_status read_matrices(const qi_ask *ask, const quipu_view *view, quipu_side side,
                                  qi_world_rows *out, quipu_error *err) {
    for (size_t p = 0; p < ask->n_periods; p++)
        if (view->slab[p] >= 0)
            QI_TRY(quipu_cube_matrix(ask->cube, (size_t)view->slab[p], side, &out->matrix[p],
                                     err));
    return QUIPU_OK;
}

quipu_status qi_world_rows_open(qi_ask *ask, const qi_cut *cut, qi_axis_kind countries,
                                qi_world_rows *out, quipu_error *err) {
    quipu_view view;
    bool first = countries == (cut->turned ? QI_AXIS_PARTNER : QI_AXIS_REPORTER);
    *out = (qi_world_rows){.countries = single(ask, countries),
                           .goods = single(ask, QI_AXIS_PRODUCT),
                           .selected = ask->views[0].products};
    if (out->countries == NULL || out->goods == NULL || ask->sum_periods || ask->n_flows != 1 ||
        cut->product != NULL)
        return QUIPU_OK;
    out->matrix = qi_arena_alloc(&ask->arena, (ask->n_periods + 1) * sizeof *out->matrix);
    if (out->matrix == NULL)
        return qi_fail_memory(err, ask->n_periods * sizeof *out->matrix);
    QI_TRY(qi_cut_view(ask, cut, &view, err));
    quipu_status status = QUIPU_OK;
    if (first ? view.partners.all : view.reporters.all) {
        status = read_matrices(ask, &view, qi_view_side(&view, first), out, err);
        out->ready = status == QUIPU_OK;
    }
    quipu_view_close(&view);
    return status;
}

static bool push(qi_vector *out, uint64_t label, quipu_money value) {
    out->label[out->n] = label;
    out->value[out->n++] = value;
    return qi_add_money(&out->sum, value);
}

quipu_status qi_world_rows_read(const qi_world_rows *rows, uint64_t key, size_t period,
                                qi_vector *out, quipu_error *err) {
    const quipu_matrix *m = &rows->matrix[period];
    size_t country = rows->countries->position[qi_key_label(rows->countries, key)];
    bool fits = true;
    out->n = 0;
    out->sum = 0;
    if (m->n_products == 0)
        return QUIPU_OK;
    if (!qi_grow((void **)&out->label, &out->room_labels, m->n_products, sizeof *out->label) ||
        !qi_grow((void **)&out->value, &out->room, m->n_products, sizeof *out->value))
        return qi_fail_memory(err, m->n_products * sizeof *out->label);
    const quipu_money *dense = m->dense != NULL ? m->dense + country * m->n_products : NULL;
    size_t from = dense != NULL ? 0 : m->start[country];
    size_t to = dense != NULL ? m->n_products : m->start[country + 1];
    for (size_t i = from; i < to; i++) {
        size_t product = dense != NULL ? i : m->product[i];
        quipu_money value = dense != NULL ? dense[i] : m->value[i];
        if (value > 0 && (rows->selected == NULL || rows->selected[product]))
            fits &= push(out, (uint64_t)product << rows->goods->shift, value);
    }
    return fits ? QUIPU_OK : qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15 US$");
}

quipu_money qi_world_rows_at(const qi_world_rows *rows, uint64_t key, size_t period) {
    const quipu_matrix *m = &rows->matrix[period];
    size_t country = rows->countries->position[qi_key_label(rows->countries, key)];
    size_t product = qi_key_label(rows->goods, key);
    if (m->n_products == 0)
        return 0;
    if (m->dense != NULL)
        return m->dense[country * m->n_products + product];
    size_t low = m->start[country], high = m->start[country + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->product[middle] < product)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < m->start[country + 1] && m->product[low] == product;
    return found ? m->value[low] : 0;
}
