/* SPDX-License-Identifier: Apache-2.0 */
/* server.c - the shell around qi_http_handle: sockets in, sockets out.
 *
 * Two kinds of threads.  Those of libmicrohttpd carry bytes, and answer by themselves what is
 * kept or takes no time; a request that must be calculated is suspended there and given to
 * the workers, so that a slow question keeps nobody else waiting.  A client that leaves is
 * noticed while the question runs, and the question stops.
 */
#include "http/daemon.h"
#include "http/http.h"
#include "quipu/serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CARRIERS = 2,          /* threads of libmicrohttpd */
    MOST_WAITING = 4096,   /* requests in line for the workers */
    IDLE_SECONDS = 30,     /* a connection may be silent */
    ROOM_BYTES = 16 << 10, /* for a request's line and headers */
    PATIENCE_MS = 5000     /* for what runs, when the server closes */
};

/* One request, from its first line to its last byte. */
typedef struct job {
    struct job *next;
    struct quipu_server *server;
    struct MHD_Connection *connection;
    char *target, *method;
    const char *host, *if_none_match, *accept_encoding; /* libmicrohttpd's, while it lives */
    char client[64];
    int fd;
    int64_t begun;
    bool started, refused, done;
    qi_http_response response;
} job;

struct quipu_server {
    qi_context context;
    qi_mhd_calls mhd;
    struct MHD_Daemon *daemon;
    int listener;
    unsigned port;
    char *texts[4]; /* copies of the options' */
    char **names;
    pthread_t *workers;
    size_t n_workers;
    pthread_mutex_t lock; /* of the line */
    pthread_cond_t ready;
    job *first, *last;
    size_t waiting;
    atomic_bool closing, giving_up;
};

/* ---- workers ---- */

/* Gone, or going: it will not read an answer. */
static bool client_left(void *user) {
    job *j = user;
    char byte;
    if (atomic_load(&j->server->giving_up))
        return true;
    ssize_t got = j->fd >= 0 ? recv(j->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) : 1;
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

static void answer(job *j, bool quick) {
    qi_http_request request = {.method = j->method,
                               .target = j->target,
                               .host = j->host,
                               .if_none_match = j->if_none_match,
                               .accept_encoding = j->accept_encoding,
                               .left = client_left,
                               .left_user = j,
                               .quick = quick};
    qi_http_handle(&j->server->context, &request, &j->response);
    j->done = j->response.status != 0;
    if (!j->done)
        qi_http_response_free(&j->response);
}

static void *work(void *user) {
    quipu_server *s = user;
    for (;;) {
        pthread_mutex_lock(&s->lock);
        while (s->first == NULL && !atomic_load(&s->closing))
            pthread_cond_wait(&s->ready, &s->lock);
        job *j = s->first;
        if (j == NULL) {
            pthread_mutex_unlock(&s->lock);
            return NULL;
        }
        s->first = j->next;
        if (s->first == NULL)
            s->last = NULL;
        s->waiting--;
        pthread_mutex_unlock(&s->lock);
        answer(j, false);
        s->mhd.MHD_resume_connection(j->connection); /* from here the job is the carrier's */
    }
}

static bool stand_in_line(job *j) {
    quipu_server *s = j->server;
    pthread_mutex_lock(&s->lock);
    bool room = s->waiting < MOST_WAITING && !atomic_load(&s->closing);
    if (room) {
        /* Suspended before a worker can see it, or it might be resumed first. */
        s->mhd.MHD_suspend_connection(j->connection);
        j->next = NULL;
        if (s->last != NULL)
            s->last->next = j;
        else
            s->first = j;
        s->last = j;
        s->waiting++;
        pthread_cond_signal(&s->ready);
    }
    pthread_mutex_unlock(&s->lock);
    return room;
}

/* ---- what libmicrohttpd calls ---- */

static void drop_body(void *body) {
    qi_body_drop(body);
}

static enum MHD_Result send_response(job *j) {
    quipu_server *s = j->server;
    qi_http_response *r = &j->response;
    struct MHD_Response *response;
    if (r->status == 499)
        return MHD_NO; /* nobody is there */
    if (r->body != NULL)
        response = s->mhd.MHD_create_response_from_buffer_with_free_callback_cls(
            r->body->length, r->body->bytes, drop_body, qi_body_hold(r->body));
    else
        response = s->mhd.MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    if (response == NULL) {
        qi_body_drop(r->body);
        return MHD_NO;
    }
    for (size_t i = 0; i < r->n_headers; i++)
        s->mhd.MHD_add_response_header(response, r->headers[i].name, r->headers[i].value);
    if (atomic_load(&s->closing))
        s->mhd.MHD_add_response_header(response, "Connection", "close");
    enum MHD_Result result =
        s->mhd.MHD_queue_response(j->connection, (unsigned)r->status, response);
    s->mhd.MHD_destroy_response(response);
    return result;
}

static void name_client(job *j) {
    const union MHD_ConnectionInfo *info = j->server->mhd.MHD_get_connection_info(
        j->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info != NULL ? info->client_addr : NULL;
    if (address == NULL)
        return;
    socklen_t length = address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                      : sizeof(struct sockaddr_in);
    if (getnameinfo(address, length, j->client, sizeof j->client, NULL, 0, NI_NUMERICHOST) != 0)
        j->client[0] = '\0';
}

static bool start(job *j, struct MHD_Connection *connection, const char *method) {
    const qi_mhd_calls *mhd = &j->server->mhd;
    const union MHD_ConnectionInfo *info;
    j->started = true;
    j->connection = connection;
    j->method = strdup(method);
    j->host = mhd->MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
    j->if_none_match =
        mhd->MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match");
    j->accept_encoding =
        mhd->MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept-Encoding");
    info = mhd->MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    j->fd = info != NULL ? info->connect_fd : -1;
    name_client(j);
    return j->method != NULL;
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *connection,
                                  const char *url, const char *method, const char *version,
                                  const char *upload, size_t *upload_size, void **state) {
    job *j = *state;
    QI_UNUSED(user);
    QI_UNUSED(url);
    QI_UNUSED(version);
    QI_UNUSED(upload);
    if (j == NULL)
        return MHD_NO;
    if (!j->started)
        return start(j, connection, method) ? MHD_YES : MHD_NO;
    if (*upload_size > 0) {
        /* What is sent is read to its end, or the client would never see the refusal. */
        *upload_size = 0;
        return MHD_YES;
    }
    if (!j->done) {
        answer(j, true);
        if (!j->done) {
            if (stand_in_line(j))
                return MHD_YES;
            j->response.status = 503;
            j->done = true;
        }
    }
    return send_response(j);
}

/* The line as it was sent, before anybody has decoded it. */
static void *on_target(void *user, const char *target, struct MHD_Connection *connection) {
    quipu_server *s = user;
    job *j = calloc(1, sizeof *j);
    QI_UNUSED(connection);
    if (j == NULL)
        return NULL;
    j->server = s;
    j->fd = -1;
    j->begun = qi_now_us();
    j->target = strdup(target);
    if (j->target == NULL) {
        free(j);
        return NULL;
    }
    atomic_fetch_add(&s->context.counters.running, 1);
    return j;
}

static void on_end(void *user, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode why) {
    quipu_server *s = user;
    job *j = *state;
    QI_UNUSED(connection);
    QI_UNUSED(why);
    if (j == NULL)
        return;
    *state = NULL;
    int64_t took = qi_now_us() - j->begun;
    if (j->response.status != 0)
        qi_counters_note(&s->context.counters, &j->response, took);
    if (s->context.log != NULL && j->method != NULL) {
        qi_http_request request = {.method = j->method, .target = j->target};
        qi_arena arena = {0};
        if (j->response.route == NULL)
            j->response.route = "none";
        char *line = qi_log_line(&request, &j->response, j->client, took, &arena);
        if (line != NULL)
            s->context.log(s->context.log_user, line, strlen(line));
        qi_arena_free(&arena);
    }
    qi_http_response_free(&j->response);
    free(j->target);
    free(j->method);
    free(j);
    atomic_fetch_sub(&s->context.counters.running, 1);
}

/* ---- opening ---- */

/* Each connection is a file descriptor. */
static unsigned let_be_open(unsigned wanted) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 256;
    rlim_t need = (rlim_t)wanted + 64;
    if (limit.rlim_cur < need) {
        limit.rlim_cur = limit.rlim_max < need ? limit.rlim_max : need;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    rlim_t most = limit.rlim_cur > 128 ? limit.rlim_cur - 64 : 64;
    return most < wanted ? (unsigned)most : wanted;
}

static bool is_loopback(const struct sockaddr *address) {
    if (address->sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(
            &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
    const struct sockaddr_in *four = (const void *)address;
    return (ntohl(four->sin_addr.s_addr) >> 24) == 127;
}

static unsigned port_of(int fd) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        return 0;
    return ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                               : ((struct sockaddr_in *)&address)->sin_port);
}

static quipu_status listen_at(quipu_server *s, const char *host, unsigned port,
                              quipu_error *err) {
    struct addrinfo *found = NULL, hints = {.ai_family = AF_UNSPEC,
                                            .ai_socktype = SOCK_STREAM,
                                            .ai_flags = AI_NUMERICHOST | AI_PASSIVE};
    char text[16];
    if (strcmp(host, "localhost") == 0)
        host = "127.0.0.1";
    snprintf(text, sizeof text, "%u", port);
    if (port > 65535 || getaddrinfo(host, text, &hints, &found) != 0)
        return qi_fail(
            err, QUIPU_E_ARG,
            "cannot listen on %.60s port %u: an address is wanted, such as 127.0.0.1, "
            "0.0.0.0 or ::1, and a port up to 65535",
            host, port);
    int yes = 1;
    s->context.loopback = is_loopback(found->ai_addr);
    s->listener = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = s->listener >= 0 &&
              setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
              bind(s->listener, found->ai_addr, found->ai_addrlen) == 0 &&
              listen(s->listener, 1024) == 0;
    int why = errno;
    freeaddrinfo(found);
    if (!ok)
        return qi_fail(
            err, QUIPU_E_IO, "cannot listen on %.60s port %u: %s%s", host, port, strerror(why),
            why == EADDRINUSE ? " (another server? take another --port, or 0 for any)" : "");
    s->port = port_of(s->listener);
    return QUIPU_OK;
}

static quipu_status start_workers(quipu_server *s, unsigned wanted, quipu_error *err) {
    unsigned n = wanted > 0 ? wanted : qi_cpu_count();
    s->workers = calloc(n, sizeof *s->workers);
    if (s->workers == NULL)
        return qi_fail_memory(err, n * sizeof *s->workers);
    while (s->n_workers < n) {
        if (pthread_create(&s->workers[s->n_workers], NULL, work, s) != 0)
            return qi_fail(err, QUIPU_E_NOMEM, "cannot start a thread");
        s->n_workers++;
    }
    return QUIPU_OK;
}

static quipu_status start_daemon(quipu_server *s, unsigned connections, quipu_error *err) {
    unsigned most = let_be_open(connections > 0 ? connections : 12000);
    s->daemon = s->mhd.MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, s,
        MHD_OPTION_LISTEN_SOCKET, s->listener, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)CARRIERS,
        MHD_OPTION_CONNECTION_LIMIT, most, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)ROOM_BYTES,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, s, MHD_OPTION_NOTIFY_COMPLETED, on_end, s,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    return s->daemon != NULL
               ? QUIPU_OK
               : qi_fail(err, QUIPU_E_IO, "the server cannot start: %s", strerror(errno));
}

static bool copy_options(quipu_server *s, const quipu_serve_options *o) {
    const char *from[] = {o->cube, o->invested, o->study};
    bool ok = true;
    for (size_t i = 0; i < QI_COUNT(from); i++)
        if (from[i] != NULL)
            ok = (s->texts[i] = strdup(from[i])) != NULL && ok;
    s->names = calloc(o->n_names + 1, sizeof *s->names);
    for (size_t i = 0; i < o->n_names && s->names != NULL; i++)
        ok = (s->names[i] = strdup(o->names[i])) != NULL && ok;
    if (!ok || s->names == NULL)
        return false;
    s->context = (qi_context){.cube_path = s->texts[0],
                              .register_path = s->texts[1],
                              .study_path = s->texts[2],
                              .names = (const char *const *)s->names,
                              .n_names = o->n_names,
                              .seconds = o->seconds,
                              .answer_bytes = (size_t)o->answer_bytes,
                              .cache_bytes = (size_t)o->cache_bytes,
                              .look_every_ms = 500,
                              .log = o->log,
                              .log_user = o->log_user};
    return true;
}

static void free_server(quipu_server *s) {
    for (size_t i = 0; i < QI_COUNT(s->texts); i++)
        free(s->texts[i]);
    for (size_t i = 0; s->names != NULL && s->names[i] != NULL; i++)
        free(s->names[i]);
    free(s->names);
    free(s->workers);
    if (s->listener >= 0)
        close(s->listener);
    qi_mhd_unload(&s->mhd);
    pthread_cond_destroy(&s->ready);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

quipu_status quipu_server_open(const quipu_serve_options *options, quipu_server **out,
                               quipu_error *err) {
    quipu_status status;
    qi_error_clear(err);
    *out = NULL;
    if (options->cube == NULL)
        return qi_fail(err, QUIPU_E_ARG, "a server needs a cube");
    quipu_server *s = calloc(1, sizeof *s);
    if (s == NULL)
        return qi_fail_memory(err, sizeof *s);
    s->listener = -1;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->ready, NULL);
    if (!copy_options(s, options)) {
        free_server(s);
        return qi_fail_memory(err, 0);
    }
    status =
        listen_at(s, options->host != NULL ? options->host : "127.0.0.1", options->port, err);
    if (status == QUIPU_OK)
        status = qi_mhd_load(&s->mhd, err);
    if (status == QUIPU_OK)
        status = qi_context_open(&s->context, err);
    if (status != QUIPU_OK) {
        free_server(s);
        return status;
    }
    QI_GO(start_workers(s, options->workers, err));
    QI_GO(start_daemon(s, options->connections, err));
    *out = s;
done:
    if (status != QUIPU_OK)
        quipu_server_close(s);
    return status;
}

unsigned quipu_server_port(const quipu_server *server) {
    return server->port;
}

/* ---- closing ---- */

static void wait_for_requests(quipu_server *s) {
    for (int waited = 0; waited < PATIENCE_MS; waited += 10) {
        struct timespec moment = {0, 10000000};
        if (atomic_load(&s->context.counters.running) == 0)
            return;
        nanosleep(&moment, NULL);
    }
}

void quipu_server_close(quipu_server *s) {
    if (s == NULL)
        return;
    if (s->daemon != NULL) {
        MHD_socket listener = s->mhd.MHD_quiesce_daemon(s->daemon);
        QI_UNUSED(listener); /* ours, closed with the rest */
        wait_for_requests(s);
    }
    atomic_store(&s->giving_up, true);
    pthread_mutex_lock(&s->lock);
    atomic_store(&s->closing, true);
    pthread_cond_broadcast(&s->ready);
    pthread_mutex_unlock(&s->lock);
    /* Workers empty the line before they go: nothing stays suspended. */
    for (size_t i = 0; i < s->n_workers; i++)
        pthread_join(s->workers[i], NULL);
    if (s->daemon != NULL)
        s->mhd.MHD_stop_daemon(s->daemon);
    qi_context_close(&s->context);
    free_server(s);
}
