/* SPDX-License-Identifier: Apache-2.0 */
/* survival.c - how long trade lasts once it has begun (Kaplan-Meier). */
#include "measures/under.h"

enum { MOST_GAP = 20 };

static const quipu_param params[] = {
    {"cells", QUIPU_PARAM_CHOICE, "pairs products partners", "pairs",
     "whose spells: of a product with a partner, of a product, of a partner"},
    {"threshold", QUIPU_PARAM_REAL, NULL, "0", "US$ a year that count as trade; 0: anything"},
    {"gap", QUIPU_PARAM_INTEGER, NULL, "0", "years without trade that do not end a spell"},
    {"left", QUIPU_PARAM_CHOICE, "drop keep", "drop",
     "spells already there when the figures begin: left out, or as if they began then"},
    {"products", QUIPU_PARAM_CHOICE, "families codes", "families",
     "what a product is: codes joined over revisions of the HS, or each code"},
};

enum { DURATION, AT_RISK, ENDED, CENSORED, SURVIVAL, ERROR_OF, N_COLUMNS };

static const quipu_column_spec columns[N_COLUMNS] = {
    {"duration", "Years", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"at_risk", "Spells at risk", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"ended", "Ended", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"censored", "Not seen to end", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"survival", "Survival", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"error", "Standard error", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

typedef struct rule {
    quipu_money threshold;
    int gap;
    bool keep_left;
} rule;

/* Spells of one line by the years they lasted. */
typedef struct spells {
    int64_t *ended, *censored; /* [length] */
    size_t longest;
    int64_t left; /* left out, because nobody knows when they began */
} spells;

typedef struct spell {
    bool on, left;
    size_t length; /* up to the last year of trade */
    size_t pause;  /* years since */
} spell;

static void close_spell(const rule *r, spell *s, bool ended, spells *out) {
    if (s->on && s->left && !r->keep_left) {
        out->left++;
    } else if (s->on) {
        (ended ? out->ended : out->censored)[s->length]++;
        out->longest = s->length > out->longest ? s->length : out->longest;
    }
    *s = (spell){0};
}

/* A year not reported breaks off what went before it, and hides when the next one began. */
static void follow(const rule *r, const quipu_money *value, const uint8_t *known,
                   size_t n_periods, spells *out) {
    spell s = {0};
    bool hidden = true;
    for (size_t p = 0; p < n_periods; p++) {
        if (!known[p]) {
            close_spell(r, &s, false, out);
            hidden = true;
            continue;
        }
        bool traded = value[p] > 0 && value[p] >= r->threshold;
        if (traded && !s.on)
            s = (spell){.on = true, .left = hidden, .length = 1};
        else if (traded) {
            s.length += s.pause + 1;
            s.pause = 0;
        } else if (s.on && ++s.pause > (size_t)r->gap)
            close_spell(r, &s, true, out);
        hidden = false;
    }
    close_spell(r, &s, false, out);
}

static quipu_status write_line(const qi_under *u, size_t line, const rule *r, spells *s,
                               qi_sheet *sheet, quipu_error *err) {
    size_t room = u->n_periods + 2;
    int64_t at_risk = 0;
    double survival = 1, greenwood = 0;
    memset(s->ended, 0, room * sizeof *s->ended);
    memset(s->censored, 0, room * sizeof *s->censored);
    s->longest = 0;
    for (size_t c = u->start[line]; c < u->start[line + 1]; c++)
        follow(r, qi_under_values(u, c), qi_under_known(u, c), u->n_periods, s);
    for (size_t t = 1; t <= s->longest; t++)
        at_risk += s->ended[t] + s->censored[t];
    for (size_t t = 1; t <= s->longest; t++) {
        size_t row;
        qi_line dimensions = qi_under_line(u, line);
        double n = (double)at_risk, d = (double)s->ended[t];
        survival *= 1 - d / n;
        greenwood += d < n ? d / (n * (n - d)) : 0;
        QI_TRY(quipu_table_add_rows(sheet->table, 1, &row, err));
        QI_TRY(qi_sheet_line(sheet, row, &dimensions, err));
        qi_sheet_integer(sheet, row, DURATION, (int64_t)t);
        qi_sheet_integer(sheet, row, AT_RISK, at_risk);
        qi_sheet_integer(sheet, row, ENDED, s->ended[t]);
        qi_sheet_integer(sheet, row, CENSORED, s->censored[t]);
        qi_sheet_real(sheet, row, SURVIVAL, survival);
        qi_sheet_real(sheet, row, ERROR_OF, survival * sqrt(greenwood));
        at_risk -= s->ended[t] + s->censored[t];
    }
    return QUIPU_OK;
}

static quipu_status notes(qi_ask *ask, const rule *r, const spells *s, const qi_under *u,
                          quipu_error *err) {
    static const char *const whose[] = {"a product with a partner", "a product", "a partner"};
    QI_TRY(qi_ask_note(ask, err,
                       "A spell is years of trade of %s without a break%s. Survival after t "
                       "years: the part of spells that last longer than t years.",
                       whose[qi_choice_of(ask->measure, ask->request, "cells")],
                       r->gap > 0 ? " of more years than --gap" : ""));
    QI_TRY(qi_ask_note(ask, err,
                       r->keep_left
                           ? "Spells already there when the figures begin count as begun then."
                           : "Left out: %lld spells that were there when the figures begin, or "
                             "after a year not reported, as nobody knows their age.",
                       (long long)s->left));
    QI_TRY(qi_ask_note(ask, err,
                       "Spells that last to the end, or to a year not reported, are "
                       "at risk as long as they are seen (censored)."));
    return qi_under_note(ask, u, err);
}

static quipu_status write(qi_ask *ask, const qi_under *u, const rule *r, quipu_table *out,
                          quipu_error *err) {
    qi_sheet sheet;
    size_t room = (u->n_periods + 2) * sizeof(int64_t);
    spells s = {.ended = qi_arena_alloc(&ask->arena, room),
                .censored = qi_arena_alloc(&ask->arena, room)};
    if (s.ended == NULL || s.censored == NULL)
        return qi_fail_memory(err, room);
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_NONE, columns, N_COLUMNS, 0, out, err));
    for (size_t l = 0; l < u->n_lines; l++)
        QI_TRY(write_line(u, l, r, &s, &sheet, err));
    QI_TRY(quipu_table_set_title(out, err, "How long trade lasts: %s%s, %s",
                                 qi_words_trade(ask), qi_words_by(ask), qi_words_years(ask)));
    QI_TRY(notes(ask, r, &s, u, err));
    return qi_sheet_close(&sheet, ask, &u->frame, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    static const char *const below[] = {"partner,product", "product", "partner"};
    const quipu_measure *me = &qi_measure_survival;
    size_t cells = qi_choice_of(me, request, "cells");
    int64_t gap = qi_integer(me, request, "gap", 0);
    double threshold = qi_real(me, request, "threshold", 0);
    qi_arena arena = {0};
    qi_ask ask = {0};
    qi_under u = {0};
    qi_stretches stretches;
    quipu_status status;
    unsigned cut = (cells != 1 ? QI_UNDER_PARTNER : 0u) | (cells != 2 ? QI_UNDER_PRODUCT : 0u);
    if (cells != 2 && qi_choice_of(me, request, "products") == 0)
        cut |= QI_UNDER_FAMILY;
    if (gap < 0 || gap > MOST_GAP)
        return qi_fail(err, QUIPU_E_ARG, "gap %lld: 0 to %d years", (long long)gap, MOST_GAP);
    if (!(threshold >= 0 && threshold < 1e12))
        return qi_fail(err, QUIPU_E_ARG, "threshold: from 0 to 1e12 US$");
    rule r = {(quipu_money)llround(threshold * QUIPU_MONEY_PER_USD), (int)gap,
              qi_choice_of(me, request, "left") == 1};
    QI_GO(qi_stretches_read(me, request, &arena, &stretches, err));
    if (stretches.n != 1)
        QI_GO(qi_fail(err, QUIPU_E_ARG, "years: survival follows one run of years, 1995-2011"));
    qi_wish wish = {.under = below[cells], .years = stretches.years};
    QI_GO(qi_ask_open(&ask, me, request, &wish, err));
    QI_GO(qi_under_make(&ask, cut, &u, err));
    QI_GO(write(&ask, &u, &r, out, err));
done:
    qi_under_free(&u);
    qi_ask_close(&ask);
    qi_arena_free(&arena);
    return status;
}

const quipu_measure qi_measure_survival = {
    .name = "survival",
    .without = "of periods limit sort total rest wide",
    .summary = "How long does trade last once it has begun?",
    .detail =
        "Most new trade ends within a year or two. A spell begins in a year with trade after a "
        "known year without, and ends in the first known year without. Spells already there in "
        "the first year are left-censored: their age is unknown, and they are left out unless "
        "--left keep takes the first year as their beginning, which makes long spells look "
        "short. Spells still there in the last year are right-censored: they count as at risk "
        "for the years they were seen.\n\n"
        "A year the reporter did not report (with --basis mirror: the partner) tells nothing: "
        "the spell before it is censored there, the one after it left-censored. With --gap 1 "
        "a single year without trade does not end a spell. Products are families, as a code "
        "that a revision ends did not die.",
    .formula = "S(t) = product over tau <= t of (1 - d_tau / n_tau): d spells that ended after "
               "tau years, n spells that lasted at least tau; standard error by Greenwood: S "
               "sqrt(sum of d / (n (n - d)))",
    .reference =
        "T. Besedes, T. J. Prusa (2006), Ins, outs, and the duration of trade, Canadian "
        "Journal "
        "of Economics 39(1); E. L. Kaplan, P. Meier (1958), Nonparametric estimation from "
        "incomplete observations, Journal of the American Statistical Association 53.",
    .worked =
        "Four spells begin after the first year: two last 1 year, one lasts 2, one is still "
        "there after 3. S(1) = 1 - 2/4 = 50 %, S(2) = 50 % x (1 - 1/2) = 25 %, S(3) = 25 %.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_COLUMNS,
    .figure = "survival",
    .example = "--reporter Japan --years 2000-2014",
    .run = run,
};
