/* SPDX-License-Identifier: Apache-2.0 */
/* schema.h (private) - the keys of a study file, once.
 *
 * One table of keys drives the reader, the JSON Schema for editors and the reference page, so
 * that they cannot disagree.  A key says where its value goes in the structure of study.h.
 */
#ifndef QI_STUDY_SCHEMA_H
#define QI_STUDY_SCHEMA_H

#include "study/study.h"
#include "study/yaml.h"

typedef enum qi_key_kind {
    QI_KEY_WORDS,   /* one scalar: qi_words */
    QI_KEY_NUMBER,  /* the same, and it must be a whole number */
    QI_KEY_SWITCH,  /* the same, yes or no */
    QI_KEY_TEXTS,   /* a scalar or a list of scalars: qi_texts */
    QI_KEY_ENTRIES, /* a mapping with free keys: qi_entries */
    QI_KEY_MAP,     /* one mapping: the structure itself */
    QI_KEY_LIST,    /* a list of mappings: {items, n} */
    QI_KEY_NAMED,   /* a mapping of mappings; the first member of an item is its key */
    QI_KEY_BLOCKS   /* a list of blocks, each of the kind its first key says */
} qi_key_kind;

typedef struct qi_key {
    const char *name;
    qi_key_kind kind;
    size_t offset;
    bool required;
    const char *help;
    const struct qi_schema *of; /* of maps and lists */
    const char *words;          /* the values it may have, blank-joined; NULL = any */
} qi_key;

typedef struct qi_schema {
    const char *name; /* "a table", for messages */
    const char *help;
    const qi_key *keys;
    size_t n_keys;
    size_t size;         /* of the structure */
    ptrdiff_t place;     /* where its line and column go; -1 = nowhere */
    qi_block_kind block; /* of a block */
} qi_schema;

extern const qi_schema qi_schema_study;
extern const qi_schema *const qi_schema_blocks[];
extern const size_t qi_n_schema_blocks;

/* Fills the structure `into` from a mapping.  All texts live in the tree's arena. */
quipu_status qi_schema_read(const char *file, const qi_node *node, const qi_schema *schema,
                            void *into, qi_arena *arena, quipu_error *err);

#endif
