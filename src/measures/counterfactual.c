/* SPDX-License-Identifier: Apache-2.0 */
/* counterfactual.c - what trade and welfare would be if trade costs were others. */
#include "measures/counterfactual.h"

static const quipu_param params[] = {
    {"change", QUIPU_PARAM_TEXT, NULL, NULL,
     "variables and their new values: rta=0; several by commas"},
    {"between", QUIPU_PARAM_TEXT, NULL, NULL,
     "in which pairs: PER-CHN, CAN-USA-MEX, asean, PER>USA for one direction; all "
     "international "
     "pairs otherwise"},
    {"costs", QUIPU_PARAM_FILE, NULL, NULL,
     "a table exporter,importer,factor of trade costs, new over old; or with effect instead: "
     "what is added to the logarithm of trade at given prices"},
    {"coefficient", QUIPU_PARAM_TEXT, NULL, NULL,
     "how variables act on trade, where no formula estimates it: rta=0.56"},
    {"model", QUIPU_PARAM_CHOICE, "full conditional hat", "full",
     "what adjusts: prices and incomes, resistances alone, or exact hat algebra"},
    {"sigma", QUIPU_PARAM_REAL, NULL, NULL, "elasticity of substitution; 7 when not given"},
    {"theta", QUIPU_PARAM_REAL, NULL, NULL, "trade elasticity, instead of sigma = theta + 1"},
    {"deficits", QUIPU_PARAM_CHOICE, "auto multiplicative additive", "auto",
     "expenditure in proportion to income, or deficits fixed; auto: additive for hat"},
    {"reference", QUIPU_PARAM_TEXT, NULL, NULL,
     "the country whose consumer price is the unit; world output otherwise"},
    {"solution", QUIPU_PARAM_CHOICE, "direct published", "direct",
     "published: the full model by the steps of the programs of Yotov et al. (2016)"},
    {"at", QUIPU_PARAM_TEXT, NULL, NULL, "the year of the baseline; the last when not given"},
    {"baseline", QUIPU_PARAM_CHOICE, "auto fitted observed", "auto",
     "trade before: fitted by the formula or as observed; auto: fitted if there is a formula"},
    {"fill", QUIPU_PARAM_TEXT, NULL, NULL,
     "variables that explain the costs of pairs that never traded: 'ln_dist + cntg'; such "
     "pairs "
     "stay at zero otherwise"},
    {"trade", QUIPU_PARAM_TEXT, NULL, "trade",
     "the column of trade, where there is no formula"},
    {"rows", QUIPU_PARAM_CHOICE, "country pair", "country", "a row for each"},
    {"for", QUIPU_PARAM_TEXT, NULL, NULL, "rows of these countries alone, by commas"},
    {"draws", QUIPU_PARAM_INTEGER, NULL, "0", "how many draws to take intervals from"},
    {"method", QUIPU_PARAM_CHOICE, "resample covariance", "resample",
     "draws: clusters resampled and the formula estimated anew, or coefficients drawn from "
     "their covariance"},
    {"seed", QUIPU_PARAM_INTEGER, NULL, "1", "of the draws"},
    {"level", QUIPU_PARAM_REAL, NULL, "0.95", "of the intervals"},
    QI_PARAMS_FORMULA,
    QI_PARAMS_PANEL,
};

/* Clusters as asked for, else directed pairs; *ids are to be freed. */
static quipu_status clusters_of(qi_counterfactual *c, qi_model *model, uint32_t **ids,
                                quipu_error *err) {
    qi_joined pair = {.text = "exp^imp", .n = 2, .name = {"exp", "imp"}};
    uint32_t n_levels = 0;
    if (!c->resampled || model->n_clusters > 0)
        return QUIPU_OK;
    QI_TRY(
        qi_joined_ids(&c->g.panel, &pair, c->result.design.row, model->n, ids, &n_levels, err));
    model->cluster[model->n_clusters++] = (qi_cluster){pair.text, *ids, n_levels};
    return QUIPU_OK;
}

static quipu_status domestic_rows(const qi_counterfactual *c, size_t n, uint8_t **out,
                                  quipu_error *err) {
    *out = calloc(n + 1, 1);
    if (*out == NULL)
        return qi_fail_memory(err, n);
    for (size_t k = 0; k < n; k++) {
        size_t row = c->result.design.row == NULL ? k : c->result.design.row[k];
        (*out)[k] = c->exporter[row] != QI_NO_LABEL && c->exporter[row] == c->importer[row];
    }
    return QUIPU_OK;
}

static quipu_status draw(qi_counterfactual *c, quipu_error *err) {
    size_t place[QI_MOST_CHANGED];
    const double *by[QI_MOST_CHANGED];
    qi_world world = c->world;
    qi_model model = c->result.design.model;
    uint32_t *ids = NULL;
    uint8_t *stays = NULL;
    quipu_status status;
    if (c->draws == 0)
        return QUIPU_OK;
    if (c->n_moved == 0)
        return qi_fail(
            err, QUIPU_E_ARG,
            "draws: no estimated coefficient moves, so that there is nothing to draw");
    for (size_t k = 0; k < c->n_moved; k++) {
        place[k] = c->moved[k].place;
        by[k] = c->moved[k].by;
    }
    world.change = c->costs;
    QI_GO(clusters_of(c, &model, &ids, err));
    QI_GO(domestic_rows(c, model.n, &stays, err));
    qi_draws draws = {.method = c->resampled ? QI_DRAW_PAIRS : QI_DRAW_COVARIANCE,
                      .draws = c->draws,
                      .seed = c->seed,
                      .level = c->level,
                      .threads = c->request.threads,
                      .stop = c->request.stop,
                      .stop_user = c->request.stop_user,
                      .world = &world,
                      .n_changed = c->n_moved,
                      .coefficient = place,
                      .moved = by,
                      .model = &model,
                      .stays = stays,
                      .fit = &c->result.fit};
    status = qi_draws_run(&draws, &c->intervals, err);
done:
    free(ids);
    free(stays);
    return status;
}

static quipu_status finish(const qi_counterfactual *c, quipu_table *out, quipu_error *err) {
    for (size_t i = 0; i < c->g.notes.n_notes; i++)
        QI_TRY(quipu_table_add_note(out, err, "%s", c->g.notes.notes[i]));
    const char *change = qi_counterfactual_word(c, "change");
    const char *between = qi_counterfactual_word(c, "between");
    const char *costs = change == NULL ? "trade costs of a table" : change;
    QI_TRY(quipu_table_set_title(
        out, err, "Counterfactual: %.200s%s%.200s%s%s%s", costs,
        between != NULL ? " between " : "", between != NULL ? between : "",
        c->year != NULL ? ", " : "", c->year != NULL ? c->year : "",
        qi_is(qi_counterfactual_word(c, "rows"), "pair") && c->draws == 0 ? "" : "; changes"));
    if (c->request.table == NULL)
        return QUIPU_OK;
    const char *slash = strrchr(c->request.table, '/');
    return quipu_table_add_source(out, "source", slash != NULL ? slash + 1 : c->request.table,
                                  err);
}

static void close_all(qi_counterfactual *c) {
    qi_equilibrium_free(&c->solved);
    qi_intervals_free(&c->intervals);
    qi_gravity_result_free(&c->result);
    qi_gravity_close(&c->g);
    qi_arena_free(&c->arena);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_counterfactual c = {0};
    quipu_status status;
    QI_GO(qi_counterfactual_ask(&c, &qi_measure_counterfactual, request, err));
    QI_GO(qi_gravity_panel(&c.g, err));
    if (c.estimated)
        QI_GO(qi_gravity_estimate(&c.g, 0, qi_counterfactual_word(&c, "fill") != NULL,
                                  &c.result, err));
    QI_GO(qi_counterfactual_world(&c, err));
    QI_GO(qi_counterfactual_pairs(&c, err));
    QI_GO(qi_counterfactual_change(&c, err));
    QI_GO(qi_equilibrium_solve(&c.world, &c.solved, err));
    QI_GO(draw(&c, err));
    QI_GO(qi_counterfactual_table(&c, out, err));
    QI_GO(finish(&c, out, err));
done:
    close_all(&c);
    return status;
}

const quipu_measure qi_measure_counterfactual = {
    .name = "counterfactual",
    .needs = QUIPU_NEEDS_PANEL,
    .aliases = "general-equilibrium ge hat-algebra welfare",
    .summary = "What trade, prices and welfare would be if trade costs were others",
    .detail =
        "A panel of trade with what countries sell to themselves (rows with the same country "
        "on "
        "both sides) is the world before. Trade costs change through a variable that takes a "
        "new value in some pairs (--change rta=0 --between CAN-USA-MEX), weighted by its "
        "coefficient, given or estimated by a formula, or through a table of costs. Then three "
        "models say what follows. conditional: outputs and expenditures stay, the multilateral "
        "resistances of all countries adjust. full: endowments stay, and the prices of what "
        "countries make clear all markets. hat: the same as exact hat algebra, with trade "
        "deficits fixed.\n\n"
        "A variable takes its new value in all years, so that its lags move with it. Domestic "
        "trade never changes its costs. Welfare is expenditure over the consumer price, real "
        "GDP is output over it; they differ where trade is not balanced. The consumer price is "
        "the inward multilateral resistance.\n\n"
        "The equations are solved to rounding, and how well they hold is printed. With draws, "
        "each country's figures get percentile intervals: clusters (--cluster, else directed "
        "pairs) are drawn with replacement, domestic flows staying once each, the formula is "
        "estimated anew and the world solved anew; or, much cheaper, coefficients are drawn "
        "from their estimated covariance. The "
        "baseline stays in either case. A seed gives the same draws for any number of threads.",
    .formula =
        "X_ij = Y_i E_j (t_ij / (Pi_i P_j))^(1-sigma)\n"
        "Pi_i^(1-sigma) = sum_j (t_ij/P_j)^(1-sigma) E_j,  P_j^(1-sigma) = sum_i "
        "(t_ij/Pi_i)^(1-sigma) Y_i\n"
        "full: p_i^(1-sigma) = Y_i / Pi_i^(1-sigma) up to a constant, Y_i = p_i Q_i, E_i = "
        "phi_i Y_i\n"
        "hat: Y_i w_i = sum_j pi_ij c_ij w_i^-theta P_j^theta E'_j,  P_j^-theta = sum_i pi_ij "
        "c_ij w_i^-theta,  E'_j = Y_j w_j + D_j\n"
        "c_ij = exp(sum_k b_k (x'_k - x_k))",
    .reference =
        "Anderson & van Wincoop (2003), Gravity with Gravitas, AER 93; Dekle, Eaton & Kortum "
        "(2007), Unbalanced Trade, AER 97; Arkolakis, Costinot & Rodriguez-Clare (2012), New "
        "Trade Models, Same Old Gains?, AER 102; Yotov, Piermartini, Monteiro & Larch (2016), "
        "An "
        "Advanced Guide to Trade Policy Analysis, ch. 2; Anderson, Larch & Yotov (2018), "
        "GEPPML, "
        "World Economy 41; Baier, Yotov & Zylkin (2019), JIE 116",
    .worked =
        "Two equal countries sell 8 at home and 2 abroad. Trade costs fall so that, at given "
        "prices, foreign sales would double (c = 2); theta = 4. Both stay equal, so wages "
        "stay. "
        "The price index moves by (0.8 + 0.2 * 2)^(-1/4) = 1.2^(-1/4) = 0.955: welfare rises "
        "by "
        "4.66 %. Domestic sales are 0.8 / 1.2 = 66.7 % of 10, and (0.667 / 0.8)^(-1/4) = "
        "1.0466 "
        "is the same gain by the domestic share alone.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = qi_counterfactual_columns,
    .n_columns = QI_COUNTERFACTUAL_COLUMNS,
    .figure = "welfare_change",
    .example = "--change rta=0 --between CAN-USA-MEX --coefficient rta=0.56 --at 1994",
    .run = run,
};
