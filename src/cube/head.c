/* SPDX-License-Identifier: Apache-2.0 */
/* head.c - what a cube says of itself, as the lines a dump begins with.  A dump has no
 * rows by firm, so it does not say how many firms there are. */
#include "cube/cube.h"
#include "cube/writer.h"

quipu_status quipu_cube_head(const quipu_cube *cube, char **out, quipu_error *err) {
    size_t n;
    qi_error_clear(err);
    *out = NULL;
    const quipu_pair_text *meta = quipu_cube_meta_all(cube, &n);
    qi_buffer text = {0};
    bool ok = qi_buffer_text(&text, "#quipu 1\n");
    for (size_t i = 0; i < n && ok; i++)
        ok = qi_is_of_firms(meta[i].key) ||
             qi_buffer_printf(&text, "#%s %s\n", meta[i].key, meta[i].text);
    /* The import report goes along line by line, so that nothing is lost on the way back. */
    for (const char *line = quipu_cube_import_report(cube); *line != '\0' && ok;) {
        size_t length = strcspn(line, "\n");
        ok = qi_buffer_text(&text, "#report ") && qi_buffer_add(&text, line, length) &&
             qi_buffer_text(&text, "\n");
        line += length;
        line += *line == '\n';
    }
    if (ok)
        *out = text.bytes;
    else
        qi_buffer_free(&text);
    return ok ? QUIPU_OK : qi_fail_memory(err, 256);
}
