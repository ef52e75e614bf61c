/* SPDX-License-Identifier: Apache-2.0 */
/* theil.c - inequality that can be taken apart: Theil's index between and within groups. */
#include "measures/vectors.h"

static const quipu_param params[] = {
    {"over", QUIPU_PARAM_TEXT, NULL, "product",
     "what the shares are of: product, partner or a scheme of classes"},
    {"groups", QUIPU_PARAM_TEXT, NULL, "active",
     "between and within what: active (traded lines and the others) or a scheme of classes"},
    {"lines", QUIPU_PARAM_CHOICE, "classification active", "classification",
     "n: all lines there are, or those traded"},
};

enum { VALUE, LINES, ACTIVE, ENTROPY, THEIL, BETWEEN, WITHIN, BETWEEN_SHARE, N_FIGURES };

static const quipu_column_spec columns[N_FIGURES] = {
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"lines", "Lines (n)", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"active", "Traded", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"entropy", "Entropy", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"theil", "Theil", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"between", "Between groups", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"within", "Within groups", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"between_share", "Between, of Theil", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

typedef struct work {
    qi_ask *ask;
    qi_frame parts, sums;
    qi_breadth breadth;
    bool active_only;
    qi_vector vector;
    quipu_money *group_sum;
    size_t *group_n; /* lines of each: all there are, or those traded */
    double *group_entropy;
} work;

typedef struct result {
    double entropy, theil, between, within;
} result;

/* Groups are what is traded and what is not. */
static result by_activity(const work *w, size_t n) {
    const qi_vector *v = &w->vector;
    result r = {0};
    for (size_t i = 0; i < v->n; i++) {
        double share = (double)v->value[i] / (double)v->sum;
        r.entropy -= share * log(share);
    }
    r.theil = fmax(0, log((double)n) - r.entropy);
    r.between = log((double)n / (double)v->n);
    r.within = fmax(0, log((double)v->n) - r.entropy);
    return r;
}

static void sum_groups(const work *w) {
    const qi_vector *v = &w->vector;
    const qi_breadth *b = &w->breadth;
    memset(w->group_sum, 0, b->n_groups * sizeof *w->group_sum);
    memset(w->group_entropy, 0, b->n_groups * sizeof *w->group_entropy);
    memcpy(w->group_n, b->group_n, b->n_groups * sizeof *w->group_n);
    if (w->active_only)
        memset(w->group_n, 0, b->n_groups * sizeof *w->group_n);
    for (size_t i = 0; i < v->n; i++) {
        uint32_t g = b->main[v->label[i]];
        w->group_sum[g] += v->value[i]; /* not more than the sum of all, which fits */
        w->group_n[g] += w->active_only;
    }
    for (size_t i = 0; i < v->n; i++) {
        uint32_t g = b->main[v->label[i]];
        double share = (double)v->value[i] / (double)w->group_sum[g];
        w->group_entropy[g] -= share * log(share);
    }
}

static result by_groups(const work *w, size_t n) {
    result r = by_activity(w, n);
    r.between = r.within = 0;
    sum_groups(w);
    for (size_t g = 0; g < w->breadth.n_groups; g++) {
        if (w->group_sum[g] <= 0)
            continue;
        double share = (double)w->group_sum[g] / (double)w->vector.sum;
        double lines = (double)w->group_n[g];
        r.between += share * log(share * (double)n / lines);
        r.within += share * (log(lines) - w->group_entropy[g]);
    }
    return r;
}

static quipu_status figures(void *user, qi_sheet *sheet, size_t row, const qi_line *line,
                            size_t period, quipu_error *err) {
    work *w = user;
    if (!line->known[period])
        return QUIPU_OK;
    qi_sheet_integer(sheet, row, VALUE, line->value[period]);
    qi_rows rows = qi_frame_group(&w->parts, line->key);
    QI_TRY(qi_vector_read(&w->parts, 0, rows, period, &w->vector, err));
    size_t n = qi_breadth_lines(&w->breadth, w->vector.n, w->active_only);
    qi_sheet_integer(sheet, row, LINES, (int64_t)n);
    qi_sheet_integer(sheet, row, ACTIVE, (int64_t)w->vector.n);
    if (w->vector.sum <= 0)
        return QUIPU_OK;
    result r = w->breadth.n_groups > 0 ? by_groups(w, n) : by_activity(w, n);
    qi_sheet_real(sheet, row, ENTROPY, r.entropy);
    qi_sheet_real(sheet, row, THEIL, r.theil);
    qi_sheet_real(sheet, row, BETWEEN, r.between);
    qi_sheet_real(sheet, row, WITHIN, r.within);
    if (r.theil > 0)
        qi_sheet_real(sheet, row, BETWEEN_SHARE, r.between / r.theil);
    return QUIPU_OK;
}

static quipu_status notes(work *w, const char *groups, quipu_error *err) {
    QI_TRY(qi_breadth_note(w->ask, &w->breadth, w->active_only, err));
    return qi_ask_note(w->ask, err, "Theil = between + within%s.",
                       groups == NULL
                           ? "; groups: traded lines and the others, so that between is the "
                             "extensive and within the intensive margin"
                           : qi_arena_printf(&w->ask->arena,
                                             "; groups: classes of %s, each product in the "
                                             "class that holds most of it",
                                             groups));
}

static quipu_status write(work *w, const char *groups, const qi_lines *lines, quipu_table *out,
                          quipu_error *err) {
    qi_ask *ask = w->ask;
    qi_sheet sheet;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_FIGURES,
                         qi_sheet_n_rows(ask, lines), out, err));
    QI_TRY(qi_sheet_rows(&sheet, lines, figures, w, err));
    QI_TRY(notes(w, groups, err));
    QI_TRY(quipu_table_set_title(out, err, "Theil index of the %s across %s%s",
                                 qi_words_trade(ask), qi_words_over(ask), qi_words_by(ask)));
    return qi_sheet_close(&sheet, ask, &w->parts, err);
}

static quipu_status make_room(work *w, quipu_error *err) {
    size_t n = w->breadth.n_groups + 1;
    w->group_sum = qi_arena_alloc(&w->ask->arena, n * sizeof *w->group_sum);
    w->group_n = qi_arena_alloc(&w->ask->arena, n * sizeof *w->group_n);
    w->group_entropy = qi_arena_alloc(&w->ask->arena, n * sizeof *w->group_entropy);
    bool fine = w->group_sum != NULL && w->group_n != NULL && w->group_entropy != NULL;
    return fine ? QUIPU_OK : qi_fail_memory(err, n * sizeof(double));
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_theil;
    qi_ask ask;
    qi_lines lines = {0};
    work w = {.ask = &ask, .active_only = qi_choice_of(me, request, "lines") == 1};
    const char *groups = qi_argument(me, request, "groups");
    qi_wish wish = {.over = qi_argument(me, request, "over")};
    groups = qi_is(groups, "active") ? NULL : groups;
    if (qi_argument(me, request, "reporter") == NULL)
        wish.by = "reporter";
    QI_TRY(qi_ask_open(&ask, me, request, &wish, err));
    quipu_status status;
    qi_cut sums = {.drop = qi_over_drop(&ask)};
    QI_GO(qi_over_check(&ask, wish.over, err));
    QI_GO(qi_breadth_make(&ask, groups, &w.breadth, err));
    QI_GO(make_room(&w, err));
    QI_GO(qi_frame_make(&ask, NULL, &w.parts, err));
    QI_GO(qi_frame_make(&ask, &sums, &w.sums, err));
    QI_GO(qi_lines_make(&ask, &w.sums, QI_LINES_NO_TOTAL, &lines, err));
    QI_GO(write(&w, groups, &lines, out, err));
done:
    qi_vector_free(&w.vector);
    qi_lines_free(&lines);
    qi_frame_free(&w.parts);
    qi_frame_free(&w.sums);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_theil = {
    .name = "theil",
    .aliases = "entropy",
    .summary = "Is concentration from few lines traded, or from unequal ones?",
    .without = "of total rest",
    .detail =
        "Shannon's entropy of the shares, and Theil's index, which is ln n less the entropy: 0 "
        "when all n lines are equal, ln n when one line is everything. It is the only such "
        "index that falls into a part between groups and a part within them. With traded and "
        "other lines as the groups, the part between is the extensive margin (how many lines "
        "are not traded) and the part within the intensive one (how unequal the traded ones "
        "are). With --groups technology, or another scheme, the parts are between and within "
        "its classes.\n\n"
        "n is the size of the classification as in concentration. A product that falls into "
        "several classes goes whole to the one that holds most of it. A row without trade has "
        "no figures.",
    .formula = "H = - sum s_k ln s_k; T = (1/n) sum (x_k/mu) ln(x_k/mu) = ln n - H; T = sum_g "
               "(n_g mu_g)/(n mu) ln(mu_g/mu) + sum_g (n_g mu_g)/(n mu) T_g; with n1 lines "
               "traded: between = ln(n/n1), within = T over those n1",
    .reference =
        "H. Theil (1967), Economics and Information Theory, North-Holland; O. Cadot, C. "
        "Carr\u00e8re and V. Strauss-Kahn (2011), Export diversification: what's behind the "
        "hump?, Review of Economics and Statistics 93(2).",
    .worked =
        "Two of four lines are traded, for 3 and 1: entropy -(0.75 ln 0.75 + 0.25 ln 0.25) = "
        "0.5623; Theil ln 4 - 0.5623 = 0.8240; between ln(4/2) = 0.6931; within ln 2 - 0.5623 "
        "= "
        "0.1308; together 0.8240.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "theil",
    .example = "--reporter Peru --over partner --years 2000,2011",
    .run = run,
};
