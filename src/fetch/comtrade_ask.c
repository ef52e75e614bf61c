/* SPDX-License-Identifier: Apache-2.0 */
/* comtrade_ask.c - the requests to UN Comtrade. */
#include "fetch/address.h"
#include "fetch/comtrade.h"

static bool is_monthly(const qi_question *q) {
    return q->periods[0] > 9999;
}

/* ---- requests ---- */

static const char *keep_text(qi_comtrade_state *c, qi_buffer *text, bool ok) {
    const char *out = ok ? qi_arena_text(c->arena, text->bytes, text->length) : NULL;
    qi_buffer_free(text);
    return out;
}

quipu_status qi_comtrade_want_available(qi_comtrade_state *c, size_t from, qi_want *out,
                                        quipu_error *err) {
    const qi_question *q = c->question;
    qi_buffer target = {0}, periods = {0};
    size_t to = from + QI_MOST_PERIODS < q->n_periods ? from + QI_MOST_PERIODS : q->n_periods;
    bool ok = qi_buffer_printf(&target, "%s/C/%c/%s",
                               c->with_key ? "/data/v1/getDa" : "/public/v1/getDA",
                               is_monthly(q) ? 'M' : 'A', q->nomenclature);
    if (!q->reporters.all) {
        const char *reporters = qi_names_join(c->arena, &q->reporters, ',');
        ok = ok && reporters != NULL && qi_address_add(&target, "reporterCode", reporters);
    }
    for (size_t i = from; i < to; i++)
        ok = ok && qi_buffer_printf(&periods, "%s%d", i > from ? "," : "", (int)q->periods[i]);
    ok = ok && qi_address_add(&target, "period", periods.bytes);
    qi_buffer_free(&periods);
    *out =
        (qi_want){.target = keep_text(c, &target, ok),
                  .name = qi_arena_printf(c->arena, "available-%d.json", (int)q->periods[from]),
                  .release = "",
                  .with_key = c->with_key,
                  .about = true,
                  .anew = true};
    return out->target != NULL && out->name != NULL ? QUIPU_OK : qi_fail_memory(err, 256);
}

quipu_status qi_comtrade_want_node(qi_comtrade_state *c, qi_node *node, qi_want *out,
                                   quipu_error *err) {
    qi_buffer target = {0};
    char period[16], cap[16];
    const char *flows = qi_names_join(c->arena, &node->flows, ',');
    const char *products = qi_names_join(c->arena, &node->products, ',');
    const char *partners =
        node->partners.all ? NULL : qi_names_join(c->arena, &node->partners, ',');
    snprintf(period, sizeof period, "%d", (int)node->period);
    snprintf(cap, sizeof cap, "%d", c->with_key ? QI_CAP_KEY : QI_CAP_PREVIEW);
    bool ok = flows != NULL && products != NULL && (node->partners.all || partners != NULL);
    ok = ok && qi_buffer_printf(&target, "%s/C/%c/%s",
                                c->with_key ? "/data/v1/get" : "/public/v1/preview",
                                is_monthly(c->question) ? 'M' : 'A', c->question->nomenclature);
    ok = ok && qi_address_add(&target, "reporterCode", node->reporter) &&
         qi_address_add(&target, "period", period) &&
         (node->partners.all || qi_address_add(&target, "partnerCode", partners)) &&
         qi_address_add(&target, "cmdCode", products) &&
         qi_address_add(&target, "flowCode", flows) &&
         /* totals over these: what is not asked for comes broken down, many rows for one */
         qi_address_add(&target, "partner2Code", "0") &&
         qi_address_add(&target, "customsCode", "C00") &&
         qi_address_add(&target, "motCode", "0") &&
         qi_address_add(&target, "maxRecords", cap) &&
         qi_address_add(&target, "includeDesc", "false");
    *out = (qi_want){.target = keep_text(c, &target, ok),
                     .name = qi_arena_printf(c->arena, "%s.json", node->name),
                     .release = node->release,
                     .with_key = c->with_key,
                     .item = node};
    return out->target != NULL && out->name != NULL ? QUIPU_OK : qi_fail_memory(err, 256);
}

quipu_status qi_comtrade_first_node(qi_comtrade_state *c, const char *reporter,
                                    quipu_period period, const qi_dataset *set, qi_node *out,
                                    quipu_error *err) {
    const qi_question *q = c->question;
    *out = (qi_node){.reporter = reporter,
                     .name = qi_arena_printf(c->arena, "%s-%d", reporter, (int)period),
                     .period = period,
                     .release = set != NULL ? set->released : "",
                     .classed = set != NULL ? set->classed : "",
                     .flows = q->flows,
                     .partners = q->partners,
                     .products = q->products};
    return reporter != NULL && out->name != NULL ? QUIPU_OK : qi_fail_memory(err, 32);
}
