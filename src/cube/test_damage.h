/* SPDX-License-Identifier: Apache-2.0 */
/* test_damage.h - try files that are wrong: each must be refused or found out, with words that
 * name the file.  Include it after cmocka.h.
 */
#ifndef QT_TEST_DAMAGE_H
#define QT_TEST_DAMAGE_H

#include "../../tests/support/craft.h"
#include "../../tests/support/world.h"

static char PATH[512]; /* where files are tried */

static bool make(const qt_world_spec *spec, qt_file *out) {
    quipu_error err = {0};
    bool fine = qt_world_write(PATH, spec, &err) == QUIPU_OK && qt_file_read(PATH, out);
    if (!fine)
        print_error("%s\n", err.text);
    return fine;
}

static qt_file copy(const qt_file *file) {
    qt_file out = {malloc(file->size + 1), file->size};
    assert_non_null(out.bytes);
    memcpy(out.bytes, file->bytes, file->size);
    return out;
}

/* What came of a file. */
typedef struct outcome {
    quipu_status status; /* of the first call that failed */
    quipu_error err;
    size_t n;                                 /* problems */
    char section[64], slab[32], problem[512]; /* of the first */
    int64_t byte;                             /* -1: none */
} outcome;

static void keep(char *out, size_t size, const char *text) {
    snprintf(out, size, "%s", text != NULL ? text : "");
}

/* Open and read all of it, and verify it; whatever the file is, both end well. */
static outcome try_file(const uint8_t *bytes, size_t size) {
    outcome out = {.byte = -1};
    quipu_cube *cube;
    quipu_table problems;
    uint64_t sum;
    assert_true(qt_file_write(PATH, bytes, size));
    out.status = quipu_cube_open(PATH, &cube, &out.err);
    assert_int_equal(out.status == QUIPU_OK, cube != NULL);
    if (cube != NULL)
        out.status = qt_walk(cube, &sum, &out.err);
    quipu_cube_close(cube);
    if (out.status == QUIPU_E_FORMAT) {
        assert_string_equal(out.err.file, PATH);
        assert_true(strlen(out.err.text) > 10);
    } else if (out.status != QUIPU_OK) {
        assert_int_equal(out.status, QUIPU_E_DATA); /* sums of forged matrices may not fit */
    }
    quipu_error err = {0};
    assert_int_equal(quipu_cube_verify(PATH, &problems, &err), QUIPU_OK);
    out.n = problems.n_rows;
    if (out.n > 0) {
        keep(out.section, sizeof out.section, problems.columns[0].data.text[0]);
        keep(out.slab, sizeof out.slab, problems.columns[1].data.text[0]);
        keep(out.problem, sizeof out.problem, problems.columns[3].data.text[0]);
        if (quipu_table_present(&problems, 2, 0))
            out.byte = problems.columns[2].data.integer[0];
    }
    for (size_t i = 0; i < problems.n_rows; i++) {
        assert_non_null(problems.columns[0].data.text[i]);
        assert_non_null(problems.columns[3].data.text[i]);
        assert_true(qi_utf8_valid(problems.columns[3].data.text[i],
                                  strlen(problems.columns[3].data.text[i])));
    }
    quipu_table_free(&problems);
    /* What verify calls sound can be read to the end. */
    if (out.n == 0 && out.status != QUIPU_OK)
        print_error("%s\n", out.err.text);
    assert_true(out.n > 0 || out.status == QUIPU_OK);
    return out;
}

/* ---- forgery: the checksums are right, the content is not ---- */

/* Change `file`; what it is changed into must be listed under `section`. */
typedef struct forgery {
    const char *name;
    void (*forge)(const qt_file *file);
    const char *section;
    bool readable;     /* a figure is wrong, but nothing leads astray */
    const qt_file *of; /* NULL: the usual one */
} forgery;

#define FORGE(name)     static void name(const qt_file *file)
#define U8(kind, slab)  ((uint8_t *)qt_bytes(file, kind, slab))
#define U16(kind, slab) ((uint16_t *)qt_bytes(file, kind, slab))
#define U32(kind, slab) ((uint32_t *)qt_bytes(file, kind, slab))
#define U64(kind, slab) ((uint64_t *)qt_bytes(file, kind, slab))
#define I64(kind, slab) ((int64_t *)qt_bytes(file, kind, slab))
#define SECTION(k, s)   qt_section(file, k, s)

/* Is there a problem under this section? */
static bool lists(const char *section) {
    quipu_table problems;
    bool found = false;
    assert_int_equal(quipu_cube_verify(PATH, &problems, NULL), QUIPU_OK);
    for (size_t i = 0; i < problems.n_rows; i++)
        found |= strcmp(problems.columns[0].data.text[i], section) == 0;
    for (size_t i = 0; i < problems.n_rows && !found; i++)
        print_error("  %s: %s\n", problems.columns[0].data.text[i],
                    problems.columns[3].data.text[i]);
    quipu_table_free(&problems);
    return found;
}

static bool is_found_out(const forgery *f, const qt_file *sound) {
    qt_file file = copy(sound);
    f->forge(&file);
    qt_reseal(&file);
    outcome out = try_file(file.bytes, file.size);
    bool read = out.status != QUIPU_E_FORMAT;
    bool found = out.n > 0 && read == f->readable && lists(f->section);
    if (!found)
        print_error("%s: %zu problems, %s\n", f->name, out.n, read ? "read" : out.err.text);
    qt_file_free(&file);
    return found;
}

#endif
