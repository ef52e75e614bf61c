/* SPDX-License-Identifier: Apache-2.0 */
/* manual.c - the man pages, written from the same rows as the help, for scdoc. */
#include "app.h"

#include <stdlib.h>
#include <string.h>

/* scdoc gives these characters a meaning. */
static void escaped(const char *text) {
    for (; text != NULL && *text != '\0'; text++) {
        if (strchr("_*\\#<>~`", *text) != NULL)
            putchar('\\');
        putchar(*text);
    }
}

static void one_line(const char *line, size_t length) {
    char *copy = malloc(length + 1);
    if (copy == NULL)
        return;
    memcpy(copy, line, length);
    copy[length] = '\0';
    if (copy[0] != '\0' && strchr("-.\t", copy[0]) != NULL)
        putchar('\\');
    escaped(copy);
    putchar('\n');
    free(copy);
}

/* Text with paragraphs; lines laid out by hand (they begin with a blank) are kept so. */
static void paragraphs(const char *text) {
    bool literal = false;
    if (text == NULL)
        return;
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if ((line[0] == ' ') != literal) {
            literal = !literal;
            fputs(literal ? "\n```\n" : "```\n\n", stdout);
        }
        if (literal)
            printf("%.*s\n", (int)length, line);
        else
            one_line(line, length);
        line += length;
        line += *line == '\n';
    }
    fputs(literal ? "```\n\n" : "\n", stdout);
}

static void options_of(const app_option *const *list, size_t n) {
    for (size_t i = 0; i < n; i++) {
        fputs("*", stdout);
        if (list[i]->letter != 0)
            printf("-%c*, *", list[i]->letter);
        printf("--%s*", list[i]->name);
        if (list[i]->value != NULL) {
            putchar(' ');
            escaped(list[i]->value);
        }
        fputs("\n\t", stdout);
        escaped(list[i]->help);
        fputs("\n\n", stdout);
    }
}

static void verb_section(const app_verb *verb) {
    const app_option *list[APP_MAX_OPTIONS];
    size_t n = app_verb_options(verb, list);
    printf("## quipu %s %s\n\n", verb->name, verb->usage);
    paragraphs(verb->summary);
    paragraphs(verb->detail);
    options_of(list, n);
}

static void program_page(void) {
    fputs("quipu(1)\n\n# NAME\n\nquipu - analysis of bilateral trade\n\n# SYNOPSIS\n\n"
          "*quipu* VERB ...++\n*quipu* MEASURE CUBE \\[OPTION...\\]++\n*quipu* CUBE\n\n"
          "# DESCRIPTION\n\n"
          "quipu turns trade statistics as they are published into one file, a cube, and "
          "calculates measures of trade from it. The measures are described in "
          "*quipu-measures*(7).\n\n# VERBS\n\n",
          stdout);
    for (size_t i = 0; i < app_n_verbs; i++) {
        if (!app_verbs[i].hidden)
            verb_section(&app_verbs[i]);
    }
    fputs("# NAMES IN COMMANDS\n\n"
          "Countries are given as ISO letters, number or name, groups by name, products by "
          "code or the beginning of one; lists have commas. Years are 2011, 1997,2008 or "
          "1990-2012, months 201101-201112.\n\n"
          "# ENVIRONMENT\n\n"
          "*QUIPU\\_THREADS*\n\tas --threads; results never depend on it\n\n"
          "*QUIPU\\_DUCKDB*\n\tthe libduckdb.so to use for SQL and Parquet\n\n"
          "*NO\\_COLOR*\n\tno colours\n\n"
          "# EXIT STATUS\n\n"
          "0 fine; 1 the answer is no: verify found something; 2 wrong use; 3 bad input; "
          "4 system trouble.\n\n# SEE ALSO\n\n*quipu-measures*(7)\n",
          stdout);
}

static void measures_page(void) {
    size_t n, n_common;
    const quipu_measure *const *measures = quipu_measures(&n);
    const quipu_param *common = quipu_common_params(&n_common);
    fputs("quipu-measures(7)\n\n# NAME\n\nquipu-measures - the measures quipu calculates\n\n"
          "# OPTIONS OF ALL MEASURES OF TRADE\n\n",
          stdout);
    for (size_t i = 0; i < n_common; i++) {
        printf("*--%s*\n\t", common[i].name);
        escaped(common[i].help);
        fputs("\n\n", stdout);
    }
    fputs("# MEASURES\n\n", stdout);
    for (size_t i = 0; i < n; i++) {
        const quipu_measure *m = measures[i];
        printf("## %s\n\n", m->name);
        paragraphs(m->summary);
        paragraphs(m->detail);
        for (size_t p = 0; p < m->n_params; p++) {
            printf("*--%s*\n\t", m->params[p].name);
            escaped(m->params[p].help);
            fputs("\n\n", stdout);
        }
        if (m->formula != NULL) {
            fputs("Formula:\n\n", stdout);
            paragraphs(m->formula);
        }
        if (m->reference != NULL) {
            fputs("Reference: ", stdout);
            paragraphs(m->reference);
        }
    }
    fputs("# SEE ALSO\n\n*quipu*(1)\n", stdout);
}

int app_run_man_page(const app_args *args) {
    if (!app_want_words(args, 1, 1))
        return APP_USE;
    if (strcmp(args->words[0], "quipu") == 0) {
        program_page();
    } else if (strcmp(args->words[0], "quipu-measures") == 0) {
        measures_page();
    } else {
        app_say("man-page: there is no page '%s'", args->words[0]);
        return APP_USE;
    }
    return APP_FINE;
}
