/* SPDX-License-Identifier: Apache-2.0 */
/* list.c - what can be named: countries, groups, classes, products, measures, profiles,
 * charts. */
#include "app.h"

#include <ctype.h>
#include <string.h>

static bool contains(const char *text, const char *part) {
    size_t n = strlen(part);
    for (; text != NULL && *text != '\0'; text++) {
        size_t i = 0;
        while (i < n && tolower((unsigned char)text[i]) == tolower((unsigned char)part[i]))
            i++;
        if (i == n)
            return true;
    }
    return n == 0;
}

static quipu_status list_measures(const char *filter, quipu_table *out, quipu_error *err) {
    static const quipu_column_spec columns[] = {
        {"measure", "Measure", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"summary", "The question it answers", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
        {"reference", "Reference", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    };
    size_t n, row;
    const quipu_measure *const *measures = quipu_measures(&n);
    quipu_status status = quipu_table_init(out, "measures", columns, 3, err);
    for (size_t i = 0; status == QUIPU_OK && i < n; i++) {
        const quipu_measure *m = measures[i];
        if (!contains(m->name, filter) && !contains(m->summary, filter))
            continue;
        status = quipu_table_add_rows(out, 1, &row, err);
        if (status == QUIPU_OK)
            status = quipu_table_set_text(out, 0, row, m->name, err);
        if (status == QUIPU_OK && m->summary != NULL)
            status = quipu_table_set_text(out, 1, row, m->summary, err);
        if (status == QUIPU_OK && m->reference != NULL)
            status = quipu_table_set_text(out, 2, row, m->reference, err);
    }
    return status;
}

static quipu_status list_charts(const char *filter, quipu_table *out, quipu_error *err) {
    static const quipu_column_spec columns[] = {
        {"chart", "Chart", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"summary", "Good for", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
        {"wants", "Draws", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    };
    size_t n, row;
    const quipu_chart_kind *kinds = quipu_chart_kinds(&n);
    quipu_status status = quipu_table_init(out, "charts", columns, 3, err);
    for (size_t i = 0; status == QUIPU_OK && i < n; i++) {
        if (!contains(kinds[i].name, filter) && !contains(kinds[i].summary, filter))
            continue;
        status = quipu_table_add_rows(out, 1, &row, err);
        if (status == QUIPU_OK)
            status = quipu_table_set_text(out, 0, row, kinds[i].name, err);
        if (status == QUIPU_OK)
            status = quipu_table_set_text(out, 1, row, kinds[i].summary, err);
        if (status == QUIPU_OK)
            status = quipu_table_set_text(out, 2, row, kinds[i].wants, err);
    }
    return status;
}

static quipu_status list(const char *what, const char *filter, quipu_table *out,
                         quipu_error *err) {
    quipu_nomen *nomen;
    if (strcmp(what, "measures") == 0)
        return list_measures(filter, out, err);
    if (strcmp(what, "charts") == 0)
        return list_charts(filter, out, err);
    if (strcmp(what, "profiles") == 0)
        return quipu_import_profiles(out, err);
    quipu_status status = quipu_nomen_open(&nomen, err);
    if (status == QUIPU_OK) {
        status = quipu_nomen_list(nomen, what, filter, out, err);
        quipu_nomen_close(nomen);
    }
    return status;
}

int app_run_list(const app_args *args) {
    static const char *const known[] = {"countries", "groups",        "members",  "agreements",
                                        "classes",   "nomenclatures", "products", "measures",
                                        "profiles",  "charts"};
    quipu_table table = {0};
    quipu_error err = {0};
    char filter[512] = "";
    bool found = false;
    int status;
    if (args->n_words == 0) {
        app_say("list: list what?");
        app_usage(stderr, args->verb);
        return APP_USE;
    }
    const char *what = args->words[0];
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        found = found || strcmp(known[i], what) == 0;
    if (!found) {
        const char *near = app_nearest(what, known, sizeof known / sizeof known[0]);
        app_say("list: there is no list of '%s'%s%s%s", what, near ? "; did you mean '" : "",
                near ? near : "", near ? "'?" : "");
        app_usage(stderr, args->verb);
        return APP_USE;
    }
    for (size_t i = 1; i < args->n_words; i++) {
        size_t used = strlen(filter);
        snprintf(filter + used, sizeof filter - used, "%s%s", i > 1 ? " " : "", args->words[i]);
    }
    if (list(what, filter, &table, &err) != QUIPU_OK)
        status = app_fail(&err);
    else
        status = app_show(args, &table);
    quipu_table_free(&table);
    return status;
}
