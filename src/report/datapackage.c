/* SPDX-License-Identifier: Apache-2.0 */
/* datapackage.c - datapackage.json after the Data Package standard, version 2. */
#include "quipu/bundle.h"
#include "report/date.h"
#include "report/schema.h"

#include <inttypes.h>

/* ---- names and types of files ---- */

/* [a-z0-9._-], as version 1 of the standard asks: 2 asks for less. */
static char *make_name(qi_arena *arena, const char *from, size_t length) {
    char *name = qi_arena_alloc(arena, length + 16);
    size_t n = 0;
    for (size_t i = 0; name != NULL && i < length; i++) {
        char c = from[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        bool fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (fine)
            name[n++] = c;
        else if (n > 0 && name[n - 1] != '-')
            name[n++] = '-';
    }
    while (n > 0 && name[n - 1] == '-')
        name[--n] = '\0';
    if (name != NULL && n == 0)
        memcpy(name, "data", 5);
    return name;
}

static const char *ending_of(const char *path) {
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    return dot != NULL && (slash == NULL || dot > slash) ? dot + 1 : "";
}

static const char *mediatype_of(const char *path) {
    static const struct {
        const char *ending, *mediatype;
    } TYPES[] = {
        {"csv", "text/csv"},
        {"tsv", "text/tab-separated-values"},
        {"json", "application/json"},
        {"jsonl", "application/jsonl"},
        {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {"html", "text/html"},
        {"md", "text/markdown"},
        {"tex", "application/x-tex"},
        {"txt", "text/plain"},
        {"svg", "image/svg+xml"},
        {"pdf", "application/pdf"},
        {"png", "image/png"},
        {"yaml", "application/yaml"},
        {"cff", "application/yaml"},
    };
    const char *ending = ending_of(path);
    for (size_t i = 0; i < QI_COUNT(TYPES); i++) {
        if (strcmp(TYPES[i].ending, ending) == 0)
            return TYPES[i].mediatype;
    }
    return "application/octet-stream";
}

/* ---- is it what the standard takes? ---- */

static bool is_empty(const char *text) {
    return text == NULL || text[0] == '\0';
}

static bool stays_inside(const char *path) {
    if (path[0] == '/' || path[0] == '.' || strchr(path, '\\') != NULL ||
        strstr(path, "://") != NULL)
        return false;
    for (const char *part = path; part != NULL; part = strchr(part, '/')) {
        part += *part == '/';
        size_t length = strcspn(part, "/");
        if (length == 0 || (length == 1 && part[0] == '.') ||
            (length == 2 && memcmp(part, "..", 2) == 0))
            return false;
    }
    return true;
}

static bool is_sha256(const char *text) {
    return text != NULL && strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *first_double(const char **texts, size_t n) {
    qsort(texts, n, sizeof *texts, by_text);
    for (size_t i = 1; i < n; i++) {
        if (strcmp(texts[i - 1], texts[i]) == 0)
            return texts[i];
    }
    return NULL;
}

static quipu_status check_resources(const quipu_package *package, qi_arena *arena,
                                    quipu_error *err) {
    size_t n = package->n_resources;
    const char **paths = qi_arena_alloc(arena, (n + 1) * sizeof *paths);
    if (paths == NULL)
        return qi_fail_memory(err, n);
    for (size_t i = 0; i < n; i++) {
        const quipu_resource *r = &package->resources[i];
        if (is_empty(r->path) || !stays_inside(r->path))
            return qi_fail(err, QUIPU_E_ARG,
                           "resource %zu of the data package has the path '%.200s'; expected "
                           "one below the package's folder, like tables/table-1.csv",
                           i + 1, r->path != NULL ? r->path : "");
        if (!is_sha256(r->sha256))
            return qi_fail(err, QUIPU_E_ARG,
                           "the resource %.200s has no SHA-256; expected 64 hex digits",
                           r->path);
        paths[i] = r->path;
    }
    const char *twice = first_double(paths, n);
    if (twice != NULL)
        return qi_fail(err, QUIPU_E_ARG, "the data package has the path %.200s twice", twice);
    return QUIPU_OK;
}

static quipu_status check(const quipu_package *package, qi_arena *arena, qi_date *created,
                          quipu_error *err) {
    if (is_empty(package->name))
        return qi_fail(err, QUIPU_E_ARG, "a data package needs a name");
    if (package->n_resources == 0)
        return qi_fail(err, QUIPU_E_ARG, "a data package needs a resource, and has none");
    for (size_t i = 0; i < package->n_sources; i++) {
        if (is_empty(package->sources[i].title))
            return qi_fail(err, QUIPU_E_ARG, "source %zu of the data package has no title",
                           i + 1);
    }
    created->second[0] = '\0';
    if (package->created != NULL)
        QI_TRY(qi_date_read(package->created, "the data package's date", created, err));
    return check_resources(package, arena, err);
}

/* ---- parts ---- */

static void put_field(qi_writer *w, size_t column) {
    static const char *const TYPES[] = {
        [QUIPU_TEXT] = "string",   [QUIPU_INTEGER] = "integer", [QUIPU_MONEY] = "number",
        [QUIPU_AMOUNT] = "number", [QUIPU_REAL] = "number",     [QUIPU_SHARE] = "number"};
    const quipu_column_spec *spec = &w->table->columns[column].spec;
    qi_puts(w, column == 0 ? "\n{\"name\":" : ",\n{\"name\":");
    qi_put_json_string(w, spec->name);
    qi_put_member(w, ",", "title", spec->label);
    qi_put_member(w, ",", "type", TYPES[spec->type]);
    qi_put_member(w, ",", "unit", spec->unit);
    qi_put_member(w, ",", "role", spec->role == QUIPU_DIMENSION ? "dimension" : "figure");
    if (w->table->n_rows > 0 && qi_column_is_full(w, column))
        qi_puts(w, ",\"constraints\":{\"required\":true}");
    qi_putc(w, '}');
}

static bool put_schema(qi_writer *w) {
    size_t n = 0, *key = calloc(w->table->n_columns + 1, sizeof *key);
    bool ok = key != NULL && qi_find_key(w, key, &n);
    qi_puts(w, ",\n\"schema\":{\"fields\":[");
    for (size_t i = 0; i < w->table->n_columns; i++)
        put_field(w, i);
    qi_puts(w, "],\n\"missingValues\":[\"\"]");
    for (size_t i = 0; ok && i < n; i++) {
        qi_puts(w, i == 0 ? ",\n\"primaryKey\":[" : ",");
        qi_put_json_string(w, w->table->columns[key[i]].spec.name);
    }
    qi_puts(w, ok && n > 0 ? "]}" : "}");
    free(key);
    return ok;
}

static bool put_notes(qi_writer *w) {
    qi_buffer notes = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < w->table->n_notes; i++)
        ok = (i == 0 || qi_buffer_text(&notes, "\n\n")) &&
             qi_buffer_text(&notes, w->table->notes[i]);
    if (ok)
        qi_put_member(w, ",\n", "description", notes.length > 0 ? notes.bytes : NULL);
    qi_buffer_free(&notes);
    return ok;
}

static bool put_resource(qi_writer *w, const quipu_resource *r, const char *name) {
    bool ok = true;
    qi_put_member(w, "\n{", "name", name);
    qi_put_member(w, ",", "path", r->path);
    w->table = r->table;
    const char *title = !is_empty(r->title) || w->table == NULL ? r->title : w->table->title;
    qi_put_member(w, ",\n", "title", title);
    if (!is_empty(r->description) || w->table == NULL)
        qi_put_member(w, ",\n", "description", r->description);
    else
        ok = put_notes(w);
    char bytes[32];
    snprintf(bytes, sizeof bytes, "%" PRIu64, r->bytes);
    const char *ending = ending_of(r->path);
    qi_put_member(w, ",\n", "format", ending);
    qi_put_member(w, ",", "mediatype",
                  !is_empty(r->mediatype) ? r->mediatype : mediatype_of(r->path));
    if (w->table != NULL)
        qi_puts(w, ",\"encoding\":\"utf-8\",\"type\":\"table\"");
    qi_puts(w, ",\n\"bytes\":");
    qi_puts(w, bytes);
    qi_puts(w, ",\"hash\":\"sha256:");
    qi_puts(w, r->sha256);
    qi_putc(w, '"');
    if (ok && w->table != NULL) {
        ok = put_schema(w);
        if (ok && w->table->n_source > 0) {
            qi_buffer line = {0};
            ok = qi_source_line(w, &line);
            if (ok)
                qi_put_member(w, ",\n\"sources\":[{", "title", line.bytes);
            qi_puts(w, "}]");
            qi_buffer_free(&line);
        }
    }
    w->table = NULL;
    qi_putc(w, '}');
    return ok;
}

static void put_authors(qi_writer *w, const quipu_author *authors, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const quipu_author *a = &authors[i];
        qi_puts(w, i == 0 ? ",\n\"contributors\":[\n{\"title\":\"" : ",\n{\"title\":\"");
        const char *parts[] = {a->name, a->given, a->family};
        bool blank = false;
        for (size_t j = 0; j < QI_COUNT(parts); j++) {
            if (is_empty(parts[j]))
                continue;
            if (blank)
                qi_putc(w, ' ');
            qi_put_escaped(w, parts[j], qi_escape_json);
            blank = true;
        }
        qi_puts(w, "\"");
        qi_put_member(w, ",", "givenName", a->given);
        qi_put_member(w, ",", "familyName", a->family);
        qi_put_member(w, ",", "organization", a->affiliation);
        qi_puts(w, ",\"roles\":[\"author\"]}");
    }
    if (n > 0)
        qi_putc(w, ']');
}

static void put_sources(qi_writer *w, const quipu_package_source *sources, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const quipu_package_source *s = &sources[i];
        qi_put_member(w, i == 0 ? ",\n\"sources\":[\n{" : ",\n{", "title", s->title);
        qi_put_member(w, ",", "path", s->path);
        qi_put_member(w, ",", "version", s->version);
        if (!is_empty(s->sha256)) {
            qi_puts(w, ",\"hash\":\"sha256:");
            qi_put_escaped(w, s->sha256, qi_escape_json);
            qi_putc(w, '"');
        }
        qi_putc(w, '}');
    }
    if (n > 0)
        qi_putc(w, ']');
}

/* ---- the whole ---- */

/* Names must differ; where two paths make the same one, the later gets its number. */
static char **name_resources(const quipu_package *package, qi_arena *arena) {
    size_t n = package->n_resources;
    char **names = qi_arena_alloc(arena, (n + 1) * sizeof *names);
    for (size_t i = 0; names != NULL && i < n; i++) {
        const quipu_resource *r = &package->resources[i];
        const char *from = !is_empty(r->name) ? r->name : r->path;
        names[i] = make_name(arena, from, strlen(from));
        for (size_t j = 0; names[i] != NULL && j < i; j++) {
            if (strcmp(names[i], names[j]) == 0) {
                names[i] = qi_arena_printf(arena, "%s-%zu", names[i], i + 1);
                j = (size_t)-1; /* from the first again */
            }
        }
        if (names[i] == NULL)
            return NULL;
    }
    return names;
}

static bool put_package(qi_writer *w, const quipu_package *p, const qi_date *created,
                        qi_arena *arena) {
    char *name = make_name(arena, p->name, strlen(p->name));
    char **names = name_resources(p, arena);
    if (name == NULL || names == NULL)
        return false;
    qi_puts(w, "{\"$schema\":\"https://datapackage.org/profiles/2.0/datapackage.json\"");
    qi_put_member(w, ",\n", "name", name);
    qi_put_member(w, ",\n", "id", p->manifest);
    qi_put_member(w, ",\n", "title", p->title);
    qi_put_member(w, ",\n", "description", p->description);
    qi_put_member(w, ",\n", "version", p->version);
    qi_put_member(w, ",\n", "created", created->second);
    qi_put_member(w, ",\n", "homepage", p->homepage);
    if (!is_empty(p->license)) {
        qi_put_member(w, ",\n\"licenses\":[{", "name", p->license);
        qi_puts(w, "}]");
    }
    put_authors(w, p->authors, p->n_authors);
    put_sources(w, p->sources, p->n_sources);
    qi_puts(w, ",\n\"resources\":[");
    bool ok = true;
    for (size_t i = 0; ok && i < p->n_resources; i++) {
        if (i > 0)
            qi_putc(w, ',');
        ok = put_resource(w, &p->resources[i], names[i]);
    }
    qi_puts(w, "]}\n");
    return ok;
}

quipu_status quipu_datapackage_write(const quipu_package *package, quipu_sink sink, void *user,
                                     quipu_error *err) {
    qi_arena arena = {0};
    qi_date created;
    qi_writer *w;
    qi_error_clear(err);
    quipu_status status = check(package, &arena, &created, err);
    if (status == QUIPU_OK)
        status = qi_writer_new(NULL, NULL, sink, user, &w, err);
    if (status == QUIPU_OK) {
        w->no_memory = !put_package(w, package, &created, &arena);
        status = qi_writer_end(w, err);
    }
    qi_arena_free(&arena);
    return status;
}
