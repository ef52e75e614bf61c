/* SPDX-License-Identifier: Apache-2.0 */
/* hash.c - SHA-256 of bytes and of files, in the digits sha256sum prints. */
#include "quipu/bundle.h"

#include "base/base.h"

#include <errno.h>
#include <nettle/sha2.h>

static void finish(struct sha256_ctx *context, char hex[65]) {
    static const char DIGITS[] = "0123456789abcdef";
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        hex[2 * i] = DIGITS[digest[i] >> 4];
        hex[2 * i + 1] = DIGITS[digest[i] & 15];
    }
    hex[64] = '\0';
}

void quipu_sha256(const void *bytes, size_t length, char hex[65]) {
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, length, bytes);
    finish(&context, hex);
}

quipu_status quipu_sha256_file(const char *path, char hex[65], uint64_t *size_out,
                               quipu_error *err) {
    enum { BLOCK = 1 << 16 };
    struct sha256_ctx context;
    uint64_t size = 0;
    size_t got;
    quipu_status status = QUIPU_OK;
    qi_error_clear(err);
    hex[0] = '\0';
    if (size_out != NULL)
        *size_out = 0;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return qi_fail_errno(err, "open", path);
    uint8_t *block = malloc(BLOCK);
    if (block == NULL) {
        fclose(file);
        return qi_fail_memory(err, BLOCK);
    }
    sha256_init(&context);
    while ((got = fread(block, 1, BLOCK, file)) > 0) {
        sha256_update(&context, got, block);
        size += got;
    }
    if (ferror(file)) {
        status = qi_fail_errno(err, "read", path);
    } else {
        finish(&context, hex);
        if (size_out != NULL)
            *size_out = size;
    }
    free(block);
    fclose(file);
    return status;
}
