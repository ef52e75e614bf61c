/* SPDX-License-Identifier: Apache-2.0 */
/* http.h (private) - a request answered, without a socket in sight.
 *
 *     response = qi_http_handle(context, request)
 *
 * is a function of the request and of the files behind the context; the shell (server.c) only
 * carries bytes.  The way of a request:
 *
 *   target.c   path and query taken apart and checked
 *   handle.c   who may ask, which route, cache, ETag, encoding, headers
 *   api.c      lists: info, countries, groups, products, schemes, measures, studies
 *   answer.c   a measure asked, its table written in the format wanted
 *   search.c   an index of names; find.c what a question in words makes of it
 *   openapi.c  the description of all this
 *   site.c     pages: the web build, or a plain one
 *   edition.c  a cube with what is made of it once; replaced when the file is
 *   keep.c     answers kept
 *   pack.c     gzip and zstd
 *   metrics.c  counters
 */
#ifndef QI_HTTP_H
#define QI_HTTP_H

#include "base/base.h"
#include "quipu/catalog.h"
#include "quipu/report.h"

#include <pthread.h>
#include <stdatomic.h>

/* ---- bodies: shared by the cache and by responses on their way ---- */

typedef struct qi_body {
    atomic_uint holders;
    size_t length;
    char bytes[];
} qi_body;
qi_body *qi_body_make(const void *bytes, size_t length); /* one holder; NULL = no memory */
qi_body *qi_body_hold(qi_body *body);
void qi_body_drop(qi_body *body); /* NULL is fine */

/* ---- encodings (pack.c) ---- */

/* Brotli only of what was packed when the program was built. */
typedef enum qi_encoding { QI_PLAIN, QI_GZIP, QI_ZSTD, QI_BROTLI, QI_N_ENCODINGS } qi_encoding;
/* "gzip", "zstd", NULL for plain. */
const char *qi_encoding_name(qi_encoding encoding);
/* libzstd is loaded when the server starts; without it there is gzip only. */
typedef struct qi_packer {
    void *library;
    size_t (*bound)(size_t);
    size_t (*compress)(void *, size_t, const void *, size_t, int);
    unsigned (*is_error)(size_t);
} qi_packer;
void qi_packer_open(qi_packer *packer);
void qi_packer_close(qi_packer *packer);
/* The best the header allows and the packer can; NULL = nothing is allowed. */
qi_encoding qi_encoding_choose(const qi_packer *packer, const char *accept, bool brotli);
/* A packed copy; NULL when it cannot be made or would not be smaller. */
qi_body *qi_pack(const qi_packer *packer, const qi_body *body, qi_encoding encoding);

/* ---- what comes in (target.c) ---- */

enum { QI_MOST_TARGET = 8000, QI_MOST_ARGUMENTS = 64 };
typedef struct qi_target {
    const char *path; /* decoded; begins with "/", no "." or ".." or empty part in it */
    quipu_argument arguments[QI_MOST_ARGUMENTS]; /* value NULL: no "=" after the name */
    size_t n_arguments;
    const char *key; /* path and arguments in one order and spelling, for cache and ETag */
} qi_target;
/* E_ARG: what is wrong with it; E_LIMIT: too long. */
quipu_status qi_target_parse(const char *raw, qi_arena *arena, qi_target *out,
                             quipu_error *err);
const char *qi_target_get(const qi_target *target, const char *name); /* NULL = not given */
/* May a request be made under this name (a Host header with or without port)? */
bool qi_host_allowed(const char *host, bool loopback, const char *const *names, size_t n_names);

typedef struct qi_http_request {
    const char *method, *target;                        /* as sent */
    const char *host, *if_none_match, *accept_encoding; /* NULL = not sent */
    bool (*left)(void *user); /* has the client gone? NULL = cannot be known */
    void *left_user;
    bool quick; /* answer only what needs no calculation */
} qi_http_request;

/* ---- what goes out ---- */

enum { QI_MOST_HEADERS = 24 };
typedef struct qi_http_header {
    const char *name, *value;
} qi_http_header;

typedef struct qi_http_response {
    int status; /* 0: a quick request that needs time */
    qi_http_header headers[QI_MOST_HEADERS];
    size_t n_headers;
    qi_body *body;     /* NULL = none; one holder is the response */
    const char *route; /* for counters: "measures", "asset"; static */
    bool kept;         /* from the cache */
    qi_arena arena;
} qi_http_response;
void qi_http_response_free(qi_http_response *response);

/* ---- what answers (edition.c, context in handle.c) ---- */

typedef struct qi_edition qi_edition;
typedef struct qi_search qi_search;
typedef struct qi_keep qi_keep;

/* A cube (and register) as opened at one time, and what is made of it once. */
struct qi_edition {
    atomic_uint holders;
    char stamp[2][80]; /* of the files: device, inode, time, size */
    quipu_cube *cube;
    quipu_register *invested;
    quipu_nomen *nomen; /* the context's */
    quipu_cache *classes;
    qi_keep *kept;
    uint64_t seed;            /* of ETags: content, version */
    quipu_money *product_sum; /* of each product of the cube, over all slabs */
    quipu_money *country_sum; /* as reporter and partner */
    uint8_t *country_is;      /* QI_IS_... */
    qi_search *search;
};
enum { QI_IS_EXPORTER = 1, QI_IS_IMPORTER = 2, QI_IS_PARTNER = 4 };

typedef struct qi_counters {
    atomic_ullong status[6], bytes, kept, reloads, refused_reloads, packed;
    atomic_ullong bucket[12], microseconds, running;
} qi_counters;

/* Seconds an answer may take, up to which it is counted; the last is endless. */
#define QI_BUCKETS                                                                             \
    { 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5, 30 }

typedef struct qi_context {
    const char *cube_path, *register_path, *study_path; /* the last two may be NULL */
    bool loopback;
    const char *const *names;
    size_t n_names;
    unsigned seconds;
    size_t answer_bytes, cache_bytes;
    int look_every_ms; /* how often the files are looked at */
    quipu_sink log;
    void *log_user;
    qi_packer packer;
    quipu_nomen *nomen;
    qi_keep *assets; /* pages and scripts, unpacked and packed again */
    qi_counters counters;
    pthread_mutex_t lock; /* of what follows */
    qi_edition *current;
    int64_t looked_ms;
    char refused[2][80]; /* stamps of what could not be opened */
    struct quipu_chart_engine *engines[4];
    size_t n_engines;
} qi_context;

void qi_counters_note(qi_counters *counters, const qi_http_response *response,
                      int64_t microseconds);

/* Fills what is left open in `context` (limits of 0 become the usual ones) and opens the cube.
 * Paths and names are borrowed. */
quipu_status qi_context_open(qi_context *context, quipu_error *err);
void qi_context_close(qi_context *context);

/* The answer.  A quick request may get status 0: ask again without `quick`, from a thread that
 * may take its time.  Free the response. */
void qi_http_handle(qi_context *context, const qi_http_request *request,
                    qi_http_response *response);
int64_t qi_now_us(void);
/* One line of JSON, with the line feed. */
char *qi_log_line(const qi_http_request *request, const qi_http_response *response,
                  const char *client, int64_t microseconds, qi_arena *arena);

/* The edition to answer from, with a hold on it; looks at the files when it is time.  NULL in a
 * quick request when they may have to be opened. */
qi_edition *qi_edition_take(qi_context *context, bool quick);
void qi_edition_drop(qi_edition *edition); /* NULL is fine */
quipu_status qi_edition_open(qi_context *context, qi_edition **out, quipu_error *err);
/* What tells whether a file, or the files of a folder, are the same still. */
void qi_stamp(const char *path, char out[80]);

/* ---- answers being made ---- */

typedef struct qi_answer {
    int status;
    const char *type;    /* "application/json" */
    const char *file;    /* name for a download; NULL = shown */
    const char *command; /* the same on a command line; NULL = none */
    const char *policy;  /* Content-Security-Policy */
    const char *cache;   /* Cache-Control */
    uint64_t tag;        /* ETag; 0 = none */
    bool keep;           /* in the cache */
    qi_buffer bytes;
    struct qi_body *packed[QI_N_ENCODINGS]; /* the same packed beforehand; taken over */
    size_t most;                            /* bytes */
    bool too_large;
    quipu_progress stop; /* when it takes too long, or nobody waits */
    void *stop_user;
} qi_answer;

/* One request on its way. */
typedef struct qi_visit {
    qi_context *context;
    qi_edition *edition; /* NULL where none is needed */
    const qi_http_request *request;
    const qi_target *target;
    const char *rest; /* of the path, after the route's own */
    qi_arena *arena;  /* the response's */
    qi_answer *answer;
} qi_visit;

/* A quipu_sink into the answer, up to its size. */
bool qi_answer_sink(void *answer, const char *bytes, size_t length);
/* An error instead: JSON with status, code, message, and the names proposed in it. */
void qi_answer_fail(qi_answer *answer, int status, const char *code, const char *message);
/* The same for what the library says. */
void qi_answer_error(qi_answer *answer, const quipu_error *err);
extern const char qi_policy_api[], qi_policy_page[], qi_policy_study[];

/* api.c, answer.c, search.c, openapi.c, site.c: one function a route */
void qi_route_info(qi_visit *visit);
void qi_route_countries(qi_visit *visit);
void qi_route_groups(qi_visit *visit);
void qi_route_products(qi_visit *visit);
void qi_route_schemes(qi_visit *visit);
void qi_route_measures(qi_visit *visit);
void qi_route_measure(qi_visit *visit);
void qi_route_explain(qi_visit *visit);
void qi_route_search(qi_visit *visit);
void qi_route_studies(qi_visit *visit);
void qi_route_study(qi_visit *visit);
void qi_route_openapi(qi_visit *visit);
void qi_route_metrics(qi_visit *visit);
void qi_route_health(qi_visit *visit);
void qi_route_robots(qi_visit *visit);
void qi_route_asset(qi_visit *visit);
void qi_route_shell(qi_visit *visit);

/* E_ARG in words when the request has an argument that is not among `names` (blank-joined). */
bool qi_only_arguments(qi_visit *visit, const char *names);
const quipu_measure *qi_measure_of(qi_visit *visit); /* NULL: the answer says so */

/* The measure's example as an address, "/api/v1/measures/growth?reporter=Peru"; NULL when it
 * needs a file, which cannot be named over HTTP. */
const char *qi_example_url(const quipu_measure *measure, qi_arena *arena);
const char *qi_url_quote(const char *text, qi_arena *arena);
/* What every measure takes besides its parameters. */
enum { QI_N_SHARED = 9 };
extern const char *const qi_shared_arguments[QI_N_SHARED];
/* Media type of an output format or of a file by its name. */
const char *qi_media_of_format(const char *format);
const char *qi_media_of_file(const char *name);
/* Formats a measure can be had in, pictures included. */
typedef struct qi_way {
    const char *name, *extension, *media;
    int picture; /* -1 = a table, 0 option, else 1 + quipu_picture */
    quipu_format format;
} qi_way;
enum { QI_MOST_WAYS = 32 };
size_t qi_ways(qi_way out[QI_MOST_WAYS]);

/* ---- products (products.c) ---- */
typedef struct qi_product_row {
    const char *code, *name, *parent; /* parent NULL: of the highest level there is */
    bool leaf;                        /* a code of the cube */
    quipu_money value;                /* of all slabs together */
} qi_product_row;
/* In order of code; texts belong to the edition. */
quipu_status qi_product_rows(const qi_edition *edition, qi_arena *arena, qi_product_row **out,
                             size_t *count, quipu_error *err);

/* ---- answers kept (keep.c) ---- */

typedef struct qi_kept {
    const char *type, *file, *command, *policy, *cache; /* as in qi_answer */
    uint64_t tag;
    qi_body *body[QI_N_ENCODINGS]; /* plain always; the others once made */
} qi_kept;
qi_keep *qi_keep_open(size_t most_bytes);
void qi_keep_close(qi_keep *keep);
/* Copies the entry, with a hold on its bodies; texts into `arena`. */
bool qi_keep_find(qi_keep *keep, const char *key, qi_arena *arena, qi_kept *out);
/* Adds, or gives an entry the bodies it lacks.  The texts are copied. */
void qi_keep_add(qi_keep *keep, const char *key, const qi_kept *entry);
void qi_kept_drop(qi_kept *entry); /* its bodies */
size_t qi_keep_bytes(qi_keep *keep);

/* ---- search (search.c) ---- */
quipu_status qi_search_open(const qi_edition *edition, qi_search **out, quipu_error *err);
void qi_search_close(qi_search *search);

/* ---- pages (site.c) ---- */
/* Does the path look like a file ("/favicon.svg")?  Years do not ("/.../1995.2011"). */
bool qi_has_extension(const char *path);

#endif
