/* SPDX-License-Identifier: Apache-2.0 */
/* rca.c - revealed comparative advantage (Balassa 1965) and its variants. */
#include "measures/rca_sums.h"

static const quipu_param params[] = {
    {"cutoff", QUIPU_PARAM_REAL, NULL, NULL, "only indexes of at least this much"},
    {"variant", QUIPU_PARAM_CHOICE, "balassa symmetric normalised additive weighted vollrath",
     "balassa", "which index"},
    {"reference", QUIPU_PARAM_CHOICE, "exports market", "exports",
     "compare with what all reporters export (to the partner), or with what the partner "
     "imports, as it reports it: the bilateral index of a market"},
};

static const quipu_column_spec columns[] = {
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"rca", "RCA", QUIPU_REAL, QUIPU_FIGURE, "", 2},
    {"rxa", "Exports (RXA)", QUIPU_REAL, QUIPU_FIGURE, "", 2},
    {"rmp", "Imports (RMP)", QUIPU_REAL, QUIPU_FIGURE, "", 2},
    {"rta", "RTA", QUIPU_REAL, QUIPU_FIGURE, "", 2},
    {"rc", "RC", QUIPU_REAL, QUIPU_FIGURE, "", 2},
};
enum { N_PLAIN = 2, RXA = 1, RMP, RTA, RC, N_VOLLRATH };

static const struct {
    const char *label, *title;
    int decimals;
} variants[] = {
    [QI_RCA_BALASSA] = {"RCA", "Revealed comparative advantage", 2},
    [QI_RCA_SYMMETRIC] = {"Symmetric RCA", "Symmetric revealed comparative advantage", 3},
    [QI_RCA_NORMALISED] = {"Normalised RCA (x 10,000)",
                           "Normalised revealed comparative advantage", 3},
    [QI_RCA_ADDITIVE] = {"Additive RCA", "Additive revealed comparative advantage", 4},
    [QI_RCA_WEIGHTED] = {"Weighted RCA", "Weighted revealed comparative advantage", 2},
    [QI_RCA_VOLLRATH] = {"RTA", "Revealed comparative advantage (Vollrath)", 2},
};

typedef struct plan {
    qi_rca_variant variant;
    bool market, cut;
    double cutoff;
    qi_rca_sums sums;
} plan;

/* ---- rows ---- */

/* What is cut and printed; NaN: none. */
typedef struct result {
    double index, rxa, rmp;
} result;

static result result_of(const plan *p, const qi_line *line, const qi_rca_place *at,
                        size_t period) {
    result r = {NAN, NAN, NAN};
    qi_rca_four x;
    bool has = qi_rca_four_at(&p->sums, line, at, 0, period, &x);
    if (p->variant != QI_RCA_VOLLRATH) {
        r.index = has ? qi_rca_index(&p->sums, at, p->variant, &x, period) : NAN;
        return r;
    }
    r.rxa = has ? qi_rca_of_others(&x) : NAN;
    if (qi_rca_four_at(&p->sums, line, at, 1, period, &x))
        r.rmp = qi_rca_of_others(&x);
    r.index = r.rxa - r.rmp;
    return r;
}

static quipu_status write_row(const plan *p, qi_sheet *sheet, const qi_line *line,
                              size_t period, const result *r, quipu_error *err) {
    size_t row;
    QI_TRY(quipu_table_add_rows(sheet->table, 1, &row, err));
    QI_TRY(qi_sheet_line(sheet, row, line, err));
    qi_sheet_period(sheet, row, period);
    if (line->known[period])
        qi_sheet_integer(sheet, row, 0, line->value[period]);
    if (p->variant != QI_RCA_VOLLRATH) {
        qi_sheet_real(sheet, row, 1, r->index);
        return QUIPU_OK;
    }
    qi_sheet_real(sheet, row, RXA, r->rxa);
    qi_sheet_real(sheet, row, RMP, r->rmp);
    qi_sheet_real(sheet, row, RTA, r->index);
    qi_sheet_real(sheet, row, RC, log(r->rxa) - log(r->rmp)); /* missing where one is zero */
    return QUIPU_OK;
}

static quipu_status write_lines(const plan *p, const qi_lines *lines, qi_sheet *sheet,
                                quipu_error *err) {
    for (size_t i = 0; i < lines->n; i++) {
        const qi_line *line = &lines->items[i];
        qi_rca_place at = qi_rca_find(&p->sums, line->key);
        for (size_t period = 0; period < p->sums.ik.n_periods; period++) {
            result r = result_of(p, line, &at, period);
            if (!p->cut || r.index >= p->cutoff)
                QI_TRY(write_row(p, sheet, line, period, &r, err));
        }
    }
    return QUIPU_OK;
}

/* ---- the table ---- */

static quipu_status notes(qi_ask *ask, const plan *p, quipu_error *err) {
    const char *of = qi_argument(ask->measure, ask->request, "of");
    of = of != NULL && !qi_is(of, "world") ? of : NULL;
    if (p->variant == QI_RCA_VOLLRATH)
        return qi_ask_note(ask, err,
                           "Compared with the exports and imports of all other reporters in "
                           "the cube and of all other goods. RTA = RXA - RMP; RC = ln RXA - ln "
                           "RMP, missing where one of them is zero.");
    if (p->market)
        QI_TRY(qi_ask_note(ask, err,
                           "Compared with the imports of %s from %s, as reported "
                           "there: RCA in the market.",
                           ask->views[0].partners.label, of != NULL ? of : "all countries"));
    else
        QI_TRY(qi_ask_note(ask, err,
                           "Compared with the %ss of %s in the cube, the country itself "
                           "included.",
                           quipu_flow_name(ask->flows[0]), of != NULL ? of : "all reporters"));
    if (p->variant == QI_RCA_WEIGHTED)
        return qi_ask_note(ask, err, "Weighted: over the mean of all goods in the reference.");
    return QUIPU_OK;
}

static quipu_status write(qi_ask *ask, const plan *p, const qi_lines *lines, quipu_table *out,
                          quipu_error *err) {
    qi_sheet sheet;
    quipu_column_spec specs[QI_COUNT(columns)];
    memcpy(specs, columns, sizeof specs);
    bool vollrath = p->variant == QI_RCA_VOLLRATH;
    specs[1].label = variants[p->variant].label;
    specs[1].decimals = variants[p->variant].decimals;
    if (vollrath)
        memcpy(&specs[1], &columns[N_PLAIN], (N_VOLLRATH - 1) * sizeof *specs);
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, specs, vollrath ? N_VOLLRATH : N_PLAIN, 0,
                         out, err));
    QI_TRY(write_lines(p, lines, &sheet, err));
    QI_TRY(notes(ask, p, err));
    QI_TRY(quipu_table_set_title(out, err, "%s in the %s%s", variants[p->variant].title,
                                 qi_words_trade(ask), qi_words_by(ask)));
    return qi_sheet_close(&sheet, ask, &p->sums.ik, err);
}

static quipu_status check(const quipu_request *request, const plan *p, quipu_error *err) {
    const quipu_measure *me = &qi_measure_rca;
    if (p->variant != QI_RCA_VOLLRATH)
        return QUIPU_OK;
    if (p->market || qi_argument(me, request, "of") != NULL ||
        qi_argument(me, request, "flow") != NULL)
        return qi_fail(err, QUIPU_E_ARG,
                       "variant vollrath compares exports and imports with those of all other "
                       "reporters: it takes no --reference market, --of or --flow");
    if (qi_switch(me, request, "wide"))
        return qi_fail(err, QUIPU_E_ARG, "variant vollrath has four figures: no --wide");
    return QUIPU_OK;
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_rca;
    qi_ask ask;
    qi_lines lines = {0};
    plan p = {.variant = (qi_rca_variant)qi_choice_of(me, request, "variant"),
              .market = qi_choice_of(me, request, "reference") == 1,
              .cut = qi_argument(me, request, "cutoff") != NULL,
              .cutoff = qi_real(me, request, "cutoff", 0)};
    qi_wish wish = {.by = "reporter,product"};
    if (qi_argument(me, request, "classes") != NULL)
        wish.by = "class";
    else if (qi_argument(me, request, "reporter") != NULL)
        wish.by = "product";
    if (p.variant == QI_RCA_VOLLRATH)
        wish.flows = "export import";
    QI_TRY(check(request, &p, err));
    QI_TRY(qi_ask_open(&ask, me, request, &wish, err));
    quipu_status status;
    QI_GO(qi_rca_sums_make(&ask, p.market, p.variant == QI_RCA_WEIGHTED, &p.sums, err));
    QI_GO(qi_lines_make(&ask, &p.sums.ik, QI_LINES_NO_TOTAL, &lines, err));
    QI_GO(write(&ask, &p, &lines, out, err));
done:
    qi_lines_free(&lines);
    qi_rca_sums_free(&p.sums);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_rca = {
    .name = "rca",
    .aliases = "balassa nrca rsca vollrath",
    .summary = "In what does a country specialise, compared with the world?",
    .without = "total rest",
    .detail =
        "The share of a product in the exports of a country over its share in the exports of "
        "the reference: above 1 the country exports more of it than would be expected. The "
        "reference is every reporter of the cube, or with --of a group; the country itself is "
        "in it. With --partner both shares are of the exports to that partner; with "
        "--reference "
        "market the reference is what the partner imports, in its own books. By classes with "
        "--by reporter,technology or --classes FILE.\n\n"
        "Variants: symmetric lies between -1 and 1, and averages are not ruled by a few very "
        "large indexes; normalised (in ten-thousandths) adds up to zero over products and over "
        "countries, so that it can be compared across both and over time; additive is the "
        "difference of the two shares; weighted is the index over its mean over all products; "
        "vollrath leaves the country and the product out of what they are compared with, does "
        "the same for imports, and takes the difference (RTA) and the difference of logarithms "
        "(RC). Products that the country never sold have no row; classes always have one.\n\n"
        "Missing where the country exports nothing at all or the reference nothing of the "
        "product; zero (symmetric: -1) where the country exports other things only. RXA is "
        "missing where nobody else exports the product or the country exports nothing else. An "
        "index is at least 1 exactly when the shares are, for sums up to nine million million "
        "dollars.",
    .formula =
        "RCA_ik = (X_ik / X_i) / (X_wk / X_w); market: (X_ijk / X_ij) / (M_jk / M_j); "
        "symmetric "
        "(RCA - 1)/(RCA + 1); normalised 10^4 (X_ik / X_w - X_i X_wk / X_w^2); additive X_ik / "
        "X_i - X_wk / X_w; weighted RCA_ik / mean_k RCA_ik; RXA = [X_ik / (X_i - X_ik)] / "
        "[(X_wk - X_ik) / (X_w - X_i - X_wk + X_ik)], RMP the same of imports, RTA = RXA - "
        "RMP, "
        "RC = ln RXA - ln RMP",
    .reference =
        "B. Balassa (1965), Trade liberalisation and \"revealed\" comparative advantage, The "
        "Manchester School 33(2); K. Laursen (2015), Revealed comparative advantage and the "
        "alternatives as measures of international specialization, Eurasian Business Review "
        "5(1); R. Yu, J. Cai and P. Leung (2009), The normalized revealed comparative "
        "advantage "
        "index, Annals of Regional Science 43; A. Hoen and J. Oosterhaven (2006), On the "
        "measurement of comparative advantage, Annals of Regional Science 40; J. Proudman and "
        "S. "
        "Redding (2000), Evolving patterns of international trade, Review of International "
        "Economics 8(3); T. Vollrath (1991), A theoretical evaluation of alternative trade "
        "intensity measures of revealed comparative advantage, Weltwirtschaftliches Archiv "
        "127.",
    .worked =
        "A exports 160, of it 90 of product 01; all countries export 1000, of it 300 of 01: "
        "(90/160)/(300/1000) = 1.875. Symmetric 0.875/2.875 = 0.304; normalised 10^4 (0.09 - "
        "0.048) = 420; additive 0.5625 - 0.3 = 0.2625; RXA (90/70)/(210/630) = 3.857.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "rca",
    .example = "--reporter Peru --years 2011 --cutoff 1",
    .run = run,
};
