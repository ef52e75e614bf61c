/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_panel.c - any bytes as a formula (the first line) and a table of observations (the rest).
 *
 * Laws: one thread and three read the same panel or say the same; a design has finite numbers
 * only, levels within their number, and as many rows used and left out as the panel has.
 */
#include "gravity/formula.h"

#include <math.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void law(bool holds) {
    if (!holds)
        abort();
}

static quipu_status read_table(const char *path, const qi_uses *uses, unsigned threads,
                               qi_panel *out, quipu_error *err) {
    static const char *const roles[] = {"exporter", "importer", "year", "sector"};
    const qi_panel_read_options options = {.threads = threads};
    const char *const *names;
    qi_panel_file *file;
    quipu_status status = qi_panel_open(path, &file, err);
    if (status != QUIPU_OK)
        return status;
    size_t n = qi_panel_file_columns(file, &names);
    for (size_t c = 0; c < n; c++)
        for (size_t u = 0; u < uses->n; u++)
            if (strcmp(names[c], uses->items[u].name) == 0)
                qi_panel_want(file, c, uses->items[u].number, uses->items[u].label);
    status = qi_panel_read(file, &options, out, err);
    for (size_t r = 0; status == QUIPU_OK && r < QI_N_ROLES; r++)
        out->role[r] = qi_panel_find(out, roles[r]);
    qi_panel_close(file);
    return status;
}

static void same(const qi_panel *a, const qi_panel *b) {
    law(a->n == b->n && a->columns.n == b->columns.n);
    for (size_t c = 0; c < a->columns.n; c++) {
        const qi_panel_column *x = &a->columns.items[c], *y = &b->columns.items[c];
        law(x->n_labels == y->n_labels);
        law(x->number == NULL || memcmp(x->number, y->number, a->n * sizeof(double)) == 0);
        law(x->label == NULL || memcmp(x->label, y->label, a->n * sizeof(uint32_t)) == 0);
    }
}

static void design(qi_panel *panel, const qi_formula *formula) {
    const qi_setup setup = {.formula = formula, .estimator = QI_OLS};
    qi_design d;
    quipu_error err = {0};
    bool made;
    for (size_t i = 0; i < 2; i++)
        if (qi_panel_find(panel, i == 0 ? "pair" : "border") < 0)
            law(qi_panel_derive(panel, i == 0 ? "pair" : "border", &made, &err) == QUIPU_OK);
    if (qi_design_make(panel, &setup, &d, &err) != QUIPU_OK) {
        law(err.text[0] != '\0');
        return;
    }
    size_t n = 0;
    for (size_t r = 0; r < QI_N_OUT; r++)
        n += d.n_out[r];
    law(n == panel->n && d.model.n == d.n_out[QI_OUT_NOT]);
    for (size_t i = 0; i < d.model.n; i++) {
        law(isfinite(d.model.y[i]));
        for (size_t k = 0; k < d.model.k; k++)
            law(isfinite(d.model.x[k][i]));
        for (size_t e = 0; e < d.model.n_effects; e++)
            law(d.model.effect[e].id[i] < d.model.effect[e].n_levels);
    }
    qi_design_free(&d);
}

static void table(const uint8_t *data, size_t size, const qi_formula *formula) {
    char path[64];
    qi_uses uses = {0};
    qi_panel one, three;
    quipu_error err = {0}, again = {0};
    snprintf(path, sizeof path, "/tmp/fuzz-panel-%d.csv", (int)getpid());
    FILE *file = fopen(path, "wb");
    law(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0);
    law(qi_formula_uses(formula, &uses, NULL) == QUIPU_OK);
    quipu_status status = read_table(path, &uses, 1, &one, &err);
    law(read_table(path, &uses, 3, &three, &again) == status);
    law(strcmp(err.text, again.text) == 0 && err.line == again.line);
    if (status == QUIPU_OK) {
        same(&one, &three);
        design(&one, formula);
        qi_panel_free(&one);
        qi_panel_free(&three);
    }
    free(uses.items);
    remove(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t *end = memchr(data, '\n', size);
    size_t length = end != NULL ? (size_t)(end - data) : size;
    qi_arena arena = {0};
    qi_formula formula;
    quipu_error err = {0};
    char *text = qi_arena_text(&arena, (const char *)data, length);
    law(text != NULL);
    if (qi_formula_parse(text, &arena, &formula, &err) != QUIPU_OK)
        law(err.text[0] != '\0');
    else if (end != NULL)
        table(end + 1, size - length - 1, &formula);
    qi_arena_free(&arena);
    return 0;
}
