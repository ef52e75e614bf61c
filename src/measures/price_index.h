/* SPDX-License-Identifier: Apache-2.0 */
/* price_index.h (private) - indices of price and volume of the lines of a table, each year
 * against a base: directly, as a chain, or as the GEKS of all pairs of years. */
#ifndef QI_MEASURES_PRICE_INDEX_H
#define QI_MEASURES_PRICE_INDEX_H

#include "measures/matched.h"

typedef enum qi_price_method { QI_PRICE_FIXED, QI_PRICE_CHAIN, QI_PRICE_GEKS } qi_price_method;

/* The options of every such measure. */
#define QI_PRICE_PARAMS                                                                        \
    {"base", QUIPU_PARAM_TEXT, NULL, NULL,                                                     \
     "the year that is 100; the first one when not given"},                                    \
        {"chain", QUIPU_PARAM_SWITCH, NULL, NULL,                                              \
         "multiply the indices of neighbouring years instead of comparing each with the "      \
         "base"},                                                                              \
        {"geks", QUIPU_PARAM_SWITCH, NULL, NULL,                                               \
         "compare every pair of years and take the mean of all ways between them (GEKS)"},     \
        {"quantity", QUIPU_PARAM_CHOICE, QI_MATCH_QUANTITY_CHOICES, "auto",                    \
         QI_MATCH_QUANTITY_HELP},                                                              \
        {"ratio", QUIPU_PARAM_REAL, NULL, "5", QI_MATCH_RATIO_HELP}, {                         \
        "estimated", QUIPU_PARAM_SWITCH, NULL, NULL, QI_MATCH_ESTIMATED_HELP                   \
    }

typedef struct qi_price_plan {
    qi_base_year years;
    qi_price_method method;
    double sigma; /* elasticity of substitution for Feenstra's correction; NaN = none */
    qi_link *links;
    size_t n_links;
    const qi_match_lines *match;
} qi_price_plan;

/* The method from --chain and --geks. */
quipu_status qi_price_method_read(const quipu_measure *measure, const quipu_request *request,
                                  qi_price_method *out, quipu_error *err);
/* The pairs of periods to be matched; `years` and `method` are set. */
quipu_status qi_price_links(qi_ask *ask, qi_price_plan *plan, quipu_error *err);

typedef struct qi_price_point {
    qi_match_index index; /* base = 1; NaN = missing.  GEKS: `fisher` and `volume` only */
    double variety;       /* Feenstra's (lambda_1 / lambda_0)^(1/(sigma - 1)) */
    double coverage;      /* the lowest of the links */
    uint64_t items;       /* the fewest */
} qi_price_point;
/* A figure that is missing on the way leaves it missing. */
quipu_status qi_price_find(const qi_ask *ask, const qi_price_plan *plan, size_t line,
                           size_t period, qi_price_point *out, quipu_error *err);
/* "2000 = 100; a chain ..." */
quipu_status qi_price_note(qi_ask *ask, const qi_price_plan *plan, quipu_error *err);

#endif
