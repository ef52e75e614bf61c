/* SPDX-License-Identifier: Apache-2.0 */
/* cache.h (private) - what a quipu_cache keeps. */
#ifndef QI_MEASURES_CACHE_H
#define QI_MEASURES_CACHE_H

#include "base/base.h"
#include "quipu/catalog.h"

typedef struct qi_cache_key {
    const quipu_cube *cube;
    const quipu_nomen *nomen;
    const char *scheme;
    bool gold_primary;
} qi_cache_key;
/* Borrow until the cache is closed; made on first use. */
quipu_status qi_cache_classes(quipu_cache *cache, const qi_cache_key *key,
                              const quipu_mapping **out, quipu_error *err);

#endif
