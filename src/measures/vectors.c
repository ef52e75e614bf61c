/* SPDX-License-Identifier: Apache-2.0 */
/* vectors.c - see vectors.h. */
#include "measures/vectors.h"

quipu_status qi_note_totals_only(qi_ask *ask, quipu_error *err) {
    bool goods = ask->axes[ask->n_axes - 1].kind == QI_AXIS_PRODUCT;
    if (ask->n_axes == ask->n_shown || !goods || quipu_cube_n_products(ask->cube) != 1)
        return QUIPU_OK;
    return qi_ask_note(ask, err, "The cube does not tell products apart: it has one, %s.",
                       quipu_cube_product(ask->cube, 0));
}

quipu_status qi_over_check(qi_ask *ask, const char *over, quipu_error *err) {
    qi_axis_kind kind = ask->n_axes > 0 ? ask->axes[ask->n_axes - 1].kind : QI_AXIS_FLOW;
    if (ask->n_axes == ask->n_shown + 1 && kind != QI_AXIS_FLOW && kind != QI_AXIS_REPORTER)
        return qi_note_totals_only(ask, err);
    return qi_fail(err, QUIPU_E_ARG, "over \"%s\": take product, partner or a class scheme",
                   over);
}

quipu_status qi_vector_read(const qi_frame *frame, size_t plane, qi_rows rows, size_t period,
                            qi_vector *out, quipu_error *err) {
    size_t n = rows.to - rows.from;
    uint64_t over = qi_over_mask(frame->ask);
    out->n = 0;
    out->sum = 0;
    if (!qi_grow((void **)&out->label, &out->room_labels, n, sizeof *out->label) ||
        !qi_grow((void **)&out->value, &out->room, n, sizeof *out->value))
        return qi_fail_memory(err, n * sizeof *out->label);
    for (size_t row = rows.from; row < rows.to; row++) {
        quipu_money value = frame->value[qi_frame_at(frame, plane, row, period)];
        if (value <= 0)
            continue;
        out->label[out->n] = frame->key[row] & over;
        out->value[out->n++] = value;
        if (!qi_add_money(&out->sum, value))
            return qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15 US$");
    }
    return QUIPU_OK;
}

void qi_vector_free(qi_vector *vector) {
    free(vector->label);
    free(vector->value);
    *vector = (qi_vector){0};
}

double qi_vector_overlap(const qi_vector *a, const qi_vector *b) {
    qi_wide_size sum = 0;
    if (a->sum <= 0 || b->sum <= 0)
        return NAN;
    for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
        if (a->label[i] != b->label[j]) {
            if (a->label[i] < b->label[j])
                i++;
            else
                j++;
            continue;
        }
        qi_wide_size x = (qi_wide_size)a->value[i++] * (qi_wide_size)b->sum;
        qi_wide_size y = (qi_wide_size)b->value[j++] * (qi_wide_size)a->sum;
        sum += x < y ? x : y;
    }
    return (double)sum / (double)((qi_wide_size)a->sum * (qi_wide_size)b->sum);
}
