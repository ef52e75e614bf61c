/* SPDX-License-Identifier: Apache-2.0 */
/* intensity.c - is trade with a partner larger than its weight in the world? */
#include "measures/common.h"

static const quipu_param params[] = {
    {"denominator", QUIPU_PARAM_CHOICE, "world rest imports", "world",
     "the partner's weight: in the exports of all reporters; of all other reporters; in the "
     "imports of all but the reporter"},
};
enum { WORLD, REST, IMPORTS };

enum { VALUE, SHARE, WEIGHT, INTENSITY, SYMMETRIC, N_FIGURES };

static const quipu_column_spec columns[N_FIGURES] = {
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"share", "Share", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
    {"weight", "Partner's weight", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 2},
    {"intensity", "Intensity", QUIPU_REAL, QUIPU_FIGURE, "", 2},
    {"symmetric", "Symmetric", QUIPU_REAL, QUIPU_FIGURE, "", 3},
};

typedef struct work {
    qi_ask *ask;
    size_t denominator;
    qi_frame ij, i, wj, w;
    qi_frame back; /* of the reporter, what is taken from w: M_i */
} work;

static bool value_at(const qi_frame *f, uint64_t key, size_t period, quipu_money *out) {
    size_t row = qi_frame_find(f, key);
    if (row == QI_NO_ROW)
        return false;
    size_t at = qi_frame_at(f, 0, row, period);
    *out = f->value[at];
    return f->known[at] != 0;
}

/* The weight of the partner as a fraction: up over down. */
static bool weight_at(const work *w, const qi_line *line, size_t period, quipu_money own,
                      double *up, double *down) {
    quipu_money j, all, back = 0;
    if (!value_at(&w->wj, line->key, period, &j) || !value_at(&w->w, line->key, period, &all))
        return false;
    if (w->denominator == REST) {
        j -= line->value[period];
        all -= own;
    } else if (w->denominator == IMPORTS) {
        if (!value_at(&w->back, line->key, period, &back))
            return false;
        all -= back;
    }
    *up = (double)j;
    *down = (double)all;
    return all > 0;
}

static quipu_status figures(void *user, qi_sheet *sheet, size_t row, const qi_line *line,
                            size_t period, quipu_error *err) {
    const work *w = user;
    quipu_money own;
    double up, down, x = (double)line->value[period];
    QI_UNUSED(err);
    if (!line->known[period])
        return QUIPU_OK;
    qi_sheet_integer(sheet, row, VALUE, line->value[period]);
    if (!value_at(&w->i, line->key, period, &own) || own <= 0)
        return QUIPU_OK;
    qi_sheet_real(sheet, row, SHARE, x / (double)own);
    if (!weight_at(w, line, period, own, &up, &down))
        return QUIPU_OK;
    qi_sheet_real(sheet, row, WEIGHT, up / down);
    double share = x * down, weight = (double)own * up; /* equal ones are exactly equal */
    if (up > 0)
        qi_sheet_real(sheet, row, INTENSITY, share / weight);
    if (share + weight > 0)
        qi_sheet_real(sheet, row, SYMMETRIC, (share - weight) / (share + weight));
    return QUIPU_OK;
}

static quipu_status make_frames(work *w, quipu_error *err) {
    qi_ask *ask = w->ask;
    int r = qi_ask_axis(ask, QI_AXIS_REPORTER), j = qi_ask_axis(ask, QI_AXIS_PARTNER);
    uint32_t reporter = r >= 0 ? 1u << r : 0, partner = j >= 0 ? 1u << j : 0;
    bool turned = w->denominator == IMPORTS;
    qi_cut i = {.drop = partner, .partner = "all"};
    qi_cut wj = {.drop = reporter, .reporter = "all", .turned = turned};
    qi_cut all = {
        .drop = reporter | partner, .reporter = "all", .partner = "all", .turned = turned};
    qi_cut back = {.drop = partner, .partner = "all", .other_flow = true};
    QI_TRY(qi_frame_make(ask, NULL, &w->ij, err));
    QI_TRY(qi_frame_make(ask, &i, &w->i, err));
    QI_TRY(qi_frame_make(ask, &wj, &w->wj, err));
    QI_TRY(qi_frame_make(ask, &all, &w->w, err));
    return turned ? qi_frame_make(ask, &back, &w->back, err) : QUIPU_OK;
}

static quipu_status write(work *w, const qi_lines *lines, quipu_table *out, quipu_error *err) {
    qi_ask *ask = w->ask;
    bool out_going = ask->flows[0] != QUIPU_IMPORT && ask->flows[0] != QUIPU_REIMPORT;
    const char *flow = out_going ? "exports" : "imports";
    const char *of[] = {
        [WORLD] = qi_arena_printf(&ask->arena, "the %s of all reporters of the cube", flow),
        [REST] =
            qi_arena_printf(&ask->arena, "the %s of all other reporters of the cube", flow),
        [IMPORTS] =
            qi_arena_printf(&ask->arena,
                            "the %s of all but the reporter, as reported "
                            "by those who %s",
                            out_going ? "imports" : "exports", out_going ? "import" : "export"),
    };
    qi_sheet sheet;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_FIGURES,
                         qi_sheet_n_rows(ask, lines), out, err));
    QI_TRY(qi_sheet_rows(&sheet, lines, figures, w, err));
    QI_TRY(qi_ask_note(ask, err,
                       "Share: in the %s of the reporter to all partners. Partner's "
                       "weight: its share in %s.",
                       flow, of[w->denominator]));
    QI_TRY(quipu_table_set_title(out, err, "Intensity of the %s%s; denominator: %s",
                                 qi_words_trade(ask), qi_words_by(ask), of[w->denominator]));
    return qi_sheet_close(&sheet, ask, &w->ij, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_intensity;
    qi_ask ask;
    qi_lines lines = {0};
    work w = {.ask = &ask, .denominator = qi_choice_of(me, request, "denominator")};
    qi_wish wish = {0};
    if (qi_argument(me, request, "partner") == NULL)
        wish.by = "partner";
    QI_TRY(qi_ask_open(&ask, me, request, &wish, err));
    quipu_status status;
    QI_GO(make_frames(&w, err));
    QI_GO(qi_lines_make(&ask, &w.ij, QI_LINES_NO_TOTAL, &lines, err));
    QI_GO(write(&w, &lines, out, err));
done:
    qi_lines_free(&lines);
    qi_frame_free(&w.ij);
    qi_frame_free(&w.i);
    qi_frame_free(&w.wj);
    qi_frame_free(&w.w);
    qi_frame_free(&w.back);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_intensity = {
    .name = "intensity",
    .aliases = "tii trade-intensity",
    .summary = "Is trade with a partner larger than its weight in the world?",
    .without = "of total rest",
    .detail =
        "The share of a partner in the exports of the reporter over its weight in world trade: "
        "above 1 they trade more than their sizes would say. With --flow import the same of "
        "imports. The symmetric version lies between -1 and 1.\n\n"
        "The weight has three denominators. world: the share of the partner in the exports of "
        "all reporters, as the World Bank has it. rest: the same without the reporter's own "
        "exports. imports: the partner's imports over those of all countries but the reporter, "
        "which cannot sell to itself; this needs imports in the cube and is the original for "
        "large countries. With one product or by product all sums are of that product. Missing "
        "where the reporter exports nothing, or nobody trades with the partner.",
    .formula =
        "world: TII_ij = (X_ij / X_i) / (X_wj / X_w); rest: (X_ij / X_i) / [(X_wj - X_ij) / "
        "(X_w "
        "- X_i)]; imports: (X_ij / X_i) / [M_j / (M_w - M_i)]; symmetric (TII - 1)/(TII + 1)",
    .reference =
        "K. Kojima (1964), The pattern of international trade among advanced countries, "
        "Hitotsubashi Journal of Economics 5(1); P. Drysdale and R. Garnaut (1982), Trade "
        "intensities and the analysis of bilateral trade flows in a many-country world, "
        "Hitotsubashi Journal of Economics 22(2); K. Anderson and H. Norheim (1993), From "
        "imperial to regional trade preferences, Weltwirtschaftliches Archiv 129(1).",
    .worked = "A exports 100, of it 30 to B; the world exports 1000, of it 150 to B. World: "
              "0.30/0.15 "
              "= 2. Rest: 0.30/(120/900) = 2.25. B imports 160, the world 1040 and A 90: "
              "0.30/(160/950) = 1.78. Symmetric of 2: 1/3.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "intensity",
    .example = "--reporter Peru --partner China,Japan,Korea --years 2000,2011",
    .run = run,
};
