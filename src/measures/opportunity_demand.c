/* SPDX-License-Identifier: Apache-2.0 */
/* opportunity_demand.c - see opportunity.h.
 *
 * A partner's demand is what it reports as imports; where the cube has no imports of it, what
 * everybody reports as exports to it.
 */
#include "measures/opportunity.h"

enum { FIRST, LAST };

static quipu_status open_view(const qi_demand_wish *w, bool mirrored, quipu_view *out,
                              quipu_error *err) {
    char years[32];
    snprintf(years, sizeof years, "%d,%d", (int)w->first, (int)w->last);
    quipu_selection s = {.reporter = w->partner,
                         .flow = "import",
                         .years = years,
                         .basis = mirrored ? "mirror" : "reporter"};
    return qi_view_open(w->cube, w->nomen, &s, true, NULL, out, err);
}

static bool has_trade(const quipu_view *view, quipu_period period) {
    for (size_t p = 0; p < view->n_periods; p++)
        if (view->periods[p] == period && qi_any_reported(view, p))
            return true;
    return false;
}

static quipu_status choose_view(const qi_demand_wish *w, bool *mirrored, quipu_view *out,
                                quipu_error *err) {
    for (int attempt = 0; attempt < 2; attempt++) {
        *mirrored = attempt == 1;
        quipu_status status = open_view(w, *mirrored, out, NULL);
        if (status == QUIPU_E_NOMEM || status == QUIPU_E_FORMAT || status == QUIPU_E_IO)
            return qi_fail(err, status, "the trade of %s cannot be read", w->partner);
        if (status != QUIPU_OK)
            continue; /* the cube has no such side */
        if (has_trade(out, w->last))
            return QUIPU_OK;
        quipu_view_close(out);
    }
    return qi_fail(err, QUIPU_E_NOT_FOUND, "the cube does not say what %s bought in %d",
                   w->partner, (int)w->last);
}

static bool alloc(qi_demand *d, size_t n) {
    d->n = n;
    d->first = calloc(n + 1, sizeof *d->first);
    d->last = calloc(n + 1, sizeof *d->last);
    d->held = calloc(n + 1, sizeof *d->held);
    d->leader = calloc(n + 1, sizeof *d->leader);
    d->leader_value = calloc(n + 1, sizeof *d->leader_value);
    d->applied = calloc(n + 1, sizeof *d->applied);
    d->mfn = calloc(n + 1, sizeof *d->mfn);
    for (size_t g = 0; g < n && d->leader != NULL; g++)
        d->leader[g] = QI_NO_SUPPLIER;
    return d->first && d->last && d->held && d->leader && d->leader_value && d->applied &&
           d->mfn;
}

/* Cells come in order of supplier; a leader is kept on a tie, being first by position. */
static quipu_status add_cells(const qi_demand_wish *w, const quipu_view *view,
                              const quipu_cells *cells, const qi_goods *goods, qi_demand *d,
                              quipu_money *of_supplier, quipu_error *err) {
    for (size_t i = 0; i < cells->n;) {
        uint32_t supplier = cells->partner[i];
        size_t end = i;
        memset(of_supplier, 0, goods->n * sizeof *of_supplier);
        for (; end < cells->n && cells->partner[end] == supplier; end++) {
            uint32_t g = goods->of[cells->product[end]];
            quipu_money v = cells->value[end];
            if (g == QI_NO_PRODUCT)
                continue;
            quipu_period period = view->periods[cells->period[end]];
            bool fits = true;
            if (period == w->first)
                fits = qi_add_money(&d->first[g], v);
            if (period == w->last)
                fits = fits && qi_add_money(&d->last[g], v) && qi_add_money(&d->total, v) &&
                       qi_add_money(&of_supplier[g], v);
            if (!fits)
                return qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15 US$");
        }
        for (size_t g = 0; g < goods->n; g++) {
            if (supplier == w->exporter)
                d->held[g] = of_supplier[g];
            else if (of_supplier[g] > d->leader_value[g]) {
                d->leader[g] = supplier;
                d->leader_value[g] = of_supplier[g];
            }
        }
        i = end;
    }
    return QUIPU_OK;
}

static quipu_status read_trade(const qi_demand_wish *w, const qi_goods *goods, qi_demand *d,
                               quipu_error *err) {
    quipu_view view;
    quipu_cells cells = {0};
    quipu_rollup_options options = {.dims = QUIPU_DIM_PARTNER | QUIPU_DIM_PRODUCT |
                                            QUIPU_DIM_PERIOD,
                                    .threads = w->threads};
    QI_TRY(choose_view(w, &d->mirrored, &view, err));
    d->has_first = has_trade(&view, w->first);
    quipu_money *room = malloc((goods->n + 1) * sizeof *room);
    quipu_status status =
        room != NULL ? QUIPU_OK : qi_fail_memory(err, goods->n * sizeof *room);
    if (status == QUIPU_OK)
        status = quipu_rollup(&view, &options, &cells, err);
    if (status == QUIPU_OK)
        status = add_cells(w, &view, &cells, goods, d, room, err);
    free(room);
    quipu_cells_free(&cells);
    quipu_view_close(&view);
    return status;
}

/* ---- tariffs ---- */

typedef struct rates {
    quipu_period *period; /* [leaf] */
    int32_t *rate;
} rates;

/* The latest rate of each leaf up to the last year, averaged over the leaves of a good. */
static quipu_status read_duty(const qi_demand_wish *w, int partner, quipu_duty duty,
                              const qi_goods *goods, double *out, quipu_period *latest,
                              quipu_error *err) {
    const quipu_tariff *all;
    size_t n;
    QI_TRY(quipu_cube_tariffs(w->cube, &all, &n, err));
    rates r = {calloc(goods->n_leaves + 1, sizeof *r.period),
               calloc(goods->n_leaves + 1, sizeof *r.rate)};
    uint32_t *count = calloc(goods->n + 1, sizeof *count);
    bool fine = r.period != NULL && r.rate != NULL && count != NULL;
    for (size_t i = 0; i < n && fine; i++)
        if (all[i].duty == (int32_t)duty && (int)all[i].reporter == partner &&
            all[i].partner == w->exporter && all[i].tariff_period <= w->last &&
            all[i].simple_average != QUIPU_RATE_MISSING &&
            all[i].tariff_period >= r.period[all[i].product]) {
            r.period[all[i].product] = all[i].tariff_period;
            r.rate[all[i].product] = all[i].simple_average;
        }
    for (size_t k = 0; k < goods->n_leaves && fine; k++) {
        uint32_t g = goods->of[k];
        if (r.period[k] == 0 || g == QI_NO_PRODUCT)
            continue;
        out[g] += r.rate[k] / 1e6; /* ten-thousandths of a per cent */
        count[g]++;
        *latest = r.period[k] > *latest ? r.period[k] : *latest;
    }
    for (size_t g = 0; g < goods->n && fine; g++)
        out[g] = count[g] > 0 ? out[g] / count[g] : NAN;
    free(r.period);
    free(r.rate);
    free(count);
    return fine ? QUIPU_OK : qi_fail_memory(err, goods->n_leaves * sizeof(int32_t));
}

/* Tariffs are of one country; a group has none. */
static int single_country(const qi_demand_wish *w) {
    qi_arena arena = {0};
    qi_choice *choices;
    size_t n;
    int index = -1;
    if (qi_choices_parse(w->nomen, w->partner, &arena, &choices, &n, NULL) == QUIPU_OK)
        index = qi_one_country(w->cube, choices, n);
    qi_arena_free(&arena);
    return index;
}

quipu_status qi_demand_make(const qi_demand_wish *wish, const qi_goods *goods, qi_demand *out,
                            quipu_error *err) {
    int partner = single_country(wish);
    *out = (qi_demand){0};
    quipu_status status = QUIPU_OK;
    if (!alloc(out, goods->n))
        status = qi_fail_memory(err, goods->n * 7 * sizeof(int64_t));
    if (status == QUIPU_OK)
        status = read_trade(wish, goods, out, err);
    if (status == QUIPU_OK)
        status = read_duty(wish, partner, QUIPU_DUTY_APPLIED, goods, out->applied,
                           &out->tariff_period, err);
    if (status == QUIPU_OK)
        status =
            read_duty(wish, partner, QUIPU_DUTY_MFN, goods, out->mfn, &out->tariff_period, err);
    if (status != QUIPU_OK)
        qi_demand_free(out);
    return status;
}

void qi_demand_free(qi_demand *d) {
    free(d->first);
    free(d->last);
    free(d->held);
    free(d->leader);
    free(d->leader_value);
    free(d->applied);
    free(d->mfn);
    *d = (qi_demand){0};
}
