/* SPDX-License-Identifier: Apache-2.0 */
/* preference.h (private) - the tariffs and imports behind `preference`, added up. */
#ifndef QI_MEASURES_PREFERENCE_H
#define QI_MEASURES_PREFERENCE_H

#include "measures/common.h"
#include "quipu/agreement.h"

__extension__ typedef __int128 qi_wide;

enum { QI_PREF_APPLIED, QI_PREF_MFN, QI_PREF_PREFERENCE, QI_PREF_DUTIES };

/* Rates are ten-thousandths of a per cent, sums of them exact. */
typedef struct qi_duty_sum {
    qi_wide rate_value, rate_lines;
    int64_t value, lines, rate;
    uint32_t n, n_weighted, n_without_lines;
    int32_t source_simple; /* of the source's own row for the total */
    bool is_source;        /* there is one, and it is wanted */
} qi_duty_sum;

/* One importer, exporter, label and year. */
typedef struct qi_pref_cell {
    qi_duty_sum duty[QI_PREF_DUTIES];
    qi_duty_sum both[2]; /* applied and MFN of products that have both: for the margin */
    int64_t zero_low, zero,
        zero_high;             /* imports that met no duty: surely, by average, at most */
    int64_t imports;           /* of the cube, in that year */
    quipu_period trade_period; /* whose imports the weights are; -1 = of several years */
    bool known;                /* the imports are */
} qi_pref_cell;

typedef struct qi_pref_pair {
    uint16_t reporter, partner;       /* in the cube */
    uint16_t reporter_id, partner_id; /* in the nomen */
    bool has_link;
    quipu_agreement_link link;
} qi_pref_pair;

typedef struct qi_pref {
    const quipu_measure *measure;
    const quipu_request *request;
    qi_arena arena;
    const char *importers, *exporters; /* in words */
    qi_pref_pair *pairs;
    size_t n_pairs;
    quipu_period first, last; /* years added up; all there are */
    size_t n_years;
    const char **label_code, **label_name; /* of what --by asked for; one label for all */
    size_t n_labels, n_split;              /* products that belong to several classes */
    const char *by;                        /* NULL, "product" or a scheme */
    uint32_t *label;                       /* of each product; UINT32_MAX = not selected */
    size_t total;                          /* position of product TOTAL; SIZE_MAX */
    qi_pref_cell *cells;                   /* [pair][label][year] */
    uint8_t *differs;  /* [pair][year]: some applied rate is not the MFN rate */
    uint8_t *reported; /* [pair][year]: has tariffs */
} qi_pref;

quipu_status qi_pref_open(qi_pref *p, const quipu_measure *measure,
                          const quipu_request *request, quipu_error *err);
void qi_pref_close(qi_pref *p);
static inline qi_pref_cell *qi_pref_at(const qi_pref *p, size_t pair, size_t label,
                                       size_t year) {
    return &p->cells[(pair * p->n_labels + label) * p->n_years + year];
}

#endif
