/* SPDX-License-Identifier: Apache-2.0 */
/* lists.c - classifications, concordances and tariffs as table functions, for the views. */
#include "sql/sql.h"

#define TEXT(name)                                                                             \
    { name, NULL, QUIPU_TEXT, QUIPU_DIMENSION, "", 0 }
#define PART                                                                                   \
    { "part", NULL, QUIPU_SHARE, QUIPU_FIGURE, "fraction", -1 }

/* quipu_list(WHAT, FILTER): what the views over the classifications stand on. */
static void bind_list(qi_duck info) {
    quipu_sql *sql = D.bind_get_extra_info(info);
    quipu_table table = {0};
    quipu_error err = {0};
    char *what = qi_sql_placed(info, 0);
    char *filter = qi_sql_placed(info, 1);
    quipu_status status =
        quipu_nomen_list(sql->nomen, what != NULL ? what : "", filter, &table, &err);
    qi_sql_give(info, status, &table, &err);
    D.free(what);
    D.free(filter);
}

/* ---- mappings: classes and concordances ---- */

static quipu_status add_parts(quipu_table *out, const char *scheme, const char *const *codes,
                              const quipu_mapping *m, quipu_error *err) {
    size_t row;
    for (size_t p = 0; p < m->n_sources; p++) {
        double sum = 0;
        for (uint32_t i = m->offset[p]; i < m->offset[p + 1]; i++)
            sum += m->weight[i];
        for (uint32_t i = m->offset[p]; i < m->offset[p + 1]; i++) {
            const quipu_target *target = &m->targets[m->target[i]];
            const char *texts[] = {scheme, codes[p], target->code, target->label};
            QI_TRY(quipu_table_add_rows(out, 1, &row, err));
            for (size_t c = 0; c < QI_COUNT(texts); c++)
                QI_TRY(
                    quipu_table_set_text(out, c, row, texts[c] != NULL ? texts[c] : "", err));
            quipu_table_set_real(out, QI_COUNT(texts), row, m->weight[i] / sum);
        }
    }
    return QUIPU_OK;
}

static quipu_status fill_classes(quipu_sql *sql, const quipu_cube *cube, quipu_table *out,
                                 quipu_error *err) {
    static const quipu_column_spec COLUMNS[] = {TEXT("scheme"), TEXT("product"), TEXT("class"),
                                                TEXT("label"), PART};
    const quipu_scheme *schemes;
    size_t n, n_products = quipu_cube_n_products(cube);
    const char *from = quipu_cube_meta(cube, "nomenclature");
    const char *const *codes = quipu_cube_product_codes(cube);
    QI_TRY(quipu_schemes(sql->nomen, &schemes, &n, err));
    QI_TRY(quipu_table_init(out, "classes", COLUMNS, QI_COUNT(COLUMNS), err));
    for (size_t i = 0; i < n; i++) {
        quipu_mapping mapping = {0};
        /* A scheme that does not reach this nomenclature has no rows. */
        if (quipu_classify(sql->nomen, schemes[i].name, from != NULL ? from : "H0", codes,
                           n_products, NULL, &mapping, NULL) != QUIPU_OK)
            continue;
        quipu_status status = add_parts(out, schemes[i].name, codes, &mapping, err);
        quipu_mapping_free(&mapping);
        QI_TRY(status);
    }
    return QUIPU_OK;
}

static void bind_classes(qi_duck info) {
    quipu_sql *sql = D.bind_get_extra_info(info);
    quipu_table table = {0};
    quipu_error err = {0};
    char *name = qi_sql_placed(info, 0);
    qi_sql_cube *cube = qi_sql_find_cube(sql, name, &err);
    quipu_status status =
        cube != NULL ? fill_classes(sql, cube->cube, &table, &err) : QUIPU_E_NOT_FOUND;
    qi_sql_give(info, status, &table, &err);
    D.free(name);
}

static quipu_status fill_schemes(quipu_sql *sql, quipu_table *out, quipu_error *err) {
    static const quipu_column_spec COLUMNS[] = {TEXT("scheme"), TEXT("label"), TEXT("note")};
    const quipu_scheme *schemes;
    size_t n, row;
    QI_TRY(quipu_schemes(sql->nomen, &schemes, &n, err));
    QI_TRY(quipu_table_init(out, "schemes", COLUMNS, QI_COUNT(COLUMNS), err));
    for (size_t i = 0; i < n; i++) {
        const char *texts[] = {schemes[i].name, schemes[i].label, schemes[i].note};
        QI_TRY(quipu_table_add_rows(out, 1, &row, err));
        for (size_t c = 0; c < QI_COUNT(texts); c++)
            QI_TRY(quipu_table_set_text(out, c, row, texts[c] != NULL ? texts[c] : "", err));
    }
    return QUIPU_OK;
}

static void bind_schemes(qi_duck info) {
    quipu_sql *sql = D.bind_get_extra_info(info);
    quipu_table table = {0};
    quipu_error err = {0};
    quipu_status status = fill_schemes(sql, &table, &err);
    qi_sql_give(info, status, &table, &err);
}

static quipu_status fill_concordance(quipu_sql *sql, const char *from, const char *to,
                                     const char *method, quipu_table *out, quipu_error *err) {
    static const quipu_column_spec COLUMNS[] = {TEXT("from_nomenclature"), TEXT("source"),
                                                TEXT("target"), TEXT("label"), PART};
    const quipu_nomenclature *list;
    const quipu_product *products;
    size_t n, n_leaves = 0;
    quipu_convert_options options = {.method = QUIPU_CONVERT_OFFICIAL};
    if (method != NULL && strcmp(method, "equal") == 0)
        options.method = QUIPU_CONVERT_EQUAL;
    else if (method != NULL && strcmp(method, "official") != 0)
        return qi_fail(err, QUIPU_E_ARG, "method \"%s\": take official or equal", method);
    QI_TRY(quipu_nomenclature_find(sql->nomen, from, &list, err));
    QI_TRY(quipu_products(sql->nomen, list, &products, &n, err));
    const char **codes = malloc((n + 1) * sizeof *codes);
    if (codes == NULL)
        return qi_fail_memory(err, n * sizeof *codes);
    for (size_t i = 0; i < n; i++)
        if (products[i].leaf)
            codes[n_leaves++] = products[i].code;
    quipu_mapping mapping = {0};
    quipu_status status =
        quipu_convert(sql->nomen, list->name, to, codes, n_leaves, &options, &mapping, err);
    if (status == QUIPU_OK)
        status = quipu_table_init(out, "concordance", COLUMNS, QI_COUNT(COLUMNS), err);
    if (status == QUIPU_OK)
        status = add_parts(out, list->name, codes, &mapping, err);
    quipu_mapping_free(&mapping);
    free(codes);
    return status;
}

static void bind_concordance(qi_duck info) {
    quipu_sql *sql = D.bind_get_extra_info(info);
    quipu_table table = {0};
    quipu_error err = {0};
    char *from = qi_sql_placed(info, 0);
    char *to = qi_sql_placed(info, 1);
    char *method = qi_sql_named(info, "method");
    quipu_status status = fill_concordance(sql, from != NULL ? from : "", to != NULL ? to : "",
                                           method, &table, &err);
    qi_sql_give(info, status, &table, &err);
    D.free(from);
    D.free(to);
    D.free(method);
}

/* ---- tariffs ---- */

#define WHOLE(name, role)                                                                      \
    { name, NULL, QUIPU_INTEGER, role, "", 0 }
#define RATE(name)                                                                             \
    { name, NULL, QUIPU_REAL, QUIPU_FIGURE, "per cent", -1 }

/* As importing wants them. */
static const quipu_column_spec TARIFF_COLUMNS[] = {
    WHOLE("tariff_year", QUIPU_DIMENSION),
    WHOLE("trade_year", QUIPU_DIMENSION),
    TEXT("reporter"),
    TEXT("partner"),
    TEXT("product"),
    TEXT("duty"),
    RATE("simple_average"),
    RATE("weighted_average"),
    RATE("standard_deviation"),
    RATE("minimum"),
    RATE("maximum"),
    WHOLE("lines", QUIPU_FIGURE),
    WHOLE("domestic_peaks", QUIPU_FIGURE),
    WHOLE("international_peaks", QUIPU_FIGURE),
    RATE("binding_coverage"),
    {"value", NULL, QUIPU_MONEY, QUIPU_FIGURE, "US$", -1}};

static void put_short(char out[16], const qi_duck_text *text) {
    memcpy(out, text->bytes, text->length);
    out[text->length] = '\0';
}

static void put_rate(quipu_table *t, size_t column, size_t row, int32_t rate) {
    if (rate != QUIPU_RATE_MISSING)
        quipu_table_set_real(t, column, row, rate / 1e4);
}

static void put_count(quipu_table *t, size_t column, size_t row, int64_t count) {
    if (count >= 0)
        quipu_table_set_integer(t, column, row, count);
}

static quipu_status put_tariff(const qi_sql_cube *cube, const quipu_tariff *t, quipu_table *out,
                               size_t row, quipu_error *err) {
    static const char *const duties[] = {"AHS", "MFN", "PRF", "BND"};
    char text[16];
    put_count(out, 0, row, t->tariff_period);
    put_count(out, 1, row, t->trade_period != 0 ? t->trade_period : -1);
    put_short(text, &cube->country[t->reporter]);
    QI_TRY(quipu_table_set_text(out, 2, row, text, err));
    put_short(text, &cube->country[t->partner]);
    QI_TRY(quipu_table_set_text(out, 3, row, text, err));
    QI_TRY(quipu_table_set_text(out, 4, row, quipu_cube_product(cube->cube, t->product), err));
    QI_TRY(quipu_table_set_text(out, 5, row, duties[t->duty & 3], err));
    put_rate(out, 6, row, t->simple_average);
    put_rate(out, 7, row, t->weighted_average);
    put_rate(out, 8, row, t->standard_deviation);
    put_rate(out, 9, row, t->minimum);
    put_rate(out, 10, row, t->maximum);
    put_count(out, 11, row, t->lines);
    put_count(out, 12, row, t->domestic_peaks);
    put_count(out, 13, row, t->international_peaks);
    put_rate(out, 14, row, t->binding_coverage);
    put_count(out, 15, row, t->value);
    return QUIPU_OK;
}

quipu_status qi_sql_tariffs(const qi_sql_cube *cube, quipu_table *out, quipu_error *err) {
    const quipu_tariff *tariffs;
    size_t n, row = 0;
    QI_TRY(quipu_cube_tariffs(cube->cube, &tariffs, &n, err));
    QI_TRY(quipu_table_init(out, "tariffs", TARIFF_COLUMNS, QI_COUNT(TARIFF_COLUMNS), err));
    if (n > 0)
        QI_TRY(quipu_table_add_rows(out, n, &row, err));
    for (size_t i = 0; i < n; i++)
        QI_TRY(put_tariff(cube, &tariffs[i], out, i, err));
    return QUIPU_OK;
}

static void bind_tariffs(qi_duck info) {
    quipu_sql *sql = D.bind_get_extra_info(info);
    quipu_table table = {0};
    quipu_error err = {0};
    char *name = qi_sql_placed(info, 0);
    qi_sql_cube *cube = qi_sql_find_cube(sql, name, &err);
    quipu_status status = cube != NULL ? qi_sql_tariffs(cube, &table, &err) : QUIPU_E_NOT_FOUND;
    qi_sql_give(info, status, &table, &err);
    D.free(name);
}

/* ---- registering ---- */

quipu_status qi_sql_add_lists(quipu_sql *sql, quipu_error *err) {
    static const struct {
        const char *name;
        qi_duck_call bind;
        int n_texts;
    } lists[] = {{"quipu_list", bind_list, 2},
                 {"quipu_schemes", bind_schemes, 0},
                 {"quipu_classes", bind_classes, 1},
                 {"quipu_tariffs", bind_tariffs, 1},
                 {"concordance", bind_concordance, 2}};
    for (size_t i = 0; i < QI_COUNT(lists); i++) {
        qi_duck function = qi_duck_table_function(lists[i].name, lists[i].bind, sql);
        for (int t = 0; t < lists[i].n_texts; t++)
            qi_sql_parameter(function, NULL, QI_DUCK_VARCHAR);
        if (lists[i].bind == bind_concordance)
            qi_sql_parameter(function, "method", QI_DUCK_VARCHAR);
        QI_TRY(qi_sql_register(sql, &function, lists[i].name, err));
    }
    return QUIPU_OK;
}
