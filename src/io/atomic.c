/* SPDX-License-Identifier: Apache-2.0 */
/* atomic.c - a file that appears whole or not at all, whenever the power goes.
 *
 * Written without a name where the file system can do that (O_TMPFILE), so that even a
 * killed process leaves nothing behind; then synced, named aside, renamed over the old file,
 * and the folder synced.  Readers that mapped the old file keep it.
 */
#define _GNU_SOURCE
#include "io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return strdup(".");
    if (slash == path)
        return strdup("/");
    return strndup(path, (size_t)(slash - path));
}

static char *name_aside(const char *path) {
    size_t size = strlen(path) + 48;
    char *name = malloc(size);
    if (name != NULL)
        snprintf(name, size, "%s.new-%ld", path, (long)getpid());
    return name;
}

static mode_t default_mode(const char *path) {
    struct stat old;
    if (stat(path, &old) == 0)
        return old.st_mode & 0777;
    return 0644;
}

/* A process killed between naming and renaming leaves its new file beside the old one; it goes
 * when the next one comes to write. */
static void remove_leftovers(const char *path, const char *folder) {
    const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;
    size_t length = strlen(base);
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        const char *name = entry->d_name;
        if (strncmp(name, base, length) != 0 || strncmp(name + length, ".new-", 5) != 0)
            continue;
        char *end;
        long process = strtol(name + length + 5, &end, 10);
        if (*end == 0 && process > 0 && kill((pid_t)process, 0) != 0 && errno == ESRCH)
            unlinkat(dirfd(entries), name, 0);
    }
    if (entries != NULL)
        closedir(entries);
}

quipu_status qi_out_open(qi_out *out, const char *path, quipu_error *err) {
    struct stat old;
    memset(out, 0, sizeof *out);
    out->fd = -1;
    if (stat(path, &old) == 0 && !S_ISREG(old.st_mode))
        return qi_fail(err, QUIPU_E_IO, "%s is not a file that can be replaced", path);
    char *folder = folder_of(path);
    out->path = strdup(path);
    if (folder == NULL || out->path == NULL) {
        free(folder);
        qi_out_abandon(out);
        return qi_fail_memory(err, strlen(path));
    }
    remove_leftovers(path, folder);
#ifdef O_TMPFILE
    out->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, default_mode(path));
#endif
    free(folder);
    if (out->fd < 0) {
        out->temporary = name_aside(path);
        if (out->temporary == NULL) {
            qi_out_abandon(out);
            return qi_fail_memory(err, strlen(path));
        }
        out->fd =
            open(out->temporary, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, default_mode(path));
    }
    if (out->fd < 0) {
        quipu_status status = qi_fail_errno(err, "write", path);
        free(out->temporary); /* never made: nothing to unlink */
        out->temporary = NULL;
        qi_out_abandon(out);
        return status;
    }
    return QUIPU_OK;
}

quipu_status qi_out_write_at(qi_out *out, uint64_t offset, const void *bytes, size_t length,
                             quipu_error *err) {
    const char *at = bytes;
    while (length > 0) {
        ssize_t done = pwrite(out->fd, at, length, (off_t)offset);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return qi_fail_errno(err, "write", out->path);
        at += done;
        offset += (uint64_t)done;
        length -= (size_t)done;
    }
    return QUIPU_OK;
}

quipu_status qi_out_write(qi_out *out, const void *bytes, size_t length, quipu_error *err) {
    QI_TRY(qi_out_write_at(out, out->written, bytes, length, err));
    out->written += length;
    return QUIPU_OK;
}

static quipu_status sync_folder(const char *path, quipu_error *err) {
    char *folder = folder_of(path);
    if (folder == NULL)
        return qi_fail_memory(err, strlen(path));
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    if (fd < 0)
        return qi_fail_errno(err, "open the folder of", path);
    int failed = fsync(fd);
    close(fd);
    /* Some file systems refuse to sync a folder; the rename itself has happened. */
    if (failed != 0 && errno != EINVAL && errno != ENOTSUP)
        return qi_fail_errno(err, "sync the folder of", path);
    return QUIPU_OK;
}

quipu_status qi_out_commit(qi_out *out, quipu_error *err) {
    quipu_status status = QUIPU_OK;
    if (fsync(out->fd) != 0) {
        status = qi_fail_errno(err, "sync", out->path);
    } else if (out->temporary == NULL) {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", out->fd);
        out->temporary = name_aside(out->path);
        if (out->temporary == NULL) {
            status = qi_fail_memory(err, strlen(out->path));
        } else {
            unlink(out->temporary);
            if (linkat(AT_FDCWD, link, AT_FDCWD, out->temporary, AT_SYMLINK_FOLLOW) != 0) {
                status = qi_fail_errno(err, "name", out->path);
                free(out->temporary);
                out->temporary = NULL;
            }
        }
    }
    if (status == QUIPU_OK && rename(out->temporary, out->path) != 0)
        status = qi_fail_errno(err, "replace", out->path);
    if (status == QUIPU_OK) {
        free(out->temporary);
        out->temporary = NULL;
        status = sync_folder(out->path, err);
    }
    qi_out_abandon(out);
    return status;
}

void qi_out_abandon(qi_out *out) {
    if (out->fd >= 0)
        close(out->fd);
    if (out->temporary != NULL)
        unlink(out->temporary);
    free(out->temporary);
    free(out->path);
    memset(out, 0, sizeof *out);
    out->fd = -1;
}
