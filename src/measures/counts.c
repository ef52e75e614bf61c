/* SPDX-License-Identifier: Apache-2.0 */
/* counts.c - how many products and markets: the extensive margin in numbers. */
#include "measures/under.h"

static const quipu_param params[] = {
    {"threshold", QUIPU_PARAM_REAL, NULL, "0",
     "US$ a year that make a product, a market or a pair of them traded; 0: anything"},
};

enum { VALUE, PRODUCTS, CODES, MARKETS, PAIRS, SPREAD, N_FIGURES };

static const quipu_column_spec columns[N_FIGURES] = {
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"products", "Products", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"codes", "Codes", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"markets", "Partners", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"pairs", "Product-partner pairs", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"spread", "Pairs of those possible", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

/* Sums of one line in one period. */
typedef struct tally {
    quipu_money *good, *partner; /* by product, by label of the partner axis */
    size_t n_goods, n_partners;
    quipu_money threshold, total;
    int64_t products, markets, pairs;
} tally;

static bool counts(const tally *t, quipu_money value) {
    return value > 0 && value >= t->threshold;
}

/* Bunkers, free zones and "not specified" are no markets. */
static bool is_market(const qi_ask *ask, const qi_axis *axis, uint32_t label) {
    size_t n;
    if (axis->position == NULL) /* a list: its items were named */
        return true;
    const quipu_cube_country *all = quipu_cube_countries(ask->cube, &n);
    const quipu_country *country =
        quipu_country_by_number(ask->nomen, all[axis->position[label]].number);
    return country == NULL || (country->kind != QUIPU_AREA && country->kind != QUIPU_WORLD);
}

static quipu_status count(const qi_under *u, size_t line, size_t period, tally *t,
                          quipu_error *err) {
    int a = qi_ask_axis(u->ask, QI_AXIS_PARTNER);
    memset(t->good, 0, t->n_goods * sizeof *t->good);
    memset(t->partner, 0, t->n_partners * sizeof *t->partner);
    t->total = 0;
    t->products = t->markets = t->pairs = 0;
    for (size_t c = u->start[line]; c < u->start[line + 1]; c++) {
        quipu_money v = qi_under_values(u, c)[period];
        bool market = a < 0 || is_market(u->ask, &u->ask->axes[a], u->partner[c]);
        t->pairs += market && counts(t, v);
        if (!qi_add_money(&t->total, v) || !qi_add_money(&t->good[u->good[c]], v) ||
            !qi_add_money(&t->partner[u->partner[c]], market ? v : 0))
            return qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15 US$");
    }
    for (size_t k = 0; k < t->n_goods; k++)
        t->products += counts(t, t->good[k]);
    for (size_t j = 0; j < t->n_partners; j++)
        t->markets += counts(t, t->partner[j]);
    return QUIPU_OK;
}

static quipu_status write_row(qi_sheet *sheet, size_t row, const qi_under *codes,
                              const qi_under *families, size_t line, size_t period, tally *t,
                              quipu_error *err) {
    qi_line dimensions = qi_under_line(codes, line);
    QI_TRY(qi_sheet_line(sheet, row, &dimensions, err));
    qi_sheet_period(sheet, row, period);
    if (!qi_under_line_known(codes, line)[period])
        return QUIPU_OK;
    QI_TRY(count(families, line, period, t, err));
    int64_t products = t->products;
    QI_TRY(count(codes, line, period, t, err));
    qi_sheet_integer(sheet, row, VALUE, t->total);
    qi_sheet_integer(sheet, row, MARKETS, t->markets);
    if (!codes->has_products)
        return QUIPU_OK;
    qi_sheet_integer(sheet, row, PRODUCTS, products);
    qi_sheet_integer(sheet, row, CODES, t->products);
    qi_sheet_integer(sheet, row, PAIRS, t->pairs);
    if (t->products > 0 && t->markets > 0)
        qi_sheet_real(sheet, row, SPREAD,
                      (double)t->pairs / ((double)t->products * (double)t->markets));
    return QUIPU_OK;
}

static quipu_status write(qi_ask *ask, const qi_under *codes, const qi_under *families,
                          tally *t, quipu_table *out, quipu_error *err) {
    qi_sheet sheet;
    size_t row = 0;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_FIGURES,
                         codes->n_lines * codes->n_periods, out, err));
    for (size_t l = 0; l < codes->n_lines; l++)
        for (size_t p = 0; p < codes->n_periods; p++, row++)
            QI_TRY(write_row(&sheet, row, codes, families, l, p, t, err));
    QI_TRY(quipu_table_set_title(out, err, "Products and partners in the %s%s",
                                 qi_words_trade(ask), qi_words_by(ask)));
    QI_TRY(qi_under_note(ask, families, err));
    if (t->threshold > 0)
        QI_TRY(qi_ask_note(ask, err, "Counted from %s US$ a year on.",
                           qi_ask_number(ask, (double)t->threshold / QUIPU_MONEY_PER_USD)));
    QI_TRY(qi_ask_note(ask, err,
                       "Pairs of those possible: pairs over codes times partners. Areas that "
                       "are no country are not counted as partners."));
    return qi_sheet_close(&sheet, ask, &codes->frame, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_counts;
    qi_ask ask;
    qi_under codes = {0}, families = {0};
    tally t = {.threshold =
                   (quipu_money)(qi_real(me, request, "threshold", 0) * QUIPU_MONEY_PER_USD)};
    qi_wish wish = {.under = "partner,product"};
    QI_TRY(qi_ask_open(&ask, me, request, &wish, err));
    quipu_status status;
    unsigned cut = QI_UNDER_PARTNER | QI_UNDER_PRODUCT;
    QI_GO(qi_under_make(&ask, cut, &codes, err));
    QI_GO(qi_under_make(&ask, cut | QI_UNDER_FAMILY, &families, err));
    t.n_goods = quipu_cube_n_products(ask.cube);
    int a = qi_ask_axis(&ask, QI_AXIS_PARTNER);
    t.n_partners = a >= 0 ? ask.axes[a].n : 1;
    t.good = calloc(t.n_goods + 1, sizeof *t.good);
    t.partner = calloc(t.n_partners + 1, sizeof *t.partner);
    if (t.good == NULL || t.partner == NULL)
        QI_GO(qi_fail_memory(err, t.n_goods * sizeof *t.good));
    QI_GO(write(&ask, &codes, &families, &t, out, err));
done:
    free(t.good);
    free(t.partner);
    qi_under_free(&codes);
    qi_under_free(&families);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_counts = {
    .name = "counts",
    .without = "of periods limit sort total rest",
    .summary = "How many products are traded, with how many partners?",
    .detail =
        "The extensive margin in plain numbers: products, partners, and pairs of a product and "
        "a partner. Products are families of codes (see new-products), so that a revision of "
        "the HS changes no count; the codes themselves stand beside. With --threshold only "
        "what reaches so many dollars in the year counts: a product by its trade with all "
        "partners, a partner by its trade in all products, a pair by its own.\n\n"
        "Exporting firms are not in trade statistics, but in declarations: see firms. In a "
        "year "
        "not reported all is missing; in a cube of totals products and pairs are.",
    .formula = "products: number of k with sum_j X_jk >= v; partners: number of j with sum_k "
               "X_jk >= v; pairs: number of (j,k) with X_jk >= v; spread = pairs / (codes x "
               "partners)",
    .reference = "O. Cadot, C. Carrere, V. Strauss-Kahn (2011), Export diversification: "
                 "what's behind the hump?, Review of Economics and Statistics 93(2).",
    .worked =
        "Copper to China and Japan, fish to China: 2 products, 2 partners, 3 pairs, 3/4 of "
        "the 4 possible.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "pairs",
    .example = "--reporter China --years 2000,2011",
    .run = run,
};
