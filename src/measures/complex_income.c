/* SPDX-License-Identifier: Apache-2.0 */
/* complex_income.c - the income that goes with a product: what prody and expy share. */
#include "measures/complex.h"

static double income_of(const qi_study *s, size_t position, quipu_period year) {
    size_t n;
    const quipu_cube_country *all = quipu_cube_countries(s->ask.cube, &n);
    const quipu_country *c = quipu_country_by_number(s->ask.nomen, all[position].number);
    return c != NULL ? qi_by_year_find(&s->income, c->id, year) : (double)NAN;
}

void qi_incomes_free(qi_incomes *x) {
    free(x->of_country);
    free(x->prody);
    free(x->exporters);
    memset(x, 0, sizeof *x);
}

/* PRODY = sum of shares times income over sum of shares; shares of the product in the exports
 * of each country. */
static void fill(const qi_world *w, qi_incomes *x, double *shares, quipu_money *room) {
    size_t n = w->n_products;
    for (size_t c = 0; c < w->n_countries; c++) {
        double all = (double)w->by_country[c], income = x->of_country[c];
        const quipu_money *row = qi_world_row(w, c, room);
        for (size_t p = 0; p < n && !isnan(income); p++) {
            if (row[p] <= 0)
                continue;
            double share = (double)row[p] / all;
            shares[p] += share;
            x->prody[p] += share * income;
            x->exporters[p]++;
        }
    }
    for (size_t p = 0; p < n; p++)
        x->prody[p] = x->exporters[p] > 0 ? x->prody[p] / shares[p] : (double)NAN;
}

static quipu_status one_year(const qi_study *s, qi_year *y, const uint8_t *used,
                             quipu_error *err) {
    const qi_world *w = &y->world;
    qi_incomes *x = &y->incomes;
    double *shares = calloc(w->n_products + 1, sizeof *shares);
    quipu_money *room = malloc((w->n_products + 1) * sizeof *room);
    x->of_country = malloc((w->n_countries + 1) * sizeof *x->of_country);
    x->prody = calloc(w->n_products + 1, sizeof *x->prody);
    x->exporters = calloc(w->n_products + 1, sizeof *x->exporters);
    if (!shares || !room || !x->of_country || !x->prody || !x->exporters) {
        free(shares);
        free(room);
        return qi_fail_memory(err, w->n_products * sizeof *shares);
    }
    for (size_t c = 0; c < w->n_countries; c++)
        x->of_country[c] = used == NULL || used[w->country[c]]
                               ? income_of(s, w->country[c], y->period)
                               : (double)NAN;
    fill(w, x, shares, room);
    free(shares);
    free(room);
    return QUIPU_OK;
}

/* Countries that export and have an income in every year. */
static void keep_balanced(const qi_study *s, uint8_t *used, size_t n) {
    for (size_t c = 0; c < n; c++)
        used[c] = 1;
    for (size_t t = 0; t < s->n_years; t++) {
        const qi_year *y = &s->years[t];
        size_t at = 0;
        for (size_t c = 0; c < n && y->there; c++) {
            while (at < y->world.n_countries && y->world.country[at] < c)
                at++;
            bool exports = at < y->world.n_countries && y->world.country[at] == c;
            used[c] = used[c] && exports && !isnan(income_of(s, c, y->period));
        }
    }
}

static quipu_status balance(qi_study *s, uint8_t **used, quipu_error *err) {
    size_t n, kept = 0;
    quipu_cube_countries(s->ask.cube, &n);
    *used = qi_arena_alloc(&s->ask.arena, n + 1);
    if (*used == NULL)
        return qi_fail_memory(err, n);
    keep_balanced(s, *used, n);
    for (size_t c = 0; c < n; c++)
        kept += (*used)[c];
    return qi_ask_note(&s->ask, err,
                       "Balanced: the %zu countries with exports and income in every year.",
                       kept);
}

quipu_status qi_incomes_make(qi_study *s, quipu_error *err) {
    const char *path = qi_argument(s->ask.measure, s->ask.request, "income");
    uint8_t *used = NULL;
    if (path == NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "%s needs the incomes of the countries: --income FILE, a CSV table with "
                       "the columns country,year,gdp",
                       s->ask.measure->name);
    QI_TRY(qi_by_year_read(s->ask.nomen, path, "gdp", &s->ask.arena, &s->income, err));
    if (qi_switch(s->ask.measure, s->ask.request, "balanced"))
        QI_TRY(balance(s, &used, err));
    for (size_t t = 0; t < s->n_years; t++)
        if (s->years[t].there)
            QI_TRY(one_year(s, &s->years[t], used, err));
    return QUIPU_OK;
}
