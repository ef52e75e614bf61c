/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - find the verb, parse its words, run it. */
#include "app.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int unknown_verb(const char *word) {
    const char *names[256];
    size_t n = 0, n_measures;
    const quipu_measure *const *measures = quipu_measures(&n_measures);
    for (size_t i = 0; i < app_n_verbs; i++) {
        if (!app_verbs[i].hidden)
            names[n++] = app_verbs[i].name;
    }
    for (size_t i = 0; i < n_measures && n < 256; i++)
        names[n++] = measures[i]->name;
    const char *near = app_nearest(word, names, n);
    if (near != NULL)
        app_say("there is no verb '%s'; did you mean '%s'?", word, near);
    else
        app_say("there is no verb, measure or cube '%s' (quipu help lists what there is)",
                word);
    return APP_USE;
}

static bool wants_help(int argc, char **argv, bool *full) {
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0) {
            *full = argv[i][1] == '-';
            return true;
        }
    }
    return false;
}

static int run_verb(const char *name, int argc, char **argv) {
    app_verb verb;
    app_option *room;
    app_args args;
    bool full;
    int status = APP_USE;
    char joined[64];
    if (argc > 0 && app_verb_join(name, argv[0], joined)) {
        name = joined;
        argc--;
        argv++;
    }
    if (!app_verb_find(name, &verb, &room))
        return unknown_verb(name);
    if (wants_help(argc, argv, &full)) {
        app_help_verb(stdout, &verb, full);
        status = APP_FINE;
    } else if (app_args_parse(&verb, argc, argv, &args)) {
        status = verb.run(&args);
        app_args_free(&args);
    }
    free(room);
    return status;
}

static int run(int argc, char **argv) {
    if (argc < 2) {
        app_welcome(stdout);
        return APP_FINE;
    }
    const char *word = argv[1];
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        puts("quipu " QUIPU_VERSION);
        return APP_FINE;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        app_help(stdout);
        return APP_FINE;
    }
    if (word[0] == '-') {
        app_say("%s comes before any verb (quipu help lists them)", word);
        return APP_USE;
    }
    app_verb verb;
    app_option *room;
    bool known = app_verb_find(word, &verb, &room);
    free(room);
    /* A file by itself: say what it is. */
    if (!known && access(word, R_OK) == 0)
        return run_verb("info", argc - 1, argv + 1);
    return run_verb(word, argc - 2, argv + 2);
}

int main(int argc, char **argv) {
    int status = run(argc, argv);
    if (fflush(stdout) != 0 && status == APP_FINE) {
        app_say("cannot write to standard output");
        status = APP_SYSTEM;
    }
    app_stop_finish();
    return status;
}
