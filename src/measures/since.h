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

/* The two rows of parameters. */
#define QI_PARAMS_SINCE                                                                        \
    {"agreement", QUIPU_PARAM_TEXT, NULL, NULL,                                                \
     "its name (quipu list agreements); found from the two countries when not given"},         \
    {                                                                                          \
        "since", QUIPU_PARAM_TEXT, NULL, NULL, "a date instead: 2010-03-01"                    \
    }

/* The period of entry, when it was not in force all of it: on neither side, before, after. */
typedef enum qi_partial { QI_PARTIAL_EXCLUDE, QI_PARTIAL_BEFORE, QI_PARTIAL_AFTER } qi_partial;

/* Windows of so many years on each side of a date; in months where the cube's periods are. */
typedef struct qi_sides {
    quipu_period before_first, before_last, after_first, after_last;
    quipu_period between; /* the period of entry, if it is on neither side; 0 */
} qi_sides;
qi_sides qi_since_sides(quipu_date since, int years, qi_partial partial, bool months);

#endif
