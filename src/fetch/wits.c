/* SPDX-License-Identifier: Apache-2.0 */
/* wits.c - WITS: total trade of a country by partner, from its TradeStats.
 *
 * One question for each reporter, year and flow.  The answers are SDMX in JSON; a cube is made
 * of them by way of a table of our own, wits.csv, which is written into the folder.
 */
#include "fetch/wits.h"

#include <ctype.h>

static const struct {
    const char *flow, *indicator;
} INDICATOR[] = {{"M", "MPRT-TRD-VL"}, {"X", "XPRT-TRD-VL"}};

static quipu_status want_year(const qi_question *q, qi_arena *arena, const char *reporter,
                              quipu_period period, size_t flow, qi_want *out,
                              quipu_error *err) {
    char low[8];
    QI_UNUSED(q);
    snprintf(low, sizeof low, "%s", reporter);
    for (char *c = low; *c != 0; c++)
        *c = (char)tolower((unsigned char)*c);
    *out = (qi_want){
        .name = qi_arena_printf(arena, "%s-%d-%s.json", reporter, (int)period,
                                INDICATOR[flow].flow),
        .target = qi_arena_printf(arena,
                                  "/API/V1/SDMX/V21/datasource/tradestats-trade/reporter/%s/"
                                  "year/%d/partner/all/product/Total/indicator/%s?format=JSON",
                                  low, (int)period, INDICATOR[flow].indicator),
        .release = "",
        .may_lack = true};
    return out->name != NULL && out->target != NULL ? QUIPU_OK : qi_fail_memory(err, 256);
}

static bool flow_wanted(const qi_question *q, size_t flow) {
    for (size_t i = 0; i < q->flows.n; i++)
        if (strcmp(q->flows.items[i], INDICATOR[flow].flow) == 0)
            return true;
    return false;
}

static quipu_status check_question(const qi_question *q, quipu_error *err) {
    if (q->reporters.all)
        return qi_fail(err, QUIPU_E_ARG,
                       "WITS wants its reporters by name: --reporter Peru,Chile, or a group");
    for (size_t i = 0; i < q->flows.n; i++)
        if (q->flows.items[i][0] == 'R')
            return qi_fail(err, QUIPU_E_ARG, "WITS has exports and imports only");
    return QUIPU_OK;
}

static quipu_status plan(const qi_question *q, bool with_key, qi_arena *arena,
                         qi_planned planned, void *user, quipu_error *err) {
    qi_want want;
    QI_UNUSED(with_key);
    for (size_t r = 0; r < q->reporters.n; r++)
        for (size_t p = 0; p < q->n_periods; p++)
            for (size_t f = 0; f < QI_COUNT(INDICATOR); f++) {
                if (!flow_wanted(q, f))
                    continue;
                QI_TRY(
                    want_year(q, arena, q->reporters.items[r], q->periods[p], f, &want, err));
                QI_TRY(planned(user, &want, err));
            }
    return QUIPU_OK;
}

static quipu_status check(qi_fetching *run, const qi_want *want, const char *bytes,
                          size_t length, qi_kept *found, bool *again, quipu_error *err) {
    qi_wits_rows rows = {0};
    QI_UNUSED(run);
    QI_UNUSED(want);
    *again = true;
    quipu_status status = qi_wits_read(bytes, length, &rows, err);
    found->rows = rows.n;
    qi_wits_free(&rows);
    return status;
}

static quipu_status settle(qi_fetching *run, const qi_want *want, const qi_kept *entry,
                           quipu_error *err) {
    QI_UNUSED(err);
    if (entry->outcome == QI_NONE)
        qi_fetch_say(run, "WITS has no %s", want->name);
    return QUIPU_OK;
}

typedef QI_LIST(qi_want) want_list;

static quipu_status push_want(void *user, const qi_want *want, quipu_error *err) {
    want_list *list = user;
    return QI_PUSH(list, *want) ? QUIPU_OK : qi_fail_memory(err, sizeof *want);
}

static quipu_status fetch(qi_fetching *run, quipu_error *err) {
    want_list list = {0};
    quipu_status status = plan(run->question, false, &run->arena, push_want, &list, err);
    if (status == QUIPU_OK)
        status = qi_fetch_wants(run, list.items, list.n, check, settle, err);
    free(list.items);
    return status;
}

static quipu_status build(const qi_question *question, const char *folder,
                          const qi_manifest *manifest, const char *path,
                          const quipu_import_options *options, quipu_fetch_build_result *result,
                          quipu_error *err) {
    qi_buffer table = {0}, csv = {0};
    size_t n_rows = 0;
    quipu_status status;
    if (!qi_buffer_printf(&csv, "%s/wits.csv", folder))
        return qi_fail_memory(err, strlen(folder));
    QI_GO(qi_wits_table(question, folder, manifest, &table, &n_rows, err));
    if (n_rows > 0)
        QI_GO(qi_write_file(csv.bytes, table.bytes, table.length, err));
    const char *files[] = {csv.bytes};
    status = qi_import_files(question, files, n_rows > 0 ? 1 : 0, manifest, path, options,
                             result, err);
done:
    qi_buffer_free(&table);
    qi_buffer_free(&csv);
    return status;
}

const qi_source_of qi_wits = {.name = "wits",
                              .base = "https://wits.worldbank.org",
                              .must = QI_REPORTERS | QI_PERIODS,
                              .may = QI_FLOWS,
                              .iso = true,
                              .check = check_question,
                              .plan = plan,
                              .fetch = fetch,
                              .build = build};
