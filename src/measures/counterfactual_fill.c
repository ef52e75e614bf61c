/* SPDX-License-Identifier: Apache-2.0 */
/* counterfactual_fill.c - costs of pairs that never traded (--fill), as YPML (2016) have them.
 *
 * Such a pair has no effect of its own in the estimate.  The effects of the other pairs, less half
 * of the domestic effects of both countries (without which they are known but for a constant
 * of each country), are explained by PPML with the variables given and effects of exporters
 * and importers, among the international pairs of the year; the others get what that predicts.
 */
#include "measures/counterfactual.h"

static const char COST[] = "fill_cost", WEIGHT[] = "fill_weight";

typedef struct fill {
    qi_counterfactual *c;
    double *pair;  /* n x n: effects of pairs, in logs; NaN = not known */
    double *known; /* n x n: what regressors and offset add; NaN = no row */
} fill;

/* Effects of an exporter or an importer alone are no costs. */
static bool is_cost(const qi_joined *joined) {
    bool exporter = false, importer = false, other = false;
    for (size_t k = 0; k < joined->n; k++) {
        qi_role role = qi_role_of(joined->name[k]);
        exporter = exporter || role == QI_EXPORTER;
        importer = importer || role == QI_IMPORTER;
        other = other || role == QI_N_ROLES;
    }
    return (exporter && importer) || (other && !exporter && !importer);
}

static void take_effects(fill *f) {
    const qi_counterfactual *c = f->c;
    const qi_design *d = &c->result.design;
    const qi_fit *fit = &c->result.fit;
    for (size_t k = 0; k < d->model.n; k++) {
        size_t row = d->row == NULL ? k : d->row[k], cell = c->cell[row];
        if (cell == QI_NO_CELL)
            continue;
        double pair = 0, known = d->model.offset == NULL ? 0 : d->model.offset[k];
        for (size_t e = 0; e < d->model.n_effects; e++)
            if (is_cost(&c->g.formulas[0].effect[e]))
                pair += fit->effect[e][d->model.effect[e].id[k]];
        for (size_t x = 0; x < d->model.k; x++)
            if (isfinite(fit->coefficient[x]))
                known += fit->coefficient[x] * d->model.x[x][k];
        f->pair[cell] = pair;
        f->known[cell] = known;
    }
}

static quipu_status set_against_domestic(fill *f, quipu_error *err) {
    const qi_world *w = &f->c->world;
    size_t n = w->n;
    double *home = malloc((n + 1) * sizeof *home);
    if (home == NULL)
        return qi_fail_memory(err, n * sizeof *home);
    quipu_status status = QUIPU_OK;
    for (size_t i = 0; i < n && status == QUIPU_OK; i++) {
        home[i] = f->pair[i * n + i] / 2;
        if (!isfinite(home[i]))
            status = qi_fail(err, QUIPU_E_DATA,
                             "fill: domestic trade of %s is not in the estimate, so that the "
                             "costs of its pairs are not known",
                             w->name[i]);
    }
    for (size_t k = 0; k < n * n && status == QUIPU_OK; k++)
        f->pair[k] -= home[k / n] + home[k % n];
    free(home);
    return status;
}

/* Two columns of the panel: costs that are known, and which rows these are. */
static quipu_status add_columns(fill *f, quipu_error *err) {
    qi_panel *p = &f->c->g.panel;
    size_t at[2], n = f->c->world.n;
    QI_TRY(qi_panel_add(p, COST, &at[0], err));
    QI_TRY(qi_panel_numbers(p, at[0], err));
    QI_TRY(qi_panel_add(p, WEIGHT, &at[1], err));
    QI_TRY(qi_panel_numbers(p, at[1], err));
    double *cost = p->columns.items[at[0]].number, *weight = p->columns.items[at[1]].number;
    for (size_t row = 0; row < p->n; row++) {
        size_t cell = f->c->cell[row];
        bool wanted = cell != QI_NO_CELL && cell / n != cell % n;
        bool known = wanted && isfinite(f->pair[cell]);
        cost[row] = known ? exp(f->pair[cell]) : wanted ? 0 : NAN; /* NaN: not in this one */
        weight[row] = known ? 1 : 0;
    }
    return QUIPU_OK;
}

static double predicted(const qi_design *d, const qi_fit *fit, size_t k) {
    double sum = 0;
    for (size_t e = 0; e < d->model.n_effects; e++)
        sum += fit->effect[e][d->model.effect[e].id[k]];
    for (size_t x = 0; x < d->model.k; x++)
        if (isfinite(fit->coefficient[x]))
            sum += fit->coefficient[x] * d->model.x[x][k];
    return sum;
}

static quipu_status predict(fill *f, quipu_error *err) {
    qi_counterfactual *c = f->c;
    const char *text = qi_arena_printf(&c->arena, "%s ~ %s | exp + imp", COST,
                                       qi_counterfactual_word(c, "fill"));
    qi_formula formula;
    qi_design d = {0};
    qi_fit fit = {0};
    quipu_status status;
    if (text == NULL)
        return qi_fail_memory(err, 256);
    QI_TRY(qi_formula_parse(text, &c->arena, &formula, err));
    qi_setup setup = {.formula = &formula, .estimator = QI_PPML, .weight = WEIGHT};
    QI_GO(qi_design_make(&c->g.panel, &setup, &d, err));
    d.model.want_effects = true;
    d.model.threads = c->request.threads;
    d.model.keep_singletons = true; /* a country with one known partner has an effect, too */
    QI_GO(qi_gravity_fit(&d.model, &fit, err));
    for (size_t k = 0; k < d.model.n; k++) {
        size_t cell = c->cell[d.row == NULL ? k : d.row[k]];
        if (isfinite(f->pair[cell]))
            continue;
        f->pair[cell] = predicted(&d, &fit, k);
        c->n_filled += isfinite(f->pair[cell]) ? 1 : 0;
    }
done:
    qi_design_free(&d);
    qi_fit_free(&fit);
    return status;
}

quipu_status qi_counterfactual_fill(qi_counterfactual *c, double *cost, quipu_error *err) {
    size_t cells = c->world.n * c->world.n;
    fill f = {.c = c,
              .pair = qi_counterfactual_matrix(c, NAN),
              .known = qi_counterfactual_matrix(c, NAN)};
    if (f.pair == NULL || f.known == NULL)
        return qi_fail_memory(err, cells * sizeof *f.pair);
    bool any = false;
    for (size_t e = 0; e < c->g.formulas[0].n_effects; e++)
        any = any || is_cost(&c->g.formulas[0].effect[e]);
    if (!any)
        return qi_fail(err, QUIPU_E_ARG,
                       "fill: \"%s\" has no effects of pairs, so that no pair lacks one",
                       c->g.formulas[0].text);
    take_effects(&f);
    QI_TRY(set_against_domestic(&f, err));
    QI_TRY(add_columns(&f, err));
    QI_TRY(predict(&f, err));
    for (size_t k = 0; k < cells; k++) {
        double log_cost = f.pair[k] + f.known[k];
        cost[k] = isfinite(log_cost) ? exp(log_cost) : 0;
    }
    return QUIPU_OK;
}
