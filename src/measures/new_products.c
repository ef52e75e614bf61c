/* SPDX-License-Identifier: Apache-2.0 */
/* new_products.c - products that came, went and stayed, year by year. */
#include "measures/under.h"

enum { MOST_LOOKBACK = 20, MOST_THRESHOLDS = 8 };

static const quipu_param params[] = {
    {"lookback", QUIPU_PARAM_INTEGER, NULL, "3",
     "years known before, in all of which a new product was below the threshold"},
    {"persist", QUIPU_PARAM_INTEGER, NULL, "0",
     "years, of as many after as the lookback, in which it must stay at the threshold"},
    {"threshold", QUIPU_PARAM_TEXT, NULL, "1,1000,10000",
     "US$ a year that make a product traded; several give a row each"},
};

enum { TRADED, NEW, KEPT, LOST, NEW_VALUE, NEW_SHARE, NEW_CODES, N_FIGURES };

static const quipu_column_spec columns[N_FIGURES + 1] = {
    {"threshold", "From US$", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"traded", "Traded", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"new", "New", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"continuing", "Continuing", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"lost", "Lost", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"new_value", "Value of the new", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"new_share", "Share of the new", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
    {"new_codes", "New by code", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
};

typedef struct options {
    qi_fresh_rule rule;
    quipu_money threshold[MOST_THRESHOLDS];
    size_t n;
} options;

static quipu_status read_thresholds(options *o, const char *text, quipu_error *err) {
    for (const char *at = text + strspn(text, ", "); *at != '\0'; at += strspn(at, ", ")) {
        size_t length = strcspn(at, ", ");
        int64_t usd;
        if (o->n == MOST_THRESHOLDS || !qi_parse_int(at, length, &usd) || usd < 1 ||
            usd > INT64_C(1000000000000))
            return qi_fail(err, QUIPU_E_ARG,
                           "threshold \"%s\": up to %d amounts in whole US$, such as "
                           "1,1000,10000",
                           text, MOST_THRESHOLDS);
        o->threshold[o->n++] = usd * QUIPU_MONEY_PER_USD;
        at += length;
    }
    return o->n > 0 ? QUIPU_OK : qi_fail(err, QUIPU_E_ARG, "threshold: an amount in US$");
}

static quipu_status read_options(const quipu_measure *me, const quipu_request *request,
                                 options *o, quipu_error *err) {
    int64_t lookback = qi_integer(me, request, "lookback", 3),
            persist = qi_integer(me, request, "persist", 0);
    *o = (options){0};
    if (lookback < 1 || lookback > MOST_LOOKBACK)
        return qi_fail(err, QUIPU_E_ARG, "lookback %lld: 1 to %d years", (long long)lookback,
                       MOST_LOOKBACK);
    if (persist < 0 || persist > lookback)
        return qi_fail(err, QUIPU_E_ARG,
                       "persist %lld: from 0 to the %lld years of the lookback",
                       (long long)persist, (long long)lookback);
    o->rule = (qi_fresh_rule){.lookback = (int)lookback, .persist = (int)persist};
    return read_thresholds(o, qi_argument(me, request, "threshold"), err);
}

typedef struct tally {
    int64_t traded, fresh, kept, lost;
    quipu_money value, total;
} tally;

static tally count(const qi_under *u, const qi_fresh_rule *rule, size_t line, size_t at) {
    const uint8_t *known = qi_under_line_known(u, line);
    tally t = {0};
    for (size_t c = u->start[line]; c < u->start[line + 1]; c++) {
        const quipu_money *value = qi_under_values(u, c);
        bool now = value[at] >= rule->threshold;
        bool before = qi_fresh_was_traded(rule, known, value, at);
        bool fresh = qi_fresh_is_new(rule, known, value, u->n_periods, at);
        t.traded += now;
        t.kept += now && before;
        t.lost += !now && before;
        t.fresh += fresh;
        t.value += fresh ? value[at] : 0; /* a part of a total that fits */
        t.total += value[at];
    }
    return t;
}

static void put(qi_sheet *sheet, size_t row, const qi_under *families, const qi_under *codes,
                const qi_fresh_rule *rule, size_t line, size_t at) {
    const uint8_t *known = qi_under_line_known(families, line);
    if (!known[at] || !families->has_products)
        return;
    qi_fresh_rule back = *rule;
    tally t = count(families, rule, line, at);
    qi_sheet_integer(sheet, row, TRADED + 1, t.traded);
    back.persist = 0; /* what came before is known also where persistence is not yet */
    if (!qi_fresh_can_tell(&back, known, families->n_periods, at))
        return;
    qi_sheet_integer(sheet, row, KEPT + 1, t.kept);
    qi_sheet_integer(sheet, row, LOST + 1, t.lost);
    if (!qi_fresh_can_tell(rule, known, families->n_periods, at))
        return;
    qi_sheet_integer(sheet, row, NEW + 1, t.fresh);
    qi_sheet_integer(sheet, row, NEW_VALUE + 1, t.value);
    if (t.total > 0)
        qi_sheet_real(sheet, row, NEW_SHARE + 1, (double)t.value / (double)t.total);
    qi_sheet_integer(sheet, row, NEW_CODES + 1, count(codes, rule, line, at).fresh);
}

static quipu_status notes(qi_ask *ask, const options *o, const qi_under *u, quipu_error *err) {
    QI_TRY(qi_under_note(ask, u, err));
    QI_TRY(
        qi_ask_note(ask, err,
                    "New: at the threshold in the year, and below it in each of the %d years "
                    "known before. Continuing: at it in the year and in one of those years. "
                    "Lost: at it in one of those years, and not now.",
                    o->rule.lookback));
    if (o->rule.persist > 0)
        QI_TRY(qi_ask_note(ask, err,
                           "Of the new only those at the threshold in %d of the next %d years "
                           "known; the others are neither new nor continuing.",
                           o->rule.persist, o->rule.lookback));
    return qi_ask_note(ask, err,
                       "Missing where too few years are known around. The share is of the same "
                       "row's trade in the year.");
}

static quipu_status write(qi_ask *ask, options *o, const qi_under *families,
                          const qi_under *codes, const bool *shown, quipu_table *out,
                          quipu_error *err) {
    qi_sheet sheet;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_FIGURES + 1, 0, out, err));
    for (size_t l = 0; l < families->n_lines; l++)
        for (size_t p = 0; p < families->n_periods; p++)
            for (size_t v = 0; v < o->n && shown[p]; v++) {
                size_t row;
                qi_line line = qi_under_line(families, l);
                o->rule.threshold = o->threshold[v];
                QI_TRY(quipu_table_add_rows(out, 1, &row, err));
                QI_TRY(qi_sheet_line(&sheet, row, &line, err));
                qi_sheet_period(&sheet, row, p);
                qi_sheet_integer(&sheet, row, 0, o->threshold[v] / QUIPU_MONEY_PER_USD);
                put(&sheet, row, families, codes, &o->rule, l, p);
            }
    QI_TRY(quipu_table_set_title(out, err, "New, continuing and lost products in the %s%s",
                                 qi_words_trade(ask), qi_words_by(ask)));
    QI_TRY(notes(ask, o, families, err));
    return qi_sheet_close(&sheet, ask, &families->frame, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_new_products;
    qi_arena arena = {0};
    qi_ask ask = {0};
    qi_under families = {0}, codes = {0};
    options o;
    qi_wish wish = {.under = "product"};
    bool *shown;
    quipu_status status;
    QI_TRY(read_options(me, request, &o, err));
    QI_GO(qi_all_years(request, &arena, &wish.years, err));
    QI_GO(qi_ask_open(&ask, me, request, &wish, err));
    QI_GO(qi_years_typed(&ask, &shown, err));
    QI_GO(qi_under_make(&ask, QI_UNDER_PRODUCT | QI_UNDER_FAMILY, &families, err));
    QI_GO(qi_under_make(&ask, QI_UNDER_PRODUCT, &codes, err));
    QI_GO(write(&ask, &o, &families, &codes, shown, out, err));
done:
    qi_under_free(&families);
    qi_under_free(&codes);
    qi_ask_close(&ask);
    qi_arena_free(&arena);
    return status;
}

const quipu_measure qi_measure_new_products = {
    .name = "new-products",
    .without = "of periods limit sort total rest wide",
    .summary = "How many products are new, lost or continuing?",
    .detail =
        "A product is new in a year when its trade reaches the threshold in that year and was "
        "below it in each of the --lookback years known before; with --persist it must also "
        "stay in so many of the next ones. Whatever number one reads of \"new products\" "
        "depends on these three choices, so every threshold gets a row.\n\n"
        "Products are families: codes joined, directly or through others, by the correlation "
        "of any revision of the HS in use in the years of the cube. A code that a revision "
        "split or renamed is then no new product; the count by raw code, which takes it for "
        "one, stands beside. The years before --years are looked at where the cube has them. "
        "Where fewer years are known than the rule asks for, the count is missing, not zero. "
        "The measure agreement counts by the same rule.\n\n"
        "traded = new + continuing, and without --persist always.",
    .formula =
        "N(t; L, v, s): max of X_tau over the last L known years < v, X_t >= v, and X >= v in "
        "s of the next L known years",
    .reference = "Families: the correlation tables of the UN Statistics Division. The rule is "
                 "in the manner of P. Brenton, R. Newfarmer (2007), Watching more than the "
                 "Discovery Channel, World Bank Policy Research Working Paper 4302.",
    .worked = "Asparagus: 0, 0, 0, 5 thousand, 20 thousand in 2000 to 2004. With a lookback of "
              "3 and 1,000 dollars it is new in 2003 and continuing in 2004; with 10,000 it is "
              "new in 2004; with --persist 1 and 10,000, missing in 2004, for nobody knows "
              "2005.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "new",
    .example = "--reporter China --years 2005-2011",
    .run = run,
};
