/* SPDX-License-Identifier: Apache-2.0 */
/* least_traded.c - do goods that were hardly traded gain weight?  Sets of equal base trade. */
#include "measures/under.h"

enum { MOST_SETS = 100, MOST_BASE = 20 };

static const quipu_param params[] = {
    {"base", QUIPU_PARAM_INTEGER, NULL, "3",
     "first years known, whose mean orders the products and makes the sets"},
    {"sets", QUIPU_PARAM_INTEGER, NULL, "10", "how many sets of equal trade in the base"},
    {"all", QUIPU_PARAM_SWITCH, NULL, NULL, "a row for each set, not the least traded only"},
    {"products", QUIPU_PARAM_CHOICE, "families codes", "families",
     "what a product is: codes joined over revisions of the HS, or each code"},
};

enum { SET, PRODUCTS, VALUE, SHARE, N_COLUMNS };

static const quipu_column_spec columns[N_COLUMNS] = {
    {"set", "Set", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"products", "Products", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"share", "Share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

typedef struct good {
    quipu_money base;
    size_t cell;
} good;

__extension__ typedef unsigned __int128 uwide;

typedef struct sets {
    size_t n, n_goods;
    good *goods; /* in order of base trade */
} sets;

static int base_order(const void *a, const void *b) {
    const good *x = a, *y = b;
    if (x->base != y->base)
        return x->base < y->base ? -1 : 1;
    return x->cell < y->cell ? -1 : x->cell > y->cell;
}

/* The first years known; fewer than asked for: no base. */
static bool is_base(const uint8_t *known, size_t n_periods, int64_t years, bool *base) {
    int64_t found = 0;
    for (size_t p = 0; p < n_periods; p++) {
        base[p] = known[p] && found < years;
        found += base[p];
    }
    return found == years;
}

static quipu_status order(const qi_under *u, size_t line, const bool *base, sets *s,
                          quipu_money *total, quipu_error *err) {
    *total = 0;
    s->n_goods = 0;
    for (size_t c = u->start[line]; c < u->start[line + 1]; c++) {
        good g = {.cell = c};
        for (size_t p = 0; p < u->n_periods; p++)
            if (base[p] && !qi_add_money(&g.base, qi_under_values(u, c)[p]))
                return qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15 US$");
        if (!qi_add_money(total, g.base) || g.base > INT64_MAX / MOST_SETS)
            return qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15 US$");
        s->goods[s->n_goods++] = g;
    }
    if (s->n_goods > 1)
        qsort(s->goods, s->n_goods, sizeof *s->goods, base_order);
    return QUIPU_OK;
}

/* How much of a good, from its border `before` on, lies below the upper border of `set` sets;
 * borders are multiplied by the number of sets, so that they are whole. */
static uwide below(const sets *s, const good *g, quipu_money before, quipu_money total,
                   size_t set) {
    uwide from = (uwide)before * s->n, all = (uwide)g->base * s->n;
    uwide border = (uwide)total * set;
    return border <= from ? 0 : border - from < all ? border - from : all;
}

/* Of a value the part that lies in the set, downwards at each border: the parts add up. */
static quipu_money part_in(const sets *s, const good *g, quipu_money before, quipu_money total,
                           size_t set, quipu_money value, bool *in) {
    uwide all = (uwide)g->base * s->n;
    if (all == 0) { /* nothing in the base: the first set */
        *in = set == 0;
        return *in ? value : 0;
    }
    uwide low = below(s, g, before, total, set), high = below(s, g, before, total, set + 1);
    *in = high > low;
    return (quipu_money)((uwide)value * high / all - (uwide)value * low / all);
}

static void put_set(const qi_under *u, qi_sheet *sheet, size_t row, const sets *s,
                    quipu_money total, size_t set, size_t period) {
    quipu_money value = 0, all = 0, before = 0; /* parts of sums that fit */
    int64_t products = 0;
    for (size_t i = 0; i < s->n_goods; i++) {
        const good *g = &s->goods[i];
        quipu_money now = qi_under_values(u, g->cell)[period];
        bool in;
        value += part_in(s, g, before, total, set, now, &in);
        products += in;
        before += g->base;
        all += now;
    }
    qi_sheet_integer(sheet, row, PRODUCTS, products);
    qi_sheet_integer(sheet, row, VALUE, value);
    if (all > 0)
        qi_sheet_real(sheet, row, SHARE, (double)value / (double)all);
}

static quipu_status write_line(qi_ask *ask, const qi_under *u, size_t line, sets *s,
                               int64_t years, bool *base, qi_sheet *sheet, quipu_error *err) {
    const uint8_t *known = qi_under_line_known(u, line);
    bool has_base = is_base(known, u->n_periods, years, base);
    bool all = qi_switch(ask->measure, ask->request, "all");
    quipu_money total = 0;
    if (has_base)
        QI_TRY(order(u, line, base, s, &total, err));
    for (size_t set = 0; set < (all ? s->n : 1); set++)
        for (size_t p = 0; p < u->n_periods; p++) {
            size_t row;
            qi_line dimensions = qi_under_line(u, line);
            QI_TRY(quipu_table_add_rows(sheet->table, 1, &row, err));
            QI_TRY(qi_sheet_line(sheet, row, &dimensions, err));
            qi_sheet_period(sheet, row, p);
            qi_sheet_integer(sheet, row, SET, (int64_t)set + 1);
            if (known[p] && has_base && total > 0)
                put_set(u, sheet, row, s, total, set, p);
        }
    return QUIPU_OK;
}

static quipu_status write(qi_ask *ask, const qi_under *u, sets *s, int64_t years,
                          quipu_table *out, quipu_error *err) {
    qi_sheet sheet;
    bool *base = qi_arena_alloc(&ask->arena, u->n_periods + 1);
    if (base == NULL)
        return qi_fail_memory(err, u->n_periods);
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_COLUMNS, 0, out, err));
    for (size_t l = 0; l < u->n_lines; l++)
        QI_TRY(write_line(ask, u, l, s, years, base, &sheet, err));
    QI_TRY(quipu_table_set_title(out, err,
                                 "Least-traded products in the %s%s; denominator: all "
                                 "products of the year",
                                 qi_words_trade(ask), qi_words_by(ask)));
    QI_TRY(
        qi_ask_note(ask, err,
                    "Products in order of their mean trade in the first %lld years known, in "
                    "%zu sets of equal trade in those years; set 1 is the least traded, with "
                    "all that was not traded. The product on a border is divided, so that "
                    "each set has %s %% of the base years' trade.",
                    (long long)years, s->n, qi_ask_number(ask, 100.0 / (double)s->n)));
    QI_TRY(qi_under_note(ask, u, err));
    return qi_sheet_close(&sheet, ask, &u->frame, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_least_traded;
    int64_t years = qi_integer(me, request, "base", 3), n = qi_integer(me, request, "sets", 10);
    qi_ask ask;
    qi_under u = {0};
    sets s = {0};
    qi_wish wish = {.under = "product"};
    unsigned cut = QI_UNDER_PRODUCT;
    if (qi_choice_of(me, request, "products") == 0)
        cut |= QI_UNDER_FAMILY;
    if (years < 1 || years > MOST_BASE)
        return qi_fail(err, QUIPU_E_ARG, "base %lld: 1 to %d years", (long long)years,
                       MOST_BASE);
    if (n < 2 || n > MOST_SETS)
        return qi_fail(err, QUIPU_E_ARG, "sets %lld: 2 to %d", (long long)n, MOST_SETS);
    s.n = (size_t)n;
    QI_TRY(qi_ask_open(&ask, me, request, &wish, err));
    quipu_status status;
    QI_GO(qi_under_make(&ask, cut, &u, err));
    s.goods = malloc((u.n_cells + 1) * sizeof *s.goods);
    if (s.goods == NULL)
        QI_GO(qi_fail_memory(err, u.n_cells * sizeof *s.goods));
    QI_GO(write(&ask, &u, &s, years, out, err));
done:
    free(s.goods);
    qi_under_free(&u);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_least_traded = {
    .name = "least-traded",
    .aliases = "kehoe-ruhl",
    .without = "of periods limit sort total rest wide",
    .summary = "Did goods that were hardly traded gain weight?",
    .detail =
        "Products are put in order by their mean trade in the first years, smallest first, and "
        "cut into sets of equal trade. The first set holds those never traded and those traded "
        "least: a tenth of trade in the base years by construction. If its share rises above a "
        "tenth later, growth came at the extensive margin, without a threshold having to be "
        "chosen. With --all every set has its rows: the growth by initial size of Arkolakis "
        "(2010).\n\n"
        "The base is the first --base years among --years that were reported; with fewer "
        "there is no figure. Ties stand in order of code.",
    .formula =
        "order k by B_k = sum of X_kt over the base years; set s holds the part of each B_k "
        "between (s-1)/n and s/n of sum B; share_st = (sum over k of that part of X_kt) / X_t",
    .reference =
        "T. J. Kehoe, K. J. Ruhl (2013), How important is the new goods margin in "
        "international "
        "trade?, Journal of Political Economy 121(2); by initial size: C. Arkolakis (2010), "
        "Market penetration costs and the new consumers margin, Journal of Political Economy "
        "118(6).",
    .worked =
        "Base trade 0 fish, 2 wool, 8 gold, 90 copper. The first of ten sets of 10 holds fish, "
        "wool and gold. Later, with 5, 5, 10 and 80, its share is 20 %.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_COLUMNS,
    .figure = "share",
    .example = "--reporter China --years 2000-2011",
    .run = run,
};
