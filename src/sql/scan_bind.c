/* SPDX-License-Identifier: Apache-2.0 */
/* scan_bind.c - which slabs of which cube a scan goes over, and by which selection. */
#include "sql/scan.h"

static void free_binding(void *data) {
    qi_scan_binding *b = data;
    for (size_t i = 0; i < b->n_views; i++)
        quipu_view_close(&b->views[i]);
    free(b->parts);
    free(b);
}

qi_duck_text qi_duck_short_text(const char *text) {
    qi_duck_text out = {0};
    size_t length = strlen(text);
    out.length = (uint32_t)(length < sizeof out.bytes ? length : sizeof out.bytes);
    memcpy(out.bytes, text, out.length);
    return out;
}

static quipu_status new_binding(quipu_sql *sql, const qi_sql_cube *cube, qi_scan_binding **out,
                                quipu_error *err) {
    size_t n_slabs;
    quipu_cube_slabs(cube->cube, &n_slabs);
    qi_scan_binding *b = calloc(1, sizeof *b);
    qi_scan_part *parts = calloc(n_slabs * QUIPU_N_FLOWS + 1, sizeof *parts);
    if (b == NULL || parts == NULL) {
        free(b);
        free(parts);
        return qi_fail_memory(err, n_slabs * sizeof *parts);
    }
    b->sql = sql;
    b->cube = cube;
    while (sql->cubes[b->cube_number] != cube)
        b->cube_number++;
    b->parts = parts;
    *out = b;
    return QUIPU_OK;
}

static void finish_binding(qi_duck info, qi_scan_binding *b) {
    static const struct {
        const char *name;
        int type;
    } columns[QI_N_TRADE_COLUMNS] = {
        {"period", QI_DUCK_INTEGER},   {"year", QI_DUCK_INTEGER},
        {"flow", QI_DUCK_VARCHAR},     {"reporter", QI_DUCK_VARCHAR},
        {"partner", QI_DUCK_VARCHAR},  {"product", QI_DUCK_VARCHAR},
        {"value", QI_DUCK_DECIMAL},    {"weight_kg", QI_DUCK_DECIMAL},
        {"quantity", QI_DUCK_DECIMAL}, {"unit", QI_DUCK_UTINYINT},
        {"flags", QI_DUCK_UTINYINT}};
    size_t n_slabs;
    uint64_t rows = 0;
    const quipu_slab *slabs = quipu_cube_slabs(b->cube->cube, &n_slabs);
    for (size_t i = 0; i < QI_N_TRADE_COLUMNS; i++) {
        if (columns[i].type == QI_DUCK_DECIMAL)
            qi_duck_add_money_column(info, columns[i].name, 18);
        else
            qi_duck_add_column(info, columns[i].name, columns[i].type);
    }
    for (size_t i = 0; i < b->n_parts; i++)
        rows += slabs[b->parts[i].slab].rows;
    D.bind_set_cardinality(info, rows, false);
    D.bind_set_bind_data(info, b, free_binding);
}

static int64_t take_number(qi_duck value) {
    int64_t number = D.get_int64(value);
    D.destroy_value(&value);
    return number;
}

void qi_scan_bind_slab(qi_duck info) {
    quipu_sql *sql = D.bind_get_extra_info(info);
    quipu_error err = {0};
    size_t number = (size_t)take_number(D.bind_get_parameter(info, 0)), n_slabs = 0;
    size_t slab = (size_t)take_number(D.bind_get_parameter(info, 1));
    const quipu_slab *slabs =
        number < sql->n_cubes ? quipu_cube_slabs(sql->cubes[number]->cube, &n_slabs) : NULL;
    qi_scan_binding *b;
    if (slab >= n_slabs) {
        D.bind_set_error(info, "there is no such slab");
        return;
    }
    if (new_binding(sql, sql->cubes[number], &b, &err) != QUIPU_OK) {
        D.bind_set_error(info, err.text);
        return;
    }
    b->parts[b->n_parts++] = (qi_scan_part){
        .slab = slab, .flow = qi_duck_short_text(quipu_flow_name(slabs[slab].flow))};
    finish_binding(info, b);
}

/* ---- trade(reporter := ...): a selection in our own words ---- */

static quipu_status add_view(qi_scan_binding *b, const quipu_selection *selection,
                             quipu_error *err) {
    quipu_view *view = &b->views[b->n_views];
    QI_TRY(quipu_view_open(b->cube->cube, b->sql->nomen, selection, NULL, view, err));
    b->n_views++;
    for (size_t i = 0; i < view->n_periods; i++)
        if (view->slab[i] >= 0)
            b->parts[b->n_parts++] =
                (qi_scan_part){.slab = (size_t)view->slab[i],
                               .period = i,
                               .view = view,
                               .flow = qi_duck_short_text(quipu_flow_name(view->flow))};
    return QUIPU_OK;
}

/* Without a flow: all the cube has. */
static quipu_status add_views(qi_scan_binding *b, quipu_selection *selection,
                              quipu_error *err) {
    size_t n;
    bool has[QUIPU_N_FLOWS] = {false};
    const quipu_slab *slabs = quipu_cube_slabs(b->cube->cube, &n);
    if (selection->flow != NULL)
        return add_view(b, selection, err);
    for (size_t i = 0; i < n; i++)
        has[slabs[i].flow] = true;
    for (unsigned f = 0; f < QUIPU_N_FLOWS; f++) {
        selection->flow = quipu_flow_name((quipu_flow)f);
        if (has[f])
            QI_TRY(add_view(b, selection, err));
    }
    return QUIPU_OK;
}

const char *const qi_scan_words[6] = {"reporter", "partner", "product",
                                      "flow",     "years",   "cube"};

void qi_scan_bind_trade(qi_duck info) {
    quipu_sql *sql = D.bind_get_extra_info(info);
    quipu_error err = {0};
    char *text[QI_COUNT(qi_scan_words)];
    qi_scan_binding *b = NULL;
    for (size_t i = 0; i < QI_COUNT(qi_scan_words); i++)
        text[i] = qi_sql_named(info, qi_scan_words[i]);
    quipu_selection selection = {.reporter = text[0],
                                 .partner = text[1],
                                 .product = text[2],
                                 .flow = text[3],
                                 .years = text[4]};
    const qi_sql_cube *cube = qi_sql_find_cube(sql, text[5], &err);
    quipu_status status = QUIPU_E_NOT_FOUND;
    if (cube != NULL)
        status = new_binding(sql, cube, &b, &err);
    if (status == QUIPU_OK)
        status = add_views(b, &selection, &err);
    if (status == QUIPU_OK) {
        finish_binding(info, b);
    } else {
        D.bind_set_error(info, err.text);
        if (b != NULL)
            free_binding(b);
    }
    for (size_t i = 0; i < QI_COUNT(qi_scan_words); i++)
        D.free(text[i]);
}
