/* SPDX-License-Identifier: Apache-2.0 */
/* hash.c - the one hash of the project, kept in one place because xxhash is a large header. */
#include "base/base.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t qi_hash64(const void *bytes, size_t length) {
    return XXH3_64bits(bytes, length);
}
