/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/serve.h - one cube over HTTP, to be looked at in a browser: pages, JSON, downloads.
 *
 * The server answers GET and HEAD only and changes nothing.  It listens on the loopback
 * address unless told otherwise, and answers requests that name it by an address, by
 * "localhost" or by one of `names`, so that no other site can reach it through a browser.
 * What it answers, and how: docs/http.md.
 *
 * A cube or register that is replaced under its name is noticed and served from the next
 * request on; requests that run finish on the old one.  A replacement that cannot be opened is
 * told to the log, and the old one stays.  Replace by renaming, as quipu itself does: bytes
 * that change under a served cube are found by their checksums, at best.
 */
#ifndef QUIPU_SERVE_H
#define QUIPU_SERVE_H

#include "quipu/base.h"
#include "quipu/report.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct quipu_server quipu_server;

typedef struct quipu_serve_options {
    const char *cube;         /* path; needed */
    const char *invested;     /* folder of a register; NULL = none */
    const char *study;        /* folder of a built study, or of several; NULL = none */
    const char *host;         /* address to listen on; NULL = 127.0.0.1 */
    unsigned port;            /* 0 = any that is free */
    const char *const *names; /* further names it may be asked under */
    size_t n_names;
    unsigned workers;      /* threads that calculate; 0 = one for each core */
    unsigned seconds;      /* an answer may take; 0 = 30 */
    uint64_t answer_bytes; /* it may have; 0 = 64 MiB */
    uint64_t cache_bytes;  /* for answers kept; 0 = 64 MiB */
    unsigned connections;  /* at once; 0 = 12000, or as many as the system lets be open */
    quipu_sink log; /* a line of JSON for each request, from several threads; NULL = none */
    void *log_user;
} quipu_serve_options;

/* Binds, starts its threads and returns.  E_ARG: no such address; E_IO: the port is taken, or
 * libmicrohttpd is not installed; and what opening the cube or the register says. */
QUIPU_API quipu_status quipu_server_open(const quipu_serve_options *options, quipu_server **out,
                                         quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API unsigned quipu_server_port(const quipu_server *server);
/* Takes no more requests, lets those that run finish for a few seconds, and frees. */
QUIPU_API void quipu_server_close(quipu_server *server); /* NULL is fine */

#ifdef __cplusplus
}
#endif
#endif
