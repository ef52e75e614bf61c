/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_http.c - any bytes as method, headers and address: an answer with a status that exists,
 * headers that are lines, no slower than its limit; asked twice, the same.
 *
 * First byte: bits 0-1 method, 2-3 encodings, 4 a wrong host.  Then lines: the address, and if
 * there are more, If-None-Match and Accept-Encoding.
 */
#include "../../tests/support/world.h"
#include "http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static qi_context context;
static char cube_path[64];

static void forget(void) {
    qi_context_close(&context);
    unlink(cube_path);
}

static void open_context(void) {
    static bool open;
    const qt_world_spec spec = {.seed = 5, .n_products = 24};
    quipu_error err = {0};
    if (open)
        return;
    open = true;
    snprintf(cube_path, sizeof cube_path, "/tmp/quipu-fuzz-http-XXXXXX");
    int fd = mkstemp(cube_path);
    if (fd < 0 || close(fd) != 0 || qt_world_write(cube_path, &spec, &err) != QUIPU_OK)
        abort();
    context = (qi_context){.cube_path = cube_path,
                           .study_path = "/tmp",
                           .loopback = true,
                           .seconds = 2,
                           .answer_bytes = 1 << 20,
                           .cache_bytes = 1 << 18,
                           .look_every_ms = 60000};
    if (qi_context_open(&context, &err) != QUIPU_OK)
        abort();
    atexit(forget);
}

/* Drawing takes so long that little else would be tried. */
static bool draws(const char *target) {
    return strstr(target, "svg") != NULL || strstr(target, "png") != NULL ||
                   strstr(target, "pdf") != NULL || strchr(target, '%') != NULL
               ? strstr(target, "format") != NULL
               : false;
}

static void check(const qi_http_response *r, const char *method) {
    static const int known[] = {200, 304, 400, 404, 405, 409, 414, 421, 422, 500, 503};
    bool fine = false;
    for (size_t i = 0; i < QI_COUNT(known); i++)
        fine |= r->status == known[i];
    if (!fine || (strncmp(method, "P", 1) == 0 && r->status < 400))
        abort();
    for (size_t i = 0; i < r->n_headers; i++)
        for (const char *c = r->headers[i].value; *c != '\0'; c++)
            if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7E)
                abort();
}

static const char *next_line(char **at) {
    char *line = *at;
    if (line == NULL)
        return NULL;
    char *end = strchr(line, '\n');
    *at = end != NULL ? end + 1 : NULL;
    if (end != NULL)
        *end = '\0';
    return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const methods[] = {"GET", "HEAD", "POST", "PUT"};
    static const char *const encodings[] = {NULL, "gzip", "zstd, gzip", "gzip;q=0"};
    if (size < 2 || size > 20000)
        return 0;
    open_context();
    char *text = malloc(size);
    if (text == NULL)
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    char *at = text;
    qi_http_request request = {.method = methods[data[0] & 3],
                               .accept_encoding = encodings[data[0] >> 2 & 3],
                               .host = data[0] & 16 ? "evil.example" : "localhost:8417"};
    request.target = next_line(&at);
    request.if_none_match = next_line(&at);
    if (at != NULL)
        request.accept_encoding = next_line(&at);
    if (!draws(request.target)) {
        qi_http_response one, two;
        qi_http_handle(&context, &request, &one);
        qi_http_handle(&context, &request, &two);
        check(&one, request.method);
        /* Counters and clocks apart, the same question has the same answer. */
        bool counts = strncmp(request.target, "/metrics", 8) == 0;
        if (one.status != two.status && one.status != 503 && two.status != 503)
            abort();
        if (!counts && one.status == two.status && one.body != NULL &&
            (one.body->length != two.body->length ||
             memcmp(one.body->bytes, two.body->bytes, one.body->length) != 0))
            abort();
        qi_http_response_free(&one);
        qi_http_response_free(&two);
    }
    free(text);
    return 0;
}
