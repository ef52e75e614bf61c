/* SPDX-License-Identifier: Apache-2.0 */
/* info.c - what a cube holds, and whether it is sound. */
#include "app.h"

#include <string.h>

static const quipu_column_spec info_columns[] = {
    {"period", "Period", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"flow", "Flow", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"reporters", "Reporters", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"partners", "Partners", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"rows", "Rows", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"columns", "Also has", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
};
enum { PERIOD, FLOW, REPORTERS, PARTNERS, ROWS, VALUE, COLUMNS };

static int64_t count_runs(const uint32_t *start, size_t n) {
    int64_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += start[i + 1] > start[i];
    return count;
}

static quipu_status fill_row(const quipu_cube *cube, size_t slab, const quipu_slab *about,
                             quipu_table *table, quipu_error *err) {
    quipu_pairs pairs;
    size_t row;
    char also[64];
    snprintf(also, sizeof also, "%s%s%s", about->columns & QUIPU_HAS_WEIGHT ? " weight" : "",
             about->columns & QUIPU_HAS_QUANTITY ? " quantity" : "",
             about->columns & QUIPU_HAS_FLAGS ? " flags" : "");
    quipu_status status = quipu_cube_pairs(cube, slab, &pairs, err);
    if (status == QUIPU_OK)
        status = quipu_table_add_rows(table, 1, &row, err);
    if (status == QUIPU_OK)
        status = quipu_table_set_text(table, FLOW, row, quipu_flow_name(about->flow), err);
    if (status == QUIPU_OK && also[0] != '\0')
        status = quipu_table_set_text(table, COLUMNS, row, also + 1, err);
    if (status != QUIPU_OK)
        return status;
    quipu_table_set_integer(table, PERIOD, row, about->period);
    quipu_table_set_integer(table, REPORTERS, row,
                            count_runs(pairs.reporter_start, pairs.n_countries));
    quipu_table_set_integer(table, PARTNERS, row,
                            count_runs(pairs.partner_start, pairs.n_countries));
    quipu_table_set_integer(table, ROWS, row, (int64_t)about->rows);
    quipu_table_set_integer(table, VALUE, row, about->total);
    return QUIPU_OK;
}

/* What the cube says of itself goes along as the table's source.  Keys that come more than
 * once (an input for each file) are numbered, for a table keeps one text for a key. */
static quipu_status add_meta(const quipu_cube *cube, quipu_table *table, quipu_error *err) {
    size_t n;
    const quipu_pair_text *meta = quipu_cube_meta_all(cube, &n);
    quipu_status status = QUIPU_OK;
    for (size_t i = 0; status == QUIPU_OK && i < n; i++) {
        char key[80];
        unsigned same = 0, before = 0;
        for (size_t j = 0; j < n; j++) {
            if (strcmp(meta[j].key, meta[i].key) == 0) {
                same++;
                before += j < i;
            }
        }
        if (same > 1)
            snprintf(key, sizeof key, "%s %u", meta[i].key, before + 1);
        else
            snprintf(key, sizeof key, "%s", meta[i].key);
        status = quipu_table_add_source(table, key, meta[i].text, err);
    }
    if (status == QUIPU_OK)
        status =
            quipu_table_add_source(table, "fingerprint", quipu_cube_fingerprint(cube), err);
    return status;
}

static quipu_status describe(const quipu_cube *cube, const char *path, quipu_table *table,
                             quipu_error *err) {
    size_t n_slabs, n_countries, n_tariffs;
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n_slabs);
    const quipu_tariff *tariffs;
    quipu_cube_countries(cube, &n_countries);
    quipu_status status = quipu_cube_tariffs(cube, &tariffs, &n_tariffs, err);
    for (size_t i = 0; status == QUIPU_OK && i < n_slabs; i++)
        status = fill_row(cube, i, &slabs[i], table, err);
    if (status == QUIPU_OK)
        status = quipu_table_set_title(
            table, err, "%s: %.2f MB; countries and areas: %zu; products: %zu; tariffs: %zu",
            path, (double)quipu_cube_bytes(cube) / 1e6, n_countries,
            quipu_cube_n_products(cube), n_tariffs);
    if (status == QUIPU_OK)
        status = add_meta(cube, table, err);
    return status;
}

/* On a terminal the sources are read best one under the other. */
static int show_to_people(const app_args *args, const quipu_table *table) {
    app_output out;
    int status = app_output_open(args, &out);
    if (status != APP_FINE)
        return status;
    if (out.options.format == QUIPU_FORMAT_TEXT && !out.options.plain) {
        fprintf(out.file, "%s\n\n", table->title);
        for (size_t i = 0; i < table->n_source; i++)
            fprintf(out.file, "  %-14s %s\n", table->source[i].key, table->source[i].text);
        fputc('\n', out.file);
        out.options.plain = true;
    }
    status = app_output_table(&out, table);
    int closing = app_output_close(&out, status == APP_FINE);
    return status != APP_FINE ? status : closing;
}

static int show_ledger(const app_args *args, const quipu_cube *cube) {
    quipu_table table = {0};
    quipu_error err = {0};
    int status;
    const char *report = quipu_cube_import_report(cube);
    if (app_ledger_table(report, &table, &err) != QUIPU_OK)
        status = app_fail(&err);
    else
        status = app_show(args, &table);
    quipu_table_free(&table);
    return status;
}

int app_run_info(const app_args *args) {
    quipu_cube *cube;
    quipu_table table = {0};
    quipu_error err = {0};
    int status;
    if (!app_want_words(args, 1, 1))
        return APP_USE;
    if (quipu_cube_open(args->words[0], &cube, &err) != QUIPU_OK)
        return app_fail(&err);
    if (app_has(args, "ledger")) {
        status = show_ledger(args, cube);
        quipu_cube_close(cube);
        return status;
    }
    if (quipu_table_init(&table, "info", info_columns,
                         sizeof info_columns / sizeof info_columns[0], &err) != QUIPU_OK ||
        describe(cube, args->words[0], &table, &err) != QUIPU_OK)
        status = app_fail(&err);
    else
        status = show_to_people(args, &table);
    quipu_table_free(&table);
    quipu_cube_close(cube);
    return status;
}

int app_run_verify(const app_args *args) {
    quipu_table problems = {0};
    quipu_error err = {0};
    int status;
    if (!app_want_words(args, 1, 1))
        return APP_USE;
    if (quipu_cube_verify(args->words[0], &problems, &err) != QUIPU_OK)
        return app_fail(&err);
    if (problems.n_rows == 0 && app_get(args, "format") == NULL &&
        app_get(args, "output") == NULL) {
        printf("%s: sound\n", args->words[0]);
        status = APP_FINE;
    } else {
        status = app_show(args, &problems);
        if (status == APP_FINE && problems.n_rows > 0)
            status = APP_NO;
    }
    quipu_table_free(&problems);
    return status;
}
