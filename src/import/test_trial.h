/* SPDX-License-Identifier: Apache-2.0 */
/* test_trial.h - one import in a folder of its own, and what became of it, as text.
 *
 *     trial_file(t, "a.csv", "t,i,j,k,v,q\n2011,604,156,260300,2.5,1\n");
 *     trial_works(t);
 *     assert_leaves(t, "2011 reconciled PER>CHN 260300 2500 w1000\n");
 *     assert_ledger(t, "accepted 1 2500\n");
 *
 * Every import, also one that fails, is checked for what must always hold: the ledger adds
 * up, the cube is sound, a failure leaves the folder as it was.
 */
#ifndef QI_TEST_TRIAL_H
#define QI_TEST_TRIAL_H

#include "import/import.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { TRIAL_FILES = 16 };

typedef struct trial {
    char folder[64];
    char cube[96];
    quipu_nomen *nomen;
    quipu_import_options options;
    char path[TRIAL_FILES][128];
    const char *inputs[TRIAL_FILES];
    size_t n_inputs;
    quipu_status status;
    quipu_error err;
    quipu_import_result result;
    qi_buffer leaves, ledger;
} trial;

/* ---- files ---- */

static inline void trial_write(const char *path, const void *bytes, size_t length) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static inline qi_buffer trial_read(const char *path) {
    qi_buffer all = {0};
    char bytes[8192];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, file)) > 0;)
        assert_true(qi_buffer_add(&all, bytes, n));
    fclose(file);
    return all;
}

/* An input of the next import. */
static inline const char *trial_bytes(trial *t, const char *name, const void *bytes,
                                      size_t length) {
    assert_true(t->n_inputs < TRIAL_FILES);
    char path[sizeof t->path[0]];
    int written = snprintf(path, sizeof path, "%s/%s", t->folder, name);
    assert_true(written > 0 && (size_t)written < sizeof path);
    trial_write(path, bytes, length);
    memcpy(t->path[t->n_inputs], path, sizeof path);
    t->inputs[t->n_inputs] = t->path[t->n_inputs];
    return t->inputs[t->n_inputs++];
}

static inline const char *trial_file(trial *t, const char *name, const char *text) {
    return trial_bytes(t, name, text, strlen(text));
}

static inline void trial_remove_files(const char *folder) {
    DIR *listing = opendir(folder);
    assert_non_null(listing);
    char path[512];
    for (struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            assert_int_equal(unlink(path), 0);
    }
    closedir(listing);
}

static inline size_t trial_count_files(const trial *t) {
    size_t n = 0;
    DIR *listing = opendir(t->folder);
    assert_non_null(listing);
    for (struct dirent *entry; (entry = readdir(listing)) != NULL;)
        n += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    closedir(listing);
    return n;
}

/* ---- packed files, stored without compression: enough for a reader of archives ---- */

static inline uint32_t trial_crc(const void *bytes, size_t length) {
    const unsigned char *b = bytes;
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < length; i++) {
        crc ^= b[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? UINT32_C(0xEDB88320) : 0);
    }
    return ~crc;
}

static inline void trial_little(qi_buffer *out, uint32_t number, size_t n_bytes) {
    for (size_t i = 0; i < n_bytes; i++) {
        char byte = (char)(number >> 8 * i & 0xFF);
        assert_true(qi_buffer_add(out, &byte, 1));
    }
}

static inline qi_buffer trial_gzip(const void *bytes, size_t length) {
    qi_buffer out = {0};
    assert_true(qi_buffer_add(&out, "\x1f\x8b\x08\0\0\0\0\0\0\x03", 10));
    for (size_t at = 0; at == 0 || at < length; at += 65535) {
        size_t n = length - at < 65535 ? length - at : 65535;
        trial_little(&out, at + n == length, 1); /* last block? stored */
        trial_little(&out, (uint32_t)n, 2);
        trial_little(&out, (uint32_t)n ^ 0xFFFF, 2);
        assert_true(qi_buffer_add(&out, (const char *)bytes + at, n));
    }
    trial_little(&out, trial_crc(bytes, length), 4);
    trial_little(&out, (uint32_t)length, 4);
    return out;
}

/* What the local header and the directory of a zip have in common. */
static inline void trial_zip_entry(qi_buffer *out, const char *name, const char *text) {
    uint32_t length = (uint32_t)strlen(text);
    trial_little(out, 20, 2);
    trial_little(out, 0, 4); /* flags, stored */
    trial_little(out, 0x58210000, 4);
    trial_little(out, trial_crc(text, length), 4);
    trial_little(out, length, 4);
    trial_little(out, length, 4);
    trial_little(out, (uint32_t)strlen(name), 2);
    trial_little(out, 0, 2);
}

/* `names` and `texts` of n members. */
static inline qi_buffer trial_zip(const char *const *names, const char *const *texts,
                                  size_t n) {
    qi_buffer out = {0}, directory = {0};
    for (size_t i = 0; i < n; i++) {
        uint32_t offset = (uint32_t)out.length;
        assert_true(qi_buffer_add(&out, "PK\x03\x04", 4));
        trial_zip_entry(&out, names[i], texts[i]);
        assert_true(qi_buffer_text(&out, names[i]) && qi_buffer_text(&out, texts[i]));
        assert_true(qi_buffer_add(&directory, "PK\x01\x02\x14\0", 6));
        trial_zip_entry(&directory, names[i], texts[i]);
        trial_little(&directory, 0, 4);          /* comment, disk */
        trial_little(&directory, 0, 2);          /* inside */
        trial_little(&directory, 0x81A40000, 4); /* outside: a plain file */
        trial_little(&directory, offset, 4);
        assert_true(qi_buffer_text(&directory, names[i]));
    }
    uint32_t start = (uint32_t)out.length;
    assert_true(qi_buffer_add(&out, directory.bytes, directory.length));
    assert_true(qi_buffer_add(&out, "PK\x05\x06\0\0\0\0", 8));
    trial_little(&out, (uint32_t)n, 2);
    trial_little(&out, (uint32_t)n, 2);
    trial_little(&out, (uint32_t)directory.length, 4);
    trial_little(&out, start, 4);
    trial_little(&out, 0, 2);
    qi_buffer_free(&directory);
    return out;
}

/* ---- what became of it, as text ---- */

static inline void trial_put_amount(qi_buffer *out, const char *before, int64_t amount) {
    char text[QI_NUMBER_TEXT] = "?";
    if (amount != QUIPU_MONEY_MISSING)
        qi_format_scaled(text, amount, 3);
    assert_true(qi_buffer_printf(out, "%s%s", before, text));
}

static inline void trial_put_pair(qi_buffer *out, const quipu_cube *cube,
                                  const quipu_slab *slab, const quipu_pairs *pairs, size_t p,
                                  const quipu_leaves *l) {
    size_t n;
    const quipu_cube_country *countries = quipu_cube_countries(cube, &n);
    for (size_t i = 0; i < l->n; i++) {
        assert_true(qi_buffer_printf(
            out, "%d %s %s>%s %s", slab->period, quipu_flow_name(slab->flow),
            countries[pairs->reporter[p]].iso3, countries[pairs->partner[p]].iso3,
            quipu_cube_product(cube, l->product[i])));
        trial_put_amount(out, " ", l->value[i]);
        if (l->weight[i] != QUIPU_QUANTITY_MISSING)
            trial_put_amount(out, " w", l->weight[i]);
        if (l->quantity[i] != QUIPU_QUANTITY_MISSING) {
            trial_put_amount(out, " q", l->quantity[i]);
            assert_true(qi_buffer_printf(out, "/%d", l->unit[i]));
        }
        if (l->flags[i] != 0)
            assert_true(qi_buffer_printf(out, " f%d", l->flags[i]));
        assert_true(qi_buffer_text(out, "\n"));
    }
}

/* All leaves, a line each: period flow REPORTER>PARTNER product value [wWEIGHT]
 * [qQUANTITY/UNIT] [fFLAGS]; a missing value is "?". */
static inline void trial_leaves(const char *path, qi_buffer *out) {
    quipu_error err = {0};
    quipu_cube *cube;
    quipu_leaves leaves = {0};
    size_t n;
    if (quipu_cube_open(path, &cube, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    const quipu_slab *slabs = quipu_cube_slabs(cube, &n);
    out->length = 0;
    assert_true(qi_buffer_text(out, ""));
    for (size_t s = 0; s < n; s++) {
        quipu_pairs pairs;
        assert_int_equal(quipu_cube_pairs(cube, s, &pairs, &err), QUIPU_OK);
        for (size_t p = 0; p < pairs.n_pairs; p++) {
            if (quipu_cube_leaves(cube, s, p,
                                  QUIPU_READ_WEIGHT | QUIPU_READ_QUANTITY | QUIPU_READ_FLAGS,
                                  &leaves, &err) != QUIPU_OK)
                fail_msg("%s", err.text);
            trial_put_pair(out, cube, &slabs[s], &pairs, p, &leaves);
        }
    }
    quipu_leaves_free(&leaves);
    quipu_cube_close(cube);
}

static inline const char *trial_cell(const quipu_table *table, size_t column, size_t row) {
    return quipu_table_present(table, column, row) ? table->columns[column].data.text[row] : "";
}

/* "accepted ROWS VALUE", then a line for each reason, by its name in QI_REASONS. */
static inline void trial_ledger(const quipu_table *table, qi_buffer *out) {
    static const char *const REASON[][2] = {
#define X(name, outcome, text) {#name, text},
        QI_REASONS(X)
#undef X
    };
    out->length = 0;
    assert_true(qi_buffer_text(out, ""));
    for (size_t row = 0; row < table->n_rows; row++) {
        const char *reason = trial_cell(table, 1, row), *name = trial_cell(table, 0, row);
        for (size_t i = 0; i < QI_COUNT(REASON); i++)
            if (strcmp(REASON[i][1], reason) == 0)
                name = REASON[i][0];
        if (strcmp(reason, "tariffs") == 0)
            name = "tariffs";
        char value[QI_NUMBER_TEXT];
        qi_format_scaled(value, table->columns[3].data.integer[row], 3);
        assert_true(qi_buffer_printf(out, "%s %lld %s\n", name,
                                     (long long)table->columns[2].data.integer[row], value));
    }
}

/* The first example of a reason, by its name; "" when there is none. */
static inline const char *trial_example(const trial *t, const char *name) {
    static const char *const REASON[][2] = {
#define X(name, outcome, text) {#name, text},
        QI_REASONS(X)
#undef X
    };
    for (size_t i = 0; i < QI_COUNT(REASON); i++)
        for (size_t row = 0; row < t->result.ledger.n_rows; row++)
            if (strcmp(REASON[i][0], name) == 0 &&
                strcmp(REASON[i][1], trial_cell(&t->result.ledger, 1, row)) == 0)
                return trial_cell(&t->result.ledger, 4, row);
    return "";
}

/* ---- running ---- */

static inline void trial_forget(trial *t) {
    quipu_import_result_free(&t->result);
    memset(&t->result, 0, sizeof t->result);
    t->leaves.length = t->ledger.length = 0;
}

/* No inputs, no options, an empty folder. */
static inline void trial_again(trial *t) {
    trial_forget(t);
    trial_remove_files(t->folder);
    memset(&t->options, 0, sizeof t->options);
    t->n_inputs = 0;
}

static inline void trial_check_sound(const char *path) {
    quipu_table problems = {0};
    quipu_error err = {0};
    if (quipu_cube_verify(path, &problems, &err) != QUIPU_OK)
        fail_msg("%s", err.text);
    if (problems.n_rows > 0)
        fail_msg("%s: %s", path, trial_cell(&problems, 3, 0));
    quipu_table_free(&problems);
}

/* Import the inputs; what must hold of every import is checked, the rest is the test's. */
static inline void trial_run(trial *t) {
    bool was_there = access(t->cube, F_OK) == 0;
    qi_buffer old = {0};
    if (was_there)
        old = trial_read(t->cube);
    size_t n_files = trial_count_files(t);
    trial_forget(t);
    t->status = quipu_import(t->nomen, t->inputs, t->n_inputs, t->cube, &t->options, &t->result,
                             &t->err);
    assert_int_equal(t->status, t->err.status);
    if (t->status == QUIPU_OK) {
        assert_int_equal(t->result.read,
                         t->result.accepted + t->result.set_aside + t->result.rejected);
        n_files += (was_there ? 0u : 1u) + (t->options.rejects_path != NULL ? 1u : 0u);
        assert_int_equal(trial_count_files(t), n_files);
        trial_check_sound(t->cube);
        trial_leaves(t->cube, &t->leaves);
    } else {
        assert_true(t->err.text[0] != 0);
        assert_true(qi_utf8_valid(t->err.text, strlen(t->err.text)));
        assert_int_equal(trial_count_files(t), n_files);
        assert_int_equal(access(t->cube, F_OK) == 0, was_there);
        if (was_there) {
            qi_buffer now = trial_read(t->cube);
            assert_int_equal(now.length, old.length);
            assert_memory_equal(now.bytes, old.bytes, old.length);
            qi_buffer_free(&now);
        }
    }
    trial_ledger(&t->result.ledger, &t->ledger);
    qi_buffer_free(&old);
}

static inline void trial_works(trial *t) {
    trial_run(t);
    if (t->status != QUIPU_OK)
        fail_msg("%s:%llu:%u: %s", t->err.file, (unsigned long long)t->err.line, t->err.column,
                 t->err.text);
}

/* The import fails at this line and column (0: none is known) with a text that has `words`. */
static inline void trial_fails(trial *t, quipu_status status, uint64_t line, uint32_t column,
                               const char *words) {
    trial_run(t);
    if (t->status != status || t->err.line != line || t->err.column != column ||
        strstr(t->err.text, words) == NULL)
        fail_msg("status %d at %llu:%u \"%s\"; expected %d at %llu:%u \"%s\"", (int)t->status,
                 (unsigned long long)t->err.line, t->err.column, t->err.text, (int)status,
                 (unsigned long long)line, column, words);
    if (line != 0 && strncmp(t->err.file, t->folder, strlen(t->folder)) != 0)
        fail_msg("the error names the file \"%s\"", t->err.file);
}

#define assert_leaves(t, expected) assert_string_equal((t)->leaves.bytes, (expected))
#define assert_ledger(t, expected) assert_string_equal((t)->ledger.bytes, (expected))

/* ---- cmocka: a nomen for the group, a folder for each test ---- */

static quipu_nomen *trial_nomen;

static inline int trial_open_nomen(void **unused) {
    QI_UNUSED(unused);
    return quipu_nomen_open(&trial_nomen, NULL) == QUIPU_OK ? 0 : -1;
}

static inline int trial_close_nomen(void **unused) {
    QI_UNUSED(unused);
    quipu_nomen_close(trial_nomen);
    return 0;
}

static inline int trial_setup(void **state) {
    trial *t = calloc(1, sizeof *t);
    if (t == NULL)
        return -1;
    const char *temporary = getenv("TMPDIR");
    snprintf(t->folder, sizeof t->folder, "%s/quipu-import-XXXXXX",
             temporary != NULL && strlen(temporary) < 40 ? temporary : "/tmp");
    if (mkdtemp(t->folder) == NULL) {
        free(t);
        return -1;
    }
    snprintf(t->cube, sizeof t->cube, "%s/cube.quipu", t->folder);
    t->nomen = trial_nomen;
    *state = t;
    return 0;
}

static inline int trial_teardown(void **state) {
    trial *t = *state;
    trial_again(t);
    rmdir(t->folder);
    qi_buffer_free(&t->leaves);
    qi_buffer_free(&t->ledger);
    free(t);
    return 0;
}

#define trial_test(f) cmocka_unit_test_setup_teardown(f, trial_setup, trial_teardown)

#endif
