/* SPDX-License-Identifier: Apache-2.0 */
/* study.c - the files of built studies, and of nothing beside them. */
#include "http/study.h"

#include "http/http.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char MARK[] = "manifest.json"; /* every bundle has one */

static bool is_bundle(const char *folder, const char *name) {
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/%s/%s", folder, name, MARK);
    return n > 0 && (size_t)n < sizeof path && access(path, R_OK) == 0;
}

/* The last part of a path, without slashes after it. */
static void last_part(const char *path, char out[256]) {
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t from = end;
    while (from > 0 && path[from - 1] != '/')
        from--;
    snprintf(out, 256, "%.*s", (int)(end - from), path + from);
}

static int visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

void qi_study_list(const char *folder, qi_json *j) {
    struct dirent **entries = NULL;
    char name[256];
    qi_json_open(j, '[');
    if (folder != NULL && is_bundle(folder, ".")) {
        last_part(folder, name);
        qi_json_text(j, name);
    } else {
        int n = folder != NULL ? scandir(folder, &entries, visible, alphasort) : 0;
        for (int i = 0; i < n; i++) {
            if (is_bundle(folder, entries[i]->d_name))
                qi_json_text(j, entries[i]->d_name);
            free(entries[i]);
        }
        free(entries);
    }
    qi_json_close(j, ']');
}

/* Opens `path` below the folder step by step, following no links: what is outside cannot be
 * reached, whatever is put into the folder meanwhile.  -1 and errno. */
static int open_below(int folder, const char *path) {
    int at = dup(folder);
    while (at >= 0) {
        char part[256];
        size_t n = strcspn(path, "/");
        if (n == 0 || n >= sizeof part || path[0] == '.') {
            close(at);
            errno = ENOENT;
            return -1;
        }
        memcpy(part, path, n);
        part[n] = '\0';
        bool last = path[n] == '\0';
        int next =
            openat(at, part,
                   O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | (last ? 0 : O_DIRECTORY));
        close(at);
        if (last || next < 0)
            return next;
        at = next;
        path += n + 1;
    }
    return -1;
}

/* Reads a plain file to its end into the answer. */
static bool read_all(int fd, qi_answer *a) {
    char block[1 << 16];
    ssize_t got;
    while ((got = read(fd, block, sizeof block)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || !qi_answer_sink(a, block, (size_t)got))
            return false;
    }
    return true;
}

static void not_there(qi_visit *v) {
    char message[256];
    snprintf(message, sizeof message, "no built study has a file %.150s", v->rest);
    qi_answer_fail(v->answer, 404, "not-found", message);
}

/* Opens the bundle of that name: the folder given, or one in it.  -1: there is none. */
static int open_bundle(const char *folder, const char *name) {
    char last[256];
    if (folder == NULL || name[0] == '.')
        return -1;
    if (is_bundle(folder, ".")) {
        last_part(folder, last);
        return strcmp(last, name) == 0 ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    }
    if (!is_bundle(folder, name))
        return -1;
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int bundle =
        at >= 0 ? openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (at >= 0)
        close(at);
    return bundle;
}

/* Relative links of a page need the slash after the study's name. */
static void send_on(qi_answer *a, const char *name) {
    a->status = 200;
    a->type = "text/html; charset=utf-8";
    a->policy = qi_policy_study;
    qi_buffer_printf(&a->bytes,
                     "<!doctype html><meta http-equiv=\"refresh\" content=\"0;url=%s/\">"
                     "<a href=\"%s/\">open</a>\n",
                     name, name);
}

static void send_file(qi_visit *v, int fd, const char *path) {
    qi_answer *a = v->answer;
    struct stat s;
    if (fd < 0 || fstat(fd, &s) != 0 || !S_ISREG(s.st_mode) || !read_all(fd, a)) {
        if (a->too_large)
            qi_answer_error(a, &(quipu_error){0});
        else
            not_there(v);
        return;
    }
    a->status = 200;
    a->type = qi_media_of_file(path);
    a->policy = qi_policy_study;
    a->cache = "no-cache";
    a->tag = qi_hash64(a->bytes.bytes, a->bytes.length) | 1;
}

void qi_route_study(qi_visit *v) {
    char name[256];
    size_t n = strcspn(v->rest, "/");
    snprintf(name, sizeof name, "%.*s", (int)(n < 255 ? n : 255), v->rest);
    const char *path = v->rest[n] == '/' ? v->rest + n + 1 : NULL;
    int bundle = open_bundle(v->context->study_path, name);
    if (bundle < 0) {
        not_there(v);
        return;
    }
    if (path == NULL && qi_url_quote(name, v->arena) != NULL) {
        send_on(v->answer, qi_url_quote(name, v->arena));
    } else if (path != NULL) {
        path = path[0] == '\0' ? "index.html" : path;
        int fd = open_below(bundle, path);
        send_file(v, fd, path);
        if (fd >= 0)
            close(fd);
    }
    close(bundle);
}
