/* SPDX-License-Identifier: Apache-2.0 */
/* staging.h (private) - a tariff schedule put beside trade: the lines behind `schedule`. */
#ifndef QI_MEASURES_STAGING_H
#define QI_MEASURES_STAGING_H

#include "measures/common.h"
#include "quipu/agreement.h"

typedef struct qi_staging {
    const quipu_measure *measure;
    const quipu_request *request;
    qi_arena arena;
    quipu_schedule schedule;
    size_t n_labels; /* of --by; 1 = all lines */
    const char **label_code, **label_name;
    uint32_t *label; /* of each line */
    size_t n_split;
    int64_t *value;          /* of each line; NULL = none is known */
    int64_t outside;         /* imports of goods that have no line */
    const char *value_words; /* where the values are from, for a note */
    int first_year;          /* of stage 0 */
} qi_staging;

/* Sums over the lines of one label in one stage. */
typedef struct qi_stage_sum {
    int64_t lines, free, mfn_free, excluded, rated;
    int64_t value, free_value, mfn_free_value, excluded_value, rated_value;
    double base, preference;                   /* sums of rates over rated lines, per cent */
    double base_by_value, preference_by_value; /* the same times value */
} qi_stage_sum;

quipu_status qi_staging_open(qi_staging *s, const quipu_measure *measure,
                             const quipu_request *request, quipu_error *err);
void qi_staging_close(qi_staging *s);
qi_stage_sum qi_staging_sum(const qi_staging *s, uint32_t label, size_t stage);

#endif
