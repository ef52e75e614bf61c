/* SPDX-License-Identifier: Apache-2.0 */
/* since.h (private) - the date that an effect is told from: typed, or that of an agreement. */
#ifndef QI_MEASURES_SINCE_H
#define QI_MEASURES_SINCE_H

#include "measures/common.h"
#include "quipu/agreement.h"

/* 0 when not typed. */
quipu_status qi_date_argument(const quipu_measure *measure, const quipu_request *request,
                              const char *name, quipu_date *out, quipu_error *err);

typedef struct qi_pair_asked {
    uint16_t reporter, partner; /* ids of countries */
    const char *reporter_name, *partner_name;
    quipu_period first; /* of the cube */
} qi_pair_asked;

/* --since, --agreement, or the first free trade agreement or customs union between the two that
 * began after the cube did; partial scope agreements only by name.  *agreement is NULL when
 * only a date was typed. */
quipu_status qi_since_find(const quipu_measure *measure, const quipu_request *request,
                           const qi_pair_asked *pair, const quipu_agreement **agreement,
                           quipu_date *since, quipu_error *err);

#endif
