/* SPDX-License-Identifier: Apache-2.0 */
/* reporter.c - all cells of one reporter in one slab: settled pair by pair, and given to the part
 * that will be written. */
#include "merge.h"

/* Leaves from settled cells. */
static quipu_status to_leaves(qi_pair_cells *cells, quipu_error *err) {
    if (!qi_leaves_reserve(&cells->leaves, cells->n))
        return qi_fail_memory(err, cells->n * 40);
    quipu_leaves *l = &cells->leaves;
    l->n = cells->n;
    for (size_t i = 0; i < cells->n; i++) {
        const qi_pair_cell *c = &cells->items[i];
        l->product[i] = c->product;
        l->value[i] = c->value;
        l->weight[i] = c->weight;
        l->quantity[i] = c->quantity;
        l->unit[i] = c->unit;
        l->flags[i] = c->flags;
    }
    return QUIPU_OK;
}

/* Where every row counts, a pair may have many times the cells it will have leaves: these are
 * added up now and then. */
enum { CROWDED = 1 << 17 };

static quipu_status read_group(const qi_merge *m, const qi_group *group, qi_pair_cells *into,
                               quipu_error *err) {
    QI_TRY(qi_run_read(group, into, err));
    if (into->n < into->crowded || !qi_of_declarations(m->import))
        return QUIPU_OK;
    QI_TRY(qi_add_declarations(into, m, group->head->key, err));
    into->crowded = 2 * into->n > CROWDED ? 2 * into->n : CROWDED;
    return QUIPU_OK;
}

/* The cells of the pair `key` that the groups are at, from `group` on if that is not NULL. */
static quipu_status read_cells(const qi_merge *m, qi_groups *groups, uint64_t key,
                               const qi_group *group, qi_pair_cells *into, quipu_error *err) {
    qi_group next;
    uint64_t at;
    into->n = 0;
    into->summed = 0;
    into->crowded = CROWDED;
    if (group != NULL)
        QI_TRY(read_group(m, group, into, err));
    while (qi_groups_more(groups, &at) && at == key) {
        QI_TRY(qi_groups_next(m, groups, &next, err));
        QI_TRY(read_group(m, &next, into, err));
    }
    return QUIPU_OK;
}

static quipu_status settle(const qi_merge *m, uint64_t key, qi_pair_cells *cells,
                           qi_ledger *ledger, quipu_error *err) {
    QI_TRY(qi_resolve_pair(m, key, cells, ledger, err));
    return to_leaves(cells, err);
}

/* The settled leaves of the pair `key` that the groups are at.  When it is one group that is
 * settled as it stands, *packed are its columns as the cube packs them, and only product and
 * value are decoded. */
static quipu_status read_pair(const qi_merge *m, qi_worker *w, uint64_t key,
                              uint32_t slab_columns, const uint8_t **packed, size_t *n_bytes,
                              qi_ledger *ledger, quipu_error *err) {
    qi_group group;
    uint64_t next;
    QI_TRY(qi_groups_next(m, &w->groups, &group, err));
    bool alone = !qi_groups_more(&w->groups, &next) || next != key;
    if (alone && !m->nested && (group.head->columns & QI_COLUMNS) == slab_columns) {
        bool clean;
        QI_TRY(qi_run_read_clean(&group, &w->cells, &clean, packed, n_bytes, err));
        if (clean) {
            ledger->accepted += w->cells.leaves.n;
            return QUIPU_OK;
        }
    }
    *packed = NULL;
    QI_TRY(read_cells(m, &w->groups, key, &group, &w->cells, err));
    return settle(m, key, &w->cells, ledger, err);
}

static uint32_t columns_of(const quipu_leaves *l) {
    uint32_t columns = 0;
    for (size_t i = 0; i < l->n; i++) {
        if (l->weight[i] != QUIPU_QUANTITY_MISSING)
            columns |= QUIPU_HAS_WEIGHT;
        if (l->quantity[i] != QUIPU_QUANTITY_MISSING)
            columns |= QUIPU_HAS_QUANTITY;
        if (l->flags[i] != 0)
            columns |= QUIPU_HAS_FLAGS;
    }
    return columns;
}

/* Give settled leaves to the part, or, in the first pass, mark what they use.  `old` ones are
 * no news for the ledger. */
static quipu_status emit(qi_pass *p, size_t block, unsigned reporter, unsigned partner,
                         bool old, quipu_leaves *l, const uint8_t *packed, size_t n_bytes,
                         quipu_error *err) {
    qi_merge *m = p->merge;
    qi_ledger *ledger = &p->ledgers[block];
    p->used_columns[block] |= packed != NULL ? p->plan->columns : columns_of(l);
    if (p->parts == NULL) {
        for (size_t i = 0; i < l->n; i++)
            __atomic_store_n(&p->used_product[l->product[i]], 1, __ATOMIC_RELAXED);
        __atomic_store_n(&p->used_country[reporter], 1, __ATOMIC_RELAXED);
        __atomic_store_n(&p->used_country[partner], 1, __ATOMIC_RELAXED);
        return QUIPU_OK;
    }
    for (size_t i = 0; m->final != NULL && i < l->n; i++)
        l->product[i] = m->final[l->product[i]];
    qi_part *part = &p->parts[block];
    if (packed != NULL)
        QI_TRY(qi_part_add_packed(part, m->index[reporter], m->index[partner], l, packed,
                                  n_bytes, err));
    else
        QI_TRY(qi_part_add(part, m->index[reporter], m->index[partner], l, err));
    if (old)
        return QUIPU_OK;
    int64_t total = part->pairs.items[part->pairs.n - 1].total;
    if (!qi_add_money(&ledger->value_accepted, total))
        return qi_fail(err, QUIPU_E_DATA, "the total is beyond 9.2e15 US$");
    if (reporter == partner)
        qi_ledger_note(ledger, QI_R_SELF_TRADE, l->n, total, "%03u in %d", reporter,
                       QI_KEY_PERIOD(p->plan->slab << 32));
    return QUIPU_OK;
}

/* World beside partners: compared with the sum of the partners. */
static void check_world(qi_pass *p, size_t block, const qi_worker *w, uint64_t key) {
    const qi_merge *m = p->merge;
    qi_ledger *ledger = &p->ledgers[block];
    const quipu_leaves *l = &w->world.leaves;
    for (size_t i = 0; i < l->n; i++) {
        uint32_t k = l->product[i];
        bool everything = k == m->total;
        uint32_t first = everything ? 0 : k;
        uint32_t stop = everything ? (uint32_t)m->n_codes : m->subtree[k];
        int64_t published = l->value[i] == QUIPU_MONEY_MISSING ? 0 : l->value[i], sum = 0;
        size_t parts = 0;
        for (uint32_t j = first; j < stop; j++) {
            if (!qi_add_money(&sum, w->row[j]))
                sum = INT64_MAX; /* only compared with the published total, never kept */
            parts += w->parts[j];
        }
        char code[16];
        qi_code_unpack(m->codes[k], code);
        qi_ledger_note(ledger, QI_R_WORLD, 1, published, "%d %s %03u %s", QI_KEY_PERIOD(key),
                       quipu_flow_name((quipu_flow)QI_KEY_FLOW(key)), QI_KEY_REPORTER(key),
                       code);
        qi_check_total(ledger, key, code, published, sum, parts);
    }
}

/* World beside partners is set aside. */
static quipu_status settle_world(qi_pass *p, size_t block, qi_worker *w, quipu_error *err) {
    const qi_merge *m = p->merge;
    qi_ledger *ledger = &p->ledgers[block];
    uint64_t key = w->groups.first, accepted = ledger->accepted;
    QI_TRY(settle(m, key, &w->world, ledger, err));
    uint64_t rows = ledger->accepted - accepted; /* more than leaves when some were summed */
    ledger->accepted = accepted;
    qi_dropped pair = {key, 0};
    if (m->import->options.keep_firms && !QI_PUSH(&w->world.dropped, pair))
        return qi_fail_memory(err, sizeof pair);
    qi_ledger_count(ledger, QI_R_WORLD, rows - w->world.leaves.n, 0);
    check_world(p, block, w, key);
    return QUIPU_OK;
}

/* For the check of World: what the products of this partner add. */
static quipu_status add_partner(qi_worker *w, quipu_error *err) {
    const quipu_leaves *l = &w->cells.leaves;
    for (size_t i = 0; i < l->n; i++) {
        if (l->value[i] == QUIPU_MONEY_MISSING)
            continue;
        if (!qi_add_money(&w->row[l->product[i]], l->value[i]))
            return qi_fail(err, QUIPU_E_DATA, "a sum over partners is beyond 9.2e15 US$");
        w->parts[l->product[i]]++;
    }
    return QUIPU_OK;
}

static quipu_status merge_reporter(qi_pass *p, size_t block, qi_worker *w, unsigned reporter,
                                   quipu_error *err) {
    qi_merge *m = p->merge;
    uint64_t first = p->plan->slab << 32 | (uint64_t)reporter << 16, key;
    QI_TRY(qi_groups_begin(m, &w->groups, first, err));
    /* World is number 0: its groups come first. */
    bool beside = w->groups.world && w->groups.others;
    if (beside) {
        memset(w->row, 0, m->n_codes * sizeof *w->row);
        memset(w->parts, 0, m->n_codes * sizeof *w->parts);
        QI_TRY(read_cells(m, &w->groups, first, NULL, &w->world, err));
    }
    while (qi_groups_more(&w->groups, &key)) {
        const uint8_t *packed;
        size_t n_bytes = 0;
        /* The first pass looks at every column, so there nothing may stay packed. */
        uint32_t columns = p->parts != NULL ? p->plan->columns : UINT32_MAX;
        QI_TRY(read_pair(m, w, key, columns, &packed, &n_bytes, &p->ledgers[block], err));
        if (beside)
            QI_TRY(add_partner(w, err));
        if (w->cells.leaves.n > 0)
            QI_TRY(emit(p, block, reporter, QI_KEY_PARTNER(key), false, &w->cells.leaves,
                        packed, n_bytes, err));
    }
    return beside ? settle_world(p, block, w, err) : QUIPU_OK;
}

/* A reporter that the new files do not have: its pairs stay as they are. */
static quipu_status keep_reporter(qi_pass *p, size_t block, qi_worker *w, unsigned reporter,
                                  quipu_error *err) {
    const quipu_cube *old = p->merge->old;
    size_t slab = (size_t)p->plan->old, n;
    const quipu_cube_country *countries = quipu_cube_countries(old, &n);
    quipu_pairs pairs;
    int at = quipu_cube_country_index(old, reporter);
    if (at < 0)
        return QUIPU_OK;
    QI_TRY(quipu_cube_pairs(old, slab, &pairs, err));
    for (uint32_t pair = pairs.reporter_start[at]; pair < pairs.reporter_start[at + 1];
         pair++) {
        quipu_leaves *l = &w->cells.leaves;
        QI_TRY(quipu_cube_leaves(old, slab, pair,
                                 QUIPU_READ_WEIGHT | QUIPU_READ_QUANTITY | QUIPU_READ_FLAGS, l,
                                 err));
        for (size_t i = 0; i < l->n; i++) {
            const char *code = quipu_cube_product(old, l->product[i]);
            l->product[i] = (uint32_t)qi_find_code(p->merge->codes, p->merge->n_codes,
                                                   qi_code_pack(code, strlen(code)));
        }
        QI_TRY(emit(p, block, reporter, countries[pairs.partner[pair]].number, true, l, NULL, 0,
                    err));
    }
    return QUIPU_OK;
}

quipu_status qi_merge_block(void *user, size_t block, unsigned number, quipu_error *err) {
    qi_pass *p = user;
    qi_worker *w = &p->workers[number];
    if (p->parts != NULL)
        qi_part_reset(&p->parts[block], p->plan->columns, w->partner_matrix);
    for (size_t r = p->block_start[block]; r < p->block_start[block + 1]; r++) {
        QI_TRY(merge_reporter(p, block, w, p->reporters[r], err));
        if (!w->groups.world && !w->groups.others && p->plan->old >= 0)
            QI_TRY(keep_reporter(p, block, w, p->reporters[r], err));
    }
    return p->parts != NULL ? qi_part_close(&p->parts[block], err) : QUIPU_OK;
}
