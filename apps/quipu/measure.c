/* SPDX-License-Identifier: Apache-2.0 */
/* measure.c - run a measure of the catalogue on a cube or a register of investments. */
#include "app.h"

#include <stdlib.h>
#include <string.h>

/* Options of the program, not of the measure. */
static bool is_ours(const char *name) {
    static const char *const ours[] = {"format",  "output",       "plain",      "language",
                                       "explain", "threads",      "chart",      "chart-x",
                                       "chart-y", "chart-series", "chart-title"};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        if (strcmp(ours[i], name) == 0)
            return true;
    }
    return false;
}

static bool for_people(quipu_format format) {
    return format == QUIPU_FORMAT_TEXT || format == QUIPU_FORMAT_MARKDOWN;
}

static int show(const app_args *args, const quipu_request *request, const quipu_table *table) {
    app_output out;
    quipu_pair_text fixed[4];
    int status = app_output_open(args, &out);
    if (status != APP_FINE)
        return status;
    out.options.fixed = fixed;
    out.options.n_fixed = quipu_request_fixed(request, fixed);
    status = app_output_table(&out, table);
    if (status == APP_FINE && app_has(args, "explain"))
        /* A file for a program stays clean: the words go to standard error. */
        app_explain(for_people(out.options.format) ? out.file : stderr, args->verb->measure,
                    table);
    int closing = app_output_close(&out, status == APP_FINE);
    return status != APP_FINE ? status : closing;
}

/* `request` has what the measure is asked of. */
static int run(const app_args *args, quipu_request *asked, quipu_argument *arguments) {
    quipu_table table = {0};
    quipu_error err = {0};
    quipu_request request = *asked;
    request.arguments = arguments;
    app_picture picture = app_picture_wanted(args);
    int status;
    if (picture == APP_NO_PICTURE && app_has(args, "chart")) {
        app_say(
            "%s: a figure needs a file to go to: add -o FILE.svg (or .png, .pdf), or --format "
            "svg",
            args->verb->name);
        return APP_USE;
    }
    if (request.invested == NULL && !app_get_threads(args, &request.threads))
        return APP_USE;
    for (size_t i = 0; i < args->n_given; i++) {
        const app_given *given = &args->given[i];
        if (is_ours(given->option->name))
            continue;
        /* A figure has its years along an axis. */
        if (picture != APP_NO_PICTURE && strcmp(given->option->name, "wide") == 0)
            continue;
        arguments[request.n_arguments++] = (quipu_argument){
            given->option->name, given->option->value == NULL ? "yes" : given->value};
    }
    if (quipu_measure_run(args->verb->measure, &request, &table, &err) != QUIPU_OK)
        status = app_fail(&err);
    else if (picture != APP_NO_PICTURE)
        status = app_draw(args, picture, &table, request.nomen);
    else
        status = show(args, &request, &table);
    quipu_table_free(&table);
    return status;
}

static const char *subject(quipu_needs needs) {
    return needs == QUIPU_NEEDS_CUBE       ? "cube"
           : needs == QUIPU_NEEDS_REGISTER ? "register"
                                           : "cube or table";
}

int app_run_measure(const app_args *args) {
    quipu_cube *cube = NULL;
    quipu_register *invested = NULL;
    quipu_nomen *nomen = NULL;
    quipu_error err = {0};
    quipu_needs needs = args->verb->measure->needs;
    int status;
    if (args->n_words == 0) {
        app_say("%s: of which %s?", args->verb->name, subject(needs));
        app_usage(stderr, args->verb);
        return APP_USE;
    }
    if (!app_want_words(args, 1, 1))
        return APP_USE;
    bool table = needs == QUIPU_NEEDS_PANEL && !quipu_cube_is(args->words[0]);
    if (needs != QUIPU_NEEDS_REGISTER && !table &&
        quipu_cube_open(args->words[0], &cube, &err) != QUIPU_OK)
        return app_fail(&err);
    quipu_argument *arguments = calloc(args->n_given + 1, sizeof *arguments);
    if (arguments == NULL)
        status = app_fail_memory();
    else if (quipu_nomen_open(&nomen, &err) != QUIPU_OK)
        status = app_fail(&err);
    else if (needs == QUIPU_NEEDS_REGISTER &&
             quipu_register_open(args->words[0], nomen, NULL, &invested, &err) != QUIPU_OK)
        status = app_fail(&err);
    else
        status = run(args,
                     &(quipu_request){.cube = cube,
                                      .invested = invested,
                                      .nomen = nomen,
                                      .table = table ? args->words[0] : NULL},
                     arguments);
    free(arguments);
    quipu_register_close(invested);
    quipu_nomen_close(nomen);
    quipu_cube_close(cube);
    return status;
}
