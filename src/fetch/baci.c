/* SPDX-License-Identifier: Apache-2.0 */
/* baci.c - CEPII's BACI: one archive for each revision of the HS and release. */
#include "fetch/fetch.h"

static quipu_status check_question(const qi_question *q, quipu_error *err) {
    const char *name = q->nomenclature;
    if (name[0] == 'H' && name[1] >= '0' && name[1] <= '6' && name[2] == 0)
        return QUIPU_OK;
    return qi_fail(err, QUIPU_E_ARG, "BACI is not published in %s", name);
}

static quipu_status want_archive(const qi_question *q, qi_arena *arena, qi_want *out,
                                 quipu_error *err) {
    static const char *const LABEL[] = {"92", "96", "02", "07", "12", "17", "22"};
    int revision = q->nomenclature[1] - '0';
    if (q->nomenclature[0] != 'H' || revision < 0 || revision >= (int)QI_COUNT(LABEL))
        return qi_fail(err, QUIPU_E_ARG, "BACI is not published in %s", q->nomenclature);
    const char *name = qi_arena_printf(arena, "BACI_HS%s_V%s.zip", LABEL[revision], q->release);
    *out = (qi_want){.name = name,
                     .target = qi_arena_printf(arena, "/DATA_DOWNLOAD/baci/data/%s",
                                               name != NULL ? name : ""),
                     .release = q->release,
                     .archive = true};
    return name != NULL && out->target != NULL ? QUIPU_OK : qi_fail_memory(err, 64);
}

static quipu_status plan(const qi_question *q, bool with_key, qi_arena *arena,
                         qi_planned planned, void *user, quipu_error *err) {
    qi_want want;
    QI_UNUSED(with_key);
    QI_TRY(want_archive(q, arena, &want, err));
    return planned(user, &want, err);
}

/* Whole by its length; that it is an archive and not a page about one, its first bytes say. */
static quipu_status check(qi_fetching *run, const qi_want *want, const char *bytes,
                          size_t length, qi_kept *found, bool *again, quipu_error *err) {
    char head[4] = "";
    char *path = qi_shelf_path(run->shelf.folder, want->name);
    QI_UNUSED(bytes);
    QI_UNUSED(length);
    QI_UNUSED(again);
    if (path == NULL)
        return qi_fail_memory(err, 64);
    FILE *file = fopen(path, "rbe");
    size_t got = file != NULL ? fread(head, 1, sizeof head, file) : 0;
    if (file != NULL)
        fclose(file);
    bool zip = got == sizeof head && memcmp(head, "PK\x03\x04", 4) == 0;
    if (!zip)
        remove(path);
    free(path);
    found->rows = 1; /* one file: its rows are counted when it is imported */
    return zip ? QUIPU_OK
               : qi_fail(err, QUIPU_E_FORMAT,
                         "what came for %s is not a zip: is there such a release?", want->name);
}

static quipu_status settle(qi_fetching *run, const qi_want *want, const qi_kept *entry,
                           quipu_error *err) {
    QI_UNUSED(err);
    QI_UNUSED(entry);
    run->release = qi_arena_printf(&run->arena, "V%s", want->release);
    return QUIPU_OK;
}

static quipu_status fetch(qi_fetching *run, quipu_error *err) {
    qi_want want;
    QI_TRY(want_archive(run->question, &run->arena, &want, err));
    return qi_fetch_wants(run, &want, 1, check, settle, err);
}

const qi_source_of qi_baci = {.name = "baci",
                              .base = "https://www.cepii.fr",
                              .must = QI_NOMENCLATURE | QI_RELEASE,
                              .check = check_question,
                              .plan = plan,
                              .fetch = fetch,
                              .build = qi_build_cube};
