/* SPDX-License-Identifier: Apache-2.0 */
/* both_ways.h (private) - exports and imports of the same goods side by side, for the measures
 * of intra-industry trade. */
#ifndef QI_MEASURES_BOTH_WAYS_H
#define QI_MEASURES_BOTH_WAYS_H

#include "measures/vectors.h"

typedef struct qi_both_ways {
    qi_ask ask;           /* flows export, import side by side */
    qi_frame parts, sums; /* sums: with the goods added up */
    bool bilateral;       /* goods of each partner apart */
} qi_both_ways;

enum { QI_BOTH_WAYS_PARAMS = 2 };
extern const quipu_param qi_both_ways_params[QI_BOTH_WAYS_PARAMS];

/* `how`: what it adds to the wish, and to the parts (weights); NULL = nothing. */
typedef struct qi_both_ways_how {
    const char *years;
    bool weight;
    bool pairs; /* always bilateral; `over` is not asked */
} qi_both_ways_how;
quipu_status qi_both_ways_open(qi_both_ways *both, const quipu_measure *measure,
                               const quipu_request *request, const qi_both_ways_how *how,
                               quipu_error *err);
void qi_both_ways_close(qi_both_ways *both);

/* Writes figures 0 and 1, exports and imports; false when one is missing. */
bool qi_both_ways_totals(qi_sheet *sheet, size_t row, const qi_line *line, size_t period);
quipu_status qi_both_ways_notes(qi_both_ways *both, quipu_error *err);

#endif
