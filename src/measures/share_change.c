/* SPDX-License-Identifier: Apache-2.0 */
/* share_change.c - was a change of world market share won in the markets, or by where the
 * exporter stands? */
#include "measures/market_share.h"

static const quipu_param params[] = {
    QI_MARKET_GOODS,
    QI_MARKET_DEMAND,
};

enum { FROM, TO, CHANGE, PERFORMANCE, STRUCTURE, ADAPTATION, N_FIGURES };

static const quipu_column_spec columns[N_FIGURES] = {
    {"share_from", "First share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 3},
    {"share_to", "Last share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 3},
    {"change", "Change", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 3},
    {"performance", "Performance", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 3},
    {"structure", "Structure", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 3},
    {"adaptation", "Adaptation", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 3},
};

typedef struct effects {
    double performance, structure, adaptation;
} effects;

/* A market that appears or goes away is structure: its share is that of the year it is there. */
static quipu_status add_cell(void *user, const qi_market_cell *c, quipu_error *err) {
    effects *e = user;
    double w0 = (double)c->cell.first / (double)c->all.first;
    double w1 = (double)c->cell.last / (double)c->all.last;
    double s0 = (double)c->own.first / (double)c->cell.first;
    double s1 = (double)c->own.last / (double)c->cell.last;
    QI_UNUSED(err);
    if (c->cell.first <= 0 && c->cell.last <= 0)
        return QUIPU_OK;
    s0 = c->cell.first > 0 ? s0 : s1;
    s1 = c->cell.last > 0 ? s1 : s0;
    e->performance += (s1 - s0) * w0;
    e->structure += s0 * (w1 - w0);
    e->adaptation += (s1 - s0) * (w1 - w0);
    return QUIPU_OK;
}

static quipu_status write_row(void *user, qi_sheet *sheet, size_t row, const qi_line *line,
                              const qi_stretch *s, quipu_error *err) {
    const qi_market *m = user;
    effects e = {0, 0, 0};
    qi_two whole;
    if (!qi_market_whole(m, line, s, &whole))
        return QUIPU_OK;
    double from = (double)line->value[s->from] / (double)whole.first;
    double to = (double)line->value[s->to] / (double)whole.last;
    QI_TRY(qi_market_each(m, line, s, add_cell, &e, err));
    qi_sheet_real(sheet, row, FROM, from);
    qi_sheet_real(sheet, row, TO, to);
    qi_sheet_real(sheet, row, CHANGE, to - from);
    qi_sheet_real(sheet, row, PERFORMANCE, e.performance);
    qi_sheet_real(sheet, row, STRUCTURE, e.structure);
    qi_sheet_real(sheet, row, ADAPTATION, e.adaptation);
    return QUIPU_OK;
}

static quipu_status write(qi_market *m, quipu_table *out, quipu_error *err) {
    qi_ask *ask = &m->ask;
    qi_sheet sheet;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_STRETCH, columns, N_FIGURES,
                         m->lines.n * m->stretches.n, out, err));
    QI_TRY(qi_sheet_spans(&sheet, &m->lines, &m->stretches, write_row, m, err));
    QI_TRY(qi_ask_note(ask, err,
                       "Changes are in percentage points of the world's total; change "
                       "= performance + structure + adaptation."));
    QI_TRY(qi_market_notes(m, err));
    QI_TRY(quipu_table_set_title(out, err,
                                 "Change of the market share of the %s%s; "
                                 "denominator: %s",
                                 qi_words_trade(ask), qi_words_by(ask), m->reference));
    return qi_sheet_close(&sheet, ask, &m->parts, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_market m;
    quipu_status status = qi_market_open(&m, &qi_measure_share_change, request, err);
    if (status == QUIPU_OK)
        status = write(&m, out, err);
    qi_market_close(&m);
    return status;
}

const quipu_measure qi_measure_share_change = {
    .name = "share-change",
    .aliases = "fagerberg-sollie market-share",
    .summary = "Was market share won in the markets, or by being in the right ones?",
    .without = "of periods wide",
    .detail =
        "The share of the reporter in world trade is the sum, over goods and partner "
        "countries, "
        "of its share in each times the weight of each in world trade. Its change splits into "
        "performance (shares changed, at first weights), structure (weights changed, at first "
        "shares) and adaptation (both together: shares won where trade grew). With --by "
        "partner "
        "or product each row has its part, and the rows add up.\n\n"
        "A market that appears or goes away between the two years counts as structure: the "
        "share in it is taken as that of the year in which it is there. Values are at current "
        "prices. Missing where a year was not reported.",
    .formula =
        "S = sum_c s_c w_c over cells c of good and partner, s_c = X_c / W_c, w_c = W_c / "
        "W; dS = sum ds w0 + sum s0 dw + sum ds dw",
    .reference = "J. Fagerberg and G. Sollie (1987), The method of constant market shares "
                 "analysis reconsidered, Applied Economics 19(12).",
    .worked =
        "Two markets of 100 each; A sells 10 and 30, a share of 20 %. They become 100 and 300, "
        "and A sells 20 and 60: again 20 %. Performance 0.1 x 0.5 - 0.1 x 0.5 = 0; structure "
        "0.1 "
        "x (0.25 - 0.5) + 0.3 x (0.75 - 0.5) = 5 points; adaptation 0.1 x -0.25 - 0.1 x 0.25 = "
        "-5 points.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "change",
    .example = "--reporter Chile --years 2000-2011",
    .run = run,
};
