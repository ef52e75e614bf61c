/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c - classes given by the beginning of a code; the class tables of data/. */
#include "nomen/nomen.h"

/* ---- asking ---- */

static size_t lower(const qi_rules *rules, const char *code, size_t length) {
    size_t low = 0, high = rules->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (qi_code_compare(rules->items[middle].prefix, code, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t qi_rules_find(const qi_rules *rules, const char *code, size_t length, size_t *first) {
    for (size_t n = length < rules->longest ? length : rules->longest; n > 0; n--) {
        size_t at = lower(rules, code, n), end = at;
        while (end < rules->n && qi_code_compare(rules->items[end].prefix, code, n) == 0)
            end++;
        if (end > at) {
            *first = at;
            return end - at;
        }
    }
    return 0;
}

bool qi_rules_finer(const qi_rules *rules, const char *code) {
    size_t length = strlen(code);
    size_t at = lower(rules, code, length);
    while (at < rules->n && strcmp(rules->items[at].prefix, code) == 0)
        at++;
    return at < rules->n && strncmp(rules->items[at].prefix, code, length) == 0;
}

static int by_prefix(const void *a, const void *b) {
    const qi_rule *x = a, *y = b;
    int order = strcmp(x->prefix, y->prefix);
    return order != 0 ? order : (x->target > y->target) - (x->target < y->target);
}

void qi_rules_sort(qi_rules *rules) {
    if (rules->n > 1)
        qsort(rules->items, rules->n, sizeof *rules->items, by_prefix);
    rules->longest = 0;
    for (size_t i = 0; i < rules->n; i++) {
        size_t length = strlen(rules->items[i].prefix);
        if (length > rules->longest)
            rules->longest = length;
    }
}

/* ---- the classes of a scheme (data/classes.csv) ---- */

static const quipu_target REST = {"unclassified", "Not classified", ""};

static quipu_status load_classes(qi_arena *arena, const char *scheme, qi_rules *rules,
                                 quipu_error *err) {
    qi_rows rows;
    QI_TRY(qi_rows_open(&rows, arena, QI_NOMEN_CLASSES, err));
    size_t most = qi_rows_left(&rows);
    rules->targets = qi_arena_alloc(arena, (most + 1) * sizeof *rules->targets);
    if (rules->targets == NULL)
        return qi_fail_memory(err, most * sizeof *rules->targets);
    rules->n_targets = 0;
    char *field[4];
    bool more;
    for (;;) {
        QI_TRY(qi_rows_next(&rows, field, 4, &more, err));
        if (!more)
            break;
        if (strcmp(field[0], scheme) == 0)
            rules->targets[rules->n_targets++] = (quipu_target){field[1], field[2], field[3]};
    }
    rules->targets[rules->n_targets++] = REST;
    return QUIPU_OK;
}

static bool class_position(const qi_rules *rules, const char *code, uint32_t *out) {
    for (uint32_t i = 0; i + 1 < rules->n_targets; i++) {
        if (strcmp(rules->targets[i].code, code) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

/* ---- the tables ---- */

/* Where a table's file has what: the class is in `column`, or in `other` where that column is
 * not empty.  `parents`: the class found is one of this scheme, wanted is its parent. */
typedef struct table_spec {
    const char *scheme;
    const char *parents;
    qi_nomen_file file;
    unsigned n_fields, column, other;
    bool gold;
} table_spec;

#define NONE 0
static const table_spec TABLES[QI_N_RULE_TABLES] = {
    [QI_RULES_LALL] = {"lall", NULL, QI_NOMEN_LALL, 2, 1, NONE, false},
    [QI_RULES_LALL_GOLD] = {"lall", NULL, QI_NOMEN_LALL, 2, 1, NONE, true},
    [QI_RULES_TECHNOLOGY] = {"technology", "lall", QI_NOMEN_LALL, 2, 1, NONE, false},
    [QI_RULES_TECHNOLOGY_GOLD] = {"technology", "lall", QI_NOMEN_LALL, 2, 1, NONE, true},
    [QI_RULES_SECTION] = {NULL, NULL, QI_NOMEN_SECTIONS, 4, 0, NONE, false},
    [QI_RULES_SECTOR] = {"sector", NULL, QI_NOMEN_SECTORS, 4, 1, NONE, false},
    [QI_RULES_SECTOR_EXTRACTIVE] = {"sector-extractive", NULL, QI_NOMEN_SECTORS, 4, 1, 2,
                                    false},
    [QI_RULES_TRADITIONAL] = {"traditional", NULL, QI_NOMEN_TRADITIONAL, 3, 1, NONE, false},
    [QI_RULES_ISIC_LALL] = {"lall", NULL, QI_NOMEN_ISIC_CLASSES, 6, 1, NONE, false},
    [QI_RULES_ISIC_TECHNOLOGY] = {"technology", "lall", QI_NOMEN_ISIC_CLASSES, 6, 1, NONE,
                                  false},
    [QI_RULES_ISIC_SECTOR] = {"sector", NULL, QI_NOMEN_ISIC_CLASSES, 6, 3, NONE, false},
    [QI_RULES_ISIC_SECTOR_EXTRACTIVE] = {"sector-extractive", NULL, QI_NOMEN_ISIC_CLASSES, 6, 3,
                                         5, false},
};

static quipu_status load_spec(qi_arena *arena, const table_spec *spec, qi_rules *rules,
                              quipu_error *err) {
    qi_rules parents = {0};
    if (spec->parents != NULL)
        QI_TRY(load_classes(arena, spec->parents, &parents, err));
    QI_TRY(load_classes(arena, spec->scheme, rules, err));
    qi_rows rows;
    QI_TRY(qi_rows_open(&rows, arena, spec->file, err));
    size_t most = qi_rows_left(&rows);
    rules->items = qi_arena_alloc(arena, most * sizeof *rules->items);
    if (rules->items == NULL)
        return qi_fail_memory(err, most * sizeof *rules->items);
    char *field[8];
    bool more;
    for (;;) {
        QI_TRY(qi_rows_next(&rows, field, spec->n_fields, &more, err));
        if (!more)
            break;
        const char *class = field[spec->column];
        if (spec->other != NONE && field[spec->other][0] != '\0')
            class = field[spec->other];
        if (class[0] == '\0')
            continue; /* named in the table, but without a class in this scheme */
        /* Lall leaves non-monetary gold among the special transactions. */
        if (spec->gold && strcmp(field[0], "971") == 0)
            class = "PP";
        uint32_t position;
        bool known =
            spec->parents == NULL
                ? class_position(rules, class, &position)
                : class_position(&parents, class, &position) &&
                      class_position(rules, parents.targets[position].parent, &position);
        if (!known)
            return qi_fail_at(err, QUIPU_E_FORMAT, rows.file, rows.line, 0,
                              "there is no class %s in scheme %s", class, spec->scheme);
        rules->items[rules->n++] = (qi_rule){field[0], position, 1};
    }
    qi_rules_sort(rules);
    return QUIPU_OK;
}

/* A section is a run of chapters. */
static quipu_status load_sections(qi_arena *arena, qi_rules *rules, quipu_error *err) {
    qi_rows rows;
    QI_TRY(qi_rows_open(&rows, arena, QI_NOMEN_SECTIONS, err));
    size_t most = qi_rows_left(&rows);
    rules->targets = qi_arena_alloc(arena, (most + 1) * sizeof *rules->targets);
    rules->items = qi_arena_alloc(arena, 100 * sizeof *rules->items);
    if (rules->targets == NULL || rules->items == NULL)
        return qi_fail_memory(err, most * sizeof *rules->targets);
    char *field[4];
    bool more;
    for (;;) {
        QI_TRY(qi_rows_next(&rows, field, 4, &more, err));
        if (!more)
            break;
        long first, last;
        if (!qi_nomen_small(field[1], 99, &first) || !qi_nomen_small(field[2], 99, &last) ||
            last < first || rules->n + (size_t)(last - first) >= 100)
            return qi_fail_at(err, QUIPU_E_FORMAT, rows.file, rows.line, 0,
                              "a run of chapters that cannot be");
        for (long chapter = first; chapter <= last; chapter++) {
            char digits[2] = {(char)('0' + chapter / 10), (char)('0' + chapter % 10)};
            const char *prefix = qi_arena_text(arena, digits, 2);
            if (prefix == NULL)
                return qi_fail_memory(err, 3);
            rules->items[rules->n++] = (qi_rule){prefix, (uint32_t)rules->n_targets, 1};
        }
        rules->targets[rules->n_targets++] = (quipu_target){field[0], field[3], ""};
    }
    rules->targets[rules->n_targets++] = REST;
    qi_rules_sort(rules);
    return QUIPU_OK;
}

static quipu_status load_rules(quipu_nomen *nomen, unsigned which, void **out,
                               quipu_error *err) {
    qi_rules *made = qi_arena_alloc(&nomen->arena, sizeof *made);
    if (made == NULL)
        return qi_fail_memory(err, sizeof *made);
    if (which == QI_RULES_SECTION)
        QI_TRY(load_sections(&nomen->arena, made, err));
    else
        QI_TRY(load_spec(&nomen->arena, &TABLES[which], made, err));
    *out = made;
    return QUIPU_OK;
}

quipu_status qi_nomen_rules(const quipu_nomen *nomen, qi_rule_table table, const qi_rules **out,
                            quipu_error *err) {
    return qi_nomen_get(nomen, QI_SLOT_RULES + (unsigned)table, load_rules, (unsigned)table,
                        out, err);
}

quipu_status qi_rules_of_list(qi_rules *rules, qi_arena *arena, const quipu_nomen *nomen,
                              qi_revision revision, size_t digits, quipu_error *err) {
    const qi_list *list;
    QI_TRY(qi_nomen_list_of(nomen, revision, &list, err));
    *rules = (qi_rules){0};
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        n += strlen(list->items[i].code) == digits;
    rules->items = qi_arena_alloc(arena, (n + 1) * sizeof *rules->items);
    rules->targets = qi_arena_alloc(arena, (n + 1) * sizeof *rules->targets);
    if (rules->items == NULL || rules->targets == NULL)
        return qi_fail_memory(err, n * sizeof *rules->targets);
    for (size_t i = 0; i < list->n; i++) {
        const quipu_product *product = &list->items[i];
        if (strlen(product->code) != digits)
            continue;
        rules->items[rules->n++] = (qi_rule){product->code, (uint32_t)rules->n_targets, 1};
        rules->targets[rules->n_targets++] = (quipu_target){product->code, product->name, ""};
    }
    rules->targets[rules->n_targets++] = REST;
    qi_rules_sort(rules);
    return QUIPU_OK;
}
