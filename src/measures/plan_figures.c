/* SPDX-License-Identifier: Apache-2.0 */
/* plan_figures.c - the figures of each measure that can stay in an engine, and the way in.
 *
 * Ratios are written as the measures calculate them: the same operations on doubles in the
 * same order give the same last digit.  Columns are called as the measure declares them.
 */
#include "measures/plan.h"

#include <stdlib.h>

static const char *real(qi_plan *p, const char *expression) {
    return qi_plan_fill(p, p->mapped.dialect->real, expression);
}

static const char *column(const qi_plan *p, size_t i) {
    return p->measure->columns[i].name;
}

static const char *const *one_flow(const qi_plan *p) {
    return &p->flow;
}

/* ---- value, share, structure ---- */

static quipu_status plan_value(qi_plan *p, quipu_error *err) {
    QI_TRY(qi_plan_panel(p, one_flow(p), 1, err));
    qi_plan_put(p, ")\nSELECT ");
    qi_plan_axes(p, "x");
    qi_plan_put(p, "x.period, x.v1 * 0.001 AS %s\nFROM panel AS x", column(p, 0));
    qi_plan_order(p, "period");
    return QUIPU_OK;
}

static quipu_status plan_share(qi_plan *p, quipu_error *err) {
    QI_TRY(qi_plan_panel(p, one_flow(p), 1, err));
    qi_plan_whole(p);
    qi_plan_put(p, ")\nSELECT ");
    qi_plan_axes(p, "x");
    qi_plan_put(p, "x.period, x.v1 * 0.001 AS %s, %s / %s AS %s\nFROM shared AS x",
                column(p, 0), real(p, "x.v1"), real(p, "x.w"), column(p, 1));
    qi_plan_order(p, "period");
    return QUIPU_OK;
}

static quipu_status plan_structure(qi_plan *p, quipu_error *err) {
    if (p->scheme == NULL)
        return qi_fail(err, QUIPU_E_ARG, "sql-plan structure: --by a scheme of classes");
    return plan_share(p, err);
}

/* ---- top ---- */

static quipu_status plan_top(qi_plan *p, quipu_error *err) {
    static const char *const COLUMN[] = {"reporter", "partner", "product"};
    int last = QI_P_REPORTER;
    for (int a = 0; a < QI_P_N_AXES; a++)
        last = p->axis[a] && !p->listed[a] ? a : last;
    if (!p->axis[last] || p->scheme != NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "sql-plan top: ranks products, partners or reporters (--by)");
    QI_TRY(qi_plan_panel(p, one_flow(p), 1, err));
    last = (int)p->shared;
    qi_plan_whole(p);
    qi_plan_begin(p, "ranked");
    qi_plan_put(p,
                "SELECT x.*, row_number() OVER place AS place, sum(x.v1) OVER place AS running"
                "\nFROM shared AS x\nWHERE x.v1 > 0\nWINDOW place AS (PARTITION BY x.period");
    for (int a = 0; a < QI_P_N_AXES; a++)
        if (p->axis[a] && a != last)
            qi_plan_put(p, ", x.%s", COLUMN[a]);
    qi_plan_put(p,
                " ORDER BY x.v1 DESC, x.%s%s\n    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT "
                "ROW))\nSELECT ",
                COLUMN[last], p->mapped.dialect->collate);
    qi_plan_axes(p, "x");
    qi_plan_put(p,
                "x.period, x.place AS %s, x.v1 * 0.001 AS %s,\n    %s / %s AS %s, %s / %s AS %s"
                "\nFROM ranked AS x",
                p->mapped.dialect->quote == '`' ? "`rank`" : "\"rank\"", column(p, 1),
                real(p, "x.v1"), real(p, "x.w"), column(p, 2), real(p, "x.running"),
                real(p, "x.w"), column(p, 3));
    int64_t limit = qi_integer(p->measure, p->request, "limit", 10);
    if (limit > 0)
        qi_plan_put(p, "\nWHERE x.place <= %lld", (long long)limit);
    qi_plan_order(p, "period");
    return QUIPU_OK;
}

/* ---- growth ---- */

static int steps_between(quipu_period a, quipu_period b) {
    return a > 9999 ? (b / 100 - a / 100) * 12 + b % 100 - a % 100 : b - a;
}

static quipu_status check_growth(const qi_plan *p, quipu_error *err) {
    size_t method = qi_choice_of(p->measure, p->request, "method");
    if (p->n_periods < 2)
        return qi_fail(err, QUIPU_E_ARG, "sql-plan growth: between which --years? 1995-2011");
    if ((method != 0 && method != 2 && method != 5) ||
        qi_argument(p->measure, p->request, "zero-base") == NULL ||
        !qi_is(qi_argument(p->measure, p->request, "zero-base"), "missing"))
        return qi_fail(
            err, QUIPU_E_ARG,
            "sql-plan growth: methods compound, log and midpoint stay in the engine, "
            "with a zero base left missing; import the cube for the others");
    return QUIPU_OK;
}

/* The rate between a and b, where it is defined. */
static const char *rate(qi_plan *p, int steps) {
    const char *a = real(p, "a.v1"), *b = real(p, "b.v1"), *n = real(p, "1");
    const char *text;
    switch (qi_choice_of(p->measure, p->request, "method")) {
    case 2:
        text = qi_arena_printf(
            &p->arena, "CASE WHEN a.v1 > 0 AND b.v1 > 0 THEN (ln(%s) - ln(%s)) / %d END", b, a,
            steps);
        break;
    case 5:
        text = qi_arena_printf(
            &p->arena, "CASE WHEN a.v1 > 0 OR b.v1 > 0 THEN 2 * (%s - %s) / (%s + %s) END", b,
            a, a, b);
        break;
    default:
        text = qi_arena_printf(&p->arena,
                               "CASE WHEN a.v1 > 0 THEN power(%s / %s, %s / %d) - 1 END", b, a,
                               n, steps);
    }
    p->memory = p->memory && text != NULL;
    return text != NULL ? text : "";
}

static quipu_status plan_growth(qi_plan *p, quipu_error *err) {
    QI_TRY(check_growth(p, err));
    if (p->is_range) { /* only the ends matter */
        p->periods[1] = p->periods[p->n_periods - 1];
        p->n_periods = 2;
    }
    QI_TRY(qi_plan_panel(p, one_flow(p), 1, err));
    qi_plan_put(p, ")");
    for (size_t i = 0; i + 1 < p->n_periods; i++) {
        quipu_period from = p->periods[i], to = p->periods[i + 1];
        int steps = steps_between(from, to);
        const char *ratio = qi_arena_printf(&p->arena, "CASE WHEN a.v1 > 0 THEN %s / %s",
                                            real(p, "b.v1"), real(p, "a.v1"));
        qi_plan_put(p, "%s\nSELECT ", i > 0 ? "\nUNION ALL" : "");
        qi_plan_axes(p, "a");
        qi_plan_put(p,
                    "%d AS since, %d AS until, a.v1 * 0.001 AS %s, b.v1 * 0.001 AS %s,\n    %s "
                    "AS %s,\n    %s END AS %s, %s - 1 END AS %s",
                    from, to, column(p, 0), column(p, 1), rate(p, steps), column(p, 2), ratio,
                    column(p, 3), ratio, column(p, 4));
        qi_plan_put(
            p,
            "\nFROM panel AS a\nJOIN panel AS b ON b.reporter = a.reporter AND b.partner "
            "= a.partner\n    AND b.product = a.product\nWHERE a.period = %d AND "
            "b.period = %d",
            from, to);
    }
    qi_plan_order(p, "since");
    return QUIPU_OK;
}

/* ---- balance ---- */

static quipu_status plan_balance(qi_plan *p, quipu_error *err) {
    static const char *const FLOWS[] = {"export", "import"};
    QI_TRY(qi_plan_panel(p, FLOWS, 2, err));
    qi_plan_put(p, ")\nSELECT ");
    qi_plan_axes(p, "x");
    qi_plan_put(
        p,
        "x.period, x.v1 * 0.001 AS %s, x.v2 * 0.001 AS %s,\n    (x.v1 - x.v2) * 0.001 AS "
        "%s,\n    CASE WHEN x.v2 > 0 THEN %s / %s END AS %s,\n    CASE WHEN x.v1 + x.v2 "
        "> 0 THEN %s / %s END AS %s\nFROM panel AS x",
        column(p, 0), column(p, 1), column(p, 2), real(p, "x.v1"), real(p, "x.v2"),
        column(p, 3), real(p, "(x.v1 - x.v2)"), real(p, "(x.v1 + x.v2)"), column(p, 4));
    qi_plan_order(p, "period");
    return QUIPU_OK;
}

/* ---- rca ---- */

/* Of the sums x_ik, x_i, x_wk and x_w, as rca_sums.c has it. */
static const char *index_of(qi_plan *p) {
    const char *ik = real(p, "x.v1"), *i = real(p, "i.v"), *wk = real(p, "k.v"),
               *w = real(p, "w.v");
    const char *own = qi_arena_printf(&p->arena, "%s * %s", ik, w);
    const char *world = qi_arena_printf(&p->arena, "%s * %s", i, wk);
    switch (qi_choice_of(p->measure, p->request, "variant")) {
    case 1: return qi_arena_printf(&p->arena, "(%s - %s) / (%s + %s)", own, world, own, world);
    case 2:
        return qi_arena_printf(&p->arena, "%s * ((%s - %s) / %s / %s)", real(p, "10000"), own,
                               world, w, w);
    case 3: return qi_arena_printf(&p->arena, "(%s - %s) / %s / %s", own, world, i, w);
    default: return qi_arena_printf(&p->arena, "%s / (%s)", own, world);
    }
}

static quipu_status plan_rca(qi_plan *p, quipu_error *err) {
    if (qi_choice_of(p->measure, p->request, "variant") > 3 ||
        qi_choice_of(p->measure, p->request, "reference") != 0)
        return qi_fail(err, QUIPU_E_ARG,
                       "sql-plan rca: variants balassa, symmetric, normalised and additive "
                       "against exports stay in the engine; import the cube for the others");
    if (!p->axis[QI_P_PRODUCT] || p->scheme != NULL)
        return qi_fail(err, QUIPU_E_ARG, "sql-plan rca: --by product, or reporter,product");
    QI_TRY(qi_plan_panel(p, one_flow(p), 1, err));
    qi_plan_sums own = qi_plan_asked(p, "own", p->flow), goods = own, all;
    own.axis[QI_P_PRODUCT] = false;
    own.all_products = true;
    goods.name = "reference_good";
    goods.axis[QI_P_REPORTER] = false;
    goods.reporter = p->of.n > 0 ? &p->of : NULL;
    all = goods;
    all.name = "reference_all";
    all.axis[QI_P_PRODUCT] = false;
    all.all_products = true;
    qi_plan_sum(p, &own);
    qi_plan_sum(p, &goods);
    qi_plan_sum(p, &all);
    qi_plan_begin(p, "indexed");
    const char *index = index_of(p);
    p->memory = p->memory && index != NULL;
    qi_plan_put(
        p,
        "SELECT x.*, %s AS figure\nFROM panel AS x\nLEFT JOIN own AS i ON i.reporter = "
        "x.reporter AND i.partner = x.partner\n    AND i.period = x.period AND i.v > 0"
        "\nLEFT JOIN reference_good AS k ON k.partner = x.partner AND k.product = "
        "x.product\n    AND k.period = x.period AND k.v > 0\nLEFT JOIN reference_all AS "
        "w ON w.partner = x.partner AND w.period = x.period AND w.v > 0)\nSELECT ",
        index != NULL ? index : "");
    qi_plan_axes(p, "x");
    qi_plan_put(p, "x.period, x.v1 * 0.001 AS %s, x.figure AS %s\nFROM indexed AS x",
                column(p, 0), column(p, 1));
    if (qi_argument(p->measure, p->request, "cutoff") != NULL) {
        char text[QI_NUMBER_TEXT];
        qi_format_double(text, qi_real(p->measure, p->request, "cutoff", 0));
        qi_plan_put(p, "\nWHERE x.figure >= %s", real(p, text));
    }
    qi_plan_order(p, "period");
    return QUIPU_OK;
}

/* ---- the way in ---- */

static const struct {
    const char *measure;
    quipu_status (*plan)(qi_plan *p, quipu_error *err);
} PLANS[] = {{"value", plan_value}, {"share", plan_share},         {"growth", plan_growth},
             {"top", plan_top},     {"structure", plan_structure}, {"balance", plan_balance},
             {"rca", plan_rca}};

static quipu_status write(qi_plan *p, quipu_error *err) {
    size_t i = 0;
    while (i < QI_COUNT(PLANS) && strcmp(PLANS[i].measure, p->measure->name) != 0)
        i++;
    if (i == QI_COUNT(PLANS))
        return qi_fail(err, QUIPU_E_ARG,
                       "sql-plan: %s does not stay in the engine; value, share, growth, top, "
                       "structure, balance and rca do. Import the cube for it",
                       p->measure->name);
    QI_TRY(qi_plan_ask(p, err));
    QI_TRY(qi_plan_cells(p, err));
    QI_TRY(PLANS[i].plan(p, err));
    if (!p->memory || !qi_buffer_add(&p->out, "", 1))
        return qi_fail_memory(err, p->out.length);
    return QUIPU_OK;
}

static quipu_status read_options(qi_plan *p, const quipu_plan_options *o, quipu_error *err) {
    qi_buffer where = {0};
    p->mapped = (qi_mapped){.table = o->table, .where = o->where};
    p->numbers = o->numbers;
    p->mapped.dialect = o->dialect != NULL ? qi_dialect_find(o->dialect) : NULL;
    if (p->mapped.dialect == NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "sql-plan: which --dialect? postgresql, clickhouse, spark or duckdb");
    if (o->table == NULL)
        return qi_fail(err, QUIPU_E_ARG, "sql-plan: of which table? add --table NAME");
    QI_TRY(qi_mapped_read(o->map, &p->arena, &p->mapped, err));
    quipu_status status = QUIPU_OK;
    if (o->where != NULL)
        status = qi_where_write(p->mapped.dialect, o->where, &where, err);
    qi_buffer_free(&where);
    return status;
}

quipu_status quipu_plan_sql(const quipu_measure *measure, const quipu_request *request,
                            const quipu_plan_options *options, char **out, quipu_error *err) {
    qi_plan p = {.measure = measure, .request = request, .memory = true};
    qi_error_clear(err);
    *out = NULL;
    quipu_status status = read_options(&p, options, err);
    if (status == QUIPU_OK)
        status = write(&p, err);
    if (status == QUIPU_OK)
        *out = p.out.bytes;
    else
        qi_buffer_free(&p.out);
    qi_arena_free(&p.arena);
    return status;
}
