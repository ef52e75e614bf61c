/* SPDX-License-Identifier: Apache-2.0 */
/* gravity.h (private) - what the measures of gravity share: the request understood, the panel
 * it is asked of, and a formula estimated.
 *
 *   gravity_ask.c    options and formulas
 *   gravity_table.c  the panel from a table of the user's
 *   gravity_cube.c   the panel from a cube
 *   gravity_add.c    variables the panel does not have: joined (gravity_side.c), from
 *                    geography and agreements (gravity_know.c, gravity_spell.c)
 *   gravity_fit.c    a formula estimated
 *   gravity_rows.c   results as a long table; gravity_etable.c, side by side;
 *                    gravity_predict.c, of each observation
 */
#ifndef QI_MEASURES_GRAVITY_H
#define QI_MEASURES_GRAVITY_H

#include "gravity/event.h"
#include "gravity/formula.h"
#include "gravity/gravity.h"
#include "measures/common.h"
#include "quipu/agreement.h"

/* ---- options ---- */

/* What the panel is. */
#define QI_PARAMS_PANEL                                                                        \
    {"with", QUIPU_PARAM_FILE, NULL, NULL,                                                     \
     "a table of more variables, joined by whichever of exporter, importer, year, sector or "  \
     "a pair of countries it has; may be given several times"},                                \
        {"domestic", QUIPU_PARAM_FILE, NULL, NULL,                                             \
         "of a cube: a table of domestic flows, country,year,value in million US$"},           \
        {"own-trade", QUIPU_PARAM_SWITCH, NULL, NULL,                                          \
         "of a cube: what it has of a country's trade with itself is its domestic trade"},     \
        {"agreements", QUIPU_PARAM_FILE, NULL, NULL,                                           \
         "a table of agreements for the variable rta: country1,country2,from[,to]; built in "  \
         "otherwise"},                                                                         \
        {"countries", QUIPU_PARAM_TEXT, NULL, NULL,                                            \
         "only these, on both sides: names, codes, groups"},                                   \
        {"years", QUIPU_PARAM_TEXT, NULL, NULL,                                                \
         "1990-2012 or 1997,2008,2011; all when not "                                          \
         "given"},                                                                             \
        {"interval", QUIPU_PARAM_INTEGER, NULL, "1",                                           \
         "every so many years, from the first on"},                                            \
        {"pairs", QUIPU_PARAM_CHOICE, "all international", "all",                              \
         "leave domestic trade out, or not"},                                                  \
        {"flow", QUIPU_PARAM_CHOICE, "auto export import reconciled", "auto",                  \
         "of a cube: who reported; auto: exporters unless the cube has other flows only"},     \
        {"product", QUIPU_PARAM_TEXT, NULL, NULL,                                              \
         "of a cube: codes or their beginnings (2603,74), ranges (72-83) or classes "          \
         "(lall:LT1)"},                                                                        \
        {"by", QUIPU_PARAM_TEXT, NULL, NULL,                                                   \
         "of a cube: a class scheme whose classes are the sectors of the panel"},              \
        {"exporter", QUIPU_PARAM_TEXT, NULL, NULL, "of a table: its column of exporters"},     \
        {"importer", QUIPU_PARAM_TEXT, NULL, NULL, "of a table: its column of importers"},     \
        {"year", QUIPU_PARAM_TEXT, NULL, NULL, "of a table: its column of years"}, {           \
        "sector", QUIPU_PARAM_TEXT, NULL, NULL, "of a table: its column of sectors"            \
    }

/* How it is estimated. */
#define QI_PARAMS_FORMULA                                                                      \
    {"formula", QUIPU_PARAM_TEXT, NULL, NULL,                                                  \
     "what is explained by what: 'trade ~ ln_dist + rta | exp^year + imp^year'; several are "  \
     "several models, by a semicolon or given again"},                                         \
        {"estimator", QUIPU_PARAM_CHOICE, "auto ppml ols", "auto",                             \
         "auto: OLS where the dependent variable is a logarithm, PPML else"},                  \
        {"cluster", QUIPU_PARAM_TEXT, NULL, NULL,                                              \
         "errors that go together: exp^imp, several ways by +: exp+imp+year"},                 \
        {"errors", QUIPU_PARAM_CHOICE, "auto iid hetero cluster", "auto",                      \
         "auto: clustered where --cluster says by what, robust to heteroskedasticity else"},   \
        {"small", QUIPU_PARAM_CHOICE, "fixest stata none", "fixest",                           \
         "the small-sample convention of the errors"},                                         \
        {"weights", QUIPU_PARAM_TEXT, NULL, NULL, "a column of weights"},                      \
        {"offset", QUIPU_PARAM_TEXT, NULL, NULL, "a column that is added as it is"}, {         \
        "keep-singletons", QUIPU_PARAM_SWITCH, NULL, NULL,                                     \
            "observations alone in a level of an effect stay"                                  \
    }

/* ---- the request understood ---- */

typedef struct qi_gravity {
    const quipu_measure *measure;
    const quipu_request *request;
    qi_arena arena;
    quipu_table notes; /* gathered here until the table exists */
    size_t n_formulas;
    qi_formula *formulas;
    size_t n_clusters;
    qi_joined clusters[QI_MAX_CLUSTERS];
    qi_uses uses; /* all names of all of these */
    qi_panel panel;
    uint8_t *keep;  /* rows of it that are asked for; NULL = all */
    qi_event event; /* n = 0: no event study */
} qi_gravity;

/* Formulas and options, nothing read yet.  Further names a measure reads are added to `uses`
 * before the panel is made. */
quipu_status qi_gravity_open(qi_gravity *g, const quipu_measure *measure,
                             const quipu_request *request, quipu_error *err);
/* The panel with every variable of `uses`. */
quipu_status qi_gravity_panel(qi_gravity *g, quipu_error *err);
void qi_gravity_close(qi_gravity *g);

const char *qi_gravity_word(const qi_gravity *g, const char *name);
quipu_status qi_gravity_note(qi_gravity *g, quipu_error *err, const char *format, ...)
    QUIPU_PRINTF(3, 4);
/* E_ARG for a name nobody knows, with the nearest of those there are. */
quipu_status qi_gravity_unknown(const qi_use *use, const char *const *names, size_t n,
                                quipu_error *err);

/* gravity_table.c, gravity_cube.c */
quipu_status qi_gravity_from_table(qi_gravity *g, quipu_error *err);
quipu_status qi_gravity_from_cube(qi_gravity *g, quipu_error *err);
/* Columns of a header that are exporter, importer, year, sector: by option, else by name. */
quipu_status qi_gravity_roles(const qi_gravity *g, const char *file, const char *const *names,
                              size_t n, ptrdiff_t role[QI_N_ROLES], quipu_error *err);

/* gravity_keep.c: years, interval, countries, pairs put into g->keep. */
quipu_status qi_gravity_keep(qi_gravity *g, quipu_error *err);
/* Is the country one of the choice, in whatever year? */
quipu_status qi_gravity_is_in(qi_gravity *g, const qi_choice *choice,
                              const quipu_country *country, uint8_t *out, quipu_error *err);

/* gravity_know.c: variables made of what the program knows of countries. */
bool qi_gravity_can_add(const char *name);
const char *const *qi_gravity_known(size_t *n);
/* *made is false when the name is none of them, or the panel has no countries. */
quipu_status qi_gravity_know(qi_gravity *g, const char *name, bool *made, quipu_error *err);

/* gravity_spell.c: when something held between pairs of labels. */
typedef struct qi_gravity_span {
    quipu_date from, to; /* 0 = still */
    uint32_t next;       /* of the pair; place + 1 */
} qi_gravity_span;
typedef struct qi_gravity_spells {
    size_t n_pairs;
    uint32_t *head; /* of each pair; place + 1 */
    QI_LIST(qi_gravity_span) items;
} qi_gravity_spells;
quipu_status qi_gravity_spell(qi_gravity_spells *spells, size_t pair, quipu_date from,
                              quipu_date to, quipu_error *err);
double qi_gravity_holds(const qi_gravity_spells *spells, size_t pair, double period);
quipu_status qi_gravity_read_spells(qi_gravity *g, const char *path,
                                    const quipu_country **exporter, size_t n_exporters,
                                    const quipu_country **importer, size_t n_importers,
                                    qi_gravity_spells *out, quipu_error *err);

/* gravity_add.c: adds what `uses` asks for and the panel does not have. */
quipu_status qi_gravity_add_all(qi_gravity *g, quipu_error *err);

/* ---- estimation (gravity_fit.c) ---- */

typedef struct qi_gravity_result {
    const qi_formula *formula;
    qi_design design;
    qi_fit fit;
} qi_gravity_result;
quipu_status qi_gravity_estimate(qi_gravity *g, size_t formula, bool effects,
                                 qi_gravity_result *out, quipu_error *err);
void qi_gravity_result_free(qi_gravity_result *result); /* a zeroed one is fine */
const char *qi_gravity_out_word(qi_out_reason reason);
/* Two-sided p of a coefficient, and the half width of its interval. */
double qi_gravity_p(const qi_fit *fit, double z);
double qi_gravity_critical(const qi_fit *fit, double level);

/* ---- results as a long table (gravity_rows.c) ---- */

enum {
    QI_GRAVITY_MODEL,
    QI_GRAVITY_PART,
    QI_GRAVITY_TERM,
    QI_GRAVITY_COEFFICIENT,
    QI_GRAVITY_ERROR,
    QI_GRAVITY_Z,
    QI_GRAVITY_P,
    QI_GRAVITY_LOW,
    QI_GRAVITY_HIGH,
    QI_GRAVITY_COUNT,
    QI_GRAVITY_VALUE,
    QI_GRAVITY_COLUMNS
};
extern const quipu_column_spec qi_gravity_columns[QI_GRAVITY_COLUMNS];

typedef struct qi_gravity_out {
    quipu_table *table;
    size_t model; /* from 1 */
    size_t n_read;
    const qi_gravity_result *result;
    double critical;       /* half an interval in standard errors */
    const uint8_t *hidden; /* of each regressor: shown by `extra` instead; or NULL */
    quipu_status (*extra)(const struct qi_gravity_out *out, quipu_error *err);
    const void *extra_user;
} qi_gravity_out;
quipu_status qi_gravity_put_model(const qi_gravity_out *out, quipu_error *err);
quipu_status qi_gravity_row(const qi_gravity_out *out, const char *part, const char *term,
                            size_t *row, quipu_error *err);
quipu_status qi_gravity_put_count(const qi_gravity_out *out, const char *part, const char *term,
                                  uint64_t count, quipu_error *err);
/* Nothing for NaN. */
quipu_status qi_gravity_put_value(const qi_gravity_out *out, const char *term, double value,
                                  quipu_error *err);
quipu_status qi_gravity_put_estimate(const qi_gravity_out *out, const char *term, double b,
                                     double error, quipu_error *err);
quipu_status qi_gravity_put_test(const qi_gravity_out *out, const char *term, double value,
                                 double p, size_t df, quipu_error *err);
const char *qi_gravity_left_word(qi_left_out reason);
quipu_status qi_gravity_note_errors(const qi_model *model, quipu_table *out, quipu_error *err);
quipu_status qi_gravity_note_model(const qi_gravity_out *out, quipu_error *err);

/* gravity_event.c: the variable is wanted; the formulas get its dummies; rows of a result. */
typedef struct qi_gravity_event {
    const char *variable;
    const struct times *times;
} qi_gravity_event;
quipu_status qi_gravity_event_open(qi_gravity *g, quipu_error *err);
quipu_status qi_gravity_event_make(qi_gravity *g, quipu_error *err);
/* Hides the dummies of the result and puts what they come to; `event` outlives `out`. */
quipu_status qi_gravity_event_rows(qi_gravity *g, qi_gravity_event *event, qi_gravity_out *out,
                                   quipu_error *err);

/* gravity_checks.c: --bias-correct puts corrected coefficients and errors into the fit, with a
 * note; --checks adds rows for RESET, overdispersion and Park. */
quipu_status qi_gravity_less_bias(qi_gravity *g, qi_gravity_result *result, quipu_table *out,
                                  quipu_error *err);
quipu_status qi_gravity_put_checks(const qi_gravity *g, const qi_gravity_out *out,
                                   quipu_error *err);

/* The long table turned: models side by side (gravity_etable.c). */
quipu_status qi_gravity_etable(const quipu_table *from, size_t n_models, quipu_table *out,
                               quipu_error *err);
/* gravity_predict.c */
quipu_status qi_gravity_predictions(qi_gravity *g, const qi_gravity_result *result,
                                    quipu_table *out, quipu_error *err);
/* The effects must have been wanted. */
quipu_status qi_gravity_effects(qi_gravity *g, const qi_gravity_result *result,
                                quipu_table *out, quipu_error *err);

#endif
