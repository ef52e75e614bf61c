/* SPDX-License-Identifier: Apache-2.0 */
/* complex_ask.c - a question about complexity understood, answered for all of its years. */
#include "measures/complex.h"

enum {
    OTHER_ASIA = 490,
    MOST_ITERATIONS = 1000,
    NEEDS_PRESENCE = QI_STUDY_PRESENCE | QI_STUDY_SCORES | QI_STUDY_DENSITY | QI_STUDY_FRAIL
};

static const char *argument(const qi_study *s, const char *name) {
    return qi_argument(s->ask.measure, s->ask.request, name);
}

/* ---- what is compared ---- */

static bool is_country(const quipu_nomen *nomen, unsigned number) {
    const quipu_country *c = quipu_country_by_number(nomen, number);
    if (c == NULL)
        return true; /* the cube says so */
    return c->kind == QUIPU_COUNTRY || c->kind == QUIPU_FORMER || c->number == OTHER_ASIA;
}

/* Everyone, or --of; then those with enough people. */
static quipu_status choose_countries(qi_study *s, qi_year *year, const quipu_country_set *of,
                                     uint8_t *out, quipu_error *err) {
    size_t n, small = 0;
    const quipu_cube_country *countries = quipu_cube_countries(s->ask.cube, &n);
    for (size_t c = 0; c < n; c++) {
        out[c] = of != NULL ? quipu_country_set_has(of, year->at, c)
                            : is_country(s->ask.nomen, countries[c].number);
        if (!out[c] || s->population.path == NULL)
            continue;
        const quipu_country *known = quipu_country_by_number(s->ask.nomen, countries[c].number);
        double people = known != NULL ? qi_by_year_find(&s->population, known->id, year->period)
                                      : (double)NAN;
        out[c] = people >= s->least_population; /* not when nobody knows */
        small += !out[c];
    }
    year->few_people = small;
    QI_UNUSED(err);
    return QUIPU_OK;
}

static quipu_status read_money(const qi_study *s, const char *name, quipu_money *out,
                               quipu_error *err) {
    double usd = qi_real(s->ask.measure, s->ask.request, name, 0);
    if (!(usd >= 0) || usd > 9e15)
        return qi_fail(err, QUIPU_E_ARG, "%s: from 0 to 9e15 US$", name);
    *out = (quipu_money)llround(usd * QUIPU_MONEY_PER_USD);
    return QUIPU_OK;
}

static quipu_status read_numbers(qi_study *s, quipu_error *err) {
    const quipu_measure *me = s->ask.measure;
    const quipu_request *request = s->ask.request;
    int64_t iterations = qi_integer(me, request, "iterations", 20);
    s->cutoff = qi_real(me, request, "cutoff", 1);
    s->least_population = qi_real(me, request, "min-population", 0);
    QI_TRY(read_money(s, "min-exports", &s->filter.least_exports, err));
    QI_TRY(read_money(s, "min-product-trade", &s->filter.least_trade, err));
    if (!(s->cutoff > 0))
        return qi_fail(err, QUIPU_E_ARG, "cutoff: an RCA above 0");
    if (iterations < 4 || iterations > MOST_ITERATIONS || iterations % 2 != 0)
        return qi_fail(
            err, QUIPU_E_ARG,
            "iterations: an even number from 4 to %d, so that the countries come out "
            "as a kind of diversity",
            MOST_ITERATIONS);
    s->options.iterations = (unsigned)iterations;
    int64_t limit = qi_integer(me, request, "limit", INT64_MAX);
    s->limit = limit < 0 ? 0 : (size_t)limit;
    if ((argument(s, "population") == NULL) != (argument(s, "min-population") == NULL))
        return qi_fail(err, QUIPU_E_ARG,
                       "population and min-population go together: the table and the least "
                       "number of people");
    return QUIPU_OK;
}

static quipu_status read_options(qi_study *s, quipu_error *err) {
    const quipu_measure *me = s->ask.measure;
    const quipu_request *request = s->ask.request;
    QI_TRY(read_numbers(s, err));
    s->options.convention = (qi_convention)qi_choice_of(me, request, "convention");
    s->options.largest = qi_is(argument(s, "separate"), "largest");
    size_t method = qi_choice_of(me, request, "method");
    if (method > 0)
        s->options.method = (qi_method)(method - 1);
    else
        s->options.method = s->options.convention == QI_ECONOMICCOMPLEXITY ? QI_FITNESS
                            : s->options.convention == QI_DATAWHEEL        ? QI_REFLECTIONS
                                                                           : QI_EIGENVECTOR;
    if (argument(s, "population") != NULL)
        QI_TRY(qi_by_year_read(s->ask.nomen, argument(s, "population"), "population",
                               &s->ask.arena, &s->population, err));
    return QUIPU_OK;
}

static quipu_status name_goods(qi_study *s, quipu_error *err) {
    const char *text = quipu_cube_meta(s->ask.cube, "nomenclature");
    const quipu_nomenclature *which;
    s->goods.name = qi_arena_alloc(&s->ask.arena, (s->goods.n + 1) * sizeof *s->goods.name);
    if (s->goods.name == NULL)
        return qi_fail_memory(err, s->goods.n * sizeof *s->goods.name);
    if (text == NULL || quipu_nomenclature_find(s->ask.nomen, text, &which, NULL) != QUIPU_OK)
        return QUIPU_OK;
    for (size_t p = 0; p < s->goods.n; p++) {
        const char *code = s->goods.code[p];
        const quipu_product *found =
            quipu_product_find(s->ask.nomen, which, code, strlen(code));
        s->goods.name[p] = found != NULL && found->name[0] != '\0' ? found->name : NULL;
    }
    return QUIPU_OK;
}

static quipu_status read_goods(qi_study *s, quipu_error *err) {
    int64_t digits = qi_integer(s->ask.measure, s->ask.request, "digits", 0);
    const char *text = argument(s, "of-products");
    qi_product_set set = {0};
    if (digits < 0 || digits > 16)
        return qi_fail(err, QUIPU_E_ARG, "digits: of a product code, 1 to 16");
    if (text != NULL)
        QI_TRY(qi_product_set_make(s->ask.cube, s->ask.nomen, text, &s->ask.arena, &set, err));
    QI_TRY(
        qi_goods_make(s->ask.cube, set.mask, (unsigned)digits, &s->ask.arena, &s->goods, err));
    QI_TRY(name_goods(s, err));
    const uint8_t *shown = s->ask.views[0].products;
    if (shown == NULL)
        return QUIPU_OK;
    uint8_t *mask = qi_arena_alloc(&s->ask.arena, s->goods.n + 1);
    if (mask == NULL)
        return qi_fail_memory(err, s->goods.n);
    for (size_t k = 0; k < s->goods.n_leaves; k++)
        if (shown[k] && s->goods.of[k] != QI_NO_PRODUCT)
            mask[s->goods.of[k]] = 1;
    s->shown_products = mask;
    return QUIPU_OK;
}

/* ---- the years ---- */

typedef struct years_job {
    qi_study *study;
    const quipu_country_set *of;
    unsigned inner; /* threads of one year */
} years_job;

static quipu_status in_year(const qi_year *year, quipu_status status, quipu_error *why,
                            quipu_error *err) {
    if (status == QUIPU_E_DATA)
        return qi_fail(err, status, "%d: %s", (int)year->period, why->text);
    return qi_fail(err, status, "%s", why->text);
}

static quipu_status make_density(const qi_study *s, qi_year *year, bool scored,
                                 unsigned threads, quipu_error *err) {
    size_t n = year->world.n_countries;
    uint8_t *shown = malloc(n + 1);
    if (shown == NULL)
        return qi_fail_memory(err, n);
    for (size_t c = 0; c < n; c++)
        shown[c] = qi_study_shows(s, year, c);
    qi_density_options options = {.scores = scored ? &year->scores : NULL,
                                  .convention = s->options.convention,
                                  .wanted = s->what & QI_STUDY_SHOWN ? shown : NULL,
                                  .threads = threads};
    quipu_status status = qi_density_make(&year->presence, &options, &year->density, err);
    free(shown);
    return status;
}

static quipu_status make_scores(qi_study *s, qi_year *year, unsigned threads,
                                quipu_error *err) {
    quipu_error why = {0};
    quipu_status status = QUIPU_OK;
    bool scored = false;
    if (s->what & (QI_STUDY_SCORES | QI_STUDY_FRAIL)) {
        status = qi_scores_make(&year->presence, &s->options, &year->scores, &why);
        scored = status == QUIPU_OK;
        if (status == QUIPU_E_DATA && (s->what & QI_STUDY_FRAIL)) {
            snprintf(year->trouble, sizeof year->trouble, "%s", why.text);
            status = QUIPU_OK;
        }
        if (status != QUIPU_OK)
            return in_year(year, status, &why, err);
    }
    if (s->what & QI_STUDY_FITNESS) {
        year->fitness = malloc((year->world.n_countries + 1) * sizeof *year->fitness);
        if (year->fitness == NULL)
            return qi_fail_memory(err, year->world.n_countries * sizeof *year->fitness);
        QI_TRY(qi_fitness(&year->presence, year->fitness, NULL, &year->fitness_steps, err));
    }
    if (s->what & QI_STUDY_DENSITY)
        status = make_density(s, year, scored, threads, err);
    return status;
}

static quipu_status do_year(void *user, size_t task, unsigned worker, quipu_error *err) {
    const years_job *job = user;
    qi_study *s = job->study;
    qi_year *year = &s->years[task];
    const quipu_view *view = &s->ask.views[0];
    quipu_matrix matrix;
    qi_world_filter filter = s->filter;
    size_t n;
    QI_UNUSED(worker);
    if (!year->there)
        return QUIPU_OK;
    quipu_cube_countries(s->ask.cube, &n);
    uint8_t *countries = malloc(n + 1);
    if (countries == NULL)
        return qi_fail_memory(err, n);
    filter.countries = countries;
    quipu_status status = choose_countries(s, year, job->of, countries, err);
    if (status == QUIPU_OK)
        status = quipu_cube_matrix(s->ask.cube, (size_t)view->slab[year->at],
                                   qi_view_side(view, true), &matrix, err);
    if (status == QUIPU_OK)
        status = qi_world_make(&matrix, &s->goods, &filter, &year->world, err);
    free(countries);
    if (status == QUIPU_OK && (s->what & NEEDS_PRESENCE))
        status = qi_presence_make(&year->world, s->cutoff, &year->presence, err);
    return status == QUIPU_OK ? make_scores(s, year, job->inner, err) : status;
}

static quipu_status run_years(qi_study *s, quipu_error *err) {
    const quipu_view *view = &s->ask.views[0];
    years_job job = {.study = s};
    quipu_country_set of;
    const char *text = argument(s, "of"), *absent;
    bool dated;
    s->n_years = s->ask.n_periods;
    s->years = qi_arena_alloc(&s->ask.arena, (s->n_years + 1) * sizeof *s->years);
    if (s->years == NULL)
        return qi_fail_memory(err, s->n_years * sizeof *s->years);
    for (size_t t = 0; t < s->n_years; t++) {
        s->years[t].period = s->ask.periods[t];
        s->years[t].at = t;
        s->years[t].there = view->slab[t] >= 0;
    }
    if (text != NULL && !qi_is(text, "world") && !qi_is(text, "all")) {
        QI_TRY(qi_country_set_make(s->ask.cube, s->ask.nomen, text, s->ask.periods,
                                   s->ask.n_periods, &s->ask.arena, &of, &dated, &absent, err));
        if (qi_country_set_empty(&of))
            return qi_fail(err, QUIPU_E_NOT_FOUND, "the cube has no country of \"%s\"", text);
        s->world_label = of.label;
        job.of = &of;
    }
    unsigned threads = s->ask.threads > 0 ? s->ask.threads : qi_cpu_count();
    job.inner = s->n_years >= threads ? 1 : threads;
    return qi_run_tasks(threads, s->n_years, do_year, &job, err);
}

quipu_status qi_study_open(qi_study *s, const quipu_measure *measure,
                           const quipu_request *request, unsigned what, quipu_error *err) {
    memset(s, 0, sizeof *s);
    s->what = what;
    QI_TRY(qi_ask_open(&s->ask, measure, request, NULL, err));
    quipu_status status;
    QI_GO(read_options(s, err));
    QI_GO(read_goods(s, err));
    QI_GO(run_years(s, err));
    if (what & QI_STUDY_INCOME)
        QI_GO(qi_incomes_make(s, err));
done:
    if (status != QUIPU_OK)
        qi_study_close(s);
    return status;
}

void qi_study_close(qi_study *s) {
    for (size_t t = 0; s->years != NULL && t < s->n_years; t++) {
        qi_world_free(&s->years[t].world);
        qi_presence_free(&s->years[t].presence);
        qi_scores_free(&s->years[t].scores);
        qi_density_free(&s->years[t].density);
        qi_incomes_free(&s->years[t].incomes);
        free(s->years[t].fitness);
    }
    if (s->ask.measure != NULL)
        qi_ask_close(&s->ask);
    memset(s, 0, sizeof *s);
}

/* ---- what is shown ---- */

bool qi_study_shows(const qi_study *s, const qi_year *year, size_t country) {
    return quipu_country_set_has(&s->ask.views[0].reporters, year->at,
                                 year->world.country[country]);
}

bool qi_study_shows_product(const qi_study *s, const qi_year *year, size_t product) {
    return s->shown_products == NULL || s->shown_products[year->world.product[product]];
}

static int rank_order(const void *a, const void *b) {
    const qi_ranked *x = a, *y = b;
    bool no_x = isnan(x->by), no_y = isnan(y->by);
    if (no_x != no_y)
        return no_x ? 1 : -1;
    if (!no_x && x->by != y->by)
        return x->by > y->by ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

void qi_rank(qi_ranked *rows, size_t n) {
    if (n > 1)
        qsort(rows, n, sizeof *rows, rank_order);
}

quipu_status qi_put_country(const qi_study *s, quipu_table *out, size_t column, size_t row,
                            const qi_year *year, size_t country, quipu_error *err) {
    size_t n;
    const quipu_cube_country *c =
        &quipu_cube_countries(s->ask.cube, &n)[year->world.country[country]];
    QI_TRY(quipu_table_set_text(out, column, row, c->iso3, err));
    return quipu_table_set_text(out, column + 1, row, c->name, err);
}

quipu_status qi_put_product(const qi_study *s, quipu_table *out, size_t column, size_t row,
                            const qi_year *year, size_t product, quipu_error *err) {
    const char *code = s->goods.code[year->world.product[product]];
    const char *name = s->goods.name[year->world.product[product]];
    QI_TRY(quipu_table_set_text(out, column, row, code, err));
    return name != NULL ? quipu_table_set_text(out, column + 1, row, name, err) : QUIPU_OK;
}

/* ---- notes ---- */

/* "0.55", "20", "3.5 million" */
static const char *plain(qi_study *s, double number) {
    char text[64];
    bool large = number >= 1e6;
    qi_format_double(text, large ? number / 1e6 : number);
    const char *copy = qi_arena_printf(&s->ask.arena, "%s%s", text, large ? " million" : "");
    return copy != NULL ? copy : "";
}

/* The filters that were set, as part of a sentence. */
static const char *filters(qi_study *s) {
    const char *text = "";
    struct {
        bool set;
        const char *what;
        double number;
        const char *unit;
    } all[] = {
        {s->population.path != NULL, "countries of at least", s->least_population, "people"},
        {s->filter.least_exports > 0, "countries that export at least",
         (double)s->filter.least_exports / QUIPU_MONEY_PER_USD, "US$"},
        {s->filter.least_trade > 0, "products exported for at least",
         (double)s->filter.least_trade / QUIPU_MONEY_PER_USD, "US$"},
    };
    for (size_t i = 0; i < QI_COUNT(all) && text != NULL; i++)
        if (all[i].set)
            text = qi_arena_printf(&s->ask.arena, "%s%s %s %s %s", text,
                                   text[0] != '\0' ? ", then" : "; kept are", all[i].what,
                                   plain(s, all[i].number), all[i].unit);
    return text != NULL ? text : "";
}

static quipu_status note_world(qi_study *s, quipu_error *err) {
    const char *products = argument(s, "of-products");
    const char *digits = argument(s, "digits");
    return qi_ask_note(
        &s->ask, err, "World: %s; products: %s%s%s%s%s.",
        s->world_label != NULL ? s->world_label
                               : "every reporter that is a country, and Other Asia",
        products != NULL ? products : "all", digits != NULL ? ", added up to " : "",
        digits != NULL ? digits : "", digits != NULL ? " digits" : "", filters(s));
}

/* The first and the last year say enough. */
static quipu_status note_sizes(qi_study *s, quipu_error *err) {
    for (size_t t = 0; t < s->n_years; t++) {
        const qi_year *y = &s->years[t];
        if (!y->there || (t != 0 && t + 1 != s->n_years))
            continue;
        if (!(s->what & NEEDS_PRESENCE))
            QI_TRY(qi_ask_note(&s->ask, err,
                               "%d: %zu countries (%zu left out as too small), %zu products "
                               "(%zu left out).",
                               (int)y->period, y->world.n_countries,
                               y->world.small_countries + y->few_people, y->world.n_products,
                               y->world.small_products));
        else
            QI_TRY(qi_ask_note(
                &s->ask, err,
                "%d: %zu countries (%zu left out as too small) in %zu products "
                "(%zu left out); %zu of the %zu cells have an RCA of at least "
                "%s.",
                (int)y->period, y->world.n_countries, y->world.small_countries + y->few_people,
                y->world.n_products, y->world.small_products, y->presence.n,
                y->world.n_countries * y->world.n_products, plain(s, s->cutoff)));
    }
    return QUIPU_OK;
}

static quipu_status note_scores(qi_study *s, quipu_error *err) {
    static const char *const conventions[] = {"py-ecomplexity", "economiccomplexity (R)",
                                              "Datawheel", "Atlas (text)"};
    static const char *const methods[] = {"eigenvector", "reflections", "fitness"};
    static const char *const scales[] = {
        "ECI has mean 0 and standard deviation 1 over the countries of a year; PCI is on the "
        "same scale, so that the ECI of a country is the mean PCI of its products",
        "ECI and PCI have mean 0 and standard deviation 1 each (n - 1)",
        "ECI and PCI have mean 0 and standard deviation 1 each (n - 1); proximity of a product "
        "to itself is 0",
        "ECI and PCI as in py-ecomplexity; COI is not standardised, COG has its last term"};
    bool steps = s->options.method != QI_EIGENVECTOR;
    QI_TRY(qi_ask_note(&s->ask, err, "Convention %s, method %s%s%s%s. %s.",
                       conventions[s->options.convention], methods[s->options.method],
                       steps ? " (" : "", steps ? plain(s, s->options.iterations) : "",
                       steps ? " vectors)" : "",
                       steps && s->options.convention == QI_PY_ECOMPLEXITY
                           ? "ECI and PCI have mean 0 and standard deviation 1 each"
                           : scales[s->options.convention]));
    for (size_t t = 0; t < s->n_years; t++) {
        const qi_year *y = &s->years[t];
        if (y->scores.n_apart > 0)
            QI_TRY(qi_ask_note(&s->ask, err,
                               "%d: %zu groups of countries share no product; the largest is "
                               "taken, %zu countries outside it have no ECI.",
                               (int)y->period, y->scores.n_groups, y->scores.n_apart));
        if (y->trouble[0] != '\0')
            QI_TRY(qi_ask_note(&s->ask, err, "%d: no ECI and PCI, as %s.", (int)y->period,
                               y->trouble));
    }
    return QUIPU_OK;
}

static quipu_status note_fitness(qi_study *s, quipu_error *err) {
    unsigned least = UINT32_MAX, most = 0;
    for (size_t t = 0; t < s->n_years; t++) {
        unsigned steps = s->years[t].fitness_steps;
        if (!s->years[t].there)
            continue;
        least = steps < least ? steps : least;
        most = steps > most ? steps : most;
    }
    if (most == 0)
        return QUIPU_OK;
    return qi_ask_note(&s->ask, err,
                       "Fitness after %s%s%s steps, when ranks had not moved for a hundred; "
                       "that of countries with few products goes to 0.",
                       plain(s, least), most > least ? " to " : "",
                       most > least ? plain(s, most) : "");
}

static quipu_status finish(qi_study *s, quipu_table *out, quipu_error *err) {
    qi_sheet sheet = {.table = out, .ask = &s->ask};
    QI_TRY(note_world(s, err));
    QI_TRY(note_sizes(s, err));
    if (s->what & (QI_STUDY_SCORES | QI_STUDY_FRAIL))
        QI_TRY(note_scores(s, err));
    if (s->what & QI_STUDY_FITNESS)
        QI_TRY(note_fitness(s, err));
    if (s->what & QI_STUDY_INCOME) {
        QI_TRY(qi_ask_note(&s->ask, err,
                           "Incomes are GDP per capita as in the table given; countries "
                           "without one do not count in PRODY."));
        QI_TRY(qi_by_year_cite(&s->income, "income", out, err));
    }
    if (s->population.path != NULL)
        QI_TRY(qi_by_year_cite(&s->population, "population", out, err));
    return qi_sheet_close(&sheet, &s->ask, NULL, err);
}

/* ---- from the request to the table ---- */

quipu_status qi_study_run(const quipu_measure *measure, const quipu_request *request,
                          unsigned what, qi_year_writer write, void *user, const char *title,
                          quipu_table *out, quipu_error *err) {
    qi_study s;
    quipu_status status;
    QI_TRY(qi_study_open(&s, measure, request, what, err));
    QI_GO(quipu_table_init(out, measure->name, measure->columns, measure->n_columns, err));
    /* Side by side the rows stand as the last year ranks them. */
    bool last_first = qi_switch(measure, request, "wide");
    for (size_t i = 0; i < s.n_years; i++) {
        const qi_year *year = &s.years[last_first ? s.n_years - 1 - i : i];
        if (year->there)
            QI_GO(write(&s, year, user, out, err));
    }
    QI_GO(quipu_table_set_title(
        out, err, "%s, from the %ss of %s", title, quipu_flow_name(s.ask.flows[0]),
        s.world_label != NULL ? s.world_label : "all countries of the cube"));
    QI_GO(finish(&s, out, err));
done:
    qi_study_close(&s);
    return status;
}

static quipu_status write_ranked(qi_study *s, const qi_year *y, const qi_ranking *r,
                                 const qi_ranked *order, size_t n, quipu_table *out,
                                 quipu_error *err) {
    enum { CODE, YEAR = 2 };
    size_t row, written = 0;
    for (size_t i = 0; i < n && written < s->limit; i++) {
        size_t item = order[i].a;
        if (!(r->products ? qi_study_shows_product(s, y, item) : qi_study_shows(s, y, item)))
            continue;
        QI_TRY(quipu_table_add_rows(out, 1, &row, err));
        QI_TRY(r->products ? qi_put_product(s, out, CODE, row, y, item, err)
                           : qi_put_country(s, out, CODE, row, y, item, err));
        quipu_table_set_integer(out, YEAR, row, y->period);
        r->row(y, r->user, item, i + 1, row, out);
        written++;
    }
    return QUIPU_OK;
}

quipu_status qi_write_ranking(qi_study *s, const qi_year *y, const qi_ranking *r,
                              quipu_table *out, quipu_error *err) {
    size_t n = r->products ? y->world.n_products : y->world.n_countries;
    qi_ranked *order = calloc(n + 1, sizeof *order);
    if (order == NULL)
        return qi_fail_memory(err, n * sizeof *order);
    for (size_t i = 0; i < n; i++)
        order[i] = (qi_ranked){r->by[i], (uint32_t)i, 0};
    qi_rank(order, n);
    quipu_status status = write_ranked(s, y, r, order, n, out, err);
    free(order);
    return status;
}
