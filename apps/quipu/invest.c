/* SPDX-License-Identifier: Apache-2.0 */
/* invest.c - registers of investments: checked, and carried to and from other programs.
 *
 * The questions asked of a register are measures; measure.c runs them. */
#include "app.h"

#include <string.h>

static bool is_error(const quipu_table *problems) {
    for (size_t i = 0; i < problems->n_rows; i++)
        if (strcmp(problems->columns[0].data.text[i], "error") == 0)
            return true;
    return false;
}

/* The register's own faults are the answer; anything else is a failure. */
static int check(const app_args *args, quipu_nomen *nomen) {
    quipu_register *reg = NULL;
    quipu_table problems = {0};
    quipu_error err = {0};
    int status;
    quipu_status opened = quipu_register_open(args->words[0], nomen, &problems, &reg, &err);
    if (opened != QUIPU_OK && opened != QUIPU_E_DATA) {
        status = app_fail(&err);
    } else if (problems.n_rows == 0 && app_get(args, "format") == NULL &&
               app_get(args, "output") == NULL) {
        printf("%s: sound\n", args->words[0]);
        status = APP_FINE;
    } else {
        status = app_show(args, &problems);
        if (status == APP_FINE && (opened == QUIPU_E_DATA || is_error(&problems)))
            status = APP_NO;
    }
    quipu_table_free(&problems);
    quipu_register_close(reg);
    return status;
}

static int with_nomen(const app_args *args, int (*work)(const app_args *, quipu_nomen *)) {
    quipu_nomen *nomen;
    quipu_error err = {0};
    if (!app_want_words(args, 1, 1))
        return APP_USE;
    if (quipu_nomen_open(&nomen, &err) != QUIPU_OK)
        return app_fail(&err);
    int status = work(args, nomen);
    quipu_nomen_close(nomen);
    return status;
}

int app_run_invest_check(const app_args *args) {
    return with_nomen(args, check);
}

/* ---- Beneficial Ownership Data Standard ---- */

static int write_bods(const app_args *args, quipu_nomen *nomen) {
    quipu_register *reg;
    quipu_error err = {0};
    app_output out = {0};
    if (quipu_register_open(args->words[0], nomen, NULL, &reg, &err) != QUIPU_OK)
        return app_fail(&err);
    int status = app_output_open_file(app_get(args, "output"), &out);
    if (status == APP_FINE) {
        if (quipu_register_write_bods(reg, app_sink, out.file, &err) != QUIPU_OK)
            status = app_fail(&err);
        int closing = app_output_close(&out, status == APP_FINE);
        status = status != APP_FINE ? status : closing;
    }
    quipu_register_close(reg);
    return status;
}

int app_run_invest_bods(const app_args *args) {
    return with_nomen(args, write_bods);
}

static int import(const app_args *args, quipu_nomen *nomen) {
    const char *folder = app_get(args, "output");
    quipu_table problems = {0};
    quipu_error err = {0};
    int status = APP_FINE;
    if (folder == NULL) {
        app_say("invest import: where to? add -o FOLDER");
        app_usage(stderr, args->verb);
        return APP_USE;
    }
    if (quipu_register_import_bods(args->words[0], nomen, folder, &problems, &err) != QUIPU_OK)
        status = app_fail(&err);
    for (size_t i = 0; status == APP_FINE && i < problems.n_rows; i++)
        app_say("warning: %s: found %s; expected %s", problems.columns[1].data.text[i],
                problems.columns[4].data.text[i], problems.columns[5].data.text[i]);
    quipu_table_free(&problems);
    return status;
}

int app_run_invest_import(const app_args *args) {
    return with_nomen(args, import);
}
