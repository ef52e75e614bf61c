/* SPDX-License-Identifier: Apache-2.0 */
/* verbs.c - a verb found by its name, and the options it takes. */
#include "app.h"

#include <stdlib.h>
#include <string.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* "invest check" is also "invest-check". */
static bool same_words(const char *a, const char *b) {
    while (*a != '\0' && (*a == *b || (*a == ' ' && *b == '-'))) {
        a++;
        b++;
    }
    return *a == '\0' && *b == '\0';
}

bool app_verb_find(const char *name, app_verb *out, app_option **room) {
    *room = NULL;
    for (size_t i = 0; i < app_n_verbs; i++) {
        if (same_words(app_verbs[i].name, name)) {
            *out = app_verbs[i];
            return true;
        }
    }
    const quipu_measure *measure = quipu_measure_find(name);
    return measure != NULL && app_verb_of_measure(measure, out, room);
}

bool app_verb_join(const char *verb, const char *word, char name[64]) {
    app_verb found;
    app_option *room;
    if ((strcmp(verb, "invest") != 0 && strcmp(verb, "fetch") != 0) || strlen(word) > 40 ||
        word[0] == '-')
        return false;
    snprintf(name, 64, "%s-%s", verb, word);
    bool known = app_verb_find(name, &found, &room);
    free(room);
    return known;
}

/* ---- options many verbs share ---- */

static const app_option output_options[] = {
    {"format", 'f', "FORMAT", APP_WORDS, NULL,
     "text, csv, tsv, json, jsonl, markdown, latex, html, xlsx, dta, sav, sdmx-csv, "
     "arrow or parquet; else what -o ends in, else text"},
    {"output", 'o', "FILE", APP_FILE, NULL, "write there instead of to standard output"},
    {"plain", 0, NULL, APP_ANY, NULL, "the bare table: no title, notes or source"},
    {"language", 0, "LANG", APP_WORDS, "en es", "of the words around a table: en or es"},
};
static const app_option explain_options[] = {
    {"explain", 0, NULL, APP_ANY, NULL,
     "say after the table how it was calculated: formula, denominator, caveats, reference"},
};
static const app_option chart_options[] = {
    {"chart", 0, "KIND", APP_WORDS,
     "line area bar grouped-bar treemap sankey scatter heatmap map network ownership interval",
     "with --format svg, png, pdf or option, or -o FILE.svg: the kind of figure (quipu list "
     "charts); else chosen by the shape of the table"},
    {"chart-x", 0, "COLUMN", APP_ANY, NULL, "of the figure: what it runs along, or flows from"},
    {"chart-y", 0, "COLUMN", APP_ANY, NULL, "of the figure: what is shown"},
    {"chart-series", 0, "COLUMN", APP_ANY, NULL,
     "of the figure: one colour for each, or what it flows to"},
    {"chart-title", 0, "TEXT", APP_ANY, NULL, "of the figure, instead of the table's"},
};
static const app_option thread_options[] = {
    {"threads", 0, "N", APP_ANY, NULL,
     "0 = all cores, the default (or QUIPU_THREADS); results never depend on it"},
};

static size_t add(const app_option *list[APP_MAX_OPTIONS], size_t n, const app_option *options,
                  size_t count) {
    for (size_t i = 0; i < count && n < APP_MAX_OPTIONS; i++)
        list[n++] = &options[i];
    return n;
}

size_t app_verb_options(const app_verb *verb, const app_option *list[APP_MAX_OPTIONS]) {
    size_t n = add(list, 0, verb->options, verb->n_options);
    if (verb->with & APP_WITH_EXPLAIN)
        n = add(list, n, explain_options, N(explain_options));
    if (verb->with & APP_WITH_OUTPUT)
        n = add(list, n, output_options, N(output_options));
    if (verb->with & APP_WITH_CHART)
        n = add(list, n, chart_options, N(chart_options));
    if (verb->with & APP_WITH_THREADS)
        n = add(list, n, thread_options, N(thread_options));
    return n;
}
