/* SPDX-License-Identifier: Apache-2.0 */
/* terminal.c - colours, width, the progress bar and Ctrl-C. */
#include "app.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

bool app_colour(FILE *stream) {
    const char *no = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    if (no != NULL && no[0] != '\0')
        return false;
    if (terminal == NULL || strcmp(terminal, "dumb") == 0)
        return false;
    return isatty(fileno(stream)) != 0;
}

int app_width(FILE *stream) {
    struct winsize size;
    if (isatty(fileno(stream)) == 0)
        return 0;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

/* ---- progress ---- */

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

void app_progress_begin(app_progress *progress) {
    const char *terminal = getenv("TERM");
    progress->shown =
        isatty(STDERR_FILENO) != 0 && terminal != NULL && strcmp(terminal, "dumb") != 0;
    progress->begun = now();
    progress->last = progress->begun + 400; /* quick work shows no bar at all */
}

static void draw(const app_progress *progress, int64_t time, uint64_t done, uint64_t total) {
    double seconds = (double)(time - progress->begun) / 1000.0;
    double rate = seconds > 0 ? (double)done / seconds : 0;
    if (total == 0) { /* a pipe: how much is left cannot be known */
        fprintf(stderr, "\r\033[K  %.0f MB read, %.0f MB/s", (double)done / 1e6, rate / 1e6);
        return;
    }
    enum { CELLS = 30 };
    double part = (double)done / (double)total;
    if (part > 1)
        part = 1;
    fputs("\r\033[K  [", stderr);
    for (int i = 0; i < CELLS; i++)
        fputc(i < (int)(part * CELLS) ? '#' : '.', stderr);
    fprintf(stderr, "] %3.0f %%  %.0f MB/s", part * 100, rate / 1e6);
    if (rate > 0 && done < total) {
        int left = (int)((double)(total - done) / rate + 0.5);
        fprintf(stderr, "  %d:%02d left", left / 60, left % 60);
    }
}

bool app_progress_step(void *user, uint64_t done, uint64_t total) {
    app_progress *progress = user;
    if (progress->shown) {
        int64_t time = now();
        if (time - progress->last >= 100) {
            progress->last = time;
            draw(progress, time, done, total);
            fflush(stderr);
        }
    }
    return app_stopped();
}

void app_progress_end(app_progress *progress) {
    if (progress->shown)
        fputs("\r\033[K", stderr);
}

/* ---- Ctrl-C ---- */

static volatile sig_atomic_t stop_signal;

static void note_signal(int number) {
    if (stop_signal != 0)
        _exit(128 + number); /* asked twice: at once */
    stop_signal = number;
}

void app_stop_listen(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = note_signal;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool app_stopped(void) {
    return stop_signal != 0;
}

void app_stop_finish(void) {
    struct sigaction action;
    int number = stop_signal;
    if (number == 0)
        return;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
    raise(number);
}
