/* SPDX-License-Identifier: Apache-2.0 */
/* schema.c - a YAML tree put into structures, by the table of keys. */
#include "study/schema.h"

#include "query/query.h"

typedef struct reading {
    const char *file;
    qi_arena *arena;
    quipu_error *err;
} reading;

#define FAIL(node, ...)                                                                        \
    qi_fail_at(r->err, QUIPU_E_DATA, r->file, (node)->line, (node)->column, __VA_ARGS__)

static const char *kind_name(const qi_node *node) {
    return node->kind == QI_MAPPING    ? "a mapping"
           : node->kind == QI_SEQUENCE ? "a list"
           : node->text == NULL        ? "nothing"
                                       : "a text";
}

static qi_words words_of(const qi_node *node) {
    return (qi_words){node->text, node->line, node->column};
}

static quipu_status read_words(const reading *r, const qi_node *node, const qi_key *key,
                               qi_words *out) {
    int64_t whole;
    if (node->kind != QI_SCALAR || node->text == NULL || node->text[0] == '\0')
        return FAIL(node, "`%s` wants a text, and %s stands here", key->name, kind_name(node));
    if (key->kind == QI_KEY_NUMBER &&
        (!qi_parse_int(node->text, strlen(node->text), &whole) || whole < 0 || whole > 100000))
        return FAIL(node, "`%s` wants a whole number from 0 to 100000, not \"%.60s\"",
                    key->name, node->text);
    const char *words = key->kind == QI_KEY_SWITCH ? "yes no true false" : key->words;
    if (words != NULL && (!qi_has_word(words, node->text) || strchr(node->text, ' ') != NULL))
        return FAIL(node, "`%s` is one of %s, not \"%.60s\"", key->name, words, node->text);
    *out = words_of(node);
    if (key->kind == QI_KEY_SWITCH && (node->text[0] == 'n' || node->text[0] == 'f'))
        out->text = NULL; /* "no" is as if not given */
    return QUIPU_OK;
}

static quipu_status read_texts(const reading *r, const qi_node *node, const qi_key *key,
                               qi_texts *out) {
    bool list = node->kind == QI_SEQUENCE;
    out->n = list ? node->n : 1;
    out->items = qi_arena_alloc(r->arena, (out->n + 1) * sizeof *out->items);
    if (out->items == NULL)
        return qi_fail_memory(r->err, out->n);
    if (list && node->n == 0)
        return FAIL(node, "`%s` is an empty list", key->name);
    for (size_t i = 0; i < out->n; i++)
        QI_TRY(read_words(r, list ? node->values[i] : node, key, &out->items[i]));
    return QUIPU_OK;
}

/* Two pairs with one key: the second would silently win. */
static quipu_status check_keys(const reading *r, const qi_node *node) {
    for (size_t i = 0; i < node->n; i++) {
        if (node->keys[i]->kind != QI_SCALAR || node->keys[i]->text == NULL)
            return FAIL(node->keys[i], "a key must be a text");
        for (size_t j = 0; j < i; j++)
            if (strcmp(node->keys[i]->text, node->keys[j]->text) == 0)
                return FAIL(node->keys[i],
                            "the key `%.60s` stands here a second time (first "
                            "on line %u)",
                            node->keys[i]->text, node->keys[j]->line);
    }
    return QUIPU_OK;
}

static quipu_status read_entries(const reading *r, const qi_node *node, const qi_key *key,
                                 qi_entries *out) {
    if (node->kind != QI_MAPPING)
        return FAIL(node, "`%s` wants a mapping (name: text), and %s stands here", key->name,
                    kind_name(node));
    QI_TRY(check_keys(r, node));
    out->items = qi_arena_alloc(r->arena, (node->n + 1) * sizeof *out->items);
    if (out->items == NULL)
        return qi_fail_memory(r->err, node->n);
    for (out->n = 0; out->n < node->n; out->n++) {
        const qi_node *value = node->values[out->n];
        if (value->kind != QI_SCALAR || value->text == NULL)
            return FAIL(value, "`%s` under `%s` wants a text, and %s stands here",
                        node->keys[out->n]->text, key->name, kind_name(value));
        out->items[out->n] = (qi_entry){words_of(node->keys[out->n]), words_of(value)};
    }
    return QUIPU_OK;
}

typedef struct list { /* any {items, n} */
    void *items;
    size_t n;
} list;

static quipu_status make_room(const reading *r, list *out, size_t n, size_t size) {
    out->items = qi_arena_alloc(r->arena, (n + 1) * size);
    out->n = n;
    return out->items != NULL ? QUIPU_OK : qi_fail_memory(r->err, n * size);
}

static quipu_status read_list(const reading *r, const qi_node *node, const qi_key *key,
                              list *out) {
    if (node->kind != QI_SEQUENCE)
        return FAIL(node, "`%s` wants a list (items begin with \"- \"), and %s stands here",
                    key->name, kind_name(node));
    QI_TRY(make_room(r, out, node->n, key->of->size));
    for (size_t i = 0; i < node->n; i++)
        QI_TRY(qi_schema_read(r->file, node->values[i], key->of,
                              (char *)out->items + i * key->of->size, r->arena, r->err));
    return QUIPU_OK;
}

static quipu_status read_named(const reading *r, const qi_node *node, const qi_key *key,
                               list *out) {
    if (node->kind != QI_MAPPING)
        return FAIL(node, "`%s` wants a mapping of names, and %s stands here", key->name,
                    kind_name(node));
    QI_TRY(check_keys(r, node));
    QI_TRY(make_room(r, out, node->n, key->of->size));
    for (size_t i = 0; i < node->n; i++) {
        char *item = (char *)out->items + i * key->of->size;
        QI_TRY(qi_schema_read(r->file, node->values[i], key->of, item, r->arena, r->err));
        *(qi_words *)(void *)item = words_of(node->keys[i]);
    }
    return QUIPU_OK;
}

static const qi_schema *block_of(const char *word) {
    for (size_t i = 0; i < qi_n_schema_blocks; i++)
        if (strcmp(qi_schema_blocks[i]->keys[0].name, word) == 0)
            return qi_schema_blocks[i];
    return NULL;
}

static quipu_status unknown_block(const reading *r, const qi_node *node) {
    qi_suggest near;
    char text[QI_SUGGEST_TEXT];
    const char *word = node->n > 0 && node->keys[0]->text != NULL ? node->keys[0]->text : "";
    qi_suggest_start(&near, word);
    for (size_t i = 0; i < qi_n_schema_blocks; i++)
        qi_suggest_try(&near, qi_schema_blocks[i]->keys[0].name);
    return FAIL(node,
                "a block begins with text, table, figure, facts or hypothesis, not with "
                "\"%.60s\"%s",
                word, qi_suggest_text(&near, text));
}

static quipu_status read_blocks(const reading *r, const qi_node *node, const qi_key *key,
                                list *out) {
    if (node->kind != QI_SEQUENCE)
        return FAIL(node, "`%s` wants a list of blocks, and %s stands here", key->name,
                    kind_name(node));
    QI_TRY(make_room(r, out, node->n, sizeof(qi_block)));
    qi_block *blocks = out->items;
    for (size_t i = 0; i < node->n; i++) {
        const qi_node *item = node->values[i];
        const qi_schema *schema = NULL;
        if (item->kind != QI_MAPPING)
            return FAIL(item,
                        "a block is a mapping (text: ..., table: ...), and %s stands "
                        "here",
                        kind_name(item));
        for (size_t k = 0; k < item->n && schema == NULL; k++)
            if (item->keys[k]->text != NULL)
                schema = block_of(item->keys[k]->text);
        if (schema == NULL)
            return unknown_block(r, item);
        QI_TRY(qi_schema_read(r->file, item, schema, &blocks[i], r->arena, r->err));
        blocks[i].kind = schema->block;
    }
    return QUIPU_OK;
}

static quipu_status read_key(const reading *r, const qi_node *node, const qi_key *key,
                             char *into) {
    void *at = into + key->offset;
    switch (key->kind) {
    case QI_KEY_WORDS:
    case QI_KEY_NUMBER:
    case QI_KEY_SWITCH: return read_words(r, node, key, at);
    case QI_KEY_TEXTS: return read_texts(r, node, key, at);
    case QI_KEY_ENTRIES: return read_entries(r, node, key, at);
    case QI_KEY_MAP: return qi_schema_read(r->file, node, key->of, at, r->arena, r->err);
    case QI_KEY_LIST: return read_list(r, node, key, at);
    case QI_KEY_NAMED: return read_named(r, node, key, at);
    case QI_KEY_BLOCKS: return read_blocks(r, node, key, at);
    }
    return QUIPU_OK;
}

static const qi_key *find_key(const qi_schema *schema, const char *name) {
    for (size_t i = 0; i < schema->n_keys; i++)
        if (strcmp(schema->keys[i].name, name) == 0)
            return &schema->keys[i];
    return NULL;
}

static quipu_status unknown_key(const reading *r, const qi_node *key, const qi_schema *schema) {
    qi_suggest near;
    char text[QI_SUGGEST_TEXT];
    qi_suggest_start(&near, key->text);
    for (size_t i = 0; i < schema->n_keys; i++)
        qi_suggest_try(&near, schema->keys[i].name);
    qi_suggest_text(&near, text);
    if (text[0] != '\0')
        return FAIL(key, "%s has no key `%.60s`%s", schema->name, key->text, text);
    qi_buffer all = {0};
    for (size_t i = 0; i < schema->n_keys; i++)
        qi_buffer_printf(&all, "%s%s", i > 0 ? ", " : "", schema->keys[i].name);
    FAIL(key, "%s has no key `%.60s`; it takes %s", schema->name, key->text,
         all.bytes != NULL ? all.bytes : "none");
    qi_buffer_free(&all);
    return QUIPU_E_DATA;
}

quipu_status qi_schema_read(const char *file, const qi_node *node, const qi_schema *schema,
                            void *into, qi_arena *arena, quipu_error *err) {
    reading reader = {file, arena, err}, *r = &reader;
    if (node->kind != QI_MAPPING)
        return FAIL(node, "%s is a mapping (key: value), and %s stands here", schema->name,
                    kind_name(node));
    QI_TRY(check_keys(r, node));
    if (schema->place >= 0) {
        uint32_t *place = (uint32_t *)(void *)((char *)into + schema->place);
        place[0] = node->line;
        place[1] = node->column;
    }
    for (size_t i = 0; i < node->n; i++) {
        const qi_key *key = find_key(schema, node->keys[i]->text);
        if (key == NULL)
            return unknown_key(r, node->keys[i], schema);
        QI_TRY(read_key(r, node->values[i], key, into));
    }
    for (size_t i = 0; i < schema->n_keys; i++) {
        bool given = false;
        for (size_t k = 0; k < node->n; k++)
            given = given || strcmp(node->keys[k]->text, schema->keys[i].name) == 0;
        if (schema->keys[i].required && !given)
            return FAIL(node, "%s needs the key `%s` (%s)", schema->name, schema->keys[i].name,
                        schema->keys[i].help);
    }
    return QUIPU_OK;
}
