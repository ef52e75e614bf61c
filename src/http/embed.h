/* SPDX-License-Identifier: Apache-2.0 */
/* embed.h (private) - the web build as it was compiled in: packed by gzip and, where that is
 * smaller, by Brotli after it, one file after another. */
#ifndef QI_HTTP_EMBED_H
#define QI_HTTP_EMBED_H

#include <stddef.h>
#include <stdint.h>

typedef struct qi_embedded {
    const char *path;                   /* "/assets/index-4f2a.js" */
    uint64_t at, packed, whole, brotli; /* bytes; brotli 0 = none */
} qi_embedded;
/* No files when there was no web build. */
const qi_embedded *qi_embedded_files(size_t *count);
const unsigned char *qi_embedded_bytes(const qi_embedded *file);

#endif
