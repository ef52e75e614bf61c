/* SPDX-License-Identifier: Apache-2.0 */
/* complex.h (private) - economic complexity: what all its measures are made of.
 *
 *   qi_world      the exports of one year that are looked at: countries and products after the
 *                 filters, exact                                          (complex_world.c)
 *   qi_presence   which country has which product with advantage: bits and lists
 *                                                                        (complex_presence.c)
 *   qi_scores     ECI and PCI by one method in one convention             (complex_score.c)
 *   qi_space_*    proximity of products, and sums over it                 (complex_space.c)
 *   qi_study      a request understood, and all of the above for each of its years
 *                                                                        (complex_ask.c)
 *
 * Sums of doubles run in one fixed order, so nothing depends on the number of threads.
 */
#ifndef QI_MEASURES_COMPLEX_H
#define QI_MEASURES_COMPLEX_H

#include "measures/common.h"

/* ---- the world of one year (complex_world.c) ---- */

/* The products compared: leaves of the cube, or leaves added up to so many digits. */
typedef struct qi_goods {
    size_t n; /* in order of code */
    const char **code;
    const char **name;  /* NULL where there is none; looked up by qi_study_open */
    const uint32_t *of; /* leaf to product; UINT32_MAX = left out */
    size_t n_leaves;
    bool leaves; /* every leaf is a product of its own */
} qi_goods;
#define QI_NO_PRODUCT UINT32_MAX
/* `mask`: leaves looked at; NULL = all.  `digits` 0 = leaves. */
quipu_status qi_goods_make(const quipu_cube *cube, const uint8_t *mask, unsigned digits,
                           qi_arena *arena, qi_goods *out, quipu_error *err);

typedef struct qi_world_filter {
    const uint8_t *countries;               /* 1 = looked at; of each country of the cube */
    quipu_money least_exports, least_trade; /* of a country, then of a product */
} qi_world_filter;

typedef struct qi_world {
    size_t n_countries, n_products;
    uint32_t *country; /* position in the cube */
    uint32_t *product; /* position among the goods */
    quipu_money *by_country, *by_product;
    quipu_money total;
    size_t small_countries, small_products; /* left out by the filter */
    quipu_matrix matrix;                    /* borrowed: it must outlive the world */
    uint32_t *place;                        /* leaf to product; QI_NO_PRODUCT = left out */
    bool leaves;                            /* every leaf is the product at the same place */
} qi_world;
/* Countries and products without exports are left out. */
quipu_status qi_world_make(const quipu_matrix *matrix, const qi_goods *goods,
                           const qi_world_filter *filter, qi_world *out, quipu_error *err);
void qi_world_free(qi_world *world); /* a zeroed one is fine */
/* What a country exports of each of the n_products; in `room`, as large, unless the matrix has
 * it as it is. */
const quipu_money *qi_world_row(const qi_world *world, size_t country, quipu_money *room);

/* ---- presence (complex_presence.c) ---- */

typedef struct qi_presence {
    size_t n_countries, n_products;
    size_t n_words; /* of 64 countries */
    size_t n;       /* ones */
    uint64_t *bits; /* [word * n_products + product] */
    uint32_t *diversity, *ubiquity;
    uint32_t *of_country, *product; /* products of c: product[of_country[c] ..], rising */
    uint32_t *of_product, *country; /* countries of p: country[of_product[p] ..], rising */
} qi_presence;
/* Present is an RCA of at least `cutoff`. */
quipu_status qi_presence_make(const qi_world *world, double cutoff, qi_presence *out,
                              quipu_error *err);
/* The same from bytes [country * n_products + product], for tests. */
quipu_status qi_presence_of(const uint8_t *m, size_t n_countries, size_t n_products,
                            qi_presence *out, quipu_error *err);
void qi_presence_free(qi_presence *presence);
static inline bool qi_present(const qi_presence *m, size_t country, size_t product) {
    return (m->bits[country / 64 * m->n_products + product] >> (country % 64)) & 1u;
}

/* Groups of countries that share products, directly or through others.  group[c] counts from
 * the largest, 0; UINT32_MAX for countries without products.  Returns how many there are. */
size_t qi_presence_groups(const qi_presence *m, uint32_t *group, uint32_t *room);

/* ---- the second eigenvector (complex_eigen.c) ---- */

/* The largest eigenvalue and its vector of the symmetric n x n matrix `a`, among vectors
 * orthogonal to the `n_known` orthonormal rows of `known`; Lanczos with full
 * reorthogonalisation.  `tolerance`: of the residual. */
quipu_status qi_top_eigenpair(const double *a, size_t n, const double *known, size_t n_known,
                              double tolerance, double *value, double *vector,
                              quipu_error *err);

/* ---- scores (complex_score.c) ---- */

typedef enum qi_convention {
    QI_PY_ECOMPLEXITY,
    QI_ECONOMICCOMPLEXITY, /* the R package */
    QI_DATAWHEEL,
    QI_ATLAS
} qi_convention;
typedef enum qi_method { QI_EIGENVECTOR, QI_REFLECTIONS, QI_FITNESS } qi_method;

typedef struct qi_score_options {
    qi_convention convention;
    qi_method method;
    unsigned iterations; /* reflections, fitness: vectors counted from the start, 20 */
    bool largest;        /* of separate groups of countries take the largest */
} qi_score_options;

typedef struct qi_scores {
    double *eci, *pci;        /* scaled; NAN where there is none */
    double *raw;              /* of products, before scaling: what COI and COG are made of */
    double spread;            /* COG is divided by it */
    double eigenvalue, next;  /* the second and the third; 0 for other methods */
    size_t n_groups, n_apart; /* groups of countries; countries outside the one taken */
} qi_scores;
/* E_DATA: the score does not exist or is not unique; the text says why. */
quipu_status qi_scores_make(const qi_presence *m, const qi_score_options *options,
                            qi_scores *out, quipu_error *err);
void qi_scores_free(qi_scores *scores);

/* k_c,N and k_p,N, N counted from 0 (diversity and ubiquity); NAN for empty rows. */
quipu_status qi_reflections(const qi_presence *m, unsigned steps, double *country,
                            double *product, quipu_error *err);
/* The same of even order as deviations from their mean: k_c,N and, one step on, k_p,N+1.  They
 * shrink towards nothing as N grows, which taken from k itself would leave only roundings.
 * All zero when they vanish altogether. */
void qi_reflected(const qi_presence *m, unsigned steps, double *country, double *product);
/* Fitness until the ranks of the countries have not moved for a hundred steps.  Returns the
 * steps taken in *steps.  product may be NULL. */
quipu_status qi_fitness(const qi_presence *m, double *country, double *product, unsigned *steps,
                        quipu_error *err);

/* ---- the product space (complex_space.c) ---- */

/* Proximity of product p to each product. */
void qi_proximity_row(const qi_presence *m, size_t p, double *out);
/* All of them: out[p * n_products + q]. */
quipu_status qi_proximity(const qi_presence *m, unsigned threads, double *out,
                          quipu_error *err);

typedef struct qi_sums_options {
    const double *weight;  /* of products; NULL = 1 */
    bool no_diagonal;      /* a product is not near itself */
    const uint8_t *wanted; /* countries whose rows are filled, with the last; NULL = all */
    unsigned threads;
} qi_sums_options;
/* out[c * n_products + p] = sum over the products q that c has of weight[q] * proximity(p, q).
 * Row n_countries is of a country that has all: the row sums.  Without the
 * matrix of proximities: see complex_space.c. */
quipu_status qi_space_sums(const qi_presence *m, const qi_sums_options *options, double *out,
                           quipu_error *err);

typedef struct qi_density {
    double *density; /* [country * n_products + product]; NAN without proximities */
    double *gain;    /* the same; NULL without scores */
    double *coi;     /* of countries; NULL without scores, or when not all are wanted */
} qi_density;
typedef struct qi_density_options {
    const qi_scores *scores; /* NULL = density only */
    qi_convention convention;
    const uint8_t *wanted; /* countries whose rows are filled; NULL = all, and COI */
    unsigned threads;
} qi_density_options;
quipu_status qi_density_make(const qi_presence *m, const qi_density_options *options,
                             qi_density *out, quipu_error *err);
void qi_density_free(qi_density *density);

/* Mean and standard deviation over what is not NAN, with n - ddof. */
double qi_mean(const double *x, size_t n);
double qi_spread(const double *x, size_t n, unsigned ddof);

/* ---- the picture of it (complex_tree.c, complex_layout.c) ---- */

typedef struct qi_link {
    uint32_t from, to; /* from < to */
    double proximity;
    bool tree;
} qi_link;
/* A maximum spanning tree (of each part that holds together) and the links of at least
 * `least`, in order of (from, to). */
quipu_status qi_space_links(const qi_presence *m, double least, qi_link **out, size_t *n,
                            quipu_error *err);
/* Places in the unit square, rounded to four decimals. */
quipu_status qi_space_layout(size_t n, const qi_link *links, size_t n_links, double *x,
                             double *y, quipu_error *err);

/* ---- a table of the user's: country, year, figure (complex_table.c) ---- */

typedef struct qi_by_year {
    const char *path;
    uint64_t fingerprint;
    size_t n;
    struct qi_by_year_row {
        uint16_t country;  /* id */
        quipu_period year; /* 0 = all years */
        double value;
    } * rows; /* in order of (country, year) */
} qi_by_year;
/* Columns country, year (may be left out) and `column`. */
quipu_status qi_by_year_read(const quipu_nomen *nomen, const char *path, const char *column,
                             qi_arena *arena, qi_by_year *out, quipu_error *err);
/* NAN: the table does not say. */
double qi_by_year_find(const qi_by_year *table, unsigned country, quipu_period year);
quipu_status qi_by_year_cite(const qi_by_year *table, const char *key, quipu_table *out,
                             quipu_error *err);

/* ---- incomes of products (complex_income.c) ---- */

typedef struct qi_incomes { /* zeroed: none */
    double *of_country;     /* from the table; NAN = not known or left out */
    double *prody;          /* of products; NAN where no such country exports it */
    uint32_t *exporters;    /* countries with an income that export the product */
} qi_incomes;
struct qi_study;
/* Reads the table of --income and fills the incomes of each year. */
quipu_status qi_incomes_make(struct qi_study *study, quipu_error *err);
void qi_incomes_free(qi_incomes *incomes);

/* ---- a request understood (complex_ask.c) ---- */

typedef struct qi_year {
    quipu_period period;
    size_t at;         /* among the periods of the ask */
    bool there;        /* the cube has it */
    size_t few_people; /* countries left out for it */
    char trouble[768]; /* why it has no scores */
    qi_world world;
    qi_presence presence;
    qi_scores scores;
    qi_density density;
    qi_incomes incomes;
    double *fitness; /* of countries */
    unsigned fitness_steps;
} qi_year;

typedef struct qi_study {
    qi_ask ask;
    qi_goods goods;
    qi_score_options options;
    qi_world_filter filter;
    double cutoff;
    const uint8_t *shown_products; /* of goods; NULL = all */
    const char *world_label;
    qi_by_year population;
    double least_population;
    qi_by_year income;
    unsigned what;
    size_t limit; /* rows of a year; SIZE_MAX = all */
    size_t n_years;
    qi_year *years;
} qi_study;
enum { /* what is worked out for each year, each with what it needs */
       QI_STUDY_WORLD = 0,
       QI_STUDY_PRESENCE = 1,
       QI_STUDY_SCORES = 2,
       QI_STUDY_DENSITY = 4,
       QI_STUDY_FRAIL = 8, /* years without scores have none, with a note, and are no error */
       QI_STUDY_INCOME = 16,
       QI_STUDY_FITNESS = 32,
       QI_STUDY_SHOWN = 64 /* density of the countries shown only, without COI */
};
quipu_status qi_study_open(qi_study *study, const quipu_measure *measure,
                           const quipu_request *request, unsigned what, quipu_error *err);
void qi_study_close(qi_study *study); /* a zeroed one is fine */

/* Adds the rows of a year to the table. */
typedef quipu_status (*qi_year_writer)(qi_study *study, const qi_year *year, void *user,
                                       quipu_table *out, quipu_error *err);
/* A measure from the request to the finished table: opens the study, lets `write` add the rows
 * of each year, and adds notes and the title, "Economic complexity" of "exports of ...". */
quipu_status qi_study_run(const quipu_measure *measure, const quipu_request *request,
                          unsigned what, qi_year_writer write, void *user, const char *title,
                          quipu_table *out, quipu_error *err);

/* Countries or products of a year, largest first: code, name, year, then what `row` writes. */
typedef struct qi_ranking {
    const double *by;
    bool products;
    void (*row)(const qi_year *year, const void *user, size_t item, size_t rank, size_t row,
                quipu_table *out);
    const void *user;
} qi_ranking;
quipu_status qi_write_ranking(qi_study *study, const qi_year *year, const qi_ranking *ranking,
                              quipu_table *out, quipu_error *err);

/* Is the country of the world among the reporters asked for? */
bool qi_study_shows(const qi_study *study, const qi_year *year, size_t country);
bool qi_study_shows_product(const qi_study *study, const qi_year *year, size_t product);
/* A row that may be shown, with what it is ranked by. */
typedef struct qi_ranked {
    double by;
    uint32_t a, b; /* ties: rising */
} qi_ranked;
void qi_rank(qi_ranked *rows, size_t n); /* largest first; NAN last */

/* Cells by the order of columns. */
quipu_status qi_put_country(const qi_study *study, quipu_table *out, size_t column, size_t row,
                            const qi_year *year, size_t country, quipu_error *err);
quipu_status qi_put_product(const qi_study *study, quipu_table *out, size_t column, size_t row,
                            const qi_year *year, size_t product, quipu_error *err);

#define QI_PARAMS_INCOME                                                                       \
    {"income", QUIPU_PARAM_FILE, NULL, NULL,                                                   \
     "a table country,year,gdp (CSV): GDP per capita, in constant PPP dollars; needed"},       \
    {                                                                                          \
        "balanced", QUIPU_PARAM_SWITCH, NULL, NULL,                                            \
            "only countries with exports and income in every year shown, so that years "       \
            "compare"                                                                          \
    }

#define QI_PARAMS_WORLD                                                                        \
    {"digits", QUIPU_PARAM_INTEGER, NULL, NULL,                                                \
     "add the products up to codes of so many digits; as the cube has them when not given"},   \
        {"of-products", QUIPU_PARAM_TEXT, NULL, NULL,                                          \
         "the products that make the world, as in --product; all when not given"},             \
        {"min-exports", QUIPU_PARAM_REAL, NULL, NULL,                                          \
         "leave out countries that export less in the year, US$"},                             \
        {"min-product-trade", QUIPU_PARAM_REAL, NULL, NULL,                                    \
         "leave out products of which the countries export less in the year, US$"},            \
        {"population", QUIPU_PARAM_FILE, NULL, NULL,                                           \
         "a table country,year,population (CSV), for --min-population"},                       \
        {"min-population", QUIPU_PARAM_REAL, NULL, NULL,                                       \
         "leave out countries with fewer people, or none in the table"},                       \
    {                                                                                          \
        "cutoff", QUIPU_PARAM_REAL, NULL, "1", "present is an RCA of at least this"            \
    }
#define QI_PARAMS_SCORE                                                                        \
    {"convention", QUIPU_PARAM_CHOICE, "py-ecomplexity economiccomplexity datawheel atlas",    \
     "py-ecomplexity", "whose scaling, signs and formulas: docs/complexity.md compares them"}, \
        {"method", QUIPU_PARAM_CHOICE, "auto eigenvector reflections fitness", "auto",         \
         "of ECI and PCI; auto: what the convention does"},                                    \
        {"iterations", QUIPU_PARAM_INTEGER, NULL, "20",                                        \
         "of reflections and fitness as ECI, the start counted"},                              \
    {                                                                                          \
        "separate", QUIPU_PARAM_CHOICE, "error largest", "error",                              \
            "where groups of countries share no product: an error, or the largest group alone" \
    }

#endif
