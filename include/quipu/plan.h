/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/plan.h - a measure as one SQL statement, for a table that stays in its engine.
 *
 * The statement gives the figures quipu would give over the cube of the same table, to the
 * last digit: sums are of integers, ratios are the same divisions of the same doubles.
 */
#ifndef QUIPU_PLAN_H
#define QUIPU_PLAN_H

#include "quipu/base.h"
#include "quipu/catalog.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct quipu_plan_options {
    const char *dialect; /* "postgresql", "clickhouse", "spark", "duckdb" */
    const char *table;   /* "declarations", "schema.declarations" */
    const char *map;     /* as for an import: period=COLUMN,... */
    const char *where;   /* plain conditions; NULL = all rows */
    bool numbers;        /* countries stand in the table as numbers; else as ISO letters */
} quipu_plan_options;

/* `request` needs no cube: nomen and arguments only.  *out is freed with free().  E_ARG says
 * what cannot stay in the engine. */
QUIPU_API quipu_status quipu_plan_sql(const quipu_measure *measure,
                                      const quipu_request *request,
                                      const quipu_plan_options *options, char **out,
                                      quipu_error *err) QUIPU_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
