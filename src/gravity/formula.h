/* SPDX-License-Identifier: Apache-2.0 */
/* formula.h (private) - "log(trade) ~ ln_dist + lag(rta,4) | exp^year + imp^year", understood,
 * and made a model of a panel.
 *
 *   formula.c        text to a tree; where it is wrong, the column of the text
 *   formula_eval.c   a tree to a column of numbers
 *   formula_ids.c    exp^year to levels
 *   formula_model.c  formula and panel to a qi_model of complete rows
 */
#ifndef QI_GRAVITY_FORMULA_H
#define QI_GRAVITY_FORMULA_H

#include "gravity/gravity.h"

typedef enum qi_node_op {
    QI_NODE_NAME,
    QI_NODE_LOG,
    QI_NODE_LOG1P,
    QI_NODE_SQRT,
    QI_NODE_EXP,
    QI_NODE_LAG, /* a lead is a lag below zero */
    QI_NODE_TIMES,
    QI_NODE_LEVELS /* i(name, child, ref=...): a dummy of each level, times the child */
} qi_node_op;

typedef struct qi_node {
    qi_node_op op;
    uint32_t column;   /* in the formula, from 1 */
    const char *name;  /* NAME, LEVELS */
    const char *text;  /* as printed: "lag(rta,4)" */
    long shift;        /* LAG */
    const char *ref;   /* LEVELS: the level left out; NULL = none */
    struct qi_node *a; /* NULL for names; may be for levels */
    struct qi_node *b; /* TIMES */
} qi_node;

/* Labels joined: exp^year. */
enum { QI_MOST_JOINED = 6, QI_MOST_TERMS = 512 };
typedef struct qi_joined {
    const char *text;
    size_t n;
    const char *name[QI_MOST_JOINED];
    uint32_t column[QI_MOST_JOINED];
} qi_joined;

typedef struct qi_formula {
    const char *text;
    qi_node *y;
    size_t n_x;
    qi_node **x;
    size_t n_effects;
    qi_joined effect[QI_MAX_EFFECTS];
} qi_formula;

/* Lives in `arena`.  E_ARG with the column of the text. */
quipu_status qi_formula_parse(const char *text, qi_arena *arena, qi_formula *out,
                              quipu_error *err);
/* "exp^imp+year" of the option `what`. */
quipu_status qi_joined_parse(const char *what, const char *text, qi_arena *arena,
                             qi_joined *out, size_t most, size_t *n, quipu_error *err);
/* "formula, column 12: ..." */
quipu_status qi_formula_fail(uint32_t column, quipu_error *err, const char *format, ...)
    QUIPU_PRINTF(3, 4);

/* A name that a formula reads, and how. */
typedef struct qi_use {
    const char *name;
    const char *what; /* "formula", "cluster": the text the column is of; NULL = an option */
    uint32_t column;
    bool number, label, lagged;
} qi_use;
typedef QI_LIST(qi_use) qi_uses;
/* Adds those of the formula; a name used twice is there once. */
quipu_status qi_formula_uses(const qi_formula *formula, qi_uses *uses, quipu_error *err);
quipu_status qi_uses_joined(const char *what, const qi_joined *joined, qi_uses *uses,
                            quipu_error *err);
quipu_status qi_uses_add(qi_uses *uses, const qi_use *use, quipu_error *err);

/* The column a name means: itself, or exp, exporter, imp, importer, year, sector by role.
 * -1 = none. */
ptrdiff_t qi_formula_column(const qi_panel *panel, const char *name);
/* Role a name stands for; QI_N_ROLES = none. */
qi_role qi_role_of(const char *name);
/* Columns that follow from exporter and importer alone: pair, border, domestic.  *made is false
 * when the name is none of them. */
quipu_status qi_panel_derive(qi_panel *panel, const char *name, bool *made, quipu_error *err);

/* ---- evaluation ---- */

typedef struct qi_lags qi_lags;   /* rows by exporter, importer, sector and year */
void qi_lags_free(qi_lags *lags); /* NULL is fine */
/* to[row] = from[row of the same unit `node->shift` years before]; missing where none is. */
quipu_status qi_lags_shift(qi_panel *panel, const qi_node *node, qi_lags **lags,
                           const double *from, double *to, quipu_error *err);

typedef struct qi_values {
    const double *value; /* n rows of the panel */
    double *own;         /* the same when it is to be freed */
} qi_values;
/* *lags is made on first use. */
quipu_status qi_node_values(qi_panel *panel, const qi_node *node, qi_lags **lags,
                            qi_values *out, quipu_error *err);

/* ---- the model ---- */

typedef struct qi_setup {
    const qi_formula *formula;
    qi_estimator estimator;
    const char *weight, *offset; /* column names; NULL = none */
    size_t n_clusters;
    qi_joined cluster[QI_MAX_CLUSTERS];
    const uint8_t *keep; /* rows of the panel to look at; NULL = all */
} qi_setup;

/* Why a row of the panel is in no model. */
typedef enum qi_out {
    QI_OUT_NOT = 0,
    QI_OUT_UNASKED, /* not in `keep` */
    QI_OUT_NO_Y,
    QI_OUT_LOG_ZERO, /* log of a dependent variable that is zero */
    QI_OUT_NO_X,
    QI_OUT_NO_LABEL,
    QI_OUT_NO_WEIGHT,
    QI_N_OUT
} qi_out_reason;

/* The panel must outlive it: columns that need no copy are borrowed. */
typedef struct qi_design {
    qi_arena arena;
    qi_model model; /* options of the estimation are the caller's to set */
    size_t n_out[QI_N_OUT];
    uint32_t *row; /* of each row of the model its row in the panel; NULL = the same */
    QI_LIST(void *) heap;
} qi_design;
quipu_status qi_design_make(qi_panel *panel, const qi_setup *setup, qi_design *out,
                            quipu_error *err);
void qi_design_free(qi_design *design); /* a zeroed one is fine */

/* Levels of labels joined, over the rows of a design (row NULL: all n). */
quipu_status qi_joined_ids(qi_panel *panel, const qi_joined *joined, const uint32_t *row,
                           size_t n, uint32_t **out, uint32_t *n_levels, quipu_error *err);

#endif
