/* SPDX-License-Identifier: Apache-2.0 */
/* metrics.c - is it there, and how is it doing: /healthz, /metrics, /robots.txt. */
#include "http/http.h"

#include <unistd.h>

static const double bounds[] = QI_BUCKETS;

void qi_route_health(qi_visit *v) {
    v->answer->status = 200;
    v->answer->type = "text/plain; charset=utf-8";
    v->answer->cache = "no-store";
    qi_buffer_text(&v->answer->bytes, "ok\n");
}

/* Nothing here is for search engines: they would ask every question there is. */
void qi_route_robots(qi_visit *v) {
    v->answer->status = 200;
    v->answer->type = "text/plain; charset=utf-8";
    v->answer->cache = "no-cache";
    qi_buffer_text(&v->answer->bytes, "User-agent: *\nDisallow: /\n");
}

void qi_counters_note(qi_counters *c, const qi_http_response *r, int64_t microseconds) {
    int kind = r->status / 100;
    size_t bucket = 0;
    while (bucket < QI_COUNT(bounds) && (double)microseconds > bounds[bucket] * 1e6)
        bucket++;
    atomic_fetch_add(&c->status[kind >= 1 && kind <= 5 ? kind : 0], 1);
    atomic_fetch_add(&c->bucket[bucket], 1);
    atomic_fetch_add(&c->microseconds, (unsigned long long)microseconds);
    if (r->body != NULL)
        atomic_fetch_add(&c->bytes, r->body->length);
}

static unsigned long long resident(void) {
    unsigned long long whole = 0, resident_pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%llu %llu", &whole, &resident_pages) != 2)
        resident_pages = 0;
    fclose(file);
    return resident_pages * (unsigned long long)sysconf(_SC_PAGESIZE);
}

static bool add_number(qi_buffer *out, const char *name, const char *kind, const char *help,
                       unsigned long long value) {
    return qi_buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %llu\n", name, help, name,
                            kind, name, value);
}

static bool add_times(qi_buffer *out, qi_counters *c) {
    unsigned long long sum = 0;
    bool ok = qi_buffer_text(out, "# HELP quipu_request_seconds How long answers took.\n"
                                  "# TYPE quipu_request_seconds histogram\n");
    for (size_t i = 0; i < QI_COUNT(bounds) && ok; i++) {
        sum += atomic_load(&c->bucket[i]);
        ok = qi_buffer_printf(out, "quipu_request_seconds_bucket{le=\"%g\"} %llu\n", bounds[i],
                              sum);
    }
    sum += atomic_load(&c->bucket[QI_COUNT(bounds)]);
    return ok && qi_buffer_printf(out,
                                  "quipu_request_seconds_bucket{le=\"+Inf\"} %llu\n"
                                  "quipu_request_seconds_sum %.6f\n"
                                  "quipu_request_seconds_count %llu\n",
                                  sum, (double)atomic_load(&c->microseconds) / 1e6, sum);
}

void qi_route_metrics(qi_visit *v) {
    static const char *const kinds[] = {"other", "1xx", "2xx", "3xx", "4xx", "5xx"};
    qi_context *context = v->context;
    qi_counters *c = &context->counters;
    qi_buffer *out = &v->answer->bytes;
    bool ok = qi_buffer_text(out, "# HELP quipu_requests_total Requests answered.\n"
                                  "# TYPE quipu_requests_total counter\n");
    for (size_t i = 0; i < QI_COUNT(kinds) && ok; i++)
        ok = qi_buffer_printf(out, "quipu_requests_total{status=\"%s\"} %llu\n", kinds[i],
                              (unsigned long long)atomic_load(&c->status[i]));
    ok = ok && add_times(out, c);
    ok = ok && add_number(out, "quipu_answers_kept_total", "counter",
                          "Requests answered from the cache.", atomic_load(&c->kept));
    ok = ok && add_number(out, "quipu_response_bytes_total", "counter", "Bytes of bodies.",
                          atomic_load(&c->bytes));
    ok = ok &&
         add_number(out, "quipu_reloads_total", "counter",
                    "Times the cube or the register was replaced.", atomic_load(&c->reloads));
    ok = ok &&
         add_number(out, "quipu_reloads_refused_total", "counter",
                    "Replacements that could not be opened.", atomic_load(&c->refused_reloads));
    ok = ok && add_number(out, "quipu_running", "gauge", "Requests on their way.",
                          atomic_load(&c->running));
    pthread_mutex_lock(&context->lock);
    qi_edition *e = context->current;
    size_t kept = qi_keep_bytes(e->kept);
    char fingerprint[40];
    snprintf(fingerprint, sizeof fingerprint, "%s", quipu_cube_fingerprint(e->cube));
    pthread_mutex_unlock(&context->lock);
    ok = ok && add_number(out, "quipu_cache_bytes", "gauge", "Bytes of answers kept.", kept);
    ok = ok && add_number(out, "quipu_resident_bytes", "gauge", "Memory in use.", resident());
    ok = ok && qi_buffer_printf(out,
                                "# HELP quipu_info What runs here.\n# TYPE quipu_info gauge\n"
                                "quipu_info{version=\"" QUIPU_VERSION "\",cube=\"%s\"} 1\n",
                                fingerprint);
    if (!ok) {
        qi_answer_fail(v->answer, 503, "out-of-memory", "out of memory");
        return;
    }
    v->answer->status = 200;
    v->answer->type = "text/plain; version=0.0.4; charset=utf-8";
    v->answer->cache = "no-store";
}
