/* SPDX-License-Identifier: Apache-2.0 */
/* tariff.c - the cube's second table: the duties goods meet, as TRAINS gives them. */
#include "measures/common.h"

static const quipu_param params[] = {
    {"duty", QUIPU_PARAM_CHOICE, "applied mfn preference bound all", "applied",
     "effectively applied, most favoured nation, preferential, bound, or a row for each"},
};

enum {
    DUTY,
    FIRST_RATE,
    SIMPLE = FIRST_RATE,
    WEIGHTED,
    MINIMUM,
    MAXIMUM,
    LINES,
    VALUE,
    N_FIGURES
};

static const quipu_column_spec columns[N_FIGURES] = {
    {"duty", "Duty", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"simple_average", "Simple average", QUIPU_REAL, QUIPU_FIGURE, "%", 2},
    {"weighted_average", "Weighted average", QUIPU_REAL, QUIPU_FIGURE, "%", 2},
    {"minimum", "Lowest", QUIPU_REAL, QUIPU_FIGURE, "%", 2},
    {"maximum", "Highest", QUIPU_REAL, QUIPU_FIGURE, "%", 2},
    {"lines", "Tariff lines", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"value", "Imports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
};

static const quipu_column_spec dimensions[] = {
    {"reporter", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"reporter_name", "Levied by", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"partner", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"partner_name", "On goods of", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"product", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"product_name", "Product", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"trade_year", "Imports of", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
};
enum { REPORTER = 0, PARTNER = 2, PRODUCT = 4, YEAR = 6, TRADE_YEAR = 7, FIGURES = 8 };

static const char *const DUTY_NAME[] = {"applied", "mfn", "preference", "bound"};

/* What was asked for, put against the years that have tariffs. */
typedef struct wanted {
    quipu_period *years; /* rising */
    size_t n_years;
    const qi_span *spans;
    size_t n_spans;
    quipu_country_set reporters, partners;
    qi_product_set products;
    size_t only; /* TOTAL was asked for: its position; SIZE_MAX = the set counts */
    int duty;    /* -1 = all */
} wanted;

static bool year_wanted(const wanted *w, quipu_period year) {
    for (size_t i = 0; i < w->n_spans; i++)
        if (year >= w->spans[i].first && year <= w->spans[i].last)
            return true;
    return w->n_spans == 0;
}

static quipu_status read_request(const quipu_request *request, const quipu_tariff *tariffs,
                                 size_t n, qi_arena *arena, wanted *w, quipu_error *err) {
    const quipu_measure *me = &qi_measure_tariff;
    bool dated;
    const char *absent;
    qi_span *spans;
    QI_TRY(qi_spans_parse(request->cube, qi_argument(me, request, "years"), arena, &spans,
                          &w->n_spans, err));
    w->spans = spans;
    w->years = qi_arena_alloc(arena, (n + 1) * sizeof *w->years);
    if (w->years == NULL)
        return qi_fail_memory(err, n * sizeof *w->years);
    for (size_t i = 0; i < n; i++) /* the table is sorted by year */
        if (w->n_years == 0 || w->years[w->n_years - 1] != tariffs[i].tariff_period)
            w->years[w->n_years++] = tariffs[i].tariff_period;
    QI_TRY(qi_country_set_make(request->cube, request->nomen,
                               qi_argument(me, request, "reporter"), w->years, w->n_years,
                               arena, &w->reporters, &dated, &absent, err));
    QI_TRY(qi_country_set_make(request->cube, request->nomen,
                               qi_argument(me, request, "partner"), w->years, w->n_years, arena,
                               &w->partners, &dated, &absent, err));
    const char *product = qi_argument(me, request, "product");
    size_t total = quipu_cube_product_lower(request->cube, "TOTAL");
    w->only = SIZE_MAX;
    /* Elsewhere TOTAL means everything; here it is a row, which averages cannot be added up to. */
    if (product != NULL && strcmp(product, "TOTAL") == 0 &&
        total < quipu_cube_n_products(request->cube) &&
        strcmp(quipu_cube_product(request->cube, total), "TOTAL") == 0)
        w->only = total;
    else
        QI_TRY(qi_product_set_make(request->cube, request->nomen, product, arena, &w->products,
                                   err));
    size_t duty = qi_choice_of(me, request, "duty");
    w->duty = duty < QI_COUNT(DUTY_NAME) ? (int)duty : -1;
    return QUIPU_OK;
}

static bool is_wanted(const wanted *w, const quipu_tariff *t, size_t year) {
    return (w->duty < 0 || t->duty == w->duty) && year_wanted(w, t->tariff_period) &&
           quipu_country_set_has(&w->reporters, year, t->reporter) &&
           quipu_country_set_has(&w->partners, year, t->partner) &&
           (w->only != SIZE_MAX ? t->product == w->only
                                : w->products.mask == NULL || w->products.mask[t->product]);
}

static void put_rate(quipu_table *out, size_t figure, size_t row, int32_t rate) {
    if (rate != QUIPU_RATE_MISSING)
        quipu_table_set_real(out, FIGURES + figure, row, rate / 10000.0);
}

static quipu_status write_row(const quipu_request *request, const quipu_nomenclature *names,
                              const quipu_tariff *t, quipu_table *out, quipu_error *err) {
    size_t row, n;
    const quipu_cube_country *countries = quipu_cube_countries(request->cube, &n);
    const char *code = quipu_cube_product(request->cube, t->product);
    const quipu_product *product =
        names != NULL ? quipu_product_find(request->nomen, names, code, strlen(code)) : NULL;
    QI_TRY(quipu_table_add_rows(out, 1, &row, err));
    QI_TRY(quipu_table_set_text(out, REPORTER, row, countries[t->reporter].iso3, err));
    QI_TRY(quipu_table_set_text(out, REPORTER + 1, row, countries[t->reporter].name, err));
    QI_TRY(quipu_table_set_text(out, PARTNER, row, countries[t->partner].iso3, err));
    QI_TRY(quipu_table_set_text(out, PARTNER + 1, row, countries[t->partner].name, err));
    QI_TRY(quipu_table_set_text(out, PRODUCT, row, code, err));
    if (product != NULL || strcmp(code, "TOTAL") == 0)
        QI_TRY(quipu_table_set_text(out, PRODUCT + 1, row,
                                    product != NULL ? product->name : "All products", err));
    quipu_table_set_integer(out, YEAR, row, t->tariff_period);
    if (t->trade_period != 0) /* sources weigh some years' tariffs by another year's trade */
        quipu_table_set_integer(out, TRADE_YEAR, row, t->trade_period);
    QI_TRY(quipu_table_set_text(out, FIGURES + DUTY, row, DUTY_NAME[t->duty], err));
    put_rate(out, SIMPLE, row, t->simple_average);
    put_rate(out, WEIGHTED, row, t->weighted_average);
    put_rate(out, MINIMUM, row, t->minimum);
    put_rate(out, MAXIMUM, row, t->maximum);
    if (t->lines >= 0)
        quipu_table_set_integer(out, FIGURES + LINES, row, t->lines);
    if (t->value != QUIPU_MONEY_MISSING)
        quipu_table_set_integer(out, FIGURES + VALUE, row, t->value);
    return QUIPU_OK;
}

static quipu_status write(const quipu_request *request, const quipu_tariff *tariffs, size_t n,
                          const wanted *w, quipu_table *out, quipu_error *err) {
    quipu_column_spec specs[QI_COUNT(dimensions) + N_FIGURES];
    memcpy(specs, dimensions, sizeof dimensions);
    memcpy(specs + QI_COUNT(dimensions), columns, sizeof columns);
    const quipu_nomenclature *names = NULL;
    const char *nomenclature = quipu_cube_meta(request->cube, "nomenclature");
    int64_t limit = qi_integer(&qi_measure_tariff, request, "limit", INT64_MAX), written = 0;
    if (nomenclature == NULL ||
        quipu_nomenclature_find(request->nomen, nomenclature, &names, NULL) != QUIPU_OK)
        names = NULL;
    QI_TRY(quipu_table_init(out, "tariff", specs, QI_COUNT(specs), err));
    size_t year = 0;
    for (size_t i = 0; i < n && written < limit; i++) {
        while (w->years[year] != tariffs[i].tariff_period)
            year++;
        if (!is_wanted(w, &tariffs[i], year))
            continue;
        QI_TRY(write_row(request, names, &tariffs[i], out, err));
        written++;
    }
    QI_TRY(quipu_table_set_title(out, err, "Tariffs (%s)",
                                 w->duty >= 0 ? DUTY_NAME[w->duty] : "all kinds of duty"));
    return quipu_table_add_note(out, err,
                                "Averages are over tariff lines, as the source gives "
                                "them; the weighted ones by imports.");
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_arena arena = {0};
    wanted w = {0};
    const quipu_tariff *tariffs;
    size_t n;
    quipu_status status;
    QI_TRY(quipu_cube_tariffs(request->cube, &tariffs, &n, err));
    if (n == 0)
        return qi_fail(
            err, QUIPU_E_NOT_FOUND,
            "the cube holds no tariffs: import them together with the trade (profiles "
            "wits-trains and tariffs)");
    QI_GO(read_request(request, tariffs, n, &arena, &w, err));
    QI_GO(write(request, tariffs, n, &w, out, err));
done:
    qi_arena_free(&arena);
    return status;
}

const quipu_measure qi_measure_tariff = {
    .name = "tariff",
    .summary = "What duty do the goods meet?",
    .without = "flow basis by of classes gold periods sort total rest wide",
    .detail =
        "The tariffs a cube holds beside its trade: for each reporter that levies, partner "
        "whose "
        "goods meet them, product and year the simple and the trade-weighted average over "
        "tariff "
        "lines, the lowest and highest, and how many lines there are. Product TOTAL, where the "
        "source has it, is the average over everything.\n\n"
        "A rate that the source does not give is missing; a rate of zero is duty-free.",
    .formula =
        "simple average = sum of rates / number of lines; weighted average = sum of rate x "
        "imports / imports",
    .reference = "UNCTAD TRAINS; World Bank, WITS User's Manual, on effectively applied (AHS), "
                 "MFN, preferential (PRF) and bound (BND) rates.",
    .worked =
        "Two lines, 0 % on imports of 300 and 10 % on imports of 100: simple average 5 %, "
        "weighted average 2.5 %.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "simple_average",
    .example = "--reporter China --partner Peru --product 1310 --years 2008-2011",
    .run = run,
};
