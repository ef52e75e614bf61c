/* SPDX-License-Identifier: Apache-2.0 */
/* explain.c - after a table: how its figures came about. */
#include "app.h"

#include <string.h>

static void part(FILE *to, const char *title, const char *text) {
    if (text == NULL || text[0] == '\0')
        return;
    fprintf(to, "\n%s\n", title);
    app_print_wrapped(to, text, 2, 92);
}

void app_explain(FILE *to, const quipu_measure *measure, const quipu_table *table) {
    fprintf(to, "\n%s: %s\n", measure->name, measure->summary);
    part(to, "Formula", measure->formula);
    part(to, "What it means", measure->detail);
    if (table->title != NULL && table->title[0] != '\0')
        part(to, "Here", table->title);
    if (table->n_notes > 0) {
        fputs("\nCaveats\n", to);
        for (size_t i = 0; i < table->n_notes; i++)
            app_print_wrapped(to, table->notes[i], 2, 92);
    }
    part(to, "Reference", measure->reference);
}
