/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_schedule.c - any bytes as a tariff schedule: the lines, a line of "=====", and the
 * categories.
 *
 * Laws:
 *   1. A schedule that is read has lines in order, each once, with a category that exists,
 *      rates within bounds, and nothing left over what it began with.
 *   2. One that is not says why, in text that can be printed, and leaves nothing allocated.
 */
#include "nomen/nomen.h"
#include "quipu/agreement.h"

#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LAW(holds)                                                                             \
    do {                                                                                       \
        if (!(holds)) {                                                                        \
            fprintf(stderr, "broken law: %s\n", #holds);                                       \
            abort();                                                                           \
        }                                                                                      \
    } while (0)

static quipu_nomen *nomen;
static char lines_path[64], categories_path[64];

static void end(void) {
    unlink(lines_path);
    unlink(categories_path);
    quipu_nomen_close(nomen);
}

static void make_file(char path[64]) {
    snprintf(path, 64, "%s/quipu-fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    int fd = mkstemp(path);
    LAW(fd >= 0 && close(fd) == 0);
}

static void begin(void) {
    if (nomen != NULL)
        return;
    LAW(quipu_nomen_open(&nomen, NULL) == QUIPU_OK);
    make_file(lines_path);
    make_file(categories_path);
    atexit(end);
}

static void fill(const char *path, const uint8_t *data, size_t size) {
    FILE *file = fopen(path, "wb");
    LAW(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0);
}

static size_t find_seam(const uint8_t *data, size_t size) {
    for (size_t i = 0; i + 6 <= size; i++)
        if (memcmp(data + i, "=====\n", 6) == 0)
            return i;
    return size;
}

static void check_schedule(const quipu_schedule *s) {
    LAW(s->n_lines > 0 && s->n_categories > 0 && s->from > 0);
    for (size_t i = 0; i < s->n_lines; i++) {
        const quipu_schedule_line *line = &s->lines[i];
        LAW(line->category < s->n_categories);
        LAW(strlen(line->code) >= 6 && strlen(line->code) <= 12);
        LAW(line->base == QUIPU_SCHEDULE_NO_RATE ||
            (line->base >= 0 && line->base <= 50000000));
        LAW(line->start == QUIPU_SCHEDULE_NO_RATE ||
            (line->start >= 0 && line->start <= 50000000));
        LAW(line->value >= -1);
        LAW(i == 0 || strcmp(s->lines[i - 1].code, line->code) < 0);
    }
    for (size_t c = 0; c < s->n_categories; c++) {
        const quipu_schedule_category *category = &s->categories[c];
        LAW(category->whole > 0 && category->n_stages > 0 && category->n_stages <= s->n_stages);
        for (size_t stage = 0; stage < s->n_stages + 2; stage++) {
            int64_t left = quipu_schedule_left(category, stage);
            LAW(left >= 0 && left <= category->whole);
        }
        LAW(quipu_schedule_left(category, 0) == category->whole);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    quipu_schedule schedule;
    quipu_error err = {0};
    begin();
    size_t seam = find_seam(data, size), rest = seam + 6 <= size ? seam + 6 : size;
    fill(lines_path, data, seam);
    fill(categories_path, data + rest, size - rest);
    if (quipu_schedule_read(nomen, lines_path, categories_path, &schedule, &err) == QUIPU_OK) {
        check_schedule(&schedule);
        quipu_schedule_free(&schedule);
        return 0;
    }
    LAW(schedule.impl == NULL && err.text[0] != '\0');
    LAW(qi_utf8_valid(err.text, strlen(err.text)));
    for (const char *c = err.text; *c != '\0'; c++)
        LAW((unsigned char)*c >= 0x20 && *c != 0x7F);
    return 0;
}
