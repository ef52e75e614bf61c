/* SPDX-License-Identifier: Apache-2.0 */
/* problem.c - what is done with a problem of a cube: the error of the call that met it, or one
 * more row in the list of quipu_cube_verify.  The same checks serve both. */
#include "cube.h"

enum { SECTION, SLAB, BYTE, PROBLEM };

const char *qi_kind_name(uint32_t kind) {
    switch (kind) {
    case QI_META: return "metadata";
    case QI_REPORT: return "import report";
    case QI_COUNTRIES: return "countries";
    case QI_PRODUCTS: return "products";
    case QI_SLABS: return "slabs";
    case QI_TARIFFS: return "tariffs";
    case QI_FIRMS: return "firms";
    case QI_LEAVES: return "leaves";
    case QI_LEAF_OFFSET: return "leaf offsets";
    case QI_REPORTER_START: return "pairs by reporter";
    case QI_PAIR_PARTNER: return "pair partners";
    case QI_PAIR_REPORTER: return "pair reporters";
    case QI_PAIR_TOTAL: return "pair totals";
    case QI_PAIR_ROWS: return "pair rows";
    case QI_PARTNER_START: return "pairs by partner";
    case QI_BY_PARTNER: return "partner index";
    case QI_REPORTER_TOTAL: return "reporter totals";
    case QI_PARTNER_TOTAL: return "partner totals";
    case QI_PRODUCT_TOTAL: return "product totals";
    case QI_RMATRIX_DENSE: return "reporter matrix";
    case QI_RMATRIX_START: return "reporter matrix starts";
    case QI_RMATRIX_PRODUCT: return "reporter matrix products";
    case QI_RMATRIX_VALUE: return "reporter matrix values";
    case QI_PMATRIX_DENSE: return "partner matrix";
    case QI_PMATRIX_START: return "partner matrix starts";
    case QI_PMATRIX_PRODUCT: return "partner matrix products";
    case QI_PMATRIX_VALUE: return "partner matrix values";
    case QI_FIRM_BLOCKS: return "firm blocks";
    case QI_FIRM_INDEX: return "firm index";
    case QI_IN_FILE: return "file";
    case QI_IN_HEADER: return "header";
    case QI_IN_SUMS: return "checksums";
    case QI_IN_DIRECTORY: return "directory";
    case QI_IN_PADDING: return "padding";
    default: return "unknown";
    }
}

bool qi_kind_is_known(uint32_t kind) {
    return kind <= QI_FIRM_INDEX && strcmp(qi_kind_name(kind), "unknown") != 0;
}

const char *qi_slab_name(const quipu_cube *cube, uint32_t slab, char out[32]) {
    if (cube == NULL || slab >= cube->n_slabs) {
        snprintf(out, 32, "slab %u", slab);
    } else {
        const quipu_slab *s = &cube->slabs[slab];
        snprintf(out, 32, "%d %s", s->period, quipu_flow_name(s->flow));
    }
    return out;
}

qi_check qi_check_first(const quipu_cube *cube, quipu_error *err) {
    return (qi_check){.path = cube->path, .cube = cube, .err = err};
}

static quipu_status fail_with(const qi_check *check, uint32_t kind, uint32_t slab,
                              uint64_t byte, const char *text) {
    char name[32], where[64] = "";
    if (kind == QI_IN_FILE)
        return qi_fail_at(check->err, QUIPU_E_FORMAT, check->path, 0, 0, "%s", text);
    if (slab != QI_NO_SLAB)
        snprintf(where, sizeof where, " of %s", qi_slab_name(check->cube, slab, name));
    if (byte != QI_NO_BYTE)
        snprintf(where + strlen(where), sizeof where - strlen(where), " (byte %llu)",
                 (unsigned long long)byte);
    return qi_fail_at(check->err, QUIPU_E_FORMAT, check->path, 0, 0,
                      "damaged: %s%s: %s. " QI_REMEDY, qi_kind_name(kind), where, text);
}

static quipu_status add_row(qi_check *check, const char *section, uint32_t slab, uint64_t byte,
                            const char *text) {
    size_t row;
    char name[32];
    QI_TRY(quipu_table_add_rows(check->list, 1, &row, check->err));
    QI_TRY(quipu_table_set_text(check->list, SECTION, row, section, check->err));
    if (slab != QI_NO_SLAB)
        QI_TRY(quipu_table_set_text(check->list, SLAB, row,
                                    qi_slab_name(check->cube, slab, name), check->err));
    if (byte <= INT64_MAX)
        quipu_table_set_integer(check->list, BYTE, row, (int64_t)byte);
    return quipu_table_set_text(check->list, PROBLEM, row, text, check->err);
}

/* Sections are counted by kind; what has no slot of its own shares the first. */
static uint32_t slot_of(uint32_t kind) {
    return kind < 64                                     ? kind
           : kind >= QI_IN_FILE && kind <= QI_IN_PADDING ? kind - QI_IN_FILE + 50
                                                         : 0;
}

static quipu_status say_rest(qi_check *check) {
    for (uint32_t kind = 0; kind < 64; kind++) {
        char text[64];
        uint32_t rest =
            check->listed[kind] > QI_MOST_ALIKE ? check->listed[kind] - QI_MOST_ALIKE : 0;
        check->listed[kind] = 0;
        if (rest == 0)
            continue;
        snprintf(text, sizeof text, "and %u more like these", rest);
        uint32_t name = kind >= 50 ? kind - 50 + QI_IN_FILE : kind;
        QI_TRY(add_row(check, qi_kind_name(name), check->slab, QI_NO_BYTE, text));
    }
    return QUIPU_OK;
}

quipu_status qi_problem(qi_check *check, uint32_t kind, uint32_t slab, uint64_t byte,
                        const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (check->list == NULL)
        return fail_with(check, kind, slab, byte, text);
    if (slab != check->slab) {
        QI_TRY(say_rest(check));
        check->slab = slab;
    }
    check->n++;
    uint32_t *listed = &check->listed[slot_of(kind)];
    *listed += *listed < UINT32_MAX;
    if (*listed > QI_MOST_ALIKE)
        return QUIPU_OK;
    return add_row(check, qi_kind_name(kind), slab, byte, text);
}

quipu_status qi_check_finish(qi_check *check) {
    return check->list != NULL ? say_rest(check) : QUIPU_OK;
}
