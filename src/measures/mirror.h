/* SPDX-License-Identifier: Apache-2.0 */
/* mirror.h (private) - the same trade in the books of both sides.
 *
 * Of an export the reporter's own figure is FOB and the partner's import CIF; of an import it
 * is the other way round.  Two figures are compared only where both sides reported the year.
 */
#ifndef QI_MEASURES_MIRROR_H
#define QI_MEASURES_MIRROR_H

#include "measures/under.h"

/* |a - b| / (a + b): 0 = the same, 1 = one side has nothing; NaN where both have nothing. */
static inline double qi_discrepancy(double a, double b) {
    return a + b > 0 ? fabs(a - b) / (a + b) : NAN;
}

/* --cif: freight and insurance over the FOB value. */
#define QI_MIRROR_CIF_HELP                                                                     \
    "freight and insurance as a part of the FOB value, taken off import values before they "   \
    "are compared"
quipu_status qi_mirror_cif(const quipu_measure *measure, const quipu_request *request,
                           double *out, quipu_error *err);

/* The two asks of one request: as the reporter and as its partners have it; same axes, same
 * keys, same periods.  `by`: when none was typed. */
typedef struct qi_both_sides {
    qi_ask own, other;
    qi_under reported, mirrored; /* by partner and product */
    bool reported_is_cif;
    qi_arena arena;
} qi_both_sides;
quipu_status qi_both_open(const quipu_measure *measure, const quipu_request *request,
                          const qi_wish *wish, unsigned cut, qi_both_sides *out,
                          quipu_error *err);
void qi_both_close(qi_both_sides *both);
/* Did the reporter of this line (or its partner) keep books in the period? */
bool qi_both_told(const qi_both_sides *both, bool mirrored, uint64_t line_key, uint32_t partner,
                  size_t period);

/* ---- pairs of a period, and how reliable reporters are (mirror_pairs.c) ---- */

typedef struct qi_mirror_pair {
    uint32_t exporter, importer; /* positions in the cube */
    quipu_money exported, imported;
    double discrepancy; /* after freight */
} qi_mirror_pair;

typedef struct qi_reliability {
    size_t n_countries, n_pairs;
    qi_mirror_pair *pairs;       /* both sides reported, and one of them has trade */
    double *exporter, *importer; /* [country]; geometric mean 1; 0 = not in any pair */
    uint32_t *n_exporter, *n_importer;
    int iterations;
} qi_reliability;

enum { QI_RELIABILITY_STEPS = 25 };
/* E_NOT_FOUND never: a period without pairs gives none. */
quipu_status qi_reliability_make(const quipu_cube *cube, quipu_period period, double cif,
                                 int steps, qi_reliability *out, quipu_error *err);
void qi_reliability_free(qi_reliability *reliability);

#endif
