/* SPDX-License-Identifier: Apache-2.0 */
/* gravity.h (private) - the gravity of trade: panels, estimation with many fixed effects,
 * counterfactuals.  The inner face of src/gravity.
 *
 * Everything here works on arrays in memory and knows neither cubes nor the catalogue; the
 * measures `gravity` and `counterfactual` (src/measures) build panels out of cubes and put
 * results into tables.
 *
 *   qi_panel    observations in rows; columns of numbers or of labels      (panel*.c)
 *   qi_formula  "trade ~ rta + log(dist) | exp^year + imp^year", understood (formula*.c)
 *   qi_model    y, X, weights and sets of effects as plain arrays, rows complete
 *   qi_fit      what estimation found, and what it had to leave out, each row with its reason
 *
 * References by name: CGZ = Correia, Guimaraes & Zylkin (2019, 2021); CGM = Cameron, Gelbach
 * & Miller (2011); WZ = Weidner & Zylkin (2021); YPML = Yotov, Piermartini, Monteiro & Larch
 * (2016); ALY = Anderson, Larch & Yotov (2018); DEK = Dekle, Eaton & Kortum (2007).
 */
#ifndef QI_GRAVITY_H
#define QI_GRAVITY_H

#include "base/base.h"

/* ---- panel (panel.c) ---- */

#define QI_NO_LABEL UINT32_MAX

typedef struct qi_panel_column {
    const char *name;
    double *number;  /* n rows, NaN = missing; NULL for labels */
    uint32_t *label; /* n rows, position in `labels`, QI_NO_LABEL = missing; NULL for numbers */
    const char **labels; /* n_labels texts, each once */
    size_t n_labels;
} qi_panel_column;

/* Line of the file and row of the panel from which on they keep their distance. */
typedef struct qi_panel_jump {
    size_t row;
    uint64_t line;
} qi_panel_jump;

/* Columns that say what a row is of. */
typedef enum qi_role { QI_EXPORTER, QI_IMPORTER, QI_YEAR, QI_SECTOR, QI_N_ROLES } qi_role;

/* Owns its columns.  Columns that are years are numbers and labels both (year = 1986, and
 * year as an effect): a column of numbers can be asked for as labels (qi_panel_labels). */
typedef struct qi_panel {
    qi_arena arena; /* names and texts; the arrays of the columns are on the heap */
    size_t n;
    QI_LIST(qi_panel_column) columns;
    const char *file;           /* named in messages; NULL = a cube */
    ptrdiff_t role[QI_N_ROLES]; /* column, or -1 */
    QI_LIST(qi_panel_jump) jumps;
} qi_panel;

void qi_panel_start(qi_panel *panel, const char *file);
void qi_panel_free(qi_panel *panel);                              /* a zeroed one is fine */
ptrdiff_t qi_panel_find(const qi_panel *panel, const char *name); /* -1 = none */
/* A new column without arrays; *at is its place. */
quipu_status qi_panel_add(qi_panel *panel, const char *name, size_t *at, quipu_error *err);
/* Room for `n` numbers or labels of a column, not filled. */
quipu_status qi_panel_numbers(qi_panel *panel, size_t column, quipu_error *err);
quipu_status qi_panel_label_room(qi_panel *panel, size_t column, quipu_error *err);
/* Labels of a column of numbers, each value once and rising; nothing to do where it has
 * labels. */
quipu_status qi_panel_labels(qi_panel *panel, size_t column, quipu_error *err);
/* Line of a row in the file; 0 for a cube. */
uint64_t qi_panel_line(const qi_panel *panel, size_t row);

/* ---- a table of the user's as a panel (panel_read.c) ---- */

typedef struct qi_panel_file qi_panel_file;
/* Reads the header; then columns are wanted; then all is read and the file closed. */
quipu_status qi_panel_open(const char *path, qi_panel_file **out, quipu_error *err);
size_t qi_panel_file_columns(const qi_panel_file *file, const char *const **names);
/* As a number or as a label (as both: a number, see qi_panel_labels): empty, NA, NaN and a point alone are missing. */
void qi_panel_want(qi_panel_file *file, size_t column, bool number, bool label);
typedef struct qi_panel_read_options {
    unsigned threads;
    quipu_progress stop;
    void *stop_user;
} qi_panel_read_options;
quipu_status qi_panel_read(qi_panel_file *file, const qi_panel_read_options *options,
                           qi_panel *out, quipu_error *err);
void qi_panel_close(qi_panel_file *file); /* NULL is fine */

/* ---- how likely a statistic is to be so large (tail.c) ---- */

double qi_tail_normal(double z);       /* two-sided */
double qi_tail_t(double t, double df); /* two-sided; df infinite is normal */
double qi_tail_chi2(double x, double df);
double qi_tail_f(double f, double df1, double df2);
double qi_tail_t_point(double p, double df); /* t whose two-sided tail is p */

/* ---- what is estimated (model: filled by formula.c from a panel, or by hand) ---- */

typedef enum qi_estimator { QI_PPML, QI_OLS } qi_estimator;

typedef struct qi_effect {
    const char *name;   /* "exp^year" */
    const uint32_t *id; /* n rows, 0..n_levels-1; levels without rows are allowed */
    uint32_t n_levels;
} qi_effect;

typedef struct qi_cluster {
    const char *name;
    const uint32_t *id;
    uint32_t n_levels;
} qi_cluster;

enum { QI_MAX_EFFECTS = 8, QI_MAX_CLUSTERS = 4 };

/* How standard errors are taken. */
typedef enum qi_errors { QI_ERRORS_IID, QI_ERRORS_HETERO, QI_ERRORS_CLUSTER } qi_errors;

/* Small-sample conventions.  With n observations, K = regressors + effects counted as said,
 * G the clusters:
 *   FIXEST  (default) (n-1)/(n-K) times G/(G-1) (hetero n/(n-1), iid 1); effects nested in a cluster are not counted
 *           in K, but for the intercept; with several ways G is the smallest of them ("min"), and
 *           each term of CGM has the same factor
 *   STATA   as ppmlhdfe/reghdfe print them: for PPML G/(G-1) alone (hetero n/(n-1)); for OLS
 *           (n-1)/(n-K) G/(G-1) with K counted as reghdfe does
 *   NONE    no correction */
typedef enum qi_small { QI_SMALL_FIXEST, QI_SMALL_STATA, QI_SMALL_NONE } qi_small;

typedef struct qi_model {
    qi_estimator estimator;
    size_t n, k; /* rows, regressors */
    const double *y;
    const double *weight;   /* NULL = 1 */
    const double *offset;   /* NULL = 0 */
    const double *const *x; /* k columns of n */
    const char *const *x_name;
    size_t n_effects; /* 0: an intercept is added as the last coefficient, "(intercept)" */
    qi_effect effect[QI_MAX_EFFECTS];
    qi_errors errors;
    size_t n_clusters;
    qi_cluster cluster[QI_MAX_CLUSTERS];
    qi_small small;
    bool keep_singletons; /* default: singletons go, repeatedly until none is left */
    bool keep_separated;  /* default: separated observations go (CGZ) */
    bool want_effects;    /* recover the effects */
    double tolerance;     /* of the deviance and of the absorption; 0 = 1e-10 */
    unsigned most_steps;  /* 0 = 100 */
    unsigned threads;     /* 0 = all; digits do not depend on it */
    quipu_progress stop;  /* NULL = never */
    void *stop_user;
} qi_model;

/* Why a row is not in the estimation. */
typedef enum qi_left_out {
    QI_USED = 0,
    QI_SINGLETON,        /* alone in a level of an effect */
    QI_SEPARATED_EFFECT, /* PPML: all y of a level are zero */
    QI_SEPARATED,        /* PPML: separated by regressors and effects together (CGZ) */
    QI_NO_WEIGHT         /* weight zero */
} qi_left_out;

/* Why a regressor has no coefficient. */
typedef enum qi_dropped {
    QI_KEPT = 0,
    QI_CONSTANT, /* no variation left */
    QI_COLLINEAR /* explained by the effects and the regressors before it */
} qi_dropped;

typedef struct qi_fit {
    qi_arena arena; /* everything below lives in it */
    size_t n, k;    /* as in the model; an added intercept counts in k */
    size_t n_used;
    uint8_t *left_out;    /* n: qi_left_out */
    size_t n_left_out[8]; /* by reason */
    const char **name;    /* k */
    uint8_t *dropped;     /* k: qi_dropped */
    double *coefficient;  /* k; NaN where dropped */
    double *error;        /* k: standard errors as asked for */
    double *covariance;   /* k x k, rows and columns of what was dropped are NaN */
    double *fitted;       /* n: mu for PPML, y hat for OLS; NaN where left out */
    double *eta;          /* n: linear predictor with offset and effects; NaN where left out */
    double *effect[QI_MAX_EFFECTS]; /* levels of each, NaN where unused; only if wanted.  Not
                                     * identified but for sums; the first set has the level, each
                                     * later one mean zero in every connected part. */
    uint64_t n_effects_used;        /* levels with rows, all sets */
    uint64_t n_absorbed; /* degrees of freedom the effects take: levels less one for each
                                     * set but one (FIXEST); else less the parts that two sets
                                     * fall into, as reghdfe counts */
    double residual_df;  /* n_used - k kept - n_absorbed */
    double counted;      /* K of the small-sample correction, as qi_small says */
    double t_df;         /* for t and p: OLS residual or G-1; infinite for PPML */
    size_t n_groups[QI_MAX_CLUSTERS];
    double deviance, log_likelihood, null_log_likelihood;
    double pseudo_r2;       /* 1 - ll/ll0 (fixest's and ppmlhdfe's McFadden); OLS: r2 */
    double within_r2, rmse; /* OLS; NaN for PPML */
    unsigned steps;         /* IRLS */
    unsigned inner;         /* CG iterations or sweeps, all steps */
    double
        gradient; /* greatest |sum of score| over all regressors and effect levels, relative to
                      * the sum of |y| there: measured after the last step */
    bool converged;
} qi_fit;

/* E_DATA with one message for: no rows, negative y (PPML), y or x not finite (name, row), all
 * regressors dropped, one cluster, no variation, no convergence (with the gradient reached).
 * `out` is freed with qi_fit_free in any case. */
quipu_status qi_gravity_fit(const qi_model *model, qi_fit *out, quipu_error *err);
void qi_fit_free(qi_fit *fit);

/* ---- bias of three-way PPML (bias.c; WZ, local de-biasing) ----
 * With exporter-year, importer-year and pair effects and few years, coefficients are biased by
 * about 1 / countries, and errors clustered by pair are too small.  Errors that allow for it are
 * found when all exporter-years and importer-years together are at most QI_BIAS_LEVELS; else
 * they are NaN. */

enum { QI_BIAS_LEVELS = 3000 };

typedef struct qi_bias_sets { /* of each row of the model */
    const uint32_t *exporter, *importer, *year;
    uint32_t n_exporters, n_importers, n_years;
} qi_bias_sets;

typedef struct qi_bias {
    qi_arena arena;
    size_t k;
    double *bias;        /* k; NaN where dropped, as all below */
    double *coefficient; /* k: less the bias */
    double *error;       /* k: clustered by pair */
    double *covariance;  /* k x k */
} qi_bias;

/* Of a fit of the model with these three sets.  E_DATA when a pair has two rows in a year. */
quipu_status qi_gravity_bias(const qi_model *model, const qi_fit *fit, const qi_bias_sets *sets,
                             qi_bias *out, quipu_error *err);
void qi_bias_free(qi_bias *bias);

/* ---- tests of what a fit supposes (checks.c) ---- */

typedef struct qi_check {
    double coefficient, error;
    double z, p; /* against the value named below, two-sided by the normal distribution */
} qi_check;
/* RESET (Ramsey 1969; Santos Silva & Tenreyro 2006): the square of the linear predictor added as
 * a regressor, errors as in the model; against 0. */
quipu_status qi_gravity_reset(const qi_model *model, const qi_fit *fit, qi_check *out,
                              quipu_error *err);
typedef struct qi_dispersion {
    double pearson;  /* Pearson's statistic by degrees of freedom; 1 for a Poisson variance */
    qi_check excess; /* a of variance = mu + a mu^2 (Cameron & Trivedi 1990); against 0 */
} qi_dispersion;
/* Of a fit by PPML. */
void qi_gravity_overdispersion(const qi_model *model, const qi_fit *fit, qi_dispersion *out);
/* Park (1966), as in Manning & Mullahy (2001): log of the squared residual on log of the fitted
 * value, robust errors; against 1, the slope under which PPML is efficient. */
quipu_status qi_gravity_park(const qi_model *model, const qi_fit *fit, qi_check *out,
                             quipu_error *err);

#endif
