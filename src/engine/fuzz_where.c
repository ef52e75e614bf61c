/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_where.c - any text as conditions and as a map: refused or written, and what is written
 * is written again the same. */
#include "engine/engine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    qi_arena arena = {0};
    qi_mapped m = {0};
    qi_buffer once = {0}, twice = {0};
    char *text = strndup((const char *)data, size);
    if (text == NULL)
        return 0;
    const qi_dialect *d = qi_dialect_find("duckdb");
    if (qi_where_write(d, text, &once, NULL) == QUIPU_OK && qi_buffer_add(&once, "", 1) &&
        qi_where_write(d, once.bytes, &twice, NULL) == QUIPU_OK &&
        qi_buffer_add(&twice, "", 1) && strcmp(once.bytes, twice.bytes) != 0)
        abort();
    if (qi_mapped_read(text, &arena, &m, NULL) == QUIPU_OK) {
        m.dialect = d;
        m.table = "t";
        once.length = 0;
        if (!qi_select_groups(&m, &once))
            abort();
    }
    qi_buffer_free(&once);
    qi_buffer_free(&twice);
    qi_arena_free(&arena);
    free(text);
    return 0;
}
