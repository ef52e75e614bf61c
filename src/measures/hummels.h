/* SPDX-License-Identifier: Apache-2.0 */
/* hummels.h (private) - unit values of one exporter beside all others in a market. */
#ifndef QI_MEASURES_HUMMELS_H
#define QI_MEASURES_HUMMELS_H

#include "measures/matched.h"

/* Value and amount of what has a usable amount, by product and unit; rising. */
typedef struct qi_priced_good {
    uint32_t product;
    uint8_t unit;
    quipu_money value;
    quipu_quantity amount;
} qi_priced_good;
typedef struct qi_priced {
    qi_priced_good *items;
    size_t n, capacity;
} qi_priced;

/* Room to add up in, for many reads of one cube; zeroed at first. */
typedef struct qi_priced_room {
    quipu_money *value; /* [product][unit] */
    quipu_quantity *amount;
    size_t n;
    uint32_t *touched;
    size_t n_touched;
    quipu_leaves leaves;
} qi_priced_room;
void qi_priced_room_free(qi_priced_room *room);

/* Adds up the leaves of a view in one period.  The caller frees items. */
quipu_status qi_priced_read(const quipu_view *view, size_t period, const qi_match_rule *rule,
                            qi_priced_room *room, qi_priced *out, quipu_error *err);
/* The unit value of the exporter over that of all others (`all` holds the exporter too), in
 * the unit in which the exporter sells most; false: they cannot be compared. */
bool qi_priced_relative(const qi_match_rule *rule, const qi_priced *own, const qi_priced *all,
                        uint32_t product, double *log_ratio);

#endif
