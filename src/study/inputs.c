/* SPDX-License-Identifier: Apache-2.0 */
/* inputs.c - find the files of a study, make cubes of them, remember what they were. */
#include "study/inputs.h"

#include "query/query.h"
#include "quipu/bundle.h"
#include "quipu/import.h"

#include <dirent.h>
#include <sys/stat.h>

/* ---- which files ---- */

static bool is_folder(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static bool is_there(const char *path) {
    struct stat about;
    return stat(path, &about) == 0;
}

static bool ends_in(const char *text, const char *end) {
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const qi_file *)a)->shown, ((const qi_file *)b)->shown);
}

static quipu_status add_file(qi_arena *arena, qi_input *input, size_t room, const char *path,
                             const char *shown, quipu_error *err) {
    if (input->files == NULL)
        input->files = qi_arena_alloc(arena, room * sizeof *input->files);
    if (input->files == NULL || path == NULL || shown == NULL)
        return qi_fail_memory(err, room * sizeof *input->files);
    input->files[input->n_files++] = (qi_file){.path = path, .shown = shown};
    return QUIPU_OK;
}

#define MAX_TABLES 64 /* of a register */

/* A register is its CSV tables, in order of name. */
static quipu_status list_folder(qi_arena *arena, qi_input *input, const char *path,
                                const char *shown, quipu_error *err) {
    DIR *folder = opendir(path);
    quipu_status status = QUIPU_OK;
    if (folder == NULL)
        return qi_fail_errno(err, "open", path);
    for (struct dirent *entry; status == QUIPU_OK && (entry = readdir(folder)) != NULL;)
        if (ends_in(entry->d_name, ".csv") && entry->d_name[0] != '.' &&
            input->n_files < MAX_TABLES)
            status = add_file(arena, input, MAX_TABLES,
                              qi_arena_printf(arena, "%s/%s", path, entry->d_name),
                              qi_arena_printf(arena, "%s/%s", shown, entry->d_name), err);
    closedir(folder);
    if (status == QUIPU_OK && input->n_files > 0)
        qsort(input->files, input->n_files, sizeof *input->files, by_name);
    return status;
}

static const char *override_of(const quipu_study_options *options, const char *name) {
    const char *path = NULL;
    for (size_t i = 0; options != NULL && i < options->n_inputs; i++)
        if (strcmp(options->inputs[i].name, name) == 0)
            path = options->inputs[i].path;
    return path;
}

typedef enum input_kind { KIND_IMPORT, KIND_CUBE, KIND_REGISTER, KIND_TABLE } input_kind;

static input_kind kind_of(const qi_input_spec *spec, const char *instead) {
    if (spec->table.text != NULL)
        return KIND_TABLE;
    if (instead != NULL)
        return is_folder(instead)           ? KIND_REGISTER
               : ends_in(instead, ".quipu") ? KIND_CUBE
                                            : KIND_IMPORT;
    return spec->reg.text != NULL    ? KIND_REGISTER
           : spec->cube.text != NULL ? KIND_CUBE
                                     : KIND_IMPORT;
}

static quipu_status list_input(const qi_study *study, const quipu_study_options *options,
                               qi_arena *arena, qi_input *input, quipu_error *err) {
    const qi_input_spec *spec = input->spec;
    const char *instead = override_of(options, spec->name.text);
    const qi_words *one = spec->reg.text != NULL     ? &spec->reg
                          : spec->table.text != NULL ? &spec->table
                                                     : &spec->cube;
    size_t n = instead != NULL || spec->import.n == 0 ? 1 : spec->import.n;
    input->there = true;
    for (size_t i = 0; i < n; i++) {
        const char *shown = instead != NULL      ? qi_arena_dup(arena, instead)
                            : spec->import.n > 0 ? spec->import.items[i].text
                                                 : one->text;
        const char *path = instead != NULL ? shown : qi_study_path(study, arena, shown);
        if (path == NULL || shown == NULL)
            return qi_fail_memory(err, 0);
        if (!is_there(path)) {
            input->there = false;
            return add_file(arena, input, n, path, shown, err);
        }
        if (kind_of(spec, instead) == KIND_REGISTER)
            return list_folder(arena, input, path, shown, err);
        QI_TRY(add_file(arena, input, n, path, shown, err));
    }
    return QUIPU_OK;
}

static quipu_status check_overrides(const qi_study *study, const quipu_study_options *options,
                                    quipu_error *err) {
    for (size_t i = 0; options != NULL && i < options->n_inputs; i++) {
        qi_suggest near;
        char text[QI_SUGGEST_TEXT];
        bool known = false;
        qi_suggest_start(&near, options->inputs[i].name);
        for (size_t k = 0; k < study->inputs.n; k++) {
            const char *name = study->inputs.items[k].name.text;
            known = known || strcmp(name, options->inputs[i].name) == 0;
            qi_suggest_try(&near, name);
        }
        if (!known)
            return qi_fail(err, QUIPU_E_ARG, "the study has no input \"%.60s\"%s",
                           options->inputs[i].name, qi_suggest_text(&near, text));
    }
    return QUIPU_OK;
}

quipu_status qi_inputs_list(const qi_study *study, const quipu_study_options *options,
                            qi_inputs *out, quipu_error *err) {
    quipu_status status = QUIPU_OK;
    *out = (qi_inputs){0};
    QI_TRY(check_overrides(study, options, err));
    out->n = study->inputs.n;
    out->items = qi_arena_alloc(&out->arena, (out->n + 1) * sizeof *out->items);
    if (out->items == NULL)
        status = qi_fail_memory(err, out->n * sizeof *out->items);
    for (size_t i = 0; i < out->n && status == QUIPU_OK; i++) {
        out->items[i].spec = &study->inputs.items[i];
        status = list_input(study, options, &out->arena, &out->items[i], err);
    }
    if (status != QUIPU_OK)
        qi_inputs_close(out);
    return status;
}

/* ---- opening ---- */

static quipu_status make_cube(const quipu_nomen *nomen, const quipu_study_options *options,
                              const char *scratch, qi_arena *arena, qi_input *input,
                              quipu_error *err) {
    const qi_input_spec *spec = input->spec;
    quipu_import_result result = {0};
    quipu_import_options how = {.profile = spec->profile.text,
                                .map = spec->map.text,
                                .nomenclature = spec->nomenclature.text,
                                .threads = options != NULL ? options->threads : 0};
    const char **paths = qi_arena_alloc(arena, input->n_files * sizeof *paths);
    input->cube_name = qi_arena_printf(arena, "%s.quipu", spec->name.text);
    const char *cube = qi_arena_printf(arena, "%s/%s.quipu", scratch, spec->name.text);
    if (paths == NULL || input->cube_name == NULL || cube == NULL)
        return qi_fail_memory(err, 0);
    for (size_t i = 0; i < input->n_files; i++)
        paths[i] = input->files[i].path;
    quipu_status status = quipu_import(nomen, paths, input->n_files, cube, &how, &result, err);
    input->read = result.read;
    input->accepted = result.accepted;
    input->set_aside = result.set_aside;
    input->rejected = result.rejected;
    quipu_import_result_free(&result);
    return status == QUIPU_OK ? quipu_cube_open(cube, &input->cube, err) : status;
}

static quipu_status open_input(const qi_study *study, const quipu_nomen *nomen,
                               const quipu_study_options *options, const char *scratch,
                               qi_arena *arena, qi_input *input, quipu_error *err) {
    const qi_input_spec *spec = input->spec;
    const char *instead = override_of(options, spec->name.text);
    if (!input->there) {
        if (spec->optional.text != NULL && instead == NULL)
            return QUIPU_OK;
        return qi_study_fail(study, spec->name, err, "the input `%s`: there is no %s%s%s",
                             spec->name.text, input->files[0].path,
                             spec->obtain.text != NULL ? "; it can be had from: " : "",
                             qi_or(spec->obtain, ""));
    }
    for (size_t i = 0; i < input->n_files; i++)
        QI_TRY(quipu_sha256_file(input->files[i].path, input->files[i].sha256,
                                 &input->files[i].bytes, err));
    switch (kind_of(spec, instead)) {
    case KIND_IMPORT: QI_TRY(make_cube(nomen, options, scratch, arena, input, err)); break;
    case KIND_CUBE: QI_TRY(quipu_cube_open(input->files[0].path, &input->cube, err)); break;
    case KIND_TABLE: break; /* read by the measure that is given its path */
    case KIND_REGISTER: {
        const char *folder =
            instead != NULL ? instead : qi_study_path(study, arena, spec->reg.text);
        QI_TRY(quipu_register_open(folder, nomen, NULL, &input->reg, err));
        break;
    }
    }
    return QUIPU_OK;
}

quipu_status qi_inputs_open(const qi_study *study, const quipu_nomen *nomen,
                            const quipu_study_options *options, const char *scratch,
                            qi_inputs *out, quipu_error *err) {
    quipu_status status = QUIPU_OK;
    QI_TRY(qi_inputs_list(study, options, out, err));
    for (size_t i = 0; i < out->n && status == QUIPU_OK; i++)
        status = open_input(study, nomen, options, scratch, &out->arena, &out->items[i], err);
    if (status != QUIPU_OK)
        qi_inputs_close(out);
    return status;
}

void qi_inputs_close(qi_inputs *inputs) {
    for (size_t i = 0; i < inputs->n && inputs->items != NULL; i++) {
        quipu_cube_close(inputs->items[i].cube);
        quipu_register_close(inputs->items[i].reg);
    }
    qi_arena arena = inputs->arena;
    *inputs = (qi_inputs){0};
    qi_arena_free(&arena);
}

qi_input *qi_inputs_find(const qi_inputs *inputs, const char *name) {
    for (size_t i = 0; i < inputs->n; i++)
        if (strcmp(inputs->items[i].spec->name.text, name) == 0)
            return &inputs->items[i];
    return NULL;
}
