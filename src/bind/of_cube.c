/* SPDX-License-Identifier: Apache-2.0 */
/* of_cube.c - what a cube holds, as tables. */
#include "bind/bind.h"

static quipu_status put_pair(quipu_table *out, const char *a, const char *b, size_t *row,
                             quipu_error *err) {
    const char *texts[] = {a, b};
    return qi_put_texts(out, texts, 2, row, err);
}

static quipu_status about(quipu_task *task, quipu_table *out, quipu_error *err) {
    static const quipu_column_spec columns[] = {
        {"key", "Key", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"text", "Text", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    };
    const quipu_cube *cube = task->request.cube;
    size_t n, row;
    const quipu_pair_text *meta = quipu_cube_meta_all(cube, &n);
    char bytes[24];
    snprintf(bytes, sizeof bytes, "%llu", (unsigned long long)quipu_cube_bytes(cube));
    QI_TRY(quipu_table_init(out, "about", columns, QI_COUNT(columns), err));
    QI_TRY(put_pair(out, "fingerprint", quipu_cube_fingerprint(cube), &row, err));
    QI_TRY(put_pair(out, "bytes", bytes, &row, err));
    for (size_t i = 0; i < n; i++)
        QI_TRY(put_pair(out, meta[i].key, meta[i].text, &row, err));
    return QUIPU_OK;
}

static quipu_status countries(quipu_task *task, quipu_table *out, quipu_error *err) {
    static const quipu_column_spec columns[] = {
        {"iso3", "ISO code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"name", "Name", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
        {"number", "Number", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    };
    size_t n, row;
    const quipu_cube_country *c = quipu_cube_countries(task->request.cube, &n);
    QI_TRY(quipu_table_init(out, "countries", columns, QI_COUNT(columns), err));
    for (size_t i = 0; i < n; i++) {
        QI_TRY(put_pair(out, c[i].iso3, c[i].name, &row, err));
        quipu_table_set_integer(out, 2, row, c[i].number);
    }
    return QUIPU_OK;
}

static quipu_status products(quipu_task *task, quipu_table *out, quipu_error *err) {
    static const quipu_column_spec columns[] = {
        {"code", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"name", "Name", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    };
    const quipu_cube *cube = task->request.cube;
    const quipu_nomen *nomen = task->request.nomen;
    const quipu_nomenclature *which = NULL;
    const char *name = quipu_cube_meta(cube, "nomenclature");
    size_t row;
    /* Codes of a nomenclature nobody knows are products without names. */
    if (name != NULL && quipu_nomenclature_find(nomen, name, &which, NULL) != QUIPU_OK)
        which = NULL;
    QI_TRY(quipu_table_init(out, "products", columns, QI_COUNT(columns), err));
    for (size_t i = 0; i < quipu_cube_n_products(cube); i++) {
        const char *code = quipu_cube_product(cube, i);
        const quipu_product *known =
            which != NULL ? quipu_product_find(nomen, which, code, strlen(code)) : NULL;
        QI_TRY(put_pair(out, code, known != NULL ? known->name : NULL, &row, err));
    }
    return QUIPU_OK;
}

static quipu_status slabs(quipu_task *task, quipu_table *out, quipu_error *err) {
    static const quipu_column_spec columns[] = {
        {"flow", "Flow", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"period", "Period", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
        {"rows", "Rows", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
        {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    };
    size_t n, row;
    const quipu_slab *slab = quipu_cube_slabs(task->request.cube, &n);
    QI_TRY(quipu_table_init(out, "slabs", columns, QI_COUNT(columns), err));
    for (size_t i = 0; i < n; i++) {
        const char *flow = quipu_flow_name(slab[i].flow);
        QI_TRY(qi_put_texts(out, &flow, 1, &row, err));
        quipu_table_set_integer(out, 1, row, slab[i].period);
        quipu_table_set_integer(out, 2, row, (int64_t)slab[i].rows);
        quipu_table_set_integer(out, 3, row, slab[i].total);
    }
    return QUIPU_OK;
}

quipu_status qi_verb_cube(quipu_task *task, quipu_table *out, quipu_error *err) {
    static quipu_status (*const tables[])(quipu_task *, quipu_table *,
                                          quipu_error *) = {about, countries, products, slabs};
    size_t which;
    if (task->request.cube == NULL)
        return qi_fail(err, QUIPU_E_ARG, "the task \"cube\" is asked of an open cube");
    QI_TRY(qi_verb_choice(task, "what", "about countries products slabs", &which, err));
    return tables[which](task, out, err);
}
