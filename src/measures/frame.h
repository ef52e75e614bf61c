/* SPDX-License-Identifier: Apache-2.0 */
/* frame.h (private) - a frame in the making, shared by frame.c, known.c and matched_read.c. */
#ifndef QI_MEASURES_FRAME_H
#define QI_MEASURES_FRAME_H

#include "measures/common.h"

/* One combination of listed reporter, listed partner and flow. */
typedef struct qi_slice {
    uint64_t key; /* of its labels */
    size_t plane;
    const quipu_view *view; /* one of the ask's, or */
    quipu_view own;
    quipu_cells cells;
    uint8_t *known; /* [period]: some selected reporter has rows */
} qi_slice;

typedef struct qi_maker {
    qi_ask *ask;
    const qi_cut *cut;
    const qi_axis *reporter_axis, *partner_axis, *flow_axis; /* the listed ones kept, or NULL */
    qi_slice *slices;
    size_t n_slices, n_planes;
} qi_maker;

/* The slices of an ask with their views, before anything is added up; close them also after a
 * failure.  `ask` and `cut` are set by the caller. */
quipu_status qi_slices_open(qi_maker *maker, quipu_error *err);
void qi_slices_close(qi_maker *maker);
quipu_status qi_slice_known(const qi_maker *m, qi_slice *slice, quipu_error *err);
void qi_mark_known(const qi_maker *m, qi_frame *frame);
/* Did whoever keeps the books report the period?  Of a mirror that is the other country. */
bool qi_is_told(const quipu_view *view, size_t period, size_t country, size_t other);

#endif
