/* SPDX-License-Identifier: Apache-2.0 */
/* worldbank.c - indicators of the World Bank: GDP, population and the like, page by page.
 *
 * The first page of each indicator is asked for each time: it says how many pages there are
 * and when the figures last changed.  Pages of another release are asked for again, so that a
 * table never mixes two.  What is made is a table in CSV, not a cube.
 */
#include "fetch/worldbank.h"

#include "fetch/address.h"

enum { PER_PAGE = 1000 };

typedef struct bank {
    const char *indicator;
    int64_t pages, total;
    uint64_t figures;
    char updated[24];
} bank;

static quipu_status want_page(const qi_question *q, qi_arena *arena, bank *b, int64_t page,
                              qi_want *out, quipu_error *err) {
    qi_buffer target = {0};
    char dates[24], number[24];
    const char *who = q->reporters.all ? "all" : qi_names_join(arena, &q->reporters, ';');
    snprintf(dates, sizeof dates, "%d:%d", (int)q->periods[0],
             (int)q->periods[q->n_periods - 1]);
    snprintf(number, sizeof number, "%lld", (long long)page);
    bool ok =
        who != NULL &&
        qi_buffer_printf(&target, "/v2/country/%s/indicator/%s", who, b->indicator) &&
        qi_address_add(&target, "format", "json") && qi_address_add(&target, "date", dates) &&
        qi_address_add(&target, "per_page", "1000") && qi_address_add(&target, "page", number);
    *out = (qi_want){.name = qi_arena_printf(arena, "%s-%s.json", b->indicator, number),
                     .target = ok ? qi_arena_text(arena, target.bytes, target.length) : NULL,
                     .release = page == 1 ? "" : b->updated,
                     .anew = page == 1,
                     .item = b};
    qi_buffer_free(&target);
    return out->name != NULL && out->target != NULL ? QUIPU_OK : qi_fail_memory(err, 256);
}

static quipu_status plan(const qi_question *q, bool with_key, qi_arena *arena,
                         qi_planned planned, void *user, quipu_error *err) {
    QI_UNUSED(with_key);
    for (size_t i = 0; i < q->indicators.n; i++) {
        bank b = {.indicator = q->indicators.items[i]};
        qi_want want;
        QI_TRY(want_page(q, arena, &b, 1, &want, err));
        QI_TRY(planned(user, &want, err));
    }
    return QUIPU_OK;
}

/* ---- pages ---- */

static quipu_status check(qi_fetching *run, const qi_want *want, const char *bytes,
                          size_t length, qi_kept *found, bool *again, quipu_error *err) {
    const bank *b = want->item;
    qi_bank_page page;
    quipu_status status = qi_bank_read(bytes, length, b->indicator, &page, err);
    QI_UNUSED(run);
    *again = status != QUIPU_E_ARG;
    if (status != QUIPU_OK)
        return status;
    found->rows = page.n;
    if (!want->anew && strcmp(page.updated, b->updated) != 0)
        status =
            qi_fail(err, QUIPU_E_DATA,
                    "the figures of %s were changed (%s) while they were fetched (%s): run "
                    "the same command again",
                    b->indicator, page.updated, b->updated);
    qi_bank_free(&page);
    return status;
}

static quipu_status settle(qi_fetching *run, const qi_want *want, const qi_kept *entry,
                           quipu_error *err) {
    bank *b = want->item;
    qi_buffer text = {0};
    qi_bank_page page;
    b->figures += entry->rows;
    if (!want->anew)
        return QUIPU_OK;
    QI_TRY(qi_fetch_read(run, entry, &text, err));
    quipu_status status = qi_bank_read(text.bytes, text.length, b->indicator, &page, err);
    qi_buffer_free(&text);
    QI_TRY(status);
    b->pages = page.pages;
    b->total = page.total;
    memcpy(b->updated, page.updated, sizeof b->updated);
    qi_bank_free(&page);
    return QUIPU_OK;
}

static quipu_status fetch_indicator(qi_fetching *run, bank *b, quipu_error *err) {
    qi_want first;
    QI_TRY(want_page(run->question, &run->arena, b, 1, &first, err));
    QI_TRY(qi_fetch_wants(run, &first, 1, check, settle, err));
    size_t n = b->pages > 1 ? (size_t)b->pages - 1 : 0;
    qi_want *wants = calloc(n + 1, sizeof *wants);
    quipu_status status = wants != NULL ? QUIPU_OK : qi_fail_memory(err, n);
    for (size_t i = 0; i < n && status == QUIPU_OK; i++)
        status = want_page(run->question, &run->arena, b, (int64_t)i + 2, &wants[i], err);
    if (status == QUIPU_OK)
        status = qi_fetch_wants(run, wants, n, check, settle, err);
    free(wants);
    if (status == QUIPU_OK && b->figures != (uint64_t)b->total)
        status = qi_fail(err, QUIPU_E_DATA,
                         "%s: the pages have %llu figures, the first says there are %lld",
                         b->indicator, (unsigned long long)b->figures, (long long)b->total);
    return status;
}

static quipu_status fetch(qi_fetching *run, quipu_error *err) {
    const qi_names *names = &run->question->indicators;
    const char *latest = "";
    for (size_t i = 0; i < names->n; i++) {
        bank *b = qi_arena_alloc(&run->arena, sizeof *b);
        if (b == NULL)
            return qi_fail_memory(err, sizeof *b);
        b->indicator = names->items[i];
        QI_TRY(fetch_indicator(run, b, err));
        latest = strcmp(b->updated, latest) > 0 ? b->updated : latest;
    }
    run->release = latest[0] != 0 ? latest : NULL;
    return QUIPU_OK;
}

const qi_source_of qi_worldbank = {.name = "worldbank",
                                   .base = "https://api.worldbank.org",
                                   .must = QI_REPORTERS | QI_PERIODS,
                                   .may = QI_INDICATORS,
                                   .iso = true,
                                   .plan = plan,
                                   .fetch = fetch,
                                   .build = qi_bank_table};
