/* SPDX-License-Identifier: Apache-2.0 */
/* handle.c - a request from its first check to its last header. */
#include "http/json.h"
#include "http/http.h"
#include "query/query.h"
#include "quipu/chart.h"

#include <time.h>

const char qi_policy_api[] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
                             "frame-ancestors 'self'; sandbox";
/* Tooltips of ECharts carry their style with them; scripts do not. */
const char qi_policy_page[] =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
/* A bundle is a page of its own with its scripts inside; it gets no way to the API. */
const char qi_policy_study[] =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-scripts allow-popups allow-downloads";

/* ---- routes ---- */

typedef struct path_route {
    const char *path; /* ends in "/": what follows is the rest */
    const char *name;
    const char *arguments; /* it takes; NULL = it looks by itself */
    bool of_cube, quick;   /* needs an edition; takes no time */
    bool fixed;            /* the same for as long as the program runs, whatever is asked */
    void (*run)(qi_visit *);
} path_route;

static const path_route routes[] = {
    {"/healthz", "healthz", "", false, true, false, qi_route_health},
    {"/metrics", "metrics", "", false, true, false, qi_route_metrics},
    {"/robots.txt", "robots", "", false, true, false, qi_route_robots},
    {"/openapi.json", "openapi", "v", true, false, false, qi_route_openapi},
    {"/api/v1/info", "info", "v", true, false, false, qi_route_info},
    {"/api/v1/countries", "countries", "v", true, false, false, qi_route_countries},
    {"/api/v1/groups", "groups", "v", true, false, false, qi_route_groups},
    {"/api/v1/products", "products", "v", true, false, false, qi_route_products},
    {"/api/v1/schemes", "schemes", "v", true, false, false, qi_route_schemes},
    {"/api/v1/search", "search", "v q limit language", true, false, false, qi_route_search},
    {"/api/v1/measures", "measures", "v brief", true, false, false, qi_route_measures},
    {"/api/v1/measures/", "measure", NULL, true, false, false, qi_route_measure},
    {"/api/v1/explain/", "explain", "v", true, false, false, qi_route_explain},
    {"/api/v1/studies", "studies", "v", true, false, false, qi_route_studies},
    {"/api/v1/studies/", "study", NULL, false, false, false, qi_route_study},
    {"/assets/", "asset", NULL, false, false, true, qi_route_asset},
};
static const path_route shell = {"/", "page", NULL, false, false, true, qi_route_shell};
static const path_route file = {"/", "file", NULL, false, false, true, qi_route_asset};

static const path_route *find_route(const char *path, const char **rest) {
    *rest = path;
    for (size_t i = 0; i < QI_COUNT(routes); i++) {
        size_t n = strlen(routes[i].path);
        bool open = routes[i].path[n - 1] == '/';
        if (open ? strncmp(path, routes[i].path, n) == 0 && path[n] != '\0'
                 : strcmp(path, routes[i].path) == 0) {
            *rest = path + (open ? n : 0);
            return &routes[i];
        }
    }
    if (strncmp(path, "/api", 4) == 0 && (path[4] == '/' || path[4] == '\0'))
        return NULL;
    if (strncmp(path, "/assets/", 8) == 0 || qi_has_extension(path))
        return &file;
    return &shell;
}

static void no_route(qi_answer *answer, const char *path) {
    qi_suggest near;
    char text[QI_SUGGEST_TEXT], message[512];
    qi_suggest_start(&near, path);
    for (size_t i = 0; i < QI_COUNT(routes); i++)
        qi_suggest_try(&near, routes[i].path);
    snprintf(message, sizeof message, "there is nothing at %.120s%s", path,
             qi_suggest_text(&near, text));
    qi_answer_fail(answer, 404, "not-found", message);
}

/* ---- errors ---- */

/* The names a message proposes: what stands between "did you mean" and "?". */
static void put_proposals(qi_json *j, const char *message) {
    const char *at = strstr(message, "id you mean ");
    qi_json_key(j, "proposals");
    qi_json_open(j, '[');
    at = at != NULL ? at + strlen("id you mean ") : "";
    const char *end = strchr(at, '?');
    while (end != NULL && at < end) {
        const char *comma = strstr(at, ", "), * or = strstr(at, " or ");
        const char *stop = comma != NULL && comma < end ? comma : end;
        stop = or != NULL && or < stop ? or : stop;
        const char *from = at, *to = stop;
        while (to > from && (to[-1] == '\'' || to[-1] == '"'))
            to--;
        from += *from == '\'' || *from == '"';
        char name[128];
        snprintf(name, sizeof name, "%.*s", (int)(to - from < 127 ? to - from : 127), from);
        if (name[0] != '\0')
            qi_json_text(j, name);
        at = stop + (stop == comma ? 2 : stop == or ? 4 : 1);
    }
    qi_json_close(j, ']');
}

void qi_answer_fail(qi_answer *a, int status, const char *code, const char *message) {
    a->bytes.length = 0;
    qi_json j = {.out = &a->bytes};
    qi_json_open(&j, '{');
    qi_json_key(&j, "error");
    qi_json_open(&j, '{');
    qi_json_pair_integer(&j, "status", status);
    qi_json_pair(&j, "code", code);
    qi_json_pair(&j, "message", message);
    put_proposals(&j, message);
    qi_json_close(&j, '}');
    qi_json_close(&j, '}');
    if (!j.failed)
        qi_buffer_text(&a->bytes, "\n");
    a->status = status;
    a->type = "application/json";
    a->policy = qi_policy_api;
    a->cache = "no-store";
    a->file = a->command = NULL;
    a->tag = 0;
    a->keep = false;
}

void qi_answer_error(qi_answer *a, const quipu_error *err) {
    static const struct {
        quipu_status status;
        int http;
        const char *code;
    } table[] = {
        {QUIPU_E_ARG, 400, "wrong-use"},       {QUIPU_E_NOT_FOUND, 404, "not-found"},
        {QUIPU_E_FORMAT, 500, "bad-file"},     {QUIPU_E_DATA, 422, "no-answer"},
        {QUIPU_E_LIMIT, 422, "too-large"},     {QUIPU_E_IO, 500, "system"},
        {QUIPU_E_NOMEM, 503, "out-of-memory"}, {QUIPU_E_STOPPED, 503, "too-slow"},
    };
    if (a->too_large) {
        qi_answer_fail(a, 422, "too-large",
                       "the answer is larger than this server gives: ask for fewer countries, "
                       "products or years");
        return;
    }
    if (err->status == QUIPU_E_STOPPED) {
        qi_answer_fail(a, 503, "too-slow",
                       "the answer takes longer than this server works on one: ask for less");
        return;
    }
    for (size_t i = 0; i < QI_COUNT(table); i++)
        if (table[i].status == err->status) {
            qi_answer_fail(a, table[i].http, table[i].code, err->text);
            return;
        }
    qi_answer_fail(a, 500, "bug", err->text);
}

bool qi_answer_sink(void *user, const char *bytes, size_t length) {
    qi_answer *a = user;
    if (length > a->most - a->bytes.length || a->bytes.length > a->most) {
        a->too_large = true;
        return false;
    }
    if (a->stop != NULL && a->stop(a->stop_user, 0, 0))
        return false;
    return qi_buffer_add(&a->bytes, bytes, length);
}

bool qi_only_arguments(qi_visit *v, const char *names) {
    for (size_t i = 0; i < v->target->n_arguments; i++) {
        const char *name = v->target->arguments[i].name;
        if (qi_has_word(names, name))
            continue;
        char message[256];
        snprintf(message, sizeof message, "%.60s takes no \"%.60s\"%s%.60s", v->target->path,
                 name, names[0] != '\0' ? "; it takes " : "", names);
        qi_answer_fail(v->answer, 400, "wrong-use", message);
        return false;
    }
    return true;
}

/* ?v=FINGERPRINT pins the data: better no figure than one of another release. */
static bool right_release(qi_visit *v) {
    const char *wanted = qi_target_get(v->target, "v");
    const char *ours = v->edition != NULL ? quipu_cube_fingerprint(v->edition->cube) : NULL;
    if (wanted == NULL || wanted[0] == '\0' || ours == NULL ||
        (strlen(wanted) >= 8 && strncmp(ours, wanted, strlen(wanted)) == 0))
        return true;
    char message[256];
    snprintf(
        message, sizeof message,
        "this address is for release %.40s; the one served here is %s: leave out v= to ask "
        "of this one",
        wanted, ours);
    qi_answer_fail(v->answer, 409, "other-release", message);
    return false;
}

/* ---- time ---- */

typedef struct watch {
    const qi_http_request *request;
    int64_t end, next; /* microseconds; when to look after the client again */
    bool left, late;
} watch;

static bool should_stop(void *user, uint64_t done, uint64_t total) {
    watch *w = user;
    QI_UNUSED(done);
    QI_UNUSED(total);
    if (w->left || w->late)
        return true;
    int64_t now = qi_now_us();
    w->late = now > w->end;
    if (now >= w->next && w->request->left != NULL) {
        w->left = w->request->left(w->request->left_user);
        w->next = now + 20000;
    }
    return w->left || w->late;
}

/* ---- headers ---- */

static void add_header(qi_http_response *r, const char *name, const char *value) {
    if (value != NULL && r->n_headers < QI_MOST_HEADERS)
        r->headers[r->n_headers++] = (qi_http_header){name, value};
}

static void add_common(qi_http_response *r, const char *policy) {
    add_header(r, "Content-Security-Policy", policy);
    add_header(r, "X-Content-Type-Options", "nosniff");
    add_header(r, "X-Frame-Options", "SAMEORIGIN");
    add_header(r, "Referrer-Policy", "no-referrer");
    add_header(r, "Cross-Origin-Resource-Policy", "same-origin");
    add_header(r, "Cross-Origin-Opener-Policy", "same-origin");
    add_header(r, "Permissions-Policy",
               "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
}

/* Packed bytes are other bytes: each encoding has a tag of its own. */
static const char *tag_text(qi_http_response *r, uint64_t tag, qi_encoding encoding) {
    static const char *const ends[QI_N_ENCODINGS] = {"", "-gzip", "-zstd", "-br"};
    return qi_arena_printf(&r->arena, "\"%016llx%s\"", (unsigned long long)tag, ends[encoding]);
}

static bool tag_matches(const char *header, const char *tag) {
    size_t n = strlen(tag);
    if (header == NULL)
        return false;
    if (strcmp(header, "*") == 0)
        return true;
    for (const char *at = header; (at = strstr(at, tag)) != NULL; at += n)
        if (at == header || at[-1] == ' ' || at[-1] == ',' || at[-1] == '/')
            return true;
    return false;
}

static const char *disposition(qi_http_response *r, const char *name) {
    return name != NULL ? qi_arena_printf(&r->arena, "attachment; filename=\"%s\"", name)
                        : NULL;
}

/* From what is kept (or just made) to what is sent. */
static void send_kept(qi_context *c, qi_keep *keep, const qi_http_request *request,
                      const char *key, qi_kept *kept, qi_http_response *r) {
    qi_encoding encoding =
        qi_encoding_choose(&c->packer, request->accept_encoding, kept->body[QI_BROTLI] != NULL);
    if (encoding != QI_PLAIN && kept->body[encoding] == NULL) {
        kept->body[encoding] = qi_pack(&c->packer, kept->body[QI_PLAIN], encoding);
        atomic_fetch_add(&c->counters.packed, 1);
        if (kept->body[encoding] != NULL && keep != NULL)
            qi_keep_add(keep, key, kept);
    }
    if (kept->body[encoding] == NULL)
        encoding = QI_PLAIN;
    r->status = 200;
    add_header(r, "Content-Type", kept->type);
    add_header(r, "Content-Encoding", qi_encoding_name(encoding));
    add_header(r, "Content-Disposition", disposition(r, kept->file));
    add_header(r, "Quipu-Command", kept->command);
    add_header(r, "Vary", "Accept-Encoding");
    add_header(r, "Cache-Control", kept->cache);
    if (kept->tag != 0) {
        const char *tag = tag_text(r, kept->tag, encoding);
        add_header(r, "ETag", tag);
        if (tag != NULL && tag_matches(request->if_none_match, tag))
            r->status = 304;
    }
    if (r->status == 200)
        r->body = qi_body_hold(kept->body[encoding]);
    add_common(r, kept->policy);
}

static void send_answer(qi_context *c, qi_keep *keep, const qi_http_request *request,
                        const char *key, qi_answer *a, qi_http_response *r) {
    qi_kept kept = {.type = a->type,
                    .file = a->file,
                    .command = a->command,
                    .policy = a->policy,
                    .cache = a->cache,
                    .tag = a->tag};
    kept.body[QI_PLAIN] = qi_body_make(a->bytes.bytes, a->bytes.length);
    for (size_t i = QI_PLAIN + 1; i < QI_N_ENCODINGS; i++)
        kept.body[i] = a->packed[i];
    if (kept.body[QI_PLAIN] == NULL) {
        r->status = 503;
        qi_kept_drop(&kept);
        return;
    }
    if (a->status == 200) {
        if (a->keep && keep != NULL)
            qi_keep_add(keep, key, &kept);
        send_kept(c, a->keep ? keep : NULL, request, key, &kept, r);
    } else {
        r->status = a->status;
        r->body = qi_body_hold(kept.body[QI_PLAIN]);
        add_header(r, "Content-Type", a->type);
        add_header(r, "Cache-Control", a->cache);
        if (a->status == 405)
            add_header(r, "Allow", "GET, HEAD");
        if (a->status == 503)
            add_header(r, "Retry-After", "5");
        add_common(r, a->policy);
    }
    qi_kept_drop(&kept);
}

/* ---- the whole way ---- */

static bool may_ask(qi_context *c, const qi_http_request *request, qi_answer *a) {
    if (!qi_host_allowed(request->host, c->loopback, c->names, c->n_names)) {
        qi_answer_fail(a, request->host == NULL ? 400 : 421, "wrong-host",
                       request->host == NULL
                           ? "a request names the host it is for"
                           : "this server answers to its address and to localhost only; other "
                             "names are given to it with --name");
        return false;
    }
    if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0) {
        qi_answer_fail(a, 405, "read-only", "this server is only read from: GET and HEAD");
        return false;
    }
    return true;
}

static void run_route(qi_context *c, const path_route *route, qi_visit *v,
                      const qi_http_request *request, qi_http_response *r) {
    qi_answer *a = v->answer;
    qi_keep *keep = v->edition != NULL ? v->edition->kept : route->fixed ? c->assets : NULL;
    qi_kept kept = {0};
    if (keep != NULL && right_release(v) &&
        qi_keep_find(keep, v->target->key, &r->arena, &kept)) {
        r->kept = true;
        atomic_fetch_add(&c->counters.kept, 1);
        send_kept(c, keep, request, v->target->key, &kept, r);
        qi_kept_drop(&kept);
        return;
    }
    if (a->status == 0 && request->quick && !route->quick)
        return;
    watch w = {.request = request, .end = qi_now_us() + (int64_t)c->seconds * 1000000};
    a->stop = should_stop;
    a->stop_user = &w;
    if (a->status == 0 && (route->arguments == NULL || qi_only_arguments(v, route->arguments)))
        route->run(v);
    if (a->status == 0)
        qi_answer_fail(a, 500, "bug", "no answer was made");
    r->kept = false;
    send_answer(c, keep, request, v->target->key, a, r);
    if (w.left)
        r->status = 499; /* nobody to send it to; for the log */
}

/* An answer begins as that of a route of the API; a route changes what is different. */
static qi_answer answer_start(const qi_context *c, const qi_edition *e, const char *key) {
    uint64_t both[2] = {e != NULL ? e->seed : 0, qi_hash64(key, strlen(key))};
    return (qi_answer){.type = "application/json",
                       .policy = qi_policy_api,
                       .cache = e != NULL ? "no-cache" : "no-store",
                       .tag = e != NULL ? qi_hash64(both, sizeof both) | 1 : 0,
                       .keep = e != NULL,
                       .most = c->answer_bytes};
}

static void answer_target(qi_context *c, const qi_http_request *request, qi_http_response *r) {
    qi_target *target = qi_arena_alloc(&r->arena, sizeof *target);
    qi_answer a = {.most = c->answer_bytes};
    quipu_error err = {0};
    qi_visit v = {
        .context = c, .request = request, .target = target, .arena = &r->arena, .answer = &a};
    if (target == NULL) {
        r->status = 503;
        return;
    }
    quipu_status status = qi_target_parse(request->target, &r->arena, target, &err);
    if (status != QUIPU_OK) {
        qi_answer_fail(&a, status == QUIPU_E_LIMIT ? 414 : 400, "bad-address", err.text);
        send_answer(c, NULL, request, "", &a, r);
    } else {
        const path_route *route = find_route(target->path, &v.rest);
        if (route == NULL) {
            no_route(&a, target->path);
            send_answer(c, NULL, request, "", &a, r);
        } else {
            r->route = route->name;
            if (route->fixed) /* arguments are for the page's own script */
                target->key = route == &shell ? shell.path : target->path;
            v.edition = route->of_cube ? qi_edition_take(c, request->quick) : NULL;
            a = answer_start(c, v.edition, target->key);
            if (!route->of_cube || v.edition != NULL)
                run_route(c, route, &v, request, r);
            qi_edition_drop(v.edition);
        }
    }
    qi_buffer_free(&a.bytes);
}

void qi_http_handle(qi_context *c, const qi_http_request *request, qi_http_response *r) {
    qi_answer a = {.most = c->answer_bytes};
    memset(r, 0, sizeof *r);
    r->route = "none";
    if (may_ask(c, request, &a))
        answer_target(c, request, r);
    else
        send_answer(c, NULL, request, "", &a, r);
    qi_buffer_free(&a.bytes);
}

void qi_http_response_free(qi_http_response *r) {
    qi_body_drop(r->body);
    qi_arena_free(&r->arena);
    memset(r, 0, sizeof *r);
}

/* ---- the log ---- */

char *qi_log_line(const qi_http_request *request, const qi_http_response *r, const char *client,
                  int64_t microseconds, qi_arena *arena) {
    qi_buffer out = {0};
    qi_json j = {.out = &out};
    char time_text[32], ms[QI_NUMBER_TEXT];
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t n = strftime(time_text, sizeof time_text, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(time_text + n, sizeof time_text - n, ".%03dZ", (int)(now.tv_nsec / 1000000));
    qi_json_open(&j, '{');
    qi_json_pair(&j, "time", time_text);
    qi_json_pair(&j, "client", client);
    qi_json_pair(&j, "method", request->method);
    qi_json_pair(&j, "target", request->target);
    qi_json_pair_integer(&j, "status", r->status);
    qi_json_pair_integer(&j, "bytes", r->body != NULL ? (int64_t)r->body->length : 0);
    qi_json_key(&j, "ms");
    qi_json_money(&j, microseconds); /* thousandths of a millisecond */
    QI_UNUSED(ms);
    qi_json_pair(&j, "route", r->route);
    qi_json_pair_bool(&j, "kept", r->kept);
    qi_json_close(&j, '}');
    bool ok = !j.failed && qi_buffer_text(&out, "\n");
    char *line = ok ? qi_arena_text(arena, out.bytes, out.length) : NULL;
    qi_buffer_free(&out);
    return line;
}

/* ---- the context ---- */

quipu_status qi_context_open(qi_context *c, quipu_error *err) {
    quipu_status status;
    if (pthread_mutex_init(&c->lock, NULL) != 0)
        return qi_fail(err, QUIPU_E_NOMEM, "no lock to be had");
    c->seconds = c->seconds > 0 ? c->seconds : 30;
    c->answer_bytes = c->answer_bytes > 0 ? c->answer_bytes : (size_t)64 << 20;
    c->cache_bytes = c->cache_bytes > 0 ? c->cache_bytes : (size_t)64 << 20;
    qi_packer_open(&c->packer);
    QI_GO(quipu_nomen_open(&c->nomen, err));
    c->assets = qi_keep_open((size_t)128 << 20);
    if (c->assets == NULL)
        QI_GO(qi_fail_memory(err, 0));
    QI_GO(qi_edition_open(c, &c->current, err));
    c->looked_ms = qi_now_us() / 1000;
done:
    if (status != QUIPU_OK)
        qi_context_close(c);
    return status;
}

void qi_context_close(qi_context *c) {
    for (size_t i = 0; i < c->n_engines; i++)
        quipu_chart_engine_close(c->engines[i]);
    qi_edition_drop(c->current);
    qi_keep_close(c->assets);
    quipu_nomen_close(c->nomen);
    qi_packer_close(&c->packer);
    pthread_mutex_destroy(&c->lock);
    memset(c, 0, sizeof *c);
}
