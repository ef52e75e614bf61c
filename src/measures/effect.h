/* SPDX-License-Identifier: Apache-2.0 */
/* effect.h (private) - trade before and after a date, of one pair of countries and of others
 * beside it: the sums behind the measure `agreement`. */
#ifndef QI_MEASURES_EFFECT_H
#define QI_MEASURES_EFFECT_H

#include "measures/common.h"
#include "measures/fresh.h"
#include "measures/since.h"

typedef enum qi_group {
    QI_GROUP_PAIR,    /* the two countries themselves */
    QI_GROUP_PLACEBO, /* a country named to be compared */
    QI_GROUP_WITHOUT, /* others without a free trade agreement in these years */
    QI_GROUP_WITH,    /* others that had one at some time */
    QI_GROUP_REST,    /* all others */
    QI_N_GROUPS
} qi_group;

/* Years of the two windows, as positions in the view's periods; only those the pair's reporter
 * reported. */
typedef struct qi_windows {
    quipu_date since;
    quipu_period before_first, before_last, after_first, after_last;
    size_t before[64], after[64];
    size_t n_before, n_after;
    bool partial; /* the year of entry belongs to none */
} qi_windows;

typedef struct qi_effect {
    const quipu_measure *measure;
    const quipu_request *request;
    qi_arena arena;
    quipu_view view; /* one side is fixed, the other is everyone */
    bool open;
    int reporter, partner, placebo; /* in the cube; -1 = none */
    const char *reporter_name, *partner_name, *placebo_name;
    bool others_report;               /* the others are reporters, and may lack years */
    const quipu_agreement *agreement; /* NULL: only a date was given */
    quipu_date since;
    int window;
    qi_fresh_rule fresh; /* what makes a product new */
    qi_partial partial;
    bool strict;     /* others must have all years of the pair */
    size_t n_labels; /* of --by; 1 = all goods */
    const char **label_code, **label_name;
    uint32_t *label;  /* of each product */
    uint32_t *family; /* of each product */
    size_t n_products, n_families, n_split;
    bool has_products, is_hs;
    /* By windows, made by qi_effect_groups: */
    uint8_t *member;    /* [country]: bit g = of group g */
    uint8_t *all_known; /* [group][period]: all members and the pair reported */
    size_t n_members[QI_N_GROUPS];
    const char *left_out;          /* names of others that did not report all years; "" */
    uint8_t *in_before, *in_after; /* [country]: its years in the windows */
    int64_t *value;                /* [group][product][period] */
    double *mean; /* [after][group][label]: a year, each member over its own years */
} qi_effect;

static inline size_t qi_effect_at(const qi_effect *e, size_t group, size_t product,
                                  size_t period) {
    return (group * e->n_products + product) * e->view.n_periods + period;
}

quipu_status qi_effect_open(qi_effect *e, const quipu_measure *measure,
                            const quipu_request *request, quipu_error *err);
quipu_status qi_effect_windows(const qi_effect *e, quipu_date since, qi_windows *out,
                               quipu_error *err);
/* Who stands in which group for these windows, and their trade. */
quipu_status qi_effect_groups(qi_effect *e, const qi_windows *windows, quipu_error *err);
void qi_effect_close(qi_effect *e);

/* Numbers of products (families) or codes; -1 = cannot be told. */
typedef struct qi_new_count {
    int64_t families, codes;
} qi_new_count;
/* New in one of the years `at`: below the threshold in the last `lookback` years known before,
 * at or above it in that year and in `persist` of the years known next. */
qi_new_count qi_effect_new(const qi_effect *e, size_t group, uint32_t label, const size_t *at,
                           size_t n);
/* Families with any trade in a period. */
int64_t qi_effect_traded(const qi_effect *e, size_t group, uint32_t label, size_t period);
/* A year on average, in thousandths of US$. */
static inline double qi_effect_mean(const qi_effect *e, size_t group, size_t label,
                                    bool after) {
    return e->mean[((size_t)after * QI_N_GROUPS + group) * e->n_labels + label];
}
int64_t qi_effect_value(const qi_effect *e, size_t group, uint32_t label, size_t period);

#endif
