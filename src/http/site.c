/* SPDX-License-Identifier: Apache-2.0 */
/* site.c - pages and assets: the web build that was compiled in, or a plain page of ours.
 *
 * Assets whose names carry a hash never change under that name and are kept by browsers for
 * good.  Every path without an extension is the application's own.
 */
#include "http/embed.h"
#include "http/json.h"
#include "http/http.h"

#include <zlib.h>

static const char SHELL[] = "/index.html";

bool qi_has_extension(const char *path) {
    const char *last = strrchr(path, '/'), *dot = strrchr(last != NULL ? last : path, '.');
    return dot != NULL && dot[1 + strspn(dot + 1, "0123456789")] != '\0';
}

const char *qi_media_of_file(const char *name) {
    static const struct {
        const char *end, *media;
    } table[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".pdf", "application/pdf"},
        {".csv", "text/csv; charset=utf-8"},
        {".md", "text/markdown; charset=utf-8"},
        {".tex", "application/x-latex"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".webmanifest", "application/manifest+json"},
        {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {".txt", "text/plain; charset=utf-8"},
        {".map", "application/json"},
        {".cff", "text/plain; charset=utf-8"},
        {".yaml", "text/plain; charset=utf-8"},
    };
    size_t length = strlen(name);
    for (size_t i = 0; i < QI_COUNT(table); i++) {
        size_t end = strlen(table[i].end);
        if (end < length && strcmp(name + length - end, table[i].end) == 0)
            return table[i].media;
    }
    return "application/octet-stream";
}

/* ---- the web build ---- */

static const qi_embedded *find_file(const char *path) {
    size_t n;
    const qi_embedded *files = qi_embedded_files(&n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(files[i].path, path) == 0)
            return &files[i];
    return NULL;
}

static bool unpack(const qi_embedded *file, qi_buffer *out) {
    z_stream z = {.next_in = (Bytef *)(uintptr_t)qi_embedded_bytes(file),
                  .avail_in = (uInt)file->packed};
    if (!qi_buffer_reserve(out, (size_t)file->whole + 1) || inflateInit2(&z, 15 + 16) != Z_OK)
        return false;
    z.next_out = (Bytef *)out->bytes;
    z.avail_out = (uInt)file->whole;
    bool ok = inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == file->whole;
    inflateEnd(&z);
    out->length = (size_t)file->whole;
    out->bytes[out->length] = '\0';
    return ok;
}

static void send_file(qi_visit *v, const qi_embedded *file) {
    qi_answer *a = v->answer;
    if (!unpack(file, &a->bytes)) {
        qi_answer_fail(a, 500, "bug", "a file of the pages does not unpack");
        return;
    }
    a->packed[QI_GZIP] = qi_body_make(qi_embedded_bytes(file), (size_t)file->packed);
    if (file->brotli > 0)
        a->packed[QI_BROTLI] =
            qi_body_make(qi_embedded_bytes(file) + file->packed, (size_t)file->brotli);
    a->status = 200;
    a->type = qi_media_of_file(file->path);
    a->policy = qi_policy_page;
    a->tag = qi_hash64(a->bytes.bytes, a->bytes.length) | 1;
    a->keep = true;
    a->cache = strncmp(file->path, "/assets/", 8) == 0 ? "public, max-age=31536000, immutable"
                                                       : "no-cache";
}

void qi_route_asset(qi_visit *v) {
    const char *path = v->target->path;
    const qi_embedded *file = find_file(path);
    if (file != NULL) {
        send_file(v, file);
    } else {
        char message[256];
        snprintf(message, sizeof message, "there is no file %.150s", path);
        qi_answer_fail(v->answer, 404, "not-found", message);
    }
}

/* ---- a page without the web build ---- */

static bool add_escaped(qi_buffer *out, const char *text) {
    bool ok = true;
    for (const char *c = text; *c != '\0' && ok; c++)
        switch (*c) {
        case '<': ok = qi_buffer_text(out, "&lt;"); break;
        case '>': ok = qi_buffer_text(out, "&gt;"); break;
        case '&': ok = qi_buffer_text(out, "&amp;"); break;
        case '"': ok = qi_buffer_text(out, "&quot;"); break;
        default: ok = qi_buffer_add(out, c, 1);
        }
    return ok;
}

static bool add_link(qi_buffer *out, const char *url, const char *query, const char *text) {
    return qi_buffer_text(out, "<a href=\"") && add_escaped(out, url) &&
           add_escaped(out, query) && qi_buffer_text(out, "\">") && add_escaped(out, text) &&
           qi_buffer_text(out, "</a>");
}

static bool add_measure(qi_buffer *out, const quipu_measure *m, qi_arena *arena) {
    static const char *const formats[] = {"csv", "html", "xlsx", "svg"};
    const char *url = qi_example_url(m, arena);
    bool ok = qi_buffer_text(out, "<tr><th>") && add_escaped(out, m->name) &&
              qi_buffer_text(out, "</th><td>") && add_escaped(out, m->summary) &&
              qi_buffer_text(out, "</td><td>");
    if (url == NULL)
        return ok && qi_buffer_text(out, "wants a file: on the command line</td></tr>\n");
    ok = ok && add_link(out, url, "", "json");
    for (size_t i = 0; i < QI_COUNT(formats); i++) {
        const char *query = qi_arena_printf(arena, "%cformat=%s",
                                            strchr(url, '?') != NULL ? '&' : '?', formats[i]);
        ok = ok && query != NULL && qi_buffer_text(out, " ") &&
             add_link(out, url, query, formats[i]);
    }
    return ok && qi_buffer_text(out, "</td></tr>\n");
}

static bool add_page(qi_buffer *out, qi_arena *arena) {
    static const char *const lists[] = {"/api/v1/info",    "/api/v1/countries",
                                        "/api/v1/groups",  "/api/v1/products",
                                        "/api/v1/schemes", "/api/v1/measures",
                                        "/api/v1/studies", "/api/v1/search?q=peru+china",
                                        "/openapi.json",   "/metrics"};
    size_t n;
    const quipu_measure *const *measures = quipu_measures(&n);
    bool ok = qi_buffer_text(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>quipu</title>\n"
        "<style>body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "th{text-align:left;vertical-align:top;padding-right:1rem}"
        "td{padding-right:1rem;vertical-align:top}</style></head><body>\n"
        "<h1>quipu " QUIPU_VERSION "</h1>\n"
        "<p>This program was built without its pages (make with <code>web/</code> builds "
        "them in). Everything can be asked of it all the same.</p>\n<h2>Lists</h2>\n<p>");
    for (size_t i = 0; i < QI_COUNT(lists) && ok; i++)
        ok = add_link(out, lists[i], "", lists[i]) && qi_buffer_text(out, "<br>\n");
    ok = ok && qi_buffer_text(out, "</p>\n<h2>Measures</h2>\n<p>Each with its example, which "
                                   "stands for data this cube may not have.</p>\n<table>\n");
    for (size_t i = 0; i < n && ok; i++)
        ok = add_measure(out, measures[i], arena);
    return ok && qi_buffer_text(out, "</table></body></html>\n");
}

void qi_route_shell(qi_visit *v) {
    const qi_embedded *file = find_file(SHELL);
    qi_answer *a = v->answer;
    if (file != NULL) {
        send_file(v, file);
        return;
    }
    if (!add_page(&a->bytes, v->arena)) {
        qi_answer_fail(a, 503, "out-of-memory", "out of memory");
        return;
    }
    a->status = 200;
    a->type = "text/html; charset=utf-8";
    a->policy = qi_policy_page;
    a->cache = "no-cache";
    a->tag = qi_hash64(a->bytes.bytes, a->bytes.length) | 1;
}
