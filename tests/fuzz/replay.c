/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c - give every file of a corpus to a fuzz target, without libFuzzer.
 *
 *   replay-NAME FILE_OR_FOLDER...
 *
 * So what fuzzing once found stays found, in every test run and with every compiler.  Prints
 * TAP, a case for each argument; a target that is not content aborts, and the last line on
 * standard error names the file it had.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool replay_file(const char *path, long size) {
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(size > 0 ? (size_t)size : 1); /* no byte more than there are */
    bool fine =
        file != NULL && bytes != NULL && fread(bytes, 1, (size_t)size, file) == (size_t)size;
    if (file != NULL)
        fclose(file);
    if (fine) {
        fprintf(stderr, "%s\n", path);
        LLVMFuzzerTestOneInput(bytes, (size_t)size);
    }
    free(bytes);
    return fine;
}

/* The number of files replayed, -1 when one could not be read. */
static long replay(const char *path) {
    struct stat info;
    if (stat(path, &info) != 0)
        return -1;
    if (!S_ISDIR(info.st_mode))
        return replay_file(path, (long)info.st_size) ? 1 : -1;
    struct dirent **entries = NULL;
    int n = scandir(path, &entries, NULL, alphasort); /* in order: runs can be compared */
    long done = n < 0 ? -1 : 0;
    for (int i = 0; i < n; i++) {
        char name[4096];
        snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        long more = entries[i]->d_name[0] == '.' || done < 0 ? 0 : replay(name);
        done = more < 0 ? -1 : done + more;
        free(entries[i]);
    }
    free(entries);
    return done;
}

int main(int argc, char **argv) {
    int failed = 0;
    printf("1..%d\n", argc - 1);
    for (int i = 1; i < argc; i++) {
        errno = 0;
        long n = replay(argv[i]);
        const char *name = strrchr(argv[i], '/') != NULL ? strrchr(argv[i], '/') + 1 : argv[i];
        failed += n <= 0;
        printf("%s %d - %s: ", n > 0 ? "ok" : "not ok", i, name);
        if (n >= 0)
            printf("%ld files\n", n);
        else
            printf("cannot be read: %s\n", strerror(errno));
        fflush(stdout);
    }
    return failed > 0;
}
