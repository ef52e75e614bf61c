/* SPDX-License-Identifier: Apache-2.0 */
/* embed.h (private) - the web build as it was compiled in: gzip streams, one after another. */
#ifndef QI_HTTP_EMBED_H
#define QI_HTTP_EMBED_H

#include <stddef.h>
#include <stdint.h>

typedef struct qi_embedded {
    const char *path; /* "/assets/index-4f2a.js" */
    uint64_t at, packed, whole;
} qi_embedded;
/* No files when there was no web build. */
const qi_embedded *qi_embedded_files(size_t *count);
const unsigned char *qi_embedded_bytes(const qi_embedded *file);

#endif
