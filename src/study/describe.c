/* SPDX-License-Identifier: Apache-2.0 */
/* describe.c - the keys of a study file told to an editor (JSON Schema) and to a reader. */
#include "study/schema.h"

#include <jansson.h>

/* ---- JSON Schema ---- */

static json_t *schema_of(const qi_schema *schema);

static json_t *one_or_many(void) {
    return json_pack("{s:[{s:s}, {s:s, s:{s:s}}]}", "anyOf", "type", "string", "type", "array",
                     "items", "type", "string");
}

static json_t *blocks_schema(void) {
    json_t *kinds = json_array();
    for (size_t i = 0; i < qi_n_schema_blocks; i++)
        json_array_append_new(kinds, schema_of(qi_schema_blocks[i]));
    return json_pack("{s:s, s:{s:o}}", "type", "array", "items", "anyOf", kinds);
}

static json_t *value_schema(const qi_key *key) {
    switch (key->kind) {
    case QI_KEY_WORDS: return json_pack("{s:[s, s]}", "type", "string", "number");
    case QI_KEY_NUMBER: return json_pack("{s:s}", "type", "integer");
    case QI_KEY_SWITCH: return json_pack("{s:[s, s]}", "type", "boolean", "string");
    case QI_KEY_TEXTS: return one_or_many();
    case QI_KEY_ENTRIES: return json_pack("{s:s}", "type", "object");
    case QI_KEY_MAP: return schema_of(key->of);
    case QI_KEY_LIST:
        return json_pack("{s:s, s:o}", "type", "array", "items", schema_of(key->of));
    case QI_KEY_NAMED:
        return json_pack("{s:s, s:o}", "type", "object", "additionalProperties",
                         schema_of(key->of));
    case QI_KEY_BLOCKS: return blocks_schema();
    }
    return json_object();
}

static json_t *schema_of(const qi_schema *schema) {
    json_t *properties = json_object(), *required = json_array();
    for (size_t i = 0; i < schema->n_keys; i++) {
        json_t *value = value_schema(&schema->keys[i]);
        json_object_set_new(value, "description", json_string(schema->keys[i].help));
        json_object_set_new(properties, schema->keys[i].name, value);
        if (schema->keys[i].required)
            json_array_append_new(required, json_string(schema->keys[i].name));
    }
    return json_pack("{s:s, s:s, s:o, s:o, s:b}", "type", "object", "description", schema->help,
                     "properties", properties, "required", required, "additionalProperties", 0);
}

/* ---- markdown ---- */

static const char *kind_words(const qi_key *key) {
    switch (key->kind) {
    case QI_KEY_WORDS: return "text";
    case QI_KEY_NUMBER: return "whole number";
    case QI_KEY_SWITCH: return "yes or no";
    case QI_KEY_TEXTS: return "text or list of texts";
    case QI_KEY_ENTRIES: return "mapping of texts";
    case QI_KEY_MAP: return "mapping";
    case QI_KEY_LIST: return "list";
    case QI_KEY_NAMED: return "mapping of mappings";
    case QI_KEY_BLOCKS: return "list of blocks";
    }
    return "";
}

#define MAX_SHOWN 24

static void put_schema(qi_buffer *out, const qi_schema *schema, const qi_schema **shown,
                       size_t *n_shown) {
    for (size_t i = 0; i < *n_shown; i++)
        if (shown[i] == schema)
            return;
    if (*n_shown == MAX_SHOWN)
        return;
    shown[(*n_shown)++] = schema;
    qi_buffer_printf(out, "### %s\n\n%s\n\n| key | is | means |\n| --- | --- | --- |\n",
                     schema->name, schema->help);
    for (size_t i = 0; i < schema->n_keys; i++) {
        const qi_key *key = &schema->keys[i];
        qi_buffer_printf(out, "| `%s`%s | %s%s%s | ", key->name,
                         key->required ? " (needed)" : "", kind_words(key),
                         key->of != NULL ? ": " : "", key->of != NULL ? key->of->name : "");
        for (const char *at = key->help; *at != '\0'; at++)
            qi_buffer_printf(out, "%s%c", *at == '|' ? "\\" : "", *at);
        qi_buffer_printf(out, "%s%s |\n", key->words != NULL ? ". One of: " : "",
                         key->words != NULL ? key->words : "");
    }
    qi_buffer_text(out, "\n");
    for (size_t i = 0; i < schema->n_keys; i++)
        if (schema->keys[i].of != NULL)
            put_schema(out, schema->keys[i].of, shown, n_shown);
        else if (schema->keys[i].kind == QI_KEY_BLOCKS)
            for (size_t k = 0; k < qi_n_schema_blocks; k++)
                put_schema(out, qi_schema_blocks[k], shown, n_shown);
}

quipu_status quipu_study_schema(bool markdown, quipu_sink sink, void *user, quipu_error *err) {
    qi_buffer out = {0};
    const qi_schema *shown[MAX_SHOWN];
    size_t n_shown = 0;
    qi_error_clear(err);
    if (markdown) {
        put_schema(&out, &qi_schema_study, shown, &n_shown);
    } else {
        json_t *root = schema_of(&qi_schema_study);
        json_object_set_new(root, "$schema",
                            json_string("https://json-schema.org/draft/2020-12/schema"));
        char *text = json_dumps(root, JSON_INDENT(1));
        qi_buffer_printf(&out, "%s\n", text != NULL ? text : "");
        free(text);
        json_decref(root);
    }
    bool fine = out.bytes != NULL && sink(user, out.bytes, out.length);
    qi_buffer_free(&out);
    return fine ? QUIPU_OK : qi_fail(err, QUIPU_E_IO, "the output did not take all of it");
}
