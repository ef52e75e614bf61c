/* SPDX-License-Identifier: Apache-2.0 */
/* app.h - the parts of the command line program.
 *
 * A verb is a row of one table (verbs.c) or a measure of the library's catalogue; its
 * options are rows too.  From these rows come parsing, proposals for misspelt words, help,
 * completion and the man pages, so that they cannot disagree.
 *
 * Data goes to standard output, everything said about it to standard error.
 */
#ifndef QUIPU_APP_H
#define QUIPU_APP_H

#include "quipu.h"

#include <stdio.h>

/* What scripts may rely on. */
enum {
    APP_FINE = 0,
    APP_NO = 1,    /* the answer is no: verify or check found something */
    APP_USE = 2,   /* wrong use */
    APP_INPUT = 3, /* bad input */
    APP_SYSTEM = 4 /* system trouble */
};

/* What may stand for the value of an option or a word, for completion. */
typedef enum app_kind {
    APP_ANY,
    APP_FILE,
    APP_FOLDER,
    APP_COUNTRY, /* countries and groups, comma-separated */
    APP_CLASS,   /* dimensions and schemes of classes */
    APP_WORDS    /* those in `words` */
} app_kind;

typedef struct app_option {
    const char *name;  /* "format" for --format */
    char letter;       /* 'o' for -o; 0 = none */
    const char *value; /* what the value is called in help; NULL = a switch */
    app_kind kind;
    const char *words; /* blank-separated */
    const char *help;
} app_option;

enum { /* sets of options many verbs share */
       APP_WITH_OUTPUT = 1,
       APP_WITH_THREADS = 2,
       APP_WITH_EXPLAIN = 4,
       APP_WITH_CHART = 8
};

typedef struct app_args app_args;

typedef struct app_verb {
    const char *name;
    const char *usage;   /* what follows the name: "FILE... -o CUBE" */
    const char *summary; /* one line */
    const char *detail;  /* paragraphs */
    const char *words;   /* completion of the first plain word: choices, or NULL = a file */
    const app_option *options;
    size_t n_options;
    unsigned with;               /* APP_WITH_... */
    const char *const *examples; /* NULL-ended: command, what it does, command, ... */
    int (*run)(const app_args *args);
    bool hidden;
    const quipu_measure *measure; /* set for verbs that come from the catalogue */
} app_verb;

typedef struct app_given {
    const app_option *option;
    const char *value; /* "" for a switch */
} app_given;

struct app_args {
    const app_verb *verb;
    const char **words; /* plain words, in order */
    size_t n_words;
    app_given *given;
    size_t n_given;
};

/* ---- verb_list.c: those that are no measures ---- */
extern const app_verb app_verbs[];
extern const size_t app_n_verbs;

/* ---- verb_measure.c: false = no memory; `room` as below ---- */
bool app_verb_of_measure(const quipu_measure *measure, app_verb *out, app_option **room);

/* ---- verbs.c ---- */
/* Fills `out` for a verb or a measure; false when there is none.  `room` keeps the options
 * of a measure alive: free it with free(). */
bool app_verb_find(const char *name, app_verb *out, app_option **room);
/* A verb of two words: "invest" and "owners" is "invest-owners".  False: it has none. */
bool app_verb_join(const char *verb, const char *word, char name[64]);
/* All options of a verb, shared ones included, in the order help shows them. */
#define APP_MAX_OPTIONS 64
size_t app_verb_options(const app_verb *verb, const app_option *list[APP_MAX_OPTIONS]);

/* ---- arguments.c ---- */
/* Parse what follows the verb.  Says what is wrong and returns false. */
bool app_args_parse(const app_verb *verb, int argc, char **argv, app_args *out);
void app_args_free(app_args *args);
/* The last value given; NULL when the option was not given. */
const char *app_get(const app_args *args, const char *name);
bool app_has(const app_args *args, const char *name);
/* Exactly so many plain words, or a message with the usage. */
bool app_want_words(const app_args *args, size_t least, size_t most);
bool app_get_threads(const app_args *args, unsigned *threads);
/* DuckDB's library as QUIPU_DUCKDB names it, or NULL. */
const char *app_duckdb(void);
/* "512M", "2GiB": bytes. */
bool app_parse_size(const char *text, uint64_t *bytes);

/* ---- suggest.c ---- */
/* The nearest of `names` if it is near enough, else NULL. */
const char *app_nearest(const char *word, const char *const *names, size_t n);

/* ---- message.c ---- */
void app_say(const char *format, ...) QUIPU_PRINTF(1, 2); /* "quipu: ..." on stderr */
/* Prints the error as `quipu: FILE:LINE:COLUMN: text` and gives the exit status. */
int app_fail(const quipu_error *err);
int app_fail_memory(void);

/* ---- output.c ---- */
typedef struct app_output {
    FILE *file;
    char *path;      /* NULL = standard output */
    char *temporary; /* its name until it is whole */
    quipu_report_options options;
} app_output;
/* From --format, -o, --plain, --language; APP_FINE or an exit status after a message. */
int app_output_open(const app_args *args, app_output *out);
/* The same without a format: the file of that name, or standard output (NULL or "-"). */
int app_output_open_file(const char *path, app_output *out);
/* Make the file appear, or flush; gives the exit status. */
int app_output_close(app_output *out, bool keep);
int app_output_table(app_output *out, const quipu_table *table);
/* Open, write one table, close. */
int app_show(const app_args *args, const quipu_table *table);
/* A quipu_sink over FILE *. */
bool app_sink(void *file, const char *bytes, size_t length);
const quipu_format_info *app_format_find(const char *name);

/* ---- figure.c ---- */
typedef enum app_picture { APP_NO_PICTURE, APP_SVG, APP_PNG, APP_PDF, APP_OPTION } app_picture;
/* What --format or the end of the name of -o asks for. */
app_picture app_picture_wanted(const app_args *args);
/* Open, draw, close; gives the exit status. */
int app_draw(const app_args *args, app_picture picture, const quipu_table *table,
             const quipu_nomen *nomen);

/* ---- terminal.c ---- */
bool app_colour(FILE *stream);
int app_width(FILE *stream); /* 0 = not a terminal */
typedef struct app_progress {
    bool shown;
    int64_t begun, last; /* milliseconds */
} app_progress;
void app_progress_begin(app_progress *progress);
bool app_progress_step(void *progress, uint64_t done, uint64_t total); /* a quipu_progress */
void app_progress_end(app_progress *progress);
/* Ctrl-C lets the work end by itself, so that nothing half-written stays behind. */
void app_stop_listen(void);
bool app_stopped(void);
void app_stop_finish(void); /* die of the signal now, if there was one */

/* ---- help.c ---- */
void app_welcome(FILE *to);
void app_help(FILE *to);
void app_help_verb(FILE *to, const app_verb *verb, bool full);
void app_usage(FILE *to, const app_verb *verb);
/* Wraps at `width` columns, each line indented. */
void app_print_wrapped(FILE *to, const char *text, int indent, int width);

/* ---- explain.c ---- */
void app_explain(FILE *to, const quipu_measure *measure, const quipu_table *table);

/* ---- ledger.c ---- */
quipu_status app_ledger_table(const char *report, quipu_table *out, quipu_error *err);

/* ---- the verbs ---- */
int app_run_import(const app_args *args);
int app_run_append(const app_args *args);
/* The ledger, and what was made. */
void app_print_import(const char *cube, const quipu_import_result *result);
int app_run_convert(const app_args *args);
int app_run_info(const app_args *args);
int app_run_verify(const app_args *args);
int app_run_dump(const app_args *args);
int app_run_sql(const app_args *args);
int app_run_draw(const app_args *args);
int app_run_list(const app_args *args);
int app_run_measure(const app_args *args);
int app_run_sql_plan(const app_args *args);
int app_run_study(const app_args *args);
int app_run_serve(const app_args *args);
int app_run_words(const app_args *args);
int app_run_fetch_source(const app_args *args);
int app_run_fetch_rebuild(const app_args *args);
int app_run_invest_check(const app_args *args);
int app_run_invest_bods(const app_args *args);
int app_run_invest_import(const app_args *args);
int app_run_help(const app_args *args);
int app_run_completion(const app_args *args);
int app_run_man_page(const app_args *args);
int app_run_docs(const app_args *args);

#endif
