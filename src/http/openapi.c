/* SPDX-License-Identifier: Apache-2.0 */
/* openapi.c - the API described by itself: OpenAPI 3.1, made from the catalogue. */
#include "http/json.h"
#include "http/http.h"

#include <ctype.h>

/* ---- examples as addresses ---- */

const char *qi_url_quote(const char *text, qi_arena *arena) {
    static const char HEX[] = "0123456789ABCDEF";
    char *out = qi_arena_alloc(arena, 3 * strlen(text) + 1);
    size_t n = 0;
    if (out == NULL)
        return NULL;
    for (const char *c = text; *c != '\0'; c++) {
        unsigned char byte = (unsigned char)*c;
        if ((byte < 0x80 && isalnum(byte)) || strchr("-._~,:", byte) != NULL) {
            out[n++] = (char)byte;
        } else {
            out[n++] = '%';
            out[n++] = HEX[byte >> 4];
            out[n++] = HEX[byte & 15];
        }
    }
    out[n] = '\0';
    return out;
}

/* The next word of a command line; quotes keep blanks together.  NULL at the end. */
static char *next_word(const char **at, qi_arena *arena) {
    *at += strspn(*at, " ");
    if (**at == '\0')
        return NULL;
    char *word = qi_arena_alloc(arena, strlen(*at) + 1);
    size_t n = 0;
    char quote = '\0';
    for (; **at != '\0' && (quote != '\0' || **at != ' '); (*at)++) {
        if (quote == '\0' && (**at == '"' || **at == '\''))
            quote = **at;
        else if (**at == quote)
            quote = '\0';
        else if (word != NULL)
            word[n++] = **at;
    }
    return word;
}

const char *qi_example_url(const quipu_measure *m, qi_arena *arena) {
    const char *at = m->example != NULL ? m->example : "";
    const char *url = qi_arena_printf(arena, "/api/v1/measures/%s", m->name);
    char separator = '?';
    for (char *word; url != NULL && (word = next_word(&at, arena)) != NULL;) {
        const quipu_param *p =
            strncmp(word, "--", 2) == 0 ? quipu_measure_param(m, word + 2) : NULL;
        if (p == NULL || p->type == QUIPU_PARAM_FILE)
            return NULL;
        const char *value = p->type == QUIPU_PARAM_SWITCH ? "yes" : next_word(&at, arena);
        if (value == NULL)
            return NULL;
        url = qi_arena_printf(arena, "%s%c%s=%s", url, separator, p->name,
                              qi_url_quote(value, arena));
        separator = '&';
    }
    return url;
}

/* ---- pieces ---- */

static void put_schema(qi_json *j, const char *type) {
    qi_json_key(j, "schema");
    qi_json_open(j, '{');
    qi_json_pair(j, "type", type);
    qi_json_close(j, '}');
}

static void put_reference(qi_json *j, const char *to) {
    char text[80];
    snprintf(text, sizeof text, "#/components/%s", to);
    qi_json_open(j, '{');
    qi_json_pair(j, "$ref", text);
    qi_json_close(j, '}');
}

static void put_query(qi_json *j, const char *name, const char *help, bool required) {
    qi_json_open(j, '{');
    qi_json_pair(j, "name", name);
    qi_json_pair(j, "in", "query");
    qi_json_pair(j, "description", help);
    if (required)
        qi_json_pair_bool(j, "required", true);
}

static void put_param(qi_json *j, const quipu_param *p) {
    put_query(j, p->name, p->help, false);
    qi_json_key(j, "schema");
    qi_json_open(j, '{');
    switch (p->type) {
    case QUIPU_PARAM_CHOICE:
        qi_json_pair(j, "type", "string");
        qi_json_pair_words(j, "enum", p->choices);
        break;
    case QUIPU_PARAM_INTEGER: qi_json_pair(j, "type", "integer"); break;
    case QUIPU_PARAM_REAL: qi_json_pair(j, "type", "number"); break;
    case QUIPU_PARAM_SWITCH:
        qi_json_pair(j, "type", "string");
        qi_json_pair_words(j, "enum", "yes no");
        break;
    case QUIPU_PARAM_TEXT:
    case QUIPU_PARAM_FILE: qi_json_pair(j, "type", "string"); break;
    }
    if (p->fallback != NULL && p->type == QUIPU_PARAM_CHOICE)
        qi_json_pair(j, "default", p->fallback);
    qi_json_close(j, '}');
    qi_json_close(j, '}');
}

static void put_errors(qi_json *j) {
    qi_json_key(j, "default");
    put_reference(j, "responses/error");
}

/* ---- measures ---- */

static void put_answers(qi_json *j) {
    qi_way ways[QI_MOST_WAYS];
    size_t n = qi_ways(ways);
    qi_json_key(j, "responses");
    qi_json_open(j, '{');
    qi_json_key(j, "200");
    qi_json_open(j, '{');
    qi_json_pair(j, "description", "The table, in the format asked for");
    qi_json_key(j, "headers");
    qi_json_open(j, '{');
    qi_json_key(j, "Quipu-Command");
    put_reference(j, "headers/command");
    qi_json_close(j, '}');
    qi_json_key(j, "content");
    qi_json_open(j, '{');
    for (size_t i = 0; i < n; i++) {
        bool twice = false;
        for (size_t k = 0; k < i; k++)
            twice |= strcmp(ways[k].media, ways[i].media) == 0;
        if (twice)
            continue;
        qi_json_key(j, ways[i].media);
        qi_json_open(j, '{');
        if (ways[i].format == QUIPU_FORMAT_JSON) {
            qi_json_key(j, "schema");
            put_reference(j, "schemas/table");
        }
        qi_json_close(j, '}');
    }
    qi_json_close(j, '}');
    qi_json_close(j, '}');
    put_errors(j);
    qi_json_close(j, '}');
}

static void put_measure(qi_json *j, const quipu_measure *m, qi_arena *arena) {
    const quipu_param *params[QUIPU_MOST_PARAMS];
    size_t n = quipu_measure_params(m, params);
    char path[96], reference[64];
    snprintf(path, sizeof path, "/api/v1/measures/%s", m->name);
    qi_json_line(j);
    qi_json_key(j, path);
    qi_json_open(j, '{');
    qi_json_key(j, "get");
    qi_json_open(j, '{');
    qi_json_pair(j, "operationId", m->name);
    qi_json_pair_words(j, "tags", m->needs == QUIPU_NEEDS_REGISTER ? "investment" : "trade");
    qi_json_pair(j, "summary", m->summary);
    qi_json_pair(j, "description", m->detail);
    qi_json_key(j, "parameters");
    qi_json_open(j, '[');
    for (size_t i = 0; i < n; i++)
        if (params[i]->type != QUIPU_PARAM_FILE)
            put_param(j, params[i]);
    for (size_t i = 0; i < QI_N_SHARED; i++) {
        snprintf(reference, sizeof reference, "parameters/%s", qi_shared_arguments[i]);
        put_reference(j, reference);
    }
    qi_json_close(j, ']');
    put_answers(j);
    const char *url = qi_example_url(m, arena);
    if (url != NULL)
        qi_json_pair(j, "x-example", url);
    qi_json_close(j, '}');
    qi_json_close(j, '}');
}

/* ---- everything else ---- */

static const struct {
    const char *path, *name, *summary, *type, *schema, *example;
} others[] = {
    {"/api/v1/info", "info", "The cube: what it is, its periods and flows", "application/json",
     "object", "/api/v1/info"},
    {"/api/v1/countries", "countries", "Countries and areas of the cube", "application/json",
     "array", "/api/v1/countries"},
    {"/api/v1/groups", "groups", "Groups of countries that can be named", "application/json",
     "array", "/api/v1/groups"},
    {"/api/v1/products", "products", "Codes of the cube and those they are part of",
     "application/json", "array", "/api/v1/products"},
    {"/api/v1/schemes", "schemes", "Schemes of classes with their classes", "application/json",
     "array", "/api/v1/schemes"},
    {"/api/v1/measures", "measures", "The catalogue of measures", "application/json", "array",
     "/api/v1/measures"},
    {"/api/v1/search", "search", "Names found by words, best first", "application/json",
     "array", "/api/v1/search?q=peru%20china"},
    {"/api/v1/explain/{measure}", "explain", "The reference page of a measure",
     "application/json", "object", "/api/v1/explain/growth"},
    {"/api/v1/studies", "studies", "Built studies that are served", "application/json", "array",
     "/api/v1/studies"},
    {"/api/v1/studies/{study}/{file}", "study", "A file of a built study", "*/*", "string",
     NULL},
    {"/openapi.json", "openapi", "This description", "application/json", "object",
     "/openapi.json"},
    {"/healthz", "healthz", "Is the server there?", "text/plain", "string", "/healthz"},
    {"/metrics", "metrics", "Counters, for Prometheus", "text/plain", "string", "/metrics"},
};

static void put_path_params(qi_json *j, const char *path) {
    for (const char *at = strchr(path, '{'); at != NULL; at = strchr(at + 1, '{')) {
        char name[32];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at + 1, "}"), at + 1);
        qi_json_open(j, '{');
        qi_json_pair(j, "name", name);
        qi_json_pair(j, "in", "path");
        qi_json_pair_bool(j, "required", true);
        put_schema(j, "string");
        qi_json_close(j, '}');
    }
}

static void put_other(qi_json *j, size_t i) {
    qi_json_line(j);
    qi_json_key(j, others[i].path);
    qi_json_open(j, '{');
    qi_json_key(j, "get");
    qi_json_open(j, '{');
    qi_json_pair(j, "operationId", others[i].name);
    qi_json_pair_words(j, "tags", "about");
    qi_json_pair(j, "summary", others[i].summary);
    qi_json_key(j, "parameters");
    qi_json_open(j, '[');
    put_path_params(j, others[i].path);
    if (strcmp(others[i].name, "search") == 0) {
        put_query(j, "q", "words: names, codes, synonyms; accents do not matter", true);
        put_schema(j, "string");
        qi_json_close(j, '}');
        put_query(j, "limit", "at most so many, 1 to 100; 20 when not given", false);
        put_schema(j, "integer");
        qi_json_close(j, '}');
        put_reference(j, "parameters/language");
    }
    qi_json_close(j, ']');
    qi_json_key(j, "responses");
    qi_json_open(j, '{');
    qi_json_key(j, "200");
    qi_json_open(j, '{');
    qi_json_pair(j, "description", others[i].summary);
    qi_json_key(j, "content");
    qi_json_open(j, '{');
    qi_json_key(j, others[i].type);
    qi_json_open(j, '{');
    put_schema(j, others[i].schema);
    qi_json_close(j, '}');
    qi_json_close(j, '}');
    qi_json_close(j, '}');
    put_errors(j);
    qi_json_close(j, '}');
    if (others[i].example != NULL)
        qi_json_pair(j, "x-example", others[i].example);
    qi_json_close(j, '}');
    qi_json_close(j, '}');
}

/* ---- components ---- */

static void put_shared_params(qi_json *j) {
    static const struct {
        const char *name, *help;
    } shared[] = {
        {"v", "fingerprint of the cube the address is for: another one is refused (409)"},
        {"chart", "kind of figure, for svg, png, pdf and option"},
        {"chart-x", "column along which the figure runs, or from which it flows"},
        {"chart-y", "column that is shown"},
        {"chart-series", "column with one colour each, or to which it flows"},
        {"chart-title", "title of the figure"},
    };
    static const struct {
        const char *name, *words;
    } worded[] = {{"language", "en es"}, {"plain", "yes no"}};
    qi_way ways[QI_MOST_WAYS];
    size_t n = qi_ways(ways);
    qi_json_key(j, "parameters");
    qi_json_open(j, '{');
    qi_json_key(j, "format");
    put_query(j, "format", "of the answer; json when not given", false);
    qi_json_key(j, "schema");
    qi_json_open(j, '{');
    qi_json_pair(j, "type", "string");
    qi_json_key(j, "enum");
    qi_json_open(j, '[');
    for (size_t i = 0; i < n; i++)
        qi_json_text(j, ways[i].name);
    qi_json_close(j, ']');
    qi_json_close(j, '}');
    qi_json_close(j, '}');
    for (size_t i = 0; i < QI_COUNT(worded); i++) {
        qi_json_key(j, worded[i].name);
        put_query(j, worded[i].name,
                  i == 0 ? "of the words around a table" : "without title, notes and source",
                  false);
        qi_json_key(j, "schema");
        qi_json_open(j, '{');
        qi_json_pair(j, "type", "string");
        qi_json_pair_words(j, "enum", worded[i].words);
        qi_json_close(j, '}');
        qi_json_close(j, '}');
    }
    for (size_t i = 0; i < QI_COUNT(shared); i++) {
        qi_json_key(j, shared[i].name);
        put_query(j, shared[i].name, shared[i].help, false);
        put_schema(j, "string");
        qi_json_close(j, '}');
    }
    qi_json_close(j, '}');
}

static void put_schemas(qi_json *j) {
    static const char text[] =
        "\"schemas\":{\"table\":{\"type\":\"object\",\"required\":[\"measure\",\"columns\","
        "\"rows\",\"version\"],\"properties\":{\"measure\":{\"type\":\"string\"},\"title\":{"
        "\"type\":\"string\"},\"columns\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
        "\"required\":[\"name\",\"type\",\"unit\"],\"properties\":{\"name\":{\"type\":"
        "\"string\"},\"label\":{\"type\":\"string\"},\"type\":{\"enum\":[\"text\",\"integer\","
        "\"money\",\"amount\",\"real\",\"share\"]},\"unit\":{\"type\":\"string\"},\"role\":{"
        "\"enum\":[\"dimension\",\"figure\"]}}}},\"rows\":{\"type\":\"array\",\"items\":{"
        "\"type\":\"object\",\"additionalProperties\":{\"type\":[\"string\",\"number\","
        "\"null\"]}}},\"notes\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
        "\"source\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}},"
        "\"version\":{\"type\":\"string\"}}},"
        "\"error\":{\"type\":\"object\",\"required\":[\"error\"],\"properties\":{\"error\":{"
        "\"type\":\"object\",\"required\":[\"status\",\"code\",\"message\",\"proposals\"],"
        "\"properties\":{\"status\":{\"type\":\"integer\"},\"code\":{\"type\":\"string\"},"
        "\"message\":{\"type\":\"string\"},\"proposals\":{\"type\":\"array\",\"items\":{"
        "\"type\":\"string\"}}}}}}},"
        "\"responses\":{\"error\":{\"description\":\"What was wrong, and the nearest names\","
        "\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
        "\"#/components/schemas/error\"}}}}},"
        "\"headers\":{\"command\":{\"description\":\"The command line that gives the same "
        "bytes\",\"schema\":{\"type\":\"string\"}}}";
    qi_json_line(j);
    j->failed = j->failed || !qi_buffer_text(j->out, text);
    j->comma = true;
}

void qi_route_openapi(qi_visit *v) {
    qi_json j = {.out = &v->answer->bytes};
    size_t n;
    const quipu_measure *const *measures = quipu_measures(&n);
    qi_json_open(&j, '{');
    qi_json_pair(&j, "openapi", "3.1.0");
    qi_json_key(&j, "info");
    qi_json_open(&j, '{');
    qi_json_pair(&j, "title", "quipu");
    qi_json_pair(&j, "version", QUIPU_VERSION);
    qi_json_pair(&j, "summary", "Bilateral trade and investment, from one file");
    qi_json_close(&j, '}');
    qi_json_key(&j, "paths");
    qi_json_open(&j, '{');
    for (size_t i = 0; i < QI_COUNT(others); i++)
        put_other(&j, i);
    for (size_t i = 0; i < n; i++)
        put_measure(&j, measures[i], v->arena);
    qi_json_close(&j, '}');
    qi_json_key(&j, "components");
    qi_json_open(&j, '{');
    put_shared_params(&j);
    put_schemas(&j);
    qi_json_close(&j, '}');
    qi_json_close(&j, '}');
    if (j.failed || !qi_buffer_text(&v->answer->bytes, "\n"))
        qi_answer_fail(v->answer, 503, "out-of-memory", "out of memory");
    else
        v->answer->status = 200;
}
