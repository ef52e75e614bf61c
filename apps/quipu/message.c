/* SPDX-License-Identifier: Apache-2.0 */
/* message.c - what is said on standard error, and the exit status that goes with it. */
#include "app.h"

#include <stdarg.h>

void app_say(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("quipu: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

static int exit_status(quipu_status status) {
    switch (status) {
    case QUIPU_OK: return APP_FINE;
    case QUIPU_E_ARG:
    case QUIPU_E_NOT_FOUND: return APP_USE;
    case QUIPU_E_FORMAT:
    case QUIPU_E_DATA:
    case QUIPU_E_LIMIT: return APP_INPUT;
    case QUIPU_E_IO:
    case QUIPU_E_NOMEM:
    case QUIPU_E_STOPPED:
    case QUIPU_E_BUG: break;
    }
    return APP_SYSTEM;
}

int app_fail(const quipu_error *err) {
    if (err->status == QUIPU_E_STOPPED) {
        app_say("stopped; nothing was written");
        return APP_SYSTEM;
    }
    fputs("quipu: ", stderr);
    if (err->file[0] != '\0') {
        fputs(err->file, stderr);
        if (err->line != 0)
            fprintf(stderr, ":%llu", (unsigned long long)err->line);
        if (err->line != 0 && err->column != 0)
            fprintf(stderr, ":%u", err->column);
        fputs(": ", stderr);
    }
    fputs(err->text[0] != '\0' ? err->text : quipu_status_text(err->status), stderr);
    fputc('\n', stderr);
    return exit_status(err->status);
}

int app_fail_memory(void) {
    app_say("out of memory");
    return APP_SYSTEM;
}
