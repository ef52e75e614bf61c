/* SPDX-License-Identifier: Apache-2.0 */
/* spill.c - the unnamed file beside the cube for what is beyond the memory limit. */
#define _GNU_SOURCE
#include "pipeline.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

uint64_t qi_memory_limit(const qi_pipeline *p) {
    return p->import.options.memory != 0 ? p->import.options.memory : UINT64_C(1) << 30;
}

uint64_t qi_cells_limit(const qi_pipeline *p) {
    return p->import.options.keep_firms ? qi_memory_limit(p) / 2 : qi_memory_limit(p);
}

static quipu_status open_spill(qi_pipeline *p, quipu_error *err) {
    char name[4096];
    const char *slash = strrchr(p->spill_near, '/');
    int length = slash != NULL ? (int)(slash - p->spill_near) : 1;
    const char *folder = slash != NULL ? p->spill_near : ".";
    snprintf(name, sizeof name, "%.*s", length == 0 ? 1 : length, folder);
#ifdef O_TMPFILE
    p->spill = open(name, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#endif
    if (p->spill < 0) {
        snprintf(name, sizeof name, "%.*s/.quipu-spill-XXXXXX", length == 0 ? 1 : length,
                 folder);
        p->spill = mkstemp(name);
        if (p->spill >= 0)
            unlink(name);
    }
    return p->spill >= 0 ? QUIPU_OK
                         : qi_fail_errno(err, "open a temporary file beside", p->spill_near);
}

quipu_status qi_spill_room(qi_pipeline *p, uint64_t length, uint64_t *at, quipu_error *err) {
    pthread_mutex_lock(&p->lock);
    quipu_status status = p->spill < 0 ? open_spill(p, err) : QUIPU_OK;
    *at = p->spill_length;
    p->spill_length += length;
    pthread_mutex_unlock(&p->lock);
    return status;
}

quipu_status qi_spill_write(const qi_pipeline *p, uint64_t at, const void *bytes, size_t length,
                            quipu_error *err) {
    for (size_t done = 0; done < length;) {
        ssize_t n =
            pwrite(p->spill, (const char *)bytes + done, length - done, (off_t)(at + done));
        if (n == 0 || (n < 0 && errno != EINTR))
            return qi_fail_errno(err, "write a temporary file beside", p->spill_near);
        done += n > 0 ? (size_t)n : 0;
    }
    return QUIPU_OK;
}

quipu_status qi_spill_read(const qi_pipeline *p, uint64_t from, void *bytes, size_t length,
                           quipu_error *err) {
    for (size_t done = 0; done < length;) {
        ssize_t n = pread(p->spill, (char *)bytes + done, length - done, (off_t)(from + done));
        if (n == 0)
            return qi_fail(err, QUIPU_E_IO, "a temporary file beside %s was cut",
                           p->spill_near);
        if (n < 0 && errno != EINTR)
            return qi_fail_errno(err, "read a temporary file beside", p->spill_near);
        done += n > 0 ? (size_t)n : 0;
    }
    return QUIPU_OK;
}
