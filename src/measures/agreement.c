/* SPDX-License-Identifier: Apache-2.0 */
/* agreement.c - trade of two countries before and after an agreement, beside others. */
#include "measures/effect.h"

static const quipu_param params[] = {
    QI_PARAMS_SINCE,
    {"window", QUIPU_PARAM_INTEGER, NULL, "3", "years on each side"},
    {"partial", QUIPU_PARAM_CHOICE, "exclude before after", "exclude",
     "the year of entry into force, when that is not 1 January: on neither side, before, "
     "after"},
    {"others", QUIPU_PARAM_CHOICE, "auto partners reporters", "auto",
     "compare with the reporter's other partners, or with other reporters' trade with the "
     "partner; auto: the exporter's goods in other markets"},
    {"panel", QUIPU_PARAM_CHOICE, "most all", "most",
     "others must have reported most (half or more) or all of the pair's years of each window"},
    {"placebo", QUIPU_PARAM_TEXT, NULL, NULL, "a country to be treated as if it had joined"},
    {"placebo-since", QUIPU_PARAM_TEXT, NULL, NULL, "a false date, reckoned in the same way"},
    {"threshold", QUIPU_PARAM_REAL, NULL, "10000", "US$ a year that make a product traded"},
    {"lookback", QUIPU_PARAM_INTEGER, NULL, "0",
     "years a new product was below the threshold before; 0: as the window"},
    {"persist", QUIPU_PARAM_INTEGER, NULL, "0",
     "years, of as many after as the lookback, in which it must stay at the threshold"},
};

enum {
    BEFORE,
    AFTER,
    CHANGE,
    GROWTH_BEFORE,
    GROWTH_AFTER,
    DOUBLE,
    PLACEBO_DOUBLE,
    TRADED_BEFORE,
    TRADED_AFTER,
    NEW_BEFORE,
    NEW_AFTER,
    NEW_CODES,
    N_FIGURES
};

static const quipu_column_spec columns[N_FIGURES] = {
    {"before", "A year before", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"after", "A year after", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"change", "Change", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"growth_before", "Growth a year before", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"growth_after", "Growth a year after", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"double_difference", "Pair above these", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"placebo_difference", "Placebo above these", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"products_before", "Products before", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"products_after", "Products after", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"new_before", "New before", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"new_after", "New after", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"new_codes_after", "New codes after", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
};

static const char *const GROUP_CODE[QI_N_GROUPS] = {"pair", "placebo", "without", "with",
                                                    "rest"};

typedef struct writer {
    qi_effect *e;
    quipu_table *out;
    bool by_class, dated;
    size_t class_column, group_column, since_column, figures;
    size_t column[N_FIGURES];
} writer;

/* ---- figures ---- */

static double ratio(const qi_effect *e, size_t group, uint32_t label) {
    double before = qi_effect_mean(e, group, label, false);
    return e->n_members[group] > 0 && before > 0
               ? qi_effect_mean(e, group, label, true) / before
               : NAN;
}

/* Of the group less the placebo country, which cannot be compared with itself. */
static double ratio_of_others(const qi_effect *e, size_t group, uint32_t label) {
    bool in = e->n_members[QI_GROUP_PLACEBO] > 0 &&
              ((unsigned)e->member[e->placebo] >> group & 1u) != 0;
    double before = qi_effect_mean(e, group, label, false);
    double after = qi_effect_mean(e, group, label, true);
    if (in && e->n_members[group] == 1)
        return NAN;
    before -= in ? qi_effect_mean(e, QI_GROUP_PLACEBO, label, false) : 0;
    after -= in ? qi_effect_mean(e, QI_GROUP_PLACEBO, label, true) : 0;
    return before > 0.5 ? after / before : NAN; /* half a thousandth is the rounding */
}

/* All members have reported the year. */
static bool all_known(const qi_effect *e, size_t group, size_t period) {
    return e->all_known[group * e->view.n_periods + period] != 0;
}

/* Compound rate between the first and the last year of a window that have figures. */
static double growth(const qi_effect *e, size_t group, uint32_t label, const size_t *at,
                     size_t n) {
    if (n < 2 || !all_known(e, group, at[0]) || !all_known(e, group, at[n - 1]))
        return NAN;
    double a = (double)qi_effect_value(e, group, label, at[0]);
    double b = (double)qi_effect_value(e, group, label, at[n - 1]);
    int years = e->view.periods[at[n - 1]] - e->view.periods[at[0]];
    return a > 0 ? pow(b / a, 1.0 / years) - 1 : NAN;
}

/* Over the years all members have. */
static double traded(const qi_effect *e, size_t group, uint32_t label, const size_t *at,
                     size_t n) {
    double sum = 0;
    size_t years = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t count =
            all_known(e, group, at[i]) ? qi_effect_traded(e, group, label, at[i]) : -1;
        sum += count >= 0 ? (double)count : 0;
        years += count >= 0;
    }
    return years > 0 ? sum / (double)years : NAN;
}

static void put(const writer *w, size_t figure, size_t row, double value) {
    if (w->column[figure] != SIZE_MAX)
        quipu_table_set_real(w->out, w->column[figure], row, value);
}

static void put_count(const writer *w, size_t figure, size_t row, int64_t value) {
    if (value >= 0 && w->column[figure] != SIZE_MAX)
        quipu_table_set_integer(w->out, w->column[figure], row, value);
}

static void put_values(const writer *w, size_t row, size_t group, uint32_t label,
                       const qi_windows *t) {
    const qi_effect *e = w->e;
    double own = ratio(e, group, label), pair = ratio(e, QI_GROUP_PAIR, label);
    put_count(w, BEFORE, row, (int64_t)(qi_effect_mean(e, group, label, false) + 0.5));
    put_count(w, AFTER, row, (int64_t)(qi_effect_mean(e, group, label, true) + 0.5));
    put(w, CHANGE, row, own - 1);
    put(w, GROWTH_BEFORE, row, growth(e, group, label, t->before, t->n_before));
    put(w, GROWTH_AFTER, row, growth(e, group, label, t->after, t->n_after));
    if (group != QI_GROUP_PAIR && own > 0)
        put(w, DOUBLE, row, pair / own - 1);
    double others = group > QI_GROUP_PLACEBO ? ratio_of_others(e, group, label) : NAN;
    if (others > 0)
        put(w, PLACEBO_DOUBLE, row, ratio(e, QI_GROUP_PLACEBO, label) / others - 1);
}

static void put_products(const writer *w, size_t row, size_t group, uint32_t label,
                         const qi_windows *t) {
    const qi_effect *e = w->e;
    put(w, TRADED_BEFORE, row, traded(e, group, label, t->before, t->n_before));
    put(w, TRADED_AFTER, row, traded(e, group, label, t->after, t->n_after));
    put_count(w, NEW_BEFORE, row,
              qi_effect_new(e, group, label, t->before, t->n_before).families);
    qi_new_count fresh = qi_effect_new(e, group, label, t->after, t->n_after);
    put_count(w, NEW_AFTER, row, fresh.families);
    put_count(w, NEW_CODES, row, fresh.codes);
}

/* ---- rows ---- */

static const char *group_name(const qi_effect *e, size_t group, char out[160]) {
    const char *other = e->others_report ? e->reporter_name : e->partner_name;
    size_t n = e->n_members[group];
    switch (group) {
    case QI_GROUP_PAIR: return other;
    case QI_GROUP_PLACEBO: return e->placebo_name;
    case QI_GROUP_WITHOUT:
        snprintf(out, 160, "%zu %s without agreement", n, n == 1 ? "other" : "others");
        return out;
    case QI_GROUP_WITH:
        snprintf(out, 160, "%zu %s with an agreement", n, n == 1 ? "other" : "others");
        return out;
    default: snprintf(out, 160, "all %zu others", n); return out;
    }
}

static bool has_label(const qi_effect *e, uint32_t label) {
    for (size_t p = 0; p < e->view.n_periods; p++)
        if (qi_effect_value(e, QI_GROUP_PAIR, label, p) > 0 ||
            qi_effect_value(e, QI_GROUP_REST, label, p) > 0)
            return true;
    return e->n_labels == 1;
}

static quipu_status write_row(const writer *w, size_t group, uint32_t label,
                              const qi_windows *t, quipu_error *err) {
    char text[160], date[16];
    size_t row;
    QI_TRY(quipu_table_add_rows(w->out, 1, &row, err));
    if (w->by_class) {
        QI_TRY(
            quipu_table_set_text(w->out, w->class_column, row, w->e->label_code[label], err));
        QI_TRY(quipu_table_set_text(w->out, w->class_column + 1, row, w->e->label_name[label],
                                    err));
    }
    QI_TRY(quipu_table_set_text(w->out, w->group_column, row, GROUP_CODE[group], err));
    QI_TRY(quipu_table_set_text(w->out, w->group_column + 1, row, group_name(w->e, group, text),
                                err));
    QI_TRY(quipu_table_set_text(w->out, w->since_column, row, quipu_date_text(t->since, date),
                                err));
    put_values(w, row, group, label, t);
    put_products(w, row, group, label, t);
    return QUIPU_OK;
}

static quipu_status write_groups(const writer *w, const qi_windows *t, quipu_error *err) {
    QI_TRY(qi_effect_groups(w->e, t, err));
    for (uint32_t label = 0; label < w->e->n_labels; label++) {
        if (!has_label(w->e, label))
            continue;
        for (size_t g = 0; g < QI_N_GROUPS; g++)
            if (w->e->n_members[g] > 0)
                QI_TRY(write_row(w, g, label, t, err));
    }
    return QUIPU_OK;
}

/* ---- notes ---- */

static const char *years_text(const qi_effect *e, const size_t *at, size_t n, char *out,
                              size_t size) {
    quipu_period periods[64];
    for (size_t i = 0; i < n; i++)
        periods[i] = e->view.periods[at[i]];
    qi_periods_text(periods, n, out, size);
    return out;
}

static quipu_status note_windows(const writer *w, const qi_windows *t, quipu_error *err) {
    const qi_effect *e = w->e;
    char before[120], after[120], date[16];
    size_t wanted_before = (size_t)e->window;
    size_t wanted_after = (size_t)e->window;
    QI_TRY(quipu_table_add_note(
        w->out, err, "%s: means of %s before and %s after%s.", quipu_date_text(t->since, date),
        years_text(e, t->before, t->n_before, before, sizeof before),
        years_text(e, t->after, t->n_after, after, sizeof after),
        t->partial                        ? "; the year it began is on neither side"
        : t->since % 10000 <= 101         ? ""
        : e->partial == QI_PARTIAL_BEFORE ? "; the year it began counts as before"
                                          : "; the year it began counts as after"));
    if (t->n_before < wanted_before || t->n_after < wanted_after)
        QI_TRY(quipu_table_add_note(
            w->out, err,
            "Of the windows %d-%d and %d-%d the years without a report of %s are missing: the "
            "means are of the others.",
            (int)t->before_first, (int)t->before_last, (int)t->after_first, (int)t->after_last,
            e->reporter_name));
    if (e->left_out[0] != '\0')
        QI_TRY(quipu_table_add_note(w->out, err,
                                    "Left out, because they did not report %s of these years: "
                                    "%s.",
                                    e->strict ? "all" : "at least half", e->left_out));
    if (e->others_report && !e->strict)
        QI_TRY(quipu_table_add_note(w->out, err,
                                    "Each of the others is averaged over the years it has."));
    return QUIPU_OK;
}

static quipu_status note_groups(const writer *w, quipu_error *err) {
    const qi_effect *e = w->e;
    const char *fixed = e->others_report ? e->partner_name : e->reporter_name;
    QI_TRY(quipu_table_add_note(
        w->out, err,
        "Others: %s. Without agreement: no free trade agreement or customs union with %s in "
        "force in the years of the windows (partial scope agreements such as LAIA do not "
        "count).",
        e->others_report ? "other reporters' trade with the same partner"
                         : "the same reporter's trade with other partners",
        fixed));
    QI_TRY(quipu_table_add_note(
        w->out, err,
        "Pair above these: (after / before of the pair) / (after / "
        "before of the group) - 1. It "
        "describes; it does not tell what caused the difference.%s",
        e->placebo >= 0 ? " Placebo above these: the same of the placebo country, beside the "
                          "group without it."
                        : ""));
    return quipu_table_add_note(w->out, err, "Firms are not in this source.");
}

static quipu_status note_products(const writer *w, quipu_error *err) {
    const qi_effect *e = w->e;
    char usd[QI_NUMBER_TEXT];
    if (!e->has_products)
        return quipu_table_add_note(w->out, err,
                                    "The cube holds totals only: products are missing.");
    qi_format_scaled(usd, e->fresh.threshold, 3);
    QI_TRY(quipu_table_add_note(
        w->out, err,
        "New: at least %s US$ in a year of the window, and less in each of the %d years known "
        "before it%s. Missing where fewer years are known. %s",
        usd, e->fresh.lookback,
        e->fresh.persist > 0 ? ", and again in so many of the years after as --persist says"
                             : "",
        e->is_hs ? "Products are families: codes that revisions of the HS join are one."
                 : "Products are the codes of the cube, which no revision changes; industries "
                   "hide new goods within them."));
    if (e->n_split > 0)
        QI_TRY(quipu_table_add_note(w->out, err,
                                    "%zu products belong to several classes and stand in the "
                                    "one that holds most of each.",
                                    e->n_split));
    return QUIPU_OK;
}

static quipu_status title(const writer *w, quipu_error *err) {
    static const char *const nouns[] = {"Exports", "Imports", "Re-exports", "Re-imports",
                                        "Trade"};
    static const char *const towards[] = {"to", "from", "to", "from", "with"};
    const qi_effect *e = w->e;
    char date[16];
    return quipu_table_set_title(
        w->out, err, "%s of %s %s %s%s%s before and after %s (%s), a year on average",
        nouns[e->view.flow], e->reporter_name, towards[e->view.flow], e->partner_name,
        e->view.products != NULL ? ", of products " : "",
        e->view.products != NULL ? e->view.product_label : "",
        e->agreement != NULL ? e->agreement->title : "the date",
        quipu_date_text(e->since, date));
}

/* ---- the table ---- */

static quipu_status open_table(writer *w, quipu_error *err) {
    quipu_column_spec specs[5 + N_FIGURES];
    size_t n = 0;
    w->by_class = qi_argument(w->e->measure, w->e->request, "by") != NULL;
    if (w->by_class) {
        w->class_column = n;
        specs[n++] = (quipu_column_spec){"class", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0};
        specs[n++] =
            (quipu_column_spec){"class_name", "Class", QUIPU_TEXT, QUIPU_DIMENSION, "", 0};
    }
    w->group_column = n;
    specs[n++] = (quipu_column_spec){"group", "Group", QUIPU_TEXT, QUIPU_DIMENSION, "", 0};
    specs[n++] = (quipu_column_spec){"group_name", w->e->others_report ? "Reporter" : "Partner",
                                     QUIPU_TEXT,   QUIPU_DIMENSION,
                                     "",           0};
    w->since_column = n;
    specs[n++] = (quipu_column_spec){"since", "Since", QUIPU_TEXT, QUIPU_DIMENSION, "", 0};
    for (size_t f = 0; f < N_FIGURES; f++) {
        bool shown = (f != PLACEBO_DOUBLE || w->e->placebo >= 0) &&
                     (f < TRADED_BEFORE || w->e->has_products) &&
                     (f != NEW_CODES || w->e->is_hs);
        w->column[f] = shown ? n : SIZE_MAX;
        if (shown)
            specs[n++] = columns[f];
    }
    return quipu_table_init(w->out, "agreement", specs, n, err);
}

static quipu_status write(writer *w, quipu_error *err) {
    const char *text = qi_argument(w->e->measure, w->e->request, "placebo-since");
    quipu_date false_date = 0;
    qi_windows windows;
    if (text != NULL && !quipu_date_parse(text, strlen(text), &false_date))
        return qi_fail(err, QUIPU_E_ARG,
                       "placebo-since \"%s\": a date is 2010-03-01, 2010-03 or 2010", text);
    QI_TRY(qi_effect_windows(w->e, w->e->since, &windows, err));
    QI_TRY(open_table(w, err));
    QI_TRY(title(w, err));
    QI_TRY(write_groups(w, &windows, err));
    QI_TRY(note_windows(w, &windows, err));
    if (false_date != 0) {
        QI_TRY(qi_effect_windows(w->e, false_date, &windows, err));
        QI_TRY(write_groups(w, &windows, err));
        QI_TRY(note_windows(w, &windows, err));
    }
    QI_TRY(note_groups(w, err));
    QI_TRY(note_products(w, err));
    if (w->e->placebo >= 0 && w->e->n_members[QI_GROUP_PLACEBO] == 0)
        QI_TRY(quipu_table_add_note(
            w->out, err, "The placebo country %s did not report enough of these years.",
            w->e->placebo_name));
    return QUIPU_OK;
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    qi_effect e;
    QI_TRY(qi_effect_open(&e, &qi_measure_agreement, request, err));
    writer w = {.e = &e, .out = out};
    quipu_status status = write(&w, err);
    qi_effect_close(&e);
    return status;
}

const quipu_measure qi_measure_agreement = {
    .name = "agreement",
    .aliases = "fta before-after",
    .summary = "How did trade change with an agreement, and elsewhere in the same years?",
    .without = "of periods sort total rest limit wide",
    .detail =
        "Two windows of equal length, before and after the agreement entered into force: the "
        "value a year, its growth within each window, how many products were traded and how "
        "many were new; for the two countries, and in the same years for others without an "
        "agreement, others with one, and all others. The "
        "double difference says by how much the pair's change is above the group's.\n\n"
        "The agreement is looked up in the table of agreements: the first free trade agreement "
        "or customs union of the two that began within the years of the cube. An agreement "
        "that entered into force on another day than 1 January leaves its year on neither "
        "side, "
        "unless --partial says otherwise. Years without a report are missing, not zero: of the "
        "others, those that lack "
        "more than half of the pair's years are left out and named (--panel all: any of them), "
        "and the rest are averaged over the years they have. Growth within a window and new "
        "products are missing where a member lacks a year they need.\n\n"
        "--years narrows the years that are looked at, windows and look-back alike.\n\n"
        "A placebo country (--placebo) is treated as if it had joined; a placebo date "
        "(--placebo-since) is reckoned in the same way. Differences of their size say how much "
        "the double difference means. It is a description, no estimate.\n\n"
        "New products are counted by families of codes, so that no revision of the HS makes "
        "one; window, threshold and persistence are options.",
    .formula = "change = V1/V0 - 1, V a mean over the years of a window; double difference = "
               "(V1/V0 of the pair) / (V1/V0 of the group) - 1; new in t: max X(t-L..t-1) < v* "
               "and X(t) >= v*, and X >= v* in s of the L years after",
    .reference =
        "Double difference: Yotov, Piermartini, Monteiro and Larch (2016), An Advanced "
        "Guide to Trade Policy Analysis, WTO and UNCTAD, on the need of comparison "
        "groups. New products: Kehoe and Ruhl (2013), JPE 121(2), on the extensive "
        "margin after liberalisation.",
    .worked =
        "Peru sells 10 a year to China in 2007-2009 and 30 in 2011-2013, with an agreement of "
        "1 March 2010; to others without agreement 20 and 30. Change +200 % and +50 %; the "
        "pair "
        "is (30/10) / (30/20) - 1 = 100 % above the others.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "change",
    .example = "--reporter China --partner Peru --window 5",
    .run = run,
};
