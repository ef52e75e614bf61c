/* SPDX-License-Identifier: Apache-2.0 */
/* product_space.c - the map of products: what is linked to what, and where it stands. */
#include "measures/complex.h"
#include "measures/main_class.h"

static const quipu_param params[] = {
    {"table", QUIPU_PARAM_CHOICE, "links products", "links",
     "the links with their ends, as figures want them, or a row for each product"},
    {"least", QUIPU_PARAM_REAL, NULL, "0.55",
     "links of at least this proximity stand beside those of the tree"},
    {"color-by", QUIPU_PARAM_TEXT, NULL, "technology",
     "a scheme of classes (section, lall, ...) that products belong to"},
    QI_PARAMS_WORLD,
};

static const quipu_column_spec columns[] = {
    {"source", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"source_name", "Product", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"target", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"target_name", "Linked to", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"proximity", "Proximity", QUIPU_REAL, QUIPU_FIGURE, "", 3},
    {"tree", "Of the tree", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"source_x", "x", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"source_y", "y", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"target_x", "x of the other", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"target_y", "y of the other", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"source_class", "Class", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"target_class", "Class of the other", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"source_present", "Present", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"target_present", "The other present", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    /* of --table products */
    {"product", "Code", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"product_name", "Product", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    {"year", "Year", QUIPU_INTEGER, QUIPU_DIMENSION, "", 0},
    {"x", "x", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"y", "y", QUIPU_REAL, QUIPU_FIGURE, "", 4},
    {"class", "Class", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"class_name", "Name of the class", QUIPU_TEXT, QUIPU_FIGURE, "", 0},
    {"links", "Links", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"ubiquity", "Ubiquity", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
    {"value", "Exports", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
    {"present", "Present", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
};
enum {
    SOURCE,
    TARGET = 2,
    YEAR = 4,
    PROXIMITY,
    TREE,
    PLACE,
    CLASS = 11,
    HAS = 13,
    N_LINK_COLUMNS = 15,
    /* of the products, from there on */
    X = 3,
    Y,
    P_CLASS,
    CLASS_NAME,
    LINKS,
    UBIQUITY,
    VALUE,
    PRESENT,
    P_YEAR = 2
};

/* The map of one year. */
typedef struct chart {
    qi_study *study;
    const qi_year *year;
    const qi_main_classes *classes;
    qi_link *links;
    size_t n_links;
    double *x, *y;
    int64_t *has;    /* 1 when a reporter asked for has the product; NULL = none was named */
    int64_t *degree; /* links of each product */
    quipu_table *out;
} chart;

static const char *class_of(const chart *m, size_t p, bool name) {
    uint32_t class = m->classes->of[m->year->world.product[p]];
    return name ? m->classes->name[class] : m->classes->code[class];
}

/* A legend has room for the names of a few classes, and for the codes of many. */
static const char *legend_of(const chart *m, size_t p) {
    return class_of(m, p, m->classes->n <= 8);
}

static quipu_status write_end(const chart *m, size_t p, size_t end, size_t row,
                              quipu_error *err) {
    quipu_table *out = m->out;
    QI_TRY(qi_put_product(m->study, out, end == 0 ? SOURCE : TARGET, row, m->year, p, err));
    quipu_table_set_real(out, PLACE + 2 * end, row, m->x[p]);
    quipu_table_set_real(out, PLACE + 2 * end + 1, row, m->y[p]);
    if (m->has != NULL)
        quipu_table_set_integer(out, HAS + end, row, m->has[p]);
    return quipu_table_set_text(out, CLASS + end, row, legend_of(m, p), err);
}

static quipu_status write_links(const chart *m, quipu_error *err) {
    size_t row, n = m->n_links < m->study->limit ? m->n_links : m->study->limit;
    QI_TRY(quipu_table_add_rows(m->out, n, &row, err));
    for (size_t i = 0; i < n; i++, row++) {
        const qi_link *l = &m->links[i];
        QI_TRY(write_end(m, l->from, 0, row, err));
        QI_TRY(write_end(m, l->to, 1, row, err));
        quipu_table_set_integer(m->out, YEAR, row, m->year->period);
        quipu_table_set_real(m->out, PROXIMITY, row, l->proximity);
        quipu_table_set_integer(m->out, TREE, row, l->tree);
    }
    return QUIPU_OK;
}

static quipu_status write_products(const chart *m, quipu_error *err) {
    const qi_world *w = &m->year->world;
    quipu_table *out = m->out;
    size_t row, n = w->n_products < m->study->limit ? w->n_products : m->study->limit;
    QI_TRY(quipu_table_add_rows(out, n, &row, err));
    for (size_t p = 0; p < n; p++, row++) {
        QI_TRY(qi_put_product(m->study, out, 0, row, m->year, p, err));
        QI_TRY(quipu_table_set_text(out, P_CLASS, row, class_of(m, p, false), err));
        QI_TRY(quipu_table_set_text(out, CLASS_NAME, row, class_of(m, p, true), err));
        quipu_table_set_integer(out, P_YEAR, row, m->year->period);
        quipu_table_set_real(out, X, row, m->x[p]);
        quipu_table_set_real(out, Y, row, m->y[p]);
        quipu_table_set_integer(out, LINKS, row, m->degree[p]);
        quipu_table_set_integer(out, UBIQUITY, row, m->year->presence.ubiquity[p]);
        quipu_table_set_integer(out, VALUE, row, w->by_product[p]);
        if (m->has != NULL)
            quipu_table_set_integer(out, PRESENT, row, m->has[p]);
    }
    return QUIPU_OK;
}

static quipu_status fill_chart(chart *m, double least, quipu_error *err) {
    const qi_world *w = &m->year->world;
    size_t n = w->n_products;
    QI_TRY(qi_space_links(&m->year->presence, least, &m->links, &m->n_links, err));
    m->x = malloc((2 * n + 1) * sizeof *m->x);
    m->degree = calloc(2 * n + 1, sizeof *m->degree);
    if (m->x == NULL || m->degree == NULL)
        return qi_fail_memory(err, 2 * n * sizeof *m->x);
    m->y = m->x + n;
    for (size_t i = 0; i < m->n_links; i++) {
        m->degree[m->links[i].from]++;
        m->degree[m->links[i].to]++;
    }
    if (!m->study->ask.views[0].reporters.all) {
        m->has = m->degree + n;
        for (size_t c = 0; c < w->n_countries; c++)
            for (size_t p = 0; p < n && qi_study_shows(m->study, m->year, c); p++)
                m->has[p] |= qi_present(&m->year->presence, c, p);
    }
    return qi_space_layout(n, m->links, m->n_links, m->x, m->y, err);
}

typedef struct wish {
    double least;
    bool products;
} wish;

static quipu_status write_year(qi_study *s, const qi_year *y, void *user, quipu_table *out,
                               quipu_error *err) {
    const wish *wanted = user;
    const qi_ask *ask = &s->ask;
    const char *from = quipu_cube_meta(ask->cube, "nomenclature");
    qi_main_classes classes;
    chart m = {.study = s, .year = y, .classes = &classes, .out = out};
    quipu_status status;
    QI_GO(qi_main_classes_make(
        ask->measure, ask->request, qi_argument(ask->measure, ask->request, "color-by"),
        from != NULL ? from : "", s->goods.code, s->goods.n, &s->ask.arena, &classes, err));
    QI_GO(fill_chart(&m, wanted->least, err));
    QI_GO(wanted->products ? write_products(&m, err) : write_links(&m, err));
    QI_GO(qi_ask_note(&s->ask, err,
                      "%d: %zu products and %zu links: a maximum spanning tree, and those of "
                      "a proximity of %s or more.",
                      (int)y->period, y->world.n_products, m.n_links,
                      qi_argument(ask->measure, ask->request, "least")));
    if (m.has != NULL)
        QI_GO(qi_ask_note(&s->ask, err, "Present: with advantage in %s.",
                          ask->views[0].reporters.label));
done:
    free(m.links);
    free(m.x);
    free(m.degree);
    return status;
}

static quipu_status run(const quipu_request *request, quipu_table *out, quipu_error *err) {
    const quipu_measure *me = &qi_measure_product_space;
    wish wanted = {.least = qi_real(me, request, "least", 0.55),
                   .products = qi_choice_of(me, request, "table") == 1};
    quipu_measure as = *me; /* with the columns of the table asked for */
    as.columns = wanted.products ? columns + N_LINK_COLUMNS : columns;
    as.n_columns = wanted.products ? QI_COUNT(columns) - N_LINK_COLUMNS : N_LINK_COLUMNS;
    return qi_study_run(&as, request, QI_STUDY_PRESENCE, write_year, &wanted,
                        "The product space", out, err);
}

const quipu_measure qi_measure_product_space = {
    .name = "product-space",
    .aliases = "product-map spanning-tree",
    .summary = "How do products hang together, and where does a country stand among them?",
    .without = "partner product by periods sort total rest",
    .detail =
        "Products that the same countries export with advantage are near each other. The links "
        "are a maximum spanning tree of the proximities, which keeps every product that shares "
        "a country with another, and all links of at least --least. Places are worked out from "
        "the links alone and are the same every time.\n\n"
        "Drawn: --format svg --chart network, or -o space.svg --chart network: colours are "
        "the classes of --color-by, and with --reporter the products that the country has "
        "with advantage are filled. --table products has a row for each product with its "
        "place, for other programs.",
    .formula = "phi_pp' = sum_c M_cp M_cp' / max(u_p, u_p'); the tree T maximises sum over T "
               "of phi; of equal links the one with the lower codes is taken",
    .reference =
        "C. A. Hidalgo, B. Klinger, A.-L. Barabasi, R. Hausmann (2007), The product space "
        "conditions the development of nations, Science 317.",
    .worked = "A has products 1 and 2, B has 1, 2 and 3: proximity of 1 and 2 is 2/2, of 3 "
              "with either 1/2. The tree takes 1-2 and, of two equal links, 1-3.",
    .params = params,
    .n_params = QI_COUNT(params),
    .columns = columns,
    .n_columns = QI_COUNT(columns),
    .figure = "proximity",
    .example = "--reporter Chile --years 1997 --digits 4 -o space.svg --chart network",
    .run = run,
};
