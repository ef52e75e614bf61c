/* SPDX-License-Identifier: Apache-2.0 */
/* listing.c - the tables of this folder as result tables, for people and machines to browse. */
#include "nomen/agreement.h"

#define TEXT(name, label)                                                                      \
    { name, label, QUIPU_TEXT, QUIPU_DIMENSION, "", 0 }
#define NUMBER(name, label)                                                                    \
    { name, label, QUIPU_INTEGER, QUIPU_FIGURE, "", 0 }

/* Whether any of the texts has the filter in it, folded. */
static bool matches(const char *filter, const char *const *texts, size_t n) {
    char want[256], have[1024];
    if (filter == NULL || qi_fold(filter, strlen(filter), want, sizeof want) == 0)
        return true;
    for (size_t i = 0; i < n; i++) {
        qi_fold(texts[i], strlen(texts[i]), have, sizeof have);
        if (strstr(have, want) != NULL)
            return true;
    }
    return false;
}

/* Appends a row whose first cells are these texts. */
static quipu_status add_texts(quipu_table *table, const char *const *texts, size_t n,
                              size_t *row, quipu_error *err) {
    QI_TRY(quipu_table_add_rows(table, 1, row, err));
    for (size_t i = 0; i < n; i++)
        QI_TRY(quipu_table_set_text(table, i, *row, texts[i], err));
    return QUIPU_OK;
}

static void set_year(quipu_table *table, size_t column, size_t row, int year) {
    if (year != 0) /* 0 = open: shown as missing */
        quipu_table_set_integer(table, column, row, year);
}

static quipu_status list_countries(const quipu_nomen *nomen, const char *filter,
                                   quipu_table *out, quipu_error *err) {
    static const quipu_column_spec COLUMNS[] = {
        TEXT("code", "Code"),      TEXT("iso3", "ISO3"),      TEXT("iso2", "ISO2"),
        TEXT("name", "Name"),      TEXT("name_es", "Nombre"), TEXT("kind", "Kind"),
        TEXT("successors", "Now"), NUMBER("from", "From"),    NUMBER("to", "To"),
    };
    static const char *const KINDS[] = {"country", "former", "area", "world", "aggregate"};
    const qi_countries *countries;
    QI_TRY(qi_nomen_countries(nomen, &countries, err));
    QI_TRY(quipu_table_init(out, "countries", COLUMNS, QI_COUNT(COLUMNS), err));
    for (size_t i = 0; i < countries->n; i++) {
        const quipu_country *c = &countries->items[i];
        const char *names[] = {c->code,
                               c->iso3,
                               c->iso2,
                               c->name,
                               c->name_es,
                               KINDS[c->kind],
                               countries->aliases[i]};
        if (!matches(filter, names, QI_COUNT(names)))
            continue;
        size_t row;
        names[6] = c->successors;
        QI_TRY(add_texts(out, names, QI_COUNT(names), &row, err));
        set_year(out, 7, row, c->from);
        set_year(out, 8, row, c->to);
    }
    return quipu_table_set_title(out, err, "Countries and areas");
}

static quipu_status list_groups(const quipu_nomen *nomen, const char *filter, quipu_table *out,
                                quipu_error *err) {
    static const quipu_column_spec COLUMNS[] = {
        TEXT("group", "Group"), TEXT("label", "Label"), TEXT("label_es", "Nombre"),
        TEXT("dated", "Dated"), TEXT("note", "Note"),   NUMBER("members", "Members"),
    };
    const qi_groups *groups;
    QI_TRY(qi_nomen_groups(nomen, &groups, err));
    QI_TRY(quipu_table_init(out, "groups", COLUMNS, QI_COUNT(COLUMNS), err));
    for (size_t i = 0; i < groups->n; i++) {
        const quipu_group *g = &groups->items[i];
        const char *texts[] = {g->name, g->label, g->label_es, g->dated ? "yes" : "no",
                               g->note};
        if (!matches(filter, texts, 3))
            continue;
        size_t row;
        QI_TRY(add_texts(out, texts, QI_COUNT(texts), &row, err));
        quipu_table_set_integer(out, 5, row,
                                (int64_t)(groups->first[i + 1] - groups->first[i]));
    }
    return quipu_table_set_title(out, err, "Groups of countries");
}

static quipu_status list_members(const quipu_nomen *nomen, const char *filter, quipu_table *out,
                                 quipu_error *err) {
    static const quipu_column_spec COLUMNS[] = {
        TEXT("group", "Group"), TEXT("iso3", "ISO3"), TEXT("country", "Country"),
        NUMBER("from", "From"), NUMBER("to", "To"),
    };
    const quipu_group *only = NULL;
    const qi_groups *groups;
    const qi_countries *countries;
    QI_TRY(qi_nomen_groups(nomen, &groups, err));
    QI_TRY(qi_nomen_countries(nomen, &countries, err));
    if (filter != NULL && filter[0] != '\0')
        QI_TRY(quipu_group_find(nomen, filter, &only, err));
    QI_TRY(quipu_table_init(out, "members", COLUMNS, QI_COUNT(COLUMNS), err));
    for (size_t i = 0; i < (only != NULL ? 1 : groups->n); i++) {
        const quipu_group *group = only != NULL ? only : &groups->items[i];
        const quipu_member *members;
        size_t n;
        QI_TRY(quipu_group_members(nomen, group, &members, &n, err));
        for (size_t k = 0; k < n; k++) {
            const quipu_country *c = &countries->items[members[k].country];
            const char *texts[] = {group->name, c->iso3, c->name};
            size_t row;
            QI_TRY(add_texts(out, texts, QI_COUNT(texts), &row, err));
            set_year(out, 3, row, members[k].from);
            set_year(out, 4, row, members[k].to);
        }
    }
    return quipu_table_set_title(out, err, "Members of groups");
}

/* The schemes; for a scheme's name as filter, its classes. */
static quipu_status list_classes(const quipu_nomen *nomen, const char *filter, quipu_table *out,
                                 quipu_error *err) {
    static const quipu_column_spec COLUMNS[] = {
        TEXT("scheme", "Scheme"),  TEXT("class", "Class"), TEXT("label", "Label"),
        TEXT("parent", "Part of"), TEXT("note", "Note"),
    };
    const quipu_scheme *schemes;
    size_t n;
    bool exact = false;
    QI_TRY(quipu_schemes(nomen, &schemes, &n, err));
    for (size_t i = 0; i < n; i++)
        exact = exact || (filter != NULL && strcmp(filter, schemes[i].name) == 0);
    QI_TRY(quipu_table_init(out, "classes", COLUMNS, QI_COUNT(COLUMNS), err));
    for (size_t i = 0; i < n; i++) {
        const char *names[] = {schemes[i].name, schemes[i].label};
        if (exact ? strcmp(filter, schemes[i].name) != 0
                  : !matches(filter, names, QI_COUNT(names)))
            continue;
        size_t row;
        const char *texts[] = {schemes[i].name, "", schemes[i].label, "", schemes[i].note};
        QI_TRY(add_texts(out, texts, QI_COUNT(texts), &row, err));
        if (!exact)
            continue;
        quipu_mapping mapping;
        const char *from = strcmp(filter, "bec") == 0 ? "BEC" : "H0";
        QI_TRY(quipu_classify(nomen, filter, from, NULL, 0, NULL, &mapping, err));
        quipu_status status = QUIPU_OK;
        for (size_t k = 0; k < mapping.n_targets && status == QUIPU_OK; k++) {
            const quipu_target *t = &mapping.targets[k];
            const char *cells[] = {filter, t->code, t->label, t->parent, ""};
            status = add_texts(out, cells, QI_COUNT(cells), &row, err);
        }
        quipu_mapping_free(&mapping);
        QI_TRY(status);
    }
    return quipu_table_set_title(out, err, "Class schemes");
}

static quipu_status list_nomenclatures(const quipu_nomen *nomen, const char *filter,
                                       quipu_table *out, quipu_error *err) {
    static const quipu_column_spec COLUMNS[] = {
        TEXT("nomenclature", "Nomenclature"),
        TEXT("label", "Label"),
        TEXT("aliases", "Also"),
        NUMBER("year", "Year"),
        NUMBER("digits", "Digits"),
    };
    const quipu_nomenclature *all;
    size_t n;
    QI_TRY(quipu_nomenclatures(nomen, &all, &n, err));
    QI_TRY(quipu_table_init(out, "nomenclatures", COLUMNS, QI_COUNT(COLUMNS), err));
    for (size_t i = 0; i < n; i++) {
        const char *texts[] = {all[i].name, all[i].label, all[i].aliases};
        if (!matches(filter, texts, QI_COUNT(texts)))
            continue;
        size_t row;
        QI_TRY(add_texts(out, texts, QI_COUNT(texts), &row, err));
        set_year(out, 3, row, all[i].year);
        quipu_table_set_integer(out, 4, row, all[i].leaf_digits);
    }
    return quipu_table_set_title(out, err, "Nomenclatures");
}

/* "H0 copper": codes of H0 that begin with "copper" or have it in their name. */
static quipu_status list_products(const quipu_nomen *nomen, const char *filter,
                                  quipu_table *out, quipu_error *err) {
    static const quipu_column_spec COLUMNS[] = {
        TEXT("nomenclature", "Nomenclature"),
        TEXT("product", "Code"),
        TEXT("name", "Name"),
        TEXT("leaf", "Finest level"),
    };
    char name[64] = "H0";
    size_t length = filter == NULL ? 0 : strcspn(filter, " ");
    if (length >= sizeof name)
        return qi_fail(
            err, QUIPU_E_NOT_FOUND,
            "products are listed as \"H0\" or \"H0 copper\": a nomenclature, then text");
    if (length > 0) {
        memcpy(name, filter, length);
        name[length] = '\0';
    }
    qi_revision revision;
    const qi_list *list;
    QI_TRY(qi_nomen_revision_find(name, &revision, err));
    QI_TRY(qi_nomen_list_of(nomen, revision, &list, err));
    const char *text = filter == NULL ? "" : filter + length;
    while (*text == ' ')
        text++;
    QI_TRY(quipu_table_init(out, "products", COLUMNS, QI_COUNT(COLUMNS), err));
    for (size_t i = 0; i < list->n; i++) {
        const quipu_product *p = &list->items[i];
        const char *cells[] = {qi_nomen_revision(revision)->name, p->code, p->name,
                               p->leaf ? "yes" : "no"};
        size_t row;
        if (strncmp(p->code, text, strlen(text)) == 0 || matches(text, &p->name, 1))
            QI_TRY(add_texts(out, cells, QI_COUNT(cells), &row, err));
    }
    return quipu_table_set_title(out, err, "Products of %s",
                                 qi_nomen_revision(revision)->label);
}

quipu_status quipu_nomen_list(const quipu_nomen *nomen, const char *what, const char *filter,
                              quipu_table *out, quipu_error *err) {
    static const struct {
        const char *name;
        quipu_status (*list)(const quipu_nomen *, const char *, quipu_table *, quipu_error *);
    } LISTS[] = {
        {"countries", list_countries},      {"groups", list_groups},
        {"members", list_members},          {"classes", list_classes},
        {"products", list_products},        {"nomenclatures", list_nomenclatures},
        {"agreements", qi_list_agreements},
    };
    qi_error_clear(err);
    *out = (quipu_table){0};
    for (size_t i = 0; i < QI_COUNT(LISTS); i++) {
        if (strcmp(what, LISTS[i].name) != 0)
            continue;
        quipu_status status = LISTS[i].list(nomen, filter, out, err);
        if (status != QUIPU_OK) {
            quipu_table_free(out);
            *out = (quipu_table){0};
        }
        return status;
    }
    return qi_fail(
        err, QUIPU_E_NOT_FOUND,
        "there is no list \"%s\", only countries, groups, members, classes, products, "
        "nomenclatures and agreements",
        what);
}
