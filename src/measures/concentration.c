/* SPDX-License-Identifier: Apache-2.0 */
/* concentration.c - how unequal shares are: Herfindahl-Hirschman and its kin. */
#include "measures/vectors.h"

static const quipu_param params[] = {
    {"over", QUIPU_PARAM_TEXT, NULL, "product",
     "what the shares are of: product, partner or a scheme of classes"},
    {"largest", QUIPU_PARAM_INTEGER, NULL, "4",
     "how many lines the concentration ratio adds up"},
    {"lines", QUIPU_PARAM_CHOICE, "classification active", "classification",
     "n: all lines there are, or those traded"},
};

enum {
    VALUE,
    LINES,
    ACTIVE,
    HHI,
    NORMALISED,
    UNCTAD,
    EQUIVALENT,
    LARGEST,
    RATIO,
    GINI,
    DIVERSIFICATION,
    N_FIGURES
};

static const quipu_column_spec columns[N_FIGURES] = {
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"lines", "Lines (n)", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"active", "Traded", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"hhi", "HHI", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"hhi_normalised", "HHI normalised", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"unctad", "UNCTAD concentration", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"equivalent", "Equal lines (1/HHI)", QUIPU_REAL, QUIPU_FIGURE, "", 1},
    {"largest", "Largest", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"ratio", "Largest few", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
    {"gini", "Gini", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"diversification", "UNCTAD diversification", QUIPU_REAL, QUIPU_FIGURE, "", 4},
};

typedef struct work {
    qi_ask *ask;
    qi_frame parts, sums, world;
    qi_breadth breadth;
    size_t largest;
    bool active_only, by_group; /* by_group: the reference is one, not everybody */
    qi_vector vector, reference;
    quipu_money *sorted; /* rising */
    size_t room;
} work;

static int money_order(const void *a, const void *b) {
    quipu_money x = *(const quipu_money *)a, y = *(const quipu_money *)b;
    return x < y ? -1 : x > y;
}

/* ---- of one list of values ---- */

static double herfindahl(const qi_vector *v) {
    qi_wide_size squares = 0;
    for (size_t i = 0; i < v->n; i++)
        squares += (qi_wide_size)v->value[i] * (qi_wide_size)v->value[i];
    return (double)squares / (double)((qi_wide_size)v->sum * (qi_wide_size)v->sum);
}

/* Of n lines, of which those not in the list are zero; `sorted` is rising. */
static double gini(const quipu_money *sorted, size_t n_sorted, quipu_money sum, size_t n) {
    qi_wide_sum ranked = 0;
    for (size_t i = 0; i < n_sorted; i++)
        ranked += (qi_wide_sum)(n - n_sorted + i + 1) * sorted[i];
    qi_wide_sum over = 2 * ranked - (qi_wide_sum)(n + 1) * sum;
    return (double)over / ((double)n * (double)sum);
}

static quipu_status sort_values(work *w, quipu_error *err) {
    const qi_vector *v = &w->vector;
    if (!qi_grow((void **)&w->sorted, &w->room, v->n, sizeof *w->sorted))
        return qi_fail_memory(err, v->n * sizeof *w->sorted);
    memcpy(w->sorted, v->value, v->n * sizeof *w->sorted);
    qsort(w->sorted, v->n, sizeof *w->sorted, money_order);
    return QUIPU_OK;
}

static double largest_share(const work *w, size_t count) {
    const qi_vector *v = &w->vector;
    quipu_money sum = 0;
    for (size_t i = 0; i < count && i < v->n; i++)
        sum += w->sorted[v->n - 1 - i];
    return (double)sum / (double)v->sum;
}

static quipu_status figures(void *user, qi_sheet *sheet, size_t row, const qi_line *line,
                            size_t period, quipu_error *err) {
    work *w = user;
    if (!line->known[period])
        return QUIPU_OK;
    qi_sheet_integer(sheet, row, VALUE, line->value[period]);
    qi_vector *v = &w->vector;
    QI_TRY(qi_vector_read(&w->parts, 0, qi_frame_group(&w->parts, line->key), period, v, err));
    size_t n = qi_breadth_lines(&w->breadth, w->vector.n, w->active_only);
    qi_sheet_integer(sheet, row, LINES, (int64_t)n);
    qi_sheet_integer(sheet, row, ACTIVE, (int64_t)v->n);
    if (v->sum <= 0)
        return QUIPU_OK;
    QI_TRY(sort_values(w, err));
    double hhi = herfindahl(v), even = 1.0 / (double)n;
    qi_sheet_real(sheet, row, HHI, hhi);
    if (n > 1) {
        qi_sheet_real(sheet, row, NORMALISED, (hhi - even) / (1 - even));
        qi_sheet_real(sheet, row, UNCTAD, (sqrt(hhi) - sqrt(even)) / (1 - sqrt(even)));
    }
    qi_sheet_real(sheet, row, EQUIVALENT, 1 / hhi);
    qi_sheet_real(sheet, row, LARGEST, largest_share(w, 1));
    qi_sheet_real(sheet, row, RATIO, largest_share(w, w->largest));
    qi_sheet_real(sheet, row, GINI, gini(w->sorted, v->n, v->sum, n));
    QI_TRY(qi_vector_read(&w->world, 0, qi_frame_group(&w->world, line->key), period,
                          &w->reference, err));
    if (w->by_group || w->reference.sum != v->sum) /* else it is compared with itself */
        qi_sheet_real(sheet, row, DIVERSIFICATION, 1 - qi_vector_overlap(v, &w->reference));
    return QUIPU_OK;
}

static quipu_status write(work *w, const qi_lines *lines, quipu_table *out, quipu_error *err) {
    qi_ask *ask = w->ask;
    qi_sheet sheet;
    const char *of = qi_argument(ask->measure, ask->request, "of");
    quipu_column_spec specs[N_FIGURES];
    memcpy(specs, columns, sizeof specs);
    specs[RATIO].label = qi_arena_printf(&ask->arena, "Largest %zu", w->largest);
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, specs, N_FIGURES,
                         qi_sheet_n_rows(ask, lines), out, err));
    QI_TRY(qi_sheet_rows(&sheet, lines, figures, w, err));
    QI_TRY(quipu_table_set_title(out, err, "Concentration of the %s across %s%s",
                                 qi_words_trade(ask), qi_words_over(ask), qi_words_by(ask)));
    QI_TRY(qi_ask_note(ask, err, "Shares are of the value in the row."));
    QI_TRY(qi_breadth_note(ask, &w->breadth, w->active_only, err));
    QI_TRY(qi_ask_note(ask, err,
                       "Diversification: half the absolute differences from the "
                       "shares of %s; 0 is the same structure, missing where there "
                       "is nobody else to compare with.",
                       of != NULL && !qi_is(of, "world") ? of : "all reporters of the cube"));
    return qi_sheet_close(&sheet, ask, &w->parts, err);
}

static quipu_status make_frames(work *w, quipu_error *err) {
    qi_ask *ask = w->ask;
    const char *of = qi_argument(ask->measure, ask->request, "of");
    int reporter = qi_ask_axis(ask, QI_AXIS_REPORTER);
    qi_cut sums = {.drop = qi_over_drop(ask)};
    qi_cut world = {.reporter = of != NULL ? of : "all",
                    .drop = reporter >= 0 ? 1u << reporter : 0};
    QI_TRY(qi_frame_make(ask, NULL, &w->parts, err));
    QI_TRY(qi_frame_make(ask, &sums, &w->sums, err));
    return qi_frame_make(ask, &world, &w->world, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_concentration;
    qi_ask ask;
    qi_lines lines = {0};
    int64_t largest = qi_integer(me, request, "largest", 4);
    if (largest < 1)
        return qi_fail(err, QUIPU_E_ARG, "largest: at least 1");
    work w = {.ask = &ask,
              .largest = (size_t)largest,
              .active_only = qi_choice_of(me, request, "lines") == 1,
              .by_group = qi_argument(me, request, "of") != NULL};
    qi_wish wish = {.over = qi_argument(me, request, "over")};
    if (qi_argument(me, request, "reporter") == NULL)
        wish.by = "reporter";
    QI_TRY(qi_ask_open(&ask, me, request, &wish, err));
    quipu_status status;
    QI_GO(qi_over_check(&ask, wish.over, err));
    QI_GO(qi_breadth_make(&ask, NULL, &w.breadth, err));
    QI_GO(make_frames(&w, err));
    QI_GO(qi_lines_make(&ask, &w.sums, QI_LINES_NO_TOTAL, &lines, err));
    QI_GO(write(&w, &lines, out, err));
done:
    qi_vector_free(&w.vector);
    qi_vector_free(&w.reference);
    free(w.sorted);
    qi_lines_free(&lines);
    qi_frame_free(&w.parts);
    qi_frame_free(&w.sums);
    qi_frame_free(&w.world);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_concentration = {
    .name = "concentration",
    .aliases = "hhi herfindahl gini diversification",
    .summary = "On how few products or partners does the trade rest?",
    .without = "total rest",
    .detail =
        "Shares of the lines of --over in the value of each row, and what is made of them: the "
        "Herfindahl-Hirschman index, normalised so that equal shares give 0, UNCTAD's "
        "concentration index from its root, the number of equal lines that would give the same "
        "index, the share of the largest line and of the --largest few (CR), the Gini "
        "coefficient, and UNCTAD's diversification index, which compares the shares with those "
        "of all reporters or, with --of, of a group.\n\n"
        "n is the size of the classification: the codes of the nomenclature with as many "
        "digits as the cube has, the partners the cube knows, or the classes of the scheme. "
        "With --lines active only what is traded counts, and figures of different n are not "
        "comparable. Where products are selected, shares are of the selection and n is their "
        "number. A finer nomenclature always gives a lower index. A row without trade has no "
        "figures; one line alone has no normalised index.",
    .formula =
        "s_k = X_k / X; HHI = sum s_k^2; normalised (HHI - 1/n)/(1 - 1/n); UNCTAD "
        "(sqrt(HHI) - sqrt(1/n))/(1 - sqrt(1/n)); CR_m = sum of the m largest s_k; Gini = "
        "2 sum_i i x_(i) / (n X) - (n + 1)/n with x_(i) rising; diversification = "
        "(1/2) sum_k |s_ik - s_wk|",
    .reference =
        "A. O. Hirschman (1945), National Power and the Structure of Foreign Trade, University "
        "of California Press; UNCTAD, Handbook of Statistics, annex on indicators "
        "(concentration and diversification indices).",
    .worked =
        "Sales of 5, 3, 1, 1 of four lines: HHI 0.25 + 0.09 + 0.01 + 0.01 = 0.36; normalised "
        "(0.36 - 0.25)/0.75 = 0.1467; UNCTAD (0.6 - 0.5)/0.5 = 0.2; 1/0.36 = 2.8 equal lines; "
        "CR_2 80 %; Gini 2 (1 + 2 + 9 + 20)/40 - 5/4 = 0.35. Where the world's shares are "
        "equal, "
        "diversification is (0.25 + 0.05 + 0.15 + 0.15)/2 = 0.3.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "hhi",
    .example = "--reporter Peru --over partner --years 2000,2011",
    .run = run,
};
