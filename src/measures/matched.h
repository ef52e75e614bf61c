/* SPDX-License-Identifier: Apache-2.0 */
/* matched.h (private) - values and quantities of the same goods in two periods.
 *
 * An item is what one reporter trades with one partner in one product, in one flow.  Its unit
 * value in a period is value over quantity.  Between two periods an item is
 *
 *   matched    both values are above zero, both quantities are known and of one unit, and the
 *              unit values are within a factor of one another
 *   new, lost  there is no value in the first or in the second period
 *   unmatched  both values are there, but no unit values that can be compared; also what
 *              cannot be compared because a reporter did not report one of the periods
 *
 * Everything added up is an integer: money as it is, ratios as fixed-point numbers rounded
 * once for each item.  So a sum does not depend on the order of the items or the threads.
 */
#ifndef QI_MEASURES_MATCHED_H
#define QI_MEASURES_MATCHED_H

#include "measures/common.h"

__extension__ typedef __int128 qi_wide;

/* What counts as a quantity, tried in this order. */
typedef struct qi_match_rule {
    bool quantity, weight;
    bool estimated;     /* take estimated quantities too */
    bool index;         /* gather what indices need, too */
    bool log;           /* divide by logarithmic means (LMDI-I) instead of Bennet's halves */
    double limit;       /* unit values may differ by this factor */
    size_t task_leaves; /* where work is cut, which no sum depends on; 0 = as it suits */
} qi_match_rule;
/* From --quantity, --ratio and --estimated; says in a note what was chosen. */
quipu_status qi_match_rule_read(qi_ask *ask, qi_match_rule *out, quipu_error *err);
#define QI_MATCH_QUANTITY_CHOICES "auto units weight either"
#define QI_MATCH_QUANTITY_HELP                                                                 \
    "what a unit value is per: the quantity in its unit, the net weight, or the quantity "     \
    "where both years have it and else the weight; auto: quantity if the cube has any, else "  \
    "weight"
#define QI_MATCH_RATIO_HELP     "unit values that differ by more than this factor are not matched"
#define QI_MATCH_ESTIMATED_HELP "match estimated quantities too"

/* One item in one period. */
typedef struct qi_match_side {
    quipu_money value; /* 0 = none; QUIPU_MONEY_MISSING */
    quipu_quantity quantity, weight;
    uint8_t unit, flags;
} qi_match_side;

typedef enum qi_match_kind {
    QI_MATCHED,
    QI_MATCH_NEW,
    QI_MATCH_LOST,
    QI_MATCH_NO_QUANTITY,
    QI_MATCH_ESTIMATED,
    QI_MATCH_UNIT,
    QI_MATCH_RATIO,
    QI_MATCH_SILENT, /* a period was not reported, or is outside the selection */
    QI_N_MATCH_KINDS
} qi_match_kind;

/* Fixed-point numbers have so many binary places. */
enum { QI_MATCH_PLACES = 32, QI_MATCH_LOG_PLACES = 16 };

typedef struct qi_match_sums {
    quipu_money value[2];               /* of all items, in the first and second period */
    quipu_money matched[2];             /* of the matched ones */
    quipu_money price;                  /* matched: the part of the change due to prices */
    quipu_money fresh, lost, unmatched; /* changes; lost is negative or zero */
    qi_wide at_new_price, at_old_price; /* sum of p1 q0 and of p0 q1, fixed-point */
    qi_wide log_old, log_new;           /* sum of v0 ln(p1/p0) and of v1 ln(p1/p0) */
    uint64_t items;                     /* matched */
} qi_match_sums;

/* What is left of the change: the volume part, so that the parts add up exactly. */
static inline quipu_money qi_match_volume(const qi_match_sums *s) {
    return s->value[1] - s->value[0] - s->price - s->fresh - s->lost - s->unmatched;
}

/* What the unit value of one side is per: the amount and its unit; false: none is usable. */
enum { QI_MATCH_BY_WEIGHT = 0 }; /* stands for kilograms among the units, which begin at 1 */
bool qi_match_amount(const qi_match_rule *rule, const qi_match_side *side, uint8_t *unit,
                     quipu_quantity *amount);
/* ln of the second unit value over the first; only of what is matched. */
qi_match_kind qi_match_relative(const qi_match_rule *rule, const qi_match_side *first,
                                const qi_match_side *second, double *log_ratio);
/* (b - a) / (ln b - ln a), or a where they are equal; both above zero. */
double qi_log_mean(double a, double b);

/* Adds an item.  False: a sum does not fit.  `silent`: not comparable, see above. */
bool qi_match_add(const qi_match_rule *rule, const qi_match_side *first,
                  const qi_match_side *second, bool silent, qi_match_sums *sums,
                  qi_match_kind *kind);
bool qi_match_merge(qi_match_sums *into, const qi_match_sums *from);
bool qi_match_subtract(qi_match_sums *from, const qi_match_sums *what);
/* Divides among n classes, each sum exactly: the parts add up. */
void qi_match_split(const qi_match_sums *sums, const uint32_t *weights, size_t n,
                    qi_match_sums *parts);
/* (q0 + q1)/2 (p1 - p0), rounded half to even to a thousandth of a dollar. */
qi_wide qi_bennet_price(quipu_money v0, quipu_quantity q0, quipu_money v1, quipu_quantity q1);

/* Index numbers of matched items, first period = 1; NaN when nothing is matched. */
typedef struct qi_match_index {
    double laspeyres, paasche, fisher, tornqvist;
    double volume; /* Fisher's: fisher * volume is the ratio of the matched values */
} qi_match_index;
qi_match_index qi_match_indices(const qi_match_sums *sums);
/* Matched value over all value, of both periods together; NaN when there is none. */
double qi_match_coverage(const qi_match_sums *sums);

/* ---- reading (matched_read.c) ---- */

/* Two positions in ask->periods, in any order. */
typedef struct qi_link {
    size_t first, second;
} qi_link;

typedef struct qi_match_row {
    uint64_t key; /* as of a frame of the same ask */
    uint32_t link, product;
    qi_match_sums sums;
} qi_match_row;

typedef struct qi_matched {
    size_t n;
    qi_match_row *rows; /* by link, then key */
    uint64_t dropped;   /* key bits of axes that were summed away */
    /* Value (both periods) of the items of each kind, saturating; for notes. */
    double kinds[QI_N_MATCH_KINDS];
} qi_matched;

/* Reads the leaves of the selected pairs only.  `drop`: axes summed away, as in qi_cut. */
quipu_status qi_matched_make(qi_ask *ask, uint32_t drop, const qi_match_rule *rule,
                             const qi_link *links, size_t n_links, qi_matched *out,
                             quipu_error *err);
void qi_matched_free(qi_matched *matched);
/* Zero sums when there is no such row. */
qi_match_sums qi_matched_find(const qi_matched *matched, size_t link, uint64_t key);

/* The sums behind a printed line: of a row, of the total, or of what a limit left out. */
typedef struct qi_match_lines {
    const qi_lines *lines;
    qi_matched rows, total; /* total: only when a line asks for it */
} qi_match_lines;
quipu_status qi_match_lines_make(qi_ask *ask, const qi_match_rule *rule, const qi_link *links,
                                 size_t n_links, const qi_lines *lines, qi_match_lines *out,
                                 quipu_error *err);
void qi_match_lines_free(qi_match_lines *match);
quipu_status qi_match_line(const qi_ask *ask, const qi_match_lines *match, size_t line,
                           size_t link, qi_match_sums *out, quipu_error *err);
/* How much could not be matched, and why. */
quipu_status qi_match_note(qi_ask *ask, const qi_matched *matched, quipu_error *err);

#endif
