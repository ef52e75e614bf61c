/* SPDX-License-Identifier: Apache-2.0 */
/* counterfactual_notes.c - what a reader of a counterfactual must know: the model, its unit, what
 * changed, the world before, how well the equations hold, how intervals were drawn. */
#include "measures/counterfactual.h"

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
    if (w->model == QI_GE_CONDITIONAL)
        return unit != NULL
                   ? quipu_table_add_note(
                         t, err, "Resistances are relative to the inward one of %s.", unit)
                   : quipu_table_add_note(t, err,
                                          "The mean of inward resistances, weighted by "
                                          "expenditure, stays what it was.");
    QI_TRY(unit != NULL
               ? quipu_table_add_note(
                     t, err, "Unit of prices and trade after: the consumer price of %s.", unit)
               : quipu_table_add_note(
                     t, err,
                     "Unit of prices and trade after: world output, which stays what it was."));
    if (w->deficits == QI_DEFICITS_ADDITIVE)
        return quipu_table_add_note(
            t, err, "Trade deficits stay as shares of world output (additive).");
    if (w->model != QI_GE_FULL)
        return quipu_table_add_note(
            t, err, "Expenditure stays in proportion to income (multiplicative deficits).");
    return quipu_table_add_note(
        t, err,
        "Expenditure stays in proportion to income (multiplicative "
        "deficits), times %.10g so that the world spends what it earns.",
        c->solved.lambda);
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
    if (c->n_filled > 0)
        QI_TRY(
            quipu_table_add_note(t, err,
                                 "%zu flows of pairs that never traded have costs predicted by "
                                 "%s.",
                                 c->n_filled, qi_counterfactual_word(c, "fill")));
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
    if (c->intervals.failed > 0)
        QI_TRY(quipu_table_add_note(t, err, "%zu draws had no solution and are left out.",
                                    c->intervals.failed));
    return quipu_table_add_note(
        t, err, "Intervals: %.4g %% percentiles of %zu %s, seed %llu.", 100 * c->level,
        c->intervals.used,
        c->resampled ? "resamples of clusters (domestic flows stay), estimated and solved anew"
                     : "draws from the estimated covariance, solved anew",
        (unsigned long long)c->seed);
}

quipu_status qi_counterfactual_notes(const qi_counterfactual *c, quipu_table *t,
                                     quipu_error *err) {
    QI_TRY(note_model(c, t, err));
    QI_TRY(note_change(c, t, err));
    QI_TRY(note_world(c, t, err));
    return note_draws(c, t, err);
}
