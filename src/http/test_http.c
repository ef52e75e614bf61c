/* SPDX-License-Identifier: Apache-2.0 */
/* test_http.c - requests answered without a socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../tests/support/world.h"
#include "http/embed.h"
#include "http/http.h"

typedef struct place {
    qi_context context;
    char cube[64];
} place;

static void write_world(const char *path, uint64_t seed) {
    const qt_world_spec spec = {.seed = seed, .n_countries = 12, .n_products = 60};
    quipu_error err = {0};
    if (qt_world_write(path, &spec, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
}

static place *open_place(const qi_context *wanted) {
    place *p = calloc(1, sizeof *p);
    quipu_error err = {0};
    assert_non_null(p);
    snprintf(p->cube, sizeof p->cube, "/tmp/quipu-http-XXXXXX");
    int fd = mkstemp(p->cube);
    assert_true(fd >= 0);
    close(fd);
    write_world(p->cube, 3);
    p->context = *wanted;
    p->context.cube_path = p->cube;
    p->context.loopback = true;
    if (qi_context_open(&p->context, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    return p;
}

static void close_place(place *p) {
    qi_context_close(&p->context);
    unlink(p->cube);
    free(p);
}

static qi_http_response ask_as(place *p, qi_http_request request) {
    qi_http_response r;
    if (request.method == NULL)
        request.method = "GET";
    if (request.host == NULL)
        request.host = "localhost:1";
    qi_http_handle(&p->context, &request, &r);
    return r;
}

static qi_http_response ask(place *p, const char *target) {
    return ask_as(p, (qi_http_request){.target = target});
}

static const char *header(const qi_http_response *r, const char *name) {
    for (size_t i = 0; i < r->n_headers; i++)
        if (strcmp(r->headers[i].name, name) == 0)
            return r->headers[i].value;
    return NULL;
}

static bool holds(const qi_http_response *r, const char *text) {
    size_t n = strlen(text);
    for (size_t i = 0; r->body != NULL && i + n <= r->body->length; i++)
        if (memcmp(r->body->bytes + i, text, n) == 0)
            return true;
    return false;
}

static void expect(place *p, const char *target, int status, const char *text) {
    qi_http_response r = ask(p, target);
    if (r.status != status || (text != NULL && !holds(&r, text)))
        fail_msg("%s: %d %.*s", target, r.status, r.body != NULL ? (int)r.body->length : 0,
                 r.body != NULL ? r.body->bytes : "");
    qi_http_response_free(&r);
}

static void expect_no(place *p, const char *target, const char *text) {
    qi_http_response r = ask(p, target);
    if (holds(&r, text))
        fail_msg("%s: %d %.*s", target, r.status, (int)r.body->length, r.body->bytes);
    qi_http_response_free(&r);
}

#define GROWTH "/api/v1/measures/growth?reporter=Peru&partner=China&years=2000-2002"

/* ---- addresses ---- */

static void targets_are_taken_apart(void **unused) {
    QI_UNUSED(unused);
    qi_arena arena = {0};
    qi_target t;
    quipu_error err = {0};
    assert_int_equal(qi_target_parse("/a%20b/c?x=1%2C2&y=a+b&z&e=&&#frag", &arena, &t, &err),
                     QUIPU_OK);
    assert_string_equal(t.path, "/a b/c");
    assert_int_equal(t.n_arguments, 4);
    assert_string_equal(qi_target_get(&t, "x"), "1,2");
    assert_string_equal(qi_target_get(&t, "y"), "a b");
    assert_string_equal(qi_target_get(&t, "z"), "yes");
    assert_string_equal(qi_target_get(&t, "e"), "");
    assert_null(qi_target_get(&t, "frag"));
    const char *key = t.key;
    assert_int_equal(qi_target_parse("/a%20b/c?e=&z&y=a%20b&x=1,2", &arena, &t, &err),
                     QUIPU_OK);
    assert_string_equal(key, t.key);
    /* No value of one argument can be mistaken for another argument. */
    assert_int_equal(qi_target_parse("/a%20b/c?e=&z&y=a%20b%26x=1,2", &arena, &t, &err),
                     QUIPU_OK);
    assert_string_not_equal(key, t.key);
    qi_arena_free(&arena);
}

static void bad_targets_are_refused(void **unused) {
    QI_UNUSED(unused);
    static const char *const bad[] = {
        "",          "a",       "*",          "//",     "/a//b", "/..",    "/a/../b",
        "/%2e%2e/x", "/.",      "/%",         "/%1",    "/%zz",  "/%00",   "/a%0d%0ab",
        "/%ff",      "/%c0%af", "/a\\b",      "/a%5cb", "/?%",   "/?a=%f", "/?a=1&a=2",
        "/?a%00",    "/?=%0a",  "http://x/y", "/%2f/x"};
    qi_arena arena = {0};
    qi_target t;
    for (size_t i = 0; i < QI_COUNT(bad); i++) {
        quipu_error err = {0};
        if (qi_target_parse(bad[i], &arena, &t, &err) != QUIPU_E_ARG || err.text[0] == '\0')
            fail_msg("%s was taken", bad[i]);
    }
    char *longer = malloc(QI_MOST_TARGET + 2);
    memset(longer, 'a', QI_MOST_TARGET + 1);
    longer[0] = '/';
    longer[QI_MOST_TARGET + 1] = '\0';
    assert_int_equal(qi_target_parse(longer, &arena, &t, NULL), QUIPU_E_LIMIT);
    longer[QI_MOST_TARGET] = '\0';
    assert_int_equal(qi_target_parse(longer, &arena, &t, NULL), QUIPU_OK);
    free(longer);
    qi_arena_free(&arena);
}

static void hosts_are_looked_at(void **unused) {
    QI_UNUSED(unused);
    static const char *const names[] = {"trade.example"};
    static const struct {
        const char *host;
        bool here, anywhere; /* bound to loopback, or not */
    } cases[] = {{"localhost", true, true},
                 {"LocalHost:8417", true, true},
                 {"localhost.:1", true, true},
                 {"127.0.0.1", true, true},
                 {"127.255.0.9:65535", true, true},
                 {"[::1]:8417", true, true},
                 {"trade.example:443", true, true},
                 {"192.168.1.7", false, true},
                 {"[fe80::1]", false, true},
                 {"127.0.0.1.evil", false, false},
                 {"127.0.0", false, false},
                 {"1.2.3.4.5", false, false},
                 {"1..2.3", false, false},
                 {"evil", false, false},
                 {"localhost:", false, false},
                 {"localhost:1x", false, false},
                 {"localhost:123456", false, false},
                 {"xlocalhost", false, false},
                 {"", false, false},
                 {":80", false, false},
                 {"[::1", false, false},
                 {"[::1]x", false, false},
                 {"[evil]", false, false},
                 {".", false, false},
                 {NULL, false, false}};
    for (size_t i = 0; i < QI_COUNT(cases); i++)
        if (qi_host_allowed(cases[i].host, true, names, 1) != cases[i].here ||
            qi_host_allowed(cases[i].host, false, names, 1) != cases[i].anywhere)
            fail_msg("%s", cases[i].host != NULL ? cases[i].host : "none");
}

/* ---- encodings ---- */

static void encodings_are_chosen(void **unused) {
    QI_UNUSED(unused);
    qi_packer packer = {0};
    assert_int_equal(qi_encoding_choose(&packer, NULL, false), QI_PLAIN);
    assert_int_equal(qi_encoding_choose(&packer, "gzip", false), QI_GZIP);
    assert_int_equal(qi_encoding_choose(&packer, "br, gzip;q=0.5", false), QI_GZIP);
    assert_int_equal(qi_encoding_choose(&packer, "gzip;q=0", false), QI_PLAIN);
    assert_int_equal(qi_encoding_choose(&packer, "gzip; q=0.000", false), QI_PLAIN);
    assert_int_equal(qi_encoding_choose(&packer, "xgzip, gzipx", false), QI_PLAIN);
    assert_int_equal(qi_encoding_choose(&packer, "zstd", false), QI_PLAIN);
    assert_int_equal(qi_encoding_choose(&packer, "gzip, br", true), QI_BROTLI);
    assert_int_equal(qi_encoding_choose(&packer, "gzip, br;q=0", true), QI_GZIP);
    qi_packer_open(&packer);
    if (packer.library != NULL)
        assert_int_equal(qi_encoding_choose(&packer, "gzip, br,zstd", false), QI_ZSTD);
    qi_packer_close(&packer);
}

/* ---- answers kept ---- */

static void cache_keeps_to_its_size(void **unused) {
    QI_UNUSED(unused);
    qi_keep *keep = qi_keep_open(20000);
    char key[32], bytes[1000] = {0};
    qi_arena arena = {0};
    for (int i = 0; i < 100; i++) {
        qi_kept one = {.type = "x", .command = "quipu", .body = {qi_body_make(bytes, 1000)}};
        snprintf(key, sizeof key, "/%d", i);
        qi_keep_add(keep, key, &one);
        qi_kept_drop(&one);
        assert_true(qi_keep_bytes(keep) <= 20000);
        qi_kept found = {0};
        assert_true(qi_keep_find(keep, "/0", &arena, &found)); /* asked for: it stays */
        assert_string_equal(found.command, "quipu");
        qi_kept_drop(&found);
    }
    qi_kept found = {0};
    assert_false(qi_keep_find(keep, "/1", &arena, &found));
    assert_true(qi_keep_find(keep, "/99", &arena, &found));
    qi_kept_drop(&found);
    qi_kept large = {.type = "x", .body = {qi_body_make(bytes, 1000)}};
    large.body[QI_PLAIN]->length = 5000; /* larger than its part of the room */
    qi_keep_add(keep, "/large", &large);
    assert_false(qi_keep_find(keep, "/large", &arena, &found));
    qi_kept_drop(&large);
    qi_arena_free(&arena);
    qi_keep_close(keep);
}

/* ---- the whole way ---- */

static void measures_are_answered(void **state) {
    place *p = *state;
    expect(p, GROWTH, 200, "\"measure\":\"growth\"");
    expect(p, "/api/v1/measures/growth", 200, NULL);
    expect(p, GROWTH "&format=csv", 200, "from,to,");
    expect(p, GROWTH "&format=option", 200, "\"kind\":\"bar\"");
    expect(p, GROWTH "&format=option&chart=sankey&chart-x=from&chart-series=to", 200,
           "\"sankey\"");
    expect(p, "/api/v1/measures/value?reporter=Peru&format=option", 200, "\"quipu\"");
    expect(p, "/api/v1/measures/top?reporter=Peru&by=partner&limit=2&plain&format=jsonl", 200,
           "\"rank\":1");
    qi_http_response r =
        ask(p, "/api/v1/measures/value?reporter=Peru&partner=China&years=2000-2002"
               "&format=csv&wide=no&rest=");
    char command[256];
    snprintf(command, sizeof command,
             "quipu value %s --reporter Peru --partner China --years 2000-2002 --format csv",
             p->cube);
    assert_string_equal(header(&r, "Quipu-Command"), command);
    assert_string_equal(header(&r, "Content-Disposition"),
                        "attachment; filename=\"value-peru-china-2000-2002.csv\"");
    qi_http_response_free(&r);
}

/* What goes into a header is ASCII and one word for a shell. */
static void commands_are_quoted(void **state) {
    place *p = *state;
    qi_http_response r =
        ask(p, "/api/v1/measures/value?reporter=Per%C3%BA&product=26%27%3B&by=");
    assert_int_equal(r.status, 400);
    qi_http_response_free(&r);
    r = ask(p, "/api/v1/measures/value?reporter=Per%C3%BA%2BChina");
    assert_int_equal(r.status, 200);
    assert_non_null(strstr(header(&r, "Quipu-Command"), " --reporter $'Per\\303\\272+China' "));
    qi_http_response_free(&r);
    r = ask(p, "/api/v1/measures/value?reporter=Peru%20except%20China&by=partner");
    if (r.status == 200)
        assert_non_null(strstr(header(&r, "Quipu-Command"), " 'Peru except China' "));
    qi_http_response_free(&r);
}

static void mistakes_are_told(void **state) {
    place *p = *state;
    expect(p, "/api/v1/measures/growht", 404, "\"proposals\":[\"growth\"]");
    expect(p, GROWTH "&reportr=x", 400, "\"proposals\":[\"reporter\"]");
    expect(p, GROWTH "&format=jsn", 400, "\"json\"");
    expect(p, GROWTH "&years=1", 400, NULL);
    expect(p, "/api/v1/measures/growth?years=1990-1991", 404, "\"error\"");
    expect(p, "/api/v1/measures/structure?classes=/etc/passwd", 400, "takes a file");
    expect(p, "/api/v1/measures/schedule?schedule=/etc/passwd&categories=x", 400, "file");
    expect(p, "/api/v1/measures/invest-owners?of=x", 404, "no-register");
    expect(p, "/api/v1/measures/", 404, NULL);
    expect(p, "/api", 404, NULL);
    expect(p, "/api/v1/studies/x/y", 404, NULL);
    expect(p, "/assets/none.js", 404, NULL);
    expect(p, "/healthz?x", 400, "takes no");
    expect(p, "/apis", 200, "<!doctype html>");
}

static void all_files_are_refused(void **state) {
    place *p = *state;
    size_t n, seen = 0;
    const quipu_measure *const *measures = quipu_measures(&n);
    for (size_t i = 0; i < n; i++) {
        const quipu_param *params[QUIPU_MOST_PARAMS];
        size_t n_params = quipu_measure_params(measures[i], params);
        for (size_t k = 0; k < n_params; k++) {
            char target[128];
            if (params[k]->type == QUIPU_PARAM_TEXT) {
                /* Whatever else is wrong with it, it is not opened. */
                snprintf(target, sizeof target, "/api/v1/measures/%s?%s=/nowhere/at.all",
                         measures[i]->name, params[k]->name);
                expect_no(p, target, "cannot open");
                continue;
            }
            if (params[k]->type != QUIPU_PARAM_FILE)
                continue;
            snprintf(target, sizeof target, "/api/v1/measures/%s?%s=/etc/passwd",
                     measures[i]->name, params[k]->name);
            expect(p, target, 400, "takes a file");
            seen++;
        }
    }
    assert_true(seen > 10);
}

static void lists_are_answered(void **state) {
    place *p = *state;
    expect(p, "/api/v1/info", 200, "\"flows\":[\"export\",\"import\"]");
    expect(p, "/api/v1/countries", 200, "\"iso3\":\"PER\",\"iso2\":\"PE\",\"number\":\"604\"");
    expect(p, "/api/v1/groups", 200, "\"name\":\"asean\"");
    expect(p, "/api/v1/products", 200, "\"parent\":null");
    expect(p, "/api/v1/schemes", 200, "\"name\":\"section\"");
    expect(p, "/api/v1/measures", 200, "\"name\":\"growth\"");
    expect(p, "/api/v1/measures?brief=true", 200, "\"name\":\"growth\"");
    expect(p, "/api/v1/explain/growth", 200, "# growth");
    expect(p, "/api/v1/explain/growth", 200, "\"formula\":\"compound");
    expect(p, "/en/visualize/line/x/export/per/chn/show/1995.2011", 200, "<!doctype html>");
    expect(p, "/en/nothing.js", 404, "there is no file");
    expect(p, "/api/v1/studies", 200, "[]");
    expect(p, "/openapi.json", 200, "\"openapi\":\"3.1.0\"");
    expect(p, "/healthz", 200, "ok\n");
    expect(p, "/robots.txt", 200, "Disallow: /");
    expect(p, "/metrics", 200, "quipu_requests_total");
    expect(p, "/", 200, "<!doctype html>");
}

/* Each file of the pages goes out as it was packed, and plain when nothing else is taken. */
static void pages_go_out_packed(void **state) {
    place *p = *state;
    size_t n;
    const qi_embedded *files = qi_embedded_files(&n);
    static const char *const accepted[] = {NULL, "gzip", "gzip, br"};
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < QI_COUNT(accepted); k++) {
            const qi_embedded *f = &files[i];
            bool brotli = k == 2 && f->brotli > 0;
            qi_http_response r =
                ask_as(p, (qi_http_request){.target = f->path, .accept_encoding = accepted[k]});
            const char *encoding = header(&r, "Content-Encoding");
            assert_int_equal(r.status, 200);
            assert_int_equal(r.body->length, k == 0   ? f->whole
                                             : brotli ? f->brotli
                                                      : f->packed);
            if (k == 0)
                assert_null(encoding);
            else
                assert_string_equal(encoding, brotli ? "br" : "gzip");
            qi_http_response_free(&r);
        }
}

static void strangers_are_refused(void **state) {
    place *p = *state;
    qi_http_response r = ask_as(p, (qi_http_request){.target = GROWTH, .host = "evil.example"});
    assert_int_equal(r.status, 421);
    assert_false(holds(&r, "growth"));
    qi_http_response_free(&r);
    r = ask_as(p, (qi_http_request){.target = GROWTH, .method = "POST"});
    assert_int_equal(r.status, 405);
    assert_string_equal(header(&r, "Allow"), "GET, HEAD");
    assert_non_null(header(&r, "Content-Security-Policy"));
    qi_http_response_free(&r);
    qi_http_request nameless = {.target = GROWTH, .method = "GET"};
    qi_http_handle(&p->context, &nameless, &r);
    assert_int_equal(r.status, 400);
    qi_http_response_free(&r);
}

static void answers_are_kept_and_tagged(void **state) {
    place *p = *state;
    const char *same = "/api/v1/measures/growth?years=2000-2002&partner=China&reporter=Peru";
    qi_http_request quick = {
        .target = same, .method = "GET", .host = "localhost", .quick = true};
    qi_http_response first, again;
    qi_http_handle(&p->context, &quick, &first);
    assert_int_equal(first.status, 0); /* it takes time */
    qi_http_response_free(&first);
    first = ask(p, GROWTH);
    assert_false(first.kept);
    qi_http_handle(&p->context, &quick, &again);
    assert_int_equal(again.status, 200);
    assert_true(again.kept);
    assert_memory_equal(first.body->bytes, again.body->bytes, first.body->length);
    const char *tag = header(&first, "ETag");
    assert_string_equal(tag, header(&again, "ETag"));
    qi_http_response r = ask_as(p, (qi_http_request){.target = GROWTH, .if_none_match = tag});
    assert_int_equal(r.status, 304);
    assert_null(r.body);
    qi_http_response_free(&r);
    r = ask_as(p, (qi_http_request){.target = GROWTH, .accept_encoding = "gzip"});
    assert_string_equal(header(&r, "Content-Encoding"), "gzip");
    assert_string_not_equal(header(&r, "ETag"), tag);
    qi_http_response_free(&r);
    qi_http_response_free(&first);
    qi_http_response_free(&again);
}

/* ---- limits ---- */

static void large_answers_are_refused(void **unused) {
    QI_UNUSED(unused);
    place *p = open_place(&(qi_context){.answer_bytes = 2000});
    expect(p, "/api/v1/measures/value?by=reporter,partner", 422, "too-large");
    expect(p, "/api/v1/measures/value?by=reporter,product&format=xlsx", 422, "too-large");
    expect(p, GROWTH, 200, NULL);
    close_place(p);
}

static bool is_gone(void *user) {
    int *asked = user;
    return ++*asked > 0;
}

static void nobody_waits_for_the_dead(void **state) {
    place *p = *state;
    int asked = 0;
    qi_http_response r =
        ask_as(p, (qi_http_request){.target = "/api/v1/measures/coverage?by=reporter",
                                    .left = is_gone,
                                    .left_user = &asked});
    assert_int_equal(r.status, 499);
    assert_true(asked > 0);
    qi_http_response_free(&r);
}

static bool always(void *user, uint64_t done, uint64_t total) {
    QI_UNUSED(user);
    QI_UNUSED(done);
    QI_UNUSED(total);
    return true;
}

/* Every measure of a cube gives up when it is told to, or is done before it asks. */
static void measures_can_be_stopped(void **state) {
    place *p = *state;
    size_t n, stopped = 0;
    const quipu_measure *const *measures = quipu_measures(&n);
    const quipu_argument peru = {"reporter", "Peru"};
    for (size_t i = 0; i < n; i++) {
        quipu_request request = {.cube = p->context.current->cube,
                                 .nomen = p->context.nomen,
                                 .arguments = &peru,
                                 .n_arguments = 1,
                                 .threads = 1,
                                 .stop = always};
        quipu_table table = {0};
        quipu_error err = {0};
        if (measures[i]->needs != QUIPU_NEEDS_CUBE)
            continue;
        quipu_status status = quipu_measure_run(measures[i], &request, &table, &err);
        stopped += status == QUIPU_E_STOPPED;
        quipu_table_free(&table);
    }
    assert_true(stopped >= 8);
}

static void too_many_figures_are_refused(void **state) {
    place *p = *state;
    const quipu_argument by = {"by", "partner,product"};
    quipu_request request = {.cube = p->context.current->cube,
                             .nomen = p->context.nomen,
                             .arguments = &by,
                             .n_arguments = 1,
                             .most_cells = 100};
    quipu_table table = {0};
    quipu_error err = {0};
    const quipu_measure *value = quipu_measure_find("value");
    assert_int_equal(quipu_measure_run(value, &request, &table, &err), QUIPU_E_LIMIT);
    request.most_cells = 1000000;
    assert_int_equal(quipu_measure_run(value, &request, &table, &err), QUIPU_OK);
    quipu_table_free(&table);
}

/* ---- editions ---- */

static void replaced_cubes_are_noticed(void **unused) {
    QI_UNUSED(unused);
    place *p = open_place(&(qi_context){.look_every_ms = 0});
    qi_http_response before = ask(p, "/api/v1/info");
    qi_edition *held = qi_edition_take(&p->context, false);
    char fresh[80];
    snprintf(fresh, sizeof fresh, "%s.new", p->cube);
    write_world(fresh, 4);
    assert_int_equal(rename(fresh, p->cube), 0);
    qi_http_response after = ask(p, "/api/v1/info");
    assert_string_not_equal(header(&before, "ETag"), header(&after, "ETag"));
    /* Who held the old one reads on. */
    assert_string_not_equal(quipu_cube_fingerprint(held->cube),
                            quipu_cube_fingerprint(p->context.current->cube));
    assert_int_equal(quipu_cube_find_slab(held->cube, 2000, QUIPU_EXPORT), 0);
    qi_edition_drop(held);
    FILE *broken = fopen(fresh, "w");
    fputs("no cube", broken);
    fclose(broken);
    assert_int_equal(rename(fresh, p->cube), 0);
    qi_http_response still = ask(p, "/api/v1/info");
    assert_string_equal(header(&after, "ETag"), header(&still, "ETag"));
    assert_int_equal(atomic_load(&p->context.counters.reloads), 1);
    assert_int_equal(atomic_load(&p->context.counters.refused_reloads), 1);
    qi_http_response_free(&before);
    qi_http_response_free(&after);
    qi_http_response_free(&still);
    close_place(p);
}

/* ---- search ---- */

static void searching_finds(void **state) {
    place *p = *state;
    static const struct {
        const char *words, *first;
    } cases[] = {
        {"peru", "\"kind\":\"country\",\"id\":\"PER\""},
        {"PER%C3%9A", "\"id\":\"PER\""},
        {"peru%20china", "\"kind\":\"pair\",\"id\":\"PER-CHN\""},
        {"china+y+per%C3%BA", "\"id\":\"CHN-PER\""},
        {"estados+unidos", "\"id\":\"USA\""},
        {"growth+peru", "\"kind\":\"measure\",\"id\":\"growth-PER\""},
        {"asean", "\"kind\":\"group\",\"id\":\"asean\""},
        {"chnia", "\"id\":\"CHN\""},
    };
    for (size_t i = 0; i < QI_COUNT(cases); i++) {
        char target[128];
        snprintf(target, sizeof target, "/api/v1/search?limit=1&q=%s", cases[i].words);
        expect(p, target, 200, cases[i].first);
    }
    expect(p, "/api/v1/search?q=", 200, "[]");
    expect(p, "/api/v1/search?q=%2A%2A", 200, "[]");
    expect(p, "/api/v1/search?q=a+b+c+d+e+f+g+h+i+j+k", 200, "[");
}

static int set_up(void **state) {
    *state = open_place(&(qi_context){.look_every_ms = 60000});
    return 0;
}

static int tear_down(void **state) {
    close_place(*state);
    return 0;
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_taken_apart),
        cmocka_unit_test(bad_targets_are_refused),
        cmocka_unit_test(hosts_are_looked_at),
        cmocka_unit_test(encodings_are_chosen),
        cmocka_unit_test(cache_keeps_to_its_size),
        cmocka_unit_test_setup_teardown(measures_are_answered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(commands_are_quoted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(mistakes_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_files_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists_are_answered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pages_go_out_packed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(strangers_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answers_are_kept_and_tagged, set_up, tear_down),
        cmocka_unit_test(large_answers_are_refused),
        cmocka_unit_test_setup_teardown(nobody_waits_for_the_dead, set_up, tear_down),
        cmocka_unit_test_setup_teardown(measures_can_be_stopped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_many_figures_are_refused, set_up, tear_down),
        cmocka_unit_test(replaced_cubes_are_noticed),
        cmocka_unit_test_setup_teardown(searching_finds, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
