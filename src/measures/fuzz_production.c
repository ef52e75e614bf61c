/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_production.c - any bytes as a table of output.
 *
 * Laws: what is refused has words and a place in the file; what is taken has rows, no output
 * below zero, and reads the same again.
 */
#include "measures/production.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LAW(holds)                                                                             \
    do {                                                                                       \
        if (!(holds)) {                                                                        \
            fprintf(stderr, "broken law: %s (%s)\n", #holds, err.text);                        \
            abort();                                                                           \
        }                                                                                      \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static quipu_nomen *nomen;
    quipu_error err = {0}, other = {0};
    qi_arena arena = {0};
    qi_production p, again;
    if (nomen == NULL && quipu_nomen_open(&nomen, &err) != QUIPU_OK)
        abort();
    const char *bytes = (const char *)data;
    quipu_status status = qi_production_parse(nomen, "in.csv", bytes, size, &arena, &p, &err);
    LAW(qi_production_parse(nomen, "in.csv", bytes, size, &arena, &again, &other) == status);
    LAW(strcmp(err.text, other.text) == 0);
    if (status != QUIPU_OK) {
        LAW(status == QUIPU_E_FORMAT || status == QUIPU_E_DATA);
        LAW(err.text[0] != '\0' && err.line > 0 && err.column > 0);
    } else {
        LAW(p.n_rows > 0 && p.n_rows == again.n_rows);
        for (size_t i = 0; i < p.n_rows; i++) {
            LAW(p.rows[i].output >= 0 && p.rows[i].line > 0);
            LAW(p.rows[i].output == again.rows[i].output);
        }
    }
    qi_arena_free(&arena);
    return 0;
}
