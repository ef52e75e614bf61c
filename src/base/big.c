/* SPDX-License-Identifier: Apache-2.0 */
/* big.c - room by the megabyte, straight from the system.  Huge pages were tried: no quicker
 * on average, and now and then a second slower while the system makes one. */
#define _GNU_SOURCE
#include "base.h"

#include <sys/mman.h>

void *qi_big_alloc(size_t bytes) {
    void *room = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return room != MAP_FAILED ? room : NULL;
}

void qi_big_free(void *room, size_t bytes) {
    if (room != NULL)
        munmap(room, bytes);
}
