/* SPDX-License-Identifier: Apache-2.0 */
/* pairs.c - correspondence tables with one target for each code, and the finest codes.
 *
 * One file serves all revisions of the HS (its second column names those a row holds for);
 * the table of a revision is cut from it on first use.
 */
#include "nomen/nomen.h"

static quipu_status load_masked(quipu_nomen *nomen, unsigned which, void **out,
                                quipu_error *err) {
    qi_rows rows;
    QI_TRY(qi_rows_open(&rows, &nomen->arena, (qi_nomen_file)which, err));
    size_t most = qi_rows_left(&rows);
    qi_masked *made = qi_arena_alloc(&nomen->arena, sizeof *made);
    if (made == NULL)
        return qi_fail_memory(err, sizeof *made);
    made->items = qi_arena_alloc(&nomen->arena, most * sizeof *made->items);
    if (made->items == NULL)
        return qi_fail_memory(err, most * sizeof *made->items);
    char *field[3];
    bool more;
    for (;;) {
        QI_TRY(qi_rows_next(&rows, field, 3, &more, err));
        if (!more)
            break;
        unsigned revisions = 0;
        for (const char *c = field[1]; *c != '\0'; c++) {
            if (*c < '0' || *c >= '0' + QI_N_HS)
                return qi_fail_at(err, QUIPU_E_FORMAT, rows.file, rows.line, 0,
                                  "a revision that is none of 0 to 6");
            revisions |= 1u << (*c - '0');
        }
        if (made->n > 0 && strcmp(made->items[made->n - 1].code, field[0]) > 0)
            return qi_fail_at(err, QUIPU_E_FORMAT, rows.file, rows.line, 0,
                              "code %s is out of order", field[0]);
        made->items[made->n++] = (qi_masked_row){field[0], field[2], revisions};
    }
    *out = made;
    return QUIPU_OK;
}

quipu_status qi_nomen_masked(const quipu_nomen *nomen, qi_nomen_file file,
                             const qi_masked **out, quipu_error *err) {
    return qi_nomen_get(nomen, QI_SLOT_MASKED + (unsigned)file, load_masked, (unsigned)file,
                        out, err);
}

/* ---- pairs ---- */

static quipu_status new_pairs(qi_arena *arena, size_t n, qi_pairs **out, quipu_error *err) {
    qi_pairs *made = qi_arena_alloc(arena, sizeof *made);
    if (made == NULL)
        return qi_fail_memory(err, sizeof *made);
    made->codes = qi_arena_alloc(arena, n * sizeof *made->codes);
    made->targets = qi_arena_alloc(arena, n * sizeof *made->targets);
    if (made->codes == NULL || made->targets == NULL)
        return qi_fail_memory(err, n * sizeof *made->codes);
    *out = made;
    return QUIPU_OK;
}

static quipu_status cut(quipu_nomen *nomen, qi_nomen_file file, unsigned revision, void **out,
                        quipu_error *err) {
    const qi_masked *rows;
    QI_TRY(qi_nomen_masked(nomen, file, &rows, err));
    unsigned bit = 1u << revision;
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++)
        n += (rows->items[i].revisions & bit) != 0;
    qi_pairs *made = NULL;
    QI_TRY(new_pairs(&nomen->arena, n, &made, err));
    for (size_t i = 0; i < rows->n; i++) {
        if ((rows->items[i].revisions & bit) != 0) {
            made->codes[made->n] = rows->items[i].code;
            made->targets[made->n++] = rows->items[i].value;
        }
    }
    *out = made;
    return QUIPU_OK;
}

static quipu_status load_to_h0(quipu_nomen *nomen, unsigned which, void **out,
                               quipu_error *err) {
    return cut(nomen, QI_NOMEN_TO_H0, which, out, err);
}
static quipu_status load_to_s2(quipu_nomen *nomen, unsigned which, void **out,
                               quipu_error *err) {
    return cut(nomen, QI_NOMEN_TO_S2, which, out, err);
}
static quipu_status load_to_s3(quipu_nomen *nomen, unsigned which, void **out,
                               quipu_error *err) {
    return cut(nomen, QI_NOMEN_TO_S3, which, out, err);
}
static quipu_status load_to_i3(quipu_nomen *nomen, unsigned which, void **out,
                               quipu_error *err) {
    return cut(nomen, QI_NOMEN_TO_I3, which, out, err);
}

static quipu_status load_plain(quipu_nomen *nomen, unsigned which, void **out,
                               quipu_error *err) {
    qi_rows rows;
    QI_TRY(qi_rows_open(&rows, &nomen->arena, (qi_nomen_file)which, err));
    qi_pairs *made = NULL;
    QI_TRY(new_pairs(&nomen->arena, qi_rows_left(&rows), &made, err));
    char *field[2];
    bool more;
    for (;;) {
        QI_TRY(qi_rows_next(&rows, field, 2, &more, err));
        if (!more)
            break;
        made->codes[made->n] = field[0];
        made->targets[made->n++] = field[1];
    }
    *out = made;
    return QUIPU_OK;
}

quipu_status qi_nomen_pairs(const quipu_nomen *nomen, qi_revision from, qi_revision to,
                            const qi_pairs **out, quipu_error *err) {
    unsigned which = (unsigned)from;
    *out = NULL;
    if (qi_is_hs(from)) {
        switch (to) {
        case QI_H0:
            return qi_nomen_get(nomen, QI_SLOT_TO_H0 + which, load_to_h0, which, out, err);
        case QI_S2:
            return qi_nomen_get(nomen, QI_SLOT_TO_S2 + which, load_to_s2, which, out, err);
        case QI_S3:
            return qi_nomen_get(nomen, QI_SLOT_TO_S3 + which, load_to_s3, which, out, err);
        case QI_I3:
            return qi_nomen_get(nomen, QI_SLOT_TO_I3 + which, load_to_i3, which, out, err);
        case QI_H5:
            if (from == QI_H6)
                return qi_nomen_get(nomen, QI_SLOT_2022_TO_2017, load_plain,
                                    QI_NOMEN_2022_TO_2017, out, err);
            break;
        default: break;
        }
    } else if (from == QI_S3 && to == QI_S2) {
        return qi_nomen_get(nomen, QI_SLOT_S3_TO_S2, load_plain, QI_NOMEN_S3_TO_S2, out, err);
    }
    return qi_fail(err, QUIPU_E_NOT_FOUND, "there is no table from %s to %s",
                   qi_nomen_revision(from)->label, qi_nomen_revision(to)->label);
}

static size_t lower(const char *const *codes, size_t n, const char *code, size_t length) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (qi_code_compare(codes[middle], code, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t qi_pairs_find(const qi_pairs *pairs, const char *code, size_t length) {
    size_t at = lower(pairs->codes, pairs->n, code, length);
    return at < pairs->n && qi_code_compare(pairs->codes[at], code, length) == 0 ? at
                                                                                 : pairs->n;
}

/* ---- leaves ---- */

/* The table to ISIC has every six-digit code of every revision, and no names to read. */
static quipu_status hs_leaves(quipu_nomen *nomen, unsigned revision, qi_leaves *made,
                              quipu_error *err) {
    const qi_pairs *pairs;
    QI_TRY(qi_nomen_pairs(nomen, (qi_revision)revision, QI_I3, &pairs, err));
    made->codes = pairs->codes;
    made->n = pairs->n;
    return QUIPU_OK;
}

static quipu_status list_leaves(quipu_nomen *nomen, unsigned revision, qi_leaves *made,
                                quipu_error *err) {
    const qi_list *list;
    QI_TRY(qi_nomen_list_of(nomen, (qi_revision)revision, &list, err));
    const char **codes = qi_arena_alloc(&nomen->arena, list->n * sizeof *codes);
    if (codes == NULL)
        return qi_fail_memory(err, list->n * sizeof *codes);
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i].leaf)
            codes[made->n++] = list->items[i].code;
    }
    made->codes = codes;
    return QUIPU_OK;
}

static quipu_status load_leaves(quipu_nomen *nomen, unsigned which, void **out,
                                quipu_error *err) {
    qi_leaves *made = qi_arena_alloc(&nomen->arena, sizeof *made);
    if (made == NULL)
        return qi_fail_memory(err, sizeof *made);
    if (qi_is_hs((qi_revision)which))
        QI_TRY(hs_leaves(nomen, which, made, err));
    else
        QI_TRY(list_leaves(nomen, which, made, err));
    *out = made;
    return QUIPU_OK;
}

quipu_status qi_nomen_leaves(const quipu_nomen *nomen, qi_revision revision,
                             const qi_leaves **out, quipu_error *err) {
    return qi_nomen_get(nomen, QI_SLOT_LEAVES + (unsigned)revision, load_leaves,
                        (unsigned)revision, out, err);
}

void qi_leaves_under(const qi_leaves *leaves, const char *code, size_t *first, size_t *last) {
    size_t length = strlen(code);
    size_t at = lower(leaves->codes, leaves->n, code, length);
    size_t end = at;
    while (length > 0 && end < leaves->n && strncmp(leaves->codes[end], code, length) == 0)
        end++;
    /* Sorted text: a leaf the code begins with comes before the code.  Codes of trade have
     * few digits, so the search is over in a step or two. */
    for (size_t shorter = length; end == at && shorter > 3; shorter--) {
        size_t found = lower(leaves->codes, leaves->n, code, shorter - 1);
        if (found < leaves->n &&
            qi_code_compare(leaves->codes[found], code, shorter - 1) == 0) {
            at = found;
            end = found + 1;
        }
    }
    *first = at;
    *last = end;
}
