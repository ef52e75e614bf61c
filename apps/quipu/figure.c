/* SPDX-License-Identifier: Apache-2.0 */
/* figure.c - a result as a figure: --format svg, png, pdf or option, or -o FILE.svg; and an
 * option read back, drawn. */
#include "app.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name, *extension;
    app_picture picture;
    bool binary;
} pictures[] = {
    {"svg", ".svg", APP_SVG, false},
    {"png", ".png", APP_PNG, true},
    {"pdf", ".pdf", APP_PDF, true},
    {"option", NULL, APP_OPTION, false},
};
#define N_PICTURES (sizeof pictures / sizeof pictures[0])

app_picture app_picture_wanted(const app_args *args) {
    const char *format = app_get(args, "format");
    const char *path = app_get(args, "output");
    const char *name = path == NULL ? NULL : strrchr(path, '/');
    const char *dot = path == NULL ? NULL : strrchr(name == NULL ? path : name, '.');
    for (size_t i = 0; i < N_PICTURES; i++) {
        if (format != NULL) {
            if (strcmp(format, pictures[i].name) == 0)
                return pictures[i].picture;
        } else if (dot != NULL && pictures[i].extension != NULL &&
                   strcmp(dot, pictures[i].extension) == 0) {
            return pictures[i].picture;
        }
    }
    return APP_NO_PICTURE;
}

/* A terminal cannot show it, and what it makes of the bytes is no good. */
static bool for_terminal(const app_args *args, app_picture picture, const char *path) {
    for (size_t i = 0; i < N_PICTURES; i++) {
        if (pictures[i].picture != picture || !pictures[i].binary)
            continue;
        if ((path == NULL || strcmp(path, "-") == 0) && isatty(STDOUT_FILENO)) {
            app_say("%s: a picture is not for a terminal: add -o FILE%s, or send it on with > "
                    "or |",
                    args->verb->name, pictures[i].extension);
            return false;
        }
    }
    return true;
}

static int draw(const char *option, app_picture picture, FILE *to) {
    quipu_chart_engine *engine;
    quipu_error err = {0};
    quipu_picture as = picture == APP_PDF   ? QUIPU_PDF
                       : picture == APP_PNG ? QUIPU_PNG
                                            : QUIPU_SVG;
    if (quipu_chart_engine_open(&engine, &err) != QUIPU_OK)
        return app_fail(&err);
    quipu_status status = quipu_chart_draw(engine, option, as, app_sink, to, &err);
    quipu_chart_engine_close(engine);
    return status == QUIPU_OK ? APP_FINE : app_fail(&err);
}

int app_draw(const app_args *args, app_picture picture, const quipu_table *table,
             const quipu_nomen *nomen) {
    const char *path = app_get(args, "output"), *language = app_get(args, "language");
    const quipu_measure *measure = args->verb->measure;
    quipu_chart chart = {.kind = app_get(args, "chart"),
                         .x = app_get(args, "chart-x"),
                         .y = app_get(args, "chart-y"),
                         .series = app_get(args, "chart-series"),
                         .title = app_get(args, "chart-title"),
                         .figure = measure != NULL ? measure->figure : NULL,
                         .spanish = language != NULL && strcmp(language, "es") == 0};
    char *option = NULL;
    quipu_error err = {0};
    app_output out = {0};
    if (!for_terminal(args, picture, path))
        return APP_USE;
    if (quipu_chart_option(table, nomen, &chart, &option, &err) != QUIPU_OK)
        return app_fail(&err);
    int status = app_output_open_file(path, &out);
    if (status == APP_FINE) {
        if (picture != APP_OPTION)
            status = draw(option, picture, out.file);
        else if (fputs(option, out.file) == EOF || fputc('\n', out.file) == EOF)
            status = APP_SYSTEM;
        int closing = app_output_close(&out, status == APP_FINE);
        status = status != APP_FINE ? status : closing;
    }
    free(option);
    return status;
}

/* ---- draw: an option from a file ---- */

enum { MOST_OPTION = 64 << 20 };

static char *read_option(const char *path) {
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    size_t used = 0, size = 0;
    char *text = NULL;
    if (file == NULL) {
        app_say("cannot read %s: %s", path, strerror(errno));
        return NULL;
    }
    do {
        char *more = size < MOST_OPTION ? realloc(text, size + 65536 + 1) : NULL;
        if (more == NULL) {
            app_say("%s is too large for a figure's option", path);
            free(text);
            text = NULL;
            break;
        }
        text = more;
        size += 65536;
        used += fread(text + used, 1, size - used, file);
        text[used] = '\0';
    } while (used == size);
    if (text != NULL && ferror(file)) {
        app_say("cannot read %s: %s", path, strerror(errno));
        free(text);
        text = NULL;
    }
    if (file != stdin)
        fclose(file);
    return text;
}

int app_run_draw(const app_args *args) {
    app_picture picture = app_picture_wanted(args);
    const char *path = app_get(args, "output");
    app_output out = {0};
    if (!app_want_words(args, 1, 1))
        return APP_USE;
    if (picture == APP_NO_PICTURE || picture == APP_OPTION) {
        app_say("draw: as what? add -o FILE.svg (or .png, .pdf), or --format svg");
        return APP_USE;
    }
    if (!for_terminal(args, picture, path))
        return APP_USE;
    char *option = read_option(args->words[0]);
    if (option == NULL)
        return APP_SYSTEM;
    int status = app_output_open_file(path, &out);
    if (status == APP_FINE) {
        status = draw(option, picture, out.file);
        int closing = app_output_close(&out, status == APP_FINE);
        status = status != APP_FINE ? status : closing;
    }
    free(option);
    return status;
}
