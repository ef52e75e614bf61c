/* SPDX-License-Identifier: Apache-2.0 */
/* manifest.c - what a finished fetch consists of.  The text is canonical: the same answers give
 * the same bytes, whenever and in whatever order they came. */
#include "fetch/fetch.h"
#include "quipu/bundle.h"

#include <jansson.h>

/* ---- writing ---- */

static int by_name(const void *a, const void *b) {
    return strcmp(((const qi_used *)a)->name, ((const qi_used *)b)->name);
}

static json_t *file_json(const qi_fetching *run, const qi_used *used) {
    const qi_kept *entry = qi_shelf_find(&run->shelf, used->name);
    char path[256];
    snprintf(path, sizeof path, "answers/%s", used->name);
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:s}", "path", path, "role",
                     used->about ? "about" : "data", "request", entry->target, "rows",
                     (json_int_t)entry->rows, "bytes", (json_int_t)entry->bytes, "sha256",
                     entry->sha256);
}

quipu_status qi_manifest_write(const qi_fetching *run, quipu_error *err) {
    qi_buffer path = {0};
    json_t *files = json_array();
    json_t *question = json_loads(run->question->canonical, 0, NULL);
    quipu_status status = QUIPU_OK;
    if (run->used.n > 0)
        qsort(run->used.items, run->used.n, sizeof *run->used.items, by_name);
    for (size_t i = 0; i < run->used.n; i++)
        json_array_append_new(files, file_json(run, &run->used.items[i]));
    json_t *root = json_pack("{s:i, s:o, s:s*, s:o}", "layout", 1, "question", question,
                             "release", run->release, "files", files);
    char *text = root != NULL ? json_dumps(root, JSON_INDENT(1)) : NULL;
    if (text == NULL || !qi_buffer_printf(&path, "%s/manifest.json", run->shelf.folder)) {
        status = qi_fail_memory(err, run->used.n);
    } else {
        size_t length = strlen(text);
        text[length++] = '\n'; /* in place of the 0 */
        status = qi_write_file(path.bytes, text, length, err);
    }
    free(text);
    json_decref(root);
    qi_buffer_free(&path);
    return status;
}

/* ---- reading ---- */

static bool is_path(const char *path) {
    return strncmp(path, "answers/", 8) == 0 && path[8] != 0 && path[8] != '.' &&
           strchr(path + 8, '/') == NULL && strlen(path) < 250;
}

static quipu_status check_file(const char *folder, const qi_manifest_file *file,
                               quipu_error *err) {
    char sha256[65];
    uint64_t bytes = 0;
    qi_buffer path = {0};
    if (!qi_buffer_printf(&path, "%s/%s", folder, file->path))
        return qi_fail_memory(err, strlen(folder));
    quipu_status status = quipu_sha256_file(path.bytes, sha256, &bytes, err);
    if (status == QUIPU_OK && strcmp(sha256, file->sha256) != 0)
        status = qi_fail_at(err, QUIPU_E_DATA, path.bytes, 0, 0,
                            "not what was fetched: its SHA-256 is %.16s..., the manifest says "
                            "%.16s...; run the fetch again, and it is asked for anew",
                            sha256, file->sha256);
    qi_buffer_free(&path);
    return status;
}

static quipu_status read_file(const char *folder, const char *manifest, const json_t *item,
                              qi_manifest *out, quipu_error *err) {
    const char *path, *role, *sha256;
    json_int_t rows, bytes;
    if (json_unpack((json_t *)item, "{s:s, s:s, s:I, s:I, s:s}", "path", &path, "role", &role,
                    "rows", &rows, "bytes", &bytes, "sha256", &sha256) != 0 ||
        !is_path(path) || rows < 0 || bytes < 0)
        return qi_fail_at(err, QUIPU_E_DATA, manifest, 0, 0,
                          "a file of it lacks path, role, rows, bytes or sha256: run the fetch "
                          "again, and it is written anew");
    qi_manifest_file file = {.path = qi_arena_dup(&out->arena, path),
                             .sha256 = qi_arena_dup(&out->arena, sha256),
                             .rows = (uint64_t)rows,
                             .bytes = (uint64_t)bytes,
                             .about = strcmp(role, "data") != 0};
    if (file.path == NULL || file.sha256 == NULL || !QI_PUSH(&out->files, file))
        return qi_fail_memory(err, sizeof file);
    return check_file(folder, &file, err);
}

quipu_status qi_manifest_read(const char *folder, qi_manifest *out, quipu_error *err) {
    qi_buffer text = {0};
    json_error_t where;
    json_t *root = NULL;
    quipu_status status;
    memset(out, 0, sizeof *out);
    const char *path = qi_arena_printf(&out->arena, "%s/manifest.json", folder);
    FILE *there = path != NULL ? fopen(path, "rbe") : NULL;
    if (there == NULL) {
        status = qi_fail_at(err, QUIPU_E_NOT_FOUND, folder, 0, 0,
                            "there is no manifest.json in it: not a folder of quipu fetch, or "
                            "the fetch was not finished; run it again and it goes on");
        goto done;
    }
    fclose(there);
    QI_GO(qi_whole_file(path, 256 << 20, &text, err));
    root = json_loadb(text.bytes, text.length, 0, &where);
    if (root == NULL) {
        status = qi_fail_at(err, QUIPU_E_FORMAT, path, (uint64_t)where.line,
                            (uint32_t)where.column, "not JSON: %s", where.text);
        goto done;
    }
    const char *release = json_string_value(json_object_get(root, "release"));
    out->release = qi_arena_dup(&out->arena, release);
    const json_t *files = json_object_get(root, "files");
    for (size_t i = 0; i < json_array_size(files); i++)
        QI_GO(read_file(folder, path, json_array_get(files, i), out, err));
done:
    json_decref(root);
    qi_buffer_free(&text);
    if (status != QUIPU_OK)
        qi_manifest_close(out);
    return status;
}

void qi_manifest_close(qi_manifest *manifest) {
    free(manifest->files.items);
    qi_arena_free(&manifest->arena);
    memset(manifest, 0, sizeof *manifest);
}
