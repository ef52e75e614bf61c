/* SPDX-License-Identifier: Apache-2.0 */
/* protect.h (private) - which cells of a table by firm stay empty, so that nobody's trade is told.
 *
 * The promise: whatever can be computed from the cells that are printed and all their margins,
 * by any sum or difference of them, is the trade of at least `least` firms, or nothing.  Also,
 * the value of a cell with fewer firms stays open by a tenth of it, up and down.
 *
 * The table is of one period.  A cell's key counts through its axes, each with its labels and
 * then one more, the total over them: key = sum of stride[a] * label[a].  All margins are there
 * as cells; those without trade are not, and are known to be empty.
 *
 * Method: a cell with too few firms is emptied, and with it the other corners of a hypercube
 * (J. Giessing, D. Repsilber (2002), Tools and strategies to protect multiple tables with the
 * GHQUAR cell suppression engine, in J. Domingo-Ferrer (ed.), Inference control in statistical
 * databases): adding and taking away the same amount around the corners changes no margin that
 * is printed.  Here, other than there, the firms of each corner together with those of the cell
 * must be enough, so that no few firms own all that such a sum is made of; and a corner may be a
 * margin, which is then emptied too.  docs/firms.md has the proof.
 */
#ifndef QI_MEASURES_PROTECT_H
#define QI_MEASURES_PROTECT_H

#include "base/base.h"
#include "quipu/base.h"

enum { QI_PROTECT_AXES = 4 };

typedef struct qi_protected {
    size_t n_axes;
    size_t labels[QI_PROTECT_AXES];   /* without the total */
    uint64_t stride[QI_PROTECT_AXES]; /* of the axes; the last is 1 */
    size_t n;                         /* cells */
    const uint64_t *key;              /* rising */
    const quipu_money *value;         /* above zero */
    const size_t *start;              /* n + 1: the firms of a cell */
    const uint32_t *firm;             /* rising within a cell, none of them unknown */
    size_t least;
    uint8_t *hidden; /* n: filled; those set before stay */
} qi_protected;

/* E_NOMEM only. */
quipu_status qi_protect(const qi_protected *table, quipu_error *err);

/* Strides for the labels; false: too many cells to number. */
bool qi_protect_strides(qi_protected *table);
static inline size_t qi_protect_label(const qi_protected *t, size_t axis, uint64_t key) {
    return (size_t)(key / t->stride[axis] % (t->labels[axis] + 1));
}
/* Position of a key, or SIZE_MAX. */
size_t qi_protect_find(const qi_protected *table, uint64_t key);
/* Is no axis of it a total? */
bool qi_protect_is_inner(const qi_protected *table, uint64_t key);

#endif
