/* SPDX-License-Identifier: Apache-2.0 */
/* output.c - a writer's beginning and end, bytes to the sink in blocks, text through an escape. */
#include "report/writer.h"

quipu_status qi_writer_new(const quipu_table *table, const quipu_report_options *options,
                           quipu_sink sink, void *user, qi_writer **out, quipu_error *err) {
    static const quipu_report_options USUAL = {.format = QUIPU_FORMAT_TEXT};
    qi_writer *w = *out = malloc(sizeof *w);
    if (w == NULL)
        return qi_fail_memory(err, sizeof *w);
    w->table = table;
    w->options = options != NULL ? options : &USUAL;
    w->money_scale = table != NULL ? qi_choose_money_scale(table) : 0;
    w->sink = sink;
    w->user = user;
    w->refused = false;
    w->no_memory = false;
    w->failure = (quipu_error){0};
    w->used = 0;
    return QUIPU_OK;
}

quipu_status qi_writer_end(qi_writer *w, quipu_error *err) {
    qi_flush(w);
    bool refused = w->refused, no_memory = w->no_memory;
    quipu_error failure = w->failure;
    free(w);
    if (no_memory)
        return qi_fail_memory(err, 0);
    if (refused)
        return qi_fail(err, QUIPU_E_IO, "the output did not take all of the table");
    if (failure.status != QUIPU_OK)
        return qi_fail(err, failure.status, "%s", failure.text);
    return QUIPU_OK;
}

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
