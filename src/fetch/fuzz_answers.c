/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_answers.c - any bytes as what an office answers, and as what a folder of ours holds.  The
 * first byte says which.
 *
 * Laws: the same bytes give the same answer twice; an error says why, in text that can be
 * printed; what is read is not more than the bytes can hold. */
#include "fetch/address.h"
#include "fetch/comtrade.h"
#include "fetch/retry.h"
#include "fetch/wits.h"
#include "fetch/worldbank.h"

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

static char folder[64];

static void path_of(char out[160], const char *name) {
    snprintf(out, 160, "%s/%s", folder, name);
}

static void leave(void) {
    static const char *const NAME[] = {"request.json", "journal.jsonl", "manifest.json",
                                       "answers/a.json"};
    char path[160];
    for (size_t i = 0; i < QI_COUNT(NAME); i++) {
        path_of(path, NAME[i]);
        unlink(path);
    }
    path_of(path, "answers");
    rmdir(path);
    rmdir(folder);
}

static void enter(void) {
    char path[160];
    if (folder[0] != 0)
        return;
    snprintf(folder, sizeof folder, "%s/quipu-fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    LAW(mkdtemp(folder) != NULL);
    path_of(path, "answers");
    LAW(mkdir(path, 0700) == 0);
    atexit(leave);
}

static void put(const char *name, const char *bytes, size_t length) {
    char path[160];
    path_of(path, name);
    FILE *file = fopen(path, "wb");
    LAW(file != NULL);
    LAW(fwrite(bytes, 1, length, file) == length);
    LAW(fclose(file) == 0);
}

/* How much was read; what is read is freed again. */
static quipu_status read_datasets(const char *bytes, size_t length, size_t *n,
                                  quipu_error *err) {
    qi_datasets sets = {0};
    quipu_status status = qi_read_datasets(bytes, length, &sets, err);
    LAW(sets.n <= length);
    qi_order_datasets(&sets);
    *n = sets.n;
    free(sets.items);
    return status;
}

static quipu_status read_codes(const char *bytes, size_t length, size_t *n, quipu_error *err) {
    qi_arena arena = {0};
    qi_names names;
    quipu_status status = qi_read_codes(&arena, bytes, length, length % 7, &names, err);
    for (size_t i = 1; i < names.n; i++)
        LAW(strcmp(names.items[i - 1], names.items[i]) <= 0);
    *n = names.n;
    qi_arena_free(&arena);
    return status;
}

static quipu_status count_answer(const char *bytes, size_t length, size_t *n,
                                 quipu_error *err) {
    uint64_t rows;
    quipu_status status = qi_count_answer(bytes, length, "604", 2011, &rows, err);
    LAW(rows <= length);
    *n = (size_t)rows;
    return status;
}

static quipu_status read_wits(const char *bytes, size_t length, size_t *n, quipu_error *err) {
    qi_wits_rows rows = {0};
    quipu_status status = qi_wits_read(bytes, length, &rows, err);
    *n = rows.n;
    qi_wits_free(&rows);
    return status;
}

static quipu_status read_bank(const char *bytes, size_t length, size_t *n, quipu_error *err) {
    qi_bank_page page;
    quipu_status status = qi_bank_read(bytes, length, "SP.POP.TOTL", &page, err);
    *n = page.rows.n;
    qi_bank_free(&page);
    return status;
}

/* No whole or cut place of the secret is left of what an office says. */
static quipu_status read_said(const char *bytes, size_t length, size_t *n, quipu_error *err) {
    char out[64];
    QI_UNUSED(err);
    qi_said(bytes, length, "abcdefgh", out, sizeof out);
    LAW(strstr(out, "abcdefgh") == NULL && qi_utf8_valid(out, strlen(out)));
    *n = strlen(out);
    return QUIPU_OK;
}

static quipu_status read_address(const char *bytes, size_t length, size_t *n,
                                 quipu_error *err) {
    qi_origin origin;
    qi_buffer target = {0};
    char *text = strndup(bytes, length);
    LAW(text != NULL);
    *n = qi_origin_read(text, &origin) ? strlen(origin.host) : 0;
    quipu_status status = qi_address_check(text, length % 2 == 0, err);
    LAW(status != QUIPU_OK || *n > 0);
    LAW(qi_buffer_text(&target, "/x") && qi_address_add(&target, "a", text));
    for (size_t i = 0; i < target.length; i++)
        LAW(target.bytes[i] > ' ' && target.bytes[i] <= '~');
    qi_buffer_free(&target);
    free(text);
    return status;
}

static quipu_status read_journal(const char *bytes, size_t length, size_t *n,
                                 quipu_error *err) {
    qi_shelf shelf;
    put("request.json", "{}\n", 3);
    put("journal.jsonl", bytes, length);
    quipu_status status = qi_shelf_open(&shelf, folder, "{}\n", err);
    *n = shelf.entries.n;
    for (size_t i = 0; i < shelf.entries.n; i++)
        LAW(qi_shelf_find(&shelf, shelf.entries.items[i].name) == &shelf.entries.items[i]);
    qi_shelf_close(&shelf);
    return status;
}

static quipu_status read_manifest(const char *bytes, size_t length, size_t *n,
                                  quipu_error *err) {
    qi_manifest manifest;
    put("answers/a.json", "{}\n", 3);
    put("manifest.json", bytes, length);
    quipu_status status = qi_manifest_read(folder, &manifest, err);
    *n = manifest.files.n;
    qi_manifest_close(&manifest);
    return status;
}

static quipu_status read_question(const char *bytes, size_t length, size_t *n,
                                  quipu_error *err) {
    static quipu_nomen *nomen;
    qi_question question;
    if (nomen == NULL)
        LAW(quipu_nomen_open(&nomen, NULL) == QUIPU_OK);
    put("request.json", bytes, length);
    quipu_status status = qi_question_reopen(nomen, folder, &question, err);
    *n = question.reporters.n;
    qi_question_close(&question);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static quipu_status (*const READ[])(const char *, size_t, size_t *, quipu_error *) = {
        read_datasets, read_codes,   count_answer, read_wits,     read_bank,
        read_said,     read_address, read_journal, read_manifest, read_question};
    if (size < 1 || size > 1 << 16)
        return 0;
    enter();
    quipu_error one = {0}, two = {0};
    size_t n = 0, m = 0, which = data[0] % QI_COUNT(READ);
    quipu_status status = READ[which]((const char *)data + 1, size - 1, &n, &one);
    LAW(READ[which]((const char *)data + 1, size - 1, &m, &two) == status);
    LAW(n == m && strcmp(one.text, two.text) == 0);
    LAW(status != QUIPU_E_BUG && status != QUIPU_E_NOMEM);
    LAW(status == one.status);
    if (status != QUIPU_OK) {
        LAW(one.text[0] != 0 && qi_utf8_valid(one.text, strlen(one.text)));
        for (const char *c = one.text; *c != 0; c++)
            LAW((unsigned char)*c >= 0x20);
    }
    return 0;
}
