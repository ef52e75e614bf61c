/* SPDX-License-Identifier: Apache-2.0 */
/* market_share.h (private) - what a reporter and the world export to the same markets, cell by
 * cell (a good in a partner country), in two periods: for the analyses of market shares. */
#ifndef QI_MEASURES_MARKET_SHARE_H
#define QI_MEASURES_MARKET_SHARE_H

#include "measures/world_rows.h"

/* The values of the first and last period; zero where nothing is traded. */
typedef struct qi_two {
    quipu_money first, last;
} qi_two;

typedef struct qi_market_cell {
    qi_two own;                     /* of the reporter */
    qi_two cell, good, market, all; /* of the world */
} qi_market_cell;

typedef struct qi_market {
    qi_ask ask;
    qi_arena arena; /* what is needed before the ask */
    qi_stretches stretches;
    qi_frame parts, sums;             /* of the reporter: cells, and rows of the table */
    qi_frame cell, good, market, all; /* of the world */
    qi_world_rows rows;               /* when ready, for `cell` */
    qi_lines lines;
    uint8_t *shown; /* of each cell: in a line of its own row */
    const char *reference;
} qi_market;

/* The parameters both measures have. */
#define QI_MARKET_GOODS                                                                        \
    { "goods", QUIPU_PARAM_TEXT, NULL, "product", "cells are of products, or of classes" }
#define QI_MARKET_DEMAND                                                                       \
    {                                                                                          \
        "demand", QUIPU_PARAM_CHOICE, "exports imports", "exports",                            \
            "the world is what all reporters export, or what partners report importing"        \
    }

quipu_status qi_market_open(qi_market *m, const quipu_measure *measure,
                            const quipu_request *request, quipu_error *err);
void qi_market_close(qi_market *m);

/* Calls `visit` for every cell behind a line: its own, those of all rows of a total, or those
 * not shown of a rest; in order of key. */
typedef quipu_status qi_market_visit(void *user, const qi_market_cell *cell, quipu_error *err);
quipu_status qi_market_each(const qi_market *m, const qi_line *line, const qi_stretch *s,
                            qi_market_visit *visit, void *user, quipu_error *err);
/* The world's total around a line; false where it or the line is missing. */
bool qi_market_whole(const qi_market *m, const qi_line *line, const qi_stretch *s, qi_two *out);
quipu_status qi_market_notes(qi_market *m, quipu_error *err);

#endif
