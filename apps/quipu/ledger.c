/* SPDX-License-Identifier: Apache-2.0 */
/* ledger.c - the import report kept in a cube, as a table again.
 *
 * The cube keeps it as lines of outcome, reason, rows, value in US$ and example, with tabs
 * between.
 */
#include "app.h"

#include <stdlib.h>
#include <string.h>

static const quipu_column_spec columns[] = {
    {"outcome", "Outcome", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"reason", "Reason", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"rows", "Rows", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"example", "Example", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
};
enum { OUTCOME, REASON, ROWS, VALUE, EXAMPLE, N_COLUMNS };

/* "-1204.5" -> -1204500; the library wrote it, so it is well formed. */
static quipu_money read_money(const char *text) {
    char *end;
    bool negative = text[0] == '-';
    quipu_money value = strtoll(text + negative, &end, 10) * QUIPU_MONEY_PER_USD;
    quipu_money place = QUIPU_MONEY_PER_USD / 10;
    if (*end == '.') {
        for (end++; *end >= '0' && *end <= '9' && place > 0; end++, place /= 10)
            value += (*end - '0') * place;
    }
    return negative ? -value : value;
}

static quipu_status add_line(char *line, quipu_table *table, quipu_error *err) {
    size_t row;
    quipu_status status = quipu_table_add_rows(table, 1, &row, err);
    for (size_t column = 0; status == QUIPU_OK && column < N_COLUMNS && line != NULL;
         column++) {
        char *tab = strchr(line, '\t');
        if (tab != NULL)
            *tab = '\0';
        if (line[0] != '\0') {
            if (column == ROWS)
                quipu_table_set_integer(table, column, row, strtoll(line, NULL, 10));
            else if (column == VALUE)
                quipu_table_set_integer(table, column, row, read_money(line));
            else
                status = quipu_table_set_text(table, column, row, line, err);
        }
        line = tab == NULL ? NULL : tab + 1;
    }
    return status;
}

quipu_status app_ledger_table(const char *report, quipu_table *out, quipu_error *err) {
    quipu_status status = quipu_table_init(out, "ledger", columns, N_COLUMNS, err);
    while (status == QUIPU_OK && *report != '\0') {
        char line[1024];
        size_t length = strcspn(report, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, report);
        if (length > 0)
            status = add_line(line, out, err);
        report += length;
        report += *report == '\n';
    }
    return status;
}
