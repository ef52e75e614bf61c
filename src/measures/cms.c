/* SPDX-License-Identifier: Apache-2.0 */
/* cms.c - constant market share: was the change due to the world, to the mix of goods and of
 * markets, or to the exporter? */
#include "measures/market_share.h"

static const quipu_param params[] = {
    {"order", QUIPU_PARAM_CHOICE, "commodity-first market-first shapley", "commodity-first",
     "which effect is taken first, or the mean of both orders"},
    QI_MARKET_GOODS,
    QI_MARKET_DEMAND,
};
enum { COMMODITY_FIRST, MARKET_FIRST, SHAPLEY };

enum { FROM, TO, CHANGE, GROWTH, COMMODITY, MARKET, COMPETITIVENESS, N_FIGURES };

static const quipu_column_spec columns[N_FIGURES] = {
    {"value_from", "First value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"value_to", "Last value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"change", "Change", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"growth", "World growth", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"commodity", "Commodities", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"market", "Markets", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"competitiveness", "Competitiveness", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
};

typedef struct effects {
    size_t order;
    qi_wide_sum change, growth, commodity, market, competitiveness;
} effects;

/* value * up / down, half to even. */
static qi_wide_sum scale(quipu_money value, quipu_money up, quipu_money down) {
    qi_wide_sum product = (qi_wide_sum)value * up, whole = product / down;
    qi_wide_sum twice = 2 * (product - whole * down);
    return whole + (twice > down || (twice == down && (whole & 1)));
}

static qi_wide_sum half(qi_wide_sum value) {
    qi_wide_sum low = value >= 0 ? value / 2 : (value - 1) / 2;
    return value - 2 * low == 0 || (low & 1) == 0 ? low : low + 1;
}

/* What the first value would have become; where the world had none, as everything did. */
static qi_wide_sum expected(const qi_market_cell *c, const qi_two *world) {
    const qi_two *by = world->first > 0 ? world : &c->all;
    return scale(c->own.first, by->last, by->first);
}

/* Each cell is rounded to a thousandth of a dollar by itself, so rows add up to totals and
 * parts to the change, exactly. */
static quipu_status add_cell(void *user, const qi_market_cell *c, quipu_error *err) {
    effects *e = user;
    qi_wide_sum all = expected(c, &c->all), good = expected(c, &c->good);
    qi_wide_sum market = expected(c, &c->market), cell = expected(c, &c->cell), commodity;
    QI_UNUSED(err);
    switch (e->order) {
    case COMMODITY_FIRST: commodity = good - all; break;
    case MARKET_FIRST: commodity = cell - market; break;
    default: commodity = half(good - all + cell - market); break;
    }
    e->change += (qi_wide_sum)c->own.last - c->own.first;
    e->growth += all - c->own.first;
    e->commodity += commodity;
    e->market += cell - all - commodity;
    e->competitiveness += c->own.last - cell;
    return QUIPU_OK;
}

static bool fits(qi_wide_sum value) {
    return value >= -(qi_wide_sum)INT64_MAX && value <= INT64_MAX;
}

typedef struct work {
    const qi_market *market;
    size_t order;
} work;

static quipu_status write_row(void *user, qi_sheet *sheet, size_t row, const qi_line *line,
                              const qi_stretch *s, quipu_error *err) {
    const work *w = user;
    effects e = {.order = w->order};
    qi_two whole;
    if (line->known[s->from])
        qi_sheet_integer(sheet, row, FROM, line->value[s->from]);
    if (line->known[s->to])
        qi_sheet_integer(sheet, row, TO, line->value[s->to]);
    if (!qi_market_whole(w->market, line, s, &whole))
        return QUIPU_OK;
    QI_TRY(qi_market_each(w->market, line, s, add_cell, &e, err));
    if (!fits(e.growth) || !fits(e.commodity) || !fits(e.market) || !fits(e.competitiveness))
        return qi_fail(err, QUIPU_E_DATA, "an effect is beyond 9.2e15 US$");
    qi_sheet_integer(sheet, row, CHANGE, (int64_t)e.change);
    qi_sheet_integer(sheet, row, GROWTH, (int64_t)e.growth);
    qi_sheet_integer(sheet, row, COMMODITY, (int64_t)e.commodity);
    qi_sheet_integer(sheet, row, MARKET, (int64_t)e.market);
    qi_sheet_integer(sheet, row, COMPETITIVENESS, (int64_t)e.competitiveness);
    return QUIPU_OK;
}

static quipu_status write(qi_market *m, quipu_table *out, quipu_error *err) {
    static const char *const orders[] = {"commodities first, then markets",
                                         "markets first, then commodities",
                                         "the mean of both orders (Shapley)"};
    qi_ask *ask = &m->ask;
    size_t order = qi_choice_of(ask->measure, ask->request, "order");
    qi_sheet sheet;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_STRETCH, columns, N_FIGURES,
                         m->lines.n * m->stretches.n, out, err));
    QI_TRY(qi_sheet_spans(&sheet, &m->lines, &m->stretches, write_row, &(work){m, order}, err));
    QI_TRY(qi_ask_note(ask, err,
                       "change = world growth + commodities + markets + "
                       "competitiveness, exactly; order: %s.",
                       orders[order]));
    QI_TRY(qi_market_notes(m, err));
    QI_TRY(quipu_table_set_title(out, err, "Constant market share analysis of the %s%s, %s",
                                 qi_words_trade(ask), qi_words_by(ask), orders[order]));
    return qi_sheet_close(&sheet, ask, &m->parts, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_market m;
    quipu_status status = qi_market_open(&m, &qi_measure_cms, request, err);
    if (status == QUIPU_OK)
        status = write(&m, out, err);
    qi_market_close(&m);
    return status;
}

const quipu_measure qi_measure_cms = {
    .name = "cms",
    .aliases = "constant-market-share leamer-stern",
    .summary = "Did exports grow with the world, by their mix, or by competitiveness?",
    .without = "periods wide",
    .detail =
        "Splits the change of exports between two years into what they would have gained had "
        "they grown as world trade did; what their goods grew more than that; what their "
        "markets for these goods did; and the rest, which is a gain or loss of market share in "
        "each good and market, called competitiveness.\n\n"
        "The effects of commodities and markets depend on which is taken first, often by much: "
        "--order gives either, or their mean, which is the value of Shapley and the only one "
        "that treats both alike. World growth and competitiveness do not depend on it. The "
        "world is the exports of all reporters of the cube, the country included, to the same "
        "partners; --of takes a group; --demand imports takes what the partners report "
        "importing. What is sold where the world sold nothing in the first year counts as "
        "competitiveness. With --by partner or product each row has its part, and the rows add "
        "up. "
        "Current prices: what a price rise added counts as growth of the good.",
    .formula =
        "dX = r X0 + sum_k (r_k - r) X_k0 + sum_jk (r_jk - r_k) X_jk0 + sum_jk (dX_jk - r_jk "
        "X_jk0); markets first: sum_j (r_j - r) X_j0, then sum_jk (r_jk - r_j) X_jk0; r growth "
        "of the world: of all, of good k, of market j, of both",
    .reference =
        "E. Leamer and R. Stern (1970), Quantitative International Economics, Allyn and Bacon; "
        "J. D. Richardson (1971), Constant-market-shares analysis of export growth, Journal of "
        "International Economics 1(2); L. Shapley (1953), A value for n-person games.",
    .worked =
        "A sells copper 50 to J and 50 to K, then 90 and 50. The world's copper goes from 100 "
        "to 150 in J and from 100 to 110 in K; of its other 200, sold to L, there are 220. So "
        "r "
        "= 80/400 = 0.2, of copper 0.3, in J 0.5 and in K 0.1. Growth 20; commodities (0.3 - "
        "0.2) 100 = 10; markets 0.2 x 50 - 0.2 x 50 = 0; "
        "competitiveness 90 - 75 + 50 - 55 = 10: together 40.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "competitiveness",
    .example = "--reporter Chile --years 2000-2011 --order shapley",
    .run = run,
};
