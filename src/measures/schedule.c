/* SPDX-License-Identifier: Apache-2.0 */
/* schedule.c - what a tariff schedule frees, line by line and year by year. */
#include "measures/staging.h"

static const quipu_param params[] = {
    {"schedule", QUIPU_PARAM_FILE, NULL, NULL, "the file of tariff lines (docs/agreements.md)"},
    {"categories", QUIPU_PARAM_FILE, NULL, NULL, "the file of staging categories"},
    {"values", QUIPU_PARAM_CHOICE, "auto file cube none", "auto",
     "what lines are worth: the schedule's own column where it has one, else the imports of "
     "the cube; or nothing"},
    {"weights", QUIPU_PARAM_TEXT, NULL, NULL,
     "years of the imports that weigh; the last before entry into force when not given"},
    {"show", QUIPU_PARAM_CHOICE, "main all", "main", "the figures most asked for, or all"},
};

enum {
    STAGE,
    LINES,
    FREE_LINES,
    COVERAGE,
    DUTIABLE_COVERAGE,
    MFN_FREE,
    EXCLUDED,
    EXCLUDED_SHARE,
    VALUE,
    FREE_VALUE,
    VALUE_COVERAGE,
    DUTIABLE_VALUE_COVERAGE,
    EXCLUDED_VALUE_SHARE,
    BASE,
    PREFERENCE,
    MARGIN,
    W_BASE,
    W_PREFERENCE,
    W_MARGIN,
    N_FIGURES
};

static const quipu_column_spec columns[N_FIGURES] = {
    {"stage", "Stage", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"lines", "Lines", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"free_lines", "Free lines", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"line_coverage", "Free, of lines", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"dutiable_line_coverage", "Freed, of dutiable lines", QUIPU_SHARE, QUIPU_FIGURE,
     "fraction", 1},
    {"mfn_free_lines", "MFN-free lines", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"excluded_lines", "Excluded lines", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"excluded_share", "Excluded, of lines", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"value", "Imports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"free_value", "Free imports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"value_coverage", "Free, of imports", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"dutiable_value_coverage", "Freed, of dutiable imports", QUIPU_SHARE, QUIPU_FIGURE,
     "fraction", 1},
    {"excluded_value_share", "Excluded, of imports", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"base", "Base rate", QUIPU_REAL, QUIPU_FIGURE, "%", 2},
    {"preference", "Preferential rate", QUIPU_REAL, QUIPU_FIGURE, "%", 2},
    {"margin", "Margin", QUIPU_REAL, QUIPU_FIGURE, "points", 2},
    {"base_weighted", "Base, by trade", QUIPU_REAL, QUIPU_FIGURE, "%", 2},
    {"preference_weighted", "Preferential, by trade", QUIPU_REAL, QUIPU_FIGURE, "%", 2},
    {"margin_weighted", "Margin, by trade", QUIPU_REAL, QUIPU_FIGURE, "points", 2},
};

static const bool in_main[N_FIGURES] = {
    [LINES] = true,          [COVERAGE] = true,
    [EXCLUDED_SHARE] = true, [DUTIABLE_COVERAGE] = true,
    [VALUE_COVERAGE] = true, [DUTIABLE_VALUE_COVERAGE] = true,
    [PREFERENCE] = true,     [MARGIN] = true,
    [W_MARGIN] = true,
};

typedef struct writer {
    const qi_staging *s;
    quipu_table *out;
    bool labelled;
    size_t year_column, column[N_FIGURES];
    qi_span *spans;
    size_t n_spans;
} writer;

static void put(const writer *w, size_t figure, size_t row, double value) {
    if (w->column[figure] != SIZE_MAX)
        quipu_table_set_real(w->out, w->column[figure], row, value);
}

static void put_whole(const writer *w, size_t figure, size_t row, int64_t value) {
    if (w->column[figure] != SIZE_MAX)
        quipu_table_set_integer(w->out, w->column[figure], row, value);
}

/* Missing when there is nothing to take a share of. */
static double share(int64_t part, int64_t whole) {
    return whole > 0 ? (double)part / (double)whole : NAN;
}

static void put_figures(const writer *w, size_t row, size_t stage, const qi_stage_sum *f) {
    put_whole(w, STAGE, row, (int64_t)stage);
    put_whole(w, LINES, row, f->lines);
    put_whole(w, FREE_LINES, row, f->free);
    put_whole(w, MFN_FREE, row, f->mfn_free);
    put_whole(w, EXCLUDED, row, f->excluded);
    put(w, COVERAGE, row, share(f->free, f->lines));
    put(w, DUTIABLE_COVERAGE, row, share(f->free - f->mfn_free, f->lines - f->mfn_free));
    put(w, EXCLUDED_SHARE, row, share(f->excluded, f->lines));
    if (f->rated > 0) {
        put(w, BASE, row, f->base / (double)f->rated);
        put(w, PREFERENCE, row, f->preference / (double)f->rated);
        put(w, MARGIN, row, (f->base - f->preference) / (double)f->rated);
    }
    if (w->s->value == NULL)
        return;
    put_whole(w, VALUE, row, f->value);
    put_whole(w, FREE_VALUE, row, f->free_value);
    put(w, VALUE_COVERAGE, row, share(f->free_value, f->value));
    put(w, DUTIABLE_VALUE_COVERAGE, row,
        share(f->free_value - f->mfn_free_value, f->value - f->mfn_free_value));
    put(w, EXCLUDED_VALUE_SHARE, row, share(f->excluded_value, f->value));
    if (f->rated_value > 0) {
        double value = (double)f->rated_value;
        put(w, W_BASE, row, f->base_by_value / value);
        put(w, W_PREFERENCE, row, f->preference_by_value / value);
        put(w, W_MARGIN, row, (f->base_by_value - f->preference_by_value) / value);
    }
}

static bool wanted(const writer *w, quipu_period year) {
    for (size_t i = 0; i < w->n_spans; i++)
        if (year >= w->spans[i].first && year <= w->spans[i].last)
            return true;
    return w->n_spans == 0;
}

static quipu_status write_rows(const writer *w, uint32_t label, quipu_error *err) {
    const qi_staging *s = w->s;
    size_t last = s->schedule.n_stages;
    for (size_t i = 0; i < w->n_spans; i++) { /* after the last cut nothing changes */
        int stage = w->spans[i].last - s->first_year;
        last = stage >= (int)last && stage < 200 ? (size_t)stage + 1 : last;
    }
    last = last < 2 ? 2 : last;
    for (size_t stage = 0; stage < last; stage++) {
        quipu_period year = s->first_year + (quipu_period)stage;
        size_t row;
        if (!wanted(w, year))
            continue;
        qi_stage_sum sum = qi_staging_sum(s, label, stage);
        if (sum.lines == 0 && s->n_labels > 1)
            return QUIPU_OK; /* a class without lines */
        QI_TRY(quipu_table_add_rows(w->out, 1, &row, err));
        if (w->labelled) {
            QI_TRY(quipu_table_set_text(w->out, 0, row, s->label_code[label], err));
            QI_TRY(quipu_table_set_text(w->out, 1, row, s->label_name[label], err));
        }
        quipu_table_set_integer(w->out, w->year_column, row, year);
        put_figures(w, row, stage, &sum);
    }
    return QUIPU_OK;
}

/* ---- notes ---- */

static quipu_status note_lines(const writer *w, quipu_error *err) {
    const quipu_schedule *s = &w->s->schedule;
    size_t specific = 0, unrated = 0;
    char date[16];
    for (size_t i = 0; i < s->n_lines; i++) {
        specific += s->lines[i].specific[0] != '\0';
        unrated += s->lines[i].base == QUIPU_SCHEDULE_NO_RATE;
    }
    QI_TRY(quipu_table_add_note(
        w->out, err,
        "Entry into force %s; stage 1 is that year, stage 0 the one before. Free: no duty in "
        "that stage, lines free by MFN included; freed: of the lines not free by MFN. "
        "Excluded: "
        "dutiable lines without a commitment.",
        quipu_date_text(s->from, date)));
    QI_TRY(quipu_table_add_note(w->out, err,
                                "The preferential rate is the start rate less the cuts, and "
                                "never above the base rate; averages count every line once."));
    if (unrated > 0)
        QI_TRY(quipu_table_add_note(w->out, err,
                                    "%zu of %zu lines have a specific duty only: they count in "
                                    "coverage, not in average rates.",
                                    unrated, s->n_lines));
    if (specific > unrated)
        QI_TRY(quipu_table_add_note(w->out, err,
                                    "%zu lines have a specific duty beside their rate, which "
                                    "averages leave out.",
                                    specific - unrated));
    return QUIPU_OK;
}

static quipu_status note_values(const writer *w, quipu_error *err) {
    const qi_staging *s = w->s;
    int64_t inside = 0;
    char text[32];
    if (s->value == NULL)
        return quipu_table_add_note(w->out, err, "No values: shares of imports are missing.");
    for (size_t i = 0; i < s->schedule.n_lines; i++)
        inside += s->value[i];
    QI_TRY(quipu_table_add_note(w->out, err, "%s; denominators are of goods that have a line.",
                                s->value_words));
    if (s->outside > 0) {
        qi_format_double_rounded(
            text, sizeof text,
            100.0 * (double)s->outside / ((double)inside + (double)s->outside), 2);
        QI_TRY(quipu_table_add_note(w->out, err,
                                    "%s %% of the imports are of goods without a line in the "
                                    "schedule, and are left out.",
                                    text));
    }
    return QUIPU_OK;
}

static quipu_status notes(const writer *w, quipu_error *err) {
    QI_TRY(note_lines(w, err));
    QI_TRY(note_values(w, err));
    if (w->s->n_split > 0)
        QI_TRY(quipu_table_add_note(w->out, err,
                                    "%zu lines belong to several classes and stand in the one "
                                    "that holds most of each.",
                                    w->s->n_split));
    const quipu_schedule *s = &w->s->schedule;
    QI_TRY(quipu_table_add_source(w->out, "schedule",
                                  s->source[0] != '\0' ? s->source : s->title, err));
    return quipu_table_set_title(
        w->out, err, "%s: what it frees%s%s, in shares of tariff lines and of imports",
        s->title[0] != '\0' ? s->title : "The schedule", w->labelled ? ", by " : "",
        w->labelled ? qi_argument(w->s->measure, w->s->request, "by") : "");
}

static quipu_status write(writer *w, quipu_error *err) {
    const qi_staging *s = w->s;
    quipu_column_spec specs[3 + N_FIGURES];
    const char *by = qi_argument(s->measure, s->request, "by");
    bool all = qi_choice_of(s->measure, s->request, "show") == 1;
    size_t n = 0;
    w->labelled = by != NULL && !qi_is(by, "year");
    if (w->labelled) {
        bool category = qi_is(by, "category");
        specs[n++] = (quipu_column_spec){
            category ? "category" : "class", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0};
        specs[n++] = (quipu_column_spec){category ? "category_name" : "class_name",
                                         category ? "Category" : "Class",
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
    QI_TRY(quipu_table_init(w->out, "schedule", specs, n, err));
    for (uint32_t label = 0; label < s->n_labels; label++)
        QI_TRY(write_rows(w, label, err));
    return notes(w, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_staging s;
    QI_TRY(qi_staging_open(&s, &qi_measure_schedule, request, err));
    writer w = {.s = &s, .out = out};
    quipu_status status =
        qi_spans_parse(request->cube, qi_argument(&qi_measure_schedule, request, "years"),
                       &s.arena, &w.spans, &w.n_spans, err);
    if (status == QUIPU_OK)
        status = write(&w, err);
    qi_staging_close(&s);
    return status;
}

const quipu_measure qi_measure_schedule = {
    .name = "schedule",
    .aliases = "staging",
    .summary = "What does a tariff schedule free, of lines and of trade, year by year?",
    .without = "product of periods limit sort total rest",
    .detail =
        "Reads a tariff schedule (a table of lines with base rate and staging category, and a "
        "table of what each category does; docs/agreements.md) and follows it from the year "
        "before entry into force to the last cut: the share of lines and of imports that is "
        "free of duty, with and without the lines already free by MFN, what is excluded, and "
        "the average base and preferential rates with the margin between them. --by gives a "
        "row for each class of a scheme, or each category.\n\n"
        "Lines are worth what the schedule's own column says, or the imports of the cube: six "
        "digits are carried to the schedule's revision and divided exactly and equally over "
        "the "
        "lines under them. Where no cut is ever taken back, coverage never falls. A share of "
        "nothing is missing.",
    .formula = "line coverage = # lines with t_pref = 0 / # lines; value coverage = sum of M "
               "over these "
               "/ sum of M; freed = (free - MFN-free) / (all - MFN-free); t_pref(s) = "
               "min(base, start x "
               "left(s)), left(s) = 1 - (cuts so far / cuts)",
    .reference =
        "WTO, Transparency Mechanism for RTAs (2006), on liberalisation by tariff lines "
        "and by trade; UN ESCAP and WTO practice in factual presentations.",
    .worked =
        "Four lines: A at 0 % MFN, B at 10 % free at once, C at 8 % in four cuts, E at 20 % "
        "excluded; imports 40, 30, 20, 10. Stage 1: free A and B: 50 % of lines, 70 % of "
        "imports; of dutiable lines 1/3, of dutiable imports 30/60. Preferential average (0 + "
        "0 "
        "+ 6 + 20)/4 = 6.5 %, base 9.5 %, margin 3. Stage 4: free A, B, C: 75 % and 90 %.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "line_coverage",
    .example = "--schedule lines.csv --categories categories.csv --by section",
    .run = run,
};
