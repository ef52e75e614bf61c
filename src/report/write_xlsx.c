/* SPDX-License-Identifier: Apache-2.0 */
/* write_xlsx.c - one table as a workbook of one sheet. */
#include "report/xlsx.h"

static bool pass_on(void *user, const char *bytes, size_t length) {
    qi_writer *w = user;
    qi_put(w, bytes, length);
    return !w->refused;
}

void qi_write_xlsx(qi_writer *w) {
    const quipu_book_properties properties = {.title = w->table->title,
                                              .subject = w->table->measure,
                                              .created = w->options->created,
                                              .manifest = w->options->manifest,
                                              .spanish = w->options->spanish};
    const quipu_sheet_options options = {.plain = w->options->plain};
    const char *name = w->table->measure[0] != '\0' ? w->table->measure : "quipu";
    quipu_error *err = &w->failure;
    quipu_book *book;
    if (quipu_book_open_sink(pass_on, w, &properties, &book, err) != QUIPU_OK)
        return;
    if (quipu_book_add(book, w->table, name, &options, err) != QUIPU_OK) {
        quipu_book_abandon(book);
        return;
    }
    if (quipu_book_close(book, err) != QUIPU_OK && w->refused)
        *err = (quipu_error){0}; /* said in the words of all formats */
}
