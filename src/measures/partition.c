/* SPDX-License-Identifier: Apache-2.0 */
/* partition.c - a change taken apart into old and new products and markets. */
#include "measures/under.h"

enum { MOST_WINDOW = 20 };

static const quipu_param params[] = {
    {"window", QUIPU_PARAM_INTEGER, NULL, "1",
     "years at each end, added up: what is traded now and then is not taken for new"},
    {"products", QUIPU_PARAM_CHOICE, "families codes", "families",
     "what a product is: codes joined over revisions of the HS, or each code"},
};

enum {
    FROM,
    TO,
    CHANGE,
    MORE,
    LESS,
    GONE,
    NEW_PAIR,
    NEW_MARKET,
    NEW_PRODUCT,
    NEW_BOTH,
    SILENT,
    EXTENSIVE,
    N_FIGURES
};

static const quipu_column_spec columns[N_FIGURES] = {
    {"value_from", "First window", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"value_to", "Last window", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"change", "Change", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"increase", "Old, more", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"decrease", "Old, less", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"lost", "Lost", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"new_pair", "Old product to old partner", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"new_market", "Old product to new partner", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"new_product", "New product to old partner", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"new_both", "New product to new partner", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"unreported", "Not comparable", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"extensive", "Extensive part of change", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

typedef struct windows {
    size_t a[2], b[2]; /* first and last period of each */
} windows;

/* What was served in the first window. */
typedef struct served {
    uint8_t *good, *partner;
    size_t n_goods, n_partners;
} served;

typedef struct parts {
    quipu_money of[N_FIGURES];
} parts;

static bool all_known(const uint8_t *known, const windows *w) {
    for (int side = 0; side < 2; side++)
        for (size_t p = w->a[side]; p <= w->b[side]; p++)
            if (!known[p])
                return false;
    return true;
}

static bool sum_of(const quipu_money *value, const windows *w, int side, quipu_money *out) {
    *out = 0;
    for (size_t p = w->a[side]; p <= w->b[side]; p++)
        if (!qi_add_money(out, value[p]))
            return false;
    return true;
}

static int part_of(const qi_under *u, const served *s, size_t cell, quipu_money v0,
                   quipu_money v1) {
    if (v0 > 0)
        return v1 == 0 ? GONE : v1 > v0 ? MORE : LESS;
    bool product = s->good[u->good[cell]] != 0, partner = s->partner[u->partner[cell]] != 0;
    return product ? (partner ? NEW_PAIR : NEW_MARKET) : (partner ? NEW_PRODUCT : NEW_BOTH);
}

static quipu_status add_up(const qi_under *u, size_t line, const windows *w, served *s,
                           parts *out, quipu_error *err) {
    quipu_money v[2];
    memset(s->good, 0, s->n_goods);
    memset(s->partner, 0, s->n_partners);
    *out = (parts){{0}};
    for (int pass = 0; pass < 2; pass++)
        for (size_t c = u->start[line]; c < u->start[line + 1]; c++) {
            if (!sum_of(qi_under_values(u, c), w, 0, &v[0]) ||
                !sum_of(qi_under_values(u, c), w, 1, &v[1]))
                return qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15 US$");
            if (pass == 0) {
                s->good[u->good[c]] |= v[0] > 0;
                s->partner[u->partner[c]] |= v[0] > 0;
                continue;
            }
            int part =
                all_known(qi_under_known(u, c), w) ? part_of(u, s, c, v[0], v[1]) : SILENT;
            if (!qi_add_money(&out->of[FROM], v[0]) || !qi_add_money(&out->of[TO], v[1]) ||
                !qi_add_money(&out->of[part], v[1] - v[0]))
                return qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15 US$");
        }
    out->of[CHANGE] = out->of[TO] - out->of[FROM];
    return QUIPU_OK;
}

static quipu_status write_row(qi_sheet *sheet, size_t row, const qi_under *u, size_t line,
                              const windows *w, served *s, quipu_error *err) {
    parts x;
    if (!all_known(qi_under_line_known(u, line), w))
        return QUIPU_OK;
    QI_TRY(add_up(u, line, w, s, &x, err));
    for (size_t i = 0; i < EXTENSIVE; i++)
        qi_sheet_integer(sheet, row, i, x.of[i]);
    quipu_money extensive = x.of[GONE] + x.of[NEW_PAIR] + x.of[NEW_MARKET] + x.of[NEW_PRODUCT] +
                            x.of[NEW_BOTH]; /* parts of two sums that fit */
    if (x.of[CHANGE] != 0)
        qi_sheet_real(sheet, row, EXTENSIVE, (double)extensive / (double)x.of[CHANGE]);
    return QUIPU_OK;
}

static quipu_status place(const qi_stretch *stretch, int64_t window, windows *w,
                          quipu_error *err) {
    size_t n = stretch->to - stretch->from + 1;
    if (2 * (size_t)window > n)
        return qi_fail(err, QUIPU_E_ARG,
                       "window %lld: %d-%d has %zu years, too few for two windows",
                       (long long)window, (int)stretch->first, (int)stretch->last, n);
    *w = (windows){{stretch->from, stretch->to + 1 - (size_t)window},
                   {stretch->from + (size_t)window - 1, stretch->to}};
    return QUIPU_OK;
}

static quipu_status write(qi_ask *ask, const qi_under *u, const qi_stretches *stretches,
                          int64_t window, served *s, quipu_table *out, quipu_error *err) {
    qi_sheet sheet;
    size_t row = 0;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_STRETCH, columns, N_FIGURES,
                         u->n_lines * stretches->n, out, err));
    for (size_t l = 0; l < u->n_lines; l++)
        for (size_t i = 0; i < stretches->n; i++, row++) {
            windows w = {{0, 0}, {0, 0}};
            qi_line line = qi_under_line(u, l);
            QI_TRY(place(&stretches->items[i], window, &w, err));
            QI_TRY(qi_sheet_line(&sheet, row, &line, err));
            qi_sheet_stretch(&sheet, row, &stretches->items[i]);
            QI_TRY(write_row(&sheet, row, u, l, &w, s, err));
        }
    QI_TRY(quipu_table_set_title(out, err,
                                 "Old and new products and partners in the change of "
                                 "the %s%s",
                                 qi_words_trade(ask), qi_words_by(ask)));
    QI_TRY(
        qi_ask_note(ask, err,
                    "Windows of %lld year%s at each end, added up. Change = old more + old "
                    "less + lost + the four kinds of new + not comparable, exactly. New: "
                    "nothing in the first window. Old products and partners are those traded "
                    "in it at all.",
                    (long long)window, window == 1 ? "" : "s"));
    QI_TRY(qi_ask_note(ask, err,
                       "Extensive part: lost and new over the change; missing where a "
                       "year of a window was not reported."));
    QI_TRY(qi_under_note(ask, u, err));
    return qi_sheet_close(&sheet, ask, &u->frame, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_partition;
    qi_arena arena = {0};
    qi_ask ask = {0};
    qi_under u = {0};
    served s = {0};
    qi_stretches stretches;
    int64_t window = qi_integer(me, request, "window", 1);
    unsigned cut = QI_UNDER_PARTNER | QI_UNDER_PRODUCT;
    if (qi_choice_of(me, request, "products") == 0)
        cut |= QI_UNDER_FAMILY;
    quipu_status status;
    if (window < 1 || window > MOST_WINDOW)
        return qi_fail(err, QUIPU_E_ARG, "window %lld: 1 to %d years", (long long)window,
                       MOST_WINDOW);
    QI_GO(qi_stretches_read(me, request, &arena, &stretches, err));
    qi_wish wish = {.years = stretches.years, .under = "partner,product"};
    QI_GO(qi_ask_open(&ask, me, request, &wish, err));
    QI_GO(qi_stretches_place(&ask, &stretches, err));
    QI_GO(qi_under_make(&ask, cut, &u, err));
    int a = qi_ask_axis(&ask, QI_AXIS_PARTNER);
    s.n_goods = quipu_cube_n_products(ask.cube);
    s.n_partners = a >= 0 ? ask.axes[a].n : 1;
    s.good = malloc(s.n_goods + 1);
    s.partner = malloc(s.n_partners + 1);
    if (s.good == NULL || s.partner == NULL)
        QI_GO(qi_fail_memory(err, s.n_goods));
    QI_GO(write(&ask, &u, &stretches, window, &s, out, err));
done:
    free(s.good);
    free(s.partner);
    qi_under_free(&u);
    qi_ask_close(&ask);
    qi_arena_free(&arena);
    return status;
}

const quipu_measure qi_measure_partition = {
    .name = "partition",
    .aliases = "evenett-venables",
    .without = "of periods limit sort total rest wide",
    .summary = "Did trade change by more of the same, or by new products and partners?",
    .detail =
        "Each pair of a product and a partner is in one part: traded in both windows and more "
        "(or less) in the last; lost; or new. What is new is told apart by whether the product "
        "had been sold to anyone, and the partner been sold anything, in the first window. "
        "The parts add up to the change to the last thousandth of a dollar.\n\n"
        "With a window of one year much of \"new\" and \"lost\" is trade that happens every "
        "other year: --window 3 adds up three years at each end. A window with a year that was "
        "not reported gives no figures, as sums over fewer years would not compare. With "
        "--basis mirror, partners that lack a year stand in \"not comparable\".\n\n"
        "In a cube of totals there is one product, and partners only are old or new.",
    .formula = "dX = sum over (k,j) with X0 > 0, X1 > X0 + sum with X0 > X1 > 0 + sum with X1 "
               "= 0 (all "
               "of X1 - X0) + sum of X1 over X0 = 0, split by X0_k. > 0 and X0_.j > 0",
    .reference =
        "S. J. Evenett, A. J. Venables (2002), Export growth in developing countries: market "
        "entry and bilateral trade flows, working paper; P. Brenton, R. Newfarmer (2007), "
        "Watching more than the Discovery Channel, World Bank Policy Research Working Paper "
        "4302.",
    .worked =
        "First year: copper to China 10, fish to Japan 5. Last year: copper to China 14 and to "
        "Japan 3, grapes to China 2. Change 4 = 4 more copper to China - 5 fish lost + 3 old "
        "product to old partner + 2 new product to old partner.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "change",
    .example = "--reporter China --years 2000-2011 --window 2",
    .run = run,
};
