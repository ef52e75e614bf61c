/* SPDX-License-Identifier: Apache-2.0 */
/* reference.c - the reference pages of the measures, one markdown file each. */
#include "app.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int write_page(const char *folder, const char *name, const char *text) {
    char path[4096];
    app_output out = {0};
    snprintf(path, sizeof path, "%s/%s.md", folder, name);
    int status = app_output_open_file(path, &out);
    if (status != APP_FINE)
        return status;
    fputs(text, out.file);
    return app_output_close(&out, true);
}

static int write_index(const char *folder) {
    char path[4096];
    app_output out = {0};
    size_t n;
    const quipu_measure *const *measures = quipu_measures(&n);
    snprintf(path, sizeof path, "%s/README.md", folder);
    int status = app_output_open_file(path, &out);
    if (status != APP_FINE)
        return status;
    fputs("# Measures\n\nWritten by `quipu docs docs/measures` from the catalogue; edit the "
          "descriptions in `src/measures/`.\n\n| measure | question |\n|---|---|\n",
          out.file);
    for (size_t i = 0; i < n; i++)
        fprintf(out.file, "| [%s](%s.md) | %s |\n", measures[i]->name, measures[i]->name,
                measures[i]->summary);
    return app_output_close(&out, true);
}

int app_run_docs(const app_args *args) {
    size_t n;
    const quipu_measure *const *measures = quipu_measures(&n);
    quipu_error err = {0};
    if (!app_want_words(args, 1, 1))
        return APP_USE;
    if (mkdir(args->words[0], 0777) != 0 && errno != EEXIST) {
        app_say("cannot make %s: %s", args->words[0], strerror(errno));
        return APP_SYSTEM;
    }
    for (size_t i = 0; i < n; i++) {
        char *text;
        if (quipu_measure_page(measures[i], &text, &err) != QUIPU_OK)
            return app_fail(&err);
        int status = write_page(args->words[0], measures[i]->name, text);
        free(text);
        if (status != APP_FINE)
            return status;
    }
    return write_index(args->words[0]);
}
