/* SPDX-License-Identifier: Apache-2.0 */
/* sql.c - statements over cubes, given as words or on standard input. */
#include "app.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_CUBES = 64, MOST_TEXT = 16 << 20 };

typedef struct session {
    quipu_nomen *nomen;
    quipu_sql *sql;
    quipu_cube *cubes[MOST_CUBES];
    size_t n_cubes;
} session;

static bool ask_stop(void *user, uint64_t done, uint64_t total) {
    (void)user;
    (void)done;
    (void)total;
    return app_stopped();
}

/* All of standard input; NULL after a message. */
static char *read_statement(void) {
    size_t size = 1 << 16, used = 0, got;
    char *text = malloc(size);
    if (isatty(STDIN_FILENO))
        app_say("sql: reading statements; end them with Ctrl-D");
    while (text != NULL && (got = fread(text + used, 1, size - used - 1, stdin)) > 0) {
        used += got;
        if (used + 1 == size) {
            char *more = size < MOST_TEXT ? realloc(text, size * 2) : NULL;
            if (more == NULL) {
                free(text);
                app_say("sql: standard input holds more than a statement may");
                return NULL;
            }
            text = more;
            size *= 2;
        }
    }
    if (text == NULL)
        app_fail_memory();
    else
        text[used] = '\0';
    return text;
}

/* "later=2021.quipu" or "2021/later.quipu": how statements call it, and the file. */
static const char *split_name(const char *given, char name[64]) {
    const char *equals = strchr(given, '='), *slash = strrchr(given, '/'), *from = given;
    const char *path = given;
    size_t length;
    if (equals != NULL && (slash == NULL || equals < slash)) {
        length = (size_t)(equals - given);
        path = equals + 1;
    } else {
        from = slash != NULL ? slash + 1 : given;
        length = strcspn(from, ".");
    }
    snprintf(name, 64, "%.*s", (int)(length < 63 ? length : 63), from);
    for (char *c = name; equals == NULL && *c != '\0'; c++)
        *c = *c == '-' ? '_' : *c;
    return path;
}

static int add_cube(session *s, const char *name, const char *path) {
    quipu_error err = {0};
    if (s->n_cubes == MOST_CUBES) {
        app_say("sql: a session takes %d cubes", MOST_CUBES);
        return APP_USE;
    }
    if (quipu_cube_open(path, &s->cubes[s->n_cubes], &err) != QUIPU_OK)
        return app_fail(&err);
    s->n_cubes++;
    if (quipu_sql_add(s->sql, name, s->cubes[s->n_cubes - 1], &err) != QUIPU_OK)
        return app_fail(&err);
    return APP_FINE;
}

static int begin(const app_args *args, session *s) {
    quipu_error err = {0};
    quipu_sql_options options = {.duckdb = app_duckdb(), .stop = ask_stop};
    if (!app_get_threads(args, &options.threads))
        return APP_USE;
    if (quipu_nomen_open(&s->nomen, &err) != QUIPU_OK ||
        quipu_sql_open(s->nomen, &options, &s->sql, &err) != QUIPU_OK)
        return app_fail(&err);
    int status = add_cube(s, "", args->words[0]);
    for (size_t i = 0; i < args->n_given && status == APP_FINE; i++) {
        char name[64];
        if (strcmp(args->given[i].option->name, "with") != 0)
            continue;
        const char *path = split_name(args->given[i].value, name);
        status = add_cube(s, name, path);
    }
    return status;
}

static int run(const app_args *args, session *s, const char *text) {
    quipu_table table = {0};
    quipu_error err = {0};
    app_stop_listen();
    if (quipu_sql_run(s->sql, text, &table, &err) != QUIPU_OK)
        return app_fail(&err);
    /* A statement that writes a file, say, has nothing to show. */
    int status = table.n_columns > 0 ? app_show(args, &table) : APP_FINE;
    quipu_table_free(&table);
    return status;
}

int app_run_sql(const app_args *args) {
    session s = {.n_cubes = 0};
    char *read = NULL;
    if (args->n_words == 0) {
        app_say("sql: of which cube?");
        app_usage(stderr, args->verb);
        return APP_USE;
    }
    if (!app_want_words(args, 1, 2))
        return APP_USE;
    int status = begin(args, &s);
    if (status == APP_FINE && (args->n_words == 1 || strcmp(args->words[1], "-") == 0)) {
        read = read_statement();
        status = read != NULL ? APP_FINE : APP_SYSTEM;
    }
    if (status == APP_FINE)
        status = run(args, &s, read != NULL ? read : args->words[1]);
    free(read);
    quipu_sql_close(s.sql);
    for (size_t i = 0; i < s.n_cubes; i++)
        quipu_cube_close(s.cubes[i]);
    quipu_nomen_close(s.nomen);
    return status;
}
