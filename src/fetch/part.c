/* SPDX-License-Identifier: Apache-2.0 */
/* part.c - see part.h. */
#include "fetch/part.h"

#include "io/io.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char *with_end(const char *file, const char *end) {
    size_t size = strlen(file) + strlen(end) + 1;
    char *path = malloc(size);
    if (path != NULL)
        snprintf(path, size, "%s%s", file, end);
    return path;
}

/* One line; anything else is no tag. */
static void read_tag(qi_growing *part) {
    qi_buffer text = {0};
    part->tag[0] = 0;
    if (qi_whole_file(part->tag_path, sizeof part->tag - 1, &text, NULL) == QUIPU_OK &&
        text.length > 0 && text.bytes[text.length - 1] == '\n') {
        text.bytes[text.length - 1] = 0;
        if (strpbrk(text.bytes, "\r\n") == NULL)
            snprintf(part->tag, sizeof part->tag, "%s", text.bytes);
    }
    qi_buffer_free(&text);
}

quipu_status qi_growing_open(qi_growing *part, const char *file, quipu_error *err) {
    struct stat about;
    memset(part, 0, sizeof *part);
    part->fd = -1;
    part->file = strdup(file);
    part->path = with_end(file, ".part");
    part->tag_path = with_end(file, ".part.tag");
    if (part->file == NULL || part->path == NULL || part->tag_path == NULL) {
        qi_growing_close(part);
        return qi_fail_memory(err, strlen(file));
    }
    part->fd = open(part->path, O_CREAT | O_RDWR | O_CLOEXEC, 0644);
    if (part->fd < 0 || fstat(part->fd, &about) != 0) {
        quipu_status status = qi_fail_errno(err, "write", part->path);
        qi_growing_close(part);
        return status;
    }
    read_tag(part);
    part->length = part->tag[0] != 0 ? (uint64_t)about.st_size : 0;
    part->offset = part->length;
    return QUIPU_OK;
}

void qi_growing_close(qi_growing *part) {
    if (part->path != NULL && part->fd >= 0)
        close(part->fd);
    free(part->file);
    free(part->path);
    free(part->tag_path);
    memset(part, 0, sizeof *part);
    part->fd = -1;
}

bool qi_growing_restart(qi_growing *part) {
    part->offset = part->length = 0;
    part->tag[0] = 0;
    unlink(part->tag_path);
    return ftruncate(part->fd, 0) == 0;
}

/* The tag is written when the part is empty, so it never speaks of other bytes. */
static bool write_tag(qi_growing *part, const char *tag) {
    qi_out out;
    if (tag[0] == 0 || strlen(tag) + 1 >= sizeof part->tag)
        return true;
    snprintf(part->tag, sizeof part->tag, "%s", tag);
    if (qi_out_open(&out, part->tag_path, NULL) != QUIPU_OK)
        return false;
    if (qi_out_write(&out, tag, strlen(tag), NULL) != QUIPU_OK ||
        qi_out_write(&out, "\n", 1, NULL) != QUIPU_OK) {
        qi_out_abandon(&out);
        return false;
    }
    return qi_out_commit(&out, NULL) == QUIPU_OK;
}

bool qi_growing_begin(qi_growing *part, bool rest, uint64_t from, const char *tag) {
    if (rest)
        return from == part->offset && part->length == part->offset;
    return qi_growing_restart(part) && write_tag(part, tag);
}

bool qi_growing_write(qi_growing *part, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t done = pwrite(part->fd, bytes, length, (off_t)part->length);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes += done;
        length -= (size_t)done;
        part->length += (uint64_t)done;
    }
    return true;
}

quipu_status qi_growing_finish(qi_growing *part, quipu_error *err) {
    if (ftruncate(part->fd, (off_t)part->length) != 0 || fsync(part->fd) != 0)
        return qi_fail_errno(err, "sync", part->path);
    if (rename(part->path, part->file) != 0)
        return qi_fail_errno(err, "name", part->file);
    unlink(part->tag_path);
    return QUIPU_OK;
}

bool qi_content_range(const char *text, uint64_t *from) {
    int64_t number;
    while (*text == ' ')
        text++;
    if (strncmp(text, "bytes ", 6) != 0)
        return false;
    text += 6;
    size_t digits = strspn(text, "0123456789");
    if (text[digits] != '-' || !qi_parse_int(text, digits, &number) || number < 0)
        return false;
    *from = (uint64_t)number;
    return true;
}
