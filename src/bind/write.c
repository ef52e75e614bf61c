/* SPDX-License-Identifier: Apache-2.0 */
/* write.c - a table that was given away, in a format, as bytes. */
#include "bind/bind.h"

#include "quipu/report.h"

static bool collect(void *user, const char *bytes, size_t length) {
    return qi_buffer_add(user, bytes, length);
}

static quipu_status not_there(const char *name, quipu_error *err) {
    size_t n;
    const quipu_format_info *formats = quipu_formats(&n);
    char all[256] = "";
    for (size_t i = 0, used = 0; i < n && used < sizeof all; i++)
        used += (size_t)snprintf(all + used, sizeof all - used, " %s", formats[i].name);
    return qi_fail(err, QUIPU_E_NOT_FOUND, "there is no format \"%s\": take one of%s", name,
                   all);
}

quipu_status quipu_arrow_write(const quipu_arrow *arrow, const char *format, char **out,
                               size_t *length, quipu_error *err) {
    qi_buffer bytes = {0};
    size_t n, which = 0;
    const quipu_format_info *formats = quipu_formats(&n);
    qi_error_clear(err);
    *out = NULL;
    *length = 0;
    while (which < n && strcmp(formats[which].name, format) != 0)
        which++;
    if (which == n)
        return not_there(format, err);
    quipu_report_options options = {.format = formats[which].format};
    quipu_status status =
        quipu_report_write(quipu_arrow_table(arrow), &options, collect, &bytes, err);
    if (status == QUIPU_OK && !qi_buffer_reserve(&bytes, 1))
        status = qi_fail_memory(err, 1);
    if (status != QUIPU_OK) {
        qi_buffer_free(&bytes);
        return status;
    }
    *out = bytes.bytes;
    *length = bytes.length;
    return QUIPU_OK;
}

void quipu_bytes_free(char *bytes) {
    free(bytes);
}
