/* SPDX-License-Identifier: Apache-2.0 */
/* question.c - what is asked, in the codes of the one who is asked.
 *
 * Two ways to ask for the same give the same canonical text, which stands in request.json and
 * tells whether a folder answers this question.
 */
#include "fetch/question.h"

#include <jansson.h>

static const qi_source_of *const SOURCE[] = {&qi_comtrade, &qi_baci, &qi_wits, &qi_worldbank};
const char qi_source_names[] = "comtrade, baci, wits, worldbank";

const qi_source_of *qi_source_find(const char *name) {
    for (size_t i = 0; name != NULL && i < QI_COUNT(SOURCE); i++)
        if (strcmp(SOURCE[i]->name, name) == 0)
            return SOURCE[i];
    return NULL;
}

/* ---- the whole ---- */

static quipu_status check_members(const qi_source_of *source, const quipu_fetch_question *g,
                                  quipu_error *err) {
    const struct {
        unsigned bit;
        const char *given, *option;
    } MEMBER[] = {{QI_REPORTERS, g->reporters, "reporter"},
                  {QI_PARTNERS, g->partners, "partner"},
                  {QI_PERIODS, g->periods, "years"},
                  {QI_PRODUCTS, g->products, "product"},
                  {QI_FLOWS, g->flows, "flow"},
                  {QI_NOMENCLATURE, g->nomenclature, "nomenclature"},
                  {QI_RELEASE, g->release, "release"},
                  {QI_INDICATORS, g->indicators, "indicator"}};
    for (size_t i = 0; i < QI_COUNT(MEMBER); i++) {
        if (MEMBER[i].given == NULL && (source->must & MEMBER[i].bit) != 0)
            return qi_fail(err, QUIPU_E_ARG, "fetch %s: which? add --%s", source->name,
                           MEMBER[i].option);
        if (MEMBER[i].given != NULL && ((source->must | source->may) & MEMBER[i].bit) == 0)
            return qi_fail(err, QUIPU_E_ARG, "fetch %s takes no --%s", source->name,
                           MEMBER[i].option);
    }
    return QUIPU_OK;
}

static json_t *names_json(const qi_names *names) {
    json_t *list = names->all ? json_string("all") : json_array();
    for (size_t i = 0; !names->all && i < names->n; i++)
        json_array_append_new(list, json_string(names->items[i]));
    return list;
}

static quipu_status write_canonical(qi_question *q, quipu_error *err) {
    unsigned takes = q->source->must | q->source->may;
    json_t *root = json_pack("{s:s, s:i}", "source", q->source->name, "layout", 1);
    const struct {
        unsigned bit;
        const char *key;
        const qi_names *names;
    } LIST[] = {{QI_REPORTERS, "reporters", &q->reporters},
                {QI_PARTNERS, "partners", &q->partners},
                {QI_PRODUCTS, "products", &q->products},
                {QI_FLOWS, "flows", &q->flows},
                {QI_INDICATORS, "indicators", &q->indicators}};
    for (size_t i = 0; i < QI_COUNT(LIST); i++)
        if ((takes & LIST[i].bit) != 0)
            json_object_set_new(root, LIST[i].key, names_json(LIST[i].names));
    json_t *periods = json_array();
    for (size_t i = 0; i < q->n_periods; i++)
        json_array_append_new(periods, json_integer(q->periods[i]));
    json_object_set_new(root, "periods", periods);
    if (q->nomenclature != NULL)
        json_object_set_new(root, "nomenclature", json_string(q->nomenclature));
    if (q->release != NULL)
        json_object_set_new(root, "release", json_string(q->release));
    char *text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    q->canonical = text != NULL ? qi_arena_printf(&q->arena, "%s\n", text) : NULL;
    free(text);
    return q->canonical != NULL ? QUIPU_OK : qi_fail_memory(err, 256);
}

quipu_status qi_question_open(const quipu_nomen *nomen, const quipu_fetch_question *given,
                              qi_question *out, quipu_error *err) {
    quipu_status status;
    memset(out, 0, sizeof *out);
    out->nomen = nomen;
    out->source = qi_source_find(given->source);
    if (out->source == NULL)
        return qi_fail(err, QUIPU_E_ARG, "nothing is fetched from \"%.60s\": there are %s",
                       given->source != NULL ? given->source : "", qi_source_names);
    unsigned takes = out->source->must | out->source->may;
    QI_TRY(check_members(out->source, given, err));
    QI_GO(qi_question_countries(out, given->reporters, &out->reporters, err));
    QI_GO(qi_question_countries(out, given->partners, &out->partners, err));
    if (given->periods != NULL)
        QI_GO(qi_question_periods(out, given->periods, err));
    if ((takes & QI_PRODUCTS) != 0)
        QI_GO(qi_question_products(out, given->products != NULL ? given->products : "total",
                                   err));
    if ((takes & QI_FLOWS) != 0)
        QI_GO(
            qi_question_flows(out, given->flows != NULL ? given->flows : "export,import", err));
    if ((takes & QI_INDICATORS) != 0)
        QI_GO(qi_question_indicators(
            out, given->indicators != NULL ? given->indicators : "gdp,population", err));
    if ((takes & QI_NOMENCLATURE) != 0)
        QI_GO(qi_question_nomenclature(
            out, given->nomenclature != NULL ? given->nomenclature : "HS", err));
    if (given->release != NULL)
        QI_GO(qi_question_release(out, given->release, err));
    if (out->source->check != NULL)
        QI_GO(out->source->check(out, err));
    QI_GO(write_canonical(out, err));
    return QUIPU_OK;
done:
    qi_question_close(out);
    return status;
}

void qi_question_close(qi_question *question) {
    qi_arena_free(&question->arena);
    memset(question, 0, sizeof *question);
}

/* ---- out of a folder ---- */

/* A list as it is typed; NULL when it is not there. */
static quipu_status list_text(qi_arena *arena, const json_t *root, const char *key,
                              const char **out, quipu_error *err) {
    const json_t *list = json_object_get(root, key);
    qi_buffer text = {0};
    bool ok = true;
    *out = NULL;
    if (json_is_string(list))
        ok = qi_buffer_text(&text, json_string_value(list));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        ok = ok && (i == 0 || qi_buffer_text(&text, ","));
        if (json_is_integer(item))
            ok = ok && qi_buffer_printf(&text, "%lld", (long long)json_integer_value(item));
        else if (json_is_string(item))
            ok = ok && qi_buffer_text(&text, json_string_value(item));
    }
    if (ok && text.length > 0)
        *out = qi_arena_text(arena, text.bytes, text.length);
    ok = ok && (text.length == 0 || *out != NULL);
    qi_buffer_free(&text);
    return ok ? QUIPU_OK : qi_fail_memory(err, 64);
}

static quipu_status reopen(const quipu_nomen *nomen, const json_t *root, qi_arena *arena,
                           qi_question *out, quipu_error *err) {
    quipu_fetch_question q = {0};
    const struct {
        const char *key, **into;
    } MEMBER[] = {{"source", &q.source},         {"reporters", &q.reporters},
                  {"partners", &q.partners},     {"periods", &q.periods},
                  {"products", &q.products},     {"flows", &q.flows},
                  {"indicators", &q.indicators}, {"nomenclature", &q.nomenclature},
                  {"release", &q.release}};
    for (size_t i = 0; i < QI_COUNT(MEMBER); i++)
        QI_TRY(list_text(arena, root, MEMBER[i].key, MEMBER[i].into, err));
    return qi_question_open(nomen, &q, out, err);
}

quipu_status qi_question_reopen(const quipu_nomen *nomen, const char *folder, qi_question *out,
                                quipu_error *err) {
    qi_buffer text = {0};
    qi_arena arena = {0};
    json_error_t where;
    json_t *root = NULL;
    quipu_status status;
    memset(out, 0, sizeof *out);
    char *path = qi_arena_printf(&arena, "%s/request.json", folder);
    if (path == NULL)
        return qi_fail_memory(err, strlen(folder));
    QI_GO(qi_whole_file(path, 1 << 20, &text, err));
    root = json_loadb(text.bytes, text.length, 0, &where);
    if (root == NULL) {
        status = qi_fail_at(err, QUIPU_E_FORMAT, path, (uint64_t)where.line,
                            (uint32_t)where.column, "not JSON: %s", where.text);
        goto done;
    }
    QI_GO(reopen(nomen, root, &arena, out, err));
    if (strlen(out->canonical) != text.length || strcmp(out->canonical, text.bytes) != 0) {
        qi_question_close(out);
        status = qi_fail_at(err, QUIPU_E_DATA, path, 0, 0,
                            "not a question as quipu fetch writes it: it was changed, or made "
                            "by another version");
    }
done:
    json_decref(root);
    qi_buffer_free(&text);
    qi_arena_free(&arena);
    return status;
}
