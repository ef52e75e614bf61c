/* SPDX-License-Identifier: Apache-2.0 */
/* build.c - from a folder to a cube, without the network. */
#include "fetch/fetch.h"

quipu_status qi_import_files(const qi_question *question, const char *const *files, size_t n,
                             const qi_manifest *manifest, const char *path,
                             const quipu_import_options *options,
                             quipu_fetch_build_result *result, quipu_error *err) {
    quipu_import_options how = {.release = manifest->release};
    if (options != NULL) {
        how.threads = options->threads;
        how.memory = options->memory;
        how.progress = options->progress;
        how.progress_user = options->progress_user;
    }
    if (n == 0)
        return qi_fail(err, QUIPU_E_NOT_FOUND,
                       "nothing was published of what was asked for: there is no cube to make");
    result->is_cube = true;
    return quipu_import(question->nomen, files, n, path, &how, &result->import, err);
}

quipu_status qi_build_cube(const qi_question *question, const char *folder,
                           const qi_manifest *manifest, const char *path,
                           const quipu_import_options *options,
                           quipu_fetch_build_result *result, quipu_error *err) {
    qi_arena arena = {0};
    quipu_status status = QUIPU_OK;
    size_t n = 0;
    const char **files = qi_arena_alloc(&arena, (manifest->files.n + 1) * sizeof *files);
    if (files == NULL)
        return qi_fail_memory(err, manifest->files.n * sizeof *files);
    for (size_t i = 0; i < manifest->files.n && status == QUIPU_OK; i++) {
        const qi_manifest_file *file = &manifest->files.items[i];
        if (file->about || file->rows == 0)
            continue;
        files[n] = qi_arena_printf(&arena, "%s/%s", folder, file->path);
        if (files[n++] == NULL)
            status = qi_fail_memory(err, strlen(folder));
    }
    if (status == QUIPU_OK)
        status = qi_import_files(question, files, n, manifest, path, options, result, err);
    qi_arena_free(&arena);
    return status;
}

quipu_status quipu_fetch_build(const quipu_nomen *nomen, const char *folder, const char *path,
                               const quipu_import_options *options,
                               quipu_fetch_build_result *result, quipu_error *err) {
    qi_question question;
    qi_manifest manifest;
    qi_error_clear(err);
    memset(result, 0, sizeof *result);
    QI_TRY(qi_manifest_read(folder, &manifest, err));
    quipu_status status = qi_question_reopen(nomen, folder, &question, err);
    if (status == QUIPU_OK) {
        status =
            question.source->build(&question, folder, &manifest, path, options, result, err);
        qi_question_close(&question);
    }
    qi_manifest_close(&manifest);
    return status;
}

void quipu_fetch_build_result_free(quipu_fetch_build_result *result) {
    quipu_import_result_free(&result->import);
    memset(result, 0, sizeof *result);
}
