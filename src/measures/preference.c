/* SPDX-License-Identifier: Apache-2.0 */
/* preference.c - what a preference is worth: applied and MFN duties, the margin between them,
 * and the trade that meets no duty, year by year. */
#include "measures/preference.h"

static const quipu_param params[] = {
    {"average", QUIPU_PARAM_CHOICE, "source lines products", "source",
     "simple averages: the source's own over all goods where it has one, else every tariff "
     "line once; every tariff line once; every product (industry) once"},
    {"show", QUIPU_PARAM_CHOICE, "main all", "main",
     "the figures most asked for, or all, with weighted rates and bounds"},
};

enum {
    AGREEMENT,
    APPLIED,
    MFN,
    PREFERENCE,
    MARGIN,
    RELATIVE,
    W_APPLIED,
    W_MFN,
    W_PREFERENCE,
    W_MARGIN,
    ZERO_VALUE,
    ZERO_SHARE,
    ZERO_LOW,
    ZERO_HIGH,
    DUTIABLE,
    WEIGHTS_OF,
    COVERAGE,
    IMPORTS,
    N_FIGURES
};

static const quipu_column_spec columns[N_FIGURES] = {
    {"agreement", "Agreement", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"applied", "Applied", QUIPU_REAL, QUIPU_FIGURE, "%", 2},
    {"mfn", "MFN", QUIPU_REAL, QUIPU_FIGURE, "%", 2},
    {"preference", "Preferential", QUIPU_REAL, QUIPU_FIGURE, "%", 2},
    {"margin", "Margin", QUIPU_REAL, QUIPU_FIGURE, "points", 2},
    {"relative_margin", "Relative margin", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
    {"applied_weighted", "Applied, by trade", QUIPU_REAL, QUIPU_FIGURE, "%", 2},
    {"mfn_weighted", "MFN, by trade", QUIPU_REAL, QUIPU_FIGURE, "%", 2},
    {"preference_weighted", "Preferential, by trade", QUIPU_REAL, QUIPU_FIGURE, "%", 2},
    {"margin_weighted", "Margin, by trade", QUIPU_REAL, QUIPU_FIGURE, "points", 2},
    {"zero_value", "Imports at zero", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"zero_share", "At zero", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"zero_share_low", "At zero, at least", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"zero_share_high", "At zero, at most", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"tariff_imports", "Imports with tariff", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"trade_year", "Weights of", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"coverage", "Trade with tariff", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"imports", "Imports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
};

static const bool in_main[N_FIGURES] = {
    [AGREEMENT] = true,  [APPLIED] = true,   [MFN] = true,
    [MARGIN] = true,     [W_APPLIED] = true, [W_MARGIN] = true,
    [ZERO_SHARE] = true, [COVERAGE] = true,  [IMPORTS] = true,
};

enum { REPORTER = 0, PARTNER = 2, LABEL = 4 };

typedef struct writer {
    const qi_pref *p;
    quipu_table *out;
    size_t n_dims, year_column;
    size_t column[N_FIGURES]; /* SIZE_MAX = not shown */
    size_t average;
    qi_span *spans;
    size_t n_spans;
} writer;

/* ---- figures ---- */

static double simple(const writer *w, const qi_duty_sum *s) {
    if (s->is_source)
        return s->source_simple / 10000.0;
    if (s->n == 0)
        return NAN;
    if (w->average == 2 || s->n_without_lines > 0)
        return (double)s->rate / s->n / 10000.0;
    return s->lines > 0 ? (double)s->rate_lines / (double)s->lines / 10000.0 : NAN;
}

static double weighted(const qi_duty_sum *s) {
    return s->value > 0 ? (double)s->rate_value / (double)s->value / 10000.0 : NAN;
}

static void put(const writer *w, size_t figure, size_t row, double value) {
    if (w->column[figure] != SIZE_MAX)
        quipu_table_set_real(w->out, w->column[figure], row, value);
}

static void put_whole(const writer *w, size_t figure, size_t row, int64_t value) {
    if (w->column[figure] != SIZE_MAX)
        quipu_table_set_integer(w->out, w->column[figure], row, value);
}

/* In force, but every applied rate is the MFN rate: the source has not the preference. */
static bool unreported(const qi_pref *p, size_t pair, size_t year) {
    quipu_period y = p->first + (quipu_period)year;
    const quipu_agreement_link *link = &p->pairs[pair].link;
    bool held = p->pairs[pair].has_link && link->from / 10000 <= y &&
                (link->to == 0 || link->to / 10000 >= y);
    return held && p->reported[pair * p->n_years + year] &&
           !p->differs[pair * p->n_years + year];
}

static void put_rates(const writer *w, size_t pair, size_t year, const qi_pref_cell *cell,
                      size_t row) {
    double applied = simple(w, &cell->duty[QI_PREF_APPLIED]);
    double mfn = simple(w, &cell->duty[QI_PREF_MFN]);
    double by_trade = weighted(&cell->duty[QI_PREF_APPLIED]);
    double mfn_by_trade = weighted(&cell->duty[QI_PREF_MFN]);
    put(w, APPLIED, row, applied);
    put(w, MFN, row, mfn);
    put(w, PREFERENCE, row, simple(w, &cell->duty[QI_PREF_PREFERENCE]));
    put(w, W_APPLIED, row, by_trade);
    put(w, W_MFN, row, mfn_by_trade);
    put(w, W_PREFERENCE, row, weighted(&cell->duty[QI_PREF_PREFERENCE]));
    if (unreported(w->p, pair, year))
        return;
    double margin = simple(w, &cell->both[1]) - simple(w, &cell->both[0]);
    if (cell->duty[QI_PREF_MFN].is_source && cell->duty[QI_PREF_APPLIED].is_source)
        margin = (cell->duty[QI_PREF_MFN].source_simple -
                  cell->duty[QI_PREF_APPLIED].source_simple) /
                 10000.0; /* exact, as the source's decimals are */
    put(w, MARGIN, row, margin);
    put(w, RELATIVE, row, margin / (100 + mfn));
    put(w, W_MARGIN, row, weighted(&cell->both[1]) - weighted(&cell->both[0]));
}

static void put_trade(const writer *w, size_t pair, size_t label, const qi_pref_cell *cell,
                      size_t row) {
    const qi_pref *p = w->p;
    int64_t with = cell->duty[QI_PREF_APPLIED].value;
    if (cell->known)
        put_whole(w, IMPORTS, row, cell->imports);
    if (with <= 0)
        return;
    put_whole(w, DUTIABLE, row, with);
    put_whole(w, ZERO_VALUE, row, cell->zero);
    put(w, ZERO_SHARE, row, (double)cell->zero / (double)with);
    put(w, ZERO_LOW, row, (double)cell->zero_low / (double)with);
    put(w, ZERO_HIGH, row, (double)cell->zero_high / (double)with);
    if (cell->trade_period < p->first || cell->trade_period > p->last)
        return;
    const qi_pref_cell *traded =
        qi_pref_at(p, pair, label, (size_t)(cell->trade_period - p->first));
    if (traded->known && traded->imports > 0)
        put(w, COVERAGE, row, (double)with / (double)traded->imports);
}

static quipu_status put_weights_of(const writer *w, const qi_pref_cell *cell, size_t row,
                                   quipu_error *err) {
    char text[32];
    if (w->column[WEIGHTS_OF] == SIZE_MAX || cell->trade_period == 0)
        return QUIPU_OK;
    snprintf(text, sizeof text, "%d", (int)cell->trade_period);
    return quipu_table_set_text(w->out, w->column[WEIGHTS_OF], row,
                                cell->trade_period > 0 ? text : "several years", err);
}

static quipu_status put_agreement(const writer *w, size_t pair, quipu_period year, size_t row,
                                  quipu_error *err) {
    const quipu_agreement_link *link = &w->p->pairs[pair].link;
    char text[48], date[16];
    if (!w->p->pairs[pair].has_link)
        return QUIPU_OK;
    if (year < link->from / 10000)
        snprintf(text, sizeof text, "before");
    else if (link->to != 0 && year > link->to / 10000)
        snprintf(text, sizeof text, "ended");
    else if (year == link->from / 10000 && link->from % 10000 > 101)
        snprintf(text, sizeof text, "from %s", quipu_date_text(link->from, date));
    else
        snprintf(text, sizeof text, "in force");
    return quipu_table_set_text(w->out, w->column[AGREEMENT], row, text, err);
}

/* ---- rows ---- */

static bool wanted(const writer *w, quipu_period year) {
    for (size_t i = 0; i < w->n_spans; i++)
        if (year >= w->spans[i].first && year <= w->spans[i].last)
            return true;
    return w->n_spans == 0;
}

static bool any(const writer *w, size_t pair, size_t label) {
    for (size_t y = 0; y < w->p->n_years; y++) {
        const qi_pref_cell *cell = qi_pref_at(w->p, pair, label, y);
        if (wanted(w, w->p->first + (quipu_period)y) &&
            (cell->duty[QI_PREF_APPLIED].n > 0 || cell->imports > 0))
            return true;
    }
    return w->p->by == NULL;
}

static quipu_status write_names(const writer *w, size_t pair, size_t label, size_t row,
                                quipu_error *err) {
    size_t n;
    const quipu_cube_country *countries = quipu_cube_countries(w->p->request->cube, &n);
    const quipu_cube_country *r = &countries[w->p->pairs[pair].reporter];
    const quipu_cube_country *q = &countries[w->p->pairs[pair].partner];
    QI_TRY(quipu_table_set_text(w->out, REPORTER, row, r->iso3, err));
    QI_TRY(quipu_table_set_text(w->out, REPORTER + 1, row, r->name, err));
    QI_TRY(quipu_table_set_text(w->out, PARTNER, row, q->iso3, err));
    QI_TRY(quipu_table_set_text(w->out, PARTNER + 1, row, q->name, err));
    if (w->p->by == NULL)
        return QUIPU_OK;
    QI_TRY(quipu_table_set_text(w->out, LABEL, row, w->p->label_code[label], err));
    return quipu_table_set_text(w->out, LABEL + 1, row, w->p->label_name[label], err);
}

static quipu_status write_rows(const writer *w, size_t pair, quipu_error *err) {
    int64_t limit = qi_integer(w->p->measure, w->p->request, "limit", INT64_MAX), shown = 0;
    for (size_t l = 0; l < w->p->n_labels && shown < limit; l++) {
        if (!any(w, pair, l))
            continue;
        shown++;
        for (size_t y = 0; y < w->p->n_years; y++) {
            quipu_period year = w->p->first + (quipu_period)y;
            size_t row;
            if (!wanted(w, year))
                continue;
            const qi_pref_cell *cell = qi_pref_at(w->p, pair, l, y);
            QI_TRY(quipu_table_add_rows(w->out, 1, &row, err));
            QI_TRY(write_names(w, pair, l, row, err));
            quipu_table_set_integer(w->out, w->year_column, row, year);
            QI_TRY(put_agreement(w, pair, year, row, err));
            put_rates(w, pair, y, cell, row);
            put_trade(w, pair, l, cell, row);
            QI_TRY(put_weights_of(w, cell, row, err));
        }
    }
    return QUIPU_OK;
}

/* ---- notes ---- */

static quipu_status note_years(const writer *w, size_t pair,
                               bool (*is)(const qi_pref *, size_t, size_t), const char *format,
                               quipu_error *err) {
    const qi_pref *p = w->p;
    quipu_period years[256];
    size_t n = 0, countries;
    char text[160];
    for (size_t y = 0; y < p->n_years && n < QI_COUNT(years); y++)
        if (wanted(w, p->first + (quipu_period)y) && is(p, pair, y))
            years[n++] = p->first + (quipu_period)y;
    if (n == 0)
        return QUIPU_OK;
    qi_periods_text(years, n, text, sizeof text);
    const quipu_cube_country *all = quipu_cube_countries(p->request->cube, &countries);
    return quipu_table_add_note(w->out, err, "%s, %s: %s", all[p->pairs[pair].reporter].name,
                                text, format);
}

static bool is_absent(const qi_pref *p, size_t pair, size_t year) {
    bool ever = false;
    for (size_t y = 0; y < p->n_years; y++)
        ever |= p->reported[pair * p->n_years + y] != 0;
    return ever && !p->reported[pair * p->n_years + year];
}

static bool is_other_scheme(const qi_pref *p, size_t pair, size_t year) {
    const qi_pref_pair *at = &p->pairs[pair];
    bool before = !at->has_link || p->first + (quipu_period)year < at->link.from / 10000;
    return before && p->differs[pair * p->n_years + year];
}

static quipu_status notes(const writer *w, quipu_error *err) {
    const qi_pref *p = w->p;
    static const char *const how[] = {
        "Simple averages over all goods are the source's own (its row TOTAL) where it has one, "
        "else every tariff line counts once; averages by trade are weighted by imports.",
        "Simple averages count every tariff line once; averages by trade are weighted by "
        "imports.",
        "Simple averages count every product once; averages by trade are weighted by imports."};
    QI_TRY(quipu_table_add_note(w->out, err, "%s", how[w->average]));
    QI_TRY(quipu_table_add_note(
        w->out, err,
        "Margin is MFN less applied, over products that have both; relative margin is margin / "
        "(100 + MFN). "
        "Preferential averages are over lines with a preference only, each product once where "
        "the source does not count lines."));
    QI_TRY(quipu_table_add_note(
        w->out, err,
        "At zero: products whose applied duty is 0.00 on average by trade; denominator: "
        "imports "
        "with a tariff. At least: products without any duty; at most: when the duty falls on "
        "the fewest goods, at the highest rate."));
    QI_TRY(quipu_table_add_note(w->out, err,
                                "Trade with tariff: imports the rates stand for, of the year "
                                "they are weighted by, in the imports of that year."));
    QI_TRY(quipu_table_add_note(w->out, err,
                                "Agreement: the free trade agreement or customs union of the "
                                "two, if any; partial scope agreements do not count."));
    for (size_t i = 0; i < p->n_pairs; i++) {
        QI_TRY(note_years(w, i, is_absent, "the source has no tariffs of these years: missing.",
                          err));
        QI_TRY(note_years(w, i, unreported,
                          "an agreement was in force, yet the source gives the MFN rate as the "
                          "applied one for all goods: it lacks the preference, and the margin "
                          "is missing. Applied rates and what is at zero are those of MFN.",
                          err));
        QI_TRY(
            note_years(w, i, is_other_scheme,
                       "preferences of other schemes (GSP and the like), not of a free trade "
                       "agreement between the two.",
                       err));
    }
    if (p->n_split > 0)
        QI_TRY(quipu_table_add_note(w->out, err,
                                    "%zu products belong to several classes and stand in the "
                                    "one that holds most of each.",
                                    p->n_split));
    return QUIPU_OK;
}

/* ---- the table ---- */

static quipu_status open_table(writer *w, quipu_error *err) {
    quipu_column_spec specs[7 + N_FIGURES] = {
        {"reporter", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"reporter_name", "Levied by", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"partner", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"partner_name", "On goods of", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    };
    bool product = qi_is(w->p->by, "product");
    bool all = qi_choice_of(w->p->measure, w->p->request, "show") == 1;
    size_t n = LABEL;
    if (w->p->by != NULL) {
        specs[n++] = (quipu_column_spec){
            product ? "product" : "class", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0};
        specs[n++] = (quipu_column_spec){product ? "product_name" : "class_name",
                                         product ? "Product" : "Class",
                                         QUIPU_TEXT,
                                         QUIPU_DIMENSION,
                                         "",
                                         0};
    }
    w->year_column = n;
    specs[n++] = (quipu_column_spec){"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0};
    for (size_t f = 0; f < N_FIGURES; f++) {
        w->column[f] = all || in_main[f] ? n : SIZE_MAX;
        if (w->column[f] != SIZE_MAX)
            specs[n++] = columns[f];
    }
    return quipu_table_init(w->out, "preference", specs, n, err);
}

static quipu_status write(writer *w, quipu_error *err) {
    const qi_pref *p = w->p;
    QI_TRY(open_table(w, err));
    for (size_t i = 0; i < p->n_pairs; i++)
        QI_TRY(write_rows(w, i, err));
    if (w->out->n_rows == 0)
        return qi_fail(err, QUIPU_E_NOT_FOUND,
                       "no tariffs and no imports in the years asked for; the cube has %d-%d",
                       (int)p->first, (int)p->last);
    QI_TRY(quipu_table_set_title(
        w->out, err, "Duties in %s on goods of %s%s%s: simple averages and by trade",
        p->importers, p->exporters, p->by != NULL ? ", by " : "", p->by != NULL ? p->by : ""));
    return notes(w, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_pref p;
    QI_TRY(qi_pref_open(&p, &qi_measure_preference, request, err));
    writer w = {.p = &p,
                .out = out,
                .average = qi_choice_of(&qi_measure_preference, request, "average")};
    quipu_status status =
        qi_spans_parse(request->cube, qi_argument(&qi_measure_preference, request, "years"),
                       &p.arena, &w.spans, &w.n_spans, err);
    if (status == QUIPU_OK)
        status = write(&w, err);
    qi_pref_close(&p);
    return status;
}

const quipu_measure qi_measure_preference = {
    .name = "preference",
    .aliases = "margin preferences",
    .summary = "What is a tariff preference worth, and how much trade meets no duty?",
    .without = "flow basis of periods sort total rest",
    .detail =
        "For each importer, exporter and year: the average applied, MFN and preferential duty, "
        "simple and weighted by trade, the margin between MFN and applied, the share of "
        "imports "
        "that met no duty, and the imports of the year beside them. Every year between the "
        "first and the last of the cube has a row, so that a year without a report is seen as "
        "missing. Importers that are named have rows even when the cube has no tariffs of "
        "theirs: their trade stands beside the others'.\n\n"
        "The source gives averages by product, often by industry; within one some lines may be "
        "free and others not. Imports at zero are therefore those of products whose average "
        "by trade is zero, with a lower and an upper bound (--show all).\n\n"
        "Where an agreement of the table of agreements was in force and yet no applied rate "
        "differs from MFN, the source lacks the preference: the margin is missing, not zero. "
        "Preferences before an agreement are of other schemes, as a note says.",
    .formula =
        "margin = t_MFN - t_applied; relative margin = (t_MFN - t_applied) / (1 + t_MFN) "
        "with rates as fractions; average by trade = sum M t / sum M; zero share = sum of "
        "M where t = 0 / sum M; at most = sum M (1 - t / t_max) where t_min = 0",
    .reference =
        "Low, Piermartini and Richtering (2009), Multilateral Solutions to the Erosion "
        "of Non-Reciprocal Preferences in NAMA, WTO; UNCTAD TRAINS and World Bank, WITS "
        "User's Manual, on AHS, MFN and PRF.",
    .worked =
        "Two products: 300 of ore at 0 % applied and 2 % MFN on 1 line, 100 of cloth at 6 % "
        "applied (between 0 and 12) and 10 % MFN on 3 lines. Every line once: applied 4.5 %, "
        "MFN "
        "8 %, margin 3.5 points, relative 3.5/108 = 3.24 %. By trade: applied 1.5 %, MFN 4 %, "
        "margin 2.5. At zero: 300 of 400, 75 %; at least 75 %; at most 300 + 100 (1 - 6/12) = "
        "350, 87.5 %.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "applied",
    .example = "--reporter China --partner Peru --years 2008-2019",
    .run = run,
};
