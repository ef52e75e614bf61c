/* SPDX-License-Identifier: Apache-2.0 */
/* products.c - the codes of a cube with all they are part of, and what was traded of each. */
#include "http/http.h"

static quipu_money add(quipu_money sum, quipu_money value) {
    return qi_add_money(&sum, value) ? sum : INT64_MAX;
}

/* Traded products that begin with the code. */
static quipu_money sum_below(const qi_edition *e, const char *code) {
    size_t n = quipu_cube_n_products(e->cube), length = strlen(code);
    quipu_money sum = 0;
    for (size_t k = quipu_cube_product_lower(e->cube, code); k < n; k++) {
        if (strncmp(quipu_cube_product(e->cube, k), code, length) != 0)
            break;
        sum = add(sum, e->product_sum[k]);
    }
    return sum;
}

static bool in_cube(const qi_edition *e, const char *code, bool *itself) {
    size_t k = quipu_cube_product_lower(e->cube, code);
    *itself = false;
    if (k >= quipu_cube_n_products(e->cube))
        return false;
    const char *found = quipu_cube_product(e->cube, k);
    *itself = strcmp(found, code) == 0;
    return strncmp(found, code, strlen(code)) == 0;
}

/* The nearest shorter code before it that it begins with: rows are in order of code. */
static const char *parent_of(const qi_product_row *rows, size_t n, const char *code) {
    for (size_t i = n; i-- > 0 && rows[i].code[0] == code[0];)
        if (strncmp(rows[i].code, code, strlen(rows[i].code)) == 0)
            return rows[i].code;
    return NULL;
}

static void add_row(const qi_edition *e, qi_product_row *rows, size_t *n, const char *code,
                    const char *name, bool leaf) {
    rows[*n] = (qi_product_row){.code = code,
                                .name = name,
                                .parent = parent_of(rows, *n, code),
                                .leaf = leaf,
                                .value = sum_below(e, code)};
    (*n)++;
}

/* Both lists are in order of code: the nomenclature's, of which those are taken that the cube
 * trades in, and the cube's, which may have codes no list knows. */
quipu_status qi_product_rows(const qi_edition *e, qi_arena *arena, qi_product_row **out,
                             size_t *count, quipu_error *err) {
    const char *name = quipu_cube_meta(e->cube, "nomenclature");
    const quipu_nomenclature *nomenclature;
    const quipu_product *known = NULL;
    size_t n_known = 0, n_ours = quipu_cube_n_products(e->cube), i = 0, n = 0;
    if (name != NULL &&
        quipu_nomenclature_find(e->nomen, name, &nomenclature, NULL) == QUIPU_OK)
        QI_TRY(quipu_products(e->nomen, nomenclature, &known, &n_known, err));
    qi_product_row *rows = qi_arena_alloc(arena, (n_known + n_ours + 1) * sizeof *rows);
    if (rows == NULL)
        return qi_fail_memory(err, (n_known + n_ours) * sizeof *rows);
    for (size_t k = 0; k < n_ours || i < n_known;) {
        const char *ours = k < n_ours ? quipu_cube_product(e->cube, k) : NULL;
        int order = ours == NULL ? 1 : i == n_known ? -1 : strcmp(ours, known[i].code);
        bool itself;
        if (order < 0) {
            add_row(e, rows, &n, ours, ours, true);
            k++;
        } else {
            if (in_cube(e, known[i].code, &itself))
                add_row(e, rows, &n, known[i].code, known[i].name, itself);
            i++;
            k += order == 0;
        }
    }
    *out = rows;
    *count = n;
    return QUIPU_OK;
}
