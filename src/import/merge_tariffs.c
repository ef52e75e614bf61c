/* SPDX-License-Identifier: Apache-2.0 */
/* merge_tariffs.c - the second table of the cube: tariffs, old and new. */
#include "merge.h"

static int by_tariff(const void *a, const void *b) {
    const quipu_tariff *x = a, *y = b;
#define ORDER(f)                                                                               \
    if (x->f != y->f)                                                                          \
    return x->f < y->f ? -1 : 1
    ORDER(tariff_period);
    ORDER(reporter);
    ORDER(partner);
    ORDER(product);
    ORDER(duty);
    ORDER(trade_period);
    ORDER(value);
    ORDER(simple_average);
#undef ORDER
    return 0;
}

quipu_status qi_put_tariffs(qi_merge *m, qi_cube_writer *writer, quipu_error *err) {
    size_t n_old = 0, n_countries = 0;
    const quipu_tariff *old = NULL;
    if (m->old != NULL)
        QI_TRY(quipu_cube_tariffs(m->old, &old, &n_old, err));
    quipu_tariff *all = malloc((m->n_tariffs + n_old + 1) * sizeof *all);
    if (all == NULL)
        return qi_fail_memory(err, m->n_tariffs * sizeof *all);
    size_t n = 0;
    for (size_t t = 0; t < m->n_tariffs; t++) {
        const qi_tariff_row *row = &m->tariffs[t];
        all[n] = row->tariff;
        all[n].product = (uint32_t)qi_find_code(m->kept, m->n_kept, row->product);
        all[n].reporter = m->index[row->reporter];
        all[n++].partner = m->index[row->partner];
    }
    const quipu_cube_country *countries =
        m->old != NULL ? quipu_cube_countries(m->old, &n_countries) : NULL;
    for (size_t t = 0; t < n_old; t++) {
        const char *code = quipu_cube_product(m->old, old[t].product);
        all[n] = old[t];
        all[n].product =
            (uint32_t)qi_find_code(m->kept, m->n_kept, qi_code_pack(code, strlen(code)));
        all[n].reporter = m->index[countries[old[t].reporter].number];
        all[n++].partner = m->index[countries[old[t].partner].number];
    }
    if (n > 0)
        qsort(all, n, sizeof *all, by_tariff);
    size_t kept = 0;
    for (size_t t = 0; t < n; t++) { /* the same row twice is one; different ones both stay */
        if (kept > 0 && memcmp(&all[kept - 1], &all[t], sizeof *all) == 0)
            continue;
        all[kept++] = all[t];
    }
    quipu_status status = qi_writer_tariffs(writer, all, kept, err);
    free(all);
    return status;
}

/* A product or country that only a tariff names stays too. */
quipu_status qi_mark_tariffs(const qi_merge *m, uint8_t *used_product, uint8_t *used_country,
                             quipu_error *err) {
    for (size_t t = 0; t < m->n_tariffs; t++) {
        used_country[m->tariffs[t].reporter] = used_country[m->tariffs[t].partner] = 1;
        used_product[qi_find_code(m->codes, m->n_codes, m->tariffs[t].product)] = 1;
    }
    if (m->old == NULL)
        return QUIPU_OK;
    const quipu_tariff *old;
    size_t n, n_countries;
    QI_TRY(quipu_cube_tariffs(m->old, &old, &n, err));
    const quipu_cube_country *countries = quipu_cube_countries(m->old, &n_countries);
    for (size_t t = 0; t < n; t++) {
        const char *code = quipu_cube_product(m->old, old[t].product);
        used_country[countries[old[t].reporter].number] = 1;
        used_country[countries[old[t].partner].number] = 1;
        used_product[qi_find_code(m->codes, m->n_codes, qi_code_pack(code, strlen(code)))] = 1;
    }
    return QUIPU_OK;
}
