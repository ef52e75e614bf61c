/* SPDX-License-Identifier: Apache-2.0 */
/* folder.c - see folder.h. */
#define _GNU_SOURCE /* renameat2 */
#include "study/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at) {
    (void)about;
    (void)kind;
    (void)at;
    return remove(path);
}

static void remove_all(const char *path) {
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static bool is_empty(const char *path) {
    DIR *folder = opendir(path);
    bool empty = true;
    if (folder == NULL)
        return false;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            empty = false;
    closedir(folder);
    return empty;
}

/* An earlier bundle is told by the first words of its manifest. */
static bool is_bundle(const char *path) {
    char name[4096], head[64] = "";
    int n = snprintf(name, sizeof name, "%s/" QI_FOLDER_MARK, path);
    FILE *file = n > 0 && (size_t)n < sizeof name ? fopen(name, "re") : NULL;
    if (file == NULL)
        return false;
    size_t got = fread(head, 1, sizeof head - 1, file);
    head[got] = '\0';
    fclose(file);
    return strncmp(head, "{\n  \"quipu\": ", 13) == 0;
}

/* "NAME.quipu-PID-": whose folder it is until it takes its name. */
#define ASIDE ".quipu-"

static bool is_gone(const char *digits) {
    long pid = strtol(digits, NULL, 10);
    return pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

static void remove_leftovers(const char *path) {
    char parent[4096], left[8192];
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    int n = snprintf(parent, sizeof parent, "%.*s", slash == NULL ? 1 : (int)(slash - path + 1),
                     slash == NULL ? "." : path);
    DIR *folder = n > 0 && (size_t)n < sizeof parent ? opendir(parent) : NULL;
    size_t length = strlen(name), mark = sizeof ASIDE - 1;
    if (folder == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strncmp(entry->d_name, name, length) != 0 ||
            strncmp(entry->d_name + length, ASIDE, mark) != 0 ||
            !is_gone(entry->d_name + length + mark))
            continue;
        snprintf(left, sizeof left, "%s/%s", parent, entry->d_name);
        remove_all(left);
    }
    closedir(folder);
}

quipu_status qi_folder_open(qi_folder *folder, const char *path, quipu_error *err) {
    struct stat about;
    size_t length = strlen(path);
    *folder = (qi_folder){0};
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (length == 0)
        return qi_fail(err, QUIPU_E_ARG, "the folder to write has no name");
    folder->path = strndup(path, length);
    folder->aside = malloc(length + 48);
    if (folder->path == NULL || folder->aside == NULL) {
        qi_folder_abandon(folder);
        return qi_fail_memory(err, length);
    }
    if (lstat(folder->path, &about) == 0 &&
        (!S_ISDIR(about.st_mode) || (!is_empty(folder->path) && !is_bundle(folder->path)))) {
        quipu_status status =
            qi_fail(err, QUIPU_E_ARG,
                    S_ISDIR(about.st_mode)
                        ? "the folder %s holds other things than an earlier bundle: name "
                          "another, or empty it"
                        : "%s is a file: name a folder",
                    folder->path);
        free(folder->aside);
        folder->aside = NULL;
        qi_folder_abandon(folder);
        return status;
    }
    remove_leftovers(folder->path);
    snprintf(folder->aside, length + 48, "%s" ASIDE "%ld-XXXXXX", folder->path, (long)getpid());
    if (mkdtemp(folder->aside) == NULL) {
        quipu_status status = qi_fail_errno(err, "make a folder beside", folder->path);
        free(folder->aside);
        folder->aside = NULL;
        qi_folder_abandon(folder);
        return status;
    }
    (void)chmod(folder->aside, 0755);
    return QUIPU_OK;
}

quipu_status qi_folder_make(const qi_folder *folder, const char *name, quipu_error *err) {
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/%s", folder->aside, name);
    if (n < 0 || (size_t)n >= sizeof path)
        return qi_fail(err, QUIPU_E_LIMIT, "the path %s/%s is too long", folder->aside, name);
    return mkdir(path, 0755) == 0 ? QUIPU_OK : qi_fail_errno(err, "make", path);
}

quipu_status qi_folder_create(const qi_folder *folder, const char *name, qi_folder_file *out,
                              quipu_error *err) {
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/%s", folder->aside, name);
    *out = (qi_folder_file){.name = name};
    if (n < 0 || (size_t)n >= sizeof path)
        return qi_fail(err, QUIPU_E_LIMIT, "the path %s/%s is too long", folder->aside, name);
    out->file = fopen(path, "wxe");
    return out->file != NULL ? QUIPU_OK : qi_fail_errno(err, "write", path);
}

bool qi_folder_sink(void *file, const char *bytes, size_t length) {
    qi_folder_file *out = file;
    return fwrite(bytes, 1, length, out->file) == length;
}

quipu_status qi_folder_close(qi_folder_file *file, quipu_status status, quipu_error *err) {
    bool refused = ferror(file->file) != 0;
    refused = fclose(file->file) != 0 || refused;
    file->file = NULL;
    if (status == QUIPU_OK && refused)
        return qi_fail_errno(err, "write", file->name);
    return status;
}

/* Everything in the folder reaches the disk before the folder takes its name. */
static void sync_files(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)syncfs(fd);
        close(fd);
    }
}

/* One step where the system has it; else the old one goes aside first. */
static int swap(const char *fresh, const char *place) {
#ifdef RENAME_EXCHANGE
    if (renameat2(AT_FDCWD, fresh, AT_FDCWD, place, RENAME_EXCHANGE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
#endif
    char old[4096];
    int n = snprintf(old, sizeof old, "%s.old", fresh);
    if (n < 0 || (size_t)n >= sizeof old || rename(place, old) != 0)
        return -1;
    if (rename(fresh, place) != 0) {
        (void)rename(old, place);
        return -1;
    }
    return rename(old, fresh);
}

static void sync_parent(const char *path) {
    char parent[4096];
    const char *slash = strrchr(path, '/');
    snprintf(parent, sizeof parent, "%.*s", slash == NULL ? 1 : (int)(slash - path + 1),
             slash == NULL ? "." : path);
    int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
}

quipu_status qi_folder_commit(qi_folder *folder, quipu_error *err) {
    struct stat about;
    bool there = lstat(folder->path, &about) == 0;
    sync_files(folder->aside);
    int done = there ? swap(folder->aside, folder->path) : rename(folder->aside, folder->path);
    if (done != 0) {
        quipu_status status = qi_fail_errno(err, "put into place", folder->path);
        qi_folder_abandon(folder);
        return status;
    }
    sync_parent(folder->path);
    if (there)
        remove_all(folder->aside);
    free(folder->aside);
    free(folder->path);
    *folder = (qi_folder){0};
    return QUIPU_OK;
}

void qi_folder_abandon(qi_folder *folder) {
    if (folder->aside != NULL)
        remove_all(folder->aside);
    free(folder->aside);
    free(folder->path);
    *folder = (qi_folder){0};
}
