/* SPDX-License-Identifier: Apache-2.0 */
/* yaml.h (private) - a YAML file as a tree in which every node knows its line and column.
 *
 * libfyaml is known only in yaml.c.  Anchors and aliases are refused: a study file is read by
 * people, and expanding them could make a small file endless.
 */
#ifndef QI_STUDY_YAML_H
#define QI_STUDY_YAML_H

#include "base/base.h"

typedef enum qi_node_kind { QI_SCALAR, QI_SEQUENCE, QI_MAPPING } qi_node_kind;

typedef struct qi_node {
    qi_node_kind kind;
    uint32_t line, column;
    const char *text;                /* of a scalar; NULL = nothing stands there */
    size_t n;                        /* items, or pairs */
    struct qi_node **keys, **values; /* keys of a mapping only */
} qi_node;

#define QI_YAML_LIMIT (4u << 20) /* bytes of a file */

/* The tree lives in `arena`.  E_FORMAT with line and column; E_LIMIT. */
quipu_status qi_yaml_read(const char *path, qi_arena *arena, qi_node **out, quipu_error *err);
quipu_status qi_yaml_parse(const char *name, const char *text, size_t length, qi_arena *arena,
                           qi_node **out, quipu_error *err);
#endif
