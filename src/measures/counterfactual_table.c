/* SPDX-License-Identifier: Apache-2.0 */
/* counterfactual_table.c - a counterfactual as a table: by country, by pair, with intervals. */
#include "measures/counterfactual.h"

#define CHANGE(name, label)                                                                    \
    { name, label, QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2 }
#define LEVEL(name, label)                                                                     \
    { name, label, QUIPU_REAL, QUIPU_FIGURE, "as in the input", 0 }

const quipu_column_spec qi_counterfactual_columns[QI_COUNTERFACTUAL_COLUMNS] = {
    {"country", "Country", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    LEVEL("exports", "Exports"),
    CHANGE("exports_change", "Exports, change"),
    CHANGE("imports_change", "Imports, change"),
    CHANGE("domestic_change", "Domestic, change"),
    CHANGE("welfare_change", "Welfare, change"),
    CHANGE("real_gdp_change", "Real GDP, change"),
    CHANGE("producer_price_change", "Producer price, change"),
    CHANGE("consumer_price_change", "Consumer price (inward resistance), change"),
    CHANGE("outward_resistance_change", "Outward resistance, change"),
};

static const quipu_column_spec pair_columns[] = {
    {"exporter", "Exporter", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"importer", "Importer", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    LEVEL("before", "Before"),
    LEVEL("after", "After"),
    CHANGE("change", "Change"),
};

static const quipu_column_spec interval_columns[] = {
    {"country", "Country", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"figure", "Figure", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    CHANGE("change", "Change"),
    CHANGE("low", "Low"),
    CHANGE("high", "High"),
};

/* In the order of the columns from the third on. */
static const struct {
    qi_outcome outcome;
    const char *name;
    bool full; /* means something in the full model only */
} figures[] = {
    {QI_OUTCOME_EXPORTS, "exports", false},
    {QI_OUTCOME_IMPORTS, "imports", false},
    {QI_OUTCOME_DOMESTIC, "domestic", false},
    {QI_OUTCOME_WELFARE, "welfare", true},
    {QI_OUTCOME_REAL_INCOME, "real GDP", true},
    {QI_OUTCOME_PRICE, "producer price", true},
    {QI_OUTCOME_CONSUMER, "consumer price", false},
    {QI_OUTCOME_OUTWARD, "outward resistance", false},
};

/* --for: whose rows are printed; NULL = all. */
static quipu_status read_for(const qi_counterfactual *c, uint8_t **out, quipu_error *err) {
    const char *text = qi_counterfactual_word(c, "for");
    size_t n = c->world.n;
    *out = calloc(n + 1, 1);
    if (*out == NULL)
        return qi_fail_memory(err, n);
    memset(*out, text == NULL, n);
    for (const char *at = text; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, ","), found = 0;
        for (size_t i = 0; i < n; i++)
            if (strlen(c->world.name[i]) == length &&
                strncmp(c->world.name[i], at, length) == 0)
                found = (*out)[i] = 1;
        if (found == 0)
            return qi_fail(err, QUIPU_E_NOT_FOUND,
                           "for \"%.*s\": none of the countries of the world looked at",
                           (int)length, at);
        at += length + (at[length] == ',');
    }
    return QUIPU_OK;
}

static bool shown(const qi_counterfactual *c, size_t figure) {
    return c->world.model != QI_GE_CONDITIONAL || !figures[figure].full;
}

static quipu_status by_country(const qi_counterfactual *c, const uint8_t *wanted,
                               quipu_table *t, quipu_error *err) {
    size_t row = 0;
    QI_TRY(quipu_table_init(t, "counterfactual", qi_counterfactual_columns,
                            QI_COUNTERFACTUAL_COLUMNS, err));
    for (size_t i = 0; i < c->world.n; i++) {
        if (!wanted[i])
            continue;
        QI_TRY(quipu_table_add_rows(t, 1, &row, err));
        QI_TRY(quipu_table_set_text(t, 0, row, c->world.name[i], err));
        quipu_table_set_real(t, 1, row, c->solved.exports[0][i]);
        for (size_t f = 0; f < QI_COUNT(figures); f++)
            if (shown(c, f))
                quipu_table_set_real(t, 2 + f, row,
                                     qi_outcome_of(&c->solved, figures[f].outcome, i) - 1);
    }
    return QUIPU_OK;
}

static quipu_status by_pair(const qi_counterfactual *c, const uint8_t *wanted, quipu_table *t,
                            quipu_error *err) {
    size_t row = 0, n = c->world.n;
    QI_TRY(quipu_table_init(t, "counterfactual", pair_columns, QI_COUNT(pair_columns), err));
    for (size_t k = 0; k < n * n; k++) {
        if (!wanted[k / n] && !wanted[k % n])
            continue;
        QI_TRY(quipu_table_add_rows(t, 1, &row, err));
        double before = c->world.trade[k], after = c->solved.trade[k];
        QI_TRY(quipu_table_set_text(t, 0, row, c->world.name[k / n], err));
        QI_TRY(quipu_table_set_text(t, 1, row, c->world.name[k % n], err));
        quipu_table_set_real(t, 2, row, before);
        quipu_table_set_real(t, 3, row, after);
        quipu_table_set_real(t, 4, row, after / before - 1);
    }
    return QUIPU_OK;
}

static quipu_status with_intervals(const qi_counterfactual *c, const uint8_t *wanted,
                                   quipu_table *t, quipu_error *err) {
    size_t row = 0;
    QI_TRY(quipu_table_init(t, "counterfactual", interval_columns, QI_COUNT(interval_columns),
                            err));
    for (size_t i = 0; i < c->world.n; i++)
        for (size_t f = 0; f < QI_COUNT(figures); f++) {
            if (!wanted[i] || !shown(c, f))
                continue;
            size_t at = i * QI_N_OUTCOMES + figures[f].outcome;
            QI_TRY(quipu_table_add_rows(t, 1, &row, err));
            QI_TRY(quipu_table_set_text(t, 0, row, c->world.name[i], err));
            QI_TRY(quipu_table_set_text(t, 1, row, figures[f].name, err));
            quipu_table_set_real(t, 2, row,
                                 qi_outcome_of(&c->solved, figures[f].outcome, i) - 1);
            quipu_table_set_real(t, 3, row, c->intervals.low[at] - 1);
            quipu_table_set_real(t, 4, row, c->intervals.high[at] - 1);
        }
    return QUIPU_OK;
}

/* ---- what a reader must know ---- */

static quipu_status note_model(const qi_counterfactual *c, quipu_table *t, quipu_error *err) {
    const qi_world *w = &c->world;
    const char *unit = w->reference != QI_NO_REFERENCE ? w->name[w->reference] : NULL;
    static const char *const what[] = {
        [QI_GE_CONDITIONAL] = "Conditional general equilibrium: outputs and expenditures stay, "
                              "multilateral resistances adjust",
        [QI_GE_FULL] = "Full endowment general equilibrium: prices clear all markets",
        [QI_GE_PUBLISHED] =
            "Full endowment general equilibrium by the steps of the programs of "
            "Yotov et al. (2016), which stop early and do not tie imports to "
            "expenditure",
    };
    QI_TRY(quipu_table_add_note(
        t, err, "%s; sigma = %.10g, theta = %.10g.",
        c->hat ? "Exact hat algebra, one sector: prices clear all markets" : what[w->model],
        w->theta + 1, w->theta));
    if (unit != NULL)
        QI_TRY(quipu_table_add_note(t, err,
                                    "Unit of prices and trade after: the consumer price "
                                    "of %s.",
                                    unit));
    else
        QI_TRY(quipu_table_add_note(
            t, err,
            w->model == QI_GE_CONDITIONAL
                ? "Unit of resistances: their mean weighted by expenditure stays."
                : "Unit of prices and trade after: world output, which stays what it was."));
    if (w->model == QI_GE_CONDITIONAL)
        return QUIPU_OK;
    if (w->deficits == QI_DEFICITS_ADDITIVE)
        return quipu_table_add_note(
            t, err, "Trade deficits stay as shares of world output (additive).");
    return quipu_table_add_note(
        t, err, "Expenditure stays in proportion to income (multiplicative deficits)%s.",
        w->model != QI_GE_FULL
            ? ""
            : qi_arena_printf(&((qi_counterfactual *)(uintptr_t)c)->arena,
                              ", times %.10g so that the world spends what it earns",
                              c->solved.lambda));
}

static quipu_status note_change(const qi_counterfactual *c, quipu_table *t, quipu_error *err) {
    for (size_t k = 0; k < c->n_moved; k++) {
        const qi_moved *m = &c->moved[k];
        double error = c->estimated ? c->result.fit.error[m->place] : NAN;
        if (isfinite(error))
            QI_TRY(quipu_table_add_note(t, err,
                                        "%s moves in %zu flows; coefficient %.10g, estimated, "
                                        "standard error %.4g.",
                                        m->term, m->n_cells, m->coefficient, error));
        else
            QI_TRY(quipu_table_add_note(t, err, "%s moves in %zu flows; coefficient %.10g, %s.",
                                        m->term, m->n_cells, m->coefficient,
                                        c->estimated ? "estimated" : "given"));
    }
    if (c->costs != NULL)
        QI_TRY(quipu_table_add_note(t, err, "Trade costs of %zu flows out of a table.",
                                    c->n_costs));
    return QUIPU_OK;
}

static quipu_status note_world(const qi_counterfactual *c, quipu_table *t, quipu_error *err) {
    QI_TRY(quipu_table_add_note(t, err, "Baseline: %zu countries%s%s; %s trade%s.", c->world.n,
                                c->year != NULL ? ", " : "", c->year != NULL ? c->year : "",
                                c->fitted ? "fitted" : "observed",
                                c->fitted ? ", brought to observed outputs and expenditures"
                                          : ""));
    if (c->n_absent > 0)
        QI_TRY(
            quipu_table_add_note(t, err, "%zu flows have no row: taken as zero.", c->n_absent));
    if (c->n_unfitted > 0)
        QI_TRY(
            quipu_table_add_note(t, err,
                                 "%zu flows are not in the estimate (pairs that never traded, "
                                 "singletons): taken as zero before and after.",
                                 c->n_unfitted));
    return quipu_table_add_note(
        t, err,
        "Residuals: what a country sells against its output %.1e, what it buys against its "
        "expenditure %.1e (greatest, relative); %u steps.",
        c->solved.output_residual, c->solved.expenditure_residual,
        c->solved.steps + c->solved.newton_steps);
}

static quipu_status note_draws(const qi_counterfactual *c, quipu_table *t, quipu_error *err) {
    if (c->draws == 0)
        return QUIPU_OK;
    return quipu_table_add_note(
        t, err, "Intervals: %.4g %% percentiles of %zu %s, seed %llu%s.", 100 * c->level,
        c->intervals.used,
        c->resampled ? "resamples of clusters (domestic flows stay), estimated and solved anew"
                     : "draws from the estimated covariance, solved anew",
        (unsigned long long)c->seed,
        c->intervals.failed == 0
            ? ""
            : qi_arena_printf(&((qi_counterfactual *)(uintptr_t)c)->arena,
                              "; %zu more had no solution and are left out",
                              c->intervals.failed));
}

quipu_status qi_counterfactual_table(const qi_counterfactual *c, quipu_table *t,
                                     quipu_error *err) {
    bool pairs = qi_is(qi_counterfactual_word(c, "rows"), "pair");
    uint8_t *wanted = NULL;
    quipu_status status = read_for(c, &wanted, err);
    if (status == QUIPU_OK)
        status = c->draws > 0 ? with_intervals(c, wanted, t, err)
                 : pairs      ? by_pair(c, wanted, t, err)
                              : by_country(c, wanted, t, err);
    free(wanted);
    QI_TRY(status);
    QI_TRY(note_model(c, t, err));
    QI_TRY(note_change(c, t, err));
    QI_TRY(note_world(c, t, err));
    return note_draws(c, t, err);
}
