/* SPDX-License-Identifier: Apache-2.0 */
/* read_file.c - a small file, whole. */
#include "io/io.h"

quipu_status qi_read_file(const char *path, size_t limit, qi_arena *arena, char **bytes,
                          size_t *length, quipu_error *err) {
    qi_source *source;
    const char *member;
    qi_buffer text = {0};
    quipu_status status;
    QI_TRY(qi_source_open(path, &source, err));
    QI_GO(qi_source_next(source, &member, err));
    for (size_t got = 1; member != NULL && got > 0;) {
        if (!qi_buffer_reserve(&text, 1 << 16)) {
            status = qi_fail_memory(err, 1 << 16);
            goto done;
        }
        QI_GO(qi_source_read(source, text.bytes + text.length, 1 << 16, &got, err));
        text.length += got;
        if (text.length > limit) {
            status = qi_fail_at(err, QUIPU_E_LIMIT, path, 0, 0,
                                "longer than %zu bytes: is it the right file?", limit);
            goto done;
        }
    }
    *length = text.length;
    *bytes = qi_arena_text(arena, text.bytes != NULL ? text.bytes : "", text.length);
    if (*bytes == NULL)
        status = qi_fail_memory(err, text.length);
done:
    qi_buffer_free(&text);
    qi_source_close(source);
    return status;
}
