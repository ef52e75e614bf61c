/* SPDX-License-Identifier: Apache-2.0 */
/* basis.c - one result on the reporter's figures, on the partners', and on both. */
#include "measures/mirror.h"

static const quipu_param params[] = {
    {"cif", QUIPU_PARAM_REAL, NULL, "0.08",
     "freight and insurance as a part of the FOB value, between the figures of both sides"},
    {"rule", QUIPU_PARAM_CHOICE, "reliability mean higher", "reliability",
     "the reconciled figure: weighted by the reliability of both sides, their mean, or the "
     "higher one"},
};

enum {
    REPORTED,
    MIRRORED,
    RECONCILED,
    WEIGHT,
    SHARE_REPORTED,
    SHARE_MIRRORED,
    SHARE_RECONCILED,
    SHIFT,
    CHOSEN,
    N_FIGURES
};

static const quipu_column_spec columns[N_FIGURES] = {
    {"reported", "Reported", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"mirror", "By the partners", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"reconciled", "Reconciled", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"weight", "Weight of reported", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 0},
    {"share_reported", "Share, reported", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"share_mirror", "Share, partners", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"share_reconciled", "Share, reconciled", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"shift", "Reconciled less reported", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
    {"chosen", "From", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
};

enum { ON_REPORTED, ON_MIRROR, ON_BOTH, N_BASES };

/* One partner in one period. */
typedef struct figures {
    bool told[2]; /* by the reporter, by the partner */
    quipu_money value[N_BASES];
    double weight; /* of the reported figure */
} figures;

typedef struct work {
    qi_both_sides both;
    double cif;
    size_t rule;
    size_t reporter;            /* position in the cube */
    qi_reliability reliability; /* of the period being written */
    figures *all;               /* [partner label] */
    const qi_axis *axis;
} work;

/* The mirrored figure at the valuation of the reported one. */
static quipu_money valued(const work *w, quipu_money mirrored) {
    double factor = w->both.reported_is_cif ? 1 + w->cif : 1 / (1 + w->cif);
    return (quipu_money)llround((double)mirrored * factor);
}

static double weight_of(const work *w, size_t partner) {
    size_t exporter = w->both.reported_is_cif ? partner : w->reporter;
    size_t importer = w->both.reported_is_cif ? w->reporter : partner;
    double p = w->reliability.exporter[exporter], q = w->reliability.importer[importer];
    if (w->rule != 0 || !(p + q > 0))
        return .5;
    double own = w->both.reported_is_cif ? q : p;
    return own / (p + q);
}

static void reconcile(const work *w, figures *f, size_t partner) {
    quipu_money x = f->value[ON_REPORTED], m = f->value[ON_MIRROR];
    f->weight = f->told[0] ? 1 : 0;
    f->value[ON_BOTH] = f->told[0] ? x : m;
    if (!f->told[0] || !f->told[1])
        return;
    if (w->rule == 2) {
        f->weight = x >= m ? 1 : 0;
        f->value[ON_BOTH] = x >= m ? x : m;
        return;
    }
    f->weight = weight_of(w, partner);
    f->value[ON_BOTH] =
        m + (quipu_money)llround(f->weight * ((double)x - (double)m)); /* between the two */
}

/* Sum of one side's cells of a partner; the partners are the lines. */
static quipu_status sum_of(const qi_under *u, uint64_t key, size_t period, quipu_money *out,
                           quipu_error *err) {
    size_t line = qi_under_find(u, key);
    *out = 0;
    for (size_t c = line != SIZE_MAX ? u->start[line] : 0;
         line != SIZE_MAX && c < u->start[line + 1]; c++)
        if (!qi_add_money(out, qi_under_values(u, c)[period]))
            return qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15 US$");
    return QUIPU_OK;
}

static quipu_status gather(work *w, size_t period, quipu_money total[N_BASES],
                           quipu_error *err) {
    for (size_t label = 0; label < w->axis->n; label++) {
        figures *f = &w->all[label];
        uint64_t key = (uint64_t)label << w->axis->shift;
        quipu_money x, m;
        *f = (figures){.told = {qi_both_told(&w->both, false, key, (uint32_t)label, period),
                                qi_both_told(&w->both, true, key, (uint32_t)label, period)}};
        QI_TRY(sum_of(&w->both.reported, key, period, &x, err));
        QI_TRY(sum_of(&w->both.mirrored, key, period, &m, err));
        f->value[ON_REPORTED] = f->told[0] ? x : 0;
        f->value[ON_MIRROR] = f->told[1] ? valued(w, m) : 0;
        reconcile(w, f, w->axis->position[label]);
        for (size_t b = 0; b < N_BASES; b++)
            if (!qi_add_money(&total[b], f->value[b]))
                return qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15 US$");
    }
    return QUIPU_OK;
}

static quipu_status put(qi_sheet *sheet, size_t row, const figures *f,
                        const quipu_money total[N_BASES], quipu_error *err) {
    double share[N_BASES];
    bool any = f->told[0] || f->told[1];
    for (size_t b = 0; b < N_BASES; b++)
        share[b] = total[b] > 0 ? (double)f->value[b] / (double)total[b] : NAN;
    if (f->told[0]) {
        qi_sheet_integer(sheet, row, REPORTED, f->value[ON_REPORTED]);
        qi_sheet_real(sheet, row, SHARE_REPORTED, share[ON_REPORTED]);
    }
    if (f->told[1]) {
        qi_sheet_integer(sheet, row, MIRRORED, f->value[ON_MIRROR]);
        qi_sheet_real(sheet, row, SHARE_MIRRORED, share[ON_MIRROR]);
    }
    if (any) {
        qi_sheet_integer(sheet, row, RECONCILED, f->value[ON_BOTH]);
        qi_sheet_real(sheet, row, WEIGHT, f->weight);
        qi_sheet_real(sheet, row, SHARE_RECONCILED, share[ON_BOTH]);
    }
    if (f->told[0])
        qi_sheet_real(sheet, row, SHIFT, share[ON_BOTH] - share[ON_REPORTED]);
    const char *from = !any          ? "nobody"
                       : !f->told[1] ? "reporter"
                       : !f->told[0] ? "partner"
                                     : "both";
    return quipu_table_set_text(sheet->table, sheet->figure + CHOSEN, row, from, err);
}

/* ---- rows ---- */

typedef struct entry {
    size_t label;
    quipu_money size;
} entry;

static int size_order(const void *a, const void *b) {
    const entry *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return x->label < y->label ? -1 : x->label > y->label;
}

/* Partners typed, of those with any figure; the largest first. */
static size_t list_entries(const work *w, const quipu_view *typed, size_t period, entry *list) {
    const qi_ask *ask = &w->both.own;
    size_t n = 0;
    for (size_t label = 0; label < w->axis->n; label++) {
        const figures *f = &w->all[label];
        if (quipu_country_set_has(&typed->partners, period, w->axis->position[label]) &&
            (f->value[ON_REPORTED] > 0 || f->value[ON_MIRROR] > 0))
            list[n++] = (entry){label, f->value[ON_BOTH]};
    }
    if (!qi_is(qi_argument(ask->measure, ask->request, "sort"), "code") && n > 1)
        qsort(list, n, sizeof *list, size_order);
    return n;
}

static quipu_status write_row(qi_sheet *sheet, const qi_line *line, const figures *f,
                              const quipu_money total[N_BASES], size_t period,
                              quipu_error *err) {
    size_t row;
    QI_TRY(quipu_table_add_rows(sheet->table, 1, &row, err));
    QI_TRY(qi_sheet_line(sheet, row, line, err));
    qi_sheet_period(sheet, row, period);
    return put(sheet, row, f, total, err);
}

static quipu_status write_period(work *w, const quipu_view *typed, qi_sheet *sheet,
                                 size_t period, quipu_error *err) {
    const qi_ask *ask = &w->both.own;
    int64_t limit = qi_integer(ask->measure, ask->request, "limit", INT64_MAX);
    quipu_money total[N_BASES] = {0};
    entry *list = malloc((w->axis->n + 1) * sizeof *list);
    quipu_status status = QUIPU_OK;
    if (list == NULL)
        return qi_fail_memory(err, w->axis->n * sizeof *list);
    QI_GO(qi_reliability_make(ask->cube, ask->periods[period], w->cif, QI_RELIABILITY_STEPS,
                              &w->reliability, err));
    QI_GO(gather(w, period, total, err));
    size_t n = list_entries(w, typed, period, list);
    for (size_t i = 0; i < n && (int64_t)i < limit; i++) {
        qi_line line = {.kind = QI_LINE_ROW, .key = (uint64_t)list[i].label << w->axis->shift};
        QI_GO(write_row(sheet, &line, &w->all[list[i].label], total, period, err));
    }
    if (qi_switch(ask->measure, ask->request, "total") && n > 0) {
        figures all = {.told = {total[ON_REPORTED] > 0, total[ON_MIRROR] > 0}, .weight = NAN};
        qi_line line = {.kind = QI_LINE_TOTAL};
        memcpy(all.value, total, sizeof all.value);
        QI_GO(write_row(sheet, &line, &all, total, period, err));
    }
done:
    free(list);
    qi_reliability_free(&w->reliability);
    return status;
}

static quipu_status notes(work *w, quipu_error *err) {
    static const char *const rules[] = {
        "weighted by the reliability of both sides (measure reliability)", "the mean of both",
        "the higher of both"};
    qi_ask *ask = &w->both.own;
    QI_TRY(qi_ask_note(
        ask, err,
        "Partners' figures are at the reporter's valuation: %s %% %s for freight "
        "and insurance. Reconciled: %s, and the one there is where one side is "
        "silent.",
        qi_ask_number(ask, 100 * w->cif),
        w->both.reported_is_cif ? "of the FOB value added" : "of the FOB value taken off",
        rules[w->rule]));
    return qi_ask_note(ask, err,
                       "Shares are of all partners, each on its own basis; a partner "
                       "that is silent is in no mirrored total. The total is of all "
                       "partners.");
}

static quipu_status write(work *w, quipu_table *out, quipu_error *err) {
    qi_ask *ask = &w->both.own;
    const quipu_request *request = ask->request;
    quipu_selection s = ask->selection;
    quipu_view typed;
    qi_sheet sheet;
    s.partner = qi_argument(ask->measure, request, "partner");
    QI_TRY(qi_view_open(ask->cube, ask->nomen, &s, true, NULL, &typed, err));
    quipu_status status =
        qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_FIGURES, 0, out, err);
    for (size_t p = 0; p < ask->n_periods && status == QUIPU_OK; p++)
        status = write_period(w, &typed, &sheet, p, err);
    quipu_view_close(&typed);
    QI_TRY(status);
    QI_TRY(quipu_table_set_title(
        out, err, "The %s, by partner, on three bases; denominator: all partners",
        qi_words_trade(ask)));
    QI_TRY(notes(w, err));
    return qi_sheet_close(&sheet, ask, NULL, err);
}

/* Weights are of a pair of countries, so there is one reporter. */
static quipu_status find_reporter(work *w, quipu_error *err) {
    const qi_ask *ask = &w->both.own;
    int index = qi_one_country(ask->cube, ask->reporters, ask->n_reporters);
    if (index < 0)
        return qi_fail(err, QUIPU_E_ARG, "basis wants --reporter: one country of the cube");
    w->reporter = (size_t)index;
    return QUIPU_OK;
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_basis;
    work w = {.rule = qi_choice_of(me, request, "rule")};
    qi_wish wish = {.by = "partner", .partner = "all"};
    QI_TRY(qi_mirror_cif(me, request, &w.cif, err));
    QI_TRY(qi_both_open(me, request, &wish, QI_UNDER_PARTNER, &w.both, err));
    quipu_status status;
    QI_GO(find_reporter(&w, err));
    w.axis = &w.both.own.axes[qi_ask_axis(&w.both.own, QI_AXIS_PARTNER)];
    w.all = calloc(w.axis->n + 1, sizeof *w.all);
    if (w.all == NULL)
        QI_GO(qi_fail_memory(err, w.axis->n * sizeof *w.all));
    QI_GO(write(&w, out, err));
done:
    free(w.all);
    qi_both_close(&w.both);
    return status;
}

const quipu_measure qi_measure_basis = {
    .name = "basis",
    .without = "of by basis classes gold periods rest wide",
    .summary = "Whose books does a result rest on, and how much does that matter?",
    .detail =
        "The same table three times: as the reporter has it, as its partners have it (brought "
        "to "
        "the reporter's valuation), and reconciled; with each partner's share on each basis. "
        "The "
        "shift is what a share would change if the reconciled figures were taken for the "
        "reported ones. Both original figures and the source of the reconciled one always "
        "stand "
        "beside it.\n\n"
        "Reconciled is by default the mean of both, each weighted by how well its author "
        "agrees "
        "with everybody else in that year, in that role; where one side did not report the "
        "year, "
        "the other's figure. --rule higher takes the higher one, as figures are more often too "
        "low than too high. Weights are of total trade, also where --product narrows the "
        "table.",
    .formula =
        "x^ = w X + (1 - w) M/(1 + cif), w = p_e/(p_e + q_m); of imports w M + (1 - w) X (1 + "
        "cif), "
        "w = q_m/(p_e + q_m); shares x_j / sum over all j; shift = share on x^ less share on X",
    .reference = "S. Bustos, M. A. Yildirim and others, Growth Lab at Harvard, cleaning of "
                 "bilateral trade "
                 "data; the higher figure, max(x, m/1.08): Open Trade Statistics.",
    .worked =
        "Peru reports 100 to China and 100 to Japan; China reports 216 from Peru, Japan "
        "nothing "
        "that year. With cif 0.08 China's figure is 200 FOB; at equal reliability reconciled "
        "150. Share of China: reported 50 %, reconciled 150/250 = 60 %: a shift of 10 points.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "reconciled",
    .example = "--reporter Peru --years 2011 --limit 10",
    .run = run,
};
