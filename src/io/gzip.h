/* SPDX-License-Identifier: Apache-2.0 */
/* gzip.h (private) - unpack gzip, checking the sums it carries.
 *
 * libarchive reads gzip too, but never looks at its CRC-32: a damaged download would give wrong
 * figures without a word.  zlib checks both sum and length.
 */
#ifndef QI_GZIP_H
#define QI_GZIP_H

#include "../base/base.h"

/* Reads packed bytes: up to `size`, 0 at the end, -1 with errno set. */
typedef ssize_t (*qi_read)(void *user, char *bytes, size_t size);

typedef struct qi_gzip qi_gzip;
qi_gzip *qi_gzip_open(qi_read read, void *user); /* NULL = no memory */
void qi_gzip_close(qi_gzip *gzip);               /* NULL is fine */
/* Up to `size` unpacked bytes, 0 at the end, -1 on failure: then *problem says what is wrong with
 * the bytes, or is NULL when reading failed (errno). */
ssize_t qi_gzip_read(qi_gzip *gzip, char *bytes, size_t size, const char **problem);

#endif
