/* SPDX-License-Identifier: Apache-2.0 */
/* scan.h (private) - what a scan of a cube is bound to: its slabs and what is left out. */
#ifndef QI_SQL_SCAN_H
#define QI_SQL_SCAN_H

#include "quipu/query.h"
#include "sql/sql.h"

/* Columns of a scan, by their place. */
enum {
    QI_PERIOD_COLUMN,
    QI_YEAR_COLUMN,
    QI_FLOW_COLUMN,
    QI_REPORTER_COLUMN,
    QI_PARTNER_COLUMN,
    QI_PRODUCT_COLUMN, /* this one and those after it are of leaves */
    QI_VALUE_COLUMN,
    QI_WEIGHT_COLUMN,
    QI_QUANTITY_COLUMN,
    QI_UNIT_COLUMN,
    QI_FLAGS_COLUMN,
    QI_N_TRADE_COLUMNS
};

typedef struct qi_scan_part {
    size_t slab, period;    /* of the cube; of the view */
    const quipu_view *view; /* NULL: all rows the sieve leaves */
    qi_duck_text flow;
} qi_scan_part;

typedef struct qi_scan_binding {
    quipu_sql *sql;
    const qi_sql_cube *cube;
    size_t cube_number;
    qi_scan_part *parts;
    size_t n_parts;
    quipu_view views[QUIPU_N_FLOWS];
    size_t n_views;
} qi_scan_binding;

/* quipu_slab(cube, slab): what the views stand on. */
void qi_scan_bind_slab(qi_duck info);
/* trade(reporter := ...): a selection in our own words. */
void qi_scan_bind_trade(qi_duck info);
extern const char *const qi_scan_words[6]; /* its parameters */

#endif
