/* SPDX-License-Identifier: Apache-2.0 */
/* division.c - see division.h. */
#include "fetch/division.h"

enum {
    PIECES = 8,
    MOST_CODES = 200 /* in one request: addresses of 2000 characters get through everywhere */
};

bool qi_node_level(const qi_node *node, size_t *level) {
    const char *code = node->products.n == 1 ? node->products.items[0] : "";
    *level = strncmp(code, "AG", 2) == 0 && code[2] >= '1' && code[2] <= '6' && code[3] == 0
                 ? (size_t)(code[2] - '0')
                 : 0;
    return *level > 0;
}

static bool products_divide(const qi_node *node) {
    size_t level;
    return node->products.n > 1 || qi_node_level(node, &level);
}

bool qi_node_divides(const qi_node *node) {
    return node->flows.n > 1 || node->partners.all || node->partners.n > 1 ||
           products_divide(node);
}

qi_lack qi_node_lacks(const qi_node *node) {
    size_t level;
    if (node->flows.n > 1)
        return QI_LACKS_NOTHING;
    if (node->partners.all)
        return QI_LACKS_PARTNERS;
    if (node->partners.n > 1)
        return QI_LACKS_NOTHING;
    return qi_node_level(node, &level) ? QI_LACKS_PRODUCTS : QI_LACKS_NOTHING;
}

/* The list cut into pieces that differ by one code at most, one piece a part. */
static quipu_status cut(qi_arena *arena, qi_node *node, const qi_names *list, size_t member,
                        quipu_error *err) {
    size_t n = list->n < PIECES ? list->n : PIECES;
    while (list->n > n * MOST_CODES)
        n++;
    node->parts = qi_arena_alloc(arena, (n + 1) * sizeof *node->parts);
    if (node->parts == NULL)
        return qi_fail_memory(err, n * sizeof *node->parts);
    for (size_t i = 0; i < n; i++) {
        size_t from = list->n * i / n, to = list->n * (i + 1) / n;
        qi_node *part = &node->parts[i];
        *part = *node;
        part->parts = NULL;
        part->n_parts = 0;
        part->rows = 0;
        part->settled = false;
        *(qi_names *)((char *)part + member) =
            (qi_names){.n = to - from, .items = list->items + from};
        part->name = qi_arena_printf(arena, "%s.%zu", node->name, i + 1);
        if (part->name == NULL)
            return qi_fail_memory(err, 64);
    }
    node->n_parts = n;
    return QUIPU_OK;
}

quipu_status qi_node_divide(qi_arena *arena, qi_node *node, const qi_names *list,
                            quipu_error *err) {
    if (node->flows.n > 1)
        return cut(arena, node, &node->flows, offsetof(qi_node, flows), err);
    if (node->partners.all)
        return cut(arena, node, list, offsetof(qi_node, partners), err);
    if (node->partners.n > 1)
        return cut(arena, node, &node->partners, offsetof(qi_node, partners), err);
    return cut(arena, node, list != NULL ? list : &node->products, offsetof(qi_node, products),
               err);
}

static quipu_status check_node(const qi_node *node, uint64_t *rows, quipu_error *err) {
    *rows = node->rows;
    if (node->n_parts == 0)
        return QUIPU_OK;
    uint64_t sum = 0, of_part;
    for (size_t i = 0; i < node->n_parts; i++) {
        QI_TRY(check_node(&node->parts[i], &of_part, err));
        sum += of_part;
    }
    *rows = sum;
    if (sum < node->rows)
        return qi_fail(err, QUIPU_E_DATA,
                       "%s: the parts have %llu rows and the whole had %llu: the office's list "
                       "of partners or products lacks some; ask for less at once",
                       node->name, (unsigned long long)sum, (unsigned long long)node->rows);
    return QUIPU_OK;
}

quipu_status qi_node_check(const qi_node *node, quipu_error *err) {
    uint64_t rows;
    return check_node(node, &rows, err);
}
