/* SPDX-License-Identifier: Apache-2.0 */
/* gzip.c - see gzip.h. */
#include "gzip.h"

#include <errno.h>
#include <zlib.h>

enum { INPUT_BYTES = 1 << 17 };

struct qi_gzip {
    qi_read read;
    void *user;
    z_stream stream;
    bool started; /* some bytes of the present member were seen */
    bool ended;   /* the input is */
    unsigned char input[INPUT_BYTES];
};

qi_gzip *qi_gzip_open(qi_read read, void *user) {
    qi_gzip *g = calloc(1, sizeof *g);
    if (g == NULL)
        return NULL;
    g->read = read;
    g->user = user;
    if (inflateInit2(&g->stream, 15 + 16) == Z_OK) /* the largest window, gzip's frame */
        return g;
    free(g);
    return NULL;
}

void qi_gzip_close(qi_gzip *g) {
    if (g == NULL)
        return;
    inflateEnd(&g->stream);
    free(g);
}

/* More input, unless there still is some.  False: reading failed. */
static bool refill(qi_gzip *g) {
    if (g->stream.avail_in > 0 || g->ended)
        return true;
    ssize_t got = g->read(g->user, (char *)g->input, sizeof g->input);
    if (got < 0)
        return false;
    g->ended = got == 0;
    g->stream.next_in = g->input;
    g->stream.avail_in = (unsigned)got;
    return true;
}

ssize_t qi_gzip_read(qi_gzip *g, char *bytes, size_t size, const char **problem) {
    *problem = NULL;
    size_t room = size < (1u << 30) ? size : (1u << 30);
    g->stream.next_out = (unsigned char *)bytes;
    g->stream.avail_out = (unsigned)room;
    while (g->stream.avail_out > 0) {
        if (!refill(g))
            return -1;
        if (g->ended && g->stream.avail_in == 0 && !g->started)
            break; /* between members: the end */
        g->started = true;
        int result = inflate(&g->stream, Z_NO_FLUSH);
        if (result == Z_STREAM_END) { /* files joined with cat have several members */
            inflateReset(&g->stream);
            g->started = false;
        } else if (result == Z_BUF_ERROR || (result == Z_OK && g->ended)) {
            if (g->ended && g->stream.avail_in == 0 && g->stream.avail_out > 0) {
                *problem = "the gzip file is cut short";
                return -1;
            }
        } else if (result != Z_OK) {
            *problem = g->stream.msg != NULL ? g->stream.msg : "not gzip";
            return -1;
        }
    }
    return (ssize_t)(room - g->stream.avail_out);
}
