/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_cube.c - any bytes as a cube: open it, read all of it, verify it.
 *
 * Laws: what verify finds nothing wrong with can be opened and read to the end; what cannot be
 * opened, verify has words for; and an error names its file.  Every input is tried twice, as it
 * is and with its checksums repaired, as no mutation gets past a checksum.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "../../tests/support/craft.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
/* libFuzzer's own; absent when a corpus is only replayed. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size) __attribute__((weak));

#define LAW(holds)                                                                             \
    do {                                                                                       \
        if (!(holds)) {                                                                        \
            fprintf(stderr, "broken law: %s (%s)\n", #holds, err.text);                        \
            abort();                                                                           \
        }                                                                                      \
    } while (0)

static void try_path(const char *path) {
    quipu_error err = {0};
    quipu_cube *cube;
    quipu_table problems;
    uint64_t sum = 0, again = 0;
    quipu_status opened = quipu_cube_open(path, &cube, &err);
    LAW((opened == QUIPU_OK) == (cube != NULL));
    quipu_status status = opened == QUIPU_OK ? qt_walk(cube, &sum, &err) : opened;
    LAW(status == QUIPU_OK || status == QUIPU_E_FORMAT || status == QUIPU_E_DATA);
    LAW(status != QUIPU_E_FORMAT || strcmp(err.file, path) == 0);
    if (status == QUIPU_OK) {
        LAW(qt_walk(cube, &again, &err) == QUIPU_OK);
        LAW(sum == again);
    }
    quipu_cube_close(cube);
    quipu_error verify_err = {0};
    LAW(quipu_cube_verify(path, &problems, &verify_err) == QUIPU_OK);
    LAW(problems.n_rows > 0 || status == QUIPU_OK);
    quipu_table_free(&problems);
}

static void try_bytes(const uint8_t *bytes, size_t size) {
    char path[64];
    int fd = memfd_create("cube", MFD_CLOEXEC);
    if (fd < 0)
        abort();
    for (size_t done = 0; done < size;) {
        ssize_t n = write(fd, bytes + done, size - done);
        if (n <= 0)
            abort();
        done += (size_t)n;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    try_path(path);
    close(fd);
}

/* Make the header fit the bytes, and the checksums the content. */
static void repair(qt_file *file) {
    qi_header *h = qt_header(file);
    memcpy(h->magic, QI_MAGIC, sizeof h->magic);
    h->version = QI_FORMAT_VERSION;
    h->header_bytes = QI_HEADER_BYTES;
    if (!qt_has_tables(file)) { /* bytes came or went: the directory is what is at the end */
        uint64_t most = (file->size - QI_HEADER_BYTES) / QI_ALIGN * QI_ALIGN;
        h->sums_offset = h->sums_offset < file->size && h->sums_offset >= QI_HEADER_BYTES
                             ? h->sums_offset / QI_ALIGN * QI_ALIGN
                             : QI_HEADER_BYTES + most;
        h->n_blocks = (h->sums_offset - QI_HEADER_BYTES + QI_BLOCK_BYTES - 1) / QI_BLOCK_BYTES;
        if (h->sums_offset + h->n_blocks * 8 > file->size) {
            h->sums_offset = QI_HEADER_BYTES;
            h->n_blocks = 0;
        }
        h->directory_offset = h->sums_offset + h->n_blocks * 8;
        h->n_sections = (file->size - h->directory_offset) / sizeof(qi_section);
    }
    file->size = (size_t)(h->directory_offset + h->n_sections * sizeof(qi_section));
    h->file_bytes = file->size;
    qt_reseal(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    try_bytes(data, size);
    if (size < QI_HEADER_BYTES)
        return 0;
    qt_file file = {malloc(size), size};
    if (file.bytes == NULL)
        return 0;
    memcpy(file.bytes, data, size);
    repair(&file);
    if (file.size != size || memcmp(file.bytes, data, size) != 0)
        try_bytes(file.bytes, file.size);
    qt_file_free(&file);
    return 0;
}

/* The bytes of one thing in the file: header, directory or a section. */
static void choose(const qt_file *file, unsigned seed, uint64_t *from, uint64_t *length) {
    const qi_header *h = qt_header(file);
    uint64_t pick = seed % (h->n_sections + h->n_sections / 4 + 2);
    if (pick < h->n_sections) {
        qi_section section;
        memcpy(&section, file->bytes + h->directory_offset + pick * sizeof section,
               sizeof section);
        *from = section.offset;
        *length = section.length;
        if (*length > 0 && *from <= file->size && *length <= file->size - *from)
            return;
    }
    *from = pick == h->n_sections ? 0 : h->directory_offset;
    *length = pick == h->n_sections ? sizeof *h : h->n_sections * sizeof(qi_section);
}

/* A header page of zeros and tables that must fit each other give blind mutations little to
 * hit: so most change one section in its place, and the file is sealed again. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed) {
    qt_file file = {data, size};
    uint64_t from, length;
    if (LLVMFuzzerMutate == NULL || size < QI_HEADER_BYTES || seed % 8 == 0 ||
        !qt_has_tables(&file))
        return LLVMFuzzerMutate != NULL ? LLVMFuzzerMutate(data, size, max_size) : size;
    for (unsigned times = seed / 8 % 3; times < 3; times++) {
        seed = seed * 1664525u + 1013904223u;
        choose(&file, seed >> 8, &from, &length);
        if (length == 0)
            continue;
        LLVMFuzzerMutate(data + from, (size_t)length, (size_t)length);
        if (!qt_has_tables(&file))
            break;
    }
    if (seed % 16 != 0)
        repair(&file);
    return file.size;
}
