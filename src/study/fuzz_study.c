/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_study.c - any bytes as a study file and as a small table: an error with a place, or a
 * structure that holds what the file says.  The same bytes twice give the same answer. */
#include "io/grid.h"
#include "study/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libfyaml 0.7 leaks a buffer of its own on some unfinished texts; our leaks still count. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libfyaml.so";
}

static quipu_status read_study(const uint8_t *data, size_t size, qi_study *study,
                               quipu_error *err) {
    qi_node *root;
    *study = (qi_study){.path = "fuzz", .folder = ""};
    QI_TRY(qi_yaml_parse("fuzz", (const char *)data, size, &study->arena, &root, err));
    return qi_schema_read("fuzz", root, &qi_schema_study, study, &study->arena, err);
}

static void read_grid(const uint8_t *data, size_t size) {
    qi_arena arena = {0};
    qi_grid grid;
    char *bytes = qi_arena_text(&arena, (const char *)data, size);
    if (bytes != NULL && qi_grid_parse("fuzz", bytes, size, &arena, &grid, NULL) == QUIPU_OK)
        for (size_t row = 0; row < grid.n_rows; row++)
            for (size_t c = 0; c < grid.n_columns; c++)
                if (strlen(qi_grid_text(&grid, row, c)) > size)
                    abort();
    qi_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    qi_study one, two;
    quipu_error first = {0}, second = {0};
    if (size > 1 << 16)
        return 0;
    quipu_status status = read_study(data, size, &one, &first);
    if (status != read_study(data, size, &two, &second) || first.line != second.line ||
        strcmp(first.text, second.text) != 0)
        abort();
    if (status != QUIPU_OK && first.text[0] == '\0')
        abort();
    qi_arena_free(&one.arena);
    qi_arena_free(&two.arena);
    read_grid(data, size);
    return 0;
}
