/* SPDX-License-Identifier: Apache-2.0 */
/* plan.h (private) - a measure as a SQL statement: what is asked (plan_ask.c), the WITH parts
 * all measures share (plan_cells.c, plan_frames.c), the figures (plan_figures.c).
 *
 * The parts mirror what measures do with a cube:
 *   cell    the table added up by period, flow, reporter, partner and product, in thousandths
 *   part    sums along the axes asked for ("" stands for an axis that is summed away)
 *   known   which reporters said anything in a period
 *   panel   every label in every period: its value, zero if known, NULL if not
 *   whole   what a share is taken of
 */
#ifndef QI_MEASURES_PLAN_H
#define QI_MEASURES_PLAN_H

#include "engine/engine.h"
#include "measures/common.h"
#include "quipu/plan.h"

typedef enum qi_plan_axis {
    QI_P_REPORTER,
    QI_P_PARTNER,
    QI_P_PRODUCT,
    QI_P_N_AXES
} qi_plan_axis;

typedef struct qi_plan_who {
    const char *name; /* of the list of members: "member_of_reporter" */
    const qi_choice *choices;
    size_t n; /* 0 = everyone */
    bool dated;
} qi_plan_who;

typedef struct qi_plan {
    qi_mapped mapped;
    const quipu_measure *measure;
    const quipu_request *request;
    bool numbers;
    qi_arena arena;
    qi_plan_who reporter, partner, of; /* `of`: countries named as the whole */
    bool axis[QI_P_N_AXES];
    bool listed[QI_P_N_AXES];
    const char *scheme;  /* the product axis is of classes; NULL = products */
    qi_plan_axis shared; /* of a share */
    const char *flow;
    const char *product;
    quipu_period *periods; /* NULL = all */
    size_t n_periods;
    bool is_range; /* typed as 1995-2011 */
    qi_buffer out;
    bool begun;  /* some part of WITH is written */
    bool memory; /* false: it is gone */
} qi_plan;

quipu_status qi_plan_ask(qi_plan *p, quipu_error *err);

void qi_plan_put(qi_plan *p, const char *format, ...) QUIPU_PRINTF(2, 3);
void qi_plan_text(qi_plan *p, const char *text); /* 'text' */
/* "WITH name AS (" or ", name AS (". */
void qi_plan_begin(qi_plan *p, const char *name);
/* `pattern` of the dialect around an expression; lives in the arena. */
const char *qi_plan_fill(qi_plan *p, const char *pattern, const char *expression);

/* Lists of constants and `cell`. */
quipu_status qi_plan_cells(qi_plan *p, quipu_error *err);

/* Sums along some axes. */
typedef struct qi_plan_sums {
    const char *name;
    bool axis[QI_P_N_AXES];
    const qi_plan_who *reporter, *partner; /* NULL = everyone */
    bool all_products;
    const char *flow;
} qi_plan_sums;
void qi_plan_sum(qi_plan *p, const qi_plan_sums *sums);
/* What was asked for, as sums. */
qi_plan_sums qi_plan_asked(const qi_plan *p, const char *name, const char *flow);
/* part, known, label, moment and panel; with classes also those.  `flows`: one or two, and then
 * panel has v and v2. */
quipu_status qi_plan_panel(qi_plan *p, const char *const *flows, size_t n_flows,
                           quipu_error *err);
/* `whole`, for a share. */
void qi_plan_whole(qi_plan *p);

/* The axes as columns of `from`, each with a comma behind it. */
void qi_plan_axes(qi_plan *p, const char *from);
void qi_plan_order(qi_plan *p, const char *more);

#endif
