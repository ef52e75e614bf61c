/* SPDX-License-Identifier: Apache-2.0 */
/* stopwatch.c - how long a command takes from start to exit, several times over.
 *
 *   stopwatch [-n RUNS] [-o FILE] COMMAND [ARGUMENT...]
 *
 * Its standard output goes to FILE, or nowhere.  Prints one JSON line: seconds of the wall and
 * of the processor, page faults and peak memory of each run.  Small, so that starting a
 * command from here costs a tenth of a millisecond; from a script it costs ten times that.
 */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { MOST_RUNS = 1000 };

typedef struct run {
    double wall;
    struct rusage usage;
} run;

static void die(const char *what, const char *why) {
    fprintf(stderr, "stopwatch: %s: %s\n", what, why);
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double seconds(struct timeval t) {
    return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

static run measure(char **command, const char *output) {
    posix_spawn_file_actions_t actions;
    run result = {0};
    pid_t child;
    int state;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output,
                                     O_WRONLY | O_CREAT | O_TRUNC, 0644);
    double start = now();
    int failure = posix_spawnp(&child, command[0], &actions, NULL, command, environ);
    if (failure != 0)
        die(command[0], strerror(failure));
    while (wait4(child, &state, 0, &result.usage) < 0)
        if (errno != EINTR)
            die(command[0], strerror(errno));
    result.wall = now() - start;
    posix_spawn_file_actions_destroy(&actions);
    if (!WIFEXITED(state) || WEXITSTATUS(state) != 0)
        die(command[0], WIFEXITED(state) ? "ended with a failure" : "died of a signal");
    return result;
}

#define PRINT(name, format, expression)                                                        \
    do {                                                                                       \
        printf("%s\"%s\":[", name[0] == 'w' ? "{" : ",", name);                                \
        for (int i = 0; i < n; i++)                                                            \
            printf("%s" format, i > 0 ? "," : "", expression);                                 \
        printf("]");                                                                           \
    } while (0)

int main(int argc, char **argv) {
    static run runs[MOST_RUNS];
    const char *output = "/dev/null";
    int n = 1, option;
    /* The + stops at the command: its options are not ours. */
    while ((option = getopt(argc, argv, "+n:o:")) != -1) {
        if (option == 'n')
            n = atoi(optarg);
        else if (option == 'o')
            output = optarg;
        else
            return 2;
    }
    if (n < 1 || n > MOST_RUNS || optind == argc) {
        fputs("usage: stopwatch [-n RUNS] [-o FILE] COMMAND [ARGUMENT...]\n", stderr);
        return 2;
    }
    for (int i = 0; i < n; i++)
        runs[i] = measure(argv + optind, output);
    PRINT("wall", "%.6f", runs[i].wall);
    PRINT("user", "%.6f", seconds(runs[i].usage.ru_utime));
    PRINT("system", "%.6f", seconds(runs[i].usage.ru_stime));
    PRINT("rss_kb", "%ld", runs[i].usage.ru_maxrss);
    PRINT("faults", "%ld", runs[i].usage.ru_minflt + runs[i].usage.ru_majflt);
    puts("}");
    return 0;
}
