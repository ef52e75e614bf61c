/* SPDX-License-Identifier: Apache-2.0 */
/* division.h (private) - a question to Comtrade that is too large for one answer, in parts.
 *
 * The parts together ask for exactly what the whole asked for: lists are cut into pieces, and
 * "all" is first replaced by the office's own list of partners or products, not by ours, which
 * may lack a code it uses.
 */
#ifndef QI_FETCH_DIVISION_H
#define QI_FETCH_DIVISION_H

#include "fetch/fetch.h"

typedef struct qi_node qi_node;
struct qi_node {
    const char *name;     /* of the answer: "604-2011", its parts "604-2011.1", ... */
    const char *reporter; /* its code */
    quipu_period period;
    const char *release; /* when the office published this reporter and period */
    const char *classed; /* what its products are in: "H3" */
    qi_names flows, partners, products;
    qi_node *parts;
    size_t n_parts;
    uint64_t rows;
    bool settled;
};

typedef enum qi_lack { QI_LACKS_NOTHING, QI_LACKS_PARTNERS, QI_LACKS_PRODUCTS } qi_lack;

/* Can it be divided at all? */
bool qi_node_divides(const qi_node *node);
/* Which list of the office's has to be known before it is. */
qi_lack qi_node_lacks(const qi_node *node);
/* Of the codes of a list, those the node's products stand for: AG6 means those of 6 signs. */
bool qi_node_level(const qi_node *node, size_t *level);
/* Fill `parts`.  `list` is the one it lacks; NULL when it lacks none. */
quipu_status qi_node_divide(qi_arena *arena, qi_node *node, const qi_names *list,
                            quipu_error *err);
/* No whole may have more rows than its parts together. */
quipu_status qi_node_check(const qi_node *node, quipu_error *err);

#endif
