/* SPDX-License-Identifier: Apache-2.0 */
/* effect.c - the pair, the date, the windows and the groups beside the pair. */
#include "measures/effect.h"
#include "measures/main_class.h"

enum { MOST_WINDOW = 20, MOST_LINKS = 32 };
#define ALL_GOODS 0u

/* ---- the pair and the date ---- */

static quipu_status one_country(qi_effect *e, const char *name, int *index, const char **label,
                                const quipu_country **country, quipu_error *err) {
    const char *text = qi_argument(e->measure, e->request, name);
    qi_choice *choices;
    size_t n;
    if (text == NULL)
        return qi_fail(err, QUIPU_E_ARG, "%s wants --%s: one country", e->measure->name, name);
    QI_TRY(qi_choices_parse(e->request->nomen, text, &e->arena, &choices, &n, err));
    if (n != 1 || choices[0].n_words != 1 || choices[0].words[0].country == NULL)
        return qi_fail(err, QUIPU_E_ARG, "%s \"%s\": %s takes one country, not a list or group",
                       name, text, e->measure->name);
    *country = choices[0].words[0].country;
    *label = choices[0].name;
    *index = quipu_cube_country_index(e->request->cube, (*country)->number);
    if (*index < 0)
        return qi_fail(err, QUIPU_E_NOT_FOUND, "the cube has no figures of %s", *label);
    return QUIPU_OK;
}

static quipu_status find_agreement(qi_effect *e, uint16_t a, uint16_t b, quipu_period first,
                                   quipu_error *err) {
    qi_pair_asked pair = {a, b, e->reporter_name, e->partner_name, first};
    return qi_since_find(e->measure, e->request, &pair, &e->agreement, &e->since, err);
}

/* ---- options ---- */

static quipu_status read_numbers(qi_effect *e, quipu_error *err) {
    const quipu_measure *m = e->measure;
    const quipu_request *r = e->request;
    int64_t window = qi_integer(m, r, "window", 3), lookback = qi_integer(m, r, "lookback", 0),
            persist = qi_integer(m, r, "persist", 0);
    double threshold = qi_real(m, r, "threshold", 10000);
    if (window < 1 || window > MOST_WINDOW)
        return qi_fail(err, QUIPU_E_ARG, "window %lld: 1 to %d years", (long long)window,
                       MOST_WINDOW);
    if (lookback < 0 || lookback > MOST_WINDOW)
        return qi_fail(err, QUIPU_E_ARG, "lookback %lld: 1 to %d years, or 0: as the window",
                       (long long)lookback, MOST_WINDOW);
    if (persist < 0 || persist > MOST_WINDOW)
        return qi_fail(err, QUIPU_E_ARG, "persist %lld: 0 to %d years", (long long)persist,
                       MOST_WINDOW);
    if (!(threshold > 0 && threshold < 1e12))
        return qi_fail(err, QUIPU_E_ARG, "threshold: more than 0 and less than 1e12 US$");
    e->window = (int)window;
    e->fresh.lookback = (int)(lookback > 0 ? lookback : window);
    e->fresh.persist = (int)persist;
    e->fresh.threshold = (int64_t)(threshold * QUIPU_MONEY_PER_USD + 0.5);
    e->partial = (qi_partial)qi_choice_of(m, r, "partial");
    e->strict = qi_choice_of(m, r, "panel") == 1;
    return QUIPU_OK;
}

/* ---- the view: everyone beside the pair ---- */

/* The exporter stays fixed where the cube has other importers of its goods, else the importer:
 * the same exporter's goods elsewhere are the nearest comparison. */
static quipu_status open_view(qi_effect *e, quipu_error *err) {
    const quipu_measure *m = e->measure;
    const quipu_request *r = e->request;
    quipu_selection s = {.product = qi_argument(m, r, "product"),
                         .flow = qi_argument(m, r, "flow"),
                         .basis = qi_argument(m, r, "basis")};
    size_t compare = qi_choice_of(m, r, "others");
    char years[32];
    size_t n;
    const quipu_slab *slabs = quipu_cube_slabs(r->cube, &n);
    if (n == 0 || slabs[n - 1].period > 9999)
        return qi_fail(err, QUIPU_E_ARG, "%s wants years; the cube has %s", m->name,
                       n == 0 ? "no trade" : "months");
    snprintf(years, sizeof years, "%d-%d", (int)slabs[0].period, (int)slabs[n - 1].period);
    s.years = qi_argument(m, r, "years") != NULL ? qi_argument(m, r, "years") : years;
    for (int attempt = 0; attempt < 2; attempt++) {
        quipu_flow flow = QUIPU_EXPORT;
        const char *reporter = qi_argument(m, r, "reporter");
        const char *partner = qi_argument(m, r, "partner");
        if (attempt == 0 && compare == 0) { /* auto */
            quipu_selection probe = s;
            probe.reporter = reporter;
            probe.partner = partner;
            QI_TRY(qi_view_open(r->cube, r->nomen, &probe, true, NULL, &e->view, err));
            flow = e->view.flow;
            quipu_view_close(&e->view);
            e->others_report = flow == QUIPU_IMPORT || flow == QUIPU_REIMPORT;
        } else if (attempt == 0) {
            e->others_report = compare == 2;
        }
        s.reporter = e->others_report ? NULL : reporter;
        s.partner = e->others_report ? partner : NULL;
        QI_TRY(qi_view_open(r->cube, r->nomen, &s, true, NULL, &e->view, err));
        e->open = true;
        if (attempt == 1 || compare != 0 || !e->others_report)
            return QUIPU_OK;
        quipu_rollup_options options = qi_rollup_options(r);
        options.dims = QUIPU_DIM_REPORTER;
        quipu_cells cells = {0};
        QI_TRY(quipu_rollup(&e->view, &options, &cells, err));
        bool enough = cells.n > 1;
        quipu_cells_free(&cells);
        if (enough)
            return QUIPU_OK;
        quipu_view_close(&e->view);
        e->open = false;
        e->others_report = false;
    }
    return QUIPU_OK;
}

/* ---- products ---- */

static quipu_status make_labels(qi_effect *e, quipu_error *err) {
    static const char *all_code[] = {"all"}, *all_name[] = {"All goods"};
    const char *by = qi_argument(e->measure, e->request, "by");
    const char *from = quipu_cube_meta(e->request->cube, "nomenclature");
    qi_main_classes classes;
    e->n_labels = 1;
    e->label_code = all_code;
    e->label_name = all_name;
    if (by == NULL)
        return QUIPU_OK;
    if (strchr(by, ',') != NULL || qi_is(by, "reporter") || qi_is(by, "partner") ||
        qi_is(by, "product") || qi_is(by, "flow") || qi_is(by, "year"))
        return qi_fail(err, QUIPU_E_ARG,
                       "by \"%s\": take one class scheme (technology, sector, section, ...)",
                       by);
    QI_TRY(qi_main_classes_make(e->measure, e->request, by, from != NULL ? from : "",
                                quipu_cube_product_codes(e->request->cube), e->n_products,
                                &e->arena, &classes, err));
    e->n_labels = classes.n;
    e->label_code = classes.code;
    e->label_name = classes.name;
    e->label = classes.of;
    e->n_split = classes.n_split;
    return QUIPU_OK;
}

static quipu_status make_products(qi_effect *e, quipu_error *err) {
    e->n_products = quipu_cube_n_products(e->request->cube);
    e->label = qi_arena_alloc(&e->arena, (e->n_products + 1) * sizeof *e->label);
    e->family = qi_arena_alloc(&e->arena, (e->n_products + 1) * sizeof *e->family);
    if (e->label == NULL || e->family == NULL)
        return qi_fail_memory(err, e->n_products * sizeof *e->label);
    e->has_products = e->n_products > 1;
    QI_TRY(qi_families_make(e->request->nomen, e->request->cube, e->view.periods[0],
                            e->view.periods[e->view.n_periods - 1], e->family, &e->n_families,
                            &e->is_hs, err));
    return make_labels(e, err);
}

static quipu_status open_all(qi_effect *e, quipu_error *err) {
    const quipu_country *reporter = NULL, *partner = NULL, *placebo = NULL;
    QI_TRY(one_country(e, "reporter", &e->reporter, &e->reporter_name, &reporter, err));
    QI_TRY(one_country(e, "partner", &e->partner, &e->partner_name, &partner, err));
    if (reporter == partner)
        return qi_fail(err, QUIPU_E_ARG, "reporter and partner are the same country");
    e->placebo = -1;
    if (qi_argument(e->measure, e->request, "placebo") != NULL)
        QI_TRY(one_country(e, "placebo", &e->placebo, &e->placebo_name, &placebo, err));
    if (e->placebo >= 0 && (e->placebo == e->reporter || e->placebo == e->partner))
        return qi_fail(err, QUIPU_E_ARG, "placebo: a country other than the two");
    QI_TRY(read_numbers(e, err));
    QI_TRY(open_view(e, err));
    if (e->view.n_periods == 0)
        return qi_fail(err, QUIPU_E_NOT_FOUND, "the cube has no years");
    if (reporter != NULL && partner != NULL) /* always: they were found */
        QI_TRY(find_agreement(e, reporter->id, partner->id, e->view.periods[0], err));
    return make_products(e, err);
}

quipu_status qi_effect_open(qi_effect *e, const quipu_measure *measure,
                            const quipu_request *request, quipu_error *err) {
    *e = (qi_effect){.measure = measure, .request = request};
    quipu_status status = open_all(e, err);
    if (status != QUIPU_OK)
        qi_effect_close(e);
    return status;
}

void qi_effect_close(qi_effect *e) {
    free(e->value);
    free(e->mean);
    if (e->open)
        quipu_view_close(&e->view);
    qi_arena_free(&e->arena);
    *e = (qi_effect){0};
}

/* ---- windows ---- */

static bool has_reported(const qi_effect *e, size_t period, size_t country) {
    return e->view.slab[period] >= 0 && quipu_view_reported(&e->view, period, country);
}

static size_t years_in(const qi_effect *e, quipu_period first, quipu_period last,
                       size_t out[64]) {
    size_t n = 0;
    for (size_t p = 0; p < e->view.n_periods && n < 64; p++)
        if (e->view.periods[p] >= first && e->view.periods[p] <= last &&
            has_reported(e, p, (size_t)e->reporter))
            out[n++] = p;
    return n;
}

quipu_status qi_effect_windows(const qi_effect *e, quipu_date since, qi_windows *out,
                               quipu_error *err) {
    quipu_period year = since / 10000;
    qi_sides sides = qi_since_sides(since, e->window, e->partial, false);
    *out = (qi_windows){.since = since,
                        .before_first = sides.before_first,
                        .before_last = sides.before_last,
                        .after_first = sides.after_first,
                        .after_last = sides.after_last,
                        .partial = sides.between != 0};
    out->n_before = years_in(e, out->before_first, out->before_last, out->before);
    out->n_after = years_in(e, out->after_first, out->after_last, out->after);
    if (out->n_before > 0 && out->n_after > 0)
        return QUIPU_OK;
    return qi_fail(err, QUIPU_E_NOT_FOUND,
                   "no figures of %s on one side of %d: the windows are %d-%d and %d-%d, the "
                   "cube has %d-%d; try another --window",
                   e->reporter_name, (int)year, (int)out->before_first, (int)out->before_last,
                   (int)out->after_first, (int)out->after_last, (int)e->view.periods[0],
                   (int)e->view.periods[e->view.n_periods - 1]);
}

/* ---- groups ---- */

static bool is_in(const qi_effect *e, size_t group, size_t country) {
    return ((unsigned)e->member[country] >> group & 1u) != 0;
}

static size_t reported_of(const qi_effect *e, const size_t *at, size_t n, size_t country) {
    size_t reported = 0;
    for (size_t i = 0; i < n; i++)
        reported += has_reported(e, at[i], country);
    return reported;
}

/* Its years among those of the pair; false: too few to stand beside it. */
static bool has_years(const qi_effect *e, const qi_windows *w, size_t country) {
    size_t before = w->n_before, after = w->n_after;
    if (e->others_report) {
        before = reported_of(e, w->before, w->n_before, country);
        after = reported_of(e, w->after, w->n_after, country);
    }
    e->in_before[country] = (uint8_t)before;
    e->in_after[country] = (uint8_t)after;
    if (e->strict)
        return before == w->n_before && after == w->n_after;
    return 2 * before >= w->n_before && 2 * after >= w->n_after;
}

/* A free trade agreement or customs union held between the two in one of the years. */
static quipu_status had_agreement(const qi_effect *e, const qi_windows *w, unsigned fixed,
                                  unsigned other, bool *out, quipu_error *err) {
    const quipu_country *a = quipu_country_by_number(e->request->nomen, fixed);
    const quipu_country *b = quipu_country_by_number(e->request->nomen, other);
    quipu_agreement_link links[MOST_LINKS];
    size_t n = 0;
    *out = false;
    if (a != NULL && b != NULL)
        QI_TRY(quipu_agreements_between(e->request->nomen, a->id, b->id,
                                        QUIPU_FREE_TRADE | QUIPU_CUSTOMS_UNION, links,
                                        MOST_LINKS, &n, err));
    for (size_t i = 0; i < n && i < MOST_LINKS; i++)
        *out |= links[i].from / 10000 <= w->after_last &&
                (links[i].to == 0 || links[i].to / 10000 >= w->before_first);
    return QUIPU_OK;
}

/* Others that ever traded with the fixed side. */
static quipu_status find_others(const qi_effect *e, uint8_t *trades, quipu_error *err) {
    quipu_cells cells = {0};
    quipu_rollup_options options = qi_rollup_options(e->request);
    options.dims = e->others_report ? QUIPU_DIM_REPORTER : QUIPU_DIM_PARTNER;
    QI_TRY(quipu_rollup(&e->view, &options, &cells, err));
    for (size_t i = 0; i < cells.n; i++)
        trades[e->others_report ? cells.reporter[i] : cells.partner[i]] = 1;
    quipu_cells_free(&cells);
    return QUIPU_OK;
}

static quipu_status choose_groups(qi_effect *e, const qi_windows *w, const uint8_t *trades,
                                  quipu_error *err) {
    size_t n, n_left = 0;
    const quipu_cube_country *all = quipu_cube_countries(e->request->cube, &n);
    size_t fixed = (size_t)(e->others_report ? e->partner : e->reporter);
    size_t treated = (size_t)(e->others_report ? e->reporter : e->partner);
    qi_buffer left = {0};
    quipu_status status = QUIPU_OK;
    memset(e->n_members, 0, sizeof e->n_members);
    for (size_t c = 0; c < n && status == QUIPU_OK; c++) {
        bool linked;
        e->member[c] = 0;
        if (c == fixed || (!trades[c] && c != treated && (int)c != e->placebo))
            continue;
        if (!has_years(e, w, c) && c != treated) {
            n_left++;
            if (left.length < 300 &&
                !qi_buffer_printf(&left, "%s%s", n_left > 1 ? ", " : "", all[c].name))
                status = qi_fail_memory(err, 300);
            continue;
        }
        if (c == treated) {
            e->member[c] = 1u << QI_GROUP_PAIR;
            continue;
        }
        status = had_agreement(e, w, all[fixed].number, all[c].number, &linked, err);
        e->member[c] =
            (uint8_t)(1u << QI_GROUP_REST | 1u << (linked ? QI_GROUP_WITH : QI_GROUP_WITHOUT));
        if ((int)c == e->placebo)
            e->member[c] |= 1u << QI_GROUP_PLACEBO;
    }
    for (size_t c = 0; c < n; c++)
        for (size_t g = 0; g < QI_N_GROUPS; g++)
            e->n_members[g] += is_in(e, g, c);
    e->left_out = left.length > 0 ? qi_arena_text(&e->arena, left.bytes, left.length) : "";
    qi_buffer_free(&left);
    if (status == QUIPU_OK && e->left_out == NULL)
        status = qi_fail_memory(err, 300);
    return status;
}

static void mark_known(qi_effect *e) {
    size_t n, np = e->view.n_periods;
    quipu_cube_countries(e->request->cube, &n);
    for (size_t g = 0; g < QI_N_GROUPS; g++)
        for (size_t p = 0; p < np; p++) {
            bool known = has_reported(e, p, (size_t)e->reporter);
            for (size_t c = 0; c < n && known && e->others_report; c++)
                known = !is_in(e, g, c) || has_reported(e, p, c);
            e->all_known[g * np + p] = known;
        }
}

static bool is_among(const size_t *at, size_t n, size_t period) {
    for (size_t i = 0; i < n; i++)
        if (at[i] == period)
            return true;
    return false;
}

/* The means are taken country by country, so that a year one of them lacks is no zero. */
static void add_mean(qi_effect *e, const qi_windows *w, uint32_t country, uint32_t product,
                     uint32_t period, int64_t value) {
    bool before = is_among(w->before, w->n_before, period);
    if (!before && !is_among(w->after, w->n_after, period))
        return;
    unsigned years = before ? e->in_before[country] : e->in_after[country];
    for (size_t g = 0; g < QI_N_GROUPS; g++)
        if (is_in(e, g, country) && years > 0)
            e->mean[((size_t)!before * QI_N_GROUPS + g) * e->n_labels + e->label[product]] +=
                (double)value / years;
}

static quipu_status add_trade(qi_effect *e, const qi_windows *w, quipu_error *err) {
    quipu_cells cells = {0};
    quipu_rollup_options options = qi_rollup_options(e->request);
    options.dims = (e->others_report ? QUIPU_DIM_REPORTER : QUIPU_DIM_PARTNER) |
                   QUIPU_DIM_PRODUCT | QUIPU_DIM_PERIOD;
    QI_TRY(quipu_rollup(&e->view, &options, &cells, err));
    quipu_status status = QUIPU_OK;
    for (size_t i = 0; i < cells.n && status == QUIPU_OK; i++) {
        uint32_t c = e->others_report ? cells.reporter[i] : cells.partner[i];
        add_mean(e, w, c, cells.product[i], cells.period[i], cells.value[i]);
        for (size_t g = 0; g < QI_N_GROUPS; g++)
            if (is_in(e, g, c) &&
                !qi_add_money(&e->value[qi_effect_at(e, g, cells.product[i], cells.period[i])],
                              cells.value[i]))
                status = qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15 US$");
    }
    quipu_cells_free(&cells);
    return status;
}

quipu_status qi_effect_groups(qi_effect *e, const qi_windows *windows, quipu_error *err) {
    size_t n, cells;
    quipu_cube_countries(e->request->cube, &n);
    uint8_t *trades = qi_arena_alloc(&e->arena, n + 1);
    e->member = qi_arena_alloc(&e->arena, n + 1);
    e->all_known = qi_arena_alloc(&e->arena, (size_t)QI_N_GROUPS * e->view.n_periods + 1);
    free(e->value);
    free(e->mean);
    e->value = NULL;
    e->in_before = qi_arena_alloc(&e->arena, n + 1);
    e->in_after = qi_arena_alloc(&e->arena, n + 1);
    e->mean = calloc((size_t)2 * QI_N_GROUPS * e->n_labels, sizeof *e->mean);
    if (!qi_mul_size((size_t)QI_N_GROUPS * e->view.n_periods, e->n_products, &cells) ||
        (e->value = calloc(cells + 1, sizeof *e->value)) == NULL || trades == NULL ||
        e->member == NULL || e->all_known == NULL || e->in_before == NULL ||
        e->in_after == NULL || e->mean == NULL)
        return qi_fail_memory(err, (size_t)QI_N_GROUPS * e->n_products);
    QI_TRY(find_others(e, trades, err));
    QI_TRY(choose_groups(e, windows, trades, err));
    mark_known(e);
    return add_trade(e, windows, err);
}
