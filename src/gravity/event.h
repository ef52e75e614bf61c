/* SPDX-License-Identifier: Apache-2.0 */
/* event.h (private) - event studies: dummies of the time to and from an entry, and what is
 * made of their coefficients. */
#ifndef QI_GRAVITY_EVENT_H
#define QI_GRAVITY_EVENT_H

#include "gravity/gravity.h"

/* Entry is the first year in which a 0/1 variable is 1 for an exporter, importer and sector.
 * Time is counted in steps (of so many years); -1 is the step before entry and the reference;
 * the first and the last dummy hold all that is earlier or later. */
typedef struct qi_event_wish {
    const char *variable; /* column of the panel */
    long window;          /* steps on each side */
    long step;            /* years */
    bool by_cohort;       /* a dummy for each step and year of entry (Sun & Abraham 2021) */
} qi_event_wish;

typedef struct qi_event {
    qi_arena arena;
    size_t n; /* dummies, in order of time and entry */
    long *when;
    const char **name; /* columns added to the panel: "rta::-3", "rta::-3::1994" */
    size_t n_units, n_entered, n_never, n_always;
    double control; /* year of entry whose pairs are the control for want of others; or NaN */
} qi_event;

/* Adds the dummies to the panel and takes units that had it from their first year on out of
 * `keep` (one byte of each row). */
quipu_status qi_event_make(qi_panel *panel, const qi_event_wish *wish, uint8_t *keep,
                           qi_event *out, quipu_error *err);
void qi_event_free(qi_event *event);

/* Sums of coefficients: estimate i is the sum over k of weight[i * k_all + k] times b_k. */
quipu_status qi_combine(const qi_fit *fit, const double *weight, size_t n, double *estimate,
                        double *covariance, quipu_error *err);
/* b' V^-1 b; NaN where V cannot be inverted. */
quipu_status qi_wald(const double *b, const double *v, size_t n, double *out, quipu_error *err);

#endif
