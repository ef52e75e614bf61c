/* SPDX-License-Identifier: Apache-2.0 */
/* workbook_zip.c - one member of a zip file, found by its directory. */
#include "packed.h"
#include "workbook.h"

#include <sys/stat.h>

enum { BLOCK = 1 << 16, MAX_EXPANSION = 500 };
static const uint64_t FREE_EXPANSION = UINT64_C(64) << 20;

typedef struct unzip {
    qi_archive_calls x;
    struct archive *archive;
    const char *path;
    uint64_t size; /* of the file */
} unzip;

static quipu_status damaged(const unzip *u, quipu_error *err) {
    const char *text = u->archive != NULL ? u->x.archive_error_string(u->archive) : NULL;
    return qi_fail_at(
        err, QUIPU_E_FORMAT, u->path, 0, 0,
        "the workbook cannot be unpacked (cut short or damaged): %s. Fetch the file "
        "again",
        text != NULL ? text : "unknown reason");
}

static quipu_status hand_on(const unzip *u, qi_bytes take, void *user, quipu_error *err) {
    char block[BLOCK];
    uint64_t unpacked = 0;
    for (;;) {
        la_ssize_t n = u->x.archive_read_data(u->archive, block, sizeof block);
        if (n == ARCHIVE_RETRY)
            continue;
        if (n < 0)
            return damaged(u, err);
        if (n == 0)
            return QUIPU_OK;
        unpacked += (uint64_t)n;
        if (unpacked > FREE_EXPANSION && unpacked / MAX_EXPANSION > u->size)
            return qi_fail_at(err, QUIPU_E_LIMIT, u->path, 0, 0,
                              "unpacks to more than %d times its size: refused as a zip bomb",
                              MAX_EXPANSION);
        QI_TRY(take(user, block, (size_t)n, err));
    }
}

static quipu_status find(unzip *u, const char *member, bool *found, quipu_error *err) {
    struct archive_entry *entry;
    *found = false;
    for (;;) {
        int result = u->x.archive_read_next_header(u->archive, &entry);
        if (result == ARCHIVE_EOF)
            return QUIPU_OK;
        if (result < ARCHIVE_WARN)
            return damaged(u, err);
        const char *name = u->x.archive_entry_pathname(entry);
        *found = name != NULL && strcmp(name, member) == 0;
        if (*found)
            return QUIPU_OK;
    }
}

quipu_status qi_zip_read(const qi_package *package, const char *member, qi_bytes take,
                         void *user, bool *found, quipu_error *err) {
    unzip u = {.path = package->path};
    struct stat info;
    quipu_status status;
    *found = false;
    if (stat(package->path, &info) != 0)
        return qi_fail_errno(err, "open", package->path);
    u.size = (uint64_t)info.st_size;
    QI_GO(qi_archive_load(&u.x, err));
    u.archive = u.x.archive_read_new();
    if (u.archive == NULL) {
        status = qi_fail_memory(err, 0);
        goto done;
    }
    u.x.archive_read_support_format_zip_seekable(u.archive);
    if (u.x.archive_read_open_filename(u.archive, package->path, BLOCK) != ARCHIVE_OK) {
        status = damaged(&u, err);
        goto done;
    }
    QI_GO(find(&u, member, found, err));
    if (*found)
        status = hand_on(&u, take, user, err);
done:
    if (u.archive != NULL)
        u.x.archive_read_free(u.archive);
    qi_archive_unload(&u.x);
    return status;
}
