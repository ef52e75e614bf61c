/* SPDX-License-Identifier: Apache-2.0 */
/* product.c - the nomenclatures and their lists of codes.
 *
 * The seven revisions of the HS share one table (data/hs.csv), in which a row names the
 * revisions that have the code under that name; the list of a revision is cut from it.
 */
#include "nomen/nomen.h"

static const quipu_nomenclature NOMENCLATURES[QI_N_NOMENCLATURES] = {
    {"H0", "HS 1988/92", 1988, 6,
     "HS0 HS88 HS92 HS1988 HS1992 HS88/92 HS1988/92 1988/92 88 92 1988 1992 HSRev.1992"},
    {"H1", "HS 1996", 1996, 6, "HS1 HS96 HS1996 96 1996"},
    {"H2", "HS 2002", 2002, 6, "HS2 HS02 HS2002 02 2002"},
    {"H3", "HS 2007", 2007, 6, "HS3 HS07 HS2007 07 2007"},
    {"H4", "HS 2012", 2012, 6, "HS4 HS12 HS2012 12 2012"},
    {"H5", "HS 2017", 2017, 6, "HS5 HS17 HS2017 17 2017"},
    {"H6", "HS 2022", 2022, 6, "HS6 HS22 HS2022 22 2022"},
    {"S2", "SITC Rev. 2", 1976, 5,
     "SITC2 SITCRev2 SITCRev.2 SITCR2 SITCRevision2 CUCI2 CUCIRev.2 ST2"},
    {"S3", "SITC Rev. 3", 1988, 5,
     "SITC3 SITCRev3 SITCRev.3 SITCR3 SITCRevision3 CUCI3 CUCIRev.3 ST3"},
    {"I3", "ISIC Rev. 3", 1989, 4,
     "ISIC3 ISICRev3 ISICRev.3 ISICR3 ISICRevision3 CIIU3 CIIURev.3"},
    {"BEC", "Broad Economic Categories, Rev. 4", 2002, 3, "BEC4 BECRev.4 B4 BECRev4 CGCE"},
};

const quipu_nomenclature *qi_nomen_revision(qi_revision revision) {
    return &NOMENCLATURES[revision];
}

/* Letters and digits of both, in lower case, compared without the rest: "HS 1992" is
 * "hs1992".  The names are ASCII. */
static bool same_letters(const char *a, size_t a_length, const char *b, size_t b_length) {
    size_t i = 0, j = 0;
    for (;;) {
        int x = 0, y = 0;
        while (x == 0 && i < a_length) {
            unsigned char c = (unsigned char)a[i++];
            x = c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
            if (!((x >= 'a' && x <= 'z') || (x >= '0' && x <= '9')))
                x = 0;
        }
        while (y == 0 && j < b_length) {
            unsigned char c = (unsigned char)b[j++];
            y = c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
            if (!((y >= 'a' && y <= 'z') || (y >= '0' && y <= '9')))
                y = 0;
        }
        if (x != y)
            return false;
        if (x == 0)
            return true;
    }
}

quipu_status qi_nomen_revision_find(const char *text, qi_revision *out, quipu_error *err) {
    size_t length = strlen(text);
    for (size_t i = 0; i < QI_N_NOMENCLATURES && length > 0; i++) {
        const quipu_nomenclature *n = &NOMENCLATURES[i];
        bool same = same_letters(text, length, n->name, strlen(n->name)) ||
                    same_letters(text, length, n->label, strlen(n->label));
        for (const char *alias = n->aliases; !same && *alias != '\0';) {
            size_t alias_length = strcspn(alias, " ");
            same = same_letters(text, length, alias, alias_length);
            alias += alias_length + (alias[alias_length] == ' ');
        }
        if (same) {
            *out = (qi_revision)i;
            return QUIPU_OK;
        }
    }
    return qi_fail(err, QUIPU_E_NOT_FOUND,
                   "there is no nomenclature \"%s\". Known: H0 (HS 1988/92), H1 (1996), "
                   "H2 (2002), H3 (2007), H4 (2012), H5 (2017), H6 (2022), S2 and S3 (SITC), "
                   "I3 (ISIC Rev. 3), BEC",
                   text);
}

quipu_status quipu_nomenclatures(const quipu_nomen *nomen, const quipu_nomenclature **first,
                                 size_t *count, quipu_error *err) {
    qi_error_clear(err);
    QI_UNUSED(nomen);
    *first = NOMENCLATURES;
    *count = QI_N_NOMENCLATURES;
    return QUIPU_OK;
}

quipu_status quipu_nomenclature_find(const quipu_nomen *nomen, const char *text,
                                     const quipu_nomenclature **out, quipu_error *err) {
    qi_error_clear(err);
    QI_UNUSED(nomen);
    *out = NULL;
    qi_revision revision;
    QI_TRY(qi_nomen_revision_find(text, &revision, err));
    *out = &NOMENCLATURES[revision];
    return QUIPU_OK;
}

/* ---- lists ---- */

/* A leaf is a code that the next one, in order, does not begin with. */
static quipu_status finish(qi_list *list, const char *label, quipu_error *err) {
    for (size_t i = 0; i < list->n; i++) {
        const char *code = list->items[i].code;
        const char *next = i + 1 < list->n ? list->items[i + 1].code : "";
        if (*next != '\0' && strcmp(code, next) >= 0)
            return qi_fail(err, QUIPU_E_FORMAT, "%s: code %s comes before %s", label, code,
                           next);
        list->items[i].leaf = strncmp(code, next, strlen(code)) != 0;
    }
    return QUIPU_OK;
}

static quipu_status load_hs(quipu_nomen *nomen, unsigned revision, qi_list *list,
                            quipu_error *err) {
    const qi_masked *rows;
    QI_TRY(qi_nomen_masked(nomen, QI_NOMEN_HS, &rows, err));
    unsigned bit = 1u << revision;
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++)
        n += (rows->items[i].revisions & bit) != 0;
    list->items = qi_arena_alloc(&nomen->arena, n * sizeof *list->items);
    if (list->items == NULL)
        return qi_fail_memory(err, n * sizeof *list->items);
    for (size_t i = 0; i < rows->n; i++) {
        const qi_masked_row *row = &rows->items[i];
        if ((row->revisions & bit) != 0)
            list->items[list->n++] = (quipu_product){row->code, row->value, false};
    }
    return QUIPU_OK;
}

static quipu_status load_plain(quipu_nomen *nomen, qi_nomen_file file, qi_list *list,
                               quipu_error *err) {
    qi_rows rows;
    QI_TRY(qi_rows_open(&rows, &nomen->arena, file, err));
    size_t most = qi_rows_left(&rows);
    list->items = qi_arena_alloc(&nomen->arena, most * sizeof *list->items);
    if (list->items == NULL)
        return qi_fail_memory(err, most * sizeof *list->items);
    char *field[2];
    bool more;
    for (;;) {
        QI_TRY(qi_rows_next(&rows, field, 2, &more, err));
        if (!more)
            return QUIPU_OK;
        list->items[list->n++] = (quipu_product){field[0], field[1], false};
    }
}

static quipu_status load_list(quipu_nomen *nomen, unsigned which, void **out,
                              quipu_error *err) {
    qi_list *list = qi_arena_alloc(&nomen->arena, sizeof *list);
    if (list == NULL)
        return qi_fail_memory(err, sizeof *list);
    if (which <= QI_H6)
        QI_TRY(load_hs(nomen, which, list, err));
    else
        QI_TRY(load_plain(nomen, (qi_nomen_file)(QI_NOMEN_S2 + (which - QI_S2)), list, err));
    QI_TRY(finish(list, NOMENCLATURES[which].label, err));
    *out = list;
    return QUIPU_OK;
}

quipu_status qi_nomen_list_of(const quipu_nomen *nomen, qi_revision revision,
                              const qi_list **out, quipu_error *err) {
    return qi_nomen_get(nomen, QI_SLOT_LISTS + (unsigned)revision, load_list,
                        (unsigned)revision, out, err);
}

static bool own_revision(const quipu_nomenclature *which, qi_revision *out) {
    if (which < NOMENCLATURES || which >= NOMENCLATURES + QI_N_NOMENCLATURES)
        return false;
    *out = (qi_revision)(which - NOMENCLATURES);
    return true;
}

quipu_status quipu_products(const quipu_nomen *nomen, const quipu_nomenclature *which,
                            const quipu_product **first, size_t *count, quipu_error *err) {
    qi_error_clear(err);
    *first = NULL;
    *count = 0;
    qi_revision revision;
    if (!own_revision(which, &revision))
        return qi_fail(err, QUIPU_E_ARG, "the nomenclature is not one of this library");
    const qi_list *list;
    QI_TRY(qi_nomen_list_of(nomen, revision, &list, err));
    *first = list->items;
    *count = list->n;
    return QUIPU_OK;
}

int qi_code_compare(const char *code, const char *text, size_t length) {
    int order = strncmp(code, text, length);
    return order != 0 ? order : code[length] != '\0';
}

size_t qi_list_lower(const qi_list *list, const char *code, size_t length) {
    size_t low = 0, high = list->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (qi_code_compare(list->items[middle].code, code, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const quipu_product *quipu_product_find(const quipu_nomen *nomen,
                                        const quipu_nomenclature *which, const char *code,
                                        size_t length) {
    qi_revision revision;
    const qi_list *list;
    if (!own_revision(which, &revision) ||
        qi_nomen_list_of(nomen, revision, &list, NULL) != QUIPU_OK)
        return NULL;
    size_t at = qi_list_lower(list, code, length);
    return at < list->n && qi_code_compare(list->items[at].code, code, length) == 0
               ? &list->items[at]
               : NULL;
}
