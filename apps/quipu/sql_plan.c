/* SPDX-License-Identifier: Apache-2.0 */
/* sql_plan.c - a measure as SQL, for a table that stays in its database. */
#include "app.h"

#include <stdlib.h>
#include <string.h>

/* Options of the verb, not of the measure. */
static bool is_ours(const char *name) {
    static const char *const ours[] = {"dialect", "table", "map", "where", "numbers", "output"};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        if (strcmp(ours[i], name) == 0)
            return true;
    }
    return false;
}

static int print(const app_args *args, const char *sql) {
    app_output out = {0};
    int status = app_output_open_file(app_get(args, "output"), &out);
    if (status != APP_FINE)
        return status;
    bool fine = fputs(sql, out.file) >= 0;
    int closing = app_output_close(&out, fine);
    return fine ? closing : APP_SYSTEM;
}

int app_run_sql_plan(const app_args *args) {
    quipu_request request = {0};
    quipu_error err = {0};
    quipu_nomen *nomen;
    char *sql = NULL;
    int status;
    if (!app_want_words(args, 1, 1))
        return APP_USE;
    const quipu_measure *measure = quipu_measure_find(args->words[0]);
    if (measure == NULL) {
        app_say("sql-plan: there is no measure '%s' (quipu help lists them)", args->words[0]);
        return APP_USE;
    }
    quipu_plan_options options = {.dialect = app_get(args, "dialect"),
                                  .table = app_get(args, "table"),
                                  .map = app_get(args, "map"),
                                  .where = app_get(args, "where"),
                                  .numbers = app_has(args, "numbers")};
    quipu_argument *arguments = calloc(args->n_given + 1, sizeof *arguments);
    if (arguments == NULL)
        return app_fail_memory();
    for (size_t i = 0; i < args->n_given; i++) {
        if (!is_ours(args->given[i].option->name))
            arguments[request.n_arguments++] =
                (quipu_argument){args->given[i].option->name, args->given[i].value};
    }
    if (quipu_nomen_open(&nomen, &err) != QUIPU_OK) {
        free(arguments);
        return app_fail(&err);
    }
    request.nomen = nomen;
    request.arguments = arguments;
    status = quipu_plan_sql(measure, &request, &options, &sql, &err) == QUIPU_OK
                 ? print(args, sql)
                 : app_fail(&err);
    free(sql);
    free(arguments);
    quipu_nomen_close(nomen);
    return status;
}
