/* SPDX-License-Identifier: Apache-2.0 */
/* counterfactual.h (private) - a world of one year, what is changed in it, and how sure that is.
 *
 *   counterfactual.c         the measure
 *   counterfactual_ask.c     options; what is typed as coefficients becomes a formula
 *   counterfactual_world.c   countries, rows of the year, baseline trade
 *   counterfactual_pairs.c   which pairs change: PER-CHN, asean
 *   counterfactual_change.c  variables at their new values, costs out of a table
 *   counterfactual_fill.c    costs of pairs that never traded
 *   counterfactual_table.c   results
 *   counterfactual_notes.c   what a reader must know of them
 */
#ifndef QI_COUNTERFACTUAL_H
#define QI_COUNTERFACTUAL_H

#include "gravity/equilibrium_draws.h"
#include "measures/gravity.h"

enum { QI_MOST_CHANGED = 64 };
#define QI_NO_CELL SIZE_MAX

typedef struct qi_named_value {
    const char *name;
    double value;
} qi_named_value;

/* One coefficient by which costs change, and by how much its variable moves in each cell. */
typedef struct qi_moved {
    const char *term;
    size_t place; /* in the estimated model; of no meaning when coefficients are given */
    double coefficient;
    double *by; /* n x n */
    size_t n_cells;
} qi_moved;

typedef struct qi_counterfactual {
    const quipu_measure *measure;
    qi_arena arena;
    quipu_request request; /* with a formula, if none was given */
    qi_gravity g;
    bool estimated;
    qi_gravity_result result; /* if so */
    size_t n_given, n_new;
    qi_named_value *given; /* coefficients, if not */
    qi_named_value *new;   /* variables and their new values */
    bool hat;
    qi_world world;
    const char *year;              /* NULL: the panel has none */
    uint32_t *exporter, *importer; /* of each row: country of the world, or QI_NO_LABEL */
    size_t *cell;                  /* of each row of the year; QI_NO_CELL for the others */
    bool fitted;
    size_t n_pairs, n_absent;    /* in the year; without a row */
    size_t n_unfitted, n_filled; /* without a fit; with costs out of the second regression */
    uint8_t *changed;            /* n x n: pairs asked for; NULL = all international ones */
    size_t n_moved;
    qi_moved moved[QI_MOST_CHANGED];
    double *costs; /* n x n: factor by the table of costs, or NULL */
    size_t n_costs;
    double *change; /* all together */
    size_t n_changed;
    unsigned draws;
    bool resampled;
    uint64_t seed;
    double level;
    qi_intervals intervals;
    qi_equilibrium solved;
} qi_counterfactual;

quipu_status qi_counterfactual_ask(qi_counterfactual *c, const quipu_measure *measure,
                                   const quipu_request *request, quipu_error *err);
const char *qi_counterfactual_word(const qi_counterfactual *c, const char *name);
/* Of a panel that is there, and estimated if it is to be: countries, cells, baseline trade. */
quipu_status qi_counterfactual_world(qi_counterfactual *c, quipu_error *err);
/* Costs of all pairs to the power -theta, those without an effect of their own predicted. */
quipu_status qi_counterfactual_fill(qi_counterfactual *c, double *cost, quipu_error *err);
quipu_status qi_counterfactual_pairs(qi_counterfactual *c, quipu_error *err);
quipu_status qi_counterfactual_change(qi_counterfactual *c, quipu_error *err);
quipu_status qi_counterfactual_table(const qi_counterfactual *c, quipu_table *table,
                                     quipu_error *err);

quipu_status qi_counterfactual_notes(const qi_counterfactual *c, quipu_table *table,
                                     quipu_error *err);

/* Position of a country of the world by its label; QI_NO_CELL: none. */
size_t qi_counterfactual_country(const qi_counterfactual *c, const char *label);
/* n x n numbers, all `value`. */
double *qi_counterfactual_matrix(qi_counterfactual *c, double value);

/* Figures of a row by country; by pair and with intervals there are others. */
enum { QI_COUNTERFACTUAL_COLUMNS = 10 };
extern const quipu_column_spec qi_counterfactual_columns[QI_COUNTERFACTUAL_COLUMNS];

#endif
