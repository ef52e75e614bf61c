/* SPDX-License-Identifier: Apache-2.0 */
/* new_firms.c - firms before and after a date, of an agreement: how many more, who is new. */
#include "measures/firms.h"
#include "measures/since.h"
#include "measures/under.h"

enum { MOST_WINDOW = 20 };

static const quipu_param params[] = {
    QI_PARAMS_SINCE,
    {"window", QUIPU_PARAM_INTEGER, NULL, "1", "years on each side"},
    {"partial", QUIPU_PARAM_CHOICE, "exclude before after", "exclude",
     "the year (of a monthly cube: month) of entry into force, when it was not in force all of "
     "it: on neither side, before, after"},
    QI_PARAM_MIN_FIRMS,
};

enum { BEFORE, AFTER, GROWTH, ENTERED, BORN, LEFT, WORTH, VALUE, SHARE, FLAG, N_FIGURES };

static const quipu_column_spec columns[N_FIGURES] = {
    {"firms_before", "Firms before", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"firms_after", "Firms after", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"growth", "Growth", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"entered", "Entered", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"born", "Traded nothing before", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"left", "Left", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"value_before", "Value before", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"value_after", "Value after", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"entrants_share", "Entrants in the value", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    QI_COLUMN_CONFIDENTIAL,
};

/* Periods of one side of the date, as positions and for the reader. */
typedef struct side {
    quipu_period first, last;
    size_t *at, n;
} side;

typedef struct table {
    qi_firm_ask f;
    quipu_date since;
    const quipu_agreement *agreement;
    side before, after;
    const char *between; /* what is on neither side, for a note; "" */
    qi_by_firm was, is;
    uint8_t *hidden_before;
    qi_firm_change change;
    size_t n_hidden;
} table;

/* ---- when ---- */

static bool is_one(const qi_choice *choices, size_t n) {
    return n == 1 && choices[0].n_words == 1 && choices[0].words[0].country != NULL;
}

static quipu_status find_date(table *t, quipu_error *err) {
    qi_ask *ask = &t->f.ask;
    const quipu_measure *me = ask->measure;
    if (is_one(ask->reporters, ask->n_reporters) && is_one(ask->partners, ask->n_partners)) {
        quipu_period first = ask->periods[0] > 9999 ? ask->periods[0] / 100 : ask->periods[0];
        qi_pair_asked pair = {ask->reporters[0].words[0].country->id,
                              ask->partners[0].words[0].country->id, ask->reporters[0].name,
                              ask->partners[0].name, first};
        return qi_since_find(me, ask->request, &pair, &t->agreement, &t->since, err);
    }
    const char *name = qi_argument(me, ask->request, "agreement");
    QI_TRY(qi_date_argument(me, ask->request, "since", &t->since, err));
    if (name != NULL)
        QI_TRY(quipu_agreement_find(ask->request->nomen, name, &t->agreement, err));
    if (t->since == 0 && t->agreement != NULL)
        t->since = t->agreement->from;
    return t->since != 0 ? QUIPU_OK
                         : qi_fail(err, QUIPU_E_ARG,
                                   "new-firms wants --since DATE or --agreement NAME, or one "
                                   "reporter and one partner that have an agreement");
}

static quipu_status fill_side(table *t, side *s, quipu_error *err) {
    qi_ask *ask = &t->f.ask;
    s->at = qi_arena_alloc(&ask->arena, (ask->n_periods + 1) * sizeof *s->at);
    if (s->at == NULL)
        return qi_fail_memory(err, ask->n_periods * sizeof *s->at);
    for (size_t p = 0; p < ask->n_periods; p++)
        if (ask->periods[p] >= s->first && ask->periods[p] <= s->last &&
            qi_any_reported(&ask->views[0], p))
            s->at[s->n++] = p;
    if (s->n == (size_t)qi_period_distance(s->first, s->last) + 1)
        return QUIPU_OK;
    if (s->n > 0) /* fewer years would make firms seem to come or go */
        return qi_fail(err, QUIPU_E_NOT_FOUND,
                       "not all of %d-%d is reported: both sides must be whole to be compared; "
                       "try another --window",
                       (int)s->first, (int)s->last);
    return qi_fail(err, QUIPU_E_NOT_FOUND,
                   "no figures of %d-%d; the cube has %d-%d: try another --window or --since",
                   (int)s->first, (int)s->last, (int)ask->periods[0],
                   (int)ask->periods[ask->n_periods - 1]);
}

static quipu_status find_sides(table *t, quipu_error *err) {
    qi_ask *ask = &t->f.ask;
    int64_t window = qi_integer(ask->measure, ask->request, "window", 1);
    if (window < 1 || window > MOST_WINDOW)
        return qi_fail(err, QUIPU_E_ARG, "window %lld: 1 to %d years", (long long)window,
                       MOST_WINDOW);
    qi_sides s = qi_since_sides(t->since, (int)window,
                                (qi_partial)qi_choice_of(ask->measure, ask->request, "partial"),
                                ask->periods[0] > 9999);
    t->before = (side){s.before_first, s.before_last, NULL, 0};
    t->after = (side){s.after_first, s.after_last, NULL, 0};
    t->between = s.between != 0
                     ? qi_arena_printf(&ask->arena, "; %d is on neither side", (int)s.between)
                     : "";
    if (t->between == NULL)
        return qi_fail_memory(err, 64);
    QI_TRY(fill_side(t, &t->before, err));
    return fill_side(t, &t->after, err);
}

/* ---- figures ---- */

static quipu_money size_of(void *user, uint64_t key) {
    const table *t = user;
    size_t at = qi_firm_change_find(&t->change, key);
    return at == SIZE_MAX || t->change.hidden[at] ? -1 : t->change.value[at];
}

static void write_split(const table *t, qi_sheet *sheet, size_t row, size_t at) {
    const qi_firm_change *c = &t->change;
    qi_sheet_integer(sheet, row, ENTERED, c->entered[at]);
    qi_sheet_integer(sheet, row, LEFT, c->left[at]);
    if (!qi_is_few(&t->f, c->born[at]) && !qi_is_few(&t->f, c->entered[at] - c->born[at]))
        qi_sheet_integer(sheet, row, BORN, c->born[at]);
    if (c->after[at] > 0 && !c->part_hidden[at])
        qi_sheet_real(sheet, row, SHARE, (double)c->of_entered[at] / (double)c->value[at]);
}

static quipu_status write_row(table *t, qi_sheet *sheet, size_t row, uint64_t key,
                              quipu_error *err) {
    const qi_firm_change *c = &t->change;
    size_t at = qi_firm_change_find(c, key), was = qi_by_firm_find(&t->was, key);
    bool told_before = was == SIZE_MAX || !t->hidden_before[was];
    bool told_after = at == SIZE_MAX || !c->hidden[at];
    bool told_split = told_before && told_after && (at == SIZE_MAX || !c->split_hidden[at]);
    QI_TRY(qi_firm_sheet_line(sheet, &t->f, row, key, err));
    if (told_before) {
        qi_sheet_integer(sheet, row, BEFORE, was != SIZE_MAX ? c->before[at] : 0);
        qi_sheet_integer(sheet, row, WORTH, was != SIZE_MAX ? t->was.value[was] : 0);
    }
    if (told_after) {
        qi_sheet_integer(sheet, row, AFTER, at != SIZE_MAX ? c->after[at] : 0);
        qi_sheet_integer(sheet, row, VALUE, at != SIZE_MAX ? c->value[at] : 0);
    }
    if (told_before && told_after && at != SIZE_MAX && c->before[at] > 0)
        qi_sheet_real(sheet, row, GROWTH, (double)c->after[at] / (double)c->before[at] - 1);
    if (told_split && at != SIZE_MAX)
        write_split(t, sheet, row, at);
    if (told_split)
        return QUIPU_OK;
    t->n_hidden++;
    return quipu_table_set_text(sheet->table, sheet->figure + FLAG, row, "c", err);
}

static quipu_status notes(table *t, size_t n_rows, quipu_error *err) {
    qi_ask *ask = &t->f.ask;
    char since[16];
    char before[64], after[64];
    qi_periods_text(ask->periods + t->before.at[0], t->before.n, before, sizeof before);
    qi_periods_text(ask->periods + t->after.at[0], t->after.n, after, sizeof after);
    QI_TRY(qi_ask_note(ask, err, "%s%s%s: before is %s, after %s%s.",
                       t->agreement != NULL ? t->agreement->title : "",
                       t->agreement != NULL ? ", since " : "Since ",
                       quipu_date_text(t->since, since), before, after, t->between));
    QI_TRY(
        qi_ask_note(ask, err,
                    "Entered: in the row after and not before; left: the other way round. "
                    "Traded nothing before: of those that entered, the ones that declared no "
                    "%s at all before, to anyone.",
                    quipu_flow_name(ask->flows[0])));
    return qi_firms_notes(&t->f, n_rows, t->n_hidden, err);
}

static quipu_status write(table *t, const qi_firm_lines *lines, quipu_table *out,
                          quipu_error *err) {
    qi_sheet sheet;
    qi_ask *ask = &t->f.ask;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_NONE, columns, N_FIGURES, lines->n, out, err));
    for (size_t l = 0; l < lines->n; l++)
        QI_TRY(write_row(t, &sheet, l, lines->items[l].key, err));
    QI_TRY(quipu_table_set_title(out, err, "Firms before and after: %s%s", qi_words_trade(ask),
                                 qi_words_by(ask)));
    QI_TRY(notes(t, lines->n, err));
    return qi_sheet_close(&sheet, ask, NULL, err);
}

/* ---- all of it ---- */

static quipu_status compare(table *t, quipu_error *err) {
    qi_arena *arena = &t->f.ask.arena;
    size_t words = qi_firms_words(&t->f);
    uint64_t *bits = qi_arena_alloc(arena, words * sizeof *bits);
    if (bits == NULL)
        return qi_fail_memory(err, words * sizeof *bits);
    for (size_t i = 0; i < t->before.n; i++)
        QI_TRY(qi_firms_traded(&t->f, t->before.at[i], bits, err));
    QI_TRY(qi_by_firm_gather(&t->f, t->before.at, t->before.n, false, &t->was, err));
    QI_TRY(qi_by_firm_gather(&t->f, t->after.at, t->after.n, false, &t->is, err));
    QI_TRY(qi_by_firm_protect(&t->f.shape, &t->was, &t->hidden_before, err));
    return qi_firm_change_make(&t->f, &t->was, &t->is, bits, &t->change, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    table t = {0};
    qi_firm_lines lines = {0};
    qi_arena arena = {0};
    const char *years;
    quipu_status status;
    QI_GO(qi_all_years(request, &arena, &years, err));
    QI_GO(qi_firm_ask_open(&t.f, &qi_measure_new_firms, request, years, err));
    QI_GO(find_date(&t, err));
    QI_GO(find_sides(&t, err));
    QI_GO(compare(&t, err));
    QI_GO(qi_firm_lines_make(&t.f, t.change.key, t.change.n, size_of, &t, &lines, err));
    QI_GO(write(&t, &lines, out, err));
done:
    qi_firm_lines_free(&lines);
    qi_firm_change_free(&t.change);
    qi_by_firm_free(&t.was);
    qi_by_firm_free(&t.is);
    free(t.hidden_before);
    qi_firm_ask_close(&t.f);
    qi_arena_free(&arena);
    return status;
}

const quipu_measure qi_measure_new_firms = {
    .name = "new-firms",
    .aliases = "new-exporters",
    .without = QI_FIRMS_WITHOUT " years",
    .summary = "How many firms are new since an agreement?",
    .detail =
        "Firms of a row in the years after a date against those of the same row before it: how "
        "many more there are, who entered, who of them had exported nothing to anyone, what "
        "the "
        "new ones are worth. The date is that of the agreement between the two countries, or "
        "is "
        "given. In a monthly cube the windows are twelve months each from the very month, else "
        "calendar years, and the year of entry is on neither side unless --partial says "
        "otherwise. To see what happened elsewhere in the same years: --by partner --since "
        "DATE.\n\n"
        "That firms entered after an agreement does not show that they did so because of it. "
        "Confidentiality is as in firms; where few firms entered, stayed or left, none of the "
        "three is told, and what entrants are worth is told of rows, not of the total below "
        "them.",
    .formula = "entered: firms with X > 0 after and X = 0 before; growth = firms after / firms "
               "before - 1",
    .reference =
        "C. Sanborn, V. Yong (2013), Peru's economic boom and the Asian connection; the "
        "definitions of A. M. Fernandes, C. Freund, M. D. Pierola (2016), Exporter behavior, "
        "country size and stage of development, Journal of Development Economics 119.",
    .worked = "Firms 1, 2, 3 export to China before, 2, 3, 4, 5 after; 5 exported elsewhere: "
              "growth 33.3 %, 2 entered, 1 of them traded nothing before, 1 left.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "entered",
    .example = "--reporter Peru --partner China",
    .run = run,
};
