/* SPDX-License-Identifier: Apache-2.0 */
/* output.c - where a result goes and in which format.
 *
 * A file named with -o is written under another name beside it and renamed when it is whole,
 * so that nobody ever reads half a table.
 */
#include "app.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const quipu_format_info *app_format_find(const char *name) {
    size_t n;
    const quipu_format_info *formats = quipu_formats(&n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    }
    return NULL;
}

/* The longest ending wins: table.sdmx.csv is more than a CSV. */
static const quipu_format_info *format_of_file(const char *path) {
    size_t n, length = strlen(path), longest = 0;
    const quipu_format_info *formats = quipu_formats(&n), *found = NULL;
    for (size_t i = 0; i < n; i++) {
        size_t end = strlen(formats[i].extension);
        if (end <= length && end > longest &&
            strcmp(path + length - end, formats[i].extension) == 0) {
            found = &formats[i];
            longest = end;
        }
    }
    return found;
}

static void complain_format(const app_args *args, const char *text) {
    const char *names[32];
    char all[256] = "";
    size_t n;
    const quipu_format_info *formats = quipu_formats(&n);
    if (n > 32)
        n = 32;
    for (size_t i = 0; i < n; i++) {
        names[i] = formats[i].name;
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    const char *near = app_nearest(text, names, n);
    if (near != NULL)
        app_say("%s: there is no format '%s'; did you mean '%s'?", args->verb->name, text,
                near);
    else
        app_say("%s: there is no format '%s'; there are %s", args->verb->name, text, all);
}

static int open_aside(const char *path, app_output *out) {
    static const char suffix[] = ".XXXXXX";
    size_t size = strlen(path) + sizeof suffix;
    out->path = strdup(path);
    out->temporary = malloc(size);
    if (out->path == NULL || out->temporary == NULL)
        return app_fail_memory();
    snprintf(out->temporary, size, "%s%s", path, suffix);
    int fd = mkstemp(out->temporary);
    if (fd >= 0) {
        /* mkstemp makes a private file; a result is as open as any other file. */
        mode_t mask = umask(0);
        umask(mask);
        if (fchmod(fd, 0666 & ~mask) == 0)
            out->file = fdopen(fd, "w");
    }
    if (out->file == NULL) {
        app_say("cannot write %s: %s", path, strerror(errno));
        if (fd >= 0) {
            close(fd);
            unlink(out->temporary);
        }
        return APP_SYSTEM;
    }
    return APP_FINE;
}

int app_output_open_file(const char *path, app_output *out) {
    if (path == NULL || strcmp(path, "-") == 0) {
        out->file = stdout;
        return APP_FINE;
    }
    int status = open_aside(path, out);
    if (status != APP_FINE) {
        free(out->path);
        free(out->temporary);
        *out = (app_output){0};
    }
    return status;
}

int app_output_open(const app_args *args, app_output *out) {
    const char *path = app_get(args, "output");
    const char *format = app_get(args, "format");
    const char *language = app_get(args, "language");
    const quipu_format_info *info = NULL;
    *out = (app_output){.options.format = QUIPU_FORMAT_TEXT};
    if (path != NULL && strcmp(path, "-") == 0)
        path = NULL;
    if (format != NULL) {
        info = app_format_find(format);
        if (info == NULL) {
            complain_format(args, format);
            return APP_USE;
        }
    } else if (path != NULL) {
        info = format_of_file(path);
        if (info == NULL) {
            app_say("%s: the name %s tells no format; add --format, or end it in .csv, .json, "
                    ".txt, .md, .tex, .html, .xlsx, .dta, .sav, .sdmx.csv, "
                    ".arrows, .parquet, .tsv or .jsonl",
                    args->verb->name, path);
            return APP_USE;
        }
    }
    if (info != NULL && info->binary && path == NULL && isatty(STDOUT_FILENO)) {
        app_say("%s: %s is not for a terminal; give it a file: -o NAME%s", args->verb->name,
                info->name, info->extension);
        return APP_USE;
    }
    if (info != NULL)
        out->options.format = info->format;
    out->options.plain = app_has(args, "plain");
    out->options.duckdb = app_duckdb();
    out->options.spanish = language != NULL && strcmp(language, "es") == 0;
    if (path == NULL) {
        out->options.width = app_width(stdout);
        out->options.colour = app_colour(stdout);
    }
    return app_output_open_file(path, out);
}

int app_output_close(app_output *out, bool keep) {
    int status = APP_FINE;
    if (out->file == NULL)
        return status;
    bool bad = ferror(out->file) != 0;
    if (fflush(out->file) != 0)
        bad = true;
    if (out->path == NULL) {
        if (bad) {
            app_say("cannot write to standard output: %s", strerror(errno));
            status = APP_SYSTEM;
        }
    } else {
        if (fclose(out->file) != 0)
            bad = true;
        if (keep && !bad && rename(out->temporary, out->path) != 0)
            bad = true;
        if (bad) {
            app_say("cannot write %s: %s", out->path, strerror(errno));
            status = APP_SYSTEM;
        }
        if (bad || !keep)
            unlink(out->temporary);
    }
    free(out->path);
    free(out->temporary);
    *out = (app_output){0};
    return status;
}

bool app_sink(void *file, const char *bytes, size_t length) {
    return fwrite(bytes, 1, length, file) == length;
}

int app_output_table(app_output *out, const quipu_table *table) {
    quipu_error err = {0};
    if (quipu_report_write(table, &out->options, app_sink, out->file, &err) != QUIPU_OK)
        return app_fail(&err);
    return APP_FINE;
}

int app_show(const app_args *args, const quipu_table *table) {
    app_output out;
    int status = app_output_open(args, &out);
    if (status != APP_FINE)
        return status;
    status = app_output_table(&out, table);
    int closing = app_output_close(&out, status == APP_FINE);
    return status != APP_FINE ? status : closing;
}
