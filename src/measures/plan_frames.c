/* SPDX-License-Identifier: Apache-2.0 */
/* plan_frames.c - sums along axes, and the panel of all labels in all periods. */
#include "measures/plan.h"

static const char *const COLUMN[] = {"reporter", "partner", "product"};

/* ---- conditions ---- */

static void put_member_join(qi_plan *p, const qi_plan_who *who, const char *column,
                            const char *as) {
    if (who == NULL || who->n == 0)
        return;
    qi_plan_put(p, "\nJOIN %s AS %s ON %s.code = c.%s", who->name, as, as, column);
    if (who->dated)
        qi_plan_put(p,
                    " AND (c.period BETWEEN %s.since AND %s.until\n    OR c.period BETWEEN "
                    "%s.since * 100 + 1 AND %s.until * 100 + 12)",
                    as, as, as, as);
}

/* "2603,74", "72-83": codes by their beginnings. */
static void put_products(qi_plan *p) {
    const char *at = p->product;
    const char *before = "\n    AND (";
    for (at += strspn(at, " ,"); *at != 0; at += strspn(at, " ,")) {
        size_t length = strcspn(at, " ,"), dash = strcspn(at, "-");
        const char *first = qi_arena_text(&p->arena, at, dash < length ? dash : length);
        const char *last =
            dash < length ? qi_arena_text(&p->arena, at + dash + 1, length - dash - 1) : first;
        p->memory = p->memory && first != NULL && last != NULL;
        if (!p->memory)
            return;
        const char *collate = p->mapped.dialect->collate;
        qi_plan_put(p, "%ssubstr(c.product, 1, %zu)%s >= ", before, strlen(first), collate);
        qi_plan_text(p, first);
        qi_plan_put(p, " AND substr(c.product, 1, %zu)%s <= ", strlen(last), collate);
        qi_plan_text(p, last);
        before = " OR ";
        at += length;
    }
    qi_plan_put(p, ")");
}

static void put_periods(qi_plan *p) {
    for (size_t i = 0; i < p->n_periods; i++)
        qi_plan_put(p, "%s%d", i == 0 ? "\n    AND c.period IN (" : ", ", p->periods[i]);
    if (p->n_periods > 0)
        qi_plan_put(p, ")");
}

/* ---- sums ---- */

qi_plan_sums qi_plan_asked(const qi_plan *p, const char *name, const char *flow) {
    qi_plan_sums s = {.name = name,
                      .reporter = &p->reporter,
                      .partner = &p->partner,
                      .all_products = p->product == NULL,
                      .flow = flow};
    memcpy(s.axis, p->axis, sizeof s.axis);
    return s;
}

static const char *label_of(const qi_plan *p, const qi_plan_sums *s, int axis) {
    static const char *const CELL[] = {"c.reporter", "c.partner", "c.product"};
    if (!s->axis[axis])
        return "''";
    return !p->listed[axis] ? CELL[axis] : axis == QI_P_REPORTER ? "mr.item" : "mp.item";
}

void qi_plan_sum(qi_plan *p, const qi_plan_sums *s) {
    qi_plan_begin(p, s->name);
    qi_plan_put(p, "SELECT ");
    for (int a = 0; a < QI_P_N_AXES; a++)
        qi_plan_put(p, "%s AS %s, ", label_of(p, s, a), COLUMN[a]);
    qi_plan_put(p, "c.period,\n    %s AS v\nFROM cell AS c",
                qi_plan_fill(p, p->mapped.dialect->bigint, "sum(coalesce(c.v, 0))"));
    put_member_join(p, s->reporter, "reporter", "mr");
    put_member_join(p, s->partner, "partner", "mp");
    qi_plan_put(p, "\nWHERE c.flow = '%s'", s->flow);
    if (!s->all_products)
        put_products(p);
    put_periods(p);
    qi_plan_put(p, "\nGROUP BY c.period");
    for (int a = 0; a < QI_P_N_AXES; a++)
        if (s->axis[a])
            qi_plan_put(p, ", %s", label_of(p, s, a));
}

/* ---- classes ---- */

static quipu_status put_classes(qi_plan *p, quipu_error *err) {
    const char *from = p->mapped.field[QI_E_NOMENCLATURE].constant;
    const quipu_nomenclature *known;
    const quipu_product *products;
    size_t n;
    quipu_mapping map = {0};
    if (from == NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "sql-plan: classes need to know the revision of the codes: "
                       "nomenclature:H0 in --map");
    QI_TRY(quipu_nomenclature_find(p->request->nomen, from, &known, err));
    QI_TRY(quipu_products(p->request->nomen, known, &products, &n, err));
    const char **codes = qi_arena_alloc(&p->arena, (n + 1) * sizeof *codes);
    if (codes == NULL)
        return qi_fail_memory(err, n * sizeof *codes);
    for (size_t i = 0; i < n; i++)
        codes[i] = products[i].code;
    quipu_class_options options = {0};
    QI_TRY(quipu_classify(p->request->nomen, p->scheme, known->name, codes, n, &options, &map,
                          err));
    bool function = p->mapped.dialect->values_function;
    qi_plan_put(p, "),\nclass_of %s",
                function
                    ? "AS (SELECT * FROM values('product String, class String, before Int64, "
                      "upto Int64, parts Int64', "
                    : "(product, class, before, upto, parts) AS (VALUES ");
    for (size_t i = 0, rows = 0; i < n; i++) {
        uint64_t whole = 0, running = 0;
        for (uint32_t t = map.offset[i]; t < map.offset[i + 1]; t++)
            whole += map.weight[t];
        for (uint32_t t = map.offset[i]; t < map.offset[i + 1]; t++, rows++) {
            qi_plan_put(p, "%s('%s', '%s', %llu, %llu, %llu)",
                        rows == 0       ? ""
                        : rows % 4 == 0 ? ",\n    "
                                        : ", ",
                        codes[i], map.targets[map.target[t]].code, (unsigned long long)running,
                        (unsigned long long)(running + map.weight[t]),
                        (unsigned long long)whole);
            running += map.weight[t];
        }
    }
    qi_plan_put(p, "%s),\nclass_row %s", function ? ")" : "",
                function ? "AS (SELECT * FROM values('class String, place Int64', "
                         : "(class, place) AS (VALUES ");
    for (size_t t = 0; t < map.n_targets; t++)
        qi_plan_put(p, "%s('%s', %zu)", t == 0 ? "" : ", ", map.targets[t].code, t);
    qi_plan_put(p, "%s", function ? ")" : "");
    quipu_mapping_free(&map);
    return QUIPU_OK;
}

/* The value of a product is divided among its classes, each total once and exactly. */
static void split_classes(qi_plan *p, const char *goods, const char *name) {
    const qi_dialect *d = p->mapped.dialect;
    const char *v = qi_plan_fill(p, d->integer, "g.v");
    const char *const *q = d->divide;
    const char *part = qi_arena_printf(
        &p->arena,
        "sum(CASE WHEN k.class IS NULL THEN g.v ELSE\n    %s%s * k.upto%sk.parts%s - %s%s * "
        "k.before%sk.parts%s END)",
        q[0], v, q[1], q[2], q[0], v, q[1], q[2]);
    p->memory = p->memory && part != NULL;
    qi_plan_begin(p, name);
    qi_plan_put(p,
                "SELECT g.reporter, g.partner, coalesce(k.class, 'unclassified') AS product, "
                "g.period,\n    %s AS v\nFROM %s AS g\nLEFT JOIN class_of AS k ON k.product = "
                "g.product\nGROUP BY g.reporter, g.partner, coalesce(k.class, "
                "'unclassified'), g.period",
                qi_plan_fill(p, d->bigint, part != NULL ? part : ""), goods);
}

/* ---- the panel ---- */

static void put_known(qi_plan *p, const char *name, const char *flow) {
    qi_plan_sums s = qi_plan_asked(p, name, flow);
    qi_plan_begin(p, name);
    qi_plan_put(p, "SELECT DISTINCT %s AS reporter, c.period\nFROM cell AS c",
                label_of(p, &s, QI_P_REPORTER));
    put_member_join(p, &p->reporter, "reporter", "mr");
    qi_plan_put(p, "\nWHERE c.flow = '%s'", flow);
    put_periods(p);
}

/* Labels with trade; those of lists and classes whether they have any or not. */
static void put_labels(qi_plan *p, const char *const *part, size_t n_parts) {
    bool complete = true, any = false;
    for (int a = 0; a < QI_P_N_AXES; a++) {
        complete &= !p->axis[a] || p->listed[a] || (a == QI_P_PRODUCT && p->scheme != NULL);
        any |= p->axis[a];
    }
    qi_plan_begin(p, "label");
    if (!complete) {
        for (size_t i = 0; i < n_parts; i++)
            qi_plan_put(p, "%sSELECT reporter, partner, product FROM %s WHERE v <> 0",
                        i > 0 ? "\nUNION " : "", part[i]);
        if (n_parts == 1)
            qi_plan_put(p, "\nGROUP BY reporter, partner, product");
        return;
    }
    qi_plan_put(p, "SELECT %s AS reporter, %s AS partner, %s AS product",
                p->axis[0] ? "mr.item" : "''", p->axis[1] ? "mp.item" : "''",
                p->axis[2] ? "k.class" : "''");
    const char *before = any ? "\nFROM " : "";
    if (p->axis[0]) {
        qi_plan_put(p, "%s(SELECT DISTINCT item FROM %s) AS mr", before, p->reporter.name);
        before = "\nCROSS JOIN ";
    }
    if (p->axis[1]) {
        qi_plan_put(p, "%s(SELECT DISTINCT item FROM %s) AS mp", before, p->partner.name);
        before = "\nCROSS JOIN ";
    }
    if (p->axis[2])
        qi_plan_put(p, "%sclass_row AS k", before);
}

static void put_panel(qi_plan *p, size_t n_flows) {
    qi_plan_begin(p, "panel");
    qi_plan_put(p, "SELECT l.reporter, l.partner, l.product, m.period");
    for (size_t i = 1; i <= n_flows; i++)
        qi_plan_put(p,
                    ",\n    CASE WHEN n%zu.period IS NOT NULL THEN coalesce(s%zu.v, 0) END AS "
                    "v%zu",
                    i, i, i);
    qi_plan_put(p, "\nFROM label AS l\nCROSS JOIN moment AS m");
    for (size_t i = 1; i <= n_flows; i++)
        qi_plan_put(
            p,
            "\nLEFT JOIN part%zu AS s%zu ON s%zu.reporter = l.reporter AND s%zu.partner "
            "= l.partner\n    AND s%zu.product = l.product AND s%zu.period = m.period"
            "\nLEFT JOIN known%zu AS n%zu ON n%zu.reporter = l.reporter AND n%zu.period "
            "= m.period",
            i, i, i, i, i, i, i, i, i, i);
}

quipu_status qi_plan_panel(qi_plan *p, const char *const *flows, size_t n_flows,
                           quipu_error *err) {
    static const char *const PART[] = {"part1", "part2"}, *const KNOWN[] = {"known1", "known2"};
    static const char *const GOODS[] = {"goods1", "goods2"};
    if (p->scheme != NULL)
        QI_TRY(put_classes(p, err));
    for (size_t i = 0; i < n_flows; i++) {
        qi_plan_sums s = qi_plan_asked(p, p->scheme != NULL ? GOODS[i] : PART[i], flows[i]);
        qi_plan_sum(p, &s);
        if (p->scheme != NULL)
            split_classes(p, GOODS[i], PART[i]);
        put_known(p, KNOWN[i], flows[i]);
    }
    qi_plan_begin(p, "moment");
    for (size_t i = 0; i < n_flows; i++)
        qi_plan_put(p, "%sSELECT period FROM known%zu", i > 0 ? "\nUNION " : "", i + 1);
    if (n_flows == 1)
        qi_plan_put(p, "\nGROUP BY period");
    put_labels(p, PART, n_flows);
    put_panel(p, n_flows);
    return QUIPU_OK;
}

/* ---- the whole of a share ---- */

static void sum_away(qi_plan *p, qi_plan_sums *s, qi_plan_axis axis, const qi_plan_who *who) {
    s->axis[axis] = false;
    if (axis == QI_P_REPORTER)
        s->reporter = who;
    else if (axis == QI_P_PARTNER)
        s->partner = who;
    else
        s->all_products = true;
    QI_UNUSED(p);
}

void qi_plan_whole(qi_plan *p) {
    const char *of = qi_argument(p->measure, p->request, "of");
    qi_plan_sums s = qi_plan_asked(p, "whole", p->flow);
    if (of == NULL) {
        sum_away(p, &s, p->shared, NULL);
    } else if (qi_is(of, "selection")) {
        s.axis[p->shared] = false;
    } else if (qi_is(of, "total")) {
        sum_away(p, &s, QI_P_PARTNER, NULL);
        sum_away(p, &s, QI_P_PRODUCT, NULL);
    } else if (p->shared != QI_P_PRODUCT) {
        sum_away(p, &s, p->shared, &p->of);
    } else if (qi_argument(p->measure, p->request, "partner") != NULL) {
        sum_away(p, &s, QI_P_PARTNER, &p->of);
    } else {
        sum_away(p, &s, p->shared, NULL);
    }
    qi_plan_sum(p, &s);
    qi_plan_begin(p, "shared");
    qi_plan_put(p,
                "SELECT x.*, CASE WHEN w.v > 0 THEN w.v END AS w\nFROM panel AS x\nLEFT JOIN "
                "whole AS w ON w.period = x.period");
    for (int a = 0; a < QI_P_N_AXES; a++)
        if (s.axis[a])
            qi_plan_put(p, " AND w.%s = x.%s", COLUMN[a], COLUMN[a]);
}

/* ---- what every statement ends with ---- */

static const char *shown_name(const qi_plan *p, int axis) {
    return axis == QI_P_PRODUCT && p->scheme != NULL ? "class" : COLUMN[axis];
}

void qi_plan_axes(qi_plan *p, const char *from) {
    for (int a = 0; a < QI_P_N_AXES; a++)
        if (p->axis[a])
            qi_plan_put(p, "%s.%s AS %s, ", from, COLUMN[a], shown_name(p, a));
}

void qi_plan_order(qi_plan *p, const char *more) {
    qi_plan_put(p, "\nORDER BY ");
    for (int a = 0; a < QI_P_N_AXES; a++)
        if (p->axis[a])
            qi_plan_put(p, "%s, ", shown_name(p, a));
    qi_plan_put(p, "%s%s;\n", more, p->mapped.dialect->tail);
}
