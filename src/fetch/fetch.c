/* SPDX-License-Identifier: Apache-2.0 */
/* fetch.c - the public face: plan and fetch. */
#include "fetch/fetch.h"

#include "fetch/address.h"

/* A key is letters and digits, so that no way of writing it in JSON hides it from us. */
static quipu_status check_key(const char *key, quipu_error *err) {
    size_t n = key != NULL ? strlen(key) : 0;
    if (n == 0)
        return QUIPU_OK;
    for (size_t i = 0; i < n; i++)
        if (!((key[i] >= '0' && key[i] <= '9') || (key[i] >= 'a' && key[i] <= 'z') ||
              (key[i] >= 'A' && key[i] <= 'Z') || key[i] == '-' || key[i] == '_'))
            n = 0;
    return n >= 8 && n <= 256 ? QUIPU_OK
                              : qi_fail(err, QUIPU_E_ARG,
                                        "the key is not one: expected 8 to 256 letters and "
                                        "digits, as the office gave it (it is not shown here)");
}

static bool has_key(const quipu_fetch_options *options) {
    return options->key != NULL && options->key[0] != 0;
}

static const quipu_fetch_options DEFAULTS;

/* ---- the plan ---- */

typedef struct planning {
    const char *base;
    quipu_table *out;
} planning;

static quipu_status add_request(void *user, const qi_want *want, quipu_error *err) {
    planning *p = user;
    qi_buffer url = {0};
    size_t row;
    quipu_status status;
    if (!qi_buffer_printf(&url, "%s%s", p->base, want->target))
        return qi_fail_memory(err, strlen(want->target));
    QI_GO(quipu_table_add_rows(p->out, 1, &row, err));
    QI_GO(quipu_table_set_text(p->out, 0, row, url.bytes, err));
    QI_GO(quipu_table_set_text(p->out, 1, row, want->name, err));
done:
    qi_buffer_free(&url);
    return status;
}

quipu_status quipu_fetch_plan(const quipu_nomen *nomen, const quipu_fetch_question *given,
                              const quipu_fetch_options *options, quipu_table *out,
                              quipu_error *err) {
    static const quipu_column_spec SPECS[] = {
        {"request", "Request", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"file", "File", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    };
    qi_question question;
    qi_arena arena = {0};
    quipu_status status;
    qi_error_clear(err);
    if (options == NULL)
        options = &DEFAULTS;
    QI_TRY(qi_question_open(nomen, given, &question, err));
    const char *base = options->base_url != NULL ? options->base_url : question.source->base;
    status = check_key(options->key, err);
    if (status == QUIPU_OK)
        status = qi_address_check(base, has_key(options), err);
    if (status == QUIPU_OK)
        status = quipu_table_init(out, "requests", SPECS, QI_COUNT(SPECS), err);
    if (status == QUIPU_OK) {
        planning p = {base, out};
        status =
            question.source->plan(&question, has_key(options), &arena, add_request, &p, err);
        if (status != QUIPU_OK)
            quipu_table_free(out);
    }
    qi_arena_free(&arena);
    qi_question_close(&question);
    return status;
}

/* ---- the fetch ---- */

static void sweep(const qi_fetching *run) {
    const char **names = calloc(run->used.n + 1, sizeof *names);
    for (size_t i = 0; names != NULL && i < run->used.n; i++)
        names[i] = run->used.items[i].name;
    if (names != NULL)
        qi_shelf_sweep(&run->shelf, names, run->used.n);
    free(names);
}

static quipu_status fetch_into(qi_fetching *run, const char *folder, quipu_error *err) {
    quipu_status status;
    QI_TRY(qi_wire_open(run->options, run->question->source->base, &run->wire, err));
    QI_GO(qi_shelf_open(&run->shelf, folder, run->question->canonical, err));
    QI_GO(run->question->source->fetch(run, err));
    sweep(run);
    status = qi_manifest_write(run, err);
done:
    run->result->requests = qi_wire_sent(run->wire);
    qi_shelf_close(&run->shelf);
    qi_wire_close(run->wire);
    return status;
}

quipu_status quipu_fetch(const quipu_nomen *nomen, const quipu_fetch_question *given,
                         const char *folder, const quipu_fetch_options *options,
                         quipu_fetch_result *result, quipu_error *err) {
    qi_question question;
    qi_error_clear(err);
    memset(result, 0, sizeof *result);
    if (options == NULL)
        options = &DEFAULTS;
    QI_TRY(check_key(options->key, err));
    QI_TRY(qi_question_open(nomen, given, &question, err));
    qi_fetching run = {.question = &question, .options = options, .result = result};
    run.shelf.journal = -1;
    quipu_status status = fetch_into(&run, folder, err);
    free(run.used.items);
    qi_arena_free(&run.arena);
    qi_question_close(&question);
    return status;
}
