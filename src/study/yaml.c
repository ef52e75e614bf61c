/* SPDX-License-Identifier: Apache-2.0 */
/* yaml.c - libfyaml's tree taken over into our own, with line and column for each node. */
#include "study/yaml.h"

#include <libfyaml.h>

#define MAX_DEPTH 32

typedef struct reading {
    const char *name;
    qi_arena *arena;
    quipu_error *err;
} reading;

/* Only scalars know where they stand; a mapping stands where its first key does. */
static void place_of(struct fy_node *from, qi_node *node) {
    struct fy_token *token = fy_node_is_scalar(from) ? fy_node_get_scalar_token(from) : NULL;
    const struct fy_mark *mark = token != NULL ? fy_token_start_mark(token) : NULL;
    if (mark != NULL) {
        node->line = (uint32_t)mark->line + 1;
        node->column = (uint32_t)mark->column + 1;
    }
}

static quipu_status copy(reading *r, struct fy_node *from, qi_node *parent, int depth,
                         qi_node **out);

static quipu_status copy_scalar(reading *r, struct fy_node *from, qi_node *node) {
    size_t length;
    const char *text = fy_node_get_scalar(from, &length);
    if (fy_node_is_alias(from))
        return qi_fail_at(r->err, QUIPU_E_FORMAT, r->name, node->line, node->column,
                          "an alias (*%.*s): study files do without anchors and aliases; "
                          "write the text out, or put it under `let`",
                          (int)(length < 40 ? length : 40), text);
    if (text == NULL || (length == 0 && fy_node_is_null(from)))
        return QUIPU_OK;
    if (memchr(text, 0, length) != NULL || !qi_utf8_valid(text, length))
        return qi_fail_at(r->err, QUIPU_E_FORMAT, r->name, node->line, node->column,
                          "the text holds a NUL or bytes that are not UTF-8");
    node->text = qi_arena_text(r->arena, text, length);
    return node->text != NULL ? QUIPU_OK : qi_fail_memory(r->err, length);
}

static quipu_status copy_items(reading *r, struct fy_node *from, qi_node *node, int depth) {
    void *iterator = NULL;
    struct fy_node *item;
    struct fy_node_pair *pair;
    node->n = (size_t)(node->kind == QI_SEQUENCE ? fy_node_sequence_item_count(from)
                                                 : fy_node_mapping_item_count(from));
    node->values = qi_arena_alloc(r->arena, (node->n + 1) * sizeof(qi_node *));
    node->keys = qi_arena_alloc(r->arena, (node->n + 1) * sizeof(qi_node *));
    if (node->values == NULL || node->keys == NULL)
        return qi_fail_memory(r->err, node->n * sizeof(qi_node *));
    size_t i = 0;
    if (node->kind == QI_SEQUENCE) {
        while (i < node->n && (item = fy_node_sequence_iterate(from, &iterator)) != NULL)
            QI_TRY(copy(r, item, node, depth + 1, &node->values[i++]));
    } else {
        while (i < node->n && (pair = fy_node_mapping_iterate(from, &iterator)) != NULL) {
            QI_TRY(copy(r, fy_node_pair_key(pair), node, depth + 1, &node->keys[i]));
            QI_TRY(
                copy(r, fy_node_pair_value(pair), node->keys[i], depth + 1, &node->values[i]));
            i++;
        }
    }
    node->n = i;
    if (i > 0) {
        const qi_node *first = node->kind == QI_SEQUENCE ? node->values[0] : node->keys[0];
        node->line = first->line;
        node->column = first->column;
    }
    return QUIPU_OK;
}

/* An empty value has no token: it is placed where what it belongs to stands. */
static quipu_status copy(reading *r, struct fy_node *from, qi_node *parent, int depth,
                         qi_node **out) {
    qi_node *node = qi_arena_alloc(r->arena, sizeof *node);
    *out = node;
    if (node == NULL)
        return qi_fail_memory(r->err, sizeof *node);
    if (parent != NULL) {
        node->line = parent->line;
        node->column = parent->column;
    }
    if (from == NULL)
        return QUIPU_OK;
    place_of(from, node);
    if (depth > MAX_DEPTH)
        return qi_fail_at(r->err, QUIPU_E_LIMIT, r->name, node->line, node->column,
                          "more than %d levels of nesting", MAX_DEPTH);
    switch (fy_node_get_type(from)) {
    case FYNT_SEQUENCE: node->kind = QI_SEQUENCE; break;
    case FYNT_MAPPING: node->kind = QI_MAPPING; break;
    case FYNT_SCALAR: node->kind = QI_SCALAR; return copy_scalar(r, from, node);
    default: return QUIPU_OK;
    }
    return copy_items(r, from, node, depth);
}

/* libfyaml counts lines and columns of its errors from 1. */
static quipu_status say_errors(const char *name, struct fy_diag *diag, quipu_error *err) {
    void *iterator = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(diag, &iterator);
    if (first == NULL)
        return qi_fail_at(err, QUIPU_E_FORMAT, name, 0, 0, "this is not YAML");
    return qi_fail_at(err, QUIPU_E_FORMAT, name, first->line > 0 ? (uint64_t)first->line : 0,
                      first->column > 0 ? (uint32_t)first->column : 0, "not YAML: %s",
                      first->msg);
}

/* Does a line begin at `at`?  YAML 1.1 also breaks lines at NEL, LS and PS. */
static bool begins_line(const char *bytes, size_t at) {
    if (at == 0 || bytes[at - 1] == '\n' || bytes[at - 1] == '\r')
        return true;
    if (at == 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        return true;
    return (at >= 2 && memcmp(bytes + at - 2, "\xC2\x85", 2) == 0) ||
           (at >= 3 && memcmp(bytes + at - 3, "\xE2\x80", 2) == 0 &&
            ((unsigned char)bytes[at - 1] & 0xFE) == 0xA8);
}

/* What no study file needs and libfyaml 0.7 does not survive (found by fuzzing: directives that
 * never end, control characters that crash it) never reaches it. */
static quipu_status refuse(const char *name, const char *bytes, size_t length,
                           quipu_error *err) {
    uint64_t line = 1;
    size_t start = 0;
    if (!qi_utf8_valid(bytes, length))
        return qi_fail_at(err, QUIPU_E_FORMAT, name, 0, 0,
                          "bytes that are not UTF-8; save the file as UTF-8");
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '%' && begins_line(bytes, i))
            return qi_fail_at(err, QUIPU_E_FORMAT, name, line, 1,
                              "a line that begins with %%: study files do without YAML "
                              "directives; put the text in quotes or indent it");
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
            return qi_fail_at(err, QUIPU_E_FORMAT, name, line, (uint32_t)(i - start) + 1,
                              "a control character (%02X); take it out", c);
        if (c == '\n') {
            line++;
            start = i + 1;
        }
    }
    return QUIPU_OK;
}

/* Line ends of other systems become ours: places stay the same. */
static size_t plain_ends(char *bytes, size_t length) {
    size_t to = 0;
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != '\r' || i + 1 == length || bytes[i + 1] != '\n')
            bytes[to++] = bytes[i];
    bytes[to] = '\0';
    return to;
}

quipu_status qi_yaml_parse(const char *name, const char *text, size_t length, qi_arena *arena,
                           qi_node **out, quipu_error *err) {
    struct fy_diag_cfg settings;
    reading r = {name, arena, err};
    *out = NULL;
    if (length > QI_YAML_LIMIT)
        return qi_fail_at(err, QUIPU_E_LIMIT, name, 0, 0, "longer than %u bytes",
                          QI_YAML_LIMIT);
    char *bytes = qi_arena_text(arena, text, length);
    if (bytes == NULL)
        return qi_fail_memory(err, length);
    length = plain_ends(bytes, length);
    QI_TRY(refuse(name, bytes, length, err));
    fy_diag_cfg_default(&settings);
    settings.fp = NULL;
    settings.colorize = false;
    struct fy_diag *diag = fy_diag_create(&settings);
    if (diag == NULL)
        return qi_fail_memory(err, 0);
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET, .diag = diag};
    struct fy_document *document = fy_document_build_from_string(&cfg, bytes, length);
    quipu_status status;
    if (document == NULL)
        status = say_errors(name, diag, err);
    else if (fy_document_root(document) == NULL)
        status = qi_fail_at(err, QUIPU_E_FORMAT, name, 1, 1, "the file is empty");
    else
        status = copy(&r, fy_document_root(document), NULL, 0, out);
    fy_document_destroy(document);
    fy_diag_destroy(diag);
    return status;
}

quipu_status qi_yaml_read(const char *path, qi_arena *arena, qi_node **out, quipu_error *err) {
    qi_buffer whole;
    QI_TRY(qi_whole_file(path, QI_YAML_LIMIT, &whole, err));
    quipu_status status = qi_yaml_parse(path, whole.bytes, whole.length, arena, out, err);
    qi_buffer_free(&whole);
    return status;
}
