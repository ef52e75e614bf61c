/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_workbook.c - the documents of a workbook, as text.
 *
 * The input is five documents with a 0 between them: xl/workbook.xml, its relations, the sheet,
 * texts and styles.  So what is inside the zip file is fuzzed, not how it is packed.
 */
#include "io/workbook.h"

static const char *const NAMES[] = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels",
                                    "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml",
                                    "xl/styles.xml"};

typedef struct documents {
    const char *text[QI_COUNT(NAMES)];
    size_t length[QI_COUNT(NAMES)];
} documents;

static quipu_status give(const qi_package *package, const char *member, qi_bytes take,
                         void *user, bool *found, quipu_error *err) {
    const documents *d = package->inside;
    *found = false;
    for (size_t i = 0; i < QI_COUNT(NAMES); i++) {
        if (strcmp(NAMES[i], member) != 0 || d->text[i] == NULL)
            continue;
        *found = true;
        return take(user, d->text[i], d->length[i], err);
    }
    return QUIPU_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    documents d = {0};
    const char *at = (const char *)data, *end = at + size;
    for (size_t i = 0; i < QI_COUNT(NAMES) && size > 0 && at < end; i++) {
        const char *stop = memchr(at, 0, (size_t)(end - at));
        d.text[i] = at;
        d.length[i] = (size_t)((stop != NULL ? stop : end) - at);
        at = stop != NULL ? stop + 1 : end;
    }
    qi_workbook book = {.package = {.path = "book", .read = give, .inside = &d}};
    qi_text_rows rows = {.file = fopen("/dev/null", "wb"), .path = "book"};
    const qi_book_sheet *sheet;
    quipu_error err = {0};
    if (rows.file == NULL)
        abort();
    quipu_status status = qi_workbook_open(&book, &err);
    if (status == QUIPU_OK)
        status = qi_workbook_find(&book, NULL, &sheet, &err);
    if (status == QUIPU_OK)
        status = qi_sheet_text(&book, sheet, NULL, &rows, &err);
    if ((status == QUIPU_OK) != (err.text[0] == '\0')) /* a failure says why */
        abort();
    qi_buffer_free(&rows.line);
    fclose(rows.file);
    qi_workbook_close(&book);
    return 0;
}
