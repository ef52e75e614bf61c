/* SPDX-License-Identifier: Apache-2.0 */
/* counterfactual_world.c - the panel's rows of one year as a square world of countries. */
#include "measures/counterfactual.h"

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t qi_counterfactual_country(const qi_counterfactual *c, const char *label) {
    const char *const *at = bsearch(&label, c->world.name, c->world.n, sizeof label, by_text);
    return at == NULL ? QI_NO_CELL : (size_t)(at - c->world.name);
}

double *qi_counterfactual_matrix(qi_counterfactual *c, double value) {
    size_t cells = c->world.n * c->world.n;
    double *m = qi_arena_alloc(&c->arena, cells * sizeof *m);
    for (size_t k = 0; m != NULL && k < cells; k++)
        m[k] = value;
    return m;
}

/* ---- the year ---- */

static bool asked_for(const qi_counterfactual *c, size_t row) {
    return c->g.keep == NULL || c->g.keep[row] != 0;
}

static double year_of_label(const char *label) {
    double year = NAN;
    return qi_parse_double(label, strlen(label), &year) ? year : NAN;
}

static double year_of(const qi_panel_column *column, size_t row) {
    if (column->number != NULL)
        return column->number[row];
    return column->label[row] == QI_NO_LABEL
               ? NAN
               : year_of_label(column->labels[column->label[row]]);
}

/* `at` as typed, else the last. */
static quipu_status find_year(qi_counterfactual *c, double *year, quipu_error *err) {
    const qi_panel *p = &c->g.panel;
    const char *at = qi_counterfactual_word(c, "at");
    *year = NAN;
    if (p->role[QI_YEAR] < 0)
        return at == NULL ? QUIPU_OK
                          : qi_fail(err, QUIPU_E_ARG,
                                    "at %s: there is no column of years; name "
                                    "it with --year",
                                    at);
    const qi_panel_column *column = &p->columns.items[p->role[QI_YEAR]];
    double wanted = at == NULL ? NAN : year_of_label(at), first = INFINITY, last = -INFINITY;
    bool there = false;
    for (size_t row = 0; row < p->n; row++)
        if (asked_for(c, row)) {
            double y = year_of(column, row);
            there = there || y == wanted;
            first = fmin(first, y);
            last = fmax(last, y);
        }
    if (at != NULL && !there)
        return qi_fail_at(err, QUIPU_E_NOT_FOUND, p->file, 0, 0,
                          "at %s: no row of that year is left; there are rows from %.10g to "
                          "%.10g",
                          at, first, last);
    *year = at != NULL ? wanted : last;
    c->year = qi_arena_printf(&c->arena, "%.10g", *year);
    return c->year != NULL ? QUIPU_OK : qi_fail_memory(err, 16);
}

static bool of_year(const qi_counterfactual *c, size_t row, double year) {
    const qi_panel *p = &c->g.panel;
    if (!asked_for(c, row))
        return false;
    return c->year == NULL || year_of(&p->columns.items[p->role[QI_YEAR]], row) == year;
}

/* ---- countries ---- */

static quipu_status mark_labels(qi_counterfactual *c, qi_role role, double year, uint8_t **seen,
                                quipu_error *err) {
    qi_panel *p = &c->g.panel;
    QI_TRY(qi_panel_labels(p, (size_t)p->role[role], err));
    const qi_panel_column *column = &p->columns.items[p->role[role]];
    *seen = qi_arena_alloc(&c->arena, column->n_labels + 1);
    if (*seen == NULL)
        return qi_fail_memory(err, column->n_labels);
    for (size_t row = 0; row < p->n; row++)
        if (column->label[row] != QI_NO_LABEL && of_year(c, row, year))
            (*seen)[column->label[row]] = 1;
    return QUIPU_OK;
}

static size_t take_names(const qi_panel_column *column, const uint8_t *seen, const char **names,
                         size_t n) {
    for (size_t k = 0; k < column->n_labels; k++)
        if (seen[k])
            names[n++] = column->labels[k];
    return n;
}

static quipu_status find_countries(qi_counterfactual *c, double year, quipu_error *err) {
    const qi_panel *p = &c->g.panel;
    uint8_t *seen[2];
    if (p->role[QI_EXPORTER] < 0 || p->role[QI_IMPORTER] < 0)
        return qi_fail_at(err, QUIPU_E_ARG, p->file, 1, 0,
                          "who exports, who imports? Name the columns with --exporter and "
                          "--importer");
    QI_TRY(mark_labels(c, QI_EXPORTER, year, &seen[0], err));
    QI_TRY(mark_labels(c, QI_IMPORTER, year, &seen[1], err));
    const qi_panel_column *e = &p->columns.items[p->role[QI_EXPORTER]];
    const qi_panel_column *m = &p->columns.items[p->role[QI_IMPORTER]];
    const char **names =
        qi_arena_alloc(&c->arena, (e->n_labels + m->n_labels + 1) * sizeof *names);
    if (names == NULL)
        return qi_fail_memory(err, (e->n_labels + m->n_labels) * sizeof *names);
    size_t n = take_names(m, seen[1], names, take_names(e, seen[0], names, 0)), once = 0;
    if (n > 0)
        qsort(names, n, sizeof *names, by_text);
    for (size_t k = 0; k < n; k++)
        if (once == 0 || strcmp(names[once - 1], names[k]) != 0)
            names[once++] = names[k];
    c->world.n = once;
    c->world.name = names;
    return QUIPU_OK;
}

/* Countries of the world of every row, of whatever year. */
static quipu_status place_side(qi_counterfactual *c, qi_role role, uint32_t **out,
                               quipu_error *err) {
    const qi_panel *p = &c->g.panel;
    const qi_panel_column *column = &p->columns.items[p->role[role]];
    uint32_t *place = qi_arena_alloc(&c->arena, (column->n_labels + 1) * sizeof *place);
    *out = qi_arena_alloc(&c->arena, (p->n + 1) * sizeof **out);
    if (place == NULL || *out == NULL)
        return qi_fail_memory(err, p->n * sizeof **out);
    for (size_t k = 0; k < column->n_labels; k++) {
        size_t at = qi_counterfactual_country(c, column->labels[k]);
        place[k] = at == QI_NO_CELL ? QI_NO_LABEL : (uint32_t)at;
    }
    for (size_t row = 0; row < p->n; row++)
        (*out)[row] =
            column->label[row] == QI_NO_LABEL ? QI_NO_LABEL : place[column->label[row]];
    return QUIPU_OK;
}

/* ---- cells ---- */

static quipu_status place_cells(qi_counterfactual *c, double year, quipu_error *err) {
    const qi_panel *p = &c->g.panel;
    size_t n = c->world.n;
    size_t *row_of = qi_arena_alloc(&c->arena, (n * n + 1) * sizeof *row_of);
    c->cell = qi_arena_alloc(&c->arena, (p->n + 1) * sizeof *c->cell);
    if (row_of == NULL || c->cell == NULL)
        return qi_fail_memory(err, p->n * sizeof *c->cell);
    for (size_t row = 0; row < p->n; row++) {
        c->cell[row] = QI_NO_CELL;
        if (!of_year(c, row, year) || c->exporter[row] == QI_NO_LABEL ||
            c->importer[row] == QI_NO_LABEL)
            continue;
        size_t cell = c->cell[row] = c->exporter[row] * n + c->importer[row];
        if (row_of[cell] != 0)
            return qi_fail_at(err, QUIPU_E_DATA, p->file, qi_panel_line(p, row), 0,
                              "%s to %s%s%s is there twice; a counterfactual takes one row for "
                              "each pair: pick one sector, or add them up",
                              c->world.name[c->exporter[row]], c->world.name[c->importer[row]],
                              c->year != NULL ? " in " : "", c->year != NULL ? c->year : "");
        row_of[cell] = row + 1;
        c->n_pairs++;
    }
    c->n_absent = n * n - c->n_pairs;
    return QUIPU_OK;
}

/* ---- baseline ---- */

static quipu_status observed(qi_counterfactual *c, double *trade, quipu_error *err) {
    qi_panel *p = &c->g.panel;
    qi_lags *lags = NULL;
    qi_values y;
    const qi_node *node = c->g.formulas[0].y;
    if (node->op == QI_NODE_LOG)
        node = node->a; /* trade itself */
    quipu_status status = qi_node_values(p, node, &lags, &y, err);
    qi_lags_free(lags);
    QI_TRY(status);
    for (size_t row = 0; row < p->n; row++)
        if (c->cell[row] != QI_NO_CELL)
            trade[c->cell[row]] = isnan(y.value[row]) ? 0 : y.value[row];
    free(y.own);
    return QUIPU_OK;
}

static void take_fitted(const qi_counterfactual *c, double *fitted) {
    const qi_design *d = &c->result.design;
    for (size_t k = 0; k < d->model.n; k++) {
        size_t cell = c->cell[d->row == NULL ? k : d->row[k]];
        if (cell != QI_NO_CELL && isfinite(c->result.fit.fitted[k]))
            fitted[cell] = c->result.fit.fitted[k];
    }
}

/* Fitted trade is a product of exporter, importer and cost terms: any such product will do as
 * costs, and is brought to the observed outputs and expenditures. */
static quipu_status fit_trade(qi_counterfactual *c, const double *trade, double *fitted,
                              quipu_error *err) {
    size_t n = c->world.n;
    unsigned steps;
    double *room = calloc(4 * n + 1, sizeof *room);
    if (room == NULL)
        return qi_fail_memory(err, 4 * n * sizeof *room);
    double *y = room, *e = y + n, *a = e + n, *b = a + n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            y[i] += trade[i * n + j];
            e[j] += trade[i * n + j];
        }
    qi_margins m = {.n = n,
                    .name = c->world.name,
                    .cost = fitted,
                    .output = y,
                    .spent = e,
                    .reference = QI_NO_REFERENCE};
    quipu_status status = qi_balance(&m, a, b, &steps, err);
    for (size_t k = 0; k < n * n && status == QUIPU_OK; k++)
        fitted[k] *= a[k / n] * b[k % n];
    free(room);
    return status;
}

static quipu_status make_baseline(qi_counterfactual *c, quipu_error *err) {
    const char *baseline = qi_counterfactual_word(c, "baseline");
    double *trade = qi_counterfactual_matrix(c, 0), *fitted = NULL;
    if (trade == NULL)
        return qi_fail_memory(err, c->world.n * c->world.n * sizeof *trade);
    c->world.trade = trade;
    QI_TRY(observed(c, trade, err));
    QI_TRY(qi_world_check(&c->world, err)); /* what the data lack, before what a fit lacks */
    c->fitted = c->estimated && !qi_is(baseline, "observed");
    if (!c->fitted)
        return QUIPU_OK;
    if (c->result.design.model.estimator != QI_PPML)
        return qi_fail(err, QUIPU_E_ARG,
                       "a fitted baseline is one of PPML; take --baseline observed");
    fitted = qi_counterfactual_matrix(c, 0);
    if (fitted == NULL)
        return qi_fail_memory(err, c->world.n * c->world.n * sizeof *fitted);
    if (qi_counterfactual_word(c, "fill") != NULL)
        QI_TRY(qi_counterfactual_fill(c, fitted, err));
    else
        take_fitted(c, fitted);
    QI_TRY(fit_trade(c, trade, fitted, err));
    c->world.trade = fitted;
    for (size_t k = 0; k < c->world.n * c->world.n; k++)
        c->n_unfitted += fitted[k] == 0;
    c->n_unfitted -= c->n_absent < c->n_unfitted ? c->n_absent : c->n_unfitted;
    return QUIPU_OK;
}

static quipu_status find_reference(qi_counterfactual *c, quipu_error *err) {
    const char *text = qi_counterfactual_word(c, "reference");
    if (text == NULL)
        return QUIPU_OK;
    const quipu_country *country;
    size_t at = qi_counterfactual_country(c, text);
    for (size_t i = 0; at == QI_NO_CELL && i < c->world.n; i++) {
        const quipu_country *other;
        if (quipu_country_find(c->request.nomen, text, &country, NULL) == QUIPU_OK &&
            quipu_country_find(c->request.nomen, c->world.name[i], &other, NULL) == QUIPU_OK &&
            country->id == other->id)
            at = i;
    }
    if (at == QI_NO_CELL)
        return qi_fail(err, QUIPU_E_NOT_FOUND,
                       "reference \"%s\": none of the %zu countries of the year, which begin "
                       "with %s",
                       text, c->world.n, c->world.n > 0 ? c->world.name[0] : "nobody");
    c->world.reference = at;
    return QUIPU_OK;
}

quipu_status qi_counterfactual_world(qi_counterfactual *c, quipu_error *err) {
    double year;
    QI_TRY(find_year(c, &year, err));
    QI_TRY(find_countries(c, year, err));
    QI_TRY(find_reference(c, err));
    QI_TRY(place_side(c, QI_EXPORTER, &c->exporter, err));
    QI_TRY(place_side(c, QI_IMPORTER, &c->importer, err));
    QI_TRY(place_cells(c, year, err));
    return make_baseline(c, err);
}
