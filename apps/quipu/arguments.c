/* SPDX-License-Identifier: Apache-2.0 */
/* arguments.c - the words of a command sorted into options and plain words.
 *
 * --name VALUE, --name=VALUE, -o VALUE, -oVALUE; "--" ends the options; a lone "-" is a
 * plain word (standard input or output).
 */
#include "app.h"

#include <stdlib.h>
#include <string.h>

static void complain_unknown(const app_verb *verb, const char *word, size_t length,
                             const app_option *const *list, size_t n) {
    const char *names[APP_MAX_OPTIONS + 1];
    char typed[64];
    for (size_t i = 0; i < n; i++)
        names[i] = list[i]->name;
    names[n] = "help";
    snprintf(typed, sizeof typed, "%.*s", (int)length, word);
    const char *near = app_nearest(typed, names, n + 1);
    if (near != NULL)
        app_say("%s: there is no option --%s; did you mean --%s?", verb->name, typed, near);
    else
        app_say("%s: there is no option --%s (quipu %s -h lists them)", verb->name, typed,
                verb->name);
}

static bool check_words(const app_verb *verb, const app_option *option, const char *value) {
    const char *names[64];
    char copy[1024];
    size_t n = 0;
    if (option->kind != APP_WORDS || option->words == NULL || verb->measure != NULL)
        return true; /* the catalogue checks its own */
    snprintf(copy, sizeof copy, "%s", option->words);
    for (char *at = copy; *at != '\0' && n < 64;) {
        char *end = at + strcspn(at, " ");
        names[n++] = at;
        at = *end == '\0' ? end : end + 1;
        *end = '\0';
    }
    for (size_t i = 0; i < n; i++) {
        if (strcmp(value, names[i]) == 0)
            return true;
    }
    const char *near = app_nearest(value, names, n);
    if (near != NULL)
        app_say("%s: --%s is one of %s; did you mean '%s'?", verb->name, option->name,
                option->words, near);
    else
        app_say("%s: --%s is one of %s, not '%s'", verb->name, option->name, option->words,
                value);
    return false;
}

static bool parse_long(const app_verb *verb, const app_option *const *list, size_t n, int argc,
                       char **argv, int *at, app_args *out) {
    const char *word = argv[*at] + 2;
    size_t length = strcspn(word, "=");
    const app_option *option = NULL;
    for (size_t i = 0; i < n; i++) {
        if (strncmp(list[i]->name, word, length) == 0 && list[i]->name[length] == '\0')
            option = list[i];
    }
    if (option == NULL) {
        complain_unknown(verb, word, length, list, n);
        return false;
    }
    const char *value = "";
    if (option->value == NULL) {
        if (word[length] == '=') {
            app_say("%s: --%s is a switch and takes no value", verb->name, option->name);
            return false;
        }
    } else if (word[length] == '=') {
        value = word + length + 1;
    } else if (*at + 1 < argc) {
        value = argv[++*at];
    } else {
        app_say("%s: --%s wants a value: --%s %s", verb->name, option->name, option->name,
                option->value);
        return false;
    }
    if (option->value != NULL && !check_words(verb, option, value))
        return false;
    out->given[out->n_given++] = (app_given){option, value};
    return true;
}

static bool parse_short(const app_verb *verb, const app_option *const *list, size_t n, int argc,
                        char **argv, int *at, app_args *out) {
    const char *word = argv[*at] + 1;
    const app_option *option = NULL;
    for (size_t i = 0; i < n; i++) {
        if (list[i]->letter != 0 && list[i]->letter == word[0])
            option = list[i];
    }
    if (option == NULL) {
        app_say("%s: there is no option -%c (quipu %s -h lists them)", verb->name, word[0],
                verb->name);
        return false;
    }
    const char *value = "";
    if (option->value == NULL) {
        if (word[1] != '\0') {
            app_say("%s: -%c is a switch and takes no value", verb->name, word[0]);
            return false;
        }
    } else if (word[1] != '\0') {
        value = word + 1;
    } else if (*at + 1 < argc) {
        value = argv[++*at];
    } else {
        app_say("%s: -%c wants a value: -%c %s", verb->name, word[0], word[0], option->value);
        return false;
    }
    if (option->value != NULL && !check_words(verb, option, value))
        return false;
    out->given[out->n_given++] = (app_given){option, value};
    return true;
}

bool app_args_parse(const app_verb *verb, int argc, char **argv, app_args *out) {
    const app_option *list[APP_MAX_OPTIONS];
    size_t n = app_verb_options(verb, list);
    bool options_end = false;
    *out = (app_args){.verb = verb};
    out->words = calloc((size_t)argc + 1, sizeof *out->words);
    out->given = calloc((size_t)argc + 1, sizeof *out->given);
    if (out->words == NULL || out->given == NULL) {
        app_fail_memory();
        app_args_free(out);
        return false;
    }
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        bool fine = true;
        if (options_end || word[0] != '-' || word[1] == '\0')
            out->words[out->n_words++] = word;
        else if (strcmp(word, "--") == 0)
            options_end = true;
        else if (word[1] == '-')
            fine = parse_long(verb, list, n, argc, argv, &i, out);
        else
            fine = parse_short(verb, list, n, argc, argv, &i, out);
        if (!fine) {
            app_args_free(out);
            return false;
        }
    }
    return true;
}

void app_args_free(app_args *args) {
    free(args->words);
    free(args->given);
    *args = (app_args){0};
}

const char *app_get(const app_args *args, const char *name) {
    const char *value = NULL;
    for (size_t i = 0; i < args->n_given; i++) {
        if (strcmp(args->given[i].option->name, name) == 0)
            value = args->given[i].value;
    }
    return value;
}

bool app_has(const app_args *args, const char *name) {
    return app_get(args, name) != NULL;
}

bool app_want_words(const app_args *args, size_t least, size_t most) {
    if (args->n_words >= least && args->n_words <= most)
        return true;
    if (args->n_words > most)
        app_say("%s: '%s' is one word too many", args->verb->name, args->words[most]);
    else
        app_say("%s: something is missing", args->verb->name);
    app_usage(stderr, args->verb);
    return false;
}

const char *app_duckdb(void) {
    const char *path = getenv("QUIPU_DUCKDB");
    return path != NULL && path[0] != '\0' ? path : NULL;
}

bool app_get_threads(const app_args *args, unsigned *threads) {
    const char *text = app_get(args, "threads");
    const char *from = "--threads";
    char *end;
    *threads = 0;
    if (text == NULL) {
        text = getenv("QUIPU_THREADS");
        from = "QUIPU_THREADS";
    }
    if (text == NULL || text[0] == '\0')
        return true;
    unsigned long n = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || n > 1024) {
        app_say("%s wants a number from 0 (all cores) to 1024, not '%s'", from, text);
        return false;
    }
    *threads = (unsigned)n;
    return true;
}

bool app_parse_size(const char *text, uint64_t *bytes) {
    static const struct {
        const char *name;
        unsigned shift;
    } units[] = {{"", 0},     {"B", 0},   {"K", 10},   {"KB", 10}, {"KiB", 10},
                 {"M", 20},   {"MB", 20}, {"MiB", 20}, {"G", 30},  {"GB", 30},
                 {"GiB", 30}, {"T", 40},  {"TB", 40},  {"TiB", 40}};
    char *end;
    unsigned long long n = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9')
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(end, units[i].name) == 0) {
            if (n > (UINT64_MAX >> units[i].shift))
                return false;
            *bytes = (uint64_t)n << units[i].shift;
            return true;
        }
    }
    return false;
}
