/* SPDX-License-Identifier: Apache-2.0 */
/* firm_dynamics.c - firms that enter, stay and leave, year by year. */
#include "measures/firms.h"
#include "measures/under.h"

static const quipu_param params[] = {QI_PARAM_MIN_FIRMS};

enum {
    FIRMS,
    ENTERED,
    BORN,
    LEFT,
    ENTRY_RATE,
    EXIT_RATE,
    SURVIVAL,
    VALUE,
    SHARE,
    FLAG,
    N_FIGURES
};

static const quipu_column_spec columns[N_FIGURES] = {
    {"firms", "Firms", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"entered", "Entered", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"born", "Traded nothing before", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"left", "Left", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"entry_rate", "Entry rate", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"exit_rate", "Exit rate", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"survival", "Entrants that stay another year", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"entrants_share", "Entrants in the value", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    QI_COLUMN_CONFIDENTIAL,
};

typedef struct table {
    qi_firm_ask f;
    qi_firm_years years;
    qi_firm_change *change; /* of each period, from the one before */
    bool *known, *shown;    /* of each period: reported; typed */
    size_t last, n_rows, n_hidden;
} table;

static bool follows(const table *t, size_t period) {
    const quipu_period *at = t->f.ask.periods;
    return period > 0 && t->known[period - 1] &&
           qi_period_distance(at[period - 1], at[period]) == 1;
}

static quipu_money size_of(void *user, uint64_t key) {
    const table *t = user;
    const qi_firm_change *c = &t->change[t->last];
    size_t at = qi_firm_change_find(c, key);
    return at == SIZE_MAX || c->hidden[at] || c->after[at] == 0 ? -1 : c->value[at];
}

/* ---- figures ---- */

/* Entrants of the year that are in the same cell a year later; three lists of firms, all rising. */
static void write_survival(const table *t, qi_sheet *sheet, size_t row, size_t period,
                           uint64_t key) {
    if (period + 1 >= t->years.n || !t->known[period + 1] || !follows(t, period + 1))
        return;
    const qi_by_firm *before = &t->years.cells[period - 1], *now = &t->years.cells[period],
                     *next = &t->years.cells[period + 1];
    size_t b = qi_by_firm_find(before, key), c = qi_by_firm_find(now, key),
           n = qi_by_firm_find(next, key), entered = 0, stayed = 0;
    size_t i = b != SIZE_MAX ? before->start[b] : 0,
           end = b != SIZE_MAX ? before->start[b + 1] : 0;
    size_t j = n != SIZE_MAX ? next->start[n] : 0,
           stop = n != SIZE_MAX ? next->start[n + 1] : 0;
    for (size_t k = now->start[c]; k < now->start[c + 1]; k++) {
        while (i < end && before->firm[i] < now->firm[k])
            i++;
        while (j < stop && next->firm[j] < now->firm[k])
            j++;
        bool is_new = i == end || before->firm[i] != now->firm[k];
        entered += is_new;
        stayed += is_new && j < stop && next->firm[j] == now->firm[k];
    }
    size_t then = qi_firm_change_find(&t->change[period + 1], key);
    bool told = !qi_is_few(&t->f, stayed) && !qi_is_few(&t->f, entered - stayed) &&
                then != SIZE_MAX && !t->change[period + 1].split_hidden[then];
    if (entered > 0 && told)
        qi_sheet_real(sheet, row, SURVIVAL, (double)stayed / (double)entered);
}

static void write_split(const table *t, qi_sheet *sheet, size_t row, size_t period,
                        const qi_firm_change *c, size_t at) {
    const qi_firm_change *earlier = &t->change[period - 1];
    size_t was = qi_firm_change_find(earlier, c->key[at]);
    qi_sheet_integer(sheet, row, ENTERED, c->entered[at]);
    if (!qi_is_few(&t->f, c->born[at]) && !qi_is_few(&t->f, c->entered[at] - c->born[at]))
        qi_sheet_integer(sheet, row, BORN, c->born[at]);
    if (c->after[at] > 0) {
        qi_sheet_real(sheet, row, ENTRY_RATE, (double)c->entered[at] / (double)c->after[at]);
        if (!c->part_hidden[at])
            qi_sheet_real(sheet, row, SHARE, (double)c->of_entered[at] / (double)c->value[at]);
        write_survival(t, sheet, row, period, c->key[at]);
    }
    if (was != SIZE_MAX && earlier->hidden[was])
        return; /* those that left and those that stayed would tell how many there were */
    qi_sheet_integer(sheet, row, LEFT, c->left[at]);
    if (c->before[at] > 0)
        qi_sheet_real(sheet, row, EXIT_RATE, (double)c->left[at] / (double)c->before[at]);
}

static quipu_status write_row(table *t, qi_sheet *sheet, size_t row, uint64_t key,
                              size_t period, quipu_error *err) {
    const qi_firm_change *c = &t->change[period];
    size_t at = qi_firm_change_find(c, key);
    QI_TRY(qi_firm_sheet_line(sheet, &t->f, row, key, err));
    qi_sheet_period(sheet, row, period);
    if (!t->known[period])
        return QUIPU_OK;
    if (at == SIZE_MAX) { /* nobody traded, this year or before */
        qi_sheet_integer(sheet, row, FIRMS, 0);
        qi_sheet_integer(sheet, row, VALUE, 0);
        return QUIPU_OK;
    }
    if (!c->hidden[at]) {
        qi_sheet_integer(sheet, row, FIRMS, c->after[at]);
        qi_sheet_integer(sheet, row, VALUE, c->value[at]);
    }
    if (follows(t, period) && !c->split_hidden[at])
        write_split(t, sheet, row, period, c, at);
    if (!c->hidden[at] && (!c->split_hidden[at] || !follows(t, period)))
        return QUIPU_OK;
    t->n_hidden++;
    return quipu_table_set_text(sheet->table, sheet->figure + FLAG, row, "c", err);
}

/* ---- the table ---- */

static quipu_status write(table *t, const qi_firm_lines *lines, quipu_table *out,
                          quipu_error *err) {
    qi_sheet sheet;
    qi_ask *ask = &t->f.ask;
    size_t row = 0, n_shown = 0;
    for (size_t p = 0; p < ask->n_periods; p++)
        n_shown += t->shown[p];
    t->n_rows = lines->n * n_shown;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_FIGURES, t->n_rows, out, err));
    for (size_t l = 0; l < lines->n; l++)
        for (size_t p = 0; p < ask->n_periods; p++)
            if (t->shown[p])
                QI_TRY(write_row(t, &sheet, row++, lines->items[l].key, p, err));
    QI_TRY(quipu_table_set_title(out, err, "Firms that enter and leave: %s%s",
                                 qi_words_trade(ask), qi_words_by(ask)));
    QI_TRY(
        qi_ask_note(ask, err,
                    "Entered: in the row this year and not the year before; left: the year "
                    "before and not this year. Traded nothing before: of those that entered, "
                    "the ones that declared no %s at all the year before, to anyone.",
                    quipu_flow_name(ask->flows[0])));
    QI_TRY(qi_firms_notes(&t->f, t->n_rows, t->n_hidden, err));
    return qi_sheet_close(&sheet, ask, NULL, err);
}

static quipu_status compare_years(table *t, quipu_error *err) {
    static const qi_by_firm nothing = {0};
    size_t n = t->years.n, words = qi_firms_words(&t->f);
    qi_arena *arena = &t->f.ask.arena;
    t->change = qi_arena_alloc(arena, (n + 1) * sizeof *t->change);
    t->known = qi_arena_alloc(arena, n + 1);
    uint64_t *bits = qi_arena_alloc(arena, words * sizeof *bits);
    if (t->change == NULL || t->known == NULL || bits == NULL)
        return qi_fail_memory(err, n * sizeof *t->change);
    for (size_t p = 0; p < n; p++) {
        t->known[p] = qi_any_reported(&t->f.ask.views[0], p);
        memset(bits, 0, words * sizeof *bits);
        if (p > 0)
            QI_TRY(qi_firms_traded(&t->f, p - 1, bits, err));
        QI_TRY(qi_firm_change_make(&t->f, follows(t, p) ? &t->years.cells[p - 1] : &nothing,
                                   &t->years.cells[p], bits, &t->change[p], err));
        t->last = t->years.cells[p].n > 0 && t->shown[p] ? p : t->last;
    }
    return QUIPU_OK;
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    table t = {0};
    qi_firm_lines lines = {0};
    qi_arena arena = {0};
    const char *years;
    quipu_status status;
    QI_GO(qi_all_years(request, &arena, &years, err));
    QI_GO(qi_firm_ask_open(&t.f, &qi_measure_firm_dynamics, request, years, err));
    QI_GO(qi_years_typed(&t.f.ask, &t.shown, err));
    QI_GO(qi_firm_years_gather(&t.f, false, &t.years, err));
    QI_GO(compare_years(&t, err));
    QI_GO(
        qi_firm_lines_make(&t.f, t.years.keys.items, t.years.keys.n, size_of, &t, &lines, err));
    QI_GO(write(&t, &lines, out, err));
done:
    qi_firm_lines_free(&lines);
    for (size_t p = 0; t.change != NULL && p < t.years.n; p++)
        qi_firm_change_free(&t.change[p]);
    qi_firm_years_free(&t.years);
    qi_firm_ask_close(&t.f);
    qi_arena_free(&arena);
    return status;
}

const quipu_measure qi_measure_firm_dynamics = {
    .name = "firm-dynamics",
    .without = QI_FIRMS_WITHOUT,
    .summary = "How many firms enter and leave each year, and do the new ones last?",
    .detail =
        "Firms of a row in a year against those of the same row a year before: with --by "
        "partner "
        "a firm that turns from Japan to China leaves one row and enters the other. \"Traded "
        "nothing before\" counts those among the entrants that were no exporters at all the "
        "year before. The first year of the cube, and a year after one that was not reported, "
        "have nothing to be compared with.\n\n"
        "Confidentiality is as in firms. Where few firms entered, stayed or left, none of the "
        "three is told; where the year before is confidential, neither is who left. What "
        "entrants "
        "are worth is told of rows, not of the total below them: ask for that without --by.",
    .formula =
        "entry rate = entrants_t / firms_t; exit rate = firms that left_t / firms_{t-1}; "
        "survival = entrants_t that trade in t+1 / entrants_t",
    .reference =
        "A. M. Fernandes, C. Freund, M. D. Pierola (2016), Exporter behavior, country size and "
        "stage of development: evidence from the Exporter Dynamics Database, Journal of "
        "Development Economics 119.",
    .worked =
        "Firms 1, 2, 3 export in 2010 and 2, 3, 4, 5 in 2011: 2 of 4 entered (50 %), 1 of "
        "3 left (33.3 %).",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "entered",
    .example = "--reporter Peru --partner China",
    .run = run,
};
