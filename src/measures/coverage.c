/* SPDX-License-Identifier: Apache-2.0 */
/* coverage.c - what a cube holds, by period and flow, and how complete its rows are. */
#include "measures/common.h"

static const quipu_param params[] = {
    {"scheme", QUIPU_PARAM_TEXT, NULL, NULL,
     "also the share of value that has no class in this scheme (technology, section, ...)"},
};

enum figure {
    REPORTERS,
    PARTNERS,
    PRODUCTS,
    ROWS,
    VALUE,
    WITH_WEIGHT,
    WITH_QUANTITY,
    WITHOUT_VALUE,
    UNKNOWN_CODES,
    UNKNOWN_SHARE,
    UNCLASSIFIED,
    N_FIGURES
};

static const quipu_column_spec columns[N_FIGURES] = {
    {"reporters", "Reporters", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"partners", "Partners", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"products", "Products", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"rows", "Rows", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"with_weight", "Value with weight", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"with_quantity", "Value with quantity", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"without_value", "Rows without value", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"unknown_codes", "Codes not in the nomenclature", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"unknown_share", "Their share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
    {"unclassified", "Value without class", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
};

/* What the leaves of one reporter in one slab say. */
typedef struct tally {
    size_t flow, period; /* positions among the views and their periods */
    size_t country;
    uint64_t rows, without_value;
    quipu_money value, with_weight, with_quantity;
    quipu_money unknown, unclassified;
    uint64_t *products; /* bits */
    uint64_t *partners;
} tally;

typedef struct survey {
    qi_ask *ask;
    quipu_view views[QUIPU_N_FLOWS];
    quipu_flow flows[QUIPU_N_FLOWS];
    size_t n_flows;
    tally *tallies;
    size_t n_tallies, n_product_words, n_country_words;
    uint8_t *unknown; /* by product */
    quipu_mapping classes;
    quipu_leaves *leaves; /* of each worker */
} survey;

static void set_bit(uint64_t *bits, size_t at) {
    bits[at / 64] |= (uint64_t)1 << (at % 64);
}

static size_t count_bits(const uint64_t *bits, size_t n_words) {
    size_t n = 0;
    for (size_t i = 0; i < n_words; i++)
        n += (size_t)__builtin_popcountll(bits[i]);
    return n;
}

/* ---- reading ---- */

static void add_leaf(const survey *s, tally *t, const quipu_leaves *l, size_t i) {
    t->rows++;
    set_bit(t->products, l->product[i]);
    if (l->value[i] < 0) {
        t->without_value++;
        return;
    }
    /* Each is part of the slab's total, which fits. */
    t->value += l->value[i];
    if (l->weight[i] != QUIPU_QUANTITY_MISSING)
        t->with_weight += l->value[i];
    if (l->quantity[i] != QUIPU_QUANTITY_MISSING)
        t->with_quantity += l->value[i];
    if (s->unknown[l->product[i]])
        t->unknown += l->value[i];
    if (s->classes.n_targets == 0)
        return;
    const quipu_mapping *c = &s->classes;
    uint32_t from = c->offset[l->product[i]], n = c->offset[l->product[i] + 1] - from;
    if (n == 1 && c->target[from] + 1 == c->n_targets)
        t->unclassified += l->value[i];
}

static quipu_status read_reporter(void *user, size_t task, unsigned worker, quipu_error *err) {
    survey *s = user;
    tally *t = &s->tallies[task];
    quipu_leaves *leaves = &s->leaves[worker];
    const quipu_view *view = &s->views[t->flow];
    const quipu_pairs *pairs = &qi_view_inside(view)->pairs[t->period];
    for (uint32_t p = pairs->reporter_start[t->country];
         p < pairs->reporter_start[t->country + 1]; p++) {
        if (!quipu_country_set_has(&view->partners, t->period, pairs->partner[p]))
            continue;
        QI_TRY(qi_ask_stop(s->ask->request, err));
        QI_TRY(quipu_cube_leaves(view->cube, (size_t)view->slab[t->period], p,
                                 QUIPU_READ_WEIGHT | QUIPU_READ_QUANTITY, leaves, err));
        uint64_t before = t->rows;
        for (size_t i = 0; i < leaves->n; i++)
            if (view->products == NULL || view->products[leaves->product[i]])
                add_leaf(s, t, leaves, i);
        if (t->rows > before)
            set_bit(t->partners, pairs->partner[p]);
    }
    return QUIPU_OK;
}

/* ---- what to read ---- */

static quipu_status open_views(survey *s, const quipu_request *request, quipu_error *err) {
    size_t n_slabs;
    const quipu_slab *slabs = quipu_cube_slabs(request->cube, &n_slabs);
    const char *typed = qi_argument(&qi_measure_coverage, request, "flow");
    quipu_flow only = QUIPU_EXPORT;
    if (typed != NULL && !quipu_flow_parse(typed, strlen(typed), &only))
        return qi_fail(err, QUIPU_E_ARG,
                       "flow \"%s\": take export, import, re-export, re-import "
                       "or reconciled",
                       typed);
    for (int f = 0; f < QUIPU_N_FLOWS; f++) {
        bool has = false;
        for (size_t i = 0; i < n_slabs; i++)
            has |= slabs[i].flow == (quipu_flow)f;
        if (!has || (typed != NULL && only != (quipu_flow)f))
            continue;
        quipu_selection selection = s->ask->selection;
        selection.flow = quipu_flow_name((quipu_flow)f);
        s->flows[s->n_flows] = (quipu_flow)f;
        QI_TRY(qi_view_open(request->cube, request->nomen, &selection, true, &s->ask->notes,
                            &s->views[s->n_flows], err));
        s->n_flows++;
    }
    return QUIPU_OK;
}

static quipu_status list_tallies(survey *s, quipu_error *err) {
    size_t n_countries, room = 0;
    quipu_cube_countries(s->ask->cube, &n_countries);
    for (size_t f = 0; f < s->n_flows; f++)
        room += s->views[f].n_periods * n_countries;
    qi_arena *arena = &s->ask->arena;
    s->n_product_words = quipu_cube_n_products(s->ask->cube) / 64 + 1;
    s->n_country_words = n_countries / 64 + 1;
    s->tallies = qi_arena_alloc(arena, (room + 1) * sizeof *s->tallies);
    if (s->tallies == NULL)
        return qi_fail_memory(err, room * sizeof *s->tallies);
    for (size_t f = 0; f < s->n_flows; f++)
        for (size_t p = 0; p < s->views[f].n_periods; p++) {
            const quipu_pairs *pairs = &qi_view_inside(&s->views[f])->pairs[p];
            for (size_t c = 0; c < pairs->n_countries; c++) {
                if (pairs->reporter_start[c] == pairs->reporter_start[c + 1] ||
                    !quipu_country_set_has(&s->views[f].reporters, p, c))
                    continue;
                tally *t = &s->tallies[s->n_tallies++];
                *t = (tally){.flow = f, .period = p, .country = c};
                t->products = qi_arena_alloc(arena, s->n_product_words * sizeof(uint64_t));
                t->partners = qi_arena_alloc(arena, s->n_country_words * sizeof(uint64_t));
                if (t->products == NULL || t->partners == NULL)
                    return qi_fail_memory(err, s->n_product_words * sizeof(uint64_t));
            }
        }
    return QUIPU_OK;
}

static quipu_status know_codes(survey *s, const quipu_request *request, quipu_error *err) {
    size_t n = quipu_cube_n_products(request->cube);
    const char *text = quipu_cube_meta(request->cube, "nomenclature");
    const char *scheme = qi_argument(&qi_measure_coverage, request, "scheme");
    const quipu_nomenclature *which = NULL;
    s->unknown = qi_arena_alloc(&s->ask->arena, n + 1);
    if (s->unknown == NULL)
        return qi_fail_memory(err, n);
    if (text == NULL || quipu_nomenclature_find(request->nomen, text, &which, NULL) != QUIPU_OK)
        which = NULL;
    for (size_t k = 0; k < n && which != NULL; k++) {
        const char *code = quipu_cube_product(request->cube, k);
        s->unknown[k] = quipu_product_find(request->nomen, which, code, strlen(code)) == NULL;
    }
    if (scheme == NULL)
        return QUIPU_OK;
    return quipu_classify(request->nomen, scheme, text != NULL ? text : "",
                          quipu_cube_product_codes(request->cube), n, NULL, &s->classes, err);
}

static quipu_status read_all(survey *s, unsigned threads, quipu_error *err) {
    threads = threads > 0 ? threads : qi_cpu_count();
    s->leaves = calloc(threads, sizeof *s->leaves);
    if (s->leaves == NULL)
        return qi_fail_memory(err, threads * sizeof *s->leaves);
    quipu_status status = qi_run_tasks(threads, s->n_tallies, read_reporter, s, err);
    for (unsigned w = 0; w < threads; w++)
        quipu_leaves_free(&s->leaves[w]);
    free(s->leaves);
    return status;
}

/* ---- writing ---- */

static void add_tally(const survey *s, tally *sum, const tally *t) {
    sum->rows += t->rows;
    sum->without_value += t->without_value;
    sum->value += t->value; /* parts of a slab, whose total fits */
    sum->with_weight += t->with_weight;
    sum->with_quantity += t->with_quantity;
    sum->unknown += t->unknown;
    sum->unclassified += t->unclassified;
    for (size_t i = 0; i < s->n_product_words; i++)
        sum->products[i] |= t->products[i];
    for (size_t i = 0; i < s->n_country_words; i++)
        sum->partners[i] |= t->partners[i];
}

static void set_share(quipu_table *out, size_t column, size_t row, quipu_money part,
                      quipu_money whole) {
    if (whole > 0)
        quipu_table_set_real(out, column, row, (double)part / (double)whole);
}

static quipu_status write_tally(const survey *s, const tally *t, size_t n_reporters,
                                bool by_reporter, quipu_table *out, quipu_error *err) {
    size_t row, at = by_reporter ? 4 : 2, n_unknown = 0;
    const quipu_cube_country *country = NULL;
    QI_TRY(quipu_table_add_rows(out, 1, &row, err));
    if (by_reporter) {
        size_t n;
        country = &quipu_cube_countries(s->ask->cube, &n)[t->country];
        QI_TRY(quipu_table_set_text(out, 0, row, country->iso3, err));
        QI_TRY(quipu_table_set_text(out, 1, row, country->name, err));
    }
    QI_TRY(quipu_table_set_text(out, at - 2, row, quipu_flow_name(s->flows[t->flow]), err));
    quipu_table_set_integer(out, at - 1, row, s->views[t->flow].periods[t->period]);
    for (size_t k = 0; k < quipu_cube_n_products(s->ask->cube); k++)
        n_unknown += s->unknown[k] && ((t->products[k / 64] >> (k % 64)) & 1u);
    quipu_table_set_integer(out, at + REPORTERS, row, (int64_t)n_reporters);
    quipu_table_set_integer(out, at + PARTNERS, row,
                            (int64_t)count_bits(t->partners, s->n_country_words));
    quipu_table_set_integer(out, at + PRODUCTS, row,
                            (int64_t)count_bits(t->products, s->n_product_words));
    quipu_table_set_integer(out, at + ROWS, row, (int64_t)t->rows);
    quipu_table_set_integer(out, at + VALUE, row, t->value);
    quipu_table_set_integer(out, at + WITHOUT_VALUE, row, (int64_t)t->without_value);
    quipu_table_set_integer(out, at + UNKNOWN_CODES, row, (int64_t)n_unknown);
    set_share(out, at + WITH_WEIGHT, row, t->with_weight, t->value);
    set_share(out, at + WITH_QUANTITY, row, t->with_quantity, t->value);
    set_share(out, at + UNKNOWN_SHARE, row, t->unknown, t->value);
    if (s->classes.n_targets > 0)
        set_share(out, at + UNCLASSIFIED, row, t->unclassified, t->value);
    return QUIPU_OK;
}

static quipu_status write_sums(const survey *s, quipu_table *out, quipu_error *err) {
    for (size_t from = 0, to; from < s->n_tallies; from = to) {
        tally *sum = &s->tallies[from];
        size_t n_reporters = sum->rows > 0;
        for (to = from + 1; to < s->n_tallies && s->tallies[to].flow == sum->flow &&
                            s->tallies[to].period == sum->period;
             to++) {
            add_tally(s, sum, &s->tallies[to]);
            n_reporters += s->tallies[to].rows > 0;
        }
        QI_TRY(write_tally(s, sum, n_reporters, false, out, err));
    }
    return QUIPU_OK;
}

static quipu_status write(const survey *s, bool by_reporter, quipu_table *out,
                          quipu_error *err) {
    static const quipu_column_spec dims[] = {
        {"reporter", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"reporter_name", "Reporter", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"flow", "Flow", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    };
    quipu_column_spec specs[QI_COUNT(dims) + N_FIGURES];
    size_t n = 0, n_figures = s->classes.n_targets > 0 ? N_FIGURES : N_FIGURES - 1;
    for (size_t i = by_reporter ? 0 : 2; i < QI_COUNT(dims); i++)
        specs[n++] = dims[i];
    for (size_t i = 0; i < n_figures; i++)
        specs[n++] = columns[i];
    QI_TRY(quipu_table_init(out, "coverage", specs, n, err));
    if (!by_reporter)
        QI_TRY(write_sums(s, out, err));
    for (size_t i = 0; by_reporter && i < s->n_tallies; i++)
        if (s->tallies[i].rows > 0)
            QI_TRY(write_tally(s, &s->tallies[i], 1, true, out, err));
    QI_TRY(quipu_table_set_title(out, err, "Coverage of the cube%s",
                                 by_reporter ? ", by reporter" : ""));
    for (size_t i = 0; i < s->ask->notes.n_notes; i++)
        QI_TRY(quipu_table_add_note(out, err, "%s", s->ask->notes.notes[i]));
    return QUIPU_OK;
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_coverage;
    const char *by = qi_argument(me, request, "by");
    if (by != NULL && !qi_is(by, "reporter") && !qi_is(by, "year") && !qi_is(by, "flow"))
        return qi_fail(err, QUIPU_E_ARG,
                       "by \"%s\": coverage is by year and flow, and with --by "
                       "reporter also by reporter",
                       by);
    qi_ask ask = {
        .measure = me, .request = request, .cube = request->cube, .nomen = request->nomen};
    survey s = {.ask = &ask};
    ask.selection = (quipu_selection){.reporter = qi_argument(me, request, "reporter"),
                                      .partner = qi_argument(me, request, "partner"),
                                      .product = qi_argument(me, request, "product"),
                                      .years = qi_argument(me, request, "years")};
    quipu_status status;
    QI_GO(quipu_table_init(&ask.notes, me->name, NULL, 0, err));
    QI_GO(open_views(&s, request, err));
    QI_GO(list_tallies(&s, err));
    QI_GO(know_codes(&s, request, err));
    QI_GO(read_all(&s, request->threads, err));
    QI_GO(write(&s, qi_is(by, "reporter"), out, err));
done:
    for (size_t f = 0; f < s.n_flows; f++)
        quipu_view_close(&s.views[f]);
    quipu_mapping_free(&s.classes);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_coverage = {
    .name = "coverage",
    .summary = "What does the cube hold, and how complete is it?",
    .without = "of basis periods total rest limit sort wide gold classes",
    .detail =
        "For every flow and year in the cube: how many reporters, partners and products have "
        "rows, the rows and their value, the share of the value whose weight and quantity are "
        "known, rows without a value, and product codes that the cube's nomenclature does not "
        "have. --scheme adds the share of the value without a class. --by reporter gives a row "
        "for each reporter that has data: what is not listed was not reported.",
    .formula = "",
    .reference = "",
    .worked = "Rows of 6 and 4 US$, the second without weight: 2 rows, value 10, with weight "
              "60 %.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "value",
    .example = "--by reporter --reporter Peru",
    .run = run,
};
