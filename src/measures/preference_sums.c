/* SPDX-License-Identifier: Apache-2.0 */
/* preference_sums.c - the tariffs of a cube added up by importer, exporter, label and year. */
#include "measures/main_class.h"
#include "measures/preference.h"

enum { MOST_CELLS = 2000000, MOST_LINKS = 16 };
#define NOT_SELECTED UINT32_MAX

/* ---- labels: what --by asks for ---- */

static quipu_status label_by_class(qi_pref *p, quipu_error *err) {
    const char *from = quipu_cube_meta(p->request->cube, "nomenclature");
    size_t n = quipu_cube_n_products(p->request->cube);
    qi_main_classes classes;
    QI_TRY(qi_main_classes_make(p->measure, p->request, p->by, from != NULL ? from : "",
                                quipu_cube_product_codes(p->request->cube), n, &p->arena,
                                &classes, err));
    p->n_labels = classes.n;
    p->label_code = classes.code;
    p->label_name = classes.name;
    p->n_split = classes.n_split;
    for (size_t k = 0; k < n; k++)
        if (p->label[k] != NOT_SELECTED)
            p->label[k] = classes.of[k];
    return QUIPU_OK;
}

static quipu_status label_by_product(qi_pref *p, quipu_error *err) {
    size_t n = quipu_cube_n_products(p->request->cube);
    const char *nomenclature = quipu_cube_meta(p->request->cube, "nomenclature");
    const quipu_nomenclature *names = NULL;
    if (nomenclature == NULL ||
        quipu_nomenclature_find(p->request->nomen, nomenclature, &names, NULL) != QUIPU_OK)
        names = NULL;
    p->n_labels = n;
    p->label_code = qi_arena_alloc(&p->arena, (n + 1) * sizeof *p->label_code);
    p->label_name = qi_arena_alloc(&p->arena, (n + 1) * sizeof *p->label_name);
    if (p->label_code == NULL || p->label_name == NULL)
        return qi_fail_memory(err, n * sizeof(char *));
    for (size_t k = 0; k < n; k++) {
        const char *code = quipu_cube_product(p->request->cube, k);
        const quipu_product *found =
            names != NULL ? quipu_product_find(p->request->nomen, names, code, strlen(code))
                          : NULL;
        p->label_code[k] = code;
        p->label_name[k] = found != NULL ? found->name : "";
        if (p->label[k] != NOT_SELECTED)
            p->label[k] = (uint32_t)k;
    }
    return QUIPU_OK;
}

static quipu_status make_labels(qi_pref *p, quipu_error *err) {
    static const char *all_code[] = {"all"}, *all_name[] = {"All goods"};
    const quipu_cube *cube = p->request->cube;
    size_t n = quipu_cube_n_products(cube);
    qi_product_set products;
    QI_TRY(qi_product_set_make(cube, p->request->nomen,
                               qi_argument(p->measure, p->request, "product"), &p->arena,
                               &products, err));
    p->total = quipu_cube_product_lower(cube, "TOTAL");
    if (p->total >= n || strcmp(quipu_cube_product(cube, p->total), "TOTAL") != 0)
        p->total = SIZE_MAX;
    p->label = qi_arena_alloc(&p->arena, (n + 1) * sizeof *p->label);
    if (p->label == NULL)
        return qi_fail_memory(err, n * sizeof *p->label);
    for (size_t k = 0; k < n; k++)
        if (k == p->total || (products.mask != NULL && !products.mask[k]))
            p->label[k] = NOT_SELECTED; /* the row TOTAL is no part of itself */
    p->by = qi_argument(p->measure, p->request, "by");
    if (qi_is(p->by, "year"))
        p->by = NULL;
    if (qi_is(p->by, "product"))
        return label_by_product(p, err);
    if (qi_is(p->by, "reporter") || qi_is(p->by, "partner") ||
        (p->by != NULL && strchr(p->by, ',') != NULL))
        return qi_fail(err, QUIPU_E_ARG,
                       "by \"%s\": take product or one class scheme (technology, sector, "
                       "section, ...); importers, exporters and years have rows anyway",
                       p->by);
    if (p->by != NULL)
        return label_by_class(p, err);
    p->n_labels = 1;
    p->label_code = all_code;
    p->label_name = all_name;
    return QUIPU_OK;
}

/* ---- pairs ---- */

typedef struct chosen {
    quipu_country_set reporters, partners;
    bool reporters_listed;
} chosen;

static quipu_status choose(qi_pref *p, chosen *c, quipu_error *err) {
    const quipu_request *r = p->request;
    quipu_period one = p->last;
    bool dated;
    const char *absent;
    c->reporters_listed = qi_argument(p->measure, r, "reporter") != NULL;
    QI_TRY(qi_country_set_make(r->cube, r->nomen, qi_argument(p->measure, r, "reporter"), &one,
                               1, &p->arena, &c->reporters, &dated, &absent, err));
    return qi_country_set_make(r->cube, r->nomen, qi_argument(p->measure, r, "partner"), &one,
                               1, &p->arena, &c->partners, &dated, &absent, err);
}

static quipu_status add_pair(qi_pref *p, size_t room, size_t reporter, size_t partner,
                             quipu_error *err) {
    size_t n;
    const quipu_cube_country *countries = quipu_cube_countries(p->request->cube, &n);
    const quipu_country *r =
        quipu_country_by_number(p->request->nomen, countries[reporter].number);
    const quipu_country *q =
        quipu_country_by_number(p->request->nomen, countries[partner].number);
    if (p->n_pairs == room)
        return qi_fail(err, QUIPU_E_BUG, "more pairs than were counted");
    qi_pref_pair *pair = &p->pairs[p->n_pairs++];
    *pair = (qi_pref_pair){.reporter = (uint16_t)reporter,
                           .partner = (uint16_t)partner,
                           .reporter_id = r != NULL ? r->id : QUIPU_NO_COUNTRY,
                           .partner_id = q != NULL ? q->id : QUIPU_NO_COUNTRY};
    if (r == NULL || q == NULL)
        return QUIPU_OK;
    quipu_agreement_link links[MOST_LINKS];
    QI_TRY(quipu_agreements_between(p->request->nomen, r->id, q->id,
                                    QUIPU_FREE_TRADE | QUIPU_CUSTOMS_UNION, links, MOST_LINKS,
                                    &n, err));
    /* The first that held at some time since the cube begins. */
    for (size_t i = 0; i < n && i < MOST_LINKS && !pair->has_link; i++)
        if (links[i].to == 0 || links[i].to / 10000 >= p->first) {
            pair->link = links[i];
            pair->has_link = true;
        }
    return QUIPU_OK;
}

/* Pairs with tariffs; of importers that were named also those without, so that they stand
 * beside the others with their trade. */
static quipu_status make_pairs(qi_pref *p, const quipu_tariff *tariffs, size_t n,
                               quipu_error *err) {
    chosen c;
    size_t n_countries;
    quipu_cube_countries(p->request->cube, &n_countries);
    QI_TRY(choose(p, &c, err));
    p->importers = c.reporters.all ? "all importers with tariffs" : c.reporters.label;
    p->exporters = c.partners.all ? "all exporters" : c.partners.label;
    uint8_t *seen = qi_arena_alloc(&p->arena, n_countries * n_countries + 1);
    uint8_t *exporter = qi_arena_alloc(&p->arena, n_countries + 1);
    if (seen == NULL || exporter == NULL)
        return qi_fail_memory(err, n_countries * n_countries);
    size_t room = 0;
    for (size_t i = 0; i < n; i++)
        if (quipu_country_set_has(&c.reporters, 0, tariffs[i].reporter) &&
            quipu_country_set_has(&c.partners, 0, tariffs[i].partner)) {
            uint8_t *at = &seen[tariffs[i].reporter * n_countries + tariffs[i].partner];
            room += !*at;
            *at = 1;
            exporter[tariffs[i].partner] = 1;
        }
    for (size_t r = 0; r < n_countries && c.reporters_listed && !c.reporters.all; r++)
        for (size_t q = 0; q < n_countries; q++)
            if (quipu_country_set_has(&c.reporters, 0, r) && exporter[q] && r != q &&
                !seen[r * n_countries + q]) {
                seen[r * n_countries + q] = 1;
                room++;
            }
    if (room == 0)
        return qi_fail(err, QUIPU_E_NOT_FOUND,
                       "the cube has no tariffs of %s on goods of %s: quipu tariff CUBE shows "
                       "those it has",
                       c.reporters.label, c.partners.label);
    p->pairs = qi_arena_alloc(&p->arena, room * sizeof *p->pairs);
    if (p->pairs == NULL)
        return qi_fail_memory(err, room * sizeof *p->pairs);
    for (size_t r = 0; r < n_countries; r++)
        for (size_t q = 0; q < n_countries; q++)
            if (seen[r * n_countries + q])
                QI_TRY(add_pair(p, room, r, q, err));
    return QUIPU_OK;
}

static size_t find_pair(const qi_pref *p, size_t reporter, size_t partner) {
    for (size_t i = 0; i < p->n_pairs; i++)
        if (p->pairs[i].reporter == reporter && p->pairs[i].partner == partner)
            return i;
    return SIZE_MAX;
}

/* ---- tariffs ---- */

static int duty_of(const quipu_tariff *t) {
    return t->duty == QUIPU_DUTY_APPLIED      ? QI_PREF_APPLIED
           : t->duty == QUIPU_DUTY_MFN        ? QI_PREF_MFN
           : t->duty == QUIPU_DUTY_PREFERENCE ? QI_PREF_PREFERENCE
                                              : -1;
}

static void add_rates(qi_duty_sum *sum, const quipu_tariff *t) {
    if (t->simple_average != QUIPU_RATE_MISSING) {
        sum->n++;
        sum->rate += t->simple_average;
        sum->n_without_lines += t->lines <= 0;
        if (t->lines > 0) {
            sum->lines += t->lines;
            sum->rate_lines += (qi_wide)t->simple_average * t->lines;
        }
    }
    if (t->weighted_average != QUIPU_RATE_MISSING && t->value > 0) {
        sum->n_weighted++;
        sum->value += t->value;
        sum->rate_value += (qi_wide)t->weighted_average * t->value;
    }
}

/* What of the imports of an industry met no duty.  Surely what is of an industry without any;
 * at most what is left when the average duty is put on as few goods as can be: those of the
 * highest rate. */
static void add_zero(qi_pref_cell *cell, const quipu_tariff *t) {
    if (t->weighted_average == QUIPU_RATE_MISSING || t->value <= 0 ||
        t->minimum == QUIPU_RATE_MISSING || t->maximum == QUIPU_RATE_MISSING)
        return;
    if (t->maximum == 0)
        cell->zero_low += t->value;
    if (t->minimum == 0 && t->weighted_average == 0)
        cell->zero += t->value;
    if (t->minimum == 0 && t->maximum == 0)
        cell->zero_high += t->value;
    else if (t->minimum == 0 && t->weighted_average < t->maximum)
        cell->zero_high +=
            t->value - (int64_t)((qi_wide)t->value * t->weighted_average / t->maximum);
}

static void add_period(qi_pref_cell *cell, quipu_period period) {
    if (period == 0)
        return;
    cell->trade_period = cell->trade_period == 0 || cell->trade_period == period ? period : -1;
}

/* The MFN row of an applied one follows it; NULL when there is none. */
static const quipu_tariff *mfn_of(const quipu_tariff *t, const quipu_tariff *end) {
    const quipu_tariff *next = t + 1;
    bool fits = t->duty == QUIPU_DUTY_APPLIED && next < end && next->duty == QUIPU_DUTY_MFN &&
                next->product == t->product && next->reporter == t->reporter &&
                next->partner == t->partner && next->tariff_period == t->tariff_period;
    return fits ? next : NULL;
}

static void compare(qi_pref *p, size_t pair, size_t year, const quipu_tariff *t,
                    const quipu_tariff *mfn) {
    if (mfn != NULL && (t->simple_average != mfn->simple_average ||
                        t->weighted_average != mfn->weighted_average))
        p->differs[pair * p->n_years + year] = 1;
}

/* A margin is of products that have both rates, with the same weights. */
static void add_both(qi_pref_cell *cell, const quipu_tariff *applied, const quipu_tariff *mfn) {
    quipu_tariff a = *applied, m = *mfn;
    if (a.simple_average == QUIPU_RATE_MISSING || m.simple_average == QUIPU_RATE_MISSING)
        a.simple_average = m.simple_average = QUIPU_RATE_MISSING;
    if (a.weighted_average == QUIPU_RATE_MISSING || m.weighted_average == QUIPU_RATE_MISSING)
        a.weighted_average = m.weighted_average = QUIPU_RATE_MISSING;
    m.lines = a.lines;
    m.value = a.value;
    add_rates(&cell->both[0], &a);
    add_rates(&cell->both[1], &m);
}

static void add_tariffs(qi_pref *p, const quipu_tariff *tariffs, size_t n, bool whole) {
    for (size_t i = 0; i < n; i++) {
        const quipu_tariff *t = &tariffs[i];
        size_t pair = find_pair(p, t->reporter, t->partner);
        int duty = duty_of(t);
        if (pair == SIZE_MAX || duty < 0)
            continue;
        size_t year = (size_t)(t->tariff_period - p->first);
        p->reported[pair * p->n_years + year] = 1;
        const quipu_tariff *mfn = mfn_of(t, tariffs + n);
        compare(p, pair, year, t, mfn);
        if (whole && t->product == p->total) {
            qi_duty_sum *sum = &qi_pref_at(p, pair, 0, year)->duty[duty];
            if (t->simple_average != QUIPU_RATE_MISSING) {
                sum->is_source = true;
                sum->source_simple = t->simple_average;
            }
            continue;
        }
        if (p->label[t->product] == NOT_SELECTED)
            continue;
        qi_pref_cell *cell = qi_pref_at(p, pair, p->label[t->product], year);
        add_rates(&cell->duty[duty], t);
        if (duty == QI_PREF_APPLIED) {
            add_zero(cell, t);
            add_period(cell, t->trade_period);
        }
        if (mfn != NULL)
            add_both(cell, t, mfn);
    }
}

/* ---- imports ---- */

static quipu_status add_imports(qi_pref *p, quipu_error *err) {
    char years[40];
    quipu_view view;
    quipu_cells cells = {0};
    quipu_selection s = {.reporter = qi_argument(p->measure, p->request, "reporter"),
                         .partner = qi_argument(p->measure, p->request, "partner"),
                         .flow = "import",
                         .years = years};
    snprintf(years, sizeof years, "%d-%d", (int)p->first, (int)p->last);
    quipu_status status =
        qi_view_open(p->request->cube, p->request->nomen, &s, true, NULL, &view, NULL);
    if (status == QUIPU_E_NOMEM)
        return qi_fail_memory(err, 0);
    if (status != QUIPU_OK)
        return QUIPU_OK; /* tariffs without trade */
    quipu_rollup_options options = qi_rollup_options(p->request);
    options.dims =
        QUIPU_DIM_REPORTER | QUIPU_DIM_PARTNER | QUIPU_DIM_PRODUCT | QUIPU_DIM_PERIOD;
    for (size_t i = 0; i < p->n_pairs; i++)
        for (size_t y = 0; y < view.n_periods; y++)
            if (view.slab[y] >= 0 && quipu_view_reported(&view, y, p->pairs[i].reporter))
                for (size_t l = 0; l < p->n_labels; l++)
                    qi_pref_at(p, i, l, (size_t)(view.periods[y] - p->first))->known = true;
    QI_GO(quipu_rollup(&view, &options, &cells, err));
    for (size_t i = 0; i < cells.n; i++) {
        size_t pair = find_pair(p, cells.reporter[i], cells.partner[i]);
        uint32_t label = p->label[cells.product[i]];
        if (pair == SIZE_MAX || label == NOT_SELECTED)
            continue;
        size_t year = (size_t)(view.periods[cells.period[i]] - p->first);
        qi_pref_at(p, pair, label, year)->imports += cells.value[i];
    }
done:
    quipu_cells_free(&cells);
    quipu_view_close(&view);
    return status;
}

/* ---- all of it ---- */

static quipu_status find_years(qi_pref *p, const quipu_tariff *tariffs, size_t n,
                               quipu_error *err) {
    size_t n_slabs;
    const quipu_slab *slabs = quipu_cube_slabs(p->request->cube, &n_slabs);
    p->first = tariffs[0].tariff_period;
    p->last = tariffs[n - 1].tariff_period;
    for (size_t i = 0; i < n_slabs; i++) {
        if (slabs[i].period > 9999)
            return qi_fail(err, QUIPU_E_ARG, "%s wants years; the cube has months",
                           p->measure->name);
        p->first = slabs[i].period < p->first ? slabs[i].period : p->first;
        p->last = slabs[i].period > p->last ? slabs[i].period : p->last;
    }
    if (p->first < 1800 || p->last > 9999)
        return qi_fail(err, QUIPU_E_DATA, "tariffs of the years %d to %d", (int)p->first,
                       (int)p->last);
    p->n_years = (size_t)(p->last - p->first) + 1;
    return QUIPU_OK;
}

static quipu_status fill(qi_pref *p, quipu_error *err) {
    const quipu_tariff *tariffs;
    size_t n, n_cells;
    QI_TRY(quipu_cube_tariffs(p->request->cube, &tariffs, &n, err));
    if (n == 0)
        return qi_fail(err, QUIPU_E_NOT_FOUND,
                       "the cube holds no tariffs: import them together with the trade "
                       "(profiles wits-trains and tariffs)");
    QI_TRY(find_years(p, tariffs, n, err));
    QI_TRY(make_labels(p, err));
    QI_TRY(make_pairs(p, tariffs, n, err));
    if (!qi_mul_size(p->n_pairs, p->n_labels, &n_cells) ||
        !qi_mul_size(n_cells, p->n_years, &n_cells) || n_cells > MOST_CELLS)
        return qi_fail(err, QUIPU_E_LIMIT,
                       "more than %d figures: name fewer importers, or a class scheme instead "
                       "of products",
                       MOST_CELLS);
    p->cells = calloc(n_cells, sizeof *p->cells);
    p->differs = qi_arena_alloc(&p->arena, p->n_pairs * p->n_years);
    p->reported = qi_arena_alloc(&p->arena, p->n_pairs * p->n_years);
    if (p->cells == NULL || p->differs == NULL || p->reported == NULL)
        return qi_fail_memory(err, n_cells * sizeof *p->cells);
    bool whole = p->by == NULL && qi_argument(p->measure, p->request, "product") == NULL &&
                 qi_choice_of(p->measure, p->request, "average") == 0;
    add_tariffs(p, tariffs, n, whole);
    return add_imports(p, err);
}

quipu_status qi_pref_open(qi_pref *p, const quipu_measure *measure,
                          const quipu_request *request, quipu_error *err) {
    *p = (qi_pref){.measure = measure, .request = request};
    quipu_status status = fill(p, err);
    if (status != QUIPU_OK)
        qi_pref_close(p);
    return status;
}

void qi_pref_close(qi_pref *p) {
    free(p->cells);
    qi_arena_free(&p->arena);
    *p = (qi_pref){0};
}
