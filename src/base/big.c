/* SPDX-License-Identifier: Apache-2.0 */
/* big.c - room by the megabyte, straight from the system. */
#define _GNU_SOURCE
#include "base.h"

#include <sys/mman.h>

void *qi_big_alloc(size_t bytes) {
    void *room = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED)
        return NULL;
#ifdef MADV_HUGEPAGE
    madvise(room, bytes, MADV_HUGEPAGE); /* a wish, not a need */
#endif
    return room;
}

void qi_big_free(void *room, size_t bytes) {
    if (room != NULL)
        munmap(room, bytes);
}
