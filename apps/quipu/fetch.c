/* SPDX-License-Identifier: Apache-2.0 */
/* fetch.c - official data over the network, or out of a folder it was fetched into before. */
#include "fetch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- options ---- */

/* Seconds, with decimals, as milliseconds. */
static bool get_seconds(const app_args *args, const char *name, int64_t *out) {
    const char *text = app_get(args, name);
    char *end;
    if (text == NULL)
        return true;
    double seconds = strtod(text, &end);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || !(seconds <= 86400)) {
        app_say("fetch: --%s wants seconds from 0 to 86400, not '%s'", name, text);
        return false;
    }
    *out = (int64_t)(seconds * 1000 + 0.5);
    return true;
}

static bool get_count(const app_args *args, const char *name, unsigned most, unsigned *out) {
    const char *text = app_get(args, name);
    char *end;
    if (text == NULL)
        return true;
    unsigned long n = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || n < 1 || n > most) {
        app_say("fetch: --%s wants a number from 1 to %u, not '%s'", name, most, text);
        return false;
    }
    *out = (unsigned)n;
    return true;
}

/* As curl's own program does: lower case for http, where a web server could set the other. */
static const char *proxy_of(const char *base) {
    const char *proxy = getenv("http_proxy");
    if (base == NULL || strncmp(base, "https:", 6) == 0) {
        proxy = getenv("https_proxy");
        proxy = proxy != NULL ? proxy : getenv("HTTPS_PROXY");
    }
    return proxy != NULL && proxy[0] != '\0' ? proxy : NULL;
}

static bool read_options(const app_args *args, quipu_fetch_options *o) {
    *o = (quipu_fetch_options){.base_url = app_get(args, "base-url"),
                               .ca_file = app_get(args, "ca-file"),
                               .no_proxy = getenv("no_proxy")};
    o->proxy = proxy_of(o->base_url);
    if (!get_seconds(args, "pause", &o->pause))
        return false;
    if (app_has(args, "pause") && o->pause == 0)
        o->pause = -1; /* none at all */
    return get_seconds(args, "timeout", &o->timeout) &&
           get_seconds(args, "patience", &o->patience) &&
           get_count(args, "tries", 100, &o->tries) &&
           get_count(args, "parallel", 4, &o->parallel);
}

static void read_question(const app_args *args, quipu_fetch_question *q) {
    *q = (quipu_fetch_question){.source = strchr(args->verb->name, ' ') + 1,
                                .reporters = app_get(args, "reporter"),
                                .partners = app_get(args, "partner"),
                                .periods = app_get(args, "years"),
                                .products = app_get(args, "product"),
                                .flows = app_get(args, "flow"),
                                .nomenclature = app_get(args, "nomenclature"),
                                .release = app_get(args, "release"),
                                .indicators = app_get(args, "indicator")};
}

/* Where answers are kept: --keep, or beside what is made: peru.quipu has peru.fetch. */
static char *folder_of(const app_args *args, const char *out) {
    const char *keep = app_get(args, "keep"), *slash = strrchr(out, '/');
    const char *dot = strrchr(slash != NULL ? slash : out, '.');
    size_t stem = dot != NULL && dot != out ? (size_t)(dot - out) : strlen(out);
    if (keep != NULL)
        return strdup(keep);
    char *folder = malloc(stem + 7);
    if (folder != NULL)
        snprintf(folder, stem + 7, "%.*s.fetch", (int)stem, out);
    return folder;
}

/* ---- what is seen meanwhile ---- */

typedef struct watch {
    bool shown, bytes; /* counts bytes, of an archive, not answers */
    time_t last;
} watch;

static void note(void *user, const char *text) {
    watch *w = user;
    if (w->shown)
        fputs("\r\033[K", stderr);
    app_say("%s", text);
}

static bool progress(void *user, uint64_t done, uint64_t total) {
    watch *w = user;
    time_t now = time(NULL);
    if (w->shown && now != w->last) {
        w->last = now;
        if (w->bytes)
            fprintf(stderr, "\r\033[K  %.0f of %.0f MB", (double)done / 1e6,
                    (double)total / 1e6);
        else
            fprintf(stderr, "\r\033[K  %llu of %llu answers", (unsigned long long)done,
                    (unsigned long long)total);
        fflush(stderr);
    }
    return app_stopped();
}

/* ---- fetching ---- */

static int plan(quipu_nomen *nomen, const quipu_fetch_question *question,
                const quipu_fetch_options *options) {
    quipu_table table = {0};
    quipu_error err = {0};
    if (quipu_fetch_plan(nomen, question, options, &table, &err) != QUIPU_OK)
        return app_fail(&err);
    for (size_t i = 0; i < table.n_rows; i++)
        puts(table.columns[0].data.text[i]);
    quipu_table_free(&table);
    return APP_FINE;
}

static int build(quipu_nomen *nomen, const app_args *args, const char *folder,
                 const char *out) {
    quipu_import_options options = {0};
    quipu_fetch_build_result result = {0};
    quipu_error err = {0};
    app_progress bar;
    int status = APP_FINE;
    if (!app_get_threads(args, &options.threads))
        return APP_USE;
    app_progress_begin(&bar);
    options.progress = app_progress_step;
    options.progress_user = &bar;
    quipu_status done = quipu_fetch_build(nomen, folder, out, &options, &result, &err);
    app_progress_end(&bar);
    if (done != QUIPU_OK)
        status = app_fail(&err);
    else if (result.is_cube)
        app_print_import(out, &result.import);
    else
        fprintf(stderr, "%s: %llu rows\n", out, (unsigned long long)result.rows);
    quipu_fetch_build_result_free(&result);
    return status;
}

static int fetch_and_build(const app_args *args, quipu_nomen *nomen,
                           const quipu_fetch_question *question, quipu_fetch_options *options,
                           const char *out) {
    quipu_fetch_result result = {0};
    quipu_error err = {0};
    watch w = {.shown = app_width(stderr) > 0, .bytes = strcmp(question->source, "baci") == 0};
    char *folder = folder_of(args, out);
    int status;
    if (folder == NULL)
        return app_fail_memory();
    options->note = note;
    options->progress = progress;
    options->user = &w;
    app_stop_listen();
    quipu_status done = quipu_fetch(nomen, question, folder, options, &result, &err);
    if (w.shown)
        fputs("\r\033[K", stderr);
    if (done == QUIPU_OK) {
        fprintf(stderr, "%s: %llu answers, %llu of them kept before; %llu requests\n", folder,
                (unsigned long long)result.answers, (unsigned long long)result.kept,
                (unsigned long long)result.requests);
        status = build(nomen, args, folder, out);
    } else {
        if (done == QUIPU_E_STOPPED) {
            app_say("stopped");
            status = APP_SYSTEM;
        } else {
            status = app_fail(&err);
        }
        if (result.answers > 0)
            app_say("kept in %s: %llu of the answers; the same command goes on from there",
                    folder, (unsigned long long)result.answers);
    }
    free(folder);
    return status;
}

int app_run_fetch_source(const app_args *args) {
    const char *out = app_get(args, "output");
    quipu_fetch_options options;
    quipu_fetch_question question;
    quipu_nomen *nomen;
    quipu_error err = {0};
    app_key key = {""};
    read_question(args, &question);
    if (!app_want_words(args, 0, 0) || !read_options(args, &options))
        return APP_USE;
    if (strcmp(question.source, "comtrade") == 0) {
        if (!app_key_get(args, "COMTRADE_KEY", &key))
            return APP_USE;
        options.key = key.text;
    }
    if (out == NULL && !app_has(args, "dry-run")) {
        app_say("%s: where to? add -o FILE", args->verb->name);
        app_usage(stderr, args->verb);
        return APP_USE;
    }
    if (quipu_nomen_open(&nomen, &err) != QUIPU_OK)
        return app_fail(&err);
    int status = app_has(args, "dry-run")
                     ? plan(nomen, &question, &options)
                     : fetch_and_build(args, nomen, &question, &options, out);
    quipu_nomen_close(nomen);
    memset(&key, 0, sizeof key);
    return status;
}

int app_run_fetch_rebuild(const app_args *args) {
    const char *out = app_get(args, "output");
    quipu_nomen *nomen;
    quipu_error err = {0};
    if (!app_want_words(args, 1, 1))
        return APP_USE;
    if (out == NULL) {
        app_say("fetch rebuild: where to? add -o FILE");
        app_usage(stderr, args->verb);
        return APP_USE;
    }
    if (quipu_nomen_open(&nomen, &err) != QUIPU_OK)
        return app_fail(&err);
    app_stop_listen();
    int status = build(nomen, args, args->words[0], out);
    quipu_nomen_close(nomen);
    return status;
}
