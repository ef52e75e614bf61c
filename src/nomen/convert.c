/* SPDX-License-Identifier: Apache-2.0 */
/* convert.c - codes of one nomenclature in those of another.
 *
 * Three ways: the table with one official target for each code; all targets a code is
 * correlated with, in equal parts; or those in proportion to a vector of trade.  Between HS
 * revisions without an official table the first way falls back on correlations, narrowed to
 * targets that the official tables take to the same HS 1988/92 code.
 */
#include "nomen/nomen.h"

typedef struct conversion {
    const quipu_nomen *nomen;
    qi_revision from, to;
    const quipu_convert_options *options;
    const qi_list *list; /* of the target nomenclature; parts point into it */
    const qi_leaves *from_leaves, *to_leaves;
    const qi_pairs *pairs;           /* the official way, when it is the one taken */
    const qi_pairs *from_h0, *to_h0; /* to narrow correlations */
    bool by_correlation;
    qi_reach reach;
    int64_t *reference; /* trade of each code of the list */
    qi_builder builder;
    QI_LIST(uint32_t) found; /* targets of one leaf, positions in the list */
    size_t n_unmapped;
} conversion;

static bool position_in(const qi_list *list, const char *code, size_t length, uint32_t *out) {
    size_t at = qi_list_lower(list, code, length);
    *out = (uint32_t)at;
    return at < list->n && qi_code_compare(list->items[at].code, code, length) == 0;
}

/* ---- preparing ---- */

/* Adds up the reference trade by target code; codes the target does not have are left. */
static quipu_status read_reference(conversion *c, quipu_error *err) {
    c->reference = calloc(c->list->n + 1, sizeof *c->reference);
    if (c->reference == NULL)
        return qi_fail_memory(err, c->list->n * sizeof *c->reference);
    for (size_t i = 0; i < c->options->n_reference; i++) {
        const char *code = c->options->reference_codes[i];
        int64_t value = c->options->reference_values[i];
        uint32_t at;
        if (value < 0)
            return qi_fail(err, QUIPU_E_DATA, "the reference trade of %s is negative", code);
        if (position_in(c->list, code, strlen(code), &at) &&
            !qi_add_money(&c->reference[at], value))
            return qi_fail(err, QUIPU_E_LIMIT, "the reference trade of %s is too large", code);
    }
    return QUIPU_OK;
}

static quipu_status choose_way(conversion *c, quipu_error *err) {
    quipu_convert_method method =
        c->options == NULL ? QUIPU_CONVERT_OFFICIAL : c->options->method;
    if (method == QUIPU_CONVERT_TRADE)
        QI_TRY(read_reference(c, err));
    if (c->from == c->to)
        return QUIPU_OK;
    bool both_hs = qi_is_hs(c->from) && qi_is_hs(c->to);
    bool official = c->to == QI_H0 || (c->from == QI_H6 && c->to == QI_H5);
    if (!both_hs || (method == QUIPU_CONVERT_OFFICIAL && official))
        return qi_nomen_pairs(c->nomen, c->from, c->to, &c->pairs, err);

    c->by_correlation = true;
    QI_TRY(qi_nomen_leaves(c->nomen, c->to, &c->to_leaves, err));
    if (method == QUIPU_CONVERT_OFFICIAL) {
        QI_TRY(qi_nomen_pairs(c->nomen, c->from, QI_H0, &c->from_h0, err));
        QI_TRY(qi_nomen_pairs(c->nomen, c->to, QI_H0, &c->to_h0, err));
    }
    return qi_reach_open(&c->reach, c->nomen, c->from, c->to, err);
}

/* ---- one leaf ---- */

static const char *h0_of(const qi_pairs *pairs, const char *code) {
    size_t at = qi_pairs_find(pairs, code, strlen(code));
    return at < pairs->n ? pairs->targets[at] : code;
}

/* Keeps the targets that go to the source's HS 1988/92 code, if any do; going back in time,
 * the code itself, if it is one of them, is the single target. */
static void narrow(conversion *c, const char *source) {
    const char *h0 = h0_of(c->from_h0, source);
    size_t kept = 0, same = 0;
    qi_positions *now = &c->reach.now;
    for (size_t i = 0; i < now->n; i++) {
        const char *code = c->to_leaves->codes[now->items[i]];
        if (strcmp(h0_of(c->to_h0, code), h0) != 0)
            continue;
        uint32_t position = now->items[i];
        now->items[i] = now->items[kept];
        now->items[kept++] = position;
    }
    if (kept > 0)
        now->n = kept;
    for (; same < now->n && c->from > c->to; same++) {
        if (strcmp(c->to_leaves->codes[now->items[same]], source) == 0) {
            now->items[0] = now->items[same];
            now->n = 1;
        }
    }
}

static quipu_status found_code(conversion *c, const char *code, size_t digits,
                               quipu_error *err) {
    size_t length = strlen(code);
    uint32_t at;
    if (digits < length)
        length = digits;
    if (position_in(c->list, code, length, &at) && !QI_PUSH(&c->found, at))
        return qi_fail_memory(err, sizeof at);
    return QUIPU_OK;
}

/* Fills c->found with the targets of a leaf, cut to `digits`. */
static quipu_status targets_of(conversion *c, size_t leaf, size_t digits, quipu_error *err) {
    const char *code = c->from_leaves->codes[leaf];
    c->found.n = 0;
    if (c->by_correlation) {
        QI_TRY(qi_reach_from(&c->reach, (uint32_t)leaf, err));
        if (c->from_h0 != NULL)
            narrow(c, code);
        for (size_t i = 0; i < c->reach.now.n; i++)
            QI_TRY(found_code(c, c->to_leaves->codes[c->reach.now.items[i]], digits, err));
        return QUIPU_OK;
    }
    size_t at = c->pairs == NULL ? 0 : qi_pairs_find(c->pairs, code, strlen(code));
    if (c->pairs != NULL && at < c->pairs->n)
        return found_code(c, c->pairs->targets[at], digits, err);
    return qi_is_hs(c->to) || c->from == c->to ? found_code(c, code, digits, err) : QUIPU_OK;
}

/* Each target by its trade.  False: none has any. */
static quipu_status put_by_trade(conversion *c, bool *done, quipu_error *err) {
    int64_t largest = 0;
    for (size_t i = 0; i < c->found.n; i++) {
        if (c->reference[c->found.items[i]] > largest)
            largest = c->reference[c->found.items[i]];
    }
    *done = largest > 0;
    unsigned shift = 0; /* the leaf's weights are 32 bits wide */
    while (largest >> shift > UINT32_MAX)
        shift++;
    uint32_t *weights = malloc((c->found.n + 1) * sizeof *weights);
    if (weights == NULL)
        return qi_fail_memory(err, c->found.n * sizeof *weights);
    size_t kept = 0;
    for (size_t i = 0; i < c->found.n && *done; i++) {
        int64_t value = c->reference[c->found.items[i]];
        if (value == 0)
            continue;
        weights[kept] = value >> shift == 0 ? 1 : (uint32_t)(value >> shift);
        c->found.items[kept++] = c->found.items[i];
    }
    quipu_status status =
        *done ? qi_builder_leaf(&c->builder, c->found.items, weights, kept, err) : QUIPU_OK;
    free(weights);
    return status;
}

static quipu_status put_leaf(conversion *c, size_t leaf, size_t digits, bool alone,
                             quipu_error *err) {
    QI_TRY(targets_of(c, leaf, digits, err));
    if (c->found.n == 0)
        return QUIPU_OK;
    /* A code that stands alone keeps exact weights: they need not be comparable to others. */
    if (c->reference != NULL && c->found.n > 1) {
        bool done = false;
        if (alone) {
            for (size_t i = 0; i < c->found.n; i++) {
                int64_t value = c->reference[c->found.items[i]];
                if (value > 0)
                    QI_TRY(
                        qi_builder_part(&c->builder, c->found.items[i], (uint64_t)value, err));
                done = done || value > 0;
            }
        } else {
            QI_TRY(put_by_trade(c, &done, err));
        }
        if (done)
            return QUIPU_OK;
    }
    if (!alone)
        return qi_builder_leaf(&c->builder, c->found.items, NULL, c->found.n, err);
    for (size_t i = 0; i < c->found.n; i++)
        QI_TRY(qi_builder_part(&c->builder, c->found.items[i], 1, err));
    return QUIPU_OK;
}

/* ---- all codes ---- */

/* What has no target keeps its code: position list->n + source, unless the list has it. */
static quipu_status convert_one(conversion *c, size_t source, const char *code,
                                quipu_error *err) {
    size_t first, last;
    size_t digits = strlen(code);
    qi_leaves_under(c->from_leaves, code, &first, &last);
    /* A heading becomes headings, within the HS; elsewhere levels do not correspond. */
    if (!(qi_is_hs(c->from) && qi_is_hs(c->to)))
        digits = SIZE_MAX;
    for (size_t i = first; i < last; i++)
        QI_TRY(put_leaf(c, i, digits, last - first == 1, err));
    if (c->builder.parts.n == 0) {
        uint32_t at;
        c->n_unmapped++;
        if (!position_in(c->list, code, strlen(code), &at))
            at = (uint32_t)(c->list->n + source);
        QI_TRY(qi_builder_part(&c->builder, at, 1, err));
    }
    return qi_builder_source(&c->builder, err);
}

/* Numbers the targets in use from 0: those of the list in its order, then codes kept. */
static quipu_status settle_targets(conversion *c, const char *const *codes, quipu_mapping *out,
                                   quipu_error *err) {
    size_t all = c->list->n + c->builder.n_sources, n = 0;
    uint32_t *number = calloc(all + 1, sizeof *number);
    if (number == NULL)
        return qi_fail_memory(err, all * sizeof *number);
    for (size_t i = 0; i < c->builder.target.n; i++)
        number[c->builder.target.items[i]] = 1;
    for (size_t i = 0; i < all; i++)
        n += number[i];
    quipu_target *targets = qi_arena_alloc(&c->builder.arena, (n + 1) * sizeof *targets);
    quipu_status status = targets == NULL ? qi_fail_memory(err, n * sizeof *targets) : QUIPU_OK;
    n = 0;
    for (size_t i = 0; i < all && status == QUIPU_OK; i++) {
        if (number[i] == 0)
            continue;
        if (i < c->list->n) {
            targets[n] = (quipu_target){c->list->items[i].code, c->list->items[i].name, ""};
        } else {
            const char *kept = qi_arena_dup(&c->builder.arena, codes[i - c->list->n]);
            targets[n] = (quipu_target){kept, "no counterpart, code kept", ""};
            if (kept == NULL)
                status = qi_fail_memory(err, 16);
        }
        number[i] = (uint32_t)n++;
    }
    for (size_t i = 0; i < c->builder.target.n && status == QUIPU_OK; i++)
        c->builder.target.items[i] = number[c->builder.target.items[i]];
    free(number);
    out->targets = targets;
    out->n_targets = n;
    return status;
}

static const char *source_text(const conversion *c) {
    if (c->from == c->to)
        return "the same nomenclature";
    if (c->by_correlation) {
        if (c->reference != NULL)
            return "UN/WCO correlation tables between neighbouring revisions; parts in "
                   "proportion "
                   "to reference trade";
        return c->from_h0 == NULL
                   ? "UN/WCO correlation tables between neighbouring revisions; equal parts"
                   : "no official conversion table: UN/WCO correlation tables between "
                     "neighbouring revisions, targets of the same HS 1988/92 code first; equal "
                     "parts where several remain";
    }
    if (qi_is_hs(c->to))
        return "UN conversion table, one target for each code";
    if (c->from == QI_S3)
        return "UN conversion SITC Rev. 3 to Rev. 2, one target for each code";
    if (c->to == QI_I3)
        return c->from <= QI_H2
                   ? "WITS concordance, one target for each code"
                   : "WITS concordance by way of HS 1988/92, one target for each code";
    if (c->from <= QI_H3)
        return "WITS concordance, one target for each code";
    return c->to == QI_S2
               ? "UN conversion table, one target for each code"
               : "WITS concordance by way of HS 2007 or 1988/92, one target for each code";
}

quipu_status quipu_convert(const quipu_nomen *nomen, const char *from, const char *to,
                           const char *const *codes, size_t n_codes,
                           const quipu_convert_options *options, quipu_mapping *out,
                           quipu_error *err) {
    qi_error_clear(err);
    *out = (quipu_mapping){0};
    conversion c = {.nomen = nomen, .options = options};
    QI_TRY(qi_nomen_revision_find(from, &c.from, err));
    QI_TRY(qi_nomen_revision_find(to, &c.to, err));
    quipu_status status;
    QI_GO(qi_builder_open(&c.builder, n_codes, err));
    QI_GO(qi_nomen_list_of(nomen, c.to, &c.list, err));
    QI_GO(choose_way(&c, err));
    QI_GO(qi_nomen_leaves(nomen, c.from, &c.from_leaves, err));
    for (size_t i = 0; i < n_codes; i++)
        QI_GO(convert_one(&c, i, codes[i], err));
    QI_GO(settle_targets(&c, codes, out, err));
    out->n_unmapped = c.n_unmapped;
    out->name = qi_arena_printf(&c.builder.arena, "%s-%s", qi_nomen_revision(c.from)->name,
                                qi_nomen_revision(c.to)->name);
    out->title = qi_arena_printf(&c.builder.arena, "%s to %s", qi_nomen_revision(c.from)->label,
                                 qi_nomen_revision(c.to)->label);
    out->source = source_text(&c);
    if (out->name == NULL || out->title == NULL) {
        status = qi_fail_memory(err, 64);
        goto done;
    }
    QI_GO(qi_builder_finish(&c.builder, out, err));
done:
    qi_reach_close(&c.reach);
    qi_builder_close(&c.builder);
    free(c.reference);
    free(c.found.items);
    if (status != QUIPU_OK)
        *out = (quipu_mapping){0};
    return status;
}
