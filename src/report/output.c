/* SPDX-License-Identifier: Apache-2.0 */
/* output.c - bytes to the sink in blocks, and text through an escape. */
#include "report/writer.h"

void qi_flush(qi_writer *w) {
    if (w->used > 0 && !w->refused)
        w->refused = !w->sink(w->user, w->block, w->used);
    w->used = 0;
}

void qi_put(qi_writer *w, const char *bytes, size_t length) {
    while (length > sizeof w->block - w->used) {
        size_t part = sizeof w->block - w->used;
        memcpy(w->block + w->used, bytes, part);
        w->used += part;
        bytes += part;
        length -= part;
        qi_flush(w);
    }
    if (length > 0)
        memcpy(w->block + w->used, bytes, length);
    w->used += length;
}

void qi_puts(qi_writer *w, const char *text) {
    qi_put(w, text, strlen(text));
}

void qi_putc(qi_writer *w, char c) {
    qi_put(w, &c, 1);
}

void qi_put_escaped(qi_writer *w, const char *text, qi_escape escape) {
    size_t length = strlen(text), at = 0, from = 0;
    while (at < length) {
        size_t here = at;
        int32_t point = qi_utf8_next(text, length, &at);
        const char *instead = point < 0 ? "\xEF\xBF\xBD" : escape(point);
        if (instead != NULL) {
            qi_put(w, text + from, here - from);
            qi_puts(w, instead);
            from = at;
        }
    }
    qi_put(w, text + from, length - from);
}
