/* SPDX-License-Identifier: Apache-2.0 */
/* manifest.c - what a bundle was made of, and the id that follows from it.
 *
 * The text is canonical: same study, inputs and program, same bytes.  Its SHA-256 is the id that
 * stands in every output; `sha256sum manifest.json` prints it.
 */
#include "study/manifest.h"

#include "quipu/bundle.h"

#include <jansson.h>

static json_t *file_entry(const char *shown, const char *sha256, uint64_t bytes) {
    return json_pack("{s:s, s:s, s:I}", "path", shown, "sha256", sha256, "bytes",
                     (json_int_t)bytes);
}

static json_t *input_entry(const qi_input *input) {
    json_t *files = json_array(), *entry;
    for (size_t i = 0; i < input->n_files && input->there; i++)
        json_array_append_new(files, file_entry(input->files[i].shown, input->files[i].sha256,
                                                input->files[i].bytes));
    entry = json_pack("{s:s, s:b, s:o}", "name", input->spec->name.text, "there", input->there,
                      "files", files);
    if (input->cube != NULL) {
        const char *release = quipu_cube_meta(input->cube, "release");
        json_object_set_new(entry, "cube", json_string(quipu_cube_fingerprint(input->cube)));
        if (release != NULL && release[0] != '\0')
            json_object_set_new(entry, "release", json_string(release));
    }
    if (input->reg != NULL)
        json_object_set_new(entry, "register",
                            json_string(quipu_register_fingerprint(input->reg)));
    return entry;
}

static quipu_status add_file(const qi_study *study, qi_arena *arena, json_t *list,
                             const char *path, quipu_error *err) {
    char sha256[65];
    uint64_t bytes;
    const char *full = qi_study_path(study, arena, path);
    if (full == NULL)
        return qi_fail_memory(err, 0);
    QI_TRY(quipu_sha256_file(full, sha256, &bytes, err));
    json_array_append_new(list, file_entry(path, sha256, bytes));
    return QUIPU_OK;
}

/* Printed tables and facts are inputs too. */
static quipu_status add_references(const qi_answers *answers, qi_arena *arena, json_t *list,
                                   quipu_error *err) {
    for (size_t i = 0; i < answers->n; i++) {
        const qi_block *block = answers->items[i].block;
        const char *path = block->kind == QI_BLOCK_FACTS ? block->file.text
                           : block->reference.line > 0   ? block->reference.file.text
                                                         : NULL;
        if (path != NULL)
            QI_TRY(add_file(answers->study, arena, list, path, err));
    }
    return QUIPU_OK;
}

quipu_status qi_manifest_make(const qi_answers *answers, const char *command, qi_arena *arena,
                              qi_manifest *out, quipu_error *err) {
    const qi_study *study = answers->study;
    const char *slash = strrchr(study->path, '/');
    char sha256[65];
    json_t *inputs = json_array(), *printed = json_array(), *root = NULL;
    char *text = NULL;
    quipu_status status;
    QI_GO(quipu_sha256_file(study->path, sha256, NULL, err));
    for (size_t i = 0; i < answers->inputs.n; i++)
        json_array_append_new(inputs, input_entry(&answers->inputs.items[i]));
    QI_GO(add_references(answers, arena, printed, err));
    root = json_pack("{s:s, s:s, s:s, s:s, s:s, s:O, s:O}", "quipu", QUIPU_VERSION, "study",
                     study->name.text, "file", slash != NULL ? slash + 1 : study->path,
                     "sha256", sha256, "command", command != NULL ? command : "", "inputs",
                     inputs, "printed", printed);
    text = root != NULL ? json_dumps(root, JSON_INDENT(2) | JSON_ENSURE_ASCII) : NULL;
    out->text = text != NULL ? qi_arena_printf(arena, "%s\n", text) : NULL;
    if (out->text == NULL) {
        status = qi_fail_memory(err, 0);
        goto done;
    }
    quipu_sha256(out->text, strlen(out->text), out->id);
done:
    free(text);
    json_decref(root);
    json_decref(inputs);
    json_decref(printed);
    return status;
}
