/* SPDX-License-Identifier: Apache-2.0 */
/* opportunity.h (private) - what a partner buys, good by good, and from whom. */
#ifndef QI_MEASURES_OPPORTUNITY_H
#define QI_MEASURES_OPPORTUNITY_H

#include "measures/complex.h"

#define QI_NO_SUPPLIER UINT32_MAX

/* Of each good, in US$ thousandths; goods as in qi_goods. */
typedef struct qi_demand {
    size_t n;
    quipu_money *first, *last; /* bought from everyone in the first and the last year */
    quipu_money *held;         /* of the last, from the exporter */
    uint32_t *leader;          /* who sells most in the last year, but for the exporter */
    quipu_money *leader_value;
    quipu_money total; /* of the last year */
    bool has_first;    /* the first year was reported */
    bool mirrored;     /* told by the suppliers, as the partner keeps no books here */
    double *applied,
        *mfn; /* tariffs on the exporter's good, fractions; NAN = not in the cube */
    quipu_period tariff_period; /* the latest used; 0 = none */
} qi_demand;

typedef struct qi_demand_wish {
    const quipu_cube *cube;
    const quipu_nomen *nomen;
    const char *partner; /* as typed: one country or a group */
    size_t exporter;     /* position in the cube */
    quipu_period first, last;
    unsigned threads;
} qi_demand_wish;

quipu_status qi_demand_make(const qi_demand_wish *wish, const qi_goods *goods, qi_demand *out,
                            quipu_error *err);
void qi_demand_free(qi_demand *demand);

#endif
