/* SPDX-License-Identifier: Apache-2.0 */
/* fresh.h (private) - what a product is when it must outlive a revision, and when it is new.
 *
 * The one definition of both, for everything that counts products over years.
 */
#ifndef QI_MEASURES_FRESH_H
#define QI_MEASURES_FRESH_H

#include "base/base.h"
#include "quipu/cube.h"
#include "quipu/nomen.h"

/* The family of each product of the cube: codes that any revision in use from the first to the
 * last year, or the cube's own, joins.  Outside the HS each code is a family of its own. */
quipu_status qi_families_make(const quipu_nomen *nomen, const quipu_cube *cube,
                              quipu_period first, quipu_period last, uint32_t *family,
                              size_t *n_families, bool *is_hs, quipu_error *err);

typedef struct qi_fresh_rule {
    int lookback;          /* years known before in which it was below the threshold */
    int persist;           /* years, of as many known after as the lookback, at or above it */
    quipu_money threshold; /* thousandths of US$ a year that make a product traded */
} qi_fresh_rule;

/* Are there years enough around `at` to tell?  It must be known itself, `lookback` years before
 * it, and as many after it as it must persist. */
bool qi_fresh_can_tell(const qi_fresh_rule *rule, const uint8_t *known, size_t n_periods,
                       size_t at);
/* New in `at`: traded then, below the threshold in the last `lookback` known years before, and
 * traded in `persist` of the next `lookback` known years. */
bool qi_fresh_is_new(const qi_fresh_rule *rule, const uint8_t *known, const int64_t *value,
                     size_t n_periods, size_t at);
/* Traded in one of the last `lookback` known years before `at`. */
bool qi_fresh_was_traded(const qi_fresh_rule *rule, const uint8_t *known, const int64_t *value,
                         size_t at);

#endif
