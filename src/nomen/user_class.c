/* SPDX-License-Identifier: Apache-2.0 */
/* user_class.c - a class table of the user's: code,class[,label[,weight]].
 *
 * CSV with comma, semicolon or tab (the first line decides), an optional header row that
 * begins with "code", quotes, CRLF and a byte order mark.  Every complaint names the line
 * and the column, in bytes.
 */
#include "nomen/user_rows.h"

#define LONGEST_CODE 16

static bool is_header(const qi_user_row *row) {
    char folded[16];
    size_t n = qi_fold(row->field[0], row->length[0], folded, sizeof folded);
    return n == 4 && strcmp(folded, "code") == 0;
}

static bool is_code(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        bool good = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'A' && text[i] <= 'Z') ||
                    (text[i] >= 'a' && text[i] <= 'z');
        if (!good)
            return false;
    }
    return length > 0 && length <= LONGEST_CODE;
}

/* Classes by their exact text, in open addressing: "A" and "a" are two. */
typedef struct class_index {
    uint32_t *table; /* 0 = empty, else position + 1 */
    size_t mask;
} class_index;

static quipu_status class_of(class_index *classes, qi_rules *rules, qi_arena *arena,
                             const qi_user_row *row, uint32_t *out, quipu_error *err) {
    const char *text = row->field[1];
    for (size_t at = (size_t)qi_hash64(text, row->length[1]) & classes->mask;;
         at = (at + 1) & classes->mask) {
        uint32_t slot = classes->table[at];
        if (slot == 0) {
            char *code = qi_arena_text(arena, text, row->length[1]);
            if (code == NULL)
                return qi_fail_memory(err, row->length[1]);
            classes->table[at] = (uint32_t)++rules->n_targets;
            *out = (uint32_t)rules->n_targets - 1;
            rules->targets[*out] = (quipu_target){code, code, ""};
            break;
        }
        const char *code = rules->targets[slot - 1].code;
        if (strlen(code) == row->length[1] && memcmp(code, text, row->length[1]) == 0) {
            *out = slot - 1;
            break;
        }
    }
    quipu_target *target = &rules->targets[*out];
    if (row->n > 2 && row->length[2] > 0 && target->label == target->code) {
        target->label = qi_arena_text(arena, row->field[2], row->length[2]);
        if (target->label == NULL)
            return qi_fail_memory(err, row->length[2]);
    }
    return QUIPU_OK;
}

static quipu_status add_row(const qi_user_file *s, const qi_user_row *row, qi_rules *rules,
                            class_index *classes, qi_arena *arena, quipu_error *err) {
    if (!is_code(row->field[0], row->length[0]))
        return qi_user_complain(
            s, row->place[0], err,
            "a code is 1 to 16 digits or letters, as text (leading zeros count)");
    if (row->n < 2 || row->length[1] == 0)
        return qi_user_complain(s, row->n < 2 ? row->end : row->place[1], err,
                                "the code has no class");
    if (row->n > 4)
        return qi_user_complain(s, row->place[4], err,
                                "more than four fields: code, class, label, weight");
    int64_t weight = 1;
    if (row->n > 3 && row->length[3] > 0 &&
        (!qi_parse_int(row->field[3], row->length[3], &weight) || weight < 1 ||
         weight > UINT32_MAX))
        return qi_user_complain(s, row->place[3], err, "a weight is a positive whole number");
    qi_rule rule = {.weight = (uint32_t)weight};
    QI_TRY(class_of(classes, rules, arena, row, &rule.target, err));
    rule.prefix = qi_arena_text(arena, row->field[0], row->length[0]);
    if (rule.prefix == NULL)
        return qi_fail_memory(err, row->length[0]);
    rules->items[rules->n++] = rule;
    return QUIPU_OK;
}

quipu_status qi_rules_of_file(qi_rules *rules, qi_arena *arena, const char *path,
                              quipu_error *err) {
    *rules = (qi_rules){0};
    qi_user_file s;
    QI_TRY(qi_user_file_open(&s, arena, path, err));
    size_t most = qi_user_lines(&s);
    rules->items = qi_arena_alloc(arena, most * sizeof *rules->items);
    rules->targets = qi_arena_alloc(arena, most * sizeof *rules->targets);
    class_index classes = {.mask = 15};
    while (classes.mask < most * 2)
        classes.mask = classes.mask * 2 + 1;
    classes.table = qi_arena_alloc(arena, (classes.mask + 1) * sizeof *classes.table);
    if (rules->items == NULL || rules->targets == NULL || classes.table == NULL)
        return qi_fail_memory(err, most * sizeof *rules->items);

    qi_user_row row;
    for (bool first = true, more = true;; first = false) {
        QI_TRY(qi_user_file_next(&s, &row, &more, err));
        if (!more)
            break;
        if (!first || !is_header(&row))
            QI_TRY(add_row(&s, &row, rules, &classes, arena, err));
    }
    if (rules->n == 0)
        return qi_fail_at(err, QUIPU_E_DATA, path, 0, 0, "the class table has no rows");
    rules->targets[rules->n_targets++] = (quipu_target){"unclassified", "Not classified", ""};
    qi_rules_sort(rules);
    for (size_t i = 1; i < rules->n; i++) {
        if (strcmp(rules->items[i - 1].prefix, rules->items[i].prefix) == 0 &&
            rules->items[i - 1].target == rules->items[i].target)
            return qi_fail_at(err, QUIPU_E_DATA, path, 0, 0, "code %s has class %s twice",
                              rules->items[i].prefix,
                              rules->targets[rules->items[i].target].code);
    }
    return QUIPU_OK;
}
