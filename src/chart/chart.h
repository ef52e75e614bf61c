/* SPDX-License-Identifier: Apache-2.0 */
/* chart.h (private) - from a table to an option, from an option to a picture.
 *
 *   columns.c   which columns are drawn, and what their cells are called
 *   option.c    what every option has: title, unit, source, size
 *   matrix.c    line, area, bar, grouped-bar, heatmap: figures by x and series
 *   parts.c     treemap, scatter, map: figures one by one
 *   interval.c  interval: figures with low and high ends
 *   edges.c     sankey, network, ownership: figures between two ends
 *   placed.c    networks whose tables say where the nodes stand
 *   engine.c    the script engine; picture.c SVG, PDF and PNG
 */
#ifndef QI_CHART_H
#define QI_CHART_H

#include "base/base.h"
#include "quipu/chart.h"

#include <jansson.h>
#include <math.h>

/* ---- scripts (embed.c) ---- */
typedef enum qi_chart_part { QI_CHART_CHARTS, QI_CHART_WORLD } qi_chart_part;
/* Unpacked, with a 0 after it; free with free(). */
quipu_status qi_chart_script(qi_chart_part part, char **text, size_t *length, quipu_error *err);

/* ---- engine (engine.c) ---- */
quipu_status qi_chart_svg(quipu_chart_engine *engine, const char *option, size_t length,
                          bool with_map, qi_buffer *out, quipu_error *err);
/* Bytes the heap had at most, and may have. */
size_t qi_chart_engine_peak(const quipu_chart_engine *engine);
void qi_chart_engine_ceiling(quipu_chart_engine *engine, size_t bytes);

/* ---- a table being drawn ---- */

enum { QI_CHART_MOST_KEYS = 6 }; /* columns that together name a series */
#define QI_NO_COLUMN SIZE_MAX

/* Distinct values of one or more columns, in order of appearance or rising (time). */
typedef struct qi_chart_items {
    size_t n, capacity;
    const char **code;  /* "CHN"; of more columns: joined */
    const char **label; /* "China" */
    size_t *row;        /* the first row it stands in */
    bool *rest, *total; /* what is left over; a sum of the others */
    uint32_t *of_row;   /* row to item; QI_NO_ITEM = none */
} qi_chart_items;
#define QI_NO_ITEM UINT32_MAX

typedef struct qi_chart_draft {
    const quipu_table *table;
    const quipu_nomen *nomen;
    const quipu_chart *chart;
    const quipu_chart_kind *kind;
    qi_arena arena;
    size_t dimensions[32], n_dimensions; /* codes without their names */
    size_t distinct[32];                 /* values each of them has */
    size_t time;                         /* column of years or months, or none */
    size_t x, y, size;
    size_t keys[QI_CHART_MOST_KEYS], n_keys; /* series */
    size_t source, target;
    bool months;
    double scale;             /* figures are divided by it: 1e9 for millions of US$ */
    int decimals;             /* shown to people */
    bool percent;             /* shares, times 100 */
    const char *unit, *money; /* of the figures drawn; of money in them */
    const char *remark;       /* what was left out; goes into the footer; NULL = nothing */
    json_t *root, *about;     /* the option, and its object "quipu" */
} qi_chart_draft;

bool qi_chart_is(const qi_chart_draft *d, const char *kind);

/* columns.c */
quipu_status qi_chart_choose(qi_chart_draft *d, quipu_error *err);
/* What a person calls the cell: the name beside the code, in the reader's language. */
const char *qi_chart_cell(qi_chart_draft *d, size_t column, size_t row);
const char *qi_chart_code(qi_chart_draft *d, size_t column, size_t row);
quipu_status qi_chart_items_make(qi_chart_draft *d, const size_t *columns, size_t n,
                                 qi_chart_items *out, quipu_error *err);
/* The figure in the unit shown; false = missing. */
bool qi_chart_figure(const qi_chart_draft *d, size_t column, size_t row, double *out);
/* Text fit for JSON and XML: UTF-8, no control characters. */
const char *qi_chart_clean(qi_chart_draft *d, const char *text);
const char *qi_chart_label(qi_chart_draft *d, size_t column); /* of a column */
/* option.c: "million US$", "%", ""; and with the label: "Value, million US$". */
const char *qi_chart_unit(qi_chart_draft *d, size_t column);
const char *qi_chart_measured(qi_chart_draft *d, size_t column);
bool qi_chart_is_country(const char *column_name);

/* matrix.c, parts.c, edges.c: fill d->root */
quipu_status qi_chart_matrix(qi_chart_draft *d, quipu_error *err);
quipu_status qi_chart_treemap(qi_chart_draft *d, quipu_error *err);
quipu_status qi_chart_scatter(qi_chart_draft *d, quipu_error *err);
quipu_status qi_chart_map(qi_chart_draft *d, quipu_error *err);
quipu_status qi_chart_interval(qi_chart_draft *d, quipu_error *err);
quipu_status qi_chart_edges(qi_chart_draft *d, quipu_error *err);
/* placed.c: a network whose table says where its nodes stand. */
bool qi_chart_is_placed(const qi_chart_draft *d);
quipu_status qi_chart_placed(qi_chart_draft *d, quipu_error *err);

/* layout.c: places in the unit square for the nodes of a network; the same every time. */
quipu_status qi_chart_layout(size_t n, size_t n_edges, const uint32_t *from, const uint32_t *to,
                             double *x, double *y, quipu_error *err);

#endif
