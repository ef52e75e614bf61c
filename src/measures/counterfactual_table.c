/* SPDX-License-Identifier: Apache-2.0 */
/* counterfactual_table.c - a counterfactual as a table: by country, by pair, with intervals. */
#include "measures/counterfactual.h"

#define CHANGE(name, label)                                                                    \
    { name, label, QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2 }
#define LEVEL(name, label)                                                                     \
    { name, label, QUIPU_REAL, QUIPU_FIGURE, "of input", 0 }

const quipu_column_spec qi_counterfactual_columns[QI_COUNTERFACTUAL_COLUMNS] = {
    {"country", "Country", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    LEVEL("exports", "Exports before"),
    CHANGE("exports_change", "Exports"),
    CHANGE("imports_change", "Imports"),
    CHANGE("domestic_change", "Domestic"),
    CHANGE("welfare_change", "Welfare"),
    CHANGE("real_gdp_change", "Real GDP"),
    CHANGE("producer_price_change", "Producer price"),
    CHANGE("consumer_price_change", "Consumer price"),
    CHANGE("outward_resistance_change", "Outward resistance"),
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
    size_t row = 0, n = c->world.n, most = c->request.most_cells;
    if (most > 0 && n * n * QI_COUNT(pair_columns) > most)
        return qi_fail(
            err, QUIPU_E_LIMIT,
            "a row for each of %zu pairs is more than the %zu cells that are given here", n * n,
            most);
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
    return qi_counterfactual_notes(c, t, err);
}
