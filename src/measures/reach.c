/* SPDX-License-Identifier: Apache-2.0 */
/* reach.c - of the countries that buy a product, how many buy it from the reporter? */
#include "measures/vectors.h"

static const quipu_param params[] = {
    {"demand", QUIPU_PARAM_CHOICE, "imports exports", "imports",
     "who buys a product: those that report importing it, or those any reporter exports it to"},
};

enum { VALUE, PRODUCTS, SERVED, BUYING, PENETRATION, N_FIGURES };

static const quipu_column_spec columns[N_FIGURES] = {
    {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"products", "Products", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"served", "Markets served", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"buying", "Markets that buy", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"penetration", "Market penetration", QUIPU_SHARE, QUIPU_FIGURE, "fraction", 1},
};

typedef struct work {
    qi_ask *ask;
    qi_frame parts, sums;
    const qi_axis *goods;
    uint32_t *buyers; /* [period][product]: countries that buy it */
    uint8_t *told;    /* [period]: somebody reported */
} work;

/* ---- who buys ---- */

static void count_row(const quipu_matrix *m, size_t country, uint32_t *buyers) {
    if (m->dense != NULL) {
        const quipu_money *row = m->dense + country * m->n_products;
        for (size_t k = 0; k < m->n_products; k++)
            buyers[k] += row[k] > 0;
        return;
    }
    for (uint32_t i = m->start[country]; i < m->start[country + 1]; i++)
        buyers[m->product[i]] += m->value[i] > 0;
}

/* From the stored matrix of the side that buys: no leaf is read. */
static quipu_status count_buyers(work *w, bool by_exports, quipu_error *err) {
    qi_ask *ask = w->ask;
    size_t n = quipu_cube_n_products(ask->cube), n_countries;
    quipu_view view;
    quipu_selection all = {.flow = by_exports ? "export" : "import",
                           .years = qi_ask_years(ask)};
    quipu_cube_countries(ask->cube, &n_countries);
    w->buyers = calloc(n * ask->n_periods + 1, sizeof *w->buyers);
    w->told = calloc(ask->n_periods + 1, 1);
    if (w->buyers == NULL || w->told == NULL || all.years == NULL)
        return qi_fail_memory(err, n * ask->n_periods * sizeof *w->buyers);
    QI_TRY(qi_view_open(ask->cube, ask->nomen, &all, true, &ask->notes, &view, err));
    quipu_status status = QUIPU_OK;
    for (size_t p = 0; p < ask->n_periods && status == QUIPU_OK; p++) {
        quipu_matrix matrix;
        if (view.slab[p] < 0)
            continue;
        status = quipu_cube_matrix(ask->cube, (size_t)view.slab[p],
                                   qi_view_side(&view, !by_exports), &matrix, err);
        w->told[p] = 1;
        for (size_t c = 0; c < n_countries && status == QUIPU_OK; c++)
            if (quipu_country_set_has(&ask->views[0].partners, p, c))
                count_row(&matrix, c, w->buyers + p * n);
    }
    quipu_view_close(&view);
    return status;
}

/* ---- rows ---- */

static quipu_status figures(void *user, qi_sheet *sheet, size_t row, const qi_line *line,
                            size_t period, quipu_error *err) {
    const work *w = user;
    const qi_frame *f = &w->parts;
    qi_rows rows = qi_frame_group(f, line->key);
    size_t n = quipu_cube_n_products(w->ask->cube), last = SIZE_MAX;
    int64_t served = 0, buying = 0, products = 0;
    QI_UNUSED(err);
    if (!line->known[period])
        return QUIPU_OK;
    for (size_t r = rows.from; r < rows.to; r++) {
        size_t product = qi_key_label(w->goods, f->key[r]);
        if (f->value[qi_frame_at(f, 0, r, period)] <= 0)
            continue;
        served++;
        if (product == last)
            continue;
        last = product;
        products++;
        buying += w->buyers[period * n + product];
    }
    qi_sheet_integer(sheet, row, VALUE, line->value[period]);
    qi_sheet_integer(sheet, row, PRODUCTS, products);
    qi_sheet_integer(sheet, row, SERVED, served);
    if (!w->told[period])
        return QUIPU_OK;
    qi_sheet_integer(sheet, row, BUYING, buying);
    if (buying > 0)
        qi_sheet_real(sheet, row, PENETRATION, (double)served / (double)buying);
    return QUIPU_OK;
}

static quipu_status write(work *w, bool by_exports, const qi_lines *lines, quipu_table *out,
                          quipu_error *err) {
    qi_ask *ask = w->ask;
    qi_sheet sheet;
    QI_TRY(qi_sheet_open(&sheet, ask, QI_TIME_PERIOD, columns, N_FIGURES,
                         qi_sheet_n_rows(ask, lines), out, err));
    QI_TRY(qi_sheet_rows(&sheet, lines, figures, w, err));
    QI_TRY(qi_ask_note(ask, err,
                       "Markets are pairs of a product and a country; those that buy are of "
                       "the products the reporter exports, %s.",
                       by_exports ? "wherever any reporter of the cube exports them"
                                  : "where a country reports importing them"));
    QI_TRY(quipu_table_set_title(out, err, "Market penetration of the %s%s",
                                 qi_words_trade(ask), qi_words_by(ask)));
    return qi_sheet_close(&sheet, ask, &w->parts, err);
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_reach;
    qi_ask ask;
    qi_lines lines = {0};
    bool by_exports = qi_choice_of(me, request, "demand") == 1;
    const char *by = qi_argument(me, request, "by");
    qi_wish wish = {.over = "product,partner", .flows = "export"};
    work w = {.ask = &ask};
    if (by != NULL && strstr(by, "product") != NULL)
        wish.over = "partner";
    else if (by == NULL && qi_argument(me, request, "reporter") == NULL)
        wish.by = "reporter";
    QI_TRY(qi_ask_open(&ask, me, request, &wish, err));
    quipu_status status;
    if (ask.n_partners > 1) {
        status = qi_fail(err, QUIPU_E_ARG,
                         "reach counts markets one by one, and takes one set of them: join the "
                         "partners with + (China+Japan), or name a group");
        goto done;
    }
    qi_cut sums = {.drop = qi_over_drop(&ask)};
    w.goods = &ask.axes[qi_ask_axis(&ask, QI_AXIS_PRODUCT)];
    QI_GO(count_buyers(&w, by_exports, err));
    QI_GO(qi_frame_make(&ask, NULL, &w.parts, err));
    QI_GO(qi_frame_make(&ask, &sums, &w.sums, err));
    QI_GO(qi_lines_make(&ask, &w.sums, QI_LINES_NO_TOTAL, &lines, err));
    QI_GO(write(&w, by_exports, &lines, out, err));
done:
    free(w.buyers);
    free(w.told);
    qi_lines_free(&lines);
    qi_frame_free(&w.parts);
    qi_frame_free(&w.sums);
    qi_ask_close(&ask);
    return status;
}

const quipu_measure qi_measure_reach = {
    .name = "reach",
    .aliases = "market-penetration",
    .summary = "How many of the markets for its products does a country serve?",
    .without = "of flow total rest periods",
    .detail =
        "Counts the markets, pairs of a product and a country, that the reporter exports to, "
        "and the markets that buy the same products from anybody: the index of export market "
        "penetration is the first over the second. With --by product it is given for each "
        "product. With --partner only those countries are counted.\n\n"
        "A low figure with many products means that they reach few of their markets; it counts "
        "a shipment of any size as a market. With --demand exports, for cubes without imports, "
        "a market buys when any reporter of the cube exports to it. Importers that did not "
        "report are not counted, though the reporter may serve them, so that a figure above "
        "100 "
        "% is possible. This is not import penetration: see penetration.",
    .formula =
        "EMP_i = sum_k n_ik / sum_k N_k over the products k that i exports; n_ik partners "
        "i exports k to; N_k countries that import k",
    .reference = "World Bank, World Integrated Trade Solution (WITS), trade outcomes "
                 "indicators: index of export market penetration.",
    .worked = "A exports copper to 3 of the 4 countries that buy copper and fish to 1 of 6: "
              "(3 + 1)/(4 + 6) = 40 %.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = N_FIGURES,
    .figure = "penetration",
    .example = "--reporter Peru --years 2011",
    .run = run,
};
