/* SPDX-License-Identifier: Apache-2.0 */
/* scheme.c - how codes fall into the classes of a scheme.
 *
 * A scheme is a table of code beginnings ("rules") on one nomenclature; codes of another get
 * there by the official single target.  Trade is in leaves (six digits in the HS), so a code
 * of a higher level goes where its leaves go, each leaf counting the same.
 */
#include "nomen/nomen.h"

enum {
    ALL_HS = (1u << QI_N_HS) - 1,
    BIT_S2 = 1u << QI_S2,
    BIT_S3 = 1u << QI_S3,
    BIT_I3 = 1u << QI_I3,
    BIT_BEC = 1u << QI_BEC
};

typedef struct scheme_def {
    unsigned from; /* nomenclatures it can be asked for; I3 by its own table if it has one */
    qi_revision stands; /* where the rules stand */
    bool own;           /* ... which is any revision of the HS */
    size_t digits;      /* > 0: the codes of this length are the classes */
    qi_rule_table rules, gold, isic;
} scheme_def;

#define NO_TABLE QI_N_RULE_TABLES

/* In the order they are listed; SCHEMES[i] is described by PUBLIC[i]. */
static const quipu_scheme PUBLIC[] = {
    {"section", "HS section",
     "The sections I to XXI of the Harmonized System, and XXII for "
     "national use and goods not specified by kind"},
    {"chapter", "HS chapter", "The first two digits of an HS code"},
    {"heading", "HS heading", "The first four digits of an HS code"},
    {"lall", "Lall technology class",
     "Lall (2000), by SITC Rev. 2 group of three digits. Gold "
     "(971) is a special transaction unless the option says it is primary"},
    {"technology", "Technology content",
     "Lall (2000) in five groups: primary goods (PG), "
     "natural resource-based (NRBM), low (LTM), medium (MTM) and high (HTM) technology "
     "manufactures; OTHER"},
    {"sector", "Export sector",
     "The eight sectors of the Peruvian export guilds, fitted to the "
     "study; refined fuels, gas, non-metallic minerals and worked metals count as Chemical"},
    {"sector-extractive", "Export sector (fuels and metals with mining)",
     "As sector, with "
     "refined fuels, gas, non-metallic minerals and worked metals in Mining and Oil"},
    {"traditional", "Traditional exports of Peru",
     "The traditional products of Supreme Decree "
     "076-92-EF, by HS code; everything else is non-traditional"},
    {"sitc2-section", "SITC Rev. 2 section", "The first digit of SITC Rev. 2"},
    {"sitc2-division", "SITC Rev. 2 division", "The first two digits of SITC Rev. 2"},
    {"sitc2-group", "SITC Rev. 2 group", "The first three digits of SITC Rev. 2"},
    {"sitc3-section", "SITC Rev. 3 section", "The first digit of SITC Rev. 3"},
    {"isic", "ISIC Rev. 3 class", "Four digits of ISIC Rev. 3"},
    {"isic-division", "ISIC Rev. 3 division", "Two digits of ISIC Rev. 3"},
    {"bec", "Broad economic category",
     "One digit of the Broad Economic Categories, Rev. 4; no "
     "table from the HS is included: give one as a user's table"},
};
static const scheme_def SCHEMES[] = {
    {ALL_HS, QI_H0, true, 0, QI_RULES_SECTION, NO_TABLE, NO_TABLE}, /* section */
    {ALL_HS, QI_H0, true, 2, NO_TABLE, NO_TABLE, NO_TABLE},         /* chapter */
    {ALL_HS, QI_H0, true, 4, NO_TABLE, NO_TABLE, NO_TABLE},         /* heading */
    {ALL_HS | BIT_S2 | BIT_S3 | BIT_I3, QI_S2, false, 0, QI_RULES_LALL, QI_RULES_LALL_GOLD,
     QI_RULES_ISIC_LALL}, /* lall */
    {ALL_HS | BIT_S2 | BIT_S3 | BIT_I3, QI_S2, false, 0, QI_RULES_TECHNOLOGY,
     QI_RULES_TECHNOLOGY_GOLD, QI_RULES_ISIC_TECHNOLOGY}, /* technology */
    {ALL_HS | BIT_I3, QI_H0, false, 0, QI_RULES_SECTOR, NO_TABLE,
     QI_RULES_ISIC_SECTOR}, /* sector */
    {ALL_HS | BIT_I3, QI_H0, false, 0, QI_RULES_SECTOR_EXTRACTIVE, NO_TABLE,
     QI_RULES_ISIC_SECTOR_EXTRACTIVE},                                   /* sector-extractive */
    {ALL_HS, QI_H0, false, 0, QI_RULES_TRADITIONAL, NO_TABLE, NO_TABLE}, /* traditional */
    {ALL_HS | BIT_S2 | BIT_S3, QI_S2, false, 1, NO_TABLE, NO_TABLE,
     NO_TABLE}, /* sitc2-section */
    {ALL_HS | BIT_S2 | BIT_S3, QI_S2, false, 2, NO_TABLE, NO_TABLE,
     NO_TABLE}, /* sitc2-division */
    {ALL_HS | BIT_S2 | BIT_S3, QI_S2, false, 3, NO_TABLE, NO_TABLE, NO_TABLE}, /* sitc2-group */
    {ALL_HS | BIT_S3, QI_S3, false, 1, NO_TABLE, NO_TABLE, NO_TABLE}, /* sitc3-section */
    {ALL_HS | BIT_I3, QI_I3, false, 4, NO_TABLE, NO_TABLE, NO_TABLE}, /* isic */
    {ALL_HS | BIT_I3, QI_I3, false, 2, NO_TABLE, NO_TABLE, NO_TABLE}, /* isic-division */
    {BIT_BEC, QI_BEC, false, 1, NO_TABLE, NO_TABLE, NO_TABLE},        /* bec */
};
_Static_assert(QI_COUNT(PUBLIC) == QI_COUNT(SCHEMES), "each scheme has a definition");

quipu_status quipu_schemes(const quipu_nomen *nomen, const quipu_scheme **first, size_t *count,
                           quipu_error *err) {
    QI_UNUSED(nomen);
    qi_error_clear(err);
    *first = PUBLIC;
    *count = QI_COUNT(PUBLIC);
    return QUIPU_OK;
}

static quipu_status scheme_find(const char *name, size_t *out, quipu_error *err) {
    for (size_t i = 0; i < QI_COUNT(PUBLIC); i++) {
        if (strcmp(PUBLIC[i].name, name) == 0) {
            *out = i;
            return QUIPU_OK;
        }
    }
    /* Asked once in a while and on few names, so the index is not kept. */
    qi_arena arena = {0};
    qi_names names;
    quipu_status status;
    QI_GO(qi_names_init(&names, &arena, QI_COUNT(PUBLIC) * 2, false, err));
    for (uint32_t i = 0; i < QI_COUNT(PUBLIC); i++) {
        const quipu_scheme *s = &PUBLIC[i];
        QI_GO(qi_names_add(&names, s->name, strlen(s->name), s->name, i, err));
        QI_GO(qi_names_add(&names, s->label, strlen(s->label), s->name, i, err));
    }
    uint32_t found;
    if (qi_names_find(&names, name, strlen(name), &found))
        *out = found;
    else
        status = qi_names_missing(&names, "class scheme", name, err);
done:
    qi_arena_free(&arena);
    return status;
}

/* ---- one question ---- */

typedef struct question {
    const quipu_nomen *nomen;
    qi_revision from;
    const qi_rules *rules;
    const qi_pairs *way; /* to where the rules stand; NULL = the codes are there */
    bool same_kept;      /* codes that `way` leaves out keep their number (HS to HS) */
    bool as_they_are;    /* rules may be asked about a code no list knows */
    const qi_leaves *leaves;
    size_t n_rest; /* sources that went to the rest class as a whole */
} question;

static quipu_status choose_rules(question *q, const scheme_def *def, bool gold,
                                 qi_rules *listed, qi_builder *builder, quipu_error *err) {
    qi_rule_table table = def->rules;
    if (q->from == QI_I3 && def->stands != QI_I3) {
        table = def->isic;
    } else {
        qi_revision stands = def->own ? q->from : def->stands;
        if (stands != q->from) {
            QI_TRY(qi_nomen_pairs(q->nomen, q->from, stands, &q->way, err));
            q->same_kept = qi_is_hs(stands);
        }
        q->as_they_are = q->way == NULL || q->same_kept;
        if (def->digits > 0) {
            QI_TRY(
                qi_rules_of_list(listed, &builder->arena, q->nomen, stands, def->digits, err));
            q->rules = listed;
            return QUIPU_OK;
        }
        if (gold && def->gold != NO_TABLE)
            table = def->gold;
    }
    return qi_nomen_rules(q->nomen, table, &q->rules, err);
}

static size_t rules_of_leaf(const question *q, const char *leaf, size_t *first) {
    if (q->way != NULL) {
        size_t at = qi_pairs_find(q->way, leaf, strlen(leaf));
        if (at < q->way->n)
            leaf = q->way->targets[at];
        else if (!q->same_kept)
            return 0;
    }
    return qi_rules_find(q->rules, leaf, strlen(leaf), first);
}

#define MOST_SHARED 64 /* classes of one code in a user's table */

static quipu_status put_rules(question *q, qi_builder *builder, size_t first, size_t n,
                              quipu_error *err) {
    uint32_t targets[MOST_SHARED], weights[MOST_SHARED];
    if (n > MOST_SHARED)
        return qi_fail(err, QUIPU_E_LIMIT, "code %s is shared among more than %d classes",
                       q->rules->items[first].prefix, MOST_SHARED);
    for (size_t i = 0; i < n; i++) {
        targets[i] = q->rules->items[first + i].target;
        weights[i] = q->rules->items[first + i].weight;
    }
    if (n == 0) {
        targets[0] = (uint32_t)q->rules->n_targets - 1;
        weights[0] = 1;
        n = 1;
    }
    return qi_builder_leaf(builder, targets, weights, n, err);
}

static quipu_status classify_one(question *q, qi_builder *builder, const char *code,
                                 quipu_error *err) {
    size_t first_leaf, last_leaf, first = 0, found = 0;
    bool whole = q->way == NULL && !qi_rules_finer(q->rules, code);
    if (!whole)
        qi_leaves_under(q->leaves, code, &first_leaf, &last_leaf);
    if (whole || first_leaf == last_leaf) {
        if (whole || q->as_they_are)
            found = qi_rules_find(q->rules, code, strlen(code), &first);
        QI_TRY(put_rules(q, builder, first, found, err));
        q->n_rest += found == 0;
    } else {
        bool any = false;
        for (size_t i = first_leaf; i < last_leaf && !any; i++)
            any = rules_of_leaf(q, q->leaves->codes[i], &first) > 0;
        /* A heading goes where its classified codes go: monetary gold (7108.20), which is no
         * trade and has no class, must not draw a quarter of all gold out of the classes. */
        for (size_t i = first_leaf; i < last_leaf; i++) {
            found = rules_of_leaf(q, q->leaves->codes[i], &first);
            if (found > 0 || !any)
                QI_TRY(put_rules(q, builder, first, found, err));
        }
        q->n_rest += !any;
    }
    return qi_builder_source(builder, err);
}

/* The targets move with the mapping, so they are copied even from a table that stays. */
static quipu_status copy_targets(qi_builder *builder, const qi_rules *rules, quipu_mapping *out,
                                 quipu_error *err) {
    quipu_target *copy = qi_arena_alloc(&builder->arena, rules->n_targets * sizeof *copy);
    if (copy == NULL)
        return qi_fail_memory(err, rules->n_targets * sizeof *copy);
    memcpy(copy, rules->targets, rules->n_targets * sizeof *copy);
    out->targets = copy;
    out->n_targets = rules->n_targets;
    return QUIPU_OK;
}

static const char *way_text(qi_revision from, qi_revision stands) {
    if (from == stands)
        return "";
    if (from == QI_S3)
        return "; SITC Rev. 3 to Rev. 2: single target of the UN conversion";
    if (stands == QI_I3)
        return from <= QI_H2 ? "; to ISIC Rev. 3: WITS concordance, single target"
                             : "; to ISIC Rev. 3: WITS concordance by way of HS 1988/92";
    if (stands == QI_S3)
        return from <= QI_H3
                   ? "; to SITC Rev. 3: WITS concordance, single target"
                   : "; to SITC Rev. 3: WITS concordance by way of HS 2007 or 1988/92";
    if (stands == QI_S2)
        return from <= QI_H3 ? "; to SITC Rev. 2: WITS concordance, single target"
                             : "; to SITC Rev. 2: UN conversion table, single target";
    return "; to HS 1988/92: UN conversion table, single target";
}

static quipu_status name_built_in(qi_builder *builder, size_t scheme, qi_revision from,
                                  quipu_mapping *out, quipu_error *err) {
    const scheme_def *def = &SCHEMES[scheme];
    bool by_isic = from == QI_I3 && def->stands != QI_I3;
    out->name = PUBLIC[scheme].name;
    out->title = PUBLIC[scheme].label;
    out->source = qi_arena_printf(
        &builder->arena, "%s%s", PUBLIC[scheme].note,
        by_isic ? "; ISIC Rev. 3: each industry by the largest part of Peru's exports of it in "
                  "2018-2019, without gold"
        : def->own ? ""
                   : way_text(from, def->stands));
    return out->source == NULL ? qi_fail_memory(err, 256) : QUIPU_OK;
}

static quipu_status name_users(qi_builder *builder, const char *scheme, const char *path,
                               quipu_mapping *out, quipu_error *err) {
    out->name = qi_arena_dup(&builder->arena, scheme == NULL ? "user" : scheme);
    out->title = qi_arena_printf(&builder->arena, "Classes of %s", path);
    out->source = qi_arena_printf(&builder->arena, "user's table %s", path);
    if (out->name == NULL || out->title == NULL || out->source == NULL)
        return qi_fail_memory(err, strlen(path));
    return QUIPU_OK;
}

static quipu_status reachable(size_t scheme, qi_revision from, quipu_error *err) {
    if ((SCHEMES[scheme].from & 1u << from) != 0)
        return QUIPU_OK;
    qi_buffer list = {0};
    for (unsigned i = QI_S2; i <= QI_BEC; i++) {
        if ((SCHEMES[scheme].from & 1u << i) != 0)
            (void)qi_buffer_printf(&list, ", %s", qi_nomen_revision((qi_revision)i)->name);
    }
    bool hs = (SCHEMES[scheme].from & ALL_HS) != 0;
    const char *others = list.length == 0 ? "" : list.bytes + (hs ? 0 : 2);
    quipu_status status = qi_fail(
        err, QUIPU_E_NOT_FOUND,
        "the classes \"%s\" cannot be had from %s, only from %s%s; a table of your own "
        "can be given instead",
        PUBLIC[scheme].name, qi_nomen_revision(from)->label, hs ? "H0 to H6" : "", others);
    qi_buffer_free(&list);
    return status;
}

quipu_status quipu_classify(const quipu_nomen *nomen, const char *scheme, const char *from,
                            const char *const *codes, size_t n_codes,
                            const quipu_class_options *options, quipu_mapping *out,
                            quipu_error *err) {
    qi_error_clear(err);
    *out = (quipu_mapping){0};
    const char *path = options == NULL ? NULL : options->user_csv;
    question q = {.nomen = nomen};
    size_t which = 0;
    QI_TRY(qi_nomen_revision_find(from, &q.from, err));
    if (path == NULL) {
        if (scheme == NULL)
            return qi_fail(err, QUIPU_E_ARG, "no class scheme is named");
        QI_TRY(scheme_find(scheme, &which, err));
        QI_TRY(reachable(which, q.from, err));
    }

    qi_builder builder;
    qi_rules own = {0};
    quipu_status status;
    QI_GO(qi_builder_open(&builder, n_codes, err));
    if (path != NULL) {
        QI_GO(qi_rules_of_file(&own, &builder.arena, path, err));
        q.rules = &own;
        q.as_they_are = true;
        QI_GO(name_users(&builder, scheme, path, out, err));
    } else {
        bool gold = options != NULL && options->gold_primary;
        QI_GO(choose_rules(&q, &SCHEMES[which], gold, &own, &builder, err));
        QI_GO(name_built_in(&builder, which, q.from, out, err));
    }
    QI_GO(qi_nomen_leaves(nomen, q.from, &q.leaves, err));
    for (size_t i = 0; i < n_codes; i++)
        QI_GO(classify_one(&q, &builder, codes[i], err));
    QI_GO(copy_targets(&builder, q.rules, out, err));
    out->n_unmapped = q.n_rest;
    QI_GO(qi_builder_finish(&builder, out, err));
done:
    qi_builder_close(&builder);
    if (status != QUIPU_OK)
        *out = (quipu_mapping){0};
    return status;
}
