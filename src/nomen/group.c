/* SPDX-License-Identifier: Apache-2.0 */
/* group.c - groups of countries and who belonged to them when. */
#include "nomen/agreement.h"

enum { NAME, LABEL, LABEL_ES, DATED, ALIASES, NOTE, N_FIELDS };
enum { M_GROUP, M_ISO3, M_FROM, M_TO, M_FIELDS };

static quipu_status load_list(qi_groups *groups, qi_arena *arena, quipu_error *err) {
    qi_rows rows;
    QI_TRY(qi_rows_open(&rows, arena, QI_NOMEN_GROUPS, err));
    size_t most = qi_rows_left(&rows);
    groups->items = qi_arena_alloc(arena, most * sizeof *groups->items);
    const char **aliases = qi_arena_alloc(arena, most * sizeof *aliases);
    if (groups->items == NULL || aliases == NULL)
        return qi_fail_memory(err, most * sizeof *groups->items);
    size_t n_names = 0;
    char *field[N_FIELDS];
    bool more;
    for (;;) {
        QI_TRY(qi_rows_next(&rows, field, N_FIELDS, &more, err));
        if (!more)
            break;
        quipu_group *group = &groups->items[groups->n];
        group->name = field[NAME];
        group->label = field[LABEL];
        group->label_es = field[LABEL_ES];
        group->note = field[NOTE];
        group->dated = strcmp(field[DATED], "yes") == 0;
        aliases[groups->n++] = field[ALIASES];
        n_names += 4;
        for (const char *c = field[ALIASES]; *c != '\0'; c++)
            n_names += *c == '|';
    }
    QI_TRY(qi_names_init(&groups->names, arena, n_names, false, err));
    for (uint32_t i = 0; i < groups->n; i++) {
        const quipu_group *group = &groups->items[i];
        QI_TRY(qi_names_add(&groups->names, group->name, strlen(group->name), group->name, i,
                            err));
    }
    for (uint32_t i = 0; i < groups->n; i++) {
        const quipu_group *g = &groups->items[i];
        QI_TRY(qi_names_add(&groups->names, g->label, strlen(g->label), g->name, i, err));
        QI_TRY(qi_names_add(&groups->names, g->label_es, strlen(g->label_es), g->name, i, err));
        QI_TRY(qi_names_add_list(&groups->names, aliases[i], '|', g->name, i, err));
    }
    return QUIPU_OK;
}

/* The file is sorted by group, as the list of groups is, and then by the country's number. */
static quipu_status load_members(quipu_nomen *nomen, qi_groups *groups, quipu_error *err) {
    qi_rows rows;
    QI_TRY(qi_rows_open(&rows, &nomen->arena, QI_NOMEN_MEMBERS, err));
    size_t most = qi_rows_left(&rows);
    groups->members = qi_arena_alloc(&nomen->arena, most * sizeof *groups->members);
    groups->first = qi_arena_alloc(&nomen->arena, (groups->n + 1) * sizeof *groups->first);
    if (groups->members == NULL || groups->first == NULL)
        return qi_fail_memory(err, most * sizeof *groups->members);
    size_t group = 0, n = 0;
    char *field[M_FIELDS];
    bool more;
    for (;;) {
        QI_TRY(qi_rows_next(&rows, field, M_FIELDS, &more, err));
        if (!more)
            break;
        while (group < groups->n && strcmp(groups->items[group].name, field[M_GROUP]) != 0)
            groups->first[++group] = n;
        const quipu_country *country =
            quipu_country_by_iso3(nomen, field[M_ISO3], strlen(field[M_ISO3]));
        long from, to;
        bool good =
            group < groups->n && country != NULL &&
            qi_nomen_small(field[M_FROM], 9999, &from) &&
            qi_nomen_small(field[M_TO], 9999, &to) &&
            (n == groups->first[group] || groups->members[n - 1].country <= country->id);
        if (!good)
            return qi_fail_at(err, QUIPU_E_FORMAT, rows.file, rows.line, 0,
                              "a group, country, year or order that cannot be");
        groups->members[n++] = (quipu_member){country->id, (int16_t)from, (int16_t)to};
    }
    while (group < groups->n)
        groups->first[++group] = n;
    return QUIPU_OK;
}

static quipu_status load_groups(quipu_nomen *nomen, unsigned which, void **out,
                                quipu_error *err) {
    QI_UNUSED(which);
    const qi_countries *countries;
    QI_TRY(qi_nomen_countries(nomen, &countries, err));
    qi_groups *groups = qi_arena_alloc(&nomen->arena, sizeof *groups);
    if (groups == NULL)
        return qi_fail_memory(err, sizeof *groups);
    QI_TRY(load_list(groups, &nomen->arena, err));
    QI_TRY(load_members(nomen, groups, err));
    *out = groups;
    return QUIPU_OK;
}

quipu_status qi_nomen_groups(const quipu_nomen *nomen, const qi_groups **out,
                             quipu_error *err) {
    return qi_nomen_get(nomen, QI_SLOT_GROUPS, load_groups, 0, out, err);
}

quipu_status quipu_groups(const quipu_nomen *nomen, const quipu_group **first, size_t *count,
                          quipu_error *err) {
    qi_error_clear(err);
    *first = NULL;
    *count = 0;
    const qi_groups *groups;
    QI_TRY(qi_nomen_groups(nomen, &groups, err));
    *first = groups->items;
    *count = groups->n;
    return QUIPU_OK;
}

quipu_status quipu_group_find(const quipu_nomen *nomen, const char *text,
                              const quipu_group **out, quipu_error *err) {
    qi_error_clear(err);
    *out = NULL;
    const qi_groups *groups;
    QI_TRY(qi_nomen_groups(nomen, &groups, err));
    if (qi_is_made_group(text))
        return qi_made_group_find(nomen, text, out, err);
    uint32_t id;
    if (!qi_names_find(&groups->names, text, strlen(text), &id))
        return qi_names_missing(&groups->names, "group of countries", text, err);
    *out = &groups->items[id];
    return QUIPU_OK;
}

quipu_status quipu_group_members(const quipu_nomen *nomen, const quipu_group *group,
                                 const quipu_member **first, size_t *count, quipu_error *err) {
    qi_error_clear(err);
    *first = NULL;
    *count = 0;
    const qi_groups *groups;
    QI_TRY(qi_nomen_groups(nomen, &groups, err));
    if (qi_made_group_members(nomen, group, first, count))
        return QUIPU_OK;
    if (group < groups->items || group >= groups->items + groups->n)
        return qi_fail(err, QUIPU_E_ARG, "the group is not one of this nomenclature set");
    size_t i = (size_t)(group - groups->items);
    *first = groups->members + groups->first[i];
    *count = groups->first[i + 1] - groups->first[i];
    return QUIPU_OK;
}
