/* SPDX-License-Identifier: Apache-2.0 */
/* whole_file.c - a small file of the user's, read whole. */
#include "base/base.h"

#include <errno.h>
#include <stdio.h>

enum { PIECE = 1 << 16 };

static quipu_status read_pieces(FILE *file, const char *path, size_t limit, qi_buffer *out,
                                quipu_error *err) {
    for (size_t got = 1; got > 0;) {
        if (!qi_buffer_reserve(out, PIECE))
            return qi_fail_memory(err, PIECE);
        got = fread(out->bytes + out->length, 1, PIECE, file);
        out->length += got;
        if (out->length > limit)
            return qi_fail_at(err, QUIPU_E_LIMIT, path, 0, 0,
                              "more than %zu megabytes: is it the right file?", limit >> 20);
    }
    out->bytes[out->length] = '\0';
    return ferror(file) ? qi_fail_errno(err, "read", path) : QUIPU_OK;
}

quipu_status qi_whole_stream(FILE *file, const char *path, size_t limit, qi_buffer *out,
                             quipu_error *err) {
    *out = (qi_buffer){0};
    quipu_status status = read_pieces(file, path, limit, out, err);
    if (status != QUIPU_OK)
        qi_buffer_free(out);
    return status;
}

quipu_status qi_whole_file(const char *path, size_t limit, qi_buffer *out, quipu_error *err) {
    *out = (qi_buffer){0};
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return qi_fail_errno(err, "open", path);
    quipu_status status = qi_whole_stream(file, path, limit, out, err);
    fclose(file);
    return status;
}
