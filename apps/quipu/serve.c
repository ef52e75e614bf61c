/* SPDX-License-Identifier: Apache-2.0 */
/* serve.c - a cube over HTTP, until Ctrl-C. */
#include "app.h"

#include "quipu/serve.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A line at a time, so that those of several threads do not mix. */
static bool log_line(void *user, const char *bytes, size_t length) {
    (void)user;
    while (length > 0) {
        ssize_t wrote = write(STDERR_FILENO, bytes, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        bytes += wrote;
        length -= (size_t)wrote;
    }
    return true;
}

static bool get_number(const app_args *args, const char *name, unsigned least, unsigned most,
                       unsigned *out) {
    const char *text = app_get(args, name);
    char *end;
    if (text == NULL)
        return true;
    unsigned long n = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || n < least || n > most) {
        app_say("serve: --%s wants a number from %u to %u, not '%s'", name, least, most, text);
        return false;
    }
    *out = (unsigned)n;
    return true;
}

static bool get_size(const app_args *args, const char *name, uint64_t *out) {
    const char *text = app_get(args, name);
    if (text == NULL || (app_parse_size(text, out) && *out > 0))
        return true;
    app_say("serve: --%s wants a size such as 64M, not '%s'", name, text);
    return false;
}

static bool read_options(const app_args *args, const char **names,
                         quipu_serve_options *options) {
    *options = (quipu_serve_options){.cube = args->words[0],
                                     .invested = app_get(args, "register"),
                                     .study = app_get(args, "study"),
                                     .host = app_get(args, "host"),
                                     .port = 8417,
                                     .names = names,
                                     .log = app_has(args, "quiet") ? NULL : log_line};
    for (size_t i = 0; i < args->n_given; i++)
        if (strcmp(args->given[i].option->name, "name") == 0)
            names[options->n_names++] = args->given[i].value;
    return get_number(args, "port", 0, 65535, &options->port) &&
           get_number(args, "seconds", 1, 3600, &options->seconds) &&
           get_size(args, "answer-size", &options->answer_bytes) &&
           get_size(args, "cache", &options->cache_bytes) &&
           app_get_threads(args, &options->workers);
}

static int serve(const quipu_serve_options *options) {
    quipu_server *server;
    quipu_error err = {0};
    sigset_t signals;
    int number;
    /* Before any thread starts, so that only this one is woken. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (quipu_server_open(options, &server, &err) != QUIPU_OK)
        return app_fail(&err);
    const char *host = options->host != NULL ? options->host : "127.0.0.1";
    bool six = strchr(host, ':') != NULL;
    app_say("%s is at http://%s%s%s:%u/ (Ctrl-C ends)", options->cube, six ? "[" : "", host,
            six ? "]" : "", quipu_server_port(server));
    sigwait(&signals, &number);
    quipu_server_close(server);
    return APP_FINE;
}

/* Each answer keeps the rule, many answers together need not. */
static void warn_of_firms(const char *path) {
    quipu_cube *cube;
    if (quipu_cube_open(path, &cube, NULL) != QUIPU_OK)
        return; /* the server says why */
    if (quipu_cube_n_firms(cube) > 0)
        app_say(
            "%s knows its firms: whoever may ask it much can subtract one answer from "
            "another (docs/firms.md). For strangers serve the cube without them: quipu dump "
            "%s | quipu import - -o public.quipu",
            path, path);
    quipu_cube_close(cube);
}

int app_run_serve(const app_args *args) {
    quipu_serve_options options;
    if (args->n_words == 0) {
        app_say("serve: which cube?");
        app_usage(stderr, args->verb);
        return APP_USE;
    }
    if (!app_want_words(args, 1, 1))
        return APP_USE;
    const char **names = calloc(args->n_given + 1, sizeof *names);
    if (names == NULL)
        return app_fail_memory();
    warn_of_firms(args->words[0]);
    int status = read_options(args, names, &options) ? serve(&options) : APP_USE;
    free(names);
    return status;
}
