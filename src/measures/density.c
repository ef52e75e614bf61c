/* SPDX-License-Identifier: Apache-2.0 */
/* density.c - how near a country is to a product, and what the product would open up. */
#include "measures/complex.h"
#include "measures/rca.h"

static const quipu_param params[] = {
    {"only", QUIPU_PARAM_CHOICE, "all absent present", "all",
     "products the country has without or with advantage"},
    {"rank-by", QUIPU_PARAM_CHOICE, "density gain pci rca", "density", "largest first"},
    QI_PARAMS_SCORE,
    QI_PARAMS_WORLD,
};

static const quipu_column_spec columns[] = {
    {"reporter", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"reporter_name", "Reporter", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"product", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"product_name", "Product", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"density", "Density", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"distance", "Distance", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"pci", "PCI", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"gain", "Opportunity gain", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"value", "Exports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"rca", "RCA", QUIPU_REAL, QUIPU_FIGURE, "", 2},
    {"present", "Present", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
};
enum { REPORTER, PRODUCT = 2, YEAR = 4, DENSITY, DISTANCE, PCI, GAIN, VALUE, RCA, PRESENT };

typedef struct listing {
    qi_study *study;
    const qi_year *year;
    size_t only, by; /* choices */
    quipu_table *out;
    double *rca, *x_wk;
    quipu_money *room;
    const quipu_money *row; /* of the country written */
    qi_ranked *order;
} listing;

static double ranked_by(const listing *l, size_t c, size_t p) {
    size_t at = c * l->year->world.n_products + p;
    const double *gain = l->year->density.gain, *pci = l->year->scores.pci;
    return l->by == 1   ? gain != NULL ? gain[at] : NAN
           : l->by == 2 ? pci != NULL ? pci[p] : NAN
           : l->by == 3 ? l->rca[p]
                        : l->year->density.density[at];
}

static quipu_status write_row(const listing *l, size_t c, size_t p, size_t row,
                              quipu_error *err) {
    const qi_year *y = l->year;
    size_t at = c * y->world.n_products + p;
    quipu_table *out = l->out;
    QI_TRY(qi_put_country(l->study, out, REPORTER, row, y, c, err));
    QI_TRY(qi_put_product(l->study, out, PRODUCT, row, y, p, err));
    quipu_table_set_integer(out, YEAR, row, y->period);
    quipu_table_set_real(out, DENSITY, row, y->density.density[at]);
    quipu_table_set_real(out, DISTANCE, row, 1 - y->density.density[at]);
    if (y->density.gain != NULL) {
        quipu_table_set_real(out, PCI, row, y->scores.pci[p]);
        quipu_table_set_real(out, GAIN, row, y->density.gain[at]);
    }
    quipu_table_set_integer(out, VALUE, row, l->row[p]);
    quipu_table_set_real(out, RCA, row, l->rca[p]);
    quipu_table_set_integer(out, PRESENT, row, qi_present(&y->presence, c, p));
    return QUIPU_OK;
}

static quipu_status write_country(listing *l, size_t c, quipu_error *err) {
    const qi_year *y = l->year;
    const qi_world *w = &y->world;
    qi_rca_totals sums = {(double)w->by_country[c], (double)w->total, l->x_wk};
    size_t n = 0, row;
    l->row = qi_world_row(w, c, l->room);
    qi_rca_row(l->row, w->n_products, &sums, l->rca);
    for (size_t p = 0; p < w->n_products; p++) {
        bool has = qi_present(&y->presence, c, p);
        if ((l->only != 0 && has != (l->only == 2)) || !qi_study_shows_product(l->study, y, p))
            continue;
        l->order[n++] = (qi_ranked){ranked_by(l, c, p), (uint32_t)p, 0};
    }
    qi_rank(l->order, n);
    n = n < l->study->limit ? n : l->study->limit;
    QI_TRY(quipu_table_add_rows(l->out, n, &row, err));
    for (size_t i = 0; i < n; i++)
        QI_TRY(write_row(l, c, l->order[i].a, row + i, err));
    return QUIPU_OK;
}

static quipu_status write_year(qi_study *s, const qi_year *y, void *user, quipu_table *out,
                               quipu_error *err) {
    listing *l = user;
    size_t n = y->world.n_products;
    l->study = s;
    l->year = y;
    l->out = out;
    l->order = calloc(n + 1, sizeof *l->order);
    l->rca = malloc((2 * n + 1) * sizeof *l->rca);
    l->room = malloc((n + 1) * sizeof *l->room);
    quipu_status status = QUIPU_OK;
    if (l->order == NULL || l->rca == NULL || l->room == NULL) {
        status = qi_fail_memory(err, n * sizeof *l->order);
    } else {
        l->x_wk = l->rca + n;
        for (size_t p = 0; p < n; p++)
            l->x_wk[p] = (double)y->world.by_product[p];
    }
    for (size_t c = 0; c < y->world.n_countries && status == QUIPU_OK; c++)
        if (qi_study_shows(s, y, c))
            status = write_country(l, c, err);
    free(l->order);
    free(l->rca);
    free(l->room);
    return status;
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_density;
    listing l = {.only = qi_choice_of(me, request, "only"),
                 .by = qi_choice_of(me, request, "rank-by")};
    return qi_study_run(me, request, QI_STUDY_FRAIL | QI_STUDY_DENSITY | QI_STUDY_SHOWN,
                        write_year, &l, "Density around products", out, err);
}

const quipu_measure qi_measure_density = {
    .name = "density",
    .aliases = "distance relatedness opportunity-gain cog gain",
    .summary = "How near is a country to a product, and what would the product open up?",
    .without = "partner by classes gold periods sort total rest",
    .detail =
        "Density is the share of what is near a product (by proximity) that the country "
        "already has; distance is what is missing to 1. The opportunity gain (COG) is what the "
        "product would bring nearer: the PCI of the products still missing, weighted by their "
        "proximity to it. Products near the country, complex and with much around them are "
        "what a country grows into: --only absent --limit 20.\n\n"
        "In the convention py-ecomplexity the product itself counts as near (proximity 1 to "
        "itself) and the gain of a product the country has is 0; atlas takes away what the "
        "product itself is worth, datawheel leaves the product itself out of its own "
        "neighbourhood. Where ECI does not exist, density is there and the gain is missing.",
    .formula =
        "omega_cp = sum_p' M_cp' phi_pp' / sum_p' phi_pp'; distance = 1 - omega; COG_cp = "
        "(1 - M_cp) sum_p' (1 - M_cp') phi_pp' k_p' / (sum_p'' phi_p''p') / sd k_c "
        "(py-ecomplexity); atlas: with PCI for k and less (1 - omega_cp) PCI_p; datawheel: "
        "sum_p' (1 - M_cp') PCI_p' phi_p'p / sum_p'' phi_p''p - omega_cp PCI_p",
    .reference = "C. A. Hidalgo et al. (2007), The product space conditions the development of "
                 "nations, Science 317; R. Hausmann, C. A. Hidalgo et al. (2014), The Atlas of "
                 "Economic Complexity, MIT Press.",
    .worked =
        "A has products 1, 2, 3; B has 2, 3; C has 3. Ubiquity 1, 2, 3; proximity of 1 and 2 "
        "is 1/2, of 1 and 3 1/3, of 2 and 3 2/3. Density of B around 1: (1/2 + 1/3) / (1 + 1/2 "
        "+ 1/3) = 5/11 = 0.4545.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "density",
    .example = "--reporter Chile --years 1997 --digits 4 --only absent --limit 10",
    .run = run,
};
