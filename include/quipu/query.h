/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/query.h - selections in the user's language, and the one roll-up under all measures.
 *
 * A selection is text turned into positions in one cube: who (reporters), with whom
 * (partners), what (products), which flow, when.  A roll-up adds the selected leaves into
 * cells along the dimensions asked for, choosing by itself the cheapest stored totals that
 * can answer: margins, pairs, matrices, and leaves only when nothing else will do.
 */
#ifndef QUIPU_QUERY_H
#define QUIPU_QUERY_H

#include "quipu/cube.h"
#include "quipu/nomen.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As typed.  NULL or "" = all.  A list joins its items with commas; countries and groups mix.
 * An item may join several with "+" ("China+Japan") and leave out some ("Asia except Japan").
 * A view adds everything up; measures give each listed item a row of its own. */
typedef struct quipu_selection {
    const char *reporter; /* "Peru", "PER", "604", "Peru,CHL", "Mercosur" */
    const char *partner;
    const char *product; /* "2603,74", "72-83", or classes "lall:LT1,LT2", "section:V" */
    const char *flow;    /* default: export, else the only one the cube has */
    const char *years;   /* "1990-2012", "1997,2008,2011", "201101-201112", "first", "latest" */
    const char *basis;   /* "reporter" (default) or "mirror": what the partners reported */
} quipu_selection;

/* A set of countries that may depend on the year (dated groups). */
typedef struct quipu_country_set {
    bool all;
    size_t n_words;
    size_t n_periods;     /* one bit row for each selected period */
    const uint64_t *bits; /* [period][country / 64] */
    const char *label;    /* "Peru", "Asia" */
} quipu_country_set;

static inline bool quipu_country_set_has(const quipu_country_set *set, size_t period,
                                         size_t country) {
    return set->all || (set->bits[period * set->n_words + country / 64] >> (country % 64) & 1u);
}

/* A selection resolved against a cube.  Owns what it points to. */
typedef struct quipu_view {
    const quipu_cube *cube;
    const quipu_nomen *nomen;
    size_t n_periods;
    const quipu_period *periods; /* rising; those selected that the cube could hold */
    const int *slab;             /* for each period the slab, or -1: not in the cube */
    quipu_flow flow;             /* asked for */
    bool swapped;                /* the slab's partner axis is our reporter (mirror, or the
                                  * imports of a reconciled cube) */
    quipu_country_set reporters, partners;
    const uint8_t *products; /* n_products: 1 = selected; NULL = all */
    const char *product_label;
    void *impl;
} quipu_view;

/* E_NOT_FOUND names what was not found and the nearest names.  Caveats worth printing (a
 * period without data, a group member absent from the cube) are added to `notes` if given. */
QUIPU_API quipu_status quipu_view_open(const quipu_cube *cube, const quipu_nomen *nomen,
                                       const quipu_selection *selection, quipu_table *notes,
                                       quipu_view *out, quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_view_close(quipu_view *view);

/* Did the reporter (our axis) have any row in this period?  No: its figures are missing, not
 * zero. */
QUIPU_API bool quipu_view_reported(const quipu_view *view, size_t period, size_t country);

enum { /* dimensions of a roll-up; combine with | */
       QUIPU_DIM_REPORTER = 1,
       QUIPU_DIM_PARTNER = 2,
       QUIPU_DIM_PRODUCT = 4, /* or the class, when a mapping is given */
       QUIPU_DIM_PERIOD = 8
};

/* Cells in order of (reporter, partner, product or class, period).  A dimension not asked for
 * has index 0 everywhere.  Cells whose value is zero are left out, so that the list does not
 * depend on how it was answered; with `weight` or `rows` asked for, those with rows are in. */
typedef struct quipu_cells {
    uint32_t dims;
    size_t n;
    uint32_t *reporter, *partner, *product; /* positions in the cube; class when mapped */
    uint32_t *period;                       /* position in view->periods */
    quipu_money *value;
    quipu_quantity *weight; /* NULL unless asked; missing when any part is missing */
    uint64_t *rows;         /* NULL unless asked: leaves in the cell */
    quipu_money split;      /* value that went through a class split */
    uint64_t bytes_touched; /* for the explanation */
    const char *path;       /* "margins", "pairs", "matrix", "leaves": how it was answered */
} quipu_cells;

/* Classes divide the product totals of each cell without the class dimension, each total once
 * and exactly (quipu_split): the parts add up, and do not depend on the path or the threads. */
typedef struct quipu_rollup_options {
    uint32_t dims;
    const quipu_mapping *classes; /* product dimension becomes class; NULL = products */
    bool weight;
    bool rows;
    unsigned threads;    /* 0 = all cores */
    quipu_progress stop; /* asked by every worker; true ends with E_STOPPED; NULL = never */
    void *stop_user;
    size_t most_cells; /* E_LIMIT when there could be more; 0 = no limit */
} quipu_rollup_options;

QUIPU_API quipu_status quipu_rollup(const quipu_view *view, const quipu_rollup_options *options,
                                    quipu_cells *out, quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_cells_free(quipu_cells *cells);

#ifdef __cplusplus
}
#endif
#endif
