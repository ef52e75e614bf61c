/* SPDX-License-Identifier: Apache-2.0 */
/* comtrade.c - UN Comtrade, with a key and without.
 *
 * First what is available: no call is spent on a year a country has not reported, and the
 * date of publication tells later whether an answer is still good.  Then one question for
 * each reporter and period; those whose answers may have been cut are divided, round by
 * round, until none is left.
 */
#include "fetch/comtrade.h"

static quipu_status plan(const qi_question *q, bool with_key, qi_arena *arena,
                         qi_planned planned, void *user, quipu_error *err) {
    qi_comtrade_state c = {.question = q, .arena = arena, .with_key = with_key};
    qi_want want;
    qi_node node;
    for (size_t i = 0; i < q->n_periods; i += QI_MOST_PERIODS) {
        QI_TRY(qi_comtrade_want_available(&c, i, &want, err));
        QI_TRY(planned(user, &want, err));
    }
    for (size_t r = 0; r < q->reporters.n; r++)
        for (size_t p = 0; p < q->n_periods; p++) {
            QI_TRY(qi_comtrade_first_node(&c, q->reporters.items[r], q->periods[p], NULL, &node,
                                          err));
            QI_TRY(qi_comtrade_want_node(&c, &node, &want, err));
            QI_TRY(planned(user, &want, err));
        }
    return QUIPU_OK;
}

/* ---- what is available ---- */

static quipu_status check_available(qi_fetching *run, const qi_want *want, const char *bytes,
                                    size_t length, qi_kept *found, bool *again,
                                    quipu_error *err) {
    qi_datasets sets = {0};
    QI_UNUSED(run);
    QI_UNUSED(want);
    quipu_status status = qi_read_datasets(bytes, length, &sets, err);
    found->rows = sets.n;
    free(sets.items);
    *again = true;
    return status;
}

static quipu_status settle_available(qi_fetching *run, const qi_want *want,
                                     const qi_kept *entry, quipu_error *err) {
    qi_comtrade_state *c = want->item;
    qi_buffer text = {0};
    QI_TRY(qi_fetch_read(run, entry, &text, err));
    quipu_status status = qi_read_datasets(text.bytes, text.length, &c->sets, err);
    qi_buffer_free(&text);
    return status;
}

static bool is_asked(const qi_question *q, const qi_dataset *set) {
    char code[24];
    bool who = q->reporters.all, when = false;
    snprintf(code, sizeof code, "%lld", (long long)set->reporter);
    for (size_t i = 0; i < q->reporters.n; i++)
        who = who || strcmp(q->reporters.items[i], code) == 0;
    for (size_t i = 0; i < q->n_periods; i++)
        when = when || q->periods[i] == set->period;
    return who && when;
}

/* One cube holds one nomenclature: better told before a call is spent on it. */
static quipu_status check_classes(const qi_comtrade_state *c, quipu_error *err) {
    const qi_dataset *first = c->sets.items;
    for (size_t i = 1; i < c->sets.n; i++) {
        const qi_dataset *set = &c->sets.items[i];
        if (strcmp(set->classed, first->classed) != 0)
            return qi_fail(err, QUIPU_E_ARG,
                           "reporter %lld reports %d in %s, reporter %lld %d in %s: one cube "
                           "holds one nomenclature; ask for one that both are converted to, "
                           "such as --nomenclature H0",
                           (long long)first->reporter, (int)first->period, first->classed,
                           (long long)set->reporter, (int)set->period, set->classed);
    }
    return QUIPU_OK;
}

/* A country asked for by name that has not reported is worth a word. */
static void tell_missing(const qi_fetching *run, const qi_comtrade_state *c) {
    const qi_question *q = c->question;
    for (size_t r = 0; r < q->reporters.n; r++)
        for (size_t p = 0; p < q->n_periods; p++) {
            bool there = false;
            int64_t code = -1;
            (void)qi_parse_int(q->reporters.items[r], strlen(q->reporters.items[r]), &code);
            for (size_t i = 0; i < c->sets.n; i++)
                there = there || (c->sets.items[i].reporter == code &&
                                  c->sets.items[i].period == q->periods[p]);
            if (!there)
                qi_fetch_say(run, "reporter %s has published nothing for %d",
                             q->reporters.items[r], (int)q->periods[p]);
        }
}

static quipu_status find_available(qi_fetching *run, qi_comtrade_state *c, quipu_error *err) {
    const qi_question *q = run->question;
    size_t n = (q->n_periods + QI_MOST_PERIODS - 1) / QI_MOST_PERIODS, kept = 0;
    qi_want *wants = qi_arena_alloc(c->arena, (n + 1) * sizeof *wants);
    if (wants == NULL)
        return qi_fail_memory(err, n * sizeof *wants);
    for (size_t i = 0; i < n; i++) {
        QI_TRY(qi_comtrade_want_available(c, i * QI_MOST_PERIODS, &wants[i], err));
        wants[i].item = c;
    }
    QI_TRY(qi_fetch_wants(run, wants, n, check_available, settle_available, err));
    for (size_t i = 0; i < c->sets.n; i++)
        if (is_asked(q, &c->sets.items[i]))
            c->sets.items[kept++] = c->sets.items[i];
    c->sets.n = kept;
    qi_order_datasets(&c->sets);
    tell_missing(run, c);
    if (kept == 0)
        return qi_fail(err, QUIPU_E_NOT_FOUND,
                       "UN Comtrade has published nothing of what was asked for (in %s)",
                       q->nomenclature);
    return check_classes(c, err);
}

/* ---- answers ---- */

static quipu_status check_answer(qi_fetching *run, const qi_want *want, const char *bytes,
                                 size_t length, qi_kept *found, bool *again, quipu_error *err) {
    const qi_node *node = want->item;
    uint64_t cap = want->with_key ? QI_CAP_KEY : QI_CAP_PREVIEW;
    QI_UNUSED(run);
    *again = true;
    QI_TRY(qi_count_answer(bytes, length, node->reporter, node->period, &found->rows, err));
    *again = false;
    bool full = found->rows >= cap, round = found->rows > 0 && found->rows % QI_STEP == 0;
    if (qi_node_divides(node) && (full || round))
        found->outcome = QI_DIVIDED;
    else if (full)
        return qi_fail(err, QUIPU_E_LIMIT,
                       "%s: one flow with one partner in one product fills the limit of %llu "
                       "rows, and cannot be divided further",
                       node->name, (unsigned long long)cap);
    return QUIPU_OK;
}

static quipu_status settle_answer(qi_fetching *run, const qi_want *want, const qi_kept *entry,
                                  quipu_error *err) {
    qi_node *node = want->item;
    QI_UNUSED(run);
    QI_UNUSED(err);
    node->rows = entry->rows;
    node->settled = entry->outcome != QI_DIVIDED;
    return QUIPU_OK;
}

/* ---- the office's lists ---- */

static quipu_status check_list(qi_fetching *run, const qi_want *want, const char *bytes,
                               size_t length, qi_kept *found, bool *again, quipu_error *err) {
    qi_arena arena = {0};
    qi_names names;
    QI_UNUSED(run);
    QI_UNUSED(want);
    quipu_status status = qi_read_codes(&arena, bytes, length, 0, &names, err);
    found->rows = names.n;
    qi_arena_free(&arena);
    *again = true;
    return status;
}

static quipu_status settle_list(qi_fetching *run, const qi_want *want, const qi_kept *entry,
                                quipu_error *err) {
    qi_comtrade_state *c = want->item;
    return qi_fetch_read(run, entry, c->list, err);
}

static quipu_status fetch_list(qi_fetching *run, qi_comtrade_state *c, const char *name,
                               size_t level, qi_names *out, quipu_error *err) {
    qi_buffer text = {0};
    qi_want want = {.target =
                        qi_arena_printf(c->arena, "/files/v1/app/reference/%s.json", name),
                    .name = qi_arena_printf(c->arena, "list-%s.json", name),
                    .release = "",
                    .about = true,
                    .item = c};
    if (want.target == NULL || want.name == NULL)
        return qi_fail_memory(err, 64);
    c->list = &text;
    quipu_status status = qi_fetch_wants(run, &want, 1, check_list, settle_list, err);
    if (status == QUIPU_OK)
        status = qi_read_codes(c->arena, text.bytes, text.length, level, out, err);
    qi_buffer_free(&text);
    return status;
}

static quipu_status products_of(qi_fetching *run, qi_comtrade_state *c, const qi_node *node,
                                const qi_names **out, quipu_error *err) {
    size_t level = 0;
    qi_node_level(node, &level);
    for (size_t i = 0; i < c->n_products; i++)
        if (c->products[i].level == level &&
            strcmp(c->products[i].classed, node->classed) == 0) {
            *out = &c->products[i].codes;
            return QUIPU_OK;
        }
    if (c->n_products == QI_COUNT(c->products))
        return qi_fail(err, QUIPU_E_LIMIT, "more than %zu nomenclatures in one fetch",
                       QI_COUNT(c->products));
    qi_names codes;
    QI_TRY(fetch_list(run, c, node->classed, level, &codes, err));
    c->products[c->n_products].classed = node->classed;
    c->products[c->n_products].level = level;
    c->products[c->n_products].codes = codes;
    *out = &c->products[c->n_products++].codes;
    return QUIPU_OK;
}

static quipu_status divide(qi_fetching *run, qi_comtrade_state *c, qi_node *node,
                           quipu_error *err) {
    const qi_names *list = NULL;
    qi_lack lack = qi_node_lacks(node);
    if (lack == QI_LACKS_PARTNERS) {
        if (c->partners.n == 0)
            QI_TRY(fetch_list(run, c, "partnerAreas", 0, &c->partners, err));
        list = &c->partners;
    } else if (lack == QI_LACKS_PRODUCTS) {
        QI_TRY(products_of(run, c, node, &list, err));
    }
    QI_TRY(qi_node_divide(c->arena, node, list, err));
    qi_fetch_say(run, "%s: %llu rows, which may not be all: divided into %zu parts", node->name,
                 (unsigned long long)node->rows, node->n_parts);
    return QUIPU_OK;
}

/* ---- rounds ---- */

typedef QI_LIST(qi_node *) node_list;

static quipu_status ask_round(qi_fetching *run, qi_comtrade_state *c, const node_list *nodes,
                              quipu_error *err) {
    qi_want *wants = calloc(nodes->n + 1, sizeof *wants);
    quipu_status status = wants != NULL ? QUIPU_OK : qi_fail_memory(err, nodes->n);
    for (size_t i = 0; i < nodes->n && status == QUIPU_OK; i++)
        status = qi_comtrade_want_node(c, nodes->items[i], &wants[i], err);
    if (status == QUIPU_OK)
        status = qi_fetch_wants(run, wants, nodes->n, check_answer, settle_answer, err);
    free(wants);
    return status;
}

static quipu_status fetch_nodes(qi_fetching *run, qi_comtrade_state *c, qi_node *roots,
                                size_t n, quipu_error *err) {
    node_list now = {0}, next = {0};
    quipu_status status = QUIPU_OK;
    for (size_t i = 0; i < n; i++)
        if (!QI_PUSH(&now, &roots[i])) {
            status = qi_fail_memory(err, n);
            goto done;
        }
    while (now.n > 0) {
        QI_GO(ask_round(run, c, &now, err));
        next.n = 0;
        for (size_t i = 0; i < now.n; i++) {
            if (now.items[i]->settled)
                continue;
            QI_GO(divide(run, c, now.items[i], err));
            for (size_t k = 0; k < now.items[i]->n_parts; k++)
                if (!QI_PUSH(&next, &now.items[i]->parts[k])) {
                    status = qi_fail_memory(err, n);
                    goto done;
                }
        }
        node_list swap = now;
        now = next;
        next = swap;
    }
    for (size_t i = 0; i < n; i++)
        QI_GO(qi_node_check(&roots[i], err));
done:
    free(now.items);
    free(next.items);
    return status;
}

/* The day of the newest publication stands for the release of the whole. */
static const char *newest(qi_comtrade_state *c) {
    const char *latest = "";
    for (size_t i = 0; i < c->sets.n; i++)
        if (strcmp(c->sets.items[i].released, latest) > 0)
            latest = c->sets.items[i].released;
    return latest[0] != 0 ? qi_arena_text(c->arena, latest, strcspn(latest, "T ")) : NULL;
}

static quipu_status fetch(qi_fetching *run, quipu_error *err) {
    const char *key = run->options->key;
    qi_comtrade_state c = {.question = run->question,
                           .arena = &run->arena,
                           .with_key = key != NULL && key[0] != 0};
    quipu_status status;
    QI_GO(find_available(run, &c, err));
    qi_node *roots = qi_arena_alloc(c.arena, (c.sets.n + 1) * sizeof *roots);
    if (roots == NULL) {
        status = qi_fail_memory(err, c.sets.n * sizeof *roots);
        goto done;
    }
    for (size_t i = 0; i < c.sets.n; i++)
        QI_GO(qi_comtrade_first_node(
            &c, qi_arena_printf(c.arena, "%lld", (long long)c.sets.items[i].reporter),
            c.sets.items[i].period, &c.sets.items[i], &roots[i], err));
    QI_GO(fetch_nodes(run, &c, roots, c.sets.n, err));
    run->release = newest(&c);
done:
    free(c.sets.items);
    return status;
}

const qi_source_of qi_comtrade = {.name = "comtrade",
                                  .base = "https://comtradeapi.un.org",
                                  .must = QI_REPORTERS | QI_PERIODS,
                                  .may = QI_PARTNERS | QI_PRODUCTS | QI_FLOWS |
                                         QI_NOMENCLATURE | QI_MONTHS,
                                  .plan = plan,
                                  .fetch = fetch,
                                  .build = qi_build_cube};
