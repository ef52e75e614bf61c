/* SPDX-License-Identifier: Apache-2.0 */
/* quipu/chart.h - a figure, described once, drawn in a page or on paper.
 *
 * A figure is an ECharts option object, as JSON: a page shows it live, and the engine here
 * renders the same object to SVG with ECharts' own server-side renderer, then to PDF and PNG.
 * An option is data only; what ECharts wants functions for (number formats, tooltips), and
 * colours and margins for the size at hand, are filled in by the same script on both sides.
 * docs/figures.md shows every kind and says what is in an option.
 *
 * Missing figures are gaps, never zero.  Same option, same bytes.  An engine serves one
 * thread at a time; several may be open at once.
 */
#ifndef QUIPU_CHART_H
#define QUIPU_CHART_H

#include "quipu/nomen.h"
#include "quipu/report.h"
#include "quipu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct quipu_chart_kind {
    const char *name;    /* "line" */
    const char *summary; /* what it is good for, in one line */
    const char *wants;   /* which columns it draws: "x, y, series" */
} quipu_chart_kind;

/* line, area, bar, grouped-bar, treemap, sankey, scatter, heatmap, map, network, ownership,
 * interval */
QUIPU_API const quipu_chart_kind *quipu_chart_kinds(size_t *count);

/* Columns are named as in the table; NULL = chosen by their roles, as a reader would: time as
 * x, every other dimension that varies as series ("China - Primary goods" when there are two),
 * the main figure as y.  Of "partner" and "partner_name" name the first: codes tell rows apart,
 * names are shown.  Rows whose code is "total" are left out of bars and of what adds up; "rest"
 * and "unclassified" are grey.  Text need not be clean: control characters become blanks. */
typedef struct quipu_chart {
    const char *kind;           /* NULL = chosen by the shape of the table */
    const char *x, *y, *series; /* categories or time; figure; one colour each */
    /* interval: the columns `low` and `high` are its ends */
    const char *size;            /* scatter: area of the mark; treemap: y is the area */
    const char *source, *target; /* sankey, network, ownership: the two ends of an edge;
                                  * NULL = x and series */
    const char *figure;          /* the measure's main figure, when `y` is NULL */
    const char *title;           /* NULL = the table's */
    const char *subtitle;        /* unit and denominator; NULL = made from the column */
    const char *footer;          /* under the figure; NULL = the table's source */
    const char *id;    /* of the manifest; goes into the file's metadata; NULL = none */
    int width, height; /* CSS pixels; 0 = 760 wide, as high as the kind wants */
    bool spanish;      /* words, names of countries and groups, number formats */
} quipu_chart;

/* The option object as JSON text; free with free().  It has no "<", so that it may stand in a
 * page's script as it is.  `nomen` may be NULL: then no Spanish names, and no map.
 * E_ARG: no such kind or column (nearest named); E_DATA: nothing to draw, more than one figure
 * for one place, or figures the kind cannot show (a negative treemap); E_LIMIT: more than a
 * figure can hold. */
QUIPU_API quipu_status quipu_chart_option(const quipu_table *table, const quipu_nomen *nomen,
                                          const quipu_chart *chart, char **json,
                                          quipu_error *err) QUIPU_MUST_CHECK;

typedef struct quipu_chart_engine quipu_chart_engine;
/* Starts the script engine and loads ECharts: about a third of a second. */
QUIPU_API quipu_status quipu_chart_engine_open(quipu_chart_engine **out,
                                               quipu_error *err) QUIPU_MUST_CHECK;
QUIPU_API void quipu_chart_engine_close(quipu_chart_engine *engine); /* NULL is fine */

typedef enum quipu_picture { QUIPU_SVG, QUIPU_PDF, QUIPU_PNG } quipu_picture;

/* Draws an option made by quipu_chart_option (or any ECharts option of the kinds above);
 * width and height are in the option.  The bytes do not depend on what was drawn before.
 * About 50 ms for SVG (a map 0.7 s), 20 more for PDF or PNG, which need librsvg and cairo and
 * load them when first asked for (E_IO: not installed).  PNG has two pixels for each CSS pixel.
 * E_FORMAT: not a JSON object; E_DATA: not an option that can be drawn; E_LIMIT: more than
 * 20 s or 768 MB.  After a failure the engine can still be used. */
QUIPU_API quipu_status quipu_chart_draw(quipu_chart_engine *engine, const char *option,
                                        quipu_picture picture, quipu_sink sink, void *user,
                                        quipu_error *err) QUIPU_MUST_CHECK;

/* What a page needs to show options live: ECharts, our theme and formats, and the function
 * quipuChart(element, option), which draws into the element (its width; its own height, or
 * the option's) and again whenever that width changes.  ASCII, without "</script", about
 * 0.87 MB; `with_map` adds the outlines of the countries, 0.08 MB.  Not for figures on paper:
 * the engine has its own. */
QUIPU_API quipu_status quipu_chart_script(bool with_map, quipu_sink sink, void *user,
                                          quipu_error *err) QUIPU_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
