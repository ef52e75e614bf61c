/* SPDX-License-Identifier: Apache-2.0 */
/* hash.c - the one hash of the project, kept in one place because xxhash is a large header. */
#include "base/base.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t qi_hash64(const void *bytes, size_t length) {
    return XXH3_64bits(bytes, length);
}

void qi_hash128(const void *bytes, size_t length, uint64_t *low, uint64_t *high) {
    XXH128_hash_t hash = XXH3_128bits(bytes, length);
    *low = hash.low64;
    *high = hash.high64;
}
