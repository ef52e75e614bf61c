/* SPDX-License-Identifier: Apache-2.0 */
/* user_class.c - a class table of the user's: code,class[,label[,weight]].
 *
 * CSV with comma, semicolon or tab (the first line decides), an optional header row that
 * begins with "code", quotes, CRLF and a byte order mark.  Every complaint names the line
 * and the column, in bytes.
 */
#include "nomen/nomen.h"

#include <errno.h>

#define LARGEST_FILE ((size_t)64 << 20)
#define LONGEST_CODE 16
#define N_FIELDS     4

typedef struct scanner {
    char *at, *end;
    const char *path;
    uint64_t line;
    char *line_start;
    char separator;
} scanner;

static quipu_status complain(const scanner *s, const char *where, quipu_error *err,
                             const char *text) {
    return qi_fail_at(err, QUIPU_E_FORMAT, s->path, s->line,
                      (uint32_t)(where - s->line_start) + 1, "%s", text);
}

static quipu_status read_file(const char *path, qi_arena *arena, char **out, size_t *length,
                              quipu_error *err) {
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return qi_fail_errno(err, "open", path);
    quipu_status status = QUIPU_OK;
    qi_buffer buffer = {0};
    for (;;) {
        if (!qi_buffer_reserve(&buffer, 65536)) {
            status = qi_fail_memory(err, 65536);
            goto done;
        }
        size_t got = fread(buffer.bytes + buffer.length, 1, 65536, file);
        buffer.length += got;
        if (got == 0)
            break;
        if (buffer.length > LARGEST_FILE) {
            status = qi_fail_at(err, QUIPU_E_LIMIT, path, 0, 0,
                                "a class table of more than 64 megabytes");
            goto done;
        }
    }
    if (ferror(file)) {
        status = qi_fail_errno(err, "read", path);
        goto done;
    }
    *out = qi_arena_text(arena, buffer.bytes == NULL ? "" : buffer.bytes, buffer.length);
    *length = buffer.length;
    if (*out == NULL)
        status = qi_fail_memory(err, buffer.length);
done:
    qi_buffer_free(&buffer);
    fclose(file);
    return status;
}

/* One field, unquoted in place; `s->at` ends on its separator, line feed or the end. */
static quipu_status scan_field(scanner *s, char **out, size_t *length, quipu_error *err) {
    char *start = s->at, *to = s->at;
    if (s->at < s->end && *s->at == '"') {
        char *from = s->at + 1;
        for (;;) {
            if (from >= s->end || *from == '\n')
                return complain(s, start, err, "a quoted field has no end on its line");
            if (*from != '"') {
                *to++ = *from++;
            } else if (from + 1 < s->end && from[1] == '"') {
                *to++ = '"';
                from += 2;
            } else {
                break;
            }
        }
        s->at = from + 1;
        if (s->at < s->end && *s->at == '\r')
            s->at++;
        if (s->at < s->end && *s->at != s->separator && *s->at != '\n')
            return complain(s, s->at, err, "text after the closing quote of a field");
    } else {
        while (s->at < s->end && *s->at != s->separator && *s->at != '\n')
            s->at++;
        to = s->at;
        while (start < to && (*start == ' ' || *start == '\t'))
            start++;
        while (to > start && (to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\r'))
            to--;
    }
    *out = start;
    *length = (size_t)(to - start);
    if (!qi_utf8_valid(start, *length) || memchr(start, '\0', *length) != NULL)
        return complain(s, start, err, "the field is not UTF-8 text");
    return QUIPU_OK;
}

typedef struct user_row {
    char *field[N_FIELDS];
    size_t length[N_FIELDS];
    char *place[N_FIELDS]; /* where it stands in the file, for complaints */
    size_t n;
} user_row;

/* Reads the fields of a line and steps over its end. */
static quipu_status scan_row(scanner *s, user_row *row, quipu_error *err) {
    *row = (user_row){0};
    s->line_start = s->at;
    for (;;) {
        if (row->n == N_FIELDS)
            return complain(s, s->at, err, "more than four fields: code, class, label, weight");
        row->place[row->n] = s->at;
        QI_TRY(scan_field(s, &row->field[row->n], &row->length[row->n], err));
        row->n++;
        if (s->at >= s->end || *s->at == '\n')
            break;
        s->at++;
    }
    return QUIPU_OK;
}

static void next_line(scanner *s) {
    s->at += s->at < s->end;
    s->line++;
}

static bool is_blank(const user_row *row) {
    return row->n == 1 && row->length[0] == 0;
}

static bool is_header(const user_row *row) {
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
                             const user_row *row, uint32_t *out, quipu_error *err) {
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

static quipu_status add_row(const scanner *s, const user_row *row, qi_rules *rules,
                            class_index *classes, qi_arena *arena, quipu_error *err) {
    if (!is_code(row->field[0], row->length[0]))
        return complain(s, row->place[0], err,
                        "a code is 1 to 16 digits or letters, as text (leading zeros count)");
    if (row->n < 2 || row->length[1] == 0)
        return complain(s, row->n < 2 ? s->at : row->place[1], err, "the code has no class");
    int64_t weight = 1;
    if (row->n > 3 && row->length[3] > 0 &&
        (!qi_parse_int(row->field[3], row->length[3], &weight) || weight < 1 ||
         weight > UINT32_MAX))
        return complain(s, row->place[3], err, "a weight is a positive whole number");
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
    char *text;
    size_t length = 0;
    QI_TRY(read_file(path, arena, &text, &length, err));
    scanner s = {.at = text, .end = text + length, .path = path, .line = 1, .separator = ','};
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        s.at += 3;
    size_t first_line = strcspn(s.at, "\n");
    if (memchr(s.at, ',', first_line) == NULL) {
        if (memchr(s.at, ';', first_line) != NULL)
            s.separator = ';';
        else if (memchr(s.at, '\t', first_line) != NULL)
            s.separator = '\t';
    }
    size_t most = 2;
    for (size_t i = 0; i < length; i++)
        most += text[i] == '\n';
    rules->items = qi_arena_alloc(arena, most * sizeof *rules->items);
    rules->targets = qi_arena_alloc(arena, most * sizeof *rules->targets);
    class_index classes = {.mask = 15};
    while (classes.mask < most * 2)
        classes.mask = classes.mask * 2 + 1;
    classes.table = qi_arena_alloc(arena, (classes.mask + 1) * sizeof *classes.table);
    if (rules->items == NULL || rules->targets == NULL || classes.table == NULL)
        return qi_fail_memory(err, most * sizeof *rules->items);

    user_row row;
    for (bool first = true; s.at < s.end; next_line(&s)) {
        QI_TRY(scan_row(&s, &row, err));
        if (is_blank(&row))
            continue;
        if (!first || !is_header(&row))
            QI_TRY(add_row(&s, &row, rules, &classes, arena, err));
        first = false;
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
