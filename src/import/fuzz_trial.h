/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_trial.h - any bytes as a file to import, and what must hold whatever they are.
 *
 * Laws:
 *   1. An import that succeeds accounts for every row, and its cube is sound.
 *   2. One that fails says why, in text that can be printed, and leaves no file behind.
 *   3. Both end the same the second time, with other threads and next to no memory.
 *   4. Appending the same file to the cube it made changes no figure.
 */
#ifndef QI_FUZZ_TRIAL_H
#define QI_FUZZ_TRIAL_H

#include "import/import.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LAW(holds)                                                                             \
    do {                                                                                       \
        if (!(holds)) {                                                                        \
            fprintf(stderr, "broken law: %s\n", #holds);                                       \
            abort();                                                                           \
        }                                                                                      \
    } while (0)

/* In memory, and away again when the fuzzer ends. */
static char fuzz_folder[64];
static quipu_nomen *fuzz_nomen;

static inline void fuzz_remove(void) {
    DIR *listing = opendir(fuzz_folder);
    if (listing == NULL)
        return;
    char path[400];
    for (struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", fuzz_folder, entry->d_name);
        if (entry->d_name[0] != '.' || strlen(entry->d_name) > 2)
            unlink(path);
    }
    closedir(listing);
}

static inline void fuzz_end(void) {
    fuzz_remove();
    rmdir(fuzz_folder);
    quipu_nomen_close(fuzz_nomen);
}

static inline void fuzz_begin(void) {
    if (fuzz_nomen != NULL)
        return;
    LAW(quipu_nomen_open(&fuzz_nomen, NULL) == QUIPU_OK);
    snprintf(fuzz_folder, sizeof fuzz_folder, "%s/quipu-fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    LAW(mkdtemp(fuzz_folder) != NULL);
    atexit(fuzz_end);
}

static inline void fuzz_path(char out[256], const char *name) {
    snprintf(out, 256, "%s/%s", fuzz_folder, name);
}

static inline void fuzz_write(const char *path, const uint8_t *data, size_t size) {
    FILE *file = fopen(path, "wb");
    LAW(file != NULL);
    LAW(fwrite(data, 1, size, file) == size);
    LAW(fclose(file) == 0);
}

/* Parquet is read by DuckDB, which is not ours to try. */
static inline bool fuzz_is_parquet(const uint8_t *data, size_t size) {
    return size >= 4 && memcmp(data, "PAR1", 4) == 0;
}

static inline size_t fuzz_count_files(void) {
    size_t n = 0;
    DIR *listing = opendir(fuzz_folder);
    LAW(listing != NULL);
    for (struct dirent *entry; (entry = readdir(listing)) != NULL;)
        n += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    closedir(listing);
    return n;
}

static inline void fuzz_check_same(const char *a, const char *b) {
    FILE *x = fopen(a, "rb"), *y = fopen(b, "rb");
    char p[4096], q[4096];
    size_t n, m;
    LAW(x != NULL && y != NULL);
    do {
        n = fread(p, 1, sizeof p, x);
        m = fread(q, 1, sizeof q, y);
        LAW(n == m && memcmp(p, q, n) == 0);
    } while (n > 0);
    fclose(x);
    fclose(y);
}

static inline void fuzz_check_sound(const char *path) {
    quipu_table problems = {0};
    LAW(quipu_cube_verify(path, &problems, NULL) == QUIPU_OK);
    for (size_t i = 0; i < problems.n_rows; i++)
        fprintf(stderr, "%s\n", problems.columns[3].data.text[i]);
    LAW(problems.n_rows == 0);
    quipu_table_free(&problems);
}

/* The figures of two cubes, slab by slab. */
static inline void fuzz_check_same_figures(const char *a, const char *b) {
    quipu_cube *x, *y;
    size_t n, m;
    const quipu_tariff *t;
    LAW(quipu_cube_open(a, &x, NULL) == QUIPU_OK);
    LAW(quipu_cube_open(b, &y, NULL) == QUIPU_OK);
    const quipu_slab *s = quipu_cube_slabs(x, &n), *r = quipu_cube_slabs(y, &m);
    LAW(n == m);
    for (size_t i = 0; i < n; i++)
        LAW(s[i].period == r[i].period && s[i].flow == r[i].flow && s[i].rows == r[i].rows &&
            s[i].n_pairs == r[i].n_pairs && s[i].total == r[i].total &&
            s[i].columns == r[i].columns);
    LAW(quipu_cube_n_products(x) == quipu_cube_n_products(y));
    LAW(quipu_cube_tariffs(x, &t, &n, NULL) == QUIPU_OK);
    LAW(quipu_cube_tariffs(y, &t, &m, NULL) == QUIPU_OK);
    LAW(n == m);
    quipu_cube_close(x);
    quipu_cube_close(y);
}

static inline quipu_status fuzz_import_once(const char *input, const char *cube,
                                            const quipu_import_options *options,
                                            quipu_import_result *result, quipu_error *err) {
    size_t files = fuzz_count_files();
    quipu_status status = quipu_import(fuzz_nomen, &input, 1, cube, options, result, err);
    LAW(status == err->status);
    LAW(status != QUIPU_E_BUG && status != QUIPU_E_NOMEM && status != QUIPU_E_IO);
    if (status == QUIPU_OK) {
        LAW(result->read == result->accepted + result->set_aside + result->rejected);
    } else {
        LAW(err->text[0] != 0 && qi_utf8_valid(err->text, strlen(err->text)));
        for (const char *c = err->text; *c != 0; c++)
            LAW((unsigned char)*c >= 0x20);
        LAW(fuzz_count_files() == files);
    }
    return status;
}

/* `rejects` is a path or NULL; `deep`: try laws 3 and 4 as well, which takes three times as
 * long. */
static inline void fuzz_import(const char *input, const quipu_import_options *given,
                               bool deep) {
    char cube[256], again[256];
    quipu_import_options options = *given;
    quipu_import_result result, second;
    quipu_error err = {0}, other = {0};
    fuzz_path(cube, "cube");
    fuzz_path(again, "again");
    options.threads = 1;
    quipu_status status = fuzz_import_once(input, cube, &options, &result, &err);
    if (status == QUIPU_OK)
        fuzz_check_sound(cube);
    if (deep) {
        options.threads = 3;
        options.memory = 1;
        if (options.rejects_path != NULL)
            unlink(options.rejects_path);
        LAW(fuzz_import_once(input, again, &options, &second, &other) == status);
        LAW(strcmp(err.text, other.text) == 0 && strcmp(err.file, other.file) == 0);
        LAW(err.line == other.line && err.column == other.column);
        LAW(result.read == second.read || status != QUIPU_OK);
        quipu_import_result_free(&second);
    }
    if (deep && status == QUIPU_OK) {
        fuzz_check_same(cube, again);
        options.append = true;
        LAW(fuzz_import_once(input, again, &options, &second, &other) == QUIPU_OK);
        fuzz_check_sound(again);
        fuzz_check_same_figures(cube, again);
        quipu_import_result_free(&second);
    }
    quipu_import_result_free(&result);
    fuzz_remove();
}

#endif
