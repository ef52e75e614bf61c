/* SPDX-License-Identifier: Apache-2.0 */
/* help.c - help as it is read on a terminal, short (-h) and long (--help, help VERB). */
#include "app.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 92 };

void app_print_wrapped(FILE *to, const char *text, int indent, int width) {
    int column = 0;
    while (*text != '\0') {
        if (*text == '\n') {
            fputs(column > 0 ? "\n" : "", to);
            if (text[1] == '\n' || text[1] == ' ') /* a paragraph or a line laid out by hand */
                fputs(text[1] == '\n' ? "\n" : "", to);
            column = 0;
            text++;
            while (*text == '\n')
                text++;
            if (*text == ' ') { /* such a line is kept as it is */
                size_t length = strcspn(text, "\n");
                fprintf(to, "%*s%.*s", indent, "", (int)length, text);
                column = 1;
                text += length;
            }
            continue;
        }
        size_t length = strcspn(text, " \n");
        if (length > 0) {
            if (column > 0 && column + 1 + (int)length > width) {
                fputc('\n', to);
                column = 0;
            }
            if (column == 0)
                column = fprintf(to, "%*s", indent, "");
            else
                column += fprintf(to, " ");
            column += fprintf(to, "%.*s", (int)length, text);
            text += length;
        }
        while (*text == ' ')
            text++;
    }
    if (column > 0)
        fputc('\n', to);
}

/* "  name        text wrapped under itself" */
static void print_item(FILE *to, const char *name, const char *text, int margin) {
    int used = fprintf(to, "  %s", name);
    if (used >= margin) {
        fputc('\n', to);
        used = 0;
    }
    fprintf(to, "%*s", margin - used, "");
    int column = margin;
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        if (column > margin && column + 1 + (int)length > WIDTH) {
            fprintf(to, "\n%*s", margin, "");
            column = margin;
        } else if (column > margin) {
            column += fprintf(to, " ");
        }
        column += fprintf(to, "%.*s", (int)length, text);
        text += length;
        while (*text == ' ')
            text++;
    }
    fputc('\n', to);
}

/* The verbs of two words that begin with this one. */
static void print_words_of(FILE *to, const char *verb, int margin) {
    size_t n = strlen(verb);
    for (size_t i = 0; i < app_n_verbs; i++)
        if (strncmp(app_verbs[i].name, verb, n) == 0 && app_verbs[i].name[n] == ' ')
            print_item(to, app_verbs[i].name + n + 1, app_verbs[i].summary, margin);
}

/* The words that follow "invest": measures of a register, and verbs. */
static void print_invest_words(FILE *to, int margin) {
    size_t n;
    const quipu_measure *const *measures = quipu_measures(&n);
    for (size_t i = 0; i < n; i++)
        if (measures[i]->needs == QUIPU_NEEDS_REGISTER)
            print_item(to, measures[i]->name + strlen("invest-"), measures[i]->summary, margin);
    print_words_of(to, "invest", margin);
}

void app_welcome(FILE *to) {
    fputs("quipu " QUIPU_VERSION " - analysis of bilateral trade\n"
          "\n"
          "Three commands to begin with:\n"
          "\n"
          "  quipu import data/examples/peru-partners.csv -o peru.quipu\n"
          "  quipu top peru.quipu --reporter Peru --by partner --years 2011\n"
          "  quipu growth peru.quipu --reporter Peru --partner China --years 1995-2011\n"
          "\n"
          "quipu help lists the rest; quipu help growth explains a measure.\n",
          to);
}

void app_help(FILE *to) {
    size_t n;
    const quipu_measure *const *measures = quipu_measures(&n);
    fputs("quipu " QUIPU_VERSION " - analysis of bilateral trade\n\n"
          "usage: quipu VERB ...        quipu MEASURE CUBE [OPTION...]        quipu CUBE\n\n"
          "Verbs\n",
          to);
    for (size_t i = 0; i < app_n_verbs; i++) {
        if (!app_verbs[i].hidden && strchr(app_verbs[i].name, ' ') == NULL)
            print_item(to, app_verbs[i].name, app_verbs[i].summary, 18);
    }
    fputs("\nMeasures\n", to);
    for (size_t i = 0; i < n; i++)
        if (measures[i]->needs != QUIPU_NEEDS_REGISTER)
            print_item(to, measures[i]->name, measures[i]->summary, 18);
    fputs("\nInvestments: quipu invest WORD REGISTER\n", to);
    print_invest_words(to, 18);
    fputs("\nMore: quipu help VERB or MEASURE; quipu VERB -h for its options only.\n"
          "Exit status: 0 fine, 1 the answer is no, 2 wrong use, 3 bad input, "
          "4 system trouble.\n",
          to);
}

void app_usage(FILE *to, const app_verb *verb) {
    fprintf(to, "usage: quipu %s %s\n", verb->name, verb->usage);
}

static void print_options(FILE *to, const app_verb *verb) {
    const app_option *list[APP_MAX_OPTIONS];
    size_t n = app_verb_options(verb, list);
    if (n == 0)
        return;
    fputs("\nOptions\n", to);
    for (size_t i = 0; i < n; i++) {
        const quipu_param *param =
            verb->measure != NULL ? quipu_measure_param(verb->measure, list[i]->name) : NULL;
        char name[80], text[1200];
        const char *value = list[i]->value == NULL ? "" : list[i]->value;
        if (list[i]->letter != 0)
            snprintf(name, sizeof name, "-%c, --%s %s", list[i]->letter, list[i]->name, value);
        else
            snprintf(name, sizeof name, "--%s %s", list[i]->name, value);
        int used =
            snprintf(text, sizeof text, "%s", list[i]->help == NULL ? "" : list[i]->help);
        if (param != NULL && param->type == QUIPU_PARAM_CHOICE && param->choices != NULL &&
            used > 0 && (size_t)used < sizeof text)
            used += snprintf(text + used, sizeof text - (size_t)used, " [%s]", param->choices);
        if (param != NULL && param->fallback != NULL && param->fallback[0] != '\0' &&
            param->type != QUIPU_PARAM_SWITCH && used > 0 && (size_t)used < sizeof text)
            snprintf(text + used, sizeof text - (size_t)used, " (default %s)", param->fallback);
        print_item(to, name, text, 26);
    }
}

static void print_examples(FILE *to, const app_verb *verb) {
    if (verb->examples == NULL)
        return;
    fputs("\nExamples\n", to);
    for (const char *const *at = verb->examples; at[0] != NULL; at += 2)
        fprintf(to, "  %s\n      %s\n", at[0], at[1]);
}

static void print_measure(FILE *to, const quipu_measure *measure) {
    const struct {
        const char *title, *text;
    } parts[] = {{"Formula", measure->formula},
                 {"Worked by hand", measure->worked},
                 {"Reference", measure->reference}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].text == NULL || parts[i].text[0] == '\0')
            continue;
        fprintf(to, "\n%s\n", parts[i].title);
        app_print_wrapped(to, parts[i].text, 2, WIDTH);
    }
    bool of_cube = measure->needs != QUIPU_NEEDS_REGISTER;
    if (measure->example != NULL && measure->example[0] != '\0')
        fprintf(to, "\nExample\n  quipu %s%s %s %s\n", of_cube ? "" : "invest ",
                measure->name + (of_cube ? 0 : strlen("invest-")),
                of_cube ? "CUBE" : "REGISTER", measure->example);
}

void app_help_verb(FILE *to, const app_verb *verb, bool full) {
    fprintf(to, "quipu %s - %s\n\n", verb->name, verb->summary);
    app_usage(to, verb);
    if (full && verb->detail != NULL && verb->detail[0] != '\0') {
        fputc('\n', to);
        app_print_wrapped(to, verb->detail, 0, WIDTH);
    }
    if (strcmp(verb->name, "invest") == 0) {
        fputs("\nWords\n", to);
        print_invest_words(to, 18);
    } else if (verb->run == app_run_words) {
        fputs("\nWords\n", to);
        print_words_of(to, verb->name, 18);
    }
    print_options(to, verb);
    if (!full) {
        fprintf(to, "\nquipu help %s says more.\n", verb->name);
        return;
    }
    if (verb->measure != NULL)
        print_measure(to, verb->measure);
    print_examples(to, verb);
}

int app_run_help(const app_args *args) {
    app_verb verb;
    app_option *room;
    char joined[64];
    if (!app_want_words(args, 0, 2))
        return APP_USE;
    if (args->n_words == 0) {
        app_help(stdout);
        return APP_FINE;
    }
    const char *name = args->words[0];
    if (args->n_words == 2 && app_verb_join(name, args->words[1], joined))
        name = joined;
    else if (args->n_words == 2)
        name = args->words[1];
    if (!app_verb_find(name, &verb, &room)) {
        app_say("there is no verb or measure '%s' (quipu help lists them)", name);
        return APP_USE;
    }
    app_help_verb(stdout, &verb, true);
    free(room);
    return APP_FINE;
}
