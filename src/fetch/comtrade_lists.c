/* SPDX-License-Identifier: Apache-2.0 */
/* comtrade_lists.c - see comtrade.h. */
#include "fetch/comtrade.h"

#include "import/answer.h"

#include <jansson.h>

static bool is_key(const qi_answer_pair *pair, const char *name) {
    return pair->key_length == strlen(name) && memcmp(pair->key, name, pair->key_length) == 0;
}

/* Of a row; NULL when it has no such value. */
static const qi_answer_pair *value(const qi_answer *answer, const char *name) {
    for (size_t i = 0; i < answer->n_pairs; i++)
        if (is_key(&answer->pair[i], name))
            return &answer->pair[i];
    return NULL;
}

static bool number(const qi_answer *answer, const char *name, int64_t *out) {
    const qi_answer_pair *pair = value(answer, name);
    return pair != NULL && qi_parse_int(pair->value, pair->value_length, out);
}

static void text(const qi_answer *answer, const char *name, char *out, size_t size) {
    const qi_answer_pair *pair = value(answer, name);
    size_t n = pair != NULL ? pair->value_length : 0;
    snprintf(out, size, "%.*s", n < size ? (int)n : (int)size - 1,
             pair != NULL ? pair->value : "");
    qi_text_clean(out, strlen(out));
}

static quipu_status check_end(const qi_answer *answer, uint64_t rows, quipu_error *err) {
    if (answer->error[0] != 0)
        return qi_fail(err, QUIPU_E_DATA, "an error instead of an answer: %s", answer->error);
    if (!answer->has_data)
        return qi_fail(err, QUIPU_E_FORMAT, "an answer without a list \"data\"");
    if (answer->count >= 0 && (uint64_t)answer->count != rows)
        return qi_fail(err, QUIPU_E_DATA, "the answer says it has %lld rows and has %llu",
                       (long long)answer->count, (unsigned long long)rows);
    return QUIPU_OK;
}

/* ---- what is available ---- */

quipu_status qi_read_datasets(const char *bytes, size_t length, qi_datasets *out,
                              quipu_error *err) {
    qi_answer answer;
    bool more = false;
    uint64_t rows = 0;
    quipu_status status;
    qi_answer_open(&answer, bytes, length);
    for (;; rows++) {
        QI_GO(qi_answer_row(&answer, &more, err));
        if (!more)
            break;
        qi_dataset set = {0};
        int64_t period;
        if (!number(&answer, "reporterCode", &set.reporter) ||
            !number(&answer, "period", &period) || period < 1900 || period > 210012) {
            status =
                qi_fail(err, QUIPU_E_DATA,
                        "a data set without reporterCode and period in the list of what is "
                        "available");
            goto done;
        }
        set.period = (quipu_period)period;
        text(&answer, "classificationCode", set.classed, sizeof set.classed);
        text(&answer, "lastReleased", set.released, sizeof set.released);
        if (!QI_PUSH(out, set)) {
            status = qi_fail_memory(err, sizeof set);
            goto done;
        }
    }
    status = check_end(&answer, rows, err);
done:
    qi_answer_close(&answer);
    return status;
}

static int by_place(const void *a, const void *b) {
    const qi_dataset *x = a, *y = b;
    if (x->reporter != y->reporter)
        return x->reporter < y->reporter ? -1 : 1;
    if (x->period != y->period)
        return x->period < y->period ? -1 : 1;
    int order = strcmp(y->released, x->released); /* the latest first */
    return order != 0 ? order : strcmp(x->classed, y->classed);
}

void qi_order_datasets(qi_datasets *list) {
    size_t n = 0;
    if (list->n == 0)
        return;
    qsort(list->items, list->n, sizeof *list->items, by_place);
    for (size_t i = 0; i < list->n; i++)
        if (n == 0 || list->items[n - 1].reporter != list->items[i].reporter ||
            list->items[n - 1].period != list->items[i].period)
            list->items[n++] = list->items[i];
    list->n = n;
}

/* ---- lists of codes ---- */

static const char *code_of(const json_t *item, char number[24]) {
    const json_t *id = json_object_get(item, "id");
    if (json_is_integer(id)) {
        snprintf(number, 24, "%lld", (long long)json_integer_value(id));
        return number;
    }
    return json_string_value(id);
}

static bool is_code(const char *code) {
    size_t n = strlen(code);
    return n > 0 && n <= 12 &&
           strspn(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == n;
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

quipu_status qi_read_codes(qi_arena *arena, const char *bytes, size_t length, size_t level,
                           qi_names *out, quipu_error *err) {
    json_error_t where;
    size_t from = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    json_t *root = json_loadb(bytes + from, length - from, 0, &where);
    const json_t *list = json_object_get(root, "results");
    quipu_status status = QUIPU_OK;
    size_t n = 0, n_list = json_array_size(list);
    char room[24];
    *out = (qi_names){0};
    if (root == NULL)
        return qi_fail(err, QUIPU_E_FORMAT, "a list of codes that is not JSON: line %d: %s",
                       where.line, where.text);
    const char **items = qi_arena_alloc(arena, (n_list + 1) * sizeof *items);
    if (items == NULL)
        status = qi_fail_memory(err, n_list * sizeof *items);
    for (size_t i = 0; i < n_list && status == QUIPU_OK; i++) {
        const char *code = code_of(json_array_get(list, i), room);
        if (code == NULL || !is_code(code) || (level > 0 && strlen(code) != level))
            continue;
        items[n] = qi_arena_dup(arena, code);
        if (items[n++] == NULL)
            status = qi_fail_memory(err, 16);
    }
    json_decref(root);
    if (status == QUIPU_OK && n == 0)
        status = qi_fail(err, QUIPU_E_DATA, "a list of codes without the codes looked for");
    if (status == QUIPU_OK)
        qsort(items, n, sizeof *items, by_text);
    *out = (qi_names){.n = status == QUIPU_OK ? n : 0, .items = items};
    return status;
}

/* ---- answers ---- */

/* A stale answer to another question, from something between us and the office. */
static quipu_status check_row(const qi_answer *answer, const char *reporter,
                              quipu_period period, quipu_error *err) {
    int64_t who = -1, when = -1, asked;
    bool said = number(answer, "reporterCode", &who) && number(answer, "period", &when);
    if (said && qi_parse_int(reporter, strlen(reporter), &asked) && who == asked &&
        when == period)
        return QUIPU_OK;
    return qi_fail(err, QUIPU_E_DATA,
                   "a row of reporter %lld in %lld in the answer for %s in %d", (long long)who,
                   (long long)when, reporter, (int)period);
}

quipu_status qi_count_answer(const char *bytes, size_t length, const char *reporter,
                             quipu_period period, uint64_t *rows, quipu_error *err) {
    qi_answer answer;
    bool more = false;
    quipu_status status;
    *rows = 0;
    qi_answer_open(&answer, bytes, length);
    for (;; (*rows)++) {
        QI_GO(qi_answer_row(&answer, &more, err));
        if (!more)
            break;
        QI_GO(check_row(&answer, reporter, period, err));
    }
    status = check_end(&answer, *rows, err);
done:
    qi_answer_close(&answer);
    return status;
}
