/* SPDX-License-Identifier: Apache-2.0 */
/* tables.c - rows of one table put under those of another. */
#include "study/ask.h"

quipu_status qi_table_copy_cell(quipu_table *to, size_t column, size_t row,
                                const quipu_table *from, size_t from_column, size_t from_row,
                                quipu_error *err) {
    const quipu_column *cells = &from->columns[from_column];
    if (!quipu_table_present(from, from_column, from_row))
        return QUIPU_OK;
    switch (cells->spec.type) {
    case QUIPU_TEXT:
        return quipu_table_set_text(to, column, row, cells->data.text[from_row], err);
    case QUIPU_INTEGER:
    case QUIPU_MONEY:
    case QUIPU_AMOUNT:
        quipu_table_set_integer(to, column, row, cells->data.integer[from_row]);
        break;
    case QUIPU_REAL:
    case QUIPU_SHARE: quipu_table_set_real(to, column, row, cells->data.real[from_row]); break;
    }
    return QUIPU_OK;
}

static bool has_note(const quipu_table *table, const char *note) {
    for (size_t i = 0; i < table->n_notes; i++)
        if (strcmp(table->notes[i], note) == 0)
            return true;
    return false;
}

static bool has_source(const quipu_table *table, const quipu_pair_text *pair) {
    for (size_t i = 0; i < table->n_source; i++)
        if (strcmp(table->source[i].key, pair->key) == 0 &&
            strcmp(table->source[i].text, pair->text) == 0)
            return true;
    return false;
}

quipu_status qi_table_take_papers(quipu_table *into, const quipu_table *from,
                                  quipu_error *err) {
    for (size_t i = 0; i < from->n_notes; i++)
        if (!has_note(into, from->notes[i]))
            QI_TRY(quipu_table_add_note(into, err, "%s", from->notes[i]));
    for (size_t i = 0; i < from->n_source; i++)
        if (!has_source(into, &from->source[i]))
            QI_TRY(
                quipu_table_add_source(into, from->source[i].key, from->source[i].text, err));
    return QUIPU_OK;
}

quipu_status qi_table_append(quipu_table *into, const quipu_table *from, quipu_error *err) {
    size_t first;
    bool same = into->n_columns == from->n_columns;
    for (size_t i = 0; i < from->n_columns && same; i++)
        same = strcmp(into->columns[i].spec.name, from->columns[i].spec.name) == 0 &&
               into->columns[i].spec.type == from->columns[i].spec.type;
    if (!same)
        return qi_fail(err, QUIPU_E_DATA,
                       "the questions of one table must give the same columns, and this one "
                       "gives others than the first");
    QI_TRY(quipu_table_add_rows(into, from->n_rows, &first, err));
    for (size_t row = 0; row < from->n_rows; row++)
        for (size_t i = 0; i < from->n_columns; i++)
            QI_TRY(qi_table_copy_cell(into, i, first + row, from, i, row, err));
    return qi_table_take_papers(into, from, err);
}
