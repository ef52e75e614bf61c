/* SPDX-License-Identifier: Apache-2.0 */
/* study.c - build a study, compare it with print, begin a new one. */
#define _XOPEN_SOURCE 700 /* nftw */
#include "app.h"

#include "quipu/study.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MAX_INPUTS 32

/* ---- options ---- */

typedef struct study_call {
    quipu_nomen *nomen;
    quipu_study_options options;
    quipu_study_input inputs[MAX_INPUTS];
    char *names[MAX_INPUTS];
    char command[1024];
    const char *path;
} study_call;

static bool read_inputs(const app_args *args, study_call *call) {
    for (size_t i = 0; i < args->n_given; i++) {
        if (strcmp(args->given[i].option->name, "input") != 0)
            continue;
        const char *text = args->given[i].value, *equals = strchr(text, '=');
        size_t n = call->options.n_inputs;
        if (equals == NULL || equals == text || equals[1] == '\0' || n == MAX_INPUTS) {
            app_say("--input wants NAME=PATH, not '%s'", text);
            return false;
        }
        call->names[n] = strndup(text, (size_t)(equals - text));
        if (call->names[n] == NULL)
            return false;
        call->inputs[n] = (quipu_study_input){call->names[n], equals + 1};
        call->options.n_inputs++;
    }
    return true;
}

/* Without the folder and the threads, which change nothing in the bundle. */
static void write_command(study_call *call) {
    const char *slash = strrchr(call->path, '/');
    int n = snprintf(call->command, sizeof call->command, "quipu study %s",
                     slash != NULL ? slash + 1 : call->path);
    for (size_t i = 0; i < call->options.n_inputs && n > 0 && (size_t)n < sizeof call->command;
         i++)
        n += snprintf(call->command + n, sizeof call->command - (size_t)n, " --input %s=%s",
                      call->inputs[i].name, call->inputs[i].path);
    call->options.command = call->command;
}

static int open_call(const app_args *args, const char *path, study_call *call) {
    quipu_error err = {0};
    *call = (study_call){.path = path};
    call->options.inputs = call->inputs;
    if (!app_get_threads(args, &call->options.threads) || !read_inputs(args, call))
        return APP_USE;
    call->options.block = app_get(args, "block");
    write_command(call);
    if (quipu_nomen_open(&call->nomen, &err) != QUIPU_OK)
        return app_fail(&err);
    return APP_FINE;
}

static void close_call(study_call *call) {
    for (size_t i = 0; i < call->options.n_inputs; i++)
        free(call->names[i]);
    quipu_nomen_close(call->nomen);
}

/* ---- building ---- */

static void say_counts(const quipu_study_result *r) {
    if (r->compared + r->unanswered > 0)
        fprintf(stderr,
                "%zu printed figures: %zu equal, %zu near, %zu differ, %zu without a figure "
                "here\n",
                r->compared + r->unanswered, r->equal, r->near, r->differ, r->unanswered);
}

static void say_skipped(const quipu_table *skipped) {
    for (size_t i = 0; i < skipped->n_rows; i++)
        fprintf(stderr, "not calculated: %s (no input \"%s\")\n",
                skipped->columns[0].data.text[i], skipped->columns[1].data.text[i]);
}

static int build(study_call *call, const char *folder) {
    quipu_study_result result;
    quipu_error err = {0};
    if (quipu_study_build(call->path, call->nomen, folder, &call->options, &result, &err) !=
        QUIPU_OK)
        return app_fail(&err);
    fprintf(stderr, "%s: %zu tables, %zu figures, %zu files; manifest %.16s\n", folder,
            result.tables, result.figures, result.files, result.manifest);
    say_skipped(&result.skipped);
    say_counts(&result);
    fprintf(stderr, "open %s/index.html\n", folder);
    quipu_study_result_free(&result);
    return APP_FINE;
}

/* The study's own name without its end: peru-asia.yaml goes to peru-asia. */
static char *usual_folder(const char *path) {
    const char *slash = strrchr(path, '/');
    char *name = strdup(slash != NULL ? slash + 1 : path);
    char *dot = name != NULL ? strrchr(name, '.') : NULL;
    if (dot != NULL && dot != name)
        *dot = '\0';
    return name;
}

/* ---- watching ---- */

static long long newest(const study_call *call) {
    quipu_study_files files;
    struct stat about;
    long long sum = 0;
    if (quipu_study_files_list(call->path, &call->options, &files, NULL) != QUIPU_OK)
        return 0;
    for (size_t i = 0; i < files.n; i++)
        if (stat(files.paths[i], &about) == 0)
            sum = sum * 31 + about.st_mtim.tv_sec * 1000000007LL + about.st_mtim.tv_nsec +
                  about.st_size;
    quipu_study_files_free(&files);
    return sum;
}

static int watch(study_call *call, const char *folder) {
    const struct timespec pause = {0, 250000000};
    long long seen = newest(call);
    int status = build(call, folder);
    app_stop_listen();
    fprintf(stderr, "watching %s and its inputs; Ctrl-C ends\n", call->path);
    while (!app_stopped()) {
        nanosleep(&pause, NULL);
        long long now = newest(call);
        if (now == seen)
            continue;
        seen = now;
        status = build(call, folder);
    }
    app_stop_finish();
    return status;
}

static int run_build(const app_args *args) {
    study_call call;
    if (!app_want_words(args, 1, 1))
        return APP_USE;
    int status = open_call(args, args->words[0], &call);
    char *folder = app_has(args, "output") ? strdup(app_get(args, "output"))
                                           : usual_folder(args->words[0]);
    if (status == APP_FINE && folder == NULL)
        status = app_fail_memory();
    else if (status == APP_FINE)
        status = app_has(args, "watch") ? watch(&call, folder) : build(&call, folder);
    free(folder);
    close_call(&call);
    return status;
}

/* ---- checking ---- */

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at) {
    (void)about;
    (void)kind;
    (void)at;
    return remove(path);
}

/* An unexplained difference is what a reader must look at: then the answer is no. */
static bool has_unknown(const quipu_table *table) {
    ptrdiff_t cause = quipu_table_find(table, "cause");
    for (size_t i = 0; i < table->n_rows; i++)
        if (quipu_table_present(table, (size_t)cause, i) &&
            strcmp(table->columns[cause].data.text[i], "unknown") == 0)
            return true;
    return false;
}

static int check(const app_args *args, study_call *call, const char *scratch) {
    quipu_study_result result;
    quipu_table table;
    quipu_error err = {0};
    if (quipu_study_check(call->path, call->nomen, scratch, &call->options, &table, &result,
                          &err) != QUIPU_OK)
        return app_fail(&err);
    int status = app_show(args, &table);
    if (status == APP_FINE) {
        say_skipped(&result.skipped);
        say_counts(&result);
        status = has_unknown(&table) ? APP_NO : APP_FINE;
    }
    quipu_table_free(&table);
    quipu_study_result_free(&result);
    return status;
}

static int run_check(const app_args *args) {
    char scratch[512];
    study_call call;
    const char *temporary = getenv("TMPDIR");
    if (!app_want_words(args, 2, 2))
        return APP_USE;
    snprintf(scratch, sizeof scratch, "%s/quipu-study-XXXXXX",
             temporary != NULL && temporary[0] != '\0' ? temporary : "/tmp");
    int status = open_call(args, args->words[1], &call);
    if (status == APP_FINE && mkdtemp(scratch) == NULL) {
        app_say("cannot make a folder for scratch files: %s", scratch);
        status = APP_SYSTEM;
    } else if (status == APP_FINE) {
        status = check(args, &call, scratch);
        nftw(scratch, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
    close_call(&call);
    return status;
}

/* ---- beginning ---- */

/* `--schema --format markdown` is the reference page: `make docs` writes docs/study.md with it. */
static bool is_markdown(const app_args *args) {
    const char *format = app_get(args, "format");
    return format != NULL && strcmp(format, "markdown") == 0;
}

/* The path of the cube from the folder of the study file. */
static char *path_from(const char *file, const char *cube) {
    const char *slash = file != NULL ? strrchr(file, '/') : NULL;
    size_t folder = slash != NULL ? (size_t)(slash - file) + 1 : 0;
    if (cube == NULL || cube[0] == '/' || folder == 0)
        return cube != NULL ? strdup(cube) : NULL;
    if (strncmp(cube, file, folder) == 0)
        return strdup(cube + folder);
    return realpath(cube, NULL);
}

static int write_start(const app_args *args, quipu_nomen *nomen, app_output *out) {
    quipu_error err = {0};
    char *shown = path_from(app_get(args, "output"), app_get(args, "trade"));
    quipu_status status =
        app_has(args, "schema")
            ? quipu_study_schema(is_markdown(args), app_sink, out->file, &err)
            : quipu_study_start(nomen, app_get(args, "new"), app_get(args, "partners"),
                                app_get(args, "trade"), shown, app_sink, out->file, &err);
    free(shown);
    return status == QUIPU_OK ? APP_FINE : app_fail(&err);
}

static int run_start(const app_args *args) {
    quipu_nomen *nomen;
    quipu_error err = {0};
    app_output out = {0};
    if (!app_want_words(args, 0, 0))
        return APP_USE;
    if (quipu_nomen_open(&nomen, &err) != QUIPU_OK)
        return app_fail(&err);
    int status = app_output_open_file(app_get(args, "output"), &out);
    if (status == APP_FINE) {
        status = write_start(args, nomen, &out);
        int closing = app_output_close(&out, status == APP_FINE);
        status = status != APP_FINE ? status : closing;
    }
    quipu_nomen_close(nomen);
    return status;
}

int app_run_study(const app_args *args) {
    if (app_has(args, "new") || app_has(args, "schema"))
        return run_start(args);
    if (args->n_words > 0 && strcmp(args->words[0], "check") == 0)
        return run_check(args);
    return run_build(args);
}
