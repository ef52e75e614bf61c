/* SPDX-License-Identifier: Apache-2.0 */
/* import.c - import, append and convert: they make cubes and print the ledger. */
#include "app.h"

#include <stdlib.h>
#include <string.h>

/* Thousands apart, so that a reader can count the digits: 12 345 678. */
static void group(char *out, size_t size, uint64_t value) {
    char digits[32];
    int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    size_t at = 0;
    for (int i = 0; i < n && at + 2 < size; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            out[at++] = ' ';
        out[at++] = digits[i];
    }
    out[at] = '\0';
}

static void print_ledger(const quipu_import_result *result) {
    char read[40], accepted[40], aside[40], rejected[40];
    quipu_report_options options = {.format = QUIPU_FORMAT_TEXT,
                                    .width = app_width(stderr),
                                    .colour = app_colour(stderr),
                                    .plain = true};
    group(read, sizeof read, result->read);
    group(accepted, sizeof accepted, result->accepted);
    group(aside, sizeof aside, result->set_aside);
    group(rejected, sizeof rejected, result->rejected);
    fprintf(stderr, "%s rows read = %s accepted + %s set aside + %s rejected", read, accepted,
            aside, rejected);
    if (result->profile[0] != '\0')
        fprintf(stderr, "  (read as %s)", result->profile);
    fputc('\n', stderr);
    if (result->ledger.n_rows > 0 &&
        quipu_report_write(&result->ledger, &options, app_sink, stderr, NULL) != QUIPU_OK)
        app_say("the ledger could not be printed");
    for (size_t i = 0; i < result->ledger.n_notes; i++)
        fprintf(stderr, "%s\n", result->ledger.notes[i]);
    /* The promise the ledger makes; were it broken, nobody should have to add up to see it. */
    if (result->read != result->accepted + result->set_aside + result->rejected)
        app_say("the ledger does not add up: please report this");
}

static void print_made(const char *path, const quipu_import_result *result) {
    double out = (double)result->bytes_out / 1e6, in = (double)result->bytes_in / 1e6;
    fprintf(stderr, "%s: %.*f MB", path, out < 10 ? 2 : 0, out);
    if (result->bytes_in > 0)
        fprintf(stderr, " from %.*f MB", in < 10 ? 2 : 0, in);
    fputc('\n', stderr);
}

static void print_firms(const quipu_import_result *result) {
    char firms[40], rows[40];
    if (result->firms == 0)
        return;
    group(firms, sizeof firms, result->firms);
    group(rows, sizeof rows, result->firm_rows);
    fprintf(stderr, "%s firms, %s rows by firm: the cube is for its owner only (mode 0600)\n",
            firms, rows);
}

/* What an engine gave for so many rows. */
static void print_engine(const quipu_import_result *result) {
    char groups[40], bytes[40];
    if (result->engine[0] == '\0')
        return;
    group(groups, sizeof groups, result->groups);
    group(bytes, sizeof bytes, result->bytes_network);
    fprintf(stderr, "%s: %s groups, %s bytes %s; totals agree with an independent sum\n",
            result->engine, groups, bytes,
            result->network_measured ? "over the network"
                                     : "of text (the network is not told)");
}

void app_print_import(const char *cube, const quipu_import_result *result) {
    print_ledger(result);
    print_firms(result);
    print_engine(result);
    print_made(cube, result);
}

/* A ledger that broke off half-way would only mislead: then there is just the error. */
static int conclude(quipu_status done, const char *cube, const quipu_import_result *result,
                    const quipu_error *err) {
    if (done != QUIPU_OK)
        return app_fail(err);
    app_print_import(cube, result);
    return APP_FINE;
}

static bool read_options(const app_args *args, quipu_import_options *options) {
    static const char *const rules[] = {"error", "first", "last", "sum", "declarations"};
    const char *rule = app_get(args, "duplicates");
    const char *memory = app_get(args, "memory"), *least = app_get(args, "min-firms");
    char *end = NULL;
    options->profile = app_get(args, "profile");
    options->map = app_get(args, "map");
    options->sheet = app_get(args, "sheet");
    options->range = app_get(args, "range");
    options->rejects_path = app_get(args, "rejects");
    options->nomenclature = app_get(args, "nomenclature");
    options->source = app_get(args, "source");
    options->release = app_get(args, "release");
    options->valuation = app_get(args, "valuation");
    options->duckdb = app_duckdb();
    options->input_name = app_get(args, "input-name");
    options->table = app_get(args, "table");
    options->where = app_get(args, "where");
    options->dialect = app_get(args, "dialect");
    options->firms_path = app_get(args, "firms");
    options->keep_firms = app_has(args, "keep-firms");
    options->pad_codes = app_has(args, "pad-codes");
    options->keep_unknown = app_has(args, "keep-unknown");
    for (unsigned i = 0; rule != NULL && i < 5; i++) {
        if (strcmp(rule, rules[i]) == 0)
            options->duplicates = (quipu_duplicates)i;
    }
    if (memory != NULL && !app_parse_size(memory, &options->memory)) {
        app_say("--memory wants a size such as 512M or 2G, not '%s'", memory);
        return false;
    }
    unsigned long firms = least != NULL ? strtoul(least, &end, 10) : 0;
    if (least != NULL && (least[0] < '0' || *end != '\0' || firms < 1 || firms > 1000)) {
        app_say("--min-firms wants a number from 1 to 1000, not '%s'", least);
        return false;
    }
    options->min_firms = (unsigned)firms;
    return app_get_threads(args, &options->threads);
}

static int import_files(const app_args *args, const char *cube, const char *const *files,
                        size_t n_files, bool append) {
    quipu_import_options options = {.append = append};
    quipu_import_result result = {0};
    quipu_error err = {0};
    quipu_nomen *nomen;
    app_progress progress;
    int status;
    if (!read_options(args, &options))
        return APP_USE;
    if (quipu_nomen_open(&nomen, &err) != QUIPU_OK)
        return app_fail(&err);
    app_stop_listen();
    app_progress_begin(&progress);
    options.progress = app_progress_step;
    options.progress_user = &progress;
    quipu_status done = quipu_import(nomen, files, n_files, cube, &options, &result, &err);
    app_progress_end(&progress);
    status = conclude(done, cube, &result, &err);
    quipu_import_result_free(&result);
    quipu_nomen_close(nomen);
    return status;
}

/* --statement, --explain: what would be sent, or how the database would go about it. */
static int print_statement(const app_args *args) {
    quipu_import_options options = {0};
    quipu_error err = {0};
    char *text;
    if (!read_options(args, &options) || !app_want_words(args, 1, 1))
        return APP_USE;
    app_stop_listen();
    if (quipu_import_statement(args->words[0], &options, app_has(args, "explain"), &text,
                               &err) != QUIPU_OK)
        return app_fail(&err);
    puts(text);
    free(text);
    return APP_FINE;
}

int app_run_import(const app_args *args) {
    const char *cube = app_get(args, "output");
    if (!app_want_words(args, 1, (size_t)-1))
        return APP_USE;
    if (app_has(args, "statement") || app_has(args, "explain"))
        return print_statement(args);
    if (cube == NULL || cube[0] == '\0') {
        app_say("import: where to? add -o CUBE");
        app_usage(stderr, args->verb);
        return APP_USE;
    }
    return import_files(args, cube, args->words, args->n_words, false);
}

int app_run_append(const app_args *args) {
    if (!app_want_words(args, 2, (size_t)-1))
        return APP_USE;
    return import_files(args, args->words[0], args->words + 1, args->n_words - 1, true);
}

int app_run_convert(const app_args *args) {
    static const char *const methods[] = {"official", "equal", "trade"};
    const char *to = app_get(args, "to"), *cube = app_get(args, "output");
    const char *word = app_get(args, "method");
    quipu_convert_method method = QUIPU_CONVERT_OFFICIAL;
    quipu_import_result result = {0};
    quipu_error err = {0};
    quipu_nomen *nomen;
    int status;
    if (!app_want_words(args, 1, 1))
        return APP_USE;
    if (to == NULL || cube == NULL) {
        app_say("convert: %s",
                to == NULL ? "to what? add --to H0, say" : "where to? add -o CUBE");
        app_usage(stderr, args->verb);
        return APP_USE;
    }
    for (unsigned i = 0; word != NULL && i < 3; i++) {
        if (strcmp(word, methods[i]) == 0)
            method = (quipu_convert_method)i;
    }
    if (quipu_nomen_open(&nomen, &err) != QUIPU_OK)
        return app_fail(&err);
    quipu_status done =
        quipu_convert_cube(nomen, args->words[0], to, method, cube, &result, &err);
    status = conclude(done, cube, &result, &err);
    quipu_import_result_free(&result);
    quipu_nomen_close(nomen);
    return status;
}
