/* SPDX-License-Identifier: Apache-2.0 */
/* fetch_key.c - the key of an office: from a file only its owner can read, or the environment.
 * It is never an argument, where every user of the machine could see it, and never printed. */
#include "app.h"
#include "fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One line, blanks around it off. */
static bool take_line(char *text, app_key *out) {
    size_t from = strspn(text, " \t\r\n");
    size_t n = strcspn(text + from, " \t\r\n");
    const char *rest = text + from + n;
    if (n == 0 || n >= sizeof out->text || rest[strspn(rest, " \t\r\n")] != '\0')
        return false;
    memcpy(out->text, text + from, n);
    out->text[n] = '\0';
    return true;
}

static bool read_file(const char *path, app_key *out) {
    char text[600];
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &about) != 0) {
        app_say("%s: the key cannot be read: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    bool fine = false;
    ssize_t got = -1;
    if (!S_ISREG(about.st_mode))
        app_say("%s: not a file with a key in it", path);
    else if (about.st_uid != geteuid() && about.st_uid != 0)
        app_say("%s: the file belongs to another user: keep the key in one of your own", path);
    else if ((about.st_mode & 077) != 0)
        app_say("%s: others can read the key (mode %03o): chmod 600 %s", path,
                (unsigned)(about.st_mode & 0777), path);
    else
        got = read(fd, text, sizeof text - 1);
    if (got >= 0) {
        text[got] = '\0';
        fine = take_line(text, out);
        if (!fine)
            app_say("%s: expected one line with the key and nothing else", path);
    }
    memset(text, 0, sizeof text);
    close(fd);
    return fine;
}

bool app_key_get(const app_args *args, const char *variable, app_key *out) {
    const char *path = app_get(args, "key-file"), *value = getenv(variable);
    memset(out, 0, sizeof *out);
    if (path != NULL)
        return read_file(path, out);
    if (value == NULL || value[0] == '\0')
        return true;
    if (strlen(value) < sizeof out->text) {
        snprintf(out->text, sizeof out->text, "%s", value);
        return true;
    }
    app_say("%s is too long to be a key", variable);
    return false;
}
